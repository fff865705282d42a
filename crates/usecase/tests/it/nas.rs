//! NASes: made, changed, deleted, found by where a packet comes from; their secrets are told to nobody.

use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::nas::Directory;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::nas::{self, NasChange, NasNew, NasSettings};

use crate::world::{World, admin, done, invalid, refused};

pub fn new_nas(name: &str, network: &str) -> NasNew {
    NasNew { name: name.to_owned(), network: network.to_owned(), secret: Secret::new("testing123"), settings: NasSettings::default() }
}

fn make(world: &World, new: NasNew) -> Id {
    done(nas::create(&world.app, &admin(), new, |nas| nas.nas_id.to_string())).unwrap().parse().unwrap()
}

fn directory(world: &World) -> Directory {
    done(nas::directory(&world.app)).unwrap()
}

fn changed(settings: NasSettings) -> NasChange {
    NasChange { settings, ..NasChange::default() }
}

on_both! {
    fn a_nas_is_found_from_its_making_to_its_end(world: &mut World) {
        let source = "192.0.2.10".parse().unwrap();
        let nas_id = make(world, new_nas(" Switch 1 ", "192.0.2.10"));
        let found = directory(world).find(source, None).cloned().unwrap();
        assert_eq!((found.nas_id, found.name.as_str(), found.secret.exposed()), (nas_id, "Switch 1", "testing123"));
        assert!(found.message_authenticator_required && !found.reauthorizes);
        let change = NasChange { version: Some(1), secret: Some(Secret::new("another secret")), ..NasChange::default() };
        done(nas::update(&world.app, &admin(), nas_id, change.clone(), |_| String::new())).unwrap();
        refused(done(nas::update(&world.app, &admin(), nas_id, change, |_| String::new())), "changed_meanwhile");
        assert_eq!(directory(world).find(source, None).unwrap().secret.exposed(), "another secret");
        done(nas::delete(&world.app, &admin(), nas_id)).unwrap();
        assert_eq!(directory(world).find(source, None), None);
        refused(done(nas::delete(&world.app, &admin(), nas_id)), "not_found");
    }

    fn names_and_places_are_had_once_and_faults_stand_at_their_fields(world: &mut World) {
        let nas_id = make(world, new_nas("Switch 1", "192.0.2.0/24"));
        let create = |new: NasNew| invalid(done(nas::create(&world.app, &admin(), new, |_| String::new())));
        assert_eq!(create(new_nas("SWITCH 1", "192.0.2.1")), ("name".to_owned(), "taken"));
        assert_eq!(create(new_nas("Switch 2", "192.0.2.0/24")), ("network".to_owned(), "taken"));
        assert_eq!(create(new_nas("Switch 2", "192.0.2.1/24")), ("network".to_owned(), "malformed"));
        assert_eq!(create(NasNew { secret: Secret::new("1234567"), ..new_nas("Switch 2", "::1") }), ("secret".to_owned(), "too_short"));
        let update = |settings: NasSettings| {
            invalid(done(nas::update(&world.app, &admin(), nas_id, changed(settings), |_| String::new())))
        };
        let with = NasSettings::default;
        for (settings, field, code) in [
            (NasSettings { interim_interval_seconds: Some(Some(59)), ..with() }, "interim_interval_seconds", "out_of_range"),
            (NasSettings { dynamic_authorization_port: Some(Some(0)), ..with() }, "dynamic_authorization_port", "out_of_range"),
            (NasSettings { dynamic_authorization_port: Some(Some(65_536)), ..with() }, "dynamic_authorization_port", "out_of_range"),
            (NasSettings { identifier: Some(Some("x".repeat(129))), ..with() }, "identifier", "too_long"),
            (NasSettings { reply_template: Some(Some(Vec::new())), ..with() }, "reply_template", "required"),
            (NasSettings { reply_template: Some(Some(vec!["A = 1".to_owned(); 33])), ..with() }, "reply_template", "too_many"),
            (NasSettings { reply_template: Some(Some(vec!["A = {b}".to_owned()])), ..with() }, "reply_template", "malformed"),
        ] {
            assert_eq!(update(settings), (field.to_owned(), code));
        }
        assert_eq!(directory(world).find("192.0.2.1".parse().unwrap(), None).unwrap().version, 1);
    }

    fn no_trail_and_no_event_has_the_secret(world: &mut World) {
        let nas_id = make(world, new_nas("Switch 1", "192.0.2.10"));
        let change = NasChange { secret: Some(Secret::new("another secret")), ..NasChange::default() };
        done(nas::update(&world.app, &admin(), nas_id, change, |_| String::new())).unwrap();
        let traces = format!("{:?}", world.rows("select detail from audit union all select payload from outbox"));
        assert!(traces.contains("Switch 1"), "{traces}");
        assert!(!traces.contains("testing123") && !traces.contains("another secret"), "{traces}");
    }
}
