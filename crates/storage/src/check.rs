//! Owns the reads by which stored values are compared with what they follow from.
//! Does not own: comparing (usecase/check.rs).

use std::collections::{HashMap, HashSet};

use trunkline_domain::id::Id;

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::{bundle, job, session, table};

fn sums(tx: &mut Tx<'_>, text: &str) -> Result<HashMap<Id, i64>> {
    let mut found = HashMap::new();
    tx.query_each(text, &[], |row| {
        found.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(found)
}

/// Sum of the postings of each customer that has some, in millionths.
pub fn posted(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, cast(sum(owed) as bigint) from posting where account_id is null group by customer_id")
}

/// Sum of the xDRs of each customer that has some, in millionths.
pub fn rated(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, cast(sum(owed) as bigint) from xdr where paid_by is null group by customer_id")
}

/// Accounts whose balance is not their opening balance and their postings; a few at the most: the account, what is stored, what is derived.
pub fn account_balances_apart(tx: &mut Tx<'_>) -> Result<Vec<(Id, i64, i64)>> {
    tx.query(
        "select a.account_id, a.balance, cast(a.opening_balance + coalesce(p.owed, 0) as bigint) from account a left join \
         (select customer_id, account_id, sum(owed) as owed from posting where account_id is not null group by customer_id, account_id) p \
         on p.customer_id = a.customer_id and p.account_id = a.account_id where a.balance <> a.opening_balance + coalesce(p.owed, 0) \
         order by a.account_id limit 100",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Payers of whom open sessions hold another sum than is stored; a few at the most: the customer, the account or 0, both sums.
pub fn held_apart(tx: &mut Tx<'_>) -> Result<Vec<(Id, Id, i64, i64)>> {
    // SQLite stores no such sum.
    if tx.engine() == Engine::Sqlite {
        return Ok(Vec::new());
    }
    let mut derived: HashMap<(Id, Id), i64> = HashMap::new();
    session::load_all(tx, |session| {
        for leg in &session.legs {
            *derived.entry((leg.payer.customer_id(), leg.payer.account_id().unwrap_or(0))).or_default() += leg.reserved.millionths();
        }
    })?;
    let text = "select customer_id, cast(0 as bigint), held from customer_balance where coalesce(held, 0) <> 0 union all \
                select customer_id, account_id, held from account where coalesce(held, 0) <> 0";
    let mut stored: HashMap<(Id, Id), i64> = HashMap::new();
    tx.query_each(text, &[], |row| {
        stored.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        Ok(())
    })?;
    derived.retain(|_, held| *held != 0);
    let payers: HashSet<(Id, Id)> = derived.keys().chain(stored.keys()).copied().collect();
    let both = |payer: &(Id, Id)| (stored.get(payer).copied().unwrap_or(0), derived.get(payer).copied().unwrap_or(0));
    let apart = payers.iter().map(|payer| (payer.0, payer.1, both(payer))).filter(|(_, _, (stored, derived))| stored != derived);
    let mut found: Vec<_> = apart.map(|(customer_id, account_id, (stored, derived))| (customer_id, account_id, stored, derived)).collect();
    found.sort_unstable();
    found.truncate(100);
    Ok(found)
}

/// Accounts that have taken another sum of a bundle's item in a period than their xDRs and open sessions say; a few at the most: the
/// account, the item, what is stored, what is derived.
pub fn taken_apart(tx: &mut Tx<'_>) -> Result<Vec<(Id, Id, i64, i64)>> {
    let mut sums: HashMap<(Id, Id, i64), (i64, i64)> = HashMap::new();
    let mut add = |account_id: Id, text: Option<String>| -> Result<()> {
        for taken in bundle::parse_taken(text.as_deref())? {
            sums.entry((account_id, taken.item_id, taken.first_day)).or_default().1 += taken.amount;
        }
        Ok(())
    };
    for text in [
        "select account_id, taken from xdr where taken is not null",
        "select account_id, taken from charge_session where taken is not null",
    ] {
        tx.query_each(text, &[], |row| add(row.get::<Option<Id>>(0)?.unwrap_or(0), row.get(1)?))?;
    }
    tx.query_each("select account_id, item_id, first_day, taken from bundle_use", &[], |row| {
        sums.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default().0 = row.get(3)?;
        Ok(())
    })?;
    let apart = sums.into_iter().filter(|(_, (stored, derived))| stored != derived);
    let mut found: Vec<_> = apart.map(|((account_id, item_id, _), (stored, derived))| (account_id, item_id, stored, derived)).collect();
    found.sort_unstable();
    found.truncate(100);
    Ok(found)
}

/// Sum of the payments of each customer that has some, less refunds that were taken from them.
pub fn paid(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, cast(sum(amount) as bigint) from payment group by customer_id")
}

/// Sum of what each customer's payments gave to invoices.
pub fn allocated(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, cast(sum(amount) as bigint) from invoice_allocation group by customer_id")
}

/// What each invoice that has a rest to pay should have open, by invoice.
pub fn outstanding(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(
        tx,
        "select i.invoice_id, cast(i.total - coalesce(sum(a.amount), 0) as bigint) from invoice i left join invoice_allocation a \
         on a.customer_id = i.customer_id and a.invoice_id = i.invoice_id group by i.customer_id, i.invoice_id, i.total \
         having i.total - coalesce(sum(a.amount), 0) > 0",
    )
}

/// What is stored as open, by invoice.
pub fn stored_outstanding(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select invoice_id, outstanding from open_invoice")
}

/// When each customer's balance last moved, in microseconds.
pub fn last_posted(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, max(posted_at) from posting group by customer_id")
}

/// Resellers whose customers' stored statuses are being brought up to date.
pub fn spreading(tx: &mut Tx<'_>) -> Result<HashSet<Id>> {
    let found = tx.query("select customer_id from job where kind = $1", crate::values![job::SPREAD_RESELLER_STATUS], |row| row.get(0))?;
    Ok(found.into_iter().collect())
}

/// When each customer that has paid did so last, in microseconds.
pub fn last_paid(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, max(paid_at) from payment where amount > 0 group by customer_id")
}

/// The same as it is stored.
pub fn stored_last_paid(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    sums(tx, "select customer_id, last_paid_at from customer_balance where last_paid_at is not null")
}

/// Customers of whom the two list tables, which have most columns in common, say different things; a few at the most.
pub fn list_rows_apart(tx: &mut Tx<'_>) -> Result<Vec<Id>> {
    tx.query(
        "select e.customer_id from customer_entry e join customer_amount a on a.customer_id = e.customer_id \
         where e.status_order <> a.status_order or e.balance_control <> a.balance_control or e.currency <> a.currency \
         or e.customer_class_id <> a.customer_class_id or e.reseller_id <> a.reseller_id or e.customer_type <> a.customer_type \
         or e.billing_period <> a.billing_period or e.created_at <> a.created_at or e.limit_kind <> a.limit_kind \
         or e.credit_limit <> a.credit_limit order by e.customer_id limit 100",
        &[],
        |row| row.get(0),
    )
}

/// Rows of the tables that have exactly one row a customer.
pub fn row_counts(tx: &mut Tx<'_>) -> Result<Vec<(&'static str, i64)>> {
    let mut counts = Vec::new();
    let search = if tx.engine() == Engine::Sqlite { Some("customer_search") } else { None };
    for table in
        search.into_iter().chain(["customer", "customer_balance", "customer_entry", "customer_amount", "customer_text", "customer_name"])
    {
        let count = tx.query_first(&format!("select count(*) from {table}"), &[], |row| row.get(0))?;
        counts.push((table, count.unwrap_or(0)));
    }
    Ok(counts)
}

/// Tables of the list in code that the schema lacks, and tables of the schema that the list lacks.
pub fn table_differences(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let text = match tx.engine() {
        Engine::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite!_%' escape '!' and name not like 'customer!_search!_%' escape '!'"
        }
        Engine::Postgres => {
            "select table_name::text from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'"
        }
    };
    let stored: HashSet<String> = tx.query(text, &[], |row| row.get(0))?.into_iter().collect();
    let listed: HashSet<String> = table::names(tx.engine()).map(str::to_owned).collect();
    let missing = listed.difference(&stored).map(|name| format!("table {name} is missing"));
    let strange = stored.difference(&listed).map(|name| format!("table {name} is not known to this program"));
    Ok(missing.chain(strange).collect())
}
