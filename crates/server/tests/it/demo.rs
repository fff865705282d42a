//! Owns tests of the demo: what it prints, that every status is there with its reason, that a seed gives one carrier.
//! Does not own: statuses (domain) and the server it runs (serve.rs).

use std::collections::BTreeSet;

use serde_json::Value;
use trunkline_storage::Engine;
use trunkline_storage::table;

use crate::program::{Client, Server};
use crate::world::World;

pub const CLOCK: &str = "2026-06-16T08:00:00Z";

/// A demo in this world, with a clock that stands.
pub fn demo(world: &World, more: &[&str]) -> Server {
    let mut arguments = vec!["demo", "--listen", "127.0.0.1:0", "--database-url", &world.url, "--test-clock", CLOCK];
    if !more.contains(&"--customers") {
        arguments.extend(["--customers", "120"]);
    }
    arguments.extend(more);
    Server::run(world.command(&arguments), world.folder.join("log"))
}

/// A connection of the administrator that a demo has printed.
#[track_caller]
pub fn signed_in(server: &Server) -> Client {
    let printed = |name: &str| {
        server.lines.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name}in {:?}", server.lines))
    };
    let (login, password) = (printed("login: "), printed("password: "));
    assert!(password.len() >= 16);
    server.client(&server.sign_in(login, password))
}

on_both! {
    fn every_status_is_there_with_its_reason(world: &World) {
        let server = demo(world, &[]);
        let client = signed_in(&server);
        let session = client.get("/api/v1/session").expect(200).json();
        assert_eq!(session["staff"]["role"], "administrator");
        let statuses = client.get("/api/v1/statuses").expect(200).json();
        let codes: Vec<String> =
            statuses["items"].as_array().expect("items").iter().map(|row| row["code"].as_str().expect("a code").to_owned()).collect();
        assert_eq!(codes.len(), 17);
        for code in &codes {
            let page = client.get(&format!("/api/v1/customers?status={code}&limit=250")).expect(200).json();
            let items = page["items"].as_array().expect("items");
            assert!(!items.is_empty(), "nobody is {code}");
            for item in items {
                assert_eq!(item["status"]["code"], *code);
                let reason = item["status"]["reason"].as_str();
                assert_eq!(reason.is_some_and(|reason| reason.len() > 10), code != "active", "{code}: {reason:?}");
                // The list and the customer's own page say the same.
                let own = client.get(&format!("/api/v1/customers/{}", item["id"])).expect(200).json();
                assert_eq!((&own["status"], &own["time_zone"]), (&item["status"], &item["time_zone"]));
            }
        }
        let all = client.get("/api/v1/customers?limit=250").expect(200).json();
        assert_eq!(all["total"], serde_json::json!({ "count": 120, "exact": true }));
        let of = |field: &str| -> BTreeSet<String> {
            all["items"].as_array().expect("items").iter().filter_map(|item| item[field].as_str()).map(str::to_owned).collect()
        };
        assert!(of("currency").is_superset(&["JPY".to_owned(), "KWD".to_owned()].into()), "{:?}", of("currency"));
        assert_eq!(of("balance_control"), ["postpaid".to_owned(), "prepaid".to_owned()].into());
        assert_eq!(of("type"), ["reseller".to_owned(), "retail".to_owned()].into());
        assert!(all["items"].as_array().expect("items").iter().any(|item| !item["name"].as_str().expect("a name").is_ascii()));
        server.stop();
        let done = world.run(&["check", "--at", CLOCK]);
        assert_eq!((done.code, done.out.as_str()), (Some(0), "checked 120 customers: everything stored is as derived\n"), "{done:?}");
    }

    fn what_somebody_keeps_is_not_filled(world: &World) {
        demo(world, &[]).stop();
        // Ids are reserved by whoever opens a database.
        let kept = || dump(world).into_iter().filter(|row| !row.starts_with("installation: ")).collect::<Vec<_>>();
        let before = kept();
        let done = world.run(&["demo", "--listen", "127.0.0.1:0", "--database-url", &world.url]);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
        assert!(done.told.contains("is not empty; only an empty one is filled"), "{}", done.told);
        assert_eq!(kept(), before);
    }

    fn a_seed_and_a_moment_give_one_carrier(world: &World) {
        let engine = if world.url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres };
        demo(world, &["--seed", "7"]).stop();
        let first = dump(world);
        assert!(first.len() > 1_000, "{}", first.len());
        let again = World::on(engine);
        demo(&again, &["--seed", "7"]).stop();
        let difference = first.iter().zip(dump(&again)).find(|(one, other)| *one != other);
        assert_eq!(difference, None);
        assert_eq!(dump(&again), first);
        let other = World::on(engine);
        demo(&other, &["--seed", "8"]).stop();
        assert_ne!(dump(&other), first, "the seed says nothing");
    }
}

/// Every row, but of what is drawn anew each time (the password), of logins, and of reads.
fn dump(world: &World) -> Vec<String> {
    let is_sqlite = world.url.starts_with("sqlite:");
    let engine = if is_sqlite { Engine::Sqlite } else { Engine::Postgres };
    let drawn = ["staff", "login", "signing_key", "schema_version", "customer_search"];
    let mut rows = Vec::new();
    for table in table::names(engine).filter(|table| !drawn.contains(table)) {
        let text = if is_sqlite {
            let columns = world.texts(&format!("select name from pragma_table_info('{table}') order by cid"));
            format!("select json_array({}) from {table}", columns.join(", "))
        } else {
            format!("select row_to_json(t)::text from {table} t")
        };
        let mut found = world.texts(&text);
        found.sort_unstable();
        rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
    }
    rows
}

#[test]
fn without_a_database_it_makes_one_and_takes_it_away() {
    let world = World::on(Engine::Sqlite);
    let mut command = world.command(&["demo", "--listen", "127.0.0.1:0", "--customers", "50"]);
    command.env_remove("TRUNKLINE_DATABASE_URL").env("TMPDIR", &world.folder);
    let server = Server::run(command, world.folder.join("log"));
    let found = || {
        let entries = std::fs::read_dir(&world.folder).expect("a folder").flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("trunkline-demo-")).count()
    };
    assert_eq!(found(), 1);
    let client = signed_in(&server);
    let page: Value = client.get("/api/v1/customers?limit=1").expect(200).json();
    assert_eq!(page["total"]["count"], 50);
    server.stop();
    assert_eq!(found(), 0);
}

/// The address that serve takes from the environment is not for the demo: it fills databases.
#[test]
fn it_does_not_fill_the_database_of_serve() {
    let world = World::on(Engine::Sqlite);
    let mut command = world.command(&["demo", "--listen", "127.0.0.1:0", "--customers", "50"]);
    command.env("TMPDIR", &world.folder);
    Server::run(command, world.folder.join("log")).stop();
    assert!(!world.folder.join("trunkline.db").exists());
}
