//! Owns a NAS: a switch or an access server that asks over RADIUS, and which of them a packet comes from.
//! Does not own: what it asks (radius) and the sessions that it reports.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use thiserror::Error;

use crate::id::Id;
use crate::secret::Secret;
use crate::session::Speed;
use crate::time::Timestamp;

/// An installation has at most so many: all of them are kept in memory.
pub const NASES_MAX: usize = 10_000;
/// A shorter secret is found by trial.
pub const SECRET_CHARACTERS_MIN: usize = 8;
pub const SECRET_CHARACTERS_MAX: usize = 128;
/// What fits into NAS-Identifier.
pub const IDENTIFIER_CHARACTERS_MAX: usize = 128;
pub const INTERIM_SECONDS_MIN: i64 = 60;
pub const INTERIM_SECONDS_MAX: i64 = 86_400;
pub const REPLY_LINES_MAX: usize = 32;
pub const REPLY_LINE_CHARACTERS_MAX: usize = 300;

/// What stands between braces in a line of a reply, and what it is there.
pub const PLACEHOLDERS: [(&str, &str); 9] = [
    ("seconds", "how long the session may last"),
    ("announced_seconds", "how long it may last, as the caller is told"),
    ("interim_seconds", "how often the session is to be reported"),
    ("return_code", "h323-return-code: 0 where it is granted"),
    ("reason", "why it is refused, in words"),
    ("amount", "what the caller has to spend"),
    ("currency", "the currency of the amount"),
    ("language", "the caller's language"),
    ("billing_model", "h323-billing-model: 0 pays later, 1 has paid before"),
];

/// An address, or all addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    first: IpAddr,
    length: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NetworkError {
    #[error("an address such as 192.0.2.7, or a network such as 192.0.2.0/24 or 2001:db8::/32")]
    Malformed,
    #[error("the address has bits behind the network's length; the network is {0}")]
    BitsBehind(Network),
}

impl Network {
    pub fn parse(text: &str) -> Result<Network, NetworkError> {
        let (address, length) = match text.split_once('/') {
            None => (text, None),
            // Digits alone, so that each network has one form.
            Some((address, length)) if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) => {
                (address, Some(length.parse::<u8>().map_err(|_| NetworkError::Malformed)?))
            }
            Some(_) => return Err(NetworkError::Malformed),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Malformed)?;
        let bits = bits_of(address);
        let length = length.unwrap_or(bits);
        if length > bits {
            return Err(NetworkError::Malformed);
        }
        let network = Network { first: first_of(address, length), length };
        if network.first == address { Ok(network) } else { Err(NetworkError::BitsBehind(network)) }
    }

    /// The address of a network that is one; none where it has several.
    pub fn address(self) -> Option<IpAddr> {
        (self.length == bits_of(self.first)).then_some(self.first)
    }

    pub fn contains(self, address: IpAddr) -> bool {
        bits_of(address) == bits_of(self.first) && first_of(address, self.length) == self.first
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length == bits_of(self.first) {
            true => self.first.fmt(formatter),
            false => write!(formatter, "{}/{}", self.first, self.length),
        }
    }
}

const fn bits_of(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The address with nothing but zeros behind `length` bits.
fn first_of(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nas {
    pub nas_id: Id,
    pub name: String,
    /// Where its packets come from.
    pub network: Network,
    /// Its NAS-Identifier, where several share an address.
    pub identifier: Option<String>,
    pub secret: Secret,
    /// It asks anew before the granted time is over, so that sessions get slices of the money. One that does not gets all there is for
    /// one session.
    pub reauthorizes: bool,
    /// How often it is told to report a session; None leaves it to the NAS.
    pub interim_interval_seconds: Option<i64>,
    /// An Access-Request without Message-Authenticator is dropped.
    pub message_authenticator_required: bool,
    /// Attributes of its replies, a line each; None: those that come with the program.
    pub reply_template: Option<Vec<String>>,
    /// Where it takes requests to end or change a session (RFC 5176).
    pub dynamic_authorization_port: Option<u16>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Counts the changes, from 1.
    pub version: i64,
}

const SOURCE: &str = "nas-";

impl Nas {
    /// How the keys of its sessions begin. Its id does not change with its name.
    pub fn source(&self) -> String {
        format!("{SOURCE}{}", self.nas_id)
    }
}

/// The NAS that has named a session so. None: no NAS has.
pub fn nas_of_session(key: &str) -> Option<Id> {
    key.strip_prefix(SOURCE)?.split_once(':')?.0.parse().ok()
}

/// The speed that a line of a reply is for, and the line itself: `limited: Mikrotik-Rate-Limit = 64k/64k`. None: for whatever speed.
pub fn speed_of_line(line: &str) -> (Option<Speed>, &str) {
    let of = |speed: Speed| Some((Some(speed), line.trim_start().strip_prefix(speed.code())?.strip_prefix(':')?.trim_start()));
    Speed::ALL.into_iter().find_map(of).unwrap_or((None, line))
}

/// Why a line is no line of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplyLineError {
    #[error("a line is `Attribute-Name = value`, perhaps with `full:` or `limited:` before it")]
    Form,
    #[error("at most {REPLY_LINE_CHARACTERS_MAX} characters, without control characters")]
    Length,
    #[error("`{{{0}}}` stands for nothing; there are {words}", words = PLACEHOLDERS.map(|(word, _)| format!("{{{word}}}")).join(", "))]
    Placeholder(String),
    #[error("a brace has no other one")]
    Brace,
}

/// The attribute's name and the value of a line of a reply. Whether there is such an attribute, the dictionary says.
pub fn check_reply_line(line: &str) -> Result<(), ReplyLineError> {
    if line.chars().count() > REPLY_LINE_CHARACTERS_MAX || line.chars().any(char::is_control) {
        return Err(ReplyLineError::Length);
    }
    let (name, value) = speed_of_line(line).1.split_once('=').ok_or(ReplyLineError::Form)?;
    let is_name = !name.trim().is_empty() && name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    if !is_name || value.trim().is_empty() {
        return Err(ReplyLineError::Form);
    }
    fill_reply_line(line, |word| PLACEHOLDERS.iter().find(|(known, _)| *known == word).map(|_| String::new())).map(drop)
}

/// The line with the values of its placeholders. A placeholder without a value is named.
pub fn fill_reply_line(line: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, ReplyLineError> {
    let mut filled = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('{') {
        let (word, after) = behind.split_once('}').ok_or(ReplyLineError::Brace)?;
        if before.contains('}') {
            return Err(ReplyLineError::Brace);
        }
        filled.push_str(before);
        filled.push_str(&value(word).ok_or_else(|| ReplyLineError::Placeholder(word.to_owned()))?);
        rest = after;
    }
    if rest.contains('}') {
        return Err(ReplyLineError::Brace);
    }
    filled.push_str(rest);
    Ok(filled)
}

/// All that are known, to be found by where a packet comes from.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    by_network: HashMap<Network, Vec<Arc<Nas>>>,
    by_id: HashMap<Id, Arc<Nas>>,
    /// The lengths of networks that there are, the longest first.
    lengths: BTreeSet<std::cmp::Reverse<u8>>,
}

impl Directory {
    pub fn new(all: impl IntoIterator<Item = Nas>) -> Directory {
        let mut directory = Directory::default();
        for nas in all {
            directory.lengths.insert(std::cmp::Reverse(nas.network.length));
            let nas = Arc::new(nas);
            directory.by_id.insert(nas.nas_id, Arc::clone(&nas));
            directory.by_network.entry(nas.network).or_default().push(nas);
        }
        directory
    }

    pub fn get(&self, nas_id: Id) -> Option<&Arc<Nas>> {
        self.by_id.get(&nas_id)
    }

    /// The ids of those that take requests to end or change a session.
    pub fn dynamic(&self) -> impl Iterator<Item = Id> {
        self.by_id.values().filter(|nas| nas.dynamic_authorization_port.is_some()).map(|nas| nas.nas_id)
    }

    /// The NAS that sends from `source`: of the narrowest network with one that fits, the one that says this identifier, or else the one
    /// without.
    pub fn find(&self, source: IpAddr, identifier: Option<&str>) -> Option<&Arc<Nas>> {
        // A socket for both kinds of addresses shows the old ones so.
        let source = source.to_canonical();
        let lengths = self.lengths.iter().map(|length| length.0).filter(|length| *length <= bits_of(source));
        let mut networks = lengths.filter_map(|length| self.by_network.get(&Network { first: first_of(source, length), length }));
        networks.find_map(|nases| {
            let named = nases.iter().find(|nas| nas.identifier.is_some() && nas.identifier.as_deref() == identifier);
            named.or_else(|| nases.iter().find(|nas| nas.identifier.is_none()))
        })
    }
}
