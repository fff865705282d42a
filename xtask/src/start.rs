//! Owns `cargo start`: the UI built, the server built, the demo running.
//! Does not own what the demo is (the server's command `demo`).

use crate::process::{self, Outcome};
use crate::web;
use std::os::unix::process::CommandExt;

const WITHOUT_UI: &str = "--without-ui";

pub fn run(arguments: &[String]) -> Outcome {
    let (without_ui, demo) = understand(arguments);
    if without_ui {
        eprintln!("start: without the UI, as asked; the API works, the pages are those of the last build, if there was one");
    } else {
        web::check_node().map_err(|missing| {
            format!(
                "{missing}.\n{}\nWithout the UI (the API and everything else works): cargo start {WITHOUT_UI}",
                web::HOW_TO_INSTALL_NODE
            )
        })?;
        web::install_when_needed(process::run)?;
        web::build_when_needed(process::run)?;
    }
    let mut server = process::cargo(&["run", "--locked", "--profile", "start", "--package", "trunkline-server", "--bin", "trunkline"]);
    server.args(["--", "demo"]).args(demo);
    // We become cargo, and cargo becomes the server: Ctrl-C and SIGTERM reach it with nobody between.
    Err(format!("cannot run cargo: {}", server.exec()))
}

/// What is for us and what is for the demo; `--` may stand between.
fn understand(arguments: &[String]) -> (bool, Vec<&String>) {
    let ours = arguments.iter().take_while(|argument| *argument != "--");
    let without_ui = ours.clone().any(|argument| argument == WITHOUT_UI);
    let own = ours.clone().filter(|argument| *argument != WITHOUT_UI);
    (without_ui, own.chain(arguments.iter().skip(ours.clone().count() + 1)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_and_what_is_for_the_demo() {
        for (given, without_ui, demo) in [
            ("", false, ""),
            ("--customers 10", false, "--customers 10"),
            ("-- --customers 10", false, "--customers 10"),
            ("--without-ui --customers 10", true, "--customers 10"),
            ("--without-ui -- --listen 127.0.0.1:0", true, "--listen 127.0.0.1:0"),
            ("-- --without-ui", false, "--without-ui"),
        ] {
            let arguments: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
            let (found, rest) = understand(&arguments);
            let rest: Vec<&str> = rest.into_iter().map(String::as_str).collect();
            assert_eq!((found, rest.join(" ").as_str()), (without_ui, demo), "{given}");
        }
    }
}
