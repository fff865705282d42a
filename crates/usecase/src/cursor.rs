//! Owns places in a list as they travel to callers and back: opaque texts, valid for the request that they came from; and lists
//! that are read whole and sorted here, because they are short or their order has no index.
//! Does not own: what a list is sorted by, and places along an index (each noun's file).

use std::cmp::Ordering;
use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::customer::PageWanted;
use crate::error::{Error, Result};

pub(crate) fn encode<C: Serialize>(cursor: &C) -> String {
    // Numbers and texts cannot fail to be written.
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}

pub(crate) fn decode<C: DeserializeOwned>(text: &str) -> Result<C> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::InvalidCursor)?;
    serde_json::from_slice(&bytes).map_err(|_| Error::InvalidCursor)
}

/// Tells requests apart by a text with everything that decides the order and the members of a list.
pub(crate) fn digest(text: &str) -> u64 {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).iter().take(6).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// By what a row is sorted: rows without a value last, both ways, then the value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SortKey {
    absent: bool,
    number: i64,
    text: String,
}

impl SortKey {
    pub fn number(number: i64) -> SortKey {
        SortKey { number, ..SortKey::default() }
    }

    pub fn text(text: String) -> SortKey {
        SortKey { text, ..SortKey::default() }
    }

    pub fn absent() -> SortKey {
        SortKey { absent: true, ..SortKey::default() }
    }

    pub fn perhaps(number: Option<i64>) -> SortKey {
        number.map_or_else(SortKey::absent, SortKey::number)
    }

    pub fn compare(&self, other: &SortKey, descending: bool) -> Ordering {
        let by_value = (self.number, &self.text).cmp(&(other.number, &other.text));
        self.absent.cmp(&other.absent).then(if descending { by_value.reverse() } else { by_value })
    }
}

/// Which of the sorted rows a page shows. `order` says where a row stands beside the cursor's place.
pub(crate) fn cut<R>(rows: &[R], page: &PageWanted, limit: usize, order: impl Fn(&R) -> Ordering) -> Range<usize> {
    let count = rows.len();
    let (first, last) = match page {
        PageWanted::After(_) => {
            let first = rows.partition_point(|row| order(row) != Ordering::Greater);
            (first, first + limit)
        }
        PageWanted::Before(_) => {
            let last = rows.partition_point(|row| order(row) == Ordering::Less);
            (last.saturating_sub(limit), last)
        }
        // The last page holds what is over after full pages, so that paging back meets the same pages.
        PageWanted::Last => (count.saturating_sub(1) / limit * limit, count),
        PageWanted::First | PageWanted::Offset(_) => (0, limit),
    };
    first..last.min(count)
}
