//! Owns making, changing and ending customers: from `customer_info` to the use cases.
//! Does not own: what is allowed (usecase, domain).

use trunkline_usecase::customer::{self, CustomerChange, CustomerNew, CustomerView, Fixed, Termination, TogetherChange};
use trunkline_usecase::domain::billing::BillingPeriod;
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;

use super::info::{control_number, type_number};
use super::{CONTACT, fault};
use crate::error::Fault;
use crate::fields::Fields;
use crate::generic;
use crate::reply::{Object, Reply};
use crate::router::Call;

/// Address lines of older releases, which follow `baddr1`.
const OLD_LINES: [&str; 4] = ["baddr2", "baddr3", "baddr4", "baddr5"];

/// A text that is to be kept; an empty one and null stand for none.
fn kept(info: &Fields, name: &str) -> Result<Option<String>, Fault> {
    let text = info.text(name)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(if name == "country" { text.map(|code| code.to_ascii_uppercase()) } else { text })
}

/// Our name and the new value of each contact field that is given.
fn contact(info: &Fields) -> Result<Vec<(String, Option<String>)>, Fault> {
    let mut found = Vec::new();
    for (name, ours) in CONTACT {
        if info.has(name) {
            found.push((ours.to_owned(), kept(info, name)?));
        }
    }
    if !info.is_given("address_line_2") {
        let lines: Result<Vec<Option<String>>, Fault> = OLD_LINES.iter().map(|name| kept(info, name)).collect();
        let lines: Vec<String> = lines?.into_iter().flatten().collect();
        if !lines.is_empty() {
            found.retain(|(name, _)| name != "address_line_2");
            found.push(("address_line_2".to_owned(), Some(lines.join(", "))));
        }
    }
    Ok(found)
}

fn control(info: &Fields) -> Result<Option<BalanceControl>, Fault> {
    let Some(number) = info.int("i_balance_control_type")? else { return Ok(None) };
    let known = BalanceControl::ALL.into_iter().find(|control| control_number(*control) == number);
    known.map(Some).ok_or_else(|| Fault::field("i_balance_control_type", "wrong_value", "1 (postpaid) or 2 (prepaid)"))
}

fn customer_type(info: &Fields) -> Result<Option<CustomerType>, Fault> {
    let Some(number) = info.int("i_customer_type")? else { return Ok(None) };
    let known = CustomerType::ALL.into_iter().find(|kind| type_number(*kind) == number);
    known.map(Some).ok_or_else(|| Fault::field("i_customer_type", "wrong_value", "1 (retail) or 2 (reseller)"))
}

fn billing_period(info: &Fields) -> Result<Option<BillingPeriod>, Fault> {
    let Some(number) = info.int("i_billing_period")? else { return Ok(None) };
    let known = BillingPeriod::from_number(number);
    known.map(Some).ok_or_else(|| Fault::field("i_billing_period", "wrong_value", "1 to 6"))
}

fn time_zone(info: &Fields) -> Result<Option<String>, Fault> {
    let Some(number) = info.int("i_time_zone")? else { return Ok(None) };
    let known = generic::time_zone_name(number).map(str::to_owned);
    known.map(Some).ok_or_else(|| Fault::field("i_time_zone", "wrong_value", "one of Generic/get_time_zone_list"))
}

fn info_of(call: &Call) -> Result<Fields, Fault> {
    call.fields.object("customer_info")?.ok_or_else(|| Fault::field("customer_info", "required", "give it"))
}

fn required<T>(name: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| Fault::field(name, "required", "give it"))
}

/// The customer that is to be made.
fn new_customer(info: &Fields) -> Result<CustomerNew, Fault> {
    if info.yes_no("blocked")? == Some(true) {
        return Err(Fault::field("blocked", "unsupported_value", "a customer is made open; block it with update_customer"));
    }
    if info.text_given("bill_status")?.is_some_and(|status| status != "O") {
        return Err(Fault::field("bill_status", "unsupported_value", "a customer is made open"));
    }
    let mut known = Contact::default();
    for (name, value) in contact(info)? {
        if let Some(place) = known.field_mut(&name) {
            *place = value;
        }
    }
    let permanent = info.amount("perm_credit_limit")?;
    Ok(CustomerNew {
        name: required("name", info.text("name")?)?,
        customer_type: customer_type(info)?.unwrap_or(CustomerType::Retail),
        reseller_id: info.int("i_parent")?.filter(|parent| *parent != 0),
        customer_class_id: required("i_customer_class", info.int("i_customer_class")?)?,
        balance_control: control(info)?.unwrap_or(BalanceControl::Postpaid),
        currency: required("iso_4217", info.text("iso_4217")?)?,
        time_zone: time_zone(info)?.unwrap_or_else(|| "UTC".to_owned()),
        billing_period: billing_period(info)?.unwrap_or(BillingPeriod::Monthly),
        opening_balance: info.amount("opening_balance")?.unwrap_or(Money::ZERO),
        credit_limit: if permanent.is_some() { permanent } else { info.amount("credit_limit")? },
        spending_plan_id: None,
        suspend_on_insufficient_funds: info.flag("suspend_on_insuff_funds")?,
        login: kept(info, "login")?,
        reference: kept(info, "refnum")?,
        contact: known,
    })
}

/// Callers read a customer, change a field and send it all back: what is as it was must pass, and what we derive is not
/// looked at.
fn changed_customer(info: &Fields) -> Result<TogetherChange, Fault> {
    let text = |name: &str| if info.has(name) { kept(info, name).map(Some) } else { Ok(None) };
    let (credit_limit, temporary_limit) = limits(info)?;
    let record = CustomerChange {
        name: info.text("name")?,
        customer_class_id: info.int("i_customer_class")?,
        time_zone: time_zone(info)?,
        billing_period: billing_period(info)?,
        credit_limit,
        temporary_limit,
        suspend_on_insufficient_funds: if info.has("suspend_on_insuff_funds") { Some(info.flag("suspend_on_insuff_funds")?) } else { None },
        login: text("login")?,
        reference: text("refnum")?,
        contact: contact(info)?,
        ..CustomerChange::default()
    };
    let fixed = Fixed {
        currency: info.text_given("iso_4217")?,
        balance_control: control(info)?,
        customer_type: customer_type(info)?,
        reseller_id: if info.has("i_parent") { Some(info.int("i_parent")?.filter(|parent| *parent != 0)) } else { None },
        opening_balance: info.amount("opening_balance")?,
    };
    let lifted_through = if info.has("suspension_delay_date") { Some(info.day("suspension_delay_date")?) } else { None };
    Ok(TogetherChange { record, blocked: info.yes_no("blocked")?, lifted_through, fixed })
}

type Limits = (Option<Option<Money>>, Option<Option<TemporaryLimit>>);

/// The permanent limit and the temporary one. `credit_limit` is the one in force: with `credit_limit_until` it is
/// temporary, and `perm_credit_limit` is what holds afterwards; without, it is permanent.
fn limits(info: &Fields) -> Result<Limits, Fault> {
    let amount = |name: &str| if info.has(name) { info.amount(name).map(Some) } else { Ok(None) };
    let (in_force, permanent) = (amount("credit_limit")?, amount("perm_credit_limit")?);
    match info.moment("credit_limit_until")? {
        Some(until) => {
            let amount = required("credit_limit", in_force.flatten())?;
            Ok((permanent, Some(Some(TemporaryLimit { amount, until }))))
        }
        None => Ok((in_force.or(permanent), info.has("credit_limit_until").then_some(None))),
    }
}

fn render_id(view: &CustomerView) -> String {
    let mut out = Object::new(false);
    out.int("i_customer", view.customer.customer_id);
    out.finish()
}

fn render_success(_: &CustomerView) -> String {
    success().finish()
}

fn success() -> Object {
    let mut out = Object::new(false);
    out.int("success", 1);
    out
}

pub async fn add_customer(call: Call) -> Result<Reply, Fault> {
    let new = new_customer(&info_of(&call)?)?;
    let made = customer::create(&call.state.app, &call.context, new, render_id).await?;
    Ok(made.map_err(fault)?.into())
}

pub async fn update_customer(call: Call) -> Result<Reply, Fault> {
    let info = info_of(&call)?;
    let customer_id: Id = info.id("i_customer")?;
    let wanted = changed_customer(&info)?;
    let changed = customer::update_together(&call.state.app, &call.context, customer_id, wanted, render_id).await?;
    Ok(changed.map_err(fault)?.into())
}

/// Tells whether `add_customer`, or with `i_customer` `update_customer`, would take it. Answers with what was sent.
pub async fn validate_customer_info(call: Call) -> Result<Reply, Fault> {
    let info = info_of(&call)?;
    let (app, context) = (&call.state.app, &call.context);
    let outcome = match info.int("i_customer")? {
        Some(customer_id) => customer::validate_update(app, context, customer_id, changed_customer(&info)?.record).await?,
        None => customer::validate_create(app, context, new_customer(&info)?).await?,
    };
    outcome.map_err(fault)?;
    let mut out = Object::new(false);
    out.raw("customer_info", call.fields.object_text("customer_info").unwrap_or("{}"));
    Ok(out.into())
}

pub async fn delete_customer(call: Call) -> Result<Reply, Fault> {
    let customer_id = call.fields.id("i_customer")?;
    customer::delete(&call.state.app, &call.context, customer_id).await?.map_err(fault)?;
    Ok(success().into())
}

/// For good. Notifications are not sent yet, so that suppressing them (in either spelling) changes nothing.
pub async fn terminate_customer(call: Call) -> Result<Reply, Fault> {
    let customer_id = call.fields.id("i_customer")?;
    let (app, context) = (&call.state.app, &call.context);
    let ended = customer::terminate(app, context, customer_id, Termination::Permanent, None, render_success).await?;
    Ok(ended.map_err(fault)?.into())
}
