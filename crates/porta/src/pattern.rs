//! Owns patterns with `%` for any text and `_` for any character: the cheapest search for one, and matching a text.
//! Does not own: the queries (storage).

use trunkline_usecase::customer::{MatchMode, TextSearch};
use trunkline_usecase::domain::name::name_key;
use trunkline_usecase::domain::search::SearchField;

use crate::error::Fault;
use crate::limits;

/// A search within names needs this many characters to go through an index.
const WITHIN_CHARACTERS_MIN: usize = 3;

/// A pattern over keys, so that it matches whatever the case and the form of its letters.
#[derive(Clone, Debug)]
pub struct Pattern {
    key: Vec<char>,
}

impl Pattern {
    pub fn new(text: &str) -> Pattern {
        Pattern { key: name_key(text).chars().collect() }
    }

    /// Does the whole text match?
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = name_key(text).chars().collect();
        let (mut at, mut place) = (0, 0);
        // Where the last `%` stands, and how much of the text it has swallowed: the only place worth going back to.
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.key.get(place) {
                Some('%') => {
                    retry = Some((place, at));
                    place += 1;
                }
                Some(wanted) if *wanted == '_' || text.get(at) == Some(wanted) => {
                    at += 1;
                    place += 1;
                }
                _ => {
                    let Some((percent, swallowed)) = retry else { return false };
                    retry = Some((percent, swallowed + 1));
                    at = swallowed + 1;
                    place = percent + 1;
                }
            }
        }
        self.key.iter().skip(place).all(|rest| *rest == '%')
    }

    /// The text before the first wildcard.
    pub fn prefix(&self) -> String {
        self.key.iter().take_while(|character| !matches!(character, '%' | '_')).collect()
    }
}

/// Turns a pattern for names into a search: an index serves where only its ends are open.
pub fn name_search(pattern: &str) -> Option<TextSearch> {
    let key = name_key(pattern);
    if key.is_empty() || key.chars().all(|character| character == '%') {
        return None;
    }
    let open_start = key.starts_with('%');
    let open_end = key.ends_with('%');
    let core = key.trim_matches('%');
    let is_plain = !core.contains(['%', '_']) && name_key(core) == core;
    let is_long = core.chars().count() >= WITHIN_CHARACTERS_MIN;
    let mode = match (is_plain, open_start, open_end) {
        (true, false, false) => MatchMode::Exactly,
        (true, false, true) => MatchMode::StartsWith,
        (true, true, true) if is_long => MatchMode::Contains,
        (true, true, false) if is_long => MatchMode::EndsWith,
        _ => MatchMode::Pattern,
    };
    let text = if mode == MatchMode::Pattern { key.clone() } else { core.to_owned() };
    Some(TextSearch::name(mode, &text))
}

impl Pattern {
    /// A search that lets through all that matches in the field, and more: what the index of texts can look for. None where the
    /// pattern has too little of it.
    pub fn narrowing(&self, field: SearchField) -> Option<TextSearch> {
        let runs = self.key.split(|character| matches!(character, '%' | '_'));
        let longest = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= WITHIN_CHARACTERS_MIN)?;
        Some(TextSearch { text: longest.iter().collect(), mode: MatchMode::Contains, fields: vec![field] })
    }
}

/// A pattern from a request, if it says anything.
pub fn of_field(fields: &crate::fields::Fields, name: &str) -> Result<Option<Pattern>, Fault> {
    let text = fields.text_given(name)?;
    if text.as_ref().is_some_and(|text| text.chars().count() > limits::PATTERN_CHARACTERS_MAX) {
        return Err(Fault::field(name, "too_long", format!("at most {} characters", limits::PATTERN_CHARACTERS_MAX)));
    }
    Ok(text.filter(|text| text.chars().any(|character| character != '%')).map(|text| Pattern::new(&text)))
}
