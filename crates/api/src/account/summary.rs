//! Owns the figures of the list of accounts, and its columns as a file.
//! Does not own: which accounts (query.rs), the file (export/).

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use trunkline_usecase::account::{self, AccountSummary, AccountTotal, AccountView};
use trunkline_usecase::domain::account::AccountStatus;

use super::query::{ListQuery, SummaryQuery};
use crate::ApiState;
use crate::answer::wait;
use crate::body::Read;
use crate::error::Problem;
use crate::export::{Cell, Column, Wanted, send};
use crate::value::Amount;
use crate::word;

/// How many accounts have a status.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountStatusCountBody {
    #[schemars(with = "word::AccountStatusCode")]
    pub status: String,
    pub count: i64,
}

/// The accounts of one currency. A sum is null where it leaves the range of amounts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountTotalBody {
    pub currency: String,
    pub currency_digits: u32,
    pub accounts: i64,
    /// What debit accounts have left.
    pub funds: Option<Amount>,
    /// What credit accounts owe.
    pub owed: Option<Amount>,
}

/// The figures of all accounts that match. Where more than 10,000 match, there is the total alone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct AccountSummaryBody {
    pub total: i64,
    /// How many there are of each status, whatever statuses the filter asks for. By rank; those that none has are left out.
    pub statuses: Vec<AccountStatusCountBody>,
    /// By currency.
    pub totals: Vec<AccountTotalBody>,
}

impl AccountSummaryBody {
    fn of(found: AccountSummary) -> AccountSummaryBody {
        let total = |total: AccountTotal| AccountTotalBody {
            currency: total.currency.code().to_owned(),
            currency_digits: total.currency.digits(),
            accounts: total.accounts,
            funds: total.funds.map(Amount),
            owed: total.owed.map(Amount),
        };
        let count = |(status, count): (AccountStatus, i64)| AccountStatusCountBody { status: status.code().to_owned(), count };
        AccountSummaryBody {
            total: found.total,
            statuses: found.statuses.into_iter().map(count).collect(),
            totals: found.totals.into_iter().map(total).collect(),
        }
    }
}

pub async fn summary(State(state): State<ApiState>, read: Read<SummaryQuery>) -> Result<Json<AccountSummaryBody>, Problem> {
    Ok(Json(AccountSummaryBody::of(wait(account::summary(&state.app, &read.context, read.query.request()?)).await?)))
}

const fn column(code: &'static str, heading: &'static str, cell: fn(&AccountView) -> Cell) -> Column<AccountView> {
    Column { code, heading, cell }
}

static COLUMNS: [Column<AccountView>; 13] = [
    column("account_id", "i_account", |row| Cell::Id(row.account.facts.account_id)),
    column("identity", "id", |row| Cell::Text(row.account.identity.clone())),
    column("status", "status", |row| Cell::Text(row.standing.shown().code().to_owned())),
    column("customer", "customer", |row| Cell::Text(row.customer_name.clone())),
    column("model", "billing_model", |row| Cell::Text(row.account.facts.model.code().to_owned())),
    column("state", "bill_status", |row| Cell::Text(row.account.facts.state.code().to_owned())),
    column("currency", "iso_4217", |row| Cell::Text(row.currency.code().to_owned())),
    column("balance", "balance", |row| Cell::Amount(row.shown_balance(), row.currency)),
    column("credit_limit", "credit_limit", |row| {
        row.account.facts.credit_limit.map_or(Cell::Empty, |limit| Cell::Amount(limit, row.currency))
    }),
    column("batch", "batch", |row| row.account.batch.clone().into()),
    column("last_used", "last_usage", |row| row.account.facts.last_used_at.map_or(Cell::Empty, Cell::Moment)),
    column("created", "issue_date", |row| Cell::Moment(row.account.created_at)),
    column("status_reason", "status_reason", |row| row.explanations.first().map(|reason| reason.sentence.clone()).into()),
];

pub async fn export(State(state): State<ApiState>, wanted: Wanted<ListQuery>) -> Result<Response, Problem> {
    let (columns, format, context) = (wanted.columns(&COLUMNS)?, wanted.format, wanted.context);
    let export = wait(account::export(&state.app, &context, wanted.query.request()?, format.rows_max())).await?;
    Ok(send(export, columns, format, "accounts"))
}
