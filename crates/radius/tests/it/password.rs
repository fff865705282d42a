use proptest::collection::vec;
use proptest::prelude::*;
use trunkline_radius::wire::known::{CHAP_CHALLENGE, CHAP_PASSWORD, USER_PASSWORD};
use trunkline_radius::wire::packet::Packet;
use trunkline_radius::wire::password::{Chap, PASSWORD_BYTES_MAX, chap, hide, reveal};

use crate::{SECRET, SECRET_OF_RFC, recorded};

fn revealed(name: &str, secret: &[u8]) -> Vec<u8> {
    let packet = Packet::decode(&recorded(name)).unwrap();
    reveal(packet.first(USER_PASSWORD).unwrap(), &packet.authenticator, secret).unwrap()
}

#[test]
fn hidden_passwords_are_revealed() {
    assert_eq!(revealed("rfc2865-7.1-request", SECRET_OF_RFC), b"arctangent");
    assert_eq!(revealed("radclient-pap", SECRET), b"open sesame");
    assert_eq!(revealed("radclient-pap-long", SECRET), b"a password that is longer than sixteen bytes");
    assert_ne!(revealed("radclient-pap", b"testing124"), b"open sesame");
}

#[test]
fn chap_is_checked_with_the_authenticator_or_a_challenge() {
    for (name, password) in [("rfc2865-7.2-request", "arctangent"), ("radclient-chap", "open sesame")] {
        let packet = Packet::decode(&recorded(name)).unwrap();
        let answer = Chap::read(packet.first(CHAP_PASSWORD).unwrap(), packet.first(CHAP_CHALLENGE), &packet.authenticator).unwrap();
        assert!(answer.is_made_with(password.as_bytes()), "{name}");
        assert!(!answer.is_made_with(b"arctangens"), "{name}");
        assert!(!answer.is_made_with(b""), "{name}");
    }
    let made = chap(4, b"secret", b"a challenge of any length");
    assert!(Chap::read(&made, Some(b"a challenge of any length"), &[0; 16]).unwrap().is_made_with(b"secret"));
    assert!(!Chap::read(&made, None, &[0; 16]).unwrap().is_made_with(b"secret"));
    assert_eq!(Chap::read(&made[..16], None, &[0; 16]), None);
}

#[test]
fn what_cannot_be_hidden_so_is_not_revealed() {
    for bytes in [0, 1, 15, 17, PASSWORD_BYTES_MAX + 16] {
        assert_eq!(reveal(&vec![1; bytes], &[0; 16], SECRET), None, "{bytes}");
    }
    assert_eq!(hide(&[1; PASSWORD_BYTES_MAX + 1], &[0; 16], SECRET), None);
    assert_eq!(hide(b"", &[0; 16], SECRET).unwrap().len(), 16);
}

proptest! {
    #[test]
    fn what_is_hidden_is_revealed(mut password in vec(any::<u8>(), 0..=128), authenticator in any::<[u8; 16]>(), secret in vec(any::<u8>(), 1..40)) {
        let hidden = hide(&password, &authenticator, &secret).unwrap();
        while password.last() == Some(&0) {
            password.pop();
        }
        prop_assert_eq!(reveal(&hidden, &authenticator, &secret).unwrap(), password);
    }
}
