//! Owns taking back what was charged: an xDR with those of everybody above who paid for the same usage, or a part of it.
//! Does not own: how much may be taken back (domain/correction.rs), and charging anew (rerate.rs).

mod rerate;

pub use rerate::{RerateReport, RerateWanted, XDRS_MAX, rerate};

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::correction::{CorrectionKind, partial_refund, reversal};
use trunkline_domain::customer::RESELLER_DEPTH_MAX;
use trunkline_domain::hold::COMMENT_CHARACTERS_MAX;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, StatusPolicy, may_be_done};
use trunkline_domain::time::Timestamp;
use trunkline_storage::correction::{self, Charged, Corrected, NewCorrection, correctable};
use trunkline_storage::{StorageError, Ticket, Tx, account, audit, customer, outbox};

use crate::App;
use crate::actor::Context;
use crate::customer::{Check, in_scope, once, settle, view};
use crate::error::{Error, Result};

/// Ids that one correction can use: for each of the chain an xDR with two postings, an audit row, an event and a job.
const IDS: usize = 6 * (RESELLER_DEPTH_MAX + 1);
/// xDRs of one request at the most.
pub const CORRECTIONS_MAX: usize = 100;

/// What is to be taken back.
#[derive(Clone, Debug)]
pub struct CorrectionWanted {
    pub xdr_id: Id,
    /// Above zero, of this xDR alone. None: all that is left of it, and of what everybody above was charged for the same usage.
    pub amount: Option<Money>,
    /// The customer reads it.
    pub comment: Option<String>,
    /// The customer sees neither the xDR nor its corrections.
    pub hidden: bool,
}

/// A correction that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    pub customer_id: Id,
    pub xdr_id: Id,
    /// Signed as owed.
    pub owed: Money,
}

/// How an xDR stands after what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionReport {
    pub customer_id: Id,
    pub xdr_id: Id,
    pub owed: Money,
    /// Sum of all corrections of it, signed as owed.
    pub corrected: Money,
    pub is_reverted: bool,
    /// What this request made: nothing where all of it was taken back before.
    pub made: Vec<Made>,
    pub balance: Money,
    pub status: &'static str,
}

/// Takes back all that is wanted, or nothing. Everybody who paid gets it back in the same commit.
pub fn correct(
    app: &Arc<App>,
    context: &Context,
    wanted: Vec<CorrectionWanted>,
    render: fn(&[CorrectionReport]) -> String,
) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::XdrCorrect).and_then(|()| check(&wanted)).and_then(|()| {
        let now = app.now();
        let ids = (0..wanted.len() * IDS).map(|_| app.id(now)).collect::<Result<Vec<Id>>>()?;
        Ok((now, app.id(now)?, ids))
    });
    let (now, request_id, ids) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (context, policy) = (context.clone(), app.policy());
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let mut work = Work::new(&context, policy, now, ids.clone());
            Ok(render(&correct_now(tx, &context, &mut work, &wanted)?))
        })
    })
}

fn check(wanted: &[CorrectionWanted]) -> Result<()> {
    if wanted.is_empty() || wanted.len() > CORRECTIONS_MAX {
        return Err(Error::invalid("xdrs", "out_of_range", format!("1 to {CORRECTIONS_MAX}")));
    }
    let mut check = Check::default();
    for comment in wanted.iter().filter_map(|wanted| wanted.comment.as_ref()) {
        check.line("comment", comment, COMMENT_CHARACTERS_MAX);
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

fn correct_now(tx: &mut Tx<'_>, context: &Context, work: &mut Work, all: &[CorrectionWanted]) -> Result<Vec<CorrectionReport>> {
    let mut found = Vec::with_capacity(all.len());
    let mut involved = BTreeSet::new();
    for wanted in all {
        let own = correction::load(tx, wanted.xdr_id)?.ok_or(Error::NotFound("xDR"))?;
        let lineage = lineage(tx, own.customer_id)?;
        involved.extend(lineage.iter().copied());
        found.push((wanted, own, lineage));
    }
    lock(tx, involved)?;
    found.iter().map(|(wanted, own, lineage)| correct_one(tx, context, work, wanted, own, lineage)).collect()
}

fn correct_one(
    tx: &mut Tx<'_>,
    context: &Context,
    work: &mut Work,
    wanted: &CorrectionWanted,
    own: &Charged,
    lineage: &[Id],
) -> Result<CorrectionReport> {
    (work.hidden, work.comment) = (wanted.hidden, wanted.comment.clone());
    let owner = view(tx, own.customer_id, &work.policy, work.now)?.ok_or(Error::NotFound("xDR"))?;
    in_scope(&context.actor, &owner.customer).map_err(|_| Error::NotFound("xDR"))?;
    may_be_done(CustomerAction::Post, &owner.standing, &owner.facts, work.now)?;
    let made = match wanted.amount {
        None => take_back(tx, work, CorrectionKind::Reversal, own, lineage)?,
        Some(amount) => {
            let corrected = corrected(tx, own)?;
            let owed = partial_refund(&correctable(own, &corrected), amount)?;
            vec![apply(tx, work, CorrectionKind::Refund, own, owed)?]
        }
    };
    let detail = json!({
        "xdr_id": own.xdr_id,
        "amount": wanted.amount.map(|amount| amount.to_string()),
        "hidden": wanted.hidden,
        "made": made.iter().map(|made| json!({ "xdr_id": made.xdr_id, "amount": made.owed.to_string() })).collect::<Vec<_>>(),
    });
    work.finish(tx, &made.iter().map(|made| made.customer_id).collect(), &detail)?;
    let after = view(tx, own.customer_id, &work.policy, work.now)?.ok_or(Error::NotFound("xDR"))?;
    let corrected = corrected(tx, own)?;
    Ok(CorrectionReport {
        customer_id: own.customer_id,
        xdr_id: own.xdr_id,
        owed: own.owed,
        corrected: corrected.owed,
        is_reverted: corrected.is_reverted,
        made,
        balance: after.facts.balance,
        status: after.standing.shown().code(),
    })
}

fn corrected(tx: &mut Tx<'_>, charged: &Charged) -> Result<Corrected> {
    Ok(correction::of(tx, &[charged.xdr_id])?.remove(&charged.xdr_id).unwrap_or_default())
}

/// What several corrections of one commit share.
struct Work {
    policy: StatusPolicy,
    now: Timestamp,
    actor: String,
    staff_id: Option<Id>,
    hidden: bool,
    comment: Option<String>,
    ids: std::vec::IntoIter<Id>,
}

impl Work {
    fn new(context: &Context, policy: StatusPolicy, now: Timestamp, ids: Vec<Id>) -> Work {
        let (actor, staff_id) = (context.actor.label(), context.actor.staff_id);
        Work { policy, now, actor, staff_id, hidden: false, comment: None, ids: ids.into_iter() }
    }

    fn id(&mut self) -> Result<Id> {
        self.ids.next().ok_or_else(|| StorageError::broken("a correction used up its ids").into())
    }

    /// What follows for the customers whose balances moved: status, list row, trail, event.
    fn finish(&mut self, tx: &mut Tx<'_>, customers: &BTreeSet<Id>, detail: &serde_json::Value) -> Result<()> {
        for customer_id in customers.iter().copied() {
            let (audit_id, event_id, job_id) = (self.id()?, self.id()?, self.id()?);
            let Some(after) = settle(tx, customer_id, &self.policy, self.now, job_id)? else { continue };
            let action = Permission::XdrCorrect.code();
            let row = audit::Entry { customer_id, audit_id, at: self.now, actor: &self.actor, action, detail: &detail.to_string() };
            audit::append(tx, &row)?;
            let balance = after.facts.balance.to_string();
            let payload = json!({ "customer_id": customer_id, "balance": balance, "status": after.standing.shown().code() }).to_string();
            let event_type = "customer.balance_changed";
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type, payload: &payload, created_at: self.now })?;
        }
        Ok(())
    }
}

/// Locks customers in the order of their ids, as everybody does.
fn lock(tx: &mut Tx<'_>, customers: impl IntoIterator<Item = Id>) -> Result<()> {
    let in_order: BTreeSet<Id> = customers.into_iter().collect();
    for customer_id in in_order {
        if !customer::lock(tx, customer_id)? {
            return Err(Error::NotFound("customer"));
        }
    }
    Ok(())
}

/// The customer and the resellers above it.
fn lineage(tx: &mut Tx<'_>, customer_id: Id) -> Result<Vec<Id>> {
    let mut found = vec![customer_id];
    let mut next = customer::load_one(tx, customer_id)?.and_then(|customer| customer.reseller_id);
    while let Some(reseller_id) = next.filter(|_| found.len() <= RESELLER_DEPTH_MAX) {
        found.push(reseller_id);
        next = customer::load_one(tx, reseller_id)?.and_then(|reseller| reseller.reseller_id);
    }
    Ok(found)
}

/// The xDR, and those by which everybody above was charged for the same usage.
fn chain(tx: &mut Tx<'_>, own: &Charged, lineage: &[Id]) -> Result<Vec<Charged>> {
    let mut all = vec![own.clone()];
    // What a reseller was charged can be corrected alone; it goes with the part of a session that was charged.
    if own.usage().is_some() && own.split_no != Some(1) {
        for reseller_id in lineage.iter().skip(1) {
            all.extend(correction::above(tx, own, *reseller_id)?);
        }
    }
    Ok(all)
}

/// Takes back what is left of an xDR and of those above it.
fn take_back(tx: &mut Tx<'_>, work: &mut Work, kind: CorrectionKind, own: &Charged, lineage: &[Id]) -> Result<Vec<Made>> {
    let all = chain(tx, own, lineage)?;
    let ids: Vec<Id> = all.iter().map(|charged| charged.xdr_id).collect();
    let corrected = correction::of(tx, &ids)?;
    let mut made = Vec::with_capacity(all.len());
    for charged in &all {
        let before = corrected.get(&charged.xdr_id).copied().unwrap_or_default();
        if let Some(owed) = reversal(&correctable(charged, &before))? {
            made.push(apply(tx, work, kind, charged, owed)?);
        }
    }
    Ok(made)
}

/// Appends one correction and moves the balances that the xDR had moved.
fn apply(tx: &mut Tx<'_>, work: &mut Work, kind: CorrectionKind, charged: &Charged, owed: Money) -> Result<Made> {
    let payers = if owed.is_zero() { Vec::new() } else { correction::payers(tx, charged)? };
    if payers.is_empty() && !owed.is_zero() {
        return Err(StorageError::broken(format!("xDR {} has no posting", charged.xdr_id)).into());
    }
    let xdr_id = work.id()?;
    let mut postings = Vec::with_capacity(payers.len());
    for account_id in payers {
        postings.push((work.id()?, account_id));
    }
    let (comment, staff_id, now) = (work.comment.as_deref(), work.staff_id, work.now);
    let new = NewCorrection { original: charged, xdr_id, kind, owed, postings: &postings, is_hidden: work.hidden, comment, staff_id, now };
    correction::append(tx, &new)?;
    for (_, account_id) in &postings {
        move_balance(tx, charged.customer_id, *account_id, owed, now)?;
    }
    Ok(Made { customer_id: charged.customer_id, xdr_id, owed })
}

/// Moves a balance of a customer that is locked: its own, or an account's.
fn move_balance(tx: &mut Tx<'_>, customer_id: Id, account_id: Option<Id>, owed: Money, now: Timestamp) -> Result<()> {
    let too_large = |_| Refusal::AmountTooLarge;
    match account_id {
        Some(account_id) => {
            let found = account::load(tx, customer_id, account_id)?.ok_or(Error::NotFound("account"))?;
            account::save_balance(tx, customer_id, account_id, found.facts.balance.checked_add(owed).map_err(too_large)?)?;
        }
        None => {
            let mut facts = customer::load_facts(tx, &[customer_id])?.pop().ok_or(Error::NotFound("customer"))?;
            facts.balance = facts.balance.checked_add(owed).map_err(too_large)?;
            facts.available_funds(now).map_err(too_large)?;
            customer::save_balance(tx, &facts)?;
        }
    }
    Ok(())
}
