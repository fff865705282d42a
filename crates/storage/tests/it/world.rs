//! A database of its own for each test, on either engine: made when the test begins, gone when it ends.

use std::sync::atomic::{AtomicI64, Ordering};

use trunkline_domain::customer::{Customer, CustomerFacts};
use trunkline_domain::id::Id;
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;
use trunkline_storage::writer::{PostingAnswer, PostingFailure, PostingIds, PostingRequest, WriterOptions};
use trunkline_storage::{Database, Engine, Options, StorageError, Ticket, Tx, customer};

use crate::place::{Kind, Place, client};

pub struct World {
    pub engine: Engine,
    pub place: Place,
    database: Option<Database>,
    next_id: AtomicI64,
}

/// Work in tests fails with what storage fails with.
pub type Done<T> = Result<T, StorageError>;

impl World {
    /// An empty place, and nothing opened yet.
    pub fn closed(engine: Engine) -> World {
        World { engine, place: Place::new(engine), database: None, next_id: AtomicI64::new(1_000) }
    }

    pub fn on(engine: Engine) -> World {
        World::with(engine, Options::default())
    }

    pub fn with(engine: Engine, options: Options) -> World {
        let mut world = World::closed(engine);
        world.database = Some(Database::open(&world.place.url, options).unwrap());
        world.write(crate::fixture::add_classes).unwrap();
        world
    }

    pub fn database(&self) -> &Database {
        self.database.as_ref().expect("the database is closed")
    }

    pub fn close(&mut self) {
        if let Some(database) = self.database.take() {
            database.stop();
        }
    }

    pub fn reopen(&mut self) {
        self.reopen_with(Options::default());
    }

    pub fn reopen_with(&mut self, options: Options) {
        self.close();
        self.database = Some(Database::open(&self.place.url, options).unwrap());
    }

    /// Ascending ids, as the program makes them.
    pub fn id(&self) -> Id {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    pub fn write<T, F>(&self, work: F) -> Done<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Done<T> + Send + 'static,
    {
        self.database().write::<T, StorageError, F>(work).wait()?
    }

    pub fn read<T, F>(&self, work: F) -> Done<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Done<T> + Send + 'static,
    {
        self.database().read::<T, StorageError, F>(work).wait()?
    }

    /// One number from the database.
    pub fn number(&self, sql: &'static str) -> i64 {
        let sql = format!("select cast(({sql}) as bigint)");
        self.read(move |tx| Ok(tx.query_first(&sql, &[], |row| row.get::<Option<i64>>(0))?.flatten().unwrap_or(0))).unwrap()
    }

    /// Rows as text: columns parted by `|`, rows in the statement's order. The columns are texts.
    pub fn rows(&self, sql: &'static str) -> Vec<String> {
        self.read(move |tx| tx.query(sql, &[], |row| row.get::<String>(0))).unwrap()
    }

    pub fn run(&self, sql: &'static str) {
        self.write(move |tx| tx.execute(sql, &[]).map(|_| ())).unwrap();
    }

    pub fn facts(&self, customer_id: Id) -> CustomerFacts {
        self.read(move |tx| customer::load_facts(tx, &[customer_id])).unwrap().pop().unwrap()
    }

    pub fn add(&self, customer: &Customer) {
        let customer = customer.clone();
        self.write(move |tx| crate::fixture::insert(tx, &customer, crate::fixture::now())).unwrap();
    }

    /// A request for a posting with ids of its own.
    pub fn request(&self, customer_id: Id, action: trunkline_domain::balance::PostingAction, amount: &str) -> PostingRequest {
        let [posting_id, xdr_id, payment_id, audit_id, event_id, job_id, request_id] = std::array::from_fn(|_| self.id());
        PostingRequest {
            customer_id,
            reseller_scope: None,
            action,
            amount: crate::fixture::money(amount),
            now: crate::fixture::now(),
            ids: PostingIds { posting_id, xdr_id, payment_id, audit_id, event_id, job_id, request_id },
            staff_id: Some(9),
            actor: "staff:9".to_owned(),
            visible_comment: None,
            internal_comment: None,
            request_key: None,
        }
    }

    pub fn post(&self, request: PostingRequest) -> Result<PostingAnswer, PostingFailure> {
        self.database().post(request).wait().unwrap()
    }

    /// Something beside the program looks into, or meddles with, the database.
    pub fn meddle(&self, sql: &str) {
        match &self.place.kind {
            Kind::File(folder) => rusqlite::Connection::open(folder.join("trunkline.db")).unwrap().execute_batch(sql).unwrap(),
            Kind::Database { .. } => client(&self.place.url).batch_execute(sql).unwrap(),
        }
    }

    /// Ends every connection that the program has, as a restart of PostgreSQL does.
    pub fn cut_connections(&self) {
        if let Kind::Database { name, server } = &self.place.kind {
            let sql =
                format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()");
            client(server).batch_execute(&sql).unwrap();
        }
    }

    /// Asks again until it is so; what is asked for happens within milliseconds, and a test that waits for ever says so.
    #[track_caller]
    pub fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let started = std::time::Instant::now();
        while !is_so() {
            assert!(started.elapsed().as_secs() < 30, "not so after 30 seconds: {what}");
            std::thread::yield_now();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.close();
    }
}

pub fn policy() -> StatusPolicy {
    StatusPolicy::default()
}

/// One decision at a time, one job at a time: for tests that fill a queue.
pub fn narrow() -> Options {
    Options { readers: 1, writer: WriterOptions { hot_workers: 1, job_workers: 1, batch_max: 64, ..WriterOptions::default() } }
}

/// What a ticket that must not be an error says.
#[track_caller]
pub fn answer<T>(ticket: Ticket<Done<T>>) -> T {
    ticket.wait().unwrap().unwrap()
}

pub fn later(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.plus_seconds(seconds)
}
