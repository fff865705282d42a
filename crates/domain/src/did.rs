//! Owns DID numbers: how one is written, and what may be done with it as it stands.
//! Does not own: keeping them (storage), and the identity by which a call to one finds its account (account).

use thiserror::Error;

use crate::id::Id;
use crate::money::Money;
use crate::time::Timestamp;

/// Digits of a number at least and at most; E.164 has 15 at the most, national plans stay below.
pub const DIGITS_MIN: usize = 3;
pub const DIGITS_MAX: usize = 15;

/// A number of the inventory, which is rented to customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    pub did_id: Id,
    /// Digits as they are dialled abroad, without a plus; unique in the installation. Never changes.
    pub number: String,
    pub description: Option<String>,
    /// Kept back: nobody gets it.
    pub is_frozen: bool,
    /// No fee is charged for it.
    pub is_free_of_charge: bool,
    /// What having it costs, at its assignment and in each billing period.
    pub activation_fee: Money,
    pub periodic_fee: Money,
    /// Who has it.
    pub customer_id: Option<Id>,
    /// Which of the customer's accounts calls to it find.
    pub account_id: Option<Id>,
    pub assigned_at: Option<Timestamp>,
    /// When it was given back last.
    pub released_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub version: i64,
}

/// Where a number stands; exactly one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DidState {
    /// In the pool.
    Free,
    /// A customer has it, and none of its accounts.
    OnCustomer,
    /// Calls to it find an account.
    OnAccount,
    /// In the pool, and kept back.
    Frozen,
}

impl DidState {
    pub const ALL: [DidState; 4] = [DidState::Free, DidState::OnCustomer, DidState::OnAccount, DidState::Frozen];

    pub const fn code(self) -> &'static str {
        match self {
            DidState::Free => "free",
            DidState::OnCustomer => "on_customer",
            DidState::OnAccount => "on_account",
            DidState::Frozen => "frozen",
        }
    }

    pub fn parse(code: &str) -> Option<DidState> {
        DidState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Why something cannot be done with a number as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DidProblem {
    #[error("the number is kept back; unfreeze it first")]
    Frozen,
    #[error("somebody has the number; release it first")]
    InUse,
    #[error("another customer has the number; release it first")]
    OfAnotherCustomer,
    #[error("nobody has the number")]
    NotAssigned,
}

impl DidProblem {
    pub const fn code(self) -> &'static str {
        match self {
            DidProblem::Frozen => "frozen",
            DidProblem::InUse => "in_use",
            DidProblem::OfAnotherCustomer => "of_another_customer",
            DidProblem::NotAssigned => "not_assigned",
        }
    }
}

impl Did {
    pub fn state(&self) -> DidState {
        match (self.is_frozen, self.customer_id, self.account_id) {
            (_, _, Some(_)) => DidState::OnAccount,
            (_, Some(_), None) => DidState::OnCustomer,
            (true, None, None) => DidState::Frozen,
            (false, None, None) => DidState::Free,
        }
    }

    /// A customer gets it, for one of its accounts or for later. An account gets it from the pool or from its own customer.
    pub fn assign(&mut self, customer_id: Id, account_id: Option<Id>, now: Timestamp) -> Result<(), DidProblem> {
        match (self.state(), account_id) {
            (DidState::Frozen, _) => return Err(DidProblem::Frozen),
            (DidState::OnAccount, _) | (DidState::OnCustomer, None) => return Err(DidProblem::InUse),
            (DidState::OnCustomer, Some(_)) if self.customer_id != Some(customer_id) => return Err(DidProblem::OfAnotherCustomer),
            (DidState::OnCustomer, Some(_)) | (DidState::Free, _) => {}
        }
        (self.customer_id, self.account_id, self.assigned_at) = (Some(customer_id), account_id, Some(now));
        Ok(())
    }

    /// It goes back into the pool. Returns the customer and the account who had it.
    pub fn release(&mut self, now: Timestamp) -> Result<(Id, Option<Id>), DidProblem> {
        let customer_id = self.customer_id.take().ok_or(DidProblem::NotAssigned)?;
        (self.assigned_at, self.released_at) = (None, Some(now));
        Ok((customer_id, self.account_id.take()))
    }

    /// Keeps it back, or not any longer. One that somebody has stays theirs.
    pub fn freeze(&mut self, is_frozen: bool) -> Result<(), DidProblem> {
        match self.state() {
            DidState::OnCustomer | DidState::OnAccount if is_frozen => Err(DidProblem::InUse),
            DidState::Free | DidState::OnCustomer | DidState::OnAccount | DidState::Frozen => {
                self.is_frozen = is_frozen;
                Ok(())
            }
        }
    }
}

/// The digits of a number that is written with or without a plus. None: it is no number.
pub fn parse_number(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('+');
    let is_number = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.to_owned())
}
