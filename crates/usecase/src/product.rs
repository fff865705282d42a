//! Owns products: reading, making, changing and deleting them, and who has them.
//! Does not own: charging by them (session.rs, domain/session).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::customer::CustomerType;
use trunkline_domain::id::Id;
use trunkline_domain::money::Currency;
use trunkline_domain::product::{CallLimits, Product, ProductKind, ProductProblem, ProductTariff, check_product};
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_class::Saved;
use trunkline_storage::product::{self, Assigned};
use trunkline_storage::{Ticket, Tx, account, audit, customer, outbox, tariff};

use crate::App;
use crate::actor::{Actor, Context};
use crate::bundle;
use crate::customer::{Check, Render, once};
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

/// A product to be made.
#[derive(Clone, Debug)]
pub struct ProductNew {
    pub name: String,
    pub kind: ProductKind,
    /// Of add-ons, 1 to `PRIORITY_MAX`; 0 for a main product.
    pub priority: i64,
    pub currency: String,
    pub calls: CallLimits,
    pub tariffs: Vec<ProductTariff>,
    /// What it includes.
    pub bundle_id: Option<Id>,
}

/// What is to be changed; what is not given stays. Kind and currency never change.
#[derive(Clone, Debug, Default)]
pub struct ProductChange {
    pub version: Option<i64>,
    pub name: Option<String>,
    pub priority: Option<i64>,
    pub calls_max: Option<Option<i64>>,
    pub calls_outgoing_max: Option<Option<i64>>,
    pub calls_incoming_max: Option<Option<i64>>,
    /// All of them anew.
    pub tariffs: Option<Vec<ProductTariff>>,
    pub bundle_id: Option<Option<Id>>,
}

/// All products, by name.
pub fn list(app: &Arc<App>, context: &Context) -> Ticket<Result<Vec<Product>>> {
    if let Err(refused) = context.actor.must(Permission::ProductRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(|tx| Ok(product::all(tx)?))
}

pub fn get(app: &Arc<App>, context: &Context, product_id: Id) -> Ticket<Result<Product>> {
    if let Err(refused) = context.actor.must(Permission::ProductRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| load(tx, product_id))
}

fn load(tx: &mut Tx<'_>, product_id: Id) -> Result<Product> {
    product::load(tx, product_id)?.ok_or(Error::NotFound("product"))
}

/// Checks a product by itself.
fn checked(product: &Product, mut check: Check) -> Result<()> {
    check.name("name", &product.name);
    for problem in check_product(product) {
        let (field, code) = match problem {
            ProductProblem::Priority => ("priority", "out_of_range"),
            ProductProblem::CallsAll => ("calls_max", "out_of_range"),
            ProductProblem::CallsOutgoing => ("calls_outgoing_max", "out_of_range"),
            ProductProblem::CallsIncoming => ("calls_incoming_max", "out_of_range"),
            ProductProblem::Tariffs => ("tariffs", "twice"),
        };
        check.fail(field, code, problem.to_string());
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// Its tariffs exist, are for their service, and in its currency.
fn check_tariffs(tx: &mut Tx<'_>, product: &Product) -> Result<()> {
    for entry in &product.tariffs {
        let tariff = tariff::load(tx, entry.tariff_id)?;
        let tariff = tariff.ok_or_else(|| Error::invalid("tariffs", "not_found", format!("there is no tariff {}", entry.tariff_id)))?;
        if tariff.service != entry.service {
            let message = format!("the tariff “{}” is for {}, not for {}", tariff.name, tariff.service.code(), entry.service.code());
            return Err(Error::invalid("tariffs", "service_of_tariff", message));
        }
        if tariff.currency != product.currency {
            let message = format!("the tariff “{}” is in {}, and the product in {}", tariff.name, tariff.currency, product.currency);
            return Err(Error::invalid("tariffs", "currency_of_tariff", message));
        }
    }
    Ok(())
}

/// Makes a product.
pub fn create(app: &Arc<App>, context: &Context, new: ProductNew, render: Render<Product>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::ProductWrite)?;
        let now = app.now();
        let product_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        let mut check = Check::default();
        let Some(currency) = check.currency("currency", &new.currency) else { return Err(Error::Invalid(check.problems)) };
        let mut tariffs = new.tariffs;
        tariffs.sort_unstable();
        let name = new.name.trim().to_owned();
        let (kind, priority, calls, bundle_id) = (new.kind, new.priority, new.calls, new.bundle_id);
        let made = Product { product_id, name, kind, priority, currency, calls, tariffs, bundle_id, created_at: now, version: 1 };
        checked(&made, check)?;
        Ok((made, trace))
    };
    write(app, context, prepared(), move |tx, context, made, trace| {
        check_tariffs(tx, made)?;
        bundle::check_given(tx, made.bundle_id)?;
        if !product::add(tx, made)? {
            return Err(name_taken());
        }
        leave(tx, context, trace, made, "product.created")?;
        Ok(render(made))
    })
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "another product has this name")
}

fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, product: &Product, event_type: &str) -> Result<()> {
    let detail = json!({ "product_id": product.product_id, "name": product.name, "version": product.version }).to_string();
    trace.leave(tx, context, [Permission::ProductWrite.code(), &detail], [event_type, &detail])
}

/// Changes a product. Calls that are under way go on as they began.
pub fn update(app: &Arc<App>, context: &Context, product_id: Id, wanted: ProductChange, render: Render<Product>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::ProductWrite).and_then(|()| Ok((wanted, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, wanted, trace| {
        let mut changed = load(tx, product_id)?;
        if wanted.version.is_some_and(|version| version != changed.version) {
            return Err(Error::ChangedMeanwhile);
        }
        if let Some(name) = &wanted.name {
            name.trim().clone_into(&mut changed.name);
        }
        changed.priority = wanted.priority.unwrap_or(changed.priority);
        let calls = &mut changed.calls;
        for (limit, given) in [
            (&mut calls.all, wanted.calls_max),
            (&mut calls.outgoing, wanted.calls_outgoing_max),
            (&mut calls.incoming, wanted.calls_incoming_max),
        ] {
            *limit = given.unwrap_or(*limit);
        }
        if let Some(tariffs) = &wanted.tariffs {
            changed.tariffs.clone_from(tariffs);
            changed.tariffs.sort_unstable();
        }
        changed.bundle_id = wanted.bundle_id.unwrap_or(changed.bundle_id);
        checked(&changed, Check::default())?;
        check_tariffs(tx, &changed)?;
        bundle::check_given(tx, changed.bundle_id)?;
        changed.version += 1;
        match product::save(tx, &changed)? {
            Saved::Done => {}
            Saved::Overtaken => return Err(Error::ChangedMeanwhile),
            Saved::NameTaken => return Err(name_taken()),
        }
        leave(tx, context, trace, &changed, "product.updated")?;
        Ok(render(&changed))
    })
}

/// Deletes a product that nobody has.
pub fn delete(app: &Arc<App>, context: &Context, product_id: Id) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::ProductWrite).and_then(|()| Ok(((), Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, (), trace| {
        let gone = load(tx, product_id)?;
        if product::is_used(tx, product_id)? {
            return Err(Error::invalid("id", "in_use", "accounts or resellers have this product; take it away from them first"));
        }
        product::delete(tx, product_id)?;
        leave(tx, context, trace, &gone, "product.deleted")?;
        Ok(String::new())
    })
}

/// Who is to have a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Account(Id),
    /// A reseller, for what its customers use.
    Reseller(Id),
}

/// A product that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub product: Product,
    pub active_from: Timestamp,
    pub active_to: Option<Timestamp>,
}

/// Whose money is spent, and the account; 0 for a reseller.
fn place_of(tx: &mut Tx<'_>, actor: &Actor, holder: Holder) -> Result<(Id, Id, Currency)> {
    let (customer_id, account_id, missing) = match holder {
        Holder::Account(account_id) => (account::find_customer(tx, account_id)?.unwrap_or(0), account_id, "account"),
        Holder::Reseller(customer_id) => (customer_id, 0, "customer"),
    };
    let owner = customer::load_one(tx, customer_id)?.filter(|owner| actor.scope().is_none_or(|scope| owner.reseller_id == Some(scope)));
    let owner = owner.ok_or(Error::NotFound(missing))?;
    if account_id == 0 && owner.customer_type != CustomerType::Reseller {
        return Err(Error::invalid("id", "not_reseller", "only a reseller has products of its own; give this one's accounts theirs"));
    }
    Ok((customer_id, account_id, owner.currency))
}

/// The products that somebody has, the first to be asked first.
pub fn held(app: &Arc<App>, context: &Context, holder: Holder) -> Ticket<Result<Vec<Held>>> {
    if let Err(refused) = context.actor.must(Permission::AccountRead) {
        return Ticket::ready(Err(refused));
    }
    let actor = context.actor.clone();
    app.database.read(move |tx| {
        let (customer_id, account_id, _) = place_of(tx, &actor, holder)?;
        let mut found = Vec::new();
        for assigned in product::of_account(tx, customer_id, account_id)? {
            let product = load(tx, assigned.product_id)?;
            found.push(Held { product, active_from: assigned.active_from, active_to: assigned.active_to });
        }
        found.sort_by_key(|held| (std::cmp::Reverse(held.product.priority), held.product.product_id));
        Ok(found)
    })
}

/// Gives a product from a moment on, until another where one is given. Of main products there is one: another takes its place.
pub fn give(
    app: &Arc<App>,
    context: &Context,
    holder: Holder,
    product_id: Id,
    period: (Option<Timestamp>, Option<Timestamp>),
) -> Ticket<Result<String>> {
    assign(app, context, holder, move |tx, now, place| {
        put(tx, place, product_id, period, now)?;
        Ok(("product.given", product_id))
    })
}

/// Gives a product from now on, as a part of another change of its holder, who is locked.
pub(crate) fn give_within(tx: &mut Tx<'_>, actor: &Actor, holder: Holder, product_id: Id, now: Timestamp) -> Result<()> {
    let place = place_of(tx, actor, holder)?;
    check_given(tx, product_id, place.2)?;
    put(tx, place, product_id, (None, None), now)
}

/// Can a customer with this currency have the product that a field names?
pub(crate) fn check_given(tx: &mut Tx<'_>, product_id: Id, currency: Currency) -> Result<()> {
    fitting(tx, product_id, currency).map(drop).map_err(|problem| match problem {
        Error::NotFound(_) => Error::invalid("product_id", "not_found", "there is no such product"),
        other => other,
    })
}

fn fitting(tx: &mut Tx<'_>, product_id: Id, currency: Currency) -> Result<Product> {
    let given = load(tx, product_id)?;
    if given.currency == currency {
        return Ok(given);
    }
    let message = format!("the product is in {}, and the customer in {currency}", given.currency);
    Err(Error::invalid("product_id", "currency_of_product", message))
}

fn put(
    tx: &mut Tx<'_>,
    (customer_id, account_id, currency): (Id, Id, Currency),
    product_id: Id,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
    now: Timestamp,
) -> Result<()> {
    let given = fitting(tx, product_id, currency)?;
    let active_from = from.unwrap_or(now);
    if to.is_some_and(|to| to <= active_from) {
        return Err(Error::invalid("active_to", "range_reversed", "the end lies after the beginning"));
    }
    if given.kind == ProductKind::Main {
        for other in product::of_account(tx, customer_id, account_id)? {
            if other.product_id != product_id && load(tx, other.product_id)?.kind == ProductKind::Main {
                product::take_away(tx, customer_id, account_id, other.product_id)?;
            }
        }
    }
    product::assign(tx, &Assigned { customer_id, account_id, product_id, active_from, active_to: to })?;
    Ok(())
}

/// Takes a product away at once.
pub fn take_away(app: &Arc<App>, context: &Context, holder: Holder, product_id: Id) -> Ticket<Result<String>> {
    assign(app, context, holder, move |tx, _, (customer_id, account_id, _)| {
        let was_had = product::take_away(tx, customer_id, account_id, product_id)?;
        if was_had { Ok(("product.taken_away", product_id)) } else { Err(Error::NotFound("product of this account")) }
    })
}

fn assign(
    app: &Arc<App>,
    context: &Context,
    holder: Holder,
    work: impl Fn(&mut Tx<'_>, Timestamp, (Id, Id, Currency)) -> Result<(&'static str, Id)> + Send + 'static,
) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::ProductAssign).and_then(|()| {
        let now = app.now();
        Ok((now, app.ids::<3>(now)?))
    });
    let (now, [audit_id, event_id, request_id]) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let context = context.clone();
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let place = place_of(tx, &context.actor, holder)?;
            let (customer_id, account_id, _) = place;
            customer::lock(tx, customer_id)?;
            let (event_type, product_id) = work(tx, now, place)?;
            let detail = json!({ "account_id": account_id, "product_id": product_id }).to_string();
            let (actor, action) = (context.actor.label(), Permission::ProductAssign.code());
            audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action, detail: &detail })?;
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type, payload: &detail, created_at: now })?;
            Ok(String::new())
        })
    })
}
