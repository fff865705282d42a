//! Owns what may be given back of an xDR, and how much is left of it.
//! Does not own: payments, which are given back by refunds of their own (balance.rs), and prices.

use crate::balance::POSTING_DIGITS;
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;
use crate::xdr::PAYMENTS;

/// Why an xDR was made that refers to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CorrectionKind {
    /// All that was left of it is taken back.
    Reversal,
    /// A part is given back.
    Refund,
    /// All that was left of it is taken back, and the same usage is charged anew.
    Rerating,
}

impl CorrectionKind {
    pub const ALL: [CorrectionKind; 3] = [CorrectionKind::Reversal, CorrectionKind::Refund, CorrectionKind::Rerating];

    pub const fn code(self) -> &'static str {
        match self {
            CorrectionKind::Reversal => "reversal",
            CorrectionKind::Refund => "refund",
            CorrectionKind::Rerating => "rerating",
        }
    }

    pub fn parse(code: &str) -> Option<CorrectionKind> {
        CorrectionKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Nothing of the xDR stands any more.
    pub const fn reverts(self) -> bool {
        match self {
            CorrectionKind::Reversal | CorrectionKind::Rerating => true,
            CorrectionKind::Refund => false,
        }
    }
}

/// What a correction needs to know of an xDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correctable<'a> {
    pub service: &'a str,
    /// What it charged, signed as owed.
    pub owed: Money,
    /// It corrects another one itself.
    pub is_correction: bool,
    /// The sum of its corrections so far, signed as owed.
    pub corrected: Money,
    /// One of them took back all of it.
    pub is_reverted: bool,
}

impl Correctable<'_> {
    /// What still stands of it.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.owed.checked_add(self.corrected)
    }

    fn must_be_charge(&self) -> Result<(), Refusal> {
        match (self.service == PAYMENTS, self.is_correction) {
            (true, _) => Err(Refusal::XdrIsPayment),
            (false, true) => Err(Refusal::XdrIsCorrection),
            (false, false) => Ok(()),
        }
    }
}

/// What a reversal posts, signed as owed: the opposite of what is left. None: it is reverted already, and a repeat changes nothing.
pub fn reversal(xdr: &Correctable<'_>) -> Result<Option<Money>, Refusal> {
    xdr.must_be_charge()?;
    if xdr.is_reverted {
        return Ok(None);
    }
    let back = xdr.left().and_then(Money::checked_neg);
    back.map(Some).map_err(|_| Refusal::AmountTooLarge)
}

/// What giving back `amount` (above zero) posts, signed as owed.
pub fn partial_refund(xdr: &Correctable<'_>, amount: Money) -> Result<Money, Refusal> {
    xdr.must_be_charge()?;
    if !amount.is_positive() {
        return Err(Refusal::AmountNotPositive);
    }
    if amount.decimals() > usize::try_from(POSTING_DIGITS).unwrap_or(usize::MAX) {
        return Err(Refusal::AmountTooPrecise { digits: POSTING_DIGITS });
    }
    let left = if xdr.is_reverted { Money::ZERO } else { xdr.left().map_err(|_| Refusal::AmountTooLarge)?.max(Money::ZERO) };
    if amount > left {
        return Err(Refusal::MoreThanLeft { left });
    }
    amount.checked_neg().map_err(|_| Refusal::AmountTooLarge)
}
