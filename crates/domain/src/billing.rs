//! Owns billing periods: which days belong together, in the customer's billing zone.
//! Does not own: closing a period.

use crate::time::{Date, Timestamp, Zone};

/// How a customer's time is cut into billing periods (docs/domain.md, Billing periods).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BillingPeriod {
    Daily,
    /// Monday to Sunday; the first one is short.
    Weekly,
    /// 1st to 15th, 16th to the end of the month.
    Semimonthly,
    /// The calendar month.
    Monthly,
    /// From the day of the month on which the customer was created; from the 29th on, the first period runs to the 28th and the others from 28th to 28th.
    MonthlyAnniversary,
    /// Exactly 30 days each, from the day of creation.
    ThirtyDays,
}

impl BillingPeriod {
    pub const ALL: [BillingPeriod; 6] = [
        BillingPeriod::Daily,
        BillingPeriod::Weekly,
        BillingPeriod::Semimonthly,
        BillingPeriod::Monthly,
        BillingPeriod::MonthlyAnniversary,
        BillingPeriod::ThirtyDays,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            BillingPeriod::Daily => "daily",
            BillingPeriod::Weekly => "weekly",
            BillingPeriod::Semimonthly => "semimonthly",
            BillingPeriod::Monthly => "monthly",
            BillingPeriod::MonthlyAnniversary => "monthly_anniversary",
            BillingPeriod::ThirtyDays => "thirty_days",
        }
    }

    pub fn parse(code: &str) -> Option<BillingPeriod> {
        BillingPeriod::ALL.into_iter().find(|period| period.code() == code)
    }

    /// The number the compatible face uses, 1 to 6.
    pub const fn number(self) -> i64 {
        match self {
            BillingPeriod::Daily => 1,
            BillingPeriod::Weekly => 2,
            BillingPeriod::Semimonthly => 3,
            BillingPeriod::Monthly => 4,
            BillingPeriod::MonthlyAnniversary => 5,
            BillingPeriod::ThirtyDays => 6,
        }
    }

    pub fn from_number(number: i64) -> Option<BillingPeriod> {
        BillingPeriod::ALL.into_iter().find(|period| period.number() == number)
    }

    /// The first day of the period that `day` lies in. `created` is the customer's first day; no period starts before it.
    fn first_day(self, day: Date, created: Date) -> Date {
        let first = match self {
            BillingPeriod::Daily => day,
            BillingPeriod::Weekly => day.plus_days(1 - i64::from(day.weekday())),
            BillingPeriod::Semimonthly if day.day() >= 16 => day.first_of_month().plus_days(15),
            BillingPeriod::Semimonthly | BillingPeriod::Monthly => day.first_of_month(),
            BillingPeriod::MonthlyAnniversary => {
                let anniversary = i64::from(created.day().min(28));
                let this_month = day.first_of_month().plus_days(anniversary - 1);
                if this_month <= day { this_month } else { day.first_of_month().plus_days(-1).first_of_month().plus_days(anniversary - 1) }
            }
            BillingPeriod::ThirtyDays => {
                let days = day.day_number() - created.day_number();
                created.plus_days(days.max(0) / 30 * 30)
            }
        };
        first.max(created)
    }

    /// The first day after the period that starts with `first`.
    fn day_after(self, first: Date, created: Date) -> Date {
        match self {
            BillingPeriod::Daily => first.plus_days(1),
            BillingPeriod::Weekly => first.plus_days(8 - i64::from(first.weekday())),
            BillingPeriod::Semimonthly if first.day() < 16 => first.first_of_month().plus_days(15),
            BillingPeriod::Semimonthly | BillingPeriod::Monthly => first.last_of_month().plus_days(1),
            BillingPeriod::MonthlyAnniversary => {
                let anniversary = i64::from(created.day().min(28));
                let this_month = first.first_of_month().plus_days(anniversary - 1);
                if first < this_month { this_month } else { first.last_of_month().plus_days(anniversary) }
            }
            BillingPeriod::ThirtyDays => first.plus_days(30),
        }
    }

    /// The period that `moment` lies in, half open: its first moment, and the first moment after it. A moment before the
    /// customer was created belongs to the first period.
    pub fn containing(self, moment: Timestamp, created_at: Timestamp, zone: &Zone) -> (Timestamp, Timestamp) {
        let created = zone.date_of(created_at);
        let (first, after) = self.days(zone.date_of(moment).max(created), created);
        (zone.start_of(first), zone.start_of(after))
    }

    /// The period of a day on or after the customer's first: its first day, and the first day after it.
    pub fn days(self, day: Date, created: Date) -> (Date, Date) {
        let first = self.first_day(day, created);
        (first, self.day_after(first, created))
    }
}
