//! Owns the SQL of open sessions and of the xDRs that ended ones left.
//! Does not own: deciding about them (writer/usage.rs) and saving a batch of them at once on PostgreSQL (writer/postgres.rs).

use trunkline_domain::bundle::{Taken, together};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::product::Direction;
use trunkline_domain::service::Service;
use trunkline_domain::session::{Leg, Payer, Session};
use trunkline_domain::time::Timestamp;

use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::tariff::{stored, units};
use crate::{arrival, bundle, values};

pub(crate) const COLUMNS: &str = "customer_id, session_id, session_key, account_id, service, direction, cli, cld, is_emergency, opened_at, \
     started_at, used_units, granted_units, expires_at, legs, taken";

pub(crate) fn read(row: &Row<'_>) -> Result<Session> {
    let legs: String = row.get(14)?;
    Ok(Session {
        customer_id: row.get(0)?,
        session_id: row.get(1)?,
        key: row.get(2)?,
        account_id: row.get(3)?,
        service: row::code(row, 4, Service::parse)?,
        direction: row::code(row, 5, Direction::parse)?,
        cli: row.get(6)?,
        cld: row.get(7)?,
        is_emergency: row.get(8)?,
        opened_at: row.get(9)?,
        started_at: row.get(10)?,
        used_units: units(row, 11)?,
        granted_units: units(row, 12)?,
        expires_at: row.get(13)?,
        legs: parse_legs(&legs).ok_or_else(|| StorageError::broken(format!("legs of a session are {legs:?}")))?,
        taken: bundle::parse_taken(row.get::<Option<String>>(15)?.as_deref())?,
    })
}

/// The legs in a line: `customer/account/tariff/reserved`, 0 where no account pays, ended by semicolons.
pub(crate) fn legs_text(legs: &[Leg]) -> String {
    let mut text = String::new();
    for leg in legs {
        let account_id = leg.payer.account_id().unwrap_or(0);
        text.push_str(&format!("{}/{account_id}/{}/{};", leg.payer.customer_id(), leg.tariff_id, leg.reserved.millionths()));
    }
    text
}

fn parse_legs(text: &str) -> Option<Vec<Leg>> {
    let leg = |part: &str| {
        let mut numbers = part.split('/').map(|number| number.parse::<i64>().ok());
        let mut next = || numbers.next().flatten();
        let (customer_id, account_id, tariff_id, reserved) = (next()?, next()?, next()?, next()?);
        let payer = if account_id == 0 { Payer::Customer { customer_id } } else { Payer::Account { customer_id, account_id } };
        Some(Leg { payer, tariff_id, reserved: Money::from_millionths(reserved) })
    };
    text.split_terminator(';').map(leg).collect()
}

/// Every open session. SQLite's writer holds them in memory.
pub fn load_all(tx: &mut Tx<'_>, mut take: impl FnMut(Session)) -> Result<()> {
    tx.query_each(&format!("select {COLUMNS} from charge_session"), &[], |row| {
        take(read(row)?);
        Ok(())
    })
}

/// The open sessions of a customer, the oldest first.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: Id) -> Result<Vec<Session>> {
    tx.query(&format!("select {COLUMNS} from charge_session where customer_id = $1 order by session_id"), values![customer_id], read)
}

/// An open session, with what its switch was asked for besides what was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub session: Session,
    /// Since when it has the limited speed. None: it has the full one.
    pub limited_at: Option<Timestamp>,
    /// Since when staff want it to end.
    pub end_wanted_at: Option<Timestamp>,
}

/// The columns of a running session, of `charge_session s`.
fn running_columns() -> String {
    let columns: Vec<String> = COLUMNS.split(", ").map(|column| format!("s.{}", column.trim())).collect();
    format!("{}, s.limited_at, s.end_wanted_at", columns.join(", "))
}

fn read_running(row: &Row<'_>) -> Result<Running> {
    Ok(Running { session: read(row)?, limited_at: row.get(16)?, end_wanted_at: row.get(17)? })
}

/// Open sessions behind one of them, `count` at the most, in an order that each engine has them in: each is met once in a walk.
pub fn walk(tx: &mut Tx<'_>, after: (Id, Id), count: i64) -> Result<Vec<Running>> {
    let columns = running_columns();
    let (customer_id, session_id) = after;
    match tx.engine() {
        Engine::Sqlite => {
            let text = format!("select {columns} from charge_session s where s.session_id > $1 order by s.session_id limit $2");
            tx.query(&text, values![session_id, count], read_running)
        }
        Engine::Postgres => {
            let text = format!(
                "select {columns} from charge_session s where (s.customer_id, s.session_id) > ($1, $2) \
                 order by s.customer_id, s.session_id limit $3"
            );
            tx.query(&text, values![customer_id, session_id, count], read_running)
        }
    }
}

/// Open sessions of customers with an event above this one, `count` at the most.
pub fn of_changed(tx: &mut Tx<'_>, event_id: Id, count: i64) -> Result<Vec<Running>> {
    let changed = match tx.engine() {
        Engine::Sqlite => "s.customer_id in (select o.customer_id from outbox o where o.event_id > $1)",
        Engine::Postgres => "exists (select 1 from customer_balance b where b.customer_id = s.customer_id and b.last_event_id > $1)",
    };
    let text = format!("select {} from charge_session s where {changed} limit $2", running_columns());
    tx.query(&text, values![event_id, count], read_running)
}

/// One open session.
pub fn load(tx: &mut Tx<'_>, session_id: Id) -> Result<Option<Running>> {
    let text = format!("select {} from charge_session s where s.session_id = $1", running_columns());
    tx.query_first(&text, values![session_id], read_running)
}

/// Staff want it to end. What was wanted first stays.
pub fn want_end(tx: &mut Tx<'_>, customer_id: Id, session_id: Id, at: Timestamp) -> Result<()> {
    let text = "update charge_session set end_wanted_at = coalesce(end_wanted_at, $3) where customer_id = $1 and session_id = $2";
    tx.execute(text, values![customer_id, session_id, at])?;
    Ok(())
}

/// Its switch has given it another speed.
pub fn set_limited_at(tx: &mut Tx<'_>, customer_id: Id, session_id: Id, limited_at: Option<Timestamp>) -> Result<()> {
    let text = "update charge_session set limited_at = $3 where customer_id = $1 and session_id = $2";
    tx.execute(text, values![customer_id, session_id, limited_at])?;
    Ok(())
}

/// Open sessions after the one with the id `after`, the oldest first; of one customer, and of one reseller's customers, where asked.
pub fn page(tx: &mut Tx<'_>, customer_id: Option<Id>, reseller_id: Option<Id>, after: Id, count: i64) -> Result<Vec<Running>> {
    let text = format!(
        "select {} from charge_session s where s.session_id > $1 and (cast($2 as bigint) = 0 or s.customer_id = $3) \
         and (cast($4 as bigint) = 0 or exists (select 1 from customer c where c.customer_id = s.customer_id and c.reseller_id = $5)) \
         order by s.session_id limit $6",
        running_columns()
    );
    let (customer_id, reseller_id) = (customer_id.unwrap_or(0), reseller_id.unwrap_or(0));
    tx.query(&text, values![after, customer_id, customer_id, reseller_id, reseller_id, count], read_running)
}

/// The keys of sessions of a switch that were opened before a moment, after the key `after`, `count` at the most. `source` begins their keys.
pub fn of_source(tx: &mut Tx<'_>, source: &str, opened_before: Timestamp, after: Option<&str>, count: i64) -> Result<Vec<String>> {
    let begin = format!("{source}:");
    // The character after the colon.
    let end = format!("{source};");
    let text = "select session_key from charge_session where session_key > $1 and session_key < $2 and opened_at < $3 \
                order by session_key limit $4";
    tx.query(text, values![after.unwrap_or(&begin), &end, opened_before, count], |row| row.get(0))
}

/// The keys of sessions that count as lost at `now`, `count` at the most.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, count: i64) -> Result<Vec<String>> {
    let text = "select session_key from charge_session where expires_at <= $1 order by expires_at, customer_id, session_id limit $2";
    tx.query(text, values![now, count], |row| row.get(0))
}

pub fn insert(tx: &mut Tx<'_>, session: &Session, limited_at: Option<Timestamp>) -> Result<()> {
    tx.execute(
        "insert into charge_session (customer_id, session_id, session_key, account_id, service, direction, cli, cld, is_emergency, \
         opened_at, started_at, used_units, granted_units, expires_at, legs, limited_at, taken) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        values![
            session.customer_id,
            session.session_id,
            &session.key,
            session.account_id,
            session.service.code(),
            session.direction.code(),
            &session.cli,
            &session.cld,
            session.is_emergency,
            session.opened_at,
            session.started_at,
            stored(session.used_units),
            stored(session.granted_units),
            session.expires_at,
            &legs_text(&session.legs),
            limited_at,
            &bundle::taken_text(&session.taken)
        ],
    )?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, session: &Session) -> Result<()> {
    tx.execute(
        "update charge_session set started_at = $3, used_units = $4, granted_units = $5, expires_at = $6, legs = $7, taken = $8 \
         where customer_id = $1 and session_id = $2",
        values![
            session.customer_id,
            session.session_id,
            session.started_at,
            stored(session.used_units),
            stored(session.granted_units),
            session.expires_at,
            &legs_text(&session.legs),
            &bundle::taken_text(&session.taken)
        ],
    )?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, customer_id: Id, session_id: Id) -> Result<()> {
    tx.execute("delete from charge_session where customer_id = $1 and session_id = $2", values![customer_id, session_id])?;
    Ok(())
}

/// What an ended session left with its own customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub xdr_id: Id,
    pub account_id: Id,
    pub ended_at: Timestamp,
    pub units: u64,
    /// What its xDRs charge in all.
    pub owed: Money,
    /// What its xDRs took of bundles in all.
    pub taken: Vec<Taken>,
    /// It was lost: a late end can add what was not confirmed.
    pub is_lost: bool,
}

/// The cause of the xDR of a session that was not heard of any more.
pub const LOST: &str = "timeout";

/// What the last session of this key left; none: it has not ended. Looked for among the customer's xDRs from `from` on.
pub fn ended(tx: &mut Tx<'_>, customer_id: Id, key: &str, from: Timestamp) -> Result<Option<Ended>> {
    let source = arrival::of_customer(tx.engine(), arrival::Kind::Xdr);
    let text = format!(
        "select t.xdr_id, t.account_id, t.units, t.owed, t.cause, t.ended_at, t.refers_to, t.taken, t.split_no from {source} \
         where t.customer_id = $1 and t.bill_time >= $2 and t.session_key = $3 order by t.xdr_id"
    );
    let rows = tx.query(&text, values![customer_id, from, key], |row| {
        let cause: Option<String> = row.get(4)?;
        let account_id = row.get::<Option<Id>>(1)?.unwrap_or(0);
        let is_lost = cause.as_deref() == Some(LOST);
        let taken = bundle::parse_taken(row.get::<Option<String>>(7)?.as_deref())?;
        let (xdr_id, ended_at, owed) = (row.get(0)?, row.get(5)?, row.get(3)?);
        let ended = Ended { xdr_id, account_id, ended_at, units: units(row, 2)?, owed, taken, is_lost };
        Ok((ended, row.get::<Option<Id>>(6)?.is_some(), row.get::<Option<i64>>(8)?.is_some()))
    })?;
    let mut last: Option<Ended> = None;
    for (ended, adds_to_earlier, is_part) in rows {
        last = Some(match last.filter(|_| adds_to_earlier) {
            Some(before) => {
                let owed = before.owed.checked_add(ended.owed).map_err(StorageError::unreadable)?;
                // The second of two parts says what it is about; what was added to a lost session, how long the whole was.
                let units = if is_part { before.units.saturating_add(ended.units) } else { ended.units };
                Ended { xdr_id: before.xdr_id, owed, units, taken: together(&before.taken, &ended.taken), ..ended }
            }
            None => ended,
        });
    }
    Ok(last)
}

/// The keys of sessions that were charged by xDRs with ids above `after`, in the order of the ids: so many xDRs at the most. Returns the
/// id of the last one; none: there are no more.
pub fn charged_after(tx: &mut Tx<'_>, after: Id, count: i64, mut take: impl FnMut(&str)) -> Result<Option<Id>> {
    let mut last = None;
    let text = "select xdr_id, session_key from xdr where xdr_id > $1 order by xdr_id limit $2";
    tx.query_each(text, values![after, count], |row| {
        last = Some(row.get(0)?);
        if let Some(key) = row.get::<Option<String>>(1)? {
            take(&key);
        }
        Ok(())
    })?;
    Ok(last)
}
