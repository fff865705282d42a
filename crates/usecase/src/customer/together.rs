//! Owns changing a customer's record, its block and its lifted suspension in one commit, for callers that send all of
//! them in one request.
//! Does not own: each of these changes (change.rs, hold.rs).

use std::sync::Arc;

use trunkline_domain::customer::{BalanceControl, CustomerType};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, CustomerStatus};
use trunkline_domain::time::Date;
use trunkline_storage::Ticket;

use super::CustomerView;
use super::change::{CustomerChange, Render, Subject, apply, change, validate_change};
use super::hold::{block_now, lift_now, unblock_now};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, FieldProblem, Result};

/// Everything that one request may change. What is as wanted already stays, without a refusal.
#[derive(Clone, Debug, Default)]
pub struct TogetherChange {
    pub record: CustomerChange,
    pub blocked: Option<bool>,
    /// `Some(None)`: the caller takes the suspension for not lifted.
    pub lifted_through: Option<Option<Date>>,
    pub fixed: Fixed,
}

/// What never changes, as the caller takes it to be. Another value is refused.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    pub currency: Option<String>,
    pub balance_control: Option<BalanceControl>,
    pub customer_type: Option<CustomerType>,
    pub reseller_id: Option<Option<Id>>,
    pub opening_balance: Option<Money>,
}

/// Changes all of it or nothing.
pub fn update_together(
    app: &Arc<App>,
    context: &Context,
    customer_id: Id,
    wanted: TogetherChange,
    render: Render<CustomerView>,
) -> Ticket<Result<String>> {
    if let Err(problems) = validate_change(&wanted.record) {
        return Ticket::ready(Err(Error::Invalid(problems)));
    }
    let actor = context.actor.clone();
    change(app, context, Permission::CustomerUpdate, customer_id, render, move |subject| {
        subject.must_allow(CustomerAction::Update)?;
        if wanted.record.version.is_some_and(|version| version != subject.customer.version) {
            return Err(Error::ChangedMeanwhile);
        }
        check_fixed(subject, &wanted.fixed)?;
        // The zone of the record decides when the day of a lift ends: the new one, where it changes.
        apply(subject, &wanted.record)?;
        let is_blocked = subject.view.standing.holds(CustomerStatus::Blocked);
        match wanted.blocked.filter(|blocked| *blocked != is_blocked) {
            Some(true) => actor.must(Permission::CustomerBlock).and_then(|()| block_now(subject, None))?,
            Some(false) => actor.must(Permission::CustomerBlock).and_then(|()| unblock_now(subject))?,
            None => {}
        }
        let through = subject.view.facts.lifted_until.filter(|until| subject.now < *until);
        let through = through.map(|until| subject.view.facts.zone.date_of(until.plus_seconds(-1)));
        match wanted.lifted_through.filter(|wanted| *wanted != through) {
            Some(Some(date)) => actor.must(Permission::CustomerLiftSuspension).and_then(|()| lift_now(subject, date))?,
            Some(None) => {
                return Err(Error::invalid("lifted_through", "not_taken_back", "a lifted suspension ends with its day or a payment"));
            }
            None => {}
        }
        Ok(())
    })
}

fn check_fixed(subject: &Subject<'_, '_>, fixed: &Fixed) -> Result<()> {
    let customer = &subject.customer;
    let differs = [
        ("currency", fixed.currency.as_ref().is_some_and(|currency| currency != customer.currency.code())),
        ("balance_control", fixed.balance_control.is_some_and(|control| control != customer.balance_control)),
        ("customer_type", fixed.customer_type.is_some_and(|kind| kind != customer.customer_type)),
        ("reseller_id", fixed.reseller_id.is_some_and(|reseller| reseller != customer.reseller_id)),
        ("opening_balance", fixed.opening_balance.is_some_and(|balance| balance != customer.opening_balance)),
    ];
    let problems: Vec<FieldProblem> = differs
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(field, _)| FieldProblem::new(field, "fixed", "cannot be changed after the customer was made"))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}
