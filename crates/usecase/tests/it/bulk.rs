//! One thing done to many customers: each by the rules for it alone, told beforehand, and nothing twice under one key.

use trunkline_storage::request::look_up;
use trunkline_usecase::customer::{
    self, BULK_MAX, BulkAction, BulkOutcome, BulkReport, BulkRequest, BulkTarget, CustomerFilter, CustomerNew, ListRequest, MatchMode,
    TextSearch,
};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::{Permission, Role};
use trunkline_usecase::domain::status::CustomerStatus;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::{Context, Ticket, account};

use crate::account::{add, new_account};
use crate::world::{World, admin, day, done, id_of, invalid, keyed, money, new_customer, refused, staff};

/// A line a customer: name, outcome and, where there is one, the word for why.
fn lines(report: &BulkReport) -> String {
    let line = |row: &customer::BulkRow| {
        let name = row.name.as_deref().unwrap_or("nobody");
        match &row.outcome {
            BulkOutcome::Done => format!("{name} done"),
            BulkOutcome::WouldDo => format!("{name} would_do"),
            BulkOutcome::Unchanged(problem) => format!("{name} unchanged {}", problem.code()),
            BulkOutcome::Refused(problem) => format!("{name} refused {}", problem.code()),
        }
    };
    report.rows.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn ask(world: &World, context: &Context, action: &BulkAction, target: &BulkTarget, preview: bool) -> Result<String> {
    customer::bulk(&world.app, context, &BulkRequest { action: action.clone(), target: target.clone(), preview }, lines)
}

fn block() -> BulkAction {
    BulkAction::Block { comment: Some("asked for by the bank".to_owned()) }
}

fn suspend(world: &World, id: Id) {
    world.facts(id, move |tx, now| {
        let hold = Hold {
            hold_id: id,
            kind: HoldKind::Suspension,
            cause: HoldCause::InsufficientFunds { needed: money("1") },
            since: now,
            until: None,
            closes_at: None,
        };
        trunkline_storage::hold::add(tx, id, &hold, None, now)
    });
}

/// A customer for each answer there is: plain, blocked, suspended, closed, with an account, owing, in yen, a reseller with a customer.
fn all_kinds(world: &World) -> Vec<Id> {
    let plain = world.add("Plain");
    let blocked = world.add("Blocked");
    done(customer::block(&world.app, &admin(), blocked, None, id_of)).unwrap();
    let suspended = world.add("Suspended");
    suspend(world, suspended);
    let closed = world.add("Closed");
    done(customer::terminate(&world.app, &admin(), closed, customer::Termination::Permanent, None, id_of)).unwrap();
    let with_account = world.add("Linked");
    add(world, new_account(with_account, "380441"));
    let owing = world.add("Owing");
    world.post(owing, PostingAction::ManualCharge, "5").unwrap();
    let yen = world.create(CustomerNew { currency: "JPY".to_owned(), ..new_customer(world, "Yen") });
    let reseller = world.reseller("Reseller");
    let sub = world.subcustomer("Sub", reseller);
    vec![plain, blocked, suspended, closed, with_account, owing, yen, reseller, sub, 4_711]
}

fn actions(world: &World) -> Vec<(BulkAction, &'static str)> {
    let euros = world.make_class("Euros", Some("EUR"));
    vec![
        (
            block(),
            "Plain done, Blocked unchanged already_so, Suspended done, Closed refused customer_closed, Linked done, Owing done, Yen done, \
             Reseller done, Sub done, nobody refused not_found",
        ),
        (
            BulkAction::Unblock,
            "Plain done, Blocked done, Suspended done, Closed refused customer_closed, Linked done, Owing done, Yen done, Reseller done, \
             Sub done, nobody refused not_found",
        ),
        (
            BulkAction::LiftSuspension { until: day("2026-06-20") },
            "Plain refused nothing_to_lift, Blocked refused nothing_to_lift, Suspended done, Closed refused customer_closed, \
             Linked refused nothing_to_lift, Owing refused nothing_to_lift, Yen refused nothing_to_lift, Reseller refused nothing_to_lift, \
             Sub refused nothing_to_lift, nobody refused not_found",
        ),
        (
            BulkAction::ChangeClass { customer_class_id: euros },
            "Plain done, Blocked done, Suspended done, Closed refused customer_closed, Linked done, Owing done, Yen refused currency_of_class, \
             Reseller done, Sub done, nobody refused not_found",
        ),
        (
            BulkAction::Delete,
            "Plain done, Blocked done, Suspended done, Closed refused customer_closed, Linked refused customer_not_deletable, \
             Owing refused customer_not_deletable, Yen done, Reseller refused customer_not_deletable, Sub done, nobody refused not_found",
        ),
    ]
}

fn statuses(world: &World, ids: &[Id]) -> Vec<String> {
    ids.iter()
        .map(|id| world.get(*id).map_or_else(|problem| problem.code().to_owned(), |view| format!("{:?}", view.standing.shown())))
        .collect()
}

on_both! {
    fn each_customer_gets_its_own_answer_and_the_preview_foretold_it(world: &mut World) {
        let ids = all_kinds(world);
        let target = BulkTarget::Ids(ids.clone());
        for (action, expected) in actions(world) {
            let before = (world.traces(), statuses(world, &ids));
            let foretold = ask(world, &admin(), &action, &target, true).unwrap();
            assert_eq!((world.traces(), statuses(world, &ids)), before, "a preview of {action:?} changed something");
            assert_eq!(foretold, expected.replace(" done", " would_do"), "{action:?}");
            assert_eq!(ask(world, &admin(), &action, &target, false).unwrap(), expected, "{action:?}");
            assert_eq!(world.differences(), Vec::<String>::new());
        }
        assert_eq!(statuses(world, &ids), [
            "not_found", "not_found", "not_found", "Closed", "Active", "Active", "not_found", "Active", "not_found", "not_found",
        ]);
    }

    fn what_is_so_already_is_unchanged_and_one_that_is_named_twice_is_done_once(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        suspend(world, bob);
        let lift = BulkAction::LiftSuspension { until: day("2026-06-20") };
        let class = BulkAction::ChangeClass { customer_class_id: world.make_class("Other", None) };
        let both = BulkTarget::Ids(vec![ada, bob, ada]);
        assert_eq!(ask(world, &admin(), &class, &both, false).unwrap(), "Ada done, Bob done, Ada unchanged so_already");
        assert_eq!(ask(world, &admin(), &lift, &BulkTarget::Ids(vec![bob]), false).unwrap(), "Bob done");
        let versions = (world.get(ada).unwrap().customer.version, world.get(bob).unwrap().customer.version);
        assert_eq!(ask(world, &admin(), &class, &both, false).unwrap(), "Ada unchanged so_already, Bob unchanged so_already, Ada unchanged so_already");
        assert_eq!(ask(world, &admin(), &lift, &BulkTarget::Ids(vec![bob]), false).unwrap(), "Bob unchanged so_already");
        assert_eq!(ask(world, &admin(), &BulkAction::Unblock, &BulkTarget::Ids(vec![ada]), false).unwrap(), "Ada unchanged not_so");
        assert_eq!((world.get(ada).unwrap().customer.version, world.get(bob).unwrap().customer.version), versions);
    }

    fn those_that_a_list_shows_can_be_named_by_its_query(world: &mut World) {
        for name in ["Ada", "Adam", "Bea"] {
            world.add(name);
        }
        let named = |text: &str| CustomerFilter { search: Some(TextSearch::name(MatchMode::StartsWith, text)), ..CustomerFilter::default() };
        let wanted = ListRequest { filter: named("ad"), limit: 1, ..ListRequest::default() };
        let target = BulkTarget::Matching(Box::new(wanted));
        assert_eq!(ask(world, &admin(), &block(), &target, true).unwrap(), "Ada would_do, Adam would_do");
        assert_eq!(ask(world, &admin(), &block(), &target, false).unwrap(), "Ada done, Adam done");
        let nobody = BulkTarget::Matching(Box::new(ListRequest { filter: named("nobody"), limit: 1, ..ListRequest::default() }));
        assert_eq!(ask(world, &admin(), &block(), &nobody, false).unwrap(), "");
    }

    /// The program can be stopped between any two commits; then the parts are there and the whole is not.
    fn a_repeat_after_a_stop_does_the_rest_and_tells_of_all(world: &mut World) {
        let ids: Vec<Id> = ["Ada", "Bob", "Cid", "Dan"].iter().map(|name| world.add(name)).collect();
        add(world, new_account(ids[3], "380441"));
        let filter = CustomerFilter { statuses: vec![CustomerStatus::Active], ..CustomerFilter::default() };
        let wanted = ListRequest { filter, limit: 1, ..ListRequest::default() };
        let target = BulkTarget::Matching(Box::new(wanted));
        let context = keyed(&admin(), "k", "f");
        let expected = "Ada done, Bob done, Cid done, Dan refused customer_not_deletable";
        assert_eq!(ask(world, &context, &BulkAction::Delete, &target, false).unwrap(), expected);
        let after = world.traces();
        assert_eq!(ask(world, &context, &BulkAction::Delete, &target, false).unwrap(), expected);
        assert_eq!(world.traces(), after, "a repeat did something");
        refused(ask(world, &keyed(&admin(), "k", "other"), &BulkAction::Delete, &target, false), "idempotency_key_reused");
        // As a stop after the second customer leaves it: no answer, no third.
        let again: Vec<Id> = ["Eve", "Fay", "Gil"].iter().map(|name| world.add(name)).collect();
        let target = BulkTarget::Ids(again.clone());
        let context = keyed(&admin(), "l", "f");
        for id in &again[..2] {
            let part = keyed(&admin(), &format!("l\u{b7}{id}"), "f");
            assert_eq!(done(customer::block(&world.app, &part, *id, None, |view| view.customer.name.clone())).unwrap(), world.get(*id).unwrap().customer.name);
        }
        let version = world.get(again[0]).unwrap().customer.version;
        assert_eq!(ask(world, &context, &block(), &target, false).unwrap(), "Eve done, Fay done, Gil done");
        assert_eq!(world.get(again[0]).unwrap().customer.version, version, "it was blocked a second time");
        // The answer is the first one though things have moved on since.
        ask(world, &admin(), &BulkAction::Unblock, &target, false).unwrap();
        assert_eq!(ask(world, &context, &block(), &target, false).unwrap(), "Eve done, Fay done, Gil done");
        assert_eq!(statuses(world, &again), ["Active", "Active", "Active"]);
    }

    /// A preview decides by doing and taking back; what it took back leaves no trace in memory either.
    fn a_preview_leaves_the_key_alone(world: &mut World) {
        let ada = world.add("Ada");
        let (context, target) = (keyed(&admin(), "k", "f"), BulkTarget::Ids(vec![ada]));
        assert_eq!(ask(world, &context, &BulkAction::Delete, &target, true).unwrap(), "Ada would_do");
        let key = context.request_key.clone().unwrap();
        assert_eq!(format!("{:?}", world.write(move |tx| Ok(look_up(tx, &key)?))), "New");
        world.post(ada, PostingAction::ManualCharge, "1").unwrap();
        assert_eq!(ask(world, &context, &BulkAction::Delete, &target, false).unwrap(), "Ada refused customer_not_deletable");
    }

    fn one_key_from_many_at_once_does_it_once(world: &mut World) {
        let target = BulkTarget::Ids((0..20).map(|number| world.add(&format!("Customer {number:02}"))).collect());
        let answers: Vec<String> = std::thread::scope(|scope| {
            let world = &*world;
            let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| ask(world, &keyed(&admin(), "k", "f"), &block(), &target, false).unwrap())).collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.matches(" done").count() == 20), "{answers:?}");
        assert_eq!(world.number("select count(*) from hold"), 20);
    }

    fn each_action_asks_for_its_own_permission_and_scope(world: &mut World) {
        let (max, eve) = (world.reseller("Max"), world.reseller("Eve"));
        let target = BulkTarget::Ids(vec![world.subcustomer("Own", max), world.subcustomer("Foreign", eve), max]);
        let before = world.traces();
        for role in Role::ALL {
            let context = staff(role, (role == Role::Reseller).then_some(max));
            for (action, permission) in [
                (block(), Permission::CustomerBlock),
                (BulkAction::Unblock, Permission::CustomerBlock),
                (BulkAction::LiftSuspension { until: day("2026-06-20") }, Permission::CustomerLiftSuspension),
                (BulkAction::ChangeClass { customer_class_id: world.class }, Permission::CustomerUpdate),
                (BulkAction::Delete, Permission::CustomerDelete),
            ] {
                let outcome = ask(world, &context, &action, &target, true);
                let is_forbidden = matches!(outcome, Err(Error::Forbidden(wanted)) if wanted == permission);
                assert_eq!(is_forbidden, !role.may(permission), "{action:?} as {}", role.code());
            }
        }
        assert_eq!(world.traces(), before);
        let context = staff(Role::Reseller, Some(max));
        let expected = "Own done, nobody refused not_found, nobody refused not_found";
        assert_eq!(ask(world, &context, &block(), &target, false).unwrap(), expected);
        let everybody = BulkTarget::Matching(Box::new(ListRequest { limit: 1, ..ListRequest::default() }));
        assert_eq!(ask(world, &context, &BulkAction::Unblock, &everybody, false).unwrap(), "Own done");
    }

    fn a_request_that_makes_no_sense_is_refused_whole(world: &mut World) {
        let ada = world.add("Ada");
        let ids = |count: usize| BulkTarget::Ids(vec![ada; count]);
        let before = world.traces();
        let word = |field: &str, code: &'static str| (field.to_owned(), code);
        assert_eq!(invalid(ask(world, &admin(), &block(), &ids(0), false)), word("ids", "required"));
        assert_eq!(invalid(ask(world, &admin(), &block(), &ids(BULK_MAX + 1), false)), word("ids", "too_many"));
        let long = BulkAction::Block { comment: Some("x".repeat(501)) };
        assert_eq!(invalid(ask(world, &admin(), &long, &ids(1), false)), word("comment", "too_long"));
        let nowhere = BulkAction::ChangeClass { customer_class_id: 4_711 };
        assert_eq!(invalid(ask(world, &admin(), &nowhere, &ids(1), false)), word("customer_class_id", "not_found"));
        assert_eq!(world.traces(), before);
        assert!(ask(world, &admin(), &block(), &ids(BULK_MAX), true).unwrap().starts_with("Ada would_do, Ada unchanged so_already"));
    }

    /// Deleting many races with what would depend on each of them, in an order that chance decides: either the customer is gone
    /// and the other was refused, or the other stands and the deletion was refused.
    fn deleting_many_races_with_whatever_would_depend_on_them(world: &mut World) {
        for round in 0..8 {
            let ids: Vec<Id> = (0..12).map(|number| world.reseller(&format!("Customer {round} {number}"))).collect();
            let (deleted, made) = std::thread::scope(|scope| {
                let (world, ids) = (&*world, &ids);
                let deleting = scope.spawn(move || {
                    let mut deleted = Vec::new();
                    let request = BulkRequest { action: BulkAction::Delete, target: BulkTarget::Ids(ids.clone()), preview: false };
                    let report = customer::bulk(&world.app, &admin(), &request, lines).unwrap();
                    deleted.extend(report.split(", ").map(|line| {
                        assert!(line.ends_with(" done") || line.ends_with(" refused customer_not_deletable"), "{line}");
                        line.ends_with(" done")
                    }));
                    deleted
                });
                // Backwards, so that the two meet in the middle.
                let made: Vec<bool> = ids.iter().enumerate().rev().map(|(number, id)| depend(world, number, round, *id)).collect();
                (deleting.join().unwrap(), made.into_iter().rev().collect::<Vec<_>>())
            });
            for (number, (deleted, made)) in deleted.iter().zip(&made).enumerate() {
                assert_ne!(deleted, made, "round {round}, customer {number}: deleted and used, or neither");
            }
        }
        for orphans in [
            "select count(*) from account a where not exists (select 1 from customer c where c.customer_id = a.customer_id)",
            "select count(*) from posting p where not exists (select 1 from customer c where c.customer_id = p.customer_id)",
            "select count(*) from customer c where c.reseller_id is not null and not exists (select 1 from customer r where r.customer_id = c.reseller_id)",
        ] {
            assert_eq!(world.number(orphans), 0, "{orphans}");
        }
        assert_eq!(world.differences(), Vec::<String>::new());
    }
}

/// Makes something that depends on the customer: by turns an account, a charge, a customer below it. False: it was refused.
fn depend(world: &World, number: usize, round: usize, id: Id) -> bool {
    let name = format!("{round}-{number}");
    let outcome: Result<String> = match number % 3 {
        0 => wait(account::create(&world.app, &admin(), new_account(id, &format!("38{round}{number}")), |_| String::new())),
        1 => world.post(id, PostingAction::ManualCharge, "1").map(|answer| answer.status),
        _ => wait(customer::create(&world.app, &admin(), CustomerNew { reseller_id: Some(id), ..new_customer(world, &name) }, id_of)),
    };
    match outcome {
        Ok(_) => true,
        Err(problem) => {
            assert!(["not_found", "validation_failed"].contains(&problem.code()), "{problem}");
            false
        }
    }
}

fn wait(ticket: Ticket<Result<String>>) -> Result<String> {
    done(ticket)
}
