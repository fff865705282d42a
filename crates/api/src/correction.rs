//! Owns the routes that take back what was charged, and charge it anew, with their shapes.
//! Does not own: what is taken back (usecase/correction).

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::correction::{self, CorrectionReport, CorrectionWanted, RerateReport, RerateWanted};
use trunkline_usecase::domain::id::Id;

use crate::ApiState;
use crate::answer::{Rendered, blocking, render, wait};
use crate::body::{PathId, Write};
use crate::error::Problem;
use crate::value::{Amount, Moment};
use crate::word;

/// Why it is reversed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "comment": "wrong number" }))]
pub struct ReverseBody {
    /// The customer reads it.
    #[schemars(length(max = 500))]
    comment: Option<String>,
    /// The customer sees neither the xDR nor its reversal.
    #[serde(default)]
    hidden: bool,
}

/// The part that is given back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "amount": "0.25", "comment": "bad line" }))]
pub struct RefundBody {
    /// Above zero, at most 5 decimals, and no more than is left of the xDR.
    amount: Amount,
    /// The customer reads it.
    #[schemars(length(max = 500))]
    comment: Option<String>,
}

/// A correction that was made: an xDR of its own.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CorrectionBody {
    pub id: Id,
    pub customer_id: Id,
    /// Signed as owed.
    pub amount: Amount,
}

/// How the xDR stands now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct CorrectedBody {
    pub xdr_id: Id,
    pub customer_id: Id,
    /// What it charged, signed as owed.
    pub amount: Amount,
    /// Sum of all its corrections, signed as owed.
    pub corrected: Amount,
    /// All of it was taken back.
    pub reverted: bool,
    /// What this request made: its own first, then those of the resellers above. Empty where all of it was taken back before.
    pub corrections: Vec<CorrectionBody>,
    /// Of the customer, signed as owed.
    pub balance: Amount,
    #[schemars(with = "word::StatusCode")]
    pub status: &'static str,
}

fn rendered(reports: &[CorrectionReport]) -> String {
    reports.first().map(|report| render(&CorrectedBody::of(report))).unwrap_or_default()
}

impl CorrectedBody {
    fn of(report: &CorrectionReport) -> CorrectedBody {
        let made =
            report.made.iter().map(|made| CorrectionBody { id: made.xdr_id, customer_id: made.customer_id, amount: Amount(made.owed) });
        CorrectedBody {
            xdr_id: report.xdr_id,
            customer_id: report.customer_id,
            amount: Amount(report.owed),
            corrected: Amount(report.corrected),
            reverted: report.is_reverted,
            corrections: made.collect(),
            balance: Amount(report.balance),
            status: report.status,
        }
    }
}

pub async fn reverse(
    State(state): State<ApiState>,
    PathId(xdr_id): PathId,
    write: Write<ReverseBody>,
) -> Result<Rendered<CorrectedBody>, Problem> {
    let ReverseBody { comment, hidden } = write.body;
    let wanted = CorrectionWanted { xdr_id, amount: None, comment, hidden };
    Ok(Rendered::new(wait(correction::correct(&state.app, &write.context, vec![wanted], rendered)).await?))
}

pub async fn refund(
    State(state): State<ApiState>,
    PathId(xdr_id): PathId,
    write: Write<RefundBody>,
) -> Result<Rendered<CorrectedBody>, Problem> {
    let RefundBody { amount, comment } = write.body;
    let wanted = CorrectionWanted { xdr_id, amount: Some(amount.0), comment, hidden: false };
    Ok(Rendered::new(wait(correction::correct(&state.app, &write.context, vec![wanted], rendered)).await?))
}

/// What is charged anew.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "bill_time_from": "2026-05-01T00:00:00Z", "bill_time_before": "2026-06-01T00:00:00Z", "preview": true }))]
pub struct RerateBody {
    /// Billed at this moment or later.
    bill_time_from: Moment,
    /// Billed before this moment; at most 10,000 xDRs.
    bill_time_before: Moment,
    service: Option<word::Service>,
    /// Only tell what would come of it. Nothing is changed, and the idempotency key is left alone.
    #[serde(default)]
    preview: bool,
}

/// What came of it, or would.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct RerateReportBody {
    pub preview: bool,
    /// Charges of usage that were looked at: not those that were reversed or refunded, and no lost sessions.
    pub xdrs: usize,
    /// That cost something else now, the customer or a reseller above.
    pub changed: usize,
    /// That have no price now, and stay as they are.
    pub refused: usize,
    /// What the customer and its accounts were charged for those that changed.
    pub charged_before: Amount,
    pub charged_after: Amount,
}

fn rendered_rerated(report: &RerateReport) -> String {
    render(&RerateReportBody {
        preview: report.preview,
        xdrs: report.xdrs,
        changed: report.changed,
        refused: report.refused,
        charged_before: Amount(report.charged_before),
        charged_after: Amount(report.charged_after),
    })
}

pub async fn rerate(
    State(state): State<ApiState>,
    PathId(customer_id): PathId,
    write: Write<RerateBody>,
) -> Result<Rendered<RerateReportBody>, Problem> {
    let (body, context) = (write.body, write.context);
    let wanted = RerateWanted {
        customer_id,
        from: body.bill_time_from.0,
        before: body.bill_time_before.0,
        service: body.service.map(|service| service.0.code().to_owned()),
        preview: body.preview,
    };
    let answer = blocking(move || correction::rerate(&state.app, &context, &wanted, rendered_rerated)).await?;
    Ok(Rendered::new(answer))
}
