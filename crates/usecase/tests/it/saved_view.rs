//! Saved views: who sees and changes whose, names, limits, the later change that wins, and what is told of it.

use serde_json::{Value, json};
use trunkline_storage::staff as stored;
use trunkline_usecase::Context;
use trunkline_usecase::actor::Actor;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::saved_view::{SavedList, VIEWS_PER_PERSON_MAX, VIEWS_SHARED_MAX};
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::error::Result;
use trunkline_usecase::saved_view::{self, Changed, SavedView, SavedViewChange, SavedViewNew};

use crate::world::{World, admin, done, invalid, refused, start};

/// A member of staff with a row of its own.
fn person(world: &World, login: &str, role: Role, reseller_id: Option<Id>) -> Context {
    let now = world.now();
    let staff_id = world.app.new_id(now).unwrap();
    let member = stored::Staff {
        staff_id,
        login: login.to_owned(),
        name: format!("{login} of the staff"),
        email: None,
        role,
        reseller_id,
        password_hash: String::new(),
        created_at: now,
        disabled_at: None,
        version: 1,
    };
    let (name, login) = (member.name.clone(), login.to_owned());
    assert!(world.write(move |tx| Ok(stored::add(tx, &member)?)));
    Context::of(Actor { staff_id: Some(staff_id), login, name, role, reseller_id })
}

fn new(name: &str, shared: bool) -> SavedViewNew {
    let columns = json!({ "order": ["name", "status"] }).as_object().cloned();
    SavedViewNew { list: SavedList::Customers, name: name.to_owned(), shared, query: "status=blocked".to_owned(), columns }
}

fn keep(world: &World, who: &Context, new: SavedViewNew) -> Result<Id> {
    done(saved_view::create(&world.app, who, new, |view| view.saved_view_id.to_string())).map(|id| id.parse().unwrap())
}

fn seen(world: &World, who: &Context) -> Vec<SavedView> {
    done(saved_view::list(&world.app, who, Some(SavedList::Customers))).unwrap()
}

fn names(world: &World, who: &Context) -> Vec<String> {
    seen(world, who).into_iter().map(|view| view.name).collect()
}

/// The version afterwards, and the version and the author that were gone over.
fn change(world: &World, who: &Context, id: Id, change: SavedViewChange) -> Result<String> {
    let told = |changed: &Changed| {
        let overtook = changed.overtook.as_ref().map(|older| format!(" over {} of {}", older.version, older.changed_by_name));
        format!("{}{}", changed.view.version, overtook.unwrap_or_default())
    };
    done(saved_view::update(&world.app, who, id, change, told))
}

fn renamed(name: &str) -> SavedViewChange {
    SavedViewChange { name: Some(name.to_owned()), ..SavedViewChange::default() }
}

fn delete(world: &World, who: &Context, id: Id) -> Result<String> {
    done(saved_view::delete(&world.app, who, id))
}

on_both! {
    fn a_view_comes_back_as_it_was_kept(world: &mut World) {
        let ada = person(world, "ada", Role::Support, None);
        let id = keep(world, &ada, new("  Blocked ones ", true)).unwrap();
        let staff_id = ada.actor.staff_id.unwrap();
        let kept = SavedView {
            saved_view_id: id,
            list: SavedList::Customers,
            owner_id: staff_id,
            owner_name: "ada of the staff".to_owned(),
            name: "Blocked ones".to_owned(),
            shared: true,
            query: "status=blocked".to_owned(),
            columns: Some(r#"{"order":["name","status"]}"#.to_owned()),
            created_at: start(),
            changed_at: start(),
            changed_by_id: staff_id,
            changed_by_name: "ada of the staff".to_owned(),
            version: 1,
        };
        assert_eq!(seen(world, &ada), std::slice::from_ref(&kept));
        assert_eq!(done(saved_view::list(&world.app, &ada, None)).unwrap(), std::slice::from_ref(&kept));
        assert_eq!(done(saved_view::list(&world.app, &ada, Some(SavedList::Accounts))).unwrap(), []);

        let bob = person(world, "bob", Role::Finance, None);
        world.advance(start().plus_seconds(60));
        let whole = SavedViewChange { query: Some(String::new()), columns: Some(None), ..renamed("Bobs") };
        assert_eq!(change(world, &bob, id, whole).unwrap(), "2");
        let changed = SavedView {
            name: "Bobs".to_owned(),
            query: String::new(),
            columns: None,
            changed_at: start().plus_seconds(60),
            changed_by_id: bob.actor.staff_id.unwrap(),
            changed_by_name: "bob of the staff".to_owned(),
            version: 2,
            ..kept
        };
        assert_eq!(seen(world, &ada), [changed]);
        assert_eq!(delete(world, &ada, id).unwrap(), "");
        assert_eq!(seen(world, &bob), []);
        refused(delete(world, &ada, id), "forbidden");
    }

    fn shared_views_are_seen_within_the_carrier_or_within_one_reseller(world: &mut World) {
        let (max, eve) = (world.reseller("Max"), world.reseller("Eve"));
        let people = [
            person(world, "ada", Role::Administrator, None),
            person(world, "bob", Role::Auditor, None),
            person(world, "mia", Role::Reseller, Some(max)),
            person(world, "mo", Role::Reseller, Some(max)),
            person(world, "eva", Role::Reseller, Some(eve)),
        ];
        let mut ids = Vec::new();
        for who in &people {
            let shares = who.actor.role != Role::Auditor;
            ids.push(keep(world, who, new(&format!("of {}", who.actor.login), shares)).unwrap());
            keep(world, who, new(&format!("own of {}", who.actor.login), false)).unwrap();
        }
        let [ada, bob, mia, mo, eva] = &people;
        assert_eq!(names(world, ada), ["of ada", "own of ada"]);
        assert_eq!(names(world, bob), ["of ada", "of bob", "own of bob"]);
        assert_eq!(names(world, mia), ["of mia", "of mo", "own of mia"]);
        assert_eq!(names(world, mo), ["of mia", "of mo", "own of mo"]);
        assert_eq!(names(world, eva), ["of eva", "own of eva"]);
        // What one does not see is not there, whatever it is asked for.
        for (who, id) in [(ada, ids[2]), (mia, ids[0]), (mia, ids[4]), (ada, ids[1])] {
            refused(change(world, who, id, renamed("Taken over")), "not_found");
        }
        // An owner who moves to another reseller takes the shared views along.
        let moved = mo.actor.staff_id.unwrap();
        world.write(move |tx| {
            let before = stored::load(tx, moved)?.unwrap();
            Ok(stored::save(tx, &stored::Staff { reseller_id: Some(eve), version: 2, ..before })?)
        });
        assert_eq!(names(world, mia), ["of mia", "own of mia"]);
        assert_eq!(names(world, eva), ["of eva", "of mo", "own of eva"]);
    }

    fn who_may_change_share_and_delete_what(world: &mut World) {
        let ada = person(world, "ada", Role::Administrator, None);
        let sam = person(world, "sam", Role::Support, None);
        let fin = person(world, "fin", Role::Finance, None);
        let aud = person(world, "aud", Role::Auditor, None);
        let id = keep(world, &sam, new("Shared", true)).unwrap();
        assert_eq!(change(world, &fin, id, renamed("Renamed")).unwrap(), "2");
        refused(change(world, &aud, id, renamed("Audited")), "forbidden");
        // Out of the others' reach it goes by its owner or an administrator alone.
        let hidden = SavedViewChange { shared: Some(false), ..SavedViewChange::default() };
        let shown = SavedViewChange { shared: Some(true), ..SavedViewChange::default() };
        refused(change(world, &fin, id, hidden.clone()), "forbidden");
        refused(delete(world, &fin, id), "forbidden");
        assert_eq!(change(world, &sam, id, hidden).unwrap(), "3");
        refused(change(world, &ada, id, shown.clone()), "not_found");
        assert_eq!(change(world, &sam, id, shown.clone()).unwrap(), "4");
        delete(world, &ada, id).unwrap();
        // An auditor keeps own views, and shows them to nobody.
        refused(keep(world, &aud, new("Shared", true)), "forbidden");
        let own = keep(world, &aud, new("Own", false)).unwrap();
        assert_eq!(change(world, &aud, own, renamed("Own still")).unwrap(), "2");
        refused(change(world, &aud, own, shown), "forbidden");
        delete(world, &aud, own).unwrap();
        // The system itself is nobody who could come back to a view.
        refused(keep(world, &admin(), new("Nobody's", false)), "unauthenticated");
    }

    fn the_later_change_wins_and_is_told_what_it_went_over(world: &mut World) {
        let (ada, bob) = (person(world, "ada", Role::Support, None), person(world, "bob", Role::Support, None));
        let id = keep(world, &ada, new("View", true)).unwrap();
        let with = |query: &str, seen: i64| SavedViewChange {
            seen_version: Some(seen),
            query: Some(query.to_owned()),
            ..SavedViewChange::default()
        };
        assert_eq!(change(world, &ada, id, with("a", 1)).unwrap(), "2");
        assert_eq!(change(world, &bob, id, with("b", 1)).unwrap(), "3 over 2 of ada of the staff");
        assert_eq!(change(world, &ada, id, with("c", 3)).unwrap(), "4");
        assert_eq!(seen(world, &bob)[0].query, "c");
        // Many at once: each stands on the one before, and none is lost.
        let tickets: Vec<_> = (0..8)
            .map(|number| {
                let who = if number % 2 == 0 { &ada } else { &bob };
                saved_view::update(&world.app, who, id, with(&number.to_string(), 4), |changed| changed.view.version.to_string())
            })
            .collect();
        let mut versions: Vec<i64> = tickets.into_iter().map(|ticket| done(ticket).unwrap().parse().unwrap()).collect();
        versions.sort_unstable();
        assert_eq!(versions, (5..13).collect::<Vec<i64>>());
    }

    fn names_sizes_and_numbers_have_limits(world: &mut World) {
        let (ada, bob) = (person(world, "ada", Role::Support, None), person(world, "bob", Role::Support, None));
        let first = keep(world, &ada, new("View", false)).unwrap();
        assert_eq!(invalid(keep(world, &ada, new(" VIEW ", true))), ("name".to_owned(), "taken"));
        keep(world, &ada, SavedViewNew { list: SavedList::Accounts, ..new("View", false) }).unwrap();
        keep(world, &bob, new("View", false)).unwrap();
        let second = keep(world, &ada, new("Another", false)).unwrap();
        assert_eq!(invalid(change(world, &ada, second, renamed("view"))), ("name".to_owned(), "taken"));
        assert_eq!(change(world, &ada, first, renamed("View")).unwrap(), "2");

        let wrong = [
            (new("", false), "name", "required"),
            (new(&"x".repeat(101), false), "name", "too_long"),
            (SavedViewNew { query: "x".repeat(4_001), ..new("X", false) }, "query", "too_long"),
            (SavedViewNew { query: "a\nb".to_owned(), ..new("X", false) }, "query", "forbidden_character"),
            (SavedViewNew { columns: json!({ "x": "y".repeat(8 * 1024) }).as_object().cloned(), ..new("X", false) }, "columns", "too_large"),
        ];
        for (wrong, field, code) in wrong {
            assert_eq!(invalid(keep(world, &ada, wrong)), (field.to_owned(), code));
        }
        for number in 3..VIEWS_PER_PERSON_MAX {
            keep(world, &ada, new(&format!("View {number}"), true)).unwrap();
        }
        assert_eq!(invalid(keep(world, &ada, new("One more", false))), ("list".to_owned(), "too_many"));
        delete(world, &ada, second).unwrap();
        keep(world, &ada, new("One more", false)).unwrap();

        let shared = i64::try_from(names(world, &bob).len()).unwrap() - 1;
        let cal = person(world, "cal", Role::Support, None);
        for number in shared..VIEWS_SHARED_MAX {
            let who = if number % 2 == 0 { &bob } else { &cal };
            keep(world, who, new(&format!("Shared {number}"), true)).unwrap();
        }
        assert_eq!(invalid(keep(world, &cal, new("Too many", true))), ("shared".to_owned(), "too_many"));
        let own = keep(world, &cal, new("Own", false)).unwrap();
        let shown = SavedViewChange { shared: Some(true), ..SavedViewChange::default() };
        assert_eq!(invalid(change(world, &cal, own, shown)), ("shared".to_owned(), "too_many"));
    }

    fn each_change_leaves_an_audit_row_and_an_event_with_those_it_concerns(world: &mut World) {
        let max = world.reseller("Max");
        let mia = person(world, "mia", Role::Reseller, Some(max));
        let staff_id = mia.actor.staff_id.unwrap();
        let id = keep(world, &mia, new("View", true)).unwrap();
        let hidden = SavedViewChange { shared: Some(false), ..SavedViewChange::default() };
        change(world, &mia, id, hidden).unwrap();
        delete(world, &mia, id).unwrap();
        let event = |version: i64, deleted: bool, shared: bool| {
            json!({
                "saved_view_id": id, "list": "customers", "version": version, "deleted": deleted, "owner_id": staff_id,
                "shared": shared, "reseller_id": max, "changed_by": staff_id
            })
        };
        let events = world.rows("select payload from outbox where event_type = 'saved_view.changed' order by event_id");
        let events: Vec<Value> = events.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(events, [event(1, false, true), event(2, false, true), event(2, true, false)]);
        let audited = world.rows("select action from audit where action like 'saved_view.%' order by audit_id");
        assert_eq!(audited, ["saved_view.create", "saved_view.change", "saved_view.delete"]);
    }
}
