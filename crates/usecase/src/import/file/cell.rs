//! Owns reading the cells of a row: texts to values, with a problem that names the field where a value cannot be read.
//! Does not own: what values are allowed (domain, usecase).

use crate::error::FieldProblem;
use crate::export::RUN_BY_SPREADSHEETS;
use crate::import::Reference;
use csv::StringRecord;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Money, MoneyError};
use trunkline_domain::time::{Date, Timestamp};

use super::column::Layout;

/// Characters of a cell that a problem repeats.
const SHOWN_CHARACTERS_MAX: usize = 40;

/// The cells of one row.
pub struct Cells<'a> {
    record: &'a StringRecord,
    layout: &'a Layout,
    pub problems: Vec<FieldProblem>,
}

fn shown(text: &str) -> String {
    let start: String = text.chars().take(SHOWN_CHARACTERS_MAX).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().count() > SHOWN_CHARACTERS_MAX { format!("“{start}…”") } else { format!("“{start}”") }
}

impl<'a> Cells<'a> {
    pub fn new(record: &'a StringRecord, layout: &'a Layout) -> Cells<'a> {
        Cells { record, layout, problems: Vec::new() }
    }

    /// A cell without the white space around it. None: it is empty, or the file has no such column.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let text = self.record.get(self.layout.place(column)?).map(str::trim).filter(|text| !text.is_empty())?;
        // What an export has put before it is no part of the text.
        Some(text.strip_prefix('\'').filter(|text| text.starts_with(RUN_BY_SPREADSHEETS)).unwrap_or(text))
    }

    pub fn owned(&self, column: &str) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    fn field_of(&self, column: &str) -> &'static str {
        self.layout.table.columns.iter().find(|known| known.name == column).map_or("", |known| known.field)
    }

    fn fail(&mut self, column: &str, code: &'static str, message: String) {
        let field = self.field_of(column);
        self.problems.push(FieldProblem::new(field, code, message));
    }

    /// A cell that must not be empty, of the first of these columns that the file has.
    pub fn required(&mut self, columns: &[&'static str]) -> Option<String> {
        let column = columns.iter().copied().find(|column| self.layout.place(column).is_some())?;
        let found = self.owned(column);
        if found.is_none() {
            self.fail(column, "required", "is empty".to_owned());
        }
        found
    }

    /// A value that `parse` knows. `wanted` says which there are.
    pub fn one_of<T>(&mut self, column: &str, wanted: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(column)?;
        let found = parse(text);
        if found.is_none() {
            self.fail(column, "wrong_value", format!("{} is not {wanted}", shown(text)));
        }
        found
    }

    pub fn amount(&mut self, column: &str) -> Option<Money> {
        let text = self.text(column)?;
        match Money::parse(text) {
            Ok(amount) => Some(amount),
            Err(problem) => {
                let advice = match problem {
                    MoneyError::NotDecimal => "is not an amount such as -12.5: a point before the decimals, no grouping, no currency",
                    MoneyError::TooPrecise => "has more than 6 decimals",
                    MoneyError::TooLarge => "is too large",
                };
                self.fail(column, "not_an_amount", format!("{} {advice}", shown(text)));
                None
            }
        }
    }

    pub fn whole(&mut self, column: &str) -> Option<i64> {
        self.one_of(column, "a whole number", |text| text.parse().ok())
    }

    /// An id above zero.
    fn id(&mut self, column: &str) -> Option<Id> {
        self.one_of(column, "an id: a whole number above 0", |text| text.parse().ok().filter(|id| *id > 0))
    }

    /// "Y" or "N", or in words.
    pub fn yes_no(&mut self, column: &str) -> Option<bool> {
        self.one_of(column, "Y or N", |text| match text.to_ascii_lowercase().as_str() {
            "y" | "yes" | "1" | "true" => Some(true),
            "n" | "no" | "0" | "false" => Some(false),
            _ => None,
        })
    }

    /// A day, which stands for its first moment in UTC, or a moment in UTC, as the compatible face has them; or RFC 3339.
    pub fn moment(&mut self, column: &str) -> Option<Timestamp> {
        self.one_of(column, "a day such as 2026-06-16 or a moment such as 2026-06-16 08:00:00, in UTC", |text| {
            if Date::parse(text).is_ok() {
                return Timestamp::parse_utc_text(&format!("{text} 00:00:00")).ok();
            }
            Timestamp::parse_utc_text(text).or_else(|_| Timestamp::parse(text)).ok()
        })
    }

    /// Another record, by name in one column or by id in the other.
    pub fn reference(&mut self, by_name: &'static str, by_id: &'static str) -> Option<Reference> {
        match self.text(by_name) {
            Some(name) => Some(Reference::Name(name.to_owned())),
            None => self.id(by_id).map(Reference::Id),
        }
    }
}
