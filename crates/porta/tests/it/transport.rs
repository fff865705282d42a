//! Owns tests of the ways in which a request travels.
//! Does not own: bad input (bad_input.rs).

use axum::body::Body;
use axum::http::Request;
use trunkline_porta::PortaOptions;
use trunkline_usecase::domain::staff::Role;

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

/// The same request to another method.
fn to(method: &str, mut request: Request<Body>) -> Request<Body> {
    let uri = request.uri().to_string().replace("Customer/get_customer_info", method);
    *request.uri_mut() = uri.parse().expect("a path");
    request
}

#[test]
fn every_transport_signs_in_and_tells_of_unknown_methods() {
    let world = open_world();
    for (name, transport) in TRANSPORTS {
        // Of its own: attempts are counted by login.
        world.add_staff(name, Role::Support, None);
        let credentials = format!(r#"{{"login":"{name}","password":"{PASSWORD}","domain":"ignored"}}"#);
        for (auth_info, params) in [(None, Some(credentials.as_str())), (Some(credentials.as_str()), None)] {
            let signed_in = world.send(to("Session/login", transport(auth_info, params))).ok();
            let session = format!(r#"{{"session_id":"{}"}}"#, signed_in.text("session_id"));
            assert!(world.send(to("Session/ping", transport(Some(&session), None))).ok().int("user_id") > 0, "{name}");
            assert!(world.send(to("Session/ping", transport(None, Some(&session)))).ok().int("user_id") > 0, "{name}");
        }
        for (method, code) in [("Customer/get_customer", "Server.Customer.unknown_method"), ("Fax/send", "Server.Fax.unknown_service")] {
            assert_eq!(world.send(to(method, transport(None, None))).fault(), code, "{name}");
        }
    }
}

/// As scripts put it together by hand: JSON that nobody encoded, and no credentials where none are needed.
#[test]
fn the_oldest_form_takes_plain_json_by_get_and_post() {
    let world = open_world();
    world.add_customer("A/B & Co", "");
    let session = world.sign_in("admin").text("session_id");
    for method in ["GET", "POST"] {
        let ask = |path: &str| {
            let request = Request::builder().method(method).uri(format!("/rest/{path}"));
            world.send(request.body(Body::empty()).expect("a request")).ok()
        };
        let path = format!(r#"Customer/get_customer_info/{{"session_id":"{session}"}}/{{"name":"A/B%20%26%20Co"}}"#);
        assert_eq!(ask(&path).json()["customer_info"]["name"], "A/B & Co");
        let path = format!(r#"Session/login//{{"login":"admin","password":"{}"}}"#, PASSWORD.replace(' ', "%20"));
        ask(&path).text("access_token");
    }
}

#[test]
fn a_bearer_token_goes_with_every_kind_of_body() {
    let world = World::new();
    world.add_customer("Borne", "");
    for transport in [json, form, multipart] {
        let mut request = transport(None, Some(r#"{"name":"Borne"}"#));
        request.headers_mut().insert("authorization", format!("Bearer {}", world.token()).parse().expect("a header"));
        assert_eq!(world.send(request).ok().json()["customer_info"]["name"], "Borne");
    }
    let more = r#"{"params":{"name":"Borne","shoe_size":[43]},"request_id":{"a":1},"_":null}"#;
    assert!(world.post("Customer/get_customer_info", Some(world.token()), more).ok().body.contains("Borne"), "unknown fields are ignored");
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
    assert_eq!(world.send(query(Some(&session), None)).fault(), "Server.Customer.get_customer_info.url_credentials_off");
    // Beside good credentials in the header, too: the parameters would not be seen.
    let mut request = query(None, Some(r#"{"name":"x"}"#));
    request.headers_mut().insert("authorization", format!("Bearer {}", world.token()).parse().expect("a header"));
    assert_eq!(world.send(request).fault(), "Server.Customer.get_customer_info.url_credentials_off");
}
