//! Owns why an account's status holds, as a sentence with figures and dates.
//! Does not own: whether it holds (mod.rs).

use super::{AccountFacts, AccountStanding, AccountState, AccountStatus, inherited_as};
use crate::status::{Standing, Wording};

/// One English sentence without a full stop for each status of `standing`, in their order. `owner_sentences` are those of
/// the owner's conditions, in theirs.
pub fn account_sentences(
    facts: &AccountFacts,
    standing: &AccountStanding,
    owner: &Standing,
    owner_sentences: &[String],
    wording: &Wording<'_>,
) -> Vec<String> {
    let inherited = |status: AccountStatus| {
        let place = owner.conditions.iter().position(|condition| inherited_as(condition.status) == Some(status));
        let sentence = place.and_then(|place| owner_sentences.get(place));
        sentence.map_or_else(|| "because of its customer".to_owned(), |sentence| format!("its customer: {sentence}"))
    };
    standing.statuses.iter().map(|status| own_sentence(*status, facts, wording).unwrap_or_else(|| inherited(*status))).collect()
}

/// The sentence of a status that the account has by itself.
fn own_sentence(status: AccountStatus, facts: &AccountFacts, wording: &Wording<'_>) -> Option<String> {
    let balance = facts.balance.display(wording.currency);
    match status {
        AccountStatus::Closed if facts.state == AccountState::Closed => Some("the account is terminated".to_owned()),
        AccountStatus::Expired => Some(expired(facts, wording)),
        AccountStatus::Quarantine => Some("the caller could not be verified".to_owned()),
        AccountStatus::Screening => Some("suspicious use, calls are diverted for verification".to_owned()),
        AccountStatus::Inactive => Some("made inactive, it waits to be activated".to_owned()),
        AccountStatus::Blocked => Some("blocked by staff".to_owned()),
        AccountStatus::Suspended => Some("its money did not cover its subscriptions".to_owned()),
        AccountStatus::NotYetActive => facts.active_from.map(|from| format!("active from {}", wording.moment(from))),
        AccountStatus::CreditExceeded => facts
            .credit_limit
            .map(|limit| format!("the balance of {balance} has reached the account's limit of {}", limit.display(wording.currency))),
        AccountStatus::Overdraft => Some(format!("more was used than was there: {balance} is owed")),
        AccountStatus::ZeroBalance => Some("no money is left".to_owned()),
        AccountStatus::Frozen => Some("its automatic payment rests after repeated errors".to_owned()),
        AccountStatus::Closed
        | AccountStatus::CustomerExported
        | AccountStatus::CustomerBlocked
        | AccountStatus::ResellerBlocked
        | AccountStatus::CustomerBillingPaused
        | AccountStatus::CustomerSuspended
        | AccountStatus::ResellerSuspended
        | AccountStatus::CustomerProvisionallyTerminated
        | AccountStatus::ResellerProvisionallyTerminated
        | AccountStatus::CustomerLimited
        | AccountStatus::CustomerLimitingDelayed
        | AccountStatus::CustomerCreditExceeded
        | AccountStatus::CustomerHasNoAvailableFunds
        | AccountStatus::CustomerSpendingLimitReached
        | AccountStatus::CustomerSuspensionDelayed
        | AccountStatus::Active => None,
    }
}

/// Which of the three ends came first.
fn expired(facts: &AccountFacts, wording: &Wording<'_>) -> String {
    let after = |from: Option<crate::time::Timestamp>, days: Option<i64>| Some((from?, days?, from?.plus_days(days?)));
    let by_date = facts.expires_at.map(|at| (at, format!("expired on {}", wording.moment(at))));
    let by_life = after(facts.first_used_at, facts.life_time_days).map(|(from, days, at)| {
        (at, format!("its {days} days after the first use on {} ended on {}", wording.date(from), wording.date(at)))
    });
    let by_idling = after(facts.last_used_at, facts.idle_days_max)
        .map(|(from, days, at)| (at, format!("not used for {days} days after {}, expired on {}", wording.date(from), wording.date(at))));
    let first = [by_date, by_life, by_idling].into_iter().flatten().min_by_key(|(at, _)| *at);
    // There is always one: it is why the status holds.
    first.map_or_else(|| "it has expired".to_owned(), |(_, sentence)| sentence)
}
