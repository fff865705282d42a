//! Owns the routes of customers: the list, one customer, making, changing, deleting.
//! Does not own: what the list is asked for (query.rs), their shapes (shape.rs) and what is done to a status or a balance (action.rs), to
//! many at once (bulk.rs), the list as a file (export.rs).

pub mod action;
pub mod bulk;
pub mod export;
pub mod query;
pub mod shape;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use trunkline_usecase::Context;
use trunkline_usecase::customer::{self, CustomerChange, CustomerKey, CustomerNew, CustomerView};
use trunkline_usecase::domain::billing::BillingPeriod;
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::value::{Amount, Moment, given};
use crate::word;
use query::{ListQuery, SummaryQuery};
use shape::{AddressBody, CustomerBody, CustomerPageBody, SummaryBody};

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<CustomerPageBody>, Problem> {
    let page = wait(customer::list(&state.app, &read.context, read.query.request()?)).await?;
    Ok(Json(CustomerPageBody::of(page)))
}

pub async fn summary(State(state): State<ApiState>, read: Read<SummaryQuery>) -> Result<Json<SummaryBody>, Problem> {
    let summary = wait(customer::summary(&state.app, &read.context, &read.query.wanted()?)).await?;
    Ok(Json(SummaryBody::of(summary)))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<CustomerBody>, Problem> {
    let view = wait(customer::get(&state.app, &read.context, CustomerKey::Id(id))).await?;
    Ok(Json(CustomerBody::of(&view)))
}

/// How a changed customer is written, first and at every repeat.
pub fn rendered(view: &CustomerView) -> String {
    render(&CustomerBody::of(view))
}

/// The use case names fields as its own structures do; here the address is an object and the class is `class_id`.
fn as_named_here(problem: Problem) -> Problem {
    problem.renamed(|field| match field {
        "customer_class_id" => "class_id".to_owned(),
        field if Contact::LIMITS.iter().any(|(known, _)| *known == field) => format!("address.{field}"),
        field => field.to_owned(),
    })
}

/// A customer to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "name": "Öhler Bau", "class_id": 317_561_241_600_001_i64, "currency": "EUR", "time_zone": "Europe/Berlin", "credit_limit": "500",
    "address": { "company_name": "Öhler Bau GmbH", "email": "office@customer.example", "country": "DE" }
}))]
pub struct CustomerNewBody {
    /// Unique among all customers, whatever its capitals.
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// retail where left out. Never changes.
    #[serde(rename = "type")]
    customer_type: Option<word::CustomerType>,
    /// The reseller it belongs to.
    reseller_id: Option<Id>,
    class_id: Id,
    /// postpaid where left out. Never changes.
    balance_control: Option<word::BalanceControl>,
    /// ISO 4217. Never changes.
    #[schemars(length(equal = 3))]
    currency: String,
    /// The billing zone, of the IANA database. UTC where it is left out.
    #[schemars(length(max = 64))]
    time_zone: Option<String>,
    /// monthly where left out.
    billing_period: Option<word::BillingPeriod>,
    /// What it owes at the start; below zero is an advance. Never changes.
    opening_balance: Option<Amount>,
    /// Postpaid without one is unlimited.
    credit_limit: Option<Amount>,
    /// Null or left out: as its class says.
    suspend_on_insufficient_funds: Option<bool>,
    /// For self-care; unique among all customers.
    #[schemars(length(max = 64))]
    login: Option<String>,
    /// The customer's number in another system.
    #[schemars(length(max = 64))]
    reference: Option<String>,
    #[serde(default)]
    address: AddressBody,
}

impl CustomerNewBody {
    fn new_customer(self) -> CustomerNew {
        CustomerNew {
            name: self.name,
            customer_type: self.customer_type.map_or(CustomerType::Retail, |kind| kind.0),
            reseller_id: self.reseller_id,
            customer_class_id: self.class_id,
            balance_control: self.balance_control.map_or(BalanceControl::Postpaid, |control| control.0),
            currency: self.currency,
            time_zone: self.time_zone.unwrap_or_else(|| "UTC".to_owned()),
            billing_period: self.billing_period.map_or(BillingPeriod::Monthly, |period| period.0),
            opening_balance: self.opening_balance.map_or(Money::ZERO, |amount| amount.0),
            credit_limit: self.credit_limit.map(|amount| amount.0),
            spending_plan_id: None,
            suspend_on_insufficient_funds: self.suspend_on_insufficient_funds,
            login: self.login,
            reference: self.reference,
            contact: self.address.contact(),
        }
    }
}

pub async fn create(State(state): State<ApiState>, write: Write<CustomerNewBody>) -> Result<Created<CustomerBody>, Problem> {
    let new = write.body.new_customer();
    let made = wait(customer::create(&state.app, &write.context, new, rendered)).await;
    Ok(Created::new(made.map_err(as_named_here)?))
}

/// A credit limit that holds until a moment.
#[derive(Debug, serde::Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemporaryLimitBody {
    pub amount: Amount,
    pub until: Moment,
}

/// What is to be changed. A field that is left out stays; null takes its value away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "version": 1, "credit_limit": "500", "temporary_credit_limit": { "amount": "750.5", "until": "2027-01-01T00:00:00Z" },
    "address": { "phone_1": null }
}))]
pub struct CustomerChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    class_id: Option<Id>,
    #[schemars(length(max = 64))]
    time_zone: Option<String>,
    billing_period: Option<word::BillingPeriod>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Amount>")]
    credit_limit: Option<Option<Amount>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<TemporaryLimitBody>")]
    temporary_credit_limit: Option<Option<TemporaryLimitBody>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<bool>")]
    suspend_on_insufficient_funds: Option<Option<bool>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 64))]
    login: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 64))]
    reference: Option<Option<String>>,
    /// The address fields that change.
    #[serde(default)]
    #[schemars(with = "AddressBody")]
    address: serde_json::Map<String, serde_json::Value>,
}

impl CustomerChangeBody {
    fn change(self) -> Result<CustomerChange, Problem> {
        let mut contact = Vec::new();
        for (field, value) in self.address {
            if !Contact::LIMITS.iter().any(|(known, _)| *known == field) {
                return Err(Problem::field(format!("address.{field}"), "unknown_field", "there is no such field here"));
            }
            let value = match value {
                serde_json::Value::Null => None,
                serde_json::Value::String(text) => Some(text),
                _ => return Err(Problem::field(format!("address.{field}"), "malformed", "a text or null")),
            };
            contact.push((field, value));
        }
        Ok(CustomerChange {
            version: self.version,
            name: self.name,
            customer_class_id: self.class_id,
            time_zone: self.time_zone,
            billing_period: self.billing_period.map(|period| period.0),
            credit_limit: self.credit_limit.map(|limit| limit.map(|amount| amount.0)),
            temporary_limit: self
                .temporary_credit_limit
                .map(|limit| limit.map(|limit| TemporaryLimit { amount: limit.amount.0, until: limit.until.0 })),
            suspend_on_insufficient_funds: self.suspend_on_insufficient_funds,
            login: self.login,
            reference: self.reference,
            contact,
        })
    }
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<CustomerChangeBody>,
) -> Result<Rendered<CustomerBody>, Problem> {
    let change = write.body.change()?;
    let changed = wait(customer::update(&state.app, &write.context, id, change, rendered)).await;
    Ok(Rendered::new(changed.map_err(as_named_here)?))
}

pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    let context: Context = write.context;
    wait(customer::delete(&state.app, &context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
