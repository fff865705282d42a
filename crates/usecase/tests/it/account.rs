//! Accounts: made, found, listed, and what they have of their owner.

use trunkline_usecase::account::{self, AccountKey, AccountListRequest, AccountNew};
use trunkline_usecase::customer;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;

use crate::world::{World, admin, done, id_of, invalid, money, refused};

pub fn new_account(customer_id: Id, identity: &str) -> AccountNew {
    AccountNew {
        customer_id,
        identity: identity.to_owned(),
        model: AccountModel::Credit,
        opening_balance: Money::ZERO,
        credit_limit: None,
        inactive: false,
        blocked: false,
        active_from: None,
        expires_at: None,
        life_time_days: None,
        idle_days_max: None,
        batch: None,
    }
}

pub fn add(world: &World, new: AccountNew) -> Id {
    done(account::create(&world.app, &admin(), new, |view| view.account.facts.account_id.to_string())).unwrap().parse().unwrap()
}

fn shown(world: &World, account_id: Id) -> &'static str {
    done(account::get(&world.app, &admin(), AccountKey::Id(account_id))).unwrap().standing.shown().code()
}

on_both! {
    fn an_account_is_found_by_id_and_by_identity_and_shares_its_owners_status_at_once(world: &mut World) {
        let reseller = world.reseller("Max");
        let owner = world.subcustomer("Ada", reseller);
        let debit = AccountNew { model: AccountModel::Debit, opening_balance: money("12.50"), ..new_account(owner, "380441234567") };
        let account_id = add(world, debit);
        let view = done(account::get(&world.app, &admin(), AccountKey::Identity("380441234567".to_owned()))).unwrap();
        assert_eq!((view.account.facts.account_id, view.customer_name.as_str(), view.shown_balance()), (account_id, "Ada", money("12.50")));
        assert_eq!(shown(world, account_id), "active");
        done(customer::block(&world.app, &admin(), reseller, None, id_of)).unwrap();
        assert_eq!(shown(world, account_id), "reseller_blocked");
        done(customer::block(&world.app, &admin(), owner, None, id_of)).unwrap();
        assert_eq!(shown(world, account_id), "customer_blocked");
        refused(done(account::get(&world.app, &admin(), AccountKey::Id(1))), "not_found");
        refused(done(account::get(&world.app, &admin(), AccountKey::Identity("nobody".to_owned()))), "not_found");
    }

    fn an_identity_is_one_in_the_installation_and_bad_fields_are_named(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        add(world, new_account(ada, "Ada@Example.com"));
        let create = |new: AccountNew| done(account::create(&world.app, &admin(), new, |_| String::new()));
        assert_eq!(invalid(create(new_account(bob, "ada@example.COM"))), ("identity".to_owned(), "taken"));
        assert_eq!(invalid(create(new_account(999, "new"))), ("customer_id".to_owned(), "not_found"));
        assert_eq!(invalid(create(new_account(bob, "two words"))), ("identity".to_owned(), "malformed"));
        assert_eq!(invalid(create(new_account(bob, &"9".repeat(129)))), ("identity".to_owned(), "too_long"));
        assert_eq!(invalid(create(AccountNew { opening_balance: money("1"), ..new_account(bob, "1") })), ("opening_balance".to_owned(), "not_applicable"));
        assert_eq!(invalid(create(AccountNew { life_time_days: Some(0), ..new_account(bob, "1") })), ("life_time_days".to_owned(), "out_of_range"));
        assert_eq!(world.number("select count(*) from account"), 1);
        assert_eq!(world.number("select count(*) from account_identity"), 1);
    }

    fn accounts_are_paged_both_ways(world: &mut World) {
        let ada = world.add("Ada");
        for number in 0..7 {
            add(world, new_account(ada, &format!("3804400000{number}")));
        }
        let page = |after: Option<String>, before: Option<String>| {
            let request = AccountListRequest { customer_id: Some(ada), limit: 3, after, before, ..AccountListRequest::default() };
            let page = done(account::list(&world.app, &admin(), request)).unwrap();
            let rows: Vec<char> = page.rows.iter().map(|row| row.account.identity.chars().last().unwrap()).collect();
            (rows, page.next, page.previous)
        };
        let (rows, next, previous) = page(None, None);
        assert_eq!((rows, previous), (vec!['0', '1', '2'], None));
        let (rows, next, previous) = page(next, None);
        assert_eq!(rows, ['3', '4', '5']);
        let (rows, end, back) = page(next, None);
        assert_eq!((rows, end), (vec!['6'], None));
        assert_eq!(page(None, back).0, ['3', '4', '5']);
        let (rows, next, start) = page(None, previous);
        assert_eq!((rows, start), (vec!['0', '1', '2'], None));
        assert!(next.is_some());
        let bad = AccountListRequest { limit: 3, after: Some("ÿ".to_owned()), ..AccountListRequest::default() };
        refused(done(account::list(&world.app, &admin(), bad)), "invalid_cursor");
        let bad = AccountListRequest { limit: 1_001, ..AccountListRequest::default() };
        assert_eq!(invalid(done(account::list(&world.app, &admin(), bad)).map(|page| page.rows.len())), ("limit".to_owned(), "out_of_range"));
    }
}
