//! What the writer holds in memory is what is stored: postings and edits by jobs, mixed by lot, against a fresh look.

use trunkline_domain::balance::PostingAction::{ManualCharge, ManualCredit, ManualPayment, Refund};
use trunkline_domain::customer::Customer;
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::status::{CustomerStatus, ResellerStanding, standing};
use trunkline_domain::time::Timestamp;
use trunkline_storage::payment::{AttemptOutcome, add_attempt, enable_auto};
use trunkline_storage::spending::{SpendingPlan, add_plan, set_day};
use trunkline_storage::writer::PostingFailure;
use trunkline_storage::{StorageError, Tx, customer, export, hold, invoice};

use crate::fixture::{Lot, currency, day, money, now, postpaid, prepaid, reseller, settle, suspension};
use crate::posting::assert_ledger;
use crate::world::{Done, World, policy};

const CUSTOMERS: [Id; 4] = [1, 2, 3, 4];
const RESELLER: Id = 4;

/// One edit of a customer, as staff or a clock make it.
fn edit(tx: &mut Tx<'_>, customer_id: Id, kind: usize, ids: [Id; 2], amount: i64) -> Done<()> {
    customer::lock(tx, customer_id)?;
    let facts = customer::load_facts(tx, &[customer_id])?.remove(0);
    let mut record = customer::load_one(tx, customer_id)?.unwrap();
    let [id, other] = ids;
    match kind {
        0 => {
            record.credit_limit = Some(money(&amount.to_string()));
            customer::save(tx, &record)?;
        }
        1 => {
            record.credit_limit = None;
            customer::save(tx, &record)?;
        }
        2 if facts.holds.iter().all(|hold| hold.kind != HoldKind::Block) => {
            hold::add(tx, customer_id, &crate::fixture::block(id), None, now())?
        }
        2 => {
            let blocks: Vec<Id> = facts.holds.iter().filter(|hold| hold.kind == HoldKind::Block).map(|hold| hold.hold_id).collect();
            hold::end(tx, customer_id, &blocks, now())?;
        }
        3 => {
            invoice::add(tx, customer_id, &crate::fixture::invoice(id, id, "05", &amount.to_string()))?;
            hold::add(tx, customer_id, &suspension(other, id, now().plus_days(-3)), None, now())?;
        }
        4 => customer::save_lifted_until(tx, customer_id, if amount % 2 == 0 { Some(now().plus_days(2)) } else { None })?,
        5 => set_day(tx, customer_id, day("2026-07-10"), money(&amount.to_string()), None)?,
        6 => add_attempt(
            tx,
            customer_id,
            id,
            if amount % 4 == 0 { AttemptOutcome::Success } else { AttemptOutcome::HardFailure },
            None,
            now(),
        )?,
        7 => export::start(tx, customer_id, id, "North", now())?,
        8 => export::roll_back_latest(tx, customer_id, now())?,
        _ => {
            let since = now().plus_seconds(-1);
            let termination = Hold {
                closes_at: Some(now().plus_days(30)),
                ..crate::fixture::hold(id, HoldKind::Termination, HoldCause::Staff { comment: None }, since)
            };
            if amount % 3 == 0 {
                hold::add(tx, customer_id, &termination, None, now())?;
            }
            let ended: Vec<Id> = facts.holds.iter().filter(|hold| hold.kind == HoldKind::Termination).map(|hold| hold.hold_id).collect();
            hold::end(tx, customer_id, &ended, now())?;
        }
    }
    settle(tx, customer_id, now())
}

/// What follows from the stored facts alone.
fn derived(world: &World, customer_id: Id) -> (CustomerStatus, Option<Timestamp>) {
    let facts = world.facts(customer_id);
    let above = facts.reseller_id.map(|reseller_id| {
        let reseller = standing(&world.facts(reseller_id), None, &policy(), now());
        ResellerStanding { reseller_id, name: String::new(), standing: reseller, explanations: Vec::new() }
    });
    let found = standing(&facts, above.as_ref(), &policy(), now());
    (found.shown(), found.changes_at)
}

fn populate(world: &World) {
    world
        .write(|tx| {
            let plan = SpendingPlan {
                spending_plan_id: 5,
                name: "Family".into(),
                currency: currency("EUR"),
                daily_limit: money("20"),
                warning_percent: None,
            };
            add_plan(tx, &plan, now())
        })
        .unwrap();
    world.add(&reseller(RESELLER, "Reseller"));
    world.add(&Customer { credit_limit: Some(money("20")), spending_plan_id: Some(5), ..postpaid(1, "Ada") });
    world.add(&Customer { spending_plan_id: Some(5), ..prepaid(2, "Bob") });
    world.add(&Customer { reseller_id: Some(RESELLER), ..postpaid(3, "Cid") });
    for id in CUSTOMERS {
        world.write(move |tx| enable_auto(tx, id, "Visa", now().plus_days(-1))).unwrap();
    }
}

on_both! {
    fn each_posting_decides_on_what_is_stored_and_stores_what_follows(world: &mut World) {
        populate(world);
        let mut lot = Lot::new(20_260_710);
        let mut balances = [0_i64; 5];
        for step in 0..400 {
            let customer_id = *lot.one_of(&CUSTOMERS);
            let index = usize::try_from(customer_id).unwrap();
            let amount = lot.amount(30);
            if lot.below(5) < 2 {
                let (kind, ids, is_refused) = (lot.below(10), [world.id(), world.id()], lot.below(5) == 0);
                let done = world.write(move |tx| {
                    edit(tx, customer_id, kind, ids, amount)?;
                    if is_refused { Err(StorageError::broken("refused at the end")) } else { Ok(()) }
                });
                assert_eq!(done.is_err(), is_refused, "step {step}, edit {kind}: {done:?}");
                continue;
            }
            let action = *lot.one_of(&[ManualCharge, ManualCharge, ManualCredit, ManualPayment, Refund]);
            match world.post(world.request(customer_id, action, &amount.to_string())) {
                Ok(answer) => {
                    balances[index] += action.owed(money(&amount.to_string())).unwrap().millionths();
                    assert_eq!(answer.balance, balances[index], "step {step}");
                    let (shown, changes_at) = derived(world, customer_id);
                    assert_eq!(answer.status, shown.code(), "step {step}");
                    let stored = world.read(move |tx| {
                        let sql = "select status_order, status_changes_at from customer_entry where customer_id = $1";
                        tx.query_first(sql, &[customer_id.into()], |row| Ok((row.get::<i64>(0)?, row.get::<Option<Timestamp>>(1)?)))
                    });
                    assert_eq!(stored.unwrap(), Some((shown.order(), changes_at)), "step {step}");
                    let facts = world.facts(customer_id);
                    assert_eq!(answer.unallocated, facts.unallocated.millionths(), "step {step}");
                    assert_eq!(facts.exhausted_since.is_some(), facts.is_exhausted(now()), "step {step}");
                }
                Err(PostingFailure::Refused(refusal)) => panic!("step {step}: {refusal}"),
                Err(other) => panic!("step {step}: {other:?}"),
            }
        }
        let outstanding = "select count(*) from invoice i left join open_invoice o on o.customer_id = i.customer_id and o.invoice_id = i.invoice_id \
                           where i.total - coalesce((select sum(a.amount) from invoice_allocation a where a.customer_id = i.customer_id \
                           and a.invoice_id = i.invoice_id), 0) <> coalesce(o.outstanding, 0)";
        assert_eq!(world.number(outstanding), 0, "an invoice's rest is not its total less what was allocated");
        let unused = "select count(*) from customer_balance b where b.unallocated < 0 or b.unallocated > coalesce((select sum(p.amount) from payment p \
                      where p.customer_id = b.customer_id), 0) - coalesce((select sum(a.amount) from invoice_allocation a where a.customer_id = b.customer_id), 0)";
        assert_eq!(world.number(unused), 0, "more is unallocated than was paid");
        assert_ledger(world);
    }

    fn edits_and_postings_of_many_at_once_end_in_what_the_facts_say(world: &mut World) {
        populate(world);
        let here = &*world;
        std::thread::scope(|scope| {
            for thread in 0..3 {
                scope.spawn(move || {
                    let mut lot = Lot::new(thread);
                    for _ in 0..80 {
                        let (customer_id, amount) = (*lot.one_of(&CUSTOMERS[..2]), lot.amount(30));
                        if lot.below(3) == 0 {
                            let (kind, ids) = (lot.below(7), [here.id(), here.id()]);
                            here.write(move |tx| edit(tx, customer_id, kind, ids, amount)).unwrap();
                        } else {
                            let action = *lot.one_of(&[ManualCharge, ManualCredit, ManualPayment]);
                            here.post(here.request(customer_id, action, &amount.to_string())).unwrap();
                        }
                    }
                });
            }
        });
        for customer_id in [1, 2] {
            let (shown, changes_at) = derived(world, customer_id);
            let stored = world.read(move |tx| {
                let sql = "select status_order, status_changes_at from customer_entry where customer_id = $1";
                tx.query_first(sql, &[customer_id.into()], |row| Ok((row.get::<i64>(0)?, row.get::<Option<Timestamp>>(1)?)))
            });
            assert_eq!(stored.unwrap(), Some((shown.order(), changes_at)), "customer {customer_id}");
        }
        assert_ledger(world);
    }
}
