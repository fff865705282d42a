//! Owns the SQL of moves to another installation.
//! Does not own: the moves.

use std::collections::HashMap;

use trunkline_domain::export::{Export, ExportPhase};
use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
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

/// The latest move of those of these customers that have one.
pub fn of_customers(tx: &mut Tx<'_>, customers: &[Id]) -> Result<HashMap<Id, Export>> {
    let rows = tx.query_by_ids(
        "select customer_id, phase, target, started_at, finished_at from customer_export where customer_id in ({ids}) \
         order by customer_id, export_id",
        customers,
        |row| {
            let export = Export {
                phase: row::code(row, 1, ExportPhase::parse)?,
                target: row.get(2)?,
                started_at: row.get(3)?,
                finished_at: row.get(4)?,
            };
            Ok((row.get::<Id>(0)?, export))
        },
    )?;
    // Later rows replace earlier ones.
    Ok(rows.into_iter().collect())
}
