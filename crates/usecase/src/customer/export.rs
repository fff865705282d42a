//! Owns the Customer list as a file: who may have it, how many rows it has, the trail of it.
//! Does not own: the page (list.rs), the file (the faces).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::staff::Permission;
use trunkline_storage::Ticket;
use trunkline_storage::customer_list::{self, GATHERED_MAX, is_sorted_already};

use super::filter::{in_words, read_audited};
use super::list::{CustomerRow, ListRequest, PageWanted, TotalWanted, filter_of, needs_filter, order_in_words, read_page};
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};
use crate::export::{Export, ROWS_AT_ONCE, Slice};

/// All customers that a list shows, in its order; its page does not matter. More than `rows_max` are refused.
pub fn export(app: &Arc<App>, context: &Context, request: ListRequest, rows_max: i64) -> Ticket<Result<Export<CustomerRow>>> {
    let request = ListRequest { limit: ROWS_AT_ONCE, total: TotalWanted::None, ..request };
    let prepared = context.actor.must(Permission::CustomerRead).and_then(|()| context.actor.must(Permission::ExportRun));
    let prepared = prepared.and_then(|()| filter_of(&request, context.actor.scope()));
    read_audited(app, context, prepared, "customer.export.list", move |app, tx, filter| {
        let rows = customer_list::count(tx, &filter, i64::MAX)?;
        if rows > rows_max {
            return Err(Error::invalid("format", "too_many_rows", format!("{rows} rows, and this format holds {rows_max}; use csv")));
        }
        if rows > GATHERED_MAX && !is_sorted_already(&request.order) {
            return Err(needs_filter());
        }
        let detail = json!({ "filter": in_words(&filter), "sort": order_in_words(&request.order), "rows": rows });
        let app = Arc::clone(app);
        let read = move |place: Option<String>| {
            let (here, filter) = (Arc::clone(&app), filter.clone());
            let request = ListRequest { page: place.map_or(PageWanted::First, PageWanted::After), ..request.clone() };
            app.database.read(move |tx| {
                let page = read_page(&here, tx, &request, &filter, here.now())?;
                Ok(Slice { rows: page.rows, next: page.next })
            })
        };
        Ok((Export { rows: Some(rows), read: Box::new(read) }, detail))
    })
}
