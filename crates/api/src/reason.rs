//! Owns how the values of a reason or a refusal are written, for those who word it in a language of their own.
//! Does not own: the codes, the values, the English sentence (domain).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use trunkline_usecase::domain::status::{Explanation, ReasonValue};
use trunkline_usecase::error::Error;

use crate::value::{Amount, Day, Moment};
use crate::word;

/// The values of a reason by name; docs/api.md says which a code has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReasonValues(BTreeMap<&'static str, ReasonValueBody>);

/// A figure, a date, a name, or a reason within the reason.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReasonValueBody {
    Amount {
        amount: Amount,
        currency: String,
        currency_digits: u32,
    },
    /// A day in the billing zone of whom it is told about.
    Date {
        date: Day,
    },
    /// Told by the clock of `time_zone`.
    Moment {
        moment: Moment,
        time_zone: String,
    },
    Number {
        number: i64,
    },
    /// A name, or words that somebody wrote, as they stand.
    Text {
        text: String,
    },
    Status {
        #[schemars(with = "word::StatusCode")]
        code: String,
    },
    /// Kinds of records: `accounts`, `subcustomers`, `invoices`, `dids`, `xdrs`, `balance`.
    Records {
        records: Vec<String>,
    },
    Reason {
        #[schemars(with = "word::ReasonCode")]
        reason_code: String,
        reason_values: ReasonValues,
    },
}

impl From<&Explanation> for ReasonValues {
    fn from(told: &Explanation) -> ReasonValues {
        ReasonValues::from(told.values.as_slice())
    }
}

impl From<&[(&'static str, ReasonValue)]> for ReasonValues {
    fn from(values: &[(&'static str, ReasonValue)]) -> ReasonValues {
        ReasonValues(values.iter().map(|(name, value)| (*name, ReasonValueBody::from(value))).collect())
    }
}

impl ReasonValues {
    /// Of what has none, nothing.
    pub fn of_refusal(problem: &Error) -> Option<ReasonValues> {
        let values = problem.values();
        (!values.is_empty()).then(|| ReasonValues::from(values.as_slice()))
    }
}

impl From<&ReasonValue> for ReasonValueBody {
    fn from(value: &ReasonValue) -> ReasonValueBody {
        match value {
            ReasonValue::Amount { amount, currency } => ReasonValueBody::Amount {
                amount: Amount(*amount),
                currency: currency.code().to_owned(),
                currency_digits: currency.digits(),
            },
            ReasonValue::Date(date) => ReasonValueBody::Date { date: Day(*date) },
            ReasonValue::Moment { moment, zone } => ReasonValueBody::Moment { moment: Moment(*moment), time_zone: zone.clone() },
            ReasonValue::Number(number) => ReasonValueBody::Number { number: *number },
            ReasonValue::Text(text) => ReasonValueBody::Text { text: text.clone() },
            ReasonValue::Status(status) => ReasonValueBody::Status { code: status.code().to_owned() },
            ReasonValue::Records(records) => ReasonValueBody::Records { records: records.clone() },
            ReasonValue::Explanation(told) => {
                ReasonValueBody::Reason { reason_code: told.code.code().to_owned(), reason_values: ReasonValues::from(told.as_ref()) }
            }
        }
    }
}
