//! Owns how the steps of a price are kept with what was charged, in a line: `fee:50000;iv:2x30@200000;round:150000/5`, amounts in
//! millionths.
//! Does not own: the steps, and the sentences for people (words.rs).

use super::Step;
use crate::money::Money;

/// The steps in a line, as `parse_trace` reads it.
pub fn trace_text(steps: &[Step]) -> String {
    let parts = steps.iter().map(|step| match step {
        Step::Failed { units } => format!("failed:{units}"),
        Step::Grace { units } => format!("grace:{units}"),
        Step::Free { units } => format!("free:{units}"),
        Step::ConnectFee { amount } => format!("fee:{}", amount.millionths()),
        Step::Intervals { count, units, price, is_off_peak } => {
            format!("{}:{count}x{units}@{}", if *is_off_peak { "off" } else { "iv" }, price.millionths())
        }
        Step::Fixed { amount } => format!("fix:{}", amount.millionths()),
        Step::Relative { millionths } => format!("rel:{millionths}"),
        Step::CoveredUnits { units } => format!("cover:{units}"),
        Step::CoveredAmount { amount } => format!("paid:{}", amount.millionths()),
        Step::Rounded { amount, digits } => format!("round:{}/{digits}", amount.millionths()),
    });
    parts.collect::<Vec<_>>().join(";")
}

/// The steps of a line; none where it is not one.
pub fn parse_trace(text: &str) -> Option<Vec<Step>> {
    if text.is_empty() { Some(Vec::new()) } else { text.split(';').map(step).collect() }
}

fn step(part: &str) -> Option<Step> {
    let (kind, value) = part.split_once(':')?;
    let amount = |text: &str| text.parse().ok().map(Money::from_millionths);
    Some(match kind {
        "failed" => Step::Failed { units: value.parse().ok()? },
        "grace" => Step::Grace { units: value.parse().ok()? },
        "free" => Step::Free { units: value.parse().ok()? },
        "fee" => Step::ConnectFee { amount: amount(value)? },
        "iv" | "off" => {
            let (count, rest) = value.split_once('x')?;
            let (units, price) = rest.split_once('@')?;
            Step::Intervals { count: count.parse().ok()?, units: units.parse().ok()?, price: amount(price)?, is_off_peak: kind == "off" }
        }
        "fix" => Step::Fixed { amount: amount(value)? },
        "rel" => Step::Relative { millionths: value.parse().ok()? },
        "cover" => Step::CoveredUnits { units: value.parse().ok()? },
        "paid" => Step::CoveredAmount { amount: amount(value)? },
        "round" => {
            let (sum, digits) = value.split_once('/')?;
            Step::Rounded { amount: amount(sum)?, digits: digits.parse().ok()? }
        }
        _ => return None,
    })
}
