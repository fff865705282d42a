//! Owns the SQL of saved views.
//! Does not own: who may change one (usecase).

use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::saved_view::SavedList;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::values;

/// Filters, sort and columns of a list under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub saved_view_id: Id,
    pub list: SavedList,
    pub owner_id: Id,
    pub owner_name: String,
    /// Unique among the owner's views of the list, by its key.
    pub name: String,
    pub shared: bool,
    /// As it stands in the address of the list.
    pub query: String,
    /// A JSON object.
    pub columns: Option<String>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub changed_by_id: Id,
    pub changed_by_name: String,
    pub version: i64,
}

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub staff_id: Id,
    /// The reseller it works for; 0 for the carrier's own staff.
    pub reseller_id: Id,
}

const COLUMNS: &str = "v.saved_view_id, v.list_name, v.staff_id, coalesce(o.name, ''), v.name, v.shared, v.query_text, v.shown_columns, \
     v.created_at, v.changed_at, v.changed_by, coalesce(c.name, ''), v.version";
/// The views that the viewer, `$1` and `$2`, sees: its own, and the shared ones of staff of the same reseller or the carrier.
const VISIBLE: &str = "saved_view v left join staff o on o.staff_id = v.staff_id left join staff c on c.staff_id = v.changed_by \
     where (v.staff_id = $1 or (v.shared and coalesce(o.reseller_id, 0) = $2))";

fn read(row: &Row<'_>) -> Result<SavedView> {
    Ok(SavedView {
        saved_view_id: row.get(0)?,
        list: row::code(row, 1, SavedList::parse)?,
        owner_id: row.get(2)?,
        owner_name: row.get(3)?,
        name: row.get(4)?,
        shared: row.get(5)?,
        query: row.get(6)?,
        columns: row.get(7)?,
        created_at: row.get(8)?,
        changed_at: row.get(9)?,
        changed_by_id: row.get(10)?,
        changed_by_name: row.get(11)?,
        version: row.get(12)?,
    })
}

/// The views of a list that the viewer sees, by name. Limits on how many are kept bound them.
pub fn visible(tx: &mut Tx<'_>, viewer: Viewer, list: SavedList) -> Result<Vec<SavedView>> {
    tx.query(
        &format!("select {COLUMNS} from {VISIBLE} and v.list_name = $3 order by v.name_key, v.saved_view_id"),
        values![viewer.staff_id, viewer.reseller_id, list.code()],
        read,
    )
}

/// One view, if the viewer sees it.
pub fn load(tx: &mut Tx<'_>, viewer: Viewer, saved_view_id: Id) -> Result<Option<SavedView>> {
    tx.query_first(
        &format!("select {COLUMNS} from {VISIBLE} and v.saved_view_id = $3"),
        values![viewer.staff_id, viewer.reseller_id, saved_view_id],
        read,
    )
}

/// How many views a member of staff keeps.
pub fn count_of(tx: &mut Tx<'_>, staff_id: Id) -> Result<i64> {
    let found = tx.query_first("select count(*) from saved_view where staff_id = $1", values![staff_id], |row| row.get(0))?;
    Ok(found.unwrap_or(0))
}

/// How many views of the list the viewer and those who see the same share.
pub fn count_shared(tx: &mut Tx<'_>, viewer: Viewer, list: SavedList) -> Result<i64> {
    let found = tx.query_first(
        "select count(*) from saved_view v left join staff o on o.staff_id = v.staff_id \
         where v.shared and v.list_name = $1 and coalesce(o.reseller_id, 0) = $2",
        values![list.code(), viewer.reseller_id],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Adds a view. False: its owner has one of this name.
pub fn add(tx: &mut Tx<'_>, view: &SavedView) -> Result<bool> {
    let made = tx.execute(
        "insert into saved_view (saved_view_id, staff_id, list_name, name, name_key, shared, query_text, shown_columns, created_at, \
         changed_at, changed_by, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict (staff_id, list_name, name_key) do nothing",
        values![
            view.saved_view_id,
            view.owner_id,
            view.list.code(),
            &view.name,
            &name_key(&view.name),
            view.shared,
            &view.query,
            &view.columns,
            view.created_at,
            view.changed_at,
            view.changed_by_id,
            view.version
        ],
    )?;
    Ok(made == 1)
}

/// Writes a view anew. False: its owner has another one of this name, and nothing can be kept. Where somebody else was faster
/// the work runs again, so that the later change stands on the earlier one.
pub fn save(tx: &mut Tx<'_>, view: &SavedView) -> Result<bool> {
    let changed = tx.execute(
        "update saved_view set name = $2, name_key = $3, shared = $4, query_text = $5, shown_columns = $6, changed_at = $7, \
         changed_by = $8, version = $9 where saved_view_id = $1 and version = $10",
        values![
            view.saved_view_id,
            &view.name,
            &name_key(&view.name),
            view.shared,
            &view.query,
            &view.columns,
            view.changed_at,
            view.changed_by_id,
            view.version,
            view.version - 1
        ],
    );
    match changed {
        Ok(1) => Ok(true),
        Ok(_) => tx.fail_with_conflict(),
        // The name is the only thing written here that must be unique.
        Err(StorageError::Duplicate(_)) => Ok(false),
        Err(problem) => Err(problem),
    }
}

pub fn delete(tx: &mut Tx<'_>, saved_view_id: Id) -> Result<()> {
    tx.execute("delete from saved_view where saved_view_id = $1", values![saved_view_id])?;
    Ok(())
}
