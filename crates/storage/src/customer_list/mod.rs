//! Owns the customer list's own rows: what it filters and sorts by, kept beside the facts, and the queries over them.
//! Does not own: what a page shows of a customer (usecase/customer), and the facts.

mod filter;
mod page;
mod row;

pub use filter::{ListFilter, MatchMode, NameMatch};
pub use page::{From, KeyValue, ListSort, Page, Place, page, page_at_offset, page_within, plans};
pub use row::{ListRow, rows};

use trunkline_domain::customer::{BalanceControl, Customer, CustomerFacts};
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::time::Timestamp;

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::Value;
use crate::values;
use crate::writer::StoredStatus;

/// Postpaid with a limit, postpaid without, prepaid: in that order a list sorted by credit limit shows them.
const LIMIT_KINDS: [i64; 3] = [0, 1, 2];

/// The list's row of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub customer_id: Id,
    pub name_key: String,
    pub stored: StoredStatus,
    pub balance_control: BalanceControl,
    pub currency: String,
    pub customer_class_id: Id,
    /// 0 for none.
    pub reseller_id: Id,
    pub limit_kind: i64,
    /// Millionths; 0 where the kind has none.
    pub credit_limit: i64,
    /// What is taken from the balance before sorting by it: the limit of a prepaid customer, whose funds are limit less balance.
    pub limit_part: i64,
    /// Postpaid: the balance. Prepaid: the available funds, negated.
    pub amount: i64,
}

impl Entry {
    pub fn of(customer: &Customer, facts: &CustomerFacts, stored: StoredStatus, now: Timestamp) -> Entry {
        let limit = facts.effective_limit(now).map(trunkline_domain::money::Money::millionths);
        let (limit_kind, credit_limit, limit_part) = match (facts.balance_control, limit) {
            (BalanceControl::Postpaid, Some(limit)) => (LIMIT_KINDS[0], limit, 0),
            (BalanceControl::Postpaid, None) => (LIMIT_KINDS[1], 0, 0),
            (BalanceControl::Prepaid, limit) => (LIMIT_KINDS[2], 0, limit.unwrap_or(0)),
        };
        Entry {
            customer_id: customer.customer_id,
            name_key: name_key(&customer.name),
            stored,
            balance_control: customer.balance_control,
            currency: customer.currency.code().to_owned(),
            customer_class_id: customer.customer_class_id,
            reseller_id: customer.reseller_id.unwrap_or(0),
            limit_kind,
            credit_limit,
            limit_part,
            // Saturating: a sort key at the edge of the range sorts at the edge.
            amount: facts.balance.millionths().saturating_sub(limit_part),
        }
    }

    fn list_values(&self) -> [Value<'_>; 10] {
        [
            Value::from(self.customer_id),
            Value::from(&self.name_key),
            Value::from(self.stored.status_order),
            Value::from(self.stored.changes_at),
            Value::from(self.balance_control.code()),
            Value::from(&self.currency),
            Value::from(self.customer_class_id),
            Value::from(self.reseller_id),
            Value::from(self.limit_kind),
            Value::from(self.credit_limit),
        ]
    }

    fn amount_values(&self) -> [Value<'_>; 7] {
        [
            Value::from(self.customer_id),
            Value::from(self.balance_control.code()),
            Value::from(self.limit_part),
            Value::from(self.amount),
            Value::from(self.stored.status_order),
            Value::from(&self.currency),
            Value::from(self.customer_class_id),
        ]
    }
}

/// Adds the rows of new customers.
pub fn add_many(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<()> {
    let values: Vec<Value<'_>> = entries.iter().flat_map(Entry::list_values).collect();
    let table = "customer_entry (customer_id, name_key, status_order, status_changes_at, balance_control, currency, customer_class_id, \
                 reseller_id, limit_kind, credit_limit)";
    tx.insert_many(table, 10, &values, "", |_| Ok(()))?;
    let values: Vec<Value<'_>> = entries.iter().flat_map(Entry::amount_values).collect();
    let table = "customer_amount (customer_id, balance_control, limit_part, amount, status_order, currency, customer_class_id)";
    tx.insert_many(table, 7, &values, "", |_| Ok(()))?;
    let values: Vec<Value<'_>> = entries.iter().flat_map(|entry| [Value::from(entry.customer_id), Value::from(&entry.name_key)]).collect();
    let table = match tx.engine() {
        Engine::Sqlite => "customer_search (rowid, name_key)",
        Engine::Postgres => "customer_search (customer_id, name_key)",
    };
    tx.insert_many(table, 2, &values, "", |_| Ok(()))?;
    Ok(())
}

fn add_search(tx: &mut Tx<'_>, customer_id: Id, name_key: &str) -> Result<()> {
    let text = match tx.engine() {
        Engine::Sqlite => "insert into customer_search (rowid, name_key) values ($1, $2)",
        Engine::Postgres => "insert into customer_search (customer_id, name_key) values ($1, $2)",
    };
    tx.execute(text, values![customer_id, name_key])?;
    Ok(())
}

fn delete_search(tx: &mut Tx<'_>, customer_id: Id) -> Result<()> {
    let text = match tx.engine() {
        Engine::Sqlite => "delete from customer_search where rowid = $1",
        Engine::Postgres => "delete from customer_search where customer_id = $1",
    };
    tx.execute(text, values![customer_id])?;
    Ok(())
}

/// Writes the rows anew where they differ from what is stored.
pub fn save(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let before = load(tx, &[entry.customer_id])?.pop();
    if before.as_ref() == Some(entry) {
        return Ok(());
    }
    tx.execute(
        "update customer_entry set name_key = $2, status_order = $3, status_changes_at = $4, balance_control = $5, currency = $6, \
         customer_class_id = $7, reseller_id = $8, limit_kind = $9, credit_limit = $10 where customer_id = $1",
        &entry.list_values(),
    )?;
    tx.execute(
        "update customer_amount set balance_control = $2, limit_part = $3, amount = $4, status_order = $5, currency = $6, \
         customer_class_id = $7 where customer_id = $1",
        &entry.amount_values(),
    )?;
    if before.is_some_and(|before| before.name_key != entry.name_key) {
        delete_search(tx, entry.customer_id)?;
        add_search(tx, entry.customer_id, &entry.name_key)?;
    }
    tx.touch(entry.customer_id);
    Ok(())
}

/// Writes the status alone, as the hot writer does.
pub fn save_status(tx: &mut Tx<'_>, customer_id: Id, stored: &StoredStatus) -> Result<()> {
    tx.execute(
        "update customer_entry set status_order = $2, status_changes_at = $3 where customer_id = $1",
        values![customer_id, stored.status_order, stored.changes_at],
    )?;
    tx.execute(
        "update customer_amount set status_order = $2 where customer_id = $1 and status_order <> $3",
        values![customer_id, stored.status_order, stored.status_order],
    )?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, customer_id: Id) -> Result<()> {
    tx.execute("delete from customer_entry where customer_id = $1", values![customer_id])?;
    tx.execute("delete from customer_amount where customer_id = $1", values![customer_id])?;
    delete_search(tx, customer_id)
}

/// The rows of these customers.
pub fn load(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<Entry>> {
    let mut rows = tx.query_by_ids(
        "select e.customer_id, e.name_key, e.status_order, e.status_changes_at, e.balance_control, e.currency, e.customer_class_id, \
         e.reseller_id, e.limit_kind, e.credit_limit, a.limit_part, a.amount \
         from customer_entry e join customer_amount a on a.customer_id = e.customer_id where e.customer_id in ({ids})",
        customers,
        page::read_entry,
    )?;
    rows.sort_by_key(|entry| entry.customer_id);
    rows.dedup_by_key(|entry| entry.customer_id);
    Ok(rows)
}

/// Customers whose status changes by itself at or before `now`, the earliest first.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, count: i64) -> Result<Vec<(Id, Timestamp)>> {
    tx.query(
        "select customer_id, status_changes_at from customer_entry where status_changes_at <= $1 order by status_changes_at, customer_id limit $2",
        values![now, count],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The next moment at which a status changes by itself.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    let found = tx.query_first(
        "select status_changes_at from customer_entry where status_changes_at is not null order by status_changes_at limit 1",
        &[],
        |row| row.get(0),
    )?;
    Ok(found)
}

/// How many customers match, counted up to `count_max`.
pub fn count(tx: &mut Tx<'_>, filter: &ListFilter, count_max: i64) -> Result<i64> {
    let mut query = filter::Query::new();
    let from = match filter.only_contains() {
        Some(name) => filter::search_rows(name, &mut query, tx.engine()),
        None => filter.source(&mut query, tx.engine(), filter::Table::Entry, filter::Finding::Conditions),
    };
    let limit = query.place(count_max);
    let text = format!("select count(*) from (select 1 from {from} limit {limit}) as matching");
    let found = tx.query_first(&text, &query.values(), |row| row.get(0))?;
    Ok(found.unwrap_or(0))
}

/// The currencies that customers have, in alphabetical order: one step down an index for each.
pub fn currencies(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    loop {
        let after = found.last().cloned().unwrap_or_default();
        let next = tx.query_first("select min(currency) from customer_entry where currency > $1", values![&after], |row| {
            row.get::<Option<String>>(0)
        })?;
        match next.flatten() {
            Some(currency) => found.push(currency),
            None => return Ok(found),
        }
    }
}
