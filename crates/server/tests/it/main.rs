//! The program as people and scripts meet it: the real binary, on SQLite and on a real PostgreSQL. Run with
//! `cargo xtask postgres -- cargo test -p trunkline-server`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines)]

#[macro_use]
mod world;
mod cluster;
mod program;

mod check;
mod crash;
mod demo;
mod export;
mod import;
mod radius;
mod serve;
mod test_clock;
mod usage_crash;
