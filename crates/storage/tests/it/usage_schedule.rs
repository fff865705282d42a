//! Random schedules of calls at once on shared balances: at no moment is more owed and held than there was money, and what is owed in the end
//! is the sum of what each call costs by itself. `TRUNKLINE_SCHEDULES` says how many balances (300 an engine), `TRUNKLINE_SCHEDULE_SEED`
//! repeats a run.
//! Does not own: single steps of a call (usage.rs).

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_domain::account::AccountModel;
use trunkline_domain::customer::Customer;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::product::CallLimits;
use trunkline_domain::session::Wanted;
use trunkline_storage::session;
use trunkline_storage::writer::{UsageAnswer, UsageFailure, Verb};

use crate::fixture::prepaid;
use crate::usage::{WHOLE, add_account, add_product, add_tariff, ask, assert_sums, call_to, more, started, stopped};
use crate::world::World;

const CALLS_MAX: usize = 6;
/// Charged by seven seconds, so that a part of a price is rounded again and again.
const INTERVAL: u64 = 7;
const MILLIONTHS_A_MINUTE: u64 = 370_000;
/// Steps that all calls together make at once.
const WAVES: usize = 12;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// A call as its switch knows it.
struct Call {
    customer: usize,
    key: String,
    slice: Option<u64>,
    granted: u64,
    used: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Ended,
}

/// What it costs: each interval begun at its price, rounded once to five decimals.
fn price(units: u64) -> i64 {
    let sixtieths = units.div_ceil(INTERVAL) * INTERVAL * MILLIONTHS_A_MINUTE;
    i64::try_from((sixtieths + 300) / 600 * 10).unwrap()
}

impl Call {
    fn account(&self) -> String {
        (1_000 + self.customer).to_string()
    }

    /// What the switch says next. It never uses more than it was granted.
    fn next(&mut self, random: &mut ChaCha8Rng) -> Option<Verb> {
        match self.state {
            State::New => {
                let wanted = Wanted { slice_units: self.slice, ..WHOLE };
                Some(Verb::Authorize(call_to("4420", wanted)))
            }
            State::Ended => None,
            State::Open => {
                self.used = random.random_range(self.used..=self.granted);
                Some(match random.random_range(0..4) {
                    0 => started(0),
                    1 | 2 => more(self.used, self.slice.unwrap_or(300)),
                    _ => stopped(0, self.used),
                })
            }
        }
    }

    fn learn(&mut self, verb: &Verb, answer: &Result<UsageAnswer, UsageFailure>) {
        match (verb, answer) {
            (Verb::Stop { .. }, Ok(answer)) => {
                assert_eq!((answer.is_open, answer.charged), (false, Money::from_millionths(price(self.used))), "{}", self.key);
                self.state = State::Ended;
            }
            (_, Ok(answer)) => {
                // A switch that asks for a smaller slice gets what it asks for: the answer takes the place of the one before.
                assert!(answer.granted_units >= self.used, "{}: what was used is not granted", self.key);
                (self.granted, self.state) = (answer.granted_units, State::Open);
            }
            // No money now; there may be later, when another call has ended early.
            (Verb::Authorize(_), Err(UsageFailure::Refused(_))) => {}
            (verb, Err(failure)) => panic!("{}: {verb:?}: {failure:?}", self.key),
        }
    }
}

/// What is owed and held on each balance, by customer.
fn exposure(world: &World) -> BTreeMap<Id, i64> {
    let mut found: BTreeMap<Id, i64> = world
        .rows("select cast(customer_id as text) || ' ' || cast(balance as text) from customer_balance")
        .iter()
        .map(|row| row.split_once(' ').map(|(id, balance)| (id.parse().unwrap(), balance.parse().unwrap())).unwrap())
        .collect();
    let held = world.read(|tx| {
        let mut held = Vec::new();
        session::load_all(tx, |session| held.extend(session.legs))?;
        Ok(held)
    });
    for leg in held.unwrap() {
        *found.get_mut(&leg.payer.customer_id()).unwrap() += leg.reserved.millionths();
    }
    found
}

on_both! {
    fn no_schedule_of_calls_at_once_spends_more_than_there_is(world: &mut World) {
        let (count, seed) = (setting("TRUNKLINE_SCHEDULES", 300), setting("TRUNKLINE_SCHEDULE_SEED", 1));
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        add_tariff(world, 5, "0.37", INTERVAL);
        add_product(world, 1, 5, CallLimits::default());
        let mut calls = Vec::new();
        for customer in 0..usize::try_from(count).unwrap() {
            let (customer_id, account_id) = (Id::try_from(10_000 + customer).unwrap(), Id::try_from(1_000 + customer).unwrap());
            let money = Money::from_millionths(-random.random_range(0..8_000_000));
            world.add(&Customer { opening_balance: money, ..prepaid(customer_id, &format!("Customer {customer}")) });
            add_account(world, customer_id, account_id, AccountModel::Credit, "0", None);
            for number in 0..random.random_range(2..=CALLS_MAX) {
                let slice = random.random_bool(0.8).then(|| random.random_range(1..400));
                calls.push(Call { customer, key: format!("{customer}-{number}"), slice, granted: 0, used: 0, state: State::New });
            }
        }
        for wave in 0..=WAVES {
            calls.shuffle(&mut random);
            let mut asked = Vec::new();
            for call in &mut calls {
                let verb = match wave {
                    WAVES => (call.state == State::Open).then(|| stopped(0, call.used)),
                    _ => if random.random_bool(0.6) { call.next(&mut random) } else { None },
                };
                let Some(verb) = verb else { continue };
                let request = ask(world, &call.account(), &call.key, 0, verb.clone());
                asked.push((call, verb, world.database().usage(request)));
            }
            for (call, verb, ticket) in asked {
                call.learn(&verb, &ticket.wait().unwrap());
            }
            for (customer_id, exposure) in exposure(world) {
                assert!(exposure <= 0, "seed {seed}, wave {wave}: {exposure} too much is owed and held of {customer_id}");
            }
        }
        let ended = || calls.iter().filter(|call| call.state == State::Ended);
        assert!(ended().count() * 2 > calls.len(), "hardly a call was let through");
        let sum: i64 = ended().map(|call| price(call.used)).sum();
        assert_eq!(world.number("select cast(coalesce(sum(owed), 0) as bigint) from posting"), sum);
        assert_eq!(world.number("select count(*) from xdr"), i64::try_from(ended().count()).unwrap());
        assert_eq!(world.number("select count(*) from charge_session"), 0);
        assert_sums(world);
    }
}
