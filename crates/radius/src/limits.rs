//! Owns the limits of this face.
//! Does not own: limits of packets, which the protocol sets (wire/packet.rs).

use std::time::Duration;

/// Requests that are being decided at once; what comes beyond is dropped, and its sender repeats it.
pub const IN_FLIGHT_MAX: usize = 16_384;
/// An answer that takes longer is not sent: its asker has gone on.
pub const ANSWER_DURATION_MAX: Duration = Duration::from_secs(10);
/// A repeat gets the first answer for this long.
pub const REPEAT_DURATION_MAX: Duration = Duration::from_secs(30);
/// First answers that are kept at the most; the oldest go first.
pub const REPEATS_MAX: usize = 262_144;
/// Bytes of first answers that are kept at the most.
pub const REPEAT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Tasks that take packets from one socket.
pub const RECEIVERS: usize = 2;
/// The log gets a line about dropped packets of one kind at most this often; the rest is counted.
pub const LOG_PAUSE: Duration = Duration::from_secs(1);
/// How often the NASes are read anew.
pub const DIRECTORY_PAUSE: Duration = Duration::from_secs(1);
/// How long a client waits for an answer before it asks again, and how often it asks.
pub const CLIENT_PAUSE: Duration = Duration::from_secs(1);
pub const CLIENT_ATTEMPTS_MAX: u32 = 4;
/// How often it is looked which sessions are to end or to change.
pub const COURSE_PAUSE: Duration = Duration::from_secs(1);
/// A NAS is asked again for a session after this long, doubled with each time, so often at the most.
pub const COURSE_RETRY: Duration = Duration::from_secs(2);
pub const COURSE_RETRY_DOUBLED_MAX: u32 = 7;
/// Sessions of one NAS that it is asked for at once.
pub const COURSE_ASKS_OF_NAS_MAX: usize = 32;
