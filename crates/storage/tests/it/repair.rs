//! What goes wrong and is put right: a batch of which one cannot be saved, connections that are lost.

use trunkline_domain::balance::PostingAction::ManualCharge;
use trunkline_storage::writer::PostingFailure;
use trunkline_storage::{Engine, StorageError, installation};

use crate::fixture::postpaid;
use crate::posting::{HeldUp, assert_ledger};
use crate::world::World;

on_both! {
    /// The second has an id that is taken, which no program that is in order makes: its batch fails as a whole, and then piece by piece.
    fn a_batch_that_fails_is_made_again_one_by_one(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        world.add(&postpaid(8, "Bob"));
        let taken = world.request(7, ManualCharge, "1");
        let mut broken = world.request(7, ManualCharge, "2");
        broken.ids.posting_id = taken.ids.posting_id;
        world.post(taken).unwrap();
        let held_up = HeldUp::on(world, 7);
        let first = world.database().post(world.request(7, ManualCharge, "4"));
        let second = world.database().post(broken);
        let third = world.database().post(world.request(8, ManualCharge, "8"));
        let fourth = world.database().post(world.request(7, ManualCharge, "16"));
        let job = world.database().write::<(), StorageError, _>(|tx| installation::set(tx, "beside", "kept"));
        held_up.let_go();
        assert_eq!(first.wait().unwrap().unwrap().balance, 5_000_000);
        let failure = second.wait().unwrap().unwrap_err();
        assert!(matches!(failure, PostingFailure::Storage(StorageError::Duplicate(_))), "{failure:?}");
        assert_eq!(third.wait().unwrap().unwrap().balance, 8_000_000);
        assert_eq!(fourth.wait().unwrap().unwrap().balance, 21_000_000);
        job.wait().unwrap().unwrap();
        assert_eq!(world.post(world.request(7, ManualCharge, "1")).unwrap().balance, 22_000_000);
        assert_eq!(world.number("select count(*) from posting"), 5);
        assert_ledger(world);
    }
}

#[test]
fn connections_that_are_lost_come_back_and_what_was_acknowledged_is_there() {
    let world = World::on(Engine::Postgres);
    world.add(&postpaid(7, "Ada"));
    let mut acknowledged = 0;
    for round in 0..3 {
        world.cut_connections();
        let mut failures = 0;
        while failures < 20 {
            match world.post(world.request(7, ManualCharge, "1")) {
                Ok(_) => {
                    acknowledged += 1;
                    break;
                }
                Err(PostingFailure::Storage(StorageError::Unavailable(_) | StorageError::OutcomeUnknown)) => failures += 1,
                Err(other) => panic!("round {round}: {other:?}"),
            }
        }
        // Each of the four workers for jobs and of the four readers may notice by failing once.
        let mut settled = 0;
        for _ in 0..20 {
            settled += usize::from(world.write(|tx| installation::set(tx, "a", "b")).is_ok());
            settled += usize::from(world.read(|tx| installation::setting(tx, "a")).is_ok());
        }
        assert!(settled >= 24, "round {round}: {settled} of 40");
    }
    assert_eq!(acknowledged, 3);
    assert_eq!(world.facts(7).balance.millionths(), acknowledged * 1_000_000);
    assert_ledger(&world);
}
