//! Owns comparing what is stored with what it follows from: balances with postings, open invoices with allocations,
//! statuses and list rows with the facts.
//! Does not own: mending anything.

use std::collections::{HashMap, HashSet};
use std::fmt;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::status::{CustomerStatus, StatusPolicy, standing};
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_list::{self, Entry, SearchTexts};
use trunkline_storage::database::inspect;
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Tx, arrival, check, customer, installation};

use crate::clock::Clock;
use crate::customer::resellers_of;
use crate::error::Result;

/// Customers looked at together.
const SLICE: i64 = 1_000;
/// Sort rows by amount may be behind a balance that moved this recently.
const AMOUNT_SECONDS_MAX: i64 = 10;

/// One value that is not as derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Such as `customer 42`.
    pub what: String,
    pub value: &'static str,
    pub stored: String,
    pub derived: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} is stored as {}, derived as {}", self.what, self.value, self.stored, self.derived)
    }
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub customers: usize,
    pub differences: Vec<Difference>,
}

/// Checks the database at `url`, which a server may be using. `at`: the moment to derive for; now where none is given.
pub fn run(url: &str, at: Option<Timestamp>) -> Result<Found> {
    let now = at.unwrap_or_else(|| Clock::wall().now());
    inspect(url, |tx| Checker::new(tx, now)?.run(tx))
}

/// The sums over all customers, each read once.
struct Checker {
    now: Timestamp,
    policy: StatusPolicy,
    posted: HashMap<Id, i64>,
    rated: HashMap<Id, i64>,
    paid: HashMap<Id, i64>,
    allocated: HashMap<Id, i64>,
    last_posted: HashMap<Id, i64>,
    last_paid: HashMap<Id, i64>,
    stored_last_paid: HashMap<Id, i64>,
    spreading: HashSet<Id>,
    found: Found,
}

impl Checker {
    fn new(tx: &mut Tx<'_>, now: Timestamp) -> Result<Checker> {
        Ok(Checker {
            now,
            policy: installation::status_policy(tx)?,
            posted: check::posted(tx)?,
            rated: check::rated(tx)?,
            paid: check::paid(tx)?,
            allocated: check::allocated(tx)?,
            last_posted: check::last_posted(tx)?,
            last_paid: check::last_paid(tx)?,
            stored_last_paid: check::stored_last_paid(tx)?,
            spreading: check::spreading(tx)?,
            found: Found::default(),
        })
    }

    fn run(mut self, tx: &mut Tx<'_>) -> Result<Found> {
        self.schema(tx)?;
        self.invoices(tx)?;
        self.accounts(tx)?;
        let mut after = 0;
        loop {
            let ids = customer::next_ids(tx, after, SLICE)?;
            let Some(last) = ids.last() else { break };
            after = *last;
            self.customers(tx, &ids)?;
        }
        Ok(self.found)
    }

    fn differ(&mut self, what: String, value: &'static str, stored: impl fmt::Display, derived: impl fmt::Display) {
        self.found.differences.push(Difference { what, value, stored: stored.to_string(), derived: derived.to_string() });
    }

    fn schema(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        for difference in check::table_differences(tx)? {
            self.differ("schema".to_owned(), "tables", difference, "the list of this program");
        }
        let counts = check::row_counts(tx)?;
        let customers = counts.first().map_or(0, |(_, count)| *count);
        for (table, count) in counts {
            if count != customers {
                self.differ(format!("table {table}"), "number of rows", count, customers);
            }
        }
        for customer_id in check::list_rows_apart(tx)? {
            self.differ(format!("customer {customer_id}"), "row of amounts", "another one", "that of the list row");
        }
        for (table, rows, found) in arrival::findable(tx)? {
            if rows != found {
                self.differ(format!("table {table}"), "number of rows that are found by customer", found, rows);
            }
        }
        Ok(())
    }

    fn accounts(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let shown = Money::from_millionths;
        for (account_id, stored, derived) in check::account_balances_apart(tx)? {
            self.differ(format!("account {account_id}"), "balance", shown(stored), shown(derived));
        }
        for (account_id, item_id, stored, derived) in check::taken_apart(tx)? {
            self.differ(format!("account {account_id}, item {item_id} of a bundle"), "what was taken of it", stored, derived);
        }
        for (customer_id, account_id, stored, derived) in check::held_apart(tx)? {
            let what = if account_id == 0 { format!("customer {customer_id}") } else { format!("account {account_id}") };
            self.differ(what, "money that sessions hold", shown(stored), shown(derived));
        }
        Ok(())
    }

    fn invoices(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let derived = check::outstanding(tx)?;
        let stored = check::stored_outstanding(tx)?;
        let mut ids: Vec<Id> = derived.keys().chain(stored.keys()).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let (stored, derived) = (stored.get(&id).copied().unwrap_or(0), derived.get(&id).copied().unwrap_or(0));
            if stored != derived {
                self.differ(format!("invoice {id}"), "outstanding", Money::from_millionths(stored), Money::from_millionths(derived));
            }
        }
        Ok(())
    }

    fn customers(&mut self, tx: &mut Tx<'_>, ids: &[Id]) -> Result<()> {
        let records = customer::load(tx, ids)?;
        let facts = customer::load_facts(tx, ids)?;
        let resellers = resellers_of(tx, &facts, &self.policy, self.now)?;
        let entries: HashMap<Id, Entry> = customer_list::load(tx, ids)?.into_iter().map(|entry| (entry.customer_id, entry)).collect();
        let texts: HashMap<Id, SearchTexts> =
            customer_list::load_texts(tx, ids)?.into_iter().map(|texts| (texts.customer_id, texts)).collect();
        self.found.customers += facts.len();
        for facts in &facts {
            let id = facts.customer_id;
            let (Some(record), Some(entry)) = (records.get(&id), entries.get(&id)) else {
                self.differ(format!("customer {id}"), "list row", "missing", "there");
                continue;
            };
            let sum = |sums: &HashMap<Id, i64>| sums.get(&id).copied().unwrap_or(0);
            let balance = Money::from_millionths(record.opening_balance.millionths().saturating_add(sum(&self.posted)));
            if balance != facts.balance {
                self.differ(format!("customer {id}"), "balance", facts.balance, balance);
            }
            let (posted, rated) = (sum(&self.posted), sum(&self.rated));
            if posted != rated {
                let (posted, rated) = (Money::from_millionths(posted), Money::from_millionths(rated));
                self.differ(format!("customer {id}"), "sum of xDRs", rated, posted);
            }
            let unallocated = Money::from_millionths(sum(&self.paid).saturating_sub(sum(&self.allocated)));
            if unallocated != facts.unallocated {
                self.differ(format!("customer {id}"), "unallocated payments", facts.unallocated, unallocated);
            }
            let moment =
                |paid: &HashMap<Id, i64>| paid.get(&id).map_or("never".to_owned(), |at| Timestamp::from_microseconds(*at).to_string());
            let (stored, derived) = (moment(&self.stored_last_paid), moment(&self.last_paid));
            if stored != derived {
                self.differ(format!("customer {id}"), "last payment", stored, derived);
            }
            let derived = SearchTexts::of(record);
            if texts.get(&id) != Some(&derived) {
                let stored = texts.get(&id).map_or("missing".to_owned(), |stored| format!("{:?}", stored.columns));
                self.differ(format!("customer {id}"), "searched texts", stored, format!("{:?}", derived.columns));
            }
            let reseller = facts.reseller_id.and_then(|id| resellers.get(&id));
            let standing = standing(facts, reseller, &self.policy, self.now);
            let derived = Entry::of(record, facts, StoredStatus::of(&standing), self.now);
            self.entry(entry, &derived);
        }
        Ok(())
    }

    fn entry(&mut self, stored: &Entry, derived: &Entry) {
        let what = || format!("customer {}", stored.customer_id);
        // What is due is about to be stored, and so is what a reseller's customers inherit.
        let is_due = stored.stored.changes_at.is_some_and(|at| at <= self.now);
        let is_spreading = self.spreading.contains(&stored.reseller_id);
        if stored.stored != derived.stored && !is_due && !is_spreading {
            let words = |status: &StoredStatus| {
                let code = CustomerStatus::from_order(status.status_order).map_or("unknown", CustomerStatus::code);
                status.changes_at.map_or(code.to_owned(), |at| format!("{code} until {at}"))
            };
            let (stored, derived) = (words(&stored.stored), words(&derived.stored));
            self.differ(what(), "status", stored, derived);
        }
        let moved_at = self.last_posted.get(&stored.customer_id).copied().map(Timestamp::from_microseconds);
        let is_fresh = moved_at.is_some_and(|at| at.plus_seconds(AMOUNT_SECONDS_MAX) > self.now);
        if stored.amount != derived.amount && !is_fresh && !is_due {
            self.differ(what(), "amount in the list's order", stored.amount, derived.amount);
        }
        if stored.overdue_from != derived.overdue_from && !is_fresh {
            let words = |from: Option<Timestamp>| from.map_or("never".to_owned(), |from| from.to_string());
            self.differ(what(), "when it comes to be overdue", words(stored.overdue_from), words(derived.overdue_from));
        }
        let columns = |entry: &Entry| {
            let of_limit = if is_due { (0, 0, 0) } else { (entry.limit_kind, entry.credit_limit, entry.limit_part) };
            format!(
                "{:?} {:?} {} {} {} {} {} {} {} {of_limit:?}",
                entry.name_key,
                entry.company_key,
                entry.customer_type.code(),
                entry.billing_period.code(),
                entry.created_at,
                entry.balance_control.code(),
                entry.currency,
                entry.customer_class_id,
                entry.reseller_id
            )
        };
        if columns(stored) != columns(derived) {
            self.differ(what(), "list row", columns(stored), columns(derived));
        }
    }
}
