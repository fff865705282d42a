//! Owns the status engine: from a customer's facts and a moment to every condition that holds, the one shown, what is
//! permitted, why, and when it next changes by itself.
//! Does not own: the facts, or storing what follows from them.

#[macro_use]
mod permits;
mod action;
mod explanation;
mod next;
mod reason;
mod table;

pub use action::{CustomerAction, may_be_done};
pub use explanation::{Explanation, ReasonCode, ReasonValue, Wording};
pub use next::{NextChange, next_change};
pub use permits::{CallsIn, CallsOut, Data, Messages, PeriodClose, Permits, SelfCare, UsageCharges};
pub use reason::{InvoiceReason, Reason};
pub use table::{CustomerStatus, StatusRow, Tone};

use crate::customer::{BalanceControl, CustomerFacts};
use crate::export::ExportPhase;
use crate::hold::{Hold, HoldCause, HoldKind};
use crate::id::Id;
use crate::payment::FREEZE_AFTER_FAILURES_DEFAULT;
use crate::time::Timestamp;

/// What an installation decides for all of its customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusPolicy {
    /// Blocked customers can still dial emergency numbers (the law of most countries).
    pub emergency_when_blocked: bool,
    /// Consecutive hard failures after which automatic payment is frozen, 1 or more.
    pub freeze_after_failures: i64,
}

impl Default for StatusPolicy {
    fn default() -> StatusPolicy {
        StatusPolicy { emergency_when_blocked: true, freeze_after_failures: FREEZE_AFTER_FAILURES_DEFAULT }
    }
}

/// The reseller a customer belongs to, with what holds of it; its own standing includes what it inherits in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResellerStanding {
    pub reseller_id: Id,
    pub name: String,
    pub standing: Standing,
    /// Why each of its conditions holds, in their order; empty where nobody is told.
    pub explanations: Vec<Explanation>,
}

/// One status that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub status: CustomerStatus,
    pub since: Option<Timestamp>,
    /// When it ends or turns into another by itself.
    pub until: Option<Timestamp>,
    pub reason: Reason,
}

/// What follows from the facts at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Every condition that holds, by rank; empty when active.
    pub conditions: Vec<Condition>,
    pub permits: Permits,
    /// The next moment at which something changes by itself.
    pub changes_at: Option<Timestamp>,
}

impl Standing {
    /// The one status shown.
    pub fn shown(&self) -> CustomerStatus {
        self.conditions.first().map_or(CustomerStatus::Active, |condition| condition.status)
    }

    pub fn holds(&self, status: CustomerStatus) -> bool {
        self.conditions.iter().any(|condition| condition.status == status)
    }

    /// Permanently terminated: every operation is refused.
    pub fn is_closed(&self) -> bool {
        self.holds(CustomerStatus::Closed)
    }
}

/// Derives the standing of a customer at `now`. `reseller` is its owner, with its standing at `now`.
pub fn standing(facts: &CustomerFacts, reseller: Option<&ResellerStanding>, policy: &StatusPolicy, now: Timestamp) -> Standing {
    let mut conditions: Vec<Condition> = Vec::new();
    termination(facts, now, &mut conditions);
    export(facts, &mut conditions);
    block(facts, now, &mut conditions);
    collection(facts, now, &mut conditions);
    inherited(reseller, &mut conditions);
    exhausted(facts, now, &mut conditions);
    spending(facts, now, &mut conditions);
    payment_frozen(facts, policy, &mut conditions);
    conditions.sort_by_key(|condition| condition.status.rank());
    if conditions.first().is_some_and(|first| first.status == CustomerStatus::Closed) {
        // Terminal: what held before no longer matters.
        conditions.truncate(1);
    }
    let permits = conditions
        .iter()
        .fold(CustomerStatus::Active.row().permits, |permits, condition| permits.and(permits_of(condition.status, policy)));
    let changes_at = next_moment(facts, reseller, &conditions, now);
    Standing { conditions, permits, changes_at }
}

/// What one status permits under the installation's policy.
pub fn permits_of(status: CustomerStatus, policy: &StatusPolicy) -> Permits {
    let permits = status.row().permits;
    let is_block = matches!(status, CustomerStatus::Blocked | CustomerStatus::ResellerBlocked);
    if is_block { Permits { emergency: policy.emergency_when_blocked, ..permits } } else { permits }
}

fn termination(facts: &CustomerFacts, now: Timestamp, conditions: &mut Vec<Condition>) {
    // Closing is for good: what ends a termination after it closed ends nothing, and no other termination hides it.
    let closed = |hold: &&Hold| {
        let closed_at = hold.closes_at.filter(|closes_at| *closes_at <= now && hold.since <= now);
        closed_at.is_some_and(|closed_at| hold.until.is_none_or(|until| closed_at < until))
    };
    let terminations = || facts.holds.iter().filter(|hold| hold.kind == HoldKind::Termination);
    let first_closed = terminations().filter(closed).min_by_key(|hold| (hold.closes_at, hold.hold_id));
    let Some(hold) = first_closed.or_else(|| facts.hold_at(HoldKind::Termination, now)) else { return };
    let closed_at = first_closed.and_then(|hold| hold.closes_at);
    let closes_at = terminations().filter(|hold| facts.counts_at(hold, now)).filter_map(|hold| hold.closes_at).min();
    let comment = match &hold.cause {
        HoldCause::Staff { comment } => comment.clone(),
        HoldCause::Invoice { .. } | HoldCause::InsufficientFunds { .. } => None,
    };
    let condition = match closed_at {
        Some(closed_at) => Condition {
            status: CustomerStatus::Closed,
            since: Some(closed_at),
            until: None,
            reason: if closed_at == hold.since && matches!(hold.cause, HoldCause::Staff { .. }) {
                Reason::ClosedByStaff { closed_at, comment }
            } else {
                Reason::ClosedAfterWindow { terminated_at: hold.since, closed_at }
            },
        },
        None => Condition {
            status: CustomerStatus::ProvisionallyTerminated,
            since: Some(hold.since),
            until: closes_at,
            reason: match hold.invoice_id() {
                Some(invoice_id) => Reason::TerminatedForInvoice { invoice: invoice_reason(facts, invoice_id), since: hold.since },
                None => Reason::TerminatedByStaff { since: hold.since, comment },
            },
        },
    };
    conditions.push(condition);
}

fn export(facts: &CustomerFacts, conditions: &mut Vec<Condition>) {
    let Some(export) = &facts.export else { return };
    match export.phase {
        ExportPhase::Started => conditions.push(Condition {
            status: CustomerStatus::BillingPaused,
            since: Some(export.started_at),
            until: None,
            reason: Reason::BillingPaused { target: export.target.clone(), started_at: export.started_at },
        }),
        ExportPhase::Finished => {
            let finished_at = export.finished_at.unwrap_or(export.started_at);
            conditions.push(Condition {
                status: CustomerStatus::Exported,
                since: Some(finished_at),
                until: None,
                reason: Reason::Exported { target: export.target.clone(), finished_at },
            });
        }
        ExportPhase::RolledBack => {}
    }
}

fn block(facts: &CustomerFacts, now: Timestamp, conditions: &mut Vec<Condition>) {
    let Some(hold) = facts.hold_at(HoldKind::Block, now) else { return };
    let comment = match &hold.cause {
        HoldCause::Staff { comment } => comment.clone(),
        HoldCause::Invoice { .. } | HoldCause::InsufficientFunds { .. } => None,
    };
    conditions.push(Condition {
        status: CustomerStatus::Blocked,
        since: Some(hold.since),
        until: hold.until,
        reason: Reason::Blocked { since: hold.since, comment },
    });
}

/// Suspension and limitation, or their lifted forms. A suspension replaces the limitation of the same invoice, and a
/// termination replaces all of them: it is the step after.
fn collection(facts: &CustomerFacts, now: Timestamp, conditions: &mut Vec<Condition>) {
    if facts.hold_at(HoldKind::Termination, now).is_some() {
        return;
    }
    let lifted_until = facts.lifted_until.filter(|until| now < *until);
    let suspensions: Vec<&Hold> = counting(facts, HoldKind::Suspension, now);
    let limitations: Vec<&Hold> = counting(facts, HoldKind::Limitation, now)
        .into_iter()
        .filter(|limitation| {
            let same_invoice =
                |suspension: &&&Hold| suspension.invoice_id().is_some() && suspension.invoice_id() == limitation.invoice_id();
            suspensions.iter().find(same_invoice).is_none()
        })
        .collect();
    for (holds, status, lifted) in [
        (suspensions, CustomerStatus::Suspended, CustomerStatus::SuspensionDelayed),
        (limitations, CustomerStatus::Limited, CustomerStatus::LimitingDelayed),
    ] {
        // The oldest one drives the chain.
        let Some(hold) = holds.into_iter().min_by_key(|hold| (hold.since, hold.hold_id)) else { continue };
        let reason = collection_reason(facts, hold);
        conditions.push(match lifted_until {
            Some(until) => Condition {
                status: lifted,
                since: Some(hold.since),
                until: Some(until),
                reason: Reason::Lifted { what: Box::new(reason), until },
            },
            None => Condition { status, since: Some(hold.since), until: hold.until, reason },
        });
    }
}

fn counting(facts: &CustomerFacts, kind: HoldKind, now: Timestamp) -> Vec<&Hold> {
    facts.holds.iter().filter(|hold| hold.kind == kind && facts.counts_at(hold, now)).collect()
}

fn collection_reason(facts: &CustomerFacts, hold: &Hold) -> Reason {
    let since = hold.since;
    let is_suspension = hold.kind == HoldKind::Suspension;
    match &hold.cause {
        HoldCause::InsufficientFunds { needed } => Reason::SuspendedForFunds { needed: *needed, since },
        HoldCause::Staff { comment } if is_suspension => Reason::SuspendedByStaff { since, comment: comment.clone() },
        HoldCause::Staff { comment } => Reason::LimitedByStaff { since, comment: comment.clone() },
        HoldCause::Invoice { invoice_id } => match invoice_reason(facts, *invoice_id) {
            Some(invoice) if is_suspension => Reason::SuspendedForInvoice { invoice, since },
            Some(invoice) => Reason::LimitedForInvoice { invoice, since },
            // Not reached: such a hold counts only while its invoice is open.
            None => Reason::SuspendedByStaff { since, comment: None },
        },
    }
}

fn invoice_reason(facts: &CustomerFacts, invoice_id: Id) -> Option<InvoiceReason> {
    facts.open_invoice(invoice_id).map(|invoice| InvoiceReason {
        number: invoice.number,
        total: invoice.total,
        outstanding: invoice.outstanding,
        due_on: invoice.due_on,
    })
}

/// Which of a reseller's conditions its customers inherit, and as what.
fn inherited_as(status: CustomerStatus) -> Option<CustomerStatus> {
    match status {
        CustomerStatus::Blocked | CustomerStatus::ResellerBlocked => Some(CustomerStatus::ResellerBlocked),
        CustomerStatus::Suspended | CustomerStatus::ResellerSuspended => Some(CustomerStatus::ResellerSuspended),
        CustomerStatus::ProvisionallyTerminated
        | CustomerStatus::ResellerProvisionallyTerminated
        // A reseller that is gone serves nobody; its customers wait for another owner.
        | CustomerStatus::Closed
        | CustomerStatus::Exported => Some(CustomerStatus::ResellerProvisionallyTerminated),
        CustomerStatus::BillingPaused
        | CustomerStatus::Limited
        | CustomerStatus::LimitingDelayed
        | CustomerStatus::CreditExceeded
        | CustomerStatus::NoAvailableFunds
        | CustomerStatus::SpendingLimitReached
        | CustomerStatus::SuspensionDelayed
        | CustomerStatus::Frozen
        | CustomerStatus::Active => None,
    }
}

fn inherited(reseller: Option<&ResellerStanding>, conditions: &mut Vec<Condition>) {
    let Some(reseller) = reseller else { return };
    for (index, condition) in reseller.standing.conditions.iter().enumerate() {
        let Some(status) = inherited_as(condition.status) else { continue };
        if conditions.iter().any(|known| known.status == status) {
            continue;
        }
        // An explanation that is missing must not let a customer off.
        let of_reseller = reseller.explanations.get(index).cloned().map(Box::new);
        conditions.push(Condition {
            status,
            since: condition.since,
            until: condition.until,
            reason: Reason::Reseller { reseller: reseller.name.clone(), of_reseller },
        });
    }
}

fn exhausted(facts: &CustomerFacts, now: Timestamp, conditions: &mut Vec<Condition>) {
    let (Some(limit), true) = (facts.effective_limit(now), facts.is_exhausted(now)) else { return };
    let temporary_until = facts.temporary_limit.map(|temporary| temporary.until);
    let in_force = temporary_until.filter(|until| now < *until);
    let since = facts.exhausted_from(now);
    let (status, reason) = match facts.balance_control {
        BalanceControl::Postpaid => {
            (CustomerStatus::CreditExceeded, Reason::CreditExceeded { balance: facts.balance, limit, temporary_until: in_force })
        }
        BalanceControl::Prepaid => {
            // Fails only beyond the range of amounts, where the funds are certainly gone.
            let available = limit.checked_sub(facts.balance).unwrap_or_default();
            (CustomerStatus::NoAvailableFunds, Reason::NoAvailableFunds { available })
        }
    };
    conditions.push(Condition { status, since, until: None, reason });
}

fn spending(facts: &CustomerFacts, now: Timestamp, conditions: &mut Vec<Condition>) {
    let Some(spending) = &facts.spending else { return };
    let today = facts.zone.date_of(now);
    if !spending.is_reached_on(today) {
        return;
    }
    conditions.push(Condition {
        status: CustomerStatus::SpendingLimitReached,
        since: spending.reached_at,
        until: Some(facts.zone.end_of(today)),
        reason: Reason::SpendingLimitReached {
            plan: spending.plan_name.clone(),
            spent: spending.spent,
            limit: spending.daily_limit,
            day: today,
        },
    });
}

fn payment_frozen(facts: &CustomerFacts, policy: &StatusPolicy, conditions: &mut Vec<Condition>) {
    let Some(payment) = &facts.auto_payment else { return };
    if payment.failures < policy.freeze_after_failures {
        return;
    }
    conditions.push(Condition {
        status: CustomerStatus::Frozen,
        since: payment.last_failure_at,
        until: None,
        reason: Reason::PaymentFrozen {
            method: payment.method.clone(),
            failures: payment.failures,
            last_failure_at: payment.last_failure_at,
            last_failure_reason: payment.last_failure_reason.clone(),
        },
    });
}

/// The earliest moment after `now` at which the conditions or what is stored of them can change by themselves.
fn next_moment(facts: &CustomerFacts, reseller: Option<&ResellerStanding>, conditions: &[Condition], now: Timestamp) -> Option<Timestamp> {
    if conditions.first().is_some_and(|first| first.status == CustomerStatus::Closed) {
        return None;
    }
    let holds = facts.holds.iter().flat_map(|hold| [Some(hold.since), hold.until, hold.closes_at]).flatten();
    let limit = facts.temporary_limit.map(|limit| limit.until);
    let spent = facts.spending.iter().filter(|spending| spending.spent >= spending.daily_limit).filter_map(|spending| spending.day);
    let midnights = spent.flat_map(|day| [facts.zone.start_of(day), facts.zone.end_of(day)]);
    let above = reseller.and_then(|reseller| reseller.standing.changes_at);
    holds.chain(facts.lifted_until).chain(limit).chain(midnights).chain(above).filter(|moment| *moment > now).min()
}

/// Why each condition of a standing holds, in their order.
pub fn explanations(facts: &CustomerFacts, standing: &Standing, now: Timestamp) -> Vec<Explanation> {
    let wording = Wording { currency: facts.currency, zone: &facts.zone, now };
    standing.conditions.iter().map(|condition| condition.reason.explain(wording)).collect()
}
