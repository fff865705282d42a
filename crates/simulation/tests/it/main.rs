//! Compares the rules of the program with their naive telling: one file a noun. Run with `cargo test -p trunkline-simulation`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rating;
