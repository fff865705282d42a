//! Owns making customers, one or many at once: checking, claiming names, deriving and storing what follows.
//! Does not own: changing them (change.rs).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerFacts, CustomerType, RESELLER_DEPTH_MAX};
use trunkline_domain::hold::Hold;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::name::name_key;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerStatus, StatusPolicy, standing};
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::customer_list::{self, Entry, SearchTexts};
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Ticket, Tx, audit, customer, hold, outbox};

use super::change::{Render, class_for, once};
use super::field::{Check, LOGIN_CHARACTERS_MAX};
use super::{CustomerView, view};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, FieldProblem, Result};
use crate::spending::check_plan;

/// A customer to be made.
#[derive(Clone, Debug)]
pub struct CustomerNew {
    pub name: String,
    pub customer_type: CustomerType,
    pub reseller_id: Option<Id>,
    pub customer_class_id: Id,
    pub balance_control: BalanceControl,
    pub currency: String,
    pub time_zone: String,
    pub billing_period: BillingPeriod,
    /// Signed as owed.
    pub opening_balance: Money,
    pub credit_limit: Option<Money>,
    pub spending_plan_id: Option<Id>,
    pub suspend_on_insufficient_funds: Option<bool>,
    pub login: Option<String>,
    pub reference: Option<String>,
    pub contact: Contact,
}

/// Checks what can be checked without the database. Returns the currency and the zone.
pub fn validate_new(new: &CustomerNew) -> Result<(Currency, Zone), Vec<FieldProblem>> {
    let mut check = Check::default();
    check.name("name", &new.name);
    check.contact(&new.contact);
    check.amount("opening_balance", new.opening_balance);
    if let Some(limit) = new.credit_limit {
        check.limit("credit_limit", limit);
    }
    for (field, value) in [("login", &new.login), ("reference", &new.reference)] {
        if let Some(value) = value {
            check.line(field, value, LOGIN_CHARACTERS_MAX);
            if name_key(value).is_empty() {
                check.fail(field, "required", "leave it out, or give some text");
            }
        }
    }
    let currency = check.currency("currency", &new.currency);
    let zone = check.zone("time_zone", &new.time_zone);
    match (currency, zone) {
        (Some(currency), Some(zone)) if check.problems.is_empty() => Ok((currency, zone)),
        _ => Err(check.problems),
    }
}

/// Makes a customer. Answers with its rendered view.
pub fn create(app: &Arc<App>, context: &Context, new: CustomerNew, render: Render<CustomerView>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::CustomerCreate)?;
        let (currency, zone) = validate_new(&new).map_err(Error::Invalid)?;
        let mut new = new.clone();
        if let Some(scope) = context.actor.scope() {
            if new.reseller_id.is_some_and(|reseller| reseller != scope) {
                return Err(Error::NotFound("reseller"));
            }
            new.reseller_id = Some(scope);
        }
        let now = app.now();
        Ok((new, currency, zone, now, app.ids::<4>(now)?))
    };
    let (new, currency, zone, now, [customer_id, audit_id, event_id, request_id]) = match prepared() {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (policy, context) = (app.policy(), context.clone());
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let class = class_for(tx, new.customer_class_id, currency)?;
            if let Some(plan) = new.spending_plan_id {
                check_plan(tx, plan, currency)?;
            }
            if let Some(reseller_id) = new.reseller_id {
                // Locked, so that it is neither deleted nor closed meanwhile.
                customer::lock(tx, reseller_id)?;
                check_reseller(tx, reseller_id, &policy, now)?;
            }
            let record = record_of(&new, customer_id, currency, zone.clone(), class.customer_class_id, now);
            insert_many(tx, &[record], &policy, now).map_err(|problems| match problems {
                InsertFailure::Rows(mut rows) => Error::Invalid(rows.swap_remove(0).1),
                InsertFailure::Other(error) => error,
            })?;
            let actor = context.actor.label();
            let detail = json!({ "name": new.name }).to_string();
            let entry =
                audit::Entry { customer_id, audit_id, at: now, actor: &actor, action: Permission::CustomerCreate.code(), detail: &detail };
            audit::append(tx, &entry)?;
            let payload = json!({ "customer_id": customer_id }).to_string();
            outbox::append(
                tx,
                &outbox::Event { customer_id, event_id, event_type: "customer.created", payload: &payload, created_at: now },
            )?;
            let view = view(tx, customer_id, &policy, now)?.ok_or(Error::NotFound("customer"))?;
            Ok(render(&view))
        })
    })
}

/// The record of a checked new customer.
pub fn record_of(new: &CustomerNew, customer_id: Id, currency: Currency, zone: Zone, customer_class_id: Id, now: Timestamp) -> Customer {
    Customer {
        customer_id,
        name: new.name.trim().to_owned(),
        customer_type: new.customer_type,
        reseller_id: new.reseller_id,
        customer_class_id,
        balance_control: new.balance_control,
        currency,
        zone,
        billing_period: new.billing_period,
        created_at: now,
        opening_balance: new.opening_balance,
        credit_limit: new.credit_limit,
        temporary_limit: None,
        lifted_until: None,
        spending_plan_id: new.spending_plan_id,
        suspend_on_insufficient_funds: new.suspend_on_insufficient_funds,
        login: new.login.clone(),
        reference: new.reference.clone(),
        contact: new.contact.clone(),
        version: 1,
    }
}

/// Why customers could not be written.
#[derive(Clone, Debug)]
pub enum InsertFailure {
    /// Places in the list that was given, each with what is wrong there. Nothing may be kept: roll back.
    Rows(Vec<(usize, Vec<FieldProblem>)>),
    Other(Error),
}

impl<E: Into<Error>> From<E> for InsertFailure {
    fn from(error: E) -> InsertFailure {
        InsertFailure::Other(error.into())
    }
}

/// Writes checked customers about which nothing has happened yet. Names and logins must be free and resellers exist.
pub fn insert_many(tx: &mut Tx<'_>, records: &[Customer], policy: &StatusPolicy, now: Timestamp) -> Result<(), InsertFailure> {
    insert_with_holds(tx, records, &HashMap::new(), policy, now)
}

/// Writes checked customers with their list rows, and holds that some of them have from the start.
pub fn insert_with_holds(
    tx: &mut Tx<'_>,
    records: &[Customer],
    holds: &HashMap<Id, Vec<Hold>>,
    policy: &StatusPolicy,
    now: Timestamp,
) -> Result<(), InsertFailure> {
    let mut resellers: Vec<Id> = records.iter().filter_map(|record| record.reseller_id).collect();
    resellers.sort_unstable();
    resellers.dedup();
    let known = customer::load(tx, &resellers)?;
    // A reseller can be among the customers that are being made.
    let owners: HashSet<Id> =
        known.values().chain(records).filter(|one| one.customer_type == CustomerType::Reseller).map(|one| one.customer_id).collect();
    let is_reseller = |id: Id| owners.contains(&id);
    let mut problems: HashMap<usize, Vec<FieldProblem>> = HashMap::new();
    for (index, record) in records.iter().enumerate() {
        if record.reseller_id.is_some_and(|id| !is_reseller(id)) {
            let problem = FieldProblem::new("reseller_id", "not_found", "there is no such reseller");
            problems.entry(index).or_default().push(problem);
        }
    }
    let names: Vec<(String, Id)> = records.iter().map(|record| (name_key(&record.name), record.customer_id)).collect();
    let claimed = customer::claim_names(tx, &names)?;
    let login = |record: &Customer| record.login.as_deref().map(name_key);
    let logins: Vec<(String, Id)> = records.iter().filter_map(|record| Some((login(record)?, record.customer_id))).collect();
    let claimed_logins = customer::claim_logins(tx, &logins)?;
    for (index, record) in records.iter().enumerate() {
        let mut taken = |field: &str, claimed: &HashSet<Id>| {
            if !claimed.contains(&record.customer_id) {
                let problem = FieldProblem::new(field, "taken", format!("another customer has this {field}"));
                problems.entry(index).or_default().push(problem);
            }
        };
        taken("name", &claimed);
        if record.login.is_some() {
            taken("login", &claimed_logins);
        }
    }
    if !problems.is_empty() {
        let mut rows: Vec<_> = problems.into_iter().collect();
        rows.sort_by_key(|(index, _)| *index);
        return Err(InsertFailure::Rows(rows));
    }
    let mut rows = Vec::with_capacity(records.len());
    let facts: Vec<CustomerFacts> = records.iter().map(|record| facts_of_new(record, holds.get(&record.customer_id), now)).collect();
    customer::add_many(tx, records, &facts)?;
    for (customer_id, holds) in holds {
        holds.iter().try_for_each(|one| hold::add(tx, *customer_id, one, None, now))?;
    }
    let owners = super::resellers_of(tx, &facts, policy, now)?;
    for (record, facts) in records.iter().zip(&facts) {
        let reseller = facts.reseller_id.and_then(|id| owners.get(&id));
        let standing = standing(facts, reseller, policy, now);
        rows.push(Entry::of(record, facts, StoredStatus::of(&standing), now));
    }
    customer_list::add_many(tx, &rows)?;
    let texts: Vec<SearchTexts> = records.iter().map(SearchTexts::of).collect();
    Ok(customer_list::add_texts(tx, &texts)?)
}

/// Can the reseller get a customer at `now`? Returns how deep it is nested: 1 with no reseller above it.
pub(crate) fn check_reseller(tx: &mut Tx<'_>, reseller_id: Id, policy: &StatusPolicy, now: Timestamp) -> Result<usize> {
    let found = customer::load_facts(tx, &[reseller_id])?.pop();
    let Some(reseller) = found.filter(|found| found.customer_type == CustomerType::Reseller) else {
        return Err(Error::invalid("reseller_id", "not_found", "there is no such reseller"));
    };
    let standing = standing(&reseller, None, policy, now);
    if standing.is_closed() || standing.holds(CustomerStatus::Exported) {
        return Err(Error::invalid("reseller_id", "closed", "the reseller is closed or exported and gets no more customers"));
    }
    let (mut above, mut depth) = (reseller.reseller_id, 1);
    while let Some(id) = above {
        depth += 1;
        if depth > RESELLER_DEPTH_MAX {
            return Err(Error::Invalid(vec![nested_too_deep()]));
        }
        above = customer::load_one(tx, id)?.and_then(|one| one.reseller_id);
    }
    Ok(depth)
}

pub(crate) fn nested_too_deep() -> FieldProblem {
    FieldProblem::new("reseller_id", "too_deep", format!("resellers are nested up to {RESELLER_DEPTH_MAX} deep"))
}

/// The facts of a customer about which nothing has happened yet but for its holds.
fn facts_of_new(record: &Customer, holds: Option<&Vec<Hold>>, now: Timestamp) -> CustomerFacts {
    let mut facts = CustomerFacts {
        customer_id: record.customer_id,
        customer_type: record.customer_type,
        reseller_id: record.reseller_id,
        balance_control: record.balance_control,
        currency: record.currency,
        zone: record.zone.clone(),
        balance: record.opening_balance,
        credit_limit: record.credit_limit,
        temporary_limit: record.temporary_limit,
        exhausted_since: None,
        unallocated: Money::ZERO,
        lifted_until: None,
        holds: holds.cloned().unwrap_or_default(),
        open_invoices: Vec::new(),
        spending: None,
        auto_payment: None,
        export: None,
    };
    facts.exhausted_since = facts.is_exhausted(now).then_some(now);
    facts
}
