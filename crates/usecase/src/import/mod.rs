//! Owns loading many records from a source that can be read twice: first everything is checked and nothing written, then
//! all of it, or all that is good, is written in one transaction, with one audit row and one event.
//!
//! Does not own: what a noun checks and writes (customer.rs, account.rs, customer_class.rs here), usage, which is charged in many commits
//! (xdr.rs), what files can hold and whose
//! turn it is (turn.rs), and the form of files (file/).

mod account;
mod customer;
mod customer_class;
mod file;
mod rate;
mod rate_change;
mod turn;
mod xdr;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error as ThisError;
use trunkline_domain::id::Id;
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;
use trunkline_storage::request::{self, RequestKey, Seen};
use trunkline_storage::{Engine, StorageError, Tx, audit, bulk, outbox};

pub use rate_change::{CHANGES_TOLD_MAX, RateChange, RateChangeKind, RateChanges};
pub(crate) use turn::Turns;
pub use turn::{Kind, Turn};

use crate::App;
use crate::actor::Context;
use crate::error::{Error, FieldProblem};

/// Rows looked at and written together.
const SLICE: usize = 1_000;
/// Rows of one import: what is known of all of them, such as their names, is held in memory.
pub const ROWS_MAX: u64 = 1_000_000;
/// Problems that a report tells; the rest are counted.
pub const PROBLEMS_TOLD_MAX: usize = 100;
/// After a load of this size the planner gets new figures.
const ANALYZE_ROWS_MIN: u64 = 1_000;

/// A record that another one names, by id or by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    Id(Id),
    Name(String),
}

/// One row of the source, as far as it could be read.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// None: its fields could not be told apart. A field that could not be read has a harmless value here.
    pub wanted: Option<T>,
    /// What could not be read. Fields have their native names.
    pub problems: Vec<FieldProblem>,
}

/// The source cannot be read on from here.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("{reason}")]
pub struct Unreadable {
    pub line: Option<u64>,
    pub reason: String,
}

/// One reading of a source.
pub trait Rows<T> {
    fn next(&mut self) -> Result<Option<Row<T>>, Unreadable>;
    /// Bytes read so far.
    fn bytes(&self) -> u64;
    /// SHA-256 of everything read so far, in hexadecimal digits.
    fn digest(&self) -> String;
}

/// Rows that can be read again from the start: the work that writes them may have to be run again.
pub trait Source<T>: Send + Sync {
    fn open(&self) -> Result<Box<dyn Rows<T>>, Unreadable>;
    /// What the source calls a native field.
    fn name_of(&self, field: &str) -> Option<&'static str>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Checking,
    Loading,
    /// Everything is written; from here on it cannot be stopped.
    Committing,
}

/// Looks on, and may ask to stop.
pub trait Watch: Send + Sync {
    fn see(&self, step: Step, rows: u64, bytes: u64);
    fn wants_stop(&self) -> bool;
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What the trail calls the source.
    pub source_name: String,
    /// Load the good rows although there are bad ones.
    pub skip_bad: bool,
    /// Say what would become of the rows, and write nothing.
    pub preview: bool,
}

/// What is wrong with one cell of a row, or with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// As the source calls it.
    pub column: Option<String>,
    /// Stable word, such as `taken`.
    pub code: String,
    pub message: String,
}

/// What became of the rows. Bad rows and none loaded: nothing was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub rows: u64,
    pub loaded: u64,
    /// Left out because they were loaded before; only what is recorded has a name by which that is seen.
    #[serde(default)]
    pub repeated: u64,
    pub rows_bad: u64,
    /// The first problems, by line.
    pub problems: Vec<Problem>,
    pub problems_count: u64,
    /// What the good rows would change; of a preview of rates alone.
    #[serde(skip)]
    pub changes: Option<RateChanges>,
}

/// Why there is no report. Nothing was written, unless the outcome of the commit is not known.
#[derive(Clone, Debug, ThisError)]
pub enum Failure {
    /// It is no file of rows, or its header is not understood: all that is wrong with that.
    #[error("the file is not understood")]
    Header(Vec<Unreadable>),
    #[error("{0}")]
    Unreadable(Unreadable),
    #[error("the file changed while it was read; import it again when nobody writes it")]
    Changed,
    #[error("stopped before the end")]
    Stopped,
    /// Rows that were good when they were checked are not any more: somebody else was faster.
    #[error("rows clash with what others have just written")]
    Overtaken(Box<Report>),
    /// What was loaded stays: the rest is loaded by importing the file again.
    #[error("it ended before its time")]
    Partly(Box<Report>),
    #[error("{0}")]
    Other(Error),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Other(error.into())
    }
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Failure {
        Failure::Unreadable(unreadable)
    }
}

/// A row on its way into the database.
pub struct Placed<T> {
    line: u64,
    id: Id,
    wanted: T,
}

/// Problems by place in the slice that was given.
pub type Problems = Vec<(usize, FieldProblem)>;

/// Why a slice was not written.
pub enum WriteFailure {
    /// What was written of the slice must be rolled back.
    Rows(Problems),
    Other(Error),
}

impl<E: Into<Error>> From<E> for WriteFailure {
    fn from(error: E) -> WriteFailure {
        WriteFailure::Other(error.into())
    }
}

/// What checking and writing need to know besides the rows.
#[derive(Clone, Copy)]
pub struct Stage {
    policy: StatusPolicy,
    now: Timestamp,
    skip_bad: bool,
}

/// What a noun knows about being loaded. The state of each pass over the source is the noun's own.
pub trait Noun: 'static {
    /// A row as it was read, with references where the record has ids.
    type Wanted: Send + 'static;
    type Check: Default + Send + 'static;
    type Load: Default;
    /// As the audit trail names it.
    const ACTION: &'static str;
    const EVENT: &'static str;
    /// Tables that the load makes larger.
    const TABLES: &'static [&'static str];
    const ROWS_MAX: u64 = ROWS_MAX;

    /// What the good rows would change, where a preview tells more than that they are good.
    fn changes(_check: Self::Check) -> Option<RateChanges> {
        None
    }

    /// Looks at rows without writing. Rows that begin with problems are shown too, for what they say counts for later ones.
    fn check(check: &mut Self::Check, tx: &mut Tx<'_>, stage: &Stage, rows: &[Row<Self::Wanted>]) -> Result<Problems, Error>;

    /// Writes rows that were found good.
    fn write(load: &mut Self::Load, tx: &mut Tx<'_>, stage: &Stage, rows: &[Placed<Self::Wanted>]) -> Result<(), WriteFailure>;

    /// Ends the writing: what locks rows that others wait for comes here, so that they wait for a short time only.
    fn finish(_load: &mut Self::Load, _tx: &mut Tx<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Imports the source's rows. A repeat under the same idempotency key gets the first report of what was loaded.
fn run<N: Noun>(
    app: &Arc<App>,
    context: &Context,
    source: Arc<dyn Source<N::Wanted>>,
    wish: &Wish,
    watch: Arc<dyn Watch>,
) -> Result<Report, Failure> {
    if let Some(key) = context.request_key.clone().filter(|_| !wish.preview) {
        let first = app.database.write::<_, Failure, _>(move |tx| first_report(tx, Some(&key))).wait().map_err(Error::from)??;
        if let Some(first) = first {
            return Ok(first);
        }
    }
    let stage = Stage { policy: app.policy(), now: app.now(), skip_bad: wish.skip_bad };
    let (checked, state) = check_all(app, &stage, source.as_ref(), watch.as_ref(), N::ROWS_MAX, N::check)?;
    if wish.preview {
        return Ok(Report { changes: N::changes(state), ..checked.report });
    }
    let is_refused = checked.report.rows_bad > 0 && !wish.skip_bad;
    if is_refused || checked.report.rows == checked.report.rows_bad {
        return Ok(checked.report);
    }
    let [audit_id, event_id, request_id] = app.new_ids(stage.now)?;
    let request_key = context.request_key.clone();
    let trail = Trail { audit_id, event_id, actor: context.actor.label(), source_name: wish.source_name.clone() };
    let app_here = Arc::clone(app);
    let load = move |tx: &mut Tx<'_>| {
        // The same request, sent twice at once, may have been faster.
        if let Some(first) = first_report(tx, request_key.as_ref())? {
            return Ok(first);
        }
        let mut loader = Loader::<N> {
            app: &app_here,
            stage,
            source: source.as_ref(),
            state: N::Load::default(),
            report: Report { loaded: 0, ..checked.report.clone() },
            ids: None,
        };
        loader.load_all(tx, &checked, watch.as_ref())?;
        loader.leave_trail(tx, &trail, &checked.digest)?;
        if let Some(key) = &request_key {
            request::remember(tx, key, request_id, &request::write_answer(&loader.report), stage.now)?;
        }
        Ok(loader.report)
    };
    let report = app.database.write_alone::<_, Failure, _>(load).wait().map_err(Error::from)??;
    if report.loaded >= ANALYZE_ROWS_MIN {
        // What was loaded stays whether the planner gets its figures or not.
        let done = app.database.write::<_, StorageError, _>(|tx| bulk::analyze_tables(tx, N::TABLES)).wait();
        if let Err(problem) = done.and_then(std::convert::identity) {
            tracing::warn!(%problem, "the planner has no new figures of the tables");
        }
    }
    Ok(report)
}

/// The report of the import that was made under this key, if one was.
fn first_report(tx: &mut Tx<'_>, key: Option<&RequestKey>) -> Result<Option<Report>, Failure> {
    match key.map(|key| request::look_up(tx, key)).transpose()? {
        None | Some(Seen::New) => Ok(None),
        Some(Seen::Same(answer)) => Ok(Some(request::read_answer(&answer)?)),
        Some(Seen::Other) => Err(Error::KeyReused.into()),
    }
}

/// What is known after the first reading.
struct Checked {
    report: Report,
    /// Lines of bad rows, ascending.
    lines_bad: Vec<u64>,
    digest: String,
}

/// Reads up to a slice of rows. An empty one is the end.
fn read_slice<T>(rows: &mut dyn Rows<T>) -> Result<Vec<Row<T>>, Unreadable> {
    let mut slice = Vec::with_capacity(SLICE);
    while slice.len() < SLICE {
        let Some(row) = rows.next()? else { break };
        slice.push(row);
    }
    Ok(slice)
}

/// Reads all rows and looks at them with `check`. Gives what is known of them, and the state of the checking.
fn check_all<T: Send + 'static, S: Default + Send + 'static>(
    app: &App,
    stage: &Stage,
    source: &dyn Source<T>,
    watch: &dyn Watch,
    rows_max: u64,
    check: impl Fn(&mut S, &mut Tx<'_>, &Stage, &[Row<T>]) -> Result<Problems, Error> + Clone + Send + 'static,
) -> Result<(Checked, S), Failure> {
    let mut rows = source.open()?;
    let mut state = S::default();
    let mut checked = Checked { report: Report::default(), lines_bad: Vec::new(), digest: String::new() };
    loop {
        let mut slice = read_slice(rows.as_mut())?;
        let Some(last_line) = slice.last().map(|row| row.line) else { break };
        checked.report.rows += u64::try_from(slice.len()).unwrap_or(u64::MAX);
        if checked.report.rows > rows_max {
            let reason = format!("more than {rows_max} rows; split the file");
            return Err(Unreadable { line: Some(last_line), reason }.into());
        }
        let (stage, check) = (*stage, check.clone());
        let found;
        (state, slice, found) = app
            .database
            .read::<_, Error, _>(move |tx| {
                let found = check(&mut state, tx, &stage, &slice)?;
                Ok((state, slice, found))
            })
            .wait()
            .map_err(Error::from)??;
        for (place, problem) in found {
            // One problem a field: one that could not be read was checked with a value that stands in for it.
            if let Some(row) = slice.get_mut(place)
                && !row.problems.iter().any(|known| known.field == problem.field)
            {
                row.problems.push(problem);
            }
        }
        for row in slice.into_iter().filter(|row| !row.problems.is_empty()) {
            checked.lines_bad.push(row.line);
            checked.report.note(source, row.line, row.problems);
        }
        watch.see(Step::Checking, checked.report.rows, rows.bytes());
        if watch.wants_stop() {
            return Err(Failure::Stopped);
        }
    }
    checked.digest = rows.digest();
    Ok((checked, state))
}

impl Report {
    fn note<T>(&mut self, source: &dyn Source<T>, line: u64, problems: Vec<FieldProblem>) {
        self.rows_bad += 1;
        self.problems_count += u64::try_from(problems.len()).unwrap_or(u64::MAX);
        let room = PROBLEMS_TOLD_MAX.saturating_sub(self.problems.len());
        self.problems.extend(problems.into_iter().take(room).map(|problem| Problem {
            line,
            column: source.name_of(&problem.field).map(str::to_owned),
            code: problem.code.to_owned(),
            message: problem.message,
        }));
    }
}

/// Who and what the trail tells of.
struct Trail {
    audit_id: Id,
    event_id: Id,
    actor: String,
    source_name: String,
}

/// One run of the work that writes; it begins anew when it has to be run again.
struct Loader<'a, N: Noun> {
    app: &'a App,
    stage: Stage,
    source: &'a dyn Source<N::Wanted>,
    state: N::Load,
    report: Report,
    /// The first and the last id that was written.
    ids: Option<(Id, Id)>,
}

impl<N: Noun> Loader<'_, N> {
    fn load_all(&mut self, tx: &mut Tx<'_>, checked: &Checked, watch: &dyn Watch) -> Result<(), Failure> {
        let mut rows = self.source.open()?;
        let mut lines_bad = checked.lines_bad.iter().copied().peekable();
        let mut seen = 0_u64;
        loop {
            let slice = read_slice(rows.as_mut())?;
            if slice.is_empty() {
                break;
            }
            seen += u64::try_from(slice.len()).unwrap_or(u64::MAX);
            let mut good = Vec::with_capacity(slice.len());
            for row in slice {
                if lines_bad.next_if_eq(&row.line).is_some() {
                    continue;
                }
                let wanted = row.wanted.filter(|_| row.problems.is_empty()).ok_or(Failure::Changed)?;
                good.push(Placed { line: row.line, id: self.app.new_id(self.stage.now)?, wanted });
            }
            self.write(tx, good)?;
            watch.see(Step::Loading, seen, rows.bytes());
            if watch.wants_stop() {
                return Err(Failure::Stopped);
            }
        }
        if seen != checked.report.rows || rows.digest() != checked.digest {
            return Err(Failure::Changed);
        }
        if self.report.rows_bad > checked.report.rows_bad && !self.stage.skip_bad {
            return Err(Failure::Overtaken(Box::new(Report { loaded: 0, ..std::mem::take(&mut self.report) })));
        }
        N::finish(&mut self.state, tx)?;
        watch.see(Step::Committing, seen, rows.bytes());
        if watch.wants_stop() { Err(Failure::Stopped) } else { Ok(()) }
    }

    /// Writes a slice. Rows that others have overtaken since they were checked are taken out, and the rest is tried again.
    fn write(&mut self, tx: &mut Tx<'_>, mut rows: Vec<Placed<N::Wanted>>) -> Result<(), Failure> {
        while let (Some(first), Some(last)) = (rows.first(), rows.last()) {
            let ids = (first.id, last.id);
            // On SQLite this process alone writes: what was good is good still, and a savepoint that never is gone back to
            // would keep the former state of every page in memory.
            let others_write = tx.engine() == Engine::Postgres;
            if others_write {
                tx.batch("savepoint slice")?;
            }
            match N::write(&mut self.state, tx, &self.stage, &rows) {
                Ok(()) => {
                    if others_write {
                        tx.batch("release savepoint slice")?;
                    }
                    self.report.loaded += u64::try_from(rows.len()).unwrap_or(u64::MAX);
                    self.ids = Some((self.ids.map_or(ids.0, |(first, _)| first), ids.1));
                    return Ok(());
                }
                Err(WriteFailure::Rows(problems)) if others_write && !problems.is_empty() => {
                    tx.batch("rollback to savepoint slice; release savepoint slice")?;
                    self.take_out(&mut rows, problems);
                }
                Err(WriteFailure::Rows(_)) => return Err(Error::Storage(StorageError::broken("good rows could not be written")).into()),
                Err(WriteFailure::Other(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn take_out(&mut self, rows: &mut Vec<Placed<N::Wanted>>, mut problems: Problems) {
        problems.sort_by_key(|(place, _)| *place);
        let mut bad: Vec<(usize, Vec<FieldProblem>)> = Vec::new();
        for (place, problem) in problems {
            match bad.last_mut() {
                Some((last, of_row)) if *last == place => of_row.push(problem),
                _ => bad.push((place, vec![problem])),
            }
        }
        for (place, of_row) in &bad {
            let line = rows.get(*place).map_or(0, |row| row.line);
            self.report.note(self.source, line, of_row.clone());
        }
        self.report.problems.sort_by_key(|problem| problem.line);
        let mut place = 0;
        rows.retain(|_| {
            place += 1;
            bad.binary_search_by_key(&(place - 1), |(bad, _)| *bad).is_err()
        });
    }

    /// One audit row and one event for the whole import. An event for each record would be as much work for everyone who
    /// fetches events as the import was for us; the event tells the ids between which the new records lie, and its
    /// receivers list those they care for.
    fn leave_trail(&self, tx: &mut Tx<'_>, trail: &Trail, digest: &str) -> Result<(), Error> {
        let (first, last) = self.ids.unzip();
        let detail = json!({
            "file": trail.source_name,
            "sha256": digest,
            "rows": self.report.rows,
            "loaded": self.report.loaded,
            "left_out": self.report.rows_bad,
            "first_id": first,
            "last_id": last,
        });
        let detail = detail.to_string();
        let entry = audit::Entry {
            customer_id: 0,
            audit_id: trail.audit_id,
            at: self.stage.now,
            actor: &trail.actor,
            action: N::ACTION,
            detail: &detail,
        };
        audit::append(tx, &entry)?;
        let event =
            outbox::Event { customer_id: 0, event_id: trail.event_id, event_type: N::EVENT, payload: &detail, created_at: self.stage.now };
        Ok(outbox::append(tx, &event)?)
    }
}
