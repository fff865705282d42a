//! Owns the service BillingSession: the sessions that are open, and having one ended.
//! Does not own: charging them (usecase/session.rs).

use trunkline_usecase::session::{self, ROWS_MAX, SessionView};

use crate::error::Fault;
use crate::page::listed;
use crate::reply::{Object, Reply};
use crate::router::Call;
use crate::{service, xdr};

/// Conditions of the vendor that there is no data for, or that are not checked.
const UNKNOWN_HERE: [&str; 5] = ["i_env", "i_node", "i_vendor", "cli", "cld"];

/// The oldest first.
pub async fn get_active_sessions_list(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let (customer_id, account_id) = (fields.int("i_customer")?, fields.int("i_account")?);
    let of_service = fields.int("i_service")?;
    let (offset, limit) = fields.page()?;
    let wants_total = fields.is_set("get_total")?;
    let (mut rows, mut matched, mut scanned) = (Vec::new(), 0_usize, 0_usize);
    let mut after = None;
    loop {
        let found = session::list(&call.state.app, &call.context, customer_id, after, ROWS_MAX).await??;
        scanned += found.len();
        let is_wanted = |view: &&SessionView| {
            let has_service = of_service.is_none_or(|wanted| service::number(view.running.session.service.code()) == Some(wanted));
            has_service && account_id.is_none_or(|wanted| view.running.session.account_id == wanted)
        };
        for view in found.iter().filter(is_wanted) {
            matched += 1;
            if matched > offset && rows.len() < limit {
                rows.push(write(view, call.object()));
            }
        }
        after = found.last().map(|view| view.running.session.session_id);
        if found.len() < ROWS_MAX || (rows.len() >= limit && !wants_total) {
            break;
        }
        if scanned >= call.state.options.scanned_max {
            return Err(Fault::field(
                "request",
                "too_wide",
                format!("more than {scanned} sessions would have to be looked at; name a customer"),
            ));
        }
    }
    Ok(listed(call.object(), "active_session_list", &rows, wants_total.then(|| i64::try_from(matched).unwrap_or(i64::MAX))))
}

fn vendors_name(ours: &str) -> &str {
    match ours {
        "id" => "i_active_session",
        other => other,
    }
}

/// Has the switch end it.
pub async fn disconnect_session(call: Call) -> Result<Reply, Fault> {
    let session_id = call.fields.id("i_active_session")?;
    let render = |_: &SessionView| r#"{"success":1}"#.to_owned();
    let asked = session::disconnect(&call.state.app, &call.context, session_id, render).await?;
    Ok(asked.map_err(|error| Fault::with_fields(error, vendors_name))?.into())
}

/// A session as an element of `active_session_list`.
fn write(view: &SessionView, mut out: Object) -> String {
    let session = &view.running.session;
    out.int("i_active_session", session.session_id);
    out.int("i_customer", session.customer_id);
    out.text("customer_name", &view.customer_name);
    out.int("i_account", session.account_id);
    out.text_or_null("account_id", view.account_identity.as_deref());
    service::write(&mut out, session.service.code());
    out.text("direction", session.direction.code());
    out.text_or_null("CLI", session.cli.as_deref());
    out.text("CLD", &session.cld);
    out.text("call_id", xdr::session_name(&session.key));
    out.time_or_null("setup_time", Some(session.opened_at));
    out.time_or_null("connect_time", session.started_at);
    out.int("used_quantity", i64::try_from(session.used_units).unwrap_or(i64::MAX));
    out.finish()
}
