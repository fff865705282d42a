//! Owns the tests of the compatible face: whole answers, through the router, on a real database with a clock that stands. What an
//! engine could answer differently runs on both: `cargo xtask postgres -- cargo test -p trunkline-porta`.
//! Does not own: tests of what the use cases do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines, clippy::type_complexity)]

use trunkline_usecase::Engine;

#[path = "../../../storage/tests/it/place.rs"]
mod place;
#[macro_use]
mod world;

mod account;
mod bad_field;
mod bad_input;
mod billing_session;
mod catalogue;
mod cdr;
mod change;
mod did;
mod format;
mod generic;
mod info;
mod list;
mod search;
mod session;
mod transaction;
mod transport;
mod xdr;
