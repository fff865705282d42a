//! Owns the key by which names sort, match and are unique.
//! Does not own: what is named.

use unicode_normalization::UnicodeNormalization;

/// Longest name in characters; a key can be longer, for compatibility forms expand.
pub const NAME_CHARACTERS_MAX: usize = 100;

/// NFKC, lower case, white space folded to single spaces. Two names with one key are the same name to a person.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    // Lower case twice around the compatibility form: some capitals only appear after it.
    let lower = name.nfkc().flat_map(char::to_lowercase).nfkc().flat_map(char::to_lowercase);
    let mut space_waits = false;
    for character in lower {
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

/// Characters that no name, comment line or identity may hold: controls, and the marks that reorder or hide text.
pub fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
