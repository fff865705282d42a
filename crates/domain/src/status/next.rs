//! Owns what happens next to the status that is shown: when, which one it becomes, and the sentence about it.
//! Does not own: what holds at any moment, or when something changes (mod.rs).

use super::explanation::{Explanation, ReasonCode, Wording};
use super::{CustomerStatus, ResellerStanding, Standing, StatusPolicy, standing};
use crate::customer::CustomerFacts;
use crate::time::Timestamp;

/// What happens next by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextChange {
    pub at: Timestamp,
    /// The status shown from then on, if nothing else happens.
    pub shown: CustomerStatus,
    /// Such as `closes on 3 August unless restored`.
    pub explanation: Explanation,
}

/// What happens next to the status that `standing` shows, if it changes by itself at a known moment.
pub fn next_change(
    facts: &CustomerFacts,
    reseller: Option<&ResellerStanding>,
    policy: &StatusPolicy,
    standing_now: &Standing,
    now: Timestamp,
) -> Option<NextChange> {
    let shown = standing_now.shown();
    let mut at = standing_now.changes_at?;
    // Dates on the way that do not move the shown status are passed over: three a hold at most, and a few others.
    for _ in 0..facts.holds.len().saturating_mul(3).saturating_add(8) {
        let then = standing(facts, reseller, policy, at);
        if then.shown() != shown {
            let wording = Wording { currency: facts.currency, zone: &facts.zone, now };
            return Some(NextChange { at, shown: then.shown(), explanation: explain(then.shown(), shown, at, wording) });
        }
        at = then.changes_at?;
    }
    None
}

fn explain(then: CustomerStatus, shown: CustomerStatus, at: Timestamp, wording: Wording<'_>) -> Explanation {
    let on = |code: ReasonCode, words: &str, end: &str| wording.tell(code).words(words).date("on", at).words(end).done();
    let at_moment = |code: ReasonCode, words: &str, end: &str| wording.tell(code).words(words).moment("at", at).words(end).done();
    match (shown, then) {
        (_, CustomerStatus::Closed) => on(ReasonCode::Closes, "closes on ", " unless restored"),
        (_, CustomerStatus::ProvisionallyTerminated) => on(ReasonCode::Terminates, "terminated provisionally on ", " unless paid"),
        (CustomerStatus::SuspensionDelayed | CustomerStatus::LimitingDelayed, CustomerStatus::Suspended) => {
            at_moment(ReasonCode::SuspendsAgain, "suspended again on ", " unless paid")
        }
        (CustomerStatus::LimitingDelayed, CustomerStatus::Limited) => {
            at_moment(ReasonCode::LimitsAgain, "limited again on ", " unless paid")
        }
        (_, CustomerStatus::Suspended) => on(ReasonCode::Suspends, "suspended on ", " unless paid"),
        (_, CustomerStatus::Limited) => on(ReasonCode::Limits, "service limited on ", " unless paid"),
        (CustomerStatus::SpendingLimitReached, _) => at_moment(ReasonCode::Renews, "renewed on ", ""),
        (_, CustomerStatus::Active) => at_moment(ReasonCode::Ends, "ends on ", ""),
        (_, other) => {
            wording.tell(ReasonCode::Changes).words("changes to “").status("status", other).words("” on ").moment("at", at).done()
        }
    }
}
