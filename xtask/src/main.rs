//! Owns the list of the project's commands: `cargo start` and `cargo xtask <command>`.
//! Does not own what a command does (one file or folder each), nor anything of the product.

mod calls;
mod ci;
mod files;
mod guard;
mod process;
mod start;
mod tidy;
mod web;

use process::Outcome;
use std::process::ExitCode;

struct Task {
    name: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// What a person can ask for. `guard` is not here: only this program starts it.
const TASKS: [Task; 5] = [
    Task { name: "start", help: "[--without-ui] [arguments of demo]   build the UI and the server, run the demo", run: start::run },
    Task { name: "ci", help: "[--only step,step]   install what tests need, then run everything", run: ci::run },
    Task { name: "call-demo", help: "  run true calls through Kamailio and sipp, and show what they leave", run: calls::run },
    Task { name: "tidy", help: "[--rules]   the house rules that no compiler checks; --rules lists them", run: tidy::run },
    Task { name: "postgres", help: "-- <command>   run a command with a private PostgreSQL up", run: ci::postgres::run },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        print_tasks();
        return ExitCode::from(2);
    };
    if name == guard::COMMAND {
        guard::stand();
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        print_tasks();
        return ExitCode::from(2);
    };
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{name}: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn print_tasks() {
    eprintln!("cargo xtask <command>");
    for task in &TASKS {
        eprintln!("  {} {}", task.name, task.help);
    }
}
