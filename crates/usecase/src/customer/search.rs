//! Owns the search for whole customers by name and offset, with conditions that no index knows. The compatible face has it.
//! Does not own: the Customer list, which walks sort indexes (list.rs).

use std::sync::Arc;

use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_list::{self, From, ListFilter};
use trunkline_storage::{Ticket, Tx, customer};

use super::filter::{CustomerFilter, in_words, read_audited};
use super::list::{ListRequest, filter_of};
use super::{CustomerView, views};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// Customers looked at in one step of a scan.
const SLICE: usize = 1_000;
/// Customers that a scan looks at before it asks for a narrower request.
pub const SCANNED_MAX: usize = 100_000;

/// A condition that is checked on each customer. It makes the search a scan.
pub type Condition = Box<dyn Fn(&CustomerView) -> bool + Send>;

/// What is searched for. Everything given must hold.
#[derive(Default)]
pub struct SearchRequest {
    /// Statuses as shown.
    pub filter: CustomerFilter,
    pub also: Option<Condition>,
    /// With `also`: how many customers are looked at before a narrower request is asked for. None: `SCANNED_MAX`.
    pub scanned_max: Option<usize>,
    pub offset: usize,
    /// 1 to `list::ROWS_MAX`.
    pub limit: usize,
    /// Count all that match.
    pub total: bool,
    /// Tell of each whether anything refers to it.
    pub usage: bool,
}

pub struct Found {
    pub view: CustomerView,
    /// Accounts, subcustomers, invoices or xDRs refer to it. Told where it was asked for.
    pub is_used: Option<bool>,
}

pub struct SearchPage {
    pub rows: Vec<Found>,
    pub total: Option<i64>,
}

/// The customers that match, by name, from the one at the offset on. Reading is audited.
pub fn search(app: &Arc<App>, context: &Context, request: SearchRequest) -> Ticket<Result<SearchPage>> {
    let list = ListRequest { filter: request.filter.clone(), limit: request.limit, ..ListRequest::default() };
    let prepared = context.actor.must(Permission::CustomerRead).and_then(|()| filter_of(&list, context.actor.scope()));
    read_audited(app, context, prepared, "customer.list", move |app, tx, filter| {
        let (found, total) = match &request.also {
            Some(also) => scan(tx, &filter, also, &request, &app.policy(), filter.at)?,
            None => page(tx, &filter, &request, &app.policy(), filter.at)?,
        };
        let mut rows = Vec::with_capacity(found.len());
        for view in found {
            let customer_id = view.customer.customer_id;
            let is_used = if request.usage { Some(!customer::dependants(tx, customer_id)?.is_empty()) } else { None };
            rows.push(Found { view, is_used });
        }
        let ids: Vec<Id> = rows.iter().map(|row| row.view.customer.customer_id).collect();
        let detail = serde_json::json!({ "filter": in_words(&filter), "scanned": request.also.is_some(), "ids": ids });
        Ok((SearchPage { rows, total }, detail))
    })
}

type Matches = (Vec<CustomerView>, Option<i64>);

fn page(tx: &mut Tx<'_>, filter: &ListFilter, request: &SearchRequest, policy: &StatusPolicy, now: Timestamp) -> Result<Matches> {
    let (offset, limit) = (i64::try_from(request.offset).unwrap_or(i64::MAX), i64::try_from(request.limit).unwrap_or(i64::MAX));
    let ids = customer_list::page_at_offset(tx, filter, offset, limit)?;
    let total = if request.total { Some(customer_list::count(tx, filter, i64::MAX)?) } else { None };
    let mut found = views(tx, &ids, policy, now)?;
    // A status that is due has not been stored yet.
    let wanted = &request.filter.statuses;
    found.retain(|view| wanted.is_empty() || wanted.contains(&view.standing.shown()));
    Ok((found, total))
}

fn scan(
    tx: &mut Tx<'_>,
    filter: &ListFilter,
    also: &Condition,
    request: &SearchRequest,
    policy: &StatusPolicy,
    now: Timestamp,
) -> Result<Matches> {
    let (mut found, mut matched, mut scanned) = (Vec::new(), 0_usize, 0_usize);
    let scanned_max = request.scanned_max.unwrap_or(SCANNED_MAX);
    let mut from = From::First;
    loop {
        // Names have an index, so that there always is a page.
        let page = customer_list::page(tx, filter, &[], &from, SLICE.min(scanned_max))?.unwrap_or_default();
        let ids: Vec<Id> = page.places.iter().map(|place| place.customer_id).collect();
        for view in views(tx, &ids, policy, now)? {
            if !also(&view) {
                continue;
            }
            matched += 1;
            if matched > request.offset && found.len() < request.limit {
                found.push(view);
            }
        }
        scanned += ids.len();
        let is_full = found.len() >= request.limit && !request.total;
        let last = if page.has_next && !is_full { page.places.last().cloned() } else { None };
        let Some(last) = last else { break };
        if scanned >= scanned_max {
            let message = format!("more than {scanned_max} customers would have to be looked at; narrow the request, by name or owner");
            return Err(Error::invalid("filter", "too_wide", message));
        }
        from = From::After(last);
    }
    Ok((found, request.total.then(|| i64::try_from(matched).unwrap_or(i64::MAX))))
}
