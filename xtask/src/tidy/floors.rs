//! Owns the rules about crates: which may call which, what they are called, how they name their nouns.
//! Does not own what stands in a source file (sources.rs).

use super::scan::{self, crate_of};
use super::{Finding, Rule};
use crate::files::File;
use std::collections::{BTreeMap, BTreeSet};

pub const RULES: &[Rule] = &[
    Rule { name: "floors", why: "arrows point down: rules stay testable in milliseconds, and all faces tell one truth", check: floors },
    Rule { name: "storage-hidden", why: "faces ask use cases: a permission that a face forgets does not exist", check: storage_hidden },
    Rule {
        name: "blocking",
        why: "domain, storage and usecase are plain blocking code: short traces, repeatable simulations",
        check: blocking,
    },
    Rule { name: "crate-names", why: "a crate named after nothing collects everything", check: crate_names },
    Rule { name: "manifests", why: "versions and lints stand once, in the Cargo.toml at the top", check: manifests },
    Rule { name: "nouns", why: "one noun has one file name on every floor: what is known of one is found for all", check: nouns },
];

/// Each crate and what of ours it may depend on, tests included.
const FLOORS: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("storage", &["domain"]),
    ("usecase", &["domain", "storage"]),
    ("api", &["domain", "usecase"]),
    ("porta", &["domain", "usecase"]),
    ("radius", &["domain", "usecase"]),
    ("pdf", &["domain", "usecase"]),
    ("server", &["domain", "storage", "usecase", "api", "porta", "radius", "pdf"]),
    ("simulation", &["domain", "storage", "usecase"]),
];

const FACES: [&str; 4] = ["api", "porta", "radius", "pdf"];
const BLOCKING: [&str; 3] = ["domain", "storage", "usecase"];
const NAMES_REFUSED: [&str; 6] = ["common", "util", "utils", "core", "engine", "types"];
/// What does I/O, waits or draws lots; domain may have none of it.
const REFUSED_IN_DOMAIN: [&str; 9] = ["tokio", "rusqlite", "postgres", "axum", "hyper", "rand", "tracing", "serde_json", "reqwest"];

fn floors(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let name = crate_of(&manifest.path).unwrap_or("xtask");
        let allowed =
            if name == "xtask" { Some(&[][..]) } else { FLOORS.iter().find(|(floor, _)| *floor == name).map(|(_, below)| *below) };
        let Some(allowed) = allowed else {
            findings.push(Finding::at(
                manifest,
                1,
                format!("crate `{name}` has no floor: write a decision record, then add it to FLOORS in xtask/src/tidy/floors.rs"),
            ));
            continue;
        };
        for (line, text) in dependencies(manifest) {
            for (called, _) in FLOORS.iter().filter(|(floor, _)| names_crate(text, floor)) {
                if !allowed.contains(called) {
                    let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
                    findings.push(Finding::at(manifest, line, format!("`{name}` must not depend on `{called}`; it may depend on: {may}")));
                }
            }
            let outside = text.split(['.', '=', ' ']).next().unwrap_or_default();
            if name == "domain" && REFUSED_IN_DOMAIN.contains(&outside) {
                findings.push(Finding::at(manifest, line, format!("domain does no I/O: take what `{outside}` would give as an argument")));
            }
        }
    }
    findings
}

/// The lines of a manifest's dependency tables, headings of the kind `[dependencies.name]` included.
fn dependencies(manifest: &File) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut lines = Vec::new();
    for (number, line) in manifest.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') {
            inside = line.contains("dependencies");
        }
        if inside && !line.is_empty() && (!line.starts_with('[') || line.contains("dependencies.")) {
            lines.push((number, line));
        }
    }
    lines
}

fn names_crate(line: &str, floor: &str) -> bool {
    scan::has_word(line, &format!("trunkline-{floor}")) || scan::has_word(line, &format!("../{floor}"))
}

fn storage_hidden(files: &[File]) -> Vec<Finding> {
    sources_of(files, &FACES)
        .flat_map(|file| file.lines().map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| {
            scan::has_word(&scan::code_of(line), "trunkline_storage") || scan::has_word(&scan::code_of(line), "usecase::storage")
        })
        .map(|(file, number, _)| {
            Finding::at(file, number, "a face never sees storage: call a function of usecase, or add the one that is missing")
        })
        .collect()
}

fn blocking(files: &[File]) -> Vec<Finding> {
    sources_of(files, &BLOCKING)
        .flat_map(|file| file.lines().map(move |(number, line)| (file, number, scan::code_of(line))))
        .filter(|(_, _, line)| ["async fn", "async move", ".await"].iter().any(|word| scan::has_word(line, word)))
        .map(|(file, number, _)| Finding::at(file, number, "no async below the faces: make it blocking, and let the face await the answer"))
        .collect()
}

fn sources_of<'files>(files: &'files [File], crates: &'static [&str]) -> impl Iterator<Item = &'files File> {
    files.iter().filter(|file| file.path.ends_with(".rs") && crate_of(&file.path).is_some_and(|name| crates.contains(&name)))
}

fn crate_names(files: &[File]) -> Vec<Finding> {
    let manifests = files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    let refused = manifests.filter_map(|file| {
        let folder = crate_of(&file.path).unwrap_or_default();
        let name =
            file.lines().find_map(|(_, line)| line.strip_prefix("name = \"")).map(|rest| rest.trim_end_matches('"')).unwrap_or_default();
        let bad = NAMES_REFUSED.iter().find(|bad| folder == **bad || name == **bad || name.strip_prefix("trunkline-") == Some(*bad))?;
        Some(Finding::at(file, 1, format!("no crate is called `{bad}`: give each thing in it to the crate whose rule it is")))
    });
    refused.collect()
}

fn manifests(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        if !manifest.text().contains("[lints]\nworkspace = true") {
            findings.push(Finding::at(manifest, 1, "takes no lints: add `[lints]` with `workspace = true`"));
        }
        for (line, text) in dependencies(manifest) {
            if !text.contains("workspace = true") {
                findings.push(Finding::at(
                    manifest,
                    line,
                    "write `name.workspace = true` here, and the version and features in the Cargo.toml at the top",
                ));
            }
        }
    }
    findings
}

/// Two spellings are one noun when they differ only in `_` and a plural ending.
fn nouns(files: &[File]) -> Vec<Finding> {
    let mut spellings: BTreeMap<String, BTreeMap<String, &File>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let Some(("src", rest)) = file.path.strip_prefix("crates/").and_then(|path| path.split_once('/')?.1.split_once('/')) else {
            continue;
        };
        let noun = rest.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        spellings.entry(singular(noun)).or_default().entry(noun.to_owned()).or_insert(file);
    }
    let several = spellings.values().filter(|spellings| spellings.len() > 1);
    let findings = several.flat_map(|spellings| {
        let all: BTreeSet<&str> = spellings.keys().map(String::as_str).collect();
        let all: Vec<&str> = all.into_iter().collect();
        let to_do = format!("one noun, several spellings ({}): give it one file name on every floor (docs/vocabulary.md)", all.join(", "));
        spellings.values().map(move |file| Finding::at(file, 1, to_do.clone()))
    });
    findings.collect()
}

fn singular(noun: &str) -> String {
    let plain = noun.replace('_', "");
    match plain.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None if plain.ends_with("us") || plain.ends_with("ss") => plain,
        None => plain.strip_suffix('s').unwrap_or(&plain).to_owned(),
    }
}
