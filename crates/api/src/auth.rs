//! Owns finding out who asks: the session cookie or a bearer token, checked on each request.
//! Does not own: signing in (session.rs), and what the person may do (usecase).

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::{Actor, login};

use crate::ApiState;
use crate::answer::wait;
use crate::error::Problem;

/// The cookie of the browser's login.
pub const COOKIE: &str = "trunkline_session";

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    pub actor: Actor,
    pub expires_at: Timestamp,
}

/// The request's token, and whether it came as a cookie.
pub fn token_of(headers: &HeaderMap) -> Option<(String, bool)> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    if let Some(token) = bearer {
        return Some((token, false));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| (token.to_owned(), true))
}

/// A browser sends the cookie along with whatever page makes it ask. A write must come from a page of ours.
pub fn refuse_foreign_page(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let is_foreign = match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").map(|(_, origin_host)| origin_host) != Some(host),
        (Some(_), None) => true,
        (None, _) => headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none"),
    };
    if is_foreign {
        let detail = "This came from a page of another site. Sign in here, or use a bearer token.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail));
    }
    Ok(())
}

impl<S> FromRequestParts<S> for Asker
where
    ApiState: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asker, Problem> {
        let state = ApiState::from_ref(state);
        let unauthenticated = || Problem::from(trunkline_usecase::error::Error::Unauthenticated);
        let (token, is_cookie) = token_of(&parts.headers).ok_or_else(unauthenticated)?;
        let is_read = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if is_cookie && !is_read {
            refuse_foreign_page(&parts.headers)?;
        }
        let checked = wait(login::check(&state.app, &token, login::Face::Native)).await?;
        Ok(Asker { actor: checked.actor, expires_at: checked.expires_at })
    }
}

impl aide::OperationInput for Asker {}
