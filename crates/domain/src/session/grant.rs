//! Owns how much usage a chain of payers can afford, what is kept of their money for it, and what each pays in the end.
//! Does not own: the price of usage (rating).

use super::Payer;
use crate::money::{Money, MoneyError};
use crate::rate::{Rate, Terms};
use crate::rating::{Allowance, Announcing, Covered, Priced, Quota, Step, Stretch, explain_beyond, price_beyond, units_for};

/// One who is to pay, by which price, with which money.
#[derive(Clone, Debug)]
pub struct Party<'a> {
    pub payer: Payer,
    /// What it can spend on this session: what it has less what other sessions hold. None: without limit.
    pub spendable: Option<Money>,
    pub rate: &'a Rate,
    pub terms: &'a Terms,
    pub stretches: &'a [Stretch],
    /// What bundles cover of it.
    pub quota: Quota,
}

/// How far a grant goes where there is money enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Units used so far: what is granted goes beyond them.
    pub used_units: u64,
    /// Units granted at once to a switch that asks again; none: as many as the money allows.
    pub slice_units: Option<u64>,
    /// Units of one session.
    pub units_max: u64,
}

/// Units from the beginning of the session on, and what is kept for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub units: u64,
    /// What the customer is told: surcharges that are unannounced are left out.
    pub announced_units: u64,
    /// Usage beyond `units` is not affordable now.
    pub is_last: bool,
    /// Of each party, in their order: the price of `units`.
    pub reserved: Vec<Money>,
    /// What bundles cover of `units`.
    pub covered: Covered,
}

/// The most that all of `parties` can afford. `Err`: the place of the party that cannot afford any more.
pub fn grant(parties: &[Party<'_>], limits: Limits) -> Result<Grant, usize> {
    let ceiling = match limits.slice_units {
        Some(slice) => limits.used_units.saturating_add(slice).min(limits.units_max),
        None => limits.units_max,
    };
    let mut poorest = 0;
    let (mut units, mut announced_units, mut is_last) = (ceiling, ceiling, false);
    for (place, party) in parties.iter().enumerate() {
        let Some(real) = affordable(party, ceiling, Announcing::Real) else { return Err(place) };
        if real < units {
            (units, poorest) = (real, place);
        }
        is_last |= real < ceiling;
        announced_units = announced_units.min(affordable(party, ceiling, Announcing::Announced).unwrap_or(real));
    }
    if units <= limits.used_units {
        return Err(poorest);
    }
    let mut reserved = Vec::with_capacity(parties.len());
    let mut covered = Covered::default();
    for (place, party) in parties.iter().enumerate() {
        // A price out of range is one that nobody can pay.
        let priced = price_beyond(party.rate, party.terms, units, party.stretches, &party.quota).map_err(|_| place)?;
        reserved.push(priced.owed);
        covered = covered.or(priced.covered);
    }
    Ok(Grant { units, announced_units: announced_units.max(units), is_last, reserved, covered })
}

/// The most units up to `ceiling`; none: not even the first that cost something.
fn affordable(party: &Party<'_>, ceiling: u64, announcing: Announcing) -> Option<u64> {
    let Some(funds) = party.spendable else { return Some(ceiling) };
    match units_for(party.rate, party.terms, party.stretches, &party.quota, funds, ceiling, announcing) {
        Ok(Allowance::Unbounded) => Some(ceiling),
        Ok(Allowance::Units(units)) => Some(units),
        Ok(Allowance::Nothing) | Err(_) => None,
    }
}

/// What each party pays for `units`, with the steps of the price. They are charged whatever they have: the usage has been made.
pub fn settle(parties: &[Party<'_>], units: u64) -> Result<Vec<(Priced, Vec<Step>)>, MoneyError> {
    parties.iter().map(|party| explain_beyond(party.rate, party.terms, units, party.stretches, &party.quota)).collect()
}
