//! The table of statuses: order, words, and what holds for every row. Its permissions are held by document.rs.

use trunkline_domain::status::{CallsOut, CustomerStatus, Permits, StatusPolicy, Tone, permits_of};

use crate::fixture::permits_row;

#[test]
fn the_order_of_the_table_is_the_order_of_the_ranks() {
    for (index, row) in CustomerStatus::TABLE.iter().enumerate() {
        assert_eq!((row.status.rank(), row.status.row()), (index, row));
        assert_eq!(CustomerStatus::parse(row.code), Some(row.status));
        assert_eq!((row.status.code(), row.status.label()), (row.code, row.label));
        assert_eq!(CustomerStatus::from_order(row.status.order()), Some(row.status));
    }
    assert!(CustomerStatus::TABLE.is_sorted_by(|one, other| one.status.order() < other.status.order()));
    assert_eq!((CustomerStatus::from_order(0), CustomerStatus::from_order(150)), (None, None));
    assert_eq!((CustomerStatus::parse("in_progress"), CustomerStatus::parse("Closed"), CustomerStatus::parse("")), (None, None, None));
}

#[test]
fn each_status_has_a_look_of_its_own() {
    let looks: Vec<(&str, &str, Tone, bool)> =
        CustomerStatus::TABLE.iter().map(|row| (row.code, row.icon, row.tone, row.outlined)).collect();
    let expected = [
        ("closed", "closed", Tone::Grey, false),
        ("exported", "exported", Tone::Grey, false),
        ("blocked", "blocked", Tone::Red, false),
        ("reseller_blocked", "reseller_blocked", Tone::Red, false),
        ("billing_paused", "export_in_progress", Tone::Blue, false),
        ("suspended", "suspended", Tone::Red, false),
        ("reseller_suspended", "reseller_suspended", Tone::Red, false),
        ("provisionally_terminated", "provisionally_terminated", Tone::Red, false),
        ("reseller_provisionally_terminated", "reseller_provisionally_terminated", Tone::Red, false),
        ("limited", "limited", Tone::Amber, false),
        ("limiting_delayed", "lifted_limitation", Tone::Amber, true),
        ("credit_exceeded", "credit_exceeded", Tone::Orange, false),
        ("no_available_funds", "no_available_funds", Tone::Orange, false),
        ("spending_limit_reached", "spending_limit_reached", Tone::Orange, true),
        ("suspension_delayed", "lifted_suspension", Tone::Amber, true),
        ("frozen", "frozen", Tone::Blue, false),
        ("active", "", Tone::None, false),
    ];
    assert_eq!(looks, expected);
    for row in &CustomerStatus::TABLE {
        for line in [row.meaning, row.ending] {
            assert!(line.ends_with('.') && line.chars().count() <= 105, "{}: {line}", row.code);
        }
    }
}

#[test]
fn permissions_never_contradict_each_other() {
    let statuses = || CustomerStatus::TABLE.iter().map(|row| row.status);
    for (one, other) in statuses().flat_map(|one| statuses().map(move |other| (one, other))) {
        let permits = one.row().permits.and(other.row().permits);
        // Who may call emergency numbers only must be able to.
        assert!(permits.calls_out != CallsOut::EmergencyOnly || permits.emergency, "{one:?} {other:?}");
        // The more restrictive of both, whichever comes first; with itself and with active nothing changes.
        assert_eq!(permits, other.row().permits.and(one.row().permits));
        assert_eq!(one.row().permits.and(one.row().permits), one.row().permits);
        assert_eq!(one.row().permits.and(CustomerStatus::Active.row().permits), one.row().permits);
    }
}

#[test]
fn the_law_may_not_ask_for_emergency_calls_of_the_blocked() {
    let strict = StatusPolicy { emergency_when_blocked: false, ..StatusPolicy::default() };
    for row in &CustomerStatus::TABLE {
        let is_block = [CustomerStatus::Blocked, CustomerStatus::ResellerBlocked].contains(&row.status);
        let expected = if is_block { Permits { emergency: false, ..row.permits } } else { row.permits };
        assert_eq!(permits_row(&permits_of(row.status, &strict)), permits_row(&expected), "{}", row.code);
        assert_eq!(permits_of(row.status, &StatusPolicy::default()), row.permits, "{}", row.code);
    }
}
