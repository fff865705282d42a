//! Owns the SQL of invoices: the appended documents, the open ones beside them, and what was allocated.
//! Does not own: making invoices from a period.

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::payment::Allocation;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::Result;
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

/// The open invoices of these customers, the oldest first.
pub fn open_of_customers(tx: &mut Tx<'_>, customers: &[Id]) -> Result<HashMap<Id, Vec<OpenInvoice>>> {
    let rows = tx.query_by_ids(
        "select customer_id, invoice_id, number, issued_at, due_on, total, outstanding from open_invoice \
         where customer_id in ({ids}) order by customer_id, issued_at, invoice_id",
        customers,
        |row| {
            let invoice = OpenInvoice {
                invoice_id: row.get(1)?,
                number: row.get(2)?,
                issued_at: row.get(3)?,
                due_on: row.get(4)?,
                total: row.get(5)?,
                outstanding: row.get(6)?,
            };
            Ok((row.get::<Id>(0)?, invoice))
        },
    )?;
    let mut invoices: HashMap<Id, Vec<OpenInvoice>> = HashMap::new();
    for (customer_id, invoice) in rows {
        invoices.entry(customer_id).or_default().push(invoice);
    }
    Ok(invoices)
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
