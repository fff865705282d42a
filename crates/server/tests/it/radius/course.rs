//! Owns tests of sessions that end or change their speed when a status changes, or when staff want it: a switch on loopback is asked.
//! Does not own: which status permits what (status.rs), and the packets (the radius crate's own tests).

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use serde_json::{Value, json};
use trunkline_radius::wire::attribute::Attribute;
use trunkline_radius::wire::authenticator::{is_request_right, seal_reply};
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::known;
use trunkline_radius::wire::packet::{Code, Packet};

use super::status::{Products, somebody};
use super::switch::{Carrier, SECRET, Served, received};
use crate::demo::{demo, signed_in};
use crate::program::{Client, meddle};
use crate::world::{World, until};

/// A switch that takes requests to end or change sessions.
struct Switch {
    socket: UdpSocket,
    dictionary: Dictionary,
}

impl Switch {
    fn start() -> Switch {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Switch { socket, dictionary: Dictionary::built_in().unwrap() }
    }

    fn port(&self) -> u16 {
        self.socket.local_addr().unwrap().port()
    }

    fn take(&self) -> (Packet, SocketAddr) {
        let mut buffer = [0; 4_096];
        let (length, from) = self.socket.recv_from(&mut buffer).expect("the switch is asked");
        assert!(is_request_right(&buffer[..length], SECRET.as_bytes()));
        (Packet::decode(&buffer[..length]).unwrap(), from)
    }

    fn answer(&self, (asked, from): &(Packet, SocketAddr), code: Code, cause: Option<u32>) {
        let mut reply = Packet::new(code, asked.identifier);
        reply.attributes = cause.into_iter().map(|cause| Attribute::new(known::ERROR_CAUSE, cause.to_be_bytes()).unwrap()).collect();
        self.socket.send_to(&seal_reply(&reply, &asked.authenticator, SECRET.as_bytes(), false).unwrap(), *from).unwrap();
    }

    /// What it was asked, in words but for the moment.
    fn words(&self, (asked, _): &(Packet, SocketAddr)) -> Vec<String> {
        let told = asked.attributes.iter().filter(|attribute| attribute.id != known::EVENT_TIMESTAMP);
        std::iter::once(format!("{:?}", asked.code)).chain(told.map(|attribute| self.dictionary.words(attribute))).collect()
    }

    /// Is asked and does it.
    fn obey(&self, code: Code) -> Vec<String> {
        let asked = self.take();
        self.answer(&asked, code, None);
        self.words(&asked)
    }
}

fn end_of(session: &str) -> Vec<String> {
    ["DisconnectRequest", "NAS-IP-Address = 127.0.0.1", &format!("Acct-Session-Id = \"{session}\"")].map(str::to_owned).to_vec()
}

/// A call is authorized and begins.
fn call(carrier: &Carrier, user: &str, session: &str) {
    assert!(carrier.call(user, "442071234567", session).contains("Received Access-Accept"));
    carrier.report(&format!("Acct-Status-Type=Start, User-Name={user}, Called-Station-Id=442071234567, Acct-Session-Id={session}"));
}

fn hang_up(carrier: &Carrier, user: &str, session: &str, seconds: u32) {
    let of = format!("User-Name={user}, Called-Station-Id=442071234567, Acct-Session-Id={session}, Acct-Session-Time={seconds}");
    carrier.report(&format!("Acct-Status-Type=Stop, {of}"));
}

/// What the audit trail says of what switches were asked, the first one first.
fn told(world: &World, customer: i64) -> Vec<String> {
    let text = format!(
        "select detail from audit where customer_id = {customer} and action in ('session.end', 'session.change_speed') order by audit_id"
    );
    let read = |detail: String| {
        let detail: Value = serde_json::from_str(&detail).unwrap();
        let text = |name: &str| detail[name].as_str().unwrap_or("-").to_owned();
        format!("{} {}: {}", text("speed"), text("because"), text("outcome"))
    };
    world.texts(&text).into_iter().map(read).collect()
}

fn metric(client: &Client, name: &str) -> String {
    let figures = client.get("/metrics").expect(200).body;
    figures.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
}

on_both! {
    /// It refuses first, and is asked again; it goes on to be asked only while the session is there.
    fn a_call_is_ended_when_its_customer_is_blocked_or_its_account_expires(world: &World) {
        let switch = Switch::start();
        let mut carrier = Carrier::start(world, &json!({ "dynamic_authorization_port": switch.port() }), &[]);
        let ada = carrier.customer("Ada", "10", "15550100");
        let bob = carrier.customer("Bob", "10", "15550101");
        let (ada_s, bob_s) = (carrier.customer_of(ada), carrier.customer_of(bob));
        call(&carrier, "15550100", "a");
        call(&carrier, "15550101", "b");
        carrier.client.post(&format!("/api/v1/customers/{ada_s}/block"), &json!({})).expect(200);
        let asked = switch.take();
        assert_eq!(switch.words(&asked), end_of("a"));
        switch.answer(&asked, Code::DisconnectNak, Some(506));
        assert_eq!(switch.obey(Code::DisconnectAck), end_of("a"));
        hang_up(&carrier, "15550100", "a", 61);
        until("the outcome is kept", || told(world, ada_s).len() == 2);
        let refused = "- customer_blocked: the NAS refuses: Error-Cause = Resources-Unavailable";
        assert_eq!(told(world, ada_s), [refused, "- customer_blocked: done"]);
        assert_eq!((carrier.available(ada), carrier.open()), ("8.8".to_owned(), vec![("b".to_owned(), 0, 960)]));
        let count = "trunkline_radius_dynamic_total{wish=\"end\",outcome=";
        assert_eq!([metric(&carrier.client, &format!("{count}\"refused\"}}")), metric(&carrier.client, &format!("{count}\"done\"}}"))], ["1", "1"]);
        // Nothing happens when an account expires: time alone ends its calls.
        carrier.server.kill();
        meddle(world, &format!("update account set expires_at = 1 where account_id = {bob}"));
        carrier.serve_again(world);
        assert_eq!(switch.obey(Code::DisconnectAck), end_of("b"));
        hang_up(&carrier, "15550101", "b", 5);
        until("the outcome is kept", || told(world, bob_s) == ["- expired: done"]);
        carrier.server.stop();
        assert_eq!(world.run(&["check"]).code, Some(0));
    }

    /// The reseller is blocked and the server killed before the switch has heard of it, and once more before the switch has answered.
    fn what_changed_before_a_kill_is_told_after_it(world: &World) {
        let switch = Switch::start();
        let mut carrier = Carrier::start(world, &json!({}), &[]);
        let reseller = carrier.reseller("Max");
        let account = carrier.customer_under(Some(reseller), "Ada", "10", "15550100");
        call(&carrier, "15550100", "a");
        carrier.client.post(&format!("/api/v1/customers/{reseller}/block"), &json!({})).expect(200);
        let nas = carrier.client.get("/api/v1/nas").expect(200).json()["items"][0]["id"].clone();
        let port = json!({ "dynamic_authorization_port": switch.port() });
        carrier.client.ask("PATCH", &format!("/api/v1/nas/{nas}"), Some(&port), None).unwrap().expect(200);
        carrier.server.kill();
        carrier.serve_again(world);
        assert_eq!(switch.words(&switch.take()), end_of("a"));
        carrier.server.kill();
        carrier.serve_again(world);
        // The first one's packets may still lie in the socket.
        let customer = carrier.customer_of(account);
        while told(world, customer).is_empty() {
            assert_eq!(switch.obey(Code::DisconnectAck), end_of("a"));
        }
        assert_eq!(told(world, customer), ["- reseller_blocked: done"]);
        hang_up(&carrier, "15550100", "a", 30);
        assert_eq!((carrier.available(account), carrier.open()), ("9.4".to_owned(), vec![]));
        carrier.server.stop();
        assert_eq!(world.run(&["check"]).code, Some(0));
    }

    fn staff_end_a_session(world: &World) {
        let switch = Switch::start();
        let mut carrier = Carrier::start(world, &json!({ "dynamic_authorization_port": switch.port() }), &[]);
        let account = carrier.customer("Ada", "10", "15550100");
        call(&carrier, "15550100", "a");
        let sessions = carrier.client.get("/api/v1/usage/sessions").expect(200).json();
        let session = &sessions["items"][0];
        assert_eq!(session["end_wanted_at"], Value::Null);
        let path = format!("/api/v1/usage/sessions/{}/disconnect", session["id"]);
        let answer = carrier.client.post(&path, &json!({})).expect(200).json();
        assert!(answer["end_wanted_at"].is_string(), "{answer}");
        assert_eq!(switch.obey(Code::DisconnectAck), end_of("a"));
        hang_up(&carrier, "15550100", "a", 5);
        until("the outcome is kept", || told(world, carrier.customer_of(account)) == ["- wanted_by_staff: done"]);
        assert_eq!(carrier.client.post(&path, &json!({})).status, 404);
        let usage = json!({ "session": "b", "usage": { "identity": "15550100", "cld": "4420" } });
        let other = carrier.client.post("/api/v1/usage/authorize", &usage).expect(200).id();
        let refused = carrier.client.post(&format!("/api/v1/usage/sessions/{other}/disconnect"), &json!({}));
        assert_eq!((refused.status, refused.code().as_str()), (409, "not_disconnectable"), "{}", refused.body);
        carrier.server.stop();
    }

    /// Service limited is another speed, both ways; a call is ended by it. The limitation rests until a day, and comes back by the clock.
    fn a_limited_service_is_another_speed(world: &World) {
        let switch = Switch::start();
        let server = demo(world, &["--radius-auth", "127.0.0.1:0", "--radius-accounting", "127.0.0.1:0"]);
        let client = signed_in(&server);
        let speeds = ["Session-Timeout = {seconds}", "full: Mikrotik-Rate-Limit = 10M/10M", "limited: Mikrotik-Rate-Limit = 64k/64k"];
        let nas = json!({ "name": "Access", "network": "127.0.0.1", "secret": SECRET, "reauthorizes": true, "interim_interval_seconds": 86_400,
            "reply_template": speeds, "dynamic_authorization_port": switch.port() });
        client.post("/api/v1/nas", &nas).expect(201);
        let served = Served::of(&server);
        served.wait_until_known();
        let user = somebody(&client, &mut Products::new(&client), "limited");
        let ask = |session: &str, more: &str| received(&served.ask(&format!("User-Name=\"{user}\", Acct-Session-Id={session}, {more}")));
        let limited = ["Received Access-Accept", "Mikrotik-Rate-Limit = \"64k/64k\""];
        // Asked again, as after a lost answer; and for more.
        for more in ["Service-Type=Framed-User", "Service-Type=Framed-User", "Service-Type=Framed-User, Acct-Session-Time=1"] {
            assert_eq!(ask("d", more), limited);
        }
        let session = || client.get("/api/v1/usage/sessions").expect(200).json()["items"][0].clone();
        let customer = session()["customer"]["id"].as_i64().expect("an id");
        assert!(session()["limited_at"].is_string());
        client.post(&format!("/api/v1/customers/{customer}/lift-suspension"), &json!({ "until": "2026-06-16" })).expect(200);
        let change = |speed: &str| {
            let of = ["CoaRequest", "NAS-IP-Address = 127.0.0.1", "Acct-Session-Id = \"d\"", &format!("User-Name = \"{user}\"")].map(str::to_owned);
            [&of[..], &[format!("Mikrotik-Rate-Limit = \"{speed}\"")]].concat()
        };
        assert_eq!(switch.obey(Code::CoaAck), change("10M/10M"));
        until("the speed is known", || session()["limited_at"].is_null());
        assert_eq!(ask("c", "Called-Station-Id=442071234567")[0], "Received Access-Accept");
        client.post("/api/v1/test-clock", &json!({ "advance_to": "2026-06-18T00:00:00Z" })).expect(200);
        let mut asked = [switch.take(), switch.take()];        asked.sort_by_key(|asked| switch.words(asked));
        assert_eq!([switch.words(&asked[0]), switch.words(&asked[1])], [change("64k/64k"), end_of("c")]);
        switch.answer(&asked[0], Code::CoaAck, None);
        switch.answer(&asked[1], Code::DisconnectAck, None);
        until("both outcomes are kept", || told(world, customer).len() == 3);
        let mut outcomes = told(world, customer);
        outcomes[1..].sort();
        assert_eq!(outcomes, ["full -: done", "- customer_limited: done", "limited -: done"]);
        server.stop();
    }
}
