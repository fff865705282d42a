//! Owns the routes of a tariff's rates and of prices, and their shapes.
//! Does not own: tariffs (tariff.rs) and files of rates (import.rs).

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::{Currency, Money};
use trunkline_usecase::domain::rate::{Price, Pricing, Rate, RateStanding};
use trunkline_usecase::domain::rate_table::Prefix;
use trunkline_usecase::domain::rate_text::{formula_text, parse_formula};
use trunkline_usecase::domain::rating::{Step, step_text};
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::tariff::Tariff;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::rate::{self, ExportedRate, Priced, RateListRequest, RateNew, RateWanted};

use crate::ApiState;
use crate::answer::{Created, render, wait};
use crate::body::{PathId, Read, Write};
use crate::error::Problem;
use crate::export::{Cell, Column, Wanted, send};
use crate::page::rows_wanted;
use crate::tariff::TariffBody;
use crate::value::{Amount, Moment};
use crate::word;

/// How a rate makes its price: intervals with their prices, or a formula.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct PricingBody {
    /// In units of the tariff's service.
    pub interval_first: Option<u64>,
    pub interval_next: Option<u64>,
    /// For the tariff's `price_units`.
    pub price_first: Option<Amount>,
    pub price_next: Option<Amount>,
    /// Such as `fee, 2x30@0.2, +0.05, 60@0.1, +10%`.
    pub formula: Option<String>,
}

impl PricingBody {
    fn of(pricing: &Pricing) -> PricingBody {
        match pricing {
            Pricing::Intervals(price) => PricingBody {
                interval_first: Some(price.interval_first),
                interval_next: Some(price.interval_next),
                price_first: Some(Amount(price.price_first)),
                price_next: Some(Amount(price.price_next)),
                formula: None,
            },
            Pricing::Formula(elements) => PricingBody {
                interval_first: None,
                interval_next: None,
                price_first: None,
                price_next: None,
                formula: Some(formula_text(elements)),
            },
        }
    }
}

/// What usage to the numbers of one prefix costs from a moment on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct RateBody {
    pub id: Id,
    /// Empty: every number that no other prefix is the start of.
    pub prefix: String,
    pub effective_from: Moment,
    #[schemars(with = "word::RateStanding")]
    pub status: String,
    /// The customer is paid instead of charged.
    pub payback: bool,
    pub pricing: PricingBody,
    pub off_peak: Option<PricingBody>,
}

impl RateBody {
    fn of(prefix: &str, rate: &Rate) -> RateBody {
        RateBody {
            id: rate.rate_id,
            prefix: prefix.to_owned(),
            effective_from: Moment(rate.effective_from),
            status: rate.standing.code().to_owned(),
            payback: rate.is_payback,
            pricing: PricingBody::of(&rate.pricing),
            off_peak: rate.off_peak.as_ref().map(PricingBody::of),
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Rates whose prefixes begin so.
    #[schemars(length(max = 24))]
    prefix: Option<String>,
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
    /// The page after this cursor.
    #[schemars(length(max = 200))]
    after: Option<String>,
}

/// One page of a tariff's rates, by prefix and moment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct RatePageBody {
    pub items: Vec<RateBody>,
    /// What to send as `after` for the next page, if there is one.
    pub next: Option<String>,
}

pub async fn list(State(state): State<ApiState>, PathId(id): PathId, read: Read<ListQuery>) -> Result<Json<RatePageBody>, Problem> {
    let limit = rows_wanted(read.query.limit)?;
    let request = RateListRequest { prefix: read.query.prefix, limit, after: read.query.after };
    let page = wait(rate::list(&state.app, &read.context, id, request)).await?;
    let items = page.rows.iter().map(|(prefix, rate)| RateBody::of(prefix.digits(), rate));
    Ok(Json(RatePageBody { items: items.collect(), next: page.next }))
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// Rates whose prefixes begin so.
    #[schemars(length(max = 24))]
    prefix: Option<String>,
}

const fn column(code: &'static str, heading: &'static str, cell: fn(&ExportedRate) -> Cell) -> Column<ExportedRate> {
    Column { code, heading, cell }
}

/// What an import of rates reads, under its names.
static COLUMNS: [Column<ExportedRate>; 15] = [
    column("tariff", "tariff", |row| Cell::Text(row.tariff.name.clone())),
    column("prefix", "destination", |row| Cell::Text(row.prefix.digits().to_owned())),
    column("effective_from", "effective_from", |row| exact(row.rate.effective_from)),
    column("status", "status", |row| Cell::Text(row.rate.standing.code().to_owned())),
    column("payback", "payback_rate", |row| Cell::Text(if row.rate.is_payback { "Y" } else { "N" }.to_owned())),
    column("interval_first", "interval_1", |row| units(&row.rate.pricing, |price| price.interval_first)),
    column("interval_next", "interval_n", |row| units(&row.rate.pricing, |price| price.interval_next)),
    column("price_first", "price_1", |row| amount(row, &row.rate.pricing, |price| price.price_first)),
    column("price_next", "price_n", |row| amount(row, &row.rate.pricing, |price| price.price_next)),
    column("formula", "formula", |row| formula(&row.rate.pricing)),
    column("off_peak_interval_first", "op_interval_1", |row| off_peak(row, |pricing| units(pricing, |price| price.interval_first))),
    column("off_peak_interval_next", "op_interval_n", |row| off_peak(row, |pricing| units(pricing, |price| price.interval_next))),
    column("off_peak_price_first", "op_price_1", |row| off_peak(row, |pricing| amount(row, pricing, |price| price.price_first))),
    column("off_peak_price_next", "op_price_n", |row| off_peak(row, |pricing| amount(row, pricing, |price| price.price_next))),
    column("off_peak_formula", "op_formula", |row| off_peak(row, formula)),
];

/// A moment between two seconds is told to the microsecond: what begins at another moment is another rate.
fn exact(moment: Timestamp) -> Cell {
    if moment.microseconds() % 1_000_000 == 0 { Cell::Moment(moment) } else { Cell::Text(moment.to_rfc3339()) }
}

fn units(pricing: &Pricing, units: fn(&Price) -> u64) -> Cell {
    match pricing {
        Pricing::Intervals(price) => Cell::Text(units(price).to_string()),
        Pricing::Formula(_) => Cell::Empty,
    }
}

fn amount(row: &ExportedRate, pricing: &Pricing, amount: fn(&Price) -> Money) -> Cell {
    match pricing {
        Pricing::Intervals(price) => Cell::Amount(amount(price), row.tariff.currency),
        Pricing::Formula(_) => Cell::Empty,
    }
}

fn formula(pricing: &Pricing) -> Cell {
    match pricing {
        Pricing::Intervals(_) => Cell::Empty,
        Pricing::Formula(elements) => Cell::Text(formula_text(elements)),
    }
}

fn off_peak(row: &ExportedRate, cell: impl Fn(&Pricing) -> Cell) -> Cell {
    row.rate.off_peak.as_ref().map_or(Cell::Empty, cell)
}

pub async fn export(State(state): State<ApiState>, PathId(id): PathId, wanted: Wanted<ExportQuery>) -> Result<Response, Problem> {
    let (columns, format) = (wanted.columns(&COLUMNS)?, wanted.format);
    let export = wait(rate::export(&state.app, &wanted.context, id, wanted.query.prefix, format.rows_max())).await?;
    Ok(send(export, columns, format, "rates"))
}

/// Intervals with their prices, or a formula. The first interval and its price are the next one's where they are left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PricingNewBody {
    #[schemars(range(min = 1, max = 1_000_000_000))]
    interval_first: Option<u64>,
    /// 1 where left out.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    interval_next: Option<u64>,
    price_first: Option<Amount>,
    price_next: Option<Amount>,
    #[schemars(length(max = 1000))]
    formula: Option<String>,
}

impl PricingNewBody {
    fn pricing(self, field: &str) -> Result<Pricing, Problem> {
        let interval_next = self.interval_next.unwrap_or(1);
        match (self.formula, self.price_next.or(self.price_first)) {
            (Some(formula), None) => parse_formula(&formula)
                .map(Pricing::Formula)
                .map_err(|problem| Problem::field(format!("{field}.formula"), "malformed", problem.to_string())),
            (None, Some(price_next)) => Ok(Pricing::Intervals(Price {
                interval_first: self.interval_first.unwrap_or(interval_next),
                interval_next,
                price_first: self.price_first.unwrap_or(price_next).0,
                price_next: price_next.0,
            })),
            (Some(_), Some(_)) => Err(Problem::field(format!("{field}.formula"), "ambiguous", "give prices or a formula, not both")),
            (None, None) => Err(Problem::field(field, "required", "give price_next or a formula")),
        }
    }
}

/// A rate to be added. One that has begun is never changed: a change is a rate with a later moment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "prefix": "44", "effective_from": "2026-12-01T00:00:00Z",
    "pricing": { "interval_first": 30, "interval_next": 6, "price_next": "0.12" }
}))]
pub struct RateNewBody {
    #[schemars(length(max = 24))]
    prefix: String,
    /// From now on where left out.
    effective_from: Option<Moment>,
    /// open where left out.
    status: Option<word::RateStanding>,
    #[serde(default)]
    payback: bool,
    pricing: PricingNewBody,
    off_peak: Option<PricingNewBody>,
}

fn rendered((_, prefix, rate): &(Tariff, Prefix, Rate)) -> String {
    render(&RateBody::of(prefix.digits(), rate))
}

pub async fn create(State(state): State<ApiState>, PathId(id): PathId, write: Write<RateNewBody>) -> Result<Created<RateBody>, Problem> {
    let body = write.body;
    let wanted = RateWanted {
        standing: body.status.map_or(RateStanding::Open, |status| status.0),
        is_payback: body.payback,
        pricing: body.pricing.pricing("pricing")?,
        off_peak: body.off_peak.map(|pricing| pricing.pricing("off_peak")).transpose()?,
    };
    let new = RateNew { prefix: body.prefix, effective_from: body.effective_from.map(|moment| moment.0), wanted };
    Ok(Created::new(wait(rate::create(&state.app, &write.context, id, new, rendered)).await?))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceQuery {
    /// Digits as they are dialled from abroad, without +. Left out: the rate for every number that has no other.
    #[schemars(length(max = 32))]
    number: Option<String>,
    /// Of the tariff's service: seconds, messages, kilobytes; a minute, a message, a megabyte where left out.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    units: Option<u64>,
    /// When the usage begins; now where left out.
    at: Option<Moment>,
}

/// A step of a price.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct StepBody {
    /// In words.
    pub text: String,
    /// How many intervals.
    pub count: Option<u64>,
    pub units: Option<u64>,
    pub price: Option<Amount>,
    pub amount: Option<Amount>,
    pub off_peak: Option<bool>,
}

impl StepBody {
    pub fn of(step: &Step, service: Service, currency: Currency) -> StepBody {
        let text = step_text(step, service, currency);
        let plain = StepBody { text, count: None, units: None, price: None, amount: None, off_peak: None };
        match *step {
            Step::Failed { units } | Step::Grace { units } | Step::Free { units } | Step::CoveredUnits { units } => {
                StepBody { units: Some(units), ..plain }
            }
            Step::ConnectFee { amount } | Step::Fixed { amount } | Step::CoveredAmount { amount } | Step::Rounded { amount, .. } => {
                StepBody { amount: Some(Amount(amount)), ..plain }
            }
            Step::Intervals { count, units, price, is_off_peak } => {
                let (count, units) = (Some(count), Some(units));
                StepBody { count, units, price: Some(Amount(price)), off_peak: Some(is_off_peak), ..plain }
            }
            Step::Relative { .. } => plain,
        }
    }
}

/// What usage costs, and why.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct PriceBody {
    pub tariff: TariffBody,
    pub rate: RateBody,
    /// In the tariff's currency; below zero is paid to the customer; null where calls there are forbidden.
    pub amount: Option<Amount>,
    /// Units in whole intervals.
    pub charged_units: Option<u64>,
    pub steps: Vec<StepBody>,
}

impl PriceBody {
    fn of(number: &str, priced: &Priced) -> PriceBody {
        let prefix = number.get(..priced.prefix_digits).unwrap_or_default();
        let charge = priced.charge.as_ref();
        let steps = charge.map(|(_, steps)| steps.as_slice()).unwrap_or_default();
        PriceBody {
            tariff: TariffBody::of(&priced.tariff),
            rate: RateBody::of(prefix, &priced.rate),
            amount: charge.map(|(charge, _)| Amount(charge.amount)),
            charged_units: charge.map(|(charge, _)| charge.charged_units),
            steps: steps.iter().map(|step| StepBody::of(step, priced.tariff.service, priced.tariff.currency)).collect(),
        }
    }
}

pub async fn price(State(state): State<ApiState>, PathId(id): PathId, read: Read<PriceQuery>) -> Result<Json<PriceBody>, Problem> {
    let query = read.query;
    let (number, at) = (query.number.unwrap_or_default(), query.at.map(|moment| moment.0));
    let priced = wait(rate::price(&state.app, &read.context, id, number.clone(), query.units, at)).await?;
    Ok(Json(PriceBody::of(&number, &priced)))
}
