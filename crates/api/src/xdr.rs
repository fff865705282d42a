//! Owns the route of xDRs and its shapes.
//! Does not own: what an xDR is (domain).

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trunkline_usecase::customer::Total;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::xdr::{self, XdrListRequest, XdrView};

use crate::ApiState;
use crate::account::page_wanted;
use crate::answer::wait;
use crate::body::Read;
use crate::customer::shape::{Named, PageBody, TotalBody};
use crate::error::Problem;
use crate::limits::{ROWS_DEFAULT, ROWS_MAX};
use crate::value::{Amount, Moment};
use crate::word;

/// The account of an xDR.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrAccountBody {
    pub id: Id,
    pub identity: Option<String>,
}

/// The record of one charged or credited event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrBody {
    pub id: Id,
    pub customer: Named,
    /// Null: on the customer itself.
    pub account: Option<XdrAccountBody>,
    pub service: String,
    #[schemars(with = "word::XdrKind")]
    pub kind: String,
    /// The number that called.
    pub cli: Option<String>,
    /// The number that was called; of what staff post, what it is.
    pub cld: Option<String>,
    pub description: Option<String>,
    /// What the customer reads with it.
    pub comment: Option<String>,
    pub started_at: Moment,
    /// When the balance moved.
    pub bill_time: Moment,
    /// In units of the service.
    pub quantity: i64,
    /// Signed as owed: a charge is above zero, a payment below.
    pub amount: Amount,
    pub currency: String,
    pub currency_digits: u32,
}

impl XdrBody {
    fn of(view: &XdrView) -> XdrBody {
        let (xdr, customer) = (&view.xdr, &view.customer);
        XdrBody {
            id: xdr.xdr_id,
            customer: Named { id: customer.customer_id, name: customer.name.clone() },
            account: xdr.account_id.map(|id| XdrAccountBody { id, identity: view.account_identity.clone() }),
            service: xdr.service.clone(),
            kind: view.kind.code().to_owned(),
            cli: xdr.cli.clone(),
            cld: xdr.cld.clone(),
            description: xdr.description.clone(),
            comment: xdr.visible_comment.clone(),
            started_at: Moment(xdr.started_at),
            bill_time: Moment(xdr.bill_time),
            quantity: xdr.quantity,
            amount: Amount(xdr.owed),
            currency: customer.currency.code().to_owned(),
            currency_digits: customer.currency.digits(),
        }
    }
}

/// What the list is asked for. Everything given must hold. All but the customer, the limit and the page need a customer.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    customer_id: Option<Id>,
    account_id: Option<Id>,
    #[schemars(length(max = 64))]
    service: Option<String>,
    /// Billed at this moment or later.
    bill_time_from: Option<Moment>,
    /// Billed before this moment.
    bill_time_before: Option<Moment>,
    /// -bill_time where left out. Without a customer: the order in which they came.
    sort: Option<word::XdrSort>,
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
    #[schemars(length(max = 2000))]
    after: Option<String>,
    #[schemars(length(max = 2000))]
    before: Option<String>,
    /// The last page.
    at: Option<word::At>,
    /// bounded where left out: exact up to 10,000 of a customer's. Everybody's are not counted.
    total: Option<word::BoundedTotal>,
}

/// One page of xDRs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrPageBody {
    pub items: Vec<XdrBody>,
    pub page: PageBody,
    pub total: Option<TotalBody>,
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<XdrPageBody>, Problem> {
    let query = read.query;
    let limit = query.limit.unwrap_or(ROWS_DEFAULT);
    if limit > ROWS_MAX {
        return Err(Problem::field("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
    }
    let request = XdrListRequest {
        customer_id: query.customer_id,
        account_id: query.account_id,
        service: query.service,
        from: query.bill_time_from.map(|moment| moment.0),
        before: query.bill_time_before.map(|moment| moment.0),
        descending: query.sort.is_none_or(|sort| sort.0),
        limit,
        page: page_wanted(query.after, query.before, query.at.is_some())?,
        with_total: query.total.is_none_or(|total| total.0),
    };
    let page = wait(xdr::list(&state.app, &read.context, request)).await?;
    Ok(Json(XdrPageBody {
        items: page.rows.iter().map(XdrBody::of).collect(),
        page: PageBody { next: page.next, previous: page.previous, first_position: None },
        total: page.total.map(|Total { count, exact }| TotalBody { count, exact }),
    }))
}
