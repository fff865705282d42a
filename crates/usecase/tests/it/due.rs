//! Work that time brings: the test clock goes through it in its order, ids keep ascending, what is old is forgotten.

use trunkline_storage::job::{self as stored_job, NewJob};
use trunkline_storage::outbox;
use trunkline_usecase::customer::{self, Termination};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::{event, job};

use crate::world::{World, admin, day, done, id_of, invalid, keyed, refused, staff, start, utc};

on_both! {
    fn the_clock_stops_at_each_moment_on_its_way_and_only_goes_forward(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        for (id, closes_on) in [(ada, "2026-06-15"), (bob, "2026-06-12")] {
            let how = Termination::Provisional { closes_on: Some(day(closes_on)) };
            done(customer::terminate(&world.app, &admin(), id, how, None, id_of)).unwrap();
        }
        assert_eq!(world.advance(utc("2026-06-20T00:00:00Z")), 2);
        assert_eq!(world.now(), utc("2026-06-20T00:00:00Z"));
        assert_eq!((world.status(ada), world.status(bob)), ("closed", "closed"));
        let back = job::advance_test_clock(&world.app, &admin(), start());
        assert_eq!(invalid(back), ("advance_to".to_owned(), "in_the_past"));
        refused(job::advance_test_clock(&world.app, &staff(Role::Finance, None), world.now()), "forbidden");
    }

    /// After 256 ids in a millisecond that stands still, and after years, ids ascend and none comes twice.
    fn ids_ascend_whatever_the_clock_does(world: &mut World) {
        let mut last = 0;
        let mut next = |world: &World, count: usize| {
            for _ in 0..count {
                let id = world.app.new_id(world.now()).unwrap();
                assert!(id > last, "{id} after {last}");
                last = id;
            }
        };
        next(world, 1_000);
        world.advance(utc("2031-01-01T00:00:00Z"));
        next(world, 1_000);
        world.restart();
        next(world, 1_000);
        assert!(last <= trunkline_usecase::domain::id::ID_MAX);
    }

    /// A clock that was asleep, or set, jumps beyond what is reserved: nobody is refused an id meanwhile, and none comes twice.
    fn a_jump_of_the_clock_fails_no_request(world: &mut World) {
        let ada = world.add("Ada");
        let before = world.app.new_id(world.now()).unwrap();
        world.app.clock().advance_to(utc("2027-01-01T00:00:00Z"));
        world.post(ada, PostingAction::ManualCharge, "1").unwrap();
        world.get(ada).unwrap();
        let meanwhile = world.app.new_id(world.now()).unwrap();
        let of_clock = trunkline_usecase::domain::id::lowest_at(world.now());
        assert!(before < meanwhile && meanwhile < of_clock, "{before} {meanwhile} {of_clock}");
        // With the next block they are of the clock again.
        world.app.reserve_ids().unwrap();
        assert!(world.app.new_id(world.now()).unwrap() >= of_clock);
        // Its mover reserves what it jumps to beforehand.
        world.advance(utc("2029-01-01T00:00:00Z"));
        assert!(world.app.new_id(world.now()).unwrap() >= trunkline_usecase::domain::id::lowest_at(world.now()));
    }

    fn a_job_of_an_unknown_kind_is_kept_with_its_reason_and_tried_later_and_later(world: &mut World) {
        let now = world.now();
        world.write(move |tx| Ok(stored_job::add(tx, &NewJob { customer_id: 0, job_id: 9, kind: "unheard_of", payload: "", run_at: now })?));
        let good = world.reseller("Max");
        done(customer::block(&world.app, &admin(), good, None, id_of)).unwrap();
        assert_eq!(world.work(), 2);
        assert_eq!(world.rows("select last_error from job"), ["broken invariant: unknown kind of job: unheard_of"]);
        let waits = |world: &World| (world.number("select min(run_at) from job") - world.now().microseconds()) / 1_000_000;
        assert_eq!(waits(world), 5);
        for expected in [10, 20, 40] {
            let at = world.now().plus_seconds(waits(world));
            world.advance(at);
            assert_eq!(waits(world), expected);
        }
        // A long way at once stops at each try on it, 40, 120, 280 and 600 seconds from here; the next is at 1,240.
        world.advance(world.now().plus_seconds(1_000));
        assert_eq!(waits(world), 240);
    }

    fn what_was_kept_long_enough_is_forgotten_and_nothing_else(world: &mut World) {
        let id = world.add("Ada");
        let context = keyed(&admin(), "k", "f");
        let first = world.post_as(&context, id, PostingAction::ManualCharge, "1").unwrap();
        world.advance(start().plus_seconds(24 * 3_600));
        job::forget_old(&world.app, world.now()).unwrap();
        assert_eq!(world.post_as(&context, id, PostingAction::ManualCharge, "1").unwrap(), first);
        world.advance(start().plus_seconds(24 * 3_600 + 1));
        job::forget_old(&world.app, world.now()).unwrap();
        assert_ne!(world.post_as(&context, id, PostingAction::ManualCharge, "1").unwrap(), first);
        let events = world.number("select count(*) from outbox");
        world.advance(start().plus_days(30));
        job::forget_old(&world.app, world.now()).unwrap();
        assert_eq!(world.number("select count(*) from outbox"), events);
        world.advance(start().plus_days(31));
        job::forget_old(&world.app, world.now()).unwrap();
        assert_eq!(world.number("select count(*) from outbox"), 1);
    }

    fn events_are_read_in_order_by_those_who_may(world: &mut World) {
        let id = world.add("Ada");
        world.post(id, PostingAction::ManualCharge, "1").unwrap();
        done(customer::block(&world.app, &admin(), id, None, id_of)).unwrap();
        let all = done(event::list(&world.app, &admin(), 0, 10)).unwrap();
        let kinds: Vec<&str> = all.iter().map(|event| event.event_type.as_str()).collect();
        assert_eq!(kinds, ["customer_class.created", "customer.created", "customer.balance_changed", "customer.updated"]);
        let payload: serde_json::Value = serde_json::from_str(&all[3].payload).unwrap();
        assert_eq!(payload, serde_json::json!({ "customer_id": id, "status": "blocked", "version": 2 }));
        let rest = done(event::list(&world.app, &admin(), all[1].event_id, 1)).unwrap();
        assert_eq!(rest, [all[2].clone()]);
        assert_eq!(world.read(move |tx| Ok(outbox::after(tx, all[3].event_id, 5)?)), []);
        for limit in [0, 1_001] {
            assert_eq!(invalid(done(event::list(&world.app, &admin(), 0, limit))), ("limit".to_owned(), "out_of_range"));
        }
    }
}
