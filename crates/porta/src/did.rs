//! Owns the service DID: the inventory of numbers.
//! Does not own: what is done (usecase/did.rs).

use trunkline_usecase::did::{self, DidHolder, DidListRequest, DidNew, DidView, ROWS_MAX};
use trunkline_usecase::domain::did::DidState;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::error::Error;

use crate::error::Fault;
use crate::fields::Fields;
use crate::page::listed;
use crate::pattern;
use crate::reply::{Object, Reply};
use crate::router::Call;

/// Conditions of the vendor that there is no data for.
const UNKNOWN_HERE: [&str; 4] = ["i_vendor", "i_dv_batch", "i_group", "i_do_batch"];

const SUCCESS: &str = r#"{"success":1}"#;

fn vendors_name(ours: &str) -> &str {
    match ours {
        "id" => "i_did_number",
        "customer_id" => "i_customer",
        "account_id" => "i_master_account",
        "search" => "number",
        "activation_fee" => "activation_cost",
        "periodic_fee" => "recurring_cost",
        other => other,
    }
}

fn fault(error: Error) -> Fault {
    Fault::with_fields(error, vendors_name)
}

/// Which numbers a letter of `usage` stands for.
fn states(fields: &Fields) -> Result<Vec<DidState>, Fault> {
    match fields.text_given("usage")?.as_deref() {
        None | Some("A") => Ok(Vec::new()),
        Some("I") => Ok(vec![DidState::Free]),
        Some("U") => Ok(vec![DidState::OnAccount]),
        Some("F") => Ok(vec![DidState::Free, DidState::OnCustomer]),
        Some("Z") => Ok(vec![DidState::Frozen]),
        Some(_) => Err(Fault::field("usage", "wrong_value", "one of A, I, U, F, Z")),
    }
}

/// In their order.
pub async fn get_number_list(call: Call) -> Result<Reply, Fault> {
    let customer_id = call.fields.int("i_customer")?;
    numbers(call, customer_id).await
}

pub async fn get_customer_numbers(call: Call) -> Result<Reply, Fault> {
    let customer_id = call.fields.id("i_customer")?;
    numbers(call, Some(customer_id)).await
}

async fn numbers(call: Call, customer_id: Option<Id>) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let (offset, limit) = fields.page()?;
    let wants_total = fields.is_set("get_total")?;
    let (pattern, states) = (pattern::of_field(fields, "number")?, states(fields)?);
    let request = DidListRequest {
        number: pattern.as_ref().map(pattern::Pattern::prefix),
        states,
        customer_id,
        limit: ROWS_MAX,
        ..DidListRequest::default()
    };
    let (mut rows, mut matched, mut scanned) = (Vec::new(), 0_usize, 0_usize);
    let mut page = trunkline_usecase::customer::PageWanted::First;
    loop {
        let found = did::list(&call.state.app, &call.context, DidListRequest { page, ..request.clone() }).await?.map_err(fault)?;
        scanned += found.rows.len();
        for view in found.rows.iter().filter(|view| pattern.as_ref().is_none_or(|pattern| pattern.matches(&view.did.number))) {
            matched += 1;
            if matched > offset && rows.len() < limit {
                rows.push(write(view, call.object()));
            }
        }
        let Some(next) = found.next.filter(|_| rows.len() < limit || wants_total) else { break };
        if scanned >= call.state.options.scanned_max {
            return Err(Fault::field("number", "too_wide", format!("more than {scanned} numbers would have to be looked at; narrow it")));
        }
        page = trunkline_usecase::customer::PageWanted::After(next);
    }
    Ok(listed(call.object(), "number_list", &rows, wants_total.then(|| i64::try_from(matched).unwrap_or(i64::MAX))))
}

pub async fn get_number_info(call: Call) -> Result<Reply, Fault> {
    let did_id = call.fields.id("i_did_number")?;
    let mut out = call.object();
    match did::get(&call.state.app, &call.context, did_id).await? {
        Ok(view) => out.raw("number_info", &write(&view, call.object())),
        Err(Error::NotFound(_)) => {}
        Err(other) => return Err(fault(other)),
    }
    Ok(out.into())
}

/// A number as `number_info`.
fn write(view: &DidView, mut out: Object) -> String {
    let did = &view.did;
    out.int("i_did_number", did.did_id);
    out.text("number", &did.number);
    out.text_or_empty("description", did.description.as_deref());
    out.int_or_null("i_customer", did.customer_id);
    out.text_or_null("customer_name", view.customer_name.as_deref());
    out.int_or_null("i_master_account", did.account_id);
    out.text_or_null("master_account_id", view.account_identity.as_deref());
    out.yes_no("frozen", did.is_frozen);
    out.yes_no("free_of_charge", did.is_free_of_charge);
    out.money("activation_cost", did.activation_fee);
    out.money("recurring_cost", did.periodic_fee);
    out.time_or_null("released", did.released_at);
    out.finish()
}

pub async fn add_number(call: Call) -> Result<Reply, Fault> {
    let info = call.fields.object("number_info")?.ok_or_else(|| Fault::field("number_info", "required", "give it"))?;
    let new = DidNew {
        number: info.text_given("number")?.ok_or_else(|| Fault::field("number", "required", "give it"))?,
        description: info.text_given("description")?,
        is_frozen: info.yes_no("frozen")?.unwrap_or(false),
        is_free_of_charge: info.yes_no("free_of_charge")?.unwrap_or(false),
        activation_fee: info.amount("activation_cost")?.unwrap_or(Money::ZERO),
        periodic_fee: info.amount("recurring_cost")?.unwrap_or(Money::ZERO),
    };
    let render = |view: &DidView| {
        let mut out = Object::new(false);
        out.int("i_did_number", view.did.did_id);
        out.finish()
    };
    Ok(did::create(&call.state.app, &call.context, new, render).await?.map_err(fault)?.into())
}

pub async fn assign_did_to_customer(call: Call) -> Result<Reply, Fault> {
    let holder = DidHolder::Customer(call.fields.id("i_customer")?);
    assign(call, holder).await
}

/// Calls to the number find the account from now on.
pub async fn assign_did_to_account(call: Call) -> Result<Reply, Fault> {
    let holder = DidHolder::Account(call.fields.id("i_master_account")?);
    assign(call, holder).await
}

async fn assign(call: Call, holder: DidHolder) -> Result<Reply, Fault> {
    let did_id = call.fields.id("i_did_number")?;
    let done = did::assign(&call.state.app, &call.context, did_id, holder, |_| SUCCESS.to_owned()).await?;
    Ok(done.map_err(fault)?.into())
}

/// It goes back into the pool, whether an account has it or the customer alone.
pub async fn release_did_from_customer(call: Call) -> Result<Reply, Fault> {
    let did_id = call.fields.id("i_did_number")?;
    let done = did::release(&call.state.app, &call.context, did_id, |_| SUCCESS.to_owned()).await?;
    Ok(done.map_err(fault)?.into())
}

pub async fn delete_number(call: Call) -> Result<Reply, Fault> {
    let did_id = call.fields.id("i_did_number")?;
    did::delete(&call.state.app, &call.context, did_id).await?.map_err(fault)?;
    Ok(SUCCESS.to_owned().into())
}
