//! Owns the sentence for each step of a price.
//! Does not own: the steps.

use super::Step;
use crate::money::Currency;
use crate::rate_text::percent_text;
use crate::service::Service;

/// Such as `2 intervals of 30 seconds at 0.2 EUR a minute`.
pub fn step_text(step: &Step, service: Service, currency: Currency) -> String {
    let units = |count: u64| if count == 1 { format!("1 {}", service.unit()) } else { format!("{count} {}s", service.unit()) };
    match step {
        Step::Failed { units: used } => format!("{} ended for a cause that is not charged", units(*used)),
        Step::Grace { units: used } => format!("{} are within the grace and cost nothing", units(*used)),
        Step::Free { units: free } => format!("the first {} are free", units(*free)),
        Step::ConnectFee { amount } => format!("connect fee of {amount} {currency}"),
        Step::Intervals { count, units: interval, price, is_off_peak } => {
            let intervals = if *count == 1 { "1 interval".to_owned() } else { format!("{count} intervals") };
            let when = if *is_off_peak { ", off-peak" } else { "" };
            format!("{intervals} of {} at {price} {currency} a {}{when}", units(*interval), service.priced_unit())
        }
        Step::Fixed { amount } => format!("surcharge of {amount} {currency}"),
        Step::Relative { millionths } => format!("surcharge of {} % on the sum so far", percent_text(*millionths)),
        Step::CoveredUnits { units: covered } => format!("{} are included in bundles", units(*covered)),
        Step::CoveredAmount { amount } => format!("{amount} {currency} are included in bundles"),
        Step::Rounded { amount, digits } => format!("{amount} {currency}, rounded once to {digits} decimals"),
    }
}
