//! Builders that say in one line what a test is about: customers, invoices, holds, moments in Kyiv.

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerFacts, CustomerType};
use trunkline_domain::customer_class::{CollectionPolicy, CustomerClass};
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::name::name_key;
use trunkline_domain::status::{ResellerStanding, StatusPolicy, standing};
use trunkline_domain::time::{Date, Timestamp, Zone};
use trunkline_storage::customer_list::{self, Entry, SearchTexts};
use trunkline_storage::invoice::NewInvoice;
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Tx, customer, customer_class};

use crate::world::Done;

pub const CLASS: Id = 1;
pub const OTHER_CLASS: Id = 2;

pub fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub fn utc(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Most tests happen here.
pub fn now() -> Timestamp {
    utc("2026-07-10T09:00:00Z")
}

pub fn class(customer_class_id: Id, name: &str) -> CustomerClass {
    CustomerClass {
        customer_class_id,
        name: name.to_owned(),
        currency: None,
        collection: CollectionPolicy {
            payment_terms_days: 15,
            limit_after_days: Some(5),
            suspend_after_days: Some(15),
            terminate_after_days: None,
            close_after_days: 30,
        },
        suspend_on_insufficient_funds: false,
        created_at: now(),
        version: 1,
    }
}

pub fn add_classes(tx: &mut Tx<'_>) -> Done<()> {
    customer_class::add(tx, &class(CLASS, "Standard"))?;
    customer_class::add(tx, &class(OTHER_CLASS, "Other"))?;
    Ok(())
}

/// Postpaid in EUR without a limit, nothing owed.
pub fn postpaid(customer_id: Id, name: &str) -> Customer {
    Customer {
        customer_id,
        name: name.to_owned(),
        customer_type: CustomerType::Retail,
        reseller_id: None,
        customer_class_id: CLASS,
        balance_control: BalanceControl::Postpaid,
        currency: currency("EUR"),
        zone: Zone::parse("Europe/Kyiv").unwrap(),
        billing_period: BillingPeriod::Monthly,
        created_at: now(),
        opening_balance: Money::ZERO,
        credit_limit: None,
        temporary_limit: None,
        lifted_until: None,
        spending_plan_id: None,
        suspend_on_insufficient_funds: None,
        login: None,
        reference: None,
        contact: Contact::default(),
        version: 1,
    }
}

pub fn prepaid(customer_id: Id, name: &str) -> Customer {
    Customer { balance_control: BalanceControl::Prepaid, ..postpaid(customer_id, name) }
}

pub fn reseller(customer_id: Id, name: &str) -> Customer {
    Customer { customer_type: CustomerType::Reseller, ..postpaid(customer_id, name) }
}

/// The facts of a customer about which nothing has happened yet.
fn facts_of_new(customer: &Customer) -> CustomerFacts {
    CustomerFacts {
        customer_id: customer.customer_id,
        customer_type: customer.customer_type,
        reseller_id: customer.reseller_id,
        balance_control: customer.balance_control,
        currency: customer.currency,
        zone: customer.zone.clone(),
        balance: customer.opening_balance,
        credit_limit: customer.credit_limit,
        temporary_limit: customer.temporary_limit,
        exhausted_since: None,
        unallocated: Money::ZERO,
        lifted_until: customer.lifted_until,
        holds: Vec::new(),
        open_invoices: Vec::new(),
        spending: None,
        auto_payment: None,
        export: None,
    }
}

/// Adds the record, the balance and the list's rows, with the status that follows.
pub fn insert(tx: &mut Tx<'_>, customer: &Customer, now: Timestamp) -> Done<()> {
    let names = [(name_key(&customer.name), customer.customer_id)];
    assert!(customer::claim_names(tx, &names)?.contains(&customer.customer_id), "the name {} is taken", customer.name);
    let facts = facts_of_new(customer);
    customer::add_many(tx, std::slice::from_ref(customer), std::slice::from_ref(&facts))?;
    let stored = StoredStatus::of(&standing(&facts, None, &StatusPolicy::default(), now));
    customer_list::add_many(tx, &[Entry::of(customer, &facts, stored, now)])?;
    customer_list::add_texts(tx, &[SearchTexts::of(customer)])
}

/// Derives the status anew and stores it, as the floor above does after each change of facts.
pub fn settle(tx: &mut Tx<'_>, customer_id: Id, now: Timestamp) -> Done<()> {
    let record = customer::load_one(tx, customer_id)?.unwrap();
    let facts = customer::load_facts(tx, &[customer_id])?.remove(0);
    let above = match facts.reseller_id {
        None => None,
        Some(reseller_id) => {
            let facts = customer::load_facts(tx, &[reseller_id])?.remove(0);
            let standing = standing(&facts, None, &StatusPolicy::default(), now);
            Some(ResellerStanding { reseller_id, name: String::new(), standing, explanations: Vec::new() })
        }
    };
    let stored = StoredStatus::of(&standing(&facts, above.as_ref(), &StatusPolicy::default(), now));
    customer_list::save(tx, &Entry::of(&record, &facts, stored, now))
}

/// An invoice issued on the first of the month and due on the 16th.
pub fn invoice(invoice_id: Id, number: i64, month: &str, total: &str) -> NewInvoice {
    let issued_at = utc(&format!("2026-{month}-01T06:00:00Z"));
    let due_on = day(&format!("2026-{month}-16"));
    NewInvoice {
        invoice: OpenInvoice { invoice_id, number, issued_at, due_on, total: money(total), outstanding: money(total) },
        period_from: issued_at.plus_days(-30),
        period_to: issued_at,
    }
}

pub fn hold(hold_id: Id, kind: HoldKind, cause: HoldCause, since: Timestamp) -> Hold {
    Hold { hold_id, kind, cause, since, until: None, closes_at: None }
}

pub fn suspension(hold_id: Id, invoice_id: Id, since: Timestamp) -> Hold {
    hold(hold_id, HoldKind::Suspension, HoldCause::Invoice { invoice_id }, since)
}

pub fn block(hold_id: Id) -> Hold {
    hold(hold_id, HoldKind::Block, HoldCause::Staff { comment: None }, now())
}

/// Numbers drawn by lot from a seed: the same on each run.
pub struct Lot(u64);

impl Lot {
    pub fn new(seed: u64) -> Lot {
        Lot(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.draw() % u64::try_from(count).unwrap()).unwrap()
    }

    pub fn amount(&mut self, units_max: usize) -> i64 {
        i64::try_from(self.below(units_max)).unwrap() + 1
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
