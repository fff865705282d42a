//! Owns finding out who asks: a bearer token, `auth_info` in each of its forms, or the cookies that signing in sets.
//! Does not own: signing in (usecase/login.rs), and what the person may do (usecase).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::login::{self, Face, SignedIn};
use trunkline_usecase::{Actor, Client};

use crate::error::Fault;
use crate::fields::Fields;
use crate::limits;
use crate::state::PortaState;

pub const SESSION_COOKIE: &str = "session_id";
pub const TOKEN_COOKIE: &str = "access_token";

/// What a request offers to be known by, the best first. Cannot be printed, so that no log gets it.
pub enum Credential {
    AccessToken(String),
    SessionId(String),
    Password { login: String, password: String },
}

/// The credential of a request, if it has one.
pub fn credential(headers: &HeaderMap, auth_info: Option<&Fields>) -> Result<Option<Credential>, Fault> {
    if let Some(auth_info) = auth_info
        && let Some(found) = of_fields(auth_info)?
    {
        return Ok(Some(found));
    }
    if let Some(token) = bearer(headers) {
        return Ok(Some(Credential::AccessToken(token)));
    }
    Ok(of_cookies(headers))
}

/// The credential in `auth_info`, or in the parameters of the methods about sessions.
pub fn of_fields(fields: &Fields) -> Result<Option<Credential>, Fault> {
    if let Some(token) = fields.text_given("access_token")? {
        return Ok(Some(Credential::AccessToken(token)));
    }
    if let Some(session_id) = fields.text_given("session_id")? {
        return Ok(Some(Credential::SessionId(session_id)));
    }
    let Some(login) = fields.text_given("login")? else { return Ok(None) };
    match fields.text("password")? {
        Some(password) => Ok(Some(Credential::Password { login, password })),
        None if fields.is_given("token") => {
            let text = "staff have no API tokens here; sign in with the password, or send an access_token";
            Err(Fault::of_service("token_unsupported", text))
        }
        None => Err(Fault::login_failed()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn of_cookies(headers: &HeaderMap) -> Option<Credential> {
    // A browser sends cookies along with whatever page makes it ask; only a page of ours may act for its user.
    let is_foreign = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    if is_foreign {
        return None;
    }
    let cookie = |wanted: &str| {
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, value)| *name == wanted && !value.is_empty()).map(|(_, value)| value.to_owned())
    };
    cookie(TOKEN_COOKIE).map(Credential::AccessToken).or_else(|| cookie(SESSION_COOKIE).map(Credential::SessionId))
}

/// Who a credential belongs to.
pub async fn asker(state: &PortaState, client: &Client, credential: Option<Credential>) -> Result<Actor, Fault> {
    match credential {
        None => Err(Fault::not_signed_in("sign in first: Session/login gives an access token and a session id")),
        Some(Credential::AccessToken(token)) => of_session(state, session_of(state, &token).await?).await,
        Some(Credential::SessionId(session_id)) => of_session(state, session_id).await,
        Some(Credential::Password { login, password }) => of_password(state, client, login, password).await,
    }
}

/// The session that an access token names, if we signed it and its time is not over.
pub async fn session_of(state: &PortaState, token: &str) -> Result<String, Fault> {
    let refused = || Fault::not_signed_in("the access token is not valid, or no longer; sign in again");
    if token.len() > limits::TOKEN_BYTES_MAX {
        return Err(refused());
    }
    let claims = state.keys().await?.check(token, state.app.now());
    claims.map(|claims| claims.jti).ok_or_else(refused)
}

async fn of_session(state: &PortaState, session_id: String) -> Result<Actor, Fault> {
    if session_id.len() > limits::TOKEN_BYTES_MAX {
        return Err(Fault::not_signed_in("the session id is not valid; sign in again"));
    }
    Ok(login::check(&state.app, &session_id, Face::Porta).await??.actor)
}

/// Callers that send their password with each request are signed in once and remembered: hashing a password each time
/// would cost us their patience, and the limit on attempts theirs.
async fn of_password(state: &PortaState, client: &Client, login: String, password: String) -> Result<Actor, Fault> {
    let key = state.remembered.key(&login, &password);
    if let Some(session_id) = state.remembered.find(&key, state.app.now()) {
        match of_session(state, session_id).await {
            // Ended meanwhile: the password may still be the right one.
            Err(fault) if fault.is_not_signed_in() => {}
            outcome => return outcome,
        }
    }
    let signed_in = sign_in(state, client, login, password).await?;
    state.remembered.add(key, &signed_in.token, state.app.now());
    Ok(signed_in.actor)
}

/// Signs somebody in, in turn: a few at a time.
pub async fn sign_in(state: &PortaState, client: &Client, login: String, password: String) -> Result<SignedIn, Fault> {
    let overloaded = || Fault::new("overloaded", "too many are signing in at this moment; try again");
    let _waiting = state.sign_ins.waiting.try_acquire().map_err(|_| overloaded())?;
    let _turn = state.sign_ins.at_once.acquire().await.map_err(|_| overloaded())?;
    let (app, address) = (Arc::clone(&state.app), client.address.clone());
    let work = tokio::task::spawn_blocking(move || login::sign_in(&app, &login, &password, Face::Porta, &address));
    Ok(work.await.map_err(|_| Fault::internal("sign in"))??)
}

/// The sessions of callers that send their password each time, found by a digest that only this process can make.
pub struct Remembered {
    secret: [u8; 32],
    sessions: Mutex<HashMap<[u8; 32], (String, Timestamp)>>,
}

impl Default for Remembered {
    fn default() -> Remembered {
        Remembered { secret: rand::random(), sessions: Mutex::default() }
    }
}

impl Remembered {
    fn key(&self, login: &str, password: &str) -> [u8; 32] {
        let length = login.len().to_be_bytes();
        Sha256::new().chain_update(self.secret).chain_update(length).chain_update(login).chain_update(password).finalize().into()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], (String, Timestamp)>> {
        self.sessions.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn find(&self, key: &[u8; 32], now: Timestamp) -> Option<String> {
        self.lock().get(key).filter(|(_, until)| now < *until).map(|(session_id, _)| session_id.clone())
    }

    fn add(&self, key: [u8; 32], session_id: &str, now: Timestamp) {
        let mut sessions = self.lock();
        if sessions.len() >= limits::LOGINS_REMEMBERED_MAX {
            sessions.retain(|_, (_, until)| now < *until);
        }
        if sessions.len() < limits::LOGINS_REMEMBERED_MAX {
            sessions.insert(key, (session_id.to_owned(), now.plus_seconds(limits::LOGINS_REMEMBERED_SECONDS)));
        }
    }
}
