//! Importing: what good files do, what is said of bad ones, and that faults leave nothing half-done.

mod account;
mod bad_row;
mod customer_class;
mod fault;
mod form;
mod sample;
mod sending;

use crate::world::{Done, World};

/// A class to put customers in.
const CLASSES: &str = "name,iso_4217\nHome,\nEuros,EUR\n";

fn classes(world: &World) {
    world.file("classes.csv", CLASSES);
    world.must(&["import", "classes", "classes.csv"]);
}

fn customers(world: &World) -> i64 {
    world.number("select count(*) from customer")
}

/// What an import that was refused leaves.
fn refused(told: &str) -> Done {
    Done { code: Some(1), out: String::new(), told: told.to_owned() }
}

fn done(out: &str) -> Done {
    Done { code: Some(0), out: out.to_owned(), told: String::new() }
}
