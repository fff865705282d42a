//! Owns asking a NAS to end a session or to change it, such as its speed (RFC 5176).
//! Does not own: when that is to be done, and which attributes are another speed.

use std::net::{IpAddr, SocketAddr};

use thiserror::Error;
use trunkline_usecase::domain::nas::Nas;
use trunkline_usecase::domain::time::Timestamp;

use crate::client::{Client, ClientError};
use crate::wire::attribute::{Attribute, AttributeId};
use crate::wire::dictionary::Dictionary;
use crate::wire::known;
use crate::wire::packet::{Code, Packet};

/// By what a NAS knows its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub session_id: Option<String>,
    pub conf_id: Option<String>,
    pub user_name: Option<String>,
}

/// What is to become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    End,
    Change(Vec<Attribute>),
}

#[derive(Debug, Error)]
pub enum DynamicError {
    #[error("{0} takes no requests to end or change a session: it has no dynamic_authorization_port")]
    NoPort(String),
    #[error("the session's key does not tell which device of {0} has it")]
    NoAddress(String),
    #[error("a value of the session is longer than an attribute can be")]
    TooLong,
    /// With Error-Cause, where the NAS told it.
    #[error("the NAS refuses: {0}")]
    Refused(String),
    #[error("the NAS has no such session")]
    NoSession,
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl DynamicError {
    /// The word for it in figures.
    pub const fn code(&self) -> &'static str {
        match self {
            DynamicError::NoPort(_) => "no_port",
            DynamicError::NoAddress(_) => "no_address",
            DynamicError::TooLong => "too_long",
            DynamicError::Refused(_) => "refused",
            DynamicError::NoSession => "no_session",
            DynamicError::Client(_) => "no_answer",
        }
    }
}

/// Session-Context-Not-Found.
const NO_SESSION: u32 = 503;

/// Asks the NAS at `address`, and waits until it has done so or refused.
pub async fn ask(
    nas: &Nas,
    address: IpAddr,
    session: &Session,
    wish: Wish,
    now: Timestamp,
    dictionary: &Dictionary,
) -> Result<(), DynamicError> {
    let port = nas.dynamic_authorization_port.ok_or_else(|| DynamicError::NoPort(nas.name.clone()))?;
    let packet = packet(nas, address, session, wish, now)?;
    let client = Client::connect(SocketAddr::new(address, port), nas.secret.clone()).await?;
    let answer = client.ask(packet).await?;
    match answer.code {
        Code::DisconnectAck | Code::CoaAck => Ok(()),
        _ if answer.integer(known::ERROR_CAUSE) == Some(NO_SESSION) => Err(DynamicError::NoSession),
        _ => {
            let cause = answer.attributes.iter().find(|attribute| attribute.id == known::ERROR_CAUSE);
            Err(DynamicError::Refused(cause.map_or_else(|| format!("{:?}", answer.code), |cause| dictionary.words(cause))))
        }
    }
}

/// The moment keeps an old request from being sent again by somebody else.
fn packet(nas: &Nas, address: IpAddr, session: &Session, wish: Wish, now: Timestamp) -> Result<Packet, DynamicError> {
    let (code, changes) = match wish {
        Wish::End => (Code::DisconnectRequest, Vec::new()),
        Wish::Change(attributes) => (Code::CoaRequest, attributes),
    };
    let seconds = u32::try_from(now.seconds()).unwrap_or(u32::MAX).to_be_bytes();
    let own = match address {
        IpAddr::V4(address) => (known::NAS_IP_ADDRESS, address.octets().to_vec()),
        IpAddr::V6(address) => (known::NAS_IPV6_ADDRESS, address.octets().to_vec()),
    };
    let text = |id: AttributeId, text: Option<&String>| text.map(|text| (id, text.as_bytes().to_vec()));
    let named = [
        Some(own),
        text(known::NAS_IDENTIFIER, nas.identifier.as_ref()),
        text(known::ACCT_SESSION_ID, session.session_id.as_ref()),
        text(known::USER_NAME, session.user_name.as_ref()),
        text(known::H323_CONF_ID, session.conf_id.as_ref().map(|id| format!("h323-conf-id={id}")).as_ref()),
        Some((known::EVENT_TIMESTAMP, seconds.to_vec())),
    ];
    let named = named.into_iter().flatten().map(|(id, value)| Attribute::new(id, value).ok_or(DynamicError::TooLong));
    let mut attributes = named.collect::<Result<Vec<_>, _>>()?;
    attributes.extend(changes);
    Ok(Packet { attributes, ..Packet::new(code, 0) })
}
