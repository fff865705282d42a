//! Owns the handle on work that was queued: it can be awaited by a face, or waited for by a thread.
//! Does not own: the queues.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::error::StorageError;

/// Raised when nobody waits for the work any more.
#[derive(Debug, Default)]
pub struct Cancellation {
    raised: AtomicBool,
}

impl Cancellation {
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }

    pub(crate) fn raise(&self) {
        self.raised.store(true, Ordering::Relaxed);
    }
}

/// The answer to come. Dropping it says that nobody waits: a read stops, a write that has begun goes through.
#[must_use = "the work's answer is lost"]
pub struct Ticket<T> {
    receiver: oneshot::Receiver<T>,
    cancellation: Arc<Cancellation>,
    on_drop: Option<Box<dyn Fn() + Send + Sync>>,
}

impl<T> Ticket<T> {
    pub(crate) fn new() -> (oneshot::Sender<T>, Ticket<T>) {
        let (sender, receiver) = oneshot::channel();
        (sender, Ticket { receiver, cancellation: Arc::default(), on_drop: None })
    }

    pub(crate) fn cancellation(&self) -> Arc<Cancellation> {
        Arc::clone(&self.cancellation)
    }

    pub(crate) fn on_drop(mut self, act: impl Fn() + Send + Sync + 'static) -> Ticket<T> {
        self.on_drop = Some(Box::new(act));
        self
    }

    /// An answer that is known already.
    pub fn ready(value: T) -> Ticket<T> {
        let (sender, ticket) = Ticket::new();
        // The receiver is alive: it is in the ticket.
        let _ = sender.send(value);
        ticket
    }

    /// Waits on this thread. Not to be called from an async task.
    pub fn wait(mut self) -> Result<T, StorageError> {
        let (_, spare) = oneshot::channel();
        let receiver = std::mem::replace(&mut self.receiver, spare);
        receiver.blocking_recv().map_err(|_| StorageError::Stopped)
    }
}

impl<T> Future for Ticket<T> {
    type Output = Result<T, StorageError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.receiver).poll(context).map(|answer| answer.map_err(|_| StorageError::Stopped))
    }
}

impl<T> Drop for Ticket<T> {
    fn drop(&mut self) {
        self.cancellation.raise();
        if let Some(act) = self.on_drop.take() {
            act();
        }
    }
}
