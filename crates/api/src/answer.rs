//! Owns waiting for a use case's answer, the deadline of a request, and sending what was answered.
//! Does not own: what it says.

use std::marker::PhantomData;

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use trunkline_usecase::Ticket;
use trunkline_usecase::error::Error;

use crate::error::Problem;
use crate::limits::REQUEST_DURATION_MAX;

/// Answers by the deadline, whatever the request waits for: its own body, a turn, a database. When the time is over its
/// tickets are dropped, which stops a read; a write may still take effect, and is asked for again with its key.
pub async fn within_deadline(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_DURATION_MAX, next.run(request)).await {
        Ok(response) => response,
        Err(_) => late().into_response(),
    }
}

fn late() -> Problem {
    let detail = "The request took too long and was given up. A read was stopped; a write may still take effect: repeat it with the same \
                  Idempotency-Key to learn its answer.";
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "deadline_exceeded", detail)
}

/// Waits for work that was queued.
pub async fn wait<T, E: Into<Error>>(ticket: Ticket<Result<T, E>>) -> Result<T, Problem> {
    ticket.await?.map_err(|error| Problem::from(error.into()))
}

/// Runs work that blocks on a thread of its own.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed. Its log tells why.")),
    }
}

/// The text that a write answers with, first and at every repeat: the JSON of a `T`.
pub struct Rendered<T, const STATUS: u16 = 200> {
    text: String,
    shape: PhantomData<T>,
}

/// The same of a write that made something.
pub type Created<T> = Rendered<T, 201>;

impl<T, const STATUS: u16> Rendered<T, STATUS> {
    pub fn new(text: String) -> Rendered<T, STATUS> {
        Rendered { text, shape: PhantomData }
    }
}

/// JSON of a structure of ours, which cannot fail to be written.
pub fn render(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl<T, const STATUS: u16> IntoResponse for Rendered<T, STATUS> {
    fn into_response(self) -> Response {
        let mut response = self.text.into_response();
        *response.status_mut() = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

impl<T: JsonSchema + Serialize, const STATUS: u16> aide::OperationOutput for Rendered<T, STATUS> {
    type Inner = T;

    fn operation_response(context: &mut GenContext, operation: &mut Operation) -> Option<aide::openapi::Response> {
        axum::Json::<T>::operation_response(context, operation)
    }

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, aide::openapi::Response)> {
        Self::operation_response(context, operation).map(|response| (Some(STATUS), response)).into_iter().collect()
    }
}
