//! Owns the SQL of customer classes.
//! Does not own: what a policy does.

use trunkline_domain::customer_class::{CollectionPolicy, CustomerClass};
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::Row;
use crate::{customer, values};

const COLUMNS: &str = "customer_class_id, name, currency, payment_terms_days, limit_after_days, suspend_after_days, terminate_after_days, \
     close_after_days, suspend_on_insufficient_funds, created_at, version";

fn read(row: &Row<'_>) -> Result<CustomerClass> {
    let has_currency = row.get::<Option<String>>(2)?.is_some();
    Ok(CustomerClass {
        customer_class_id: row.get(0)?,
        name: row.get(1)?,
        currency: if has_currency { Some(customer::currency(row, 2)?) } else { None },
        collection: CollectionPolicy {
            payment_terms_days: row.get(3)?,
            limit_after_days: row.get(4)?,
            suspend_after_days: row.get(5)?,
            terminate_after_days: row.get(6)?,
            close_after_days: row.get(7)?,
        },
        suspend_on_insufficient_funds: row.get(8)?,
        created_at: row.get(9)?,
        version: row.get(10)?,
    })
}

/// All classes by name. They are few: a catalogue.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<CustomerClass>> {
    tx.query(&format!("select {COLUMNS} from customer_class order by name_key"), &[], read)
}

pub fn load(tx: &mut Tx<'_>, customer_class_id: Id) -> Result<Option<CustomerClass>> {
    tx.query_first(&format!("select {COLUMNS} from customer_class where customer_class_id = $1"), values![customer_class_id], read)
}

/// Adds a class. False: another has the name.
pub fn add(tx: &mut Tx<'_>, class: &CustomerClass) -> Result<bool> {
    let collection = &class.collection;
    let key = name_key(&class.name);
    let made = tx.execute(
        "insert into customer_class (customer_class_id, name, name_key, currency, payment_terms_days, limit_after_days, suspend_after_days, \
         terminate_after_days, close_after_days, suspend_on_insufficient_funds, created_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (name_key) do nothing",
        values![
            class.customer_class_id,
            &class.name,
            &key,
            class.currency.as_ref().map(|currency| currency.code()),
            collection.payment_terms_days,
            collection.limit_after_days,
            collection.suspend_after_days,
            collection.terminate_after_days,
            collection.close_after_days,
            class.suspend_on_insufficient_funds,
            class.created_at,
            class.version
        ],
    )?;
    Ok(made == 1)
}

/// Is the name taken by another class?
pub fn name_is_taken(tx: &mut Tx<'_>, name: &str, except: Id) -> Result<bool> {
    let key = name_key(name);
    let found = tx.query_first(
        "select customer_class_id from customer_class where name_key = $1 and customer_class_id <> $2",
        values![&key, except],
        |row| row.get::<Id>(0),
    )?;
    Ok(found.is_some())
}

/// What became of a record with a name of its own that was to be written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Done,
    /// Its version is another one by now: somebody else was faster.
    Overtaken,
    /// Another one has taken the name since `name_is_taken` was asked. Nothing can be kept: roll back.
    NameTaken,
}

impl Saved {
    /// What an update by id and version has done, where the name alone must be unique.
    pub(crate) fn of(changed: Result<u64>) -> Result<Saved> {
        match changed {
            Ok(1) => Ok(Saved::Done),
            Ok(_) => Ok(Saved::Overtaken),
            Err(StorageError::Duplicate(_)) => Ok(Saved::NameTaken),
            Err(problem) => Err(problem),
        }
    }
}

/// Writes the class anew if its version is still the one before.
pub fn save(tx: &mut Tx<'_>, class: &CustomerClass) -> Result<Saved> {
    let collection = &class.collection;
    let key = name_key(&class.name);
    let changed = tx.execute(
        "update customer_class set name = $2, name_key = $3, payment_terms_days = $4, limit_after_days = $5, suspend_after_days = $6, \
         terminate_after_days = $7, close_after_days = $8, suspend_on_insufficient_funds = $9, version = $10 \
         where customer_class_id = $1 and version = $11",
        values![
            class.customer_class_id,
            &class.name,
            &key,
            collection.payment_terms_days,
            collection.limit_after_days,
            collection.suspend_after_days,
            collection.terminate_after_days,
            collection.close_after_days,
            class.suspend_on_insufficient_funds,
            class.version,
            class.version - 1
        ],
    );
    Saved::of(changed)
}
