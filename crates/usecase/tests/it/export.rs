//! A whole list: all of its rows in its order, whatever the page; who may, how many, and what the trail says.

use std::collections::BTreeSet;

use trunkline_usecase::Context;
use trunkline_usecase::account::{self, AccountListRequest, AccountSort};
use trunkline_usecase::customer::{self, CustomerRow, ListRequest, PageWanted, TotalWanted};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::export::{Export, ROWS_AT_ONCE};
use trunkline_usecase::xdr::{self, XdrListRequest};

use crate::account::{add, new_account};
use crate::world::{World, admin, done, invalid, refused, staff};

fn walk(export: &Export<CustomerRow>) -> Vec<String> {
    rows(export).into_iter().map(|row| row.name).collect()
}

fn rows<R>(export: &Export<R>) -> Vec<R> {
    let (mut found, mut place) = (Vec::new(), None);
    loop {
        let slice = done((export.read)(place)).unwrap();
        assert!(slice.rows.len() <= ROWS_AT_ONCE);
        found.extend(slice.rows);
        match slice.next {
            Some(next) => place = Some(next),
            None => return found,
        }
    }
}

on_both! {
    fn a_walk_meets_everybody_whom_the_list_shows_once(world: &mut World) {
        let (max, eve) = (world.reseller("Max"), world.reseller("Eve"));
        let own: Vec<Id> = (0..3).map(|number| world.subcustomer(&format!("Own {number}"), max)).collect();
        world.subcustomer("Foreign", eve);
        let asked = ListRequest { limit: 1, page: PageWanted::Last, total: TotalWanted::Exact, ..ListRequest::default() };
        let all = done(customer::export(&world.app, &admin(), asked.clone(), 100)).unwrap();
        assert_eq!((all.rows, walk(&all).join(" ").as_str()), (Some(6), "Eve Foreign Max Own 0 Own 1 Own 2"));
        let scoped = done(customer::export(&world.app, &staff(Role::Reseller, Some(max)), asked.clone(), 100)).unwrap();
        assert_eq!((scoped.rows, walk(&scoped)), (Some(3), vec!["Own 0".to_owned(), "Own 1".to_owned(), "Own 2".to_owned()]));
        assert_eq!(own.len(), 3);
        let too_many = done(customer::export(&world.app, &admin(), asked.clone(), 5)).map(|export| export.rows);
        assert_eq!(invalid(too_many), ("format".to_owned(), "too_many_rows"));
        refused(done(customer::export(&world.app, &staff(Role::Support, None), asked, 100)).map(|export| export.rows), "forbidden");
        world.app.database.flush_audit().unwrap();
        let trail = world.rows("select detail from audit where action = 'customer.export.list' order by audit_id");
        let rows: Vec<bool> = trail.iter().map(|detail| detail.contains(r#""sort":"name""#)).collect();
        assert_eq!(rows, [true, true], "{trail:?}");
        assert!(trail[0].contains(r#""rows":6"#) && trail[1].contains(r#""rows":3"#), "{trail:?}");
    }

    fn walks_of_accounts_and_of_xdrs_meet_each_once_in_any_order(world: &mut World) {
        let (max, ada) = (world.reseller("Max"), world.add("Ada"));
        let sub = world.subcustomer("Sub", max);
        let slices = ROWS_AT_ONCE + 7;
        for number in 0..slices {
            add(world, new_account(if number % 2 == 0 { ada } else { sub }, &format!("4930{number:05}")));
        }
        for (sort, descending) in [(AccountSort::Identity, true), (AccountSort::Customer, false)] {
            let request = AccountListRequest { sort, descending, ..AccountListRequest::default() };
            let all = done(account::export(&world.app, &admin(), request.clone(), 1_000)).unwrap();
            let found: BTreeSet<String> = rows(&all).into_iter().map(|row| row.account.identity).collect();
            assert_eq!((all.rows, found.len()), (i64::try_from(slices).ok(), slices));
            let scoped = done(account::export(&world.app, &staff(Role::Reseller, Some(max)), request.clone(), 1_000)).unwrap();
            assert_eq!(rows(&scoped).len(), slices / 2);
            let too_many = done(account::export(&world.app, &admin(), request.clone(), 5)).map(|export| export.rows);
            assert_eq!(invalid(too_many), ("format".to_owned(), "too_many_rows"));
            refused(done(account::export(&world.app, &staff(Role::Support, None), request, 1_000)).map(|export| export.rows), "forbidden");
        }
        for number in 1..=3 {
            world.post(if number == 2 { sub } else { ada }, PostingAction::ManualCharge, &number.to_string()).unwrap();
        }
        let amounts = |who: &Context, customer_id: Option<Id>| {
            let export = done(xdr::export(&world.app, who, XdrListRequest { customer_id, descending: true, ..XdrListRequest::default() }, 1_000)).unwrap();
            (export.rows, rows(&export).iter().map(|row| row.xdr.owed.to_string()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(amounts(&admin(), Some(ada)), (Some(2), "3 1".to_owned()));
        assert_eq!(amounts(&admin(), None), (Some(3), "3 2 1".to_owned()));
        assert_eq!(amounts(&staff(Role::Reseller, Some(max)), None), (Some(1), "2".to_owned()));
        let forbidden = xdr::export(&world.app, &staff(Role::Support, None), XdrListRequest::default(), 1_000);
        refused(done(forbidden).map(|export| export.rows), "forbidden");
    }
}
