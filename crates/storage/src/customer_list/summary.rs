//! Owns the figures of all that match a filter: how many, by status, currency and kind, with the sum of their amounts.
//! Does not own: what is shown of them (usecase/customer/summary.rs).

use std::collections::HashMap;

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::time::{Date, Timestamp, Zone};

use super::filter::{Finding, ListFilter, Query, Table};
use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::{self, Row};

/// Customers of one status, currency and kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub status_order: i64,
    pub currency: String,
    pub balance_control: BalanceControl,
    pub customers: i64,
    /// Millionths, as the list sorts by them: postpaid what is owed, prepaid the funds negated. A sum can leave the range of amounts.
    pub amount: i128,
}

/// Open invoices of customers of one currency and zone that are due on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    pub currency: String,
    /// Millionths.
    pub outstanding: i128,
}

/// A sum goes over the range of a number where the numbers are large: both halves are summed up.
fn halves(column: &str) -> String {
    format!("cast(sum({column} >> 32) as bigint), cast(sum({column} & 4294967295) as bigint)")
}

fn whole(row: &Row<'_>, index: usize) -> Result<i128> {
    Ok((i128::from(row.get::<i64>(index)?) << 32) + i128::from(row.get::<i64>(index + 1)?))
}

/// The figures of all that match.
pub fn parts(tx: &mut Tx<'_>, filter: &ListFilter) -> Result<Vec<Part>> {
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Amount, Finding::Conditions);
    match tx.engine() {
        Engine::Postgres => {
            let amount = halves("t.amount");
            let text = format!(
                "select t.status_order, t.currency, t.balance_control, count(*), {amount} from {source} group by t.status_order, t.currency, \
                 t.balance_control"
            );
            tx.query(&text, &query.values(), |row| {
                let balance_control = row::code(row, 2, BalanceControl::parse)?;
                Ok(Part {
                    status_order: row.get(0)?,
                    currency: row.get(1)?,
                    balance_control,
                    customers: row.get(3)?,
                    amount: whole(row, 4)?,
                })
            })
        }
        // SQLite would sort all rows to group them.
        Engine::Sqlite => {
            let mut found: HashMap<(i64, String, String), (i64, i128)> = HashMap::new();
            let text = format!("select t.status_order, t.currency, t.balance_control, t.amount from {source}");
            tx.query_each(&text, &query.values(), |row| {
                let part = found.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default();
                part.0 += 1;
                part.1 += i128::from(row.get::<i64>(3)?);
                Ok(())
            })?;
            let known = |code: &str| BalanceControl::parse(code).unwrap_or(BalanceControl::Postpaid);
            let part = |((status_order, currency, control), (customers, amount)): ((i64, String, String), (i64, i128))| Part {
                status_order,
                currency,
                balance_control: known(&control),
                customers,
                amount,
            };
            Ok(found.into_iter().map(part).collect())
        }
    }
}

/// What all that match have to pay of invoices that are overdue at the filter's moment.
pub fn overdue(tx: &mut Tx<'_>, filter: &ListFilter) -> Result<Vec<Overdue>> {
    if filter.overdue == Some(false) {
        return Ok(Vec::new());
    }
    let filter = ListFilter { overdue: Some(true), ..filter.clone() };
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Amount, Finding::Conditions);
    let text = format!(
        "select m.currency, c.time_zone, o.due_on, {} from (select t.customer_id, t.currency from {source}) m \
         join customer c on c.customer_id = m.customer_id join open_invoice o on o.customer_id = m.customer_id \
         group by m.currency, c.time_zone, o.due_on",
        halves("o.outstanding")
    );
    let found = tx.query(&text, &query.values(), |row| {
        let zone = row::code(row, 1, |name| Zone::parse(name).ok())?;
        Ok((is_overdue(row.get(2)?, &zone, filter.at), Overdue { currency: row.get(0)?, outstanding: whole(row, 3)? }))
    })?;
    Ok(found.into_iter().filter(|(is_overdue, _)| *is_overdue).map(|(_, part)| part).collect())
}

fn is_overdue(due_on: Date, zone: &Zone, at: Timestamp) -> bool {
    trunkline_domain::invoice::overdue_from(due_on, zone) <= at
}
