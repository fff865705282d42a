//! Owns what is told of a customer: its record with the standing that is true at the moment of asking.
//! Does not own: lists (list.rs, search.rs), changes (change.rs, hold.rs, together.rs, delete.rs, bulk.rs), postings (post.rs).

mod bulk;
mod change;
mod create;
mod delete;
mod export;
mod field;
mod filter;
mod hold;
mod list;
mod post;
mod search;
mod summary;
mod together;
mod validate;
mod watch;

use std::collections::HashMap;
use std::sync::Arc;

use trunkline_domain::customer::{Customer, CustomerFacts, RESELLER_DEPTH_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::name::name_key;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{
    CustomerAction, CustomerStatus, Explanation, NextChange, ResellerStanding, Standing, StatusPolicy, explanations, may_be_done,
    next_change, standing,
};
use trunkline_domain::time::Timestamp;
use trunkline_storage::{Ticket, Tx, customer, customer_class};

pub use bulk::{BulkAction, BulkOutcome, BulkReport, BulkRequest, BulkRow, BulkTarget, CUSTOMERS_MAX as BULK_MAX, bulk};
pub use change::settle;
pub use change::{CustomerChange, Render, update};
pub(crate) use change::{keep, once};
pub use create::{CustomerNew, InsertFailure, create, insert_many, insert_with_holds, record_of, validate_new};
pub(crate) use create::{check_reseller, nested_too_deep};
pub use delete::delete;
pub use export::export;
pub(crate) use field::Check;
pub use filter::{AmountRange, CustomerFilter, TextSearch};
pub use hold::{Termination, block, lift_suspension, restore, terminate, unblock};
pub use list::{Counts, Cursor, CustomerPage, CustomerRow, ListRequest, PageWanted, ROWS_MAX, Total, TotalWanted, list};
pub use post::{NewPosting, post};
pub use search::{Found, SearchPage, SearchRequest, search};
pub use summary::{CurrencyTotal, Summary, summary};
pub use together::{Fixed, TogetherChange, update_together};
pub use trunkline_storage::customer_list::{ListSort, MatchMode, SORTS_MAX, SortBy};
pub use validate::{validate_create, validate_update};
pub use watch::{is_seen, watch, watched_rows};

use crate::actor::Context;
use crate::error::{Error, Result};
use crate::{App, actor};

/// A customer with everything that follows at one moment.
#[derive(Clone, Debug)]
pub struct CustomerView {
    pub at: Timestamp,
    pub customer: Customer,
    pub facts: CustomerFacts,
    pub standing: Standing,
    /// Why each condition holds, in their order.
    pub explanations: Vec<Explanation>,
    pub next: Option<NextChange>,
    pub class_name: String,
    /// Id and name.
    pub reseller: Option<(Id, String)>,
}

impl CustomerView {
    /// What staff can do to it as it stands, whatever their role.
    pub fn actions(&self) -> impl Iterator<Item = CustomerAction> + '_ {
        CustomerAction::ALL.iter().copied().filter(|action| may_be_done(*action, &self.standing, &self.facts, self.at).is_ok())
    }

    /// None: unlimited.
    pub fn available_funds(&self) -> Result<Option<Money>> {
        self.facts.available_funds(self.at).map_err(|_| Error::Refused(trunkline_domain::refusal::Refusal::AmountTooLarge))
    }
}

/// How a caller names a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerKey {
    Id(Id),
    Name(String),
    Login(String),
}

/// One customer. Reading is audited.
pub fn get(app: &Arc<App>, context: &Context, key: CustomerKey) -> Ticket<Result<CustomerView>> {
    if let Err(refused) = context.actor.must(Permission::CustomerRead) {
        return Ticket::ready(Err(refused));
    }
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let customer_id = match &key {
            CustomerKey::Id(id) => Some(*id),
            CustomerKey::Name(name) => customer::find_by_name(tx, &name_key(name))?,
            CustomerKey::Login(login) => customer::find_by_login(tx, &name_key(login))?,
        };
        let customer_id = customer_id.ok_or(Error::NotFound("customer"))?;
        let view = view(tx, customer_id, &app.policy(), now)?.ok_or(Error::NotFound("customer"))?;
        in_scope(&actor, &view.customer)?;
        app.audit_read(&actor, "customer.read", customer_id, now, &serde_json::json!({}))?;
        Ok(view)
    })
}

/// Customers outside a reseller's scope do not exist for its staff. The reseller itself is not among its customers.
pub(crate) fn in_scope(actor: &actor::Actor, customer: &Customer) -> Result<()> {
    match actor.scope() {
        Some(scope) if customer.reseller_id != Some(scope) => Err(Error::NotFound("customer")),
        _ => Ok(()),
    }
}

/// The customer as it stands at `now`, if there is one.
pub fn view(tx: &mut Tx<'_>, customer_id: Id, policy: &StatusPolicy, now: Timestamp) -> Result<Option<CustomerView>> {
    Ok(views(tx, &[customer_id], policy, now)?.pop())
}

/// The customers as they stand at `now`, in the order of `ids`. One that does not exist is left out.
pub(crate) fn views(tx: &mut Tx<'_>, ids: &[Id], policy: &StatusPolicy, now: Timestamp) -> Result<Vec<CustomerView>> {
    let mut records = customer::load(tx, ids)?;
    let all = customer::load_facts(tx, ids)?;
    let resellers = resellers_of(tx, &all, policy, now)?;
    let mut facts: HashMap<Id, CustomerFacts> = all.into_iter().map(|facts| (facts.customer_id, facts)).collect();
    let mut class_names: HashMap<Id, String> = HashMap::new();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let (Some(record), Some(facts)) = (records.remove(id), facts.remove(id)) else { continue };
        let class_id = record.customer_class_id;
        let class_name = match class_names.get(&class_id) {
            Some(name) => name.clone(),
            None => {
                let name = customer_class::load(tx, class_id)?.map(|class| class.name).unwrap_or_default();
                class_names.insert(class_id, name.clone());
                name
            }
        };
        let reseller = facts.reseller_id.and_then(|id| resellers.get(&id));
        let standing = standing(&facts, reseller, policy, now);
        found.push(CustomerView {
            at: now,
            explanations: explanations(&facts, &standing, now),
            next: next_change(&facts, reseller, policy, &standing, now),
            class_name,
            reseller: reseller.map(|reseller| (reseller.reseller_id, reseller.name.clone())),
            customer: record,
            facts,
            standing,
        });
    }
    Ok(found)
}

/// The resellers that own any of `customers`, each with its standing at `now`, which includes what it inherits itself.
pub(crate) fn resellers_of(
    tx: &mut Tx<'_>,
    customers: &[CustomerFacts],
    policy: &StatusPolicy,
    now: Timestamp,
) -> Result<HashMap<Id, ResellerStanding>> {
    let mut facts: HashMap<Id, CustomerFacts> = HashMap::new();
    let mut wanted: Vec<Id> = customers.iter().filter_map(|customer| customer.reseller_id).collect();
    for _ in 0..RESELLER_DEPTH_MAX {
        wanted.retain(|id| !facts.contains_key(id));
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            break;
        }
        let found = customer::load_facts(tx, &wanted)?;
        wanted = found.iter().filter_map(|reseller| reseller.reseller_id).collect();
        facts.extend(found.into_iter().map(|reseller| (reseller.customer_id, reseller)));
    }
    let ids: Vec<Id> = facts.keys().copied().collect();
    let names = customer::names(tx, &ids)?;
    let mut done = HashMap::new();
    for id in ids {
        stand(id, &facts, &names, policy, now, &mut done, 0);
    }
    Ok(done)
}

/// Derives the standing of a reseller after the one above it.
fn stand(
    id: Id,
    facts: &HashMap<Id, CustomerFacts>,
    names: &HashMap<Id, String>,
    policy: &StatusPolicy,
    now: Timestamp,
    done: &mut HashMap<Id, ResellerStanding>,
    depth: usize,
) {
    let Some(own) = facts.get(&id) else { return };
    if done.contains_key(&id) || depth >= RESELLER_DEPTH_MAX {
        return;
    }
    if let Some(above) = own.reseller_id {
        stand(above, facts, names, policy, now, done, depth + 1);
    }
    let above = own.reseller_id.and_then(|above| done.get(&above));
    let standing = standing(own, above, policy, now);
    let explanations = explanations(own, &standing, now);
    let name = names.get(&id).cloned().unwrap_or_default();
    done.insert(id, ResellerStanding { reseller_id: id, name, standing, explanations });
}

/// Every status with what it means, by rank.
pub fn statuses() -> &'static [trunkline_domain::status::StatusRow] {
    static TABLE: [trunkline_domain::status::StatusRow; 17] = CustomerStatus::TABLE;
    &TABLE
}

impl App {
    /// Queues an audit row about a read.
    pub(crate) fn audit_read(
        &self,
        actor: &actor::Actor,
        action: &str,
        customer_id: Id,
        now: Timestamp,
        detail: &serde_json::Value,
    ) -> Result<()> {
        let row = trunkline_storage::audit::Stored {
            customer_id,
            audit_id: self.id(now)?,
            at: now,
            actor: actor.label(),
            action: action.to_owned(),
            detail: detail.to_string(),
        };
        Ok(self.database.audit_read(row)?)
    }
}
