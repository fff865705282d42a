//! Owns how values go into statements and come out of rows, the same on both engines.
//! Does not own: SQL.

use trunkline_domain::money::Money;
use trunkline_domain::time::{Date, Timestamp};

use crate::error::{Result, StorageError};

/// One parameter of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
    Boolean(bool),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Integer(value)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl From<Money> for Value<'_> {
    fn from(value: Money) -> Self {
        Value::Integer(value.millionths())
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(value: Timestamp) -> Self {
        Value::Integer(value.microseconds())
    }
}

impl From<Date> for Value<'_> {
    fn from(value: Date) -> Self {
        Value::Integer(value.day_number())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::Text(value)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Value::Text(value)
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Value::from)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().map_or(Value::Null, Value::Text)
    }
}

/// The parameters of a statement, in the order of `$1`, `$2`, ...
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::row::Value::from($value)),*] };
}

/// One row of an answer. Columns are numbered from 0.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    pub fn get<T: Column>(&self, index: usize) -> Result<T> {
        T::read(self, index)
    }
}

/// What can be read from a column.
pub trait Column: Sized {
    fn read(row: &Row<'_>, index: usize) -> Result<Self>;
}

fn unreadable(index: usize, error: impl std::fmt::Display) -> StorageError {
    StorageError::broken(format!("column {index} does not hold what the program wrote: {error}"))
}

macro_rules! column_of_both {
    ($($kind:ty),+) => {$(
        impl Column for $kind {
            fn read(row: &Row<'_>, index: usize) -> Result<Self> {
                match row {
                    Row::Sqlite(row) => row.get(index).map_err(|error| unreadable(index, error)),
                    Row::Postgres(row) => row.try_get(index).map_err(|error| unreadable(index, error)),
                }
            }
        }
    )+};
}

column_of_both!(i64, Option<i64>, String, Option<String>, bool, Option<bool>);

macro_rules! column_of_integer {
    ($($kind:ty, $from:expr);+ $(;)?) => {$(
        impl Column for $kind {
            fn read(row: &Row<'_>, index: usize) -> Result<Self> {
                let from: fn(i64) -> Result<$kind> = $from;
                from(i64::read(row, index)?)
            }
        }
        impl Column for Option<$kind> {
            fn read(row: &Row<'_>, index: usize) -> Result<Self> {
                let from: fn(i64) -> Result<$kind> = $from;
                Option::<i64>::read(row, index)?.map(from).transpose()
            }
        }
    )+};
}

column_of_integer! {
    Money, |value| Ok(Money::from_millionths(value));
    Timestamp, |value| Ok(Timestamp::from_microseconds(value));
    Date, |value| Date::from_day_number(value).map_err(|error| StorageError::broken(format!("day number {value}: {error}")));
}

/// Reads a text code of one of our own enumerations.
pub fn code<T>(row: &Row<'_>, index: usize, parse: fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(index)?;
    parse(&text).ok_or_else(|| StorageError::broken(format!("unknown code {text:?} in column {index}")))
}
