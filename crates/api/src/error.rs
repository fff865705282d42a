//! Owns the form of an error here: `application/problem+json` (RFC 9457) with a stable code and the fields at fault.
//! Does not own: when something fails.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use trunkline_usecase::StorageError;
use trunkline_usecase::domain::refusal::{Refusal, against_in_words};
use trunkline_usecase::domain::session::UsageRefusal;
use trunkline_usecase::error::{Error, FieldProblem};

use crate::reason::ReasonValues;

/// One field that cannot be taken.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FieldError {
    /// Where it is in the request, such as `credit_limit`.
    pub field: String,
    /// Stable word, such as `too_long`.
    pub code: String,
    /// What to do.
    pub message: String,
}

/// Why a request was not done (RFC 9457).
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable word to act on, such as `customer_closed`.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
    /// Figures and names of a refusal's sentence, for those who word it in another language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<ReasonValues>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Under which the server's log knows the request; the header `X-Request-Id` says the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(skip)]
    pub retry_after_seconds: Option<u64>,
}

/// The word under which the log knows a request. Put into its extensions by the server.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

tokio::task_local! {
    /// Of the request that this task answers. A problem is made in many places, and few of them know the request.
    static REQUEST_ID: String;
}

/// Lets problems tell the id of the request, so that whoever sees one can say which line of the log to look for.
pub async fn identified(request: Request, next: Next) -> Response {
    match request.extensions().get::<RequestId>().cloned() {
        Some(RequestId(id)) => REQUEST_ID.scope(id, next.run(request)).await,
        None => next.run(request).await,
    }
}

impl Problem {
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("/api/problems/{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            values: None,
            errors: Vec::new(),
            request_id: REQUEST_ID.try_with(String::clone).ok(),
            retry_after_seconds: None,
        }
    }

    /// One field of the request is at fault.
    pub fn field(field: impl Into<String>, code: &str, message: impl Into<String>) -> Problem {
        Problem::of_fields(vec![FieldError { field: field.into(), code: code.to_owned(), message: message.into() }])
    }

    fn of_fields(errors: Vec<FieldError>) -> Problem {
        // Fields begin it as the request spells them, so it is no sentence.
        let detail = errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>().join("; ");
        Problem { errors, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed", detail) }
    }

    /// The same, with the fields of a use case in the words of a route.
    pub fn renamed(self, name: impl Fn(&str) -> String) -> Problem {
        let errors = self.errors.into_iter().map(|error| FieldError { field: name(&error.field), ..error }).collect();
        if self.code == "validation_failed" { Problem::of_fields(errors) } else { Problem { errors, ..self } }
    }
}

fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated | Error::InvalidCredentials => StatusCode::UNAUTHORIZED,
        Error::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) | Error::InvalidCursor | Error::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Refused(refusal) => status_of_refusal(refusal),
        Error::Usage(UsageRefusal::UnknownIdentity | UsageRefusal::UnknownSession) => StatusCode::NOT_FOUND,
        Error::Usage(_) | Error::ChangedMeanwhile => StatusCode::CONFLICT,
        Error::Storage(storage) => match storage {
            StorageError::Overloaded { .. } | StorageError::Conflict | StorageError::Unavailable(_) | StorageError::Stopped => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            StorageError::Cancelled | StorageError::OutcomeUnknown => StatusCode::GATEWAY_TIMEOUT,
            StorageError::Duplicate(_) | StorageError::Broken(_) | StorageError::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

fn status_of_refusal(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::CustomerNotFound => StatusCode::NOT_FOUND,
        Refusal::AmountNotPositive
        | Refusal::AmountTooPrecise { .. }
        | Refusal::AmountTooLarge
        | Refusal::MoreThanLeft { .. }
        | Refusal::CurrencyOfClass { .. }
        | Refusal::LiftDateOutOfRange { .. }
        | Refusal::ClosingDateLater => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::CustomerClosed
        | Refusal::CustomerExported
        | Refusal::BillingPaused
        | Refusal::AccountClosed
        | Refusal::AlreadySo(_)
        | Refusal::NotSo(_)
        | Refusal::SoAlready
        | Refusal::XdrIsPayment
        | Refusal::XdrIsCorrection
        | Refusal::NothingToLift
        | Refusal::HasOpenSubcustomers
        | Refusal::NotDeletable { .. } => StatusCode::CONFLICT,
    }
}

/// The field of the request that a refusal is about, if it is about one.
fn field_of_refusal(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::AmountNotPositive | Refusal::AmountTooPrecise { .. } | Refusal::AmountTooLarge | Refusal::MoreThanLeft { .. } => {
            Some("amount")
        }
        Refusal::CurrencyOfClass { .. } => Some("currency"),
        Refusal::LiftDateOutOfRange { .. } => Some("until"),
        Refusal::ClosingDateLater => Some("closes_on"),
        Refusal::CustomerNotFound
        | Refusal::CustomerClosed
        | Refusal::CustomerExported
        | Refusal::BillingPaused
        | Refusal::AccountClosed
        | Refusal::AlreadySo(_)
        | Refusal::NotSo(_)
        | Refusal::SoAlready
        | Refusal::XdrIsPayment
        | Refusal::XdrIsCorrection
        | Refusal::NothingToLift
        | Refusal::HasOpenSubcustomers
        | Refusal::NotDeletable { .. } => None,
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let status = status_of(&error);
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(%error, "a request failed");
            return Problem::new(status, error.code(), "The server failed; nothing was changed. Its log tells why.");
        }
        let mut problem = Problem::new(status, error.code(), sentence(&error.to_string()));
        problem.values = ReasonValues::of_refusal(&error);
        match error {
            Error::Invalid(fields) => problem = Problem::of_fields(fields.into_iter().map(FieldError::from).collect()),
            Error::Refused(Refusal::NotDeletable { records, balance }) => {
                problem.errors = against_in_words(&records, &balance)
                    .into_iter()
                    .map(|what| FieldError { field: "id".into(), code: "in_use".into(), message: format!("it has {what}") })
                    .collect();
            }
            Error::Refused(refusal) => {
                if let Some(field) = field_of_refusal(&refusal) {
                    problem.errors = vec![FieldError { field: field.into(), code: problem.code.clone(), message: refusal.to_string() }];
                }
            }
            Error::TooManyAttempts { retry_after_seconds } => problem.retry_after_seconds = Some(retry_after_seconds),
            Error::Storage(StorageError::Overloaded { .. } | StorageError::Conflict) => problem.retry_after_seconds = Some(1),
            _ => {}
        }
        // A search that is too short has a code of its own, for the page to show its advice at the field.
        if let [only] = problem.errors.as_slice()
            && only.code == "search_too_short"
        {
            problem.code.clone_from(&only.code);
            problem.kind = format!("/api/problems/{}", only.code);
        }
        problem
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Problem {
        Error::Storage(error).into()
    }
}

impl From<FieldProblem> for FieldError {
    fn from(problem: FieldProblem) -> FieldError {
        FieldError { field: problem.field, code: problem.code.to_owned(), message: problem.message }
    }
}

/// With a capital letter and a full stop, as a person reads it.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), characters.as_str())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after_seconds;
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl aide::OperationOutput for Problem {
    type Inner = Problem;

    fn operation_response(
        context: &mut aide::generate::GenContext,
        operation: &mut aide::openapi::Operation,
    ) -> Option<aide::openapi::Response> {
        let mut response = Json::<Problem>::operation_response(context, operation)?;
        if let Some(media) = response.content.swap_remove("application/json") {
            response.content.insert("application/problem+json".to_owned(), media);
        }
        "An error, with a stable code and the fields at fault.".clone_into(&mut response.description);
        Some(response)
    }

    fn inferred_responses(
        context: &mut aide::generate::GenContext,
        operation: &mut aide::openapi::Operation,
    ) -> Vec<(Option<u16>, aide::openapi::Response)> {
        Problem::operation_response(context, operation).map(|response| (None, response)).into_iter().collect()
    }
}
