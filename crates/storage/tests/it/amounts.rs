//! The order of lists by amounts: it follows the balances, and a process that died leaves none behind.

use trunkline_domain::balance::PostingAction::{ManualCharge, ManualPayment};
use trunkline_domain::customer::Customer;
use trunkline_domain::id::Id;
use trunkline_storage::customer_list::{From, ListFilter, ListSort, page};
use trunkline_storage::{StorageError, customer};

use crate::fixture::{Lot, money, now, postpaid, prepaid, settle};
use crate::world::World;

/// Customers whose sort row is not what it should be.
const BEHIND: &str = "select count(*) from customer_balance b join customer_amount a on a.customer_id = b.customer_id where a.amount <> b.balance - a.limit_part";

fn by_balance(world: &World) -> Vec<Id> {
    let first = world.read(|tx| page(tx, &ListFilter::default(), &[ListSort::Balance.up()], &From::First, 10)).unwrap().unwrap();
    first.places.iter().map(|place| place.customer_id).collect()
}

on_both! {
    fn the_order_follows_the_balances_within_one_catching_up(world: &mut World) {
        for (id, name) in [(1, "Ada"), (2, "Bob"), (3, "Cid")] {
            world.add(&postpaid(id, name));
        }
        for (id, amount) in [(1, "30"), (2, "10"), (3, "20")] {
            world.post(world.request(id, ManualCharge, amount)).unwrap();
        }
        world.database().catch_up_amounts().unwrap();
        assert_eq!(by_balance(world), [2, 3, 1]);
        world.post(world.request(1, ManualPayment, "25")).unwrap();
        world.until("the order follows by itself", || by_balance(world) == [1, 2, 3]);
        assert_eq!(world.number(BEHIND), 0);
    }

    fn a_process_that_died_leaves_no_order_behind(world: &mut World) {
        for id in 1..=30 {
            world.add(&prepaid(id, &format!("Customer {id}")));
        }
        world.database().catch_up_amounts().unwrap();
        // What a killed process leaves: balances that moved after their sort rows were written.
        world.close();
        world.meddle("update customer_balance set balance = customer_id * 1000000 where customer_id > 3");
        world.reopen();
        world.until("the sweep has put it right", || world.number(BEHIND) == 0);
        assert_eq!(world.number("select amount from customer_amount where customer_id = 30"), 30_000_000);
    }

    fn limits_balances_and_catching_up_at_once_end_in_the_right_order(world: &mut World) {
        for id in 1..=4 {
            world.add(&Customer { credit_limit: Some(money("5")), ..prepaid(id, &format!("Customer {id}")) });
        }
        let here = &*world;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut lot = Lot::new(1);
                for _ in 0..300 {
                    let id = lot.amount(4);
                    here.post(here.request(id, ManualCharge, &lot.amount(9).to_string())).unwrap();
                }
            });
            scope.spawn(move || {
                let mut lot = Lot::new(2);
                for _ in 0..150 {
                    let (id, limit) = (lot.amount(4), money(&lot.amount(50).to_string()));
                    here.write(move |tx| {
                        customer::lock(tx, id)?;
                        let mut record = customer::load_one(tx, id)?.ok_or(StorageError::Conflict)?;
                        record.credit_limit = Some(limit);
                        customer::save(tx, &record)?;
                        settle(tx, id, now())
                    })
                    .unwrap();
                }
            });
            scope.spawn(move || {
                for _ in 0..300 {
                    here.database().catch_up_amounts().unwrap();
                }
            });
        });
        world.database().catch_up_amounts().unwrap();
        world.until("the order is right", || world.number(BEHIND) == 0);
        let limits = "select count(*) from customer c join customer_amount a on a.customer_id = c.customer_id where a.limit_part <> c.credit_limit";
        assert_eq!(world.number(limits), 0);
    }
}
