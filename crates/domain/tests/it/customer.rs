//! Limits and funds of a customer.

use trunkline_domain::customer::{CustomerFacts, CustomerType};
use trunkline_domain::money::{Money, MoneyError};

use crate::fixture::{money, now, postpaid, prepaid, temporary_limit};

#[test]
fn available_funds_are_the_limit_in_force_less_the_balance() {
    let some = |amount: &str| Ok(Some(money(amount)));
    let future = "2026-07-10 12:01";
    let table: Vec<(&str, CustomerFacts, Result<Option<Money>, MoneyError>, bool)> = vec![
        // what, facts, available, exhausted
        ("owes 37.61 of 50", postpaid(), some("12.39"), false),
        ("prepaid, stored -23.61693", prepaid(), some("23.61693"), false),
        ("at the limit", CustomerFacts { balance: money("50"), ..postpaid() }, some("0"), true),
        ("above it", CustomerFacts { balance: money("50.00001"), ..postpaid() }, some("-0.00001"), true),
        ("unlimited", CustomerFacts { credit_limit: None, balance: Money::MAX, ..postpaid() }, Ok(None), false),
        ("an advance", CustomerFacts { balance: money("-5"), ..postpaid() }, some("55"), false),
        (
            "limit of nothing, with an advance",
            CustomerFacts { balance: money("-5"), credit_limit: Some(Money::ZERO), ..postpaid() },
            some("5"),
            false,
        ),
        ("prepaid with nothing", CustomerFacts { balance: Money::ZERO, ..prepaid() }, some("0"), true),
        ("prepaid with some credit", CustomerFacts { balance: money("3"), credit_limit: Some(money("5")), ..prepaid() }, some("2"), false),
        (
            "raised for a while",
            CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", future), ..postpaid() },
            some("5"),
            false,
        ),
        (
            "until this moment",
            CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", "2026-07-10 12:00"), ..postpaid() },
            some("-5"),
            true,
        ),
        (
            "prepaid, raised",
            CustomerFacts { balance: money("3"), temporary_limit: temporary_limit("5", future), ..prepaid() },
            some("2"),
            false,
        ),
        // The comparison holds where the difference has no room.
        ("beyond the range", CustomerFacts { balance: Money::from_millionths(i64::MIN), ..postpaid() }, Err(MoneyError::TooLarge), false),
        (
            "beyond the range, owing",
            CustomerFacts { balance: Money::MAX, credit_limit: Some(money("-2")), ..postpaid() },
            Err(MoneyError::TooLarge),
            true,
        ),
    ];
    for (case, facts, available, exhausted) in table {
        assert_eq!((facts.available_funds(now()), facts.is_exhausted(now())), (available, exhausted), "{case}");
    }
}

#[test]
fn types_have_their_words() {
    assert_eq!(CustomerType::ALL.map(CustomerType::code), ["retail", "reseller"]);
    assert!(CustomerType::ALL.iter().all(|kind| CustomerType::parse(kind.code()) == Some(*kind)));
    assert_eq!(CustomerType::parse("distributor"), None);
}
