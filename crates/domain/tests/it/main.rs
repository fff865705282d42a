//! Tests of the rules: one file a noun, one row a case. Run with `cargo test -p trunkline-domain`.
#![deny(clippy::float_arithmetic)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::type_complexity)]

mod account;
mod balance;
mod balance_property;
mod billing;
mod bundle;
mod contact;
mod correction;
mod country;
mod customer;
mod did;
mod document;
mod fixture;
mod id;
mod invoice;
mod money;
mod name;
mod nas;
mod payment;
mod peak;
mod product;
mod rate_table;
mod rate_text;
mod rating;
mod refusal;
mod seed;
mod session;
mod spending;
mod staff;
mod status;
mod time;
