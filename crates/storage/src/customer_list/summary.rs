//! Owns the figures of all that match a filter: how many, by status, currency and kind, with the sum of their amounts.
//! Does not own: what is shown of them (usecase/customer/summary.rs).

use std::collections::{BTreeMap, HashMap};

use trunkline_domain::customer::BalanceControl;
use trunkline_domain::time::{Date, Timestamp, Zone};

use super::filter::{Finding, ListFilter, Query, Table};
use super::find;
use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::{self, Row};

/// Rows that are looked up behind an index; where a filter leaves more, a pass over all is faster. At 1,000,000 customers both take as
/// long at about 40,000.
const LOOKED_UP_MAX: i64 = 30_000;

/// Customers of one currency and kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub currency: String,
    pub balance_control: BalanceControl,
    pub customers: i64,
    /// Millionths, as the list sorts by them: postpaid what is owed, prepaid the funds negated. A sum can leave the range of amounts.
    pub amount: i128,
}

/// How many customers have each status, and the sums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// By the order of statuses, whatever statuses the filter asks for.
    pub statuses: BTreeMap<i64, i64>,
    pub sums: Vec<Sum>,
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
pub fn figures(tx: &mut Tx<'_>, filter: &ListFilter) -> Result<Figures> {
    figures_within(tx, filter, LOOKED_UP_MAX)
}

/// With another bound for the rows that are looked up behind an index; which way is gone makes no difference to the figures.
pub fn figures_within(tx: &mut Tx<'_>, filter: &ListFilter, looked_up_max: i64) -> Result<Figures> {
    let of_any_status = ListFilter { statuses: Vec::new(), ..filter.clone() };
    // SQLite counts and sums up along an index, but would sort all rows to group them otherwise.
    match tx.engine() {
        Engine::Sqlite if of_any_status == (ListFilter { at: filter.at, ..ListFilter::default() }) => {
            Ok(Figures { statuses: statuses(tx)?, sums: sums(tx, filter)? })
        }
        Engine::Sqlite => by_row(tx, &of_any_status, &filter.statuses, looked_up_max),
        Engine::Postgres => by_group(tx, &of_any_status, &filter.statuses),
    }
}

fn statuses(tx: &mut Tx<'_>) -> Result<BTreeMap<i64, i64>> {
    let text = "select status_order, count(*) from customer_amount group by status_order";
    Ok(tx.query(text, &[], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

fn sums(tx: &mut Tx<'_>, filter: &ListFilter) -> Result<Vec<Sum>> {
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Amount, Finding::Conditions);
    let text = format!(
        "select t.currency, t.balance_control, count(*), {} from {source} group by t.currency, t.balance_control",
        halves("t.amount")
    );
    tx.query(&text, &query.values(), |row| {
        let balance_control = row::code(row, 1, BalanceControl::parse)?;
        Ok(Sum { currency: row.get(0)?, balance_control, customers: row.get(2)?, amount: whole(row, 3)? })
    })
}

fn by_group(tx: &mut Tx<'_>, filter: &ListFilter, wanted: &[i64]) -> Result<Figures> {
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Amount, Finding::Conditions);
    let text = format!(
        "select t.status_order, t.currency, t.balance_control, count(*), {} from {source} group by t.status_order, t.currency, \
         t.balance_control",
        halves("t.amount")
    );
    let mut figures = Gathered::default();
    tx.query_each(&text, &query.values(), |row| {
        let control = row::code(row, 2, BalanceControl::parse)?;
        figures.add(wanted, row.get(0)?, (row.get(1)?, control), (row.get(3)?, whole(row, 4)?));
        Ok(())
    })?;
    Ok(figures.done())
}

fn by_row(tx: &mut Tx<'_>, filter: &ListFilter, wanted: &[i64], looked_up_max: i64) -> Result<Figures> {
    // The index of a text search finds its own rows, however many; any other would lead to each row by itself.
    let narrows = filter.search.is_some() || find::narrows_to(tx, filter, looked_up_max)?;
    let finding = if narrows { Finding::Conditions } else { Finding::Pass };
    let mut query = Query::new();
    let source = filter.source(&mut query, tx.engine(), Table::Amount, finding);
    let text = format!("select t.status_order, t.currency, t.balance_control, t.amount from {source}");
    let mut figures = Gathered::default();
    tx.query_each(&text, &query.values(), |row| {
        let control = row::code(row, 2, BalanceControl::parse)?;
        figures.add(wanted, row.get(0)?, (row.get(1)?, control), (1, i128::from(row.get::<i64>(3)?)));
        Ok(())
    })?;
    Ok(figures.done())
}

/// Figures on their way.
#[derive(Default)]
struct Gathered {
    statuses: BTreeMap<i64, i64>,
    sums: HashMap<(String, BalanceControl), (i64, i128)>,
}

impl Gathered {
    fn add(&mut self, wanted: &[i64], status: i64, kind: (String, BalanceControl), (customers, amount): (i64, i128)) {
        *self.statuses.entry(status).or_default() += customers;
        if wanted.is_empty() || wanted.contains(&status) {
            let sum = self.sums.entry(kind).or_default();
            sum.0 += customers;
            sum.1 += amount;
        }
    }

    fn done(self) -> Figures {
        let sum = |((currency, balance_control), (customers, amount))| Sum { currency, balance_control, customers, amount };
        Figures { statuses: self.statuses, sums: self.sums.into_iter().map(sum).collect() }
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
