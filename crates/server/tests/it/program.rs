//! Owns running the real program as a server, and asking it over HTTP.
//! Does not own: the database it runs on (world.rs, cluster.rs).

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::World;

pub const PASSWORD: &str = "correct horse battery";
/// What a test waits for happens within milliseconds; one that waits for ever says so.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server. It is killed when the test ends without having stopped it.
pub struct Server {
    child: Child,
    /// Kept open: the program may go on printing.
    out: Option<BufReader<ChildStdout>>,
    /// Such as `http://127.0.0.1:40123`.
    pub base: String,
    /// What it printed before the address.
    pub lines: Vec<String>,
    log: PathBuf,
}

impl Server {
    /// Serves the world's database on a free port.
    pub fn start(world: &World, more: &[&str]) -> Server {
        let arguments: Vec<&str> = ["serve", "--listen", "127.0.0.1:0"].into_iter().chain(more.iter().copied()).collect();
        Server::run(world.command(&arguments), world.folder.join("log"))
    }

    /// Runs a command that prints `listening: ` last. Standard error is added to `log`.
    pub fn run(mut command: Command, log: PathBuf) -> Server {
        let file = std::fs::File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut server = Server { child, out: None, base: String::new(), lines: Vec::new(), log };
        while server.base.is_empty() {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let status = server.ended();
                panic!("the program ended with {status} and said: {}", server.log());
            }
            match line.trim_end().strip_prefix("listening: ") {
                Some(base) => base.clone_into(&mut server.base),
                None => server.lines.push(line.trim_end().to_owned()),
            }
        }
        server.out = Some(out);
        server
    }

    /// The number of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// As an operator's system asks it to stop.
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "the program does not end");
            std::thread::yield_now();
        }
    }

    #[track_caller]
    pub fn stop(mut self) {
        self.terminate();
        assert_eq!(self.ended().code(), Some(0), "{}", self.log());
    }

    pub fn client(&self, token: &str) -> Client {
        Client::new(&self.base, token)
    }

    /// Signs in for a token.
    #[track_caller]
    pub fn sign_in(&self, login: &str, password: &str) -> String {
        let body = json!({ "login": login, "password": password, "bearer": true });
        let answer = self.client("").ask("POST", "/api/v1/session", Some(&body), None).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{} ended: {:?}; its log: {}", self.base, self.child.try_wait(), self.log());
        }
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub headers: Vec<(String, String)>,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|problem| panic!("{problem}: {}", self.body))
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn id(&self) -> i64 {
        self.json()["id"].as_i64().unwrap_or_else(|| panic!("no id: {}", self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A connection to a server, with a token.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    pub base: String,
    token: String,
}

impl Client {
    pub fn new(base: &str, token: &str) -> Client {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).max_redirects(0).build();
        Client { agent: agent.into(), base: base.to_owned(), token: token.to_owned() }
    }

    /// `Err`: whether it was done is not known.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> Result<Answer, ureq::Error> {
        let headers: Vec<(&str, &str)> = key.map(|key| ("idempotency-key", key)).into_iter().collect();
        self.send(method, path, body, &headers)
    }

    pub fn send(&self, method: &str, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut answer = self.agent.run(request.body(text).unwrap())?;
        let headers =
            answer.headers().iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let (status, headers) = (answer.status().as_u16(), headers.collect());
        let body = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_string()?;
        Ok(Answer { status, body, headers })
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None, None).unwrap()
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, Some(body), None).unwrap()
    }
}

/// Makes an administrator at the command line, the password on standard input.
pub fn add_administrator(mut command: Command) {
    command.args(["admin", "create", "--login", "admin", "--password-stdin"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()), (Some(0), "administrator: admin\n"), "{told}");
}

/// Something beside the program meddles with its database.
pub fn meddle(world: &World, sql: &str) {
    match world.url.strip_prefix("sqlite:") {
        Some(file) => rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap(),
        None => world.client().batch_execute(sql).unwrap(),
    }
}

/// One number, whatever version the schema has.
pub fn look(world: &World, sql: &str) -> i64 {
    match world.url.strip_prefix("sqlite:") {
        Some(file) => rusqlite::Connection::open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap(),
        None => world.client().query_one(sql, &[]).unwrap().get(0),
    }
}
