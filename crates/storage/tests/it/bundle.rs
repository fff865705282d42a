//! Bundles where usage is charged: what is taken, held and given back; two xDRs or one; both engines (T19, example 10).

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_domain::account::AccountModel;
use trunkline_domain::bundle::{Bundle, BundleItem, FirstPeriod, Measure, Renewal, Taken, UsedUp};
use trunkline_domain::customer::Customer;
use trunkline_domain::id::Id;
use trunkline_domain::product::{CallLimits, Direction};
use trunkline_domain::rating::Across;
use trunkline_domain::service::Service;
use trunkline_domain::session::{UsageRefusal, Wanted};
use trunkline_domain::time::Timestamp;
use trunkline_storage::writer::{UsageAnswer, UsageFailure, UsageRequest, Verb};
use trunkline_storage::{bundle, check, product, session};

use crate::fixture::{money, now, prepaid};
use crate::usage::{WHOLE, add_account, add_product, add_tariff, ask, assert_sums, call_to, more, started, stopped};
use crate::world::{World, later};

const ITEM: Id = 900;

fn minutes(volume: Option<i64>) -> BundleItem {
    BundleItem {
        item_id: ITEM,
        service: Service::Voice,
        direction: Direction::Outgoing,
        prefixes: vec!["442".into()],
        measure: Measure::Units,
        volume,
        renewal: Renewal::Monthly,
        rollover_periods: 0,
        used_up: UsedUp::Tariff,
        first_period: FirstPeriod::Full,
    }
}

/// One customer with ten euros and the account 71; a minute costs 0.10, charged by the minute, and its product has a bundle.
fn ada(world: &World, across: Across, item: BundleItem) {
    world.add(&Customer { opening_balance: money("-10"), ..prepaid(7, "Ada") });
    add_tariff(world, 5, "0.1", 60);
    add_product(world, 1, 5, CallLimits::default());
    let made = Bundle { bundle_id: 90, name: "Minutes".into(), across, items: vec![item], created_at: now(), version: 1 };
    world
        .write(move |tx| {
            assert!(bundle::add(tx, &made)?);
            assert_eq!(bundle::load(tx, 90)?, Some(made.clone()));
            let mut changed = product::load(tx, 1)?.unwrap();
            (changed.bundle_id, changed.version) = (Some(90), 2);
            product::save(tx, &changed)?;
            Ok(())
        })
        .unwrap();
    add_account(world, 7, 71, AccountModel::Credit, "0", None);
}

fn decide(world: &World, request: UsageRequest) -> Result<UsageAnswer, UsageRefusal> {
    match world.database().usage(request).wait().unwrap() {
        Ok(answer) => Ok(answer),
        Err(UsageFailure::Refused(refusal)) => Err(refusal),
        Err(UsageFailure::Storage(problem)) => panic!("{problem}"),
    }
}

fn authorize(world: &World, key: &str, at: i64) -> Result<(u64, bool), UsageRefusal> {
    let answer = decide(world, ask(world, "71", key, at, Verb::Authorize(call_to("4420", WHOLE))));
    answer.map(|answer| (answer.granted_units, answer.is_last))
}

/// A call of so many seconds that begins at a moment, from its authorization to its end; what it was charged.
fn call(world: &World, key: &str, at: i64, seconds: u64) -> String {
    authorize(world, key, at).unwrap();
    decide(world, ask(world, "71", key, at, started(at))).unwrap();
    let end = at + i64::try_from(seconds).unwrap();
    decide(world, ask(world, "71", key, end, stopped(at, seconds))).unwrap().charged.to_string()
}

fn taken(world: &World) -> Vec<i64> {
    let numbers = world.rows("select cast(taken as text) from bundle_use order by customer_id, account_id, item_id, first_day");
    numbers.iter().map(|number| number.parse().unwrap()).collect()
}

/// Each own xDR: its part, units, charged units, money, and what it took of bundles.
fn records(world: &World) -> Vec<String> {
    world.rows(
        "select cast(coalesce(split_no, 0) as text) || ' ' || cast(units as text) || ' ' || cast(quantity as text) || ' ' || \
         cast(owed as text) || ' ' || case when taken is null then '-' else 'took' end || ' ' || trace from xdr order by xdr_id",
    )
}

/// A line of an account, with the call that it has.
struct Call {
    account: Id,
    line: usize,
    /// How many calls it has ended.
    ended: usize,
    is_open: bool,
    granted: u64,
    used: u64,
}

#[track_caller]
fn assert_all_agrees(world: &World) {
    assert_sums(world);
    assert_eq!(world.read(check::taken_apart).unwrap(), []);
}

on_both! {
    /// Example 10: a hundred minutes, two are left, and a call of eight minutes costs 0.10 a minute.
    fn a_call_in_which_the_volume_ends_leaves_two_xdrs(world: &mut World) {
        ada(world, Across::Split, minutes(Some(6_000)));
        assert_eq!(call(world, "a", 0, 98 * 60), "0");
        assert_eq!(taken(world), [98 * 60]);
        assert_eq!(call(world, "b", 10_000, 480), "0.6");
        assert_eq!(taken(world), [6_000]);
        assert_eq!(records(world), [
            "0 5880 5880 0 took iv:1x60@100000;iv:97x60@100000;round:9800000/5;cover:5880;round:0/5",
            "1 120 120 0 took cover:120",
            "2 360 360 600000 - iv:1x60@100000;iv:7x60@100000;round:800000/5;cover:120;round:600000/5",
        ]);
        assert_eq!(world.number("select count(*) from xdr a join xdr b on b.refers_to = a.xdr_id where a.split_no = 1 and b.split_no = 2"), 1);
        // A repeat of the end changes nothing and is told the same.
        assert_eq!(decide(world, ask(world, "71", "b", 10_500, stopped(10_000, 480))).unwrap().charged, money("0.6"));
        assert_eq!(call(world, "c", 20_000, 60), "0.1");
        assert_eq!((taken(world), records(world).len()), (vec![6_000], 4));
        assert_all_agrees(world);
    }

    fn or_one_with_a_discount(world: &mut World) {
        ada(world, Across::Blend, minutes(Some(120)));
        assert_eq!(call(world, "a", 0, 480), "0.6");
        assert_eq!(records(world), ["0 480 480 600000 took iv:1x60@100000;iv:7x60@100000;round:800000/5;cover:120;round:600000/5"]);
        assert_all_agrees(world);
    }

    /// What one call is granted another cannot have; what it did not use it can.
    fn two_calls_share_one_volume(world: &mut World) {
        ada(world, Across::Split, BundleItem { used_up: UsedUp::Block, ..minutes(Some(600)) });
        assert_eq!(authorize(world, "a", 0), Ok((600, true)));
        assert_eq!(taken(world), [600]);
        assert_eq!(authorize(world, "b", 1), Err(UsageRefusal::BundleUsedUp));
        // Beside the volume there is a number that it is not for.
        let other = decide(world, ask(world, "71", "x", 1, Verb::Authorize(call_to("4410", WHOLE))));
        assert_eq!(other.map(|answer| answer.granted_units), Ok(6_000));
        decide(world, ask(world, "71", "a", 2, started(2))).unwrap();
        assert_eq!(taken(world), [600]);
        assert_eq!(world.read(|tx| session::of_customer(tx, 7)).unwrap()[0].taken.iter().map(|taken| taken.amount).collect::<Vec<_>>(), [600]);
        // Who ends it need not say whose it is.
        decide(world, UsageRequest { identity_key: None, ..ask(world, "71", "a", 62, stopped(2, 61)) }).unwrap();
        assert_eq!(taken(world), [120]);
        assert_eq!(authorize(world, "b", 100), Ok((480, true)));
        // It rang and was never answered: it leaves nothing behind.
        let lost = UsageRequest { identity_key: None, ..ask(world, "71", "b", 10_000, Verb::Expire { opened_before: None }) };
        decide(world, lost).unwrap();
        assert_eq!(taken(world), [120]);
        assert_all_agrees(world);
        world.reopen();
        assert_eq!(authorize(world, "c", 20_000), Ok((480, true)));
        assert_all_agrees(world);
    }

    /// T19: the first moment of a month has the volume of the month, once, also for a call that is told again.
    fn t19_a_volume_is_there_again_once_at_the_moment_of_its_reset(world: &mut World) {
        ada(world, Across::Split, BundleItem { rollover_periods: 1, ..minutes(Some(600)) });
        let midnight = {
            let month = now().to_rfc3339()[..7].to_owned();
            let (year, number) = month.split_once('-').unwrap();
            let (year, number): (i64, i64) = (year.parse().unwrap(), number.parse().unwrap());
            let (year, number) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
            Timestamp::parse(&format!("{year}-{number:02}-01T00:00:00Z")).unwrap()
        };
        let reset = (midnight.microseconds() - now().microseconds()) / 1_000_000;
        assert_eq!(later(now(), reset), midnight);
        // Ten minutes are left of the month that ends, and ten are new: twenty in all, and no more.
        assert_eq!(call(world, "a", reset - 900, 300), "0");
        // It was granted both, and gave the second back.
        assert_eq!(taken(world), [300, 0]);
        assert_eq!(call(world, "b", reset, 900), "0");
        assert_eq!(taken(world), [600, 600]);
        decide(world, ask(world, "71", "b", reset + 1_000, stopped(reset, 900))).unwrap();
        assert_eq!(taken(world), [600, 600]);
        assert_eq!(call(world, "c", reset + 2_000, 60), "0.1");
        assert_all_agrees(world);
    }

    /// A lost call ends with what was confirmed, and its late end takes the rest of the volume.
    fn a_late_end_of_a_lost_call_takes_the_rest(world: &mut World) {
        ada(world, Across::Split, minutes(Some(180)));
        authorize(world, "a", 0).unwrap();
        decide(world, ask(world, "71", "a", 0, started(0))).unwrap();
        let used = Verb::Report { started_at: None, is_start_told: false, used_units: 120, more: None, opening: None };
        decide(world, ask(world, "71", "a", 120, used)).unwrap();
        let lost = decide(world, ask(world, "71", "a", 200_000, Verb::Expire { opened_before: None })).unwrap();
        assert_eq!((lost.charged, taken(world)), (money("0"), vec![120]));
        let late = decide(world, ask(world, "71", "a", 200_100, stopped(0, 300))).unwrap();
        assert_eq!((late.charged, taken(world)), (money("0.2"), vec![180]));
        assert_eq!(decide(world, ask(world, "71", "a", 200_200, stopped(0, 300))).unwrap().charged, money("0.2"));
        assert_all_agrees(world);
        world.reopen();
        assert_eq!(decide(world, ask(world, "71", "a", 200_300, stopped(0, 300))).unwrap().charged, money("0.2"));
    }

    /// Calls at once on shared volumes, in random order, with random slices: none takes what another has, and in the end what was taken is what
    /// was used.
    fn no_schedule_of_calls_at_once_takes_more_than_the_volume(world: &mut World) {
        const ACCOUNTS: i64 = 40;
        const WAVES: usize = 10;
        let mut random = ChaCha8Rng::seed_from_u64(7);
        ada(world, Across::Split, BundleItem { used_up: UsedUp::Block, ..minutes(Some(600)) });
        let mut calls = Vec::new();
        for account in 1_000..1_000 + ACCOUNTS {
            add_account(world, 7, account, AccountModel::Credit, "0", None);
            calls.extend((0..5).map(|line| Call { account, line, ended: 0, is_open: false, granted: 0, used: 0 }));
        }
        let mut taken_by: BTreeMap<Id, u64> = BTreeMap::new();
        for wave in 0..=WAVES {
            let mut asked = Vec::new();
            for call in &mut calls {
                call.used = random.random_range(call.used..=call.granted);
                let slice = random.random_range(1..200);
                let verb = match (call.is_open, random.random_range(0..3)) {
                    (true, choice) if choice == 0 || wave == WAVES => stopped(0, call.used),
                    (true, 1) => more(call.used, slice),
                    (false, 0 | 1) if wave < WAVES => Verb::Authorize(call_to("4420", Wanted { slice_units: Some(slice), ..WHOLE })),
                    _ => continue,
                };
                let is_end = matches!(verb, Verb::Stop { .. });
                let key = format!("{}-{}-{}", call.account, call.line, call.ended);
                asked.push((call.account, is_end, world.database().usage(ask(world, &call.account.to_string(), &key, 0, verb)), call));
            }
            for (account, is_end, ticket, call) in asked {
                match ticket.wait().unwrap() {
                    Ok(answer) if is_end => {
                        assert_eq!(answer.charged, money("0"));
                        // Whole minutes are charged.
                        *taken_by.entry(account).or_default() += call.used.div_ceil(60) * 60;
                        *call = Call { account, line: call.line, ended: call.ended + 1, is_open: false, granted: 0, used: 0 };
                    }
                    Ok(answer) => (call.is_open, call.granted) = (true, answer.granted_units),
                    Err(UsageFailure::Refused(refusal)) => assert_eq!(refusal, UsageRefusal::BundleUsedUp),
                    Err(problem) => panic!("{problem:?}"),
                }
            }
            assert_eq!(world.number("select count(*) from bundle_use where taken > 600 or taken < 0"), 0, "wave {wave}");
            assert_eq!(world.read(check::taken_apart).unwrap(), [], "wave {wave}");
        }
        let stored = world.rows("select cast(account_id as text) || ' ' || cast(taken as text) from bundle_use where taken > 0 order by account_id");
        let taken = taken_by.iter().filter(|(_, taken)| **taken > 0).map(|(account, taken)| format!("{account} {taken}"));
        assert_eq!(stored, taken.collect::<Vec<_>>());
        assert!(stored.len() > 30, "hardly a call was let through");
        assert_all_agrees(world);
    }

    /// Money for what bundles do not cover; and what they cover counts where the day's spending is limited.
    fn a_volume_of_money_and_one_without_limit(world: &mut World) {
        ada(world, Across::Split, BundleItem { measure: Measure::Money, ..minutes(Some(250_000)) });
        assert_eq!(call(world, "a", 0, 180), "0.05");
        assert_eq!(taken(world), [250_000]);
        assert_eq!(records(world), ["0 180 180 50000 took iv:1x60@100000;iv:2x60@100000;round:300000/5;paid:250000;round:50000/5"]);
        assert_all_agrees(world);
        let unlimited = |tx: &mut trunkline_storage::Tx<'_>| {
            let mut changed = bundle::load(tx, 90)?.unwrap();
            (changed.items[0].volume, changed.version) = (None, 2);
            bundle::save(tx, &changed)
        };
        world.write(unlimited).unwrap();
        world.reopen();
        assert_eq!(authorize(world, "b", 1_000), Ok((86_400, false)));
        assert_all_agrees(world);
    }
}

#[test]
fn what_was_taken_is_one_line() {
    let taken = Taken { item_id: 900, first_day: 20_000, measure: Measure::Money, amount: -5 };
    assert_eq!(bundle::parse_taken(bundle::taken_text(&[taken]).as_deref()).unwrap(), [taken]);
    assert_eq!((bundle::taken_text(&[]), bundle::parse_taken(None).unwrap()), (None, Vec::new()));
    assert!(bundle::parse_taken(Some("900/x/5/units;")).is_err());
}
