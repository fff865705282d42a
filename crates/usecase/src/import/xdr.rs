//! Owns loading what switches have recorded of sessions: each is charged as if the switch had told its end, and once.
//! Does not own: the price and the balances (storage's writer), and the form of files (file/).
//!
//! Unlike records that are made, usage is not loaded in one commit: nobody who calls would be served meanwhile. Everything is checked first;
//! then the records go through the writer with the calls of the moment, each batch in a commit of its own. What was charged before, in
//! an earlier run of the same file too, is left out and counted, so that a run that was broken off is simply done again.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};
use trunkline_domain::id::{Id, lowest_at};
use trunkline_domain::time::Timestamp;
use trunkline_storage::writer::{RecordCheck, UsageAnswer, UsageFailure, UsageRequest};
use trunkline_storage::{StorageError, Ticket, audit, outbox, request, session};

use super::{Checked, Failure, Problems, ROWS_MAX, Report, Row, Source, Stage, Step, Watch, Wish, check_all, first_report, read_slice};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, FieldProblem};
use crate::session::{CLOCK_SECONDS_MAX, End, SessionKey, UsageNew, recorded};

/// Records that wait for the writer at once: enough to fill its commits, few enough to leave its queue to the calls of the moment.
const WAITING_MAX: usize = 2_048;
/// xDRs that are compared at once.
const COMPARED_AT_ONCE: i64 = 20_000;
/// How much earlier than its usage an xDR can have been made: as far as clocks may be apart, and some more.
const EARLIER_SECONDS_MAX: i64 = CLOCK_SECONDS_MAX + 60;

/// A session as a row tells it.
#[derive(Clone, Debug)]
pub struct XdrRow {
    pub key: SessionKey,
    pub usage: UsageNew,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub used_units: u64,
    pub cause: Option<String>,
}

/// What stands for the name of a session, of which a file has many.
type Fingerprint = u128;

fn fingerprint(key: &str) -> Fingerprint {
    let digest = Sha256::digest(key);
    digest.iter().take(16).fold(0, |number, byte| (number << 8) | u128::from(*byte))
}

impl XdrRow {
    fn request(&self, app: &App, now: Timestamp) -> Result<UsageRequest, Vec<FieldProblem>> {
        let end = End {
            started_at: Some(self.started_at),
            is_start_told: true,
            ended_at: Some(self.ended_at),
            used_units: Some(self.used_units),
            cause: self.cause.clone(),
        };
        recorded(app, &self.key, &self.usage, &end, now)
    }
}

/// What is known after the first reading.
#[derive(Default)]
struct State {
    records: RecordCheck,
    sessions: HashSet<Fingerprint>,
    /// The first moment at which one of them can have been charged.
    earliest: Option<Timestamp>,
}

fn check(app: &App, state: &mut State, tx: &mut trunkline_storage::Tx<'_>, stage: &Stage, rows: &[Row<XdrRow>]) -> Result<Problems, Error> {
    let (mut problems, mut places, mut requests) = (Problems::new(), Vec::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        let Some(wanted) = &row.wanted else { continue };
        match wanted.request(app, stage.now) {
            Ok(request) if row.problems.is_empty() => {
                state.sessions.insert(fingerprint(&request.key));
                state.earliest = Some(state.earliest.map_or(wanted.started_at, |earliest| earliest.min(wanted.started_at)));
                places.push(place);
                requests.push(request);
            }
            Ok(_) => {}
            Err(found) => problems.extend(found.into_iter().map(|problem| (place, problem))),
        }
    }
    let refusals = state.records.refusals(tx, app.database.catalogue(), &requests.iter().collect::<Vec<_>>())?;
    for (place, refusal) in places.into_iter().zip(refusals) {
        problems.extend(refusal.map(|refusal| (place, refused(&refusal.into()))));
    }
    Ok(problems)
}

/// A rule says no to the whole record.
fn refused(failure: &UsageFailure) -> FieldProblem {
    let error = Error::from(failure.clone());
    let field = if error.code() == "unknown_identity" { "usage.identity" } else { "" };
    FieldProblem::new(field, error.code(), error.to_string())
}

/// Loads the source's records. A repeat under the same idempotency key gets the first report of what was loaded.
pub fn load(app: &Arc<App>, context: &Context, source: &dyn Source<XdrRow>, wish: &Wish, watch: &dyn Watch) -> Result<Report, Failure> {
    if let Some(key) = context.request_key.clone() {
        let first = app.database.write::<_, Failure, _>(move |tx| first_report(tx, Some(&key))).wait().map_err(Error::from)??;
        if let Some(first) = first {
            return Ok(first);
        }
    }
    app.database.refresh_catalogue().wait().map_err(Error::from)?.map_err(Error::from)?;
    let stage = Stage { policy: app.policy(), now: app.now(), skip_bad: wish.skip_bad };
    let app_here = Arc::clone(app);
    let look = move |state: &mut State, tx: &mut trunkline_storage::Tx<'_>, stage: &Stage, rows: &[Row<XdrRow>]| {
        check(&app_here, state, tx, stage, rows)
    };
    let (checked, state) = check_all(app, &stage, source, watch, ROWS_MAX, look)?;
    if wish.preview || (checked.report.rows_bad > 0 && !wish.skip_bad) || checked.report.rows == checked.report.rows_bad {
        return Ok(checked.report);
    }
    let fresh = leave_charged(app, state)?;
    let mut loader = Loader { app, source, fresh, waiting: VecDeque::new(), report: Report { loaded: 0, ..checked.report.clone() } };
    loader.load_all(&checked, watch)?;
    loader.leave_trail(context, wish, &checked.digest)
}

/// The sessions that no xDR has charged yet.
fn leave_charged(app: &App, state: State) -> Result<HashSet<Fingerprint>, Failure> {
    let State { mut sessions, earliest, .. } = state;
    let from = earliest.map_or(0, |earliest| lowest_at(earliest.plus_seconds(-EARLIER_SECONDS_MAX)));
    let mut after: Id = from;
    loop {
        let read = app.database.read::<_, Error, _>(move |tx| {
            let mut met = Vec::new();
            let last = session::charged_after(tx, after, COMPARED_AT_ONCE, |key| met.push(fingerprint(key)))?;
            Ok((met, last))
        });
        let (met, last) = read.wait().map_err(Error::from)??;
        for fingerprint in met {
            sessions.remove(&fingerprint);
        }
        match last {
            Some(last) => after = last,
            None => return Ok(sessions),
        }
    }
}

type Asked = Ticket<Result<UsageAnswer, UsageFailure>>;

struct Loader<'a> {
    app: &'a App,
    source: &'a dyn Source<XdrRow>,
    /// Sessions that are not charged yet.
    fresh: HashSet<Fingerprint>,
    /// What the writer has been asked, with the line.
    waiting: VecDeque<(u64, Asked)>,
    report: Report,
}

impl Loader<'_> {
    fn load_all(&mut self, checked: &Checked, watch: &dyn Watch) -> Result<(), Failure> {
        let mut rows = self.source.open()?;
        let mut lines_bad = checked.lines_bad.iter().copied().peekable();
        let mut seen = 0_u64;
        loop {
            let slice = read_slice(rows.as_mut()).map_err(|problem| self.partly(problem.into()))?;
            if slice.is_empty() {
                break;
            }
            seen += u64::try_from(slice.len()).unwrap_or(u64::MAX);
            // Nobody else may be there to do so where this is a command.
            self.app.reserve_ids().map_err(|problem| self.partly(problem.into()))?;
            let now = self.app.now();
            for row in slice {
                if lines_bad.next_if_eq(&row.line).is_some() {
                    continue;
                }
                let wanted = row.wanted.filter(|_| row.problems.is_empty());
                let request = wanted.and_then(|wanted| wanted.request(self.app, now).ok()).ok_or_else(|| self.partly(Failure::Changed))?;
                self.ask(row.line, request, now).map_err(|failure| self.partly(failure))?;
            }
            watch.see(Step::Loading, seen, rows.bytes());
            if watch.wants_stop() {
                self.hear_all()?;
                return Err(self.partly(Failure::Stopped));
            }
        }
        self.hear_all()?;
        if seen == checked.report.rows && rows.digest() == checked.digest { Ok(()) } else { Err(self.partly(Failure::Changed)) }
    }

    /// Records that were charged stay so, whatever becomes of the rest.
    fn partly(&self, failure: Failure) -> Failure {
        if self.report.loaded == 0 && self.waiting.is_empty() { failure } else { Failure::Partly(Box::new(self.report.clone())) }
    }

    /// Hands a record to the writer; one of a session that is charged already is left out.
    fn ask(&mut self, line: u64, request: UsageRequest, now: Timestamp) -> Result<(), Failure> {
        if !self.fresh.remove(&fingerprint(&request.key)) {
            self.report.repeated += 1;
            return Ok(());
        }
        if self.waiting.len() >= WAITING_MAX {
            self.hear()?;
        }
        let ids = self.app.ids(now)?;
        self.waiting.push_back((line, self.app.database.usage(UsageRequest { ids, ..request })));
        Ok(())
    }

    fn hear_all(&mut self) -> Result<(), Failure> {
        while !self.waiting.is_empty() {
            self.hear().map_err(|failure| self.partly(failure))?;
        }
        Ok(())
    }

    /// Waits for the first of those that wait.
    fn hear(&mut self) -> Result<(), Failure> {
        let Some((line, asked)) = self.waiting.pop_front() else { return Ok(()) };
        match asked.wait().map_err(Error::from)? {
            Ok(_) => self.report.loaded += 1,
            // It was good when it was checked, and somebody has changed what it needs since.
            Err(UsageFailure::Storage(problem)) => return Err(problem.into()),
            Err(failure) => self.report.note(self.source, line, vec![refused(&failure)]),
        }
        Ok(())
    }

    /// One audit row and one event for the whole import; what each record did to its customer has its own.
    fn leave_trail(self, context: &Context, wish: &Wish, digest: &str) -> Result<Report, Failure> {
        let now = self.app.now();
        let [audit_id, event_id, request_id] = self.app.new_ids(now)?;
        let report = self.report;
        let detail = json!({
            "file": wish.source_name,
            "sha256": digest,
            "rows": report.rows,
            "loaded": report.loaded,
            "repeated": report.repeated,
            "left_out": report.rows_bad,
        })
        .to_string();
        let (actor, key) = (context.actor.label(), context.request_key.clone());
        let answer = request::write_answer(&report);
        let left = self.app.database.write::<_, StorageError, _>(move |tx| {
            audit::append(tx, &audit::Entry { customer_id: 0, audit_id, at: now, actor: &actor, action: "xdr.import", detail: &detail })?;
            let event_type = "xdrs.imported";
            outbox::append(tx, &outbox::Event { customer_id: 0, event_id, event_type, payload: &detail, created_at: now })?;
            key.as_ref().map_or(Ok(()), |key| request::remember(tx, key, request_id, &answer, now))
        });
        left.wait().map_err(Error::from)?.map_err(Error::from)?;
        Ok(report)
    }
}
