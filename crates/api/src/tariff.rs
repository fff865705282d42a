//! Owns the routes of tariffs and their shapes.
//! Does not own: rates (rate.rs).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::rate_text::{off_peak_text, parse_percent, percent_text};
use trunkline_usecase::domain::tariff::Tariff;
use trunkline_usecase::tariff::{self, TariffChange, TariffNew, TariffSettings};

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::reference::Items;
use crate::value::{Amount, Moment, given};
use crate::word;

/// Prices of one service in one currency: what its rates have in common.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct TariffBody {
    pub id: Id,
    pub name: String,
    #[schemars(with = "word::Service")]
    pub service: String,
    /// What usage is counted in: second, message, kilobyte.
    pub unit: String,
    /// Units that a price is for: 60 for calls, whose prices are a minute's.
    pub price_units: u64,
    pub currency: String,
    /// Usage of at most so many units costs nothing.
    pub grace_units: u64,
    /// The first units of each usage, not charged.
    pub free_units: u64,
    pub connect_fee: Amount,
    /// On the whole, such as `12.5`.
    pub surcharge_percent: String,
    /// Decimals of a charge.
    pub rounding_digits: u32,
    #[schemars(with = "word::Rounding")]
    pub rounding: String,
    /// Peak or off-peak by each interval's beginning; otherwise by the beginning of the usage.
    pub split_by_peak: bool,
    pub time_zone: String,
    /// Such as `20:00-08:00 mon-fri; sat-sun`.
    pub off_peak: Option<String>,
    pub created_at: Moment,
    pub version: i64,
}

impl TariffBody {
    pub fn of(tariff: &Tariff) -> TariffBody {
        let terms = &tariff.terms;
        TariffBody {
            id: tariff.tariff_id,
            name: tariff.name.clone(),
            service: tariff.service.code().to_owned(),
            unit: tariff.service.unit().to_owned(),
            price_units: terms.price_units,
            currency: tariff.currency.code().to_owned(),
            grace_units: terms.grace_units,
            free_units: terms.free_units,
            connect_fee: Amount(terms.connect_fee),
            surcharge_percent: percent_text(terms.surcharge_millionths),
            rounding_digits: terms.rounding_digits,
            rounding: terms.rounding.code().to_owned(),
            split_by_peak: terms.is_split_by_peak,
            time_zone: tariff.zone.name().to_owned(),
            off_peak: tariff.off_peak.as_ref().map(off_peak_text),
            created_at: Moment(tariff.created_at),
            version: tariff.version,
        }
    }
}

fn rendered(tariff: &Tariff) -> String {
    render(&TariffBody::of(tariff))
}

pub async fn list(State(state): State<ApiState>, read: Read<Empty>) -> Result<Json<Items<TariffBody>>, Problem> {
    let tariffs = wait(tariff::list(&state.app, &read.context)).await?;
    Ok(Json(Items { items: tariffs.iter().map(TariffBody::of).collect() }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<TariffBody>, Problem> {
    Ok(Json(TariffBody::of(&wait(tariff::get(&state.app, &read.context, id)).await?)))
}

fn percent(text: Option<String>) -> Result<Option<u64>, Problem> {
    let read = |text: String| {
        parse_percent(&text)
            .ok_or_else(|| Problem::field("surcharge_percent", "malformed", "a percentage such as 12.5, with at most 4 decimals"))
    };
    text.map(read).transpose()
}

/// A tariff to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "name": "Retail voice", "service": "voice", "currency": "EUR", "connect_fee": "0.05", "grace_units": 2,
    "time_zone": "Europe/Berlin", "off_peak": "20:00-08:00 mon-fri; sat-sun"
}))]
pub struct TariffNewBody {
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// Never changes.
    service: word::Service,
    /// ISO 4217. Never changes.
    #[schemars(length(equal = 3))]
    currency: String,
    grace_units: Option<u64>,
    free_units: Option<u64>,
    connect_fee: Option<Amount>,
    #[schemars(length(max = 12))]
    surcharge_percent: Option<String>,
    /// 5 where left out.
    #[schemars(range(min = 0, max = 6))]
    rounding_digits: Option<u32>,
    /// half_away_from_zero where left out.
    rounding: Option<word::Rounding>,
    split_by_peak: Option<bool>,
    /// Of the IANA database; UTC where left out.
    #[schemars(length(max = 64))]
    time_zone: Option<String>,
    #[schemars(length(max = 1000))]
    off_peak: Option<String>,
}

pub async fn create(State(state): State<ApiState>, write: Write<TariffNewBody>) -> Result<Created<TariffBody>, Problem> {
    let body = write.body;
    let settings = TariffSettings {
        grace_units: body.grace_units,
        free_units: body.free_units,
        connect_fee: body.connect_fee.map(|amount| amount.0),
        surcharge_millionths: percent(body.surcharge_percent)?,
        rounding_digits: body.rounding_digits,
        rounding: body.rounding.map(|rounding| rounding.0),
        is_split_by_peak: body.split_by_peak,
        time_zone: body.time_zone,
        off_peak: body.off_peak.map(Some),
    };
    let new = TariffNew { name: body.name, service: body.service.0, currency: body.currency, settings };
    Ok(Created::new(wait(tariff::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays. What is charged already stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "connect_fee": "0.1", "off_peak": null }))]
pub struct TariffChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    grace_units: Option<u64>,
    free_units: Option<u64>,
    connect_fee: Option<Amount>,
    #[schemars(length(max = 12))]
    surcharge_percent: Option<String>,
    #[schemars(range(min = 0, max = 6))]
    rounding_digits: Option<u32>,
    rounding: Option<word::Rounding>,
    split_by_peak: Option<bool>,
    #[schemars(length(max = 64))]
    time_zone: Option<String>,
    /// null: no off-peak.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 1000))]
    off_peak: Option<Option<String>>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<TariffChangeBody>,
) -> Result<Rendered<TariffBody>, Problem> {
    let body = write.body;
    let settings = TariffSettings {
        grace_units: body.grace_units,
        free_units: body.free_units,
        connect_fee: body.connect_fee.map(|amount| amount.0),
        surcharge_millionths: percent(body.surcharge_percent)?,
        rounding_digits: body.rounding_digits,
        rounding: body.rounding.map(|rounding| rounding.0),
        is_split_by_peak: body.split_by_peak,
        time_zone: body.time_zone,
        off_peak: body.off_peak,
    };
    let change = TariffChange { version: body.version, name: body.name, settings };
    Ok(Rendered::new(wait(tariff::update(&state.app, &write.context, id, change, rendered)).await?))
}

/// Deletes a tariff with its rates.
pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    wait(tariff::delete(&state.app, &write.context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
