//! Owns tests of charging when the program is killed or stopped in the middle of usage: what was acknowledged as charged is there once, whoever
//! repeats what was not acknowledged completes it, and nothing is charged twice.
//!
//! Moments are drawn from a seed, as in crash.rs and by its settings: `TRUNKLINE_CRASH_ROUNDS` and `TRUNKLINE_CRASH_SEED`.
//! Does not own: other writes (crash.rs), and which price is right (domain).

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use trunkline_radius::client::Client as Asker;
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::packet::{Code, Packet};
use trunkline_storage::Engine;
use trunkline_usecase::domain::secret::Secret;

use crate::crash::setting;
use crate::program::Client;
use crate::radius::switch::{Carrier, SECRET};
use crate::world::World;

const CONNECTIONS: usize = 6;
/// Accounts on which all connections make calls.
const CALLERS: usize = 3;
/// The latest moment of a kill, in acknowledged requests of its round.
const MOMENT_MAX: usize = 150;
const PATIENCE: Duration = Duration::from_secs(60);
/// Ends of calls that a burst over RADIUS has at the most, how many are under way at once, and how many are acknowledged before the server is
/// told to stop.
const BURST: usize = 4_000;
const BURST_AT_ONCE: usize = 100;
const BURST_ACKNOWLEDGED: usize = 60;

/// A call, as far as its switch has come with it.
#[derive(Clone, Debug)]
struct Call {
    session: String,
    caller: usize,
    seconds: i64,
    /// How many of its steps are acknowledged.
    step: usize,
}

impl Call {
    const STEPS: usize = 4;

    fn draw(name: &str, random: &mut ChaCha8Rng) -> Call {
        Call { session: name.to_owned(), caller: random.random_range(0..CALLERS), seconds: random.random_range(1..200), step: 0 }
    }

    /// What is asked at a step: may it begin, it has begun, it goes on, it has ended.
    fn request(&self, step: usize) -> (&'static str, Value) {
        let usage = json!({ "identity": identity(self.caller), "cld": "442071234567" });
        let session = &self.session;
        match step {
            0 => ("authorize", json!({ "session": session, "usage": usage, "reauthorizes": true })),
            1 => ("report", json!({ "session": session, "usage": usage })),
            2 => ("report", json!({ "session": session, "usage": usage, "used_units": self.seconds / 2, "more": true })),
            _ => ("stop", json!({ "session": session, "usage": usage, "used_units": self.seconds })),
        }
    }

    /// Goes on with it to its end. Err: a step was not acknowledged.
    fn go_on(&mut self, client: &Client, mut acknowledged: impl FnMut()) -> Result<(), ureq::Error> {
        while self.step < Call::STEPS {
            let (verb, body) = self.request(self.step);
            let answer = client.ask("POST", &format!("/api/v1/usage/{verb}"), Some(&body), None)?.expect(200).json();
            if self.step + 1 == Call::STEPS {
                assert_eq!(answer["charged"].as_str(), Some(text_of(self.owed()).as_str()), "{self:?}: {answer}");
            }
            self.step += 1;
            acknowledged();
        }
        Ok(())
    }

    /// In millionths: each minute begun costs 0.60.
    fn owed(&self) -> i64 {
        (self.seconds + 59) / 60 * 600_000
    }

    fn has_ended(&self) -> bool {
        self.step == Call::STEPS
    }
}

fn identity(caller: usize) -> String {
    format!("1555010{caller}")
}

fn text_of(millionths: i64) -> String {
    let text = format!("{}.{}", millionths / 1_000_000, millionths / 100_000 % 10);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was charged, by session: how often, and how much in all.
fn charged(world: &World) -> BTreeMap<String, (usize, i64)> {
    let mut found = BTreeMap::<String, (usize, i64)>::new();
    for row in world.texts("select session_key || ' ' || cast(owed as text) from xdr where session_key is not null") {
        let (key, owed) = row.rsplit_once(' ').expect("two words");
        let session = key.split_once(':').expect("a source").1;
        let entry = found.entry(session.to_owned()).or_default();
        *entry = (entry.0 + 1, entry.1 + owed.parse::<i64>().expect("an amount"));
    }
    found
}

#[track_caller]
fn check(world: &World, when: &str) {
    let done = world.run(&["check"]);
    assert_eq!(done.code, Some(0), "{when}: {done:?}");
}

fn kill_under_usage(world: &World) {
    let (rounds, seed) = (setting("TRUNKLINE_CRASH_ROUNDS", 8), setting("TRUNKLINE_CRASH_SEED", 1));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut carrier = Carrier::start(world, &json!({}), &[]);
    let accounts: Vec<i64> =
        (0..CALLERS).map(|number| carrier.customer(&format!("Caller {number}"), "100000", &identity(number))).collect();
    let mut all: Vec<Call> = Vec::new();
    for round in 0..rounds {
        let moment = random.random_range(1..=MOMENT_MAX);
        let when = format!("seed {seed}, round {round}, killed after {moment} requests");
        let seeds: [u64; CONNECTIONS] = random.random();
        let calls = burst(&mut carrier, round, seeds, moment);
        world.until_nobody_is_connected();
        check(world, &when);
        let found = charged(world);
        for call in &calls {
            let count = found.get(&call.session).copied();
            match call.step {
                // Its end was not acknowledged, and is whole or absent.
                3 => assert!(count.is_none_or(|count| count == (1, call.owed())), "{when}: {call:?}: {count:?}"),
                _ => assert_eq!(count, call.has_ended().then_some((1, call.owed())), "{when}: {call:?}"),
            }
        }
        carrier.serve_again(world);
        let open: BTreeSet<String> = carrier.open().into_iter().map(|(key, _, _)| key).collect();
        for call in &calls {
            let is_open = open.contains(&call.session);
            assert!(is_open || !(1..3).contains(&call.step), "{when}: {call:?} was open and is not");
            assert!(!is_open || !call.has_ended(), "{when}: {call:?} has ended and is open");
        }
        for mut call in calls {
            call.go_on(&carrier.client, || ()).unwrap();
            // Its end once more.
            call.step = Call::STEPS - 1;
            call.go_on(&carrier.client, || ()).unwrap();
            all.push(call);
        }
        let expected: BTreeMap<String, (usize, i64)> = all.iter().map(|call| (call.session.clone(), (1, call.owed()))).collect();
        assert_eq!(charged(world), expected, "{when}");
        assert_eq!(carrier.open(), [], "{when}");
    }
    for (number, account) in accounts.iter().enumerate() {
        let spent: i64 = all.iter().filter(|call| call.caller == number).map(Call::owed).sum();
        assert_eq!(carrier.available(*account), text_of(100_000_000_000 - spent), "caller {number}");
    }
    carrier.server.stop();
    check(world, "in the end");
}

/// All connections make calls until the server is gone; it is killed after `moment` acknowledged requests. Gives every call.
fn burst(carrier: &mut Carrier, round: u64, seeds: [u64; CONNECTIONS], moment: usize) -> Vec<Call> {
    let (acknowledged, heard) = mpsc::channel();
    let client = carrier.client.clone();
    std::thread::scope(|scope| {
        let threads: Vec<_> = seeds
            .into_iter()
            .enumerate()
            .map(|(connection, seed)| {
                let (acknowledged, client) = (acknowledged.clone(), client.clone());
                scope.spawn(move || {
                    let mut random = ChaCha8Rng::seed_from_u64(seed);
                    let mut calls = Vec::new();
                    loop {
                        let mut call = Call::draw(&format!("{round}-{connection}-{}", calls.len()), &mut random);
                        // Nobody listens any more once the server is being killed.
                        let outcome = call.go_on(&client, || {
                            let _ = acknowledged.send(());
                        });
                        calls.push(call);
                        if outcome.is_err() {
                            return calls;
                        }
                    }
                })
            })
            .collect();
        for _ in 0..moment {
            heard.recv_timeout(PATIENCE).expect("requests are acknowledged");
        }
        carrier.server.kill();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_server_on_sqlite_that_is_killed_under_usage_charges_each_call_once() {
    kill_under_usage(&World::on(Engine::Sqlite));
}

#[test]
fn a_server_on_postgres_that_is_killed_under_usage_charges_each_call_once() {
    kill_under_usage(&World::on(Engine::Postgres));
}

/// Reports the ends of calls to the port of accounting, until all are told or it is over. Gives those that were acknowledged; each is told as it
/// comes.
fn report_all(carrier: &Carrier, sessions: &[String], is_over: &Arc<AtomicBool>, acknowledged: &mpsc::Sender<()>) -> BTreeSet<String> {
    let server: SocketAddr = carrier.ports()[1].parse().unwrap();
    let dictionary = Dictionary::built_in().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let asker = Arc::new(Asker::connect(server, Secret::new(SECRET.to_owned())).await.unwrap());
        let turns = Arc::new(Semaphore::new(BURST_AT_ONCE));
        let mut asked = tokio::task::JoinSet::new();
        for session in sessions {
            let id = format!("Acct-Session-Id = {session}");
            let user = format!("User-Name = {}", identity(0));
            let lines = ["Acct-Status-Type = Stop", &user, "Called-Station-Id = 442071234567", "Acct-Session-Time = 61", &id];
            let mut packet = Packet::new(Code::AccountingRequest, 0);
            packet.attributes = lines.iter().map(|line| dictionary.line(line).unwrap()).collect();
            let (asker, session, acknowledged) = (Arc::clone(&asker), session.clone(), acknowledged.clone());
            let (turns, is_over) = (Arc::clone(&turns), Arc::clone(is_over));
            asked.spawn(async move {
                let _turn = turns.acquire().await.ok()?;
                if is_over.load(Ordering::SeqCst) {
                    return None;
                }
                asker.ask(packet).await.ok()?;
                // Whoever listened may have heard enough.
                let _ = acknowledged.send(());
                Some(session)
            });
        }
        asked.join_all().await.into_iter().flatten().collect()
    })
}

on_both! {
    /// As an operator's system stops it, in the middle of a burst.
    fn a_server_that_is_told_to_stop_loses_no_charge_that_it_has_acknowledged(world: &World) {
        let mut carrier = Carrier::start(world, &json!({}), &[]);
        let account = carrier.customer("Ada", "100000", &identity(0));
        let sessions: Vec<String> = (0..BURST).map(|number| format!("s-{number}")).collect();
        let (acknowledged, heard) = mpsc::channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let told = std::thread::scope(|scope| {
            let reporting = scope.spawn(|| report_all(&carrier, &sessions, &is_over, &acknowledged));
            for _ in 0..BURST_ACKNOWLEDGED {
                heard.recv_timeout(PATIENCE).expect("reports are acknowledged");
            }
            carrier.server.terminate();
            is_over.store(true, Ordering::SeqCst);
            reporting.join().unwrap()
        });
        assert_eq!(carrier.server.ended().code(), Some(0));
        assert!((BURST_ACKNOWLEDGED..BURST).contains(&told.len()), "{} of {BURST} were acknowledged", told.len());
        let found = charged(world);
        assert!(found.values().all(|charged| *charged == (1, 1_200_000)), "{found:?}");
        let lost: Vec<&String> = told.iter().filter(|session| !found.contains_key(*session)).collect();
        assert!(lost.is_empty(), "{lost:?}");
        check(world, "stopped");
        carrier.serve_again(world);
        // The switch repeats all that it has reported, and goes on with others.
        let more = sessions.iter().filter(|session| !found.contains_key(*session)).take(BURST_AT_ONCE);
        let again: Vec<String> = found.keys().chain(more).cloned().collect();
        let expected: BTreeMap<String, (usize, i64)> = again.iter().map(|session| (session.clone(), (1, 1_200_000))).collect();
        assert_eq!(report_all(&carrier, &again, &Arc::default(), &acknowledged).len(), again.len());
        assert_eq!(charged(world), expected);
        let spent = i64::try_from(again.len()).unwrap() * 1_200_000;
        assert_eq!(carrier.available(account), text_of(100_000_000_000 - spent));
        carrier.server.stop();
        check(world, "in the end");
    }
}
