//! Owns `customer_info`: how a customer is told in the vendor's terms.
//! Does not own: what follows from a customer's facts (domain).

use trunkline_usecase::customer::{CustomerView, Found};
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType};
use trunkline_usecase::domain::hold::HoldKind;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::status::CustomerStatus;
use trunkline_usecase::domain::time::Timestamp;

use super::CONTACT;
use crate::error::Fault;
use crate::generic;
use crate::reply::Object;

/// What is told beyond the usual.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub status: bool,
    /// What needs no asking in a list of many.
    pub details: bool,
    pub login: bool,
    pub time_zone_name: bool,
    /// What the class decides takes the place of "as the class says".
    pub effective_suspend: Option<bool>,
}

pub const fn type_number(kind: CustomerType) -> i64 {
    match kind {
        CustomerType::Retail => 1,
        CustomerType::Reseller => 2,
    }
}

pub const fn control_number(control: BalanceControl) -> i64 {
    match control {
        BalanceControl::Postpaid => 1,
        BalanceControl::Prepaid => 2,
    }
}

/// Single-valued where we keep several conditions: the strongest of those that it can say.
pub fn bill_status(view: &CustomerView) -> &'static str {
    let holds = |status| view.standing.holds(status);
    if holds(CustomerStatus::Closed) {
        "C"
    } else if holds(CustomerStatus::Exported) {
        "E"
    } else if holds(CustomerStatus::ProvisionallyTerminated) {
        "D"
    } else if holds(CustomerStatus::Suspended) || holds(CustomerStatus::SuspensionDelayed) {
        "S"
    } else {
        "O"
    }
}

/// The last day of a lifted suspension, in the customer's zone.
fn lifted_through(view: &CustomerView) -> Option<String> {
    let until = view.facts.lifted_until.filter(|until| view.at < *until)?;
    Some(view.facts.zone.date_of(until.plus_seconds(-1)).to_string())
}

/// When a termination that is planned begins, and when one that has begun becomes permanent.
fn termination_moments(view: &CustomerView) -> (Option<Timestamp>, Option<Timestamp>) {
    let holds = || view.facts.holds.iter().filter(|hold| hold.kind == HoldKind::Termination);
    let planned = holds().map(|hold| hold.since).filter(|since| *since > view.at).min();
    let begun = view.standing.conditions.iter().find(|condition| condition.status == CustomerStatus::ProvisionallyTerminated);
    (planned, begun.and_then(|condition| condition.until))
}

/// A customer as `customer_info`.
pub fn write(found: &Found, mut out: Object, wanted: Wanted) -> Result<String, Fault> {
    let view = &found.view;
    let customer = &view.customer;
    out.int("i_customer", customer.customer_id);
    out.text("name", &customer.name);
    let shown = view.standing.shown();
    if wanted.status && shown != CustomerStatus::Active {
        out.text("status", shown.code());
    }
    if out.is_exact() {
        let all: Vec<String> = view.standing.conditions.iter().map(|condition| crate::reply::quoted(condition.status.code())).collect();
        out.list("statuses", &all);
    }
    out.text("bill_status", bill_status(view));
    out.yes_no("blocked", view.facts.hold_at(HoldKind::Block, view.at).is_some());
    out.text("billing_lock", if view.standing.holds(CustomerStatus::BillingPaused) { "F" } else { "N" });
    out.int("i_customer_type", type_number(customer.customer_type));
    out.int_or_null("i_parent", customer.reseller_id);
    out.int("i_customer_class", customer.customer_class_id);
    out.int("i_office_type", 1);
    write_money(view, &mut out)?;
    write_times(view, &mut out, wanted);
    for ((name, _), value) in CONTACT.iter().zip(customer.contact.fields()) {
        out.text_or_empty(name, value.as_deref());
    }
    out.text_or_empty("refnum", customer.reference.as_deref());
    if wanted.login {
        out.text_or_null("login", customer.login.as_deref());
    }
    if let Some(is_used) = found.is_used {
        out.flag("is_used", is_used);
    }
    if wanted.details {
        out.text("customer_class_name", &view.class_name);
        out.text_or_null("parent_name", view.reseller.as_ref().map(|(_, name)| name.as_str()));
    }
    Ok(out.finish())
}

fn write_money(view: &CustomerView, out: &mut Object) -> Result<(), Fault> {
    let customer = &view.customer;
    let permanent = match customer.balance_control {
        BalanceControl::Postpaid => customer.credit_limit,
        BalanceControl::Prepaid => customer.credit_limit.or(Some(Money::ZERO)),
    };
    out.int("i_balance_control_type", control_number(customer.balance_control));
    out.text("iso_4217", customer.currency.code());
    out.money("balance", view.facts.balance);
    out.money_or_null("credit_limit", view.facts.effective_limit(view.at));
    out.money_or_null("perm_credit_limit", permanent);
    let temporary = customer.temporary_limit.filter(|limit| view.at < limit.until);
    out.time_or_null("credit_limit_until", temporary.map(|limit| limit.until));
    out.flag("credit_exceed", view.facts.is_exhausted(view.at));
    out.money("opening_balance", customer.opening_balance);
    out.money("unallocated_payments", view.facts.unallocated);
    if out.is_exact() {
        out.money_or_null("available_funds", view.available_funds()?);
    }
    Ok(())
}

fn write_times(view: &CustomerView, out: &mut Object, wanted: Wanted) {
    let customer = &view.customer;
    let (begun, next) = customer.billing_period.containing(view.at, customer.created_at, &customer.zone);
    out.int("i_billing_period", customer.billing_period.number());
    out.time_or_null("billed_to", Some(begun));
    out.time_or_null("next_billed_to", Some(next));
    out.time_or_null("creation_date", Some(customer.created_at));
    out.int_or_null("i_time_zone", generic::time_zone_number(customer.zone.name()));
    out.null("i_ui_time_zone");
    if wanted.time_zone_name {
        out.text("time_zone_name", customer.zone.name());
    }
    let is_suspended = [CustomerStatus::SuspensionDelayed, CustomerStatus::LimitingDelayed];
    out.text_or_null("suspension_delay_date", lifted_through(view).as_deref());
    out.flag("bill_suspension_delayed", is_suspended.into_iter().any(|status| view.standing.holds(status)));
    let (planned, closes) = termination_moments(view);
    out.time_or_null("deactivate_on", planned);
    out.time_or_null("terminate_on", closes);
    let suspend = customer.suspend_on_insufficient_funds.or(wanted.effective_suspend);
    out.int_or_null("suspend_on_insuff_funds", suspend.map(i64::from));
}
