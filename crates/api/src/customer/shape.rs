//! Owns how customers are written in JSON.
//! Does not own: reading requests (mod.rs, action.rs).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trunkline_usecase::customer::{CurrencyTotal, CustomerPage, CustomerRow, CustomerView, Summary, Total};
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::BalanceControl;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::status::{CustomerStatus, Explanation, NextChange};
use trunkline_usecase::domain::time::Timestamp;

use super::TemporaryLimitBody;
use crate::reason::ReasonValues;
use crate::reference::PermitsBody;
use crate::value::{Amount, Moment};
use crate::word;

/// An id with its name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Named {
    pub id: Id,
    pub name: String,
}

impl From<(Id, String)> for Named {
    fn from((id, name): (Id, String)) -> Named {
        Named { id, name }
    }
}

/// What happens next by itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextBody {
    pub at: Moment,
    /// The status shown from then on.
    #[schemars(with = "word::StatusCode")]
    pub code: String,
    /// Such as `closes on 3 August unless restored`.
    pub sentence: String,
    /// What the sentence says, as a code for those who word it themselves.
    #[schemars(with = "word::ReasonCode")]
    pub reason_code: String,
    /// The sentence's figures, dates and names.
    pub reason_values: ReasonValues,
}

impl From<&NextChange> for NextBody {
    fn from(next: &NextChange) -> NextBody {
        NextBody {
            at: Moment(next.at),
            code: next.shown.code().to_owned(),
            sentence: next.explanation.sentence.clone(),
            reason_code: next.explanation.code.code().to_owned(),
            reason_values: ReasonValues::from(&next.explanation),
        }
    }
}

/// The status that is shown, and why.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct StatusBody {
    #[schemars(with = "word::StatusCode")]
    pub code: String,
    pub label: String,
    pub since: Option<Moment>,
    /// A sentence with figures and dates.
    pub reason: Option<String>,
    /// What the reason says, as a code for those who word it themselves.
    #[schemars(with = "Option<word::ReasonCode>")]
    pub reason_code: Option<String>,
    /// The reason's figures, dates and names.
    pub reason_values: Option<ReasonValues>,
    pub next: Option<NextBody>,
    /// Every status that holds, by rank; empty when active.
    #[schemars(with = "Vec<word::StatusCode>")]
    pub all: Vec<String>,
}

/// A customer as lists show it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CustomerRowBody {
    pub id: Id,
    pub name: String,
    pub company_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[serde(rename = "type")]
    #[schemars(with = "word::CustomerType")]
    pub customer_type: String,
    #[schemars(with = "word::BalanceControl")]
    pub balance_control: String,
    pub currency: String,
    /// Decimals of the currency.
    pub currency_digits: u32,
    /// What is owed; postpaid only.
    pub balance: Option<Amount>,
    /// The limit in force; postpaid only, null is unlimited.
    pub credit_limit: Option<Amount>,
    /// Prepaid only.
    pub available_funds: Option<Amount>,
    /// The billing zone: by its clock the customer's days and dates go.
    pub time_zone: String,
    pub status: StatusBody,
    pub class: Named,
    pub reseller: Option<Named>,
    #[schemars(with = "word::BillingPeriod")]
    pub billing_period: String,
    pub created_at: Moment,
    pub account_count: i64,
    pub last_payment: Option<LastPaymentBody>,
    /// What is to be paid of invoices that are overdue.
    pub overdue_amount: Amount,
    pub version: i64,
}

/// The last payment that came in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LastPaymentBody {
    pub at: Moment,
    pub amount: Amount,
}

/// A postpaid customer shows balance and limit, a prepaid one its funds.
struct Shown {
    balance: Option<Amount>,
    credit_limit: Option<Amount>,
    available_funds: Option<Amount>,
}

fn shown(control: BalanceControl, balance: Money, limit: Option<Money>, funds: Option<Money>) -> Shown {
    match control {
        BalanceControl::Postpaid => Shown { balance: Some(Amount(balance)), credit_limit: limit.map(Amount), available_funds: None },
        BalanceControl::Prepaid => Shown { balance: None, credit_limit: None, available_funds: funds.map(Amount) },
    }
}

fn status_body(
    shown: CustomerStatus,
    since: Option<Timestamp>,
    reason: Option<&Explanation>,
    next: Option<&NextChange>,
    all: impl Iterator<Item = CustomerStatus>,
) -> StatusBody {
    StatusBody {
        code: shown.code().to_owned(),
        label: shown.label().to_owned(),
        since: since.map(Moment),
        reason: reason.map(|reason| reason.sentence.clone()),
        reason_code: reason.map(|reason| reason.code.code().to_owned()),
        reason_values: reason.map(ReasonValues::from),
        next: next.map(NextBody::from),
        all: all.map(|status| status.code().to_owned()).collect(),
    }
}

impl CustomerRowBody {
    pub fn of(row: CustomerRow) -> CustomerRowBody {
        let shown = shown(row.balance_control, row.balance, row.credit_limit, row.available_funds);
        CustomerRowBody {
            id: row.customer_id,
            name: row.name,
            company_name: row.company_name,
            email: row.email,
            phone: row.phone,
            customer_type: row.customer_type.code().to_owned(),
            balance_control: row.balance_control.code().to_owned(),
            currency: row.currency.code().to_owned(),
            currency_digits: row.currency.digits(),
            balance: shown.balance,
            credit_limit: shown.credit_limit,
            available_funds: shown.available_funds,
            time_zone: row.time_zone,
            status: status_body(row.status, row.since, row.reason.as_ref(), row.next.as_ref(), row.all.into_iter()),
            class: row.customer_class.into(),
            reseller: row.reseller.map(Named::from),
            billing_period: row.billing_period.code().to_owned(),
            created_at: Moment(row.created_at),
            account_count: row.account_count,
            last_payment: row.last_payment.map(|(at, amount)| LastPaymentBody { at: Moment(at), amount: Amount(amount) }),
            overdue_amount: Amount(row.overdue),
            version: row.version,
        }
    }
}

/// Where the page lies in the list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct PageBody {
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
    /// Cursor of the page before, if there is one.
    pub previous: Option<String>,
    /// Place of the first row in the whole list, from 1, where it is known.
    pub first_position: Option<i64>,
}

/// How many match.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TotalBody {
    pub count: i64,
    /// False: more than `count`.
    pub exact: bool,
}

/// One page of customers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CustomerPageBody {
    pub items: Vec<CustomerRowBody>,
    pub page: PageBody,
    pub total: Option<TotalBody>,
}

impl CustomerPageBody {
    pub fn of(page: CustomerPage) -> CustomerPageBody {
        CustomerPageBody {
            items: page.rows.into_iter().map(CustomerRowBody::of).collect(),
            page: PageBody { next: page.next, previous: page.previous, first_position: page.first_position },
            total: page.total.map(|Total { count, exact }| TotalBody { count, exact }),
        }
    }
}

/// Customers of one status.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusCountBody {
    #[schemars(with = "word::StatusCode")]
    pub status: String,
    pub count: i64,
}

/// The customers of one currency. A sum is null where it leaves the range of amounts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CurrencyTotalBody {
    pub currency: String,
    /// Decimals of the currency.
    pub currency_digits: u32,
    pub customers: i64,
    /// What postpaid customers owe.
    pub balance: Option<Amount>,
    /// What prepaid customers have.
    pub available_funds: Option<Amount>,
    /// What is to be paid of invoices that are overdue.
    pub overdue_amount: Option<Amount>,
}

/// The figures of all customers that match.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SummaryBody {
    pub total: i64,
    /// How many there are of each status, whatever statuses the filter asks for. By rank; those that nobody has are left out.
    pub statuses: Vec<StatusCountBody>,
    /// By currency.
    pub totals: Vec<CurrencyTotalBody>,
}

impl SummaryBody {
    pub fn of(summary: Summary) -> SummaryBody {
        let count = |(status, count): (CustomerStatus, i64)| StatusCountBody { status: status.code().to_owned(), count };
        let total = |total: CurrencyTotal| CurrencyTotalBody {
            currency: total.currency.code().to_owned(),
            currency_digits: total.currency.digits(),
            customers: total.customers,
            balance: total.balance.map(Amount),
            available_funds: total.available_funds.map(Amount),
            overdue_amount: total.overdue.map(Amount),
        };
        SummaryBody {
            total: summary.total,
            statuses: summary.statuses.into_iter().map(count).collect(),
            totals: summary.totals.into_iter().map(total).collect(),
        }
    }
}

macro_rules! address {
    ($($(#[$meta:meta])* $field:ident = $max:literal),+ $(,)?) => {
        /// Names and address. Every field can be left out.
        #[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct AddressBody {
            $($(#[$meta])* #[serde(default)] #[schemars(length(max = $max))] pub $field: Option<String>),+
        }

        impl AddressBody {
            pub fn contact(self) -> Contact {
                Contact { $($field: self.$field),+ }
            }

            fn of(contact: &Contact) -> AddressBody {
                AddressBody { $($field: contact.$field.clone()),+ }
            }
        }
    };
}

address! {
    company_name = 100,
    salutation = 15,
    first_name = 120,
    middle_name = 5,
    last_name = 120,
    address_line_1 = 41,
    address_line_2 = 167,
    city = 31,
    state = 21,
    postal_code = 13,
    /// ISO 3166-1 alpha-2.
    country = 2,
    contact = 120,
    phone_1 = 20,
    phone_2 = 20,
    fax = 20,
    email = 128,
    /// Comma list.
    bcc = 99,
    tax_id = 16,
    notes = 4000,
}

/// One status that holds.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct ConditionBody {
    #[schemars(with = "word::StatusCode")]
    pub code: String,
    pub label: String,
    pub since: Option<Moment>,
    /// When it ends or turns into another by itself.
    pub until: Option<Moment>,
    pub reason: String,
    #[schemars(with = "word::ReasonCode")]
    pub reason_code: String,
    pub reason_values: ReasonValues,
}

/// An invoice that is not covered yet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenInvoiceBody {
    pub id: Id,
    pub number: i64,
    pub due_on: crate::value::Day,
    pub total: Amount,
    pub outstanding: Amount,
}

/// A customer with everything known of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CustomerBody {
    pub id: Id,
    pub name: String,
    #[serde(rename = "type")]
    #[schemars(with = "word::CustomerType")]
    pub customer_type: String,
    pub reseller: Option<Named>,
    pub class: Named,
    #[schemars(with = "word::BalanceControl")]
    pub balance_control: String,
    pub currency: String,
    pub currency_digits: u32,
    /// Postpaid: what is owed.
    pub balance: Option<Amount>,
    /// Postpaid: the limit in force; null is unlimited.
    pub credit_limit: Option<Amount>,
    /// Prepaid: what can be spent.
    pub available_funds: Option<Amount>,
    /// The limit once a temporary one has ended; null is unlimited for postpaid, 0 for prepaid.
    pub permanent_credit_limit: Option<Amount>,
    pub temporary_credit_limit: Option<TemporaryLimitBody>,
    pub opening_balance: Amount,
    /// Payments that no invoice has used yet.
    pub unallocated_payments: Amount,
    pub time_zone: String,
    #[schemars(with = "word::BillingPeriod")]
    pub billing_period: String,
    pub suspend_on_insufficient_funds: Option<bool>,
    pub suspension_lifted_until: Option<Moment>,
    pub login: Option<String>,
    pub reference: Option<String>,
    pub address: AddressBody,
    pub status: StatusBody,
    pub conditions: Vec<ConditionBody>,
    pub permits: PermitsBody,
    /// What can be done to it as it stands, by whom the role lets.
    #[schemars(with = "Vec<word::CustomerAction>")]
    pub actions: Vec<String>,
    pub open_invoices: Vec<OpenInvoiceBody>,
    pub created_at: Moment,
    pub version: i64,
}

impl CustomerBody {
    pub fn of(view: &CustomerView) -> CustomerBody {
        let (customer, facts) = (&view.customer, &view.facts);
        let limit = facts.effective_limit(view.at);
        // Beyond the range of amounts there is nothing to show; no posting can bring a customer there.
        let funds = view.available_funds().unwrap_or(None);
        let shown = shown(customer.balance_control, facts.balance, limit, funds);
        CustomerBody {
            id: customer.customer_id,
            name: customer.name.clone(),
            customer_type: customer.customer_type.code().to_owned(),
            reseller: view.reseller.clone().map(Named::from),
            class: Named { id: customer.customer_class_id, name: view.class_name.clone() },
            balance_control: customer.balance_control.code().to_owned(),
            currency: customer.currency.code().to_owned(),
            currency_digits: customer.currency.digits(),
            balance: shown.balance,
            credit_limit: shown.credit_limit,
            available_funds: shown.available_funds,
            permanent_credit_limit: customer.credit_limit.map(Amount),
            temporary_credit_limit: customer
                .temporary_limit
                .filter(|limit| view.at < limit.until)
                .map(|limit| TemporaryLimitBody { amount: Amount(limit.amount), until: Moment(limit.until) }),
            opening_balance: Amount(customer.opening_balance),
            unallocated_payments: Amount(facts.unallocated),
            time_zone: customer.zone.name().to_owned(),
            billing_period: customer.billing_period.code().to_owned(),
            suspend_on_insufficient_funds: customer.suspend_on_insufficient_funds,
            suspension_lifted_until: facts.lifted_until.filter(|until| view.at < *until).map(Moment),
            login: customer.login.clone(),
            reference: customer.reference.clone(),
            address: AddressBody::of(&customer.contact),
            status: status_of(view),
            conditions: conditions_of(view),
            permits: view.standing.permits.into(),
            actions: view.actions().map(|action| action.code().to_owned()).collect(),
            open_invoices: facts
                .open_invoices
                .iter()
                .map(|invoice| OpenInvoiceBody {
                    id: invoice.invoice_id,
                    number: invoice.number,
                    due_on: crate::value::Day(invoice.due_on),
                    total: Amount(invoice.total),
                    outstanding: Amount(invoice.outstanding),
                })
                .collect(),
            created_at: Moment(customer.created_at),
            version: customer.version,
        }
    }
}

fn status_of(view: &CustomerView) -> StatusBody {
    let conditions = &view.standing.conditions;
    let since = conditions.first().and_then(|condition| condition.since);
    let all = conditions.iter().map(|condition| condition.status);
    status_body(view.standing.shown(), since, view.explanations.first(), view.next.as_ref(), all)
}

fn conditions_of(view: &CustomerView) -> Vec<ConditionBody> {
    let conditions = view.standing.conditions.iter().zip(&view.explanations);
    conditions
        .map(|(condition, reason)| ConditionBody {
            code: condition.status.code().to_owned(),
            label: condition.status.label().to_owned(),
            since: condition.since.map(Moment),
            until: condition.until.map(Moment),
            reason: reason.sentence.clone(),
            reason_code: reason.code.code().to_owned(),
            reason_values: ReasonValues::from(reason),
        })
        .collect()
}
