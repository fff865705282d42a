//! Owns running the house rules that no compiler checks, and how a finding reads.
//! Does not own a rule: documents.rs, floors.rs, sources.rs, testing.rs, texts.rs; nor what the lints in Cargo.toml check.

mod documents;
mod floors;
#[cfg(test)]
mod samples;
mod scan;
mod sources;
mod testing;
mod texts;

use crate::files::{self, File};
use crate::process::Outcome;

/// One thing that the house refuses.
struct Rule {
    name: &'static str,
    /// What it protects, for the person who meets it the first time.
    why: &'static str,
    check: fn(&[File]) -> Vec<Finding>,
}

/// A place, and what to do there.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    to_do: String,
}

impl Finding {
    fn at(file: &File, line: usize, to_do: impl Into<String>) -> Finding {
        Finding { path: file.path.clone(), line, to_do: to_do.into() }
    }
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    [floors::RULES, sources::RULES, testing::RULES, documents::RULES, texts::RULES].into_iter().flatten()
}

/// `cargo xtask tidy [--rules]`.
pub fn run(arguments: &[String]) -> Outcome {
    match arguments {
        [] => check(),
        [list] if list == "--rules" => {
            rules().for_each(|rule| println!("{:<16} {}", rule.name, rule.why));
            Ok(())
        }
        _ => Err("usage: cargo xtask tidy [--rules]".to_owned()),
    }
}

/// Prints every finding; fails when there is one.
pub fn check() -> Outcome {
    let files = files::below("")?;
    let mut count: usize = 0;
    for rule in rules() {
        let mut findings = (rule.check)(&files);
        findings.sort();
        for finding in &findings {
            println!("{}:{}: {} [{}]", finding.path, finding.line, finding.to_do, rule.name);
        }
        count += findings.len();
    }
    if count > 0 {
        return Err(format!("{count} to put right (`cargo xtask tidy --rules` says why each rule stands)"));
    }
    println!("tidy: {} files, {} rules, nothing to put right", files.len(), rules().count());
    Ok(())
}
