//! Owns loading customer classes: names that are free in the file and in the database.
//! Does not own: what a class may say (customer_class.rs above) and the order of the work (mod.rs).

use std::collections::HashMap;

use trunkline_domain::customer_class::CustomerClass;
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_storage::{Tx, customer_class};

use super::{Noun, Placed, Problems, Reference, Row, Stage, WriteFailure};
use crate::customer_class::{CustomerClassNew, record_of};
use crate::error::{Error, FieldProblem};

/// A class as a row tells it.
pub type CustomerClassWanted = CustomerClassNew;

/// Classes, as what is imported.
pub struct CustomerClasses;

/// Classes by id and by name. They are few: a catalogue, held whole.
#[derive(Default)]
pub(super) struct Catalogue {
    by_id: HashMap<Id, CustomerClass>,
    ids: HashMap<String, Id>,
}

impl Catalogue {
    pub fn load(tx: &mut Tx<'_>) -> Result<Catalogue, Error> {
        let mut catalogue = Catalogue::default();
        for class in customer_class::all(tx)? {
            catalogue.ids.insert(name_key(&class.name), class.customer_class_id);
            catalogue.by_id.insert(class.customer_class_id, class);
        }
        Ok(catalogue)
    }

    pub fn find(&self, reference: &Reference) -> Option<&CustomerClass> {
        match reference {
            Reference::Id(id) => self.by_id.get(id),
            Reference::Name(name) => self.by_id.get(self.ids.get(&name_key(name))?),
        }
    }
}

#[derive(Default)]
pub struct Check {
    catalogue: Option<Catalogue>,
    /// The line on which each name stands first.
    lines: HashMap<String, u64>,
}

impl Noun for CustomerClasses {
    type Wanted = CustomerClassWanted;
    type Check = Check;
    type Load = ();
    const ACTION: &'static str = "customer_class.import";
    const EVENT: &'static str = "customer_classes.imported";
    const TABLES: &'static [&'static str] = &["customer_class"];

    fn check(check: &mut Check, tx: &mut Tx<'_>, stage: &Stage, rows: &[Row<CustomerClassNew>]) -> Result<Problems, Error> {
        let mut problems = Problems::new();
        let catalogue = match check.catalogue.take() {
            Some(catalogue) => catalogue,
            None => Catalogue::load(tx)?,
        };
        for (place, row) in rows.iter().enumerate() {
            let Some(new) = &row.wanted else { continue };
            let begin = problems.len();
            match record_of(new, 0, stage.now) {
                Ok(_) => {}
                Err(Error::Invalid(found)) => problems.extend(found.into_iter().map(|problem| (place, problem))),
                Err(other) => return Err(other),
            }
            let key = name_key(&new.name);
            if let Some(line) = check.lines.get(&key) {
                problems.push((place, stands_already("name", *line)));
            } else if catalogue.ids.contains_key(&key) {
                problems.push((place, FieldProblem::new("name", "taken", "a class in the database has this name")));
            }
            let is_bad = problems.len() > begin || !row.problems.is_empty();
            if !key.is_empty() && (!is_bad || !stage.skip_bad) {
                check.lines.entry(key).or_insert(row.line);
            }
        }
        check.catalogue = Some(catalogue);
        Ok(problems)
    }

    fn write((): &mut (), tx: &mut Tx<'_>, stage: &Stage, rows: &[Placed<CustomerClassNew>]) -> Result<(), WriteFailure> {
        for (place, row) in rows.iter().enumerate() {
            let class = record_of(&row.wanted, row.id, stage.now)?;
            if !customer_class::add(tx, &class)? {
                let problem = FieldProblem::new("name", "taken", "a class in the database has this name");
                return Err(WriteFailure::Rows(vec![(place, problem)]));
            }
        }
        Ok(())
    }
}

/// Of two rows that want the same, the later one is at fault.
pub(super) fn stands_already(field: &str, line: u64) -> FieldProblem {
    FieldProblem::new(field, "twice", format!("the same stands on line {line} already"))
}
