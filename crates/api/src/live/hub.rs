//! Owns who listens for changes of which customers, and the one task of this process that looks for them: each changed row is
//! read once and written once, and put into the box of everybody who watches it.
//! Does not own: what a listener is sent, and when it has to go (mod.rs).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tokio::sync::{Notify, watch};
use tokio::time::MissedTickBehavior;
use trunkline_usecase::App;
use trunkline_usecase::customer::{self, CustomerRow, is_seen};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::live::{Changes, Place};

use crate::answer::{render, wait};
use crate::customer::shape::CustomerRowBody;
use crate::error::Problem;
use crate::limits::LIVE_EVERY;

/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 500;

/// Who listens.
pub struct Hub {
    listeners_max: usize,
    state: Mutex<State>,
    stopping: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    listeners: HashMap<u64, Arc<Listener>>,
    watched: HashMap<Id, Vec<u64>>,
    last_number: u64,
    /// The task that looks for changes runs, as it does while anybody listens.
    is_looking: bool,
}

/// One who listens.
struct Listener {
    customers: BTreeSet<Id>,
    /// The reseller whose customers alone it sees.
    scope: Option<Id>,
    staff_id: Option<Id>,
    waiting: Mutex<News>,
    woken: Notify,
}

/// What has not been sent yet. A row stands here once, as it is now: what is slow to be taken does not grow.
#[derive(Default)]
pub struct News {
    pub rows: BTreeMap<Id, Arc<str>>,
    pub gone: BTreeSet<Id>,
    /// Saved views and their versions.
    pub views: BTreeMap<Id, i64>,
    /// Something was passed over.
    pub refetch: bool,
}

impl News {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.gone.is_empty() && self.views.is_empty() && !self.refetch
    }
}

/// What the event of a saved view says.
#[derive(Deserialize)]
struct ViewEvent {
    saved_view_id: Id,
    version: i64,
    owner_id: Id,
    /// Others than the owner saw it before, or see it now.
    shared: bool,
    /// 0 where it is no reseller's.
    reseller_id: Id,
}

impl Listener {
    fn add(&self, add: impl FnOnce(&mut News)) {
        add(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.woken.notify_one();
    }

    fn put(&self, customer_id: Id, row: Option<(&CustomerRow, &Arc<str>)>) {
        self.add(|news| match row.filter(|(row, _)| is_seen(row, self.scope)) {
            Some((_, text)) => {
                news.gone.remove(&customer_id);
                news.rows.insert(customer_id, Arc::clone(text));
            }
            None => {
                news.rows.remove(&customer_id);
                news.gone.insert(customer_id);
            }
        });
    }

    /// As the list of saved views decides it: one's own, and what staff of the same scope share.
    fn sees(&self, view: &ViewEvent) -> bool {
        self.staff_id == Some(view.owner_id) || (view.shared && self.scope.unwrap_or(0) == view.reseller_id)
    }
}

/// A place among the listeners, given back when it is dropped.
pub struct Seat {
    hub: Arc<Hub>,
    listener: Arc<Listener>,
    pub number: u64,
}

impl Seat {
    /// Waits until there is something to tell, and takes it.
    pub async fn news(&self) -> News {
        loop {
            let news = std::mem::take(&mut *self.listener.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if !news.is_empty() {
                return news;
            }
            self.listener.woken.notified().await;
        }
    }

    /// What it shows at the beginning: those that there are, and who is gone. What has been told meanwhile stays: whoever looks for
    /// changes has read it later, or will tell it again.
    pub fn begin(&self, rows: Vec<CustomerRow>) {
        let mut gone = self.listener.customers.clone();
        self.listener.add(|news| {
            for row in rows {
                gone.remove(&row.customer_id);
                if !news.gone.contains(&row.customer_id) {
                    news.rows.entry(row.customer_id).or_insert_with(|| text_of(row));
                }
            }
            news.gone.extend(gone.into_iter().filter(|id| !news.rows.contains_key(id)));
        });
    }

    /// Waits until the server stops.
    pub async fn stopped(&self) {
        let mut stopping = self.hub.stopping.subscribe();
        // The sender lives in the hub, and the hub as long as the seat.
        drop(stopping.wait_for(|stopping| *stopping).await);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.hub.lock();
        state.listeners.remove(&self.number);
        for customer_id in &self.listener.customers {
            let is_left = state.watched.get_mut(customer_id).is_some_and(|numbers| {
                numbers.retain(|number| *number != self.number);
                !numbers.is_empty()
            });
            if !is_left {
                state.watched.remove(customer_id);
            }
        }
    }
}

fn text_of(row: CustomerRow) -> Arc<str> {
    render(&CustomerRowBody::of(row)).into()
}

impl Hub {
    pub fn new(listeners_max: usize) -> Hub {
        Hub { listeners_max, state: Mutex::default(), stopping: watch::Sender::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets everybody go, and nobody in any more.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// A seat for somebody who watches these customers. None: all are taken.
    pub fn join(self: &Arc<Hub>, app: &Arc<App>, customers: &[Id], scope: Option<Id>, staff_id: Option<Id>) -> Option<Seat> {
        let listener =
            Listener { customers: customers.iter().copied().collect(), scope, staff_id, waiting: Mutex::default(), woken: Notify::new() };
        let listener = Arc::new(listener);
        let mut state = self.lock();
        if state.listeners.len() >= self.listeners_max {
            return None;
        }
        state.last_number += 1;
        let number = state.last_number;
        state.listeners.insert(number, Arc::clone(&listener));
        for customer_id in &listener.customers {
            state.watched.entry(*customer_id).or_default().push(number);
        }
        if !state.is_looking {
            state.is_looking = true;
            tokio::spawn(look(Arc::clone(self), Arc::clone(app)));
        }
        drop(state);
        Some(Seat { hub: Arc::clone(self), listener, number })
    }

    /// False: nobody listens any more, and the one who looks may go.
    fn is_listened_to(&self) -> bool {
        let mut state = self.lock();
        state.is_looking = !state.listeners.is_empty() && !*self.stopping.borrow();
        state.is_looking
    }

    /// The customers that somebody watches.
    fn watched(&self) -> Vec<Id> {
        self.lock().watched.keys().copied().collect()
    }

    fn of_all(&self, tell: impl Fn(&Listener)) {
        self.lock().listeners.values().for_each(|listener| tell(listener));
    }

    fn tell(&self, ids: &[Id], rows: Vec<CustomerRow>) {
        let rows: HashMap<Id, (CustomerRow, Arc<str>)> =
            rows.into_iter().map(|row| (row.customer_id, (row.clone(), text_of(row)))).collect();
        let state = self.lock();
        for customer_id in ids {
            let row = rows.get(customer_id).map(|(row, text)| (row, text));
            let numbers = state.watched.get(customer_id).into_iter().flatten();
            numbers.filter_map(|number| state.listeners.get(number)).for_each(|listener| listener.put(*customer_id, row));
        }
    }
}

/// Looks for changes for as long as anybody listens. What could not be looked for is made good from the start: rows are told anew, and of
/// the rest listeners are told that they have missed some.
async fn look(hub: Arc<Hub>, app: Arc<App>) {
    let mut place = None;
    let mut clock = tokio::time::interval(LIVE_EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while hub.is_listened_to() {
        place = match look_once(&hub, &app, place).await {
            Ok(next) => Some(next),
            Err(problem) => {
                tracing::warn!(detail = problem.detail, "changes could not be looked for; listeners are told to fetch anew");
                hub.of_all(|listener| listener.add(|news| news.refetch = true));
                None
            }
        };
        clock.tick().await;
    }
}

async fn look_once(hub: &Hub, app: &Arc<App>, place: Option<Place>) -> Result<Place, Problem> {
    let place = match place {
        Some(place) => place,
        None => wait(Place::now(app)).await?,
    };
    // Who joins after this has its rows read when the place was known already.
    let (place, changes) = wait(place.look(app, hub.watched())).await?;
    spread(hub, app, changes).await?;
    Ok(place)
}

async fn spread(hub: &Hub, app: &Arc<App>, changes: Changes) -> Result<(), Problem> {
    if changes.is_too_much {
        hub.of_all(|listener| listener.add(|news| news.refetch = true));
    }
    for view in changes.saved_views.iter().filter_map(|payload| serde_json::from_str::<ViewEvent>(payload).ok()) {
        let seen_by = |listener: &Listener| {
            if listener.sees(&view) {
                listener.add(|news| {
                    news.views.insert(view.saved_view_id, view.version);
                });
            }
        };
        hub.of_all(seen_by);
    }
    let watched: Vec<Id> = {
        let state = hub.lock();
        changes.customers.into_iter().filter(|customer_id| state.watched.contains_key(customer_id)).collect()
    };
    for slice in watched.chunks(ROWS_AT_ONCE) {
        let rows = wait(customer::watched_rows(app, slice.to_vec())).await?;
        hub.tell(slice, rows);
    }
    Ok(())
}
