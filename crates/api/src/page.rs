//! Owns which page of a list a query asks for, and of how many rows: the same for every list of this face.
//! Does not own: what the rows are.

use trunkline_usecase::customer::PageWanted;

use crate::error::Problem;
use crate::limits::{ROWS_DEFAULT, ROWS_MAX};

/// Rows of a page.
pub fn rows_wanted(limit: Option<usize>) -> Result<usize, Problem> {
    let limit = limit.unwrap_or(ROWS_DEFAULT);
    let is_in_range = (1..=ROWS_MAX).contains(&limit);
    if is_in_range { Ok(limit) } else { Err(Problem::field("limit", "out_of_range", format!("1 to {ROWS_MAX}"))) }
}

/// Which page the cursors of a query ask for.
pub fn page_wanted(after: Option<String>, before: Option<String>, at_last: bool) -> Result<PageWanted, Problem> {
    match (after, before, at_last) {
        (None, None, false) => Ok(PageWanted::First),
        (Some(cursor), None, false) => Ok(PageWanted::After(cursor)),
        (None, Some(cursor), false) => Ok(PageWanted::Before(cursor)),
        (None, None, true) => Ok(PageWanted::Last),
        _ => Err(Problem::field("after", "ambiguous", "give one of after, before and at")),
    }
}
