//! Hot decisions on usage: calls that are authorized, go on and end, on one balance and on chains of them; repeats, disorder, loss.

use trunkline_domain::account::{AccountFacts, AccountModel, AccountState, AccountStatus};
use trunkline_domain::customer::Customer;
use trunkline_domain::id::Id;
use trunkline_domain::money::Rounding;
use trunkline_domain::product::{CallLimits, Direction, Product, ProductKind, ProductTariff};
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding, Terms};
use trunkline_domain::rate_table::Prefix;
use trunkline_domain::secret::Secret;
use trunkline_domain::service::Service;
use trunkline_domain::session::{Proof, UsageRefusal, Wanted};
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::account::{self, Account};
use trunkline_storage::product::{self, Assigned};
use trunkline_storage::rate::NewRate;
use trunkline_storage::writer::{Opening, UsageAnswer, UsageFailure, UsageRequest, Verb};
use trunkline_storage::{rate, session, tariff};

use crate::fixture::{block, currency, money, now, postpaid, prepaid, reseller};
use crate::world::{World, later};

/// A tariff of one price a minute, charged by the second, to numbers of the prefix 44; 4490 is forbidden.
pub fn add_tariff(world: &World, tariff_id: Id, price: &str, interval: u64) {
    let tariff = Tariff {
        tariff_id,
        name: format!("Tariff {tariff_id}"),
        service: Service::Voice,
        currency: currency("EUR"),
        terms: Terms { rounding: Rounding::HalfAwayFromZero, ..Terms::VOICE },
        zone: Zone::utc(),
        off_peak: None,
        created_at: now(),
        version: 1,
    };
    let price = Price { interval_first: interval, interval_next: interval, price_first: money(price), price_next: money(price) };
    let rate = |prefix: &str, rate_id, standing| NewRate {
        tariff_id,
        prefix: Prefix::parse(prefix).unwrap(),
        rate: Rate {
            rate_id,
            effective_from: Timestamp::from_microseconds(0),
            standing,
            is_payback: false,
            pricing: Pricing::Intervals(price),
            off_peak: None,
        },
    };
    let rates = vec![rate("44", tariff_id * 10, RateStanding::Open), rate("4490", tariff_id * 10 + 1, RateStanding::Forbidden)];
    world
        .write(move |tx| {
            assert!(tariff::add(tx, &tariff)?);
            rate::put_many(tx, &rates, now())
        })
        .unwrap();
}

pub fn add_product(world: &World, product_id: Id, tariff_id: Id, calls: CallLimits) {
    let product = Product {
        product_id,
        name: format!("Product {product_id}"),
        kind: ProductKind::Main,
        priority: 0,
        currency: currency("EUR"),
        calls,
        tariffs: vec![ProductTariff { service: Service::Voice, direction: Direction::Outgoing, tariff_id }],
        bundle_id: None,
        created_at: now(),
        version: 1,
    };
    assert!(world.write(move |tx| product::add(tx, &product)).unwrap());
}

fn give(world: &World, customer_id: Id, account_id: Id, product_id: Id) {
    let assigned = Assigned { customer_id, account_id, product_id, active_from: now(), active_to: None };
    world.write(move |tx| product::assign(tx, &assigned)).unwrap();
}

/// An account with the product 1, whose identity is its own number.
pub fn add_account(world: &World, customer_id: Id, account_id: Id, model: AccountModel, opening: &str, limit: Option<&str>) {
    let made = Account {
        facts: AccountFacts {
            account_id,
            customer_id,
            model,
            state: AccountState::Open,
            blocked: false,
            balance: money(opening),
            credit_limit: limit.map(money),
            suspended: false,
            screening: None,
            payment_frozen: false,
            active_from: None,
            expires_at: None,
            life_time_days: None,
            idle_days_max: None,
            first_used_at: None,
            last_used_at: None,
        },
        identity: account_id.to_string(),
        opening_balance: money(opening),
        batch: None,
        password: None,
        created_at: now(),
        version: 1,
    };
    assert!(world.write(move |tx| account::add(tx, &made)).unwrap());
    give(world, customer_id, account_id, 1);
}

/// One customer with ten euros and the account 71; a minute costs one.
fn ada(world: &World) {
    world.add(&Customer { opening_balance: money("-10"), ..prepaid(7, "Ada") });
    add_tariff(world, 5, "1", 1);
    add_product(world, 1, 5, CallLimits::default());
    add_account(world, 7, 71, AccountModel::Credit, "0", None);
}

pub const WHOLE: Wanted = Wanted { slice_units: None, units_max: 86_400 };

pub fn call_to(cld: &str, wanted: Wanted) -> Opening {
    Opening {
        service: Service::Voice,
        direction: Direction::Outgoing,
        cli: Some("15550100".to_owned()),
        cld: cld.to_owned(),
        is_emergency: false,
        wanted,
        proof: Proof::Vouched,
    }
}

pub fn ask(world: &World, account: &str, key: &str, at: i64, verb: Verb) -> UsageRequest {
    UsageRequest {
        key: format!("sbc:{key}"),
        identity_key: Some(account.to_owned()),
        verb,
        now: later(now(), at),
        ids: std::array::from_fn(|_| world.id()),
        interim_seconds: None,
    }
}

fn decide(world: &World, request: UsageRequest) -> Result<UsageAnswer, UsageRefusal> {
    match world.database().usage(request).wait().unwrap() {
        Ok(answer) => Ok(answer),
        Err(UsageFailure::Refused(refusal)) => Err(refusal),
        Err(UsageFailure::Storage(problem)) => panic!("{problem}"),
    }
}

fn authorize(world: &World, account: &str, key: &str, wanted: Wanted) -> Result<UsageAnswer, UsageRefusal> {
    decide(world, ask(world, account, key, 0, Verb::Authorize(call_to("4420", wanted))))
}

pub fn started(at: i64) -> Verb {
    Verb::Report { started_at: Some(later(now(), at)), is_start_told: false, used_units: 0, more: None, opening: None }
}

pub fn more(used_units: u64, slice: u64) -> Verb {
    Verb::Report { started_at: None, is_start_told: false, used_units, more: Some(Some(slice)), opening: None }
}

pub fn stopped(start: i64, units: u64) -> Verb {
    let end = i64::try_from(units).unwrap();
    Verb::Stop {
        started_at: Some(later(now(), start)),
        ended_at: later(now(), start + end),
        is_start_told: false,
        used_units: Some(units),
        cause: Some("16".to_owned()),
        is_failed: false,
        opening: Some(call_to("4420", WHOLE)),
    }
}

/// The amounts of all postings and what became of the balances, by customer and account.
fn ledger(world: &World) -> Vec<String> {
    world.rows(
        "select cast(customer_id as text) || '/' || cast(coalesce(account_id, 0) as text) || ' ' || cast(owed as text) from posting \
         order by customer_id, coalesce(account_id, 0), posting_id",
    )
}

/// Each balance is what it was at first and the sum of its postings; each charged record has its postings; nothing is held for nobody.
#[track_caller]
pub fn assert_sums(world: &World) {
    let customers = "select count(*) from customer_balance b join customer c on c.customer_id = b.customer_id where b.balance - c.opening_balance \
                     <> coalesce((select sum(p.owed) from posting p where p.customer_id = b.customer_id and p.account_id is null), 0)";
    assert_eq!(world.number(customers), 0, "balances of customers");
    let accounts = "select count(*) from account a where a.balance - a.opening_balance <> \
                    coalesce((select sum(p.owed) from posting p where p.customer_id = a.customer_id and p.account_id = a.account_id), 0)";
    assert_eq!(world.number(accounts), 0, "balances of accounts");
    let records = "select count(*) from xdr x where x.owed <> coalesce((select max(p.owed) from posting p where p.customer_id = x.customer_id \
                   and p.xdr_id = x.xdr_id), 0) and x.owed > 0";
    assert_eq!(world.number(records), 0, "records without their posting");
}

fn open(world: &World, customer_id: Id) -> Vec<(String, u64, Vec<i64>)> {
    let found = world.read(move |tx| session::of_customer(tx, customer_id)).unwrap();
    let held = |session: &trunkline_domain::session::Session| session.legs.iter().map(|leg| leg.reserved.millionths()).collect();
    found.iter().map(|session| (session.key.clone(), session.granted_units, held(session))).collect()
}

on_both! {
    fn a_call_is_authorized_goes_on_and_is_charged_once(world: &mut World) {
        ada(world);
        let granted = authorize(world, "71", "a", WHOLE).unwrap();
        assert_eq!((granted.is_open, granted.granted_units, granted.announced_units, granted.is_last), (true, 600, 600, true));
        assert_eq!(authorize(world, "71", "a", WHOLE).unwrap().session_id, granted.session_id);
        assert_eq!(open(world, 7), [("sbc:a".to_owned(), 600, vec![10_000_000])]);
        assert!(decide(world, ask(world, "71", "a", 5, started(5))).unwrap().is_open);
        let stop = ask(world, "71", "a", 95, stopped(5, 90));
        let ended = decide(world, stop.clone()).unwrap();
        assert_eq!((ended.session_id, ended.is_open, ended.charged, ended.used_units), (granted.session_id, false, money("1.5"), 90));
        // T11: the same again, and what comes too late, changes nothing.
        assert_eq!(decide(world, stop).unwrap().charged, money("1.5"));
        assert!(!decide(world, ask(world, "71", "a", 96, started(5))).unwrap().is_open);
        assert_eq!(open(world, 7), []);
        assert_eq!(ledger(world), ["7/0 1500000"]);
        assert_sums(world);
        let xdr = "select service || '|' || cli || '|' || cld || '|' || cast(quantity as text) || '|' || cast(units as text) || '|' || \
                   cast(owed as text) || '|' || cast(account_id as text) || '|' || coalesce(paid_by, 'customer') || '|' || session_key || '|' || direction || '|' || \
                   cast(tariff_id as text) || '|' || prefix || '|' || trace || '|' || cause from xdr";
        let trace = "iv:1x1@1000000;iv:89x1@1000000;round:1500000/5";
        assert_eq!(world.rows(xdr), [format!("voice|15550100|4420|90|90|1500000|71|customer|sbc:a|outgoing|5|44|{trace}|16")]);
        let facts = world.read(|tx| account::load(tx, 7, 71)).unwrap().unwrap().facts;
        assert_eq!((facts.first_used_at, facts.last_used_at), (Some(later(now(), 95)), Some(later(now(), 95))));
    }

    fn t7_thirty_calls_at_once_on_the_money_of_one_minute(world: &mut World) {
        world.add(&Customer { opening_balance: money("-1"), ..prepaid(7, "Ada") });
        add_tariff(world, 5, "1", 60);
        add_product(world, 1, 5, CallLimits::default());
        add_account(world, 7, 71, AccountModel::Credit, "0", None);
        let asked: Vec<_> = (0..30)
            .map(|call| world.database().usage(ask(world, "71", &call.to_string(), 0, Verb::Authorize(call_to("4420", WHOLE)))))
            .collect();
        let answers: Vec<_> = asked.into_iter().map(|ticket| ticket.wait().unwrap()).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        let refused = |answer: &&Result<_, UsageFailure>| matches!(answer, Err(UsageFailure::Refused(UsageRefusal::InsufficientFunds)));
        assert_eq!(answers.iter().filter(refused).count(), 29);
        assert_eq!(open(world, 7).len(), 1);
    }

    fn two_calls_share_one_balance_in_slices(world: &mut World) {
        ada(world);
        let slice = Wanted { slice_units: Some(180), units_max: 86_400 };
        for key in ["a", "b"] {
            assert_eq!(authorize(world, "71", key, slice).unwrap().granted_units, 180);
            decide(world, ask(world, "71", key, 0, started(0))).unwrap();
        }
        let grants: Vec<(u64, bool)> = [("a", 144), ("b", 144), ("a", 300), ("b", 200)]
            .map(|(key, used)| decide(world, ask(world, "71", key, 300, more(used, 180))).unwrap())
            .map(|answer| (answer.granted_units, answer.is_last))
            .to_vec();
        assert_eq!(grants, [(324, false), (276, true), (324, true), (276, true)]);
        assert_eq!(open(world, 7).iter().map(|(_, _, held)| held[0]).sum::<i64>(), 10_000_000);
        assert_eq!(authorize(world, "71", "c", slice), Err(UsageRefusal::InsufficientFunds));
        for (key, units) in [("a", 324), ("b", 276)] {
            decide(world, ask(world, "71", key, 400, stopped(0, units))).unwrap();
        }
        assert_eq!(ledger(world), ["7/0 5400000", "7/0 4600000"]);
        assert_eq!(world.number("select balance from customer_balance"), 0);
        // The last of the money moves the status in the same commit.
        assert_eq!(world.number("select status_order from customer_entry"), 1_300);
        assert_eq!(world.rows("select event_type || ' ' || payload from outbox"), ["customer.status_changed {\"customer_id\":7,\"status\":\"no_available_funds\"}"]);
        let refusal = authorize(world, "71", "d", WHOLE);
        assert_eq!(refusal, Err(UsageRefusal::Status(AccountStatus::CustomerHasNoAvailableFunds)));
        assert_sums(world);
    }

    fn a_chain_is_charged_each_at_its_own_tariff(world: &mut World) {
        world.add(&Customer { opening_balance: money("-3"), ..reseller(9, "Wholesale") });
        world.add(&Customer { reseller_id: Some(9), credit_limit: Some(money("100")), ..postpaid(7, "Ada") });
        add_tariff(world, 5, "1", 1);
        add_tariff(world, 6, "0.5", 60);
        add_product(world, 1, 5, CallLimits::default());
        add_product(world, 2, 6, CallLimits::default());
        add_account(world, 7, 71, AccountModel::Credit, "0", None);
        give(world, 9, 0, 2);
        world.run("update customer set credit_limit = 0 where customer_id = 9");
        world
            .write(|tx| {
                tx.touch(9);
                Ok(())
            })
            .unwrap();
        // The reseller's three euros are six minutes; its customer's hundred would be more.
        assert_eq!(authorize(world, "71", "a", WHOLE).unwrap().granted_units, 360);
        assert_eq!(authorize(world, "71", "b", WHOLE), Err(UsageRefusal::ResellerFunds));
        decide(world, ask(world, "71", "a", 100, stopped(0, 90))).unwrap();
        assert_eq!(ledger(world), ["7/0 1500000", "9/0 1000000"]);
        assert_eq!(world.number("select count(*) from xdr where customer_id = 9 and account_id is null and session_key = 'sbc:a'"), 1);
        assert_eq!(authorize(world, "71", "b", WHOLE).unwrap().granted_units, 240);
        assert_sums(world);
    }

    fn a_call_that_outlasts_its_slice_is_split_where_off_peak_begins(world: &mut World) {
        ada(world);
        // Half the price from ten minutes after the call's beginning on.
        world.run("update tariff set is_split_by_peak = true, off_peak = '09:10-23:00', rates_version = rates_version + 1 where tariff_id = 5");
        world.run("update rate set off_peak_interval_first = 1, off_peak_interval_next = 1, off_peak_price_first = 500000, off_peak_price_next = 500000");
        world.database().refresh_catalogue().wait().unwrap().unwrap();
        authorize(world, "71", "a", Wanted { slice_units: Some(300), units_max: 86_400 }).unwrap();
        decide(world, ask(world, "71", "a", 0, started(0))).unwrap();
        assert_eq!(decide(world, ask(world, "71", "a", 900, stopped(0, 900))).unwrap().charged, money("12.5"));
        assert_sums(world);
    }

    fn accounts_with_money_and_limits_of_their_own(world: &mut World) {
        world.add(&Customer { credit_limit: Some(money("100")), ..postpaid(7, "Ada") });
        add_tariff(world, 5, "1", 1);
        add_product(world, 1, 5, CallLimits::default());
        add_account(world, 7, 71, AccountModel::Debit, "-2", None);
        add_account(world, 7, 72, AccountModel::Credit, "0", Some("3"));
        assert_eq!(authorize(world, "71", "a", WHOLE).unwrap().granted_units, 120);
        assert_eq!(authorize(world, "72", "b", WHOLE).unwrap().granted_units, 180);
        decide(world, ask(world, "71", "a", 120, stopped(0, 120))).unwrap();
        decide(world, ask(world, "72", "b", 120, stopped(0, 60))).unwrap();
        // What a debit account uses is no debt of its customer; what a credit account uses is.
        assert_eq!(ledger(world), ["7/0 1000000", "7/71 2000000", "7/72 1000000"]);
        assert_eq!(world.rows("select cast(account_id as text) || ' ' || coalesce(paid_by, 'customer') from xdr order by account_id"), ["71 account", "72 customer"]);
        assert_eq!(authorize(world, "71", "c", WHOLE), Err(UsageRefusal::Status(AccountStatus::ZeroBalance)));
        assert_sums(world);
    }

    /// The password holds from the next request on; one that is authorized already is asked for it again.
    fn a_password_is_asked_for_before_anything_else(world: &mut World) {
        ada(world);
        let shown = |text: &'static str| Proof::Shown(std::sync::Arc::new(move |password: &Secret| password.exposed() == text));
        let with = |key: &str, proof: Proof| {
            let opening = Opening { proof, ..call_to("4420", Wanted { slice_units: Some(60), units_max: 86_400 }) };
            decide(world, ask(world, "71", key, 0, Verb::Authorize(opening))).map(|answer| answer.granted_units)
        };
        assert_eq!(with("a", Proof::Nothing), Ok(60));
        assert_eq!(with("b", shown("correct horse")), Err(UsageRefusal::PasswordUnset));
        let set = |password: Option<&str>| {
            let mut changed = world.read(|tx| account::load(tx, 7, 71)).unwrap().unwrap();
            changed.password = password.map(Secret::new);
            assert!(world.write(move |tx| account::save(tx, &changed)).unwrap());
        };
        set(Some("correct horse"));
        assert_eq!(with("a", Proof::Nothing), Err(UsageRefusal::PasswordMissing));
        assert_eq!(with("b", shown("battery staple")), Err(UsageRefusal::WrongPassword));
        assert_eq!(with("b", shown("correct horse")), Ok(60));
        assert_eq!(with("c", Proof::Vouched), Ok(60));
        set(None);
        assert_eq!(with("d", Proof::Nothing), Ok(60));
    }

    fn who_may_not_call_is_told_why(world: &mut World) {
        ada(world);
        let limits = CallLimits { outgoing: Some(1), ..CallLimits::default() };
        add_product(world, 3, 5, limits);
        world.add(&Customer { opening_balance: money("-10"), ..prepaid(8, "Bob") });
        add_account(world, 8, 81, AccountModel::Credit, "0", None);
        give(world, 8, 81, 3);
        let to = |account: &str, cld: &str| decide(world, ask(world, account, cld, 0, Verb::Authorize(call_to(cld, WHOLE))));
        assert_eq!(to("99", "4420"), Err(UsageRefusal::UnknownIdentity));
        assert_eq!(to("71", "3310"), Err(UsageRefusal::NoRate));
        assert_eq!(to("71", "449012"), Err(UsageRefusal::Forbidden));
        assert_eq!(authorize(world, "81", "one", Wanted { slice_units: Some(60), units_max: 86_400 }).unwrap().granted_units, 60);
        assert_eq!(authorize(world, "81", "two", WHOLE), Err(UsageRefusal::TooManyCalls { limit: 1 }));
        let unknown = Verb::Report { started_at: None, is_start_told: false, used_units: 1, more: None, opening: None };
        assert_eq!(decide(world, ask(world, "71", "never", 0, unknown)), Err(UsageRefusal::UnknownSession));
        world.write(|tx| { product::take_away(tx, 7, 71, 1)?; Ok(()) }).unwrap();
        assert_eq!(to("71", "4420"), Err(UsageRefusal::NoProduct));
        world.write(|tx| trunkline_storage::hold::add(tx, 8, &block(1), None, now())).unwrap();
        assert_eq!(authorize(world, "81", "three", WHOLE), Err(UsageRefusal::Status(AccountStatus::CustomerBlocked)));
        let emergency = Opening { is_emergency: true, ..call_to("112", WHOLE) };
        let helped = decide(world, ask(world, "81", "help", 0, Verb::Authorize(emergency))).unwrap();
        assert_eq!((helped.is_open, helped.granted_units), (true, 86_400));
        let refused = world.number("select count(*) from posting") + world.number("select count(*) from xdr");
        assert_eq!(refused, 0);
    }

    fn t13_sessions_go_on_after_a_restart(world: &mut World) {
        ada(world);
        let slice = Wanted { slice_units: Some(180), units_max: 86_400 };
        authorize(world, "71", "a", slice).unwrap();
        decide(world, ask(world, "71", "a", 0, started(0))).unwrap();
        let before = open(world, 7);
        world.reopen();
        assert_eq!(open(world, 7), before);
        // Seven euros are left beside what the first call holds.
        assert_eq!(authorize(world, "71", "b", WHOLE).unwrap().granted_units, 420);
        assert_eq!(decide(world, ask(world, "71", "a", 170, more(170, 180))).unwrap().granted_units, 180);
        world.reopen();
        decide(world, ask(world, "71", "b", 500, stopped(0, 60))).unwrap();
        assert_eq!(decide(world, ask(world, "71", "a", 500, more(180, 180))).unwrap().granted_units, 360);
        decide(world, ask(world, "71", "a", 600, stopped(0, 200))).unwrap();
        // What was answered before the restart is answered so after it.
        world.reopen();
        assert_eq!(decide(world, ask(world, "71", "a", 700, stopped(0, 200))).unwrap().charged, money("3.33333"));
        assert_eq!(ledger(world), ["7/0 1000000", "7/0 3333330"]);
        assert_sums(world);
    }

    fn t12_a_lost_session_ends_with_what_was_confirmed_and_a_late_end_adds_the_rest(world: &mut World) {
        ada(world);
        authorize(world, "71", "a", WHOLE).unwrap();
        authorize(world, "71", "rings", WHOLE).unwrap_err();
        let mut start = ask(world, "71", "a", 0, started(0));
        start.interim_seconds = Some(60);
        decide(world, start).unwrap();
        let mut interim = ask(world, "71", "a", 60, Verb::Report { started_at: None, is_start_told: false, used_units: 60, more: None, opening: None });
        interim.interim_seconds = Some(60);
        decide(world, interim).unwrap();
        let expire = |at| ask(world, "71", "a", at, Verb::Expire { opened_before: None });
        assert_eq!(decide(world, expire(239)), Err(UsageRefusal::UnknownSession));
        assert_eq!(decide(world, expire(240)).unwrap().charged, money("1"));
        assert_eq!(open(world, 7), []);
        let late = decide(world, ask(world, "71", "a", 300, stopped(0, 75))).unwrap();
        assert_eq!((late.charged, late.used_units), (money("1.25"), 75));
        assert_eq!(decide(world, ask(world, "71", "a", 300, stopped(0, 75))).unwrap().charged, money("1.25"));
        assert_eq!(ledger(world), ["7/0 1000000", "7/0 250000"]);
        let correction = "select count(*) from xdr a join xdr b on b.customer_id = a.customer_id and b.refers_to = a.xdr_id where a.cause = 'timeout'";
        assert_eq!(world.number(correction), 1);
        assert_sums(world);
    }

    /// A switch that has started anew gives its sessions the names of those before. What it said of a session is told apart by when that began.
    fn t14_a_name_that_a_switch_gives_again_is_another_session(world: &mut World) {
        ada(world);
        let report = |at: i64| Verb::Report {
            started_at: Some(later(now(), at)), is_start_told: true, used_units: 0, more: None, opening: Some(call_to("4420", WHOLE)),
        };
        let stop = |start: i64, end: i64| Verb::Stop {
            started_at: Some(later(now(), start)), is_start_told: true, ended_at: later(now(), end), used_units: None, cause: None,
            is_failed: false,
            opening: Some(call_to("4420", WHOLE)),
        };
        let said = [(0, report(0)), (30, stop(0, 30)), (31, report(0)), (32, stop(0, 30)), (100, report(100)), (160, stop(100, 160)), (161, stop(100, 160)), (200, stop(190, 199))];
        let mut charged = Vec::new();
        for (at, verb) in said {
            // What the writer remembers and what it reads from its rows must say the same.
            charged.push(decide(world, ask(world, "71", "1", at, verb)).unwrap().charged.to_string());
            world.write(|tx| { tx.touch(7); Ok(()) }).unwrap();
        }
        assert_eq!(charged, ["0", "0.5", "0.5", "0.5", "0", "1", "1", "0.15"]);
        assert_eq!(ledger(world), ["7/0 500000", "7/0 1000000", "7/0 150000"]);
        assert_sums(world);
    }

    /// It ends at what was reported last; one that was opened after the start of its switch goes on, and an end that comes late adds what is missing.
    fn t14_sessions_of_before_a_switch_started_anew_are_lost(world: &mut World) {
        ada(world);
        let slice = Wanted { slice_units: Some(60), units_max: 86_400 };
        authorize(world, "71", "old", slice).unwrap();
        decide(world, ask(world, "71", "old", 1, started(1))).unwrap();
        decide(world, ask(world, "71", "old", 31, Verb::Report { started_at: None, is_start_told: false, used_units: 30, more: None, opening: None })).unwrap();
        decide(world, ask(world, "71", "new", 50, Verb::Authorize(call_to("4420", slice)))).unwrap();
        let begun = later(now(), 40);
        let found = |source: &'static str, after: Option<&'static str>| world.read(move |tx| session::of_source(tx, source, begun, after, 10)).unwrap();
        assert_eq!(found("sbc", None), ["sbc:old"]);
        assert_eq!((found("sbc", Some("sbc:old")), found("sb", None)), (vec![], vec![]));
        let lose = |key: &str| decide(world, ask(world, "71", key, 51, Verb::Expire { opened_before: Some(begun) }));
        assert_eq!(lose("new"), Err(UsageRefusal::UnknownSession));
        assert_eq!(lose("old").unwrap().charged, money("0.5"));
        assert_eq!(decide(world, ask(world, "71", "old", 90, stopped(1, 36))).unwrap().charged, money("0.6"));
        assert_eq!(ledger(world), ["7/0 500000", "7/0 100000"]);
        assert_sums(world);
    }

    fn an_end_that_tells_no_length_counts_from_the_beginning_and_no_ringing(world: &mut World) {
        ada(world);
        let ended = |at| Verb::Stop {
            started_at: None,
            is_start_told: false,
            ended_at: later(now(), at),
            used_units: None,
            cause: None,
            is_failed: false,
            opening: Some(call_to("4420", WHOLE)),
        };
        let one = Wanted { slice_units: Some(120), units_max: 86_400 };
        for key in ["rang", "begun", "reported"] {
            authorize(world, "71", key, one).unwrap();
        }
        decide(world, ask(world, "71", "begun", 20, started(20))).unwrap();
        let report = Verb::Report { started_at: None, is_start_told: false, used_units: 30, more: None, opening: None };
        decide(world, ask(world, "71", "reported", 40, report)).unwrap();
        let seconds = ["rang", "begun", "reported", "unknown"].map(|key| decide(world, ask(world, "71", key, 100, ended(100))).unwrap().used_units);
        assert_eq!(seconds, [0, 80, 30, 0]);
        assert_sums(world);
    }

    fn t14_any_order_and_repetition_of_packets_gives_the_same_ledger(world: &mut World) {
        world.add(&Customer { opening_balance: money("-1000"), ..prepaid(7, "Ada") });
        add_tariff(world, 5, "1", 1);
        add_product(world, 1, 5, CallLimits::default());
        add_account(world, 7, 71, AccountModel::Credit, "0", None);
        let opening = || Some(call_to("4420", Wanted { slice_units: Some(60), units_max: 86_400 }));
        let packets = |key: &str| {
            let started_at = Some(later(now(), 0));
            let report = |used_units| Verb::Report { started_at, is_start_told: true, used_units, more: None, opening: opening() };
            [report(0), report(30), stopped(0, 45)].map(|verb| ask(world, "71", key, 50, verb))
        };
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (number, order) in orders.iter().enumerate() {
            let packets = packets(&number.to_string());
            for place in order {
                let first = decide(world, packets[*place].clone()).unwrap();
                assert_eq!(decide(world, packets[*place].clone()).unwrap().is_open, first.is_open, "{order:?}");
            }
        }
        assert_eq!(ledger(world), vec!["7/0 750000"; 6]);
        assert_eq!(open(world, 7), []);
        assert_sums(world);
    }
}
