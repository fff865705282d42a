//! Owns aliases: reading, adding and taking away further identities of an account, which spend what the account spends.
//! Does not own: numbers of the inventory (did.rs), which become aliases of the account that has them.

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_storage::alias;
pub use trunkline_storage::alias::Alias;
use trunkline_storage::{Ticket, account};

use super::change::{on_account, refuse_closed};
use super::{check_identity, check_owner, identity_taken};
use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render};
use crate::error::{Error, Result};

/// Further identities that an account can have.
pub const ALIASES_MAX: usize = 1_000;

/// The aliases of an account, the oldest first.
pub fn aliases(app: &Arc<App>, context: &Context, account_id: Id) -> Ticket<Result<Vec<Alias>>> {
    if let Err(refused) = context.actor.must(Permission::AccountRead) {
        return Ticket::ready(Err(refused));
    }
    let actor = context.actor.clone();
    app.database.read(move |tx| {
        let customer_id = account::find_customer(tx, account_id)?.ok_or(Error::NotFound("account"))?;
        check_owner(tx, &actor, customer_id)?;
        Ok(alias::of_account(tx, customer_id, account_id)?)
    })
}

/// One alias by its id.
pub fn get_alias(app: &Arc<App>, context: &Context, alias_id: Id) -> Ticket<Result<Alias>> {
    if let Err(refused) = context.actor.must(Permission::AccountRead) {
        return Ticket::ready(Err(refused));
    }
    let actor = context.actor.clone();
    app.database.read(move |tx| {
        let found = alias::find(tx, alias_id)?.ok_or(Error::NotFound("alias"))?;
        check_owner(tx, &actor, found.customer_id).map_err(|_| Error::NotFound("alias"))?;
        Ok(found)
    })
}

/// Gives an account one identity more. Answers with the rendered alias.
pub fn add_alias(app: &Arc<App>, context: &Context, account_id: Id, identity: String, render: Render<Alias>) -> Ticket<Result<String>> {
    let mut check = Check::default();
    check_identity(&mut check, &identity);
    let prepared = if check.problems.is_empty() { app.id(app.now()) } else { Err(Error::Invalid(check.problems)) };
    let alias_id = match prepared {
        Ok(alias_id) => alias_id,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    on_account(app, context, account_id, "account.alias_added", move |tx, account, now| {
        refuse_closed(&account)?;
        let customer_id = account.facts.customer_id;
        if alias::of_account(tx, customer_id, account_id)?.len() >= ALIASES_MAX {
            return Err(Error::invalid("identity", "too_many", format!("an account has at most {ALIASES_MAX} aliases")));
        }
        let added = Alias { alias_id, customer_id, account_id, identity: identity.clone(), did_id: None, created_at: now };
        if !alias::add(tx, &added)? {
            return Err(identity_taken());
        }
        Ok((json!({ "account_id": account_id, "alias_id": alias_id, "identity": identity }), render(&added)))
    })
}

/// Takes an alias away; its identity is free for others. A number of the inventory is released in its place.
pub fn remove_alias(app: &Arc<App>, context: &Context, account_id: Id, alias_id: Id) -> Ticket<Result<String>> {
    on_account(app, context, account_id, "account.alias_removed", move |tx, account, _| {
        let found = alias::of_account(tx, account.facts.customer_id, account_id)?.into_iter().find(|alias| alias.alias_id == alias_id);
        let found = found.ok_or(Error::NotFound("alias"))?;
        if found.did_id.is_some() {
            return Err(Error::invalid("alias_id", "is_did", "it is a number of the inventory; release that"));
        }
        alias::remove(tx, &found)?;
        Ok((json!({ "account_id": account_id, "alias_id": alias_id, "identity": found.identity }), String::new()))
    })
}
