//! Owns how a payment is allocated to invoices and when automatic payment counts as frozen.
//! Does not own: gateways, balances (balance.rs).

use crate::id::Id;
use crate::invoice::OpenInvoice;
use crate::money::{Money, MoneyError};
use crate::time::Timestamp;

/// Consecutive hard failures after which automatic payment is frozen, unless the installation says otherwise.
pub const FREEZE_AFTER_FAILURES_DEFAULT: i64 = 3;

/// The saved means that is charged by itself, with its unbroken row of failures up to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoPayment {
    /// As staff read it, such as `Visa •••• 4242`.
    pub method: String,
    /// Hard failures since the last success, since the method was set, or since staff enabled it again.
    pub failures: i64,
    pub last_failure_at: Option<Timestamp>,
    pub last_failure_reason: Option<String>,
}

/// One part of a payment, given to one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    pub invoice_id: Id,
    pub number: i64,
    pub amount: Money,
    /// The invoice is covered by it.
    pub settles: bool,
}

/// Gives `amount` to the open invoices, the oldest first; a later one gets nothing before earlier ones are covered.
/// Returns the parts and what is left over. `invoices` may be in any order.
pub fn allocate(amount: Money, invoices: &[OpenInvoice]) -> Result<(Vec<Allocation>, Money), MoneyError> {
    let mut oldest_first: Vec<&OpenInvoice> = invoices.iter().filter(|invoice| invoice.outstanding.is_positive()).collect();
    oldest_first.sort_by_key(|invoice| (invoice.issued_at, invoice.invoice_id));
    let mut rest = amount;
    let mut allocations = Vec::new();
    for invoice in oldest_first {
        if !rest.is_positive() {
            break;
        }
        let part = rest.min(invoice.outstanding);
        rest = rest.checked_sub(part)?;
        allocations.push(Allocation {
            invoice_id: invoice.invoice_id,
            number: invoice.number,
            amount: part,
            settles: part == invoice.outstanding,
        });
    }
    Ok((allocations, rest))
}
