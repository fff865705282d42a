//! Owns what a packet asks for, in the words of calls and sessions: who, from where, to where, which session, how long.
//! Does not own: bytes (wire) and what is answered (face.rs).

use std::net::IpAddr;

use trunkline_usecase::domain::time::Timestamp;

use crate::cisco;
use crate::wire::attribute::AttributeId;
use crate::wire::dictionary::Dictionary;
use crate::wire::digest::{DigestAnswer, DigestError};
use crate::wire::known;
use crate::wire::packet::{Code, Packet};
use crate::wire::password::{Chap, reveal};
use crate::wire::value;

/// Attributes of this name are a vendor's own words for what `h323-ivr-out` says; their numbers come with the operator's dictionary.
const OWN_PREFIX: &str = "portaone-";

/// What a NAS reports of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    Start,
    Interim,
    Stop,
    /// It has just started: its sessions from before are over.
    On,
    /// It is about to stop.
    Off,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Authorize,
    Report(Report),
}

/// What shows that the user knows the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The packet has none: the NAS vouches for the user, or its number or address is the identity.
    Nothing,
    Password(Password),
    Chap(Chap),
    Digest(DigestAnswer),
    /// It cannot be checked, whatever the password.
    Broken(BrokenProof),
}

/// A password as it came. It shows in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Vec<u8>);

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("<hidden>")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenProof {
    #[error("User-Password cannot have been hidden so")]
    Password,
    #[error("CHAP-Password has another length")]
    Chap,
    #[error(transparent)]
    Digest(DigestError),
}

impl Proof {
    fn of(packet: &Packet, secret: &[u8]) -> Proof {
        if let Some(answer) = DigestAnswer::read(packet) {
            return answer.map_or_else(|problem| Proof::Broken(BrokenProof::Digest(problem)), Proof::Digest);
        }
        if let Some(value) = packet.first(known::CHAP_PASSWORD) {
            let chap = Chap::read(value, packet.first(known::CHAP_CHALLENGE), &packet.authenticator);
            return chap.map_or(Proof::Broken(BrokenProof::Chap), Proof::Chap);
        }
        match packet.first(known::USER_PASSWORD).map(|hidden| reveal(hidden, &packet.authenticator, secret)) {
            None => Proof::Nothing,
            Some(None) => Proof::Broken(BrokenProof::Password),
            Some(Some(password)) => Proof::Password(Password(password)),
        }
    }

    /// The SIP method that a digest signs.
    pub fn method(&self) -> Option<&str> {
        match self {
            Proof::Digest(answer) => Some(&answer.method),
            Proof::Nothing | Proof::Password(_) | Proof::Chap(_) | Proof::Broken(_) => None,
        }
    }

    /// Was it made with this password? None: there is nothing to check.
    pub fn is_made_with(&self, password: &[u8]) -> Option<bool> {
        match self {
            Proof::Nothing => None,
            Proof::Password(given) => Some(subtle::ConstantTimeEq::ct_eq(given.0.as_slice(), password).into()),
            Proof::Chap(chap) => Some(chap.is_made_with(password)),
            Proof::Digest(answer) => Some(answer.is_made_with(password)),
            Proof::Broken(_) => Some(false),
        }
    }
}

/// A request, read. Texts are as they came; what is missing is None.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub kind: Kind,
    pub user_name: Option<String>,
    /// Service-Type.
    pub service_type: Option<u32>,
    /// It has Framed-Protocol, as a connection to the network has.
    pub is_framed: bool,
    pub proof: Proof,
    /// The number that calls.
    pub calling: Option<String>,
    /// The number that is called.
    pub called: Option<String>,
    pub nas_address: Option<IpAddr>,
    pub nas_identifier: Option<String>,
    /// The switch's word for the session.
    pub session_id: Option<String>,
    pub multi_session_id: Option<String>,
    /// The call, over all of its legs.
    pub conf_id: Option<String>,
    pub incoming_conf_id: Option<String>,
    /// `answer` for the leg that came in, `originate` for the one that goes out.
    pub call_origin: Option<String>,
    pub setup_at: Option<Timestamp>,
    pub connected_at: Option<Timestamp>,
    pub disconnected_at: Option<Timestamp>,
    /// When it happened, where the NAS says so.
    pub happened_at: Option<Timestamp>,
    /// How long the NAS has been trying to report it.
    pub delay_seconds: u32,
    pub session_seconds: Option<u32>,
    pub input_octets: Option<u64>,
    pub output_octets: Option<u64>,
    pub terminate_cause: Option<u32>,
    /// Q.850.
    pub disconnect_cause: Option<u32>,
    /// `h323-ivr-out` and the vendor's own attributes: name and value, in their order, at most one of a name but for quotas.
    pub pairs: Vec<(String, String)>,
}

/// Why a packet asks for nothing that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    #[error("Acct-Status-Type is missing")]
    StatusMissing,
    #[error("Acct-Status-Type {0} is not known")]
    Status(u32),
    #[error("{0:?} asks for nothing here")]
    Code(Code),
}

impl Request {
    /// Reads a packet of a NAS with this secret.
    pub fn read(packet: &Packet, secret: &[u8], dictionary: &Dictionary) -> Result<Request, RequestError> {
        let kind = kind_of(packet)?;
        let nas_address = [known::NAS_IP_ADDRESS, known::NAS_IPV6_ADDRESS].into_iter().find_map(|id| value::address(packet.first(id)?));
        let nas_identifier = packet.text(known::NAS_IDENTIFIER);
        let cisco = |id: AttributeId, name: &str| cisco::text(packet, id, name);
        let moment = |id: AttributeId, name: &str| cisco(id, name).and_then(|text| cisco::moment(&text));
        let octets = |low: AttributeId, high: AttributeId| {
            let low = packet.integer(low)?;
            Some(u64::from(packet.integer(high).unwrap_or(0)) << 32 | u64::from(low))
        };
        let delay_seconds = packet.integer(known::ACCT_DELAY_TIME).unwrap_or(0);
        let event = packet.integer(known::EVENT_TIMESTAMP).map(|seconds| Timestamp::from_microseconds(i64::from(seconds) * 1_000_000));
        Ok(Request {
            kind,
            user_name: packet.text(known::USER_NAME),
            service_type: packet.integer(known::SERVICE_TYPE),
            is_framed: packet.first(known::FRAMED_PROTOCOL).is_some(),
            proof: if kind == Kind::Authorize { Proof::of(packet, secret) } else { Proof::Nothing },
            calling: packet.text(known::CALLING_STATION_ID),
            called: packet.text(known::CALLED_STATION_ID),
            nas_address,
            nas_identifier,
            session_id: packet.text(known::ACCT_SESSION_ID),
            multi_session_id: packet.text(known::ACCT_MULTI_SESSION_ID),
            conf_id: cisco(known::H323_CONF_ID, "h323-conf-id"),
            incoming_conf_id: cisco(known::H323_INCOMING_CONF_ID, "h323-incoming-conf-id"),
            call_origin: cisco(known::H323_CALL_ORIGIN, "h323-call-origin"),
            setup_at: moment(known::H323_SETUP_TIME, "h323-setup-time"),
            connected_at: moment(known::H323_CONNECT_TIME, "h323-connect-time"),
            disconnected_at: moment(known::H323_DISCONNECT_TIME, "h323-disconnect-time"),
            happened_at: event,
            delay_seconds,
            session_seconds: packet.integer(known::ACCT_SESSION_TIME),
            input_octets: octets(known::ACCT_INPUT_OCTETS, known::ACCT_INPUT_GIGAWORDS),
            output_octets: octets(known::ACCT_OUTPUT_OCTETS, known::ACCT_OUTPUT_GIGAWORDS),
            terminate_cause: packet.integer(known::ACCT_TERMINATE_CAUSE),
            disconnect_cause: cisco(known::H323_DISCONNECT_CAUSE, "h323-disconnect-cause")
                .and_then(|hex| u32::from_str_radix(&hex, 16).ok()),
            pairs: pairs(packet, dictionary),
        })
    }

    /// The value of an own attribute, by its name in any case.
    pub fn pair(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

fn kind_of(packet: &Packet) -> Result<Kind, RequestError> {
    match packet.code {
        Code::AccessRequest => Ok(Kind::Authorize),
        Code::AccountingRequest => match packet.integer(known::ACCT_STATUS_TYPE) {
            None => Err(RequestError::StatusMissing),
            Some(1) => Ok(Kind::Report(Report::Start)),
            Some(2) => Ok(Kind::Report(Report::Stop)),
            Some(3) => Ok(Kind::Report(Report::Interim)),
            Some(7) => Ok(Kind::Report(Report::On)),
            Some(8) => Ok(Kind::Report(Report::Off)),
            Some(other) => Err(RequestError::Status(other)),
        },
        other => Err(RequestError::Code(other)),
    }
}

/// Quotas may come once for each of their bases.
const REPEATED: &str = "authorize";

/// The own attributes of a packet; of one that comes twice the first counts.
fn pairs(packet: &Packet, dictionary: &Dictionary) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for attribute in &packet.attributes {
        let pair = if attribute.id == known::CISCO_AVPAIR {
            cisco::ivr_out(&value::text(&attribute.value))
        } else if attribute.id.vendor != 0 {
            let name = dictionary.of(attribute.id).map(|definition| definition.name.as_str());
            name.and_then(|name| own(name, &attribute.value))
        } else {
            None
        };
        if let Some((name, value)) = pair
            && (name.eq_ignore_ascii_case(REPEATED) || !found.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)))
        {
            found.push((name, value));
        }
    }
    found
}

/// `PortaOne-Original-CLD` says what `PortaBilling_Original_CLD` does.
fn own(name: &str, value: &[u8]) -> Option<(String, String)> {
    let (head, tail) = name.split_at_checked(OWN_PREFIX.len())?;
    head.eq_ignore_ascii_case(OWN_PREFIX).then(|| (tail.replace('-', "_"), value::text(value)))
}
