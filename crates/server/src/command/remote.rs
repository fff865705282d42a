//! Owns sending a command's work to a running server: finding it, signing in for as long as the work takes, asking.
//! Does not own: the work.

use std::io::Read;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use ureq::http::Request;

use crate::{Failure, command};

/// A bearer token, for those who do not sign in with a password. In the environment only: arguments are seen by everybody.
const TOKEN: &str = "TRUNKLINE_TOKEN";
const CONNECT_DURATION_MAX: Duration = Duration::from_secs(10);
/// A server that will not have the work says so before it is sent; one that says nothing is sent it after this long.
const CONTINUE_DURATION_MAX: Duration = Duration::from_secs(10);
/// A server that says nothing about the login for this long is given up.
const ASK_DURATION_MAX: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;

#[derive(Clone, Debug, Args)]
pub struct ServerArgument {
    /// Send the work to a running server, such as http://127.0.0.1:8080, in place of opening its database. Sign in with --login, or
    /// put a bearer token into TRUNKLINE_TOKEN.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Who signs in at the server.
    #[arg(long, requires_all = ["server", "password_stdin"])]
    login: Option<String>,
    /// Read the password from standard input, so that it stands in no history and no process list.
    #[arg(long, requires = "login")]
    password_stdin: bool,
}

/// A server that lets us in.
pub struct Server {
    agent: ureq::Agent,
    base: String,
    token: String,
    /// We have signed in, and sign out in the end.
    signed_in: bool,
}

/// What a request brings along.
pub struct Body<'a> {
    pub kind: &'static str,
    /// In bytes.
    pub length: u64,
    pub bytes: &'a mut dyn Read,
}

/// What a server answered.
pub struct Answer {
    pub is_success: bool,
    pub body: Value,
}

impl Answer {
    /// A problem's stable word.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A problem in words.
    pub fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or("it answered what a trunkline server does not say")
    }
}

impl Server {
    /// Signs in, or makes sure that the token is good.
    pub fn open(url: &str, argument: &ServerArgument) -> Result<Server, Failure> {
        let base = url.trim_end_matches('/').to_owned();
        if !base.starts_with("http://") {
            let advice = "run this where the server runs, or through a tunnel";
            return Err(Failure::Unusable(format!("--server {url}: write http://HOST:PORT; this command speaks no TLS: {advice}")));
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_DURATION_MAX))
            .timeout_await_100(Some(CONTINUE_DURATION_MAX))
            .build();
        let mut server = Server { agent: agent.into(), base, token: String::new(), signed_in: false };
        match (&argument.login, std::env::var(TOKEN)) {
            (Some(login), _) => {
                let body = json!({ "login": login, "password": command::read_password()?, "bearer": true });
                let answer = server.ask("POST", &body.to_string())?;
                server.token = answer.body["token"].as_str().unwrap_or_default().to_owned();
                server.signed_in = true;
            }
            (None, Ok(token)) => {
                server.token = token;
                server.ask("GET", "")?;
            }
            (None, Err(_)) => {
                return Err(Failure::Unusable(format!("sign in with --login and --password-stdin, or put a bearer token into {TOKEN}")));
            }
        }
        Ok(server)
    }

    /// Asks about the login itself.
    fn ask(&self, method: &str, body: &str) -> Result<Answer, Failure> {
        let path = "/api/v1/session";
        let mut text = body.as_bytes();
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let body = (length > 0).then_some(Body { kind: "application/json", length, bytes: &mut text });
        let answer = self.send(method, path, body, Some(ASK_DURATION_MAX));
        let answer = answer.map_err(|problem| Failure::Unusable(format!("cannot reach {}: {problem}", self.base)))?;
        if answer.is_success { Ok(answer) } else { Err(self.refused(&answer)) }
    }

    /// What the server says against it.
    pub fn refused(&self, answer: &Answer) -> Failure {
        Failure::Unusable(format!("{}: {}", self.base, answer.detail()))
    }

    /// Sends a request, and its body if the server wants it. `Err`: what became of it is not known. Without `duration_max` it
    /// waits as long as the server takes.
    pub fn send(&self, method: &str, path: &str, body: Option<Body<'_>>, duration_max: Option<Duration>) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let mut answer = match body {
            None => self.agent.run(self.agent.configure_request(request.body(())?).timeout_global(duration_max).build())?,
            Some(body) => {
                request = request.header("content-type", body.kind).header("content-length", body.length);
                if body.length > 0 {
                    request = request.header("expect", "100-continue");
                }
                let request = request.body(ureq::SendBody::from_reader(body.bytes))?;
                self.agent.run(self.agent.configure_request(request).timeout_global(duration_max).build())?
            }
        };
        let is_success = answer.status().is_success();
        let text = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string()?;
        Ok(Answer { is_success, body: serde_json::from_str(&text).unwrap_or_default() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.signed_in {
            // A login that stays behind ends by itself.
            let _ = self.ask("DELETE", "");
        }
    }
}
