//! For random facts: a standing is constant in all that it shows until the moment at which it says it changes (T33).

use proptest::prelude::*;
use trunkline_domain::customer::{BalanceControl, CustomerFacts, TemporaryLimit};
use trunkline_domain::export::ExportPhase;
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::money::Money;
use trunkline_domain::status::{CustomerStatus, ResellerStanding, Standing, StatusPolicy, explanations, standing};
use trunkline_domain::time::Timestamp;

use crate::fixture::{ZONES, at, auto_payment, export, invoice, just_before, money, postpaid, spending, zone};

/// Moments lie on a grid of six hours around 10 July, so that several often coincide. None leaves the year, for sentences name it where it differs.
fn moment() -> impl Strategy<Value = Timestamp> {
    (-240_i64..240).prop_map(|step| at("2026-07-10").plus_seconds(step * 21_600))
}

fn cause() -> impl Strategy<Value = HoldCause> {
    prop_oneof![
        2 => (40_i64..44).prop_map(|invoice_id| HoldCause::Invoice { invoice_id }),
        1 => Just(HoldCause::Staff { comment: None }),
        1 => Just(HoldCause::InsufficientFunds { needed: Money::MAX }),
    ]
}

fn hold() -> impl Strategy<Value = Hold> {
    let kind = prop::sample::select(HoldKind::ALL.to_vec());
    (1_i64..100, kind, cause(), moment(), prop::option::weighted(0.3, moment()), 0_i64..60).prop_map(
        |(hold_id, kind, cause, since, until, window)| {
            let closes_at = (kind == HoldKind::Termination).then(|| since.plus_days(window / 2));
            Hold { hold_id, kind, cause, since, until, closes_at }
        },
    )
}

fn open_invoices() -> impl Strategy<Value = Vec<OpenInvoice>> {
    prop::sample::subsequence(vec![40_i64, 41, 42, 43], 0..=4)
        .prop_map(|ids| ids.into_iter().map(|invoice_id| OpenInvoice { invoice_id, number: 1_000 + invoice_id, ..invoice() }).collect())
}

fn facts() -> impl Strategy<Value = CustomerFacts> {
    let money_part = (-3_i64..4, prop::option::of(-2_i64..4), prop::option::weighted(0.4, (0_i64..4, moment())), prop::bool::ANY);
    let spent = prop::option::weighted(0.5, (-3_i64..4, 0_i64..12));
    let phase = prop::option::weighted(0.2, prop::sample::select(ExportPhase::ALL.to_vec()));
    let rest = (prop::option::weighted(0.4, moment()), spent, prop::option::weighted(0.3, 0_i64..5), phase);
    let zones = prop::sample::select(ZONES.to_vec());
    (zones, prop::collection::vec(hold(), 0..6), open_invoices(), money_part, rest).prop_map(
        |(name, holds, open_invoices, money_part, rest)| {
            let (balance, limit, temporary, is_prepaid) = money_part;
            let (lifted_until, spent, failures, phase) = rest;
            let units = |units: i64| Money::from_units(units).unwrap();
            let spending = spent.map(|(days, spent)| {
                let mut plan = spending("2026-07-10", &spent.to_string(), "6").unwrap();
                plan.day = plan.day.map(|day| day.plus_days(days));
                plan
            });
            CustomerFacts {
                zone: zone(name),
                balance_control: if is_prepaid { BalanceControl::Prepaid } else { BalanceControl::Postpaid },
                balance: units(balance),
                credit_limit: limit.map(units),
                temporary_limit: temporary.map(|(amount, until)| TemporaryLimit { amount: units(amount), until }),
                lifted_until,
                holds,
                open_invoices,
                spending,
                auto_payment: failures.and_then(auto_payment),
                export: phase.and_then(export),
                ..postpaid()
            }
        },
    )
}

/// A chain of a customer below up to two resellers, derived from the top at one moment.
fn derive(chain: &[CustomerFacts], now: Timestamp) -> Standing {
    let policy = StatusPolicy::default();
    let mut above: Option<ResellerStanding> = None;
    for facts in chain {
        let standing = standing(facts, above.as_ref(), &policy, now);
        let explanations = explanations(facts, &standing, now);
        above = Some(ResellerStanding { reseller_id: 1, name: "Kupfer Telecom".to_owned(), standing, explanations });
    }
    above.expect("a chain has a customer").standing
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_standing_is_constant_until_it_says_that_it_changes(
        chain in prop::collection::vec(facts(), 1..4),
        now in moment(),
        sooner in prop::collection::vec(0_i64..10_000, 4),
    ) {
        let standing = derive(&chain, now);
        let horizon = at("2026-12-20");
        let end = standing.changes_at.unwrap_or(horizon).min(horizon);
        prop_assert!(standing.changes_at.is_none_or(|changes_at| changes_at > now));
        let span = end.microseconds() - now.microseconds();
        for part in sooner {
            let moment = Timestamp::from_microseconds(now.microseconds() + span / 10_000 * part);
            prop_assert_eq!(&derive(&chain, moment), &standing, "at {}", moment);
        }
        if span > 0 {
            prop_assert_eq!(&derive(&chain, just_before(end)), &standing, "just before {}", end);
        }
    }

    #[test]
    fn a_standing_keeps_its_promises(chain in prop::collection::vec(facts(), 1..4), now in moment()) {
        let standing = derive(&chain, now);
        // Conditions stand in the order of the table, each once, none of them "active"; closed stands alone and is final.
        let ranks: Vec<usize> = standing.conditions.iter().map(|condition| condition.status.rank()).collect();
        prop_assert!(ranks.is_sorted_by(|one, other| one < other), "{:?}", ranks);
        prop_assert!(!standing.holds(CustomerStatus::Active));
        prop_assert!(!standing.is_closed() || (standing.conditions.len() == 1 && standing.changes_at.is_none()));
        prop_assert!(!standing.is_closed() || derive(&chain, at("2026-12-20")).is_closed());
        // Nothing is permitted that one of the conditions forbids.
        for condition in &standing.conditions {
            let row = condition.status.row().permits;
            prop_assert_eq!(standing.permits.and(row), standing.permits, "{:?}", condition.status);
        }
        // What holds began, and what has an end has it ahead.
        for condition in &standing.conditions {
            prop_assert!(condition.until.is_none_or(|until| until > now), "{:?}", condition);
            let told_later = [CustomerStatus::SpendingLimitReached, CustomerStatus::Frozen, CustomerStatus::Exported, CustomerStatus::BillingPaused, CustomerStatus::ResellerProvisionallyTerminated];
            prop_assert!(told_later.contains(&condition.status) || condition.since.is_none_or(|since| since <= now), "{:?}", condition);
        }
        prop_assert!(standing.changes_at.is_none_or(|changes_at| changes_at > now));
    }
}

#[test]
fn the_balance_alone_moves_nothing_by_itself() {
    let facts = CustomerFacts { balance: money("9000"), ..postpaid() };
    assert_eq!(derive(&[facts], at("2026-07-10")).changes_at, None);
}
