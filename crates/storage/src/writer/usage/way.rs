//! Owns who may use something and who pays for it: the account's standing, its products, the resellers above, and what their money
//! allows.
//! Does not own: sessions (decide.rs) and moving balances (charge.rs).

use std::cmp::Reverse;
use std::sync::Arc;

use trunkline_domain::account::{AccountModel, AccountStanding, AccountStatus, account_standing};
use trunkline_domain::bundle::{Calendar, Held, Included, Taken, UsedUp, Wish, included, opposite, together};
use trunkline_domain::customer::{BalanceControl, RESELLER_DEPTH_MAX};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Money, MoneyError};
use trunkline_domain::product::{Direction, Product};
use trunkline_domain::rate::{Rate, RateStanding};
use trunkline_domain::rating::{Across, Quota, Stretch};
use trunkline_domain::service::Service;
use trunkline_domain::session::{
    Course, Grant, Limits, Party, Passage, Payer, Session, Speed, UsageRefusal, Wanted, account_funds, course, grant, passage, payers,
    spendable, tariff_for,
};
use trunkline_domain::status::{StatusPolicy, permits_of, standing};
use trunkline_domain::time::Timestamp;

use super::{Decided, HotAccount, Opening, Purse, UsageFailure, UsageRequest};
use crate::catalogue::LoadedTariff;
use crate::error::StorageError;
use crate::product::Assigned;
use crate::writer::hot::WorkingSet;

/// A tariff's word on a number at a moment.
pub(super) struct Rated {
    pub payer: Payer,
    pub tariff: Arc<LoadedTariff>,
    stretches: Vec<Stretch>,
    rate: Rate,
    pub prefix: String,
}

impl Rated {
    fn of(payer: Payer, tariff: &Arc<LoadedTariff>, cld: &str, at: Timestamp, units: u64) -> Result<Rated, UsageRefusal> {
        let found = tariff.table.find(cld, at).ok_or(UsageRefusal::NoRate)?;
        let prefix = cld.get(..found.prefix_digits).unwrap_or_default().to_owned();
        let stretches = tariff.tariff.stretches(at, units);
        Ok(Rated { payer, tariff: Arc::clone(tariff), stretches, rate: found.rate.clone(), prefix })
    }

    pub fn party(&self, spendable: Option<Money>, quota: Quota) -> Party<'_> {
        let terms = &self.tariff.tariff.terms;
        Party { payer: self.payer, spendable, rate: &self.rate, terms, stretches: &self.stretches, quota }
    }
}

/// An account that may use something, with all who pay for it.
pub(super) struct Way {
    pub customer_id: Id,
    pub account_id: Id,
    pub passage: Passage,
    /// The status that lets through only what is free.
    pub narrowed_by: Option<AccountStatus>,
    pub rated: Vec<Rated>,
    /// What bundles of the account include; nothing for resellers.
    pub included: Included,
    /// What the session has taken of it so far, which it can take again.
    pub taken: Vec<Taken>,
}

impl Way {
    /// Usage that nobody pays for.
    pub fn free(customer_id: Id, account_id: Id, passage: Passage) -> Way {
        let included = Included::again(&[], Across::default());
        Way { customer_id, account_id, passage, narrowed_by: None, rated: Vec::new(), included, taken: Vec::new() }
    }

    /// Does the account or its customer pay by it?
    pub fn is_own(&self, payer: Payer) -> bool {
        payer.customer_id() == self.customer_id
    }

    /// What bundles cover for one who pays.
    pub fn quota_of(&self, payer: Payer) -> Quota {
        if self.is_own(payer) { self.included.quota() } else { Quota::NONE }
    }

    /// Beyond what is included there is nothing.
    fn is_blocked(&self) -> bool {
        self.included.used_up == Some(UsedUp::Block)
    }

    /// Nothing more is included, and what goes beyond it is slow.
    pub fn is_slowed(&self) -> bool {
        self.included.used_up == Some(UsedUp::LimitSpeed) && self.included.portions.is_empty()
    }
}

impl WorkingSet {
    /// What bundles include for usage of an account. `taken`: what its session has taken already and can take again.
    pub(super) fn included(
        &self,
        account_id: Id,
        service: Service,
        direction: Direction,
        cld: &str,
        at: Timestamp,
        taken: &[Taken],
    ) -> Included {
        let nothing = Included::again(&[], Across::default());
        let Some(account) = self.accounts.get(&account_id) else { return nothing };
        let (Some(known), Some(row)) = (&account.bundle_use, self.rows.get(&account.facts.customer_id)) else { return nothing };
        let active = account.products.iter().filter(|assigned| assigned.is_active(at));
        let with_product = active.filter_map(|assigned| Some((self.products.get(&assigned.product_id)?, assigned.active_from)));
        let mut products: Vec<(&Arc<Product>, Timestamp)> = with_product.collect();
        products.sort_by_key(|(product, _)| (Reverse(product.priority), product.product_id));
        let held = |(product, since): (&Arc<Product>, Timestamp)| Some(Held { bundle: self.bundles.get(&product.bundle_id?)?, since });
        let bundles: Vec<Held<'_>> = products.into_iter().filter_map(held).collect();
        let calendar = Calendar { zone: &row.facts.zone, billing_period: known.billing_period, created_at: known.created_at };
        let wish = Wish { service, direction, cld, at };
        included(&bundles, &wish, &calendar, |item_id, first_day| {
            let own = taken.iter().filter(|taken| (taken.item_id, taken.first_day) == (item_id, first_day));
            let all = known.taken.get(&(item_id, first_day)).copied().unwrap_or(0);
            own.fold(all, |all, taken| all.saturating_sub(taken.amount))
        })
    }

    /// Usage of an account has taken something else of bundles than before.
    pub(super) fn take(&mut self, place: (Id, Id), before: &[Taken], after: &[Taken], decided: &mut Decided) {
        let changes = together(after, &opposite(before));
        if changes.is_empty() {
            return;
        }
        if let Some(known) = self.accounts.get_mut(&place.1).and_then(|account| account.bundle_use.as_mut()) {
            for change in &changes {
                let taken = known.taken.entry((change.item_id, change.first_day)).or_default();
                *taken = taken.saturating_add(change.amount);
            }
        }
        decided.taken = Some((place.0, place.1, changes));
    }

    pub(super) fn account(&self, identity_key: &str) -> Result<&HotAccount, UsageRefusal> {
        let account_id = self.identities.get(identity_key).ok_or(UsageRefusal::UnknownIdentity)?.1;
        self.accounts.get(&account_id).ok_or(UsageRefusal::UnknownIdentity)
    }

    fn standing_of(&self, account: &HotAccount, policy: &StatusPolicy, now: Timestamp) -> Option<AccountStanding> {
        let row = self.rows.get(&account.facts.customer_id)?;
        let reseller = self.reseller(&row.facts, policy, now, 0);
        let owner = standing(&row.facts, reseller.as_ref(), policy, now);
        Some(account_standing(&account.facts, &owner, policy, now))
    }

    /// What is to become of a session as its account stands now.
    pub(super) fn course_of(&self, session: &Session, policy: &StatusPolicy, now: Timestamp) -> Course {
        let account = self.accounts.get(&session.account_id);
        let standing = account.and_then(|account| self.standing_of(account, policy, now));
        standing.map_or(Course::GoesOn(Speed::Full), |standing| course(session, &standing.statuses, policy))
    }

    /// What the account's standing lets through, and the status that narrows or refuses it.
    pub(super) fn pass(
        &self,
        account: &HotAccount,
        opening: &Opening,
        policy: &StatusPolicy,
        now: Timestamp,
    ) -> Result<(Passage, Option<AccountStatus>), UsageRefusal> {
        let own = self.standing_of(account, policy, now).ok_or(UsageRefusal::UnknownIdentity)?;
        let of = |permits: &_| passage(permits, opening.service, opening.direction, opening.is_emergency);
        let found = of(&own.permits);
        let narrowing =
            own.statuses.iter().copied().find(|status| status.row().like.is_some_and(|like| of(&permits_of(like, policy)) == found));
        match found {
            Some(passage) => Ok((passage, narrowing.filter(|_| passage == Passage::FreeOnly))),
            None => Err(UsageRefusal::Status(narrowing.unwrap_or(own.shown()))),
        }
    }

    /// Who pays for usage of the account, and by which rate.
    pub(super) fn rated(
        &self,
        account: &HotAccount,
        opening: &Opening,
        rated_at: Timestamp,
        units: u64,
    ) -> Result<Vec<Rated>, UsageRefusal> {
        let (service, direction, cld) = (opening.service, opening.direction, opening.cld.as_str());
        let tariff = |id: Id| self.tariffs.get(&id);
        let has_rate = |id: Id| tariff(id).is_some_and(|tariff| tariff.table.find(cld, rated_at).is_some());
        let active = |assigned: &[Assigned]| -> Vec<&Product> {
            let now = assigned.iter().filter(|assigned| assigned.is_active(rated_at));
            now.filter_map(|assigned| self.products.get(&assigned.product_id).map(AsRef::as_ref)).collect()
        };
        let own = tariff_for(active(&account.products), service, direction, has_rate)?;
        let mut rated = Vec::new();
        for payer in payers(&account.facts) {
            rated.push(Rated::of(payer, tariff(own).ok_or(UsageRefusal::NoRate)?, cld, rated_at, units)?);
        }
        let mut above = self.rows.get(&account.facts.customer_id).and_then(|row| row.facts.reseller_id);
        while let Some(reseller_id) = above.filter(|_| rated.len() < RESELLER_DEPTH_MAX + 2) {
            let Some(row) = self.rows.get(&reseller_id) else { break };
            // A reseller without a product pays nothing for its customers' usage.
            match tariff_for(active(row.products.as_deref().unwrap_or_default()), service, direction, has_rate) {
                Ok(id) => {
                    let payer = Payer::Customer { customer_id: reseller_id };
                    rated.push(Rated::of(payer, tariff(id).ok_or(UsageRefusal::NoRate)?, cld, rated_at, units)?);
                }
                Err(UsageRefusal::NoProduct) => {}
                Err(refusal) => return Err(refusal),
            }
            above = row.facts.reseller_id;
        }
        if rated.iter().any(|rated| rated.rate.standing == RateStanding::Forbidden) {
            return Err(UsageRefusal::Forbidden);
        }
        Ok(rated)
    }

    /// What the account's own money or its customer's comes to.
    pub(super) fn purse(&self, way: &Way, now: Timestamp) -> Result<Option<Purse>, MoneyError> {
        let Some(row) = self.rows.get(&way.customer_id) else { return Ok(None) };
        let own = self.accounts.get(&way.account_id).filter(|account| account.facts.model == AccountModel::Debit);
        let funds = match own {
            Some(account) => account_funds(&account.facts)?,
            None => row.facts.available_funds(now)?,
        };
        let is_prepaid = own.is_some() || row.facts.balance_control == BalanceControl::Prepaid;
        Ok(Some(Purse { funds, currency: row.facts.currency, is_prepaid }))
    }

    /// What a payer can spend on a session that holds `own` of it already.
    fn spendable(&self, payer: Payer, own: Money, now: Timestamp) -> Result<Option<Money>, MoneyError> {
        let funds = match payer {
            Payer::Customer { customer_id } => match self.rows.get(&customer_id) {
                Some(row) => row.facts.available_funds(now)?,
                None => Some(Money::ZERO),
            },
            Payer::Account { account_id, .. } => match self.accounts.get(&account_id) {
                Some(account) => account_funds(&account.facts)?,
                None => Some(Money::ZERO),
            },
        };
        Ok(spendable(funds, self.sessions.held(payer).checked_sub(own)?))
    }

    /// The way of new usage: the status lets it through, and all who pay are known.
    pub(super) fn way(
        &self,
        request: &UsageRequest,
        opening: &Opening,
        rated_at: Timestamp,
        policy: &StatusPolicy,
    ) -> Result<Way, UsageRefusal> {
        let account = self.account(request.identity_key.as_deref().ok_or(UsageRefusal::UnknownIdentity)?)?;
        let (customer_id, account_id) = (account.facts.customer_id, account.facts.account_id);
        let (passage, narrowed_by) = self.pass(account, opening, policy, request.now)?;
        if passage == Passage::Emergency {
            return Ok(Way::free(customer_id, account_id, passage));
        }
        if opening.service == Service::Voice {
            let open = self.sessions.calls(account_id);
            let products = account.products.iter().filter(|assigned| assigned.is_active(request.now));
            let limits = products.filter_map(|assigned| self.products.get(&assigned.product_id)).map(|product| product.calls);
            if let Some(limit) = limits.filter_map(|limits| limits.reached(open, opening.direction)).min() {
                return Err(UsageRefusal::TooManyCalls { limit });
            }
        }
        let rated = self.rated(account, opening, rated_at, opening.wanted.units_max)?;
        let included = self.included(account_id, opening.service, opening.direction, &opening.cld, rated_at, &[]);
        let way = Way { customer_id, account_id, passage, narrowed_by, rated, included, taken: Vec::new() };
        let passage = if passage == Passage::Any && way.is_slowed() { Passage::Slow } else { passage };
        Ok(Way { passage, ..way })
    }

    /// What the money of the way allows. `held` is what the session holds of each already, in their order.
    pub(super) fn allow(&self, way: &Way, used_units: u64, wanted: Wanted, held: &[Money], now: Timestamp) -> Result<Grant, UsageFailure> {
        let mut parties = Vec::with_capacity(way.rated.len());
        for (place, rated) in way.rated.iter().enumerate() {
            let own = held.get(place).copied().unwrap_or(Money::ZERO);
            let spendable = match way.passage {
                _ if way.is_blocked() && way.is_own(rated.payer) => Some(Money::ZERO),
                Passage::FreeOnly if way.is_own(rated.payer) => Some(Money::ZERO),
                Passage::FreeOnly | Passage::Any | Passage::Slow | Passage::Emergency => self.spendable(rated.payer, own, now)?,
            };
            parties.push(rated.party(spendable, way.quota_of(rated.payer)));
        }
        let limits = Limits { used_units, slice_units: wanted.slice_units, units_max: wanted.units_max };
        grant(&parties, limits).map_err(|place| {
            let refusal = match way.rated.get(place) {
                Some(poor) if !way.is_own(poor.payer) => UsageRefusal::ResellerFunds,
                _ if way.is_blocked() => UsageRefusal::BundleUsedUp,
                _ => way.narrowed_by.map_or(UsageRefusal::InsufficientFunds, UsageRefusal::Status),
            };
            UsageFailure::Refused(refusal)
        })
    }

    /// The payers of a session by the rates that hold for it.
    pub(super) fn way_of(&self, session: &Session, opening: &Opening) -> Result<Way, UsageFailure> {
        let mut rated = Vec::with_capacity(session.legs.len());
        let units = opening.wanted.units_max;
        for leg in &session.legs {
            let missing = || StorageError::broken(format!("tariff {} of an open session is gone", leg.tariff_id));
            let tariff = self.tariffs.get(&leg.tariff_id).ok_or_else(missing).map_err(UsageFailure::Storage)?;
            // Where the rate ended between the authorization and the beginning, the one that was authorized holds.
            let at = |moment| Rated::of(leg.payer, tariff, &session.cld, moment, units);
            rated.push(at(session.rated_at()).or_else(|_| at(session.opened_at))?);
        }
        let (customer_id, account_id, taken) = (session.customer_id, session.account_id, session.taken.clone());
        let at = session.rated_at();
        let included = self.included(account_id, session.service, session.direction, &session.cld, at, &taken);
        Ok(Way { customer_id, account_id, passage: Passage::Any, narrowed_by: None, rated, included, taken })
    }
}
