//! Owns what PostgreSQL's writers read for a batch of decisions on usage: identities, accounts, the sessions that are named.
//! Does not own: customers (postgres.rs), deciding (usage.rs) and saving (usage_save.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::product::{Direction, OpenCalls};
use trunkline_domain::session::Payer;
use trunkline_domain::time::Timestamp;

use super::{HotAccount, UsageRequest};
use crate::engine::postgres::Session;
use crate::error::Result;
use crate::product::Assigned;
use crate::row::{self, Row};
use crate::writer::hot::WorkingSet;
use crate::{account, session};

/// Finds whose the usages are: by identity, and by the key of an open session. Returns all customers whose money they can move.
/// Nothing is locked yet: what is read here is who, not how much.
pub fn load_accounts(connection: &mut Session, set: &mut WorkingSet, usages: &[&UsageRequest]) -> Result<Vec<Id>> {
    if usages.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&str> = usages.iter().filter_map(|usage| usage.identity_key.as_deref()).collect();
    let text = "select identity_key, customer_id, account_id from account_identity where identity_key = any($1)";
    for found in connection.query_arrays(text, &[&keys])? {
        set.identities.insert(found.get(0), (found.get(1), found.get(2)));
    }
    let mut customers: Vec<Id> = set.identities.values().map(|(customer_id, _)| *customer_id).collect();
    for session in named(connection, usages)? {
        customers.push(session.customer_id);
        customers.extend(session.legs.iter().map(|leg| leg.payer.customer_id()));
    }
    Ok(customers)
}

fn named(connection: &mut Session, usages: &[&UsageRequest]) -> Result<Vec<trunkline_domain::session::Session>> {
    let keys: Vec<&str> = usages.iter().map(|usage| usage.key.as_str()).collect();
    let text = format!("select {} from charge_session where session_key = any($1)", session::COLUMNS);
    connection.query_arrays(&text, &[&keys])?.iter().map(|found| session::read(&Row::Postgres(found))).collect()
}

/// With the customers locked: their sessions as they are now, the accounts, what sessions hold, how many calls are under way.
pub fn load_sessions(connection: &mut Session, set: &mut WorkingSet, usages: &[&UsageRequest]) -> Result<()> {
    let mut wanted: Vec<(Id, Id)> = set.identities.values().copied().collect();
    for session in named(connection, usages)? {
        wanted.push((session.customer_id, session.account_id));
        set.sessions.know(session);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let (customers, accounts): (Vec<Id>, Vec<Id>) = wanted.into_iter().unzip();
    let mut products: HashMap<Id, Vec<Assigned>> = HashMap::new();
    let text = "select p.customer_id, p.account_id, p.product_id, p.active_from, p.active_to from account_product p \
                join unnest($1::bigint[], $2::bigint[]) as w (customer_id, account_id) \
                on p.customer_id = w.customer_id and p.account_id = w.account_id order by p.product_id";
    for found in connection.query_arrays(text, &[&customers, &accounts])? {
        let (from, to): (i64, Option<i64>) = (found.get(3), found.get(4));
        let assigned = Assigned {
            customer_id: found.get(0),
            account_id: found.get(1),
            product_id: found.get(2),
            active_from: Timestamp::from_microseconds(from),
            active_to: to.map(Timestamp::from_microseconds),
        };
        products.entry(assigned.account_id).or_default().push(assigned);
    }
    let text = format!(
        "select {}, a.held from account a join unnest($1::bigint[], $2::bigint[]) as w (customer_id, account_id) \
         on a.customer_id = w.customer_id and a.account_id = w.account_id",
        account::COLUMNS
    );
    let held_at = account::COLUMNS.split(',').count();
    for found in connection.query_arrays(&text, &[&customers, &accounts])? {
        let row = Row::Postgres(&found);
        let found = account::read(&row)?;
        let facts = found.facts;
        let (customer_id, account_id) = (facts.customer_id, facts.account_id);
        set.sessions.set_held(Payer::Account { customer_id, account_id }, row.get::<Option<Money>>(held_at)?.unwrap_or_default());
        let products = products.remove(&account_id).unwrap_or_default();
        set.keep_account(HotAccount { facts, products, password: found.password, bundle_use: None });
    }
    let all: Vec<Id> = set.rows.keys().copied().collect();
    for found in connection.query_arrays("select customer_id, held from customer_balance where customer_id = any($1)", &[&all])? {
        let row = Row::Postgres(&found);
        set.sessions.set_held(Payer::Customer { customer_id: row.get(0)? }, row.get::<Option<Money>>(1)?.unwrap_or_default());
    }
    let text = "select s.account_id, s.direction, count(*) from charge_session s \
                join unnest($1::bigint[], $2::bigint[]) as w (customer_id, account_id) \
                on s.customer_id = w.customer_id and s.account_id = w.account_id where s.service = 'voice' group by s.account_id, s.direction";
    let mut calls: HashMap<Id, OpenCalls> = HashMap::new();
    for found in connection.query_arrays(text, &[&customers, &accounts])? {
        let row = Row::Postgres(&found);
        let open = calls.entry(row.get(0)?).or_default();
        match row::code(&row, 1, Direction::parse)? {
            Direction::Outgoing => open.outgoing = row.get(2)?,
            Direction::Incoming => open.incoming = row.get(2)?,
        }
    }
    calls.into_iter().for_each(|(account_id, open)| set.sessions.set_calls(account_id, open));
    Ok(())
}
