//! Owns the browser tests' server: the real program with its demo, stopped and judged afterwards.
//! Does not own the tests (web/e2e).

use super::run_program;
use crate::guard::{Guard, Held, TemporaryFolder};
use crate::process::{self, Outcome};
use crate::web;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The demo makes thousands of customers in a build without optimisation before it listens.
const START_LIMIT: Duration = Duration::from_secs(300);
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// What the demo prints for people, and we hand to the tests.
const PRINTED: [(&str, &str); 3] = [("listening:", "TRUNKLINE_URL"), ("login:", "TRUNKLINE_LOGIN"), ("password:", "TRUNKLINE_PASSWORD")];

pub fn test(guard: &Guard) -> Outcome {
    web::check_node()?;
    let run = |command: &mut Command| run_program(guard, command);
    web::install_when_needed(run)?;
    web::build_when_needed(run)?;
    // The same words as the step before: so nothing is built a second time with other features.
    run(&mut process::cargo(&["test", "--workspace", "--locked", "--no-run"]))?;

    let folder = TemporaryFolder::make(guard, "browser")?;
    let database = format!("sqlite:{}", folder.path().join("demo.sqlite").display());
    let mut command = process::command(&process::target().join("debug/trunkline").display().to_string());
    command.args(["demo", "--listen", "127.0.0.1:0", "--database-url", &database]);
    println!("$ {}", process::spoken(&command));
    let mut server = Held::start(guard, &command, "TERM", |command| {
        command.stdout(Stdio::piped());
    })?;
    let lines = lines_of(&mut server)?;
    let printed = wait_for(&lines, START_LIMIT)?;

    run(web::npm(&["run", "e2e"]).envs(printed))?;

    server.ask_to_stop();
    server.succeed_within(STOP_LIMIT).map_err(|reason| format!("after SIGTERM the server must end with exit code 0: {reason}"))
}

/// The lines of its standard output; reading goes on until it ends, so that it never waits for us.
fn lines_of(server: &mut Held<'_>) -> Outcome<Receiver<String>> {
    let output = server.process.stdout.take().ok_or("the server has no standard output")?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The log of CI is read by many; the password is for the tests alone.
            if !line.starts_with("password:") {
                println!("  server: {line}");
            }
            let _ = sender.send(line);
        }
    });
    Ok(receiver)
}

/// The variables for the tests, when all have been printed.
fn wait_for(lines: &Receiver<String>, limit: Duration) -> Outcome<Vec<(&'static str, String)>> {
    let begin = Instant::now();
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let missing = |found: &[(&str, String)]| {
        let left = PRINTED.iter().filter(|(_, variable)| !found.iter().any(|(known, _)| known == variable));
        left.map(|(prefix, _)| format!("`{prefix}`")).collect::<Vec<_>>().join(", ")
    };
    while found.len() < PRINTED.len() {
        match lines.recv_timeout(limit.saturating_sub(begin.elapsed())) {
            Ok(line) => {
                let known = PRINTED.iter().find_map(|(prefix, variable)| Some((*variable, line.strip_prefix(prefix)?.trim().to_owned())));
                found.extend(known.filter(|(variable, _)| !found.iter().any(|(known, _)| known == variable)));
            }
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!("the server did not print {} within {} s", missing(&found), limit.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => return Err(format!("the server ended before it printed {}", missing(&found))),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(lines: &[&str]) -> Outcome<Vec<(&'static str, String)>> {
        let (sender, receiver) = channel();
        for line in lines {
            sender.send((*line).to_owned()).unwrap();
        }
        drop(sender);
        wait_for(&receiver, Duration::from_secs(5))
    }

    #[test]
    fn what_the_server_prints_goes_to_the_tests() {
        let found = printed(&["making 2000 customers", "login: admin", "password: a b:c", "listening: http://127.0.0.1:4711"]).unwrap();
        assert!(found.contains(&("TRUNKLINE_URL", "http://127.0.0.1:4711".to_owned())));
        assert!(found.contains(&("TRUNKLINE_PASSWORD", "a b:c".to_owned())));
    }

    #[test]
    fn a_server_that_ends_early_is_named() {
        let reason = printed(&["login: admin"]).unwrap_err();
        assert!(reason.contains("`listening:`, `password:`") && !reason.contains("`login:`"), "{reason}");
    }
}
