//! Owns signing in and out here: the cookie, and what the page needs to know of the person.
//! Does not own: passwords and tokens (usecase/login.rs).

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::{Actor, Client, login};

use crate::ApiState;
use crate::answer::{blocking, wait};
use crate::auth::{Asker, COOKIE, refuse_foreign_page, token_of};
use crate::body::{document_body, read_open};
use crate::error::Problem;
use crate::value::Moment;
use crate::word;

/// The person who is signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct SessionStaff {
    pub id: Option<Id>,
    pub login: String,
    pub name: String,
    #[schemars(with = "word::Role")]
    pub role: String,
    /// Staff of a reseller: the reseller.
    pub reseller_id: Option<Id>,
}

/// Who is signed in, until when, and what the role may do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Session {
    pub staff: SessionStaff,
    pub expires_at: Moment,
    /// Names of what the role includes, such as `customer.create`.
    #[schemars(with = "Vec<word::Permission>")]
    pub permissions: Vec<String>,
    /// The server's clock.
    pub server_time: Moment,
    pub version: String,
    /// For programs: send it as a bearer token. Only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

// Cannot be printed, so that no log gets the password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "login": "mira", "password": "correct horse battery", "bearer": true }))]
pub struct SignIn {
    #[schemars(length(max = 64))]
    pub login: String,
    #[schemars(length(max = 256))]
    pub password: String,
    /// Answer with a bearer token in place of setting a cookie.
    #[serde(default)]
    pub bearer: bool,
}

fn session(actor: &Actor, expires_at: Timestamp, now: Timestamp, token: Option<String>) -> Session {
    Session {
        staff: SessionStaff {
            id: actor.staff_id,
            login: actor.login.clone(),
            name: actor.name.clone(),
            role: actor.role.code().to_owned(),
            reseller_id: actor.reseller_id,
        },
        expires_at: Moment(expires_at),
        permissions: actor.permissions().into_iter().map(str::to_owned).collect(),
        server_time: Moment(now),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        token,
    }
}

/// The body of a request to sign in.
pub struct SignInRequest {
    client: Client,
    body: SignIn,
}

impl<S: Send + Sync> FromRequest<S> for SignInRequest {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<SignInRequest, Problem> {
        let (parts, body) = request.into_parts();
        let client = parts.extensions.get::<Client>().cloned().unwrap_or_default();
        Ok(SignInRequest { client, body: read_open(Request::from_parts(parts, body)).await? })
    }
}

impl aide::OperationInput for SignInRequest {
    fn operation_input(context: &mut aide::generate::GenContext, operation: &mut aide::openapi::Operation) {
        document_body::<SignIn>(context, operation);
    }
}

pub async fn sign_in(State(state): State<ApiState>, request: SignInRequest) -> Result<Response, Problem> {
    let SignInRequest { client, body } = request;
    let app = state.app.clone();
    let signed = blocking(move || login::sign_in(&app, &body.login, &body.password, login::Face::Native, &client.address)).await?;
    let token = body.bearer.then(|| signed.token.clone());
    let answer = session(&signed.actor, signed.expires_at, state.app.now(), token);
    let mut response = Json(answer).into_response();
    if !body.bearer {
        set_cookie(&mut response, &signed.token, login::NATIVE_HOURS * 3_600, client.is_secure)?;
    }
    Ok(response)
}

fn set_cookie(response: &mut Response, token: &str, seconds: i64, is_secure: bool) -> Result<(), Problem> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let value = HeaderValue::from_str(&text)
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed to set a cookie."))?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

pub async fn current(State(state): State<ApiState>, asker: Asker) -> Json<Session> {
    Json(session(&asker.actor, asker.expires_at, state.app.now(), None))
}

/// Signs out, and takes the cookie away. Whoever is not signed in is signed out already.
pub async fn sign_out(State(state): State<ApiState>, headers: axum::http::HeaderMap) -> Result<Response, Problem> {
    if let Some((token, is_cookie)) = token_of(&headers) {
        if is_cookie {
            refuse_foreign_page(&headers)?;
        }
        wait(login::sign_out(&state.app, &token)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, "", 0, false)?;
    Ok(response)
}
