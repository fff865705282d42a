//! Owns that nothing outlives us: programs we started and temporary folders end when we end, however that happens.
//! Does not own what those programs are.
//!
//! A second process of this program waits at the end of a pipe. When we end (normally, by Ctrl-C, by SIGTERM, by SIGKILL),
//! the pipe closes, and it stops and removes what is still on its list. So no signal has to be caught, and the clean-up
//! after a crash is the same as after any other end.

use crate::process::{self, Outcome};
use std::io::{BufRead, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The hidden command that runs the waiting process.
pub const COMMAND: &str = "guard";

const STOP_SECONDS_MAX: u64 = 15;
const POLL: Duration = Duration::from_millis(50);
/// Waits for a line, which does not come when we are gone, before it becomes the program.
const GATE: &str = "read -r _ && exec \"$@\" < /dev/null";

/// Our end of the pipe.
pub struct Guard {
    process: Child,
    list: Option<ChildStdin>,
}

impl Guard {
    pub fn start() -> Outcome<Guard> {
        let us = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
        let mut process = Command::new(us)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("cannot start the guard: {error}"))?;
        let list = process.stdin.take();
        Ok(Guard { process, list })
    }

    fn tell(&self, line: &str) -> Outcome {
        let Some(mut list) = self.list.as_ref() else { return Err("the guard is gone".to_owned()) };
        writeln!(list, "{line}").map_err(|error| format!("the guard does not listen: {error}"))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.list.take());
        let _ = self.process.wait();
    }
}

/// A program that ends with us at the latest.
pub struct Held<'guard> {
    guard: &'guard Guard,
    pub process: Child,
    name: String,
    entry: String,
    signal: &'static str,
    target: String,
    ended: Option<ExitStatus>,
}

impl<'guard> Held<'guard> {
    /// `signal` is how it is asked to stop. It gets a process group of its own, which is stopped as a whole; it reads nothing.
    /// `shape` sets what else it gets. It begins only when the guard knows of it.
    pub fn start(guard: &'guard Guard, command: &Command, signal: &'static str, shape: impl FnOnce(&mut Command)) -> Outcome<Held<'guard>> {
        let mut gated = Command::new("sh");
        gated.args(["-c", GATE, "gate"]).arg(command.get_program()).args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => gated.env(key, value),
                None => gated.env_remove(key),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            gated.current_dir(folder);
        }
        gated.stdin(Stdio::piped()).process_group(0);
        shape(&mut gated);
        let mut held = Held::launch(guard, &mut gated, process::spoken(command), signal, "-")?;
        let opened = held.process.stdin.take().map_or(Ok(()), |mut gate| writeln!(gate));
        opened.map_err(|error| format!("cannot run `{}`: {error}", held.name))?;
        Ok(held)
    }

    /// For a program that a person may type into: it stays in the terminal's group and gets its Ctrl-C.
    pub fn start_in_terminal(guard: &'guard Guard, command: &mut Command) -> Outcome<Held<'guard>> {
        let name = process::spoken(command);
        Held::launch(guard, command, name, "TERM", "")
    }

    fn launch(guard: &'guard Guard, command: &mut Command, name: String, signal: &'static str, group: &str) -> Outcome<Held<'guard>> {
        let process = command.spawn().map_err(|error| format!("cannot run `{name}`: {error}"))?;
        let target = format!("{group}{}", process.id());
        let held = Held { guard, process, name, entry: format!("stop {signal} {target}"), signal, target, ended: None };
        guard.tell(&held.entry)?;
        Ok(held)
    }

    /// Its end, if that came within the time.
    pub fn ended_within(&mut self, limit: Duration) -> Outcome<Option<ExitStatus>> {
        let begin = Instant::now();
        while self.ended.is_none() {
            self.ended = self.process.try_wait().map_err(|error| format!("cannot wait for `{}`: {error}", self.name))?;
            if self.ended.is_none() {
                if begin.elapsed() >= limit {
                    return Ok(None);
                }
                std::thread::sleep(POLL);
            }
        }
        Ok(self.ended)
    }

    /// Waits for its end, which must be a good one within the time.
    pub fn succeed_within(&mut self, limit: Duration) -> Outcome {
        match self.ended_within(limit)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("`{}` failed: {status}", self.name)),
            None => Err(format!("`{}` did not end within {} s", self.name, limit.as_secs())),
        }
    }

    /// Asks the program alone (not its children) to stop.
    pub fn ask_to_stop(&self) {
        send(self.signal, &self.process.id().to_string());
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let process = &mut self.process;
        if self.ended.is_none() {
            stop(self.signal, &self.target, || matches!(process.try_wait(), Ok(Some(_)) | Err(_)));
        } else if self.target.starts_with('-') {
            // It ended; what it may have left behind in its group ends too.
            send("KILL", &self.target);
        }
        let _ = self.guard.tell(&format!("done {}", self.entry));
    }
}

/// A folder that goes when we go.
pub struct TemporaryFolder<'guard> {
    guard: &'guard Guard,
    path: PathBuf,
}

impl<'guard> TemporaryFolder<'guard> {
    pub fn make(guard: &'guard Guard, purpose: &str) -> Outcome<TemporaryFolder<'guard>> {
        let path = std::env::temp_dir().join(format!("trunkline-{purpose}-{}", std::process::id()));
        guard.tell(&format!("remove {}", path.display()))?;
        std::fs::create_dir(&path).map_err(|error| format!("cannot make the folder {}: {error}", path.display()))?;
        Ok(TemporaryFolder { guard, path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFolder<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
        let _ = self.guard.tell(&format!("done remove {}", self.path.display()));
    }
}

/// Runs in the second process: reads the list until the pipe closes, then ends what is left, last first.
pub fn stand() {
    let mut list: Vec<String> = Vec::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.strip_prefix("done ") {
            Some(done) => list.retain(|entry| entry != done),
            None => list.push(line),
        }
    }
    // All are asked at once; then each is waited for.
    for (signal, target) in list.iter().rev().filter_map(|entry| entry.strip_prefix("stop ")?.split_once(' ')) {
        send(signal, target);
    }
    for entry in list.iter().rev() {
        match entry.split_once(' ') {
            Some(("stop", how)) => {
                let Some((signal, target)) = how.split_once(' ') else { continue };
                stop(signal, target, || !is_alive(target));
            }
            Some(("remove", path)) => drop(std::fs::remove_dir_all(path)),
            Some(_) | None => {}
        }
    }
}

/// Asks, waits, and kills what did not listen.
fn stop(signal: &str, target: &str, mut gone: impl FnMut() -> bool) {
    send(signal, target);
    let begin = Instant::now();
    while !gone() && begin.elapsed() < Duration::from_secs(STOP_SECONDS_MAX) {
        std::thread::sleep(POLL);
    }
    send("KILL", target);
    while !gone() && begin.elapsed() < Duration::from_secs(2 * STOP_SECONDS_MAX) {
        std::thread::sleep(POLL);
    }
}

/// Whether a program, or one of a group (`-123`), still runs. One that ended stays in the system's table until its parent
/// asks for it, and the parent may never ask: where /proc shows such ones, they do not count.
fn is_alive(target: &str) -> bool {
    let group = target.strip_prefix('-');
    let Ok(processes) = std::fs::read_dir("/proc") else { return send("0", target) };
    processes.flatten().any(|entry| {
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // `123 (name) S parent group ..`: the name may hold anything, so what follows its last bracket counts.
        let Some((_, after)) = stat.rsplit_once(") ") else { return false };
        let fields: Vec<&str> = after.split(' ').collect();
        let is_it = group.map_or_else(|| entry.file_name() == target, |group| fields.get(2) == Some(&group));
        is_it && fields.first() != Some(&"Z")
    })
}

/// The shell's own `kill`: the standard library has none for groups, and small systems have no program of that name.
fn send(signal: &str, target: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-c", "kill -s \"$1\" -- \"$2\"", "kill", signal, target]);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().is_ok_and(|status| status.success())
}
