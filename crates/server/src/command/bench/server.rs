//! Owns the server of its own process that a measurement asks, and the filled database with an administrator that it runs on.
//! Does not own: what is asked.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use clap::Args;
use rand::distr::{Alphanumeric, SampleString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::staff::Role;
use trunkline_usecase::staff::{self, StaffNew};
use trunkline_usecase::{App, Context};

use super::fill;
use super::load::Client;
use crate::{Failure, command};

pub const LOGIN: &str = "bench";

#[derive(Debug, Args)]
pub struct Filling {
    /// How many customers the database is filled with.
    #[arg(long, default_value_t = 1_000_000)]
    customers: usize,
    /// The database was filled by an earlier run with --keep, which left its administrator's password in this file.
    #[arg(long)]
    filled: Option<PathBuf>,
    /// Leave the administrator's password in this file, so that --filled can use the database again.
    #[arg(long)]
    keep: Option<PathBuf>,
}

impl Filling {
    /// Fills the database at `url`, or finds what an earlier run left.
    pub fn kept(&self, url: &str) -> Result<Kept, Failure> {
        let kept = match &self.filled {
            Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
            None => prepare(url, self.customers)?,
        };
        if let Some(path) = &self.keep {
            std::fs::write(path, serde_json::to_string(&kept)?)?;
        }
        Ok(kept)
    }
}

/// What a later run needs of a filled database.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub password: String,
    pub ids: Vec<Id>,
    pub classes: Vec<Id>,
}

/// Fills the database and makes an administrator.
fn prepare(url: &str, customers: usize) -> Result<Kept, Failure> {
    let app = command::open(url)?;
    command::refuse_filled(&app, url)?;
    let password = administrator(&app)?;
    let filled = fill::fill(&app, customers, true)?;
    app.database.stop();
    Ok(Kept { password, ids: filled.ids, classes: filled.classes })
}

/// Makes an administrator, and tells its password.
pub fn administrator(app: &Arc<App>) -> Result<String, Failure> {
    let password = Alphanumeric.sample_string(&mut rand::rng(), 20);
    let new = StaffNew {
        login: LOGIN.into(),
        name: LOGIN.into(),
        email: None,
        role: Role::Administrator,
        reseller_id: None,
        password: password.clone(),
    };
    staff::create(app, &Context::system(), &new, |staff| staff.login.clone())?;
    Ok(password)
}

pub fn sign_in(base: &str, password: &str) -> Result<String, Failure> {
    let (status, answer) =
        Client::new(base, "").post("/api/v1/session", &json!({ "login": LOGIN, "password": password, "bearer": true }))?;
    let token = answer.get("token").and_then(|token| token.as_str());
    token.map(str::to_owned).ok_or_else(|| Failure::Unusable(format!("cannot sign in: {status} {answer}")))
}

/// A server of its own process, so that its memory can be told from ours.
pub struct Server {
    child: Child,
    pub base: String,
    lines: Vec<String>,
}

impl Server {
    /// With more arguments, such as where to take RADIUS.
    pub fn start(url: &str, more: &[&str]) -> Result<Server, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", url])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| Failure::Unusable("the server has no output".into()))?;
        let mut lines = Vec::new();
        for line in BufReader::new(out).lines() {
            let line = line?;
            if let Some(base) = line.strip_prefix("listening: ") {
                return Ok(Server { base: base.to_owned(), child, lines });
            }
            lines.push(line);
        }
        Err(Failure::Unusable("the server did not start; its message is above".into()))
    }

    /// What it said behind `name: ` while it started, such as the address of a port.
    pub fn told(&self, name: &str) -> Result<&str, Failure> {
        let found = self.lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.ok_or_else(|| Failure::Unusable(format!("the server did not tell its {name}")))
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The most memory the process has had resident, as the kernel counts it.
    pub fn peak_resident_bytes(&self) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes: u64 = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
        Ok(kilobytes * 1024)
    }

    pub fn stop(mut self) -> Result<(), Failure> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(Failure::Unusable(format!("the server ended with {status}"))) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After a clean stop there is nothing left to kill.
        let _ = self.child.kill();
    }
}
