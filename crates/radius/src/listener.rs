//! Owns listening for packets: who may send them, what is a repeat, and that each answer goes back signed and in its limits.
//! Does not own: bytes (wire), and what is answered (the `Face`).

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use trunkline_usecase::domain::nas::{Directory, Nas};

use crate::limits::{ANSWER_DURATION_MAX, IN_FLIGHT_MAX, RECEIVERS};
use crate::refusal::{Drop, Teller};
use crate::repeat::{Key, Repeats, Seen, Turn};
use crate::request::{Request, RequestError};
use crate::wire::attribute::Attribute;
use crate::wire::authenticator::{MessageCheck, check_message, is_request_right, seal_reply, stand_in};
use crate::wire::dictionary::Dictionary;
use crate::wire::known::{NAS_IDENTIFIER, PROXY_STATE};
use crate::wire::packet::{Code, PACKET_BYTES_MAX, Packet, frame};

/// The two ports of RADIUS, 1812 and 1813 by custom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    Authentication,
    Accounting,
}

impl Port {
    pub const fn code(self) -> &'static str {
        match self {
            Port::Authentication => "authentication",
            Port::Accounting => "accounting",
        }
    }

    const fn takes(self, code: Code) -> bool {
        match self {
            Port::Authentication => matches!(code, Code::AccessRequest | Code::StatusServer),
            Port::Accounting => matches!(code, Code::AccountingRequest | Code::StatusServer),
        }
    }

    /// The answer to Status-Server (RFC 5997).
    const fn alive(self) -> Code {
        match self {
            Port::Authentication => Code::AccessAccept,
            Port::Accounting => Code::AccountingResponse,
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: Code,
    pub attributes: Vec<Attribute>,
}

/// Decides requests.
pub trait Face: Send + Sync + 'static {
    /// None: there is no answer, and the NAS asks again.
    fn answer(&self, nas: &Arc<Nas>, request: Request) -> impl Future<Output = Option<Reply>> + Send;
}

/// What the listeners of both ports share.
pub struct Shared<F> {
    face: F,
    dictionary: Arc<Dictionary>,
    directory: watch::Receiver<Arc<Directory>>,
    repeats: Mutex<Repeats>,
    in_flight: Arc<Semaphore>,
    teller: Teller,
}

impl<F: Face> Shared<F> {
    pub fn new(face: F, dictionary: Arc<Dictionary>, directory: watch::Receiver<Arc<Directory>>) -> Arc<Shared<F>> {
        Arc::new(Shared {
            face,
            dictionary,
            directory,
            repeats: Mutex::default(),
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT_MAX)),
            teller: Teller::default(),
        })
    }

    /// Waits until what is being decided has been answered. Nothing new may come in meanwhile.
    pub async fn drain(&self) {
        let all = u32::try_from(IN_FLIGHT_MAX).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        drop(self.in_flight.acquire_many(all).await);
    }

    fn repeats(&self) -> MutexGuard<'_, Repeats> {
        self.repeats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes packets from a socket until it is dropped.
pub struct Listener {
    address: SocketAddr,
    _receivers: JoinSet<()>,
}

impl Listener {
    /// Listens at `address`; port 0 takes a free one.
    pub async fn start<F: Face>(address: SocketAddr, port: Port, shared: &Arc<Shared<F>>) -> io::Result<Listener> {
        let socket = Arc::new(UdpSocket::bind(address).await?);
        let address = socket.local_addr()?;
        let mut receivers = JoinSet::new();
        for _ in 0..RECEIVERS {
            receivers.spawn(receive(Arc::clone(&socket), port, Arc::clone(shared)));
        }
        Ok(Listener { address, _receivers: receivers })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn receive<F: Face>(socket: Arc<UdpSocket>, port: Port, shared: Arc<Shared<F>>) {
    let mut buffer = vec![0; PACKET_BYTES_MAX];
    loop {
        match socket.recv_from(&mut buffer).await {
            Ok((length, source)) => {
                let bytes = buffer.get(..length).unwrap_or_default();
                if let Err((reason, detail)) = take(bytes, source, port, &socket, &shared) {
                    shared.teller.dropped(port, source, reason, &detail, Instant::now());
                }
            }
            // Word that an answer before did not arrive: nothing of the next packet is lost.
            Err(problem) => tracing::debug!(port = port.code(), %problem, "a RADIUS socket had word of an earlier answer"),
        }
    }
}

type Dropped = (Drop, String);

/// Looks at a packet; what is to be decided goes on by itself.
fn take<F: Face>(bytes: &[u8], source: SocketAddr, port: Port, socket: &Arc<UdpSocket>, shared: &Arc<Shared<F>>) -> Result<(), Dropped> {
    let malformed = |problem: &dyn ToString| (Drop::Malformed, problem.to_string());
    let packet = Packet::decode(bytes).map_err(|problem| malformed(&problem))?;
    let frame = frame(bytes).map_err(|problem| malformed(&problem))?;
    let identifier = packet.text(NAS_IDENTIFIER);
    let nas = shared.directory.borrow().find(source.ip(), identifier.as_deref()).map(Arc::clone);
    let nas = nas.ok_or((Drop::UnknownNas, String::new()))?;
    if !port.takes(packet.code) {
        return Err((Drop::Code, format!("{:?}", packet.code)));
    }
    let has_message = check(frame, &packet, &nas)?;
    let asked = Asked { source, port, has_message, packet, nas };
    if asked.packet.code == Code::StatusServer {
        metrics::counter!("trunkline_radius_answered_total", "port" => port.code(), "kind" => "status").increment(1);
        let sealed = asked.seal(Reply { code: port.alive(), attributes: Vec::new() }).map_err(|problem| malformed(&problem))?;
        send(socket, &sealed, source);
        return Ok(());
    }
    let key = Key { source, code: asked.packet.code, identifier: asked.packet.identifier, authenticator: asked.packet.authenticator };
    let turn = match shared.repeats().look(key, Instant::now()) {
        Seen::Deciding => return Err((Drop::Repeat, asked.nas.name.clone())),
        Seen::Answered(answer) => {
            metrics::counter!("trunkline_radius_answered_total", "port" => port.code(), "kind" => "repeat").increment(1);
            send(socket, &answer, source);
            return Ok(());
        }
        Seen::New(turn) => turn,
    };
    let outcome = asked.decide(key, turn, socket, shared);
    if outcome.is_err() {
        shared.repeats().forget(&key, turn);
    }
    outcome
}

/// Whether the packet comes from this NAS. Gives whether it has a Message-Authenticator.
fn check(frame: &[u8], packet: &Packet, nas: &Nas) -> Result<bool, Dropped> {
    let secret = nas.secret.exposed().as_bytes();
    let has_message = match check_message(frame, &stand_in(packet.code, packet.authenticator), secret) {
        MessageCheck::Right => true,
        MessageCheck::Wrong => return Err((Drop::WrongAuthenticator, nas.name.clone())),
        MessageCheck::Missing => false,
    };
    match packet.code {
        Code::AccountingRequest if !is_request_right(frame, secret) => Err((Drop::WrongAuthenticator, nas.name.clone())),
        Code::AccessRequest if !has_message && nas.message_authenticator_required => {
            Err((Drop::MessageAuthenticatorMissing, nas.name.clone()))
        }
        // Nothing else tells who asks.
        Code::StatusServer if !has_message => Err((Drop::MessageAuthenticatorMissing, nas.name.clone())),
        _ => Ok(has_message),
    }
}

/// A packet that is known to come from a NAS.
struct Asked {
    source: SocketAddr,
    port: Port,
    has_message: bool,
    packet: Packet,
    nas: Arc<Nas>,
}

impl Asked {
    /// Has the face decide, and the answer sent and kept, by a task of its own.
    fn decide<F: Face>(self, key: Key, turn: Turn, socket: &Arc<UdpSocket>, shared: &Arc<Shared<F>>) -> Result<(), Dropped> {
        let request = match Request::read(&self.packet, self.nas.secret.exposed().as_bytes(), &shared.dictionary) {
            Ok(request) => request,
            // What is reported beside sessions is taken note of, or it would be repeated for ever.
            Err(problem @ RequestError::Status(_)) => {
                tracing::debug!(nas = self.nas.name, %problem, "a RADIUS report is acknowledged, and nothing more");
                let reply = Reply { code: Code::AccountingResponse, attributes: Vec::new() };
                return self.finish(reply, &key, turn, socket, shared);
            }
            Err(problem) => return Err((Drop::Request, format!("{}: {problem}", self.nas.name))),
        };
        let busy = |_| (Drop::Busy, self.nas.name.clone());
        let permit = Arc::clone(&shared.in_flight).try_acquire_owned().map_err(busy)?;
        let (socket, shared) = (Arc::clone(socket), Arc::clone(shared));
        tokio::spawn(async move {
            let started = Instant::now();
            let answer = tokio::time::timeout(ANSWER_DURATION_MAX, shared.face.answer(&self.nas, request)).await;
            let (source, port, name) = (self.source, self.port, self.nas.name.clone());
            let outcome = match answer {
                Ok(Some(reply)) => self.finish(reply, &key, turn, &socket, &shared),
                Ok(None) => Err((Drop::Unanswered, name)),
                Err(_) => Err((Drop::Unanswered, format!("{name}: {} s have passed", ANSWER_DURATION_MAX.as_secs()))),
            };
            if let Err((reason, detail)) = outcome {
                shared.repeats().forget(&key, turn);
                shared.teller.dropped(port, source, reason, &detail, Instant::now());
            }
            metrics::histogram!("trunkline_radius_answer_seconds", "port" => port.code()).record(started.elapsed());
            drop(permit);
        });
        Ok(())
    }

    fn finish<F: Face>(self, reply: Reply, key: &Key, turn: Turn, socket: &UdpSocket, shared: &Shared<F>) -> Result<(), Dropped> {
        let kind = kind(reply.code);
        let sealed = self.seal(reply).map_err(|problem| (Drop::AnswerTooLong, format!("{}: {problem}", self.nas.name)))?;
        let sealed: Arc<[u8]> = sealed.into();
        shared.repeats().keep(key, turn, &sealed);
        send(socket, &sealed, self.source);
        metrics::counter!("trunkline_radius_answered_total", "port" => self.port.code(), "kind" => kind).increment(1);
        Ok(())
    }

    /// The answer as it goes on the wire: signed, and with what proxies on the way want back, in its order.
    fn seal(&self, reply: Reply) -> Result<Vec<u8>, crate::wire::packet::PacketError> {
        let mut packet = Packet::new(reply.code, self.packet.identifier);
        packet.attributes = reply.attributes;
        packet.attributes.extend(self.packet.attributes.iter().filter(|attribute| attribute.id == PROXY_STATE).cloned());
        let is_with_message = self.has_message || self.port == Port::Authentication;
        seal_reply(&packet, &self.packet.authenticator, self.nas.secret.exposed().as_bytes(), is_with_message)
    }
}

fn kind(code: Code) -> &'static str {
    match code {
        Code::AccessAccept => "accept",
        Code::AccessReject => "reject",
        Code::AccessChallenge => "challenge",
        Code::AccountingResponse => "accounting",
        Code::AccessRequest
        | Code::AccountingRequest
        | Code::StatusServer
        | Code::DisconnectRequest
        | Code::DisconnectAck
        | Code::DisconnectNak
        | Code::CoaRequest
        | Code::CoaAck
        | Code::CoaNak => "other",
    }
}

/// Sends an answer. Where there is no room for it, it is lost as on any network: its asker repeats, and gets it then.
fn send(socket: &UdpSocket, bytes: &[u8], source: SocketAddr) {
    if let Err(problem) = socket.try_send_to(bytes, source) {
        metrics::counter!("trunkline_radius_send_failures_total").increment(1);
        tracing::debug!(%source, %problem, "a RADIUS answer could not be sent");
    }
}
