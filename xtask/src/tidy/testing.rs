//! Owns the rules about tests: none is left out in silence, none waits for time to pass, each crate has one binary of them.
//! Does not own what is tested.

use super::scan;
use super::{Finding, Rule};
use crate::files::File;

pub const RULES: &[Rule] = &[
    Rule { name: "hidden-tests", why: "a test that does not run protects nothing and looks as if it did", check: hidden },
    Rule { name: "sleeping-tests", why: "a test that sleeps is slow when it passes and flaky when it fails", check: sleeping },
    Rule { name: "one-test-binary", why: "each further test binary of a crate is linked again at every change", check: one_binary },
];

const HIDING: [&str; 14] = [
    "#[ignore",
    "it.skip",
    "it.only",
    "it.todo",
    "it.fails",
    "test.skip",
    "test.only",
    "test.todo",
    "test.fails",
    "describe.skip",
    "describe.only",
    "describe.todo",
    "skipIf(",
    "runIf(",
];
const SLEEPING: [&str; 2] = ["sleep(", "waitForTimeout"];
/// On the line of a sleep or the one above: why there is nothing to wait for instead.
const REASON: &str = "// sleeps: ";

fn hidden(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| scan::is_code(file) && !scan::is_tidy_itself(file)) {
        for (number, line) in file.lines() {
            if let Some(mark) = HIDING.iter().find(|mark| scan::has_word(&scan::code_of(line), mark)) {
                findings.push(Finding::at(file, number, format!("`{mark}` hides tests: make it run, or take it out")));
            }
        }
    }
    findings
}

fn sleeping(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| scan::is_code(file) && !scan::is_tidy_itself(file)) {
        let mut before = "";
        for (number, line) in scan::test_lines(file) {
            let explained = line.contains(REASON) || before.contains(REASON);
            if !explained && SLEEPING.iter().any(|mark| scan::has_word(&scan::code_of(line), mark)) {
                let to_do = format!(
                    "wait for what is to happen (a line, an answer, a row), or say above why nothing can be waited for: `{REASON}..`"
                );
                findings.push(Finding::at(file, number, to_do));
            }
            before = line;
        }
    }
    findings
}

fn one_binary(files: &[File]) -> Vec<Finding> {
    let strays = files.iter().filter(|file| {
        let inside = file.path.strip_prefix("crates/").and_then(|path| path.split_once("/tests/"));
        inside.is_some_and(|(name, rest)| !name.contains('/') && rest.ends_with(".rs") && !rest.starts_with("it/"))
    });
    strays.map(|file| Finding::at(file, 1, "move it into tests/it/ and name it in tests/it/main.rs")).collect()
}
