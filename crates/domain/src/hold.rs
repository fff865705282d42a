//! Owns holds: dated causes that restrict a customer (block, limitation, suspension, termination).
//! Does not own: what a hold permits (status/table.rs); reserved money, which is never called a hold.

use crate::id::Id;
use crate::money::Money;
use crate::time::Timestamp;

/// Longest comment on a hold, in characters.
pub const COMMENT_CHARACTERS_MAX: usize = 500;
/// A suspension can be lifted for at most this many days (docs/domain.md, Lifting).
pub const LIFT_DAYS_MAX: i64 = 90;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldKind {
    Block,
    Limitation,
    Suspension,
    Termination,
}

impl HoldKind {
    pub const ALL: [HoldKind; 4] = [HoldKind::Block, HoldKind::Limitation, HoldKind::Suspension, HoldKind::Termination];

    pub const fn code(self) -> &'static str {
        match self {
            HoldKind::Block => "block",
            HoldKind::Limitation => "limitation",
            HoldKind::Suspension => "suspension",
            HoldKind::Termination => "termination",
        }
    }

    pub fn parse(code: &str) -> Option<HoldKind> {
        HoldKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Why a hold exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldCause {
    /// A member of staff set it, with an optional comment.
    Staff { comment: Option<String> },
    /// A step of the collection of this invoice. Limitation and suspension count while the invoice is open.
    Invoice { invoice_id: Id },
    /// Subscription fees of `needed` could not be charged from the funds (docs/domain.md, Prepaid shortage).
    InsufficientFunds { needed: Money },
}

/// One dated cause. It restricts from `since` (which may lie ahead: a collection step is planned when its invoice is
/// issued) until it is ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub hold_id: Id,
    pub kind: HoldKind,
    pub cause: HoldCause,
    pub since: Timestamp,
    /// When it was ended; an end is not planned ahead. A termination that is ended was restored.
    pub until: Option<Timestamp>,
    /// Terminations only: when the provisional termination becomes permanent. Equal to `since` for an immediate one.
    pub closes_at: Option<Timestamp>,
}

impl Hold {
    /// Does it restrict at `now`, as far as its dates tell?
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.since <= now && self.until.is_none_or(|until| now < until)
    }

    pub fn invoice_id(&self) -> Option<Id> {
        match self.cause {
            HoldCause::Invoice { invoice_id } => Some(invoice_id),
            HoldCause::Staff { .. } | HoldCause::InsufficientFunds { .. } => None,
        }
    }
}
