//! Owns the list of the project's own files: what git knows or would take, less what it ignores.
//! Does not own what is done with them.

use crate::process::{self, Outcome};
use std::process::Stdio;

/// A file of the project. `text` is `None` where it is not text.
#[derive(Debug)]
pub struct File {
    /// From the project's folder, with `/`.
    pub path: String,
    pub text: Option<String>,
}

impl File {
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// The lines with their numbers, as an editor counts them.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text().split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }

    pub fn ends_with_one_of(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// All files at or below `folder` (empty: the whole project), in order of their paths.
pub fn below(folder: &str) -> Outcome<Vec<File>> {
    let mut git = process::command("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
        "--",
        if folder.is_empty() { "." } else { folder },
    ]);
    let output = git.stdin(Stdio::null()).output().map_err(|error| format!("git is needed to list the files: {error}"))?;
    if !output.status.success() {
        return Err(format!("git cannot list the files (is this a clone?): {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let mut files = Vec::new();
    for path in String::from_utf8_lossy(&output.stdout).split_terminator('\0') {
        match std::fs::read(process::project().join(path)) {
            Ok(bytes) => files.push(File { path: path.to_owned(), text: String::from_utf8(bytes).ok() }),
            // Deleted, and git has not been told yet.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("cannot read {path}: {error}")),
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}
