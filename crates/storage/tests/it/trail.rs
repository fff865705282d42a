//! The outbox and the audit trail: order, nothing lost, what a read leaves.

use trunkline_domain::balance::PostingAction::ManualCharge;
use trunkline_domain::id::Id;
use trunkline_storage::outbox::{self, Event};
use trunkline_storage::{Engine, Options, StorageError, Ticket, audit, customer};

use crate::fixture::{now, postpaid};
use crate::posting::HeldUp;
use crate::world::{Done, World, narrow};

fn event(customer_id: Id, event_id: Id, payload: &str) -> Event<'_> {
    Event { customer_id, event_id, event_type: "test", payload, created_at: now() }
}

/// Payloads of a customer's events in the order in which a consumer gets them.
fn consumed(world: &World, customer_id: Id) -> Vec<String> {
    let mut after = 0;
    let mut found = Vec::new();
    loop {
        let page = world.read(move |tx| outbox::after(tx, after, 7)).unwrap();
        let Some(last) = page.last() else { return found };
        assert!(last.event_id > after);
        after = last.event_id;
        found.extend(page.into_iter().filter(|event| event.customer_id == customer_id).map(|event| event.payload));
    }
}

fn read_row(world: &World, number: i64) -> audit::Stored {
    audit::Stored {
        customer_id: 7,
        audit_id: world.id(),
        at: now(),
        actor: "staff:1".to_owned(),
        action: "customer.read".to_owned(),
        detail: format!("{{\"number\":{number}}}"),
    }
}

on_both! {
    /// Ids are made before the customer is locked, so that a later request can be faster.
    fn events_of_a_customer_are_in_the_order_of_their_commits(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        world.add(&postpaid(8, "Bob"));
        let mut ids: Vec<Id> = (0..40).map(|_| world.id()).collect();
        ids.reverse();
        let tickets: Vec<Ticket<Done<()>>> = ids
            .into_iter()
            .enumerate()
            .map(|(index, event_id)| {
                let customer_id = if index % 4 == 3 { 8 } else { 7 };
                world.database().write(move |tx| {
                    customer::lock(tx, customer_id)?;
                    let sql = "select count(*) from outbox where customer_id = $1";
                    let number = tx.query_first(sql, &[customer_id.into()], |row| row.get::<i64>(0))?.unwrap_or(0);
                    outbox::append(tx, &event(customer_id, event_id, &format!("{number:03}")))
                })
            })
            .collect();
        tickets.into_iter().for_each(crate::world::answer);
        for customer_id in [7, 8] {
            let seen = consumed(world, customer_id);
            let count = if customer_id == 7 { 30 } else { 10 };
            let wanted: Vec<String> = (0..count).map(|number| format!("{number:03}")).collect();
            assert_eq!(seen, wanted, "customer {customer_id}");
        }
    }

    fn events_of_postings_and_of_jobs_tell_one_story(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let mut requests: Vec<_> = (0..30).map(|_| world.request(7, ManualCharge, "1")).collect();
        requests.reverse();
        let job_ids: Vec<Id> = (0..5).map(|_| world.id()).collect();
        let mut jobs: Vec<Ticket<Done<()>>> = Vec::new();
        let mut postings = Vec::new();
        let held_up = HeldUp::on(world, 7);
        for (index, request) in requests.into_iter().enumerate() {
            if let Some(event_id) = job_ids.get(index / 3).copied().filter(|_| index % 3 == 0) {
                jobs.push(world.database().write(move |tx| {
                    customer::lock(tx, 7)?;
                    let balance = customer::load_facts(tx, &[7])?[0].balance.to_string();
                    outbox::append(tx, &event(7, event_id, &format!("{{\"previous_balance\":\"{balance}\",\"balance\":\"{balance}\"}}")))
                }));
            }
            postings.push(world.database().post(request));
        }
        held_up.let_go();
        jobs.into_iter().for_each(crate::world::answer);
        postings.into_iter().for_each(|ticket| drop(ticket.wait().unwrap().unwrap()));
        let mut balance = "0".to_owned();
        let seen = consumed(world, 7);
        assert_eq!(seen.len(), 35);
        for payload in seen {
            let event: serde_json::Value = serde_json::from_str(&payload).unwrap();
            assert_eq!(event["previous_balance"], balance, "{payload}");
            balance = event["balance"].as_str().unwrap().to_owned();
        }
        assert_eq!(balance, "30");
    }

    fn old_events_are_forgotten_and_later_ones_stay(world: &mut World) {
        world
            .write(|tx| (1..=9).try_for_each(|id| outbox::append(tx, &event(id % 3, id * 10, "{}"))))
            .unwrap();
        assert_eq!(world.write(|tx| outbox::forget_before(tx, 50)).unwrap(), 4);
        let left = world.read(|tx| outbox::after(tx, 60, 2)).unwrap();
        assert_eq!(left.iter().map(|event| (event.customer_id, event.event_id)).collect::<Vec<_>>(), [(1, 70), (2, 80)]);
    }

    /// The way differs by engine: marks in one order, or the last event that each customer has.
    fn who_reads_on_misses_no_event_however_late_it_is_committed(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        world.add(&postpaid(8, "Bob"));
        let (early, mut ids) = (world.id(), vec![world.id(), world.id()]);
        let add = |world: &World, customer_id: Id, event_id: Id| {
            world
                .write(move |tx| {
                    customer::lock(tx, customer_id)?;
                    outbox::append(tx, &event(customer_id, event_id, "{}"))
                })
                .unwrap();
        };
        add(world, 8, ids.remove(0));
        let before = world.read(|tx| outbox::last_of(tx, &[7, 8, 9])).unwrap_or_default();
        let after = world.read(outbox::last_mark).unwrap();
        // Its id is of a moment before.
        add(world, 7, early);
        match world.database().engine() {
            Engine::Sqlite => {
                let marks = world.read(move |tx| outbox::marks(tx, after, 10)).unwrap();
                assert_eq!(marks.iter().map(|mark| mark.customer_id).collect::<Vec<_>>(), [7]);
            }
            Engine::Postgres => {
                let now = world.read(|tx| outbox::last_of(tx, &[7, 8, 9])).unwrap();
                let changed = now.iter().filter(|row| !before.contains(row)).map(|(id, _)| *id);
                assert_eq!((now.len(), changed.collect::<Vec<_>>()), (2, vec![7]));
            }
        }
        let house = ids.remove(0);
        world.write(move |tx| outbox::append(tx, &Event { payload: "{\"a\":1}", ..event(0, house, "") })).unwrap();
        let marks = world.read(move |tx| outbox::marks(tx, 0, 10)).unwrap();
        let told: Vec<_> = marks.iter().map(|mark| (mark.customer_id, mark.event_type.as_str(), mark.payload.as_str())).collect();
        let of_house = (0, "test", "{\"a\":1}");
        match world.database().engine() {
            Engine::Sqlite => assert_eq!(told, [(8, "", ""), (7, "", ""), of_house]),
            Engine::Postgres => assert_eq!(told, [of_house]),
        }
        assert_eq!(marks.last().map(|mark| mark.event_id), Some(world.read(outbox::last_mark).unwrap()));
    }

    fn the_trail_of_a_customer_is_read_newest_first(world: &mut World) {
        world
            .write(|tx| {
                for id in 1..=5 {
                    let entry = audit::Entry { customer_id: id % 2, audit_id: id, at: now(), actor: "staff:1", action: "test", detail: "{}" };
                    audit::append(tx, &entry)?;
                }
                Ok(())
            })
            .unwrap();
        let rows = world.read(|tx| audit::of_customer(tx, 1, 2)).unwrap();
        assert_eq!(rows.iter().map(|row| row.audit_id).collect::<Vec<_>>(), [5, 3]);
    }

    fn what_was_read_is_written_by_itself_when_asked_and_when_stopping(world: &mut World) {
        world.database().audit_read(read_row(world, 1)).unwrap();
        world.database().flush_audit().unwrap();
        assert_eq!(world.rows("select detail from audit order by audit_id"), ["{\"number\":1}"]);
        world.database().audit_read(read_row(world, 2)).unwrap();
        world.until("the row is written by itself", || world.number("select count(*) from audit") == 2);
        world.database().audit_read(read_row(world, 3)).unwrap();
        world.reopen();
        assert_eq!(world.rows("select detail from audit order by audit_id"), ["{\"number\":1}", "{\"number\":2}", "{\"number\":3}"]);
    }

    fn rows_about_reads_wait_for_a_writer_that_is_overloaded(world: &mut World) {
        world.close();
        let mut world = World::with(world.engine, Options { readers: 2, ..narrow() });
        world.add(&postpaid(7, "Ada"));
        let held_up = HeldUp::on(&world, 7);
        let mut jobs: Vec<Ticket<Done<()>>> = Vec::new();
        while !matches!(world.database().flush_audit(), Err(StorageError::Overloaded { .. })) {
            world.database().audit_read(read_row(&world, 1)).unwrap();
            for _ in 0..1_100 {
                jobs.push(world.database().write(|_| Ok(())));
            }
        }
        held_up.let_go();
        drop(jobs);
        world.reopen();
        assert!(world.number("select count(*) from audit") >= 1, "the rows are lost");
    }

    fn reads_beyond_what_can_wait_are_refused_by_name(world: &mut World) {
        let held_up = HeldUp::on(world, 7);
        let mut refused = 0;
        for number in 0..25_000 {
            match world.database().audit_read(read_row(world, number)) {
                Ok(()) => {}
                Err(StorageError::Overloaded { queue: "audit of reads" }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        held_up.let_go();
        // The thread that writes them may have taken some away meanwhile, once.
        if world.engine == trunkline_storage::Engine::Sqlite {
            assert!(refused > 0);
        }
        world.reopen();
        assert_eq!(world.number("select count(*) from audit"), 25_000 - refused);
    }
}
