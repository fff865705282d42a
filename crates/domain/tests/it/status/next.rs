//! What comes next by itself, and when.

use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::hold::Hold;
use trunkline_domain::status::{NextChange, StatusPolicy, next_change};

use crate::fixture::{
    at, block, clock, collection_termination, day, invoice, later_invoice, limitation, money, now, postpaid, reseller, reseller_of,
    spending, standing_of, suspension, temporary_limit, termination, utc, zone,
};

fn next_of(facts: &CustomerFacts) -> String {
    let next = next_change(facts, None, &StatusPolicy::default(), &standing_of(facts, now()), now());
    let told = |next: NextChange| format!("{} | {} | {}", clock(next.at), next.shown.code(), next.explanation.sentence);
    next.map_or("nothing".to_owned(), told)
}

#[test]
fn the_next_change_is_told_in_a_sentence() {
    let overdue = |holds: Vec<Hold>| CustomerFacts { open_invoices: vec![invoice(), later_invoice()], holds, ..postpaid() };
    let until = |hold: Hold, moment: &str| Hold { until: Some(at(moment)), ..hold };
    let table: Vec<(&str, CustomerFacts, &str)> = vec![
        ("active", postpaid(), "nothing"),
        ("blocked without an end", overdue(vec![block("2026-07-02")]), "nothing"),
        (
            "blocked until a moment",
            overdue(vec![until(block("2026-07-02"), "2026-07-11 08:30")]),
            "2026-07-11 08:30 | active | ends on 11 July at 08:30",
        ),
        (
            "blocked until a moment, then suspended",
            overdue(vec![until(block("2026-07-02"), "2026-07-11 08:30"), suspension(42, "2026-07-01")]),
            "2026-07-11 08:30 | suspended | suspended on 11 July unless paid",
        ),
        (
            "suspended again next year",
            CustomerFacts { lifted_until: Some(at("2027-01-04")), ..overdue(vec![suspension(42, "2026-07-01")]) },
            "2027-01-04 00:00 | suspended | suspended again on 4 January 2027 at 00:00 unless paid",
        ),
        (
            "a step that would not be shown is passed over",
            overdue(vec![
                block("2026-07-02"),
                limitation(42, "2026-07-20"),
                suspension(42, "2026-07-27"),
                termination("2026-07-04", "2026-08-03"),
            ]),
            "2026-08-03 00:00 | closed | closes on 3 August unless restored",
        ),
        (
            "the steps of a later invoice are passed over while the first suspends",
            overdue(vec![
                suspension(42, "2026-07-01"),
                limitation(43, "2026-07-24"),
                suspension(43, "2026-07-31"),
                collection_termination(42, "2026-07-31 00:00", "2026-08-30"),
            ]),
            "2026-07-31 00:00 | provisionally_terminated | terminated provisionally on 31 July unless paid",
        ),
        (
            "a temporary limit ends",
            CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", "2026-07-12 18:00"), ..postpaid() },
            "2026-07-12 18:00 | credit_exceeded | changes to “Credit exceeded” on 12 July at 18:00",
        ),
        (
            "a temporary limit ends without effect",
            CustomerFacts { temporary_limit: temporary_limit("60", "2026-07-12 18:00"), ..postpaid() },
            "nothing",
        ),
        (
            "the daily limit hides that a step comes first",
            CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..overdue(vec![limitation(42, "2026-07-20")]) },
            "2026-07-11 00:00 | active | renewed on 11 July at 00:00",
        ),
    ];
    for (case, facts, expected) in table {
        assert_eq!(next_of(&facts), expected, "{case}");
    }
}

/// A year of unpaid invoices plans more dates than one would look through by hand.
#[test]
fn many_dates_do_not_hide_the_end() {
    let later = |number: i64| {
        let (month, day) = (6 + number / 2, 11 + number % 2 * 10);
        let dates = [day, day + 4].map(|day| format!("2026-{month:02}-{day:02}"));
        vec![limitation(100 + number, &dates[0]), suspension(100 + number, &dates[1])]
    };
    let mut holds: Vec<Hold> = (3..12).flat_map(later).collect();
    holds.push(suspension(42, "2026-07-01"));
    holds.push(collection_termination(42, "2026-12-01", "2026-12-31"));
    let mut open_invoices = vec![invoice()];
    open_invoices.extend((3..12).map(|number| trunkline_domain::invoice::OpenInvoice { invoice_id: 100 + number, ..later_invoice() }));
    let facts = CustomerFacts { holds, open_invoices, ..postpaid() };
    assert_eq!(next_of(&facts), "2026-12-01 00:00 | provisionally_terminated | terminated provisionally on 1 December unless paid");
}

#[test]
fn dates_are_told_in_the_customer_s_zone() {
    let mut facts = CustomerFacts { zone: zone("America/Los_Angeles"), spending: spending("2026-07-10", "10", "10"), ..postpaid() };
    facts.spending.as_mut().unwrap().day = Some(day("2026-07-10"));
    let moment = utc("2026-07-10T20:00:00Z");
    let next = next_change(&facts, None, &StatusPolicy::default(), &standing_of(&facts, moment), moment).unwrap();
    assert_eq!((next.at, next.explanation.sentence.as_str()), (utc("2026-07-11T07:00:00Z"), "renewed on 11 July at 00:00"));
}

/// A reseller's own dates make its customers' standing due again.
#[test]
fn a_reseller_s_next_moment_is_its_customers_too() {
    let above = CustomerFacts { open_invoices: vec![invoice()], holds: vec![suspension(42, "2026-07-20")], ..reseller() };
    let standing = trunkline_domain::status::standing(&postpaid(), Some(&reseller_of(&above, now())), &StatusPolicy::default(), now());
    assert_eq!((standing.conditions.len(), standing.changes_at), (0, Some(at("2026-07-20"))));
}
