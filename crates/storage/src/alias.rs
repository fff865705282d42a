//! Owns the SQL of aliases: further identities of an account, each claimed among all identities.
//! Does not own: an account's first identity (account.rs), and numbers (did.rs).

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::account::identity_key;
use crate::engine::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::values;

/// A further identity of an account: what is asked with it is asked of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub alias_id: Id,
    pub customer_id: Id,
    pub account_id: Id,
    pub identity: String,
    /// The number of the inventory that it is.
    pub did_id: Option<Id>,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "alias_id, customer_id, account_id, identity, did_id, created_at";

fn read(row: &Row<'_>) -> Result<Alias> {
    Ok(Alias {
        alias_id: row.get(0)?,
        customer_id: row.get(1)?,
        account_id: row.get(2)?,
        identity: row.get(3)?,
        did_id: row.get(4)?,
        created_at: row.get(5)?,
    })
}

/// Of an account, the oldest first.
pub fn of_account(tx: &mut Tx<'_>, customer_id: Id, account_id: Id) -> Result<Vec<Alias>> {
    let text = format!("select {COLUMNS} from account_alias where customer_id = $1 and account_id = $2 order by alias_id");
    tx.query(&text, values![customer_id, account_id], read)
}

/// One of which only the id is known.
pub fn find(tx: &mut Tx<'_>, alias_id: Id) -> Result<Option<Alias>> {
    tx.query_first(&format!("select {COLUMNS} from account_alias where alias_id = $1"), values![alias_id], read)
}

/// Adds an alias, whose customer is locked. False: its identity is taken.
pub fn add(tx: &mut Tx<'_>, alias: &Alias) -> Result<bool> {
    let key = identity_key(&alias.identity);
    let claimed = tx.execute(
        "insert into account_identity (identity_key, customer_id, account_id) values ($1, $2, $3) on conflict (identity_key) do nothing",
        values![&key, alias.customer_id, alias.account_id],
    )?;
    if claimed == 0 {
        return Ok(false);
    }
    tx.execute(
        "insert into account_alias (customer_id, alias_id, account_id, identity, did_id, created_at) values ($1, $2, $3, $4, $5, $6)",
        values![alias.customer_id, alias.alias_id, alias.account_id, &alias.identity, alias.did_id, alias.created_at],
    )?;
    tx.touch(alias.customer_id);
    Ok(true)
}

/// Takes an alias away; its identity is free again.
pub fn remove(tx: &mut Tx<'_>, alias: &Alias) -> Result<()> {
    let key = identity_key(&alias.identity);
    tx.execute("delete from account_identity where identity_key = $1 and account_id = $2", values![&key, alias.account_id])?;
    tx.execute("delete from account_alias where customer_id = $1 and alias_id = $2", values![alias.customer_id, alias.alias_id])?;
    tx.touch(alias.customer_id);
    Ok(())
}
