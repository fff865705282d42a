//! Owns tests of idempotency keys: a repeat has no effect and gets the same bytes, whichever route; another request under
//! the same key is refused.
//! Does not own: how keys are kept (storage).

use serde_json::{Value, json};

use crate::endpoint::{Asked, ENDPOINTS, Endpoint};
use crate::world::{ADMINISTRATOR, Got, Who, World, receive};

/// Routes that take a key and do not keep it: setting the same preference, or the clock, twice is setting it once.
/// What is said of a session is kept by its own name.
const NOT_KEPT: [&str; 6] = [
    "/api/v1/preferences",
    "/api/v1/test-clock",
    "/api/v1/usage/authorize",
    "/api/v1/usage/report",
    "/api/v1/usage/stop",
    "/api/v1/usage/event",
];

fn keyed() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter().filter(|row| row.method != "GET" && row.path != "/api/v1/session")
}

fn send(world: &World, row: &Endpoint, asked: &Asked, key: &str) -> Got {
    world.send(world.request(ADMINISTRATOR, row.method, &asked.path, asked.body.as_ref(), &[("idempotency-key", key)]))
}

on_both! {
    fn a_repeat_gets_the_same_bytes_and_changes_nothing(world: &mut World) {
        for (number, row) in keyed().enumerate() {
            let asked = row.prepare(world, None);
            let key = format!("key {number}");
            let first = send(world, row, &asked, &key).expect(row.statuses[0]);
            let after_first = world.state();
            for _ in 0..2 {
                let again = send(world, row, &asked, &key);
                assert_eq!((again.status, &again.body), (first.status, &first.body), "{} {}", row.method, row.path);
                assert_eq!(again.headers.get("content-type"), first.headers.get("content-type"));
            }
            assert_eq!(world.state(), after_first, "{} {}", row.method, row.path);
        }
    }

    fn another_request_under_the_same_key_is_refused(world: &mut World) {
        for (number, row) in keyed().filter(|row| !NOT_KEPT.contains(&row.path)).enumerate() {
            let key = format!("key {number}");
            let asked = row.prepare(world, None);
            send(world, row, &asked, &key).expect(row.statuses[0]);
            let mut others = Vec::new();
            if row.path.contains("{id}") {
                others.push(row.prepare(world, None));
            }
            if asked.body.as_ref().is_some_and(|body| *body != json!({})) {
                others.push(Asked { path: asked.path.clone(), body: row.prepare(world, None).body });
                // Written otherwise it is another request too: nobody has to know what a body means to compare it.
                let (kind, spaced) = match &asked.body {
                    Some(Value::String(file)) => (crate::world::CSV, format!("{file}\n")),
                    body => (crate::world::JSON, serde_json::to_string_pretty(body).expect("JSON")),
                };
                let request = world.raw(ADMINISTRATOR, row.method, &asked.path, kind, spaced.into_bytes(), &[("idempotency-key", &key)]);
                assert_eq!(world.send(request).problem().1, "idempotency_key_reused");
            }
            let before = world.state();
            for other in others {
                if other.path == asked.path && other.body == asked.body {
                    continue;
                }
                let got = send(world, row, &other, &key);
                assert_eq!((got.problem().0, got.problem().1.as_str()), (422, "idempotency_key_reused"), "{} {}", row.method, row.path);
            }
            assert_eq!(world.state(), before, "{} {}", row.method, row.path);
        }
    }

    /// T35: a double click, here a click of sixteen, is one credit.
    fn simultaneous_repeats_have_one_effect(world: &mut World) {
        let id = world.add_customer(&json!({}));
        let path = format!("/api/v1/customers/{id}/transactions");
        let body = json!({ "action": "manual_payment", "amount": "5" });
        let answers: Vec<Got> = world.runtime.block_on(async {
            let asked = (0..16).map(|_| {
                let request = world.request(ADMINISTRATOR, "POST", &path, Some(&body), &[("idempotency-key", "double click")]);
                tokio::spawn(receive(world.router.clone(), request))
            });
            let mut answers = Vec::new();
            for one in asked.collect::<Vec<_>>() {
                answers.push(one.await.expect("an answer"));
            }
            answers
        });
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.body), (201, &answers[0].body));
        }
        assert_eq!(world.get(&format!("/api/v1/customers/{id}")).json()["balance"], "-5");
        assert_eq!(world.number(format!("select count(*) from posting where customer_id = {id}")), 1);
        // T35: nothing or nonsense is no amount.
        for amount in ["0", "-1", "0.00", "NaN", ""] {
            world.post(&path, &json!({ "action": "manual_payment", "amount": amount })).expect(422);
        }
        assert_eq!(world.get(&format!("/api/v1/customers/{id}")).json()["balance"], "-5");
    }
}

/// Two people can choose the same key; without a key each request is its own; a refusal is not what a key is kept for.
#[test]
fn a_key_belongs_to_who_used_it_for_what_was_done() {
    let world = World::new();
    let id = world.add_customer(&json!({}));
    let path = format!("/api/v1/customers/{id}/transactions");
    let body = json!({ "action": "manual_charge", "amount": "1" });
    let finance = Who::Role(trunkline_usecase::domain::staff::Role::Finance);
    let post = |who, key: Option<&str>, body: &Value| {
        let headers: Vec<(&str, &str)> = key.map(|key| ("idempotency-key", key)).into_iter().collect();
        world.send(world.request(who, "POST", &path, Some(body), &headers))
    };
    let ids: std::collections::BTreeSet<i64> = [
        post(ADMINISTRATOR, Some("one"), &body),
        post(finance, Some("one"), &body),
        post(ADMINISTRATOR, None, &body),
        post(ADMINISTRATOR, None, &body),
        post(ADMINISTRATOR, Some("two"), &body),
    ]
    .into_iter()
    .map(|got| got.expect(201).id())
    .collect();
    assert_eq!(ids.len(), 5);
    let unblock = format!("/api/v1/customers/{id}/unblock");
    let ask = || world.send(world.request(ADMINISTRATOR, "POST", &unblock, Some(&json!({})), &[("idempotency-key", "three")]));
    assert_eq!((ask().problem().0, ask().problem().1.as_str()), (409, "not_so"));
    world.post(&format!("/api/v1/customers/{id}/block"), &json!({})).expect(200);
    let done = ask().expect(200);
    assert_eq!(ask().expect(200).body, done.body);
}

#[test]
fn keys_that_cannot_be_kept_are_refused() {
    let world = World::new();
    let before = world.state();
    let body = json!({ "name": "Keyed", "class_id": world.class, "currency": "EUR" }).to_string().into_bytes();
    let long = "k".repeat(129);
    for key in [&b""[..], long.as_bytes(), b"\xc3\xa9", b"\xff", "ключ".as_bytes()] {
        let mut request = world.raw(ADMINISTRATOR, "POST", "/api/v1/customers", crate::world::JSON, body.clone(), &[]);
        let value = axum::http::HeaderValue::from_bytes(key).expect("a header");
        request.headers_mut().insert("idempotency-key", value);
        let got = world.send(request);
        assert_eq!(got.field(), ("Idempotency-Key".to_owned(), "malformed".to_owned()), "{}", String::from_utf8_lossy(key));
    }
    assert_eq!(world.state(), before);
    let key = "k".repeat(128);
    world.send(world.raw(ADMINISTRATOR, "POST", "/api/v1/customers", crate::world::JSON, body, &[("idempotency-key", &key)])).expect(201);
}
