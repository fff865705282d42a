//! Owns the customer list's own rows: what it filters and sorts by, kept beside the facts, and the queries over them.
//! Does not own: what a page shows of a customer (usecase/customer), and the facts.

mod fill;
mod filter;
mod find;
mod gather;
mod page;
mod row;
mod sort;
mod summary;
mod text;

pub(crate) use fill::fill_new_columns;
pub(crate) use filter::escaped;
pub use filter::{ListFilter, MatchMode, Range, TextSearch};
pub use gather::GATHERED_MAX;
pub use page::{From, Page, page, page_at_offset, page_within, plans};
pub use row::{ListRow, rows};
pub use sort::{KeyValue, ListSort, Place, SORTS_MAX, SortBy, fits, is_sorted_already};
pub use summary::{Figures, Overdue, Sum, figures, figures_within, overdue};
pub use text::{SearchTexts, add_texts, load_texts, marked, save_texts};

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerFacts, CustomerType};
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
use crate::row::{Row, Value, code};
use crate::values;
use crate::writer::StoredStatus;

/// Postpaid with a limit, postpaid without, prepaid: in that order a list sorted by credit limit shows them.
const LIMIT_KINDS: [i64; 3] = [0, 1, 2];

/// The list's row of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub customer_id: Id,
    pub name_key: String,
    /// Empty for none.
    pub company_key: String,
    pub stored: StoredStatus,
    pub balance_control: BalanceControl,
    pub currency: String,
    pub customer_class_id: Id,
    /// 0 for none.
    pub reseller_id: Id,
    pub customer_type: CustomerType,
    pub billing_period: BillingPeriod,
    pub created_at: Timestamp,
    pub limit_kind: i64,
    /// Millionths; 0 where the kind has none.
    pub credit_limit: i64,
    /// What is taken from the balance before sorting by it: the limit of a prepaid customer, whose funds are limit less balance.
    pub limit_part: i64,
    /// Postpaid: the balance. Prepaid: the available funds, negated.
    pub amount: i64,
    /// When the first of its open invoices comes or came to be overdue.
    pub overdue_from: Option<Timestamp>,
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
            company_key: customer.contact.company_name.as_deref().map(name_key).unwrap_or_default(),
            stored,
            balance_control: customer.balance_control,
            currency: customer.currency.code().to_owned(),
            customer_class_id: customer.customer_class_id,
            reseller_id: customer.reseller_id.unwrap_or(0),
            customer_type: customer.customer_type,
            billing_period: customer.billing_period,
            created_at: customer.created_at,
            limit_kind,
            credit_limit,
            limit_part,
            // Saturating: a sort key at the edge of the range sorts at the edge.
            amount: facts.balance.millionths().saturating_sub(limit_part),
            overdue_from: facts.open_invoices.iter().map(|invoice| invoice.overdue_from(&facts.zone)).min(),
        }
    }

    /// What both tables have, in the order of `SHARED`.
    fn shared_values(&self) -> [Value<'_>; 10] {
        [
            Value::from(self.customer_id),
            Value::from(self.stored.status_order),
            Value::from(self.balance_control.code()),
            Value::from(&self.currency),
            Value::from(self.customer_class_id),
            Value::from(self.reseller_id),
            Value::from(self.customer_type.code()),
            Value::from(self.billing_period.code()),
            Value::from(self.created_at),
            Value::from(self.limit_kind),
        ]
    }

    /// In the order of `LIST`.
    fn list_values(&self) -> Vec<Value<'_>> {
        let own = [
            Value::from(self.credit_limit),
            Value::from(&self.name_key),
            Value::from(&self.company_key),
            Value::from(self.stored.changes_at),
        ];
        self.shared_values().into_iter().chain(own).collect()
    }

    /// In the order of `AMOUNT`.
    fn amount_values(&self) -> Vec<Value<'_>> {
        let own = [Value::from(self.credit_limit), Value::from(self.limit_part), Value::from(self.amount), Value::from(self.overdue_from)];
        self.shared_values().into_iter().chain(own).collect()
    }
}

/// Columns of `customer_entry`, and how many.
const LIST: (&str, usize) = (
    "customer_id, status_order, balance_control, currency, customer_class_id, reseller_id, customer_type, billing_period, created_at, \
     limit_kind, credit_limit, name_key, company_key, status_changes_at",
    14,
);
/// Columns of `customer_amount`, and how many.
const AMOUNT: (&str, usize) = (
    "customer_id, status_order, balance_control, currency, customer_class_id, reseller_id, customer_type, billing_period, created_at, \
     limit_kind, credit_limit, limit_part, amount, overdue_from",
    14,
);

/// Adds the rows of new customers.
pub fn add_many(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<()> {
    let values: Vec<Value<'_>> = entries.iter().flat_map(Entry::list_values).collect();
    tx.insert_many(&format!("customer_entry ({})", LIST.0), LIST.1, &values, "", |_| Ok(()))?;
    let values: Vec<Value<'_>> = entries.iter().flat_map(Entry::amount_values).collect();
    tx.insert_many(&format!("customer_amount ({})", AMOUNT.0), AMOUNT.1, &values, "", |_| Ok(()))?;
    Ok(())
}

fn update(tx: &mut Tx<'_>, table: &str, columns: &str, values: &[Value<'_>]) -> Result<()> {
    let sets = columns.split(", ").enumerate().skip(1).map(|(index, column)| format!("{column} = ${}", index + 1));
    let sets: Vec<String> = sets.collect();
    tx.execute(&format!("update {table} set {} where customer_id = $1", sets.join(", ")), values)?;
    Ok(())
}

/// Writes the rows anew where they differ from what is stored.
pub fn save(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let before = load(tx, &[entry.customer_id])?.pop();
    if before.as_ref() == Some(entry) {
        return Ok(());
    }
    update(tx, "customer_entry", LIST.0, &entry.list_values())?;
    update(tx, "customer_amount", AMOUNT.0, &entry.amount_values())?;
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
    text::delete_texts(tx, customer_id)
}

/// The rows of these customers.
pub fn load(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<Entry>> {
    let mut rows = tx.query_by_ids(
        "select e.customer_id, e.name_key, e.status_order, e.status_changes_at, e.balance_control, e.currency, e.customer_class_id, \
         e.reseller_id, e.limit_kind, e.credit_limit, a.limit_part, a.amount, e.company_key, e.customer_type, e.billing_period, e.created_at, \
         a.overdue_from from customer_entry e join customer_amount a on a.customer_id = e.customer_id where e.customer_id in ({ids})",
        customers,
        read_entry,
    )?;
    rows.sort_by_key(|entry| entry.customer_id);
    rows.dedup_by_key(|entry| entry.customer_id);
    Ok(rows)
}

fn read_entry(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        customer_id: row.get(0)?,
        name_key: row.get(1)?,
        company_key: row.get(12)?,
        stored: StoredStatus { status_order: row.get(2)?, changes_at: row.get(3)? },
        balance_control: code(row, 4, BalanceControl::parse)?,
        currency: row.get(5)?,
        customer_class_id: row.get(6)?,
        reseller_id: row.get(7)?,
        customer_type: code(row, 13, CustomerType::parse)?,
        billing_period: code(row, 14, BillingPeriod::parse)?,
        created_at: row.get(15)?,
        limit_kind: row.get(8)?,
        credit_limit: row.get(9)?,
        limit_part: row.get(10)?,
        amount: row.get(11)?,
        overdue_from: row.get(16)?,
    })
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
    let from = match filter.only_search() {
        Some(search) => search.rows(&mut query, tx.engine()),
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
