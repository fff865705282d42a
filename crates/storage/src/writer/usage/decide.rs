//! Owns the steps of a session: it is authorized, goes on, ends, is lost, or is over at once.
//! Does not own: who pays (way.rs) and charging them (charge.rs).

use trunkline_domain::money::Money;
use trunkline_domain::rating::Covered;
use trunkline_domain::service::Service;
use trunkline_domain::session::{Course, Grant, Leg, Passage, Proof, Session, Speed, UsageRefusal, Wanted, expires_at};
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;

use super::way::Way;
use super::{Decided, Opening, SessionWrite, UsageAnswer, UsageFailure, UsageRequest, Verb};
use crate::session::{Ended, LOST};
use crate::writer::hot::WorkingSet;

impl WorkingSet {
    /// Decides one request, and lets the next ones of the batch see what it did.
    pub fn decide_usage(&mut self, request: &UsageRequest, policy: &StatusPolicy) -> Result<(Decided, UsageAnswer), UsageFailure> {
        match &request.verb {
            Verb::Authorize(opening) => self.authorize(request, opening, policy),
            Verb::Report { started_at, is_start_told, used_units, more, opening } => {
                self.leave_behind(&request.key, started_at.filter(|_| *is_start_told));
                self.report(request, *started_at, *used_units, *more, opening.as_ref(), policy)
            }
            Verb::Stop { started_at, is_start_told, ended_at, used_units, cause, is_failed, opening } => {
                self.leave_behind(&request.key, started_at.filter(|_| *is_start_told));
                // What is not known to have begun has rung at the most.
                let begun = || started_at.or_else(|| self.sessions.find(&request.key).and_then(|session| session.started_at));
                let units = used_units.unwrap_or_else(|| begun().map_or(0, |begun| seconds_between(begun, *ended_at)));
                let (cause, is_failed) = (cause.clone(), *is_failed);
                let end = End { started_at: *started_at, ended_at: *ended_at, units, cause, is_failed };
                self.stop(request, end, opening.as_ref(), policy)
            }
            Verb::Record { started_at, ended_at, used_units, cause, is_failed, opening } => {
                let (cause, is_failed) = (cause.clone(), *is_failed);
                let end = End { started_at: Some(*started_at), ended_at: *ended_at, units: *used_units, cause, is_failed };
                self.stop(request, end, Some(opening), policy)
            }
            Verb::Event { opening, units } => self.event(request, opening, *units, policy),
            Verb::Expire { opened_before } => self.expire(request, *opened_before, policy),
        }
    }

    /// A switch that has started anew gives its sessions names that it gave before: what ended before this one began is another.
    fn leave_behind(&mut self, key: &str, started_at: Option<Timestamp>) {
        let is_other = |ended: &Ended| started_at.is_some_and(|started_at| ended.ended_at < started_at);
        if self.sessions.find(key).is_none() && self.ended.get(key).is_some_and(is_other) {
            self.ended.remove(key);
        }
    }

    fn authorize(
        &mut self,
        request: &UsageRequest,
        opening: &Opening,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let account = self.account(request.identity_key.as_deref().ok_or(UsageRefusal::UnknownIdentity)?)?;
        opening.proof.check(account.password.as_ref())?;
        if let Some(known) = self.sessions.find(&request.key) {
            let is_same = account.facts.account_id == known.account_id && known.cld == opening.cld;
            let is_slow = self.course_of(known, policy, request.now) == Course::GoesOn(Speed::Limited);
            let answer = UsageAnswer { is_slow, ..answer_of(known, None) };
            return if is_same { Ok((Decided::default(), answer)) } else { Err(UsageRefusal::KeyReused.into()) };
        }
        let way = self.way(request, opening, request.now, policy)?;
        let granted = if way.passage == Passage::Emergency {
            let units = opening.wanted.units_max;
            Grant { units, announced_units: units, is_last: false, reserved: Vec::new(), covered: Covered::default() }
        } else {
            self.allow(&way, 0, opening.wanted, &[], request.now)?
        };
        let mut decided = Decided::default();
        let session = self.open(request, opening, &way, &granted, None, 0, &mut decided);
        let is_slow = way.passage == Passage::Slow;
        let answer = UsageAnswer { is_slow, purse: self.purse(&way, request.now)?, ..answer_of(&session, Some(&granted)) };
        let speed = if is_slow { Speed::Limited } else { Speed::Full };
        decided.session = Some(SessionWrite::Insert(session, speed));
        Ok((decided, answer))
    }

    fn open(
        &mut self,
        request: &UsageRequest,
        opening: &Opening,
        way: &Way,
        granted: &Grant,
        started_at: Option<Timestamp>,
        used_units: u64,
        decided: &mut Decided,
    ) -> Session {
        let legs = way.rated.iter().zip(&granted.reserved);
        let mut session = Session {
            session_id: request.ids[0],
            customer_id: way.customer_id,
            account_id: way.account_id,
            key: request.key.clone(),
            service: opening.service,
            direction: opening.direction,
            cli: opening.cli.clone(),
            cld: opening.cld.clone(),
            is_emergency: way.passage == Passage::Emergency,
            opened_at: request.now,
            started_at,
            used_units,
            granted_units: granted.units,
            expires_at: request.now,
            legs: legs
                .map(|(rated, reserved)| Leg { payer: rated.payer, tariff_id: rated.tariff.tariff.tariff_id, reserved: *reserved })
                .collect(),
            taken: way.included.take(granted.covered),
        };
        self.take((way.customer_id, way.account_id), &[], &session.taken, decided);
        session.expires_at = expires_at(&session, request.interim_seconds, request.now);
        self.sessions.put(session.clone());
        session
    }

    /// A session goes on: what was used is noted, and where more is asked for, granted from where it stands.
    fn report(
        &mut self,
        request: &UsageRequest,
        started_at: Option<Timestamp>,
        used_units: u64,
        more: Option<Option<u64>>,
        opening: Option<&Opening>,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let Some(known) = self.sessions.find(&request.key).cloned() else {
            if let Some(ended) = self.ended.get(&request.key) {
                return Ok((Decided::default(), ended_answer(ended)));
            }
            let opening = opening.ok_or(UsageRefusal::UnknownSession)?;
            return self.open_unasked(request, opening, started_at, used_units, policy);
        };
        let begun = known.started_at.is_none() && started_at.is_some();
        let wanted = more.map(|units| Wanted::slice(known.service, units));
        let mut session = Session { started_at: known.started_at.or(started_at), used_units: known.used_units.max(used_units), ..known };
        let (mut granted, mut is_slowed, mut decided) = (None, false, Decided::default());
        let course = wanted.map(|_| self.course_of(&session, policy, request.now));
        if matches!(course, Some(Course::Ends(_))) {
            granted = Some(nothing_more(&session));
        } else if !session.is_emergency && (wanted.is_some() || begun) {
            let opening = opening_of(&session, wanted);
            let way = self.way_of(&session, &opening)?;
            let held: Vec<Money> = session.legs.iter().map(|leg| leg.reserved).collect();
            // What begins late can have another price than what was granted; without a wish for more it keeps its length if it can.
            match self.allow(&way, session.used_units, opening.wanted, &held, request.now) {
                Ok(found) => {
                    session.granted_units = found.units;
                    session.legs.iter_mut().zip(&found.reserved).for_each(|(leg, reserved)| leg.reserved = *reserved);
                    session.taken = way.included.take(found.covered);
                    self.take((way.customer_id, way.account_id), &way.taken, &session.taken, &mut decided);
                    is_slowed = way.is_slowed();
                    granted = Some(found);
                }
                Err(UsageFailure::Refused(_)) => granted = Some(nothing_more(&session)),
                Err(failure) => return Err(failure),
            }
        }
        session.expires_at = expires_at(&session, request.interim_seconds, request.now);
        self.sessions.put(session.clone());
        let is_slow = is_slowed || course == Some(Course::GoesOn(Speed::Limited));
        let answer = UsageAnswer { is_slow, ..answer_of(&session, granted.as_ref()) };
        decided.session = Some(SessionWrite::Update(session));
        Ok((decided, answer))
    }

    /// A session that began without being asked for: it is there, whatever its account may do, and counts and holds what it can.
    fn open_unasked(
        &mut self,
        request: &UsageRequest,
        opening: &Opening,
        started_at: Option<Timestamp>,
        used_units: u64,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let account = self.account(request.identity_key.as_deref().ok_or(UsageRefusal::UnknownIdentity)?)?;
        let (customer_id, account_id) = (account.facts.customer_id, account.facts.account_id);
        let started_at = started_at.unwrap_or(request.now);
        let passage = self.pass(account, opening, policy, request.now).map(|(passage, _)| passage);
        let is_emergency = passage == Ok(Passage::Emergency);
        let rated = if is_emergency { Vec::new() } else { self.rated(account, opening, started_at, opening.wanted.units_max)? };
        let included = self.included(account_id, opening.service, opening.direction, &opening.cld, started_at, &[]);
        let way = Way { rated, included, ..Way::free(customer_id, account_id, passage.unwrap_or(Passage::FreeOnly)) };
        let granted = match self.allow(&way, used_units, opening.wanted, &[], request.now) {
            Ok(granted) => granted,
            Err(UsageFailure::Refused(_)) => {
                let reserved = vec![Money::ZERO; way.rated.len()];
                Grant { units: used_units, announced_units: used_units, is_last: true, reserved, covered: Covered::default() }
            }
            Err(failure) => return Err(failure),
        };
        let mut decided = Decided::default();
        let session = self.open(request, opening, &way, &granted, Some(started_at), used_units, &mut decided);
        let answer = answer_of(&session, Some(&granted));
        // Nobody told the switch to be slow.
        decided.session = Some(SessionWrite::Insert(session, Speed::Full));
        Ok((decided, answer))
    }

    fn stop(
        &mut self,
        request: &UsageRequest,
        end: End,
        opening: Option<&Opening>,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        if let Some(session) = self.sessions.find(&request.key).cloned() {
            return self.finish(request, &session, end, policy);
        }
        if let Some(ended) = self.ended.get(&request.key).cloned() {
            let is_more = ended.is_lost && end.units > ended.units;
            return match opening.filter(|_| is_more) {
                Some(opening) => self.add_to_lost(request, &ended, end, opening, policy),
                None => Ok((Decided::default(), ended_answer(&ended))),
            };
        }
        let opening = opening.ok_or(UsageRefusal::UnknownSession)?;
        let account = self.account(request.identity_key.as_deref().ok_or(UsageRefusal::UnknownIdentity)?)?;
        let (customer_id, account_id) = (account.facts.customer_id, account.facts.account_id);
        let rated_at = end.started_at.unwrap_or(request.now);
        let passage = if opening.is_emergency { Passage::Emergency } else { Passage::Any };
        let rated = if opening.is_emergency { Vec::new() } else { self.rated(account, opening, rated_at, end.units)? };
        let included = self.included(account_id, opening.service, opening.direction, &opening.cld, rated_at, &[]);
        let way = Way { rated, included, ..Way::free(customer_id, account_id, passage) };
        self.charge(request, opening, &way, &end, rated_at, None, policy)
    }

    /// Ends an open session and charges what was used.
    fn finish(
        &mut self,
        request: &UsageRequest,
        session: &Session,
        end: End,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let begun = Session { started_at: end.started_at.or(session.started_at), ..session.clone() };
        let end = End { units: end.units.max(session.used_units), ..end };
        // Peak and off-peak are told apart up to the end of the usage, which can lie beyond what was granted.
        let opening = opening_of(&begun, Some(Wanted { slice_units: None, units_max: end.units }));
        let mut way = self.way_of(&begun, &opening)?;
        if session.is_emergency {
            way.passage = Passage::Emergency;
        }
        let (mut decided, answer) = self.charge(request, &opening, &way, &end, begun.rated_at(), None, policy)?;
        self.sessions.take_out(&session.key);
        decided.session = Some(SessionWrite::Delete(session.clone()));
        Ok((decided, UsageAnswer { session_id: session.session_id, granted_units: session.granted_units, ..answer }))
    }

    /// The rest of a session that had counted as lost: the price of the whole less what was charged.
    fn add_to_lost(
        &mut self,
        request: &UsageRequest,
        ended: &Ended,
        end: End,
        opening: &Opening,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let account = self.accounts.get(&ended.account_id).ok_or(UsageRefusal::UnknownSession)?;
        let (customer_id, account_id) = (account.facts.customer_id, account.facts.account_id);
        let rated_at = end.started_at.unwrap_or(request.now);
        let rated = self.rated(account, opening, rated_at, end.units)?;
        let taken = ended.taken.clone();
        let included = self.included(account_id, opening.service, opening.direction, &opening.cld, rated_at, &taken);
        let way = Way { rated, included, taken, ..Way::free(customer_id, account_id, Passage::Any) };
        self.charge(request, opening, &way, &end, rated_at, Some(ended), policy)
    }

    /// All at once: what is asked for must be affordable as a whole.
    fn event(
        &mut self,
        request: &UsageRequest,
        opening: &Opening,
        units: u64,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        if let Some(ended) = self.ended.get(&request.key) {
            return Ok((Decided::default(), ended_answer(ended)));
        }
        let way = self.way(request, opening, request.now, policy)?;
        if way.passage != Passage::Emergency {
            let whole = Wanted { slice_units: None, units_max: units };
            if self.allow(&way, 0, whole, &[], request.now)?.units < units {
                let refusal = way.narrowed_by.map_or(UsageRefusal::InsufficientFunds, UsageRefusal::Status);
                return Err(refusal.into());
            }
        }
        let end = End { started_at: Some(request.now), ended_at: request.now, units, cause: None, is_failed: false };
        self.charge(request, opening, &way, &end, request.now, None, policy)
    }

    /// A session that is not heard of any more. One that never began leaves nothing behind.
    fn expire(
        &mut self,
        request: &UsageRequest,
        opened_before: Option<Timestamp>,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let is_over = |session: &&Session| match opened_before {
            Some(moment) => session.opened_at < moment,
            None => session.expires_at <= request.now,
        };
        let Some(session) = self.sessions.find(&request.key).filter(is_over).cloned() else {
            return Err(UsageRefusal::UnknownSession.into());
        };
        let Some(started_at) = session.started_at else {
            self.sessions.take_out(&session.key);
            let mut decided = Decided::default();
            self.take((session.customer_id, session.account_id), &session.taken, &[], &mut decided);
            let answer = UsageAnswer { is_open: false, ..answer_of(&session, None) };
            decided.session = Some(SessionWrite::Delete(session));
            return Ok((decided, answer));
        };
        let seconds = match session.service {
            Service::Voice => i64::try_from(session.used_units).unwrap_or(i64::MAX),
            Service::Message | Service::Data => 0,
        };
        let ended_at = started_at.plus_seconds(seconds);
        let end = End { started_at: Some(started_at), ended_at, units: session.used_units, cause: Some(LOST.to_owned()), is_failed: false };
        self.finish(request, &session, end, policy)
    }
}

/// How usage ended.
pub(super) struct End {
    pub started_at: Option<Timestamp>,
    pub ended_at: Timestamp,
    pub units: u64,
    pub cause: Option<String>,
    /// Nothing is charged for this cause.
    pub is_failed: bool,
}

/// Whole seconds, to the nearest: switches tell moments in seconds, and ours are finer.
fn seconds_between(begin: Timestamp, end: Timestamp) -> u64 {
    let microseconds = end.microseconds().saturating_sub(begin.microseconds()).max(0);
    u64::try_from((microseconds + 500_000) / 1_000_000).unwrap_or(0)
}

/// It may go on to where it was granted.
fn nothing_more(session: &Session) -> Grant {
    let units = session.granted_units;
    Grant { units, announced_units: units, is_last: true, reserved: Vec::new(), covered: Covered::default() }
}

/// What an open session is about. Where nothing is wanted, what was granted.
fn opening_of(session: &Session, wanted: Option<Wanted>) -> Opening {
    Opening {
        service: session.service,
        direction: session.direction,
        cli: session.cli.clone(),
        cld: session.cld.clone(),
        is_emergency: session.is_emergency,
        wanted: wanted.unwrap_or(Wanted { slice_units: None, units_max: session.granted_units }),
        proof: Proof::Vouched,
    }
}

fn answer_of(session: &Session, granted: Option<&Grant>) -> UsageAnswer {
    UsageAnswer {
        session_id: session.session_id,
        customer_id: session.customer_id,
        account_id: session.account_id,
        is_open: true,
        granted_units: session.granted_units,
        announced_units: granted.map_or(session.granted_units, |granted| granted.announced_units),
        is_last: granted.is_some_and(|granted| granted.is_last),
        is_slow: false,
        charged: Money::ZERO,
        used_units: session.used_units,
        purse: None,
    }
}

pub(super) fn ended_answer(ended: &Ended) -> UsageAnswer {
    UsageAnswer {
        session_id: ended.xdr_id,
        customer_id: 0,
        account_id: ended.account_id,
        is_open: false,
        granted_units: ended.units,
        announced_units: ended.units,
        is_last: true,
        is_slow: false,
        charged: ended.owed,
        used_units: ended.units,
        purse: None,
    }
}
