//! Moments, dates, zones, and where a day starts when the clock changes (T15).

use proptest::prelude::*;
use trunkline_domain::time::{Date, TimeError, Timestamp, Zone};

use crate::fixture::{ZONES, day, just_before, utc, zone};

#[test]
fn a_day_starts_at_its_first_moment_and_lasts_as_long_as_the_clock_says() {
    let table = [
        // zone, day, its first moment, minutes it lasts
        ("Europe/Kyiv", "2026-03-28", "2026-03-27T22:00:00Z", 1440),
        ("Europe/Kyiv", "2026-03-29", "2026-03-28T22:00:00Z", 1380),
        ("Europe/Kyiv", "2026-10-25", "2026-10-24T21:00:00Z", 1500),
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00Z", 1380),
        ("America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00Z", 1500),
        ("America/Juneau", "2026-11-01", "2026-11-01T08:00:00Z", 1500),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", 1470),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", 1410),
        ("Asia/Kolkata", "2026-03-29", "2026-03-28T18:30:00Z", 1440),
        ("Australia/Melbourne", "2026-07-06", "2026-07-05T14:00:00Z", 1440),
        ("Pacific/Palau", "2026-07-01", "2026-06-30T15:00:00Z", 1440),
        // Samoa went from the 29th to the 31st: the 30th has no moment of its own.
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 1440),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 1440),
        // 00:00 does not exist, the day starts at 01:00.
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", 1380),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 1380),
        // 23:00 comes twice; the day that it ends has 25 hours.
        ("America/Santiago", "2026-04-04", "2026-04-04T03:00:00Z", 1500),
        // 00:00 comes twice; the day starts at the first.
        ("Atlantic/Azores", "2026-10-25", "2026-10-25T00:00:00Z", 1500),
        // At 00:01 the clock went back to 23:01 of the day that was over; that day did not come back.
        ("America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z", 1440),
        ("America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", 1500),
    ];
    for (name, date, start, minutes) in table {
        let (zone, date) = (zone(name), day(date));
        let (first, end) = (zone.start_of(date), zone.end_of(date));
        assert_eq!((first, (end.seconds() - first.seconds()) / 60), (utc(start), minutes), "{name} {date}");
    }
}

#[test]
fn a_moment_belongs_to_the_day_that_the_local_clock_shows() {
    let table = [
        ("Europe/Kyiv", "2026-07-09T20:59:59.999999Z", "2026-07-09"),
        ("Europe/Kyiv", "2026-07-09T21:00:00Z", "2026-07-10"),
        ("America/Los_Angeles", "2026-07-10T06:59:59Z", "2026-07-09"),
        ("Asia/Kolkata", "2026-07-09T18:30:00Z", "2026-07-10"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"),
        ("America/Santiago", "2026-09-06T03:59:59Z", "2026-09-05"),
        ("America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06"),
        ("America/Santiago", "2026-04-05T03:30:00Z", "2026-04-04"),
        // The clock shows 23:30 of the 6th for the second time.
        ("America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07"),
    ];
    for (name, moment, date) in table {
        assert_eq!(zone(name).date_of(utc(moment)), day(date), "{name} {moment}");
    }
}

#[test]
fn a_moment_is_read_in_full_or_refused() {
    use TimeError::{NotMoment, OutOfRange};
    let table: &[(&str, Result<&str, TimeError>)] = &[
        ("2026-06-16T08:00:00Z", Ok("2026-06-16T08:00:00Z")),
        ("2026-06-16T10:00:00+02:00", Ok("2026-06-16T08:00:00Z")),
        ("2026-06-16T08:00:00.000001Z", Ok("2026-06-16T08:00:00.000001Z")),
        ("0001-01-01T00:00:00Z", Ok("0001-01-01T00:00:00Z")),
        ("0000-12-31T23:59:59Z", Err(OutOfRange)),
        ("2026-06-16T08:00:00", Err(NotMoment)),
        ("2026-06-16", Err(NotMoment)),
        ("2026-02-29T00:00:00Z", Err(NotMoment)),
        ("tomorrow", Err(NotMoment)),
        ("", Err(NotMoment)),
    ];
    for (text, expected) in table {
        assert_eq!(Timestamp::parse(text).map(Timestamp::to_rfc3339), expected.clone().map(str::to_owned), "{text:?}");
    }
    let table: &[(&str, Result<&str, TimeError>)] = &[
        ("2026-06-16 08:00:00", Ok("2026-06-16 08:00:00")),
        ("2026-06-16T08:00:00", Err(NotMoment)),
        ("2026-06-16 24:00:00", Err(NotMoment)),
        ("2026-06-16 08:00:00 UTC", Err(NotMoment)),
        ("0000-01-01 00:00:00", Err(OutOfRange)),
        ("-001-01-01 00:00:00", Err(OutOfRange)),
        ("9999-12-31 23:59:59", Err(OutOfRange)),
    ];
    for (text, expected) in table {
        assert_eq!(Timestamp::parse_utc_text(text).map(Timestamp::to_utc_text), expected.clone().map(str::to_owned), "{text:?}");
    }
}

#[test]
fn a_date_is_read_in_full_or_refused() {
    use TimeError::{NotDate, OutOfRange};
    let table: &[(&str, Result<i64, TimeError>)] = &[
        ("1970-01-01", Ok(0)),
        ("1969-12-31", Ok(-1)),
        ("2026-06-16", Ok(20_620)),
        ("2024-02-29", Ok(19_782)),
        ("0001-01-01", Ok(-719_162)),
        ("0000-12-31", Err(OutOfRange)),
        ("2026-02-29", Err(NotDate)),
        ("2026-6-16", Err(NotDate)),
        ("20260616", Err(NotDate)),
        ("16.06.2026", Err(NotDate)),
        ("2026-06-16T00:00:00Z", Err(NotDate)),
        ("", Err(NotDate)),
    ];
    for (text, expected) in table {
        assert_eq!(Date::parse(text).map(Date::day_number), *expected, "{text:?}");
        if let Ok(number) = expected {
            assert_eq!(Date::from_day_number(*number), Ok(day(text)));
            assert_eq!(day(text).to_string(), *text);
        }
    }
    assert_eq!(Date::new(2026, 2, 30), Err(NotDate));
    assert_eq!(Date::new(-1, 1, 1), Err(OutOfRange));
    assert_eq!(Date::from_day_number(i64::MAX), Err(OutOfRange));
    assert_eq!(Date::from_day_number(-719_163), Err(OutOfRange));
}

#[test]
fn a_date_knows_its_calendar() {
    let table = [
        // date, weekday (1 is Monday), first and last of its month, shown in 2026
        ("2026-07-10", 5, "2026-07-01", "2026-07-31", "10 July"),
        ("2026-02-01", 7, "2026-02-01", "2026-02-28", "1 February"),
        ("2024-02-29", 4, "2024-02-01", "2024-02-29", "29 February 2024"),
        ("2027-01-01", 5, "2027-01-01", "2027-01-31", "1 January 2027"),
    ];
    for (text, weekday, first, last, shown) in table {
        let date = day(text);
        assert_eq!((date.weekday(), date.first_of_month(), date.last_of_month()), (weekday, day(first), day(last)), "{text}");
        assert_eq!(date.display(2026), shown);
    }
}

#[test]
fn a_zone_is_one_of_the_iana_database() {
    // Letters of either case; both the old and the new name of a place.
    for (text, name) in [("Europe/Kyiv", "Europe/Kyiv"), ("europe/kyiv", "Europe/Kyiv"), ("Europe/Kiev", "Europe/Kiev"), ("UTC", "UTC")] {
        assert_eq!(zone(text).name(), name);
    }
    // Offsets, rules, and names that stand for "not set" are no billing zone.
    for text in ["", "Kyiv", "+03", "UTC+3", "EST5EDT,M3.2.0,M11.1.0", "local", "Etc/Unknown", "Factory", "../etc/passwd", "Europe/Kyiv\0"]
    {
        assert_eq!(Zone::parse(text), Err(TimeError::UnknownZone), "{text:?}");
    }
    let names = Zone::names();
    assert!(names.len() > 400 && names.is_sorted());
    let odd: Vec<&String> = names.iter().filter(|name| Zone::parse(name).map(|zone| zone.name().to_owned()).as_ref() != Ok(name)).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn the_ends_of_the_calendar_stay_ends() {
    let (first, last) = (day("0001-01-01"), day("9999-12-31"));
    assert_eq!((day("2026-01-01").plus_days(i64::MIN), day("2026-01-01").plus_days(i64::MAX)), (first, last));
    assert_eq!((first.plus_days(-1), last.plus_days(1)), (first, last));
    // A date too far away never becomes a moment in the middle: a hold planned for then must not begin now.
    for name in ZONES {
        assert!(zone(name).start_of(last) > utc("9999-12-30T00:00:00Z"), "{name}");
        assert!(zone(name).start_of(first) < utc("0001-01-02T00:00:00Z"), "{name}");
    }
    let late = utc("9999-12-30T00:00:00Z");
    assert_eq!(late.plus_days(i64::MAX), utc("9999-12-30T22:00:00Z"));
    assert_eq!(late.plus_seconds(i64::MIN), utc("0001-01-01T00:00:00Z"));
}

#[test]
fn a_moment_is_shown_in_its_zone_with_the_year_only_where_it_differs() {
    let now = utc("2026-07-10T09:00:00Z");
    let table = [
        ("Europe/Kyiv", "2026-06-16T11:05:00Z", "16 June", "16 June at 14:05"),
        ("America/Los_Angeles", "2026-06-16T06:59:00Z", "15 June", "15 June at 23:59"),
        ("Asia/Kolkata", "2026-12-31T18:30:00Z", "1 January 2027", "1 January 2027 at 00:00"),
        ("Europe/Kyiv", "2025-12-31T21:00:00Z", "31 December 2025", "31 December 2025 at 23:00"),
    ];
    for (name, moment, date, full) in table {
        let zone = zone(name);
        assert_eq!((zone.display_date(utc(moment), now).as_str(), zone.display_moment(utc(moment), now).as_str()), (date, full));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// T15: every moment lies in its day, days follow each other without gap or overlap, and time never goes back a day.
    #[test]
    fn days_tile_the_time_line(name in prop::sample::select(ZONES.to_vec()), seconds in 946_684_800_i64..2_500_000_000, step in 0_i64..200_000) {
        let zone = zone(name);
        let moment = Timestamp::from_microseconds(seconds * 1_000_000 + 7);
        let date = zone.date_of(moment);
        prop_assert!(zone.start_of(date) <= moment && moment < zone.end_of(date));
        prop_assert_eq!(zone.date_of(zone.start_of(date)), date);
        prop_assert_eq!(zone.date_of(just_before(zone.end_of(date))), date);
        prop_assert_eq!(zone.end_of(date), zone.start_of(date.plus_days(1)));
        prop_assert!(zone.date_of(moment.plus_seconds(step)) >= date);
    }

    #[test]
    fn moments_and_dates_are_read_back(microseconds in -62_135_596_800_000_000_i64..253_402_207_200_000_000, days in -719_162_i64..2_932_896) {
        let moment = Timestamp::from_microseconds(microseconds);
        prop_assert_eq!(Timestamp::parse(&moment.to_rfc3339()), Ok(moment));
        let date = Date::from_day_number(days).unwrap();
        prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
        prop_assert_eq!(date.day_number(), days);
    }
}
