//! Owns why a condition holds, as data and as a sentence with figures and dates.
//! Does not own: whether it holds (mod.rs).

use crate::money::{Currency, Money};
use crate::time::{Date, Timestamp, Zone};

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
        sentence: String,
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

/// What a sentence needs beside the reason: amounts are in `currency`, dates in `zone`; the year is left out where it is `now`'s.
#[derive(Clone, Copy, Debug)]
pub struct Wording<'a> {
    pub currency: Currency,
    pub zone: &'a Zone,
    pub now: Timestamp,
}

impl Wording<'_> {
    pub(crate) fn date(&self, moment: Timestamp) -> String {
        self.zone.display_date(moment, self.now)
    }

    pub(crate) fn moment(&self, moment: Timestamp) -> String {
        self.zone.display_moment(moment, self.now)
    }

    fn day(&self, date: Date) -> String {
        date.display(self.zone.date_of(self.now).year())
    }

    /// `invoice 1042 of 120.00 EUR was due on 16 June`, with what is open where it was paid in part.
    fn invoice(&self, invoice: &InvoiceReason) -> String {
        let open = if invoice.outstanding == invoice.total {
            String::new()
        } else {
            format!(" ({} still open)", invoice.outstanding.display(self.currency))
        };
        format!("invoice {} of {}{open} was due on {}", invoice.number, invoice.total.display(self.currency), self.day(invoice.due_on))
    }
}

fn with_comment(sentence: String, comment: Option<&String>) -> String {
    comment.map_or(sentence.clone(), |comment| format!("{sentence}: {comment}"))
}

impl Reason {
    /// One English sentence without a full stop, such as
    /// `invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July`.
    pub fn sentence(&self, wording: &Wording<'_>) -> String {
        match self {
            Reason::ClosedByStaff { closed_at, comment } => {
                with_comment(format!("permanently terminated by staff on {}", wording.date(*closed_at)), comment.as_ref())
            }
            Reason::ClosedAfterWindow { terminated_at, closed_at } => format!(
                "provisionally terminated on {} and not restored, closed on {}",
                wording.date(*terminated_at),
                wording.date(*closed_at)
            ),
            Reason::Exported { target, finished_at } => format!("moved to {target} on {}", wording.moment(*finished_at)),
            Reason::Blocked { since, comment } => {
                with_comment(format!("blocked by staff since {}", wording.date(*since)), comment.as_ref())
            }
            Reason::Reseller { reseller, sentence } => format!("reseller {reseller}: {sentence}"),
            Reason::BillingPaused { target, started_at } => {
                format!("moving to {target} since {}, billing is paused", wording.moment(*started_at))
            }
            Reason::SuspendedForInvoice { invoice, since } => {
                format!("{}, suspended since {}", wording.invoice(invoice), wording.date(*since))
            }
            Reason::SuspendedForFunds { needed, since } => format!(
                "the funds did not cover subscription fees of {}, suspended since {}",
                needed.display(wording.currency),
                wording.date(*since)
            ),
            Reason::SuspendedByStaff { since, comment } => {
                with_comment(format!("suspended since {}", wording.date(*since)), comment.as_ref())
            }
            Reason::TerminatedByStaff { since, comment } => {
                with_comment(format!("provisionally terminated by staff on {}", wording.date(*since)), comment.as_ref())
            }
            Reason::TerminatedForInvoice { invoice, since } => {
                let cause = invoice.as_ref().map_or("an overdue invoice".to_owned(), |invoice| wording.invoice(invoice));
                format!("{cause}, provisionally terminated on {}", wording.date(*since))
            }
            Reason::LimitedForInvoice { invoice, since } => {
                format!("{}, service limited since {}", wording.invoice(invoice), wording.date(*since))
            }
            Reason::LimitedByStaff { since, comment } => {
                with_comment(format!("service limited since {}", wording.date(*since)), comment.as_ref())
            }
            Reason::Lifted { what, until } => format!("{}; lifted until {}", what.sentence(wording), wording.moment(*until)),
            Reason::CreditExceeded { balance, limit, temporary_until } => {
                let temporary = temporary_until.map(|until| format!(" (temporary, until {})", wording.moment(until))).unwrap_or_default();
                format!(
                    "the balance of {} has reached the credit limit of {}{temporary}",
                    balance.display(wording.currency),
                    limit.display(wording.currency)
                )
            }
            Reason::NoAvailableFunds { available } => {
                format!("the available funds are {}", available.display(wording.currency))
            }
            Reason::SpendingLimitReached { plan, spent, limit, day } => format!(
                "{} spent on {} of a daily limit of {} (plan {plan})",
                spent.display(wording.currency),
                wording.day(*day),
                limit.display(wording.currency)
            ),
            Reason::PaymentFrozen { method, failures, last_failure_at, last_failure_reason } => {
                let times = if *failures == 1 { "once".to_owned() } else { format!("{failures} times in a row") };
                let last = last_failure_at.map(|at| format!(", last on {}", wording.date(at))).unwrap_or_default();
                with_comment(format!("automatic payment by {method} failed {times}{last}"), last_failure_reason.as_ref())
            }
        }
    }
}
