//! Owns what an open invoice is and which collection steps it plans.
//! Does not own: how a period's charges become an invoice (a later noun of billing) and paying it (payment.rs).

use crate::customer_class::CollectionPolicy;
use crate::hold::HoldKind;
use crate::id::Id;
use crate::money::Money;
use crate::time::{Date, Timestamp, Zone};

/// An invoice that is not yet covered. Its payment state is derived: `total` less what was allocated to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvoice {
    pub invoice_id: Id,
    /// The number on the document.
    pub number: i64,
    pub issued_at: Timestamp,
    /// Last day on which it can be paid in time, in the customer's billing zone.
    pub due_on: Date,
    pub total: Money,
    /// What is still to be paid, above zero.
    pub outstanding: Money,
}

impl OpenInvoice {
    /// The first moment at which it is overdue: the local midnight after its due date.
    pub fn overdue_from(&self, zone: &Zone) -> Timestamp {
        overdue_from(self.due_on, zone)
    }
}

/// The first moment at which what is due on a day is overdue.
pub fn overdue_from(due_on: Date, zone: &Zone) -> Timestamp {
    zone.start_of(due_on.plus_days(1))
}

/// A step that collection takes unless the invoice is paid before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectionStep {
    pub kind: HoldKind,
    pub since: Timestamp,
    /// Terminations only: when it becomes permanent.
    pub closes_at: Option<Timestamp>,
}

/// The steps an invoice plans when it is issued: the due date is inclusive, so an invoice is overdue from the next
/// local midnight on, and "after N days" counts from there (docs/domain.md, Collection).
pub fn collection_steps(due_on: Date, policy: &CollectionPolicy, zone: &Zone) -> Vec<CollectionStep> {
    let after = |days: i64| zone.start_of(due_on.plus_days(days.saturating_add(1)));
    let mut steps = Vec::new();
    if let Some(days) = policy.limit_after_days {
        steps.push(CollectionStep { kind: HoldKind::Limitation, since: after(days), closes_at: None });
    }
    if let Some(days) = policy.suspend_after_days {
        steps.push(CollectionStep { kind: HoldKind::Suspension, since: after(days), closes_at: None });
    }
    if let Some(days) = policy.terminate_after_days {
        let closes_at = after(days.saturating_add(policy.close_after_days));
        steps.push(CollectionStep { kind: HoldKind::Termination, since: after(days), closes_at: Some(closes_at) });
    }
    steps
}
