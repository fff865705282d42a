//! Owns `bench list`: each kind of page of the Customer list, through HTTP, while 5 % of the customers change.
//! Does not own: the list.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde_json::json;

use super::load::{self, Ask, Client};
use super::server::{self, Kept, LOGIN, Server};
use super::{Latencies, ListArguments, write_json};
use crate::{Failure, command};

/// One in so many customers changes while the figures are taken: 5 %.
const CUSTOMERS_PER_CHANGE: usize = 20;
const CHANGING_CONNECTIONS: usize = 2;
const GOAL_MS: f64 = 20.0;
const GOAL_CONTAINS_MS: f64 = 50.0;
/// Counts, sums, and orders that are gathered first.
const GOAL_SUMMARY_MS: f64 = 500.0;
const GOAL_RESIDENT_BYTES: u64 = 300 * 1024 * 1024;
const SORTS: [&str; 7] = ["name", "status", "balance_control", "currency", "balance", "credit_limit", "available_funds"];

/// A kind of page.
struct Case {
    name: String,
    asks: Vec<Ask>,
    /// The token of the face that is asked.
    token: String,
    goal_ms: f64,
    /// Why it may fall short.
    why: &'static str,
}

impl Case {
    fn ask(&self, number: usize) -> Ask {
        self.asks[number % self.asks.len()].clone()
    }
}

const WARM_UP_REQUESTS: usize = 1_000;
const ALONE_REQUESTS: usize = 100;
const WAITS: &str = "its turn: all connections and the changes share the cores";
const MANY_NAMES: &str = "thousands of names match, so they are walked past in the order of amounts until a page is full";
const OTHER_FIELDS: &str = "the text is looked for in another table, and what is found is sorted";
const GATHERED: &str = "no index holds the order: all that match are gathered and sorted";
const SUMMED: &str = "each request sums up all that match, anew and exactly";
const OFFSET: &str = "an offset passes over all rows before it; `next` of the native face does not";

#[derive(Serialize)]
struct Row {
    name: String,
    requests: usize,
    p50_ms: f64,
    p99_ms: f64,
    /// Of what fell short: one request at a time, when nothing changes.
    alone_p50_ms: Option<f64>,
}

#[derive(Serialize)]
struct Figures {
    customers: usize,
    connections: usize,
    changes: usize,
    fill_seconds: f64,
    rows: Vec<Row>,
    resident_bytes: u64,
}

pub fn run(arguments: &ListArguments) -> Result<(), Failure> {
    let started = Instant::now();
    let kept = arguments.filling.kept(&arguments.database.database_url)?;
    let fill_seconds = started.elapsed().as_secs_f64();
    let server = Server::start(&arguments.database.database_url, &[])?;
    let token = server::sign_in(&server.base, &kept.password)?;
    let client = Client::new(&server.base, &token);
    let mut cases = cases(&kept, &token);
    cases.insert(1, deep_case(&client, &token, kept.ids.len())?);
    cases.extend(offset_cases(&server.base, &kept)?);
    let total: usize = cases.iter().map(|_| arguments.requests).sum();
    let changes = kept.ids.len() / CUSTOMERS_PER_CHANGE;
    let asked = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    let rows = std::thread::scope(|scope| {
        for number in 0..CHANGING_CONNECTIONS {
            let (server, token, kept, asked, done) = (&server, &token, &kept, &asked, &done);
            scope.spawn(move || change(server, token, kept, number, changes, total, asked, done));
        }
        let rows = measure(&server, arguments, &cases, &asked);
        done.store(true, Ordering::Relaxed);
        rows
    })?;
    let rows = explain(&server, &cases, rows)?;
    let resident_bytes = server.peak_resident_bytes()?;
    server.stop()?;
    let memory = if resident_bytes > GOAL_RESIDENT_BYTES { "   over the goal of 300 MB" } else { "" };
    command::print(&format!("peak resident memory of the server: {} MB{memory}", resident_bytes / 1024 / 1024));
    let figures = Figures {
        customers: kept.ids.len(),
        connections: arguments.connections,
        changes,
        fill_seconds: super::rounded(fill_seconds),
        rows,
        resident_bytes,
    };
    write_json(arguments.json.as_deref(), &figures)
}

fn page(query: &str) -> String {
    format!("/api/v1/customers?limit=25{query}")
}

/// All sorts in both directions, under a filter.
fn all_sorts(filter: &str) -> Vec<String> {
    SORTS.iter().flat_map(|sort| [page(&format!("{filter}&sort={sort}")), page(&format!("{filter}&sort=-{sort}"))]).collect()
}

fn cases(kept: &Kept, token: &str) -> Vec<Case> {
    let of = |name: &str, paths: Vec<String>, goal_ms, why| {
        let asks = paths.into_iter().map(Ask::Get).collect();
        Case { name: name.to_owned(), asks, token: token.to_owned(), goal_ms, why }
    };
    let case = |name: &str, paths| of(name, paths, GOAL_MS, WAITS);
    let contains = |name: &str, paths| of(name, paths, GOAL_CONTAINS_MS, OTHER_FIELDS);
    let mut cases = vec![case("first page", vec![page("")]), case("last page", vec![page("&at=last")])];
    for sort in SORTS {
        cases.push(case(&format!("sorted by {sort}"), vec![page(&format!("&sort={sort}"))]));
        cases.push(case(&format!("sorted by {sort}, descending"), vec![page(&format!("&sort=-{sort}"))]));
    }
    let class = |place: usize| format!("&class_id={}", kept.classes.get(place).copied().unwrap_or_default());
    for (name, filter) in [
        ("status active", "&status=active".to_owned()),
        ("status blocked", "&status=blocked".to_owned()),
        ("status provisionally terminated (rare)", "&status=provisionally_terminated".to_owned()),
        ("status no available funds", "&status=no_available_funds".to_owned()),
        ("frequent class", class(0)),
        ("rare class", class(11)),
        ("frequent currency", "&currency=EUR".to_owned()),
        ("rare currency", "&currency=CHF".to_owned()),
    ] {
        cases.push(case(&format!("{name}, all sorts"), all_sorts(&filter)));
    }
    cases.push(case("name starts with, frequent", vec![page("&search=maria"), page("&search=anna%20f")]));
    cases.push(case("name starts with, rare", vec![page("&search=zo%C3%AB%20z"), page("&search=%C3%A6gir%20umar")]));
    cases.push(of("name starts with, all sorts", all_sorts("&search=maria%20fenn"), GOAL_MS, MANY_NAMES));
    cases.push(contains("name contains, frequent", vec![page("&match=contains&search=fennimore"), page("&match=contains&search=water")]));
    cases.push(contains(
        "name contains, rare",
        vec![page("&match=contains&search=00123"), page("&match=contains&search=%C3%A1bransk%C3%BD%200077")],
    ));
    cases.push(contains("name contains, all sorts", all_sorts("&match=contains&search=kettle")));
    let everywhere = "&in=name,company,contact,email,phone,login,address";
    cases.push(contains("all fields contain, rare", vec![page(&format!("{everywhere}&match=contains&search=c77123@"))]));
    cases.push(contains("all fields contain, frequent", vec![page(&format!("{everywhere}&match=contains&search=water"))]));
    cases.push(of("e-mail starts with", vec![page("&in=email&search=c1234")], GOAL_MS, OTHER_FIELDS));
    for sort in ["company", "created"] {
        cases.push(case(&format!("sorted by {sort}"), vec![page(&format!("&sort={sort}")), page(&format!("&sort=-{sort}"))]));
    }
    let few = "&status=provisionally_terminated";
    cases.push(of("several columns, few match", vec![page(&format!("{few}&sort=currency,-balance,created"))], GOAL_SUMMARY_MS, GATHERED));
    let figures = |filter: &str| format!("/api/v1/customers/summary{filter}");
    cases.push(of("figures of all", vec![figures("")], GOAL_SUMMARY_MS, SUMMED));
    cases.push(of(
        "figures under a filter",
        vec![figures("?status=blocked"), figures("?currency=EUR&balance_min=10")],
        GOAL_SUMMARY_MS,
        SUMMED,
    ));
    cases
}

/// A page that is reached by `next` alone, from the first page through nine tenths of the list.
fn deep_case(client: &Client, token: &str, customers: usize) -> Result<Case, Failure> {
    let mut cursor: Option<String> = None;
    let mut at = 0;
    while at < customers / 10 * 9 {
        let after = cursor.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
        let answer = client.get(&format!("/api/v1/customers?limit=250&total=none{after}"))?;
        at += answer["items"].as_array().map_or(0, Vec::len);
        cursor = answer["page"]["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    let after = cursor.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
    let name = format!("deep page (after row {at}, by next)");
    Ok(Case { name, asks: vec![Ask::Get(page(&after))], token: token.to_owned(), goal_ms: GOAL_MS, why: WAITS })
}

/// The compatible face knows no cursor: its pages are reached by `offset`, whose cost grows with it.
fn offset_cases(base: &str, kept: &Kept) -> Result<Vec<Case>, Failure> {
    let login = json!({ "params": { "login": LOGIN, "password": kept.password } });
    let (status, answer) = Client::new(base, "").post("/rest/Session/login", &login)?;
    let token = answer.get("access_token").and_then(|token| token.as_str());
    let token = token.ok_or_else(|| Failure::Unusable(format!("cannot sign in to the compatible face: {status}")))?;
    let places = [0, kept.ids.len() / 1_000, kept.ids.len() / 10, kept.ids.len() / 10 * 9];
    let case = |offset: usize| {
        let body = json!({ "params": { "limit": 25, "offset": offset } }).to_string();
        Case {
            name: format!("compatible face, offset {offset}"),
            asks: vec![Ask::Call { path: "/rest/Customer/get_customer_list", body }],
            token: token.to_owned(),
            goal_ms: GOAL_MS,
            why: if offset == 0 { WAITS } else { OFFSET },
        }
    };
    Ok(places.into_iter().map(case).collect())
}

fn measure(server: &Server, arguments: &ListArguments, cases: &[Case], asked: &AtomicUsize) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    if let Some(first) = cases.first() {
        // The server has not read a page of the database yet; the run shows a server that is at work.
        load::run(&server.base, &first.token, arguments.connections, WARM_UP_REQUESTS, &|number| first.ask(number))?;
    }
    command::print(&format!("after {WARM_UP_REQUESTS} requests to warm up, over {} connections:", arguments.connections));
    command::print(&format!("{:<48} {:>9} {:>9} {:>9}", "", "requests", "p50 ms", "p99 ms"));
    for case in cases {
        let ask_of = |number: usize| {
            asked.fetch_add(1, Ordering::Relaxed);
            case.ask(number)
        };
        let latencies = Latencies::of(load::run(&server.base, &case.token, arguments.connections, arguments.requests, &ask_of)?);
        let row = Row {
            name: case.name.clone(),
            requests: arguments.requests,
            p50_ms: latencies.at(500),
            p99_ms: latencies.at(990),
            alone_p50_ms: None,
        };
        let short = if row.p99_ms > case.goal_ms { format!("   over the goal of {} ms", case.goal_ms) } else { String::new() };
        command::print(&format!("{:<48} {:>9} {:>9.2} {:>9.2}{short}", row.name, row.requests, row.p50_ms, row.p99_ms));
        rows.push(row);
    }
    Ok(rows)
}

/// Says why rows fell short, and how long each of them takes alone.
fn explain(server: &Server, cases: &[Case], rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
    let pairs: Vec<(&Case, Row)> = cases.iter().zip(rows).collect();
    if pairs.iter().any(|(case, row)| row.p99_ms > case.goal_ms) {
        command::print("what fell short, alone (p50, one request at a time and no changes), and why:");
    }
    let explained = pairs.into_iter().map(|(case, row)| {
        if row.p99_ms <= case.goal_ms {
            return Ok(row);
        }
        let latencies = Latencies::of(load::run(&server.base, &case.token, 1, ALONE_REQUESTS, &|number| case.ask(number))?);
        let alone = latencies.at(500);
        command::print(&format!("{:<48} {alone:>9.2} ms   {}", case.name, case.why));
        Ok(Row { alone_p50_ms: Some(alone), ..row })
    });
    explained.collect()
}

/// Changes customers in step with the reads, so that all changes are spread over the whole run: nine postings, then a block
/// or its end.
fn change(server: &Server, token: &str, kept: &Kept, number: usize, changes: usize, reads: usize, asked: &AtomicUsize, done: &AtomicBool) {
    let client = Client::new(&server.base, token);
    let mut random = ChaCha8Rng::seed_from_u64(u64::try_from(number).unwrap_or(0) + 99);
    let mut made = 0;
    while !done.load(Ordering::Relaxed) {
        let wanted = changes * asked.load(Ordering::Relaxed) / reads.max(1) / CHANGING_CONNECTIONS;
        if made >= wanted {
            std::thread::yield_now();
            std::thread::park_timeout(std::time::Duration::from_millis(1));
            continue;
        }
        let id = kept.ids[random.random_range(0..kept.ids.len())];
        let outcome = if made % 10 == 9 {
            let what = if random.random_ratio(1, 2) { "block" } else { "unblock" };
            client.post(&format!("/api/v1/customers/{id}/{what}"), &json!({}))
        } else {
            let action = if random.random_ratio(1, 2) { "manual_charge" } else { "manual_payment" };
            let amount = format!("{}.{:02}", random.random_range(1..120), random.random_range(0..100));
            client.post(&format!("/api/v1/customers/{id}/transactions"), &json!({ "action": action, "amount": amount }))
        };
        match outcome {
            // Refusals are answers too: some customers are closed, some are blocked already.
            Ok((status, _)) if status < 500 => made += 1,
            Ok((status, answer)) => tracing::warn!(status, %answer, "a change failed"),
            Err(problem) => tracing::warn!(?problem, "a change failed"),
        }
    }
}
