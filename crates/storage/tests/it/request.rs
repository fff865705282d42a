//! Idempotency keys: one posting a key whatever is repeated, one answer, and for how long (T35).

use trunkline_domain::balance::PostingAction::ManualPayment;
use trunkline_storage::request::{RequestKey, Seen, forget_before, look_up, remember};
use trunkline_storage::writer::PostingFailure;
use trunkline_storage::{StorageError, customer};

use crate::fixture::{now, postpaid};
use crate::posting::{HeldUp, assert_ledger};
use crate::world::{World, later};

pub fn key(actor: &str, text: &str) -> RequestKey {
    RequestKey { actor: actor.to_owned(), key: text.to_owned(), fingerprint: "the body".to_owned() }
}

fn other_body(actor: &str, text: &str) -> RequestKey {
    RequestKey { fingerprint: "another body".to_owned(), ..key(actor, text) }
}

fn keyed(world: &World, key: RequestKey) -> trunkline_storage::writer::PostingRequest {
    let mut request = world.request(7, ManualPayment, "5");
    request.request_key = Some(key);
    request
}

on_both! {
    fn one_key_sent_many_times_at_once_is_one_posting_with_one_answer(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let here = &*world;
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(move || {
                        let tickets: Vec<_> = (0..8).map(|_| here.database().post(keyed(here, key("staff:1", "refill")))).collect();
                        tickets.into_iter().map(|ticket| ticket.wait().unwrap().unwrap()).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.len(), 64);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(answers[0].balance, -5_000_000);
        assert_eq!(world.number("select count(*) from posting"), 1);
        assert_eq!(world.number("select count(*) from payment"), 1);
        assert_eq!(world.number("select count(*) from idempotency"), 1);
        assert_ledger(world);
    }

    fn one_key_twice_in_one_batch_is_one_posting_and_another_body_is_refused(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let held_up = HeldUp::on(world, 7);
        let keys = [key("staff:1", "x"), key("staff:1", "x"), other_body("staff:1", "x"), key("staff:2", "x"), key("staff:1", "X")];
        let tickets: Vec<_> = keys.into_iter().map(|key| world.database().post(keyed(world, key))).collect();
        held_up.let_go();
        let answers: Vec<_> = tickets.into_iter().map(|ticket| ticket.wait().unwrap()).collect();
        let balances: Vec<Option<i64>> = answers.iter().map(|answer| answer.as_ref().ok().map(|answer| answer.balance)).collect();
        assert_eq!(balances, [Some(-5_000_000), Some(-5_000_000), None, Some(-10_000_000), Some(-15_000_000)]);
        assert!(matches!(answers[2], Err(PostingFailure::KeyReused)), "{:?}", answers[2]);
        assert_eq!(answers[0].as_ref().unwrap(), answers[1].as_ref().unwrap());
        assert_eq!(world.number("select count(*) from posting"), 3);
    }

    fn a_key_is_known_after_a_restart_and_forgotten_after_its_time(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let first = world.post(keyed(world, key("staff:1", "x"))).unwrap();
        world.reopen();
        assert_eq!(world.post(keyed(world, key("staff:1", "x"))).unwrap(), first);
        assert!(matches!(world.post(keyed(world, other_body("staff:1", "x"))), Err(PostingFailure::KeyReused)));
        // A day later less a moment it is known still.
        let gone = world.write(|tx| forget_before(tx, now(), 100)).unwrap();
        assert_eq!(gone, 0);
        assert_eq!(world.post(keyed(world, key("staff:1", "x"))).unwrap(), first);
        let gone = world.write(|tx| forget_before(tx, later(now(), 1), 100)).unwrap();
        assert_eq!(gone, 1);
        let again = world.post(keyed(world, other_body("staff:1", "x"))).unwrap();
        assert_eq!(again.balance, -10_000_000);
        assert_eq!(world.number("select count(*) from posting"), 2);
    }

    fn forgetting_that_is_rolled_back_has_not_happened(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let first = world.post(keyed(world, key("staff:1", "x"))).unwrap();
        let refused = world.write(|tx| {
            forget_before(tx, later(now(), 1), 100)?;
            Err::<(), _>(StorageError::Conflict)
        });
        assert!(refused.is_err());
        assert_eq!(world.post(keyed(world, key("staff:1", "x"))).unwrap(), first);
        assert_eq!(world.number("select count(*) from posting"), 1);
    }

    fn jobs_and_postings_share_their_keys(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let first = world.post(keyed(world, key("staff:1", "x"))).unwrap();
        let seen = world.write(|tx| look_up(tx, &key("staff:1", "x"))).unwrap();
        assert_eq!(seen, Seen::Same(trunkline_storage::request::write_answer(&first)));
        assert_eq!(world.write(|tx| look_up(tx, &other_body("staff:1", "x"))).unwrap(), Seen::Other);
        assert_eq!(world.write(|tx| look_up(tx, &key("staff:2", "x"))).unwrap(), Seen::New);
        let id = world.id();
        world
            .write(move |tx| {
                remember(tx, &key("staff:1", "job"), id, "the answer", now())?;
                // Known to the same transaction at once.
                assert_eq!(look_up(tx, &key("staff:1", "job"))?, Seen::Same("the answer".to_owned()));
                Ok(())
            })
            .unwrap();
        assert_eq!(world.write(|tx| look_up(tx, &key("staff:1", "job"))).unwrap(), Seen::Same("the answer".to_owned()));
        assert!(matches!(world.post(keyed(world, other_body("staff:1", "job"))), Err(PostingFailure::KeyReused)));
    }

    fn a_job_that_is_refused_leaves_no_key(world: &mut World) {
        let id = world.id();
        let refused = world.write(move |tx| {
            remember(tx, &key("staff:1", "job"), id, "never", now())?;
            Err::<(), _>(StorageError::broken("refused"))
        });
        assert!(refused.is_err());
        assert_eq!(world.write(|tx| look_up(tx, &key("staff:1", "job"))).unwrap(), Seen::New);
        assert_eq!(world.number("select count(*) from idempotency"), 0);
    }

    fn one_key_at_once_from_many_jobs_is_one_piece_of_work(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let tickets: Vec<_> = (0..24)
            .map(|_| {
                let id = world.id();
                world.database().write::<String, StorageError, _>(move |tx| {
                    match look_up(tx, &key("staff:1", "job"))? {
                        Seen::Same(answer) => return Ok(answer),
                        Seen::Other => panic!("another body"),
                        Seen::New => {}
                    }
                    customer::claim_name(tx, &format!("made by {id}"), id)?;
                    remember(tx, &key("staff:1", "job"), id, &format!("made by {id}"), now())?;
                    Ok(format!("made by {id}"))
                })
            })
            .collect();
        let answers: Vec<String> = tickets.into_iter().map(|ticket| ticket.wait().unwrap().unwrap()).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(world.number("select count(*) from customer_name where name_key like 'made by%'"), 1);
    }
}
