//! Owns a page of the list: keyset paging, and the choice between walking a sort index and sorting the few that match.
//! Does not own: which customers match (filter.rs), what an order is (sort.rs), finding the few (find.rs).

use std::cmp::Ordering;

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::id::Id;
use trunkline_domain::status::CustomerStatus;

use super::filter::{Finding, ListFilter, Query, Table};
use super::sort::{KeyValue, Place, Segment, Shared, SortBy, compare, is_text, place_of, segments, within};
use super::{currencies, find, gather};
use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::row::Row;

/// What is found so that matches at most this many customers is sorted as a whole; where more match, the sort index is walked
/// until the page is full, which then comes soon.
const CANDIDATES_MAX: i64 = 1_000;

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

/// A page of at most `limit` customers. None: no index has the order, and more than `GATHERED_MAX` match.
pub fn page(tx: &mut Tx<'_>, filter: &ListFilter, order: &[SortBy], from: &From, limit: usize) -> Result<Option<Page>> {
    page_within(tx, filter, order, from, limit, CANDIDATES_MAX)
}

/// The same page whatever `candidates_max` is; tests choose it, so that both ways of finding the page are tried.
pub fn page_within(
    tx: &mut Tx<'_>,
    filter: &ListFilter,
    order: &[SortBy],
    from: &From,
    limit: usize,
    candidates_max: i64,
) -> Result<Option<Page>> {
    let Some(segments) = segments(order) else { return gather::page(tx, filter, order, from, limit) };
    if let Some(candidates) = find::candidates(tx, filter, order, candidates_max)? {
        let places = candidates.iter().filter_map(|entry| place_of(entry, &segments)).collect();
        return Ok(Some(page_of(places, |left, right| compare(left, right, &segments), from, limit)));
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
    Ok(Some(Page { places, has_previous: if backwards { more } else { has_start }, has_next: if backwards { has_start } else { more } }))
}

/// How the database finds the page when it walks, a line a step: for whoever asks why a list is slow. All statements that the
/// page may need are told, though the first may fill it; one that sorts, or scans without an index, is the answer.
pub fn plans(tx: &mut Tx<'_>, filter: &ListFilter, by: SortBy, from: &From, limit: usize) -> Result<Vec<String>> {
    let segments = segments(&[by]).unwrap_or_default();
    let (explain, column) = match tx.engine() {
        Engine::Sqlite => ("explain query plan", 3),
        Engine::Postgres => ("explain", 0),
    };
    let mut plans = Vec::new();
    for stretch in stretches(&segments, filter, from) {
        for (text, query) in statements(tx, filter, &stretch, limit + 1)? {
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
        .filter(|(number, segment)| !is_beyond(*number) && segment.admits(filter))
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
    for (text, query) in statements(tx, filter, stretch, wanted)? {
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

fn statements(tx: &mut Tx<'_>, filter: &ListFilter, stretch: &Stretch<'_>, wanted: usize) -> Result<Vec<(String, Query)>> {
    let mut statements = Vec::new();
    for filter in walked_apart(tx, filter, stretch)? {
        let parts = parts(&filter, stretch)?;
        statements.extend(parts.iter().map(|part| statement(&filter, tx.engine(), stretch, part, wanted)));
    }
    Ok(statements)
}

/// The filters whose matches are walked one after the other and merged.
fn walked_apart(tx: &mut Tx<'_>, filter: &ListFilter, stretch: &Stretch<'_>) -> Result<Vec<ListFilter>> {
    let Some(column) = stretch.segment.order.first().filter(|column| !Finding::OrderOf(column).must_not_use("status_order")) else {
        return Ok(vec![filter.clone()]);
    };
    // Among the customers of one status, control or currency the index goes by name, and leads at once to the names that are
    // searched; across them a walk would pass over all other names.
    let names_lead = filter.search.as_ref().is_some_and(|search| !search.is_within()) && filter.value_of(column).is_none();
    let apart: Vec<ListFilter> = match *column {
        "status_order" if names_lead && filter.statuses.is_empty() => {
            let statuses = CustomerStatus::TABLE.iter().map(|row| row.status.order()).collect();
            vec![ListFilter { statuses, ..filter.clone() }]
        }
        "balance_control" if names_lead => {
            BalanceControl::ALL.map(|control| ListFilter { balance_control: Some(control), ..filter.clone() }).to_vec()
        }
        "currency" if names_lead => {
            let found = currencies(tx)?.into_iter();
            found.map(|currency| ListFilter { currency: Some(currency), ..filter.clone() }).collect()
        }
        _ => vec![filter.clone()],
    };
    Ok(apart.iter().flat_map(ListFilter::by_status).collect())
}

fn statement(filter: &ListFilter, engine: Engine, stretch: &Stretch<'_>, part: &Part<'_>, wanted: usize) -> (String, Query) {
    let segment = stretch.segment;
    let mut query = Query::new();
    // What the filter fixes is no order.
    let order = segment.order.iter().find(|column| filter.value_of(column).is_none());
    let finding = order.map_or(Finding::Conditions, |column| Finding::OrderOf(column));
    let mut source = filter.source(&mut query, engine, segment.table, finding);
    let mut conditions: Vec<String> = Vec::new();
    match &segment.shared {
        Shared::Nothing => {}
        Shared::Value(column, value) => conditions.push(format!("t.{column} = {}", place_key(&mut query, value))),
        Shared::Given(column) => conditions.push(format!("t.{column} > ''")),
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
    if is_text(column) { Ok(KeyValue::Text(row.get(index)?)) } else { Ok(KeyValue::Integer(row.get(index)?)) }
}

/// The page, out of all that match.
pub(super) fn page_of(mut all: Vec<Place>, compare: impl Fn(&Place, &Place) -> Ordering, from: &From, limit: usize) -> Page {
    all.sort_by(&compare);
    let first = match from {
        From::First => 0,
        From::Last => all.len().saturating_sub(limit),
        From::After(start) => all.partition_point(|place| compare(place, start) != Ordering::Greater),
        From::Before(start) => all.partition_point(|place| compare(place, start) == Ordering::Less).saturating_sub(limit),
    };
    let end = match from {
        From::Before(start) => all.partition_point(|place| compare(place, start) == Ordering::Less),
        From::First | From::Last | From::After(_) => all.len().min(first + limit),
    };
    Page { has_previous: first > 0, has_next: end < all.len(), places: all.drain(first..end).collect() }
}
