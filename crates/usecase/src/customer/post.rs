//! Owns posting to a customer's balance by hand.
//! Does not own: deciding it (domain/balance.rs) and saving it (storage's writer).

use std::sync::Arc;

use trunkline_domain::balance::PostingAction;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::staff::Permission;
use trunkline_storage::Ticket;
use trunkline_storage::writer::{PostingAnswer, PostingFailure, PostingIds, PostingRequest};

use super::field::Check;
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// Longest comment of a transaction, in characters.
pub const COMMENT_CHARACTERS_MAX: usize = 500;

/// A transaction by hand.
#[derive(Clone, Debug)]
pub struct NewPosting {
    pub customer_id: Id,
    pub action: PostingAction,
    pub amount: Money,
    pub visible_comment: Option<String>,
    pub internal_comment: Option<String>,
}

/// Posts it: the balance, the invoices it pays and the status that follows move in one commit.
pub fn post(app: &Arc<App>, context: &Context, new: NewPosting) -> Result<Ticket<Result<PostingAnswer, PostingFailure>>> {
    context.actor.must(Permission::TransactionPost)?;
    let mut check = Check::default();
    for (field, comment) in [("visible_comment", &new.visible_comment), ("internal_comment", &new.internal_comment)] {
        if let Some(comment) = comment {
            check.line(field, comment, COMMENT_CHARACTERS_MAX);
        }
    }
    if !check.problems.is_empty() {
        return Err(Error::Invalid(check.problems));
    }
    let now = app.now();
    let [posting_id, xdr_id, payment_id, audit_id, event_id, job_id, request_id] = app.ids::<7>(now)?;
    let request = PostingRequest {
        customer_id: new.customer_id,
        reseller_scope: context.actor.scope(),
        action: new.action,
        amount: new.amount,
        now,
        ids: PostingIds { posting_id, xdr_id, payment_id, audit_id, event_id, job_id, request_id },
        staff_id: context.actor.staff_id,
        actor: context.actor.label(),
        visible_comment: new.visible_comment.clone(),
        internal_comment: new.internal_comment.clone(),
        request_key: context.request_key.clone(),
    };
    Ok(app.database.post(request))
}
