//! Owns what usage costs where bundles cover a part of it.
//! Does not own: which bundles do, and how much of them is left (bundle.rs).

use super::{Announcing, Charge, Step, Stretch, charge_noting};
use crate::money::{Money, MoneyError};
use crate::rate::{Rate, Terms};

/// What becomes of usage in which a volume ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Across {
    /// It is cut in two: what the volume covers, and the rest at the price that the whole has beyond that.
    #[default]
    Split,
    /// The whole has a discount, as large as the covered share of its units.
    Blend,
}

impl Across {
    pub const ALL: [Across; 2] = [Across::Split, Across::Blend];

    pub const fn code(self) -> &'static str {
        match self {
            Across::Split => "split",
            Across::Blend => "blend",
        }
    }

    pub fn parse(code: &str) -> Option<Across> {
        Across::ALL.into_iter().find(|across| across.code() == code)
    }
}

/// What bundles can cover of one usage: first units, then money of what they leave to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub units: u64,
    /// None: without limit.
    pub amount: Option<Money>,
    pub across: Across,
}

impl Quota {
    /// Without bundles.
    pub const NONE: Quota = Quota { units: 0, amount: Some(Money::ZERO), across: Across::Split };
}

/// What bundles cover of one usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Of the units that are charged.
    pub units: u64,
    pub amount: Money,
}

impl Covered {
    /// Of those who pay for a usage, the ones who have the bundles are covered alike, and the others not at all.
    pub(crate) fn or(self, other: Covered) -> Covered {
        if self == Covered::default() { other } else { self }
    }
}

/// What usage costs, and what is left to pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Priced {
    /// Without bundles.
    pub charge: Charge,
    pub covered: Covered,
    pub owed: Money,
}

/// The price of `units` of which `quota` covers a part. What costs nothing takes nothing of it. An interval in which the units of the
/// quota end is covered as a whole.
pub fn price_beyond(rate: &Rate, terms: &Terms, units: u64, stretches: &[Stretch], quota: &Quota) -> Result<Priced, MoneyError> {
    priced(rate, terms, units, stretches, quota, Announcing::Real, |_| {})
}

/// The price with its steps in order.
pub fn explain_beyond(
    rate: &Rate,
    terms: &Terms,
    units: u64,
    stretches: &[Stretch],
    quota: &Quota,
) -> Result<(Priced, Vec<Step>), MoneyError> {
    let mut steps = Vec::new();
    let priced = priced(rate, terms, units, stretches, quota, Announcing::Real, |step| steps.push(step))?;
    if priced.covered.units > 0 {
        steps.push(Step::CoveredUnits { units: priced.covered.units });
    }
    if !priced.covered.amount.is_zero() {
        steps.push(Step::CoveredAmount { amount: priced.covered.amount });
    }
    if priced.covered != Covered::default() {
        steps.push(Step::Rounded { amount: priced.owed, digits: terms.rounding_digits });
    }
    Ok((priced, steps))
}

pub(super) fn priced(
    rate: &Rate,
    terms: &Terms,
    units: u64,
    stretches: &[Stretch],
    quota: &Quota,
    announcing: Announcing,
    note: impl FnMut(Step),
) -> Result<Priced, MoneyError> {
    let charge = charge_noting(rate, terms, units, stretches, announcing, note)?;
    let mut priced = Priced { charge, covered: Covered::default(), owed: charge.amount };
    if charge.amount <= Money::ZERO || *quota == Quota::NONE {
        return Ok(priced);
    }
    let covered_units = quota.units.min(charge.charged_units);
    if covered_units > 0 {
        priced.covered.units = covered_units;
        let rest = charge.charged_units - covered_units;
        priced.owed = match quota.across {
            _ if rest == 0 => Money::ZERO,
            Across::Split => {
                // What is covered is used: no grace takes it out.
                let terms = Terms { grace_units: 0, ..*terms };
                let to = terms.free_units.saturating_add(covered_units).min(units);
                charge.amount.checked_sub(charge_noting(rate, &terms, to, stretches, announcing, |_| {})?.amount)?
            }
            Across::Blend => {
                let share = i128::from(charge.amount.millionths()).checked_mul(i128::from(rest)).ok_or(MoneyError::TooLarge)?;
                Money::from_fraction(share, i128::from(charge.charged_units), terms.rounding_digits, terms.rounding)?
            }
        };
    }
    let amount = quota.amount.map_or(priced.owed, |amount| amount.min(priced.owed)).max(Money::ZERO);
    priced.covered.amount = amount;
    priced.owed = priced.owed.checked_sub(amount)?;
    Ok(priced)
}
