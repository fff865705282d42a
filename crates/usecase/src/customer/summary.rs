//! Owns the figures of all customers that a filter lets through: how many, how many of each status, sums per currency.
//! Does not own: the queries (storage/customer_list/summary.rs).

use std::collections::BTreeMap;
use std::sync::Arc;

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::staff::Permission;
use trunkline_domain::status::CustomerStatus;
use trunkline_storage::customer_list::{self, ListFilter};
use trunkline_storage::{StorageError, Ticket, Tx};

use super::field::Check;
use super::filter::{CustomerFilter, in_words, read_audited};
use crate::App;
use crate::actor::Context;
use crate::error::Result;

/// The figures of all that match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub total: i64,
    /// By rank, those that there are; whatever statuses the filter asks for.
    pub statuses: Vec<(CustomerStatus, i64)>,
    /// In alphabetical order.
    pub totals: Vec<CurrencyTotal>,
}

/// The customers of one currency. A sum is none where it leaves the range of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyTotal {
    pub currency: Currency,
    pub customers: i64,
    /// What postpaid customers owe.
    pub balance: Option<Money>,
    /// What prepaid customers have.
    pub available_funds: Option<Money>,
    /// What is to be paid of invoices that are overdue.
    pub overdue: Option<Money>,
}

/// The figures of all customers that match. Reading is audited.
pub fn summary(app: &Arc<App>, context: &Context, filter: &CustomerFilter) -> Ticket<Result<Summary>> {
    let prepared = context.actor.must(Permission::CustomerRead).and_then(|()| filter.checked(Check::default(), context.actor.scope()));
    read_audited(app, context, prepared, "customer.summary.read", move |_, tx, filter| {
        let found = read(tx, &filter)?;
        let detail = serde_json::json!({ "filter": in_words(&filter), "total": found.total });
        Ok((found, detail))
    })
}

/// Sums in millionths.
#[derive(Default)]
struct Sums {
    customers: i64,
    balance: i128,
    available_funds: i128,
    overdue: i128,
}

fn read(tx: &mut Tx<'_>, filter: &ListFilter) -> Result<Summary> {
    let figures = customer_list::figures(tx, filter)?;
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for part in figures.sums {
        let sum = sums.entry(part.currency).or_default();
        sum.customers += part.customers;
        match part.balance_control {
            BalanceControl::Postpaid => sum.balance += part.amount,
            BalanceControl::Prepaid => sum.available_funds -= part.amount,
        }
    }
    for part in customer_list::overdue(tx, filter)? {
        sums.entry(part.currency).or_default().overdue += part.outstanding;
    }
    let known = |(order, count): (i64, i64)| {
        let status = CustomerStatus::from_order(order).ok_or_else(|| StorageError::broken(format!("unknown status {order}")))?;
        Ok((status, count))
    };
    let total = |(code, sums): (String, Sums)| {
        let currency = Currency::parse(&code).map_err(|problem| StorageError::broken(problem.to_string()))?;
        let money = |sum: i128| i64::try_from(sum).ok().map(Money::from_millionths);
        Ok(CurrencyTotal {
            currency,
            customers: sums.customers,
            balance: money(sums.balance),
            available_funds: money(sums.available_funds),
            overdue: money(sums.overdue),
        })
    };
    Ok(Summary {
        total: sums.values().map(|sums| sums.customers).sum(),
        statuses: figures.statuses.into_iter().map(known).collect::<Result<_>>()?,
        totals: sums.into_iter().map(total).collect::<Result<_>>()?,
    })
}
