//! Owns the route that moves the test clock. It is there only when the server was started with one.
//! Does not own: the work on the way (usecase/job.rs).

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::job;

use crate::ApiState;
use crate::body::Write;
use crate::error::Problem;
use crate::value::Moment;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "advance_to": "2026-07-01T00:00:00Z" }))]
pub struct AdvanceBody {
    advance_to: Moment,
}

/// Where the clock stands, and how much work was done on the way.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AdvancedBody {
    pub now: Moment,
    pub work_done: usize,
}

/// Answers when all work that was due on the way has been done in its order; that can take longer than other requests may.
pub async fn advance(State(state): State<ApiState>, write: Write<AdvanceBody>) -> Result<Json<AdvancedBody>, Problem> {
    if !has_ids(write.body.advance_to.0) {
        return Err(Problem::field("advance_to", "out_of_range", "a moment before September 2093, when ids end"));
    }
    let app = state.app.clone();
    let work = tokio::task::spawn_blocking(move || job::advance_test_clock(&app, &write.context, write.body.advance_to.0));
    let work_done = work.await.map_err(|_| Problem::from(trunkline_usecase::StorageError::Stopped))??;
    Ok(Json(AdvancedBody { now: Moment(state.app.now()), work_done }))
}

/// Ids can be made at the moment and for a day after it.
fn has_ids(moment: Timestamp) -> bool {
    id::lowest_at(moment.plus_days(1)) < id::lowest_at(moment.plus_days(2))
}
