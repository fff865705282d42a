//! Owns the limits of this face.
//! Does not own: limits of what is stored (usecase).

use std::time::Duration;

/// A request's body, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// What is read of a body that is too large, and thrown away, so that its sender hears why.
pub const BODY_BYTES_DISCARDED_MAX: usize = 64 * 1024 * 1024;
/// A request is answered or fails within this.
pub const REQUEST_DURATION_MAX: Duration = Duration::from_secs(10);
/// An idempotency key, in characters.
pub const KEY_CHARACTERS_MAX: usize = 128;
/// Rows of a page, unless the request says otherwise.
pub const ROWS_DEFAULT: usize = 25;
/// Rows of a page at the most.
pub const ROWS_MAX: usize = 250;
/// A file that is imported, in bytes: a million rows and more.
pub const IMPORT_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Pages that listen for changes at once, in one process.
pub const LISTENERS_MAX: usize = 5_000;
/// A page is told of changes this often at the most.
pub const LIVE_EVERY: Duration = Duration::from_millis(500);
/// A page that is told nothing hears that the server is there.
pub const LIVE_HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// How soon a page hears that its login has ended.
pub const LIVE_CHECK_EVERY: Duration = Duration::from_secs(5);
/// Parts that wait for a page; what changes meanwhile waits as one row a customer.
pub const LIVE_PARTS_MAX: usize = 2;
/// A page that takes nothing for this long is given up.
pub const LIVE_PAUSE_MAX: Duration = Duration::from_secs(60);
/// Parts of an export that wait for its client: some hundred rows each.
pub const EXPORT_PARTS_MAX: usize = 2;
/// A client that takes nothing of an export for this long is given up.
pub const EXPORT_PAUSE_MAX: Duration = Duration::from_secs(60);
/// How long a file on its way may pause.
pub const IMPORT_PAUSE_MAX: Duration = Duration::from_secs(30);
