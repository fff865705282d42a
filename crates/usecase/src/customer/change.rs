//! Owns changing customers: checking, claiming names, deriving and storing what follows, the trail.
//! Does not own: making them (create.rs), holds (hold.rs), deleting (delete.rs), postings (post.rs).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerType, TemporaryLimit};
use trunkline_domain::customer_class::CustomerClass;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::name::name_key;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, CustomerStatus, StatusPolicy, may_be_done};
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::audit;
use trunkline_storage::customer_list::{self, Entry, SearchTexts};
use trunkline_storage::request::{self, Seen};
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Ticket, Tx, customer, customer_class, job, outbox};

use super::field::{Check, LOGIN_CHARACTERS_MAX};
use super::{CustomerView, in_scope, view};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, FieldProblem, Result};

/// Writes an answer as the face gives it. The text is kept with the idempotency key, so that a repeat gets the same.
pub type Render<T> = fn(&T) -> String;

/// What is to be changed; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct CustomerChange {
    /// The version the caller has seen; given, another one is refused.
    pub version: Option<i64>,
    pub name: Option<String>,
    pub customer_class_id: Option<Id>,
    pub time_zone: Option<String>,
    pub billing_period: Option<BillingPeriod>,
    pub credit_limit: Option<Option<Money>>,
    pub temporary_limit: Option<Option<TemporaryLimit>>,
    pub suspend_on_insufficient_funds: Option<Option<bool>>,
    pub login: Option<Option<String>>,
    pub reference: Option<Option<String>>,
    /// Name of a contact field and its new value.
    pub contact: Vec<(String, Option<String>)>,
}

/// The class, if customers in `currency` can be in it.
pub(super) fn class_for(tx: &mut Tx<'_>, customer_class_id: Id, currency: Currency) -> Result<CustomerClass> {
    let class = customer_class::load(tx, customer_class_id)?;
    let class = class.ok_or_else(|| Error::invalid("customer_class_id", "not_found", "there is no such customer class"))?;
    match class.currency {
        Some(only) if only != currency => Err(Refusal::CurrencyOfClass { class: only, customer: currency }.into()),
        _ => Ok(class),
    }
}

/// A customer that is being changed, within the transaction.
pub(crate) struct Subject<'a, 't> {
    pub tx: &'a mut Tx<'t>,
    pub customer: Customer,
    pub view: CustomerView,
    pub now: Timestamp,
    /// A spare id for what the change adds.
    pub new_id: Id,
    pub staff_id: Option<Id>,
    /// What the audit row tells.
    pub detail: serde_json::Map<String, serde_json::Value>,
}

impl Subject<'_, '_> {
    pub fn must_allow(&self, action: CustomerAction) -> Result<()> {
        Ok(may_be_done(action, &self.view.standing, &self.view.facts, self.now)?)
    }
}

/// What one change of one customer is made with: drawn before it waits for its turn, so that it can be run again.
pub(super) struct Attempt {
    pub permission: Permission,
    pub customer_id: Id,
    pub policy: StatusPolicy,
    pub now: Timestamp,
    new_id: Id,
    pub audit_id: Id,
    pub event_id: Id,
    job_id: Id,
    pub request_id: Id,
}

impl Attempt {
    /// For an actor whose role includes it.
    pub fn new(app: &App, context: &Context, permission: Permission, customer_id: Id) -> Result<Attempt> {
        context.actor.must(permission)?;
        let now = app.now();
        let [new_id, audit_id, event_id, job_id, request_id] = app.ids::<5>(now)?;
        Ok(Attempt { permission, customer_id, policy: app.policy(), now, new_id, audit_id, event_id, job_id, request_id })
    }
}

/// Runs a change of one customer: lock, look, `decide`, store what follows, leave the trail. Answers with the rendered view.
pub(crate) fn change<F>(
    app: &Arc<App>,
    context: &Context,
    permission: Permission,
    customer_id: Id,
    render: Render<CustomerView>,
    decide: F,
) -> Ticket<Result<String>>
where
    F: Fn(&mut Subject<'_, '_>) -> Result<()> + Send + 'static,
{
    let attempt = match Attempt::new(app, context, permission, customer_id) {
        Ok(attempt) => attempt,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let context = context.clone();
    app.database.write(move |tx| {
        once(tx, &context, attempt.request_id, attempt.now, |tx| Ok(render(&change_now(tx, &context, &attempt, &decide)?)))
    })
}

/// The change itself, within a transaction. Gives the customer as it stands afterwards.
pub(super) fn change_now(
    tx: &mut Tx<'_>,
    context: &Context,
    attempt: &Attempt,
    decide: impl Fn(&mut Subject<'_, '_>) -> Result<()>,
) -> Result<CustomerView> {
    let Attempt { permission, customer_id, policy, now, new_id, audit_id, event_id, job_id, .. } = *attempt;
    if !customer::lock(tx, customer_id)? {
        return Err(Error::NotFound("customer"));
    }
    let before = view(tx, customer_id, &policy, now)?.ok_or(Error::NotFound("customer"))?;
    in_scope(&context.actor, &before.customer)?;
    let customer = before.customer.clone();
    let staff_id = context.actor.staff_id;
    let mut subject = Subject { tx, customer, view: before, now, new_id, staff_id, detail: serde_json::Map::new() };
    decide(&mut subject)?;
    let (mut customer, detail) = (subject.customer, serde_json::Value::Object(subject.detail).to_string());
    customer.version += 1;
    customer::save(tx, &customer)?;
    let after = settle(tx, customer_id, &policy, now, job_id)?.ok_or(Error::NotFound("customer"))?;
    let actor = context.actor.label();
    audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action: permission.code(), detail: &detail })?;
    let payload = json!({ "customer_id": customer_id, "status": after.standing.shown().code(), "version": customer.version }).to_string();
    outbox::append(tx, &outbox::Event { customer_id, event_id, event_type: "customer.updated", payload: &payload, created_at: now })?;
    Ok(after)
}

/// Runs `work` unless its idempotency key has an answer already, and keeps the answer with the key.
pub(crate) fn once(
    tx: &mut Tx<'_>,
    context: &Context,
    request_id: Id,
    now: Timestamp,
    work: impl FnOnce(&mut Tx<'_>) -> Result<String>,
) -> Result<String> {
    let Some(key) = &context.request_key else { return work(tx) };
    match request::look_up(tx, key)? {
        Seen::Same(answer) => return Ok(answer),
        Seen::Other => return Err(Error::KeyReused),
        Seen::New => {}
    }
    let answer = match work(tx) {
        Ok(answer) => answer,
        Err(problem) => {
            // The same request, sent twice at once, may be what stood in the way: then its answer is this one's too.
            request::run_again_if_answered(tx, key)?;
            return Err(problem);
        }
    };
    request::remember(tx, key, request_id, &answer, now)?;
    Ok(answer)
}

/// Keeps an answer with the key of `context`; gives the one that was kept first.
pub(crate) fn keep(app: &Arc<App>, context: &Context, text: String) -> Result<String> {
    if context.request_key.is_none() {
        return Ok(text);
    }
    let (now, context) = (app.now(), context.clone());
    let request_id = app.id(now)?;
    app.database.write(move |tx| once(tx, &context, request_id, now, |_| Ok(text.clone()))).wait()?
}

/// Derives a customer anew from its facts and stores what follows: since when it is exhausted, the end of a lifted
/// suspension, closed accounts, the list's rows; a reseller's customers follow by a job. Returns the view, or none.
pub fn settle(tx: &mut Tx<'_>, customer_id: Id, policy: &StatusPolicy, now: Timestamp, job_id: Id) -> Result<Option<CustomerView>> {
    let Some(mut found) = view(tx, customer_id, policy, now)? else { return Ok(None) };
    let mut facts = found.facts.clone();
    if facts.lifted_until.is_some_and(|until| until <= now) {
        customer::save_lifted_until(tx, customer_id, None)?;
        facts.lifted_until = None;
    }
    let ended_limit = facts.temporary_limit.map(|limit| limit.until).filter(|until| *until <= now);
    let exhausted_since = if facts.is_exhausted(now) { facts.exhausted_since.or(ended_limit).or(Some(now)) } else { None };
    if facts.exhausted_since != exhausted_since {
        facts.exhausted_since = exhausted_since;
        customer::save_balance(tx, &facts)?;
    }
    if found.standing.is_closed() {
        trunkline_storage::account::close_all_of(tx, customer_id)?;
    }
    if facts != found.facts {
        found = view(tx, customer_id, policy, now)?.ok_or(Error::NotFound("customer"))?;
    }
    let entry = Entry::of(&found.customer, &found.facts, StoredStatus::of(&found.standing), now);
    let before = customer_list::load(tx, &[customer_id])?.pop();
    let status_moved = before.is_none_or(|before| before.stored != entry.stored);
    // These two are shown before conditions that a reseller's customers inherit, which can move unseen behind them.
    let may_hide = matches!(found.standing.shown(), CustomerStatus::Exported | CustomerStatus::BillingPaused);
    customer_list::save(tx, &entry)?;
    customer_list::save_texts(tx, &SearchTexts::of(&found.customer))?;
    if (status_moved || may_hide) && found.customer.customer_type == CustomerType::Reseller {
        let kind = job::SPREAD_RESELLER_STATUS;
        job::add(tx, &job::NewJob { customer_id, job_id, kind, payload: "", run_at: now })?;
    }
    Ok(Some(found))
}

/// Changes a customer's record.
pub fn update(
    app: &Arc<App>,
    context: &Context,
    customer_id: Id,
    wanted: CustomerChange,
    render: Render<CustomerView>,
) -> Ticket<Result<String>> {
    if let Err(problems) = validate_change(&wanted) {
        return Ticket::ready(Err(Error::Invalid(problems)));
    }
    change(app, context, Permission::CustomerUpdate, customer_id, render, move |subject| update_now(subject, &wanted))
}

pub(super) fn update_now(subject: &mut Subject<'_, '_>, wanted: &CustomerChange) -> Result<()> {
    subject.must_allow(CustomerAction::Update)?;
    if wanted.version.is_some_and(|version| version != subject.customer.version) {
        return Err(Error::ChangedMeanwhile);
    }
    apply(subject, wanted)
}

pub(super) fn validate_change(wanted: &CustomerChange) -> Result<(), Vec<FieldProblem>> {
    let mut check = Check::default();
    if let Some(name) = &wanted.name {
        check.name("name", name);
    }
    let mut contact = Contact::default();
    for (field, value) in &wanted.contact {
        match contact.field_mut(field) {
            Some(place) => place.clone_from(value),
            None => check.fail(field, "unknown_field", "there is no such field"),
        }
    }
    check.contact(&contact);
    if let Some(Some(limit)) = wanted.credit_limit {
        check.limit("credit_limit", limit);
    }
    if let Some(Some(limit)) = wanted.temporary_limit {
        check.limit("temporary_credit_limit.amount", limit.amount);
    }
    for (field, value) in [("login", &wanted.login), ("reference", &wanted.reference)] {
        if let Some(Some(value)) = value {
            check.line(field, value, LOGIN_CHARACTERS_MAX);
            if name_key(value).is_empty() {
                check.fail(field, "required", "leave it out, or give some text");
            }
        }
    }
    if let Some(zone) = &wanted.time_zone {
        check.zone("time_zone", zone);
    }
    if check.problems.is_empty() { Ok(()) } else { Err(check.problems) }
}

pub(super) fn apply(subject: &mut Subject<'_, '_>, wanted: &CustomerChange) -> Result<()> {
    let customer_id = subject.customer.customer_id;
    let before = subject.customer.clone();
    let customer = &mut subject.customer;
    if let Some(name) = &wanted.name {
        let (old, new) = (name_key(&before.name), name_key(name));
        if old != new {
            if !customer::claim_name(subject.tx, &new, customer_id)? {
                return Err(Error::invalid("name", "taken", "another customer has this name"));
            }
            customer::release_name(subject.tx, &old)?;
        }
        name.trim().clone_into(&mut customer.name);
    }
    if let Some(login) = &wanted.login
        && *login != before.login
    {
        if let Some(login) = login
            && before.login.as_deref().map(name_key) != Some(name_key(login))
            && !customer::claim_login(subject.tx, &name_key(login), customer_id)?
        {
            return Err(Error::invalid("login", "taken", "another customer has this login"));
        }
        if let Some(old) = &before.login
            && login.as_deref().map(name_key) != Some(name_key(old))
        {
            customer::release_login(subject.tx, &name_key(old))?;
        }
        customer.login.clone_from(login);
    }
    if let Some(class) = wanted.customer_class_id {
        class_for(subject.tx, class, before.currency)?;
        customer.customer_class_id = class;
    }
    if let Some(zone) = wanted.time_zone.as_deref().and_then(|name| Zone::parse(name).ok()) {
        customer.zone = zone;
    }
    if let Some(period) = wanted.billing_period {
        customer.billing_period = period;
    }
    if let Some(limit) = wanted.credit_limit {
        customer.credit_limit = limit;
    }
    if let Some(limit) = wanted.temporary_limit {
        if limit.is_some_and(|limit| limit.until <= subject.now) {
            return Err(Error::invalid("temporary_credit_limit.until", "in_the_past", "a moment that is still to come"));
        }
        let permanent = wanted.credit_limit.unwrap_or(before.credit_limit);
        let is_raised = |limit: TemporaryLimit| match (before.balance_control, permanent) {
            (BalanceControl::Postpaid, None) => false,
            (_, permanent) => limit.amount > permanent.unwrap_or_default(),
        };
        if limit.is_some_and(|limit| !is_raised(limit)) {
            let message = "a temporary limit is higher than the permanent one, which must be there";
            return Err(Error::invalid("temporary_credit_limit.amount", "not_higher", message));
        }
        customer.temporary_limit = limit;
    }
    let balance = subject.view.facts.balance;
    let limits = [customer.credit_limit, customer.temporary_limit.map(|limit| limit.amount)];
    // Every list shows the funds: limit less balance must stay within the range of amounts.
    if limits.into_iter().flatten().any(|limit| limit.checked_sub(balance).is_err()) {
        return Err(Refusal::AmountTooLarge.into());
    }
    if let Some(choice) = wanted.suspend_on_insufficient_funds {
        customer.suspend_on_insufficient_funds = choice;
    }
    if let Some(reference) = &wanted.reference {
        customer.reference.clone_from(reference);
    }
    for (field, value) in &wanted.contact {
        if let Some(place) = customer.contact.field_mut(field) {
            place.clone_from(value);
        }
    }
    subject.detail = differences(&before, &subject.customer);
    Ok(())
}

/// What changed, each with the value before and after.
fn differences(before: &Customer, after: &Customer) -> serde_json::Map<String, serde_json::Value> {
    let mut found = serde_json::Map::new();
    let mut note = |field: &str, before: serde_json::Value, after: serde_json::Value| {
        if before != after {
            found.insert(field.to_owned(), json!({ "from": before, "to": after }));
        }
    };
    let limit = |limit: Option<TemporaryLimit>| json!(limit.map(|limit| (limit.amount.to_string(), limit.until.to_rfc3339())));
    note("name", json!(before.name), json!(after.name));
    note("login", json!(before.login), json!(after.login));
    note("reference", json!(before.reference), json!(after.reference));
    note("customer_class_id", json!(before.customer_class_id), json!(after.customer_class_id));
    note("time_zone", json!(before.zone.name()), json!(after.zone.name()));
    note("billing_period", json!(before.billing_period.code()), json!(after.billing_period.code()));
    note(
        "credit_limit",
        json!(before.credit_limit.map(|limit| limit.to_string())),
        json!(after.credit_limit.map(|limit| limit.to_string())),
    );
    note("temporary_credit_limit", limit(before.temporary_limit), limit(after.temporary_limit));
    note("suspend_on_insufficient_funds", json!(before.suspend_on_insufficient_funds), json!(after.suspend_on_insufficient_funds));
    for (((field, _), old), new) in Contact::LIMITS.iter().zip(before.contact.fields()).zip(after.contact.fields()) {
        note(field, json!(old), json!(new));
    }
    found
}
