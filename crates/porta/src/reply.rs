//! Owns writing answers: JSON objects in a fixed order of fields, with amounts as exact numbers.
//! Does not own: which fields an answer has.

use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::time::Timestamp;

use crate::format;

/// The answer of a method.
#[derive(Debug)]
pub struct Reply {
    pub json: String,
    /// Values of `Set-Cookie`.
    pub cookies: Vec<String>,
}

impl From<String> for Reply {
    fn from(json: String) -> Reply {
        Reply { json, cookies: Vec::new() }
    }
}

impl From<Object> for Reply {
    fn from(object: Object) -> Reply {
        object.finish().into()
    }
}

/// A JSON object that is being written.
pub struct Object {
    text: String,
    /// Adds to each amount `<name>_str`, its exact decimals as a text.
    exact: bool,
}

impl Object {
    pub fn new(exact: bool) -> Object {
        Object { text: "{".to_owned(), exact }
    }

    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// `json` is written as it is.
    pub fn raw(&mut self, name: &str, json: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        self.text.push_str(&quoted(name));
        self.text.push(':');
        self.text.push_str(json);
    }

    pub fn null(&mut self, name: &str) {
        self.raw(name, "null");
    }

    pub fn int(&mut self, name: &str, value: i64) {
        self.raw(name, &value.to_string());
    }

    pub fn int_or_null(&mut self, name: &str, value: Option<i64>) {
        match value {
            Some(value) => self.int(name, value),
            None => self.null(name),
        }
    }

    /// 0 or 1.
    pub fn flag(&mut self, name: &str, value: bool) {
        self.int(name, i64::from(value));
    }

    /// "Y" or "N".
    pub fn yes_no(&mut self, name: &str, value: bool) {
        self.text(name, if value { "Y" } else { "N" });
    }

    pub fn text(&mut self, name: &str, value: &str) {
        self.raw(name, &quoted(value));
    }

    pub fn text_or_null(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.null(name),
        }
    }

    /// The vendor writes texts that are not given as empty ones.
    pub fn text_or_empty(&mut self, name: &str, value: Option<&str>) {
        self.text(name, value.unwrap_or_default());
    }

    pub fn time_or_null(&mut self, name: &str, value: Option<Timestamp>) {
        self.text_or_null(name, value.map(Timestamp::to_utc_text).as_deref());
    }

    pub fn money(&mut self, name: &str, amount: Money) {
        self.raw(name, &format::number(amount));
        if self.exact {
            self.text(&format!("{name}_str"), &format::exact(amount));
        }
    }

    pub fn money_or_null(&mut self, name: &str, amount: Option<Money>) {
        match amount {
            Some(amount) => self.money(name, amount),
            None => {
                self.null(name);
                if self.exact {
                    self.null(&format!("{name}_str"));
                }
            }
        }
    }

    /// A list of values that are JSON already.
    pub fn list(&mut self, name: &str, items: &[String]) {
        self.raw(name, &format!("[{}]", items.join(",")));
    }

    pub fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

/// A JSON text.
pub fn quoted(text: &str) -> String {
    // A text cannot fail to be written.
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}
