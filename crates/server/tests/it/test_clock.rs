//! Owns tests of the test clock: it stands still, moves when an administrator moves it, and does what is due on the way.
//! Does not own: what is due (usecase).

use serde_json::{Value, json};
use trunkline_domain::time::Timestamp;
use trunkline_storage::Engine;

use crate::demo::{CLOCK, demo, signed_in};
use crate::program::{Client, PASSWORD, Server, add_administrator};
use crate::world::World;

fn advance(client: &Client, to: &str) -> Value {
    client.post("/api/v1/test-clock", &json!({ "advance_to": to })).expect(200).json()
}

/// A customer's id, its status, and when it changes by itself into which.
type Stands = (i64, String, Option<(String, String)>);

/// How every customer stands.
fn statuses(client: &Client) -> Vec<Stands> {
    let items = client.get("/api/v1/customers?limit=250").expect(200).json()["items"].clone();
    let read = |item: &Value| -> Stands {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let next = text(&item["status"]["next"]["at"]).zip(text(&item["status"]["next"]["code"]));
        (item["id"].as_i64().expect("an id"), text(&item["status"]["code"]).expect("a code"), next)
    };
    items.as_array().expect("items").iter().map(read).collect()
}

fn before(moment: &str) -> String {
    Timestamp::parse(moment).expect("a moment").plus_seconds(-1).to_rfc3339()
}

on_both! {
    /// A lifted suspension returns, a provisional termination closes, spending is renewed: each at its moment, none before.
    fn statuses_change_at_their_moments_in_their_order(world: &World) {
        let server = demo(world, &[]);
        let client = signed_in(&server);
        let wanted = [("suspension_delayed", "suspended"), ("provisionally_terminated", "closed"), ("spending_limit_reached", "")];
        let all = statuses(&client);
        let mut changes: Vec<(String, i64, String, String)> = Vec::new();
        for (from, to) in wanted {
            let found = all.iter().find_map(|(id, code, next)| {
                let (at, next) = next.as_ref()?;
                (code == from && (to.is_empty() || next == to)).then(|| (at.clone(), *id, code.clone(), next.clone()))
            });
            changes.push(found.unwrap_or_else(|| panic!("nobody goes from {from} to {to:?}: {all:?}")));
        }
        changes.sort();
        // Logins end after twelve hours: each question is asked by one who has just signed in.
        let now = |id: i64| signed_in(&server).get(&format!("/api/v1/customers/{id}")).expect(200).json()["status"]["code"].as_str().expect("a code").to_owned();
        for (at, id, from, to) in &changes {
            let moved = advance(&signed_in(&server), &before(at));
            assert_eq!((moved["now"].as_str(), now(*id).as_str()), (Some(before(at).as_str()), from.as_str()));
            let moved = advance(&signed_in(&server), at);
            assert_eq!(moved["now"], *at);
            assert!(moved["work_done"].as_i64().is_some_and(|done| done > 0), "{moved}");
            assert_eq!(now(*id), *to, "at {at}");
            // Whoever asks the list for the new status finds it: what is stored has moved too.
            let listed = signed_in(&server).get(&format!("/api/v1/customers?status={to}&limit=250")).expect(200).json();
            assert!(listed["items"].as_array().expect("items").iter().any(|item| item["id"] == *id), "{to} at {at}");
        }
        let last = changes.last().expect("a change").0.clone();
        server.stop();
        let done = world.run(&["check", "--at", &last]);
        assert_eq!(done.code, Some(0), "{done:?}");
    }

    /// One jump over three months ends where ninety days one after the other end.
    fn a_jump_and_steps_lead_to_the_same(world: &World) {
        let engine = if world.url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres };
        let other = World::on(engine);
        let (jumping, stepping) = (demo(world, &[]), demo(&other, &[]));
        let (jumper, stepper) = (signed_in(&jumping), signed_in(&stepping));
        let start = statuses(&jumper);
        assert_eq!(statuses(&stepper), start);
        let begin = Timestamp::parse(CLOCK).expect("a moment");
        let end = begin.plus_days(90).to_rfc3339();
        advance(&jumper, &end);
        for day in 1..=90 {
            advance(&signed_in(&stepping), &begin.plus_days(day).to_rfc3339());
        }
        let jumped = statuses(&signed_in(&jumping));
        assert_ne!(jumped, start, "nothing happened in three months");
        assert_eq!(statuses(&signed_in(&stepping)), jumped);
        jumping.stop();
        stepping.stop();
        for world in [world, &other] {
            let done = world.run(&["check", "--at", &end]);
            assert_eq!(done.code, Some(0), "{done:?}");
        }
    }
}

#[test]
fn it_stands_still_until_it_is_moved() {
    let world = World::on(Engine::Sqlite);
    add_administrator(world.command(&[]));
    let server = Server::start(&world, &["--test-clock", "2031-02-28T23:59:59.999999+02:00"]);
    let client = server.client(&server.sign_in("admin", PASSWORD));
    let now = || client.get("/api/v1/session").expect(200).json()["server_time"].clone();
    assert_eq!((now(), now()), (json!("2031-02-28T21:59:59.999999Z"), json!("2031-02-28T21:59:59.999999Z")));
    assert_eq!(advance(&client, "2031-03-01T00:00:00Z"), json!({ "now": "2031-03-01T00:00:00Z", "work_done": 0 }));
    assert_eq!(now(), "2031-03-01T00:00:00Z");
    let back = client.post("/api/v1/test-clock", &json!({ "advance_to": "2031-02-28T00:00:00Z" }));
    assert_eq!((back.status, back.json()["errors"][0]["field"].clone()), (422, json!("advance_to")));
    server.stop();
}

#[test]
fn the_route_is_there_with_the_flag_alone_and_for_administrators_alone() {
    let world = World::on(Engine::Sqlite);
    add_administrator(world.command(&[]));
    let to = json!({ "advance_to": "2040-01-01T00:00:00Z" });
    let server = Server::start(&world, &[]);
    let client = server.client(&server.sign_in("admin", PASSWORD));
    let missing = client.post("/api/v1/test-clock", &to);
    assert_eq!((missing.status, missing.code().as_str()), (404, "not_found"));
    let document = client.get("/api/v1/openapi.json").expect(200).json();
    assert!(document["paths"].get("/api/v1/test-clock").is_none() && document["paths"].get("/api/v1/customers").is_some());
    let year = client.get("/api/v1/session").expect(200).json()["server_time"].as_str().expect("a moment")[..4].to_owned();
    assert_ne!(year, "2040");
    server.stop();

    let server = Server::start(&world, &["--test-clock", "2030-01-01T00:00:00Z"]);
    let client = server.client(&server.sign_in("admin", PASSWORD));
    assert!(client.get("/api/v1/openapi.json").json()["paths"].get("/api/v1/test-clock").is_some());
    assert_eq!(server.client("").post("/api/v1/test-clock", &to).status, 401);
    for role in ["support", "finance", "network", "auditor"] {
        client.post("/api/v1/staff", &json!({ "login": role, "name": role, "role": role, "password": PASSWORD })).expect(201);
        let refused = server.client(&server.sign_in(role, PASSWORD)).post("/api/v1/test-clock", &to);
        assert_eq!((refused.status, refused.code().as_str()), (403, "forbidden"), "{role}");
    }
    let now = client.get("/api/v1/session").json()["server_time"].clone();
    assert_eq!(now, "2030-01-01T00:00:00Z");
    server.stop();
}
