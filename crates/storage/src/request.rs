//! Owns idempotency keys: what a key was first used for, and the first answer.
//! Does not own: who must send one (the faces).

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::values;
use crate::writer::RequestMemory;

/// Keys are kept this long.
pub const KEPT_HOURS: i64 = 24;

/// One idempotency key of one actor, with a digest of what it was sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Such as `staff:123`.
    pub actor: String,
    pub key: String,
    /// Digest of the method, the path and the body.
    pub fingerprint: String,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    New,
    /// The same request was made before: this was its answer.
    Same(String),
    /// The key was used with another request.
    Other,
}

/// A stored key.
pub(crate) struct StoredKey {
    pub fingerprint: String,
    pub answer: String,
}

impl StoredKey {
    pub fn compare(&self, key: &RequestKey) -> Seen {
        if self.fingerprint == key.fingerprint { Seen::Same(self.answer.clone()) } else { Seen::Other }
    }
}

/// The place of a key in SQLite's memory.
fn hash(actor: &str, key: &str) -> u128 {
    let digest = Sha256::new().chain_update(actor).chain_update([0]).chain_update(key).finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(bytes)
}

/// What is known of `key`. On SQLite only the writer can ask.
pub fn look_up(tx: &mut Tx<'_>, key: &RequestKey) -> Result<Seen> {
    let read = |row: &crate::row::Row<'_>| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, StoredKey { fingerprint: row.get(2)?, answer: row.get(3)? }))
    };
    let found = match tx.engine() {
        Engine::Sqlite => {
            let memory = tx.requests().ok_or_else(|| StorageError::broken("idempotency keys are known to the writer alone"))?;
            let Some(id) = memory.borrow().find(hash(&key.actor, &key.key)) else { return Ok(Seen::New) };
            tx.query_first("select actor, request_key, fingerprint, answer from idempotency where id = $1", values![id], read)?
        }
        Engine::Postgres => tx.query_first(
            "select actor, request_key, fingerprint, answer from idempotency where request_key = $1 and actor = $2",
            values![&key.key, &key.actor],
            read,
        )?,
    };
    Ok(match found {
        Some((actor, text, stored)) if actor == key.actor && text == key.key => stored.compare(key),
        Some(_) | None => Seen::New,
    })
}

/// Keeps the answer to `key` in the running transaction. `id` orders the row on SQLite.
pub fn remember(tx: &mut Tx<'_>, key: &RequestKey, id: Id, answer: &str, now: Timestamp) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => {
            let memory = tx.requests().ok_or_else(|| StorageError::broken("idempotency keys are known to the writer alone"))?;
            tx.execute(
                "insert into idempotency (id, actor, request_key, fingerprint, answer, created_at) values ($1, $2, $3, $4, $5, $6)",
                values![id, &key.actor, &key.key, &key.fingerprint, answer, now],
            )?;
            memory.borrow_mut().add(hash(&key.actor, &key.key), id)
        }
        Engine::Postgres => {
            let made = tx.execute(
                "insert into idempotency (actor, request_key, fingerprint, answer, created_at) values ($1, $2, $3, $4, $5) \
                 on conflict (request_key, actor) do nothing",
                values![&key.actor, &key.key, &key.fingerprint, answer, now],
            )?;
            // Another node was faster with the same key: run again and find its answer.
            if made == 1 { Ok(()) } else { tx.fail_with_conflict() }
        }
    }
}

/// A request failed: if another one with its key was answered meanwhile, the transaction is given up and run again, which then
/// finds that answer.
pub fn run_again_if_answered(tx: &mut Tx<'_>, key: &RequestKey) -> Result<()> {
    // After a failed statement PostgreSQL answers nothing more; and that failure is not one of two that met.
    if tx.has_failed() || look_up(tx, key)? == Seen::New { Ok(()) } else { tx.fail_with_conflict() }
}

/// The text under which an answer is kept.
pub fn write_answer(answer: &impl Serialize) -> String {
    // Our answers are structures of numbers and texts, which cannot fail to be written.
    serde_json::to_string(answer).unwrap_or_default()
}

pub fn read_answer<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|problem| StorageError::broken(format!("a kept answer cannot be read: {problem}")))
}

/// Reads every key of SQLite's file, when its writer starts.
pub(crate) fn load_all(tx: &mut Tx<'_>, mut take: impl FnMut(u128, Id)) -> Result<()> {
    tx.query_each("select id, actor, request_key from idempotency order by id", &[], |row| {
        take(hash(&row.get::<String>(1)?, &row.get::<String>(2)?), row.get(0)?);
        Ok(())
    })
}

/// Forgets keys that were used before `moment`, at most `count` of them. Returns how many went.
pub fn forget_before(tx: &mut Tx<'_>, moment: Timestamp, count: i64) -> Result<u64> {
    match tx.engine() {
        Engine::Sqlite => {
            let Some(memory) = tx.requests() else { return Ok(0) };
            let oldest = tx.query("select id, created_at from idempotency order by id limit $1", values![count], |row| {
                Ok((row.get::<Id>(0)?, row.get::<Timestamp>(1)?))
            })?;
            let Some(last) = oldest.iter().take_while(|(_, at)| *at < moment).last().map(|(id, _)| *id) else { return Ok(0) };
            RequestMemory::forget_before(&mut memory.borrow_mut(), last + 1);
            tx.execute("delete from idempotency where id <= $1", values![last])
        }
        Engine::Postgres => tx.execute("delete from idempotency where created_at < $1", values![moment]),
    }
}
