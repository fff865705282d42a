//! Owns customer classes: reading, making and changing them.
//! Does not own: the list of them (list.rs), and what a policy does to customers.

mod list;

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::customer_class::{CollectionPolicy, CustomerClass, POLICY_DAYS_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_class::Saved;
use trunkline_storage::{Ticket, Tx, customer_class};

use crate::App;
use crate::actor::Context;
use crate::customer::Check;
use crate::customer::Render;
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

pub use list::{ClassListRequest, ClassPage, ClassSort, SEARCH_CHARACTERS_MAX, list};

/// The settings of a class that are given when it is made.
#[derive(Clone, Debug)]
pub struct CustomerClassNew {
    pub name: String,
    pub currency: Option<String>,
    pub collection: CollectionPolicy,
    pub suspend_on_insufficient_funds: bool,
}

/// What is to be changed; what is not given stays. The currency never changes.
#[derive(Clone, Debug, Default)]
pub struct CustomerClassChange {
    pub version: Option<i64>,
    pub name: Option<String>,
    pub payment_terms_days: Option<i64>,
    pub limit_after_days: Option<Option<i64>>,
    pub suspend_after_days: Option<Option<i64>>,
    pub terminate_after_days: Option<Option<i64>>,
    pub close_after_days: Option<i64>,
    pub suspend_on_insufficient_funds: Option<bool>,
}

pub fn get(app: &Arc<App>, context: &Context, customer_class_id: Id) -> Ticket<Result<CustomerClass>> {
    if let Err(refused) = context.actor.must(Permission::CustomerClassRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| customer_class::load(tx, customer_class_id)?.ok_or(Error::NotFound("customer class")))
}

fn check(class: &CustomerClass) -> Result<()> {
    let mut check = Check::default();
    check.name("name", &class.name);
    let policy = &class.collection;
    let days = [
        ("payment_terms_days", Some(policy.payment_terms_days)),
        ("limit_after_days", policy.limit_after_days),
        ("suspend_after_days", policy.suspend_after_days),
        ("terminate_after_days", policy.terminate_after_days),
        ("close_after_days", Some(policy.close_after_days)),
    ];
    for (field, value) in days {
        if value.is_some_and(|days| !(0..=POLICY_DAYS_MAX).contains(&days)) {
            check.fail(field, "out_of_range", format!("0 to {POLICY_DAYS_MAX} days"));
        }
    }
    let steps = [policy.limit_after_days, policy.suspend_after_days, policy.terminate_after_days];
    let given: Vec<i64> = steps.into_iter().flatten().collect();
    if given.windows(2).any(|pair| pair[0] > pair[1]) {
        check.fail("suspend_after_days", "out_of_order", "limitation comes before suspension, and suspension before termination");
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// The record of a new class, checked as far as the class alone tells.
pub(crate) fn record_of(new: &CustomerClassNew, customer_class_id: Id, now: Timestamp) -> Result<CustomerClass> {
    let mut currency_check = Check::default();
    let currency = new.currency.as_deref().and_then(|code| currency_check.currency("currency", code));
    let class = CustomerClass {
        customer_class_id,
        name: new.name.trim().to_owned(),
        currency,
        collection: new.collection,
        suspend_on_insufficient_funds: new.suspend_on_insufficient_funds,
        created_at: now,
        version: 1,
    };
    match (check(&class), currency_check.problems) {
        (outcome, problems) if problems.is_empty() => outcome.map(|()| class),
        (Err(Error::Invalid(more)), problems) => Err(Error::Invalid(problems.into_iter().chain(more).collect())),
        (_, problems) => Err(Error::Invalid(problems)),
    }
}

/// Makes a class.
pub fn create(app: &Arc<App>, context: &Context, new: CustomerClassNew, render: Render<CustomerClass>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::CustomerClassWrite)?;
        let now = app.now();
        let customer_class_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        Ok((record_of(&new, customer_class_id, now)?, trace))
    };
    write(app, context, prepared(), move |tx, context, class, trace| {
        if !customer_class::add(tx, class)? {
            return Err(name_taken());
        }
        leave(tx, context, trace, class, "customer_class.created")?;
        Ok(render(class))
    })
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "another class has this name")
}

fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, class: &CustomerClass, event_type: &str) -> Result<()> {
    let detail = json!({ "customer_class_id": class.customer_class_id, "name": class.name, "version": class.version }).to_string();
    trace.leave(tx, context, [Permission::CustomerClassWrite.code(), &detail], [event_type, &detail])
}

/// Changes a class. Invoices that are issued already keep the steps they have planned.
pub fn update(
    app: &Arc<App>,
    context: &Context,
    customer_class_id: Id,
    wanted: CustomerClassChange,
    render: Render<CustomerClass>,
) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::CustomerClassWrite).and_then(|()| Ok((wanted, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, wanted, trace| {
        let mut class = customer_class::load(tx, customer_class_id)?.ok_or(Error::NotFound("customer class"))?;
        if wanted.version.is_some_and(|version| version != class.version) {
            return Err(Error::ChangedMeanwhile);
        }
        apply(&mut class, wanted);
        check(&class)?;
        if customer_class::name_is_taken(tx, &class.name, customer_class_id)? {
            return Err(name_taken());
        }
        class.version += 1;
        match customer_class::save(tx, &class)? {
            Saved::Done => {}
            Saved::Overtaken => return Err(Error::ChangedMeanwhile),
            Saved::NameTaken => return Err(name_taken()),
        }
        leave(tx, context, trace, &class, "customer_class.updated")?;
        Ok(render(&class))
    })
}

fn apply(class: &mut CustomerClass, wanted: &CustomerClassChange) {
    if let Some(name) = &wanted.name {
        name.trim().clone_into(&mut class.name);
    }
    let policy = &mut class.collection;
    policy.payment_terms_days = wanted.payment_terms_days.unwrap_or(policy.payment_terms_days);
    policy.limit_after_days = wanted.limit_after_days.unwrap_or(policy.limit_after_days);
    policy.suspend_after_days = wanted.suspend_after_days.unwrap_or(policy.suspend_after_days);
    policy.terminate_after_days = wanted.terminate_after_days.unwrap_or(policy.terminate_after_days);
    policy.close_after_days = wanted.close_after_days.unwrap_or(policy.close_after_days);
    class.suspend_on_insufficient_funds = wanted.suspend_on_insufficient_funds.unwrap_or(class.suspend_on_insufficient_funds);
}
