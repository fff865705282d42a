//! Owns `bench rate`: calls that one core finds the rate of and prices, over a tariff of many prefixes, beside the bound of the same
//! run: finding the rate alone.
//! Does not own: rating (domain).

use std::hint::black_box;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use trunkline_domain::money::Money;
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding, Terms};
use trunkline_domain::rate_table::{Prefix, RateTable};
use trunkline_domain::rating::{Announcing, PEAK, Quota, charge, units_for};
use trunkline_domain::time::Timestamp;

use super::{Latencies, RateArguments, rounded, write_json};
use crate::{Failure, command};

const GOAL_PER_SECOND: f64 = 2_000_000.0;
/// Calls that are timed together: reading the clock for each would cost as much as the call.
const CALLS_TIMED: u32 = 1_000;
/// Numbers that are dialled in turn; more than a processor keeps at hand.
const NUMBERS: usize = 1 << 20;

#[derive(Serialize)]
struct Row {
    name: String,
    per_second: f64,
    /// Of one call, from calls timed by the thousand.
    p50_ms: f64,
    p99_ms: f64,
}

#[derive(Serialize)]
struct Figures {
    prefixes: usize,
    rows: Vec<Row>,
}

/// A name, and what is done with each number that is dialled.
type Load<'a> = (&'a str, &'a dyn Fn(&str));

pub fn run(arguments: &RateArguments) -> Result<(), Failure> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let table = RateTable::new(rates(&mut random, arguments.prefixes)?)?;
    let numbers: Vec<String> = (0..NUMBERS).map(|_| random.random_range(10_000_000_000_u64..99_999_999_999).to_string()).collect();
    let lasting = Duration::from_secs(arguments.seconds);
    command::print(&format!("{} prefixes, one core", table.len()));
    command::print(&format!("{:<28} {:>12} {:>10} {:>10}", "", "per second", "p50 us", "p99 us"));
    let now = Timestamp::default();
    let find = |number: &str| table.find(number, now);
    let price = |number: &str, seconds| find(number).map(|found| charge(found.rate, &Terms::VOICE, seconds, &PEAK));
    let funds = Money::from_units(10)?;
    let limit =
        |number: &str| find(number).map(|found| units_for(found.rate, &Terms::VOICE, &PEAK, &Quota::NONE, funds, 86_400, Announcing::Real));
    let loads: [Load<'_>; 4] = [
        ("rate found", &|number| _ = black_box(find(number))),
        ("calls of 60 s", &|number| _ = black_box(price(number, black_box(60)))),
        ("calls of 3600 s", &|number| _ = black_box(price(number, black_box(3_600)))),
        ("longest time for 10 units", &|number| _ = black_box(limit(number))),
    ];
    let mut rows = Vec::new();
    for (name, call) in loads {
        let row = measure(name, &numbers, lasting, call);
        let short = if name.starts_with("calls") && row.per_second < GOAL_PER_SECOND { "   below the goal of 2000000" } else { "" };
        let (p50_us, p99_us) = (row.p50_ms * 1_000.0, row.p99_ms * 1_000.0);
        command::print(&format!("{name:<28} {:>12.0} {p50_us:>10.3} {p99_us:>10.3}{short}", row.per_second));
        rows.push(row);
    }
    write_json(arguments.json.as_deref(), &Figures { prefixes: table.len(), rows })
}

/// A tariff as carriers have them: prefixes of three to eight digits, and one for all the rest.
pub fn rates(random: &mut ChaCha8Rng, prefixes: usize) -> Result<Vec<(Prefix, Rate)>, Failure> {
    let mut rates = Vec::with_capacity(prefixes);
    for number in 0..prefixes {
        let digits = if number == 0 { 0 } else { random.random_range(3..=8) };
        let prefix: String = (0..digits).map(|_| char::from(b'0' + random.random_range(0..10_u8))).collect();
        let price = Money::from_millionths(random.random_range(100..500_000));
        let pricing = Pricing::Intervals(Price { interval_first: 1, interval_next: 1, price_first: price, price_next: price });
        let rate = Rate {
            rate_id: i64::try_from(number)?,
            effective_from: Timestamp::default(),
            standing: RateStanding::Open,
            is_payback: false,
            pricing,
            off_peak: None,
        };
        rates.push((Prefix::parse(&prefix)?, rate));
    }
    Ok(rates)
}

fn measure(name: &str, numbers: &[String], lasting: Duration, call: &dyn Fn(&str)) -> Row {
    let mut dialled = numbers.iter().cycle();
    let mut spans = Vec::new();
    let started = Instant::now();
    while started.elapsed() < lasting {
        let span = Instant::now();
        for number in dialled.by_ref().take(usize::try_from(CALLS_TIMED).unwrap_or(0)) {
            call(number);
        }
        spans.push(span.elapsed());
    }
    let took = started.elapsed().as_secs_f64();
    let calls = f64::from(CALLS_TIMED) * f64::from(u32::try_from(spans.len()).unwrap_or(u32::MAX));
    let spans = Latencies::of(spans);
    // Thousands of calls in milliseconds are calls in microseconds.
    let of_one = |per_mille| spans.at(per_mille) / f64::from(CALLS_TIMED);
    Row { name: name.to_owned(), per_second: rounded(calls / took), p50_ms: of_one(500), p99_ms: of_one(990) }
}
