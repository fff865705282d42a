//! Owns the reader threads: queries wait in a bounded queue, run on a connection that cannot write, and stop when nobody
//! waits for them any more.
//! Does not own: writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use postgres::{Config, NoTls};

use crate::engine::Tx;
use crate::engine::postgres::Session;
use crate::engine::sqlite::{self, Purpose};
use crate::error::{Result, StorageError};
use crate::queue::Queue;
use crate::ticket::{Cancellation, Ticket};

/// Reads that wait at the most; one more is refused by name.
const WAITING_MAX: usize = 1_024;
/// SQLite asks after this many virtual machine steps whether to go on, some tens of microseconds.
const STEPS_BETWEEN_CHECKS: i32 = 4_000;
/// Work that nobody waits for any more and that goes on is told again to stop after this long, then after twice as long.
const TELL_AGAIN_AFTER: Duration = Duration::from_millis(20);
const TELL_AGAIN_AFTER_MAX: Duration = Duration::from_secs(1);
/// PostgreSQL itself ends a reader's statement after this long.
const STATEMENT_SECONDS_MAX: u64 = 60;

/// Sends the answer. Called after the thread has let go of the work, so that a late cancellation cannot hit the next.
type Answer = Box<dyn FnOnce() + Send>;

struct Work {
    run: Box<dyn FnOnce(&mut Tx<'_>) -> Answer + Send>,
    cancellation: Arc<Cancellation>,
}

/// What one thread is doing, for those who want it to stop.
#[derive(Default)]
struct Doing {
    work: Mutex<Option<Running>>,
    ended: Condvar,
}

/// Work that a thread has begun.
struct Running {
    cancellation: Arc<Cancellation>,
    token: Option<postgres::CancelToken>,
    /// PostgreSQL was told to stop it.
    is_told: bool,
}

impl Doing {
    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.work.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn begin(&self, cancellation: Arc<Cancellation>, token: Option<postgres::CancelToken>) {
        *self.lock() = Some(Running { cancellation, token, is_told: false });
    }

    /// True: PostgreSQL was told to stop it.
    fn end(&self) -> bool {
        let is_told = self.lock().take().is_some_and(|running| running.is_told);
        self.ended.notify_all();
        is_told
    }

    fn should_stop(&self) -> bool {
        self.lock().as_ref().is_some_and(|running| running.cancellation.is_raised())
    }

    /// Tells PostgreSQL to stop this work, if it is what the thread is doing. The lock is held meanwhile, so that the
    /// thread cannot begin another query that would be hit.
    fn stop(&self, wanted: &Arc<Cancellation>) {
        let (mut work, mut wait) = (self.lock(), TELL_AGAIN_AFTER);
        while let Some(running) = work.as_mut().filter(|running| Arc::ptr_eq(&running.cancellation, wanted)) {
            let Some(token) = &running.token else { return };
            running.is_told = true;
            if let Err(problem) = token.cancel_query(NoTls) {
                tracing::debug!(%problem, "a query could not be cancelled");
            }
            // Told between two statements, PostgreSQL forgets it: it is told again until the work has ended.
            work = self.ended.wait_timeout(work, wait).unwrap_or_else(std::sync::PoisonError::into_inner).0;
            wait = wait.saturating_mul(2).min(TELL_AGAIN_AFTER_MAX);
        }
    }
}

/// Where readers connect to.
#[derive(Clone)]
pub enum Source {
    Sqlite(PathBuf),
    Postgres(Box<Config>),
}

pub struct Readers {
    queue: Arc<Queue<Work>>,
    doing: Arc<Vec<Doing>>,
    is_postgres: bool,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Readers {
    pub fn start(source: Source, threads: usize) -> Result<Readers> {
        let queue = Arc::new(Queue::new("reads", WAITING_MAX));
        let doing: Arc<Vec<Doing>> = Arc::new((0..threads).map(|_| Doing::default()).collect());
        let is_postgres = matches!(source, Source::Postgres(_));
        let mut handles = Vec::new();
        for number in 0..threads {
            let (queue, doing, source) = (Arc::clone(&queue), Arc::clone(&doing), source.clone());
            let mut reader = Reader::open(&source, &doing, number)?;
            let thread = std::thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || {
                    while let Some(work) = queue.take(1).pop() {
                        reader.run(work, &source, &doing, number);
                    }
                })
                .map_err(|problem| StorageError::Unavailable(format!("cannot start a reader thread: {problem}")))?;
            handles.push(thread);
        }
        Ok(Readers { queue, doing, is_postgres, threads: Mutex::new(handles) })
    }

    /// Queues `read`. It may run once; its answer is `Err` of `Cancelled` when the ticket was dropped before its turn.
    pub fn read<T, E, F>(&self, read: F) -> Ticket<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (sender, mut ticket) = Ticket::new();
        let cancellation = ticket.cancellation();
        if self.is_postgres {
            let (doing, wanted) = (Arc::clone(&self.doing), Arc::clone(&cancellation));
            ticket = ticket.on_drop(move || stop_elsewhere(&doing, &wanted));
        }
        let run = Box::new(move |tx: &mut Tx<'_>| -> Answer {
            let answer = catch_unwind(AssertUnwindSafe(|| read(tx)))
                .unwrap_or_else(|_| Err(StorageError::broken("a read panicked; its message is in the log").into()));
            // Nobody may be waiting any more; then the answer is not wanted.
            Box::new(move || drop(sender.send(answer)))
        });
        match self.queue.push(Work { run, cancellation }) {
            Ok(()) => ticket,
            Err(refusal) => Ticket::ready(Err(refusal.into())),
        }
    }

    pub fn waiting(&self) -> usize {
        self.queue.length()
    }

    pub fn stop(&self) {
        self.queue.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        for thread in threads {
            // Work can hold the last handle on the database; its own thread cannot wait for itself.
            if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
                tracing::error!("a reader thread panicked");
            }
        }
    }
}

/// Cancelling opens a connection of its own; whoever drops a ticket is not kept waiting for that.
fn stop_elsewhere(doing: &Arc<Vec<Doing>>, wanted: &Arc<Cancellation>) {
    let is_running = |one: &Doing| one.lock().as_ref().is_some_and(|running| Arc::ptr_eq(&running.cancellation, wanted));
    if doing.iter().any(is_running) {
        let (doing, wanted) = (Arc::clone(doing), Arc::clone(wanted));
        std::thread::spawn(move || doing.iter().for_each(|one| one.stop(&wanted)));
    }
}

enum Reader {
    Sqlite(rusqlite::Connection),
    /// None while the connection is lost.
    Postgres(Option<Session>),
}

impl Reader {
    fn open(source: &Source, doing: &Arc<Vec<Doing>>, number: usize) -> Result<Reader> {
        match source {
            Source::Sqlite(path) => {
                let connection = sqlite::open(path, Purpose::Read)?;
                let doing = Arc::clone(doing);
                connection.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || doing[number].should_stop())).map_err(sqlite::error)?;
                Ok(Reader::Sqlite(connection))
            }
            Source::Postgres(config) => Ok(Reader::Postgres(Some(open_postgres(config)?))),
        }
    }

    fn run(&mut self, work: Work, source: &Source, doing: &Arc<Vec<Doing>>, number: usize) {
        if work.cancellation.is_raised() {
            return;
        }
        let answer = match self {
            Reader::Sqlite(connection) => {
                doing[number].begin(work.cancellation, None);
                // One snapshot for all statements of the read.
                let answer = match sqlite::command(connection, "begin") {
                    Ok(()) => (work.run)(&mut Tx::sqlite(connection)),
                    Err(problem) => {
                        tracing::error!(%problem, "a read could not begin");
                        (work.run)(&mut Tx::sqlite(connection))
                    }
                };
                doing[number].end();
                if !connection.is_autocommit()
                    && let Err(problem) = sqlite::command(connection, "commit")
                {
                    tracing::error!(%problem, "a read could not end");
                }
                answer
            }
            Reader::Postgres(session) => {
                let Source::Postgres(config) = source else { return };
                if session.as_ref().is_none_or(Session::is_closed) {
                    *session = open_postgres(config).inspect_err(|problem| tracing::error!(%problem, "a reader cannot connect")).ok();
                }
                // Without a connection the work is dropped, which its ticket reports.
                let Some(open) = session else { return };
                doing[number].begin(work.cancellation, Some(open.cancel_token()));
                let answer = (work.run)(&mut Tx::postgres(open));
                if doing[number].end() {
                    // PostgreSQL may act on it only now, and would hit whatever this connection does next.
                    *session = None;
                }
                answer
            }
        };
        answer();
    }
}

fn open_postgres(config: &Config) -> Result<Session> {
    let mut session = Session::open(config)?;
    session.batch(&format!("set default_transaction_read_only = on; set statement_timeout = '{STATEMENT_SECONDS_MAX}s'"))?;
    Ok(session)
}
