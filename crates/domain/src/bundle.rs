//! Owns bundles: usage that is included for as long as a volume lasts, period by period, and which volume is used first.
//! Does not own: what usage costs beyond it (rating/quota.rs), and counting what was taken.

use thiserror::Error;

use crate::billing::BillingPeriod;
use crate::id::Id;
use crate::money::Money;
use crate::product::Direction;
use crate::rating::{Across, Covered, Quota};
use crate::service::Service;
use crate::time::{Date, Timestamp, Zone};

/// Items of one bundle.
pub const BUNDLE_ITEMS_MAX: usize = 100;
/// Prefixes of one item.
pub const ITEM_PREFIXES_MAX: usize = 200;
/// Longest prefix of an item, in digits.
pub const PREFIX_DIGITS_MAX: usize = 24;
/// Largest volume of an item, in units of its service or in millionths of the currency.
pub const VOLUME_MAX: i64 = 1_000_000_000_000;
/// Periods for which what is left of a volume can be kept.
pub const ROLLOVER_PERIODS_MAX: i64 = 3;

/// A choice with a code for each of its values.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$meta:meta])* $value:ident = $code:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$meta])* $value),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$value),+];

            pub const fn code(self) -> &'static str {
                match self { $($name::$value => $code),+ }
            }

            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

choice! {
    /// What the volume of an item counts.
    Measure {
        /// Units of the service that are charged: seconds, messages, kilobytes.
        Units = "units",
        /// Money that they would cost, in millionths of the currency.
        Money = "money",
    }
}

choice! {
    /// When an item has its volume again.
    Renewal {
        Daily = "daily",
        /// On Mondays.
        Weekly = "weekly",
        /// On the first of a month.
        Monthly = "monthly",
        /// With the customer's billing period.
        BillingPeriod = "billing_period",
    }
}

choice! {
    /// What becomes of usage beyond the volume. Of several, the strictest holds.
    UsedUp {
        /// It is charged by the tariff.
        Tariff = "tariff",
        /// Data flows slowly, and is charged by the tariff.
        LimitSpeed = "limit_speed",
        /// There is none.
        Block = "block",
    }
}

choice! {
    /// How much of the volume there is in the period in which the bundle is given.
    FirstPeriod {
        Full = "full",
        /// The share of its days that are left, rounded down.
        Prorated = "prorated",
    }
}

/// What a bundle includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleItem {
    pub item_id: Id,
    pub service: Service,
    pub direction: Direction,
    /// Numbers that begin with one of them are meant; none: all numbers.
    pub prefixes: Vec<String>,
    pub measure: Measure,
    /// For each period; none: without limit.
    pub volume: Option<i64>,
    pub renewal: Renewal,
    /// For so many periods what is left of a volume is kept.
    pub rollover_periods: i64,
    pub used_up: UsedUp,
    pub first_period: FirstPeriod,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub bundle_id: Id,
    /// Unique in the installation by its key.
    pub name: String,
    /// What becomes of usage in which a volume ends.
    pub across: Across,
    /// Without any it is a draft: it includes nothing.
    pub items: Vec<BundleItem>,
    pub created_at: Timestamp,
    pub version: i64,
}

/// Why a bundle cannot be as it is given; the place is that of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BundleProblem {
    #[error("{BUNDLE_ITEMS_MAX} items at the most")]
    Items,
    #[error("{ITEM_PREFIXES_MAX} different prefixes at the most, of 1 to {PREFIX_DIGITS_MAX} digits")]
    Prefixes { place: usize },
    #[error("1 to {VOLUME_MAX}; leave it out for a volume without limit")]
    Volume { place: usize },
    #[error("0 to {ROLLOVER_PERIODS_MAX} periods; a volume without limit leaves nothing over")]
    Rollover { place: usize },
    #[error("speed is limited for data alone")]
    UsedUp { place: usize },
}

/// Everything that is wrong with a bundle by itself.
pub fn check_bundle(bundle: &Bundle) -> Vec<BundleProblem> {
    let mut problems = Vec::new();
    if bundle.items.len() > BUNDLE_ITEMS_MAX {
        problems.push(BundleProblem::Items);
    }
    for (place, item) in bundle.items.iter().enumerate() {
        let is_prefix =
            |prefix: &String| (1..=PREFIX_DIGITS_MAX).contains(&prefix.len()) && prefix.bytes().all(|digit| digit.is_ascii_digit());
        let mut once: Vec<&String> = item.prefixes.iter().collect();
        once.sort_unstable();
        once.dedup();
        let are_prefixes = item.prefixes.len() <= ITEM_PREFIXES_MAX && once.len() == item.prefixes.len();
        let rollover_max = if item.volume.is_some() { ROLLOVER_PERIODS_MAX } else { 0 };
        let checks = [
            (are_prefixes && item.prefixes.iter().all(is_prefix), BundleProblem::Prefixes { place }),
            (item.volume.is_none_or(|volume| (1..=VOLUME_MAX).contains(&volume)), BundleProblem::Volume { place }),
            ((0..=rollover_max).contains(&item.rollover_periods), BundleProblem::Rollover { place }),
            (item.used_up != UsedUp::LimitSpeed || item.service == Service::Data, BundleProblem::UsedUp { place }),
        ];
        problems.extend(checks.into_iter().filter(|(holds, _)| !holds).map(|(_, problem)| problem));
    }
    problems
}

/// Usage for which something may be included.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub service: Service,
    pub direction: Direction,
    pub cld: &'a str,
    /// The moment that decides the period.
    pub at: Timestamp,
}

impl BundleItem {
    fn is_for(&self, wish: &Wish<'_>) -> bool {
        let is_for_number = || self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| wish.cld.starts_with(prefix.as_str()));
        self.service == wish.service && self.direction == wish.direction && is_for_number()
    }

    /// The period of a day: its first day, and the first day after it.
    fn period_of(&self, day: Date, calendar: &Calendar<'_>) -> (Date, Date) {
        // But for billing periods no period is cut short by the customer's first day: any day before the longest of them will do.
        let natural = day.plus_days(-31);
        match self.renewal {
            Renewal::Daily => BillingPeriod::Daily.days(day, natural),
            Renewal::Weekly => BillingPeriod::Weekly.days(day, natural),
            Renewal::Monthly => BillingPeriod::Monthly.days(day, natural),
            Renewal::BillingPeriod => {
                let created = calendar.zone.date_of(calendar.created_at);
                calendar.billing_period.days(day.max(created), created)
            }
        }
    }

    /// The volume of a period for who has had the bundle since a day. None: without limit.
    fn volume_of(&self, first: Date, after: Date, since: Date) -> Option<i64> {
        let volume = self.volume?;
        let is_cut = self.first_period == FirstPeriod::Prorated && since > first;
        let (left, all) = (after.day_number() - since.day_number(), after.day_number() - first.day_number());
        let share = i128::from(volume) * i128::from(left) / i128::from(all.max(1));
        Some(if is_cut { i64::try_from(share).unwrap_or(volume) } else { volume })
    }

    /// The periods whose volume can be used at a moment by who has had the bundle since another: the one that expires first, first.
    pub fn periods(&self, calendar: &Calendar<'_>, since: Timestamp, at: Timestamp) -> Vec<Period> {
        let since = calendar.zone.date_of(since);
        let current = self.period_of(calendar.zone.date_of(at), calendar);
        // What a period leaves is kept to the end of the last one that it rolls into.
        let ends = std::iter::successors(Some(current.1), |end| Some(self.period_of(*end, calendar).1));
        let kept = usize::try_from(self.rollover_periods).unwrap_or(0);
        let mut ends: Vec<Date> = ends.take(kept + 1).collect();
        let before = |(first, _): &(Date, Date)| Some(self.period_of(first.plus_days(-1), calendar)).filter(|found| found.0 < *first);
        let back = std::iter::successors(Some(current), before).take_while(|(_, after)| *after > since);
        let mut periods: Vec<Period> = back
            .map_while(|(first, after)| {
                let expires_day = ends.pop()?.day_number();
                Some(Period { first_day: first.day_number(), expires_day, volume: self.volume_of(first, after, since) })
            })
            .collect();
        periods.reverse();
        periods
    }
}

/// What decides the periods of a customer.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    pub zone: &'a Zone,
    pub billing_period: BillingPeriod,
    /// When the customer was created.
    pub created_at: Timestamp,
}

/// A period of an item whose volume can be used. Days are counted as `Date::day_number` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub first_day: i64,
    /// The first day on which nothing is left of it.
    pub expires_day: i64,
    /// None: without limit.
    pub volume: Option<i64>,
}

/// A bundle that somebody has.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    pub bundle: &'a Bundle,
    pub since: Timestamp,
}

/// What can be taken of one period of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    pub item_id: Id,
    pub first_day: i64,
    pub measure: Measure,
    /// None: without limit.
    pub left: Option<i64>,
}

/// What was taken of one period of an item, in its measure. Below zero: given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub item_id: Id,
    pub first_day: i64,
    pub measure: Measure,
    pub amount: i64,
}

/// What is included for one usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// In the order in which they are taken.
    pub portions: Vec<Portion>,
    pub across: Across,
    /// What becomes of usage beyond all of it; none: no item is meant for the usage.
    pub used_up: Option<UsedUp>,
}

/// What `bundles`, the first in order of priority first, include for a usage. `taken` says how much of an item's period is taken already.
pub fn included(bundles: &[Held<'_>], wish: &Wish<'_>, calendar: &Calendar<'_>, taken: impl Fn(Id, i64) -> i64) -> Included {
    let mut found = Included { portions: Vec::new(), across: Across::default(), used_up: None };
    for held in bundles {
        for item in held.bundle.items.iter().filter(|item| item.is_for(wish)) {
            if found.used_up.is_none() {
                found.across = held.bundle.across;
            }
            found.used_up = found.used_up.max(Some(item.used_up));
            for Period { first_day, volume, .. } in item.periods(calendar, held.since, wish.at) {
                let left = volume.map(|volume| volume.saturating_sub(taken(item.item_id, first_day)).max(0));
                if left != Some(0) {
                    found.portions.push(Portion { item_id: item.item_id, first_day, measure: item.measure, left });
                }
            }
        }
    }
    found
}

/// What giving it back takes.
pub fn opposite(taken: &[Taken]) -> Vec<Taken> {
    taken.iter().map(|taken| Taken { amount: taken.amount.saturating_neg(), ..*taken }).collect()
}

/// What both take of each period of an item; what comes to nothing is left out.
pub fn together(first: &[Taken], second: &[Taken]) -> Vec<Taken> {
    let mut sums = first.to_vec();
    for taken in second {
        let is_same = |sum: &&mut Taken| (sum.item_id, sum.first_day) == (taken.item_id, taken.first_day);
        match sums.iter_mut().find(is_same) {
            Some(sum) => sum.amount = sum.amount.saturating_add(taken.amount),
            None => sums.push(*taken),
        }
    }
    sums.retain(|sum| sum.amount != 0);
    sums
}

impl Included {
    /// As much as was taken before, and no more.
    pub fn again(taken: &[Taken], across: Across) -> Included {
        let portion = |taken: &Taken| Portion {
            item_id: taken.item_id,
            first_day: taken.first_day,
            measure: taken.measure,
            left: Some(taken.amount.max(0)),
        };
        Included { portions: taken.iter().map(portion).collect(), across, used_up: None }
    }

    fn sum(&self, measure: Measure) -> Option<i64> {
        let of_measure = self.portions.iter().filter(|portion| portion.measure == measure);
        of_measure.map(|portion| portion.left).try_fold(0_i64, |sum, left| Some(sum.saturating_add(left?)))
    }

    /// What it covers of the usage.
    pub fn quota(&self) -> Quota {
        let units = self.sum(Measure::Units).map_or(u64::MAX, |units| u64::try_from(units).unwrap_or(0));
        Quota { units, amount: self.sum(Measure::Money).map(Money::from_millionths), across: self.across }
    }

    /// Of which portions that is taken what they cover.
    pub fn take(&self, covered: Covered) -> Vec<Taken> {
        let (mut units, mut amount) = (i64::try_from(covered.units).unwrap_or(i64::MAX), covered.amount.millionths());
        let mut taken = Vec::new();
        for portion in &self.portions {
            let wanted = match portion.measure {
                Measure::Units => &mut units,
                Measure::Money => &mut amount,
            };
            let here = portion.left.map_or(*wanted, |left| left.min(*wanted));
            if here > 0 {
                *wanted -= here;
                taken.push(Taken { item_id: portion.item_id, first_day: portion.first_day, measure: portion.measure, amount: here });
            }
        }
        taken
    }
}
