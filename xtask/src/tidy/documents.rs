//! Owns the rules about documents: decision records are numbered without gaps, links lead somewhere.
//! Does not own what they say.

use super::scan;
use super::{Finding, Rule};
use crate::files::File;
use std::collections::BTreeMap;

pub const RULES: &[Rule] = &[
    Rule { name: "decisions", why: "a decision is cited by its number for years", check: decisions },
    Rule { name: "links", why: "a link that leads nowhere costs each reader a search", check: links },
];

const DECISIONS: &str = "docs/decisions/";

fn decisions(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<usize, &File> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with(DECISIONS)) {
        match number_of(file.path.strip_prefix(DECISIONS).unwrap_or_default()) {
            None => findings.push(Finding::at(file, 1, "name it NNNN-title.md: four digits, then lower-case words joined by `-`")),
            Some(number) => {
                if let Some(other) = numbers.insert(number, file) {
                    findings.push(Finding::at(file, 1, format!("{} has this number too: take the next free one", other.path)));
                }
            }
        }
    }
    for (expected, (number, file)) in (1..).zip(&numbers) {
        if expected != *number {
            findings.push(Finding::at(file, 1, format!("number {expected:04} comes before it and is missing")));
            break;
        }
    }
    findings
}

fn number_of(name: &str) -> Option<usize> {
    let (digits, title) = name.strip_suffix(".md")?.split_once('-')?;
    let plain = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    (digits.len() == 4 && title.split('-').all(plain)).then(|| digits.parse().ok())?
}

/// Links of every document, and the documents that comments in the code refer to.
fn links(files: &[File]) -> Vec<Finding> {
    let exists = |path: &str| {
        let folder = format!("{}/", path.trim_end_matches('/'));
        files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !scan::is_tidy_itself(file)) {
        for (number, line) in file.lines() {
            let targets = if file.path.ends_with(".md") {
                targets(line).filter_map(|target| resolve(&file.path, target)).collect()
            } else if scan::is_code(file) {
                mentions(line)
            } else {
                Vec::new()
            };
            for path in targets.iter().filter(|path| !exists(path)) {
                findings.push(Finding::at(file, number, format!("there is no {path}: correct the link, or write what it promises")));
            }
        }
    }
    findings
}

/// The `target` of each `](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next())
}

/// From the project's folder; `None` where the link leaves the project or stays in its document.
fn resolve(document: &str, target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// `docs/....md` in a comment.
fn mentions(line: &str) -> Vec<String> {
    let words = line.split(|letter: char| !(letter.is_ascii_alphanumeric() || "/_-.".contains(letter)));
    words.filter(|word| word.starts_with("docs/") && word.ends_with(".md")).map(str::to_owned).collect()
}
