//! Owns how numbers and times are written and read here.
//! Does not own: the texts of moments (domain/time.rs).

use trunkline_usecase::domain::money::{Money, MoneyError, Rounding};
use trunkline_usecase::domain::time::{Date, Timestamp};

/// Decimals of an amount as a JSON number.
const NUMBER_DIGITS: u32 = 5;
/// Digits that an exponent can move the point by.
const EXPONENT_MAX: usize = 30;

/// A JSON number with at most five decimals, rounded half away from zero: the sixth is kept, and shown by `exact`.
pub fn number(amount: Money) -> String {
    amount.round(NUMBER_DIGITS, Rounding::HalfAwayFromZero).unwrap_or(amount).to_decimal(0)
}

/// All decimals there are, five at the least.
pub fn exact(amount: Money) -> String {
    amount.to_decimal(5)
}

/// A number as JSON or a text has it, without its exponent. None: not a number, or one beyond all of ours.
pub fn plain(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        None => return is_decimal(text).then(|| text.to_owned()),
        Some(at) => (&text[..at], &text[at + 1..]),
    };
    if !is_decimal(mantissa) {
        return None;
    }
    let exponent: i32 = exponent.parse().ok()?;
    let shift = usize::try_from(exponent.unsigned_abs()).ok().filter(|shift| *shift <= EXPONENT_MAX)?;
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (all, point) = if exponent < 0 {
        (format!("{}{whole}{fraction}", "0".repeat(shift)), whole.len())
    } else {
        (format!("{whole}{fraction}{}", "0".repeat(shift)), whole.len() + shift)
    };
    let (whole, fraction) = all.split_at(point);
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

/// An amount as JSON or a text has it.
pub fn money(text: &str) -> Result<Money, MoneyError> {
    match plain(text) {
        Some(plain) => Money::parse(&plain),
        None if text.contains(['e', 'E']) => Err(MoneyError::TooLarge),
        None => Err(MoneyError::NotDecimal),
    }
}

/// A whole number as JSON or a text has it: `7`, `7.0`, `1e3`.
pub fn integer(text: &str) -> Option<i64> {
    let plain = plain(text)?;
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if fraction.bytes().all(|byte| byte == b'0') { whole.parse().ok() } else { None }
}

/// The day of a moment in UTC.
pub fn date(moment: Timestamp) -> String {
    moment.to_utc_text().chars().take(10).collect()
}

/// `2026-06-16 08:00:00`, or the day alone for its first moment, in UTC.
pub fn moment(text: &str) -> Option<Timestamp> {
    match Date::parse(text) {
        Ok(_) => Timestamp::parse_utc_text(&format!("{text} 00:00:00")).ok(),
        Err(_) => Timestamp::parse_utc_text(text).ok(),
    }
}

/// `2026-06-16`, alone or before a time.
pub fn day(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let rest = text.get(10..)?;
    if rest.is_empty() || Timestamp::parse_utc_text(text).is_ok() { Date::parse(day).ok() } else { None }
}
