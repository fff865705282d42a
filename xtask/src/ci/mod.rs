//! Owns the order of the steps that a change must pass, and the table of how long each took.
//! Does not own what a step checks: apt.rs, postgres.rs, browser.rs, ../tidy, and the tests themselves.

pub mod apt;
mod browser;
pub mod postgres;

use crate::guard::{Guard, Held};
use crate::process::{self, Outcome};
use crate::{calls, tidy, web};
use postgres::Postgres;
use std::process::Command;
use std::time::{Duration, Instant};

/// The longest that one program of a step may take.
const PROGRAM_LIMIT: Duration = Duration::from_secs(60 * 60);

struct Step {
    name: &'static str,
    run: fn(&Guard) -> Outcome,
}

/// In this order: what answers soonest stands first.
const STEPS: [Step; 8] = [
    Step { name: "packages", run: |_| apt::install_missing() },
    Step { name: "tidy", run: |_| tidy::check() },
    Step { name: "fmt", run: |guard| run_program(guard, &mut process::cargo(&["fmt", "--all", "--check"])) },
    Step { name: "clippy", run: clippy },
    Step { name: "test", run: test },
    Step { name: "calls", run: |guard| run_program(guard, &mut calls::command()) },
    Step { name: "web", run: check_web },
    Step { name: "browser", run: browser::test },
];

/// A step that ran: its name, its seconds, how it ended.
type Row = (&'static str, f64, Outcome);

/// `cargo xtask ci [--only step,step]`.
pub fn run(arguments: &[String]) -> Outcome {
    let steps = choose(arguments)?;
    let guard = Guard::start()?;
    let begin = Instant::now();
    let mut rows: Vec<Row> = Vec::new();
    for step in steps {
        println!("\n== {} ==", step.name);
        let begin = Instant::now();
        let outcome = (step.run)(&guard);
        let failed = outcome.is_err();
        rows.push((step.name, begin.elapsed().as_secs_f64(), outcome));
        if failed {
            break;
        }
    }
    drop(guard);
    report(&rows, begin.elapsed().as_secs_f64())
}

fn choose(arguments: &[String]) -> Outcome<Vec<&'static Step>> {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    let usage = || format!("usage: cargo xtask ci [--only step,step]; the steps are {}", names.join(", "));
    match arguments {
        [] => Ok(STEPS.iter().collect()),
        [only, chosen] if only == "--only" => {
            let chosen: Vec<&str> = chosen.split(',').map(str::trim).collect();
            if chosen.iter().any(|name| !names.contains(name)) {
                return Err(usage());
            }
            Ok(STEPS.iter().filter(|step| chosen.contains(&step.name)).collect())
        }
        _ => Err(usage()),
    }
}

/// Prints the table and the last line.
fn report(rows: &[Row], seconds: f64) -> Outcome {
    println!("\n{:<10} {:>8}", "step", "seconds");
    for (name, seconds, outcome) in rows {
        println!("{name:<10} {seconds:>8.1}  {}", if outcome.is_ok() { "ok" } else { "FAILED" });
    }
    for (name, _, outcome) in rows {
        if let Err(reason) = outcome {
            println!("ci: red after {seconds:.0} s, at step {name}");
            return Err(format!("{name}: {reason}"));
        }
    }
    println!("ci: green, {} of {} steps in {seconds:.0} s", rows.len(), STEPS.len());
    Ok(())
}

/// Runs one program of a step. It and all that it starts end with it.
pub fn run_program(guard: &Guard, command: &mut Command) -> Outcome {
    println!("$ {}", process::spoken(command));
    Held::start(guard, command, "TERM", |_| {})?.succeed_within(PROGRAM_LIMIT)
}

fn clippy(guard: &Guard) -> Outcome {
    run_program(guard, &mut process::cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

/// Plain `cargo test`: its closing lines are known everywhere.
fn test(guard: &Guard) -> Outcome {
    let postgres = Postgres::start(guard)?;
    let mut tests = process::cargo(&["test", "--workspace", "--locked"]);
    run_program(guard, tests.env(postgres::URL_VARIABLE, postgres.url())).map_err(|reason| postgres.explain(&reason))
}

fn check_web(guard: &Guard) -> Outcome {
    web::check_node()?;
    let run = |command: &mut Command| run_program(guard, command);
    web::install_when_needed(run)?;
    run(&mut web::npm(&["run", "check"]))?;
    run(&mut web::npm(&["test"]))?;
    web::build_when_needed(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str]) -> Outcome<Vec<&'static str>> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        choose(&arguments).map(|steps| steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn steps_are_chosen_by_name_and_keep_their_order() {
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
        assert_eq!(chosen(&["--only", "clippy,tidy"]).unwrap(), ["tidy", "clippy"]);
        assert!(chosen(&["--only", "clipy"]).unwrap_err().contains("tidy, fmt, clippy"));
        assert!(chosen(&["tidy"]).is_err());
    }

    #[test]
    fn the_first_failure_is_the_result() {
        assert!(report(&[("tidy", 0.1, Ok(()))], 0.1).is_ok());
        let rows = [("tidy", 0.1, Ok(())), ("fmt", 0.2, Err("not formatted".to_owned()))];
        assert_eq!(report(&rows, 0.3).unwrap_err(), "fmt: not formatted");
    }
}
