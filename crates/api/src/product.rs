//! Owns the routes of products and of who has them, and their shapes.
//! Does not own: tariffs (tariff.rs) and charging by a product (usage.rs).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::{CallLimits, Product, ProductKind, ProductTariff};
use trunkline_usecase::product::{self, Held, Holder, ProductChange, ProductNew};

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::reference::Items;
use crate::value::{Moment, given};
use crate::word;

/// The tariff for one service and direction.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProductTariffBody {
    #[schemars(with = "word::Service")]
    service: String,
    #[schemars(with = "word::Direction")]
    direction: String,
    tariff_id: Id,
}

/// What an account can use and by which tariffs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct ProductBody {
    pub id: Id,
    pub name: String,
    /// An account has one main product at the most, and add-ons before it.
    #[schemars(with = "word::ProductKind")]
    pub kind: String,
    /// Of add-ons, the highest first; 0 for a main product.
    pub priority: i64,
    pub currency: String,
    /// Simultaneous calls of an account; null is without limit.
    pub calls_max: Option<i64>,
    pub calls_outgoing_max: Option<i64>,
    pub calls_incoming_max: Option<i64>,
    pub tariffs: Vec<ProductTariffBody>,
    /// What it includes.
    pub bundle_id: Option<Id>,
    pub created_at: Moment,
    pub version: i64,
}

impl ProductBody {
    fn of(product: &Product) -> ProductBody {
        let tariffs = product.tariffs.iter().map(|entry| ProductTariffBody {
            service: entry.service.code().to_owned(),
            direction: entry.direction.code().to_owned(),
            tariff_id: entry.tariff_id,
        });
        ProductBody {
            id: product.product_id,
            name: product.name.clone(),
            kind: product.kind.code().to_owned(),
            priority: product.priority,
            currency: product.currency.code().to_owned(),
            calls_max: product.calls.all,
            calls_outgoing_max: product.calls.outgoing,
            calls_incoming_max: product.calls.incoming,
            tariffs: tariffs.collect(),
            bundle_id: product.bundle_id,
            created_at: Moment(product.created_at),
            version: product.version,
        }
    }
}

fn rendered(product: &Product) -> String {
    render(&ProductBody::of(product))
}

pub async fn list(State(state): State<ApiState>, read: Read<Empty>) -> Result<Json<Items<ProductBody>>, Problem> {
    let products = wait(product::list(&state.app, &read.context)).await?;
    Ok(Json(Items { items: products.iter().map(ProductBody::of).collect() }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<ProductBody>, Problem> {
    Ok(Json(ProductBody::of(&wait(product::get(&state.app, &read.context, id)).await?)))
}

/// The tariff for one service and direction.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductTariffNewBody {
    service: word::Service,
    /// As the account sees it.
    direction: word::Direction,
    tariff_id: Id,
}

fn entries(bodies: Vec<ProductTariffNewBody>) -> Vec<ProductTariff> {
    let entry =
        |body: ProductTariffNewBody| ProductTariff { service: body.service.0, direction: body.direction.0, tariff_id: body.tariff_id };
    bodies.into_iter().map(entry).collect()
}

/// A product to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "name": "Home", "kind": "main", "currency": "EUR", "calls_max": 2, "tariffs": [] }))]
pub struct ProductNewBody {
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// Never changes.
    kind: word::ProductKind,
    /// 1 to 100 for an add-on, 0 or left out for a main product.
    #[schemars(range(min = 0, max = 100))]
    priority: Option<i64>,
    /// ISO 4217. Never changes.
    #[schemars(length(equal = 3))]
    currency: String,
    #[schemars(range(min = 1, max = 100_000))]
    calls_max: Option<i64>,
    #[schemars(range(min = 1, max = 100_000))]
    calls_outgoing_max: Option<i64>,
    #[schemars(range(min = 1, max = 100_000))]
    calls_incoming_max: Option<i64>,
    #[serde(default)]
    #[schemars(length(max = 100))]
    tariffs: Vec<ProductTariffNewBody>,
    bundle_id: Option<Id>,
}

pub async fn create(State(state): State<ApiState>, write: Write<ProductNewBody>) -> Result<Created<ProductBody>, Problem> {
    let body = write.body;
    let new = ProductNew {
        name: body.name,
        kind: body.kind.0,
        priority: body.priority.unwrap_or(if body.kind.0 == ProductKind::AddOn { 1 } else { 0 }),
        currency: body.currency,
        calls: CallLimits { all: body.calls_max, outgoing: body.calls_outgoing_max, incoming: body.calls_incoming_max },
        tariffs: entries(body.tariffs),
        bundle_id: body.bundle_id,
    };
    Ok(Created::new(wait(product::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays. Calls that are under way go on as they began.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "calls_max": null }))]
pub struct ProductChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    #[schemars(range(min = 0, max = 100))]
    priority: Option<i64>,
    /// null: without limit.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 100_000))]
    calls_max: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 100_000))]
    calls_outgoing_max: Option<Option<i64>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 100_000))]
    calls_incoming_max: Option<Option<i64>>,
    /// All of them anew.
    #[schemars(length(max = 100))]
    tariffs: Option<Vec<ProductTariffNewBody>>,
    /// null: nothing is included.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<i64>")]
    bundle_id: Option<Option<Id>>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<ProductChangeBody>,
) -> Result<Rendered<ProductBody>, Problem> {
    let body = write.body;
    let change = ProductChange {
        version: body.version,
        name: body.name,
        priority: body.priority,
        calls_max: body.calls_max,
        calls_outgoing_max: body.calls_outgoing_max,
        calls_incoming_max: body.calls_incoming_max,
        tariffs: body.tariffs.map(entries),
        bundle_id: body.bundle_id,
    };
    Ok(Rendered::new(wait(product::update(&state.app, &write.context, id, change, rendered)).await?))
}

pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    wait(product::delete(&state.app, &write.context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A product that an account or a reseller has.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct HeldBody {
    pub product: ProductBody,
    pub active_from: Moment,
    /// The first moment at which it is had no more.
    pub active_to: Option<Moment>,
}

async fn held_by(state: &ApiState, read: Read<Empty>, holder: Holder) -> Result<Json<Items<HeldBody>>, Problem> {
    let found = wait(product::held(&state.app, &read.context, holder)).await?;
    let body = |held: &Held| HeldBody {
        product: ProductBody::of(&held.product),
        active_from: Moment(held.active_from),
        active_to: held.active_to.map(Moment),
    };
    Ok(Json(Items { items: found.iter().map(body).collect() }))
}

pub async fn of_account(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<Items<HeldBody>>, Problem> {
    held_by(&state, read, Holder::Account(id)).await
}

pub async fn of_reseller(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<Items<HeldBody>>, Problem> {
    held_by(&state, read, Holder::Reseller(id)).await
}

/// A product to be given. A main product takes the place of another one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "product_id": 4_711, "active_from": "2026-06-01T00:00:00Z" }))]
pub struct GiveBody {
    product_id: Id,
    /// Now where left out.
    active_from: Option<Moment>,
    active_to: Option<Moment>,
}

async fn give(state: &ApiState, write: Write<GiveBody>, holder: Holder) -> Result<StatusCode, Problem> {
    let body = write.body;
    let period = (body.active_from.map(|moment| moment.0), body.active_to.map(|moment| moment.0));
    wait(product::give(&state.app, &write.context, holder, body.product_id, period)).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn give_account(State(state): State<ApiState>, PathId(id): PathId, write: Write<GiveBody>) -> Result<StatusCode, Problem> {
    give(&state, write, Holder::Account(id)).await
}

pub async fn give_reseller(State(state): State<ApiState>, PathId(id): PathId, write: Write<GiveBody>) -> Result<StatusCode, Problem> {
    give(&state, write, Holder::Reseller(id)).await
}

/// A product to be taken away, at once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "product_id": 4_711 }))]
pub struct TakeAwayBody {
    product_id: Id,
}

async fn take_away(state: &ApiState, write: Write<TakeAwayBody>, holder: Holder) -> Result<StatusCode, Problem> {
    wait(product::take_away(&state.app, &write.context, holder, write.body.product_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn take_from_account(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<TakeAwayBody>,
) -> Result<StatusCode, Problem> {
    take_away(&state, write, Holder::Account(id)).await
}

pub async fn take_from_reseller(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<TakeAwayBody>,
) -> Result<StatusCode, Problem> {
    take_away(&state, write, Holder::Reseller(id)).await
}
