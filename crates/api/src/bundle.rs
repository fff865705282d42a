//! Owns the routes of bundles and of what is left of them for an account, and their shapes.
//! Does not own: which product has which (product.rs).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::bundle::{self, AccountItem, BundleChange, BundleNew, ItemPeriod};
use trunkline_usecase::domain::bundle::{Bundle, BundleItem, FirstPeriod, Measure, Renewal, UsedUp};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::rating::Across;

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::reference::Items;
use crate::value::{Amount, Day, Moment};
use crate::word;

/// Usage that is included for as long as the volume of a period lasts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct BundleItemBody {
    pub id: Id,
    #[schemars(with = "word::Service")]
    pub service: String,
    #[schemars(with = "word::Direction")]
    pub direction: String,
    /// Numbers that begin with one of them; all numbers where there are none.
    pub prefixes: Vec<String>,
    /// What the volume counts: units of the service that are charged, or the money that they would cost.
    #[schemars(with = "word::Measure")]
    pub measure: String,
    /// Seconds, messages or kilobytes for each period; null where money is counted, or without limit.
    pub volume_units: Option<i64>,
    /// In the currency of the product; null where units are counted, or without limit.
    pub volume_amount: Option<Amount>,
    #[schemars(with = "word::Renewal")]
    pub renewal: String,
    /// For so many periods what is left is kept; what goes first is taken first.
    pub rollover_periods: i64,
    /// What becomes of usage beyond the volume.
    #[schemars(with = "word::UsedUp")]
    pub used_up: String,
    /// How much of the volume there is in the period in which the product is given.
    #[schemars(with = "word::FirstPeriod")]
    pub first_period: String,
}

impl BundleItemBody {
    fn of(item: &BundleItem) -> BundleItemBody {
        BundleItemBody {
            id: item.item_id,
            service: item.service.code().to_owned(),
            direction: item.direction.code().to_owned(),
            prefixes: item.prefixes.clone(),
            measure: item.measure.code().to_owned(),
            volume_units: item.volume.filter(|_| item.measure == Measure::Units),
            volume_amount: item.volume.filter(|_| item.measure == Measure::Money).map(|volume| Amount(Money::from_millionths(volume))),
            renewal: item.renewal.code().to_owned(),
            rollover_periods: item.rollover_periods,
            used_up: item.used_up.code().to_owned(),
            first_period: item.first_period.code().to_owned(),
        }
    }
}

/// What products can include.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct BundleBody {
    pub id: Id,
    pub name: String,
    /// What becomes of usage in which a volume ends: two xDRs, the second at the price of the rest, or one with a discount as large as the
    /// covered share.
    #[schemars(with = "word::Across")]
    pub across: String,
    /// Without any it is a draft.
    pub items: Vec<BundleItemBody>,
    pub created_at: Moment,
    pub version: i64,
}

impl BundleBody {
    fn of(bundle: &Bundle) -> BundleBody {
        BundleBody {
            id: bundle.bundle_id,
            name: bundle.name.clone(),
            across: bundle.across.code().to_owned(),
            items: bundle.items.iter().map(BundleItemBody::of).collect(),
            created_at: Moment(bundle.created_at),
            version: bundle.version,
        }
    }
}

fn rendered(bundle: &Bundle) -> String {
    render(&BundleBody::of(bundle))
}

pub async fn list(State(state): State<ApiState>, read: Read<Empty>) -> Result<Json<Items<BundleBody>>, Problem> {
    let bundles = wait(bundle::list(&state.app, &read.context)).await?;
    Ok(Json(Items { items: bundles.iter().map(BundleBody::of).collect() }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<BundleBody>, Problem> {
    Ok(Json(BundleBody::of(&wait(bundle::get(&state.app, &read.context, id)).await?)))
}

/// An item of a bundle.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleItemNewBody {
    /// Of an item that is there already and stays, with what was taken of it; left out for a new one.
    id: Option<Id>,
    service: word::Service,
    /// As the account sees it; `outgoing` where left out.
    direction: Option<word::Direction>,
    #[serde(default)]
    #[schemars(length(max = 200))]
    prefixes: Vec<String>,
    /// `units` where left out.
    measure: Option<word::Measure>,
    /// Of the measure `units`; left out for a volume without limit.
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    volume_units: Option<i64>,
    /// Of the measure `money`; left out for a volume without limit.
    volume_amount: Option<Amount>,
    /// `monthly` where left out.
    renewal: Option<word::Renewal>,
    #[serde(default)]
    #[schemars(range(min = 0, max = 3))]
    rollover_periods: i64,
    /// `tariff` where left out.
    used_up: Option<word::UsedUp>,
    /// `full` where left out.
    first_period: Option<word::FirstPeriod>,
}

fn items(bodies: Vec<BundleItemNewBody>) -> Result<Vec<BundleItem>, Problem> {
    let item = |(place, body): (usize, BundleItemNewBody)| {
        let measure = body.measure.map_or(Measure::Units, |measure| measure.0);
        let foreign = match measure {
            Measure::Units => body.volume_amount.map(|_| "volume_amount"),
            Measure::Money => body.volume_units.map(|_| "volume_units"),
        };
        if let Some(field) = foreign {
            let message = format!("the measure of the item is {}", measure.code());
            return Err(Problem::field(format!("items[{place}].{field}"), "other_measure", message));
        }
        Ok(BundleItem {
            item_id: body.id.unwrap_or(0),
            service: body.service.0,
            direction: body.direction.map_or(Direction::Outgoing, |direction| direction.0),
            prefixes: body.prefixes,
            measure,
            volume: body.volume_units.or(body.volume_amount.map(|amount| amount.0.millionths())),
            renewal: body.renewal.map_or(Renewal::Monthly, |renewal| renewal.0),
            rollover_periods: body.rollover_periods,
            used_up: body.used_up.map_or(UsedUp::Tariff, |used_up| used_up.0),
            first_period: body.first_period.map_or(FirstPeriod::Full, |first_period| first_period.0),
        })
    };
    bodies.into_iter().enumerate().map(item).collect()
}

/// A bundle to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "name": "100 minutes", "items": [{ "service": "voice", "prefixes": ["44"], "volume_units": 6_000 }] }))]
pub struct BundleNewBody {
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// `split` where left out.
    across: Option<word::Across>,
    #[serde(default)]
    #[schemars(length(max = 100))]
    items: Vec<BundleItemNewBody>,
}

pub async fn create(State(state): State<ApiState>, write: Write<BundleNewBody>) -> Result<Created<BundleBody>, Problem> {
    let body = write.body;
    let across = body.across.map_or(Across::Split, |across| across.0);
    let new = BundleNew { name: body.name, across, items: items(body.items)? };
    Ok(Created::new(wait(bundle::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "version": 1, "across": "blend" }))]
pub struct BundleChangeBody {
    /// The version that was looked at; another one by now is refused.
    version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    across: Option<word::Across>,
    /// All of them anew.
    #[schemars(length(max = 100))]
    items: Option<Vec<BundleItemNewBody>>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<BundleChangeBody>,
) -> Result<Rendered<BundleBody>, Problem> {
    let body = write.body;
    let change = BundleChange {
        version: body.version,
        name: body.name,
        across: body.across.map(|across| across.0),
        items: body.items.map(items).transpose()?,
    };
    Ok(Rendered::new(wait(bundle::update(&state.app, &write.context, id, change, rendered)).await?))
}

pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    wait(bundle::delete(&state.app, &write.context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A period whose volume can be used now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct ItemPeriodBody {
    pub first_day: Day,
    /// The first day on which nothing is left of it.
    pub expires_day: Day,
    pub volume_units: Option<i64>,
    pub volume_amount: Option<Amount>,
    /// With what open sessions hold.
    pub taken_units: Option<i64>,
    pub taken_amount: Option<Amount>,
}

/// What an account has of an item now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountItemBody {
    pub bundle_id: Id,
    pub bundle_name: String,
    pub product_id: Id,
    pub item: BundleItemBody,
    /// In the order in which they are taken.
    pub periods: Vec<ItemPeriodBody>,
}

impl AccountItemBody {
    fn of(held: &AccountItem) -> AccountItemBody {
        let is_money = held.item.measure == Measure::Money;
        let units = |value: i64| Some(value).filter(|_| !is_money);
        let amount = |value: i64| Some(Amount(Money::from_millionths(value))).filter(|_| is_money);
        let period = |period: &ItemPeriod| ItemPeriodBody {
            first_day: Day(period.first_day),
            expires_day: Day(period.expires_day),
            volume_units: period.volume.and_then(units),
            volume_amount: period.volume.and_then(amount),
            taken_units: units(period.taken),
            taken_amount: amount(period.taken),
        };
        AccountItemBody {
            bundle_id: held.bundle_id,
            bundle_name: held.bundle_name.clone(),
            product_id: held.product_id,
            item: BundleItemBody::of(&held.item),
            periods: held.periods.iter().map(period).collect(),
        }
    }
}

pub async fn of_account(
    State(state): State<ApiState>,
    PathId(id): PathId,
    read: Read<Empty>,
) -> Result<Json<Items<AccountItemBody>>, Problem> {
    let items = wait(bundle::of_account(&state.app, &read.context, id)).await?;
    Ok(Json(Items { items: items.iter().map(AccountItemBody::of).collect() }))
}
