//! Owns tests of the service Generic.
//! Does not own: what a time zone does.

use std::collections::BTreeSet;

use trunkline_usecase::domain::time::Zone;

use crate::world::World;

#[test]
fn time_zones_have_numbers_that_stay() {
    let world = World::new();
    let got = world.call("Generic/get_time_zone_list", r#"{"limit":1000,"get_total":1}"#).ok().json();
    let list = got["time_zone_list"].as_array().expect("a list");
    assert_eq!(got["total"].as_u64(), u64::try_from(list.len()).ok());
    let names: BTreeSet<String> = list.iter().map(|zone| zone["time_zone_name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(names.len(), list.len());
    let known: BTreeSet<String> = Zone::names().into_iter().collect();
    let new: Vec<&String> = known.difference(&names).collect();
    assert!(new.is_empty(), "add these at the end of time_zones.txt, whatever their place in the alphabet: {new:?}");
    let gone: Vec<&String> = names.difference(&known).collect();
    assert!(gone.is_empty(), "the database has lost these; keep their lines, and except them here: {gone:?}");
    for (number, name) in [(1, "Africa/Abidjan"), (323, "Asia/Tokyo"), (597, "Zulu")] {
        let line = list.iter().find(|zone| zone["i_time_zone"] == number).expect("a line");
        assert_eq!(line["time_zone_name"], name);
    }
}

#[test]
fn lists_have_pages() {
    let world = World::new();
    let got = world.call("Generic/get_countries_list", r#"{"limit":2,"offset":55,"get_total":1}"#).ok();
    let expected = concat!(
        r#"{"countries_list":[{"iso_3166_1_a2":"CZ","iso_3166_1_a3":"CZE","iso_3166_1_numeric":"203","name":"Czechia"},"#,
        r#"{"iso_3166_1_a2":"DE","iso_3166_1_a3":"DEU","iso_3166_1_numeric":"276","name":"Germany"}],"total":249}"#
    );
    assert_eq!(got.body, expected);
    let zones = world.call("Generic/get_time_zone_list", r#"{"limit":1}"#).ok();
    assert_eq!(zones.body, r#"{"time_zone_list":[{"i_time_zone":1,"time_zone_name":"Africa/Abidjan"}]}"#);
    assert_eq!(world.call("Generic/get_countries_list", r#"{"limit":1001}"#).fault(), "Server.Generic.get_countries_list.out_of_range");
    assert_eq!(
        world.call("Generic/get_countries_list", r#"{"offset":1}"#).fault(),
        "Server.Generic.get_countries_list.offset_without_limit"
    );
}
