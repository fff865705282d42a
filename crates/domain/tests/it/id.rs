//! Ids: always ascending, exact in JSON, told apart by node, and only from the block that was given.

use proptest::prelude::*;
use trunkline_domain::id::{ID_MAX, Id, IdMaker, lowest_at, seconds_after};
use trunkline_domain::time::Timestamp;

use crate::fixture::utc;

fn parts(id: Id) -> (i64, i64, i64) {
    (id >> 12, (id >> 8) & 0xf, id & 0xff)
}

/// A maker that may hand out whatever lies above `last`.
fn maker(node: u8, last: Id) -> IdMaker {
    let mut maker = IdMaker::new(node);
    maker.give_block(last, ID_MAX);
    maker
}

#[test]
fn an_id_tells_its_millisecond_node_and_count() {
    let table = [
        // node, last id known, clock, expected (milliseconds since 2024, node, count)
        (3, 0, "2024-01-01T00:00:00.001Z", (1, 3, 0)),
        (0, 0, "2024-01-01T00:00:00Z", (0, 0, 1)),
        (1, 0, "2024-01-01T00:00:00Z", (0, 1, 0)),
        // A clock before 2024 counts as its start.
        (2, 0, "1999-12-31T23:59:59Z", (0, 2, 0)),
        // The clock stands still: the count goes up.
        (3, (5 << 12) | (3 << 8) | 7, "2024-01-01T00:00:00.005Z", (5, 3, 8)),
        // The clock went back by an hour: ids run on from the last.
        (3, (3_600_000 << 12) | (3 << 8), "2024-01-01T00:00:00Z", (3_600_000, 3, 1)),
        // The count is full: the next millisecond is begun early.
        (3, (5 << 12) | (3 << 8) | 255, "2024-01-01T00:00:00.005Z", (6, 3, 0)),
        // The last id is another node's: the next millisecond, so that the parts stay true.
        (3, (5 << 12) | (9 << 8) | 2, "2024-01-01T00:00:00.005Z", (6, 3, 0)),
        // There are 16 nodes; a higher number counts as the last.
        (200, 0, "2024-01-01T00:00:00.001Z", (1, 15, 0)),
    ];
    for (node, last, clock, expected) in table {
        assert_eq!(maker(node, last).next(utc(clock)).map(parts), Some(expected), "node {node}, last {last}, {clock}");
    }
}

#[test]
fn ids_fit_a_json_number_until_2093() {
    assert_eq!(ID_MAX, (1 << 53) - 1);
    let id = maker(15, 0).next(utc("2093-01-01T00:00:00Z")).unwrap();
    assert_eq!(id >> 53, 0);
    // After the range nothing is handed out: never an id that a JSON reader would change.
    let mut late = maker(15, 0);
    let made: Vec<Id> = (0..1_000).map_while(|_| late.next(utc("2200-01-01T00:00:00Z"))).collect();
    assert_eq!((made.len(), made.last(), late.last()), (256, Some(&ID_MAX), ID_MAX));
}

/// However far the clock jumps, what was reserved is handed out to its end before there is nothing.
#[test]
fn a_clock_that_jumps_beyond_the_block_leaves_its_ids_usable() {
    let clock = utc("2026-07-10T09:00:00Z");
    let mut maker = IdMaker::new(1);
    maker.give_block(0, lowest_at(clock.plus_seconds(1)));
    let first = maker.next(clock).unwrap();
    let late = clock.plus_days(4_000);
    let rest: Vec<Id> = std::iter::from_fn(|| maker.next(late)).collect();
    assert_eq!(rest.len(), 256 * 1_000 - 1);
    assert!(rest[0] > first && rest.windows(2).all(|pair| pair[0] < pair[1]) && rest.iter().all(|id| parts(*id).1 == 1));
}

/// A node hands out what was reserved for it and no more, so that after a crash no id is handed out twice.
#[test]
fn ids_come_from_the_block_that_was_given() {
    let clock = utc("2026-07-10T09:00:00Z");
    let mut maker = IdMaker::new(1);
    assert_eq!((maker.next(clock), maker.last()), (None, 0), "before a block is given");
    let first = lowest_at(clock) | (1 << 8);
    maker.give_block(0, first + 1);
    assert_eq!([maker.next(clock), maker.next(clock), maker.next(clock)], [Some(first), Some(first + 1), None]);
    maker.give_block(0, first + 3);
    assert_eq!(maker.next(clock), Some(first + 2), "a block that starts lower does not bring back what was handed out");
    maker.give_block(first + 0x1000, first + 0x2000);
    assert_eq!(maker.next(clock), Some(first + 0x1001), "the next block starts above what others used");
    assert_eq!(maker.next(clock.plus_seconds(1)), Some(first + 0x1002), "the clock is beyond the block: ids run on within it");
    assert_eq!(maker.next(clock), Some(first + 0x1003), "and whatever the clock does then, none comes twice");
    maker.give_block(0, lowest_at(clock.plus_seconds(9)));
    assert_eq!(
        maker.next(clock.plus_seconds(1)).map(parts),
        Some((lowest_at(clock) / 4_096 + 1_000, 1, 0)),
        "a new block reaches the clock"
    );
}

#[test]
fn a_moment_and_an_id_stand_for_each_other() {
    let clock = utc("2026-07-10T09:00:00.123Z");
    let millisecond = 79_606_800_123_i64;
    let table = [
        (lowest_at(clock), (millisecond, 0, 0)),
        (lowest_at(utc("1999-01-01T00:00:00Z")), (0, 0, 0)),
        (lowest_at(utc("9999-01-01T00:00:00Z")), (ID_MAX >> 12, 0, 0)),
        (seconds_after(lowest_at(clock) | 0xfff, 10), (millisecond + 10_000, 0, 0)),
        (seconds_after(lowest_at(clock), -1), (millisecond - 1_000, 0, 0)),
        (seconds_after(lowest_at(clock), i64::MIN), (0, 0, 0)),
        (seconds_after(lowest_at(clock), i64::MAX), (ID_MAX >> 12, 0, 0)),
    ];
    for (id, expected) in table {
        assert_eq!(parts(id), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ids_ascend_whatever_the_clock_does(node in 0_u8..16, steps in prop::collection::vec(-3_600_000_i64..3_600_000, 1..60)) {
        let mut maker = maker(node, 0);
        let mut clock = utc("2026-07-10T09:00:00Z").microseconds();
        let mut last = 0;
        for step in steps {
            clock += step * 1_000;
            // A burst at each reading: more than a millisecond has counts for.
            for _ in 0..if step % 7 == 0 { 300 } else { 2 } {
                let id = maker.next(Timestamp::from_microseconds(clock)).unwrap();
                prop_assert!(id > last && id <= ID_MAX);
                prop_assert_eq!(parts(id).1, i64::from(node));
                last = id;
            }
        }
    }

    #[test]
    fn two_nodes_never_make_the_same_id(one in 0_u8..16, other in 0_u8..16, count in 1_usize..600) {
        prop_assume!(one != other);
        let clock = utc("2026-07-10T09:00:00Z");
        let ids = |node| { let mut maker = maker(node, 0); (0..count).map(|_| maker.next(clock)).collect::<Vec<_>>() };
        let others = ids(other);
        prop_assert!(ids(one).iter().all(|id| !others.contains(id)));
    }
}
