//! Owns loading rates: their tariffs, and that what has begun is never changed.
//! Does not own: what a rate may say (rate.rs above) and the order of the work (mod.rs).

use std::collections::{BTreeSet, HashMap};

use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::rate::Rate;
use trunkline_domain::rate_table::Prefix;
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::Timestamp;
use trunkline_storage::rate::{self, NewRate};
use trunkline_storage::{Tx, tariff};

use super::customer_class::stands_already;
use super::{Noun, Placed, Problems, RateChanges, Reference, Row, Stage, WriteFailure};
use crate::error::{Error, FieldProblem};
use crate::rate::{RateNew, begun_already, is_same};

/// A rate as a row tells it.
#[derive(Clone, Debug)]
pub struct RateRow {
    pub new: RateNew,
    /// None: it could not be read.
    pub tariff: Option<Reference>,
}

/// Rates, as what is imported.
pub struct Rates;

/// A tariff, a prefix as a number behind a 1, and a moment.
type Place = (Id, u128, Timestamp);

#[derive(Default)]
pub struct Check {
    tariffs: Option<Tariffs>,
    /// The line on which each place is taken first.
    lines: HashMap<Place, u64>,
    changes: RateChanges,
}

#[derive(Default)]
pub struct Load {
    tariffs: Option<Tariffs>,
    touched: BTreeSet<Id>,
}

/// Tariffs by id and by name. They are few: a catalogue, held whole.
struct Tariffs {
    by_id: HashMap<Id, Tariff>,
    by_name: HashMap<String, Id>,
}

impl Tariffs {
    fn load(tx: &mut Tx<'_>) -> Result<Tariffs, Error> {
        let all = tariff::all(tx)?;
        let by_name = all.iter().map(|tariff| (name_key(&tariff.name), tariff.tariff_id)).collect();
        Ok(Tariffs { by_name, by_id: all.into_iter().map(|tariff| (tariff.tariff_id, tariff)).collect() })
    }

    fn find(&self, reference: &Reference) -> Option<Id> {
        match reference {
            Reference::Id(id) => self.by_id.contains_key(id).then_some(*id),
            Reference::Name(name) => self.by_name.get(&name_key(name)).copied(),
        }
    }
}

fn place_of(new: &NewRate) -> Place {
    let digits = new.prefix.digits().bytes().fold(1_u128, |number, digit| number * 10 + u128::from(digit - b'0'));
    (new.tariff_id, digits, new.rate.effective_from)
}

/// The record of a row.
fn record(row: &RateRow, rate_id: Id, tariffs: &Tariffs, now: Timestamp) -> Result<NewRate, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let tariff_id = row.tariff.as_ref().map(|reference| tariffs.find(reference));
    if tariff_id == Some(None) {
        problems.push(FieldProblem::new("tariff_id", "not_found", "there is no such tariff"));
    }
    let prefix =
        Prefix::parse(&row.new.prefix).map_err(|problem| problems.push(FieldProblem::new("prefix", "malformed", problem.to_string())));
    let rate =
        row.new.wanted.record(rate_id, row.new.effective_from.unwrap_or(now)).map_err(|problem| problems.push(as_named_in_files(problem)));
    match (tariff_id.flatten(), prefix, rate) {
        (Some(tariff_id), Ok(prefix), Ok(rate)) => Ok(NewRate { tariff_id, prefix, rate }),
        _ => Err(problems),
    }
}

/// A file has a column for each part of a price.
fn as_named_in_files(problem: FieldProblem) -> FieldProblem {
    let field = problem.field.strip_prefix("pricing.").map(str::to_owned);
    FieldProblem { field: field.unwrap_or_else(|| problem.field.replacen("off_peak.", "off_peak_", 1)), ..problem }
}

/// The rates that stand already for the prefixes of these.
fn known(tx: &mut Tx<'_>, rates: &[&NewRate]) -> Result<HashMap<(Id, Prefix), Vec<Rate>>, Error> {
    let tariffs: BTreeSet<Id> = rates.iter().map(|new| new.tariff_id).collect();
    let mut found = HashMap::new();
    for tariff_id in tariffs {
        let mut prefixes: Vec<&str> = rates.iter().filter(|new| new.tariff_id == tariff_id).map(|new| new.prefix.digits()).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        for (prefix, rates) in rate::of_prefixes(tx, tariff_id, &prefixes)? {
            found.insert((tariff_id, prefix), rates);
        }
    }
    Ok(found)
}

impl Noun for Rates {
    type Wanted = RateRow;
    type Check = Check;
    type Load = Load;
    const ACTION: &'static str = "rate.import";
    const EVENT: &'static str = "rates.imported";
    const TABLES: &'static [&'static str] = &["rate"];
    // A carrier's decks of all its tariffs come as one file; what is known of a row is 48 bytes.
    const ROWS_MAX: u64 = 3_000_000;

    fn changes(check: Check) -> Option<RateChanges> {
        Some(check.changes)
    }

    fn check(check: &mut Check, tx: &mut Tx<'_>, stage: &Stage, rows: &[Row<RateRow>]) -> Result<Problems, Error> {
        let tariffs = match check.tariffs.take() {
            Some(tariffs) => tariffs,
            None => Tariffs::load(tx)?,
        };
        let records: Vec<Option<Result<NewRate, Vec<FieldProblem>>>> =
            rows.iter().map(|row| row.wanted.as_ref().map(|wanted| record(wanted, 0, &tariffs, stage.now))).collect();
        let good: Vec<&NewRate> = records.iter().flatten().filter_map(|record| record.as_ref().ok()).collect();
        let known = known(tx, &good)?;
        let mut problems = Problems::new();
        for (place, (row, record)) in rows.iter().zip(records).enumerate() {
            match record {
                None => {}
                Some(Err(found)) => problems.extend(found.into_iter().map(|problem| (place, problem))),
                Some(Ok(new)) => {
                    let key = (new.tariff_id, new.prefix.clone());
                    let begun = known.get(&key).and_then(|known| begun_already(known, &new.rate, stage.now));
                    let twice = check.lines.get(&place_of(&new)).map(|line| stands_already("prefix", *line));
                    let found: Vec<FieldProblem> = begun.into_iter().chain(twice).collect();
                    let is_bad = !found.is_empty() || !row.problems.is_empty();
                    problems.extend(found.into_iter().map(|problem| (place, problem)));
                    if !is_bad || !stage.skip_bad {
                        check.lines.entry(place_of(&new)).or_insert(row.line);
                    }
                    if !is_bad && let Some(tariff) = tariffs.by_id.get(&new.tariff_id) {
                        let known = known.get(&key).map(Vec::as_slice).unwrap_or_default();
                        check.changes.note(row.line, tariff, &new.prefix, known, &new.rate);
                    }
                }
            }
        }
        check.tariffs = Some(tariffs);
        Ok(problems)
    }

    fn write(load: &mut Load, tx: &mut Tx<'_>, stage: &Stage, rows: &[Placed<RateRow>]) -> Result<(), WriteFailure> {
        let tariffs = match load.tariffs.take() {
            Some(tariffs) => tariffs,
            None => Tariffs::load(tx)?,
        };
        let (mut records, mut problems) = (Vec::with_capacity(rows.len()), Problems::new());
        for (place, row) in rows.iter().enumerate() {
            match record(&row.wanted, row.id, &tariffs, stage.now) {
                Ok(new) => records.push(new),
                Err(found) => problems.extend(found.into_iter().map(|problem| (place, problem))),
            }
        }
        load.tariffs = Some(tariffs);
        let known = known(tx, &records.iter().collect::<Vec<_>>())?;
        let of = |new: &NewRate| known.get(&(new.tariff_id, new.prefix.clone())).map(Vec::as_slice).unwrap_or_default();
        for (place, new) in records.iter().enumerate() {
            problems.extend(begun_already(of(new), &new.rate, stage.now).map(|problem| (place, problem)));
        }
        if !problems.is_empty() {
            return Err(WriteFailure::Rows(problems));
        }
        // What stands already as it is keeps its id.
        let changes: Vec<NewRate> = records.iter().filter(|new| !of(new).iter().any(|known| is_same(known, &new.rate))).cloned().collect();
        rate::put_many(tx, &changes, stage.now)?;
        load.touched.extend(changes.iter().map(|new| new.tariff_id));
        Ok(())
    }

    fn finish(load: &mut Load, tx: &mut Tx<'_>) -> Result<(), Error> {
        for tariff_id in &load.touched {
            tariff::touch_rates(tx, *tariff_id)?;
        }
        Ok(())
    }
}
