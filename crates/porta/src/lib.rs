//! Owns the PortaBilling-compatible JSON face: `/rest/<Service>/<method>`, its transports, faults and formats.
//!
//! Does not own: what is done (usecase). Each method reads fields in the vendor's terms, calls one use case, and writes
//! its answer in the vendor's terms.

mod account;
mod auth;
mod billing_session;
mod cdr;
mod customer;
mod did;
mod error;
mod fields;
mod format;
mod generic;
mod limits;
mod page;
mod pattern;
mod product;
mod rate;
mod reply;
mod router;
mod service;
mod session;
mod state;
mod tariff;
mod token;
mod transport;
mod xdr;

pub use router::router;
pub use state::{PortaOptions, PortaState};
