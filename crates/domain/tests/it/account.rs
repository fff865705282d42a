//! Account statuses: its own, those of its customer, which is shown and what is permitted.

use trunkline_domain::account::{AccountFacts, AccountModel, AccountState, AccountStatus, Screening, account_standing};
use trunkline_domain::customer::{BalanceControl, CustomerFacts};
use trunkline_domain::export::ExportPhase;
use trunkline_domain::money::Money;
use trunkline_domain::status::{CustomerStatus, Standing, StatusPolicy, standing};
use trunkline_domain::time::Timestamp;

use crate::document::documented_permits;
use crate::fixture::{
    at, auto_payment, block, export, invoice, just_before, limitation, money, now, permits_row, postpaid, reseller, reseller_of, spending,
    standing_of, suspension, termination,
};

/// A credit account without any trouble.
fn credit() -> AccountFacts {
    AccountFacts {
        account_id: 9_001,
        customer_id: 7_001,
        model: AccountModel::Credit,
        state: AccountState::Open,
        blocked: false,
        balance: money("5"),
        credit_limit: None,
        suspended: false,
        screening: None,
        payment_frozen: false,
        active_from: None,
        expires_at: None,
        life_time_days: None,
        idle_days_max: None,
        first_used_at: None,
        last_used_at: None,
    }
}

/// A debit account with 5.00 left.
fn debit() -> AccountFacts {
    AccountFacts { model: AccountModel::Debit, balance: money("-5"), ..credit() }
}

fn told(facts: &AccountFacts, owner: &Standing, now: Timestamp) -> (Vec<&'static str>, String) {
    let standing = account_standing(facts, owner, &StatusPolicy::default(), now);
    (standing.statuses.iter().map(|status| status.code()).collect(), permits_row(&standing.permits))
}

#[test]
fn an_account_has_statuses_of_its_own() {
    use CustomerStatus::{Active, Blocked, Closed, CreditExceeded, Limited, NoAvailableFunds, Suspended};
    let noon = Some(now());
    let later = Some(at("2026-07-10 12:01"));
    let days = |since: &str, days: i64| (Some(at(since)), Some(days));
    let (first_used_at, life_time_days) = days("2026-06-10 12:00", 30);
    let (last_used_at, idle_days_max) = days("2026-06-10 12:00", 30);
    let table: Vec<(&str, AccountFacts, &[&str], CustomerStatus)> = vec![
        // what, facts, statuses, permits the same as
        ("credit", credit(), &[], Active),
        ("debit", debit(), &[], Active),
        ("terminated", AccountFacts { state: AccountState::Closed, blocked: true, ..credit() }, &["closed"], Closed),
        ("expires now", AccountFacts { expires_at: noon, ..credit() }, &["expired"], Closed),
        ("expires later", AccountFacts { expires_at: later, ..credit() }, &[], Active),
        ("life time over", AccountFacts { first_used_at, life_time_days, ..credit() }, &["expired"], Closed),
        ("life time not over", AccountFacts { first_used_at, life_time_days: Some(31), ..credit() }, &[], Active),
        ("never used, so its life has not begun", AccountFacts { life_time_days: Some(0), ..credit() }, &[], Active),
        ("idle too long", AccountFacts { last_used_at, idle_days_max, ..credit() }, &["expired"], Closed),
        ("not idle", AccountFacts { last_used_at, idle_days_max: Some(31), ..credit() }, &[], Active),
        ("quarantine", AccountFacts { screening: Some(Screening::Quarantine), ..credit() }, &["quarantine"], Suspended),
        ("screening", AccountFacts { screening: Some(Screening::Screening), ..credit() }, &["screening"], Limited),
        ("inactive", AccountFacts { state: AccountState::Inactive, ..credit() }, &["inactive"], Closed),
        ("blocked", AccountFacts { blocked: true, ..credit() }, &["blocked"], Blocked),
        ("debit, fees not covered", AccountFacts { suspended: true, ..debit() }, &["suspended"], Suspended),
        ("only debit accounts are suspended", AccountFacts { suspended: true, ..credit() }, &[], Active),
        ("active from later", AccountFacts { active_from: later, ..credit() }, &["not_yet_active"], Closed),
        ("active from now", AccountFacts { active_from: noon, ..credit() }, &[], Active),
        ("at its own limit", AccountFacts { credit_limit: Some(money("5")), ..credit() }, &["credit_exceeded"], CreditExceeded),
        ("below it", AccountFacts { credit_limit: Some(money("5.00001")), ..credit() }, &[], Active),
        ("no money left", AccountFacts { balance: Money::ZERO, ..debit() }, &["zero_balance"], NoAvailableFunds),
        ("a millionth left", AccountFacts { balance: money("-0.000001"), ..debit() }, &[], Active),
        ("owes", AccountFacts { balance: money("0.000001"), ..debit() }, &["overdraft"], NoAvailableFunds),
        ("a limit is nothing to a debit account", AccountFacts { credit_limit: Some(money("-50")), ..debit() }, &[], Active),
        ("payment frozen", AccountFacts { payment_frozen: true, ..credit() }, &["frozen"], Active),
    ];
    let owner = standing_of(&postpaid(), now());
    for (case, facts, statuses, like) in table {
        assert_eq!(told(&facts, &owner, now()), (statuses.to_vec(), documented_permits(like)), "{case}");
    }
}

#[test]
fn an_account_takes_on_what_its_customer_is() {
    let overdue = |hold| CustomerFacts { open_invoices: vec![invoice()], holds: vec![hold], ..postpaid() };
    let lifted_until = Some(at("2026-07-13"));
    let of_reseller = |hold| {
        let above = CustomerFacts { open_invoices: vec![invoice()], holds: vec![hold], ..reseller() };
        standing(&postpaid(), Some(&reseller_of(&above, now())), &StatusPolicy::default(), now())
    };
    let of = |facts: CustomerFacts| standing_of(&facts, now());
    let table: Vec<(Standing, &[&str])> = vec![
        (of(overdue(termination("2026-06-05", "2026-07-05"))), &["closed"]),
        (of(CustomerFacts { export: export(ExportPhase::Finished), ..postpaid() }), &["customer_exported"]),
        (of(overdue(block("2026-07-02"))), &["customer_blocked"]),
        (of_reseller(block("2026-07-02")), &["reseller_blocked"]),
        (of(CustomerFacts { export: export(ExportPhase::Started), ..postpaid() }), &["customer_billing_paused"]),
        (of(overdue(suspension(42, "2026-07-01"))), &["customer_suspended"]),
        (of_reseller(suspension(42, "2026-07-01")), &["reseller_suspended"]),
        (of(overdue(termination("2026-07-04", "2026-08-03"))), &["customer_provisionally_terminated"]),
        (of_reseller(termination("2026-07-04", "2026-08-03")), &["reseller_provisionally_terminated"]),
        (of(overdue(limitation(42, "2026-06-24"))), &["customer_limited"]),
        (of(CustomerFacts { lifted_until, ..overdue(limitation(42, "2026-06-24")) }), &["customer_limiting_delayed"]),
        (of(CustomerFacts { balance: money("50"), ..postpaid() }), &["customer_credit_exceed"]),
        (
            of(CustomerFacts { balance_control: BalanceControl::Prepaid, balance: Money::ZERO, credit_limit: None, ..postpaid() }),
            &["customer_has_no_available_funds"],
        ),
        (of(CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..postpaid() }), &["customer_spending_limit_reached"]),
        (of(CustomerFacts { lifted_until, ..overdue(suspension(42, "2026-07-01")) }), &["customer_suspension_delayed"]),
        // The customer's automatic payment says nothing of an account.
        (of(CustomerFacts { auto_payment: auto_payment(3), ..postpaid() }), &[]),
        (of(postpaid()), &[]),
    ];
    for (owner, statuses) in table {
        // The account permits what its customer does: no more, no less.
        assert_eq!(told(&credit(), &owner, now()), (statuses.to_vec(), permits_row(&owner.permits)), "{:?}", owner.shown());
    }
}

/// Several at once: by rank, with what all of them permit.
#[test]
fn the_first_is_shown_and_the_strictest_permits() {
    let owner = standing_of(
        &CustomerFacts {
            lifted_until: Some(at("2026-07-13")),
            open_invoices: vec![invoice()],
            holds: vec![limitation(42, "2026-06-24")],
            ..postpaid()
        },
        now(),
    );
    let early = AccountFacts { active_from: Some(at("2026-08-01")), ..credit() };
    // Not the limitation put off, which permits everything, but what keeps the account from working.
    assert_eq!(
        told(&early, &owner, now()),
        (vec!["not_yet_active", "customer_limiting_delayed"], documented_permits(CustomerStatus::Closed))
    );

    let owner = standing_of(&CustomerFacts { balance: money("50"), holds: vec![block("2026-07-02")], ..postpaid() }, now());
    let many = AccountFacts { blocked: true, screening: Some(Screening::Screening), payment_frozen: true, balance: Money::ZERO, ..debit() };
    let standing = account_standing(&many, &owner, &StatusPolicy::default(), now());
    let codes: Vec<&str> = standing.statuses.iter().map(|status| status.code()).collect();
    assert_eq!(codes, ["screening", "blocked", "customer_blocked", "customer_credit_exceed", "zero_balance", "frozen"]);
    assert_eq!((standing.shown(), permits_row(&standing.permits)), (AccountStatus::Screening, documented_permits(CustomerStatus::Blocked)));

    let active = account_standing(&credit(), &standing_of(&postpaid(), now()), &StatusPolicy::default(), now());
    assert_eq!(active.shown(), AccountStatus::Active);
}

#[test]
fn the_policy_on_emergency_calls_reaches_accounts() {
    let strict = StatusPolicy { emergency_when_blocked: false, ..StatusPolicy::default() };
    let owner = standing(&postpaid(), None, &strict, now());
    let blocked = AccountFacts { blocked: true, ..credit() };
    assert!(account_standing(&blocked, &owner, &StatusPolicy::default(), now()).permits.emergency);
    assert!(!account_standing(&blocked, &owner, &strict, now()).permits.emergency);
}

#[test]
fn each_moment_of_change_belongs_to_what_comes() {
    let owner = standing_of(&postpaid(), now());
    let table = [
        (AccountFacts { active_from: Some(now()), ..credit() }, "not_yet_active", ""),
        (AccountFacts { expires_at: Some(now()), ..credit() }, "", "expired"),
        (AccountFacts { first_used_at: Some(now().plus_days(-7)), life_time_days: Some(7), ..credit() }, "", "expired"),
        (AccountFacts { last_used_at: Some(now().plus_days(-7)), idle_days_max: Some(7), ..credit() }, "", "expired"),
    ];
    for (facts, before, then) in table {
        assert_eq!(
            (told(&facts, &owner, just_before(now())).0.join(" "), told(&facts, &owner, now()).0.join(" ")),
            (before.to_owned(), then.to_owned())
        );
    }
}

/// An account is due again at its own next moment or its customer's, whichever comes first.
#[test]
fn an_account_tells_when_it_changes_by_itself() {
    let lifted = CustomerFacts {
        lifted_until: Some(at("2026-07-13")),
        open_invoices: vec![invoice()],
        holds: vec![suspension(42, "2026-07-01")],
        ..postpaid()
    };
    let from_august = AccountFacts { active_from: Some(at("2026-08-01")), expires_at: Some(at("2026-09-01")), ..credit() };
    let used = AccountFacts {
        first_used_at: Some(at("2026-07-01")),
        life_time_days: Some(60),
        last_used_at: Some(at("2026-07-05")),
        idle_days_max: Some(20),
        ..credit()
    };
    let table = [
        ("nothing ahead", credit(), postpaid(), now(), None),
        ("its first moment", from_august.clone(), postpaid(), now(), Some(at("2026-08-01"))),
        ("then its last", from_august.clone(), postpaid(), at("2026-08-01"), Some(at("2026-09-01"))),
        ("the customer's is earlier", from_august.clone(), lifted.clone(), now(), Some(at("2026-07-13"))),
        ("idle before its life time ends", used.clone(), postpaid(), now(), Some(at("2026-07-25"))),
        ("closed for good", AccountFacts { state: AccountState::Closed, ..from_august }, lifted, now(), None),
        ("expired, and once more later", used, postpaid(), at("2026-07-25"), Some(at("2026-08-30"))),
    ];
    for (case, facts, owner, moment, expected) in table {
        let standing = account_standing(&facts, &standing_of(&owner, moment), &StatusPolicy::default(), moment);
        assert_eq!(standing.changes_at, expected, "{case}");
    }
}

#[test]
fn ranks_follow_the_table_and_agree_with_the_customer_s_order() {
    for (index, row) in AccountStatus::TABLE.iter().enumerate() {
        assert_eq!((row.status.rank(), row.status.row(), row.status.code()), (index, *row, row.code));
    }
    // What is inherited keeps the order that it has among customers.
    let inherited: Vec<usize> = [
        "closed",
        "customer_exported",
        "customer_blocked",
        "reseller_blocked",
        "customer_billing_paused",
        "customer_suspended",
        "reseller_suspended",
        "customer_provisionally_terminated",
        "reseller_provisionally_terminated",
        "customer_limited",
        "customer_limiting_delayed",
        "customer_credit_exceed",
        "customer_has_no_available_funds",
        "customer_spending_limit_reached",
        "customer_suspension_delayed",
        "frozen",
        "active",
    ]
    .iter()
    .map(|code| AccountStatus::TABLE.iter().position(|row| row.code == *code).unwrap())
    .collect();
    assert!(inherited.is_sorted(), "{inherited:?}");
    let mut codes: Vec<&str> = AccountStatus::TABLE.iter().map(|row| row.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), AccountStatus::TABLE.len());
}

#[test]
fn words_are_read_back() {
    assert_eq!(AccountModel::ALL.map(AccountModel::code), ["debit", "credit"]);
    assert_eq!(AccountState::ALL.map(AccountState::code), ["open", "inactive", "closed"]);
    assert_eq!(Screening::ALL.map(Screening::code), ["screening", "quarantine"]);
    assert!(AccountState::ALL.iter().all(|state| AccountState::parse(state.code()) == Some(*state)));
    assert!(Screening::ALL.iter().all(|screening| Screening::parse(screening.code()) == Some(*screening)));
}
