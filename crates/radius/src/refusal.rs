//! Owns why a packet gets no answer: counted each time, told in the log with its source at most once a second for each reason.
//! Does not own: refusals that are answered, which sessions give.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

use crate::limits::LOG_PAUSE;
use crate::listener::Port;

/// Why a packet is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drop {
    Malformed,
    UnknownNas,
    /// Of a kind that is not asked at this port.
    Code,
    WrongAuthenticator,
    MessageAuthenticatorMissing,
    /// The first one is still being decided.
    Repeat,
    Busy,
    /// It asks for nothing that there is.
    Request,
    /// The decision failed or took too long.
    Unanswered,
    /// The answer does not fit into a packet.
    AnswerTooLong,
}

impl Drop {
    const ALL: [Drop; 10] = [
        Drop::Malformed,
        Drop::UnknownNas,
        Drop::Code,
        Drop::WrongAuthenticator,
        Drop::MessageAuthenticatorMissing,
        Drop::Repeat,
        Drop::Busy,
        Drop::Request,
        Drop::Unanswered,
        Drop::AnswerTooLong,
    ];

    const fn code(self) -> &'static str {
        match self {
            Drop::Malformed => "malformed",
            Drop::UnknownNas => "unknown_nas",
            Drop::Code => "wrong_code",
            Drop::WrongAuthenticator => "wrong_authenticator",
            Drop::MessageAuthenticatorMissing => "message_authenticator_missing",
            Drop::Repeat => "being_decided",
            Drop::Busy => "busy",
            Drop::Request => "not_understood",
            Drop::Unanswered => "unanswered",
            Drop::AnswerTooLong => "answer_too_long",
        }
    }

    /// What an operator can do about it.
    const fn advice(self) -> &'static str {
        match self {
            Drop::Malformed => "what came is no RADIUS packet",
            Drop::UnknownNas => "no NAS has this address: add it, or close the port to it",
            Drop::Code => "this kind of packet belongs to the other port",
            Drop::WrongAuthenticator => "the NAS has another secret, or the packet was changed on its way",
            Drop::MessageAuthenticatorMissing => {
                "the NAS sends no Message-Authenticator: have it send one, or, where the network is safe, do not require it of this NAS"
            }
            Drop::Repeat => "the NAS repeats faster than it is answered",
            Drop::Busy => "too many requests are being decided",
            Drop::Request => "what the packet asks for is not known here",
            Drop::Unanswered => "the request could not be decided in time",
            Drop::AnswerTooLong => "the reply template of the NAS makes more than a packet holds",
        }
    }
}

/// Counts and tells.
#[derive(Debug, Default)]
pub struct Teller {
    /// When each was told last, and how many have come since.
    told: Mutex<[Option<(Instant, u64)>; Drop::ALL.len()]>,
}

impl Teller {
    pub fn dropped(&self, port: Port, source: SocketAddr, reason: Drop, detail: &str, now: Instant) {
        metrics::counter!("trunkline_radius_dropped_total", "port" => port.code(), "reason" => reason.code()).increment(1);
        let untold = {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let place = Drop::ALL.iter().position(|known| *known == reason).and_then(|index| told.get_mut(index));
            match place {
                Some(Some((last, untold))) if now.saturating_duration_since(*last) < LOG_PAUSE => {
                    *untold += 1;
                    return;
                }
                Some(place) => place.replace((now, 0)).map_or(0, |(_, untold)| untold),
                None => 0,
            }
        };
        let (port, reason, advice) = (port.code(), reason.code(), reason.advice());
        tracing::warn!(port, %source, reason, detail, untold, advice, "a RADIUS packet was dropped");
    }
}
