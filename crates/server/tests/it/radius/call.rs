//! Owns tests of calls over RADIUS from the first packet to the ledger: one call's life, refusals, many at once, repeats, disorder, loss.
//! Does not own: what each status refuses (status.rs).

use serde_json::json;
use trunkline_usecase::clock::Clock;

use super::switch::{Carrier, PASSWORD_OF_ACCOUNT, SECRET, received};
use crate::world::World;

fn none() -> serde_json::Value {
    json!({})
}

/// Of all xDRs of calls: seconds used, charge in millionths, cause.
fn calls(world: &World) -> Vec<String> {
    world.texts(
        "select cast(units as text) || ' ' || cast(owed as text) || ' ' || coalesce(cause, '-') from xdr where service = 'voice' order by xdr_id",
    )
}

/// As a switch whose clock is right has it, in seconds.
fn now() -> i64 {
    Clock::wall().now().seconds()
}

#[track_caller]
fn check(world: &World) {
    let done = world.run(&["check"]);
    assert_eq!(done.code, Some(0), "{done:?}");
}

on_both! {
    fn a_call_from_asking_to_the_ledger(world: &World) {
        let nas = json!({ "interim_interval_seconds": 60 });
        let mut carrier = Carrier::start(world, &nas, &[]);
        let account = carrier.customer("Ada", "10", "15550100");
        let told = carrier.call("15550100", "+442071234567", "a");
        assert_eq!(
            received(&told),
            [
                "Received Access-Accept", "Session-Timeout = 960", "Acct-Interim-Interval = 60",
                "h323-return-code = \"h323-return-code=0\"", "h323-credit-time = \"h323-credit-time=960\"",
                "Cisco-AVPair = \"h323-ivr-in=DURATION:960\"", "h323-credit-amount = \"h323-credit-amount=10\"",
                "h323-billing-model = \"h323-billing-model=1\"", "h323-currency = \"h323-currency=EUR\"",
            ],
            "{told}"
        );
        // Asked again, as after an answer that was lost: the same call.
        assert_eq!(received(&carrier.call("15550100", "+442071234567", "a")).first().map(String::as_str), Some("Received Access-Accept"));
        assert_eq!(carrier.open(), [("a".to_owned(), 0, 960)]);
        carrier.report("Acct-Status-Type=Start, User-Name=15550100, Called-Station-Id=442071234567, Acct-Session-Id=a");
        carrier.report("Acct-Status-Type=Interim-Update, User-Name=15550100, Acct-Session-Id=a, Acct-Session-Time=60");
        assert_eq!(carrier.open(), [("a".to_owned(), 60, 960)]);
        let stop = "Acct-Status-Type=Stop, User-Name=15550100, Called-Station-Id=442071234567, Acct-Session-Id=a, Acct-Session-Time=61, \
                    h323-disconnect-cause=\"h323-disconnect-cause=10\"";
        for _ in 0..2 {
            // T11: the second is another packet, so that it is decided again.
            carrier.report(stop);
        }
        carrier.report("Acct-Status-Type=Interim-Update, User-Name=15550100, Acct-Session-Id=a, Acct-Session-Time=60");
        assert_eq!((carrier.xdrs(account), carrier.available(account)), (vec![["442071234567", "120", "1.2"].map(str::to_owned)], "8.8".to_owned()));
        assert_eq!((calls(world), carrier.open()), (vec!["61 1200000 16".to_owned()], vec![]));
        carrier.server.stop();
        check(world);
    }

    fn who_may_not_call_is_told_why_and_by_which_code(world: &World) {
        let mut carrier = Carrier::start(world, &none(), &[]);
        carrier.customer("Ada", "10", "15550100");
        let blocked = carrier.customer("Bob", "10", "15550101");
        carrier.customer("Cleo", "0", "15550102");
        let path = format!("/api/v1/customers/{}/block", carrier.customer_of(blocked));
        carrier.client.post(&path, &json!({})).expect(200);
        let with = |password: &str| format!("User-Name=15550100, {password}, Called-Station-Id=4420, Acct-Session-Id=x");
        let to = |user: &str, called: &str| carrier.wanted(user, called, "x");
        for (attributes, code, reason) in [
            (with("User-Password=\"correct-hors\""), 2, "the password is wrong"),
            (with("CHAP-Password=\"correct-hors\""), 2, "the password is wrong"),
            (with("Service-Type=Login-User"), 2, "the password of the account is asked for, and was not given"),
            (to("15550199", "4420"), 1, "no account has this identity"),
            (to("15550101", "4420"), 7, "the status of the account does not permit it: customer blocked"),
            (to("15550102", "4420"), 4, "the status of the account does not permit it: customer has no available funds"),
            (to("15550100", "3310"), 9, "the tariff has no rate for this number"),
            (to("15550100", "4420").replace("Acct-Session-Id", "Class"), 8, "the request names no session: Acct-Session-Id or h323-conf-id is needed"),
        ] {
            let told = carrier.ask(&attributes);
            let code = format!("h323-return-code = \"h323-return-code={code}\"");
            assert_eq!(received(&told), ["Received Access-Reject", &code, &format!("Reply-Message = \"{reason}\"")], "{told}");
        }
        // The switch itself vouches, or the call is to help.
        assert!(carrier.ask(&with("Service-Type=Authorize-Only")).contains("Received Access-Accept"));
        assert!(carrier.ask(&with("CHAP-Password=\"correct-horse\"").replace("=x", "=y").replace("4420", "112")).contains("Received Access-Accept"));
        // Of another secret and without Message-Authenticator nothing is answered at all.
        for (secret, more) in [("another secret", ", Message-Authenticator=0x00"), (SECRET, "")] {
            let told = carrier.ask_in_vain(secret, &format!("{}{more}", to("15550100", "4420")));
            assert!(told.contains("No reply") && !told.contains("Received"), "{told}");
        }
        carrier.server.stop();
        check(world);
    }

    /// Money for one minute, thirty calls at once: one. Money for thirty, each with a slice: thirty, and none is told that there is none.
    fn t7_t9_thirty_calls_on_the_money_of_one_and_of_thirty(world: &World) {
        let mut carrier = Carrier::start(world, &json!({ "reauthorizes": true }), &[]);
        let poor = carrier.customer("Ada", "0.6", "15550100");
        let rich = carrier.customer("Bob", "90", "15550101");
        let ask = |user: &str| (0..30).map(|number| carrier.wanted(user, "442071234567", &format!("{user}-{number}"))).collect::<Vec<_>>();
        let told = carrier.ask_many(&ask("15550100"));
        let count = |told: &str, what: &str| told.matches(what).count();
        assert_eq!((count(&told, "Received Access-Accept"), count(&told, "Received Access-Reject")), (1, 29), "{told}");
        assert_eq!(count(&told, "Session-Timeout = 60\n"), 1, "{told}");
        let told = carrier.ask_many(&ask("15550101"));
        assert_eq!((count(&told, "Received Access-Accept"), count(&told, "Session-Timeout = 300\n")), (30, 30), "{told}");
        // All of them take the whole slice.
        let mut open: Vec<String> = carrier.open().into_iter().map(|(key, _, _)| key).collect();
        open.sort();
        assert_eq!(open.len(), 31);
        for key in &open {
            let user = key.split('-').next().expect("a user");
            let seconds = if user == "15550100" { 60 } else { 300 };
            carrier.report(&format!("Acct-Status-Type=Stop, User-Name={user}, Called-Station-Id=442071234567, Acct-Session-Id={key}, Acct-Session-Time={seconds}"));
        }
        assert_eq!((carrier.available(poor), carrier.available(rich)), ("0".to_owned(), "0".to_owned()));
        carrier.server.stop();
        check(world);
    }

    /// A switch that asks again before its slice is over gets the next one, and hears when the money ends.
    fn a_call_goes_on_as_long_as_its_slices_are_paid_for(world: &World) {
        let mut carrier = Carrier::start(world, &json!({ "reauthorizes": true }), &[]);
        let account = carrier.customer("Ada", "4.2", "15550100");
        let more = |seconds: u32| {
            let told = carrier.ask(&format!("{}, Acct-Session-Time={seconds}", carrier.wanted("15550100", "4420", "a")));
            received(&told)[..2].to_vec()
        };
        let accept = |seconds: u32| vec!["Received Access-Accept".to_owned(), format!("Session-Timeout = {seconds}")];
        assert_eq!(received(&carrier.call("15550100", "4420", "a"))[..2], accept(300));
        carrier.report("Acct-Status-Type=Start, User-Name=15550100, Called-Station-Id=4420, Acct-Session-Id=a");
        assert_eq!(more(240), accept(180));
        assert_eq!(more(420)[0], "Received Access-Reject");
        carrier.report("Acct-Status-Type=Stop, User-Name=15550100, Called-Station-Id=4420, Acct-Session-Id=a, Acct-Session-Time=420");
        assert_eq!((carrier.available(account), calls(world)), ("0".to_owned(), vec!["420 4200000 -".to_owned()]));
        carrier.server.stop();
        check(world);
    }

    /// Killed with calls open and served again: what they hold is held, their reports are taken, their ends are charged.
    fn t13_open_calls_survive_a_kill(world: &World) {
        let mut carrier = Carrier::start(world, &none(), &[]);
        let accounts: Vec<i64> = (0..20).map(|number| carrier.customer(&format!("Customer {number}"), "1.2", &format!("155501{number:02}"))).collect();
        for number in 0..20 {
            let user = format!("155501{number:02}");
            assert!(carrier.call(&user, "4420", &format!("s-{number}")).contains("Session-Timeout = 120"));
            carrier.report(&format!("Acct-Status-Type=Start, User-Name={user}, Called-Station-Id=4420, Acct-Session-Id=s-{number}"));
        }
        let before = carrier.open();
        carrier.server.kill();
        carrier.serve_again(world);
        assert_eq!((carrier.open(), before.len()), (before, 20));
        let told = carrier.call("15550100", "4420", "another");
        assert!(told.contains("h323-return-code=12"), "{told}");
        for number in 0..20 {
            carrier.report(&format!("Acct-Status-Type=Stop, User-Name=155501{number:02}, Called-Station-Id=4420, Acct-Session-Id=s-{number}, Acct-Session-Time=61"));
        }
        assert_eq!(carrier.open(), []);
        assert_eq!(accounts.iter().map(|account| carrier.available(*account)).collect::<Vec<_>>(), vec!["0"; 20]);
        carrier.server.stop();
        check(world);
    }

    /// It has started anew: its calls of before end at what was reported last, and it gives the same names to others.
    fn t14_a_switch_that_started_anew_gives_names_again(world: &World) {
        let mut carrier = Carrier::start(world, &none(), &[]);
        let account = carrier.customer("Ada", "10", "15550100");
        let name = "User-Name=15550100, Called-Station-Id=4420";
        let seconds = |ago: i64| now() - ago;
        carrier.call("15550100", "4420", "1");
        carrier.report(&format!("Acct-Status-Type=Start, {name}, Acct-Session-Id=1, Event-Timestamp={}", seconds(200)));
        carrier.report(&format!("Acct-Status-Type=Interim-Update, {name}, Acct-Session-Id=1, Acct-Session-Time=60"));
        carrier.report("Acct-Status-Type=Accounting-On, Acct-Session-Id=0");
        assert_eq!((carrier.open(), calls(world)), (vec![], vec!["60 600000 timeout".to_owned()]));
        carrier.report("Acct-Status-Type=Accounting-On, Acct-Session-Id=0");
        for _ in 0..2 {
            carrier.report(&format!("Acct-Status-Type=Start, {name}, Acct-Session-Id=1, Event-Timestamp={}", seconds(100)));
        }
        assert_eq!(carrier.open().len(), 1);
        for _ in 0..2 {
            carrier.report(&format!("Acct-Status-Type=Stop, {name}, Acct-Session-Id=1, Acct-Session-Time=90, Event-Timestamp={}", seconds(10)));
        }
        assert_eq!(calls(world), ["60 600000 timeout", "90 1200000 -"]);
        assert_eq!((carrier.available(account), carrier.xdrs(account).len()), ("8.2".to_owned(), 2));
        carrier.server.stop();
        check(world);
    }

    /// Whole SIP addresses, no Message-Authenticator, no Acct-Session-Time: the moments tell how long it was.
    fn a_call_as_kamailio_reports_it(world: &World) {
        let mut carrier = Carrier::start(world, &json!({ "message_authenticator_required": false }), &[]);
        let account = carrier.customer("Ada", "10", "alice@example.com");
        let user = "User-Name=\"sip:alice@example.com:5060\", Called-Station-Id=\"sip:4420@127.0.0.1:8160;user=phone\", Calling-Station-Id=\"sip:alice@example.com\"";
        let now = now();
        carrier.report(&format!("Acct-Status-Type=Start, {user}, Acct-Session-Id=\"call@host\", Event-Timestamp={}", now - 90));
        carrier.report(&format!("Acct-Status-Type=Stop, {user}, Acct-Session-Id=\"call@host\", Event-Timestamp={}", now - 25));
        assert_eq!(calls(world), ["65 1200000 -"]);
        assert_eq!(carrier.xdrs(account), [["4420", "120", "1.2"].map(str::to_owned)]);
        // A device registers: a password, no number, nothing held.
        let told = carrier.ask(&format!("User-Name=\"alice@example.com\", User-Password=\"{PASSWORD_OF_ACCOUNT}\""));
        assert_eq!(received(&told), ["Received Access-Accept", "h323-return-code = \"h323-return-code=0\""], "{told}");
        let told = carrier.ask("User-Name=\"alice@example.com\", User-Password=\"another horse\"");
        assert!(told.contains("h323-return-code=2"), "{told}");
        assert_eq!(carrier.open(), []);
        carrier.server.stop();
        check(world);
    }
}
