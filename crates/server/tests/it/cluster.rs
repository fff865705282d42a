//! Owns a PostgreSQL cluster of one test's own, whose processes can be killed and started again.
//! Does not own: the cluster that the other tests share (world.rs), which nobody kills.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const PATIENCE_SECONDS: u64 = 60;

pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    port: u16,
    postmaster: Option<Child>,
}

impl Cluster {
    pub fn start(name: &str) -> Cluster {
        let folder = std::env::temp_dir().join(format!("trunkline_cluster_{}_{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let owner = owner();
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).unwrap();
            chown(folder.join("data"), Some(user), Some(group)).unwrap();
        }
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut cluster = Cluster { programs: programs(), folder, owner, port, postmaster: None };
        let made = cluster
            .command("initdb")
            .args(["--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.begin();
        cluster
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.folder).stdin(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    /// Starts it, also after it was killed, and waits until it takes connections.
    pub fn begin(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let settings = [
            format!("port={}", self.port),
            "listen_addresses=127.0.0.1".into(),
            "unix_socket_directories=".into(),
            "max_connections=60".into(),
        ];
        let started = Instant::now();
        loop {
            let mut command = self.command("postgres");
            command.args(["-D", "data"]).stdout(log.try_clone().unwrap()).stderr(log.try_clone().unwrap());
            for setting in &settings {
                command.args(["-c", setting]);
            }
            let mut child = command.spawn().unwrap();
            while child.try_wait().unwrap().is_none() {
                if postgres::Client::connect(&self.url(), postgres::NoTls).is_ok() {
                    self.postmaster = Some(child);
                    return;
                }
                assert!(started.elapsed().as_secs() < PATIENCE_SECONDS, "PostgreSQL does not start: {}", self.log());
                std::thread::yield_now();
            }
            // What a killed postmaster leaves behind takes a moment to go, and keeps a new one from starting until then.
            assert!(started.elapsed().as_secs() < PATIENCE_SECONDS, "PostgreSQL does not start: {}", self.log());
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Process ids of the sessions that the program has open.
    pub fn sessions(&self) -> Vec<i32> {
        let Ok(mut client) = postgres::Client::connect(&self.url(), postgres::NoTls) else { return Vec::new() };
        let rows = client.query("select pid from pg_stat_activity where application_name = 'trunkline' order by pid", &[]);
        rows.map(|rows| rows.iter().map(|row| row.get(0)).collect()).unwrap_or_default()
    }

    /// kill -9 of a session's process. PostgreSQL then ends all others and recovers.
    pub fn kill_session(&self, process: i32) {
        // It may have ended meanwhile.
        drop(Command::new("kill").args(["-9", &process.to_string()]).stderr(Stdio::null()).status());
    }

    /// kill -9 of the postmaster; its processes end when they notice.
    pub fn kill_postmaster(&mut self) {
        let mut postmaster = self.postmaster.take().unwrap();
        postmaster.kill().unwrap();
        postmaster.wait().unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut postmaster) = self.postmaster.take() {
            // QUIT is its immediate stop, which also ends its processes.
            drop(Command::new("kill").args(["-QUIT", &postmaster.id().to_string()]).status());
            let _ = postmaster.wait();
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The folder of the newest server: Debian keeps them off PATH.
fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0);
    let newest = debian.filter(|path| path.join("bin/initdb").is_file()).max_by_key(|path| number(path)).map(|path| path.join("bin"));
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file())
    };
    newest.or_else(on_path).expect("PostgreSQL 15 or newer is needed; `cargo xtask ci` installs it")
}

/// PostgreSQL refuses to run as root. Then it is the user `postgres`, or else `nobody`; otherwise it is us.
fn owner() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    if number(&["-u"]) != Some(0) {
        return None;
    }
    ["postgres", "nobody"].into_iter().find_map(|user| Some((number(&["-u", user])?, number(&["-g", user])?)))
}
