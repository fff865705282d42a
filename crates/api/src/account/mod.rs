//! Owns the routes of accounts and their shapes.
//! Does not own: changing them (change.rs), their aliases (alias.rs), their passwords (password.rs), the query of their list (query.rs), its figures and its file (summary.rs), what an account's status means (domain).

pub mod alias;
pub mod change;
pub mod password;
mod query;
mod summary;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::account::{self, AccountKey, AccountNew, AccountView};
use trunkline_usecase::customer::Total;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::secret::Secret;

use crate::ApiState;
use crate::answer::{Created, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::customer::shape::{Named, PageBody, TotalBody};
use crate::error::Problem;
use crate::reason::ReasonValues;
use crate::reference::PermitsBody;
use crate::value::{Amount, Moment};
use crate::word;
use query::ListQuery;
pub use summary::{export, summary};

/// An account as it stands now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountBody {
    pub id: Id,
    /// A number, user@domain or address; unique among all accounts.
    pub identity: String,
    pub customer: Named,
    /// debit spends its own money, credit the customer's.
    #[schemars(with = "word::AccountModel")]
    pub model: String,
    #[schemars(with = "word::AccountState")]
    pub state: String,
    pub currency: String,
    pub currency_digits: u32,
    /// Debit: the money left. Credit: what is owed.
    pub balance: Amount,
    pub credit_limit: Option<Amount>,
    /// Code of the status shown.
    #[schemars(with = "word::AccountStatusCode")]
    pub status: String,
    pub status_label: String,
    /// Why the status shown holds, with figures and dates; null when active.
    pub status_reason: Option<String>,
    /// What the reason says, as a code for those who word it themselves.
    #[schemars(with = "Option<word::ReasonCode>")]
    pub status_reason_code: Option<String>,
    /// The reason's figures, dates and names.
    pub status_reason_values: Option<ReasonValues>,
    /// The next moment at which something changes by itself.
    pub status_changes_at: Option<Moment>,
    /// Every status that holds, by rank; empty when active.
    #[schemars(with = "Vec<word::AccountStatusCode>")]
    pub statuses: Vec<String>,
    pub permits: PermitsBody,
    pub blocked: bool,
    pub batch: Option<String>,
    /// Switches know whoever uses it by a password. It is never told.
    pub has_password: bool,
    pub first_used_at: Option<Moment>,
    pub last_used_at: Option<Moment>,
    pub active_from: Option<Moment>,
    pub expires_at: Option<Moment>,
    /// It expires so many days after the first use.
    pub life_time_days: Option<i64>,
    /// It expires so many days after the last use.
    pub idle_days_max: Option<i64>,
    pub created_at: Moment,
    pub version: i64,
}

impl AccountBody {
    fn of(view: &AccountView) -> AccountBody {
        let (account, facts) = (&view.account, &view.account.facts);
        let shown = view.standing.shown();
        let reason = view.explanations.first();
        AccountBody {
            id: facts.account_id,
            identity: account.identity.clone(),
            customer: Named { id: facts.customer_id, name: view.customer_name.clone() },
            model: facts.model.code().to_owned(),
            state: facts.state.code().to_owned(),
            currency: view.currency.code().to_owned(),
            currency_digits: view.currency.digits(),
            balance: Amount(view.shown_balance()),
            credit_limit: facts.credit_limit.map(Amount),
            status: shown.code().to_owned(),
            status_label: shown.row().label.to_owned(),
            status_reason: reason.map(|reason| reason.sentence.clone()),
            status_reason_code: reason.map(|reason| reason.code.code().to_owned()),
            status_reason_values: reason.map(ReasonValues::from),
            status_changes_at: view.standing.changes_at.map(Moment),
            statuses: view.standing.statuses.iter().map(|status| status.code().to_owned()).collect(),
            permits: view.standing.permits.into(),
            blocked: facts.blocked,
            batch: account.batch.clone(),
            has_password: account.password.is_some(),
            first_used_at: facts.first_used_at.map(Moment),
            last_used_at: facts.last_used_at.map(Moment),
            active_from: facts.active_from.map(Moment),
            expires_at: facts.expires_at.map(Moment),
            life_time_days: facts.life_time_days,
            idle_days_max: facts.idle_days_max,
            created_at: Moment(account.created_at),
            version: account.version,
        }
    }
}

/// One page of accounts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountPageBody {
    pub items: Vec<AccountBody>,
    pub page: PageBody,
    pub total: Option<TotalBody>,
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<AccountPageBody>, Problem> {
    let page = wait(account::list(&state.app, &read.context, read.query.request()?)).await?;
    Ok(Json(AccountPageBody {
        items: page.rows.iter().map(AccountBody::of).collect(),
        page: PageBody { next: page.next, previous: page.previous, first_position: page.first_position },
        total: page.total.map(|Total { count, exact }| TotalBody { count, exact }),
    }))
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<AccountBody>, Problem> {
    let view = wait(account::get(&state.app, &read.context, AccountKey::Id(id))).await?;
    Ok(Json(AccountBody::of(&view)))
}

/// An account to be made.
// Cannot be printed, so that no log gets the password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "customer_id": 317_561_241_600_038_i64, "identity": "493012345678", "model": "debit", "opening_balance": "10" }))]
pub struct AccountNewBody {
    customer_id: Id,
    #[schemars(length(min = 1, max = 128))]
    identity: String,
    /// credit where left out.
    model: Option<word::AccountModel>,
    /// Debit: the money it starts with.
    opening_balance: Option<Amount>,
    /// Credit: a limit of its own.
    credit_limit: Option<Amount>,
    /// Made so, and waiting for its activation.
    #[serde(default)]
    inactive: bool,
    #[serde(default)]
    blocked: bool,
    active_from: Option<Moment>,
    expires_at: Option<Moment>,
    /// Days after the first use.
    #[schemars(range(min = 1, max = 36_500))]
    life_time_days: Option<i64>,
    /// Days after the last use.
    #[schemars(range(min = 1, max = 36_500))]
    idle_days_max: Option<i64>,
    #[schemars(length(max = 64))]
    batch: Option<String>,
    /// By which switches know whoever uses it; without one the switch vouches, as for an address.
    #[schemars(length(min = 8, max = 128))]
    password: Option<String>,
    /// A product that it has from the beginning on.
    product_id: Option<Id>,
}

fn rendered(view: &AccountView) -> String {
    render(&AccountBody::of(view))
}

pub async fn create(State(state): State<ApiState>, write: Write<AccountNewBody>) -> Result<Created<AccountBody>, Problem> {
    let body = write.body;
    let new = AccountNew {
        customer_id: body.customer_id,
        identity: body.identity,
        model: body.model.map_or(AccountModel::Credit, |model| model.0),
        opening_balance: body.opening_balance.map_or(Money::ZERO, |amount| amount.0),
        credit_limit: body.credit_limit.map(|amount| amount.0),
        inactive: body.inactive,
        blocked: body.blocked,
        active_from: body.active_from.map(|moment| moment.0),
        expires_at: body.expires_at.map(|moment| moment.0),
        life_time_days: body.life_time_days,
        idle_days_max: body.idle_days_max,
        batch: body.batch,
        password: body.password.map(Secret::new),
    };
    Ok(Created::new(wait(account::create_with(&state.app, &write.context, new, body.product_id, rendered)).await?))
}
