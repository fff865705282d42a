//! Owns the background worker: it ticks, and does what is due.
//! Does not own: what is due (usecase/job.rs).

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use trunkline_usecase::{App, job, session};

use crate::Failure;

/// A status that changes by itself is stored within a second of its moment.
const TICK: Duration = Duration::from_millis(250);
/// Prices that have changed are charged by, and sessions that were lost end, this much later at the most.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const FORGET_EVERY: Duration = Duration::from_secs(60);

pub struct Worker {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    pub fn start(app: &Arc<App>) -> Result<Worker, Failure> {
        let (stop, stopped) = channel();
        let app = Arc::clone(app);
        let thread = std::thread::Builder::new().name("worker".into()).spawn(move || run(&app, &stopped))?;
        Ok(Worker { stop, thread })
    }

    /// Lets the work at hand end.
    pub fn stop(self) {
        // A worker that has panicked no longer listens; then there is nothing to stop.
        let _ = self.stop.send(());
        if self.thread.join().is_err() {
            tracing::error!("the worker panicked");
        }
    }
}

fn run(app: &Arc<App>, stopped: &Receiver<()>) {
    let mut forgot_at = Instant::now();
    let mut looked_at = Instant::now();
    loop {
        match stopped.recv_timeout(TICK) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
        if let Err(problem) = app.reserve_ids() {
            tracing::error!(%problem, "no ids could be reserved");
        }
        // A test clock moves only when it is told to, and its mover does what is due on the way.
        if !app.clock().is_test()
            && let Err(problem) = job::run_due(app, app.now())
        {
            tracing::error!(%problem, "due work failed and is tried again");
        }
        if looked_at.elapsed() >= LOOK_EVERY {
            looked_at = Instant::now();
            if let Err(problem) = look_at_sessions(app) {
                tracing::error!(%problem, "lost sessions were not ended, or new prices not looked at");
            }
        }
        if forgot_at.elapsed() >= FORGET_EVERY {
            forgot_at = Instant::now();
            if let Err(problem) = job::forget_old(app, app.now()) {
                tracing::warn!(%problem, "old records could not be forgotten");
            }
        }
    }
}

/// Ends sessions that are lost, and looks at products and tariffs again.
fn look_at_sessions(app: &Arc<App>) -> Result<(), trunkline_usecase::error::Error> {
    app.database.refresh_catalogue().wait()??;
    while !app.clock().is_test() && session::expire_due(app, app.now())? > 0 {}
    Ok(())
}
