//! Staff of a reseller: other resellers' customers, and the carrier's own, do not exist for them, in any use case.

use trunkline_usecase::account::{self, AccountKey, AccountListRequest, AccountSearch};
use trunkline_usecase::customer::{self, CustomerChange, CustomerFilter, CustomerKey, CustomerNew, ListRequest, SearchRequest};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;

use crate::account::{add, new_account};
use crate::closed::writes;
use crate::world::{World, admin, done, id_of, new_customer, refused, staff};

/// Own customer, another reseller's customer, the carrier's own, the reseller itself, and one that there is not.
fn two_resellers(world: &World) -> (Id, Id, Vec<Id>) {
    let (max, eve) = (world.reseller("Max"), world.reseller("Eve"));
    let own = world.subcustomer("Own", max);
    let foreign = world.subcustomer("Foreign", eve);
    let direct = world.add("Direct");
    (max, own, vec![foreign, direct, max, eve, 4_711])
}

on_both! {
    fn foreign_ids_are_not_found_in_every_use_case_and_nothing_is_written(world: &mut World) {
        let (max, own, foreign) = two_resellers(world);
        let context = staff(Role::Reseller, Some(max));
        // Not only the role's own permissions: a scope holds whatever the role may.
        let mut mighty = context.clone();
        mighty.actor.role = Role::Administrator;
        let before = world.traces();
        for id in foreign {
            for who in [&context, &mighty] {
                refused(done(customer::get(&world.app, who, CustomerKey::Id(id))).map(|view| view.customer), "not_found");
                refused(done(customer::validate_update(&world.app, who, id, CustomerChange::default())), "not_found");
            }
            for (name, write) in writes() {
                match write(world, &mighty, id) {
                    Err(problem) => assert_eq!(problem.code(), "not_found", "{name} of {id}: {problem}"),
                    Ok(answer) => panic!("{name} of {id} was done: {answer}"),
                }
            }
            let under = CustomerNew { reseller_id: Some(id), ..new_customer(world, "New") };
            if id != max {
                refused(done(customer::create(&world.app, &context, under.clone(), id_of)), "not_found");
                refused(done(customer::validate_create(&world.app, &context, under)), "not_found");
            }
        }
        for key in [CustomerKey::Name("Foreign".into()), CustomerKey::Name("Max".into()), CustomerKey::Login("x".into())] {
            refused(done(customer::get(&world.app, &context, key)).map(|view| view.customer), "not_found");
        }
        assert_eq!(world.traces(), before);
        assert_eq!(done(customer::get(&world.app, &context, CustomerKey::Id(own))).unwrap().customer.name, "Own");
        assert_eq!(done(customer::get(&world.app, &context, CustomerKey::Name("OWN".into()))).unwrap().customer.customer_id, own);
    }

    fn lists_and_searches_show_the_own_customers_alone(world: &mut World) {
        let (max, own, foreign) = two_resellers(world);
        let (mine, others) = (add(world, new_account(own, "own-1")), add(world, new_account(foreign[0], "foreign-1")));
        let context = staff(Role::Reseller, Some(max));
        let shown = |reseller_id: Option<Option<Id>>| {
            let filter = CustomerFilter { reseller_id, ..CustomerFilter::default() };
            let page = world.list(&context, ListRequest { filter: filter.clone(), limit: 10, ..ListRequest::default() }).unwrap();
            let figures = done(customer::summary(&world.app, &context, &filter)).unwrap();
            assert_eq!(usize::try_from(figures.total).unwrap(), page.rows.len());
            let found = done(customer::search(&world.app, &context, SearchRequest { filter, limit: 10, total: true, ..SearchRequest::default() })).unwrap();
            let rows: Vec<Id> = page.rows.iter().map(|row| row.customer_id).collect();
            assert_eq!(rows, found.rows.iter().map(|row| row.view.customer.customer_id).collect::<Vec<_>>());
            assert_eq!(page.total.unwrap().count, found.total.unwrap());
            assert_eq!(i64::try_from(rows.len()).unwrap(), found.total.unwrap());
            rows
        };
        assert_eq!(shown(None), [own]);
        assert_eq!(shown(Some(Some(max))), [own]);
        assert_eq!(shown(Some(None)), Vec::<Id>::new());
        assert_eq!(shown(Some(Some(foreign[3]))), Vec::<Id>::new());
        let list = |customer_id: Option<Id>| {
            let page = done(account::list(&world.app, &context, AccountListRequest { customer_id, limit: 10, ..AccountListRequest::default() })).unwrap();
            let found = done(account::search(&world.app, &context, AccountSearch { customer_id, limit: 10, ..AccountSearch::default() })).unwrap();
            let rows: Vec<Id> = page.rows.iter().map(|row| row.account.facts.account_id).collect();
            assert_eq!(rows, found.rows.iter().map(|row| row.account.facts.account_id).collect::<Vec<_>>());
            rows
        };
        assert_eq!(list(None), [mine]);
        assert_eq!(list(Some(foreign[0])), Vec::<Id>::new());
        for key in [AccountKey::Id(others), AccountKey::Identity("foreign-1".into())] {
            refused(done(account::get(&world.app, &context, key)).map(|view| view.customer_name), "not_found");
        }
        assert_eq!(done(account::get(&world.app, &context, AccountKey::Id(mine))).unwrap().customer_name, "Own");
    }

    fn what_they_make_is_their_own(world: &mut World) {
        let (max, own, _) = two_resellers(world);
        let context = staff(Role::Reseller, Some(max));
        let made: Id = done(customer::create(&world.app, &context, new_customer(world, "Made"), id_of)).unwrap().parse().unwrap();
        assert_eq!(world.get(made).unwrap().customer.reseller_id, Some(max));
        done(account::create(&world.app, &context, new_account(own, "1"), |_| String::new())).unwrap();
        done(customer::block(&world.app, &context, own, None, id_of)).unwrap();
        assert_eq!(world.status(own), "blocked");
    }

    fn staff_of_a_reseller_without_a_reseller_see_nothing(world: &mut World) {
        let (_, own, _) = two_resellers(world);
        let context = staff(Role::Reseller, None);
        assert!(world.list(&context, ListRequest { limit: 10, ..ListRequest::default() }).unwrap().rows.is_empty());
        refused(done(customer::get(&world.app, &context, CustomerKey::Id(own))).map(|view| view.customer), "not_found");
        let made = done(customer::create(&world.app, &context, new_customer(world, "Made"), id_of));
        assert!(made.is_err());
        refused(world.post_as(&admin(), 4_711, PostingAction::ManualCharge, "1"), "not_found");
    }
}
