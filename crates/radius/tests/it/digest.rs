use trunkline_radius::wire::attribute::{Attribute, AttributeId};
use trunkline_radius::wire::digest::{DigestAnswer, DigestError};
use trunkline_radius::wire::known::{
    DIGEST_ALGORITHM, DIGEST_CNONCE, DIGEST_ENTITY_BODY_HASH, DIGEST_METHOD, DIGEST_NONCE, DIGEST_NONCE_COUNT, DIGEST_QOP, DIGEST_REALM,
    DIGEST_RESPONSE, DIGEST_URI, DIGEST_USERNAME, OLD_DIGEST_ATTRIBUTES, OLD_DIGEST_RESPONSE, USER_NAME,
};
use trunkline_radius::wire::packet::{Code, Packet};

use crate::recorded;

fn request(attributes: &[(AttributeId, &str)]) -> Packet {
    let attributes = attributes.iter().map(|(id, text)| Attribute::new(*id, *text).unwrap()).collect();
    Packet { attributes, ..Packet::new(Code::AccessRequest, 1) }
}

/// The second request of RFC 5090's first example.
const RFC_5090: [(AttributeId, &str); 10] = [
    (USER_NAME, "12345678"),
    (DIGEST_RESPONSE, "756933f735fcd93f90a4bbdd5467f263"),
    (DIGEST_REALM, "example.com"),
    (DIGEST_NONCE, "3bada1a0"),
    (DIGEST_METHOD, "INVITE"),
    (DIGEST_URI, "sip:97226491335@example.com"),
    (DIGEST_QOP, "auth"),
    (DIGEST_ALGORITHM, "md5"),
    (DIGEST_CNONCE, "56593a80"),
    (DIGEST_NONCE_COUNT, "00000001"),
];

fn read(attributes: &[(AttributeId, &str)]) -> Result<DigestAnswer, DigestError> {
    DigestAnswer::read(&request(attributes)).unwrap()
}

#[test]
fn the_example_of_rfc_5090_is_made_with_its_password() {
    let answer = read(&RFC_5090).unwrap();
    assert_eq!((answer.user_name.as_str(), answer.realm.as_str()), ("12345678", "example.com"));
    assert!(answer.is_made_with(b"secret"));
    assert!(!answer.is_made_with(b"Secret"));
    assert!(!answer.is_made_with(b""));
}

#[test]
fn the_example_of_rfc_2617_is_made_with_its_password() {
    let answer = read(&[
        (DIGEST_USERNAME, "Mufasa"),
        (DIGEST_RESPONSE, "6629FAE49393A05397450978507C4EF1"),
        (DIGEST_REALM, "testrealm@host.com"),
        (DIGEST_NONCE, "dcd98b7102dd2f0e8b11d0f600bfb0c093"),
        (DIGEST_METHOD, "GET"),
        (DIGEST_URI, "/dir/index.html"),
        (DIGEST_QOP, "\"auth\""),
        (DIGEST_CNONCE, "0a4f113b"),
        (DIGEST_NONCE_COUNT, "00000001"),
    ]);
    assert!(answer.unwrap().is_made_with(b"Circle Of Life"));
}

#[test]
fn the_form_before_the_standard_is_read() {
    let packet = Packet::decode(&recorded("radclient-sterman")).unwrap();
    let answer = DigestAnswer::read(&packet).unwrap().unwrap();
    assert_eq!(answer, DigestAnswer::read(&request(&RFC_5090)).unwrap().unwrap());
    assert!(answer.is_made_with(b"secret"));
}

/// As RFC 2617 has them, with digests of their own reckoning: without protection, of a session, with the body.
#[test]
fn each_way_of_signing_is_checked() {
    let common = [(USER_NAME, "u"), (DIGEST_REALM, "r"), (DIGEST_NONCE, "n"), (DIGEST_METHOD, "BYE"), (DIGEST_URI, "sip:x")];
    let plain = read(&[&common[..], &[(DIGEST_RESPONSE, "-")]].concat()).unwrap();
    assert_eq!(plain.expected(b"p"), "9d8167c4e5a24a6beca200486e2f8f8b");
    let protected = [(DIGEST_RESPONSE, "-"), (DIGEST_CNONCE, "c"), (DIGEST_NONCE_COUNT, "00000002")];
    let session = [&common[..], &protected, &[(DIGEST_QOP, "auth"), (DIGEST_ALGORITHM, "MD5-sess")]].concat();
    assert_eq!(read(&session).unwrap().expected(b"p"), "bfe838461d9681323483056522b23ca2");
    let body =
        [&common[..], &protected, &[(DIGEST_QOP, "auth-int"), (DIGEST_ENTITY_BODY_HASH, "d41d8cd98f00b204e9800998ecf8427e")]].concat();
    assert_eq!(read(&body).unwrap().expected(b"p"), "2844d97d4fb344d9e55ad6fda17e6465");
}

#[test]
fn what_is_missing_or_not_known_is_named() {
    for (id, missing) in [
        (DIGEST_REALM, "Digest-Realm"),
        (DIGEST_NONCE, "Digest-Nonce"),
        (DIGEST_METHOD, "Digest-Method"),
        (DIGEST_URI, "Digest-URI"),
        (DIGEST_CNONCE, "Digest-CNonce"),
        (DIGEST_NONCE_COUNT, "Digest-Nonce-Count"),
        (USER_NAME, "User-Name"),
    ] {
        let others: Vec<_> = RFC_5090.into_iter().filter(|(known, _)| *known != id).collect();
        assert_eq!(read(&others), Err(DigestError::Missing(missing)));
    }
    let with = |id: AttributeId, text: &'static str| read(&RFC_5090.map(|(known, given)| (known, if known == id { text } else { given })));
    assert_eq!(with(DIGEST_ALGORITHM, "SHA-512"), Err(DigestError::Algorithm));
    assert_eq!(with(DIGEST_QOP, "token"), Err(DigestError::Protection));
    assert_eq!(with(DIGEST_QOP, "auth-int"), Err(DigestError::Missing("Digest-Entity-Body-Hash")));
    assert_eq!(DigestAnswer::read(&request(&[(USER_NAME, "alice")])), None);
    let broken = read(&[(OLD_DIGEST_RESPONSE, "-"), (OLD_DIGEST_ATTRIBUTES, "\u{1}\u{9}x")]);
    assert_eq!(broken, Err(DigestError::Malformed));
}
