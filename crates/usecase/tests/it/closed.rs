//! A closed customer refuses every operation, by one name, and nothing of it changes.

use trunkline_usecase::account;
use trunkline_usecase::customer::{self, CustomerChange, CustomerNew, Termination, TogetherChange};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer::CustomerType;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::error::Result;

use crate::world::{World, admin, day, done, id_of, invalid, new_customer, refused};

/// Every use case that writes something of one customer, by name.
#[allow(clippy::type_complexity)]
pub fn writes() -> Vec<(&'static str, fn(&World, &trunkline_usecase::Context, Id) -> Result<String>)> {
    vec![
        ("update", |world, context, id| {
            done(customer::update(
                &world.app,
                context,
                id,
                CustomerChange { reference: Some(Some("R".into())), ..CustomerChange::default() },
                id_of,
            ))
        }),
        ("update_together", |world, context, id| {
            done(customer::update_together(
                &world.app,
                context,
                id,
                TogetherChange { blocked: Some(true), ..TogetherChange::default() },
                id_of,
            ))
        }),
        ("block", |world, context, id| done(customer::block(&world.app, context, id, None, id_of))),
        ("unblock", |world, context, id| done(customer::unblock(&world.app, context, id, id_of))),
        ("lift_suspension", |world, context, id| done(customer::lift_suspension(&world.app, context, id, day("2026-06-20"), id_of))),
        ("terminate provisionally", |world, context, id| {
            done(customer::terminate(&world.app, context, id, Termination::Provisional { closes_on: None }, None, id_of))
        }),
        ("terminate permanently", |world, context, id| {
            done(customer::terminate(&world.app, context, id, Termination::Permanent, None, id_of))
        }),
        ("restore", |world, context, id| done(customer::restore(&world.app, context, id, id_of))),
        ("delete", |world, context, id| done(customer::delete(&world.app, context, id))),
        ("charge", |world, context, id| world.post_as(context, id, PostingAction::ManualCharge, "1").map(|answer| answer.status)),
        ("credit", |world, context, id| world.post_as(context, id, PostingAction::ManualCredit, "1").map(|answer| answer.status)),
        ("pay", |world, context, id| world.post_as(context, id, PostingAction::ManualPayment, "1").map(|answer| answer.status)),
        ("promote", |world, context, id| world.post_as(context, id, PostingAction::PromotionalCredit, "1").map(|answer| answer.status)),
        ("refund", |world, context, id| world.post_as(context, id, PostingAction::Refund, "1").map(|answer| answer.status)),
        ("create account", |world, context, id| {
            done(account::create(&world.app, context, crate::account::new_account(id, "380441234599"), |_| String::new()))
        }),
    ]
}

on_both! {
    fn closed_refuses_every_operation_and_nothing_changes(world: &mut World) {
        let at_once = world.add("Ada");
        done(customer::terminate(&world.app, &admin(), at_once, Termination::Permanent, None, id_of)).unwrap();
        // This one closes by itself, and nobody has looked at it since.
        let by_itself = world.add("Bob");
        done(customer::terminate(&world.app, &admin(), by_itself, Termination::Provisional { closes_on: Some(day("2026-06-11")) }, None, id_of)).unwrap();
        world.app.clock().advance_to(crate::world::utc("2026-06-10T21:00:00Z"));
        world.app.reserve_ids().unwrap();
        let before = world.traces();
        for (name, write) in writes() {
            for id in [at_once, by_itself] {
                match write(world, &admin(), id) {
                    Err(problem) => assert_eq!(problem.code(), "customer_closed", "{name}: {problem}"),
                    Ok(answer) => panic!("{name} was done: {answer}"),
                }
            }
        }
        assert_eq!(world.traces(), before);
        assert_eq!(world.status(by_itself), "closed");
    }

    fn exported_refuses_every_operation_but_being_restored(world: &mut World) {
        let id = world.add("Ada");
        world.facts(id, move |tx, now| {
            trunkline_storage::export::start(tx, id, 5, "North", now)?;
            trunkline_storage::export::end(tx, id, 5, trunkline_usecase::domain::export::ExportPhase::Finished, now)
        });
        let before = world.traces();
        for (name, write) in writes().into_iter().filter(|(name, _)| *name != "restore") {
            match write(world, &admin(), id) {
                Err(problem) => assert_eq!(problem.code(), "customer_exported", "{name}: {problem}"),
                Ok(answer) => panic!("{name} was done: {answer}"),
            }
        }
        assert_eq!(world.traces(), before);
        done(customer::restore(&world.app, &admin(), id, id_of)).unwrap();
        assert_eq!(world.status(id), "active");
    }

    fn a_closed_reseller_gets_no_customers_and_an_unknown_one_is_told(world: &mut World) {
        let reseller = world.reseller("Max");
        done(customer::terminate(&world.app, &admin(), reseller, Termination::Permanent, None, id_of)).unwrap();
        let before = world.traces();
        let create = |reseller_id: Id| done(customer::create(&world.app, &admin(), CustomerNew { reseller_id: Some(reseller_id), ..new_customer(world, "Ada") }, id_of));
        assert_eq!(invalid(create(reseller)), ("reseller_id".to_owned(), "closed"));
        let retail = world.add("Bob");
        assert_eq!(invalid(create(retail)), ("reseller_id".to_owned(), "not_found"));
        assert_eq!(invalid(create(12_345)), ("reseller_id".to_owned(), "not_found"));
        assert_eq!(world.number("select count(*) from customer_name"), 2);
        refused(world.get(12_345), "not_found");
        assert_eq!(world.traces()[0], before[0] + 1);
        let is_reseller = CustomerNew { customer_type: CustomerType::Reseller, ..new_customer(world, "Eve") };
        let open = world.create(is_reseller);
        done(create(open).map(|_| trunkline_usecase::Ticket::ready(Ok(()))).unwrap()).unwrap();
    }
}
