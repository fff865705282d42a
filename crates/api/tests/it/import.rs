//! Owns tests of sending files: what is answered of good and bad ones, and that a file that does not come whole loads nothing.
//! Does not own: what files may say (server/tests/it/import), keys and roles, which all routes have (repeat.rs, role.rs).

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use serde_json::{Value, json};
use trunkline_api::limits::IMPORT_BYTES_MAX;
use trunkline_usecase::import::Turn;

use crate::world::{ADMINISTRATOR, CSV, Got, JSON, World, receive};

const PATH: &str = "/api/v1/imports/customers";
const HEADER: &str = "name,iso_4217,customer_class";

fn send(world: &World, path: &str, file: &str) -> Got {
    world.send(world.raw(ADMINISTRATOR, "POST", path, CSV, file.as_bytes().to_vec(), &[]))
}

fn refused(got: &Got, status: u16, code: &str) -> Value {
    assert_eq!((got.status.as_u16(), got.headers["content-type"].as_bytes()), (status, &b"application/problem+json"[..]), "{}", got.body);
    let json = got.json();
    assert_eq!((&json["code"], &json["type"], &json["status"]), (&json!(code), &json!(format!("/api/problems/{code}")), &json!(status)));
    json
}

on_both! {
    fn a_file_is_loaded_whole_or_in_its_good_rows_and_its_problems_are_told(world: &mut World) {
        let file = format!("{HEADER}\nAnna,EUR,Standard\nBruno,EURO,Standard\nAnna,EUR,Standard,x\n");
        let problems = json!([
            { "line": 3, "column": "iso_4217", "code": "unknown_currency", "message": "not an ISO 4217 currency code in use" },
            { "line": 4, "column": null, "code": "malformed", "message": "4 fields, where the header has 3" },
        ]);
        let before = world.state();
        let json = refused(&send(world, PATH, &file), 422, "rows_refused");
        assert_eq!(json["detail"], "2 of 3 rows are bad; nothing was loaded.");
        assert_eq!((&json["rows"], &json["loaded"], &json["rows_bad"], &json["problems"]), (&json!(3), &json!(0), &json!(2), &problems));
        assert_eq!(world.state(), before);
        let done = send(world, &format!("{PATH}?skip_bad=true&file_name=people%20%C3%A9.csv"), &file).expect(200).json();
        assert_eq!(done, json!({ "rows": 3, "loaded": 1, "repeated": 0, "rows_bad": 2, "problems_count": 2, "problems": problems, "changes": null }));
        let events = world.get("/api/v1/events?limit=1000").expect(200).json();
        let event = events["items"].as_array().expect("items").last().expect("an event").clone();
        assert_eq!((&event["type"], &event["data"]["file"], &event["data"]["loaded"]), (&json!("customers.imported"), &json!("people é.csv"), &json!(1)));
        let audit = world.number("select count(*) from audit where action = 'customer.import' and actor like 'staff:%'".to_owned());
        assert_eq!(audit, 1);
    }
}

#[test]
fn a_file_that_is_none_is_refused_with_all_that_is_wrong_with_it() {
    let world = World::new();
    let before = world.state();
    let json = refused(&send(&world, PATH, "naem,currency\n"), 422, "file_not_understood");
    let said: Vec<&str> = json["problems"].as_array().expect("problems").iter().filter_map(|problem| problem["message"].as_str()).collect();
    assert_eq!(said[..2], ["there is no column “naem”; did you mean “name”?", "there is no column “currency”; did you mean “iso_4217”?"]);
    assert_eq!((&json["problems"][0]["line"], json["problems_count"].as_u64()), (&json!(1), Some(said.len() as u64)));
    let json = refused(&send(&world, PATH, ""), 415, "unsupported_media_type");
    assert_eq!(json["detail"], "Send the file as text/csv.");
    let json = refused(&send(&world, PATH, "PK\u{3}\u{4}"), 422, "file_not_understood");
    assert_eq!(json["problems"][0]["line"], Value::Null);
    let open = format!("{HEADER}\nAnna,EUR,Standard\n\"Bruno,EUR,Standard\nChiara,EUR,Standard\n");
    let json = refused(&send(&world, PATH, &open), 422, "file_unreadable");
    assert_eq!((&json["problems"][0]["line"], &json["problems"][0]["message"]), (&json!(3), &json!("a quote of this row is never closed")));
    assert_eq!(world.state(), before);
}

#[test]
fn what_is_said_beside_the_file_is_checked_too() {
    let world = World::new();
    let file = format!("{HEADER}\nAnna,EUR,Standard\n");
    let before = world.state();
    let long = "x".repeat(256);
    for (query, field) in [
        ("skip_bad=maybe", "skip_bad"),
        ("skip=true", "skip"),
        ("file_name=a%0Ab", "file_name"),
        ("file_name=a%00b", "file_name"),
        (&format!("file_name={long}"), "file_name"),
    ] {
        assert_eq!(send(&world, &format!("{PATH}?{query}"), &file).field().0, field, "{query}");
    }
    for kind in [JSON, "text/plain", "text/csvx", "multipart/form-data"] {
        let got = world.send(world.raw(ADMINISTRATOR, "POST", PATH, kind, file.clone().into_bytes(), &[]));
        assert_eq!((got.problem().0, got.problem().1.as_str()), (415, "unsupported_media_type"), "{kind}");
    }
    let got = world.send(world.raw(ADMINISTRATOR, "POST", PATH, CSV, file.clone().into_bytes(), &[("idempotency-key", "")]));
    assert_eq!(got.field(), ("Idempotency-Key".to_owned(), "malformed".to_owned()));
    assert_eq!(send(&world, "/api/v1/imports/staff", &file).problem().0, 404);
    assert_eq!(world.state(), before);
    world.send(world.raw(ADMINISTRATOR, "POST", PATH, "Text/CSV; charset=utf-8", file.into_bytes(), &[])).expect(200);
}

#[test]
fn one_import_at_a_time() {
    let world = World::new();
    let turn = Turn::take(&world.app, &trunkline_usecase::Context::system(), trunkline_usecase::import::Kind::Customers).expect("a turn");
    let got = send(&world, PATH, HEADER);
    assert_eq!((got.problem().0, got.problem().1.as_str(), got.headers.contains_key("retry-after")), (503, "overloaded", true));
    drop(turn);
    send(&world, PATH, HEADER).expect(200);
}

/// A body that says how long it is, sends a part, and then breaks off or stays away.
struct Part {
    bytes: Option<Bytes>,
    length: u64,
    breaks: bool,
}

impl HttpBody for Part {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.bytes.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None if self.breaks => Poll::Ready(Some(Err(std::io::Error::other("the connection is gone")))),
            None => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

#[test]
fn a_file_that_is_too_large_or_does_not_come_whole_loads_nothing() {
    let world = World::new();
    let file = format!("{HEADER}\nAnna,EUR,Standard\n");
    let before = world.state();
    for (length, breaks, status, code) in [
        (IMPORT_BYTES_MAX + 1, false, 413, "payload_too_large"),
        (1_000, true, 400, "body_incomplete"),
        (1_000, false, 408, "body_timeout"),
    ] {
        let mut request = world.raw(ADMINISTRATOR, "POST", PATH, CSV, b"x".to_vec(), &[]);
        *request.body_mut() = Body::new(Part { bytes: Some(Bytes::from(file.clone())), length, breaks });
        // With nothing else to do, the paused clock runs to the moment at which the rest should have come.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        let got = runtime.block_on(receive(world.router.clone(), request));
        assert_eq!((got.problem().0, got.problem().1.as_str()), (status, code));
    }
    assert_eq!(world.state(), before);
    // None of them has kept the turn.
    send(&world, PATH, &file).expect(200);
}
