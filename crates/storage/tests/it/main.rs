//! The behaviour suite of storage: every test runs on SQLite and on a real PostgreSQL. Run with
//! `cargo xtask postgres -- cargo test -p trunkline-storage`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines)]

use trunkline_storage::Engine;

#[macro_use]
mod on_both;
mod fixture;
mod place;
mod world;

mod amounts;
mod arrival;
mod bundle;
mod job;
mod lease;
mod list;
mod memory;
mod migrate;
mod name;
mod nas;
mod noun;
mod portable;
mod posting;
mod reader;
mod repair;
mod request;
mod row;
mod tariff;
mod trail;
mod usage;
mod usage_schedule;
mod xdr;
