//! Owns the group-commit writer: what waits is taken together, decided in order of arrival, committed and synced once,
//! then answered.
//!
//! There are two kinds of work. A hot decision is data: the writer loads facts for a whole batch, lets domain decide
//! each against the batch's working set, and saves the effects together (hot.rs). A job is a closure that can be run
//! again. On SQLite both share one commit, jobs in savepoints (sqlite.rs); on PostgreSQL hot batches and jobs have
//! transactions of their own (postgres.rs).
//! Does not own: deciding (domain) and the SQL of nouns.

pub mod amounts;
mod hot;
mod postgres;
mod sqlite;
mod usage;

pub use hot::{AllocationAnswer, HotRow, PostingAnswer, PostingFailure, PostingIds, PostingRequest, StoredStatus};
pub(crate) use sqlite::{RequestMemory, SqliteLock};
pub use usage::{
    Opening, Purse, Recharged, Record, RecordCheck, USAGE_IDS, UsageAnswer, UsageFailure, UsageRequest, Verb, append_again, price_again,
};

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::arrival;
use crate::catalogue::Catalogue;
use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::queue::Queue;
use crate::reader::Source;
use crate::ticket::Ticket;
use amounts::AmountsBehind;
use hot::{HotAnswer, HotRequest};

/// Hot decisions that wait at the most; one more is refused by name.
const HOT_WAITING_MAX: usize = 8_192;
/// Jobs that wait at the most; one more is refused by name.
const JOBS_WAITING_MAX: usize = 1_024;
/// Hot decisions in one commit: bounds the tail latency and the burst of the log.
const BATCH_MAX: usize = 512;
/// Jobs in one commit.
const JOBS_PER_BATCH_MAX: usize = 64;
/// How often work that other transactions were in the way of is run again.
const RETRIES_MAX: usize = 8;

/// One decision on a customer's money, with the way to answer it.
pub(crate) struct HotWork {
    pub request: HotRequest,
    reply: Reply,
}

enum Reply {
    Posted(oneshot::Sender<Result<PostingAnswer, PostingFailure>>),
    Used(oneshot::Sender<Result<UsageAnswer, UsageFailure>>),
}

impl HotWork {
    pub fn answer(self, answer: HotAnswer) {
        // Whoever asked may not wait any more; what was decided has been made all the same.
        match (self.reply, answer) {
            (Reply::Posted(reply), HotAnswer::Posted(answer)) => drop(reply.send(answer)),
            (Reply::Used(reply), HotAnswer::Used(answer)) => drop(reply.send(answer)),
            (Reply::Posted(_) | Reply::Used(_), _) => tracing::error!("a decision was answered as another kind"),
        }
    }

    pub fn fail(self, problem: StorageError) {
        let answer = self.request.failed(problem);
        self.answer(answer);
    }
}

/// A closure over a transaction, kept until its commit is known.
pub(crate) trait Job: Send {
    /// Runs it, anew each time. `Err` means: roll back to before it.
    fn run(&mut self, tx: &mut Tx<'_>) -> std::result::Result<(), RolledBack>;
    /// Answers, once the transaction is committed or given up.
    fn answer(self: Box<Self>, committed: Result<()>);
}

/// The job's changes are not wanted, or could not be made.
pub(crate) struct RolledBack;

struct TypedJob<T, E, F> {
    work: F,
    outcome: Option<std::result::Result<T, E>>,
    sender: oneshot::Sender<std::result::Result<T, E>>,
}

impl<T, E, F> Job for TypedJob<T, E, F>
where
    T: Send,
    E: From<StorageError> + Send,
    F: Fn(&mut Tx<'_>) -> std::result::Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> std::result::Result<(), RolledBack> {
        let mut outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)))
            .unwrap_or_else(|_| Err(StorageError::broken("a job panicked; its message is in the log").into()));
        // PostgreSQL would answer the commit of a failed transaction without an error, and keep nothing.
        if outcome.is_ok() && tx.has_failed() {
            outcome = Err(StorageError::broken("a job went on after a statement had failed").into());
        }
        let kept = outcome.is_ok();
        self.outcome = Some(outcome);
        if kept { Ok(()) } else { Err(RolledBack) }
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let outcome = match (self.outcome, committed) {
            // A refusal stays one whether the rest of the batch was committed or not.
            (Some(Err(refused)), _) => Err(refused),
            (Some(Ok(done)), Ok(())) => Ok(done),
            (_, Err(failure)) => Err(failure.into()),
            (None, Ok(())) => Err(StorageError::broken("a job was answered before it ran").into()),
        };
        // Whoever asked may not wait any more; the write has been made all the same.
        drop(self.sender.send(outcome));
    }
}

pub(crate) type BoxedJob = Box<dyn Job>;

/// Work as it waits for SQLite's one writer, where both kinds share a commit.
#[expect(clippy::large_enum_variant, reason = "nearly all that waits is hot, and a box would be one more allocation each")]
pub(crate) enum Work {
    Hot(HotWork),
    Job(BoxedJob),
    /// A job with a commit of its own.
    JobAlone(BoxedJob),
}

/// What the writer has done since it started.
#[derive(Debug, Default)]
pub struct Tally {
    /// Commits that held decisions.
    pub batches: AtomicU64,
    /// Hot decisions, refused ones included.
    pub decisions: AtomicU64,
}

impl Tally {
    pub(crate) fn note(&self, decisions: usize) {
        if decisions > 0 {
            self.batches.fetch_add(1, Ordering::Relaxed);
            self.decisions.fetch_add(u64::try_from(decisions).unwrap_or(0), Ordering::Relaxed);
        }
        metrics::histogram!("trunkline_writer_batch_decisions").record(u32::try_from(decisions).unwrap_or(u32::MAX));
    }
}

/// What the writer's threads share with the rest of the process.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub amounts: Arc<AmountsBehind>,
    pub tally: Arc<Tally>,
    pub catalogue: Arc<Catalogue>,
}

/// The queues in front of the writer threads.
pub struct Writer {
    lanes: Lanes,
    tally: Arc<Tally>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    amounts: Arc<AmountsBehind>,
}

enum Lanes {
    /// Hot decisions and jobs wait apart, so that jobs never hold up a decision for longer than one of them takes.
    Sqlite {
        queue: Arc<Queue<Work>>,
        jobs: Arc<std::sync::atomic::AtomicUsize>,
    },
    Postgres {
        hot: Vec<Arc<Queue<HotWork>>>,
        jobs: Arc<Queue<BoxedJob>>,
    },
}

/// How the writer is set up.
#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// PostgreSQL: connections that decide hot batches; customers are spread over them.
    pub hot_workers: usize,
    /// PostgreSQL: connections that run jobs.
    pub job_workers: usize,
    /// PostgreSQL: decisions in one transaction. 1 for a distributed PostgreSQL, where a commit should touch one customer.
    pub batch_max: usize,
    /// SQLite: how rows in tables in order of arrival are sorted.
    pub arrival: arrival::Sizes,
}

impl Default for WriterOptions {
    fn default() -> WriterOptions {
        WriterOptions { hot_workers: 2, job_workers: 4, batch_max: 256, arrival: arrival::Sizes::default() }
    }
}

impl Writer {
    pub(crate) fn start(source: &Source, options: WriterOptions, shared: &Shared) -> Result<Writer> {
        let mut threads = Vec::new();
        let (tally, amounts) = (Arc::clone(&shared.tally), Arc::clone(&shared.amounts));
        let lanes = match source {
            Source::Sqlite(path) => {
                let queue = Arc::new(Queue::new("writes", HOT_WAITING_MAX));
                let jobs = Arc::new(std::sync::atomic::AtomicUsize::new(0));
                let mut writer = sqlite::SqliteWriter::open(path, options, shared.clone(), Arc::clone(&jobs))?;
                let waiting = Arc::clone(&queue);
                threads.push(spawn("writer", move || writer.run(&waiting))?);
                Lanes::Sqlite { queue, jobs }
            }
            Source::Postgres(config) => {
                let mut hot = Vec::new();
                for number in 0..options.hot_workers.max(1) {
                    let queue = Arc::new(Queue::new("decisions", HOT_WAITING_MAX));
                    let mut worker = postgres::HotWorker::open(config, options.batch_max.clamp(1, BATCH_MAX), shared.clone())?;
                    let waiting = Arc::clone(&queue);
                    threads.push(spawn(&format!("decider-{number}"), move || worker.run(&waiting))?);
                    hot.push(queue);
                }
                let jobs = Arc::new(Queue::new("jobs", JOBS_WAITING_MAX));
                for number in 0..options.job_workers.max(1) {
                    let mut worker = postgres::JobWorker::open(config)?;
                    let waiting = Arc::clone(&jobs);
                    threads.push(spawn(&format!("writer-{number}"), move || worker.run(&waiting))?);
                }
                Lanes::Postgres { hot, jobs }
            }
        };
        Ok(Writer { lanes, tally, threads: Mutex::new(threads), amounts })
    }

    /// Queues a posting. The answer comes after its commit is synced.
    pub fn post(&self, request: PostingRequest) -> Ticket<Result<PostingAnswer, PostingFailure>> {
        let (answer, ticket) = Ticket::new();
        let hash = hash_of(request.customer_id.cast_unsigned());
        match self.push_hot(HotWork { request: HotRequest::Post(request), reply: Reply::Posted(answer) }, hash) {
            Ok(()) => ticket,
            Err(refusal) => Ticket::ready(Err(PostingFailure::Storage(refusal))),
        }
    }

    /// Queues a decision on usage. The answer comes after its commit is synced.
    pub fn usage(&self, request: UsageRequest) -> Ticket<Result<UsageAnswer, UsageFailure>> {
        let (answer, ticket) = Ticket::new();
        // Whose it is is known when it is decided: one session's decisions go one way, in their order.
        let hash = request.key.bytes().fold(0, |hash, byte| hash_of(hash ^ u64::from(byte)));
        match self.push_hot(HotWork { request: HotRequest::Usage(request), reply: Reply::Used(answer) }, hash) {
            Ok(()) => ticket,
            Err(refusal) => Ticket::ready(Err(UsageFailure::Storage(refusal))),
        }
    }

    fn push_hot(&self, work: HotWork, hash: u64) -> Result<()> {
        match &self.lanes {
            Lanes::Sqlite { queue, .. } => queue.push(Work::Hot(work)),
            Lanes::Postgres { hot, .. } => hot[lane_of(hash, hot.len())].push(work),
        }
    }

    /// Queues a job. `work` may be run several times; only its last run counts. It is committed when it returns `Ok`.
    pub fn job<T, E, F>(&self, work: F) -> Ticket<std::result::Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> std::result::Result<T, E> + Send + 'static,
    {
        self.queue_job(work, Work::Job)
    }

    /// The same with a commit of its own on SQLite too, and no savepoint: what a savepoint could go back to is held in
    /// memory, which a large load cannot afford.
    pub fn job_alone<T, E, F>(&self, work: F) -> Ticket<std::result::Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> std::result::Result<T, E> + Send + 'static,
    {
        self.queue_job(work, Work::JobAlone)
    }

    fn queue_job<T, E, F>(&self, work: F, kind: fn(BoxedJob) -> Work) -> Ticket<std::result::Result<T, E>>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> std::result::Result<T, E> + Send + 'static,
    {
        let (sender, ticket) = Ticket::new();
        let job: BoxedJob = Box::new(TypedJob { work, outcome: None, sender });
        let pushed = match &self.lanes {
            Lanes::Sqlite { queue, jobs } => {
                use std::sync::atomic::Ordering::Relaxed;
                if jobs.fetch_add(1, Relaxed) >= JOBS_WAITING_MAX {
                    jobs.fetch_sub(1, Relaxed);
                    Err(StorageError::Overloaded { queue: "jobs" })
                } else {
                    queue.push(kind(job)).inspect_err(|_| {
                        jobs.fetch_sub(1, Relaxed);
                    })
                }
            }
            Lanes::Postgres { jobs, .. } => jobs.push(job),
        };
        match pushed {
            Ok(()) => ticket,
            Err(refusal) => Ticket::ready(Err(refusal.into())),
        }
    }

    /// Decisions and jobs that wait.
    pub fn waiting(&self) -> usize {
        match &self.lanes {
            Lanes::Sqlite { queue, .. } => queue.length(),
            Lanes::Postgres { hot, jobs } => hot.iter().map(|queue| queue.length()).sum::<usize>() + jobs.length(),
        }
    }

    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn amounts(&self) -> &AmountsBehind {
        &self.amounts
    }

    /// Takes no more work in, finishes what waits, and ends the threads.
    pub fn stop(&self) {
        match &self.lanes {
            Lanes::Sqlite { queue, .. } => queue.close(),
            Lanes::Postgres { hot, jobs } => {
                hot.iter().for_each(|queue| queue.close());
                jobs.close();
            }
        }
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        for thread in threads {
            // Work can hold the last handle on the database; its own thread cannot wait for itself.
            if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
                tracing::error!("a writer thread panicked");
            }
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|problem| StorageError::Unavailable(format!("cannot start thread {name}: {problem}")))
}

/// A multiplicative hash, for ids have patterns in their low bits.
fn hash_of(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The worker that decides what has this hash, by its high bits.
fn lane_of(hash: u64, lanes: usize) -> usize {
    usize::try_from(hash >> 32).unwrap_or(0) % lanes.max(1)
}
