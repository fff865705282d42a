//! Owns letting others fetch the events that commits leave.
//! Does not own: writing them, which each change does in its own commit.

use std::sync::Arc;

use trunkline_domain::id::Id;
use trunkline_domain::staff::Permission;
use trunkline_storage::Ticket;
use trunkline_storage::outbox::{self, Stored};

use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// Events of one answer at the most.
pub const EVENTS_MAX: usize = 1_000;

/// Events above `after`, in the order of their ids.
pub fn list(app: &Arc<App>, context: &Context, after: Id, limit: usize) -> Ticket<Result<Vec<Stored>>> {
    let prepared = context.actor.must(Permission::EventRead).and_then(|()| {
        if limit == 0 || limit > EVENTS_MAX {
            return Err(Error::invalid("limit", "out_of_range", format!("1 to {EVENTS_MAX}")));
        }
        Ok(())
    });
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| Ok(outbox::after(tx, after, i64::try_from(limit).unwrap_or(1))?))
}
