//! The status engine, by question.

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
