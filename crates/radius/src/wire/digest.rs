//! Owns HTTP digest as SIP uses it: the answer to a challenge in RADIUS attributes, of RFC 5090 and of the draft before it, which
//! Kamailio still speaks, and whether a password made it (RFC 2617).
//! Does not own: which password is right, nor the challenge: the switch makes it.

use subtle::ConstantTimeEq;
use thiserror::Error;

use super::attribute::{AttributeId, Items};
use super::authenticator::md5;
use super::known;
use super::packet::Packet;
use super::value;

/// Why an answer cannot be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DigestError {
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("the algorithm is neither MD5 nor MD5-sess")]
    Algorithm,
    #[error("the quality of protection is neither auth nor auth-int")]
    Protection,
    #[error("Digest-Attributes is not a row of number, length and value")]
    Malformed,
}

/// An answer to a challenge. It is known to be complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestAnswer {
    pub user_name: String,
    pub realm: String,
    nonce: String,
    pub method: String,
    uri: String,
    protection: Option<Protection>,
    is_of_session: bool,
    response: String,
}

/// What is signed beside the challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Protection {
    word: String,
    nonce_count: String,
    client_nonce: String,
    /// Of `auth-int`: the digest of the body.
    body: Option<String>,
}

/// The draft's numbers within Digest-Attributes, and the RFC's attributes.
const PARTS: [(u8, AttributeId); 10] = [
    (1, known::DIGEST_REALM),
    (2, known::DIGEST_NONCE),
    (3, known::DIGEST_METHOD),
    (4, known::DIGEST_URI),
    (5, known::DIGEST_QOP),
    (6, known::DIGEST_ALGORITHM),
    (7, known::DIGEST_ENTITY_BODY_HASH),
    (8, known::DIGEST_CNONCE),
    (9, known::DIGEST_NONCE_COUNT),
    (10, known::DIGEST_USERNAME),
];

impl DigestAnswer {
    /// The answer of a packet. None: it has no digest.
    pub fn read(packet: &Packet) -> Option<Result<DigestAnswer, DigestError>> {
        if let Some(response) = packet.text(known::DIGEST_RESPONSE) {
            return Some(DigestAnswer::made(packet, response, |id| packet.text(id)));
        }
        let response = packet.text(known::OLD_DIGEST_RESPONSE)?;
        let parts: Result<Vec<(u8, String)>, DigestError> = packet
            .all(known::OLD_DIGEST_ATTRIBUTES)
            .flat_map(|value| Items::new(value, 0))
            .map(|item| item.map(|item| (item.number, value::text(item.value))).map_err(|_| DigestError::Malformed))
            .collect();
        Some(parts.and_then(|parts| {
            DigestAnswer::made(packet, response, |id| {
                let number = PARTS.iter().find(|(_, known)| *known == id)?.0;
                parts.iter().find(|(part, _)| *part == number).map(|(_, text)| text.clone())
            })
        }))
    }

    fn made(packet: &Packet, response: String, part: impl Fn(AttributeId) -> Option<String>) -> Result<DigestAnswer, DigestError> {
        let needed = |id: AttributeId, name: &'static str| part(id).ok_or(DigestError::Missing(name));
        let algorithm = part(known::DIGEST_ALGORITHM).map(|word| unquoted(&word).to_ascii_lowercase());
        let is_of_session = match algorithm.as_deref() {
            None | Some("md5" | "") => false,
            Some("md5-sess") => true,
            Some(_) => return Err(DigestError::Algorithm),
        };
        let protection = match part(known::DIGEST_QOP).map(|word| unquoted(&word).to_owned()).filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => {
                let body = match word.to_ascii_lowercase().as_str() {
                    "auth" => None,
                    "auth-int" => Some(needed(known::DIGEST_ENTITY_BODY_HASH, "Digest-Entity-Body-Hash")?),
                    _ => return Err(DigestError::Protection),
                };
                let nonce_count = needed(known::DIGEST_NONCE_COUNT, "Digest-Nonce-Count")?;
                Some(Protection { word, nonce_count, client_nonce: needed(known::DIGEST_CNONCE, "Digest-CNonce")?, body })
            }
        };
        if is_of_session && protection.is_none() {
            return Err(DigestError::Missing("Digest-CNonce"));
        }
        Ok(DigestAnswer {
            user_name: part(known::DIGEST_USERNAME).or_else(|| packet.text(known::USER_NAME)).ok_or(DigestError::Missing("User-Name"))?,
            realm: needed(known::DIGEST_REALM, "Digest-Realm")?,
            nonce: needed(known::DIGEST_NONCE, "Digest-Nonce")?,
            method: needed(known::DIGEST_METHOD, "Digest-Method")?,
            uri: needed(known::DIGEST_URI, "Digest-URI")?,
            protection,
            is_of_session,
            response,
        })
    }

    /// The answer that the password gives, in hexadecimal digits.
    pub fn expected(&self, password: &[u8]) -> String {
        let user = md5(&[self.user_name.as_bytes(), b":", self.realm.as_bytes(), b":", password]);
        let client_nonce = self.protection.as_ref().map_or("", |protection| protection.client_nonce.as_str());
        let user = match self.is_of_session {
            false => user,
            true => md5(&[digits(&user).as_bytes(), b":", self.nonce.as_bytes(), b":", client_nonce.as_bytes()]),
        };
        let request = match self.protection.as_ref().and_then(|protection| protection.body.as_ref()) {
            None => md5(&[self.method.as_bytes(), b":", self.uri.as_bytes()]),
            Some(body) => md5(&[self.method.as_bytes(), b":", self.uri.as_bytes(), b":", body.as_bytes()]),
        };
        let (user, request) = (digits(&user), digits(&request));
        let signed = match &self.protection {
            None => [user.as_str(), &self.nonce, &request].join(":"),
            Some(protection) => [&user, &self.nonce, &protection.nonce_count, &protection.client_nonce, &protection.word, &request]
                .map(String::as_str)
                .join(":"),
        };
        digits(&md5(&[signed.as_bytes()]))
    }

    pub fn is_made_with(&self, password: &[u8]) -> bool {
        self.expected(password).as_bytes().ct_eq(self.response.to_ascii_lowercase().as_bytes()).into()
    }
}

/// Some switches send these words with the quotes that they have in SIP.
fn unquoted(word: &str) -> &str {
    word.trim_matches('"')
}

fn digits(digest: &[u8; 16]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
