//! Owns filling an empty database with a believable carrier: deterministic from a seed and the moment it starts at.
//! Every status has its real cause in the data: an overdue invoice, a day's spending, failed payments, a move under way.
//!
//! Does not own: serving it (command/demo.rs).

mod carrier;
mod cause;
mod did;
mod number;
mod people;

use std::sync::Arc;

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_domain::account::AccountModel;
use trunkline_domain::balance::PostingAction;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerType};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::Tx;
use trunkline_storage::writer::{PostingIds, PostingRequest};
use trunkline_usecase::account::{self, AccountNew};
use trunkline_usecase::customer::{self, CustomerNew, InsertFailure};
use trunkline_usecase::error::Error;
use trunkline_usecase::{App, Context};

use crate::Failure;
use carrier::{Carrier, Place};
use cause::Cause;
use number::Numbers;
use people::Names;

/// Customers written in one commit.
const SLICE: usize = 200;
/// Postings that are outstanding at once.
const POSTINGS_OUTSTANDING: usize = 1_000;
/// One in so many customers is a reseller.
const CUSTOMERS_PER_RESELLER: usize = 200;

/// A customer with what has happened to it.
struct Life {
    record: Customer,
    cause: Cause,
    accounts: usize,
    /// Charges and payments, the oldest first.
    postings: Vec<(PostingAction, Money, Timestamp)>,
}

/// Fills the database with `count` customers.
pub fn fill(app: &Arc<App>, count: usize, seed: u64) -> Result<(), Failure> {
    let now = app.now();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let carrier = carrier::make(app, now)?;
    let mut names = Names::default();
    let reseller_count = (count / CUSTOMERS_PER_RESELLER).clamp(3, 200);
    let mut lives = Vec::with_capacity(count);
    for index in 0..reseller_count.min(count) {
        lives.push(reseller(app, &carrier, &mut names, index, now, &mut random)?);
    }
    let resellers: Vec<Id> = lives.iter().map(|life| life.record.customer_id).collect();
    for index in lives.len()..count {
        let cause = Cause::of(index - resellers.len(), &mut random);
        lives.push(retail(app, &carrier, &mut names, &resellers, cause, now, &mut random)?);
    }
    insert(app, &lives, now)?;
    let accounts = add_accounts(app, &lives, now, &mut random)?;
    post(app, &lives)?;
    cause::happen(app, &carrier, &lives, now, &mut random)?;
    did::fill(app, &accounts)
}

fn id(app: &App, now: Timestamp) -> Result<Id, Failure> {
    Ok(app.new_id(now)?)
}

/// A share of `whole`, in thousandths, to the digits of its currency.
fn share(whole: Money, thousandths: i64, digits: u32) -> Money {
    let part = i128::from(whole.millionths()) * i128::from(thousandths) / 1_000;
    let part = Money::from_millionths(i64::try_from(part).unwrap_or(0));
    part.round(digits, trunkline_domain::money::Rounding::HalfAwayFromZero).unwrap_or(part)
}

fn reseller(
    app: &App,
    carrier: &Carrier,
    names: &mut Names,
    index: usize,
    now: Timestamp,
    random: &mut ChaCha8Rng,
) -> Result<Life, Failure> {
    let place = carrier.places.choose(random).ok_or_else(nothing)?;
    let name = names.company(place, random);
    let created_at = now.plus_days(-random.random_range(400..2_000));
    let mut record = record(app, place, name.clone(), created_at, carrier.resellers_class, now, random)?;
    record.customer_type = CustomerType::Reseller;
    record.balance_control = BalanceControl::Postpaid;
    record.credit_limit = Some(place.amount(20_000));
    record.contact.company_name = Some(name);
    // The first three show what their customers inherit.
    let cause = match index {
        0 => Cause::Blocked,
        1 => Cause::SuspendedForInvoice,
        2 => Cause::TerminatedByStaff,
        _ => Cause::None,
    };
    let postings = postings_of(&record, place, cause, now, random);
    Ok(Life { record, cause, accounts: 0, postings })
}

fn nothing() -> Failure {
    Failure::Unusable("the demo has a list with nothing in it".into())
}

fn retail(
    app: &App,
    carrier: &Carrier,
    names: &mut Names,
    resellers: &[Id],
    cause: Cause,
    now: Timestamp,
    random: &mut ChaCha8Rng,
) -> Result<Life, Failure> {
    let place = carrier.places.choose(random).ok_or_else(nothing)?;
    let is_company = random.random_ratio(2, 5);
    let name = if is_company { names.company(place, random) } else { names.person(place, random) };
    let control =
        cause.balance_control().unwrap_or(if random.random_ratio(2, 5) { BalanceControl::Prepaid } else { BalanceControl::Postpaid });
    let class = carrier.class_for(control, is_company, place, random);
    let created_at = now.plus_days(-random.random_range(3..1_800)).plus_seconds(-random.random_range(0..86_400));
    let mut record = record(app, place, name.clone(), created_at, class, now, random)?;
    record.balance_control = control;
    record.credit_limit = match control {
        BalanceControl::Prepaid => None,
        // A few have no limit at all.
        BalanceControl::Postpaid if random.random_ratio(1, 12) && cause != Cause::CreditExceeded => None,
        BalanceControl::Postpaid => Some(place.amount(*[50, 100, 100, 200, 500, 1_000].choose(random).unwrap_or(&100))),
    };
    if cause == Cause::None && random.random_ratio(1, 8) {
        record.reseller_id = resellers.choose(random).copied();
    }
    if cause == Cause::SpendingLimitReached {
        record.spending_plan_id = carrier.plan_in(place.currency);
    }
    if is_company {
        record.contact.company_name = Some(name);
    } else if let Some((first, last)) = name.split_once(' ') {
        record.contact.first_name = Some(first.to_owned());
        record.contact.last_name = Some(last.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned());
    }
    let accounts =
        if cause == Cause::None && random.random_ratio(1, 15) { 0 } else { random.random_range(1..=if is_company { 5 } else { 2 }) };
    let postings = postings_of(&record, place, cause, now, random);
    Ok(Life { record, cause, accounts, postings })
}

fn record(
    app: &App,
    place: &Place,
    name: String,
    created_at: Timestamp,
    class: Id,
    now: Timestamp,
    random: &mut ChaCha8Rng,
) -> Result<Customer, Failure> {
    let new = CustomerNew {
        name,
        customer_type: CustomerType::Retail,
        reseller_id: None,
        customer_class_id: class,
        balance_control: BalanceControl::Postpaid,
        currency: place.currency.code().to_owned(),
        time_zone: place.zone.to_owned(),
        billing_period: *[BillingPeriod::Monthly, BillingPeriod::Monthly, BillingPeriod::MonthlyAnniversary, BillingPeriod::Weekly]
            .choose(random)
            .unwrap_or(&BillingPeriod::Monthly),
        opening_balance: Money::ZERO,
        credit_limit: None,
        spending_plan_id: None,
        suspend_on_insufficient_funds: None,
        login: None,
        reference: Some(format!("C-{:06}", random.random_range(0..1_000_000))),
        contact: contact(place, random),
    };
    let zone = Zone::parse(place.zone)?;
    Ok(customer::record_of(&new, id(app, now)?, place.currency, zone, class, created_at))
}

fn contact(place: &Place, random: &mut ChaCha8Rng) -> Contact {
    let street = place.streets.choose(random).copied().unwrap_or("Main Street");
    Contact {
        address_line_1: Some(format!("{street} {}", random.random_range(1..200))),
        city: Some(place.city.to_owned()),
        country: Some(place.country.to_owned()),
        phone_1: Some(number::contact(random)),
        email: Some(format!("office{}@customer.example", random.random_range(1..100_000))),
        ..Contact::default()
    }
}

/// What was charged and paid in the past, so that the balance fits the cause.
fn postings_of(
    record: &Customer,
    place: &Place,
    cause: Cause,
    now: Timestamp,
    random: &mut ChaCha8Rng,
) -> Vec<(PostingAction, Money, Timestamp)> {
    use PostingAction::{ManualCharge, ManualPayment};
    let digits = place.currency.digits();
    let days_ago =
        |days: i64, random: &mut ChaCha8Rng| now.plus_days(-days).plus_seconds(-random.random_range(0..40_000)).max(record.created_at);
    let base = record.credit_limit.unwrap_or(place.amount(100));
    match record.balance_control {
        BalanceControl::Prepaid => {
            let paid = place.amount(*[10, 20, 20, 50, 100].choose(random).unwrap_or(&20));
            let used = if cause == Cause::NoAvailableFunds { 1_000 + random.random_range(0..40) } else { random.random_range(50..900) };
            vec![
                (ManualPayment, paid, days_ago(20, random)),
                (ManualCharge, share(paid, used, digits).max(place.least()), days_ago(4, random)),
            ]
        }
        BalanceControl::Postpaid if cause == Cause::CreditExceeded => {
            vec![(ManualCharge, share(base, 1_000 + random.random_range(0..300), digits), days_ago(3, random))]
        }
        BalanceControl::Postpaid => {
            let charged = share(base, random.random_range(100..700), digits).max(place.least());
            let mut postings = vec![(ManualCharge, charged, days_ago(75, random))];
            if !cause.has_open_invoice() {
                let paid = if random.random_ratio(1, 6) { share(charged, random.random_range(200..1_200), digits) } else { charged };
                postings.push((ManualPayment, paid.max(place.least()), days_ago(30, random)));
                postings.push((ManualCharge, share(base, random.random_range(10..250), digits).max(place.least()), days_ago(5, random)));
            }
            postings
        }
    }
}

/// Writes in the jobs of the writer, a slice a commit.
fn write(app: &App, work: impl Fn(&mut Tx<'_>) -> Result<(), Error> + Send + 'static) -> Result<(), Failure> {
    Ok(app.database.write(work).wait()??)
}

fn insert(app: &App, lives: &[Life], now: Timestamp) -> Result<(), Failure> {
    let policy = app.policy();
    for slice in lives.chunks(SLICE) {
        let records: Vec<Customer> = slice.iter().map(|life| life.record.clone()).collect();
        write(app, move |tx| {
            customer::insert_many(tx, &records, &policy, now).map_err(|failure| match failure {
                InsertFailure::Other(error) => error,
                InsertFailure::Rows(rows) => Error::Invalid(rows.into_iter().flat_map(|(_, problems)| problems).collect()),
            })
        })?;
    }
    Ok(())
}

/// Gives the first account of each customer to whom nothing has happened, with the customer.
fn add_accounts(app: &App, lives: &[Life], now: Timestamp, random: &mut ChaCha8Rng) -> Result<Vec<(Id, Id)>, Failure> {
    let mut numbers = Numbers::default();
    let mut holders = Vec::new();
    for slice in lives.chunks(SLICE) {
        let mut accounts = Vec::new();
        for life in slice {
            for number in 0..life.accounts {
                let is_debit = random.random_ratio(1, 10);
                let new = AccountNew {
                    customer_id: life.record.customer_id,
                    identity: numbers.next_identity(),
                    model: if is_debit { AccountModel::Debit } else { AccountModel::Credit },
                    opening_balance: if is_debit { Money::from_units(random.random_range(0..30)).unwrap_or_default() } else { Money::ZERO },
                    credit_limit: None,
                    inactive: random.random_ratio(1, 40),
                    blocked: random.random_ratio(1, 40),
                    active_from: None,
                    expires_at: None,
                    life_time_days: None,
                    idle_days_max: None,
                    batch: None,
                    password: None,
                };
                let account_id = id(app, now)?;
                if number == 0 && life.cause == Cause::None {
                    holders.push((life.record.customer_id, account_id));
                }
                accounts.push((new, account_id));
            }
        }
        write(app, move |tx| accounts.iter().try_for_each(|(new, account_id)| account::insert(tx, new, *account_id, now).map(|_| ())))?;
    }
    Ok(holders)
}

/// Posts through the same writer as any other posting, with the moments of the past.
fn post(app: &Arc<App>, lives: &[Life]) -> Result<(), Failure> {
    let now = app.now();
    let all = lives.iter().flat_map(|life| life.postings.iter().map(|posting| (life.record.customer_id, *posting)));
    let all: Vec<_> = all.collect();
    let actor = Context::system().actor.label();
    for slice in all.chunks(POSTINGS_OUTSTANDING) {
        let mut tickets = Vec::with_capacity(slice.len());
        for (customer_id, (action, amount, at)) in slice {
            let [posting_id, xdr_id, payment_id, audit_id, event_id, job_id, request_id] = app.new_ids::<7>(now)?;
            tickets.push(app.database.post(PostingRequest {
                customer_id: *customer_id,
                reseller_scope: None,
                action: *action,
                amount: *amount,
                now: *at,
                ids: PostingIds { posting_id, xdr_id, payment_id, audit_id, event_id, job_id, request_id },
                staff_id: None,
                actor: actor.clone(),
                visible_comment: Some(if *action == PostingAction::ManualPayment { "Bank transfer" } else { "Services" }.to_owned()),
                internal_comment: None,
                request_key: None,
            }));
        }
        for ticket in tickets {
            ticket.wait()?.map_err(Error::from)?;
        }
    }
    Ok(())
}
