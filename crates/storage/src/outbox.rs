//! Owns the events that commits leave for others to fetch.
//! Does not own: delivering them.

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::Row;
use crate::values;

/// One event, as it is written. `customer_id` is 0 where it is about no customer.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    pub customer_id: Id,
    pub event_id: Id,
    /// Such as `customer.updated`.
    pub event_type: &'a str,
    /// A JSON object.
    pub payload: &'a str,
    pub created_at: Timestamp,
}

/// Appends an event behind the customer's others: ids are made before the customer is locked, and where a later request was
/// faster, this event gets the next id after that one's. On SQLite, where one thread writes, the order holds for all events.
pub fn append(tx: &mut Tx<'_>, event: &Event<'_>) -> Result<()> {
    let (text, event_id) = match tx.engine() {
        Engine::Sqlite => (
            "insert into outbox (customer_id, event_id, event_type, payload, created_at) \
             values ($1, max($2, (select coalesce(max(event_id), 0) + 1 from outbox)), $3, $4, $5)",
            event.event_id,
        ),
        Engine::Postgres => (
            "insert into outbox (customer_id, event_id, event_type, payload, created_at) values ($1, $2, $3, $4, $5)",
            next_of(tx, event.customer_id, event.event_id)?,
        ),
    };
    tx.execute(text, values![event.customer_id, event_id, event.event_type, event.payload, event.created_at])?;
    Ok(())
}

/// `event_id`, or the one above the last of a customer that is locked. What is about no customer, or about one that is gone,
/// is locked by nobody and keeps its id.
fn next_of(tx: &mut Tx<'_>, customer_id: Id, event_id: Id) -> Result<Id> {
    let text = "update customer_balance set last_event_id = case when last_event_id >= $2 then last_event_id + 1 else $2 end \
                where customer_id = $1 returning last_event_id";
    Ok(tx.query_first(text, values![customer_id, event_id], |row| row.get(0))?.unwrap_or(event_id))
}

/// An event as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub customer_id: Id,
    pub event_id: Id,
    pub event_type: String,
    pub payload: String,
    pub created_at: Timestamp,
}

/// Events above `after`, in the order of their ids, at most `count` and those that share the last one's id. Within a customer
/// that is the order in which they happened. Events of other nodes can still arrive below the last one shown for as long as
/// their transactions run.
pub fn after(tx: &mut Tx<'_>, after: Id, count: i64) -> Result<Vec<Stored>> {
    let columns = "select customer_id, event_id, event_type, payload, created_at from outbox";
    let mut found =
        tx.query(&format!("{columns} where event_id > $1 order by event_id, customer_id limit $2"), values![after, count], read)?;
    // An event that was put behind a later one of its customer can have the id of another customer's event.
    if let Some(last) = found.last().filter(|_| i64::try_from(found.len()).unwrap_or(i64::MAX) >= count) {
        let same = format!("{columns} where event_id = $1 and customer_id > $2 order by customer_id");
        let rest = tx.query(&same, values![last.event_id, last.customer_id], read)?;
        found.extend(rest);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Stored> {
    Ok(Stored { customer_id: row.get(0)?, event_id: row.get(1)?, event_type: row.get(2)?, payload: row.get(3)?, created_at: row.get(4)? })
}

/// Forgets events below `event_id`, which whoever wanted them has had time to fetch.
pub fn forget_before(tx: &mut Tx<'_>, event_id: Id) -> Result<u64> {
    tx.execute("delete from outbox where event_id < $1", values![event_id])
}

/// That something happened; what, only where it is about no customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub customer_id: Id,
    pub event_id: Id,
    pub event_type: String,
    pub payload: String,
}

/// Where marks are found. On PostgreSQL events are in order within a customer alone; `last_of` tells whose have grown.
fn marks_from(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "from outbox where event_id > $1",
        Engine::Postgres => "from outbox where customer_id = 0 and event_id > $1",
    }
}

/// Marks of the events above `after`, in the order of their ids. On PostgreSQL of those that are about no customer.
pub fn marks(tx: &mut Tx<'_>, after: Id, count: i64) -> Result<Vec<Mark>> {
    let text = format!(
        "select customer_id, event_id, case when customer_id = 0 then event_type else '' end, \
         case when customer_id = 0 then payload else '' end {} order by event_id limit $2",
        marks_from(tx.engine())
    );
    tx.query(&text, values![after, count], |row| {
        Ok(Mark { customer_id: row.get(0)?, event_id: row.get(1)?, event_type: row.get(2)?, payload: row.get(3)? })
    })
}

/// The id of the last event that `marks` would tell of; 0 where there is none.
pub fn last_mark(tx: &mut Tx<'_>) -> Result<Id> {
    let text = format!("select coalesce(max(event_id), 0) {}", marks_from(tx.engine()));
    Ok(tx.query_first(&text, values![-1_i64], |row| row.get(0))?.unwrap_or(0))
}

/// The last event of each of these customers, as PostgreSQL keeps it under the customer's lock. Nothing of one that is not there.
pub fn last_of(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<(Id, Id)>> {
    let text = "select customer_id, last_event_id from customer_balance where customer_id in ({ids})";
    tx.query_by_ids(text, customers, |row| Ok((row.get(0)?, row.get(1)?)))
}
