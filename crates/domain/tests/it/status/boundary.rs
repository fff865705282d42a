//! Exactly at a cause's first moment it holds, exactly at its end it does not.

use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::hold::Hold;
use trunkline_domain::status::CustomerStatus::{
    self, Active, Blocked, Closed, CreditExceeded, Limited, LimitingDelayed, ProvisionallyTerminated, SpendingLimitReached, Suspended,
    SuspensionDelayed,
};
use trunkline_domain::time::Timestamp;

use crate::fixture::{
    at, block, collection_termination, day, invoice, just_before, limitation, money, postpaid, spending, standing_of, suspension,
    temporary_limit, termination, utc, zone,
};

#[test]
fn each_moment_of_change_belongs_to_what_comes() {
    let overdue = |holds: Vec<Hold>| CustomerFacts { open_invoices: vec![invoice()], holds, ..postpaid() };
    let lifted = |holds: Vec<Hold>| CustomerFacts { lifted_until: Some(at("2026-07-13")), ..overdue(holds) };
    let until = |hold: Hold, moment: &str| Hold { until: Some(at(moment)), ..hold };
    let chain = || vec![limitation(42, "2026-06-24"), suspension(42, "2026-07-01"), collection_termination(42, "2026-07-31", "2026-08-30")];
    let table: Vec<(&str, CustomerFacts, &str, CustomerStatus, CustomerStatus)> = vec![
        // what, facts, moment, shown a microsecond before, shown at it
        ("a block begins", overdue(vec![block("2026-07-02 16:40")]), "2026-07-02 16:40", Active, Blocked),
        ("a block ends", overdue(vec![until(block("2026-07-02"), "2026-07-09 10:00")]), "2026-07-09 10:00", Blocked, Active),
        ("collection limits", overdue(chain()), "2026-06-24", Active, Limited),
        ("collection suspends", overdue(chain()), "2026-07-01", Limited, Suspended),
        ("collection terminates", overdue(chain()), "2026-07-31", Suspended, ProvisionallyTerminated),
        ("the window ends", overdue(chain()), "2026-08-30", ProvisionallyTerminated, Closed),
        ("closed at once", overdue(vec![termination("2026-07-04", "2026-07-04")]), "2026-07-04", Active, Closed),
        (
            "restored",
            overdue(vec![until(termination("2026-07-04", "2026-08-03"), "2026-07-09")]),
            "2026-07-09",
            ProvisionallyTerminated,
            Active,
        ),
        ("a lifted suspension returns", lifted(vec![suspension(42, "2026-07-01")]), "2026-07-13", SuspensionDelayed, Suspended),
        ("a lifted limitation returns", lifted(vec![limitation(42, "2026-06-24")]), "2026-07-13", LimitingDelayed, Limited),
        ("suspended while lifted", lifted(chain()), "2026-07-01", LimitingDelayed, SuspensionDelayed),
        (
            "a temporary limit ends",
            CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", "2026-07-12 18:00"), ..postpaid() },
            "2026-07-12 18:00",
            Active,
            CreditExceeded,
        ),
        (
            "a temporary limit below the permanent one ends",
            CustomerFacts { temporary_limit: temporary_limit("30", "2026-07-12 18:00"), ..postpaid() },
            "2026-07-12 18:00",
            CreditExceeded,
            Active,
        ),
        (
            "the day's spending is renewed",
            CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..postpaid() },
            "2026-07-11",
            SpendingLimitReached,
            Active,
        ),
    ];
    for (case, facts, moment, before, then) in table {
        let moment = at(moment);
        let shown = |moment: Timestamp| standing_of(&facts, moment).shown();
        assert_eq!((shown(just_before(moment)), shown(moment)), (before, then), "{case}");
        assert_eq!(standing_of(&facts, just_before(moment)).changes_at, Some(moment), "{case}");
    }
}

/// T21: the daily limit is renewed at the customer's midnight, also where the day has 25 or 23 hours or no 00:00.
#[test]
fn spending_is_renewed_at_midnight_of_the_customer_s_zone() {
    let table = [
        ("Europe/Kyiv", "2026-10-25", "2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z"),
        ("Europe/Kyiv", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
        ("America/Santiago", "2026-04-04", "2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z"),
        ("America/Santiago", "2026-09-05", "2026-09-05T04:00:00Z", "2026-09-06T04:00:00Z"),
        ("Atlantic/Azores", "2026-10-24", "2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"),
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"),
        ("America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z", "2010-11-07T02:30:00Z"),
    ];
    for (name, date, start, end) in table {
        let mut facts = CustomerFacts { zone: zone(name), spending: spending("2026-07-10", "10", "10"), ..postpaid() };
        facts.spending.as_mut().unwrap().day = Some(day(date));
        let (start, end) = (utc(start), utc(end));
        for (moment, shown, changes_at) in [
            (just_before(start), Active, Some(start)),
            (start, SpendingLimitReached, Some(end)),
            (just_before(end), SpendingLimitReached, Some(end)),
            (end, Active, None),
            // The second time that the clock shows an hour of that evening.
            (end.plus_seconds(1_800), Active, None),
        ] {
            let standing = standing_of(&facts, moment);
            assert_eq!((standing.shown(), standing.changes_at), (shown, changes_at), "{name} {moment}");
            assert_eq!(standing.conditions.first().and_then(|condition| condition.until), changes_at.filter(|_| shown != Active));
        }
    }
}

/// Whatever else is in the facts, a closed customer stays closed.
#[test]
fn closed_is_terminal() {
    let closed = termination("2026-06-05", "2026-07-05");
    let other = |hold_id: i64, hold: Hold| Hold { hold_id, ..hold };
    let table: Vec<(&str, Vec<Hold>)> = vec![
        ("ended afterwards, which ends nothing", vec![Hold { until: Some(at("2026-07-08")), ..closed.clone() }]),
        ("terminated again, with a later window", vec![closed.clone(), other(9, termination("2026-06-01", "2026-12-01"))]),
        (
            "closed for good within the window of another",
            vec![termination("2026-06-05", "2026-09-05"), other(9, termination("2026-07-05", "2026-07-05"))],
        ),
        ("blocked and suspended too", vec![block("2026-07-01"), closed.clone(), suspension(42, "2026-07-01")]),
    ];
    for (case, holds) in table {
        let facts = CustomerFacts { holds, open_invoices: vec![invoice()], lifted_until: Some(at("2026-07-13")), ..postpaid() };
        for moment in ["2026-07-05", "2026-07-08", "2026-07-10 12:00", "2030-01-01"] {
            let standing = standing_of(&facts, at(moment));
            let told: Vec<_> = standing.conditions.iter().map(|condition| (condition.status, condition.since)).collect();
            assert_eq!((told, standing.changes_at), (vec![(Closed, Some(at("2026-07-05")))], None), "{case} {moment}");
        }
    }
    // Restored in time, it never closes; and a restored termination says nothing about the next.
    let restored = Hold { until: Some(at("2026-07-04")), ..closed };
    let facts = CustomerFacts { holds: vec![restored.clone()], ..postpaid() };
    assert_eq!(standing_of(&facts, at("2030-01-01")).shown(), Active);
    let facts = CustomerFacts { holds: vec![restored, other(9, termination("2026-07-08", "2026-08-07"))], ..postpaid() };
    let standing = standing_of(&facts, at("2026-07-10"));
    assert_eq!((standing.shown(), standing.changes_at), (ProvisionallyTerminated, Some(at("2026-08-07"))));
}
