//! Owns asking as a NAS does, and asking a NAS to end or change a session (RFC 5176): a packet is sent, repeated while no answer comes, and
//! an answer is believed when it is signed.
//! Does not own: what is asked.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use trunkline_usecase::domain::secret::Secret;

use crate::limits::{CLIENT_ATTEMPTS_MAX, CLIENT_PAUSE};
use crate::wire::authenticator::{MessageCheck, check_message, is_reply_right, seal_request};
use crate::wire::packet::{Authenticator, Code, PACKET_BYTES_MAX, Packet, PacketError, authenticator_of, frame};

/// Requests under way at once: as many as there are identifiers.
const UNDER_WAY_MAX: usize = 256;

#[derive(Debug, Error)]
pub enum ClientError {
    #[error(transparent)]
    Packet(#[from] PacketError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("no answer to {CLIENT_ATTEMPTS_MAX} packets")]
    Silence,
}

struct Waiting {
    /// What the answer is signed over.
    authenticator: Authenticator,
    answer: oneshot::Sender<Packet>,
}

type Table = Mutex<HashMap<u8, Waiting>>;

/// Asks one server, or one NAS.
pub struct Client {
    socket: Arc<UdpSocket>,
    secret: Secret,
    waiting: Arc<Table>,
    free: Semaphore,
    next: AtomicU8,
    _receiver: JoinSet<()>,
}

impl Client {
    pub async fn connect(server: SocketAddr, secret: Secret) -> Result<Client, ClientError> {
        let own: SocketAddr = if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
        let socket = Arc::new(UdpSocket::bind(own).await?);
        socket.connect(server).await?;
        let waiting = Arc::<Table>::default();
        let mut receiver = JoinSet::new();
        receiver.spawn(receive(Arc::clone(&socket), secret.clone(), Arc::clone(&waiting)));
        Ok(Client { socket, secret, waiting, free: Semaphore::new(UNDER_WAY_MAX), next: AtomicU8::new(0), _receiver: receiver })
    }

    /// Asks, and asks again while no answer comes. Identifier and authenticator are given here.
    pub async fn ask(&self, mut packet: Packet) -> Result<Packet, ClientError> {
        let _permit = self.free.acquire().await.map_err(|_| ClientError::Silence)?;
        let (sender, mut receiver) = oneshot::channel();
        packet.authenticator = rand::random();
        let sealed = {
            let mut waiting = lock(&self.waiting);
            packet.identifier = self.next.fetch_add(1, Ordering::Relaxed);
            // The permit says that one is free.
            while waiting.contains_key(&packet.identifier) {
                packet.identifier = self.next.fetch_add(1, Ordering::Relaxed);
            }
            let sealed = seal_request(&packet, self.secret.exposed().as_bytes(), is_with_message(packet.code))?;
            waiting.insert(packet.identifier, Waiting { authenticator: authenticator_of(&sealed), answer: sender });
            sealed
        };
        for _ in 0..CLIENT_ATTEMPTS_MAX {
            // Whether it arrives is told by the answer alone.
            let _ = self.socket.send(&sealed).await;
            if let Ok(answer) = tokio::time::timeout(CLIENT_PAUSE, &mut receiver).await {
                return answer.map_err(|_| ClientError::Silence);
            }
        }
        lock(&self.waiting).remove(&packet.identifier);
        Err(ClientError::Silence)
    }
}

/// Old accounting servers and NASes refuse what they do not know; their requests are signed as a whole already.
const fn is_with_message(code: Code) -> bool {
    matches!(code, Code::AccessRequest | Code::StatusServer)
}

fn lock(table: &Table) -> MutexGuard<'_, HashMap<u8, Waiting>> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(socket: Arc<UdpSocket>, secret: Secret, waiting: Arc<Table>) {
    let mut buffer = vec![0; PACKET_BYTES_MAX];
    loop {
        // An error is word of a packet that found nobody; asking again is the asker's affair.
        let Ok(length) = socket.recv(&mut buffer).await else { continue };
        let Ok(frame) = frame(buffer.get(..length).unwrap_or_default()) else { continue };
        let Ok(packet) = Packet::decode(frame) else { continue };
        let mut table = lock(&waiting);
        let is_right = table.get(&packet.identifier).is_some_and(|asked| is_signed(frame, &asked.authenticator, &secret));
        if is_right && let Some(asked) = table.remove(&packet.identifier) {
            // Whoever asked may have gone.
            let _ = asked.answer.send(packet);
        }
    }
}

fn is_signed(frame: &[u8], asked: &Authenticator, secret: &Secret) -> bool {
    let secret = secret.exposed().as_bytes();
    let message = check_message(frame, asked, secret);
    // Of an answer about access the MD5 alone can be forged.
    let is_access = frame
        .first()
        .and_then(|code| Code::of(*code))
        .is_some_and(|code| matches!(code, Code::AccessAccept | Code::AccessReject | Code::AccessChallenge));
    is_reply_right(frame, asked, secret) && message != MessageCheck::Wrong && (message == MessageCheck::Right || !is_access)
}
