//! Owns the rules about a single source file: how it opens, how long it is, floats, the clock.
//! Does not own tests (testing.rs) and what holds for every text (texts.rs).

use super::scan::{self, crate_of};
use super::{Finding, Rule};
use crate::files::File;

pub const RULES: &[Rule] = &[
    Rule { name: "headers", why: "a newcomer learns from the first lines what belongs into a file and what does not", check: headers },
    Rule { name: "size", why: "small is cheap only from the first commit", check: size },
    Rule { name: "floats", why: "a float loses pennies, and nobody can say which", check: floats },
    Rule { name: "clock", why: "time is an argument: a billing year in a second, and a test can stand still", check: clock },
];

const LINES_MAX: usize = 600;
const LINES_OF_TESTS_MAX: usize = 900;
const WITHOUT_FLOATS: [&str; 3] = ["domain", "storage", "usecase"];
const CLOCKS: [&str; 3] = ["SystemTime::now", "Timestamp::now", "Zoned::now"];
const THE_CLOCK: &str = "crates/usecase/src/clock.rs";

/// Not for tests (their names say what they own), build.rs, and generated files.
fn headers(files: &[File]) -> Vec<Finding> {
    let judged = files.iter().filter(|file| scan::is_code(file) && !scan::is_test(file) && !file.path.ends_with("build.rs"));
    let without = judged.filter_map(|file| {
        let mark = if file.path.ends_with(".rs") { "//!" } else { "//" };
        let opening: Vec<&str> = file.text().lines().take_while(|line| line.starts_with(mark)).collect();
        let opening = opening.join(" ").to_lowercase();
        let lacks = match (scan::has_word(&opening, "owns"), opening.contains("not own")) {
            (true, true) => return None,
            (false, true) => "says not what it owns",
            (true, false) => "says not what it does not own",
            (false, false) => "says neither what it owns nor what it does not own",
        };
        Some(Finding::at(file, 1, format!("the opening comment {lacks}: begin with `{mark} Owns ..` and `{mark} Does not own ..`")))
    });
    without.collect()
}

fn size(files: &[File]) -> Vec<Finding> {
    let judged = files.iter().filter(|file| (scan::is_code(file) || file.path.ends_with(".css")) && !scan::is_generated(file));
    let long = judged.filter_map(|file| {
        let limit = if scan::is_test(file) { LINES_OF_TESTS_MAX } else { LINES_MAX };
        let lines = file.text().lines().count();
        (lines > limit).then(|| {
            Finding::at(
                file,
                limit,
                format!("{lines} lines, {limit} are the limit: make a folder of the same name and split it by what it owns"),
            )
        })
    });
    long.collect()
}

fn floats(files: &[File]) -> Vec<Finding> {
    let judged =
        files.iter().filter(|file| file.path.ends_with(".rs") && crate_of(&file.path).is_some_and(|name| WITHOUT_FLOATS.contains(&name)));
    in_code(judged, &["f32", "f64"], |word| format!("no {word} here: take an integer with its unit in the type"))
}

fn clock(files: &[File]) -> Vec<Finding> {
    let judged = files.iter().filter(|file| file.path.ends_with(".rs") && file.path != THE_CLOCK && !scan::is_tidy_itself(file));
    in_code(judged, &CLOCKS, |word| format!("{word} is read in {THE_CLOCK} alone: take the time as an argument"))
}

/// A finding for each line whose code has one of the words.
fn in_code<'files>(files: impl Iterator<Item = &'files File>, words: &[&'static str], to_do: fn(&str) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in file.lines() {
            if let Some(word) = words.iter().find(|word| scan::has_word(&scan::code_of(line), word)) {
                findings.push(Finding::at(file, number, to_do(word)));
            }
        }
    }
    findings
}
