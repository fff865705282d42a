//! Owns filling an empty database with many customers for a measurement: skewed classes and names, several statuses.
//! Does not own: the demo's believable carrier (demo/).

use std::collections::HashMap;
use std::sync::Arc;

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerType};
use trunkline_domain::customer_class::{CollectionPolicy, CustomerClass};
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::{StorageError, bulk, customer_class};
use trunkline_usecase::App;
use trunkline_usecase::customer::{CustomerNew, InsertFailure, insert_with_holds, record_of};
use trunkline_usecase::error::Error;

use crate::Failure;

/// Customers in one commit.
const SLICE: usize = 1_000;

/// Frequent first: a name takes the lesser of two random places, so that the first ones are much more frequent.
const FIRST: &[&str] = &[
    "Maria", "Anna", "John", "Ali", "Wei", "Olga", "David", "Sofia", "Ivan", "Fatima", "Lucas", "Emma", "Noah", "Yuki", "Omar", "Elena",
    "Jan", "Ines", "Petr", "Zoë", "Łukasz", "Björk", "Çetin", "Đorđe", "Ægir",
];
const LAST: &[&str] = &[
    "Fennimore",
    "Kettleworth",
    "Brightwater",
    "Thornbury",
    "Hallström",
    "Marchetto",
    "Vandermeer",
    "Oakhollow",
    "Rosenthorn",
    "Lindqvarn",
    "Silverlake",
    "Wolfenden",
    "Castellan",
    "Eastmoor",
    "Nørgaarden",
    "Dąbrowicz",
    "Grünewald",
    "Quillfeather",
    "Umarovich",
    "Zábranský",
];
/// Currency and its share in thousandths; the last is rare.
const CURRENCIES: &[(&str, u32)] = &[("EUR", 600), ("USD", 200), ("GBP", 100), ("JPY", 60), ("KWD", 39), ("CHF", 1)];
/// Classes, of which the first takes half, the next a quarter, and so on.
const CLASSES: usize = 12;

/// What was filled in, for those who ask for it.
pub struct Filled {
    pub ids: Vec<Id>,
    /// The frequent ones first.
    pub classes: Vec<Id>,
}

/// Fills the empty database with `count` customers.
pub fn fill(app: &Arc<App>, count: usize, with_list_indexes_last: bool) -> Result<Filled, Failure> {
    let now = app.now();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let classes = classes(app, now)?;
    if with_list_indexes_last {
        app.database.write::<_, StorageError, _>(bulk::drop_list_indexes).wait()??;
    }
    let mut ids = Vec::with_capacity(count);
    let zone = Zone::parse("Europe/Berlin")?;
    for start in (0..count).step_by(SLICE) {
        let mut records = Vec::with_capacity(SLICE);
        let mut holds = HashMap::new();
        for number in start..count.min(start + SLICE) {
            let id = app.new_id(now)?;
            records.push(record(id, number, &classes, &zone, now, &mut random)?);
            if let Some(hold) = hold(app, now, &mut random)? {
                holds.insert(id, vec![hold]);
            }
            ids.push(id);
        }
        let policy = app.policy();
        app.database
            .write::<_, Error, _>(move |tx| {
                insert_with_holds(tx, &records, &holds, &policy, now).map_err(|failure| match failure {
                    InsertFailure::Other(error) => error,
                    InsertFailure::Rows(rows) => Error::Invalid(rows.into_iter().flat_map(|(_, problems)| problems).collect()),
                })
            })
            .wait()??;
        if start % 100_000 == 0 {
            app.reserve_ids()?;
            tracing::info!(customers = start, "filling");
        }
    }
    if with_list_indexes_last {
        for statement in bulk::list_index_statements(app.database.engine()) {
            app.database.write::<_, StorageError, _>(move |tx| tx.batch(&statement)).wait()??;
        }
    }
    app.database.tidy_after_bulk()?;
    Ok(Filled { ids, classes })
}

fn classes(app: &App, now: Timestamp) -> Result<Vec<Id>, Failure> {
    let mut classes = Vec::new();
    for number in 0..CLASSES {
        classes.push(CustomerClass {
            customer_class_id: app.new_id(now)?,
            name: format!("Class {number}"),
            currency: None,
            collection: CollectionPolicy {
                payment_terms_days: 15,
                limit_after_days: None,
                suspend_after_days: Some(15),
                terminate_after_days: None,
                close_after_days: 30,
            },
            suspend_on_insufficient_funds: false,
            created_at: now,
            version: 1,
        });
    }
    let ids = classes.iter().map(|class| class.customer_class_id).collect();
    app.database
        .write::<_, StorageError, _>(move |tx| classes.iter().try_for_each(|class| customer_class::add(tx, class).map(|_| ())))
        .wait()??;
    Ok(ids)
}

fn skewed<'a>(list: &[&'a str], random: &mut ChaCha8Rng) -> &'a str {
    let place = random.random_range(0..list.len()).min(random.random_range(0..list.len()));
    list.get(place).copied().unwrap_or("")
}

fn record(id: Id, number: usize, classes: &[Id], zone: &Zone, now: Timestamp, random: &mut ChaCha8Rng) -> Result<Customer, Failure> {
    let mut share = random.random_range(0..1_000);
    let code = CURRENCIES.iter().find(|(_, size)| {
        let hit = share < *size;
        share = share.saturating_sub(*size);
        hit
    });
    let currency = Currency::parse(code.map_or("EUR", |(code, _)| code))?;
    let class = (0..classes.len() - 1).find(|_| random.random_ratio(1, 2)).unwrap_or(classes.len() - 1);
    let is_prepaid = random.random_ratio(2, 5);
    let limit = *[50, 100, 100, 200, 500, 1_000].choose(random).unwrap_or(&100);
    let is_exhausted = random.random_ratio(1, 20);
    let balance = match (is_prepaid, is_exhausted) {
        (true, true) => random.random_range(0..5_000_000),
        (true, false) => -random.random_range(10_000..90_000_000),
        (false, true) => limit * 1_000_000 + random.random_range(0..9_000_000),
        (false, false) => random.random_range(-20_000_000..limit * 1_000_000),
    };
    let name = format!("{} {} {number:07}", skewed(FIRST, random), skewed(LAST, random));
    let new = CustomerNew {
        name,
        customer_type: CustomerType::Retail,
        reseller_id: None,
        customer_class_id: classes[class],
        balance_control: if is_prepaid { BalanceControl::Prepaid } else { BalanceControl::Postpaid },
        currency: currency.code().to_owned(),
        time_zone: zone.name().to_owned(),
        billing_period: BillingPeriod::Monthly,
        opening_balance: Money::from_millionths(balance / 10_000 * 10_000),
        credit_limit: if is_prepaid || random.random_ratio(1, 12) { None } else { Some(Money::from_units(limit)?) },
        spending_plan_id: None,
        suspend_on_insufficient_funds: None,
        login: None,
        reference: None,
        contact: Contact { email: Some(format!("c{number}@customer.example")), city: Some("Musterstadt".into()), ..Contact::default() },
    };
    Ok(record_of(&new, id, currency, zone.clone(), classes[class], now.plus_days(-random.random_range(1..1_500))))
}

/// Blocked 30 in 1,000, closed 40, provisionally terminated 2.
fn hold(app: &App, now: Timestamp, random: &mut ChaCha8Rng) -> Result<Option<Hold>, Failure> {
    let since = now.plus_days(-random.random_range(1..20));
    let (kind, closes_at) = match random.random_range(0..1_000) {
        0..30 => (HoldKind::Block, None),
        30..70 => (HoldKind::Termination, Some(since)),
        70..72 => (HoldKind::Termination, Some(since.plus_days(30))),
        _ => return Ok(None),
    };
    let cause = HoldCause::Staff { comment: None };
    Ok(Some(Hold { hold_id: app.new_id(now)?, kind, cause, since, until: None, closes_at }))
}
