//! Owns numbers of accounts and contacts, all from ranges that regulators keep for fiction.
//! Does not own: who has them.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Prefix and how many digits may follow freely: France's 02 61 91, 03 53 01, 04 65 71, 05 36 49 and 06 39 98
/// (ARCEP), Britain's 020 7946 0, 0113 496 0 to 0191 498 0 and 07700 900 (Ofcom).
const RANGES: &[(&str, usize)] = &[
    ("33261910", 3),
    ("33353010", 3),
    ("33465710", 3),
    ("33536490", 3),
    ("33639980", 3),
    ("4420794600", 2),
    ("441134960", 3),
    ("441144960", 3),
    ("441154960", 3),
    ("441164960", 3),
    ("441174960", 3),
    ("441184960", 3),
    ("441214960", 3),
    ("441314960", 3),
    ("441414960", 3),
    ("441514960", 3),
    ("441614960", 3),
    ("447700900", 3),
];

/// Hands out identities one after the other.
#[derive(Default)]
pub struct Numbers {
    given: usize,
}

impl Numbers {
    /// A number while there are some, then addresses of a domain that is kept for examples.
    pub fn next_identity(&mut self) -> String {
        let mut place = self.given;
        self.given += 1;
        // France's 01 99 00 alone has 10,000 numbers; it comes last.
        for (prefix, digits) in RANGES {
            let size = 10_usize.pow(u32::try_from(*digits).unwrap_or(0));
            if place < size {
                return format!("{prefix}{place:0digits$}");
            }
            place -= size;
        }
        if place < 10_000 {
            return format!("3319900{place:04}");
        }
        format!("line{}@sip.example", place - 10_000)
    }
}

/// A number for a contact: North America's 555-0100 to 555-0199.
pub fn contact(random: &mut ChaCha8Rng) -> String {
    let area = random.random_range(201..990);
    format!("+1 {area} 555 01{:02}", random.random_range(0..100))
}
