//! Owns the columns of customer classes.
//! Does not own: what a class may say (usecase).

use crate::import::customer_class::CustomerClassWanted;
use trunkline_domain::customer_class::{CLOSE_AFTER_DAYS_DEFAULT, CollectionPolicy};

use super::cell::Cells;
use super::column::{Column, Table, column};

pub static TABLE: Table = Table {
    singular: "class",
    plural: "classes",
    columns: &COLUMNS,
    required: &["name"],
    refused: &[("i_customer_class", "ids are given by the system")],
};

static COLUMNS: [Column; 8] = [
    column("name", "name", &["class", "customer_class", "class_name"]),
    column("iso_4217", "currency", &["currency"]),
    column("payment_terms_days", "payment_terms_days", &["payment_terms", "net_days"]),
    column("limit_after_days", "limit_after_days", &["limit_after"]),
    column("suspend_after_days", "suspend_after_days", &["suspend_after"]),
    column("terminate_after_days", "terminate_after_days", &["terminate_after"]),
    column("close_after_days", "close_after_days", &["close_after"]),
    column("suspend_on_insuff_funds", "suspend_on_insufficient_funds", &["suspend_on_insufficient_funds"]),
];

pub fn read(cells: &mut Cells<'_>) -> CustomerClassWanted {
    CustomerClassWanted {
        name: cells.required(&["name"]).unwrap_or_default(),
        currency: cells.text("iso_4217").map(str::to_ascii_uppercase),
        collection: CollectionPolicy {
            payment_terms_days: cells.whole("payment_terms_days").unwrap_or(0),
            limit_after_days: cells.whole("limit_after_days"),
            suspend_after_days: cells.whole("suspend_after_days"),
            terminate_after_days: cells.whole("terminate_after_days"),
            close_after_days: cells.whole("close_after_days").unwrap_or(CLOSE_AFTER_DAYS_DEFAULT),
        },
        suspend_on_insufficient_funds: cells.yes_no("suspend_on_insuff_funds").unwrap_or(false),
    }
}
