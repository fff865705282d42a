//! Owns the SQL of logins: who is signed in, found by the digest of a token.
//! Does not own: making and checking tokens.

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::staff::{self, Staff};
use crate::values;

/// One signing in. Tokens themselves are never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub token_hash: String,
    /// Names it where the token must not be shown.
    pub login_id: String,
    pub refresh_hash: Option<String>,
    pub staff_id: Id,
    /// Which face it was made on.
    pub face: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str = "token_hash, login_id, refresh_hash, staff_id, face, created_at, expires_at, ended_at";

fn read(row: &Row<'_>) -> Result<Login> {
    Ok(Login {
        token_hash: row.get(0)?,
        login_id: row.get(1)?,
        refresh_hash: row.get(2)?,
        staff_id: row.get(3)?,
        face: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        ended_at: row.get(7)?,
    })
}

pub fn add(tx: &mut Tx<'_>, login: &Login) -> Result<()> {
    tx.execute(
        "insert into login (token_hash, login_id, refresh_hash, staff_id, face, created_at, expires_at, ended_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &login.token_hash,
            &login.login_id,
            &login.refresh_hash,
            login.staff_id,
            &login.face,
            login.created_at,
            login.expires_at,
            login.ended_at
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, token_hash: &str) -> Result<Option<Login>> {
    tx.query_first(&format!("select {COLUMNS} from login where token_hash = $1"), values![token_hash], read)
}

/// A login with the member of staff it belongs to.
pub fn find_with_staff(tx: &mut Tx<'_>, token_hash: &str) -> Result<Option<(Login, Staff)>> {
    let columns = |alias: &str, names: &str| names.split(", ").map(|name| format!("{alias}.{name}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "select {}, {} from login l join staff s on s.staff_id = l.staff_id where l.token_hash = $1",
        columns("l", COLUMNS),
        columns("s", staff::COLUMNS)
    );
    tx.query_first(&text, values![token_hash], |row| Ok((read(row)?, staff::read_from(row, COLUMNS.split(", ").count())?)))
}

/// Ends a login. False: there was none that was alive.
pub fn end(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<bool> {
    let ended = tx.execute("update login set ended_at = $2 where token_hash = $1 and ended_at is null", values![token_hash, now])?;
    Ok(ended == 1)
}

/// Ends every login of a member of staff: after a change of password or role.
pub fn end_all_of(tx: &mut Tx<'_>, staff_id: Id, now: Timestamp) -> Result<u64> {
    tx.execute("update login set ended_at = $2 where staff_id = $1 and ended_at is null", values![staff_id, now])
}

/// Lets a login live on.
pub fn renew(tx: &mut Tx<'_>, token_hash: &str, refresh_hash: &str, expires_at: Timestamp) -> Result<bool> {
    let renewed = tx.execute(
        "update login set refresh_hash = $2, expires_at = $3 where token_hash = $1 and ended_at is null",
        values![token_hash, refresh_hash, expires_at],
    )?;
    Ok(renewed == 1)
}

/// Forgets logins that expired before `moment`.
pub fn forget_before(tx: &mut Tx<'_>, moment: Timestamp) -> Result<u64> {
    tx.execute("delete from login where expires_at < $1", values![moment])
}
