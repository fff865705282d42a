//! Searching by name: each mode finds exactly what it says, whatever characters the names and the search hold.

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::CustomerType;
use trunkline_domain::name::name_key;
use trunkline_domain::search::SearchField;
use trunkline_storage::customer_list::{self, Entry, From, ListFilter, ListSort, MatchMode, SearchTexts, TextSearch, marked, page_within};
use trunkline_storage::writer::StoredStatus;

use crate::fixture::Lot;
use crate::world::World;

const MODES: [MatchMode; 5] = [MatchMode::Exactly, MatchMode::StartsWith, MatchMode::Contains, MatchMode::EndsWith, MatchMode::Pattern];

/// `%` is any text and `_` any character; everything else is itself.
fn matches_pattern(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skipped| matches_pattern(rest, &text[skipped..])),
        Some(('_', rest)) => !text.is_empty() && matches_pattern(rest, &text[1..]),
        Some((one, rest)) => text.first() == Some(one) && matches_pattern(rest, &text[1..]),
    }
}

pub fn matches_by_hand(wanted: &TextSearch, name_key: &str) -> bool {
    let key = wanted.key.as_str();
    match wanted.mode {
        MatchMode::Exactly => name_key == key,
        MatchMode::StartsWith => name_key.starts_with(key),
        MatchMode::Contains => name_key.contains(key),
        MatchMode::EndsWith => name_key.ends_with(key),
        MatchMode::Pattern => matches_pattern(&key.chars().collect::<Vec<_>>(), &name_key.chars().collect::<Vec<_>>()),
    }
}

/// A search drawn by lot from a name that is there.
pub fn wanted(lot: &mut Lot, name: &str) -> TextSearch {
    let mode = *lot.one_of(&MODES);
    drawn(lot, mode, name)
}

/// The same with a mode that every field can be searched by.
pub fn wanted_without_pattern(lot: &mut Lot, text: &str) -> TextSearch {
    let mode = *lot.one_of(&MODES[..4]);
    let found = drawn(lot, mode, text);
    // What starts with one character alone no trigram tells; the floor above refuses it.
    if found.key.chars().count() < 2 { TextSearch::name(MatchMode::Exactly, text) } else { found }
}

fn drawn(lot: &mut Lot, mode: MatchMode, name: &str) -> TextSearch {
    let characters: Vec<char> = name.chars().collect();
    let length = characters.len();
    let within_min = 3.min(length);
    let key: String = match mode {
        MatchMode::Exactly => name.to_owned(),
        MatchMode::StartsWith => characters[..1 + lot.below(length)].iter().collect(),
        MatchMode::Contains | MatchMode::EndsWith => {
            let from = if mode == MatchMode::EndsWith {
                length - within_min - lot.below(length - within_min + 1)
            } else {
                lot.below(length - within_min + 1)
            };
            let end = if mode == MatchMode::EndsWith { length } else { (from + within_min + lot.below(4)).min(length) };
            characters[from..end].iter().collect()
        }
        MatchMode::Pattern => {
            let mut pattern = characters;
            for _ in 0..2 {
                let at = lot.below(pattern.len());
                pattern[at] = *lot.one_of(&['%', '_']);
            }
            pattern.into_iter().collect()
        }
    };
    // A search within names has three characters at least; the floor above refuses shorter ones.
    let mode =
        if key.chars().count() < 3 && matches!(mode, MatchMode::Contains | MatchMode::EndsWith) { MatchMode::StartsWith } else { mode };
    TextSearch::name(mode, &key)
}

const NAMES: [&str; 26] = [
    "Ada Lovelace",
    "ADA lovelace ltd",
    "Ada",
    "Ad",
    "Straße GmbH",
    "Strasse AG",
    "100% Pure",
    "100 Pure",
    "a_b Telecom",
    "aXb Telecom",
    "O'Neil & Sons",
    "The \"Quoted\" One",
    "back\\slash",
    "wow!%_!",
    "👩‍👩‍👧‍👦 Family",
    "👍👍👍",
    "👍👍",
    "日本電信電話",
    "日本",
    "Ελλάδα Τηλέφωνο",
    "Ёлка",
    "ﬁber",
    "Ångström",
    "A\u{30a}ngstrom 2",
    "select 1; drop table customer",
    "\u{10ffff}\u{10ffff} last",
];

on_both! {
    fn each_mode_finds_what_it_says_and_nothing_else(world: &mut World) {
        let keys: Vec<String> = NAMES.iter().map(|name| name_key(name)).collect();
        let rows: Vec<Entry> = keys.iter().zip(1..).map(|(key, customer_id)| entry(customer_id, key)).collect();
        let texts: Vec<SearchTexts> = rows.iter().map(texts).collect();
        world
            .write(move |tx| {
                customer_list::add_many(tx, &rows)?;
                customer_list::add_texts(tx, &texts)
            })
            .unwrap();
        let searches = [
            "ada", "ADA LOVELACE", "lov", "ltd", "straße", "strasse", "100%", "100% pure", "a_b", "a_b telecom", "o'n", "o'neil & sons", "\"quoted\"", "\"", "back\\", "h\\s",
            "wow!%_!", "!%_", "%_!", "👩‍👩", "👍👍👍", "👍", "日本電", "日本", "ελλάδα", "ΤΗΛΈΦΩΝΟ", "ёлка", "fiber", "ﬁb", "ångström", "ngst", "select 1; drop", "' or 1=1 --",
            "\u{10ffff}", "\u{10ffff}\u{10ffff} l", "%", "_", "__", "a%", "%a", "%pure", "100!%%", "\\%", "pure pure", "*", "ad*", "near(a b)", "a OR b", "-ada", "^ada", "name_key:ada",
        ];
        world
            .read(move |tx| {
                for search in searches {
                    for mode in MODES {
                        let wanted = TextSearch::name(mode, &name_key(search));
                        if wanted.is_within() && wanted.key.chars().count() < 3 {
                            continue;
                        }
                        let mut expected: Vec<&String> = keys.iter().filter(|key| matches_by_hand(&wanted, key)).collect();
                        expected.sort();
                        for (sort, candidates_max) in [(ListSort::Name, 2_000), (ListSort::Name, 0), (ListSort::BalanceControl, 2_000), (ListSort::BalanceControl, 0)] {
                            let filter = ListFilter { search: Some(wanted.clone()), ..ListFilter::default() };
                            let found = page_within(tx, &filter, &[sort.up()], &From::First, 100, candidates_max)?.unwrap();
                            let found: Vec<&String> =
                                found.places.iter().map(|place| &keys[usize::try_from(place.customer_id - 1).unwrap()]).collect();
                            assert_eq!(found, expected, "{mode:?} {search:?} by {}, up to {candidates_max} candidates", sort.code());
                            assert_eq!(customer_list::count(tx, &filter, 100)?, i64::try_from(expected.len()).unwrap(), "{mode:?} {search:?}");
                        }
                    }
                }
                Ok(())
            })
            .unwrap();
    }
}

fn texts(entry: &Entry) -> SearchTexts {
    let of = |field: SearchField| if field == SearchField::Name { marked(std::slice::from_ref(&entry.name_key)) } else { String::new() };
    SearchTexts { customer_id: entry.customer_id, columns: SearchField::ALL.map(of) }
}

fn entry(customer_id: i64, key: &str) -> Entry {
    Entry {
        customer_id,
        company_key: String::new(),
        customer_type: CustomerType::Retail,
        billing_period: BillingPeriod::Monthly,
        created_at: crate::fixture::now(),
        overdue_from: None,
        name_key: key.to_owned(),
        stored: StoredStatus { status_order: 1_700, changes_at: None },
        balance_control: trunkline_domain::customer::BalanceControl::Postpaid,
        currency: "EUR".to_owned(),
        customer_class_id: 1,
        reseller_id: 0,
        limit_kind: 1,
        credit_limit: 0,
        limit_part: 0,
        amount: 0,
    }
}
