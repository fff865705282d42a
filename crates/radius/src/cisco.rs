//! Owns the habits of Cisco's attributes, which most switches for calls share: names within values, moments as clocks show them, and pairs
//! within `h323-ivr-out` and `h323-ivr-in`.
//! Does not own: what the pairs mean.

use trunkline_usecase::domain::time::{Date, Timestamp};

use crate::wire::attribute::AttributeId;
use crate::wire::known;
use crate::wire::packet::Packet;
use crate::wire::value;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// What stands before the names of own attributes on their way in.
const OWN_PREFIX: &str = "PortaBilling_";

/// The value of an attribute, which may repeat its name before it, or come as a pair `name=value` of Cisco-AVPair.
pub fn text(packet: &Packet, id: AttributeId, name: &str) -> Option<String> {
    let own = packet.text(id).map(|text| behind_name(&text, name).unwrap_or(&text).to_owned());
    own.or_else(|| packet.all(known::CISCO_AVPAIR).find_map(|pair| behind_name(&value::text(pair), name).map(str::to_owned)))
}

fn behind_name<'text>(text: &'text str, name: &str) -> Option<&'text str> {
    let (head, tail) = text.split_once('=')?;
    head.eq_ignore_ascii_case(name).then_some(tail)
}

/// Name and value of `h323-ivr-out=PortaBilling_Name:value`.
pub fn ivr_out(pair: &str) -> Option<(String, String)> {
    let (name, value) = behind_name(pair, "h323-ivr-out")?.split_once(':')?;
    let name =
        name.split_at_checked(OWN_PREFIX.len()).filter(|(head, _)| head.eq_ignore_ascii_case(OWN_PREFIX)).map_or(name, |(_, tail)| tail);
    Some((name.to_owned(), value.to_owned()))
}

/// A moment such as `.14:48:31.526 UTC Thu Mar 12 2026`. A mark before it says that the clock is not set by another; a zone that is not UTC
/// cannot be told from its letters, and is none.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim_start_matches(['.', '*']);
    let [clock, zone, _, month, day, year] = text.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    if !["UTC", "GMT", "Z"].contains(&zone) {
        return None;
    }
    let month = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month)).and_then(|index| i8::try_from(index + 1).ok())?;
    let date = Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let is_plain = clock.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte)) && clock.len() <= 15;
    Timestamp::parse(&format!("{date}T{clock}Z")).ok().filter(|_| is_plain)
}
