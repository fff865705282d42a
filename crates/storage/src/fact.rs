//! Owns reading everything about which a status can follow in one statement: holds, open invoices, spending, automatic
//! payment, moves. On PostgreSQL the trip costs more than the look-ups.
//!
//! Does not own: what each row says: its noun reads it. The rows have a customer, the number of the noun, six whole numbers
//! and three texts.

use std::collections::HashMap;

use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::export::Export;
use trunkline_domain::hold::Hold;
use trunkline_domain::id::Id;
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::spending::Spending;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::payment::AutoFact;
use crate::{export, hold, invoice, payment, spending};

/// What was found of one customer.
#[derive(Default)]
struct Found {
    holds: Vec<Hold>,
    invoices: Vec<OpenInvoice>,
    spending: Option<Spending>,
    attempts: Vec<AutoFact>,
    exports: Vec<(Id, Export)>,
}

/// Puts into each customer's facts what happened to it.
pub(crate) fn add_to(tx: &mut Tx<'_>, all: &mut [CustomerFacts]) -> Result<()> {
    let ids: Vec<Id> = all.iter().map(|facts| facts.customer_id).collect();
    let text = [hold::FACTS, invoice::FACTS, spending::FACTS, payment::FACTS, export::FACTS].join(" union all ");
    let mut found: HashMap<Id, Found> = HashMap::new();
    tx.query_by_ids(&text, &ids, |row| {
        let one = found.entry(row.get(0)?).or_default();
        // The numbers that the texts of the nouns give themselves.
        match row.get::<i64>(1)? {
            1 => one.holds.push(hold::read_fact(row)?),
            2 => one.invoices.push(invoice::read_fact(row)?),
            3 => one.spending = Some(spending::read_fact(row)?),
            4 => one.attempts.push(payment::read_fact(row)?),
            5 => one.exports.push(export::read_fact(row)?),
            other => return Err(StorageError::broken(format!("facts of an unknown kind {other}"))),
        }
        Ok(())
    })?;
    for facts in all {
        let Some(mut one) = found.remove(&facts.customer_id) else { continue };
        one.holds.sort_by_key(|hold| hold.hold_id);
        one.invoices.sort_by_key(|invoice| (invoice.issued_at, invoice.invoice_id));
        one.attempts.sort_by_key(|fact| fact.attempt_id);
        facts.holds = one.holds;
        facts.open_invoices = one.invoices;
        facts.spending = one.spending;
        facts.auto_payment = payment::auto_payment_of(one.attempts);
        facts.export = one.exports.into_iter().max_by_key(|(id, _)| *id).map(|(_, export)| export);
    }
    Ok(())
}
