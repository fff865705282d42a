//! Owns the digests that show that a packet comes from whoever knows the secret, and that nobody changed it on the way.
//! Does not own: passwords of users (password.rs, digest.rs).
//!
//! An answer's MD5 can be forged in minutes (CVE-2024-3596), so that Message-Authenticator, an HMAC, is what counts. It stands first
//! in what we send, as the forgery needs room before it.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

use super::attribute::{Attribute, Items};
use super::known::MESSAGE_AUTHENTICATOR;
use super::packet::{AUTHENTICATOR_BYTES, Authenticator, Code, HEADER_BYTES, Packet, PacketError, authenticator_of};

const EMPTY: Authenticator = [0; AUTHENTICATOR_BYTES];

/// What became of a check of Message-Authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageCheck {
    /// The packet has none.
    Missing,
    Wrong,
    Right,
}

/// MD5 over the parts, one behind the other.
pub fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut digest = Md5::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().into()
}

/// Does a request's authenticator follow from the secret? Of those that are digests: accounting, disconnect, change of authorization.
pub fn is_request_right(frame: &[u8], secret: &[u8]) -> bool {
    digest(frame, &EMPTY, secret).ct_eq(&authenticator_of(frame)).into()
}

/// Does an answer's authenticator follow from its request's and the secret?
pub fn is_reply_right(frame: &[u8], request: &Authenticator, secret: &[u8]) -> bool {
    digest(frame, request, secret).ct_eq(&authenticator_of(frame)).into()
}

/// MD5 over the packet with `authenticator` in its place, and the secret behind it.
fn digest(frame: &[u8], authenticator: &Authenticator, secret: &[u8]) -> Authenticator {
    let head = frame.get(..4).unwrap_or_default();
    let attributes = frame.get(HEADER_BYTES..).unwrap_or_default();
    md5(&[head, authenticator, attributes, secret])
}

/// Checks Message-Authenticator of a frame. `authenticator` stands in the packet's place while it is reckoned: a request's own for
/// Access-Request and Status-Server, the request's for an answer, nothing but zeros for a request whose own is a digest.
pub fn check_message(frame: &[u8], authenticator: &Authenticator, secret: &[u8]) -> MessageCheck {
    let mut found = Items::new(frame, HEADER_BYTES).flatten().filter(|item| item.number == MESSAGE_AUTHENTICATOR.number);
    let Some(item) = found.next() else { return MessageCheck::Missing };
    let is_only = found.next().is_none() && item.value.len() == AUTHENTICATOR_BYTES;
    let Some(expected) = message_digest(frame, authenticator, item.begin, secret).filter(|_| is_only) else {
        return MessageCheck::Wrong;
    };
    if bool::from(expected.as_slice().ct_eq(item.value)) { MessageCheck::Right } else { MessageCheck::Wrong }
}

/// What stands in for the authenticator of a request while its Message-Authenticator is checked.
pub fn stand_in(code: Code, own: Authenticator) -> Authenticator {
    match code {
        Code::AccessRequest | Code::StatusServer => own,
        Code::AccountingRequest | Code::DisconnectRequest | Code::CoaRequest => EMPTY,
        // Answers are checked with their request's.
        Code::AccessAccept
        | Code::AccessReject
        | Code::AccessChallenge
        | Code::AccountingResponse
        | Code::DisconnectAck
        | Code::DisconnectNak
        | Code::CoaAck
        | Code::CoaNak => own,
    }
}

/// HMAC-MD5 over the packet with zeros where the digest stands, at `at`.
fn message_digest(frame: &[u8], authenticator: &Authenticator, at: usize, secret: &[u8]) -> Option<[u8; 16]> {
    let mut hmac = Hmac::<Md5>::new_from_slice(secret).ok()?;
    hmac.update(frame.get(..4)?);
    hmac.update(authenticator);
    hmac.update(frame.get(HEADER_BYTES..at)?);
    hmac.update(&EMPTY);
    hmac.update(frame.get(at + AUTHENTICATOR_BYTES..)?);
    Some(hmac.finalize().into_bytes().into())
}

/// Writes a request with what shows that we know the secret. The authenticator of Access-Request and Status-Server is drawn by lot by
/// the caller; that of the others is their digest.
pub fn seal_request(packet: &Packet, secret: &[u8], is_with_message: bool) -> Result<Vec<u8>, PacketError> {
    let own = stand_in(packet.code, packet.authenticator);
    let mut frame = with_message(packet, own, secret, is_with_message)?;
    let digest = match packet.code {
        Code::AccessRequest | Code::StatusServer => packet.authenticator,
        _ => digest(&frame, &EMPTY, secret),
    };
    put(&mut frame, 4, &digest);
    Ok(frame)
}

/// Writes the answer to the request with the authenticator `request`.
pub fn seal_reply(packet: &Packet, request: &Authenticator, secret: &[u8], is_with_message: bool) -> Result<Vec<u8>, PacketError> {
    let mut frame = with_message(packet, *request, secret, is_with_message)?;
    let digest = digest(&frame, request, secret);
    put(&mut frame, 4, &digest);
    Ok(frame)
}

/// The bytes with `authenticator` in their place and, where wanted, Message-Authenticator as the first attribute.
fn with_message(packet: &Packet, authenticator: Authenticator, secret: &[u8], is_with_message: bool) -> Result<Vec<u8>, PacketError> {
    let others = packet.attributes.iter().filter(|attribute| attribute.id != MESSAGE_AUTHENTICATOR).cloned();
    let message = is_with_message.then(|| Attribute { id: MESSAGE_AUTHENTICATOR, value: EMPTY.to_vec() });
    let attributes = message.into_iter().chain(others).collect();
    let mut frame = Packet { authenticator, attributes, ..*packet }.encode()?;
    if is_with_message && let Some(digest) = message_digest(&frame, &authenticator, HEADER_BYTES + 2, secret) {
        put(&mut frame, HEADER_BYTES + 2, &digest);
    }
    Ok(frame)
}

fn put(frame: &mut [u8], at: usize, bytes: &[u8; 16]) {
    if let Some(place) = frame.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}
