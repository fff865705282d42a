//! Owns a product: by which tariff each use of an account is charged, how many calls it may hold at once, and which of several
//! products comes first.
//! Does not own: tariffs (tariff.rs) and finding a rate among them (session).

use thiserror::Error;

use crate::id::Id;
use crate::money::Currency;
use crate::service::Service;
use crate::time::Timestamp;

/// Highest priority of an add-on. A main product has 0.
pub const PRIORITY_MAX: i64 = 100;
/// Most simultaneous calls that a limit can allow.
pub const CALLS_MAX: i64 = 100_000;
/// Tariffs of one product.
pub const PRODUCT_TARIFFS_MAX: usize = 100;

/// Which way usage goes, as its account sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    Outgoing,
    Incoming,
}

impl Direction {
    pub const ALL: [Direction; 2] = [Direction::Outgoing, Direction::Incoming];

    pub const fn code(self) -> &'static str {
        match self {
            Direction::Outgoing => "outgoing",
            Direction::Incoming => "incoming",
        }
    }

    pub fn parse(code: &str) -> Option<Direction> {
        Direction::ALL.into_iter().find(|direction| direction.code() == code)
    }
}

/// What a product is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductKind {
    /// An account has one at the most.
    Main,
    /// Comes before the main product for as long as the account has it.
    AddOn,
}

impl ProductKind {
    pub const ALL: [ProductKind; 2] = [ProductKind::Main, ProductKind::AddOn];

    pub const fn code(self) -> &'static str {
        match self {
            ProductKind::Main => "main",
            ProductKind::AddOn => "add_on",
        }
    }

    pub fn parse(code: &str) -> Option<ProductKind> {
        ProductKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Simultaneous calls of one account; none is without limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallLimits {
    pub all: Option<i64>,
    pub outgoing: Option<i64>,
    pub incoming: Option<i64>,
}

/// Calls of one account that are under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenCalls {
    pub outgoing: i64,
    pub incoming: i64,
}

impl CallLimits {
    /// The limit that one call more would go over.
    pub fn reached(&self, open: OpenCalls, direction: Direction) -> Option<i64> {
        let (own, count) = match direction {
            Direction::Outgoing => (self.outgoing, open.outgoing),
            Direction::Incoming => (self.incoming, open.incoming),
        };
        let all = self.all.filter(|limit| open.outgoing + open.incoming >= *limit);
        own.filter(|limit| count >= *limit).or(all)
    }
}

/// The tariff for one service and direction. One without a tariff is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductTariff {
    pub service: Service,
    pub direction: Direction,
    pub tariff_id: Id,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub product_id: Id,
    /// Unique in the installation by its key.
    pub name: String,
    /// Never changes.
    pub kind: ProductKind,
    /// Of add-ons; the highest comes first. 0 for a main product.
    pub priority: i64,
    /// Of its tariffs and of the customers who have it. Never changes.
    pub currency: Currency,
    pub calls: CallLimits,
    /// One for each service and direction at the most, in their order.
    pub tariffs: Vec<ProductTariff>,
    /// What it includes.
    pub bundle_id: Option<Id>,
    pub created_at: Timestamp,
    pub version: i64,
}

impl Product {
    pub fn tariff_of(&self, service: Service, direction: Direction) -> Option<Id> {
        self.tariffs.iter().find(|entry| entry.service == service && entry.direction == direction).map(|entry| entry.tariff_id)
    }
}

/// Why a product cannot be as it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProductProblem {
    #[error("a main product has the priority 0, an add-on 1 to {PRIORITY_MAX}")]
    Priority,
    #[error("1 to {CALLS_MAX} calls")]
    CallsAll,
    #[error("1 to {CALLS_MAX} calls")]
    CallsOutgoing,
    #[error("1 to {CALLS_MAX} calls")]
    CallsIncoming,
    #[error("one tariff for each service and direction, {PRODUCT_TARIFFS_MAX} at the most")]
    Tariffs,
}

/// Everything that is wrong with a product by itself.
pub fn check_product(product: &Product) -> Vec<ProductProblem> {
    let priorities = match product.kind {
        ProductKind::Main => 0..=0,
        ProductKind::AddOn => 1..=PRIORITY_MAX,
    };
    let is_limit = |limit: Option<i64>| limit.is_none_or(|limit| (1..=CALLS_MAX).contains(&limit));
    let mut entries: Vec<_> = product.tariffs.iter().map(|entry| (entry.service, entry.direction)).collect();
    entries.sort_unstable();
    let is_once = entries.windows(2).all(|pair| pair[0] != pair[1]);
    let checks = [
        (priorities.contains(&product.priority), ProductProblem::Priority),
        (is_limit(product.calls.all), ProductProblem::CallsAll),
        (is_limit(product.calls.outgoing), ProductProblem::CallsOutgoing),
        (is_limit(product.calls.incoming), ProductProblem::CallsIncoming),
        (is_once && entries.len() <= PRODUCT_TARIFFS_MAX, ProductProblem::Tariffs),
    ];
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, problem)| problem).collect()
}
