//! Owns turning a filter into the part of a statement that says which customers match.
//! Does not own: sorting and paging (page.rs), and which texts a search looks into (domain/search.rs).

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, CustomerType};
use trunkline_domain::id::Id;
use trunkline_domain::search::SearchField;
use trunkline_domain::time::Timestamp;

use super::LIMIT_KINDS;
use super::sort::KeyValue;
use super::text::{END, START};
use crate::engine::Engine;
use crate::row::Value;

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchMode {
    Exactly,
    StartsWith,
    Contains,
    EndsWith,
    /// With `%` for any text and `_` for any character, as the compatible face has it. For names alone.
    Pattern,
}

/// A search in fields, of which any may match. `key` is a key (domain/name.rs) and not empty; what is looked for through trigrams
/// (`is_within`) has at least three of them in its `needle`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSearch {
    pub mode: MatchMode,
    pub key: String,
    pub fields: Vec<SearchField>,
}

/// Numbers from `from` to `to`, both included; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

impl Range {
    pub fn contains(&self, value: i64) -> bool {
        self.from.is_none_or(|from| from <= value) && self.to.is_none_or(|to| value <= to)
    }
}

/// Which customers a list shows. Every condition given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Sort numbers of statuses; any of them. Empty: all.
    pub statuses: Vec<i64>,
    pub balance_control: Option<BalanceControl>,
    pub currency: Option<String>,
    pub customer_class_id: Option<Id>,
    /// The reseller, or 0 for customers without one.
    pub reseller_id: Option<Id>,
    pub customer_type: Option<CustomerType>,
    pub billing_period: Option<BillingPeriod>,
    /// Microseconds.
    pub created: Option<Range>,
    /// Millionths; customers that have a limit to show.
    pub credit_limit: Option<Range>,
    /// Millionths, as the list sorts by it: owed, and for prepaid the funds negated. `balance_control` says which of them.
    pub amount: Option<Range>,
    /// Has an invoice that is overdue at `at`, or has none.
    pub overdue: Option<bool>,
    pub at: Timestamp,
    pub search: Option<TextSearch>,
}

/// Where the sort keys of a query lie. Both tables have the columns of most conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Entry,
    Amount,
}

/// What is to find the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Any index that a condition has, that of texts too.
    Conditions,
    /// An index in the order of this column. What it does not lead to is looked for on the way, which is right where many match.
    OrderOf(&'static str),
    /// No index: one pass over all rows, which is right where a large part matches and an index would not have the rows themselves.
    Pass,
}

impl Finding {
    /// Has the column an index that leads to its rows, but not in the order that is wanted, or to too many? SQLite would take it.
    pub fn must_not_use(self, column: &str) -> bool {
        let order = match self {
            Finding::Conditions => return false,
            Finding::OrderOf(order) => order,
            Finding::Pass => return true,
        };
        match column {
            "status_order" | "balance_control" | "currency" | "customer_class_id" => order == "company_key",
            "reseller_id" | "customer_type" | "billing_period" => order != "name_key",
            column => order != column,
        }
    }
}

/// A parameter that the query owns.
#[derive(Clone, Debug)]
enum Owned {
    Integer(i64),
    Text(String),
}

/// Collects parameters while a statement is put together.
#[derive(Default)]
pub struct Query {
    owned: Vec<Owned>,
}

impl Query {
    pub fn new() -> Query {
        Query::default()
    }

    pub fn place(&mut self, value: i64) -> String {
        self.owned.push(Owned::Integer(value));
        format!("${}", self.owned.len())
    }

    pub fn place_text(&mut self, text: &str) -> String {
        self.owned.push(Owned::Text(text.to_owned()));
        format!("${}", self.owned.len())
    }

    pub fn values(&self) -> Vec<Value<'_>> {
        self.owned
            .iter()
            .map(|value| match value {
                Owned::Integer(value) => Value::Integer(*value),
                Owned::Text(text) => Value::Text(text),
            })
            .collect()
    }
}

impl TextSearch {
    pub fn name(mode: MatchMode, key: &str) -> TextSearch {
        TextSearch { mode, key: key.to_owned(), fields: vec![SearchField::Name] }
    }

    /// Found through the trigram index rather than through the order of names.
    pub fn is_within(&self) -> bool {
        self.fields != [SearchField::Name] || matches!(self.mode, MatchMode::Contains | MatchMode::EndsWith)
    }

    /// What a column of marked texts (text.rs) holds where it matches.
    pub fn needle(&self) -> String {
        match self.mode {
            MatchMode::Exactly => format!("{START}{}{END}", self.key),
            MatchMode::StartsWith => format!("{START}{}", self.key),
            MatchMode::EndsWith => format!("{}{END}", self.key),
            MatchMode::Contains | MatchMode::Pattern => self.key.clone(),
        }
    }

    /// The condition on a column of name keys.
    fn on_names(&self, query: &mut Query, column: &str) -> String {
        match self.mode {
            MatchMode::Exactly => format!("{column} = {}", query.place_text(&self.key)),
            MatchMode::StartsWith => {
                let from = query.place_text(&self.key);
                match after_prefix(&self.key) {
                    Some(end) => format!("{column} >= {from} and {column} < {}", query.place_text(&end)),
                    None => format!("{column} >= {from}"),
                }
            }
            MatchMode::Contains => format!("{column} like {} escape '!'", query.place_text(&format!("%{}%", escaped(&self.key)))),
            MatchMode::EndsWith => format!("{column} like {} escape '!'", query.place_text(&format!("%{}", escaped(&self.key)))),
            MatchMode::Pattern => {
                let like = format!("{column} like {} escape '!'", query.place_text(&self.key.replace('!', "!!")));
                // What stands before the first wild-card bounds the search.
                let fixed = self.key.split(['%', '_']).next().unwrap_or("");
                match after_prefix(fixed).filter(|_| !fixed.is_empty()) {
                    Some(end) => format!("{column} >= {} and {column} < {} and {like}", query.place_text(fixed), query.place_text(&end)),
                    None => like,
                }
            }
        }
    }

    /// The condition on a row `x` of `customer_text`.
    fn on_texts(&self, query: &mut Query) -> String {
        let like = query.place_text(&format!("%{}%", escaped(&self.needle())));
        let fields: Vec<String> = self.fields.iter().map(|field| format!("x.{} like {like} escape '!'", field.code())).collect();
        format!("({})", fields.join(" or "))
    }

    /// The rows that match, as `t.customer_id` of what follows `from`.
    pub fn rows(&self, query: &mut Query, engine: Engine) -> String {
        match (self.is_within(), engine) {
            (false, _) => format!("customer_entry t where {}", self.on_names(query, "t.name_key")),
            (true, Engine::Sqlite) => {
                let place = query.place_text(&self.phrase());
                format!("(select rowid as customer_id from customer_search where customer_search match {place}) t where true")
            }
            (true, Engine::Postgres) => {
                let condition = self.on_texts(query);
                format!("(select x.customer_id from customer_text x where {condition}) t where true")
            }
        }
    }

    /// The same in the words of SQLite's full-text search: a phrase of trigrams, which is the text itself.
    fn phrase(&self) -> String {
        let fields: Vec<&str> = self.fields.iter().map(|field| field.code()).collect();
        format!("{{{}}} : \"{}\"", fields.join(" "), self.needle().replace('"', "\"\""))
    }

    /// The condition on a row of a list table under the name `t`, checked row by row.
    pub fn on_row(&self, query: &mut Query, engine: Engine, table: Table, finding: Finding) -> String {
        if self.fields != [SearchField::Name] {
            let condition = self.on_texts(query);
            return format!("exists (select 1 from customer_text x where x.customer_id = t.customer_id and {condition})");
        }
        match table {
            Table::Entry if finding.must_not_use("name_key") => {
                // Each engine takes the expression for something else than the column, and leaves the index of names alone.
                self.on_names(query, if engine == Engine::Sqlite { "+t.name_key" } else { "(t.name_key || '')" })
            }
            Table::Entry => self.on_names(query, "t.name_key"),
            Table::Amount => {
                let condition = self.on_names(query, "e.name_key");
                format!("exists (select 1 from customer_entry e where e.customer_id = t.customer_id and {condition})")
            }
        }
    }
}

/// The text itself in a `like`, whose escape is `!`.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// The least text above every text that starts with `prefix`; none when there is no such text.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        // The order of UTF-8's bytes is the order of code points; surrogates are no characters.
        let next = if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

impl ListFilter {
    /// The text behind `from`: the table under the name `t`, with every condition.
    pub fn source(&self, query: &mut Query, engine: Engine, table: Table, finding: Finding) -> String {
        let mut conditions = self.of_both(query, engine, finding);
        let name = match table {
            Table::Entry => "customer_entry t",
            Table::Amount => "customer_amount t",
        };
        if let Some(search) = &self.search {
            if finding == Finding::Conditions && (search.is_within() || table == Table::Amount) {
                let rows = search.rows(query, engine);
                conditions.push(format!("t.customer_id in (select t.customer_id from {rows})"));
            } else {
                conditions.push(search.on_row(query, engine, table, finding));
            }
        }
        let guard = |column: &str| if engine == Engine::Sqlite && finding.must_not_use(column) { "+" } else { "" };
        match table {
            Table::Entry => {
                let amounts = self.of_amounts(query, "a", |_| "");
                if !amounts.is_empty() {
                    let amounts = amounts.join(" and ");
                    conditions.push(format!("exists (select 1 from customer_amount a where a.customer_id = t.customer_id and {amounts})"));
                }
            }
            Table::Amount => conditions.extend(self.of_amounts(query, "t", guard)),
        }
        if conditions.is_empty() { name.to_owned() } else { format!("{name} where {}", conditions.join(" and ")) }
    }

    /// Conditions on columns that both tables have.
    fn of_both(&self, query: &mut Query, engine: Engine, finding: Finding) -> Vec<String> {
        let column = |column: &str| {
            let guard = if engine == Engine::Sqlite && finding.must_not_use(column) { "+" } else { "" };
            format!("{guard}t.{column}")
        };
        let mut conditions = Vec::new();
        if !self.statuses.is_empty() {
            conditions.push(any_of(query, &column("status_order"), &self.statuses));
        }
        if let Some(control) = self.balance_control {
            conditions.push(format!("{} = {}", column("balance_control"), query.place_text(control.code())));
        }
        if let Some(currency) = &self.currency {
            conditions.push(format!("{} = {}", column("currency"), query.place_text(currency)));
        }
        if let Some(class) = self.customer_class_id {
            conditions.push(format!("{} = {}", column("customer_class_id"), query.place(class)));
        }
        if let Some(reseller_id) = self.reseller_id {
            conditions.push(format!("{} = {}", column("reseller_id"), query.place(reseller_id)));
        }
        if let Some(kind) = self.customer_type {
            conditions.push(format!("{} = {}", column("customer_type"), query.place_text(kind.code())));
        }
        if let Some(period) = self.billing_period {
            conditions.push(format!("{} = {}", column("billing_period"), query.place_text(period.code())));
        }
        if let Some(range) = self.created {
            conditions.extend(between(query, &column("created_at"), range));
        }
        if let Some(range) = self.credit_limit {
            let limited = query.place(LIMIT_KINDS[0]);
            let kind = if finding.must_not_use("credit_limit") { column("limit_kind") } else { "t.limit_kind".to_owned() };
            conditions.push(format!("{kind} = {limited}"));
            conditions.extend(between(query, &column("credit_limit"), range));
        }
        conditions
    }

    /// Conditions on columns that the table of amounts alone has, under the name `t`.
    fn of_amounts(&self, query: &mut Query, t: &str, guard: impl Fn(&str) -> &'static str) -> Vec<String> {
        let mut conditions = Vec::new();
        if let Some(range) = self.amount {
            conditions.extend(between(query, &format!("{}{t}.amount", guard("amount")), range));
        }
        if let Some(overdue) = self.overdue {
            let column = format!("{}{t}.overdue_from", guard("overdue_from"));
            let at = query.place(self.at.microseconds());
            conditions.push(if overdue { format!("{column} <= {at}") } else { format!("({column} is null or {column} > {at})") });
        }
        conditions
    }

    /// The search, where nothing else is asked for and its index alone knows the answer.
    pub fn only_search(&self) -> Option<&TextSearch> {
        let search = self.search.as_ref()?;
        let rest = ListFilter { search: None, at: Timestamp::default(), ..self.clone() };
        (rest == ListFilter::default()).then_some(search)
    }

    /// One filter for each status that is asked for; the filter itself where none is.
    pub fn by_status(&self) -> Vec<ListFilter> {
        let mut statuses = self.statuses.clone();
        statuses.sort_unstable();
        statuses.dedup();
        if statuses.len() < 2 {
            return vec![ListFilter { statuses, ..self.clone() }];
        }
        statuses.into_iter().map(|status| ListFilter { statuses: vec![status], ..self.clone() }).collect()
    }

    /// The value that the column has in every match, where the filter says it.
    pub fn value_of(&self, column: &str) -> Option<KeyValue> {
        match column {
            "status_order" => self.statuses.first().filter(|_| self.statuses.len() == 1).map(|status| KeyValue::Integer(*status)),
            "balance_control" => self.balance_control.map(|control| KeyValue::Text(control.code().to_owned())),
            "currency" => self.currency.clone().map(KeyValue::Text),
            _ => None,
        }
    }

    /// The filter as text, the same at every moment: what tells lists apart.
    pub fn key(&self) -> String {
        format!("{:?}", ListFilter { at: Timestamp::default(), ..self.clone() })
    }
}

pub(super) fn any_of(query: &mut Query, column: &str, values: &[i64]) -> String {
    let places: Vec<String> = values.iter().map(|value| query.place(*value)).collect();
    match places.as_slice() {
        [one] => format!("{column} = {one}"),
        many => format!("{column} in ({})", many.join(", ")),
    }
}

pub(super) fn between(query: &mut Query, column: &str, range: Range) -> Vec<String> {
    let mut conditions = Vec::new();
    if let Some(from) = range.from {
        conditions.push(format!("{column} >= {}", query.place(from)));
    }
    if let Some(to) = range.to {
        conditions.push(format!("{column} <= {}", query.place(to)));
    }
    conditions
}
