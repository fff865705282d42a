//! Owns loading accounts: their customers, and identities that are free in the file and in the database.
//! Does not own: what an account may be (account.rs above) and the order of the work (mod.rs).

use std::collections::{BTreeSet, HashMap};

use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_storage::account::{self, identity_key};
use trunkline_storage::{Engine, Tx, customer};

use super::customer_class::stands_already;
use super::{Noun, Placed, Problems, Reference, Row, Stage, WriteFailure};
use crate::account::{AccountNew, record_of, refusal_of, validate_new};
use crate::error::{Error, FieldProblem};

/// An account as a row tells it. The customer's id in `new` is not looked at.
#[derive(Clone, Debug)]
pub struct AccountWanted {
    pub new: AccountNew,
    /// None: it could not be read.
    pub customer: Option<Reference>,
}

/// Accounts, as what is imported.
pub struct Accounts;

#[derive(Default)]
pub struct Check {
    /// The line on which each identity stands first.
    lines: HashMap<Box<str>, u64>,
}

#[derive(Default)]
pub struct Load {
    customers: BTreeSet<Id>,
}

/// The customers that rows name, as they are now.
struct Owners {
    by_name: HashMap<String, Id>,
    facts: HashMap<Id, CustomerFacts>,
}

impl Owners {
    fn load<'a>(tx: &mut Tx<'_>, wanted: impl Iterator<Item = &'a Reference>) -> Result<Owners, Error> {
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for reference in wanted {
            match reference {
                Reference::Id(id) => ids.push(*id),
                Reference::Name(name) => keys.push(name_key(name)),
            }
        }
        let by_name = customer::find_by_names(tx, &keys.iter().map(String::as_str).collect::<Vec<_>>())?;
        ids.extend(by_name.values().copied());
        ids.sort_unstable();
        ids.dedup();
        let facts = customer::load_facts(tx, &ids)?.into_iter().map(|facts| (facts.customer_id, facts)).collect();
        Ok(Owners { by_name, facts })
    }

    /// The customer, if it can have a new account.
    fn find(&self, stage: &Stage, reference: &Reference) -> Result<Id, FieldProblem> {
        let id = match reference {
            Reference::Id(id) => Some(*id),
            Reference::Name(name) => self.by_name.get(&name_key(name)).copied(),
        };
        let facts = id.and_then(|id| self.facts.get(&id));
        let facts = facts.ok_or_else(|| FieldProblem::new("customer_id", "not_found", "there is no such customer"))?;
        match refusal_of(facts, &stage.policy, stage.now) {
            Some(refusal) => Err(FieldProblem::new("customer_id", refusal.code(), refusal.to_string())),
            None => Ok(facts.customer_id),
        }
    }
}

impl Noun for Accounts {
    type Wanted = AccountWanted;
    type Check = Check;
    type Load = Load;
    const ACTION: &'static str = "account.import";
    const EVENT: &'static str = "accounts.imported";
    const TABLES: &'static [&'static str] = &["account", "account_identity"];

    fn check(check: &mut Check, tx: &mut Tx<'_>, stage: &Stage, rows: &[Row<AccountWanted>]) -> Result<Problems, Error> {
        let wanted = || rows.iter().filter_map(|row| row.wanted.as_ref());
        let owners = Owners::load(tx, wanted().filter_map(|wanted| wanted.customer.as_ref()))?;
        let keys: Vec<String> = wanted().map(|wanted| identity_key(&wanted.new.identity)).collect();
        let taken = account::find_by_identities(tx, &keys.iter().map(String::as_str).collect::<Vec<_>>())?;
        let mut problems = Problems::new();
        for (place, row) in rows.iter().enumerate() {
            let Some(wanted) = &row.wanted else { continue };
            let mut found = validate_new(&wanted.new).err().unwrap_or_default();
            found.extend(wanted.customer.as_ref().and_then(|customer| owners.find(stage, customer).err()));
            let key = identity_key(&wanted.new.identity);
            if let Some(line) = check.lines.get(key.as_str()) {
                found.push(stands_already("identity", *line));
            } else if taken.contains_key(&key) {
                found.push(FieldProblem::new("identity", "taken", "an account in the database has this identity"));
            }
            let is_bad = !found.is_empty() || !row.problems.is_empty();
            problems.extend(found.into_iter().map(|problem| (place, problem)));
            if !key.is_empty() && (!is_bad || !stage.skip_bad) {
                check.lines.entry(key.into()).or_insert(row.line);
            }
        }
        Ok(problems)
    }

    fn write(load: &mut Load, tx: &mut Tx<'_>, stage: &Stage, rows: &[Placed<AccountWanted>]) -> Result<(), WriteFailure> {
        let owners = Owners::load(tx, rows.iter().filter_map(|row| row.wanted.customer.as_ref()))?;
        let (mut records, mut problems) = (Vec::with_capacity(rows.len()), Problems::new());
        for (place, row) in rows.iter().enumerate() {
            let owner = row.wanted.customer.as_ref().map(|customer| owners.find(stage, customer));
            match owner.unwrap_or_else(|| Err(FieldProblem::new("customer_id", "required", "give a customer"))) {
                Ok(customer_id) => {
                    let new = AccountNew { customer_id, ..row.wanted.new.clone() };
                    records.push(record_of(&new, row.id, stage.now)?);
                }
                Err(problem) => problems.push((place, problem)),
            }
        }
        if problems.is_empty() {
            let taken = account::add_many(tx, &records)?;
            let fail = |place| (place, FieldProblem::new("identity", "taken", "an account in the database has this identity"));
            problems = taken.into_iter().map(fail).collect();
        }
        if !problems.is_empty() {
            return Err(WriteFailure::Rows(problems));
        }
        load.customers.extend(records.iter().map(|record| record.facts.customer_id));
        Ok(())
    }

    /// Nobody may delete a customer while it gets an account. The locks come last, in the order of ids, for the decisions
    /// on these customers' money wait for them.
    fn finish(load: &mut Load, tx: &mut Tx<'_>) -> Result<(), Error> {
        if tx.engine() == Engine::Sqlite {
            return Ok(());
        }
        for customer_id in &load.customers {
            if !customer::lock(tx, *customer_id)? {
                return Err(Error::ChangedMeanwhile);
            }
        }
        Ok(())
    }
}
