//! Owns the figures of all accounts that a filter lets through, and the list of them as a file.
//! Does not own: what a filter says and the pages (list.rs), nor the file (the faces).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::account::{AccountModel, AccountStatus};
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::account::{self, AccountFilter};
use trunkline_storage::{Ticket, Tx};

use super::list::{GATHERED_MAX, count_max, filter_of, is_walked, read_page, too_many};
use super::{AccountListRequest, AccountView, views};
use crate::App;
use crate::actor::Context;
use crate::customer::PageWanted;
use crate::error::{Error, Result};
use crate::export::{Export, ROWS_AT_ONCE, Slice};

/// The figures of all that match. Statuses are derived, so that each account is looked at: beyond `GATHERED_MAX` there is the total alone.
#[derive(Clone, Debug)]
pub struct AccountSummary {
    pub total: i64,
    /// By rank, those that there are; whatever statuses the request asks for.
    pub statuses: Vec<(AccountStatus, i64)>,
    /// In alphabetical order.
    pub totals: Vec<AccountTotal>,
}

/// The accounts of one currency. A sum is none where it leaves the range of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTotal {
    pub currency: Currency,
    pub accounts: i64,
    /// What debit accounts have left.
    pub funds: Option<Money>,
    /// What credit accounts owe.
    pub owed: Option<Money>,
}

/// Sums in millionths.
#[derive(Default)]
struct Sums {
    accounts: i64,
    funds: i128,
    owed: i128,
}

/// The figures of all accounts that match. Reading is audited.
pub fn summary(app: &Arc<App>, context: &Context, request: AccountListRequest) -> Ticket<Result<AccountSummary>> {
    let request = AccountListRequest { limit: 1, ..request };
    let prepared = context.actor.must(Permission::AccountRead).and_then(|()| filter_of(&request, context.actor.scope()));
    let filter = match prepared {
        Ok(filter) => filter,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let found = figures(&app, tx, &request, &filter, now)?;
        let detail = json!({ "customer_id": request.customer_id, "identity": request.identity, "total": found.total });
        app.audit_read(&actor, "account.summary", request.customer_id.unwrap_or(0), now, &detail)?;
        Ok(found)
    })
}

fn figures(app: &App, tx: &mut Tx<'_>, request: &AccountListRequest, filter: &AccountFilter, now: Timestamp) -> Result<AccountSummary> {
    let found = account::page(tx, filter, None, false, count_max() + 1)?;
    if found.len() > GATHERED_MAX {
        if !request.statuses.is_empty() {
            return Err(too_many(request));
        }
        return Ok(AccountSummary { total: account::count(tx, filter, i64::MAX)?, statuses: Vec::new(), totals: Vec::new() });
    }
    let mut statuses: Vec<(AccountStatus, i64)> = AccountStatus::TABLE.iter().map(|row| (row.status, 0)).collect();
    let mut sums: BTreeMap<String, (Currency, Sums)> = BTreeMap::new();
    for view in views(tx, found, &app.policy(), now)? {
        let shown = view.standing.shown();
        if let Some((_, count)) = statuses.iter_mut().find(|(status, _)| *status == shown) {
            *count += 1;
        }
        if request.statuses.is_empty() || request.statuses.contains(&shown) {
            let (_, sum) = sums.entry(view.currency.code().to_owned()).or_insert_with(|| (view.currency, Sums::default()));
            sum.accounts += 1;
            let amount = i128::from(view.shown_balance().millionths());
            match view.account.facts.model {
                AccountModel::Debit => sum.funds += amount,
                AccountModel::Credit => sum.owed += amount,
            }
        }
    }
    statuses.retain(|(_, count)| *count > 0);
    let money = |sum: i128| i64::try_from(sum).ok().map(Money::from_millionths);
    let total = |(currency, sums): (Currency, Sums)| AccountTotal {
        currency,
        accounts: sums.accounts,
        funds: money(sums.funds),
        owed: money(sums.owed),
    };
    let totals: Vec<AccountTotal> = sums.into_values().map(total).collect();
    Ok(AccountSummary { total: totals.iter().map(|total| total.accounts).sum(), statuses, totals })
}

/// All accounts that a list shows, in its order; its page does not matter. More than `rows_max` are refused.
pub fn export(app: &Arc<App>, context: &Context, request: AccountListRequest, rows_max: i64) -> Ticket<Result<Export<AccountView>>> {
    let request = AccountListRequest { limit: ROWS_AT_ONCE, with_total: false, ..request };
    let prepared = context.actor.must(Permission::AccountRead).and_then(|()| context.actor.must(Permission::ExportRun));
    let filter = match prepared.and_then(|()| filter_of(&request, context.actor.scope())) {
        Ok(filter) => filter,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let rows = if is_walked(&request) {
            account::count(tx, &filter, i64::MAX)?
        } else if account::count(tx, &filter, count_max() + 1)? > count_max() {
            return Err(too_many(&request));
        } else {
            figures(&app, tx, &request, &filter, now)?.total
        };
        if rows > rows_max {
            return Err(Error::invalid("format", "too_many_rows", format!("{rows} rows, and this format holds {rows_max}; use csv")));
        }
        let detail = json!({ "customer_id": request.customer_id, "identity": request.identity, "rows": rows });
        app.audit_read(&actor, "account.export.list", request.customer_id.unwrap_or(0), now, &detail)?;
        let read = move |place: Option<String>| {
            let (here, filter) = (Arc::clone(&app), filter.clone());
            let request = AccountListRequest { page: place.map_or(PageWanted::First, PageWanted::After), ..request.clone() };
            app.database.read(move |tx| {
                let page = read_page(&here, tx, &request, &filter, here.now())?;
                Ok(Slice { rows: page.rows, next: page.next })
            })
        };
        Ok(Export { rows: Some(rows), read: Box::new(read) })
    })
}
