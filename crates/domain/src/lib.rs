//! Owns every rule of the product: what a customer's status is and why, what a posting does to a balance, which
//! period a moment falls into. Free functions from values to values.
//!
//! Does not own: loading, saving, the clock, ids' randomness, protocols. Nothing in here can wait, read or fail for
//! a reason outside its arguments.
#![deny(clippy::float_arithmetic, clippy::as_conversions, clippy::wildcard_enum_match_arm)]

pub mod account;
pub mod balance;
pub mod billing;
pub mod bundle;
pub mod contact;
pub mod correction;
pub mod country;
pub mod customer;
pub mod customer_class;
pub mod did;
pub mod export;
pub mod hold;
pub mod id;
pub mod invoice;
pub mod money;
pub mod name;
pub mod nas;
pub mod payment;
pub mod peak;
pub mod product;
pub mod rate;
pub mod rate_table;
pub mod rate_text;
pub mod rating;
pub mod refusal;
pub mod saved_view;
pub mod search;
pub mod secret;
pub mod service;
pub mod session;
pub mod spending;
pub mod staff;
pub mod status;
pub mod tariff;
pub mod time;
pub mod xdr;
