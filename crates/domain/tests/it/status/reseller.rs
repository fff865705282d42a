//! What a customer inherits from its resellers.

use trunkline_domain::customer::{BalanceControl, CustomerFacts};
use trunkline_domain::export::ExportPhase;
use trunkline_domain::money::Money;
use trunkline_domain::status::{CustomerStatus, ResellerStanding, StatusPolicy, explanations, standing};

use crate::fixture::{
    assert_picture, at, auto_payment, block, export, invoice, limitation, money, now, postpaid, reseller, reseller_of, spending,
    suspension, termination,
};

fn inherited(above: &CustomerFacts) -> Vec<&'static str> {
    let standing = standing(&postpaid(), Some(&reseller_of(above, now())), &StatusPolicy::default(), now());
    standing.conditions.iter().map(|condition| condition.status.code()).collect()
}

#[test]
fn what_stops_a_reseller_stops_its_customers() {
    let overdue = |hold| CustomerFacts { open_invoices: vec![invoice()], holds: vec![hold], ..reseller() };
    let lifted_until = Some(at("2026-07-13"));
    let table: Vec<(&str, CustomerFacts, &[&str])> = vec![
        ("active", reseller(), &[]),
        ("blocked", CustomerFacts { holds: vec![block("2026-07-02")], ..reseller() }, &["reseller_blocked"]),
        ("suspended", overdue(suspension(42, "2026-07-01")), &["reseller_suspended"]),
        ("terminated", overdue(termination("2026-07-04", "2026-08-03")), &["reseller_provisionally_terminated"]),
        ("closed", overdue(termination("2026-06-05", "2026-07-05")), &["reseller_provisionally_terminated"]),
        ("exported", CustomerFacts { export: export(ExportPhase::Finished), ..reseller() }, &["reseller_provisionally_terminated"]),
        (
            "blocked and suspended",
            CustomerFacts { holds: vec![block("2026-07-02"), suspension(42, "2026-07-01")], ..overdue(block("2026-07-02")) },
            &["reseller_blocked", "reseller_suspended"],
        ),
        ("being exported", CustomerFacts { export: export(ExportPhase::Started), ..reseller() }, &[]),
        ("limited", overdue(limitation(42, "2026-06-24")), &[]),
        ("lifted", CustomerFacts { lifted_until, ..overdue(suspension(42, "2026-07-01")) }, &[]),
        ("limitation lifted", CustomerFacts { lifted_until, ..overdue(limitation(42, "2026-06-24")) }, &[]),
        ("credit exceeded", CustomerFacts { balance: money("50"), ..reseller() }, &[]),
        (
            "no funds",
            CustomerFacts { balance_control: BalanceControl::Prepaid, credit_limit: None, balance: Money::ZERO, ..reseller() },
            &[],
        ),
        ("spending limit reached", CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..reseller() }, &[]),
        ("payment frozen", CustomerFacts { auto_payment: auto_payment(3), ..reseller() }, &[]),
    ];
    for (case, above, expected) in table {
        assert_eq!(inherited(&above), expected, "{case}");
    }
}

/// The status goes down the chain, and the sentence tells every link of it.
#[test]
fn inheritance_goes_down_the_chain() {
    let top = reseller_of(&CustomerFacts { holds: vec![block("2026-07-02")], ..reseller() }, now());
    let middle_facts = CustomerFacts {
        customer_id: 6_002,
        reseller_id: Some(6_001),
        open_invoices: vec![invoice()],
        holds: vec![suspension(42, "2026-07-01")],
        ..reseller()
    };
    let middle_standing = standing(&middle_facts, Some(&top), &StatusPolicy::default(), now());
    let middle = ResellerStanding {
        reseller_id: 6_002,
        name: "Zinn Mobil".to_owned(),
        explanations: explanations(&middle_facts, &middle_standing, now()),
        standing: middle_standing,
    };
    let expected = [
        "reseller_blocked | 2026-07-02 00:00 | - | reseller Zinn Mobil: reseller Kupfer Telecom: blocked by staff since 2 July",
        "reseller_suspended | 2026-07-01 00:00 | - | reseller Zinn Mobil: invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July",
        "permits none | none | yes | none | none | yes | yes | yes | none | none",
        "changes -",
    ];
    assert_picture("two resellers", &postpaid(), Some(&middle), now(), &expected);
}

/// Figures of the reseller are told in its own currency, and a missing explanation lets nobody off.
#[test]
fn a_reseller_without_explanations_still_restricts() {
    let blocked = reseller_of(&CustomerFacts { holds: vec![block("2026-07-02")], ..reseller() }, now());
    let speechless = ResellerStanding { explanations: Vec::new(), ..blocked };
    let standing = standing(&postpaid(), Some(&speechless), &StatusPolicy::default(), now());
    assert_eq!((standing.shown(), standing.permits), (CustomerStatus::ResellerBlocked, CustomerStatus::ResellerBlocked.row().permits));
}
