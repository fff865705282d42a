//! Owns the service Session: signing in and out, staying signed in.
//! Does not own: passwords and logins (usecase/login.rs), the form of tokens (token.rs).

use std::sync::Arc;

use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::error::Error;
use trunkline_usecase::{Actor, login as logins};

use crate::auth::{self, Credential, SESSION_COOKIE, TOKEN_COOKIE};
use crate::error::Fault;
use crate::limits;
use crate::reply::{Object, Reply};
use crate::router::{Call, OpenCall};
use crate::state::PortaState;
use crate::token::Claims;

type Answer = Result<Reply, Fault>;

/// The credential that a method about sessions means: in its parameters, or wherever else a request has it.
fn meant(call: &OpenCall) -> Result<Option<Credential>, Fault> {
    match auth::of_fields(&call.fields)? {
        Some(found) => Ok(Some(found)),
        None => auth::credential(&call.headers, call.auth_info.as_ref()),
    }
}

/// `login` with `password`. Answers with the session id, the access token and the token to refresh it with.
pub async fn login(call: OpenCall) -> Answer {
    let offered = match auth::of_fields(&call.fields)? {
        None => call.auth_info.as_ref().map(auth::of_fields).transpose()?.flatten(),
        found => found,
    };
    let Some(Credential::Password { login, password }) = offered else {
        return Err(Fault::login_failed());
    };
    let signed_in = auth::sign_in(&call.state, &call.client, login, password).await?;
    let issued =
        Issued { actor: signed_in.actor, session_id: signed_in.token, refresh: signed_in.refresh_token, expires_at: signed_in.expires_at };
    issued.reply(&call.state).await
}

/// Tokens that are about to be handed out.
struct Issued {
    actor: Actor,
    session_id: String,
    refresh: String,
    expires_at: Timestamp,
}

/// Stands between the session id and the secret in a refresh token; neither has it.
const REFRESH_JOINT: char = '.';

impl Issued {
    async fn reply(self, state: &PortaState) -> Answer {
        let keys = state.keys().await?;
        let now = state.app.now();
        let claims = Claims::of(&self.actor, &self.session_id, now, self.expires_at);
        let signing = tokio::task::spawn_blocking(move || keys.sign(&claims));
        let access_token = signing.await.map_err(|_| Fault::internal("sign"))??;
        let mut out = Object::new(false);
        out.text("session_id", &self.session_id);
        out.text("access_token", &access_token);
        // The request to refresh carries this alone, so it says which session it is for.
        out.text("refresh_token", &format!("{}{REFRESH_JOINT}{}", self.session_id, self.refresh));
        out.text("expires_at", &self.expires_at.to_utc_text());
        out.int("expires_in", self.expires_at.seconds() - now.seconds());
        let cookies = vec![format!("{SESSION_COOKIE}={}", self.session_id), format!("{TOKEN_COOKIE}={access_token}")];
        Ok(Reply { json: out.finish(), cookies })
    }
}

/// Ends the session. One that has ended is out already.
pub async fn logout(call: OpenCall) -> Answer {
    let session_id = match meant(&call)? {
        Some(Credential::SessionId(session_id)) => session_id,
        Some(Credential::AccessToken(token)) => auth::session_of(&call.state, &token).await?,
        Some(Credential::Password { .. }) | None => {
            return Err(Fault::field("session_id", "required", "give the session_id or access_token that is to end"));
        }
    };
    logins::sign_out(&call.state.app, &session_id).await??;
    let cookies = [SESSION_COOKIE, TOKEN_COOKIE].map(|name| format!("{name}=; Max-Age=0"));
    let mut out = Object::new(false);
    out.int("success", 1);
    Ok(Reply { json: out.finish(), cookies: cookies.to_vec() })
}

/// Tells whose session it is; 0 when it is nobody's any more.
pub async fn ping(call: OpenCall) -> Answer {
    let credential = meant(&call)?;
    if matches!(credential, Some(Credential::Password { .. })) {
        return Err(Fault::field("session_id", "required", "give the session_id or access_token that is asked about"));
    }
    let asker = auth::asker(&call.state, &call.client, credential).await;
    let user_id = match asker {
        Ok(actor) => actor.staff_id.unwrap_or(0),
        Err(fault) if fault.is_not_signed_in() => 0,
        Err(fault) => return Err(fault),
    };
    let mut out = Object::new(false);
    out.int("user_id", user_id);
    Ok(out.into())
}

/// A new access token, and a new token to refresh it with: each can be used once.
pub async fn refresh_access_token(call: OpenCall) -> Answer {
    let refused = || Fault::not_signed_in("the refresh token is not valid, or no longer; sign in again");
    let token = call.fields.text_given("refresh_token")?;
    let token = token.ok_or_else(|| Fault::field("refresh_token", "required", "give the one that Session/login answered with"))?;
    if token.len() > limits::TOKEN_BYTES_MAX {
        return Err(refused());
    }
    let (session_id, secret) = token.split_once(REFRESH_JOINT).ok_or_else(refused)?;
    let renewed = logins::refresh(&call.state.app, session_id, secret).await?;
    let (refresh, expires_at) = renewed.map_err(|error| match error {
        Error::Unauthenticated => refused(),
        other => Fault::from(other),
    })?;
    let checked = logins::check(&call.state.app, session_id, logins::Face::Porta).await??;
    Issued { actor: checked.actor, session_id: session_id.to_owned(), refresh, expires_at }.reply(&call.state).await
}

/// Sets another password. All sessions of the caller end.
pub async fn change_password(call: Call) -> Answer {
    let given = |name: &str| call.fields.text(name)?.ok_or_else(|| Fault::field(name, "required", "give it"));
    let (old, new) = (given("old_password")?, given("new_password")?);
    let turn = call.state.sign_ins.at_once.acquire().await;
    let _turn = turn.map_err(|_| Fault::internal("turns"))?;
    let (app, context) = (Arc::clone(&call.state.app), call.context.clone());
    let work = tokio::task::spawn_blocking(move || logins::change_password(&app, &context, &old, &new));
    let outcome = work.await.map_err(|_| Fault::internal("change password"))?;
    outcome.map_err(|error| Fault::with_fields(error, |field| if field == "password" { "new_password" } else { field }))?;
    let mut out = Object::new(false);
    out.int("success", 1);
    out.raw("errors", "{}");
    Ok(out.into())
}
