//! Owns the way from a packet to a use case and back: who asks for what is authenticated, authorized or charged, and what the NAS is told.
//! Does not own: bytes and attributes (wire, request.rs, reply.rs), what a request says of its session (party.rs), and what is decided.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use trunkline_usecase::domain::account::AccountStatus;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::nas::Nas;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::session::{Proof, Speed, UsageRefusal};
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::error::Error;
use trunkline_usecase::session::{self, Decision, End, Progress, SessionKey, UsageAnswer, UsageNew};
use trunkline_usecase::{App, Context, StorageError};

use crate::listener::{Face, Reply};
use crate::party;
use crate::reply::{Template, Values};
use crate::request::{self, Kind, Report, Request};
use crate::wire::dictionary::Dictionary;
use crate::wire::packet::Code;

/// Sessions of a NAS that are ended at once when it has started anew; the next ones follow.
const LOST_AT_ONCE: usize = 256;
/// Service-Type: the NAS has checked who it is, or asks for what needs no password.
const VOUCHED: [u32; 2] = [10, 17];
/// Service-Type Authorize-Only.
const AUTHORIZE_ONLY: u32 = 17;

/// h323-return-code, as Cisco's switches read it.
mod return_code {
    pub const BAD_ACCOUNT: u32 = 1;
    pub const BAD_PASSWORD: u32 = 2;
    pub const IN_USE: u32 = 3;
    pub const ZERO_BALANCE: u32 = 4;
    pub const EXPIRED: u32 = 5;
    pub const CREDIT_LIMIT: u32 = 6;
    pub const DENIED: u32 = 7;
    pub const UNAVAILABLE: u32 = 8;
    pub const NUMBER_BLOCKED: u32 = 9;
    pub const INSUFFICIENT_FUNDS: u32 = 12;
}

/// Answers by the use cases of charging.
pub struct UsageFace {
    app: Arc<App>,
    context: Context,
    dictionary: Arc<Dictionary>,
    /// By NAS, with the version it was made of.
    templates: RwLock<HashMap<Id, (i64, Arc<Template>)>>,
}

/// Nothing was decided: whoever asked asks again, here or elsewhere.
struct Undecided;

type Decided<T> = Result<Result<T, UsageRefusal>, Undecided>;

impl Face for UsageFace {
    async fn answer(&self, nas: &Arc<Nas>, request: Request) -> Option<Reply> {
        let now = self.app.now();
        let answered = match request.kind {
            Kind::Authorize => self.access(nas, &request).await,
            Kind::Report(Report::On | Report::Off) => self.started_anew(nas, &request, now).await,
            Kind::Report(report) => self.report(nas, report, &request, now).await,
        };
        answered.ok()
    }
}

impl UsageFace {
    pub fn new(app: &Arc<App>, dictionary: Arc<Dictionary>) -> UsageFace {
        UsageFace { app: Arc::clone(app), context: Context::system(), dictionary, templates: RwLock::default() }
    }

    async fn access(&self, nas: &Nas, request: &Request) -> Result<Reply, Undecided> {
        let Some(name) = request.user_name.as_deref().or(request.calling.as_deref()) else {
            return Ok(self.reject(nas, &UsageRefusal::UnknownIdentity));
        };
        let proof = proof_of(request);
        let is_registration = request.proof.method().or(request.pair("authmethod")) == Some("REGISTER");
        let is_data = party::service(request) == Service::Data;
        if is_registration || (request.called.is_none() && !is_data) {
            return self.register(nas, name, &proof).await;
        }
        let Some(key) = party::session_key(nas, request) else {
            let reason = "the request names no session: Acct-Session-Id or h323-conf-id is needed".to_owned();
            let values = Values { return_code: return_code::UNAVAILABLE, reason: Some(reason), ..Values::default() };
            return Ok(self.reply(nas, Code::AccessReject, &values));
        };
        let goes_on = nas.reauthorizes && (request.session_seconds.is_some() || request.service_type == Some(AUTHORIZE_ONLY));
        if goes_on && let Some(reply) = self.more(nas, request, &key).await? {
            return Ok(reply);
        }
        let ask = |identity: &str| {
            let usage = usage_of(nas, request, identity, proof.clone());
            session::authorize(&self.app, &self.context, &key, &usage, nas.interim_interval_seconds)
        };
        Ok(match first_known(name, ask).await? {
            Ok(answer) => self.accept(nas, request, &answer, 0),
            Err(refusal) => self.reject(nas, &refusal),
        })
    }

    /// A session that goes on asks for more. None: there is no such session yet.
    async fn more(&self, nas: &Nas, request: &Request, key: &SessionKey) -> Result<Option<Reply>, Undecided> {
        let used_units = party::used_units(request, party::service(request)).unwrap_or(0);
        let progress = Progress { used_units, wants_more: true, ..Progress::default() };
        let asked = session::report(&self.app, &self.context, key, None, &progress, nas.interim_interval_seconds);
        Ok(match wait(asked).await? {
            Ok(answer) if answer.is_open && answer.granted_units > used_units => Some(self.accept(nas, request, &answer, used_units)),
            Ok(_) => Some(self.reject(nas, &UsageRefusal::InsufficientFunds)),
            Err(UsageRefusal::UnknownSession) => None,
            Err(refusal) => Some(self.reject(nas, &refusal)),
        })
    }

    /// Whoever registers a device makes no call yet: nothing is held.
    async fn register(&self, nas: &Nas, name: &str, proof: &Proof) -> Result<Reply, Undecided> {
        let mut refusal = UsageRefusal::UnknownIdentity;
        for identity in party::identities(name) {
            match decided(session::register(&self.app, &self.context, identity, proof).await)? {
                Ok(()) => return Ok(self.reply(nas, Code::AccessAccept, &Values::default())),
                Err(UsageRefusal::UnknownIdentity) => {}
                Err(other) => {
                    refusal = other;
                    break;
                }
            }
        }
        Ok(self.reject(nas, &refusal))
    }

    async fn report(&self, nas: &Nas, report: Report, request: &Request, now: Timestamp) -> Result<Reply, Undecided> {
        let taken = Reply { code: Code::AccountingResponse, attributes: Vec::new() };
        let name = request.user_name.as_deref().or(request.calling.as_deref());
        let (Some(key), Some(name)) = (party::session_key(nas, request), name) else {
            self.tell_unbilled(nas, report, request, "it names no session, or no user");
            return Ok(taken);
        };
        let ask = |identity: &str| {
            // Who it is was settled when it was asked for.
            let usage = usage_of(nas, request, identity, Proof::Vouched);
            self.ask_report(nas, report, request, &key, &usage, now)
        };
        if let Err(refusal) = first_known(name, ask).await? {
            self.tell_unbilled(nas, report, request, &refusal.to_string());
        }
        Ok(taken)
    }

    fn ask_report(
        &self,
        nas: &Nas,
        report: Report,
        request: &Request,
        key: &SessionKey,
        usage: &UsageNew,
        now: Timestamp,
    ) -> Result<Decision, Error> {
        let is_start = report == Report::Start;
        let told = party::told_start(request, is_start, now);
        let used = party::used_units(request, usage.service);
        if report == Report::Stop {
            let ended_at = Some(party::ended_at(request, now));
            let end = End { started_at: told, is_start_told: told.is_some(), ended_at, used_units: used, cause: party::cause(request) };
            return session::stop(&self.app, &self.context, key, Some(usage), &end);
        }
        let started_at = told.or_else(|| is_start.then(|| party::happened_at(request, now)));
        let is_start_told = told.is_some();
        // Units on the way are for a session that asks again; what was granted at first stays granted.
        let progress = Progress { started_at, is_start_told, used_units: used.unwrap_or(0), ..Progress::default() };
        session::report(&self.app, &self.context, key, Some(usage), &progress, nas.interim_interval_seconds)
    }

    /// What cannot be charged is taken note of, or it would be repeated for ever; the operator finds it in the log.
    fn tell_unbilled(&self, nas: &Nas, report: Report, request: &Request, reason: &str) {
        metrics::counter!("trunkline_radius_unbilled_total").increment(1);
        let (user, called) = (request.user_name.as_deref().unwrap_or("-"), request.called.as_deref().unwrap_or("-"));
        let (session, seconds) = (request.session_id.as_deref().unwrap_or("-"), request.session_seconds);
        tracing::warn!(nas = nas.name, ?report, session, user, called, seconds, reason, "a report of usage could not be charged");
    }

    /// The NAS has started, or is about to stop: no session of before is there any more.
    async fn started_anew(&self, nas: &Nas, request: &Request, now: Timestamp) -> Result<Reply, Undecided> {
        let before = now.plus_seconds(-i64::from(request.delay_seconds));
        let source = nas.source();
        let mut after: Option<String> = None;
        let mut count = 0_usize;
        loop {
            let found = session::of_source(&self.app, &self.context, &source, before, after.take(), LOST_AT_ONCE).await;
            let keys = found.map_err(undecided)?.map_err(undecided)?;
            let mut asked = Vec::with_capacity(keys.len());
            for key in &keys {
                asked.push(session::lose(&self.app, &self.context, key.clone(), before).map_err(undecided)?);
            }
            count += keys.len();
            for ticket in asked {
                // One that has ended meanwhile is over as well.
                let _ = wait(Ok(ticket)).await?;
            }
            match keys.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        tracing::info!(nas = nas.name, sessions = count, "the NAS has started anew or is stopping; its sessions have ended");
        Ok(Reply { code: Code::AccountingResponse, attributes: Vec::new() })
    }

    fn accept(&self, nas: &Nas, request: &Request, answer: &UsageAnswer, used_units: u64) -> Reply {
        let is_timed = party::service(request) == Service::Voice;
        let left = |units: u64| is_timed.then(|| units.saturating_sub(used_units));
        let purse = answer.purse;
        let values = Values {
            seconds: left(answer.granted_units),
            announced_seconds: left(answer.announced_units),
            interim_seconds: nas.interim_interval_seconds,
            amount: purse.and_then(|purse| purse.funds).map(|funds| funds.to_string()),
            currency: purse.map(|purse| purse.currency.code().to_owned()),
            billing_model: purse.map(|purse| u32::from(purse.is_prepaid)),
            speed: (!is_timed).then_some(if answer.is_slow { Speed::Limited } else { Speed::Full }),
            ..Values::default()
        };
        self.reply(nas, Code::AccessAccept, &values)
    }

    fn reject(&self, nas: &Nas, refusal: &UsageRefusal) -> Reply {
        metrics::counter!("trunkline_radius_refused_total", "reason" => refusal.code()).increment(1);
        let values = Values { return_code: return_code_of(refusal), reason: Some(refusal.to_string()), ..Values::default() };
        self.reply(nas, Code::AccessReject, &values)
    }

    fn reply(&self, nas: &Nas, code: Code, values: &Values) -> Reply {
        Reply { code, attributes: self.template(nas).fill(values, &self.dictionary) }
    }

    /// The lines of a NAS's replies, made once a version of it.
    fn template(&self, nas: &Nas) -> Arc<Template> {
        let known = self.templates.read().unwrap_or_else(PoisonError::into_inner).get(&nas.nas_id).cloned();
        if let Some((_, template)) = known.filter(|(version, _)| *version == nas.version) {
            return template;
        }
        let (template, faults) = Template::of(nas, &self.dictionary);
        for (line, problem) in faults {
            tracing::warn!(nas = nas.name, line, %problem, "a line of the reply template is left out");
        }
        let template = Arc::new(template);
        self.templates.write().unwrap_or_else(PoisonError::into_inner).insert(nas.nas_id, (nas.version, Arc::clone(&template)));
        template
    }
}

fn proof_of(request: &Request) -> Proof {
    match &request.proof {
        request::Proof::Nothing if request.service_type.is_some_and(|kind| VOUCHED.contains(&kind)) => Proof::Vouched,
        request::Proof::Nothing => Proof::Nothing,
        shown => {
            let shown = shown.clone();
            Proof::Shown(Arc::new(move |password: &Secret| shown.is_made_with(password.exposed().as_bytes()) == Some(true)))
        }
    }
}

fn usage_of(nas: &Nas, request: &Request, identity: &str, proof: Proof) -> UsageNew {
    let called = request.called.as_deref().map(party::number).filter(|number| !number.is_empty());
    UsageNew {
        identity: identity.to_owned(),
        service: party::service(request),
        direction: party::direction(request),
        cli: request.calling.as_deref().map(|calling| party::number(calling).to_owned()).filter(|calling| !calling.is_empty()),
        cld: called.unwrap_or(party::NETWORK).to_owned(),
        reauthorizes: nas.reauthorizes,
        units_wanted: None,
        proof,
    }
}

/// Asks for each identity that a name can stand for, until one is known.
async fn first_known(name: &str, ask: impl Fn(&str) -> Result<Decision, Error>) -> Decided<UsageAnswer> {
    let mut outcome = Err(UsageRefusal::UnknownIdentity);
    for identity in party::identities(name) {
        outcome = wait(ask(identity)).await?;
        if outcome != Err(UsageRefusal::UnknownIdentity) {
            break;
        }
    }
    Ok(outcome)
}

/// Waits for a decision on usage.
async fn wait(asked: Result<Decision, Error>) -> Decided<UsageAnswer> {
    match asked {
        Ok(ticket) => match ticket.await {
            Ok(outcome) => decided(Ok(outcome.map_err(Error::from))),
            Err(problem) => Err(undecided(problem)),
        },
        Err(problem) => decided(Ok(Err(problem))),
    }
}

/// What was decided, or that nothing was. What cannot be asked for in these words is refused like a number that nobody has.
fn decided<T>(outcome: Result<Result<T, Error>, StorageError>) -> Decided<T> {
    match outcome {
        Ok(Ok(answer)) => Ok(Ok(answer)),
        Ok(Err(Error::Usage(refusal))) => Ok(Err(refusal)),
        Ok(Err(Error::Invalid(problems))) => {
            tracing::info!(problem = %Error::Invalid(problems), "a RADIUS request has values that cannot be");
            Ok(Err(UsageRefusal::NoRate))
        }
        Ok(Err(problem)) => Err(undecided(problem)),
        Err(problem) => Err(undecided(problem)),
    }
}

/// A failure is no refusal: nothing is answered, and the NAS asks again.
fn undecided(problem: impl std::fmt::Display) -> Undecided {
    tracing::warn!(%problem, "a RADIUS request is not answered");
    Undecided
}

fn return_code_of(refusal: &UsageRefusal) -> u32 {
    match refusal {
        UsageRefusal::UnknownIdentity => return_code::BAD_ACCOUNT,
        UsageRefusal::PasswordMissing | UsageRefusal::PasswordUnset | UsageRefusal::WrongPassword => return_code::BAD_PASSWORD,
        UsageRefusal::Status(status) => return_code_of_status(*status),
        UsageRefusal::TooManyCalls { .. } => return_code::IN_USE,
        UsageRefusal::NoProduct | UsageRefusal::NoTariff { .. } | UsageRefusal::ResellerFunds => return_code::UNAVAILABLE,
        UsageRefusal::UnknownSession | UsageRefusal::SessionEnded | UsageRefusal::KeyReused | UsageRefusal::NotDisconnectable => {
            return_code::UNAVAILABLE
        }
        UsageRefusal::NoRate | UsageRefusal::Forbidden => return_code::NUMBER_BLOCKED,
        UsageRefusal::InsufficientFunds | UsageRefusal::BundleUsedUp => return_code::INSUFFICIENT_FUNDS,
    }
}

fn return_code_of_status(status: AccountStatus) -> u32 {
    use AccountStatus as S;
    match status {
        S::Expired => return_code::EXPIRED,
        S::CreditExceeded | S::CustomerCreditExceeded => return_code::CREDIT_LIMIT,
        S::Overdraft | S::ZeroBalance | S::CustomerHasNoAvailableFunds => return_code::ZERO_BALANCE,
        S::Closed
        | S::CustomerExported
        | S::Quarantine
        | S::Screening
        | S::Inactive
        | S::Blocked
        | S::CustomerBlocked
        | S::ResellerBlocked
        | S::CustomerBillingPaused
        | S::Suspended
        | S::CustomerSuspended
        | S::ResellerSuspended
        | S::CustomerProvisionallyTerminated
        | S::ResellerProvisionallyTerminated
        | S::CustomerLimited
        | S::NotYetActive
        | S::CustomerLimitingDelayed
        | S::CustomerSpendingLimitReached
        | S::CustomerSuspensionDelayed
        | S::Frozen
        | S::Active => return_code::DENIED,
    }
}
