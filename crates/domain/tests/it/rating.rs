//! Tests of prices: the published examples, exactness, the inverse. Not of finding a rate (rate_table.rs).

use proptest::prelude::*;
use trunkline_domain::money::{Money, MoneyError, Rounding};
use trunkline_domain::rate::{Element, Price, Pricing, Rate, RateProblem, RateStanding, Terms};
use trunkline_domain::rating::{
    Allowance, Announcing, Charge, PEAK, Quota, Step, Stretch, UNITS_MAX, Uncharged, charge, charge_between, explain, uncharged, units_for,
};
use trunkline_domain::time::Timestamp;

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn rate(pricing: Pricing) -> Rate {
    Rate { rate_id: 1, effective_from: Timestamp::default(), standing: RateStanding::Open, is_payback: false, pricing, off_peak: None }
}

/// Intervals `first/next` at one price a minute.
fn intervals(first: u64, next: u64, price: &str) -> Pricing {
    Pricing::Intervals(Price { interval_first: first, interval_next: next, price_first: money(price), price_next: money(price) })
}

fn price_of(pricing: Pricing, terms: &Terms, seconds: u64) -> String {
    charge(&rate(pricing), terms, seconds, &PEAK).unwrap().amount.to_string()
}

#[test]
fn the_price_of_a_call() {
    let voice = Terms::VOICE;
    let fee = Terms { connect_fee: money("0.1"), ..voice };
    let graced = Terms { grace_units: 3, ..fee };
    let free = Terms { free_units: 30, ..fee };
    let dearer = Terms { surcharge_millionths: 250_000, ..fee };
    let cases: [(&str, Pricing, Terms, u64, &str); 18] = [
        ("T1: a minute at 0.05 in seconds", intervals(1, 1, "0.05"), voice, 60, "0.05"),
        ("nothing used", intervals(1, 1, "0.05"), fee, 0, "0"),
        ("a second of 60/60 costs a minute", intervals(60, 60, "0.12"), voice, 1, "0.12"),
        ("60/6: a second more costs six", intervals(60, 6, "0.12"), voice, 61, "0.132"),
        ("30/6 at the boundary", intervals(30, 6, "0.12"), voice, 30, "0.06"),
        ("30/6 beyond the boundary", intervals(30, 6, "0.12"), voice, 36, "0.072"),
        ("a third of a cent is rounded once", intervals(1, 1, "0.01"), voice, 1, "0.00017"),
        ("half a step goes away from zero", intervals(1, 1, "0.0003"), voice, 1, "0.00001"),
        ("less than half a step is nothing", intervals(1, 1, "0.0002"), voice, 1, "0"),
        ("the connect fee comes once", intervals(60, 60, "0.12"), fee, 600, "1.3"),
        ("grace leaves out the fee too", intervals(60, 60, "0.12"), graced, 3, "0"),
        ("beyond the grace all counts", intervals(60, 60, "0.12"), graced, 4, "0.22"),
        ("free seconds do not free from the fee", intervals(60, 60, "0.12"), free, 30, "0.1"),
        ("free seconds come first", intervals(60, 60, "0.12"), free, 31, "0.22"),
        ("the surcharge is on all", intervals(60, 60, "0.12"), dearer, 60, "0.275"),
        ("T5: a long call", intervals(1, 1, "0.05"), voice, 4_501, "3.75083"),
        ("T5: a day", intervals(1, 1, "0.05"), voice, 86_400, "72"),
        ("T5: a month", intervals(60, 60, "0.05"), voice, 31 * 86_400, "2232"),
    ];
    for (what, pricing, terms, seconds, expected) in cases {
        assert_eq!(price_of(pricing, &terms, seconds), expected, "{what}");
    }
}

#[test]
fn usage_of_other_units() {
    let message = Terms { price_units: 1, ..Terms::VOICE };
    assert_eq!(price_of(intervals(1, 1, "0.07"), &message, 3), "0.21");
    // 758 bytes are one kilobyte: usage comes rounded up to the base unit, and is charged by it.
    let megabyte = Terms { price_units: 1_024, ..Terms::VOICE };
    assert_eq!(price_of(intervals(1, 1, "0.5"), &megabyte, 758_u64.div_ceil(1_024)), "0.00049");
    let upwards = Terms { rounding_digits: 2, rounding: Rounding::AwayFromZero, ..Terms::VOICE };
    assert_eq!(price_of(intervals(1, 1, "0.01"), &upwards, 1), "0.01");
}

#[test]
fn a_payback_rate_pays() {
    let paying = Rate { is_payback: true, ..rate(intervals(1, 1, "0.06")) };
    assert_eq!(charge(&paying, &Terms::VOICE, 10, &PEAK), Ok(Charge { amount: money("-0.01"), charged_units: 10 }));
    let unbounded = units_for(&paying, &Terms::VOICE, &PEAK, &Quota::NONE, Money::ZERO, 3_600, Announcing::Real);
    assert_eq!(unbounded, Ok(Allowance::Unbounded));
}

/// $10 at $0.10 a minute with a surcharge of $0.20: 98 minutes; 100 are said where the surcharge is not announced.
#[test]
fn an_unannounced_surcharge_shortens_the_call_but_not_what_is_said() {
    let formula = |unannounced| {
        rate(Pricing::Formula(vec![
            Element::Fixed { amount: money("0.2"), unannounced },
            Element::Interval { count: None, units: 60, price: money("0.1") },
        ]))
    };
    let minutes = |unannounced, announcing| {
        let rate = formula(unannounced);
        match units_for(&rate, &Terms::VOICE, &PEAK, &Quota::NONE, money("10"), 100_000, announcing).unwrap() {
            Allowance::Units(seconds) => seconds / 60,
            other => panic!("{other:?}"),
        }
    };
    let both = |unannounced| (minutes(unannounced, Announcing::Announced), minutes(unannounced, Announcing::Real));
    assert_eq!((both(false), both(true)), ((98, 98), (100, 98)));
}

#[test]
fn a_formula_goes_on_as_long_as_usage_does() {
    let formula = vec![
        Element::ConnectFee,
        Element::Interval { count: Some(2), units: 30, price: money("0.2") },
        Element::Fixed { amount: money("0.05"), unannounced: false },
        Element::Interval { count: None, units: 60, price: money("0.1") },
        Element::Relative { millionths: 100_000 },
    ];
    let terms = Terms { connect_fee: money("0.01"), surcharge_millionths: 500_000, ..Terms::VOICE };
    let cases = [(1, "0.1815"), (30, "0.1815"), (31, "0.3465"), (60, "0.3465"), (61, "0.594"), (121, "0.759")];
    for (seconds, expected) in cases {
        assert_eq!(price_of(Pricing::Formula(formula.clone()), &terms, seconds), expected, "{seconds} s");
    }
}

#[test]
fn what_a_rate_cannot_say() {
    let endless = Element::Interval { count: None, units: 60, price: money("1") };
    let ended = Element::Interval { count: Some(1), units: 60, price: money("1") };
    let relative = |millionths| Element::Relative { millionths };
    let cases = [
        (intervals(0, 1, "1"), RateProblem::IntervalFirst),
        (intervals(1, 0, "1"), RateProblem::IntervalNext),
        (intervals(1, 1, "-0.1"), RateProblem::PriceNext),
        (intervals(1, 1, "1000000.1"), RateProblem::PriceNext),
        (Pricing::Formula(Vec::new()), RateProblem::FormulaSize),
        (Pricing::Formula(vec![ended]), RateProblem::FormulaEnd),
        (Pricing::Formula(vec![endless, ended]), RateProblem::FormulaEnd),
        (Pricing::Formula(vec![endless, relative(10_000_001)]), RateProblem::Surcharge),
        (Pricing::Formula(vec![endless, relative(1), relative(1), relative(1)]), RateProblem::FormulaSize),
    ];
    for (pricing, problem) in cases {
        assert_eq!(pricing.check(), Err(problem), "{pricing:?}");
    }
}

#[test]
fn a_call_over_the_boundary_of_peak() {
    let peak = rate(intervals(60, 60, "0.6"));
    let both = Rate { off_peak: Some(intervals(10, 10, "0.06")), ..peak };
    let split = Terms { is_split_by_peak: true, ..Terms::VOICE };
    let late = [Stretch { from_unit: 0, is_off_peak: false }, Stretch { from_unit: 90, is_off_peak: true }];
    let early = [Stretch { from_unit: 0, is_off_peak: true }, Stretch { from_unit: 25, is_off_peak: false }];
    let price = |terms: &Terms, stretches: &[Stretch]| charge(&both, terms, 150, stretches).unwrap().amount.to_string();
    // By its beginning: three minutes of peak; fifteen intervals off-peak.
    assert_eq!((price(&Terms::VOICE, &late), price(&Terms::VOICE, &early)), ("1.8".to_owned(), "0.15".to_owned()));
    // Split: an interval costs what holds at its beginning, and lasts to its own end.
    assert_eq!((price(&split, &late), price(&split, &early)), ("1.23".to_owned(), "1.23".to_owned()));
    let (_, steps) = explain(&both, &split, 150, &late).unwrap();
    let expected = [
        Step::Intervals { count: 1, units: 60, price: money("0.6"), is_off_peak: false },
        Step::Intervals { count: 1, units: 60, price: money("0.6"), is_off_peak: false },
        Step::Intervals { count: 3, units: 10, price: money("0.06"), is_off_peak: true },
        Step::Rounded { amount: money("1.23"), digits: 5 },
    ];
    assert_eq!(steps, expected);
}

/// T5: at the end of the range a price is refused, never wrapped.
#[test]
fn a_price_beyond_the_range_is_refused() {
    let dear = rate(intervals(1_000_000_000, 1_000_000_000, "1000000"));
    let terms = Terms { price_units: 1, surcharge_millionths: 10_000_000, ..Terms::VOICE };
    assert_eq!(charge(&dear, &terms, UNITS_MAX, &PEAK), Err(MoneyError::TooLarge));
    assert_eq!(charge(&dear, &Terms::VOICE, UNITS_MAX + 1, &PEAK), Err(MoneyError::TooLarge));
    assert_eq!(units_for(&dear, &terms, &PEAK, &Quota::NONE, Money::MAX, UNITS_MAX, Announcing::Real), Ok(Allowance::Nothing));
}

fn any_price() -> impl Strategy<Value = Money> {
    prop_oneof![Just(0), 1..200_i64, 1_000..2_000_000_i64].prop_map(|units| Money::from_millionths(units * 10))
}

fn any_interval() -> impl Strategy<Value = u64> {
    prop_oneof![Just(1), Just(6), Just(30), Just(60), 1..400_u64]
}

prop_compose! {
    fn any_intervals()(first in any_interval(), next in any_interval(), price_first in any_price(), price_next in any_price()) -> Pricing {
        Pricing::Intervals(Price { interval_first: first, interval_next: next, price_first, price_next })
    }
}

fn any_formula() -> impl Strategy<Value = Pricing> {
    let before = prop_oneof![
        (1..5_u64, any_interval(), any_price()).prop_map(|(count, units, price)| Element::Interval { count: Some(count), units, price }),
        (any_price(), any::<bool>()).prop_map(|(amount, unannounced)| Element::Fixed { amount, unannounced }),
        Just(Element::ConnectFee),
    ];
    let relative = (0..2_000_000_u64).prop_map(|millionths| Element::Relative { millionths });
    (prop::collection::vec(before, 0..5), relative, any_interval(), any_price()).prop_map(|(mut elements, relative, units, price)| {
        elements.push(relative);
        elements.push(Element::Interval { count: None, units, price });
        Pricing::Formula(elements)
    })
}

prop_compose! {
    fn any_terms()(
        grace_units in prop_oneof![Just(0), 0..10_u64],
        free_units in prop_oneof![Just(0), 0..90_u64],
        connect_fee in any_price(),
        surcharge_millionths in prop_oneof![Just(0), 0..500_000_u64],
        is_split_by_peak in any::<bool>(),
    ) -> Terms {
        Terms { grace_units, free_units, connect_fee, surcharge_millionths, is_split_by_peak, ..Terms::VOICE }
    }
}

prop_compose! {
    fn any_rate()(
        (pricing, off_peak) in prop_oneof![
            (any_intervals(), prop::option::of(any_intervals())),
            (any_formula(), prop::option::of(any_formula())),
        ],
    ) -> Rate {
        Rate { off_peak, ..rate(pricing) }
    }
}

fn any_stretches() -> impl Strategy<Value = Vec<Stretch>> {
    (any::<bool>(), prop::collection::btree_set(1..4_000_u64, 0..4)).prop_map(|(starts_off_peak, ends)| {
        let mut is_off_peak = starts_off_peak;
        let mut stretches = vec![Stretch { from_unit: 0, is_off_peak }];
        for from_unit in ends {
            is_off_peak = !is_off_peak;
            stretches.push(Stretch { from_unit, is_off_peak });
        }
        stretches
    })
}

proptest! {
    /// Usage never gets cheaper by going on.
    #[test]
    fn a_price_never_falls(rate in any_rate(), terms in any_terms(), stretches in any_stretches(), units in 0..8_000_u64, more in 1..500_u64) {
        let price = |units| charge(&rate, &terms, units, &stretches).unwrap().amount;
        prop_assert!(price(units) <= price(units + more));
    }

    /// The limit is affordable, one unit more is not, and what is said is never less than what is real.
    #[test]
    fn the_limit_is_the_inverse_of_the_price(
        rate in any_rate(), terms in any_terms(), stretches in any_stretches(), funds in -5_000_000..40_000_000_i64, units_max in 1..200_000_u64,
    ) {
        let funds = Money::from_millionths(funds);
        let usable = funds.max(Money::ZERO);
        let price = |units| charge(&rate, &terms, units, &stretches).unwrap().amount;
        let limit = |announcing| units_for(&rate, &terms, &stretches, &Quota::NONE, funds, units_max, announcing).unwrap();
        let real = limit(Announcing::Real);
        match real {
            Allowance::Unbounded => prop_assert!(price(units_max) <= usable),
            Allowance::Units(units) => {
                prop_assert!(price(units) <= usable && price(units + 1) > usable, "{units} of {units_max}");
            }
            Allowance::Nothing => prop_assert!(price(terms.grace_units.max(terms.free_units) + 1) > usable),
        }
        let order = |allowance| match allowance {
            Allowance::Nothing => 0,
            Allowance::Units(units) => units,
            Allowance::Unbounded => u64::MAX,
        };
        prop_assert!(order(limit(Announcing::Announced)) >= order(real));
    }

    /// T2: whatever the moments at which a running usage is charged, the parts add up to the price of the whole.
    #[test]
    fn parts_add_up_to_the_whole(
        rate in any_rate(), terms in any_terms(), stretches in any_stretches(), cuts in prop::collection::btree_set(1..6_000_u64, 1..20),
    ) {
        let mut sum = Money::ZERO;
        let mut from = 0;
        for to in &cuts {
            sum = sum.checked_add(charge_between(&rate, &terms, from, *to, &stretches).unwrap()).unwrap();
            from = *to;
        }
        prop_assert_eq!(sum, charge(&rate, &terms, from, &stretches).unwrap().amount);
    }
}

/// T39: usage that was charged nothing says why.
#[test]
fn what_was_charged_nothing_says_why() {
    let at = |price: &str, terms: &Terms, units| {
        let (_, steps) = explain(&rate(intervals(60, 60, price)), terms, units, &PEAK).unwrap();
        uncharged(units, true, &steps)
    };
    let terms = Terms { grace_units: 5, free_units: 60, ..Terms::VOICE };
    assert_eq!(at("0.1", &Terms::VOICE, 60), None);
    assert_eq!(at("0", &Terms::VOICE, 60), Some(Uncharged::ZeroRated));
    assert_eq!(at("0.1", &Terms::VOICE, 0), Some(Uncharged::NoUsage));
    assert_eq!(at("0.1", &terms, 5), Some(Uncharged::Grace));
    assert_eq!(at("0.1", &terms, 60), Some(Uncharged::FreeUnits));
    assert_eq!(at("0.1", &terms, 61), None);
    let rounded = |amount: &str| Step::Rounded { amount: money(amount), digits: 5 };
    let covered = [rounded("0.1"), Step::CoveredUnits { units: 60 }, rounded("0")];
    assert_eq!(uncharged(60, true, &covered), Some(Uncharged::Included));
    assert_eq!(uncharged(60, true, &covered[1..2]), Some(Uncharged::Included));
    assert_eq!(uncharged(60, true, &covered[..1]), None);
    assert_eq!(uncharged(60, true, &[Step::Failed { units: 60 }]), Some(Uncharged::Failed));
    assert_eq!(uncharged(60, false, &[]), Some(Uncharged::Emergency));
    assert_eq!(uncharged(60, true, &[]), None);
}
