//! Owns the ways by which `bench charge` asks for a decision: in this process, over HTTP, over RADIUS.
//! Does not own: which calls are made (charge.rs).

use std::net::SocketAddr;
use std::sync::Arc;

use clap::ValueEnum;
use trunkline_domain::product::Direction;
use trunkline_domain::secret::Secret;
use trunkline_domain::service::Service;
use trunkline_domain::session::Proof;
use trunkline_radius::client::Client;
use trunkline_radius::wire::attribute::Attribute;
use trunkline_radius::wire::known;
use trunkline_radius::wire::packet::{Code, Packet};
use trunkline_radius::wire::password::chap;
use trunkline_usecase::session::{self, End, Progress, SessionKey, UsageNew};
use trunkline_usecase::{App, Context};

use super::callers::PASSWORD;
use super::connection::Connection;
use crate::Failure;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FaceKind {
    /// In this process, without a network.
    Direct,
    /// The native API.
    Http,
    /// Access-Request with CHAP, Accounting-Request.
    Radius,
}

impl FaceKind {
    pub const fn name(self) -> &'static str {
        match self {
            FaceKind::Direct => "direct",
            FaceKind::Http => "http",
            FaceKind::Radius => "radius",
        }
    }
}

/// A call under way.
#[derive(Clone)]
pub struct Call {
    pub session: String,
    pub identity: String,
    pub cld: String,
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Authorize,
    Start,
    /// After so many seconds.
    Stop(u64),
}

/// One who asks, one question after the other.
pub enum Asker {
    Direct(Arc<App>),
    Http(Connection),
    Radius(Switch),
}

impl Asker {
    /// Asks, and waits for the answer. A refusal is a failure: every call of the run can be paid for.
    pub async fn ask(&mut self, call: &Call, step: Step) -> Result<(), Failure> {
        match self {
            Asker::Direct(app) => direct(app, call, step).await,
            Asker::Http(connection) => http(connection, call, step).await,
            Asker::Radius(switch) => switch.ask(call, step).await,
        }
    }
}

async fn direct(app: &Arc<App>, call: &Call, step: Step) -> Result<(), Failure> {
    let context = Context::system();
    let key = SessionKey { source: "bench".to_owned(), session: call.session.clone() };
    let asked = match step {
        Step::Authorize => {
            let usage = UsageNew {
                identity: call.identity.clone(),
                service: Service::Voice,
                direction: Direction::Outgoing,
                cli: None,
                cld: call.cld.clone(),
                reauthorizes: true,
                units_wanted: None,
                proof: Proof::Vouched,
            };
            session::authorize(app, &context, &key, &usage, None)
        }
        Step::Start => session::report(app, &context, &key, None, &Progress::default(), None),
        Step::Stop(seconds) => {
            let end = End { started_at: None, is_start_told: false, ended_at: None, used_units: Some(seconds), cause: None };
            session::stop(app, &context, &key, None, &end)
        }
    };
    match asked?.await? {
        Ok(_) => Ok(()),
        Err(failure) => Err(Failure::Unusable(format!("{step:?} was refused: {failure:?}"))),
    }
}

async fn http(connection: &mut Connection, call: &Call, step: Step) -> Result<(), Failure> {
    let session = &call.session;
    let (path, body) = match step {
        Step::Authorize => (
            "/api/v1/usage/authorize",
            format!(r#"{{"session":"{session}","usage":{{"identity":"{}","cld":"{}"}},"reauthorizes":true}}"#, call.identity, call.cld),
        ),
        Step::Start => ("/api/v1/usage/report", format!(r#"{{"session":"{session}","used_units":0}}"#)),
        Step::Stop(seconds) => ("/api/v1/usage/stop", format!(r#"{{"session":"{session}","used_units":{seconds}}}"#)),
    };
    let (status, answer) = connection.post(path, body).await?;
    if status == 200 {
        return Ok(());
    }
    Err(Failure::Unusable(format!("{step:?} was refused: {status} {}", String::from_utf8_lossy(&answer))))
}

/// The secret that the bench's switch shares with the server.
pub const SECRET: &str = "bench switch secret";

/// A switch that asks over RADIUS from one port for each kind of request.
pub struct Switch {
    access: Client,
    accounting: Client,
}

impl Switch {
    pub async fn connect(access: SocketAddr, accounting: SocketAddr) -> Result<Switch, Failure> {
        let client = |server| async move {
            Client::connect(server, Secret::new(SECRET.to_owned())).await.map_err(|problem| Failure::Unusable(problem.to_string()))
        };
        Ok(Switch { access: client(access).await?, accounting: client(accounting).await? })
    }

    async fn ask(&self, call: &Call, step: Step) -> Result<(), Failure> {
        let text = |text: &str| text.as_bytes().to_vec();
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes().to_vec();
        let mut values = vec![
            (known::USER_NAME, text(&call.identity)),
            (known::CALLED_STATION_ID, text(&call.cld)),
            (known::ACCT_SESSION_ID, text(&call.session)),
        ];
        let (client, code, expected) = match step {
            Step::Authorize => (&self.access, Code::AccessRequest, Code::AccessAccept),
            Step::Start | Step::Stop(_) => (&self.accounting, Code::AccountingRequest, Code::AccountingResponse),
        };
        match step {
            Step::Authorize => {
                let challenge: [u8; 16] = rand::random();
                values.push((known::CHAP_CHALLENGE, challenge.to_vec()));
                values.push((known::CHAP_PASSWORD, chap(1, PASSWORD.as_bytes(), &challenge)));
            }
            Step::Start => values.push((known::ACCT_STATUS_TYPE, number(1))),
            Step::Stop(seconds) => {
                values.push((known::ACCT_STATUS_TYPE, number(2)));
                values.push((known::ACCT_SESSION_TIME, number(seconds)));
            }
        }
        let mut packet = Packet::new(code, 0);
        packet.attributes = values.into_iter().filter_map(|(id, value)| Attribute::new(id, value)).collect();
        let answer = client.ask(packet).await.map_err(|problem| Failure::Unusable(format!("{step:?}: {problem}")))?;
        if answer.code == expected {
            return Ok(());
        }
        let reason = answer.text(known::REPLY_MESSAGE).unwrap_or_default();
        Err(Failure::Unusable(format!("{step:?} was refused: {:?} {reason}", answer.code)))
    }
}
