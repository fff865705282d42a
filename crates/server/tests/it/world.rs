//! A database of its own for each test, on either engine, and the real program run on it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use trunkline_storage::database::inspect;
use trunkline_storage::{Engine, StorageError};

/// Makes one test for each engine out of each function.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($world:ident: &World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn prove($world: &World) $body

            #[test]
            fn on_sqlite() {
                prove(&World::on(trunkline_storage::Engine::Sqlite));
            }

            #[test]
            fn on_postgres() {
                prove(&World::on(trunkline_storage::Engine::Postgres));
            }
        }
    )+};
}

/// Where the PostgreSQL of the tests is: a superuser's URL of a cluster that the tests may fill.
const POSTGRES_URL: &str = "TRUNKLINE_TEST_POSTGRES_URL";
/// What a test waits for happens within milliseconds; one that waits for ever says so.
const PATIENCE_SECONDS: u64 = 60;

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub struct World {
    pub url: String,
    /// Files of the test; the program runs here.
    pub folder: PathBuf,
    /// PostgreSQL: the name of the database and the server's URL.
    database: Option<(String, String)>,
}

/// What a run of the program left.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    /// Standard error.
    pub told: String,
}

impl Done {
    fn of(output: &Output) -> Done {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Done { code: output.status.code(), out: text(&output.stdout), told: text(&output.stderr) }
    }

    /// With the seconds it took, which differ each time, made `_ s`.
    pub fn timeless(mut self) -> Done {
        self.out = self.out.lines().map(without_seconds).collect();
        self
    }
}

fn without_seconds(line: &str) -> String {
    let Some((before, rest)) = line.rsplit_once(" in ") else { return format!("{line}\n") };
    let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    if after.starts_with(" s") { format!("{before} in _{after}\n") } else { format!("{line}\n") }
}

impl World {
    pub fn on(engine: Engine) -> World {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("trunkline_program_{}_{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let (url, database) = match engine {
            Engine::Sqlite => (format!("sqlite:{}", folder.join("trunkline.db").display()), None),
            Engine::Postgres => {
                let server = server_url();
                client(&server).batch_execute(&format!("create database {name}")).unwrap();
                (with_database(&server, &name), Some((name, server)))
            }
        };
        World { url, folder, database }
    }

    /// Writes a file for the program.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.folder.join(name), content).unwrap();
    }

    /// The program with these arguments, on this database, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        command.args(arguments).current_dir(&self.folder).env_clear().env("TRUNKLINE_DATABASE_URL", &self.url).stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        Done::of(&self.command(arguments).output().unwrap())
    }

    /// Runs what must succeed.
    #[track_caller]
    pub fn must(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, Some(0), "{done:?}");
        done.out
    }

    /// Starts the program, and gives what it tells line by line.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::begin(self.command(arguments), "")
    }

    /// One number from the database.
    #[track_caller]
    pub fn number(&self, sql: &str) -> i64 {
        let found = inspect::<_, StorageError>(&self.url, |tx| tx.query_first(sql, &[], |row| row.get::<Option<i64>>(0)));
        found.unwrap().flatten().unwrap_or(0)
    }

    /// Rows of one text each.
    #[track_caller]
    pub fn texts(&self, sql: &str) -> Vec<String> {
        inspect::<_, StorageError>(&self.url, |tx| tx.query(sql, &[], |row| row.get(0))).unwrap()
    }

    /// A connection beside the program's. PostgreSQL only.
    pub fn client(&self) -> postgres::Client {
        client(&self.url)
    }

    /// Waits until the server has noticed that a program which was killed is gone.
    pub fn until_nobody_is_connected(&self) {
        let Some((name, server)) = &self.database else { return };
        let mut client = client(server);
        until("nobody is connected", || {
            let row = client.query_one("select count(*) from pg_stat_activity where datname = $1", &[name]).unwrap();
            row.get::<_, i64>(0) == 0
        });
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some((name, server)) = &self.database {
            drop(client(server).batch_execute(&format!("drop database if exists {name} with (force)")));
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The program at work.
pub struct Running {
    child: Child,
    told: BufReader<ChildStderr>,
}

impl Running {
    /// Starts a command with something to read on standard input.
    pub fn begin(mut command: Command, input: &str) -> Running {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that reads nothing may have ended already.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let told = BufReader::new(child.stderr.take().unwrap());
        Running { child, told }
    }

    /// Waits for a line on standard error that begins so. False: the program ended before.
    pub fn wait_for(&mut self, start: &str) -> bool {
        let mut line = String::new();
        while self.told.read_line(&mut line).unwrap() > 0 {
            if line.starts_with(start) {
                return true;
            }
            line.clear();
        }
        false
    }

    /// As `kill` sends it: INT, STOP, CONT.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// kill -9.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn end(mut self) -> Done {
        let mut told = String::new();
        self.told.read_to_string(&mut told).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Done { told, ..Done::of(&output) }
    }
}

/// Asks again until it is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed().as_secs() < PATIENCE_SECONDS, "not so after {PATIENCE_SECONDS} seconds: {what}");
        std::thread::yield_now();
    }
}

fn server_url() -> String {
    std::env::var(POSTGRES_URL).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES_URL} is not set, and the program is tested on PostgreSQL too: use `cargo xtask ci`, or \
             `cargo xtask postgres -- cargo test -p trunkline-server`, which start a private one"
        )
    })
}

/// The URL with another database in it.
fn with_database(server: &str, name: &str) -> String {
    let (base, options) = server.split_once('?').map_or((server, String::new()), |(base, options)| (base, format!("?{options}")));
    let after_host = base.find("://").map_or(0, |at| at + 3);
    let end = base[after_host..].find('/').map_or(base.len(), |at| after_host + at);
    format!("{}/{name}{options}", &base[..end])
}

fn client(url: &str) -> postgres::Client {
    postgres::Client::connect(url, postgres::NoTls).unwrap_or_else(|problem| panic!("cannot reach the PostgreSQL of the tests: {problem}"))
}
