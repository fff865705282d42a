//! A write that is repeated under its idempotency key gets the first answer and does nothing more (T35).

use trunkline_usecase::account;
use trunkline_usecase::customer::{self, CustomerChange, Termination};
use trunkline_usecase::customer_class::{self, CustomerClassChange};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer_class::CollectionPolicy;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::error::Result;
use trunkline_usecase::{Context, nas, staff};

use crate::world::{World, admin, done, keyed, new_customer, picture, refused, staff as member};

type Write = fn(&World, &Context, Id) -> Result<String>;

pub fn new_class() -> customer_class::CustomerClassNew {
    let collection = CollectionPolicy {
        payment_terms_days: 0,
        limit_after_days: None,
        suspend_after_days: None,
        terminate_after_days: None,
        close_after_days: 30,
    };
    customer_class::CustomerClassNew { name: "New".to_owned(), currency: None, collection, suspend_on_insufficient_funds: false }
}

/// The one that "create account" has made.
fn account_of(world: &World, customer_id: Id) -> Id {
    world.number_of("select account_id from account where customer_id = $1", customer_id)
}

fn writes() -> Vec<(&'static str, Write)> {
    vec![
        ("create", |world, context, _| done(customer::create(&world.app, context, new_customer(world, "New"), picture))),
        ("update", |world, context, id| {
            done(customer::update(
                &world.app,
                context,
                id,
                CustomerChange { reference: Some(Some("R".into())), ..CustomerChange::default() },
                picture,
            ))
        }),
        ("block", |world, context, id| done(customer::block(&world.app, context, id, None, picture))),
        ("unblock", |world, context, id| done(customer::unblock(&world.app, context, id, picture))),
        ("post", |world, context, id| world.post_as(context, id, PostingAction::ManualCharge, "1").map(|answer| format!("{answer:?}"))),
        ("create account", |world, context, id| {
            done(account::create(&world.app, context, crate::account::new_account(id, "380"), |view| {
                view.account.facts.account_id.to_string()
            }))
        }),
        ("update account", |world, context, id| {
            let wanted = account::AccountChange { blocked: Some(true), ..account::AccountChange::default() };
            done(account::update(&world.app, context, account_of(world, id), wanted, |view| view.account.version.to_string()))
        }),
        ("terminate account", |world, context, id| {
            done(account::terminate(&world.app, context, account_of(world, id), false, |view| view.account.version.to_string()))
        }),
        ("create class", |world, context, _| {
            done(customer_class::create(&world.app, context, new_class(), |class| class.customer_class_id.to_string()))
        }),
        ("update class", |world, context, _| {
            done(customer_class::update(&world.app, context, world.class, CustomerClassChange::default(), |class| {
                class.version.to_string()
            }))
        }),
        ("create NAS", |world, context, _| {
            done(nas::create(&world.app, context, crate::nas::new_nas("Switch", "192.0.2.1"), |nas| nas.nas_id.to_string()))
        }),
        ("create staff", |world, context, _| {
            let new = staff::StaffNew {
                login: "x".into(),
                name: "X".into(),
                email: None,
                role: Role::Support,
                reseller_id: None,
                password: "long enough".into(),
            };
            staff::create(&world.app, context, &new, |staff| staff.staff_id.to_string())
        }),
        ("terminate", |world, context, id| {
            done(customer::terminate(&world.app, context, id, Termination::Provisional { closes_on: None }, None, picture))
        }),
        ("restore", |world, context, id| done(customer::restore(&world.app, context, id, picture))),
        ("close", |world, context, id| done(customer::terminate(&world.app, context, id, Termination::Permanent, None, picture))),
    ]
}

on_both! {
    fn a_repeat_gets_the_first_answer_and_another_body_is_refused(world: &mut World) {
        let id = world.add("Ada");
        for (name, write) in writes() {
            let context = keyed(&admin(), &format!("key of {name}"), "body");
            let first = write(world, &context, id).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            let after = world.traces();
            assert_eq!(write(world, &context, id).unwrap(), first, "{name}");
            assert_eq!(write(world, &context, id).unwrap(), first, "{name}");
            assert_eq!(world.traces(), after, "{name} did more than once");
            refused(write(world, &keyed(&admin(), &format!("key of {name}"), "other body"), id), "idempotency_key_reused");
            assert_eq!(world.traces(), after, "{name} with another body");
        }
        // The answers are kept over a restart, and are the first ones though the customer has changed since.
        world.restart();
        let blocked = writes()[2].1(world, &keyed(&admin(), "key of block", "body"), id).unwrap();
        assert!(blocked.ends_with("blocked"), "{blocked}");
        assert_eq!(world.status(id), "closed");
    }

    fn a_refused_write_is_decided_anew_under_the_same_key(world: &mut World) {
        let id = world.add("Ada");
        let context = keyed(&admin(), "k", "f");
        refused(done(customer::unblock(&world.app, &context, id, picture)), "not_so");
        done(customer::block(&world.app, &admin(), id, None, picture)).unwrap();
        assert!(done(customer::unblock(&world.app, &context, id, picture)).unwrap().ends_with("active"));
    }

    fn the_keys_of_two_people_do_not_meet(world: &mut World) {
        let id = world.add("Ada");
        let mut other = member(Role::Administrator, None);
        other.actor.staff_id = Some(78);
        for who in [member(Role::Administrator, None), other, admin()] {
            world.post_as(&keyed(&who, "k", "f"), id, PostingAction::ManualCharge, "1").unwrap();
        }
        assert_eq!(world.get(id).unwrap().facts.balance, crate::world::money("3"));
    }

    fn one_key_from_many_at_once_makes_one_customer(world: &mut World) {
        let tickets: Vec<_> = (0..16).map(|_| customer::create(&world.app, &keyed(&admin(), "k", "f"), new_customer(world, "Ada"), picture)).collect();
        let answers: Vec<String> = tickets.into_iter().map(|ticket| done(ticket).unwrap()).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(world.number("select count(*) from customer"), 1);
    }
}
