//! Owns the routes by which a switch has usage authorized and charged, the list of open sessions, and their shapes.
//! Does not own: staff's own sessions (session.rs) and what is decided (usecase/session.rs).

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::session::Proof;
use trunkline_usecase::session::{self, Decision, End, Progress, SessionKey, SessionView, UsageNew};

use crate::ApiState;
use crate::answer::{Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::customer::shape::Named;
use crate::error::Problem;
use crate::page::rows_wanted;
use crate::reference::Items;
use crate::value::{Amount, Moment};
use crate::word;

/// How sessions of this face begin their keys.
const SOURCE: &str = "api";

/// What usage is about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageBody {
    /// Of the account: a number, user@domain, an address.
    #[schemars(length(min = 1, max = 128))]
    identity: String,
    /// voice where left out.
    service: Option<word::Service>,
    /// As the account sees it; outgoing where left out.
    direction: Option<word::Direction>,
    #[schemars(length(min = 1, max = 128))]
    cli: Option<String>,
    /// Where to: a number as it is dialled abroad.
    #[schemars(length(min = 1, max = 128))]
    cld: String,
}

impl UsageBody {
    fn wanted(self, reauthorizes: bool, units: Option<u64>) -> UsageNew {
        UsageNew {
            identity: self.identity,
            service: self.service.map_or(Service::Voice, |service| service.0),
            direction: self.direction.map_or(Direction::Outgoing, |direction| direction.0),
            cli: self.cli,
            cld: self.cld,
            reauthorizes,
            units_wanted: units,
            // Who asks has signed in.
            proof: Proof::Vouched,
        }
    }
}

fn key(session: String) -> SessionKey {
    SessionKey { source: SOURCE.to_owned(), session }
}

/// What was decided. A repeat gets the same.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct DecisionBody {
    /// Of the session.
    pub id: Id,
    /// Usage may go on.
    pub open: bool,
    /// Units from the beginning of the session on: seconds, messages, kilobytes.
    pub granted_units: u64,
    /// What the customer is told: surcharges that are unannounced are left out.
    pub announced_units: u64,
    /// There is no money for more now.
    pub last: bool,
    /// At a lower speed.
    pub slow: bool,
    pub used_units: u64,
    /// What the customer or its account was charged.
    pub charged: Amount,
}

async fn decided(asked: Result<Decision, trunkline_usecase::error::Error>) -> Result<Json<DecisionBody>, Problem> {
    let answer = wait(asked?).await?;
    Ok(Json(DecisionBody {
        id: answer.session_id,
        open: answer.is_open,
        granted_units: answer.granted_units,
        announced_units: answer.announced_units,
        last: answer.is_last,
        slow: answer.is_slow,
        used_units: answer.used_units,
        charged: Amount(answer.charged),
    }))
}

/// May it begin?
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "session": "7f3a", "usage": { "identity": "15550100", "cld": "442071234567" }, "reauthorizes": true }))]
pub struct AuthorizeBody {
    /// What the switch calls it: the same for all that is said of it.
    #[schemars(length(min = 1, max = 128))]
    session: String,
    usage: UsageBody,
    /// More will be asked for in time: slices are granted, so that several sessions share one balance. Otherwise all that the money allows.
    #[serde(default)]
    reauthorizes: bool,
    /// Units to be granted at once in place of the usual slice.
    units: Option<u64>,
    /// How often the switch will report; one that misses three reports counts as lost.
    #[schemars(range(min = 10, max = 86_400))]
    interim_seconds: Option<i64>,
}

/// Reports come every 10 seconds to every day.
fn interim(seconds: Option<i64>) -> Result<Option<i64>, Problem> {
    match seconds {
        Some(seconds) if !(10..=86_400).contains(&seconds) => Err(Problem::field("interim_seconds", "out_of_range", "10 to 86400")),
        seconds => Ok(seconds),
    }
}

pub async fn authorize(State(state): State<ApiState>, write: Write<AuthorizeBody>) -> Result<Json<DecisionBody>, Problem> {
    let body = write.body;
    let usage = body.usage.wanted(body.reauthorizes, body.units);
    let interim = interim(body.interim_seconds)?;
    decided(session::authorize(&state.app, &write.context, &key(body.session), &usage, interim)).await
}

/// It has begun, or goes on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "session": "7f3a", "usage": { "identity": "15550100", "cld": "442071234567" }, "used_units": 120, "more": true }))]
pub struct ReportBody {
    #[schemars(length(min = 1, max = 128))]
    session: String,
    /// For a session that was not authorized.
    usage: Option<UsageBody>,
    started_at: Option<Moment>,
    /// From the beginning of the session on.
    #[serde(default)]
    used_units: u64,
    /// Ask for more.
    #[serde(default)]
    more: bool,
    /// Units to be granted at once in place of the usual slice.
    units: Option<u64>,
    #[schemars(range(min = 10, max = 86_400))]
    interim_seconds: Option<i64>,
}

pub async fn report(State(state): State<ApiState>, write: Write<ReportBody>) -> Result<Json<DecisionBody>, Problem> {
    let body = write.body;
    let usage = body.usage.map(|usage| usage.wanted(true, body.units));
    let progress = Progress {
        started_at: body.started_at.map(|moment| moment.0),
        is_start_told: false,
        used_units: body.used_units,
        wants_more: body.more,
        units_wanted: body.units,
    };
    let interim = interim(body.interim_seconds)?;
    decided(session::report(&state.app, &write.context, &key(body.session), usage.as_ref(), &progress, interim)).await
}

/// It has ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "session": "7f3a", "usage": { "identity": "15550100", "cld": "442071234567" }, "used_units": 95, "cause": "16" }))]
pub struct StopBody {
    #[schemars(length(min = 1, max = 128))]
    session: String,
    /// For a session of which nothing is known.
    usage: Option<UsageBody>,
    started_at: Option<Moment>,
    /// Now where left out.
    ended_at: Option<Moment>,
    used_units: u64,
    /// As the switch names it, such as a code of Q.850.
    #[schemars(length(max = 128))]
    cause: Option<String>,
}

pub async fn stop(State(state): State<ApiState>, write: Write<StopBody>) -> Result<Json<DecisionBody>, Problem> {
    let body = write.body;
    let usage = body.usage.map(|usage| usage.wanted(false, None));
    let end = End {
        started_at: body.started_at.map(|moment| moment.0),
        is_start_told: false,
        ended_at: body.ended_at.map(|moment| moment.0),
        used_units: Some(body.used_units),
        cause: body.cause,
    };
    decided(session::stop(&state.app, &write.context, &key(body.session), usage.as_ref(), &end)).await
}

/// All at once, if the money allows all of it: messages, single items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "session": "m-1", "usage": { "identity": "15550100", "service": "message", "cld": "442071234567" }, "units": 1 }))]
pub struct EventBody {
    #[schemars(length(min = 1, max = 128))]
    session: String,
    usage: UsageBody,
    #[schemars(range(min = 1, max = 1_000_000_000))]
    units: u64,
}

pub async fn event(State(state): State<ApiState>, write: Write<EventBody>) -> Result<Json<DecisionBody>, Problem> {
    let body = write.body;
    let usage = body.usage.wanted(false, None);
    decided(session::event(&state.app, &write.context, &key(body.session), &usage, body.units)).await
}

/// A session that is open.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct SessionBody {
    pub id: Id,
    pub customer: Named,
    pub account_id: Id,
    /// What the switch calls it, after its own name.
    pub session: String,
    #[schemars(with = "word::Service")]
    pub service: String,
    #[schemars(with = "word::Direction")]
    pub direction: String,
    pub cli: Option<String>,
    pub cld: String,
    pub emergency: bool,
    pub opened_at: Moment,
    /// null: it was authorized and has not begun.
    pub started_at: Option<Moment>,
    pub used_units: u64,
    pub granted_units: u64,
    /// Without another word of it, it counts as lost then.
    pub expires_at: Moment,
    /// Since when it has the limited speed; null: it has the full one.
    pub limited_at: Option<Moment>,
    /// Since when staff want it to end, and its switch is asked to.
    pub end_wanted_at: Option<Moment>,
}

impl SessionBody {
    fn of(view: &SessionView) -> SessionBody {
        let running = &view.running;
        let session = &running.session;
        SessionBody {
            id: session.session_id,
            customer: Named { id: session.customer_id, name: view.customer_name.clone() },
            account_id: session.account_id,
            session: session.key.clone(),
            service: session.service.code().to_owned(),
            direction: session.direction.code().to_owned(),
            cli: session.cli.clone(),
            cld: session.cld.clone(),
            emergency: session.is_emergency,
            opened_at: Moment(session.opened_at),
            started_at: session.started_at.map(Moment),
            used_units: session.used_units,
            granted_units: session.granted_units,
            expires_at: Moment(session.expires_at),
            limited_at: running.limited_at.map(Moment),
            end_wanted_at: running.end_wanted_at.map(Moment),
        }
    }
}

/// Which open sessions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionQuery {
    customer_id: Option<Id>,
    /// The id of the last one that was seen.
    after: Option<Id>,
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
}

/// Those that are open, the oldest first.
pub async fn list(State(state): State<ApiState>, read: Read<SessionQuery>) -> Result<Json<Items<SessionBody>>, Problem> {
    let query = read.query;
    let limit = rows_wanted(query.limit)?;
    let found = wait(session::list(&state.app, &read.context, query.customer_id, query.after, limit)).await?;
    Ok(Json(Items { items: found.iter().map(SessionBody::of).collect() }))
}

fn rendered(view: &SessionView) -> String {
    render(&SessionBody::of(view))
}

/// Has its switch end a session. It goes on to be listed until the switch reports its end.
pub async fn disconnect(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<Rendered<SessionBody>, Problem> {
    Ok(Rendered::new(wait(session::disconnect(&state.app, &write.context, id, rendered)).await?))
}
