//! The list of customer classes: search, order and pages are what looking at each class gives.

use trunkline_storage::customer_list::MatchMode;
use trunkline_usecase::customer::PageWanted;
use trunkline_usecase::customer_class::{self, ClassListRequest, ClassPage, ClassSort};
use trunkline_usecase::error::Result;

use crate::world::{World, admin, done, invalid, refused};

fn list(world: &World, request: ClassListRequest) -> Result<ClassPage> {
    let limit = if request.limit == 0 { 100 } else { request.limit };
    done(customer_class::list(&world.app, &admin(), ClassListRequest { limit, ..request }))
}

fn names(page: &ClassPage) -> Vec<&str> {
    page.rows.iter().map(|class| class.name.as_str()).collect()
}

on_both! {
    fn classes_are_found_in_four_ways_and_sorted_by_their_settings(world: &mut World) {
        for (name, currency) in [("Überall", None), ("Retail yen", Some("JPY")), ("Wholesale", Some("EUR")), ("Yen wholesale", Some("JPY"))] {
            world.make_class(name, currency);
        }
        let found = |mode, text: &str| {
            let page = list(world, ClassListRequest { search: Some(text.to_owned()), mode: Some(mode), ..ClassListRequest::default() }).unwrap();
            assert_eq!(page.total.count, i64::try_from(page.rows.len()).unwrap());
            names(&page).join(", ")
        };
        assert_eq!(found(MatchMode::StartsWith, "YEN"), "Yen wholesale");
        assert_eq!(found(MatchMode::Contains, "yen"), "Retail yen, Yen wholesale");
        assert_eq!(found(MatchMode::EndsWith, "yen"), "Retail yen");
        assert_eq!(found(MatchMode::Exactly, "überall"), "Überall");
        assert_eq!(found(MatchMode::Contains, "z"), "");
        assert_eq!(found(MatchMode::Contains, " "), "Retail yen, Standard, Wholesale, Yen wholesale, Überall");

        let sorted = |sort, descending| names(&list(world, ClassListRequest { sort, descending, ..ClassListRequest::default() }).unwrap()).join(", ");
        assert_eq!(sorted(ClassSort::Name, true), "Überall, Yen wholesale, Wholesale, Standard, Retail yen");
        // Those for any currency come last, both ways.
        assert_eq!(sorted(ClassSort::Currency, false), "Wholesale, Retail yen, Yen wholesale, Standard, Überall");
        assert_eq!(sorted(ClassSort::Currency, true), "Retail yen, Yen wholesale, Wholesale, Standard, Überall");
    }

    fn the_pages_of_classes_meet_each_once_both_ways(world: &mut World) {
        for number in 0..9 {
            world.make_class(&format!("Class {number}"), if number % 3 == 0 { None } else { Some("EUR") });
        }
        for sort in ClassSort::ALL {
            for descending in [false, true] {
                let of = |page, limit| list(world, ClassListRequest { sort, descending, page, limit, ..ClassListRequest::default() }).unwrap();
                let whole = of(PageWanted::First, 100);
                let all = names(&whole).join(", ");
                let mut page = of(PageWanted::First, 4);
                let mut forward = names(&page).join(", ");
                while let Some(next) = page.next.clone() {
                    page = of(PageWanted::After(next), 4);
                    forward = format!("{forward}, {}", names(&page).join(", "));
                }
                assert_eq!(forward, all, "{sort:?} {descending}");
                let mut page = of(PageWanted::Last, 4);
                assert_eq!((page.rows.len(), page.first_position, page.total.count), (2, Some(9), 10));
                let mut backward = names(&page).join(", ");
                while let Some(previous) = page.previous.clone() {
                    page = of(PageWanted::Before(previous), 4);
                    backward = format!("{}, {backward}", names(&page).join(", "));
                }
                assert_eq!(backward, all, "{sort:?} {descending}");
            }
        }
        let cursor = list(world, ClassListRequest { limit: 4, ..ClassListRequest::default() }).unwrap().next.unwrap();
        let turned = ClassListRequest { descending: true, page: PageWanted::After(cursor), ..ClassListRequest::default() };
        refused(list(world, turned).map(drop), "invalid_cursor");
        let long = ClassListRequest { search: Some("x".repeat(101)), ..ClassListRequest::default() };
        assert_eq!(invalid(list(world, long).map(drop)), ("search".to_owned(), "too_long"));
        let many = ClassListRequest { limit: 1_001, ..ClassListRequest::default() };
        assert_eq!(invalid(list(world, many).map(drop)), ("limit".to_owned(), "out_of_range"));
    }
}
