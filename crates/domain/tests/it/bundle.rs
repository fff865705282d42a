//! Tests of bundles: which volume is used, when it is there again, and what usage costs beyond it (T19). Not of counting it.

use std::collections::HashMap;

use proptest::prelude::*;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::bundle::{
    Bundle, BundleItem, BundleProblem, Calendar, FirstPeriod, Held, Included, Measure, Portion, Renewal, Taken, UsedUp, Wish, check_bundle,
    included,
};
use trunkline_domain::money::Money;
use trunkline_domain::product::Direction;
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding, Terms};
use trunkline_domain::rating::{
    Across, Allowance, Announcing, Covered, PEAK, Quota, Step, charge, explain_beyond, parse_trace, price_beyond, trace_text, units_for,
};
use trunkline_domain::service::Service;
use trunkline_domain::time::{Timestamp, Zone};

use crate::fixture::{day, just_before, utc, zone};

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn rate(first: u64, next: u64, price: &str) -> Rate {
    let price = Price { interval_first: first, interval_next: next, price_first: money(price), price_next: money(price) };
    Rate {
        rate_id: 1,
        effective_from: Timestamp::default(),
        standing: RateStanding::Open,
        is_payback: false,
        pricing: Pricing::Intervals(price),
        off_peak: None,
    }
}

fn units(units: u64, across: Across) -> Quota {
    Quota { units, across, ..Quota::NONE }
}

fn item(item_id: i64, volume: Option<i64>) -> BundleItem {
    BundleItem {
        item_id,
        service: Service::Voice,
        direction: Direction::Outgoing,
        prefixes: Vec::new(),
        measure: Measure::Units,
        volume,
        renewal: Renewal::Monthly,
        rollover_periods: 0,
        used_up: UsedUp::Tariff,
        first_period: FirstPeriod::Full,
    }
}

fn bundle(items: Vec<BundleItem>) -> Bundle {
    Bundle { bundle_id: 1, name: "Minutes".into(), across: Across::Split, items, created_at: Timestamp::default(), version: 1 }
}

fn calendar(zone: &Zone) -> Calendar<'_> {
    Calendar { zone, billing_period: BillingPeriod::MonthlyAnniversary, created_at: utc("2026-01-30T12:00:00Z") }
}

fn call(at: Timestamp) -> Wish<'static> {
    Wish { service: Service::Voice, direction: Direction::Outgoing, cld: "442079460123", at }
}

/// The first days of an item's periods with their volumes and the days on which they expire.
fn told(item: &BundleItem, zone: &Zone, since: &str, at: Timestamp) -> Vec<String> {
    let since = zone.start_of(day(since)).plus_seconds(15 * 3_600);
    let date = |number| trunkline_domain::time::Date::from_day_number(number).unwrap();
    let periods = item.periods(&calendar(zone), since, at).into_iter();
    periods.map(|period| format!("{} {:?} {}", date(period.first_day), period.volume, date(period.expires_day))).collect()
}

/// Example 10: two minutes are left, and a call of eight minutes costs 0.10 a minute.
#[test]
fn a_call_in_which_the_volume_ends() {
    let minute = rate(60, 60, "0.10");
    let of = |quota: Quota, seconds| {
        let (priced, steps) = explain_beyond(&minute, &Terms::VOICE, seconds, &PEAK, &quota).unwrap();
        assert_eq!(price_beyond(&minute, &Terms::VOICE, seconds, &PEAK, &quota), Ok(priced));
        assert_eq!(parse_trace(&trace_text(&steps)), Some(steps.clone()));
        (priced.charge.amount.to_string(), priced.covered, priced.owed.to_string(), steps)
    };
    let covered = |units, amount: &str| Covered { units, amount: money(amount) };
    for across in Across::ALL {
        let (whole, taken, owed, steps) = of(units(120, across), 480);
        assert_eq!((whole.as_str(), taken, owed.as_str()), ("0.8", covered(120, "0"), "0.6"), "{across:?}");
        assert_eq!(steps[steps.len() - 2..], [Step::CoveredUnits { units: 120 }, Step::Rounded { amount: money("0.6"), digits: 5 }]);
        // All of it is covered, and none of it is left.
        assert_eq!(of(units(480, across), 480).2, "0", "{across:?}");
        assert_eq!(of(units(u64::MAX, across), 480).1, covered(480, "0"));
        let (_, taken, owed, steps) = of(units(0, across), 480);
        assert_eq!((taken, owed.as_str(), steps.len()), (covered(0, "0"), "0.8", 3));
    }
    // Money is taken of what units leave to pay.
    let both = Quota { units: 120, amount: Some(money("0.25")), across: Across::Split };
    assert_eq!(of(both, 480).1, covered(120, "0.25"));
    assert_eq!(of(both, 480).2, "0.35");
    assert_eq!(of(Quota { amount: None, ..Quota::NONE }, 480).2, "0");
}

#[test]
fn what_is_covered_and_what_is_not() {
    let minute = rate(60, 60, "0.10");
    let of = |rate: &Rate, terms: &Terms, seconds, quota: Quota| {
        let priced = price_beyond(rate, terms, seconds, &PEAK, &quota).unwrap();
        (priced.covered.units, priced.owed.to_string())
    };
    let fee = Terms { connect_fee: money("0.05"), ..Terms::VOICE };
    // The connect fee goes with the beginning, which is covered; a discount takes its share of it.
    assert_eq!(of(&minute, &fee, 480, units(120, Across::Split)), (120, "0.6".into()));
    assert_eq!(of(&minute, &fee, 480, units(120, Across::Blend)), (120, "0.6375".into()));
    assert_eq!(of(&minute, &fee, 480, units(480, Across::Split)), (480, "0".into()));
    // Free units of the tariff come first and take nothing of the volume; no grace comes back in the middle of a call.
    let free = Terms { free_units: 60, grace_units: 90, ..Terms::VOICE };
    assert_eq!(of(&minute, &free, 480, units(60, Across::Split)), (60, "0.6".into()));
    assert_eq!(of(&minute, &free, 90, units(60, Across::Split)), (0, "0".into()));
    // An interval in which the volume ends is covered as a whole; a discount is to the second.
    assert_eq!(of(&minute, &Terms::VOICE, 480, units(90, Across::Split)), (90, "0.6".into()));
    assert_eq!(of(&minute, &Terms::VOICE, 480, units(90, Across::Blend)), (90, "0.65".into()));
    // What costs nothing and what is paid back takes nothing of the volume.
    assert_eq!(of(&rate(60, 60, "0"), &Terms::VOICE, 480, units(120, Across::Split)), (0, "0".into()));
    let payback = Rate { is_payback: true, ..minute.clone() };
    assert_eq!(of(&payback, &Terms::VOICE, 480, units(120, Across::Split)), (0, "-0.8".into()));
}

#[test]
fn money_goes_further_with_a_volume() {
    let second = rate(1, 1, "1");
    let limit =
        |funds: &str, quota: Quota| units_for(&second, &Terms::VOICE, &PEAK, &quota, money(funds), 86_400, Announcing::Real).unwrap();
    assert_eq!(limit("1", units(120, Across::Split)), Allowance::Units(180));
    assert_eq!(limit("0", units(120, Across::Split)), Allowance::Units(120));
    assert_eq!(limit("0", units(0, Across::Split)), Allowance::Nothing);
    assert_eq!(limit("0", Quota { amount: Some(money("2")), ..Quota::NONE }), Allowance::Units(120));
    assert_eq!(limit("0", units(u64::MAX, Across::Blend)), Allowance::Unbounded);
}

/// T19: the moment at which a period begins belongs to it alone, so a volume is there once, however the bundle was given.
#[test]
fn a_volume_is_there_again_at_the_first_moment_of_a_period_and_once() {
    let melbourne = zone("Australia/Melbourne");
    let start = melbourne.start_of(day("2026-04-01"));
    let of = |renewal, rollover_periods, first_period| BundleItem { renewal, rollover_periods, first_period, ..item(1, Some(100)) };
    let plain = of(Renewal::Monthly, 0, FirstPeriod::Full);
    assert_eq!(told(&plain, &melbourne, "2026-03-20", just_before(start)), ["2026-03-01 Some(100) 2026-04-01"]);
    assert_eq!(told(&plain, &melbourne, "2026-03-20", start), ["2026-04-01 Some(100) 2026-05-01"]);
    // Given at the very reset, it has one volume and no share of the period before, rolled over or not.
    assert_eq!(plain.periods(&calendar(&melbourne), start, start).len(), 1);
    let rolling = of(Renewal::Monthly, 3, FirstPeriod::Prorated);
    let given = rolling.periods(&calendar(&melbourne), start, start);
    assert_eq!(given.iter().map(|period| period.volume).collect::<Vec<_>>(), [Some(100)]);

    let prorated = of(Renewal::Monthly, 2, FirstPeriod::Prorated);
    // 12 of 31 days are left on 20 March; what is left of March is kept through May.
    assert_eq!(told(&prorated, &melbourne, "2026-03-20", start), ["2026-03-01 Some(38) 2026-06-01", "2026-04-01 Some(100) 2026-07-01"]);
    let june = melbourne.start_of(day("2026-06-15"));
    let three = ["2026-04-01 Some(100) 2026-07-01", "2026-05-01 Some(100) 2026-08-01", "2026-06-01 Some(100) 2026-09-01"];
    assert_eq!(told(&prorated, &melbourne, "2026-03-20", june), three);

    let at = melbourne.start_of(day("2026-04-05")).plus_seconds(12 * 3_600);
    assert_eq!(told(&of(Renewal::Daily, 1, FirstPeriod::Full), &melbourne, "2026-04-05", at), ["2026-04-05 Some(100) 2026-04-07"]);
    let weekly = ["2026-03-23 Some(100) 2026-04-06", "2026-03-30 Some(100) 2026-04-13"];
    assert_eq!(told(&of(Renewal::Weekly, 1, FirstPeriod::Full), &melbourne, "2026-03-25", at), weekly);
    // The customer was made on 30 January: 28 February, 28 March, and its first period is short.
    let billing = of(Renewal::BillingPeriod, 3, FirstPeriod::Full);
    let periods = ["2026-01-30 Some(100) 2026-05-28", "2026-02-28 Some(100) 2026-06-28", "2026-03-28 Some(100) 2026-07-28"];
    assert_eq!(told(&billing, &melbourne, "2026-01-31", at), periods);
    let unlimited = BundleItem { volume: None, ..of(Renewal::Daily, 0, FirstPeriod::Prorated) };
    assert_eq!(told(&unlimited, &melbourne, "2026-01-31", at), ["2026-04-05 None 2026-04-06"]);
}

#[test]
fn what_expires_first_is_taken_first_and_add_ons_before_it() {
    let utc_zone = Zone::utc();
    let at = utc("2026-06-15T10:00:00Z");
    let since = utc("2026-01-31T10:00:00Z");
    let days: Vec<i64> = ["2026-04-01", "2026-05-01", "2026-06-01"].into_iter().map(|text| day(text).day_number()).collect();
    let rolling = BundleItem { rollover_periods: 2, ..item(10, Some(100)) };
    let uk = BundleItem { prefixes: vec!["49".into(), "4420".into()], ..item(20, Some(30)) };
    let german = BundleItem { prefixes: vec!["49".into()], used_up: UsedUp::Block, ..item(30, Some(30)) };
    let credit = BundleItem { measure: Measure::Money, ..item(40, Some(2_000_000)) };
    let data = BundleItem { service: Service::Data, ..item(50, None) };
    let add_on = Bundle { across: Across::Blend, ..bundle(vec![german, uk]) };
    let main = bundle(vec![rolling, credit, data]);
    let held = [Held { bundle: &add_on, since }, Held { bundle: &main, since }];
    let taken: HashMap<(i64, i64), i64> = [((10, days[0]), 100), ((10, days[1]), 40), ((20, days[2]), 5)].into();
    let found = included(&held, &call(at), &calendar(&utc_zone), |item_id, first| taken.get(&(item_id, first)).copied().unwrap_or(0));
    let portion = |item_id, first_day, measure, left| Portion { item_id, first_day, measure, left: Some(left) };
    let portions = vec![
        portion(20, days[2], Measure::Units, 25),
        portion(10, days[1], Measure::Units, 60),
        portion(10, days[2], Measure::Units, 100),
        portion(40, days[2], Measure::Money, 2_000_000),
    ];
    assert_eq!(found, Included { portions, across: Across::Blend, used_up: Some(UsedUp::Tariff) });
    assert_eq!(found.quota(), Quota { units: 185, amount: Some(money("2")), across: Across::Blend });
    let taken = |item_id, first_day, amount| {
        let measure = if item_id == 40 { Measure::Money } else { Measure::Units };
        Taken { item_id, first_day, measure, amount }
    };
    let of = |units, amount: &str| found.take(Covered { units, amount: money(amount) });
    assert_eq!(of(20, "0"), [taken(20, days[2], 20)]);
    assert_eq!(of(90, "1.5"), [taken(20, days[2], 25), taken(10, days[1], 60), taken(10, days[2], 5), taken(40, days[2], 1_500_000)]);
    assert_eq!(of(0, "0"), []);
    // To Germany the strictest of the items holds, and data is without limit.
    let german = Wish { cld: "4930123456", ..call(at) };
    assert_eq!(included(&held, &german, &calendar(&utc_zone), |_, _| 0).used_up, Some(UsedUp::Block));
    let data = Wish { service: Service::Data, ..call(at) };
    assert_eq!(included(&held, &data, &calendar(&utc_zone), |_, _| 1_000).quota(), Quota { units: u64::MAX, ..Quota::NONE });
    let incoming = Wish { direction: Direction::Incoming, ..call(at) };
    let nothing = Included { portions: Vec::new(), across: Across::Split, used_up: None };
    assert_eq!(included(&held, &incoming, &calendar(&utc_zone), |_, _| 0), nothing);
    assert_eq!(included(&[Held { bundle: &bundle(Vec::new()), since }], &call(at), &calendar(&utc_zone), |_, _| 0), nothing);
}

#[test]
fn what_a_bundle_cannot_be() {
    let with = |change: fn(&mut BundleItem)| {
        let mut changed = item(1, Some(100));
        change(&mut changed);
        check_bundle(&bundle(vec![item(2, None), changed]))
    };
    assert_eq!(check_bundle(&bundle(Vec::new())), []);
    assert_eq!(with(|_| {}), []);
    assert_eq!(with(|item| item.volume = Some(0)), [BundleProblem::Volume { place: 1 }]);
    assert_eq!(with(|item| item.volume = Some(1_000_000_000_001)), [BundleProblem::Volume { place: 1 }]);
    assert_eq!(with(|item| item.rollover_periods = 4), [BundleProblem::Rollover { place: 1 }]);
    assert_eq!(with(|item| item.rollover_periods = -1), [BundleProblem::Rollover { place: 1 }]);
    assert_eq!(with(|item| (item.volume, item.rollover_periods) = (None, 1)), [BundleProblem::Rollover { place: 1 }]);
    assert_eq!(with(|item| item.used_up = UsedUp::LimitSpeed), [BundleProblem::UsedUp { place: 1 }]);
    assert_eq!(with(|item| item.prefixes = vec!["44".into(), "44".into()]), [BundleProblem::Prefixes { place: 1 }]);
    assert_eq!(with(|item| item.prefixes = vec!["+44".into()]), [BundleProblem::Prefixes { place: 1 }]);
    assert_eq!(with(|item| item.prefixes = vec![String::new()]), [BundleProblem::Prefixes { place: 1 }]);
    assert_eq!(check_bundle(&bundle(vec![item(1, None); 101])), [BundleProblem::Items]);
}

proptest! {
    /// Longer is never cheaper, the limit is exact, and what is covered is no more than there is.
    #[test]
    fn a_volume_keeps_prices_in_order(
        first in 1_u64..90, next in 1_u64..90, price in 0_i64..400_000, fee in 0_i64..90_000, free in 0_u64..50, grace in 0_u64..9,
        quota_units in 0_u64..400, quota_amount in 0_i64..500_000, funds in 0_i64..900_000, blend in any::<bool>(), at in 0_u64..900,
    ) {
        let mut rate = rate(first, next, "0");
        if let Pricing::Intervals(intervals) = &mut rate.pricing {
            (intervals.price_first, intervals.price_next) = (Money::from_millionths(price), Money::from_millionths(price / 2));
        }
        let terms = Terms { connect_fee: Money::from_millionths(fee), free_units: free, grace_units: grace, ..Terms::VOICE };
        let across = if blend { Across::Blend } else { Across::Split };
        let quota = Quota { units: quota_units, amount: Some(Money::from_millionths(quota_amount)), across };
        let owed = |units| price_beyond(&rate, &terms, units, &PEAK, &quota).unwrap().owed;
        let here = price_beyond(&rate, &terms, at, &PEAK, &quota).unwrap();
        prop_assert!(here.owed <= owed(at + 1));
        prop_assert!(here.owed <= charge(&rate, &terms, at, &PEAK).unwrap().amount && here.owed >= Money::ZERO);
        prop_assert!(here.covered.units <= quota_units && here.covered.units <= here.charge.charged_units);
        prop_assert!(here.covered.amount <= Money::from_millionths(quota_amount));
        let funds = Money::from_millionths(funds);
        match units_for(&rate, &terms, &PEAK, &quota, funds, 900, Announcing::Real).unwrap() {
            Allowance::Unbounded => prop_assert!(owed(900) <= funds),
            Allowance::Units(units) => prop_assert!(owed(units) <= funds && owed(units + 1) > funds),
            Allowance::Nothing => prop_assert!(owed(grace.max(free) + 1) > funds),
        }
    }
}
