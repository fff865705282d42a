//! Owns what is set once for the installation: policies, and the key that signs tokens.
//! Does not own: what the settings mean.

use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::values;

/// A setting's text, if it was set.
pub fn setting(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    tx.query_first("select value from installation where name = $1", values![name], |row| row.get(0))
}

pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    tx.execute(
        "insert into installation (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
        values![name, value],
    )?;
    Ok(())
}

/// Sets a setting only if it still has the value that was read. False: another process was faster.
pub fn replace(tx: &mut Tx<'_>, name: &str, before: Option<&str>, after: &str) -> Result<bool> {
    let changed = match before {
        Some(before) => tx.execute("update installation set value = $3 where name = $1 and value = $2", values![name, before, after])?,
        None => tx.execute("insert into installation (name, value) values ($1, $2) on conflict (name) do nothing", values![name, after])?,
    };
    Ok(changed == 1)
}

/// The installation's status policy; what is not set has its default.
pub fn status_policy(tx: &mut Tx<'_>) -> Result<StatusPolicy> {
    let default = StatusPolicy::default();
    let emergency_when_blocked = setting(tx, "emergency_when_blocked")?.map_or(default.emergency_when_blocked, |value| value == "true");
    let freeze_after_failures = match setting(tx, "freeze_after_failures")? {
        None => default.freeze_after_failures,
        Some(text) => text.parse().map_err(|_| StorageError::broken(format!("setting freeze_after_failures is {text:?}")))?,
    };
    Ok(StatusPolicy { emergency_when_blocked, freeze_after_failures })
}

/// Numbers whose calls are let through without regard to money. What is not set is 112 and 911.
pub fn emergency_numbers(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(words(&setting(tx, "emergency_numbers")?.unwrap_or_else(|| "112,911".to_owned())))
}

/// Causes of an end, as switches tell them, for which nothing is charged. What is not set is none.
pub fn uncharged_causes(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(words(&setting(tx, "uncharged_causes")?.unwrap_or_default()))
}

/// What stands between commas.
fn words(text: &str) -> Vec<String> {
    text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// The key that signs access tokens, as a PEM of PKCS #8, with its id.
pub fn signing_key(tx: &mut Tx<'_>) -> Result<Option<(String, String)>> {
    tx.query_first("select key_id, private_pem from signing_key order by created_at desc limit 1", &[], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

pub fn add_signing_key(tx: &mut Tx<'_>, key_id: &str, private_pem: &str, now: Timestamp) -> Result<()> {
    tx.execute("insert into signing_key (key_id, private_pem, created_at) values ($1, $2, $3)", values![key_id, private_pem, now])?;
    Ok(())
}

/// The next number of a gapless sequence, from 1. Taken last in a transaction: it holds a lock.
pub fn next_number(tx: &mut Tx<'_>, scope: &str) -> Result<i64> {
    let number = tx.query_first(
        "insert into number_sequence (scope, next_number) values ($1, 2) \
         on conflict (scope) do update set next_number = number_sequence.next_number + 1 returning next_number",
        values![scope],
        |row| row.get::<i64>(0),
    )?;
    number.map(|next| next - 1).ok_or_else(|| StorageError::broken("a sequence gave no number"))
}
