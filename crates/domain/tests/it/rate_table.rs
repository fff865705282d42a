//! Tests of finding a rate by a number and a moment. Not of what it costs (rating.rs).

use std::collections::BTreeMap;

use proptest::prelude::*;
use trunkline_domain::money::Money;
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding};
use trunkline_domain::rate_table::{Prefix, RateTable};
use trunkline_domain::time::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_microseconds(second * 1_000_000)
}

fn rate(rate_id: i64, from: i64, standing: RateStanding) -> Rate {
    let pricing = Pricing::Intervals(Price { interval_first: 1, interval_next: 1, price_first: Money::ZERO, price_next: Money::ZERO });
    Rate { rate_id, effective_from: at(from), standing, is_payback: false, pricing, off_peak: None }
}

fn table(rates: &[(&str, i64, i64, RateStanding)]) -> RateTable {
    let rates = rates.iter().map(|(prefix, id, from, standing)| (Prefix::parse(prefix).unwrap(), rate(*id, *from, *standing)));
    RateTable::new(rates.collect()).unwrap()
}

fn found(table: &RateTable, number: &str, second: i64) -> Option<(i64, usize)> {
    table.find(number, at(second)).map(|found| (found.rate.rate_id, found.prefix_digits))
}

/// T6: the longest prefix wins, whatever it costs.
#[test]
fn the_longest_prefix_wins() {
    let open = RateStanding::Open;
    let table = table(&[("1", 1, 0, open), ("1234", 2, 0, open), ("12", 3, 0, open), ("", 4, 0, open)]);
    let cases = [
        ("1234567890123", Some((2, 4))),
        ("1239", Some((3, 2))),
        ("12", Some((3, 2))),
        ("1", Some((1, 1))),
        ("4930", Some((4, 0))),
        ("", Some((4, 0))),
        ("12x4", Some((3, 2))),
        ("1\u{661}", Some((1, 1))),
    ];
    for (number, expected) in cases {
        assert_eq!(found(&table, number, 0), expected, "{number}");
    }
}

#[test]
fn the_rate_of_the_moment_holds() {
    let rates = [
        ("44", 1, 0, RateStanding::Open),
        ("447", 2, 10, RateStanding::Open),
        ("447", 3, 20, RateStanding::Forbidden),
        ("447", 4, 30, RateStanding::Discontinued),
        ("447", 5, 40, RateStanding::Open),
        ("447", 6, 40, RateStanding::Open),
    ];
    let table = table(&rates);
    let cases = [(-1, None), (9, Some((1, 2))), (10, Some((2, 3))), (20, Some((3, 3))), (30, Some((1, 2))), (40, Some((6, 3)))];
    for (second, expected) in cases {
        assert_eq!(found(&table, "4477", second), expected, "at {second}");
    }
}

#[test]
fn a_prefix_is_digits() {
    for text in ["+44", "44 ", "x", "\u{661}", "1234567890123456789012345"] {
        assert!(Prefix::parse(text).is_err(), "{text}");
    }
}

proptest! {
    /// The tree finds what a look at each rate finds.
    #[test]
    fn as_a_look_at_each_rate_does(
        rates in prop::collection::vec(("[1-3]{0,4}", 0..5_i64, 0..3_usize), 0..40), number in "[1-3]{0,6}", second in 0..6_i64,
    ) {
        let standings = [RateStanding::Open, RateStanding::Forbidden, RateStanding::Discontinued];
        let mut named: Vec<(&str, i64, i64, RateStanding)> = Vec::new();
        for (index, (prefix, from, standing)) in rates.iter().enumerate() {
            named.push((prefix, i64::try_from(index).unwrap(), *from, standings[*standing]));
        }
        // What holds for each prefix: the last of the latest.
        let mut holding: BTreeMap<(usize, &str), (i64, i64, RateStanding)> = BTreeMap::new();
        for (prefix, id, from, standing) in named.iter().filter(|(prefix, _, from, _)| *from <= second && number.starts_with(prefix)) {
            let place = holding.entry((prefix.len(), prefix)).or_insert((*from, *id, *standing));
            if *from >= place.0 {
                *place = (*from, *id, *standing);
            }
        }
        let longest = holding.iter().rev().find(|(_, (_, _, standing))| *standing != RateStanding::Discontinued);
        let expected = longest.map(|((digits, _), (_, id, _))| (*id, *digits));
        prop_assert_eq!(found(&table(&named), &number, second), expected);
    }
}
