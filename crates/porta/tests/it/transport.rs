//! Owns tests of the ways in which a request travels.
//! Does not own: bad input (bad_input.rs).

use axum::body::Body;
use axum::http::Request;
use trunkline_porta::PortaOptions;

use crate::world::{PASSWORD, World};

/// Percent-encodes everything that is not a letter or a digit.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

fn form(auth_info: Option<&str>, params: Option<&str>) -> Request<Body> {
    let pair = |name: &str, value: Option<&str>| value.map(|value| format!("{name}={}", encoded(value)));
    let body: Vec<String> = [pair("auth_info", auth_info), pair("params", params)].into_iter().flatten().collect();
    Request::post("/rest/Customer/get_customer_info")
        .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
        .body(Body::from(body.join("&")))
        .expect("a request")
}

fn multipart(auth_info: Option<&str>, params: Option<&str>) -> Request<Body> {
    let mut body = String::new();
    for (name, value) in [("auth_info", auth_info), ("other", Some("ignored")), ("params", params)] {
        if let Some(value) = value {
            body.push_str(&format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
    }
    body.push_str("--cut--\r\n");
    Request::post("/rest/Customer/get_customer_info")
        .header("content-type", "multipart/form-data; boundary=cut")
        .body(Body::from(body))
        .expect("a request")
}

fn json(auth_info: Option<&str>, params: Option<&str>) -> Request<Body> {
    let part = |name: &str, value: Option<&str>| value.map(|value| format!("\"{name}\":{value}"));
    let body: Vec<String> = [part("auth_info", auth_info), part("params", params)].into_iter().flatten().collect();
    Request::post("/rest/Customer/get_customer_info")
        .header("content-type", "application/json")
        .body(Body::from(format!("{{{}}}", body.join(","))))
        .expect("a request")
}

fn url(auth_info: Option<&str>, params: Option<&str>) -> Request<Body> {
    let path = format!("/rest/Customer/get_customer_info/{}/{}", encoded(auth_info.unwrap_or("{}")), encoded(params.unwrap_or("{}")));
    Request::get(path).body(Body::empty()).expect("a request")
}

fn query(auth_info: Option<&str>, params: Option<&str>) -> Request<Body> {
    let (auth_info, params) = (encoded(auth_info.unwrap_or("{}")), encoded(params.unwrap_or("{}")));
    let path = format!("/rest/Customer/get_customer_info?auth_info={auth_info}&params={params}");
    Request::post(path).body(Body::empty()).expect("a request")
}

type Transport = fn(Option<&str>, Option<&str>) -> Request<Body>;
const TRANSPORTS: [(&str, Transport); 5] = [("json", json), ("form", form), ("multipart", multipart), ("url", url), ("query", query)];

fn open_world() -> World {
    World::with(PortaOptions { url_credentials: true, ..PortaOptions::default() })
}

#[test]
fn every_transport_takes_every_credential() {
    let world = open_world();
    world.add_customer("Müller & Søn / 100%", "");
    let signed_in = world.sign_in("admin");
    let (session_id, token) = (signed_in.text("session_id"), signed_in.text("access_token"));
    let credentials = [
        format!(r#"{{"session_id":"{session_id}"}}"#),
        format!(r#"{{"access_token":"{token}"}}"#),
        format!(r#"{{"login":"admin","password":"{PASSWORD}"}}"#),
    ];
    let params = r#"{"name":"Müller & Søn / 100%"}"#;
    for (name, transport) in TRANSPORTS {
        for credential in &credentials {
            let got = world.send(transport(Some(credential), Some(params))).ok();
            assert_eq!(got.json()["customer_info"]["name"], "Müller & Søn / 100%", "{name}");
        }
    }
}

#[test]
fn every_transport_tells_faults_in_one_shape() {
    let world = open_world();
    let good = format!(r#"{{"session_id":"{}"}}"#, world.sign_in("admin").text("session_id"));
    let cases = [
        (None, Some("{}"), "Server.Session.check_auth.auth_failed"),
        (Some(r#"{"session_id":"nobody"}"#), Some("{}"), "Server.Session.check_auth.auth_failed"),
        (Some(r#"{"access_token":"a.b.c"}"#), Some("{}"), "Server.Session.check_auth.auth_failed"),
        (Some(r#"{"login":"admin","password":"wrong"}"#), Some("{}"), "Server.Session.auth_failed"),
        (Some(r#"{"login":"nobody","password":"wrong"}"#), Some("{}"), "Server.Session.auth_failed"),
        (Some(r#"{"login":"admin","token":"d7-11"}"#), Some("{}"), "Server.Customer.token_unsupported"),
        (Some(r#"{"session_id":7}"#), Some("{}"), "Server.Session.check_auth.auth_failed"),
        (Some(r#"{"session_id":["x"]}"#), Some("{}"), "Server.Customer.get_customer_info.wrong_type"),
        (Some("[1]"), Some("{}"), "Server.Customer.get_customer_info.wrong_type"),
        (Some(good.as_str()), Some("[1]"), "Server.Customer.get_customer_info.wrong_type"),
        (Some(good.as_str()), Some("{}"), "Server.Customer.get_customer_info.required"),
    ];
    for (name, transport) in TRANSPORTS {
        for (auth_info, params, code) in cases {
            let got = world.send(transport(auth_info, params));
            assert_eq!(got.fault(), code, "{name} {auth_info:?} {params:?}");
        }
    }
}

#[test]
fn parameters_can_be_left_out() {
    let world = World::new();
    let session = format!(r#"{{"session_id":"{}"}}"#, world.sign_in("admin").text("session_id"));
    for transport in [json, form, multipart] {
        let mut request = transport(Some(&session), None);
        *request.uri_mut() = "/rest/Customer/get_customer_list".parse().expect("a path");
        assert_eq!(world.send(request).ok().body, r#"{"customer_list":[]}"#);
    }
    // PHP writes an empty object as an empty list.
    assert_eq!(world.call("Customer/get_customer_list", "[]").ok().body, r#"{"customer_list":[]}"#);
    let bearer = Request::post("/rest/Customer/get_customer_list").header("authorization", format!("bearer {}", world.token()));
    assert_eq!(world.send(bearer.body(Body::empty()).expect("a request")).ok().body, r#"{"customer_list":[]}"#);
}

#[test]
fn cookies_of_the_login_are_taken_from_own_pages_only() {
    let world = World::new();
    let signed_in = world.sign_in("admin");
    let cookies: Vec<&str> = signed_in.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII")).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in &cookies {
        assert!(cookie.ends_with("; Path=/rest; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
    }
    for cookie in &cookies {
        let pair = cookie.split(';').next().expect("a pair");
        let ask = |site: &str| {
            let request = Request::post("/rest/Generic/get_countries_list")
                .header("cookie", format!("theme=dark; {pair}"))
                .header("sec-fetch-site", site)
                .header("content-type", "application/json");
            world.send(request.body(Body::from(r#"{"params":{"limit":1}}"#)).expect("a request"))
        };
        assert!(ask("same-origin").ok().body.contains("Andorra"));
        assert_eq!(ask("cross-site").fault(), "Server.Session.check_auth.auth_failed");
    }
}

#[test]
fn credentials_in_the_url_are_refused_unless_switched_on() {
    let world = World::new();
    let session = format!(r#"{{"session_id":"{}"}}"#, world.sign_in("admin").text("session_id"));
    let mut posted = url(Some(&session), None);
    *posted.method_mut() = axum::http::Method::POST;
    assert_eq!(world.send(posted).fault(), "Server.Customer.get_customer_info.url_credentials_off");
    assert_eq!(world.send(url(Some(&session), None)).fault(), "Server.Customer.get_customer_info.url_credentials_off");
    assert_eq!(world.send(query(Some(&session), None)).fault(), "Server.Session.check_auth.auth_failed");
}
