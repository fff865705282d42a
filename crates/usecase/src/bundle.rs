//! Owns bundles: reading, making, changing and deleting them, and what is left of them for an account.
//! Does not own: which product has which (product.rs), and charging (domain/bundle.rs).

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::bundle::{Bundle, BundleItem, BundleProblem, Calendar, check_bundle};
use trunkline_domain::id::Id;
use trunkline_domain::rating::Across;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::{Date, Timestamp};
use trunkline_storage::customer_class::Saved;
use trunkline_storage::{StorageError, Ticket, Tx, account, bundle, customer, product};

use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render};
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

/// A bundle to be made. The ids of its items are not given.
#[derive(Clone, Debug)]
pub struct BundleNew {
    pub name: String,
    pub across: Across,
    pub items: Vec<BundleItem>,
}

/// What is to be changed; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct BundleChange {
    pub version: Option<i64>,
    pub name: Option<String>,
    pub across: Option<Across>,
    /// All of them anew. One with the id of an item that is there stays that item, with what was taken of it; 0 makes a new one.
    pub items: Option<Vec<BundleItem>>,
}

/// All bundles, by name.
pub fn list(app: &Arc<App>, context: &Context) -> Ticket<Result<Vec<Bundle>>> {
    if let Err(refused) = context.actor.must(Permission::ProductRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(|tx| Ok(bundle::all(tx)?))
}

pub fn get(app: &Arc<App>, context: &Context, bundle_id: Id) -> Ticket<Result<Bundle>> {
    if let Err(refused) = context.actor.must(Permission::ProductRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| load(tx, bundle_id))
}

fn load(tx: &mut Tx<'_>, bundle_id: Id) -> Result<Bundle> {
    bundle::load(tx, bundle_id)?.ok_or(Error::NotFound("bundle"))
}

fn checked(bundle: &Bundle) -> Result<()> {
    let mut check = Check::default();
    check.name("name", &bundle.name);
    for problem in check_bundle(bundle) {
        let (field, code) = match problem {
            BundleProblem::Items => ("items".to_owned(), "too_many"),
            BundleProblem::Prefixes { place } => (format!("items[{place}].prefixes"), "not_prefixes"),
            BundleProblem::Volume { place } => (format!("items[{place}].volume"), "out_of_range"),
            BundleProblem::Rollover { place } => (format!("items[{place}].rollover_periods"), "out_of_range"),
            BundleProblem::UsedUp { place } => (format!("items[{place}].used_up"), "not_for_service"),
        };
        check.fail(&field, code, problem.to_string());
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// Gives each new item its id.
fn name_items(app: &App, now: Timestamp, items: &mut [BundleItem]) -> Result<()> {
    for item in items.iter_mut().filter(|item| item.item_id == 0) {
        item.item_id = app.id(now)?;
    }
    Ok(())
}

/// Makes a bundle.
pub fn create(app: &Arc<App>, context: &Context, new: BundleNew, render: Render<Bundle>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::ProductWrite)?;
        let now = app.now();
        let (bundle_id, trace) = (app.id(now)?, Trace::at(app, now)?);
        let mut items = new.items;
        if items.iter().any(|item| item.item_id != 0) {
            return Err(Error::invalid("items", "id_given", "a new bundle has new items; leave their ids out"));
        }
        let across = new.across;
        let mut made = Bundle { bundle_id, name: new.name.trim().to_owned(), across, items: Vec::new(), created_at: now, version: 1 };
        std::mem::swap(&mut made.items, &mut items);
        checked(&made)?;
        name_items(app, now, &mut made.items)?;
        Ok((made, trace))
    };
    write(app, context, prepared(), move |tx, context, made, trace| {
        if !bundle::add(tx, made)? {
            return Err(name_taken());
        }
        leave(tx, context, trace, made, "bundle.created")?;
        Ok(render(made))
    })
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "another bundle has this name")
}

fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, bundle: &Bundle, event_type: &str) -> Result<()> {
    let detail = json!({ "bundle_id": bundle.bundle_id, "name": bundle.name, "version": bundle.version }).to_string();
    trace.leave(tx, context, [Permission::ProductWrite.code(), &detail], [event_type, &detail])
}

/// Changes a bundle for everybody who has it. What was taken of an item stays taken; another volume holds from the period that runs.
pub fn update(app: &Arc<App>, context: &Context, bundle_id: Id, wanted: BundleChange, render: Render<Bundle>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::ProductWrite).and_then(|()| {
        let now = app.now();
        let mut wanted = wanted;
        let known: HashSet<Id> = wanted.items.iter().flatten().map(|item| item.item_id).filter(|item_id| *item_id != 0).collect();
        name_items(app, now, wanted.items.as_deref_mut().unwrap_or_default())?;
        Ok(((wanted, known), Trace::at(app, now)?))
    });
    write(app, context, prepared, move |tx, context, (wanted, known), trace| {
        let mut changed = load(tx, bundle_id)?;
        if wanted.version.is_some_and(|version| version != changed.version) {
            return Err(Error::ChangedMeanwhile);
        }
        if let Some(item_id) = known.iter().find(|item_id| changed.items.iter().all(|item| item.item_id != **item_id)) {
            return Err(Error::invalid("items", "not_found", format!("the bundle has no item {item_id}; leave the id out for a new one")));
        }
        if let Some(name) = &wanted.name {
            name.trim().clone_into(&mut changed.name);
        }
        changed.across = wanted.across.unwrap_or(changed.across);
        if let Some(items) = &wanted.items {
            changed.items.clone_from(items);
        }
        let mut once: Vec<Id> = changed.items.iter().map(|item| item.item_id).collect();
        once.sort_unstable();
        once.dedup();
        if once.len() < changed.items.len() {
            return Err(Error::invalid("items", "twice", "an item is given twice"));
        }
        checked(&changed)?;
        changed.items.sort_unstable_by_key(|item| item.item_id);
        changed.version += 1;
        match bundle::save(tx, &changed)? {
            Saved::Done => {}
            Saved::Overtaken => return Err(Error::ChangedMeanwhile),
            Saved::NameTaken => return Err(name_taken()),
        }
        leave(tx, context, trace, &changed, "bundle.updated")?;
        Ok(render(&changed))
    })
}

/// Deletes a bundle that no product has and by which no usage was authorized.
pub fn delete(app: &Arc<App>, context: &Context, bundle_id: Id) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::ProductWrite).and_then(|()| Ok(((), Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, (), trace| {
        let gone = load(tx, bundle_id)?;
        let products = bundle::products_of(tx, bundle_id)?;
        if let Some(name) = products.first() {
            let message = format!("the product “{name}” has this bundle, one of {}; take it out of them first", products.len());
            return Err(Error::invalid("id", "in_use", message));
        }
        let items: Vec<Id> = gone.items.iter().map(|item| item.item_id).collect();
        if bundle::taken_item(tx, &items)?.is_some() {
            return Err(Error::invalid(
                "id",
                "used",
                "usage has been authorized with this bundle; it stays, so that what was charged can be explained",
            ));
        }
        bundle::delete(tx, bundle_id)?;
        leave(tx, context, trace, &gone, "bundle.deleted")?;
        Ok(String::new())
    })
}

/// There is such a bundle, for a product to have.
pub(crate) fn check_given(tx: &mut Tx<'_>, bundle_id: Option<Id>) -> Result<()> {
    match bundle_id {
        Some(bundle_id) if bundle::load(tx, bundle_id)?.is_none() => {
            Err(Error::invalid("bundle_id", "not_found", format!("there is no bundle {bundle_id}")))
        }
        _ => Ok(()),
    }
}

/// What an account has of an item now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountItem {
    pub bundle_id: Id,
    pub bundle_name: String,
    pub product_id: Id,
    pub item: BundleItem,
    /// What can be used, in the order in which it is taken.
    pub periods: Vec<ItemPeriod>,
}

/// A period of an item whose volume can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemPeriod {
    pub first_day: Date,
    /// The first day on which nothing is left of it.
    pub expires_day: Date,
    /// None: without limit.
    pub volume: Option<i64>,
    /// With what open sessions hold.
    pub taken: i64,
}

/// What bundles include for an account now, in the order in which they are asked.
pub fn of_account(app: &Arc<App>, context: &Context, account_id: Id) -> Ticket<Result<Vec<AccountItem>>> {
    if let Err(refused) = context.actor.must(Permission::AccountRead) {
        return Ticket::ready(Err(refused));
    }
    let (actor, now) = (context.actor.clone(), app.now());
    app.database.read(move |tx| {
        let customer_id = account::find_customer(tx, account_id)?.unwrap_or(0);
        let owner = customer::load_one(tx, customer_id)?;
        let owner = owner.filter(|owner| actor.scope().is_none_or(|scope| owner.reseller_id == Some(scope)));
        let owner = owner.ok_or(Error::NotFound("account"))?;
        let known = bundle::load_use(tx, customer_id, account_id, i64::MIN)?;
        let calendar = Calendar { zone: &owner.zone, billing_period: known.billing_period, created_at: known.created_at };
        let mut held = Vec::new();
        for assigned in product::of_account(tx, customer_id, account_id)?.into_iter().filter(|assigned| assigned.is_active(now)) {
            held.extend(product::load(tx, assigned.product_id)?.map(|product| (product, assigned.active_from)));
        }
        held.sort_by_key(|(product, _)| (Reverse(product.priority), product.product_id));
        let mut items = Vec::new();
        for (product, since) in held {
            let found = product.bundle_id.map(|bundle_id| bundle::load(tx, bundle_id)).transpose()?.flatten();
            let Some(found) = found else { continue };
            for item in &found.items {
                let mut periods = Vec::new();
                for period in item.periods(&calendar, since, now) {
                    let day = |number| Date::from_day_number(number).map_err(|problem| StorageError::broken(problem.to_string()));
                    let taken = known.taken.get(&(item.item_id, period.first_day)).copied().unwrap_or(0);
                    let (first_day, expires_day) = (day(period.first_day)?, day(period.expires_day)?);
                    periods.push(ItemPeriod { first_day, expires_day, volume: period.volume, taken });
                }
                let (bundle_id, bundle_name) = (found.bundle_id, found.name.clone());
                items.push(AccountItem { bundle_id, bundle_name, product_id: product.product_id, item: item.clone(), periods });
            }
        }
        Ok(items)
    })
}
