//! Listening: who is answered and who is not, what a repeat gets, how an answer looks.

use std::sync::Arc;

use trunkline_radius::client::{Client, ClientError};
use trunkline_radius::request::{Kind, Report};
use trunkline_radius::wire::attribute::{Attribute, AttributeId};
use trunkline_radius::wire::authenticator::{MessageCheck, check_message, is_reply_right, is_request_right, seal_reply, seal_request};
use trunkline_radius::wire::known::{
    ACCT_SESSION_ID, ACCT_STATUS_TYPE, MESSAGE_AUTHENTICATOR, NAS_IDENTIFIER, PROXY_STATE, SESSION_TIMEOUT, USER_NAME, USER_PASSWORD,
};
use trunkline_radius::wire::packet::{Code, Packet};
use trunkline_radius::wire::password::hide;
use trunkline_usecase::domain::nas::{Directory, Nas};
use trunkline_usecase::domain::secret::Secret;

use crate::SECRET;
use crate::switch::{LENIENT, PASSWORD, STRANGER, STRICT, Server, Switch, nas};

const ASKED: [u8; 16] = [9; 16];

fn access(identifier: u8, user: &str, password: &[u8], more: &[(AttributeId, &[u8])]) -> Packet {
    let mut packet = Packet::new(Code::AccessRequest, identifier);
    packet.authenticator = ASKED;
    let hidden = hide(password, &ASKED, SECRET).unwrap();
    let own = [(USER_NAME, user.as_bytes()), (USER_PASSWORD, hidden.as_slice())];
    packet.attributes = own.iter().chain(more).map(|(id, value)| Attribute::new(*id, *value).unwrap()).collect();
    packet
}

fn report(identifier: u8, status: u8, session: &str) -> Vec<u8> {
    let mut packet = Packet::new(Code::AccountingRequest, identifier);
    let status = [0, 0, 0, status];
    packet.attributes = vec![Attribute::new(ACCT_STATUS_TYPE, status).unwrap(), Attribute::new(ACCT_SESSION_ID, session).unwrap()];
    seal_request(&packet, SECRET, false).unwrap()
}

fn sealed(packet: &Packet) -> Vec<u8> {
    seal_request(packet, SECRET, true).unwrap()
}

fn status(identifier: u8) -> Vec<u8> {
    sealed(&Packet::new(Code::StatusServer, identifier))
}

/// Sends what must get no answer, then what must: the first answer is to the second.
fn is_dropped(switch: &Switch, to: std::net::SocketAddr, bytes: &[u8], then: &[u8]) -> bool {
    switch.send(to, bytes);
    switch.ask(to, then).identifier == then[1]
}

#[test]
fn an_answer_is_signed_begins_with_the_digest_and_carries_back_what_proxies_want() {
    let server = Server::start();
    let switch = Switch::at(STRICT);
    let packet = access(5, "alice", PASSWORD, &[(PROXY_STATE, b"first"), (NAS_IDENTIFIER, b"sw"), (PROXY_STATE, b"second")]);
    switch.send(server.authentication, &sealed(&packet));
    let bytes = switch.receive();
    let answer = Packet::decode(&bytes).unwrap();
    assert_eq!((answer.code, answer.identifier, answer.integer(SESSION_TIMEOUT)), (Code::AccessAccept, 5, Some(1)));
    assert_eq!(answer.attributes[0].id, MESSAGE_AUTHENTICATOR);
    assert_eq!(answer.all(PROXY_STATE).collect::<Vec<_>>(), [b"first".as_slice(), b"second"]);
    assert!(is_reply_right(&bytes, &ASKED, SECRET));
    assert_eq!(check_message(&bytes, &ASKED, SECRET), MessageCheck::Right);
    let refused = switch.ask(server.authentication, &sealed(&access(6, "alice", b"closed sesame", &[])));
    assert_eq!(refused.code, Code::AccessReject);
}

#[test]
fn what_no_switch_of_ours_has_signed_is_dropped() {
    let server = Server::start();
    let (switch, to) = (Switch::at(STRICT), server.authentication);
    let good = access(1, "alice", PASSWORD, &[]);
    let unsigned = seal_request(&good, SECRET, false).unwrap();
    let by_another = seal_request(&good, b"another secret", true).unwrap();
    let mut changed = sealed(&good);
    *changed.last_mut().unwrap() ^= 1;
    let mut identifier = 100;
    for (name, bytes) in [
        ("without Message-Authenticator", unsigned.clone()),
        ("with another secret", by_another),
        ("changed on its way", changed),
        ("no packet", b"GET / HTTP/1.1\r\n\r\n    ".to_vec()),
        ("an answer", seal_reply(&Packet::new(Code::AccessAccept, 1), &ASKED, SECRET, true).unwrap()),
        ("accounting at the other port", report(1, 1, "s")),
        ("a status request without Message-Authenticator", seal_request(&Packet::new(Code::StatusServer, 1), SECRET, false).unwrap()),
    ] {
        identifier += 1;
        assert!(is_dropped(&switch, to, &bytes, &status(identifier)), "{name}");
    }
    let mut forged = report(1, 1, "s");
    *forged.last_mut().unwrap() ^= 1;
    assert!(is_dropped(&switch, server.accounting, &forged, &status(120)));
    assert_eq!(server.calls(), 0);
    // Where it is not required, one without is taken.
    let lenient = Switch::at(LENIENT);
    let answer = lenient.ask(to, &unsigned);
    assert_eq!((answer.code, answer.attributes[0].id), (Code::AccessAccept, MESSAGE_AUTHENTICATOR));
    assert!(is_dropped(&lenient, to, &seal_request(&good, b"another secret", true).unwrap(), &status(121)));
}

#[test]
fn a_stranger_is_dropped_until_it_is_known() {
    let server = Server::start();
    let (switch, request) = (Switch::at(STRANGER), sealed(&access(1, "alice", PASSWORD, &[])));
    switch.send(server.authentication, &request);
    // Who comes later is answered first: the stranger had nothing.
    assert_eq!(Switch::at(STRICT).ask(server.authentication, &status(3)).identifier, 3);
    assert_eq!(server.calls(), 0);
    server.directory.send_replace(Arc::new(Directory::new([nas(7, STRANGER, true)])));
    assert_eq!(switch.ask(server.authentication, &request).code, Code::AccessAccept);
    assert_eq!(server.seen.requests.lock().unwrap()[0].0, 7);
}

#[test]
fn switches_behind_one_address_are_told_apart_by_their_identifier() {
    let server = Server::start();
    let named = |nas_id, name: &str, secret: &str| Nas {
        identifier: Some(name.to_owned()),
        secret: Secret::new(secret),
        ..nas(nas_id, STRICT, true)
    };
    server.directory.send_replace(Arc::new(Directory::new([named(3, "east", "secret of east"), named(4, "west", "testing123")])));
    let switch = Switch::at(STRICT);
    let west = sealed(&access(1, "alice", PASSWORD, &[(NAS_IDENTIFIER, b"west")]));
    let east = sealed(&access(2, "alice", PASSWORD, &[(NAS_IDENTIFIER, b"east")]));
    let other = sealed(&access(3, "alice", PASSWORD, &[]));
    assert!(is_dropped(&switch, server.authentication, &east, &west));
    assert!(is_dropped(&switch, server.authentication, &other, &sealed(&access(4, "alice", PASSWORD, &[(NAS_IDENTIFIER, b"west")]))));
    assert!(server.seen.requests.lock().unwrap().iter().all(|(nas_id, _)| *nas_id == 4));
}

#[test]
fn a_repeat_gets_the_first_answer_and_is_not_decided_again() {
    let server = Server::start();
    let switch = Switch::at(STRICT);
    let request = sealed(&access(1, "alice", PASSWORD, &[]));
    switch.send(server.authentication, &request);
    let first = switch.receive();
    for _ in 0..3 {
        switch.send(server.authentication, &request);
        assert_eq!(switch.receive(), first);
    }
    assert_eq!(server.calls(), 1);
    // The same bytes from another port are another request, and so is another authenticator.
    assert_eq!(Switch::at(STRICT).ask(server.authentication, &request).integer(SESSION_TIMEOUT), Some(2));
    let mut other = access(1, "alice", PASSWORD, &[]);
    other.authenticator = [7; 16];
    switch.ask(server.authentication, &sealed(&other));
    assert_eq!(server.calls(), 3);
    let start = report(9, 1, "s-1");
    switch.send(server.accounting, &start);
    let first = switch.receive();
    switch.send(server.accounting, &start);
    assert_eq!(switch.receive(), first);
    assert_eq!(server.calls(), 4);
}

#[test]
fn a_repeat_of_what_is_being_decided_is_dropped_and_one_answer_comes() {
    let server = Server::start();
    let switch = Switch::at(STRICT);
    let request = sealed(&access(1, "slow", PASSWORD, &[]));
    for identifier in 50..53 {
        assert!(is_dropped(&switch, server.authentication, &request, &status(identifier)));
    }
    server.seen.go.notify_one();
    assert_eq!(Packet::decode(&switch.receive()).unwrap().integer(SESSION_TIMEOUT), Some(1));
    assert_eq!(switch.ask(server.authentication, &status(60)).identifier, 60);
    assert_eq!(server.calls(), 1);
}

#[test]
fn what_was_not_answered_is_decided_anew_when_it_is_repeated() {
    let server = Server::start();
    let switch = Switch::at(STRICT);
    for (user, identifier) in [("silent", 1), ("long", 2)] {
        let request = sealed(&access(identifier, user, PASSWORD, &[]));
        let before = server.calls();
        // A repeat that comes before the first is given up is dropped as any other.
        for _ in 0..1_000 {
            assert!(is_dropped(&switch, server.authentication, &request, &status(90)), "{user}");
        }
        assert!(server.calls() >= before + 2, "{user}");
    }
}

#[test]
fn both_ports_say_that_they_live() {
    let server = Server::start();
    let switch = Switch::at(STRICT);
    for (to, code) in [(server.authentication, Code::AccessAccept), (server.accounting, Code::AccountingResponse)] {
        let answer = switch.ask(to, &status(4));
        assert_eq!((answer.code, answer.attributes.len(), answer.attributes[0].id), (code, 1, MESSAGE_AUTHENTICATOR));
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn reports_are_acknowledged_those_that_mean_nothing_here_too() {
    let server = Server::start();
    let switch = Switch::at(STRICT);
    for (identifier, status) in [1, 3, 2, 7, 8, 15, 9].into_iter().enumerate() {
        let answer = switch.ask(server.accounting, &report(u8::try_from(identifier).unwrap(), status, "s-1"));
        assert_eq!((answer.code, answer.attributes.as_slice()), (Code::AccountingResponse, [].as_slice()), "{status}");
    }
    let kinds: Vec<Kind> = server.seen.requests.lock().unwrap().iter().map(|(_, request)| request.kind).collect();
    assert_eq!(kinds, [Report::Start, Report::Interim, Report::Stop, Report::On, Report::Off].map(Kind::Report));
}

#[test]
fn many_are_answered_at_once() {
    let server = Server::start();
    let answers = server.runtime.block_on(async {
        let client = Client::connect(server.authentication, Secret::new("testing123")).await.unwrap();
        let client = Arc::new(client);
        let tasks: Vec<_> = (0..2_000)
            .map(|_| {
                let client = Arc::clone(&client);
                // The client draws the authenticator, so that the password cannot be hidden before.
                let packet = Packet { attributes: vec![Attribute::new(USER_NAME, "bob").unwrap()], ..Packet::new(Code::AccessRequest, 0) };
                tokio::spawn(async move { client.ask(packet).await.unwrap().code })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    });
    assert_eq!((answers.len(), server.calls()), (2_000, 2_000));
    assert!(answers.iter().all(|code| *code == Code::AccessReject));
}

#[test]
fn a_client_asks_again_and_believes_only_what_is_signed() {
    let server = Server::start();
    let switch = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = switch.local_addr().unwrap();
    let answering = std::thread::spawn(move || {
        let mut buffer = [0; 4_096];
        // The first one is lost.
        switch.recv_from(&mut buffer).unwrap();
        let (length, from) = switch.recv_from(&mut buffer).unwrap();
        let asked = Packet::decode(&buffer[..length]).unwrap();
        assert!(is_request_right(&buffer[..length], SECRET));
        let answer = Packet::new(Code::DisconnectAck, asked.identifier);
        let forged = Packet::new(Code::DisconnectNak, asked.identifier);
        for bytes in [
            seal_reply(&forged, &asked.authenticator, b"another secret", false).unwrap(),
            seal_reply(&forged, &[0; 16], SECRET, false).unwrap(),
            seal_reply(&answer, &asked.authenticator, SECRET, false).unwrap(),
        ] {
            switch.send_to(&bytes, from).unwrap();
        }
    });
    let packet = Packet { attributes: vec![Attribute::new(ACCT_SESSION_ID, "s-1").unwrap()], ..Packet::new(Code::DisconnectRequest, 0) };
    let answer = server.runtime.block_on(async {
        let client = Client::connect(at, Secret::new("testing123")).await?;
        client.ask(packet).await
    });
    answering.join().unwrap();
    assert_eq!(answer.unwrap().code, Code::DisconnectAck);
    let silence = server
        .runtime
        .block_on(async { Client::connect(at, Secret::new("testing123")).await?.ask(Packet::new(Code::StatusServer, 0)).await });
    assert!(matches!(silence, Err(ClientError::Silence)), "{silence:?}");
}
