//! Owns tests of input that no honest client sends: each gets a fault of the one shape, and nothing changes.
//! Does not own: wrong values of single fields (list.rs, change.rs, transaction.rs).

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Method, Request};
use trunkline_porta::{PortaOptions, PortaState, router};
use trunkline_usecase::StorageError;

use crate::world::World;

fn send(world: &World, path: &str, content: &str, body: impl Into<Body>) -> crate::world::Got {
    let request = Request::post(path).header("content-type", content).header("authorization", format!("Bearer {}", world.token()));
    world.send(request.body(body.into()).expect("a request"))
}

const LIST: &str = "/rest/Customer/get_customer_list";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn unknown_services_and_methods() {
    let world = World::new();
    let cases = [
        ("/rest/Customer/get_customer", "Server.Customer.unknown_method"),
        ("/rest/Customer/", "Server.Customer.unknown_method"),
        ("/rest/Customer", "Server.Customer.unknown_method"),
        ("/rest/", "Server.Request.unknown_method"),
        ("/rest", "Server.Request.unknown_method"),
        ("/rest/Fax/send", "Server.Fax.unknown_service"),
        ("/rest/customer/get_customer_list", "Server.customer.unknown_service"),
        ("/rest/%3Cscript%3E/x", "Server.Request.unknown_service"),
        ("/rest/%ff%fe/x", "Server.Request.unknown_service"),
        ("/rest/Customer%2Fget_customer_list", "Server.Request.unknown_method"),
        ("/rest//Customer//get_customer_list", "Server.Customer.unknown_method"),
        ("/rest/../etc/passwd", "Server.Request.unknown_service"),
    ];
    for (path, code) in cases {
        assert_eq!(send(&world, path, JSON, "{}").fault(), code, "{path}");
    }
    let long = format!("/rest/{}/x", "S".repeat(10_000));
    assert_eq!(send(&world, &long, JSON, "{}").fault(), "Server.Request.unknown_service");
}

#[test]
fn other_http_methods() {
    let world = World::new();
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let request = Request::builder().method(method.clone()).uri(LIST).body(Body::empty()).expect("a request");
        assert_eq!(world.send(request).fault(), "Server.Customer.get_customer_list.unsupported_http_method", "{method}");
    }
}

#[test]
fn malformed_bodies() {
    let world = World::new();
    let before = world.all();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (JSON, b"{".to_vec(), "malformed_json"),
        (JSON, b"{}{}".to_vec(), "malformed_json"),
        (JSON, br#"{"params":{"limit":1,}}"#.to_vec(), "malformed_json"),
        (JSON, br#"{"params":{"limit":01}}"#.to_vec(), "malformed_json"),
        (JSON, b"\xff\xfe".to_vec(), "invalid_utf8"),
        (JSON, b"{\"params\":{\"name\":\"\xc3\x28\"}}".to_vec(), "invalid_utf8"),
        (JSON, b"\xef\xbb\xbf{}".to_vec(), "malformed_json"),
        (JSON, b"[{}]".to_vec(), "wrong_type"),
        (JSON, b"7".to_vec(), "wrong_type"),
        (JSON, b"\"{}\"".to_vec(), "wrong_type"),
        (JSON, br#"{"params":7}"#.to_vec(), "wrong_type"),
        (JSON, br#"{"params":"x"}"#.to_vec(), "malformed_json"),
        (FORM, b"params=%7B".to_vec(), "malformed_json"),
        (FORM, b"params=%7".to_vec(), "malformed_request"),
        (FORM, b"params=%zz".to_vec(), "malformed_request"),
        (FORM, b"params=%ff".to_vec(), "invalid_utf8"),
        (FORM, b"params=\xff".to_vec(), "invalid_utf8"),
        ("multipart/form-data", b"x".to_vec(), "malformed_request"),
        ("multipart/form-data; boundary=cut", b"--cut\r\nnonsense".to_vec(), "malformed_request"),
        (
            "multipart/form-data; boundary=cut",
            b"--cut\r\ncontent-disposition: form-data; name=\"params\"\r\n\r\n\xff\r\n--cut--\r\n".to_vec(),
            "invalid_utf8",
        ),
        ("text/xml", b"<x/>".to_vec(), "unsupported_content_type"),
        ("text/plain", b"{}".to_vec(), "unsupported_content_type"),
        ("application/json-seq", b"{}".to_vec(), "unsupported_content_type"),
    ];
    for (content, body, word) in cases {
        let got = send(&world, LIST, content, body.clone());
        assert_eq!(got.fault(), format!("Server.Customer.get_customer_list.{word}"), "{content} {:?}", String::from_utf8_lossy(&body));
    }
    let parts = "--cut\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n1\r\n".repeat(50) + "--cut--\r\n";
    let got = send(&world, LIST, "multipart/form-data; boundary=cut", parts);
    assert_eq!(got.fault(), "Server.Customer.get_customer_list.too_many_parts");
    assert_eq!(world.all(), before);
}

#[test]
fn deep_json_costs_no_stack() {
    let world = World::with(PortaOptions { body_bytes_max: 8 * 1024 * 1024, ..PortaOptions::default() });
    for depth in [200, 100_000, 1_000_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        let ignored = world.call("Customer/get_customer_list", &format!(r#"{{"ignored":{deep}}}"#)).ok();
        assert_eq!(ignored.body, r#"{"customer_list":[]}"#);
        let read = world.call("Customer/get_customer_list", &format!(r#"{{"limit":{deep}}}"#));
        assert_eq!(read.fault(), "Server.Customer.get_customer_list.wrong_type");
        let objects = "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        let read = world.call("Customer/update_customer", &format!(r#"{{"customer_info":{objects}}}"#));
        assert_eq!(read.fault(), "Server.Customer.update_customer.required");
        let open = world.post("Customer/get_customer_list", Some(world.token()), &"[".repeat(depth));
        assert_eq!(open.fault(), "Server.Customer.get_customer_list.wrong_type");
    }
}

#[test]
fn huge_bodies_are_refused_whole() {
    let world = World::new();
    let before = world.all();
    let fields =
        format!(r#"{{"params":{{"i_customer":1,"action":"Manual payment","amount":1,"visible_comment":"{}"}}}}"#, "x".repeat(10_000_000));
    for content in [JSON, FORM, "multipart/form-data; boundary=cut"] {
        let got = send(&world, "/rest/Customer/make_transaction", content, fields.clone());
        assert_eq!(got.fault(), "Server.Customer.make_transaction.request_too_large");
        assert_eq!(got.text("faultstring"), "the body has more than 262144 bytes");
    }
    let long = world.call("Customer/get_customer_info", &format!(r#"{{"name":"{}"}}"#, "x".repeat(100_000)));
    assert_eq!(long.fault(), "Server.Customer.get_customer_info.too_long");
    assert_eq!(world.all(), before);
}

#[test]
fn a_deadline_that_is_over_is_a_fault() {
    let mut world = World::new();
    // No time at all, and readers that are busy: whoever waits for one is late.
    let options = PortaOptions { request_seconds_max: 0, ..PortaOptions::default() };
    world.router = router(PortaState::new(Arc::clone(&world.app), options));
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let busy: Vec<_> = (0..8)
        .map(|_| {
            let wait = Arc::clone(&wait);
            world.app.database.read::<(), StorageError, _>(move |_| {
                // Ends when the sender is gone.
                drop(wait.lock().map(|wait| wait.recv()));
                Ok(())
            })
        })
        .collect();
    let got = world.call("Customer/get_customer_list", "{}");
    drop(release);
    assert_eq!(got.fault(), "Server.Customer.get_customer_list.deadline_exceeded");
    drop(busy);
}

#[test]
fn a_database_that_is_gone_is_a_fault() {
    let world = World::new();
    world.app.database.stop();
    let got = world.call("Customer/get_customer_list", "{}");
    assert!(got.fault().starts_with("Server.Customer.get_customer_list."), "{}", got.body);
    let got = world.call("Customer/add_customer", r#"{"customer_info":{"name":"x","iso_4217":"EUR","i_customer_class":1}}"#);
    assert!(got.fault().starts_with("Server.Customer.add_customer."), "{}", got.body);
}
