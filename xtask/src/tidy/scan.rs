//! Owns small questions about a file or a line that several rules ask.
//! Does not own a rule.

use crate::files::File;

const CODE: [&str; 3] = [".rs", ".ts", ".tsx"];
const TEXT: [&str; 20] = [
    ".rs",
    ".ts",
    ".tsx",
    ".js",
    ".css",
    ".html",
    ".svg",
    ".json",
    ".toml",
    ".yml",
    ".yaml",
    ".md",
    ".sql",
    ".csv",
    ".txt",
    ".sh",
    ".npmrc",
    ".gitignore",
    "/run",
    "LICENSE",
];

/// The rules name what they refuse, and their samples show it.
pub fn is_tidy_itself(file: &File) -> bool {
    file.path.starts_with("xtask/src/tidy/")
}

/// Rust or TypeScript written by hand.
pub fn is_code(file: &File) -> bool {
    file.ends_with_one_of(&CODE) && !is_generated(file)
}

/// Text written by hand. Not: what a program recorded (`*.snap`), lock files.
pub fn is_text(file: &File) -> bool {
    file.ends_with_one_of(&TEXT) && !is_generated(file) && !is_lock(file)
}

/// A program wrote it, and its first line says so.
pub fn is_generated(file: &File) -> bool {
    let first: Vec<&str> = file.text().lines().take(5).collect();
    let first = first.join(" ").to_lowercase();
    file.path.ends_with("schema.d.ts") || first.contains("@generated") || first.contains("auto-generated")
}

pub fn is_lock(file: &File) -> bool {
    file.ends_with_one_of(&["Cargo.lock", "package-lock.json"])
}

/// A file of tests alone.
pub fn is_test(file: &File) -> bool {
    let path = format!("/{}", file.path);
    ["/tests/", "/e2e/", "/benches/"].iter().any(|folder| path.contains(folder))
        || file.ends_with_one_of(&["/tests.rs", ".test.ts", ".test.tsx", ".spec.ts"])
}

/// The lines that are test code: all of a test file; of another Rust file what follows its `#[cfg(test)]` before a `mod`.
pub fn test_lines(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<&str> = file.text().split('\n').collect();
    let module = lines
        .windows(2)
        .position(|pair| matches!(pair, [one, two] if one.trim() == "#[cfg(test)]" && two.starts_with("mod ") && two.ends_with('{')));
    let from = if is_test(file) { 0 } else { module.unwrap_or(usize::MAX) };
    file.lines().skip(from)
}

/// The line without its `//` comment and without what its strings hold.
pub fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut inside = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let quote = character == '"' && !code.ends_with('\'');
        match character {
            '\\' if inside => drop(characters.next()),
            '/' if !inside && characters.peek() == Some(&'/') => break,
            _ if quote => {
                inside = !inside;
                code.push(character);
            }
            _ if !inside => code.push(character),
            _ => {}
        }
    }
    code
}

/// Whether `word` stands in `line` with no letter, digit or `_` at either end of it.
pub fn has_word(line: &str, word: &str) -> bool {
    let inner = |character: Option<char>| character.is_some_and(|character| character.is_alphanumeric() || character == '_');
    line.match_indices(word).any(|(index, _)| {
        let (before, after) = (line.get(..index).unwrap_or_default(), line.get(index + word.len()..).unwrap_or_default());
        let goes_on_before = inner(before.chars().next_back()) && inner(word.chars().next());
        let goes_on_after = inner(after.chars().next()) && inner(word.chars().next_back());
        !goes_on_before && !goes_on_after
    })
}

/// `crates/domain/src/money.rs` -> `domain`.
pub fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (line, word, expected) in [
            ("let x: f64 = 1.0", "f64", true),
            ("af64b", "f64", false),
            ("f64_of", "f64", false),
            ("(f64)", "f64", true),
            ("std::thread::sleep(x)", "thread::sleep(", true),
            ("/home/someone", "/home/", true),
        ] {
            assert_eq!(has_word(line, word), expected, "{line}");
        }
    }

    #[test]
    fn comments() {
        for (line, expected) in [
            ("let x = 1; // f64", "let x = 1; "),
            ("let url = \"http://host\"; // no", "let url = \"\"; "),
            ("let text = \"a // b\\\" f64\" + 1;", "let text = \"\" + 1;"),
            ("split('\"') // no", "split('\"') "),
            ("/// doc", ""),
        ] {
            assert_eq!(code_of(line), expected);
        }
    }
}
