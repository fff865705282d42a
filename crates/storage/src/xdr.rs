//! Owns the queries over xDRs.
//! Does not own: appending them, which the writer does, nor in what runs SQLite keeps their order (arrival.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::time::Timestamp;

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::Row;
use crate::{arrival, values};

/// The record of one charged or credited event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xdr {
    pub customer_id: Id,
    pub xdr_id: Id,
    /// None: on the customer itself.
    pub account_id: Option<Id>,
    pub service: String,
    pub cli: Option<String>,
    pub cld: Option<String>,
    pub description: Option<String>,
    pub visible_comment: Option<String>,
    pub started_at: Timestamp,
    pub bill_time: Timestamp,
    pub quantity: i64,
    /// Signed as owed.
    pub owed: Money,
    /// The xDR that it corrects, adds to, or was charged anew in place of.
    pub refers_to: Option<Id>,
}

const COLUMNS: &str = "t.customer_id, t.xdr_id, t.account_id, t.service, t.cli, t.cld, t.description, t.visible_comment, t.started_at, \
     t.bill_time, t.quantity, t.owed, t.refers_to";

fn read(row: &Row<'_>) -> Result<Xdr> {
    Ok(Xdr {
        customer_id: row.get(0)?,
        xdr_id: row.get(1)?,
        account_id: row.get(2)?,
        service: row.get(3)?,
        cli: row.get(4)?,
        cld: row.get(5)?,
        description: row.get(6)?,
        visible_comment: row.get(7)?,
        started_at: row.get(8)?,
        bill_time: row.get(9)?,
        quantity: row.get(10)?,
        owed: row.get(11)?,
        refers_to: row.get(12)?,
    })
}

/// What an xDR keeps of the usage that it charges, beside what lists show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XdrUsage {
    /// The session by its key.
    pub session: String,
    pub ended_at: Timestamp,
    /// Code of the direction.
    pub direction: String,
    /// What was used, in units of the service; what was charged is the xDR's quantity.
    pub units: i64,
    /// None: it was free by its kind, such as an emergency call.
    pub tariff_id: Option<Id>,
    pub prefix: Option<String>,
    /// The moment whose rate it was charged by.
    pub rated_at: Option<Timestamp>,
    /// The steps of the price, in a line.
    pub trace: String,
    /// As the switch named it.
    pub cause: Option<String>,
}

const USAGE: &str = "t.session_key, t.ended_at, t.direction, t.units, t.tariff_id, t.prefix, t.rated_at, t.trace, t.cause";

/// The columns of `USAGE` from `first` on. None: the xDR is not about usage.
fn read_usage(row: &Row<'_>, first: usize) -> Result<Option<XdrUsage>> {
    let Some(session) = row.get::<Option<String>>(first)? else { return Ok(None) };
    Ok(Some(XdrUsage {
        session,
        ended_at: row.get(first + 1)?,
        direction: row.get::<Option<String>>(first + 2)?.unwrap_or_default(),
        units: row.get::<Option<i64>>(first + 3)?.unwrap_or(0),
        tariff_id: row.get(first + 4)?,
        prefix: row.get(first + 5)?,
        rated_at: row.get(first + 6)?,
        trace: row.get::<Option<String>>(first + 7)?.unwrap_or_default(),
        cause: row.get(first + 8)?,
    }))
}

/// One xDR, with what it keeps of usage if it is about usage.
pub fn load(tx: &mut Tx<'_>, xdr_id: Id) -> Result<Option<(Xdr, Option<XdrUsage>)>> {
    let text = format!("select {COLUMNS}, {USAGE} from xdr t where t.xdr_id = $1");
    tx.query_first(&text, values![xdr_id], |row| Ok((read(row)?, read_usage(row, 13)?)))
}

/// What these xDRs keep of usage; those that are not about usage are left out.
pub fn usage_of(tx: &mut Tx<'_>, xdrs: &[Id]) -> Result<HashMap<Id, XdrUsage>> {
    let text = format!("select t.xdr_id, {USAGE} from xdr t where t.xdr_id in ({{ids}})");
    let found = tx.query_by_ids(&text, xdrs, |row| Ok((row.get(0)?, read_usage(row, 1)?)))?;
    Ok(found.into_iter().filter_map(|(id, usage)| Some((id, usage?))).collect())
}

/// Which xDRs of a customer are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XdrFilter {
    pub customer_id: Id,
    pub account_id: Option<Id>,
    pub service: Option<String>,
    /// Inclusive.
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub before: Option<Timestamp>,
}

impl XdrFilter {
    fn admits(&self, xdr: &Xdr) -> bool {
        self.account_id.is_none_or(|id| xdr.account_id == Some(id)) && self.service.as_ref().is_none_or(|service| xdr.service == *service)
    }
}

/// Where an xDR stands among those of its customer.
pub type Place = (Timestamp, Id);

/// xDRs that SQLite reads at once while it looks for those that match.
const CHUNK: i64 = 500;

/// A customer's xDRs by the moment of billing, behind `after` in the direction of reading.
pub fn of_customer(tx: &mut Tx<'_>, filter: &XdrFilter, after: Option<Place>, down: bool, count: usize) -> Result<Vec<Xdr>> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    match tx.engine() {
        Engine::Postgres => of_customer_by_index(tx, filter, after, down, count),
        Engine::Sqlite => of_customer_by_runs(tx, filter, after, down, count),
    }
}

/// The first and the last place that the filter's moments leave, both outside.
fn bounds(filter: &XdrFilter, after: Option<Place>, down: bool) -> (Place, Place) {
    let low = (filter.from.unwrap_or(Timestamp::from_microseconds(i64::MIN)), i64::MIN);
    let high = filter.before.map_or((Timestamp::from_microseconds(i64::MAX), i64::MAX), |before| (before, i64::MIN));
    match after {
        Some(place) if down => (low, place.min(high)),
        Some(place) => (place.max(low), high),
        None => (low, high),
    }
}

/// Everybody's xDRs, or those of a reseller's customers, by their ids, which is the order in which they came, behind `after` in the
/// direction of reading.
pub fn latest(tx: &mut Tx<'_>, reseller_id: Option<Id>, after: Option<Id>, down: bool, count: usize) -> Result<Vec<Xdr>> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (compare, direction, start) = if down { ("<", " desc", i64::MAX) } else { (">", "", i64::MIN) };
    let of_reseller = "and exists (select 1 from customer c where c.customer_id = t.customer_id and c.reseller_id = $3)";
    let scope = if reseller_id.is_some() { of_reseller } else { "" };
    let text = format!("select {COLUMNS} from xdr t where t.xdr_id {compare} $1 {scope} order by t.xdr_id{direction} limit $2");
    let start = after.unwrap_or(start);
    match reseller_id {
        Some(reseller_id) => tx.query(&text, values![start, count, reseller_id], read),
        None => tx.query(&text, values![start, count], read),
    }
}

fn of_customer_by_index(tx: &mut Tx<'_>, filter: &XdrFilter, after: Option<Place>, down: bool, count: i64) -> Result<Vec<Xdr>> {
    let (low, high) = bounds(filter, after, down);
    let direction = if down { " desc" } else { "" };
    // Given as a value of its own each, for a condition that does not count: statements stay few.
    let text = format!(
        "select {COLUMNS} from xdr t where t.customer_id = $1 and (t.bill_time, t.xdr_id) > ($2, $3) and (t.bill_time, t.xdr_id) < ($4, $5) \
         and (cast($6 as bigint) is null or t.account_id = $6) and (cast($7 as text) is null or t.service = $7) \
         order by t.bill_time{direction}, t.xdr_id{direction} limit $8"
    );
    tx.query(&text, values![filter.customer_id, low.0, low.1, high.0, high.1, filter.account_id, &filter.service, count], read)
}

fn of_customer_by_runs(tx: &mut Tx<'_>, filter: &XdrFilter, after: Option<Place>, down: bool, count: i64) -> Result<Vec<Xdr>> {
    let mut found: Vec<Xdr> = Vec::new();
    let mut after = after;
    let chunk = if filter.account_id.is_none() && filter.service.is_none() { count } else { CHUNK };
    let wanted = usize::try_from(count).unwrap_or(usize::MAX);
    loop {
        let (low, high) = bounds(filter, after, down);
        let places = arrival::places(tx, arrival::Kind::Xdr, filter.customer_id, low, high, down, chunk)?;
        let is_last = i64::try_from(places.len()).unwrap_or(i64::MAX) < chunk;
        after = places.last().copied().or(after);
        let ids: Vec<Id> = places.iter().map(|(_, id)| *id).collect();
        let mut rows = tx.query_by_ids(&format!("select {COLUMNS} from xdr t where t.xdr_id in ({{ids}})"), &ids, read)?;
        rows.sort_by_key(|xdr| (xdr.bill_time, xdr.xdr_id));
        rows.dedup_by_key(|xdr| xdr.xdr_id);
        if down {
            rows.reverse();
        }
        found.extend(rows.into_iter().filter(|xdr| filter.admits(xdr)));
        if is_last || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}
