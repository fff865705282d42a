//! Owns the SQL of corrections: an xDR with all that was charged by it, those of the same usage above it, what has been taken back
//! of them, and appending a correction.
//! Does not own: how much may be taken back (domain/correction.rs), and balances.

use std::collections::HashMap;

use trunkline_domain::bundle::{Taken, opposite};
use trunkline_domain::correction::{Correctable, CorrectionKind};
use trunkline_domain::id::{Id, seconds_after};
use trunkline_domain::money::Money;
use trunkline_domain::product::Direction;
use trunkline_domain::service::Service;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::xdr::{Place, XdrFilter};
use crate::{arrival, bundle, values, xdr};

/// Rows of a customer that are looked at together.
const ROWS_AT_ONCE: usize = 500;
/// The ids of one decision are drawn within this time.
const DRAWN_SECONDS: i64 = 1;

/// An xDR with all that it says of what was charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    pub customer_id: Id,
    pub xdr_id: Id,
    pub account_id: Option<Id>,
    pub service: String,
    pub cli: Option<String>,
    pub cld: Option<String>,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub bill_time: Timestamp,
    pub quantity: i64,
    pub owed: Money,
    pub paid_by: Option<String>,
    pub session_key: Option<String>,
    pub direction: Option<String>,
    pub units: Option<i64>,
    pub tariff_id: Option<Id>,
    pub prefix: Option<String>,
    pub rated_at: Option<Timestamp>,
    pub cause: Option<String>,
    /// The xDR that it corrects, adds to, or was charged anew in place of.
    pub refers_to: Option<Id>,
    /// What it took of bundles.
    pub taken: Vec<Taken>,
    /// 1 and 2: the parts of a session in which a volume ended.
    pub split_no: Option<i64>,
}

const COLUMNS: &str = "t.customer_id, t.xdr_id, t.account_id, t.service, t.cli, t.cld, t.started_at, t.ended_at, t.bill_time, t.quantity, \
     t.owed, t.paid_by, t.session_key, t.direction, t.units, t.tariff_id, t.prefix, t.rated_at, t.cause, t.refers_to, \
     t.taken, t.split_no";

fn read(row: &Row<'_>) -> Result<Charged> {
    Ok(Charged {
        customer_id: row.get(0)?,
        xdr_id: row.get(1)?,
        account_id: row.get(2)?,
        service: row.get(3)?,
        cli: row.get(4)?,
        cld: row.get(5)?,
        started_at: row.get(6)?,
        ended_at: row.get(7)?,
        bill_time: row.get(8)?,
        quantity: row.get(9)?,
        owed: row.get(10)?,
        paid_by: row.get(11)?,
        session_key: row.get(12)?,
        direction: row.get(13)?,
        units: row.get(14)?,
        tariff_id: row.get(15)?,
        prefix: row.get(16)?,
        rated_at: row.get(17)?,
        cause: row.get(18)?,
        refers_to: row.get(19)?,
        taken: bundle::parse_taken(row.get::<Option<String>>(20)?.as_deref())?,
        split_no: row.get(21)?,
    })
}

/// What usage was charged by an xDR: none where it was posted by hand, or nobody had to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfUsage<'a> {
    pub account_id: Id,
    pub key: &'a str,
    pub service: Service,
    pub direction: Direction,
    pub cld: &'a str,
    pub units: u64,
    pub rated_at: Timestamp,
}

impl Charged {
    /// The usage of an account's own xDR.
    pub fn usage(&self) -> Option<OfUsage<'_>> {
        self.tariff_id?;
        Some(OfUsage {
            account_id: self.account_id?,
            key: self.session_key.as_deref()?,
            service: Service::parse(&self.service)?,
            direction: Direction::parse(self.direction.as_deref()?)?,
            cld: self.cld.as_deref()?,
            units: u64::try_from(self.units?).ok()?,
            rated_at: self.rated_at?,
        })
    }
}

pub fn load(tx: &mut Tx<'_>, xdr_id: Id) -> Result<Option<Charged>> {
    tx.query_first(&format!("select {COLUMNS} from xdr t where t.xdr_id = $1"), values![xdr_id], read)
}

/// A customer's xDRs by the moment of billing, the earliest first, behind `after`.
pub fn of_customer(tx: &mut Tx<'_>, filter: &XdrFilter, after: Option<Place>, count: usize) -> Result<Vec<Charged>> {
    let found = xdr::of_customer(tx, filter, after, false, count)?;
    let ids: Vec<Id> = found.iter().map(|xdr| xdr.xdr_id).collect();
    let mut rows = tx.query_by_ids(&format!("select {COLUMNS} from xdr t where t.xdr_id in ({{ids}})"), &ids, read)?;
    rows.sort_unstable_by_key(|charged| (charged.bill_time, charged.xdr_id));
    Ok(rows)
}

/// What a reseller above was charged for the same usage: its xDR was written with this one, under an id right behind.
pub fn above(tx: &mut Tx<'_>, own: &Charged, reseller_id: Id) -> Result<Option<Charged>> {
    let filter = XdrFilter {
        customer_id: reseller_id,
        from: Some(own.bill_time),
        before: Some(Timestamp::from_microseconds(own.bill_time.microseconds().saturating_add(1))),
        ..XdrFilter::default()
    };
    let mut after = (own.bill_time, own.xdr_id);
    loop {
        let rows = of_customer(tx, &filter, Some(after), ROWS_AT_ONCE)?;
        let is_last = rows.len() < ROWS_AT_ONCE;
        after = rows.last().map_or(after, |row| (row.bill_time, row.xdr_id));
        let is_of_usage = |row: &Charged| row.session_key.is_some() && row.session_key == own.session_key && row.account_id.is_none();
        if let Some(found) = rows.into_iter().find(is_of_usage) {
            return Ok(Some(found));
        }
        if is_last {
            return Ok(None);
        }
    }
}

/// Whose balances an xDR moved: the account, or none for the customer itself.
pub fn payers(tx: &mut Tx<'_>, charged: &Charged) -> Result<Vec<Option<Id>>> {
    let text = "select account_id from posting where customer_id = $1 and xdr_id = $2";
    let near = format!("{text} and posting_id > $3 and posting_id < $4 order by posting_id");
    let (low, high) = (seconds_after(charged.xdr_id, -DRAWN_SECONDS), seconds_after(charged.xdr_id, DRAWN_SECONDS + 1));
    let found = tx.query(&near, values![charged.customer_id, charged.xdr_id, low, high], |row| row.get(0))?;
    // Ids that were drawn farther apart are looked for everywhere. What charged nothing has none.
    if found.is_empty() && !charged.owed.is_zero() {
        return tx.query(&format!("{text} order by posting_id"), values![charged.customer_id, charged.xdr_id], |row| row.get(0));
    }
    Ok(found)
}

/// What has been taken back of an xDR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// Sum of the corrections, signed as owed.
    pub owed: Money,
    pub is_reverted: bool,
    /// It was charged anew.
    pub is_rerated: bool,
    /// It and its corrections are not shown to the customer.
    pub is_hidden: bool,
    /// It is one itself.
    pub is_correction: bool,
}

/// What has been taken back of these xDRs; those that have nothing to do with corrections are left out.
pub fn of(tx: &mut Tx<'_>, xdrs: &[Id]) -> Result<HashMap<Id, Corrected>> {
    let mut found: HashMap<Id, Corrected> = HashMap::new();
    let read =
        |row: &Row<'_>| Ok((row.get::<Id>(0)?, row::code(row, 1, CorrectionKind::parse)?, row.get::<Money>(2)?, row.get::<bool>(3)?));
    let text = "select original_id, kind, owed, is_hidden from xdr_correction where original_id in ({ids})";
    for (original_id, kind, owed, is_hidden) in tx.query_by_ids(text, xdrs, read)? {
        let entry = found.entry(original_id).or_default();
        entry.owed = entry.owed.checked_add(owed).map_err(StorageError::unreadable)?;
        entry.is_reverted |= kind.reverts();
        entry.is_rerated |= kind == CorrectionKind::Rerating;
        entry.is_hidden |= is_hidden;
    }
    let text = "select xdr_id, is_hidden from xdr_correction where xdr_id in ({ids})";
    for (xdr_id, is_hidden) in tx.query_by_ids(text, xdrs, |row| Ok((row.get::<Id>(0)?, row.get::<bool>(1)?)))? {
        let entry = found.entry(xdr_id).or_default();
        entry.is_correction = true;
        entry.is_hidden |= is_hidden;
    }
    Ok(found)
}

/// The xDR as domain looks at it.
pub fn correctable<'a>(charged: &'a Charged, corrected: &Corrected) -> Correctable<'a> {
    Correctable {
        service: &charged.service,
        owed: charged.owed,
        is_correction: corrected.is_correction,
        corrected: corrected.owed,
        is_reverted: corrected.is_reverted,
    }
}

/// A correction as it is appended.
#[derive(Clone, Debug)]
pub struct NewCorrection<'a> {
    pub original: &'a Charged,
    pub xdr_id: Id,
    pub kind: CorrectionKind,
    /// Signed as owed.
    pub owed: Money,
    /// Each balance that moves by it: the id of its posting, and the account whose it is.
    pub postings: &'a [(Id, Option<Id>)],
    pub is_hidden: bool,
    pub comment: Option<&'a str>,
    pub staff_id: Option<Id>,
    pub now: Timestamp,
}

/// Appends the xDR of a correction with its postings. Balances move apart from it.
pub fn append(tx: &mut Tx<'_>, new: &NewCorrection<'_>) -> Result<()> {
    let original = new.original;
    let customer_id = original.customer_id;
    for (posting_id, account_id) in new.postings {
        tx.execute(
            "insert into posting (customer_id, posting_id, account_id, xdr_id, kind, owed, posted_at) values ($1, $2, $3, $4, $5, $6, $7)",
            values![customer_id, *posting_id, *account_id, new.xdr_id, new.kind.code(), new.owed, new.now],
        )?;
    }
    // What is given back in part was used all the same.
    let quantity = if new.kind.reverts() { original.quantity.saturating_neg() } else { 0 };
    let given_back = if new.kind.reverts() { opposite(&original.taken) } else { Vec::new() };
    if let Some(account_id) = original.account_id {
        bundle::take(tx, customer_id, account_id, &given_back)?;
    }
    tx.execute(
        "insert into xdr (customer_id, xdr_id, account_id, service, cli, cld, started_at, ended_at, bill_time, quantity, owed, paid_by, \
         session_key, direction, units, tariff_id, prefix, rated_at, cause, refers_to, visible_comment, staff_id, taken) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        values![
            customer_id,
            new.xdr_id,
            original.account_id,
            &original.service,
            &original.cli,
            &original.cld,
            original.started_at,
            original.ended_at,
            new.now,
            quantity,
            new.owed,
            &original.paid_by,
            &original.session_key,
            &original.direction,
            original.units,
            original.tariff_id,
            &original.prefix,
            original.rated_at,
            &original.cause,
            original.xdr_id,
            new.comment,
            new.staff_id,
            &bundle::taken_text(&given_back)
        ],
    )?;
    arrival::note(tx, arrival::Kind::Xdr, customer_id, new.now, new.xdr_id);
    tx.execute(
        "insert into xdr_correction (customer_id, original_id, xdr_id, kind, owed, is_hidden, corrected_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        values![customer_id, original.xdr_id, new.xdr_id, new.kind.code(), new.owed, new.is_hidden, new.now],
    )?;
    Ok(())
}
