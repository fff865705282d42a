//! Owns the tests of the compatible face: whole answers, through the router, on a real database with a clock that stands.
//! Does not own: tests of what the use cases do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines, clippy::type_complexity)]

mod account;
mod bad_input;
mod change;
mod format;
mod generic;
mod info;
mod list;
mod session;
mod transaction;
mod transport;
mod world;
