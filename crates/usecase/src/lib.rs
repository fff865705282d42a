//! Owns what a person or a device can want of the system: may the actor? load, decide, save, leave an event, in one
//! transaction. Time, ids and randomness enter here, as arguments of what lies below.
//!
//! Does not own: rules (domain), SQL (storage), protocols (the faces). Blocking code; a face awaits the tickets.

pub mod account;
pub mod actor;
pub mod bundle;
pub mod check;
mod client;
pub mod clock;
pub mod correction;
mod cursor;
pub mod customer;
pub mod customer_class;
pub mod did;
pub mod error;
pub mod event;
pub mod export;
mod id;
pub mod import;
pub mod job;
pub mod live;
pub mod login;
pub mod nas;
pub mod product;
pub mod rate;
pub mod saved_view;
pub mod session;
pub mod spending;
pub mod staff;
pub mod tariff;
mod trace;
pub mod xdr;

use std::sync::{Arc, Mutex};

pub use trunkline_domain as domain;
use trunkline_domain::id::Id;
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;
use trunkline_storage::installation;
pub use trunkline_storage::{Database, Engine, Options, StorageError, Ticket, Tx};

use clock::Clock;
use error::Error;
use id::Ids;

pub use actor::{Actor, Context};
pub use client::Client;

/// The running system: what use cases share.
pub struct App {
    pub database: Database,
    clock: Arc<Clock>,
    ids: Mutex<Ids>,
    policy: StatusPolicy,
    attempts: login::Attempts,
    counts: customer::Counts,
    imports: import::Turns,
    emergency_numbers: Vec<String>,
    uncharged_causes: Vec<String>,
}

impl App {
    /// Puts the system together on an open database. `node` is this process's number, 0 to 15.
    pub fn new(database: Database, clock: Clock, node: u8) -> Result<Arc<App>, Error> {
        let settings = |tx: &mut Tx<'_>| {
            Ok((installation::status_policy(tx)?, installation::emergency_numbers(tx)?, installation::uncharged_causes(tx)?))
        };
        let (policy, emergency_numbers, uncharged_causes) = database.read::<_, StorageError, _>(settings).wait()??;
        let mut ids = Ids::new(node);
        ids.reserve(&database, clock.now())?;
        let clock = Arc::new(clock);
        let (attempts, counts) = (login::Attempts::new(Arc::clone(&clock)), customer::Counts::default());
        Ok(Arc::new(App {
            database,
            clock,
            ids: Mutex::new(ids),
            policy,
            attempts,
            counts,
            imports: import::Turns::default(),
            emergency_numbers,
            uncharged_causes,
        }))
    }

    /// The moment it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn policy(&self) -> StatusPolicy {
        self.policy
    }

    /// Is it a number for emergencies?
    pub(crate) fn is_emergency(&self, number: &str) -> bool {
        self.emergency_numbers.iter().any(|known| known == number)
    }

    /// Is usage that ended for this cause a failure that is not charged?
    pub(crate) fn is_failure(&self, cause: Option<&str>) -> bool {
        cause.is_some_and(|cause| self.uncharged_causes.iter().any(|known| known == cause))
    }

    /// A new id, for those who write records themselves: import, demo.
    pub fn new_id(&self, now: Timestamp) -> Result<Id, Error> {
        self.id(now)
    }

    /// `N` new ids, ascending.
    pub fn new_ids<const N: usize>(&self, now: Timestamp) -> Result<[Id; N], Error> {
        self.ids(now)
    }

    /// A new id.
    pub(crate) fn id(&self, now: Timestamp) -> Result<Id, Error> {
        let mut ids = self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        ids.next(now).ok_or(Error::Storage(StorageError::Overloaded { queue: "ids" }))
    }

    /// `N` new ids, ascending.
    pub(crate) fn ids<const N: usize>(&self, now: Timestamp) -> Result<[Id; N], Error> {
        let mut found = [0; N];
        for id in &mut found {
            *id = self.id(now)?;
        }
        Ok(found)
    }

    /// Reserves the ids of the next while. The worker calls it often.
    pub fn reserve_ids(&self) -> Result<(), Error> {
        self.reserve_ids_from(self.clock.now())
    }

    /// Reserves the ids of the while after `moment`, and those up to it.
    pub(crate) fn reserve_ids_from(&self, moment: Timestamp) -> Result<(), Error> {
        // The block is fetched without the lock, so that nobody who wants an id waits for a commit.
        let plan = self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner).plan(moment);
        let Some(plan) = plan else { return Ok(()) };
        let block = id::reserve_block(&self.database, &plan)?;
        self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner).give(block);
        Ok(())
    }
}
