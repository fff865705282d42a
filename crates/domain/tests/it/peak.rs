//! Tests of when off-peak is. Not of what usage costs then (rating.rs).

use trunkline_domain::peak::{OffPeak, PeakProblem, PeakRule};
use trunkline_domain::time::{Timestamp, Zone};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn evenings() -> PeakRule {
    PeakRule { time: Some((20 * 60, 8 * 60)), weekdays: Some((1, 5)), ..PeakRule::default() }
}

#[test]
fn everything_that_is_given_must_hold() {
    let off_peak = OffPeak::new(vec![evenings(), PeakRule { months: Some((12, 1)), days_of_month: Some((25, 25)), ..PeakRule::default() }]);
    let off_peak = off_peak.unwrap();
    let cases = [
        ("2026-06-15T19:59:59Z", false),
        ("2026-06-15T20:00:00Z", true),
        ("2026-06-19T23:59:59Z", true),
        // Saturday morning is not of the evening before.
        ("2026-06-20T06:00:00Z", false),
        ("2026-06-22T07:59:59Z", true),
        ("2026-06-22T08:00:00Z", false),
        ("2026-12-25T12:00:00Z", true),
        ("2026-06-25T12:00:00Z", false),
    ];
    for (moment, expected) in cases {
        assert_eq!(off_peak.holds(&Zone::utc(), at(moment)), expected, "{moment}");
    }
}

fn boundaries(rule: PeakRule, zone: &str, start: &str, seconds: u64) -> Vec<(u64, bool)> {
    let stretches = OffPeak::new(vec![rule]).unwrap().stretches(&Zone::parse(zone).unwrap(), at(start), seconds);
    stretches.into_iter().map(|stretch| (stretch.from_unit, stretch.is_off_peak)).collect()
}

#[test]
fn a_call_is_cut_where_the_period_changes() {
    let hour = 3_600;
    // Friday evening in Kyiv to Saturday noon: off-peak ends at midnight, with the weekday.
    assert_eq!(boundaries(evenings(), "Europe/Kyiv", "2026-06-19T16:00:00Z", 17 * hour), [(0, false), (hour, true), (5 * hour, false)]);
    // A start between two seconds: the second that holds the boundary still belongs to what was before.
    assert_eq!(boundaries(evenings(), "UTC", "2026-06-15T19:59:58.5Z", 60), [(0, false), (2, true)]);
    let night = |from, to| PeakRule { time: Some((from, to)), ..PeakRule::default() };
    // Clocks go forward from 02:00 to 03:00 in Berlin: a period from 02:30 begins when they do.
    assert_eq!(
        boundaries(night(150, 300), "Europe/Berlin", "2026-03-29T00:00:00Z", 5 * hour),
        [(0, false), (hour, true), (3 * hour, false)]
    );
    // And back from 03:00 to 02:00: 02:30 to 03:00 comes twice.
    let twice = [(0, false), (hour / 2, true), (hour, false), (3 * hour / 2, true), (4 * hour, false)];
    assert_eq!(boundaries(night(150, 300), "Europe/Berlin", "2026-10-25T00:00:00Z", 6 * hour), twice);
}

#[test]
fn what_a_period_cannot_say() {
    let cases = [
        (vec![], PeakProblem::Rules),
        (vec![PeakRule { time: Some((1_440, 0)), ..PeakRule::default() }], PeakProblem::Time),
        (vec![PeakRule { weekdays: Some((0, 5)), ..PeakRule::default() }], PeakProblem::Day),
        (vec![PeakRule { months: Some((1, 13)), ..PeakRule::default() }], PeakProblem::Day),
    ];
    for (rules, problem) in cases {
        assert_eq!(OffPeak::new(rules.clone()), Err(problem), "{rules:?}");
    }
}
