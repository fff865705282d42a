//! Owns what a request says of its session, in the words of charging: whose account, which number, which session, when, how long.
//! Does not own: what is decided about it (face.rs).

use std::net::IpAddr;

use trunkline_usecase::domain::nas::Nas;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::session::{CLOCK_SECONDS_MAX, SESSION_BYTES_MAX, SessionKey};

use crate::request::Request;
use crate::wire::authenticator::md5;

/// What a data session goes to where the NAS does not say.
pub const NETWORK: &str = "NETACCESS";
const BYTES_OF_KILOBYTE: u64 = 1_024;
/// A NAS whose clock is behind by more does not know what time it is.
const BEHIND_SECONDS_MAX: i64 = 3 * 86_400;
/// Digits of a number that can be an account's by itself.
const NUMBER_DIGITS_MIN: usize = 3;
/// Service-Type of RFC 2865.
const FRAMED: u32 = 2;

/// The part of a SIP or telephone address before its parameters, without its scheme.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = text.split_once('<').map_or(text, |(_, behind)| behind.split('>').next().unwrap_or(behind));
    let schemes = ["sip:", "sips:", "tel:"];
    let scheme =
        schemes.iter().find_map(|scheme| text.split_at_checked(scheme.len()).filter(|(head, _)| head.eq_ignore_ascii_case(scheme)));
    let text = scheme.map_or(text, |(_, behind)| behind);
    text.split([';', '?']).next().unwrap_or(text)
}

/// The number of `4420..`, `+4420..`, `sip:4420..@host:5060;user=phone`.
pub fn number(text: &str) -> &str {
    let text = bare(text);
    text.split_once('@').map_or(text, |(user, _)| user)
}

/// The identities that a name can stand for, the likeliest first: `alice@host`, and of a number at a host the number.
pub fn identities(text: &str) -> Vec<&str> {
    let text = bare(text);
    let Some((user, host)) = text.split_once('@') else { return vec![text] };
    // The port does not belong to the name; an address of the new kind has its colons in brackets.
    let host_end = if host.starts_with('[') { host.find(']').map(|end| end + 1) } else { host.find(':') };
    let end = user.len() + 1 + host_end.unwrap_or(host.len());
    let mut found = vec![text.get(..end).unwrap_or(text)];
    let digits = user.strip_prefix('+').unwrap_or(user);
    if digits.len() >= NUMBER_DIGITS_MIN && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        found.push(digits);
    }
    found
}

/// What names the session. The call's id comes first, for it is the same in what is asked and in what is reported, and on both legs.
/// None: the packet names none.
pub fn session_key(nas: &Nas, request: &Request) -> Option<SessionKey> {
    let word = request.conf_id.as_deref().or(request.session_id.as_deref()).map(str::trim).filter(|word| !word.is_empty())?;
    // Devices that share a NAS's network number their sessions each for itself.
    let session = match device(nas, request) {
        Some(device) => format!("{device}/{word}"),
        None => word.to_owned(),
    };
    let is_fit = session.len() <= SESSION_BYTES_MAX && !session.chars().any(char::is_control);
    let session = if is_fit { session } else { md5(&[session.as_bytes()]).iter().map(|byte| format!("{byte:02x}")).collect() };
    Some(SessionKey { source: nas.source(), session })
}

fn device(nas: &Nas, request: &Request) -> Option<String> {
    if nas.network.address().is_some() {
        return None;
    }
    request.nas_address.map(|address| address.to_string()).or_else(|| request.nas_identifier.clone())
}

/// The address of the NAS that reported the session of this key, and what it calls it.
pub fn place<'key>(nas: &Nas, key: &'key str) -> Option<(IpAddr, &'key str)> {
    let (_, session) = key.split_once(':')?;
    match nas.network.address() {
        Some(address) => Some((address, session)),
        None => {
            let (device, session) = session.split_once('/')?;
            Some((device.parse().ok()?, session))
        }
    }
}

/// Is it a call's id as Cisco's switches write it, four words of hexadecimal digits, and no Acct-Session-Id?
pub fn is_conf_id(name: &str) -> bool {
    let is_word = |word: &str| (1..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split(' ').count() == 4 && name.split(' ').all(is_word)
}

pub fn service(request: &Request) -> Service {
    if request.service_type == Some(FRAMED) || request.is_framed { Service::Data } else { Service::Voice }
}

/// As the account sees it: a switch says `Direction:incoming` of a call that the account takes.
pub fn direction(request: &Request) -> Direction {
    match request.pair("direction") {
        Some(word) if word.eq_ignore_ascii_case("incoming") => Direction::Incoming,
        _ => Direction::Outgoing,
    }
}

/// A moment that the NAS tells, as far as its clock can be believed.
fn believed(moment: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    moment.filter(|moment| *moment <= now.plus_seconds(CLOCK_SECONDS_MAX) && *moment >= now.plus_seconds(-BEHIND_SECONDS_MAX))
}

/// When it happened: as the NAS says, or when it reached us less the time that it was under way.
pub fn happened_at(request: &Request, now: Timestamp) -> Timestamp {
    believed(request.happened_at, now).unwrap_or_else(|| now.plus_seconds(-i64::from(request.delay_seconds)))
}

/// When usage began by the NAS's own clock, where it says so or can be reckoned. None: it cannot be told.
pub fn told_start(request: &Request, is_start: bool, now: Timestamp) -> Option<Timestamp> {
    let event = believed(request.happened_at, now);
    let by_length = || Some(end_told(request, now)?.plus_seconds(-i64::from(request.session_seconds?)));
    believed(request.connected_at, now).or_else(|| if is_start { event } else { by_length() })
}

fn end_told(request: &Request, now: Timestamp) -> Option<Timestamp> {
    believed(request.disconnected_at, now).or_else(|| believed(request.happened_at, now))
}

pub fn ended_at(request: &Request, now: Timestamp) -> Timestamp {
    believed(request.disconnected_at, now).unwrap_or_else(|| happened_at(request, now))
}

/// Units from the beginning of the session on. None: the NAS does not say.
pub fn used_units(request: &Request, service: Service) -> Option<u64> {
    match service {
        Service::Voice | Service::Message => request.session_seconds.map(u64::from).or_else(|| {
            let microseconds = request.disconnected_at?.microseconds().checked_sub(request.connected_at?.microseconds())?;
            u64::try_from(microseconds / 1_000_000).ok()
        }),
        Service::Data => {
            let octets = request.input_octets.unwrap_or(0).saturating_add(request.output_octets.unwrap_or(0));
            Some(octets.div_ceil(BYTES_OF_KILOBYTE))
        }
    }
}

/// Why it ended: the code of Q.850, or that of RADIUS.
pub fn cause(request: &Request) -> Option<String> {
    request.disconnect_cause.or(request.terminate_cause).map(|code| code.to_string())
}
