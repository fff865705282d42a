//! Owns xDRs as the vendor tells them: the conditions of a list, and the fields of one.
//! Does not own: finding them (usecase/xdr), taking them back (cdr.rs).

use trunkline_usecase::error::Error;
use trunkline_usecase::xdr::{self, XdrCondition, XdrOwner, XdrSearch, XdrUsage, XdrView};

use crate::error::Fault;
use crate::fields::Fields;
use crate::page::listed;
use crate::reply::{Object, Reply};
use crate::router::Call;
use crate::{pattern, service};

/// Conditions of the vendor that there is no data for yet.
const UNKNOWN_HERE: [&str; 7] = ["i_invoice", "i_dest_group", "roaming", "quality", "history_pattern", "call_recording", "billing_model"];

fn vendors_name(ours: &str) -> &str {
    match ours {
        "filter" => "request",
        other => other,
    }
}

/// The xDRs of a customer or an account that meet the request, the latest first.
pub async fn list(call: Call, owner: XdrOwner) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    if fields.is_set("for_current_period")? {
        return Err(Fault::field("for_current_period", "unsupported_filter", "give from_date and to_date in its place"));
    }
    if fields.text_given("format")?.is_some() {
        return Err(Fault::field("format", "unsupported_value", "the answer is JSON; leave the format out"));
    }
    let (offset, limit) = fields.page()?;
    let (from, before) = (fields.moment("from_date")?, fields.moment("to_date")?);
    if from.zip(before).is_some_and(|(from, before)| from >= before) {
        return Err(Fault::field("to_date", "range_reversed", "later than from_date"));
    }
    let checks = checks(fields)?;
    let request = XdrSearch {
        owner,
        from,
        before,
        also: if checks.is_empty() { None } else { Some(Box::new(move |view, usage| checks.iter().all(|check| check(view, usage)))) },
        scanned_max: call.state.options.scanned_max,
        offset,
        limit,
        total: fields.is_set("get_total")?,
    };
    let page = xdr::search(&call.state.app, &call.context, request).await?;
    let page = page.map_err(|error: Error| Fault::with_fields(error, vendors_name))?;
    let rows: Vec<String> = page.rows.iter().map(|(view, usage)| write(view, usage.as_ref(), call.object())).collect();
    Ok(listed(call.object(), "xdr_list", &rows, page.total))
}

fn checks(fields: &Fields) -> Result<Vec<XdrCondition>, Fault> {
    let mut checks: Vec<XdrCondition> = Vec::new();
    if !fields.is_set("show_hidden")? {
        checks.push(Box::new(|view, _| !view.corrected.is_some_and(|corrected| corrected.is_hidden)));
    }
    if let Some(wanted) = fields.int("i_service")? {
        checks.push(Box::new(move |view, _| service::number(&view.xdr.service) == Some(wanted)));
    }
    match fields.text_given("cdr_entity")?.as_deref() {
        None => {}
        Some("A") => checks.push(Box::new(|view, _| view.xdr.account_id.is_some())),
        Some("C") => checks.push(Box::new(|view, _| view.xdr.account_id.is_none())),
        Some(_) => return Err(Fault::field("cdr_entity", "wrong_value", "A (accounts) or C (the customer itself)")),
    }
    if let Some(pattern) = pattern::of_field(fields, "cli")? {
        checks.push(Box::new(move |view, _| view.xdr.cli.as_ref().is_some_and(|cli| pattern.matches(cli))));
    }
    if let Some(pattern) = pattern::of_field(fields, "cld")? {
        checks.push(Box::new(move |view, _| cld(view).is_some_and(|cld| pattern.matches(cld))));
    }
    for name in ["call_id", "h323_conf_id"] {
        if let Some(wanted) = fields.text_given(name)? {
            checks.push(Box::new(move |_, usage| usage.is_some_and(|usage| call_id(usage) == wanted)));
        }
    }
    if let Some(after) = fields.moment("connect_time_after")? {
        checks.push(Box::new(move |view, _| view.xdr.started_at >= after));
    }
    if let Some(before) = fields.moment("connect_time_before")? {
        checks.push(Box::new(move |view, _| view.xdr.started_at < before));
    }
    Ok(checks)
}

/// The number called; of what is no usage what it is about.
fn cld(view: &XdrView) -> Option<&String> {
    view.xdr.cld.as_ref().or(view.xdr.description.as_ref())
}

/// What the switch calls the session: its key without the name of the switch.
pub fn session_name(key: &str) -> &str {
    key.split_once(':').map_or(key, |(_, name)| name)
}

fn call_id(usage: &XdrUsage) -> &str {
    session_name(&usage.session)
}

/// An xDR as an element of `xdr_list`.
fn write(view: &XdrView, usage: Option<&XdrUsage>, mut out: Object) -> String {
    let xdr = &view.xdr;
    let ended_at = usage.map_or(xdr.started_at, |usage| usage.ended_at);
    out.int("i_xdr", xdr.xdr_id);
    out.int("i_customer", xdr.customer_id);
    out.int_or_null("i_account", xdr.account_id);
    out.text_or_null("account_id", view.account_identity.as_deref());
    service::write(&mut out, &xdr.service);
    out.text_or_null("CLI", xdr.cli.as_deref());
    out.text_or_null("CLD", cld(view).map(String::as_str));
    out.time_or_null("connect_time", Some(xdr.started_at));
    out.time_or_null("disconnect_time", Some(ended_at));
    out.int("unix_connect_time", xdr.started_at.seconds());
    out.int("unix_disconnect_time", ended_at.seconds());
    out.time_or_null("bill_time", Some(xdr.bill_time));
    out.int("charged_quantity", xdr.quantity);
    out.money("charged_amount", xdr.owed);
    out.int_or_null("used_quantity", usage.map(|usage| usage.units));
    out.text_or_null("disconnect_cause", usage.and_then(|usage| usage.cause.as_deref()));
    out.text_or_null("description", xdr.description.as_deref());
    out.text_or_null("call_id", usage.map(call_id));
    if out.is_exact() {
        out.flag("reverted", view.corrected.is_some_and(|corrected| corrected.is_reverted));
        out.flag("hidden", view.corrected.is_some_and(|corrected| corrected.is_hidden));
        out.int_or_null("refers_to", xdr.refers_to);
    }
    out.finish()
}
