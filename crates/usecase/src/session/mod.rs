//! Owns what a switch can want of us: may usage begin, it goes on, it has ended, and all at once; also the list of what is open.
//! Does not own: deciding (domain/session, storage's writer), what becomes of a session when a status changes (course.rs), and the protocols
//! of switches (the faces).

mod course;

pub use course::{Astray, Found, LOOK_SECONDS, Place, SLICE, Which, Wish, asked, astray, disconnect};

use std::sync::Arc;

use trunkline_domain::customer::RESELLER_DEPTH_MAX;
use trunkline_domain::id::Id;
use trunkline_domain::product::Direction;
use trunkline_domain::rating::UNITS_MAX;
use trunkline_domain::service::Service;
use trunkline_domain::session::{EVENT_UNITS_MAX, PARTY_BYTES_MAX, Proof, SESSION_KEY_BYTES_MAX, UsageRefusal, Wanted, may_register};
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::account::{identities, identity_key};
pub use trunkline_storage::session::Running;
pub use trunkline_storage::writer::UsageAnswer;
use trunkline_storage::writer::{Opening, USAGE_IDS, UsageFailure, UsageRequest, Verb};
use trunkline_storage::{Ticket, customer, session};

use crate::App;
use crate::account;
use crate::actor::Context;
use crate::customer::Check;
use crate::error::{Error, FieldProblem, Result};

/// Longest name that a switch gives a session, in bytes; its own comes before it.
pub const SESSION_BYTES_MAX: usize = 128;
/// Sessions of one page.
pub const ROWS_MAX: usize = 1_000;
/// How far the clock of a switch may be from ours, in seconds: what is said to begin or end later is refused.
pub const CLOCK_SECONDS_MAX: i64 = 300;

/// What names a session: who says so, and what the session is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionKey {
    /// A switch's name, or the face's.
    pub source: String,
    pub session: String,
}

impl SessionKey {
    fn check(&self, check: &mut Check) -> String {
        let text = format!("{}:{}", self.source, self.session);
        let is_text = (1..=SESSION_BYTES_MAX).contains(&self.session.len()) && !self.session.chars().any(char::is_control);
        if !is_text || text.len() > SESSION_KEY_BYTES_MAX {
            check.fail("session", "malformed", format!("1 to {SESSION_BYTES_MAX} bytes"));
        }
        text
    }
}

/// What usage is about.
#[derive(Clone, Debug)]
pub struct UsageNew {
    pub identity: String,
    pub service: Service,
    pub direction: Direction,
    pub cli: Option<String>,
    /// The number called, as it is dialled abroad with or without a plus; of messages and data where they go.
    pub cld: String,
    /// The switch asks for more in time: it gets slices. Otherwise all that the money allows.
    pub reauthorizes: bool,
    /// Units to be granted at once in place of the usual slice.
    pub units_wanted: Option<u64>,
    /// That it is the account's own.
    pub proof: Proof,
}

impl UsageNew {
    fn check(&self, app: &App, check: &mut Check) -> (String, Opening) {
        let texts = [("usage.identity", Some(&self.identity)), ("usage.cld", Some(&self.cld)), ("usage.cli", self.cli.as_ref())];
        for (field, text) in texts {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.len() > PARTY_BYTES_MAX || text.chars().any(char::is_control) {
                check.fail(field, "malformed", format!("1 to {PARTY_BYTES_MAX} bytes"));
            }
        }
        if self.units_wanted.is_some_and(|units| units > UNITS_MAX) {
            check.fail("units", "out_of_range", format!("at most {UNITS_MAX}"));
        }
        let cld = self.cld.trim().trim_start_matches('+').to_owned();
        let is_call_out = self.service == Service::Voice && self.direction == Direction::Outgoing;
        let opening = Opening {
            service: self.service,
            direction: self.direction,
            cli: self.cli.clone(),
            is_emergency: is_call_out && app.is_emergency(&cld),
            cld,
            wanted: if self.reauthorizes { Wanted::slice(self.service, self.units_wanted) } else { Wanted::whole(self.service) },
            proof: self.proof.clone(),
        };
        (identity_key(&self.identity), opening)
    }
}

/// How usage has gone on.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub started_at: Option<Timestamp>,
    /// The switch itself says when: a session that ended before that was another one under the same key.
    pub is_start_told: bool,
    /// In units of the service, from the beginning on.
    pub used_units: u64,
    /// The switch asks for more.
    pub wants_more: bool,
    pub units_wanted: Option<u64>,
}

/// How usage ended.
#[derive(Clone, Debug)]
pub struct End {
    pub started_at: Option<Timestamp>,
    /// As of progress.
    pub is_start_told: bool,
    /// None: now.
    pub ended_at: Option<Timestamp>,
    /// None: the seconds that it lasted.
    pub used_units: Option<u64>,
    /// As the switch names it, such as a code of Q.850.
    pub cause: Option<String>,
}

/// The answer to come.
pub type Decision = Ticket<Result<UsageAnswer, UsageFailure>>;

/// The key of the session, the key of the identity with what usage is about, and the moment.
type Prepared = (String, Option<(String, Opening)>, Timestamp);

/// What is asked, checked and ready to be queued.
fn prepare(app: &App, context: &Context, key: &SessionKey, usage: Option<&UsageNew>, mut check: Check) -> Result<Prepared> {
    context.actor.must(Permission::UsageCharge)?;
    let key = key.check(&mut check);
    let opening = usage.map(|usage| usage.check(app, &mut check));
    if check.problems.is_empty() { Ok((key, opening, app.now())) } else { Err(Error::Invalid(check.problems)) }
}

/// Moments that a switch gives lie in our time, give or take its clock.
fn check_moment(app: &App, check: &mut Check, field: &str, moment: Option<Timestamp>) {
    if moment.is_some_and(|moment| moment > app.now().plus_seconds(CLOCK_SECONDS_MAX)) {
        check.fail(field, "in_the_future", "the clock of the switch is ahead; set it right");
    }
}

fn check_units(check: &mut Check, units: u64) {
    if units > UNITS_MAX {
        check.fail("used_units", "out_of_range", format!("at most {UNITS_MAX}"));
    }
}

fn check_end(app: &App, check: &mut Check, end: &End) {
    check_moment(app, check, "started_at", end.started_at);
    check_moment(app, check, "ended_at", end.ended_at);
    check_units(check, end.used_units.unwrap_or(0));
    if end.cause.as_ref().is_some_and(|cause| cause.len() > PARTY_BYTES_MAX || cause.chars().any(char::is_control)) {
        check.fail("cause", "too_long", format!("at most {PARTY_BYTES_MAX} bytes"));
    }
}

/// Ids for a decision that charges; one that only opens a session needs the first of them.
fn ids(app: &App, now: Timestamp, charges: bool) -> Result<[Id; USAGE_IDS]> {
    const { assert!(USAGE_IDS == RESELLER_DEPTH_MAX + 5) };
    if charges {
        return app.ids(now);
    }
    let mut ids = [0; USAGE_IDS];
    ids[0] = app.id(now)?;
    Ok(ids)
}

/// May usage begin, and for how long?
pub fn authorize(app: &Arc<App>, context: &Context, key: &SessionKey, usage: &UsageNew, interim_seconds: Option<i64>) -> Result<Decision> {
    let (key, opening, now) = prepare(app, context, key, Some(usage), Check::default())?;
    let (identity_key, opening) = opening.unzip();
    let verb = Verb::Authorize(opening.ok_or(Error::NotFound("account"))?);
    Ok(app.database.usage(UsageRequest { key, identity_key, verb, now, ids: ids(app, now, false)?, interim_seconds }))
}

/// Usage has begun or goes on. With `usage` a session that was not authorized is taken in as well.
pub fn report(
    app: &Arc<App>,
    context: &Context,
    key: &SessionKey,
    usage: Option<&UsageNew>,
    progress: &Progress,
    interim_seconds: Option<i64>,
) -> Result<Decision> {
    let mut check = Check::default();
    check_moment(app, &mut check, "started_at", progress.started_at);
    check_units(&mut check, progress.used_units);
    let (key, opening, now) = prepare(app, context, key, usage, check)?;
    let (identity_key, opening) = opening.unzip();
    let (started_at, is_start_told, used_units) = (progress.started_at, progress.is_start_told, progress.used_units);
    let verb = Verb::Report { started_at, is_start_told, used_units, more: progress.wants_more.then_some(progress.units_wanted), opening };
    Ok(app.database.usage(UsageRequest { key, identity_key, verb, now, ids: ids(app, now, false)?, interim_seconds }))
}

/// Usage has ended: it is charged. With `usage` a session of which nothing is known is charged as well.
pub fn stop(app: &Arc<App>, context: &Context, key: &SessionKey, usage: Option<&UsageNew>, end: &End) -> Result<Decision> {
    let mut check = Check::default();
    check_end(app, &mut check, end);
    let (key, opening, now) = prepare(app, context, key, usage, check)?;
    let (identity_key, opening) = opening.unzip();
    let verb = Verb::Stop {
        started_at: end.started_at,
        is_start_told: end.is_start_told,
        ended_at: end.ended_at.unwrap_or(now),
        used_units: end.used_units,
        cause: end.cause.clone(),
        is_failed: app.is_failure(end.cause.as_deref()),
        opening,
    };
    Ok(app.database.usage(UsageRequest { key, identity_key, verb, now, ids: ids(app, now, true)?, interim_seconds: None }))
}

/// What a switch has recorded of a session, as it can be queued; ids are drawn when it is.
pub(crate) fn recorded(
    app: &App,
    key: &SessionKey,
    usage: &UsageNew,
    end: &End,
    now: Timestamp,
) -> Result<UsageRequest, Vec<FieldProblem>> {
    let mut check = Check::default();
    check_end(app, &mut check, end);
    let key = key.check(&mut check);
    let (identity_key, opening) = usage.check(app, &mut check);
    if !check.problems.is_empty() {
        return Err(check.problems);
    }
    let (started_at, ended_at) = (end.started_at.unwrap_or(now), end.ended_at.unwrap_or(now));
    let (used_units, cause, is_failed) = (end.used_units.unwrap_or(0), end.cause.clone(), app.is_failure(end.cause.as_deref()));
    let verb = Verb::Record { started_at, ended_at, used_units, cause, is_failed, opening };
    Ok(UsageRequest { key, identity_key: Some(identity_key), verb, now, ids: [0; USAGE_IDS], interim_seconds: None })
}

/// All at once: charged if the money allows all of it.
pub fn event(app: &Arc<App>, context: &Context, key: &SessionKey, usage: &UsageNew, units: u64) -> Result<Decision> {
    let mut check = Check::default();
    if !(1..=EVENT_UNITS_MAX).contains(&units) {
        check.fail("units", "out_of_range", format!("1 to {EVENT_UNITS_MAX}"));
    }
    let (key, opening, now) = prepare(app, context, key, Some(usage), check)?;
    let (identity_key, opening) = opening.unzip();
    let verb = Verb::Event { opening: opening.ok_or(Error::NotFound("account"))?, units };
    Ok(app.database.usage(UsageRequest { key, identity_key, verb, now, ids: ids(app, now, true)?, interim_seconds: None }))
}

/// May the account be reached, and be heard? The status that lets neither through, or a wrong password, refuses it.
pub fn register(app: &Arc<App>, context: &Context, identity: &str, proof: &Proof) -> Ticket<Result<()>> {
    if let Err(refused) = context.actor.must(Permission::UsageCharge) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, key, proof) = (Arc::clone(app), identity_key(identity), proof.clone());
    app.database.read(move |tx| {
        let view = account::of_identity(tx, &key, &app_here.policy(), app_here.now())?.ok_or(UsageRefusal::UnknownIdentity)?;
        proof.check(view.account.password.as_ref())?;
        if may_register(&view.standing.permits) { Ok(()) } else { Err(UsageRefusal::Status(view.standing.shown()).into()) }
    })
}

/// The keys of sessions of a switch that were opened before a moment, from the one after `after` on.
pub fn of_source(
    app: &Arc<App>,
    context: &Context,
    source: &str,
    opened_before: Timestamp,
    after: Option<String>,
    limit: usize,
) -> Ticket<Result<Vec<String>>> {
    if let Err(refused) = context.actor.must(Permission::UsageCharge) {
        return Ticket::ready(Err(refused));
    }
    let (source, count) = (source.to_owned(), i64::try_from(limit.min(ROWS_MAX)).unwrap_or(0));
    app.database.read(move |tx| Ok(session::of_source(tx, &source, opened_before, after.as_deref(), count)?))
}

/// The switch of a session that was opened before a moment has started anew since: it ends with what was reported last.
pub fn lose(app: &Arc<App>, context: &Context, key: String, opened_before: Timestamp) -> Result<Decision> {
    context.actor.must(Permission::UsageCharge)?;
    let now = app.now();
    let verb = Verb::Expire { opened_before: Some(opened_before) };
    Ok(app.database.usage(UsageRequest { key, identity_key: None, verb, now, ids: ids(app, now, true)?, interim_seconds: None }))
}

/// A session that is open, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    pub running: Running,
    pub customer_name: String,
    pub account_identity: Option<String>,
}

/// Sessions that are open: of one customer or of all, the oldest first, `limit` at the most from the one after `after` on.
pub fn list(
    app: &Arc<App>,
    context: &Context,
    customer_id: Option<Id>,
    after: Option<Id>,
    limit: usize,
) -> Ticket<Result<Vec<SessionView>>> {
    let prepared = context.actor.must(Permission::SessionRead).and_then(|()| {
        let is_in_range = (1..=ROWS_MAX).contains(&limit);
        if is_in_range { Ok(()) } else { Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}"))) }
    });
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    let scope = context.actor.scope();
    app.database.read(move |tx| {
        let count = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = session::page(tx, customer_id, scope, after.unwrap_or(0), count)?;
        let mut owners: Vec<Id> = found.iter().map(|running| running.session.customer_id).collect();
        owners.sort_unstable();
        owners.dedup();
        let names = customer::names(tx, &owners)?;
        let mut accounts: Vec<Id> = found.iter().map(|running| running.session.account_id).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let told = identities(tx, &accounts)?;
        let view = |running: Running| SessionView {
            customer_name: names.get(&running.session.customer_id).cloned().unwrap_or_default(),
            account_identity: told.get(&running.session.account_id).cloned(),
            running,
        };
        Ok(found.into_iter().map(view).collect())
    })
}

/// Ends sessions that were not heard of in time: a slice of them. Returns how many. Blocking.
pub fn expire_due(app: &Arc<App>, now: Timestamp) -> Result<usize> {
    let due = app.database.read::<_, Error, _>(move |tx| Ok(session::due(tx, now, 100)?)).wait()??;
    let mut asked = Vec::with_capacity(due.len());
    for key in due {
        let ids = ids(app, now, true)?;
        asked.push(app.database.usage(UsageRequest {
            key,
            identity_key: None,
            verb: Verb::Expire { opened_before: None },
            now,
            ids,
            interim_seconds: None,
        }));
    }
    let count = asked.len();
    for ticket in asked {
        match ticket.wait()? {
            // One that was heard of meanwhile is not due any more.
            Ok(_) | Err(UsageFailure::Refused(UsageRefusal::UnknownSession)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(count)
}
