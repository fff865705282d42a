//! Owns loading customers: their class, their reseller (who may stand in an earlier row), names and logins that are free
//! in the file and in the database.
//! Does not own: what a customer may be (customer/) and the order of the work (mod.rs).

use std::collections::{BTreeSet, HashMap, HashSet};

use trunkline_domain::customer::{Customer, CustomerType, RESELLER_DEPTH_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::money::Currency;
use trunkline_domain::name::name_key;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::time::Zone;
use trunkline_storage::{Engine, Tx, customer};

use super::customer_class::{Catalogue, stands_already};
use super::{Noun, Placed, Problems, Reference, Row, Stage, WriteFailure};
use crate::customer::{CustomerNew, InsertFailure, check_reseller, insert_many, nested_too_deep, record_of, validate_new};
use crate::error::{Error, FieldProblem};

/// Resellers of the database that are remembered; beyond, they are looked up anew.
const RESELLERS_REMEMBERED_MAX: usize = 50_000;

/// A customer as a row tells it. The ids of class and reseller in `new` are not looked at.
#[derive(Clone, Debug)]
pub struct CustomerWanted {
    pub new: CustomerNew,
    /// None: it could not be read.
    pub class: Option<Reference>,
    pub reseller: Option<Reference>,
}

/// Customers, as what is imported.
pub struct Customers;

/// A customer of the file that later rows may name.
struct Earlier {
    line: u64,
    /// How deep it is nested, where it is a reseller.
    depth: Option<usize>,
}

#[derive(Default)]
pub struct Check {
    catalogue: Option<Catalogue>,
    names: HashMap<Box<str>, Earlier>,
    /// The line on which each login stands first.
    logins: HashMap<Box<str>, u64>,
    resellers: Resellers,
}

#[derive(Default)]
pub struct Load {
    catalogue: Option<Catalogue>,
    /// Resellers of the file, by the keys of their names.
    earlier: HashMap<Box<str>, Id>,
    resellers: Resellers,
    /// Resellers of the database that got customers.
    owners: BTreeSet<Id>,
}

/// What is known of resellers in the database: the id and how deep it is nested, or why it gets no customers.
#[derive(Default)]
struct Resellers(HashMap<Reference, Result<(Id, usize), FieldProblem>>);

/// Names are compared by their keys.
fn keyed(reference: &Reference) -> Reference {
    match reference {
        Reference::Id(id) => Reference::Id(*id),
        Reference::Name(name) => Reference::Name(name_key(name)),
    }
}

fn no_such_reseller() -> FieldProblem {
    FieldProblem::new("reseller_id", "not_found", "there is no such reseller, neither in the database nor in an earlier row")
}

impl Resellers {
    /// Looks up those of `wanted` that are not known yet.
    fn learn<'a>(&mut self, tx: &mut Tx<'_>, stage: &Stage, wanted: impl Iterator<Item = &'a Reference>) -> Result<(), Error> {
        if self.0.len() > RESELLERS_REMEMBERED_MAX {
            self.0.clear();
        }
        let unknown: HashSet<Reference> = wanted.map(keyed).filter(|reference| !self.0.contains_key(reference)).collect();
        let name_of = |reference: &'_ Reference| match reference {
            Reference::Name(key) => Some(key.clone()),
            Reference::Id(_) => None,
        };
        let keys: Vec<String> = unknown.iter().filter_map(name_of).collect();
        let by_name = customer::find_by_names(tx, &keys.iter().map(String::as_str).collect::<Vec<_>>())?;
        for reference in unknown {
            let id = match &reference {
                Reference::Id(id) => Some(*id),
                Reference::Name(key) => by_name.get(key).copied(),
            };
            let found = match id.map(|id| (id, check_reseller(tx, id, &stage.policy, stage.now))) {
                None => Err(no_such_reseller()),
                Some((id, Ok(depth))) => Ok((id, depth)),
                Some((_, Err(Error::Invalid(mut problems)))) => {
                    Err(problems.pop().filter(|problem| problem.code != "not_found").unwrap_or_else(no_such_reseller))
                }
                Some((_, Err(other))) => return Err(other),
            };
            self.0.insert(reference, found);
        }
        Ok(())
    }

    fn find(&self, reference: &Reference) -> Result<(Id, usize), FieldProblem> {
        self.0.get(&keyed(reference)).cloned().unwrap_or_else(|| Err(no_such_reseller()))
    }
}

fn class_problem(catalogue: &Catalogue, class: &Reference, currency: Option<Currency>) -> Option<FieldProblem> {
    let Some(class) = catalogue.find(class) else {
        return Some(FieldProblem::new("customer_class_id", "not_found", "there is no such customer class; import classes first"));
    };
    match (class.currency, currency) {
        (Some(only), Some(currency)) if only != currency => {
            let refusal = Refusal::CurrencyOfClass { class: only, customer: currency };
            Some(FieldProblem::new("customer_class_id", refusal.code(), refusal.to_string()))
        }
        _ => None,
    }
}

/// Currency and zone of a row that was checked before.
fn read_again(new: &CustomerNew) -> Result<(Currency, Zone), Error> {
    validate_new(new).map_err(Error::Invalid)
}

impl Check {
    fn problems(&self, catalogue: &Catalogue, wanted: &CustomerWanted) -> Vec<FieldProblem> {
        let new = &wanted.new;
        let (mut problems, currency) = match validate_new(new) {
            Ok((currency, _)) => (Vec::new(), Some(currency)),
            Err(problems) => (problems, Currency::parse(&new.currency).ok()),
        };
        problems.extend(wanted.class.as_ref().and_then(|class| class_problem(catalogue, class, currency)));
        problems.extend(wanted.reseller.as_ref().and_then(|reseller| self.reseller_depth(reseller).err()));
        if let Some(earlier) = self.names.get(name_key(&new.name).as_str()) {
            problems.push(stands_already("name", earlier.line));
        }
        if let Some(line) = new.login.as_deref().and_then(|login| self.logins.get(name_key(login).as_str())) {
            problems.push(stands_already("login", *line));
        }
        problems
    }

    /// How deep the reseller is nested, or why it gets no customers.
    fn reseller_depth(&self, reseller: &Reference) -> Result<usize, FieldProblem> {
        let earlier = match reseller {
            Reference::Name(name) => self.names.get(name_key(name).as_str()),
            Reference::Id(_) => None,
        };
        let depth = match earlier {
            Some(Earlier { depth: Some(depth), .. }) => *depth,
            Some(Earlier { line, depth: None }) => {
                let message = format!("the customer of this name, on line {line}, is not a reseller");
                return Err(FieldProblem::new("reseller_id", "not_found", message));
            }
            None => self.resellers.find(reseller)?.1,
        };
        if depth > RESELLER_DEPTH_MAX { Err(nested_too_deep()) } else { Ok(depth) }
    }

    fn remember(&mut self, line: u64, wanted: &CustomerWanted) {
        let new = &wanted.new;
        let key = name_key(&new.name);
        if !key.is_empty() {
            let above = wanted.reseller.as_ref().map_or(0, |reseller| self.reseller_depth(reseller).unwrap_or(0));
            let depth = (new.customer_type == CustomerType::Reseller).then_some(above + 1);
            self.names.entry(key.into()).or_insert(Earlier { line, depth });
        }
        if let Some(login) = &new.login {
            self.logins.entry(name_key(login).into()).or_insert(line);
        }
    }
}

impl Noun for Customers {
    type Wanted = CustomerWanted;
    type Check = Check;
    type Load = Load;
    const ACTION: &'static str = "customer.import";
    const EVENT: &'static str = "customers.imported";
    const TABLES: &'static [&'static str] =
        &["customer", "customer_name", "customer_login", "customer_balance", "customer_entry", "customer_amount"];

    fn check(check: &mut Check, tx: &mut Tx<'_>, stage: &Stage, rows: &[Row<CustomerWanted>]) -> Result<Problems, Error> {
        let catalogue = match check.catalogue.take() {
            Some(catalogue) => catalogue,
            None => Catalogue::load(tx)?,
        };
        let wanted = || rows.iter().filter_map(|row| row.wanted.as_ref());
        check.resellers.learn(tx, stage, wanted().filter_map(|wanted| wanted.reseller.as_ref()))?;
        let names: Vec<String> = wanted().map(|wanted| name_key(&wanted.new.name)).collect();
        let logins: Vec<String> = wanted().filter_map(|wanted| wanted.new.login.as_deref().map(name_key)).collect();
        let names_taken = customer::find_by_names(tx, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
        let logins_taken = customer::find_by_logins(tx, &logins.iter().map(String::as_str).collect::<Vec<_>>())?;
        let mut problems = Problems::new();
        for (place, row) in rows.iter().enumerate() {
            let Some(wanted) = &row.wanted else { continue };
            let mut found = check.problems(&catalogue, wanted);
            if names_taken.contains_key(&name_key(&wanted.new.name)) {
                found.push(FieldProblem::new("name", "taken", "a customer in the database has this name"));
            }
            if wanted.new.login.as_deref().is_some_and(|login| logins_taken.contains_key(&name_key(login))) {
                found.push(FieldProblem::new("login", "taken", "a customer in the database has this login"));
            }
            let is_bad = !found.is_empty() || !row.problems.is_empty();
            problems.extend(found.into_iter().map(|problem| (place, problem)));
            // A row that is left out takes no name away from a later one.
            if !(is_bad && stage.skip_bad) {
                check.remember(row.line, wanted);
            }
        }
        check.catalogue = Some(catalogue);
        Ok(problems)
    }

    fn write(load: &mut Load, tx: &mut Tx<'_>, stage: &Stage, rows: &[Placed<CustomerWanted>]) -> Result<(), WriteFailure> {
        if load.catalogue.is_none() {
            load.catalogue = Some(Catalogue::load(tx)?);
        }
        load.resellers.learn(tx, stage, rows.iter().filter_map(|row| row.wanted.reseller.as_ref()))?;
        let (records, problems) = load.records(stage, rows)?;
        if !problems.is_empty() {
            return Err(WriteFailure::Rows(problems));
        }
        insert_many(tx, &records, &stage.policy, stage.now).map_err(|failure| match failure {
            InsertFailure::Other(error) => WriteFailure::Other(error),
            InsertFailure::Rows(rows) => {
                WriteFailure::Rows(rows.into_iter().flat_map(|(place, of_row)| of_row.into_iter().map(move |one| (place, one))).collect())
            }
        })?;
        load.owners.extend(records.iter().filter_map(|record| record.reseller_id));
        let resellers = records.iter().filter(|record| record.customer_type == CustomerType::Reseller);
        load.earlier.extend(resellers.map(|record| (name_key(&record.name).into(), record.customer_id)));
        Ok(())
    }

    /// Nobody may delete a reseller while it gets customers. The locks come last, in the order of ids.
    fn finish(load: &mut Load, tx: &mut Tx<'_>) -> Result<(), Error> {
        if tx.engine() == Engine::Sqlite {
            return Ok(());
        }
        for reseller_id in &load.owners {
            if !customer::lock(tx, *reseller_id)? {
                return Err(Error::ChangedMeanwhile);
            }
        }
        Ok(())
    }
}

impl Load {
    /// The records of the rows, and what stands against some of them by now.
    fn records(&self, stage: &Stage, rows: &[Placed<CustomerWanted>]) -> Result<(Vec<Customer>, Problems), Error> {
        let mut here: HashMap<String, Id> = HashMap::new();
        let (mut records, mut problems) = (Vec::with_capacity(rows.len()), Problems::new());
        for (place, row) in rows.iter().enumerate() {
            let new = &row.wanted.new;
            let (currency, zone) = read_again(new)?;
            let class = row.wanted.class.as_ref().zip(self.catalogue.as_ref()).and_then(|(class, all)| all.find(class));
            let Some(class) = class.filter(|class| class.currency.is_none_or(|only| only == currency)) else {
                problems.push((place, FieldProblem::new("customer_class_id", "not_found", "the customer class has just changed")));
                continue;
            };
            let mut record = record_of(new, row.id, currency, zone, class.customer_class_id, stage.now);
            record.reseller_id = None;
            if let Some(reference) = &row.wanted.reseller {
                let here = match reference {
                    Reference::Name(name) => {
                        let key = name_key(name);
                        here.get(&key).or_else(|| self.earlier.get(key.as_str())).copied()
                    }
                    Reference::Id(_) => None,
                };
                record.reseller_id = here.or_else(|| self.resellers.find(reference).ok().map(|(id, _)| id));
                if record.reseller_id.is_none() {
                    problems.push((place, FieldProblem::new("reseller_id", "not_found", "the reseller has just gone, or was left out")));
                    continue;
                }
            }
            if record.customer_type == CustomerType::Reseller {
                here.insert(name_key(&record.name), record.customer_id);
            }
            records.push(record);
        }
        Ok((records, problems))
    }
}
