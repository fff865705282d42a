//! A running system for each test, on either engine, with a clock that stands still; and short ways to its use cases.

use std::sync::Arc;

use trunkline_storage::row::Value;
use trunkline_storage::writer::WriterOptions;
use trunkline_storage::{Database, Engine, Options, Tx, customer_list};
use trunkline_usecase::actor::{Actor, Context};
use trunkline_usecase::clock::Clock;
use trunkline_usecase::customer::{self, CustomerKey, CustomerNew, CustomerView, ListRequest, NewPosting};
use trunkline_usecase::customer_class::{self, CustomerClassNew};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::billing::BillingPeriod;
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType};
use trunkline_usecase::domain::customer_class::CollectionPolicy;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::domain::status::CustomerStatus;
use trunkline_usecase::domain::time::{Date, Timestamp};
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::{App, Ticket, job};

use crate::place::Place;

pub struct World {
    pub app: Arc<App>,
    pub class: Id,
    place: Place,
}

pub fn utc(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

/// Wednesday noon in Kyiv.
pub fn start() -> Timestamp {
    utc("2026-06-10T09:00:00Z")
}

pub fn admin() -> Context {
    Context::system()
}

/// A member of staff; those of a reseller name it.
pub fn staff(role: Role, reseller_id: Option<Id>) -> Context {
    Context::of(Actor { staff_id: Some(77), login: "sam".to_owned(), name: "Sam".to_owned(), role, reseller_id })
}

pub fn keyed(context: &Context, key: &str, fingerprint: &str) -> Context {
    Context::keyed(context.actor.clone(), Some(key.to_owned()), fingerprint)
}

/// What a use case's ticket says.
pub fn done<T>(ticket: Ticket<Result<T>>) -> Result<T> {
    ticket.wait().unwrap()
}

pub fn new_customer(world: &World, name: &str) -> CustomerNew {
    CustomerNew {
        name: name.to_owned(),
        customer_type: CustomerType::Retail,
        reseller_id: None,
        customer_class_id: world.class,
        balance_control: BalanceControl::Postpaid,
        currency: "EUR".to_owned(),
        time_zone: "Europe/Kyiv".to_owned(),
        billing_period: BillingPeriod::Monthly,
        opening_balance: Money::ZERO,
        credit_limit: None,
        spending_plan_id: None,
        suspend_on_insufficient_funds: None,
        login: None,
        reference: None,
        contact: Contact::default(),
    }
}

/// The id alone, as an answer.
pub fn id_of(view: &CustomerView) -> String {
    view.customer.customer_id.to_string()
}

/// Enough threads for what races, few enough for many tests at once.
fn options() -> Options {
    Options { readers: 2, writer: WriterOptions { hot_workers: 1, job_workers: 3, ..WriterOptions::default() } }
}

/// Everything that a repeat must give again.
pub fn picture(view: &CustomerView) -> String {
    format!("{} {} {} {}", view.customer.customer_id, view.customer.name, view.customer.version, view.standing.shown().code())
}

impl World {
    pub fn on(engine: Engine) -> World {
        World::at(engine, start())
    }

    pub fn at(engine: Engine, moment: Timestamp) -> World {
        let place = Place::new(engine);
        let database = Database::open(&place.url, options()).unwrap();
        let app = App::new(database, Clock::test(moment), 1).unwrap();
        let mut world = World { app, class: 0, place };
        world.class = world.make_class("Standard", None);
        world
    }

    pub fn make_class(&self, name: &str, currency: Option<&str>) -> Id {
        let new = CustomerClassNew {
            name: name.to_owned(),
            currency: currency.map(str::to_owned),
            collection: CollectionPolicy {
                payment_terms_days: 15,
                limit_after_days: Some(5),
                suspend_after_days: Some(15),
                terminate_after_days: Some(45),
                close_after_days: 30,
            },
            suspend_on_insufficient_funds: true,
        };
        done(customer_class::create(&self.app, &admin(), new, |class| class.customer_class_id.to_string())).unwrap().parse().unwrap()
    }

    /// What `check` finds, in words.
    pub fn differences(&self) -> Vec<String> {
        let found = trunkline_usecase::check::run(&self.place.url, Some(self.now())).unwrap();
        found.differences.iter().map(ToString::to_string).collect()
    }

    /// A connection beside the system's. PostgreSQL only.
    pub fn client(&self) -> postgres::Client {
        crate::place::client(&self.place.url)
    }

    pub fn restart(&mut self) {
        let now = self.app.now();
        self.app.database.stop();
        // The file is let go when the last handle on the old system is gone: another one takes its place for a moment.
        let spare = Place::new(Engine::Sqlite);
        let empty = Database::open(&spare.url, Options::default()).unwrap();
        self.app = App::new(empty, Clock::test(now), 1).unwrap();
        let database = Database::open(&self.place.url, options()).unwrap();
        self.app = App::new(database, Clock::test(now), 1).unwrap();
    }

    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    pub fn create(&self, new: CustomerNew) -> Id {
        done(customer::create(&self.app, &admin(), new, id_of)).unwrap().parse().unwrap()
    }

    pub fn add(&self, name: &str) -> Id {
        self.create(new_customer(self, name))
    }

    pub fn reseller(&self, name: &str) -> Id {
        self.create(CustomerNew { customer_type: CustomerType::Reseller, ..new_customer(self, name) })
    }

    pub fn subcustomer(&self, name: &str, reseller_id: Id) -> Id {
        self.create(CustomerNew { reseller_id: Some(reseller_id), ..new_customer(self, name) })
    }

    pub fn get(&self, customer_id: Id) -> Result<CustomerView> {
        done(customer::get(&self.app, &admin(), CustomerKey::Id(customer_id)))
    }

    pub fn status(&self, customer_id: Id) -> &'static str {
        self.get(customer_id).unwrap().standing.shown().code()
    }

    /// Status and next moment, as they are stored for lists.
    pub fn stored(&self, customer_id: Id) -> (CustomerStatus, Option<Timestamp>) {
        let entry = self.read(move |tx| Ok(customer_list::load(tx, &[customer_id])?)).pop().unwrap();
        (CustomerStatus::from_order(entry.stored.status_order).unwrap(), entry.stored.changes_at)
    }

    pub fn post_as(
        &self,
        context: &Context,
        customer_id: Id,
        action: PostingAction,
        amount: &str,
    ) -> Result<trunkline_storage::writer::PostingAnswer> {
        let new = NewPosting { customer_id, action, amount: money(amount), visible_comment: None, internal_comment: None };
        customer::post(&self.app, context, new)?.wait().unwrap().map_err(Error::from)
    }

    pub fn post(&self, customer_id: Id, action: PostingAction, amount: &str) -> Result<trunkline_storage::writer::PostingAnswer> {
        self.post_as(&admin(), customer_id, action, amount)
    }

    /// Facts that other parts of the product will write; what follows from them is stored in the same commit, as theirs will be.
    pub fn facts<F>(&self, customer_id: Id, work: F)
    where
        F: Fn(&mut Tx<'_>, Timestamp) -> Result<(), trunkline_storage::StorageError> + Send + 'static,
    {
        let (now, policy, job_id) = (self.now(), self.app.policy(), self.app.new_id(self.now()).unwrap());
        let done = self.app.database.write::<_, Error, _>(move |tx| {
            trunkline_storage::customer::lock(tx, customer_id)?;
            work(tx, now)?;
            customer::settle(tx, customer_id, &policy, now, job_id)?;
            Ok(())
        });
        done.wait().unwrap().unwrap();
    }

    pub fn write<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.app.database.write::<T, Error, F>(work).wait().unwrap().unwrap()
    }

    pub fn read<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.app.database.read::<T, Error, F>(work).wait().unwrap().unwrap()
    }

    pub fn number(&self, sql: &'static str) -> i64 {
        let sql = format!("select cast(({sql}) as bigint)");
        self.read(move |tx| Ok(tx.query_first(&sql, &[], |row| row.get::<Option<i64>>(0))?.flatten().unwrap_or(0)))
    }

    pub fn number_of(&self, sql: &'static str, id: Id) -> i64 {
        self.read(move |tx| Ok(tx.query_first(sql, &[Value::Integer(id)], |row| row.get::<i64>(0))?.unwrap_or(0)))
    }

    pub fn rows(&self, sql: &'static str) -> Vec<String> {
        self.read(move |tx| Ok(tx.query(sql, &[], |row| row.get::<String>(0))?))
    }

    pub fn advance(&self, moment: Timestamp) -> usize {
        job::advance_test_clock(&self.app, &admin(), moment).unwrap()
    }

    /// Jobs that are due now.
    pub fn work(&self) -> usize {
        job::run_due(&self.app, self.now()).unwrap()
    }

    pub fn list(&self, context: &Context, request: ListRequest) -> Result<customer::CustomerPage> {
        done(customer::list(&self.app, context, request))
    }

    /// Counts of everything that a write can leave behind.
    pub fn traces(&self) -> Vec<i64> {
        // What reads leave in the audit trail is written with a later commit.
        self.app.database.flush_audit().unwrap();
        [
            "select count(*) from customer",
            "select sum(version) from customer",
            "select count(*) from hold",
            "select count(*) from posting",
            "select count(*) from account",
            "select count(*) from staff",
            "select sum(version) from staff",
            "select count(*) from customer_class",
            "select sum(version) from customer_class",
            "select count(*) from outbox",
            "select count(*) from job",
            "select count(*) from idempotency",
            "select sum(balance) from customer_balance",
            "select count(*) from audit where action not like '%.read' and action not like '%.list'",
        ]
        .map(|sql| self.number(sql))
        .to_vec()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.app.database.stop();
    }
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: Result<T>, code: &str) {
    match outcome {
        Err(problem) => assert_eq!(problem.code(), code, "{problem}"),
        Ok(answer) => panic!("{code} expected, not {answer:?}"),
    }
}

/// The field and the word of the only problem.
#[track_caller]
pub fn invalid<T: std::fmt::Debug>(outcome: Result<T>) -> (String, &'static str) {
    match outcome {
        Err(Error::Invalid(mut problems)) if problems.len() == 1 => {
            let problem = problems.remove(0);
            (problem.field, problem.code)
        }
        other => panic!("one problem of a field expected, not {other:?}"),
    }
}
