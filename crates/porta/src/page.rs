//! Owns the page of a list that is read whole.
//! Does not own: lists that the use cases read by page.

use crate::error::Fault;
use crate::reply::{Object, Reply};
use crate::router::Call;

/// The rows that the request asks for of all there are, and how many these are where it asks that.
pub fn page(call: &Call, name: &str, all: Vec<String>) -> Result<Reply, Fault> {
    let (offset, limit) = call.fields.page()?;
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let rows: Vec<String> = all.into_iter().skip(offset).take(limit).collect();
    Ok(listed(Object::new(false), name, &rows, call.fields.is_set("get_total")?.then_some(total)))
}

/// The answer of a list.
pub fn listed(mut out: Object, name: &str, rows: &[String], total: Option<i64>) -> Reply {
    out.list(name, rows);
    if let Some(total) = total {
        out.int("total", total);
    }
    out.into()
}
