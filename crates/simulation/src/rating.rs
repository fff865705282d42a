//! Owns the price of usage, counted interval by interval in fractions of any size, and what is left of it where a volume covers a part.
//! Does not own: what a rate may say (domain/rate.rs).

use num_bigint::BigInt;
use num_rational::BigRational;
use trunkline_domain::money::{Money, Rounding};
use trunkline_domain::rate::{Element, Pricing, Rate, Terms};
use trunkline_domain::rating::Stretch;

/// The price in steps of the tariff's rounding, such as hundred-thousandths of the currency.
pub fn price(rate: &Rate, terms: &Terms, units: u64, stretches: &[Stretch]) -> BigInt {
    price_and_units(rate, terms, units, stretches).0
}

/// The price beyond a volume of so many units, and how many of them are taken. `is_blended`: a discount on the whole.
pub fn price_beyond(rate: &Rate, terms: &Terms, units: u64, stretches: &[Stretch], volume: u64, is_blended: bool) -> (BigInt, u64) {
    let (whole, charged) = price_and_units(rate, terms, units, stretches);
    if whole <= BigInt::ZERO {
        return (whole, 0);
    }
    if volume >= charged {
        return if charged == 0 { (whole, 0) } else { (BigInt::ZERO, charged) };
    }
    if is_blended {
        let left = BigRational::new(&whole * (charged - volume), BigInt::from(charged));
        return (rounded(left, terms.rounding), volume);
    }
    let without_grace = Terms { grace_units: 0, ..*terms };
    let begun = (terms.free_units + volume).min(units);
    (if volume == 0 { whole } else { whole - price(rate, &without_grace, begun, stretches) }, volume)
}

fn rounded(steps: BigRational, rounding: Rounding) -> BigInt {
    let steps = match rounding {
        Rounding::HalfAwayFromZero => steps.round(),
        Rounding::AwayFromZero => steps.ceil(),
        Rounding::Malaysian => steps,
    };
    steps.to_integer()
}

fn price_and_units(rate: &Rate, terms: &Terms, units: u64, stretches: &[Stretch]) -> (BigInt, u64) {
    if units <= terms.grace_units {
        return (BigInt::ZERO, 0);
    }
    let is_off_peak = |unit: u64| stretches.iter().rfind(|stretch| stretch.from_unit <= unit).is_some_and(|stretch| stretch.is_off_peak);
    let off_peak = rate.off_peak.as_ref().unwrap_or(&rate.pricing);
    let of_start = if is_off_peak(0) { off_peak } else { &rate.pricing };
    let both_by_intervals = matches!((&rate.pricing, off_peak), (Pricing::Intervals(_), Pricing::Intervals(_)));
    let mut sum = whole(0);
    // Prices times units, to be divided by the units that a price is for.
    let mut used = BigInt::ZERO;
    let mut at = terms.free_units.min(units);
    match of_start {
        Pricing::Intervals(_) => {
            sum += amount(terms.connect_fee);
            let mut is_first = true;
            while at < units {
                let by_interval = terms.is_split_by_peak && both_by_intervals;
                let pricing = match (by_interval, is_off_peak(at)) {
                    (false, _) => of_start,
                    (true, true) => off_peak,
                    (true, false) => &rate.pricing,
                };
                let Pricing::Intervals(price) = pricing else { break };
                let (interval, cost) =
                    if is_first { (price.interval_first, price.price_first) } else { (price.interval_next, price.price_next) };
                used += BigInt::from(cost.millionths()) * interval;
                at += interval;
                is_first = false;
            }
        }
        Pricing::Formula(elements) => {
            let mut is_endless_over = false;
            for element in elements {
                match *element {
                    Element::Interval { count, units: interval, price } => {
                        let mut left = count;
                        while at < units && left != Some(0) {
                            used += BigInt::from(price.millionths()) * interval;
                            at += interval;
                            left = left.map(|left| left - 1);
                        }
                        sum += BigRational::new(std::mem::take(&mut used), BigInt::from(terms.price_units));
                        is_endless_over = count.is_none();
                    }
                    Element::Fixed { amount: fixed, .. } if at < units || is_endless_over => sum += amount(fixed),
                    Element::ConnectFee if at < units || is_endless_over => sum += amount(terms.connect_fee),
                    Element::Relative { millionths } if at < units || is_endless_over => sum = raised(sum, millionths),
                    Element::Fixed { .. } | Element::ConnectFee | Element::Relative { .. } => {}
                }
            }
        }
    }
    sum += BigRational::new(used, BigInt::from(terms.price_units));
    let sum = raised(sum, terms.surcharge_millionths);
    let step = whole(10_i64.pow(6 - terms.rounding_digits.min(6)));
    let steps = rounded(sum / step, terms.rounding);
    (if rate.is_payback { -steps } else { steps }, at - terms.free_units.min(units))
}

fn whole(number: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

fn amount(money: Money) -> BigRational {
    whole(money.millionths())
}

fn raised(sum: BigRational, millionths: u64) -> BigRational {
    let part = BigRational::new(BigInt::from(millionths), BigInt::from(1_000_000));
    &sum + &sum * part
}
