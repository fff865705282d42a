//! Owns the aliases of an account: further identities, among them the DID numbers that it has.
//! Does not own: the inventory of numbers (did.rs).

use trunkline_usecase::account::{self, Alias};

use super::fault;
use crate::error::Fault;
use crate::page::page;
use crate::reply::{Object, Reply};
use crate::router::Call;

/// An alias as `alias_info`: its `i_account` is its own.
fn write(alias: &Alias) -> String {
    let mut out = Object::new(false);
    out.int("i_account", alias.alias_id);
    out.text("id", &alias.identity);
    out.int("i_master_account", alias.account_id);
    out.int("i_customer", alias.customer_id);
    out.int_or_null("i_did_number", alias.did_id);
    out.int("billing_model", 2);
    out.yes_no("blocked", false);
    out.finish()
}

/// The oldest first.
pub async fn get_alias_list(call: Call) -> Result<Reply, Fault> {
    let master = call.fields.id("i_master_account")?;
    let found = account::aliases(&call.state.app, &call.context, master).await?.map_err(fault)?;
    page(&call, "alias_list", found.iter().map(write).collect())
}

pub async fn add_alias(call: Call) -> Result<Reply, Fault> {
    let info = call.fields.object("alias_info")?.ok_or_else(|| Fault::field("alias_info", "required", "give it"))?;
    let master = info.id("i_master_account")?;
    let identity = info.text_given("id")?.ok_or_else(|| Fault::field("id", "required", "give it"))?;
    if info.yes_no("blocked")? == Some(true) {
        return Err(Fault::field("blocked", "unsupported_value", "an alias is blocked with its account"));
    }
    let render = |alias: &Alias| {
        let mut out = Object::new(false);
        out.int("i_account", alias.alias_id);
        out.finish()
    };
    Ok(account::add_alias(&call.state.app, &call.context, master, identity, render).await?.map_err(fault)?.into())
}

/// By its own `i_account`, given as it is or within `alias_info`.
pub async fn delete_alias(call: Call) -> Result<Reply, Fault> {
    let alias_id = match call.fields.object("alias_info")? {
        Some(info) => info.id("i_account")?,
        None => call.fields.id("i_account")?,
    };
    let (app, context) = (&call.state.app, &call.context);
    let found = account::get_alias(app, context, alias_id).await?.map_err(fault)?;
    account::remove_alias(app, context, found.account_id, alias_id).await?.map_err(fault)?;
    Ok(r#"{"success":1}"#.to_owned().into())
}
