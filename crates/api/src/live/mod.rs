//! Owns the route that tells a page what changes while it is looked at (server-sent events).
//! Does not own: looking for changes (hub.rs), and what a row says (customer/shape.rs).

pub mod hub;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::{Instant, interval_at, timeout};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::error::Error;
use trunkline_usecase::{Actor, App, customer, login};

use crate::ApiState;
use crate::answer::wait;
use crate::auth::token_of;
use crate::body::Read;
use crate::error::Problem;
use crate::limits::{LIVE_CHECK_EVERY, LIVE_HEARTBEAT_EVERY, LIVE_PARTS_MAX, LIVE_PAUSE_MAX, ROWS_MAX};
use crate::stream::{Sender, body};
use hub::{News, Seat};

/// A proxy that keeps what comes until it has some of it would keep it for ever.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");
/// After a restart browsers come back in the course of these seconds, not all at once.
const COMES_BACK_WITHIN_SECONDS: u64 = 4;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// Ids of the customers that are shown, separated by commas; at most 250.
    #[schemars(length(max = 5000), regex(pattern = "^[0-9]{1,16}(,[0-9]{1,16})*$"))]
    customers: Option<String>,
}

impl LiveQuery {
    fn ids(&self) -> Result<Vec<Id>, Problem> {
        let Some(text) = &self.customers else { return Ok(Vec::new()) };
        let ids: Result<Vec<Id>, _> = text.split(',').map(str::parse).collect();
        let ids = ids.map_err(|_| Problem::field("customers", "malformed", "ids, separated by commas"))?;
        if ids.len() > ROWS_MAX {
            return Err(Problem::field("customers", "too_many", format!("at most {ROWS_MAX}")));
        }
        Ok(ids)
    }
}

pub async fn listen(State(state): State<ApiState>, headers: HeaderMap, read: Read<LiveQuery>) -> Result<Response, Problem> {
    let (ids, actor) = (read.query.ids()?, read.context.actor.clone());
    let Some(seat) = state.live.join(&state.app, &ids, actor.scope(), actor.staff_id) else {
        let detail = "So many pages listen for changes that this one cannot; it works without, and can try again later.";
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_listeners", detail);
        return Err(Problem { retry_after_seconds: Some(60), ..problem });
    };
    // What changes from here on is noted already.
    seat.begin(wait(customer::watch(&state.app, &read.context, ids)).await?);
    let token = token_of(&headers).map(|(token, _)| token).unwrap_or_default();
    let (sender, body) = body(LIVE_PARTS_MAX);
    let app = Arc::clone(&state.app);
    tokio::spawn(async move {
        tokio::select! {
            () = sender.closed() => {}
            () = seat.stopped() => {}
            () = tell(&app, &seat, &sender, &token, &actor) => {}
        }
    });
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(UNBUFFERED, HeaderValue::from_static("no"));
    Ok(response)
}

/// Sends what there is to tell, until the login ends or the client takes nothing any more.
async fn tell(app: &Arc<App>, seat: &Seat, sender: &Sender, token: &str, actor: &Actor) {
    let mut check = interval_at(Instant::now() + LIVE_CHECK_EVERY, LIVE_CHECK_EVERY);
    let mut heartbeat = interval_at(Instant::now() + LIVE_HEARTBEAT_EVERY, LIVE_HEARTBEAT_EVERY);
    let mut part = format!("retry: {}\n\n", 1_000 + seat.number % COMES_BACK_WITHIN_SECONDS * 1_000);
    loop {
        // What changes while this one is slow comes together in its box.
        if !matches!(timeout(LIVE_PAUSE_MAX, sender.send(Ok(Bytes::from(part)))).await, Ok(Ok(()))) {
            return;
        }
        part = tokio::select! {
            news = seat.news() => events(news),
            // An event and no comment: a page sees it, and can tell silence from a lost connection.
            _ = heartbeat.tick() => "event: here\ndata: {}\n\n".to_owned(),
            () = over(app, token, actor, &mut check) => {
                // Whoever takes nothing is not told.
                drop(sender.try_send(Ok(Bytes::from_static(b"event: signed_out\ndata: {}\n\n"))));
                return;
            }
        };
    }
}

/// Waits until the login has ended, or is another one than at the beginning.
async fn over(app: &Arc<App>, token: &str, actor: &Actor, check: &mut tokio::time::Interval) {
    loop {
        check.tick().await;
        match login::check(app, token, login::Face::Native).await {
            Ok(Ok(checked)) if checked.actor == *actor => {}
            Ok(Ok(_) | Err(Error::Unauthenticated)) => return,
            // A database that does not answer now ends nobody's login.
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

fn events(news: News) -> String {
    let mut text = String::new();
    if news.refetch {
        text.push_str("event: refetch\ndata: {}\n\n");
    }
    if !news.rows.is_empty() || !news.gone.is_empty() {
        let items: Vec<&str> = news.rows.values().map(AsRef::as_ref).collect();
        let gone: Vec<String> = news.gone.iter().map(Id::to_string).collect();
        text.push_str(&format!("event: customers\ndata: {{\"items\":[{}],\"gone\":[{}]}}\n\n", items.join(","), gone.join(",")));
    }
    for (id, version) in news.views {
        text.push_str(&format!("event: saved_view\ndata: {{\"id\":{id},\"version\":{version}}}\n\n"));
    }
    text
}
