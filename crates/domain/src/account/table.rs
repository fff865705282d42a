//! Owns the one table of account statuses: rank, words, and what each permits.
//! Does not own: which of them hold (mod.rs).

use crate::status::CustomerStatus;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountStatusRow {
    pub status: AccountStatus,
    /// The word of the APIs.
    pub code: &'static str,
    pub label: &'static str,
    /// The customer status that permits the same; none where everything is permitted.
    pub like: Option<CustomerStatus>,
}

macro_rules! account_statuses {
    ($($status:ident = $code:literal, $label:literal, $like:expr;)+) => {
        /// Every status an account can be in, in the order in which one is shown before the others (docs/domain.md, Account statuses).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AccountStatus { $($status),+ }

        impl AccountStatus {
            /// The table, by rank.
            pub const TABLE: &[AccountStatusRow] = &[
                $(AccountStatusRow { status: AccountStatus::$status, code: $code, label: $label, like: $like }),+
            ];

            pub fn row(self) -> AccountStatusRow {
                match self {
                    $(AccountStatus::$status => AccountStatusRow { status: self, code: $code, label: $label, like: $like }),+
                }
            }
        }
    };
}

account_statuses! {
    Closed = "closed", "Closed", Some(CustomerStatus::Closed);
    CustomerExported = "customer_exported", "Customer exported", Some(CustomerStatus::Exported);
    Expired = "expired", "Expired", Some(CustomerStatus::Closed);
    Quarantine = "quarantine", "In quarantine", Some(CustomerStatus::Suspended);
    Screening = "screening", "Being screened", Some(CustomerStatus::Limited);
    Inactive = "inactive", "Inactive", Some(CustomerStatus::Closed);
    Blocked = "blocked", "Blocked", Some(CustomerStatus::Blocked);
    CustomerBlocked = "customer_blocked", "Customer blocked", Some(CustomerStatus::Blocked);
    ResellerBlocked = "reseller_blocked", "Reseller blocked", Some(CustomerStatus::ResellerBlocked);
    CustomerBillingPaused = "customer_billing_paused", "Customer being exported (billing paused)", Some(CustomerStatus::BillingPaused);
    Suspended = "suspended", "Suspended", Some(CustomerStatus::Suspended);
    CustomerSuspended = "customer_suspended", "Customer suspended", Some(CustomerStatus::Suspended);
    ResellerSuspended = "reseller_suspended", "Reseller suspended", Some(CustomerStatus::ResellerSuspended);
    CustomerProvisionallyTerminated = "customer_provisionally_terminated", "Customer provisionally terminated", Some(CustomerStatus::ProvisionallyTerminated);
    ResellerProvisionallyTerminated = "reseller_provisionally_terminated", "Reseller provisionally terminated", Some(CustomerStatus::ResellerProvisionallyTerminated);
    CustomerLimited = "customer_limited", "Customer limited", Some(CustomerStatus::Limited);
    NotYetActive = "not_yet_active", "Not yet active", Some(CustomerStatus::Closed);
    CustomerLimitingDelayed = "customer_limiting_delayed", "Customer's limitation delayed", None;
    CreditExceeded = "credit_exceeded", "Credit exceeded", Some(CustomerStatus::CreditExceeded);
    Overdraft = "overdraft", "Overdraft", Some(CustomerStatus::NoAvailableFunds);
    CustomerCreditExceeded = "customer_credit_exceed", "Customer's credit exceeded", Some(CustomerStatus::CreditExceeded);
    CustomerHasNoAvailableFunds = "customer_has_no_available_funds", "Customer has no available funds", Some(CustomerStatus::NoAvailableFunds);
    ZeroBalance = "zero_balance", "Zero balance", Some(CustomerStatus::NoAvailableFunds);
    CustomerSpendingLimitReached = "customer_spending_limit_reached", "Customer's spending limit reached", Some(CustomerStatus::SpendingLimitReached);
    CustomerSuspensionDelayed = "customer_suspension_delayed", "Customer's suspension lifted", None;
    Frozen = "frozen", "Payment frozen", None;
    Active = "active", "Active", None;
}

impl AccountStatus {
    /// 0 is shown before everything else; active is last.
    pub fn rank(self) -> usize {
        AccountStatus::TABLE.iter().position(|row| row.status == self).unwrap_or(usize::MAX)
    }

    pub fn code(self) -> &'static str {
        self.row().code
    }
}
