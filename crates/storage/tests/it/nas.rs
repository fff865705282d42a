//! The SQL of NASes: what is written comes back whole, and each name and place is had once.

use trunkline_domain::id::Id;
use trunkline_domain::nas::{Nas, Network};
use trunkline_domain::secret::Secret;
use trunkline_storage::customer_class::Saved;
use trunkline_storage::nas::{self, Taken};

use crate::fixture::now;
use crate::world::{World, later};

fn full(nas_id: Id, name: &str) -> Nas {
    Nas {
        nas_id,
        name: name.to_owned(),
        network: Network::parse("2001:db8::/32").unwrap(),
        identifier: Some("Straße".to_owned()),
        secret: Secret::new("testing 'ü'"),
        reauthorizes: true,
        interim_interval_seconds: Some(300),
        message_authenticator_required: false,
        reply_template: Some(vec!["Class = \"x\"".to_owned(), "Session-Timeout = {seconds}".to_owned()]),
        dynamic_authorization_port: Some(3_799),
        created_at: now(),
        changed_at: later(now(), 1),
        version: 1,
    }
}

on_both! {
    fn a_nas_comes_back_whole_after_adding_and_after_saving(world: &mut World) {
        let whole = full(5, "Switch Ö");
        let added = whole.clone();
        assert!(world.write(move |tx| nas::add(tx, &added)).unwrap());
        assert!(!world.write(|tx| nas::add(tx, &Nas { identifier: None, ..full(6, "SWITCH ö") })).unwrap());
        assert!(!world.write(|tx| nas::add(tx, &full(6, "Other"))).unwrap());
        assert_eq!(world.read(|tx| nas::load(tx, 5)).unwrap(), Some(whole.clone()));
        let bare = Nas {
            name: "Bare".to_owned(),
            network: Network::parse("192.0.2.1").unwrap(),
            identifier: None,
            secret: Secret::new("another secret"),
            reauthorizes: false,
            interim_interval_seconds: None,
            message_authenticator_required: true,
            reply_template: None,
            dynamic_authorization_port: None,
            changed_at: later(now(), 9),
            version: 2,
            ..whole
        };
        let saved = bare.clone();
        assert_eq!(world.write(move |tx| nas::save(tx, &saved)).unwrap(), Saved::Done);
        assert_eq!(world.read(nas::all).unwrap(), std::slice::from_ref(&bare));
        let again = bare;
        assert_eq!(world.write(move |tx| nas::save(tx, &again)).unwrap(), Saved::Overtaken);
        assert_eq!(world.read(nas::count).unwrap(), 1);
        world.write(|tx| nas::delete(tx, 5)).unwrap();
        assert_eq!(world.read(nas::count).unwrap(), 0);
    }

    fn a_name_and_a_place_are_had_once(world: &mut World) {
        let here = |nas_id: Id, name: &str, place: &str, identifier: Option<&str>| Nas {
            network: Network::parse(place).unwrap(),
            identifier: identifier.map(str::to_owned),
            ..full(nas_id, name)
        };
        for nas in [here(1, "One", "10.0.0.1", None), here(2, "Two", "10.0.0.1", Some("two"))] {
            assert!(world.write(move |tx| nas::add(tx, &nas)).unwrap());
        }
        for (nas, expected) in [
            (here(3, "ONE", "10.0.0.3", None), Some(Taken::Name)),
            (here(3, "Two", "10.0.0.1", None), Some(Taken::Name)),
            (here(3, "Three", "10.0.0.1", None), Some(Taken::Place)),
            (here(3, "Three", "10.0.0.1", Some("two")), Some(Taken::Place)),
            (here(3, "Three", "10.0.0.1", Some("three")), None),
            (here(1, "One", "10.0.0.1", None), None),
        ] {
            assert_eq!(world.read(move |tx| nas::taken(tx, &nas)).unwrap(), expected);
        }
    }
}
