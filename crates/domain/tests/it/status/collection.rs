//! Collection as a customer lives through it: steps, replacement, several invoices, lifting.

use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::hold::Hold;
use trunkline_domain::invoice::OpenInvoice;

use crate::fixture::{
    assert_picture, at, collection_termination, fee_suspension, invoice, later_invoice, limitation, now, postpaid, suspension, termination,
};

const FULL: &str = "permits full | full | yes | full | all | yes | yes | yes | full | full";
const SUSPENDED: &str = "permits emergency_only | none | yes | full | none | yes | yes | yes | none | none";
const LIMITED: &str = "permits emergency_only | full | yes | full | all | yes | yes | yes | limited_speed | free_only";
const TERMINATED: &str = "permits none | none | no | pay_only | none | no | no | final_only | none | none";

fn customer(open_invoices: Vec<OpenInvoice>, holds: Vec<Hold>) -> CustomerFacts {
    CustomerFacts { open_invoices, holds, ..postpaid() }
}

fn chain() -> Vec<Hold> {
    vec![limitation(42, "2026-06-24"), suspension(42, "2026-07-01"), collection_termination(42, "2026-07-31", "2026-08-30")]
}

/// One invoice, never paid, from its issue to the end.
#[test]
fn an_unpaid_invoice_limits_then_suspends_then_terminates_then_closes() {
    let facts = customer(vec![invoice()], chain());
    let limited = "limited | 2026-06-24 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, service limited since 24 June";
    let suspended = "suspended | 2026-07-01 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July";
    let terminated = "provisionally_terminated | 2026-07-31 00:00 | 2026-08-30 00:00 | \
                      invoice 1042 of 120.00 EUR was due on 16 June, provisionally terminated on 31 July";
    let closed = "closed | 2026-08-30 00:00 | - | provisionally terminated on 31 July and not restored, closed on 30 August";
    let table: [(&str, &[&str]); 5] = [
        ("2026-06-17", &[FULL, "changes 2026-06-24 00:00", "next limited at 2026-06-24 00:00: service limited on 24 June unless paid"]),
        (
            "2026-06-24",
            &[limited, LIMITED, "changes 2026-07-01 00:00", "next suspended at 2026-07-01 00:00: suspended on 1 July unless paid"],
        ),
        (
            "2026-07-10",
            &[
                suspended,
                SUSPENDED,
                "changes 2026-07-31 00:00",
                "next provisionally_terminated at 2026-07-31 00:00: terminated provisionally on 31 July unless paid",
            ],
        ),
        (
            "2026-08-01",
            &[terminated, TERMINATED, "changes 2026-08-30 00:00", "next closed at 2026-08-30 00:00: closes on 30 August unless restored"],
        ),
        ("2026-08-30", &[closed, "permits none | none | no | none | none | no | no | no | none | none", "changes -"]),
    ];
    for (moment, expected) in table {
        assert_picture(moment, &facts, None, at(moment), expected);
    }
}

#[test]
fn a_suspension_replaces_the_limitation_of_the_same_invoice_only() {
    let both = vec![invoice(), later_invoice()];
    let suspended = "suspended | 2026-07-01 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July";
    let same = customer(both.clone(), vec![limitation(42, "2026-06-24"), suspension(42, "2026-07-01")]);
    assert_picture("the same", &same, None, now(), &[suspended, SUSPENDED, "changes -"]);
    let limited = "limited | 2026-07-09 00:00 | - | invoice 1043 of 80.00 EUR was due on 16 July, service limited since 9 July";
    let other = customer(both.clone(), vec![limitation(43, "2026-07-09"), suspension(42, "2026-07-01")]);
    assert_picture("another", &other, None, now(), &[suspended, limited, SUSPENDED, "changes -"]);
    let fees = customer(both, vec![limitation(43, "2026-07-09"), fee_suspension("30", "2026-07-01")]);
    let for_fees = "suspended | 2026-07-01 00:00 | - | the funds did not cover subscription fees of 30.00 EUR, suspended since 1 July";
    assert_picture("fees have no invoice", &fees, None, now(), &[for_fees, limited, SUSPENDED, "changes -"]);
}

#[test]
fn holds_of_an_invoice_that_is_not_open_count_no_more() {
    let paid = customer(Vec::new(), vec![limitation(42, "2026-06-24"), suspension(42, "2026-07-01")]);
    assert_picture("paid", &paid, None, now(), &[FULL, "changes -"]);
    let suspended = "suspended | 2026-07-08 00:00 | - | invoice 1043 of 80.00 EUR was due on 16 July, suspended since 8 July";
    let first_paid = customer(vec![later_invoice()], vec![suspension(42, "2026-07-01"), suspension(43, "2026-07-08")]);
    assert_picture("the first of two is paid", &first_paid, None, now(), &[suspended, SUSPENDED, "changes -"]);
}

#[test]
fn of_several_invoices_the_oldest_hold_is_told() {
    let facts = customer(vec![later_invoice(), invoice()], vec![suspension(43, "2026-07-08"), suspension(42, "2026-07-01")]);
    let suspended = "suspended | 2026-07-01 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July";
    assert_picture("two suspensions", &facts, None, now(), &[suspended, SUSPENDED, "changes -"]);
}

/// T34: a lifted suspension returns by itself; lifting covers limitations and what begins meanwhile.
#[test]
fn lifting_covers_every_limitation_and_suspension_until_its_date() {
    let lifted_until = Some(at("2026-07-13"));
    let both = vec![invoice(), later_invoice()];
    let facts = CustomerFacts {
        lifted_until,
        ..customer(both, vec![suspension(42, "2026-07-01"), limitation(43, "2026-07-09"), suspension(43, "2026-07-12")])
    };
    let limiting = "limiting_delayed | 2026-07-09 00:00 | 2026-07-13 00:00 | \
                    invoice 1043 of 80.00 EUR was due on 16 July, service limited since 9 July; lifted until 13 July at 00:00";
    let suspension = "suspension_delayed | 2026-07-01 00:00 | 2026-07-13 00:00 | \
                      invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July; lifted until 13 July at 00:00";
    let suspended = "suspended | 2026-07-01 00:00 | - | invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July";
    let table: [(&str, &[&str]); 3] = [
        (
            "2026-07-10 12:00",
            &[
                limiting,
                suspension,
                FULL,
                "changes 2026-07-12 00:00",
                "next suspension_delayed at 2026-07-12 00:00: changes to “Suspension lifted” on 12 July at 00:00",
            ],
        ),
        (
            "2026-07-12",
            &[
                suspension,
                FULL,
                "changes 2026-07-13 00:00",
                "next suspended at 2026-07-13 00:00: suspended again on 13 July at 00:00 unless paid",
            ],
        ),
        ("2026-07-13", &[suspended, SUSPENDED, "changes -"]),
    ];
    for (moment, expected) in table {
        assert_picture(moment, &facts, None, at(moment), expected);
    }
}

#[test]
fn a_lift_date_without_anything_to_lift_shows_nothing() {
    let facts = CustomerFacts { lifted_until: Some(at("2026-07-13")), ..postpaid() };
    assert_picture("nothing to lift", &facts, None, now(), &[FULL, "changes 2026-07-13 00:00"]);
    let terminated = "provisionally_terminated | 2026-07-04 00:00 | 2026-08-03 00:00 | provisionally terminated by staff on 4 July";
    let next = "next closed at 2026-08-03 00:00: closes on 3 August unless restored";
    let holds = vec![suspension(42, "2026-07-01"), termination("2026-07-04", "2026-08-03")];
    let facts = CustomerFacts { lifted_until: Some(at("2026-07-13")), ..customer(vec![invoice()], holds) };
    assert_picture("a termination is not lifted", &facts, None, now(), &[terminated, TERMINATED, "changes 2026-07-13 00:00", next]);
}
