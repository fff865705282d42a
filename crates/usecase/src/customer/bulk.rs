//! Owns doing one thing to many customers: which they are, each in a commit of its own, and what became of each; and telling
//! beforehand what would become of them.
//! Does not own: what is done to one of them (change.rs, hold.rs, delete.rs).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::hold::COMMENT_CHARACTERS_MAX;
use trunkline_domain::id::Id;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Date;
use trunkline_storage::request::{self, RequestKey, Seen};
use trunkline_storage::{StorageError, Ticket, Tx, customer, customer_class};

use super::change::{Attempt, CustomerChange, Render, Subject, change_now, keep, once, update_now};
use super::delete::delete_now;
use super::field::Check;
use super::hold::{block_now, lift_now, unblock_now};
use super::list::{ListRequest, PageWanted, ROWS_MAX, TotalWanted, list};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// Customers of one request at the most.
pub const CUSTOMERS_MAX: usize = ROWS_MAX;
/// Customers that wait for the writer at once: enough to fill its commits, few enough to leave its queue to others.
const WAITING_MAX: usize = 64;

/// What is done to each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    Block { comment: Option<String> },
    Unblock,
    LiftSuspension { until: Date },
    ChangeClass { customer_class_id: Id },
    Delete,
}

/// To whom.
#[derive(Clone, Debug)]
pub enum BulkTarget {
    Ids(Vec<Id>),
    /// All that a list shows; its page does not matter.
    Matching(Box<ListRequest>),
}

#[derive(Clone, Debug)]
pub struct BulkRequest {
    pub action: BulkAction,
    pub target: BulkTarget,
    /// Only tell what would be done.
    pub preview: bool,
}

/// What became of one customer.
#[derive(Clone, Debug)]
pub enum BulkOutcome {
    Done,
    WouldDo,
    /// It is as wanted already.
    Unchanged(Error),
    Refused(Error),
}

#[derive(Clone, Debug)]
pub struct BulkRow {
    pub customer_id: Id,
    /// None: there is no such customer for the actor.
    pub name: Option<String>,
    pub outcome: BulkOutcome,
}

#[derive(Clone, Debug)]
pub struct BulkReport {
    pub preview: bool,
    /// In the order in which they were asked for.
    pub rows: Vec<BulkRow>,
}

impl BulkAction {
    fn permission(&self) -> Permission {
        match self {
            BulkAction::Block { .. } | BulkAction::Unblock => Permission::CustomerBlock,
            BulkAction::LiftSuspension { .. } => Permission::CustomerLiftSuspension,
            BulkAction::ChangeClass { .. } => Permission::CustomerUpdate,
            BulkAction::Delete => Permission::CustomerDelete,
        }
    }

    /// Does it, by the same steps as for one customer alone. Gives the customer's name.
    fn act(&self, tx: &mut Tx<'_>, context: &Context, attempt: &Attempt) -> Result<String> {
        let changed = match self {
            BulkAction::Delete => return Ok(delete_now(tx, context, attempt)?.customer.name),
            BulkAction::Block { comment } => change_now(tx, context, attempt, |subject| block_now(subject, comment.clone())),
            BulkAction::Unblock => change_now(tx, context, attempt, unblock_now),
            BulkAction::LiftSuspension { until } => change_now(tx, context, attempt, |subject| {
                lift_now(subject, *until)?;
                must_differ(subject.customer.lifted_until != subject.view.facts.lifted_until)
            }),
            BulkAction::ChangeClass { customer_class_id } => {
                let wanted = CustomerChange { customer_class_id: Some(*customer_class_id), ..CustomerChange::default() };
                change_now(tx, context, attempt, |subject: &mut Subject<'_, '_>| {
                    let before = subject.customer.customer_class_id;
                    update_now(subject, &wanted)?;
                    must_differ(subject.customer.customer_class_id != before)
                })
            }
        };
        Ok(changed?.customer.name)
    }
}

fn must_differ(differs: bool) -> Result<()> {
    if differs { Ok(()) } else { Err(Refusal::SoAlready.into()) }
}

/// How the work on one customer ends without a commit.
enum Undone {
    Failed(Error),
    /// It would be done; the name.
    Previewed(String),
}

impl From<StorageError> for Undone {
    fn from(problem: StorageError) -> Undone {
        Undone::Failed(problem.into())
    }
}

/// Does it to all of them, or tells what would be done. Blocks until the last one is answered.
///
/// Under an idempotency key each customer has a key of its own, made from it, and so has the list of those that matched; the
/// answer is kept when all have one. A repeat after the program was stopped finds what was done and does the rest.
pub fn bulk(app: &Arc<App>, context: &Context, request: &BulkRequest, render: Render<BulkReport>) -> Result<String> {
    context.actor.must(request.action.permission())?;
    validate(request)?;
    let context = Context { request_key: context.request_key.clone().filter(|_| !request.preview), ..context.clone() };
    let mut known = None;
    if let Some(key) = context.request_key.clone() {
        let of_list = of_part(&key, "list");
        let (whole, list) =
            app.database.write::<_, Error, _>(move |tx| Ok((request::look_up(tx, &key)?, request::look_up(tx, &of_list)?))).wait()??;
        match whole {
            Seen::Same(answer) => return Ok(answer),
            Seen::Other => return Err(Error::KeyReused),
            Seen::New => {}
        }
        if let Seen::Same(ids) = list {
            known = Some(request::read_answer::<Vec<Id>>(&ids)?);
        }
    }
    let ids = match (known, &request.target) {
        (Some(ids), _) => ids,
        (None, BulkTarget::Ids(ids)) => ids.clone(),
        (None, BulkTarget::Matching(wanted)) => keep_list(app, &context, matching(app, &context, wanted)?)?,
    };
    let names = look(app, &context, request, &ids)?;
    let (rows, is_complete) = act_on_all(app, &context, request, &ids, &names)?;
    let text = render(&BulkReport { preview: request.preview, rows });
    // What failed for want of a database is not decided: a repeat tries it again.
    if is_complete { keep(app, &context, text) } else { Ok(text) }
}

fn validate(request: &BulkRequest) -> Result<()> {
    let mut check = Check::default();
    if let BulkAction::Block { comment: Some(comment) } = &request.action {
        check.line("comment", comment, COMMENT_CHARACTERS_MAX);
    }
    match &request.target {
        BulkTarget::Ids(ids) if ids.is_empty() => check.fail("ids", "required", "at least one"),
        BulkTarget::Ids(ids) if ids.len() > CUSTOMERS_MAX => check.fail("ids", "too_many", format!("at most {CUSTOMERS_MAX}")),
        BulkTarget::Ids(_) | BulkTarget::Matching(_) => {}
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// The key of a part of the work. Keys of callers are printable ASCII, so that none of them can be this one.
fn of_part(key: &RequestKey, part: &str) -> RequestKey {
    RequestKey { key: format!("{}\u{b7}{part}", key.key), ..key.clone() }
}

/// Everybody whom the list shows.
fn matching(app: &Arc<App>, context: &Context, wanted: &ListRequest) -> Result<Vec<Id>> {
    let request =
        ListRequest { limit: CUSTOMERS_MAX, page: PageWanted::First, total: TotalWanted::None, without_reasons: true, ..wanted.clone() };
    let page = list(app, context, request).wait()??;
    if page.next.is_some() {
        return Err(Error::invalid("matching", "too_many", format!("more than {CUSTOMERS_MAX} customers match; narrow the filter")));
    }
    Ok(page.rows.into_iter().map(|row| row.customer_id).collect())
}

/// A repeat does it to those that matched at first: some of them may not match any more, for what was done to them.
fn keep_list(app: &Arc<App>, context: &Context, ids: Vec<Id>) -> Result<Vec<Id>> {
    let Some(key) = &context.request_key else { return Ok(ids) };
    let of_list = Context { request_key: Some(of_part(key, "list")), ..context.clone() };
    Ok(request::read_answer(&keep(app, &of_list, json!(ids).to_string())?)?)
}

/// The names of those that the actor sees. Looking is audited; and a class that there is not is refused once, for all.
fn look(app: &Arc<App>, context: &Context, request: &BulkRequest, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let (app_here, actor, action, preview) = (Arc::clone(app), context.actor.clone(), request.action.clone(), request.preview);
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let read = app.database.read(move |tx| {
        if let BulkAction::ChangeClass { customer_class_id } = action
            && customer_class::load(tx, customer_class_id)?.is_none()
        {
            return Err(Error::invalid("customer_class_id", "not_found", "there is no such customer class"));
        }
        let found = customer::load(tx, &wanted)?;
        let seen = found.into_values().filter(|customer| actor.scope().is_none_or(|scope| customer.reseller_id == Some(scope)));
        let names: HashMap<Id, String> = seen.map(|customer| (customer.customer_id, customer.name)).collect();
        let detail = json!({ "ids": wanted, "permission": action.permission().code(), "preview": preview });
        app_here.audit_read(&actor, "customer.bulk.list", 0, app_here.now(), &detail)?;
        Ok(names)
    });
    read.wait()?
}

/// All of them, several at a time where one does not change what can be done to another. False: one of them could not be decided.
fn act_on_all(
    app: &Arc<App>,
    context: &Context,
    request: &BulkRequest,
    ids: &[Id],
    names: &HashMap<Id, String>,
) -> Result<(Vec<BulkRow>, bool)> {
    let (mut rows, mut seen, mut is_complete) = (Vec::with_capacity(ids.len()), HashSet::new(), true);
    // Whether a reseller can go depends on whether its customers have gone: these go one after the other, as the preview told.
    let at_once = if matches!(request.action, BulkAction::Delete) { 1 } else { WAITING_MAX };
    for slice in ids.chunks(at_once) {
        let mut asked = Vec::with_capacity(slice.len());
        for customer_id in slice {
            // One that is named twice is done once.
            let ticket = if seen.insert(*customer_id) { Some(act_on_one(app, context, request, *customer_id)?) } else { None };
            asked.push((*customer_id, ticket));
        }
        for (customer_id, ticket) in asked {
            let done = ticket.map(|ticket| ticket.wait().unwrap_or_else(|problem| Err(problem.into())));
            is_complete &= !matches!(done, Some(Err(Undone::Failed(Error::Storage(_)))));
            rows.push(row_of(customer_id, names.get(&customer_id).cloned(), done));
        }
    }
    Ok((rows, is_complete))
}

/// `done` is none for a customer that stands further up already.
fn row_of(customer_id: Id, known: Option<String>, done: Option<Result<String, Undone>>) -> BulkRow {
    let (name, outcome) = match done {
        None => (known, BulkOutcome::Unchanged(Refusal::SoAlready.into())),
        Some(Ok(name)) => (Some(name), BulkOutcome::Done),
        Some(Err(Undone::Previewed(name))) => (Some(name), BulkOutcome::WouldDo),
        Some(Err(Undone::Failed(problem))) if is_so_already(&problem) => (known, BulkOutcome::Unchanged(problem)),
        Some(Err(Undone::Failed(problem))) => (known, BulkOutcome::Refused(problem)),
    };
    BulkRow { customer_id, name, outcome }
}

fn is_so_already(problem: &Error) -> bool {
    matches!(problem, Error::Refused(Refusal::AlreadySo(_) | Refusal::NotSo(_) | Refusal::SoAlready))
}

/// A preview does it too, and takes it back: whatever decides then has decided beforehand.
fn act_on_one(app: &Arc<App>, context: &Context, request: &BulkRequest, customer_id: Id) -> Result<Ticket<Result<String, Undone>>> {
    let attempt = Attempt::new(app, context, request.action.permission(), customer_id)?;
    let request_key = context.request_key.as_ref().map(|key| of_part(key, &customer_id.to_string()));
    let (context, action, preview) = (Context { request_key, ..context.clone() }, request.action.clone(), request.preview);
    Ok(app.database.write(move |tx| {
        let done = once(tx, &context, attempt.request_id, attempt.now, |tx| action.act(tx, &context, &attempt));
        let name = done.map_err(Undone::Failed)?;
        if preview { Err(Undone::Previewed(name)) } else { Ok(name) }
    }))
}
