//! Owns what a customer is, and the facts from which its status follows.
//! Does not own: deriving the status (status/), moving the balance (balance.rs).

use crate::billing::BillingPeriod;
use crate::contact::Contact;
use crate::export::Export;
use crate::hold::{Hold, HoldKind};
use crate::id::Id;
use crate::invoice::OpenInvoice;
use crate::money::{Currency, Money, MoneyError};
use crate::payment::AutoPayment;
use crate::spending::Spending;
use crate::time::{Timestamp, Zone};

/// How deep resellers can be nested below each other.
pub const RESELLER_DEPTH_MAX: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerType {
    /// Uses the service and is billed for it; a subcustomer when it belongs to a reseller.
    Retail,
    /// Owns subcustomers and is billed for all of them.
    Reseller,
}

impl CustomerType {
    pub const ALL: [CustomerType; 2] = [CustomerType::Retail, CustomerType::Reseller];

    pub const fn code(self) -> &'static str {
        match self {
            CustomerType::Retail => "retail",
            CustomerType::Reseller => "reseller",
        }
    }

    pub fn parse(code: &str) -> Option<CustomerType> {
        CustomerType::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How a customer pays: afterwards up to a credit limit, or in advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BalanceControl {
    Postpaid,
    Prepaid,
}

impl BalanceControl {
    pub const ALL: [BalanceControl; 2] = [BalanceControl::Postpaid, BalanceControl::Prepaid];

    pub const fn code(self) -> &'static str {
        match self {
            BalanceControl::Postpaid => "postpaid",
            BalanceControl::Prepaid => "prepaid",
        }
    }

    pub fn parse(code: &str) -> Option<BalanceControl> {
        BalanceControl::ALL.into_iter().find(|control| control.code() == code)
    }
}

/// A customer as it is stored: who it is and how it is served, without what moves by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub customer_id: Id,
    /// Unique in the installation by its key (name.rs).
    pub name: String,
    pub customer_type: CustomerType,
    pub reseller_id: Option<Id>,
    pub customer_class_id: Id,
    pub balance_control: BalanceControl,
    /// Never changes.
    pub currency: Currency,
    /// The billing zone.
    pub zone: Zone,
    pub billing_period: BillingPeriod,
    pub created_at: Timestamp,
    /// Signed as owed. Never changes.
    pub opening_balance: Money,
    /// The permanent limit; none is unlimited for postpaid and 0 for prepaid.
    pub credit_limit: Option<Money>,
    pub temporary_limit: Option<TemporaryLimit>,
    pub lifted_until: Option<Timestamp>,
    pub spending_plan_id: Option<Id>,
    /// None: as its class says.
    pub suspend_on_insufficient_funds: Option<bool>,
    /// For self-care; unique in the installation by its key.
    pub login: Option<String>,
    /// The customer's number in another system.
    pub reference: Option<String>,
    pub contact: Contact,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A credit limit that holds until a moment, then the permanent one holds again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemporaryLimit {
    pub amount: Money,
    pub until: Timestamp,
}

/// Everything the status of one customer follows from, but for what it inherits from its resellers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerFacts {
    pub customer_id: Id,
    pub customer_type: CustomerType,
    pub reseller_id: Option<Id>,
    pub balance_control: BalanceControl,
    pub currency: Currency,
    /// The billing zone: its midnight starts days and periods.
    pub zone: Zone,
    /// Owed to us: a charge raises it, a payment lowers it. Prepaid customers too.
    pub balance: Money,
    /// The permanent limit; none is unlimited for postpaid and 0 for prepaid.
    pub credit_limit: Option<Money>,
    pub temporary_limit: Option<TemporaryLimit>,
    /// When the balance last came to be exhausted, while it is.
    pub exhausted_since: Option<Timestamp>,
    /// Payments that no invoice has used up yet.
    pub unallocated: Money,
    /// "Lift the suspension until": suspensions and limitations rest before this moment.
    pub lifted_until: Option<Timestamp>,
    /// Holds that are not ended, planned ones included.
    pub holds: Vec<Hold>,
    pub open_invoices: Vec<OpenInvoice>,
    pub spending: Option<Spending>,
    pub auto_payment: Option<AutoPayment>,
    pub export: Option<Export>,
}

impl CustomerFacts {
    /// The limit in force at `now`; none is unlimited.
    pub fn effective_limit(&self, now: Timestamp) -> Option<Money> {
        let temporary = self.temporary_limit.filter(|limit| now < limit.until).map(|limit| limit.amount);
        match self.balance_control {
            BalanceControl::Postpaid => temporary.or(self.credit_limit),
            BalanceControl::Prepaid => temporary.or(self.credit_limit).or(Some(Money::ZERO)),
        }
    }

    /// What can still be spent at `now`; none is unlimited.
    pub fn available_funds(&self, now: Timestamp) -> Result<Option<Money>, MoneyError> {
        self.effective_limit(now).map(|limit| limit.checked_sub(self.balance)).transpose()
    }

    /// Postpaid: the balance is at or above the limit. Prepaid: no funds are left, which is the same comparison.
    pub fn is_exhausted(&self, now: Timestamp) -> bool {
        self.effective_limit(now).is_some_and(|limit| self.balance >= limit)
    }

    /// Since when the balance is exhausted, while it is. A temporary limit that ran out after the balance last moved is
    /// when the limit was reached.
    pub fn exhausted_from(&self, now: Timestamp) -> Option<Timestamp> {
        let ran_out = self.temporary_limit.map(|limit| limit.until).filter(|until| *until <= now);
        self.exhausted_since.or(ran_out).filter(|_| self.is_exhausted(now))
    }

    pub fn open_invoice(&self, invoice_id: Id) -> Option<&OpenInvoice> {
        self.open_invoices.iter().find(|invoice| invoice.invoice_id == invoice_id)
    }

    /// The hold of `kind` that restricts at `now`, the earliest one.
    pub fn hold_at(&self, kind: HoldKind, now: Timestamp) -> Option<&Hold> {
        self.holds.iter().filter(|hold| hold.kind == kind && self.counts_at(hold, now)).min_by_key(|hold| (hold.since, hold.hold_id))
    }

    /// Limitations and suspensions that an invoice caused count while it is open; a termination that has begun stays.
    pub fn counts_at(&self, hold: &Hold, now: Timestamp) -> bool {
        let cause_stands = match hold.kind {
            HoldKind::Block | HoldKind::Termination => true,
            HoldKind::Limitation | HoldKind::Suspension => {
                hold.invoice_id().is_none_or(|invoice_id| self.open_invoice(invoice_id).is_some())
            }
        };
        hold.holds_at(now) && cause_stands
    }
}
