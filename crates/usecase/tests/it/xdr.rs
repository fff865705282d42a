//! The list of xDRs: a customer's by the moment of billing, everybody's in the order in which they came, within the scope.

use trunkline_usecase::Context;
use trunkline_usecase::customer::PageWanted;
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::error::Result;
use trunkline_usecase::xdr::{self, XdrListRequest, XdrPage};

use crate::world::{World, admin, done, invalid, money, refused, staff, start};

fn list(world: &World, who: &Context, request: XdrListRequest) -> Result<XdrPage> {
    done(xdr::list(&world.app, who, XdrListRequest { limit: if request.limit == 0 { 100 } else { request.limit }, ..request }))
}

/// Kind and amount of each row.
fn shown(page: Result<XdrPage>) -> Vec<String> {
    page.unwrap().rows.iter().map(|row| format!("{} {}", row.kind.code(), row.xdr.owed)).collect()
}

fn of(customer_id: Id) -> XdrListRequest {
    XdrListRequest { customer_id: Some(customer_id), ..XdrListRequest::default() }
}

on_both! {
    fn a_customers_xdrs_tell_what_they_are_and_are_filtered(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        let actions = [
            (PostingAction::ManualCharge, "7"),
            (PostingAction::ManualPayment, "5"),
            (PostingAction::Refund, "2"),
            (PostingAction::PromotionalCredit, "1"),
            (PostingAction::ManualCredit, "3"),
        ];
        for (number, (action, amount)) in actions.into_iter().enumerate() {
            world.advance(start().plus_seconds(60 * i64::try_from(number).unwrap()));
            world.post(ada, action, amount).unwrap();
        }
        world.post(bob, PostingAction::ManualCharge, "9").unwrap();
        let all = ["charge 7", "payment -5", "refund 2", "credit -1", "credit -3"];
        assert_eq!(shown(list(world, &admin(), of(ada))), all);
        let latest_first: Vec<&str> = all.into_iter().rev().collect();
        assert_eq!(shown(list(world, &admin(), XdrListRequest { descending: true, ..of(ada) })), latest_first);
        let payments = XdrListRequest { service: Some("payments".to_owned()), with_total: true, ..of(ada) };
        let page = list(world, &admin(), payments.clone()).unwrap();
        assert_eq!(page.total.map(|total| (total.count, total.exact)), Some((2, true)));
        assert_eq!(shown(list(world, &admin(), payments)), ["payment -5", "refund 2"]);
        let minute = |count: i64| Some(start().plus_seconds(60 * count));
        assert_eq!(shown(list(world, &admin(), XdrListRequest { from: minute(1), before: minute(3), ..of(ada) })), ["payment -5", "refund 2"]);
        assert_eq!(shown(list(world, &admin(), XdrListRequest { account_id: Some(4), ..of(ada) })), Vec::<String>::new());
        assert_eq!(shown(list(world, &admin(), XdrListRequest { descending: true, limit: 2, ..XdrListRequest::default() })), ["charge 9", "credit -3"]);
        assert_eq!(list(world, &admin(), of(ada)).unwrap().rows[0].customer.name, "Ada");

        let figures = done(xdr::summary(&world.app, &admin(), of(ada))).unwrap();
        assert_eq!(figures.total.map(|total| (total.count, total.exact)), Some((5, true)));
        let totals: Vec<_> = figures.totals.iter().map(|total| (total.currency.code().to_owned(), total.xdrs, total.charged, total.credited)).collect();
        assert_eq!(totals, [("EUR".to_owned(), 5, Some(money("9")), Some(money("9")))]);
        let everybodys = done(xdr::summary(&world.app, &admin(), XdrListRequest::default())).unwrap();
        assert_eq!((everybodys.total, everybodys.totals), (None, Vec::new()));
        refused(done(xdr::summary(&world.app, &admin(), of(4_711))).map(drop), "not_found");

        let reversed = XdrListRequest { from: minute(3), before: minute(1), ..of(ada) };
        assert_eq!(invalid(list(world, &admin(), reversed).map(drop)), ("bill_time_before".to_owned(), "range_reversed"));
        let without_customer = XdrListRequest { from: minute(3), ..XdrListRequest::default() };
        assert_eq!(invalid(list(world, &admin(), without_customer).map(drop)), ("bill_time_from".to_owned(), "needs_customer"));
        refused(list(world, &admin(), of(4_711)).map(drop), "not_found");
    }

    fn xdrs_are_paged_both_ways_and_a_place_belongs_to_its_list(world: &mut World) {
        let (ada, bob) = (world.add("Ada"), world.add("Bob"));
        for number in 1..=11 {
            world.post(if number % 3 == 0 { bob } else { ada }, PostingAction::ManualCharge, &number.to_string()).unwrap();
        }
        for (request, count) in [(of(ada), 8), (XdrListRequest { descending: true, ..of(ada) }, 8), (XdrListRequest::default(), 11)] {
            let all = shown(list(world, &admin(), request.clone()));
            assert_eq!(all.len(), count);
            let walk = |first: PageWanted| {
                let (mut pages, mut wanted, backwards) = (Vec::new(), first.clone(), first == PageWanted::Last);
                loop {
                    let page = list(world, &admin(), XdrListRequest { limit: 3, page: wanted, ..request.clone() }).unwrap();
                    let further = if backwards { page.previous.clone().map(PageWanted::Before) } else { page.next.clone().map(PageWanted::After) };
                    pages.push(shown(Ok(page)));
                    match further {
                        Some(page) => wanted = page,
                        None => break,
                    }
                }
                if backwards {
                    pages.reverse();
                }
                pages.concat()
            };
            assert_eq!(walk(PageWanted::First), all);
            assert_eq!(walk(PageWanted::Last), all);
        }
        let cursor = list(world, &admin(), XdrListRequest { limit: 3, ..of(ada) }).unwrap().next.unwrap();
        for foreign in [of(bob), XdrListRequest { descending: true, ..of(ada) }, XdrListRequest::default()] {
            refused(list(world, &admin(), XdrListRequest { page: PageWanted::After(cursor.clone()), ..foreign }).map(drop), "invalid_cursor");
        }
        refused(list(world, &admin(), XdrListRequest { page: PageWanted::After("ÿ".to_owned()), ..of(ada) }).map(drop), "invalid_cursor");
    }

    fn staff_of_a_reseller_see_its_customers_xdrs_alone(world: &mut World) {
        let max = world.reseller("Max");
        let (own, foreign) = (world.subcustomer("Own", max), world.add("Foreign"));
        for customer in [own, foreign, max] {
            world.post(customer, PostingAction::ManualCharge, "1").unwrap();
        }
        let context = staff(Role::Reseller, Some(max));
        let rows = list(world, &context, XdrListRequest::default()).unwrap().rows;
        assert_eq!(rows.iter().map(|row| row.customer.name.as_str()).collect::<Vec<_>>(), ["Own"]);
        assert_eq!(shown(list(world, &context, of(own))), ["charge 1"]);
        for customer in [foreign, max, 4_711] {
            refused(list(world, &context, of(customer)).map(drop), "not_found");
        }
    }
}
