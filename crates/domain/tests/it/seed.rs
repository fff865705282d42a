//! What the vendor's public description of the customer list says of each status, claim by claim, against the engine.

use trunkline_domain::balance::{PostingAction, decide_posting};
use trunkline_domain::customer::{BalanceControl, CustomerFacts};
use trunkline_domain::export::ExportPhase;
use trunkline_domain::hold::Hold;
use trunkline_domain::money::Money;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::status::{
    CallsIn, CallsOut, CustomerStatus, Data, Messages, PeriodClose, Permits, SelfCare, StatusPolicy, UsageCharges,
};

use crate::fixture::{
    at, auto_payment, block, export, fee_suspension, invoice, limitation, money, now, postpaid, prepaid, spending, standing_of, suspension,
    termination,
};

fn overdue(hold: Hold) -> CustomerFacts {
    CustomerFacts { balance: money("20"), open_invoices: vec![invoice()], holds: vec![hold], ..postpaid() }
}

fn shown(facts: &CustomerFacts) -> CustomerStatus {
    standing_of(facts, now()).shown()
}

fn after(facts: &CustomerFacts, action: PostingAction, amount: &str) -> CustomerFacts {
    decide_posting(facts, None, &StatusPolicy::default(), action, money(amount), now()).unwrap().after
}

/// Claims about what works and what is charged: the claim in our words, the customer, and the test of its permissions.
#[test]
fn what_works_in_each_status() {
    type Claim = fn(Permits) -> bool;
    let no_service: Claim = |permits| {
        (permits.calls_out, permits.calls_in, permits.data, permits.messages) == (CallsOut::None, CallsIn::None, Data::None, Messages::None)
    };
    let exhausted: Claim =
        |permits| permits.calls_out == CallsOut::FreeOnly && permits.usage_charges == UsageCharges::FreeOnly && permits.emergency;
    let everything: Claim = |permits| permits == CustomerStatus::Active.row().permits;
    let closed = overdue(termination("2026-06-05", "2026-07-05"));
    let blocked = overdue(block("2026-07-02"));
    let limited = overdue(limitation(42, "2026-06-24"));
    let terminated = overdue(termination("2026-07-04", "2026-08-03"));
    let moving = CustomerFacts { export: export(ExportPhase::Started), ..postpaid() };
    let table: Vec<(&str, &CustomerFacts, CustomerStatus, Claim)> = vec![
        ("closed: no operation is possible", &closed, CustomerStatus::Closed, no_service),
        ("closed: nothing is charged", &closed, CustomerStatus::Closed, |permits| !permits.subscription_fees && !permits.did_fees),
        ("blocked: no call services", &blocked, CustomerStatus::Blocked, no_service),
        ("blocked: no self-care", &blocked, CustomerStatus::Blocked, |permits| permits.self_care == SelfCare::None),
        ("blocked: usage is not charged", &blocked, CustomerStatus::Blocked, |permits| permits.usage_charges == UsageCharges::None),
        ("blocked: subscription and number fees go on", &blocked, CustomerStatus::Blocked, |permits| {
            permits.subscription_fees && permits.did_fees
        }),
        ("limited: a lesser service, such as lower speed", &limited, CustomerStatus::Limited, |permits| permits.data == Data::LimitedSpeed),
        ("limited: emergency numbers and incoming calls work", &limited, CustomerStatus::Limited, |permits| {
            permits.emergency && permits.calls_in == CallsIn::Full
        }),
        ("limited: recurring charges apply", &limited, CustomerStatus::Limited, |permits| permits.subscription_fees && permits.did_fees),
        ("terminated: all services stop", &terminated, CustomerStatus::ProvisionallyTerminated, no_service),
        ("terminated: a last invoice is made", &terminated, CustomerStatus::ProvisionallyTerminated, |permits| {
            permits.period_close == PeriodClose::FinalOnly
        }),
        ("moving: the period cannot be closed, no subscription charges", &moving, CustomerStatus::BillingPaused, |permits| {
            permits.period_close == PeriodClose::No && !permits.subscription_fees
        }),
        ("moving: services and self-care work", &moving, CustomerStatus::BillingPaused, |permits| {
            permits.calls_out == CallsOut::Full && permits.self_care == SelfCare::Full
        }),
    ];
    for (claim, facts, status, holds) in table {
        assert_eq!(shown(facts), status, "{claim}");
        assert!(holds(standing_of(facts, now()).permits), "{claim}");
    }
    for (facts, holds) in [
        (CustomerFacts { balance: money("50"), ..postpaid() }, exhausted),
        (CustomerFacts { balance: Money::ZERO, ..prepaid() }, exhausted),
        (CustomerFacts { lifted_until: Some(at("2026-07-13")), ..overdue(suspension(42, "2026-07-01")) }, everything),
        (CustomerFacts { auto_payment: auto_payment(3), ..postpaid() }, everything),
    ] {
        assert!(holds(standing_of(&facts, now()).permits), "{:?}", shown(&facts));
    }
}

/// Claims about what ends a status, and what does not.
#[test]
fn what_ends_each_status() {
    use CustomerStatus::{Active, Limited, NoAvailableFunds, ProvisionallyTerminated, Suspended, SuspensionDelayed};
    use PostingAction::{ManualCredit, ManualPayment};
    let suspended = overdue(suspension(42, "2026-07-01"));
    let lifted = CustomerFacts { lifted_until: Some(at("2026-07-13")), ..suspended.clone() };
    let limited = overdue(limitation(42, "2026-06-24"));
    let empty = CustomerFacts { balance: Money::ZERO, ..prepaid() };
    let short = CustomerFacts { holds: vec![fee_suspension("30", "2026-07-01")], ..prepaid() };
    let terminated = overdue(termination("2026-07-04", "2026-08-03"));
    let table = [
        ("suspended: a covering payment lifts it", &suspended, Suspended, ManualPayment, "120", Active),
        ("suspended: less does not", &suspended, Suspended, ManualPayment, "119.99", Suspended),
        ("suspended: a credit is no payment", &suspended, Suspended, ManualCredit, "120", Suspended),
        ("suspended for fees: funds that cover them, paid in", &short, Suspended, ManualPayment, "6.39", Active),
        ("lifted: payment ends it", &lifted, SuspensionDelayed, ManualPayment, "120", Active),
        ("limited: payment lifts it", &limited, Limited, ManualPayment, "120", Active),
        ("no funds: a payment brings all services back", &empty, NoAvailableFunds, ManualPayment, "0.01", Active),
        ("terminated: only staff reactivate", &terminated, ProvisionallyTerminated, ManualPayment, "120", ProvisionallyTerminated),
    ];
    for (claim, facts, before, action, amount, then) in table {
        assert_eq!((shown(facts), shown(&after(facts, action, amount))), (before, then), "{claim}");
    }
    let closed = overdue(termination("2026-06-05", "2026-07-05"));
    let refused = decide_posting(&closed, None, &StatusPolicy::default(), ManualPayment, money("1"), now());
    assert_eq!(refused, Err(Refusal::CustomerClosed), "closed: no further operation");
}

/// Claims about what time alone does.
#[test]
fn what_time_does() {
    use CustomerStatus::{Active, Closed, ProvisionallyTerminated, SpendingLimitReached, Suspended, SuspensionDelayed};
    let lifted = CustomerFacts { lifted_until: Some(at("2026-07-13")), ..overdue(suspension(42, "2026-07-01")) };
    let terminated = overdue(termination("2026-07-04", "2026-08-03"));
    let spent = CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..postpaid() };
    let table = [
        ("lifted over the weekend, suspended on Monday", &lifted, SuspensionDelayed, "2026-07-13", Suspended),
        ("not restored within 30 days: closed", &terminated, ProvisionallyTerminated, "2026-08-03", Closed),
        ("the daily limit is renewed at 00:00:00", &spent, SpendingLimitReached, "2026-07-11", Active),
    ];
    for (claim, facts, before, moment, then) in table {
        assert_eq!((shown(facts), standing_of(facts, at(moment)).shown()), (before, then), "{claim}");
    }
}

/// Claims about who can be in a status at all.
#[test]
fn who_can_be_in_a_status() {
    use CustomerStatus::{CreditExceeded, NoAvailableFunds};
    for (control, expected) in [(BalanceControl::Postpaid, CreditExceeded), (BalanceControl::Prepaid, NoAvailableFunds)] {
        let facts = CustomerFacts { balance_control: control, balance: money("50"), ..postpaid() };
        assert_eq!(shown(&facts), expected);
    }
    // After a move that was given up, the status is what it was before.
    let suspended = overdue(suspension(42, "2026-07-01"));
    let given_up = CustomerFacts { export: export(ExportPhase::RolledBack), ..suspended.clone() };
    assert_eq!(standing_of(&given_up, now()), standing_of(&suspended, now()));
}
