//! What can be done to a customer, by status.

use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::export::ExportPhase;
use trunkline_domain::refusal::Refusal::{self, AlreadySo, BillingPaused, CustomerClosed, CustomerExported, NotSo, NothingToLift};
use trunkline_domain::status::CustomerStatus::{Blocked, ProvisionallyTerminated};
use trunkline_domain::status::{CustomerAction, StatusPolicy, may_be_done, standing};

use crate::fixture::{block, export, invoice, limitation, now, postpaid, suspension, termination};

fn with(change: impl FnOnce(&mut CustomerFacts)) -> CustomerFacts {
    let mut facts = postpaid();
    change(&mut facts);
    facts
}

/// Each action that is refused, with the refusal; the others are allowed.
fn refused(facts: &CustomerFacts) -> Vec<(&'static str, Refusal)> {
    let standing = standing(facts, None, &StatusPolicy::default(), now());
    let answer = |action: CustomerAction| may_be_done(action, &standing, facts, now()).err().map(|refusal| (action.code(), refusal));
    CustomerAction::ALL.iter().copied().filter_map(answer).collect()
}

#[test]
fn what_is_refused_follows_from_the_status() {
    let of_active = vec![("unblock", NotSo(Blocked)), ("lift_suspension", NothingToLift), ("restore", NotSo(ProvisionallyTerminated))];
    let all = |refusal: Refusal| CustomerAction::ALL.iter().map(|action| (action.code(), refusal.clone())).collect::<Vec<_>>();
    let exported = all(CustomerExported).into_iter().filter(|(code, _)| *code != "restore").collect();
    let suspended = with(|facts| {
        facts.open_invoices.push(invoice());
        facts.holds.push(suspension(42, "2026-07-01"));
    });
    let limited = with(|facts| {
        facts.open_invoices.push(invoice());
        facts.holds.push(limitation(42, "2026-07-01"));
    });
    let table = [
        (postpaid(), of_active.clone()),
        (with(|facts| facts.holds.push(block("2026-07-02"))), vec![("block", AlreadySo(Blocked)), ("lift_suspension", NothingToLift)]),
        (suspended, vec![("unblock", NotSo(Blocked)), ("restore", NotSo(ProvisionallyTerminated))]),
        (limited, vec![("unblock", NotSo(Blocked)), ("restore", NotSo(ProvisionallyTerminated))]),
        (
            with(|facts| facts.holds.push(termination("2026-07-04", "2026-08-03"))),
            vec![("unblock", NotSo(Blocked)), ("lift_suspension", NothingToLift)],
        ),
        (with(|facts| facts.holds.push(termination("2026-06-05", "2026-07-05"))), all(CustomerClosed)),
        (with(|facts| facts.export = export(ExportPhase::Finished)), exported),
        (with(|facts| facts.export = export(ExportPhase::Started)), of_active.into_iter().chain([("delete", BillingPaused)]).collect()),
    ];
    for (facts, expected) in table {
        assert_eq!(refused(&facts), expected);
    }
}
