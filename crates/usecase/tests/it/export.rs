//! A whole list: all of its rows in its order, whatever the page; who may, how many, and what the trail says.

use trunkline_usecase::customer::{self, CustomerRow, ListRequest, PageWanted, TotalWanted};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::export::{Export, ROWS_AT_ONCE};

use crate::world::{World, admin, done, invalid, refused, staff};

fn walk(export: &Export<CustomerRow>) -> Vec<String> {
    let (mut names, mut place) = (Vec::new(), None);
    loop {
        let slice = done((export.read)(place)).unwrap();
        assert!(slice.rows.len() <= ROWS_AT_ONCE);
        names.extend(slice.rows.into_iter().map(|row| row.name));
        match slice.next {
            Some(next) => place = Some(next),
            None => return names,
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
        assert_eq!((all.rows, walk(&all).join(" ").as_str()), (6, "Eve Foreign Max Own 0 Own 1 Own 2"));
        let scoped = done(customer::export(&world.app, &staff(Role::Reseller, Some(max)), asked.clone(), 100)).unwrap();
        assert_eq!((scoped.rows, walk(&scoped)), (3, vec!["Own 0".to_owned(), "Own 1".to_owned(), "Own 2".to_owned()]));
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
}
