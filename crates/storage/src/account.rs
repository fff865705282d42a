//! Owns the SQL of accounts and the look-up of their identities.
//! Does not own: their status (domain).

use std::collections::{HashMap, HashSet};

use trunkline_domain::account::{AccountFacts, AccountModel, AccountState, Screening};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::secret::Secret;
use trunkline_domain::time::Timestamp;

use crate::conditions::{Conditions, Owned};
use crate::customer_list::MatchMode;
use crate::engine::Tx;
use crate::error::Result;
use crate::row::{self, Row, Value};
use crate::values;

/// An account as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub facts: AccountFacts,
    /// Unique in the installation by its key: a number, user@domain, an IP address.
    pub identity: String,
    /// Signed as owed; never changes.
    pub opening_balance: Money,
    pub batch: Option<String>,
    /// By which a switch knows whoever uses it. None: the switch vouches.
    pub password: Option<Secret>,
    pub created_at: Timestamp,
    pub version: i64,
}

pub(crate) const COLUMNS: &str = "a.customer_id, a.account_id, a.identity, a.model, a.state, a.blocked, a.opening_balance, a.balance, a.credit_limit, \
     a.suspended, a.screening, a.payment_frozen, a.active_from, a.expires_at, a.life_time_days, a.idle_days_max, a.first_used_at, \
     a.last_used_at, a.batch, a.created_at, a.version, a.password";

pub(crate) fn read(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        facts: AccountFacts {
            customer_id: row.get(0)?,
            account_id: row.get(1)?,
            model: row::code(row, 3, AccountModel::parse)?,
            state: row::code(row, 4, AccountState::parse)?,
            blocked: row.get(5)?,
            balance: row.get(7)?,
            credit_limit: row.get(8)?,
            suspended: row.get(9)?,
            screening: row.get::<Option<String>>(10)?.and_then(|code| Screening::parse(&code)),
            payment_frozen: row.get(11)?,
            active_from: row.get(12)?,
            expires_at: row.get(13)?,
            life_time_days: row.get(14)?,
            idle_days_max: row.get(15)?,
            first_used_at: row.get(16)?,
            last_used_at: row.get(17)?,
        },
        identity: row.get(2)?,
        opening_balance: row.get(6)?,
        batch: row.get(18)?,
        password: row.get::<Option<String>>(21)?.map(Secret::new),
        created_at: row.get(19)?,
        version: row.get(20)?,
    })
}

/// How an identity is compared. `key` is an identity key and not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityMatch {
    pub mode: MatchMode,
    pub key: String,
}

/// Which accounts a list shows. Every condition given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    pub customer_id: Option<Id>,
    pub identity: Option<IdentityMatch>,
    pub state: Option<AccountState>,
    pub not_closed: bool,
    pub model: Option<AccountModel>,
    pub batch: Option<String>,
    /// Only accounts of this reseller's customers.
    pub reseller_id: Option<Id>,
}

/// What a filter says of `account a`.
fn conditions_of(filter: &AccountFilter) -> Conditions {
    let mut found = Conditions::default();
    if let Some(customer_id) = filter.customer_id {
        found.add("a.customer_id = {}", Owned::Integer(customer_id));
    }
    if let Some(IdentityMatch { mode, key }) = &filter.identity {
        found.add_match("a.identity_key", *mode, key);
    }
    if let Some(state) = filter.state {
        found.add("a.state = {}", Owned::Text(state.code().to_owned()));
    }
    if filter.not_closed {
        found.add("a.state <> {}", Owned::Text(AccountState::Closed.code().to_owned()));
    }
    if let Some(model) = filter.model {
        found.add("a.model = {}", Owned::Text(model.code().to_owned()));
    }
    if let Some(batch) = &filter.batch {
        found.add("a.batch = {}", Owned::Text(batch.clone()));
    }
    if let Some(reseller_id) = filter.reseller_id {
        let condition = "exists (select 1 from customer c where c.customer_id = a.customer_id and c.reseller_id = {})";
        found.add(condition, Owned::Integer(reseller_id));
    }
    found
}

/// Accounts in the order of their identities, from the one after `after` on (or down from it).
pub fn page(tx: &mut Tx<'_>, filter: &AccountFilter, after: Option<&str>, down: bool, count: i64) -> Result<Vec<Account>> {
    let mut conditions = conditions_of(filter);
    let (compare, direction) = if down { ("<", " desc") } else { (">", "") };
    if let Some(after) = after {
        conditions.add(&format!("a.identity_key {compare} {{}}"), Owned::Text(after.to_owned()));
    }
    let limit = conditions.place(Owned::Integer(count));
    let text = format!("select {COLUMNS} from account a {} order by a.identity_key{direction} limit {limit}", conditions.clause());
    tx.query(&text, &conditions.values(), read)
}

/// How many accounts match, counted up to `count_max`.
pub fn count(tx: &mut Tx<'_>, filter: &AccountFilter, count_max: i64) -> Result<i64> {
    let mut conditions = conditions_of(filter);
    let limit = conditions.place(Owned::Integer(count_max));
    let text = format!("select count(*) from (select 1 from account a {} limit {limit}) as matching", conditions.clause());
    Ok(tx.query_first(&text, &conditions.values(), |row| row.get(0))?.unwrap_or(0))
}

/// The identities of these accounts.
pub fn identities(tx: &mut Tx<'_>, accounts: &[Id]) -> Result<HashMap<Id, String>> {
    let found = tx.query_by_ids("select account_id, identity from account where account_id in ({ids})", accounts, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(found.into_iter().collect())
}

/// The key by which identities are unique, found and sorted.
pub fn identity_key(identity: &str) -> String {
    trunkline_domain::name::name_key(identity)
}

pub fn load(tx: &mut Tx<'_>, customer_id: Id, account_id: Id) -> Result<Option<Account>> {
    tx.query_first(
        &format!("select {COLUMNS} from account a where a.customer_id = $1 and a.account_id = $2"),
        values![customer_id, account_id],
        read,
    )
}

/// Customer and account of an identity.
pub fn find_by_identity(tx: &mut Tx<'_>, key: &str) -> Result<Option<(Id, Id)>> {
    tx.query_first("select customer_id, account_id from account_identity where identity_key = $1", values![key], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The customer of an account of which only the id is known.
pub fn find_customer(tx: &mut Tx<'_>, account_id: Id) -> Result<Option<Id>> {
    tx.query_first("select customer_id from account where account_id = $1", values![account_id], |row| row.get(0))
}

/// The facts of these accounts.
pub fn load_many(tx: &mut Tx<'_>, accounts: &[Id]) -> Result<Vec<AccountFacts>> {
    tx.query_by_ids(&format!("select {COLUMNS} from account a where a.account_id in ({{ids}})"), accounts, |row| Ok(read(row)?.facts))
}

/// The identities of these that are in use, by their keys, each with its account.
pub fn find_by_identities(tx: &mut Tx<'_>, keys: &[&str]) -> Result<HashMap<String, Id>> {
    let text = "select identity_key, account_id from account_identity where identity_key in ({keys})";
    Ok(tx.query_by_keys(text, &[], keys, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

const RECORD: &str = "customer_id, account_id, identity, identity_key, model, state, blocked, opening_balance, balance, credit_limit, \
     suspended, screening, payment_frozen, active_from, expires_at, life_time_days, idle_days_max, first_used_at, last_used_at, batch, \
     created_at, version, password";
const RECORD_WIDTH: usize = 23;

/// The parameters of an insert, in the order of `RECORD`.
fn record_values<'a>(account: &'a Account, key: &'a String) -> [Value<'a>; RECORD_WIDTH] {
    let facts = &account.facts;
    [
        facts.customer_id.into(),
        facts.account_id.into(),
        (&account.identity).into(),
        key.into(),
        facts.model.code().into(),
        facts.state.code().into(),
        facts.blocked.into(),
        account.opening_balance.into(),
        facts.balance.into(),
        facts.credit_limit.into(),
        facts.suspended.into(),
        facts.screening.map(Screening::code).into(),
        facts.payment_frozen.into(),
        facts.active_from.into(),
        facts.expires_at.into(),
        facts.life_time_days.into(),
        facts.idle_days_max.into(),
        facts.first_used_at.into(),
        facts.last_used_at.into(),
        (&account.batch).into(),
        account.created_at.into(),
        account.version.into(),
        account.password.as_ref().map(Secret::exposed).into(),
    ]
}

/// Adds an account. False: its identity is taken.
pub fn add(tx: &mut Tx<'_>, account: &Account) -> Result<bool> {
    Ok(add_many(tx, std::slice::from_ref(account))?.is_empty())
}

/// Adds accounts. Returns the places of those whose identity is taken, by another account or by an earlier one of these; if
/// there are any, nothing may be kept: roll back.
pub fn add_many(tx: &mut Tx<'_>, accounts: &[Account]) -> Result<Vec<usize>> {
    let keys: Vec<String> = accounts.iter().map(|account| identity_key(&account.identity)).collect();
    let claims: Vec<Value<'_>> = accounts
        .iter()
        .zip(&keys)
        .flat_map(|(account, key)| [key.into(), account.facts.customer_id.into(), account.facts.account_id.into()])
        .collect();
    let tail = "on conflict (identity_key) do nothing returning account_id";
    let claimed = tx.insert_many("account_identity (identity_key, customer_id, account_id)", 3, &claims, tail, |row| row.get::<Id>(0))?;
    if claimed.len() < accounts.len() {
        let claimed: HashSet<Id> = claimed.into_iter().collect();
        let taken = accounts.iter().enumerate().filter(|(_, account)| !claimed.contains(&account.facts.account_id));
        return Ok(taken.map(|(place, _)| place).collect());
    }
    let values: Vec<Value<'_>> = accounts.iter().zip(&keys).flat_map(|(account, key)| record_values(account, key)).collect();
    tx.insert_many(&format!("account ({RECORD})"), RECORD_WIDTH, &values, "", |_| Ok(()))?;
    Ok(Vec::new())
}

/// Moves the balance of an account, whose customer is locked.
pub fn save_balance(tx: &mut Tx<'_>, customer_id: Id, account_id: Id, balance: Money) -> Result<()> {
    tx.touch(customer_id);
    let text = "update account set balance = $3 where customer_id = $1 and account_id = $2";
    tx.execute(text, values![customer_id, account_id, balance])?;
    Ok(())
}

/// Saves what staff set of an account: neither its balance nor its use, which the writer keeps. False: there is no such account.
pub fn save(tx: &mut Tx<'_>, account: &Account) -> Result<bool> {
    let facts = &account.facts;
    tx.touch(facts.customer_id);
    let text = "update account set state = $3, blocked = $4, credit_limit = $5, active_from = $6, expires_at = $7, life_time_days = $8, \
                idle_days_max = $9, batch = $10, password = $11, version = version + 1 where customer_id = $1 and account_id = $2";
    let saved = tx.execute(
        text,
        values![
            facts.customer_id,
            facts.account_id,
            facts.state.code(),
            facts.blocked,
            facts.credit_limit,
            facts.active_from,
            facts.expires_at,
            facts.life_time_days,
            facts.idle_days_max,
            &account.batch,
            account.password.as_ref().map(Secret::exposed)
        ],
    )?;
    Ok(saved == 1)
}

/// Closes every account of a customer that is being closed.
pub fn close_all_of(tx: &mut Tx<'_>, customer_id: Id) -> Result<u64> {
    let closed = AccountState::Closed.code();
    tx.touch(customer_id);
    tx.execute(
        "update account set state = $2, version = version + 1 where customer_id = $1 and state <> $3",
        values![customer_id, closed, closed],
    )
}

/// How many accounts each of these customers has; those without are left out.
pub fn count_of(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<(Id, i64)>> {
    tx.query_by_ids("select customer_id, count(*) from account where customer_id in ({ids}) group by customer_id", customers, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
