//! Owns making, changing and ending accounts: from `account_info` to the use cases.
//! Does not own: what is allowed (usecase, domain).

use trunkline_usecase::account::{self, AccountChange, AccountKey, AccountNew, AccountView};
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::domain::time::Timestamp;

use super::{bill_status, fault, main_product, model_number, opening_balance, products};
use crate::error::Fault;
use crate::fields::Fields;
use crate::format;
use crate::reply::{Object, Reply};
use crate::router::Call;

fn info_of(call: &Call) -> Result<Fields, Fault> {
    call.fields.object("account_info")?.ok_or_else(|| Fault::field("account_info", "required", "give it"))
}

fn model(info: &Fields) -> Result<Option<AccountModel>, Fault> {
    let Some(number) = info.int("billing_model")? else { return Ok(None) };
    let known = AccountModel::ALL.into_iter().find(|model| model_number(*model) == number);
    known.map(Some).ok_or_else(|| Fault::field("billing_model", "wrong_value", "-1 (debit) or 1 (credit)"))
}

fn password(info: &Fields) -> Result<Option<Secret>, Fault> {
    Ok(info.text_given("h323_password")?.map(Secret::new))
}

/// The account that is to be made, and its product.
fn new_account(info: &Fields) -> Result<(AccountNew, Option<Id>), Fault> {
    let inactive = match info.text_given("bill_status")?.as_deref() {
        None | Some("O") => false,
        Some("I") => true,
        Some(_) => return Err(Fault::field("bill_status", "unsupported_value", "an account is made open (O) or inactive (I)")),
    };
    let identity = info.text_given("id")?.ok_or_else(|| Fault::field("id", "required", "give it"))?;
    let new = AccountNew {
        customer_id: info.id("i_customer")?,
        identity,
        model: model(info)?.unwrap_or(AccountModel::Credit),
        opening_balance: info.amount("opening_balance")?.unwrap_or(Money::ZERO),
        credit_limit: info.amount("credit_limit")?,
        inactive,
        blocked: info.yes_no("blocked")?.unwrap_or(false),
        active_from: info.moment("activation_date")?,
        expires_at: info.moment("expiration_date")?,
        life_time_days: info.int("life_time")?,
        idle_days_max: info.int("inactivity_expire_time")?,
        batch: info.text_given("batch_name")?,
        password: password(info)?,
    };
    Ok((new, info.int("i_product")?))
}

/// A field that never changes: what was shown of it may be sent back.
fn same<T: PartialEq>(name: &str, given: Option<T>, known: T) -> Result<(), Fault> {
    if given.is_some_and(|given| given != known) { Err(Fault::field(name, "fixed", "it never changes")) } else { Ok(()) }
}

/// A day that is sent back as it was told is no change, though the moment behind it lies within the day.
fn moment(info: &Fields, name: &str, known: Option<Timestamp>) -> Result<Option<Option<Timestamp>>, Fault> {
    if !info.has(name) || (info.text_given(name)?.is_some() && info.text_given(name)? == known.map(format::date)) {
        return Ok(None);
    }
    info.moment(name).map(Some)
}

/// Callers read an account, change a field and send it all back: what is as it was must pass, and what we derive is not looked at.
fn changed_account(info: &Fields, view: &AccountView, main: Option<Id>) -> Result<AccountChange, Fault> {
    let facts = &view.account.facts;
    same("id", info.text_given("id")?, view.account.identity.clone())?;
    same("i_customer", info.int("i_customer")?, facts.customer_id)?;
    same("billing_model", model(info)?, facts.model)?;
    same("opening_balance", info.amount("opening_balance")?, opening_balance(view))?;
    let inactive = match info.text_given("bill_status")? {
        Some(wanted) if wanted == bill_status(view) => None,
        Some(wanted) if wanted == "O" && bill_status(view) == "I" => Some(false),
        Some(wanted) if wanted == "C" => return Err(Fault::field("bill_status", "unsupported_value", "use terminate_account")),
        Some(_) => return Err(Fault::field("bill_status", "unsupported_value", "only an inactive account is changed, to O")),
        None => None,
    };
    Ok(AccountChange {
        version: None,
        blocked: info.yes_no("blocked")?,
        inactive,
        credit_limit: if info.has("credit_limit") { Some(info.amount("credit_limit")?) } else { None },
        active_from: moment(info, "activation_date", facts.active_from)?,
        expires_at: moment(info, "expiration_date", facts.expires_at)?,
        life_time_days: if info.has("life_time") { Some(info.int("life_time")?) } else { None },
        idle_days_max: if info.has("inactivity_expire_time") { Some(info.int("inactivity_expire_time")?) } else { None },
        batch: if info.has("batch_name") { Some(info.text_given("batch_name")?) } else { None },
        password: if info.has("h323_password") { Some(password(info)?) } else { None },
        product_id: info.int("i_product")?.filter(|wanted| Some(*wanted) != main),
    })
}

/// The change of an account, as it follows from what the account is now.
async fn change_of(call: &Call, info: &Fields, account_id: Id) -> Result<AccountChange, Fault> {
    let view = account::get(&call.state.app, &call.context, AccountKey::Id(account_id)).await?.map_err(fault)?;
    let held = products(call, account_id).await?;
    changed_account(info, &view, main_product(&held).map(|held| held.product.product_id))
}

fn render_id(view: &AccountView) -> String {
    let mut out = Object::new(false);
    out.int("i_account", view.account.facts.account_id);
    out.finish()
}

pub async fn add_account(call: Call) -> Result<Reply, Fault> {
    let (new, product_id) = new_account(&info_of(&call)?)?;
    let made = account::create_with(&call.state.app, &call.context, new, product_id, render_id).await?;
    Ok(made.map_err(fault)?.into())
}

pub async fn update_account(call: Call) -> Result<Reply, Fault> {
    let info = info_of(&call)?;
    let account_id = info.id("i_account")?;
    let wanted = change_of(&call, &info, account_id).await?;
    let changed = account::update(&call.state.app, &call.context, account_id, wanted, render_id).await?;
    Ok(changed.map_err(fault)?.into())
}

/// Tells whether `add_account`, or with `i_account` `update_account`, would take it. Answers with what was sent.
pub async fn validate_account_info(call: Call) -> Result<Reply, Fault> {
    let info = info_of(&call)?;
    let (app, context) = (&call.state.app, &call.context);
    let outcome = match info.int("i_account")? {
        Some(account_id) => account::validate_update(app, context, account_id, change_of(&call, &info, account_id).await?).await?,
        None => {
            let (new, product_id) = new_account(&info)?;
            account::validate_create(app, context, new, product_id).await?
        }
    };
    outcome.map_err(fault)?;
    let mut out = Object::new(false);
    out.raw("account_info", call.fields.object_text("account_info").unwrap_or("{}"));
    Ok(out.into())
}

/// For good.
pub async fn terminate_account(call: Call) -> Result<Reply, Fault> {
    let account_id = call.fields.id("i_account")?;
    let render = |_: &AccountView| r#"{"success":1}"#.to_owned();
    let release_dids = call.fields.is_set("release_assigned_did")?;
    Ok(account::terminate(&call.state.app, &call.context, account_id, release_dids, render).await?.map_err(fault)?.into())
}
