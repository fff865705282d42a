//! Owns how much usage an amount of money allows: the inverse of the price.
//! Does not own: how much money there is.

use super::quota::{Quota, priced};
use super::{Stretch, UNITS_MAX};
use crate::money::{Money, MoneyError};
use crate::rate::{Rate, Terms};

/// For whom a limit is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announcing {
    /// When the usage ends.
    Real,
    /// What the customer is told before: surcharges that are unannounced are left out.
    Announced,
}

/// How much usage the money allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Not even the first interval that costs something.
    Nothing,
    /// So many units and not one more.
    Units(u64),
    /// More money is there than `units_max` units cost.
    Unbounded,
}

/// The most units, up to `units_max`, that cost no more than `funds` beyond what `quota` covers. The price never falls with usage, so the boundary between what
/// is and what is not affordable is found by halving; the price function itself decides, to the unit.
pub fn units_for(
    rate: &Rate,
    terms: &Terms,
    stretches: &[Stretch],
    quota: &Quota,
    funds: Money,
    units_max: u64,
    announcing: Announcing,
) -> Result<Allowance, MoneyError> {
    let units_max = units_max.min(UNITS_MAX);
    // Who owes more than the limit can still use what costs nothing.
    let funds = funds.max(Money::ZERO);
    let cost = |units| priced(rate, terms, units, stretches, quota, announcing, |_| {}).map(|priced| priced.owed);
    // A price that leaves the range is above any funds.
    let is_affordable = |units| cost(units).is_ok_and(|amount| amount <= funds);
    if is_affordable(units_max) {
        return Ok(Allowance::Unbounded);
    }
    // What costs nothing is no reason to let a usage begin that cannot go on: its first paid interval must be affordable.
    let first_paid = terms.grace_units.max(terms.free_units).saturating_add(1);
    if !is_affordable(first_paid) {
        return Ok(Allowance::Nothing);
    }
    let (mut allowed, mut refused) = (first_paid, units_max);
    while refused - allowed > 1 {
        let middle = allowed + (refused - allowed) / 2;
        if is_affordable(middle) {
            allowed = middle;
        } else {
            refused = middle;
        }
    }
    Ok(Allowance::Units(allowed))
}
