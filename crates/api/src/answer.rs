//! Owns waiting for a use case's answer within the deadline, and sending it.
//! Does not own: what it says.

use std::marker::PhantomData;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use trunkline_usecase::Ticket;
use trunkline_usecase::error::Error;

use crate::error::Problem;
use crate::limits::REQUEST_DURATION_MAX;

/// Waits for work that was queued. When the time is over the ticket is dropped, which stops a read; a write may still
/// take effect, and is asked for again with its idempotency key.
pub async fn wait<T, E: Into<Error>>(ticket: Ticket<Result<T, E>>) -> Result<T, Problem> {
    match tokio::time::timeout(REQUEST_DURATION_MAX, ticket).await {
        Ok(answer) => answer?.map_err(|error| Problem::from(error.into())),
        Err(_) => Err(late()),
    }
}

/// Runs work that blocks on a thread of its own.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Problem> {
    match tokio::time::timeout(REQUEST_DURATION_MAX, tokio::task::spawn_blocking(work)).await {
        Ok(Ok(answer)) => Ok(answer?),
        Ok(Err(_)) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed. Its log tells why.")),
        Err(_) => Err(late()),
    }
}

fn late() -> Problem {
    let detail = "The request took too long and was given up. A read was stopped; a write may still take effect: repeat it with the same \
                  Idempotency-Key to learn its answer.";
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "deadline_exceeded", detail)
}

/// The text that a write answers with, first and at every repeat: the JSON of a `T`.
pub struct Rendered<T> {
    status: StatusCode,
    text: String,
    shape: PhantomData<T>,
}

impl<T> Rendered<T> {
    pub fn ok(text: String) -> Rendered<T> {
        Rendered { status: StatusCode::OK, text, shape: PhantomData }
    }

    pub fn created(text: String) -> Rendered<T> {
        Rendered { status: StatusCode::CREATED, text, shape: PhantomData }
    }
}

/// JSON of a structure of ours, which cannot fail to be written.
pub fn render(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl<T> IntoResponse for Rendered<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.text).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

impl<T: JsonSchema + Serialize> aide::OperationOutput for Rendered<T> {
    type Inner = T;

    fn operation_response(
        context: &mut aide::generate::GenContext,
        operation: &mut aide::openapi::Operation,
    ) -> Option<aide::openapi::Response> {
        axum::Json::<T>::operation_response(context, operation)
    }
}
