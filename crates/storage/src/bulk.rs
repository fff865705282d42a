//! Owns what makes large loads fast: list indexes that are made last, statistics for the planner.
//! Does not own: what is loaded.

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::migrate::list_indexes;

/// Drops the list indexes. Only for a database that nobody else uses; `list_index_statements` makes them again.
pub fn drop_list_indexes(tx: &mut Tx<'_>) -> Result<()> {
    list_indexes(tx.engine()).iter().try_for_each(|(name, _)| tx.batch(&format!("drop index if exists {name}")))
}

/// The statements that make the list indexes.
pub fn list_index_statements(engine: Engine) -> Vec<String> {
    list_indexes(engine).into_iter().map(|(_, statement)| statement).collect()
}

/// Gives the planner figures of the tables as they are now.
pub fn analyze(tx: &mut Tx<'_>) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.batch("pragma analysis_limit=1000; analyze;"),
        Engine::Postgres => tx.batch("analyze"),
    }
}

/// The same for a few tables, where a load went into them alone.
pub fn analyze_tables(tx: &mut Tx<'_>, tables: &[&str]) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        tx.batch("pragma analysis_limit=1000")?;
    }
    tables.iter().try_for_each(|table| tx.batch(&format!("analyze {table}")))
}
