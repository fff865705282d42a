//! Owns the routes of the inventory of DID numbers and their shapes.
//! Does not own: what may be done with a number (usecase, domain).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::customer::Total;
use trunkline_usecase::did::{self, DidChange, DidHolder, DidListRequest, DidNew, DidView};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::customer::shape::{Named, PageBody, TotalBody};
use crate::error::Problem;
use crate::page::{page_wanted, rows_wanted};
use crate::value::{Amount, Moment, given};
use crate::word;

/// A number that is rented to customers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct DidBody {
    pub id: Id,
    /// Digits as they are dialled abroad, without a plus.
    pub number: String,
    /// free: in the pool. on_customer: a customer has it, and none of its accounts. on_account: calls to it find the account.
    /// frozen: kept back.
    #[schemars(with = "word::DidState")]
    pub state: String,
    pub description: Option<String>,
    pub free_of_charge: bool,
    pub activation_fee: Amount,
    pub periodic_fee: Amount,
    pub customer: Option<Named>,
    pub account: Option<DidAccountBody>,
    pub assigned_at: Option<Moment>,
    /// When it was given back last.
    pub released_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i64,
}

/// The account that calls to the number find.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct DidAccountBody {
    pub id: Id,
    pub identity: Option<String>,
}

impl DidBody {
    fn of(view: &DidView) -> DidBody {
        let did = &view.did;
        DidBody {
            id: did.did_id,
            number: did.number.clone(),
            state: did.state().code().to_owned(),
            description: did.description.clone(),
            free_of_charge: did.is_free_of_charge,
            activation_fee: Amount(did.activation_fee),
            periodic_fee: Amount(did.periodic_fee),
            customer: did.customer_id.map(|id| Named { id, name: view.customer_name.clone().unwrap_or_default() }),
            account: did.account_id.map(|id| DidAccountBody { id, identity: view.account_identity.clone() }),
            assigned_at: did.assigned_at.map(Moment),
            released_at: did.released_at.map(Moment),
            created_at: Moment(did.created_at),
            version: did.version,
        }
    }
}

fn rendered(view: &DidView) -> String {
    render(&DidBody::of(view))
}

/// What the list is asked for. Everything given must hold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DidQuery {
    /// A number, or a part of one.
    #[schemars(length(max = 15))]
    search: Option<String>,
    /// starts_with where left out.
    #[serde(rename = "match")]
    match_mode: Option<word::Match>,
    state: Option<word::DidState>,
    customer_id: Option<Id>,
    account_id: Option<Id>,
    /// number where left out.
    sort: Option<word::DidSort>,
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
    #[schemars(length(max = 2000))]
    after: Option<String>,
    #[schemars(length(max = 2000))]
    before: Option<String>,
    /// The last page.
    at: Option<word::At>,
    /// bounded where left out: exact up to 10,000.
    total: Option<word::BoundedTotal>,
}

/// One page of numbers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct DidPageBody {
    pub items: Vec<DidBody>,
    pub page: PageBody,
    pub total: Option<TotalBody>,
}

pub async fn list(State(state): State<ApiState>, read: Read<DidQuery>) -> Result<Json<DidPageBody>, Problem> {
    let query = read.query;
    let request = DidListRequest {
        number: query.search,
        mode: query.match_mode.map(|mode| mode.0),
        states: query.state.map(|state| state.0).into_iter().collect(),
        customer_id: query.customer_id,
        account_id: query.account_id,
        descending: query.sort.is_some_and(|sort| sort.0),
        limit: rows_wanted(query.limit)?,
        page: page_wanted(query.after, query.before, query.at.is_some())?,
        with_total: query.total.is_none_or(|total| total.0),
    };
    let page = wait(did::list(&state.app, &read.context, request)).await?;
    Ok(Json(DidPageBody {
        items: page.rows.iter().map(DidBody::of).collect(),
        page: PageBody { next: page.next, previous: page.previous, first_position: None },
        total: page.total.map(|Total { count, exact }| TotalBody { count, exact }),
    }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<DidBody>, Problem> {
    Ok(Json(DidBody::of(&wait(did::get(&state.app, &read.context, id)).await?)))
}

/// A number to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "number": "493012345678", "description": "Berlin", "activation_fee": "5", "periodic_fee": "1.5" }))]
pub struct DidNewBody {
    /// 3 to 15 digits as they are dialled abroad, with or without a plus.
    #[schemars(length(min = 3, max = 16))]
    number: String,
    #[schemars(length(max = 200))]
    description: Option<String>,
    /// Kept back. false where left out.
    frozen: Option<bool>,
    free_of_charge: Option<bool>,
    /// 0 where left out.
    activation_fee: Option<Amount>,
    periodic_fee: Option<Amount>,
}

pub async fn create(State(state): State<ApiState>, write: Write<DidNewBody>) -> Result<Created<DidBody>, Problem> {
    let body = write.body;
    let new = DidNew {
        number: body.number,
        description: body.description,
        is_frozen: body.frozen.unwrap_or(false),
        is_free_of_charge: body.free_of_charge.unwrap_or(false),
        activation_fee: body.activation_fee.map_or(Money::ZERO, |fee| fee.0),
        periodic_fee: body.periodic_fee.map_or(Money::ZERO, |fee| fee.0),
    };
    Ok(Created::new(wait(did::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays; null takes its value away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "frozen": true, "description": null }))]
pub struct DidChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 200))]
    description: Option<Option<String>>,
    frozen: Option<bool>,
    free_of_charge: Option<bool>,
    activation_fee: Option<Amount>,
    periodic_fee: Option<Amount>,
}

pub async fn update(State(state): State<ApiState>, PathId(id): PathId, write: Write<DidChangeBody>) -> Result<Rendered<DidBody>, Problem> {
    let body = write.body;
    let change = DidChange {
        version: body.version,
        description: body.description,
        is_frozen: body.frozen,
        is_free_of_charge: body.free_of_charge,
        activation_fee: body.activation_fee.map(|fee| fee.0),
        periodic_fee: body.periodic_fee.map(|fee| fee.0),
    };
    Ok(Rendered::new(wait(did::update(&state.app, &write.context, id, change, rendered)).await?))
}

pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    wait(did::delete(&state.app, &write.context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who gets the number: a customer, or one of its accounts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "account_id": 317_561_241_600_038_i64 }))]
pub struct DidHolderBody {
    customer_id: Option<Id>,
    account_id: Option<Id>,
}

pub async fn assign(State(state): State<ApiState>, PathId(id): PathId, write: Write<DidHolderBody>) -> Result<Rendered<DidBody>, Problem> {
    let holder = match (write.body.customer_id, write.body.account_id) {
        (Some(customer_id), None) => DidHolder::Customer(customer_id),
        (None, Some(account_id)) => DidHolder::Account(account_id),
        _ => return Err(Problem::field("customer_id", "ambiguous", "give a customer or an account")),
    };
    Ok(Rendered::new(wait(did::assign(&state.app, &write.context, id, holder, rendered)).await?))
}

pub async fn release(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<Rendered<DidBody>, Problem> {
    Ok(Rendered::new(wait(did::release(&state.app, &write.context, id, rendered)).await?))
}
