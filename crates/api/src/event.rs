//! Owns the route from which others fetch events.
//! Does not own: pushing them.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::event;

use crate::ApiState;
use crate::answer::wait;
use crate::body::Read;
use crate::error::Problem;
use crate::value::Moment;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// The id of the last event that was seen; 0 for the beginning.
    after: Option<Id>,
    #[schemars(range(min = 1, max = 1000))]
    limit: Option<usize>,
}

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventBody {
    pub id: Id,
    /// Such as `customer.balance_changed`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// 0 where it is about no customer.
    pub customer_id: Id,
    pub at: Moment,
    pub data: Value,
}

/// Events in the order of their ids.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventPageBody {
    pub items: Vec<EventBody>,
    /// What to send as `after` next time.
    pub next: Id,
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<EventPageBody>, Problem> {
    let after = read.query.after.unwrap_or(0);
    let found = wait(event::list(&state.app, &read.context, after, read.query.limit.unwrap_or(100))).await?;
    let items: Vec<EventBody> = found
        .into_iter()
        .map(|event| EventBody {
            id: event.event_id,
            event_type: event.event_type,
            customer_id: event.customer_id,
            at: Moment(event.created_at),
            data: serde_json::from_str(&event.payload).unwrap_or(Value::Null),
        })
        .collect();
    Ok(Json(EventPageBody { next: items.last().map_or(after, |event| event.id), items }))
}
