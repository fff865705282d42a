//! The collection steps that an invoice plans.

use trunkline_domain::customer_class::CollectionPolicy;
use trunkline_domain::hold::{HoldCause, HoldKind};
use trunkline_domain::invoice::collection_steps;
use trunkline_domain::time::Timestamp;

use crate::fixture::{block, collection_termination, day, fee_suspension, termination, utc, zone};

fn steps(due_on: &str, days: [Option<i64>; 3], close: i64, name: &str) -> Vec<(HoldKind, String, Option<String>)> {
    let [limit_after_days, suspend_after_days, terminate_after_days] = days;
    let policy =
        CollectionPolicy { payment_terms_days: 15, limit_after_days, suspend_after_days, terminate_after_days, close_after_days: close };
    let steps = collection_steps(day(due_on), &policy, &zone(name));
    steps.into_iter().map(|step| (step.kind, step.since.to_rfc3339(), step.closes_at.map(Timestamp::to_rfc3339))).collect()
}

fn row(kind: HoldKind, since: &str, closes_at: Option<&str>) -> (HoldKind, String, Option<String>) {
    (kind, since.to_owned(), closes_at.map(str::to_owned))
}

#[test]
fn steps_count_from_the_midnight_after_the_due_date() {
    use HoldKind::{Limitation, Suspension, Termination};
    // Due on 16 June inclusive: overdue from 17 June 00:00 in Kyiv.
    assert_eq!(
        steps("2026-06-16", [Some(0), Some(14), Some(44)], 30, "Europe/Kyiv"),
        [
            row(Limitation, "2026-06-16T21:00:00Z", None),
            row(Suspension, "2026-06-30T21:00:00Z", None),
            row(Termination, "2026-07-30T21:00:00Z", Some("2026-08-29T21:00:00Z")),
        ]
    );
    // Days are of the calendar: the clock change in between moves the moment, not the date.
    assert_eq!(steps("2026-10-20", [None, Some(7), None], 30, "Europe/Kyiv"), [row(Suspension, "2026-10-27T22:00:00Z", None)]);
    assert_eq!(steps("2026-09-05", [Some(0), None, None], 30, "America/Santiago"), [row(Limitation, "2026-09-06T04:00:00Z", None)]);
    assert_eq!(
        steps("2011-12-29", [Some(0), Some(1), None], 0, "Pacific/Apia"),
        [row(Limitation, "2011-12-30T10:00:00Z", None), row(Suspension, "2011-12-30T10:00:00Z", None),]
    );
    // Without a window a termination is permanent at once; without steps nothing is planned.
    let at_once = "2026-06-16T21:00:00Z";
    assert_eq!(steps("2026-06-16", [None, None, Some(0)], 0, "Europe/Kyiv"), [row(Termination, at_once, Some(at_once))]);
    assert_eq!(steps("2026-06-16", [None, None, None], 30, "Europe/Kyiv"), []);
}

/// A date at the end of the calendar is never planned for today.
#[test]
fn far_dates_stay_far() {
    for (due_on, days) in [("9999-12-31", 0), ("9999-12-30", 3_650), ("2026-06-16", i64::MAX)] {
        for (kind, since, closes_at) in steps(due_on, [Some(days), Some(days), Some(days)], i64::MAX, "America/Los_Angeles") {
            assert!(utc(&since) > utc("9999-12-30T00:00:00Z"), "{due_on} {kind:?} {since}");
            assert!(closes_at.is_none_or(|closes_at| utc(&closes_at) >= utc(&since)));
        }
    }
}

#[test]
fn a_hold_knows_its_invoice() {
    assert_eq!(collection_termination(42, "2026-07-04", "2026-08-03").invoice_id(), Some(42));
    for hold in [block("2026-07-02"), termination("2026-07-04", "2026-08-03"), fee_suspension("30", "2026-07-01")] {
        assert_eq!(hold.invoice_id(), None);
        assert!(!matches!(hold.cause, HoldCause::Invoice { .. }));
    }
    let words: Vec<&str> = HoldKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(words, ["block", "limitation", "suspension", "termination"]);
    assert!(HoldKind::ALL.iter().all(|kind| HoldKind::parse(kind.code()) == Some(*kind)));
}
