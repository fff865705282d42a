//! Owns the log on standard error and the figures of /metrics.
//! Does not own: what is logged and counted.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log. `TRUNKLINE_LOG` says how much, such as `debug`; warnings without it.
pub fn start_log() {
    let filter = EnvFilter::try_from_env("TRUNKLINE_LOG").unwrap_or_else(|_| EnvFilter::new("warn,trunkline=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for a terminal: in a file they stand between a person who searches and what is searched for.
    let log = if std::io::stderr().is_terminal() { log } else { log.with_ansi(false) }.finish();
    // A second start, in a test, leaves the first log as it is.
    let _ = log.with(filter_fn(|about| !tells_values(about))).try_init();
}

/// PostgreSQL's client tells the values of statements there: hashes of passwords and tokens, the key that signs. They reach
/// no log, whatever it is asked for.
fn tells_values(about: &Metadata<'_>) -> bool {
    let is_of_client = ["tokio_postgres", "postgres"].iter().any(|name| about.target().split("::").next() == Some(name));
    is_of_client && *about.level() > Level::INFO
}

/// Starts counting. None: it was started before.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
