//! Owns amounts of money, currencies and the named roundings.
//! Does not own: what an amount means (balance, invoice, payment).

use std::fmt;

use thiserror::Error;

/// An amount in millionths of a currency unit. The currency is known by the owner of the amount; amounts of two
/// currencies are never added. Range: ±9,223,372,036,854.775807.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// Millionths in one unit.
const SCALE: i64 = 1_000_000;
/// Decimals that an amount can carry.
const SCALE_DIGITS: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    #[error("the amount is larger than can be kept (±9,223,372,036,854.775807)")]
    TooLarge,
    #[error("not a decimal amount: write digits with an optional sign and a point, such as 12.50")]
    NotDecimal,
    #[error("more than 6 decimals")]
    TooPrecise,
}

/// How an amount is rounded to a number of decimals (docs/domain.md, Rounding).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Any remainder goes away from zero: 1.211 becomes 1.22.
    AwayFromZero,
    /// A remainder of half or more goes away from zero: 1.215 becomes 1.22, 1.214 becomes 1.21.
    HalfAwayFromZero,
    /// The last digit becomes 0 or 5 (0-2 to 0, 3-7 to 5, 8-9 to the next ten), looking at that digit alone.
    Malaysian,
}

impl Rounding {
    pub const ALL: [Rounding; 3] = [Rounding::AwayFromZero, Rounding::HalfAwayFromZero, Rounding::Malaysian];

    pub const fn code(self) -> &'static str {
        match self {
            Rounding::AwayFromZero => "away_from_zero",
            Rounding::HalfAwayFromZero => "half_away_from_zero",
            Rounding::Malaysian => "malaysian",
        }
    }

    pub fn parse(code: &str) -> Option<Rounding> {
        Rounding::ALL.into_iter().find(|rounding| rounding.code() == code)
    }
}

impl Money {
    pub const ZERO: Money = Money(0);
    pub const MAX: Money = Money(i64::MAX);

    pub const fn from_millionths(millionths: i64) -> Money {
        Money(millionths)
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// `units` whole units. For tables and tests; fails where the amount cannot be kept.
    pub fn from_units(units: i64) -> Result<Money, MoneyError> {
        units.checked_mul(SCALE).map(Money).ok_or(MoneyError::TooLarge)
    }

    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_add(other.0).map(Money).ok_or(MoneyError::TooLarge)
    }

    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_sub(other.0).map(Money).ok_or(MoneyError::TooLarge)
    }

    pub fn checked_neg(self) -> Result<Money, MoneyError> {
        self.0.checked_neg().map(Money).ok_or(MoneyError::TooLarge)
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Rounds to `digits` decimals (0 to 6; more leave the amount as it is).
    pub fn round(self, digits: u32, rounding: Rounding) -> Result<Money, MoneyError> {
        if digits > 6 {
            return Ok(self);
        }
        let step = step_of(digits);
        let value = i128::from(self.0);
        let rounded = match rounding {
            Rounding::AwayFromZero => {
                let up = if value < 0 { -(step - 1) } else { step - 1 };
                (value + up) / step * step
            }
            Rounding::HalfAwayFromZero => {
                let half = if value < 0 { -(step / 2) } else { step / 2 };
                (value + half) / step * step
            }
            Rounding::Malaysian => {
                let last = (value / step) % 10;
                let tens = (value / step) - last;
                let sign = if value < 0 { -1 } else { 1 };
                let fives = match last.abs() {
                    0..=2 => 0,
                    3..=7 => 5,
                    _ => 10,
                };
                (tens + sign * fives) * step
            }
        };
        i64::try_from(rounded).map(Money).map_err(|_| MoneyError::TooLarge)
    }

    /// `numerator / denominator` millionths, rounded once to `digits` decimals (0 to 6). `denominator` is above zero.
    pub fn from_fraction(numerator: i128, denominator: i128, digits: u32, rounding: Rounding) -> Result<Money, MoneyError> {
        let step = step_of(digits.min(6)).checked_mul(denominator).filter(|step| *step > 0).ok_or(MoneyError::TooLarge)?;
        let (steps, rest) = (numerator / step, numerator % step);
        let sign = if numerator < 0 { -1 } else { 1 };
        let steps = match rounding {
            Rounding::AwayFromZero if rest != 0 => steps + sign,
            Rounding::HalfAwayFromZero if rest.abs() >= step - rest.abs() => steps + sign,
            Rounding::AwayFromZero | Rounding::HalfAwayFromZero => steps,
            // Its last digit is looked at alone, so that what lies behind it is cut off.
            Rounding::Malaysian => return Money::try_millionths(numerator / denominator)?.round(digits, rounding),
        };
        Money::try_millionths(steps.checked_mul(step_of(digits.min(6))).ok_or(MoneyError::TooLarge)?)
    }

    fn try_millionths(millionths: i128) -> Result<Money, MoneyError> {
        i64::try_from(millionths).map(Money).map_err(|_| MoneyError::TooLarge)
    }

    /// Decimals that are needed to write the amount exactly, 0 to 6.
    pub fn decimals(self) -> usize {
        let mut digits = SCALE_DIGITS;
        let mut value = self.0;
        while digits > 0 && value % 10 == 0 {
            value /= 10;
            digits -= 1;
        }
        digits
    }

    /// Reads `-12.5`, `12`, `+0.000001`. No exponent, no grouping, at most 6 decimals.
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
            return Err(MoneyError::NotDecimal);
        }
        if fraction.len() > SCALE_DIGITS && fraction[SCALE_DIGITS..].bytes().any(|byte| byte != b'0') {
            return Err(MoneyError::TooPrecise);
        }
        if whole.trim_start_matches('0').len() > 13 {
            return Err(MoneyError::TooLarge);
        }
        let mut millionths: i128 = 0;
        let padded = fraction.bytes().chain(std::iter::repeat(b'0')).take(SCALE_DIGITS);
        for byte in whole.bytes().chain(padded) {
            millionths = millionths * 10 + i128::from(byte - b'0');
        }
        i64::try_from(if negative { -millionths } else { millionths }).map(Money).map_err(|_| MoneyError::TooLarge)
    }

    /// The exact amount with at least `digits_min` decimals: `12.50`, `-0.00001`, `7`.
    pub fn to_decimal(self, digits_min: usize) -> String {
        let digits = self.decimals().max(digits_min.min(SCALE_DIGITS));
        let value = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let scale = SCALE.unsigned_abs();
        if digits == 0 {
            return format!("{sign}{}", value / scale);
        }
        let fraction = format!("{:06}", value % scale);
        format!("{sign}{}.{}", value / scale, &fraction[..digits])
    }

    /// The amount as a person reads it: rounded half away from zero to the currency's digits, grouped, with its code: `1,204.50 EUR`.
    pub fn display(self, currency: Currency) -> String {
        let rounded = self.round(currency.digits(), Rounding::HalfAwayFromZero).unwrap_or(self);
        let digits = usize::try_from(currency.digits()).unwrap_or(SCALE_DIGITS);
        let plain = rounded.to_decimal(digits);
        let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, fraction)| (whole, Some(fraction)));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
        format!("{sign}{grouped}{fraction} {currency}")
    }
}

/// Millionths in one step of `digits` decimals.
fn step_of(digits: u32) -> i128 {
    let spare = 6_u32.saturating_sub(digits);
    10_i128.pow(spare)
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_decimal(0))
    }
}

/// An ISO 4217 currency code that exists, such as `EUR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not an ISO 4217 currency code in use")]
pub struct UnknownCurrency;

/// Codes that ISO 4217 has withdrawn, each for another: they stay readable, and nothing new is made in them. VES is not
/// among them, for it has not gone since VED came beside it.
const WITHDRAWN: [&str; 5] = ["BGN", "CUC", "HRK", "SLL", "ZWL"];

impl Currency {
    /// `text` is three capital letters of ISO 4217, of today or of a record that was made when the code was in use.
    pub fn parse(text: &str) -> Result<Currency, UnknownCurrency> {
        let bytes: [u8; 3] = text.as_bytes().try_into().map_err(|_| UnknownCurrency)?;
        let known = iso_currency::Currency::from_code(text).ok_or(UnknownCurrency)?;
        // Units of account without an exponent (gold, test codes) are not something a customer is billed in.
        known.exponent().ok_or(UnknownCurrency)?;
        Ok(Currency(bytes))
    }

    /// For what is made anew: a code that is in use.
    pub fn parse_current(text: &str) -> Result<Currency, UnknownCurrency> {
        if WITHDRAWN.contains(&text) { Err(UnknownCurrency) } else { Currency::parse(text) }
    }

    /// Every currency that `parse_current` takes, in alphabetical order.
    pub fn all() -> Vec<Currency> {
        use iso_currency::IntoEnumIterator;
        let mut all: Vec<Currency> =
            iso_currency::Currency::iter().filter_map(|known| Currency::parse_current(known.code()).ok()).collect();
        all.sort_unstable();
        all
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the currency, ISO 4217's exponent: JPY 0, EUR 2, KWD 3, CLF 4.
    pub fn digits(&self) -> u32 {
        iso_currency::Currency::from_code(self.code()).and_then(iso_currency::Currency::exponent).map_or(2, u32::from)
    }

    /// The English name, such as `Euro`.
    pub fn name(&self) -> String {
        iso_currency::Currency::from_code(self.code()).map_or_else(String::new, |currency| currency.name().to_owned())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}
