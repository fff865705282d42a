//! Owns the daily spending limit: what counts as reached, and until when.
//! Does not own: adding to the day's counter (charging does).

use crate::id::Id;
use crate::money::Money;
use crate::time::{Date, Timestamp};

/// A customer's plan and the counter of one local day (docs/domain.md, Spending plan).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    pub spending_plan_id: Id,
    pub plan_name: String,
    pub daily_limit: Money,
    /// The local day that `spent` belongs to; on any other day nothing is spent.
    pub day: Option<Date>,
    /// Full cost of the day's usage, as if there were no discount.
    pub spent: Money,
    /// When `spent` reached the limit on that day.
    pub reached_at: Option<Timestamp>,
}

impl Spending {
    pub fn is_reached_on(&self, today: Date) -> bool {
        self.day == Some(today) && self.spent >= self.daily_limit
    }
}
