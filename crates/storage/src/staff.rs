//! Owns the SQL of staff and of their preferences.
//! Does not own: passwords' hashing and what a role may do.

use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::staff::Role;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
use crate::row::{self, Row};
use crate::values;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub staff_id: Id,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub role: Role,
    /// Staff of a reseller: the reseller.
    pub reseller_id: Option<Id>,
    /// argon2id, in the PHC form.
    pub password_hash: String,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub version: i64,
}

pub(crate) const COLUMNS: &str = "staff_id, login, name, email, role, reseller_id, password_hash, created_at, disabled_at, version";

fn read(row: &Row<'_>) -> Result<Staff> {
    read_from(row, 0)
}

/// Reads the columns that begin at `first`.
pub(crate) fn read_from(row: &Row<'_>, first: usize) -> Result<Staff> {
    Ok(Staff {
        staff_id: row.get(first)?,
        login: row.get(first + 1)?,
        name: row.get(first + 2)?,
        email: row.get(first + 3)?,
        role: row::code(row, first + 4, Role::parse)?,
        reseller_id: row.get(first + 5)?,
        password_hash: row.get(first + 6)?,
        created_at: row.get(first + 7)?,
        disabled_at: row.get(first + 8)?,
        version: row.get(first + 9)?,
    })
}

pub fn load(tx: &mut Tx<'_>, staff_id: Id) -> Result<Option<Staff>> {
    tx.query_first(&format!("select {COLUMNS} from staff where staff_id = $1"), values![staff_id], read)
}

pub fn find_by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Staff>> {
    tx.query_first(&format!("select {COLUMNS} from staff where login_key = $1"), values![&name_key(login)], read)
}

/// Staff by login, from the one after `after` on.
pub fn page(tx: &mut Tx<'_>, after: &str, count: i64) -> Result<Vec<Staff>> {
    tx.query(
        &format!("select {COLUMNS} from staff where login_key > $1 order by login_key limit $2"),
        values![&name_key(after), count],
        read,
    )
}

/// Adds a member of staff. False: the login is taken.
pub fn add(tx: &mut Tx<'_>, staff: &Staff) -> Result<bool> {
    let made = tx.execute(
        "insert into staff (staff_id, login, login_key, name, email, role, reseller_id, password_hash, created_at, disabled_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (login_key) do nothing",
        values![
            staff.staff_id,
            &staff.login,
            &name_key(&staff.login),
            &staff.name,
            &staff.email,
            staff.role.code(),
            staff.reseller_id,
            &staff.password_hash,
            staff.created_at,
            staff.disabled_at,
            staff.version
        ],
    )?;
    Ok(made == 1)
}

/// Writes the record anew if its version is still the one before. False: somebody else was faster.
pub fn save(tx: &mut Tx<'_>, staff: &Staff) -> Result<bool> {
    let changed = tx.execute(
        "update staff set name = $2, email = $3, role = $4, reseller_id = $5, password_hash = $6, disabled_at = $7, version = $8 \
         where staff_id = $1 and version = $9",
        values![
            staff.staff_id,
            &staff.name,
            &staff.email,
            staff.role.code(),
            staff.reseller_id,
            &staff.password_hash,
            staff.disabled_at,
            staff.version,
            staff.version - 1
        ],
    )?;
    Ok(changed == 1)
}

/// The preferences of a member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// A JSON object.
    pub document: String,
    /// Grows by one with each change.
    pub version: i64,
    pub changed_at: Timestamp,
}

pub fn preferences(tx: &mut Tx<'_>, staff_id: Id) -> Result<Option<Preferences>> {
    tx.query_first("select document, version, changed_at from staff_preference where staff_id = $1", values![staff_id], |row| {
        Ok(Preferences { document: row.get(0)?, version: row.get(1)?, changed_at: row.get(2)? })
    })
}

/// Keeps `document` in place of the version before it, 0 where there was none, and gives the version that it has. Where somebody
/// else was faster the work runs again, so that no change is lost.
pub fn save_preferences(tx: &mut Tx<'_>, staff_id: Id, document: &str, version_before: i64, now: Timestamp) -> Result<i64> {
    let version = version_before + 1;
    let made = if version_before == 0 {
        tx.execute(
            "insert into staff_preference (staff_id, document, changed_at, version) values ($1, $2, $3, $4) on conflict (staff_id) do nothing",
            values![staff_id, document, now, version],
        )?
    } else {
        tx.execute(
            "update staff_preference set document = $2, changed_at = $3, version = $4 where staff_id = $1 and version = $5",
            values![staff_id, document, now, version, version_before],
        )?
    };
    if made == 1 { Ok(version) } else { tx.fail_with_conflict() }
}
