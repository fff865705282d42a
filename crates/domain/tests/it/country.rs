//! Countries: the codes of ISO 3166-1 in use, as the compatible API lists them too.

use trunkline_domain::country::is_country;

/// Two letters, three letters, number, name.
const LISTED: &str = include_str!("../../../porta/src/countries.txt");

#[test]
fn a_country_is_a_code_in_use_in_capitals() {
    for code in ["DE", "UA", "AD", "ZW", "TW", "BQ", "SS"] {
        assert!(is_country(code), "{code}");
    }
    // Small letters, three of them, reserved only, withdrawn, free for anybody's use, nothing.
    for code in ["de", "DEU", "UK", "EU", "AN", "CS", "SU", "YU", "ZR", "XK", "ZZ", "", " ", "D", "AD AE", "DE "] {
        assert!(!is_country(code), "{code:?}");
    }
}

#[test]
fn there_is_one_list_of_countries() {
    let listed: Vec<&str> = LISTED.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(listed.len(), 249);
    let letters = || (b'A'..=b'Z').map(char::from);
    let known: Vec<String> =
        letters().flat_map(|one| letters().map(move |other| format!("{one}{other}"))).filter(|code| is_country(code)).collect();
    assert_eq!(known, listed);
}
