//! The Customer list: pages with positions, totals, cursors that belong to their request, rows that are never stale.

use trunkline_storage::customer_list::{Entry, GATHERED_MAX, add_many};
use trunkline_storage::invoice;
use trunkline_storage::writer::StoredStatus;
use trunkline_usecase::customer::{
    self, CustomerChange, CustomerFilter, CustomerNew, ListRequest, ListSort, MatchMode, PageWanted, SearchRequest, SortBy, Termination,
    TextSearch, Total, TotalWanted,
};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::billing::BillingPeriod;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_usecase::domain::invoice::OpenInvoice;
use trunkline_usecase::domain::money::Currency;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::domain::status::CustomerStatus;

use crate::world::{World, admin, day, done, id_of, invalid, money, new_customer, refused, staff, utc};

/// A condition that makes a search a scan.
type Condition = Box<dyn Fn(&customer::CustomerView) -> bool + Send>;

fn request(limit: usize) -> ListRequest {
    ListRequest { limit, ..ListRequest::default() }
}

/// Rows of the list alone, without their customers: enough to be counted, and quickly made.
fn add_rows(world: &World, ids: std::ops::RangeInclusive<i64>) {
    let row = |customer_id: i64| Entry {
        customer_id,
        name_key: "ab".to_owned(),
        company_key: String::new(),
        customer_type: CustomerType::Retail,
        billing_period: BillingPeriod::Monthly,
        created_at: utc("2026-06-01T00:00:00Z"),
        overdue_from: None,
        stored: StoredStatus { status_order: CustomerStatus::Active.order(), changes_at: None },
        balance_control: BalanceControl::Postpaid,
        currency: "EUR".to_owned(),
        customer_class_id: 1,
        reseller_id: 0,
        limit_kind: 1,
        credit_limit: 0,
        limit_part: 0,
        amount: 0,
    };
    let rows: Vec<Entry> = ids.map(row).collect();
    world.write(move |tx| Ok(add_many(tx, &rows)?));
}

/// A request for a page of 5 of those that the filter lets through.
fn filtered(filter: CustomerFilter) -> ListRequest {
    ListRequest { filter, ..request(5) }
}

fn of_status(status: CustomerStatus) -> CustomerFilter {
    CustomerFilter { statuses: vec![status], ..CustomerFilter::default() }
}

fn names(page: &customer::CustomerPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

on_both! {
    fn pages_know_their_position_and_the_total_from_both_ends(world: &mut World) {
        for number in 0..11 {
            world.add(&format!("Customer {number:02}"));
        }
        let all = Some(Total { count: 11, exact: true });
        let first = world.list(&admin(), request(4)).unwrap();
        assert_eq!((names(&first).len(), first.first_position, first.total, first.previous.as_ref()), (4, Some(1), all, None));
        let second = world.list(&admin(), ListRequest { page: PageWanted::After(first.next.clone().unwrap()), ..request(4) }).unwrap();
        assert_eq!((names(&second)[0], second.first_position), ("Customer 04", Some(5)));
        let third = world.list(&admin(), ListRequest { page: PageWanted::After(second.next.clone().unwrap()), ..request(4) }).unwrap();
        assert_eq!((names(&third).len(), third.first_position, third.next.as_ref()), (3, Some(9), None));
        let last = world.list(&admin(), ListRequest { page: PageWanted::Last, ..request(4) }).unwrap();
        assert_eq!((names(&last), last.first_position), (names(&third), Some(9)));
        let back = world.list(&admin(), ListRequest { page: PageWanted::Before(last.previous.unwrap()), ..request(4) }).unwrap();
        assert_eq!((names(&back), back.first_position), (names(&second), Some(5)));
        let offset = world.list(&admin(), ListRequest { page: PageWanted::Offset(9), ..request(4) }).unwrap();
        assert_eq!((names(&offset), offset.first_position), (vec!["Customer 09", "Customer 10"], Some(10)));
        let none = world.list(&admin(), ListRequest { total: TotalWanted::None, ..request(4) }).unwrap();
        assert_eq!(none.total, None);
        let yen = CustomerFilter { currency: Some(Currency::parse("JPY").unwrap()), ..CustomerFilter::default() };
        let empty = ListRequest { page: PageWanted::Last, total: TotalWanted::Exact, ..filtered(yen) };
        let empty = world.list(&admin(), empty).unwrap();
        assert_eq!((empty.rows.len(), empty.total, empty.first_position), (0, Some(Total { count: 0, exact: true }), None));
    }

    fn a_bounded_total_is_exact_up_to_ten_thousand(world: &mut World) {
        let total = |wanted: TotalWanted| world.list(&admin(), ListRequest { total: wanted, ..request(1) }).unwrap().total.unwrap();
        add_rows(world, 1..=10_000);
        assert_eq!(total(TotalWanted::Bounded), Total { count: 10_000, exact: true });
        add_rows(world, 10_001..=10_001);
        assert_eq!(total(TotalWanted::Bounded), Total { count: 10_000, exact: false });
        add_rows(world, 10_002..=11_001);
        assert_eq!(total(TotalWanted::Bounded), Total { count: 10_000, exact: false });
        assert_eq!(total(TotalWanted::Exact), Total { count: 11_001, exact: true });
        // That the total is far above the bound is remembered; to ask for the exact one helps nevertheless.
        assert_eq!(total(TotalWanted::Bounded), Total { count: 10_000, exact: false });
        assert_eq!(total(TotalWanted::Exact), Total { count: 11_001, exact: true });
    }

    fn a_cursor_is_good_for_its_own_request_alone(world: &mut World) {
        for name in ["Ada", "Bob", "Cid"] {
            world.add(name);
        }
        let next = world.list(&admin(), request(1)).unwrap().next.unwrap();
        let after = |wanted: ListRequest, cursor: &str| world.list(&admin(), ListRequest { page: PageWanted::After(cursor.to_owned()), ..wanted });
        assert_eq!(names(&after(request(2), &next).unwrap()), ["Bob", "Cid"]);
        for other in [
            ListRequest { order: vec![ListSort::Name.down()], ..request(1) },
            ListRequest { order: vec![ListSort::Status.up()], ..request(1) },
            ListRequest { order: vec![ListSort::Email.up()], ..request(1) },
            filtered(of_status(CustomerStatus::Active)),
        ] {
            refused(after(other, &next).map(|page| page.rows.len()), "invalid_cursor");
        }
        for broken in ["", "nonsense", "e30", &next[1..], "bnVsbA"] {
            refused(after(request(1), broken).map(|page| page.rows.len()), "invalid_cursor");
        }
        // A member of another reseller's staff cannot use it either.
        let foreign = world.list(&staff(Role::Reseller, Some(7)), ListRequest { page: PageWanted::After(next), ..request(1) });
        refused(foreign.map(|page| page.rows.len()), "invalid_cursor");
    }

    fn bad_requests_are_told_by_field(world: &mut World) {
        let ask = |request: ListRequest| invalid(world.list(&admin(), request).map(|page| page.rows.len()));
        assert_eq!(ask(request(0)), ("limit".to_owned(), "out_of_range"));
        assert_eq!(ask(request(1_001)), ("limit".to_owned(), "out_of_range"));
        assert_eq!(ask(ListRequest { page: PageWanted::Offset(-1), ..request(1) }), ("offset".to_owned(), "out_of_range"));
        let name = |text: &str, mode: MatchMode| filtered(CustomerFilter { search: Some(TextSearch::name(mode, text)), ..CustomerFilter::default() });
        for mode in [MatchMode::Contains, MatchMode::EndsWith] {
            assert_eq!(ask(name("ab", mode)), ("search".to_owned(), "search_too_short"));
            // Four characters as typed, two as names are matched.
            assert_eq!(ask(name(" ab\u{3000}", mode)).1, "search_too_short");
        }
        assert_eq!(ask(name(&"x".repeat(101), MatchMode::StartsWith)), ("search".to_owned(), "too_long"));
        assert!(world.list(&admin(), name("  ", MatchMode::Contains)).is_ok());
    }

    /// A status whose moment has come is shown before anybody has stored it.
    fn a_row_is_never_stale(world: &mut World) {
        let id = world.add("Ada");
        let how = Termination::Provisional { closes_on: Some(day("2026-06-12")) };
        done(customer::terminate(&world.app, &admin(), id, how, None, id_of)).unwrap();
        world.app.clock().advance_to(utc("2026-06-11T21:00:00Z"));
        world.app.reserve_ids().unwrap();
        assert_eq!(world.stored(id).0, CustomerStatus::ProvisionallyTerminated);
        let page = world.list(&admin(), request(5)).unwrap();
        assert_eq!((page.rows[0].status, page.rows[0].since), (CustomerStatus::Closed, Some(utc("2026-06-11T21:00:00Z"))));
        // So is one that is stored as active.
        let limited = world.create(CustomerNew { credit_limit: Some(money("50")), ..new_customer(world, "Bob") });
        let raised = TemporaryLimit { amount: money("100"), until: utc("2026-06-12T10:00:00Z") };
        let change = CustomerChange { temporary_limit: Some(Some(raised)), ..CustomerChange::default() };
        done(customer::update(&world.app, &admin(), limited, change, id_of)).unwrap();
        world.post(limited, PostingAction::ManualCharge, "60").unwrap();
        world.app.clock().advance_to(raised.until);
        world.app.reserve_ids().unwrap();
        assert_eq!(world.stored(limited).0, CustomerStatus::Active);
        let page = world.list(&admin(), request(5)).unwrap();
        assert_eq!((page.rows[1].status, page.rows[1].credit_limit), (CustomerStatus::CreditExceeded, Some(money("50"))));
        world.work();
        assert_eq!(world.stored(id).0, CustomerStatus::Closed);
        assert_eq!(world.stored(limited).0, CustomerStatus::CreditExceeded);
        let page = world.list(&admin(), filtered(of_status(CustomerStatus::Closed))).unwrap();
        assert_eq!(names(&page), ["Ada"]);
    }

    /// A row tells what comes as the customer itself does, and by which clock; where nothing will change, nothing is loaded for it.
    fn a_row_tells_its_zone_and_what_comes_of_it(world: &mut World) {
        let raised = TemporaryLimit { amount: money("100"), until: utc("2026-06-12T10:00:00Z") };
        let limited = world.create(CustomerNew { credit_limit: Some(money("50")), time_zone: "Asia/Tokyo".to_owned(), ..new_customer(world, "Ada") });
        let change = CustomerChange { temporary_limit: Some(Some(raised)), ..CustomerChange::default() };
        done(customer::update(&world.app, &admin(), limited, change, id_of)).unwrap();
        world.post(limited, PostingAction::ManualCharge, "60").unwrap();
        let plain = world.add("Bob");
        let page = world.list(&admin(), request(5)).unwrap();
        let row = &page.rows[0];
        assert_eq!((row.status, row.time_zone.as_str()), (CustomerStatus::Active, "Asia/Tokyo"));
        let next = row.next.clone().unwrap();
        assert_eq!((next.at, next.shown), (raised.until, CustomerStatus::CreditExceeded));
        assert_eq!(row.next, world.get(limited).unwrap().next);
        assert_eq!((page.rows[1].time_zone.as_str(), page.rows[1].next.clone()), ("Europe/Kyiv", None));
        assert_eq!(world.get(plain).unwrap().next, None);
        let bare = world.list(&admin(), ListRequest { without_reasons: true, ..request(5) }).unwrap();
        assert_eq!((bare.rows[0].next.clone(), bare.rows[0].time_zone.as_str()), (None, "Asia/Tokyo"));
    }

    fn amounts_are_the_true_ones_and_their_order_follows(world: &mut World) {
        for (name, control, limit) in [("Ada", BalanceControl::Postpaid, Some("100")), ("Bob", BalanceControl::Postpaid, None), ("Cid", BalanceControl::Prepaid, None)] {
            world.create(CustomerNew { balance_control: control, credit_limit: limit.map(money), ..new_customer(world, name) });
        }
        let ids: Vec<i64> = world.list(&admin(), request(5)).unwrap().rows.iter().map(|row| row.customer_id).collect();
        world.post(ids[0], PostingAction::ManualCharge, "37.61").unwrap();
        world.post(ids[1], PostingAction::ManualCharge, "12").unwrap();
        world.post(ids[2], PostingAction::ManualPayment, "23.61693").unwrap();
        world.app.database.catch_up_amounts().unwrap();
        let sorted = |sort: ListSort, descending: bool| {
            let page = world.list(&admin(), ListRequest { order: vec![SortBy { sort, descending }], ..request(5) }).unwrap();
            page.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(sorted(ListSort::Balance, false), ["Bob", "Ada", "Cid"]);
        assert_eq!(sorted(ListSort::Balance, true), ["Ada", "Bob", "Cid"]);
        assert_eq!(sorted(ListSort::AvailableFunds, false), ["Cid", "Ada", "Bob"]);
        assert_eq!(sorted(ListSort::CreditLimit, false), ["Ada", "Bob", "Cid"]);
        let page = world.list(&admin(), request(5)).unwrap();
        let shown: Vec<_> = page.rows.iter().map(|row| (row.balance, row.credit_limit, row.available_funds)).collect();
        assert_eq!(
            shown,
            [
                (money("37.61"), Some(money("100")), Some(money("62.39"))),
                (money("12"), None, None),
                (money("-23.61693"), None, Some(money("23.61693")))
            ]
        );
    }

    fn reading_leaves_who_asked_for_what_and_what_was_shown(world: &mut World) {
        let id = world.add("Ada");
        let asked = filtered(CustomerFilter { search: Some(TextSearch::name(MatchMode::StartsWith, "aDa")), ..of_status(CustomerStatus::Active) });
        world.list(&staff(Role::Auditor, None), asked).unwrap();
        world.get(id).unwrap();
        refused(world.get(4_711), "not_found");
        world.app.database.flush_audit().unwrap();
        let rows = world.rows("select actor || '|' || action || '|' || cast(customer_id as text) || '|' || detail from audit where action like '%.read' or action like '%.list' order by audit_id");
        assert_eq!(rows.len(), 2, "{rows:?}");
        let detail = rows[0].strip_prefix("staff:77|customer.list|0|").unwrap();
        let detail: serde_json::Value = serde_json::from_str(detail).unwrap();
        assert_eq!((&detail["filter"]["search"], &detail["filter"]["statuses"], &detail["ids"]), (&"ada".into(), &serde_json::json!(["active"]), &serde_json::json!([id])));
        assert_eq!(rows[1], format!("system|customer.read|{id}|{{}}"));
    }

    fn a_search_with_conditions_counts_and_skips_as_one_without(world: &mut World) {
        for number in 0..25 {
            let id = world.add(&format!("Customer {number:02}"));
            if number % 5 == 0 {
                world.post(id, PostingAction::ManualCharge, "1").unwrap();
            }
        }
        let found = |with_condition: bool, offset: usize| {
            let owes_nothing: fn(&customer::CustomerView) -> bool = |view| view.facts.balance.is_zero();
            let also = with_condition.then(|| -> Condition { Box::new(owes_nothing) });
            let page = done(customer::search(&world.app, &admin(), SearchRequest { also, offset, limit: 3, total: true, usage: true, ..SearchRequest::default() })).unwrap();
            (page.rows.iter().map(|row| (row.view.customer.name.clone(), row.is_used)).collect::<Vec<_>>(), page.total)
        };
        let named = |numbers: [(&str, bool); 3]| numbers.map(|(number, used)| (format!("Customer {number}"), Some(used))).to_vec();
        assert_eq!(found(false, 4), (named([("04", false), ("05", true), ("06", false)]), Some(25)));
        assert_eq!(found(true, 3), (named([("04", false), ("06", false), ("07", false)]), Some(20)));
        assert_eq!(found(true, 30), (Vec::new(), Some(20)));
    }

    fn an_order_of_several_columns_asks_for_a_filter_where_too_many_match(world: &mut World) {
        let order = vec![SortBy { sort: ListSort::Currency, descending: false }, SortBy { sort: ListSort::Created, descending: true }];
        let asked = |filter| done(customer::list(&world.app, &admin(), ListRequest { filter, order: order.clone(), ..request(5) })).map(|page| page.total);
        let most = GATHERED_MAX;
        add_rows(world, 1..=most);
        assert_eq!(asked(CustomerFilter::default()).unwrap(), Some(Total { count: most, exact: true }));
        add_rows(world, most + 1..=most + 1);
        assert_eq!(invalid(asked(CustomerFilter::default())), ("sort".to_owned(), "sort_needs_filter"));
        assert_eq!(asked(of_status(CustomerStatus::Blocked)).unwrap(), Some(Total { count: 0, exact: true }));
    }

    fn what_is_open_is_overdue_from_the_customer_s_own_midnight_on(world: &mut World) {
        for (name, time_zone) in [("Kyiv", "Europe/Kyiv"), ("Auckland", "Pacific/Auckland")] {
            let id = world.create(CustomerNew { time_zone: time_zone.to_owned(), ..new_customer(world, name) });
            let ids = world.app.new_ids::<1>(world.now()).unwrap();
            world.facts(id, move |tx, now| {
                let (total, due_on) = (money("120"), day("2026-06-16"));
                let open = OpenInvoice { invoice_id: ids[0], number: ids[0], issued_at: now, due_on, total, outstanding: total };
                invoice::add(tx, id, &invoice::NewInvoice { invoice: open, period_from: now, period_to: now })
            });
        }
        // In Auckland the day of 16 June ends at 12:00 UTC, in Kyiv at 21:00.
        for (moment, overdue) in [
            ("2026-06-16T11:59:59Z", vec![]),
            ("2026-06-16T12:00:00Z", vec!["Auckland"]),
            ("2026-06-16T20:59:59Z", vec!["Auckland"]),
            ("2026-06-16T21:00:00Z", vec!["Auckland", "Kyiv"]),
        ] {
            world.advance(utc(moment));
            let filter = |overdue| CustomerFilter { overdue: Some(overdue), ..CustomerFilter::default() };
            let page = world.list(&admin(), filtered(filter(true))).unwrap();
            assert_eq!(names(&page), overdue, "{moment}");
            assert!(page.rows.iter().all(|row| row.overdue == money("120")), "{moment}");
            let others = world.list(&admin(), filtered(filter(false))).unwrap();
            assert_eq!(others.rows.len(), 2 - overdue.len(), "{moment}");
            assert!(others.rows.iter().all(|row| row.overdue.is_zero()), "{moment}");
            let totals = done(customer::summary(&world.app, &admin(), &CustomerFilter::default())).unwrap().totals;
            assert_eq!(totals[0].overdue, Some(money(&(120 * overdue.len()).to_string())), "{moment}");
        }
    }
}
