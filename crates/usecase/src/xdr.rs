//! Owns the list of xDRs, its figures and its file: a customer's by the moment of billing, or everybody's in the order in which they came;
//! and one xDR with the steps of its price.
//! Does not own: searching by offset (search.rs), the queries (storage/xdr), and making xDRs.

mod search;

use std::collections::HashMap;
use std::sync::Arc;

pub use search::{XdrCondition, XdrOwner, XdrSearch, XdrSearchPage, search};
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_domain::customer::Customer;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::rating::{Step, Uncharged, parse_trace, uncharged};
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_domain::xdr::XdrKind;
use trunkline_storage::correction::{self, Corrected};
use trunkline_storage::xdr::{self, Place, XdrFilter};
pub use trunkline_storage::xdr::{Xdr, XdrUsage};
use trunkline_storage::{StorageError, Ticket, Tx, account, customer, tariff};

use crate::App;
use crate::actor::{Actor, Context};
use crate::cursor;
use crate::customer::{PageWanted, Total};
use crate::error::{Error, Result};
use crate::export::{Export, ROWS_AT_ONCE, Slice};

/// Rows of a page at the most.
pub const ROWS_MAX: usize = 1_000;
/// A total is exact up to this.
pub const TOTAL_BOUND: usize = 10_000;
/// Longest name of a service, in characters.
pub const SERVICE_CHARACTERS_MAX: usize = 64;

/// What is asked of the list. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct XdrListRequest {
    pub customer_id: Option<Id>,
    /// Of the customer.
    pub account_id: Option<Id>,
    pub service: Option<String>,
    /// Billed at this moment or later.
    pub from: Option<Timestamp>,
    /// Billed before this moment.
    pub before: Option<Timestamp>,
    /// By the moment of billing, the latest first.
    pub descending: bool,
    pub limit: usize,
    pub page: PageWanted,
    pub with_total: bool,
}

/// An xDR with what people call its parts.
#[derive(Clone, Debug)]
pub struct XdrView {
    pub xdr: Xdr,
    pub kind: XdrKind,
    pub customer: Arc<Customer>,
    /// What has been taken back of it; none: it neither was corrected nor corrects.
    pub corrected: Option<Corrected>,
    pub account_identity: Option<String>,
}

#[derive(Clone, Debug)]
pub struct XdrPage {
    pub rows: Vec<XdrView>,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub total: Option<Total>,
}

/// A place as it travels: opaque to callers, and valid for the customer and the direction that it came from.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    customer: Id,
    descending: bool,
    at: i64,
    id: Id,
}

impl Cursor {
    fn of(request: &XdrListRequest, xdr: &Xdr) -> String {
        let (customer, at) = (request.customer_id.unwrap_or(0), xdr.bill_time.microseconds());
        cursor::encode(&Cursor { customer, descending: request.descending, at, id: xdr.xdr_id })
    }

    fn decode(text: &str, request: &XdrListRequest) -> Result<Place> {
        let cursor: Cursor = cursor::decode(text)?;
        let is_of_request = cursor.customer == request.customer_id.unwrap_or(0) && cursor.descending == request.descending;
        if is_of_request { Ok((Timestamp::from_microseconds(cursor.at), cursor.id)) } else { Err(Error::InvalidCursor) }
    }
}

/// One page of xDRs. Reading is audited.
pub fn list(app: &Arc<App>, context: &Context, request: XdrListRequest) -> Ticket<Result<XdrPage>> {
    let prepared = context.actor.must(Permission::XdrRead).and_then(|()| {
        check(&request)?;
        match &request.page {
            PageWanted::First | PageWanted::Last | PageWanted::Offset(_) => Ok(None),
            PageWanted::After(text) | PageWanted::Before(text) => Cursor::decode(text, &request).map(Some),
        }
    });
    let start = match prepared {
        Ok(start) => start,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let page = read_page(tx, &actor, &request, start)?;
        let ids: Vec<Id> = page.rows.iter().map(|row| row.xdr.xdr_id).collect();
        let detail = json!({ "account_id": request.account_id, "service": request.service, "ids": ids });
        app.audit_read(&actor, "xdr.list", request.customer_id.unwrap_or(0), now, &detail)?;
        Ok(page)
    })
}

/// One xDR, and how its charge came about.
#[derive(Clone, Debug)]
pub struct XdrDetail {
    pub view: XdrView,
    /// None: not about usage.
    pub usage: Option<XdrUsage>,
    /// The name of its tariff, if that is still there.
    pub tariff_name: Option<String>,
    /// The steps of the price in their order; none that can be told of what was charged without a rate.
    pub steps: Vec<Step>,
    /// Why nothing was charged.
    pub uncharged: Option<Uncharged>,
}

/// One xDR with the steps of its price. Reading is audited.
pub fn get(app: &Arc<App>, context: &Context, xdr_id: Id) -> Ticket<Result<XdrDetail>> {
    if let Err(refused) = context.actor.must(Permission::XdrRead) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let (xdr, usage) = xdr::load(tx, xdr_id)?.ok_or(Error::NotFound("xDR"))?;
        let customer_id = xdr.customer_id;
        owner(tx, &actor, customer_id).map_err(|_| Error::NotFound("xDR"))?;
        let view = views(tx, vec![xdr])?.pop().ok_or(Error::NotFound("xDR"))?;
        let tariff_id = usage.as_ref().and_then(|usage| usage.tariff_id);
        let tariff_name = match tariff_id {
            Some(tariff_id) => tariff::load(tx, tariff_id)?.map(|tariff| tariff.name),
            None => None,
        };
        let trace = usage.as_ref().map_or("", |usage| usage.trace.as_str());
        let steps = parse_trace(trace).ok_or_else(|| StorageError::broken(format!("xDR {xdr_id} has a trace that cannot be read")))?;
        app_here.audit_read(&actor, "xdr.get", customer_id, app_here.now(), &json!({ "xdr_id": xdr_id }))?;
        let units = |usage: &XdrUsage| u64::try_from(usage.units).unwrap_or(0);
        let uncharged = usage.as_ref().and_then(|usage| uncharged(units(usage), usage.tariff_id.is_some(), &steps));
        Ok(XdrDetail { view, usage, tariff_name, steps, uncharged })
    })
}

fn check(request: &XdrListRequest) -> Result<()> {
    if request.limit == 0 || request.limit > ROWS_MAX {
        return Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
    }
    if request.service.as_ref().is_some_and(|service| service.chars().count() > SERVICE_CHARACTERS_MAX) {
        return Err(Error::invalid("service", "too_long", format!("at most {SERVICE_CHARACTERS_MAX} characters")));
    }
    if request.from.zip(request.before).is_some_and(|(from, before)| from >= before) {
        return Err(Error::invalid("bill_time_before", "range_reversed", "later than bill_time_from"));
    }
    if request.customer_id.is_some() {
        return Ok(());
    }
    // What follows is found customer by customer alone.
    let needing = [
        ("account_id", request.account_id.is_some()),
        ("service", request.service.is_some()),
        ("bill_time_from", request.from.is_some()),
        ("bill_time_before", request.before.is_some()),
    ];
    match needing.into_iter().find(|(_, is_given)| *is_given) {
        Some((field, _)) => Err(Error::invalid(field, "needs_customer", "name a customer as well")),
        None => Ok(()),
    }
}

fn read_page(tx: &mut Tx<'_>, actor: &Actor, request: &XdrListRequest, start: Option<Place>) -> Result<XdrPage> {
    let backwards = matches!(request.page, PageWanted::Last | PageWanted::Before(_));
    let down = request.descending != backwards;
    let (mut found, total) = match request.customer_id {
        None => (xdr::latest(tx, actor.scope(), start.map(|(_, id)| id), down, request.limit + 1)?, None),
        Some(customer_id) => {
            owner(tx, actor, customer_id)?;
            let filter = filter_of(request, customer_id);
            let total =
                if request.with_total { Some(total(xdr::of_customer(tx, &filter, None, true, TOTAL_BOUND + 1)?.len())) } else { None };
            (xdr::of_customer(tx, &filter, start, down, request.limit + 1)?, total)
        }
    };
    let more = found.len() > request.limit;
    found.truncate(request.limit);
    if backwards {
        found.reverse();
    }
    let (has_previous, has_next) = if backwards { (more, start.is_some()) } else { (start.is_some(), more) };
    let next = found.last().filter(|_| has_next).map(|last| Cursor::of(request, last));
    let previous = found.first().filter(|_| has_previous).map(|first| Cursor::of(request, first));
    Ok(XdrPage { rows: views(tx, found)?, next, previous, total })
}

/// The customer, if the actor may see it.
fn owner(tx: &mut Tx<'_>, actor: &Actor, customer_id: Id) -> Result<Customer> {
    let found = customer::load_one(tx, customer_id)?;
    found.filter(|owner| actor.scope().is_none_or(|scope| owner.reseller_id == Some(scope))).ok_or(Error::NotFound("customer"))
}

fn filter_of(request: &XdrListRequest, customer_id: Id) -> XdrFilter {
    XdrFilter { customer_id, account_id: request.account_id, service: request.service.clone(), from: request.from, before: request.before }
}

fn total(count: usize) -> Total {
    Total { count: i64::try_from(count.min(TOTAL_BOUND)).unwrap_or(i64::MAX), exact: count <= TOTAL_BOUND }
}

fn views(tx: &mut Tx<'_>, found: Vec<Xdr>) -> Result<Vec<XdrView>> {
    let distinct = |ids: &mut Vec<Id>| {
        ids.sort_unstable();
        ids.dedup();
    };
    let mut owners: Vec<Id> = found.iter().map(|xdr| xdr.customer_id).collect();
    distinct(&mut owners);
    let owners: HashMap<Id, Arc<Customer>> = customer::load(tx, &owners)?.into_iter().map(|(id, owner)| (id, Arc::new(owner))).collect();
    let mut accounts: Vec<Id> = found.iter().filter_map(|xdr| xdr.account_id).collect();
    distinct(&mut accounts);
    let identities = account::identities(tx, &accounts)?;
    let ids: Vec<Id> = found.iter().map(|xdr| xdr.xdr_id).collect();
    let corrected = correction::of(tx, &ids)?;
    // A customer with xDRs is not deleted, so none is left out.
    let with_owner = found.into_iter().filter_map(|xdr| owners.get(&xdr.customer_id).cloned().map(|owner| (xdr, owner)));
    Ok(with_owner
        .map(|(xdr, customer)| XdrView {
            kind: XdrKind::of(&xdr.service, xdr.owed),
            account_identity: xdr.account_id.and_then(|id| identities.get(&id).cloned()),
            corrected: corrected.get(&xdr.xdr_id).copied(),
            customer,
            xdr,
        })
        .collect())
}

/// The figures of a customer's xDRs; beyond `TOTAL_BOUND` the total says that there are more, and there are no sums. Everybody's are not
/// counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XdrSummary {
    pub total: Option<Total>,
    /// Of the customer's one currency.
    pub totals: Vec<XdrTotal>,
}

/// A sum is none where it leaves the range of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XdrTotal {
    pub currency: Currency,
    pub xdrs: i64,
    /// What was charged and refunded.
    pub charged: Option<Money>,
    /// What was credited and paid, above zero.
    pub credited: Option<Money>,
}

/// The figures of all that match. Reading is audited.
pub fn summary(app: &Arc<App>, context: &Context, request: XdrListRequest) -> Ticket<Result<XdrSummary>> {
    let request = XdrListRequest { limit: 1, ..request };
    if let Err(refused) = context.actor.must(Permission::XdrRead).and_then(|()| check(&request)) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let found = match matching(tx, &actor, &request)? {
            Some((owner, found)) => figures(owner.currency, &found),
            None => XdrSummary { total: None, totals: Vec::new() },
        };
        let detail = json!({ "account_id": request.account_id, "service": request.service, "total": found.total.map(|total| total.count) });
        app_here.audit_read(&actor, "xdr.summary", request.customer_id.unwrap_or(0), app_here.now(), &detail)?;
        Ok(found)
    })
}

/// The customer of the request and its xDRs that match, one more than `TOTAL_BOUND` at the most; none where it names no customer.
fn matching(tx: &mut Tx<'_>, actor: &Actor, request: &XdrListRequest) -> Result<Option<(Customer, Vec<Xdr>)>> {
    let Some(customer_id) = request.customer_id else { return Ok(None) };
    let owner = owner(tx, actor, customer_id)?;
    let found = xdr::of_customer(tx, &filter_of(request, customer_id), None, true, TOTAL_BOUND + 1)?;
    Ok(Some((owner, found)))
}

fn figures(currency: Currency, found: &[Xdr]) -> XdrSummary {
    if found.len() > TOTAL_BOUND || found.is_empty() {
        return XdrSummary { total: Some(total(found.len())), totals: Vec::new() };
    }
    let sum = |is_wanted: fn(i64) -> bool| {
        let amounts = found.iter().map(|xdr| xdr.owed.millionths()).filter(|amount| is_wanted(*amount));
        i64::try_from(amounts.map(|amount| i128::from(amount).abs()).sum::<i128>()).ok().map(Money::from_millionths)
    };
    let (charged, credited) = (sum(|amount| amount > 0), sum(|amount| amount < 0));
    let xdrs = i64::try_from(found.len()).unwrap_or(i64::MAX);
    XdrSummary { total: Some(total(found.len())), totals: vec![XdrTotal { currency, xdrs, charged, credited }] }
}

/// All xDRs that a list shows, in its order; its page does not matter. How many they are is told up to `TOTAL_BOUND`; where a file
/// holds no more than `rows_max`, more than that are refused.
pub fn export(app: &Arc<App>, context: &Context, request: XdrListRequest, rows_max: i64) -> Ticket<Result<Export<XdrView>>> {
    let request = XdrListRequest { limit: ROWS_AT_ONCE, with_total: false, ..request };
    let prepared = context.actor.must(Permission::XdrRead).and_then(|()| context.actor.must(Permission::ExportRun));
    if let Err(refused) = prepared.and_then(|()| check(&request)) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let count = match matching(tx, &actor, &request)? {
            Some((_, found)) => found.len(),
            None => xdr::latest(tx, actor.scope(), None, true, TOTAL_BOUND + 1)?.len(),
        };
        let rows = i64::try_from(count).ok().filter(|_| count <= TOTAL_BOUND);
        if rows.is_none() && rows_max < i64::MAX {
            let message = format!("more than {TOTAL_BOUND} rows; use csv, or name a customer and its days");
            return Err(Error::invalid("format", "too_many_rows", message));
        }
        let detail = json!({ "account_id": request.account_id, "service": request.service, "rows": rows });
        app.audit_read(&actor, "xdr.export.list", request.customer_id.unwrap_or(0), app.now(), &detail)?;
        let read = move |place: Option<String>| {
            let actor = actor.clone();
            let request = XdrListRequest { page: place.clone().map_or(PageWanted::First, PageWanted::After), ..request.clone() };
            app.database.read(move |tx| {
                let start = place.map(|text| Cursor::decode(&text, &request)).transpose()?;
                let found = read_page(tx, &actor, &request, start)?;
                Ok(Slice { rows: found.rows, next: found.next })
            })
        };
        Ok(Export { rows, read: Box::new(read) })
    })
}
