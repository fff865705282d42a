//! Owns the command `bench`: figures against a physical bound or a peer of the same run, as a table and as JSON.
//! Does not own: judging them in tests; a timed test is no test.

mod callers;
mod charge;
mod connection;
mod cost;
mod face;
mod fill;
mod floor;
mod import;
mod list;
mod live;
mod load;
mod post;
mod rate;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::{Failure, command};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Calls authorized, begun and charged, each step durable before its answer.
    Charge(ChargeArguments),
    /// Records of calls from a file, rated and charged.
    Import(ImportArguments),
    /// The Customer list through HTTP, while customers change.
    List(ListArguments),
    /// How long pages that listen wait for what changes.
    Live(LiveArguments),
    /// Durable postings to balances.
    Post(PostArguments),
    /// Rates found and calls priced on one core.
    Rate(RateArguments),
}

#[derive(Debug, Args)]
struct ChargeArguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    /// Which way the calls come in.
    #[arg(long, value_enum)]
    face: face::FaceKind,
    /// How many accounts the calls are of, each of a customer of its own.
    #[arg(long, default_value_t = 100_000)]
    accounts: usize,
    /// Calls that are open all the time.
    #[arg(long, default_value_t = 20_000)]
    open: usize,
    /// Decisions that wait at once at full load.
    #[arg(long, default_value_t = 256)]
    outstanding: usize,
    /// How long each load lasts.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ImportArguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    /// How many accounts the calls are of, each of a customer of its own.
    #[arg(long, default_value_t = 100_000)]
    accounts: usize,
    /// Records of the file; an import takes up to a million.
    #[arg(long, default_value_t = 500_000)]
    records: usize,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ListArguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    #[command(flatten)]
    filling: server::Filling,
    /// Requests of each kind.
    #[arg(long, default_value_t = 1_000)]
    requests: usize,
    /// Connections that ask at once.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct LiveArguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    #[command(flatten)]
    filling: server::Filling,
    /// Pages that listen at once, each of 25 customers.
    #[arg(long, default_value_t = 1_000)]
    listeners: usize,
    /// Balances that change in a second.
    #[arg(long, default_value_t = 1_000)]
    changes_per_second: u32,
    /// How long each load lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct PostArguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    /// How many customers the postings go to.
    #[arg(long, default_value_t = 100_000)]
    customers: usize,
    /// How long each load lasts.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RateArguments {
    /// How many prefixes the tariff has.
    #[arg(long, default_value_t = 100_000)]
    prefixes: usize,
    /// How long each load lasts.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    crate::telemetry::start_log();
    match &arguments.what {
        What::Charge(arguments) => charge::run(arguments),
        What::Import(arguments) => import::run(arguments),
        What::List(arguments) => list::run(arguments),
        What::Live(arguments) => live::run(arguments),
        What::Post(arguments) => post::run(arguments),
        What::Rate(arguments) => rate::run(arguments),
    }
}

/// Sorted latencies.
struct Latencies(Vec<Duration>);

impl Latencies {
    fn of(mut all: Vec<Duration>) -> Latencies {
        all.sort_unstable();
        Latencies(all)
    }

    /// The latency that `per_mille` of all do not exceed, in milliseconds with two decimals.
    fn at(&self, per_mille: usize) -> f64 {
        let place = (self.0.len() * per_mille).div_ceil(1_000).saturating_sub(1);
        let micros = self.0.get(place).map_or(0, Duration::as_micros);
        rounded(u32::try_from(micros).map_or(f64::MAX, f64::from) / 1_000.0)
    }
}

/// A count as figures are reckoned with; more than four milliards is no count of a run.
fn count(number: impl TryInto<u32>) -> f64 {
    number.try_into().map_or(f64::MAX, f64::from)
}

/// With two decimals, as figures are told.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn write_json(path: Option<&Path>, figures: &impl Serialize) -> Result<(), Failure> {
    if let Some(path) = path {
        std::fs::write(path, format!("{}\n", serde_json::to_string_pretty(figures)?))?;
    }
    Ok(())
}
