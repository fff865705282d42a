//! Owns reading the fields of a request: names to values, with a fault that names the field where a value does not fit.
//! Does not own: which fields a method has. Fields that nobody reads are ignored, as the vendor's clients expect.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::{Money, MoneyError};
use trunkline_usecase::domain::time::{Date, Timestamp};

use crate::error::Fault;
use crate::{format, limits};

/// The fields of one JSON object, each with the text of its value. Values are read one by one: an amount never passes
/// through a float, and what is nested in an unread field costs nothing. Cannot be printed: passwords are among them.
#[derive(Default)]
pub struct Fields {
    values: BTreeMap<String, Box<RawValue>>,
}

type Result<T> = std::result::Result<T, Fault>;

fn wrong(name: &str, wanted: &str) -> Fault {
    Fault::field(name, "wrong_type", format!("must be {wanted}"))
}

impl Fields {
    /// Reads an object. `what` names it in the fault. PHP writes an empty object as `[]`, which is taken as one.
    pub fn parse(text: &str, what: &str) -> Result<Fields> {
        if text.trim().is_empty() || text.trim() == "null" || text.trim().strip_prefix('[').is_some_and(|rest| rest.trim() == "]") {
            return Ok(Fields::default());
        }
        match serde_json::from_str(text) {
            Ok(values) => Ok(Fields { values }),
            Err(problem) if problem.is_data() => Err(Fault::field(what, "wrong_type", "must be a JSON object")),
            Err(problem) => {
                let place = format!("malformed JSON at line {}, column {}", problem.line(), problem.column());
                Err(Fault::field(what, "malformed_json", place))
            }
        }
    }

    /// The text of a value that is given and not null.
    fn raw(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.get()).filter(|text| *text != "null")
    }

    /// Is it there, be it as null?
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub fn is_given(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The fields of a nested object. None: not given. A text that holds the object is taken as well.
    pub fn object(&self, name: &str) -> Result<Option<Fields>> {
        match self.raw(name) {
            None => Ok(None),
            Some(text) if text.starts_with('"') => Fields::parse(&unquoted(name, text)?, name).map(Some),
            Some(text) => Fields::parse(text, name).map(Some),
        }
    }

    /// The objects of a list, at most `count_max`. None: not given.
    pub fn objects(&self, name: &str, count_max: usize) -> Result<Option<Vec<Fields>>> {
        let Some(text) = self.raw(name) else { return Ok(None) };
        let items: Vec<Box<RawValue>> = serde_json::from_str(text).map_err(|_| wrong(name, "a list of objects"))?;
        if items.is_empty() || items.len() > count_max {
            return Err(Fault::field(name, "out_of_range", format!("1 to {count_max} of them")));
        }
        items.iter().map(|item| Fields::parse(item.get(), name)).collect::<Result<Vec<Fields>>>().map(Some)
    }

    /// The text of a nested object as it was sent.
    pub fn object_text(&self, name: &str) -> Option<&str> {
        self.raw(name)
    }

    /// A text. A number is taken as its digits, for callers without types write names and ids so.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let text = if raw.starts_with('"') {
            unquoted(name, raw)?
        } else if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            raw.to_owned()
        } else {
            return Err(wrong(name, "a text"));
        };
        if text.chars().count() > limits::TEXT_CHARACTERS_MAX {
            return Err(Fault::field(name, "too_long", format!("at most {} characters", limits::TEXT_CHARACTERS_MAX)));
        }
        // A database cannot keep this one, and no name has it.
        if text.contains('\0') {
            return Err(Fault::field(name, "forbidden_character", "the character U+0000 is not allowed"));
        }
        Ok(Some(text))
    }

    /// A text that is not empty.
    pub fn text_given(&self, name: &str) -> Result<Option<String>> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()))
    }

    /// The digits of a number, sent as a number or as a text.
    fn digits(&self, name: &str, wanted: &str) -> Result<Option<String>> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let text = if raw.starts_with('"') { unquoted(name, raw)?.trim().to_owned() } else { raw.to_owned() };
        if text.is_empty() {
            return Ok(None);
        }
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Err(wrong(name, wanted));
        }
        Ok(Some(text))
    }

    pub fn int(&self, name: &str) -> Result<Option<i64>> {
        let wanted = "a whole number";
        let Some(digits) = self.digits(name, wanted)? else { return Ok(None) };
        format::integer(&digits).map(Some).ok_or_else(|| wrong(name, wanted))
    }

    /// The id of something. Not given is a fault.
    pub fn id(&self, name: &str) -> Result<Id> {
        self.int(name)?.ok_or_else(|| Fault::field(name, "required", "give it"))
    }

    pub fn amount(&self, name: &str) -> Result<Option<Money>> {
        let Some(digits) = self.digits(name, "an amount, such as 12.5")? else { return Ok(None) };
        format::money(&digits).map(Some).map_err(|problem| {
            let word = match problem {
                MoneyError::TooLarge => "too_large",
                MoneyError::NotDecimal => "wrong_type",
                MoneyError::TooPrecise => "too_precise",
            };
            Fault::field(name, word, problem)
        })
    }

    /// 0 or 1.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.raw(name) {
            None | Some("\"\"") => Ok(None),
            Some("1" | "\"1\"" | "true") => Ok(Some(true)),
            Some("0" | "\"0\"" | "false") => Ok(Some(false)),
            Some(_) => Err(wrong(name, "0 or 1")),
        }
    }

    pub fn is_set(&self, name: &str) -> Result<bool> {
        Ok(self.flag(name)?.unwrap_or(false))
    }

    /// "Y" or "N".
    pub fn yes_no(&self, name: &str) -> Result<Option<bool>> {
        match self.raw(name) {
            None | Some("\"\"") => Ok(None),
            Some("\"Y\"" | "\"y\"") => Ok(Some(true)),
            Some("\"N\"" | "\"n\"") => Ok(Some(false)),
            Some(_) => Err(wrong(name, "“Y” or “N”")),
        }
    }

    pub fn moment(&self, name: &str) -> Result<Option<Timestamp>> {
        let Some(text) = self.text_given(name)? else { return Ok(None) };
        format::moment(&text)
            .map(Some)
            .ok_or_else(|| Fault::field(name, "wrong_type", "must be a moment such as 2026-06-16 08:00:00, in UTC"))
    }

    pub fn day(&self, name: &str) -> Result<Option<Date>> {
        let Some(text) = self.text_given(name)? else { return Ok(None) };
        format::day(&text).map(Some).ok_or_else(|| Fault::field(name, "wrong_type", "must be a day such as 2026-06-16"))
    }

    /// Which rows of a list are wanted: where it starts, and how many.
    pub fn page(&self) -> Result<(usize, usize)> {
        let in_range = |name: &str, value: i64, least: usize, most: usize| {
            let found = usize::try_from(value).ok().filter(|value| (least..=most).contains(value));
            found.ok_or_else(|| Fault::field(name, "out_of_range", format!("{least} to {most}")))
        };
        let limit = match self.int("limit")? {
            Some(limit) => in_range("limit", limit, 1, limits::ROWS_MAX)?,
            None => limits::ROWS_MAX,
        };
        let offset = match self.int("offset")? {
            Some(_) if !self.is_given("limit") => return Err(Fault::field("offset", "offset_without_limit", "give a limit with it")),
            Some(offset) => in_range("offset", offset, 0, limits::OFFSET_MAX)?,
            None => 0,
        };
        Ok((offset, limit))
    }

    /// Refuses a condition that there is no data for: leaving it out would answer with more than was asked.
    pub fn refuse(&self, names: &[&str]) -> Result<()> {
        match names.iter().find(|name| self.is_given(name)) {
            Some(name) => Err(Fault::field(name, "unsupported_filter", "this condition cannot be checked here; leave it out")),
            None => Ok(()),
        }
    }
}

fn unquoted(name: &str, text: &str) -> Result<String> {
    serde_json::from_str(text).map_err(|_| wrong(name, "a text of whole Unicode characters"))
}
