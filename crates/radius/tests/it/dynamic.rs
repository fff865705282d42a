//! Asking a NAS to end a session or to change it.

use std::net::UdpSocket;

use trunkline_radius::dynamic::{DynamicError, Session, Wish, ask};
use trunkline_radius::wire::attribute::Attribute;
use trunkline_radius::wire::authenticator::{is_request_right, seal_reply};
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::known::ERROR_CAUSE;
use trunkline_radius::wire::packet::{Code, Packet};
use trunkline_usecase::domain::nas::Nas;
use trunkline_usecase::domain::time::Timestamp;

use crate::SECRET;
use crate::switch::{STRICT, nas};

fn session() -> Session {
    Session { session_id: Some("s-1".to_owned()), user_name: Some("alice".to_owned()), conf_id: Some("A B C D".to_owned()) }
}

/// Asks a NAS that answers so, and gives what it was asked, in words.
fn asked(wish: Wish, answer: Code, cause: Option<u32>) -> (Vec<String>, Result<(), DynamicError>) {
    let socket = UdpSocket::bind((STRICT, 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    let dictionary = Dictionary::built_in().unwrap();
    let answering = std::thread::spawn(move || {
        let mut buffer = [0; 4_096];
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        assert!(is_request_right(&buffer[..length], SECRET));
        let packet = Packet::decode(&buffer[..length]).unwrap();
        let mut reply = Packet::new(answer, packet.identifier);
        reply.attributes = cause.into_iter().map(|cause| Attribute::new(ERROR_CAUSE, cause.to_be_bytes()).unwrap()).collect();
        socket.send_to(&seal_reply(&reply, &packet.authenticator, SECRET, false).unwrap(), from).unwrap();
        packet
    });
    let switch = Nas { dynamic_authorization_port: Some(port), identifier: Some("sw1".to_owned()), ..nas(1, STRICT, true) };
    let now = Timestamp::parse("2026-06-16T08:00:00Z").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcome = runtime.block_on(ask(&switch, STRICT.parse().unwrap(), &session(), wish, now, &dictionary));
    let packet = answering.join().unwrap();
    let mut words = vec![format!("{:?}", packet.code)];
    words.extend(packet.attributes.iter().map(|attribute| dictionary.words(attribute)));
    (words, outcome)
}

const NAMED: [&str; 6] = [
    "NAS-IP-Address = 127.0.0.1",
    "NAS-Identifier = \"sw1\"",
    "Acct-Session-Id = \"s-1\"",
    "User-Name = \"alice\"",
    "h323-conf-id = \"h323-conf-id=A B C D\"",
    "Event-Timestamp = 1781596800",
];

#[test]
fn a_session_is_ended() {
    let (words, outcome) = asked(Wish::End, Code::DisconnectAck, None);
    assert_eq!(words, [&["DisconnectRequest"][..], &NAMED].concat());
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn a_session_gets_another_speed() {
    let slow = Dictionary::built_in().unwrap().line("Mikrotik-Rate-Limit = 64k/64k").unwrap();
    let (words, outcome) = asked(Wish::Change(vec![slow]), Code::CoaAck, None);
    assert_eq!(words, [&["CoaRequest"][..], &NAMED, &["Mikrotik-Rate-Limit = \"64k/64k\""]].concat());
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn a_refusal_is_told_with_its_cause() {
    let told = |code: Code, cause: Option<u32>| asked(Wish::End, code, cause).1.unwrap_err().to_string();
    assert_eq!(told(Code::DisconnectNak, Some(503)), "the NAS has no such session");
    assert_eq!(told(Code::DisconnectNak, Some(501)), "the NAS refuses: Error-Cause = Administratively-Prohibited");
    assert_eq!(told(Code::CoaNak, None), "the NAS refuses: CoaNak");
}

#[test]
fn a_nas_without_a_port_is_not_asked() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dictionary = Dictionary::built_in().unwrap();
    let now = Timestamp::from_microseconds(0);
    let outcome = runtime.block_on(ask(&nas(4, STRICT, true), STRICT.parse().unwrap(), &session(), Wish::End, now, &dictionary));
    assert!(matches!(outcome, Err(DynamicError::NoPort(name)) if name == "switch 4"));
}
