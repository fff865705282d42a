//! Owns the native JSON API `/api/v1`: its routes, shapes, errors and OpenAPI document.
//!
//! Does not own: what is done (usecase), listening and trust in proxies (server), the compatible face (porta).

mod account;
mod answer;
mod auth;
mod body;
mod bundle;
mod correction;
mod customer;
mod customer_class;
mod did;
mod error;
mod event;
mod export;
mod import;
mod json;
pub mod limits;
mod live;
mod nas;
mod openapi;
mod page;
mod product;
mod rate;
mod reason;
mod reference;
mod router;
mod saved_view;
mod session;
mod staff;
mod stream;
mod tariff;
mod test_clock;
mod usage;
mod value;
mod word;
mod xdr;

use std::sync::Arc;

use trunkline_usecase::App;

pub use error::RequestId;
pub use openapi::document;
pub use router::router;

/// What every handler shares.
#[derive(Clone)]
pub struct ApiState {
    pub app: Arc<App>,
    live: Arc<live::hub::Hub>,
}

impl ApiState {
    pub fn new(app: Arc<App>) -> ApiState {
        ApiState::with_listeners(app, limits::LISTENERS_MAX)
    }

    /// With room for this many pages that listen for changes.
    pub fn with_listeners(app: Arc<App>, listeners_max: usize) -> ApiState {
        ApiState { app, live: Arc::new(live::hub::Hub::new(listeners_max)) }
    }

    /// Ends the answers that would go on for ever: the server stops.
    pub fn stop(&self) {
        self.live.stop();
    }
}
