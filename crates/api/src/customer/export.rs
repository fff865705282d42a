//! Owns the list of customers as a file: its columns. Those that an import knows have its headings, so that a file can come back.
//! Does not own: which customers (query.rs), the file (export/).

use axum::extract::State;
use axum::response::Response;
use trunkline_usecase::customer::{self, CustomerRow};
use trunkline_usecase::domain::customer::BalanceControl;
use trunkline_usecase::domain::money::Money;

use super::query::ListQuery;
use crate::ApiState;
use crate::answer::wait;
use crate::error::Problem;
use crate::export::{Cell, Column, Wanted, send};

const fn column(code: &'static str, heading: &'static str, cell: fn(&CustomerRow) -> Cell) -> Column<CustomerRow> {
    Column { code, heading, cell }
}

static COLUMNS: [Column<CustomerRow>; 24] = [
    column("id", "i_customer", |row| Cell::Id(row.customer_id)),
    column("status", "status", |row| Cell::Text(row.status.code().to_owned())),
    column("name", "name", |row| Cell::Text(row.name.clone())),
    column("balance_control", "balance_control", |row| Cell::Text(row.balance_control.code().to_owned())),
    column("currency", "iso_4217", |row| Cell::Text(row.currency.code().to_owned())),
    column("balance", "balance", |row| amount(row, BalanceControl::Postpaid, Some(row.balance))),
    column("credit_limit", "credit_limit", |row| amount(row, BalanceControl::Postpaid, row.credit_limit)),
    column("available_funds", "available_funds", |row| amount(row, BalanceControl::Prepaid, row.available_funds)),
    column("company", "companyname", |row| row.company_name.clone().into()),
    column("email", "email", |row| row.email.clone().into()),
    column("phone", "phone1", |row| row.phone.clone().into()),
    column("type", "customer_type", |row| Cell::Text(row.customer_type.code().to_owned())),
    column("class", "customer_class", |row| Cell::Text(row.customer_class.1.clone())),
    column("reseller", "reseller", |row| row.reseller.as_ref().map(|(_, name)| name.clone()).into()),
    column("time_zone", "time_zone_name", |row| Cell::Text(row.time_zone.clone())),
    column("billing_period", "billing_period", |row| Cell::Text(row.billing_period.code().to_owned())),
    column("accounts", "accounts", |row| Cell::Id(row.account_count)),
    column("last_payment", "last_payment_date", |row| row.last_payment.map_or(Cell::Empty, |(at, _)| Cell::Moment(at))),
    column("last_payment_amount", "last_payment_amount", |row| {
        row.last_payment.map_or(Cell::Empty, |(_, amount)| Cell::Amount(amount, row.currency))
    }),
    column("overdue", "overdue_amount", |row| Cell::Amount(row.overdue, row.currency)),
    column("created", "creation_date", |row| Cell::Moment(row.created_at)),
    column("status_since", "status_since", |row| row.since.map_or(Cell::Empty, Cell::Moment)),
    column("status_reason", "status_reason", |row| row.reason.as_ref().map(|reason| reason.sentence.clone()).into()),
    column("status_until", "status_until", |row| row.next.as_ref().map_or(Cell::Empty, |next| Cell::Moment(next.at))),
];

/// A postpaid customer shows balance and limit, a prepaid one its funds.
fn amount(row: &CustomerRow, shown_for: BalanceControl, amount: Option<Money>) -> Cell {
    let shown = amount.filter(|_| row.balance_control == shown_for);
    shown.map_or(Cell::Empty, |amount| Cell::Amount(amount, row.currency))
}

pub async fn export(State(state): State<ApiState>, wanted: Wanted<ListQuery>) -> Result<Response, Problem> {
    let (columns, format, context) = (wanted.columns(&COLUMNS)?, wanted.format, wanted.context);
    let export = wait(customer::export(&state.app, &context, wanted.query.request()?, format.rows_max())).await?;
    Ok(send(export, columns, format, "customers"))
}
