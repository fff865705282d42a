//! Owns why an account's status holds, and the sentence of each with its figures and dates.
//! Does not own: whether it holds (mod.rs), how a sentence and its values are kept together (status/explanation.rs).

use super::{AccountFacts, AccountStanding, AccountState, AccountStatus, inherited_as};
use crate::status::{Explanation, ReasonCode, Standing, Wording};
use crate::time::Timestamp;

/// Why each status of `standing` holds, in their order. `of_owner` are the explanations of the owner's conditions, in theirs.
pub fn account_explanations(
    facts: &AccountFacts,
    standing: &AccountStanding,
    owner: &Standing,
    of_owner: &[Explanation],
    wording: Wording<'_>,
) -> Vec<Explanation> {
    let inherited = |status: AccountStatus| {
        let place = owner.conditions.iter().position(|condition| inherited_as(condition.status) == Some(status));
        let start = wording.tell(ReasonCode::OfCustomer);
        match place.and_then(|place| of_owner.get(place)) {
            Some(reason) => start.words("its customer: ").part("reason", reason.clone()).done(),
            None => start.words("because of its customer").done(),
        }
    };
    standing.statuses.iter().map(|status| own(*status, facts, wording).unwrap_or_else(|| inherited(*status))).collect()
}

/// The explanation of a status that the account has by itself.
fn own(status: AccountStatus, facts: &AccountFacts, wording: Wording<'_>) -> Option<Explanation> {
    let plain = |code: ReasonCode, words: &str| Some(wording.tell(code).words(words).done());
    match status {
        AccountStatus::Closed if facts.state == AccountState::Closed => plain(ReasonCode::AccountTerminated, "the account is terminated"),
        AccountStatus::Expired => Some(expired(facts, wording)),
        AccountStatus::Quarantine => plain(ReasonCode::AccountUnverified, "the caller could not be verified"),
        AccountStatus::Screening => plain(ReasonCode::AccountScreened, "suspicious use, calls are diverted for verification"),
        AccountStatus::Inactive => plain(ReasonCode::AccountInactive, "made inactive, it waits to be activated"),
        AccountStatus::Blocked => plain(ReasonCode::AccountBlocked, "blocked by staff"),
        AccountStatus::Suspended => plain(ReasonCode::AccountSuspended, "its money did not cover its subscriptions"),
        AccountStatus::NotYetActive => {
            facts.active_from.map(|from| wording.tell(ReasonCode::AccountNotYetActive).words("active from ").moment("from", from).done())
        }
        AccountStatus::CreditExceeded => facts.credit_limit.map(|limit| {
            let start = wording.tell(ReasonCode::AccountCreditExceeded).words("the balance of ").amount("balance", facts.balance);
            start.words(" has reached the account's limit of ").amount("limit", limit).done()
        }),
        AccountStatus::Overdraft => {
            let start = wording.tell(ReasonCode::AccountOverdraft).words("more was used than was there: ");
            Some(start.amount("owed", facts.balance).words(" is owed").done())
        }
        AccountStatus::ZeroBalance => plain(ReasonCode::AccountWithoutMoney, "no money is left"),
        AccountStatus::Frozen => plain(ReasonCode::AccountPaymentFrozen, "its automatic payment rests after repeated errors"),
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
fn expired(facts: &AccountFacts, wording: Wording<'_>) -> Explanation {
    let after = |from: Option<Timestamp>, days: Option<i64>| Some((from?, days?, from?.plus_days(days?)));
    let days_words = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let by_date =
        facts.expires_at.map(|at| (at, wording.tell(ReasonCode::AccountExpired).words("expired on ").moment("expired_at", at).done()));
    let by_life = after(facts.first_used_at, facts.life_time_days).map(|(from, days, at)| {
        let start = wording.tell(ReasonCode::AccountLifeEnded).words("its ").number("count", days, &days_words(days));
        (at, start.words(" after the first use on ").date("first_used_on", from).words(" ended on ").date("ended_on", at).done())
    });
    let by_idling = after(facts.last_used_at, facts.idle_days_max).map(|(from, days, at)| {
        let start = wording.tell(ReasonCode::AccountIdle).words("not used for ").number("count", days, &days_words(days));
        (at, start.words(" after ").date("last_used_on", from).words(", expired on ").date("ended_on", at).done())
    });
    let first = [by_date, by_life, by_idling].into_iter().flatten().min_by_key(|(at, _)| *at);
    // There is always one: it is why the status holds.
    first.map_or_else(|| wording.tell(ReasonCode::AccountEnded).words("it has expired").done(), |(_, told)| told)
}
