//! Owns SQLite's side: opening connections, parameters, errors.
//! Does not own: when transactions begin and end.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use crate::error::{Result, StorageError};
use crate::row::{Row, Value};

/// Prepared statements kept by a connection.
const STATEMENTS_MAX: usize = 512;
/// Page cache of the writer, in KiB.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of each reader, in KiB: what readers share lies in the system's own cache.
const READER_CACHE_KIB: i64 = 4 * 1024;
/// Small pages: what is written goes to random places, a page each. Rows of lists still lie several to a page.
const PAGE_BYTES: i64 = 2048;
/// The write-ahead log is copied back inline when it has this many pages: the best tail latency that was measured.
const CHECKPOINT_PAGES: i64 = 2_000;
/// While much waits, the log may grow to this many pages, for pages that change often are then copied back once.
const CHECKPOINT_PAGES_BUSY: i64 = 16_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Write,
    Read,
}

pub fn open(path: &Path, purpose: Purpose) -> Result<Connection> {
    let flags = match purpose {
        Purpose::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Purpose::Read => OpenFlags::SQLITE_OPEN_READ_WRITE,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|problem| StorageError::Unavailable(format!("cannot open {}: {problem}", path.display())))?;
    let cache = match purpose {
        Purpose::Write => WRITER_CACHE_KIB,
        Purpose::Read => READER_CACHE_KIB,
    };
    // The page size counts only before the first table is made. Durable means synced: synchronous=FULL.
    let settings = format!(
        "pragma page_size={PAGE_BYTES}; pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory; \
         pragma busy_timeout=10000; pragma cache_size=-{cache}; pragma wal_autocheckpoint={CHECKPOINT_PAGES}; pragma trusted_schema=off;"
    );
    connection.execute_batch(&settings).map_err(error)?;
    if purpose == Purpose::Read {
        connection.execute_batch("pragma query_only=on;").map_err(error)?;
    }
    // A plan does not look at the values: else a statement would be prepared anew whenever a value is bound that could change its plan.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(connection)
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Boolean(value) => ValueRef::Integer(i64::from(*value)),
        }))
    }
}

/// Says whether much is waiting to be written.
pub fn set_busy(connection: &Connection, is_busy: bool) -> Result<()> {
    let pages = if is_busy { CHECKPOINT_PAGES_BUSY } else { CHECKPOINT_PAGES };
    connection.execute_batch(&format!("pragma wal_autocheckpoint={pages}")).map_err(error)
}

/// SQLite numbers `$1` by the order of appearance, not by its number; `?1` is what we mean.
pub fn numbered(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut text = String::with_capacity(sql.len());
    let (mut quoted, mut copied) = (false, 0);
    for (at, byte) in bytes.iter().enumerate() {
        quoted ^= *byte == b'\'';
        if *byte == b'$' && !quoted && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            text.push_str(&sql[copied..at]);
            text.push('?');
            copied = at + 1;
        }
    }
    text.push_str(&sql[copied..]);
    text
}

/// Begins or ends a transaction, with a statement that stays prepared.
pub fn command(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(error)?;
    Ok(())
}

pub fn execute(connection: &Connection, sql: &str, values: &[Value<'_>]) -> Result<u64> {
    let mut statement = connection.prepare_cached(&numbered(sql)).map_err(error)?;
    let changed = statement.execute(rusqlite::params_from_iter(values)).map_err(error)?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

pub fn query(connection: &Connection, sql: &str, values: &[Value<'_>], take: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
    let mut statement = connection.prepare_cached(&numbered(sql)).map_err(error)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(error)?;
    while let Some(row) = rows.next().map_err(error)? {
        take(&Row::Sqlite(row))?;
    }
    Ok(())
}

pub fn error(error: rusqlite::Error) -> StorageError {
    let code = error.sqlite_error_code();
    match code {
        Some(ErrorCode::OperationInterrupted) => StorageError::Cancelled,
        Some(ErrorCode::ConstraintViolation) => StorageError::Duplicate(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageError::Conflict,
        Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure) => {
            StorageError::Unavailable(error.to_string())
        }
        _ => StorageError::Database(error.to_string()),
    }
}
