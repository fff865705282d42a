//! Calls as a switch asks for them: authorized by what an account has, charged in the end, lost ones ended by the clock.

use trunkline_storage::writer::UsageAnswer;
use trunkline_usecase::customer::CustomerNew;
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer::BalanceControl;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::session::Proof;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::job;
use trunkline_usecase::product::Holder;
use trunkline_usecase::rate::{self, RateNew};
use trunkline_usecase::session::{self, Decision, End, Progress, SessionKey, UsageNew};

use crate::product::{account, give, make, make_tariff, new_product, outgoing};
use crate::tariff::new_rate;
use crate::world::{World, admin, done, invalid, money, new_customer, refused};

pub fn key(session: &str) -> SessionKey {
    SessionKey { source: "sbc".to_owned(), session: session.to_owned() }
}

pub fn call(identity: &str, cld: &str) -> UsageNew {
    UsageNew {
        identity: identity.to_owned(),
        service: Service::Voice,
        direction: Direction::Outgoing,
        cli: None,
        cld: cld.to_owned(),
        reauthorizes: false,
        units_wanted: None,
        proof: Proof::Vouched,
    }
}

pub fn end(started: i64, seconds: u64) -> End {
    let started_at = Some(crate::world::start().plus_seconds(started));
    End { started_at, is_start_told: false, ended_at: None, used_units: Some(seconds), cause: None }
}

fn decided(asked: Result<Decision>) -> Result<UsageAnswer> {
    asked?.wait().unwrap().map_err(Error::from)
}

fn authorize(world: &World, session: &str, cld: &str) -> Result<UsageAnswer> {
    decided(session::authorize(&world.app, &admin(), &key(session), &call("15550100", cld), None))
}

/// A prepaid customer with ten euros and one account; calls to 44 cost 0.60 a minute, by the minute.
fn ada(world: &World) -> (Id, Id) {
    let tariff_id = make_tariff(world, "Retail", "0.6");
    let product_id = make(world, new_product("Home", outgoing(tariff_id)));
    let customer_id = world.create(CustomerNew { balance_control: BalanceControl::Prepaid, ..new_customer(world, "Ada") });
    world.post(customer_id, PostingAction::ManualPayment, "10").unwrap();
    give(world, Holder::Account(account(world, customer_id, "15550100")), product_id);
    (customer_id, tariff_id)
}

on_both! {
    fn a_prepaid_call_from_asking_to_the_ledger(world: &mut World) {
        let (customer_id, _) = ada(world);
        let granted = authorize(world, "a", "+442071234567").unwrap();
        assert_eq!((granted.granted_units, granted.is_last), (960, true));
        let open = done(session::list(&world.app, &admin(), None, None, 10)).unwrap();
        let told: Vec<_> = open.iter().map(|view| (view.customer_name.as_str(), view.running.session.cld.as_str(), view.running.session.granted_units)).collect();
        assert_eq!(told, [("Ada", "442071234567", 960)]);
        refused(authorize(world, "b", "442071234567"), "insufficient_funds");
        let usage = call("15550100", "442071234567");
        let ended = decided(session::stop(&world.app, &admin(), &key("a"), Some(&usage), &end(0, 61))).unwrap();
        assert_eq!((ended.charged, ended.is_open), (money("1.2"), false));
        assert_eq!(world.get(customer_id).unwrap().facts.balance, money("-8.8"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn what_is_asked_in_a_wrong_way_is_refused_at_its_field(world: &mut World) {
        let ask = |usage: &UsageNew, session: &str| decided(session::authorize(&world.app, &admin(), &key(session), usage, None));
        assert_eq!(invalid(ask(&call("", "44"), "a")), ("usage.identity".to_owned(), "malformed"));
        assert_eq!(invalid(ask(&call("1", "4\u{7}4"), "a")), ("usage.cld".to_owned(), "malformed"));
        assert_eq!(invalid(ask(&call("1", "44"), &"x".repeat(300))), ("session".to_owned(), "malformed"));
        refused(ask(&call("1", "44"), "a"), "unknown_identity");
        let late = End { started_at: Some(world.now().plus_seconds(301)), ..end(0, 1) };
        assert_eq!(invalid(decided(session::stop(&world.app, &admin(), &key("a"), None, &late))), ("started_at".to_owned(), "in_the_future"));
        let huge = end(0, u64::MAX);
        assert_eq!(invalid(decided(session::stop(&world.app, &admin(), &key("a"), None, &huge))), ("used_units".to_owned(), "out_of_range"));
        refused(decided(session::stop(&world.app, &admin(), &key("a"), None, &end(0, 1))), "unknown_session");
    }

    fn a_price_that_changes_counts_for_calls_from_its_moment_on(world: &mut World) {
        let (_, tariff_id) = ada(world);
        let dearer = RateNew { effective_from: Some(world.now().plus_seconds(3_600)), ..new_rate("44", "6") };
        authorize(world, "a", "44").unwrap();
        done(rate::create(&world.app, &admin(), tariff_id, dearer, |_| String::new())).unwrap();
        job::advance_test_clock(&world.app, &admin(), world.now().plus_seconds(3_600)).unwrap();
        // The call that nobody began is given up by then, and its money is free again.
        assert_eq!(done(session::list(&world.app, &admin(), None, None, 10)).unwrap(), []);
        assert_eq!(authorize(world, "b", "44").unwrap().granted_units, 60);
    }

    fn a_lost_call_ends_by_the_clock(world: &mut World) {
        let (customer_id, _) = ada(world);
        let usage = call("15550100", "44");
        decided(session::authorize(&world.app, &admin(), &key("a"), &usage, Some(60))).unwrap();
        let begun = Progress { started_at: Some(world.now()), used_units: 0, ..Progress::default() };
        decided(session::report(&world.app, &admin(), &key("a"), None, &begun, Some(60))).unwrap();
        job::advance_test_clock(&world.app, &admin(), world.now().plus_seconds(60)).unwrap();
        let goes_on = Progress { used_units: 60, ..Progress::default() };
        decided(session::report(&world.app, &admin(), &key("a"), None, &goes_on, Some(60))).unwrap();
        job::advance_test_clock(&world.app, &admin(), world.now().plus_seconds(179)).unwrap();
        assert_eq!(done(session::list(&world.app, &admin(), Some(customer_id), None, 10)).unwrap().len(), 1);
        job::advance_test_clock(&world.app, &admin(), world.now().plus_seconds(1)).unwrap();
        assert_eq!(done(session::list(&world.app, &admin(), None, None, 10)).unwrap(), []);
        assert_eq!(world.get(customer_id).unwrap().facts.balance, money("-9.4"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn a_message_is_charged_at_once_and_once(world: &mut World) {
        let (customer_id, _) = ada(world);
        let event = |session: &str, units| decided(session::event(&world.app, &admin(), &key(session), &call("15550100", "44"), units));
        assert_eq!(event("m", 60).unwrap().charged, money("0.6"));
        assert_eq!(event("m", 60).unwrap().charged, money("0.6"));
        refused(event("n", 1_000), "insufficient_funds");
        assert_eq!(world.get(customer_id).unwrap().facts.balance, money("-9.4"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }
}
