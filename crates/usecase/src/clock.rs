//! Owns the one reading of the wall clock, and the clock that stands still in its place for tests.
//! Does not own: what is done when time has passed (job.rs).

use std::sync::atomic::{AtomicI64, Ordering};

use trunkline_domain::time::Timestamp;

/// Tells the moment. It never goes back.
pub struct Clock {
    kind: Kind,
    last: AtomicI64,
}

enum Kind {
    Wall,
    /// Stands still, and moves when it is told to.
    Test,
}

impl Clock {
    pub fn wall() -> Clock {
        Clock { kind: Kind::Wall, last: AtomicI64::new(0) }
    }

    /// A clock that stands at `start`.
    pub fn test(start: Timestamp) -> Clock {
        Clock { kind: Kind::Test, last: AtomicI64::new(start.microseconds()) }
    }

    pub fn is_test(&self) -> bool {
        matches!(self.kind, Kind::Test)
    }

    pub fn now(&self) -> Timestamp {
        match self.kind {
            Kind::Test => Timestamp::from_microseconds(self.last.load(Ordering::SeqCst)),
            Kind::Wall => {
                #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
                let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                let now = now.ok().and_then(|since| i64::try_from(since.as_micros()).ok()).unwrap_or(0);
                // When the system's clock is set back, time stands still until it has caught up.
                let before = self.last.fetch_max(now, Ordering::SeqCst);
                Timestamp::from_microseconds(before.max(now))
            }
        }
    }

    /// Moves a test clock forward. A clock that is ahead already stays; a wall clock does not listen.
    pub fn advance_to(&self, moment: Timestamp) {
        if self.is_test() {
            self.last.fetch_max(moment.microseconds(), Ordering::SeqCst);
        }
    }
}
