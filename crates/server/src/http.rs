//! Owns listening: the faces, the UI, health and metrics behind one port, and stopping without losing a request.
//! Does not own: the faces.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate, SizeAbove};
use tracing::Instrument;
use trunkline_api::{ApiState, RequestId};
use trunkline_porta::{PortaOptions, PortaState};
use trunkline_usecase::{App, Client, StorageError};

use crate::config::Settings;
use crate::ui;

/// Answers that are smaller are not worth compressing.
const COMPRESSED_BYTES_MIN: u16 = 1_024;
/// How the kinds begin that are packed already: workbooks.
const PACKED: &str = "application/vnd.openxmlformats";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A caller's own request id is taken up to this length.
const REQUEST_ID_CHARACTERS_MAX: usize = 64;
/// Requests under way are given this long when the server stops.
const STOP_DURATION_MAX: Duration = Duration::from_secs(15);
/// A database that does not answer a one-row read within this is not ready.
const READY_DURATION_MAX: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Shared {
    app: Arc<App>,
    metrics: Option<PrometheusHandle>,
    trusted_proxies: Arc<Vec<IpAddr>>,
}

/// All of the server behind one port.
pub fn router(api: ApiState, settings: &Settings, metrics: Option<PrometheusHandle>) -> Router {
    let app = &Arc::clone(&api.app);
    let shared = Shared { app: Arc::clone(app), metrics, trusted_proxies: Arc::new(settings.trusted_proxies.clone()) };
    let porta = PortaOptions { url_credentials: settings.porta_url_credentials, ..PortaOptions::default() };
    let house = Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(figures))
        .with_state(shared.clone());
    Router::new()
        .merge(trunkline_api::router(api))
        .merge(trunkline_porta::router(PortaState::new(Arc::clone(app), porta)))
        .merge(house)
        .fallback(ui::serve)
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN)).and(NotForContentType::const_new(PACKED))),
        )
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(shared, around))
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // What it was and where stands above this line in the log.
    tracing::error!("a request panicked");
    let body = r#"{"type":"/api/problems/internal","title":"Internal Server Error","status":500,"code":"internal","detail":"The server failed. Its log tells why."}"#;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Ready: the database answers, and the queues take work in.
async fn ready(State(shared): State<Shared>) -> Response {
    let read = shared.app.database.read::<_, StorageError, _>(|tx| tx.query_first("select 1", &[], |_| Ok(())));
    match tokio::time::timeout(READY_DURATION_MAX, read).await {
        Ok(Ok(Ok(_))) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn figures(State(shared): State<Shared>) -> Response {
    let (reads, writes) = shared.app.database.waiting();
    metrics::gauge!("trunkline_reads_waiting").set(u32::try_from(reads).unwrap_or(u32::MAX));
    metrics::gauge!("trunkline_writes_waiting").set(u32::try_from(writes).unwrap_or(u32::MAX));
    match &shared.metrics {
        Some(handle) => handle.render().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Around every request: who it comes from, its id, how long it took, headers that every answer has.
///
/// The log gets the route, never the address that was asked for: in `/rest` that one can hold a password.
async fn around(State(shared): State<Shared>, ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let client = client_of(&request, peer.ip(), &shared.trusted_proxies);
    let id = request_id(&request);
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("other".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::error_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        tracing::info!(parent: &span, method, route, status = status.as_u16(), "answered");
    } else {
        tracing::debug!(parent: &span, method, route, status = status.as_u16(), "answered");
    }
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.as_u16().to_string())];
    metrics::histogram!("trunkline_request_seconds", &labels).record(started.elapsed());
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The caller's own word for the request where it can stand in a log, or else a new one.
fn request_id(request: &Request) -> String {
    let fits = |id: &&str| {
        let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        is_plain && (1..=REQUEST_ID_CHARACTERS_MAX).contains(&id.len())
    };
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(fits);
    given.map_or_else(|| format!("{:032x}", rand::random::<u128>()), str::to_owned)
}

/// A method that somebody made up is no label of its own: there would be no end of them.
fn method_name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|known| method.as_str() == *known).unwrap_or("other")
}

/// Forwarded headers count only from a proxy that is trusted; then the last address that is not such a proxy is the client's.
fn client_of(request: &Request, peer: IpAddr, trusted: &[IpAddr]) -> Client {
    if !trusted.contains(&peer) {
        return Client { address: peer.to_string(), is_secure: false };
    }
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let hops = text("x-forwarded-for").split(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
    let address = hops.rev().find(|hop| !trusted.contains(hop)).unwrap_or(peer);
    Client { address: address.to_string(), is_secure: text("x-forwarded-proto").eq_ignore_ascii_case("https") }
}

/// What asks the program to stop.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes them from now on; before, they end the program at once.
    pub fn take() -> std::io::Result<Signals> {
        Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("stopping");
    }
}

/// Serves until a signal asks to stop, then finishes what is under way; `end` ends what would go on for ever.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    mut signals: Signals,
    end: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        signals.wait().await;
        end();
        // The receiver lives as long as this function.
        let _ = stopping.send(true);
    });
    let late = async move {
        while !*stopped.borrow() {
            if stopped.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
        tokio::time::sleep(STOP_DURATION_MAX).await;
    };
    tokio::select! {
        outcome = serving => outcome,
        () = late => {
            tracing::warn!("requests that were still under way are given up");
            Ok(())
        }
    }
}
