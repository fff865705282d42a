//! Owns finding the few customers that a narrow condition leaves, so that they can be sorted as a whole.
//! Does not own: what the conditions are (filter.rs).

use trunkline_domain::id::Id;

use super::filter::{Finding, ListFilter, Query, Table, any_of, between};
use super::sort::{ListSort, SortBy, simplified};
use super::{Entry, LIMIT_KINDS, count, load};
use crate::engine::{Engine, Tx};
use crate::error::Result;

/// What an index other than that of texts finds is sorted up to this many times as many: it costs less, and among a million a walk
/// meets one of 5,000 in 200 rows.
const CHEAP_FACTOR: i64 = 5;

/// A condition that has an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Narrow {
    Search,
    Reseller,
    Overdue,
    Amount,
    CreditLimit,
    Created,
    Type,
    BillingPeriod,
    Status,
    Class,
    Currency,
    BalanceControl,
}

/// Those that leave few sooner come first.
const ALL: [Narrow; 12] = [
    Narrow::Search,
    Narrow::Reseller,
    Narrow::Overdue,
    Narrow::Status,
    Narrow::Class,
    Narrow::Type,
    Narrow::Created,
    Narrow::BillingPeriod,
    Narrow::Currency,
    Narrow::CreditLimit,
    Narrow::Amount,
    Narrow::BalanceControl,
];

/// Rows under the name `t`, and the order of the index that finds them. Without the order PostgreSQL might look for a few rows in
/// the whole table.
struct Rows {
    table: Table,
    from: String,
    order: &'static str,
}

impl Rows {
    fn of_entries(condition: String, order: &'static str) -> Rows {
        Rows { table: Table::Entry, from: format!("customer_entry t where {condition}"), order }
    }

    fn of_amounts(condition: String, order: &'static str) -> Rows {
        Rows { table: Table::Amount, from: format!("customer_amount t where {condition}"), order }
    }
}

impl Narrow {
    fn is_asked(self, filter: &ListFilter) -> bool {
        match self {
            Narrow::Search => filter.search.is_some(),
            Narrow::Reseller => filter.reseller_id.is_some(),
            Narrow::Overdue => filter.overdue == Some(true),
            Narrow::Amount => filter.amount.is_some(),
            Narrow::CreditLimit => filter.credit_limit.is_some(),
            Narrow::Created => filter.created.is_some(),
            Narrow::Type => filter.customer_type.is_some(),
            Narrow::BillingPeriod => filter.billing_period.is_some(),
            Narrow::Status => !filter.statuses.is_empty(),
            Narrow::Class => filter.customer_class_id.is_some(),
            Narrow::Currency => filter.currency.is_some(),
            Narrow::BalanceControl => filter.balance_control.is_some(),
        }
    }

    /// Does the index that has the order lead to these rows as well? `is_alone`: nothing else is asked for.
    fn is_in_order(self, by: SortBy, filter: &ListFilter, is_alone: bool) -> bool {
        match self {
            Narrow::Search => by.sort == ListSort::Name && filter.search.as_ref().is_some_and(|search| !search.is_within()),
            Narrow::Reseller | Narrow::Type | Narrow::BillingPeriod => by.sort == ListSort::Name && is_alone,
            Narrow::Overdue => false,
            Narrow::Amount => matches!(by.sort, ListSort::Balance | ListSort::AvailableFunds),
            Narrow::CreditLimit => by.sort == ListSort::CreditLimit,
            Narrow::Created => by.sort == ListSort::Created,
            Narrow::Status | Narrow::Class | Narrow::Currency | Narrow::BalanceControl => by.sort.has_filtered_indexes() && is_alone,
        }
    }

    fn rows(self, filter: &ListFilter, query: &mut Query, engine: Engine) -> Rows {
        let equals = |column: &str, place: String| Rows::of_entries(format!("t.{column} = {place}"), "t.name_key, t.customer_id");
        match self {
            Narrow::Search => {
                let search = filter.search.as_ref();
                let from = search.map(|search| search.rows(query, engine)).unwrap_or_default();
                let order = if search.is_some_and(|search| search.is_within()) { "" } else { "t.name_key, t.customer_id" };
                Rows { table: Table::Entry, from, order }
            }
            Narrow::Reseller => equals("reseller_id", query.place(filter.reseller_id.unwrap_or(0))),
            Narrow::Overdue => {
                let condition = format!("t.overdue_from <= {}", query.place(filter.at.microseconds()));
                Rows::of_amounts(condition, "t.overdue_from, t.customer_id")
            }
            Narrow::Amount => {
                let control = query.place_text(filter.balance_control.map_or("", |control| control.code()));
                let mut conditions = vec![format!("t.balance_control = {control}")];
                conditions.extend(between(query, "t.amount", filter.amount.unwrap_or_default()));
                Rows::of_amounts(conditions.join(" and "), "t.amount, t.customer_id")
            }
            Narrow::CreditLimit => {
                let mut conditions = vec![format!("t.limit_kind = {}", query.place(LIMIT_KINDS[0]))];
                conditions.extend(between(query, "t.credit_limit", filter.credit_limit.unwrap_or_default()));
                Rows::of_entries(conditions.join(" and "), "t.credit_limit, t.name_key, t.customer_id")
            }
            Narrow::Created => {
                let conditions = between(query, "t.created_at", filter.created.unwrap_or_default());
                Rows::of_entries(conditions.join(" and "), "t.created_at, t.customer_id")
            }
            Narrow::Type => equals("customer_type", query.place_text(filter.customer_type.map_or("", |kind| kind.code()))),
            Narrow::BillingPeriod => equals("billing_period", query.place_text(filter.billing_period.map_or("", |period| period.code()))),
            // In no order: several statuses would have to be sorted for one.
            Narrow::Status => Rows::of_entries(any_of(query, "t.status_order", &filter.statuses), ""),
            Narrow::Class => equals("customer_class_id", query.place(filter.customer_class_id.unwrap_or(0))),
            Narrow::Currency => equals("currency", query.place_text(filter.currency.as_deref().unwrap_or(""))),
            Narrow::BalanceControl => {
                equals("balance_control", query.place_text(filter.balance_control.map_or("", |control| control.code())))
            }
        }
    }
}

/// All matching customers, when a condition leaves few and the order of the list does not help to find them.
pub(super) fn candidates(tx: &mut Tx<'_>, filter: &ListFilter, order: &[SortBy], candidates_max: i64) -> Result<Option<Vec<Entry>>> {
    let by = simplified(order).first().copied().unwrap_or(ListSort::Name.up());
    let asked: Vec<Narrow> = ALL.into_iter().filter(|narrow| narrow.is_asked(filter)).collect();
    let is_alone = asked.len() == 1;
    for narrow in asked {
        let few = if narrow == Narrow::Search { candidates_max } else { candidates_max.saturating_mul(CHEAP_FACTOR) };
        if !narrow.is_in_order(by, filter, is_alone) && leaves_few(tx, filter, narrow, few)? {
            return matching(tx, filter, narrow).map(Some);
        }
    }
    Ok(None)
}

/// All matching customers, where they are at most `count_max`.
pub(super) fn gathered(tx: &mut Tx<'_>, filter: &ListFilter, count_max: i64) -> Result<Option<Vec<Entry>>> {
    if let Some(narrow) = narrowing(tx, filter, count_max)? {
        return matching(tx, filter, narrow).map(Some);
    }
    if count(tx, filter, count_max.saturating_add(1))? > count_max {
        return Ok(None);
    }
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Entry, Finding::Conditions);
    let ids: Vec<Id> = tx.query(&format!("select t.customer_id from {source}"), &query.values(), |row| row.get(0))?;
    load(tx, &ids).map(Some)
}

/// Does one of the conditions leave at most `count_max` customers, as far as its index alone can tell?
pub(super) fn narrows_to(tx: &mut Tx<'_>, filter: &ListFilter, count_max: i64) -> Result<bool> {
    Ok(narrowing(tx, filter, count_max)?.is_some())
}

fn narrowing(tx: &mut Tx<'_>, filter: &ListFilter, count_max: i64) -> Result<Option<Narrow>> {
    for narrow in ALL.into_iter().filter(|narrow| narrow.is_asked(filter)) {
        if leaves_few(tx, filter, narrow, count_max)? {
            return Ok(Some(narrow));
        }
    }
    Ok(None)
}

/// Does the condition leave at most `count_max` customers, as far as its index alone can tell?
fn leaves_few(tx: &mut Tx<'_>, filter: &ListFilter, narrow: Narrow, count_max: i64) -> Result<bool> {
    let mut query = Query::new();
    let rows = narrow.rows(filter, &mut query, tx.engine());
    let order = if rows.order.is_empty() { String::new() } else { format!(" order by {}", rows.order) };
    let limit = query.place(count_max.saturating_add(1));
    let text = format!("select count(*) from (select 1 from {}{order} limit {limit}) as found", rows.from);
    let found = tx.query_first(&text, &query.values(), |row| row.get::<i64>(0))?;
    Ok(found.unwrap_or(0) <= count_max)
}

/// The customers that the condition leaves, as far as they match the others too.
fn matching(tx: &mut Tx<'_>, filter: &ListFilter, narrow: Narrow) -> Result<Vec<Entry>> {
    let mut query = Query::new();
    let mut rows = narrow.rows(filter, &mut query, tx.engine());
    if let Some(search) = filter.search.as_ref().filter(|_| narrow != Narrow::Search) {
        // Not by an index of texts: the few are at hand.
        let condition = search.on_row(&mut query, tx.engine(), rows.table, Finding::OrderOf(""));
        rows.from = format!("{} and {condition}", rows.from);
    }
    let order = if rows.order.is_empty() { String::new() } else { format!(" order by {}", rows.order) };
    let ids: Vec<Id> = tx.query(&format!("select t.customer_id from {}{order}", rows.from), &query.values(), |row| row.get(0))?;
    Ok(load(tx, &ids)?.into_iter().filter(|entry| matches(filter, entry)).collect())
}

/// Does the customer match, but for the search?
fn matches(filter: &ListFilter, entry: &Entry) -> bool {
    (filter.statuses.is_empty() || filter.statuses.contains(&entry.stored.status_order))
        && filter.balance_control.is_none_or(|control| control == entry.balance_control)
        && filter.currency.as_ref().is_none_or(|currency| *currency == entry.currency)
        && filter.customer_class_id.is_none_or(|class| class == entry.customer_class_id)
        && filter.reseller_id.is_none_or(|reseller| reseller == entry.reseller_id)
        && filter.customer_type.is_none_or(|kind| kind == entry.customer_type)
        && filter.billing_period.is_none_or(|period| period == entry.billing_period)
        && filter.created.is_none_or(|range| range.contains(entry.created_at.microseconds()))
        && filter.credit_limit.is_none_or(|range| entry.limit_kind == LIMIT_KINDS[0] && range.contains(entry.credit_limit))
        && filter.amount.is_none_or(|range| range.contains(entry.amount))
        && filter.overdue.is_none_or(|overdue| overdue == entry.overdue_from.is_some_and(|from| from <= filter.at))
}
