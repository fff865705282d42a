//! Owns listening for RADIUS beside HTTP: which ports, and stopping without losing a request.
//! Does not own: what is answered (the face).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use trunkline_radius::course::Follower;
use trunkline_radius::directory::{Keeper, names};
use trunkline_radius::face::UsageFace;
use trunkline_radius::listener::{Listener, Port, Shared};
use trunkline_usecase::App;

use crate::Failure;
use crate::config::RadiusSettings;

/// Requests under way are given this long when the server stops.
const STOP_DURATION_MAX: Duration = Duration::from_secs(10);

pub struct Radius {
    shared: Arc<Shared<UsageFace>>,
    listeners: Vec<(Port, Listener)>,
    _keeper: Keeper,
    _follower: Follower,
}

impl Radius {
    /// Listens where the settings say so. None: nowhere.
    pub async fn start(app: &Arc<App>, settings: &RadiusSettings) -> Result<Option<Radius>, Failure> {
        let wanted = [(Port::Authentication, settings.authentication), (Port::Accounting, settings.accounting)];
        let wanted: Vec<(Port, SocketAddr)> = wanted.into_iter().filter_map(|(port, address)| Some((port, address?))).collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let dictionary = Arc::new(names(&settings.dictionaries)?);
        let keeper = Keeper::start(app).await?;
        let follower = Follower::start(app, &dictionary, keeper.directory.clone());
        let face = UsageFace::new(app, Arc::clone(&dictionary));
        let shared = Shared::new(face, dictionary, keeper.directory.clone());
        let mut listeners = Vec::new();
        for (port, address) in wanted {
            let listener = Listener::start(address, port, &shared).await;
            let refused = |problem| Failure::Unusable(format!("cannot take RADIUS {} on {address}: {problem}", port.code()));
            listeners.push((port, listener.map_err(refused)?));
        }
        Ok(Some(Radius { shared, listeners, _keeper: keeper, _follower: follower }))
    }

    /// A line for each port, with its real number.
    pub fn lines(&self) -> Vec<String> {
        let name = |port: &Port| match port {
            Port::Authentication => "radius-auth",
            Port::Accounting => "radius-accounting",
        };
        self.listeners.iter().map(|(port, listener)| format!("{}: {}", name(port), listener.address())).collect()
    }

    /// Takes nothing more, and answers what it has taken.
    pub async fn stop(self) {
        drop(self.listeners);
        if tokio::time::timeout(STOP_DURATION_MAX, self.shared.drain()).await.is_err() {
            tracing::warn!("RADIUS requests that were still under way are given up");
        }
    }
}
