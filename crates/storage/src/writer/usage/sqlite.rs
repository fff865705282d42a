//! Owns what SQLite's writer reads for decisions on usage: all open sessions at start, identities and accounts at their first use.
//! Does not own: customers (sqlite.rs), deciding (usage.rs) and saving (usage_save.rs).

use trunkline_domain::id::Id;

use super::{HotAccount, UsageRequest};
use crate::engine::Tx;
use crate::error::Result;
use crate::writer::hot::WorkingSet;
use crate::{account, product, session};

pub fn load_sessions(tx: &mut Tx<'_>, set: &mut WorkingSet) -> Result<()> {
    session::load_all(tx, |session| set.sessions.put(session))
}

/// Brings the accounts of `usages` into memory. Returns the customers whose rows are needed.
pub fn load_accounts(tx: &mut Tx<'_>, set: &mut WorkingSet, usages: &[&UsageRequest]) -> Result<Vec<Id>> {
    let mut customers = Vec::new();
    for usage in usages {
        if let Some(session) = set.sessions.find(&usage.key) {
            customers.push(session.customer_id);
            customers.extend(session.legs.iter().map(|leg| leg.payer.customer_id()));
            let (customer_id, account_id) = (session.customer_id, session.account_id);
            load_account(tx, set, customer_id, account_id)?;
        }
        let Some(key) = &usage.identity_key else { continue };
        if !set.identities.contains_key(key) {
            let Some(found) = account::find_by_identity(tx, key)? else { continue };
            set.identities.insert(key.clone(), found);
        }
        if let Some((customer_id, account_id)) = set.identities.get(key).copied() {
            customers.push(customer_id);
            load_account(tx, set, customer_id, account_id)?;
        }
    }
    Ok(customers)
}

pub(super) fn load_account(tx: &mut Tx<'_>, set: &mut WorkingSet, customer_id: Id, account_id: Id) -> Result<()> {
    if set.accounts.contains_key(&account_id) {
        return Ok(());
    }
    if let Some(found) = account::load(tx, customer_id, account_id)? {
        let products = product::of_account(tx, customer_id, account_id)?;
        set.keep_account(HotAccount { facts: found.facts, products, password: found.password, bundle_use: None });
    }
    Ok(())
}
