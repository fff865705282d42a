//! Owns when off-peak is: conditions on the clock and the calendar of a zone.
//! Does not own: what usage costs then (rating).

use thiserror::Error;

use crate::rating::Stretch;
use crate::time::{Date, Timestamp, Zone};

const MINUTES_PER_DAY: u16 = 1_440;
/// Stretches of one usage; what lies beyond belongs to the last of them.
pub const STRETCHES_MAX: usize = 1_000;
/// Rules of a period.
pub const RULES_MAX: usize = 50;

/// A time when all that is given holds; what is left out always does (docs/domain.md, Rates).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeakRule {
    /// Minutes of the day, from inclusive, to exclusive; over midnight where `to` is not after `from`.
    pub time: Option<(u16, u16)>,
    /// First and last, 1 for Monday to 7 for Sunday; over Sunday where the last is before the first.
    pub weekdays: Option<(i8, i8)>,
    pub days_of_month: Option<(i8, i8)>,
    pub months: Option<(i8, i8)>,
}

/// Off-peak is when any of the rules holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffPeak {
    rules: Vec<PeakRule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PeakProblem {
    #[error("a period has 1 to {RULES_MAX} rules, and a rule at least one condition")]
    Rules,
    #[error("a time of the day is 00:00 to 24:00")]
    Time,
    #[error("weekdays are 1 (Monday) to 7, days of a month 1 to 31, months 1 to 12")]
    Day,
}

impl PeakRule {
    fn check(&self) -> Result<(), PeakProblem> {
        if *self == PeakRule::default() {
            return Err(PeakProblem::Rules);
        }
        if self.time.is_some_and(|(from, to)| from >= MINUTES_PER_DAY || to > MINUTES_PER_DAY) {
            return Err(PeakProblem::Time);
        }
        let is_within = |range: Option<(i8, i8)>, max| range.is_none_or(|(from, to)| (1..=max).contains(&from) && (1..=max).contains(&to));
        if is_within(self.weekdays, 7) && is_within(self.days_of_month, 31) && is_within(self.months, 12) {
            Ok(())
        } else {
            Err(PeakProblem::Day)
        }
    }

    fn holds(&self, date: Date, minute: u16) -> bool {
        let is_in = |range: Option<(i8, i8)>, value: i8| {
            range.is_none_or(|(from, to)| if from <= to { (from..=to).contains(&value) } else { value >= from || value <= to })
        };
        let time = self.time.is_none_or(|(from, to)| if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to });
        time && is_in(self.weekdays, date.weekday()) && is_in(self.days_of_month, date.day()) && is_in(self.months, date.month())
    }
}

impl OffPeak {
    pub fn new(rules: Vec<PeakRule>) -> Result<OffPeak, PeakProblem> {
        if rules.is_empty() || rules.len() > RULES_MAX {
            return Err(PeakProblem::Rules);
        }
        for rule in &rules {
            rule.check()?;
        }
        Ok(OffPeak { rules })
    }

    pub fn rules(&self) -> &[PeakRule] {
        &self.rules
    }

    pub fn holds(&self, zone: &Zone, moment: Timestamp) -> bool {
        let (date, minute) = zone.date_and_minute(moment);
        self.rules.iter().any(|rule| rule.holds(date, minute))
    }

    /// Peak and off-peak of a usage counted in seconds, from its start on.
    pub fn stretches(&self, zone: &Zone, start: Timestamp, seconds: u64) -> Vec<Stretch> {
        let mut stretches = vec![Stretch { from_unit: 0, is_off_peak: self.holds(zone, start) }];
        let end = start.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
        let mut date = zone.date_of(start);
        // Nothing changes but at midnight, at the times that rules name, and where the clock is put forward or back.
        let clock_changes = zone.changes_between(start, end);
        let mut minutes: Vec<u16> = self.rules.iter().filter_map(|rule| rule.time).flat_map(|(from, to)| [from, to]).collect();
        minutes.push(0);
        minutes.sort_unstable();
        minutes.dedup();
        while zone.start_of(date) < end {
            let mut moments: Vec<Timestamp> = minutes.iter().flat_map(|minute| zone.moments_at(date, *minute)).collect();
            let day_end = zone.end_of(date);
            moments.extend(clock_changes.iter().filter(|change| **change >= zone.start_of(date) && **change < day_end));
            moments.sort_unstable();
            for moment in moments.into_iter().filter(|moment| *moment > start && *moment < end) {
                let is_off_peak = self.holds(zone, moment);
                if stretches.last().is_some_and(|last| last.is_off_peak != is_off_peak) {
                    stretches.push(Stretch { from_unit: seconds_between(start, moment), is_off_peak });
                }
            }
            if stretches.len() >= STRETCHES_MAX {
                stretches.truncate(STRETCHES_MAX);
                break;
            }
            date = date.plus_days(1);
        }
        stretches
    }
}

/// Seconds that have begun.
fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    let microseconds = u64::try_from(to.microseconds().saturating_sub(from.microseconds())).unwrap_or(0);
    microseconds.div_ceil(1_000_000)
}
