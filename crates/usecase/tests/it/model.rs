//! Random lives of customers and their resellers (T33): after every event the answer, the list and what is stored are what
//! a fresh look at the facts gives; and the ledger adds up.

use trunkline_storage::payment::{AttemptOutcome, add_attempt, enable_auto};
use trunkline_storage::spending::{SpendingPlan, add_plan, set_day};
use trunkline_storage::{export, hold, invoice};
use trunkline_usecase::customer::{self, CustomerChange, CustomerNew, ListRequest, Termination};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_usecase::domain::customer_class::CollectionPolicy;
use trunkline_usecase::domain::export::ExportPhase;
use trunkline_usecase::domain::hold::{Hold, HoldCause};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::invoice::{OpenInvoice, collection_steps};
use trunkline_usecase::domain::money::{Currency, Money};
use trunkline_usecase::domain::status::CustomerStatus;
use trunkline_usecase::error::Error;

use crate::world::{World, admin, done, id_of, money, new_customer};

/// Numbers drawn by lot from a seed: the same on each run.
struct Lot(u64);

impl Lot {
    fn below(&mut self, count: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % count
    }
}

fn populate(world: &World) -> Vec<Id> {
    let now = world.now();
    let plan = SpendingPlan {
        spending_plan_id: 5,
        name: "Daily".into(),
        currency: Currency::parse("EUR").unwrap(),
        daily_limit: money("10"),
        warning_percent: None,
    };
    world.write(move |tx| Ok(add_plan(tx, &plan, now)?));
    let top = world.reseller("Top");
    let mid = world.create(CustomerNew { customer_type: CustomerType::Reseller, reseller_id: Some(top), ..new_customer(world, "Mid") });
    let mut all = vec![top, mid];
    for (name, control, limit, reseller_id, zone) in [
        ("Ada", BalanceControl::Postpaid, Some("30"), None, "Europe/Kyiv"),
        ("Bob", BalanceControl::Prepaid, None, None, "America/St_Johns"),
        ("Cid", BalanceControl::Postpaid, None, Some(top), "Australia/Lord_Howe"),
        ("Dan", BalanceControl::Prepaid, Some("5"), Some(mid), "Pacific/Kiritimati"),
    ] {
        let new = CustomerNew {
            balance_control: control,
            credit_limit: limit.map(money),
            reseller_id,
            time_zone: zone.to_owned(),
            spending_plan_id: Some(5),
            ..new_customer(world, name)
        };
        all.push(world.create(new));
    }
    for id in &all {
        let id = *id;
        world.facts(id, move |tx, now| enable_auto(tx, id, "Visa", now));
    }
    all
}

fn issue(world: &World, id: Id, total: Money, days: i64) {
    let ids = world.app.new_ids::<4>(world.now()).unwrap();
    let policy = CollectionPolicy {
        payment_terms_days: days,
        limit_after_days: Some(2),
        suspend_after_days: Some(4),
        terminate_after_days: Some(20),
        close_after_days: 10,
    };
    let zone = world.get(id).unwrap().facts.zone;
    world.facts(id, move |tx, now| {
        let due_on = zone.date_of(now).plus_days(days);
        let open = OpenInvoice { invoice_id: ids[0], number: ids[0], issued_at: now, due_on, total, outstanding: total };
        invoice::add(tx, id, &invoice::NewInvoice { invoice: open, period_from: now, period_to: now })?;
        for (step, hold_id) in collection_steps(due_on, &policy, &zone).into_iter().zip(&ids[1..]) {
            let cause = HoldCause::Invoice { invoice_id: ids[0] };
            hold::add(
                tx,
                id,
                &Hold { hold_id: *hold_id, kind: step.kind, cause, since: step.since, until: None, closes_at: step.closes_at },
                None,
                now,
            )?;
        }
        Ok(())
    });
}

/// One event in a customer's life. A refusal is part of life; an error is not.
fn happen(world: &World, id: Id, lot: &mut Lot) -> Result<(), Error> {
    let amount = format!("{}", lot.below(20) + 1);
    let app = &world.app;
    let new_id = app.new_id(world.now()).unwrap();
    let is_closed = world.get(id).unwrap().standing.is_closed();
    match lot.below(22) {
        0..=3 => drop(world.post(id, PostingAction::ManualCharge, &amount)?),
        4..=7 => drop(world.post(id, PostingAction::ManualPayment, &amount)?),
        8 => drop(world.post(id, PostingAction::ManualCredit, &amount)?),
        9 => drop(world.post(id, PostingAction::Refund, &amount)?),
        10 => drop(done(customer::block(app, &admin(), id, None, id_of))?),
        11 | 12 => drop(done(customer::unblock(app, &admin(), id, id_of))?),
        13 => {
            let through = world.get(id).unwrap().facts.zone.date_of(world.now()).plus_days(lot.below(6));
            drop(done(customer::lift_suspension(app, &admin(), id, through, id_of))?);
        }
        14 if lot.below(3) == 0 => {
            let closes_on = Some(world.get(id).unwrap().facts.zone.date_of(world.now()).plus_days(lot.below(12)));
            drop(done(customer::terminate(app, &admin(), id, Termination::Provisional { closes_on }, None, id_of))?);
        }
        15 => drop(done(customer::restore(app, &admin(), id, id_of))?),
        16 => {
            let limit = if lot.below(4) == 0 { None } else { Some(money(&amount)) };
            drop(done(customer::update(
                app,
                &admin(),
                id,
                CustomerChange { credit_limit: Some(limit), ..CustomerChange::default() },
                id_of,
            ))?);
        }
        17 => {
            let permanent = world.get(id).unwrap().customer.credit_limit.unwrap_or_default();
            let limit = TemporaryLimit {
                amount: permanent.checked_add(money(&amount)).unwrap(),
                until: world.now().plus_seconds(lot.below(200_000) + 1),
            };
            drop(done(customer::update(
                app,
                &admin(),
                id,
                CustomerChange { temporary_limit: Some(Some(limit)), ..CustomerChange::default() },
                id_of,
            ))?);
        }
        _ if is_closed => {}
        18 => issue(world, id, money(&amount), lot.below(3)),
        19 => {
            let (zone, spent) = (world.get(id).unwrap().facts.zone, money(&amount));
            world.facts(id, move |tx, now| set_day(tx, id, zone.date_of(now), spent, Some(now)));
        }
        20 => {
            let outcome = if lot.below(4) == 0 { AttemptOutcome::Success } else { AttemptOutcome::HardFailure };
            world.facts(id, move |tx, now| add_attempt(tx, id, new_id, outcome, None, now));
        }
        _ => {
            let phase = world.get(id).unwrap().facts.export.map(|export| export.phase);
            world.facts(id, move |tx, now| match phase {
                Some(ExportPhase::Started) => export::roll_back_latest(tx, id, now),
                Some(ExportPhase::Finished | ExportPhase::RolledBack) | None => export::start(tx, id, new_id, "North", now),
            });
        }
    }
    Ok(())
}

fn check(world: &World, all: &[Id], is_settled: bool, place: &str) {
    let page = world.list(&admin(), ListRequest { limit: 50, ..ListRequest::default() }).unwrap();
    assert_eq!(page.rows.len(), all.len(), "{place}");
    for id in all {
        let view = world.get(*id).unwrap();
        let row = page.rows.iter().find(|row| row.customer_id == *id).unwrap();
        let conditions: Vec<CustomerStatus> = view.standing.conditions.iter().map(|condition| condition.status).collect();
        // A list tells nothing more of those that are active and of no reseller.
        let next = if row.next.is_none() && row.status == CustomerStatus::Active { &None } else { &view.next };
        assert_eq!(
            (row.status, &row.all, &row.next),
            (view.standing.shown(), &conditions, next),
            "{place}: {} in the list",
            view.customer.name
        );
        assert_eq!(
            view.facts.exhausted_since.is_some() || view.facts.exhausted_from(world.now()).is_some(),
            view.facts.is_exhausted(world.now()),
            "{place}"
        );
        if is_settled || view.customer.reseller_id.is_none() {
            assert_eq!(
                world.stored(*id),
                (view.standing.shown(), view.standing.changes_at),
                "{place}: what is stored of {}",
                view.customer.name
            );
        }
    }
}

fn live(world: &World, seed: u64, steps: usize) {
    let all = populate(world);
    world.work();
    let mut lot = Lot(seed);
    for step in 0..steps {
        let place = format!("seed {seed}, step {step}");
        if lot.below(4) == 0 {
            world.advance(world.now().plus_seconds(lot.below(150_000) + 1));
            check(world, &all, true, &place);
            continue;
        }
        let id = all[usize::try_from(lot.below(i64::try_from(all.len()).unwrap())).unwrap()];
        match happen(world, id, &mut lot) {
            Ok(()) | Err(Error::Refused(_)) => {}
            Err(Error::Invalid(problems)) if ["in_the_past", "not_higher"].contains(&problems[0].code) => {}
            Err(other) => panic!("{place}: {other}"),
        }
        check(world, &all, false, &place);
        if lot.below(3) == 0 {
            world.work();
            check(world, &all, true, &place);
        }
    }
    let off = "select count(*) from customer_balance b join customer c on c.customer_id = b.customer_id where b.balance - c.opening_balance <> \
               coalesce((select sum(p.owed) from posting p where p.customer_id = b.customer_id), 0)";
    assert_eq!(world.number(off), 0);
    let rest = "select count(*) from invoice i left join open_invoice o on o.customer_id = i.customer_id and o.invoice_id = i.invoice_id \
                where i.total - coalesce((select sum(a.amount) from invoice_allocation a where a.customer_id = i.customer_id and a.invoice_id = i.invoice_id), 0) \
                <> coalesce(o.outstanding, 0)";
    assert_eq!(world.number(rest), 0);
    // What was paid and given to no invoice is what is unallocated: the rows of refunds are below zero.
    let unallocated = "select count(*) from customer_balance b where b.unallocated <> coalesce((select sum(p.amount) from payment p \
                       where p.customer_id = b.customer_id), 0) - coalesce((select sum(a.amount) from invoice_allocation a where a.customer_id = b.customer_id), 0)";
    assert_eq!(world.number(unallocated), 0);
    world.work();
    world.app.database.catch_up_amounts().unwrap();
    assert_eq!(world.differences(), Vec::<String>::new());
}

on_both! {
    fn random_lives_show_what_their_facts_say(world: &mut World) {
        live(world, 33, 180);
    }

    fn other_random_lives_show_what_their_facts_say(world: &mut World) {
        live(world, 20_260_610, 180);
    }

    fn what_was_tampered_with_is_found(world: &mut World) {
        let id = world.add("Ada");
        world.post(id, PostingAction::ManualCharge, "5").unwrap();
        world.advance(world.now().plus_seconds(60));
        assert_eq!(world.differences(), Vec::<String>::new());
        world.write(|tx| Ok(tx.execute("update customer_balance set balance = balance + 1000000", &[]).map(drop)?));
        world.write(|tx| Ok(tx.execute("update customer_entry set status_order = 100", &[]).map(drop)?));
        world.write(|tx| Ok(tx.execute("delete from customer_name", &[]).map(drop)?));
        assert_eq!(
            world.differences(),
            [
                "table customer_name: number of rows is stored as 0, derived as 1".to_owned(),
                format!("customer {id}: row of amounts is stored as another one, derived as that of the list row"),
                format!("customer {id}: balance is stored as 6, derived as 5"),
                format!("customer {id}: status is stored as closed, derived as active"),
                format!("customer {id}: amount in the list's order is stored as 5000000, derived as 6000000"),
            ]
        );
    }
}
