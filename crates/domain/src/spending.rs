//! Owns the daily spending limit: what counts as reached, and until when.
//! Does not own: what usage costs.

use crate::id::Id;
use crate::money::{Money, MoneyError};
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

    /// The counter after usage that costs `amount`, charged at `now` on the local day `today`.
    pub fn add(&self, amount: Money, today: Date, now: Timestamp) -> Result<Spending, MoneyError> {
        let is_today = self.day == Some(today);
        let spent = if is_today { self.spent.checked_add(amount)? } else { amount };
        let reached_at = self.reached_at.filter(|_| is_today).or_else(|| (spent >= self.daily_limit).then_some(now));
        Ok(Spending { day: Some(today), spent, reached_at, ..self.clone() })
    }
}
