//! Owns tests of what each route answers, whole: compared with the files in `tests/answers/`, ids numbered in the order in which
//! they are met, the clock standing still. `TRUNKLINE_ANSWERS=write cargo test -p trunkline-api answer` writes the files anew;
//! what changed in them is then looked at before it is committed.
//! Does not own: refusals (bad_input.rs, bad_field.rs).

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::world::{ADMINISTRATOR, Got, Labels, PASSWORD, Who, World};

/// Compares answers with the files.
struct Answers {
    labels: Labels,
    wrong: Vec<String>,
}

impl Answers {
    fn new(world: &World) -> Answers {
        let mut labels = Labels::default();
        labels.name(world.class, "class Standard");
        labels.name(world.reseller, "reseller");
        labels.name(world.other_reseller, "other reseller");
        Answers { labels, wrong: Vec::new() }
    }

    /// Keeps the status, the kind and the JSON of an answer.
    fn is(&mut self, name: &str, got: &Got) {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/answers/{name}.json"));
        let kind = got.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        let body = if got.body.is_empty() { Value::Null } else { self.labels.put(&hide(&got.json())) };
        let whole = json!({ "status": got.status.as_u16(), "content_type": kind, "body": body });
        let text = serde_json::to_string_pretty(&whole).expect("JSON") + "\n";
        if std::env::var("TRUNKLINE_ANSWERS").is_ok_and(|wish| wish == "write") {
            std::fs::write(&file, &text).expect("a file");
        }
        let stored = std::fs::read_to_string(&file).unwrap_or_default();
        if stored != text {
            self.wrong.push(format!("{} is not what was answered:\n{text}", file.display()));
        }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

/// Tokens and cursors are drawn by chance or say nothing to a reader; the version moves with each release.
fn hide(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match (name.as_str(), value) {
                ("token" | "next" | "previous" | "version", Value::String(_)) => (name.clone(), json!("...")),
                _ => (name.clone(), hide(value)),
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(hide).collect(),
        other => other.clone(),
    }
}

on_both! {
    fn customers(world: &mut World) {
        let mut answers = Answers::new(world);
        let new = json!({
            "name": "Straßenbau Öhler", "class_id": world.class, "currency": "EUR", "time_zone": "Europe/Berlin", "credit_limit": "100",
            "login": "oehler", "reference": "C-17", "address": { "company_name": "Straßenbau Öhler", "email": "office@customer.example", "country": "DE" }
        });
        let made = world.post("/api/v1/customers", &new);
        answers.is("customer_created", &made);
        let id = made.id();
        let path = format!("/api/v1/customers/{id}");
        let at = |action: &str| format!("{path}/{action}");
        answers.is("customer_changed", &world.patch(&path, &json!({
            "version": 1, "billing_period": "weekly", "temporary_credit_limit": { "amount": "150.5", "until": "2026-06-20T22:00:00Z" },
            "login": null, "address": { "city": "Musterstadt", "email": null }
        })));
        answers.is("charge", &world.post(&at("transactions"), &json!({ "action": "manual_charge", "amount": "150.5", "visible_comment": "Work" })));
        answers.is("customer_credit_exceeded", &world.get(&path));
        answers.is("refusal_changed_meanwhile", &world.patch(&path, &json!({ "version": 1 })));
        world.suspend(id);
        answers.is("customer_suspended", &world.get(&path));
        answers.is("customer_lifted", &world.post(&at("lift-suspension"), &json!({ "until": "2026-06-20" })));
        answers.is("customer_blocked", &world.post(&at("block"), &json!({ "comment": "reported stolen" })));
        answers.is("refusal_already_so", &world.post(&at("block"), &json!({})));
        answers.is("customer_unblocked", &world.post(&at("unblock"), &json!({})));
        answers.is("payment", &world.post(&at("transactions"), &json!({ "action": "manual_payment", "amount": "130" })));
        answers.is("customer_paid", &world.get(&path));
        answers.is("customer_terminated", &world.post(&at("terminate"), &json!({ "kind": "provisional", "comment": "moves away" })));
        answers.is("customer_restored", &world.post(&at("restore"), &json!({})));
        answers.is("refusal_not_deletable", &world.ask(crate::world::ADMINISTRATOR, "DELETE", &path, None));
        answers.is("customer_closed", &world.post(&at("terminate"), &json!({ "kind": "permanent" })));
        answers.is("refusal_closed", &world.post(&at("restore"), &json!({})));
        let other = world.add_customer(&json!({}));
        let path = format!("/api/v1/customers/{other}");
        answers.is("customer_deleted", &world.ask(crate::world::ADMINISTRATOR, "DELETE", &path, None));
        answers.is("refusal_not_found", &world.get(&path));
    }

    fn the_list_of_customers(world: &mut World) {
        let mut answers = Answers::new(world);
        let suspended = world.add_customer(&json!({ "name": "Bäckerei Zander", "address": { "phone_1": "+49 30 1", "email": "office@customer.example" } }));
        world.suspend(suspended);
        let owned = json!({ "name": "川 商店", "currency": "JPY", "balance_control": "prepaid", "reseller_id": world.reseller });
        let owned = world.add_customer(&owned);
        // Before the payment: the sums follow it within a second.
        answers.is("customers_summary", &world.get("/api/v1/customers/summary?status=active,no_available_funds"));
        world.post(&format!("/api/v1/customers/{owned}/transactions"), &json!({ "action": "manual_payment", "amount": "5000" })).expect(201);
        world.post(&format!("/api/v1/customers/{}/block", world.reseller), &json!({ "comment": "papers are missing" })).expect(200);
        answers.is("customers", &world.get("/api/v1/customers"));
        answers.is("customers_page", &world.get("/api/v1/customers?limit=1&sort=-name&total=none"));
        answers.is("customers_last_page", &world.get("/api/v1/customers?limit=3&at=last&total=exact"));
        answers.is("customers_none", &world.get("/api/v1/customers?search=nobody&match=contains"));
    }

    fn tariffs(world: &mut World) {
        let mut answers = Answers::new(world);
        let made = world.post("/api/v1/tariffs", &json!({
            "name": "Retail", "service": "voice", "currency": "EUR", "connect_fee": "0.05", "surcharge_percent": "12.5",
            "time_zone": "Europe/Berlin", "off_peak": "20:00-08:00 mon-fri; sat-sun"
        }));
        answers.is("tariff_created", &made);
        let path = format!("/api/v1/tariffs/{}", made.id());
        let rate = json!({
            "prefix": "44", "pricing": { "interval_first": 60, "interval_next": 30, "price_next": "0.2" },
            "off_peak": { "formula": "fee, 2x30@0.02, 60@0.01" }
        });
        answers.is("rate_created", &world.post(&format!("{path}/rates"), &rate));
        let later = json!({ "prefix": "447", "effective_from": "2030-01-01T00:00:00Z", "status": "forbidden", "pricing": { "price_next": "0" } });
        world.post(&format!("{path}/rates"), &later).expect(201);
        answers.is("rates", &world.get(&format!("{path}/rates?prefix=44")));
        answers.is("price", &world.get(&format!("{path}/price?number=442079460123&units=61&at=2026-06-16T10:00:00Z")));
        answers.is("price_off_peak", &world.get(&format!("{path}/price?number=442079460123&units=61&at=2026-06-20T10:00:00Z")));
        answers.is("price_forbidden", &world.get(&format!("{path}/price?number=447700900123&at=2030-01-01T00:00:00Z")));
        answers.is("refusal_begun", &world.post(&format!("{path}/rates"), &json!({ "prefix": "44", "pricing": { "price_next": "1" } })));
        world.post("/api/v1/tariffs", &json!({ "name": "Everyday voice", "service": "voice", "currency": "EUR" })).expect(201);
        let sample = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/rates.csv")).expect("a sample");
        let asked = world.raw(crate::world::ADMINISTRATOR, "POST", "/api/v1/imports/rates", "text/csv", sample, &[]);
        answers.is("rates_imported", &world.send(asked));
        answers.is("tariff_changed", &world.patch(&path, &json!({ "version": 1, "connect_fee": "0", "off_peak": null })));
    }

    fn switches(world: &mut World) {
        let mut answers = Answers::new(world);
        let bare = world.post("/api/v1/nas", &json!({ "name": "Switch 1", "network": "192.0.2.10", "secret": "testing123" }));
        answers.is("nas_created", &bare);
        let full = json!({
            "name": "Access servers", "network": "2001:db8::/32", "identifier": "bras-1", "secret": "testing123", "reauthorizes": true,
            "interim_interval_seconds": 900, "message_authenticator_required": false, "dynamic_authorization_port": 3799,
            "reply_template": ["Session-Timeout = {seconds}", "Mikrotik-Rate-Limit = 10M/10M"]
        });
        let path = format!("/api/v1/nas/{}", world.post("/api/v1/nas", &full).id());
        answers.is("nases", &world.get("/api/v1/nas"));
        answers.is("nas_changed", &world.patch(&path, &json!({ "version": 1, "secret": "another secret", "identifier": null })));
        let wrong = json!({ "name": "Switch 2", "network": "192.0.2.10/24", "secret": "short", "reply_template": ["Session-Timeout"] });
        answers.is("refusal_network", &world.post("/api/v1/nas", &wrong));
        answers.is("refusal_nas", &world.patch(&path, &json!({ "network": "192.0.2.10", "secret": "short", "reply_template": ["A = {second}"] })));
        answers.is("refusal_place_taken", &world.patch(&path, &json!({ "network": "192.0.2.10" })));
    }

    fn usage(world: &mut World) {
        let mut answers = Answers::new(world);
        let tariff = world.post("/api/v1/tariffs", &json!({ "name": "Retail", "service": "voice", "currency": "EUR" })).id();
        let rate = json!({ "prefix": "44", "pricing": { "interval_first": 60, "interval_next": 30, "price_next": "0.2" } });
        world.post(&format!("/api/v1/tariffs/{tariff}/rates"), &rate).expect(201);
        let entry = json!({ "service": "voice", "direction": "outgoing", "tariff_id": tariff });
        let new = json!({ "name": "Home", "kind": "main", "currency": "EUR", "calls_max": 2, "tariffs": [entry.clone()] });
        let made = world.post("/api/v1/products", &new);
        answers.is("product_created", &made);
        let customer = world.add_customer(&json!({ "name": "Ada", "balance_control": "prepaid" }));
        world.post(&format!("/api/v1/customers/{customer}/transactions"), &json!({ "action": "manual_payment", "amount": "1" })).expect(201);
        let account = json!({ "customer_id": customer, "identity": "15550100", "model": "credit" });
        let account = world.post("/api/v1/accounts", &account).expect(201).id();
        let path = format!("/api/v1/accounts/{account}/products");
        world.post(&path, &json!({ "product_id": made.id() })).expect(204);
        answers.is("account_products", &world.get(&path));
        let item = json!({ "service": "voice", "prefixes": ["44"], "volume_units": 600, "renewal": "daily", "rollover_periods": 1 });
        let bundle = world.post("/api/v1/bundles", &json!({ "name": "Ten minutes", "items": [item] }));
        answers.is("bundle_created", &bundle);
        let add_on = json!({ "name": "Minutes", "kind": "add_on", "priority": 10, "currency": "EUR", "bundle_id": bundle.id() });
        let add_on = world.post("/api/v1/products", &add_on).expect(201).id();
        let later = json!({ "product_id": add_on, "active_from": "2026-06-15T00:00:00Z" });
        world.post(&path, &later).expect(204);
        answers.is("account_bundles", &world.get(&format!("/api/v1/accounts/{account}/bundles")));
        world.post(&format!("{path}/take-away"), &json!({ "product_id": add_on })).expect(204);
        let usage = json!({ "identity": "15550100", "cli": "15550100", "cld": "+442079460123" });
        let say = |verb: &str, body: Value| world.post(&format!("/api/v1/usage/{verb}"), &body);
        answers.is("usage_authorized", &say("authorize", json!({ "session": "7f3a", "usage": usage, "interim_seconds": 60 })));
        answers.is("refusal_usage_funds", &say("authorize", json!({ "session": "8b", "usage": usage })));
        let elsewhere = json!({ "identity": "15550100", "cld": "33155501234" });
        answers.is("refusal_usage_rate", &say("authorize", json!({ "session": "9c", "usage": elsewhere })));
        answers.is("usage_reported", &say("report", json!({ "session": "7f3a", "started_at": "2026-06-16T07:00:00Z", "used_units": 30 })));
        answers.is("sessions", &world.get("/api/v1/usage/sessions"));
        answers.is("usage_stopped", &say("stop", json!({ "session": "7f3a", "used_units": 61, "cause": "16" })));
        let xdrs = world.get(&format!("/api/v1/xdrs?customer_id={customer}")).json();
        answers.is("xdr_explained", &world.get(&format!("/api/v1/xdrs/{}", xdrs["items"][0]["id"])));
        answers.is("refusal_usage_session", &say("stop", json!({ "session": "never", "used_units": 61 })));
    }

    fn many_customers_at_once(world: &mut World) {
        let mut answers = Answers::new(world);
        let (plain, blocked, owner) = (world.add_customer(&json!({ "name": "Ada" })), world.add_customer(&json!({ "name": "Bob" })), world.add_customer(&json!({ "name": "Cid" })));
        world.post(&format!("/api/v1/customers/{blocked}/block"), &json!({})).expect(200);
        world.add_account(owner);
        let bulk = |body: Value| world.post("/api/v1/customers/bulk", &body);
        let ids = [plain, blocked, owner, 4_711, plain];
        answers.is("customers_bulk_preview", &bulk(json!({ "action": "delete", "ids": ids, "preview": true })));
        answers.is("customers_bulk", &bulk(json!({ "action": "block", "ids": ids, "comment": "asked for by the bank" })));
        answers.is("customers_bulk_matching", &bulk(json!({ "action": "unblock", "matching": "search=b&status=blocked&limit=1&sort=-name" })));
        answers.is("refusal_bulk_query", &bulk(json!({ "action": "unblock", "matching": "status=blocked&search=a&match=contains" })));
        let field = |body: Value| bulk(body).field();
        let word = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(field(json!({ "action": "block" })), word("ids", "required"));
        assert_eq!(field(json!({ "action": "block", "ids": [plain], "matching": "" })), word("matching", "ambiguous"));
        assert_eq!(field(json!({ "action": "block", "ids": [plain], "until": "2026-06-20" })), word("until", "not_applicable"));
        assert_eq!(field(json!({ "action": "lift_suspension", "ids": [plain] })), word("until", "required"));
        assert_eq!(field(json!({ "action": "change_class", "ids": [plain] })), word("class_id", "required"));
        assert_eq!(field(json!({ "action": "change_class", "ids": [plain], "class_id": 4_711 })), word("class_id", "not_found"));
        assert_eq!(field(json!({ "action": "delete", "matching": "status=sleeping" })), word("matching.status", "unknown_choice"));
        assert_eq!(field(json!({ "action": "delete", "matching": "colour=red" })), word("matching.colour", "unknown_field"));
    }

    fn accounts(world: &mut World) {
        let mut answers = Answers::new(world);
        let customer = world.add_customer(&json!({ "name": "Owner", "currency": "KWD" }));
        let debit = json!({
            "customer_id": customer, "identity": "380441234567", "model": "debit", "opening_balance": "12.345", "active_from": "2026-07-01T00:00:00Z",
            "expires_at": "2027-07-01T02:00:00+02:00", "life_time_days": 30, "batch": "B-1",
            "password": "correct horse"
        });
        let made = world.post("/api/v1/accounts", &debit);
        answers.is("account_created", &made);
        answers.is("account", &world.get(&format!("/api/v1/accounts/{}", made.id())));
        world.post("/api/v1/accounts", &json!({ "customer_id": customer, "identity": "User@Sip.Example", "blocked": true })).expect(201);
        let taken = json!({ "password": null });
        answers.is("account_without_password", &world.ask(ADMINISTRATOR, "PUT", &format!("/api/v1/accounts/{}/password", made.id()), Some(&taken)));
        answers.is("accounts", &world.get("/api/v1/accounts"));
        answers.is("accounts_summary", &world.get("/api/v1/accounts/summary"));
        answers.is("accounts_page", &world.get(&format!("/api/v1/accounts?customer_id={customer}&limit=1&state=any&search=3804")));
    }
}

#[test]
fn classes() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    let new = json!({ "name": "Key accounts", "currency": "EUR", "payment_terms_days": 30, "suspend_after_days": 20 });
    let made = world.post("/api/v1/customer-classes", &new);
    answers.is("class_created", &made);
    let path = format!("/api/v1/customer-classes/{}", made.id());
    answers.is("class_changed", &world.patch(&path, &json!({ "suspend_after_days": null, "terminate_after_days": 90 })));
    answers.is("class", &world.get(&path));
    answers.is("classes", &world.get("/api/v1/customer-classes"));
}

#[test]
fn staff_and_sessions() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    let new = json!({
        "login": "mira", "name": "Mira Bell", "email": "mira@carrier.example", "role": "reseller", "reseller_id": world.reseller, "password": PASSWORD
    });
    let made = world.post("/api/v1/staff", &new);
    answers.is("staff_created", &made);
    let session =
        world.ask(Who::Nobody, "POST", "/api/v1/session", Some(&json!({ "login": "mira", "password": PASSWORD, "bearer": true })));
    answers.is("session_of_reseller", &session);
    answers.is("staff_changed", &world.patch(&format!("/api/v1/staff/{}", made.id()), &json!({ "email": null, "disabled": true })));
    answers.is("staff", &world.get("/api/v1/staff"));
    answers.is("session", &world.get("/api/v1/session"));
    answers.is("refusal_unauthenticated", &world.ask(Who::Nobody, "GET", "/api/v1/session", None));
    answers.is("refusal_forbidden", &world.ask(Who::Role(trunkline_usecase::domain::staff::Role::Support), "GET", "/api/v1/staff", None));
    let wrong = json!({ "login": "mira", "password": "x" });
    answers.is("refusal_credentials", &world.ask(Who::Nobody, "POST", "/api/v1/session", Some(&wrong)));
    let many = json!({ "login": "a b", "name": "", "role": "support", "reseller_id": 7, "password": "short" });
    answers.is("refusal_of_many_fields", &world.post("/api/v1/staff", &many));
}

#[test]
fn preferences_are_merged() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    answers.is("preferences_none", &world.get("/api/v1/preferences"));
    let first = json!({ "rows_per_page": 50, "theme": "dark", "lists": { "customers": { "columns": ["name", "status"], "widths": { "name": 240 } } } });
    world.patch("/api/v1/preferences", &first).expect(200);
    let second =
        json!({ "theme": null, "striped": true, "lists": { "customers": { "widths": { "name": null, "status": 90 } }, "accounts": {} } });
    answers.is("preferences_changed", &world.patch("/api/v1/preferences", &second));
    assert_eq!(world.get("/api/v1/preferences").body, world.patch("/api/v1/preferences", &json!({})).body);
    answers.is("preferences_overtook", &world.patch("/api/v1/preferences", &json!({ "seen_version": 1, "theme": "light" })));
}

#[test]
fn saved_views() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    let view = json!({
        "list": "customers", "name": "Blocked ones", "shared": true, "query": "status=blocked&sort=-name", "columns": { "order": ["name"] }
    });
    let made = world.post("/api/v1/saved-views", &view);
    let path = format!("/api/v1/saved-views/{}", made.id());
    answers.is("saved_view_created", &made);
    world.patch(&path, &json!({ "seen_version": 1, "columns": null })).expect(200);
    answers.is("saved_view_overtook", &world.patch(&path, &json!({ "seen_version": 1, "name": "Blocked" })));
    answers.is("saved_views", &world.get("/api/v1/saved-views?list=customers"));
    answers.is("saved_view_taken", &world.post("/api/v1/saved-views", &json!({ "list": "customers", "name": "BLOCKED", "query": "" })));
    world.ask(ADMINISTRATOR, "DELETE", &path, None).expect(204);
    assert_eq!(world.get("/api/v1/saved-views?list=customers").json(), json!({ "items": [] }));
}

#[test]
fn a_list_of_xdrs() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    let id = world.add_customer(&json!({ "name": "Ada" }));
    let post = |body: &Value| world.post(&format!("/api/v1/customers/{id}/transactions"), body).expect(201);
    post(&json!({ "action": "manual_charge", "amount": "7.25", "visible_comment": "Line moved" }));
    post(&json!({ "action": "manual_payment", "amount": "5" }));
    answers.is("xdrs", &world.get(&format!("/api/v1/xdrs?customer_id={id}")));
    answers.is("xdrs_summary", &world.get(&format!("/api/v1/xdrs/summary?customer_id={id}")));
    answers.is("xdrs_need_a_customer", &world.get("/api/v1/xdrs?service=payments"));
}

#[test]
fn what_is_looked_up() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    answers.is("statuses", &world.get("/api/v1/statuses"));
    answers.is("account_statuses", &world.get("/api/v1/account-statuses"));
    let currencies = world.get("/api/v1/currencies").expect(200).json();
    let digits = |code: &str| currencies["items"].as_array().expect("items").iter().find(|item| item["code"] == code).cloned();
    assert_eq!(digits("JPY"), Some(json!({ "code": "JPY", "name": "Japanese yen", "digits": 0 })));
    assert_eq!(digits("KWD"), Some(json!({ "code": "KWD", "name": "Kuwaiti dinar", "digits": 3 })));
    assert_eq!(digits("XAU"), None);
    let zones = world.get("/api/v1/time-zones").expect(200).json();
    assert!(zones["items"].as_array().expect("items").contains(&json!({ "name": "Europe/Kyiv" })));
}

#[test]
fn events_tell_what_happened_in_its_order() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    let since = world.get("/api/v1/events").expect(200).json()["next"].as_i64().expect("an id");
    let customer = world.add_customer(&json!({ "name": "Eventful" }));
    let path = format!("/api/v1/customers/{customer}");
    world.post(&format!("{path}/transactions"), &json!({ "action": "manual_charge", "amount": "3" })).expect(201);
    world.post(&format!("{path}/block"), &json!({})).expect(200);
    world.add_account(customer);
    answers.is("events", &world.get(&format!("/api/v1/events?after={since}")));
    answers.is("events_page", &world.get(&format!("/api/v1/events?after={since}&limit=1")));
    let last = world.get("/api/v1/events").json()["next"].as_i64().expect("an id");
    assert_eq!(world.get(&format!("/api/v1/events?after={last}")).json(), json!({ "items": [], "next": last }));
}

#[test]
fn the_test_clock_answers_when_the_work_is_done() {
    let world = World::new();
    let mut answers = Answers::new(&world);
    let customer = world.add_customer(&json!({}));
    world
        .post(&format!("/api/v1/customers/{customer}/terminate"), &json!({ "kind": "provisional", "closes_on": "2026-06-18" }))
        .expect(200);
    answers.is("clock_moved", &world.post("/api/v1/test-clock", &json!({ "advance_to": "2026-06-16T19:00:00+03:00" })));
    answers.is("clock_stands", &world.post("/api/v1/test-clock", &json!({ "advance_to": "2026-06-16T16:00:00Z" })));
}
