use trunkline_radius::wire::attribute::Attribute;
use trunkline_radius::wire::authenticator::{
    MessageCheck, check_message, is_reply_right, is_request_right, seal_reply, seal_request, stand_in,
};
use trunkline_radius::wire::known::{MESSAGE_AUTHENTICATOR, USER_NAME};
use trunkline_radius::wire::packet::{Authenticator, Code, Packet, authenticator_of};

use crate::{SECRET, SECRET_OF_RFC, recorded};

fn checked(name: &str, secret: &[u8]) -> MessageCheck {
    let bytes = recorded(name);
    let packet = Packet::decode(&bytes).unwrap();
    check_message(&bytes, &stand_in(packet.code, packet.authenticator), secret)
}

#[test]
fn answers_of_rfc_2865_follow_from_their_requests() {
    for example in ["rfc2865-7.1", "rfc2865-7.2"] {
        let request: Authenticator = authenticator_of(&recorded(&format!("{example}-request")));
        let mut accept = recorded(&format!("{example}-accept"));
        assert!(is_reply_right(&accept, &request, SECRET_OF_RFC), "{example}");
        assert!(!is_reply_right(&accept, &request, b"xyzzy5462"), "{example}");
        assert!(!is_reply_right(&accept, &[0; 16], SECRET_OF_RFC), "{example}");
        let packet = Packet::decode(&accept).unwrap();
        assert_eq!(seal_reply(&packet, &request, SECRET_OF_RFC, false).unwrap(), accept, "{example}");
        *accept.last_mut().unwrap() ^= 1;
        assert!(!is_reply_right(&accept, &request, SECRET_OF_RFC), "{example}");
    }
}

#[test]
fn requests_that_are_signed_as_a_whole_are_checked() {
    for name in [
        "radclient-start",
        "radclient-stop",
        "radclient-accounting-on",
        "radclient-disconnect",
        "radclient-coa",
        "kamailio-start",
        "kamailio-stop",
    ] {
        let bytes = recorded(name);
        assert!(is_request_right(&bytes, SECRET), "{name}");
        assert!(!is_request_right(&bytes, b"testing124"), "{name}");
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert!(!is_request_right(&changed, SECRET), "{name}, byte {at}");
        }
    }
}

#[test]
fn the_message_authenticator_of_others_is_checked() {
    for name in ["radclient-pap", "radclient-chap", "radclient-sterman", "radclient-cisco", "radclient-status", "radclient-coa"] {
        assert_eq!(checked(name, SECRET), MessageCheck::Right, "{name}");
        assert_eq!(checked(name, b"testing124"), MessageCheck::Wrong, "{name}");
        let bytes = recorded(name);
        let own = stand_in(Packet::decode(&bytes).unwrap().code, authenticator_of(&bytes));
        // Of a request that is signed as a whole, its own authenticator is not in the digest.
        let first = if own == [0; 16] { 20 } else { 4 };
        for at in first..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            let own = stand_in(Packet::decode(&bytes).unwrap().code, authenticator_of(&changed));
            assert_ne!(check_message(&changed, &own, SECRET), MessageCheck::Right, "{name}, byte {at}");
        }
    }
    assert_eq!(checked("radclient-without-message", SECRET), MessageCheck::Missing);
    assert_eq!(checked("rfc2865-7.1-request", SECRET_OF_RFC), MessageCheck::Missing);
}

#[test]
fn two_message_authenticators_or_one_of_another_length_are_wrong() {
    let mut packet = Packet::decode(&recorded("radclient-status")).unwrap();
    let first = packet.attributes[0].clone();
    packet.attributes.push(first);
    let bytes = packet.encode().unwrap();
    assert_eq!(check_message(&bytes, &packet.authenticator, SECRET), MessageCheck::Wrong);
    packet.attributes = vec![Attribute { id: MESSAGE_AUTHENTICATOR, value: vec![0; 15] }];
    let bytes = packet.encode().unwrap();
    assert_eq!(check_message(&bytes, &packet.authenticator, SECRET), MessageCheck::Wrong);
}

#[test]
fn what_we_seal_begins_with_its_message_authenticator_and_is_right() {
    let name = Attribute::new(USER_NAME, "alice").unwrap();
    for code in Code::ALL {
        let mut packet = Packet::new(code, 17);
        packet.authenticator = [5; 16];
        packet.attributes = vec![name.clone(), Attribute::new(MESSAGE_AUTHENTICATOR, [1; 16]).unwrap()];
        let is_signed = matches!(code, Code::AccountingRequest | Code::DisconnectRequest | Code::CoaRequest);
        let is_request = is_signed || matches!(code, Code::AccessRequest | Code::StatusServer);
        let asked = [8; 16];
        let sealed = match is_request {
            true => seal_request(&packet, SECRET, true).unwrap(),
            false => seal_reply(&packet, &asked, SECRET, true).unwrap(),
        };
        let read = Packet::decode(&sealed).unwrap();
        let ids: Vec<_> = read.attributes.iter().map(|attribute| attribute.id).collect();
        assert_eq!(ids, [MESSAGE_AUTHENTICATOR, USER_NAME], "{code:?}");
        let beside = if is_request { stand_in(code, read.authenticator) } else { asked };
        assert_eq!(check_message(&sealed, &beside, SECRET), MessageCheck::Right, "{code:?}");
        assert_eq!(is_request_right(&sealed, SECRET), is_signed, "{code:?}");
        assert_eq!(is_reply_right(&sealed, &asked, SECRET), !is_request, "{code:?}");
        let without = if is_request { seal_request(&packet, SECRET, false) } else { seal_reply(&packet, &asked, SECRET, false) };
        assert_eq!(check_message(&without.unwrap(), &beside, SECRET), MessageCheck::Missing, "{code:?}");
    }
}

#[test]
fn an_empty_secret_is_no_way_in() {
    let bytes = recorded("radclient-status");
    assert_eq!(check_message(&bytes, &authenticator_of(&bytes), b""), MessageCheck::Wrong);
    assert!(!is_request_right(&recorded("radclient-start"), b""));
}
