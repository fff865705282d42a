//! Owns PostgreSQL's writers: workers that decide hot batches set by set, and workers that run jobs, each in a
//! transaction of its own. This is the one place with `any($1)` locks and `unnest` over customers.
//! Does not own: deciding (hot.rs, domain) and SQLite's way (sqlite.rs).

use std::collections::HashMap;

use postgres::Config;
use trunkline_domain::customer::RESELLER_DEPTH_MAX;
use trunkline_domain::id::Id;
use trunkline_domain::status::StatusPolicy;

use super::hot::{self, HotAnswer, HotRequest, Posted, PostingAnswer, PostingFailure, PostingRequest, WorkingSet};
use super::usage::UsageRequest;
use super::usage::postgres as usage_postgres;
use super::usage::save::{self as usage_save, Changed};
use super::{BoxedJob, HotWork, RETRIES_MAX, Shared};
use crate::engine::Tx;
use crate::engine::postgres::Session;
use crate::error::{Result, StorageError};
use crate::queue::Queue;
use crate::request::{self, RequestKey, Seen, StoredKey};
use crate::{customer, installation};

type Answers = Vec<HotAnswer>;

/// A session that is opened again after its connection was lost.
struct Reconnecting {
    config: Config,
    session: Option<Session>,
}

impl Reconnecting {
    fn open(config: &Config) -> Result<Reconnecting> {
        Ok(Reconnecting { config: config.clone(), session: Some(open(config)?) })
    }

    fn get(&mut self) -> Result<&mut Session> {
        if self.session.as_ref().is_none_or(Session::is_closed) {
            self.session = None;
        }
        match &mut self.session {
            Some(session) => Ok(session),
            empty => Ok(empty.insert(open(&self.config)?)),
        }
    }

    fn roll_back(&mut self) {
        if let Some(session) = &mut self.session
            && let Err(problem) = session.batch("rollback")
        {
            tracing::warn!(%problem, "a transaction could not be rolled back; its connection is given up");
            self.session = None;
        }
    }
}

fn open(config: &Config) -> Result<Session> {
    let mut session = Session::open(config)?;
    // Durable means synced before the answer, whatever the server's default is.
    session.batch("set synchronous_commit = on; set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '60s'")?;
    // Everything that is written is found by a key. Without figures of a young table the planner would read all of it.
    session.batch("set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set jit = off")?;
    Ok(session)
}

/// Decides batches of hot decisions on one connection.
pub struct HotWorker {
    session: Reconnecting,
    batch_max: usize,
    policy: StatusPolicy,
    shared: Shared,
}

impl HotWorker {
    pub fn open(config: &Config, batch_max: usize, shared: Shared) -> Result<HotWorker> {
        let mut session = Reconnecting::open(config)?;
        let policy = installation::status_policy(&mut Tx::postgres(session.get()?))?;
        Ok(HotWorker { session, batch_max, policy, shared })
    }

    /// Works until the queue is closed and empty.
    pub fn run(&mut self, queue: &Queue<HotWork>) {
        loop {
            let batch = queue.take(self.batch_max);
            if batch.is_empty() {
                return;
            }
            self.shared.tally.note(batch.len());
            self.batch(batch);
        }
    }

    fn batch(&mut self, batch: Vec<HotWork>) {
        match self.try_batch(&batch) {
            Ok(answers) => answer(batch, answers),
            Err(problem) if batch.len() == 1 => {
                for work in batch {
                    work.fail(problem.clone());
                }
            }
            // Whether the batch was committed is not known: to decide again could post twice.
            Err(StorageError::OutcomeUnknown) => {
                for work in batch {
                    work.fail(StorageError::OutcomeUnknown);
                }
            }
            Err(problem) => {
                tracing::warn!(%problem, decisions = batch.len(), "a batch failed; its decisions are made again one by one");
                for work in batch {
                    self.batch(vec![work]);
                }
            }
        }
    }

    fn try_batch(&mut self, batch: &[HotWork]) -> Result<Answers> {
        let requests: Vec<&HotRequest> = batch.iter().map(|work| &work.request).collect();
        let mut last = StorageError::Conflict;
        for attempt in 0..RETRIES_MAX {
            match self.transaction(&requests, attempt > 0) {
                Err(problem @ StorageError::Conflict) => {
                    self.session.roll_back();
                    last = problem;
                }
                Err(problem) => {
                    self.session.roll_back();
                    return Err(problem);
                }
                Ok(answers) => return Ok(answers),
            }
        }
        Err(last)
    }

    /// Nearly all keys are new, which saving them shows. A key that is not new is a conflict: the batch is decided again
    /// with all keys looked up before.
    fn transaction(&mut self, requests: &[&HotRequest], looks_up_first: bool) -> Result<Answers> {
        let session = self.session.get()?;
        session.batch("begin")?;
        let usages: Vec<&UsageRequest> = requests.iter().filter_map(|request| usage(request)).collect();
        let mut set = WorkingSet::default();
        let mut wanted = usage_postgres::load_accounts(session, &mut set, &usages)?;
        wanted.extend(requests.iter().filter_map(|request| posting(request)).map(|request| request.customer_id));
        load_locked(session, &mut set, wanted, !usages.is_empty())?;
        if !usages.is_empty() {
            usage_postgres::load_sessions(session, &mut set, &usages)?;
            let mut tx = Tx::postgres(session);
            usage_save::load_catalogue(&mut tx, &mut set, &self.shared.catalogue, &usages)?;
            usage_save::load_ended(&mut tx, &mut set, &usages)?;
        }
        let keys = requests.iter().filter_map(|request| posting(request)?.request_key.as_ref());
        let seen = look_up_many(session, keys.filter(|_| looks_up_first))?;
        let mut batch = Batch { seen, here: HashMap::new(), answers: Vec::with_capacity(requests.len()), decided: Vec::new() };
        let mut changed = Changed::default();
        for (index, request) in requests.iter().enumerate() {
            let answer = match request {
                HotRequest::Post(request) => HotAnswer::Posted(batch.post(&mut set, index, request, &self.policy)?),
                HotRequest::Usage(request) => {
                    let mut tx = Tx::postgres(session);
                    HotAnswer::Used(usage_save::use_and_save(&mut tx, &mut set, request, &self.policy, &mut changed)?)
                }
            };
            batch.answers.push(answer);
        }
        let Batch { answers, decided, .. } = batch;
        if !looks_up_first {
            // What is refused now may have been done before under the same key.
            let refused = requests.iter().zip(&answers).filter(|(_, answer)| matches!(answer, HotAnswer::Posted(Err(_))));
            let seen = look_up_many(session, refused.filter_map(|(request, _)| posting(request)?.request_key.as_ref()))?;
            if !seen.is_empty() {
                return Err(StorageError::Conflict);
            }
        }
        let all: Vec<(&PostingRequest, &Posted)> =
            decided.iter().filter_map(|posted| Some((posting(requests[posted.index])?, posted))).collect();
        for (request, posted) in &all {
            changed.customer(request.customer_id, posted.status_changed, !posted.effects.allocations.is_empty());
        }
        save(session, &all)?;
        save_balances(session, &all, &changed, &set)?;
        save_statuses(session, &changed, &set)?;
        usage_save::save_changed(&mut Tx::postgres(session), &set, &changed)?;
        session.commit()?;
        for (customer_id, (_, invoices_changed)) in &changed.customers {
            self.shared.amounts.add(*customer_id, *invoices_changed);
        }
        Ok(answers)
    }
}

fn usage(request: &HotRequest) -> Option<&UsageRequest> {
    match request {
        HotRequest::Usage(request) => Some(request),
        HotRequest::Post(_) => None,
    }
}

fn posting(request: &HotRequest) -> Option<&PostingRequest> {
    match request {
        HotRequest::Post(request) => Some(request),
        HotRequest::Usage(_) => None,
    }
}

/// What a batch has decided so far.
struct Batch<'r> {
    /// Keys that had an answer before it.
    seen: HashMap<(String, String), StoredKey>,
    /// Keys of this batch, with the place of the answer that the key has.
    here: HashMap<(&'r str, &'r str), (&'r str, usize)>,
    answers: Answers,
    decided: Vec<Posted>,
}

impl<'r> Batch<'r> {
    fn post(
        &mut self,
        set: &mut WorkingSet,
        index: usize,
        request: &'r PostingRequest,
        policy: &StatusPolicy,
    ) -> Result<std::result::Result<PostingAnswer, PostingFailure>> {
        if let Some(key) = &request.request_key {
            if let Some((fingerprint, place)) = self.here.get(&(key.actor.as_str(), key.key.as_str())) {
                return Ok(match self.answers.get(*place) {
                    Some(HotAnswer::Posted(answer)) if *fingerprint == key.fingerprint => answer.clone(),
                    _ => Err(PostingFailure::KeyReused),
                });
            }
            match self.seen.get(&(key.actor.clone(), key.key.clone())).map_or(Seen::New, |row| row.compare(key)) {
                Seen::New => {}
                Seen::Same(text) => return Ok(Ok(request::read_answer(&text)?)),
                Seen::Other => return Ok(Err(PostingFailure::KeyReused)),
            }
        }
        let posted = match set.decide(index, request, policy) {
            Ok(posted) => posted,
            Err(failure) => return Ok(Err(failure)),
        };
        if let Some(key) = &request.request_key {
            self.here.insert((&key.actor, &key.key), (&key.fingerprint, index));
        }
        let answer = posted.answer.clone();
        self.decided.push(posted);
        Ok(Ok(answer))
    }
}

/// Locks the customers of the batch in the order of their ids, then loads them and the resellers above them, who are locked as well
/// where usage is charged to them.
fn load_locked(session: &mut Session, set: &mut WorkingSet, mut wanted: Vec<Id>, locks_resellers: bool) -> Result<()> {
    wanted.sort_unstable();
    wanted.dedup();
    let mut locked = if locks_resellers { with_resellers(session, &wanted)? } else { wanted.clone() };
    locked.sort_unstable();
    locked.dedup();
    session
        .query_arrays("select customer_id from customer_balance where customer_id = any($1) order by customer_id for update", &[&locked])?;
    while !wanted.is_empty() {
        for row in customer::load_hot(&mut Tx::postgres(session), &wanted)? {
            set.rows.insert(row.facts.customer_id, row);
        }
        let mut above: Vec<Id> = wanted.iter().filter_map(|id| set.rows.get(id)?.facts.reseller_id).collect();
        above.retain(|id| !set.rows.contains_key(id));
        above.sort_unstable();
        above.dedup();
        wanted = above;
    }
    Ok(())
}

/// The customers with all resellers above them.
fn with_resellers(session: &mut Session, customers: &[Id]) -> Result<Vec<Id>> {
    let mut all = customers.to_vec();
    let mut level = customers.to_vec();
    for _ in 0..RESELLER_DEPTH_MAX {
        let text = "select distinct reseller_id from customer where customer_id = any($1) and reseller_id is not null";
        level = session.query_arrays(text, &[&level])?.iter().map(|row| row.get(0)).collect();
        if level.is_empty() {
            break;
        }
        all.extend(&level);
    }
    Ok(all)
}

fn answer(batch: Vec<HotWork>, answers: Answers) {
    for (work, answer) in batch.into_iter().zip(answers) {
        work.answer(answer);
    }
}

/// One statement a table, whatever the size of the batch; what is rare goes row by row.
fn save(session: &mut Session, all: &[(&PostingRequest, &Posted)]) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    save_postings(session, all)?;
    save_xdrs(session, all)?;
    save_payments(session, all)?;
    save_trail(session, all)?;
    remember_many(session, all)?;
    for (request, posted) in all {
        hot::save_rare(&mut Tx::postgres(session), request, posted)?;
    }
    Ok(())
}

fn column<T>(all: &[(&PostingRequest, &Posted)], mut of: impl FnMut(&PostingRequest, &Posted) -> T) -> Vec<T> {
    all.iter().map(|(request, posted)| of(request, posted)).collect()
}

fn save_balances(session: &mut Session, all: &[(&PostingRequest, &Posted)], changed: &Changed, set: &WorkingSet) -> Result<()> {
    let mut ids: Vec<Id> = changed.customers.keys().copied().collect();
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable();
    let rows: Vec<_> = ids.iter().filter_map(|id| set.rows.get(id)).collect();
    let facts: Vec<_> = rows.iter().map(|row| &row.facts).collect();
    let balances: Vec<i64> = facts.iter().map(|facts| facts.balance.millionths()).collect();
    let unallocated: Vec<i64> = facts.iter().map(|facts| facts.unallocated.millionths()).collect();
    let exhausted: Vec<Option<i64>> = facts.iter().map(|facts| facts.exhausted_since.map(|since| since.microseconds())).collect();
    let last_events: Vec<Id> = rows.iter().map(|row| row.last_event_id).collect();
    // Of several payments of a customer the last one stays.
    let mut payments: HashMap<Id, (i64, i64)> = HashMap::new();
    for (request, posted) in all {
        if let Some(paid) = posted.paid.filter(|paid| paid.is_positive()) {
            let last = payments.entry(request.customer_id).or_insert((i64::MIN, 0));
            if last.0 <= request.now.microseconds() {
                *last = (request.now.microseconds(), paid.millionths());
            }
        }
    }
    let paid_at: Vec<Option<i64>> = ids.iter().map(|id| payments.get(id).map(|(at, _)| *at)).collect();
    let paid: Vec<Option<i64>> = ids.iter().map(|id| payments.get(id).map(|(_, amount)| *amount)).collect();
    session.execute_arrays(
        "update customer_balance as b set balance = n.balance, unallocated = n.unallocated, exhausted_since = n.exhausted_since, \
         last_event_id = n.last_event_id, last_paid_at = greatest(n.paid_at, b.last_paid_at), \
         last_paid = case when b.last_paid_at > n.paid_at then b.last_paid else coalesce(n.paid, b.last_paid) end \
         from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) \
         as n (customer_id, balance, unallocated, exhausted_since, last_event_id, paid_at, paid) where b.customer_id = n.customer_id",
        &[&ids, &balances, &unallocated, &exhausted, &last_events, &paid_at, &paid],
    )?;
    Ok(())
}

/// The stored statuses that are other ones now, as the last decision on each customer left them.
fn save_statuses(session: &mut Session, changed: &Changed, set: &WorkingSet) -> Result<()> {
    let mut ids: Vec<Id> = changed.customers.iter().filter(|(_, (status, _))| *status).map(|(id, _)| *id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable();
    let stored: Vec<_> = ids.iter().filter_map(|id| set.rows.get(id).map(|row| row.stored)).collect();
    let orders: Vec<i64> = stored.iter().map(|stored| stored.status_order).collect();
    let changes: Vec<Option<i64>> = stored.iter().map(|stored| stored.changes_at.map(|at| at.microseconds())).collect();
    session.execute_arrays(
        "update customer_entry as e set status_order = n.status_order, status_changes_at = n.changes_at \
         from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as n (customer_id, status_order, changes_at) \
         where e.customer_id = n.customer_id",
        &[&ids, &orders, &changes],
    )?;
    session.execute_arrays(
        "update customer_amount as a set status_order = n.status_order \
         from unnest($1::bigint[], $2::bigint[]) as n (customer_id, status_order) \
         where a.customer_id = n.customer_id and a.status_order <> n.status_order",
        &[&ids, &orders],
    )?;
    Ok(())
}

fn save_postings(session: &mut Session, all: &[(&PostingRequest, &Posted)]) -> Result<()> {
    session.execute_arrays(
        "insert into posting (customer_id, posting_id, xdr_id, kind, owed, posted_at) \
         select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])",
        &[
            &column(all, |request, _| request.customer_id),
            &column(all, |request, _| request.ids.posting_id),
            &column(all, |request, _| request.ids.xdr_id),
            &column(all, |request, _| request.action.code()),
            &column(all, |_, posted| posted.effects.owed.millionths()),
            &column(all, |request, _| request.now.microseconds()),
        ],
    )?;
    Ok(())
}

fn save_xdrs(session: &mut Session, all: &[(&PostingRequest, &Posted)]) -> Result<()> {
    session.execute_arrays(
        "insert into xdr (customer_id, xdr_id, service, cld, visible_comment, internal_comment, started_at, ended_at, bill_time, quantity, owed, staff_id) \
         select customer_id, xdr_id, service, cld, visible_comment, internal_comment, at, at, at, 1, owed, staff_id \
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[]) \
         as n (customer_id, xdr_id, service, cld, visible_comment, internal_comment, at, owed, staff_id)",
        &[
            &column(all, |request, _| request.customer_id),
            &column(all, |request, _| request.ids.xdr_id),
            &column(all, |request, _| hot::service_of(request.action)),
            &column(all, |request, _| request.action.label()),
            &column(all, |request, _| request.visible_comment.clone()),
            &column(all, |request, _| request.internal_comment.clone()),
            &column(all, |request, _| request.now.microseconds()),
            &column(all, |_, posted| posted.effects.owed.millionths()),
            &column(all, |request, _| request.staff_id),
        ],
    )?;
    Ok(())
}

fn save_payments(session: &mut Session, all: &[(&PostingRequest, &Posted)]) -> Result<()> {
    let payments: Vec<_> = all.iter().copied().filter(|(_, posted)| posted.paid.is_some()).collect();
    if payments.is_empty() {
        return Ok(());
    }
    session.execute_arrays(
        "insert into payment (customer_id, payment_id, posting_id, kind, amount, paid_at) \
         select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])",
        &[
            &column(&payments, |request, _| request.customer_id),
            &column(&payments, |request, _| request.ids.payment_id),
            &column(&payments, |request, _| request.ids.posting_id),
            &column(&payments, |request, _| request.action.code()),
            &column(&payments, |_, posted| posted.paid.map(|paid| paid.millionths())),
            &column(&payments, |request, _| request.now.microseconds()),
        ],
    )?;
    Ok(())
}

/// The audit trail and the outbox.
fn save_trail(session: &mut Session, all: &[(&PostingRequest, &Posted)]) -> Result<()> {
    let customers = column(all, |request, _| request.customer_id);
    let moments = column(all, |request, _| request.now.microseconds());
    session.execute_arrays(
        "insert into audit (customer_id, audit_id, at, actor, action, detail) \
         select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])",
        &[
            &customers,
            &column(all, |request, _| request.ids.audit_id),
            &moments,
            &column(all, |request, _| request.actor.clone()),
            &column(all, |_, _| hot::AUDIT_ACTION),
            &column(all, |request, _| hot::audit_of(request)),
        ],
    )?;
    session.execute_arrays(
        "insert into outbox (customer_id, event_id, event_type, payload, created_at) \
         select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])",
        &[
            &customers,
            &column(all, |_, posted| posted.event_id),
            &column(all, |_, _| hot::EVENT_TYPE),
            &column(all, hot::event_of),
            &moments,
        ],
    )?;
    Ok(())
}

/// The known ones of many keys, by actor and key.
fn look_up_many<'k>(session: &mut Session, keys: impl Iterator<Item = &'k RequestKey>) -> Result<HashMap<(String, String), StoredKey>> {
    let texts: Vec<&str> = keys.map(|key| key.key.as_str()).collect();
    if texts.is_empty() {
        return Ok(HashMap::new());
    }
    // By the key alone, which leads the primary key; of several actors with one key the map tells them apart.
    let rows =
        session.query_arrays("select actor, request_key, fingerprint, answer from idempotency where request_key = any($1)", &[&texts])?;
    Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), StoredKey { fingerprint: row.get(2), answer: row.get(3) })).collect())
}

/// Keeps the answers of a batch.
fn remember_many(session: &mut Session, all: &[(&PostingRequest, &Posted)]) -> Result<()> {
    let keyed: Vec<_> = all.iter().filter_map(|(request, posted)| Some((request.request_key.as_ref()?, request, posted))).collect();
    if keyed.is_empty() {
        return Ok(());
    }
    let made = session.execute_arrays(
        "insert into idempotency (actor, request_key, fingerprint, answer, created_at) \
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) on conflict (request_key, actor) do nothing",
        &[
            &keyed.iter().map(|(key, _, _)| key.actor.as_str()).collect::<Vec<_>>(),
            &keyed.iter().map(|(key, _, _)| key.key.as_str()).collect::<Vec<_>>(),
            &keyed.iter().map(|(key, _, _)| key.fingerprint.as_str()).collect::<Vec<_>>(),
            &keyed.iter().map(|(_, _, posted)| request::write_answer(&posted.answer)).collect::<Vec<_>>(),
            &keyed.iter().map(|(_, request, _)| request.now.microseconds()).collect::<Vec<_>>(),
        ],
    )?;
    // Another node was faster with one of the keys: the batch is decided again and finds its answer.
    if usize::try_from(made) == Ok(keyed.len()) { Ok(()) } else { Err(StorageError::Conflict) }
}

/// Runs jobs on one connection, each in its own transaction.
pub struct JobWorker {
    session: Reconnecting,
}

impl JobWorker {
    pub fn open(config: &Config) -> Result<JobWorker> {
        Ok(JobWorker { session: Reconnecting::open(config)? })
    }

    /// Works until the queue is closed and empty.
    pub fn run(&mut self, queue: &Queue<BoxedJob>) {
        while let Some(mut job) = queue.take(1).pop() {
            let outcome = self.transaction(&mut job);
            job.answer(outcome);
        }
    }

    /// Runs the job until its commit, again when other transactions were in the way.
    fn transaction(&mut self, job: &mut BoxedJob) -> Result<()> {
        for _ in 0..RETRIES_MAX {
            let session = self.session.get()?;
            session.batch("begin")?;
            let mut tx = Tx::postgres(session);
            let kept = job.run(&mut tx).is_ok();
            let retryable = tx.is_retryable();
            let outcome = if kept { session.commit() } else { session.batch("rollback") };
            match outcome {
                Ok(()) if kept || !retryable => return Ok(()),
                Ok(()) | Err(StorageError::Conflict) => {}
                Err(problem) => {
                    self.session.roll_back();
                    return Err(problem);
                }
            }
        }
        Err(StorageError::Conflict)
    }
}
