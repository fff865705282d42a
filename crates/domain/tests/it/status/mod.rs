//! The status engine, by question.

mod action;
mod boundary;
mod collection;
mod each;
mod explanation;
mod model;
mod next;
mod pair;
mod property;
mod reseller;
mod table;
