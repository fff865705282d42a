//! Owns the command `check`: stored against derived values, row by row. It only reads.
//! Does not own: deriving them.

use clap::Args;
use trunkline_usecase::check;

use crate::{Failure, command};

/// Differences that are printed; the rest are counted.
const PRINTED_MAX: usize = 100;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    database: command::DatabaseArgument,
    /// The moment for which statuses are derived (RFC 3339); now where it is left out.
    #[arg(long)]
    at: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let at = arguments.at.as_deref().map(trunkline_domain::time::Timestamp::parse).transpose()?;
    let found = check::run(&arguments.database.database_url, at)?;
    for difference in found.differences.iter().take(PRINTED_MAX) {
        command::print(&difference.to_string());
    }
    if found.differences.is_empty() {
        command::print(&format!("checked {} customers: everything stored is as derived", found.customers));
        return Ok(());
    }
    let hidden = found.differences.len().saturating_sub(PRINTED_MAX);
    let more = if hidden > 0 { format!(" ({hidden} more are not shown)") } else { String::new() };
    Err(Failure::Found(format!("checked {} customers: {} differences{more}", found.customers, found.differences.len())))
}
