//! Owns what happens to customers of the demo so that they come into each status: facts, never a painted status.
//! Does not own: which status follows (domain).

use std::sync::Arc;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use trunkline_domain::balance::PostingAction;
use trunkline_domain::customer::BalanceControl;
use trunkline_domain::export::ExportPhase;
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::invoice::{OpenInvoice, collection_steps};
use trunkline_domain::money::Money;
use trunkline_domain::time::Timestamp;
use trunkline_storage::invoice::NewInvoice;
use trunkline_storage::payment::AttemptOutcome;
use trunkline_storage::{Tx, customer, export, hold, installation, invoice, payment, spending};
use trunkline_usecase::App;
use trunkline_usecase::error::Error;

use super::carrier::Carrier;
use super::{Life, SLICE, write};
use crate::Failure;

/// What has happened to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    None,
    ClosedByStaff,
    ClosedAfterWindow,
    Exported,
    ExportUnderWay,
    Blocked,
    SuspendedForInvoice,
    SuspendedForFunds,
    TerminatedByStaff,
    LimitedForInvoice,
    LimitationLifted,
    SuspensionLifted,
    CreditExceeded,
    NoAvailableFunds,
    SpendingLimitReached,
    PaymentFrozen,
    /// An invoice that is open and not due yet.
    InvoiceOpen,
}

const ALL: [Cause; 16] = [
    Cause::ClosedByStaff,
    Cause::ClosedAfterWindow,
    Cause::Exported,
    Cause::ExportUnderWay,
    Cause::Blocked,
    Cause::SuspendedForInvoice,
    Cause::SuspendedForFunds,
    Cause::TerminatedByStaff,
    Cause::LimitedForInvoice,
    Cause::LimitationLifted,
    Cause::SuspensionLifted,
    Cause::CreditExceeded,
    Cause::NoAvailableFunds,
    Cause::SpendingLimitReached,
    Cause::PaymentFrozen,
    Cause::InvoiceOpen,
];

const BLOCK_COMMENTS: &[&str] =
    &["reported stolen handset", "fraud team is looking into it", "asked for by the customer", "papers are missing"];
const PAYMENT_FAILURES: &[&str] = &["card was cancelled", "card has expired", "account is closed"];

impl Cause {
    /// The first customers meet each cause once; of the others, about one in five meets one.
    pub fn of(index: usize, random: &mut ChaCha8Rng) -> Cause {
        match ALL.get(index) {
            Some(cause) => *cause,
            None if random.random_ratio(1, 5) => *ALL.choose(random).unwrap_or(&Cause::None),
            None => Cause::None,
        }
    }

    pub fn balance_control(self) -> Option<BalanceControl> {
        match self {
            Cause::SuspendedForFunds | Cause::NoAvailableFunds => Some(BalanceControl::Prepaid),
            Cause::SuspendedForInvoice
            | Cause::LimitedForInvoice
            | Cause::LimitationLifted
            | Cause::SuspensionLifted
            | Cause::InvoiceOpen
            | Cause::CreditExceeded => Some(BalanceControl::Postpaid),
            Cause::None
            | Cause::ClosedByStaff
            | Cause::ClosedAfterWindow
            | Cause::Exported
            | Cause::ExportUnderWay
            | Cause::Blocked
            | Cause::TerminatedByStaff
            | Cause::SpendingLimitReached
            | Cause::PaymentFrozen => None,
        }
    }

    pub fn has_open_invoice(self) -> bool {
        self.days_overdue().is_some()
    }

    /// For how many days the invoice has been overdue; below zero it is not due yet. Classes limit after 5 or 10 days and
    /// suspend after 10 to 30.
    fn days_overdue(self) -> Option<i64> {
        match self {
            Cause::SuspendedForInvoice | Cause::SuspensionLifted => Some(33),
            Cause::LimitedForInvoice | Cause::LimitationLifted => Some(12),
            Cause::InvoiceOpen => Some(-6),
            _ => None,
        }
    }
}

/// What one customer gets, with everything that is drawn by chance.
struct Event {
    customer_id: Id,
    life: LifeEvent,
}

enum LifeEvent {
    Hold(Hold, Timestamp),
    Export { export_id: Id, target: String, started_at: Timestamp, finished_at: Option<Timestamp> },
    Invoice { new: NewInvoice, holds: Vec<Hold>, lifted_until: Option<Timestamp> },
    Spending { spent: Money, reached_at: Timestamp, zone: trunkline_domain::time::Zone },
    Payments { method: String, attempts: Vec<(Id, Timestamp, String)> },
}

/// Lets everything happen, then derives and stores what follows.
pub fn happen(app: &Arc<App>, carrier: &Carrier, lives: &[Life], now: Timestamp, random: &mut ChaCha8Rng) -> Result<(), Failure> {
    let mut number = 1_000;
    for slice in lives.chunks(SLICE) {
        let mut events = Vec::new();
        for life in slice {
            if let Some(event) = event_of(app, carrier, life, &mut number, now, random)? {
                events.push(Event { customer_id: life.record.customer_id, life: event });
            }
        }
        let policy = app.policy();
        let mut job_ids = Vec::new();
        for _ in &events {
            job_ids.push(app.new_id(now)?);
        }
        write(app, move |tx| {
            for (event, job_id) in events.iter().zip(&job_ids) {
                apply(tx, event, now)?;
                trunkline_usecase::customer::settle(tx, event.customer_id, &policy, now, *job_id)?;
            }
            Ok(())
        })?;
    }
    write(app, move |tx| {
        // Later invoices go on where these end.
        for _ in 1..number {
            installation::next_number(tx, "invoice")?;
        }
        Ok(())
    })?;
    trunkline_usecase::job::run_due(app, now)?;
    app.database.catch_up_amounts()?;
    Ok(())
}

fn by_staff(
    app: &App,
    kind: HoldKind,
    comment: Option<String>,
    since: Timestamp,
    closes_at: Option<Timestamp>,
) -> Result<LifeEvent, Failure> {
    let hold = Hold { hold_id: app.new_id(since)?, kind, cause: HoldCause::Staff { comment }, since, until: None, closes_at };
    Ok(LifeEvent::Hold(hold, since))
}

fn event_of(
    app: &App,
    carrier: &Carrier,
    life: &Life,
    number: &mut i64,
    now: Timestamp,
    random: &mut ChaCha8Rng,
) -> Result<Option<LifeEvent>, Failure> {
    let record = &life.record;
    let zone = &record.zone;
    let midnight = |days: i64| zone.start_of(zone.date_of(now).plus_days(days));
    let hours_ago = |hours: i64| now.plus_seconds(-3_600 * hours);
    Ok(Some(match life.cause {
        Cause::None | Cause::CreditExceeded | Cause::NoAvailableFunds => return Ok(None),
        Cause::ClosedByStaff => {
            let at = now.plus_days(-random.random_range(20..300));
            by_staff(app, HoldKind::Termination, Some("contract ended".to_owned()), at, Some(at))?
        }
        Cause::ClosedAfterWindow => {
            let days = random.random_range(35..300);
            by_staff(app, HoldKind::Termination, None, midnight(-days), Some(midnight(30 - days)))?
        }
        Cause::TerminatedByStaff => {
            let days = random.random_range(1..25);
            by_staff(app, HoldKind::Termination, Some("moved away".to_owned()), midnight(-days), Some(midnight(30 - days)))?
        }
        Cause::Blocked => {
            let comment = BLOCK_COMMENTS.choose(random).map(|comment| (*comment).to_owned());
            by_staff(app, HoldKind::Block, comment, now.plus_days(-random.random_range(0..60)), None)?
        }
        Cause::Exported => {
            let started_at = now.plus_days(-random.random_range(2..90));
            LifeEvent::Export {
                export_id: app.new_id(now)?,
                target: "installation B".to_owned(),
                started_at,
                finished_at: Some(started_at.plus_seconds(240)),
            }
        }
        Cause::ExportUnderWay => LifeEvent::Export {
            export_id: app.new_id(now)?,
            target: "installation B".to_owned(),
            started_at: now.plus_seconds(-random.random_range(60..3_000)),
            finished_at: None,
        },
        Cause::SuspendedForFunds => {
            let hold = Hold {
                hold_id: app.new_id(now)?,
                kind: HoldKind::Suspension,
                cause: HoldCause::InsufficientFunds { needed: needed(life) },
                since: midnight(-random.random_range(0..12)),
                until: None,
                closes_at: None,
            };
            LifeEvent::Hold(hold, now)
        }
        Cause::SuspendedForInvoice | Cause::LimitedForInvoice | Cause::LimitationLifted | Cause::SuspensionLifted | Cause::InvoiceOpen => {
            return invoice_event(app, carrier, life, number, now, random);
        }
        Cause::SpendingLimitReached => {
            let Some(plan) = record.spending_plan_id.and_then(|id| carrier.plan(id)) else { return Ok(None) };
            let spent = super::share(plan.daily_limit, random.random_range(1_000..1_200), record.currency.digits());
            LifeEvent::Spending { spent, reached_at: midnight(0).max(hours_ago(1)), zone: zone.clone() }
        }
        Cause::PaymentFrozen => {
            let reason = PAYMENT_FAILURES.choose(random).copied().unwrap_or("card was cancelled");
            let mut attempts = Vec::new();
            for days in [9, 8, 5] {
                attempts.push((app.new_id(now)?, now.plus_days(-days), reason.to_owned()));
            }
            LifeEvent::Payments { method: format!("card ending in {:04}", random.random_range(0..10_000)), attempts }
        }
    }))
}

/// More than what is left of the funds.
fn needed(life: &Life) -> Money {
    let paid: i64 = life
        .postings
        .iter()
        .filter(|(action, _, _)| *action == PostingAction::ManualPayment)
        .map(|(_, amount, _)| amount.millionths())
        .sum();
    Money::from_millionths(paid.saturating_mul(2))
}

fn invoice_event(
    app: &App,
    carrier: &Carrier,
    life: &Life,
    number: &mut i64,
    now: Timestamp,
    random: &mut ChaCha8Rng,
) -> Result<Option<LifeEvent>, Failure> {
    let record = &life.record;
    let (Some(class), Some(overdue)) = (carrier.class(record.customer_class_id), life.cause.days_overdue()) else { return Ok(None) };
    let total = life.postings.first().map_or(Money::ZERO, |(_, amount, _)| *amount);
    let due_on = record.zone.date_of(now).plus_days(-overdue - 1);
    let issued_at = record.zone.start_of(due_on.plus_days(-class.collection.payment_terms_days)).plus_seconds(6 * 3_600);
    let invoice_id = app.new_id(now)?;
    *number += 1;
    let open = OpenInvoice { invoice_id, number: *number, issued_at, due_on, total, outstanding: total };
    let mut holds = Vec::new();
    for step in collection_steps(due_on, &class.collection, &record.zone) {
        let cause = HoldCause::Invoice { invoice_id };
        holds.push(Hold { hold_id: app.new_id(now)?, kind: step.kind, cause, since: step.since, until: None, closes_at: step.closes_at });
    }
    let is_lifted = matches!(life.cause, Cause::LimitationLifted | Cause::SuspensionLifted);
    let lifted_until = is_lifted.then(|| record.zone.end_of(record.zone.date_of(now).plus_days(random.random_range(1..6))));
    let new = NewInvoice { invoice: open, period_from: issued_at.plus_days(-31), period_to: issued_at };
    Ok(Some(LifeEvent::Invoice { new, holds, lifted_until }))
}

fn apply(tx: &mut Tx<'_>, event: &Event, now: Timestamp) -> Result<(), Error> {
    let id = event.customer_id;
    match &event.life {
        LifeEvent::Hold(one, at) => hold::add(tx, id, one, None, *at)?,
        LifeEvent::Export { export_id, target, started_at, finished_at } => {
            export::start(tx, id, *export_id, target, *started_at)?;
            if let Some(finished_at) = finished_at {
                export::end(tx, id, *export_id, ExportPhase::Finished, *finished_at)?;
            }
        }
        LifeEvent::Invoice { new, holds, lifted_until } => {
            invoice::add(tx, id, new)?;
            for one in holds {
                hold::add(tx, id, one, None, new.invoice.issued_at)?;
            }
            customer::save_lifted_until(tx, id, *lifted_until)?;
        }
        LifeEvent::Spending { spent, reached_at, zone } => spending::set_day(tx, id, zone.date_of(now), *spent, Some(*reached_at))?,
        LifeEvent::Payments { method, attempts } => {
            payment::enable_auto(tx, id, method, attempts.first().map_or(now, |(_, at, _)| at.plus_days(-30)))?;
            for (attempt_id, at, reason) in attempts {
                payment::add_attempt(tx, id, *attempt_id, AttemptOutcome::HardFailure, Some(reason), *at)?;
            }
        }
    }
    Ok(())
}
