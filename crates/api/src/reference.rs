//! Owns what pages and programs look up: statuses, currencies, time zones.
//! Does not own: the tables themselves (domain).

use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;
use trunkline_usecase::customer::statuses;
use trunkline_usecase::domain::account::AccountStatus;
use trunkline_usecase::domain::money::Currency;
use trunkline_usecase::domain::status::Permits;
use trunkline_usecase::domain::time::Zone;

use crate::word;

/// What a status permits; of several that hold, the most restrictive counts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PermitsBody {
    #[schemars(with = "word::CallsOut")]
    pub calls_out: String,
    #[schemars(with = "word::CallsIn")]
    pub calls_in: String,
    pub emergency: bool,
    #[schemars(with = "word::SelfCare")]
    pub self_care: String,
    #[schemars(with = "word::UsageCharges")]
    pub usage_charges: String,
    pub subscription_fees: bool,
    pub did_fees: bool,
    #[schemars(with = "word::PeriodClose")]
    pub period_close: String,
    #[schemars(with = "word::DataUse")]
    pub data: String,
    #[schemars(with = "word::Messages")]
    pub messages: String,
}

impl From<Permits> for PermitsBody {
    fn from(permits: Permits) -> PermitsBody {
        PermitsBody {
            calls_out: permits.calls_out.code().to_owned(),
            calls_in: permits.calls_in.code().to_owned(),
            emergency: permits.emergency,
            self_care: permits.self_care.code().to_owned(),
            usage_charges: permits.usage_charges.code().to_owned(),
            subscription_fees: permits.subscription_fees,
            did_fees: permits.did_fees,
            period_close: permits.period_close.code().to_owned(),
            data: permits.data.code().to_owned(),
            messages: permits.messages.code().to_owned(),
        }
    }
}

/// A status as the legend shows it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusInfo {
    /// Of several that hold the one with the lowest is shown.
    pub rank: usize,
    #[schemars(with = "word::StatusCode")]
    pub code: String,
    pub label: String,
    /// Name of the shape; empty for active.
    pub icon: String,
    #[schemars(with = "word::Tone")]
    pub tone: String,
    pub outlined: bool,
    /// What it means.
    pub meaning: String,
    /// What ends it.
    pub ending: String,
    pub permits: PermitsBody,
}

/// An account status, for those who show or filter by it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountStatusInfo {
    #[schemars(with = "word::AccountStatusCode")]
    pub code: String,
    pub label: String,
    /// The customer status that permits the same, whose shape and tone are shown; null for active.
    #[schemars(with = "Option<word::StatusCode>")]
    pub like: Option<String>,
}

/// All of a short list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
}

/// A currency that a customer can be billed in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CurrencyInfo {
    pub code: String,
    pub name: String,
    /// Decimals in which its amounts are written: JPY 0, EUR 2, KWD 3.
    pub digits: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ZoneInfo {
    /// As in the IANA database, such as `Europe/Kyiv`.
    pub name: String,
}

pub async fn list_statuses() -> Json<Items<StatusInfo>> {
    let items = statuses().iter().map(|row| StatusInfo {
        rank: row.status.rank(),
        code: row.code.to_owned(),
        label: row.label.to_owned(),
        icon: row.icon.to_owned(),
        tone: row.tone.code().to_owned(),
        outlined: row.outlined,
        meaning: row.meaning.to_owned(),
        ending: row.ending.to_owned(),
        permits: row.permits.into(),
    });
    Json(Items { items: items.collect() })
}

pub async fn list_account_statuses() -> Json<Items<AccountStatusInfo>> {
    let items = AccountStatus::TABLE.iter().map(|row| AccountStatusInfo {
        code: row.code.to_owned(),
        label: row.label.to_owned(),
        like: row.like.map(|status| status.code().to_owned()),
    });
    Json(Items { items: items.collect() })
}

pub async fn list_currencies() -> Json<Items<CurrencyInfo>> {
    let items = Currency::all().into_iter().map(|currency| CurrencyInfo {
        code: currency.code().to_owned(),
        name: currency.name(),
        digits: currency.digits(),
    });
    Json(Items { items: items.collect() })
}

pub async fn list_time_zones() -> Json<Items<ZoneInfo>> {
    Json(Items { items: Zone::names().into_iter().map(|name| ZoneInfo { name }).collect() })
}
