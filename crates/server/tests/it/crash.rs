//! Owns tests of what is left after kill -9 in a burst of writes: what was acknowledged is there once, nothing is there by
//! half, and whoever repeats what was not acknowledged completes it. First the server is killed, then PostgreSQL under it.
//!
//! Moments are drawn from a seed: after so many acknowledged writes. `TRUNKLINE_CRASH_ROUNDS` says how often (20), and
//! `TRUNKLINE_CRASH_SEED` repeats a run.
//! Does not own: crashes during an import (import/).

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::program::{Answer, Client, PASSWORD, Server, add_administrator};
use crate::world::{World, until};

const CONNECTIONS: usize = 6;
/// Customers on which all connections post.
const SHARED: usize = 4;
/// The latest moment of a kill, in acknowledged writes of its round.
const MOMENT_MAX: usize = 120;
/// A write is done within this, however often the database goes away meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a server may answer while its database is away or coming back.
const AWAY: [(u16, &str); 5] =
    [(503, "unavailable"), (504, "outcome_unknown"), (503, "conflict"), (503, "overloaded"), (504, "deadline_exceeded")];

pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// A write with the key that makes it repeatable.
#[derive(Clone, Debug)]
struct Write {
    key: String,
    path: String,
    body: Value,
    /// What it adds to whose balance, in hundredths.
    posts: Option<(i64, i64)>,
    makes_customer: bool,
}

impl Write {
    fn send(&self, client: &Client) -> Result<Answer, ureq::Error> {
        let mut answer = client.ask("POST", &self.path, Some(&self.body), Some(&self.key))?;
        answer.headers.clear();
        Ok(answer)
    }
}

/// One connection's writes, drawn one after the other.
struct Writer {
    number: usize,
    random: ChaCha8Rng,
    shared: Vec<i64>,
    own: i64,
    is_blocked: bool,
    class: i64,
    count: usize,
    name: String,
}

impl Writer {
    fn next(&mut self) -> Write {
        self.count += 1;
        let key = format!("{} connection {} write {}", self.name, self.number, self.count);
        match self.random.random_range(0..100) {
            0..60 => {
                let customer = *self.shared.choose(&mut self.random).unwrap();
                let hundredths = self.random.random_range(1..100_000);
                let (action, sign) = if self.random.random() { ("manual_charge", 1) } else { ("manual_payment", -1) };
                let amount = format!("{}.{:02}", hundredths / 100, hundredths % 100);
                let path = format!("/api/v1/customers/{customer}/transactions");
                let body = json!({ "action": action, "amount": amount, "internal_comment": key });
                Write { key, path, body, posts: Some((customer, sign * hundredths)), makes_customer: false }
            }
            60..85 => {
                let body = json!({ "name": key, "class_id": self.class, "currency": "EUR", "login": key, "credit_limit": "50" });
                Write { key, path: "/api/v1/customers".into(), body, posts: None, makes_customer: true }
            }
            _ => {
                let action = if self.is_blocked { "unblock" } else { "block" };
                self.is_blocked = !self.is_blocked;
                let path = format!("/api/v1/customers/{}/{action}", self.own);
                Write { key, path, body: json!({}), posts: None, makes_customer: false }
            }
        }
    }
}

/// What all rounds together must have left.
struct Books {
    balances: BTreeMap<i64, i64>,
    postings: i64,
    customers: i64,
    writes: i64,
}

impl Books {
    fn enter(&mut self, write: &Write) {
        self.writes += 1;
        if let Some((customer, hundredths)) = write.posts {
            *self.balances.entry(customer).or_default() += hundredths;
            self.postings += 1;
        }
        self.customers += i64::from(write.makes_customer);
    }

    /// Compares with what is told and with the rows.
    fn compare(&self, client: &Client, number: &dyn Fn(&str) -> i64, when: &str) {
        for (customer, hundredths) in &self.balances {
            let told = client.get(&format!("/api/v1/customers/{customer}")).expect(200).json();
            let balance = told["balance"].as_str().unwrap().to_owned();
            assert_eq!(in_hundredths(&balance), *hundredths, "{when}: the balance of {customer}");
        }
        assert_eq!(number("select count(*) from posting"), self.postings, "{when}: postings");
        assert_eq!(number("select count(*) from xdr"), self.postings, "{when}: xDRs");
        assert_eq!(number("select count(*) from customer"), self.customers, "{when}: customers");
        assert_eq!(number("select count(*) from idempotency"), self.writes, "{when}: keys");
        assert_eq!(number("select count(*) from outbox"), self.writes + self.not_keyed(), "{when}: events");
    }

    /// Customers that were made before the rounds, without a key, and their class, each with its event.
    fn not_keyed(&self) -> i64 {
        i64::try_from(SHARED + CONNECTIONS + 1).unwrap()
    }
}

fn in_hundredths(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (units, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let hundredths: i64 = format!("{rest:0<2}").parse().unwrap();
    sign * (units.parse::<i64>().unwrap() * 100 + hundredths)
}

/// The carrier of the rounds: a class, customers to post to, and one customer a connection to block.
fn prepare(client: &Client, seed: u64) -> (Books, Vec<Writer>) {
    let class = client.post("/api/v1/customer-classes", &json!({ "name": "Burst" })).expect(201).id();
    let made =
        |name: String| client.post("/api/v1/customers", &json!({ "name": name, "class_id": class, "currency": "EUR" })).expect(201).id();
    let shared: Vec<i64> = (0..SHARED).map(|number| made(format!("Shared {number}"))).collect();
    let writers = (0..CONNECTIONS).map(|number| Writer {
        number,
        random: ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000) + u64::try_from(number).unwrap()),
        shared: shared.clone(),
        own: made(format!("Own {number}")),
        is_blocked: false,
        class,
        count: 0,
        name: String::new(),
    });
    let writers = writers.collect();
    let balances = shared.iter().map(|id| (*id, 0)).collect();
    let customers = i64::try_from(SHARED + CONNECTIONS).unwrap();
    (Books { balances, postings: 0, customers, writes: 0 }, writers)
}

/// What a connection has done in a round.
type Done = (Vec<(Write, Answer)>, Option<Write>);

/// All connections write until the server is gone; it is killed after `moment` acknowledged writes.
fn burst(server: &mut Server, token: &str, writers: &mut [Writer], moment: usize) -> Vec<Done> {
    let (acknowledged, heard) = mpsc::channel();
    let base = server.base.clone();
    std::thread::scope(|scope| {
        let threads: Vec<_> = writers
            .iter_mut()
            .map(|writer| {
                let (acknowledged, client) = (acknowledged.clone(), Client::new(&base, token));
                scope.spawn(move || {
                    let mut done = Vec::new();
                    loop {
                        let write = writer.next();
                        let Ok(answer) = write.send(&client) else { return (done, Some(write)) };
                        assert!((200..300).contains(&answer.status), "{write:?}: {}", answer.body);
                        done.push((write, answer));
                        // Nobody listens any more once the server is being killed.
                        let _ = acknowledged.send(());
                    }
                })
            })
            .collect();
        hear(&heard, moment);
        server.kill();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Waits for so many acknowledged writes.
fn hear(heard: &mpsc::Receiver<()>, count: usize) {
    for _ in 0..count {
        heard.recv_timeout(PATIENCE).expect("writes are acknowledged");
    }
}

fn check(world: &World, when: &str) {
    let done = world.run(&["check"]);
    assert_eq!(done.code, Some(0), "{when}: {done:?}");
}

fn kill_the_server(world: &World) {
    let (rounds, seed) = (setting("TRUNKLINE_CRASH_ROUNDS", 20), setting("TRUNKLINE_CRASH_SEED", 1));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    add_administrator(world.command(&[]));
    let mut server = Server::start(world, &[]);
    let token = server.sign_in("admin", PASSWORD);
    let (mut books, mut writers) = prepare(&server.client(&token), seed);
    for round in 0..rounds {
        let moment = random.random_range(1..=MOMENT_MAX);
        let when = format!("seed {seed}, round {round}, killed after {moment} writes");
        writers.iter_mut().for_each(|writer| writer.name = format!("round {round}"));
        let done = burst(&mut server, &token, &mut writers, moment);
        world.until_nobody_is_connected();
        check(world, &when);
        let acknowledged: Vec<&(Write, Answer)> = done.iter().flat_map(|(done, _)| done).collect();
        let open: Vec<&Write> = done.iter().filter_map(|(_, open)| open.as_ref()).collect();
        // What was not acknowledged is whole or absent: rows of the two kinds come together, checked above, or not at all.
        acknowledged.iter().for_each(|(write, _)| books.enter(write));
        let keys = world.number("select count(*) from idempotency");
        let least = books.writes;
        assert!((least..=least + i64::try_from(open.len()).unwrap()).contains(&keys), "{when}: {keys} keys, {least} acknowledged");

        server = Server::start(world, &[]);
        let client = server.client(&token);
        for (write, answer) in &acknowledged {
            assert_eq!(write.send(&client).unwrap(), *answer, "{when}: a repeat of {write:?}");
        }
        assert_eq!(world.number("select count(*) from idempotency"), keys, "{when}: repeats changed something");
        for write in open {
            let answer = write.send(&client).unwrap();
            assert!((200..300).contains(&answer.status), "{when}: {write:?}: {}", answer.body);
            assert_eq!(write.send(&client).unwrap(), answer, "{when}");
            books.enter(write);
        }
        books.compare(&client, &|text| world.number(text), &when);
    }
    server.stop();
    check(world, "in the end");
}

#[test]
fn a_server_on_sqlite_that_is_killed_loses_nothing() {
    kill_the_server(&World::on(trunkline_storage::Engine::Sqlite));
}

#[test]
fn a_server_on_postgres_that_is_killed_loses_nothing() {
    kill_the_server(&World::on(trunkline_storage::Engine::Postgres));
}

/// Sends a write until it is acknowledged; meanwhile the server says by name what is the matter. Counts those answers.
fn insist(client: &Client, write: &Write, refused: &AtomicUsize) -> Answer {
    let mut last = String::new();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let answer = write.send(client).unwrap();
        if (200..300).contains(&answer.status) {
            return answer;
        }
        let code = answer.code();
        assert!(AWAY.contains(&(answer.status, code.as_str())), "{write:?}: {} {}", answer.status, answer.body);
        refused.fetch_add(1, Ordering::SeqCst);
        last = answer.body;
        // sleeps: nothing tells when the database is back, and asking without a pause keeps it from coming back
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{write:?} is never done: {last}");
}

/// What is killed of PostgreSQL in a round.
#[derive(Clone, Copy, Debug)]
enum Victim {
    OneSession,
    AllSessions,
    Postmaster,
}

fn strike(cluster: &mut Cluster, victim: Victim, client: &Client, random: &mut ChaCha8Rng) {
    match victim {
        Victim::OneSession => {
            if let Some(process) = cluster.sessions().choose(random) {
                cluster.kill_session(*process);
            }
        }
        Victim::AllSessions => cluster.sessions().into_iter().for_each(|process| cluster.kill_session(process)),
        Victim::Postmaster => {
            cluster.kill_postmaster();
            until("the server says that its database is away", || client.get("/health/ready").status == 503);
            assert_eq!(client.get("/health/live").status, 200);
            let told = client.get("/api/v1/customers");
            assert_eq!((told.status, told.code().as_str()), (503, "unavailable"), "{}", told.body);
            cluster.begin();
        }
    }
}

#[test]
fn a_server_whose_postgres_is_killed_recovers_and_loses_nothing() {
    let (rounds, seed) = (setting("TRUNKLINE_CRASH_ROUNDS", 20), setting("TRUNKLINE_CRASH_SEED", 1));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut cluster = Cluster::start("killed");
    let url = cluster.url();
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        command.args(arguments).env_clear().env("TRUNKLINE_DATABASE_URL", &url);
        command
    };
    add_administrator(program(&[]));
    let log = std::env::temp_dir().join(format!("trunkline_killed_{}.log", std::process::id()));
    let server = Server::run(program(&["serve", "--listen", "127.0.0.1:0"]), log.clone());
    let token = server.sign_in("admin", PASSWORD);
    let (mut books, mut writers) = prepare(&server.client(&token), seed);
    let number = |text: &str| -> i64 {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.query_one(text, &[]).unwrap().get(0)
    };
    let refused = AtomicUsize::new(0);
    for round in 0..rounds {
        let moment = random.random_range(1..=MOMENT_MAX);
        let victim = match round % 5 {
            4 => Victim::Postmaster,
            2 => Victim::AllSessions,
            _ => Victim::OneSession,
        };
        let when = format!("seed {seed}, round {round}, {victim:?} killed after {moment} writes");
        writers.iter_mut().for_each(|writer| writer.name = format!("round {round}"));
        let ((acknowledged, heard), is_over) = (mpsc::channel(), AtomicBool::new(false));
        let done: Vec<Vec<(Write, Answer)>> = std::thread::scope(|scope| {
            let threads: Vec<_> = writers
                .iter_mut()
                .map(|writer| {
                    let (acknowledged, is_over, refused, client) = (acknowledged.clone(), &is_over, &refused, server.client(&token));
                    scope.spawn(move || {
                        let mut done = Vec::new();
                        while !is_over.load(Ordering::SeqCst) {
                            let write = writer.next();
                            let answer = insist(&client, &write, refused);
                            acknowledged.send(()).unwrap();
                            done.push((write, answer));
                        }
                        done
                    })
                })
                .collect();
            hear(&heard, moment);
            let client = server.client(&token);
            strike(&mut cluster, victim, &client, &mut random);
            // The server recovers by itself, and writes go on.
            heard.try_iter().for_each(drop);
            hear(&heard, 4 * CONNECTIONS);
            until("it is ready", || client.get("/health/ready").status == 200);
            is_over.store(true, Ordering::SeqCst);
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let client = server.client(&token);
        for (write, answer) in done.iter().flatten() {
            books.enter(write);
            assert_eq!(insist(&client, write, &refused), *answer, "{when}: a repeat of {write:?}");
        }
        books.compare(&client, &number, &when);
    }
    assert!(refused.load(Ordering::SeqCst) > 0, "no write ever met the database away");
    let checked = program(&["check"]).output().unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    server.stop();
    drop(std::fs::remove_file(log));
}
