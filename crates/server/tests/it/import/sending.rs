//! Importing through a running server: the same words as an import beside it, and what happens when one of the two goes.

use serde_json::json;
use trunkline_storage::Engine;

use super::{CLASSES, customers, done, refused};
use crate::program::{PASSWORD, Server, add_administrator};
use crate::world::{Done, Running, World, until};

const PEOPLE: &str = "name,iso_4217,customer_class\nAnna,EUR,Home\nBruno,USD,Home\n";

/// A server with an administrator, and a class that was sent to it.
fn served(world: &World) -> Server {
    add_administrator(world.command(&[]));
    let server = Server::start(world, &[]);
    world.file("classes.csv", CLASSES);
    assert_eq!(send(world, &server, &["classes", "classes.csv"]).timeless(), done("imported 2 classes from classes.csv in _ s\n"));
    server
}

/// Imports as the administrator, who signs in for it.
fn send(world: &World, server: &Server, arguments: &[&str]) -> Done {
    let login = ["--server", &server.base, "--login", "admin", "--password-stdin"];
    let arguments: Vec<&str> = ["import"].into_iter().chain(arguments.iter().copied()).chain(login).collect();
    Running::begin(world.command(&arguments), &format!("{PASSWORD}\n")).end()
}

/// Begins an import of somebody who has signed in already.
fn begin(world: &World, server: &Server, token: &str, arguments: &[&str]) -> Running {
    let arguments: Vec<&str> = ["import"].into_iter().chain(arguments.iter().copied()).chain(["--server", &server.base]).collect();
    let mut command = world.command(&arguments);
    command.env("TRUNKLINE_TOKEN", token);
    Running::begin(command, "")
}

/// When another one gets its turn, the import before has ended.
fn until_free(world: &World, server: &Server, token: &str) {
    world.file("none.csv", "name,iso_4217,customer_class\n");
    until("the server is free", || begin(world, server, token, &["customers", "none.csv"]).end().code == Some(0));
}

fn many(run: i32) -> String {
    let rows: String = (0..3_000).map(|row| format!("Run {run} row {row},EUR,Home\n")).collect();
    format!("name,iso_4217,customer_class\n{rows}")
}

on_both! {
    fn a_preview_tells_what_would_change_and_loads_nothing(world: &World) {
        let server = served(world);
        world.file("people.csv", PEOPLE);
        assert_eq!(send(world, &server, &["customers", "people.csv", "--preview"]), done("people.csv: 2 customers would be loaded; nothing was\n"));
        assert_eq!(customers(world), 0);
        let client = server.client(&server.sign_in("admin", PASSWORD));
        let tariff = client.post("/api/v1/tariffs", &json!({ "name": "Retail", "service": "voice", "currency": "EUR" })).expect(201).id();
        let rate = json!({ "prefix": "44", "pricing": { "price_next": "0.1" } });
        client.post(&format!("/api/v1/tariffs/{tariff}/rates"), &rate).expect(201);
        world.file("rates.csv", "tariff,destination,effective_from,price_n\nRetail,44,2040-01-01,0.12\nRetail,,2040-01-01,0.9\n");
        let told = "line 2: 44 in Retail from 2040-01-01T00:00:00Z: raised, 0.1 before and 0.12 then\n\
                    line 3: every other number in Retail from 2040-01-01T00:00:00Z: added, none before and 0.9 then\n\
                    1 added, 1 raised, 0 lowered, 0 altered, 0 closed, 0 opened, 0 unchanged\n\
                    rates.csv: 2 rates would be loaded; nothing was\n";
        assert_eq!(send(world, &server, &["rates", "rates.csv", "--preview"]), done(told));
        world.file("bad.csv", "tariff,destination,price_n\nRetail,44x,0.12\nRetail,49,0.9\n");
        let preview = send(world, &server, &["rates", "bad.csv", "--preview"]);
        assert_eq!((preview.code, preview.told.lines().last()), (Some(1), Some("bad.csv: 1 rate would be loaded, 1 of 2 rows are bad; nothing was")));
        assert_eq!(world.number("select count(*) from rate"), 1);
        server.stop();
        // Without a server the same words.
        assert_eq!(world.run(&["import", "rates", "rates.csv", "--preview"]), done(told));
    }

    fn a_file_goes_into_a_running_server_as_it_would_into_its_database(world: &World) {
        let server = served(world);
        world.file("people.csv", PEOPLE);
        assert_eq!(send(world, &server, &["customers", "people.csv"]).timeless(), done("imported 2 customers from people.csv in _ s\n"));
        world.file("accounts.csv", "id,customer,billing_model\n12025550101,Anna,credit\n");
        assert_eq!(send(world, &server, &["accounts", "accounts.csv"]).timeless(), done("imported 1 account from accounts.csv in _ s\n"));
        let actors = world.texts("select distinct actor from audit where action like '%.import'");
        assert!(actors.len() == 1 && actors[0].starts_with("staff:"), "{actors:?}");
        let event = world.texts("select payload from outbox where event_type = 'accounts.imported'");
        assert!(event[0].starts_with("{\"file\":\"accounts.csv\","), "{event:?}");
        // Whoever signed in for it has signed out again.
        assert_eq!((world.number("select count(*) from login"), world.number("select count(*) from login where ended_at is null")), (3, 0));

        world.file("bad.csv", "name,iso_4217,customer_class\nAnna,EUR,Home\nChiara,EURO,Home\nDmitri,EUR,Home\nEszter,EUR\n");
        let told = "bad.csv: line 2, column name: a customer in the database has this name\n\
                    bad.csv: line 3, column iso_4217: not an ISO 4217 currency code in use\n\
                    bad.csv: line 5: 2 fields, where the header has 3\n";
        let refusal = "bad.csv: 3 bad rows of 4; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
        assert_eq!(send(world, &server, &["customers", "bad.csv"]), refused(&format!("{told}{refusal}")));
        let rest = Done { code: Some(0), out: "imported 1 of 4 customers from bad.csv in _ s; 3 bad rows left out\n".into(), told: told.into() };
        assert_eq!(send(world, &server, &["customers", "bad.csv", "--skip-bad"]).timeless(), rest);
        let told = "bad.csv: line 2, column name: a customer in the database has this name\n";
        let again = send(world, &server, &["customers", "bad.csv", "--skip-bad"]);
        assert!(again.code == Some(1) && again.told.starts_with(told) && again.told.ends_with("bad.csv: 4 bad rows of 4; nothing was loaded\n"), "{again:?}");

        world.file("x.csv", "naem,iso_4217\n");
        let told = "x.csv: line 1: there is no column “naem”; did you mean “name”?\nx.csv: line 1: the column “name” is missing\n\
                    x.csv: line 1: the column “customer_class” or “i_customer_class” is missing\nx.csv: nothing was loaded\n";
        assert_eq!(send(world, &server, &["customers", "x.csv"]), refused(told));
        world.file("x.csv", "");
        let told = "x.csv: the file is empty; its first line must name the columns\nx.csv: nothing was loaded\n";
        assert_eq!(send(world, &server, &["customers", "x.csv"]), refused(told));
        world.file("x.csv", "name,iso_4217,customer_class\n\"Anna,EUR,Home\nBruno,EUR,Home\n");
        assert_eq!(send(world, &server, &["customers", "x.csv"]), refused("x.csv: line 2: a quote of this row is never closed; nothing was loaded\n"));
        assert_eq!(customers(world), 3);
        server.stop();
        assert_eq!(world.must(&["check"]), "checked 3 customers: everything stored is as derived\n");
    }

    /// Whoever is killed while the server works may have been too late: then all of it is there. Never a part.
    fn a_file_whose_sender_is_killed_is_loaded_whole_or_not_at_all(world: &World) {
        let server = served(world);
        let token = server.sign_in("admin", PASSWORD);
        for run in 0..5 {
            let before = customers(world);
            world.file("x.csv", many(run));
            let mut running = begin(world, &server, &token, &["customers", "x.csv", "--progress", "lines"]);
            assert!(running.wait_for("sent "));
            running.kill();
            until_free(world, &server, &token);
            let after = customers(world);
            assert!([before, before + 3_000].contains(&after), "{before} customers before run {run}, {after} after it");
        }
        let loaded = customers(world);
        server.stop();
        assert_eq!(world.must(&["check"]), format!("checked {loaded} customers: everything stored is as derived\n"));
    }
}

/// What makes an import of `many` wait in the middle.
fn in_the_way(world: &World) -> (postgres::Client, postgres::Client) {
    let (mut other, looking) = (world.client(), world.client());
    other.batch_execute("begin; insert into customer_name (name_key, customer_id) values ('run 0 row 0', 1)").unwrap();
    (other, looking)
}

fn until_it_waits(looking: &mut postgres::Client) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    until("the import waits for the other transaction", || looking.query_one(waiting, &[]).unwrap().get::<_, i64>(0) > 0);
}

#[test]
fn an_import_whose_client_has_gone_is_stopped() {
    let world = World::on(Engine::Postgres);
    let server = served(&world);
    let token = server.sign_in("admin", PASSWORD);
    world.file("x.csv", many(0));
    let (mut other, mut looking) = in_the_way(&world);
    let running = begin(&world, &server, &token, &["customers", "x.csv"]);
    until_it_waits(&mut looking);
    running.kill();
    until("the server has noticed", || server.log().contains("nobody waits for the answer of an import any more"));
    other.batch_execute("rollback").unwrap();
    until_free(&world, &server, &token);
    assert_eq!(customers(&world), 0);
    server.stop();
}

#[test]
fn a_server_that_dies_meanwhile_leaves_the_outcome_open_and_nothing_half_done() {
    let world = World::on(Engine::Postgres);
    let mut server = served(&world);
    let token = server.sign_in("admin", PASSWORD);
    world.file("x.csv", many(0));
    let (mut other, mut looking) = in_the_way(&world);
    let running = begin(&world, &server, &token, &["customers", "x.csv"]);
    until_it_waits(&mut looking);
    server.kill();
    let told = "x.csv: the connection was lost while committing; whether it took effect is not known; import it again: if it is loaded \
                already, every row will be said to be taken\n";
    assert_eq!(running.end(), refused(told));
    other.batch_execute("rollback").unwrap();
    drop((other, looking));
    world.until_nobody_is_connected();
    assert_eq!(customers(&world), 0);
}

#[test]
fn a_token_does_in_place_of_a_login() {
    let world = World::on(Engine::Sqlite);
    let server = served(&world);
    world.file("people.csv", PEOPLE);
    let running = begin(&world, &server, &server.sign_in("admin", PASSWORD), &["customers", "people.csv"]);
    assert_eq!(running.end().timeless(), done("imported 2 customers from people.csv in _ s\n"));
    // The token is its owner's, and stays good.
    assert_eq!(world.number("select count(*) from login where ended_at is null"), 1);
    server.stop();
}

#[test]
fn who_may_not_import_is_told_so_and_sends_nothing() {
    let world = World::on(Engine::Sqlite);
    let server = served(&world);
    let (base, client) = (server.base.clone(), server.client(&server.sign_in("admin", PASSWORD)));
    let staff = serde_json::json!({ "login": "sam", "name": "Sam", "role": "support", "password": PASSWORD });
    client.post("/api/v1/staff", &staff).expect(201);
    // More than a connection takes in before anybody reads it.
    let rows: String = (0..200_000).map(|row| format!("Row {row},EUR,Home\n")).collect();
    world.file("x.csv", format!("name,iso_4217,customer_class\n{rows}"));
    let import = |arguments: &[&str], input: &str, token: Option<&str>| {
        let arguments: Vec<&str> = ["import", "customers", "x.csv"].into_iter().chain(arguments.iter().copied()).collect();
        let mut command = world.command(&arguments);
        token.map(|token| command.env("TRUNKLINE_TOKEN", token));
        let done = Running::begin(command, input).end();
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
        done.told
    };
    let password = format!("{PASSWORD}\n");
    let to = ["--server", base.as_str()];
    let as_login = |login: &'static str| [to[0], to[1], "--login", login, "--password-stdin"];
    assert_eq!(import(&as_login("sam"), &password, None), format!("trunkline: {base}: Your role does not include “import.run”.\n"));
    assert_eq!(import(&as_login("admin"), "wrong\n", None), format!("trunkline: {base}: Login or password is wrong.\n"));
    assert_eq!(import(&to, "", Some("forged")), format!("trunkline: {base}: Sign in first.\n"));
    let way_in = "trunkline: sign in with --login and --password-stdin, or put a bearer token into TRUNKLINE_TOKEN\n";
    assert_eq!(import(&to, "", None), way_in);
    let told = "trunkline: --server https://carrier.example: write http://HOST:PORT; this command speaks no TLS: run this where the server \
                runs, or through a tunnel\n";
    assert_eq!(import(&["--server", "https://carrier.example"], "", Some("t")), told);
    assert!(import(&["--server", "http://127.0.0.1:1"], "", Some("t")).starts_with("trunkline: cannot reach http://127.0.0.1:1: "));
    assert!(import(&["--login", "admin", "--password-stdin"], &password, None).contains("--server <URL>"));
    assert_eq!(customers(&world), 0);
    server.stop();
}

/// It accepts connections and never answers (T40).
#[test]
fn a_server_that_stays_silent_is_given_up() {
    let world = World::on(Engine::Sqlite);
    world.file("people.csv", PEOPLE);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", silent.local_addr().expect("an address"));
    let mut command = world.command(&["import", "customers", "people.csv", "--server", &base]);
    command.env("TRUNKLINE_TOKEN", "some-token");
    let done = Running::begin(command, "").end();
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(done.told.contains(&format!("cannot reach {base}: timeout")), "{}", done.told);
}
