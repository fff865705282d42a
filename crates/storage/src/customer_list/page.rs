//! Owns a page of the list: sort orders, keyset paging, and the choice between walking a sort index and sorting the few
//! that match.
//! Does not own: which customers match (filter.rs).

use std::cmp::Ordering;

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::id::Id;

use super::filter::{Finding, ListFilter, NameMatch, Query, Table, phrase, search_rows};
use super::{Entry, LIMIT_KINDS, load};
use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::writer::StoredStatus;

/// A search by name that matches at most this many customers is answered by sorting all of them; one that matches more,
/// by walking the sort index until the page is full, which then comes soon.
const CANDIDATES_MAX: i64 = 1_000;
/// A reseller's customers are sorted so up to this many times as many: finding them costs less, and among a million a walk meets
/// one of 5,000 in 200 rows.
const RESELLER_FACTOR: i64 = 5;

/// What a list can be sorted by. Ties go by name or by id, whatever the direction; the id breaks the last tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSort {
    Name,
    Status,
    BalanceControl,
    Currency,
    /// Postpaid by balance; prepaid, which show none, last by name.
    Balance,
    /// Postpaid by limit, then those without one, then prepaid; the latter two by name.
    CreditLimit,
    /// Prepaid by funds; postpaid, which show none, last by name.
    AvailableFunds,
}

/// A part of a sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyValue {
    Integer(i64),
    Text(String),
}

/// Where a row stands in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the segment.
    pub segment: usize,
    pub key: Vec<KeyValue>,
    pub customer_id: Id,
}

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    First,
    Last,
    After(Place),
    Before(Place),
}

impl From {
    fn is_backwards(&self) -> bool {
        matches!(self, From::Last | From::Before(_))
    }

    fn start(&self) -> Option<&Place> {
        match self {
            From::First | From::Last => None,
            From::After(place) | From::Before(place) => Some(place),
        }
    }
}

/// Ids in the order of the list, with the place of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub places: Vec<Place>,
    pub has_previous: bool,
    pub has_next: bool,
}

/// A stretch of the list that one index holds in order: rows of one kind, sorted by `order`.
struct Segment {
    table: Table,
    /// Column and value that all rows of the segment share.
    equal: Option<(&'static str, KeyValue)>,
    order: &'static [&'static str],
    descending: bool,
}

impl ListSort {
    pub const ALL: [ListSort; 7] = [
        ListSort::Name,
        ListSort::Status,
        ListSort::BalanceControl,
        ListSort::Currency,
        ListSort::Balance,
        ListSort::CreditLimit,
        ListSort::AvailableFunds,
    ];

    /// The column's name on every face.
    pub const fn code(self) -> &'static str {
        match self {
            ListSort::Name => "name",
            ListSort::Status => "status",
            ListSort::BalanceControl => "balance_control",
            ListSort::Currency => "currency",
            ListSort::Balance => "balance",
            ListSort::CreditLimit => "credit_limit",
            ListSort::AvailableFunds => "available_funds",
        }
    }

    pub fn parse(code: &str) -> Option<ListSort> {
        ListSort::ALL.into_iter().find(|sort| sort.code() == code)
    }

    /// Could the place be one of a list that is sorted so? A place that has travelled may have been changed on its way.
    pub fn fits(self, place: &Place) -> bool {
        let segments = self.segments(false);
        let Some(segment) = segments.get(place.segment) else { return false };
        let is_text = |column: &str| matches!(column, "name_key" | "balance_control" | "currency");
        let fits = |(column, key): (&&str, &KeyValue)| match key {
            KeyValue::Text(text) => is_text(column) && !text.contains('\0'),
            KeyValue::Integer(_) => !is_text(column),
        };
        segment.order.len() == place.key.len() && segment.order.iter().zip(&place.key).all(fits)
    }

    fn segments(self, descending: bool) -> Vec<Segment> {
        let by_name =
            |column, value| Segment { table: Table::Entry, equal: Some((column, value)), order: &["name_key"], descending: false };
        let one = |order| vec![Segment { table: Table::Entry, equal: None, order, descending }];
        let control = |control: BalanceControl| KeyValue::Text(control.code().to_owned());
        let amounts = |control, descending| Segment {
            table: Table::Amount,
            equal: Some(("balance_control", control)),
            order: &["amount"],
            descending,
        };
        match self {
            ListSort::Name => one(&["name_key"]),
            ListSort::Status => one(&["status_order", "name_key"]),
            ListSort::BalanceControl => one(&["balance_control", "name_key"]),
            ListSort::Currency => one(&["currency", "name_key"]),
            ListSort::Balance => {
                vec![amounts(control(BalanceControl::Postpaid), descending), by_name("balance_control", control(BalanceControl::Prepaid))]
            }
            // The amount of a prepaid customer is its funds negated.
            ListSort::AvailableFunds => {
                vec![amounts(control(BalanceControl::Prepaid), !descending), by_name("balance_control", control(BalanceControl::Postpaid))]
            }
            ListSort::CreditLimit => vec![
                Segment {
                    table: Table::Entry,
                    equal: Some(("limit_kind", KeyValue::Integer(LIMIT_KINDS[0]))),
                    order: &["credit_limit", "name_key"],
                    descending,
                },
                limit_by_name(LIMIT_KINDS[1]),
                limit_by_name(LIMIT_KINDS[2]),
            ],
        }
    }
}

impl Segment {
    /// Can it hold customers of this kind? A walk of the others would pass over all its rows for nothing.
    fn admits(&self, control: BalanceControl) -> bool {
        match &self.equal {
            Some(("balance_control", value)) => *value == KeyValue::Text(control.code().to_owned()),
            Some((_, value)) => (*value == KeyValue::Integer(LIMIT_KINDS[2])) == (control == BalanceControl::Prepaid),
            None => true,
        }
    }
}

fn limit_by_name(kind: i64) -> Segment {
    // The limit is 0 throughout the kind; naming it lets the index with the limit serve.
    Segment {
        table: Table::Entry,
        equal: Some(("limit_kind", KeyValue::Integer(kind))),
        order: &["credit_limit", "name_key"],
        descending: false,
    }
}

/// A page of at most `limit` customers.
pub fn page(tx: &mut Tx<'_>, filter: &ListFilter, sort: ListSort, descending: bool, from: &From, limit: usize) -> Result<Page> {
    page_within(tx, filter, sort, descending, from, limit, CANDIDATES_MAX)
}

/// The same page whatever `candidates_max` is; tests choose it, so that both ways of finding the page are tried.
pub fn page_within(
    tx: &mut Tx<'_>,
    filter: &ListFilter,
    sort: ListSort,
    descending: bool,
    from: &From,
    limit: usize,
    candidates_max: i64,
) -> Result<Page> {
    let segments = sort.segments(descending);
    if let Some(candidates) = candidates(tx, filter, sort, candidates_max)? {
        return Ok(page_of_candidates(&candidates, &segments, from, limit));
    }
    let backwards = from.is_backwards();
    let mut places: Vec<Place> = Vec::new();
    for stretch in stretches(&segments, filter, from) {
        // One more than wanted tells whether there is another page.
        let wanted = limit + 1 - places.len();
        if wanted > 0 {
            places.extend(walk(tx, filter, &stretch, wanted)?);
        }
    }
    let more = places.len() > limit;
    places.truncate(limit);
    if backwards {
        places.reverse();
    }
    let has_start = from.start().is_some();
    Ok(Page { places, has_previous: if backwards { more } else { has_start }, has_next: if backwards { has_start } else { more } })
}

/// How the database finds the page when it walks, a line a step: for whoever asks why a list is slow. All statements that the
/// page may need are told, though the first may fill it; one that sorts, or scans without an index, is the answer.
pub fn plans(tx: &mut Tx<'_>, filter: &ListFilter, sort: ListSort, descending: bool, from: &From, limit: usize) -> Result<Vec<String>> {
    let segments = sort.segments(descending);
    let (explain, column) = match tx.engine() {
        Engine::Sqlite => ("explain query plan", 3),
        Engine::Postgres => ("explain", 0),
    };
    let mut plans = Vec::new();
    for stretch in stretches(&segments, filter, from) {
        for (text, query) in statements(filter, tx.engine(), &stretch, limit + 1)? {
            plans.extend(tx.query(&format!("{explain} {text}"), &query.values(), |row| row.get::<String>(column))?);
        }
    }
    Ok(plans)
}

/// The rows at `offset`, by name. Its cost grows with the offset: the compatible face alone has it.
pub fn page_at_offset(tx: &mut Tx<'_>, filter: &ListFilter, offset: i64, limit: i64) -> Result<Vec<Id>> {
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Entry, Finding::Conditions);
    let (limit, offset) = (query.place(limit), query.place(offset));
    let text = format!("select t.customer_id from {source} order by t.name_key, t.customer_id limit {limit} offset {offset}");
    tx.query(&text, &query.values(), |row| row.get(0))
}

/// What a page reads of a segment.
struct Stretch<'a> {
    segment: &'a Segment,
    number: usize,
    /// In this segment; none where it is read from its end.
    start: Option<&'a Place>,
    /// The index is walked downwards.
    down: bool,
}

/// The stretches that a page may need, in the order of reading.
fn stretches<'a>(segments: &'a [Segment], filter: &ListFilter, from: &'a From) -> Vec<Stretch<'a>> {
    let (start, backwards) = (from.start(), from.is_backwards());
    let is_beyond = |number: usize| start.is_some_and(|place| if backwards { number > place.segment } else { number < place.segment });
    let mut found: Vec<Stretch<'_>> = segments
        .iter()
        .enumerate()
        .filter(|(number, segment)| !is_beyond(*number) && filter.balance_control.is_none_or(|control| segment.admits(control)))
        .map(|(number, segment)| {
            let start = start.filter(|place| place.segment == number);
            Stretch { segment, number, start, down: segment.descending != backwards }
        })
        .collect();
    if backwards {
        found.reverse();
    }
    found
}

/// What one statement reads of a stretch.
enum Part<'a> {
    Whole,
    /// What follows the place among the rows that agree with it in the first columns, as many as `shared` says.
    After {
        place: &'a Place,
        shared: usize,
    },
    /// What lies beyond the value of the first column.
    Beyond(&'a KeyValue),
}

/// The parts in which a stretch is read. PostgreSQL guesses from the first column alone how much follows a place: after one in the
/// last status nothing, were half of all customers in it; and then any index seems right. What shares the place's value and what
/// lies beyond it are therefore asked for apart; names hardly repeat and need not be.
fn parts<'a>(filter: &ListFilter, stretch: &Stretch<'a>) -> Result<Vec<Part<'a>>> {
    let Some(place) = stretch.start else { return Ok(vec![Part::Whole]) };
    let (Some(column), Some(key), true) =
        (stretch.segment.order.first(), place.key.first(), place.key.len() == stretch.segment.order.len())
    else {
        return Err(StorageError::broken("a place in a list has another sort's key"));
    };
    let Some(value) = filter.value_of(column) else {
        let is_name = *column == "name_key";
        return Ok(if is_name {
            vec![Part::After { place, shared: 0 }]
        } else {
            vec![Part::After { place, shared: 1 }, Part::Beyond(key)]
        });
    };
    // Of a column that the filter fixes, one value is before, at or behind the place.
    Ok(match if stretch.down { key.cmp(&value) } else { value.cmp(key) } {
        Ordering::Less => Vec::new(),
        Ordering::Equal => vec![Part::After { place, shared: 1 }],
        Ordering::Greater => vec![Part::Whole],
    })
}

/// Walks a stretch's index. Each status has a walk of its own, which its index bounds, and their rows are merged: one walk of
/// several would pass over the rows between them or sort all that match, as the engine guesses.
fn walk(tx: &mut Tx<'_>, filter: &ListFilter, stretch: &Stretch<'_>, wanted: usize) -> Result<Vec<Place>> {
    let mut places: Vec<Place> = Vec::new();
    for (text, query) in statements(filter, tx.engine(), stretch, wanted)? {
        places.extend(tx.query(&text, &query.values(), |row| {
            let columns = stretch.segment.order.iter().enumerate();
            let key = columns.map(|(index, column)| read_key(row, index + 1, column)).collect::<Result<_>>()?;
            Ok(Place { segment: stretch.number, key, customer_id: row.get(0)? })
        })?);
    }
    places.sort_by(|left, right| within(left, right, stretch.down));
    places.truncate(wanted);
    Ok(places)
}

fn statements(filter: &ListFilter, engine: Engine, stretch: &Stretch<'_>, wanted: usize) -> Result<Vec<(String, Query)>> {
    let mut statements = Vec::new();
    for filter in filter.by_status() {
        let parts = parts(&filter, stretch)?;
        statements.extend(parts.iter().map(|part| statement(&filter, engine, stretch, part, wanted)));
    }
    Ok(statements)
}

fn statement(filter: &ListFilter, engine: Engine, stretch: &Stretch<'_>, part: &Part<'_>, wanted: usize) -> (String, Query) {
    let segment = stretch.segment;
    let mut query = Query::new();
    let finding = if segment.order.first() == Some(&"name_key") { Finding::OrderOfNames } else { Finding::OtherOrder };
    let mut source = filter.source(&mut query, engine, segment.table, finding);
    let mut conditions: Vec<String> = Vec::new();
    if let Some((column, value)) = &segment.equal {
        conditions.push(format!("t.{column} = {}", place_key(&mut query, value)));
    }
    let columns: Vec<String> = segment.order.iter().map(|column| format!("t.{column}")).collect();
    let (compare, direction) = if stretch.down { ("<", " desc") } else { (">", "") };
    match part {
        Part::Whole => {}
        Part::After { place, shared } => {
            let mut keys: Vec<String> = place.key.iter().map(|key| place_key(&mut query, key)).collect();
            keys.push(query.place(place.customer_id));
            let mut names: Vec<&str> = columns.iter().map(String::as_str).collect();
            names.push("t.customer_id");
            conditions.extend(names.iter().zip(&keys).take(*shared).map(|(name, key)| format!("{name} = {key}")));
            let (names, keys): (Vec<&str>, Vec<String>) = names.into_iter().zip(keys).skip(*shared).unzip();
            conditions.push(format!("({}) {compare} ({})", names.join(", "), keys.join(", ")));
        }
        Part::Beyond(key) => {
            let place = place_key(&mut query, key);
            conditions.extend(columns.first().map(|column| format!("{column} {compare} {place}")));
        }
    }
    if !conditions.is_empty() {
        source.push_str(if source.contains(" where ") { " and " } else { " where " });
        source.push_str(&conditions.join(" and "));
    }
    let order: Vec<String> = columns.iter().map(|column| format!("{column}{direction}")).collect();
    let limit = query.place(i64::try_from(wanted).unwrap_or(i64::MAX));
    let text = format!(
        "select t.customer_id, {} from {source} order by {}, t.customer_id{direction} limit {limit}",
        columns.join(", "),
        order.join(", ")
    );
    (text, query)
}

fn place_key(query: &mut Query, key: &KeyValue) -> String {
    match key {
        KeyValue::Integer(value) => query.place(*value),
        KeyValue::Text(text) => query.place_text(text),
    }
}

fn read_key(row: &Row<'_>, index: usize, column: &str) -> Result<KeyValue> {
    match column {
        "name_key" | "balance_control" | "currency" => Ok(KeyValue::Text(row.get(index)?)),
        _ => Ok(KeyValue::Integer(row.get(index)?)),
    }
}

pub(super) fn read_entry(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        customer_id: row.get(0)?,
        name_key: row.get(1)?,
        stored: StoredStatus { status_order: row.get(2)?, changes_at: row.get(3)? },
        balance_control: row::code(row, 4, BalanceControl::parse)?,
        currency: row.get(5)?,
        customer_class_id: row.get(6)?,
        reseller_id: row.get(7)?,
        limit_kind: row.get(8)?,
        credit_limit: row.get(9)?,
        limit_part: row.get(10)?,
        amount: row.get(11)?,
    })
}

/// What leaves few customers, whose rows its index finds.
enum Narrow<'a> {
    Name(&'a NameMatch),
    Reseller(Id),
}

/// The condition that leaves few customers, as far as its index alone can tell; none where all leave many, or the list's order
/// is the one in which an index finds them.
fn narrow<'a>(tx: &mut Tx<'_>, filter: &'a ListFilter, sort: ListSort, candidates_max: i64) -> Result<Option<Narrow<'a>>> {
    let is_sorted_otherwise = sort != ListSort::Name;
    if let Some(name) = filter.name.as_ref().filter(|name| is_sorted_otherwise || name.is_within()) {
        let mut query = Query::new();
        let rows = if name.is_within() {
            search_rows(name, &mut query, tx.engine())
        } else {
            format!("customer_entry e where {}", name.condition(&mut query, "e.name_key"))
        };
        if are_few(tx, &rows, query, candidates_max)? {
            return Ok(Some(Narrow::Name(name)));
        }
    }
    if let Some(reseller_id) = filter.reseller_id.filter(|_| is_sorted_otherwise) {
        let mut query = Query::new();
        let rows = of_reseller(reseller_id, None, &mut query);
        if are_few(tx, &rows, query, candidates_max.saturating_mul(RESELLER_FACTOR))? {
            return Ok(Some(Narrow::Reseller(reseller_id)));
        }
    }
    Ok(None)
}

/// A reseller's rows. The order is that of its index: without it PostgreSQL might look for a few rows in the whole table.
fn of_reseller(reseller_id: Id, name: Option<&NameMatch>, query: &mut Query) -> String {
    let place = query.place(reseller_id);
    let name = name.map(|name| format!(" and {}", name.condition(query, "e.name_key"))).unwrap_or_default();
    format!("customer_entry e where e.reseller_id = {place}{name} order by e.name_key, e.customer_id")
}

fn are_few(tx: &mut Tx<'_>, rows: &str, mut query: Query, count_max: i64) -> Result<bool> {
    let limit = query.place(count_max.saturating_add(1));
    let text = format!("select count(*) from (select 1 from {rows} limit {limit}) as found");
    let found = tx.query_first(&text, &query.values(), |row| row.get::<i64>(0))?;
    Ok(found.unwrap_or(0) <= count_max)
}

/// All matching customers, when a condition leaves few and the order of the list does not help to find them.
fn candidates(tx: &mut Tx<'_>, filter: &ListFilter, sort: ListSort, candidates_max: i64) -> Result<Option<Vec<Entry>>> {
    let found = match narrow(tx, filter, sort, candidates_max)? {
        None => return Ok(None),
        Some(Narrow::Name(name)) => named(tx, name, sort)?,
        Some(Narrow::Reseller(reseller_id)) => {
            let mut query = Query::new();
            let rows = of_reseller(reseller_id, filter.name.as_ref(), &mut query);
            let ids: Vec<Id> = tx.query(&format!("select e.customer_id from {rows}"), &query.values(), |row| row.get(0))?;
            load(tx, &ids)?
        }
    };
    let rest = filter.without_name();
    Ok(Some(found.into_iter().filter(|entry| matches(&rest, entry)).collect()))
}

/// The customers whose name matches; with their amounts where they are sorted by them.
fn named(tx: &mut Tx<'_>, name: &NameMatch, sort: ListSort) -> Result<Vec<Entry>> {
    let mut query = Query::new();
    let mut conditions = Vec::new();
    // The join's order is said: the search first, then each match's row.
    let found_by = match (name.is_within(), tx.engine()) {
        (true, Engine::Sqlite) => {
            conditions.push(format!("s.customer_search match {}", query.place_text(&phrase(&name.key))));
            conditions.push(name.condition(&mut query, "e.name_key"));
            "customer_search s cross join customer_entry e on e.customer_id = s.rowid"
        }
        (true, Engine::Postgres) => {
            conditions.push(name.condition(&mut query, "s.name_key"));
            "customer_search s join customer_entry e on e.customer_id = s.customer_id"
        }
        (false, _) => {
            conditions.push(name.condition(&mut query, "e.name_key"));
            "customer_entry e"
        }
    };
    let is_by_amount = matches!(sort, ListSort::Balance | ListSort::AvailableFunds);
    let (amounts, join) = match (is_by_amount, tx.engine()) {
        (false, _) => ("cast(0 as bigint), cast(0 as bigint)", ""),
        (true, Engine::Sqlite) => ("a.limit_part, a.amount", " cross join customer_amount a on a.customer_id = e.customer_id"),
        (true, Engine::Postgres) => ("a.limit_part, a.amount", " join customer_amount a on a.customer_id = e.customer_id"),
    };
    let text = format!(
        "select e.customer_id, e.name_key, e.status_order, e.status_changes_at, e.balance_control, e.currency, e.customer_class_id, \
         e.reseller_id, e.limit_kind, e.credit_limit, {amounts} from {found_by}{join} where {}",
        conditions.join(" and ")
    );
    tx.query(&text, &query.values(), read_entry)
}

fn matches(filter: &ListFilter, entry: &Entry) -> bool {
    (filter.statuses.is_empty() || filter.statuses.contains(&entry.stored.status_order))
        && filter.balance_control.is_none_or(|control| control == entry.balance_control)
        && filter.currency.as_ref().is_none_or(|currency| *currency == entry.currency)
        && filter.customer_class_id.is_none_or(|class| class == entry.customer_class_id)
        && filter.reseller_id.is_none_or(|reseller| reseller == entry.reseller_id)
}

fn key_of(entry: &Entry, column: &str) -> KeyValue {
    match column {
        "name_key" => KeyValue::Text(entry.name_key.clone()),
        "balance_control" => KeyValue::Text(entry.balance_control.code().to_owned()),
        "currency" => KeyValue::Text(entry.currency.clone()),
        "status_order" => KeyValue::Integer(entry.stored.status_order),
        "limit_kind" => KeyValue::Integer(entry.limit_kind),
        "credit_limit" => KeyValue::Integer(entry.credit_limit),
        _ => KeyValue::Integer(entry.amount),
    }
}

fn place_of(entry: &Entry, segments: &[Segment]) -> Option<Place> {
    let belongs = |segment: &Segment| segment.equal.as_ref().is_none_or(|(column, value)| key_of(entry, column) == *value);
    let number = segments.iter().position(belongs)?;
    let key = segments[number].order.iter().map(|column| key_of(entry, column)).collect();
    Some(Place { segment: number, key, customer_id: entry.customer_id })
}

fn compare(left: &Place, right: &Place, segments: &[Segment]) -> Ordering {
    let down = segments.get(left.segment).is_some_and(|segment| segment.descending);
    left.segment.cmp(&right.segment).then_with(|| within(left, right, down))
}

/// The order of two places of one segment.
fn within(left: &Place, right: &Place, down: bool) -> Ordering {
    let order = (&left.key, left.customer_id).cmp(&(&right.key, right.customer_id));
    if down { order.reverse() } else { order }
}

fn page_of_candidates(candidates: &[Entry], segments: &[Segment], from: &From, limit: usize) -> Page {
    let mut all: Vec<Place> = candidates.iter().filter_map(|entry| place_of(entry, segments)).collect();
    all.sort_by(|left, right| compare(left, right, segments));
    let first = match from {
        From::First => 0,
        From::Last => all.len().saturating_sub(limit),
        From::After(start) => all.partition_point(|place| compare(place, start, segments) != Ordering::Greater),
        From::Before(start) => all.partition_point(|place| compare(place, start, segments) == Ordering::Less).saturating_sub(limit),
    };
    let end = match from {
        From::Before(start) => all.partition_point(|place| compare(place, start, segments) == Ordering::Less),
        From::First | From::Last | From::After(_) => all.len().min(first + limit),
    };
    Page { has_previous: first > 0, has_next: end < all.len(), places: all.drain(first..end).collect() }
}
