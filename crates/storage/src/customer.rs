//! Owns the SQL of customers: the stored record, the balance beside it, the look-ups by name and login, and loading the
//! facts from which a status follows.
//! Does not own: lists (customer_list.rs) and deriving anything (domain).

use std::collections::{HashMap, HashSet};

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerFacts, CustomerType, TemporaryLimit};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::name::name_key;
use trunkline_domain::time::{Timestamp, Zone};

use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::row::{self, Row, Value};
use crate::writer::{HotRow, StoredStatus};
use crate::{arrival, fact, values};

pub fn currency(row: &Row<'_>, index: usize) -> Result<Currency> {
    row::code(row, index, |text| Currency::parse(text).ok())
}

fn zone(row: &Row<'_>, index: usize) -> Result<Zone> {
    row::code(row, index, |text| Zone::parse(text).ok())
}

fn temporary_limit(row: &Row<'_>, amount: usize, until: usize) -> Result<Option<TemporaryLimit>> {
    let (amount, until): (Option<Money>, Option<Timestamp>) = (row.get(amount)?, row.get(until)?);
    Ok(amount.zip(until).map(|(amount, until)| TemporaryLimit { amount, until }))
}

const RECORD: &str = "customer_id, name, customer_type, reseller_id, customer_class_id, balance_control, currency, time_zone, billing_period, \
     created_at, opening_balance, credit_limit, temporary_limit, temporary_limit_until, lifted_until, spending_plan_id, \
     suspend_on_insufficient_funds, login, reference, version, company_name, salutation, first_name, middle_name, last_name, \
     address_line_1, address_line_2, city, state, postal_code, country, contact, phone_1, phone_2, fax, email, bcc, tax_id, notes";
/// Where the contact's fields begin in `RECORD`; they lie in the order of `Contact::LIMITS`.
const CONTACT_AT: usize = 20;

fn read(row: &Row<'_>) -> Result<Customer> {
    let mut contact = Contact::default();
    for (index, field) in contact.fields_mut().into_iter().enumerate() {
        *field = row.get(CONTACT_AT + index)?;
    }
    Ok(Customer {
        customer_id: row.get(0)?,
        name: row.get(1)?,
        customer_type: row::code(row, 2, CustomerType::parse)?,
        reseller_id: row.get(3)?,
        customer_class_id: row.get(4)?,
        balance_control: row::code(row, 5, BalanceControl::parse)?,
        currency: currency(row, 6)?,
        zone: zone(row, 7)?,
        billing_period: row::code(row, 8, BillingPeriod::parse)?,
        created_at: row.get(9)?,
        opening_balance: row.get(10)?,
        credit_limit: row.get(11)?,
        temporary_limit: temporary_limit(row, 12, 13)?,
        lifted_until: row.get(14)?,
        spending_plan_id: row.get(15)?,
        suspend_on_insufficient_funds: row.get(16)?,
        login: row.get(17)?,
        reference: row.get(18)?,
        version: row.get(19)?,
        contact,
    })
}

/// The records of these customers, by id.
pub fn load(tx: &mut Tx<'_>, customers: &[Id]) -> Result<HashMap<Id, Customer>> {
    let rows = tx.query_by_ids(&format!("select {RECORD} from customer where customer_id in ({{ids}})"), customers, read)?;
    Ok(rows.into_iter().map(|customer| (customer.customer_id, customer)).collect())
}

pub fn load_one(tx: &mut Tx<'_>, customer_id: Id) -> Result<Option<Customer>> {
    Ok(load(tx, &[customer_id])?.remove(&customer_id))
}

/// Locks the customer for the rest of the transaction. False: there is none. SQLite has one writer and needs no lock.
pub fn lock(tx: &mut Tx<'_>, customer_id: Id) -> Result<bool> {
    let text = match tx.engine() {
        Engine::Sqlite => "select customer_id from customer_balance where customer_id = $1",
        Engine::Postgres => "select customer_id from customer_balance where customer_id = $1 for update",
    };
    Ok(tx.query_first(text, values![customer_id], |row| row.get::<Id>(0))?.is_some())
}

/// The parameters of an insert or update of the record, in the order of `RECORD`.
fn record_values(customer: &Customer) -> Vec<Value<'_>> {
    let mut values = vec![
        Value::from(customer.customer_id),
        Value::from(&customer.name),
        Value::from(customer.customer_type.code()),
        Value::from(customer.reseller_id),
        Value::from(customer.customer_class_id),
        Value::from(customer.balance_control.code()),
        Value::Text(customer.currency.code()),
        Value::Text(customer.zone.name()),
        Value::from(customer.billing_period.code()),
        Value::from(customer.created_at),
        Value::from(customer.opening_balance),
        Value::from(customer.credit_limit),
        Value::from(customer.temporary_limit.map(|limit| limit.amount)),
        Value::from(customer.temporary_limit.map(|limit| limit.until)),
        Value::from(customer.lifted_until),
        Value::from(customer.spending_plan_id),
        Value::from(customer.suspend_on_insufficient_funds),
        Value::from(&customer.login),
        Value::from(&customer.reference),
        Value::from(customer.version),
    ];
    values.extend(customer.contact.fields().into_iter().map(Value::from));
    values
}

/// Claims a name for a customer. False: another has it.
pub fn claim_name(tx: &mut Tx<'_>, key: &str, customer_id: Id) -> Result<bool> {
    let made = tx.execute(
        "insert into customer_name (name_key, customer_id) values ($1, $2) on conflict (name_key) do nothing",
        values![key, customer_id],
    )?;
    Ok(made == 1)
}

pub fn release_name(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    tx.execute("delete from customer_name where name_key = $1", values![key])?;
    Ok(())
}

/// Claims a self-care login for a customer. False: another has it.
pub fn claim_login(tx: &mut Tx<'_>, key: &str, customer_id: Id) -> Result<bool> {
    let made = tx.execute(
        "insert into customer_login (login_key, customer_id) values ($1, $2) on conflict (login_key) do nothing",
        values![key, customer_id],
    )?;
    Ok(made == 1)
}

pub fn release_login(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    tx.execute("delete from customer_login where login_key = $1", values![key])?;
    Ok(())
}

pub fn find_by_name(tx: &mut Tx<'_>, key: &str) -> Result<Option<Id>> {
    tx.query_first("select customer_id from customer_name where name_key = $1", values![key], |row| row.get(0))
}

pub fn find_by_login(tx: &mut Tx<'_>, key: &str) -> Result<Option<Id>> {
    tx.query_first("select customer_id from customer_login where login_key = $1", values![key], |row| row.get(0))
}

/// The customers that have these names, by the keys of the names. Keys that nobody has are left out.
pub fn find_by_names(tx: &mut Tx<'_>, keys: &[&str]) -> Result<HashMap<String, Id>> {
    find_many(tx, "select name_key, customer_id from customer_name where name_key in ({keys})", keys)
}

/// The customers that have these logins, by the keys of the logins. Keys that nobody has are left out.
pub fn find_by_logins(tx: &mut Tx<'_>, keys: &[&str]) -> Result<HashMap<String, Id>> {
    find_many(tx, "select login_key, customer_id from customer_login where login_key in ({keys})", keys)
}

fn find_many(tx: &mut Tx<'_>, sql: &str, keys: &[&str]) -> Result<HashMap<String, Id>> {
    Ok(tx.query_by_keys(sql, &[], keys, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

/// Claims many names at once. Returns the customers that got theirs; of two that want the same, the first.
pub fn claim_names(tx: &mut Tx<'_>, names: &[(String, Id)]) -> Result<HashSet<Id>> {
    claim_many(tx, "customer_name (name_key, customer_id)", "on conflict (name_key) do nothing returning customer_id", names)
}

/// Claims many self-care logins at once. Returns the customers that got theirs.
pub fn claim_logins(tx: &mut Tx<'_>, logins: &[(String, Id)]) -> Result<HashSet<Id>> {
    claim_many(tx, "customer_login (login_key, customer_id)", "on conflict (login_key) do nothing returning customer_id", logins)
}

fn claim_many(tx: &mut Tx<'_>, table: &str, tail: &str, wanted: &[(String, Id)]) -> Result<HashSet<Id>> {
    let values: Vec<Value<'_>> = wanted.iter().flat_map(|(key, id)| [Value::from(key), Value::from(*id)]).collect();
    Ok(tx.insert_many(table, 2, &values, tail, |row| row.get(0))?.into_iter().collect())
}

/// Adds records with their balances. Names and logins must have been claimed; the list's rows are `customer_list`'s.
/// `facts` belong to the records in their order.
pub fn add_many(tx: &mut Tx<'_>, records: &[Customer], facts: &[CustomerFacts]) -> Result<()> {
    let keys: Vec<String> = records.iter().map(|record| name_key(&record.name)).collect();
    let mut values = Vec::new();
    for (record, key) in records.iter().zip(&keys) {
        values.extend(record_values(record));
        values.push(Value::from(key));
    }
    let width = values.len() / records.len().max(1);
    tx.insert_many(&format!("customer ({RECORD}, name_key)"), width.max(1), &values, "", |_| Ok(()))?;
    let (table, width) = match tx.engine() {
        Engine::Sqlite => ("customer_balance (customer_id, balance, unallocated, exhausted_since)", 4),
        Engine::Postgres => ("customer_balance (customer_id, balance, unallocated, exhausted_since, last_event_id)", 5),
    };
    let of = |facts: &CustomerFacts| {
        [facts.customer_id.into(), facts.balance.into(), facts.unallocated.into(), facts.exhausted_since.into(), 0.into()]
    };
    let balances: Vec<Value<'_>> = facts.iter().flat_map(|facts| of(facts).into_iter().take(width)).collect();
    tx.insert_many(table, width, &balances, "", |_| Ok(()))?;
    records.iter().for_each(|record| tx.touch(record.customer_id));
    Ok(())
}

/// Writes the whole record anew.
pub fn save(tx: &mut Tx<'_>, customer: &Customer) -> Result<()> {
    let key = name_key(&customer.name);
    let mut values = record_values(customer);
    let sets: Vec<String> =
        RECORD.split(',').enumerate().skip(1).map(|(index, column)| format!("{} = ${}", column.trim(), index + 1)).collect();
    values.push(Value::from(&key));
    let text = format!("update customer set {}, name_key = ${} where customer_id = $1", sets.join(", "), values.len());
    tx.execute(&text, &values)?;
    tx.touch(customer.customer_id);
    Ok(())
}

pub fn save_balance(tx: &mut Tx<'_>, facts: &CustomerFacts) -> Result<()> {
    tx.execute(
        "update customer_balance set balance = $2, unallocated = $3, exhausted_since = $4 where customer_id = $1",
        values![facts.customer_id, facts.balance, facts.unallocated, facts.exhausted_since],
    )?;
    tx.touch(facts.customer_id);
    Ok(())
}

pub fn save_lifted_until(tx: &mut Tx<'_>, customer_id: Id, lifted_until: Option<Timestamp>) -> Result<()> {
    tx.execute("update customer set lifted_until = $2 where customer_id = $1", values![customer_id, lifted_until])?;
    tx.touch(customer_id);
    Ok(())
}

/// Deletes a customer that nothing refers to, with everything that is its own alone. Whether it may go is decided before.
pub fn delete(tx: &mut Tx<'_>, customer: &Customer) -> Result<()> {
    release_name(tx, &name_key(&customer.name))?;
    if let Some(login) = &customer.login {
        release_login(tx, &name_key(login))?;
    }
    for table in ["customer", "customer_balance", "hold", "spending_day", "auto_payment", "auto_payment_attempt", "customer_export", "job"]
    {
        tx.execute(&format!("delete from {table} where customer_id = $1"), values![customer.customer_id])?;
    }
    tx.touch(customer.customer_id);
    Ok(())
}

/// Which kinds of records stand against deleting the customer, in the words of a list.
pub fn dependants(tx: &mut Tx<'_>, customer_id: Id) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let xdrs = format!("select 1 from {} where t.customer_id = $1 limit 1", arrival::of_customer(tx.engine(), arrival::Kind::Xdr));
    for (what, text) in [
        ("accounts", "select 1 from account where customer_id = $1 limit 1"),
        ("DIDs", "select 1 from did_number where customer_id = $1 limit 1"),
        ("subcustomers", "select 1 from customer where reseller_id = $1 limit 1"),
        ("invoices", "select 1 from invoice where customer_id = $1 limit 1"),
        ("xDRs", xdrs.as_str()),
    ] {
        if tx.query_first(text, values![customer_id], |_| Ok(()))?.is_some() {
            found.push(what.to_owned());
        }
    }
    Ok(found)
}

/// Does the reseller have customers that are not permanently terminated? `closed_order` is that status's sort number.
pub fn has_open_subcustomers(tx: &mut Tx<'_>, reseller_id: Id, closed_order: i64) -> Result<bool> {
    let found = tx.query_first(
        "select 1 from customer_entry where reseller_id = $1 and status_order <> $2 limit 1",
        values![reseller_id, closed_order],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// The reseller's customers above `after`, in the order of their ids.
pub fn subcustomers(tx: &mut Tx<'_>, reseller_id: Id, after: Id, count: i64) -> Result<Vec<Id>> {
    tx.query(
        "select customer_id from customer where reseller_id = $1 and customer_id > $2 order by customer_id limit $3",
        values![reseller_id, after, count],
        |row| row.get(0),
    )
}

/// The next customers above `after`, in the order of their ids. For jobs that go through all of them.
pub fn next_ids(tx: &mut Tx<'_>, after: Id, count: i64) -> Result<Vec<Id>> {
    tx.query("select customer_id from customer where customer_id > $1 order by customer_id limit $2", values![after, count], |row| {
        row.get(0)
    })
}

/// Names by id, for what refers to customers.
pub fn names(tx: &mut Tx<'_>, customers: &[Id]) -> Result<HashMap<Id, String>> {
    let rows = tx.query_by_ids("select customer_id, name from customer where customer_id in ({ids})", customers, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

/// The facts of these customers. One that does not exist is left out. Resellers are not followed.
pub fn load_facts(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<CustomerFacts>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = tx.query_by_ids(
        "select c.customer_id, c.customer_type, c.reseller_id, c.balance_control, c.currency, c.time_zone, b.balance, c.credit_limit, \
         c.temporary_limit, c.temporary_limit_until, b.exhausted_since, b.unallocated, c.lifted_until \
         from customer c join customer_balance b on b.customer_id = c.customer_id where c.customer_id in ({ids})",
        customers,
        |row| {
            Ok(CustomerFacts {
                customer_id: row.get(0)?,
                customer_type: row::code(row, 1, CustomerType::parse)?,
                reseller_id: row.get(2)?,
                balance_control: row::code(row, 3, BalanceControl::parse)?,
                currency: currency(row, 4)?,
                zone: zone(row, 5)?,
                balance: row.get(6)?,
                credit_limit: row.get(7)?,
                temporary_limit: temporary_limit(row, 8, 9)?,
                exhausted_since: row.get(10)?,
                unallocated: row.get(11)?,
                lifted_until: row.get(12)?,
                holds: Vec::new(),
                open_invoices: Vec::new(),
                spending: None,
                auto_payment: None,
                export: None,
            })
        },
    )?;
    // A padded list can name a customer twice.
    all.sort_by_key(|facts| facts.customer_id);
    all.dedup_by_key(|facts| facts.customer_id);
    fact::add_to(tx, &mut all)?;
    Ok(all)
}

/// Facts and stored status, as the writer holds them.
pub(crate) fn load_hot(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<HotRow>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let last_event_id = if tx.engine() == Engine::Postgres { "b.last_event_id" } else { "0" };
    let text = format!(
        "select e.customer_id, e.status_order, e.status_changes_at, {last_event_id} \
         from customer_entry e join customer_balance b on b.customer_id = e.customer_id where e.customer_id in ({{ids}})"
    );
    let read =
        |row: &Row<'_>| Ok((row.get::<Id>(0)?, (StoredStatus { status_order: row.get(1)?, changes_at: row.get(2)? }, row.get::<Id>(3)?)));
    let stored: HashMap<_, _> = tx.query_by_ids(&text, customers, read)?.into_iter().collect();
    load_facts(tx, customers)?
        .into_iter()
        .map(|facts| {
            let found = stored.get(&facts.customer_id).copied();
            let (stored, last_event_id) =
                found.ok_or_else(|| StorageError::broken(format!("customer {} has no list row", facts.customer_id)))?;
            Ok(HotRow { facts, stored, last_event_id, products: None })
        })
        .collect()
}
