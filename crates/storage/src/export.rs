//! Owns the SQL of moves to another installation.
//! Does not own: the moves.

use trunkline_domain::export::{Export, ExportPhase};
use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::{row, values};

pub fn start(tx: &mut Tx<'_>, customer_id: Id, export_id: Id, target: &str, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into customer_export (customer_id, export_id, phase, target, started_at) values ($1, $2, $3, $4, $5)",
        values![customer_id, export_id, ExportPhase::Started.code(), target, now],
    )?;
    tx.touch(customer_id);
    Ok(())
}

/// Brings the move of a customer to its end.
pub fn end(tx: &mut Tx<'_>, customer_id: Id, export_id: Id, phase: ExportPhase, now: Timestamp) -> Result<()> {
    tx.execute(
        "update customer_export set phase = $3, finished_at = $4 where customer_id = $1 and export_id = $2",
        values![customer_id, export_id, phase.code(), now],
    )?;
    tx.touch(customer_id);
    Ok(())
}

/// Takes the latest move of a customer back: it is served here again.
pub fn roll_back_latest(tx: &mut Tx<'_>, customer_id: Id, now: Timestamp) -> Result<()> {
    let latest = tx.query_first(
        "select export_id from customer_export where customer_id = $1 order by export_id desc limit 1",
        values![customer_id],
        |row| row.get::<Id>(0),
    )?;
    latest.map_or(Ok(()), |export_id| end(tx, customer_id, export_id, ExportPhase::RolledBack, now))
}

/// The moves, as rows of facts (fact.rs).
pub(crate) const FACTS: &str = "select customer_id, cast(5 as bigint), export_id, started_at, finished_at, cast(null as bigint), cast(null as bigint), cast(null as bigint), \
     phase, target, cast(null as text) from customer_export where customer_id in ({ids})";

/// A move with the id that orders it among the customer's.
pub(crate) fn read_fact(row: &Row<'_>) -> Result<(Id, Export)> {
    let export =
        Export { phase: row::code(row, 8, ExportPhase::parse)?, target: row.get(9)?, started_at: row.get(3)?, finished_at: row.get(4)? };
    Ok((row.get(2)?, export))
}
