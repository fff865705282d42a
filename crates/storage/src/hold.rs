//! Owns the SQL of holds.
//! Does not own: what they restrict (domain).

use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::values;

const STAFF: &str = "staff";
const INVOICE: &str = "invoice";
const INSUFFICIENT_FUNDS: &str = "insufficient_funds";

/// The holds that are not ended, planned ones included, as rows of facts (fact.rs).
pub(crate) const FACTS: &str = "select customer_id, cast(1 as bigint), hold_id, invoice_id, needed, since, ends_at, closes_at, kind, cause, comment from hold \
     where customer_id in ({ids}) and ends_at is null";

pub(crate) fn read_fact(row: &Row<'_>) -> Result<Hold> {
    let cause: String = row.get(9)?;
    let missing = || StorageError::broken(format!("a hold with cause {cause} lacks what it refers to"));
    let cause = match cause.as_str() {
        STAFF => HoldCause::Staff { comment: row.get(10)? },
        INVOICE => HoldCause::Invoice { invoice_id: row.get::<Option<Id>>(3)?.ok_or_else(missing)? },
        INSUFFICIENT_FUNDS => HoldCause::InsufficientFunds { needed: row.get::<Option<_>>(4)?.ok_or_else(missing)? },
        _ => return Err(StorageError::broken(format!("unknown cause of a hold: {cause}"))),
    };
    Ok(Hold {
        hold_id: row.get(2)?,
        kind: row::code(row, 8, HoldKind::parse)?,
        cause,
        since: row.get(5)?,
        until: row.get(6)?,
        closes_at: row.get(7)?,
    })
}

/// Adds a hold that has not ended. Its end is written by `end` when it comes: one that were written ahead would hide the
/// hold from `FACTS` at once.
pub fn add(tx: &mut Tx<'_>, customer_id: Id, hold: &Hold, staff_id: Option<Id>, now: Timestamp) -> Result<()> {
    if hold.until.is_some() {
        return Err(StorageError::broken("a hold is added without its end"));
    }
    let (cause, comment, invoice_id, needed) = match &hold.cause {
        HoldCause::Staff { comment } => (STAFF, comment.as_deref(), None, None),
        HoldCause::Invoice { invoice_id } => (INVOICE, None, Some(*invoice_id), None),
        HoldCause::InsufficientFunds { needed } => (INSUFFICIENT_FUNDS, None, None, Some(*needed)),
    };
    tx.execute(
        "insert into hold (customer_id, hold_id, kind, cause, comment, invoice_id, needed, since, ends_at, closes_at, created_at, staff_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9, $10, $11)",
        values![
            customer_id,
            hold.hold_id,
            hold.kind.code(),
            cause,
            comment,
            invoice_id,
            needed,
            hold.since,
            hold.closes_at,
            now,
            staff_id
        ],
    )?;
    tx.touch(customer_id);
    Ok(())
}

/// Ends holds at `now`. A planned one has restricted nothing yet and goes without a trace: its invoice tells of it.
pub fn end(tx: &mut Tx<'_>, customer_id: Id, hold_ids: &[Id], now: Timestamp) -> Result<()> {
    for hold_id in hold_ids {
        tx.execute("delete from hold where customer_id = $1 and hold_id = $2 and since > $3", values![customer_id, *hold_id, now])?;
        tx.execute(
            "update hold set ends_at = $3 where customer_id = $1 and hold_id = $2 and ends_at is null",
            values![customer_id, *hold_id, now],
        )?;
        tx.touch(customer_id);
    }
    Ok(())
}

/// Moves the moment at which a provisional termination becomes permanent.
pub fn close_at(tx: &mut Tx<'_>, customer_id: Id, hold_id: Id, closes_at: Timestamp) -> Result<()> {
    tx.execute("update hold set closes_at = $3 where customer_id = $1 and hold_id = $2", values![customer_id, hold_id, closes_at])?;
    tx.touch(customer_id);
    Ok(())
}
