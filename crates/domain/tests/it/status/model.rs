//! Random lives of customers against a naive second opinion (T33): after each event the engine and a model that keeps
//! plain flags must agree on every status, and the status only moves when an event or a told moment moves it.

use proptest::prelude::*;
use trunkline_domain::balance::{PostingAction, decide_posting};
use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::customer_class::CollectionPolicy;
use trunkline_domain::export::{Export, ExportPhase};
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::invoice::{OpenInvoice, collection_steps};
use trunkline_domain::money::Money;
use trunkline_domain::payment::AutoPayment;
use trunkline_domain::refusal::Refusal;
use trunkline_domain::spending::Spending;
use trunkline_domain::status::{Standing, StatusPolicy};
use trunkline_domain::time::Timestamp;

use crate::fixture::{KYIV, at, postpaid, staff, standing_of, zone};

const POLICY: CollectionPolicy = CollectionPolicy {
    payment_terms_days: 5,
    limit_after_days: Some(2),
    suspend_after_days: Some(5),
    terminate_after_days: Some(15),
    close_after_days: 10,
};

#[derive(Clone, Debug)]
enum Event {
    Hours(i64),
    Charge(i64),
    Pay(i64),
    Credit(i64),
    Refund(i64),
    Invoice(i64),
    Block,
    Unblock,
    LiftDays(i64),
    Terminate(i64),
    Restore,
    Spend(i64),
    AutoPaymentFails,
    AutoPaymentSucceeds,
    Export(ExportPhase),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (1_i64..200).prop_map(Event::Hours),
        2 => (1_i64..60).prop_map(Event::Charge),
        4 => (1_i64..60).prop_map(Event::Pay),
        1 => (1_i64..30).prop_map(Event::Credit),
        1 => (1_i64..30).prop_map(Event::Refund),
        4 => (5_i64..40).prop_map(Event::Invoice),
        1 => Just(Event::Block),
        1 => Just(Event::Unblock),
        2 => (1_i64..10).prop_map(Event::LiftDays),
        1 => (0_i64..20).prop_map(Event::Terminate),
        2 => Just(Event::Restore),
        2 => (1_i64..12).prop_map(Event::Spend),
        2 => Just(Event::AutoPaymentFails),
        1 => Just(Event::AutoPaymentSucceeds),
        1 => prop::sample::select(ExportPhase::ALL.to_vec()).prop_map(Event::Export),
    ]
}

/// An invoice as the model knows it: what is open, and when its steps come, in days since the issue.
#[derive(Clone, Debug)]
struct Bill {
    open: i64,
    issued_day: i64,
}

/// The second opinion: flags and whole units, no holds, no zones (the world is Kyiv in months without clock change).
#[derive(Clone, Debug, Default)]
struct Model {
    hours: i64,
    owed: i64,
    unallocated: i64,
    bills: Vec<Bill>,
    is_blocked: bool,
    lifted_until_day: Option<i64>,
    /// The hour at which the termination in force becomes permanent.
    terminated: Option<i64>,
    is_closed: bool,
    spent: (i64, i64),
    failures: i64,
    export: Option<ExportPhase>,
}

impl Model {
    fn day(&self) -> i64 {
        self.hours.div_euclid(24)
    }

    fn suspends(&self, after: i64) -> bool {
        // Due five days after the issue, overdue the day after, acting `after` days later.
        self.bills.iter().any(|bill| self.day() >= bill.issued_day + 5 + 1 + after)
    }

    /// Time goes by hour by hour: the slow and obvious way.
    fn pass(&mut self, hours: i64) {
        for _ in 0..hours {
            self.hours += 1;
            if self.is_closed {
                continue;
            }
            if self.terminated.is_some_and(|closes| self.hours >= closes) {
                self.is_closed = true;
                continue;
            }
            if self.lifted_until_day.is_some_and(|day| self.day() >= day) {
                self.lifted_until_day = None;
            }
            // Collection terminates three weeks after the issue; of several terminations the earliest closes.
            let terminating = self.bills.iter().filter(|bill| self.day() >= bill.issued_day + 21);
            let closes = terminating.map(|bill| (bill.issued_day + 31) * 24).min();
            self.terminated = self.terminated.into_iter().chain(closes).min();
        }
    }

    fn pay(&mut self, amount: i64) {
        self.owed -= amount;
        let mut rest = amount;
        if self.export != Some(ExportPhase::Started) {
            for bill in &mut self.bills {
                let part = rest.min(bill.open);
                bill.open -= part;
                rest -= part;
            }
            self.bills.retain(|bill| bill.open > 0);
        }
        self.unallocated += rest;
        if !self.suspends(2) {
            self.lifted_until_day = None;
        }
    }

    fn statuses(&self) -> Vec<&'static str> {
        if self.is_closed {
            return vec!["closed"];
        }
        let is_terminated = self.terminated.is_some();
        let suspends = !is_terminated && self.suspends(5);
        // A limitation counts for an invoice that does not suspend yet.
        let limits = !is_terminated && self.bills.iter().any(|bill| (8..11).contains(&(self.day() - bill.issued_day)));
        let is_lifted = self.lifted_until_day.is_some_and(|day| self.day() < day);
        let all = [
            (self.export == Some(ExportPhase::Finished), "exported"),
            (self.is_blocked, "blocked"),
            (self.export == Some(ExportPhase::Started), "billing_paused"),
            (suspends && !is_lifted, "suspended"),
            (is_terminated, "provisionally_terminated"),
            (limits && !is_lifted, "limited"),
            (limits && is_lifted, "limiting_delayed"),
            (self.owed >= 50, "credit_exceeded"),
            (self.spent.0 == self.day() && self.spent.1 >= 10, "spending_limit_reached"),
            (suspends && is_lifted, "suspension_delayed"),
            (self.failures >= 3, "frozen"),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code).collect()
    }
}

/// The real thing: facts and a clock, moved by the same events.
struct World {
    facts: CustomerFacts,
    now: Timestamp,
    next_id: i64,
}

impl World {
    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    fn post(&mut self, action: PostingAction, units: i64) -> bool {
        let amount = Money::from_units(units).unwrap();
        match decide_posting(&self.facts, None, &StatusPolicy::default(), action, amount, self.now) {
            Ok(effects) => self.facts = effects.after,
            Err(refusal) => assert!(matches!(refusal, Refusal::CustomerClosed | Refusal::CustomerExported), "{refusal}"),
        }
        !standing_of(&self.facts, self.now).is_closed()
    }

    fn issue(&mut self, units: i64) {
        let invoice_id = self.id();
        let total = Money::from_units(units).unwrap();
        let due_on = zone(KYIV).date_of(self.now).plus_days(POLICY.payment_terms_days);
        self.facts.open_invoices.push(OpenInvoice {
            invoice_id,
            number: invoice_id,
            issued_at: self.now,
            due_on,
            total,
            outstanding: total,
        });
        for step in collection_steps(due_on, &POLICY, &self.facts.zone.clone()) {
            let hold_id = self.id();
            let cause = HoldCause::Invoice { invoice_id };
            self.facts.holds.push(Hold { hold_id, kind: step.kind, cause, since: step.since, until: None, closes_at: step.closes_at });
        }
    }
}

fn play(world: &mut World, model: &mut Model, event: &Event) {
    let is_exported = model.export == Some(ExportPhase::Finished);
    if let Event::Hours(hours) = event {
        world.now = world.now.plus_seconds(hours * 3_600);
        return model.pass(*hours);
    }
    if model.is_closed {
        // Every operation is refused; money tells that it is.
        world.post(PostingAction::ManualPayment, 1);
        return;
    }
    let now = world.now;
    match event {
        Event::Hours(_) => {}
        Event::Charge(units) | Event::Refund(units) | Event::Credit(units) | Event::Pay(units) if is_exported => {
            world.post(PostingAction::ManualPayment, *units);
        }
        Event::Charge(units) => {
            world.post(PostingAction::ManualCharge, *units);
            model.owed += units;
        }
        Event::Refund(units) => {
            world.post(PostingAction::Refund, *units);
            model.owed += units;
            model.unallocated = (model.unallocated - units).max(0);
        }
        Event::Credit(units) => {
            world.post(PostingAction::PromotionalCredit, *units);
            model.owed -= units;
        }
        Event::Pay(units) => {
            world.post(PostingAction::ManualPayment, *units);
            model.pay(*units);
        }
        Event::Invoice(units) => {
            world.issue(*units);
            model.bills.push(Bill { open: *units, issued_day: model.day() });
        }
        Event::Block => {
            if !model.is_blocked {
                let hold_id = world.id();
                world.facts.holds.push(Hold { hold_id, kind: HoldKind::Block, cause: staff(), since: now, until: None, closes_at: None });
            }
            model.is_blocked = true;
        }
        Event::Unblock => {
            world.facts.holds.retain(|hold| hold.kind != HoldKind::Block);
            model.is_blocked = false;
        }
        Event::LiftDays(days) => {
            if model.terminated.is_none() && model.suspends(2) {
                let day = model.day() + days;
                world.facts.lifted_until = Some(zone(KYIV).start_of(zone(KYIV).date_of(now).plus_days(*days)));
                model.lifted_until_day = Some(day);
            }
        }
        Event::Terminate(days) => {
            if model.terminated.is_none() {
                let (hold_id, closes_at) = (world.id(), Some(now.plus_days(*days)));
                world.facts.holds.push(Hold { hold_id, kind: HoldKind::Termination, cause: staff(), since: now, until: None, closes_at });
                model.terminated = Some(model.hours + days * 24);
                model.is_closed = *days == 0;
            }
        }
        Event::Restore => restore(world, model),
        Event::Spend(units) => {
            let day = model.day();
            model.spent = (day, units + if model.spent.0 == day { model.spent.1 } else { 0 });
            world.facts.spending = Some(Spending {
                spending_plan_id: 1,
                plan_name: "Family".to_owned(),
                daily_limit: Money::from_units(10).unwrap(),
                day: Some(zone(KYIV).date_of(now)),
                spent: Money::from_units(model.spent.1).unwrap(),
                reached_at: Some(now),
            });
        }
        Event::AutoPaymentFails => model.failures += 1,
        Event::AutoPaymentSucceeds => model.failures = 0,
        Event::Export(phase) => {
            world.facts.export =
                Some(Export { phase: *phase, target: "Trunkline North".to_owned(), started_at: now, finished_at: Some(now) });
            model.export = Some(*phase);
        }
    }
    let method = "Visa •••• 4242".to_owned();
    world.facts.auto_payment =
        Some(AutoPayment { method, failures: model.failures, last_failure_at: Some(now), last_failure_reason: None });
}

/// Staff restore after the invoices were settled: whatever collection planned for them is gone too.
fn restore(world: &mut World, model: &mut Model) {
    if model.terminated.is_none() {
        return;
    }
    let now = world.now;
    world.facts.holds.retain(|hold| hold.kind != HoldKind::Termination || hold.since > now);
    model.terminated = None;
    // Invoices older than the step would terminate at once again in the model; in life their step has been taken.
    world.facts.open_invoices.clear();
    world.facts.holds.retain(|hold| hold.invoice_id().is_none());
    model.bills.clear();
    world.facts.lifted_until = None;
    model.lifted_until_day = None;
}

fn codes(standing: &Standing) -> Vec<&'static str> {
    standing.conditions.iter().map(|condition| condition.status.code()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_engine_and_a_naive_model_agree_after_every_event(events in prop::collection::vec(event(), 1..60)) {
        let start = at("2026-05-04 00:00");
        let facts = CustomerFacts { balance: Money::ZERO, ..postpaid() };
        let mut world = World { facts, now: start, next_id: 0 };
        let mut model = Model { spent: (-1, 0), ..Model::default() };
        let mut last = standing_of(&world.facts, start);
        for (index, event) in events.iter().enumerate() {
            // A year is enough, and stays clear of the clock change in October.
            if world.now > at("2026-10-01") {
                break;
            }
            play(&mut world, &mut model, event);
            let standing = standing_of(&world.facts, world.now);
            prop_assert_eq!(codes(&standing), model.statuses(), "after event {} {:?} at {}", index, event, world.now);
            if !model.is_closed {
                prop_assert_eq!(world.facts.balance, Money::from_units(model.owed).unwrap());
                prop_assert_eq!(world.facts.unallocated, Money::from_units(model.unallocated).unwrap());
                let open: Vec<Money> = world.facts.open_invoices.iter().map(|invoice| invoice.outstanding).collect();
                prop_assert_eq!(open, model.bills.iter().map(|bill| Money::from_units(bill.open).unwrap()).collect::<Vec<_>>());
            }
            // Time alone moves a status only at a moment that was told.
            if let Event::Hours(_) = event {
                prop_assert!(codes(&standing) == codes(&last) || last.changes_at.is_some_and(|told| told <= world.now), "untold change");
            }
            prop_assert!(!last.is_closed() || standing.is_closed());
            last = standing;
        }
    }
}
