//! Owns the search for a customer's xDRs by offset, with conditions that no index knows. The compatible face has it.
//! Does not own: the list by cursor (xdr.rs).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::xdr::{self, XdrFilter, XdrUsage};
use trunkline_storage::{Ticket, Tx, account};

use super::{ROWS_MAX, XdrView, owner, views};
use crate::App;
use crate::actor::{Actor, Context};
use crate::error::{Error, Result};

/// A condition that is checked on each xDR, with what it keeps of usage.
pub type XdrCondition = Box<dyn Fn(&XdrView, Option<&XdrUsage>) -> bool + Send>;

/// Whose xDRs are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XdrOwner {
    Customer(Id),
    Account(Id),
}

/// What is searched for, the latest first.
pub struct XdrSearch {
    pub owner: XdrOwner,
    /// Billed at this moment or later.
    pub from: Option<Timestamp>,
    /// Billed before this moment.
    pub before: Option<Timestamp>,
    pub also: Option<XdrCondition>,
    /// How many are looked at before a narrower request is asked for.
    pub scanned_max: usize,
    pub offset: usize,
    /// 1 to `ROWS_MAX`.
    pub limit: usize,
    /// Count all that match.
    pub total: bool,
}

#[derive(Clone, Debug)]
pub struct XdrSearchPage {
    pub rows: Vec<(XdrView, Option<XdrUsage>)>,
    pub total: Option<i64>,
}

/// The xDRs that match, from the one at the offset on. Reading is audited.
pub fn search(app: &Arc<App>, context: &Context, request: XdrSearch) -> Ticket<Result<XdrSearchPage>> {
    let prepared = context.actor.must(Permission::XdrRead).and_then(|()| {
        let is_in_range = (1..=ROWS_MAX).contains(&request.limit);
        if is_in_range { Ok(()) } else { Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}"))) }
    });
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let filter = filter_of(tx, &actor, &request)?;
        let page = scan(tx, &request, &filter)?;
        let ids: Vec<Id> = page.rows.iter().map(|(view, _)| view.xdr.xdr_id).collect();
        let detail = json!({ "account_id": filter.account_id, "ids": ids });
        app_here.audit_read(&actor, "xdr.list", filter.customer_id, app_here.now(), &detail)?;
        Ok(page)
    })
}

/// The customer and the account, if the actor may see them.
fn filter_of(tx: &mut Tx<'_>, actor: &Actor, request: &XdrSearch) -> Result<XdrFilter> {
    let (customer_id, account_id) = match request.owner {
        XdrOwner::Customer(customer_id) => (owner(tx, actor, customer_id)?.customer_id, None),
        XdrOwner::Account(account_id) => {
            let customer_id = account::find_customer(tx, account_id)?.ok_or(Error::NotFound("account"))?;
            owner(tx, actor, customer_id).map_err(|_| Error::NotFound("account"))?;
            (customer_id, Some(account_id))
        }
    };
    Ok(XdrFilter { customer_id, account_id, service: None, from: request.from, before: request.before })
}

fn scan(tx: &mut Tx<'_>, request: &XdrSearch, filter: &XdrFilter) -> Result<XdrSearchPage> {
    let (mut rows, mut matched, mut scanned) = (Vec::new(), 0_usize, 0_usize);
    let slice_max = ROWS_MAX.min(request.scanned_max);
    let mut after = None;
    loop {
        let slice = xdr::of_customer(tx, filter, after, true, slice_max)?;
        let is_last = slice.len() < slice_max;
        scanned += slice.len();
        after = slice.last().map(|xdr| (xdr.bill_time, xdr.xdr_id));
        let ids: Vec<Id> = slice.iter().map(|xdr| xdr.xdr_id).collect();
        let mut usage = xdr::usage_of(tx, &ids)?;
        for view in views(tx, slice)? {
            let usage = usage.remove(&view.xdr.xdr_id);
            if request.also.as_ref().is_some_and(|also| !also(&view, usage.as_ref())) {
                continue;
            }
            matched += 1;
            if matched > request.offset && rows.len() < request.limit {
                rows.push((view, usage));
            }
        }
        if is_last || (rows.len() >= request.limit && !request.total) {
            break;
        }
        if scanned >= request.scanned_max {
            let message = format!("more than {} xDRs would have to be looked at; narrow the request, by time", request.scanned_max);
            return Err(Error::invalid("filter", "too_wide", message));
        }
    }
    Ok(XdrSearchPage { rows, total: request.total.then(|| i64::try_from(matched).unwrap_or(i64::MAX)) })
}
