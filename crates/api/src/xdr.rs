//! Owns the routes of xDRs and their shapes, and the columns of their list as a file.
//! Does not own: what an xDR is (domain).

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trunkline_usecase::customer::Total;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::xdr::{self, XdrDetail, XdrListRequest, XdrTotal, XdrView};

use crate::ApiState;
use crate::answer::wait;
use crate::body::{Empty, PathId, Read};
use crate::customer::shape::{Named, PageBody, TotalBody};
use crate::error::Problem;
use crate::export::{Cell, Column, Wanted, send};
use crate::page::{page_wanted, rows_wanted};
use crate::rate::StepBody;
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
    /// Sum of what was taken back of it, signed as owed. Null: nothing was.
    pub corrected: Option<Amount>,
    /// All of it was taken back.
    pub reverted: bool,
    /// The customer does not see it.
    pub hidden: bool,
    /// The xDR that it corrects, adds to, or was charged anew in place of.
    pub refers_to: Option<Id>,
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
            corrected: view.corrected.map(|corrected| corrected.owed).filter(|owed| !owed.is_zero()).map(Amount),
            reverted: view.corrected.is_some_and(|corrected| corrected.is_reverted),
            hidden: view.corrected.is_some_and(|corrected| corrected.is_hidden),
            refers_to: xdr.refers_to,
            currency: customer.currency.code().to_owned(),
            currency_digits: customer.currency.digits(),
        }
    }
}

/// The usage that an xDR charges.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrUsageBody {
    /// The session: who told of it, and what it is called there.
    pub session: String,
    pub ended_at: Moment,
    #[schemars(with = "word::Direction")]
    pub direction: String,
    /// What was used, in units of the service.
    pub units: i64,
    /// Null: it was free by its kind, such as an emergency call, or the tariff is gone.
    pub tariff: Option<Named>,
    /// Of the rate.
    pub prefix: Option<String>,
    /// The moment whose rate it was charged by.
    pub rated_at: Option<Moment>,
    /// Why it ended, as the switch named it.
    pub cause: Option<String>,
    /// Why nothing was charged; null where something was, or nothing is known of the price.
    #[schemars(with = "Option<word::Uncharged>")]
    pub uncharged: Option<String>,
    /// How the charge came about, in its order.
    pub steps: Vec<StepBody>,
}

/// One xDR, explained.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrDetailBody {
    pub xdr: XdrBody,
    /// Null: not about usage.
    pub usage: Option<XdrUsageBody>,
}

impl XdrDetailBody {
    fn of(detail: XdrDetail) -> XdrDetailBody {
        let XdrDetail { view, usage, tariff_name, steps, uncharged } = detail;
        let currency = view.customer.currency;
        let service = Service::parse(&view.xdr.service).unwrap_or(Service::Voice);
        let usage = usage.map(|usage| XdrUsageBody {
            session: usage.session,
            ended_at: Moment(usage.ended_at),
            direction: usage.direction,
            units: usage.units,
            tariff: usage.tariff_id.zip(tariff_name).map(|(id, name)| Named { id, name }),
            prefix: usage.prefix,
            rated_at: usage.rated_at.map(Moment),
            cause: usage.cause,
            uncharged: uncharged.map(|reason| reason.code().to_owned()),
            steps: steps.iter().map(|step| StepBody::of(step, service, currency)).collect(),
        });
        XdrDetailBody { xdr: XdrBody::of(&view), usage }
    }
}

pub async fn get(State(state): State<ApiState>, PathId(id): PathId, read: Read<Empty>) -> Result<Json<XdrDetailBody>, Problem> {
    Ok(Json(XdrDetailBody::of(wait(xdr::get(&state.app, &read.context, id)).await?)))
}

/// A query with the filter of the list of xDRs and fields of its own; unknown ones are refused, which rules out nesting.
macro_rules! with_filter {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            customer_id: Option<Id>,
            account_id: Option<Id>,
            #[schemars(length(max = 64))]
            service: Option<String>,
            /// Billed at this moment or later.
            bill_time_from: Option<Moment>,
            /// Billed before this moment.
            bill_time_before: Option<Moment>,
            $($(#[$meta])* $field: $kind,)*
        }

        impl $name {
            /// The filter, as a request for the first page.
            fn filter(&self) -> XdrListRequest {
                XdrListRequest {
                    customer_id: self.customer_id,
                    account_id: self.account_id,
                    service: self.service.clone(),
                    from: self.bill_time_from.as_ref().map(|moment| moment.0),
                    before: self.bill_time_before.as_ref().map(|moment| moment.0),
                    ..XdrListRequest::default()
                }
            }
        }
    };
}

with_filter! {
    /// What the list is asked for. Everything given must hold. All but the customer, the limit and the page need a customer.
    ListQuery {
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
}

with_filter! {
    /// Of which xDRs the figures are wanted. Everything given must hold, and needs a customer.
    SummaryQuery {}
}

impl ListQuery {
    fn request(self) -> Result<XdrListRequest, Problem> {
        let limit = rows_wanted(self.limit)?;
        let filter = self.filter();
        Ok(XdrListRequest {
            descending: self.sort.is_none_or(|sort| sort.0),
            limit,
            page: page_wanted(self.after, self.before, self.at.is_some())?,
            with_total: self.total.is_none_or(|total| total.0),
            ..filter
        })
    }
}

/// One page of xDRs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrPageBody {
    pub items: Vec<XdrBody>,
    pub page: PageBody,
    pub total: Option<TotalBody>,
}

fn total_body(Total { count, exact }: Total) -> TotalBody {
    TotalBody { count, exact }
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<XdrPageBody>, Problem> {
    let page = wait(xdr::list(&state.app, &read.context, read.query.request()?)).await?;
    Ok(Json(XdrPageBody {
        items: page.rows.iter().map(XdrBody::of).collect(),
        page: PageBody { next: page.next, previous: page.previous, first_position: None },
        total: page.total.map(total_body),
    }))
}

/// The xDRs of one currency. A sum is null where it leaves the range of amounts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrTotalBody {
    pub currency: String,
    pub currency_digits: u32,
    pub xdrs: i64,
    /// What was charged and refunded.
    pub charged: Option<Amount>,
    /// What was credited and paid, above zero.
    pub credited: Option<Amount>,
}

/// The figures of a customer's xDRs that match. Everybody's are not counted. Where more than 10,000 match, the total says so and there
/// are no sums.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct XdrSummaryBody {
    pub total: Option<TotalBody>,
    pub totals: Vec<XdrTotalBody>,
}

pub async fn summary(State(state): State<ApiState>, read: Read<SummaryQuery>) -> Result<Json<XdrSummaryBody>, Problem> {
    let found = wait(xdr::summary(&state.app, &read.context, read.query.filter())).await?;
    let total = |total: XdrTotal| XdrTotalBody {
        currency: total.currency.code().to_owned(),
        currency_digits: total.currency.digits(),
        xdrs: total.xdrs,
        charged: total.charged.map(Amount),
        credited: total.credited.map(Amount),
    };
    Ok(Json(XdrSummaryBody { total: found.total.map(total_body), totals: found.totals.into_iter().map(total).collect() }))
}

const fn column(code: &'static str, heading: &'static str, cell: fn(&XdrView) -> Cell) -> Column<XdrView> {
    Column { code, heading, cell }
}

static COLUMNS: [Column<XdrView>; 14] = [
    column("id", "i_xdr", |row| Cell::Id(row.xdr.xdr_id)),
    column("bill_time", "bill_time", |row| Cell::Moment(row.xdr.bill_time)),
    column("started_at", "connect_time", |row| Cell::Moment(row.xdr.started_at)),
    column("cli", "CLI", |row| row.xdr.cli.clone().into()),
    column("cld", "CLD", |row| row.xdr.cld.clone().into()),
    column("kind", "kind", |row| Cell::Text(row.kind.code().to_owned())),
    column("service", "service", |row| Cell::Text(row.xdr.service.clone())),
    column("customer", "customer", |row| Cell::Text(row.customer.name.clone())),
    column("account", "account_id", |row| row.account_identity.clone().into()),
    column("description", "description", |row| row.xdr.description.clone().into()),
    column("comment", "comment", |row| row.xdr.visible_comment.clone().into()),
    column("quantity", "charged_quantity", |row| Cell::Id(row.xdr.quantity)),
    column("amount", "charged_amount", |row| Cell::Amount(row.xdr.owed, row.customer.currency)),
    column("currency", "iso_4217", |row| Cell::Text(row.customer.currency.code().to_owned())),
];

pub async fn export(State(state): State<ApiState>, wanted: Wanted<ListQuery>) -> Result<Response, Problem> {
    let (columns, format, context) = (wanted.columns(&COLUMNS)?, wanted.format, wanted.context);
    let export = wait(xdr::export(&state.app, &context, wanted.query.request()?, format.rows_max())).await?;
    Ok(send(export, columns, format, "xdrs"))
}
