//! Owns an open database: which engine, the reader threads, the writer, the catching up of sort rows.
//! Does not own: what is read and written.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use trunkline_domain::id::Id;

use crate::audit;
use crate::bulk;
use crate::catalogue::Catalogue;
use crate::engine::postgres::{Session, configuration};
use crate::engine::sqlite::{self, Purpose};
use crate::engine::{Engine, Tx};
use crate::error::{Result, StorageError};
use crate::migrate;
use crate::reader::{Readers, Source};
use crate::ticket::Ticket;
use crate::writer::amounts;
use crate::writer::{
    PostingAnswer, PostingFailure, PostingRequest, Shared, SqliteLock, UsageAnswer, UsageFailure, UsageRequest, Writer, WriterOptions,
};

/// Sort rows by amount are at most this old.
const AMOUNTS_EVERY: Duration = Duration::from_millis(1_000);
/// Of each turn, this much may be spent on sort rows, so that postings are not held up by the order of a list.
const AMOUNTS_WORK_MAX: Duration = Duration::from_millis(150);
/// Rows about reads wait at most this long for their commit.
const AUDIT_EVERY: Duration = Duration::from_millis(250);
/// Customers that the sweep after a start looks at in one read.
const SWEEP_SLICE: i64 = 20_000;

/// How a database is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Reader threads, 1 or more.
    pub readers: usize,
    pub writer: WriterOptions,
}

impl Default for Options {
    fn default() -> Options {
        Options { readers: 4, writer: WriterOptions::default() }
    }
}

/// A database that is open for work.
pub struct Database {
    engine: Engine,
    readers: Readers,
    writer: Arc<Writer>,
    reads_audited: Arc<audit::Waiting>,
    catalogue: Arc<Catalogue>,
    postgres: Option<Box<postgres::Config>>,
    catching_up: Mutex<Option<JoinHandle<()>>>,
    stopping: Arc<Stopping>,
    /// SQLite: nobody else writes the file while this lives.
    lock: Option<SqliteLock>,
}

#[derive(Default)]
struct Stopping {
    raised: AtomicBool,
    mutex: Mutex<()>,
    changed: Condvar,
}

impl Stopping {
    /// Waits for `duration`; true when the database is stopping.
    fn wait(&self, duration: Duration) -> bool {
        let guard = self.mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let wait = self.changed.wait_timeout_while(guard, duration, |()| !self.raised.load(Ordering::Relaxed));
        drop(wait.unwrap_or_else(std::sync::PoisonError::into_inner));
        self.raised.load(Ordering::Relaxed)
    }
}

/// Reads `sqlite:PATH` or `postgres://...`.
fn source_of(url: &str) -> Result<Source> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() {
            return Err(StorageError::Unavailable("the database URL names no file: write sqlite:PATH".into()));
        }
        return Ok(Source::Sqlite(PathBuf::from(path)));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Source::Postgres(Box::new(configuration(url)?)));
    }
    Err(StorageError::Unavailable("the database URL must start with sqlite: or postgres://".into()))
}

impl Database {
    /// Opens the database at `url`, brings its schema up to date, and starts its threads.
    pub fn open(url: &str, options: Options) -> Result<Database> {
        let source = source_of(url)?;
        let (engine, lock) = match &source {
            Source::Sqlite(path) => {
                let lock = SqliteLock::take(path)?;
                migrate_sqlite(path)?;
                (Engine::Sqlite, Some(lock))
            }
            Source::Postgres(config) => {
                migrate_postgres(config)?;
                (Engine::Postgres, None)
            }
        };
        let shared = Shared::default();
        let writer = Arc::new(Writer::start(&source, options.writer, &shared)?);
        let postgres = match &source {
            Source::Sqlite(_) => None,
            Source::Postgres(config) => Some(config.clone()),
        };
        let readers = Readers::start(source, options.readers.max(1))?;
        let stopping = Arc::new(Stopping::default());
        let (reads_audited, catching_up, catalogue) = (Arc::default(), Mutex::new(None), shared.catalogue);
        let database = Database { engine, readers, writer, reads_audited, catalogue, postgres, catching_up, stopping, lock };
        database.start_catching_up()?;
        Ok(database)
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Tells whoever finds the database in use where this process takes requests.
    pub fn announce(&self, url: &str) {
        if let Some(lock) = &self.lock {
            lock.announce(url);
        }
    }

    /// Runs a read on a reader thread.
    pub fn read<T, E, F>(&self, read: F) -> Ticket<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.readers.read(read)
    }

    /// Runs a job on the writer. It may be run several times; time, ids and randomness come from outside.
    pub fn write<T, E, F>(&self, work: F) -> Ticket<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.writer.job(work)
    }

    /// Runs a job that is too large to share a commit: on SQLite nothing else is written while it runs.
    pub fn write_alone<T, E, F>(&self, work: F) -> Ticket<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.writer.job_alone(work)
    }

    /// Posts to a balance.
    pub fn post(&self, request: PostingRequest) -> Ticket<Result<PostingAnswer, PostingFailure>> {
        self.writer.post(request)
    }

    /// Decides about usage.
    pub fn usage(&self, request: UsageRequest) -> Ticket<Result<UsageAnswer, UsageFailure>> {
        self.writer.usage(request)
    }

    /// Products and tariffs in memory.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Looks at products and tariffs again; charging goes by them from then on.
    pub fn refresh_catalogue(&self) -> Ticket<Result<()>> {
        let catalogue = Arc::clone(&self.catalogue);
        self.readers.read(move |tx| catalogue.refresh(tx))
    }

    /// Queues a row about a read for the next flush.
    pub fn audit_read(&self, row: audit::Stored) -> Result<()> {
        self.reads_audited.add(row)
    }

    /// Writes the queued rows about reads now.
    pub fn flush_audit(&self) -> Result<()> {
        flush_audit(&self.writer, &self.reads_audited)
    }

    /// Batches and decisions of the hot writer since it started.
    pub fn writer_tally(&self) -> (u64, u64) {
        let tally = self.writer.tally();
        (tally.batches.load(Ordering::Relaxed), tally.decisions.load(Ordering::Relaxed))
    }

    /// Reads and writes that wait.
    pub fn waiting(&self) -> (usize, usize) {
        (self.readers.waiting(), self.writer.waiting())
    }

    /// Brings the sort rows by amount up to date now.
    pub fn catch_up_amounts(&self) -> Result<()> {
        catch_up(&self.writer, &self.writer.amounts().take())
    }

    fn start_catching_up(&self) -> Result<()> {
        let writer = Arc::clone(&self.writer);
        let stopping = Arc::clone(&self.stopping);
        let reads_audited = Arc::clone(&self.reads_audited);
        let behind_at_start: Ticket<Result<Vec<(Id, bool)>>> = self.readers.read(find_all_behind);
        let thread = std::thread::Builder::new()
            .name("amounts".to_owned())
            .spawn(move || {
                // A process that was killed leaves sort rows behind; they are found once, in slices.
                let found = behind_at_start.wait().and_then(std::convert::identity);
                if let Err(problem) = found.and_then(|customers| catch_up(&writer, &customers)) {
                    tracing::warn!(%problem, "the sort rows by amount could not be checked at start");
                }
                let mut amounts_at = Instant::now();
                while !stopping.wait(AUDIT_EVERY) {
                    if let Err(problem) = flush_audit(&writer, &reads_audited) {
                        tracing::error!(%problem, "rows of the audit trail about reads could not be written");
                    }
                    if amounts_at.elapsed() < AMOUNTS_EVERY {
                        continue;
                    }
                    amounts_at = Instant::now();
                    if let Err(problem) = catch_up_for(&writer, AMOUNTS_WORK_MAX) {
                        tracing::warn!(%problem, "sort rows by amount are behind");
                    }
                }
            })
            .map_err(|problem| StorageError::Unavailable(format!("cannot start a thread: {problem}")))?;
        *self.catching_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// After a large load: figures for the planner, and on PostgreSQL the marks that let an index alone answer a count.
    pub fn tidy_after_bulk(&self) -> Result<()> {
        let ticket: Ticket<Result<()>> = self.writer.job(bulk::analyze);
        ticket.wait()??;
        if let Some(config) = &self.postgres {
            // It cannot run within a transaction.
            Session::open(config)?.batch("vacuum analyze")?;
        }
        Ok(())
    }

    /// Finishes what waits, then ends the threads. Nothing acknowledged is lost.
    pub fn stop(&self) {
        self.stopping.raised.store(true, Ordering::Relaxed);
        self.stopping.changed.notify_all();
        let thread = self.catching_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the thread of the sort rows panicked");
        }
        if let Err(problem) = self.flush_audit() {
            tracing::error!(%problem, "rows of the audit trail about reads could not be written");
        }
        if let Err(problem) = self.catch_up_amounts() {
            tracing::warn!(%problem, "sort rows by amount stay behind until the next start");
        }
        self.readers.stop();
        self.writer.stop();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.stop();
    }
}

fn flush_audit(writer: &Writer, waiting: &audit::Waiting) -> Result<()> {
    let rows = waiting.take();
    if rows.is_empty() {
        return Ok(());
    }
    let rows = Arc::new(rows);
    let written = Arc::clone(&rows);
    let ticket: Ticket<Result<()>> = writer.job(move |tx| audit::append_all(tx, &written));
    let done = ticket.wait().and_then(std::convert::identity);
    // Nothing was done: the rows wait for the next flush. After a lost commit nobody knows, and twice is not written.
    if matches!(done, Err(StorageError::Overloaded { .. } | StorageError::Conflict | StorageError::Unavailable(_))) {
        waiting.put_back(Arc::unwrap_or_clone(rows));
    }
    done
}

/// What moved the balances is not known any more: it may have been payments of invoices.
fn find_all_behind(tx: &mut Tx<'_>) -> Result<Vec<(Id, bool)>> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let (behind, last) = amounts::find_behind(tx, after, SWEEP_SLICE)?;
        all.extend(behind.into_iter().map(|id| (id, true)));
        match last {
            Some(last) => after = last,
            None => return Ok(all),
        }
    }
}

fn catch_up(writer: &Writer, customers: &[(Id, bool)]) -> Result<()> {
    customers.chunks(amounts::SLICE).try_for_each(|slice| catch_up_slice(writer, slice))
}

fn catch_up_slice(writer: &Writer, slice: &[(Id, bool)]) -> Result<()> {
    let slice = slice.to_vec();
    let ticket: Ticket<Result<()>> = writer.job(move |tx| amounts::catch_up(tx, &slice));
    ticket.wait()?
}

/// Catches up for about as long as `budget`; what is left waits for the next turn. While more balances move than can be
/// caught up with, each is written the less often.
fn catch_up_for(writer: &Writer, budget: Duration) -> Result<()> {
    let customers = writer.amounts().take();
    let started = Instant::now();
    let mut done = 0;
    let mut outcome = Ok(());
    for slice in customers.chunks(amounts::SLICE) {
        outcome = catch_up_slice(writer, slice);
        if outcome.is_err() {
            break;
        }
        done += slice.len();
        if started.elapsed() > budget {
            break;
        }
    }
    customers.iter().skip(done).for_each(|(customer_id, invoices_changed)| writer.amounts().add(*customer_id, *invoices_changed));
    outcome
}

fn migrate_sqlite(path: &Path) -> Result<()> {
    let connection = sqlite::open(path, Purpose::Write)?;
    connection.execute_batch("begin immediate").map_err(sqlite::error)?;
    let done = migrate::migrate(&mut Tx::sqlite(&connection));
    let end = if done.is_ok() { "commit" } else { "rollback" };
    connection.execute_batch(end).map_err(sqlite::error)?;
    done.map(|_| ())
}

fn migrate_postgres(config: &postgres::Config) -> Result<()> {
    let mut session = Session::open(config)?;
    let mut version = migrate::version_of_database(&mut Tx::postgres(&mut session))?;
    loop {
        session.batch("begin")?;
        let done = migrate::migrate(&mut Tx::postgres(&mut session));
        let Err(problem) = done else { return session.commit() };
        session.batch("rollback")?;
        // Another process that started at the same moment may have been faster; then there is less to do, or nothing.
        let before = version;
        version = migrate::version_of_database(&mut Tx::postgres(&mut session))?;
        if version == before {
            return Err(problem);
        }
    }
}

/// Runs a read over a database that a server may be using, in one snapshot, without bringing the schema up to date.
pub fn inspect<T, E: From<StorageError>>(url: &str, read: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    match source_of(url)? {
        Source::Sqlite(path) => {
            if !path.exists() {
                return Err(StorageError::Unavailable(format!("there is no file {}", path.display())).into());
            }
            let connection = sqlite::open(&path, Purpose::Read)?;
            connection.execute_batch("begin").map_err(sqlite::error)?;
            read_current(&mut Tx::sqlite(&connection), read)
        }
        Source::Postgres(config) => {
            let mut session = Session::open(&config)?;
            session.batch("begin isolation level repeatable read read only")?;
            read_current(&mut Tx::postgres(&mut session), read)
        }
    }
}

fn read_current<T, E: From<StorageError>>(tx: &mut Tx<'_>, read: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    let version = migrate::version_of_database(tx)?;
    migrate::refuse_newer(version)?;
    let program = migrate::version_of_program();
    if version < program {
        let text = format!("its schema has version {version}, and this program works with {program}; run trunkline migrate first");
        return Err(StorageError::Unavailable(text).into());
    }
    read(tx)
}
