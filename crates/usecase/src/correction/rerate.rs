//! Owns charging a customer's usage of a period anew: what would cost something else by the products and rates that are there now is
//! taken back and charged again, for everybody who pays.
//! Does not own: the price (storage's writer, domain/rating), and taking back (mod.rs).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use trunkline_domain::correction::CorrectionKind;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Money, MoneyError};
use trunkline_domain::refusal::Refusal;
use trunkline_domain::staff::Permission;
use trunkline_domain::status::{CustomerAction, may_be_done};
use trunkline_domain::time::Timestamp;
use trunkline_storage::catalogue::Catalogue;
use trunkline_storage::correction::{self, Charged};
use trunkline_storage::request::{self, Seen};
use trunkline_storage::session::LOST;
use trunkline_storage::writer::{Recharged, USAGE_IDS, UsageFailure, append_again, price_again};
use trunkline_storage::xdr::{Place, XdrFilter};
use trunkline_storage::{Tx, customer};

use super::{IDS, Work, chain, lineage, lock, move_balance, take_back};
use crate::App;
use crate::actor::Context;
use crate::customer::{Render, in_scope, keep, view};
use crate::error::{Error, Result};

/// xDRs of one request at the most.
pub const XDRS_MAX: usize = 10_000;
/// xDRs of one commit: few enough that nobody waits long for it.
const XDRS_AT_ONCE: usize = 50;
/// Ids for what is taken back, and charged, of one xDR.
const IDS_OF_ONE: usize = IDS + USAGE_IDS;

/// What is to be charged anew.
#[derive(Clone, Debug)]
pub struct RerateWanted {
    pub customer_id: Id,
    /// Billed at this moment or later.
    pub from: Timestamp,
    /// Billed before this moment.
    pub before: Timestamp,
    pub service: Option<String>,
    /// Only tell what would come of it.
    pub preview: bool,
}

/// What came of it, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RerateReport {
    pub preview: bool,
    /// Charges of usage that were looked at.
    pub xdrs: usize,
    /// That cost something else now.
    pub changed: usize,
    /// That have no price now, and stay as they are.
    pub refused: usize,
    /// What was charged for those that changed.
    pub charged_before: Money,
    pub charged_after: Money,
}

impl RerateReport {
    fn add(&mut self, outcome: Outcome) -> Result<(), MoneyError> {
        self.xdrs += usize::from(outcome != Outcome::Passed);
        match outcome {
            Outcome::Passed | Outcome::Same => {}
            Outcome::NoPrice => self.refused += 1,
            Outcome::Changed { before, after } => {
                self.changed += 1;
                self.charged_before = self.charged_before.checked_add(before)?;
                self.charged_after = self.charged_after.checked_add(after)?;
            }
        }
        Ok(())
    }
}

/// What came of one xDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is no usage that can be charged anew.
    Passed,
    Same,
    NoPrice,
    Changed {
        before: Money,
        after: Money,
    },
}

/// Charges anew, a few in each commit. Run again it changes nothing more. Blocks until all is done.
pub fn rerate(app: &Arc<App>, context: &Context, wanted: &RerateWanted, render: Render<RerateReport>) -> Result<String> {
    context.actor.must(Permission::XdrCorrect)?;
    if wanted.from >= wanted.before {
        return Err(Error::invalid("bill_time_before", "range_reversed", "later than bill_time_from"));
    }
    let context = Context { request_key: context.request_key.clone().filter(|_| !wanted.preview), ..context.clone() };
    if let Some(key) = context.request_key.clone() {
        match app.database.write::<_, Error, _>(move |tx| Ok(request::look_up(tx, &key)?)).wait()?? {
            Seen::Same(answer) => return Ok(answer),
            Seen::Other => return Err(Error::KeyReused),
            Seen::New => {}
        }
    }
    // What is charged anew here is not met again.
    let before = wanted.before.min(app.now());
    let filter = XdrFilter {
        customer_id: wanted.customer_id,
        service: wanted.service.clone(),
        from: Some(wanted.from),
        before: Some(before),
        ..XdrFilter::default()
    };
    let many = Error::invalid("bill_time_before", "too_many", format!("more than {XDRS_MAX} xDRs; name a shorter time"));
    let (scope, counted) = (context.clone(), filter.clone());
    let count = app.database.read::<_, Error, _>(move |tx| {
        let owner = customer::load_one(tx, counted.customer_id)?.ok_or(Error::NotFound("customer"))?;
        in_scope(&scope.actor, &owner)?;
        Ok(trunkline_storage::xdr::of_customer(tx, &counted, None, false, XDRS_MAX + 1)?.len())
    });
    if count.wait()?? > XDRS_MAX {
        return Err(many);
    }
    let mut report =
        RerateReport { preview: wanted.preview, xdrs: 0, changed: 0, refused: 0, charged_before: Money::ZERO, charged_after: Money::ZERO };
    let mut after = None;
    loop {
        let (outcomes, last) = slice(app, &context, &filter, after, wanted.preview)?;
        for outcome in outcomes {
            report.add(outcome).map_err(|_| Refusal::AmountTooLarge)?;
        }
        match last {
            Some(place) => after = Some(place),
            None => return keep(app, &context, render(&report)),
        }
    }
}

/// The next few, and the place of the last of them; none: there are no more.
fn slice(
    app: &Arc<App>,
    context: &Context,
    filter: &XdrFilter,
    after: Option<Place>,
    preview: bool,
) -> Result<(Vec<Outcome>, Option<Place>)> {
    let (catalogue, policy, now) = (Arc::clone(app.database.catalogue()), app.policy(), app.now());
    let (app_here, context, filter) = (Arc::clone(app), context.clone(), filter.clone());
    let ids = if preview { Vec::new() } else { ids(app, now)? };
    let run = move |tx: &mut Tx<'_>| -> Result<(Vec<Outcome>, Option<Place>)> {
        catalogue.refresh(tx)?;
        let lineage = lineage(tx, filter.customer_id)?;
        if !preview {
            lock(tx, lineage.iter().copied())?;
        }
        let owner = view(tx, filter.customer_id, &policy, now)?.ok_or(Error::NotFound("customer"))?;
        may_be_done(CustomerAction::Post, &owner.standing, &owner.facts, now)?;
        let rows = correction::of_customer(tx, &filter, after, XDRS_AT_ONCE)?;
        let last = rows.last().filter(|_| rows.len() == XDRS_AT_ONCE).map(|row| (row.bill_time, row.xdr_id));
        let mut again = Again {
            work: Work::new(&context, policy, now, ids.clone()),
            app: &app_here,
            catalogue: &catalogue,
            lineage: &lineage,
            preview,
            moved: BTreeSet::new(),
        };
        let outcomes = rows.iter().map(|row| again.one(tx, row)).collect::<Result<Vec<Outcome>>>()?;
        let Again { mut work, moved, .. } = again;
        if !moved.is_empty() {
            let detail = json!({ "rerated": rows.iter().map(|row| row.xdr_id).collect::<Vec<_>>() });
            work.finish(tx, &moved, &detail)?;
        }
        Ok((outcomes, last))
    };
    if preview { app.database.read(run).wait()? } else { app.database.write(run).wait()? }
}

fn ids(app: &App, now: Timestamp) -> Result<Vec<Id>> {
    (0..XDRS_AT_ONCE * IDS_OF_ONE + IDS).map(|_| app.id(now)).collect()
}

/// Charging anew within one transaction.
struct Again<'a> {
    work: Work,
    app: &'a App,
    catalogue: &'a Catalogue,
    lineage: &'a [Id],
    preview: bool,
    /// Whose balances have moved.
    moved: BTreeSet<Id>,
}

impl Again<'_> {
    fn one(&mut self, tx: &mut Tx<'_>, charged: &Charged) -> Result<Outcome> {
        if charged.usage().is_none() || !self.can_be_charged_anew(tx, charged)? {
            return Ok(Outcome::Passed);
        }
        let mut ids = [0; USAGE_IDS];
        if !self.preview {
            for id in &mut ids {
                *id = self.work.id()?;
            }
        }
        let is_failed = self.app.is_failure(charged.cause.as_deref());
        let priced = price_again(tx, self.catalogue, &self.work.policy, charged, is_failed, self.lineage, ids, self.work.now)?;
        let recharged = match priced {
            Ok(recharged) => recharged,
            Err(UsageFailure::Refused(_)) => return Ok(Outcome::NoPrice),
            Err(UsageFailure::Storage(problem)) => return Err(problem.into()),
        };
        if prices_before(tx, charged, self.lineage)? == prices_of(&recharged) {
            return Ok(Outcome::Same);
        }
        if !self.preview {
            self.post(tx, charged, &recharged)?;
        }
        Ok(Outcome::Changed { before: charged.owed, after: recharged.records.first().map_or(Money::ZERO, |own| own.owed) })
    }

    /// What was taken back or is a correction itself stays; so does what was given back in part, by a decision of somebody, and a
    /// session that was lost or cut in two where a volume ended, whose rest is on another xDR.
    fn can_be_charged_anew(&self, tx: &mut Tx<'_>, charged: &Charged) -> Result<bool> {
        let related: Vec<Id> = std::iter::once(charged.xdr_id).chain(charged.refers_to).collect();
        let corrected = correction::of(tx, &related)?;
        let own = corrected.get(&charged.xdr_id).copied().unwrap_or_default();
        let is_untouched = !own.is_correction && !own.is_reverted && own.owed.is_zero() && charged.split_no.is_none();
        let is_whole = charged.refers_to.is_none_or(|id| corrected.get(&id).is_some_and(|original| original.is_rerated));
        Ok(is_untouched && is_whole && charged.cause.as_deref() != Some(LOST))
    }

    fn post(&mut self, tx: &mut Tx<'_>, charged: &Charged, recharged: &Recharged) -> Result<()> {
        let made = take_back(tx, &mut self.work, CorrectionKind::Rerating, charged, self.lineage)?;
        self.moved.extend(made.iter().map(|made| made.customer_id));
        append_again(tx, recharged, charged.xdr_id, self.work.now)?;
        for record in &recharged.records {
            for (_, account_id) in &record.postings {
                move_balance(tx, record.customer_id, *account_id, record.owed, self.work.now)?;
            }
            self.moved.insert(record.customer_id);
        }
        Ok(())
    }
}

/// Who pays how much, by what: what is compared. What costs nothing leaves nobody to pay.
type Prices = BTreeSet<(Id, bool, Money)>;

fn prices_of(recharged: &Recharged) -> Prices {
    let paying = recharged.records.iter().filter(|record| !record.owed.is_zero());
    paying.map(|record| (record.customer_id, record.paid_by.is_some(), record.owed)).collect()
}

fn prices_before(tx: &mut Tx<'_>, charged: &Charged, lineage: &[Id]) -> Result<Prices> {
    let all = chain(tx, charged, lineage)?;
    let ids: Vec<Id> = all.iter().map(|charged| charged.xdr_id).collect();
    let corrected = correction::of(tx, &ids)?;
    let mut prices = Prices::new();
    for charged in &all {
        let taken_back = corrected.get(&charged.xdr_id).copied().unwrap_or_default();
        let left = charged.owed.checked_add(taken_back.owed).map_err(|_| Refusal::AmountTooLarge)?;
        if !left.is_zero() {
            prices.insert((charged.customer_id, charged.paid_by.is_some(), left));
        }
    }
    Ok(prices)
}
