//! Owns the order of lists by amounts: which customers' balances have moved since their sort rows were written, and the
//! coalescing job that catches up, at most once a second a customer.
//! Does not own: the balances themselves, which are never indexed.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use trunkline_domain::id::Id;

use crate::engine::Tx;
use crate::error::Result;
use crate::values;

/// Customers in one job.
pub const SLICE: usize = 100;

/// The customers whose sort rows are behind.
#[derive(Default)]
pub struct AmountsBehind {
    customers: Mutex<HashSet<Id>>,
}

impl AmountsBehind {
    fn lock(&self) -> MutexGuard<'_, HashSet<Id>> {
        self.customers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn add(&self, customer_id: Id) {
        self.lock().insert(customer_id);
    }

    /// All of them, in the order of their ids; they count as caught up from now on.
    pub fn take(&self) -> Vec<Id> {
        let mut customers: Vec<Id> = self.lock().drain().collect();
        customers.sort_unstable();
        customers
    }

    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

/// Writes the sort rows of `customers` from their balances. Rows that are right already are left alone.
pub fn catch_up(tx: &mut Tx<'_>, customers: &[Id]) -> Result<()> {
    // The limit is read in the same statement: whoever changes it writes the amount with it.
    tx.execute_by_ids(
        "update customer_amount set amount = (select b.balance from customer_balance b where b.customer_id = customer_amount.customer_id) \
         - limit_part where customer_id in ({ids}) \
         and amount <> (select b.balance from customer_balance b where b.customer_id = customer_amount.customer_id) - limit_part",
        customers,
    )?;
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
