//! Accounts: made, found, listed, and what they have of their owner.

use trunkline_usecase::Context;
use trunkline_usecase::account::{self, AccountChange, AccountKey, AccountListRequest, AccountNew, AccountSort, AccountView};
use trunkline_usecase::customer::{self, CustomerNew, MatchMode, PageWanted};
use trunkline_usecase::domain::account::{AccountModel, AccountState, AccountStatus};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::domain::staff::Role;

use crate::world::{World, admin, done, id_of, invalid, money, new_customer, refused, staff};

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
        password: None,
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
        let short = AccountNew { password: Some(Secret::new("7 bytes")), ..new_account(bob, "1") };
        assert_eq!(invalid(create(short)), ("password".to_owned(), "malformed"));
        assert_eq!(world.number("select count(*) from account"), 1);
        assert_eq!(world.number("select count(*) from account_identity"), 1);
    }

    /// Nowhere but in its column: not in the trail, not in events, not in what is printed.
    fn a_password_is_kept_and_never_told(world: &mut World) {
        let ada = world.add("Ada");
        let account_id = add(world, AccountNew { password: Some(Secret::new("correct horse")), ..new_account(ada, "ada@example.com") });
        let get = || done(account::get(&world.app, &admin(), AccountKey::Id(account_id))).unwrap().account;
        assert_eq!(get().password.as_ref().map(Secret::exposed), Some("correct horse"));
        let set = |password: Option<&str>| done(account::set_password(&world.app, &admin(), account_id, password.map(Secret::new), |_| String::new()));
        assert_eq!(invalid(set(Some("short"))), ("password".to_owned(), "malformed"));
        assert_eq!(invalid(set(Some("with\na line"))), ("password".to_owned(), "malformed"));
        set(Some("battery staple")).unwrap();
        let now = get();
        assert_eq!((now.password.as_ref().map(Secret::exposed), now.version), (Some("battery staple"), 2));
        assert!(!format!("{now:?}").contains("staple"));
        set(None).unwrap();
        assert_eq!(get().password, None);
        let told = "select count(*) from audit where detail like '%horse%' or detail like '%staple%'";
        assert_eq!(world.number(told), 0);
        assert_eq!(world.number("select count(*) from outbox where payload like '%horse%' or payload like '%staple%'"), 0);
        refused(done(account::set_password(&world.app, &admin(), 1, None, |_| String::new())), "not_found");
    }

    fn an_account_is_changed_field_by_field_and_ended_once(world: &mut World) {
        let reseller = world.reseller("Max");
        let owner = world.subcustomer("Ada", reseller);
        let account_id = add(world, AccountNew { inactive: true, ..new_account(owner, "ada@example.com") });
        let update = |wanted: AccountChange| done(account::update(&world.app, &admin(), account_id, wanted, |view| view.account.version.to_string()));
        let get = || done(account::get(&world.app, &admin(), AccountKey::Id(account_id))).unwrap();
        assert_eq!(shown(world, account_id), "inactive");
        assert_eq!(update(AccountChange { inactive: Some(false), ..AccountChange::default() }).unwrap(), "2");
        assert_eq!(shown(world, account_id), "active");
        assert_eq!(invalid(update(AccountChange { inactive: Some(true), ..AccountChange::default() })), ("inactive".to_owned(), "fixed"));
        let (from, until) = (world.now().plus_days(1), world.now().plus_days(2));
        let all = AccountChange {
            version: Some(2),
            blocked: Some(true),
            credit_limit: Some(Some(money("5"))),
            active_from: Some(Some(from)),
            expires_at: Some(Some(until)),
            life_time_days: Some(Some(30)),
            idle_days_max: Some(Some(7)),
            batch: Some(Some("B".to_owned())),
            password: Some(Some(Secret::new("correct horse"))),
            ..AccountChange::default()
        };
        assert_eq!(update(all.clone()).unwrap(), "3");
        refused(update(all), "changed_meanwhile");
        let now = get().account;
        let facts = &now.facts;
        assert_eq!((facts.blocked, facts.credit_limit, facts.active_from, facts.expires_at), (true, Some(money("5")), Some(from), Some(until)));
        assert_eq!((facts.life_time_days, facts.idle_days_max, now.batch.as_deref()), (Some(30), Some(7), Some("B")));
        assert_eq!(now.password.as_ref().map(Secret::exposed), Some("correct horse"));
        assert_eq!(shown(world, account_id), "blocked");
        let back = AccountChange { blocked: Some(false), active_from: Some(None), credit_limit: Some(None), ..AccountChange::default() };
        assert_eq!(update(back).unwrap(), "4");
        assert_eq!((shown(world, account_id), get().account.facts.expires_at), ("active", Some(until)));
        assert_eq!(invalid(update(AccountChange { idle_days_max: Some(Some(0)), ..AccountChange::default() })), ("idle_days_max".to_owned(), "out_of_range"));
        assert_eq!(invalid(update(AccountChange { product_id: Some(4_711), ..AccountChange::default() })), ("product_id".to_owned(), "not_found"));
        assert_eq!(world.number("select count(*) from audit where detail like '%horse%'"), 0);
        let foreign = staff(Role::Reseller, Some(4_711));
        refused(done(account::update(&world.app, &foreign, account_id, AccountChange::default(), |_| String::new())), "not_found");
        refused(done(account::terminate(&world.app, &foreign, account_id, false, |_| String::new())), "not_found");
        let end = || done(account::terminate(&world.app, &admin(), account_id, false, |view| view.standing.shown().code().to_owned()));
        assert_eq!(end().unwrap(), "closed");
        refused(end(), "account_closed");
        refused(update(AccountChange::default()), "account_closed");
        assert_eq!(invalid(done(account::create(&world.app, &admin(), new_account(owner, "ada@example.com"), |_| String::new()))), ("identity".to_owned(), "taken"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn accounts_are_paged_both_ways(world: &mut World) {
        let ada = world.add("Ada");
        for number in 0..7 {
            add(world, new_account(ada, &format!("3804400000{number}")));
        }
        let page = |after: Option<String>, before: Option<String>| {
            let page = after.map(PageWanted::After).or(before.map(PageWanted::Before)).unwrap_or_default();
            let request = AccountListRequest { customer_id: Some(ada), limit: 3, page, ..AccountListRequest::default() };
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
        let bad = AccountListRequest { limit: 3, page: PageWanted::After("ÿ".to_owned()), ..AccountListRequest::default() };
        refused(done(account::list(&world.app, &admin(), bad)), "invalid_cursor");
        let bad = AccountListRequest { limit: 1_001, ..AccountListRequest::default() };
        assert_eq!(invalid(done(account::list(&world.app, &admin(), bad)).map(|page| page.rows.len())), ("limit".to_owned(), "out_of_range"));
    }

    fn the_figures_of_accounts_are_those_of_looking_at_each(world: &mut World) {
        let yen = world.create(CustomerNew { currency: "JPY".to_owned(), ..new_customer(world, "Yen") });
        let (ada, max) = (world.add("Ada"), world.reseller("Max"));
        let sub = world.subcustomer("Sub", max);
        add(world, AccountNew { model: AccountModel::Debit, opening_balance: money("5"), ..new_account(ada, "1") });
        add(world, AccountNew { model: AccountModel::Debit, opening_balance: money("2.5"), blocked: true, ..new_account(ada, "2") });
        add(world, new_account(ada, "3"));
        add(world, AccountNew { model: AccountModel::Debit, opening_balance: money("700"), ..new_account(yen, "4") });
        add(world, new_account(sub, "5"));
        let figures = |who: &Context, request: AccountListRequest| {
            let found = done(account::summary(&world.app, who, request)).unwrap();
            let statuses: Vec<String> = found.statuses.iter().map(|(status, count)| format!("{} {count}", status.code())).collect();
            let totals = found.totals.iter().map(|total| {
                let money = |amount: Option<Money>| amount.map_or("-".to_owned(), |amount| amount.to_string());
                format!("{} {} {} {}", total.currency.code(), total.accounts, money(total.funds), money(total.owed))
            });
            (found.total, statuses.join(", "), totals.collect::<Vec<_>>().join(", "))
        };
        let all = AccountListRequest::default();
        assert_eq!(figures(&admin(), all.clone()), (5, "blocked 1, active 4".to_owned(), "EUR 4 7.5 0, JPY 1 700 0".to_owned()));
        // The counts say what each status would leave.
        let blocked = AccountListRequest { statuses: vec![AccountStatus::Blocked], ..all.clone() };
        assert_eq!(figures(&admin(), blocked), (1, "blocked 1, active 4".to_owned(), "EUR 1 2.5 0".to_owned()));
        let of_ada = AccountListRequest { customer_id: Some(ada), model: Some(AccountModel::Credit), ..all.clone() };
        assert_eq!(figures(&admin(), of_ada), (1, "active 1".to_owned(), "EUR 1 0 0".to_owned()));
        assert_eq!(figures(&staff(Role::Reseller, Some(max)), all).0, 1);
    }

    fn every_order_is_paged_both_ways_without_a_gap(world: &mut World) {
        let owners = [world.add("Cleo"), world.add("Ada"), world.add("Bob")];
        for number in 0..23_i64 {
            let owner = owners[usize::try_from(number).unwrap() % 3];
            let plain = new_account(owner, &format!("38044{:03}", number * 37 % 101));
            add(world, if number % 2 == 0 {
                AccountNew { model: AccountModel::Debit, opening_balance: money(&(number % 5).to_string()), ..plain }
            } else {
                let credit_limit = (number % 3 != 0).then(|| money(&(number % 4 + 1).to_string()));
                AccountNew { credit_limit, blocked: number % 7 == 0, inactive: number % 5 == 0, ..plain }
            });
            world.advance(world.now().plus_seconds(1));
        }
        let page = |sort: AccountSort, descending: bool, limit: usize, page: PageWanted| {
            let request = AccountListRequest { sort, descending, limit, page, with_total: true, ..AccountListRequest::default() };
            done(account::list(&world.app, &admin(), request)).unwrap()
        };
        let identities = |rows: &[AccountView]| rows.iter().map(|row| row.account.identity.clone()).collect::<Vec<_>>();
        for sort in AccountSort::ALL {
            for descending in [false, true] {
                let all = page(sort, descending, 100, PageWanted::First);
                assert_eq!((all.rows.len(), all.total.map(|total| (total.count, total.exact))), (23, Some((23, true))));
                assert_in_order(sort, descending, &all.rows);
                let (mut forwards, mut next, mut position) = (Vec::new(), PageWanted::First, 1);
                loop {
                    let found = page(sort, descending, 5, next);
                    assert_eq!(found.first_position, Some(position), "{} {descending}", sort.code());
                    position += 5;
                    forwards.extend(identities(&found.rows));
                    match found.next {
                        Some(cursor) => next = PageWanted::After(cursor),
                        None => break,
                    }
                }
                assert_eq!(forwards, identities(&all.rows), "{} {descending}", sort.code());
                let (mut backwards, mut before) = (Vec::new(), PageWanted::Last);
                loop {
                    let found = page(sort, descending, 5, before);
                    backwards.splice(0..0, identities(&found.rows));
                    match found.previous {
                        Some(cursor) => before = PageWanted::Before(cursor),
                        None => break,
                    }
                }
                assert_eq!(backwards, forwards, "{} {descending}", sort.code());
            }
        }
    }

    fn accounts_are_found_by_what_is_asked(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        add(world, AccountNew { batch: Some("B-1".to_owned()), ..new_account(ada, "380441234567") });
        add(world, AccountNew { blocked: true, ..new_account(ada, "380449994567") });
        add(world, AccountNew { model: AccountModel::Debit, opening_balance: money("1"), ..new_account(bob, "ada@example.com") });
        add(world, AccountNew { inactive: true, ..new_account(bob, "490000") });
        let found = |request: AccountListRequest| {
            let page = done(account::list(&world.app, &admin(), AccountListRequest { limit: 10, ..request }))?;
            Ok(page.rows.into_iter().map(|row| row.account.identity).collect::<Vec<_>>())
        };
        let all = AccountListRequest::default;
        let by = |text: &str, mode: MatchMode| AccountListRequest { identity: Some(text.to_owned()), mode: Some(mode), ..all() };
        assert_eq!(found(by("38044", MatchMode::StartsWith)).unwrap(), ["380441234567", "380449994567"]);
        assert_eq!(found(by("ADA@example.com", MatchMode::Exactly)).unwrap(), ["ada@example.com"]);
        assert_eq!(found(by("4567", MatchMode::EndsWith)).unwrap(), ["380441234567", "380449994567"]);
        assert_eq!(found(by("example", MatchMode::Contains)).unwrap(), ["ada@example.com"]);
        assert_eq!(invalid(found(by("45", MatchMode::Contains))), ("search".to_owned(), "search_too_short"));
        assert_eq!(found(AccountListRequest { model: Some(AccountModel::Debit), ..all() }).unwrap(), ["ada@example.com"]);
        assert_eq!(found(AccountListRequest { batch: Some("B-1".to_owned()), ..all() }).unwrap(), ["380441234567"]);
        assert_eq!(found(AccountListRequest { state: Some(AccountState::Inactive), ..all() }).unwrap(), ["490000"]);
        let statuses = vec![AccountStatus::Blocked, AccountStatus::Inactive];
        assert_eq!(found(AccountListRequest { statuses: statuses.clone(), ..all() }).unwrap(), ["380449994567", "490000"]);
        let down = AccountListRequest { statuses, descending: true, ..all() };
        assert_eq!(found(down).unwrap(), ["490000", "380449994567"]);
        done(customer::block(&world.app, &admin(), bob, None, id_of)).unwrap();
        let inherited = AccountListRequest { statuses: vec![AccountStatus::CustomerBlocked], customer_id: Some(bob), ..all() };
        assert_eq!(found(inherited).unwrap(), ["ada@example.com"]);
    }
}

/// The order by the values that people see: those without one last, both ways.
fn assert_in_order(sort: AccountSort, descending: bool, rows: &[AccountView]) {
    let value = |row: &AccountView| -> Option<String> {
        let number = |number: i64| format!("{:020}", i128::from(number) + i128::from(i64::MAX));
        let facts = &row.account.facts;
        match sort {
            AccountSort::Identity => Some(row.account.identity.clone()),
            AccountSort::Customer => Some(row.customer_name.clone()),
            AccountSort::Model => Some(facts.model.code().to_owned()),
            AccountSort::Status => Some(number(i64::try_from(row.standing.shown().rank()).unwrap())),
            AccountSort::Balance => Some(number(row.shown_balance().millionths())),
            AccountSort::CreditLimit => facts.credit_limit.map(|limit| number(limit.millionths())),
            AccountSort::Created => Some(number(row.account.created_at.microseconds())),
            AccountSort::LastUsed => facts.last_used_at.map(|at| number(at.microseconds())),
        }
    };
    for pair in rows.windows(2) {
        let is_in_order = match (value(&pair[0]), value(&pair[1])) {
            (Some(left), Some(right)) if left != right => (left < right) != descending,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            _ => pair[0].account.identity < pair[1].account.identity,
        };
        assert!(is_in_order, "{} descending {descending}: {} before {}", sort.code(), pair[0].account.identity, pair[1].account.identity);
    }
}
