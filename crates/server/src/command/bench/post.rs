//! Owns `bench post`: durable postings a second through the writer, with 1, 16 and 256 outstanding, beside the disk's own
//! rate of syncs in the same run.
//! Does not own: the writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use trunkline_domain::balance::PostingAction;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_storage::Engine;
use trunkline_usecase::customer::{NewPosting, post};
use trunkline_usecase::error::Error;
use trunkline_usecase::{Actor, App, Context};

use super::cost::{self, Written};
use super::{Latencies, PostArguments, count, fill, rounded, write_json};
use crate::{Failure, command};

const LOADS: [usize; 3] = [1, 16, 256];

#[derive(Serialize)]
struct Row {
    name: String,
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    mean_batch: f64,
    kilobytes_per_posting: f64,
    /// Of this process: the posters and the writer, and on PostgreSQL without the database's own.
    cpu_us_per_posting: f64,
}

#[derive(Serialize)]
struct Figures {
    customers: usize,
    /// What the disk can do at most: 8 KiB appended and synced, one after the other.
    syncs_per_second: f64,
    rows: Vec<Row>,
}

pub fn run(arguments: &PostArguments) -> Result<(), Failure> {
    let url = &arguments.database.database_url;
    let app = command::open(url)?;
    command::refuse_filled(&app, url)?;
    let ids = Arc::new(fill::fill(&app, arguments.customers, true)?.ids);
    let syncs_per_second = cost::syncs_per_second(url)?;
    command::print(&format!("the disk syncs 8 KiB {syncs_per_second:.0} times a second"));
    command::print(&format!(
        "{:<18} {:>10} {:>9} {:>9} {:>11} {:>12} {:>15}",
        "", "per second", "p50 ms", "p99 ms", "mean batch", "KB/posting", "CPU us/posting"
    ));
    let goal = if app.database.engine() == Engine::Sqlite { 30_000.0 } else { 15_000.0 };
    let (mut rows, mut is_short) = (Vec::new(), false);
    for outstanding in LOADS {
        let row = measure(&app, &ids, outstanding, Duration::from_secs(arguments.seconds))?;
        let short = if outstanding == 256 && row.per_second < goal { format!("   below the goal of {goal}") } else { String::new() };
        command::print(&format!(
            "{:<18} {:>10.0} {:>9.2} {:>9.2} {:>11.1} {:>12.2} {:>15.1}{short}",
            row.name, row.per_second, row.p50_ms, row.p99_ms, row.mean_batch, row.kilobytes_per_posting, row.cpu_us_per_posting
        ));
        is_short |= !short.is_empty();
        rows.push(row);
    }
    if is_short && app.database.engine() == Engine::Sqlite {
        // Found by leaving out one kind of write at a time, and by profiles of the writer.
        command::print(
            "why: one thread writes, and what it writes is whole pages. A posting that changes a status moves its customer within nine indexes of the \
             list, each at another place: about 50 KB, and more than half of all that is written here. Sort rows by amount are a fifth.",
        );
    }
    app.database.stop();
    write_json(arguments.json.as_deref(), &Figures { customers: arguments.customers, syncs_per_second, rows })
}

fn measure(app: &Arc<App>, ids: &Arc<Vec<Id>>, outstanding: usize, duration: Duration) -> Result<Row, Failure> {
    app.reserve_ids()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stop = Arc::new(AtomicBool::new(false));
    let (batches_before, decisions_before) = app.database.writer_tally();
    let bytes_before = cost::written_bytes(Written::Here(app))?;
    let cpu_before = cost::cpu_us()?;
    let started = Instant::now();
    let latencies = runtime.block_on(async {
        let tasks: Vec<_> = (0..outstanding)
            .map(|number| {
                let (app, ids, stop) = (Arc::clone(app), Arc::clone(ids), Arc::clone(&stop));
                // Of its own for each load: a key that was used before would be answered and not posted.
                tokio::spawn(post_until(app, ids, stop, outstanding * 1_000 + number))
            })
            .collect();
        let ticking = async {
            while started.elapsed() < duration {
                tokio::time::sleep(Duration::from_millis(200)).await;
                // What the worker of a server does.
                let app = Arc::clone(app);
                let _ = tokio::task::spawn_blocking(move || app.reserve_ids()).await;
            }
            stop.store(true, Ordering::Relaxed);
        };
        ticking.await;
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.map_err(|problem| Failure::Unusable(problem.to_string()))??);
        }
        Ok::<_, Failure>(all)
    })?;
    let took = started.elapsed().as_secs_f64();
    let (batches, decisions) = app.database.writer_tally();
    let posted = count(latencies.len());
    let kilobytes = count((cost::written_bytes(Written::Here(app))? - bytes_before) / 1024);
    let latencies = Latencies::of(latencies);
    Ok(Row {
        name: format!("{outstanding} outstanding"),
        per_second: rounded(posted / took),
        p50_ms: latencies.at(500),
        p99_ms: latencies.at(990),
        mean_batch: rounded(count(decisions - decisions_before) / count(batches - batches_before).max(1.0)),
        kilobytes_per_posting: rounded(kilobytes / posted.max(1.0)),
        cpu_us_per_posting: rounded((cost::cpu_us()? - cpu_before) / posted.max(1.0)),
    })
}

/// One poster: the next posting when the last one is durable. Every posting carries an idempotency key, as requests do.
async fn post_until(app: Arc<App>, ids: Arc<Vec<Id>>, stop: Arc<AtomicBool>, seed: usize) -> Result<Vec<Duration>, Failure> {
    let mut random = ChaCha8Rng::seed_from_u64(u64::try_from(seed).unwrap_or(0));
    let mut latencies = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let action = if random.random_ratio(1, 2) { PostingAction::ManualCharge } else { PostingAction::ManualPayment };
        let new = NewPosting {
            customer_id: ids[random.random_range(0..ids.len())],
            action,
            amount: Money::from_millionths(random.random_range(1..3_000) * 10_000),
            visible_comment: Some("bench".to_owned()),
            internal_comment: None,
        };
        let key = format!("{:032x}", random.random::<u128>());
        let context = Context::keyed(Actor::system(), Some(key), "bench");
        let asked = Instant::now();
        match post(&app, &context, new)?.await?.map_err(Error::from) {
            // Some customers are closed: a refusal is an answer, but no durable posting.
            Err(Error::Refused(_)) => {}
            Err(problem) => return Err(problem.into()),
            Ok(_) => latencies.push(asked.elapsed()),
        }
    }
    Ok(latencies)
}
