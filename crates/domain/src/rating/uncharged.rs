//! Owns why usage was charged nothing: a word for whoever looks for usage that was not billed.
//! Does not own: which causes of an end are failures, which the installation says.

use super::Step;
use crate::money::Money;

/// Why usage was charged nothing. Of several, the first in this order is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncharged {
    /// It ended for a cause that the installation does not charge for.
    Failed,
    /// Free by its kind: an emergency call.
    Emergency,
    /// Nothing was used: nobody answered.
    NoUsage,
    /// Bundles cover all of it.
    Included,
    /// Within the grace of the tariff.
    Grace,
    /// Within the free units of the tariff.
    FreeUnits,
    /// The price of the rate is zero.
    ZeroRated,
}

impl Uncharged {
    pub const ALL: [Uncharged; 7] = [
        Uncharged::Failed,
        Uncharged::Emergency,
        Uncharged::NoUsage,
        Uncharged::Included,
        Uncharged::Grace,
        Uncharged::FreeUnits,
        Uncharged::ZeroRated,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Uncharged::Failed => "failed",
            Uncharged::Emergency => "emergency",
            Uncharged::NoUsage => "no_usage",
            Uncharged::Included => "included",
            Uncharged::Grace => "grace",
            Uncharged::FreeUnits => "free_units",
            Uncharged::ZeroRated => "zero_rated",
        }
    }
}

/// Why `units` were charged nothing, by the steps of their price. None: they cost something, or nothing is known of the price.
/// `has_tariff`: somebody was to pay.
pub fn uncharged(units: u64, has_tariff: bool, steps: &[Step]) -> Option<Uncharged> {
    let has = |wanted: fn(&Step) -> bool| steps.iter().any(wanted);
    if has(|step| matches!(step, Step::Failed { .. })) {
        return Some(Uncharged::Failed);
    }
    if !has_tariff {
        return steps.is_empty().then_some(Uncharged::Emergency);
    }
    let last = steps.last()?;
    let is_covered = has(|step| matches!(step, Step::CoveredUnits { .. } | Step::CoveredAmount { .. }));
    let is_free = has(|step| matches!(step, Step::Free { .. })) && !has(|step| matches!(step, Step::Intervals { .. }));
    if units == 0 {
        Some(Uncharged::NoUsage)
    } else if matches!(last, Step::Grace { .. }) {
        Some(Uncharged::Grace)
    } else if !matches!(last, Step::Rounded { amount: Money::ZERO, .. } | Step::CoveredUnits { .. }) {
        None
    } else if is_covered {
        Some(Uncharged::Included)
    } else if is_free {
        Some(Uncharged::FreeUnits)
    } else {
        Some(Uncharged::ZeroRated)
    }
}
