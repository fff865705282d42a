//! Owns the command `migrate`.
//! Does not own: the migrations (storage).

use clap::Args;
use trunkline_storage::{Database, Options, migrate, table};

use crate::{Failure, command};

#[derive(Debug, Args)]
pub struct Arguments {
    /// sqlite:PATH or postgres://...
    #[arg(long, env = "TRUNKLINE_DATABASE_URL", required_unless_present = "print_distribution")]
    database_url: Option<String>,
    /// Print the statements that spread the tables over a distributed PostgreSQL, and do nothing else.
    #[arg(long)]
    print_distribution: bool,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.print_distribution {
        table::distribution_statements().iter().for_each(|statement| command::print(statement));
        return Ok(());
    }
    if let Some(url) = &arguments.database_url {
        // Opening brings the schema up to date.
        Database::open(url, Options::default())?.stop();
        command::print(&format!("schema version: {}", migrate::version_of_program()));
    }
    Ok(())
}
