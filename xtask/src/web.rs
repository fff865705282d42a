//! Owns building the UI when its sources changed, and saying what to do where Node is missing.
//! Does not own how the UI is built (web/package.json), nor how the server carries it.

use crate::process::{self, Outcome};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Marks under target/: what was last installed and built from.
const INSTALLED: &str = "web_installed";
const BUILT: &str = "web_built";

/// Whether Node and npm are there and new enough; otherwise what is missing.
pub fn check_node() -> Outcome {
    let wanted = wanted_node(&std::fs::read_to_string(folder().join("package.json")).unwrap_or_default());
    let needs = format!("the UI needs Node {}.{} or newer with npm", wanted.0, wanted.1);
    let Some(answer) = process::answer("node", &["--version"]) else { return Err(format!("{needs}; `node` is not there")) };
    match version(answer.trim_start_matches('v')) {
        Some(found) if found >= wanted => {}
        Some(_) | None => return Err(format!("{needs}; `node` is {answer}")),
    }
    if process::answer("npm", &["--version"]).is_none() {
        return Err(format!("{needs}; `npm` is not there"));
    }
    Ok(())
}

pub const HOW_TO_INSTALL_NODE: &str =
    "  Debian 12        its own package `nodejs` is version 18, which is too old: install Node 20 or newer with nvm or fnm,
                   from NodeSource's packages, or from the archive on the download page of Node.js
  Debian 13        apt-get install nodejs npm
  Fedora           dnf install nodejs npm
  Arch             pacman -S nodejs npm
  macOS            brew install node";

/// `npm` with these arguments in web/.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = process::command("npm");
    command.args(arguments).current_dir(folder());
    command
}

/// Runs `npm ci` when the lock file is another than at the last time.
pub fn install_when_needed(run: impl Fn(&mut Command) -> Outcome) -> Outcome {
    let lock = hash_of(&std::fs::read(folder().join("package-lock.json")).unwrap_or_default());
    if folder().join("node_modules").is_dir() && mark(INSTALLED) == lock {
        return Ok(());
    }
    run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    set_mark(INSTALLED, &lock)
}

/// Builds when the sources, or what was built, are not those of the last build.
pub fn build_when_needed(run: impl Fn(&mut Command) -> Outcome) -> Outcome {
    let sources = hash_of_sources()?;
    let state = || Ok::<String, String>(format!("{sources} {}", hash_of_folder(&folder().join("dist"))?));
    if folder().join("dist/index.html").is_file() && mark(BUILT) == state()? {
        return Ok(());
    }
    run(&mut npm(&["run", "build"]))?;
    set_mark(BUILT, &state()?)
}

fn folder() -> PathBuf {
    process::project().join("web")
}

fn mark(name: &str) -> String {
    std::fs::read_to_string(process::target().join(name)).unwrap_or_default()
}

fn set_mark(name: &str, value: &str) -> Outcome {
    let file = process::target().join(name);
    std::fs::create_dir_all(process::target())
        .and_then(|()| std::fs::write(&file, value))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// All of web/ that can change what is built.
fn hash_of_sources() -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    for path in files_below(&folder(), &is_source)? {
        hash_file(&path, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn is_source(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    !["node_modules", "dist", "e2e"].contains(&name.as_str()) && !name.contains(".test.")
}

fn hash_of_folder(folder: &Path) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    if folder.is_dir() {
        for path in files_below(folder, &|_| true)? {
            hash_file(&path, &mut hasher)?;
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_file(path: &Path, hasher: &mut DefaultHasher) -> Outcome {
    path.hash(hasher);
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?.hash(hasher);
    Ok(())
}

/// Not for secrets: it only has to tell that something changed.
fn hash_of(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn files_below(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Outcome<Vec<PathBuf>> {
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !wanted(&path) {
            continue;
        }
        if path.is_dir() {
            files.extend(files_below(&path, wanted)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The number behind `"node": ">=` in package.json.
fn wanted_node(package: &str) -> (u32, u32) {
    let after = package.split_once("\"node\": \">=").map_or("", |(_, after)| after);
    version(after.split('"').next().unwrap_or_default()).unwrap_or((20, 0))
}

/// Major and minor of `20.19.2`, `20.19` or `20`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().split('.');
    let major = parts.next()?.parse().ok()?;
    Some((major, parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (text, expected) in [("20.19.2", Some((20, 19))), ("22", Some((22, 0))), ("24.1", Some((24, 1))), ("", None), ("x", None)] {
            assert_eq!(version(text), expected, "{text}");
        }
        assert_eq!(wanted_node(r#"  "engines": { "node": ">=20.19" }"#), (20, 19));
        assert_eq!(wanted_node("{}"), (20, 0));
        assert!(version("18.20.4") < Some((20, 19)));
    }

    #[test]
    fn tests_and_results_are_no_sources() {
        for (path, expected) in [
            ("web/src/app.tsx", true),
            ("web/package-lock.json", true),
            ("web/src/app.test.tsx", false),
            ("web/dist", false),
            ("web/node_modules", false),
            ("web/e2e", false),
        ] {
            assert_eq!(is_source(Path::new(path)), expected, "{path}");
        }
    }
}
