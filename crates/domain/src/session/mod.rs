//! Owns usage while it lasts: may it begin, how much of it the money allows, what is kept for it, and what it costs in the end.
//! Does not own: the price (rating), the statuses (status, account), and keeping sessions.

mod grant;
mod proof;
mod refusal;

pub use grant::{Grant, Limits, Party, grant, settle};
pub use proof::Proof;
pub use refusal::UsageRefusal;

use std::cmp::Reverse;

use crate::account::{AccountFacts, AccountModel, AccountStatus};
use crate::bundle::Taken;
use crate::id::Id;
use crate::money::{Money, MoneyError};
use crate::product::{Direction, Product};
use crate::service::Service;
use crate::status::{CallsIn, CallsOut, CustomerStatus, Data, Messages, Permits, StatusPolicy, permits_of};
use crate::time::Timestamp;

/// Longest key of a session, in bytes: the switch's id with the name of the switch.
pub const SESSION_KEY_BYTES_MAX: usize = 256;
/// Longest number or address of a party of the usage, in bytes.
pub const PARTY_BYTES_MAX: usize = 128;
/// What an authorized call that does not begin keeps its money for, and how late a lost one's end can be, in seconds.
pub const RING_SECONDS: i64 = 180;
/// Interim reports that may be missed.
pub const INTERIMS_MISSED_MAX: i64 = 3;

/// Whose money an amount is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payer {
    /// The account that is used, or its customer, or a reseller above.
    Customer { customer_id: Id },
    /// An account with money or a limit of its own.
    Account { customer_id: Id, account_id: Id },
}

impl Payer {
    pub const fn customer_id(self) -> Id {
        match self {
            Payer::Customer { customer_id } | Payer::Account { customer_id, .. } => customer_id,
        }
    }

    pub const fn account_id(self) -> Option<Id> {
        match self {
            Payer::Customer { .. } => None,
            Payer::Account { account_id, .. } => Some(account_id),
        }
    }
}

/// One who pays for a session, and what is kept of its money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    pub payer: Payer,
    pub tariff_id: Id,
    /// The price of all units that are granted.
    pub reserved: Money,
}

/// Usage that is authorized or under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub session_id: Id,
    pub customer_id: Id,
    pub account_id: Id,
    /// Unique among the customer's: what the switch calls it, after the name of the switch.
    pub key: String,
    pub service: Service,
    pub direction: Direction,
    /// Who calls, as it was given.
    pub cli: Option<String>,
    /// Where to, in digits where it is a number: what the rate is found by.
    pub cld: String,
    pub is_emergency: bool,
    pub opened_at: Timestamp,
    /// When usage began. None: it is authorized and has not.
    pub started_at: Option<Timestamp>,
    /// What was reported last.
    pub used_units: u64,
    /// From the beginning of the session on.
    pub granted_units: u64,
    /// At this moment it counts as lost.
    pub expires_at: Timestamp,
    /// In the order of the chain: the account, its customer, the resellers above.
    pub legs: Vec<Leg>,
    /// What is kept of bundles for it.
    pub taken: Vec<Taken>,
}

impl Session {
    /// The moment that decides the rate, and peak or off-peak.
    pub fn rated_at(&self) -> Timestamp {
        self.started_at.unwrap_or(self.opened_at)
    }
}

/// Seconds of a call that are granted at once to a switch that asks again (docs/domain.md, Slices).
pub const SLICE_SECONDS: u64 = 300;
/// Kilobytes that are granted at once.
pub const SLICE_KILOBYTES: u64 = 10_240;
/// Longest call that is granted, in seconds.
pub const CALL_SECONDS_MAX: u64 = 86_400;
/// Most messages of an event, and kilobytes of a session.
pub const EVENT_UNITS_MAX: u64 = 1_000_000_000;

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Units at once, to a switch that asks again; none: as many as the money allows.
    pub slice_units: Option<u64>,
    /// Units of one session.
    pub units_max: u64,
}

impl Wanted {
    /// All that the money allows.
    pub fn whole(service: Service) -> Wanted {
        let units_max = match service {
            Service::Voice => CALL_SECONDS_MAX,
            Service::Message | Service::Data => EVENT_UNITS_MAX,
        };
        Wanted { slice_units: None, units_max }
    }

    /// As many units as are given, or the usual slice.
    pub fn slice(service: Service, units: Option<u64>) -> Wanted {
        let usual = match service {
            Service::Voice => SLICE_SECONDS,
            Service::Message => 1,
            Service::Data => SLICE_KILOBYTES,
        };
        Wanted { slice_units: Some(units.unwrap_or(usual).max(1)), ..Wanted::whole(service) }
    }
}

/// When a session that is heard of at `now` counts as lost. `interim_seconds`: how often its switch reports; none: never before the end.
pub fn expires_at(session: &Session, interim_seconds: Option<i64>, now: Timestamp) -> Timestamp {
    let left = session.granted_units.saturating_sub(session.used_units);
    let granted_seconds = match session.service {
        Service::Voice => i64::try_from(left).unwrap_or(i64::MAX),
        Service::Message | Service::Data => 0,
    };
    let seconds = match interim_seconds {
        Some(interim) => interim.saturating_mul(INTERIMS_MISSED_MAX).max(RING_SECONDS),
        None => granted_seconds.saturating_add(RING_SECONDS),
    };
    now.plus_seconds(seconds)
}

/// How usage may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Without regard to money.
    Emergency,
    Any,
    /// At a lower speed.
    Slow,
    /// If it costs nothing.
    FreeOnly,
}

/// What the permits let through; none: nothing of the kind.
pub fn passage(permits: &Permits, service: Service, direction: Direction, is_emergency: bool) -> Option<Passage> {
    match (service, direction) {
        (Service::Voice, Direction::Outgoing) if is_emergency => permits.emergency.then_some(Passage::Emergency),
        (Service::Voice, Direction::Outgoing) => match permits.calls_out {
            CallsOut::Full => Some(Passage::Any),
            CallsOut::FreeOnly => Some(Passage::FreeOnly),
            CallsOut::EmergencyOnly | CallsOut::None => None,
        },
        (Service::Voice, Direction::Incoming) => match permits.calls_in {
            CallsIn::Full => Some(Passage::Any),
            CallsIn::FreeOnly => Some(Passage::FreeOnly),
            CallsIn::None => None,
        },
        (Service::Message, _) => match permits.messages {
            Messages::Full => Some(Passage::Any),
            Messages::FreeOnly => Some(Passage::FreeOnly),
            Messages::None => None,
        },
        (Service::Data, _) => match permits.data {
            Data::Full => Some(Passage::Any),
            Data::LimitedSpeed => Some(Passage::Slow),
            Data::None => None,
        },
    }
}

/// How fast data flows, as far as we have a say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speed {
    Full,
    Limited,
}

impl Speed {
    pub const ALL: [Speed; 2] = [Speed::Full, Speed::Limited];

    pub const fn code(self) -> &'static str {
        match self {
            Speed::Full => "full",
            Speed::Limited => "limited",
        }
    }
}

/// What is to become of usage that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    GoesOn(Speed),
    /// Because of this status.
    Ends(AccountStatus),
}

/// What is to become of a session while its account has these statuses, the first in order first. Where money has run out or the day's
/// limit is reached, it goes on to where it was granted, and no emergency call is cut.
pub fn course(session: &Session, statuses: &[AccountStatus], policy: &StatusPolicy) -> Course {
    let mut speed = Speed::Full;
    for status in statuses.iter().filter(|_| !session.is_emergency) {
        let Some(like) = status.row().like.filter(|like| !spares_what_runs(*like)) else { continue };
        match passage(&permits_of(like, policy), session.service, session.direction, false) {
            None => return Course::Ends(*status),
            Some(Passage::Slow) => speed = Speed::Limited,
            Some(Passage::Any | Passage::FreeOnly | Passage::Emergency) => {}
        }
    }
    Course::GoesOn(speed)
}

/// Statuses that keep usage from beginning, and not what runs from going on.
const fn spares_what_runs(status: CustomerStatus) -> bool {
    matches!(status, CustomerStatus::CreditExceeded | CustomerStatus::NoAvailableFunds | CustomerStatus::SpendingLimitReached)
}

/// May a device of the account be registered: is there a call that it could make or take?
pub fn may_register(permits: &Permits) -> bool {
    permits.calls_out != CallsOut::None || permits.calls_in != CallsIn::None
}

/// Who of an account and its customer pays for its usage, in the order of the chain. A debit account pays by itself; a credit account
/// with a limit of its own counts what it uses besides its customer.
pub fn payers(account: &AccountFacts) -> Vec<Payer> {
    let (customer_id, account_id) = (account.customer_id, account.account_id);
    let (own, customer) = (Payer::Account { customer_id, account_id }, Payer::Customer { customer_id });
    match (account.model, account.credit_limit) {
        (AccountModel::Debit, _) => vec![own],
        (AccountModel::Credit, Some(_)) => vec![own, customer],
        (AccountModel::Credit, None) => vec![customer],
    }
}

/// What an account with money or a limit of its own can still spend; none: without limit.
pub fn account_funds(account: &AccountFacts) -> Result<Option<Money>, MoneyError> {
    match account.model {
        AccountModel::Debit => account.balance.checked_neg().map(Some),
        AccountModel::Credit => account.credit_limit.map(|limit| limit.checked_sub(account.balance)).transpose(),
    }
}

/// What is left of `funds` beside what sessions hold, `held` in all. What leaves the range below counts as nothing.
pub fn spendable(funds: Option<Money>, held: Money) -> Option<Money> {
    funds.map(|funds| funds.checked_sub(held).unwrap_or(Money::ZERO))
}

/// The tariff by which usage is charged: of `products`, the first in order of priority with one for the service and direction that
/// `has_rate` for the number.
pub fn tariff_for<'a>(
    products: impl IntoIterator<Item = &'a Product>,
    service: Service,
    direction: Direction,
    has_rate: impl Fn(Id) -> bool,
) -> Result<Id, UsageRefusal> {
    let mut products: Vec<&Product> = products.into_iter().collect();
    products.sort_by_key(|product| (Reverse(product.priority), product.product_id));
    let mut refusal = UsageRefusal::NoProduct;
    for product in products {
        match product.tariff_of(service, direction) {
            Some(tariff_id) if has_rate(tariff_id) => return Ok(tariff_id),
            Some(_) => refusal = UsageRefusal::NoRate,
            None if refusal == UsageRefusal::NoProduct => refusal = UsageRefusal::NoTariff { direction },
            None => {}
        }
    }
    Err(refusal)
}
