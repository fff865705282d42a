//! Owns a transaction on either engine: the one way in which SQL is run.
//! Does not own: when transactions begin and end (writer, reader), and any SQL of a noun.

pub mod postgres;
pub mod sqlite;

use std::cell::RefCell;

use trunkline_domain::id::Id;

use crate::arrival;
use crate::error::{Result, StorageError};
use crate::row::{Row, Value};
use crate::writer::RequestMemory;

/// Which engine holds the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A running transaction, or on PostgreSQL a reader's connection, where each statement sees its own snapshot.
pub struct Tx<'a> {
    connection: Connection<'a>,
    /// Customers whose facts this transaction changed: the writer forgets what it holds of them in memory.
    touched: Vec<Id>,
    /// Rows that this transaction appended to tables in order of arrival.
    arrivals: Vec<arrival::Entry>,
    /// A statement failed in a way that running the work again can cure.
    retryable: bool,
    /// A statement failed: on PostgreSQL nothing of the transaction can be kept.
    failed: bool,
}

enum Connection<'a> {
    /// The writer's transactions also know the idempotency keys.
    Sqlite(&'a rusqlite::Connection, Option<&'a RefCell<RequestMemory>>),
    Postgres(&'a mut postgres::Session),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a rusqlite::Connection) -> Tx<'a> {
        Tx { connection: Connection::Sqlite(connection, None), touched: Vec::new(), arrivals: Vec::new(), retryable: false, failed: false }
    }

    pub(crate) fn sqlite_writing(connection: &'a rusqlite::Connection, requests: &'a RefCell<RequestMemory>) -> Tx<'a> {
        Tx {
            connection: Connection::Sqlite(connection, Some(requests)),
            touched: Vec::new(),
            arrivals: Vec::new(),
            retryable: false,
            failed: false,
        }
    }

    /// The idempotency keys in memory; SQLite's writer alone has them.
    pub(crate) fn requests(&self) -> Option<&'a RefCell<RequestMemory>> {
        match self.connection {
            Connection::Sqlite(_, requests) => requests,
            Connection::Postgres(_) => None,
        }
    }

    pub(crate) fn postgres(session: &'a mut postgres::Session) -> Tx<'a> {
        Tx { connection: Connection::Postgres(session), touched: Vec::new(), arrivals: Vec::new(), retryable: false, failed: false }
    }

    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite(..) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement that changes rows; returns how many.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let done = match &mut self.connection {
            Connection::Sqlite(connection, _) => sqlite::execute(connection, sql, values),
            Connection::Postgres(session) => session.execute(sql, values),
        };
        self.note(done)
    }

    /// Runs a query and reads each row with `read`.
    pub fn query<T>(&mut self, sql: &str, values: &[Value<'_>], mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.query_each(sql, values, |row| {
            rows.push(read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Runs a query and hands each row to `take`. SQLite's rows come one at a time, PostgreSQL's are all fetched first.
    pub fn query_each(&mut self, sql: &str, values: &[Value<'_>], mut take: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(connection, _) => sqlite::query(connection, sql, values, &mut take),
            Connection::Postgres(session) => session.query(sql, values, &mut take),
        };
        self.note(done)
    }

    /// The first row, if there is one.
    pub fn query_first<T>(&mut self, sql: &str, values: &[Value<'_>], read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Option<T>> {
        Ok(self.query(sql, values, read)?.into_iter().next())
    }

    /// Runs several statements without parameters. For migrations and settings.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(connection, _) => connection.execute_batch(sql).map_err(sqlite::error),
            Connection::Postgres(session) => session.batch(sql),
        };
        self.note(done)
    }

    /// Runs a query of a long list of ids in slices: `sql` holds `{ids}` where the list goes, and no other parameter.
    pub fn query_by_ids<T>(&mut self, sql: &str, ids: &[Id], mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for slice in ids.chunks(IDS_PER_STATEMENT) {
            let (text, values) = with_ids(sql, slice);
            self.query_each(&text, &values, |row| {
                rows.push(read(row)?);
                Ok(())
            })?;
        }
        Ok(rows)
    }

    /// Runs a change of a long list of ids in slices: `sql` holds `{ids}` where the list goes, and no other parameter.
    pub fn execute_by_ids(&mut self, sql: &str, ids: &[Id]) -> Result<u64> {
        let mut changed = 0;
        for slice in ids.chunks(IDS_PER_STATEMENT) {
            let (text, values) = with_ids(sql, slice);
            changed += self.execute(&text, &values)?;
        }
        Ok(changed)
    }

    /// Runs a query of a long list of keys in slices: `sql` holds `{keys}` where the list goes; `first` are its parameters before.
    pub fn query_by_keys<T>(
        &mut self,
        sql: &str,
        first: &[Value<'_>],
        keys: &[&str],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for slice in keys.chunks(KEYS_PER_STATEMENT) {
            let places: Vec<String> = (1..=slice.len()).map(|place| format!("${}", first.len() + place)).collect();
            let values: Vec<Value<'_>> = first.iter().copied().chain(slice.iter().copied().map(Value::Text)).collect();
            self.query_each(&sql.replace("{keys}", &places.join(",")), &values, |row| {
                rows.push(read(row)?);
                Ok(())
            })?;
        }
        Ok(rows)
    }

    /// Inserts rows of `width` values each, many in one statement: `insert into {table_and_columns} values (...), (...) {tail}`.
    /// Rows that `tail` returns are read with `read`.
    pub fn insert_many<T>(
        &mut self,
        table_and_columns: &str,
        width: usize,
        values: &[Value<'_>],
        tail: &str,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for slice in values.chunks(rows_per_statement(width) * width) {
            let mut text = format!("insert into {table_and_columns} values ");
            for row in 0..slice.len() / width {
                text.push_str(if row == 0 { "(" } else { ", (" });
                for column in 1..=width {
                    text.push_str(if column == 1 { "$" } else { ", $" });
                    text.push_str(&(row * width + column).to_string());
                }
                text.push(')');
            }
            text.push(' ');
            text.push_str(tail);
            if tail.contains("returning") {
                self.query_each(&text, slice, |row| {
                    found.push(read(row)?);
                    Ok(())
                })?;
            } else {
                self.execute(&text, slice)?;
            }
        }
        Ok(found)
    }

    /// Says that facts of this customer changed.
    pub fn touch(&mut self, customer_id: Id) {
        self.touched.push(customer_id);
    }

    pub(crate) fn take_touched(&mut self) -> Vec<Id> {
        std::mem::take(&mut self.touched)
    }

    pub(crate) fn note_arrival(&mut self, entry: arrival::Entry) {
        self.arrivals.push(entry);
    }

    pub(crate) fn take_arrivals(&mut self) -> Vec<arrival::Entry> {
        std::mem::take(&mut self.arrivals)
    }

    /// Ends the work as if another transaction had been in the way: it is run again.
    pub(crate) fn fail_with_conflict<T>(&mut self) -> Result<T> {
        self.note(Err(StorageError::Conflict))
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.retryable
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    fn note<T>(&mut self, done: Result<T>) -> Result<T> {
        self.retryable |= matches!(done, Err(StorageError::Conflict));
        self.failed |= done.is_err();
        done
    }
}

const IDS_PER_STATEMENT: usize = 256;
const KEYS_PER_STATEMENT: usize = 250;
/// Parameters of a statement that inserts many rows: far below the limits of both engines.
const VALUES_PER_STATEMENT: usize = 4_000;

fn rows_per_statement(width: usize) -> usize {
    (VALUES_PER_STATEMENT / width.max(1)).clamp(1, 200)
}

/// Puts `ids` into `sql` as `$1, $2, ...`. Lists are padded with their last id to a few lengths, so that few statements
/// are prepared.
fn with_ids<'v>(sql: &str, ids: &[Id]) -> (String, Vec<Value<'v>>) {
    let length = [1, 4, 16, 64, IDS_PER_STATEMENT].into_iter().find(|length| *length >= ids.len()).unwrap_or(IDS_PER_STATEMENT);
    let last = ids.last().copied().unwrap_or_default();
    let padding = std::iter::repeat_n(last, length.saturating_sub(ids.len()));
    let values = ids.iter().copied().chain(padding).map(Value::Integer).collect();
    let mut places = String::with_capacity(length * 5);
    for place in 1..=length {
        if place > 1 {
            places.push(',');
        }
        places.push('$');
        places.push_str(&place.to_string());
    }
    (sql.replace("{ids}", &places), values)
}
