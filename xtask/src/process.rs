//! Owns running other programs: where the project lies, how a command is made, how a failure of one reads.
//! Does not own programs that must not outlive us (guard.rs).

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The reason is for a person: what went wrong and what to do.
pub type Outcome<T = ()> = Result<T, String>;

/// The top folder of the project.
pub fn project() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or_else(|| xtask.clone(), PathBuf::from)
}

/// Where cargo builds, and where our own marks lie.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), |chosen| project().join(chosen))
}

/// A command in the project's folder. What cargo told *us* about our own crate is taken out: a build script that looks at it
/// would run again each time.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project());
    for (key, _) in std::env::vars_os() {
        let key = key.to_string_lossy().into_owned();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|own| key.starts_with(own)) {
            command.env_remove(key);
        }
    }
    command
}

/// The cargo that runs us.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(arguments);
    command
}

/// The command as a person would type it.
pub fn spoken(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut words = vec![program.rsplit('/').next().unwrap_or_default().to_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs it in the foreground: it shares our terminal and its Ctrl-C.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("cannot run `{}`: {error}", spoken(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", spoken(command))) }
}

/// What it prints, or nothing when it cannot be run or fails.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these programs that PATH knows.
pub fn found(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    programs.iter().find_map(|program| folders.iter().map(|folder| folder.join(program)).find(|file| file.is_file()))
}

pub fn is_root() -> bool {
    answer("id", &["-u"]).is_some_and(|user| user == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_said_about_us_is_not_passed_on() {
        assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
        let child = command("env").stdout(Stdio::piped()).output().unwrap();
        let child = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(!child.contains("CARGO_PKG_NAME") && child.contains("PATH="));
    }

    #[test]
    fn a_failure_names_the_command() {
        let reason = run(command("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(reason.contains("sh -c exit 3") && reason.contains('3'), "{reason}");
    }
}
