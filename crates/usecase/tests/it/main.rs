//! Stories: what people and devices want of the system, on a clock that moves when it is told to, on both engines. Run with
//! `cargo xtask postgres -- cargo test -p trunkline-usecase`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines)]

use trunkline_storage::Engine;

#[path = "../../../storage/tests/it/on_both.rs"]
#[macro_use]
mod on_both;
#[path = "../../../storage/tests/it/place.rs"]
mod place;
mod world;
#[macro_use]
mod story;

mod account;
mod bulk;
mod closed;
mod collection;
mod correction;
mod customer_class;
mod delete;
mod did;
mod due;
mod export;
mod field;
mod import;
mod import_xdr;
mod list;
mod login;
mod model;
mod nas;
mod product;
mod reseller;
mod role;
mod same;
mod saved_view;
mod scope;
mod session;
mod status;
mod tariff;
mod xdr;
