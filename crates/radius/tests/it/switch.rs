//! What the tests of listening share: a server with a face of its own, and switches that send it bytes.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};
use trunkline_radius::listener::{Face, Listener, Port, Reply, Shared};
use trunkline_radius::request::{Kind, Request};
use trunkline_radius::wire::attribute::Attribute;
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::packet::{Code, Packet};
use trunkline_usecase::domain::nas::{Directory, Nas, Network};
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::domain::time::Timestamp;

use crate::SECRET;

pub const PASSWORD: &[u8] = b"open sesame";
/// Where a switch with Message-Authenticator required sends from, one without, and a stranger.
pub const STRICT: &str = "127.0.0.1";
pub const LENIENT: &str = "127.0.0.2";
pub const STRANGER: &str = "127.0.0.9";
/// Longer than an answer on loopback takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn nas(nas_id: i64, place: &str, required: bool) -> Nas {
    Nas {
        nas_id,
        name: format!("switch {nas_id}"),
        network: Network::parse(place).unwrap(),
        identifier: None,
        secret: Secret::new(String::from_utf8(SECRET.to_vec()).unwrap()),
        reauthorizes: false,
        interim_interval_seconds: None,
        message_authenticator_required: required,
        reply_template: None,
        dynamic_authorization_port: None,
        created_at: Timestamp::from_microseconds(0),
        changed_at: Timestamp::from_microseconds(0),
        version: 1,
    }
}

/// What the face has seen and does.
#[derive(Default)]
pub struct Seen {
    pub requests: Mutex<Vec<(i64, Request)>>,
    pub calls: AtomicUsize,
    /// Users called `slow` wait for this.
    pub go: Notify,
}

/// Accepts whoever knows the password, and takes note of every report.
struct TestFace(Arc<Seen>, Dictionary);

impl Face for TestFace {
    async fn answer(&self, nas: &Arc<Nas>, request: Request) -> Option<Reply> {
        let call = self.0.calls.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.requests.lock().unwrap().push((nas.nas_id, request.clone()));
        let user = request.user_name.as_deref().unwrap_or_default();
        if user == "slow" {
            self.0.go.notified().await;
        }
        let line = |line: String| self.1.line(&line).unwrap();
        match (request.kind, user, request.proof.is_made_with(PASSWORD)) {
            (_, "silent", _) => None,
            (_, "long", _) => {
                let filler = Attribute::new(trunkline_radius::wire::known::CLASS, [0; 253]).unwrap();
                Some(Reply { code: Code::AccessAccept, attributes: vec![filler; 17] })
            }
            (Kind::Report(_), _, _) => Some(Reply { code: Code::AccountingResponse, attributes: Vec::new() }),
            (Kind::Authorize, _, Some(true)) => Some(Reply {
                code: Code::AccessAccept,
                attributes: vec![line(format!("Session-Timeout = {call}")), line("h323-return-code = h323-return-code=0".to_owned())],
            }),
            (Kind::Authorize, _, _) => {
                Some(Reply { code: Code::AccessReject, attributes: vec![line("Reply-Message = wrong password".to_owned())] })
            }
        }
    }
}

pub struct Server {
    pub seen: Arc<Seen>,
    pub authentication: SocketAddr,
    pub accounting: SocketAddr,
    pub directory: watch::Sender<Arc<Directory>>,
    _listeners: [Listener; 2],
    pub runtime: Runtime,
}

impl Server {
    pub fn start() -> Server {
        let runtime = Runtime::new().unwrap();
        let seen = Arc::new(Seen::default());
        let face = TestFace(Arc::clone(&seen), Dictionary::built_in().unwrap());
        let all = Directory::new([nas(1, STRICT, true), nas(2, LENIENT, false)]);
        let (directory, known) = watch::channel(Arc::new(all));
        let shared = Shared::new(face, Arc::new(Dictionary::built_in().unwrap()), known);
        let any: SocketAddr = ([127, 0, 0, 1], 0).into();
        let listeners = runtime.block_on(async {
            let authentication = Listener::start(any, Port::Authentication, &shared).await.unwrap();
            [authentication, Listener::start(any, Port::Accounting, &shared).await.unwrap()]
        });
        let [authentication, accounting] = [listeners[0].address(), listeners[1].address()];
        Server { seen, authentication, accounting, directory, _listeners: listeners, runtime }
    }

    pub fn calls(&self) -> usize {
        self.seen.calls.load(Ordering::SeqCst)
    }
}

/// A socket of a switch that sends bytes as they are.
pub struct Switch {
    socket: UdpSocket,
}

impl Switch {
    pub fn at(address: &str) -> Switch {
        let socket = UdpSocket::bind((address.parse::<IpAddr>().unwrap(), 0)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Switch { socket }
    }

    pub fn send(&self, to: SocketAddr, bytes: &[u8]) {
        self.socket.send_to(bytes, to).unwrap();
    }

    pub fn receive(&self) -> Vec<u8> {
        let mut buffer = [0; 4_096];
        let length = self.socket.recv(&mut buffer).expect("an answer");
        buffer[..length].to_vec()
    }

    pub fn ask(&self, to: SocketAddr, bytes: &[u8]) -> Packet {
        self.send(to, bytes);
        Packet::decode(&self.receive()).unwrap()
    }
}
