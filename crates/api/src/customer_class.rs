//! Owns the routes of customer classes and their shapes.
//! Does not own: what a policy does.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::customer::Total;
use trunkline_usecase::customer_class::{self, ClassListRequest, ClassSort, CustomerClassChange, CustomerClassNew};
use trunkline_usecase::domain::customer_class::{CLOSE_AFTER_DAYS_DEFAULT, CollectionPolicy, CustomerClass};
use trunkline_usecase::domain::id::Id;

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::customer::shape::{PageBody, TotalBody};
use crate::error::Problem;
use crate::page::{page_wanted, rows_wanted};
use crate::value::{Moment, given};
use crate::word;

/// Billing policy that many customers share. Days of collection count from the day after an invoice's due date; null leaves a step out.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CustomerClassBody {
    pub id: Id,
    pub name: String,
    /// Only customers in this currency, or any.
    pub currency: Option<String>,
    pub payment_terms_days: i64,
    pub limit_after_days: Option<i64>,
    pub suspend_after_days: Option<i64>,
    pub terminate_after_days: Option<i64>,
    /// From provisional to permanent termination.
    pub close_after_days: i64,
    pub suspend_on_insufficient_funds: bool,
    pub created_at: Moment,
    pub version: i64,
}

impl CustomerClassBody {
    fn of(class: &CustomerClass) -> CustomerClassBody {
        let policy = &class.collection;
        CustomerClassBody {
            id: class.customer_class_id,
            name: class.name.clone(),
            currency: class.currency.map(|currency| currency.code().to_owned()),
            payment_terms_days: policy.payment_terms_days,
            limit_after_days: policy.limit_after_days,
            suspend_after_days: policy.suspend_after_days,
            terminate_after_days: policy.terminate_after_days,
            close_after_days: policy.close_after_days,
            suspend_on_insufficient_funds: class.suspend_on_insufficient_funds,
            created_at: Moment(class.created_at),
            version: class.version,
        }
    }
}

fn rendered(class: &CustomerClass) -> String {
    render(&CustomerClassBody::of(class))
}

/// What the list is asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// A name, or a part of one.
    #[schemars(length(max = 100))]
    search: Option<String>,
    /// starts_with where left out.
    #[serde(rename = "match")]
    match_mode: Option<word::Match>,
    /// name where left out.
    sort: Option<word::ClassSort>,
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
    #[schemars(length(max = 2000))]
    after: Option<String>,
    #[schemars(length(max = 2000))]
    before: Option<String>,
    /// The last page.
    at: Option<word::At>,
    /// Always exact: classes are few.
    total: Option<word::BoundedTotal>,
}

/// One page of customer classes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CustomerClassPageBody {
    pub items: Vec<CustomerClassBody>,
    pub page: PageBody,
    pub total: Option<TotalBody>,
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<CustomerClassPageBody>, Problem> {
    let query = read.query;
    let limit = rows_wanted(query.limit)?;
    let with_total = query.total.is_none_or(|total| total.0);
    let (sort, descending) = query.sort.map_or((ClassSort::Name, false), |sort| sort.0);
    let request = ClassListRequest {
        search: query.search,
        mode: query.match_mode.map(|mode| mode.0),
        sort,
        descending,
        limit,
        page: page_wanted(query.after, query.before, query.at.is_some())?,
    };
    let page = wait(customer_class::list(&state.app, &read.context, request)).await?;
    let Total { count, exact } = page.total;
    Ok(Json(CustomerClassPageBody {
        items: page.rows.iter().map(CustomerClassBody::of).collect(),
        page: PageBody { next: page.next, previous: page.previous, first_position: page.first_position },
        total: with_total.then_some(TotalBody { count, exact }),
    }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<CustomerClassBody>, Problem> {
    Ok(Json(CustomerClassBody::of(&wait(customer_class::get(&state.app, &read.context, id)).await?)))
}

/// A class to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "name": "Key accounts", "currency": "EUR", "payment_terms_days": 30, "suspend_after_days": 20 }))]
pub struct CustomerClassNewBody {
    #[schemars(length(min = 1, max = 100))]
    name: String,
    #[schemars(length(equal = 3))]
    currency: Option<String>,
    #[serde(default)]
    #[schemars(range(min = 0, max = 3650))]
    payment_terms_days: i64,
    #[schemars(range(min = 0, max = 3650))]
    limit_after_days: Option<i64>,
    #[schemars(range(min = 0, max = 3650))]
    suspend_after_days: Option<i64>,
    #[schemars(range(min = 0, max = 3650))]
    terminate_after_days: Option<i64>,
    /// 30 where left out.
    #[schemars(range(min = 0, max = 3650))]
    close_after_days: Option<i64>,
    #[serde(default)]
    suspend_on_insufficient_funds: bool,
}

pub async fn create(State(state): State<ApiState>, write: Write<CustomerClassNewBody>) -> Result<Created<CustomerClassBody>, Problem> {
    let body = write.body;
    let new = CustomerClassNew {
        name: body.name,
        currency: body.currency,
        collection: CollectionPolicy {
            payment_terms_days: body.payment_terms_days,
            limit_after_days: body.limit_after_days,
            suspend_after_days: body.suspend_after_days,
            terminate_after_days: body.terminate_after_days,
            close_after_days: body.close_after_days.unwrap_or(CLOSE_AFTER_DAYS_DEFAULT),
        },
        suspend_on_insufficient_funds: body.suspend_on_insufficient_funds,
    };
    Ok(Created::new(wait(customer_class::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays; null leaves a step out. Issued invoices keep the steps they have planned.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "suspend_after_days": 30, "terminate_after_days": null }))]
pub struct CustomerClassChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    #[schemars(range(min = 0, max = 3650))]
    payment_terms_days: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 0, max = 3650))]
    limit_after_days: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 0, max = 3650))]
    suspend_after_days: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 0, max = 3650))]
    terminate_after_days: Option<Option<i64>>,
    #[schemars(range(min = 0, max = 3650))]
    close_after_days: Option<i64>,
    suspend_on_insufficient_funds: Option<bool>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<CustomerClassChangeBody>,
) -> Result<Rendered<CustomerClassBody>, Problem> {
    let body = write.body;
    let change = CustomerClassChange {
        version: body.version,
        name: body.name,
        payment_terms_days: body.payment_terms_days,
        limit_after_days: body.limit_after_days,
        suspend_after_days: body.suspend_after_days,
        terminate_after_days: body.terminate_after_days,
        close_after_days: body.close_after_days,
        suspend_on_insufficient_funds: body.suspend_on_insufficient_funds,
    };
    Ok(Rendered::new(wait(customer_class::update(&state.app, &write.context, id, change, rendered)).await?))
}
