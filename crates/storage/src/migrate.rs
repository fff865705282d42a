//! Owns bringing a database to this program's schema, one numbered migration after the other.
//! Does not own: what the tables mean.

use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::{customer_list, values};

/// Every migration, in order. A landed one is never edited: a change is a further one.
const MIGRATIONS: &[(&str, &str)] = &[
    ("foundation", include_str!("migrations/0001_foundation.sql")),
    ("list indexes", include_str!("migrations/0002_list_indexes.sql")),
    ("arrival", include_str!("migrations/0003_arrival.sql")),
    ("saved views", include_str!("migrations/0004_saved_view.sql")),
    ("tariff", include_str!("migrations/0005_tariff.sql")),
    (LIST_COLUMNS, include_str!("migrations/0006_list_columns.sql")),
    ("list column indexes", include_str!("migrations/0007_list_column_indexes.sql")),
    ("xDRs by id", include_str!("migrations/0008_xdr_by_id.sql")),
    ("nas", include_str!("migrations/0009_nas.sql")),
    ("products and sessions", include_str!("migrations/0010_product_session.sql")),
    ("corrections of xDRs", include_str!("migrations/0011_xdr_correction.sql")),
    ("passwords of accounts", include_str!("migrations/0012_account_password.sql")),
    ("course of sessions", include_str!("migrations/0013_session_course.sql")),
    ("DID numbers and aliases", include_str!("migrations/0014_did.sql")),
    ("bundles", include_str!("migrations/0015_bundle.sql")),
];

/// The migration whose columns hold what only the program can derive.
const LIST_COLUMNS: &str = "list columns";
/// The migrations that make the indexes of the list, and an index of theirs whose table a later one dropped.
const LIST_INDEXES: [&str; 2] = ["list indexes", "list column indexes"];
const DROPPED: &str = "customer_search_by_name";

/// The schema version this program works with.
pub fn version_of_program() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The version of the database, 0 when it is empty.
pub fn version_of_database(tx: &mut Tx<'_>) -> Result<i64> {
    let known = match tx.engine() {
        Engine::Sqlite => "select count(*) from sqlite_master where type = 'table' and name = 'schema_version'",
        Engine::Postgres => {
            "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'schema_version'"
        }
    };
    let tables: i64 = tx.query_first(known, &[], |row| row.get(0))?.unwrap_or(0);
    if tables == 0 {
        return Ok(0);
    }
    let version = tx.query_first("select coalesce(max(version), 0) from schema_version", &[], |row| row.get(0))?;
    Ok(version.unwrap_or(0))
}

/// Refuses a database that a newer program has written.
pub fn refuse_newer(version: i64) -> Result<()> {
    let program = version_of_program();
    if version > program {
        return Err(StorageError::Unavailable(format!(
            "its schema has version {version} and this program knows versions up to {program}; start a newer trunkline, nothing was changed"
        )));
    }
    Ok(())
}

/// Brings the database up to date within the caller's transaction. Returns how many migrations ran.
pub fn migrate(tx: &mut Tx<'_>) -> Result<usize> {
    let version = version_of_database(tx)?;
    refuse_newer(version)?;
    if version == 0 {
        tx.batch(
            &translate(
                "create table if not exists schema_version (\n  version bigint not null,\n  primary key (version)\n);\n",
                tx.engine(),
            )[0],
        )?;
    }
    let mut done = 0;
    for (index, (name, text)) in MIGRATIONS.iter().enumerate() {
        let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
        if number <= version {
            continue;
        }
        tracing::info!(number, name, "migrating");
        for statement in translate(text, tx.engine()) {
            tx.batch(&statement)?;
        }
        if *name == LIST_COLUMNS {
            customer_list::fill_new_columns(tx)?;
        }
        tx.execute("insert into schema_version (version) values ($1)", values![number])?;
        done += 1;
    }
    Ok(done)
}

/// The names and statements of the list indexes, for a bulk load that drops them first and makes them last.
pub fn list_indexes(engine: Engine) -> Vec<(String, String)> {
    let texts = MIGRATIONS.iter().filter(|(name, _)| LIST_INDEXES.contains(name));
    let statements = texts.flat_map(|(_, text)| translate(text, engine));
    let named = statements.filter_map(|statement| {
        let name = statement.strip_prefix("create index ")?.split(' ').next()?.to_owned();
        Some((name, statement))
    });
    named.filter(|(name, _)| name != DROPPED).collect()
}

/// The statements of a migration in the words of `engine`.
pub fn translate(text: &str, engine: Engine) -> Vec<String> {
    let mut statements = Vec::new();
    let mut statement = String::new();
    for line in text.lines() {
        let (line, only) = line.split_once("--@").map_or((line, None), |(line, only)| (line.trim_end(), Some(only.trim())));
        let wanted = match only {
            Some("sqlite") => engine == Engine::Sqlite,
            Some("postgres") => engine == Engine::Postgres,
            _ => true,
        };
        if !wanted || line.starts_with("--") || line.trim().is_empty() {
            continue;
        }
        statement.push_str(line);
        statement.push('\n');
        if line.ends_with(';') {
            statements.push(in_words_of(engine, statement.trim_end_matches(['\n', ';'])));
            statement.clear();
        }
    }
    statements
}

/// SQLite checks types only in STRICT tables, which know neither `bigint` nor `boolean` nor the collation's name; its
/// default collation is the bytes' order that `"C"` means.
fn in_words_of(engine: Engine, statement: &str) -> String {
    if engine == Engine::Postgres || !statement.starts_with("create table") {
        return statement.to_owned();
    }
    let text = statement.replace(" bigint", " integer").replace(" boolean", " integer").replace(" collate \"C\"", "");
    let key = text.split("primary key (").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
    let is_row_number = text.contains(&format!("\n  {key} integer"));
    if is_row_number { format!("{text} strict") } else { format!("{text} strict, without rowid") }
}
