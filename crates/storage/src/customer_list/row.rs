//! Owns reading what a page of the list shows, by the ids of the page.
//! Does not own: the reasons of statuses, which need the facts.

use std::collections::HashMap;

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
use crate::writer::StoredStatus;
use crate::{account, customer, invoice, row};

/// A customer as the list reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    pub customer_id: Id,
    pub name: String,
    pub company_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub customer_type: CustomerType,
    pub balance_control: BalanceControl,
    pub currency: Currency,
    /// Name of the billing zone.
    pub time_zone: String,
    /// Signed as owed.
    pub balance: Money,
    /// The permanent limit.
    pub credit_limit: Option<Money>,
    pub temporary_limit: Option<TemporaryLimit>,
    pub customer_class_id: Id,
    pub class_name: String,
    pub reseller_id: Option<Id>,
    pub billing_period: BillingPeriod,
    pub created_at: Timestamp,
    pub account_count: i64,
    pub last_payment: Option<(Timestamp, Money)>,
    /// What is to be paid of invoices that are overdue.
    pub overdue: Money,
    pub version: i64,
    pub stored: StoredStatus,
}

/// The rows of these customers as they stand at `now`, by id.
pub fn rows(tx: &mut Tx<'_>, customers: &[Id], now: Timestamp) -> Result<HashMap<Id, ListRow>> {
    let accounts: HashMap<Id, i64> = account::count_of(tx, customers)?.into_iter().collect();
    let overdue = invoice::overdue(tx, customers, now)?;
    let found = tx.query_by_ids(
        "select c.customer_id, c.name, c.company_name, c.email, c.phone_1, c.customer_type, c.balance_control, c.currency, b.balance, \
         c.credit_limit, c.temporary_limit, c.temporary_limit_until, c.customer_class_id, k.name, c.reseller_id, c.created_at, c.version, \
         e.status_order, e.status_changes_at, c.time_zone, c.billing_period, b.last_paid_at, b.last_paid \
         from customer c join customer_balance b on b.customer_id = c.customer_id join customer_entry e on e.customer_id = c.customer_id \
         join customer_class k on k.customer_class_id = c.customer_class_id where c.customer_id in ({ids})",
        customers,
        |row| {
            let customer_id = row.get(0)?;
            let (paid_at, paid): (Option<Timestamp>, Option<Money>) = (row.get(21)?, row.get(22)?);
            let (temporary, until): (Option<Money>, Option<Timestamp>) = (row.get(10)?, row.get(11)?);
            Ok(ListRow {
                customer_id,
                name: row.get(1)?,
                company_name: row.get(2)?,
                email: row.get(3)?,
                phone: row.get(4)?,
                customer_type: row::code(row, 5, CustomerType::parse)?,
                balance_control: row::code(row, 6, BalanceControl::parse)?,
                currency: customer::currency(row, 7)?,
                time_zone: row.get(19)?,
                balance: row.get(8)?,
                credit_limit: row.get(9)?,
                temporary_limit: temporary.zip(until).map(|(amount, until)| TemporaryLimit { amount, until }),
                customer_class_id: row.get(12)?,
                class_name: row.get(13)?,
                reseller_id: row.get(14)?,
                billing_period: row::code(row, 20, BillingPeriod::parse)?,
                created_at: row.get(15)?,
                account_count: accounts.get(&customer_id).copied().unwrap_or(0),
                last_payment: paid_at.zip(paid),
                overdue: overdue.get(&customer_id).copied().unwrap_or(Money::ZERO),
                version: row.get(16)?,
                stored: StoredStatus { status_order: row.get(17)?, changes_at: row.get(18)? },
            })
        },
    )?;
    Ok(found.into_iter().map(|row| (row.customer_id, row)).collect())
}
