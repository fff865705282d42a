//! Owns the SQL of the inventory of DID numbers.
//! Does not own: what may be done with one (domain), and the identity by which a call finds its account (alias.rs).

use trunkline_domain::did::{Did, DidState};
use trunkline_domain::id::Id;

use crate::conditions::{Conditions, Owned};
use crate::customer_list::MatchMode;
use crate::engine::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::values;

const COLUMNS: &str = "d.did_id, d.number, d.description, d.is_frozen, d.is_free_of_charge, d.activation_fee, d.periodic_fee, d.customer_id, \
     d.account_id, d.assigned_at, d.released_at, d.created_at, d.version";

fn read(row: &Row<'_>) -> Result<Did> {
    Ok(Did {
        did_id: row.get(0)?,
        number: row.get(1)?,
        description: row.get(2)?,
        is_frozen: row.get(3)?,
        is_free_of_charge: row.get(4)?,
        activation_fee: row.get(5)?,
        periodic_fee: row.get(6)?,
        customer_id: row.get(7)?,
        account_id: row.get(8)?,
        assigned_at: row.get(9)?,
        released_at: row.get(10)?,
        created_at: row.get(11)?,
        version: row.get(12)?,
    })
}

/// Which numbers a list shows. Every condition given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DidFilter {
    /// A number or a part of one, not empty.
    pub number: Option<(MatchMode, String)>,
    /// Any of them; all where there is none.
    pub states: Vec<DidState>,
    pub customer_id: Option<Id>,
    pub account_id: Option<Id>,
}

fn conditions_of(filter: &DidFilter) -> Conditions {
    let mut found = Conditions::default();
    if let Some((mode, digits)) = &filter.number {
        found.add_match("d.number", *mode, digits);
    }
    if !filter.states.is_empty() {
        let states: Vec<&str> = filter.states.iter().map(|state| in_state(*state)).collect();
        found.add_plain(format!("({})", states.join(" or ")));
    }
    if let Some(customer_id) = filter.customer_id {
        found.add("d.customer_id = {}", Owned::Integer(customer_id));
    }
    if let Some(account_id) = filter.account_id {
        found.add("d.account_id = {}", Owned::Integer(account_id));
    }
    found
}

const fn in_state(state: DidState) -> &'static str {
    match state {
        DidState::Free => "(d.customer_id is null and not d.is_frozen)",
        DidState::OnCustomer => "(d.customer_id is not null and d.account_id is null)",
        DidState::OnAccount => "(d.account_id is not null)",
        DidState::Frozen => "(d.customer_id is null and d.is_frozen)",
    }
}

/// Numbers in their order, from the one after `after` on (or down from it).
pub fn page(tx: &mut Tx<'_>, filter: &DidFilter, after: Option<&str>, down: bool, count: i64) -> Result<Vec<Did>> {
    let mut conditions = conditions_of(filter);
    let (compare, direction) = if down { ("<", " desc") } else { (">", "") };
    if let Some(after) = after {
        conditions.add(&format!("d.number {compare} {{}}"), Owned::Text(after.to_owned()));
    }
    let limit = conditions.place(Owned::Integer(count));
    let text = format!("select {COLUMNS} from did_number d {} order by d.number{direction} limit {limit}", conditions.clause());
    tx.query(&text, &conditions.values(), read)
}

/// How many numbers match, counted up to `count_max`.
pub fn count(tx: &mut Tx<'_>, filter: &DidFilter, count_max: i64) -> Result<i64> {
    let mut conditions = conditions_of(filter);
    let limit = conditions.place(Owned::Integer(count_max));
    let text = format!("select count(*) from (select 1 from did_number d {} limit {limit}) as matching", conditions.clause());
    Ok(tx.query_first(&text, &conditions.values(), |row| row.get(0))?.unwrap_or(0))
}

pub fn load(tx: &mut Tx<'_>, did_id: Id) -> Result<Option<Did>> {
    tx.query_first(&format!("select {COLUMNS} from did_number d where d.did_id = $1"), values![did_id], read)
}

/// Adds a number. False: it is there.
pub fn add(tx: &mut Tx<'_>, did: &Did) -> Result<bool> {
    let made = tx.execute(
        "insert into did_number (number, did_id, description, is_frozen, is_free_of_charge, activation_fee, periodic_fee, customer_id, \
         account_id, assigned_at, released_at, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         on conflict (number) do nothing",
        values![
            &did.number,
            did.did_id,
            &did.description,
            did.is_frozen,
            did.is_free_of_charge,
            did.activation_fee,
            did.periodic_fee,
            did.customer_id,
            did.account_id,
            did.assigned_at,
            did.released_at,
            did.created_at,
            did.version
        ],
    )?;
    Ok(made == 1)
}

/// Writes the number anew as its next version, if it is still the version that it was read as.
pub fn save(tx: &mut Tx<'_>, did: &Did) -> Result<bool> {
    let saved = tx.execute(
        "update did_number set description = $3, is_frozen = $4, is_free_of_charge = $5, activation_fee = $6, periodic_fee = $7, \
         customer_id = $8, account_id = $9, assigned_at = $10, released_at = $11, version = version + 1 where number = $1 and version = $2",
        values![
            &did.number,
            did.version,
            &did.description,
            did.is_frozen,
            did.is_free_of_charge,
            did.activation_fee,
            did.periodic_fee,
            did.customer_id,
            did.account_id,
            did.assigned_at,
            did.released_at
        ],
    )?;
    Ok(saved == 1)
}

/// Deletes a number that was read as this version. False: it has changed meanwhile.
pub fn delete(tx: &mut Tx<'_>, did: &Did) -> Result<bool> {
    Ok(tx.execute("delete from did_number where number = $1 and version = $2", values![&did.number, did.version])? == 1)
}
