//! Owns the routes of customers: the list, one customer, making, changing, deleting.
//! Does not own: their shapes (shape.rs) and what is done to a status or a balance (action.rs).

pub mod action;
pub mod shape;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use trunkline_usecase::Context;
use trunkline_usecase::customer::{
    self, CustomerChange, CustomerKey, CustomerNew, CustomerView, ListRequest, NameSearch, PageWanted, TotalWanted,
};
use trunkline_usecase::domain::billing::BillingPeriod;
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::{Currency, Money};
use trunkline_usecase::domain::status::CustomerStatus;

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::limits::{ROWS_DEFAULT, ROWS_MAX};
use crate::value::{Amount, Moment, given};
use crate::word;
use shape::{AddressBody, CustomerBody, CustomerPageBody};

/// What the list is asked for. Everything given must hold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Part of a name.
    #[schemars(length(max = 100))]
    search: Option<String>,
    /// starts_with where left out; contains and ends_with need three characters.
    #[serde(rename = "match")]
    #[schemars(with = "Option<word::Match>")]
    match_mode: Option<String>,
    /// Statuses, separated by commas; any of them.
    status: Option<String>,
    #[schemars(with = "Option<word::BalanceControl>")]
    balance_control: Option<String>,
    /// ISO 4217.
    currency: Option<String>,
    class_id: Option<Id>,
    /// A reseller's id, or `none`.
    reseller_id: Option<String>,
    /// name (default), status, balance_control, currency, balance, credit_limit or available_funds; with `-` before it, descending.
    sort: Option<String>,
    /// Rows of the page.
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
    /// The page after this cursor.
    #[schemars(length(max = 2000))]
    after: Option<String>,
    /// The page before this cursor.
    #[schemars(length(max = 2000))]
    before: Option<String>,
    /// `last` for the last page.
    at: Option<String>,
    /// bounded (default: exact up to 10,000), exact or none.
    total: Option<String>,
}

fn unknown(field: &str, code: &str, choices: &str) -> Problem {
    Problem::field(field, code, format!("one of {choices}"))
}

impl ListQuery {
    fn request(self) -> Result<ListRequest, Problem> {
        use trunkline_usecase::customer::{ListSort, MatchMode};
        let mode = match self.match_mode.as_deref() {
            None | Some("starts_with") => MatchMode::StartsWith,
            Some("contains") => MatchMode::Contains,
            Some("exactly") => MatchMode::Exactly,
            Some("ends_with") => MatchMode::EndsWith,
            Some(_) => return Err(unknown("match", "unknown_match", "starts_with, contains, exactly, ends_with")),
        };
        let statuses = self.status.iter().flat_map(|codes| codes.split(',')).filter(|code| !code.is_empty());
        let statuses = statuses
            .map(|code| CustomerStatus::parse(code).ok_or_else(|| unknown("status", "unknown_status", "the codes of /api/v1/statuses")))
            .collect::<Result<Vec<_>, _>>()?;
        let control = self.balance_control.map(|code| {
            BalanceControl::parse(&code).ok_or_else(|| unknown("balance_control", "unknown_balance_control", "postpaid, prepaid"))
        });
        let currency = self
            .currency
            .map(|code| Currency::parse(&code).map_err(|problem| Problem::field("currency", "unknown_currency", problem.to_string())));
        let reseller_id = self.reseller_id.map(|text| match text.as_str() {
            "none" => Ok(None),
            number => number.parse().map(Some).map_err(|_| Problem::field("reseller_id", "malformed", "an id, or none")),
        });
        let sort = self.sort.as_deref().unwrap_or("name");
        let (code, descending) = sort.strip_prefix('-').map_or((sort, false), |code| (code, true));
        let choices = || unknown("sort", "unknown_sort", &ListSort::ALL.map(ListSort::code).join(", "));
        let sort = ListSort::parse(code).ok_or_else(choices)?;
        let limit = self.limit.unwrap_or(ROWS_DEFAULT);
        if limit == 0 || limit > ROWS_MAX {
            return Err(Problem::field("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
        }
        let page = match (self.after, self.before, self.at.as_deref()) {
            (None, None, None) => PageWanted::First,
            (Some(cursor), None, None) => PageWanted::After(cursor),
            (None, Some(cursor), None) => PageWanted::Before(cursor),
            (None, None, Some("last")) => PageWanted::Last,
            (None, None, Some(_)) => return Err(unknown("at", "unknown_page", "last")),
            _ => return Err(Problem::field("after", "ambiguous", "give one of after, before and at")),
        };
        let total = match self.total.as_deref() {
            None | Some("bounded") => TotalWanted::Bounded,
            Some("exact") => TotalWanted::Exact,
            Some("none") => TotalWanted::None,
            Some(_) => return Err(unknown("total", "unknown_total", "bounded, exact, none")),
        };
        Ok(ListRequest {
            name: self.search.filter(|text| !text.is_empty()).map(|text| NameSearch { text, mode }),
            statuses,
            balance_control: control.transpose()?,
            currency: currency.transpose()?,
            customer_class_id: self.class_id,
            reseller_id: reseller_id.transpose()?,
            sort: Some(sort),
            descending,
            limit,
            page,
            total,
            without_reasons: false,
        })
    }
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<CustomerPageBody>, Problem> {
    let page = wait(customer::list(&state.app, &read.context, read.query.request()?)).await?;
    Ok(Json(CustomerPageBody::of(page)))
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
fn as_named_here(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if error.field == "customer_class_id" {
            "class_id".clone_into(&mut error.field);
        } else if Contact::LIMITS.iter().any(|(field, _)| *field == error.field) {
            error.field = format!("address.{}", error.field);
        }
    }
    problem
}

/// A customer to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerNewBody {
    /// Unique among all customers, whatever its capitals.
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// retail (default) or reseller.
    #[serde(rename = "type")]
    customer_type: Option<String>,
    /// The reseller it belongs to.
    reseller_id: Option<Id>,
    class_id: Id,
    /// postpaid (default) or prepaid. Never changes.
    balance_control: Option<String>,
    /// ISO 4217. Never changes.
    currency: String,
    /// The billing zone, of the IANA database. UTC where it is left out.
    time_zone: Option<String>,
    /// daily, weekly, semimonthly, monthly (default), monthly_anniversary or thirty_days.
    billing_period: Option<String>,
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

fn choice<T>(field: &str, code: Option<&str>, default: T, parse: fn(&str) -> Option<T>, choices: &str) -> Result<T, Problem> {
    code.map_or(Ok(default), |code| parse(code).ok_or_else(|| unknown(field, "unknown_choice", choices)))
}

const PERIODS: &str = "daily, weekly, semimonthly, monthly, monthly_anniversary, thirty_days";

impl CustomerNewBody {
    fn new_customer(self) -> Result<CustomerNew, Problem> {
        let kind = choice("type", self.customer_type.as_deref(), CustomerType::Retail, CustomerType::parse, "retail, reseller")?;
        let control = self.balance_control.as_deref();
        let period = self.billing_period.as_deref();
        Ok(CustomerNew {
            name: self.name,
            customer_type: kind,
            reseller_id: self.reseller_id,
            customer_class_id: self.class_id,
            balance_control: choice("balance_control", control, BalanceControl::Postpaid, BalanceControl::parse, "postpaid, prepaid")?,
            currency: self.currency,
            time_zone: self.time_zone.unwrap_or_else(|| "UTC".to_owned()),
            billing_period: choice("billing_period", period, BillingPeriod::Monthly, BillingPeriod::parse, PERIODS)?,
            opening_balance: self.opening_balance.map_or(Money::ZERO, |amount| amount.0),
            credit_limit: self.credit_limit.map(|amount| amount.0),
            spending_plan_id: None,
            suspend_on_insufficient_funds: self.suspend_on_insufficient_funds,
            login: self.login,
            reference: self.reference,
            contact: self.address.contact(),
        })
    }
}

pub async fn create(State(state): State<ApiState>, write: Write<CustomerNewBody>) -> Result<Created<CustomerBody>, Problem> {
    let new = write.body.new_customer()?;
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
pub struct CustomerChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    class_id: Option<Id>,
    time_zone: Option<String>,
    billing_period: Option<String>,
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
        let period = self.billing_period.as_deref();
        let billing_period = period
            .map(|code| BillingPeriod::parse(code).ok_or_else(|| unknown("billing_period", "unknown_choice", PERIODS)))
            .transpose()?;
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
            billing_period,
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
