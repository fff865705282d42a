//! Owns the contents page: every method of the face, and the way of a request from its bytes to its answer.
//! Does not own: what a method does.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use sha2::{Digest, Sha256};
use tower_http::catch_panic::CatchPanicLayer;
use trunkline_usecase::{Client, Context};

use crate::auth;
use crate::error::Fault;
use crate::fields::Fields;
use crate::reply::{Object, Reply};
use crate::state::PortaState;
use crate::transport::{self, Envelope, Path};
use crate::{account, billing_session, cdr, customer, did, generic, limits, product, rate, session, tariff};

type Answer = Result<Reply, Fault>;
type Handling = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What a method works with.
pub struct Call {
    pub state: PortaState,
    pub context: Context,
    pub fields: Fields,
    /// The caller wants exact decimals and our own fields as well: `X-Trunkline-Exact: 1`.
    pub exact: bool,
}

impl Call {
    /// An object in the form that the caller wants.
    pub fn object(&self) -> Object {
        Object::new(self.exact)
    }
}

/// What a method of a session works with: nobody may be signed in yet.
pub struct OpenCall {
    pub state: PortaState,
    pub client: Client,
    pub headers: HeaderMap,
    pub auth_info: Option<Fields>,
    pub fields: Fields,
}

enum Handler {
    /// For those who are signed in.
    Signed(fn(Call) -> Handling),
    Open(fn(OpenCall) -> Handling),
}

macro_rules! signed {
    ($handler:path) => {
        Handler::Signed(|call| Box::pin($handler(call)))
    };
}
macro_rules! open {
    ($handler:path) => {
        Handler::Open(|call| Box::pin($handler(call)))
    };
}

/// Every method there is.
const METHODS: &[(&str, &str, Handler)] = &[
    ("Session", "login", open!(session::login)),
    ("Session", "logout", open!(session::logout)),
    ("Session", "ping", open!(session::ping)),
    ("Session", "refresh_access_token", open!(session::refresh_access_token)),
    ("Session", "change_password", signed!(session::change_password)),
    ("Customer", "get_customer_list", signed!(customer::get_customer_list)),
    ("Customer", "get_customer_info", signed!(customer::get_customer_info)),
    ("Customer", "add_customer", signed!(customer::add_customer)),
    ("Customer", "update_customer", signed!(customer::update_customer)),
    ("Customer", "validate_customer_info", signed!(customer::validate_customer_info)),
    ("Customer", "delete_customer", signed!(customer::delete_customer)),
    ("Customer", "terminate_customer", signed!(customer::terminate_customer)),
    ("Customer", "make_transaction", signed!(customer::make_transaction)),
    ("Customer", "get_customer_xdrs", signed!(customer::get_customer_xdrs)),
    ("Account", "get_account_list", signed!(account::get_account_list)),
    ("Account", "get_account_info", signed!(account::get_account_info)),
    ("Account", "add_account", signed!(account::add_account)),
    ("Account", "update_account", signed!(account::update_account)),
    ("Account", "validate_account_info", signed!(account::validate_account_info)),
    ("Account", "terminate_account", signed!(account::terminate_account)),
    ("Account", "get_xdr_list", signed!(account::get_xdr_list)),
    ("Account", "get_alias_list", signed!(account::get_alias_list)),
    ("Account", "add_alias", signed!(account::add_alias)),
    ("Account", "delete_alias", signed!(account::delete_alias)),
    ("DID", "get_number_list", signed!(did::get_number_list)),
    ("DID", "get_number_info", signed!(did::get_number_info)),
    ("DID", "get_customer_numbers", signed!(did::get_customer_numbers)),
    ("DID", "add_number", signed!(did::add_number)),
    ("DID", "delete_number", signed!(did::delete_number)),
    ("DID", "assign_did_to_customer", signed!(did::assign_did_to_customer)),
    ("DID", "assign_did_to_account", signed!(did::assign_did_to_account)),
    ("DID", "release_did_from_customer", signed!(did::release_did_from_customer)),
    ("Product", "get_product_list", signed!(product::get_product_list)),
    ("Product", "get_product_info", signed!(product::get_product_info)),
    ("Tariff", "get_tariff_list", signed!(tariff::get_tariff_list)),
    ("Tariff", "get_tariff_info", signed!(tariff::get_tariff_info)),
    ("Rate", "get_rate_list", signed!(rate::get_rate_list)),
    ("BillingSession", "get_active_sessions_list", signed!(billing_session::get_active_sessions_list)),
    ("BillingSession", "disconnect_session", signed!(billing_session::disconnect_session)),
    ("CDR", "revert_xdr_list", signed!(cdr::revert_xdr_list)),
    ("Generic", "get_countries_list", signed!(generic::get_countries_list)),
    ("Generic", "get_time_zone_list", signed!(generic::get_time_zone_list)),
];

/// The face, at `/rest`.
pub fn router(state: PortaState) -> Router {
    Router::new()
        .route("/rest", any(answer))
        .route("/rest/", any(answer))
        .route("/rest/{*path}", any(answer))
        // Bodies are limited where they are read, with a fault of this face.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(|_panic| Fault::internal("a method").answer("Request", "")))
        .with_state(state)
}

async fn answer(State(state): State<PortaState>, request: Request) -> Response {
    let uri = request.uri().clone();
    let path = Path::of(&uri);
    let is_secure = client_of(&request).is_secure;
    let wait = Duration::from_secs(state.options.request_seconds_max);
    let outcome = match tokio::time::timeout(wait, handle(&state, &path, request)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(late(wait)),
    };
    match outcome {
        Ok(reply) => success(reply, is_secure),
        Err(fault) => fault.answer(path.service, path.method),
    }
}

/// A read stops with this; a write that has begun goes through all the same.
fn late(wait: Duration) -> Fault {
    let text = "whether a change took effect is not known: repeat it under the same Idempotency-Key, or look";
    Fault::new("deadline_exceeded", format!("there was no answer within {} seconds; {text}", wait.as_secs()))
}

fn success(reply: Reply, is_secure: bool) -> Response {
    let mut response = Body::from(reply.json).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for cookie in reply.cookies {
        let secure = if is_secure { "; Secure" } else { "" };
        if let Ok(value) = HeaderValue::from_str(&format!("{cookie}; Path=/rest; HttpOnly; SameSite=Strict{secure}")) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    response
}

fn handler_of(path: &Path<'_>) -> Result<&'static Handler, Fault> {
    if path.service.is_empty() || path.method.is_empty() {
        return Err(Fault::of_service("unknown_method", "write /rest/<Service>/<method>"));
    }
    let of_service = || METHODS.iter().filter(|(service, _, _)| *service == path.service);
    match of_service().find(|(_, method, _)| *method == path.method) {
        Some((_, _, handler)) => Ok(handler),
        None if of_service().next().is_some() => Err(Fault::of_service("unknown_method", "the service has no such method here")),
        None => Err(Fault::of_service("unknown_service", "there is no such service here")),
    }
}

async fn handle(state: &PortaState, path: &Path<'_>, request: Request) -> Answer {
    let handler = handler_of(path)?;
    let (client, headers) = (client_of(&request), request.headers().clone());
    let Envelope { auth_info, params, params_text } = transport::read(request, state.options).await?;
    match handler {
        Handler::Open(handler) => {
            let call = OpenCall { state: state.clone(), client, headers, auth_info, fields: params };
            handler(call).await
        }
        Handler::Signed(handler) => {
            let credential = auth::credential(&headers, auth_info.as_ref())?;
            let actor = auth::asker(state, &client, credential).await?;
            let key = idempotency_key(&headers)?;
            let fingerprint = Sha256::digest(format!("porta {}/{} {params_text}", path.service, path.method));
            let fingerprint: String = fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
            let context = Context::keyed(actor, key, &fingerprint);
            let exact = headers.get("x-trunkline-exact").is_some_and(|value| value == "1");
            handler(Call { state: state.clone(), context, fields: params, exact }).await
        }
    }
}

fn client_of(request: &Request) -> Client {
    request.extensions().get::<Client>().cloned().unwrap_or_default()
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if text.is_empty() || text.chars().count() > limits::KEY_CHARACTERS_MAX {
        let why = format!("1 to {} printable characters of ASCII", limits::KEY_CHARACTERS_MAX);
        return Err(Fault::field("Idempotency-Key", "invalid_idempotency_key", why));
    }
    Ok(Some(text.to_owned()))
}
