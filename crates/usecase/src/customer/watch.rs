//! Owns reading customers again, as rows of the list, for those who keep them on a screen.
//! Does not own: when they are read again (live.rs and the faces).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_storage::Ticket;

use super::list::{CustomerRow, ListRequest, rows};
use crate::App;
use crate::actor::Context;
use crate::error::Result;

/// The rows of those that the actor sees, to be shown from now on. Looking is audited, once for as long as they are shown.
pub fn watch(app: &Arc<App>, context: &Context, ids: Vec<Id>) -> Ticket<Result<Vec<CustomerRow>>> {
    if let Err(refused) = context.actor.must(Permission::CustomerRead) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let now = app_here.now();
        let found = rows(&app_here, tx, &ids, &ListRequest::default(), now)?;
        let seen: Vec<CustomerRow> = found.into_iter().filter(|row| is_seen(row, actor.scope())).collect();
        if !ids.is_empty() {
            let ids: Vec<Id> = seen.iter().map(|row| row.customer_id).collect();
            app_here.audit_read(&actor, "customer.watch.list", 0, now, &json!({ "ids": ids }))?;
        }
        Ok(seen)
    })
}

/// The rows of customers that have changed, for all who watch them; who may see which is `is_seen`.
pub fn watched_rows(app: &Arc<App>, ids: Vec<Id>) -> Ticket<Result<Vec<CustomerRow>>> {
    let app_here = Arc::clone(app);
    app.database.read(move |tx| rows(&app_here, tx, &ids, &ListRequest::default(), app_here.now()))
}

/// Staff of a reseller see its customers alone.
pub fn is_seen(row: &CustomerRow, scope: Option<Id>) -> bool {
    scope.is_none_or(|scope| row.reseller.as_ref().is_some_and(|(reseller_id, _)| *reseller_id == scope))
}
