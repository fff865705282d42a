//! Owns `make_transaction`: the manual types.
//! Does not own: postings (usecase/customer/post.rs); gateways, which do not exist yet.

use trunkline_usecase::customer::{self, NewPosting};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::money::Money;

use super::fault;
use crate::error::Fault;
use crate::fields::Fields;
use crate::reply::Reply;
use crate::router::Call;

/// Types that need a payment gateway.
const OF_GATEWAYS: [&str; 5] = ["e-commerce payment", "e-commerce refund", "authorization only", "capture payment", "void"];

/// The type, in any case of its letters.
fn action(fields: &Fields) -> Result<PostingAction, Fault> {
    let text = fields.text_given("action")?.ok_or_else(|| Fault::field("action", "required", "give it"))?;
    let wanted = text.trim().to_lowercase();
    if OF_GATEWAYS.contains(&wanted.as_str()) {
        let why = "this type needs a payment gateway, and there is none yet; the manual types work";
        return Err(Fault::field("action", "gateway_not_available", why));
    }
    let known = PostingAction::ALL.into_iter().find(|action| action.label().to_lowercase() == wanted);
    known.ok_or_else(|| {
        let all: Vec<&str> = PostingAction::ALL.into_iter().map(PostingAction::label).collect();
        Fault::field("action", "wrong_value", format!("one of {}", all.join(", ")))
    })
}

pub async fn make_transaction(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    if fields.is_given("date") {
        return Err(Fault::field("date", "unsupported_value", "a transaction is dated by its posting; leave the date out"));
    }
    let new = NewPosting {
        customer_id: fields.id("i_customer")?,
        action: action(fields)?,
        amount: fields.amount("amount")?.ok_or_else(|| Fault::field("amount", "required", "give it"))?,
        visible_comment: fields.text_given("visible_comment")?,
        internal_comment: fields.text_given("internal_comment")?,
    };
    let ticket = customer::post(&call.state.app, &call.context, new).map_err(fault)?;
    let answer = ticket.await?.map_err(|failure| fault(failure.into()))?;
    let mut out = call.object();
    out.int_or_null("i_payment_transaction", answer.payment_id);
    out.money("balance", Money::from_millionths(answer.balance));
    out.text("transaction_id", &answer.posting_id.to_string());
    out.null("authorization");
    out.null("result_code");
    out.int("i_xdr", answer.xdr_id);
    Ok(out.into())
}
