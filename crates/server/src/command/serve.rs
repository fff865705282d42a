//! Owns the command `serve`, and running a server until it is told to stop.
//! Does not own: settings (config.rs) and listening (http.rs).

use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use trunkline_api::ApiState;
use trunkline_storage::{Database, Options};
use trunkline_usecase::App;
use trunkline_usecase::clock::Clock;

use crate::config::{ServerArguments, Settings};
use crate::radius::Radius;
use crate::worker::Worker;
use crate::{Failure, command, http, telemetry};

#[derive(Debug, Args)]
pub struct Arguments {
    /// sqlite:PATH or postgres://...
    #[arg(long, env = "TRUNKLINE_DATABASE_URL")]
    database_url: Option<String>,
    #[command(flatten)]
    server: ServerArguments,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    telemetry::start_log();
    let settings = arguments.server.settings(arguments.database_url.as_ref())?;
    let missing = "say which database: --database-url sqlite:PATH or postgres://..., TRUNKLINE_DATABASE_URL, or database_url in the file";
    let url = settings.database_url.clone().ok_or_else(|| Failure::Unusable(missing.into()))?;
    let app = open(&url, &settings)?;
    serve(&app, &settings, &[])
}

/// Opens the system as a server does.
pub fn open(url: &str, settings: &Settings) -> Result<Arc<App>, Failure> {
    let clock = settings.test_clock.map_or_else(Clock::wall, Clock::test);
    let database = Database::open(url, Options::default())?;
    Ok(App::new(database, clock, settings.node)?)
}

/// Serves until a signal, then stops with nothing lost. `lines` are printed before the address.
pub fn serve(app: &Arc<App>, settings: &Settings, lines: &[String]) -> Result<(), Failure> {
    let metrics = telemetry::start_metrics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("http").build()?;
    let worker = Worker::start(app)?;
    let outcome = runtime.block_on(async {
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|problem| Failure::Unusable(format!("cannot listen on {}: {problem}", settings.listen)))?;
        let url = format!("http://{}", listener.local_addr()?);
        app.database.announce(&url);
        // Whoever has read the address may already ask to stop.
        let signals = http::Signals::take()?;
        let radius = Radius::start(app, &settings.radius).await?;
        radius.iter().flat_map(Radius::lines).for_each(|line| command::print(&line));
        lines.iter().for_each(|line| command::print(line));
        command::print(&format!("listening: {url}"));
        let api = ApiState::new(Arc::clone(app));
        let end = api.clone();
        http::serve(listener, http::router(api, settings, metrics), signals, move || end.stop()).await?;
        if let Some(radius) = radius {
            radius.stop().await;
        }
        Ok(())
    });
    worker.stop();
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    app.database.stop();
    outcome
}
