//! Tests of usage while it lasts: who pays, what may begin, how far the money goes. Not of prices (rating.rs).

use proptest::prelude::*;
use trunkline_domain::account::{AccountFacts, AccountModel, AccountState, AccountStatus};
use trunkline_domain::money::Money;
use trunkline_domain::product::{Direction, ProductKind};
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding, Terms};
use trunkline_domain::rating::{Covered, PEAK, Quota, Step, charge, parse_trace, trace_text};
use trunkline_domain::service::Service;
use trunkline_domain::session::{
    Course, Grant, Leg, Limits, Party, Passage, Payer, RING_SECONDS, Session, Speed, UsageRefusal, account_funds, course, expires_at,
    grant, passage, payers, settle, spendable, tariff_for,
};
use trunkline_domain::status::{CustomerStatus, StatusPolicy, permits_of};
use trunkline_domain::time::Timestamp;

use crate::product::{entry, product};

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

const CUSTOMER: Payer = Payer::Customer { customer_id: 1 };

fn party(rate: &Rate, funds: Option<&str>) -> Party<'static> {
    // One price lives as long as the test: it is leaked, for tests only.
    let rate: &'static Rate = Box::leak(Box::new(rate.clone()));
    Party { payer: CUSTOMER, spendable: funds.map(money), rate, terms: &Terms::VOICE, stretches: &PEAK, quota: Quota::NONE }
}

fn slice(used_units: u64, slice_units: Option<u64>) -> Limits {
    Limits { used_units, slice_units, units_max: 86_400 }
}

#[test]
fn how_far_the_money_goes() {
    let minute = rate(1, 1, "1");
    let whole = rate(60, 60, "1");
    let free = rate(1, 1, "0");
    let granted = |units, is_last, reserved: &str| {
        Ok(Grant { units, announced_units: units, is_last, reserved: vec![money(reserved)], covered: Covered::default() })
    };
    let cases: [(&str, &Rate, Option<&str>, Limits, Result<Grant, usize>); 12] = [
        ("all of the money", &minute, Some("10"), slice(0, None), granted(600, true, "10")),
        ("a slice of it", &minute, Some("10"), slice(0, Some(180)), granted(180, false, "3")),
        ("the next slice", &minute, Some("7"), slice(180, Some(180)), granted(360, false, "6")),
        ("what is left of it", &minute, Some("4"), slice(180, Some(180)), granted(240, true, "4")),
        ("nothing more is left", &minute, Some("3"), slice(180, Some(180)), Err(0)),
        ("not a second too many", &minute, Some("0.99999"), slice(0, None), granted(59, true, "0.98333")),
        ("whole minutes alone", &whole, Some("2.5"), slice(0, None), granted(120, true, "2")),
        ("less than the first interval", &whole, Some("0.99"), slice(0, None), Err(0)),
        ("without limit", &minute, None, slice(0, None), granted(86_400, false, "1440")),
        ("what is free needs no money", &free, Some("0"), slice(0, None), granted(86_400, false, "0")),
        ("and none that is owed", &free, Some("-5"), slice(0, None), granted(86_400, false, "0")),
        ("owing is not having", &minute, Some("-5"), slice(0, None), Err(0)),
    ];
    for (what, rate, funds, limits, expected) in cases {
        assert_eq!(grant(&[party(rate, funds)], limits), expected, "{what}");
    }
}

#[test]
fn the_poorest_of_the_chain_decides() {
    let (retail, wholesale) = (rate(1, 1, "1"), rate(1, 1, "0.5"));
    let chain = |own, reseller| [party(&retail, Some(own)), party(&wholesale, Some(reseller))];
    assert_eq!(grant(&chain("10", "100"), slice(0, None)).unwrap().units, 600);
    let short = grant(&chain("10", "2"), slice(0, None)).unwrap();
    assert_eq!((short.units, short.reserved), (240, vec![money("4"), money("2")]));
    assert_eq!(grant(&chain("10", "0"), slice(0, None)), Err(1));
    // The second of two runs out in the middle of a call: it is the one that is named.
    assert_eq!(grant(&chain("10", "2"), slice(240, Some(60))), Err(1));
    let settled = settle(&chain("10", "100"), 90).unwrap();
    let amounts: Vec<String> = settled.iter().map(|(priced, _)| priced.owed.to_string()).collect();
    assert_eq!(amounts, ["1.5", "0.75"]);
}

/// Example 12: ten dollars, a dollar a minute, slices of three dollars, two calls that ask again in turn.
#[test]
fn two_calls_share_one_balance_in_slices() {
    let minute = rate(1, 1, "1");
    let funds = money("10");
    let (mut held, mut used) = ([Money::ZERO; 2], [0_u64; 2]);
    let mut story = Vec::new();
    for call in [0, 1, 0, 1, 0, 1] {
        let others = held[1 - call];
        let left = spendable(Some(funds), others).unwrap();
        match grant(&[party(&minute, Some(&left.to_string()))], slice(used[call], Some(180))) {
            Ok(granted) => {
                used[call] = granted.units;
                held[call] = granted.reserved[0];
                story.push((call, granted.units, granted.is_last));
            }
            Err(_) => story.push((call, 0, true)),
        }
        assert!(held[0].checked_add(held[1]).unwrap() <= funds);
    }
    assert_eq!(story, [(0, 180, false), (1, 180, false), (0, 360, false), (1, 240, true), (0, 0, true), (1, 0, true)]);
    assert_eq!(held, [money("6"), money("4")]);
}

fn account(model: AccountModel, credit_limit: Option<&str>, balance: &str) -> AccountFacts {
    AccountFacts {
        account_id: 9,
        customer_id: 1,
        model,
        state: AccountState::Open,
        blocked: false,
        balance: money(balance),
        credit_limit: credit_limit.map(money),
        suspended: false,
        screening: None,
        payment_frozen: false,
        active_from: None,
        expires_at: None,
        life_time_days: None,
        idle_days_max: None,
        first_used_at: None,
        last_used_at: None,
    }
}

#[test]
fn who_pays() {
    let own = Payer::Account { customer_id: 1, account_id: 9 };
    let cases = [
        (account(AccountModel::Debit, None, "-5"), vec![own], Some("5")),
        (account(AccountModel::Credit, Some("20"), "5"), vec![own, CUSTOMER], Some("15")),
        (account(AccountModel::Credit, Some("0"), "-3"), vec![own, CUSTOMER], Some("3")),
        (account(AccountModel::Credit, None, "0"), vec![CUSTOMER], None),
    ];
    for (account, expected, funds) in cases {
        assert_eq!(payers(&account), expected);
        assert_eq!(account_funds(&account), Ok(funds.map(money)));
    }
    assert_eq!((own.customer_id(), own.account_id(), CUSTOMER.account_id()), (1, Some(9), None));
}

#[test]
fn what_a_status_lets_through() {
    use CustomerStatus::{Active, Blocked, Closed, CreditExceeded, Limited, SpendingLimitReached, Suspended};
    let policy = StatusPolicy::default();
    // Status: a call out, an emergency call, a call in, a message, data.
    let cases = [
        (Active, [Some(Passage::Any), Some(Passage::Emergency), Some(Passage::Any), Some(Passage::Any), Some(Passage::Any)]),
        (CreditExceeded, [Some(Passage::FreeOnly), Some(Passage::Emergency), Some(Passage::FreeOnly), Some(Passage::FreeOnly), None]),
        (SpendingLimitReached, [None, Some(Passage::Emergency), Some(Passage::Any), Some(Passage::FreeOnly), None]),
        (Limited, [None, Some(Passage::Emergency), Some(Passage::Any), Some(Passage::FreeOnly), Some(Passage::Slow)]),
        (Suspended, [None, Some(Passage::Emergency), None, None, None]),
        (Blocked, [None, Some(Passage::Emergency), None, None, None]),
        (Closed, [None, None, None, None, None]),
    ];
    for (status, expected) in cases {
        let permits = permits_of(status, &policy);
        let found = [
            passage(&permits, Service::Voice, Direction::Outgoing, false),
            passage(&permits, Service::Voice, Direction::Outgoing, true),
            passage(&permits, Service::Voice, Direction::Incoming, false),
            passage(&permits, Service::Message, Direction::Outgoing, false),
            passage(&permits, Service::Data, Direction::Outgoing, false),
        ];
        assert_eq!(found, expected, "{status:?}");
    }
}

/// What becomes of a call out, a call in, data and an emergency call that are under way.
#[test]
fn what_a_status_does_to_usage_under_way() {
    use AccountStatus as S;
    let under_way = |service, direction, is_emergency| Session { service, direction, is_emergency, ..running() };
    let usages = [
        under_way(Service::Voice, Direction::Outgoing, false),
        under_way(Service::Voice, Direction::Incoming, false),
        under_way(Service::Data, Direction::Outgoing, false),
        under_way(Service::Voice, Direction::Outgoing, true),
    ];
    let (ends, goes_on, slow) = (Course::Ends, Course::GoesOn(Speed::Full), Course::GoesOn(Speed::Limited));
    let all = |status: S| [ends(status), ends(status), ends(status), goes_on];
    for (statuses, expected) in [
        (vec![], [goes_on; 4]),
        (vec![S::Closed], all(S::Closed)),
        (vec![S::CustomerBlocked], all(S::CustomerBlocked)),
        (vec![S::ResellerSuspended], all(S::ResellerSuspended)),
        (vec![S::Expired], all(S::Expired)),
        (vec![S::CustomerLimited], [ends(S::CustomerLimited), goes_on, slow, goes_on]),
        (vec![S::CustomerLimitingDelayed], [goes_on; 4]),
        // To where it was granted.
        (vec![S::CustomerCreditExceeded], [goes_on; 4]),
        (vec![S::ZeroBalance], [goes_on; 4]),
        (vec![S::CustomerSpendingLimitReached, S::Frozen], [goes_on; 4]),
        // The first one that forbids is told, whatever is shown.
        (vec![S::CustomerBillingPaused, S::CustomerSuspended], all(S::CustomerSuspended)),
        (vec![S::CustomerLimited, S::ZeroBalance], [ends(S::CustomerLimited), goes_on, slow, goes_on]),
    ] {
        let found = usages.each_ref().map(|session| course(session, &statuses, &StatusPolicy::default()));
        assert_eq!(found, expected, "{statuses:?}");
    }
}

#[test]
fn which_product_gives_the_tariff() {
    let voice = |id| vec![entry(Service::Voice, Direction::Outgoing, id)];
    let main = product(1, ProductKind::Main, 0, voice(10));
    let low = product(2, ProductKind::AddOn, 10, voice(20));
    let high = product(3, ProductKind::AddOn, 30, voice(30));
    let all = [&main, &low, &high];
    let choose = |products: &[&trunkline_domain::product::Product], rated: &[i64]| {
        tariff_for(products.iter().copied(), Service::Voice, Direction::Outgoing, |id| rated.contains(&id))
    };
    assert_eq!(choose(&all, &[10, 20, 30]), Ok(30));
    assert_eq!(choose(&all, &[10, 20]), Ok(20));
    assert_eq!(choose(&all, &[10]), Ok(10));
    assert_eq!(choose(&all, &[]), Err(UsageRefusal::NoRate));
    assert_eq!(choose(&[], &[10]), Err(UsageRefusal::NoProduct));
    let message = tariff_for(all, Service::Message, Direction::Outgoing, |_| true);
    assert_eq!(message, Err(UsageRefusal::NoTariff { direction: Direction::Outgoing }));
}

fn running() -> Session {
    let now = Timestamp::from_microseconds(1_000_000_000);
    Session {
        session_id: 1,
        customer_id: 1,
        account_id: 9,
        key: "sbc:1".to_owned(),
        service: Service::Voice,
        direction: Direction::Outgoing,
        cli: None,
        cld: "4420".to_owned(),
        is_emergency: false,
        opened_at: now,
        started_at: None,
        used_units: 100,
        taken: Vec::new(),
        granted_units: 700,
        expires_at: now,
        legs: vec![Leg { payer: CUSTOMER, tariff_id: 10, reserved: money("1") }],
    }
}

#[test]
fn when_a_session_counts_as_lost() {
    let session = running();
    let now = session.opened_at;
    let seconds = |interim| expires_at(&session, interim, now).seconds() - now.seconds();
    assert_eq!(seconds(None), 600 + RING_SECONDS);
    assert_eq!(seconds(Some(60)), 180);
    assert_eq!(seconds(Some(300)), 900);
    assert_eq!(session.rated_at(), now);
}

#[test]
fn the_steps_of_a_price_are_kept_in_a_line() {
    let steps = vec![
        Step::Free { units: 30 },
        Step::ConnectFee { amount: money("0.05") },
        Step::Intervals { count: 2, units: 30, price: money("0.2"), is_off_peak: false },
        Step::Intervals { count: 1, units: 6, price: money("0.1"), is_off_peak: true },
        Step::Fixed { amount: money("0.3") },
        Step::Relative { millionths: 125_000 },
        Step::Rounded { amount: money("0.61875"), digits: 5 },
    ];
    let text = trace_text(&steps);
    assert_eq!(text, "free:30;fee:50000;iv:2x30@200000;off:1x6@100000;fix:300000;rel:125000;round:618750/5");
    assert_eq!(parse_trace(&text), Some(steps));
    assert_eq!(trace_text(&[Step::Grace { units: 3 }]), "grace:3");
    assert_eq!(parse_trace("grace:3"), Some(vec![Step::Grace { units: 3 }]));
    assert_eq!(parse_trace(""), Some(vec![]));
    assert_eq!(parse_trace("iv:2x@3"), None);
}

proptest! {
    /// What is kept is what the granted units cost, never more than there is, and a unit more would be too much.
    #[test]
    fn never_a_unit_too_many(first in 1_u64..120, next in 1_u64..120, price in 1_i64..3_000_000, funds in 0_i64..50_000_000) {
        let price = Money::from_millionths(price);
        let pricing = Pricing::Intervals(Price { interval_first: first, interval_next: next, price_first: price, price_next: price });
        let rate = Rate { pricing, ..rate(1, 1, "1") };
        let funds = Money::from_millionths(funds);
        let party = Party { payer: CUSTOMER, spendable: Some(funds), rate: &rate, terms: &Terms::VOICE, stretches: &PEAK, quota: Quota::NONE };
        let cost = |units| charge(&rate, &Terms::VOICE, units, &PEAK).unwrap().amount;
        match grant(&[party], slice(0, None)) {
            Ok(granted) => {
                prop_assert_eq!(cost(granted.units), granted.reserved[0]);
                prop_assert!(granted.reserved[0] <= funds);
                prop_assert!(granted.units == 86_400 || cost(granted.units + 1) > funds);
            }
            Err(_) => prop_assert!(cost(1) > funds),
        }
    }
}
