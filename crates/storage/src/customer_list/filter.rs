//! Owns turning a filter into the part of a statement that says which customers match.
//! Does not own: sorting and paging (page.rs).

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::id::Id;

use super::page::KeyValue;
use crate::engine::Engine;
use crate::row::Value;

/// How a name is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchMode {
    Exactly,
    StartsWith,
    Contains,
    EndsWith,
    /// With `%` for any text and `_` for any character, as the compatible face has it.
    Pattern,
}

/// A condition on the name. `key` is a name key (domain/name.rs) and not empty; for `Contains` and `EndsWith` it has at
/// least three characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameMatch {
    pub mode: MatchMode,
    pub key: String,
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
    pub name: Option<NameMatch>,
}

/// Where the sort keys of a query lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Entry,
    Amount,
}

/// What is to find the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Any index that a condition has, that of texts within names too.
    Conditions,
    /// An index in the order of names; a reseller's customers have one. Texts within names are looked for on the way, which is
    /// right where many match.
    OrderOfNames,
    /// An index in another order; a reseller's customers have none and are looked for on the way as well.
    OtherOrder,
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

impl NameMatch {
    /// Found through the trigram index rather than through the order of names.
    pub fn is_within(&self) -> bool {
        match self.mode {
            MatchMode::Contains | MatchMode::EndsWith => true,
            MatchMode::Exactly | MatchMode::StartsWith | MatchMode::Pattern => false,
        }
    }

    /// The condition on a column of name keys.
    pub fn condition(&self, query: &mut Query, column: &str) -> String {
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
}

/// The text itself in a `like`, whose escape is `!`.
fn escaped(text: &str) -> String {
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
        let mut conditions = self.equalities(query);
        let name = match table {
            Table::Entry => "customer_entry t",
            Table::Amount => "customer_amount t",
        };
        let mut elsewhere = Vec::new();
        let column = if table == Table::Entry { "t.name_key" } else { "e.name_key" };
        if let Some(name) = &self.name {
            if finding == Finding::Conditions && name.is_within() {
                conditions.push(within(name, query, engine, "t.customer_id"));
            }
            let condition = name.condition(query, column);
            if table == Table::Entry { conditions.push(condition) } else { elsewhere.push(condition) }
        }
        if let Some(reseller_id) = self.reseller_id {
            let place = query.place(reseller_id);
            if table == Table::Entry {
                // SQLite would take an index with any equality rather than the order; the sign keeps it from that.
                let sign = if finding == Finding::OtherOrder && engine == Engine::Sqlite { "+" } else { "" };
                conditions.push(format!("{sign}t.reseller_id = {place}"));
            } else {
                elsewhere.push(format!("e.reseller_id = {place}"));
            }
        }
        if !elsewhere.is_empty() {
            conditions.push(format!(
                "exists (select 1 from customer_entry e where e.customer_id = t.customer_id and {})",
                elsewhere.join(" and ")
            ));
        }
        if conditions.is_empty() { name.to_owned() } else { format!("{name} where {}", conditions.join(" and ")) }
    }

    /// Conditions on columns that both tables have.
    fn equalities(&self, query: &mut Query) -> Vec<String> {
        let mut conditions = Vec::new();
        if !self.statuses.is_empty() {
            let places: Vec<String> = self.statuses.iter().map(|order| query.place(*order)).collect();
            conditions.push(match places.as_slice() {
                [one] => format!("t.status_order = {one}"),
                many => format!("t.status_order in ({})", many.join(", ")),
            });
        }
        if let Some(control) = self.balance_control {
            conditions.push(format!("t.balance_control = {}", query.place_text(control.code())));
        }
        if let Some(currency) = &self.currency {
            conditions.push(format!("t.currency = {}", query.place_text(currency)));
        }
        if let Some(class) = self.customer_class_id {
            conditions.push(format!("t.customer_class_id = {}", query.place(class)));
        }
        conditions
    }

    /// The name, where nothing else is asked for and the trigram index alone knows the answer.
    pub fn only_contains(&self) -> Option<&NameMatch> {
        let name = self.name.as_ref().filter(|name| name.mode == MatchMode::Contains)?;
        (self.without_name() == ListFilter::default()).then_some(name)
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

    /// The same filter without the condition on the name.
    pub fn without_name(&self) -> ListFilter {
        ListFilter { name: None, ..self.clone() }
    }
}

/// The condition that the trigram index answers. It may let through more than match: `like` is checked as well.
pub fn within(name: &NameMatch, query: &mut Query, engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => {
            let phrase = query.place_text(&phrase(&name.key));
            format!("{column} in (select rowid from customer_search where customer_search match {phrase})")
        }
        Engine::Postgres => {
            let condition = name.condition(query, "s.name_key");
            format!("{column} in (select s.customer_id from customer_search s where {condition})")
        }
    }
}

/// The rows of the trigram index that hold the name's text. On SQLite they may be more than match `EndsWith`.
pub fn search_rows(name: &NameMatch, query: &mut Query, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => format!("customer_search where customer_search match {}", query.place_text(&phrase(&name.key))),
        Engine::Postgres => format!("customer_search s where {}", name.condition(query, "s.name_key")),
    }
}

/// A phrase of SQLite's full-text search that stands for the text itself.
pub fn phrase(key: &str) -> String {
    format!("\"{}\"", key.replace('"', "\"\""))
}
