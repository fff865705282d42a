//! Owns the faults of this face: their words and their one shape, HTTP 500 with `faultcode` and `faultstring`.
//! Does not own: what is refused (domain, usecase).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use trunkline_usecase::StorageError;
use trunkline_usecase::error::{Error, FieldProblem};

use crate::reply::Object;

/// A "no" or a failure, before it is known which method says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: Code,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Code {
    /// A whole code that the vendor's clients know.
    Whole(&'static str),
    /// `Server.<Service>.<word>`.
    OfService(&'static str),
    /// `Server.<Service>.<method>.<word>`.
    OfMethod(String),
}

/// Longest name of a service or method that is repeated to a caller.
const NAME_BYTES_MAX: usize = 64;

/// The vendor's clients sign in again when they read this one.
const NOT_SIGNED_IN: &str = "Server.Session.check_auth.auth_failed";

impl Fault {
    pub fn new(word: impl Into<String>, text: impl Into<String>) -> Fault {
        Fault { code: Code::OfMethod(word.into()), text: text.into() }
    }

    pub fn of_service(word: &'static str, text: impl Into<String>) -> Fault {
        Fault { code: Code::OfService(word), text: text.into() }
    }

    /// A field of the request cannot be taken.
    pub fn field(field: &str, word: &'static str, why: impl std::fmt::Display) -> Fault {
        Fault::new(word, format!("{field}: {why}"))
    }

    /// The login or the password is wrong.
    pub fn login_failed() -> Fault {
        let text = "the login or the password is wrong";
        Fault { code: Code::Whole("Server.Session.auth_failed"), text: text.into() }
    }

    /// Nobody is signed in with what the request carries.
    pub fn not_signed_in(text: impl Into<String>) -> Fault {
        Fault { code: Code::Whole(NOT_SIGNED_IN), text: text.into() }
    }

    pub fn is_not_signed_in(&self) -> bool {
        matches!(self.code, Code::Whole(NOT_SIGNED_IN))
    }

    pub fn internal(place: &'static str) -> Fault {
        tracing::error!(place, "a task ended without an answer");
        Fault::new("internal_error", "something went wrong here; it is in the server's log")
    }

    /// The same fault with the fields of a use case in this face's words.
    pub fn with_fields(error: Error, rename: fn(&str) -> &str) -> Fault {
        match error {
            Error::Invalid(problems) => {
                let renamed = problems.into_iter().map(|problem| FieldProblem { field: rename(&problem.field).to_owned(), ..problem });
                Fault::from(Error::Invalid(renamed.collect()))
            }
            other => Fault::from(other),
        }
    }

    /// The fault as `service` and `method` say it.
    pub fn answer(&self, service: &str, method: &str) -> Response {
        let (service, method) = (shown(service), shown(method));
        let code = match &self.code {
            Code::Whole(code) => (*code).to_owned(),
            Code::OfService(word) => format!("Server.{service}.{word}"),
            Code::OfMethod(word) => format!("Server.{service}.{method}.{word}"),
        };
        let mut out = Object::new(false);
        out.text("faultcode", &code);
        out.text("faultstring", &self.text);
        let body = Body::from(out.finish());
        let mut response = (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A name from the URL is repeated only where it looks like one.
fn shown(name: &str) -> &str {
    let is_name = !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name { name } else { "Request" }
}

fn of_problems(problems: &[FieldProblem]) -> Fault {
    let text: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    let first = problems.first().map(|problem| (problem.field.as_str(), problem.code));
    match first {
        Some(("name", "taken")) => Fault::of_service("duplicate_name", text.join("; ")),
        Some(("id", "taken")) => Fault::of_service("duplicate_id", text.join("; ")),
        Some(("login", "taken")) => Fault::of_service("duplicate_login", text.join("; ")),
        Some((_, code)) => Fault::new(code, text.join("; ")),
        None => Fault::new("validation_failed", "the request cannot be taken"),
    }
}

fn of_storage(error: &StorageError) -> Fault {
    let internal = || {
        tracing::error!(%error, "a request failed");
        Fault::new("internal_error", "something went wrong here; it is in the server's log")
    };
    match error {
        StorageError::Overloaded { .. } => Fault::new("overloaded", error.to_string()),
        StorageError::Conflict => Fault::new("conflict", error.to_string()),
        StorageError::Cancelled => Fault::new("cancelled", error.to_string()),
        StorageError::OutcomeUnknown => Fault::new("outcome_unknown", error.to_string()),
        StorageError::Stopped | StorageError::Unavailable(_) => {
            tracing::error!(%error, "a request failed");
            Fault::new("unavailable", "the database cannot be used at the moment")
        }
        StorageError::Duplicate(_) | StorageError::Broken(_) | StorageError::Database(_) => internal(),
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        match &error {
            Error::Unauthenticated => Fault::not_signed_in("the session has ended, or there never was one; sign in again"),
            Error::InvalidCredentials => Fault::login_failed(),
            Error::TooManyAttempts { .. } => {
                Fault { code: Code::Whole("Server.Session.cannot_login_brute_force_activity"), text: error.to_string() }
            }
            Error::Forbidden(_) => Fault::new("not_permitted", error.to_string()),
            Error::NotFound(_) => Fault::new("not_found", error.to_string()),
            Error::Invalid(problems) => of_problems(problems),
            Error::InvalidCursor => Fault::new("invalid_cursor", error.to_string()),
            Error::Refused(refusal) => Fault::new(refusal.code(), refusal.to_string()),
            Error::Usage(refusal) => Fault::new(refusal.code(), refusal.to_string()),
            Error::ChangedMeanwhile => Fault::new("changed_meanwhile", error.to_string()),
            Error::KeyReused => Fault::new("idempotency_key_reused", error.to_string()),
            Error::Storage(problem) => of_storage(problem),
        }
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Fault {
        of_storage(&error)
    }
}
