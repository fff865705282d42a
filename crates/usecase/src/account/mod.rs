//! Owns accounts: reading, searching and making them.
//! Does not own: changing them (change.rs), their aliases (alias.rs), their passwords (password.rs), their list (list.rs) with its figures and its file (summary.rs), and charging them.

mod alias;
mod change;
mod list;
mod password;
mod summary;

use std::collections::HashMap;
use std::sync::Arc;

pub use alias::{ALIASES_MAX, Alias, add_alias, aliases, get_alias, remove_alias};
pub use change::{AccountChange, terminate, update, validate_create, validate_update};
pub use list::{AccountListRequest, AccountPage, AccountSort, GATHERED_MAX, list};
pub use password::{PASSWORD_BYTES_MAX, PASSWORD_BYTES_MIN, set_password};
use serde_json::json;
pub use summary::{AccountSummary, AccountTotal, export, summary};
use trunkline_domain::account::{AccountFacts, AccountModel, AccountStanding, AccountState, account_explanations, account_standing};
use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::refusal::Refusal;
use trunkline_domain::secret::Secret;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, Explanation, Standing, StatusPolicy, Wording, explanations, may_be_done, standing};
use trunkline_domain::time::Timestamp;
use trunkline_storage::account::{self, Account, AccountFilter, identity_key};
use trunkline_storage::customer_list::MatchMode;
use trunkline_storage::{Ticket, Tx, audit, customer, outbox};

use crate::App;
use crate::actor::{Actor, Context};
use crate::customer::{Check, Render, once, resellers_of};
use crate::error::{Error, Result};
use crate::product::{self, Holder};

/// Rows of a page at the most.
pub const ROWS_MAX: usize = 1_000;
/// Longest identity, in characters.
pub const IDENTITY_CHARACTERS_MAX: usize = 128;
/// Longest name of a batch, in characters.
pub const BATCH_CHARACTERS_MAX: usize = 64;

/// An account with everything that follows at one moment.
#[derive(Clone, Debug)]
pub struct AccountView {
    pub account: Account,
    pub standing: AccountStanding,
    /// Why each status holds, in their order.
    pub explanations: Vec<Explanation>,
    pub customer_name: String,
    pub currency: Currency,
}

impl AccountView {
    /// Debit accounts: the money left. Credit accounts: what is owed.
    pub fn shown_balance(&self) -> Money {
        shown_balance(&self.account.facts)
    }
}

fn shown_balance(facts: &AccountFacts) -> Money {
    match facts.model {
        // The range of an amount is symmetric but for its lowest value, which no account reaches.
        AccountModel::Debit => facts.balance.checked_neg().unwrap_or(Money::MAX),
        AccountModel::Credit => facts.balance,
    }
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct AccountNew {
    pub customer_id: Id,
    pub identity: String,
    pub model: AccountModel,
    /// Debit accounts: the money it starts with, not below zero. Credit accounts: 0.
    pub opening_balance: Money,
    /// Credit accounts only.
    pub credit_limit: Option<Money>,
    pub inactive: bool,
    pub blocked: bool,
    pub active_from: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub life_time_days: Option<i64>,
    pub idle_days_max: Option<i64>,
    pub batch: Option<String>,
    /// By which a switch knows whoever uses it; none where the switch vouches, as for an address.
    pub password: Option<Secret>,
}

/// A condition that is checked on each account.
pub type AccountCondition = Box<dyn Fn(&AccountView) -> bool + Send>;

/// Accounts that a search looks at before it asks for a narrower request.
pub const SCANNED_MAX: usize = 100_000;

/// What is searched for by offset, with conditions that no index knows. The compatible face has it.
#[derive(Default)]
pub struct AccountSearch {
    pub customer_id: Option<Id>,
    /// The start of an identity.
    pub identity: Option<String>,
    pub state: Option<AccountState>,
    pub not_closed: bool,
    pub also: Option<AccountCondition>,
    /// How many accounts are looked at before a narrower request is asked for. None: `SCANNED_MAX`.
    pub scanned_max: Option<usize>,
    pub offset: usize,
    /// 1 to `ROWS_MAX`.
    pub limit: usize,
    /// Count all that match.
    pub total: bool,
}

#[derive(Clone, Debug)]
pub struct AccountSearchPage {
    pub rows: Vec<AccountView>,
    pub total: Option<i64>,
}

/// The accounts that match, by identity, from the one at the offset on. Reading is audited.
pub fn search(app: &Arc<App>, context: &Context, request: AccountSearch) -> Ticket<Result<AccountSearchPage>> {
    let prepared = context.actor.must(Permission::AccountRead).and_then(|()| {
        let is_in_range = (1..=ROWS_MAX).contains(&request.limit);
        if is_in_range { Ok(()) } else { Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}"))) }
    });
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let page = scan(tx, &request, actor.scope(), &app.policy(), now)?;
        let ids: Vec<Id> = page.rows.iter().map(|row| row.account.facts.account_id).collect();
        let detail = json!({ "customer_id": request.customer_id, "identity": request.identity, "ids": ids });
        app.audit_read(&actor, "account.list", request.customer_id.unwrap_or(0), now, &detail)?;
        Ok(page)
    })
}

fn scan(
    tx: &mut Tx<'_>,
    request: &AccountSearch,
    reseller_id: Option<Id>,
    policy: &StatusPolicy,
    now: Timestamp,
) -> Result<AccountSearchPage> {
    let filter = AccountFilter {
        customer_id: request.customer_id,
        identity: request.identity.as_deref().and_then(|text| list::identity_match(text, MatchMode::StartsWith)),
        state: request.state,
        not_closed: request.not_closed && request.state.is_none(),
        model: None,
        batch: None,
        reseller_id,
    };
    let (mut rows, mut matched, mut scanned) = (Vec::new(), 0_usize, 0_usize);
    let scanned_max = request.scanned_max.unwrap_or(SCANNED_MAX);
    let slice_max = ROWS_MAX.min(scanned_max);
    let mut after: Option<String> = None;
    loop {
        let slice = account::page(tx, &filter, after.as_deref(), false, i64::try_from(slice_max).unwrap_or(i64::MAX))?;
        let is_last = slice.len() < slice_max;
        scanned += slice.len();
        after = slice.last().map(|account| identity_key(&account.identity));
        for view in views(tx, slice, policy, now)? {
            if request.also.as_ref().is_some_and(|also| !also(&view)) {
                continue;
            }
            matched += 1;
            if matched > request.offset && rows.len() < request.limit {
                rows.push(view);
            }
        }
        if is_last || (rows.len() >= request.limit && !request.total) {
            break;
        }
        if scanned >= scanned_max {
            let message = format!("more than {scanned_max} accounts would have to be looked at; narrow the request, by customer or id");
            return Err(Error::invalid("filter", "too_wide", message));
        }
    }
    Ok(AccountSearchPage { rows, total: request.total.then(|| i64::try_from(matched).unwrap_or(i64::MAX)) })
}

/// The accounts with their standings, in their order.
fn views(tx: &mut Tx<'_>, accounts: Vec<Account>, policy: &StatusPolicy, now: Timestamp) -> Result<Vec<AccountView>> {
    let mut owners: Vec<Id> = accounts.iter().map(|account| account.facts.customer_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let names = customer::names(tx, &owners)?;
    let facts = customer::load_facts(tx, &owners)?;
    let resellers = resellers_of(tx, &facts, policy, now)?;
    let standings: HashMap<Id, (&CustomerFacts, Standing, Vec<Explanation>)> = facts
        .iter()
        .map(|owner| {
            let reseller = owner.reseller_id.and_then(|id| resellers.get(&id));
            let standing = standing(owner, reseller, policy, now);
            let told = explanations(owner, &standing, now);
            (owner.customer_id, (owner, standing, told))
        })
        .collect();
    let mut found = Vec::with_capacity(accounts.len());
    for account in accounts {
        // An account whose customer is just being deleted is not there any more.
        let Some((owner, of_owner, told_of_owner)) = standings.get(&account.facts.customer_id) else { continue };
        let standing = account_standing(&account.facts, of_owner, policy, now);
        let wording = Wording { currency: owner.currency, zone: &owner.zone, now };
        found.push(AccountView {
            explanations: account_explanations(&account.facts, &standing, of_owner, told_of_owner, wording),
            standing,
            customer_name: names.get(&account.facts.customer_id).cloned().unwrap_or_default(),
            currency: owner.currency,
            account,
        });
    }
    Ok(found)
}

/// The standings of these accounts, of those that are there.
pub(crate) fn standings(tx: &mut Tx<'_>, accounts: &[Id], policy: &StatusPolicy, now: Timestamp) -> Result<HashMap<Id, AccountStanding>> {
    let accounts = account::load_many(tx, accounts)?;
    let mut owners: Vec<Id> = accounts.iter().map(|account| account.customer_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let facts = customer::load_facts(tx, &owners)?;
    let resellers = resellers_of(tx, &facts, policy, now)?;
    let of_owner = |owner: &CustomerFacts| {
        let reseller = owner.reseller_id.and_then(|id| resellers.get(&id));
        (owner.customer_id, standing(owner, reseller, policy, now))
    };
    let owners: HashMap<Id, Standing> = facts.iter().map(of_owner).collect();
    let of_account = |account: &AccountFacts| {
        let owner = owners.get(&account.customer_id)?;
        Some((account.account_id, account_standing(account, owner, policy, now)))
    };
    Ok(accounts.iter().filter_map(of_account).collect())
}

/// How a caller names an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKey {
    Id(Id),
    Identity(String),
}

/// One account. Reading is audited.
pub fn get(app: &Arc<App>, context: &Context, key: AccountKey) -> Ticket<Result<AccountView>> {
    if let Err(refused) = context.actor.must(Permission::AccountRead) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let place = match &key {
            AccountKey::Id(id) => account::find_customer(tx, *id)?.map(|customer_id| (customer_id, *id)),
            AccountKey::Identity(identity) => account::find_by_identity(tx, &identity_key(identity))?,
        };
        let (customer_id, account_id) = place.ok_or(Error::NotFound("account"))?;
        check_owner(tx, &actor, customer_id)?;
        let found = account::load(tx, customer_id, account_id)?.ok_or(Error::NotFound("account"))?;
        app.audit_read(&actor, "account.read", customer_id, now, &json!({ "account_id": account_id }))?;
        views(tx, vec![found], &app.policy(), now)?.pop().ok_or(Error::NotFound("account"))
    })
}

/// The account of an identity's key, whoever asks.
pub(crate) fn of_identity(tx: &mut Tx<'_>, key: &str, policy: &StatusPolicy, now: Timestamp) -> Result<Option<AccountView>> {
    let Some((customer_id, account_id)) = account::find_by_identity(tx, key)? else { return Ok(None) };
    let found = account::load(tx, customer_id, account_id)?;
    Ok(views(tx, found.into_iter().collect(), policy, now)?.pop())
}

/// The accounts of customers outside a reseller's scope do not exist for its staff.
fn check_owner(tx: &mut Tx<'_>, actor: &Actor, customer_id: Id) -> Result<()> {
    let Some(scope) = actor.scope() else { return Ok(()) };
    let owner = customer::load_one(tx, customer_id)?;
    if owner.is_some_and(|owner| owner.reseller_id == Some(scope)) { Ok(()) } else { Err(Error::NotFound("account")) }
}

/// Checks what can be checked without the database.
pub fn validate_new(new: &AccountNew) -> Result<(), Vec<crate::error::FieldProblem>> {
    let mut check = Check::default();
    check_identity(&mut check, &new.identity);
    check.amount("opening_balance", new.opening_balance);
    match new.model {
        AccountModel::Debit if new.opening_balance.is_negative() => {
            check.fail("opening_balance", "negative", "a debit account starts with money, not with debt");
        }
        AccountModel::Credit if !new.opening_balance.is_zero() => {
            check.fail("opening_balance", "not_applicable", "only debit accounts have an opening balance");
        }
        AccountModel::Debit | AccountModel::Credit => {}
    }
    let settings = Settings {
        model: new.model,
        credit_limit: new.credit_limit,
        life_time_days: new.life_time_days,
        idle_days_max: new.idle_days_max,
        batch: new.batch.as_deref(),
        password: new.password.as_ref(),
    };
    settings.check(&mut check);
    if check.problems.is_empty() { Ok(()) } else { Err(check.problems) }
}

fn check_identity(check: &mut Check, identity: &str) {
    check.line("identity", identity, IDENTITY_CHARACTERS_MAX);
    if identity_key(identity).is_empty() || identity.contains(char::is_whitespace) {
        check.fail("identity", "malformed", "a number, user@domain or address, without spaces");
    }
}

/// What staff set of an account, when it is made and later.
struct Settings<'a> {
    model: AccountModel,
    credit_limit: Option<Money>,
    life_time_days: Option<i64>,
    idle_days_max: Option<i64>,
    batch: Option<&'a str>,
    /// One that is to be set.
    password: Option<&'a Secret>,
}

impl Settings<'_> {
    fn check(&self, check: &mut Check) {
        match (self.model, self.credit_limit) {
            (AccountModel::Debit, Some(_)) => check.fail("credit_limit", "not_applicable", "only credit accounts have a limit"),
            (AccountModel::Credit, Some(limit)) => check.limit("credit_limit", limit),
            (AccountModel::Debit | AccountModel::Credit, None) => {}
        }
        for (field, days) in [("life_time_days", self.life_time_days), ("idle_days_max", self.idle_days_max)] {
            if days.is_some_and(|days| !(1..=36_500).contains(&days)) {
                check.fail(field, "out_of_range", "1 to 36500 days");
            }
        }
        if let Some(password) = self.password {
            password::check(check, password);
        }
        if let Some(batch) = self.batch {
            check.line("batch", batch, BATCH_CHARACTERS_MAX);
        }
    }
}

fn may_create(actor: &Actor, product_id: Option<Id>) -> Result<()> {
    actor.must(Permission::AccountCreate)?;
    if product_id.is_some() { actor.must(Permission::ProductAssign) } else { Ok(()) }
}

fn customer_not_found() -> Error {
    Error::invalid("customer_id", "not_found", "there is no such customer")
}

fn identity_taken() -> Error {
    Error::invalid("identity", "taken", "another account has this identity")
}

/// Writes a checked account. The customer is locked, so that it is not deleted meanwhile. Demo comes this way too.
pub fn insert(tx: &mut Tx<'_>, new: &AccountNew, account_id: Id, now: Timestamp) -> Result<Account> {
    if !customer::lock(tx, new.customer_id)? {
        return Err(customer_not_found());
    }
    let record = record_of(new, account_id, now)?;
    if account::add(tx, &record)? { Ok(record) } else { Err(identity_taken()) }
}

/// The record of a checked new account.
pub(crate) fn record_of(new: &AccountNew, account_id: Id, now: Timestamp) -> Result<Account> {
    let opening_balance = new.opening_balance.checked_neg().map_err(|_| Refusal::AmountTooLarge)?;
    Ok(Account {
        facts: AccountFacts {
            account_id,
            customer_id: new.customer_id,
            model: new.model,
            state: if new.inactive { AccountState::Inactive } else { AccountState::Open },
            blocked: new.blocked,
            balance: opening_balance,
            credit_limit: new.credit_limit,
            suspended: false,
            screening: None,
            payment_frozen: false,
            active_from: new.active_from,
            expires_at: new.expires_at,
            life_time_days: new.life_time_days,
            idle_days_max: new.idle_days_max,
            first_used_at: None,
            last_used_at: None,
        },
        identity: new.identity.clone(),
        opening_balance,
        batch: new.batch.clone(),
        password: new.password.clone(),
        created_at: now,
        version: 1,
    })
}

/// Makes an account. Answers with its rendered view.
pub fn create(app: &Arc<App>, context: &Context, new: AccountNew, render: Render<AccountView>) -> Ticket<Result<String>> {
    create_with(app, context, new, None, render)
}

/// Makes an account that has a product from the beginning on.
pub fn create_with(
    app: &Arc<App>,
    context: &Context,
    new: AccountNew,
    product_id: Option<Id>,
    render: Render<AccountView>,
) -> Ticket<Result<String>> {
    let prepared = may_create(&context.actor, product_id).and_then(|()| {
        validate_new(&new).map_err(Error::Invalid)?;
        let now = app.now();
        Ok((now, app.ids::<4>(now)?))
    });
    let (now, [account_id, audit_id, event_id, request_id]) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (policy, context) = (app.policy(), context.clone());
    app.database.write(move |tx| {
        once(tx, &context, request_id, now, |tx| {
            let customer_id = new.customer_id;
            // Locked before it is looked at, so that it is neither deleted nor closed meanwhile.
            customer::lock(tx, customer_id)?;
            check_owner(tx, &context.actor, customer_id)?;
            refuse_gone(tx, customer_id, &policy, now)?;
            let record = insert(tx, &new, account_id, now)?;
            if let Some(product_id) = product_id {
                product::give_within(tx, &context.actor, Holder::Account(account_id), product_id, now)?;
            }
            let actor = context.actor.label();
            let detail = json!({ "account_id": account_id, "identity": record.identity }).to_string();
            let action = Permission::AccountCreate.code();
            audit::append(tx, &audit::Entry { customer_id, audit_id, at: now, actor: &actor, action, detail: &detail })?;
            outbox::append(tx, &outbox::Event { customer_id, event_id, event_type: "account.created", payload: &detail, created_at: now })?;
            let view = views(tx, vec![record], &policy, now)?.pop().ok_or(Error::NotFound("account"))?;
            Ok(render(&view))
        })
    })
}

/// Closed and exported customers get no accounts.
pub(crate) fn refuse_gone(tx: &mut Tx<'_>, customer_id: Id, policy: &StatusPolicy, now: Timestamp) -> Result<()> {
    let Some(facts) = customer::load_facts(tx, &[customer_id])?.pop() else { return Ok(()) };
    refusal_of(&facts, policy, now).map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Why a customer gets no accounts, if it gets none.
pub(crate) fn refusal_of(owner: &CustomerFacts, policy: &StatusPolicy, now: Timestamp) -> Option<Refusal> {
    may_be_done(CustomerAction::AddAccount, &standing(owner, None, policy, now), owner, now).err()
}
