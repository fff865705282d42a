//! Owns the list of accounts: checking what is asked, sorting, cursors, totals.
//! Does not own: the queries (storage/account), and an account's standing (mod.rs).
//!
//! The order of identities has an index. Other orders, and a filter by status, which is derived and not stored, look at every
//! account that the other conditions leave; more than `GATHERED_MAX` are refused by name.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use trunkline_domain::account::{AccountModel, AccountState, AccountStatus};
use trunkline_domain::id::{ID_MAX, Id};
use trunkline_domain::name::name_key;
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
use trunkline_storage::account::{self, Account, AccountFilter, IdentityMatch, identity_key};
use trunkline_storage::customer_list::MatchMode;
use trunkline_storage::{Ticket, Tx, customer};

use super::{AccountView, IDENTITY_CHARACTERS_MAX, ROWS_MAX, shown_balance, views};
use crate::App;
use crate::actor::Context;
use crate::cursor::{self, SortKey};
use crate::customer::{PageWanted, Total};
use crate::error::{Error, Result};

/// Accounts that are sorted by what no index has, or looked at for their status, at the most. A total is exact up to this.
pub const GATHERED_MAX: usize = 10_000;
/// A search within identities needs this many characters.
const WITHIN_CHARACTERS_MIN: usize = 3;

/// What the list can be sorted by. Ties go by identity, upwards; accounts without the value come last both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountSort {
    #[default]
    Identity,
    Customer,
    Model,
    Status,
    Balance,
    CreditLimit,
    Created,
    LastUsed,
}

impl AccountSort {
    pub const ALL: [AccountSort; 8] = [
        AccountSort::Identity,
        AccountSort::Customer,
        AccountSort::Model,
        AccountSort::Status,
        AccountSort::Balance,
        AccountSort::CreditLimit,
        AccountSort::Created,
        AccountSort::LastUsed,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            AccountSort::Identity => "identity",
            AccountSort::Customer => "customer",
            AccountSort::Model => "model",
            AccountSort::Status => "status",
            AccountSort::Balance => "balance",
            AccountSort::CreditLimit => "credit_limit",
            AccountSort::Created => "created",
            AccountSort::LastUsed => "last_used",
        }
    }
}

/// What is asked of the list of accounts. Everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct AccountListRequest {
    pub customer_id: Option<Id>,
    /// An identity, or a part of one as `mode` says.
    pub identity: Option<String>,
    pub mode: Option<MatchMode>,
    pub state: Option<AccountState>,
    /// All states but closed, unless a state is given.
    pub not_closed: bool,
    /// Any of them.
    pub statuses: Vec<AccountStatus>,
    pub model: Option<AccountModel>,
    pub batch: Option<String>,
    pub sort: AccountSort,
    pub descending: bool,
    pub limit: usize,
    pub page: PageWanted,
    pub with_total: bool,
}

#[derive(Clone, Debug)]
pub struct AccountPage {
    pub rows: Vec<AccountView>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// Place of the first row in the whole list, from 1, where it is known.
    pub first_position: Option<i64>,
    pub total: Option<Total>,
}

/// Where a row stands; as text it is opaque to callers, and valid for the request that it came from.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Cursor {
    request: u64,
    key: SortKey,
    identity: String,
    position: Option<i64>,
}

impl Cursor {
    fn decode(text: &str, request: u64) -> Result<Cursor> {
        let cursor: Cursor = cursor::decode(text)?;
        // No key holds a NUL, and PostgreSQL takes none.
        let is_possible = !cursor.identity.contains('\0') && cursor.position.is_none_or(|position| (1..=ID_MAX).contains(&position));
        if cursor.request == request && is_possible { Ok(cursor) } else { Err(Error::InvalidCursor) }
    }
}

/// Tells requests apart by everything that decides the order and the members of the list.
fn digest(request: &AccountListRequest, filter: &AccountFilter) -> u64 {
    cursor::digest(&format!("{filter:?} {:?} {} {}", request.statuses, request.sort.code(), request.descending))
}

/// One page of accounts. Reading is audited.
pub fn list(app: &Arc<App>, context: &Context, request: AccountListRequest) -> Ticket<Result<AccountPage>> {
    let prepared = context.actor.must(Permission::AccountRead).and_then(|()| filter_of(&request, context.actor.scope()));
    let filter = match prepared {
        Ok(filter) => filter,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let page = read_page(&app, tx, &request, &filter, now)?;
        let ids: Vec<Id> = page.rows.iter().map(|row| row.account.facts.account_id).collect();
        let detail = json!({ "customer_id": request.customer_id, "identity": request.identity, "ids": ids });
        app.audit_read(&actor, "account.list", request.customer_id.unwrap_or(0), now, &detail)?;
        Ok(page)
    })
}

/// Is the page read along the index of identities?
pub(super) fn is_walked(request: &AccountListRequest) -> bool {
    request.sort == AccountSort::Identity && request.statuses.is_empty()
}

pub(super) fn read_page(
    app: &App,
    tx: &mut Tx<'_>,
    request: &AccountListRequest,
    filter: &AccountFilter,
    now: Timestamp,
) -> Result<AccountPage> {
    if is_walked(request) { walk(app, tx, request, filter, now) } else { gather(app, tx, request, filter, now) }
}

pub(super) fn filter_of(request: &AccountListRequest, scope: Option<Id>) -> Result<AccountFilter> {
    if request.limit == 0 || request.limit > ROWS_MAX {
        return Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
    }
    let text = request.identity.as_deref().unwrap_or("");
    if text.chars().count() > IDENTITY_CHARACTERS_MAX {
        return Err(Error::invalid("search", "too_long", format!("at most {IDENTITY_CHARACTERS_MAX} characters")));
    }
    let identity = identity_match(text, request.mode.unwrap_or(MatchMode::StartsWith));
    if identity.as_ref().is_some_and(|found| is_within(found.mode) && found.key.chars().count() < WITHIN_CHARACTERS_MIN) {
        let message = "at least 3 characters to search within identities; use “starts with” for fewer";
        return Err(Error::invalid("search", "search_too_short", message));
    }
    Ok(AccountFilter {
        customer_id: request.customer_id,
        identity,
        state: request.state,
        not_closed: request.not_closed && request.state.is_none(),
        model: request.model,
        batch: request.batch.clone(),
        reseller_id: scope,
    })
}

/// Such a search reads every identity that the other conditions leave.
fn is_within(mode: MatchMode) -> bool {
    match mode {
        MatchMode::Contains | MatchMode::EndsWith => true,
        MatchMode::Exactly | MatchMode::StartsWith | MatchMode::Pattern => false,
    }
}

/// The condition on identities; none where nothing is left of the text.
pub(super) fn identity_match(text: &str, mode: MatchMode) -> Option<IdentityMatch> {
    let key = identity_key(text);
    (!key.is_empty()).then_some(IdentityMatch { mode, key })
}

pub(super) fn count_max() -> i64 {
    i64::try_from(GATHERED_MAX).unwrap_or(i64::MAX)
}

/// A page along the index of identities.
fn walk(app: &App, tx: &mut Tx<'_>, request: &AccountListRequest, filter: &AccountFilter, now: Timestamp) -> Result<AccountPage> {
    let digest = digest(request, filter);
    let total = if request.with_total {
        let count = account::count(tx, filter, count_max() + 1)?;
        Some(Total { count: count.min(count_max()), exact: count <= count_max() })
    } else {
        None
    };
    let (start, backwards) = match &request.page {
        PageWanted::First | PageWanted::Offset(_) => (None, false),
        PageWanted::Last => (None, true),
        PageWanted::After(text) => (Some(Cursor::decode(text, digest)?), false),
        PageWanted::Before(text) => (Some(Cursor::decode(text, digest)?), true),
    };
    let mut limit = request.limit;
    let size = i64::try_from(limit).unwrap_or(i64::MAX);
    let known = start.as_ref().and_then(|start| start.position);
    let first_position = match (&request.page, total.filter(|total| total.exact).map(|total| total.count)) {
        (PageWanted::First | PageWanted::Offset(_), _) => Some(1),
        // The last page holds what is over after full pages, so that paging back meets the same pages.
        (PageWanted::Last, Some(count)) if count > 0 => {
            let over = (count - 1) % size + 1;
            limit = usize::try_from(over).unwrap_or(limit);
            Some(count - over + 1)
        }
        (PageWanted::Last, _) => None,
        (PageWanted::After(_), _) => known.and_then(|position| position.checked_add(1)),
        (PageWanted::Before(_), _) => known.map(|position| position.saturating_sub(size).max(1)),
    };
    let from = start.as_ref().map(|start| start.identity.as_str());
    let down = backwards != request.descending;
    let mut found = account::page(tx, filter, from, down, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
    let more = found.len() > limit;
    found.truncate(limit);
    if backwards {
        found.reverse();
    }
    let (has_previous, has_next) = if backwards { (more, start.is_some()) } else { (start.is_some(), more) };
    let place = |account: Option<&Account>, index: usize| {
        account.map(|account| {
            let position = first_position.and_then(|first| first.checked_add(i64::try_from(index).ok()?));
            cursor::encode(&Cursor { request: digest, key: SortKey::default(), identity: identity_key(&account.identity), position })
        })
    };
    let next = has_next.then(|| place(found.last(), found.len().saturating_sub(1))).flatten();
    let previous = has_previous.then(|| place(found.first(), 0)).flatten();
    let first_position = first_position.filter(|_| !found.is_empty());
    Ok(AccountPage { rows: views(tx, found, &app.policy(), now)?, next, previous, first_position, total })
}

/// A page of what is sorted here: all that match, as far as they are few enough.
fn gather(app: &App, tx: &mut Tx<'_>, request: &AccountListRequest, filter: &AccountFilter, now: Timestamp) -> Result<AccountPage> {
    let digest = digest(request, filter);
    let start = match &request.page {
        PageWanted::First | PageWanted::Last | PageWanted::Offset(_) => None,
        PageWanted::After(text) | PageWanted::Before(text) => Some(Cursor::decode(text, digest)?),
    };
    let found = account::page(tx, filter, None, false, count_max() + 1)?;
    if found.len() > GATHERED_MAX {
        return Err(too_many(request));
    }
    let mut rows = keyed(app, tx, request, found, now)?;
    rows.sort_by(|(left, one), (right, other)| compare(request, (left, &one.identity), (right, &other.identity)));
    let shown = cursor::cut(&rows, &request.page, request.limit, |(key, account)| {
        start.as_ref().map_or(Ordering::Equal, |start| compare(request, (key, &account.identity), (&start.key, &start.identity)))
    });
    let place = |index: usize| {
        rows.get(index).map(|(key, account)| {
            let position = i64::try_from(index + 1).ok();
            cursor::encode(&Cursor { request: digest, key: key.clone(), identity: identity_key(&account.identity), position })
        })
    };
    let next = (shown.end < rows.len()).then(|| place(shown.end.saturating_sub(1))).flatten();
    let previous = (shown.start > 0).then(|| place(shown.start)).flatten();
    let total = Total { count: i64::try_from(rows.len()).unwrap_or(i64::MAX), exact: true };
    let first_position = i64::try_from(shown.start + 1).ok().filter(|_| !shown.is_empty());
    let shown: Vec<Account> = rows.drain(shown).map(|(_, account)| account).collect();
    Ok(AccountPage { rows: views(tx, shown, &app.policy(), now)?, next, previous, first_position, total: Some(total) })
}

pub(super) fn too_many(request: &AccountListRequest) -> Error {
    let (field, code) = if request.statuses.is_empty() { ("sort", "sort_needs_filter") } else { ("status", "status_needs_filter") };
    let message = format!("more than {GATHERED_MAX} accounts match; name a customer, a batch or the start of an identity as well");
    Error::invalid(field, code, message)
}

/// The order of two rows, each by its key and its identity.
fn compare(request: &AccountListRequest, (left, one): (&SortKey, &str), (right, other): (&SortKey, &str)) -> Ordering {
    let by_identity = identity_key(one).cmp(&identity_key(other));
    let is_identity_turned = request.descending && request.sort == AccountSort::Identity;
    left.compare(right, request.descending).then(if is_identity_turned { by_identity.reverse() } else { by_identity })
}

/// The accounts with their sort keys; those of other statuses than asked for are left out.
fn keyed(app: &App, tx: &mut Tx<'_>, request: &AccountListRequest, found: Vec<Account>, now: Timestamp) -> Result<Vec<(SortKey, Account)>> {
    let needs_status = request.sort == AccountSort::Status || !request.statuses.is_empty();
    if needs_status {
        let views = views(tx, found, &app.policy(), now)?;
        let wanted = views.into_iter().filter(|view| request.statuses.is_empty() || request.statuses.contains(&view.standing.shown()));
        return Ok(wanted
            .map(|view| {
                let rank = i64::try_from(view.standing.shown().rank()).unwrap_or(i64::MAX);
                (key_of(request.sort, &view.account, &view.customer_name, rank), view.account)
            })
            .collect());
    }
    let mut names = HashMap::new();
    if request.sort == AccountSort::Customer {
        let mut owners: Vec<Id> = found.iter().map(|account| account.facts.customer_id).collect();
        owners.sort_unstable();
        owners.dedup();
        names = customer::names(tx, &owners)?;
    }
    Ok(found
        .into_iter()
        .map(|account| {
            let name = names.get(&account.facts.customer_id).map_or("", String::as_str);
            (key_of(request.sort, &account, name, 0), account)
        })
        .collect())
}

fn key_of(sort: AccountSort, account: &Account, customer_name: &str, rank: i64) -> SortKey {
    match sort {
        AccountSort::Identity => SortKey::default(),
        AccountSort::Customer => SortKey::text(name_key(customer_name)),
        AccountSort::Model => SortKey::text(account.facts.model.code().to_owned()),
        AccountSort::Status => SortKey::number(rank),
        AccountSort::Balance => SortKey::number(shown_balance(&account.facts).millionths()),
        AccountSort::CreditLimit => SortKey::perhaps(account.facts.credit_limit.map(|limit| limit.millionths())),
        AccountSort::Created => SortKey::number(account.created_at.microseconds()),
        AccountSort::LastUsed => SortKey::perhaps(account.facts.last_used_at.map(Timestamp::microseconds)),
    }
}
