//! Owns the schema, the SQL of each noun written once as free functions over `&mut Tx`, the two engines, and the
//! group-commit writer.
//!
//! Does not own: rules (domain), who may do what (usecase). Blocking code throughout; callers await a `Ticket`.

pub mod account;
pub mod alias;
pub mod arrival;
pub mod audit;
pub mod bulk;
pub mod bundle;
pub mod catalogue;
pub mod check;
mod conditions;
pub mod correction;
pub mod customer;
pub mod customer_class;
pub mod customer_list;
pub mod database;
pub mod did;
pub mod engine;
pub mod error;
pub mod export;
mod fact;
pub mod hold;
pub mod installation;
pub mod invoice;
pub mod job;
pub mod login;
pub mod migrate;
pub mod nas;
pub mod outbox;
pub mod payment;
pub mod product;
mod queue;
pub mod rate;
mod reader;
pub mod request;
pub mod row;
pub mod saved_view;
pub mod session;
pub mod spending;
pub mod staff;
pub mod table;
pub mod tariff;
pub mod ticket;
pub mod writer;
pub mod xdr;

pub use database::{Database, Options};
pub use engine::{Engine, Tx};
pub use error::StorageError;
pub use ticket::Ticket;
