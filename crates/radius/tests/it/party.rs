//! What a request says of its session: identities, numbers, names of sessions, moments.

use trunkline_radius::party::{ended_at, identities, number, place, session_key, told_start, used_units};
use trunkline_radius::request::{Kind, Report, Request};
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::packet::Packet;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::time::Timestamp;

use crate::switch::nas;
use crate::{SECRET, recorded};

fn stop() -> Request {
    Request::read(&Packet::decode(&recorded("radclient-stop")).unwrap(), SECRET, &Dictionary::built_in().unwrap()).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_microseconds(1_800_000_000_000_000).plus_seconds(seconds)
}

#[test]
fn a_name_stands_for_these_identities() {
    for (name, expected) in [
        ("15550100", vec!["15550100"]),
        ("alice@example.com", vec!["alice@example.com"]),
        ("sip:alice@example.com:5060;transport=udp", vec!["alice@example.com"]),
        ("\"Alice\" <sips:alice@example.com>;tag=1", vec!["alice@example.com"]),
        ("sip:+15550100@example.com", vec!["+15550100@example.com", "15550100"]),
        ("15550100@[2001:db8::1]:5060", vec!["15550100@[2001:db8::1]", "15550100"]),
        ("42@example.com", vec!["42@example.com"]),
        ("192.0.2.7", vec!["192.0.2.7"]),
        ("2001:db8::7", vec!["2001:db8::7"]),
        ("", vec![""]),
        ("sip:", vec![""]),
        ("@", vec!["@"]),
    ] {
        assert_eq!(identities(name), expected, "{name}");
    }
}

#[test]
fn a_number_is_what_stands_before_the_host() {
    for (text, expected) in [
        ("442071234567", "442071234567"),
        ("tel:+442071234567;phone-context=x", "+442071234567"),
        ("SIP:4420@192.0.2.1:5060;user=phone?x=y", "4420"),
        ("<sip:4420@host>", "4420"),
        ("ä", "ä"),
    ] {
        assert_eq!(number(text), expected, "{text}");
    }
}

#[test]
fn a_session_is_named_by_nas_device_and_call() {
    let single = nas(7, "192.0.2.10", true);
    let shared = nas(8, "192.0.2.0/24", true);
    let key = |nas: &_, request: &Request| session_key(nas, request).map(|key| format!("{}:{}", key.source, key.session));
    assert_eq!(key(&single, &stop()).as_deref(), Some("nas-7:s-1"));
    assert_eq!(key(&shared, &stop()).as_deref(), Some("nas-8:192.0.2.10/s-1"));
    let of_call = Request { conf_id: Some("8FAE 4B5E".to_owned()), ..stop() };
    assert_eq!(key(&single, &of_call).as_deref(), Some("nas-7:8FAE 4B5E"));
    assert_eq!(key(&single, &Request { session_id: None, ..stop() }), None);
    assert_eq!(key(&single, &Request { session_id: Some(" ".to_owned()), ..stop() }), None);
    // What is longer than a key, or could break a line, keeps one name of its own.
    let long = |last: char| Request { session_id: Some(format!("{}{last}", "x".repeat(200))), ..stop() };
    assert_eq!(key(&single, &long('a')).map(|key| key.len()), Some("nas-7:".len() + 32));
    assert_ne!(key(&single, &long('a')), key(&single, &long('b')));
    let address = "192.0.2.10".parse().unwrap();
    assert_eq!(place(&single, "nas-7:s-1"), Some((address, "s-1")));
    assert_eq!(place(&shared, "nas-8:192.0.2.10/s/1"), Some((address, "s/1")));
    assert_eq!(place(&shared, "nas-8:s-1"), None);
}

#[test]
fn moments_of_a_clock_that_is_wrong_are_not_believed() {
    let now = at(0);
    let request = |happened: i64| Request { happened_at: Some(at(happened)), disconnected_at: None, connected_at: None, ..stop() };
    for (happened, start, end) in [(-10, Some(-71), -10), (300, Some(239), 300), (301, None, -2), (-259_201, None, -2)] {
        let request = request(happened);
        assert_eq!((told_start(&request, false, now), ended_at(&request, now)), (start.map(at), at(end)), "{happened}");
    }
    let start = Request { kind: Kind::Report(Report::Start), ..request(-10) };
    assert_eq!(told_start(&start, true, now), Some(at(-10)));
}

#[test]
fn usage_is_counted_in_units_of_its_service() {
    assert_eq!(used_units(&stop(), Service::Voice), Some(61));
    assert_eq!(used_units(&Request { session_seconds: None, ..stop() }, Service::Voice), None);
    let by_moments = Request { session_seconds: None, connected_at: Some(at(0)), disconnected_at: Some(at(30)), ..stop() };
    assert_eq!(used_units(&by_moments, Service::Voice), Some(30));
    let data = |octets| Request { input_octets: Some(octets), output_octets: Some(1), ..stop() };
    assert_eq!([0, 1_023, 1_024].map(|octets| used_units(&data(octets), Service::Data)), [Some(1), Some(1), Some(2)]);
}
