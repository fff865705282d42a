//! Owns a tariff: what its rates have in common.
//! Does not own: its rates (rate.rs, rate_table.rs) and who is charged by it.

use thiserror::Error;

use crate::id::Id;
use crate::money::{Currency, Money};
use crate::peak::OffPeak;
use crate::rate::{PRICE_MAX, SURCHARGE_MILLIONTHS_MAX, Terms};
use crate::rating::{PEAK, Stretch, UNITS_MAX};
use crate::service::Service;
use crate::time::{Timestamp, Zone};

/// Prices of one service in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    pub tariff_id: Id,
    pub name: String,
    pub service: Service,
    /// Never changes.
    pub currency: Currency,
    pub terms: Terms,
    /// The clock by which off-peak goes.
    pub zone: Zone,
    pub off_peak: Option<OffPeak>,
    pub created_at: Timestamp,
    pub version: i64,
}

impl Tariff {
    /// Peak and off-peak of usage that begins at `at`. What is not counted in seconds has no duration: its beginning decides.
    pub fn stretches(&self, at: Timestamp, units: u64) -> Vec<Stretch> {
        let whole = |off_peak: &OffPeak| vec![Stretch { from_unit: 0, is_off_peak: off_peak.holds(&self.zone, at) }];
        match (&self.off_peak, self.service) {
            (None, _) => PEAK.to_vec(),
            (Some(off_peak), Service::Voice) if self.terms.is_split_by_peak => off_peak.stretches(&self.zone, at, units),
            (Some(off_peak), _) => whole(off_peak),
        }
    }
}

/// Why terms cannot be taken, by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TermsProblem {
    #[error("0 to {UNITS_MAX} units")]
    GraceUnits,
    #[error("0 to {UNITS_MAX} units")]
    FreeUnits,
    #[error("0 to 1,000,000")]
    ConnectFee,
    #[error("0 to 1000 %")]
    Surcharge,
    #[error("0 to 6 decimals")]
    RoundingDigits,
}

/// Everything that is wrong with the terms.
pub fn check_terms(terms: &Terms) -> Vec<TermsProblem> {
    let is_price = |amount: Money| !amount.is_negative() && amount <= PRICE_MAX;
    let checks = [
        (terms.grace_units <= UNITS_MAX, TermsProblem::GraceUnits),
        (terms.free_units <= UNITS_MAX, TermsProblem::FreeUnits),
        (is_price(terms.connect_fee), TermsProblem::ConnectFee),
        (terms.surcharge_millionths <= SURCHARGE_MILLIONTHS_MAX, TermsProblem::Surcharge),
        (terms.rounding_digits <= 6, TermsProblem::RoundingDigits),
    ];
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, problem)| problem).collect()
}
