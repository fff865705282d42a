//! Owns `call-demo`: true calls through a real switch against a fresh Trunkline, with what they leave printed.
//! Does not own the calls and what is expected of them (crates/server/tests/it/radius/kamailio).

use crate::ci;
use crate::guard::Guard;
use crate::process::{self, Outcome};
use std::process::Command;

/// The calls, and what the tests print.
const CHOSEN: [&str; 3] = ["--", "radius::kamailio", "--nocapture"];

/// `cargo xtask call-demo`.
pub fn run(arguments: &[String]) -> Outcome {
    if !arguments.is_empty() {
        return Err("usage: cargo xtask call-demo".to_owned());
    }
    ci::apt::install_missing()?;
    let guard = Guard::start()?;
    ci::run_program(&guard, process::cargo(&["test", "-p", "trunkline-server", "--locked", "--test", "it"]).args(CHOSEN))
}

/// The same words as the step before: so nothing is built a second time with other features.
pub fn command() -> Command {
    let mut command = process::cargo(&["test", "--workspace", "--locked", "--test", "it"]);
    command.args(CHOSEN);
    command
}
