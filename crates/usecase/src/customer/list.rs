//! Owns the Customer list: checking what is asked, the page with each row's true status, cursors, totals.
//! Does not own: the queries (storage/customer_list).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, CustomerFacts, CustomerType};
use trunkline_domain::id::{ID_MAX, Id};
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerStatus, Explanation, NextChange, explanations, next_change, standing};
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_list::{self, From, GATHERED_MAX, KeyValue, ListFilter, ListRow, ListSort, Place, SORTS_MAX, SortBy, fits};
use trunkline_storage::{Ticket, Tx, customer};

use super::field::Check;
use super::filter::{CustomerFilter, in_words, read_audited};
use super::resellers_of;
use crate::App;
use crate::actor::Context;
use crate::cursor;
use crate::error::{Error, Result};

/// Rows of a page at the most.
pub const ROWS_MAX: usize = 1_000;
/// A bounded total is exact up to this.
pub const TOTAL_BOUND: i64 = 10_000;
/// A total above the bound is remembered this long, where it is so far above that it cannot have fallen below meanwhile.
const TOTAL_REMEMBERED: Duration = Duration::from_secs(2);
const TOTAL_FAR_ABOVE: i64 = 1_000;
const TOTALS_REMEMBERED_MAX: usize = 1_000;

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    pub filter: CustomerFilter,
    /// By name where it is empty.
    pub order: Vec<SortBy>,
    /// 1 to `ROWS_MAX`.
    pub limit: usize,
    pub page: PageWanted,
    pub total: TotalWanted,
    /// For callers that show no reasons.
    pub without_reasons: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PageWanted {
    #[default]
    First,
    Last,
    After(String),
    Before(String),
    /// By name only; its cost grows with it.
    Offset(i64),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TotalWanted {
    None,
    /// Exact up to `TOTAL_BOUND`.
    #[default]
    Bounded,
    Exact,
}

/// How many match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub count: i64,
    /// False: more than `count`.
    pub exact: bool,
}

/// A row as it stands now.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    pub customer_id: Id,
    pub name: String,
    pub company_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub customer_type: CustomerType,
    pub balance_control: BalanceControl,
    pub currency: Currency,
    /// Name of the billing zone: the clock by which the customer's days and dates go.
    pub time_zone: String,
    /// Signed as owed.
    pub balance: Money,
    /// The limit in force; none is unlimited.
    pub credit_limit: Option<Money>,
    pub available_funds: Option<Money>,
    pub customer_class: (Id, String),
    pub reseller: Option<(Id, String)>,
    pub billing_period: BillingPeriod,
    pub created_at: Timestamp,
    pub account_count: i64,
    pub last_payment: Option<(Timestamp, Money)>,
    /// What is to be paid of invoices that are overdue.
    pub overdue: Money,
    pub version: i64,
    pub status: CustomerStatus,
    pub since: Option<Timestamp>,
    pub reason: Option<Explanation>,
    pub next: Option<NextChange>,
    /// Every status that holds, by rank.
    pub all: Vec<CustomerStatus>,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct CustomerPage {
    pub at: Timestamp,
    pub rows: Vec<CustomerRow>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// Place of the first row in the whole list, from 1, where it is known.
    pub first_position: Option<i64>,
    pub total: Option<Total>,
}

/// A place in a list as it travels: opaque to callers, and valid for the request that it came from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// The request it belongs to.
    r: u64,
    s: usize,
    k: Vec<CursorKey>,
    i: Id,
    /// Position of the row in the list, from 1.
    p: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum CursorKey {
    Integer(i64),
    Text(String),
}

impl Cursor {
    fn decode(text: &str, request: u64) -> Result<Cursor> {
        let cursor: Cursor = cursor::decode(text)?;
        if cursor.r == request { Ok(cursor) } else { Err(Error::InvalidCursor) }
    }

    fn of(place: &Place, position: Option<i64>, request: u64) -> String {
        let key = place.key.iter().map(|key| match key {
            KeyValue::Integer(value) => CursorKey::Integer(*value),
            KeyValue::Text(text) => CursorKey::Text(text.clone()),
        });
        cursor::encode(&Cursor { r: request, s: place.segment, k: key.collect(), i: place.customer_id, p: position })
    }

    /// The place, if it can be one of a list that is sorted so.
    fn place(self, order: &[SortBy]) -> Result<Place> {
        let is_in_range = self.p.is_none_or(|position| (1..=ID_MAX).contains(&position));
        let place = self.into_place();
        if is_in_range && fits(order, &place) { Ok(place) } else { Err(Error::InvalidCursor) }
    }

    fn into_place(self) -> Place {
        let key = self.k.into_iter().map(|key| match key {
            CursorKey::Integer(value) => KeyValue::Integer(value),
            CursorKey::Text(text) => KeyValue::Text(text),
        });
        Place { segment: self.s, key: key.collect(), customer_id: self.i }
    }
}

/// Totals above the bound, remembered for a moment.
#[derive(Default)]
pub struct Counts {
    known: Mutex<HashMap<String, Instant>>,
}

impl Counts {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Instant>> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn is_above(&self, filter: &str) -> bool {
        self.lock().get(filter).is_some_and(|at| at.elapsed() < TOTAL_REMEMBERED)
    }

    fn remember(&self, filter: String) {
        let mut known = self.lock();
        if known.len() >= TOTALS_REMEMBERED_MAX {
            known.retain(|_, at| at.elapsed() < TOTAL_REMEMBERED);
        }
        if known.len() < TOTALS_REMEMBERED_MAX {
            known.insert(filter, Instant::now());
        }
    }
}

/// One page of customers. Reading is audited.
pub fn list(app: &Arc<App>, context: &Context, request: ListRequest) -> Ticket<Result<CustomerPage>> {
    let prepared = context.actor.must(Permission::CustomerRead).and_then(|()| filter_of(&request, context.actor.scope()));
    read_audited(app, context, prepared, "customer.list", move |app, tx, filter| {
        let page = read_page(app, tx, &request, &filter, filter.at)?;
        let ids: Vec<Id> = page.rows.iter().map(|row| row.customer_id).collect();
        let detail = serde_json::json!({ "filter": in_words(&filter), "sort": order_in_words(&request.order), "ids": ids });
        Ok((page, detail))
    })
}

/// As a request says it: columns with `-` before a descending one.
pub(super) fn order_in_words(order: &[SortBy]) -> String {
    let word = |by: &SortBy| format!("{}{}", if by.descending { "-" } else { "" }, by.sort.code());
    if order.is_empty() { ListSort::Name.code().to_owned() } else { order.iter().map(word).collect::<Vec<_>>().join(",") }
}

/// Checks the request and puts the actor's scope into the filter.
pub(super) fn filter_of(request: &ListRequest, scope: Option<Id>) -> Result<ListFilter> {
    let mut check = Check::default();
    if request.limit == 0 || request.limit > ROWS_MAX {
        check.fail("limit", "out_of_range", format!("1 to {ROWS_MAX}"));
    }
    if matches!(request.page, PageWanted::Offset(offset) if offset < 0) {
        check.fail("offset", "out_of_range", "0 or more");
    }
    if request.order.len() > SORTS_MAX {
        check.fail("sort", "too_many", format!("at most {SORTS_MAX} columns"));
    }
    if request.order.iter().enumerate().any(|(place, by)| request.order.iter().skip(place + 1).any(|other| other.sort == by.sort)) {
        check.fail("sort", "duplicate_column", "give each column once");
    }
    request.filter.checked(check, scope)
}

/// Tells requests apart by everything that decides the order and the members of the list.
fn digest(filter: &ListFilter, order: &[SortBy]) -> u64 {
    cursor::digest(&format!("{} {}", filter.key(), order_in_words(order)))
}

pub(super) fn read_page(app: &App, tx: &mut Tx<'_>, request: &ListRequest, filter: &ListFilter, now: Timestamp) -> Result<CustomerPage> {
    let order = &request.order;
    let digest = digest(filter, order);
    let total = total(app, tx, request.total, filter)?;
    let exact = total.filter(|total| total.exact).map(|total| total.count);
    if let PageWanted::Offset(offset) = request.page {
        let limit = i64::try_from(request.limit).unwrap_or(i64::MAX);
        let ids = customer_list::page_at_offset(tx, filter, offset, limit)?;
        let rows = rows(app, tx, &ids, request, now)?;
        return Ok(CustomerPage { at: now, rows, next: None, previous: None, first_position: Some(offset + 1), total });
    }
    let mut limit = request.limit;
    let (from, known) = match &request.page {
        PageWanted::First | PageWanted::Offset(_) => (From::First, Some(1)),
        PageWanted::Last => {
            // The last page holds what is over after full pages, so that paging back meets the same pages.
            let size = i64::try_from(limit).unwrap_or(i64::MAX);
            let over = exact.filter(|count| *count > 0).map(|count| (count - 1) % size + 1);
            limit = over.and_then(|over| usize::try_from(over).ok()).unwrap_or(limit);
            (From::Last, over.zip(exact).map(|(over, count)| count - over + 1))
        }
        PageWanted::After(text) => {
            let cursor = Cursor::decode(text, digest)?;
            let position = cursor.p.and_then(|position| position.checked_add(1));
            (From::After(cursor.place(order)?), position)
        }
        PageWanted::Before(text) => {
            let cursor = Cursor::decode(text, digest)?;
            let position = cursor.p.map(|position| position.saturating_sub(i64::try_from(limit).unwrap_or(0)).max(1));
            (From::Before(cursor.place(order)?), position)
        }
    };
    let page = customer_list::page(tx, filter, order, &from, limit)?.ok_or_else(needs_filter)?;
    let ids: Vec<Id> = page.places.iter().map(|place| place.customer_id).collect();
    let first_position = if page.places.is_empty() { None } else { known };
    let position = |index: usize| first_position.and_then(|first| Some(first + i64::try_from(index).ok()?));
    let last = page.places.len().saturating_sub(1);
    let next = page.has_next.then(|| page.places.last().map(|place| Cursor::of(place, position(last), digest))).flatten();
    let previous = page.has_previous.then(|| page.places.first().map(|place| Cursor::of(place, position(0), digest))).flatten();
    Ok(CustomerPage { at: now, rows: rows(app, tx, &ids, request, now)?, next, previous, first_position, total })
}

pub(super) fn needs_filter() -> Error {
    let message = format!(
        "more than {GATHERED_MAX} customers match, too many for this order; filter them first, or sort by one column alone, such as name or created"
    );
    Error::invalid("sort", "sort_needs_filter", message)
}

fn total(app: &App, tx: &mut Tx<'_>, wanted: TotalWanted, filter: &ListFilter) -> Result<Option<Total>> {
    match wanted {
        TotalWanted::None => Ok(None),
        TotalWanted::Exact => Ok(Some(Total { count: customer_list::count(tx, filter, i64::MAX)?, exact: true })),
        TotalWanted::Bounded => {
            let name = filter.key();
            let more = Total { count: TOTAL_BOUND, exact: false };
            if app.counts.is_above(&name) {
                return Ok(Some(more));
            }
            let count = customer_list::count(tx, filter, TOTAL_BOUND + TOTAL_FAR_ABOVE)?;
            if count >= TOTAL_BOUND + TOTAL_FAR_ABOVE {
                app.counts.remember(name);
            }
            Ok(Some(if count > TOTAL_BOUND { more } else { Total { count, exact: true } }))
        }
    }
}

/// The rows in the order of `ids`. A row whose status is due, or can be inherited, is derived anew, so that none is stale; and
/// one whose status will change, so that it tells what comes.
pub(super) fn rows(app: &App, tx: &mut Tx<'_>, ids: &[Id], request: &ListRequest, now: Timestamp) -> Result<Vec<CustomerRow>> {
    let mut found = customer_list::rows(tx, ids, now)?;
    let policy = app.policy();
    let is_plain = |row: &ListRow| {
        let changes = row.stored.changes_at.is_some_and(|at| at <= now || !request.without_reasons);
        row.reseller_id.is_none() && row.stored.status_order == CustomerStatus::Active.order() && !changes
    };
    let wanted: Vec<Id> = found.values().filter(|row| !is_plain(row)).map(|row| row.customer_id).collect();
    let facts: HashMap<Id, CustomerFacts> =
        customer::load_facts(tx, &wanted)?.into_iter().map(|facts| (facts.customer_id, facts)).collect();
    let owned: Vec<CustomerFacts> = facts.values().filter(|facts| facts.reseller_id.is_some()).cloned().collect();
    let resellers = resellers_of(tx, &owned, &policy, now)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(row) = found.remove(id) else { continue };
        let mut shown = plain(row, now)?;
        if let Some(facts) = facts.get(id) {
            let reseller = facts.reseller_id.and_then(|id| resellers.get(&id));
            let standing = standing(facts, reseller, &policy, now);
            shown.status = standing.shown();
            shown.all = standing.conditions.iter().map(|condition| condition.status).collect();
            shown.since = standing.conditions.first().and_then(|condition| condition.since);
            shown.reseller = reseller.map(|reseller| (reseller.reseller_id, reseller.name.clone()));
            if !request.without_reasons {
                shown.reason = explanations(facts, &standing, now).into_iter().next();
                shown.next = next_change(facts, reseller, &policy, &standing, now);
            }
        }
        let wanted = &request.filter.statuses;
        if wanted.is_empty() || wanted.contains(&shown.status) {
            rows.push(shown);
        }
    }
    Ok(rows)
}

fn plain(row: ListRow, now: Timestamp) -> Result<CustomerRow> {
    let temporary = row.temporary_limit.filter(|limit| now < limit.until).map(|limit| limit.amount);
    let credit_limit = temporary.or(row.credit_limit);
    let limit = match row.balance_control {
        BalanceControl::Postpaid => credit_limit,
        BalanceControl::Prepaid => credit_limit.or(Some(Money::ZERO)),
    };
    let too_large = |_| Error::Refused(trunkline_domain::refusal::Refusal::AmountTooLarge);
    let available_funds = limit.map(|limit| limit.checked_sub(row.balance)).transpose().map_err(too_large)?;
    Ok(CustomerRow {
        customer_id: row.customer_id,
        name: row.name,
        company_name: row.company_name,
        email: row.email,
        phone: row.phone,
        customer_type: row.customer_type,
        balance_control: row.balance_control,
        currency: row.currency,
        time_zone: row.time_zone,
        balance: row.balance,
        credit_limit,
        available_funds,
        customer_class: (row.customer_class_id, row.class_name),
        reseller: None,
        billing_period: row.billing_period,
        created_at: row.created_at,
        account_count: row.account_count,
        last_payment: row.last_payment,
        overdue: row.overdue,
        version: row.version,
        status: CustomerStatus::Active,
        since: None,
        reason: None,
        next: None,
        all: Vec::new(),
    })
}
