//! Owns what hot decisions on usage need of products and tariffs, and saving what they did: sessions, xDRs, postings, accounts.
//! Does not own: deciding (usage.rs), loading customers and accounts, which differs by engine, and writing balances, which a batch does
//! once a customer (sqlite.rs, postgres.rs).

use std::collections::{HashMap, HashSet};

use trunkline_domain::customer::{CustomerType, RESELLER_DEPTH_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::session::{Payer, Speed};
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::{Timestamp, Zone};

use super::{Decided, Record, SessionWrite, Usage, UsageAnswer, UsageFailure, UsageRequest};
use crate::catalogue::Catalogue;
use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::tariff::stored;
use crate::writer::hot::WorkingSet;
use crate::{arrival, bundle, job, outbox, product, session, spending, values};

/// A late packet of an ended session is looked for among what was charged in this time before it.
const LATE_DAYS: i64 = 3;

/// Records of so long ago can still take of bundles; those of before are taken to have taken nothing yet.
const BUNDLE_DAYS: i64 = 400;

/// What a batch has changed besides what it appended.
#[derive(Default)]
pub struct Changed {
    /// Whose balance changed, and whether the stored status and open invoices did.
    pub customers: HashMap<Id, (bool, bool)>,
    accounts: HashSet<Id>,
    spending: HashSet<Id>,
    /// Whose money sessions hold more or less of.
    held: HashSet<Payer>,
}

impl Changed {
    pub fn customer(&mut self, customer_id: Id, status_changed: bool, invoices_changed: bool) {
        let (status, invoices) = self.customers.entry(customer_id).or_default();
        *status |= status_changed;
        *invoices |= invoices_changed;
    }
}

/// Brings the products and tariffs into `set` by which the usages are charged. Customers and accounts are there already.
pub fn load_catalogue(tx: &mut Tx<'_>, set: &mut WorkingSet, catalogue: &Catalogue, usages: &[&UsageRequest]) -> Result<()> {
    for usage in usages {
        let session = set.sessions.find(&usage.key);
        let by_identity = usage.identity_key.as_ref().and_then(|key| set.identities.get(key)).copied();
        let known = by_identity.or(session.map(|session| (session.customer_id, session.account_id)));
        let tariffs: Vec<Id> = session.iter().flat_map(|session| &session.legs).map(|leg| leg.tariff_id).collect();
        for tariff_id in tariffs {
            load_tariff(tx, set, catalogue, tariff_id)?;
        }
        let Some((customer_id, account_id)) = known else { continue };
        let assigned = set.accounts.get(&account_id).map(|account| account.products.clone()).unwrap_or_default();
        let mut products: Vec<Id> = assigned.iter().map(|assigned| assigned.product_id).collect();
        let mut above = set.rows.get(&customer_id).and_then(|row| row.facts.reseller_id);
        let mut depth = 0;
        while let Some(row) = above.and_then(|id| set.rows.get_mut(&id)).filter(|_| depth < RESELLER_DEPTH_MAX) {
            depth += 1;
            if row.products.is_none() {
                let is_reseller = row.facts.customer_type == CustomerType::Reseller;
                row.products = Some(if is_reseller { product::of_account(tx, row.facts.customer_id, 0)? } else { Vec::new() });
            }
            products.extend(row.products.iter().flatten().map(|assigned| assigned.product_id));
            above = row.facts.reseller_id;
        }
        for product_id in products {
            if set.products.contains_key(&product_id) {
                continue;
            }
            let Some(product) = catalogue.known_product(tx, product_id)? else { continue };
            for entry in &product.tariffs {
                load_tariff(tx, set, catalogue, entry.tariff_id)?;
            }
            if let Some(bundle_id) = product.bundle_id
                && let Some(bundle) = catalogue.known_bundle(tx, bundle_id)?
            {
                set.bundles.insert(bundle_id, bundle);
            }
            set.products.insert(product_id, product);
        }
        load_bundle_use(tx, set, (customer_id, account_id), usage.now)?;
    }
    Ok(())
}

/// What the account has taken, where a product of its includes something.
fn load_bundle_use(tx: &mut Tx<'_>, set: &mut WorkingSet, (customer_id, account_id): (Id, Id), now: Timestamp) -> Result<()> {
    let Some(account) = set.accounts.get_mut(&account_id).filter(|account| account.bundle_use.is_none()) else { return Ok(()) };
    let mut products = account.products.iter().filter_map(|assigned| set.products.get(&assigned.product_id));
    if products.any(|product| product.bundle_id.is_some()) {
        let from_day = Zone::utc().date_of(now).day_number() - BUNDLE_DAYS;
        account.bundle_use = Some(bundle::load_use(tx, customer_id, account_id, from_day)?);
    }
    Ok(())
}

fn load_tariff(tx: &mut Tx<'_>, set: &mut WorkingSet, catalogue: &Catalogue, tariff_id: Id) -> Result<()> {
    if !set.tariffs.contains_key(&tariff_id)
        && let Some(tariff) = catalogue.known_tariff(tx, tariff_id)?
    {
        set.tariffs.insert(tariff_id, tariff);
    }
    Ok(())
}

/// Finds out whether the sessions of these usages have ended, where they are not open. Identities are known.
pub fn load_ended(tx: &mut Tx<'_>, set: &mut WorkingSet, usages: &[&UsageRequest]) -> Result<()> {
    for usage in usages {
        let is_known = set.sessions.find(&usage.key).is_some() || set.ended.contains_key(&usage.key);
        let owner = usage.identity_key.as_ref().and_then(|key| set.identities.get(key)).map(|(customer_id, _)| *customer_id);
        let Some(customer_id) = owner.filter(|_| !is_known && usage.verb.can_be_late()) else { continue };
        let from = usage.now.plus_days(-LATE_DAYS);
        if let Some(ended) = session::ended(tx, customer_id, &usage.key, from)? {
            set.ended.insert(usage.key.clone(), ended);
        }
    }
    Ok(())
}

/// Decides a usage and saves it but for balances. An error of the outer kind means that nothing of the batch can be kept.
pub fn use_and_save(
    tx: &mut Tx<'_>,
    set: &mut WorkingSet,
    request: &UsageRequest,
    policy: &StatusPolicy,
    changed: &mut Changed,
) -> Result<std::result::Result<UsageAnswer, UsageFailure>> {
    let (decided, answer) = match set.decide_usage(request, policy) {
        Ok(decided) => decided,
        // What could not be decided may have moved a part of the set: it is loaded again.
        Err(UsageFailure::Storage(problem)) => return Err(problem),
        Err(refused) => return Ok(Err(refused)),
    };
    save(tx, set, request, &decided, changed)?;
    Ok(Ok(answer))
}

fn save(tx: &mut Tx<'_>, set: &mut WorkingSet, request: &UsageRequest, decided: &Decided, changed: &mut Changed) -> Result<()> {
    if let Some(write) = &decided.session {
        let held = match write {
            SessionWrite::Insert(session, speed) => {
                session::insert(tx, session, Some(request.now).filter(|_| *speed == Speed::Limited))?;
                session
            }
            SessionWrite::Update(session) => {
                session::update(tx, session)?;
                session
            }
            SessionWrite::Delete(session) => {
                session::delete(tx, session.customer_id, session.session_id)?;
                session
            }
        };
        changed.held.extend(held.legs.iter().map(|leg| leg.payer));
    }
    if let Some((customer_id, account_id, taken)) = &decided.taken {
        bundle::take(tx, *customer_id, *account_id, taken)?;
    }
    if let Some(usage) = &decided.usage {
        for record in &decided.records {
            save_record(tx, record, usage, request.now)?;
        }
    }
    changed.accounts.extend(&decided.accounts);
    changed.spending.extend(&decided.spending);
    let mut ids = request.ids.iter().rev().copied();
    for (customer_id, status_changed) in &decided.customers {
        changed.customer(*customer_id, *status_changed, false);
        let status = set.rows.get_mut(customer_id).filter(|_| *status_changed);
        if let (Some(row), Some(event_id)) = (status, ids.next()) {
            let event_id = event_id.max(row.last_event_id + 1);
            row.last_event_id = event_id;
            let code = trunkline_domain::status::CustomerStatus::from_order(row.stored.status_order).map(|status| status.code());
            let payload = serde_json::json!({ "customer_id": customer_id, "status": code }).to_string();
            let event_type = "customer.status_changed";
            outbox::append(
                tx,
                &outbox::Event { customer_id: *customer_id, event_id, event_type, payload: &payload, created_at: request.now },
            )?;
        }
    }
    for (customer_id, job_id) in decided.spread.iter().zip(ids) {
        let new = job::NewJob { customer_id: *customer_id, job_id, kind: job::SPREAD_RESELLER_STATUS, payload: "", run_at: request.now };
        job::add(tx, &new)?;
    }
    Ok(())
}

pub(super) fn save_record(tx: &mut Tx<'_>, record: &Record, usage: &Usage, now: Timestamp) -> Result<()> {
    for (posting_id, account_id) in &record.postings {
        tx.execute(
            "insert into posting (customer_id, posting_id, account_id, xdr_id, kind, owed, posted_at) values ($1, $2, $3, $4, 'usage', $5, $6)",
            values![record.customer_id, *posting_id, *account_id, record.xdr_id, record.owed, now],
        )?;
    }
    tx.execute(
        "insert into xdr (customer_id, xdr_id, account_id, service, cli, cld, started_at, ended_at, bill_time, quantity, owed, paid_by, \
         session_key, direction, units, tariff_id, prefix, rated_at, trace, cause, refers_to, taken, split_no) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        values![
            record.customer_id,
            record.xdr_id,
            record.account_id,
            usage.service.code(),
            &usage.cli,
            &usage.cld,
            usage.started_at,
            usage.ended_at,
            now,
            stored(record.charged_units),
            record.owed,
            record.paid_by,
            &usage.key,
            usage.direction.code(),
            stored(record.units),
            record.tariff_id,
            &record.prefix,
            usage.rated_at,
            &record.trace,
            &usage.cause,
            record.refers_to,
            &bundle::taken_text(&record.taken),
            record.split_no
        ],
    )?;
    arrival::note(tx, arrival::Kind::Xdr, record.customer_id, now, record.xdr_id);
    Ok(())
}

/// Writes once what several decisions of the batch changed: accounts, the day's spending, on PostgreSQL what sessions hold.
pub fn save_changed(tx: &mut Tx<'_>, set: &WorkingSet, changed: &Changed) -> Result<()> {
    for facts in changed.accounts.iter().filter_map(|id| set.accounts.get(id)).map(|account| &account.facts) {
        tx.execute(
            "update account set balance = $3, first_used_at = $4, last_used_at = $5 where customer_id = $1 and account_id = $2",
            values![facts.customer_id, facts.account_id, facts.balance, facts.first_used_at, facts.last_used_at],
        )?;
    }
    for customer_id in &changed.spending {
        let spending = set.rows.get(customer_id).and_then(|row| row.facts.spending.as_ref());
        if let Some((spending, day)) = spending.and_then(|spending| Some((spending, spending.day?))) {
            spending::set_day(tx, *customer_id, day, spending.spent, spending.reached_at)?;
        }
    }
    if tx.engine() == Engine::Postgres {
        for payer in &changed.held {
            let (customer_id, held) = (payer.customer_id(), set.sessions.held(*payer));
            match payer.account_id() {
                None => tx.execute("update customer_balance set held = $2 where customer_id = $1", values![customer_id, held])?,
                Some(account_id) => {
                    let text = "update account set held = $3 where customer_id = $1 and account_id = $2";
                    tx.execute(text, values![customer_id, account_id, held])?
                }
            };
        }
    }
    Ok(())
}
