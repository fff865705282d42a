//! Resellers: what their customers inherit holds at once wherever it is read; what is stored follows by a job.

use trunkline_usecase::customer::{self, CustomerNew};
use trunkline_usecase::domain::customer::{CustomerType, RESELLER_DEPTH_MAX};

use crate::world::{World, admin, done, id_of, invalid, new_customer};

stories! {
    a_blocked_reseller_blocks_its_customers_at_once_and_stored_by_the_job: "
        at 2026-06-10 12:00
        customer Max reseller
        customer Ada of Max
        customer Bob
        block Max because fraud
        expect Ada reseller_blocked: reseller Max: blocked by staff since 10 June: fraud
        expect Ada stored active
        expect Bob active
        work
        expect Ada stored reseller_blocked
        unblock Max
        expect Ada active
        expect Ada stored reseller_blocked
        work
        expect Ada stored active
    ";

    a_suspended_reseller_suspends_its_customers_until_it_pays: "
        at 2026-06-01 09:00
        customer Max reseller
        customer Ada of Max limit 5
        charge Ada 5
        expect Ada credit_exceeded
        invoice Max 9 of 1000 due 2026-06-16 suspends 5
        at 2026-06-22
        expect Max suspended
        expect Ada reseller_suspended: reseller Max: invoice 9 of 1,000.00 EUR was due on 16 June, suspended since 22 June
        expect Ada all reseller_suspended credit_exceeded
        lift Max through 2026-06-25
        expect Ada credit_exceeded
        work
        at 2026-06-26
        expect Ada reseller_suspended
        pay Max 1000
        expect Ada credit_exceeded
        work
        expect Ada stored credit_exceeded
    ";

    a_terminated_reseller_closes_and_its_customers_wait: "
        at 2026-06-01 09:00
        customer Max reseller
        customer Ada of Max
        refused has_open_subcustomers: close Max
        terminate Max closing 2026-06-10
        expect Ada reseller_provisionally_terminated: reseller Max: provisionally terminated by staff on 1 June
        work
        at 2026-06-10
        expect Max closed
        expect Ada reseller_provisionally_terminated
        charge Ada 1
        close Ada
        expect Ada closed
    ";

    a_chain_of_resellers_hands_down_what_it_inherits: "
        at 2026-06-01 09:00
        customer Top reseller
        customer Mid reseller of Top
        customer Ada of Mid
        block Top
        expect Mid reseller_blocked
        expect Ada reseller_blocked: reseller Mid: reseller Top: blocked by staff since 1 June
        work
        expect Ada stored reseller_blocked
        unblock Top
        work
        expect Mid stored active
        expect Ada stored active
    ";

    what_hides_behind_the_resellers_shown_status_is_spread_too: "
        at 2026-06-01 09:00
        customer Max reseller
        customer Ada of Max
        invoice Max 9 of 1000 due 2026-06-05 suspends 0
        at 2026-06-06
        expect Ada reseller_suspended
        # The reseller shows the export; its customers inherit the suspension behind it.
        export Max starts
        work
        expect Max billing_paused
        expect Ada stored reseller_suspended
        lift Max through 2026-06-20
        expect Max billing_paused
        expect Ada active
        work
        expect Ada stored active
    ";

    what_hides_behind_the_middle_of_a_chain_is_spread_too: "
        at 2026-06-01 09:00
        customer Top reseller
        customer Mid reseller of Top
        customer Ada of Mid
        export Mid starts
        invoice Top 9 of 1000 due 2026-06-05 suspends 0
        at 2026-06-06
        expect Mid billing_paused
        expect Ada reseller_suspended
        pay Top 1000
        work
        expect Ada stored active
    ";
}

on_both! {
    fn a_reseller_with_many_customers_is_spread_in_slices(world: &mut World) {
        let reseller = world.reseller("Max");
        let own: Vec<i64> = (0..210).map(|number| world.subcustomer(&format!("Customer {number}"), reseller)).collect();
        done(customer::block(&world.app, &admin(), reseller, None, id_of)).unwrap();
        assert!(own.iter().all(|id| world.stored(*id).0.code() == "active"));
        assert!(world.work() >= 3);
        assert!(own.iter().all(|id| world.stored(*id).0.code() == "reseller_blocked"));
        assert_eq!(world.number("select count(*) from job"), 0);
    }

    fn chains_are_as_long_as_inheriting_goes_and_no_longer(world: &mut World) {
        let mut above = world.reseller("Reseller 0");
        for number in 1..RESELLER_DEPTH_MAX {
            above = world.create(CustomerNew { customer_type: CustomerType::Reseller, reseller_id: Some(above), ..new_customer(world, &format!("Reseller {number}")) });
        }
        let leaf = world.subcustomer("Leaf", above);
        let first: i64 = world.number("select min(customer_id) from customer");
        done(customer::block(&world.app, &admin(), first, None, id_of)).unwrap();
        assert_eq!(world.status(leaf), "reseller_blocked");
        world.work();
        assert_eq!(world.stored(leaf).0.code(), "reseller_blocked");
        let posted = world.post(leaf, trunkline_usecase::domain::balance::PostingAction::ManualCharge, "1").unwrap();
        assert_eq!(posted.status, "reseller_blocked");
        let last = world.create(CustomerNew { customer_type: CustomerType::Reseller, reseller_id: Some(above), ..new_customer(world, "Too deep") });
        let deeper = CustomerNew { reseller_id: Some(last), ..new_customer(world, "Deeper") };
        assert_eq!(invalid(done(customer::create(&world.app, &admin(), deeper, id_of))), ("reseller_id".to_owned(), "too_deep"));
    }
}
