//! Owns the routes of an account's aliases and their shapes.
//! Does not own: numbers of the inventory (did.rs).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::account::{self, Alias};
use trunkline_usecase::domain::id::Id;

use crate::ApiState;
use crate::answer::{Created, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::reference::Items;
use crate::value::Moment;
use crate::word;

/// A further identity of an account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AliasBody {
    pub id: Id,
    pub account_id: Id,
    pub identity: String,
    /// The number of the inventory that it is.
    pub did_id: Option<Id>,
    pub created_at: Moment,
}

impl AliasBody {
    fn of(alias: &Alias) -> AliasBody {
        AliasBody {
            id: alias.alias_id,
            account_id: alias.account_id,
            identity: alias.identity.clone(),
            did_id: alias.did_id,
            created_at: Moment(alias.created_at),
        }
    }
}

pub async fn list(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<Items<AliasBody>>, Problem> {
    let found = wait(account::aliases(&state.app, &read.context, id)).await?;
    Ok(Json(Items { items: found.iter().map(AliasBody::of).collect() }))
}

/// An alias to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "identity": "office@sip.example" }))]
pub struct AliasNewBody {
    #[schemars(length(min = 1, max = 128))]
    identity: String,
}

pub async fn add(State(state): State<ApiState>, PathId(id): PathId, write: Write<AliasNewBody>) -> Result<Created<AliasBody>, Problem> {
    let rendered = |alias: &Alias| render(&AliasBody::of(alias));
    Ok(Created::new(wait(account::add_alias(&state.app, &write.context, id, write.body.identity, rendered)).await?))
}

/// The alias to be taken away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "alias_id": 317_561_241_600_038_i64 }))]
pub struct AliasGoneBody {
    alias_id: Id,
}

pub async fn remove(State(state): State<ApiState>, PathId(id): PathId, write: Write<AliasGoneBody>) -> Result<StatusCode, Problem> {
    wait(account::remove_alias(&state.app, &write.context, id, write.body.alias_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
