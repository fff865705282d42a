//! Owns how formulas and off-peak periods are written and read: `fee, 2x30@0.2, +0.05, 60@0.1, +10%` and `20:00-08:00 mon-fri; sat-sun`.
//! Does not own: what they mean (rating, peak.rs).

use std::fmt::Write;

use thiserror::Error;

use crate::money::Money;
use crate::peak::{OffPeak, PeakProblem, PeakRule};
use crate::rate::{Element, RateProblem, check_formula};

/// Characters of a formula or a period.
pub const TEXT_CHARACTERS_MAX: usize = 1_000;

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Millionths in a hundredth, for percentages.
const MILLIONTHS_PER_PERCENT: u64 = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormulaProblem {
    #[error("“{0}” is no part of a formula such as “fee, 2x30@0.2, +0.05, 60@0.1, +10%”")]
    Element(String),
    #[error(transparent)]
    Rate(#[from] RateProblem),
}

/// Reads a formula. Intervals are `2x30@0.2` (two of 30 units at 0.2) and, without end, `60@0.1`; surcharges `+0.05`, unannounced
/// `+0.05!`, `+10%`; the tariff's connect fee is `fee`.
pub fn parse_formula(text: &str) -> Result<Vec<Element>, FormulaProblem> {
    let parts = text.split(',').map(str::trim);
    let elements: Result<Vec<Element>, FormulaProblem> =
        parts.map(|part| element(part).ok_or_else(|| FormulaProblem::Element(part.chars().take(40).collect()))).collect();
    let elements = elements?;
    check_formula(&elements)?;
    Ok(elements)
}

fn element(part: &str) -> Option<Element> {
    if part == "fee" {
        return Some(Element::ConnectFee);
    }
    if let Some(surcharge) = part.strip_prefix('+') {
        if let Some(percent) = surcharge.strip_suffix('%') {
            return Some(Element::Relative { millionths: parse_percent(percent)? });
        }
        let (amount, unannounced) = surcharge.strip_suffix('!').map_or((surcharge, false), |amount| (amount, true));
        return Some(Element::Fixed { amount: unsigned(amount)?, unannounced });
    }
    let (interval, price) = part.split_once('@')?;
    let (count, units) = match interval.split_once('x') {
        Some((count, units)) => (Some(whole(count)?), units),
        None => (None, interval),
    };
    Some(Element::Interval { count, units: whole(units)?, price: unsigned(price)? })
}

fn whole(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn unsigned(text: &str) -> Option<Money> {
    text.bytes().next().filter(u8::is_ascii_digit)?;
    Money::parse(text).ok()
}

/// Reads `12.5` as millionths of the whole. At most four decimals.
pub fn parse_percent(text: &str) -> Option<u64> {
    let millionths_of_percent = u64::try_from(unsigned(text)?.millionths()).ok()?;
    (millionths_of_percent % 100 == 0).then_some(millionths_of_percent / 100)
}

/// Millionths of the whole as `12.5`.
pub fn percent_text(millionths: u64) -> String {
    let (whole, rest) = (millionths / MILLIONTHS_PER_PERCENT, millionths % MILLIONTHS_PER_PERCENT);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:04}").trim_end_matches('0').to_owned() }
}

/// The formula as `parse_formula` reads it.
pub fn formula_text(elements: &[Element]) -> String {
    let parts = elements.iter().map(|element| match element {
        Element::Interval { count: Some(count), units, price } => format!("{count}x{units}@{price}"),
        Element::Interval { count: None, units, price } => format!("{units}@{price}"),
        Element::Fixed { amount, unannounced } => format!("+{amount}{}", if *unannounced { "!" } else { "" }),
        Element::ConnectFee => "fee".to_owned(),
        Element::Relative { millionths } => format!("+{}%", percent_text(*millionths)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeriodProblem {
    #[error("“{0}” is no part of a period such as “20:00-08:00 mon-fri; sat-sun; dec 25”")]
    Part(String),
    #[error("“{0}” says the same kind of thing twice")]
    Twice(String),
    #[error(transparent)]
    Peak(#[from] PeakProblem),
}

/// Reads an off-peak period: rules with `;` between them, each of times `20:00-08:00`, weekdays `mon-fri`, months `dec` and days of
/// the month `24-26`; all that a rule says must hold.
pub fn parse_off_peak(text: &str) -> Result<OffPeak, PeriodProblem> {
    let rules: Result<Vec<PeakRule>, PeriodProblem> = text.split(';').map(rule).collect();
    Ok(OffPeak::new(rules?)?)
}

fn rule(text: &str) -> Result<PeakRule, PeriodProblem> {
    let mut rule = PeakRule::default();
    let mut parts = text.split_whitespace().peekable();
    if parts.peek().is_none() {
        return Err(PeriodProblem::Part(String::new()));
    }
    for part in parts {
        let is_new = match part.split_once('-').unwrap_or((part, part)) {
            (from, to) if from.contains(':') && part.contains('-') => set(&mut rule.time, minute(from).zip(minute(to))),
            (from, to) if named(&WEEKDAYS, from).is_some() => set(&mut rule.weekdays, named(&WEEKDAYS, from).zip(named(&WEEKDAYS, to))),
            (from, to) if named(&MONTHS, from).is_some() => set(&mut rule.months, named(&MONTHS, from).zip(named(&MONTHS, to))),
            (from, to) => set(&mut rule.days_of_month, day(from).zip(day(to))),
        };
        match is_new {
            Some(true) => {}
            Some(false) => return Err(PeriodProblem::Twice(part.chars().take(40).collect())),
            None => return Err(PeriodProblem::Part(part.chars().take(40).collect())),
        }
    }
    Ok(rule)
}

/// None: there is no value. False: there was one already.
fn set<T>(place: &mut Option<T>, value: Option<T>) -> Option<bool> {
    let value = value?;
    Some(place.replace(value).is_none())
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str, max: u16| {
        whole(part).and_then(|number| u16::try_from(number).ok()).filter(|_| part.len() == 2).filter(|number| *number <= max)
    };
    let (hour, minute) = (number(hour, 24)?, number(minute, 59)?);
    (hour < 24 || minute == 0).then_some(hour * 60 + minute)
}

fn named(names: &[&str], text: &str) -> Option<i8> {
    let place = names.iter().position(|name| text.eq_ignore_ascii_case(name))?;
    i8::try_from(place + 1).ok()
}

fn day(text: &str) -> Option<i8> {
    whole(text).and_then(|day| i8::try_from(day).ok()).filter(|day| (1..=31).contains(day))
}

/// The period as `parse_off_peak` reads it.
pub fn off_peak_text(off_peak: &OffPeak) -> String {
    off_peak.rules().iter().map(rule_text).collect::<Vec<_>>().join("; ")
}

fn rule_text(rule: &PeakRule) -> String {
    let mut text = String::new();
    let name = |names: &[&str], number: i8| {
        usize::try_from(number - 1).ok().and_then(|place| names.get(place).copied()).unwrap_or_default().to_owned()
    };
    let mut range = |from: String, to: String| {
        // Writing to a text does not fail.
        _ = if from == to { write!(text, " {from}") } else { write!(text, " {from}-{to}") };
    };
    if let Some((from, to)) = rule.time {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        // The same twice is the whole day, and still a range.
        if from == to {
            range(format!("{}-{}", clock(from), clock(to)), format!("{}-{}", clock(from), clock(to)))
        } else {
            range(clock(from), clock(to))
        }
    }
    if let Some((from, to)) = rule.weekdays {
        range(name(&WEEKDAYS, from), name(&WEEKDAYS, to));
    }
    if let Some((from, to)) = rule.months {
        range(name(&MONTHS, from), name(&MONTHS, to));
    }
    if let Some((from, to)) = rule.days_of_month {
        range(from.to_string(), to.to_string());
    }
    text.trim_start().to_owned()
}
