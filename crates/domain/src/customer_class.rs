//! Owns the policy that many customers share. A customer's own value of a setting, where given, wins over its class.
//! Does not own: carrying the policy out.

use crate::id::Id;
use crate::money::Currency;
use crate::time::Timestamp;

/// Days between provisional and permanent termination, unless the class says otherwise (docs/domain.md, Customer class).
pub const CLOSE_AFTER_DAYS_DEFAULT: i64 = 30;
/// Every number of days in a policy is 0 to this.
pub const POLICY_DAYS_MAX: i64 = 3_650;

/// When collection acts on an unpaid invoice. Days count from the day after the due date; `None` leaves the step out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectionPolicy {
    pub payment_terms_days: i64,
    pub limit_after_days: Option<i64>,
    pub suspend_after_days: Option<i64>,
    pub terminate_after_days: Option<i64>,
    /// From provisional to permanent termination.
    pub close_after_days: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerClass {
    pub customer_class_id: Id,
    pub name: String,
    /// Only customers in this currency, or any.
    pub currency: Option<Currency>,
    pub collection: CollectionPolicy,
    /// Suspend a prepaid customer whose funds do not cover its subscription fees.
    pub suspend_on_insufficient_funds: bool,
    pub created_at: Timestamp,
    /// Counts the changes, from 1.
    pub version: i64,
}
