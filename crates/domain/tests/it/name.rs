//! Names: which are the same to a person, and what none may hold.

use proptest::prelude::*;
use trunkline_domain::name::{is_forbidden, name_key};

#[test]
fn names_that_read_the_same_have_one_key() {
    let table: &[(&str, &[&str])] = &[
        ("acme telecom", &["Acme Telecom", "ACME TELECOM", "  Acme \t Telecom ", "Acme\u{a0}Telecom", "Ａｃｍｅ　Ｔｅｌｅｃｏｍ"]),
        ("müller & söhne", &["Müller & Söhne", "Mu\u{308}ller & So\u{308}hne", "MÜLLER & SÖHNE"]),
        ("hauptstrasse", &["Hauptstraße", "HAUPTSTRASSE", "Hauptstrasse", "HAUPTSTRAẞE"]),
        ("οδοσ", &["ΟΔΟΣ", "οδος", "Οδοσ"]),
        // A letter whose capital is three characters comes back as one.
        ("προΐσταμαι", &["προΐσταμαι", "προΐσταμαι"]),
        ("файне місто", &["Файне Місто", "ФАЙНЕ МІСТО"]),
        ("office 12", &["Oﬃce 12", "OFFICE 12", "office ⑫"]),
        ("株式会社アクメ", &["株式会社アクメ", "㍿アクメ", "株式会社ｱｸﾒ"]),
        ("東京通信", &["東京通信"]),
        ("", &["", "   ", "\t\n"]),
    ];
    for (key, names) in table {
        for name in *names {
            assert_eq!(name_key(name), *key, "{name:?}");
        }
    }
}

#[test]
fn names_that_read_differently_have_different_keys() {
    for (one, other) in [("Acme", "Acne"), ("Müller", "Muller"), ("A B", "AB"), ("Ä", "A"), ("0", "O"), ("Петро", "Petro")] {
        assert_ne!(name_key(one), name_key(other), "{one} {other}");
    }
}

#[test]
fn no_name_holds_controls_or_marks_that_hide_or_reorder() {
    let forbidden = [
        '\0',
        '\n',
        '\t',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{e0041}',
    ];
    for character in forbidden {
        assert!(is_forbidden(character), "U+{:04X}", u32::from(character));
    }
    // Joiners shape letters in Persian and in the scripts of India, and an emoji may need one: they stay.
    for character in ['a', 'ß', 'é', '中', 'ー', '\'', '’', '&', '/', ' ', '\u{200c}', '\u{200d}', '\u{301}', '😀'] {
        assert!(!is_forbidden(character), "U+{:04X}", u32::from(character));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_key_is_its_own_key_and_ignores_capitals(name in "\\PC{0,24}") {
        let key = name_key(&name);
        prop_assert_eq!(&name_key(&key), &key);
        prop_assert_eq!(&name_key(&name.to_uppercase()), &key);
        prop_assert!(!key.starts_with(' ') && !key.ends_with(' ') && !key.contains("  "));
    }
}
