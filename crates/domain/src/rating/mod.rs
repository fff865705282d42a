//! Owns what usage costs by a rate, exactly, and the steps by which the price came about.
//! Does not own: how long money lasts (limit.rs), which rate holds (rate_table.rs), and what bundles cover (quota.rs).

mod exact;
mod limit;
mod quota;
mod trace;
mod uncharged;
mod words;

pub use limit::{Allowance, Announcing, units_for};
pub use quota::{Across, Covered, Priced, Quota, explain_beyond, price_beyond};
pub use trace::{parse_trace, trace_text};
pub use uncharged::{Uncharged, uncharged};
pub use words::step_text;

use crate::money::{Money, MoneyError};
use crate::rate::{Element, Price, Pricing, Rate, Terms};
use exact::Exact;

/// Usage of a million million units is the most that is rated.
pub const UNITS_MAX: u64 = 1_000_000_000_000;

/// From which unit of the usage on it is peak or off-peak. The first of them begins at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from_unit: u64,
    pub is_off_peak: bool,
}

/// Usage without an off-peak period.
pub const PEAK: [Stretch; 1] = [Stretch { from_unit: 0, is_off_peak: false }];

/// What usage costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Above zero is owed; a payback rate gives it below zero.
    pub amount: Money,
    /// Units in whole intervals, free ones not among them.
    pub charged_units: u64,
}

/// A step of the price, for whoever asks why it is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It ended for a cause that is not charged: nothing follows.
    Failed {
        units: u64,
    },
    /// Usage within the grace: nothing follows.
    Grace {
        units: u64,
    },
    Free {
        units: u64,
    },
    ConnectFee {
        amount: Money,
    },
    /// `count` intervals of `units` at `price` for `Terms::price_units`.
    Intervals {
        count: u64,
        units: u64,
        price: Money,
        is_off_peak: bool,
    },
    Fixed {
        amount: Money,
    },
    Relative {
        millionths: u64,
    },
    /// Units that bundles cover.
    CoveredUnits {
        units: u64,
    },
    /// Money that bundles cover.
    CoveredAmount {
        amount: Money,
    },
    /// Rounded once, to so many decimals.
    Rounded {
        amount: Money,
        digits: u32,
    },
}

/// The price of `units`, at most `UNITS_MAX`. `stretches` tell peak from off-peak and begin at unit 0.
pub fn charge(rate: &Rate, terms: &Terms, units: u64, stretches: &[Stretch]) -> Result<Charge, MoneyError> {
    charge_noting(rate, terms, units, stretches, Announcing::Real, |_| {})
}

/// The price with its steps in order.
pub fn explain(rate: &Rate, terms: &Terms, units: u64, stretches: &[Stretch]) -> Result<(Charge, Vec<Step>), MoneyError> {
    let mut steps = Vec::new();
    let charge = charge_noting(rate, terms, units, stretches, Announcing::Real, |step| steps.push(step))?;
    Ok((charge, steps))
}

/// What a part of a usage costs that is charged as it goes: the price of all so far less the price of what was charged before. The
/// parts add up to the price of the whole, to the last digit.
pub fn charge_between(rate: &Rate, terms: &Terms, from: u64, to: u64, stretches: &[Stretch]) -> Result<Money, MoneyError> {
    let before = if from == 0 { Money::ZERO } else { charge(rate, terms, from, stretches)?.amount };
    charge(rate, terms, to, stretches)?.amount.checked_sub(before)
}

fn charge_noting(
    rate: &Rate,
    terms: &Terms,
    units: u64,
    stretches: &[Stretch],
    announcing: Announcing,
    mut note: impl FnMut(Step),
) -> Result<Charge, MoneyError> {
    if units > UNITS_MAX {
        return Err(MoneyError::TooLarge);
    }
    if units <= terms.grace_units {
        note(Step::Grace { units });
        return Ok(Charge { amount: Money::ZERO, charged_units: 0 });
    }
    let free_units = terms.free_units.min(units);
    if free_units > 0 {
        note(Step::Free { units: free_units });
    }
    let usage = Usage { from: free_units, to: units, stretches };
    let starts_off_peak = stretches.first().is_some_and(|stretch| stretch.is_off_peak);
    let mut sum = Exact::zero(terms.price_units);
    let charged_units = match (&rate.pricing, &rate.off_peak) {
        (Pricing::Intervals(peak), Some(Pricing::Intervals(off_peak))) if terms.is_split_by_peak => {
            connect_fee(terms, &mut sum, &mut note)?;
            by_intervals(&usage, [peak, off_peak], &mut sum, &mut note)?
        }
        (peak, off_peak) => match off_peak.as_ref().filter(|_| starts_off_peak).unwrap_or(peak) {
            Pricing::Intervals(price) => {
                connect_fee(terms, &mut sum, &mut note)?;
                let whole = Usage { stretches: stretches.get(..1).unwrap_or_default(), ..usage };
                by_intervals(&whole, [price, price], &mut sum, &mut note)?
            }
            Pricing::Formula(elements) => by_formula(&usage, elements, terms, starts_off_peak, announcing, &mut sum, &mut note)?,
        },
    };
    if terms.surcharge_millionths > 0 {
        note(Step::Relative { millionths: terms.surcharge_millionths });
        sum.raise(terms.surcharge_millionths)?;
    }
    let amount = sum.round(terms.rounding_digits, terms.rounding)?;
    note(Step::Rounded { amount, digits: terms.rounding_digits });
    Ok(Charge { amount: if rate.is_payback { amount.checked_neg()? } else { amount }, charged_units })
}

/// What is charged of a usage: its units from `from` to `to`.
struct Usage<'a> {
    from: u64,
    to: u64,
    stretches: &'a [Stretch],
}

impl Usage<'_> {
    /// Is the unit off-peak, and where does that end?
    fn stretch_at(&self, unit: u64) -> (bool, u64) {
        let next = self.stretches.partition_point(|stretch| stretch.from_unit <= unit);
        let is_off_peak = next.checked_sub(1).and_then(|at| self.stretches.get(at)).is_some_and(|stretch| stretch.is_off_peak);
        (is_off_peak, self.stretches.get(next).map_or(u64::MAX, |stretch| stretch.from_unit))
    }
}

fn connect_fee(terms: &Terms, sum: &mut Exact, note: &mut impl FnMut(Step)) -> Result<(), MoneyError> {
    if !terms.connect_fee.is_zero() {
        note(Step::ConnectFee { amount: terms.connect_fee });
        sum.add(terms.connect_fee)?;
    }
    Ok(())
}

/// Prices of peak and off-peak. An interval costs what holds at its beginning, whatever begins within it.
fn by_intervals(usage: &Usage<'_>, prices: [&Price; 2], sum: &mut Exact, note: &mut impl FnMut(Step)) -> Result<u64, MoneyError> {
    let [peak, off_peak] = prices;
    let of = |is_off_peak| if is_off_peak { off_peak } else { peak };
    let mut at = usage.from;
    if at >= usage.to {
        return Ok(0);
    }
    let (is_off_peak, _) = usage.stretch_at(at);
    let first = of(is_off_peak);
    note(Step::Intervals { count: 1, units: first.interval_first, price: first.price_first, is_off_peak });
    sum.add_units(first.price_first, first.interval_first)?;
    at += first.interval_first;
    while at < usage.to {
        let (is_off_peak, end) = usage.stretch_at(at);
        let price = of(is_off_peak);
        let count = (end.min(usage.to) - at).div_ceil(price.interval_next);
        note(Step::Intervals { count, units: price.interval_next, price: price.price_next, is_off_peak });
        let units = count.saturating_mul(price.interval_next);
        sum.add_units(price.price_next, units)?;
        at = at.saturating_add(units);
    }
    Ok(at - usage.from)
}

/// A surcharge is due when usage goes on beyond the intervals before it; behind the endless interval, at the end.
fn by_formula(
    usage: &Usage<'_>,
    elements: &[Element],
    terms: &Terms,
    is_off_peak: bool,
    announcing: Announcing,
    sum: &mut Exact,
    note: &mut impl FnMut(Step),
) -> Result<u64, MoneyError> {
    let mut at = usage.from;
    let mut is_behind_all = false;
    for element in elements {
        let is_reached = at < usage.to;
        match *element {
            Element::Interval { count, .. } if !is_reached => is_behind_all = count.is_none(),
            _ if !is_reached && !is_behind_all => {}
            Element::Interval { count, units, price } => {
                let begun = (usage.to - at).div_ceil(units);
                let count_here = count.map_or(begun, |count| count.min(begun));
                note(Step::Intervals { count: count_here, units, price, is_off_peak });
                let charged = count_here.saturating_mul(units);
                sum.add_units(price, charged)?;
                at = at.saturating_add(charged);
                is_behind_all = count.is_none();
            }
            Element::Fixed { unannounced: true, .. } if announcing == Announcing::Announced => {}
            Element::Fixed { amount, .. } => {
                note(Step::Fixed { amount });
                sum.add(amount)?;
            }
            Element::ConnectFee => connect_fee(terms, sum, note)?,
            Element::Relative { millionths } => {
                note(Step::Relative { millionths });
                sum.raise(millionths)?;
            }
        }
    }
    Ok(at - usage.from)
}
