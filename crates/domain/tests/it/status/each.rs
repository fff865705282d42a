//! One case a status: the whole standing, with its sentence word for word.

use trunkline_domain::account::AccountModel;
use trunkline_domain::customer::{BalanceControl, CustomerFacts};
use trunkline_domain::export::ExportPhase;
use trunkline_domain::hold::{Hold, HoldCause};
use trunkline_domain::money::Money;

use crate::fixture::{
    assert_picture, auto_payment, block, collection_termination, export, fee_suspension, invoice, limitation, money, now, postpaid,
    prepaid, reseller, reseller_of, spending, suspension, temporary_limit, termination,
};

const FULL: &str = "permits full | full | yes | full | all | yes | yes | yes | full | full";
const NOTHING: &str = "permits none | none | no | none | none | no | no | no | none | none";
const BLOCKED: &str = "permits none | none | yes | none | none | yes | yes | yes | none | none";
const SUSPENDED: &str = "permits emergency_only | none | yes | full | none | yes | yes | yes | none | none";
const TERMINATED: &str = "permits none | none | no | pay_only | none | no | no | final_only | none | none";
const LIMITED: &str = "permits emergency_only | full | yes | full | all | yes | yes | yes | limited_speed | free_only";
const EXHAUSTED: &str = "permits free_only | free_only | yes | full | free_only | yes | yes | yes | none | free_only";
const NEVER: &str = "changes -";

fn with_comment(hold: Hold, comment: &str) -> Hold {
    Hold { cause: HoldCause::Staff { comment: Some(comment.to_owned()) }, ..hold }
}

/// A customer with the overdue invoice 1042 and these holds.
fn overdue(holds: Vec<Hold>) -> CustomerFacts {
    CustomerFacts { open_invoices: vec![invoice()], holds, ..postpaid() }
}

#[test]
fn active() {
    assert_picture("postpaid", &postpaid(), None, now(), &[FULL, NEVER]);
    assert_picture("prepaid", &prepaid(), None, now(), &[FULL, NEVER]);
    let unlimited = CustomerFacts { credit_limit: None, balance: money("9000000"), ..postpaid() };
    assert_picture("no limit is unlimited for a postpaid customer", &unlimited, None, now(), &[FULL, NEVER]);
    assert_picture("an open invoice alone restricts nothing", &overdue(Vec::new()), None, now(), &[FULL, NEVER]);
}

#[test]
fn closed() {
    let cases = [
        ("by staff", termination("2026-07-05", "2026-07-05"), "closed | 2026-07-05 00:00 | - | permanently terminated by staff on 5 July"),
        (
            "by staff, with a comment",
            with_comment(termination("2026-07-05", "2026-07-05"), "moved abroad"),
            "closed | 2026-07-05 00:00 | - | permanently terminated by staff on 5 July: moved abroad",
        ),
        (
            "after the window",
            termination("2026-06-05", "2026-07-05"),
            "closed | 2026-07-05 00:00 | - | provisionally terminated on 5 June and not restored, closed on 5 July",
        ),
        (
            "by collection without a window: staff had no hand in it",
            collection_termination(42, "2026-07-05", "2026-07-05"),
            "closed | 2026-07-05 00:00 | - | provisionally terminated on 5 July and not restored, closed on 5 July",
        ),
        (
            "last year",
            termination("2025-06-05", "2025-07-05"),
            "closed | 2025-07-05 00:00 | - | provisionally terminated on 5 June 2025 and not restored, closed on 5 July 2025",
        ),
    ];
    for (case, hold, line) in cases {
        assert_picture(case, &overdue(vec![hold]), None, now(), &[line, NOTHING, NEVER]);
    }
}

#[test]
fn exported() {
    let facts = CustomerFacts { export: export(ExportPhase::Finished), ..postpaid() };
    let line = "exported | 2026-07-05 15:30 | - | moved to Trunkline North on 5 July at 15:30";
    assert_picture(
        "finished",
        &facts,
        None,
        now(),
        &[line, "permits none | none | no | read_only | none | no | no | no | none | none", NEVER],
    );
    let facts = CustomerFacts { export: export(ExportPhase::RolledBack), ..postpaid() };
    assert_picture("rolled back", &facts, None, now(), &[FULL, NEVER]);
}

#[test]
fn export_in_progress() {
    let facts = CustomerFacts { export: export(ExportPhase::Started), ..postpaid() };
    let line = "billing_paused | 2026-07-05 14:05 | - | moving to Trunkline North since 5 July at 14:05, billing is paused";
    assert_picture("started", &facts, None, now(), &[line, "permits full | full | yes | full | all | no | no | no | full | full", NEVER]);
}

#[test]
fn blocked() {
    let facts = CustomerFacts { holds: vec![block("2026-07-02 16:40")], ..postpaid() };
    assert_picture("by staff", &facts, None, now(), &["blocked | 2026-07-02 16:40 | - | blocked by staff since 2 July", BLOCKED, NEVER]);
    let facts = CustomerFacts { holds: vec![with_comment(block("2025-12-31"), "fraud report 7")], ..postpaid() };
    let line = "blocked | 2025-12-31 00:00 | - | blocked by staff since 31 December 2025: fraud report 7";
    assert_picture("with a comment", &facts, None, now(), &[line, BLOCKED, NEVER]);
}

#[test]
fn suspended() {
    let line = "suspended | 2026-07-01 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July";
    assert_picture("for an invoice", &overdue(vec![suspension(42, "2026-07-01")]), None, now(), &[line, SUSPENDED, NEVER]);

    let mut part_paid = overdue(vec![suspension(42, "2026-07-01")]);
    part_paid.open_invoices[0].outstanding = money("20.5");
    let line =
        "suspended | 2026-07-01 00:00 | - | invoice 1042 of 120.00 EUR (20.50 EUR still open) was due on 16 June, suspended since 1 July";
    assert_picture("paid in part", &part_paid, None, now(), &[line, SUSPENDED, NEVER]);

    let facts = CustomerFacts { holds: vec![fee_suspension("30", "2026-07-01")], ..prepaid() };
    let line = "suspended | 2026-07-01 00:00 | - | the funds did not cover subscription fees of 30.00 EUR, suspended since 1 July";
    assert_picture("for fees", &facts, None, now(), &[line, SUSPENDED, NEVER]);
}

#[test]
fn provisionally_terminated() {
    let next = ["changes 2026-08-03 00:00", "next closed at 2026-08-03 00:00: closes on 3 August unless restored"];
    let line = "provisionally_terminated | 2026-07-04 00:00 | 2026-08-03 00:00 | provisionally terminated by staff on 4 July";
    let facts = CustomerFacts { holds: vec![termination("2026-07-04", "2026-08-03")], ..postpaid() };
    assert_picture("by staff", &facts, None, now(), &[line, TERMINATED, next[0], next[1]]);

    let holds = vec![limitation(42, "2026-06-24"), suspension(42, "2026-07-01"), collection_termination(42, "2026-07-04", "2026-08-03")];
    let line = "provisionally_terminated | 2026-07-04 00:00 | 2026-08-03 00:00 | \
                invoice 1042 of 120.00 EUR was due on 16 June, provisionally terminated on 4 July";
    assert_picture("by collection: the step after suspension", &overdue(holds.clone()), None, now(), &[line, TERMINATED, next[0], next[1]]);

    let line = "provisionally_terminated | 2026-07-04 00:00 | 2026-08-03 00:00 | an overdue invoice, provisionally terminated on 4 July";
    let paid_since = CustomerFacts { holds: vec![collection_termination(42, "2026-07-04", "2026-08-03")], ..postpaid() };
    assert_picture("the invoice was paid since: it stays", &paid_since, None, now(), &[line, TERMINATED, next[0], next[1]]);
}

#[test]
fn service_limited() {
    let line = "limited | 2026-06-24 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, service limited since 24 June";
    assert_picture("for an invoice", &overdue(vec![limitation(42, "2026-06-24")]), None, now(), &[line, LIMITED, NEVER]);
}

#[test]
fn lifted() {
    let facts = CustomerFacts { lifted_until: Some(crate::fixture::at("2026-07-13")), ..overdue(vec![suspension(42, "2026-07-01")]) };
    let line = "suspension_delayed | 2026-07-01 00:00 | 2026-07-13 00:00 | \
                invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July; lifted until 13 July at 00:00";
    let next = "next suspended at 2026-07-13 00:00: suspended again on 13 July at 00:00 unless paid";
    assert_picture("suspension", &facts, None, now(), &[line, FULL, "changes 2026-07-13 00:00", next]);

    let facts = CustomerFacts { lifted_until: Some(crate::fixture::at("2026-07-13")), ..overdue(vec![limitation(42, "2026-06-24")]) };
    let line = "limiting_delayed | 2026-06-24 00:00 | 2026-07-13 00:00 | \
                invoice 1042 of 120.00 EUR was due on 16 June, service limited since 24 June; lifted until 13 July at 00:00";
    let next = "next limited at 2026-07-13 00:00: limited again on 13 July at 00:00 unless paid";
    assert_picture("limitation", &facts, None, now(), &[line, FULL, "changes 2026-07-13 00:00", next]);
}

#[test]
fn credit_exceeded() {
    let facts = CustomerFacts { balance: money("50"), exhausted_since: Some(now()), ..postpaid() };
    let line = "credit_exceeded | 2026-07-10 12:00 | - | the balance of 50.00 EUR has reached the credit limit of 50.00 EUR";
    assert_picture("at the limit", &facts, None, now(), &[line, EXHAUSTED, NEVER]);

    let just_below = CustomerFacts { balance: money("49.999999"), ..postpaid() };
    assert_picture("a millionth below: shown amounts are rounded, the rule is not", &just_below, None, now(), &[FULL, NEVER]);

    let facts = CustomerFacts { credit_limit: Some(Money::ZERO), balance: Money::ZERO, ..postpaid() };
    let line = "credit_exceeded | - | - | the balance of 0.00 EUR has reached the credit limit of 0.00 EUR";
    assert_picture("a limit of nothing", &facts, None, now(), &[line, EXHAUSTED, NEVER]);

    let facts = CustomerFacts { balance: money("70"), temporary_limit: temporary_limit("60", "2026-07-12 18:00"), ..postpaid() };
    let line =
        "credit_exceeded | - | - | the balance of 70.00 EUR has reached the credit limit of 60.00 EUR (temporary, until 12 July at 18:00)";
    assert_picture("a temporary limit, reached too", &facts, None, now(), &[line, EXHAUSTED, "changes 2026-07-12 18:00"]);

    let facts = CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", "2026-07-10 09:00"), ..postpaid() };
    let line = "credit_exceeded | 2026-07-10 09:00 | - | the balance of 55.00 EUR has reached the credit limit of 50.00 EUR";
    assert_picture("since a temporary limit ran out", &facts, None, now(), &[line, EXHAUSTED, NEVER]);
}

#[test]
fn no_available_funds() {
    let facts = CustomerFacts { balance: Money::ZERO, exhausted_since: Some(now()), ..prepaid() };
    let line = "no_available_funds | 2026-07-10 12:00 | - | the available funds are 0.00 EUR";
    assert_picture("nothing left", &facts, None, now(), &[line, EXHAUSTED, NEVER]);
    let facts = CustomerFacts { balance: money("1234.5"), ..prepaid() };
    let line = "no_available_funds | - | - | the available funds are -1,234.50 EUR";
    assert_picture("below zero", &facts, None, now(), &[line, EXHAUSTED, NEVER]);
    let facts = CustomerFacts { balance: money("-0.000001"), ..prepaid() };
    assert_picture("a millionth left", &facts, None, now(), &[FULL, NEVER]);
    let facts = CustomerFacts { balance: money("5"), credit_limit: Some(money("10")), ..prepaid() };
    assert_picture("a prepaid customer with some credit", &facts, None, now(), &[FULL, NEVER]);
}

#[test]
fn spending_limit_reached() {
    let permits = "permits emergency_only | full | yes | full | all | yes | yes | yes | none | free_only";
    let facts = CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..postpaid() };
    let line = "spending_limit_reached | 2026-07-10 09:00 | 2026-07-11 00:00 | \
                10.00 EUR spent on 10 July of a daily limit of 10.00 EUR (plan Family)";
    let next = "next active at 2026-07-11 00:00: renewed on 11 July at 00:00";
    assert_picture("today", &facts, None, now(), &[line, permits, "changes 2026-07-11 00:00", next]);
    let below = CustomerFacts { spending: spending("2026-07-10", "9.999999", "10"), ..postpaid() };
    assert_picture("a millionth below", &below, None, now(), &[FULL, NEVER]);
    let yesterday = CustomerFacts { spending: spending("2026-07-09", "10", "10"), ..postpaid() };
    assert_picture("yesterday", &yesterday, None, now(), &[FULL, NEVER]);
}

#[test]
fn payment_frozen() {
    let facts = CustomerFacts { auto_payment: auto_payment(3), ..postpaid() };
    let line =
        "frozen | 2026-07-08 03:00 | - | automatic payment by Visa •••• 4242 failed 3 times in a row, last on 8 July: card was cancelled";
    assert_picture("three failures", &facts, None, now(), &[line, FULL, NEVER]);
    let facts = CustomerFacts { auto_payment: auto_payment(2), ..postpaid() };
    assert_picture("two failures", &facts, None, now(), &[FULL, NEVER]);
}

#[test]
fn by_the_reseller() {
    let blocked = CustomerFacts { holds: vec![with_comment(block("2026-07-02"), "fraud report 7")], ..reseller() };
    let suspended = CustomerFacts { open_invoices: vec![invoice()], holds: vec![suspension(42, "2026-07-01")], ..reseller() };
    let terminated = CustomerFacts { holds: vec![termination("2026-07-04", "2026-08-03")], ..reseller() };
    let cases = [
        (
            blocked,
            "reseller_blocked | 2026-07-02 00:00 | - | reseller Kupfer Telecom: blocked by staff since 2 July: fraud report 7",
            BLOCKED,
            NEVER,
        ),
        (
            suspended,
            "reseller_suspended | 2026-07-01 00:00 | - | \
             reseller Kupfer Telecom: invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July",
            SUSPENDED,
            NEVER,
        ),
        (
            terminated,
            "reseller_provisionally_terminated | 2026-07-04 00:00 | 2026-08-03 00:00 | \
             reseller Kupfer Telecom: provisionally terminated by staff on 4 July",
            TERMINATED,
            "changes 2026-08-03 00:00",
        ),
    ];
    let customer = CustomerFacts { reseller_id: Some(6_001), ..postpaid() };
    for (above, line, permits, changes) in cases {
        let above = reseller_of(&above, now());
        assert_picture(line, &customer, Some(&above), now(), &[line, permits, changes]);
    }
}

#[test]
fn words_are_read_back() {
    for control in BalanceControl::ALL {
        assert_eq!(BalanceControl::parse(control.code()), Some(control));
    }
    for model in AccountModel::ALL {
        assert_eq!(AccountModel::parse(model.code()), Some(model));
    }
    for phase in ExportPhase::ALL {
        assert_eq!(ExportPhase::parse(phase.code()), Some(phase));
    }
}
