//! Amounts: reading, writing, adding, rounding; currencies.

use std::path::Path;

use proptest::prelude::*;
use trunkline_domain::money::{Currency, Money, MoneyError, Rounding};

use crate::fixture::{currency, money};

#[test]
fn an_amount_is_read_exactly_or_refused() {
    use MoneyError::{NotDecimal, TooLarge, TooPrecise};
    let table: &[(&str, Result<i64, MoneyError>)] = &[
        ("0", Ok(0)),
        ("-0", Ok(0)),
        ("12", Ok(12_000_000)),
        ("12.5", Ok(12_500_000)),
        ("+0.000001", Ok(1)),
        ("-0.00001", Ok(-10)),
        ("007.10", Ok(7_100_000)),
        ("1.2500000000", Ok(1_250_000)),
        ("9223372036854.775807", Ok(i64::MAX)),
        ("-9223372036854.775807", Ok(-i64::MAX)),
        ("9223372036854.775808", Err(TooLarge)),
        ("-9223372036854.775809", Err(TooLarge)),
        ("10000000000000", Err(TooLarge)),
        ("99999999999999999999999999999999999999999999", Err(TooLarge)),
        ("0.0000001", Err(TooPrecise)),
        ("1.0000009", Err(TooPrecise)),
        ("", Err(NotDecimal)),
        ("-", Err(NotDecimal)),
        (".5", Err(NotDecimal)),
        ("5.", Err(NotDecimal)),
        (".", Err(NotDecimal)),
        ("1.2.3", Err(NotDecimal)),
        ("--1", Err(NotDecimal)),
        ("+-1", Err(NotDecimal)),
        ("1,5", Err(NotDecimal)),
        ("1 000", Err(NotDecimal)),
        (" 1", Err(NotDecimal)),
        ("1e3", Err(NotDecimal)),
        ("NaN", Err(NotDecimal)),
        ("inf", Err(NotDecimal)),
        ("١٢", Err(NotDecimal)),
        ("€5", Err(NotDecimal)),
    ];
    for (text, expected) in table {
        assert_eq!(Money::parse(text).map(Money::millionths), *expected, "{text:?}");
    }
}

#[test]
fn an_amount_is_written_exactly_with_as_many_decimals_as_asked_for() {
    let table = [
        // millionths, no decimals asked for, two asked for, six asked for
        (0, "0", "0.00", "0.000000"),
        (12_500_000, "12.5", "12.50", "12.500000"),
        (-10, "-0.00001", "-0.00001", "-0.000010"),
        (7_000_000, "7", "7.00", "7.000000"),
        (-999_999, "-0.999999", "-0.999999", "-0.999999"),
        (i64::MAX, "9223372036854.775807", "9223372036854.775807", "9223372036854.775807"),
        (i64::MIN, "-9223372036854.775808", "-9223372036854.775808", "-9223372036854.775808"),
    ];
    for (millionths, plain, two, six) in table {
        let amount = Money::from_millionths(millionths);
        assert_eq!([amount.to_decimal(0).as_str(), &amount.to_decimal(2), &amount.to_decimal(6)], [plain, two, six]);
        assert_eq!(amount.to_string(), plain);
        assert_eq!(amount.to_decimal(99), six, "more than six decimals are never written");
    }
}

#[test]
fn an_amount_is_shown_in_the_decimals_of_its_currency() {
    let table = [
        ("1204.5", "EUR", "1,204.50 EUR"),
        ("-1204.5", "EUR", "-1,204.50 EUR"),
        ("0", "EUR", "0.00 EUR"),
        ("0.004", "EUR", "0.00 EUR"),
        ("-0.004", "EUR", "0.00 EUR"),
        ("0.005", "EUR", "0.01 EUR"),
        ("-0.005", "EUR", "-0.01 EUR"),
        ("999.995", "EUR", "1,000.00 EUR"),
        ("12345.5", "JPY", "12,346 JPY"),
        ("0.4", "JPY", "0 JPY"),
        ("1234567", "JPY", "1,234,567 JPY"),
        ("1.2345", "KWD", "1.235 KWD"),
        ("1000", "KWD", "1,000.000 KWD"),
        ("38123.45678", "CLF", "38,123.4568 CLF"),
        ("9223372036854.77", "EUR", "9,223,372,036,854.77 EUR"),
        // Rounding would leave the range: shown as it is.
        ("9223372036854.775807", "EUR", "9,223,372,036,854.775807 EUR"),
    ];
    for (amount, code, expected) in table {
        assert_eq!(money(amount).display(currency(code)), expected, "{amount} {code}");
    }
}

/// T4: each currency has its own decimals, and amounts below zero mirror those above.
#[test]
fn each_method_rounds_as_its_name_says() {
    use Rounding::{AwayFromZero, HalfAwayFromZero, Malaysian};
    let table = [
        // amount, decimals, away from zero, half away from zero, Malaysian
        ("1.214", 2, "1.22", "1.21", "1.20"),
        ("1.215", 2, "1.22", "1.22", "1.20"),
        ("1.216", 2, "1.22", "1.22", "1.20"),
        ("1.204", 2, "1.21", "1.20", "1.20"),
        ("1.226", 2, "1.23", "1.23", "1.20"),
        ("1.234", 2, "1.24", "1.23", "1.25"),
        ("1.27", 2, "1.27", "1.27", "1.25"),
        ("1.28", 2, "1.28", "1.28", "1.30"),
        ("1.99", 2, "1.99", "1.99", "2.00"),
        ("1.20", 2, "1.20", "1.20", "1.20"),
        ("0.000001", 2, "0.01", "0.00", "0.00"),
        ("0.000001", 5, "0.00001", "0", "0"),
        ("0.000005", 5, "0.00001", "0.00001", "0"),
        ("0.000001", 6, "0.000001", "0.000001", "0"),
        // More decimals than an amount has leave it as it is, whatever the method.
        ("0.000004", 7, "0.000004", "0.000004", "0.000004"),
        ("0.000004", u32::MAX, "0.000004", "0.000004", "0.000004"),
        // 10 % of 12,345 JPY; a dinar has three decimals, a Chilean unit of account four.
        ("1234.5", 0, "1235", "1235", "1235"),
        ("1.2345", 3, "1.235", "1.235", "1.235"),
        ("1.23455", 4, "1.2346", "1.2346", "1.2345"),
        ("0", 0, "0", "0", "0"),
    ];
    for (amount, digits, away, half, malaysian) in table {
        for (rounding, expected) in [(AwayFromZero, away), (HalfAwayFromZero, half), (Malaysian, malaysian)] {
            let (amount, expected) = (money(amount), money(expected));
            assert_eq!(amount.round(digits, rounding), Ok(expected), "{amount} to {digits}, {rounding:?}");
            let mirrored = (amount.checked_neg().unwrap(), expected.checked_neg().unwrap());
            assert_eq!(mirrored.0.round(digits, rounding), Ok(mirrored.1), "-{amount} to {digits}, {rounding:?}");
        }
    }
}

/// T5.
#[test]
fn beyond_its_range_an_amount_fails_and_never_wraps() {
    let (max, min, least) = (Money::MAX, Money::from_millionths(i64::MIN), Money::from_millionths(1));
    let too_large = Err(MoneyError::TooLarge);
    assert_eq!(max.checked_add(least), too_large);
    assert_eq!(min.checked_sub(least), too_large);
    assert_eq!(Money::ZERO.checked_sub(min), too_large);
    assert_eq!(min.checked_neg(), too_large);
    assert_eq!(max.checked_add(Money::ZERO), Ok(max));
    assert_eq!(max.checked_sub(max), Ok(Money::ZERO));
    assert_eq!(Money::from_units(9_223_372_036_854), Ok(money("9223372036854")));
    assert_eq!(Money::from_units(9_223_372_036_855), too_large);
    assert_eq!(Money::from_units(i64::MIN), too_large);
    for rounding in [Rounding::AwayFromZero, Rounding::HalfAwayFromZero, Rounding::Malaysian] {
        assert_eq!(max.round(0, rounding), too_large, "{rounding:?}");
        assert_eq!(min.round(0, rounding), too_large, "{rounding:?}");
        assert_eq!(max.round(7, rounding), Ok(max), "{rounding:?}");
    }
    assert_eq!(max.round(6, Rounding::AwayFromZero), Ok(max));
    assert_eq!(min.round(6, Rounding::HalfAwayFromZero), Ok(min));
}

/// T1: no floating-point type appears in the sources of the rules.
#[test]
fn the_rules_know_no_floating_point() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let is_word = |word: &str| ["f32", "f64"].contains(&word);
            assert!(!text.split(|character: char| !character.is_alphanumeric()).any(is_word), "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 20);
}

#[test]
fn a_currency_is_a_code_in_capitals_with_its_own_decimals() {
    for (code, digits, name) in
        [("EUR", 2, "Euro"), ("JPY", 0, "Japanese yen"), ("KWD", 3, "Kuwaiti dinar"), ("CLF", 4, "Unidad de Fomento")]
    {
        let currency = Currency::parse(code).unwrap();
        assert_eq!((currency.code(), currency.digits(), currency.name().as_str()), (code, digits, name));
        assert_eq!(currency.to_string(), code);
    }
    // Small letters, what does not exist, what has no decimals to be billed in (gold, test code, "no currency"), withdrawn ones.
    for code in ["eur", "Eur", "", "EU", "EURO", "ZZZ", "XAU", "XTS", "XXX", "DEM", "€€", "€"] {
        assert!(Currency::parse(code).is_err(), "{code}");
    }
}

/// What was billed in a currency before it was withdrawn can be read for ever; nothing new is made in it.
#[test]
fn a_withdrawn_currency_is_read_and_not_offered() {
    let withdrawn = ["BGN", "CUC", "HRK", "SLL", "ZWL"];
    for code in withdrawn {
        assert_eq!(Currency::parse(code).unwrap().digits(), 2);
        assert!(Currency::parse_current(code).is_err(), "{code}");
    }
    for code in ["EUR", "CUP", "SLE", "ZWG", "VES", "VED"] {
        assert_eq!(Currency::parse_current(code), Currency::parse(code));
    }
    for code in ["eur", "XAU", "ZZZ", ""] {
        assert!(Currency::parse_current(code).is_err(), "{code}");
    }
    let all: Vec<String> = Currency::all().iter().map(ToString::to_string).collect();
    assert!(all.is_sorted() && all.len() > 150, "{all:?}");
    assert!(!all.iter().any(|code| withdrawn.contains(&code.as_str())));
    // When the list of codes is updated, this tells which ones have gone. VES is in use beside VED.
    use iso_currency::IntoEnumIterator;
    let gone = iso_currency::Currency::iter().filter(|known| known.is_superseded().is_some()).map(|known| known.code());
    assert_eq!(gone.filter(|code| *code != "VES").collect::<Vec<_>>(), withdrawn);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_written_is_read_back(millionths: i64, digits in 0_usize..8) {
        let amount = Money::from_millionths(millionths);
        prop_assert_eq!(Money::parse(&amount.to_decimal(digits)), Ok(amount));
    }

    #[test]
    fn rounding_moves_by_less_than_a_step_and_rounds_once(millionths in -1_000_000_000_000_i64..1_000_000_000_000, digits in 0_u32..7) {
        let amount = Money::from_millionths(millionths);
        let step = 10_i64.pow(6 - digits);
        for (rounding, reach) in [(Rounding::AwayFromZero, step - 1), (Rounding::HalfAwayFromZero, step / 2), (Rounding::Malaysian, step * 3 - 1)] {
            let rounded = amount.round(digits, rounding).unwrap();
            prop_assert!((rounded.millionths() - millionths).abs() <= reach, "{:?} {} {}", rounding, amount, rounded);
            prop_assert_eq!(rounded.millionths() % step, 0);
            prop_assert_eq!(rounded.round(digits, rounding), Ok(rounded));
            let mirrored = amount.checked_neg().unwrap().round(digits, rounding);
            prop_assert_eq!(mirrored, rounded.checked_neg());
        }
    }
}
