//! Owns what an xDR is called by what it does to the balance.
//! Does not own: making xDRs (balance.rs), and prices.

use crate::money::Money;

/// What an xDR is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum XdrKind {
    Charge,
    /// Given, but not paid: a compensation or a gift.
    Credit,
    Payment,
    /// Of a payment.
    Refund,
}

/// The service of xDRs that a payment or its refund leaves.
pub const PAYMENTS: &str = "payments";

impl XdrKind {
    pub const ALL: [XdrKind; 4] = [XdrKind::Charge, XdrKind::Credit, XdrKind::Payment, XdrKind::Refund];

    /// By its service and its amount, signed as owed.
    pub fn of(service: &str, owed: Money) -> XdrKind {
        match (service == PAYMENTS, owed.is_negative()) {
            (true, true) => XdrKind::Payment,
            (true, false) => XdrKind::Refund,
            (false, true) => XdrKind::Credit,
            (false, false) => XdrKind::Charge,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            XdrKind::Charge => "charge",
            XdrKind::Credit => "credit",
            XdrKind::Payment => "payment",
            XdrKind::Refund => "refund",
        }
    }
}
