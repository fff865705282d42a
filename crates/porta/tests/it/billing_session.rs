//! Owns tests of the service BillingSession, and a call from asking to its end for other tests.
//! Does not own: what is granted and charged (usecase).

use trunkline_usecase::Context;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::nas::Nas;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::session::Proof;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::nas::{self, NasNew, NasSettings};
use trunkline_usecase::session::{self, End, Progress, SessionKey, UsageNew};

use crate::catalogue::give_calls;
use crate::info::named;
use crate::world::World;

fn key(call: &str) -> SessionKey {
    SessionKey { source: "sbc".into(), session: call.into() }
}

/// A NAS that takes requests to end a session, as the source of its sessions.
fn add_nas(world: &World) -> String {
    let settings = NasSettings { dynamic_authorization_port: Some(Some(3_799)), ..NasSettings::default() };
    let new = NasNew { name: "Switch".into(), network: "192.0.2.10".into(), secret: Secret::new("testing123"), settings };
    let made = nas::create(&world.app, &Context::system(), new, Nas::source);
    made.wait().expect("an answer").expect("a NAS")
}

fn usage(identity: &str, direction: Direction) -> UsageNew {
    UsageNew {
        identity: identity.into(),
        service: Service::Voice,
        direction,
        cli: Some("4930111".into()),
        cld: "442071234567".into(),
        reauthorizes: false,
        units_wanted: None,
        proof: Proof::Vouched,
    }
}

/// A call of an account that is authorized and has begun.
pub fn begin(world: &World, identity: &str, call: &str, direction: Direction) {
    let (app, context) = (&world.app, Context::system());
    session::authorize(app, &context, &key(call), &usage(identity, direction), None)
        .expect("asked")
        .wait()
        .expect("an answer")
        .expect("a grant");
    let begun = Progress { started_at: Some(app.now()), used_units: 7, ..Progress::default() };
    session::report(app, &context, &key(call), None, &begun, None).expect("asked").wait().expect("an answer").expect("a report");
}

pub fn end(world: &World, call: &str, seconds: u64) {
    let started_at = Some(world.app.now().plus_seconds(-i64::try_from(seconds).expect("seconds")));
    let end = End { started_at, is_start_told: false, ended_at: None, used_units: Some(seconds), cause: Some("16".into()) };
    session::stop(&world.app, &Context::system(), &key(call), None, &end).expect("asked").wait().expect("an answer").expect("an end");
}

on_both! {
fn open_sessions_are_told_and_found(engine: Engine) {
    let world = World::on(engine, trunkline_porta::PortaOptions::default());
    let customer = world.add_customer("Owner", "");
    let account = world.add_account(customer, "4930111", AccountModel::Credit, 0);
    give_calls(&world, account);
    begin(&world, "4930111", "a:1", Direction::Outgoing);
    let got = world.call("BillingSession/get_active_sessions_list", r#"{"get_total":1}"#).ok();
    let session = got.json()["active_session_list"][0]["i_active_session"].as_i64().expect("an id");
    let expected = concat!(
        r#"{"active_session_list":[{"i_active_session":<session>,"i_customer":<customer>,"customer_name":"Owner","i_account":<account>,"#,
        r#""account_id":"4930111","i_service":3,"service":"Voice Calls","direction":"outgoing","CLI":"4930111","CLD":"442071234567","#,
        r#""call_id":"a:1","setup_time":"2026-06-16 08:00:00","connect_time":"2026-06-16 08:00:00","used_quantity":7}],"total":1}"#
    );
    assert_eq!(named(&got.body, &[(session, "session"), (customer, "customer"), (account, "account")]), expected);
    begin(&world, "4930111", "b", Direction::Incoming);
    let calls = |params: &str| -> Vec<String> {
        let list = world.call("BillingSession/get_active_sessions_list", params).ok().json();
        list["active_session_list"].as_array().expect("a list").iter().map(|row| row["call_id"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(calls(&format!(r#"{{"i_customer":{customer},"i_account":{account},"i_service":3}}"#)), ["a:1", "b"]);
    assert_eq!(calls(r#"{"limit":1,"offset":1}"#), ["b"]);
    assert_eq!(calls(r#"{"i_account":1}"#), Vec::<String>::new());
    assert_eq!(calls(r#"{"i_service":7}"#), Vec::<String>::new());
    end(&world, "b", 60);
    assert_eq!(calls("{}"), ["a:1"]);
    let got = world.call("BillingSession/get_active_sessions_list", r#"{"i_vendor":1}"#);
    assert_eq!(got.fault(), "Server.BillingSession.get_active_sessions_list.unsupported_filter");
    let reseller = world.add_customer("Reseller", r#""i_customer_type":2,"#);
    world.add_staff("foreign", Role::Reseller, Some(reseller));
    let token = world.sign_in("foreign").text("access_token");
    assert_eq!(world.call_as(&token, "BillingSession/get_active_sessions_list", "{}").ok().body, r#"{"active_session_list":[]}"#);
}

fn a_session_is_ended_by_its_switch_where_that_takes_requests(engine: Engine) {
    let world = World::on(engine, trunkline_porta::PortaOptions::default());
    let customer = world.add_customer("Owner", "");
    let account = world.add_account(customer, "4930111", AccountModel::Credit, 0);
    give_calls(&world, account);
    begin(&world, "4930111", "a", Direction::Outgoing);
    let of_nas = SessionKey { source: add_nas(&world), session: "b".into() };
    let asked = session::authorize(&world.app, &Context::system(), &of_nas, &usage("4930111", Direction::Incoming), None).expect("asked");
    asked.wait().expect("an answer").expect("a grant");
    let list = world.call("BillingSession/get_active_sessions_list", "{}").ok().json();
    let id = |place: usize| list["active_session_list"][place]["i_active_session"].as_i64().expect("an id");
    let end = |token: &str, id: i64| world.call_as(token, "BillingSession/disconnect_session", &format!(r#"{{"i_active_session":{id}}}"#));
    assert_eq!(end(world.token(), id(1)).ok().body, r#"{"success":1}"#);
    assert_eq!(end(world.token(), id(0)).fault(), "Server.BillingSession.disconnect_session.not_disconnectable");
    assert_eq!(end(world.token(), 4_711).fault(), "Server.BillingSession.disconnect_session.not_found");
    world.add_staff("fay", Role::Finance, None);
    let finance = world.sign_in("fay").text("access_token");
    assert_eq!(end(&finance, id(1)).fault(), "Server.BillingSession.disconnect_session.not_permitted");
}
}
