//! Owns the list of customer classes: search, sorting, cursors. Classes are a catalogue, short enough to be read whole.
//! Does not own: reading one, making and changing them (mod.rs).

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use trunkline_domain::customer_class::CustomerClass;
use trunkline_domain::name::name_key;
use trunkline_domain::staff::Permission;
use trunkline_storage::customer_list::MatchMode;
use trunkline_storage::{Ticket, customer_class};

use crate::App;
use crate::actor::Context;
use crate::cursor::{self, SortKey};
use crate::customer::{PageWanted, ROWS_MAX, Total};
use crate::error::{Error, Result};

/// Longest text that is searched for, in characters.
pub const SEARCH_CHARACTERS_MAX: usize = 100;

/// What the list can be sorted by. Ties go by name, upwards; classes without the value come last both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassSort {
    #[default]
    Name,
    Currency,
    PaymentTerms,
    LimitAfter,
    SuspendAfter,
    TerminateAfter,
    CloseAfter,
    Created,
}

impl ClassSort {
    pub const ALL: [ClassSort; 8] = [
        ClassSort::Name,
        ClassSort::Currency,
        ClassSort::PaymentTerms,
        ClassSort::LimitAfter,
        ClassSort::SuspendAfter,
        ClassSort::TerminateAfter,
        ClassSort::CloseAfter,
        ClassSort::Created,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            ClassSort::Name => "name",
            ClassSort::Currency => "currency",
            ClassSort::PaymentTerms => "payment_terms_days",
            ClassSort::LimitAfter => "limit_after_days",
            ClassSort::SuspendAfter => "suspend_after_days",
            ClassSort::TerminateAfter => "terminate_after_days",
            ClassSort::CloseAfter => "close_after_days",
            ClassSort::Created => "created",
        }
    }

    fn key(self, class: &CustomerClass) -> SortKey {
        let policy = &class.collection;
        match self {
            ClassSort::Name => SortKey::text(name_key(&class.name)),
            ClassSort::Currency => class.currency.map_or_else(SortKey::absent, |currency| SortKey::text(currency.code().to_owned())),
            ClassSort::PaymentTerms => SortKey::number(policy.payment_terms_days),
            ClassSort::LimitAfter => SortKey::perhaps(policy.limit_after_days),
            ClassSort::SuspendAfter => SortKey::perhaps(policy.suspend_after_days),
            ClassSort::TerminateAfter => SortKey::perhaps(policy.terminate_after_days),
            ClassSort::CloseAfter => SortKey::number(policy.close_after_days),
            ClassSort::Created => SortKey::number(class.created_at.microseconds()),
        }
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct ClassListRequest {
    /// A name, or a part of one as `mode` says.
    pub search: Option<String>,
    pub mode: Option<MatchMode>,
    pub sort: ClassSort,
    pub descending: bool,
    pub limit: usize,
    pub page: PageWanted,
}

#[derive(Clone, Debug)]
pub struct ClassPage {
    pub rows: Vec<CustomerClass>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// Place of the first row in the whole list, from 1.
    pub first_position: Option<i64>,
    pub total: Total,
}

/// Where a class stands.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    request: u64,
    key: SortKey,
    name_key: String,
}

/// One page of classes.
pub fn list(app: &Arc<App>, context: &Context, request: ClassListRequest) -> Ticket<Result<ClassPage>> {
    let prepared = context.actor.must(Permission::CustomerClassRead).and_then(|()| check(&request));
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| page_of(customer_class::all(tx)?, &request))
}

fn check(request: &ClassListRequest) -> Result<()> {
    if request.limit == 0 || request.limit > ROWS_MAX {
        return Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
    }
    if request.search.as_ref().is_some_and(|text| text.chars().count() > SEARCH_CHARACTERS_MAX) {
        return Err(Error::invalid("search", "too_long", format!("at most {SEARCH_CHARACTERS_MAX} characters")));
    }
    Ok(())
}

fn page_of(all: Vec<CustomerClass>, request: &ClassListRequest) -> Result<ClassPage> {
    let ClassListRequest { sort, descending, limit, page, .. } = request;
    let (wanted, mode) = (name_key(request.search.as_deref().unwrap_or("")), request.mode.unwrap_or(MatchMode::StartsWith));
    let digest = cursor::digest(&format!("{mode:?} {wanted} {} {descending}", sort.code()));
    let start: Option<Cursor> = match page {
        PageWanted::First | PageWanted::Last | PageWanted::Offset(_) => None,
        PageWanted::After(text) | PageWanted::Before(text) => Some(cursor::decode(text)?),
    };
    if start.as_ref().is_some_and(|start| start.request != digest) {
        return Err(Error::InvalidCursor);
    }
    let mut rows: Vec<(SortKey, String, CustomerClass)> = all
        .into_iter()
        .map(|class| (sort.key(&class), name_key(&class.name), class))
        .filter(|(_, name, _)| wanted.is_empty() || is_match(name, mode, &wanted))
        .collect();
    rows.sort_by(|(left, one, _), (right, other, _)| left.compare(right, *descending).then_with(|| one.cmp(other)));
    let shown = cursor::cut(&rows, page, *limit, |(key, name, _)| {
        let beside = |start: &Cursor| key.compare(&start.key, *descending).then_with(|| name.cmp(&start.name_key));
        start.as_ref().map_or(Ordering::Equal, beside)
    });
    let place = |index: usize| {
        let row = rows.get(index);
        row.map(|(key, name, _)| cursor::encode(&Cursor { request: digest, key: key.clone(), name_key: name.clone() }))
    };
    let next = (shown.end < rows.len()).then(|| place(shown.end.saturating_sub(1))).flatten();
    let previous = (shown.start > 0).then(|| place(shown.start)).flatten();
    let first_position = i64::try_from(shown.start + 1).ok().filter(|_| !shown.is_empty());
    let total = Total { count: i64::try_from(rows.len()).unwrap_or(i64::MAX), exact: true };
    let rows = rows.drain(shown).map(|(_, _, class)| class).collect();
    Ok(ClassPage { rows, next, previous, first_position, total })
}

fn is_match(name: &str, mode: MatchMode, wanted: &str) -> bool {
    match mode {
        MatchMode::Exactly => name == wanted,
        MatchMode::StartsWith => name.starts_with(wanted),
        MatchMode::Contains => name.contains(wanted),
        MatchMode::EndsWith => name.ends_with(wanted),
        // The compatible face's own, which has no such list.
        MatchMode::Pattern => false,
    }
}
