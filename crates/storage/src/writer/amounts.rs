//! Owns the order of lists by amounts: which customers' balances have moved since their sort rows were written, and the
//! coalescing job that catches up, at most once a second a customer. When the first open invoice comes to be overdue goes with it.
//! Does not own: the balances themselves, which are never indexed.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use trunkline_domain::id::Id;
use trunkline_domain::invoice::overdue_from;
use trunkline_domain::time::{Date, Zone};

use crate::engine::Tx;
use crate::error::Result;
use crate::{row, values};

/// Customers in one job.
pub const SLICE: usize = 100;

/// The customers whose sort rows are behind.
#[derive(Default)]
pub struct AmountsBehind {
    /// Whether open invoices changed as well.
    customers: Mutex<HashMap<Id, bool>>,
}

impl AmountsBehind {
    fn lock(&self) -> MutexGuard<'_, HashMap<Id, bool>> {
        self.customers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn add(&self, customer_id: Id, invoices_changed: bool) {
        *self.lock().entry(customer_id).or_default() |= invoices_changed;
    }

    /// All of them, in the order of their ids; they count as caught up from now on.
    pub fn take(&self) -> Vec<(Id, bool)> {
        let mut customers: Vec<(Id, bool)> = self.lock().drain().collect();
        customers.sort_unstable();
        customers
    }

    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

/// Writes the sort rows of `customers` from their balances, and from their open invoices where these changed. Rows that are right
/// already are left alone.
pub fn catch_up(tx: &mut Tx<'_>, customers: &[(Id, bool)]) -> Result<()> {
    let ids: Vec<Id> = customers.iter().map(|(id, _)| *id).collect();
    // The limit is read in the same statement: whoever changes it writes the amount with it.
    tx.execute_by_ids(
        "update customer_amount set amount = (select b.balance from customer_balance b where b.customer_id = customer_amount.customer_id) \
         - limit_part where customer_id in ({ids}) \
         and amount <> (select b.balance from customer_balance b where b.customer_id = customer_amount.customer_id) - limit_part",
        &ids,
    )?;
    for customer_id in customers.iter().filter(|(_, invoices_changed)| *invoices_changed).map(|(id, _)| *id) {
        let text = "select c.time_zone, (select min(o.due_on) from open_invoice o where o.customer_id = c.customer_id) \
                    from customer c where c.customer_id = $1";
        let found = tx.query_first(text, values![customer_id], |row| {
            let zone = row::code(row, 0, |name| Zone::parse(name).ok())?;
            Ok(row.get::<Option<Date>>(1)?.map(|due_on| overdue_from(due_on, &zone)))
        })?;
        let overdue_from = found.flatten();
        tx.execute(
            "update customer_amount set overdue_from = $2 where customer_id = $1 and coalesce(overdue_from, cast(0 as bigint)) <> coalesce($3, cast(0 as bigint))",
            values![customer_id, overdue_from, overdue_from],
        )?;
    }
    Ok(())
}

/// The next `count` customers above `after` whose sort rows are behind; for the sweep after a start.
pub fn find_behind(tx: &mut Tx<'_>, after: Id, count: i64) -> Result<(Vec<Id>, Option<Id>)> {
    let rows = tx.query(
        "select b.customer_id, b.balance - a.limit_part, a.amount from customer_balance b join customer_amount a on a.customer_id = b.customer_id \
         where b.customer_id > $1 order by b.customer_id limit $2",
        values![after, count],
        |row| Ok((row.get::<Id>(0)?, row.get::<i64>(1)? != row.get::<i64>(2)?)),
    )?;
    let last = rows.last().map(|(id, _)| *id);
    Ok((rows.into_iter().filter(|(_, behind)| *behind).map(|(id, _)| id).collect(), last))
}
