//! Owns the password of an account: what is taken as one, and giving another. Nothing here ever tells it.
//! Does not own: comparing it with what a switch shows (domain/session).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::secret::Secret;
use trunkline_domain::staff::Permission;
use trunkline_storage::{Ticket, account, audit, customer, outbox};

use super::{AccountView, check_owner, refuse_gone, views};
use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render, once};
use crate::error::{Error, Result};

pub const PASSWORD_BYTES_MIN: usize = 8;
/// What User-Password of RADIUS can carry.
pub const PASSWORD_BYTES_MAX: usize = 128;

pub(super) fn check(check: &mut Check, password: &Secret) {
    let text = password.exposed();
    if !(PASSWORD_BYTES_MIN..=PASSWORD_BYTES_MAX).contains(&text.len()) || text.chars().any(char::is_control) {
        check.fail("password", "malformed", format!("{PASSWORD_BYTES_MIN} to {PASSWORD_BYTES_MAX} bytes, without control characters"));
    }
}

/// Gives an account another password, or takes it away. It holds from the next request of a switch on.
pub fn set_password(
    app: &Arc<App>,
    context: &Context,
    account_id: Id,
    password: Option<Secret>,
    render: Render<AccountView>,
) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::AccountUpdate).and_then(|()| {
        let mut fields = Check::default();
        if let Some(password) = &password {
            check(&mut fields, password);
        }
        if !fields.problems.is_empty() {
            return Err(Error::Invalid(fields.problems));
        }
        let now = app.now();
        Ok((now, app.ids::<3>(now)?))
    });
    let (now, [audit_id, event_id, request_id]) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (policy, context) = (app.policy(), context.clone());
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let customer_id = account::find_customer(tx, account_id)?.ok_or(Error::NotFound("account"))?;
            customer::lock(tx, customer_id)?;
            check_owner(tx, &context.actor, customer_id)?;
            refuse_gone(tx, customer_id, &policy, now)?;
            if !account::set_password(tx, customer_id, account_id, password.as_ref())? {
                return Err(Error::NotFound("account"));
            }
            let actor = context.actor.label();
            let detail = json!({ "account_id": account_id, "has_password": password.is_some() }).to_string();
            let action = Permission::AccountUpdate.code();
            audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action, detail: &detail })?;
            let event_type = "account.password_changed";
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type, payload: &detail, created_at: now })?;
            let changed = account::load(tx, customer_id, account_id)?.ok_or(Error::NotFound("account"))?;
            let view = views(tx, vec![changed], &policy, now)?.pop().ok_or(Error::NotFound("account"))?;
            Ok(render(&view))
        })
    })
}
