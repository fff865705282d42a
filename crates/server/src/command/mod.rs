//! Owns what commands share: opening the system, and printing.
//! Does not own: the commands.

pub mod admin;
pub mod bench;
pub mod check;
pub mod demo;
pub mod import;
pub mod migrate;
mod remote;
pub mod serve;

use std::io::{Read, Write};
use std::sync::Arc;

use clap::Args;
use trunkline_domain::staff::PASSWORD_BYTES_MAX;
use trunkline_storage::{Database, Options, StorageError};
use trunkline_usecase::App;
use trunkline_usecase::clock::Clock;

use crate::Failure;

/// The node number of commands: servers have the lower ones.
const COMMAND_NODE: u8 = 15;

/// Which database a command works on.
#[derive(Clone, Debug, Args)]
pub struct DatabaseArgument {
    /// sqlite:PATH or postgres://...
    #[arg(long, env = "TRUNKLINE_DATABASE_URL")]
    pub database_url: String,
}

/// Opens the system for a command.
pub fn open(url: &str) -> Result<Arc<App>, Failure> {
    let database = Database::open(url, Options::default())?;
    Ok(App::new(database, Clock::wall(), COMMAND_NODE)?)
}

/// A password from standard input, so that it stands in no history and no process list.
fn read_password() -> Result<String, Failure> {
    let mut password = String::new();
    let limit = u64::try_from(PASSWORD_BYTES_MAX + 2).unwrap_or(u64::MAX);
    std::io::stdin().lock().take(limit).read_to_string(&mut password)?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

/// Prints a line for whoever or whatever reads the output, at once.
pub fn print(line: &str) {
    let mut out = std::io::stdout().lock();
    // A reader that has gone away does not stop a server.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Demo and measurements never mix with what somebody keeps.
pub fn refuse_filled(app: &App, url: &str) -> Result<(), Failure> {
    let text =
        "select (select count(*) from (select 1 from customer limit 1) as c) + (select count(*) from (select 1 from staff limit 1) as s)";
    let rows = app.database.read::<_, StorageError, _>(move |tx| tx.query_first(text, &[], |row| row.get::<i64>(0))).wait()??;
    if rows.unwrap_or(0) > 0 {
        return Err(Failure::Unusable(format!("the database {} is not empty; only an empty one is filled", without_password(url))));
    }
    Ok(())
}

/// A database's URL as it may be shown.
fn without_password(url: &str) -> String {
    let parts = url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    parts.map_or_else(|| url.to_owned(), |(scheme, (_, place))| format!("{scheme}://{place}"))
}

/// Prints the OpenAPI document.
pub fn openapi() -> Result<(), Failure> {
    print(&serde_json::to_string_pretty(&trunkline_api::document())?);
    Ok(())
}
