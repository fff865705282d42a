//! Allocation of an amount to open invoices.

use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::money::Money;
use trunkline_domain::payment::{Allocation, allocate};

use crate::fixture::{at, invoice, later_invoice, money};

/// `1042 120.00 settles, 1043 30.00` and what is left.
fn told(amount: &str, invoices: &[OpenInvoice]) -> (String, String) {
    let (parts, rest) = allocate(money(amount), invoices).unwrap();
    let part = |part: &Allocation| format!("{} {}{}", part.number, part.amount, if part.settles { " settles" } else { "" });
    (parts.iter().map(part).collect::<Vec<_>>().join(", "), rest.to_string())
}

#[test]
fn the_oldest_invoice_gets_the_money_first() {
    let both = [later_invoice(), invoice()];
    let same_moment =
        [OpenInvoice { invoice_id: 45, number: 1045, ..invoice() }, OpenInvoice { invoice_id: 44, number: 1044, ..invoice() }];
    // An older invoice that is due later still comes first: the order is of issue.
    let due_first = [OpenInvoice { issued_at: at("2026-05-31"), due_on: crate::fixture::day("2026-08-01"), ..later_invoice() }, invoice()];
    let odd =
        [OpenInvoice { outstanding: money("-5"), ..invoice() }, OpenInvoice { outstanding: Money::ZERO, ..invoice() }, later_invoice()];
    let table: Vec<(&str, &[OpenInvoice], &str, &str)> = vec![
        // amount, invoices, parts, rest
        ("50", &[], "", "50"),
        ("0.00001", &both, "1042 0.00001", "0"),
        ("119.99999", &both, "1042 119.99999", "0"),
        ("120", &both, "1042 120 settles", "0"),
        ("150", &both, "1042 120 settles, 1043 30", "0"),
        ("200", &both, "1042 120 settles, 1043 80 settles", "0"),
        ("200.5", &both, "1042 120 settles, 1043 80 settles", "0.5"),
        ("130", &same_moment, "1044 120 settles, 1045 10", "0"),
        ("90", &due_first, "1043 80 settles, 1042 10", "0"),
        // What is covered already gets nothing and gives nothing.
        ("100", &odd, "1043 80 settles", "20"),
        ("0", &both, "", "0"),
    ];
    for (amount, invoices, parts, rest) in table {
        assert_eq!(told(amount, invoices), (parts.to_owned(), rest.to_owned()), "{amount}");
    }
}
