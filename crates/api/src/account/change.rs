//! Owns the routes by which an account is changed and ended.
//! Does not own: its password (password.rs), its products (product.rs), and what is allowed (usecase).

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use trunkline_usecase::account::{self, AccountChange};

use super::{AccountBody, rendered};
use crate::ApiState;
use crate::answer::{Rendered, wait};
use crate::body::{PathId, Write};
use crate::error::Problem;
use crate::value::{Amount, Moment, given};

/// What is to be changed. A field that is left out stays; null takes its value away. Identity and model never change.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "blocked": true, "expires_at": null }))]
pub struct AccountChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    blocked: Option<bool>,
    /// false activates an account that was made inactive.
    inactive: Option<bool>,
    /// Credit accounts: a limit of their own.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Amount>")]
    credit_limit: Option<Option<Amount>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Moment>")]
    active_from: Option<Option<Moment>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Moment>")]
    expires_at: Option<Option<Moment>>,
    /// Days after the first use.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 36_500))]
    life_time_days: Option<Option<i64>>,
    /// Days after the last use.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 36_500))]
    idle_days_max: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 64))]
    batch: Option<Option<String>>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<AccountChangeBody>,
) -> Result<Rendered<AccountBody>, Problem> {
    let body = write.body;
    let change = AccountChange {
        version: body.version,
        blocked: body.blocked,
        inactive: body.inactive,
        credit_limit: body.credit_limit.map(|limit| limit.map(|amount| amount.0)),
        active_from: body.active_from.map(|from| from.map(|moment| moment.0)),
        expires_at: body.expires_at.map(|at| at.map(|moment| moment.0)),
        life_time_days: body.life_time_days,
        idle_days_max: body.idle_days_max,
        batch: body.batch,
        password: None,
        product_id: None,
    };
    Ok(Rendered::new(wait(account::update(&state.app, &write.context, id, change, rendered)).await?))
}

/// How an account ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "release_dids": true }))]
pub struct AccountEndBody {
    /// Its DID numbers go back into the pool. false where left out.
    release_dids: Option<bool>,
}

/// Ends an account for good.
pub async fn terminate(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<AccountEndBody>,
) -> Result<Rendered<AccountBody>, Problem> {
    let release_dids = write.body.release_dids.unwrap_or(false);
    Ok(Rendered::new(wait(account::terminate(&state.app, &write.context, id, release_dids, rendered)).await?))
}
