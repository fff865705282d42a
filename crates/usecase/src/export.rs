//! Owns walking through a whole list page by page, for a file of it: how many rows at once, and what a walk is to whoever writes.
//! Does not own: the lists, who may have which (each noun's file), and the files (the faces). Moving a customer to another
//! installation is another thing (storage/export.rs).

use trunkline_storage::Ticket;

use crate::error::Result;

/// Rows that are read at once, and then held until they are written.
pub const ROWS_AT_ONCE: usize = 500;

/// A text that begins with one of these is taken for a formula by spreadsheets, and run (OWASP, CSV injection). A file has an
/// apostrophe before it, which an import leaves out again.
pub const RUN_BY_SPREADSHEETS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Some rows of the walk, and where the next ones begin.
pub struct Slice<R> {
    pub rows: Vec<R>,
    pub next: Option<String>,
}

/// Reads the rows from a place on, or from the beginning. Each slice is a look of its own: a row whose place in the order
/// changes meanwhile can be missed or met twice, and no other one can.
pub type Read<R> = Box<dyn Fn(Option<String>) -> Ticket<Result<Slice<R>>> + Send + Sync>;

/// A list that is to be written.
pub struct Export<R> {
    /// Rows to come, as they were counted at the start; none where counting would take too long.
    pub rows: Option<i64>,
    pub read: Read<R>,
}
