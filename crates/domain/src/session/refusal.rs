//! Owns why usage is not let through: a named "no" for the switch, the log and whoever asks why.
//! Does not own: what a protocol makes of it.

use thiserror::Error;

use crate::account::AccountStatus;
use crate::product::Direction;

/// Why usage may not begin or go on. Where several apply, the first in this order is given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UsageRefusal {
    #[error("no account has this identity")]
    UnknownIdentity,
    /// The account has a password, and none was shown.
    #[error("the password of the account is asked for, and was not given")]
    PasswordMissing,
    #[error("the account has no password that the given one could be compared with")]
    PasswordUnset,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the status of the account does not permit it: {}", .0.row().label.to_lowercase())]
    Status(AccountStatus),
    #[error("the account has as many calls as it may have at once: {limit}")]
    TooManyCalls { limit: i64 },
    #[error("the account has no product")]
    NoProduct,
    #[error("no product of the account has a tariff for it")]
    NoTariff { direction: Direction },
    #[error("the tariff has no rate for this number")]
    NoRate,
    #[error("calls to this number are forbidden")]
    Forbidden,
    #[error("the volume of the bundle is used up, and there is none beyond it")]
    BundleUsedUp,
    /// Of the account or customer.
    #[error("the funds do not cover the first interval")]
    InsufficientFunds,
    #[error("the funds of a reseller do not cover the first interval")]
    ResellerFunds,
    #[error("there is no such session")]
    UnknownSession,
    #[error("the session has ended")]
    SessionEnded,
    #[error("the key names another session")]
    KeyReused,
    #[error("its switch takes no requests to end a session; end it there")]
    NotDisconnectable,
}

impl UsageRefusal {
    /// The stable word for it on every face.
    pub const fn code(&self) -> &'static str {
        match self {
            UsageRefusal::UnknownIdentity => "unknown_identity",
            UsageRefusal::PasswordMissing => "password_missing",
            UsageRefusal::PasswordUnset => "password_unset",
            UsageRefusal::WrongPassword => "wrong_password",
            UsageRefusal::Status(_) => "status_does_not_permit",
            UsageRefusal::TooManyCalls { .. } => "too_many_calls",
            UsageRefusal::NoProduct => "no_product",
            UsageRefusal::NoTariff { .. } => "no_tariff",
            UsageRefusal::NoRate => "no_rate",
            UsageRefusal::Forbidden => "forbidden",
            UsageRefusal::BundleUsedUp => "bundle_used_up",
            UsageRefusal::InsufficientFunds => "insufficient_funds",
            UsageRefusal::ResellerFunds => "reseller_funds",
            UsageRefusal::UnknownSession => "unknown_session",
            UsageRefusal::SessionEnded => "session_ended",
            UsageRefusal::KeyReused => "session_key_reused",
            UsageRefusal::NotDisconnectable => "not_disconnectable",
        }
    }
}
