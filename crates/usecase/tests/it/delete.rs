//! Deleting: only what nothing depends on, each hindrance named; and the race of a delete with whatever would depend on it.

use trunkline_usecase::customer::{self, CustomerNew};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::{Ticket, account};

use crate::account::{add, new_account};
use crate::world::{World, admin, done, id_of, keyed, money, new_customer, refused};

fn hindrances(outcome: Result<String>) -> String {
    match outcome {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.code(), "customer_not_deletable");
            refusal.to_string()
        }
        other => panic!("a refusal expected, not {other:?}"),
    }
}

stories! {
    what_stands_against_deleting_is_named: "
        at 2026-06-10 12:00
        customer Ada
        account Ada 380441234567
        refused customer_not_deletable: delete Ada
        expect Ada active
        customer Bob
        charge Bob 5
        refused customer_not_deletable: delete Bob
        customer Max reseller
        customer Sub of Max
        refused customer_not_deletable: delete Max
        delete Sub
        delete Max
        refused not_found: delete Max
        customer Max
        delete Max
    ";
}

on_both! {
    fn each_hindrance_is_named_in_the_refusal(world: &mut World) {
        let delete = |id: Id| done(customer::delete(&world.app, &admin(), id));
        let ada = world.add("Ada");
        add(world, new_account(ada, "1"));
        assert_eq!(hindrances(delete(ada)), "the customer cannot be deleted: it has accounts");
        world.post(ada, PostingAction::ManualCharge, "1234.5").unwrap();
        assert_eq!(hindrances(delete(ada)), "the customer cannot be deleted: it has accounts, xDRs, a balance of 1,234.50 EUR");
        world.post(ada, PostingAction::ManualCredit, "1234.5").unwrap();
        assert_eq!(hindrances(delete(ada)), "the customer cannot be deleted: it has accounts, xDRs");
        let max = world.reseller("Max");
        world.subcustomer("Sub", max);
        assert_eq!(hindrances(delete(max)), "the customer cannot be deleted: it has subcustomers");
        let owing = world.create(CustomerNew { opening_balance: money("5"), ..new_customer(world, "Owing") });
        assert_eq!(hindrances(delete(owing)), "the customer cannot be deleted: it has a balance of 5.00 EUR");
        let billed = world.add("Billed");
        world.facts(billed, move |tx, now| {
            let open = trunkline_usecase::domain::invoice::OpenInvoice {
                invoice_id: 1, number: 1, issued_at: now, due_on: crate::world::day("2026-07-01"), total: money("1"), outstanding: money("1"),
            };
            trunkline_storage::invoice::add(tx, billed, &trunkline_storage::invoice::NewInvoice { invoice: open, period_from: now, period_to: now })
        });
        assert_eq!(hindrances(delete(billed)), "the customer cannot be deleted: it has invoices");
    }

    fn what_is_deleted_is_gone_its_name_is_free_and_the_trail_stays(world: &mut World) {
        let ada = world.create(CustomerNew { login: Some("ada".to_owned()), ..new_customer(world, "Ada") });
        let first = done(customer::delete(&world.app, &keyed(&admin(), "k", "f"), ada)).unwrap();
        // A repeat with the same key gets the first answer; without one there is nothing to delete any more.
        assert_eq!(done(customer::delete(&world.app, &keyed(&admin(), "k", "f"), ada)).unwrap(), first);
        refused(done(customer::delete(&world.app, &admin(), ada)), "not_found");
        refused(world.get(ada), "not_found");
        refused(world.post(ada, PostingAction::ManualCharge, "1"), "not_found");
        let again = world.create(CustomerNew { login: Some("ADA".to_owned()), ..new_customer(world, "ADA") });
        assert_ne!(again, ada);
        let trail = "select action from audit where action like 'customer.%' and action <> 'customer.read' order by audit_id";
        assert_eq!(world.rows(trail), ["customer.create", "customer.delete", "customer.create"]);
        assert_eq!(world.rows("select event_type from outbox order by event_id"), ["customer_class.created", "customer.created", "customer.deleted", "customer.created"]);
    }

    fn a_customer_that_is_being_exported_is_not_deleted(world: &mut World) {
        let ada = world.add("Ada");
        world.facts(ada, move |tx, now| trunkline_storage::export::start(tx, ada, 5, "North", now));
        refused(done(customer::delete(&world.app, &admin(), ada)), "billing_paused");
        assert_eq!(world.status(ada), "billing_paused");
    }

    /// Either the customer goes and nothing depends on it, or what depends on it is there and the customer stays.
    fn a_delete_that_races_with_a_new_account_leaves_no_orphan(world: &mut World) {
        for round in 0..25 {
            let id = world.add(&format!("Customer {round}"));
            let new = new_account(id, &format!("38044{round}"));
            let (context, app) = (admin(), &world.app);
            let tickets: (Ticket<Result<String>>, Ticket<Result<String>>) = if round % 2 == 0 {
                (customer::delete(app, &context, id), account::create(app, &context, new, |_| String::new()))
            } else {
                let made = account::create(app, &context, new, |_| String::new());
                (customer::delete(app, &context, id), made)
            };
            let (deleted, made) = (tickets.0.wait().unwrap(), tickets.1.wait().unwrap());
            match (&deleted, &made) {
                (Ok(_), Err(problem)) => assert!(["validation_failed", "not_found"].contains(&problem.code()), "{problem}"),
                (Err(problem), Ok(_)) => assert_eq!(problem.code(), "customer_not_deletable", "{problem}"),
                other => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(world.number("select count(*) from account a where not exists (select 1 from customer c where c.customer_id = a.customer_id)"), 0);
        assert_eq!(world.number("select count(*) from account_identity"), world.number("select count(*) from account"));
    }

    /// Whoever comes second sees the first: an account is closed with its customer, or refused.
    fn a_closing_that_races_with_a_new_account_leaves_no_open_account(world: &mut World) {
        for round in 0..25 {
            let id = world.add(&format!("Customer {round}"));
            let new = new_account(id, &format!("38044{round}"));
            let close = || customer::terminate(&world.app, &admin(), id, customer::Termination::Permanent, None, id_of);
            let make = || account::create(&world.app, &admin(), new.clone(), |_| String::new());
            let (closed, made) = if round % 2 == 0 {
                let closed = close();
                (closed, make())
            } else {
                let made = make();
                (close(), made)
            };
            closed.wait().unwrap().unwrap();
            if let Err(problem) = made.wait().unwrap() {
                assert_eq!(problem.code(), "customer_closed");
            }
        }
        assert_eq!(world.number("select count(*) from account where state <> 'closed'"), 0);
    }

    fn a_delete_that_races_with_a_posting_leaves_no_orphan(world: &mut World) {
        for round in 0..25 {
            let id = world.add(&format!("Customer {round}"));
            let posting = customer::NewPosting { customer_id: id, action: PostingAction::ManualCharge, amount: money("1"), visible_comment: None, internal_comment: None };
            let deleted = customer::delete(&world.app, &admin(), id);
            let posted = customer::post(&world.app, &admin(), posting).unwrap().wait().unwrap();
            match (deleted.wait().unwrap(), posted) {
                (Ok(_), Err(problem)) => assert_eq!(Error::from(problem).code(), "not_found"),
                (Err(problem), Ok(_)) => assert_eq!(problem.code(), "customer_not_deletable"),
                other => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(world.number("select count(*) from posting p where not exists (select 1 from customer c where c.customer_id = p.customer_id)"), 0);
    }

    fn a_delete_of_a_reseller_that_races_with_a_new_customer_leaves_no_orphan(world: &mut World) {
        for round in 0..25 {
            let reseller = world.reseller(&format!("Reseller {round}"));
            let new = CustomerNew { reseller_id: Some(reseller), ..new_customer(world, &format!("Customer {round}")) };
            let (made, deleted) = if round % 2 == 0 {
                let made = customer::create(&world.app, &admin(), new, id_of);
                (made, customer::delete(&world.app, &admin(), reseller))
            } else {
                let deleted = customer::delete(&world.app, &admin(), reseller);
                (customer::create(&world.app, &admin(), new, id_of), deleted)
            };
            match (deleted.wait().unwrap(), made.wait().unwrap()) {
                (Ok(_), Err(problem)) => assert_eq!(problem.code(), "validation_failed"),
                (Err(problem), Ok(_)) => assert_eq!(problem.code(), "customer_not_deletable"),
                other => panic!("round {round}: {other:?}"),
            }
        }
        let orphans = "select count(*) from customer c where c.reseller_id is not null and not exists (select 1 from customer r where r.customer_id = c.reseller_id)";
        assert_eq!(world.number(orphans), 0);
    }
}
