//! Owns tests of the deadline (T40): every endpoint answers by it, whatever it waits for; what was begun is not lost. Time
//! stands still here and is moved, so that nobody waits.
//! Does not own: how a read is stopped in the database (storage).

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use serde_json::json;
use trunkline_api::limits::REQUEST_DURATION_MAX;
use trunkline_usecase::{App, StorageError};

use crate::endpoint::ENDPOINTS;
use crate::world::{ADMINISTRATOR, Got, World, receive};

/// Reader threads of a database that is opened as a server does.
const READERS: usize = 4;

/// Sends the request, waits until `is_waiting`, and lets the deadline come.
fn late(world: &World, request: Request<Body>, is_waiting: impl Fn(&App) -> bool + Send + 'static) -> Got {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
    let app = Arc::clone(&world.app);
    let outcome = runtime.block_on(async {
        let asked = tokio::spawn(receive(world.router.clone(), request));
        // The clock of a paused runtime does not run on by itself while work blocks on a thread.
        let reached = tokio::task::spawn_blocking(move || {
            while !is_waiting(&app) {
                std::thread::yield_now();
            }
        });
        reached.await.expect("a thread");
        if asked.is_finished() {
            return Err("it did not wait");
        }
        // While one blocks, time goes no further than it is moved.
        let (release, held) = mpsc::channel::<()>();
        let hold = tokio::task::spawn_blocking(move || {
            let _ = held.recv();
        });
        tokio::time::advance(REQUEST_DURATION_MAX - Duration::from_millis(1)).await;
        let is_early = asked.is_finished();
        drop((release, hold));
        tokio::time::advance(Duration::from_millis(1)).await;
        // Nothing is left to wait for: a few turns are enough.
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        match asked.is_finished() {
            true if is_early => Err("it gave up early"),
            true => Ok(asked.await.expect("an answer")),
            false => Err("it goes on after the deadline"),
        }
    });
    // Threads that wait for the database are not waited for.
    runtime.shutdown_background();
    outcome.unwrap_or_else(|what| panic!("{what}"))
}

#[track_caller]
fn assert_late(got: &Got, place: &str) {
    assert_eq!((got.problem().0, got.problem().1.as_str()), (504, "deadline_exceeded"), "{place}");
}

/// Keeps something busy until it is dropped.
struct Busy {
    _release: mpsc::Sender<()>,
}

/// Ends when the sender is gone.
fn wait(held: &Mutex<mpsc::Receiver<()>>) {
    drop(held.lock().map(|held| held.recv()));
}

fn busy_readers(world: &World) -> Busy {
    let (release, held) = mpsc::channel();
    let (held, begun) = (Arc::new(Mutex::new(held)), Arc::new(AtomicUsize::new(0)));
    for _ in 0..READERS {
        let (held, begun) = (Arc::clone(&held), Arc::clone(&begun));
        std::mem::forget(world.app.database.read::<(), StorageError, _>(move |_| {
            begun.fetch_add(1, Ordering::SeqCst);
            wait(&held);
            Ok(())
        }));
    }
    while begun.load(Ordering::SeqCst) < READERS {
        std::thread::yield_now();
    }
    Busy { _release: release }
}

fn busy_writer(world: &World) -> Busy {
    world.app.database.flush_audit().expect("rows about reads");
    world.app.database.catch_up_amounts().expect("sort rows");
    let (release, held) = mpsc::channel();
    let (held, (begun, started)) = (Arc::new(Mutex::new(held)), mpsc::channel());
    std::mem::forget(world.app.database.write::<(), StorageError, _>(move |_| {
        let _ = begun.send(());
        wait(&held);
        Ok(())
    }));
    started.recv().expect("it began");
    Busy { _release: release }
}

#[test]
fn every_endpoint_answers_by_the_deadline() {
    let world = World::new();
    let asked: Vec<_> = ENDPOINTS.iter().map(|row| (row, row.prepare(&world, None))).collect();
    let ready =
        asked.into_iter().map(|(row, asked)| (row, world.request(ADMINISTRATOR, row.method, &asked.path, asked.body.as_ref(), &[])));
    let ready: Vec<_> = ready.collect();
    let (mut from_tables, mut signing_out) = (Vec::new(), None);
    let busy = busy_readers(&world);
    for (row, request) in ready {
        let place = format!("{} {}", row.method, row.path);
        match row.path {
            // What these answer lies in the program.
            "/api/v1/statuses" | "/api/v1/account-statuses" | "/api/v1/currencies" | "/api/v1/time-zones" => from_tables.push(request),
            // Moving the clock takes as long as the work on the way, and a file as long as its rows.
            path if path == "/api/v1/test-clock" || path.starts_with("/api/v1/imports/") => {}
            "/api/v1/session" if row.method == "DELETE" => signing_out = Some(request),
            _ => {
                let before = world.app.database.waiting().0;
                assert_late(&late(&world, request, move |app| app.database.waiting().0 > before), &place);
            }
        }
    }
    for request in from_tables {
        world.send(request).expect(200);
    }
    drop(busy);
    let busy = busy_writer(&world);
    let request = signing_out.expect("a request");
    assert_late(&late(&world, request, |app| app.database.waiting().1 > 0), "signing out");
    drop(busy);
}

#[test]
fn a_write_that_was_late_is_whole_and_a_repeat_learns_its_answer() {
    let world = World::new();
    let id = world.add_customer(&json!({}));
    let path = format!("/api/v1/customers/{id}/transactions");
    let body = json!({ "action": "manual_charge", "amount": "7" });
    let request = || world.request(ADMINISTRATOR, "POST", &path, Some(&body), &[("idempotency-key", "late")]);
    let busy = busy_writer(&world);
    assert_late(&late(&world, request(), |app| app.database.waiting().1 > 0), &path);
    drop(busy);
    let answer = world.send(request()).expect(201).json();
    assert_eq!(answer["balance"], "7");
    assert_eq!(world.number(format!("select count(*) from posting where customer_id = {id}")), 1);
}

/// A body of which nothing comes.
struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}

#[test]
fn a_body_that_does_not_come_holds_a_request_no_longer() {
    let world = World::new();
    for (method, path) in [("POST", "/api/v1/session"), ("POST", "/api/v1/customers"), ("PATCH", "/api/v1/preferences")] {
        let mut request = world.raw(ADMINISTRATOR, method, path, crate::world::JSON, b"{}".to_vec(), &[]);
        *request.body_mut() = Body::new(Never);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        // With nothing else to do, the paused clock runs to the deadline.
        assert_late(&runtime.block_on(receive(world.router.clone(), request)), path);
    }
}
