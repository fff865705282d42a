//! Owns the routes of NASes and their shapes.
//! Does not own: speaking with them (radius).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::nas::Nas;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::nas::{self, NasChange, NasNew, NasSettings};

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::reference::Items;
use crate::value::{Moment, given};
use crate::word;

/// A switch or an access server that asks over RADIUS. Its secret is never told.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct NasBody {
    pub id: Id,
    pub name: String,
    /// Where its packets come from: an address or a network.
    pub network: String,
    /// Its NAS-Identifier, where several share an address.
    pub identifier: Option<String>,
    /// It asks anew before the granted time is over, so that several sessions can share what a customer has.
    pub reauthorizes: bool,
    /// How often it is told to report a session.
    pub interim_interval_seconds: Option<i64>,
    /// An Access-Request without Message-Authenticator is dropped.
    pub message_authenticator_required: bool,
    /// Attributes of its replies; null: those that come with the program.
    pub reply_template: Option<Vec<String>>,
    /// Where it takes requests to end or change a session (RFC 5176).
    pub dynamic_authorization_port: Option<u16>,
    pub created_at: Moment,
    pub changed_at: Moment,
    pub version: i64,
}

impl NasBody {
    fn of(nas: &Nas) -> NasBody {
        NasBody {
            id: nas.nas_id,
            name: nas.name.clone(),
            network: nas.network.to_string(),
            identifier: nas.identifier.clone(),
            reauthorizes: nas.reauthorizes,
            interim_interval_seconds: nas.interim_interval_seconds,
            message_authenticator_required: nas.message_authenticator_required,
            reply_template: nas.reply_template.clone(),
            dynamic_authorization_port: nas.dynamic_authorization_port,
            created_at: Moment(nas.created_at),
            changed_at: Moment(nas.changed_at),
            version: nas.version,
        }
    }
}

fn rendered(nas: &Nas) -> String {
    render(&NasBody::of(nas))
}

pub async fn list(State(state): State<ApiState>, read: Read<Empty>) -> Result<Json<Items<NasBody>>, Problem> {
    let nases = wait(nas::list(&state.app, &read.context)).await?;
    Ok(Json(Items { items: nases.iter().map(NasBody::of).collect() }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<NasBody>, Problem> {
    Ok(Json(NasBody::of(&wait(nas::get(&state.app, &read.context, id)).await?)))
}

/// A NAS to be made.
// Cannot be printed, so that no log gets the secret; nor can a change.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "name": "Switch 1", "network": "192.0.2.10", "secret": "b2f0c1a97d5e4c3f", "interim_interval_seconds": 300,
    "reply_template": ["Session-Timeout = {seconds}", "h323-return-code = h323-return-code={return_code}"]
}))]
pub struct NasNewBody {
    #[schemars(length(min = 1, max = 100))]
    name: String,
    #[schemars(length(max = 64))]
    network: String,
    #[schemars(length(min = 8, max = 128))]
    secret: String,
    #[schemars(length(max = 128))]
    identifier: Option<String>,
    /// false where left out.
    reauthorizes: Option<bool>,
    #[schemars(range(min = 60, max = 86400))]
    interim_interval_seconds: Option<i64>,
    /// true where left out.
    message_authenticator_required: Option<bool>,
    /// At most 32 lines such as `Session-Timeout = {seconds}`. A line with a value that a reply does not have is left out.
    reply_template: Option<Vec<String>>,
    #[schemars(range(min = 1, max = 65535))]
    dynamic_authorization_port: Option<i64>,
}

pub async fn create(State(state): State<ApiState>, write: Write<NasNewBody>) -> Result<Created<NasBody>, Problem> {
    let body = write.body;
    let settings = NasSettings {
        identifier: Some(body.identifier),
        reauthorizes: body.reauthorizes,
        interim_interval_seconds: Some(body.interim_interval_seconds),
        message_authenticator_required: body.message_authenticator_required,
        reply_template: Some(body.reply_template),
        dynamic_authorization_port: Some(body.dynamic_authorization_port),
    };
    let new = NasNew { name: body.name, network: body.network, secret: Secret::new(body.secret), settings };
    Ok(Created::new(wait(nas::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays; null takes its value away.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "reauthorizes": true, "reply_template": null }))]
pub struct NasChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    #[schemars(length(max = 64))]
    network: Option<String>,
    #[schemars(length(min = 8, max = 128))]
    secret: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 128))]
    identifier: Option<Option<String>>,
    reauthorizes: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 60, max = 86400))]
    interim_interval_seconds: Option<Option<i64>>,
    message_authenticator_required: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Vec<String>>")]
    reply_template: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 65535))]
    dynamic_authorization_port: Option<Option<i64>>,
}

pub async fn update(State(state): State<ApiState>, PathId(id): PathId, write: Write<NasChangeBody>) -> Result<Rendered<NasBody>, Problem> {
    let body = write.body;
    let settings = NasSettings {
        identifier: body.identifier,
        reauthorizes: body.reauthorizes,
        interim_interval_seconds: body.interim_interval_seconds,
        message_authenticator_required: body.message_authenticator_required,
        reply_template: body.reply_template,
        dynamic_authorization_port: body.dynamic_authorization_port,
    };
    let secret = body.secret.map(Secret::new);
    let change = NasChange { version: body.version, name: body.name, network: body.network, secret, settings };
    Ok(Rendered::new(wait(nas::update(&state.app, &write.context, id, change, rendered)).await?))
}

/// Deletes a NAS.
pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    wait(nas::delete(&state.app, &write.context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
