//! xDRs of a customer in the order of billing, while the runs they are found through are made and merged.

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;
use trunkline_storage::arrival::{self, Kind};
use trunkline_storage::xdr::{self, Place, XdrFilter};
use trunkline_storage::{Options, values};

use crate::fixture::{Lot, now};
use crate::world::{World, later};

fn append(world: &World, customer_id: Id, at: Timestamp, service: &'static str) -> Id {
    let xdr_id = world.id();
    world
        .write(move |tx| {
            tx.execute(
                "insert into xdr (customer_id, xdr_id, service, started_at, ended_at, bill_time, quantity, owed) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                values![customer_id, xdr_id, service, at, at, at, 1_i64, 5_i64],
            )?;
            arrival::note(tx, Kind::Xdr, customer_id, at, xdr_id);
            Ok(())
        })
        .unwrap();
    xdr_id
}

on_both! {
    fn pages_of_a_customer_are_whole_in_both_directions(world: &mut World) {
        let mut options = Options::default();
        // Small enough that rows are sealed and merged many times over.
        options.writer.arrival = arrival::Sizes { tail_max: 7, runs_max: 3, slice: 4 };
        world.reopen_with(options);
        let mut lot = Lot::new(5);
        let mut all: Vec<(Id, Place, &str)> = Vec::new();
        for _ in 0..150 {
            let (customer, at) = (lot.amount(3), later(now(), lot.amount(40)));
            let service = if lot.amount(10) == 1 { "rare" } else { "frequent" };
            all.push((customer, (at, append(world, customer, at, service)), service));
        }
        for customer_id in 1..=3 {
            for service in [None, Some("rare")] {
                let mut wanted: Vec<Place> = all
                    .iter()
                    .filter(|(of, _, kind)| *of == customer_id && service.is_none_or(|service| service == *kind))
                    .map(|(_, place, _)| *place)
                    .collect();
                wanted.sort_unstable();
                let filter = XdrFilter { customer_id, service: service.map(str::to_owned), ..XdrFilter::default() };
                for down in [false, true] {
                    let mut found: Vec<Place> = Vec::new();
                    loop {
                        let (filter, after) = (filter.clone(), found.last().copied());
                        let page = world.read(move |tx| xdr::of_customer(tx, &filter, after, down, 4)).unwrap();
                        found.extend(page.iter().map(|xdr| (xdr.bill_time, xdr.xdr_id)));
                        if page.len() < 4 {
                            break;
                        }
                    }
                    assert_eq!(found, wanted);
                    wanted.reverse();
                }
                let (from, before) = (later(now(), 10), later(now(), 30));
                let between = XdrFilter { from: Some(from), before: Some(before), ..filter };
                let found = world.read(move |tx| xdr::of_customer(tx, &between, None, false, 100)).unwrap();
                wanted.retain(|(at, _)| (from..before).contains(at));
                assert_eq!(found.iter().map(|xdr| (xdr.bill_time, xdr.xdr_id)).collect::<Vec<_>>(), wanted);
            }
        }
        let latest = world.read(|tx| xdr::latest(tx, None, None, true, 5)).unwrap();
        let mut ids: Vec<Id> = all.iter().map(|(_, (_, id), _)| *id).collect();
        ids.sort_unstable_by(|left, right| right.cmp(left));
        assert_eq!(latest.iter().map(|xdr| xdr.xdr_id).collect::<Vec<_>>(), ids[..5]);
    }
}
