//! Owns spending plans: which ones there can be, and which a customer can have.
//! Does not own: what counts as reached (domain), and giving customers their plans (customer/).

use trunkline_domain::id::Id;
use trunkline_domain::money::Currency;
use trunkline_domain::time::Timestamp;
use trunkline_storage::Tx;
use trunkline_storage::spending::{self, SpendingPlan};

use crate::customer::Check;
use crate::error::{Error, Result};

/// Makes a plan. A limit of 0 is none (docs/domain.md, Spending plan): whoever is to spend nothing is blocked.
pub fn add_plan(tx: &mut Tx<'_>, plan: &SpendingPlan, now: Timestamp) -> Result<()> {
    let mut check = Check::default();
    check.name("name", &plan.name);
    check.amount("daily_limit", plan.daily_limit);
    if !plan.daily_limit.is_positive() {
        check.fail("daily_limit", "not_positive", "a daily limit is above zero; block a customer that is to spend nothing");
    }
    if plan.warning_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        check.fail("warning_percent", "out_of_range", "1 to 100 percent");
    }
    if !check.problems.is_empty() {
        return Err(Error::Invalid(check.problems));
    }
    Ok(spending::add_plan(tx, plan, now)?)
}

/// Can a customer in `currency` have this plan? Its limit is an amount in its own currency.
pub(crate) fn check_plan(tx: &mut Tx<'_>, spending_plan_id: Id, currency: Currency) -> Result<()> {
    let Some(plan) = spending::load_plan(tx, spending_plan_id)? else {
        return Err(Error::invalid("spending_plan_id", "not_found", "there is no such spending plan"));
    };
    if plan.currency != currency {
        let message = format!("the plan is in {}, and the customer in {currency}", plan.currency);
        return Err(Error::invalid("spending_plan_id", "currency_of_plan", message));
    }
    Ok(())
}
