//! DID numbers and aliases: kept in the inventory, given and taken back, and calls to them that find their account.

use trunkline_usecase::account::{self, AccountChange, Alias};
use trunkline_usecase::customer::{self, CustomerNew, MatchMode, PageWanted};
use trunkline_usecase::did::{self, DidChange, DidHolder, DidListRequest, DidNew, DidView};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer::BalanceControl;
use trunkline_usecase::domain::did::DidState;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::{Direction, ProductTariff};
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::product::Holder;
use trunkline_usecase::session::{self, UsageNew};

use crate::account::{add, new_account};
use crate::product::{give, make, make_tariff, new_product};
use crate::session::{call, end, key};
use crate::world::{World, admin, done, id_of, invalid, money, new_customer, refused, staff};

fn told(view: &DidView) -> String {
    let holder = view.customer_name.clone().or_else(|| view.account_identity.clone());
    format!("{} {} {} {}", view.did.did_id, view.did.number, view.did.state().code(), holder.unwrap_or_default())
}

fn add_did(world: &World, number: &str) -> Id {
    let new = DidNew { number: number.to_owned(), ..DidNew::default() };
    done(did::create(&world.app, &admin(), new, |view| view.did.did_id.to_string())).unwrap().parse().unwrap()
}

fn assign(world: &World, did_id: Id, holder: DidHolder) -> Result<String> {
    done(did::assign(&world.app, &admin(), did_id, holder, told))
}

fn release(world: &World, did_id: Id) -> Result<String> {
    done(did::release(&world.app, &admin(), did_id, told))
}

fn state(world: &World, did_id: Id) -> DidState {
    done(did::get(&world.app, &admin(), did_id)).unwrap().did.state()
}

fn refused_as<T: std::fmt::Debug>(outcome: Result<T>, code: &str) {
    let (field, found) = invalid(outcome);
    assert_eq!((field.as_str(), found), ("id", code));
}

/// A prepaid customer with ten euros and one account; calls to and from 49 cost 0.60 a minute.
fn ada(world: &World) -> (Id, Id) {
    let tariff_id = make_tariff(world, "Retail", "0.6");
    done(trunkline_usecase::rate::create(&world.app, &admin(), tariff_id, crate::tariff::new_rate("49", "0.6"), |_| String::new()))
        .unwrap();
    let of = |direction| ProductTariff { service: Service::Voice, direction, tariff_id };
    let product_id = make(world, new_product("Home", vec![of(Direction::Outgoing), of(Direction::Incoming)]));
    let customer_id = world.create(CustomerNew { balance_control: BalanceControl::Prepaid, ..new_customer(world, "Ada") });
    world.post(customer_id, PostingAction::ManualPayment, "10").unwrap();
    let account_id = add(world, new_account(customer_id, "ada@example.com"));
    give(world, Holder::Account(account_id), product_id);
    (customer_id, account_id)
}

/// What a call of a minute with this identity comes to.
fn charged(world: &World, identity: &str, direction: Direction, name: &str) -> Result<trunkline_usecase::domain::money::Money> {
    let usage = UsageNew { direction, ..call(identity, "4930111222") };
    let asked = session::authorize(&world.app, &admin(), &key(name), &usage, None)?;
    asked.wait().unwrap().map_err(Error::from)?;
    let ended = session::stop(&world.app, &admin(), &key(name), Some(&usage), &end(0, 60))?;
    Ok(ended.wait().unwrap().map_err(Error::from)?.charged)
}

on_both! {
    fn a_call_to_a_number_finds_the_account_that_has_it_and_nobody_when_it_is_released(world: &mut World) {
        let (customer_id, account_id) = ada(world);
        let did_id = add_did(world, "+4930111222");
        refused(charged(world, "4930111222", Direction::Incoming, "a"), "unknown_identity");
        assert_eq!(assign(world, did_id, DidHolder::Account(account_id)).unwrap(), format!("{did_id} 4930111222 on_account Ada"));
        assert_eq!(charged(world, "4930111222", Direction::Incoming, "b").unwrap(), money("0.6"));
        assert_eq!(world.get(customer_id).unwrap().facts.balance, money("-9.4"));
        assert_eq!(release(world, did_id).unwrap(), format!("{did_id} 4930111222 free "));
        refused(charged(world, "4930111222", Direction::Incoming, "c"), "unknown_identity");
        // The number is another customer's now, and so are the calls to it.
        let bob = world.add("Bob");
        let of_bob = add(world, new_account(bob, "bob@example.com"));
        assign(world, did_id, DidHolder::Account(of_bob)).unwrap();
        refused(charged(world, "4930111222", Direction::Incoming, "d"), "no_product");
        assert_eq!(world.get(customer_id).unwrap().facts.balance, money("-9.4"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn an_alias_spends_what_its_account_spends_until_it_is_taken_away(world: &mut World) {
        let (customer_id, account_id) = ada(world);
        let add_alias = |identity: &str| {
            done(account::add_alias(&world.app, &admin(), account_id, identity.to_owned(), |alias| alias.alias_id.to_string()))
        };
        let alias_id: Id = add_alias("192.0.2.7").unwrap().parse().unwrap();
        assert_eq!(charged(world, "192.0.2.7", Direction::Outgoing, "a").unwrap(), money("0.6"));
        assert_eq!(charged(world, "ada@example.com", Direction::Outgoing, "b").unwrap(), money("0.6"));
        assert_eq!(world.get(customer_id).unwrap().facts.balance, money("-8.8"));
        assert_eq!(invalid(add_alias("ADA@example.com")), ("identity".to_owned(), "taken"));
        assert_eq!(invalid(add_alias("192.0.2.7")), ("identity".to_owned(), "taken"));
        assert_eq!(invalid(add_alias("two words")), ("identity".to_owned(), "malformed"));
        let made = done(account::create(&world.app, &admin(), new_account(customer_id, "192.0.2.7"), |_| String::new()));
        assert_eq!(invalid(made), ("identity".to_owned(), "taken"));
        // Blocked as the account is.
        let block = |blocked| {
            let wanted = AccountChange { blocked: Some(blocked), ..AccountChange::default() };
            done(account::update(&world.app, &admin(), account_id, wanted, |_| String::new())).unwrap();
        };
        block(true);
        refused(charged(world, "192.0.2.7", Direction::Outgoing, "c"), "status_does_not_permit");
        block(false);
        let foreign = staff(Role::Reseller, Some(4_711));
        refused(done(account::aliases(&world.app, &foreign, account_id)), "not_found");
        refused(done(account::get_alias(&world.app, &foreign, alias_id)), "not_found");
        refused(done(account::remove_alias(&world.app, &foreign, account_id, alias_id)), "not_found");
        let listed = |world: &World| -> Vec<String> {
            let found: Vec<Alias> = done(account::aliases(&world.app, &admin(), account_id)).unwrap();
            found.into_iter().map(|alias| alias.identity).collect()
        };
        assert_eq!(listed(world), ["192.0.2.7"]);
        done(account::remove_alias(&world.app, &admin(), account_id, alias_id)).unwrap();
        assert_eq!(listed(world), Vec::<String>::new());
        refused(charged(world, "192.0.2.7", Direction::Outgoing, "d"), "unknown_identity");
        refused(done(account::remove_alias(&world.app, &admin(), account_id, alias_id)), "not_found");
        assert_eq!(charged(world, "ada@example.com", Direction::Outgoing, "e").unwrap(), money("0.6"));
    }

    fn a_number_is_one_persons_at_a_time(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        let (of_ada, of_bob) = (add(world, new_account(ada, "a")), add(world, new_account(bob, "b")));
        let did_id = add_did(world, "4930111");
        assert_eq!(invalid(done(did::create(&world.app, &admin(), DidNew { number: "+4930111".to_owned(), ..DidNew::default() }, told))), ("number".to_owned(), "taken"));
        refused_as(release(world, did_id), "not_assigned");
        assign(world, did_id, DidHolder::Customer(ada)).unwrap();
        assert_eq!(state(world, did_id), DidState::OnCustomer);
        refused_as(assign(world, did_id, DidHolder::Customer(bob)), "in_use");
        refused_as(assign(world, did_id, DidHolder::Account(of_bob)), "of_another_customer");
        assign(world, did_id, DidHolder::Account(of_ada)).unwrap();
        refused_as(assign(world, did_id, DidHolder::Account(of_ada)), "in_use");
        refused_as(done(did::delete(&world.app, &admin(), did_id)), "in_use");
        let freeze = |is_frozen| done(did::update(&world.app, &admin(), did_id, DidChange { is_frozen: Some(is_frozen), ..DidChange::default() }, told));
        refused_as(freeze(true), "in_use");
        let alias = done(account::aliases(&world.app, &admin(), of_ada)).unwrap().remove(0);
        assert_eq!((alias.identity.as_str(), alias.did_id), ("4930111", Some(did_id)));
        assert_eq!(invalid(done(account::remove_alias(&world.app, &admin(), of_ada, alias.alias_id))), ("alias_id".to_owned(), "is_did"));
        release(world, did_id).unwrap();
        freeze(true).unwrap();
        assert_eq!(state(world, did_id), DidState::Frozen);
        refused_as(assign(world, did_id, DidHolder::Customer(ada)), "frozen");
        freeze(false).unwrap();
        assert_eq!(invalid(assign(world, did_id, DidHolder::Account(1))), ("account_id".to_owned(), "not_found"));
        assert_eq!(invalid(assign(world, did_id, DidHolder::Customer(1))), ("customer_id".to_owned(), "not_found"));
        // Where the number is an account's own identity no alias is needed, and nobody else gets it.
        let own = add(world, new_account(ada, "4930111"));
        assert_eq!(invalid(assign(world, did_id, DidHolder::Account(of_bob))), ("account_id".to_owned(), "taken"));
        assert_eq!(state(world, did_id), DidState::Free);
        assign(world, did_id, DidHolder::Account(own)).unwrap();
        release(world, did_id).unwrap();
        assert_eq!(world.number("select count(*) from account_alias"), 0);
        assert_eq!(world.number("select count(*) from account_identity"), 3);
        done(did::delete(&world.app, &admin(), did_id)).unwrap();
        refused(done(did::get(&world.app, &admin(), did_id)), "not_found");
    }

    fn whoever_has_a_number_is_not_deleted_and_an_account_that_ends_can_give_its_numbers_back(world: &mut World) {
        let ada = world.add("Ada");
        let did_id = add_did(world, "4930111");
        assign(world, did_id, DidHolder::Customer(ada)).unwrap();
        match done(customer::delete(&world.app, &admin(), ada)) {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.to_string(), "the customer cannot be deleted: it has DIDs"),
            other => panic!("{other:?}"),
        }
        let (first, second) = (add(world, new_account(ada, "1")), add(world, new_account(ada, "2")));
        assign(world, did_id, DidHolder::Account(first)).unwrap();
        let other = add_did(world, "4930112");
        assign(world, other, DidHolder::Account(second)).unwrap();
        done(account::terminate(&world.app, &admin(), first, true, |_| String::new())).unwrap();
        assert_eq!((state(world, did_id), state(world, other)), (DidState::Free, DidState::OnAccount));
        refused(assign(world, did_id, DidHolder::Account(first)), "account_closed");
        done(account::terminate(&world.app, &admin(), second, false, |_| String::new())).unwrap();
        assert_eq!(state(world, other), DidState::OnAccount);
        done(customer::terminate(&world.app, &admin(), ada, customer::Termination::Permanent, None, id_of)).unwrap();
        refused(assign(world, did_id, DidHolder::Customer(ada)), "customer_closed");
        release(world, other).unwrap();
        assert_eq!(world.number("select count(*) from account_alias"), 0);
    }

    fn numbers_are_found_and_paged_both_ways(world: &mut World) {
        let ada = world.add("Ada");
        let account_id = add(world, new_account(ada, "1"));
        let ids: Vec<Id> = (0..7).map(|number| add_did(world, &format!("49301110{number}"))).collect();
        assign(world, ids[1], DidHolder::Customer(ada)).unwrap();
        assign(world, ids[2], DidHolder::Account(account_id)).unwrap();
        done(did::update(&world.app, &admin(), ids[3], DidChange { is_frozen: Some(true), ..DidChange::default() }, told)).unwrap();
        let page = |request: DidListRequest| {
            let page = done(did::list(&world.app, &admin(), request)).unwrap();
            let last = |view: &DidView| view.did.number.chars().last().unwrap();
            (page.rows.iter().map(last).collect::<String>(), page.next, page.previous, page.total.map(|total| total.count))
        };
        let all = || DidListRequest { limit: 3, with_total: true, ..DidListRequest::default() };
        let (rows, next, previous, total) = page(all());
        assert_eq!((rows.as_str(), previous, total), ("012", None, Some(7)));
        let (rows, next, previous, _) = page(DidListRequest { page: PageWanted::After(next.unwrap()), ..all() });
        assert_eq!(rows, "345");
        assert_eq!(page(DidListRequest { page: PageWanted::After(next.unwrap()), ..all() }).0, "6");
        assert_eq!(page(DidListRequest { page: PageWanted::Before(previous.clone().unwrap()), ..all() }).0, "012");
        assert_eq!(page(DidListRequest { page: PageWanted::Last, ..all() }).0, "456");
        assert_eq!(page(DidListRequest { descending: true, ..all() }).0, "654");
        refused(done(did::list(&world.app, &admin(), DidListRequest { page: PageWanted::Before(previous.unwrap()), descending: true, ..all() })), "invalid_cursor");
        for (states, expected) in [
            (vec![DidState::Free], "0456"),
            (vec![DidState::OnCustomer], "1"),
            (vec![DidState::OnAccount], "2"),
            (vec![DidState::Frozen], "3"),
            (vec![DidState::Free, DidState::OnCustomer], "01456"),
        ] {
            assert_eq!(page(DidListRequest { states, limit: 10, ..all() }).0, expected);
        }
        assert_eq!(page(DidListRequest { customer_id: Some(ada), ..all() }).0, "12");
        assert_eq!(page(DidListRequest { account_id: Some(account_id), ..all() }).0, "2");
        assert_eq!(page(DidListRequest { number: Some("+493011105".to_owned()), ..all() }).0, "5");
        assert_eq!(page(DidListRequest { number: Some("106".to_owned()), mode: Some(MatchMode::EndsWith), ..all() }).0, "6");
        assert_eq!(page(DidListRequest { number: Some("%".to_owned()), mode: Some(MatchMode::Contains), ..all() }).0, "");
    }
}
