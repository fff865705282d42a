//! Owns hot decisions about usage as data: what a switch asks and reports, and what was decided.
//!
//! Who pays and what the money allows is in way.rs, the steps of a session in decide.rs, its price in charge.rs, what is open in
//! sessions.rs; saving is save.rs, and each engine's own reads are in sqlite.rs and postgres.rs.
//! Does not own: the rules (domain/session).

mod again;
mod charge;
mod check;
mod decide;
pub(super) mod postgres;
pub(super) mod save;
mod sessions;
pub(super) mod sqlite;
mod way;

pub use again::{Recharged, append_again, price_again};
pub use check::RecordCheck;
pub use sessions::OpenSessions;

use trunkline_domain::account::AccountFacts;
use trunkline_domain::bundle::Taken;
use trunkline_domain::customer::RESELLER_DEPTH_MAX;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money, MoneyError};
use trunkline_domain::product::Direction;
use trunkline_domain::secret::Secret;
use trunkline_domain::service::Service;
use trunkline_domain::session::{Proof, Session, Speed, UsageRefusal, Wanted};
use trunkline_domain::time::Timestamp;

use super::hot::WorkingSet;
use crate::bundle::Use;
use crate::error::StorageError;
use crate::product::Assigned;

/// Ids that one decision can use: an own record in two parts with its postings, a record for each reseller above, an event and a job.
pub const USAGE_IDS: usize = RESELLER_DEPTH_MAX + 5;

/// What a switch says, as it waits for its decision.
#[derive(Clone, Debug)]
pub struct UsageRequest {
    /// What the switch calls the session, after its own name: unique in the installation.
    pub key: String,
    /// The key of the identity that is used. None: the session is found by its key alone.
    pub identity_key: Option<String>,
    pub verb: Verb,
    pub now: Timestamp,
    pub ids: [Id; USAGE_IDS],
    /// How often the switch reports on a session; none: never before its end.
    pub interim_seconds: Option<i64>,
}

#[derive(Clone, Debug)]
pub enum Verb {
    /// May it begin?
    Authorize(Opening),
    /// It has begun, or goes on.
    Report {
        started_at: Option<Timestamp>,
        /// The switch itself says when: a session that ended before that was another one under the same key.
        is_start_told: bool,
        used_units: u64,
        /// More is asked for: so many units, or the usual slice. None: what was granted stays.
        more: Option<Option<u64>>,
        /// For a session that was not authorized.
        opening: Option<Opening>,
    },
    /// It has ended.
    Stop {
        started_at: Option<Timestamp>,
        /// As of a report.
        is_start_told: bool,
        ended_at: Timestamp,
        /// None: the seconds that it lasted.
        used_units: Option<u64>,
        cause: Option<String>,
        /// It ended for a cause that is not charged.
        is_failed: bool,
        opening: Option<Opening>,
    },
    /// It has ended, as a switch recorded it: whoever says so has looked whether it is charged already.
    Record { started_at: Timestamp, ended_at: Timestamp, used_units: u64, cause: Option<String>, is_failed: bool, opening: Opening },
    /// All of it at once, if the money allows.
    Event { opening: Opening, units: u64 },
    /// It was not heard of any more, or its switch has started anew and it was opened before that: it ends with what was reported last.
    Expire { opened_before: Option<Timestamp> },
}

impl Verb {
    /// Can it be about a session that has ended?
    pub fn can_be_late(&self) -> bool {
        match self {
            Verb::Authorize(_) | Verb::Record { .. } | Verb::Expire { .. } => false,
            Verb::Report { .. } | Verb::Stop { .. } | Verb::Event { .. } => true,
        }
    }
}

/// What a session is about.
#[derive(Clone, Debug)]
pub struct Opening {
    pub service: Service,
    pub direction: Direction,
    pub cli: Option<String>,
    pub cld: String,
    pub is_emergency: bool,
    pub wanted: Wanted,
    /// Asked for where usage is authorized; what is reported has happened.
    pub proof: Proof,
}

/// What was decided, as the first answer and each repeat tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageAnswer {
    pub session_id: Id,
    pub customer_id: Id,
    pub account_id: Id,
    /// Usage may go on.
    pub is_open: bool,
    /// From the beginning of the session on.
    pub granted_units: u64,
    /// What the customer is told.
    pub announced_units: u64,
    /// There is no money for more now.
    pub is_last: bool,
    /// At a lower speed.
    pub is_slow: bool,
    /// What the customer or its account was charged by it so far, signed as owed.
    pub charged: Money,
    pub used_units: u64,
    /// Of who pays first, as it stood before; told when usage is let through.
    pub purse: Option<Purse>,
}

/// What somebody has to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purse {
    /// None: without limit.
    pub funds: Option<Money>,
    pub currency: Currency,
    pub is_prepaid: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum UsageFailure {
    Refused(UsageRefusal),
    Storage(StorageError),
}

impl From<UsageRefusal> for UsageFailure {
    fn from(refusal: UsageRefusal) -> UsageFailure {
        UsageFailure::Refused(refusal)
    }
}

impl From<MoneyError> for UsageFailure {
    fn from(problem: MoneyError) -> UsageFailure {
        UsageFailure::Storage(StorageError::broken(format!("an amount leaves its range: {problem}")))
    }
}

/// An account as the writer holds it.
#[derive(Clone, Debug)]
pub struct HotAccount {
    pub facts: AccountFacts,
    pub products: Vec<Assigned>,
    pub password: Option<Secret>,
    /// Known once a product of its includes something.
    pub bundle_use: Option<Use>,
}

/// What a decision does to the session's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionWrite {
    /// It begins at this speed.
    Insert(Session, Speed),
    Update(Session),
    Delete(Session),
}

/// One charged party's record of usage.
#[derive(Clone, Debug)]
pub struct Record {
    /// Whose record it is: the customer's own, or a reseller's.
    pub customer_id: Id,
    pub xdr_id: Id,
    /// The account that was used; of the own record alone.
    pub account_id: Option<Id>,
    /// `account` where the account pays by itself; none where the customer does.
    pub paid_by: Option<&'static str>,
    /// Each balance that moves: the id of its posting, and the account whose it is.
    pub postings: Vec<(Id, Option<Id>)>,
    pub owed: Money,
    pub charged_units: u64,
    pub tariff_id: Option<Id>,
    pub prefix: String,
    pub trace: String,
    /// The record that this one corrects or adds to.
    pub refers_to: Option<Id>,
    /// Of the usage, as this record counts it.
    pub units: u64,
    /// What it takes of bundles.
    pub taken: Vec<Taken>,
    /// 1 and 2: the parts of a session in which a volume ended.
    pub split_no: Option<i64>,
}

/// What all records of a session have in common.
#[derive(Clone, Debug)]
pub struct Usage {
    pub key: String,
    pub service: Service,
    pub direction: Direction,
    pub cli: Option<String>,
    pub cld: String,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub rated_at: Timestamp,
    pub cause: Option<String>,
}

/// A decision that is to be saved.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    pub session: Option<SessionWrite>,
    pub usage: Option<Usage>,
    pub records: Vec<Record>,
    /// Accounts whose balance or first use changed.
    pub accounts: Vec<Id>,
    /// Customers whose balance changed, and whether the stored status did.
    pub customers: Vec<(Id, bool)>,
    /// Customers whose spending of the day changed.
    pub spending: Vec<Id>,
    /// What an account, after its customer, has taken of bundles more than before.
    pub taken: Option<(Id, Id, Vec<Taken>)>,
    /// Resellers whose customers inherit something else now.
    pub spread: Vec<Id>,
}

impl WorkingSet {
    pub fn keep_account(&mut self, account: HotAccount) {
        let (customer_id, account_id) = (account.facts.customer_id, account.facts.account_id);
        if self.accounts.insert(account_id, account).is_none() {
            self.accounts_of.entry(customer_id).or_default().push(account_id);
        }
    }

    /// Forgets the accounts of a customer; their identities with them, and what their ended sessions were charged, which may be corrected.
    pub fn forget_accounts(&mut self, customer_id: Id) {
        let Some(gone) = self.accounts_of.remove(&customer_id) else { return };
        gone.iter().for_each(|account_id| drop(self.accounts.remove(account_id)));
        self.identities.retain(|_, (owner, _)| *owner != customer_id);
        self.ended.retain(|_, ended| !gone.contains(&ended.account_id));
    }

    /// Forgets all accounts: they are read again where they are used.
    pub fn forget_all_accounts(&mut self) {
        self.accounts.clear();
        self.accounts_of.clear();
        self.identities.clear();
        self.ended.clear();
    }
}
