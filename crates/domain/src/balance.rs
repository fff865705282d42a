//! Owns what a posting does to a customer: the balance, the invoices it pays, the holds it ends.
//! Does not own: what calls cost, and storing the effects.

use crate::customer::CustomerFacts;
use crate::hold::{Hold, HoldCause, HoldKind};
use crate::id::Id;
use crate::money::{Money, MoneyError};
use crate::payment::{Allocation, allocate};
use crate::refusal::Refusal;
use crate::status::{CustomerAction, CustomerStatus, ResellerStanding, StatusPolicy, may_be_done, standing};
use crate::time::Timestamp;

/// Decimals that an amount of a posting can have.
pub const POSTING_DIGITS: u32 = 5;

/// What staff can post by hand (docs/domain.md, Transactions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostingAction {
    /// For a service outside the meter. Raises what is owed.
    ManualCharge,
    /// Compensation tied to a service; lowers what is owed, and is no payment.
    ManualCredit,
    /// Cash, cheque, bank transfer. Lowers what is owed and is allocated to the oldest open invoice first.
    ManualPayment,
    /// A gift.
    PromotionalCredit,
    /// Money given back by hand. Raises what is owed and takes from payments that no invoice has used.
    Refund,
}

impl PostingAction {
    pub const ALL: [PostingAction; 5] = [
        PostingAction::ManualCharge,
        PostingAction::ManualCredit,
        PostingAction::ManualPayment,
        PostingAction::PromotionalCredit,
        PostingAction::Refund,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            PostingAction::ManualCharge => "manual_charge",
            PostingAction::ManualCredit => "manual_credit",
            PostingAction::ManualPayment => "manual_payment",
            PostingAction::PromotionalCredit => "promotional_credit",
            PostingAction::Refund => "refund",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            PostingAction::ManualCharge => "Manual charge",
            PostingAction::ManualCredit => "Manual credit",
            PostingAction::ManualPayment => "Manual payment",
            PostingAction::PromotionalCredit => "Promotional credit",
            PostingAction::Refund => "Refund",
        }
    }

    pub fn parse(code: &str) -> Option<PostingAction> {
        PostingAction::ALL.into_iter().find(|action| action.code() == code)
    }

    /// The amount with the sign of what is owed: a charge is above zero.
    pub fn owed(self, amount: Money) -> Result<Money, MoneyError> {
        match self {
            PostingAction::ManualCharge | PostingAction::Refund => Ok(amount),
            PostingAction::ManualCredit | PostingAction::ManualPayment | PostingAction::PromotionalCredit => amount.checked_neg(),
        }
    }
}

/// What a posting changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingEffects {
    /// Signed as owed.
    pub owed: Money,
    pub allocations: Vec<Allocation>,
    /// Holds that end with it, at the moment of the posting.
    pub holds_ended: Vec<Id>,
    /// The date of a lifted suspension is erased, for nothing is left to lift.
    pub lift_erased: bool,
    /// The facts afterwards.
    pub after: CustomerFacts,
}

/// Decides a posting of `amount` (above zero) at `now`.
pub fn decide_posting(
    facts: &CustomerFacts,
    reseller: Option<&ResellerStanding>,
    policy: &StatusPolicy,
    action: PostingAction,
    amount: Money,
    now: Timestamp,
) -> Result<PostingEffects, Refusal> {
    let before = standing(facts, reseller, policy, now);
    may_be_done(CustomerAction::Post, &before, facts, now)?;
    if !amount.is_positive() {
        return Err(Refusal::AmountNotPositive);
    }
    if amount.decimals() > usize::try_from(POSTING_DIGITS).unwrap_or(usize::MAX) {
        return Err(Refusal::AmountTooPrecise { digits: POSTING_DIGITS });
    }
    // During an export payments are taken and wait: they are allocated when it has ended.
    let allocates = !before.holds(CustomerStatus::BillingPaused);
    post(facts, action, amount, allocates, now).map_err(|_| Refusal::AmountTooLarge)
}

fn post(
    facts: &CustomerFacts,
    action: PostingAction,
    amount: Money,
    allocates: bool,
    now: Timestamp,
) -> Result<PostingEffects, MoneyError> {
    let owed = action.owed(amount)?;
    let mut after = facts.clone();
    after.balance = facts.balance.checked_add(owed)?;
    // The funds must stay within range too, for every list shows them.
    after.available_funds(now)?;
    let mut allocations = Vec::new();
    let mut holds_ended = Vec::new();
    match action {
        PostingAction::ManualPayment => {
            let (parts, rest) = if allocates { allocate(amount, &facts.open_invoices)? } else { (Vec::new(), amount) };
            after.unallocated = facts.unallocated.checked_add(rest)?;
            pay_invoices(&mut after, &parts)?;
            allocations = parts;
            holds_ended = end_paid_holds(&mut after, now)?;
        }
        PostingAction::Refund => {
            let taken = amount.min(facts.unallocated);
            after.unallocated = facts.unallocated.checked_sub(taken)?;
        }
        PostingAction::ManualCharge | PostingAction::ManualCredit | PostingAction::PromotionalCredit => {}
    }
    after.exhausted_since = exhausted_since(facts, &after, now);
    let lift_erased = facts.lifted_until.is_some() && after.lifted_until.is_none();
    Ok(PostingEffects { owed, allocations, holds_ended, lift_erased, after })
}

fn pay_invoices(after: &mut CustomerFacts, allocations: &[Allocation]) -> Result<(), MoneyError> {
    for part in allocations {
        for invoice in after.open_invoices.iter_mut().filter(|invoice| invoice.invoice_id == part.invoice_id) {
            invoice.outstanding = invoice.outstanding.checked_sub(part.amount)?;
        }
    }
    after.open_invoices.retain(|invoice| invoice.outstanding.is_positive());
    Ok(())
}

/// A payment ends what its invoices caused, planned steps included, and a suspension whose fees the funds now cover.
/// With the last of them the date of a lifted suspension is erased.
fn end_paid_holds(after: &mut CustomerFacts, now: Timestamp) -> Result<Vec<Id>, MoneyError> {
    let available = after.available_funds(now)?;
    let is_begun_termination = |hold: &Hold| hold.kind == HoldKind::Termination && hold.since <= now;
    let is_covered = |hold: &Hold| match &hold.cause {
        _ if is_begun_termination(hold) => false,
        HoldCause::Invoice { invoice_id } => after.open_invoice(*invoice_id).is_none(),
        HoldCause::InsufficientFunds { needed } => available.is_none_or(|available| available >= *needed),
        HoldCause::Staff { .. } => false,
    };
    let ended: Vec<Id> = after.holds.iter().filter(|hold| is_covered(hold)).map(|hold| hold.hold_id).collect();
    after.holds.retain(|hold| !ended.contains(&hold.hold_id));
    let rests = [HoldKind::Limitation, HoldKind::Suspension].iter().any(|kind| after.hold_at(*kind, now).is_some());
    if !rests {
        after.lifted_until = None;
    }
    Ok(ended)
}

/// What payments that waited during an export pay when it has been taken back: the oldest open invoices, as far as they reach.
pub fn allocate_waiting(facts: &CustomerFacts, now: Timestamp) -> Result<PostingEffects, MoneyError> {
    let (allocations, rest) = allocate(facts.unallocated, &facts.open_invoices)?;
    let mut after = facts.clone();
    after.unallocated = rest;
    pay_invoices(&mut after, &allocations)?;
    let holds_ended = end_paid_holds(&mut after, now)?;
    let lift_erased = facts.lifted_until.is_some() && after.lifted_until.is_none();
    Ok(PostingEffects { owed: Money::ZERO, allocations, holds_ended, lift_erased, after })
}

/// Since when the balance of `after` is exhausted, given what was known of `before`.
pub fn exhausted_since(before: &CustomerFacts, after: &CustomerFacts, now: Timestamp) -> Option<Timestamp> {
    match (before.is_exhausted(now), after.is_exhausted(now)) {
        (_, false) => None,
        (true, true) => before.exhausted_from(now).or(Some(now)),
        (false, true) => Some(now),
    }
}
