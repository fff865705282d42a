//! Owns asking a server over HTTP from many connections at once, and timing each answer.
//! Does not own: what is asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::Failure;

/// What one request asks for.
#[derive(Clone)]
pub enum Ask {
    /// A path of the native face.
    Get(String),
    /// A method of the compatible face with its body.
    Call { path: &'static str, body: String },
}

/// A connection to a server, signed in.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Client {
    pub fn new(base: &str, token: &str) -> Client {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build();
        Client { agent: agent.into(), base: base.to_owned(), token: token.to_owned() }
    }

    pub fn get(&self, path: &str) -> Result<serde_json::Value, Failure> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("authorization", format!("Bearer {}", self.token));
        let mut answer = request.call()?;
        let status = answer.status();
        let text = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_string()?;
        if !status.is_success() {
            return Err(Failure::Unusable(format!("{path}: {status} {text}")));
        }
        Ok(serde_json::from_str(&text)?)
    }

    /// Asks and reads the whole answer without looking into it.
    pub fn time(&self, ask: &Ask) -> Result<Duration, Failure> {
        let path = match ask {
            Ask::Get(path) => path.as_str(),
            Ask::Call { path, .. } => path,
        };
        let (address, authorization) = (format!("{}{path}", self.base), format!("Bearer {}", self.token));
        let started = Instant::now();
        let mut answer = match ask {
            Ask::Get(_) => self.agent.get(address).header("authorization", authorization).call()?,
            Ask::Call { body, .. } => self
                .agent
                .post(address)
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .send(body.as_str())?,
        };
        let body = answer.body_mut().read_to_vec()?;
        let took = started.elapsed();
        if answer.status().is_success() {
            Ok(took)
        } else {
            Err(Failure::Unusable(format!("{path}: {} {}", answer.status(), String::from_utf8_lossy(&body))))
        }
    }

    /// Sends JSON; any answer but a failure of the server will do.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Result<(u16, serde_json::Value), Failure> {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        let mut answer = request.send(body.to_string())?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string()?;
        Ok((status, serde_json::from_str(&text).unwrap_or(serde_json::Value::Null)))
    }
}

/// Makes `count` requests from `connections` threads; `ask_of` says what the n-th one asks for. Returns all latencies.
pub fn run(
    base: &str,
    token: &str,
    connections: usize,
    count: usize,
    ask_of: &(dyn Fn(usize) -> Ask + Sync),
) -> Result<Vec<Duration>, Failure> {
    let next = AtomicUsize::new(0);
    let all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let client = Client::new(base, token);
                    let mut found = Vec::new();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return Ok(found);
                        }
                        found.push(client.time(&ask_of(number))?);
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| Failure::Unusable("a connection panicked".into()))?)
            .collect::<Vec<Result<Vec<Duration>, Failure>>>()
    });
    let mut latencies = Vec::new();
    for one in all {
        latencies.extend(one?);
    }
    Ok(latencies)
}
