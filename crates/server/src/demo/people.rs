//! Owns invented names of people and companies, in the scripts of their places, each given once.
//! Does not own: where they live.

use std::collections::HashSet;

use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use trunkline_domain::name::name_key;

use super::carrier::Place;

/// Hands out names that nobody else has.
#[derive(Default)]
pub struct Names {
    given: HashSet<String>,
}

const FIRST: &[&str] = &[
    "Amelia", "Anders", "Beatriz", "Chiara", "Daan", "Dilnoza", "Eilidh", "Emre", "Farida", "Grzegorz", "Hana", "Ilse", "Ingrid", "João",
    "Kofi", "Leïla", "Łucja", "Maëlle", "Mikołaj", "Noor", "Óscar", "Priya", "Rūta", "Saoirse", "Søren", "Tomáš", "Ülle", "Viktor", "Wren",
    "Yara", "Zofia", "Željko",
];
const LAST: &[&str] = &[
    "Abara",
    "Åkerlund",
    "Bellweather",
    "Brightwater",
    "Castellan",
    "Dąbrowicz",
    "Eastmoor",
    "Fennimore",
    "Grünewald",
    "Hallström",
    "Iñárritz",
    "Jónasdal",
    "Kettleworth",
    "Lindqvarn",
    "Marchetto",
    "Nørgaarden",
    "Oakhollow",
    "Pereiral",
    "Quillfeather",
    "Rosenthorn",
    "Şahinoğlu",
    "Silverlake",
    "Thornbury",
    "Umarovich",
    "Vandermeer",
    "Wolfenden",
    "Yılmazer",
    "Zábranský",
];
const TRADE: &[&str] = &[
    "Advisory",
    "Bakery",
    "Books",
    "Bridge",
    "Cargo",
    "Clinic",
    "Coffee",
    "Design",
    "Electric",
    "Farms",
    "Foods",
    "Freight",
    "Gardens",
    "Glass",
    "Harbour",
    "Hotels",
    "Instruments",
    "Labs",
    "Legal",
    "Logistics",
    "Marine",
    "Media",
    "Mills",
    "Optics",
    "Outfitters",
    "Partners",
    "Press",
    "Robotics",
    "Shipping",
    "Solar",
    "Studio",
    "Textiles",
    "Tools",
    "Travel",
    "Works",
];
const COLOUR: &[&str] = &[
    "Amber",
    "Blue",
    "Copper",
    "Crimson",
    "Evergreen",
    "Golden",
    "Grey",
    "Indigo",
    "Ivory",
    "Jade",
    "Northern",
    "Pale",
    "Quiet",
    "Red",
    "River",
    "Silver",
    "Southern",
    "Stone",
    "Swift",
    "Tall",
    "Upper",
    "Violet",
    "Western",
    "White",
    "Wild",
];
const BEAST: &[&str] = &[
    "Badger", "Bear", "Crane", "Falcon", "Finch", "Fox", "Hare", "Heron", "Kestrel", "Lark", "Lynx", "Magpie", "Marten", "Otter", "Owl",
    "Raven", "Robin", "Seal", "Sparrow", "Stag", "Stork", "Swan", "Tern", "Trout", "Wolf",
];

impl Names {
    pub fn person(&mut self, place: &Place, random: &mut ChaCha8Rng) -> String {
        let local = place.people.choose(random).copied();
        let first = FIRST.choose(random).copied().unwrap_or("Ada");
        let last = LAST.choose(random).copied().unwrap_or("Fennimore");
        let name = match local {
            // Half of the people have a name in their place's own script.
            Some(local) if rand::Rng::random_ratio(random, 1, 2) => local.to_owned(),
            _ => format!("{first} {last}"),
        };
        self.once(name)
    }

    pub fn company(&mut self, place: &Place, random: &mut ChaCha8Rng) -> String {
        let colour = COLOUR.choose(random).copied().unwrap_or("Blue");
        let beast = BEAST.choose(random).copied().unwrap_or("Heron");
        let trade = TRADE.choose(random).copied().unwrap_or("Works");
        let name = match place.companies.choose(random).copied() {
            Some(local) if rand::Rng::random_ratio(random, 1, 4) => local.to_owned(),
            _ => format!("{colour} {beast} {trade} {}", place.form),
        };
        self.once(name)
    }

    /// The name, with a number where it is taken.
    fn once(&mut self, name: String) -> String {
        let mut number = 1;
        let mut tried = name.clone();
        while !self.given.insert(name_key(&tried)) {
            number += 1;
            tried = format!("{name} {number}");
        }
        tried
    }
}
