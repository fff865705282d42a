//! Owns moments, dates, time zones and local midnight.
//! Does not own: billing periods (billing.rs) and the clock (moments are arguments everywhere).

use std::fmt;

use jiff::{Timestamp as JiffTimestamp, ToSpan, civil, tz::TimeZone};
use thiserror::Error;

/// A moment: microseconds since 1970-01-01T00:00:00Z. From year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const MICROSECONDS_MIN: i64 = -62_135_596_800_000_000;
const MICROSECONDS_MAX: i64 = 253_402_207_200_000_000;
const DATE_MIN: civil::Date = civil::Date::constant(1, 1, 1);

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimeError {
    #[error("not an RFC 3339 moment such as 2026-06-16T08:00:00Z")]
    NotMoment,
    #[error("not a date such as 2026-06-16")]
    NotDate,
    #[error("not a time zone of the IANA database such as Europe/Kyiv")]
    UnknownZone,
    #[error("outside the years 1 to 9999")]
    OutOfRange,
}

impl Timestamp {
    pub const fn from_microseconds(microseconds: i64) -> Timestamp {
        Timestamp(microseconds)
    }

    pub const fn microseconds(self) -> i64 {
        self.0
    }

    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROSECONDS_PER_SECOND)
    }

    pub const fn milliseconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The moment `seconds` later (earlier when negative), held within years 1 to 9999.
    pub fn plus_seconds(self, seconds: i64) -> Timestamp {
        let moved = self.0.saturating_add(seconds.saturating_mul(MICROSECONDS_PER_SECOND));
        Timestamp(moved.clamp(MICROSECONDS_MIN, MICROSECONDS_MAX))
    }

    pub fn plus_days(self, days: i64) -> Timestamp {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Result<Timestamp, TimeError> {
        let parsed: JiffTimestamp = text.parse().map_err(|_| TimeError::NotMoment)?;
        Timestamp::in_range(parsed)
    }

    /// RFC 3339 in UTC, with a fraction only where there is one.
    pub fn to_rfc3339(self) -> String {
        self.jiff().to_string()
    }

    /// `2026-06-16 08:00:00` in UTC, the form of the compatible face.
    pub fn to_utc_text(self) -> String {
        self.jiff().strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Reads `2026-06-16 08:00:00` as UTC.
    pub fn parse_utc_text(text: &str) -> Result<Timestamp, TimeError> {
        let local = civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).map_err(|_| TimeError::NotMoment)?;
        TimeZone::UTC.to_timestamp(local).map_err(|_| TimeError::OutOfRange).and_then(Timestamp::in_range)
    }

    fn in_range(moment: JiffTimestamp) -> Result<Timestamp, TimeError> {
        let microseconds = moment.as_microsecond();
        let range = MICROSECONDS_MIN..=MICROSECONDS_MAX;
        if range.contains(&microseconds) { Ok(Timestamp(microseconds)) } else { Err(TimeError::OutOfRange) }
    }

    fn jiff(self) -> JiffTimestamp {
        JiffTimestamp::from_microsecond(self.0.clamp(MICROSECONDS_MIN, MICROSECONDS_MAX)).unwrap_or(JiffTimestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_rfc3339())
    }
}

/// A day of the calendar, without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    pub fn new(year: i16, month: i8, day: i8) -> Result<Date, TimeError> {
        civil::Date::new(year, month, day).map_err(|_| TimeError::NotDate).and_then(Date::in_range)
    }

    fn in_range(date: civil::Date) -> Result<Date, TimeError> {
        if date < DATE_MIN { Err(TimeError::OutOfRange) } else { Ok(Date(date)) }
    }

    /// Reads `2026-06-16`.
    pub fn parse(text: &str) -> Result<Date, TimeError> {
        // The library also reads dates with a time behind them; a date field takes a date alone.
        if text.len() != 10 {
            return Err(TimeError::NotDate);
        }
        text.parse().map_err(|_| TimeError::NotDate).and_then(Date::in_range)
    }

    /// The day number that storage keeps: days since 1970-01-01.
    pub fn day_number(self) -> i64 {
        let epoch = civil::Date::constant(1970, 1, 1);
        i64::from(self.0.since(epoch).map_or(0, |span| span.get_days()))
    }

    pub fn from_day_number(days: i64) -> Result<Date, TimeError> {
        let epoch = civil::Date::constant(1970, 1, 1);
        let span = i32::try_from(days).map_err(|_| TimeError::OutOfRange)?.days();
        epoch.checked_add(span).map_err(|_| TimeError::OutOfRange).and_then(Date::in_range)
    }

    /// `days` later (earlier when negative), held within years 1 to 9999.
    pub fn plus_days(self, days: i64) -> Date {
        let last = if days < 0 { DATE_MIN } else { civil::Date::MAX };
        Date(i32::try_from(days).ok().and_then(|days| self.0.checked_add(days.days()).ok()).unwrap_or(last).max(DATE_MIN))
    }

    pub fn day(self) -> i8 {
        self.0.day()
    }

    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    pub fn first_of_month(self) -> Date {
        Date(self.0.first_of_month())
    }

    pub fn last_of_month(self) -> Date {
        Date(self.0.last_of_month())
    }

    /// `16 June`, with the year where it is not `year`.
    pub fn display(self, year: i16) -> String {
        if self.year() == year { self.0.strftime("%-d %B").to_string() } else { self.0.strftime("%-d %B %Y").to_string() }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// A name of the IANA database that stands for a machine whose zone nobody has set.
const NO_ZONE: &str = "Factory";

/// A time zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// `name` as in the IANA database, such as `Pacific/Palau`.
    pub fn parse(name: &str) -> Result<Zone, TimeError> {
        // A POSIX rule or an offset is no billing zone: its rules cannot follow a change of law.
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+')) {
            return Err(TimeError::UnknownZone);
        }
        // Two names of the database stand for "not set".
        let zone = TimeZone::get(name).map_err(|_| TimeError::UnknownZone)?;
        if zone.iana_name().is_none_or(|name| name == NO_ZONE) { Err(TimeError::UnknownZone) } else { Ok(Zone(zone)) }
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Every zone name that `parse` takes, in alphabetical order.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> =
            jiff::tz::db().available().map(|name| name.as_str().to_owned()).filter(|name| name != NO_ZONE).collect();
        names.sort_unstable();
        names
    }

    /// The day that `moment` belongs to: the one with `start_of(day) <= moment < end_of(day)`.
    pub fn date_of(&self, moment: Timestamp) -> Date {
        let date = Date(self.0.to_datetime(moment.jiff()).date());
        // A clock put back across midnight repeats the end of a day that is over; the day itself does not come back.
        let next = date.plus_days(1);
        if moment < self.start_of(next) { date } else { next }
    }

    /// The first moment of `date` here: 00:00, or where a clock change skips midnight, the first that exists.
    /// A date that the zone skipped whole starts when the next one does.
    pub fn start_of(&self, date: Date) -> Timestamp {
        let start = date.0.to_zoned(self.0.clone()).and_then(|zoned| zoned.start_of_day());
        // Fails only at the ends of the range: never a moment in between, for holds and periods start here.
        let end = if date.0 <= DATE_MIN { MICROSECONDS_MIN } else { MICROSECONDS_MAX };
        let microseconds = start.map_or(end, |zoned| zoned.timestamp().as_microsecond());
        Timestamp(microseconds.clamp(MICROSECONDS_MIN, MICROSECONDS_MAX))
    }

    /// The first moment after `date` here.
    pub fn end_of(&self, date: Date) -> Timestamp {
        self.start_of(date.plus_days(1))
    }

    /// What calendar and clock show: the date and the minute of the day.
    pub fn date_and_minute(&self, moment: Timestamp) -> (Date, u16) {
        let local = self.0.to_datetime(moment.jiff());
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
        (Date(local.date()), minute)
    }

    /// The moments at which the clock shows `minute` of the day on `date` (1,440 is the next midnight): one; two where the clock
    /// is put back over it; none where it is put forward over it.
    pub fn moments_at(&self, date: Date, minute: u16) -> Vec<Timestamp> {
        let Ok(local) = date.0.at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()) else { return Vec::new() };
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
            return Vec::new();
        }
        let found = [ambiguous.earlier(), ambiguous.later()];
        let mut moments: Vec<Timestamp> =
            found.into_iter().filter_map(|moment| moment.ok().and_then(|moment| Timestamp::in_range(moment).ok())).collect();
        moments.dedup();
        moments
    }

    /// The moments after `from` and before `to` at which the clock is put forward or back.
    pub fn changes_between(&self, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let changes = self.0.following(from.jiff()).filter_map(|change| Timestamp::in_range(change.timestamp()).ok());
        changes.take_while(|change| *change < to).collect()
    }

    /// `16 June at 14:05`, with the year where it is not the year of `now`.
    pub fn display_moment(&self, moment: Timestamp, now: Timestamp) -> String {
        let local = self.0.to_datetime(moment.jiff());
        let year = self.date_of(now).year();
        format!("{} at {}", Date(local.date()).display(year), local.strftime("%H:%M"))
    }

    /// `16 June`, with the year where it is not the year of `now`.
    pub fn display_date(&self, moment: Timestamp, now: Timestamp) -> String {
        self.date_of(moment).display(self.date_of(now).year())
    }
}
