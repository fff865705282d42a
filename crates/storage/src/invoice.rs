//! Owns the SQL of invoices: the appended documents, the open ones beside them, and what was allocated.
//! Does not own: making invoices from a period.

use std::collections::{HashMap, HashSet};

use trunkline_domain::id::Id;
use trunkline_domain::invoice::{OpenInvoice, overdue_from};
use trunkline_domain::money::Money;
use trunkline_domain::payment::Allocation;
use trunkline_domain::time::{Timestamp, Zone};

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::values;

/// A new invoice; all of it is outstanding.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    pub invoice: OpenInvoice,
    pub period_from: Timestamp,
    pub period_to: Timestamp,
}

pub fn add(tx: &mut Tx<'_>, customer_id: Id, new: &NewInvoice) -> Result<()> {
    let invoice = &new.invoice;
    tx.execute(
        "insert into invoice (customer_id, invoice_id, number, issued_at, due_on, period_from, period_to, total) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            customer_id,
            invoice.invoice_id,
            invoice.number,
            invoice.issued_at,
            invoice.due_on,
            new.period_from,
            new.period_to,
            invoice.total
        ],
    )?;
    if invoice.outstanding.is_positive() {
        tx.execute(
            "insert into open_invoice (customer_id, invoice_id, number, issued_at, due_on, total, outstanding) values ($1, $2, $3, $4, $5, $6, $7)",
            values![
                customer_id,
                invoice.invoice_id,
                invoice.number,
                invoice.issued_at,
                invoice.due_on,
                invoice.total,
                invoice.outstanding
            ],
        )?;
    }
    tx.touch(customer_id);
    Ok(())
}

/// The open invoices, as rows of facts (fact.rs).
pub(crate) const FACTS: &str = "select customer_id, cast(2 as bigint), invoice_id, number, issued_at, due_on, total, outstanding, cast(null as text), \
     cast(null as text), cast(null as text) from open_invoice where customer_id in ({ids})";

pub(crate) fn read_fact(row: &Row<'_>) -> Result<OpenInvoice> {
    Ok(OpenInvoice {
        invoice_id: row.get(2)?,
        number: row.get(3)?,
        issued_at: row.get(4)?,
        due_on: row.get(5)?,
        total: row.get(6)?,
        outstanding: row.get(7)?,
    })
}

/// What each of these customers has to pay of invoices that are overdue at `at`; those without are left out.
pub fn overdue(tx: &mut Tx<'_>, customers: &[Id], at: Timestamp) -> Result<HashMap<Id, Money>> {
    let text = "select o.customer_id, o.invoice_id, o.due_on, o.outstanding, c.time_zone from open_invoice o \
                join customer c on c.customer_id = o.customer_id where o.customer_id in ({ids})";
    let mut seen: HashSet<Id> = HashSet::new();
    let mut found: HashMap<Id, Money> = HashMap::new();
    tx.query_by_ids(text, customers, |row| {
        let zone = row::code(row, 4, |name| Zone::parse(name).ok())?;
        if seen.insert(row.get(1)?) && overdue_from(row.get(2)?, &zone) <= at {
            let sum = found.entry(row.get(0)?).or_insert(Money::ZERO);
            *sum = sum.checked_add(row.get(3)?).map_err(|problem| StorageError::broken(format!("open invoices: {problem}")))?;
        }
        Ok(())
    })?;
    Ok(found)
}

/// Gives a part of a payment to an invoice.
pub fn allocate(tx: &mut Tx<'_>, customer_id: Id, payment_id: Id, part: &Allocation, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into invoice_allocation (customer_id, payment_id, invoice_id, amount, allocated_at) values ($1, $2, $3, $4, $5)",
        values![customer_id, payment_id, part.invoice_id, part.amount, now],
    )?;
    if part.settles {
        tx.execute("delete from open_invoice where customer_id = $1 and invoice_id = $2", values![customer_id, part.invoice_id])?;
    } else {
        tx.execute(
            "update open_invoice set outstanding = outstanding - $3 where customer_id = $1 and invoice_id = $2",
            values![customer_id, part.invoice_id, part.amount],
        )?;
    }
    tx.touch(customer_id);
    Ok(())
}
