//! Owns the password of an account: what is taken as one, and giving another. Nothing here ever tells it.
//! Does not own: comparing it with what a switch shows (domain/session).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::secret::Secret;
use trunkline_storage::Ticket;

use super::AccountView;
use super::change::{change, refuse_closed};
use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render};
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
    let mut fields = Check::default();
    if let Some(password) = &password {
        check(&mut fields, password);
    }
    if !fields.problems.is_empty() {
        return Ticket::ready(Err(Error::Invalid(fields.problems)));
    }
    change(app, context, account_id, "account.password_changed", render, move |_, account, _| {
        refuse_closed(account)?;
        account.password.clone_from(&password);
        Ok(json!({ "account_id": account_id, "has_password": password.is_some() }))
    })
}
