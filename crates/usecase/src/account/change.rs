//! Owns changing and terminating accounts, and telling whether one could be made or changed so.
//! Does not own: making them (mod.rs), moving their balances (storage's writer).

use std::sync::Arc;

use serde_json::{Value, json};
use trunkline_domain::account::AccountState;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::secret::Secret;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::account::{self, Account, identity_key};
use trunkline_storage::{Ticket, Tx, audit, customer, outbox};

use super::{
    AccountNew, AccountView, Settings, check_owner, customer_not_found, identity_taken, may_create, refuse_gone, validate_new, views,
};
use crate::App;
use crate::actor::{Actor, Context};
use crate::customer::{Check, Render, once};
use crate::did;
use crate::error::{Error, Result};
use crate::product::{self, Holder};

/// What is to be changed; what is not given stays. Identity, model and opening balance never change.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// The version the caller has seen; given, another one is refused.
    pub version: Option<i64>,
    pub blocked: Option<bool>,
    /// `false` activates an account that was made inactive; there is no way back.
    pub inactive: Option<bool>,
    /// Credit accounts only.
    pub credit_limit: Option<Option<Money>>,
    pub active_from: Option<Option<Timestamp>>,
    pub expires_at: Option<Option<Timestamp>>,
    pub life_time_days: Option<Option<i64>>,
    pub idle_days_max: Option<Option<i64>>,
    pub batch: Option<Option<String>>,
    pub password: Option<Option<Secret>>,
    /// A main product takes the place of the one it has.
    pub product_id: Option<Id>,
}

impl AccountChange {
    fn must(&self, actor: &Actor) -> Result<()> {
        actor.must(Permission::AccountUpdate)?;
        if self.product_id.is_some() { actor.must(Permission::ProductAssign) } else { Ok(()) }
    }

    /// The names of what is given, as the trail tells them.
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("blocked", self.blocked.is_some()),
            ("inactive", self.inactive.is_some()),
            ("credit_limit", self.credit_limit.is_some()),
            ("active_from", self.active_from.is_some()),
            ("expires_at", self.expires_at.is_some()),
            ("life_time_days", self.life_time_days.is_some()),
            ("idle_days_max", self.idle_days_max.is_some()),
            ("batch", self.batch.is_some()),
            ("password", self.password.is_some()),
            ("product_id", self.product_id.is_some()),
        ];
        all.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect()
    }

    /// Puts the change into the account and checks all of it.
    fn apply(&self, account: &mut Account) -> Result<()> {
        refuse_closed(account)?;
        if self.version.is_some_and(|version| version != account.version) {
            return Err(Error::ChangedMeanwhile);
        }
        let mut check = Check::default();
        let facts = &mut account.facts;
        facts.blocked = self.blocked.unwrap_or(facts.blocked);
        match self.inactive {
            Some(false) => facts.state = AccountState::Open,
            Some(true) if facts.state == AccountState::Open => {
                check.fail("inactive", "fixed", "it is active already; block it in its place")
            }
            Some(true) | None => {}
        }
        facts.credit_limit = self.credit_limit.unwrap_or(facts.credit_limit);
        facts.active_from = self.active_from.unwrap_or(facts.active_from);
        facts.expires_at = self.expires_at.unwrap_or(facts.expires_at);
        facts.life_time_days = self.life_time_days.unwrap_or(facts.life_time_days);
        facts.idle_days_max = self.idle_days_max.unwrap_or(facts.idle_days_max);
        if let Some(batch) = &self.batch {
            account.batch.clone_from(batch);
        }
        if let Some(password) = &self.password {
            account.password.clone_from(password);
        }
        // A password that stays is not looked at again.
        let password = self.password.as_ref().and_then(Option::as_ref);
        let facts = &account.facts;
        let settings = Settings {
            model: facts.model,
            credit_limit: facts.credit_limit,
            life_time_days: facts.life_time_days,
            idle_days_max: facts.idle_days_max,
            batch: account.batch.as_deref(),
            password,
        };
        settings.check(&mut check);
        if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
    }
}

/// What is terminated stays as it is.
pub(super) fn refuse_closed(account: &Account) -> Result<()> {
    if account.facts.state == AccountState::Closed { Err(Refusal::AccountClosed.into()) } else { Ok(()) }
}

/// Runs a change of one account: lock its customer, look, `decide`, save, leave the trail with what `decide` tells of it. Answers with
/// the rendered view.
pub(super) fn change<F>(
    app: &Arc<App>,
    context: &Context,
    account_id: Id,
    event_type: &'static str,
    render: Render<AccountView>,
    decide: F,
) -> Ticket<Result<String>>
where
    F: Fn(&mut Tx<'_>, &mut Account, Timestamp) -> Result<Value> + Send + 'static,
{
    let policy = app.policy();
    on_account(app, context, account_id, event_type, move |tx, mut changed, now| {
        let detail = decide(tx, &mut changed, now)?;
        account::save(tx, &changed)?;
        changed.version += 1;
        let view = views(tx, vec![changed], &policy, now)?.pop().ok_or(Error::NotFound("account"))?;
        Ok((detail, render(&view)))
    })
}

/// Runs what concerns one account, with its customer locked. `work` gives what the trail tells, and the answer.
pub(super) fn on_account<F>(app: &Arc<App>, context: &Context, account_id: Id, event_type: &'static str, work: F) -> Ticket<Result<String>>
where
    F: Fn(&mut Tx<'_>, Account, Timestamp) -> Result<(Value, String)> + Send + 'static,
{
    let prepared = context.actor.must(Permission::AccountUpdate).and_then(|()| {
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
            let found = account::load(tx, customer_id, account_id)?.ok_or(Error::NotFound("account"))?;
            let (detail, answer) = work(tx, found, now)?;
            let (actor, action, detail) = (context.actor.label(), Permission::AccountUpdate.code(), detail.to_string());
            audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action, detail: &detail })?;
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type, payload: &detail, created_at: now })?;
            Ok(answer)
        })
    })
}

/// Changes an account. It holds from the next request of a switch on; a call that is under way goes on.
pub fn update(
    app: &Arc<App>,
    context: &Context,
    account_id: Id,
    wanted: AccountChange,
    render: Render<AccountView>,
) -> Ticket<Result<String>> {
    if let Err(refused) = wanted.must(&context.actor) {
        return Ticket::ready(Err(refused));
    }
    let actor = context.actor.clone();
    change(app, context, account_id, "account.updated", render, move |tx, account, now| {
        wanted.apply(account)?;
        if let Some(product_id) = wanted.product_id {
            product::give_within(tx, &actor, Holder::Account(account_id), product_id, now)?;
        }
        Ok(json!({ "account_id": account_id, "changed": wanted.given() }))
    })
}

/// Ends an account for good. Its identity stays its own, for the records that name it; its numbers go back into the pool where asked.
pub fn terminate(
    app: &Arc<App>,
    context: &Context,
    account_id: Id,
    release_dids: bool,
    render: Render<AccountView>,
) -> Ticket<Result<String>> {
    change(app, context, account_id, "account.closed", render, move |tx, account, now| {
        refuse_closed(account)?;
        account.facts.state = AccountState::Closed;
        let released = if release_dids { did::release_all_of(tx, account_id, account.facts.customer_id, now)? } else { Vec::new() };
        Ok(json!({ "account_id": account_id, "identity": account.identity, "released": released }))
    })
}

/// Would `create` make this account now? Somebody else may still take its identity before it is made.
pub fn validate_create(app: &Arc<App>, context: &Context, new: AccountNew, product_id: Option<Id>) -> Ticket<Result<()>> {
    let prepared = may_create(&context.actor, product_id).and_then(|()| validate_new(&new).map_err(Error::Invalid));
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let customer_id = new.customer_id;
        check_owner(tx, &actor, customer_id)?;
        let owner = customer::load_one(tx, customer_id)?.ok_or_else(customer_not_found)?;
        if let Some(product_id) = product_id {
            product::check_given(tx, product_id, owner.currency)?;
        }
        refuse_gone(tx, customer_id, &app_here.policy(), app_here.now())?;
        match account::find_by_identity(tx, &identity_key(&new.identity))? {
            Some(_) => Err(identity_taken()),
            None => Ok(()),
        }
    })
}

/// Would `update` change this account so now?
pub fn validate_update(app: &Arc<App>, context: &Context, account_id: Id, wanted: AccountChange) -> Ticket<Result<()>> {
    if let Err(refused) = wanted.must(&context.actor) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let customer_id = account::find_customer(tx, account_id)?.ok_or(Error::NotFound("account"))?;
        check_owner(tx, &actor, customer_id)?;
        refuse_gone(tx, customer_id, &app_here.policy(), app_here.now())?;
        let mut found = account::load(tx, customer_id, account_id)?.ok_or(Error::NotFound("account"))?;
        if let Some((product_id, owner)) = wanted.product_id.zip(customer::load_one(tx, customer_id)?) {
            product::check_given(tx, product_id, owner.currency)?;
        }
        wanted.apply(&mut found)
    })
}
