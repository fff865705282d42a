//! Owns the tests of the native face: through the router, without a socket, on a real database with a clock that stands.
//! What an engine could answer differently runs on both: `cargo xtask postgres -- cargo test -p trunkline-api`.
//! Does not own: tests of what the use cases do, and of the running program (server).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines, clippy::type_complexity)]

use trunkline_usecase::Engine;

#[path = "../../../storage/tests/it/on_both.rs"]
#[macro_use]
mod on_both;
mod endpoint;
#[path = "../../../storage/tests/it/place.rs"]
mod place;
mod world;

mod answer;
mod bad_field;
mod bad_input;
mod deadline;
mod export;
mod import;
mod live;
mod openapi;
mod repeat;
mod role;
mod session;
