//! Owns tests of signing in and out: cookies, tokens, how often one may try, and pages of other sites.
//! Does not own: what each role may do (role.rs).

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use trunkline_usecase::domain::staff::Role;

use crate::endpoint::ENDPOINTS;
use crate::world::{Got, JSON, PASSWORD, Who, World};

const PATH: &str = "/api/v1/session";

fn try_in(world: &World, address: &str, is_secure: bool, body: &Value) -> Got {
    world.send_from(address, is_secure, world.request(Who::Nobody, "POST", PATH, Some(body), &[]))
}

fn cookie_of(got: &Got) -> String {
    got.headers["set-cookie"].to_str().expect("text").to_owned()
}

fn with_cookie(world: &World, method: &str, path: &str, cookie: &str, headers: &[(&str, &str)], body: &str) -> Got {
    let mut request = Request::builder().method(method).uri(path).header("cookie", cookie).header("host", "carrier.example");
    if !body.is_empty() {
        request = request.header("content-type", JSON);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(Body::from(body.to_owned())).expect("a request"))
}

#[test]
fn a_browser_gets_a_cookie_that_no_script_reads_and_no_other_site_sends() {
    let world = World::new();
    world.add_staff("mira", Role::Support);
    for (is_secure, end) in [(false, ""), (true, "; Secure")] {
        let got = try_in(&world, "192.0.2.1", is_secure, &json!({ "login": "mira", "password": PASSWORD })).expect(200);
        let cookie = cookie_of(&got);
        let (pair, attributes) = cookie.split_once("; ").expect("attributes");
        let token = pair.strip_prefix("trunkline_session=").expect("its name");
        assert!(token.len() >= 43 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{token}");
        assert_eq!(attributes, format!("Path=/; Max-Age=43200; HttpOnly; SameSite=Strict{end}"));
        // The page is told who signed in, and not the token.
        assert!(!got.body.contains(token));
        assert_eq!(got.json()["staff"]["login"], "mira");
        assert_eq!(with_cookie(&world, "GET", PATH, pair, &[], "").expect(200).body, got.body);
    }
}

#[test]
fn a_program_gets_a_token_and_no_cookie() {
    let world = World::new();
    world.add_staff("robot", Role::Network);
    let got = try_in(&world, "192.0.2.1", true, &json!({ "login": "robot", "password": PASSWORD, "bearer": true })).expect(200);
    assert!(!got.headers.contains_key("set-cookie"));
    let bearer = format!("bearer {}", got.json()["token"].as_str().expect("a token"));
    let current = world.send(world.request(Who::Nobody, "GET", PATH, None, &[("authorization", &bearer)])).expect(200);
    assert!(current.json().get("token").is_none(), "a token is shown once");
}

#[test]
fn signing_out_ends_the_token_and_takes_the_cookie_away() {
    let world = World::new();
    world.add_staff("mira", Role::Support);
    let got = try_in(&world, "192.0.2.1", false, &json!({ "login": "mira", "password": PASSWORD })).expect(200);
    let cookie = cookie_of(&got);
    let pair = cookie.split(';').next().expect("a pair");
    let out = with_cookie(&world, "DELETE", PATH, pair, &[], "").expect(204);
    assert_eq!(cookie_of(&out), "trunkline_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    assert_eq!(with_cookie(&world, "GET", PATH, pair, &[], "").problem().1, "unauthenticated");
    // As a bearer it is dead too, and once more is signed out already.
    let bearer = format!("Bearer {}", pair.split_once('=').expect("a value").1);
    world.send(world.request(Who::Nobody, "GET", PATH, None, &[("authorization", &bearer)])).expect(401);
    with_cookie(&world, "DELETE", PATH, pair, &[], "").expect(204);
}

#[test]
fn a_token_ends_after_twelve_hours_and_with_what_it_was_given_for() {
    let world = World::new();
    let id = world.add_staff("mira", Role::Support);
    let alive = |token: &str| {
        let bearer = format!("Bearer {token}");
        world.send(world.request(Who::Nobody, "GET", PATH, None, &[("authorization", &bearer)])).status.as_u16()
    };
    let path = format!("/api/v1/staff/{id}");
    for change in [json!({ "password": "another horse battery" }), json!({ "role": "auditor" }), json!({ "disabled": true })] {
        world.patch(&path, &json!({ "password": PASSWORD, "role": "support", "disabled": false })).expect(200);
        let token = world.sign_in("mira");
        assert_eq!(alive(&token), 200);
        world.patch(&path, &change).expect(200);
        assert_eq!(alive(&token), 401, "{change}");
    }
    world.patch(&path, &json!({ "password": PASSWORD, "role": "support", "disabled": false })).expect(200);
    let token = world.sign_in("mira");
    world.patch(&path, &json!({ "name": "Mira B." })).expect(200);
    assert_eq!(alive(&token), 200, "a new name ends nothing");
    world.post("/api/v1/test-clock", &json!({ "advance_to": "2026-06-16T19:59:59Z" })).expect(200);
    assert_eq!(alive(&token), 200);
    // The administrator's own token is as old: this is the last it does.
    world.post("/api/v1/test-clock", &json!({ "advance_to": "2026-06-16T20:00:00Z" })).expect(200);
    assert_eq!(alive(&token), 401);
}

#[test]
fn wrong_logins_passwords_and_tokens_are_told_alike() {
    let world = World::new();
    let id = world.add_staff("mira", Role::Support);
    world.add_staff("gone", Role::Support);
    let gone = world.id_of("/api/v1/staff?limit=250", "login", "gone");
    world.patch(&format!("/api/v1/staff/{gone}"), &json!({ "disabled": true })).expect(200);
    let bodies: Vec<String> =
        [("mira", "wrong horse battery"), ("nobody", PASSWORD), ("gone", PASSWORD), ("mira\u{1F600}", PASSWORD), ("", "")]
            .iter()
            .map(|(login, password)| {
                let got = try_in(&world, "192.0.2.1", false, &json!({ "login": login, "password": password }));
                assert_eq!((got.problem().0, got.problem().1.as_str()), (401, "invalid_credentials"));
                assert!(!got.headers.contains_key("set-cookie"));
                got.body
            })
            .collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    // Capitals and widths make no other login, they do make another password.
    try_in(&world, "192.0.2.1", false, &json!({ "login": "ＭIRA", "password": PASSWORD })).expect(200);
    try_in(&world, "192.0.2.1", false, &json!({ "login": "mira", "password": PASSWORD.to_uppercase() })).expect(401);
    let long = "x".repeat(300);
    try_in(&world, "192.0.2.1", false, &json!({ "login": "mira", "password": long })).expect(401);
    for forged in ["Bearer ", "Bearer x", "Bearer ../../etc", "Basic bWlyYTp4", "bearer", &format!("Bearer {id}"), "Bearer \u{e9}"] {
        let request = Request::get(PATH).header("authorization", forged.as_bytes()).body(Body::empty()).expect("a request");
        let got = world.send(request);
        assert_eq!((got.problem().0, got.problem().1.as_str()), (401, "unauthenticated"), "{forged}");
    }
}

#[test]
fn too_many_attempts_are_told_when_to_try_again() {
    let world = World::new();
    world.add_staff("mira", Role::Support);
    world.add_staff("other", Role::Support);
    let wrong = json!({ "login": "mira", "password": "wrong horse battery" });
    for attempt in 0..10 {
        // From other addresses: the name counts.
        try_in(&world, &format!("192.0.2.{attempt}"), false, &wrong).expect(401);
    }
    for login in ["mira", "MIRA", "ｍira"] {
        let got = try_in(&world, "192.0.2.77", false, &json!({ "login": login, "password": PASSWORD }));
        assert_eq!((got.problem().0, got.problem().1.as_str()), (429, "too_many_attempts"), "{login}");
        let seconds: u64 = got.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=11).contains(&seconds), "{seconds}");
        assert!(!got.headers.contains_key("set-cookie"));
    }
    try_in(&world, "192.0.2.77", false, &json!({ "login": "other", "password": PASSWORD })).expect(200);
    // One address that tries many names: the address counts. Names of no one cost as much as a wrong password.
    let refused = (0..70).map(|number| {
        let got = try_in(&world, "198.51.100.9", false, &json!({ "login": format!("guess{number}"), "password": "guess guess guess" }));
        got.problem().1
    });
    let refused: Vec<String> = refused.collect();
    let tried = refused.iter().take_while(|code| *code == "invalid_credentials").count();
    assert!((60..70).contains(&tried), "{refused:?}");
    assert_eq!(refused.last().map(String::as_str), Some("too_many_attempts"));
}

#[test]
fn a_page_of_another_site_writes_nothing_with_the_cookie() {
    let world = World::new();
    world.add_staff("mira", Role::Administrator);
    let got = try_in(&world, "192.0.2.1", false, &json!({ "login": "mira", "password": PASSWORD })).expect(200);
    let cookie = cookie_of(&got);
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    let before = world.state();
    let foreign: [&[(&str, &str)]; 7] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://carrier.example.evil.example")],
        &[("origin", "https://carrier.example:444")],
        &[("origin", "carrier.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ];
    for row in ENDPOINTS.iter().filter(|row| row.method != "GET") {
        if row.path == PATH && row.method == "POST" {
            // Signing in needs no cookie, and answers another site's page nothing that it can read.
            continue;
        }
        let path = row.path.replace("{id}", "12345");
        for headers in foreign {
            let got = with_cookie(&world, row.method, &path, &pair, headers, r#"{"nonsense":1}"#);
            assert_eq!((got.problem().0, got.problem().1.as_str()), (403, "foreign_origin"), "{} {path} {headers:?}", row.method);
        }
    }
    assert_eq!(world.state(), before);
    // Reading goes on, and so does writing from a page of ours, and from a program that is no browser.
    with_cookie(&world, "GET", PATH, &pair, &[("origin", "https://evil.example")], "").expect(200);
    for headers in [&[("origin", "https://carrier.example")][..], &[("sec-fetch-site", "same-origin")], &[("sec-fetch-site", "none")], &[]]
    {
        with_cookie(&world, "PATCH", "/api/v1/preferences", &pair, headers, r#"{"theme":"dark"}"#).expect(200);
    }
    let bearer = format!("Bearer {}", pair.split_once('=').expect("a value").1);
    let headers = [("authorization", bearer.as_str()), ("origin", "https://evil.example")];
    world.send(world.request(Who::Nobody, "PATCH", "/api/v1/preferences", Some(&json!({ "theme": "light" })), &headers)).expect(200);
}
