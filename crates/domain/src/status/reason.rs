//! Owns why a condition holds, as data, and the sentence of each with its figures and dates.
//! Does not own: whether it holds (mod.rs), how a sentence and its values are kept together (explanation.rs).

use super::explanation::{Explanation, ReasonCode, Wording};
use crate::money::Money;
use crate::time::{Date, Timestamp};

/// The invoice behind a limitation, a suspension or a termination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceReason {
    pub number: i64,
    pub total: Money,
    pub outstanding: Money,
    pub due_on: Date,
}

/// Why a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    ClosedByStaff {
        closed_at: Timestamp,
        comment: Option<String>,
    },
    ClosedAfterWindow {
        terminated_at: Timestamp,
        closed_at: Timestamp,
    },
    Exported {
        target: String,
        finished_at: Timestamp,
    },
    Blocked {
        since: Timestamp,
        comment: Option<String>,
    },
    Reseller {
        reseller: String,
        /// Of the reseller's own condition, in its currency and zone; none where nobody is told.
        of_reseller: Option<Box<Explanation>>,
    },
    BillingPaused {
        target: String,
        started_at: Timestamp,
    },
    SuspendedForInvoice {
        invoice: InvoiceReason,
        since: Timestamp,
    },
    SuspendedForFunds {
        needed: Money,
        since: Timestamp,
    },
    SuspendedByStaff {
        since: Timestamp,
        comment: Option<String>,
    },
    TerminatedByStaff {
        since: Timestamp,
        comment: Option<String>,
    },
    TerminatedForInvoice {
        invoice: Option<InvoiceReason>,
        since: Timestamp,
    },
    LimitedForInvoice {
        invoice: InvoiceReason,
        since: Timestamp,
    },
    LimitedByStaff {
        since: Timestamp,
        comment: Option<String>,
    },
    /// A limitation or suspension that rests until a date, with what it rests from.
    Lifted {
        what: Box<Reason>,
        until: Timestamp,
    },
    CreditExceeded {
        balance: Money,
        limit: Money,
        temporary_until: Option<Timestamp>,
    },
    NoAvailableFunds {
        available: Money,
    },
    SpendingLimitReached {
        plan: String,
        spent: Money,
        limit: Money,
        day: Date,
    },
    PaymentFrozen {
        method: String,
        failures: i64,
        last_failure_at: Option<Timestamp>,
        last_failure_reason: Option<String>,
    },
}

/// `invoice 1042 of 120.00 EUR was due on 16 June`, with what is open where it was paid in part.
fn told_invoice(invoice: &InvoiceReason, wording: Wording<'_>) -> Explanation {
    let is_due_whole = invoice.outstanding == invoice.total;
    let code = if is_due_whole { ReasonCode::InvoiceDue } else { ReasonCode::InvoicePaidInPart };
    let number = invoice.number.to_string();
    let start = wording.tell(code).words("invoice ").text("number", &number).words(" of ").amount("total", invoice.total);
    let start = if is_due_whole { start } else { start.words(" (").amount("outstanding", invoice.outstanding).words(" still open)") };
    start.words(" was due on ").day("due_on", invoice.due_on).done()
}

fn credit_exceeded(balance: Money, limit: Money, temporary_until: Option<Timestamp>, wording: Wording<'_>) -> Explanation {
    let code = if temporary_until.is_some() { ReasonCode::TemporaryCreditExceeded } else { ReasonCode::CreditExceeded };
    let start = wording.tell(code).words("the balance of ").amount("balance", balance);
    let start = start.words(" has reached the credit limit of ").amount("limit", limit);
    match temporary_until {
        Some(until) => start.words(" (temporary, until ").moment("until", until).words(")").done(),
        None => start.done(),
    }
}

fn payment_frozen(method: &str, failures: i64, last: Option<Timestamp>, why: Option<&str>, wording: Wording<'_>) -> Explanation {
    let times = if failures == 1 { "once".to_owned() } else { format!("{failures} times in a row") };
    let code = if last.is_some() { ReasonCode::PaymentFrozenSince } else { ReasonCode::PaymentFrozen };
    let start = wording.tell(code).words("automatic payment by ").text("method", method).words(" failed ");
    let start = start.number("count", failures, &times);
    match last {
        Some(last) => start.words(", last on ").date("last_on", last).comment(why),
        None => start.comment(why),
    }
}

impl Reason {
    /// The reason with its values and its sentence.
    pub fn explain(&self, wording: Wording<'_>) -> Explanation {
        let tell = |code: ReasonCode| wording.tell(code);
        let by_staff = |code: ReasonCode, words: &str, name: &'static str, since: Timestamp, comment: &Option<String>| {
            tell(code).words(words).date(name, since).comment(comment.as_deref())
        };
        let for_invoice = |code: ReasonCode, invoice: Explanation, words: &str, since: Timestamp| {
            tell(code).part("invoice", invoice).words(words).date("since", since).done()
        };
        match self {
            Reason::ClosedByStaff { closed_at, comment } => {
                by_staff(ReasonCode::ClosedByStaff, "permanently terminated by staff on ", "closed_on", *closed_at, comment)
            }
            Reason::ClosedAfterWindow { terminated_at, closed_at } => tell(ReasonCode::ClosedAfterWindow)
                .words("provisionally terminated on ")
                .date("terminated_on", *terminated_at)
                .words(" and not restored, closed on ")
                .date("closed_on", *closed_at)
                .done(),
            Reason::Exported { target, finished_at } => tell(ReasonCode::Exported)
                .words("moved to ")
                .text("target", target)
                .words(" on ")
                .moment("finished_at", *finished_at)
                .done(),
            Reason::Blocked { since, comment } => by_staff(ReasonCode::Blocked, "blocked by staff since ", "since", *since, comment),
            Reason::Reseller { reseller, of_reseller } => {
                let start = tell(ReasonCode::Reseller).words("reseller ").text("reseller", reseller);
                match of_reseller {
                    Some(reason) => start.words(": ").part("reason", Explanation::clone(reason)).done(),
                    None => start.done(),
                }
            }
            Reason::BillingPaused { target, started_at } => tell(ReasonCode::BillingPaused)
                .words("moving to ")
                .text("target", target)
                .words(" since ")
                .moment("started_at", *started_at)
                .words(", billing is paused")
                .done(),
            Reason::SuspendedForInvoice { invoice, since } => {
                for_invoice(ReasonCode::SuspendedForInvoice, told_invoice(invoice, wording), ", suspended since ", *since)
            }
            Reason::SuspendedForFunds { needed, since } => tell(ReasonCode::SuspendedForFunds)
                .words("the funds did not cover subscription fees of ")
                .amount("needed", *needed)
                .words(", suspended since ")
                .date("since", *since)
                .done(),
            Reason::SuspendedByStaff { since, comment } => {
                by_staff(ReasonCode::SuspendedByStaff, "suspended since ", "since", *since, comment)
            }
            Reason::TerminatedByStaff { since, comment } => {
                by_staff(ReasonCode::TerminatedByStaff, "provisionally terminated by staff on ", "since", *since, comment)
            }
            Reason::TerminatedForInvoice { invoice, since } => {
                let unnamed = || tell(ReasonCode::InvoiceUnnamed).words("an overdue invoice").done();
                let cause = invoice.as_ref().map_or_else(unnamed, |invoice| told_invoice(invoice, wording));
                for_invoice(ReasonCode::TerminatedForInvoice, cause, ", provisionally terminated on ", *since)
            }
            Reason::LimitedForInvoice { invoice, since } => {
                for_invoice(ReasonCode::LimitedForInvoice, told_invoice(invoice, wording), ", service limited since ", *since)
            }
            Reason::LimitedByStaff { since, comment } => {
                by_staff(ReasonCode::LimitedByStaff, "service limited since ", "since", *since, comment)
            }
            Reason::Lifted { what, until } => {
                tell(ReasonCode::Lifted).part("reason", what.explain(wording)).words("; lifted until ").moment("until", *until).done()
            }
            Reason::CreditExceeded { balance, limit, temporary_until } => credit_exceeded(*balance, *limit, *temporary_until, wording),
            Reason::NoAvailableFunds { available } => {
                tell(ReasonCode::NoAvailableFunds).words("the available funds are ").amount("available", *available).done()
            }
            Reason::SpendingLimitReached { plan, spent, limit, day } => tell(ReasonCode::SpendingLimitReached)
                .amount("spent", *spent)
                .words(" spent on ")
                .day("day", *day)
                .words(" of a daily limit of ")
                .amount("limit", *limit)
                .words(" (plan ")
                .text("plan", plan)
                .words(")")
                .done(),
            Reason::PaymentFrozen { method, failures, last_failure_at, last_failure_reason } => {
                payment_frozen(method, *failures, *last_failure_at, last_failure_reason.as_deref(), wording)
            }
        }
    }
}
