//! Owns the types of attributes' values: what their bytes say, and the bytes of a text.
//! Does not own: which attribute has which type (dictionary.rs).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Octets,
    Byte,
    Short,
    Integer,
    Integer64,
    /// Seconds since 1970.
    Date,
    Address,
    Address6,
    /// An IPv6 prefix: its length, and as many of its bytes as are needed.
    Prefix6,
    Interface,
}

/// Why a text is no value of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ValueError {
    #[error("a whole number from 0 to {0}")]
    Number(u64),
    #[error("an IPv4 address")]
    Address,
    #[error("an IPv6 address")]
    Address6,
    #[error("an IPv6 prefix such as 2001:db8::/32")]
    Prefix6,
    #[error("pairs of hexadecimal digits behind 0x")]
    Hexadecimal,
    #[error("more bytes than an attribute can have")]
    TooLong,
}

impl Kind {
    /// A type's name in a dictionary.
    pub fn parse(name: &str) -> Option<Kind> {
        Some(match name {
            "string" | "text" => Kind::Text,
            "octets" | "abinary" => Kind::Octets,
            "byte" | "uint8" => Kind::Byte,
            "short" | "uint16" => Kind::Short,
            "integer" | "uint32" | "signed" => Kind::Integer,
            "integer64" | "uint64" => Kind::Integer64,
            "date" => Kind::Date,
            "ipaddr" | "ipv4addr" => Kind::Address,
            "ipv6addr" => Kind::Address6,
            "ipv6prefix" => Kind::Prefix6,
            "ifid" => Kind::Interface,
            _ => return None,
        })
    }

    /// The bytes of a value.
    pub fn bytes(self, text: &str) -> Result<Vec<u8>, ValueError> {
        let number = |most: u64| text.parse::<u64>().ok().filter(|number| *number <= most).ok_or(ValueError::Number(most));
        // The last bytes of the number, as many as the type has.
        let last = |number: u64, count: usize| number.to_be_bytes().into_iter().skip(8 - count).collect::<Vec<u8>>();
        match self {
            Kind::Text => Ok(text.as_bytes().to_vec()),
            Kind::Octets | Kind::Interface => hexadecimal(text),
            Kind::Byte => Ok(last(number(u64::from(u8::MAX))?, 1)),
            Kind::Short => Ok(last(number(u64::from(u16::MAX))?, 2)),
            Kind::Integer | Kind::Date => Ok(last(number(u64::from(u32::MAX))?, 4)),
            Kind::Integer64 => Ok(last(number(u64::MAX)?, 8)),
            Kind::Address => text.parse::<Ipv4Addr>().map(|address| address.octets().to_vec()).map_err(|_| ValueError::Address),
            Kind::Address6 => text.parse::<Ipv6Addr>().map(|address| address.octets().to_vec()).map_err(|_| ValueError::Address6),
            Kind::Prefix6 => prefix(text).ok_or(ValueError::Prefix6),
        }
    }

    /// A value in words. Bytes that do not fit the type are shown as they are.
    pub fn words(self, bytes: &[u8]) -> String {
        let number = bytes.iter().fold(0u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte));
        match (self, bytes.len()) {
            (Kind::Text, _) => format!("\"{}\"", text(bytes).escape_debug()),
            (Kind::Byte, 1) | (Kind::Short, 2) | (Kind::Integer | Kind::Date, 4) | (Kind::Integer64, 8) => number.to_string(),
            (Kind::Address, 4) | (Kind::Address6, 16) => address(bytes).map_or_else(|| octets(bytes), |address| address.to_string()),
            (Kind::Prefix6, 2..=18) => prefix_words(bytes).unwrap_or_else(|| octets(bytes)),
            _ => octets(bytes),
        }
    }
}

/// A text as it came. What is no UTF-8 shows as a mark that no name has.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn integer(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_be_bytes)
}

/// An address of either length.
pub fn address(bytes: &[u8]) -> Option<IpAddr> {
    let short = <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from);
    short.or_else(|| <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from))
}

fn octets(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |words, byte| words + &format!("{byte:02x}"))
}

fn hexadecimal(text: &str) -> Result<Vec<u8>, ValueError> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len().is_multiple_of(2)).ok_or(ValueError::Hexadecimal)?;
    let pairs =
        (0..digits.len()).step_by(2).map(|at| digits.get(at..at + 2).filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit())));
    pairs.map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or(ValueError::Hexadecimal)).collect()
}

fn prefix(text: &str) -> Option<Vec<u8>> {
    let (address, length) = text.split_once('/')?;
    let length = length.parse::<u8>().ok().filter(|length| *length <= 128)?;
    let address = address.parse::<Ipv6Addr>().ok()?.octets();
    let mut bytes = vec![0, length];
    bytes.extend(address.get(..usize::from(length).div_ceil(8))?);
    Some(bytes)
}

fn prefix_words(bytes: &[u8]) -> Option<String> {
    let [_, length, rest @ ..] = bytes else { return None };
    let mut address = [0; 16];
    address.get_mut(..rest.len())?.copy_from_slice(rest);
    (*length <= 128).then(|| format!("{}/{length}", Ipv6Addr::from(address)))
}
