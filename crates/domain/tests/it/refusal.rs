//! The stable words of refusals, and what a person reads.

use trunkline_domain::refusal::Refusal;
use trunkline_domain::status::CustomerStatus;

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
            Refusal::NotDeletable(vec!["2 accounts".to_owned(), "a balance".to_owned()]),
            "customer_not_deletable",
            "the customer cannot be deleted: it has 2 accounts, a balance",
        ),
    ];
    for (refusal, code, sentence) in table {
        assert_eq!((refusal.code(), refusal.to_string().as_str()), (code, sentence));
    }
}
