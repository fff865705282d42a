//! Owns what a rate says: intervals and prices, surcharges, when it holds; and the terms of its tariff.
//! Does not own: what usage costs by it (rating), finding it by a number (rate_table.rs), when off-peak is (peak.rs).

use thiserror::Error;

use crate::id::Id;
use crate::money::{Money, Rounding};
use crate::time::Timestamp;

/// Dearest price of a rate, for as many units as `Terms::price_units` says: a million of the currency.
pub const PRICE_MAX: Money = Money::from_millionths(1_000_000_000_000);
/// Longest interval, in units.
pub const INTERVAL_UNITS_MAX: u64 = 1_000_000_000;
/// Elements of a formula.
pub const ELEMENTS_MAX: usize = 20;
/// Relative surcharges of a formula: each multiplies the exact amount's denominator by a million.
pub const RELATIVE_SURCHARGES_MAX: usize = 2;
/// Highest relative surcharge, in millionths: ten times what was charged.
pub const SURCHARGE_MILLIONTHS_MAX: u64 = 10_000_000;

/// Intervals and their prices (docs/domain.md, Rates). Usage is charged in whole intervals: one of `interval_first` units, then as
/// many of `interval_next` as are begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// In units, 1 to `INTERVAL_UNITS_MAX`.
    pub interval_first: u64,
    pub interval_next: u64,
    /// For `Terms::price_units` units, 0 to `PRICE_MAX`; an interval costs its share of it.
    pub price_first: Money,
    pub price_next: Money,
}

/// A part of a formula, which is gone through in order while usage lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// `count` intervals; none: as many as follow.
    Interval { count: Option<u64>, units: u64, price: Money },
    /// Due when usage gets here. One that is `unannounced` counts for what can be used, not for what is said before.
    Fixed { amount: Money, unannounced: bool },
    /// The tariff's connect fee, due when usage gets here.
    ConnectFee,
    /// So many millionths of what was charged up to here.
    Relative { millionths: u64 },
}

/// How a rate makes its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pricing {
    Intervals(Price),
    /// Takes the place of intervals and of the connect fee.
    Formula(Vec<Element>),
}

/// May the destination be used?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateStanding {
    #[default]
    Open,
    /// No calls there.
    Forbidden,
    /// From its moment on the prefix has no rate; a shorter one's holds.
    Discontinued,
}

impl RateStanding {
    pub const ALL: [RateStanding; 3] = [RateStanding::Open, RateStanding::Forbidden, RateStanding::Discontinued];

    pub const fn code(self) -> &'static str {
        match self {
            RateStanding::Open => "open",
            RateStanding::Forbidden => "forbidden",
            RateStanding::Discontinued => "discontinued",
        }
    }

    pub fn parse(code: &str) -> Option<RateStanding> {
        RateStanding::ALL.into_iter().find(|standing| standing.code() == code)
    }
}

/// What usage to one destination costs from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub rate_id: Id,
    pub effective_from: Timestamp,
    pub standing: RateStanding,
    /// Usage is paid to the customer instead of charged.
    pub is_payback: bool,
    pub pricing: Pricing,
    /// Where it differs off-peak.
    pub off_peak: Option<Pricing>,
}

/// What a tariff says for all of its rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Units that a price is for: 60 where units are seconds and prices are a minute's.
    pub price_units: u64,
    /// Usage of at most so many units costs nothing, the connect fee included.
    pub grace_units: u64,
    /// The first units of each usage, not charged.
    pub free_units: u64,
    pub connect_fee: Money,
    /// On the whole, in millionths.
    pub surcharge_millionths: u64,
    /// Decimals of a charge, 0 to 6.
    pub rounding_digits: u32,
    pub rounding: Rounding,
    /// Peak or off-peak by each interval's beginning; otherwise by the beginning of the usage.
    pub is_split_by_peak: bool,
}

impl Terms {
    /// Seconds with prices a minute, and nothing besides.
    pub const VOICE: Terms = Terms {
        price_units: 60,
        grace_units: 0,
        free_units: 0,
        connect_fee: Money::ZERO,
        surcharge_millionths: 0,
        rounding_digits: 5,
        rounding: Rounding::HalfAwayFromZero,
        is_split_by_peak: false,
    };
}

/// Why a rate cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RateProblem {
    #[error("an interval has 1 to {INTERVAL_UNITS_MAX} units")]
    IntervalFirst,
    #[error("an interval has 1 to {INTERVAL_UNITS_MAX} units")]
    IntervalNext,
    #[error("a price is 0 to 1,000,000")]
    PriceFirst,
    #[error("a price is 0 to 1,000,000")]
    PriceNext,
    #[error("intervals of a formula have 1 to {INTERVAL_UNITS_MAX} units, and its prices are 0 to 1,000,000")]
    Element,
    #[error("a surcharge is 0 to 1000 %")]
    Surcharge,
    #[error("a formula has 1 to {ELEMENTS_MAX} elements, {RELATIVE_SURCHARGES_MAX} relative surcharges at the most")]
    FormulaSize,
    #[error("the last interval of a formula, and only that one, goes on without end")]
    FormulaEnd,
}

impl Pricing {
    pub fn check(&self) -> Result<(), RateProblem> {
        match self {
            Pricing::Intervals(price) => {
                // The first interval is often the next one's copy, and the cell at fault then is the next one's.
                check(is_interval(price.interval_next), RateProblem::IntervalNext)?;
                check(is_interval(price.interval_first), RateProblem::IntervalFirst)?;
                check(is_price(price.price_next), RateProblem::PriceNext)?;
                check(is_price(price.price_first), RateProblem::PriceFirst)
            }
            Pricing::Formula(elements) => check_formula(elements),
        }
    }
}

/// Can a rate have this formula?
pub fn check_formula(elements: &[Element]) -> Result<(), RateProblem> {
    let relative = elements.iter().filter(|element| matches!(element, Element::Relative { .. })).count();
    if elements.is_empty() || elements.len() > ELEMENTS_MAX || relative > RELATIVE_SURCHARGES_MAX {
        return Err(RateProblem::FormulaSize);
    }
    let mut counts = Vec::new();
    for element in elements {
        match element {
            Element::Interval { count, units, price } => {
                counts.push(*count);
                check(is_interval(*units) && is_price(*price) && count.is_none_or(is_interval), RateProblem::Element)?;
            }
            Element::Fixed { amount, .. } => check(is_price(*amount), RateProblem::Element)?,
            Element::ConnectFee => {}
            Element::Relative { millionths } if *millionths > SURCHARGE_MILLIONTHS_MAX => return Err(RateProblem::Surcharge),
            Element::Relative { .. } => {}
        }
    }
    let endless = counts.iter().filter(|count| count.is_none()).count();
    if endless == 1 && counts.last() == Some(&None) { Ok(()) } else { Err(RateProblem::FormulaEnd) }
}

fn check(holds: bool, problem: RateProblem) -> Result<(), RateProblem> {
    if holds { Ok(()) } else { Err(problem) }
}

fn is_interval(units: u64) -> bool {
    (1..=INTERVAL_UNITS_MAX).contains(&units)
}

fn is_price(price: Money) -> bool {
    !price.is_negative() && price <= PRICE_MAX
}
