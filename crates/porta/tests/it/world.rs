//! Owns the stage of these tests: a small carrier in a fresh file, its staff, and asking the face like a client does.
//! Does not own: what is expected.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;
use trunkline_porta::{PortaOptions, PortaState, router};
use trunkline_usecase::account::{AccountNew, AccountView};
use trunkline_usecase::customer_class::CustomerClassNew;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::customer_class::CollectionPolicy;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::staff::StaffNew;
use trunkline_usecase::{App, Client, Context, Database, Engine, Options, StorageError, account, clock, customer_class, staff};

use crate::place::Place;

pub const PASSWORD: &str = "correct horse battery";
pub const NOW: &str = "2026-06-16T08:00:00Z";

/// Makes one test for each engine out of each function.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($engine:ident: Engine) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;
            use trunkline_usecase::Engine;

            fn prove($engine: Engine) $body

            #[test]
            fn on_sqlite() {
                prove(Engine::Sqlite);
            }

            #[test]
            fn on_postgres() {
                prove(Engine::Postgres);
            }
        }
    )+};
}

/// A running face.
pub struct World {
    pub app: Arc<App>,
    pub router: Router,
    pub class: Id,
    runtime: tokio::runtime::Runtime,
    token: String,
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
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|problem| panic!("{problem}: {}", self.body))
    }

    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }

    pub fn int(&self, name: &str) -> i64 {
        self.json()[name].as_i64().unwrap_or_else(|| panic!("no {name} in {}", self.body))
    }

    /// The fault's code, after checking its shape: HTTP 500, JSON, two texts and nothing else.
    pub fn fault(&self) -> String {
        assert_eq!(self.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/json; charset=UTF-8");
        let json = self.json();
        let fields: Vec<&String> = json.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["faultcode", "faultstring"], "{}", self.body);
        assert!(!self.text("faultstring").is_empty());
        self.text("faultcode")
    }

    pub fn ok(self) -> Got {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/json; charset=UTF-8");
        self
    }
}

impl World {
    pub fn new() -> World {
        World::with(PortaOptions::default())
    }

    pub fn with(options: PortaOptions) -> World {
        World::on(Engine::Sqlite, options)
    }

    pub fn on(engine: Engine, options: PortaOptions) -> World {
        let place = Place::new(engine);
        let database = Database::open(&place.url, Options::default()).expect("a database");
        let start = Timestamp::parse(NOW).expect("a moment");
        let app = App::new(database, clock::Clock::test(start), 0).expect("an app");
        let router = router(PortaState::new(Arc::clone(&app), options));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut world = World { app, router, class: 0, runtime, token: String::new(), _place: place };
        world.add_staff("admin", Role::Administrator, None);
        world.class = world.add_class("Standard", None);
        world.token = world.sign_in("admin").text("access_token");
        world
    }

    pub fn add_staff(&self, login: &str, role: Role, reseller_id: Option<Id>) {
        let new = StaffNew { login: login.into(), name: login.into(), email: None, role, reseller_id, password: PASSWORD.into() };
        staff::create(&self.app, &Context::system(), &new, |_| String::new()).expect("a member of staff");
    }

    pub fn add_class(&self, name: &str, currency: Option<&str>) -> Id {
        let new = CustomerClassNew {
            name: name.into(),
            currency: currency.map(str::to_owned),
            collection: CollectionPolicy {
                payment_terms_days: 14,
                limit_after_days: None,
                suspend_after_days: Some(14),
                terminate_after_days: None,
                close_after_days: 30,
            },
            suspend_on_insufficient_funds: true,
        };
        let made = customer_class::create(&self.app, &Context::system(), new, |class| class.customer_class_id.to_string());
        made.wait().expect("an answer").expect("a class").parse().expect("an id")
    }

    pub fn add_account(&self, customer_id: Id, identity: &str, model: AccountModel, opening: i64) -> Id {
        let new = AccountNew {
            customer_id,
            identity: identity.into(),
            model,
            opening_balance: Money::from_units(opening).expect("an amount"),
            credit_limit: None,
            inactive: false,
            blocked: false,
            active_from: None,
            expires_at: None,
            life_time_days: None,
            idle_days_max: None,
            batch: None,
            password: None,
        };
        let render = |view: &AccountView| view.account.facts.account_id.to_string();
        account::create(&self.app, &Context::system(), new, render).wait().expect("an answer").expect("an account").parse().expect("an id")
    }

    /// A customer in euros, with more fields of `customer_info`: `"credit_limit":50,`.
    pub fn add_customer(&self, name: &str, more: &str) -> Id {
        let class = self.class;
        let params = format!(r#"{{"customer_info":{{{more}"name":"{name}","iso_4217":"EUR","i_customer_class":{class}}}}}"#);
        self.call("Customer/add_customer", &params).ok().int("i_customer")
    }

    /// Plants a suspension for subscription fees, as collection will, and lets its consequences be stored.
    pub fn suspend(&self, customer_id: Id) {
        let since = self.app.now().microseconds();
        let text = format!(
            "insert into hold (customer_id, hold_id, kind, cause, needed, since, created_at) \
             values ({customer_id}, {customer_id}, 'suspension', 'insufficient_funds', 30000000, {since}, {since})"
        );
        let done = self.app.database.write::<_, StorageError, _>(move |tx| tx.execute(&text, &[]));
        assert_eq!(done.wait().expect("an answer").expect("a row"), 1);
        let params = format!(r#"{{"customer_info":{{"i_customer":{customer_id},"note":"fees"}}}}"#);
        self.call("Customer/update_customer", &params).ok();
    }

    pub fn sign_in(&self, login: &str) -> Got {
        self.post("Session/login", None, &format!(r#"{{"params":{{"login":"{login}","password":"{PASSWORD}"}}}}"#)).ok()
    }

    /// Asks with the administrator's token.
    pub fn call(&self, method: &str, params: &str) -> Got {
        self.post(method, Some(&self.token), &format!(r#"{{"params":{params}}}"#))
    }

    pub fn call_as(&self, token: &str, method: &str, params: &str) -> Got {
        self.post(method, Some(token), &format!(r#"{{"params":{params}}}"#))
    }

    pub fn call_with(&self, header: (&str, &str), method: &str, params: &str) -> Got {
        let request = self.request(method, Some(&self.token)).header(header.0, header.1);
        self.send(request.body(Body::from(format!(r#"{{"params":{params}}}"#))).expect("a request"))
    }

    pub fn post(&self, method: &str, token: Option<&str>, body: &str) -> Got {
        self.send(self.request(method, token).body(Body::from(body.to_owned())).expect("a request"))
    }

    fn request(&self, method: &str, token: Option<&str>) -> axum::http::request::Builder {
        let request = Request::post(format!("/rest/{method}")).header("content-type", "application/json");
        match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    pub fn send(&self, mut request: Request<Body>) -> Got {
        request.extensions_mut().insert(Client { address: "192.0.2.1".into(), is_secure: true });
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("infallible");
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 64 * 1024 * 1024).await.expect("a body");
            Got { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
        })
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// Everything that is told of all customers: to see that nothing changed.
    pub fn all(&self) -> String {
        self.call_with(("x-trunkline-exact", "1"), "Customer/get_customer_list", r#"{"get_statuses":1}"#).ok().body
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.app.database.stop();
    }
}
