//! Owns what the document says of texts that are one of a few words, each list taken from the table it belongs to, and that an
//! answer always has all of its fields.
//! Does not own: the tables (domain), and reading a word from a request.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use trunkline_usecase::customer::statuses;
use trunkline_usecase::domain::{billing, customer, staff, status};

use crate::staff::{DENSITIES, ROWS_PER_PAGE, THEMES};

/// For answers: a field without a value is null, never left out.
pub fn complete(schema: &mut Schema) {
    let names = schema.get("properties").and_then(Value::as_object).map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    schema.insert("required".to_owned(), names.unwrap_or_default().into());
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $codes:expr;)+) => {$(
        $(#[$doc])*
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let codes: Vec<Value> = $codes.into_iter().map(Value::from).collect();
                let kind = if codes.iter().all(Value::is_string) { "string" } else { "integer" };
                json_schema!({ "type": kind, "enum": codes })
            }
        }
    )+};
}

macro_rules! codes {
    ($table:expr) => {
        $table.iter().map(|word| word.code())
    };
}

words! {
    StatusCode: statuses().iter().map(|row| row.code);
    /// How strongly a status speaks.
    Tone: {
        let mut tones: Vec<&'static str> = statuses().iter().map(|row| row.tone.code()).collect();
        tones.sort_unstable();
        tones.dedup();
        tones
    };
    CallsOut: codes!(status::CallsOut::ALL);
    CallsIn: codes!(status::CallsIn::ALL);
    SelfCare: codes!(status::SelfCare::ALL);
    UsageCharges: codes!(status::UsageCharges::ALL);
    PeriodClose: codes!(status::PeriodClose::ALL);
    DataUse: codes!(status::Data::ALL);
    Messages: codes!(status::Messages::ALL);
    CustomerType: codes!(customer::CustomerType::ALL);
    BalanceControl: codes!(customer::BalanceControl::ALL);
    BillingPeriod: codes!(billing::BillingPeriod::ALL);
    Role: codes!(staff::Role::ALL);
    Permission: codes!(staff::Permission::ALL);
    Match: ["starts_with", "contains", "exactly", "ends_with"];
    Theme: THEMES;
    Density: DENSITIES;
    RowsPerPage: ROWS_PER_PAGE;
}
