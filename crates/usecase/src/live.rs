//! Owns what has changed since the last look, for those who show customers and want to keep them true.
//! Does not own: who listens, and telling them (the faces).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use trunkline_domain::id::{Id, lowest_at};
use trunkline_storage::outbox::Mark;
use trunkline_storage::{Engine, Ticket, Tx, outbox};

use crate::App;
use crate::error::{Error, Result};

/// Events that are read at once at the most. More than these is more than anybody could be told of.
const EVENTS_MAX: i64 = 50_000;
/// On PostgreSQL an event that is about no customer can appear this much later than its id says, below others. One that is
/// later still is told to nobody; whoever saves a view is told of what it went over all the same.
const LATE_SECONDS: i64 = 60;

/// What has been seen so far, from where a reader goes on.
///
/// On SQLite, where one thread writes, events have one order, and a reader goes on behind the last one. On PostgreSQL they
/// have an order within a customer alone, so that each customer's last one is compared: nothing is missed however late a
/// transaction commits, and whichever node it comes from.
pub struct Place {
    /// Everything up to here is behind us.
    after: Id,
    /// What was met above it.
    met: HashSet<Id>,
    /// PostgreSQL: the last event of each customer that is watched, 0 where there is no such customer.
    last: HashMap<Id, Id>,
    /// Nobody has looked from here yet.
    is_new: bool,
}

/// What happened since the last look.
#[derive(Default)]
pub struct Changes {
    /// Each once. At the first look all that are watched, and on PostgreSQL those that were not watched at the last one: who began
    /// to watch them may have read them before.
    pub customers: Vec<Id>,
    /// Payloads of what happened to saved views.
    pub saved_views: Vec<String>,
    /// So much has happened that some of it was passed over.
    pub is_too_much: bool,
}

impl Place {
    /// The end of the events.
    pub fn now(app: &Arc<App>) -> Ticket<Result<Place>> {
        let late = late(app);
        app.database.read(move |tx| {
            let after = outbox::last_mark(tx)?.min(late);
            let met = outbox::marks(tx, after, EVENTS_MAX)?.iter().map(|mark| mark.event_id).collect();
            Ok::<_, Error>(Place { after, met, last: HashMap::new(), is_new: true })
        })
    }

    /// Looks for what happened to these customers, and to saved views.
    pub fn look(self, app: &Arc<App>, watched: Vec<Id>) -> Ticket<Result<(Place, Changes)>> {
        let (engine, late) = (app.database.engine(), late(app));
        app.database.read(move |tx| {
            let is_new = self.is_new;
            let found = outbox::marks(tx, self.after, EVENTS_MAX)?;
            let (mut place, mut changes) = self.take(found, late);
            match engine {
                Engine::Postgres => changes.customers = place.look_at_customers(tx, &watched)?,
                Engine::Sqlite if is_new => changes.customers = watched.clone(),
                Engine::Sqlite => {}
            }
            Ok::<_, Error>((place, changes))
        })
    }

    fn take(mut self, found: Vec<Mark>, late: Id) -> (Place, Changes) {
        let is_too_much = i64::try_from(found.len()).unwrap_or(i64::MAX) >= EVENTS_MAX;
        let last = found.last().map_or(self.after, |mark| mark.event_id);
        let (mut changes, mut named) = (Changes { is_too_much, ..Changes::default() }, HashSet::new());
        for mark in found {
            if !self.met.insert(mark.event_id) {
                continue;
            }
            if mark.customer_id == 0 {
                if mark.event_type == "saved_view.changed" {
                    changes.saved_views.push(mark.payload);
                }
            } else if named.insert(mark.customer_id) {
                changes.customers.push(mark.customer_id);
            }
        }
        self.after = self.after.max(last.min(late));
        self.met.retain(|event_id| *event_id > self.after);
        self.is_new = false;
        (self, changes)
    }

    fn look_at_customers(&mut self, tx: &mut Tx<'_>, watched: &[Id]) -> Result<Vec<Id>> {
        let found: HashMap<Id, Id> = outbox::last_of(tx, watched)?.into_iter().collect();
        let now: HashMap<Id, Id> = watched.iter().map(|id| (*id, found.get(id).copied().unwrap_or(0))).collect();
        let before = std::mem::replace(&mut self.last, now);
        Ok(self.last.iter().filter(|(id, last)| before.get(id) != Some(last)).map(|(id, _)| *id).collect())
    }
}

/// Events above this can have others appear below them.
fn late(app: &App) -> Id {
    match app.database.engine() {
        Engine::Sqlite => Id::MAX,
        Engine::Postgres => lowest_at(app.now().plus_seconds(-LATE_SECONDS)),
    }
}
