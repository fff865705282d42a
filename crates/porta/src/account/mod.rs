//! Owns the service Account: reading accounts and their xDRs, and the names its fields have.
//! Does not own: changing them (change.rs), their aliases (alias.rs), what is done (usecase/account).

mod alias;
mod change;

pub use alias::{add_alias, delete_alias, get_alias_list};
pub use change::{add_account, terminate_account, update_account, validate_account_info};
use trunkline_usecase::account::{self, AccountKey, AccountSearch, AccountView};
use trunkline_usecase::domain::account::{AccountModel, AccountState};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::product::ProductKind;
use trunkline_usecase::error::Error;
use trunkline_usecase::product::{self, Held, Holder};
use trunkline_usecase::xdr::XdrOwner;

use crate::error::Fault;
use crate::fields::Fields;
use crate::page::listed;
use crate::reply::{Object, Reply};
use crate::router::Call;
use crate::{format, pattern, xdr};

type Check = Box<dyn Fn(&AccountView) -> bool + Send>;

/// Conditions of the vendor that there is no data for yet.
const UNKNOWN_HERE: [&str; 7] = ["sip_status", "did_number", "extension_id", "extension_name", "i_product", "i_batch", "ecn"];

fn vendors_name(ours: &str) -> &str {
    match ours {
        "customer_id" => "i_customer",
        "identity" => "id",
        "filter" => "request",
        "life_time_days" => "life_time",
        "idle_days_max" => "inactivity_expire_time",
        "batch" => "batch_name",
        "password" => "h323_password",
        "product_id" => "i_product",
        other => other,
    }
}

fn fault(error: Error) -> Fault {
    Fault::with_fields(error, vendors_name)
}

const fn model_number(model: AccountModel) -> i64 {
    match model {
        AccountModel::Debit => -1,
        AccountModel::Credit => 1,
    }
}

fn bill_status(view: &AccountView) -> &'static str {
    let facts = &view.account.facts;
    match facts.state {
        AccountState::Closed => "C",
        AccountState::Inactive => "I",
        AccountState::Open if facts.suspended && facts.model == AccountModel::Debit => "S",
        AccountState::Open => "O",
    }
}

pub async fn get_account_list(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let (offset, limit) = fields.page()?;
    let id = pattern::of_field(fields, "id")?;
    let identity = id.as_ref().map(pattern::Pattern::prefix).filter(|prefix| !prefix.is_empty());
    let mut checks = checks(fields)?;
    if let Some(pattern) = id {
        checks.push(Box::new(move |view| pattern.matches(&view.account.identity)));
    }
    let request = AccountSearch {
        customer_id: fields.int("i_customer")?,
        identity,
        state: stored_state(fields)?,
        not_closed: fields.is_set("get_not_closed_accounts")?,
        also: if checks.is_empty() { None } else { Some(Box::new(move |view| checks.iter().all(|check| check(view)))) },
        scanned_max: Some(call.state.options.scanned_max),
        offset,
        limit,
        total: fields.is_set("get_total")?,
    };
    let with_status = fields.is_set("get_statuses")?;
    let page = account::search(&call.state.app, &call.context, request).await?.map_err(fault)?;
    let rows: Vec<String> = page.rows.iter().map(|row| write(row, call.object(), with_status).finish()).collect();
    Ok(listed(call.object(), "account_list", &rows, page.total))
}

/// What is stored of accounts with the wanted `bill_status`; a check of each then tells open from suspended.
fn stored_state(fields: &Fields) -> Result<Option<AccountState>, Fault> {
    let Some(wanted) = fields.text_given("bill_status")? else { return Ok(None) };
    match wanted.as_str() {
        "O" | "S" => Ok(Some(AccountState::Open)),
        "I" => Ok(Some(AccountState::Inactive)),
        "C" => Ok(Some(AccountState::Closed)),
        _ => Err(Fault::field("bill_status", "wrong_value", "one of O, S, I, C")),
    }
}

fn checks(fields: &Fields) -> Result<Vec<Check>, Fault> {
    let mut checks: Vec<Check> = Vec::new();
    if let Some(wanted) = fields.text_given("bill_status")? {
        checks.push(Box::new(move |view| bill_status(view) == wanted));
    }
    if fields.is_set("get_not_closed_accounts")? {
        checks.push(Box::new(|view| view.account.facts.state != AccountState::Closed));
    }
    if let Some(wanted) = fields.int("billing_model")? {
        checks.push(Box::new(move |view| model_number(view.account.facts.model) == wanted));
    }
    if let Some(pattern) = pattern::of_field(fields, "batch_name")? {
        checks.push(Box::new(move |view| view.account.batch.as_ref().is_some_and(|batch| pattern.matches(batch))));
    }
    Ok(checks)
}

pub async fn get_account_info(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    let key = if let Some(id) = fields.int("i_account")? {
        AccountKey::Id(id)
    } else if let Some(identity) = fields.text_given("id")? {
        AccountKey::Identity(identity)
    } else {
        return Err(Fault::field("i_account", "required", "give i_account or id"));
    };
    let mut out = call.object();
    match account::get(&call.state.app, &call.context, key).await? {
        Ok(view) => {
            let mut info = write(&view, call.object(), true);
            write_products(&mut info, &products(&call, view.account.facts.account_id).await?);
            out.raw("account_info", &info.finish());
        }
        Err(Error::NotFound(_)) => {}
        Err(other) => return Err(fault(other)),
    }
    Ok(out.into())
}

/// The products of an account, the first to be asked first.
async fn products(call: &Call, account_id: Id) -> Result<Vec<Held>, Fault> {
    product::held(&call.state.app, &call.context, Holder::Account(account_id)).await?.map_err(fault)
}

fn main_product(products: &[Held]) -> Option<&Held> {
    products.iter().find(|held| held.product.kind == ProductKind::Main)
}

fn write_products(out: &mut Object, products: &[Held]) {
    let main = main_product(products);
    out.int_or_null("i_product", main.map(|held| held.product.product_id));
    out.text_or_null("product_name", main.map(|held| held.product.name.as_str()));
    let add_ons = products.iter().filter(|held| held.product.kind == ProductKind::AddOn);
    let add_ons: Vec<String> = add_ons
        .map(|held| {
            let mut out = Object::new(false);
            out.int("i_product", held.product.product_id);
            out.text("name", &held.product.name);
            out.time_or_null("addon_effective_from", Some(held.active_from));
            out.time_or_null("addon_effective_to", held.active_to);
            out.finish()
        })
        .collect();
    out.list("assigned_addons", &add_ons);
}

pub async fn get_xdr_list(call: Call) -> Result<Reply, Fault> {
    let account_id = call.fields.id("i_account")?;
    xdr::list(call, XdrOwner::Account(account_id)).await
}

/// What it started with, with the sign of the balance that is shown.
fn opening_balance(view: &AccountView) -> Money {
    let opening = view.account.opening_balance;
    match view.account.facts.model {
        AccountModel::Debit => opening.checked_neg().unwrap_or(opening),
        AccountModel::Credit => opening,
    }
}

/// An account as `account_info`.
fn write(view: &AccountView, mut out: Object, with_status: bool) -> Object {
    let (account, facts) = (&view.account, &view.account.facts);
    out.int("i_account", facts.account_id);
    out.text("id", &account.identity);
    out.int("i_customer", facts.customer_id);
    out.text("customer_name", &view.customer_name);
    if with_status {
        out.text("status", view.standing.shown().code());
    }
    if out.is_exact() {
        let all: Vec<String> = view.standing.statuses.iter().map(|status| crate::reply::quoted(status.code())).collect();
        out.list("statuses", &all);
    }
    out.text("bill_status", bill_status(view));
    out.yes_no("blocked", facts.blocked);
    out.int("billing_model", model_number(facts.model));
    out.text("iso_4217", view.currency.code());
    out.money("balance", view.shown_balance());
    out.money("opening_balance", opening_balance(view));
    out.money_or_null("credit_limit", facts.credit_limit);
    out.text("issue_date", &format::date(account.created_at));
    out.text_or_null("activation_date", facts.active_from.map(format::date).as_deref());
    out.text_or_null("expiration_date", facts.expires_at.map(format::date).as_deref());
    out.int_or_null("life_time", facts.life_time_days);
    out.int_or_null("inactivity_expire_time", facts.idle_days_max);
    out.time_or_null("first_usage", facts.first_used_at);
    out.time_or_null("last_usage", facts.last_used_at);
    out.text_or_null("batch_name", account.batch.as_deref());
    out
}
