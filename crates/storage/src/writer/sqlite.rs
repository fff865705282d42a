//! Owns SQLite's one writer thread: hot rows in memory, written through; jobs in savepoints; one commit for all.
//! Does not own: deciding (hot.rs, domain) and PostgreSQL's way (postgres.rs).

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use trunkline_domain::id::Id;
use trunkline_domain::status::StatusPolicy;

use super::hot::{self, HotAnswer, HotRequest, HotRow, Posted, PostingAnswer, PostingFailure, PostingRequest, WorkingSet};
use super::usage::save::{self as usage_save, Changed};
use super::usage::sqlite as usage_sqlite;
use super::{BATCH_MAX, BoxedJob, HotWork, JOBS_PER_BATCH_MAX, RolledBack, Shared, Work, WriterOptions};
use crate::arrival::{self, Arrivals};
use crate::engine::Tx;
use crate::engine::sqlite::{self, Purpose};
use crate::error::{Result, StorageError};
use crate::queue::Queue;
use crate::request::{self, Seen};
use crate::{customer, customer_list, installation};

/// Customers held in memory, in each of two generations.
const HOT_ROWS_MAX: usize = 100_000;
/// Ended sessions whose late packets are answered from memory.
const ENDED_MAX: usize = 200_000;
/// Decisions in a batch from which on much is waiting.
const BUSY_FROM: usize = 64;
/// Jobs of one batch stop being begun after this long, so that decisions do not wait behind many of them.
const JOBS_PER_BATCH_DURATION: Duration = Duration::from_millis(5);

/// One process writes a file: the lock on `<file>.lock` is held while it is open. The lock's file tells others who holds it:
/// the number of the process on the first line, and where it listens on the second. All of that is best effort, for a lock
/// is a lock without it.
pub(crate) struct SqliteLock {
    file: File,
}

/// Bytes of a lock's file that are looked at.
const HOLDER_BYTES_MAX: u64 = 256;

impl SqliteLock {
    pub fn take(path: &Path) -> Result<SqliteLock> {
        let lock_path = path.with_file_name(format!("{}.lock", path.file_name().unwrap_or_default().to_string_lossy()));
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&lock_path)
            .map_err(|problem| StorageError::Unavailable(format!("cannot open {}: {problem}", lock_path.display())))?;
        match file.try_lock() {
            Ok(()) => {
                let lock = SqliteLock { file };
                lock.write(&format!("{}\n", std::process::id()));
                Ok(lock)
            }
            Err(TryLockError::WouldBlock) => {
                Err(StorageError::Unavailable(format!("{} is in use by a running trunkline{}", path.display(), holder(&file))))
            }
            Err(TryLockError::Error(problem)) => Err(StorageError::Unavailable(format!("cannot lock {}: {problem}", lock_path.display()))),
        }
    }

    /// Says where this process takes requests.
    pub fn announce(&self, url: &str) {
        self.write(&format!("{}\n{url}\n", std::process::id()));
    }

    fn write(&self, text: &str) {
        let mut file = &self.file;
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
        if let Err(problem) = written {
            tracing::debug!(%problem, "the file of the lock does not tell who holds it");
        }
    }
}

impl Drop for SqliteLock {
    fn drop(&mut self) {
        // A lock that nobody holds names nobody.
        self.write("");
    }
}

/// Who holds the lock, and what to do about it.
fn holder(file: &File) -> String {
    let mut text = String::new();
    // What cannot be read is not told.
    let read = file.take(HOLDER_BYTES_MAX).read_to_string(&mut text);
    let mut lines = text.lines();
    let process = lines.next().filter(|_| read.is_ok()).and_then(|line| line.parse::<u32>().ok());
    let url = lines.next().filter(|line| line.starts_with("http://") && line.bytes().all(|byte| byte.is_ascii_graphic()));
    let to_server = "stop it, or send the work to that server with --server URL";
    match (process, url) {
        (Some(process), Some(url)) => format!(" (process {process}, {url}); {to_server}"),
        (Some(process), None) => format!(" (process {process}); stop it, or wait until it has ended"),
        (None, _) => format!("; {to_server}"),
    }
}

/// Which idempotency keys are known: SQLite keeps their rows in order of arrival and finds them from here.
#[derive(Default)]
pub(crate) struct RequestMemory {
    known: HashMap<u128, Id>,
    /// Written by the running transaction.
    pending: Vec<(u128, Id)>,
    /// Keys with rows below this go with the running transaction.
    forgotten_below: Option<Id>,
}

/// Keys kept at the most; at the limit a request with a new key is refused by name.
const REQUEST_KEYS_MAX: usize = 4_000_000;

impl RequestMemory {
    pub fn find(&self, hash: u128) -> Option<Id> {
        let pending = self.pending.iter().rev().find(|(known, _)| *known == hash).map(|(_, id)| *id);
        pending.or_else(|| self.known.get(&hash).copied())
    }

    pub fn add(&mut self, hash: u128, id: Id) -> Result<()> {
        if self.known.len() + self.pending.len() >= REQUEST_KEYS_MAX {
            return Err(StorageError::Overloaded { queue: "idempotency keys" });
        }
        self.pending.push((hash, id));
        Ok(())
    }

    /// Forgets keys whose rows are older than `id`, when the transaction is committed.
    pub fn forget_before(&mut self, id: Id) {
        self.forgotten_below = self.forgotten_below.max(Some(id));
    }

    fn commit(&mut self) {
        self.known.extend(self.pending.drain(..));
        if let Some(id) = self.forgotten_below.take() {
            self.known.retain(|_, known| *known >= id);
        }
    }

    /// What the running transaction has done so far.
    fn mark(&self) -> (usize, Option<Id>) {
        (self.pending.len(), self.forgotten_below)
    }

    fn roll_back_to(&mut self, (length, forgotten_below): (usize, Option<Id>)) {
        self.pending.truncate(length);
        self.forgotten_below = forgotten_below;
    }
}

pub struct SqliteWriter {
    connection: Connection,
    set: WorkingSet,
    /// The generation before: rows found there move up.
    older: HashMap<Id, HotRow>,
    requests: RefCell<RequestMemory>,
    policy: StatusPolicy,
    shared: Shared,
    /// What `set` holds of the catalogue is of this generation.
    catalogue_generation: u64,
    jobs_counted: Arc<AtomicUsize>,
    arrivals: Arrivals,
    /// What the running transaction has appended.
    arrived: Vec<arrival::Entry>,
    /// Much was waiting lately.
    is_busy: bool,
}

impl SqliteWriter {
    pub fn open(path: &Path, options: WriterOptions, shared: Shared, jobs_counted: Arc<AtomicUsize>) -> Result<SqliteWriter> {
        let connection = sqlite::open(path, Purpose::Write)?;
        let mut memory = RequestMemory::default();
        let mut tx = Tx::sqlite(&connection);
        request::load_all(&mut tx, |hash, id| {
            memory.known.insert(hash, id);
        })?;
        let policy = installation::status_policy(&mut tx)?;
        let arrivals = Arrivals::load(&mut tx, options.arrival)?;
        let requests = RefCell::new(memory);
        let (mut set, older, arrived) = (WorkingSet::default(), HashMap::new(), Vec::new());
        usage_sqlite::load_sessions(&mut tx, &mut set)?;
        let catalogue_generation = shared.catalogue.generation();
        Ok(SqliteWriter {
            connection,
            set,
            older,
            requests,
            policy,
            shared,
            catalogue_generation,
            jobs_counted,
            arrivals,
            arrived,
            is_busy: false,
        })
    }

    /// Works until the queue is closed and empty.
    pub fn run(&mut self, queue: &Queue<Work>) {
        let mut jobs: VecDeque<BoxedJob> = VecDeque::new();
        loop {
            let is_busy = !jobs.is_empty() || self.arrivals.is_busy();
            let taken = if is_busy { queue.take_waiting(BATCH_MAX) } else { queue.take(BATCH_MAX) };
            if taken.is_empty() && jobs.is_empty() && (!is_busy || queue.is_closed()) {
                return;
            }
            let (mut hot, mut alone) = (Vec::with_capacity(taken.len()), Vec::new());
            for work in taken {
                match work {
                    Work::Hot(work) => hot.push(work),
                    Work::Job(job) => jobs.push_back(job),
                    Work::JobAlone(job) => alone.push(job),
                }
            }
            self.note_load(hot.len());
            self.batch(hot, &mut jobs);
            alone.into_iter().for_each(|job| self.job_alone(job));
        }
    }

    fn note_load(&mut self, decisions: usize) {
        let is_busy = decisions >= BUSY_FROM;
        if is_busy != self.is_busy {
            self.is_busy = is_busy;
            if let Err(problem) = sqlite::set_busy(&self.connection, is_busy) {
                tracing::warn!(%problem, "the length of the log could not be set");
            }
        }
    }

    /// Runs a job in a transaction of its own, which is rolled back whole.
    fn job_alone(&mut self, mut job: BoxedJob) {
        let outcome = self.begin().and_then(|()| {
            if self.run_in_transaction(&mut job)? {
                return self.commit();
            }
            self.roll_back();
            Ok(())
        });
        if outcome.is_err() {
            self.roll_back();
        }
        self.answer_jobs(vec![job], outcome);
    }

    /// One commit: all of `hot`, then as many jobs as its time allows.
    fn batch(&mut self, hot: Vec<HotWork>, jobs: &mut VecDeque<BoxedJob>) {
        self.shared.tally.note(hot.len());
        let outcome = self.begin().and_then(|()| {
            let requests: Vec<&HotRequest> = hot.iter().map(|work| &work.request).collect();
            self.decide_and_save(&requests)
        });
        let answers = match outcome {
            Ok(answers) => answers,
            Err(problem) => {
                self.roll_back();
                if hot.is_empty() {
                    // Not even a transaction could be begun: the jobs are told, rather than tried for ever.
                    return self.jobs_one_by_one(jobs);
                }
                return self.one_by_one(hot, &problem);
            }
        };
        let (done, ran) = self.run_jobs(jobs);
        match ran.and_then(|()| self.tidy_arrivals()).and_then(|()| self.commit()) {
            Ok(()) => {
                answer(hot, answers);
                self.answer_jobs(done, Ok(()));
            }
            Err(problem) => {
                // What was run is run again, each piece in a commit of its own, so that one cannot spoil the others.
                self.roll_back();
                for job in done.into_iter().rev() {
                    jobs.push_front(job);
                }
                self.one_by_one(hot, &problem);
                self.jobs_one_by_one(jobs);
            }
        }
    }

    fn one_by_one(&mut self, hot: Vec<HotWork>, problem: &StorageError) {
        tracing::warn!(%problem, decisions = hot.len(), "a batch failed; its decisions are made again one by one");
        for work in hot {
            let outcome = self.begin().and_then(|()| self.decide_and_save(&[&work.request])).and_then(|answers| {
                self.commit()?;
                Ok(answers)
            });
            match outcome {
                Ok(answers) => answer(vec![work], answers),
                Err(problem) => {
                    self.roll_back();
                    work.fail(problem);
                }
            }
        }
    }

    fn jobs_one_by_one(&mut self, jobs: &mut VecDeque<BoxedJob>) {
        while let Some(job) = jobs.pop_front() {
            let mut alone = VecDeque::from([job]);
            let begun = self.begin();
            let (done, ran) = if begun.is_ok() { self.run_jobs(&mut alone) } else { (alone.into_iter().collect(), Ok(())) };
            let outcome = begun.and(ran).and_then(|()| self.commit());
            if outcome.is_err() {
                self.roll_back();
            }
            self.answer_jobs(done, outcome);
        }
    }

    fn answer_jobs(&self, done: Vec<BoxedJob>, outcome: Result<()>) {
        self.jobs_counted.fetch_sub(done.len(), Ordering::Relaxed);
        for job in done {
            job.answer(outcome.clone());
        }
    }

    /// Runs jobs as long as its time allows. An error means that the transaction cannot be kept.
    fn run_jobs(&mut self, jobs: &mut VecDeque<BoxedJob>) -> (Vec<BoxedJob>, Result<()>) {
        let mut done = Vec::new();
        let started = Instant::now();
        while done.len() < JOBS_PER_BATCH_MAX && started.elapsed() < JOBS_PER_BATCH_DURATION {
            let Some(mut job) = jobs.pop_front() else { break };
            let ran = self.run_job(&mut job);
            done.push(job);
            if ran.is_err() {
                return (done, ran);
            }
        }
        (done, Ok(()))
    }

    /// Runs a job in a savepoint.
    fn run_job(&mut self, job: &mut BoxedJob) -> Result<()> {
        let mark = self.requests.borrow().mark();
        sqlite::command(&self.connection, "savepoint job")?;
        if !self.run_in_transaction(job)? {
            self.requests.borrow_mut().roll_back_to(mark);
            sqlite::command(&self.connection, "rollback to job")?;
        }
        sqlite::command(&self.connection, "release job")
    }

    /// Runs a job in the transaction that has begun, and notes what it appended. What it changed of customers is forgotten from
    /// memory, whatever its outcome. False: its changes are not wanted.
    fn run_in_transaction(&mut self, job: &mut BoxedJob) -> Result<bool> {
        let mut tx = Tx::sqlite_writing(&self.connection, &self.requests);
        let outcome = job.run(&mut tx);
        let (touched, arrived) = (tx.take_touched(), tx.take_arrivals());
        for customer_id in touched {
            self.forget(customer_id);
        }
        match outcome {
            Ok(()) => self.append(arrived).map(|()| true),
            Err(RolledBack) => Ok(false),
        }
    }

    /// Notes where rows that were appended are to be found.
    fn append(&mut self, arrived: Vec<arrival::Entry>) -> Result<()> {
        if arrived.is_empty() {
            return Ok(());
        }
        self.arrivals.append(&mut Tx::sqlite(&self.connection), self.arrived.len(), &arrived)?;
        self.arrived.extend(arrived);
        Ok(())
    }

    fn tidy_arrivals(&mut self) -> Result<()> {
        self.arrivals.step(&mut Tx::sqlite(&self.connection))
    }

    fn begin(&self) -> Result<()> {
        sqlite::command(&self.connection, "begin immediate")
    }

    fn commit(&mut self) -> Result<()> {
        sqlite::command(&self.connection, "commit")?;
        self.requests.borrow_mut().commit();
        self.arrivals.committed(&self.arrived);
        self.arrived.clear();
        if self.set.rows.len() > HOT_ROWS_MAX {
            self.older = std::mem::take(&mut self.set.rows);
        }
        if self.set.accounts.len() > HOT_ROWS_MAX {
            self.set.forget_all_accounts();
        }
        if self.set.ended.len() > ENDED_MAX {
            self.set.ended.clear();
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(problem) = sqlite::command(&self.connection, "rollback")
        {
            tracing::error!(%problem, "a transaction could not be rolled back");
        }
        self.requests.borrow_mut().roll_back_to((0, None));
        // Memory may hold what was not saved: it is filled again from the database.
        self.set = WorkingSet::default();
        self.older.clear();
        self.arrived.clear();
        if let Err(problem) = usage_sqlite::load_sessions(&mut Tx::sqlite(&self.connection), &mut self.set) {
            tracing::error!(%problem, "the open sessions could not be read again");
        }
        match Arrivals::load(&mut Tx::sqlite(&self.connection), self.arrivals.sizes()) {
            Ok(arrivals) => self.arrivals = arrivals,
            Err(problem) => tracing::error!(%problem, "the rows that arrived last could not be read again"),
        }
    }

    fn forget(&mut self, customer_id: Id) {
        self.set.rows.remove(&customer_id);
        self.older.remove(&customer_id);
        self.set.forget_accounts(customer_id);
    }

    /// Decides the requests in their order and saves what they change. An error means that nothing can be kept.
    fn decide_and_save(&mut self, requests: &[&HotRequest]) -> Result<Vec<HotAnswer>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        self.load(requests)?;
        let mut tx = Tx::sqlite_writing(&self.connection, &self.requests);
        let mut answers = Vec::with_capacity(requests.len());
        let mut changed = Changed::default();
        for (index, request) in requests.iter().enumerate() {
            let answer = match request {
                HotRequest::Post(request) => HotAnswer::Posted(post(&mut tx, &mut self.set, index, request, &self.policy, &mut changed)?),
                HotRequest::Usage(request) => {
                    HotAnswer::Used(usage_save::use_and_save(&mut tx, &mut self.set, request, &self.policy, &mut changed)?)
                }
            };
            answers.push(answer);
        }
        // Several decisions on one customer write its balance once.
        for (customer_id, (status_changed, invoices_changed)) in &changed.customers {
            if let Some(row) = self.set.rows.get(customer_id) {
                customer::save_balance(&mut tx, &row.facts)?;
                if *status_changed {
                    customer_list::save_status(&mut tx, *customer_id, &row.stored)?;
                }
            }
            self.shared.amounts.add(*customer_id, *invoices_changed);
        }
        usage_save::save_changed(&mut tx, &self.set, &changed)?;
        let arrived = tx.take_arrivals();
        self.append(arrived)?;
        Ok(answers)
    }

    /// Brings the customers of `requests`, and the resellers above them, into memory.
    fn load(&mut self, requests: &[&HotRequest]) -> Result<()> {
        let generation = self.shared.catalogue.generation();
        if generation != self.catalogue_generation {
            self.catalogue_generation = generation;
            self.set.products.clear();
            self.set.bundles.clear();
            self.set.tariffs.clear();
        }
        let usages = requests.iter().filter_map(|request| match request {
            HotRequest::Usage(request) => Some(request),
            HotRequest::Post(_) => None,
        });
        let usages: Vec<_> = usages.collect();
        let mut wanted = usage_sqlite::load_accounts(&mut Tx::sqlite(&self.connection), &mut self.set, &usages)?;
        wanted.extend(requests.iter().filter_map(|request| match request {
            HotRequest::Post(request) => Some(request.customer_id),
            HotRequest::Usage(_) => None,
        }));
        while !wanted.is_empty() {
            wanted.sort_unstable();
            wanted.dedup();
            for id in &wanted {
                if let Some(row) = self.older.remove(id) {
                    self.set.rows.insert(*id, row);
                }
            }
            let missing: Vec<Id> = wanted.iter().copied().filter(|id| !self.set.rows.contains_key(id)).collect();
            let mut tx = Tx::sqlite(&self.connection);
            for row in customer::load_hot(&mut tx, &missing)? {
                self.set.rows.insert(row.facts.customer_id, row);
            }
            let above = wanted.iter().filter_map(|id| self.set.rows.get(id)?.facts.reseller_id);
            wanted = above.filter(|id| !self.set.rows.contains_key(id)).collect();
        }
        if usages.is_empty() {
            return Ok(());
        }
        let mut tx = Tx::sqlite(&self.connection);
        usage_save::load_catalogue(&mut tx, &mut self.set, &self.shared.catalogue, &usages)?;
        usage_save::load_ended(&mut tx, &mut self.set, &usages)
    }
}

/// Decides a posting by hand, unless its key has an answer, and saves it.
fn post(
    tx: &mut Tx<'_>,
    set: &mut WorkingSet,
    index: usize,
    request: &PostingRequest,
    policy: &StatusPolicy,
    changed: &mut Changed,
) -> Result<Result<PostingAnswer, PostingFailure>> {
    if let Some(key) = &request.request_key {
        match request::look_up(tx, key)? {
            Seen::New => {}
            Seen::Same(text) => return Ok(Ok(request::read_answer(&text)?)),
            Seen::Other => return Ok(Err(PostingFailure::KeyReused)),
        }
    }
    let posted = match set.decide(index, request, policy) {
        Ok(posted) => posted,
        Err(failure) => return Ok(Err(failure)),
    };
    save(tx, request, &posted)?;
    changed.customer(request.customer_id, posted.status_changed, !posted.effects.allocations.is_empty());
    Ok(Ok(posted.answer))
}

fn save(tx: &mut Tx<'_>, request: &PostingRequest, posted: &Posted) -> Result<()> {
    hot::save_posting(tx, request, posted)?;
    hot::save_rare(tx, request, posted)?;
    if let Some(key) = &request.request_key {
        request::remember(tx, key, request.ids.request_id, &request::write_answer(&posted.answer), request.now)?;
    }
    Ok(())
}

fn answer(hot: Vec<HotWork>, answers: Vec<HotAnswer>) {
    for (work, answer) in hot.into_iter().zip(answers) {
        work.answer(answer);
    }
}
