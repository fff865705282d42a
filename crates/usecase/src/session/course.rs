//! Owns what is to become of sessions under way: which of them run otherwise than the statuses permit or staff want, what came of asking
//! their switches, and that staff want one to end.
//! Does not own: the rule (domain/session) and asking a switch (radius).

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::{Id, lowest_at};
use trunkline_domain::nas::nas_of_session;
use trunkline_domain::service::Service;
use trunkline_domain::session::{Course, Session, Speed, UsageRefusal, course};
use trunkline_domain::staff::Permission;
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;
use trunkline_storage::session::{self, Running};
use trunkline_storage::{Ticket, Tx, account, audit, customer, nas, outbox};

use super::SessionView;
use crate::App;
use crate::account::standings;
use crate::actor::Context;
use crate::customer::{Render, in_scope, once};
use crate::error::{Error, Result};

/// Sessions that are looked at in one go.
pub const SLICE: usize = 1_000;
/// Changes of this time are looked at again with each look, for they appear a little later than they say.
pub const LOOK_SECONDS: i64 = 3;

/// Where a walk through the open sessions stands.
pub type Place = (Id, Id);

/// Which sessions are looked at. Those whose customers have just changed are found at once; the walk finds what changed before a start, and
/// what time alone has changed of an account.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    Changed,
    After(Place),
}

/// What the switch of a session is to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Speed(Speed),
    /// The code of the account's status that ends it, or of staff's wish.
    End(&'static str),
}

const BY_STAFF: &str = "wanted_by_staff";

impl Wish {
    pub const fn code(self) -> &'static str {
        match self {
            Wish::Speed(speed) => speed.code(),
            Wish::End(_) => "end",
        }
    }
}

/// A session that runs otherwise than it should.
#[derive(Clone, Debug)]
pub struct Astray {
    pub session: Session,
    /// Of its account.
    pub identity: String,
    pub wish: Wish,
}

/// What a look has found.
#[derive(Debug, Default)]
pub struct Found {
    pub astray: Vec<Astray>,
    /// Where the walk goes on; none: it is through.
    pub next: Option<Place>,
}

/// Looks for sessions of these NASes that run otherwise than they should.
pub fn astray(app: &Arc<App>, nases: Arc<HashSet<Id>>, which: Which) -> Ticket<Result<Found>> {
    let (now, policy) = (app.now(), app.policy());
    app.database.read(move |tx| {
        let count = i64::try_from(SLICE).unwrap_or(i64::MAX);
        let mut running = match which {
            Which::Changed => session::of_changed(tx, lowest_at(now.plus_seconds(-LOOK_SECONDS)), count)?,
            Which::After(place) => session::walk(tx, place, count)?,
        };
        let is_full = running.len() == SLICE;
        let next = running.last().filter(|_| is_full).map(|last| (last.session.customer_id, last.session.session_id));
        running.retain(|running| nas_of_session(&running.session.key).is_some_and(|nas_id| nases.contains(&nas_id)));
        Ok(Found { astray: wishes(tx, running, &policy, now)?, next })
    })
}

fn wishes(tx: &mut Tx<'_>, running: Vec<Running>, policy: &StatusPolicy, now: Timestamp) -> Result<Vec<Astray>> {
    let mut accounts: Vec<Id> = running.iter().map(|running| running.session.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let standings = standings(tx, &accounts, policy, now)?;
    let mut found = Vec::new();
    for running in running {
        // An account that is just being deleted has no standing any more.
        let Some(standing) = standings.get(&running.session.account_id) else { continue };
        let speed = if running.limited_at.is_some() { Speed::Limited } else { Speed::Full };
        let wish = match course(&running.session, &standing.statuses, policy) {
            _ if running.end_wanted_at.is_some() => Some(Wish::End(BY_STAFF)),
            Course::Ends(status) => Some(Wish::End(status.code())),
            Course::GoesOn(right) => Some(Wish::Speed(right)).filter(|_| running.session.service == Service::Data && right != speed),
        };
        found.extend(wish.map(|wish| (running.session, wish)));
    }
    let accounts: Vec<Id> = found.iter().map(|(session, _)| session.account_id).collect();
    let identities = account::identities(tx, &accounts)?;
    let identity = |session: &Session| identities.get(&session.account_id).cloned().unwrap_or_default();
    Ok(found.into_iter().map(|(session, wish)| Astray { identity: identity(&session), session, wish }).collect())
}

/// A switch was asked: keeps what came of it in the audit trail, and the speed that the session has now.
pub fn asked(app: &Arc<App>, astray: &Astray, nas: &str, outcome: &str, is_done: bool) -> Ticket<Result<()>> {
    let now = app.now();
    let audit_id = match app.id(now) {
        Ok(audit_id) => audit_id,
        Err(problem) => return Ticket::ready(Err(problem)),
    };
    let (session, wish) = (&astray.session, astray.wish);
    let (customer_id, session_id) = (session.customer_id, session.session_id);
    let (action, why) = match wish {
        Wish::End(why) => ("session.end", Some(why)),
        Wish::Speed(_) => ("session.change_speed", None),
    };
    let speed = match wish {
        Wish::Speed(speed) => Some(speed.code()),
        Wish::End(_) => None,
    };
    let detail = json!({ "session_id": session_id, "session": session.key, "account_id": session.account_id, "nas": nas, "speed": speed,
        "because": why, "outcome": outcome })
    .to_string();
    app.database.write(move |tx| {
        if let Wish::Speed(speed) = wish
            && is_done
        {
            session::set_limited_at(tx, customer_id, session_id, Some(now).filter(|_| speed == Speed::Limited))?;
        }
        Ok(audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: "system", action, detail: &detail })?)
    })
}

/// Staff want an open session to end: its switch is asked within a second or two, and again until it has ended.
pub fn disconnect(app: &Arc<App>, context: &Context, session_id: Id, render: Render<SessionView>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::SessionDisconnect).and_then(|()| {
        let now = app.now();
        Ok((now, app.ids::<3>(now)?))
    });
    let (now, [audit_id, event_id, request_id]) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let context = context.clone();
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let found = session::load(tx, session_id)?.ok_or(Error::NotFound("session"))?;
            let customer_id = found.session.customer_id;
            customer::lock(tx, customer_id)?;
            let owner = customer::load_one(tx, customer_id)?.ok_or(Error::NotFound("session"))?;
            in_scope(&context.actor, &owner).map_err(|_| Error::NotFound("session"))?;
            let asker = nas_of_session(&found.session.key).map(|nas_id| nas::load(tx, nas_id)).transpose()?.flatten();
            if asker.is_none_or(|nas| nas.dynamic_authorization_port.is_none()) {
                return Err(UsageRefusal::NotDisconnectable.into());
            }
            session::want_end(tx, customer_id, session_id, now)?;
            // It may have ended since it was looked at.
            let running = session::load(tx, session_id)?.ok_or(Error::NotFound("session"))?;
            let (actor, action) = (context.actor.label(), Permission::SessionDisconnect.code());
            let detail = json!({ "session_id": session_id, "session": running.session.key }).to_string();
            audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action, detail: &detail })?;
            let event_type = "session.disconnect_wanted";
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type, payload: &detail, created_at: now })?;
            let account_id = running.session.account_id;
            let account_identity = account::identities(tx, &[account_id])?.remove(&account_id);
            Ok(render(&SessionView { running, customer_name: owner.name, account_identity }))
        })
    })
}
