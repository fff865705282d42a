//! Owns the named refusals: a "no" that a caller can act on.
//! Does not own: failures (errors of the floors above) and the form a face gives a refusal.

use thiserror::Error;

use crate::money::{Currency, Money};
use crate::status::{CustomerStatus, ReasonValue};

/// A well-formed request that the rules do not allow now. Where several apply, the first in this order is given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is closed; no operation is possible any more")]
    CustomerClosed,
    #[error("the customer is exported and not operational here")]
    CustomerExported,
    #[error("the customer is being exported; this waits until the move has ended")]
    BillingPaused,
    #[error("the account is terminated; no operation is possible any more")]
    AccountClosed,
    #[error("the customer is already {}", .0.label().to_lowercase())]
    AlreadySo(CustomerStatus),
    #[error("the customer is not {}", .0.label().to_lowercase())]
    NotSo(CustomerStatus),
    #[error("it is so already; there is nothing to change")]
    SoAlready,
    #[error("the amount must be above zero")]
    AmountNotPositive,
    #[error("the amount has more than {digits} decimals")]
    AmountTooPrecise { digits: u32 },
    #[error("the amount is too large: the balance would leave its range")]
    AmountTooLarge,
    #[error("a payment is not reversed; give it back by a refund of the customer")]
    XdrIsPayment,
    #[error("this xDR corrects another one; correct that one")]
    XdrIsCorrection,
    #[error("no more than {left} is left of it to give back")]
    MoreThanLeft { left: Money },
    #[error("the class takes only customers in {class}, not in {customer}")]
    CurrencyOfClass { class: Currency, customer: Currency },
    #[error("the suspension can be lifted from today up to {days_max} days ahead")]
    LiftDateOutOfRange { days_max: i64 },
    #[error("there is no suspension or limitation to lift")]
    NothingToLift,
    #[error("the closing date can be brought forward, not put back")]
    ClosingDateLater,
    #[error("the customer has customers of its own that are not closed")]
    HasOpenSubcustomers,
    #[error("the customer cannot be deleted: it has {}", against_in_words(.records, .balance).join(", "))]
    NotDeletable {
        /// Kinds of what depends on it, such as `accounts`.
        records: Vec<String>,
        /// Unless it is zero.
        balance: Option<(Money, Currency)>,
    },
}

/// What stands against deleting a customer, one by one.
pub fn against_in_words(records: &[String], balance: &Option<(Money, Currency)>) -> Vec<String> {
    let owed = balance.map(|(amount, currency)| format!("a balance of {}", amount.display(currency)));
    records.iter().cloned().chain(owed).collect()
}

impl Refusal {
    /// The figures and names of its sentence by name, for those who word it in a language of their own.
    pub fn values(&self) -> Vec<(&'static str, ReasonValue)> {
        match self {
            Refusal::AlreadySo(status) | Refusal::NotSo(status) => vec![("status", ReasonValue::Status(*status))],
            Refusal::AmountTooPrecise { digits } => vec![("count", ReasonValue::Number(i64::from(*digits)))],
            Refusal::CurrencyOfClass { class, customer } => vec![
                ("class_currency", ReasonValue::Text(class.code().to_owned())),
                ("currency", ReasonValue::Text(customer.code().to_owned())),
            ],
            Refusal::LiftDateOutOfRange { days_max } => vec![("count", ReasonValue::Number(*days_max))],
            Refusal::NotDeletable { records, balance } => {
                let words = records.iter().map(|record| record.to_lowercase()).chain(balance.map(|_| "balance".to_owned()));
                let mut values = vec![("records", ReasonValue::Records(words.collect()))];
                values.extend(balance.map(|(amount, currency)| ("balance", ReasonValue::Amount { amount, currency })));
                values
            }
            Refusal::CustomerNotFound
            | Refusal::CustomerClosed
            | Refusal::CustomerExported
            | Refusal::BillingPaused
            | Refusal::AccountClosed
            | Refusal::SoAlready
            | Refusal::AmountNotPositive
            | Refusal::AmountTooLarge
            | Refusal::XdrIsPayment
            | Refusal::XdrIsCorrection
            | Refusal::MoreThanLeft { .. }
            | Refusal::NothingToLift
            | Refusal::ClosingDateLater
            | Refusal::HasOpenSubcustomers => Vec::new(),
        }
    }

    /// The stable word for it on every face.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::CustomerNotFound => "not_found",
            Refusal::CustomerClosed => "customer_closed",
            Refusal::CustomerExported => "customer_exported",
            Refusal::BillingPaused => "billing_paused",
            Refusal::AccountClosed => "account_closed",
            Refusal::AlreadySo(_) => "already_so",
            Refusal::NotSo(_) => "not_so",
            Refusal::SoAlready => "so_already",
            Refusal::AmountNotPositive => "amount_not_positive",
            Refusal::AmountTooPrecise { .. } => "amount_too_precise",
            Refusal::AmountTooLarge => "amount_too_large",
            Refusal::XdrIsPayment => "xdr_is_payment",
            Refusal::XdrIsCorrection => "xdr_is_correction",
            Refusal::MoreThanLeft { .. } => "more_than_left",
            Refusal::CurrencyOfClass { .. } => "currency_of_class",
            Refusal::LiftDateOutOfRange { .. } => "lift_date_out_of_range",
            Refusal::NothingToLift => "nothing_to_lift",
            Refusal::ClosingDateLater => "closing_date_later",
            Refusal::HasOpenSubcustomers => "has_open_subcustomers",
            Refusal::NotDeletable { .. } => "customer_not_deletable",
        }
    }
}
