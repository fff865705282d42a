//! Owns the work that time brings: statuses that change by themselves, jobs that are due, and moving the test clock
//! through both in their order.
//! Does not own: when the worker ticks (server/worker.rs).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;
use trunkline_storage::job::{self, Job};
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Tx, customer, customer_list, login, outbox, request};

use crate::App;
use crate::actor::Context;
use crate::customer::settle;
use crate::error::{Error, Result};
use crate::session;

/// Customers settled in one transaction, jobs looked for at once.
const SLICE: i64 = 100;
/// A worker that died gives its jobs back after this long.
const LEASE_SECONDS: i64 = 60;
/// A failed job waits this long, doubled with each failure up to an hour.
const RETRY_SECONDS: i64 = 5;
/// Events are kept this long for those who fetch them.
const EVENTS_KEPT_DAYS: i64 = 30;

/// Does everything that is due at `now`, in its order. Returns how many pieces of work were done. Blocking.
pub fn run_due(app: &Arc<App>, now: Timestamp) -> Result<usize> {
    let mut done = 0;
    loop {
        let found = settle_due(app, now)? + run_jobs(app, now)?;
        done += found;
        if found == 0 {
            return Ok(done);
        }
    }
}

/// Settles customers whose status changes by itself at or before `now`: a slice of them.
fn settle_due(app: &Arc<App>, now: Timestamp) -> Result<usize> {
    let due = app.database.read::<_, Error, _>(move |tx| Ok(customer_list::due(tx, now, SLICE)?)).wait()??;
    for (customer_id, _) in &due {
        let (customer_id, policy, ids) = (*customer_id, app.policy(), app.ids::<2>(now)?);
        app.database.write::<_, Error, _>(move |tx| settle_one(tx, customer_id, &policy, now, ids)).wait()??;
    }
    Ok(due.len())
}

/// Nobody asked for it, so that the event alone tells of it.
fn settle_one(tx: &mut Tx<'_>, customer_id: Id, policy: &StatusPolicy, now: Timestamp, [job_id, event_id]: [Id; 2]) -> Result<()> {
    if !customer::lock(tx, customer_id)? {
        return Ok(());
    }
    let before = customer_list::load(tx, &[customer_id])?.pop();
    let Some(after) = settle(tx, customer_id, policy, now, job_id)? else { return Ok(()) };
    if before.is_some_and(|before| before.stored == StoredStatus::of(&after.standing)) {
        return Ok(());
    }
    let status = after.standing.shown().code();
    let payload = json!({ "customer_id": customer_id, "status": status, "version": after.customer.version }).to_string();
    let event = outbox::Event { customer_id, event_id, event_type: "customer.status_changed", payload: &payload, created_at: now };
    Ok(outbox::append(tx, &event)?)
}

/// Runs jobs that are due: a slice of them.
fn run_jobs(app: &Arc<App>, now: Timestamp) -> Result<usize> {
    let due = app.database.read::<_, Error, _>(move |tx| Ok(job::due(tx, now, SLICE)?)).wait()??;
    let mut done = 0;
    for job in due {
        let wanted = job.clone();
        let lease_until = now.plus_seconds(LEASE_SECONDS);
        let taken = app.database.write::<_, Error, _>(move |tx| Ok(job::take(tx, &wanted, now, lease_until)?)).wait()??;
        if let Some(taken) = taken {
            run_job(app, &taken, now)?;
            done += 1;
        }
    }
    Ok(done)
}

/// Runs a job that was taken. A failure is kept with the job, and it is tried again later.
fn run_job(app: &Arc<App>, job: &Job, now: Timestamp) -> Result<()> {
    let outcome = match job.kind.as_str() {
        job::SPREAD_RESELLER_STATUS => spread(app, job, now),
        other => Err(Error::Storage(trunkline_storage::StorageError::broken(format!("unknown kind of job: {other}")))),
    };
    let Err(problem) = outcome else { return Ok(()) };
    tracing::warn!(kind = job.kind, job_id = job.job_id, %problem, "a job failed and is tried again");
    let wait = RETRY_SECONDS.saturating_mul(1 << (job.attempts - 1).clamp(0, 9)).min(3_600);
    let (job, text, again) = (job.clone(), problem.to_string(), now.plus_seconds(wait));
    app.database.write::<_, Error, _>(move |tx| Ok(job::fail(tx, &job, &text, again)?)).wait()?
}

/// Settles the next slice of a reseller's customers; the payload says after which one. Resellers among them spread in turn.
fn spread(app: &Arc<App>, job: &Job, now: Timestamp) -> Result<()> {
    let (policy, job) = (app.policy(), job.clone());
    let spare: Vec<[Id; 2]> = (0..SLICE).map(|_| app.ids::<2>(now)).collect::<Result<_>>()?;
    app.database
        .write::<_, Error, _>(move |tx| {
            let after = if job.payload.is_empty() { 0 } else { job.payload.parse().unwrap_or(0) };
            let slice = customer::subcustomers(tx, job.customer_id, after, SLICE)?;
            for (customer_id, ids) in slice.iter().zip(&spare) {
                settle_one(tx, *customer_id, &policy, now, *ids)?;
            }
            let goes_on = i64::try_from(slice.len()).unwrap_or(0) == SLICE;
            let is_ours = match slice.last() {
                Some(last) if goes_on => job::go_on(tx, &job, &last.to_string(), now)?,
                _ => job::finish(tx, &job)?,
            };
            // The lease ended and another worker has the job: this one's work is rolled back.
            if is_ours { Ok(()) } else { Err(Error::Storage(trunkline_storage::StorageError::Conflict)) }
        })
        .wait()?
}

/// Forgets what has been kept long enough: idempotency keys, logins, events. Blocking; called now and then.
pub fn forget_old(app: &Arc<App>, now: Timestamp) -> Result<()> {
    let keys_before = now.plus_seconds(-request::KEPT_HOURS * 3_600);
    let events_before = trunkline_domain::id::lowest_at(now.plus_days(-EVENTS_KEPT_DAYS));
    app.database
        .write::<_, Error, _>(move |tx| {
            request::forget_before(tx, keys_before, 10_000)?;
            login::forget_before(tx, now)?;
            Ok(outbox::forget_before(tx, events_before)?)
        })
        .wait()??;
    Ok(())
}

/// Moves the test clock to `moment`, doing all work that is due on the way in its order. Blocking.
pub fn advance_test_clock(app: &Arc<App>, context: &Context, moment: Timestamp) -> Result<usize> {
    context.actor.must(Permission::ClockAdvance)?;
    if !app.clock().is_test() {
        return Err(Error::NotFound("test clock"));
    }
    if moment < app.now() {
        return Err(Error::invalid("advance_to", "in_the_past", format!("the clock stands at {} and only moves forward", app.now())));
    }
    let mut done = 0;
    loop {
        let next = app
            .database
            .read::<_, Error, _>(|tx| {
                let status = customer_list::next_due(tx)?;
                let job = job::earliest(tx)?;
                Ok([status, job].into_iter().flatten().min())
            })
            .wait()??;
        let Some(next) = next.filter(|next| *next <= moment) else { break };
        jump_to(app, next)?;
        let found = run_due(app, app.now())?;
        done += found;
        if found == 0 {
            // What is due is leased by another worker, or waits for its retry.
            break;
        }
    }
    jump_to(app, moment)?;
    done += run_due(app, moment)?;
    loop {
        let ended = session::expire_due(app, moment)?;
        done += ended;
        if ended == 0 {
            break;
        }
    }
    app.database.refresh_catalogue().wait()??;
    app.database.catch_up_amounts()?;
    Ok(done)
}

/// The ids of the moment are there before it is: whoever asks for something meanwhile gets theirs.
fn jump_to(app: &App, moment: Timestamp) -> Result<()> {
    app.reserve_ids_from(moment)?;
    app.clock().advance_to(moment);
    Ok(())
}
