//! Owns telling whether a customer could be made or changed so, without doing it.
//! Does not own: making and changing it (change.rs).

use std::sync::Arc;

use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::staff::Permission;
use trunkline_storage::{Ticket, Tx, customer};

use super::change::{CustomerChange, class_for, validate_change};
use super::create::{CustomerNew, check_reseller, validate_new};
use super::{in_scope, view};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};
use crate::spending::check_plan;

/// Would `create` make this customer now? Somebody else may still take its name before it is made.
pub fn validate_create(app: &Arc<App>, context: &Context, new: CustomerNew) -> Ticket<Result<()>> {
    let prepared = context.actor.must(Permission::CustomerCreate).and_then(|()| validate_new(&new).map_err(Error::Invalid));
    let (currency, _) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let scope = context.actor.scope();
    if scope.is_some() && new.reseller_id.is_some_and(|reseller| Some(reseller) != scope) {
        return Ticket::ready(Err(Error::NotFound("reseller")));
    }
    let app_here = Arc::clone(app);
    app.database.read(move |tx| {
        let app = app_here;
        class_for(tx, new.customer_class_id, currency)?;
        if let Some(plan) = new.spending_plan_id {
            check_plan(tx, plan, currency)?;
        }
        if let Some(reseller_id) = new.reseller_id {
            check_reseller(tx, reseller_id, &app.policy(), app.now())?;
        }
        refuse_taken(tx, None, Some(&new.name), new.login.as_ref())
    })
}

/// Would `update` change this customer so now?
pub fn validate_update(app: &Arc<App>, context: &Context, customer_id: Id, wanted: CustomerChange) -> Ticket<Result<()>> {
    let prepared = context.actor.must(Permission::CustomerUpdate).and_then(|()| validate_change(&wanted).map_err(Error::Invalid));
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let found = view(tx, customer_id, &app.policy(), app.now())?.ok_or(Error::NotFound("customer"))?;
        in_scope(&actor, &found.customer)?;
        if let Some(class) = wanted.customer_class_id {
            class_for(tx, class, found.customer.currency)?;
        }
        refuse_taken(tx, Some(customer_id), wanted.name.as_ref(), wanted.login.as_ref().and_then(Option::as_ref))
    })
}

fn refuse_taken(tx: &mut Tx<'_>, own: Option<Id>, name: Option<&String>, login: Option<&String>) -> Result<()> {
    if let Some(name) = name
        && let Some(other) = customer::find_by_name(tx, &name_key(name))?
        && Some(other) != own
    {
        return Err(Error::invalid("name", "taken", "another customer has this name"));
    }
    if let Some(login) = login
        && let Some(other) = customer::find_by_login(tx, &name_key(login))?
        && Some(other) != own
    {
        return Err(Error::invalid("login", "taken", "another customer has this login"));
    }
    Ok(())
}
