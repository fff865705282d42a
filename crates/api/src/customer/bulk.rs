//! Owns the route that does one thing to many customers.
//! Does not own: what is done (usecase/customer/bulk.rs), and the query by which they can be named (query.rs).

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_usecase::customer::{self, BulkAction, BulkOutcome, BulkReport, BulkRequest, BulkRow, BulkTarget};
use trunkline_usecase::domain::id::Id;

use super::query::ListQuery;
use crate::ApiState;
use crate::answer::{Rendered, blocking, render};
use crate::body::{Write, read_query};
use crate::error::{Problem, sentence};
use crate::reason::ReasonValues;
use crate::value::Day;
use crate::word::{self, BulkKind};

/// What is done, and to whom: `ids` or `matching`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "action": "block", "ids": [281_474_976_710_656_i64], "comment": "asked for by the bank", "preview": true }))]
pub struct BulkBody {
    action: word::BulkAction,
    /// At most 1,000.
    #[schemars(length(min = 1, max = 1000))]
    ids: Option<Vec<Id>>,
    /// Query of the list, such as `status=suspended&currency=EUR`: everybody whom it shows, at most 1,000, whatever its page.
    #[schemars(length(max = 8000))]
    matching: Option<String>,
    /// Only tell what would be done to each. Nothing is changed, and the idempotency key is left alone.
    #[serde(default)]
    preview: bool,
    /// Why they are blocked.
    #[schemars(length(max = 500))]
    comment: Option<String>,
    /// lift_suspension: the last day of full service, in each customer's zone; at most 90 days ahead.
    until: Option<Day>,
    /// change_class: the new class.
    class_id: Option<Id>,
}

/// What became of one customer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct BulkItemBody {
    pub id: Id,
    /// Null where there is no such customer.
    pub name: Option<String>,
    #[schemars(with = "word::BulkOutcome")]
    pub outcome: &'static str,
    /// Why it is unchanged or refused: the stable word of the refusal.
    pub code: Option<String>,
    /// Its figures and names, for those who word it in another language.
    pub values: Option<ReasonValues>,
    /// The same as a sentence.
    pub message: Option<String>,
}

/// What became of each, in the order in which they were asked for.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct BulkReportBody {
    pub preview: bool,
    pub items: Vec<BulkItemBody>,
    /// How many were done, or would be.
    pub done: usize,
    pub refused: usize,
}

impl From<&BulkRow> for BulkItemBody {
    fn from(row: &BulkRow) -> BulkItemBody {
        let (outcome, problem) = match &row.outcome {
            BulkOutcome::Done => ("done", None),
            BulkOutcome::WouldDo => ("would_do", None),
            BulkOutcome::Unchanged(problem) => ("unchanged", Some(problem)),
            BulkOutcome::Refused(problem) => ("refused", Some(problem)),
        };
        BulkItemBody {
            id: row.customer_id,
            name: row.name.clone(),
            outcome,
            code: problem.map(|problem| problem.code().to_owned()),
            values: problem.and_then(ReasonValues::of_refusal),
            message: problem.map(|problem| sentence(&problem.to_string())),
        }
    }
}

fn rendered(report: &BulkReport) -> String {
    let count = |wanted: fn(&BulkOutcome) -> bool| report.rows.iter().filter(|row| wanted(&row.outcome)).count();
    render(&BulkReportBody {
        preview: report.preview,
        items: report.rows.iter().map(BulkItemBody::from).collect(),
        done: count(|outcome| matches!(outcome, BulkOutcome::Done | BulkOutcome::WouldDo)),
        refused: count(|outcome| matches!(outcome, BulkOutcome::Refused(_))),
    })
}

impl BulkBody {
    fn request(self) -> Result<BulkRequest, Problem> {
        let BulkBody { action, ids, matching, preview, mut comment, mut until, mut class_id } = self;
        let required = |field: &str| Problem::field(field, "required", "this action needs it");
        let action = match action.0 {
            BulkKind::Block => BulkAction::Block { comment: comment.take() },
            BulkKind::Unblock => BulkAction::Unblock,
            BulkKind::LiftSuspension => BulkAction::LiftSuspension { until: until.take().ok_or_else(|| required("until"))?.0 },
            BulkKind::ChangeClass => BulkAction::ChangeClass { customer_class_id: class_id.take().ok_or_else(|| required("class_id"))? },
            BulkKind::Delete => BulkAction::Delete,
        };
        let left_over = [("comment", comment.is_some()), ("until", until.is_some()), ("class_id", class_id.is_some())];
        if let Some((field, _)) = left_over.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Problem::field(field, "not_applicable", "this action does not take it"));
        }
        let target = match (ids, matching) {
            (Some(ids), None) => BulkTarget::Ids(ids),
            (None, Some(query)) => BulkTarget::Matching(Box::new(wanted(&query)?)),
            (None, None) => return Err(Problem::field("ids", "required", "name the customers by ids or by matching")),
            (Some(_), Some(_)) => return Err(Problem::field("matching", "ambiguous", "give one of ids and matching")),
        };
        Ok(BulkRequest { action, target, preview })
    }
}

/// The list that a query asks for. A fault is told as one of the field that holds the query.
fn wanted(query: &str) -> Result<customer::ListRequest, Problem> {
    let request = read_query::<ListQuery>(query).and_then(ListQuery::request);
    request.map_err(|problem| problem.renamed(|field| format!("matching.{field}")))
}

pub async fn bulk(State(state): State<ApiState>, write: Write<BulkBody>) -> Result<Rendered<BulkReportBody>, Problem> {
    let (request, context) = (write.body.request()?, write.context);
    let is_matching = matches!(request.target, BulkTarget::Matching(_));
    let answer = blocking(move || customer::bulk(&state.app, &context, &request, rendered)).await;
    let named = |field: &str| match field {
        "customer_class_id" => "class_id".to_owned(),
        "matching" | "comment" | "until" => field.to_owned(),
        // What the list finds wrong with its query.
        field if is_matching => format!("matching.{field}"),
        field => field.to_owned(),
    };
    Ok(Rendered::new(answer.map_err(|problem| problem.renamed(named))?))
}
