//! Owns the route by which an account gets another password. None is ever told.
//! Does not own: what it is compared with (radius).

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use trunkline_usecase::account;
use trunkline_usecase::domain::secret::Secret;

use super::{AccountBody, rendered};
use crate::ApiState;
use crate::answer::{Rendered, wait};
use crate::body::{PathId, Write};
use crate::error::Problem;

/// The password by which switches know whoever uses the account.
// Cannot be printed, so that no log gets it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "password": "7Hd2mQx4Lw" }))]
pub struct PasswordBody {
    /// null takes it away: then the switch vouches for who uses the account.
    #[schemars(length(min = 8, max = 128))]
    password: Option<String>,
}

pub async fn set(State(state): State<ApiState>, PathId(id): PathId, write: Write<PasswordBody>) -> Result<Rendered<AccountBody>, Problem> {
    let password = write.body.password.map(Secret::new);
    Ok(Rendered::new(wait(account::set_password(&state.app, &write.context, id, password, rendered)).await?))
}
