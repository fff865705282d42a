//! Owns the service CDR: taking back what was charged.
//! Does not own: what is taken back (usecase/correction).

use trunkline_usecase::correction::{self, CORRECTIONS_MAX, CorrectionWanted};

use crate::error::Fault;
use crate::reply::Reply;
use crate::router::Call;

fn vendors_name(ours: &str) -> &str {
    match ours {
        "xdrs" => "revert_list",
        other => other,
    }
}

/// All of the list, or nothing.
pub async fn revert_xdr_list(call: Call) -> Result<Reply, Fault> {
    let list = call.fields.objects("revert_list", CORRECTIONS_MAX)?;
    let list = list.ok_or_else(|| Fault::field("revert_list", "required", "give it"))?;
    let mut wanted = Vec::with_capacity(list.len());
    for item in list {
        // Whose xDR it is follows from the xDR: both kinds of owner are taken.
        let owner = item.text_given("owner")?;
        if owner.as_deref().is_some_and(|owner| !["account", "customer"].contains(&owner)) {
            return Err(Fault::field("owner", "wrong_value", "account or customer"));
        }
        wanted.push(CorrectionWanted {
            xdr_id: item.id("id")?,
            amount: item.amount("amount")?,
            comment: item.text_given("comment")?,
            hidden: item.yes_no("hide")?.unwrap_or(false),
        });
    }
    let render = |_: &[correction::CorrectionReport]| r#"{"success":1}"#.to_owned();
    let answer = correction::correct(&call.state.app, &call.context, wanted, render).await?;
    Ok(answer.map_err(|problem| Fault::with_fields(problem, vendors_name))?.into())
}
