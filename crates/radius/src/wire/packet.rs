//! Owns a packet: from bytes and to bytes, within the limits of RFC 2865.
//! Does not own: whether its sender knows the secret (authenticator.rs).

use thiserror::Error;

use super::attribute::{self, Attribute, AttributeId, Items};
use super::value;

/// Bytes of a packet at the most.
pub const PACKET_BYTES_MAX: usize = 4_096;
/// Code, identifier, length, authenticator.
pub const HEADER_BYTES: usize = 20;
pub const AUTHENTICATOR_BYTES: usize = 16;

pub type Authenticator = [u8; AUTHENTICATOR_BYTES];

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    AccessRequest,
    AccessAccept,
    AccessReject,
    AccountingRequest,
    AccountingResponse,
    AccessChallenge,
    StatusServer,
    DisconnectRequest,
    DisconnectAck,
    DisconnectNak,
    CoaRequest,
    CoaAck,
    CoaNak,
}

impl Code {
    pub const ALL: [Code; 13] = [
        Code::AccessRequest,
        Code::AccessAccept,
        Code::AccessReject,
        Code::AccountingRequest,
        Code::AccountingResponse,
        Code::AccessChallenge,
        Code::StatusServer,
        Code::DisconnectRequest,
        Code::DisconnectAck,
        Code::DisconnectNak,
        Code::CoaRequest,
        Code::CoaAck,
        Code::CoaNak,
    ];

    /// Its number in RFC 2865, 2866, 5176 and 5997.
    pub const fn number(self) -> u8 {
        match self {
            Code::AccessRequest => 1,
            Code::AccessAccept => 2,
            Code::AccessReject => 3,
            Code::AccountingRequest => 4,
            Code::AccountingResponse => 5,
            Code::AccessChallenge => 11,
            Code::StatusServer => 12,
            Code::DisconnectRequest => 40,
            Code::DisconnectAck => 41,
            Code::DisconnectNak => 42,
            Code::CoaRequest => 43,
            Code::CoaAck => 44,
            Code::CoaNak => 45,
        }
    }

    pub fn of(number: u8) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.number() == number)
    }
}

/// Why bytes are no packet, or a packet cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PacketError {
    #[error("{bytes} bytes are fewer than a header has")]
    TooShort { bytes: usize },
    #[error("says that it has {said} bytes, and {bytes} came")]
    Length { said: usize, bytes: usize },
    #[error("code {0} is not known")]
    Code(u8),
    #[error("the attribute at byte {offset} does not fit into the packet")]
    AttributeLength { offset: usize },
    #[error("attribute {}.{} has {bytes} bytes, more than fit", id.vendor, id.number)]
    ValueTooLong { id: AttributeId, bytes: usize },
    #[error("{bytes} bytes are more than a packet has")]
    TooLong { bytes: usize },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub code: Code,
    /// Tells an answer's request, and a repeat.
    pub identifier: u8,
    pub authenticator: Authenticator,
    /// In their order, in which Proxy-State goes back.
    pub attributes: Vec<Attribute>,
}

/// The bytes that belong to the packet: what came behind the length that it says is padding.
pub fn frame(bytes: &[u8]) -> Result<&[u8], PacketError> {
    let [_, _, high, low, ..] = bytes else { return Err(PacketError::TooShort { bytes: bytes.len() }) };
    if bytes.len() < HEADER_BYTES {
        return Err(PacketError::TooShort { bytes: bytes.len() });
    }
    let said = usize::from(u16::from_be_bytes([*high, *low]));
    let is_possible = (HEADER_BYTES..=PACKET_BYTES_MAX).contains(&said);
    bytes.get(..said).filter(|_| is_possible).ok_or(PacketError::Length { said, bytes: bytes.len() })
}

/// The authenticator of a frame.
pub fn authenticator_of(frame: &[u8]) -> Authenticator {
    frame.get(4..HEADER_BYTES).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
}

impl Packet {
    pub fn new(code: Code, identifier: u8) -> Packet {
        Packet { code, identifier, authenticator: [0; AUTHENTICATOR_BYTES], attributes: Vec::new() }
    }

    /// Reads a packet. Every attribute lies within it, or there is none.
    pub fn decode(bytes: &[u8]) -> Result<Packet, PacketError> {
        let frame = frame(bytes)?;
        let [number, identifier, ..] = frame else { return Err(PacketError::TooShort { bytes: bytes.len() }) };
        let code = Code::of(*number).ok_or(PacketError::Code(*number))?;
        let mut attributes = Vec::with_capacity(16);
        for item in Items::new(frame, HEADER_BYTES) {
            attribute::read(item?, &mut attributes);
        }
        Ok(Packet { code, identifier: *identifier, authenticator: authenticator_of(frame), attributes })
    }

    /// Writes the packet with the authenticator that it has.
    pub fn encode(&self) -> Result<Vec<u8>, PacketError> {
        let bytes = HEADER_BYTES + self.attributes.iter().map(Attribute::bytes).sum::<usize>();
        let length = u16::try_from(bytes).ok().filter(|_| bytes <= PACKET_BYTES_MAX).ok_or(PacketError::TooLong { bytes })?;
        let mut frame = Vec::with_capacity(bytes);
        frame.extend([self.code.number(), self.identifier]);
        frame.extend(length.to_be_bytes());
        frame.extend(self.authenticator);
        for attribute in &self.attributes {
            attribute::write(attribute, &mut frame)?;
        }
        Ok(frame)
    }

    /// The values of an attribute, in their order.
    pub fn all(&self, id: AttributeId) -> impl Iterator<Item = &[u8]> {
        self.attributes.iter().filter(move |attribute| attribute.id == id).map(|attribute| attribute.value.as_slice())
    }

    /// The first value of an attribute.
    pub fn first(&self, id: AttributeId) -> Option<&[u8]> {
        self.all(id).next()
    }

    /// The first value of an attribute as a text. What is no UTF-8 shows as a mark that no name has.
    pub fn text(&self, id: AttributeId) -> Option<String> {
        self.first(id).map(value::text)
    }

    /// The first value of an attribute as a number; one of another length is none.
    pub fn integer(&self, id: AttributeId) -> Option<u32> {
        self.first(id).and_then(value::integer)
    }
}
