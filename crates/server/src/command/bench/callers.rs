//! Owns the callers of `bench charge` and `bench import`: a tariff, a product that charges by it, and customers with an account each, some of them of one reseller.
//! Does not own: the calls.

use std::collections::HashMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use trunkline_domain::account::{AccountFacts, AccountModel, AccountState};
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerType};
use trunkline_domain::customer_class::{CollectionPolicy, CustomerClass};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::product::{CallLimits, Direction, Product, ProductKind, ProductTariff};
use trunkline_domain::rate::Terms;
use trunkline_domain::secret::Secret;
use trunkline_domain::service::Service;
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::account::{self, Account};
use trunkline_storage::product::{self, Assigned};
use trunkline_storage::rate::NewRate;
use trunkline_storage::{StorageError, customer_class, tariff};
use trunkline_usecase::App;
use trunkline_usecase::customer::{CustomerNew, InsertFailure, insert_with_holds, record_of};
use trunkline_usecase::error::Error;

use super::rate::rates;
use crate::Failure;

/// Customers in one commit.
const SLICE: usize = 1_000;
/// Prefixes of the tariff.
const PREFIXES: usize = 10_000;
/// What a prepaid customer has, in whole units: enough for a run.
const FUNDS: i64 = 1_000_000;
/// Of every account.
pub const PASSWORD: &str = "bench caller password";
/// One in so many customers is of the reseller.
const OF_RESELLER: usize = 5;

/// Identities that can call.
pub struct Callers {
    /// The first hundredth are called by half of the skewed load.
    pub own: Vec<String>,
    /// Of customers of one reseller, who is charged with each of their calls.
    pub of_reseller: Vec<String>,
}

/// Fills the empty database.
pub fn fill(app: &Arc<App>, accounts: usize) -> Result<Callers, Failure> {
    let now = app.now();
    let currency = Currency::parse("EUR")?;
    let zone = Zone::parse("Europe/Berlin")?;
    let class = class(app, now)?;
    let product_id = catalogue(app, currency, &zone, now)?;
    let maker = Maker { app, class, currency, zone, now };
    let reseller_id = app.new_id(now)?;
    let reseller = maker.customer(reseller_id, "Reseller", None)?;
    let holds = Assigned { customer_id: reseller_id, account_id: 0, product_id, active_from: now, active_to: None };
    maker.write(vec![reseller], Vec::new(), vec![holds])?;
    let mut callers = Callers { own: Vec::new(), of_reseller: Vec::new() };
    for start in (0..accounts).step_by(SLICE) {
        let (mut customers, mut records, mut given) = (Vec::new(), Vec::new(), Vec::new());
        for number in start..accounts.min(start + SLICE) {
            let is_of_reseller = number % OF_RESELLER == 0;
            let (customer_id, account_id) = (app.new_id(now)?, app.new_id(now)?);
            let identity = format!("1555{number:07}");
            customers.push(maker.customer(customer_id, &format!("Caller {number:07}"), is_of_reseller.then_some(reseller_id))?);
            records.push(maker.account(customer_id, account_id, &identity));
            given.push(Assigned { customer_id, account_id, product_id, active_from: now, active_to: None });
            if is_of_reseller { callers.of_reseller.push(identity) } else { callers.own.push(identity) }
        }
        maker.write(customers, records, given)?;
        app.reserve_ids()?;
    }
    app.database.tidy_after_bulk()?;
    Ok(callers)
}

fn class(app: &App, now: Timestamp) -> Result<Id, Failure> {
    let collection = CollectionPolicy {
        payment_terms_days: 15,
        limit_after_days: None,
        suspend_after_days: None,
        terminate_after_days: None,
        close_after_days: 30,
    };
    let class = CustomerClass {
        customer_class_id: app.new_id(now)?,
        name: "Callers".to_owned(),
        currency: None,
        collection,
        suspend_on_insufficient_funds: false,
        created_at: now,
        version: 1,
    };
    let id = class.customer_class_id;
    app.database.write::<_, StorageError, _>(move |tx| customer_class::add(tx, &class).map(|_| ())).wait()??;
    Ok(id)
}

/// The tariff with its rates, and the product.
fn catalogue(app: &App, currency: Currency, zone: &Zone, now: Timestamp) -> Result<Id, Failure> {
    let (tariff_id, product_id) = (app.new_id(now)?, app.new_id(now)?);
    let made = Tariff {
        tariff_id,
        name: "Calls".to_owned(),
        service: Service::Voice,
        currency,
        terms: Terms::VOICE,
        zone: zone.clone(),
        off_peak: None,
        created_at: now,
        version: 1,
    };
    let mut new = Vec::with_capacity(PREFIXES);
    for (prefix, mut rate) in rates(&mut ChaCha8Rng::seed_from_u64(1), PREFIXES)? {
        rate.rate_id = app.new_id(now)?;
        new.push(NewRate { tariff_id, prefix, rate });
    }
    app.reserve_ids()?;
    let calls = Product {
        product_id,
        name: "Calls".to_owned(),
        kind: ProductKind::Main,
        priority: 0,
        currency,
        calls: CallLimits::default(),
        tariffs: vec![ProductTariff { service: Service::Voice, direction: Direction::Outgoing, tariff_id }],
        bundle_id: None,
        created_at: now,
        version: 1,
    };
    app.database
        .write::<_, StorageError, _>(move |tx| {
            tariff::add(tx, &made)?;
            new.chunks(SLICE).try_for_each(|slice| trunkline_storage::rate::put_many(tx, slice, now))?;
            tariff::touch_rates(tx, tariff_id)?;
            product::add(tx, &calls).map(|_| ())
        })
        .wait()??;
    Ok(product_id)
}

struct Maker<'a> {
    app: &'a App,
    class: Id,
    currency: Currency,
    zone: Zone,
    now: Timestamp,
}

impl Maker<'_> {
    fn customer(&self, id: Id, name: &str, reseller_id: Option<Id>) -> Result<Customer, Failure> {
        let is_prepaid = id % 2 == 0;
        let new = CustomerNew {
            name: name.to_owned(),
            customer_type: if name == "Reseller" { CustomerType::Reseller } else { CustomerType::Retail },
            reseller_id,
            customer_class_id: self.class,
            balance_control: if is_prepaid { BalanceControl::Prepaid } else { BalanceControl::Postpaid },
            currency: self.currency.code().to_owned(),
            time_zone: self.zone.name().to_owned(),
            billing_period: BillingPeriod::Monthly,
            opening_balance: if is_prepaid { Money::from_units(-FUNDS)? } else { Money::from_units(0)? },
            credit_limit: None,
            spending_plan_id: None,
            suspend_on_insufficient_funds: None,
            login: None,
            reference: None,
            contact: Contact::default(),
        };
        Ok(record_of(&new, id, self.currency, self.zone.clone(), self.class, self.now))
    }

    fn account(&self, customer_id: Id, account_id: Id, identity: &str) -> Account {
        let nothing = Money::from_millionths(0);
        Account {
            facts: AccountFacts {
                account_id,
                customer_id,
                model: AccountModel::Credit,
                state: AccountState::Open,
                blocked: false,
                balance: nothing,
                credit_limit: None,
                suspended: false,
                screening: None,
                payment_frozen: false,
                active_from: None,
                expires_at: None,
                life_time_days: None,
                idle_days_max: None,
                first_used_at: None,
                last_used_at: None,
            },
            identity: identity.to_owned(),
            opening_balance: nothing,
            batch: None,
            password: Some(Secret::new(PASSWORD.to_owned())),
            created_at: self.now,
            version: 1,
        }
    }

    fn write(&self, customers: Vec<Customer>, accounts: Vec<Account>, given: Vec<Assigned>) -> Result<(), Failure> {
        let (policy, now) = (self.app.policy(), self.now);
        let write = self.app.database.write::<_, Error, _>(move |tx| {
            insert_with_holds(tx, &customers, &HashMap::new(), &policy, now).map_err(|failure| match failure {
                InsertFailure::Other(error) => error,
                InsertFailure::Rows(rows) => Error::Invalid(rows.into_iter().flat_map(|(_, problems)| problems).collect()),
            })?;
            account::add_many(tx, &accounts)?;
            given.iter().try_for_each(|assigned| product::assign(tx, assigned))?;
            Ok(())
        });
        Ok(write.wait()??)
    }
}
