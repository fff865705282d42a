//! Owns charging usage that has been made: the price for each payer, its records, and what moves with each balance.
//! Does not own: the price itself (domain/rating) and when usage ends (decide.rs).

use trunkline_domain::balance::exhausted_since;
use trunkline_domain::bundle::{Included, opposite, together};
use trunkline_domain::customer::CustomerType;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::rating::{Across, Priced, Quota, Step, trace_text};
use trunkline_domain::session::{Party, Payer, settle};
use trunkline_domain::status::{StatusPolicy, standing};
use trunkline_domain::time::Timestamp;

use super::decide::{End, ended_answer};
use super::way::Way;
use super::{Decided, Opening, Record, Usage, UsageAnswer, UsageFailure, UsageRequest};
use crate::error::StorageError;
use crate::session::{Ended, LOST};
use crate::writer::hot::{StoredStatus, WorkingSet};

/// The last use of an account is written again after this long.
const LAST_USE_SECONDS: i64 = 3_600;

impl WorkingSet {
    /// Charges usage that has been made to everyone who pays for it, whatever they have.
    pub(super) fn charge(
        &mut self,
        request: &UsageRequest,
        opening: &Opening,
        way: &Way,
        end: &End,
        rated_at: Timestamp,
        before: Option<&Ended>,
        policy: &StatusPolicy,
    ) -> Result<(Decided, UsageAnswer), UsageFailure> {
        let priced = prices(way, end, before)?;
        let covered = priced.iter().zip(&way.rated).find(|(_, rated)| way.is_own(rated.payer));
        let covered = covered.map(|(priced, _)| priced.whole.covered).unwrap_or_default();
        let taken = way.included.take(covered);
        let usage = Usage {
            key: request.key.clone(),
            service: opening.service,
            direction: opening.direction,
            cli: opening.cli.clone(),
            cld: opening.cld.clone(),
            started_at: end.started_at.unwrap_or(rated_at),
            ended_at: end.ended_at,
            rated_at,
            cause: end.cause.clone(),
        };
        let mut ids = request.ids[1..].iter().copied();
        let mut next_id = || ids.next().unwrap_or(request.ids[0]);
        let mut decided = Decided { usage: Some(usage), ..Decided::default() };
        let mut own = Record {
            customer_id: way.customer_id,
            xdr_id: next_id(),
            account_id: Some(way.account_id),
            paid_by: None,
            postings: Vec::new(),
            owed: Money::ZERO,
            charged_units: 0,
            tariff_id: None,
            prefix: String::new(),
            trace: String::new(),
            refers_to: before.map(|ended| ended.xdr_id),
            units: end.units,
            taken: if before.is_some() { together(&taken, &opposite(&way.taken)) } else { taken.clone() },
            split_no: None,
        };
        let second_id = next_id();
        let mut above = Vec::new();
        for (rated, LegPrice { whole, steps, earlier }) in way.rated.iter().zip(&priced) {
            let owed = whole.owed.checked_sub(earlier.owed)?;
            // The day's spending counts what usage costs without bundles.
            let spent = whole.charge.amount.checked_sub(earlier.charge.amount)?;
            let posting_id = next_id();
            let is_own = way.is_own(rated.payer);
            let record = Record {
                customer_id: rated.payer.customer_id(),
                xdr_id: if is_own { own.xdr_id } else { posting_id },
                account_id: if is_own { own.account_id } else { None },
                // The account comes before its customer, who pays as well if it is there.
                paid_by: rated.payer.account_id().map(|_| "account"),
                postings: if owed.is_zero() { Vec::new() } else { vec![(posting_id, rated.payer.account_id())] },
                owed,
                charged_units: whole.charge.charged_units,
                tariff_id: Some(rated.tariff.tariff.tariff_id),
                prefix: rated.prefix.clone(),
                trace: trace_text(steps),
                refers_to: if is_own { own.refers_to } else { None },
                units: end.units,
                taken: if is_own { std::mem::take(&mut own.taken) } else { Vec::new() },
                split_no: None,
            };
            if is_own {
                let mut postings = std::mem::take(&mut own.postings);
                postings.extend(record.postings.iter().copied());
                own = Record { postings, ..record };
            } else {
                above.push(record);
            }
            self.move_balance(rated.payer, (owed, spent), way, request.now, policy, &mut decided)?;
        }
        self.take((way.customer_id, way.account_id), &way.taken, &taken, &mut decided);
        self.note_use(way.account_id, end.ended_at, &mut decided);
        let charged = own.owed;
        let id = own.xdr_id;
        let is_cut = before.is_none() && way.included.across == Across::Split && covered.units > 0 && covered.units < own.charged_units;
        let parts = if is_cut { cut(own, covered.units, second_id) } else { vec![own] };
        decided.records = parts.into_iter().chain(above).collect();
        let total = before.map_or(Ok(charged), |ended| ended.owed.checked_add(charged))?;
        let is_lost = end.cause.as_deref() == Some(LOST);
        let ended = Ended { xdr_id: id, account_id: way.account_id, ended_at: end.ended_at, units: end.units, owed: total, taken, is_lost };
        let answer = UsageAnswer { customer_id: way.customer_id, ..ended_answer(&ended) };
        self.ended.insert(request.key.clone(), ended);
        Ok((decided, answer))
    }

    /// Moves one balance, with what follows from it: exhaustion, the day's spending, the stored status.
    fn move_balance(
        &mut self,
        payer: Payer,
        (owed, spent): (Money, Money),
        way: &Way,
        now: Timestamp,
        policy: &StatusPolicy,
        decided: &mut Decided,
    ) -> Result<(), UsageFailure> {
        if owed.is_zero() && spent.is_zero() {
            return Ok(());
        }
        let customer_id = payer.customer_id();
        if let Payer::Account { account_id, .. } = payer {
            // Who pays and is not there has come between reading and locking: all of it is read again.
            let account = self.accounts.get_mut(&account_id).ok_or(UsageFailure::Storage(StorageError::Conflict))?;
            account.facts.balance = account.facts.balance.checked_add(owed)?;
            decided.accounts.push(account_id);
            return Ok(());
        }
        let row = self.rows.get(&customer_id).ok_or(UsageFailure::Storage(StorageError::Conflict))?;
        let mut after = row.facts.clone();
        after.balance = after.balance.checked_add(owed)?;
        after.available_funds(now)?;
        after.exhausted_since = exhausted_since(&row.facts, &after, now);
        let mut has_spent = false;
        if customer_id == way.customer_id
            && let Some(spending) = &mut after.spending
        {
            let today = after.zone.date_of(now);
            *spending = spending.add(spent, today, now)?;
            has_spent = true;
        }
        let moves_status = row.facts.is_exhausted(now) != after.is_exhausted(now)
            || row.facts.spending.as_ref().map(|spending| spending.reached_at)
                != after.spending.as_ref().map(|spending| spending.reached_at);
        let mut stored = row.stored;
        if moves_status {
            let reseller = self.reseller(&after, policy, now, 0);
            stored = StoredStatus::of(&standing(&after, reseller.as_ref(), policy, now));
        }
        let status_changed = stored != row.stored;
        let spread = status_changed && after.customer_type == CustomerType::Reseller;
        if let Some(row) = self.rows.get_mut(&customer_id) {
            (row.facts, row.stored) = (after, stored);
        }
        decided.customers.push((customer_id, status_changed));
        if has_spent {
            decided.spending.push(customer_id);
        }
        if spread {
            decided.spread.push(customer_id);
        }
        Ok(())
    }

    /// The first use of an account is kept, and the last one to the hour.
    fn note_use(&mut self, account_id: Id, at: Timestamp, decided: &mut Decided) {
        let Some(account) = self.accounts.get_mut(&account_id) else { return };
        let facts = &mut account.facts;
        let is_stale = facts.last_used_at.is_none_or(|last| last.plus_seconds(LAST_USE_SECONDS) <= at);
        if is_stale {
            facts.first_used_at = facts.first_used_at.or(Some(at));
            facts.last_used_at = Some(at);
            decided.accounts.push(account_id);
        }
    }
}

/// What one who pays owes for a whole usage.
struct LegPrice {
    whole: Priced,
    steps: Vec<Step>,
    /// What was charged before of a session that was lost.
    earlier: Priced,
}

/// The prices of usage for each who pays, in their order.
fn prices(way: &Way, end: &End, before: Option<&Ended>) -> Result<Vec<LegPrice>, UsageFailure> {
    let parties: Vec<Party<'_>> = way.rated.iter().map(|rated| rated.party(None, way.quota_of(rated.payer))).collect();
    let whole = if end.is_failed {
        vec![(Priced::default(), vec![Step::Failed { units: end.units }]); parties.len()]
    } else {
        settle(&parties, end.units)?
    };
    let earlier: Vec<Priced> = match before {
        Some(ended) => {
            // With what bundles covered then.
            let included = Included::again(&ended.taken, way.included.across);
            let quota = |payer| if way.is_own(payer) { included.quota() } else { Quota::NONE };
            let parties: Vec<Party<'_>> = way.rated.iter().map(|rated| rated.party(None, quota(rated.payer))).collect();
            settle(&parties, ended.units)?.into_iter().map(|(priced, _)| priced).collect()
        }
        None => vec![Priced::default(); whole.len()],
    };
    Ok(whole.into_iter().zip(earlier).map(|((whole, steps), earlier)| LegPrice { whole, steps, earlier }).collect())
}

/// The two parts of a record of usage in which a volume ended: what was covered, and what was charged.
fn cut(whole: Record, covered_units: u64, second_id: Id) -> Vec<Record> {
    let first_units = covered_units.min(whole.units);
    let first = Record {
        postings: Vec::new(),
        owed: Money::ZERO,
        charged_units: covered_units,
        trace: trace_text(&[Step::CoveredUnits { units: covered_units }]),
        units: first_units,
        split_no: Some(1),
        ..whole.clone()
    };
    let second = Record {
        xdr_id: second_id,
        charged_units: whole.charged_units.saturating_sub(covered_units),
        units: whole.units.saturating_sub(first_units),
        refers_to: Some(whole.xdr_id),
        taken: Vec::new(),
        split_no: Some(2),
        ..whole
    };
    vec![first, second]
}
