//! Owns the rules that hold for every text: white space, marks of unfinished work, traces of one machine, lock files.
//! Does not own rules of one language (sources.rs, testing.rs).

use super::scan;
use super::{Finding, Rule};
use crate::files::File;

pub const RULES: &[Rule] = &[
    Rule { name: "white-space", why: "invisible differences hide the visible ones", check: white_space },
    Rule { name: "markers", why: "work that is not done stands in an issue, where someone will look for it", check: markers },
    Rule { name: "machine-paths", why: "the path of one machine is wrong on every other", check: machine_paths },
    Rule { name: "package-hosts", why: "a lock file that names hosts installs nowhere else", check: package_hosts },
];

const MARKERS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];
const MACHINE_PATHS: [&str; 3] = ["/home/", "/root/", "/work/"];
const CRATES_REGISTRY: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

fn white_space(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| scan::is_text(file)) {
        for (number, line) in file.lines() {
            if line.ends_with(char::is_whitespace) {
                findings.push(Finding::at(file, number, "take out the white space at the end of the line"));
            }
        }
        if !file.text().is_empty() && !file.text().ends_with('\n') {
            findings.push(Finding::at(file, file.text().lines().count(), "end the last line with a line break"));
        }
    }
    findings
}

/// In quotes it is a value: XXX is also the ISO code of no currency.
fn markers(files: &[File]) -> Vec<Finding> {
    each_line(files, |line| {
        let quoted = |mark: &str| line.contains(&format!("\"{mark}\"")) || line.contains(&format!("'{mark}'"));
        let mark = MARKERS.iter().find(|mark| scan::has_word(line, mark) && !quoted(mark))?;
        Some(format!("`{mark}`: do it now, or write an issue and take the mark out"))
    })
}

fn machine_paths(files: &[File]) -> Vec<Finding> {
    each_line(files, |line| {
        let path = MACHINE_PATHS.iter().find(|path| {
            let starts = |index: usize| {
                line.get(..index)
                    .and_then(|before| before.chars().next_back())
                    .is_none_or(|before| !(before.is_alphanumeric() || "_-./}".contains(before)))
            };
            line.match_indices(**path).any(|(index, _)| starts(index))
        })?;
        Some(format!("`{path}` is a path of one machine: make it relative, an argument or a setting"))
    })
}

fn each_line(files: &[File], judge: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let judged = files.iter().filter(|file| scan::is_text(file) && !scan::is_tidy_itself(file));
    judged
        .flat_map(|file| file.lines().filter_map(|(number, line)| Some(Finding::at(file, number, judge(line)?))).collect::<Vec<_>>())
        .collect()
}

/// Also settings that send a package manager elsewhere.
fn package_hosts(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        for (number, line) in file.lines() {
            let line = line.trim();
            let refused = match name {
                "Cargo.lock" => line.starts_with("source = ") && line != CRATES_REGISTRY,
                "package-lock.json" => line.starts_with("\"resolved\"") && line.contains("://"),
                ".npmrc" => line.contains("registry=") || line.contains("registry ="),
                "config.toml" if file.path.starts_with(".cargo/") => line.starts_with("[source") || line.starts_with("[registries"),
                _ => false,
            };
            if refused {
                findings.push(Finding::at(
                    file,
                    number,
                    "names where packages come from: set that on the machine, and make the lock file without it",
                ));
            }
        }
    }
    findings
}
