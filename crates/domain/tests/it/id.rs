//! Ids: always ascending, exact in JSON, told apart by node.

use proptest::prelude::*;
use trunkline_domain::id::{ID_MAX, Id, IdMaker};
use trunkline_domain::time::Timestamp;

use crate::fixture::utc;

fn parts(id: Id) -> (i64, i64, i64) {
    (id >> 12, (id >> 8) & 0xf, id & 0xff)
}

#[test]
fn an_id_tells_its_millisecond_node_and_count() {
    let epoch = utc("2024-01-01T00:00:00Z");
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
        assert_eq!(parts(IdMaker::new(node, last).next(utc(clock))), expected, "node {node}, last {last}, {clock}");
    }
    assert!(IdMaker::new(0, 0).next(epoch) > 0, "no id is 0");
}

#[test]
fn ids_fit_a_json_number_until_2093() {
    assert_eq!(ID_MAX, (1 << 53) - 1);
    let id = IdMaker::new(15, 0).next(utc("2093-01-01T00:00:00Z"));
    assert!(id <= ID_MAX);
    assert_eq!(id.to_string().parse::<u64>().unwrap() >> 53, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ids_ascend_whatever_the_clock_does(node in 0_u8..16, steps in prop::collection::vec(-3_600_000_i64..3_600_000, 1..60)) {
        let mut maker = IdMaker::new(node, 0);
        let mut clock = utc("2026-07-10T09:00:00Z").microseconds();
        let mut last = 0;
        for step in steps {
            clock += step * 1_000;
            // A burst at each reading: more than a millisecond has counts for.
            for _ in 0..if step % 7 == 0 { 300 } else { 2 } {
                let id = maker.next(Timestamp::from_microseconds(clock));
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
        let ids = |node| { let mut maker = IdMaker::new(node, 0); (0..count).map(|_| maker.next(clock)).collect::<Vec<_>>() };
        let others = ids(other);
        prop_assert!(ids(one).iter().all(|id| !others.contains(id)));
    }
}
