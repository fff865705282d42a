//! Owns the ways in which storage fails, sorted by what a caller can do.
//! Does not own: refusals, which are decided in domain.

use thiserror::Error;

#[derive(Clone, Debug, Error)]
pub enum StorageError {
    /// Too much work is waiting. Nothing was done; try again.
    #[error("too much work is waiting ({queue}); nothing was done, try again in a moment")]
    Overloaded { queue: &'static str },
    /// Another transaction was in the way, and the retries are used up. Nothing was done; try again.
    #[error("other changes were in the way; nothing was done, try again")]
    Conflict,
    /// The caller no longer waits, or its time is over.
    #[error("the work was stopped before its end")]
    Cancelled,
    #[error("the database is shutting down")]
    Stopped,
    /// A unique key exists already. Where a clash is expected, `on conflict do nothing` is used instead.
    #[error("a row with this key exists already: {0}")]
    Duplicate(String),
    /// The connection was lost at a commit: whether it took effect is not known. Repeat with the same idempotency key.
    #[error("the connection was lost while committing; whether it took effect is not known")]
    OutcomeUnknown,
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// Stored data that the program cannot have written.
    #[error("broken invariant: {0}")]
    Broken(String),
    #[error("database: {0}")]
    Database(String),
}

impl StorageError {
    /// A broken invariant stops the transaction: `what` tells an operator where to look.
    pub fn broken(what: impl Into<String>) -> StorageError {
        StorageError::Broken(what.into())
    }

    /// What is stored is not what the program writes.
    pub fn unreadable(problem: impl std::fmt::Display) -> StorageError {
        StorageError::Broken(problem.to_string())
    }
}

pub type Result<T, E = StorageError> = std::result::Result<T, E>;
