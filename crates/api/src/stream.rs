//! Owns an answer that is sent while it is made: what is made waits in a short queue until the client has taken what came before.
//! Does not own: what is sent (export, live).

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;
use tokio::sync::mpsc;

/// The answer breaks off, so that its client does not take it for whole.
#[derive(Debug)]
pub struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the answer broke off")
    }
}

impl std::error::Error for BrokenOff {}

pub type Sender = mpsc::Sender<Result<Bytes, BrokenOff>>;

struct Queue {
    receiver: mpsc::Receiver<Result<Bytes, BrokenOff>>,
}

impl HttpBody for Queue {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        self.receiver.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}

/// A body, and where its parts are put in. It ends when the sender is dropped; the sender is closed when the client has gone.
pub fn body(parts_max: usize) -> (Sender, Body) {
    let (sender, receiver) = mpsc::channel(parts_max);
    (sender, Body::new(Queue { receiver }))
}
