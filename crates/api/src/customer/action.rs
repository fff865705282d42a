//! Owns the routes that act on a customer's status and balance.
//! Does not own: reading and changing its record (mod.rs).

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::customer::{self, NewPosting, Termination};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;

use super::rendered;
use super::shape::CustomerBody;
use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Write};
use crate::error::Problem;
use crate::value::{Amount, Day};
use crate::word::{self, Ending};

/// Why it is done.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "comment": "SIM reported stolen" }))]
pub struct CommentBody {
    #[schemars(length(max = 500))]
    comment: Option<String>,
}

pub async fn block(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<CommentBody>,
) -> Result<Rendered<CustomerBody>, Problem> {
    Ok(Rendered::new(wait(customer::block(&state.app, &write.context, id, write.body.comment, rendered)).await?))
}

pub async fn unblock(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<Rendered<CustomerBody>, Problem> {
    Ok(Rendered::new(wait(customer::unblock(&state.app, &write.context, id, rendered)).await?))
}

/// Until when a suspension or limitation rests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "until": "2026-06-20" }))]
pub struct LiftBody {
    /// The last day of full service, in the customer's zone; at most 90 days ahead.
    until: Day,
}

pub async fn lift_suspension(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<LiftBody>,
) -> Result<Rendered<CustomerBody>, Problem> {
    Ok(Rendered::new(wait(customer::lift_suspension(&state.app, &write.context, id, write.body.until.0, rendered)).await?))
}

/// How a customer is terminated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "kind": "provisional", "comment": "moves abroad" }))]
pub struct TerminateBody {
    /// A provisional one can be restored until it closes.
    kind: word::TerminationKind,
    /// Provisional: the day on which it closes; as its class says where left out, never later than that.
    closes_on: Option<Day>,
    #[schemars(length(max = 500))]
    comment: Option<String>,
}

pub async fn terminate(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<TerminateBody>,
) -> Result<Rendered<CustomerBody>, Problem> {
    let TerminateBody { kind, closes_on, comment } = write.body;
    let termination = match (kind.0, closes_on) {
        (Ending::Provisional, closes_on) => Termination::Provisional { closes_on: closes_on.map(|day| day.0) },
        (Ending::Permanent, None) => Termination::Permanent,
        (Ending::Permanent, Some(_)) => return Err(Problem::field("closes_on", "not_applicable", "a permanent termination is at once")),
    };
    Ok(Rendered::new(wait(customer::terminate(&state.app, &write.context, id, termination, comment, rendered)).await?))
}

pub async fn restore(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<Rendered<CustomerBody>, Problem> {
    Ok(Rendered::new(wait(customer::restore(&state.app, &write.context, id, rendered)).await?))
}

/// A transaction by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "action": "manual_payment", "amount": "12.50", "visible_comment": "Cash, receipt 17" }))]
pub struct TransactionNewBody {
    action: word::PostingAction,
    /// Above zero, at most 5 decimals.
    amount: Amount,
    /// The customer sees it.
    #[schemars(length(max = 500))]
    visible_comment: Option<String>,
    #[schemars(length(max = 500))]
    internal_comment: Option<String>,
}

/// A part of a payment that an invoice got.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AllocationBody {
    pub invoice_id: Id,
    pub number: i64,
    pub amount: Amount,
    /// The invoice is covered by it.
    pub settles: bool,
}

/// What a transaction did.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct TransactionBody {
    pub id: Id,
    pub customer_id: Id,
    pub xdr_id: Id,
    pub payment_id: Option<Id>,
    /// What is owed afterwards; below zero is an advance or prepaid funds.
    pub balance: Amount,
    /// Payments that no invoice has used yet.
    pub unallocated_payments: Amount,
    pub allocations: Vec<AllocationBody>,
    /// Code of the status shown afterwards.
    #[schemars(with = "word::StatusCode")]
    pub status: String,
}

pub async fn post(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<TransactionNewBody>,
) -> Result<Created<TransactionBody>, Problem> {
    let body = write.body;
    let new = NewPosting {
        customer_id: id,
        action: body.action.0,
        amount: body.amount.0,
        visible_comment: body.visible_comment,
        internal_comment: body.internal_comment,
    };
    let answer = wait(customer::post(&state.app, &write.context, new)?).await?;
    let amount = |millionths| Amount(Money::from_millionths(millionths));
    let allocations = answer.allocations.iter().map(|part| AllocationBody {
        invoice_id: part.invoice_id,
        number: part.number,
        amount: amount(part.amount),
        settles: part.settles,
    });
    Ok(Created::new(render(&TransactionBody {
        id: answer.posting_id,
        customer_id: answer.customer_id,
        xdr_id: answer.xdr_id,
        payment_id: answer.payment_id,
        balance: amount(answer.balance),
        unallocated_payments: amount(answer.unallocated),
        allocations: allocations.collect(),
        status: answer.status,
    })))
}
