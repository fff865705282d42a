//! Owns the log on standard error and the figures of /metrics.
//! Does not own: what is logged and counted.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts the log. `TRUNKLINE_LOG` says how much, such as `debug`; warnings without it.
pub fn start_log() {
    let filter = EnvFilter::try_from_env("TRUNKLINE_LOG").unwrap_or_else(|_| EnvFilter::new("warn,trunkline=info"));
    // A second start, in a test, leaves the first log as it is.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Starts counting. None: it was started before.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
