//! Jobs as closures: each in a savepoint or a transaction of its own, panics, full queues, stopping.

use std::sync::mpsc;

use trunkline_domain::balance::PostingAction::ManualCharge;
use trunkline_storage::writer::PostingFailure;
use trunkline_storage::{Engine, StorageError, Ticket, installation};

use crate::fixture::postpaid;
use crate::posting::{HeldUp, assert_ledger};
use crate::world::{Done, World, answer, narrow};

fn setting(world: &World, name: &'static str) -> Option<String> {
    world.read(move |tx| installation::setting(tx, name)).unwrap()
}

on_both! {
    fn a_refused_job_leaves_nothing_and_its_neighbours_stay(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let held_up = HeldUp::on(world, 7);
        let set = |name: &'static str, refuse: bool| -> Ticket<Done<()>> {
            world.database().write(move |tx| {
                installation::set(tx, name, "set")?;
                if refuse { Err(StorageError::broken("refused")) } else { Ok(()) }
            })
        };
        let before = set("before", false);
        let refused = set("refused", true);
        let posting = world.database().post(world.request(7, ManualCharge, "1"));
        let after = set("after", false);
        held_up.let_go();
        answer(before);
        answer(after);
        assert_eq!(posting.wait().unwrap().unwrap().balance, 1_000_000);
        assert!(matches!(refused.wait().unwrap(), Err(StorageError::Broken(words)) if words == "refused"));
        assert_eq!(setting(world, "before").as_deref(), Some("set"));
        assert_eq!(setting(world, "after").as_deref(), Some("set"));
        assert_eq!(setting(world, "refused"), None);
        assert_ledger(world);
    }

    fn a_panicking_job_is_answered_and_the_writer_lives_on(world: &mut World) {
        for _ in 0..6 {
            let panicked = world.write(|tx| -> Done<()> {
                installation::set(tx, "half", "done")?;
                panic!("on purpose");
            });
            assert!(matches!(&panicked, Err(StorageError::Broken(words)) if words.contains("panicked")), "{panicked:?}");
        }
        assert_eq!(setting(world, "half"), None);
        world.write(|tx| installation::set(tx, "alive", "yes")).unwrap();
        assert_eq!(setting(world, "alive").as_deref(), Some("yes"));
        let read = world.read(|_| -> Done<()> { panic!("on purpose") });
        assert!(matches!(&read, Err(StorageError::Broken(words)) if words.contains("panicked")), "{read:?}");
        assert_eq!(setting(world, "alive").as_deref(), Some("yes"));
    }

    /// PostgreSQL gives a transaction up at the first statement that fails; so does SQLite here.
    fn a_job_that_goes_on_after_a_failed_statement_is_not_kept(world: &mut World) {
        let done = world.write(|tx| {
            installation::set(tx, "before", "set")?;
            let failed = tx.execute("insert into nowhere (nothing) values (1)", &[]);
            assert!(failed.is_err());
            Ok(())
        });
        assert!(done.is_err(), "answered as done");
        assert_eq!(setting(world, "before"), None);
    }

    fn a_job_sees_what_it_wrote_and_readers_see_it_after_its_commit(world: &mut World) {
        let (has_begun, begun) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        let ticket: Ticket<Done<Option<String>>> = world.database().write(move |tx| {
            installation::set(tx, "name", "value")?;
            has_begun.send(()).unwrap();
            let _ = may_go.recv();
            installation::setting(tx, "name")
        });
        begun.recv().unwrap();
        assert_eq!(setting(world, "name"), None);
        go.send(()).unwrap();
        assert_eq!(answer(ticket).as_deref(), Some("value"));
        assert_eq!(setting(world, "name").as_deref(), Some("value"));
    }

    fn a_write_whose_ticket_is_dropped_goes_through(world: &mut World) {
        drop(world.database().write::<(), StorageError, _>(|tx| installation::set(tx, "dropped", "kept")));
        world.write(|_| Ok(())).unwrap();
        world.until("the write is there", || setting(world, "dropped").is_some());
    }

    fn stopping_finishes_what_waits_and_takes_nothing_more(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let held_up = HeldUp::on(world, 7);
        let postings: Vec<_> = (0..300).map(|_| world.database().post(world.request(7, ManualCharge, "1"))).collect();
        let jobs: Vec<Ticket<Done<()>>> =
            (0..100).map(|number| world.database().write(move |tx| installation::set(tx, &format!("job {number}"), "done"))).collect();
        std::thread::scope(|scope| {
            let stopping = scope.spawn(|| world.database().stop());
            held_up.let_go();
            stopping.join().unwrap();
        });
        for posting in postings {
            posting.wait().unwrap().unwrap();
        }
        jobs.into_iter().for_each(answer);
        let late = world.database().write::<(), StorageError, _>(|_| Ok(())).wait().unwrap();
        assert!(matches!(late, Err(StorageError::Stopped)), "{late:?}");
        let late = world.post(world.request(7, ManualCharge, "1"));
        assert!(matches!(late, Err(PostingFailure::Storage(StorageError::Stopped))), "{late:?}");
        assert!(matches!(world.read(|_| Ok(())), Err(StorageError::Stopped)));
        world.reopen();
        assert_eq!(world.facts(7).balance.millionths(), 300_000_000);
        assert_eq!(world.number("select count(*) from installation where name like 'job %'"), 100);
        assert_ledger(world);
    }

    fn dropping_the_database_within_its_own_thread_ends_it(world: &mut World) {
        world.close();
        let database = std::sync::Arc::new(trunkline_storage::Database::open(&world.place.url, narrow()).unwrap());
        let (go, may_go) = mpsc::channel::<()>();
        let (has_ended, ended) = mpsc::channel::<()>();
        let inner = std::sync::Arc::clone(&database);
        // The read holds the last handle on the database, as a use case's closure can.
        drop(database.write::<(), StorageError, _>(|_| Ok(())));
        let ticket = database.read::<(), StorageError, _>(move |_| {
            let _ = may_go.recv();
            drop(inner);
            has_ended.send(()).unwrap();
            Ok(())
        });
        drop(database);
        go.send(()).unwrap();
        assert!(ended.recv().is_ok(), "the reader panicked");
        drop(ticket);
    }
}

fn refused_by_name(problem: &StorageError, queue: &str) {
    assert!(matches!(problem, StorageError::Overloaded { queue: name } if *name == queue), "{problem}");
}

fn full_queue_of_jobs(engine: Engine) {
    let world = World::with(engine, narrow());
    world.add(&postpaid(7, "Ada"));
    let held_up = HeldUp::on(&world, 7);
    let mut waiting: Vec<Ticket<Done<()>>> = Vec::new();
    let refusal = loop {
        let number = waiting.len();
        assert!(number < 5_000, "the queue has no end");
        let ticket: Ticket<Done<()>> = world.database().write(move |tx| installation::set(tx, &format!("job {number}"), "done"));
        // A refusal is there at once; other tickets wait until the writer is let go.
        waiting.push(ticket);
        if world.database().waiting().1 + usize::from(engine == Engine::Sqlite) >= 1_024 {
            let ticket: Ticket<Done<()>> = world.database().write(|tx| installation::set(tx, "too much", "done"));
            break ticket.wait().unwrap().unwrap_err();
        }
    };
    refused_by_name(&refusal, "jobs");
    held_up.let_go();
    let count = i64::try_from(waiting.len()).unwrap();
    waiting.into_iter().for_each(answer);
    assert_eq!(world.number("select count(*) from installation where name like 'job %'"), count);
    assert_eq!(setting(&world, "too much"), None);
}

#[test]
fn a_full_queue_of_jobs_refuses_by_name_on_sqlite() {
    full_queue_of_jobs(Engine::Sqlite);
}

#[test]
fn a_full_queue_of_jobs_refuses_by_name_on_postgres() {
    full_queue_of_jobs(Engine::Postgres);
}

fn full_queue_of_postings(engine: Engine, queue: &str) {
    let world = World::with(engine, narrow());
    world.add(&postpaid(7, "Ada"));
    let held_up = HeldUp::on(&world, 7);
    let mut waiting = Vec::new();
    let mut refused = 0;
    // PostgreSQL's worker has taken a first batch and waits for the customer's row.
    for _ in 0..8_192 + 64 + 10 {
        let ticket = world.database().post(world.request(7, ManualCharge, "1"));
        waiting.push(ticket);
    }
    held_up.let_go();
    let mut done = 0;
    for ticket in waiting {
        match ticket.wait().unwrap() {
            Ok(_) => done += 1,
            Err(PostingFailure::Storage(problem)) => {
                refused_by_name(&problem, queue);
                refused += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(refused >= 10, "{refused} refused");
    assert_eq!(done + refused, 8_192 + 64 + 10);
    assert_eq!(world.facts(7).balance.millionths(), done * 1_000_000);
    assert_ledger(&world);
}

#[test]
fn a_full_queue_of_postings_refuses_by_name_on_sqlite() {
    full_queue_of_postings(Engine::Sqlite, "writes");
}

#[test]
fn a_full_queue_of_postings_refuses_by_name_on_postgres() {
    full_queue_of_postings(Engine::Postgres, "decisions");
}
