//! Owns the stage of these tests: a small carrier in a fresh database, its staff, and asking the face like a client does.
//! Does not own: what is expected.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use trunkline_api::{ApiState, router};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::staff::StaffNew;
use trunkline_usecase::{App, Client, Context, Database, Engine, Options, StorageError, clock, staff};

use crate::place::Place;

pub const PASSWORD: &str = "correct horse battery";
pub const NOW: &str = "2026-06-16T08:00:00Z";
pub const JSON: &str = "application/json";
pub const CSV: &str = "text/csv";
/// Ids are above this; counts, versions and days are below.
const ID_MIN: i64 = 1 << 40;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Role(Role),
    /// Nobody has signed in.
    Nobody,
}

pub const ADMINISTRATOR: Who = Who::Role(Role::Administrator);
pub const RESELLER: Who = Who::Role(Role::Reseller);

/// A running face.
pub struct World {
    pub app: Arc<App>,
    pub router: Router,
    pub runtime: tokio::runtime::Runtime,
    pub class: Id,
    /// The reseller that `RESELLER` works for, and another one.
    pub reseller: Id,
    pub other_reseller: Id,
    tokens: RefCell<HashMap<Role, String>>,
    count: RefCell<u32>,
    _place: Place,
}

/// What a client got.
#[derive(Debug)]
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|problem| panic!("{problem}: {}", self.body))
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Got {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn id(&self) -> Id {
        self.json()["id"].as_i64().unwrap_or_else(|| panic!("no id in {}", self.body))
    }

    /// The status and the code of a problem and, where one field is at fault, the field and what is wrong with it; after
    /// checking that it has the one form that problems have.
    #[track_caller]
    pub fn problem(&self) -> (u16, String, Vec<(String, String)>) {
        assert_eq!(self.headers.get("content-type").map(|kind| kind.as_bytes()), Some(&b"application/problem+json"[..]), "{self:?}");
        let json = self.json();
        let status = self.status.as_u16();
        let text = |json: &Value, name: &str| json[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.body)).to_owned();
        let code = text(&json, "code");
        assert_eq!(json["type"], format!("/api/problems/{code}"), "{}", self.body);
        assert_eq!(json["status"], status, "{}", self.body);
        assert_eq!(json["title"], self.status.canonical_reason().unwrap_or_default(), "{}", self.body);
        assert!(text(&json, "detail").ends_with(['.', '!', '?']) || json["errors"].is_array(), "{}", self.body);
        let allowed = ["type", "title", "status", "code", "detail", "values", "errors", "request_id"];
        let fields = json.as_object().expect("an object");
        assert!(fields.keys().all(|name| allowed.contains(&name.as_str())), "{}", self.body);
        let errors = json.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        // Fields are spelled as the request spells them, here too.
        let whole: Vec<String> = errors.iter().map(|error| format!("{}: {}", text(error, "field"), text(error, "message"))).collect();
        assert!(code != "validation_failed" || json["detail"] == whole.join("; "), "{}", self.body);
        let named = errors.iter().map(|error| {
            assert!(!text(error, "message").is_empty(), "{}", self.body);
            (text(error, "field"), text(error, "code"))
        });
        (status, code, named.collect())
    }

    /// The one field at fault and the word for it.
    #[track_caller]
    pub fn field(&self) -> (String, String) {
        let (status, code, mut fields) = self.problem();
        assert_eq!((status, code.as_str(), fields.len()), (422, "validation_failed", 1), "{}", self.body);
        fields.remove(0)
    }
}

impl World {
    pub fn on(engine: Engine) -> World {
        let place = Place::new(engine);
        let database = Database::open(&place.url, Options::default()).expect("a database");
        let start = Timestamp::parse(NOW).expect("a moment");
        let app = App::new(database, clock::Clock::test(start), 0).expect("an app");
        let router = router(ApiState::new(Arc::clone(&app)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut world = World {
            app,
            router,
            runtime,
            class: 0,
            reseller: 0,
            other_reseller: 0,
            tokens: RefCell::default(),
            count: RefCell::default(),
            _place: place,
        };
        let class = json!({
            "name": "Standard", "payment_terms_days": 14, "limit_after_days": 5, "suspend_after_days": 14,
            "close_after_days": 30, "suspend_on_insufficient_funds": true
        });
        world.class = world.post("/api/v1/customer-classes", &class).expect(201).id();
        world.reseller = world.add_customer(&json!({ "name": "Möwe Wholesale", "type": "reseller" }));
        world.other_reseller = world.add_customer(&json!({ "name": "Kranich Wholesale", "type": "reseller" }));
        world
    }

    pub fn new() -> World {
        World::on(Engine::Sqlite)
    }

    /// A number that was not given before: for names that must be unique.
    pub fn next(&self) -> u32 {
        let mut count = self.count.borrow_mut();
        *count += 1;
        *count
    }

    pub fn add_staff(&self, login: &str, role: Role) -> Id {
        let reseller_id = (role == Role::Reseller).then_some(self.reseller);
        let new = StaffNew { login: login.into(), name: login.into(), email: None, role, reseller_id, password: PASSWORD.into() };
        let made = staff::create(&self.app, &Context::system(), &new, |staff| staff.staff_id.to_string());
        made.expect("a member of staff").parse().expect("an id")
    }

    /// A customer in euros; `more` adds to or replaces what is sent.
    pub fn add_customer(&self, more: &Value) -> Id {
        let mut body = json!({ "name": format!("Customer {}", self.next()), "class_id": self.class, "currency": "EUR" });
        let fields = more.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(fields);
        self.post("/api/v1/customers", &body).expect(201).id()
    }

    pub fn add_account(&self, customer_id: Id) -> Id {
        let identity = format!("4930{:06}", self.next());
        self.post("/api/v1/accounts", &json!({ "customer_id": customer_id, "identity": identity })).expect(201).id()
    }

    /// Gives a customer an invoice of 120.00 that has been due for a month and suspends it, as billing will; what follows is
    /// derived and stored as with any change.
    pub fn suspend(&self, customer_id: Id) {
        let day = 86_400_000_000;
        let now = self.app.now().microseconds();
        let (issued, due_on, since) = (now - 45 * day, now / day - 31, now - 15 * day);
        for text in [
            format!("insert into invoice values ({customer_id}, {customer_id}, 1042, {issued}, {due_on}, {issued}, {issued}, 120000000)"),
            format!("insert into open_invoice values ({customer_id}, {customer_id}, 1042, {issued}, {due_on}, 120000000, 120000000)"),
            format!(
                "insert into hold (customer_id, hold_id, kind, cause, invoice_id, since, created_at) \
                 values ({customer_id}, {customer_id}, 'suspension', 'invoice', {customer_id}, {since}, {issued})"
            ),
        ] {
            let done = self.app.database.write::<_, StorageError, _>(move |tx| tx.execute(&text, &[]));
            assert_eq!(done.wait().expect("an answer").expect("a row"), 1);
        }
        self.patch(&format!("/api/v1/customers/{customer_id}"), &json!({ "reference": "overdue" })).expect(200);
    }

    /// The token of a member of staff with this role, who signs in when first asked for.
    pub fn token(&self, role: Role) -> String {
        if let Some(token) = self.tokens.borrow().get(&role) {
            return token.clone();
        }
        self.add_staff(role.code(), role);
        let token = self.sign_in(role.code());
        self.tokens.borrow_mut().insert(role, token.clone());
        token
    }

    pub fn sign_in(&self, login: &str) -> String {
        let body = json!({ "login": login, "password": PASSWORD, "bearer": true });
        let got = self.ask(Who::Nobody, "POST", "/api/v1/session", Some(&body)).expect(200);
        got.json()["token"].as_str().expect("a token").to_owned()
    }

    pub fn get(&self, path: &str) -> Got {
        self.ask(ADMINISTRATOR, "GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Got {
        self.ask(ADMINISTRATOR, "POST", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Got {
        self.ask(ADMINISTRATOR, "PATCH", path, Some(body))
    }

    pub fn ask(&self, who: Who, method: &str, path: &str, body: Option<&Value>) -> Got {
        self.send(self.request(who, method, path, body, &[]))
    }

    pub fn request(&self, who: Who, method: &str, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Request<Body> {
        match body {
            Some(Value::String(file)) => self.raw(who, method, path, CSV, file.clone().into_bytes(), headers),
            Some(body) => self.raw(who, method, path, JSON, body.to_string().into_bytes(), headers),
            None => self.raw(who, method, path, JSON, Vec::new(), headers),
        }
    }

    pub fn raw(&self, who: Who, method: &str, path: &str, kind: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if let Who::Role(role) = who {
            request = request.header("authorization", format!("Bearer {}", self.token(role)));
        }
        if !body.is_empty() {
            request = request.header("content-type", kind);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(body)).expect("a request")
    }

    pub fn send(&self, request: Request<Body>) -> Got {
        self.send_from("192.0.2.1", false, request)
    }

    pub fn send_from(&self, address: &str, is_secure: bool, mut request: Request<Body>) -> Got {
        request.extensions_mut().insert(Client { address: address.into(), is_secure });
        self.runtime.block_on(receive(self.router.clone(), request))
    }

    /// Everything that is told of customers, accounts, classes and staff, and how many rows there are: to see that nothing
    /// changed. Rows about reads and about signing in come with every request and are left out.
    pub fn state(&self) -> String {
        let lists = [
            "customers?limit=250",
            "accounts?state=any&limit=250",
            "customer-classes",
            "staff?limit=250",
            "saved-views?list=customers",
            "preferences",
        ];
        let mut state: Vec<String> = lists.iter().map(|list| self.get(&format!("/api/v1/{list}")).expect(200).body).collect();
        let tables = [
            "customer",
            "customer_name",
            "customer_login",
            "customer_entry",
            "customer_text",
            "hold",
            "invoice",
            "posting",
            "xdr",
            "payment",
            "invoice_allocation",
            "account",
            "account_identity",
            "account_alias",
            "did_number",
            "customer_class",
            "staff",
            "saved_view",
            "staff_preference",
            "outbox",
            "job",
        ];
        for table in tables {
            state.push(format!("{table}: {}", self.number(format!("select count(*) from {table}"))));
        }
        state.join("\n")
    }

    /// The id of the one item of a list whose `field` is `value`.
    pub fn id_of(&self, list: &str, field: &str, value: &str) -> Id {
        let items = self.get(list).expect(200).json()["items"].clone();
        let found = items.as_array().expect("items").iter().find(|item| item[field] == value).expect("the item");
        found["id"].as_i64().expect("an id")
    }

    pub fn number(&self, text: String) -> i64 {
        let found = self.app.database.read::<_, StorageError, _>(move |tx| tx.query_first(&text, &[], |row| row.get::<i64>(0)));
        found.wait().expect("an answer").expect("a number").unwrap_or(0)
    }
}

pub async fn receive(router: Router, request: Request<Body>) -> Got {
    let response = router.oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    // It has no end.
    let body = if parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") { Body::empty() } else { body };
    let bytes = axum::body::to_bytes(body, 64 * 1024 * 1024).await.expect("a body");
    Got { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
}

impl Drop for World {
    fn drop(&mut self) {
        self.app.database.stop();
    }
}

/// Numbers ids in the order in which they are met, so that an answer can be compared whole.
#[derive(Default)]
pub struct Labels(HashMap<i64, String>);

impl Labels {
    pub fn name(&mut self, id: i64, label: &str) {
        self.0.insert(id, label.to_owned());
    }

    pub fn put(&mut self, value: &Value) -> Value {
        match value {
            Value::Number(number) if number.as_i64().is_some_and(|id| id >= ID_MIN) => {
                let (id, next) = (number.as_i64().unwrap_or(0), self.0.len() + 1);
                Value::String(self.0.entry(id).or_insert_with(|| format!("#{next}")).clone())
            }
            Value::Array(items) => items.iter().map(|item| self.put(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), self.put(value))).collect::<serde_json::Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }
}
