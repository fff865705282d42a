//! Owns how amounts, moments and dates are written: as texts that lose nothing.
//! Does not own: what they are worth.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::time::{Date, Timestamp};

/// An exact decimal amount in a text, such as `"12.50"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(pub Money);

/// A moment in RFC 3339; answers are in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

/// A day, such as `"2026-06-16"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub Date);

/// Reads a text; in place of another thing it asks for what it was made with.
struct Text(&'static str);

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

macro_rules! text_value {
    ($name:ident, $inner:ty, $what:literal, $schema:expr, $parse:expr, $write:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$inner) -> String = $write;
                serializer.serialize_str(&write(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = deserializer.deserialize_str(Text($what))?;
                let parse: fn(&str) -> Result<$inner, String> = $parse;
                parse(&text).map($name).map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

text_value!(
    Amount,
    Money,
    "an exact amount in a text, such as \"12.50\"",
    json_schema!({
        "type": "string", "pattern": r"^[+-]?[0-9]{1,13}(\.[0-9]{1,6})?$", "examples": ["12.50"],
        "description": "An exact decimal amount in the customer's currency."
    }),
    |text| Money::parse(text).map_err(|problem| problem.to_string()),
    |money| money.to_decimal(0)
);
text_value!(
    Moment,
    Timestamp,
    "a moment in a text, such as \"2026-06-16T08:00:00Z\"",
    json_schema!({ "type": "string", "format": "date-time", "examples": ["2026-06-16T08:00:00Z"] }),
    |text| Timestamp::parse(text).map_err(|problem| problem.to_string()),
    |moment| moment.to_rfc3339()
);
text_value!(
    Day,
    Date,
    "a day in a text, such as \"2026-06-16\"",
    json_schema!({ "type": "string", "format": "date", "examples": ["2026-06-16"] }),
    |text| Date::parse(text).map_err(|problem| problem.to_string()),
    |date| date.to_string()
);

/// Tells a field that was given as null from one that was left out.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
