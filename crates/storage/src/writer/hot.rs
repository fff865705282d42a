//! Owns hot decisions as data: the request, the working set of a batch, deciding, and what is to be saved.
//! Does not own: loading and saving, which differ by engine.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use trunkline_domain::balance::{PostingAction, PostingEffects, decide_posting};
use trunkline_domain::bundle::Bundle;
use trunkline_domain::customer::{CustomerFacts, CustomerType, RESELLER_DEPTH_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::product::Product;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::status::{CustomerStatus, ResellerStanding, Standing, StatusPolicy, standing};
use trunkline_domain::time::Timestamp;

use super::usage::{HotAccount, OpenSessions, UsageAnswer, UsageFailure, UsageRequest};
use crate::catalogue::LoadedTariff;
use crate::engine::Tx;
use crate::error::StorageError;
use crate::product::Assigned;
use crate::request::RequestKey;
use crate::session::Ended;
use crate::{arrival, audit, customer, hold, invoice, job, outbox, values};

/// Ids for everything that one posting can write.
#[derive(Clone, Copy, Debug)]
pub struct PostingIds {
    pub posting_id: Id,
    pub xdr_id: Id,
    pub payment_id: Id,
    pub audit_id: Id,
    pub event_id: Id,
    pub job_id: Id,
    /// Orders the idempotency row on SQLite.
    pub request_id: Id,
}

/// A posting by hand, as it waits for its decision.
#[derive(Clone, Debug)]
pub struct PostingRequest {
    pub customer_id: Id,
    /// Staff of a reseller reach only its customers; others are not found.
    pub reseller_scope: Option<Id>,
    pub action: PostingAction,
    /// Above zero.
    pub amount: Money,
    pub now: Timestamp,
    pub ids: PostingIds,
    pub staff_id: Option<Id>,
    /// Who, as the audit trail says it.
    pub actor: String,
    pub visible_comment: Option<String>,
    pub internal_comment: Option<String>,
    pub request_key: Option<RequestKey>,
}

/// What a posting did, as its first answer and every repeat tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostingAnswer {
    pub customer_id: Id,
    pub posting_id: Id,
    pub xdr_id: Id,
    /// Payments only.
    pub payment_id: Option<Id>,
    /// Millionths, signed as owed.
    pub balance: i64,
    /// Millionths.
    pub unallocated: i64,
    pub allocations: Vec<AllocationAnswer>,
    /// Code of the status shown afterwards.
    pub status: String,
}

/// A part of a payment that one invoice got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationAnswer {
    pub invoice_id: Id,
    pub number: i64,
    /// Millionths.
    pub amount: i64,
    pub settles: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum PostingFailure {
    Refused(Refusal),
    /// The idempotency key was used with another request.
    KeyReused,
    Storage(StorageError),
}

/// A hot decision as it waits.
#[derive(Clone, Debug)]
pub enum HotRequest {
    Post(PostingRequest),
    Usage(UsageRequest),
}

/// What was decided.
#[derive(Clone, Debug)]
pub enum HotAnswer {
    Posted(Result<PostingAnswer, PostingFailure>),
    Used(Result<UsageAnswer, UsageFailure>),
}

impl HotRequest {
    /// The answer where nothing could be stored.
    pub fn failed(&self, problem: StorageError) -> HotAnswer {
        match self {
            HotRequest::Post(_) => HotAnswer::Posted(Err(PostingFailure::Storage(problem))),
            HotRequest::Usage(_) => HotAnswer::Used(Err(UsageFailure::Storage(problem))),
        }
    }
}

/// The status that is stored for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredStatus {
    pub status_order: i64,
    pub changes_at: Option<Timestamp>,
}

impl StoredStatus {
    pub fn of(standing: &Standing) -> StoredStatus {
        StoredStatus { status_order: standing.shown().order(), changes_at: standing.changes_at }
    }
}

/// A customer as the writer holds it.
#[derive(Clone, Debug)]
pub struct HotRow {
    pub facts: CustomerFacts,
    pub stored: StoredStatus,
    /// Its events come in the order of their ids, which are drawn before it is locked.
    pub last_event_id: Id,
    /// What a reseller pays by for the usage of its customers; none until somebody asks.
    pub products: Option<Vec<Assigned>>,
}

/// The customers of a batch and of their reseller chains. A customer that does not exist is missing. Of those whose usage is decided,
/// also the accounts, what they have, and the sessions.
#[derive(Default)]
pub struct WorkingSet {
    pub rows: HashMap<Id, HotRow>,
    pub accounts: HashMap<Id, HotAccount>,
    /// Which of them are of a customer.
    pub accounts_of: HashMap<Id, Vec<Id>>,
    /// The customer and the account of an identity, by its key.
    pub identities: HashMap<String, (Id, Id)>,
    pub products: HashMap<Id, Arc<Product>>,
    pub bundles: HashMap<Id, Arc<Bundle>>,
    pub tariffs: HashMap<Id, Arc<LoadedTariff>>,
    pub sessions: OpenSessions,
    /// Sessions that have ended, by their keys, as far as somebody asked.
    pub ended: HashMap<String, Ended>,
}

/// A decision that is to be saved.
pub struct Posted {
    /// Its place in the batch.
    pub index: usize,
    pub effects: PostingEffects,
    pub answer: PostingAnswer,
    pub event_id: Id,
    /// What the row of the payment says, if there is one: the amount paid, or below zero what a refund took from payments.
    pub paid: Option<Money>,
    /// The stored status is another one now.
    pub status_changed: bool,
    /// A reseller whose customers inherit something else now.
    pub spread: bool,
}

impl WorkingSet {
    /// The reseller of `facts` with its standing at `now`. Its name and explanations are left out: nothing stored has them.
    pub(super) fn reseller(&self, facts: &CustomerFacts, policy: &StatusPolicy, now: Timestamp, depth: usize) -> Option<ResellerStanding> {
        let reseller_id = facts.reseller_id?;
        if depth >= RESELLER_DEPTH_MAX {
            return None;
        }
        let row = self.rows.get(&reseller_id)?;
        let above = self.reseller(&row.facts, policy, now, depth + 1);
        let standing = standing(&row.facts, above.as_ref(), policy, now);
        Some(ResellerStanding { reseller_id, name: String::new(), standing, explanations: Vec::new() })
    }

    /// Decides one request, and lets the next ones of the batch see what it did.
    pub fn decide(&mut self, index: usize, request: &PostingRequest, policy: &StatusPolicy) -> Result<Posted, PostingFailure> {
        let refused = PostingFailure::Refused;
        let row = self.rows.get(&request.customer_id).ok_or(refused(Refusal::CustomerNotFound))?;
        if request.reseller_scope.is_some() && request.reseller_scope != row.facts.reseller_id {
            return Err(refused(Refusal::CustomerNotFound));
        }
        let reseller = self.reseller(&row.facts, policy, request.now, 0);
        let before = standing(&row.facts, reseller.as_ref(), policy, request.now);
        let effects =
            decide_posting(&row.facts, reseller.as_ref(), policy, request.action, request.amount, request.now).map_err(refused)?;
        let after = standing(&effects.after, reseller.as_ref(), policy, request.now);
        let stored = StoredStatus::of(&after);
        let status_changed = stored != row.stored;
        let inherits_anew = inheritable(&before) != inheritable(&after) || stored.changes_at != row.stored.changes_at;
        let spread = effects.after.customer_type == CustomerType::Reseller && inherits_anew;
        let paid = paid(request, row, &effects);
        let answer = answer_of(request, &effects, &after);
        let event_id = request.ids.event_id.max(row.last_event_id + 1);
        if let Some(row) = self.rows.get_mut(&request.customer_id) {
            (row.facts, row.stored, row.last_event_id) = (effects.after.clone(), stored, event_id);
        }
        Ok(Posted { index, effects, answer, event_id, paid, status_changed, spread })
    }
}

/// Every payment has a row; a refund has one for what it takes from payments, so that the rows add up to what is unallocated.
fn paid(request: &PostingRequest, before: &HotRow, effects: &PostingEffects) -> Option<Money> {
    match request.action {
        PostingAction::ManualPayment => Some(request.amount),
        PostingAction::Refund => effects.after.unallocated.checked_sub(before.facts.unallocated).ok().filter(|taken| !taken.is_zero()),
        PostingAction::ManualCharge | PostingAction::ManualCredit | PostingAction::PromotionalCredit => None,
    }
}

/// The conditions that a reseller's customers can inherit.
fn inheritable(standing: &Standing) -> Vec<CustomerStatus> {
    standing.conditions.iter().map(|condition| condition.status).collect()
}

fn answer_of(request: &PostingRequest, effects: &PostingEffects, after: &Standing) -> PostingAnswer {
    let is_payment = request.action == PostingAction::ManualPayment;
    let allocations = effects.allocations.iter().map(|part| AllocationAnswer {
        invoice_id: part.invoice_id,
        number: part.number,
        amount: part.amount.millionths(),
        settles: part.settles,
    });
    PostingAnswer {
        customer_id: request.customer_id,
        posting_id: request.ids.posting_id,
        xdr_id: request.ids.xdr_id,
        payment_id: is_payment.then_some(request.ids.payment_id),
        balance: effects.after.balance.millionths(),
        unallocated: effects.after.unallocated.millionths(),
        allocations: allocations.collect(),
        status: after.shown().code().to_owned(),
    }
}

/// The action of a posting in the audit trail.
pub const AUDIT_ACTION: &str = "transaction.post";
/// The event of a posting.
pub const EVENT_TYPE: &str = "customer.balance_changed";

/// What the xDR of a posting calls itself.
pub fn service_of(action: PostingAction) -> &'static str {
    match action {
        PostingAction::ManualPayment | PostingAction::Refund => trunkline_domain::xdr::PAYMENTS,
        PostingAction::PromotionalCredit => "promotions",
        PostingAction::ManualCharge | PostingAction::ManualCredit => "adjustments",
    }
}

/// The body of the event `customer.balance_changed`.
pub fn event_of(request: &PostingRequest, posted: &Posted) -> String {
    let prior = posted.effects.after.balance.millionths() - posted.effects.owed.millionths();
    serde_json::json!({
        "customer_id": request.customer_id,
        "posting_id": request.ids.posting_id,
        "previous_balance": Money::from_millionths(prior).to_string(),
        "balance": posted.effects.after.balance.to_string(),
        "status": posted.answer.status,
    })
    .to_string()
}

/// The detail of the audit row.
pub fn audit_of(request: &PostingRequest) -> String {
    serde_json::json!({ "posting_id": request.ids.posting_id, "action": request.action.code(), "amount": request.amount.to_string() })
        .to_string()
}

/// Saves what only some postings change: the payment's parts, ended holds, the lift date.
pub fn save_rare(tx: &mut Tx<'_>, request: &PostingRequest, posted: &Posted) -> Result<(), StorageError> {
    let customer_id = request.customer_id;
    for part in &posted.effects.allocations {
        invoice::allocate(tx, customer_id, request.ids.payment_id, part, request.now)?;
    }
    hold::end(tx, customer_id, &posted.effects.holds_ended, request.now)?;
    if posted.effects.lift_erased {
        customer::save_lifted_until(tx, customer_id, None)?;
    }
    if posted.spread {
        let kind = job::SPREAD_RESELLER_STATUS;
        job::add(tx, &job::NewJob { customer_id, job_id: request.ids.job_id, kind, payload: "", run_at: request.now })?;
    }
    Ok(())
}

/// Saves what every posting writes, but for the balance and the stored status, which a batch writes once a customer.
pub fn save_posting(tx: &mut Tx<'_>, request: &PostingRequest, posted: &Posted) -> Result<(), StorageError> {
    let (customer_id, ids, now) = (request.customer_id, &request.ids, request.now);
    let owed = posted.effects.owed;
    let service = service_of(request.action);
    tx.execute(
        "insert into posting (customer_id, posting_id, xdr_id, kind, owed, posted_at) values ($1, $2, $3, $4, $5, $6)",
        values![customer_id, ids.posting_id, ids.xdr_id, request.action.code(), owed, now],
    )?;
    tx.execute(
        "insert into xdr (customer_id, xdr_id, service, cld, visible_comment, internal_comment, started_at, ended_at, bill_time, quantity, owed, staff_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $7, $7, 1, $8, $9)",
        values![
            customer_id,
            ids.xdr_id,
            service,
            request.action.label(),
            &request.visible_comment,
            &request.internal_comment,
            now,
            owed,
            request.staff_id
        ],
    )?;
    arrival::note(tx, arrival::Kind::Xdr, customer_id, now, ids.xdr_id);
    if let Some(paid) = posted.paid {
        tx.execute(
            "insert into payment (customer_id, payment_id, posting_id, kind, amount, paid_at) values ($1, $2, $3, $4, $5, $6)",
            values![customer_id, ids.payment_id, ids.posting_id, request.action.code(), paid, now],
        )?;
        arrival::note(tx, arrival::Kind::Payment, customer_id, now, ids.payment_id);
        if paid.is_positive() {
            // The row that the new balance is written to as well.
            let text =
                "update customer_balance set last_paid_at = $2, last_paid = $3 where customer_id = $1 and coalesce(last_paid_at, $4) <= $5";
            tx.execute(text, values![customer_id, now, paid, now, now])?;
        }
    }
    audit::append(
        tx,
        &audit::Entry {
            customer_id,
            audit_id: ids.audit_id,
            at: now,
            actor: &request.actor,
            action: AUDIT_ACTION,
            detail: &audit_of(request),
        },
    )?;
    outbox::append(
        tx,
        &outbox::Event {
            customer_id,
            event_id: posted.event_id,
            event_type: EVENT_TYPE,
            payload: &event_of(request, posted),
            created_at: now,
        },
    )
}
