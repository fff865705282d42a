//! Owns tests of requests that no honest client sends: each gets a problem with a name, and nothing changes. On both engines,
//! for what one keeps without a word another may refuse.
//! Does not own: wrong values of single fields of a body (bad_field.rs).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Method, Request};
use http_body::Frame;
use serde_json::json;

use crate::endpoint::ENDPOINTS;
use crate::world::{ADMINISTRATOR, JSON, Who, World};

fn raw(world: &World, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> crate::world::Got {
    world.send(world.raw(ADMINISTRATOR, "POST", path, kind, body.into(), &[]))
}

/// A field at fault and the word for it; `code` is the problem's where that is not `validation_failed`.
type Expected = (u16, &'static str, &'static str, &'static str);

const fn field(field: &'static str, word: &'static str) -> Expected {
    (422, "validation_failed", field, word)
}

#[track_caller]
fn assert_problem(got: &crate::world::Got, expected: Expected, what: &str) {
    let (status, code, fields) = got.problem();
    let (at, word) = fields.first().map_or(("", ""), |(field, word)| (field.as_str(), word.as_str()));
    assert_eq!((status, code.as_str(), at, word), expected, "{what}: {}", got.body);
}

on_both! {
    fn bodies(world: &mut World) {
        let before = world.state();
        let class = world.class;
        let deep = format!("{{\"lists\":{}1{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        let deep_array = format!("{{\"name\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let customers = "/api/v1/customers";
        let cases: Vec<(&str, Vec<u8>, Expected)> = vec![
            (customers, b"{".to_vec(), field("body", "malformed")),
            (customers, b"{}{}".to_vec(), field("body", "malformed")),
            (customers, b"{} x".to_vec(), field("body", "malformed")),
            (customers, br#"{"name":"x",}"#.to_vec(), field("body", "malformed")),
            (customers, br#"{"name":'x'}"#.to_vec(), field("name", "malformed")),
            (customers, b"[]".to_vec(), field("body", "malformed")),
            (customers, b"7".to_vec(), field("body", "malformed")),
            (customers, b"null".to_vec(), field("body", "malformed")),
            (customers, b"\"{}\"".to_vec(), field("body", "malformed")),
            (customers, b"".to_vec(), field("name", "required")),
            (customers, b" ".to_vec(), field("body", "malformed")),
            (customers, b"\xff\xfe".to_vec(), field("body", "not_utf8")),
            (customers, b"{\"name\":\"\xc3\x28\"}".to_vec(), field("body", "not_utf8")),
            (customers, b"\xef\xbb\xbf{}".to_vec(), field("body", "malformed")),
            (customers, br#"{"name":"\ud800"}"#.to_vec(), field("name", "malformed")),
            (customers, br#"{"name":"a\u0000b"}"#.to_vec(), field("name", "forbidden_character")),
            (customers, format!(r#"{{"name":"a","name":"b","class_id":{class},"currency":"EUR"}}"#).into(), field("name", "duplicate_field")),
            (customers, br#"{"address":{"city":"a","city":"b"}}"#.to_vec(), field("address.city", "duplicate_field")),
            (customers, br#"{"name":"a","n\u0061me":"b"}"#.to_vec(), field("name", "duplicate_field")),
            (customers, br#"{"Name":"a"}"#.to_vec(), field("Name", "unknown_field")),
            (customers, br#"{"address":{"planet":"a"}}"#.to_vec(), field("address.planet", "unknown_field")),
            (customers, br#"{"status":"active"}"#.to_vec(), field("status", "unknown_field")),
            (customers, br#"{"balance":"5"}"#.to_vec(), field("balance", "unknown_field")),
            (customers, deep_array.into(), field("name", "malformed")),
            ("/api/v1/session", br#"{"login":"a","login":"b","password":"c"}"#.to_vec(), field("login", "duplicate_field")),
            ("/api/v1/session", b"".to_vec(), field("login", "required")),
            ("/api/v1/session", br#"{"login":7,"password":"c"}"#.to_vec(), field("login", "malformed")),
            ("/api/v1/session", br#"{"login":"a","password":null}"#.to_vec(), field("password", "malformed")),
            ("/api/v1/session", br#"{"login":"a","password":"c","bearer":"yes"}"#.to_vec(), field("bearer", "malformed")),
            ("/api/v1/session", br#"{"login":"a","password":"c","role":"administrator"}"#.to_vec(), field("role", "unknown_field")),
            ("/api/v1/session", br#"{"login":"a\u0000","password":"long enough to be one"}"#.to_vec(), field("login", "forbidden_character")),
        ];
        for (path, body, expected) in cases {
            let what = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            let got = raw(world, path, JSON, body);
            let (status, code, fields) = got.problem();
            // How deep nesting is told differs with where the parser is; that it is refused at the field does not.
            let fields = fields.first().map_or((String::new(), String::new()), |(field, word)| (field.split('[').next().unwrap_or("").to_owned(), word.clone()));
            assert_eq!((status, code.as_str(), fields.0.as_str(), fields.1.as_str()), expected, "{what}: {}", got.body);
        }
        let got = world.send(world.raw(ADMINISTRATOR, "PATCH", "/api/v1/preferences", JSON, deep.into_bytes(), &[]));
        assert_eq!(got.problem().0, 422);
        assert_eq!(world.state(), before);
    }

    fn sizes_and_kinds(world: &mut World) {
        let before = world.state();
        let large = json!({ "name": "x".repeat(300_000), "class_id": world.class, "currency": "EUR" }).to_string();
        assert_problem(&raw(world, "/api/v1/customers", JSON, large), (413, "payload_too_large", "", ""), "300 kB");
        let large = "x".repeat(10_000_000);
        assert_problem(&raw(world, "/api/v1/session", JSON, large), (413, "payload_too_large", "", ""), "10 MB without a login");
        let body = json!({ "name": "Kind", "class_id": world.class, "currency": "EUR" }).to_string();
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", "application/xml", "", "\u{e9}"] {
            let request = world.raw(ADMINISTRATOR, "POST", "/api/v1/customers", "x", Vec::new(), &[]);
            let (mut parts, _) = request.into_parts();
            parts.headers.insert("content-type", axum::http::HeaderValue::from_bytes(kind.as_bytes()).expect("a header"));
            let got = world.send(Request::from_parts(parts, Body::from(body.clone())));
            assert_problem(&got, (415, "unsupported_media_type", "", ""), kind);
        }
        for path in ["/api/v1/session", "/api/v1/customers"] {
            let request = Request::post(path).body(Body::from("{}")).expect("a request");
            let got = world.send(request);
            let status = got.problem().0;
            assert_eq!(status, if path == "/api/v1/session" { 415 } else { 401 });
        }
        assert_eq!(world.state(), before);
        for kind in ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8", " application/json "] {
            let name = format!("Kind {}", world.next());
            let body = json!({ "name": name, "class_id": world.class, "currency": "EUR" }).to_string();
            raw(world, "/api/v1/customers", kind, body).expect(201);
        }
    }

    /// A sender that is told before it has come to its end hears that the connection broke; one that never comes to it is left.
    fn what_is_too_large_is_read_for_a_while(world: &mut World) {
        for (path, megabytes, expected) in [("/api/v1/customers", 40, 40), ("/api/v1/session", 40, 40), ("/api/v1/customers", 4_000, 65)] {
            let taken = Arc::new(AtomicUsize::new(0));
            let mut request = world.raw(ADMINISTRATOR, "POST", path, JSON, b"x".to_vec(), &[]);
            *request.body_mut() = Body::new(Megabytes { left: megabytes, taken: Arc::clone(&taken) });
            assert_problem(&world.send(request), (413, "payload_too_large", "", ""), path);
            assert_eq!(taken.load(Ordering::SeqCst), expected, "{path}");
        }
    }

    fn queries(world: &mut World) {
        let id = world.add_customer(&json!({ "name": "Query one" }));
        world.add_customer(&json!({ "name": "Query two" }));
        world.add_account(id);
        let before = world.state();
        let customers = "/api/v1/customers?";
        let long = format!("search={}", "x".repeat(101));
        let longer = format!("search={}", "x".repeat(9_000));
        let cases: Vec<(&str, &str, Expected)> = vec![
            (customers, "limit=0", field("limit", "out_of_range")),
            (customers, "limit=251", field("limit", "out_of_range")),
            (customers, "limit=1000000000", field("limit", "out_of_range")),
            (customers, "limit=1e9", field("limit", "malformed")),
            (customers, "limit=-1", field("limit", "malformed")),
            (customers, "limit=", field("limit", "malformed")),
            (customers, "limit=99999999999999999999", field("limit", "malformed")),
            (customers, "limit=10&limit=20", field("limit", "duplicate_field")),
            (customers, "sort=rank", field("sort", "unknown_choice")),
            (customers, "sort=", field("sort", "unknown_choice")),
            (customers, "sort=--name", field("sort", "unknown_choice")),
            (customers, "sort=name;drop%20table%20customer", field("sort", "unknown_choice")),
            (customers, "status=sleeping", field("status", "unknown_choice")),
            (customers, "status=active,Active", field("status", "unknown_choice")),
            (customers, "match=like", field("match", "unknown_choice")),
            (customers, "currency=EURO", field("currency", "unknown_currency")),
            (customers, "currency=eur", field("currency", "unknown_currency")),
            (customers, "currency=XAU", field("currency", "unknown_currency")),
            (customers, "balance_control=both", field("balance_control", "unknown_choice")),
            (customers, "class_id=abc", field("class_id", "malformed")),
            (customers, "class_id=9223372036854775808", field("class_id", "malformed")),
            (customers, "reseller_id=all", field("reseller_id", "malformed")),
            (customers, "sort=name,,status", field("sort", "unknown_choice")),
            (customers, "sort=name,status,-name", field("sort", "duplicate_column")),
            (customers, "sort=name,status,created,email", field("sort", "too_many")),
            (customers, "in=name,notes", field("in", "unknown_choice")),
            (customers, "in=reference", field("in", "unknown_choice")),
            (customers, "in=", field("in", "unknown_choice")),
            (customers, "in=email&search=a", (422, "search_too_short", "search", "search_too_short")),
            (customers, "in=name,email&search=ab&match=ends_with", (422, "search_too_short", "search", "search_too_short")),
            (customers, "type=distributor", field("type", "unknown_choice")),
            (customers, "billing_period=yearly", field("billing_period", "unknown_choice")),
            (customers, "created_from=yesterday", field("created_from", "malformed")),
            (customers, "created_before=2026-13-01T00:00:00Z", field("created_before", "malformed")),
            (customers, "created_from=2026-06-02T00:00:00Z&created_before=2026-06-02T00:00:00Z", field("created_before", "range_reversed")),
            (customers, "balance_min=ten", field("balance_min", "malformed")),
            (customers, "balance_max=1,5", field("balance_max", "malformed")),
            (customers, "balance_min=2&balance_max=1.99", field("balance_max", "range_reversed")),
            (customers, "credit_limit_min=2&credit_limit_max=1", field("credit_limit_max", "range_reversed")),
            (customers, "available_funds_min=0&available_funds_max=-1", field("available_funds_max", "range_reversed")),
            (customers, "balance_control=prepaid&balance_min=1", field("balance_min", "not_shown_for_prepaid")),
            (customers, "balance_control=prepaid&credit_limit_max=1", field("credit_limit_max", "not_shown_for_prepaid")),
            (customers, "balance_control=postpaid&available_funds_min=1", field("available_funds_min", "not_shown_for_postpaid")),
            (customers, "balance_max=1&available_funds_max=1", field("available_funds_max", "not_shown_for_postpaid")),
            (customers, "overdue=perhaps", field("overdue", "malformed")),
            ("/api/v1/customers/summary?", "limit=5", field("limit", "unknown_field")),
            ("/api/v1/customers/summary?", "sort=name", field("sort", "unknown_field")),
            ("/api/v1/customers/summary?", "balance_min=2&balance_max=1", field("balance_max", "range_reversed")),
            ("/api/v1/customers/summary?", "search=ab&match=contains", (422, "search_too_short", "search", "search_too_short")),
            (customers, "at=first", field("at", "unknown_choice")),
            (customers, "after=x&before=y", field("after", "ambiguous")),
            (customers, "after=x&at=last", field("after", "ambiguous")),
            (customers, "total=many", field("total", "unknown_choice")),
            (customers, "offset=5", field("offset", "unknown_field")),
            (customers, "Search=x", field("Search", "unknown_field")),
            (customers, &long, field("search", "too_long")),
            (customers, "search=ab&match=contains", (422, "search_too_short", "search", "search_too_short")),
            (customers, "search=%ff", field("search", "not_utf8")),
            (customers, "search=%c3%28", field("search", "not_utf8")),
            (customers, "search=%EF%BF%BD", field("search", "not_utf8")),
            (customers, "search=a%00b", field("search", "forbidden_character")),
            (customers, "%00=1", field("", "forbidden_character")),
            (customers, &longer, (414, "query_too_long", "", "")),
            ("/api/v1/accounts?", "limit=0", field("limit", "out_of_range")),
            ("/api/v1/accounts?", "limit=251", field("limit", "out_of_range")),
            ("/api/v1/accounts?", "state=sleeping", field("state", "unknown_choice")),
            ("/api/v1/accounts?", "search=a%00b", field("search", "forbidden_character")),
            ("/api/v1/accounts?", "after=x&before=y", field("after", "ambiguous")),
            ("/api/v1/accounts?", "sort=colour", field("sort", "unknown_choice")),
            ("/api/v1/accounts?", "status=asleep", field("status", "unknown_choice")),
            ("/api/v1/accounts/summary?", "limit=5", field("limit", "unknown_field")),
            ("/api/v1/accounts/summary?", "search=ab&match=contains", (422, "search_too_short", "search", "search_too_short")),
            ("/api/v1/accounts/export?", "columns=identity,identity", field("columns", "duplicate_field")),
            ("/api/v1/dids?", "limit=251", field("limit", "out_of_range")),
            ("/api/v1/dids?", "state=mine", field("state", "unknown_choice")),
            ("/api/v1/dids?", "sort=fee", field("sort", "unknown_choice")),
            ("/api/v1/dids?", "search=1234567890123456", field("search", "too_long")),
            ("/api/v1/dids?", "after=x&before=y", field("after", "ambiguous")),
            ("/api/v1/xdrs/summary?", "limit=5", field("limit", "unknown_field")),
            ("/api/v1/xdrs/summary?", "service=payments", field("service", "needs_customer")),
            ("/api/v1/xdrs/export?", "columns=colour", field("columns", "unknown_choice")),
            ("/api/v1/xdrs?", "limit=251", field("limit", "out_of_range")),
            ("/api/v1/xdrs?", "after=x&before=y", field("after", "ambiguous")),
            ("/api/v1/xdrs?", "sort=amount", field("sort", "unknown_choice")),
            ("/api/v1/staff?", "limit=0", field("limit", "out_of_range")),
            ("/api/v1/staff?", "limit=251", field("limit", "out_of_range")),
            ("/api/v1/staff?", "after=%00", field("after", "forbidden_character")),
            ("/api/v1/events?", "limit=0", field("limit", "out_of_range")),
            ("/api/v1/events?", "limit=1001", field("limit", "out_of_range")),
            ("/api/v1/events?", "after=x", field("after", "malformed")),
            ("/api/v1/customer-classes?", "limit=251", field("limit", "out_of_range")),
            ("/api/v1/customer-classes?", "sort=colour", field("sort", "unknown_choice")),
            ("/api/v1/customer-classes?", "after=x&before=y", field("after", "ambiguous")),
            ("/api/v1/preferences?", "theme=dark", field("theme", "unknown_field")),
        ];
        for (path, query, expected) in cases {
            let got = world.get(&format!("{path}{query}"));
            assert_problem(&got, expected, &query[..query.len().min(60)]);
        }
        let path = format!("/api/v1/customers/{id}?x=1");
        assert_problem(&world.get(&path), field("x", "unknown_field"), &path);
        assert_eq!(world.state(), before);
    }

    /// A cursor is a text of ours: whatever is put in its place is refused or finds nothing, never a failure.
    fn cursors(world: &mut World) {
        for number in 0..5 {
            world.add_customer(&json!({ "name": format!("Row {number}") }));
        }
        let page = world.get("/api/v1/customers?limit=2").expect(200).json();
        let cursor = page["page"]["next"].as_str().expect("a cursor").to_owned();
        world.get(&format!("/api/v1/customers?limit=2&after={cursor}")).expect(200);
        world.get(&format!("/api/v1/customers?limit=100&after={cursor}")).expect(200);
        let id = world.add_customer(&json!({}));
        for _ in 0..3 {
            world.add_account(id);
        }
        let accounts = world.get("/api/v1/accounts?limit=2").expect(200).json();
        let of_accounts = accounts["page"]["next"].as_str().expect("a cursor").to_owned();
        let flipped: String = cursor.chars().rev().collect();
        let foreign = [
            format!("sort=-name&after={cursor}"),
            format!("sort=balance&after={cursor}"),
            format!("status=active&after={cursor}"),
            format!("search=Row&after={cursor}"),
            format!("after={of_accounts}"),
            format!("before={of_accounts}"),
            format!("after={flipped}"),
            format!("after={}", &cursor[..cursor.len() - 2]),
            format!("after={cursor}AAAA"),
            "after=".to_owned(),
            "after=%20".to_owned(),
            "after=!!!!".to_owned(),
            format!("after={}", "A".repeat(2_000)),
        ];
        for query in foreign {
            let got = world.get(&format!("/api/v1/customers?{query}"));
            assert_problem(&got, (422, "invalid_cursor", "", ""), &query);
        }
        for query in ["after=!!", "after=_w"] {
            assert_problem(&world.get(&format!("/api/v1/accounts?{query}")), (422, "invalid_cursor", "", ""), query);
        }
        let mut failures = Vec::new();
        for (change, forged) in forged(&cursor) {
            for direction in ["after", "before"] {
                let got = world.get(&format!("/api/v1/customers?{direction}={forged}"));
                if got.status.as_u16() != 200 && got.problem().1 != "invalid_cursor" {
                    failures.push(format!("{direction} {}: {}", &change[..change.len().min(60)], got.body));
                }
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        // NUL as an identity.
        for text in ["AA", "YQBi"] {
            let got = world.get(&format!("/api/v1/accounts?after={text}"));
            assert!(got.status.as_u16() == 200 || got.problem().1 == "invalid_cursor", "{text}: {}", got.body);
        }
        // Staff of another scope cannot use it either.
        let got = world.ask(crate::world::RESELLER, "GET", &format!("/api/v1/customers?limit=2&after={cursor}"), None);
        assert_problem(&got, (422, "invalid_cursor", "", ""), "another scope");
    }

    fn ids(world: &mut World) {
        let before = world.state();
        let ids = [
            "0", "-1", "9223372036854775807", "9223372036854775808", "9007199254740992", "99999999999999999999999", "abc", "1.0", "1e3", "0x1",
            "%00", "%ff", "%31%00", "1%20", "none", "1;2", "1,2", "..", "%2e%2e",
        ];
        for row in ENDPOINTS.iter().filter(|row| row.path.contains("{id}")) {
            let body = row.body.map(|body| body());
            for id in ids {
                let path = row.path.replace("{id}", id);
                // The path is looked at before the body, and both after who asks.
                let got = world.ask(ADMINISTRATOR, row.method, &path, body.as_ref());
                assert_problem(&got, (404, "not_found", "", ""), &format!("{} {path}", row.method));
            }
        }
        assert_eq!(world.state(), before);
    }
}

/// A body of so many megabytes.
struct Megabytes {
    left: usize,
    taken: Arc<AtomicUsize>,
}

impl HttpBody for Megabytes {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.taken.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1024 * 1024])))))
    }
}

/// Whoever sees a problem can tell support which request it was; nothing else of the answer is another for it.
#[test]
fn a_problem_tells_the_id_of_its_request() {
    let world = World::new();
    let large = vec![b'x'; 300_000];
    let requests = [
        (401, world.request(Who::Nobody, "GET", "/api/v1/customers", None, &[])),
        (404, world.request(ADMINISTRATOR, "GET", "/api/v1/nothing", None, &[])),
        (404, world.request(ADMINISTRATOR, "GET", "/api/v1/customers/12345", None, &[])),
        (405, world.request(ADMINISTRATOR, "PUT", "/api/v1/customers", None, &[])),
        (413, world.raw(ADMINISTRATOR, "POST", "/api/v1/customers", JSON, large, &[])),
        (422, world.request(ADMINISTRATOR, "GET", "/api/v1/customers?sort=rank", None, &[])),
        (422, world.raw(ADMINISTRATOR, "POST", "/api/v1/imports/customers", "text/csv", b"shoe_size\n43\n".to_vec(), &[])),
    ];
    for (status, request) in requests {
        let (parts, body) = request.into_parts();
        let bytes = world.runtime.block_on(axum::body::to_bytes(body, usize::MAX)).expect("a body");
        let again = || Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        let without = world.send(again());
        let mut named = again();
        named.extensions_mut().insert(trunkline_api::RequestId("ticket-17".to_owned()));
        let with = world.send(named).expect(status);
        let mut whole = with.json();
        assert_eq!(whole.as_object_mut().expect("an object").remove("request_id"), Some(json!("ticket-17")));
        assert_eq!(whole, without.json());
        assert_eq!(with.headers.get("allow"), without.headers.get("allow"), "{status}");
        assert_eq!(with.headers.contains_key("allow"), status == 405);
        let told = with.headers.get("content-length").map(|length| length.to_str().expect("digits").to_owned());
        assert!(told.is_none_or(|length| length == with.body.len().to_string()), "{with:?}");
    }
}

#[test]
fn routes_and_methods_that_there_are_not() {
    let world = World::new();
    for path in [
        "/api/v1/customer",
        "/api/v1/customers/",
        "/api/v1/customers/1/2/3",
        "/api/v1/Customers",
        "/api/v1//customers",
        "/api/v1/%ff",
        "/api/v1",
        "/api/v2/customers",
    ] {
        let got = world.get(path);
        assert_problem(&got, (404, "not_found", "", ""), path);
    }
    for (method, path) in [
        (Method::PUT, "/api/v1/customers"),
        (Method::DELETE, "/api/v1/customers"),
        (Method::POST, "/api/v1/customers/1"),
        (Method::GET, "/api/v1/customers/1/block"),
        (Method::GET, "/api/v1/test-clock"),
        (Method::OPTIONS, "/api/v1/customers"),
        (Method::TRACE, "/api/v1/session"),
        (Method::from_bytes(b"BREW").expect("a method"), "/api/v1/session"),
    ] {
        let got = world.ask(Who::Nobody, method.as_str(), path, None);
        assert_problem(&got, (405, "method_not_allowed", "", ""), &format!("{method} {path}"));
        assert!(got.headers.contains_key("allow"), "{method} {path}");
    }
}

/// Cursors of the same request as `cursor` whose place is nonsense.
fn forged(cursor: &str) -> Vec<(String, String)> {
    use std::fmt::Write as _;
    // The texts are short, and the encoding is a few lines: base64 of RFC 4648 for URLs, without padding.
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let decode = |text: &str| -> Vec<u8> {
        let bits: String = text.bytes().fold(String::new(), |mut bits, byte| {
            let value = LETTERS.iter().position(|letter| *letter == byte).expect("base64");
            write!(bits, "{value:06b}").expect("a string");
            bits
        });
        bits.as_bytes()
            .chunks_exact(8)
            .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("bits"), 2).expect("a byte"))
            .collect()
    };
    let encode = |text: &str| -> String {
        let mut bits: String = text.bytes().fold(String::new(), |mut bits, byte| {
            write!(bits, "{byte:08b}").expect("a string");
            bits
        });
        while !bits.len().is_multiple_of(6) {
            bits.push('0');
        }
        let value = |six: &[u8]| usize::from_str_radix(std::str::from_utf8(six).expect("bits"), 2).expect("a value");
        bits.as_bytes().chunks_exact(6).map(|six| char::from(LETTERS[value(six)])).collect()
    };
    let whole: serde_json::Value = serde_json::from_slice(&decode(cursor)).expect("JSON");
    let changes = [
        json!({ "s": 1 }),
        json!({ "s": 1_000_000 }),
        json!({ "s": -1 }),
        json!({ "k": [] }),
        json!({ "k": ["a", "b", "c"] }),
        json!({ "k": [7] }),
        json!({ "k": ["a\u{0}b"] }),
        json!({ "k": [i64::MAX] }),
        json!({ "k": ["x".repeat(3_000)] }),
        json!({ "i": i64::MIN }),
        json!({ "i": "1" }),
        json!({ "p": i64::MAX }),
        json!({ "p": i64::MIN }),
    ];
    let forged = changes.into_iter().map(|change| {
        let mut whole = whole.clone();
        whole.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        (change.to_string(), encode(&whole.to_string()))
    });
    forged.collect()
}
