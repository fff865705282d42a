//! Owns tests of listening for changes: what is told to whom, what time and resellers bring, how it ends.
//! Does not own: how fast it is (`trunkline bench live`).

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use serde_json::{Value, json};
use tower::ServiceExt;
use trunkline_api::{ApiState, router};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::{Client, job};

use crate::world::{ADMINISTRATOR, RESELLER, Who, World};

/// What is told is told within a second; a test that waits for longer than this says what it has seen. Heartbeats do not lengthen it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who listens, and what a screen would show.
struct Page {
    body: Body,
    text: String,
    deadline: Instant,
    /// Name, status and balance of each customer; the whole row.
    rows: BTreeMap<Id, (String, Value)>,
    gone: BTreeSet<Id>,
    /// Everything else that was told, and a last line when it has ended.
    others: Vec<String>,
    events: usize,
}

impl Page {
    fn open(world: &World, who: Who, customers: &[Id]) -> Page {
        Page::of(world, world.router.clone(), who, customers, &[])
    }

    fn of(world: &World, router: Router, who: Who, customers: &[Id], headers: &[(&str, &str)]) -> Page {
        let ids: Vec<String> = customers.iter().map(Id::to_string).collect();
        let query = if ids.is_empty() { String::new() } else { format!("?customers={}", ids.join(",")) };
        let mut request = world.request(who, "GET", &format!("/api/v1/live{query}"), None, headers);
        request.extensions_mut().insert(Client { address: "192.0.2.1".into(), is_secure: false });
        let response = world.runtime.block_on(router.oneshot(request)).expect("infallible");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let deadline = Instant::now() + PATIENCE;
        let body = response.into_body();
        Page { body, text: String::new(), deadline, rows: BTreeMap::new(), gone: BTreeSet::new(), others: Vec::new(), events: 0 }
    }

    /// Takes what comes next.
    fn take(&mut self, world: &World) {
        let body = &mut self.body;
        let left = self.deadline.saturating_duration_since(Instant::now());
        let frame = world
            .runtime
            .block_on(async { tokio::time::timeout(left, std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context))).await });
        match frame.unwrap_or_else(|_| panic!("nothing more in time; seen: {:?}, gone {:?}, {:?}", self.lines(), self.gone, self.others)) {
            Some(frame) => self.text += std::str::from_utf8(&frame.expect("a part").into_data().expect("bytes")).expect("UTF-8"),
            None => self.others.push("end".to_owned()),
        }
        while let Some((block, rest)) = self.text.split_once("\n\n") {
            let (block, rest) = (block.to_owned(), rest.to_owned());
            self.text = rest;
            // Comments, and how soon to come back.
            let Some(block) = block.strip_prefix("event: ") else { continue };
            let (name, told) = block.split_once("\ndata: ").expect("data");
            if name == "customers" {
                self.show(&serde_json::from_str(told).expect("JSON"));
            } else if name != "here" {
                self.others.push(format!("{name} {told}"));
            }
        }
    }

    fn show(&mut self, told: &Value) {
        self.events += 1;
        for row in told["items"].as_array().expect("items") {
            let id = row["id"].as_i64().expect("an id");
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let line = format!("{} {} {}", text(&row["name"]), text(&row["status"]["code"]), text(&row["balance"]));
            self.gone.remove(&id);
            self.rows.insert(id, (line, row.clone()));
        }
        for id in told["gone"].as_array().expect("ids").iter().filter_map(Value::as_i64) {
            self.rows.remove(&id);
            self.gone.insert(id);
        }
    }

    fn lines(&self) -> Vec<&str> {
        self.rows.values().map(|(line, _)| line.as_str()).collect()
    }

    /// Waits until the screen shows these rows and no others, and as many as these are gone.
    fn comes_to(&mut self, world: &World, rows: &[&str], gone: &[Id]) {
        let gone: BTreeSet<Id> = gone.iter().copied().collect();
        while self.lines() != rows || self.gone != gone {
            self.take(world);
        }
    }

    /// Waits until this was told.
    fn is_told(&mut self, world: &World, other: &str) {
        while !self.others.iter().any(|told| told == other) {
            self.take(world);
        }
    }
}

fn act(world: &World, id: Id, action: &str, body: &Value) {
    let status = if action == "transactions" { 201 } else { 200 };
    world.post(&format!("/api/v1/customers/{id}/{action}"), body).expect(status);
}

fn charge(world: &World, id: Id, amount: &str) {
    act(world, id, "transactions", &json!({ "action": "manual_charge", "amount": amount }));
}

on_both! {
    fn what_changes_is_told_to_those_who_watch_it(world: &mut World) {
        let (ada, bob) = (world.add_customer(&json!({ "name": "Ada" })), world.add_customer(&json!({ "name": "Bob" })));
        let (mut of_both, mut of_bob) = (Page::open(world, ADMINISTRATOR, &[ada, bob, 4_711]), Page::open(world, ADMINISTRATOR, &[bob]));
        of_both.comes_to(world, &["Ada active 0", "Bob active 0"], &[4_711]);
        of_bob.comes_to(world, &["Bob active 0"], &[]);
        charge(world, ada, "5");
        of_both.comes_to(world, &["Ada active 5", "Bob active 0"], &[4_711]);
        act(world, bob, "block", &json!({}));
        of_both.comes_to(world, &["Ada active 5", "Bob blocked 0"], &[4_711]);
        // Of Ada nothing was ever told.
        of_bob.comes_to(world, &["Bob blocked 0"], &[]);
        world.ask(ADMINISTRATOR, "DELETE", &format!("/api/v1/customers/{bob}"), None).expect(204);
        of_bob.comes_to(world, &[], &[bob]);
        of_both.comes_to(world, &["Ada active 5"], &[bob, 4_711]);
        // What is told is a row of the list.
        assert_eq!(of_both.rows[&ada].1, world.get("/api/v1/customers?search=Ada&match=exactly").json()["items"][0]);
        assert_eq!((of_both.others, of_bob.others), (Vec::new(), Vec::new()));
    }

    fn what_time_brings_and_what_a_reseller_hands_down_is_told_too(world: &mut World) {
        let over = world.add_customer(&json!({ "name": "Over", "credit_limit": "100" }));
        let raised = json!({ "temporary_credit_limit": { "amount": "200", "until": "2026-06-16T12:00:00Z" } });
        world.patch(&format!("/api/v1/customers/{over}"), &raised).expect(200);
        charge(world, over, "150");
        let sub = world.add_customer(&json!({ "name": "Sub", "reseller_id": world.reseller }));
        let (mut of_over, mut of_sub) = (Page::open(world, ADMINISTRATOR, &[over]), Page::open(world, ADMINISTRATOR, &[sub]));
        of_over.comes_to(world, &["Over active 150"], &[]);
        of_sub.comes_to(world, &["Sub active 0"], &[]);
        world.post("/api/v1/test-clock", &json!({ "advance_to": "2026-06-16T13:00:00Z" })).expect(200);
        of_over.comes_to(world, &["Over credit_exceeded 150"], &[]);
        act(world, world.reseller, "block", &json!({}));
        assert!(job::run_due(&world.app, world.app.now()).expect("the reseller's customers") > 0);
        of_sub.comes_to(world, &["Sub reseller_blocked 0"], &[]);
    }

    fn staff_of_a_reseller_are_told_of_its_customers_alone(world: &mut World) {
        let own = world.add_customer(&json!({ "name": "Own", "reseller_id": world.reseller }));
        let foreign = world.add_customer(&json!({ "name": "Foreign", "reseller_id": world.other_reseller }));
        let direct = world.add_customer(&json!({ "name": "Direct" }));
        let mut page = Page::open(world, RESELLER, &[own, foreign, direct, world.reseller]);
        page.comes_to(world, &["Own active 0"], &[foreign, direct, world.reseller]);
        for id in [foreign, direct, world.reseller, own] {
            charge(world, id, "5");
        }
        // The foreign ones changed before, and would have come with it or before it.
        page.comes_to(world, &["Own active 5"], &[foreign, direct, world.reseller]);
    }

    fn a_saved_view_that_changes_is_told_to_those_who_see_it(world: &mut World) {
        let view = |name: &str, shared: bool| json!({ "list": "customers", "name": name, "shared": shared, "query": "status=blocked" });
        let shared = world.post("/api/v1/saved-views", &view("Shared", true)).expect(201).id();
        let own = world.post("/api/v1/saved-views", &view("Own", false)).expect(201).id();
        let anna = world.add_customer(&json!({ "name": "Anna", "reseller_id": world.reseller }));
        let support = Who::Role(Role::Support);
        let pages = [ADMINISTRATOR, support, RESELLER].map(|who| Page::open(world, who, &[anna]));
        let [mut of_owner, mut of_colleague, mut of_reseller] = pages;
        for page in [&mut of_owner, &mut of_colleague, &mut of_reseller] {
            page.comes_to(world, &["Anna active 0"], &[]);
        }
        // Where a page begins, the first look may be still under way; what came before it is told as rows alone.
        charge(world, anna, "1");
        for page in [&mut of_owner, &mut of_colleague, &mut of_reseller] {
            page.comes_to(world, &["Anna active 1"], &[]);
        }
        for id in [own, shared] {
            world.patch(&format!("/api/v1/saved-views/{id}"), &json!({ "query": "status=closed" })).expect(200);
        }
        let told = |id: Id| format!("saved_view {{\"id\":{id},\"version\":2}}");
        of_owner.is_told(world, &told(own));
        of_owner.is_told(world, &told(shared));
        of_colleague.is_told(world, &told(shared));
        assert!(!of_colleague.others.contains(&told(own)), "{:?}", of_colleague.others);
        charge(world, anna, "1");
        of_reseller.comes_to(world, &["Anna active 2"], &[]);
        assert_eq!(of_reseller.others, Vec::<String>::new());
    }

    /// Nobody reads, and a hundred changes later there is one row to send, the last one.
    fn a_slow_page_is_told_what_is_so_now_and_not_all_that_was(world: &mut World) {
        let ada = world.add_customer(&json!({ "name": "Ada" }));
        let mut page = Page::open(world, ADMINISTRATOR, &[ada]);
        for _ in 0..100 {
            charge(world, ada, "1");
        }
        page.comes_to(world, &["Ada active 100"], &[]);
        assert!(page.events < 20, "each change was told");
    }
}

#[test]
fn a_login_that_ends_ends_the_listening_and_so_does_a_server_that_stops() {
    let world = World::new();
    let ada = world.add_customer(&json!({ "name": "Ada" }));
    let state = ApiState::new(Arc::clone(&world.app));
    world.add_staff("mira", Role::Support);
    let cookie = format!("trunkline_session={}", world.sign_in("mira"));
    let mut leaving = Page::of(&world, router(state.clone()), Who::Nobody, &[ada], &[("cookie", &cookie)]);
    let mut staying = Page::of(&world, router(state.clone()), ADMINISTRATOR, &[ada], &[]);
    leaving.comes_to(&world, &["Ada active 0"], &[]);
    staying.comes_to(&world, &["Ada active 0"], &[]);
    let signing_out =
        world.request(Who::Nobody, "DELETE", "/api/v1/session", None, &[("cookie", &cookie), ("sec-fetch-site", "same-origin")]);
    world.send(signing_out).expect(204);
    leaving.is_told(&world, "end");
    assert_eq!(leaving.others, ["signed_out {}", "end"]);
    state.stop();
    staying.is_told(&world, "end");
    assert_eq!(staying.others, ["end"]);
    // And nobody new is kept.
    let mut late = Page::of(&world, router(state), ADMINISTRATOR, &[ada], &[]);
    late.is_told(&world, "end");
}

#[test]
fn too_many_who_listen_are_refused_by_name() {
    let world = World::new();
    let app = router(ApiState::with_listeners(Arc::clone(&world.app), 1));
    let first = Page::of(&world, app.clone(), ADMINISTRATOR, &[], &[("accept", "text/event-stream")]);
    let ask = || {
        let mut request = world.request(ADMINISTRATOR, "GET", "/api/v1/live", None, &[]);
        request.extensions_mut().insert(Client { address: "192.0.2.1".into(), is_secure: false });
        world.runtime.block_on(crate::world::receive(app.clone(), request))
    };
    let refused = ask();
    assert_eq!((refused.problem().0, refused.problem().1.as_str()), (503, "too_many_listeners"));
    assert_eq!(refused.headers["retry-after"], "60");
    drop(first);
    // The seat is given back when the one who waits on it has noticed.
    let deadline = Instant::now() + PATIENCE;
    while ask().status != 200 {
        assert!(Instant::now() < deadline, "the seat is not given back");
    }
    let field = |customers: &str| world.get(&format!("/api/v1/live?customers={customers}")).field();
    assert_eq!(field("1,x"), ("customers".to_owned(), "malformed".to_owned()));
    let many = vec!["1"; 251].join(",");
    assert_eq!(field(&many), ("customers".to_owned(), "too_many".to_owned()));
}
