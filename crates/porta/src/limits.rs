//! Owns the limits of this face.
//! Does not own: limits of what is stored (usecase).

/// A request's body, in bytes, unless the installation says otherwise.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// What is read of a body that is too large, and thrown away, so that its sender hears the fault.
pub const BODY_BYTES_DISCARDED_MAX: usize = 64 * 1024 * 1024;
/// A request is answered or fails within this, unless the installation says otherwise.
pub const REQUEST_SECONDS_MAX: u64 = 30;
/// Parts of a multipart body.
pub const PARTS_MAX: usize = 16;
/// An idempotency key, in characters.
pub const KEY_CHARACTERS_MAX: usize = 128;
/// Any one text field, in characters. Shorter limits are the use cases'.
pub const TEXT_CHARACTERS_MAX: usize = 8_000;
/// A token of any kind, in bytes.
pub const TOKEN_BYTES_MAX: usize = 4_096;
/// Rows of a page, unless the request says otherwise, and at the most.
pub const ROWS_MAX: usize = 1_000;
/// Where a page can start.
pub const OFFSET_MAX: usize = 10_000_000;
/// A pattern with `%` and `_`, in characters: it is compared with each customer that no index leaves out.
pub const PATTERN_CHARACTERS_MAX: usize = 200;
/// Customers or accounts that are looked at for one request, unless the installation says otherwise.
pub const SCANNED_MAX: usize = 100_000;
/// Passwords that are hashed at the same time; each takes 19 MiB for some tens of milliseconds.
pub const SIGN_INS_AT_ONCE_MAX: usize = 4;
/// Attempts to sign in that wait for their turn.
pub const SIGN_INS_WAITING_MAX: usize = 64;
/// Logins that are remembered for callers that send their password with each request.
pub const LOGINS_REMEMBERED_MAX: usize = 1_000;
/// How long they are remembered.
pub const LOGINS_REMEMBERED_SECONDS: i64 = 3_600;
