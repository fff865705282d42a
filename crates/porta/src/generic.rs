//! Owns the service Generic: lists that are the same for everybody, and the numbers that time zones have here.
//! Does not own: time zones themselves (domain/time.rs).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::error::Fault;
use crate::page::page;
use crate::reply::{Object, Reply};
use crate::router::Call;

/// Names of the IANA database, one a line. The number of a zone is the number of its line, so that lines are only ever
/// added at the end; a test finds the names that the database has gained.
const TIME_ZONES: &str = include_str!("time_zones.txt");
/// Countries of ISO 3166-1: two letters, three letters, number, name; separated by tabs, by their two letters.
const COUNTRIES: &str = include_str!("countries.txt");

static NUMBERS: LazyLock<HashMap<&str, i64>> =
    LazyLock::new(|| (1..).zip(TIME_ZONES.lines()).map(|(number, name)| (name, number)).collect());

/// The number of a time zone.
pub fn time_zone_number(name: &str) -> Option<i64> {
    NUMBERS.get(name).copied()
}

/// The time zone with a number.
pub fn time_zone_name(number: i64) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    TIME_ZONES.lines().nth(index)
}

pub async fn get_time_zone_list(call: Call) -> Result<Reply, Fault> {
    let zones = (1..).zip(TIME_ZONES.lines()).map(|(number, name)| {
        let mut zone = Object::new(false);
        zone.int("i_time_zone", number);
        zone.text("time_zone_name", name);
        zone.finish()
    });
    page(&call, "time_zone_list", zones.collect())
}

pub async fn get_countries_list(call: Call) -> Result<Reply, Fault> {
    let countries = COUNTRIES.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        let (two, three, number, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let mut country = Object::new(false);
        country.text("iso_3166_1_a2", two);
        country.text("iso_3166_1_a3", three);
        country.text("iso_3166_1_numeric", number);
        country.text("name", name);
        Some(country.finish())
    });
    page(&call, "countries_list", countries.collect())
}
