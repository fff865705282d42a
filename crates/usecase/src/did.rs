//! Owns the inventory of DID numbers as staff want it: reading, adding, changing and deleting numbers, giving them to customers and accounts,
//! and taking them back.
//! Does not own: what may be done with a number as it stands (domain), and charging calls to it (session.rs).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_domain::account::AccountState;
use trunkline_domain::did::{DIGITS_MAX, DIGITS_MIN, Did, DidProblem, DidState, parse_number};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::account::identity_key;
use trunkline_storage::alias::{self, Alias};
use trunkline_storage::customer_list::MatchMode;
use trunkline_storage::did::{self, DidFilter};
use trunkline_storage::{Ticket, Tx, account, audit, customer, outbox};

use crate::App;
use crate::account::refuse_gone;
use crate::actor::Context;
use crate::cursor;
use crate::customer::{Check, PageWanted, Render, Total, once};
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

/// Rows of a page at the most.
pub const ROWS_MAX: usize = 1_000;
/// A total is exact up to this.
pub const TOTAL_BOUND: i64 = 10_000;
/// Longest description, in characters.
pub const DESCRIPTION_CHARACTERS_MAX: usize = 200;

/// A number with what people call those who have it.
#[derive(Clone, Debug)]
pub struct DidView {
    pub did: Did,
    pub customer_name: Option<String>,
    pub account_identity: Option<String>,
}

/// What is asked of the list. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct DidListRequest {
    /// A number, or a part of one as `mode` says.
    pub number: Option<String>,
    pub mode: Option<MatchMode>,
    pub states: Vec<DidState>,
    pub customer_id: Option<Id>,
    pub account_id: Option<Id>,
    pub descending: bool,
    /// 1 to `ROWS_MAX`.
    pub limit: usize,
    pub page: PageWanted,
    pub with_total: bool,
}

#[derive(Clone, Debug)]
pub struct DidPage {
    pub rows: Vec<DidView>,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub total: Option<Total>,
}

/// Where a number stands; as text it is opaque to callers, and valid for the request that it came from.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    request: u64,
    number: String,
}

/// One page of numbers, in their order.
pub fn list(app: &Arc<App>, context: &Context, request: DidListRequest) -> Ticket<Result<DidPage>> {
    let prepared = context.actor.must(Permission::DidRead).and_then(|()| {
        if request.limit == 0 || request.limit > ROWS_MAX {
            return Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
        }
        let mode = request.mode.unwrap_or(MatchMode::StartsWith);
        let text = request.number.as_deref().map(|text| text.trim().trim_start_matches('+')).unwrap_or_default();
        if text.len() > DIGITS_MAX || text.contains('\0') {
            return Err(Error::invalid("search", "too_long", format!("at most {DIGITS_MAX} digits")));
        }
        let number = (!text.is_empty()).then(|| (mode, text.to_owned()));
        let filter = DidFilter { number, states: request.states.clone(), customer_id: request.customer_id, account_id: request.account_id };
        let digest = cursor::digest(&format!("{filter:?} {}", request.descending));
        let start = match &request.page {
            PageWanted::First | PageWanted::Last | PageWanted::Offset(_) => None,
            PageWanted::After(text) | PageWanted::Before(text) => Some(cursor::decode::<Cursor>(text)?),
        };
        match start {
            Some(start) if start.request != digest || start.number.contains('\0') => Err(Error::InvalidCursor),
            start => Ok((filter, digest, start.map(|start| start.number))),
        }
    });
    let (filter, digest, start) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    app.database.read(move |tx| read_page(tx, &request, &filter, digest, start.as_deref()))
}

fn read_page(tx: &mut Tx<'_>, request: &DidListRequest, filter: &DidFilter, digest: u64, start: Option<&str>) -> Result<DidPage> {
    let backwards = matches!(request.page, PageWanted::Last | PageWanted::Before(_));
    let down = backwards != request.descending;
    let mut found = did::page(tx, filter, start, down, i64::try_from(request.limit + 1).unwrap_or(i64::MAX))?;
    let more = found.len() > request.limit;
    found.truncate(request.limit);
    if backwards {
        found.reverse();
    }
    let (has_previous, has_next) = if backwards { (more, start.is_some()) } else { (start.is_some(), more) };
    let place = |did: Option<&Did>| did.map(|did| cursor::encode(&Cursor { request: digest, number: did.number.clone() }));
    let (next, previous) = (has_next.then(|| place(found.last())).flatten(), has_previous.then(|| place(found.first())).flatten());
    let total = if request.with_total {
        let count = did::count(tx, filter, TOTAL_BOUND + 1)?;
        Some(Total { count: count.min(TOTAL_BOUND), exact: count <= TOTAL_BOUND })
    } else {
        None
    };
    Ok(DidPage { rows: views(tx, found)?, next, previous, total })
}

fn views(tx: &mut Tx<'_>, found: Vec<Did>) -> Result<Vec<DidView>> {
    let distinct = |ids: &mut Vec<Id>| {
        ids.sort_unstable();
        ids.dedup();
    };
    let mut customers: Vec<Id> = found.iter().filter_map(|did| did.customer_id).collect();
    distinct(&mut customers);
    let names = customer::names(tx, &customers)?;
    let mut accounts: Vec<Id> = found.iter().filter_map(|did| did.account_id).collect();
    distinct(&mut accounts);
    let identities = account::identities(tx, &accounts)?;
    let view = |did: Did| DidView {
        customer_name: did.customer_id.and_then(|id| names.get(&id).cloned()),
        account_identity: did.account_id.and_then(|id| identities.get(&id).cloned()),
        did,
    };
    Ok(found.into_iter().map(view).collect())
}

fn view(tx: &mut Tx<'_>, did: Did) -> Result<DidView> {
    views(tx, vec![did])?.pop().ok_or(Error::NotFound(NOUN))
}

const NOUN: &str = "DID number";

fn load(tx: &mut Tx<'_>, did_id: Id) -> Result<Did> {
    did::load(tx, did_id)?.ok_or(Error::NotFound(NOUN))
}

pub fn get(app: &Arc<App>, context: &Context, did_id: Id) -> Ticket<Result<DidView>> {
    if let Err(refused) = context.actor.must(Permission::DidRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| {
        let found = load(tx, did_id)?;
        view(tx, found)
    })
}

/// A number to be added.
#[derive(Clone, Debug, Default)]
pub struct DidNew {
    pub number: String,
    pub description: Option<String>,
    pub is_frozen: bool,
    pub is_free_of_charge: bool,
    pub activation_fee: Money,
    pub periodic_fee: Money,
}

/// What is to be changed; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct DidChange {
    pub version: Option<i64>,
    pub description: Option<Option<String>>,
    pub is_frozen: Option<bool>,
    pub is_free_of_charge: Option<bool>,
    pub activation_fee: Option<Money>,
    pub periodic_fee: Option<Money>,
}

fn check(did: &Did, mut check: Check) -> Result<()> {
    if let Some(description) = &did.description {
        check.line("description", description, DESCRIPTION_CHARACTERS_MAX);
    }
    for (field, fee) in [("activation_fee", did.activation_fee), ("periodic_fee", did.periodic_fee)] {
        check.amount(field, fee);
        if fee.is_negative() {
            check.fail(field, "negative", "a fee is not below zero");
        }
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// Adds a number to the inventory.
pub fn create(app: &Arc<App>, context: &Context, new: DidNew, render: Render<DidView>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::DidWrite)?;
        let now = app.now();
        let did_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        let mut fields = Check::default();
        let number = parse_number(&new.number).unwrap_or_else(|| {
            fields.fail("number", "malformed", format!("{DIGITS_MIN} to {DIGITS_MAX} digits, as it is dialled abroad"));
            String::new()
        });
        let made = Did {
            did_id,
            number,
            description: new.description,
            is_frozen: new.is_frozen,
            is_free_of_charge: new.is_free_of_charge,
            activation_fee: new.activation_fee,
            periodic_fee: new.periodic_fee,
            customer_id: None,
            account_id: None,
            assigned_at: None,
            released_at: None,
            created_at: now,
            version: 1,
        };
        check(&made, fields)?;
        Ok((made, trace))
    };
    write(app, context, prepared(), move |tx, context, made, trace| {
        if !did::add(tx, made)? {
            return Err(Error::invalid("number", "taken", "the inventory has this number"));
        }
        leave(tx, context, trace, made, "did.created")?;
        Ok(render(&view(tx, made.clone())?))
    })
}

fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, did: &Did, event_type: &str) -> Result<()> {
    let detail = json!({ "did_id": did.did_id, "number": did.number, "version": did.version }).to_string();
    trace.leave(tx, context, [Permission::DidWrite.code(), &detail], [event_type, &detail])
}

fn not_so(problem: DidProblem) -> Error {
    Error::invalid("id", problem.code(), problem.to_string())
}

/// Saves a number that was read in this transaction.
fn save(tx: &mut Tx<'_>, did: &mut Did) -> Result<()> {
    if !did::save(tx, did)? {
        return Err(Error::ChangedMeanwhile);
    }
    did.version += 1;
    Ok(())
}

/// Changes what is said of a number.
pub fn update(app: &Arc<App>, context: &Context, did_id: Id, wanted: DidChange, render: Render<DidView>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::DidWrite).and_then(|()| Ok((wanted, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, wanted, trace| {
        let mut changed = load(tx, did_id)?;
        if wanted.version.is_some_and(|version| version != changed.version) {
            return Err(Error::ChangedMeanwhile);
        }
        if let Some(description) = &wanted.description {
            changed.description.clone_from(description);
        }
        if let Some(is_frozen) = wanted.is_frozen {
            changed.freeze(is_frozen).map_err(not_so)?;
        }
        changed.is_free_of_charge = wanted.is_free_of_charge.unwrap_or(changed.is_free_of_charge);
        changed.activation_fee = wanted.activation_fee.unwrap_or(changed.activation_fee);
        changed.periodic_fee = wanted.periodic_fee.unwrap_or(changed.periodic_fee);
        check(&changed, Check::default())?;
        save(tx, &mut changed)?;
        leave(tx, context, trace, &changed, "did.updated")?;
        Ok(render(&view(tx, changed)?))
    })
}

/// Deletes a number that nobody has.
pub fn delete(app: &Arc<App>, context: &Context, did_id: Id) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::DidWrite).and_then(|()| Ok(((), Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, (), trace| {
        let gone = load(tx, did_id)?;
        if gone.customer_id.is_some() {
            return Err(not_so(DidProblem::InUse));
        }
        if !did::delete(tx, &gone)? {
            return Err(Error::ChangedMeanwhile);
        }
        leave(tx, context, trace, &gone, "did.deleted")?;
        Ok(String::new())
    })
}

/// Who is to have a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DidHolder {
    Customer(Id),
    Account(Id),
}

/// What one assignment is made with.
#[derive(Clone, Copy)]
struct Moved {
    now: Timestamp,
    alias_id: Id,
}

/// Runs `work` on a number and leaves the trail of the customer that it gives, whom `work` has locked.
fn moved(
    app: &Arc<App>,
    context: &Context,
    did_id: Id,
    event_type: &'static str,
    render: Render<DidView>,
    work: impl Fn(&mut Tx<'_>, &mut Did, Moved) -> Result<(Id, Option<Id>)> + Send + 'static,
) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::DidAssign).and_then(|()| {
        let now = app.now();
        Ok((now, app.ids::<4>(now)?))
    });
    let (now, [alias_id, audit_id, event_id, request_id]) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let context = context.clone();
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let mut changed = load(tx, did_id)?;
            let (customer_id, account_id) = work(tx, &mut changed, Moved { now, alias_id })?;
            let detail = json!({ "did_id": did_id, "number": changed.number, "account_id": account_id }).to_string();
            let (actor, action) = (context.actor.label(), Permission::DidAssign.code());
            audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action, detail: &detail })?;
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type, payload: &detail, created_at: now })?;
            Ok(render(&view(tx, changed)?))
        })
    })
}

/// Gives a number to a customer, or to an account, which calls to it find from now on.
pub fn assign(app: &Arc<App>, context: &Context, did_id: Id, holder: DidHolder, render: Render<DidView>) -> Ticket<Result<String>> {
    let policy = app.policy();
    moved(app, context, did_id, "did.assigned", render, move |tx, did, moved| {
        let (customer_id, account_id) = match holder {
            DidHolder::Customer(customer_id) => (customer_id, None),
            DidHolder::Account(account_id) => {
                let found = account::find_customer(tx, account_id)?;
                (found.ok_or_else(|| Error::invalid("account_id", "not_found", "there is no such account"))?, Some(account_id))
            }
        };
        if !customer::lock(tx, customer_id)? {
            return Err(Error::invalid("customer_id", "not_found", "there is no such customer"));
        }
        refuse_gone(tx, customer_id, &policy, moved.now)?;
        did.assign(customer_id, account_id, moved.now).map_err(not_so)?;
        if let Some(account_id) = account_id {
            claim(tx, did, (customer_id, account_id), moved)?;
        }
        save(tx, did)?;
        Ok((customer_id, account_id))
    })
}

/// Calls to the number find the account: by its own identity where that is the number, otherwise by an alias.
fn claim(tx: &mut Tx<'_>, did: &Did, (customer_id, account_id): (Id, Id), moved: Moved) -> Result<()> {
    let found = account::load(tx, customer_id, account_id)?.ok_or(Error::NotFound("account"))?;
    if found.facts.state == AccountState::Closed {
        return Err(Refusal::AccountClosed.into());
    }
    if identity_key(&found.identity) == identity_key(&did.number) {
        return Ok(());
    }
    let alias_id = moved.alias_id;
    let added = Alias { alias_id, customer_id, account_id, identity: did.number.clone(), did_id: Some(did.did_id), created_at: moved.now };
    if alias::add(tx, &added)? {
        Ok(())
    } else {
        Err(Error::invalid("account_id", "taken", "the number is the identity or an alias of an account already"))
    }
}

/// Takes a number back from whoever has it. Calls to it find nobody from now on.
pub fn release(app: &Arc<App>, context: &Context, did_id: Id, render: Render<DidView>) -> Ticket<Result<String>> {
    moved(app, context, did_id, "did.released", render, |tx, did, moved| {
        let customer_id = did.customer_id.ok_or_else(|| not_so(DidProblem::NotAssigned))?;
        customer::lock(tx, customer_id)?;
        release_within(tx, did, moved.now)
    })
}

/// The customer that had it is locked.
fn release_within(tx: &mut Tx<'_>, did: &mut Did, now: Timestamp) -> Result<(Id, Option<Id>)> {
    let (customer_id, account_id) = did.release(now).map_err(not_so)?;
    if let Some(account_id) = account_id {
        let aliases = alias::of_account(tx, customer_id, account_id)?;
        if let Some(own) = aliases.iter().find(|alias| alias.did_id == Some(did.did_id)) {
            alias::remove(tx, own)?;
        }
    }
    save(tx, did)?;
    Ok((customer_id, account_id))
}

/// Takes all numbers of an account back. Its customer is locked. Returns them.
pub(crate) fn release_all_of(tx: &mut Tx<'_>, account_id: Id, customer_id: Id, now: Timestamp) -> Result<Vec<String>> {
    let filter = DidFilter { customer_id: Some(customer_id), account_id: Some(account_id), ..DidFilter::default() };
    let mut released = Vec::new();
    for mut did in did::page(tx, &filter, None, false, i64::MAX)? {
        release_within(tx, &mut did, now)?;
        released.push(did.number);
    }
    Ok(released)
}
