//! Owns texts that are one of a few words: each list is taken from the table it belongs to, the document says it, and a request
//! with another word is told which there are. Also that an answer always has all of its fields.
//! Does not own: the tables (domain).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use trunkline_usecase::account::AccountSort as AccountOrder;
use trunkline_usecase::customer::{ListSort, MatchMode, SORTS_MAX, SortBy, TotalWanted, statuses};
use trunkline_usecase::customer_class::ClassSort as ClassOrder;
use trunkline_usecase::domain::account::{AccountModel as Model, AccountState as State, AccountStatus};
use trunkline_usecase::domain::balance::PostingAction as Action;
use trunkline_usecase::domain::billing::BillingPeriod as Period;
use trunkline_usecase::domain::customer::{BalanceControl as Control, CustomerType as Kind};
use trunkline_usecase::domain::search::SearchField;
use trunkline_usecase::domain::service::Service as Usage;
use trunkline_usecase::domain::{bundle, did, money, product, rate, rating, saved_view, staff, status, xdr};
use trunkline_usecase::import;

use crate::export::Format;

/// For answers: a field without a value is null, never left out.
pub fn complete(schema: &mut Schema) {
    let names = schema.get("properties").and_then(Value::as_object).map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    schema.insert("required".to_owned(), names.unwrap_or_default().into());
}

/// Starts the message about a word that there is not.
pub const UNKNOWN: &str = "unknown word: ";

/// What a word stands for. The error lists the words there are.
pub fn find<W: PartialEq + ToString, T, E: serde::de::Error>(word: &W, table: Vec<(W, T)>) -> Result<T, E> {
    let choices: Vec<String> = table.iter().map(|(known, _)| known.to_string()).collect();
    let found = table.into_iter().find(|(known, _)| known == word).map(|(_, meaning)| meaning);
    found.ok_or_else(|| E::custom(format!("{UNKNOWN}one of {}", choices.join(", "))))
}

macro_rules! document {
    ($name:ident, $kind:literal, $words:expr) => {
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<Value> = $words.into_iter().map(Value::from).collect();
                json_schema!({ "type": $kind, "enum": words })
            }
        }
    };
}

/// Words of answers.
macro_rules! told {
    ($($(#[$doc:meta])* $name:ident: $words:expr;)+) => {$(
        $(#[$doc])*
        pub enum $name {}

        document!($name, "string", $words);
    )+};
}

/// Words of requests, and perhaps of answers: each with what it stands for.
macro_rules! taken {
    ($($(#[$doc:meta])* $name:ident($kind:literal, $word:ty => $meaning:ty): $table:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub $meaning);

        impl $name {
            fn table() -> Vec<($word, $meaning)> {
                $table.into_iter().collect()
            }
        }

        document!($name, $kind, $name::table().into_iter().map(|(word, _)| word));

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                find(&<$word>::deserialize(deserializer)?, $name::table()).map($name)
            }
        }
    )+};
}

fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<(String, T)> {
    all.iter().map(|one| (code(*one).to_owned(), *one)).collect()
}

fn table<T: Copy>(rows: &[(&str, T)]) -> Vec<(String, T)> {
    rows.iter().map(|(word, meaning)| ((*word).to_owned(), *meaning)).collect()
}

/// Statuses of accounts, separated by commas.
#[derive(Clone, Debug, Default)]
pub struct AccountStatuses(pub Vec<AccountStatus>);

fn account_statuses() -> Vec<(&'static str, AccountStatus)> {
    AccountStatus::TABLE.iter().map(|row| (row.code, row.status)).collect()
}

/// A sort of accounts, and with `-` before it the same descending.
/// Each column of an order, and with `-` before it the same downwards.
fn both_ways<S: Copy>(sorts: &[S], code: fn(S) -> &'static str) -> Vec<(String, (S, bool))> {
    let both = |sort: &S| [(code(*sort).to_owned(), (*sort, false)), (format!("-{}", code(*sort)), (*sort, true))];
    sorts.iter().flat_map(both).collect()
}

/// How a customer is terminated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Provisional,
    Permanent,
}

/// What can be done to many customers at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkKind {
    Block,
    Unblock,
    LiftSuspension,
    ChangeClass,
    Delete,
}

/// Which accounts a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Only(State),
    NotClosed,
    Any,
}

fn account_states() -> Vec<(String, Shown)> {
    let own = State::ALL.iter().map(|state| (state.code().to_owned(), Shown::Only(*state)));
    own.chain(table(&[("not_closed", Shown::NotClosed), ("any", Shown::Any)])).collect()
}

told! {
    ReasonCode: status::ReasonCode::ALL.iter().map(|word| word.code());
    StatusCode: statuses().iter().map(|row| row.code);
    AccountStatusCode: AccountStatus::TABLE.iter().map(|row| row.code);
    AccountState: State::ALL.map(State::code);
    CustomerAction: status::CustomerAction::ALL.iter().map(|word| word.code());
    RateChangeKind: import::RateChangeKind::ALL.map(import::RateChangeKind::code);
    XdrKind: xdr::XdrKind::ALL.map(xdr::XdrKind::code);
    Uncharged: rating::Uncharged::ALL.map(rating::Uncharged::code);
    /// How strongly a status speaks.
    Tone: {
        let mut tones: Vec<&'static str> = statuses().iter().map(|row| row.tone.code()).collect();
        tones.sort_unstable();
        tones.dedup();
        tones
    };
    CallsOut: status::CallsOut::ALL.iter().map(|word| word.code());
    CallsIn: status::CallsIn::ALL.iter().map(|word| word.code());
    SelfCare: status::SelfCare::ALL.iter().map(|word| word.code());
    UsageCharges: status::UsageCharges::ALL.iter().map(|word| word.code());
    PeriodClose: status::PeriodClose::ALL.iter().map(|word| word.code());
    DataUse: status::Data::ALL.iter().map(|word| word.code());
    Messages: status::Messages::ALL.iter().map(|word| word.code());
    Permission: staff::Permission::ALL.iter().map(|word| word.code());
    BulkOutcome: ["done", "would_do", "unchanged", "refused"];
}

taken! {
    CustomerType("string", String => Kind): codes(&Kind::ALL, Kind::code);
    BalanceControl("string", String => Control): codes(&Control::ALL, Control::code);
    BillingPeriod("string", String => Period): codes(&Period::ALL, Period::code);
    SavedList("string", String => saved_view::SavedList): codes(&saved_view::SavedList::ALL, saved_view::SavedList::code);
    AccountModel("string", String => Model): codes(&Model::ALL, Model::code);
    PostingAction("string", String => Action): codes(&Action::ALL, Action::code);
    Role("string", String => staff::Role): codes(&staff::Role::ALL, staff::Role::code);
    Service("string", String => Usage): codes(&Usage::ALL, Usage::code);
    Measure("string", String => bundle::Measure): codes(bundle::Measure::ALL, bundle::Measure::code);
    Renewal("string", String => bundle::Renewal): codes(bundle::Renewal::ALL, bundle::Renewal::code);
    UsedUp("string", String => bundle::UsedUp): codes(bundle::UsedUp::ALL, bundle::UsedUp::code);
    FirstPeriod("string", String => bundle::FirstPeriod): codes(bundle::FirstPeriod::ALL, bundle::FirstPeriod::code);
    Across("string", String => rating::Across): codes(&rating::Across::ALL, rating::Across::code);
    Direction("string", String => product::Direction): codes(&product::Direction::ALL, product::Direction::code);
    ProductKind("string", String => product::ProductKind): codes(&product::ProductKind::ALL, product::ProductKind::code);
    Rounding("string", String => money::Rounding): codes(&money::Rounding::ALL, money::Rounding::code);
    RateStanding("string", String => rate::RateStanding): codes(&rate::RateStanding::ALL, rate::RateStanding::code);
    TerminationKind("string", String => Ending): table(&[("provisional", Ending::Provisional), ("permanent", Ending::Permanent)]);
    BulkAction("string", String => BulkKind): table(&[
        ("block", BulkKind::Block),
        ("unblock", BulkKind::Unblock),
        ("lift_suspension", BulkKind::LiftSuspension),
        ("change_class", BulkKind::ChangeClass),
        ("delete", BulkKind::Delete),
    ]);
    ExportFormat("string", String => Format): table(&[("csv", Format::Csv), ("xlsx", Format::Xlsx)]);
    Match("string", String => MatchMode): table(&[
        ("starts_with", MatchMode::StartsWith),
        ("contains", MatchMode::Contains),
        ("exactly", MatchMode::Exactly),
        ("ends_with", MatchMode::EndsWith),
    ]);
    Total("string", String => TotalWanted): table(&[
        ("bounded", TotalWanted::Bounded),
        ("exact", TotalWanted::Exact),
        ("none", TotalWanted::None),
    ]);
    AccountSort("string", String => (AccountOrder, bool)): both_ways(&AccountOrder::ALL, AccountOrder::code);
    ClassSort("string", String => (ClassOrder, bool)): both_ways(&ClassOrder::ALL, ClassOrder::code);
    XdrSort("string", String => bool): table(&[("bill_time", false), ("-bill_time", true)]);
    BoundedTotal("string", String => bool): table(&[("bounded", true), ("none", false)]);
    DidSort("string", String => bool): table(&[("number", false), ("-number", true)]);
    DidState("string", String => did::DidState): codes(&did::DidState::ALL, did::DidState::code);
    At("string", String => ()): table(&[("last", ())]);
    AccountStateFilter("string", String => Shown): account_states();
    Theme("string", String => &'static str): table(&[("light", "light"), ("dark", "dark"), ("system", "system")]);
    Density("string", String => &'static str): table(&[("comfortable", "comfortable"), ("compact", "compact"), ("dense", "dense")]);
    RowsPerPage("integer", i64 => i64): [10, 25, 50, 100, 250].map(|rows| (rows, rows));
}

/// Statuses, separated by commas; any of them.
#[derive(Clone, Debug, Default)]
pub struct Statuses(pub Vec<status::CustomerStatus>);

/// PortaBilling has two words for one status; both find it, and answers have one.
fn status_filters() -> Vec<(&'static str, status::CustomerStatus)> {
    let own = statuses().iter().map(|row| (row.code, row.status));
    own.chain([("in_progress", status::CustomerStatus::BillingPaused)]).collect()
}

/// Fields that a search looks into, separated by commas.
#[derive(Clone, Debug)]
pub struct SearchFields(pub Vec<SearchField>);

/// All but the number in another system, which the compatible face alone searches by.
fn search_fields() -> Vec<(&'static str, SearchField)> {
    let own = SearchField::ALL.into_iter().filter(|field| *field != SearchField::Reference);
    own.map(|field| (field.code(), field)).collect()
}

/// Columns of an order, separated by commas, with `-` before a descending one.
#[derive(Clone, Debug)]
pub struct CustomerSorts(pub Vec<SortBy>);

fn sorts() -> Vec<(String, SortBy)> {
    let both = |sort: ListSort| [(sort.code().to_owned(), sort.up()), (format!("-{}", sort.code()), sort.down())];
    ListSort::ALL.into_iter().flat_map(both).collect()
}

/// Words separated by commas.
fn listed<'de, D: Deserializer<'de>, T>(deserializer: D, table: impl Fn() -> Vec<(String, T)>) -> Result<Vec<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.split(',').map(|word| find(&word.to_owned(), table())).collect()
}

fn owned<T>(table: Vec<(&'static str, T)>) -> Vec<(String, T)> {
    table.into_iter().map(|(word, meaning)| (word.to_owned(), meaning)).collect()
}

macro_rules! listed {
    ($name:ident: $table:expr, $example:literal, $description:expr) => {
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<String> = $table.into_iter().map(|(word, _)| word).collect();
                let any = words.join("|");
                json_schema!({
                    "type": "string", "pattern": format!("^({any})(,({any}))*$"), "examples": [$example], "description": $description
                })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                listed(deserializer, || $table).map($name)
            }
        }
    };
}

listed!(
    Statuses: owned(status_filters()),
    "blocked,suspended",
    "Codes of /api/v1/statuses, separated by commas; any of them. `in_progress` is another word for `billing_paused`."
);
listed!(AccountStatuses: owned(account_statuses()), "blocked,expired", "Statuses of accounts, separated by commas; any of them.");
listed!(SearchFields: owned(search_fields()), "name,company,email", "Fields, separated by commas; any of them may match.");
listed!(
    CustomerSorts: sorts(),
    "status,-created",
    format!(
        "Up to {SORTS_MAX} columns, separated by commas, with `-` before a descending one. Several columns, and those that the list does not \
         keep sorted (email, phone, class, reseller, billing_period, accounts, last_payment, overdue), are for up to 10,000 matches."
    )
);
