//! When a day's spending has reached its limit.

use trunkline_domain::spending::Spending;

use crate::fixture::{day, money, spending};

#[test]
fn the_counter_belongs_to_its_day() {
    let table = [
        // counter's day, spent, limit, today, reached
        ("2026-07-10", "9.999999", "10", "2026-07-10", false),
        ("2026-07-10", "10", "10", "2026-07-10", true),
        ("2026-07-10", "500", "10", "2026-07-10", true),
        ("2026-07-10", "500", "10", "2026-07-11", false),
        ("2026-07-10", "500", "10", "2026-07-09", false),
        // A refund within the day can bring it below zero.
        ("2026-07-10", "-1", "10", "2026-07-10", false),
    ];
    for (counted, spent, limit, today, reached) in table {
        assert_eq!(spending(counted, spent, limit).unwrap().is_reached_on(day(today)), reached, "{spent} of {limit} on {counted}, {today}");
    }
    let unused = Spending { day: None, spent: money("0"), ..spending("2026-07-10", "1", "10").unwrap() };
    assert!(!unused.is_reached_on(day("2026-07-10")));
}
