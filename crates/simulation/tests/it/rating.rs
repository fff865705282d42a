//! Compares the price of the program with the naive one over random calls: `TRUNKLINE_TEST_CALLS` of them, a
//! million where it is not set.

use num_bigint::BigInt;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_domain::money::{Money, Rounding};
use trunkline_domain::rate::{Element, Price, Pricing, Rate, RateStanding, Terms};
use trunkline_domain::rating::{Across, Quota, Stretch, charge, price_beyond};
use trunkline_domain::time::Timestamp;
use trunkline_simulation::rating;

const CALLS: u64 = 1_000_000;
/// The calls are divided among so many threads, each with a seed of its own.
const THREADS: u64 = 4;
const SEED: u64 = 20_260_616;

fn any_money(random: &mut ChaCha8Rng) -> Money {
    let millionths = match random.random_range(0..4) {
        0 => 0,
        1 => random.random_range(1..100),
        2 => random.random_range(1..300_000),
        _ => random.random_range(1..50) * 10_000,
    };
    Money::from_millionths(millionths)
}

fn any_interval(random: &mut ChaCha8Rng) -> u64 {
    let usual = [1, 6, 10, 30, 60, 60];
    if random.random_bool(0.9) { usual[random.random_range(0..usual.len())] } else { random.random_range(1..500) }
}

fn any_pricing(random: &mut ChaCha8Rng, by_formula: bool) -> Pricing {
    if !by_formula {
        return Pricing::Intervals(Price {
            interval_first: any_interval(random),
            interval_next: any_interval(random),
            price_first: any_money(random),
            price_next: any_money(random),
        });
    }
    let mut elements = Vec::new();
    for _ in 0..random.random_range(0..4) {
        elements.push(match random.random_range(0..3) {
            0 => Element::Interval { count: Some(random.random_range(1..4)), units: any_interval(random), price: any_money(random) },
            1 => Element::Fixed { amount: any_money(random), unannounced: random.random_bool(0.5) },
            _ => Element::ConnectFee,
        });
    }
    let relative = Element::Relative { millionths: random.random_range(0..1_000_000) };
    let endless = Element::Interval { count: None, units: any_interval(random), price: any_money(random) };
    if random.random_bool(0.5) {
        elements.extend([relative, endless]);
    } else {
        elements.extend([endless, relative]);
    }
    Pricing::Formula(elements)
}

fn any_rate(random: &mut ChaCha8Rng) -> Rate {
    let by_formula = random.random_bool(0.3);
    let off_by_formula = if random.random_bool(0.9) { by_formula } else { !by_formula };
    Rate {
        rate_id: 1,
        effective_from: Timestamp::default(),
        standing: RateStanding::Open,
        is_payback: random.random_bool(0.1),
        pricing: any_pricing(random, by_formula),
        off_peak: random.random_bool(0.4).then(|| any_pricing(random, off_by_formula)),
    }
}

fn any_terms(random: &mut ChaCha8Rng) -> Terms {
    let seldom = |random: &mut ChaCha8Rng, max| if random.random_bool(0.3) { random.random_range(0..max) } else { 0 };
    Terms {
        price_units: if random.random_bool(0.8) { 60 } else { [1, 7, 1_024][random.random_range(0..3)] },
        grace_units: seldom(random, 8),
        free_units: seldom(random, 90),
        connect_fee: any_money(random),
        surcharge_millionths: seldom(random, 400_000),
        rounding_digits: random.random_range(2..=6),
        rounding: if random.random_bool(0.8) { Rounding::HalfAwayFromZero } else { Rounding::AwayFromZero },
        is_split_by_peak: random.random_bool(0.5),
    }
}

fn any_stretches(random: &mut ChaCha8Rng) -> Vec<Stretch> {
    let mut stretches = vec![Stretch { from_unit: 0, is_off_peak: random.random_bool(0.5) }];
    let mut from_unit = 0;
    for _ in 0..random.random_range(0..3) {
        from_unit += random.random_range(1..2_000);
        stretches.push(Stretch { from_unit, is_off_peak: random.random_bool(0.5) });
    }
    stretches
}

#[test]
fn both_tellings_give_the_same_price() {
    let calls = std::env::var("TRUNKLINE_TEST_CALLS").map_or(CALLS, |text| text.parse().expect("TRUNKLINE_TEST_CALLS is a number"));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || compare(SEED + thread, calls.div_ceil(THREADS)));
        }
    });
}

fn compare(seed: u64, calls: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for number in 0..calls {
        let (rate, terms, stretches) = (any_rate(&mut random), any_terms(&mut random), any_stretches(&mut random));
        let units = if random.random_bool(0.95) { random.random_range(0..600) } else { random.random_range(0..20_000) };
        let amount = charge(&rate, &terms, units, &stretches).unwrap().amount;
        let step = 10_i64.pow(6 - terms.rounding_digits);
        let told = format!("call {number} of seed {seed}: {units} units by {rate:?} under {terms:?} over {stretches:?}");
        assert_eq!(amount.millionths() % step, 0, "{told}");
        assert_eq!(BigInt::from(amount.millionths() / step), rating::price(&rate, &terms, units, &stretches), "{told}");
        let volume = random.random_range(0..900);
        let across = if number % 2 == 0 { Across::Split } else { Across::Blend };
        let quota = Quota { units: volume, across, ..Quota::NONE };
        let beyond = price_beyond(&rate, &terms, units, &stretches, &quota).unwrap();
        let (owed, covered) = rating::price_beyond(&rate, &terms, units, &stretches, volume, across == Across::Blend);
        let found = (BigInt::from(beyond.owed.millionths() / step), beyond.covered.units);
        assert_eq!((found, beyond.owed.millionths() % step), ((owed, covered), 0), "{told}, {volume} units {across:?}");
    }
}
