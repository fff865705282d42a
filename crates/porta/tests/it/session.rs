//! Owns tests of the service Session: tokens, their claims, and which tokens are refused.
//! Does not own: the transports of credentials (transport.rs).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs8::DecodePrivateKey;
use serde_json::{Value, json};
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::login;

use crate::world::{NOW, PASSWORD, World};

const LIST: &str = "Generic/get_countries_list";
const FAILED: &str = "Server.Session.check_auth.auth_failed";

fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64.decode(part).expect("base64")).expect("JSON")
}

#[test]
fn signing_in_gives_tokens_whose_claims_clients_can_read() {
    let world = World::new();
    let got = world.sign_in("admin");
    let claims = claims_of(&got.text("access_token"));
    let header: Value =
        serde_json::from_slice(&BASE64.decode(got.text("access_token").split('.').next().expect("a part")).expect("base64")).expect("JSON");
    assert_eq!((header["alg"].as_str(), header["typ"].as_str()), (Some("RS256"), Some("JWT")));
    let user = world.call_as(&got.text("access_token"), "Session/ping", "{}").ok().int("user_id");
    assert!(user > 0);
    let scopes = "customer.read customer.create customer.update customer.block customer.lift_suspension customer.terminate \
                  customer.restore customer.delete transaction.post";
    assert!(claims["scopes"].as_str().expect("a text").starts_with(scopes));
    let expected = json!({
        "exp": 1_781_769_600, "iat": 1_781_596_800, "i_user": user, "i_env": 1, "login": "admin", "scopes": claims["scopes"],
        "jti": got.text("session_id"), "realm": "admin", "aud": ["portabilling-api", "portasip-api", "espf-api"], "is_super_user": 1,
    });
    assert_eq!(claims, expected);
    assert_eq!(got.text("expires_at"), "2026-06-18 08:00:00");
    let mut names: Vec<String> = got.json().as_object().expect("an object").keys().cloned().collect();
    names.sort_unstable();
    assert_eq!(names, ["access_token", "expires_at", "expires_in", "refresh_token", "session_id"]);
}

#[test]
fn staff_of_a_reseller_are_of_its_realm() {
    let world = World::new();
    let reseller = world.add_customer("Reseller", r#""i_customer_type":2,"#);
    world.add_staff("partner", Role::Reseller, Some(reseller));
    let claims = claims_of(&world.sign_in("partner").text("access_token"));
    assert_eq!((claims["realm"].as_str(), claims["is_super_user"].as_i64()), (Some("reseller"), Some(0)));
}

#[test]
fn session_id_and_token_end_together() {
    let world = World::new();
    for how in ["session_id", "access_token"] {
        let got = world.sign_in("admin");
        let (session, token) = (got.text("session_id"), got.text("access_token"));
        let by_session =
            |method: &str| world.post(method, None, &format!(r#"{{"auth_info":{{"session_id":"{session}"}},"params":{{"limit":1}}}}"#));
        by_session(LIST).ok();
        world.call_as(&token, LIST, "{}").ok();
        let ended = world.post("Session/logout", None, &format!(r#"{{"params":{{"{how}":"{}"}}}}"#, got.text(how))).ok();
        assert_eq!(ended.body, r#"{"success":1}"#);
        assert_eq!(by_session(LIST).fault(), FAILED);
        assert_eq!(world.call_as(&token, LIST, "{}").fault(), FAILED);
        assert_eq!(by_session("Session/ping").ok().body, r#"{"user_id":0}"#);
        let refreshed = format!(r#"{{"refresh_token":"{}"}}"#, got.text("refresh_token"));
        assert_eq!(world.call("Session/refresh_access_token", &refreshed).fault(), FAILED);
    }
    assert_eq!(world.post("Session/logout", None, "{}").fault(), "Server.Session.logout.required");
}

#[test]
fn tokens_live_48_hours_and_refreshing_prolongs_them() {
    let world = World::new();
    let got = world.sign_in("admin");
    let start = world.app.now();
    world.app.clock().advance_to(start.plus_seconds(47 * 3_600));
    world.app.reserve_ids().expect("ids");
    let refresh = |token: &str| world.post("Session/refresh_access_token", None, &format!(r#"{{"params":{{"refresh_token":"{token}"}}}}"#));
    let renewed = refresh(&got.text("refresh_token")).ok();
    assert_eq!(renewed.text("session_id"), got.text("session_id"));
    assert_eq!(renewed.text("expires_at"), "2026-06-20 07:00:00");
    assert_eq!(refresh(&got.text("refresh_token")).fault(), FAILED, "each refresh token works once");
    world.app.clock().advance_to(start.plus_seconds(48 * 3_600));
    world.app.reserve_ids().expect("ids");
    assert_eq!(world.call_as(&got.text("access_token"), LIST, "{}").fault(), FAILED, "its own time is over");
    world.call_as(&renewed.text("access_token"), LIST, "{}").ok();
    world.app.clock().advance_to(start.plus_seconds(95 * 3_600));
    world.app.reserve_ids().expect("ids");
    assert_eq!(world.call_as(&renewed.text("access_token"), LIST, "{}").fault(), FAILED);
    assert_eq!(refresh(&renewed.text("refresh_token")).fault(), FAILED);
    for bad in ["", "x", "x.y", "\\u0000", "💥.💥"] {
        assert!(
            ["Server.Session.refresh_access_token.required", "Server.Session.refresh_access_token.forbidden_character", FAILED]
                .contains(&refresh(bad).fault().as_str())
        );
    }
}

/// Signs `claims` the way a forger would.
fn forged(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    encode(header, claims, key).expect("a token")
}

#[test]
fn forged_tokens_are_refused() {
    let world = World::new();
    let good = world.sign_in("admin").text("access_token");
    let claims = claims_of(&good);
    let (_, pem) = login::signing_key(&world.app, || unreachable!("the key exists")).expect("the key");
    let ours = rsa::RsaPrivateKey::from_pkcs8_pem(&pem).expect("a key");
    let public = rsa::RsaPublicKey::from(&ours);
    let ours = EncodingKey::from_rsa_der(ours.to_pkcs1_der().expect("DER").as_bytes());
    let theirs = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("a key");
    let theirs = EncodingKey::from_rsa_der(theirs.to_pkcs1_der().expect("DER").as_bytes());
    let none = format!("{}.{}.", BASE64.encode(r#"{"alg":"none","typ":"JWT"}"#), BASE64.encode(claims.to_string()));
    let rs256 = Header::new(Algorithm::RS256);
    let with = |name: &str, value: Value| {
        let mut other = claims.clone();
        other[name] = value;
        other
    };
    // Our own signature over the same claims is good: what follows is refused for its difference alone.
    world.call_as(&forged(&rs256, &claims, &ours), LIST, "{}").ok();
    let public_der = public.to_pkcs1_der().expect("DER");
    let public_pem = rsa::pkcs8::EncodePublicKey::to_public_key_pem(&public, rsa::pkcs8::LineEnding::LF).expect("PEM");
    let mut cut = good.clone();
    cut.pop();
    let (head, rest) = good.split_once('.').expect("parts");
    let (_, signature) = rest.split_once('.').expect("parts");
    let tokens = [
        forged(&rs256, &claims, &theirs),
        forged(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(public_der.as_bytes())),
        forged(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(public_pem.as_bytes())),
        forged(&Header::new(Algorithm::RS512), &claims, &ours),
        forged(&rs256, &with("exp", json!(1)), &ours),
        forged(&rs256, &with("exp", json!("never")), &ours),
        forged(&rs256, &with("aud", json!(["somebody-else"])), &ours),
        forged(&rs256, &with("jti", json!("no-such-session")), &ours),
        format!("{head}.{}.{signature}", BASE64.encode(with("login", json!("root")).to_string())),
        none.clone(),
        none.trim_end_matches('.').to_owned(),
        cut,
        "a.b".to_owned(),
        "...".to_owned(),
        "x".repeat(100_000),
    ];
    for token in tokens {
        assert_eq!(world.call_as(&token, LIST, "{}").fault(), FAILED, "{token}");
        let in_body = format!(r#"{{"auth_info":{{"access_token":"{token}"}}}}"#);
        let fault = world.post(LIST, None, &in_body).fault();
        assert!(fault == FAILED || fault == "Server.Generic.get_countries_list.too_long", "{fault}");
    }
}

#[test]
fn disabled_staff_and_other_passwords_end_sessions() {
    let world = World::new();
    world.add_staff("clerk", Role::Support, None);
    let token = world.sign_in("clerk").text("access_token");
    let change = |old: &str, new: &str| {
        world.call_as(&token, "Session/change_password", &format!(r#"{{"old_password":"{old}","new_password":"{new}"}}"#))
    };
    assert_eq!(change("not this one", "another good one").fault(), "Server.Session.change_password.wrong");
    assert_eq!(change(PASSWORD, "short").fault(), "Server.Session.change_password.too_short");
    assert_eq!(change(PASSWORD, "another good one").ok().body, r#"{"success":1,"errors":{}}"#);
    assert_eq!(world.call_as(&token, LIST, "{}").fault(), FAILED);
    let login = |password: &str| world.post("Session/login", None, &format!(r#"{{"params":{{"login":"clerk","password":"{password}"}}}}"#));
    assert_eq!(login(PASSWORD).fault(), "Server.Session.auth_failed");
    login("another good one").ok();
}

#[test]
fn attempts_are_limited_but_a_remembered_password_is_not_an_attempt() {
    let world = World::new();
    let body = format!(r#"{{"auth_info":{{"login":"admin","password":"{PASSWORD}"}},"params":{{"limit":1}}}}"#);
    for _ in 0..50 {
        world.post(LIST, None, &body).ok();
    }
    let wrong = r#"{"params":{"login":"ADMIN","password":"guess"}}"#;
    let mut faults: Vec<String> = (0..12).map(|_| world.post("Session/login", None, wrong).fault()).collect();
    faults.dedup();
    assert_eq!(faults, ["Server.Session.auth_failed", "Server.Session.cannot_login_brute_force_activity"]);
    // Whoever is in stays in.
    world.post(LIST, None, &body).ok();
}

#[test]
fn the_key_is_made_once_for_the_installation() {
    let world = World::new();
    let (key_id, _) = login::signing_key(&world.app, || unreachable!("the key exists")).expect("the key");
    assert_eq!(key_id.len(), 16);
    assert!(NOW.starts_with("2026"));
}
