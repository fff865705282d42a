//! Owns `bench live`: many pages that listen, balances that change at a pace, and how long each page waits for each change that it shows.
//! Does not own: telling pages what changes (api/live).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;

use super::connection::Connection;
use super::server::{self, Server};
use super::{Latencies, LiveArguments, count, rounded, write_json};
use crate::{Failure, command};

/// Customers on a page.
const PAGE: usize = 25;
/// Customers that change in the load whose pages differ. Each is on two or three of them.
const CHANGING: usize = 10_000;
/// Connections that make the changes. Each has customers of its own, so that their changes are noted in their order.
const CHANGERS: usize = 16;
/// After the last change, how long pages may wait for it before it counts as lost.
const LAST_WAITED_FOR: Duration = Duration::from_secs(10);
const GOAL_MS: f64 = 1_000.0;

#[derive(Serialize)]
struct Row {
    name: String,
    listeners: usize,
    /// Made and answered.
    changes_per_second: f64,
    /// Changes that came to pages: one that three pages show counts three times.
    arrivals: usize,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    /// Changes that a page should have shown, and did not.
    lost: usize,
}

#[derive(Serialize)]
struct Figures {
    customers: usize,
    rows: Vec<Row>,
    resident_bytes: u64,
}

/// What a customer owed, and when that was known.
struct Moment {
    customer_id: Id,
    owed: Money,
    at: Instant,
}

/// A row of an event, as far as it is looked at.
#[derive(Deserialize)]
struct RowOfEvent {
    id: Id,
    balance: Option<String>,
    available_funds: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    items: Vec<RowOfEvent>,
}

#[derive(Deserialize)]
struct Posted {
    balance: String,
}

type Rows = Arc<Vec<(Id, Money)>>;

/// Many pages are sent the same text: each is read once.
#[derive(Default)]
struct Reader(Mutex<HashMap<u64, Rows>>);

impl Reader {
    fn rows(&self, data: &[u8]) -> Result<Rows, Failure> {
        let mut hasher = DefaultHasher::new();
        data.hash(&mut hasher);
        let hash = hasher.finish();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rows) = known.get(&hash) {
            return Ok(Arc::clone(rows));
        }
        let event: Event = serde_json::from_slice(data)?;
        let rows: Rows = Arc::new(event.items.iter().filter_map(|row| Some((row.id, owed(row)?))).collect());
        known.insert(hash, Arc::clone(&rows));
        Ok(rows)
    }
}

/// What a row says is owed; for prepaid the funds negated.
fn owed(row: &RowOfEvent) -> Option<Money> {
    match (&row.balance, &row.available_funds) {
        (Some(balance), _) => Money::parse(balance).ok(),
        (None, Some(funds)) => Money::parse(funds).ok().map(|funds| Money::from_millionths(-funds.millionths())),
        (None, None) => None,
    }
}

pub fn run(arguments: &LiveArguments) -> Result<(), Failure> {
    let url = &arguments.database.database_url;
    let kept = arguments.filling.kept(url)?;
    let server = Server::start(url, &[])?;
    let token = server::sign_in(&server.base, &kept.password)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    command::print(&format!(
        "{:<36} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>6}",
        "", "listeners", "changes/s", "arrivals", "p50 ms", "p99 ms", "max ms", "lost"
    ));
    let changing = kept.ids.get(..CHANGING.min(kept.ids.len())).unwrap_or_default();
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let differing: Vec<Vec<Id>> =
        (0..arguments.listeners).map(|_| changing.choose_multiple(&mut random, PAGE).copied().collect()).collect();
    let one = changing.get(..PAGE.min(changing.len())).unwrap_or_default();
    let same: Vec<Vec<Id>> = (0..arguments.listeners).map(|_| one.to_vec()).collect();
    let mut rows = Vec::new();
    for (name, pages, changing) in [("pages that differ", &differing, changing), ("all look at one page", &same, one)] {
        let row = runtime.block_on(measure(name, &server.base, &token, pages, changing, arguments))?;
        let mut short = if row.p99_ms > GOAL_MS { format!("   over the goal of {GOAL_MS} ms") } else { String::new() };
        if row.changes_per_second < f64::from(arguments.changes_per_second) * 0.95 {
            short.push_str("   the changes could not be made so fast");
        }
        command::print(&format!(
            "{:<36} {:>9} {:>9.0} {:>9} {:>9.2} {:>9.2} {:>9.2} {:>6}{short}",
            row.name, row.listeners, row.changes_per_second, row.arrivals, row.p50_ms, row.p99_ms, row.max_ms, row.lost
        ));
        rows.push(row);
    }
    let resident_bytes = server.peak_resident_bytes()?;
    server.stop()?;
    command::print(&format!("peak resident memory of the server: {} MB", resident_bytes / 1024 / 1024));
    write_json(arguments.json.as_deref(), &Figures { customers: kept.ids.len(), rows, resident_bytes })
}

async fn measure(
    name: &str,
    base: &str,
    token: &str,
    pages: &[Vec<Id>],
    changing: &[Id],
    arguments: &LiveArguments,
) -> Result<Row, Failure> {
    let reader = Arc::new(Reader::default());
    let (listening, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut listeners = Vec::with_capacity(pages.len());
    for page in pages {
        let ids: Vec<String> = page.iter().map(Id::to_string).collect();
        let path = format!("/api/v1/live?customers={}", ids.join(","));
        let body = Connection::open(base, token).await?.listen(&path).await?;
        let (reader, listening, stop) = (Arc::clone(&reader), Arc::clone(&listening), Arc::clone(&stop));
        listeners.push(tokio::spawn(listen(body, reader, listening, stop)));
    }
    // Each page is first sent its rows as they are.
    while listening.load(Ordering::Relaxed) < pages.len() {
        sleep(Duration::from_millis(10)).await;
    }
    let started = Instant::now();
    let duration = Duration::from_secs(arguments.seconds);
    let changers = CHANGERS.min(changing.len()).max(1);
    let pause = Duration::from_secs(1) * u32::try_from(changers).unwrap_or(1) / arguments.changes_per_second.max(1);
    let mut changing_tasks = Vec::new();
    for number in 0..changers {
        let connection = Connection::open(base, token).await?;
        let own: Vec<Id> = changing.iter().skip(number).step_by(changers).copied().collect();
        changing_tasks.push(tokio::spawn(change(connection, own, number, pause, duration)));
    }
    let mut changes = Vec::new();
    for task in changing_tasks {
        changes.extend(task.await.map_err(|problem| Failure::Unusable(problem.to_string()))??);
    }
    let took = started.elapsed().as_secs_f64();
    sleep(LAST_WAITED_FOR.min(duration)).await;
    stop.store(true, Ordering::Relaxed);
    let mut history: HashMap<Id, Vec<&Moment>> = HashMap::new();
    for change in &changes {
        history.entry(change.customer_id).or_default().push(change);
    }
    let (mut lags, mut lost) = (Vec::new(), 0);
    for (listener, page) in listeners.into_iter().zip(pages) {
        let seen = listener.await.map_err(|problem| Failure::Unusable(problem.to_string()))??;
        lost += lags_of(&seen, page, &history, &mut lags);
    }
    let arrivals = lags.len();
    let latencies = Latencies::of(lags);
    Ok(Row {
        name: name.to_owned(),
        listeners: pages.len(),
        changes_per_second: rounded(count(changes.len()) / took),
        arrivals,
        p50_ms: latencies.at(500),
        p99_ms: latencies.at(990),
        max_ms: latencies.at(1_000),
        lost,
    })
}

/// Reads what a page is sent until there is nothing more to wait for.
async fn listen(
    mut body: Incoming,
    reader: Arc<Reader>,
    listening: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
) -> Result<Vec<Moment>, Failure> {
    let (mut seen, mut text, mut is_first) = (Vec::new(), Vec::new(), true);
    while !stop.load(Ordering::Relaxed) {
        let Ok(frame) = timeout(Duration::from_millis(200), body.frame()).await else { continue };
        let frame = frame.ok_or_else(|| Failure::Unusable("the server sends a page nothing more".into()))?;
        let at = Instant::now();
        let frame = frame.map_err(|problem| Failure::Unusable(problem.to_string()))?;
        text.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
        while let Some(end) = text.windows(2).position(|pair| pair == b"\n\n") {
            let event: Vec<u8> = text.drain(..end + 2).collect();
            let Some(data) = event.strip_prefix(b"event: customers\ndata: ") else { continue };
            let rows = reader.rows(data)?;
            if std::mem::take(&mut is_first) {
                listening.fetch_add(1, Ordering::Relaxed);
            }
            seen.extend(rows.iter().map(|(customer_id, owed)| Moment { customer_id: *customer_id, owed: *owed, at }));
        }
    }
    Ok(seen)
}

/// Charges one customer after the other, at a pace.
async fn change(
    mut connection: Connection,
    mut own: Vec<Id>,
    seed: usize,
    pause: Duration,
    duration: Duration,
) -> Result<Vec<Moment>, Failure> {
    let mut random = ChaCha8Rng::seed_from_u64(u64::try_from(seed).unwrap_or(0));
    let mut made = Vec::new();
    let mut pace = interval(pause);
    // Who is late catches up.
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let started = Instant::now();
    pace.tick().await;
    while started.elapsed() < duration && !own.is_empty() {
        let place = random.random_range(0..own.len());
        let customer_id = own[place];
        let body = r#"{"action":"manual_charge","amount":"1"}"#.to_owned();
        let (status, answer) = connection.post(&format!("/api/v1/customers/{customer_id}/transactions"), body).await?;
        match status {
            200 | 201 => {
                let posted: Posted = serde_json::from_slice(&answer)?;
                let owed = Money::parse(&posted.balance).map_err(|problem| Failure::Unusable(problem.to_string()))?;
                made.push(Moment { customer_id, owed, at: Instant::now() });
                pace.tick().await;
            }
            // Some customers are closed: a refusal changes nothing, and the next one is asked.
            400..500 => drop(own.swap_remove(place)),
            _ => return Err(Failure::Unusable(format!("a change failed: {status} {}", String::from_utf8_lossy(&answer)))),
        }
    }
    Ok(made)
}

/// How long a page waited for each change of its customers; returns how many it waited for in vain. Charges only add to what is owed: a row
/// that says as much as the change or more has it.
fn lags_of(seen: &[Moment], page: &[Id], history: &HashMap<Id, Vec<&Moment>>, lags: &mut Vec<Duration>) -> usize {
    let mut lost = 0;
    let mut by_customer: HashMap<Id, Vec<&Moment>> = HashMap::new();
    for moment in seen {
        by_customer.entry(moment.customer_id).or_default().push(moment);
    }
    for customer_id in page {
        let seen = by_customer.get(customer_id).map(Vec::as_slice).unwrap_or_default();
        let mut place = 0;
        for change in history.get(customer_id).map(Vec::as_slice).unwrap_or_default() {
            while seen.get(place).is_some_and(|moment| moment.owed < change.owed) {
                place += 1;
            }
            match seen.get(place) {
                Some(moment) => lags.push(moment.at.saturating_duration_since(change.at)),
                None => lost += 1,
            }
        }
    }
    lost
}
