//! Owns jobs: work to be done later, as rows with leases. A row is found without a lock and taken by an update that
//! repeats the condition; it is deleted in the commit of the work it stands for. Attempts and payload together tell one
//! taking of a job from another: a worker whose lease ended can no longer finish it.
//! Does not own: doing the work (usecase/job.rs).

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::values;

/// Brings the stored statuses of a reseller's customers up to what they inherit now.
pub const SPREAD_RESELLER_STATUS: &str = "spread_reseller_status";

/// A job that is to be added. `customer_id` is 0 for jobs of the house.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    pub customer_id: Id,
    pub job_id: Id,
    pub kind: &'a str,
    /// What the job needs to know; where a long job goes on.
    pub payload: &'a str,
    pub run_at: Timestamp,
}

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub customer_id: Id,
    pub job_id: Id,
    pub kind: String,
    pub payload: String,
    pub run_at: Timestamp,
    pub attempts: i64,
}

pub fn add(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<()> {
    tx.execute(
        "insert into job (customer_id, job_id, kind, payload, run_at, lease_until, attempts) values ($1, $2, $3, $4, $5, 0, 0)",
        values![job.customer_id, job.job_id, job.kind, job.payload, job.run_at],
    )?;
    Ok(())
}

/// Due jobs that nobody has leased at `now`, the earliest first.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, count: i64) -> Result<Vec<Job>> {
    tx.query(
        "select customer_id, job_id, kind, payload, run_at, attempts from job where run_at <= $1 and lease_until <= $2 \
         order by run_at, customer_id, job_id limit $3",
        values![now, now, count],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Job> {
    Ok(Job {
        customer_id: row.get(0)?,
        job_id: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        run_at: row.get(4)?,
        attempts: row.get(5)?,
    })
}

/// The moment of the earliest job, leased or not.
pub fn earliest(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    tx.query_first("select run_at from job order by run_at limit 1", &[], |row| row.get(0))
}

/// Takes a job until `lease_until`: the job as it is now. None: another worker was faster, or it is done.
pub fn take(tx: &mut Tx<'_>, job: &Job, now: Timestamp, lease_until: Timestamp) -> Result<Option<Job>> {
    tx.query_first(
        "update job set lease_until = $4, attempts = attempts + 1 where customer_id = $1 and job_id = $2 and lease_until <= $3 \
         returning customer_id, job_id, kind, payload, run_at, attempts",
        values![job.customer_id, job.job_id, now, lease_until],
        read,
    )
}

/// The job is done: its row goes in the commit of its work. False: the lease ended and another worker took it; then the
/// work must not be kept.
pub fn finish(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    let gone = tx.execute(
        "delete from job where customer_id = $1 and job_id = $2 and attempts = $3 and payload = $4",
        values![job.customer_id, job.job_id, job.attempts, &job.payload],
    )?;
    Ok(gone == 1)
}

/// The job goes on later, from `payload`. False as with `finish`.
pub fn go_on(tx: &mut Tx<'_>, job: &Job, payload: &str, run_at: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "update job set payload = $3, run_at = $4, lease_until = 0, attempts = 0 \
         where customer_id = $1 and job_id = $2 and attempts = $5 and payload = $6",
        values![job.customer_id, job.job_id, payload, run_at, job.attempts, &job.payload],
    )?;
    Ok(changed == 1)
}

/// The job failed: it is tried again at `run_at`, and `problem` is kept for staff. Nothing happens to one that another worker
/// has taken meanwhile.
pub fn fail(tx: &mut Tx<'_>, job: &Job, problem: &str, run_at: Timestamp) -> Result<()> {
    tx.execute(
        "update job set last_error = $3, run_at = $4, lease_until = 0 \
         where customer_id = $1 and job_id = $2 and attempts = $5 and payload = $6",
        values![job.customer_id, job.job_id, problem, run_at, job.attempts, &job.payload],
    )?;
    Ok(())
}
