//! Signing in and out: what is wrong is told in one word, tokens end when they should, and guessing has a limit.

use trunkline_usecase::App;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::login::{self, Face, SignedIn};
use trunkline_usecase::staff::{self, Overtook, Preferences, StaffChange, StaffNew};

use crate::world::{World, admin, done, invalid, refused, start};

const PASSWORD: &str = "correct horse battery";

fn member(login: &str) -> StaffNew {
    StaffNew {
        login: login.to_owned(),
        name: "Ada".to_owned(),
        email: None,
        role: Role::Support,
        reseller_id: None,
        password: PASSWORD.to_owned(),
    }
}

fn hire(world: &World, login: &str) -> Id {
    staff::create(&world.app, &admin(), &member(login), |staff| staff.staff_id.to_string()).unwrap().parse().unwrap()
}

fn sign_in(app: &std::sync::Arc<App>, login: &str, password: &str) -> Result<SignedIn> {
    login::sign_in(app, login, password, Face::Native, "192.0.2.1")
}

fn change(world: &World, id: Id, change: StaffChange) -> Result<String> {
    staff::update(&world.app, &admin(), id, change, |staff| staff.version.to_string())
}

on_both! {
    fn a_token_of_one_face_is_none_on_the_other(world: &mut World) {
        hire(world, "ada");
        for (made, other, hours) in [(Face::Native, Face::Porta, 12), (Face::Porta, Face::Native, 48)] {
            let signed_in = login::sign_in(&world.app, "ada", PASSWORD, made, "192.0.2.1").unwrap();
            assert_eq!(signed_in.expires_at, start().plus_seconds(hours * 3_600));
            done(login::check(&world.app, &signed_in.token, made)).unwrap();
            refused(done(login::check(&world.app, &signed_in.token, other)).map(|_| ()), "unauthenticated");
        }
    }

    fn a_token_works_until_signing_out_or_its_end(world: &mut World) {
        let id = hire(world, "Ada");
        let first = sign_in(&world.app, "aDa", PASSWORD).unwrap();
        let second = sign_in(&world.app, "ada", PASSWORD).unwrap();
        assert_ne!(first.token, second.token);
        assert_eq!(first.expires_at, start().plus_seconds(12 * 3_600));
        let checked = done(login::check(&world.app, &first.token, Face::Native)).unwrap();
        assert_eq!((checked.actor.staff_id, checked.actor.role, checked.login_id.as_str()), (Some(id), Role::Support, first.login_id.as_str()));
        refused(done(login::check(&world.app, &first.refresh_token, Face::Native)).map(|_| ()), "unauthenticated");
        done(login::sign_out(&world.app, &first.token)).unwrap();
        done(login::sign_out(&world.app, &first.token)).unwrap();
        refused(done(login::check(&world.app, &first.token, Face::Native)).map(|_| ()), "unauthenticated");
        done(login::check(&world.app, &second.token, Face::Native)).unwrap();
        world.advance(second.expires_at.plus_seconds(-1));
        done(login::check(&world.app, &second.token, Face::Native)).unwrap();
        world.advance(second.expires_at);
        refused(done(login::check(&world.app, &second.token, Face::Native)).map(|_| ()), "unauthenticated");
        // Neither tokens nor passwords are anywhere in the database.
        let stored = world.rows("select token_hash || refresh_hash || login_id from login").join(" ") + &world.rows("select password_hash from staff").join(" ");
        assert!(!stored.contains(&first.token) && !stored.contains(&first.refresh_token) && !stored.contains(PASSWORD));
        assert!(world.rows("select password_hash from staff")[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(world.number("select count(*) from audit where action = 'login.begin'"), 2);
    }

    fn wrong_unknown_and_disabled_are_one_answer(world: &mut World) {
        let id = hire(world, "ada");
        let word = "invalid_credentials";
        for (login, password) in [("ada", "wrong horse battery"), ("nobody", PASSWORD), ("", ""), ("ada", ""), ("ada", &"x".repeat(300)), (&"x".repeat(2_000), "x")] {
            refused(sign_in(&world.app, login, password).map(|_| ()), word);
        }
        change(world, id, StaffChange { disabled: Some(true), ..StaffChange::default() }).unwrap();
        refused(sign_in(&world.app, "ada", PASSWORD).map(|_| ()), word);
        change(world, id, StaffChange { disabled: Some(false), ..StaffChange::default() }).unwrap();
        sign_in(&world.app, "ada", PASSWORD).unwrap();
        assert_eq!(world.number("select count(*) from login"), 1);
    }

    fn guessing_is_slowed_by_name_and_the_right_password_does_not_help(world: &mut World) {
        hire(world, "ada");
        hire(world, "bob");
        for _ in 0..10 {
            refused(sign_in(&world.app, "ada", "wrong horse battery").map(|_| ()), "invalid_credentials");
        }
        for login in ["ada", "ADA"] {
            match sign_in(&world.app, login, PASSWORD) {
                Err(Error::TooManyAttempts { retry_after_seconds }) => assert!((1..=11).contains(&retry_after_seconds), "{retry_after_seconds}"),
                other => panic!("{:?}", other.map(|_| ())),
            }
        }
        sign_in(&world.app, "bob", PASSWORD).unwrap();
        world.advance(start().plus_seconds(10));
        sign_in(&world.app, "ada", PASSWORD).unwrap();
        refused(sign_in(&world.app, "ada", PASSWORD).map(|_| ()), "too_many_attempts");
    }

    fn another_password_role_or_reseller_ends_all_logins(world: &mut World) {
        let id = hire(world, "ada");
        let reseller = world.reseller("Max");
        let changes = [
            StaffChange { password: Some("another horse battery".to_owned()), ..StaffChange::default() },
            StaffChange { role: Some(Role::Finance), ..StaffChange::default() },
            StaffChange { role: Some(Role::Reseller), reseller_id: Some(Some(reseller)), ..StaffChange::default() },
            StaffChange { disabled: Some(true), ..StaffChange::default() },
        ];
        for (number, wanted) in changes.into_iter().enumerate() {
            let password = if number == 0 { PASSWORD } else { "another horse battery" };
            let signed_in = sign_in(&world.app, "ada", password).unwrap();
            change(world, id, StaffChange { name: Some("Ada L.".to_owned()), ..StaffChange::default() }).unwrap();
            done(login::check(&world.app, &signed_in.token, Face::Native)).unwrap();
            change(world, id, wanted).unwrap();
            refused(done(login::check(&world.app, &signed_in.token, Face::Native)).map(|_| ()), "unauthenticated");
        }
    }

    fn whoever_changes_the_own_password_must_know_the_present_one(world: &mut World) {
        hire(world, "ada");
        let signed_in = sign_in(&world.app, "ada", PASSWORD).unwrap();
        let context = trunkline_usecase::Context::of(signed_in.actor.clone());
        let wrong = login::change_password(&world.app, &context, "wrong horse battery", "another horse battery");
        assert_eq!(invalid(wrong), ("old_password".to_owned(), "wrong"));
        let short = login::change_password(&world.app, &context, PASSWORD, "short");
        assert_eq!(invalid(short), ("password".to_owned(), "too_short"));
        done(login::check(&world.app, &signed_in.token, Face::Native)).unwrap();
        login::change_password(&world.app, &context, PASSWORD, "another horse battery").unwrap();
        refused(done(login::check(&world.app, &signed_in.token, Face::Native)).map(|_| ()), "unauthenticated");
        refused(sign_in(&world.app, "ada", PASSWORD).map(|_| ()), "invalid_credentials");
        sign_in(&world.app, "ada", "another horse battery").unwrap();
    }

    fn a_refresh_token_works_once(world: &mut World) {
        hire(world, "ada");
        let signed_in = login::sign_in(&world.app, "ada", PASSWORD, Face::Porta, "192.0.2.1").unwrap();
        assert_eq!(signed_in.expires_at, start().plus_seconds(48 * 3_600));
        world.advance(start().plus_days(1));
        let (next, expires_at) = done(login::refresh(&world.app, &signed_in.token, &signed_in.refresh_token)).unwrap();
        assert_eq!(expires_at, start().plus_days(3));
        refused(done(login::refresh(&world.app, &signed_in.token, &signed_in.refresh_token)), "unauthenticated");
        world.advance(start().plus_seconds(50 * 3_600));
        done(login::check(&world.app, &signed_in.token, Face::Porta)).unwrap();
        done(login::sign_out(&world.app, &signed_in.token)).unwrap();
        refused(done(login::refresh(&world.app, &signed_in.token, &next)), "unauthenticated");
    }

    fn staff_are_checked_and_cannot_lock_themselves_out(world: &mut World) {
        let id = hire(world, "ada");
        let create = |new: StaffNew| staff::create(&world.app, &admin(), &new, |staff| staff.login.clone());
        assert_eq!(invalid(create(member("ADA"))), ("login".to_owned(), "taken"));
        assert_eq!(invalid(create(StaffNew { password: "short".to_owned(), ..member("bob") })), ("password".to_owned(), "too_short"));
        assert_eq!(invalid(create(StaffNew { role: Role::Reseller, ..member("bob") })), ("reseller_id".to_owned(), "mismatch"));
        assert_eq!(invalid(create(StaffNew { role: Role::Reseller, reseller_id: Some(4_711), ..member("bob") })), ("reseller_id".to_owned(), "not_found"));
        assert_eq!(invalid(create(member("two words"))), ("login".to_owned(), "malformed"));
        let signed_in = sign_in(&world.app, "ada", PASSWORD).unwrap();
        let mut own = trunkline_usecase::Context::of(signed_in.actor);
        own.actor.role = Role::Administrator;
        let disable = staff::update(&world.app, &own, id, StaffChange { disabled: Some(true), ..StaffChange::default() }, |_| String::new());
        assert_eq!(invalid(disable), ("role".to_owned(), "own"));
        refused(change(world, 4_711, StaffChange::default()), "not_found");
    }

    fn preferences_are_merged_and_belong_to_one(world: &mut World) {
        let (ada, bob) = (hire(world, "ada"), hire(world, "bob"));
        let of = |id: Id| {
            let mut context = admin();
            context.actor.staff_id = Some(id);
            context
        };
        let change = |id: Id, seen: Option<i64>, text: &str| {
            let serde_json::Value::Object(changes) = serde_json::from_str(text).unwrap() else { panic!("an object") };
            done(staff::change_preferences(&world.app, &of(id), changes, seen))
        };
        let text = |kept: &Preferences| (serde_json::Value::Object(kept.document.clone()).to_string(), kept.version, kept.overtook);
        let told = |document: &str, version: i64, overtook: Option<Overtook>| (document.to_owned(), version, overtook);

        let first = change(ada, Some(0), r#"{"list":{"rows":25,"sort":"name"},"dense":true}"#).unwrap();
        assert_eq!(text(&first), told(r#"{"dense":true,"list":{"rows":25,"sort":"name"}}"#, 1, None));
        world.advance(start().plus_seconds(60));
        let second = change(ada, None, r#"{"list":{"rows":50,"sort":null},"dense":null,"new":{"a":null,"b":1}}"#).unwrap();
        assert_eq!(text(&second), told(r#"{"list":{"rows":50},"new":{"b":1}}"#, 2, None));
        world.advance(start().plus_seconds(120));
        let seen_the_latest = change(ada, Some(2), r#"{"striped":true}"#).unwrap();
        assert_eq!((seen_the_latest.version, seen_the_latest.overtook), (3, None));
        let nothing_new = change(ada, Some(1), r#"{"striped":true,"dense":null}"#).unwrap();
        assert_eq!((nothing_new.version, nothing_new.overtook), (3, None));
        let too_late = change(ada, Some(2), r#"{"striped":false}"#).unwrap();
        let overtook = Overtook { version: 3, changed_at: start().plus_seconds(120) };
        assert_eq!(text(&too_late), told(r#"{"list":{"rows":50},"new":{"b":1},"striped":false}"#, 4, Some(overtook)));
        assert_eq!(done(staff::preferences(&world.app, &of(ada))).unwrap(), Preferences { overtook: None, ..too_late });
        assert_eq!(done(staff::preferences(&world.app, &of(bob))).unwrap(), Preferences::default());
    }

    fn what_is_kept_for_a_list_has_limits(world: &mut World) {
        let mut context = admin();
        context.actor.staff_id = Some(hire(world, "ada"));
        let change = |lists: serde_json::Value| {
            let changes = [("lists".to_owned(), lists)].into_iter().collect();
            done(staff::change_preferences(&world.app, &context, changes, None))
        };
        let of_bytes = |bytes: usize| serde_json::json!({ "x": "y".repeat(bytes - r#"{"x":""}"#.len()) });
        change(serde_json::json!({ "customers": of_bytes(staff::PREFERENCE_LIST_BYTES_MAX) })).unwrap();
        let large = change(serde_json::json!({ "customers": of_bytes(staff::PREFERENCE_LIST_BYTES_MAX + 1) }));
        assert_eq!(invalid(large), ("lists.customers".to_owned(), "too_large"));
        assert_eq!(invalid(change(serde_json::json!({ "x".repeat(41): {} }))), ("lists".to_owned(), "name_too_long"));
        let many = |count: usize| (0..count).map(|number| (format!("list {number}"), 1.into())).collect::<serde_json::Map<_, _>>();
        assert_eq!(change(many(staff::PREFERENCE_LISTS_MAX - 1).into()).unwrap().version, 2);
        assert_eq!(invalid(change(many(staff::PREFERENCE_LISTS_MAX).into())), ("lists".to_owned(), "too_many"));
        assert_eq!(done(staff::preferences(&world.app, &context)).unwrap().version, 2);
    }

    fn the_key_that_signs_tokens_is_made_once(world: &mut World) {
        let make = |name: &'static str| move || Ok((name.to_owned(), format!("pem of {name}")));
        let first = login::signing_key(&world.app, make("one")).unwrap();
        world.restart();
        assert_eq!(login::signing_key(&world.app, make("two")).unwrap(), first);
        assert_eq!(world.number("select count(*) from signing_key"), 1);
    }
}

/// Nothing of it depends on the engine, and each attempt costs a hash.
#[test]
fn guessing_is_slowed_by_address_and_time_gives_further_attempts() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let guess = |number: usize| login::sign_in(&world.app, &format!("user {number}"), "x", Face::Native, "192.0.2.9").map(|_| ());
    for number in 0..60 {
        refused(guess(number), "invalid_credentials");
    }
    refused(guess(60), "too_many_attempts");
    refused(login::sign_in(&world.app, "other", "x", Face::Native, "192.0.2.8").map(|_| ()), "invalid_credentials");
    world.advance(start().plus_seconds(1));
    refused(guess(61), "invalid_credentials");
    refused(guess(62), "too_many_attempts");
}
