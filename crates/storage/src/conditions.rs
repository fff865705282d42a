//! Owns conditions of a list that are put together from what its filter gives, with the values that they name.
//! Does not own: which conditions a list has, and the customer list, whose conditions follow its indexes.

use crate::customer_list::{MatchMode, escaped};
use crate::row::Value;

#[derive(Default)]
pub(crate) struct Conditions {
    texts: Vec<String>,
    values: Vec<Owned>,
}

pub(crate) enum Owned {
    Integer(i64),
    Text(String),
}

impl Conditions {
    /// `{}` in the text is the value.
    pub fn add(&mut self, text: &str, value: Owned) {
        let place = self.place(value);
        self.texts.push(text.replace("{}", &place));
    }

    /// A condition without a value.
    pub fn add_plain(&mut self, text: String) {
        self.texts.push(text);
    }

    /// The column matches the key, which is not empty.
    pub fn add_match(&mut self, column: &str, mode: MatchMode, key: &str) {
        let like = |pattern: String| Owned::Text(pattern);
        match mode {
            MatchMode::Exactly => self.add(&format!("{column} = {{}}"), Owned::Text(key.to_owned())),
            MatchMode::StartsWith => {
                self.add(&format!("{column} >= {{}}"), Owned::Text(key.to_owned()));
                // U+10FFFF sorts above every character that a key can go on with.
                self.add(&format!("{column} < {{}}"), Owned::Text(format!("{key}\u{10ffff}")));
            }
            MatchMode::Contains => self.add(&format!("{column} like {{}} escape '!'"), like(format!("%{}%", escaped(key)))),
            MatchMode::EndsWith => self.add(&format!("{column} like {{}} escape '!'"), like(format!("%{}", escaped(key)))),
            MatchMode::Pattern => self.add(&format!("{column} like {{}} escape '!'"), like(key.replace('!', "!!"))),
        }
    }

    pub fn place(&mut self, value: Owned) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    pub fn clause(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!("where {}", self.texts.join(" and ")) }
    }

    pub fn values(&self) -> Vec<Value<'_>> {
        self.values
            .iter()
            .map(|owned| match owned {
                Owned::Integer(value) => Value::Integer(*value),
                Owned::Text(text) => Value::Text(text),
            })
            .collect()
    }
}
