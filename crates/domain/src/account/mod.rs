//! Owns what an account is and the engine of its status.
//! Does not own: charging it.

mod reason;
mod table;

pub use reason::account_explanations;
pub use table::{AccountStatus, AccountStatusRow};

use crate::id::Id;
use crate::money::Money;
use crate::status::{CustomerStatus, Permits, Standing, StatusPolicy, permits_of};
use crate::time::Timestamp;

/// Whose money an account spends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountModel {
    /// Its own, paid in advance; its balance is the money left.
    Debit,
    /// The customer's, within its own limit where it has one.
    Credit,
}

impl AccountModel {
    pub const ALL: [AccountModel; 2] = [AccountModel::Debit, AccountModel::Credit];

    pub const fn code(self) -> &'static str {
        match self {
            AccountModel::Debit => "debit",
            AccountModel::Credit => "credit",
        }
    }

    pub fn parse(code: &str) -> Option<AccountModel> {
        AccountModel::ALL.into_iter().find(|model| model.code() == code)
    }
}

/// The stored part of an account's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountState {
    Open,
    /// Made so, and waiting for its activation.
    Inactive,
    /// Terminated, for good.
    Closed,
}

impl AccountState {
    pub const ALL: [AccountState; 3] = [AccountState::Open, AccountState::Inactive, AccountState::Closed];

    pub const fn code(self) -> &'static str {
        match self {
            AccountState::Open => "open",
            AccountState::Inactive => "inactive",
            AccountState::Closed => "closed",
        }
    }

    pub fn parse(code: &str) -> Option<AccountState> {
        AccountState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Doubt about who is using an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screening {
    /// Calls are diverted for verification.
    Screening,
    /// Verification failed.
    Quarantine,
}

impl Screening {
    pub const ALL: [Screening; 2] = [Screening::Screening, Screening::Quarantine];

    pub const fn code(self) -> &'static str {
        match self {
            Screening::Screening => "screening",
            Screening::Quarantine => "quarantine",
        }
    }

    pub fn parse(code: &str) -> Option<Screening> {
        Screening::ALL.into_iter().find(|screening| screening.code() == code)
    }
}

/// Everything the status of an account follows from, but for its owner's standing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    pub account_id: Id,
    pub customer_id: Id,
    pub model: AccountModel,
    pub state: AccountState,
    pub blocked: bool,
    /// Signed as owed, like a customer's: the money left of a debit account is the negative of it.
    pub balance: Money,
    /// Credit accounts: a limit of their own.
    pub credit_limit: Option<Money>,
    /// A debit account that could not pay its subscriptions.
    pub suspended: bool,
    pub screening: Option<Screening>,
    /// Its own automatic payment rests after repeated errors.
    pub payment_frozen: bool,
    pub active_from: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// Days after the first use.
    pub life_time_days: Option<i64>,
    /// Days after the last use.
    pub idle_days_max: Option<i64>,
    pub first_used_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// What follows for an account at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountStanding {
    /// Every status that holds, by rank; empty when active.
    pub statuses: Vec<AccountStatus>,
    pub permits: Permits,
    /// The next moment at which something changes by itself, the owner's moments among them.
    pub changes_at: Option<Timestamp>,
}

impl AccountStanding {
    pub fn shown(&self) -> AccountStatus {
        self.statuses.first().copied().unwrap_or(AccountStatus::Active)
    }
}

/// Derives an account's standing at `now` from its facts and its owner's standing at `now`.
pub fn account_standing(facts: &AccountFacts, owner: &Standing, policy: &StatusPolicy, now: Timestamp) -> AccountStanding {
    let mut statuses: Vec<AccountStatus> = owner.conditions.iter().filter_map(|condition| inherited_as(condition.status)).collect();
    let is_debit = facts.model == AccountModel::Debit;
    let limit_reached = facts.credit_limit.is_some_and(|limit| facts.balance >= limit);
    let own = [
        (facts.state == AccountState::Closed, AccountStatus::Closed),
        (is_expired(facts, now), AccountStatus::Expired),
        (facts.screening == Some(Screening::Quarantine), AccountStatus::Quarantine),
        (facts.screening == Some(Screening::Screening), AccountStatus::Screening),
        (facts.state == AccountState::Inactive, AccountStatus::Inactive),
        (facts.blocked, AccountStatus::Blocked),
        (facts.suspended && is_debit, AccountStatus::Suspended),
        (facts.active_from.is_some_and(|from| now < from), AccountStatus::NotYetActive),
        (!is_debit && limit_reached, AccountStatus::CreditExceeded),
        (is_debit && facts.balance.is_positive(), AccountStatus::Overdraft),
        (is_debit && facts.balance.is_zero(), AccountStatus::ZeroBalance),
        (facts.payment_frozen, AccountStatus::Frozen),
    ];
    statuses.extend(own.into_iter().filter(|(holds, _)| *holds).map(|(_, status)| status));
    statuses.sort_by_key(|status| status.rank());
    statuses.dedup();
    if statuses.first() == Some(&AccountStatus::Closed) {
        statuses.truncate(1);
    }
    let base = CustomerStatus::Active.row().permits;
    let permits = statuses.iter().fold(base, |permits, status| {
        let of_status = match status.row().like {
            Some(like) => permits_of(like, policy),
            None => base,
        };
        permits.and(of_status)
    });
    let is_closed = statuses.first() == Some(&AccountStatus::Closed);
    let moments = ends(facts).chain(facts.active_from).chain(owner.changes_at).filter(|moment| *moment > now);
    let changes_at = if is_closed { None } else { moments.min() };
    AccountStanding { statuses, permits, changes_at }
}

fn is_expired(facts: &AccountFacts, now: Timestamp) -> bool {
    ends(facts).any(|moment| moment <= now)
}

/// The moments at which the account expires; the earliest counts.
fn ends(facts: &AccountFacts) -> impl Iterator<Item = Timestamp> {
    let after = |from: Option<Timestamp>, days: Option<i64>| Some(from?.plus_days(days?));
    [facts.expires_at, after(facts.first_used_at, facts.life_time_days), after(facts.last_used_at, facts.idle_days_max)]
        .into_iter()
        .flatten()
}

/// What an account gets from its owner's status.
fn inherited_as(status: CustomerStatus) -> Option<AccountStatus> {
    match status {
        CustomerStatus::Closed => Some(AccountStatus::Closed),
        CustomerStatus::Exported => Some(AccountStatus::CustomerExported),
        CustomerStatus::Blocked => Some(AccountStatus::CustomerBlocked),
        CustomerStatus::ResellerBlocked => Some(AccountStatus::ResellerBlocked),
        CustomerStatus::BillingPaused => Some(AccountStatus::CustomerBillingPaused),
        CustomerStatus::Suspended => Some(AccountStatus::CustomerSuspended),
        CustomerStatus::ResellerSuspended => Some(AccountStatus::ResellerSuspended),
        CustomerStatus::ProvisionallyTerminated => Some(AccountStatus::CustomerProvisionallyTerminated),
        CustomerStatus::ResellerProvisionallyTerminated => Some(AccountStatus::ResellerProvisionallyTerminated),
        CustomerStatus::Limited => Some(AccountStatus::CustomerLimited),
        CustomerStatus::LimitingDelayed => Some(AccountStatus::CustomerLimitingDelayed),
        CustomerStatus::CreditExceeded => Some(AccountStatus::CustomerCreditExceeded),
        CustomerStatus::NoAvailableFunds => Some(AccountStatus::CustomerHasNoAvailableFunds),
        CustomerStatus::SpendingLimitReached => Some(AccountStatus::CustomerSpendingLimitReached),
        CustomerStatus::SuspensionDelayed => Some(AccountStatus::CustomerSuspensionDelayed),
        // The owner's automatic payment says nothing about an account.
        CustomerStatus::Frozen | CustomerStatus::Active => None,
    }
}
