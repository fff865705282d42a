//! The stable words of refusals, and what a person reads.

use trunkline_domain::refusal::Refusal;
use trunkline_domain::status::{CustomerStatus, ReasonValue};

use crate::fixture::{currency, money};

#[test]
fn each_refusal_has_a_word_and_a_sentence() {
    let table = [
        (Refusal::CustomerNotFound, "not_found", "there is no such customer"),
        (Refusal::CustomerClosed, "customer_closed", "the customer is closed; no operation is possible any more"),
        (Refusal::CustomerExported, "customer_exported", "the customer is exported and not operational here"),
        (Refusal::BillingPaused, "billing_paused", "the customer is being exported; this waits until the move has ended"),
        (Refusal::AccountClosed, "account_closed", "the account is terminated; no operation is possible any more"),
        (Refusal::AlreadySo(CustomerStatus::Blocked), "already_so", "the customer is already blocked"),
        (Refusal::NotSo(CustomerStatus::ProvisionallyTerminated), "not_so", "the customer is not provisionally terminated"),
        (Refusal::SoAlready, "so_already", "it is so already; there is nothing to change"),
        (Refusal::AmountNotPositive, "amount_not_positive", "the amount must be above zero"),
        (Refusal::AmountTooPrecise { digits: 5 }, "amount_too_precise", "the amount has more than 5 decimals"),
        (Refusal::AmountTooLarge, "amount_too_large", "the amount is too large: the balance would leave its range"),
        (Refusal::XdrIsPayment, "xdr_is_payment", "a payment is not reversed; give it back by a refund of the customer"),
        (Refusal::XdrIsCorrection, "xdr_is_correction", "this xDR corrects another one; correct that one"),
        (Refusal::MoreThanLeft { left: money("1.2") }, "more_than_left", "no more than 1.2 is left of it to give back"),
        (
            Refusal::CurrencyOfClass { class: currency("JPY"), customer: currency("EUR") },
            "currency_of_class",
            "the class takes only customers in JPY, not in EUR",
        ),
        (
            Refusal::LiftDateOutOfRange { days_max: 90 },
            "lift_date_out_of_range",
            "the suspension can be lifted from today up to 90 days ahead",
        ),
        (Refusal::NothingToLift, "nothing_to_lift", "there is no suspension or limitation to lift"),
        (Refusal::ClosingDateLater, "closing_date_later", "the closing date can be brought forward, not put back"),
        (Refusal::HasOpenSubcustomers, "has_open_subcustomers", "the customer has customers of its own that are not closed"),
        (
            Refusal::NotDeletable { records: vec!["accounts".to_owned()], balance: Some((money("1.5"), currency("EUR"))) },
            "customer_not_deletable",
            "the customer cannot be deleted: it has accounts, a balance of 1.50 EUR",
        ),
    ];
    for (refusal, code, sentence) in table {
        assert_eq!((refusal.code(), refusal.to_string().as_str()), (code, sentence));
    }
}

#[test]
fn a_refusal_tells_the_values_of_its_sentence() {
    let (amount, currency) = (money("1.5"), currency("EUR"));
    let refused = Refusal::NotDeletable { records: vec!["accounts".to_owned(), "xDRs".to_owned()], balance: Some((amount, currency)) };
    let words = ["accounts", "xdrs", "balance"].map(str::to_owned).to_vec();
    assert_eq!(refused.values(), [("records", ReasonValue::Records(words)), ("balance", ReasonValue::Amount { amount, currency })]);
    let status = CustomerStatus::Blocked;
    assert_eq!(Refusal::NotSo(status).values(), [("status", ReasonValue::Status(status))]);
    assert_eq!(Refusal::LiftDateOutOfRange { days_max: 90 }.values(), [("count", ReasonValue::Number(90))]);
    assert_eq!(Refusal::SoAlready.values(), []);
}
