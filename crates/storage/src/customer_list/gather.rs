//! Owns the pages of orders that no index holds: several columns, and columns that other tables have. All that match are gathered
//! and sorted, up to a bound.
//! Does not own: finding them (find.rs).

use std::cmp::Ordering;
use std::collections::HashMap;

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::BalanceControl;
use trunkline_domain::id::Id;
use trunkline_domain::search::SearchField;

use super::filter::ListFilter;
use super::page::{From, Page, page_of};
use super::sort::{KeyValue, ListSort, Place, SortBy, simplified};
use super::text::first_of;
use super::{Entry, find};
use crate::engine::Tx;
use crate::error::Result;
use crate::{account, invoice};

/// Customers that are gathered at the most.
pub const GATHERED_MAX: i64 = 10_000;

/// The page. None: more than `GATHERED_MAX` match.
pub(super) fn page(tx: &mut Tx<'_>, filter: &ListFilter, order: &[SortBy], from: &From, limit: usize) -> Result<Option<Page>> {
    let order = simplified(order);
    let Some(entries) = find::gathered(tx, filter, GATHERED_MAX)? else { return Ok(None) };
    let ids: Vec<Id> = entries.iter().map(|entry| entry.customer_id).collect();
    let mut columns = Vec::with_capacity(order.len());
    for by in &order {
        columns.push(values(tx, filter, by.sort, &entries, &ids)?);
    }
    let places = entries.iter().map(|entry| {
        let mut key = Vec::with_capacity(2 * columns.len() + 1);
        for (by, column) in order.iter().zip(&columns) {
            key.extend(key_of(by.sort, entry, column.get(&entry.customer_id)));
        }
        key.push(KeyValue::Text(entry.name_key.clone()));
        Place { segment: 0, key, customer_id: entry.customer_id }
    });
    Ok(Some(page_of(places.collect(), |left, right| compare(left, right, &order), from, limit)))
}

/// What each customer has in the column, where its list row does not tell.
fn values(tx: &mut Tx<'_>, filter: &ListFilter, sort: ListSort, entries: &[Entry], ids: &[Id]) -> Result<HashMap<Id, KeyValue>> {
    let of_text = |tx: &mut Tx<'_>, field: SearchField| -> Result<HashMap<Id, KeyValue>> {
        let text = format!("select customer_id, {} from customer_text where customer_id in ({{ids}})", field.code());
        let found = tx.query_by_ids(&text, ids, |row| {
            let column: String = row.get(1)?;
            Ok((row.get::<Id>(0)?, first_of(&column).to_owned()))
        })?;
        Ok(found.into_iter().filter(|(_, text)| !text.is_empty()).map(|(id, text)| (id, KeyValue::Text(text))).collect())
    };
    match sort {
        ListSort::Email => of_text(tx, SearchField::Email),
        ListSort::Phone => of_text(tx, SearchField::Phone),
        ListSort::Class => {
            let text = "select customer_class_id, name_key from customer_class";
            let names: HashMap<Id, String> = tx.query(text, &[], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
            let name = |entry: &Entry| Some((entry.customer_id, KeyValue::Text(names.get(&entry.customer_class_id)?.clone())));
            Ok(entries.iter().filter_map(name).collect())
        }
        ListSort::Reseller => {
            let mut resellers: Vec<Id> = entries.iter().map(|entry| entry.reseller_id).filter(|id| *id != 0).collect();
            resellers.sort_unstable();
            resellers.dedup();
            let text = "select customer_id, name_key from customer_entry where customer_id in ({ids})";
            let names: HashMap<Id, String> = tx.query_by_ids(text, &resellers, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
            let name = |entry: &Entry| Some((entry.customer_id, KeyValue::Text(names.get(&entry.reseller_id)?.clone())));
            Ok(entries.iter().filter_map(name).collect())
        }
        ListSort::Accounts => {
            let counts: HashMap<Id, i64> = account::count_of(tx, ids)?.into_iter().collect();
            Ok(ids.iter().map(|id| (*id, KeyValue::Integer(counts.get(id).copied().unwrap_or(0)))).collect())
        }
        ListSort::LastPayment => {
            let text = "select customer_id, last_paid_at from customer_balance where last_paid_at is not null and customer_id in ({ids})";
            let found = tx.query_by_ids(text, ids, |row| Ok((row.get(0)?, KeyValue::Integer(row.get(1)?))))?;
            Ok(found.into_iter().collect())
        }
        ListSort::Overdue => {
            let found = invoice::overdue(tx, ids, filter.at)?;
            Ok(found.into_iter().map(|(id, amount)| (id, KeyValue::Integer(amount.millionths()))).collect())
        }
        ListSort::Name
        | ListSort::Status
        | ListSort::BalanceControl
        | ListSort::Currency
        | ListSort::Balance
        | ListSort::CreditLimit
        | ListSort::AvailableFunds
        | ListSort::Company
        | ListSort::Created
        | ListSort::BillingPeriod => Ok(HashMap::new()),
    }
}

/// Whether there is no value to show, and the value.
fn key_of(sort: ListSort, entry: &Entry, value: Option<&KeyValue>) -> [KeyValue; 2] {
    let given = |value: KeyValue| [KeyValue::Integer(0), value];
    let number = |value: i64| given(KeyValue::Integer(value));
    let only = |wanted: BalanceControl, value: i64| {
        [
            KeyValue::Integer(i64::from(entry.balance_control != wanted)),
            KeyValue::Integer(if entry.balance_control == wanted { value } else { 0 }),
        ]
    };
    match sort {
        ListSort::Name => given(KeyValue::Text(entry.name_key.clone())),
        ListSort::Status => number(entry.stored.status_order),
        ListSort::BalanceControl => given(KeyValue::Text(entry.balance_control.code().to_owned())),
        ListSort::Currency => given(KeyValue::Text(entry.currency.clone())),
        ListSort::Balance => only(BalanceControl::Postpaid, entry.amount),
        // Saturating: a sort key at the edge of the range sorts at the edge.
        ListSort::AvailableFunds => only(BalanceControl::Prepaid, 0_i64.saturating_sub(entry.amount)),
        ListSort::CreditLimit => [KeyValue::Integer(entry.limit_kind), KeyValue::Integer(entry.credit_limit)],
        ListSort::Company => [KeyValue::Integer(i64::from(entry.company_key.is_empty())), KeyValue::Text(entry.company_key.clone())],
        ListSort::Created => number(entry.created_at.microseconds()),
        ListSort::BillingPeriod => number(BillingPeriod::number(entry.billing_period)),
        ListSort::Email
        | ListSort::Phone
        | ListSort::Class
        | ListSort::Reseller
        | ListSort::Accounts
        | ListSort::LastPayment
        | ListSort::Overdue => {
            let nothing = if sort.is_text() { KeyValue::Text(String::new()) } else { KeyValue::Integer(0) };
            value.map_or([KeyValue::Integer(1), nothing], |value| given(value.clone()))
        }
    }
}

/// What has no value comes last whatever the direction; ties go by name.
fn compare(left: &Place, right: &Place, order: &[SortBy]) -> Ordering {
    for (index, by) in order.iter().enumerate() {
        let pair = |place: &Place| (place.key.get(2 * index).cloned(), place.key.get(2 * index + 1).cloned());
        let ((left_flag, left), (right_flag, right)) = (pair(left), pair(right));
        let value = left.cmp(&right);
        let found = left_flag.cmp(&right_flag).then(if by.descending { value.reverse() } else { value });
        if found != Ordering::Equal {
            return found;
        }
    }
    (left.key.last(), left.customer_id).cmp(&(right.key.last(), right.customer_id))
}
