//! Owns the command `bench`: figures against a physical bound or a peer of the same run, as a table and as JSON.
//! Does not own: judging them in tests; a timed test is no test.

mod fill;
mod list;
mod load;
mod post;
mod rate;

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
    /// The Customer list through HTTP, while customers change.
    List(ListArguments),
    /// Durable postings to balances.
    Post(PostArguments),
    /// Rates found and calls priced on one core.
    Rate(RateArguments),
}

#[derive(Debug, Args)]
struct ListArguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    /// How many customers the database is filled with.
    #[arg(long, default_value_t = 1_000_000)]
    customers: usize,
    /// Requests of each kind.
    #[arg(long, default_value_t = 1_000)]
    requests: usize,
    /// Connections that ask at once.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// The database was filled by an earlier run with --keep, which left its administrator's password in this file.
    #[arg(long)]
    filled: Option<PathBuf>,
    /// Leave the administrator's password in this file, so that --filled can use the database again.
    #[arg(long)]
    keep: Option<PathBuf>,
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
        What::List(arguments) => list::run(arguments),
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
