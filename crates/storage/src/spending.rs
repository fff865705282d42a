//! Owns the SQL of spending plans and of each customer's spending of the day.
//! Does not own: what counts as spending.

use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::spending::Spending;
use trunkline_domain::time::{Date, Timestamp};

use crate::engine::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::{customer, values};

/// A plan that customers can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpendingPlan {
    pub spending_plan_id: Id,
    pub name: String,
    pub currency: Currency,
    pub daily_limit: Money,
    pub warning_percent: Option<i64>,
}

pub fn add_plan(tx: &mut Tx<'_>, plan: &SpendingPlan, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into spending_plan (spending_plan_id, name, currency, daily_limit, warning_percent, created_at) values ($1, $2, $3, $4, $5, $6)",
        values![plan.spending_plan_id, &plan.name, plan.currency.code(), plan.daily_limit, plan.warning_percent, now],
    )?;
    Ok(())
}

pub fn load_plan(tx: &mut Tx<'_>, spending_plan_id: Id) -> Result<Option<SpendingPlan>> {
    tx.query_first(
        "select spending_plan_id, name, currency, daily_limit, warning_percent from spending_plan where spending_plan_id = $1",
        values![spending_plan_id],
        |row| {
            Ok(SpendingPlan {
                spending_plan_id: row.get(0)?,
                name: row.get(1)?,
                currency: customer::currency(row, 2)?,
                daily_limit: row.get(3)?,
                warning_percent: row.get(4)?,
            })
        },
    )
}

/// Sets what a customer has spent on one of its local days.
pub fn set_day(tx: &mut Tx<'_>, customer_id: Id, day: Date, spent: Money, reached_at: Option<Timestamp>) -> Result<()> {
    tx.execute(
        "insert into spending_day (customer_id, day, spent, reached_at) values ($1, $2, $3, $4) on conflict (customer_id) \
         do update set day = excluded.day, spent = excluded.spent, reached_at = excluded.reached_at",
        values![customer_id, day, spent, reached_at],
    )?;
    tx.touch(customer_id);
    Ok(())
}

/// The plan and the counter of those that have a plan, as rows of facts (fact.rs).
pub(crate) const FACTS: &str = "select c.customer_id, cast(3 as bigint), p.spending_plan_id, p.daily_limit, d.day, d.spent, d.reached_at, cast(null as bigint), p.name, \
     cast(null as text), cast(null as text) from customer c join spending_plan p on p.spending_plan_id = c.spending_plan_id \
     left join spending_day d on d.customer_id = c.customer_id where c.customer_id in ({ids})";

pub(crate) fn read_fact(row: &Row<'_>) -> Result<Spending> {
    Ok(Spending {
        spending_plan_id: row.get(2)?,
        plan_name: row.get(8)?,
        daily_limit: row.get(3)?,
        day: row.get(4)?,
        spent: row.get::<Option<Money>>(5)?.unwrap_or_default(),
        reached_at: row.get(6)?,
    })
}
