//! Owns showing how far an import is, and hearing that it is to stop.
//! Does not own: stopping it (usecase/import/).

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use trunkline_usecase::import::{Step, Watch};

use crate::Failure;

/// Exit code of a program that a second Ctrl-C ends at once: 128 and the number of the signal.
const EXIT_INTERRUPTED: i32 = 130;
const TEMPLATE: &str = "{msg:10} [{bar:40}] {bytes}/{total_bytes} {eta}";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// A bar on a terminal, nothing otherwise.
    Auto,
    /// A line each thousand rows, for logs.
    Lines,
    /// Nothing.
    None,
}

pub struct Progress {
    bar: Option<ProgressBar>,
    bytes: u64,
    lines: bool,
    plural: &'static str,
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// An import that is heard when it is asked to stop.
    pub fn start(shown: Shown, bytes: u64, plural: &'static str) -> Result<Progress, Failure> {
        Ok(Progress { stop: listen()?, ..Progress::of_sending(shown, bytes, plural)? })
    }

    /// Sending a file: a signal ends the program at once, and the server, seeing it gone, loads nothing.
    pub fn of_sending(shown: Shown, bytes: u64, plural: &'static str) -> Result<Progress, Failure> {
        let has_bar = shown == Shown::Auto && std::io::stderr().is_terminal();
        let bar = if has_bar { Some(ProgressBar::new(bytes).with_style(ProgressStyle::with_template(TEMPLATE)?)) } else { None };
        Ok(Progress { bar, bytes, lines: shown == Shown::Lines, plural, stop: Arc::default() })
    }

    /// So many bytes are on their way to a server.
    pub fn sent(&self, bytes: u64) {
        let is_all = bytes == self.bytes;
        if let Some(bar) = &self.bar {
            bar.set_message(if is_all { "loading" } else { "sent" });
            bar.set_position(bytes);
        }
        if self.lines && is_all {
            eprintln!("sent {bytes} bytes");
        }
    }

    /// Takes the bar off the terminal.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Ctrl-C, or SIGTERM, asks the import to stop between two slices, so that it can say that nothing was loaded. A second one
/// ends the program at once, which leaves nothing half-done either: the transaction goes with it.
fn listen() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                if let Err(problem) = signal().await {
                    tracing::warn!(%problem, "signals are not heard");
                    return;
                }
                if heard.swap(true, Ordering::Relaxed) {
                    std::process::exit(EXIT_INTERRUPTED);
                }
            }
        });
    })?;
    Ok(stop)
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

impl Watch for Progress {
    fn see(&self, step: Step, rows: u64, bytes: u64) {
        let word = match step {
            Step::Checking => "checked",
            Step::Loading => "loaded",
            Step::Committing => "committing",
        };
        if let Some(bar) = &self.bar {
            bar.set_message(word);
            bar.set_position(bytes);
        }
        if self.lines {
            eprintln!("{word} {rows} {}", self.plural);
        }
    }

    fn wants_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
