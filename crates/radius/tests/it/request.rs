//! What packets ask for: recorded ones of radclient, of Cisco's kind and of Kamailio's, read whole.

use trunkline_radius::request::{Kind, Proof, Report, Request, RequestError};
use trunkline_radius::wire::attribute::{Attribute, AttributeId};
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::known;
use trunkline_radius::wire::packet::{Code, Packet};
use trunkline_usecase::domain::time::Timestamp;

use crate::{SECRET, SECRET_OF_RFC, recorded};

fn read(packet: &Packet) -> Result<Request, RequestError> {
    Request::read(packet, SECRET, &Dictionary::built_in().unwrap())
}

fn read_recorded(name: &str) -> Request {
    read(&Packet::decode(&recorded(name)).unwrap()).unwrap()
}

fn with(code: Code, attributes: &[(AttributeId, &str)]) -> Packet {
    let attributes = attributes.iter().map(|(id, text)| Attribute::new(*id, *text).unwrap()).collect();
    Packet { attributes, ..Packet::new(code, 1) }
}

fn utc(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

fn blank(kind: Kind) -> Request {
    Request {
        kind,
        user_name: None,
        service_type: None,
        is_framed: false,
        proof: Proof::Nothing,
        calling: None,
        called: None,
        nas_address: None,
        nas_identifier: None,
        session_id: None,
        multi_session_id: None,
        conf_id: None,
        incoming_conf_id: None,
        call_origin: None,
        setup_at: None,
        connected_at: None,
        disconnected_at: None,
        happened_at: None,
        delay_seconds: 0,
        session_seconds: None,
        input_octets: None,
        output_octets: None,
        terminate_cause: None,
        disconnect_cause: None,
        pairs: Vec::new(),
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_call_as_ciscos_kind_asks_for_it() {
    let request = read_recorded("radclient-cisco");
    assert_eq!(request.proof.is_made_with(b"cisco"), Some(true));
    let expected = Request {
        user_name: some("380441234567"),
        proof: request.proof.clone(),
        calling: some("380441234567"),
        called: some("12025550123"),
        nas_address: Some([192, 0, 2, 20].into()),
        conf_id: some("8FAE19BF 4B5E11EB 8A5BA9AB 2A5FE9C2"),
        pairs: vec![("AuthMethod".to_owned(), "INVITE".to_owned()), ("Original_CLD".to_owned(), "0012025550123".to_owned())],
        ..blank(Kind::Authorize)
    };
    assert_eq!(request, expected);
    assert_eq!((request.pair("authmethod"), request.pair("Session")), (Some("INVITE"), None));
}

#[test]
fn the_end_of_a_call_as_it_is_reported() {
    let expected = Request {
        user_name: some("alice"),
        nas_address: Some([192, 0, 2, 10].into()),
        session_id: some("s-1"),
        call_origin: some("answer"),
        setup_at: utc("2026-03-12T14:48:31.526Z"),
        delay_seconds: 2,
        session_seconds: Some(61),
        input_octets: Some((1 << 32) + 100),
        terminate_cause: Some(1),
        disconnect_cause: Some(16),
        ..blank(Kind::Report(Report::Stop))
    };
    assert_eq!(read_recorded("radclient-stop"), expected);
}

#[test]
fn a_call_as_kamailio_reports_it() {
    for (name, report, happened_at) in
        [("kamailio-start", Report::Start, "2026-11-23T17:01:51Z"), ("kamailio-stop", Report::Stop, "2026-11-23T17:01:53Z")]
    {
        let expected = Request {
            user_name: some("sip:sipp@127.0.0.1:8163"),
            service_type: Some(15),
            calling: some("sip:sipp@127.0.0.1:8163"),
            called: some("sip:4930123456@127.0.0.1:8160"),
            nas_address: Some([127, 0, 0, 1].into()),
            session_id: some("1-20338@127.0.0.1"),
            // It never tells how long a call was.
            happened_at: utc(happened_at),
            ..blank(Kind::Report(report))
        };
        assert_eq!(read_recorded(name), expected);
    }
}

#[test]
fn a_registration_as_kamailio_asks_for_it() {
    let request = read_recorded("kamailio-register");
    let Proof::Digest(answer) = &request.proof else { panic!("{request:?}") };
    // The user of the digest is not the user of the packet.
    assert_eq!((answer.user_name.as_str(), answer.realm.as_str()), ("alice", "example.com"));
    assert_eq!((request.user_name.as_deref(), request.calling.as_deref()), (Some("alice@example.com"), Some("alice")));
    assert_eq!(request.proof.is_made_with(b"opensesame"), Some(true));
    assert_eq!(request.proof.is_made_with(b"opensesamf"), Some(false));
}

#[test]
fn the_proof_is_what_the_packet_has() {
    for (name, secret, password) in [
        ("radclient-pap", SECRET, "open sesame"),
        ("radclient-pap-long", SECRET, "a password that is longer than sixteen bytes"),
        ("radclient-chap", SECRET, "open sesame"),
        ("radclient-sterman", SECRET, "secret"),
        ("rfc2865-7.1-request", SECRET_OF_RFC, "arctangent"),
        ("rfc2865-7.2-request", SECRET_OF_RFC, "arctangent"),
    ] {
        let packet = Packet::decode(&recorded(name)).unwrap();
        let request = Request::read(&packet, secret, &Dictionary::built_in().unwrap()).unwrap();
        assert_eq!(request.proof.is_made_with(password.as_bytes()), Some(true), "{name}");
        assert_eq!(request.proof.is_made_with(b"another"), Some(false), "{name}");
        assert!(!format!("{request:?}").contains("open sesame"), "{request:?}");
    }
    let without = read(&with(Code::AccessRequest, &[(known::USER_NAME, "380441234567")])).unwrap();
    assert_eq!(without.proof.is_made_with(b""), None);
    for broken in [(known::USER_PASSWORD, "short"), (known::CHAP_PASSWORD, "short"), (known::DIGEST_RESPONSE, "alone")] {
        let request = read(&with(Code::AccessRequest, &[broken])).unwrap();
        assert_eq!(request.proof.is_made_with(b""), Some(false), "{request:?}");
    }
}

#[test]
fn own_attributes_come_at_most_once_but_for_quotas_and_under_either_name() {
    let mut dictionary = Dictionary::built_in().unwrap();
    let names = "VENDOR PortaOne 65534\nBEGIN-VENDOR PortaOne\nATTRIBUTE PortaOne-Original-CLD 7 string\nEND-VENDOR PortaOne\n";
    dictionary.add("operator.txt", names).unwrap();
    let pair = known::CISCO_AVPAIR;
    let packet = with(
        Code::AccessRequest,
        &[
            (pair, "h323-ivr-out=PortaBilling_Authorize:base=session-time;min=10"),
            (pair, "h323-ivr-out=PORTABILLING_AUTHORIZE:base=traffic"),
            (pair, "h323-ivr-out=PortaBilling_Session:one"),
            (pair, "h323-ivr-out=portabilling_session:two"),
            (AttributeId::of_vendor(65_534, 7), "0049"),
            (pair, "h323-ivr-out=ACCESSCODE:123:4"),
            (pair, "h323-ivr-in=DURATION:60"),
            (pair, "h323-ivr-out=nothing"),
        ],
    );
    let request = Request::read(&packet, SECRET, &dictionary).unwrap();
    let pairs: Vec<(&str, &str)> = request.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        pairs,
        [
            ("Authorize", "base=session-time;min=10"),
            ("AUTHORIZE", "base=traffic"),
            ("Session", "one"),
            ("Original_CLD", "0049"),
            ("ACCESSCODE", "123:4"),
        ]
    );
}

#[test]
fn moments_as_clocks_show_them() {
    for (text, expected) in [
        ("14:48:31.526 UTC Thu Mar 12 2026", utc("2026-03-12T14:48:31.526Z")),
        ("h323-setup-time=*14:48:31.526 GMT Thu Mar 2 2026", utc("2026-03-02T14:48:31.526Z")),
        (".00:00:00 UTC Thu Jan 1 2026", utc("2026-01-01T00:00:00Z")),
        // What these letters mean differs from country to country.
        ("14:48:31.526 CST Thu Mar 12 2026", None),
        ("25:48:31 UTC Thu Mar 12 2026", None),
        ("14:48:31 UTC Thu Mar 32 2026", None),
        ("14:48:31+02 UTC Thu Mar 12 2026", None),
        ("14:48:31 UTC Mar 12 2026", None),
        ("", None),
    ] {
        let packet = with(Code::AccessRequest, &[(known::H323_SETUP_TIME, text)]);
        assert_eq!(read(&packet).unwrap().setup_at, expected, "{text}");
    }
}

#[test]
fn values_that_came_as_pairs_count_too() {
    let packet =
        with(Code::AccessRequest, &[(known::CISCO_AVPAIR, "h323-conf-id=A B C D"), (known::CISCO_AVPAIR, "h323-call-origin=originate")]);
    let request = read(&packet).unwrap();
    assert_eq!((request.conf_id.as_deref(), request.call_origin.as_deref()), (Some("A B C D"), Some("originate")));
}

#[test]
fn what_asks_for_nothing_is_named() {
    assert_eq!(read(&with(Code::AccountingRequest, &[])), Err(RequestError::StatusMissing));
    assert_eq!(read(&with(Code::AccountingRequest, &[(known::ACCT_STATUS_TYPE, "\0\0\0\u{f}")])), Err(RequestError::Status(15)));
    assert_eq!(read(&with(Code::AccountingRequest, &[(known::ACCT_STATUS_TYPE, "\0")])), Err(RequestError::StatusMissing));
    assert_eq!(read(&with(Code::CoaRequest, &[])), Err(RequestError::Code(Code::CoaRequest)));
}
