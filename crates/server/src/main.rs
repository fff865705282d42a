//! Owns the program `trunkline`: its commands, and what each exit code means.
//! Does not own: what the commands do (command/).

mod command;
mod config;
mod demo;
mod http;
mod radius;
mod telemetry;
mod ui;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Requests are made on one thread and dropped on another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Telecom customer management and real-time billing.
#[derive(Debug, Parser)]
#[command(name = "trunkline", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the admin UI and the APIs.
    Serve(command::serve::Arguments),
    /// Serve a fresh database filled with a believable carrier.
    Demo(command::demo::Arguments),
    /// Measure, against a bound of the same run.
    Bench(command::bench::Arguments),
    /// Manage administrators.
    Admin(command::admin::Arguments),
    /// Load customers, accounts or classes from a CSV file.
    ///
    /// Everything is checked first, and every bad cell is told with its line, column and reason. Then all rows are loaded in one
    /// transaction or, where some are bad, none unless --skip-bad is given.
    ///
    /// One process writes a SQLite file. While a server has it open, send the file to that server:
    /// trunkline import customers people.csv --server http://127.0.0.1:8080 --login ada --password-stdin < password
    ///
    /// It needs an administrator. On SQLite other changes wait while the server writes the rows: load large files at a quiet hour.
    Import(command::import::Arguments),
    /// Compare stored with derived values; exits with 1 where they differ.
    Check(command::check::Arguments),
    /// Bring the schema up to date, or print how its tables are spread.
    Migrate(command::migrate::Arguments),
    /// Print the OpenAPI document of the native API.
    Openapi,
}

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// It was called wrongly, or cannot run here: exit code 2.
    Unusable(String),
    /// It ran and found differences, or could not do all: exit code 1.
    Found(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Unusable(error.to_string())
    }
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(arguments) => command::serve::run(&arguments),
        Command::Demo(arguments) => command::demo::run(&arguments),
        Command::Bench(arguments) => command::bench::run(&arguments),
        Command::Admin(arguments) => command::admin::run(&arguments),
        Command::Import(arguments) => command::import::run(&arguments),
        Command::Check(arguments) => command::check::run(&arguments),
        Command::Migrate(arguments) => command::migrate::run(&arguments),
        Command::Openapi => command::openapi(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Found(what)) => {
            eprintln!("{what}");
            ExitCode::from(1)
        }
        Err(Failure::Unusable(why)) => {
            eprintln!("trunkline: {why}");
            ExitCode::from(2)
        }
    }
}
