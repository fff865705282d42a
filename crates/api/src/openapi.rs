//! Owns the OpenAPI document as a whole: title, security, the page that shows it.
//! Does not own: the operations, which document themselves.

use std::sync::Arc;

use aide::openapi::{MediaType, OpenApi, Operation, ReferenceOr, SecurityScheme};
use aide::transform::TransformOpenApi;

use crate::error::Problem;

const DESCRIPTION: &str = "The native API of Trunkline.\n\nSign in with `POST /api/v1/session`: a browser gets a cookie, a program asks for \
`\"bearer\": true` and sends the token. Amounts are exact decimal texts, moments RFC 3339 in UTC, ids whole numbers below 2^53. Every write \
may carry an `Idempotency-Key`: the same key with the same request is done once and answered the same for 24 hours. Errors are \
`application/problem+json` with a stable `code`, and name the field at fault.";

/// What holds for every operation.
pub fn whole(api: TransformOpenApi<'_>) -> TransformOpenApi<'_> {
    let bearer = SecurityScheme::Http {
        scheme: "bearer".to_owned(),
        bearer_format: None,
        description: Some("A token of POST /api/v1/session with \"bearer\": true.".to_owned()),
        extensions: Default::default(),
    };
    let cookie = SecurityScheme::ApiKey {
        location: aide::openapi::ApiKeyLocation::Cookie,
        name: crate::auth::COOKIE.to_owned(),
        description: Some("The cookie of POST /api/v1/session.".to_owned()),
        extensions: Default::default(),
    };
    api.title("Trunkline")
        .version(env!("CARGO_PKG_VERSION"))
        .description(DESCRIPTION)
        .security_scheme("bearer", bearer)
        .security_scheme("cookie", cookie)
        .security_requirement_multi(["bearer"])
        .security_requirement_multi(["cookie"])
        .default_response::<Problem>()
}

/// The document, without a server. With the test clock's route, which servers have only when they run on one.
pub fn document() -> OpenApi {
    let mut api = OpenApi::default();
    let routes = crate::router::routes(true);
    let _: axum::Router<crate::ApiState> = routes.finish_api_with(&mut api, whole);
    api
}

/// The document's text, made once.
pub fn text(api: &OpenApi) -> Arc<str> {
    serde_json::to_string_pretty(api).unwrap_or_default().into()
}

/// Says of an answer that is no JSON which kinds it has.
pub fn document_file(operation: &mut Operation, kinds: &[&str]) {
    let Some(responses) = &mut operation.responses else { return };
    for response in responses.responses.values_mut() {
        if let ReferenceOr::Item(response) = response
            && response.content.is_empty()
        {
            "What was asked for, sent while it is made.".clone_into(&mut response.description);
            response.content.extend(kinds.iter().map(|kind| ((*kind).to_owned(), MediaType::default())));
        }
    }
}
