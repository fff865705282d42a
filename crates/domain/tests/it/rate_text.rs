//! Tests of how formulas and periods are written. Not of what they cost.

use proptest::prelude::*;
use trunkline_domain::money::Money;
use trunkline_domain::peak::{OffPeak, PeakRule};
use trunkline_domain::rate::{Element, RateProblem};
use trunkline_domain::rate_text::{
    FormulaProblem, PeriodProblem, formula_text, off_peak_text, parse_formula, parse_off_peak, parse_percent, percent_text,
};

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

#[test]
fn a_formula_is_read_as_it_is_written() {
    let text = "fee, 2x30@0.2, +0.05, +0.1!, +12.5%, 60@0.1";
    let elements = vec![
        Element::ConnectFee,
        Element::Interval { count: Some(2), units: 30, price: money("0.2") },
        Element::Fixed { amount: money("0.05"), unannounced: false },
        Element::Fixed { amount: money("0.1"), unannounced: true },
        Element::Relative { millionths: 125_000 },
        Element::Interval { count: None, units: 60, price: money("0.1") },
    ];
    assert_eq!(parse_formula(text), Ok(elements.clone()));
    assert_eq!(formula_text(&elements), text);
}

#[test]
fn what_is_no_formula() {
    let element = |part: &str| FormulaProblem::Element(part.to_owned());
    let cases = [
        ("", element("")),
        ("60@0.1,", element("")),
        ("60@-0.1", element("60@-0.1")),
        ("x30@1", element("x30@1")),
        ("60@0.1, +1.00001%", element("+1.00001%")),
        ("60 @ 0.1", element("60 @ 0.1")),
        ("fee", FormulaProblem::Rate(RateProblem::FormulaEnd)),
        ("0@1", FormulaProblem::Rate(RateProblem::Element)),
    ];
    for (text, problem) in cases {
        assert_eq!(parse_formula(text), Err(problem), "{text}");
    }
    assert_eq!((parse_percent("0.0001"), percent_text(1), percent_text(1_000_000)), (Some(1), "0.0001".to_owned(), "100".to_owned()));
}

#[test]
fn a_period_is_read_as_it_is_written() {
    let text = "20:00-08:00 mon-fri; sat-sun; dec 24-26; 00:00-24:00 jan 1";
    assert_eq!(off_peak_text(&parse_off_peak(text).unwrap()), text);
    assert_eq!(off_peak_text(&parse_off_peak(" Sat-SUN 20:00-08:00 ").unwrap()), "20:00-08:00 sat-sun");
}

#[test]
fn what_is_no_period() {
    let part = |text: &str| PeriodProblem::Part(text.to_owned());
    let cases = [
        ("", part("")),
        ("mon;", part("")),
        ("20:00", part("20:00")),
        ("8:00-20:00", part("8:00-20:00")),
        ("24:01-08:00", part("24:01-08:00")),
        ("mon-foo", part("mon-foo")),
        ("0-3", part("0-3")),
        ("32", part("32")),
        ("mon tue", PeriodProblem::Twice("tue".to_owned())),
    ];
    for (text, problem) in cases {
        assert_eq!(parse_off_peak(text), Err(problem), "{text}");
    }
}

fn any_range(max: i8) -> impl Strategy<Value = Option<(i8, i8)>> {
    prop::option::of((1..=max, 1..=max))
}

proptest! {
    #[test]
    fn every_period_comes_back(rules in prop::collection::vec(
        (prop::option::of((0..1_440_u16, 0..=1_440_u16)), any_range(7), any_range(12), any_range(31)), 1..5,
    )) {
        let rules = rules.into_iter().map(|(time, weekdays, months, days_of_month)| PeakRule { time, weekdays, days_of_month, months });
        let rules: Vec<PeakRule> = rules.filter(|rule| *rule != PeakRule::default()).collect();
        prop_assume!(!rules.is_empty());
        let off_peak = OffPeak::new(rules).unwrap();
        prop_assert_eq!(parse_off_peak(&off_peak_text(&off_peak)), Ok(off_peak));
    }
}
