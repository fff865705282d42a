//! Owns filling in what migration 6 added, for the customers that were there before it.
//! Does not own: the rows of new customers (mod.rs, text.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::time::Timestamp;

use super::{AMOUNT, LIST};
use super::{Entry, SearchTexts, add_texts, load, update};
use crate::engine::Tx;
use crate::error::Result;
use crate::{customer, values};

const SLICE: i64 = 1_000;

/// Writes the new columns and the texts of all customers.
pub(crate) fn fill_new_columns(tx: &mut Tx<'_>) -> Result<()> {
    let mut after: Id = 0;
    loop {
        let ids = customer::next_ids(tx, after, SLICE)?;
        let Some(last) = ids.last() else { break };
        after = *last;
        let records = customer::load(tx, &ids)?;
        let facts: HashMap<Id, _> = customer::load_facts(tx, &ids)?.into_iter().map(|facts| (facts.customer_id, facts)).collect();
        for before in load(tx, &ids)? {
            let (Some(record), Some(facts)) = (records.get(&before.customer_id), facts.get(&before.customer_id)) else { continue };
            let derived = Entry::of(record, facts, before.stored, record.created_at);
            // What follows from the moment stays as it was: the limit, and the amount that goes with it.
            let (limit_kind, credit_limit, limit_part, amount) = (before.limit_kind, before.credit_limit, before.limit_part, before.amount);
            let entry = Entry { limit_kind, credit_limit, limit_part, amount, ..derived };
            update(tx, "customer_entry", LIST.0, &entry.list_values())?;
            update(tx, "customer_amount", AMOUNT.0, &entry.amount_values())?;
        }
        let texts: Vec<SearchTexts> = ids.iter().filter_map(|id| records.get(id)).map(SearchTexts::of).collect();
        add_texts(tx, &texts)?;
    }
    last_payments(tx)
}

fn last_payments(tx: &mut Tx<'_>) -> Result<()> {
    let mut last: HashMap<Id, (Timestamp, Money)> = HashMap::new();
    tx.query_each("select customer_id, paid_at, amount from payment where amount > 0 order by paid_at, payment_id", &[], |row| {
        last.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        Ok(())
    })?;
    for (customer_id, (at, amount)) in last {
        tx.execute(
            "update customer_balance set last_paid_at = $2, last_paid = $3 where customer_id = $1",
            values![customer_id, at, amount],
        )?;
    }
    Ok(())
}
