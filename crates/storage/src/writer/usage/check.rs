//! Owns looking whether usage that switches have recorded can be charged, many records at a time, without charging it.
//! Does not own: charging (decide.rs), and what a record says (usecase).

use std::collections::{HashMap, HashSet};

use trunkline_domain::customer::RESELLER_DEPTH_MAX;
use trunkline_domain::id::Id;
use trunkline_domain::session::UsageRefusal;

use super::save::load_catalogue;
use super::{HotAccount, UsageRequest, Verb};
use crate::catalogue::Catalogue;
use crate::engine::Tx;
use crate::error::Result;
use crate::writer::hot::WorkingSet;
use crate::{account, customer, product};

/// Accounts that are held at the most.
const ACCOUNTS_MAX: usize = 200_000;

/// Accounts, customers and prices as they were when they were met first.
#[derive(Default)]
pub struct RecordCheck {
    set: WorkingSet,
    /// Identities that nobody has.
    unknown: HashSet<String>,
}

impl RecordCheck {
    /// Why each of these cannot be charged; none: it can.
    pub fn refusals(&mut self, tx: &mut Tx<'_>, catalogue: &Catalogue, records: &[&UsageRequest]) -> Result<Vec<Option<UsageRefusal>>> {
        if self.set.accounts.len() > ACCOUNTS_MAX {
            *self = RecordCheck::default();
        }
        self.load(tx, records)?;
        load_catalogue(tx, &mut self.set, catalogue, records)?;
        Ok(records.iter().map(|record| self.refusal(record).err()).collect())
    }

    fn refusal(&self, record: &UsageRequest) -> Result<(), UsageRefusal> {
        let Verb::Record { opening, started_at, used_units, .. } = &record.verb else { return Ok(()) };
        let account = self.set.account(record.identity_key.as_deref().ok_or(UsageRefusal::UnknownIdentity)?)?;
        if opening.is_emergency {
            return Ok(());
        }
        self.set.rated(account, opening, *started_at, *used_units).map(drop)
    }

    /// Brings in what is not known yet.
    fn load(&mut self, tx: &mut Tx<'_>, records: &[&UsageRequest]) -> Result<()> {
        let is_new = |key: &&str| !self.set.identities.contains_key(*key) && !self.unknown.contains(*key);
        let mut keys: Vec<&str> = records.iter().filter_map(|record| record.identity_key.as_deref()).filter(is_new).collect();
        keys.sort_unstable();
        keys.dedup();
        let found: HashMap<String, Id> = account::find_by_identities(tx, &keys)?;
        self.unknown.extend(keys.iter().filter(|key| !found.contains_key(**key)).map(|key| (*key).to_owned()));
        let mut ids: Vec<Id> = found.values().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut wanted = Vec::with_capacity(ids.len());
        let mut owners = HashMap::with_capacity(ids.len());
        for facts in account::load_many(tx, &ids)? {
            wanted.push(facts.customer_id);
            owners.insert(facts.account_id, facts.customer_id);
            let products = product::of_account(tx, facts.customer_id, facts.account_id)?;
            self.set.keep_account(HotAccount { facts, products, password: None, bundle_use: None });
        }
        for (key, account_id) in found {
            if let Some(customer_id) = owners.get(&account_id) {
                self.set.identities.insert(key, (*customer_id, account_id));
            }
        }
        for _ in 0..=RESELLER_DEPTH_MAX {
            wanted.retain(|id| !self.set.rows.contains_key(id));
            wanted.sort_unstable();
            wanted.dedup();
            let rows = customer::load_hot(tx, &wanted)?;
            wanted = rows.iter().filter_map(|row| row.facts.reseller_id).collect();
            self.set.rows.extend(rows.into_iter().map(|row| (row.facts.customer_id, row)));
        }
        Ok(())
    }
}
