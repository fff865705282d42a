//! Owns a private PostgreSQL: a new cluster in a temporary folder, on a free port, gone when we go.
//! Does not own what is tested on it, nor a PostgreSQL that the machine may run already: that is never touched.

use crate::guard::{Guard, Held, TemporaryFolder};
use crate::process::{self, Outcome};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Tests find the server here.
pub const URL_VARIABLE: &str = "TRUNKLINE_TEST_POSTGRES_URL";

/// What we need of it, all in one folder.
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_isready"];
const VERSION_MIN: u32 = 15;
const CONNECTIONS_MAX: u32 = 200;
const READY_SECONDS_MAX: u64 = 60;
const LOG_LINES_SHOWN: usize = 30;
/// A free port can be taken by another program before the server has it.
const PORTS_TRIED_MAX: u32 = 3;

/// `cargo xtask postgres -- <command>`.
pub fn run(arguments: &[String]) -> Outcome {
    let words = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let Some((program, rest)) = words.split_first() else {
        return Err(
            "usage: cargo xtask postgres -- <command>, for example: cargo xtask postgres -- cargo test -p trunkline-storage".to_owned()
        );
    };
    let guard = Guard::start()?;
    let postgres = Postgres::start(&guard)?;
    let mut command = process::command(program);
    command.args(rest).env(URL_VARIABLE, postgres.url()).current_dir(std::env::current_dir().unwrap_or_else(|_| process::project()));
    let mut held = Held::start_in_terminal(&guard, &mut command)?;
    eprintln!("{URL_VARIABLE}={}", postgres.url());
    held.succeed_within(Duration::MAX)
}

/// Whether a server that is new enough is installed, with the contributed extensions.
pub fn check() -> Outcome {
    let programs = programs()?;
    // Some systems pack pg_config apart from the server: then the tests will tell.
    let Some(share) = process::answer(&programs.join("pg_config").display().to_string(), &["--sharedir"]) else { return Ok(()) };
    let extension = Path::new(&share).join("extension/pg_trgm.control");
    if extension.is_file() { Ok(()) } else { Err(format!("the extension pg_trgm is missing ({} is not there)", extension.display())) }
}

/// The folder of the newest server: Debian keeps them off PATH.
fn programs() -> Outcome<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let on_path = process::found(&["initdb"]).and_then(|file| file.canonicalize().ok()?.parent().map(Path::to_path_buf));
    let newest = debian
        .chain(on_path)
        .filter(|folder| PROGRAMS.iter().all(|program| folder.join(program).is_file()))
        .filter_map(|folder| Some((version(&process::answer(&folder.join("postgres").display().to_string(), &["--version"])?)?, folder)))
        .max();
    match newest {
        Some((version, folder)) if version >= VERSION_MIN => Ok(folder),
        Some((version, _)) => Err(format!("PostgreSQL {VERSION_MIN} or newer is needed; version {version} is there")),
        None => Err(format!("PostgreSQL {VERSION_MIN} or newer is needed; no server is installed")),
    }
}

/// 15 of `postgres (PostgreSQL) 15.4 (Debian ..)`.
fn version(answer: &str) -> Option<u32> {
    answer.split_whitespace().find_map(|word| word.split(['.', 'b', 'r']).next()?.parse().ok())
}

/// A running server. It stops first, then its folder goes.
pub struct Postgres<'guard> {
    _server: Held<'guard>,
    folder: TemporaryFolder<'guard>,
    port: u16,
}

impl<'guard> Postgres<'guard> {
    pub fn start(guard: &'guard Guard) -> Outcome<Postgres<'guard>> {
        let programs = programs()?;
        let folder = TemporaryFolder::make(guard, "postgres")?;
        let owner = owner()?;
        for name in ["data", "socket"] {
            let inner = folder.path().join(name);
            let made = std::fs::create_dir(&inner).and_then(|()| match owner {
                Some((user, group)) => std::os::unix::fs::chown(&inner, Some(user), Some(group)),
                None => Ok(()),
            });
            made.map_err(|error| format!("cannot make the folder {}: {error}", inner.display()))?;
        }
        initialize(&programs, folder.path(), owner)?;
        for _ in 0..PORTS_TRIED_MAX {
            let port = free_port()?;
            let mut server = serve(guard, &programs, folder.path(), owner, port)?;
            if ready(&mut server, &programs, port)? {
                return Ok(Postgres { _server: server, folder, port });
            }
        }
        Err(format!("PostgreSQL does not start. The end of its log:\n{}", end_of_log(folder.path())))
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// A failure with what the server said last.
    pub fn explain(&self, reason: &str) -> String {
        format!("{reason}\nThe end of PostgreSQL's log:\n{}", end_of_log(self.folder.path()))
    }
}

/// User and group.
type Owner = Option<(u32, u32)>;

/// PostgreSQL refuses to run as root. Then it is the user `postgres`, or else `nobody`; otherwise it is us.
fn owner() -> Outcome<Owner> {
    if !process::is_root() {
        return Ok(None);
    }
    let number = |flag: &str, user: &str| process::answer("id", &[flag, user])?.parse::<u32>().ok();
    let found = ["postgres", "nobody"].iter().find_map(|user| Some((number("-u", user)?, number("-g", user)?)));
    found.map(Some).ok_or_else(|| "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`".to_owned())
}

fn as_owner(command: &mut Command, owner: Owner) {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
}

fn program(programs: &Path, name: &str, folder: &Path) -> Command {
    let mut command = process::command(&programs.join(name).display().to_string());
    command.current_dir(folder);
    command
}

fn initialize(programs: &Path, folder: &Path, owner: Owner) -> Outcome {
    let mut command = program(programs, "initdb", folder);
    as_owner(&mut command, owner);
    command.arg("--pgdata").arg(folder.join("data"));
    // Sorting by a language, as an operator's server does: a query that relies on the order of bytes has to say so.
    command.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    command.args(["--locale-provider=icu", "--icu-locale=en"]);
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run initdb: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim())) }
}

fn serve<'guard>(guard: &'guard Guard, programs: &Path, folder: &Path, owner: Owner, port: u16) -> Outcome<Held<'guard>> {
    let log = std::fs::File::create(folder.join("log")).map_err(|error| format!("cannot write the log of PostgreSQL: {error}"))?;
    let copy = log.try_clone().map_err(|error| format!("cannot write the log of PostgreSQL: {error}"))?;
    let mut command = program(programs, "postgres", folder);
    command.arg("-D").arg(folder.join("data"));
    let socket = folder.join("socket").display().to_string();
    for setting in [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        format!("unix_socket_directories={socket}"),
        format!("max_connections={CONNECTIONS_MAX}"),
        "fsync=on".to_owned(),
    ] {
        command.arg("-c").arg(setting);
    }
    // INT is its fast stop: it does not wait until every client has gone.
    Held::start(guard, &command, "INT", |command| {
        as_owner(command, owner);
        command.stdout(copy).stderr(log);
    })
}

/// `false`: it ended instead.
fn ready(server: &mut Held<'_>, programs: &Path, port: u16) -> Outcome<bool> {
    let asked = programs.join("pg_isready").display().to_string();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(READY_SECONDS_MAX) {
        if server.ended_within(Duration::from_millis(100))?.is_some() {
            return Ok(false);
        }
        if process::answer(&asked, &["-q", "-h", "127.0.0.1", "-p", &port.to_string()]).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn free_port() -> Outcome<u16> {
    let bound = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}

fn end_of_log(folder: &Path) -> String {
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines.get(lines.len().saturating_sub(LOG_LINES_SHOWN)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (answer, expected) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 17.2", Some(17)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("?", None),
        ] {
            assert_eq!(version(answer), expected, "{answer}");
        }
    }
}
