//! Owns the ways in which a use case does not give what was wanted.
//! Does not own: the form a face gives them.

use thiserror::Error as ThisError;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::session::UsageRefusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::ReasonValue;
use trunkline_storage::StorageError;
use trunkline_storage::writer::{PostingFailure, UsageFailure};

/// One field that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// As the native face names it, such as `credit_limit` or `address.country`.
    pub field: String,
    /// Stable word, such as `too_long`.
    pub code: &'static str,
    /// What to do.
    pub message: String,
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> FieldProblem {
        FieldProblem { field: field.into(), code, message: message.into() }
    }
}

#[derive(Clone, Debug, ThisError)]
pub enum Error {
    #[error("sign in first")]
    Unauthenticated,
    #[error("login or password is wrong")]
    InvalidCredentials,
    #[error("too many attempts; try again in {retry_after_seconds} seconds")]
    TooManyAttempts { retry_after_seconds: u64 },
    #[error("your role does not include “{}”", .0.code())]
    Forbidden(Permission),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("{}", problems_in_words(.0))]
    Invalid(Vec<FieldProblem>),
    #[error("this list has no such place any more; start again from its first page")]
    InvalidCursor,
    #[error("{0}")]
    Refused(Refusal),
    #[error("{0}")]
    Usage(UsageRefusal),
    #[error("somebody else has changed it meanwhile; look at it again, then repeat")]
    ChangedMeanwhile,
    #[error("this idempotency key was used with another request; use a new key")]
    KeyReused,
    #[error("{0}")]
    Storage(StorageError),
}

fn problems_in_words(problems: &[FieldProblem]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect::<Vec<_>>().join("; ")
}

impl Error {
    pub fn invalid(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldProblem::new(field, code, message)])
    }

    /// The figures and names of its sentence, where it has any.
    pub fn values(&self) -> Vec<(&'static str, ReasonValue)> {
        if let Error::Refused(refusal) = self { refusal.values() } else { Vec::new() }
    }

    /// The stable word for it on the native face.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Unauthenticated => "unauthenticated",
            Error::InvalidCredentials => "invalid_credentials",
            Error::TooManyAttempts { .. } => "too_many_attempts",
            Error::Forbidden(_) => "forbidden",
            Error::NotFound(_) => "not_found",
            Error::Invalid(_) => "validation_failed",
            Error::InvalidCursor => "invalid_cursor",
            Error::Refused(refusal) => refusal.code(),
            Error::Usage(refusal) => refusal.code(),
            Error::ChangedMeanwhile => "changed_meanwhile",
            Error::KeyReused => "idempotency_key_reused",
            Error::Storage(StorageError::Overloaded { .. }) => "overloaded",
            Error::Storage(StorageError::Conflict) => "conflict",
            Error::Storage(StorageError::OutcomeUnknown) => "outcome_unknown",
            Error::Storage(StorageError::Unavailable(_) | StorageError::Stopped) => "unavailable",
            Error::Storage(StorageError::Cancelled) => "cancelled",
            Error::Storage(StorageError::Duplicate(_) | StorageError::Broken(_) | StorageError::Database(_)) => "internal",
        }
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Error {
        Error::Storage(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::CustomerNotFound => Error::NotFound("customer"),
            refusal => Error::Refused(refusal),
        }
    }
}

impl From<PostingFailure> for Error {
    fn from(failure: PostingFailure) -> Error {
        match failure {
            PostingFailure::Refused(refusal) => refusal.into(),
            PostingFailure::KeyReused => Error::KeyReused,
            PostingFailure::Storage(error) => Error::Storage(error),
        }
    }
}

impl From<UsageRefusal> for Error {
    fn from(refusal: UsageRefusal) -> Error {
        Error::Usage(refusal)
    }
}

impl From<UsageFailure> for Error {
    fn from(failure: UsageFailure) -> Error {
        match failure {
            UsageFailure::Refused(refusal) => Error::Usage(refusal),
            UsageFailure::Storage(error) => Error::Storage(error),
        }
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
