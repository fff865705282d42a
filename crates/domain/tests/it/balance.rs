//! What each posting does: the balance, the invoices it pays, the holds it ends. Whole effects are compared.

use trunkline_domain::balance::{PostingAction, PostingEffects, decide_posting, exhausted_since};
use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::export::ExportPhase;
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::money::Money;
use trunkline_domain::payment::Allocation;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::status::{CustomerStatus, StatusPolicy};

use crate::fixture::{
    at, block, collection_termination, export, fee_suspension, invoice, later_invoice, limitation, money, now, postpaid, prepaid,
    standing_of, suspension, temporary_limit, termination,
};

fn post(facts: &CustomerFacts, action: PostingAction, amount: &str) -> Result<PostingEffects, Refusal> {
    decide_posting(facts, None, &StatusPolicy::default(), action, money(amount), now())
}

fn pay(facts: &CustomerFacts, amount: &str) -> PostingEffects {
    post(facts, PostingAction::ManualPayment, amount).unwrap()
}

/// Effects on a balance alone.
fn plain(owed: &str, after: CustomerFacts) -> PostingEffects {
    PostingEffects { owed: money(owed), allocations: Vec::new(), holds_ended: Vec::new(), lift_erased: false, after }
}

fn part(invoice: &OpenInvoice, amount: &str, settles: bool) -> Allocation {
    Allocation { invoice_id: invoice.invoice_id, number: invoice.number, amount: money(amount), settles }
}

/// Suspended for invoice 1042, with the steps of both invoices planned.
fn suspended() -> CustomerFacts {
    CustomerFacts {
        balance: money("200"),
        credit_limit: None,
        open_invoices: vec![later_invoice(), invoice()],
        holds: vec![
            limitation(42, "2026-06-24"),
            suspension(42, "2026-07-01"),
            collection_termination(42, "2026-07-31", "2026-08-30"),
            limitation(43, "2026-07-24"),
            suspension(43, "2026-07-31"),
        ],
        ..postpaid()
    }
}

#[test]
fn each_action_moves_the_balance_its_way() {
    let before = CustomerFacts { unallocated: money("5"), ..postpaid() };
    let after =
        |balance: &str, unallocated: &str| CustomerFacts { balance: money(balance), unallocated: money(unallocated), ..before.clone() };
    let table = [
        // action, effect on what is owed, balance after, unallocated after (37.61 and 5 before, the amount is 12)
        (PostingAction::ManualCharge, "12", after("49.61", "5")),
        (PostingAction::ManualCredit, "-12", after("25.61", "5")),
        (PostingAction::ManualPayment, "-12", after("25.61", "17")),
        (PostingAction::PromotionalCredit, "-12", after("25.61", "5")),
        (PostingAction::Refund, "12", after("49.61", "0")),
    ];
    for (action, owed, after) in table {
        assert_eq!(post(&before, action, "12"), Ok(plain(owed, after)), "{action:?}");
    }
    // A refund takes no more from what waits than it gives back.
    assert_eq!(post(&before, PostingAction::Refund, "2"), Ok(plain("2", after("39.61", "3"))));
}

#[test]
fn each_action_has_its_words() {
    let words: Vec<(&str, &str)> = PostingAction::ALL.iter().map(|action| (action.code(), action.label())).collect();
    let expected = [
        ("manual_charge", "Manual charge"),
        ("manual_credit", "Manual credit"),
        ("manual_payment", "Manual payment"),
        ("promotional_credit", "Promotional credit"),
        ("refund", "Refund"),
    ];
    assert_eq!(words, expected);
    assert!(PostingAction::ALL.iter().all(|action| PostingAction::parse(action.code()) == Some(*action)));
    assert_eq!((PostingAction::parse("Manual charge"), PostingAction::parse("")), (None, None));
}

/// 10, 15 and 5 pay an invoice of 30: in part, in part, in full.
#[test]
fn three_payments_cover_an_invoice() {
    let invoice = OpenInvoice { total: money("30"), outstanding: money("30"), ..invoice() };
    let mut facts = CustomerFacts { balance: money("30"), open_invoices: vec![invoice.clone()], ..postpaid() };
    for (amount, balance, outstanding) in [("10", "20", "20"), ("15", "5", "5"), ("5", "0", "0")] {
        let settles = outstanding == "0";
        let left = OpenInvoice { outstanding: money(outstanding), ..invoice.clone() };
        let after =
            CustomerFacts { balance: money(balance), open_invoices: if settles { Vec::new() } else { vec![left] }, ..facts.clone() };
        let expected = PostingEffects { allocations: vec![part(&invoice, amount, settles)], ..plain(&format!("-{amount}"), after.clone()) };
        assert_eq!(pay(&facts, amount), expected, "{amount}");
        facts = after;
    }
}

#[test]
fn a_part_payment_keeps_the_suspension() {
    let facts = suspended();
    let left = OpenInvoice { outstanding: money("0.00001"), ..invoice() };
    let after = CustomerFacts { balance: money("80.00001"), open_invoices: vec![later_invoice(), left], ..facts.clone() };
    let expected = PostingEffects { allocations: vec![part(&invoice(), "119.99999", false)], ..plain("-119.99999", after.clone()) };
    assert_eq!(pay(&facts, "119.99999"), expected);
    assert_eq!(standing_of(&after, now()).shown(), CustomerStatus::Suspended);
}

/// T32: the same decision that pays lifts; nothing planned for the invoice comes later.
#[test]
fn a_covering_payment_lifts_at_once_and_cancels_what_was_planned() {
    let facts = suspended();
    let after = CustomerFacts {
        balance: money("80"),
        open_invoices: vec![later_invoice()],
        holds: vec![limitation(43, "2026-07-24"), suspension(43, "2026-07-31")],
        ..facts.clone()
    };
    let expected = PostingEffects {
        owed: money("-120"),
        allocations: vec![part(&invoice(), "120", true)],
        holds_ended: vec![421, 422, 423],
        lift_erased: false,
        after: after.clone(),
    };
    assert_eq!(pay(&facts, "120"), expected);
    assert_eq!(standing_of(&after, now()).conditions, Vec::new());
    assert_eq!(standing_of(&after, at("2026-07-31")).shown(), CustomerStatus::Suspended, "the later invoice goes its own way");
}

#[test]
fn an_overpayment_goes_to_the_next_invoice_and_then_waits() {
    let facts = suspended();
    let after =
        CustomerFacts { balance: money("-50"), unallocated: money("50"), open_invoices: Vec::new(), holds: Vec::new(), ..facts.clone() };
    let expected = PostingEffects {
        owed: money("-250"),
        allocations: vec![part(&invoice(), "120", true), part(&later_invoice(), "80", true)],
        holds_ended: vec![421, 422, 423, 431, 432],
        lift_erased: false,
        after,
    };
    assert_eq!(pay(&facts, "250"), expected);
}

#[test]
fn a_termination_that_has_begun_stays_though_its_invoice_is_paid() {
    let begun = collection_termination(42, "2026-07-10 12:00", "2026-08-30");
    let facts = CustomerFacts {
        balance: money("120"),
        open_invoices: vec![invoice()],
        holds: vec![suspension(42, "2026-07-01"), begun.clone()],
        ..postpaid()
    };
    let after = CustomerFacts { balance: Money::ZERO, open_invoices: Vec::new(), holds: vec![begun], ..facts.clone() };
    let expected =
        PostingEffects { allocations: vec![part(&invoice(), "120", true)], holds_ended: vec![422], ..plain("-120", after.clone()) };
    assert_eq!(pay(&facts, "120"), expected);
    assert_eq!(standing_of(&after, now()).shown(), CustomerStatus::ProvisionallyTerminated);
}

/// T34: the lift date goes with the last suspension, and stays while another stands.
#[test]
fn the_lift_date_is_erased_with_the_last_suspension() {
    let lifted = CustomerFacts { lifted_until: Some(at("2026-07-13")), ..suspended() };
    let twice = CustomerFacts { holds: vec![suspension(42, "2026-07-01"), limitation(43, "2026-07-09")], ..lifted.clone() };
    let kept = Some(at("2026-07-13"));
    let table = [
        // facts, action, amount, lift date afterwards, shown afterwards
        (&lifted, PostingAction::ManualPayment, "119", kept, CustomerStatus::SuspensionDelayed),
        (&lifted, PostingAction::ManualPayment, "120", None, CustomerStatus::Active),
        (&twice, PostingAction::ManualPayment, "120", kept, CustomerStatus::LimitingDelayed),
        (&twice, PostingAction::ManualPayment, "200", None, CustomerStatus::Active),
        (&twice, PostingAction::ManualCredit, "200", kept, CustomerStatus::LimitingDelayed),
    ];
    for (facts, action, amount, lifted_until, shown) in table {
        let effects = post(facts, action, amount).unwrap();
        assert_eq!((effects.after.lifted_until, effects.lift_erased), (lifted_until, lifted_until.is_none()), "{action:?} {amount}");
        assert_eq!(standing_of(&effects.after, now()).shown(), shown, "{action:?} {amount}");
    }
    assert!(!pay(&suspended(), "200").lift_erased, "there was no date");
}

#[test]
fn during_an_export_a_payment_waits() {
    let facts = CustomerFacts { export: export(ExportPhase::Started), lifted_until: Some(at("2026-07-13")), ..suspended() };
    let after = CustomerFacts { balance: money("80"), unallocated: money("120"), ..facts.clone() };
    assert_eq!(pay(&facts, "120"), plain("-120", after));
    let given_up = CustomerFacts { export: export(ExportPhase::RolledBack), ..facts };
    assert_eq!(pay(&given_up, "120").allocations, vec![part(&invoice(), "120", true)]);
}

/// A payment ends a suspension for fees when the funds reach the sum; a credit never does.
#[test]
fn a_suspension_for_fees_ends_by_payment_alone() {
    let facts = CustomerFacts { balance: money("-20"), holds: vec![fee_suspension("30", "2026-07-01")], ..prepaid() };
    let ended = |balance: &str| CustomerFacts { balance: money(balance), holds: Vec::new(), ..facts.clone() };
    let after = |balance: &str| CustomerFacts { balance: money(balance), ..facts.clone() };
    let table = [
        (
            PostingAction::ManualPayment,
            "9.99999",
            PostingEffects {
                after: CustomerFacts { unallocated: money("9.99999"), ..after("-29.99999") },
                ..plain("-9.99999", facts.clone())
            },
        ),
        (
            PostingAction::ManualPayment,
            "10",
            PostingEffects { holds_ended: vec![2], ..plain("-10", CustomerFacts { unallocated: money("10"), ..ended("-30") }) },
        ),
        (PostingAction::ManualCredit, "500", plain("-500", after("-520"))),
        (PostingAction::PromotionalCredit, "500", plain("-500", after("-520"))),
    ];
    for (action, amount, expected) in table {
        assert_eq!(post(&facts, action, amount), Ok(expected), "{action:?} {amount}");
    }
    // What a credit brought counts with the next payment, however small.
    let credited = post(&facts, PostingAction::ManualCredit, "500").unwrap().after;
    assert_eq!(pay(&credited, "0.01").holds_ended, vec![2]);
    // With unlimited credit the funds always cover.
    let unlimited =
        CustomerFacts { credit_limit: None, balance: money("900"), holds: vec![fee_suspension("30", "2026-07-01")], ..postpaid() };
    assert_eq!(pay(&unlimited, "1").holds_ended, vec![2]);
}

#[test]
fn what_staff_decided_is_not_undone_by_money() {
    let holds = vec![block("2026-07-02"), termination("2026-07-04", "2026-08-03")];
    let facts = CustomerFacts { holds: holds.clone(), ..postpaid() };
    let effects = pay(&facts, "1000");
    assert_eq!((effects.holds_ended, effects.after.holds), (Vec::new(), holds));
}

#[test]
fn since_when_the_balance_is_exhausted_is_kept_while_it_is() {
    let (earlier, then) = (Some(at("2026-07-09")), Some(now()));
    let table: Vec<(&str, CustomerFacts, PostingAction, &str, Option<_>)> = vec![
        ("comes to the limit", postpaid(), PostingAction::ManualCharge, "12.39", then),
        ("stays a little below", postpaid(), PostingAction::ManualCharge, "12.38999", None),
        (
            "goes further beyond",
            CustomerFacts { balance: money("51"), exhausted_since: earlier, ..postpaid() },
            PostingAction::ManualCharge,
            "1",
            earlier,
        ),
        (
            "still at the limit",
            CustomerFacts { balance: money("51"), exhausted_since: earlier, ..postpaid() },
            PostingAction::ManualPayment,
            "1",
            earlier,
        ),
        (
            "falls below it",
            CustomerFacts { balance: money("51"), exhausted_since: earlier, ..postpaid() },
            PostingAction::ManualPayment,
            "1.00001",
            None,
        ),
        (
            "a prepaid top-up",
            CustomerFacts { balance: money("0"), exhausted_since: earlier, ..prepaid() },
            PostingAction::PromotionalCredit,
            "0.01",
            None,
        ),
        ("prepaid funds used up", prepaid(), PostingAction::ManualCharge, "23.61693", then),
        ("unlimited", CustomerFacts { credit_limit: None, ..postpaid() }, PostingAction::ManualCharge, "9999999", None),
        (
            "a temporary limit in force",
            CustomerFacts { temporary_limit: temporary_limit("60", "2026-07-12"), ..postpaid() },
            PostingAction::ManualCharge,
            "20",
            None,
        ),
        (
            "since a temporary limit ran out, not since the charge after it",
            CustomerFacts { balance: money("55"), temporary_limit: temporary_limit("60", "2026-07-09"), ..postpaid() },
            PostingAction::ManualCharge,
            "1",
            earlier,
        ),
    ];
    for (case, facts, action, amount, expected) in table {
        let after = post(&facts, action, amount).unwrap().after;
        assert_eq!(after.exhausted_since, expected, "{case}");
        let exceeded = [CustomerStatus::CreditExceeded, CustomerStatus::NoAvailableFunds].contains(&standing_of(&after, now()).shown());
        assert_eq!(exceeded, expected.is_some(), "{case}: the status follows in the same decision");
    }
    // Raising the limit ends it too.
    let before = CustomerFacts { balance: money("51"), exhausted_since: earlier, ..postpaid() };
    let raised = CustomerFacts { credit_limit: Some(money("52")), ..before.clone() };
    assert_eq!(exhausted_since(&before, &raised, now()), None);
    assert_eq!(exhausted_since(&raised, &before, now()), then);
}

#[test]
fn refusals_come_in_their_order() {
    let closed = termination("2026-06-05", "2026-07-05");
    let exported = CustomerFacts { export: export(ExportPhase::Finished), ..postpaid() };
    let full = CustomerFacts { balance: Money::MAX, credit_limit: None, ..postpaid() };
    let table: Vec<(CustomerFacts, &str, Refusal)> = vec![
        (CustomerFacts { holds: vec![closed.clone()], ..exported.clone() }, "0", Refusal::CustomerClosed),
        (CustomerFacts { holds: vec![closed], ..postpaid() }, "1", Refusal::CustomerClosed),
        (exported.clone(), "0", Refusal::CustomerExported),
        (exported, "1", Refusal::CustomerExported),
        (postpaid(), "0", Refusal::AmountNotPositive),
        (postpaid(), "-0.000001", Refusal::AmountNotPositive),
        (full.clone(), "0.000001", Refusal::AmountTooPrecise { digits: 5 }),
        (full, "0.00001", Refusal::AmountTooLarge),
    ];
    for (facts, amount, refusal) in table {
        assert_eq!(post(&facts, PostingAction::ManualCharge, amount), Err(refusal), "{amount}");
    }
    // Everybody else can pay: blocked, suspended, terminated within the window.
    for hold in [block("2026-07-02"), suspension(42, "2026-07-01"), termination("2026-07-04", "2026-08-03")] {
        let facts = CustomerFacts { open_invoices: vec![invoice()], holds: vec![hold], ..postpaid() };
        assert!(post(&facts, PostingAction::ManualPayment, "1").is_ok());
    }
}

/// T5: near the end of the range a posting fails and changes nothing; it never wraps.
#[test]
fn an_amount_beyond_the_range_is_refused() {
    let largest = "9223372036854.77580";
    let unlimited = CustomerFacts { credit_limit: None, balance: Money::ZERO, ..postpaid() };
    let owing = |balance: Money| CustomerFacts { balance, ..unlimited.clone() };
    let least = Money::from_millionths(i64::MIN);
    let table: Vec<(&str, CustomerFacts, PostingAction, &str, bool)> = vec![
        ("the largest charge", unlimited.clone(), PostingAction::ManualCharge, largest, true),
        ("and one more", owing(money(largest)), PostingAction::ManualCharge, "0.00001", false),
        ("the largest payment", unlimited.clone(), PostingAction::ManualPayment, largest, true),
        ("below the least balance", owing(least), PostingAction::ManualCredit, "0.00001", false),
        (
            "unallocated payments overflow",
            CustomerFacts { unallocated: Money::MAX, ..unlimited.clone() },
            PostingAction::ManualPayment,
            "0.00001",
            false,
        ),
        (
            "a credit leaves them alone",
            CustomerFacts { unallocated: Money::MAX, ..unlimited },
            PostingAction::ManualCredit,
            "0.00001",
            true,
        ),
        (
            "available funds overflow",
            CustomerFacts { balance: Money::ZERO, credit_limit: Some(Money::MAX), ..postpaid() },
            PostingAction::ManualCredit,
            "0.00001",
            false,
        ),
        (
            "available funds stay in range",
            CustomerFacts { balance: money("0.00001"), credit_limit: Some(Money::MAX), ..postpaid() },
            PostingAction::ManualCredit,
            "0.00001",
            true,
        ),
    ];
    for (case, facts, action, amount, fits) in table {
        let effects = post(&facts, action, amount);
        assert_eq!(effects.as_ref().err(), (!fits).then_some(&Refusal::AmountTooLarge), "{case}");
        if let Ok(effects) = effects {
            assert_eq!(effects.after.balance.checked_sub(facts.balance), Ok(effects.owed), "{case}");
        }
    }
}

/// A termination for any cause, once begun, outlives payment.
#[test]
fn no_begun_termination_ends_by_payment() {
    let hold = Hold { cause: HoldCause::InsufficientFunds { needed: Money::ZERO }, ..termination("2026-07-04", "2026-08-03") };
    assert_eq!(hold.kind, HoldKind::Termination);
    let facts = CustomerFacts { holds: vec![hold], ..postpaid() };
    assert_eq!(pay(&facts, "10").holds_ended, Vec::<i64>::new());
}
