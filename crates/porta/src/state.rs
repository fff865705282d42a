//! Owns what the methods of this face share: the system, the options, the keys, the logins that are remembered.
//! Does not own: reading options (server).

use std::sync::Arc;

use tokio::sync::{OnceCell, Semaphore};
use trunkline_usecase::App;

use crate::auth::Remembered;
use crate::error::Fault;
use crate::limits;
use crate::token::Keys;

/// How the face behaves.
#[derive(Clone, Copy, Debug)]
pub struct PortaOptions {
    /// Takes credentials in the URL: `/rest/<Service>/<method>/<auth_info>/<params>`, and `?auth_info=..&params=..`.
    /// URLs end in logs, so it is off unless an installation has clients that know no other way.
    pub url_credentials: bool,
    pub request_seconds_max: u64,
    pub body_bytes_max: usize,
    /// Customers or accounts that one request looks at where no index knows the answer.
    pub scanned_max: usize,
}

impl Default for PortaOptions {
    fn default() -> PortaOptions {
        PortaOptions {
            url_credentials: false,
            request_seconds_max: limits::REQUEST_SECONDS_MAX,
            body_bytes_max: limits::BODY_BYTES_MAX,
            scanned_max: limits::SCANNED_MAX,
        }
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct PortaState {
    pub(crate) app: Arc<App>,
    pub(crate) options: PortaOptions,
    keys: Arc<OnceCell<Arc<Keys>>>,
    pub(crate) remembered: Arc<Remembered>,
    pub(crate) sign_ins: Arc<SignIns>,
}

/// The turns of those who sign in.
pub(crate) struct SignIns {
    pub waiting: Semaphore,
    pub at_once: Semaphore,
}

impl PortaState {
    pub fn new(app: Arc<App>, options: PortaOptions) -> PortaState {
        let sign_ins =
            SignIns { waiting: Semaphore::new(limits::SIGN_INS_WAITING_MAX), at_once: Semaphore::new(limits::SIGN_INS_AT_ONCE_MAX) };
        PortaState { app, options, keys: Arc::default(), remembered: Arc::default(), sign_ins: Arc::new(sign_ins) }
    }

    /// The keys of access tokens. The first call reads or makes them, on a thread of its own: making takes a while.
    pub(crate) async fn keys(&self) -> Result<Arc<Keys>, Fault> {
        let keys = self.keys.get_or_try_init(|| async {
            let app = Arc::clone(&self.app);
            tokio::task::spawn_blocking(move || Keys::load(&app).map(Arc::new)).await.map_err(|_| Fault::internal("keys"))?
        });
        Ok(Arc::clone(keys.await?))
    }
}
