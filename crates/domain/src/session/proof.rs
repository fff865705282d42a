//! Owns whether whoever uses an account has shown that it is theirs.
//! Does not own: how a protocol shows it (the faces).

use std::fmt;
use std::sync::Arc;

use super::UsageRefusal;
use crate::secret::Secret;

/// What shows that usage is the account's own.
#[derive(Clone, Default)]
pub enum Proof {
    /// Whoever asks vouches for it.
    #[default]
    Vouched,
    /// Nothing was shown: enough for an account without a password, such as an address that the switch knows.
    Nothing,
    /// Whether it was made with this password.
    Shown(Arc<dyn Fn(&Secret) -> bool + Send + Sync>),
}

impl Proof {
    /// Compares it with the account's password.
    pub fn check(&self, password: Option<&Secret>) -> Result<(), UsageRefusal> {
        match (self, password) {
            (Proof::Vouched, _) | (Proof::Nothing, None) => Ok(()),
            (Proof::Nothing, Some(_)) => Err(UsageRefusal::PasswordMissing),
            (Proof::Shown(_), None) => Err(UsageRefusal::PasswordUnset),
            (Proof::Shown(is_made_with), Some(password)) if is_made_with(password) => Ok(()),
            (Proof::Shown(_), Some(_)) => Err(UsageRefusal::WrongPassword),
        }
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Proof::Vouched => "vouched",
            Proof::Nothing => "nothing",
            Proof::Shown(_) => "<hidden>",
        })
    }
}
