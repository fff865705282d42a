//! Owns what staff can do to a customer as it stands, whatever their role: the same answer tells a page what to offer and
//! a use case what to refuse.
//! Does not own: roles (staff.rs), and refusals for what an action is given, such as a date or an amount.

use super::{CustomerStatus, Standing};
use crate::customer::CustomerFacts;
use crate::hold::HoldKind;
use crate::refusal::Refusal;
use crate::time::Timestamp;

words! {
    /// `Terminate`: provisionally; where that has begun, it brings the closing forward. `Post`: charge, credit, payment, gift, refund.
    /// `Delete` asks besides that nothing else hangs on the customer.
    CustomerAction {
        Update = "update",
        Block = "block",
        Unblock = "unblock",
        LiftSuspension = "lift_suspension",
        Terminate = "terminate",
        Close = "close",
        Restore = "restore",
        Post = "post",
        AddAccount = "add_account",
        Delete = "delete",
    }
}

/// Closed customers refuse every operation; exported ones every one but being restored, for they live elsewhere.
pub fn may_be_done(action: CustomerAction, standing: &Standing, facts: &CustomerFacts, now: Timestamp) -> Result<(), Refusal> {
    let holds = |status| standing.holds(status);
    if standing.is_closed() {
        return Err(Refusal::CustomerClosed);
    }
    if holds(CustomerStatus::Exported) && action != CustomerAction::Restore {
        return Err(Refusal::CustomerExported);
    }
    let is_restrained = || [HoldKind::Suspension, HoldKind::Limitation].into_iter().any(|kind| facts.hold_at(kind, now).is_some());
    let can_be_restored = [CustomerStatus::Exported, CustomerStatus::ProvisionallyTerminated, CustomerStatus::Blocked];
    match action {
        CustomerAction::Block if holds(CustomerStatus::Blocked) => Err(Refusal::AlreadySo(CustomerStatus::Blocked)),
        CustomerAction::Unblock if !holds(CustomerStatus::Blocked) => Err(Refusal::NotSo(CustomerStatus::Blocked)),
        CustomerAction::LiftSuspension if !is_restrained() => Err(Refusal::NothingToLift),
        CustomerAction::Restore if !can_be_restored.into_iter().any(holds) => Err(Refusal::NotSo(CustomerStatus::ProvisionallyTerminated)),
        CustomerAction::Delete if holds(CustomerStatus::BillingPaused) => Err(Refusal::BillingPaused),
        CustomerAction::Update
        | CustomerAction::Block
        | CustomerAction::Unblock
        | CustomerAction::LiftSuspension
        | CustomerAction::Terminate
        | CustomerAction::Close
        | CustomerAction::Restore
        | CustomerAction::Post
        | CustomerAction::AddAccount
        | CustomerAction::Delete => Ok(()),
    }
}
