//! Builders that say in one line what a case is about: moments in Kyiv, amounts, customers, invoices, holds.

use trunkline_domain::customer::{BalanceControl, CustomerFacts, CustomerType, TemporaryLimit};
use trunkline_domain::export::{Export, ExportPhase};
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::payment::AutoPayment;
use trunkline_domain::spending::Spending;
use trunkline_domain::status::{Permits, ResellerStanding, Standing, StatusPolicy, explanations, next_change, standing};
use trunkline_domain::time::{Date, Timestamp, Zone};

/// The zones in which every rule about days is tried (T15), and what each is in the list for.
pub const ZONES: [&str; 14] = [
    "UTC",
    "Europe/Kyiv",
    "America/Los_Angeles",
    "America/Juneau",
    "Australia/Lord_Howe", // clock change of half an hour
    "Asia/Kolkata",        // no clock change, half an hour beside the hour
    "Pacific/Apia",        // 30 December 2011 did not exist
    "America/Santiago",    // spring: no 00:00; autumn: 23:00 twice
    "Africa/Cairo",        // spring: no 00:00
    "Atlantic/Azores",     // autumn: 00:00 twice
    "Pacific/Palau",
    "Australia/Melbourne",
    "America/St_Johns",   // until 2011 autumn put the clock back across midnight
    "Pacific/Kiritimati", // 14 hours ahead
];

pub const KYIV: &str = "Europe/Kyiv";

pub fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn utc(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// `2026-07-10` is that day's first moment in Kyiv, `2026-07-10 12:00` hours and minutes later.
pub fn at(text: &str) -> Timestamp {
    let (date, clock) = text.split_once(' ').unwrap_or((text, "00:00"));
    let (hours, minutes) = clock.split_once(':').unwrap();
    zone(KYIV).start_of(day(date)).plus_seconds(hours.parse::<i64>().unwrap() * 3_600 + minutes.parse::<i64>().unwrap() * 60)
}

/// Most cases are looked at here: Friday noon.
pub fn now() -> Timestamp {
    at("2026-07-10 12:00")
}

pub fn just_before(moment: Timestamp) -> Timestamp {
    Timestamp::from_microseconds(moment.microseconds() - 1)
}

pub fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// A customer without any trouble: postpaid, 37.61 EUR owed of 50.00.
pub fn postpaid() -> CustomerFacts {
    CustomerFacts {
        customer_id: 7_001,
        customer_type: CustomerType::Retail,
        reseller_id: None,
        balance_control: BalanceControl::Postpaid,
        currency: currency("EUR"),
        zone: zone(KYIV),
        balance: money("37.61"),
        credit_limit: Some(money("50")),
        temporary_limit: None,
        exhausted_since: None,
        unallocated: Money::ZERO,
        lifted_until: None,
        holds: Vec::new(),
        open_invoices: Vec::new(),
        spending: None,
        auto_payment: None,
        export: None,
    }
}

/// A customer without any trouble: prepaid, 23.61693 EUR to spend.
pub fn prepaid() -> CustomerFacts {
    CustomerFacts { balance_control: BalanceControl::Prepaid, balance: money("-23.61693"), credit_limit: None, ..postpaid() }
}

/// Invoice 1042 of 120.00 EUR, issued on 1 June, due on 16 June.
pub fn invoice() -> OpenInvoice {
    OpenInvoice {
        invoice_id: 42,
        number: 1042,
        issued_at: at("2026-06-01 09:00"),
        due_on: day("2026-06-16"),
        total: money("120"),
        outstanding: money("120"),
    }
}

/// The invoice of the month after: 1043 of 80.00 EUR, due on 16 July.
pub fn later_invoice() -> OpenInvoice {
    OpenInvoice {
        invoice_id: 43,
        number: 1043,
        issued_at: at("2026-07-01 09:00"),
        due_on: day("2026-07-16"),
        total: money("80"),
        outstanding: money("80"),
    }
}

fn hold(hold_id: Id, kind: HoldKind, cause: HoldCause, since: &str) -> Hold {
    Hold { hold_id, kind, cause, since: at(since), until: None, closes_at: None }
}

pub fn staff() -> HoldCause {
    HoldCause::Staff { comment: None }
}

pub fn block(since: &str) -> Hold {
    hold(1, HoldKind::Block, staff(), since)
}

pub fn limitation(invoice_id: Id, since: &str) -> Hold {
    hold(invoice_id * 10 + 1, HoldKind::Limitation, HoldCause::Invoice { invoice_id }, since)
}

pub fn suspension(invoice_id: Id, since: &str) -> Hold {
    hold(invoice_id * 10 + 2, HoldKind::Suspension, HoldCause::Invoice { invoice_id }, since)
}

pub fn fee_suspension(needed: &str, since: &str) -> Hold {
    hold(2, HoldKind::Suspension, HoldCause::InsufficientFunds { needed: money(needed) }, since)
}

pub fn collection_termination(invoice_id: Id, since: &str, closes: &str) -> Hold {
    let cause = HoldCause::Invoice { invoice_id };
    Hold { closes_at: Some(at(closes)), ..hold(invoice_id * 10 + 3, HoldKind::Termination, cause, since) }
}

pub fn termination(since: &str, closes: &str) -> Hold {
    Hold { closes_at: Some(at(closes)), ..hold(3, HoldKind::Termination, staff(), since) }
}

pub fn export(phase: ExportPhase) -> Option<Export> {
    let finished_at = (phase == ExportPhase::Finished).then(|| at("2026-07-05 15:30"));
    Some(Export { phase, target: "Trunkline North".to_owned(), started_at: at("2026-07-05 14:05"), finished_at })
}

pub fn spending(on: &str, spent: &str, limit: &str) -> Option<Spending> {
    let reached_at = (money(spent) >= money(limit)).then(|| at(on).plus_seconds(9 * 3_600));
    Some(Spending {
        spending_plan_id: 5,
        plan_name: "Family".to_owned(),
        daily_limit: money(limit),
        day: Some(day(on)),
        spent: money(spent),
        reached_at,
    })
}

pub fn auto_payment(failures: i64) -> Option<AutoPayment> {
    Some(AutoPayment {
        method: "Visa •••• 4242".to_owned(),
        failures,
        last_failure_at: Some(at("2026-07-08 03:00")),
        last_failure_reason: Some("card was cancelled".to_owned()),
    })
}

pub fn temporary_limit(amount: &str, until: &str) -> Option<TemporaryLimit> {
    Some(TemporaryLimit { amount: money(amount), until: at(until) })
}

/// The standing without a reseller under the default policy.
pub fn standing_of(facts: &CustomerFacts, now: Timestamp) -> Standing {
    standing(facts, None, &StatusPolicy::default(), now)
}

/// The reseller that `facts` describes, as its customers see it at `now`.
pub fn reseller_of(facts: &CustomerFacts, now: Timestamp) -> ResellerStanding {
    let standing = standing_of(facts, now);
    ResellerStanding {
        reseller_id: facts.customer_id,
        name: "Kupfer Telecom".to_owned(),
        explanations: explanations(facts, &standing, now),
        standing,
    }
}

pub fn reseller() -> CustomerFacts {
    CustomerFacts { customer_id: 6_001, customer_type: CustomerType::Reseller, ..postpaid() }
}

/// A moment as an accountant in Kyiv writes it: `2026-07-10 12:00`, with seconds and fraction where there are any.
pub fn clock(moment: Timestamp) -> String {
    let date = zone(KYIV).date_of(moment);
    let microseconds = moment.microseconds() - zone(KYIV).start_of(date).microseconds();
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let rest = if seconds % 60 == 0 && fraction == 0 { String::new() } else { format!(":{:02}.{fraction:06}", seconds % 60) };
    format!("{date} {:02}:{:02}{rest}", seconds / 3_600, seconds / 60 % 60)
}

fn or_dash(moment: Option<Timestamp>) -> String {
    moment.map_or("-".to_owned(), clock)
}

/// The permissions as one row, in the order of the table in docs/domain.md.
pub fn permits_row(permits: &Permits) -> String {
    let yes = |permitted: bool| if permitted { "yes" } else { "no" };
    [
        permits.calls_out.code(),
        permits.calls_in.code(),
        yes(permits.emergency),
        permits.self_care.code(),
        permits.usage_charges.code(),
        yes(permits.subscription_fees),
        yes(permits.did_fees),
        permits.period_close.code(),
        permits.data.code(),
        permits.messages.code(),
    ]
    .join(" | ")
}

/// A whole standing as text: a line a condition (status, since, until, sentence), what is permitted, what comes next.
pub fn picture(facts: &CustomerFacts, reseller: Option<&ResellerStanding>, policy: &StatusPolicy, now: Timestamp) -> String {
    let standing = standing(facts, reseller, policy, now);
    let mut lines = Vec::new();
    for (condition, told) in standing.conditions.iter().zip(explanations(facts, &standing, now)) {
        lines.push(format!(
            "{} | {} | {} | {}",
            condition.status.code(),
            or_dash(condition.since),
            or_dash(condition.until),
            told.sentence
        ));
    }
    lines.push(format!("permits {}", permits_row(&standing.permits)));
    lines.push(format!("changes {}", or_dash(standing.changes_at)));
    if let Some(next) = next_change(facts, reseller, policy, &standing, now) {
        lines.push(format!("next {} at {}: {}", next.shown.code(), clock(next.at), next.explanation.sentence));
    }
    lines.join("\n")
}

/// Compares a picture with the lines expected of it.
#[track_caller]
pub fn assert_picture(case: &str, facts: &CustomerFacts, reseller: Option<&ResellerStanding>, now: Timestamp, expected: &[&str]) {
    let seen = picture(facts, reseller, &StatusPolicy::default(), now);
    assert_eq!(seen, expected.join("\n"), "case: {case}");
}
