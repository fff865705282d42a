//! Billing periods: half open, from local midnight to local midnight, without gap or overlap (T15, T17, T18).

use proptest::prelude::*;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::time::{Timestamp, Zone};

use crate::fixture::{ZONES, just_before, utc, zone};

/// First days of `count` periods that follow each other from the customer's creation on, at noon of `created`.
fn first_days(period: BillingPeriod, zone: &Zone, created: &str, count: usize) -> Vec<String> {
    let created_at = zone.start_of(crate::fixture::day(created)).plus_seconds(12 * 3_600);
    let mut moment = created_at;
    let mut days = Vec::new();
    for _ in 0..count {
        let (start, end) = period.containing(moment, created_at, zone);
        assert!(days.is_empty() || start == moment, "{period:?} {created}: a period starts where the one before ends");
        days.push(zone.date_of(start).to_string());
        moment = end;
    }
    days
}

#[test]
fn a_customer_s_periods_start_on_these_days() {
    use BillingPeriod::{Daily, Monthly, MonthlyAnniversary, Semimonthly, ThirtyDays, Weekly};
    let table: &[(BillingPeriod, &str, &[&str])] = &[
        (Daily, "2026-02-27", &["2026-02-27", "2026-02-28", "2026-03-01"]),
        // 10 July 2026 is a Friday: the first week is short. A customer made on a Monday has a whole one.
        (Weekly, "2026-07-10", &["2026-07-10", "2026-07-13", "2026-07-20"]),
        (Weekly, "2026-07-13", &["2026-07-13", "2026-07-20", "2026-07-27"]),
        (Weekly, "2026-07-12", &["2026-07-12", "2026-07-13", "2026-07-20"]),
        (Semimonthly, "2026-02-03", &["2026-02-03", "2026-02-16", "2026-03-01", "2026-03-16"]),
        (Semimonthly, "2026-02-15", &["2026-02-15", "2026-02-16", "2026-03-01"]),
        (Semimonthly, "2026-02-28", &["2026-02-28", "2026-03-01", "2026-03-16"]),
        (Monthly, "2026-01-31", &["2026-01-31", "2026-02-01", "2026-03-01"]),
        (Monthly, "2025-12-01", &["2025-12-01", "2026-01-01", "2026-02-01"]),
        // Made on the 29th, 30th or 31st: to the 28th at first, from 28th to 28th afterwards, never back to the 31st.
        (MonthlyAnniversary, "2026-03-30", &["2026-03-30", "2026-04-28", "2026-05-28"]),
        (MonthlyAnniversary, "2026-01-31", &["2026-01-31", "2026-02-28", "2026-03-28"]),
        (MonthlyAnniversary, "2024-01-29", &["2024-01-29", "2024-02-28", "2024-03-28"]),
        (MonthlyAnniversary, "2024-02-29", &["2024-02-29", "2024-03-28", "2024-04-28"]),
        (MonthlyAnniversary, "2026-01-28", &["2026-01-28", "2026-02-28", "2026-03-28"]),
        (MonthlyAnniversary, "2026-12-15", &["2026-12-15", "2027-01-15", "2027-02-15"]),
        (MonthlyAnniversary, "2026-03-01", &["2026-03-01", "2026-04-01", "2026-05-01"]),
        (ThirtyDays, "2026-01-31", &["2026-01-31", "2026-03-02", "2026-04-01"]),
        (ThirtyDays, "2024-02-01", &["2024-02-01", "2024-03-02", "2024-04-01"]),
    ];
    for (period, created, expected) in table {
        assert_eq!(first_days(*period, &zone("Europe/Kyiv"), created, expected.len()), *expected, "{period:?} {created}");
    }
    // Samoa's skipped day: the day before it ends where the day after it begins.
    assert_eq!(first_days(Daily, &zone("Pacific/Apia"), "2011-12-28", 4), ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
    assert_eq!(first_days(ThirtyDays, &zone("Pacific/Apia"), "2011-11-30", 3), ["2011-11-30", "2011-12-31", "2012-01-29"]);
}

#[test]
fn a_period_starts_and_ends_at_midnight_of_the_customer() {
    let table = [
        // period, zone, created, moment, first moment, end
        (
            BillingPeriod::Weekly,
            "Australia/Melbourne",
            "2026-06-01T00:00:00Z",
            "2026-07-08T00:00:00Z",
            "2026-07-05T14:00:00Z",
            "2026-07-12T14:00:00Z",
        ),
        (
            BillingPeriod::Monthly,
            "Pacific/Palau",
            "2026-01-01T00:00:00Z",
            "2026-07-08T00:00:00Z",
            "2026-06-30T15:00:00Z",
            "2026-07-31T15:00:00Z",
        ),
        // A month with a clock change is an hour longer or shorter.
        (
            BillingPeriod::Monthly,
            "Europe/Kyiv",
            "2026-01-01T00:00:00Z",
            "2026-03-15T00:00:00Z",
            "2026-02-28T22:00:00Z",
            "2026-03-31T21:00:00Z",
        ),
        (
            BillingPeriod::Daily,
            "Australia/Lord_Howe",
            "2026-01-01T00:00:00Z",
            "2026-04-05T00:00:00Z",
            "2026-04-04T13:00:00Z",
            "2026-04-05T13:30:00Z",
        ),
        // The boundary instant belongs to the new period, the microsecond before to the old one.
        (
            BillingPeriod::Monthly,
            "Europe/Kyiv",
            "2026-01-01T00:00:00Z",
            "2026-06-30T21:00:00Z",
            "2026-06-30T21:00:00Z",
            "2026-07-31T21:00:00Z",
        ),
        (
            BillingPeriod::Monthly,
            "Europe/Kyiv",
            "2026-01-01T00:00:00Z",
            "2026-06-30T20:59:59.999999Z",
            "2026-05-31T21:00:00Z",
            "2026-06-30T21:00:00Z",
        ),
        // What is older than the customer falls into its first period.
        (
            BillingPeriod::Monthly,
            "Europe/Kyiv",
            "2026-06-20T08:00:00Z",
            "2026-01-01T00:00:00Z",
            "2026-06-19T21:00:00Z",
            "2026-06-30T21:00:00Z",
        ),
    ];
    for (period, name, created, moment, start, end) in table {
        let seen = period.containing(utc(moment), utc(created), &zone(name));
        assert_eq!(seen, (utc(start), utc(end)), "{period:?} {name} {moment}");
    }
}

#[test]
fn each_period_has_its_word_and_its_number() {
    let rows: Vec<(&str, i64)> = BillingPeriod::ALL.iter().map(|period| (period.code(), period.number())).collect();
    let expected = [("daily", 1), ("weekly", 2), ("semimonthly", 3), ("monthly", 4), ("monthly_anniversary", 5), ("thirty_days", 6)];
    assert_eq!(rows, expected);
    for period in BillingPeriod::ALL {
        assert_eq!((BillingPeriod::parse(period.code()), BillingPeriod::from_number(period.number())), (Some(period), Some(period)));
    }
    assert_eq!((BillingPeriod::parse("yearly"), BillingPeriod::from_number(0), BillingPeriod::from_number(7)), (None, None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// T18: every moment since the creation lies in exactly one period, in every zone, over decades.
    #[test]
    fn a_moment_lies_in_one_period(
        name in prop::sample::select(ZONES.to_vec()),
        period in prop::sample::select(BillingPeriod::ALL.to_vec()),
        created in 946_684_800_i64..1_900_000_000,
        later in 0_i64..600_000_000,
    ) {
        let zone = zone(name);
        let created_at = Timestamp::from_microseconds(created * 1_000_000);
        let moment = created_at.plus_seconds(later);
        let found @ (start, end) = period.containing(moment, created_at, &zone);
        prop_assert!(start <= moment && moment < end, "{} {:?}", moment, found);
        for inside in [start.max(created_at), just_before(end)] {
            prop_assert_eq!(period.containing(inside, created_at, &zone), found);
        }
        prop_assert_eq!(period.containing(end, created_at, &zone).0, end);
        if start > created_at {
            prop_assert_eq!(period.containing(just_before(start), created_at, &zone).1, start);
        }
        for edge in [start, end] {
            prop_assert_eq!(zone.start_of(zone.date_of(edge)), edge);
        }
    }

    /// T17, T18: followed from the creation on, the periods tile two years; none is empty, and the loop ends.
    #[test]
    fn periods_tile_the_time_line(
        name in prop::sample::select(ZONES.to_vec()),
        period in prop::sample::select(BillingPeriod::ALL.to_vec()),
        created_day in 14_900_i64..21_000,
        second in 0_i64..86_400,
    ) {
        let zone = zone(name);
        let created_at = Timestamp::from_microseconds((created_day * 86_400 + second) * 1_000_000);
        let (mut start, mut end) = period.containing(created_at, created_at, &zone);
        prop_assert!(start <= created_at && created_at < end);
        let horizon = created_at.plus_days(if period == BillingPeriod::Daily { 60 } else { 730 });
        while end < horizon {
            let (next_start, next_end) = period.containing(end, created_at, &zone);
            prop_assert_eq!(next_start, end);
            prop_assert!(next_end > next_start);
            (start, end) = (next_start, next_end);
        }
        prop_assert!(start < end);
    }
}
