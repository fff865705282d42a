//! Finding a customer's rows in tables in order of arrival: whatever the sizes of runs, however often the program is killed
//! between two slices, each row is found once.

use trunkline_domain::id::Id;
use trunkline_storage::arrival::{self, Kind};
use trunkline_storage::{Engine, Options, audit, payment};

use crate::fixture::{Lot, now};
use crate::world::{World, later};

/// Small enough that a few hundred rows are sealed, merged and cleared many times over.
const SIZES: arrival::Sizes = arrival::Sizes { tail_max: 7, runs_max: 3, slice: 4 };

fn options() -> Options {
    let mut options = Options::default();
    options.writer.arrival = SIZES;
    options
}

/// Appends rows about random customers, and remembers which.
fn append(world: &World, lot: &mut Lot, expected: &mut Vec<(Id, Id)>, count: usize) {
    for _ in 0..count {
        let (customer_id, audit_id) = (lot.amount(6) - 1, world.id());
        let entry = audit::Stored {
            customer_id,
            audit_id,
            at: later(now(), lot.amount(50)),
            actor: "a".into(),
            action: "b".into(),
            detail: "{}".into(),
        };
        world
            .write(move |tx| {
                let row = &entry;
                audit::append(
                    tx,
                    &audit::Entry {
                        customer_id: row.customer_id,
                        audit_id,
                        at: row.at,
                        actor: &row.actor,
                        action: &row.action,
                        detail: &row.detail,
                    },
                )
            })
            .unwrap();
        if customer_id != 0 {
            expected.push((customer_id, audit_id));
        }
    }
}

fn assert_found(world: &World, expected: &[(Id, Id)]) {
    for customer_id in 1..=5 {
        let mut wanted: Vec<Id> = expected.iter().filter(|(of, _)| *of == customer_id).map(|(_, id)| *id).collect();
        wanted.sort_unstable_by(|left, right| right.cmp(left));
        let found = world.read(move |tx| audit::of_customer(tx, customer_id, 10_000)).unwrap();
        assert_eq!(
            found.iter().map(|row| row.audit_id).collect::<Vec<_>>(),
            wanted,
            "customer {customer_id} after {} rows",
            expected.len()
        );
    }
}

on_both! {
    fn every_row_is_found_once_while_runs_are_made_and_after_each_restart(world: &mut World) {
        world.reopen_with(options());
        let mut lot = Lot::new(11);
        let mut expected = Vec::new();
        for round in 0..40 {
            append(world, &mut lot, &mut expected, 1 + round % 13);
            assert_found(world, &expected);
            if round % 5 == 4 {
                world.reopen_with(options());
                assert_found(world, &expected);
            }
        }
        if world.engine == Engine::Sqlite {
            assert!(world.number("select max(level) from arrival_run") >= 3, "runs were merged");
            // What is left of the tail and of old runs goes as soon as nothing else is to be done.
            world.close();
            world.reopen_with(options());
            append(world, &mut lot, &mut expected, 60);
            assert_found(world, &expected);
        }
    }

    fn a_job_that_fails_leaves_nothing_to_be_found(world: &mut World) {
        world.reopen_with(options());
        let id = world.id();
        let refused: Result<(), _> = world.write(move |tx| {
            let entry = audit::Entry { customer_id: 1, audit_id: id, at: now(), actor: "a", action: "b", detail: "{}" };
            audit::append(tx, &entry)?;
            Err(trunkline_storage::StorageError::Stopped)
        });
        assert!(refused.is_err());
        let mut expected = Vec::new();
        append(world, &mut Lot::new(3), &mut expected, 30);
        assert_found(world, &expected);
    }

    fn rows_of_another_kind_are_not_found(world: &mut World) {
        world.write(|tx| {
            arrival::note(tx, Kind::Audit, 1, now(), 77);
            Ok(())
        }).unwrap();
        assert_eq!(world.read(|tx| payment::with_rest(tx, 1)).unwrap(), vec![]);
    }
}

/// Nothing has to arrive for the rest to be tidied: the tail of a large load does not stay.
#[test]
fn what_is_to_be_done_is_done_without_further_writes() {
    let mut world = World::on(Engine::Sqlite);
    world.reopen_with(options());
    world
        .write(|tx| {
            for audit_id in 1..=500 {
                audit::append(
                    tx,
                    &audit::Entry { customer_id: 1 + audit_id % 3, audit_id, at: now(), actor: "a", action: "b", detail: "{}" },
                )?;
            }
            Ok(())
        })
        .unwrap();
    world.until("the tail is sorted", || {
        world.number("select count(*) from arrival_tail") == 0
            && world.number("select count(*) from arrival_run where not is_live") == 0
            && world.number("select count(*) from arrival") == 500
    });
}
