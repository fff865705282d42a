//! Every pair of statuses (T33): which is shown, and that what is permitted is the more restrictive of both.

use trunkline_domain::customer::{BalanceControl, CustomerFacts};
use trunkline_domain::export::ExportPhase;
use trunkline_domain::money::Money;
use trunkline_domain::status::CustomerStatus::{
    self, Active, BillingPaused, Blocked, Closed, CreditExceeded, Exported, Frozen, Limited, LimitingDelayed, NoAvailableFunds,
    ProvisionallyTerminated, ResellerBlocked, ResellerProvisionallyTerminated, ResellerSuspended, SpendingLimitReached, Suspended,
    SuspensionDelayed,
};
use trunkline_domain::status::{StatusPolicy, standing};

use crate::document::documented_permits;
use crate::fixture::{
    at, auto_payment, block, export, invoice, later_invoice, limitation, money, now, permits_row, postpaid, reseller, reseller_of,
    spending, suspension, termination,
};

/// A customer and its reseller, into which causes are put.
struct World {
    customer: CustomerFacts,
    reseller: CustomerFacts,
}

fn bring_about(status: CustomerStatus, world: &mut World) {
    let World { customer, reseller } = world;
    match status {
        Closed => customer.holds.push(termination("2026-06-05", "2026-07-05")),
        Exported => customer.export = export(ExportPhase::Finished),
        Blocked => customer.holds.push(block("2026-07-02")),
        ResellerBlocked => reseller.holds.push(block("2026-07-02")),
        BillingPaused => customer.export = export(ExportPhase::Started),
        Suspended => {
            customer.open_invoices.push(invoice());
            customer.holds.push(suspension(42, "2026-07-01"));
        }
        ResellerSuspended => {
            reseller.open_invoices.push(invoice());
            reseller.holds.push(suspension(42, "2026-07-01"));
        }
        ProvisionallyTerminated => customer.holds.push(termination("2026-07-04", "2026-08-03")),
        ResellerProvisionallyTerminated => reseller.holds.push(termination("2026-07-04", "2026-08-03")),
        Limited => {
            // Of another invoice than the suspension, or it would be replaced by it.
            customer.open_invoices.push(later_invoice());
            customer.holds.push(limitation(43, "2026-07-09"));
        }
        LimitingDelayed => {
            bring_about(Limited, world);
            world.customer.lifted_until = Some(at("2026-07-13"));
        }
        CreditExceeded => customer.balance = money("50"),
        NoAvailableFunds => {
            customer.balance_control = BalanceControl::Prepaid;
            customer.credit_limit = None;
            customer.balance = Money::ZERO;
        }
        SpendingLimitReached => customer.spending = spending("2026-07-10", "10", "10"),
        SuspensionDelayed => {
            bring_about(Suspended, world);
            world.customer.lifted_until = Some(at("2026-07-13"));
        }
        Frozen => customer.auto_payment = auto_payment(3),
        Active => {}
    }
}

/// Pairs whose causes do not simply add up, and what holds instead.
const EXCEPTIONS: &[(CustomerStatus, CustomerStatus, &[CustomerStatus])] = &[
    // A customer has one export and one kind of balance control: the later one given here counts.
    (Exported, BillingPaused, &[BillingPaused]),
    (CreditExceeded, NoAvailableFunds, &[NoAvailableFunds]),
    // A termination is the step after limitation and suspension and replaces them.
    (Suspended, ProvisionallyTerminated, &[ProvisionallyTerminated]),
    (ResellerSuspended, ResellerProvisionallyTerminated, &[ResellerProvisionallyTerminated]),
    (ProvisionallyTerminated, Limited, &[ProvisionallyTerminated]),
    (ProvisionallyTerminated, LimitingDelayed, &[ProvisionallyTerminated]),
    (ProvisionallyTerminated, SuspensionDelayed, &[ProvisionallyTerminated]),
    // Lifting covers suspension and limitation alike.
    (Suspended, SuspensionDelayed, &[SuspensionDelayed]),
    (Suspended, LimitingDelayed, &[LimitingDelayed, SuspensionDelayed]),
    (Limited, LimitingDelayed, &[LimitingDelayed]),
    (Limited, SuspensionDelayed, &[LimitingDelayed, SuspensionDelayed]),
];

fn expected_of(one: CustomerStatus, other: CustomerStatus) -> Vec<CustomerStatus> {
    let exception = EXCEPTIONS.iter().find(|(first, second, _)| (*first, *second) == (one, other));
    match exception {
        Some((_, _, instead)) => instead.to_vec(),
        None if one == Closed => vec![Closed],
        None => vec![one, other],
    }
}

/// From the most to the least restrictive, over all columns.
const SCALE: [&str; 11] =
    ["none", "no", "emergency_only", "read_only", "pay_only", "final_only", "limited_speed", "free_only", "full", "all", "yes"];

/// The more restrictive cell of two documented rows, column by column: written apart from the code's own.
fn stricter(one: &str, other: &str) -> String {
    let place = |cell: &str| SCALE.iter().position(|word| *word == cell).unwrap();
    let cells = one.split(" | ").zip(other.split(" | "));
    cells.map(|(one, other)| if place(one) <= place(other) { one } else { other }).collect::<Vec<_>>().join(" | ")
}

#[test]
fn of_two_statuses_the_first_is_shown_and_the_stricter_permits() {
    let order: Vec<CustomerStatus> = CustomerStatus::TABLE.iter().map(|row| row.status).collect();
    let mut pairs = 0;
    for (index, one) in order.iter().enumerate() {
        for other in &order[index + 1..] {
            let mut world = World { customer: postpaid(), reseller: reseller() };
            bring_about(*one, &mut world);
            bring_about(*other, &mut world);
            let above = reseller_of(&world.reseller, now());
            let standing = standing(&world.customer, Some(&above), &StatusPolicy::default(), now());

            let mut expected = expected_of(*one, *other);
            expected.retain(|status| *status != Active);
            let held: Vec<CustomerStatus> = standing.conditions.iter().map(|condition| condition.status).collect();
            assert_eq!(held, expected, "{one:?} with {other:?}");
            assert_eq!(standing.shown(), expected[0], "{one:?} with {other:?}");
            let permits =
                expected.iter().fold(documented_permits(Active), |permits, status| stricter(&permits, &documented_permits(*status)));
            assert_eq!(permits_row(&standing.permits), permits, "{one:?} with {other:?}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, 17 * 16 / 2);
}

/// The order of causes in the facts must not matter, nor that all statuses hold at once.
#[test]
fn all_that_can_hold_at_once_is_told_in_the_order_of_the_table() {
    let together = [
        Frozen,
        SpendingLimitReached,
        CreditExceeded,
        Limited,
        ResellerProvisionallyTerminated,
        ResellerSuspended,
        Suspended,
        BillingPaused,
        ResellerBlocked,
        Blocked,
    ];
    let mut world = World { customer: postpaid(), reseller: reseller() };
    // The reseller's termination would replace its suspension: a second reseller above it is suspended.
    let mut above_all = World { customer: reseller(), reseller: reseller() };
    bring_about(Suspended, &mut above_all);
    let above_all = reseller_of(&above_all.customer, now());
    for status in together.into_iter().filter(|status| *status != ResellerSuspended) {
        bring_about(status, &mut world);
    }
    let standing_above = standing(&world.reseller, Some(&above_all), &StatusPolicy::default(), now());
    let above = trunkline_domain::status::ResellerStanding {
        explanations: trunkline_domain::status::explanations(&world.reseller, &standing_above, now()),
        standing: standing_above,
        ..reseller_of(&world.reseller, now())
    };
    let held: Vec<CustomerStatus> = standing(&world.customer, Some(&above), &StatusPolicy::default(), now())
        .conditions
        .iter()
        .map(|condition| condition.status)
        .collect();
    assert_eq!(held, together.into_iter().rev().collect::<Vec<_>>());
}
