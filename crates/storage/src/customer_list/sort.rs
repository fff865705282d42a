//! Owns what a list can be sorted by: which stretches of an index hold each order, and how places in it compare.
//! Does not own: reading pages (page.rs), and sorts that no index holds (gather.rs).

use std::cmp::Ordering;

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::id::Id;

use super::filter::{ListFilter, Table};
use super::{Entry, LIMIT_KINDS};

/// Columns of one order.
pub const SORTS_MAX: usize = 3;

/// What a list can be sorted by. What shows no value comes last, by name, whatever the direction. Ties go by name or by id; the id
/// breaks the last tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSort {
    Name,
    Status,
    BalanceControl,
    Currency,
    /// Postpaid by balance; prepaid, which show none, last by name.
    Balance,
    /// Postpaid by limit, then those without one, then prepaid; the latter two by name.
    CreditLimit,
    /// Prepaid by funds; postpaid, which show none, last by name.
    AvailableFunds,
    Company,
    Created,
    Email,
    Phone,
    Class,
    Reseller,
    BillingPeriod,
    Accounts,
    LastPayment,
    Overdue,
}

/// One column of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    pub sort: ListSort,
    pub descending: bool,
}

/// A part of a sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyValue {
    Integer(i64),
    Text(String),
}

/// Where a row stands in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the segment.
    pub segment: usize,
    pub key: Vec<KeyValue>,
    pub customer_id: Id,
}

/// What all rows of a segment share.
pub(super) enum Shared {
    Nothing,
    Value(&'static str, KeyValue),
    /// The column's text is not empty.
    Given(&'static str),
}

/// A stretch of the list that one index holds in order: rows of one kind, sorted by `order`.
pub(super) struct Segment {
    pub table: Table,
    pub shared: Shared,
    pub order: &'static [&'static str],
    pub descending: bool,
}

impl ListSort {
    pub const ALL: [ListSort; 17] = [
        ListSort::Name,
        ListSort::Status,
        ListSort::BalanceControl,
        ListSort::Currency,
        ListSort::Balance,
        ListSort::CreditLimit,
        ListSort::AvailableFunds,
        ListSort::Company,
        ListSort::Created,
        ListSort::Email,
        ListSort::Phone,
        ListSort::Class,
        ListSort::Reseller,
        ListSort::BillingPeriod,
        ListSort::Accounts,
        ListSort::LastPayment,
        ListSort::Overdue,
    ];

    /// The column's name on every face.
    pub const fn code(self) -> &'static str {
        match self {
            ListSort::Name => "name",
            ListSort::Status => "status",
            ListSort::BalanceControl => "balance_control",
            ListSort::Currency => "currency",
            ListSort::Balance => "balance",
            ListSort::CreditLimit => "credit_limit",
            ListSort::AvailableFunds => "available_funds",
            ListSort::Company => "company",
            ListSort::Created => "created",
            ListSort::Email => "email",
            ListSort::Phone => "phone",
            ListSort::Class => "class",
            ListSort::Reseller => "reseller",
            ListSort::BillingPeriod => "billing_period",
            ListSort::Accounts => "accounts",
            ListSort::LastPayment => "last_payment",
            ListSort::Overdue => "overdue",
        }
    }

    pub fn parse(code: &str) -> Option<ListSort> {
        ListSort::ALL.into_iter().find(|sort| sort.code() == code)
    }

    pub const fn up(self) -> SortBy {
        SortBy { sort: self, descending: false }
    }

    pub const fn down(self) -> SortBy {
        SortBy { sort: self, descending: true }
    }

    /// Do texts stand in this column's key?
    pub(super) fn is_text(self) -> bool {
        match self {
            ListSort::Name
            | ListSort::BalanceControl
            | ListSort::Currency
            | ListSort::Company
            | ListSort::Email
            | ListSort::Phone
            | ListSort::Class
            | ListSort::Reseller => true,
            ListSort::Status
            | ListSort::Balance
            | ListSort::CreditLimit
            | ListSort::AvailableFunds
            | ListSort::Created
            | ListSort::BillingPeriod
            | ListSort::Accounts
            | ListSort::LastPayment
            | ListSort::Overdue => false,
        }
    }

    /// Does its index lead to a filter's rows as well, so that a page under the filter is found at once?
    pub(super) fn has_filtered_indexes(self) -> bool {
        match self {
            ListSort::Name
            | ListSort::Status
            | ListSort::BalanceControl
            | ListSort::Currency
            | ListSort::Balance
            | ListSort::CreditLimit
            | ListSort::AvailableFunds
            | ListSort::Created => true,
            ListSort::Company
            | ListSort::Email
            | ListSort::Phone
            | ListSort::Class
            | ListSort::Reseller
            | ListSort::BillingPeriod
            | ListSort::Accounts
            | ListSort::LastPayment
            | ListSort::Overdue => false,
        }
    }

    /// The stretches that indexes hold in this order; none where no index does.
    fn segments(self, descending: bool) -> Option<Vec<Segment>> {
        let by_name =
            |column, value| Segment { table: Table::Entry, shared: Shared::Value(column, value), order: &["name_key"], descending: false };
        let one = |order| Some(vec![Segment { table: Table::Entry, shared: Shared::Nothing, order, descending }]);
        let control = |control: BalanceControl| KeyValue::Text(control.code().to_owned());
        let amounts = |control, descending| Segment {
            table: Table::Amount,
            shared: Shared::Value("balance_control", control),
            order: &["amount"],
            descending,
        };
        // The limit is 0 throughout the other kinds; naming it lets the index with the limit serve.
        let limits = |kind, descending| Segment {
            table: Table::Entry,
            shared: Shared::Value("limit_kind", KeyValue::Integer(kind)),
            order: &["credit_limit", "name_key"],
            descending,
        };
        let [limited, unlimited, prepaid] = LIMIT_KINDS;
        match self {
            ListSort::Name => one(&["name_key"]),
            ListSort::Status => one(&["status_order", "name_key"]),
            ListSort::BalanceControl => one(&["balance_control", "name_key"]),
            ListSort::Currency => one(&["currency", "name_key"]),
            ListSort::Created => one(&["created_at"]),
            ListSort::Balance => Some(vec![
                amounts(control(BalanceControl::Postpaid), descending),
                by_name("balance_control", control(BalanceControl::Prepaid)),
            ]),
            // The amount of a prepaid customer is its funds negated.
            ListSort::AvailableFunds => Some(vec![
                amounts(control(BalanceControl::Prepaid), !descending),
                by_name("balance_control", control(BalanceControl::Postpaid)),
            ]),
            ListSort::CreditLimit => Some(vec![limits(limited, descending), limits(unlimited, false), limits(prepaid, false)]),
            ListSort::Company => Some(vec![
                Segment { table: Table::Entry, shared: Shared::Given("company_key"), order: &["company_key", "name_key"], descending },
                by_name("company_key", KeyValue::Text(String::new())),
            ]),
            ListSort::Email
            | ListSort::Phone
            | ListSort::Class
            | ListSort::Reseller
            | ListSort::BillingPeriod
            | ListSort::Accounts
            | ListSort::LastPayment
            | ListSort::Overdue => None,
        }
    }
}

/// The order without what cannot matter: names are unique, so that nothing comes after them, and some indexes go on by name.
pub(super) fn simplified(order: &[SortBy]) -> Vec<SortBy> {
    let mut kept: Vec<SortBy> = Vec::new();
    for by in order {
        kept.push(*by);
        if by.sort == ListSort::Name {
            break;
        }
    }
    let goes_on_by_name = |first: &SortBy| matches!(first.sort, ListSort::Status | ListSort::BalanceControl | ListSort::Currency);
    if let [first, last] = kept.as_slice()
        && last.sort == ListSort::Name
        && goes_on_by_name(first)
        && first.descending == last.descending
    {
        kept.truncate(1);
    }
    if kept.is_empty() { vec![ListSort::Name.up()] } else { kept }
}

/// The stretches that indexes hold in the order; none where no index does.
pub(super) fn segments(order: &[SortBy]) -> Option<Vec<Segment>> {
    match simplified(order).as_slice() {
        [by] => by.sort.segments(by.descending),
        _ => None,
    }
}

/// Does an index hold the order? Others are for up to `GATHERED_MAX` matches.
pub fn is_sorted_already(order: &[SortBy]) -> bool {
    segments(order).is_some()
}

/// Could the place be one of a list that is sorted so? A place that has travelled may have been changed on its way.
pub fn fits(order: &[SortBy], place: &Place) -> bool {
    let is = |text: bool, key: &KeyValue| match key {
        KeyValue::Text(key) => text && !key.contains('\0'),
        KeyValue::Integer(_) => !text,
    };
    match segments(order) {
        Some(segments) => {
            let Some(segment) = segments.get(place.segment) else { return false };
            segment.order.len() == place.key.len() && segment.order.iter().zip(&place.key).all(|(column, key)| is(is_text(column), key))
        }
        None => {
            // For each column whether it has a value, and the value; then the name.
            let columns = simplified(order).into_iter().flat_map(|by| [false, by.sort.is_text()]).chain([true]);
            let kinds: Vec<bool> = columns.collect();
            place.segment == 0 && kinds.len() == place.key.len() && kinds.into_iter().zip(&place.key).all(|(text, key)| is(text, key))
        }
    }
}

/// Does the column hold texts?
pub(super) fn is_text(column: &str) -> bool {
    matches!(column, "name_key" | "balance_control" | "currency" | "company_key")
}

impl Segment {
    /// Can it hold customers that the filter lets through? A walk of the others would pass over all its rows for nothing.
    pub fn admits(&self, filter: &ListFilter) -> bool {
        let Some(control) = filter.balance_control else { return true };
        match &self.shared {
            Shared::Value("balance_control", value) => *value == KeyValue::Text(control.code().to_owned()),
            Shared::Value("limit_kind", value) => {
                (*value == KeyValue::Integer(LIMIT_KINDS[2])) == (control == BalanceControl::Prepaid)
                    && (filter.credit_limit.is_none() || *value == KeyValue::Integer(LIMIT_KINDS[0]))
            }
            Shared::Value(..) | Shared::Given(_) | Shared::Nothing => true,
        }
    }

    fn holds(&self, entry: &Entry) -> bool {
        match &self.shared {
            Shared::Nothing => true,
            Shared::Value(column, value) => key_of(entry, column) == *value,
            Shared::Given(column) => key_of(entry, column) != KeyValue::Text(String::new()),
        }
    }
}

fn key_of(entry: &Entry, column: &str) -> KeyValue {
    match column {
        "name_key" => KeyValue::Text(entry.name_key.clone()),
        "company_key" => KeyValue::Text(entry.company_key.clone()),
        "balance_control" => KeyValue::Text(entry.balance_control.code().to_owned()),
        "currency" => KeyValue::Text(entry.currency.clone()),
        "status_order" => KeyValue::Integer(entry.stored.status_order),
        "limit_kind" => KeyValue::Integer(entry.limit_kind),
        "credit_limit" => KeyValue::Integer(entry.credit_limit),
        "created_at" => KeyValue::Integer(entry.created_at.microseconds()),
        _ => KeyValue::Integer(entry.amount),
    }
}

pub(super) fn place_of(entry: &Entry, segments: &[Segment]) -> Option<Place> {
    let number = segments.iter().position(|segment| segment.holds(entry))?;
    let key = segments[number].order.iter().map(|column| key_of(entry, column)).collect();
    Some(Place { segment: number, key, customer_id: entry.customer_id })
}

pub(super) fn compare(left: &Place, right: &Place, segments: &[Segment]) -> Ordering {
    let down = segments.get(left.segment).is_some_and(|segment| segment.descending);
    left.segment.cmp(&right.segment).then_with(|| within(left, right, down))
}

/// The order of two places of one segment.
pub(super) fn within(left: &Place, right: &Place, down: bool) -> Ordering {
    let order = (&left.key, left.customer_id).cmp(&(&right.key, right.customer_id));
    if down { order.reverse() } else { order }
}
