//! Owns the audit trail: who changed or read what, and when. Appended, never changed.
//! Does not own: what is worth a row (usecase).

use std::sync::Mutex;

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::{arrival, values};

/// One row of the trail. `customer_id` is 0 where it is about no one customer.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub customer_id: Id,
    pub audit_id: Id,
    pub at: Timestamp,
    /// Such as `staff:123` or `system`.
    pub actor: &'a str,
    /// Such as `customer.block`; reads end in `.read` or `.list`.
    pub action: &'a str,
    /// A JSON object: what was changed from what to what, or which filter was used and which ids were shown.
    pub detail: &'a str,
}

pub fn append(tx: &mut Tx<'_>, entry: &Entry<'_>) -> Result<()> {
    tx.execute(
        "insert into audit (customer_id, audit_id, at, actor, action, detail) values ($1, $2, $3, $4, $5, $6)",
        values![entry.customer_id, entry.audit_id, entry.at, entry.actor, entry.action, entry.detail],
    )?;
    arrival::note(tx, arrival::Kind::Audit, entry.customer_id, entry.at, entry.audit_id);
    Ok(())
}

/// A row as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub customer_id: Id,
    pub audit_id: Id,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub detail: String,
}

/// The latest rows about a customer, newest first.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: Id, count: i64) -> Result<Vec<Stored>> {
    let text = format!(
        "select t.customer_id, t.audit_id, t.at, t.actor, t.action, t.detail from {} where t.customer_id = $1 \
         order by t.audit_id desc limit $2",
        arrival::of_customer(tx.engine(), arrival::Kind::Audit)
    );
    tx.query(&text, values![customer_id, count], |row| {
        Ok(Stored {
            customer_id: row.get(0)?,
            audit_id: row.get(1)?,
            at: row.get(2)?,
            actor: row.get(3)?,
            action: row.get(4)?,
            detail: row.get(5)?,
        })
    })
}

/// Rows about reads, waiting for the next flush. A read is answered before its row is on disk; its row is queued first.
#[derive(Default)]
pub(crate) struct Waiting {
    rows: Mutex<Vec<Stored>>,
}

/// Rows that wait at the most; a read beyond is refused by name.
const WAITING_MAX: usize = 20_000;

impl Waiting {
    pub fn add(&self, row: Stored) -> Result<()> {
        let mut rows = self.rows.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if rows.len() >= WAITING_MAX {
            return Err(StorageError::Overloaded { queue: "audit of reads" });
        }
        rows.push(row);
        Ok(())
    }

    pub fn take(&self) -> Vec<Stored> {
        std::mem::take(&mut *self.rows.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Rows that were taken and could not be written wait again, before those that came meanwhile.
    pub fn put_back(&self, taken: Vec<Stored>) {
        let mut rows = self.rows.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let later = std::mem::replace(&mut *rows, taken);
        rows.extend(later);
    }
}

/// Appends rows that waited.
pub(crate) fn append_all(tx: &mut Tx<'_>, rows: &[Stored]) -> Result<()> {
    for row in rows {
        let entry = Entry {
            customer_id: row.customer_id,
            audit_id: row.audit_id,
            at: row.at,
            actor: &row.actor,
            action: &row.action,
            detail: &row.detail,
        };
        append(tx, &entry)?;
    }
    Ok(())
}
