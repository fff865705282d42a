//! Readers: a dropped ticket stops its query and no other, queues have an end, connections come back.

use std::sync::mpsc;

use trunkline_storage::{Engine, StorageError, Ticket, Tx};

use crate::fixture::postpaid;
use crate::world::{Done, World, narrow};

/// Runs for hours.
fn count_for_ever(tx: &mut Tx<'_>) -> Done<i64> {
    let sql =
        "with recursive n (x) as (select cast(1 as bigint) union all select x + 1 from n where x < 1000000000000) select count(*) from n";
    Ok(tx.query_first(sql, &[], |row| row.get::<i64>(0))?.unwrap_or(0))
}

/// A long read that has begun when this returns.
fn long_read(world: &World) -> (Ticket<Done<i64>>, mpsc::Receiver<Done<i64>>) {
    let (has_begun, begun) = mpsc::channel();
    let (has_ended, ended) = mpsc::channel();
    let ticket = world.database().read(move |tx| {
        has_begun.send(()).unwrap();
        let answer = count_for_ever(tx);
        has_ended.send(answer.clone()).unwrap();
        answer
    });
    begun.recv().unwrap();
    (ticket, ended)
}

fn dropped_tickets(engine: Engine) {
    let world = World::with(engine, narrow());
    for _ in 0..15 {
        let (ticket, ended) = long_read(&world);
        drop(ticket);
        // The one thread serves the next at once, and the next is not hit in its place.
        for _ in 0..20 {
            assert_eq!(
                world.read(|tx| tx.query_first("select count(*) from customer_class", &[], |row| row.get::<i64>(0))).unwrap(),
                Some(2)
            );
        }
        assert!(matches!(ended.recv().unwrap(), Err(StorageError::Cancelled)));
    }
}

#[test]
fn a_dropped_ticket_stops_its_query_and_no_other_on_sqlite() {
    dropped_tickets(Engine::Sqlite);
}

#[test]
fn a_dropped_ticket_stops_its_query_and_no_other_on_postgres() {
    dropped_tickets(Engine::Postgres);
}

fn dropped_before_its_turn(engine: Engine) {
    let world = World::with(engine, narrow());
    let (ticket, _ended) = long_read(&world);
    let (has_run, ran) = mpsc::channel::<()>();
    let never = world.database().read::<(), StorageError, _>(move |_| {
        has_run.send(()).unwrap();
        Ok(())
    });
    drop(never);
    drop(ticket);
    world.read(|_| Ok(())).unwrap();
    assert!(ran.recv().is_err(), "it ran");
}

#[test]
fn a_read_that_nobody_waits_for_any_more_does_not_run_on_sqlite() {
    dropped_before_its_turn(Engine::Sqlite);
}

#[test]
fn a_read_that_nobody_waits_for_any_more_does_not_run_on_postgres() {
    dropped_before_its_turn(Engine::Postgres);
}

fn full_queue(engine: Engine) {
    let world = World::with(engine, narrow());
    let (go, may_go) = mpsc::channel::<()>();
    let (has_begun, begun) = mpsc::channel();
    let held = world.database().read::<(), StorageError, _>(move |_| {
        has_begun.send(()).unwrap();
        let _ = may_go.recv();
        Ok(())
    });
    begun.recv().unwrap();
    let waiting: Vec<Ticket<Done<i64>>> = (0..1_024).map(|number| world.database().read(move |_| Ok(number))).collect();
    assert_eq!(world.database().waiting().0, 1_024);
    let refused = world.database().read::<(), StorageError, _>(|_| Ok(())).wait().unwrap();
    assert!(matches!(refused, Err(StorageError::Overloaded { queue: "reads" })), "{refused:?}");
    go.send(()).unwrap();
    held.wait().unwrap().unwrap();
    for (number, ticket) in waiting.into_iter().enumerate() {
        assert_eq!(ticket.wait().unwrap().unwrap(), i64::try_from(number).unwrap());
    }
}

#[test]
fn a_full_queue_of_reads_refuses_by_name_on_sqlite() {
    full_queue(Engine::Sqlite);
}

#[test]
fn a_full_queue_of_reads_refuses_by_name_on_postgres() {
    full_queue(Engine::Postgres);
}

/// PostgreSQL acts on a cancellation when it comes to it, which can be after the query has ended.
#[test]
fn a_connection_that_was_told_to_stop_is_not_used_again() {
    let world = World::with(Engine::Postgres, narrow());
    let backend = |world: &World| world.number("select pg_backend_pid()");
    let before = backend(&world);
    assert_eq!(backend(&world), before);
    let (ticket, ended) = long_read(&world);
    drop(ticket);
    assert!(matches!(ended.recv().unwrap(), Err(StorageError::Cancelled)));
    assert_ne!(backend(&world), before);
}

/// A cancellation that comes between two statements has nothing to stop; the next statement is stopped all the same.
fn dropped_between_statements(engine: Engine) {
    let world = World::with(engine, narrow());
    let started = std::time::Instant::now();
    for _ in 0..3 {
        let (has_begun, begun) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        let (has_ended, ended) = mpsc::channel();
        let ticket = world.database().read(move |tx| {
            has_begun.send(()).unwrap();
            may_go.recv().unwrap();
            has_ended.send(count_for_ever(tx)).unwrap();
            Ok(0)
        });
        begun.recv().unwrap();
        drop::<Ticket<Done<i64>>>(ticket);
        go.send(()).unwrap();
        assert!(matches!(ended.recv().unwrap(), Err(StorageError::Cancelled)));
    }
    // The server itself would have stopped each after a minute.
    assert!(started.elapsed().as_secs() < 50, "stopped by their own end, not by the dropped ticket");
}

#[test]
fn a_ticket_dropped_between_two_statements_stops_the_next_one_on_sqlite() {
    dropped_between_statements(Engine::Sqlite);
}

#[test]
fn a_ticket_dropped_between_two_statements_stops_the_next_one_on_postgres() {
    dropped_between_statements(Engine::Postgres);
}

on_both! {
    fn readers_and_the_writer_do_not_wait_for_each_other(world: &mut World) {
        let (ticket, ended) = long_read(world);
        world.add(&postpaid(7, "Ada"));
        assert_eq!(world.number("select count(*) from customer"), 1);
        drop(ticket);
        assert!(ended.recv().unwrap().is_err());
    }

    fn stopping_does_not_wait_for_reads_that_nobody_waits_for(world: &mut World) {
        let (ticket, ended) = long_read(world);
        drop(ticket);
        world.close();
        assert!(ended.recv().unwrap().is_err());
    }
}
