//! Owns `bench import`: records of calls in a file, checked, rated and charged, each durable when it is counted; and the same file once more,
//! of which everything was charged before.
//! Does not own: whose the calls are (callers.rs), and importing (usecase/import/).

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use trunkline_usecase::import::{Kind, Report, Step, Turn, Watch, Wish};
use trunkline_usecase::{App, Context};

use super::callers::{self, Callers};
use super::{ImportArguments, Latencies, count, rounded, write_json};
use crate::{Failure, command};

const GOAL_PER_SECOND: f64 = 100_000.0;

#[derive(Serialize)]
struct Row {
    name: &'static str,
    per_second: f64,
    /// Of a thousand records, which are read together.
    p50_ms: f64,
    p99_ms: f64,
}

#[derive(Serialize)]
struct Figures {
    accounts: usize,
    records: usize,
    rows: Vec<Row>,
}

/// When each thousand was seen.
struct Seen(Mutex<Vec<(Step, Instant)>>);

impl Watch for Seen {
    fn see(&self, step: Step, _: u64, _: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((step, Instant::now()));
    }

    fn wants_stop(&self) -> bool {
        false
    }
}

pub fn run(arguments: &ImportArguments) -> Result<(), Failure> {
    let url = &arguments.database.database_url;
    let app = command::open(url)?;
    command::refuse_filled(&app, url)?;
    let callers = callers::fill(&app, arguments.accounts)?;
    let file = records(&app, &callers, arguments.records)?;
    command::print(&format!("{:<28} {:>12} {:>16} {:>16}", "", "per second", "p50 ms a 1000", "p99 ms a 1000"));
    let mut rows = Vec::new();
    let loads = [["records checked", "records charged", "records imported"], ["repeats checked", "repeats left out", "repeats imported"]];
    for names in loads {
        let (report, times) = import(&app, file.try_clone()?)?;
        if report.loaded + report.repeated != u64::try_from(arguments.records).unwrap_or(u64::MAX) {
            let first = report.problems.first().map_or(String::new(), |problem| format!("; line {}: {}", problem.line, problem.message));
            return Err(Failure::Found(format!("{} of {} records were charged{first}", report.loaded, arguments.records)));
        }
        for (name, (lasted, slices)) in names.into_iter().zip(times) {
            let per_second = rounded(count(arguments.records) / lasted.as_secs_f64());
            let row = Row { name, per_second, p50_ms: slices.at(500), p99_ms: slices.at(990) };
            let short = if name == "records imported" && per_second < GOAL_PER_SECOND { "   below the goal of 100000" } else { "" };
            command::print(&format!("{name:<28} {per_second:>12.0} {:>16.2} {:>16.2}{short}", row.p50_ms, row.p99_ms));
            rows.push(row);
        }
    }
    app.database.stop();
    write_json(arguments.json.as_deref(), &Figures { accounts: arguments.accounts, records: arguments.records, rows })
}

/// A file without a name: calls of all callers, of up to four minutes each.
fn records(app: &App, callers: &Callers, count: usize) -> Result<File, Failure> {
    let path = std::env::temp_dir().join(format!("trunkline-bench-{}", std::process::id()));
    let file = File::options().create_new(true).read(true).write(true).open(&path)?;
    std::fs::remove_file(&path)?;
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut out = BufWriter::new(&file);
    let started_at = app.now().to_rfc3339();
    writeln!(out, "call_id,nas,account_id,CLI,CLD,connect_time,used_quantity,disconnect_cause")?;
    for number in 0..count {
        let all = callers.own.len() + callers.of_reseller.len();
        let place = random.random_range(0..all);
        let identity = callers.own.get(place).or_else(|| callers.of_reseller.get(place - callers.own.len()));
        let identity = identity.map(String::as_str).unwrap_or_default();
        let (cld, seconds) = (random.random_range(10_000_000_000_u64..99_999_999_999), random.random_range(1..=240));
        writeln!(out, "{number:08x}-7f3a,border-1,{identity},{identity},{cld},{started_at},{seconds},16")?;
    }
    out.flush()?;
    drop(out);
    Ok(file)
}

type Timed = (Duration, Latencies);

/// How long the checking took, the charging, and both.
fn import(app: &Arc<App>, file: File) -> Result<(Report, [Timed; 3]), Failure> {
    let seen = Arc::new(Seen(Mutex::default()));
    let wish = Wish { source_name: "bench".to_owned(), skip_bad: false, preview: false };
    let begun = Instant::now();
    let turn = Turn::take(app, &Context::system(), Kind::Xdrs)?;
    let report = turn.run(file, &wish, Arc::clone(&seen) as _).map_err(|failure| Failure::Found(failure.to_string()))?;
    let ended = Instant::now();
    let seen = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
    let checked = seen.iter().rev().find(|(step, _)| *step == Step::Checking).map_or(begun, |(_, at)| *at);
    let slices = |from: Instant, wanted: fn(Step) -> bool| {
        let moments = std::iter::once(from).chain(seen.iter().filter(|(step, _)| wanted(*step)).map(|(_, at)| *at));
        let moments: Vec<Instant> = moments.collect();
        Latencies::of(moments.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect())
    };
    let times = [
        (checked.duration_since(begun), slices(begun, |step| step == Step::Checking)),
        (ended.duration_since(checked), slices(checked, |step| step == Step::Loading)),
        (ended.duration_since(begun), slices(begun, |_| true)),
    ];
    Ok((report, times))
}
