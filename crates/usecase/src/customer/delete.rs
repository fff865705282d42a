//! Owns deleting a customer that nothing depends on.
//! Does not own: terminating one (hold.rs).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, may_be_done};
use trunkline_storage::{Ticket, Tx, audit, customer, customer_list, outbox};

use super::change::{Attempt, once};
use super::{CustomerView, in_scope, view};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// Deletes a customer without accounts, DID numbers, subcustomers, invoices, xDRs and balance; any of them is named in the refusal.
pub fn delete(app: &Arc<App>, context: &Context, customer_id: Id) -> Ticket<Result<String>> {
    let attempt = match Attempt::new(app, context, Permission::CustomerDelete, customer_id) {
        Ok(attempt) => attempt,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let context = context.clone();
    app.database.write(move |tx| {
        once(tx, &context, attempt.request_id, attempt.now, |tx| {
            delete_now(tx, &context, &attempt)?;
            Ok(String::new())
        })
    })
}

/// The deleting itself, within a transaction. The customer is locked meanwhile, so that nothing can be added to it. Gives it
/// as it was.
pub(super) fn delete_now(tx: &mut Tx<'_>, context: &Context, attempt: &Attempt) -> Result<CustomerView> {
    let Attempt { customer_id, policy, now, audit_id, event_id, .. } = *attempt;
    if !customer::lock(tx, customer_id)? {
        return Err(Error::NotFound("customer"));
    }
    let found = view(tx, customer_id, &policy, now)?.ok_or(Error::NotFound("customer"))?;
    in_scope(&context.actor, &found.customer)?;
    may_be_done(CustomerAction::Delete, &found.standing, &found.facts, now)?;
    let records = customer::dependants(tx, customer_id)?;
    let balance = Some((found.facts.balance, found.customer.currency)).filter(|(balance, _)| !balance.is_zero());
    if !records.is_empty() || balance.is_some() {
        return Err(Refusal::NotDeletable { records, balance }.into());
    }
    customer_list::delete(tx, customer_id)?;
    customer::delete(tx, &found.customer)?;
    let actor = context.actor.label();
    let detail = json!({ "name": found.customer.name, "name_key": name_key(&found.customer.name) }).to_string();
    let entry = audit::Entry { customer_id, audit_id, at: now, actor: &actor, action: attempt.permission.code(), detail: &detail };
    audit::append(tx, &entry)?;
    let payload = json!({ "customer_id": customer_id }).to_string();
    outbox::append(tx, &outbox::Event { customer_id, event_id, event_type: "customer.deleted", payload: &payload, created_at: now })?;
    Ok(found)
}
