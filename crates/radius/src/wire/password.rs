//! Owns the two ways in which RADIUS itself carries a password: hidden (PAP) and as an answer to a challenge (CHAP).
//! Does not own: SIP digest (digest.rs), nor what the right password is.

use subtle::ConstantTimeEq;

use super::authenticator::md5;
use super::packet::{AUTHENTICATOR_BYTES, Authenticator};

/// Bytes of a hidden password at the most.
pub const PASSWORD_BYTES_MAX: usize = 128;
const BLOCK_BYTES: usize = 16;
/// The number of the challenge, and a digest.
const CHAP_BYTES: usize = 17;

/// User-Password, hidden with the secret. None: the password is too long.
pub fn hide(password: &[u8], authenticator: &Authenticator, secret: &[u8]) -> Option<Vec<u8>> {
    if password.len() > PASSWORD_BYTES_MAX {
        return None;
    }
    let mut padded = password.to_vec();
    padded.resize(password.len().div_ceil(BLOCK_BYTES).max(1) * BLOCK_BYTES, 0);
    let mut hidden: Vec<u8> = Vec::with_capacity(padded.len());
    let mut before = *authenticator;
    for block in padded.chunks(BLOCK_BYTES) {
        let veil = md5(&[secret, &before]);
        let veiled: Vec<u8> = block.iter().zip(veil).map(|(plain, veil)| plain ^ veil).collect();
        before = veiled.as_slice().try_into().ok()?;
        hidden.extend(veiled);
    }
    Some(hidden)
}

/// The password of User-Password. None: it cannot have been made by `hide`.
pub fn reveal(hidden: &[u8], authenticator: &Authenticator, secret: &[u8]) -> Option<Vec<u8>> {
    let is_possible = !hidden.is_empty() && hidden.len() <= PASSWORD_BYTES_MAX && hidden.len().is_multiple_of(BLOCK_BYTES);
    if !is_possible {
        return None;
    }
    let mut password = Vec::with_capacity(hidden.len());
    let mut before = *authenticator;
    for block in hidden.chunks(BLOCK_BYTES) {
        let veil = md5(&[secret, &before]);
        password.extend(block.iter().zip(veil).map(|(veiled, veil)| veiled ^ veil));
        before = block.try_into().ok()?;
    }
    let end = password.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    password.truncate(end);
    Some(password)
}

/// An answer to a challenge: CHAP-Password with CHAP-Challenge, or the request's authenticator in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chap {
    number: u8,
    answer: [u8; AUTHENTICATOR_BYTES],
    challenge: Vec<u8>,
}

impl Chap {
    /// None: CHAP-Password has another length.
    pub fn read(password: &[u8], challenge: Option<&[u8]>, authenticator: &Authenticator) -> Option<Chap> {
        let (number, answer) = password.split_first().filter(|_| password.len() == CHAP_BYTES)?;
        let challenge = challenge.unwrap_or(authenticator).to_vec();
        Some(Chap { number: *number, answer: answer.try_into().ok()?, challenge })
    }

    pub fn is_made_with(&self, password: &[u8]) -> bool {
        md5(&[&[self.number], password, &self.challenge]).ct_eq(&self.answer).into()
    }
}

/// CHAP-Password for a challenge.
pub fn chap(number: u8, password: &[u8], challenge: &[u8]) -> Vec<u8> {
    let mut value = vec![number];
    value.extend(md5(&[&[number], password, challenge]));
    value
}
