//! Owns how a reason is told: a code, its values by name, and the English sentence, put together in one go so that they cannot differ.
//! Does not own: what there is to tell (reason.rs, next.rs, account/reason.rs), other languages (web/src/language/).

use super::CustomerStatus;
use crate::money::{Currency, Money};
use crate::time::{Date, Timestamp, Zone};

words! {
    /// What can be told of a status: why it holds, what comes next, and the parts of such sentences.
    ReasonCode {
        ClosedByStaff = "closed_by_staff",
        ClosedAfterWindow = "closed_after_window",
        Exported = "exported",
        Blocked = "blocked",
        Reseller = "reseller",
        BillingPaused = "billing_paused",
        SuspendedForInvoice = "suspended_for_invoice",
        SuspendedForFunds = "suspended_for_funds",
        SuspendedByStaff = "suspended_by_staff",
        TerminatedByStaff = "terminated_by_staff",
        TerminatedForInvoice = "terminated_for_invoice",
        LimitedForInvoice = "limited_for_invoice",
        LimitedByStaff = "limited_by_staff",
        Lifted = "lifted",
        CreditExceeded = "credit_exceeded",
        TemporaryCreditExceeded = "temporary_credit_exceeded",
        NoAvailableFunds = "no_available_funds",
        SpendingLimitReached = "spending_limit_reached",
        PaymentFrozen = "payment_frozen",
        PaymentFrozenSince = "payment_frozen_since",
        InvoiceDue = "invoice_due",
        InvoicePaidInPart = "invoice_paid_in_part",
        InvoiceUnnamed = "invoice_unnamed",
        AccountTerminated = "account_terminated",
        AccountExpired = "account_expired",
        AccountLifeEnded = "account_life_ended",
        AccountIdle = "account_idle",
        AccountEnded = "account_ended",
        AccountUnverified = "account_unverified",
        AccountScreened = "account_screened",
        AccountInactive = "account_inactive",
        AccountBlocked = "account_blocked",
        AccountSuspended = "account_suspended",
        AccountNotYetActive = "account_not_yet_active",
        AccountCreditExceeded = "account_credit_exceeded",
        AccountOverdraft = "account_overdraft",
        AccountWithoutMoney = "account_without_money",
        AccountPaymentFrozen = "account_payment_frozen",
        OfCustomer = "of_customer",
        Closes = "closes",
        Terminates = "terminates",
        Suspends = "suspends",
        SuspendsAgain = "suspends_again",
        Limits = "limits",
        LimitsAgain = "limits_again",
        Renews = "renews",
        Ends = "ends",
        Changes = "changes",
    }
}

/// A value of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonValue {
    Amount {
        amount: Money,
        currency: Currency,
    },
    /// A day by the clock of whom it is told about.
    Date(Date),
    /// A moment, and the zone by whose clock it is told.
    Moment {
        moment: Timestamp,
        zone: String,
    },
    Number(i64),
    /// A name, or words that somebody wrote.
    Text(String),
    Status(CustomerStatus),
    /// Kinds of records, by their words in the plural: `accounts`.
    Records(Vec<String>),
    /// A sentence within the sentence.
    Explanation(Box<Explanation>),
}

/// A reason, or what comes next, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub code: ReasonCode,
    /// By name; the code says which there are. `comment`, words that somebody wrote, is left out where there are none.
    pub values: Vec<(&'static str, ReasonValue)>,
    /// In English, without a full stop, such as `invoice 1042 of 120.00 EUR was due on 16 June, suspended since 1 July`.
    pub sentence: String,
}

/// What a sentence needs beside its facts: amounts are in `currency`, dates in `zone`; the year is left out where it is `now`'s.
#[derive(Clone, Copy, Debug)]
pub struct Wording<'a> {
    pub currency: Currency,
    pub zone: &'a Zone,
    pub now: Timestamp,
}

impl<'a> Wording<'a> {
    pub(crate) fn tell(self, code: ReasonCode) -> Telling<'a> {
        Telling { wording: self, told: Explanation { code, values: Vec::new(), sentence: String::new() } }
    }
}

/// An explanation that is being put together: what goes into the sentence goes into the values.
pub(crate) struct Telling<'a> {
    wording: Wording<'a>,
    told: Explanation,
}

impl Telling<'_> {
    pub(crate) fn words(mut self, words: &str) -> Self {
        self.told.sentence.push_str(words);
        self
    }

    fn value(mut self, name: &'static str, words: &str, value: ReasonValue) -> Self {
        self.told.values.push((name, value));
        self.words(words)
    }

    pub(crate) fn amount(self, name: &'static str, amount: Money) -> Self {
        let currency = self.wording.currency;
        self.value(name, &amount.display(currency), ReasonValue::Amount { amount, currency })
    }

    pub(crate) fn day(self, name: &'static str, date: Date) -> Self {
        let year = self.wording.zone.date_of(self.wording.now).year();
        self.value(name, &date.display(year), ReasonValue::Date(date))
    }

    /// The day on which `moment` lies.
    pub(crate) fn date(self, name: &'static str, moment: Timestamp) -> Self {
        let date = self.wording.zone.date_of(moment);
        self.day(name, date)
    }

    pub(crate) fn moment(self, name: &'static str, moment: Timestamp) -> Self {
        let Wording { zone, now, .. } = self.wording;
        self.value(name, &zone.display_moment(moment, now), ReasonValue::Moment { moment, zone: zone.name().to_owned() })
    }

    pub(crate) fn text(self, name: &'static str, text: &str) -> Self {
        self.value(name, text, ReasonValue::Text(text.to_owned()))
    }

    /// `words` is the number as the sentence has it.
    pub(crate) fn number(self, name: &'static str, number: i64, words: &str) -> Self {
        self.value(name, words, ReasonValue::Number(number))
    }

    pub(crate) fn status(self, name: &'static str, status: CustomerStatus) -> Self {
        self.value(name, status.label(), ReasonValue::Status(status))
    }

    pub(crate) fn part(self, name: &'static str, part: Explanation) -> Self {
        let words = part.sentence.clone();
        self.value(name, &words, ReasonValue::Explanation(Box::new(part)))
    }

    /// What somebody wrote, after a colon.
    pub(crate) fn comment(self, comment: Option<&str>) -> Explanation {
        match comment {
            Some(comment) => self.words(": ").text("comment", comment).told,
            None => self.told,
        }
    }

    pub(crate) fn done(self) -> Explanation {
        self.told
    }
}
