//! Owns what staff do to a customer's status: block, lift, terminate, restore.
//! Does not own: holds that collection plans, and what a hold restricts (domain).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::balance::allocate_waiting;
use trunkline_domain::hold::{COMMENT_CHARACTERS_MAX, Hold, HoldCause, HoldKind, LIFT_DAYS_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::payment::Allocation;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, CustomerStatus};
use trunkline_domain::time::Date;
use trunkline_storage::{Ticket, customer, customer_class, export, hold, invoice, payment};

use super::CustomerView;
use super::change::{Render, Subject, change};
use super::field::Check;
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// How a customer is to be terminated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// Services stop; it closes by itself, on this day of its zone at the latest as its class says, unless restored.
    Provisional { closes_on: Option<Date> },
    /// For good.
    Permanent,
}

fn check_comment(comment: Option<&String>) -> Result<()> {
    let mut check = Check::default();
    if let Some(comment) = comment {
        check.line("comment", comment, COMMENT_CHARACTERS_MAX);
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// Blocks a customer until staff unblock it.
pub fn block(
    app: &Arc<App>,
    context: &Context,
    customer_id: Id,
    comment: Option<String>,
    render: Render<CustomerView>,
) -> Ticket<Result<String>> {
    if let Err(refused) = check_comment(comment.as_ref()) {
        return Ticket::ready(Err(refused));
    }
    change(app, context, Permission::CustomerBlock, customer_id, render, move |subject| block_now(subject, comment.clone()))
}

pub(super) fn block_now(subject: &mut Subject<'_, '_>, comment: Option<String>) -> Result<()> {
    subject.must_allow(CustomerAction::Block)?;
    subject.detail.insert("blocked".into(), json!({ "comment": comment }));
    add(subject, HoldKind::Block, comment, None)
}

fn add(
    subject: &mut Subject<'_, '_>,
    kind: HoldKind,
    comment: Option<String>,
    closes_at: Option<trunkline_domain::time::Timestamp>,
) -> Result<()> {
    let hold = Hold { hold_id: subject.new_id, kind, cause: HoldCause::Staff { comment }, since: subject.now, until: None, closes_at };
    hold::add(subject.tx, subject.customer.customer_id, &hold, subject.staff_id, subject.now)?;
    Ok(())
}

/// Ends every hold of a kind.
fn end_all(subject: &mut Subject<'_, '_>, kind: HoldKind) -> Result<()> {
    let ids: Vec<Id> = subject.view.facts.holds.iter().filter(|hold| hold.kind == kind).map(|hold| hold.hold_id).collect();
    Ok(hold::end(subject.tx, subject.customer.customer_id, &ids, subject.now)?)
}

/// Takes a block away.
pub fn unblock(app: &Arc<App>, context: &Context, customer_id: Id, render: Render<CustomerView>) -> Ticket<Result<String>> {
    change(app, context, Permission::CustomerBlock, customer_id, render, unblock_now)
}

pub(super) fn unblock_now(subject: &mut Subject<'_, '_>) -> Result<()> {
    subject.must_allow(CustomerAction::Unblock)?;
    subject.detail.insert("unblocked".into(), json!(true));
    end_all(subject, HoldKind::Block)
}

/// Lets a suspended or limited customer use its services through the end of `until`, a day of its zone.
pub fn lift_suspension(
    app: &Arc<App>,
    context: &Context,
    customer_id: Id,
    until: Date,
    render: Render<CustomerView>,
) -> Ticket<Result<String>> {
    change(app, context, Permission::CustomerLiftSuspension, customer_id, render, move |subject| lift_now(subject, until))
}

pub(super) fn lift_now(subject: &mut Subject<'_, '_>, until: Date) -> Result<()> {
    subject.must_allow(CustomerAction::LiftSuspension)?;
    let zone = &subject.customer.zone;
    let today = zone.date_of(subject.now);
    if until < today || until > today.plus_days(LIFT_DAYS_MAX) {
        return Err(Refusal::LiftDateOutOfRange { days_max: LIFT_DAYS_MAX }.into());
    }
    let moment = zone.end_of(until);
    subject.customer.lifted_until = Some(moment);
    subject.detail.insert("lifted_until".into(), json!(moment.to_rfc3339()));
    Ok(())
}

/// Terminates a customer.
pub fn terminate(
    app: &Arc<App>,
    context: &Context,
    customer_id: Id,
    termination: Termination,
    comment: Option<String>,
    render: Render<CustomerView>,
) -> Ticket<Result<String>> {
    if let Err(refused) = check_comment(comment.as_ref()) {
        return Ticket::ready(Err(refused));
    }
    change(app, context, Permission::CustomerTerminate, customer_id, render, move |subject| match termination {
        Termination::Provisional { closes_on } => terminate_provisionally(subject, closes_on, comment.clone()),
        Termination::Permanent => terminate_permanently(subject, comment.clone()),
    })
}

fn terminate_provisionally(subject: &mut Subject<'_, '_>, closes_on: Option<Date>, comment: Option<String>) -> Result<()> {
    subject.must_allow(CustomerAction::Terminate)?;
    let zone = subject.customer.zone.clone();
    let begun = subject.view.facts.hold_at(HoldKind::Termination, subject.now).cloned();
    let latest = match begun.as_ref().and_then(|hold| hold.closes_at) {
        Some(closes_at) => closes_at,
        None => {
            let class = customer_class::load(subject.tx, subject.customer.customer_class_id)?;
            let days = class.map_or(trunkline_domain::customer_class::CLOSE_AFTER_DAYS_DEFAULT, |class| class.collection.close_after_days);
            zone.start_of(zone.date_of(subject.now).plus_days(days.max(1)))
        }
    };
    let closes_at = match closes_on {
        None if begun.is_some() => return Err(Refusal::AlreadySo(CustomerStatus::ProvisionallyTerminated).into()),
        None => latest,
        Some(day) => zone.start_of(day),
    };
    if closes_at <= subject.now {
        return Err(Error::invalid("closes_on", "in_the_past", "a day that is still to come"));
    }
    if closes_at > latest {
        return Err(Refusal::ClosingDateLater.into());
    }
    subject.detail.insert("closes_at".into(), json!(closes_at.to_rfc3339()));
    match begun {
        Some(hold) => Ok(hold::close_at(subject.tx, subject.customer.customer_id, hold.hold_id, closes_at)?),
        None => {
            // A planned termination of collection is overtaken by this one.
            end_all(subject, HoldKind::Termination)?;
            add(subject, HoldKind::Termination, comment, Some(closes_at))
        }
    }
}

fn terminate_permanently(subject: &mut Subject<'_, '_>, comment: Option<String>) -> Result<()> {
    subject.must_allow(CustomerAction::Close)?;
    let customer_id = subject.customer.customer_id;
    if customer::has_open_subcustomers(subject.tx, customer_id, CustomerStatus::Closed.order())? {
        return Err(Refusal::HasOpenSubcustomers.into());
    }
    subject.detail.insert("closed".into(), json!({ "comment": comment }));
    end_all(subject, HoldKind::Termination)?;
    add(subject, HoldKind::Termination, comment, Some(subject.now))
}

/// Takes back a block, a provisional termination, or an export that has ended.
pub fn restore(app: &Arc<App>, context: &Context, customer_id: Id, render: Render<CustomerView>) -> Ticket<Result<String>> {
    change(app, context, Permission::CustomerRestore, customer_id, render, move |subject| {
        subject.must_allow(CustomerAction::Restore)?;
        let standing = &subject.view.standing;
        if standing.holds(CustomerStatus::Exported) {
            end_export(subject)?;
        } else if standing.holds(CustomerStatus::ProvisionallyTerminated) {
            end_terminations(subject)?;
        } else {
            end_all(subject, HoldKind::Block)?;
        }
        subject.detail.insert("restored".into(), json!(subject.view.standing.shown().code()));
        Ok(())
    })
}

/// Ends the terminations that have begun, paid or not (docs/domain.md, Collection): the invoice behind one keeps its limitation and
/// suspension, and does not terminate a second time. What another invoice has planned for later stays.
fn end_terminations(subject: &mut Subject<'_, '_>) -> Result<()> {
    let begun = |hold: &&Hold| hold.kind == HoldKind::Termination && hold.since <= subject.now;
    let ids: Vec<Id> = subject.view.facts.holds.iter().filter(begun).map(|hold| hold.hold_id).collect();
    Ok(hold::end(subject.tx, subject.customer.customer_id, &ids, subject.now)?)
}

/// Takes the latest move back. Payments that were taken meanwhile now pay what is open.
fn end_export(subject: &mut Subject<'_, '_>) -> Result<()> {
    let (customer_id, now) = (subject.customer.customer_id, subject.now);
    export::roll_back_latest(subject.tx, customer_id, now)?;
    let effects = allocate_waiting(&subject.view.facts, now).map_err(|_| Refusal::AmountTooLarge)?;
    let mut payments = payment::with_rest(subject.tx, customer_id)?.into_iter();
    let mut current = payments.next();
    for part in &effects.allocations {
        let mut open = part.amount.millionths();
        while let Some((payment_id, rest)) = current.as_mut().filter(|_| open > 0) {
            let taken = open.min(*rest);
            open -= taken;
            *rest -= taken;
            let piece = Allocation { amount: Money::from_millionths(taken), settles: part.settles && open == 0, ..part.clone() };
            invoice::allocate(subject.tx, customer_id, *payment_id, &piece, now)?;
            if *rest == 0 {
                current = payments.next();
            }
        }
    }
    hold::end(subject.tx, customer_id, &effects.holds_ended, now)?;
    if effects.lift_erased {
        subject.customer.lifted_until = None;
    }
    Ok(customer::save_balance(subject.tx, &effects.after)?)
}
