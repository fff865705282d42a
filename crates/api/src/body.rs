//! Owns reading a request: path, query, body and idempotency key, each fault named with its field.
//! Does not own: what the fields mean.

use std::future::poll_fn;
use std::pin::Pin;

use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, ParameterSchemaOrContent, ReferenceOr, RequestBody, SchemaObject};
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema, set_body};
use axum::body::{Body, HttpBody};
use axum::extract::{FromRef, FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use trunkline_usecase::domain::id::{ID_MAX, Id};
use trunkline_usecase::{Actor, Context};

use crate::ApiState;
use crate::auth::Asker;
use crate::error::Problem;
use crate::json::{NUL, Plain};
use crate::limits::{BODY_BYTES_DISCARDED_MAX, BODY_BYTES_MAX, KEY_CHARACTERS_MAX};
use crate::word::UNKNOWN;

const KEY_HEADER: &str = "idempotency-key";

/// The id in a path.
pub struct PathId(pub Id);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<PathId, Problem> {
        let not_found = || Problem::new(StatusCode::NOT_FOUND, "not_found", "There is no such record: its id is a whole number.");
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let id: Id = text.parse().map_err(|_| not_found())?;
        if (1..=ID_MAX).contains(&id) { Ok(PathId(id)) } else { Err(not_found()) }
    }
}

#[derive(JsonSchema)]
struct PathIdShape {
    /// The record's id.
    #[allow(dead_code, reason = "only its schema is used")]
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64))]
    id: Id,
}

impl aide::OperationInput for PathId {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let schema = PathIdShape::json_schema(&mut context.schema);
        let parameters = parameters_from_schema(context, schema, ParamLocation::Path);
        add_parameters(context, operation, parameters);
    }
}

/// A request that reads: who asks, and the query.
pub struct Read<Q> {
    pub context: Context,
    pub query: Q,
}

impl<S, Q> FromRequestParts<S> for Read<Q>
where
    ApiState: FromRef<S>,
    S: Send + Sync,
    Q: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Read<Q>, Problem> {
        let asker = Asker::from_request_parts(parts, state).await?;
        let text = parts.uri.query().unwrap_or("");
        Ok(Read { context: Context::of(asker.actor), query: read_query(text)? })
    }
}

/// Reads a query, here or wherever else one is given as a text.
pub fn read_query<Q: DeserializeOwned>(text: &str) -> Result<Q, Problem> {
    if text.len() > 8 * 1024 {
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "query_too_long", "The query is longer than 8 KiB."));
    }
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        // The parser writes this character where the bytes are no UTF-8.
        if [&name, &value].into_iter().any(|part| part.contains('\u{fffd}')) {
            return Err(Problem::field(name, "not_utf8", "percent-encode UTF-8"));
        }
        if [&name, &value].into_iter().any(|part| part.contains('\0')) {
            return Err(Problem::field(name.replace('\0', ""), "forbidden_character", NUL));
        }
    }
    let parser = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(parser).map_err(|fault| named(&fault.path().to_string(), &fault.inner().to_string()))
}

/// A fault that the reader of JSON or of a query found.
fn named(path: &str, message: &str) -> Problem {
    let after = |start: &str| message.strip_prefix(start).and_then(|rest| rest.split('`').next());
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some(field) = after("unknown field `") {
        Problem::field(within(path, field), "unknown_field", "there is no such field here")
    } else if let Some(field) = after("missing field `") {
        Problem::field(within(path, field), "required", "give this field")
    } else if let Some(field) = after("duplicate field `") {
        Problem::field(within(path, field), "duplicate_field", "give this field once")
    } else if let Some(choices) = message.strip_prefix(UNKNOWN) {
        Problem::field(place(path), "unknown_choice", choices)
    } else if message.starts_with(NUL) {
        Problem::field(place(path), "forbidden_character", NUL)
    } else {
        Problem::field(place(path), "malformed", message)
    }
}

/// A field of the object at `path`, which may end in the field already.
fn within(path: &str, field: &str) -> String {
    match place(path) {
        "body" => field.to_owned(),
        path if path.rsplit('.').next() == Some(field) => path.to_owned(),
        path => format!("{path}.{field}"),
    }
}

/// What stands at `path`; the reader of JSON writes `?` for a field that it did not get to the end of.
fn place(path: &str) -> &str {
    let path = path.trim_end_matches(['?', '.']);
    if path.is_empty() { "body" } else { path }
}

impl<Q: JsonSchema> aide::OperationInput for Read<Q> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let schema = Q::json_schema(&mut context.schema);
        let parameters = parameters_from_schema(context, schema, ParamLocation::Query);
        add_parameters(context, operation, parameters);
    }
}

/// A request that writes: who asks, under which key, and the body.
pub struct Write<T> {
    pub context: Context,
    pub body: T,
}

/// A body without fields, for writes that need none; an empty body will do.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

impl<S, T> FromRequest<S> for Write<T>
where
    ApiState: FromRef<S>,
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Write<T>, Problem> {
        let (mut parts, body) = request.into_parts();
        let asker = Asker::from_request_parts(&mut parts, state).await?;
        let (bytes, value) = read_body(&parts.headers, body).await?;
        let context = keyed(&parts, &bytes, asker.actor)?;
        Ok(Write { context, body: value })
    }
}

/// Reads a body for a handler that needs no signing in.
pub async fn read_open<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    let (parts, body) = request.into_parts();
    Ok(read_body(&parts.headers, body).await?.1)
}

async fn read_body<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<(Vec<u8>, T), Problem> {
    let bytes = collect(body).await?;
    if !bytes.is_empty() {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
            let detail = "Send the body as application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
    }
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    if std::str::from_utf8(text).is_err() {
        return Err(Problem::field("body", "not_utf8", "JSON is UTF-8, and this is not"));
    }
    let _: Plain = read_json(text)?;
    let value = read_json(text)?;
    Ok((bytes, value))
}

/// The body, up to its limit. What comes after is read and thrown away for a while: a sender that has not come to its end would
/// be told that the connection broke, and not why.
async fn collect(mut body: Body) -> Result<Vec<u8>, Problem> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| Problem::field("body", "malformed", "it broke off"))?;
        let Some(part) = frame.data_ref() else { continue };
        length = length.saturating_add(part.len());
        if length <= BODY_BYTES_MAX {
            kept.extend_from_slice(part);
        } else if length > BODY_BYTES_DISCARDED_MAX {
            break;
        }
    }
    if length > BODY_BYTES_MAX {
        let detail = format!("The body is larger than {BODY_BYTES_MAX} bytes.");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", detail));
    }
    Ok(kept)
}

fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let mut parser = serde_json::Deserializer::from_slice(text);
    let value =
        serde_path_to_error::deserialize(&mut parser).map_err(|fault| named(&fault.path().to_string(), &fault.inner().to_string()))?;
    parser.end().map_err(|_| Problem::field("body", "malformed", "there is more after the JSON"))?;
    Ok(value)
}

/// The idempotency key, if there is one.
pub fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY_HEADER) else { return Ok(None) };
    let text = value.to_str().unwrap_or("");
    if text.is_empty() || text.len() > KEY_CHARACTERS_MAX {
        let message = format!("1 to {KEY_CHARACTERS_MAX} printable ASCII characters");
        return Err(Problem::field("Idempotency-Key", "malformed", message));
    }
    Ok(Some(text.to_owned()))
}

fn keyed(parts: &Parts, body: &[u8], actor: Actor) -> Result<Context, Problem> {
    let key = key_of(&parts.headers)?;
    let digest = Sha256::new().chain_update(parts.method.as_str()).chain_update([0]).chain_update(parts.uri.path()).chain_update([0]);
    let fingerprint: String = digest.chain_update(body).finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Context::keyed(actor, key, &fingerprint))
}

#[derive(JsonSchema)]
struct KeyShape {
    /// The same key with the same request is done once, and answered the same for 24 hours.
    #[allow(dead_code, reason = "only its schema is used")]
    #[serde(rename = "Idempotency-Key")]
    #[schemars(length(min = 1, max = 128))]
    key: Option<String>,
}

impl<T: JsonSchema> aide::OperationInput for Write<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        document_key(context, operation);
        document_body::<T>(context, operation);
    }
}

/// Documents the header of the idempotency key.
pub fn document_key(context: &mut GenContext, operation: &mut Operation) {
    let schema = KeyShape::json_schema(&mut context.schema);
    let mut parameters = parameters_from_schema(context, schema, ParamLocation::Header);
    for parameter in &mut parameters {
        if let aide::openapi::Parameter::Header { parameter_data, .. } = parameter {
            parameter_data.required = false;
            if let ParameterSchemaOrContent::Schema(shape) = &mut parameter_data.format {
                shape.external_docs = None;
            }
        }
    }
    add_parameters(context, operation, parameters);
}

/// Documents a JSON body.
pub fn document_body<T: JsonSchema>(context: &mut GenContext, operation: &mut Operation) {
    let schema = context.schema.subschema_for::<T>();
    let media =
        MediaType { schema: Some(SchemaObject { json_schema: schema, example: None, external_docs: None }), ..MediaType::default() };
    let content = [("application/json".to_owned(), media)].into_iter().collect();
    set_body(
        context,
        operation,
        RequestBody { description: None, content, required: true, extensions: aide::openapi::RequestBody::default().extensions },
    );
    debug_assert!(matches!(operation.request_body, Some(ReferenceOr::Item(_))));
}
