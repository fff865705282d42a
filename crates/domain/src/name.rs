//! Owns the key by which names sort, match and are unique.
//! Does not own: what is named.

use unicode_normalization::UnicodeNormalization;

/// Longest name in characters; a key can be longer, for compatibility forms expand.
pub const NAME_CHARACTERS_MAX: usize = 100;

/// NFKC, case-folded, white space folded to single spaces. Two names with one key are the same name to a person.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    // Through capitals, so that letters with two small forms meet: ß and ss, ς and σ. Twice around the compatibility
    // form: some capitals only appear after it.
    let folded = name.nfkc().flat_map(fold_case).nfkc().flat_map(fold_case).nfkc();
    let mut space_waits = false;
    for character in folded {
        if character.is_whitespace() {
            space_waits = !key.is_empty();
            continue;
        }
        if space_waits {
            key.push(' ');
            space_waits = false;
        }
        key.push(character);
    }
    key
}

fn fold_case(character: char) -> impl Iterator<Item = char> {
    character.to_uppercase().flat_map(char::to_lowercase)
}

/// Characters that no name, comment line or identity may hold: controls, and the marks that reorder or hide text.
pub fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}
