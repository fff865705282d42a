//! Owns PostgreSQL's side: sessions, parameters, errors by SQLSTATE.
//! Does not own: when transactions begin and end.

use std::collections::HashMap;
use std::error::Error as StdError;

use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use crate::error::{Result, StorageError};
use crate::row::{Row, Value};

/// Prepared statements kept by a session.
const STATEMENTS_MAX: usize = 512;

/// One connection with its prepared statements.
pub struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

pub fn configuration(url: &str) -> Result<Config> {
    let mut config: Config =
        url.parse().map_err(|problem| StorageError::Unavailable(format!("the database URL is not understood: {problem}")))?;
    config.application_name("trunkline");
    Ok(config)
}

impl Session {
    pub fn open(config: &Config) -> Result<Session> {
        let client = config.connect(NoTls).map_err(|problem| StorageError::Unavailable(describe(&problem)))?;
        Ok(Session { client, statements: HashMap::new() })
    }

    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub fn cancel_token(&self) -> postgres::CancelToken {
        self.client.cancel_token()
    }

    pub fn batch(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(error)
    }

    /// Ends the transaction. A connection that is lost here leaves the outcome unknown.
    pub fn commit(&mut self) -> Result<()> {
        self.client
            .batch_execute("commit")
            .map_err(|problem| if problem.as_db_error().is_none() { StorageError::OutcomeUnknown } else { error(problem) })
    }

    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let statement = self.prepared(sql)?;
        self.client.execute(&statement, &references(values)).map_err(error)
    }

    pub fn query(&mut self, sql: &str, values: &[Value<'_>], take: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let statement = self.prepared(sql)?;
        let rows = self.client.query(&statement, &references(values)).map_err(error)?;
        rows.iter().try_for_each(|row| take(&Row::Postgres(row)))
    }

    /// For the hot writer alone, whose statements take arrays.
    pub fn execute_arrays(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.prepared(sql)?;
        self.client.execute(&statement, values).map_err(error)
    }

    /// For the hot writer alone, whose statements take arrays.
    pub fn query_arrays(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<postgres::Row>> {
        let statement = self.prepared(sql)?;
        self.client.query(&statement, values).map_err(error)
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS_MAX {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql).map_err(error)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn references<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| {
            let value: &(dyn ToSql + Sync) = value;
            value
        })
        .collect()
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(value) if *kind == Type::INT8 => value.to_sql(kind, out),
            Value::Text(text) if <&str as ToSql>::accepts(kind) => text.to_sql(kind, out),
            Value::Boolean(value) if *kind == Type::BOOL => value.to_sql(kind, out),
            // Bytes of one type are never read as another.
            Value::Integer(_) | Value::Text(_) | Value::Boolean(_) => Err(format!("a parameter of type {kind} was given {self:?}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// An error by its SQLSTATE, never by the name of a table or the words of a message.
pub fn error(error: postgres::Error) -> StorageError {
    let Some(state) = error.code() else {
        return StorageError::Unavailable(describe(&error));
    };
    let retry = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE];
    if retry.contains(state) {
        StorageError::Conflict
    } else if *state == SqlState::QUERY_CANCELED {
        StorageError::Cancelled
    } else if *state == SqlState::UNIQUE_VIOLATION {
        StorageError::Duplicate(describe(&error))
    } else if state.code().starts_with("08")
        || state.code().starts_with("57P")
        || *state == SqlState::DISK_FULL
        || *state == SqlState::TOO_MANY_CONNECTIONS
    {
        StorageError::Unavailable(describe(&error))
    } else {
        StorageError::Database(format!("{} (SQLSTATE {})", describe(&error), state.code()))
    }
}

fn describe(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
