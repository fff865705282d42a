//! What is told beside the sentence: each code once, with its values, as docs/api.md lists them.

use std::collections::BTreeSet;

use trunkline_domain::account::{AccountFacts, AccountModel, AccountState, Screening, account_explanations, account_standing};
use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::money::Money;
use trunkline_domain::status::{
    Explanation, InvoiceReason, Reason, ReasonCode, ReasonValue, Standing, StatusPolicy, Wording, explanations, next_change,
};
use trunkline_domain::time::Timestamp;

use crate::fixture::{
    at, block, clock, collection_termination, currency, day, invoice, limitation, money, now, postpaid, spending, standing_of, suspension,
    temporary_limit, termination, zone,
};

const DOCUMENT: &str = include_str!("../../../../../docs/api.md");

/// `code(name: value, ...)`, a reason within the reason likewise.
fn picture(told: &Explanation) -> String {
    let value = |value: &ReasonValue| match value {
        ReasonValue::Amount { amount, currency } => format!("{} {currency}", amount.to_decimal(0)),
        ReasonValue::Date(date) => date.to_string(),
        ReasonValue::Moment { moment, zone } => format!("{} by {zone}", clock(*moment)),
        ReasonValue::Number(number) => number.to_string(),
        ReasonValue::Text(text) => format!("“{text}”"),
        ReasonValue::Status(status) => status.code().to_owned(),
        ReasonValue::Records(records) => records.join("+"),
        ReasonValue::Explanation(part) => picture(part),
    };
    let values: Vec<String> = told.values.iter().map(|(name, one)| format!("{name}: {}", value(one))).collect();
    format!("{}({})", told.code.code(), values.join(", "))
}

fn wording(zone: &trunkline_domain::time::Zone) -> Wording<'_> {
    Wording { currency: currency("EUR"), zone, now: now() }
}

/// Every reason of a customer, with the comment that it can have.
fn reasons() -> Vec<Reason> {
    let (since, until) = (at("2026-07-01"), at("2026-07-13"));
    let comment = || Some("asked for it".to_owned());
    let invoice = InvoiceReason { number: 1042, total: money("120"), outstanding: money("120"), due_on: day("2026-06-16") };
    let in_part = InvoiceReason { outstanding: money("20.5"), ..invoice.clone() };
    let frozen = |last_failure_at: Option<Timestamp>| Reason::PaymentFrozen {
        method: "Visa".to_owned(),
        failures: 3,
        last_failure_at,
        last_failure_reason: comment(),
    };
    let blocked = Reason::Blocked { since, comment: comment() };
    let kyiv = zone(crate::fixture::KYIV);
    let of_reseller = Some(Box::new(Reason::Blocked { since, comment: None }.explain(wording(&kyiv))));
    vec![
        Reason::ClosedByStaff { closed_at: since, comment: comment() },
        Reason::ClosedAfterWindow { terminated_at: since, closed_at: until },
        Reason::Exported { target: "North".to_owned(), finished_at: since },
        blocked.clone(),
        Reason::Reseller { reseller: "Kupfer".to_owned(), of_reseller },
        Reason::BillingPaused { target: "North".to_owned(), started_at: since },
        Reason::SuspendedForInvoice { invoice: invoice.clone(), since },
        Reason::SuspendedForFunds { needed: money("30"), since },
        Reason::SuspendedByStaff { since, comment: comment() },
        Reason::TerminatedByStaff { since, comment: comment() },
        Reason::TerminatedForInvoice { invoice: None, since },
        Reason::LimitedForInvoice { invoice: in_part, since },
        Reason::LimitedByStaff { since, comment: comment() },
        Reason::Lifted { what: Box::new(blocked), until },
        Reason::CreditExceeded { balance: money("50"), limit: money("50"), temporary_until: None },
        Reason::CreditExceeded { balance: money("50"), limit: money("50"), temporary_until: Some(until) },
        Reason::NoAvailableFunds { available: money("-0.5") },
        Reason::SpendingLimitReached { plan: "Family".to_owned(), spent: money("10"), limit: money("9"), day: day("2026-07-10") },
        frozen(None),
        frozen(Some(since)),
    ]
}

/// What an account says of itself, and of a customer that is blocked.
fn of_accounts() -> Vec<Explanation> {
    let plain = AccountFacts {
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
    };
    let used = Some(at("2026-06-01"));
    let debit = AccountFacts { model: AccountModel::Debit, ..plain.clone() };
    let cases = [
        AccountFacts { state: AccountState::Closed, ..plain.clone() },
        AccountFacts { expires_at: used, ..plain.clone() },
        AccountFacts { first_used_at: used, life_time_days: Some(30), ..plain.clone() },
        AccountFacts { last_used_at: used, idle_days_max: Some(1), ..plain.clone() },
        AccountFacts { screening: Some(Screening::Quarantine), ..plain.clone() },
        AccountFacts { screening: Some(Screening::Screening), ..plain.clone() },
        AccountFacts { state: AccountState::Inactive, ..plain.clone() },
        AccountFacts { blocked: true, ..plain.clone() },
        AccountFacts { suspended: true, balance: money("-1"), ..debit.clone() },
        AccountFacts { active_from: Some(at("2026-07-13")), ..plain.clone() },
        AccountFacts { credit_limit: Some(money("4")), ..plain.clone() },
        debit.clone(),
        AccountFacts { balance: Money::ZERO, ..debit },
        AccountFacts { payment_frozen: true, ..plain.clone() },
    ];
    let told = |facts: &AccountFacts, owner: &CustomerFacts| {
        let above: Standing = standing_of(owner, now());
        let standing = account_standing(facts, &above, &StatusPolicy::default(), now());
        account_explanations(facts, &standing, &above, &explanations(owner, &above, now()), wording(&owner.zone))
    };
    let blocked = CustomerFacts { holds: vec![block("2026-07-02")], ..postpaid() };
    cases.iter().flat_map(|facts| told(facts, &postpaid())).chain(told(&plain, &blocked)).collect()
}

/// Every way in which the next change is told.
fn next_changes() -> Vec<Explanation> {
    let overdue = |holds| CustomerFacts { open_invoices: vec![invoice()], holds, ..postpaid() };
    let lifted = |holds| CustomerFacts { lifted_until: Some(at("2026-07-13")), ..overdue(holds) };
    let ending = trunkline_domain::hold::Hold { until: Some(at("2026-07-20")), ..block("2026-07-02") };
    let cases = [
        CustomerFacts { holds: vec![termination("2026-07-04", "2026-08-03")], ..postpaid() },
        overdue(vec![collection_termination(42, "2026-07-31", "2026-08-30")]),
        overdue(vec![suspension(42, "2026-07-31")]),
        lifted(vec![suspension(42, "2026-07-01")]),
        overdue(vec![limitation(42, "2026-07-31")]),
        lifted(vec![limitation(42, "2026-07-01")]),
        CustomerFacts { spending: spending("2026-07-10", "10", "10"), ..postpaid() },
        CustomerFacts { holds: vec![ending], ..postpaid() },
        CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", "2026-07-12 18:00"), ..postpaid() },
    ];
    let next = |facts: &CustomerFacts| {
        let standing = standing_of(facts, now());
        next_change(facts, None, &StatusPolicy::default(), &standing, now()).unwrap().explanation
    };
    cases.iter().map(next).collect()
}

#[test]
fn each_code_has_its_values() {
    let kyiv = zone(crate::fixture::KYIV);
    let told: Vec<Explanation> =
        reasons().iter().map(|reason| reason.explain(wording(&kyiv))).chain(of_accounts()).chain(next_changes()).collect();
    let seen: Vec<String> = told.iter().map(picture).collect();
    let expected = [
        "closed_by_staff(closed_on: 2026-07-01, comment: “asked for it”)",
        "closed_after_window(terminated_on: 2026-07-01, closed_on: 2026-07-13)",
        "exported(target: “North”, finished_at: 2026-07-01 00:00 by Europe/Kyiv)",
        "blocked(since: 2026-07-01, comment: “asked for it”)",
        "reseller(reseller: “Kupfer”, reason: blocked(since: 2026-07-01))",
        "billing_paused(target: “North”, started_at: 2026-07-01 00:00 by Europe/Kyiv)",
        "suspended_for_invoice(invoice: invoice_due(number: “1042”, total: 120 EUR, due_on: 2026-06-16), since: 2026-07-01)",
        "suspended_for_funds(needed: 30 EUR, since: 2026-07-01)",
        "suspended_by_staff(since: 2026-07-01, comment: “asked for it”)",
        "terminated_by_staff(since: 2026-07-01, comment: “asked for it”)",
        "terminated_for_invoice(invoice: invoice_unnamed(), since: 2026-07-01)",
        "limited_for_invoice(invoice: invoice_paid_in_part(number: “1042”, total: 120 EUR, outstanding: 20.5 EUR, due_on: 2026-06-16), \
         since: 2026-07-01)",
        "limited_by_staff(since: 2026-07-01, comment: “asked for it”)",
        "lifted(reason: blocked(since: 2026-07-01, comment: “asked for it”), until: 2026-07-13 00:00 by Europe/Kyiv)",
        "credit_exceeded(balance: 50 EUR, limit: 50 EUR)",
        "temporary_credit_exceeded(balance: 50 EUR, limit: 50 EUR, until: 2026-07-13 00:00 by Europe/Kyiv)",
        "no_available_funds(available: -0.5 EUR)",
        "spending_limit_reached(spent: 10 EUR, day: 2026-07-10, limit: 9 EUR, plan: “Family”)",
        "payment_frozen(method: “Visa”, count: 3, comment: “asked for it”)",
        "payment_frozen_since(method: “Visa”, count: 3, last_on: 2026-07-01, comment: “asked for it”)",
        "account_terminated()",
        "account_expired(expired_at: 2026-06-01 00:00 by Europe/Kyiv)",
        "account_life_ended(count: 30, first_used_on: 2026-06-01, ended_on: 2026-07-01)",
        "account_idle(count: 1, last_used_on: 2026-06-01, ended_on: 2026-06-02)",
        "account_unverified()",
        "account_screened()",
        "account_inactive()",
        "account_blocked()",
        "account_suspended()",
        "account_not_yet_active(from: 2026-07-13 00:00 by Europe/Kyiv)",
        "account_credit_exceeded(balance: 5 EUR, limit: 4 EUR)",
        "account_overdraft(owed: 5 EUR)",
        "account_without_money()",
        "account_payment_frozen()",
        "of_customer(reason: blocked(since: 2026-07-02))",
        "closes(on: 2026-08-03)",
        "terminates(on: 2026-07-31)",
        "suspends(on: 2026-07-31)",
        "suspends_again(at: 2026-07-13 00:00 by Europe/Kyiv)",
        "limits(on: 2026-07-31)",
        "limits_again(at: 2026-07-13 00:00 by Europe/Kyiv)",
        "renews(at: 2026-07-11 00:00 by Europe/Kyiv)",
        "ends(at: 2026-07-20 00:00 by Europe/Kyiv)",
        "changes(status: credit_exceeded, at: 2026-07-12 18:00 by Europe/Kyiv)",
    ];
    assert_eq!(seen, expected);

    // Every code but the one that stands for what cannot happen is told above, within another or by itself.
    let told = |code: &ReasonCode| seen.iter().any(|picture| picture.contains(&format!("{}(", code.code())));
    let silent: Vec<&str> = ReasonCode::ALL.iter().filter(|code| !told(code)).map(|code| code.code()).collect();
    assert_eq!(silent, ["account_ended"]);
}

/// `docs/api.md`, *Reasons*: a row a code with the names of its values.
#[test]
fn the_codes_stand_in_the_document() {
    let (_, text) = DOCUMENT.split_once("\n| Reason code | Values |").expect("the table is there");
    let documented: BTreeSet<&str> = text
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.trim_matches('|').split('|').next())
        .map(|cell| cell.trim().trim_matches('`'))
        .collect();
    assert_eq!(documented, ReasonCode::ALL.iter().map(|code| code.code()).collect());
}

/// Where nobody is told, as when a standing is derived only to be stored, the reseller's name has to do.
#[test]
fn a_reseller_s_reason_can_be_missing() {
    let kyiv = zone(crate::fixture::KYIV);
    let told = Reason::Reseller { reseller: "Kupfer".to_owned(), of_reseller: None }.explain(wording(&kyiv));
    assert_eq!((picture(&told).as_str(), told.sentence.as_str()), ("reseller(reseller: “Kupfer”)", "reseller Kupfer"));
}
