//! Owns the frame of a write about no single customer: one clock reading, one transaction, one answer a key, and what it leaves behind.
//! Does not own: changes of a customer, which are locked and derived anew (customer/change.rs).

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;
use trunkline_storage::{Ticket, Tx, audit, outbox};

use crate::App;
use crate::actor::Context;
use crate::customer::once;
use crate::error::Result;

/// When a write is, and the ids of what it leaves behind.
#[derive(Clone, Copy)]
pub(crate) struct Trace {
    pub now: Timestamp,
    audit_id: Id,
    event_id: Id,
    request_id: Id,
}

impl Trace {
    pub fn at(app: &App, now: Timestamp) -> Result<Trace> {
        let [audit_id, event_id, request_id] = app.ids::<3>(now)?;
        Ok(Trace { now, audit_id, event_id, request_id })
    }

    /// Writes the row of the audit trail and the event.
    pub fn leave(self, tx: &mut Tx<'_>, context: &Context, [action, detail]: [&str; 2], [event_type, payload]: [&str; 2]) -> Result<()> {
        let actor = context.actor.label();
        audit::append(tx, &audit::Entry { customer_id: 0, audit_id: self.audit_id, at: self.now, actor: &actor, action, detail })?;
        let event = outbox::Event { customer_id: 0, event_id: self.event_id, event_type, payload, created_at: self.now };
        Ok(outbox::append(tx, &event)?)
    }
}

/// Runs `work` on what was prepared, once a key. What could not be prepared is refused before anything is queued.
pub(crate) fn write<T: Send + 'static>(
    app: &App,
    context: &Context,
    prepared: Result<(T, Trace)>,
    work: impl Fn(&mut Tx<'_>, &Context, &T, Trace) -> Result<String> + Send + 'static,
) -> Ticket<Result<String>> {
    let (given, trace) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let context = context.clone();
    app.database.write(move |tx| once(tx, &context, trace.request_id, trace.now, |tx| work(tx, &context, &given, trace)))
}
