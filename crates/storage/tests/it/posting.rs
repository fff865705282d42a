//! Hot decisions: what a posting writes, batches, many at once (T8), refusals, payments with their invoices.

use std::sync::mpsc;

use trunkline_domain::balance::PostingAction::{ManualCharge, ManualCredit, ManualPayment, PromotionalCredit, Refund};
use trunkline_domain::customer::Customer;
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::refusal::Refusal;
use trunkline_storage::writer::{AllocationAnswer, PostingAnswer, PostingFailure};
use trunkline_storage::{Ticket, customer, export, hold, invoice};

use crate::fixture::{block, insert, money, now, postpaid, prepaid, reseller, settle, suspension, utc};
use crate::world::{Done, World};

/// Holds up every posting of `customer_id` until it is let go: the writer, or the customer's row, is busy.
pub struct HeldUp {
    go: mpsc::Sender<()>,
    ticket: Ticket<Done<()>>,
}

impl HeldUp {
    pub fn on(world: &World, customer_id: Id) -> HeldUp {
        let (has_begun, begun) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        let ticket = world.database().write(move |tx| {
            customer::lock(tx, customer_id)?;
            has_begun.send(()).unwrap();
            let _ = may_go.recv();
            Ok(())
        });
        begun.recv().unwrap();
        HeldUp { go, ticket }
    }

    pub fn let_go(self) {
        self.go.send(()).unwrap();
        self.ticket.wait().unwrap().unwrap();
    }
}

/// Balance = opening balance and the sum of postings; each posting has its xDR.
#[track_caller]
pub fn assert_ledger(world: &World) {
    let off = "select count(*) from customer_balance b join customer c on c.customer_id = b.customer_id where b.balance - c.opening_balance <> \
               coalesce((select sum(p.owed) from posting p where p.customer_id = b.customer_id), 0)";
    assert_eq!(world.number(off), 0, "balances that are not the sum of their postings");
    let lonely = "select count(*) from posting p where not exists (select 1 from xdr x where x.customer_id = p.customer_id \
                  and x.xdr_id = p.xdr_id and x.owed = p.owed and x.bill_time = p.posted_at)";
    assert_eq!(world.number(lonely), 0, "postings without their xDR");
    assert_eq!(world.number("select count(*) from posting"), world.number("select count(*) from xdr"), "xDRs without their posting");
}

/// Rows of every table that a posting can write.
fn written(world: &World) -> Vec<i64> {
    [
        "select count(*) from posting",
        "select count(*) from xdr",
        "select count(*) from payment",
        "select count(*) from invoice_allocation",
        "select count(*) from audit",
        "select count(*) from outbox",
        "select count(*) from idempotency",
        "select count(*) from job",
        "select sum(balance) from customer_balance",
        "select sum(outstanding) from open_invoice",
    ]
    .map(|sql| world.number(sql))
    .to_vec()
}

fn millionths(units: i64) -> i64 {
    units * 1_000_000
}

on_both! {
    fn a_charge_writes_its_posting_its_xdr_its_trail_and_its_event_in_one_commit(world: &mut World) {
        world.add(&Customer { credit_limit: Some(money("10")), ..postpaid(7, "Ada") });
        let mut request = world.request(7, ManualCharge, "12.34567");
        request.visible_comment = Some("set-up".to_owned());
        request.internal_comment = Some("as agreed; \"quoted\" 👍".to_owned());
        let ids = request.ids;
        let answer = world.post(request).unwrap();
        assert_eq!(
            answer,
            PostingAnswer {
                customer_id: 7,
                posting_id: ids.posting_id,
                xdr_id: ids.xdr_id,
                payment_id: None,
                balance: 12_345_670,
                unallocated: 0,
                allocations: Vec::new(),
                status: "credit_exceeded".to_owned(),
            }
        );
        let posting = "select kind || '|' || cast(owed as text) || '|' || cast(posted_at as text) from posting";
        assert_eq!(world.rows(posting), [format!("manual_charge|12345670|{}", now().microseconds())]);
        let xdr = "select service || '|' || cld || '|' || visible_comment || '|' || internal_comment || '|' || cast(quantity as text) || '|' || \
                   cast(owed as text) || '|' || cast(staff_id as text) || '|' || coalesce(cli, 'none') from xdr where started_at = ended_at and ended_at = bill_time";
        assert_eq!(world.rows(xdr), ["adjustments|Manual charge|set-up|as agreed; \"quoted\" 👍|1|12345670|9|none"]);
        let audit = "select actor || '|' || action || '|' || detail from audit";
        let detail = format!("{{\"action\":\"manual_charge\",\"amount\":\"12.34567\",\"posting_id\":{}}}", ids.posting_id);
        assert_eq!(world.rows(audit), [format!("staff:9|transaction.post|{detail}")]);
        let event = "select event_type || '|' || payload from outbox";
        let payload = format!(
            "{{\"balance\":\"12.34567\",\"customer_id\":7,\"posting_id\":{},\"previous_balance\":\"0\",\"status\":\"credit_exceeded\"}}",
            ids.posting_id
        );
        assert_eq!(world.rows(event), [format!("customer.balance_changed|{payload}")]);
        assert_eq!(world.number("select status_order from customer_entry"), 1_200);
        assert_eq!(world.number("select status_order from customer_amount"), 1_200);
        assert_eq!(world.facts(7).exhausted_since, Some(now()));
        assert_eq!(world.number("select count(*) from payment"), 0);
        assert_ledger(world);
    }

    fn every_action_moves_the_balance_by_its_sign(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        for (action, balance, unallocated) in
            [(ManualCharge, 10, 0), (ManualCredit, 0, 0), (ManualPayment, -10, 10), (PromotionalCredit, -20, 10), (Refund, -10, 0)]
        {
            let answer = world.post(world.request(7, action, "10")).unwrap();
            assert_eq!((answer.balance, answer.unallocated), (millionths(balance), millionths(unallocated)), "{}", action.code());
            assert_eq!(answer.payment_id.is_some(), action == ManualPayment);
        }
        assert_eq!(
            world.rows("select service || '|' || cld || '|' || cast(owed as text) from xdr order by xdr_id"),
            [
                "adjustments|Manual charge|10000000",
                "adjustments|Manual credit|-10000000",
                "payments|Manual payment|-10000000",
                "promotions|Promotional credit|-10000000",
                "payments|Refund|10000000"
            ]
        );
        assert_ledger(world);
    }

    /// T8: 1,000 charges of 1 and 500 credits of 3, from many at once.
    fn many_postings_at_once_on_one_customer_lose_nothing(world: &mut World) {
        world.add(&Customer { opening_balance: money("100"), ..postpaid(7, "Ada") });
        let here = &*world;
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(move || {
                    let charges = (0..100).map(|_| here.database().post(here.request(7, ManualCharge, "1")));
                    let credits = (0..50).map(|_| here.database().post(here.request(7, ManualCredit, "3")));
                    let tickets: Vec<_> = charges.chain(credits).collect();
                    tickets.into_iter().for_each(|ticket| drop(ticket.wait().unwrap().unwrap()));
                });
            }
        });
        assert_eq!(world.facts(7).balance, money("-400"));
        assert_eq!(world.number("select count(*) from posting"), 1_500);
        assert_ledger(world);
    }

    fn postings_of_several_customers_at_once_stay_apart(world: &mut World) {
        let customers: Vec<Id> = (1..=40).collect();
        world
            .write({
                let customers = customers.clone();
                move |tx| customers.iter().try_for_each(|id| insert(tx, &postpaid(*id, &format!("Customer {id}")), now()))
            })
            .unwrap();
        let here = &*world;
        let customers = &customers;
        std::thread::scope(|scope| {
            for thread in 0..4_usize {
                scope.spawn(move || {
                    let asked = (0..250_usize).map(|number| customers[(number * 7 + thread) % customers.len()]);
                    let tickets: Vec<_> = asked.map(|id| here.database().post(here.request(id, ManualCharge, &id.to_string()))).collect();
                    tickets.into_iter().for_each(|ticket| drop(ticket.wait().unwrap().unwrap()));
                });
            }
        });
        let mut sums = vec![0; 41];
        for thread in 0..4_usize {
            for number in 0..250_usize {
                let id = customers[(number * 7 + thread) % customers.len()];
                sums[usize::try_from(id).unwrap()] += millionths(id);
            }
        }
        for id in customers {
            assert_eq!(world.facts(*id).balance.millionths(), sums[usize::try_from(*id).unwrap()], "customer {id}");
        }
        assert_ledger(world);
    }

    fn postings_of_one_customer_in_one_batch_see_each_other(world: &mut World) {
        world.add(&Customer { credit_limit: Some(money("2")), ..postpaid(7, "Ada") });
        world.add(&postpaid(8, "Bob"));
        let held_up = HeldUp::on(world, 7);
        let tickets: Vec<_> = [(7, ManualCharge, "1"), (8, ManualCharge, "5"), (7, ManualCharge, "1"), (7, ManualPayment, "1.5"), (7, Refund, "2")]
            .into_iter()
            .map(|(id, action, amount)| world.database().post(world.request(id, action, amount)))
            .collect();
        held_up.let_go();
        let answers: Vec<_> = tickets.into_iter().map(|ticket| ticket.wait().unwrap().unwrap()).collect();
        let seen: Vec<_> = answers.iter().map(|answer| (answer.customer_id, answer.balance, answer.unallocated, answer.status.as_str())).collect();
        assert_eq!(
            seen,
            [
                (7, 1_000_000, 0, "active"),
                (8, 5_000_000, 0, "active"),
                (7, 2_000_000, 0, "credit_exceeded"),
                (7, 500_000, 1_500_000, "active"),
                (7, 2_500_000, 0, "credit_exceeded")
            ]
        );
        assert_eq!(world.facts(7).exhausted_since, Some(now()));
        assert_eq!(world.number("select status_order from customer_entry where customer_id = 7"), 1_200);
        assert_ledger(world);
    }

    fn a_payment_pays_the_oldest_invoice_first_and_lifts_the_suspension_in_its_commit(world: &mut World) {
        let customer = Customer { lifted_until: None, opening_balance: money("50"), ..postpaid(7, "Ada") };
        world.add(&customer);
        world
            .write(|tx| {
                invoice::add(tx, 7, &crate::fixture::invoice(61, 1, "05", "30"))?;
                invoice::add(tx, 7, &crate::fixture::invoice(62, 2, "06", "20"))?;
                hold::add(tx, 7, &suspension(71, 61, utc("2026-06-01T00:00:00Z")), None, now())?;
                hold::add(tx, 7, &suspension(72, 62, utc("2026-07-12T00:00:00Z")), None, now())?;
                settle(tx, 7, now())
            })
            .unwrap();
        assert_eq!(world.number("select status_order from customer_entry"), 600);
        let first = world.post(world.request(7, ManualPayment, "10")).unwrap();
        assert_eq!(first.allocations, [AllocationAnswer { invoice_id: 61, number: 1, amount: millionths(10), settles: false }]);
        assert_eq!((first.status.as_str(), first.unallocated), ("suspended", 0));
        assert_eq!(world.facts(7).open_invoices[0].outstanding, money("20"));
        let second = world.post(world.request(7, ManualPayment, "25")).unwrap();
        assert_eq!(
            second.allocations,
            [
                AllocationAnswer { invoice_id: 61, number: 1, amount: millionths(20), settles: true },
                AllocationAnswer { invoice_id: 62, number: 2, amount: millionths(5), settles: false }
            ]
        );
        assert_eq!((second.status.as_str(), second.balance), ("active", millionths(15)));
        assert_eq!(world.number("select status_order from customer_entry"), 1_700);
        // The planned suspension of the second invoice is what comes next.
        assert_eq!(world.number("select status_changes_at from customer_entry"), utc("2026-07-12T00:00:00Z").microseconds());
        let third = world.post(world.request(7, ManualPayment, "40")).unwrap();
        assert_eq!((third.unallocated, third.balance), (millionths(25), millionths(-25)));
        assert_eq!(world.number("select count(*) from open_invoice"), 0);
        // What had begun is ended and kept; what was only planned is gone.
        let holds = "select cast(hold_id as text) || '|' || coalesce(cast(ends_at as text), 'open') from hold order by hold_id";
        assert_eq!(world.rows(holds), [format!("71|{}", now().microseconds())]);
        assert_eq!(world.number("select count(*) from customer_entry where status_changes_at is null and status_order = 1700"), 1);
        let parts = "select cast(invoice_id as text) || '|' || cast(amount as text) from invoice_allocation order by invoice_id, payment_id";
        assert_eq!(world.rows(parts), ["61|10000000", "61|20000000", "62|5000000", "62|15000000"]);
        assert_eq!(world.number("select sum(amount) from payment"), millionths(75));
        assert_ledger(world);
    }

    fn a_payment_erases_the_date_of_a_lifted_suspension(world: &mut World) {
        let until = utc("2026-07-20T21:00:00Z");
        world.add(&Customer { lifted_until: Some(until), ..postpaid(7, "Ada") });
        world
            .write(|tx| {
                invoice::add(tx, 7, &crate::fixture::invoice(61, 1, "05", "30"))?;
                hold::add(tx, 7, &suspension(71, 61, utc("2026-06-01T00:00:00Z")), None, now())?;
                settle(tx, 7, now())
            })
            .unwrap();
        assert_eq!(world.number("select status_order from customer_entry"), 1_500);
        let part = world.post(world.request(7, ManualPayment, "29.99999")).unwrap();
        assert_eq!(part.status, "suspension_delayed");
        assert_eq!(world.facts(7).lifted_until, Some(until));
        let rest = world.post(world.request(7, ManualPayment, "0.00001")).unwrap();
        assert_eq!(rest.status, "active");
        assert_eq!(world.facts(7).lifted_until, None);
        assert_eq!(world.number("select count(*) from customer_entry where status_changes_at is null"), 1);
    }

    fn a_refusal_writes_nothing(world: &mut World) {
        world.add(&postpaid(1, "Open"));
        world.add(&postpaid(2, "Closed"));
        world.add(&postpaid(3, "Exported"));
        world.add(&reseller(4, "Reseller"));
        world.add(&Customer { reseller_id: Some(4), ..postpaid(5, "Subcustomer") });
        world.add(&prepaid(6, "Rich"));
        world
            .write(|tx| {
                let closed = Hold { closes_at: Some(now()), ..crate::fixture::hold(80, HoldKind::Termination, HoldCause::Staff { comment: None }, now()) };
                hold::add(tx, 2, &closed, None, now())?;
                export::start(tx, 3, 81, "North", now())?;
                export::end(tx, 3, 81, trunkline_domain::export::ExportPhase::Finished, now())?;
                settle(tx, 2, now())?;
                settle(tx, 3, now())
            })
            .unwrap();
        world.post(world.request(6, ManualCredit, "9223372036854")).unwrap();
        let before = written(world);
        let cases = [
            (99, None, "1", Refusal::CustomerNotFound),
            (5, Some(77), "1", Refusal::CustomerNotFound),
            (1, Some(4), "1", Refusal::CustomerNotFound),
            (4, Some(4), "1", Refusal::CustomerNotFound),
            (2, None, "0", Refusal::CustomerClosed),
            (3, None, "0", Refusal::CustomerExported),
            (1, None, "0", Refusal::AmountNotPositive),
            (1, None, "-1", Refusal::AmountNotPositive),
            (1, None, "0.000001", Refusal::AmountTooPrecise { digits: 5 }),
            (6, None, "9223372036854", Refusal::AmountTooLarge),
        ];
        for (customer_id, reseller_scope, amount, wanted) in cases {
            let mut request = world.request(customer_id, ManualCredit, amount);
            request.reseller_scope = reseller_scope;
            request.request_key = Some(crate::request::key("k", &format!("{wanted:?}")));
            match world.post(request) {
                Err(PostingFailure::Refused(refusal)) => assert_eq!(refusal, wanted),
                other => panic!("{wanted:?} expected, not {other:?}"),
            }
        }
        assert_eq!(written(world), before);
        let mut inside = world.request(5, ManualCredit, "1");
        inside.reseller_scope = Some(4);
        assert_eq!(world.post(inside).unwrap().balance, millionths(-1));
    }

    fn refused_and_done_in_one_batch_do_not_disturb_each_other(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let held_up = HeldUp::on(world, 7);
        let asked = [(7, "1"), (99, "1"), (7, "0"), (7, "2"), (7, "0.000001"), (7, "3")];
        let tickets: Vec<_> = asked.into_iter().map(|(id, amount)| world.database().post(world.request(id, ManualCharge, amount))).collect();
        held_up.let_go();
        let answers: Vec<Option<i64>> = tickets.into_iter().map(|ticket| ticket.wait().unwrap().ok().map(|answer| answer.balance)).collect();
        assert_eq!(answers, [Some(1_000_000), None, None, Some(3_000_000), None, Some(6_000_000)]);
        assert_eq!(world.number("select count(*) from posting"), 3);
        assert_ledger(world);
    }

    fn a_payment_that_frees_a_reseller_leaves_a_job_for_its_customers(world: &mut World) {
        world.add(&reseller(4, "Reseller"));
        world.add(&Customer { reseller_id: Some(4), ..postpaid(5, "Subcustomer") });
        world
            .write(|tx| {
                invoice::add(tx, 4, &crate::fixture::invoice(61, 1, "05", "30"))?;
                hold::add(tx, 4, &suspension(71, 61, utc("2026-06-01T00:00:00Z")), None, now())?;
                settle(tx, 4, now())?;
                settle(tx, 5, now())
            })
            .unwrap();
        assert_eq!(world.number("select status_order from customer_entry where customer_id = 5"), 700);
        // The subcustomer's own posting knows what it inherits.
        assert_eq!(world.post(world.request(5, ManualCharge, "1")).unwrap().status, "reseller_suspended");
        assert_eq!(world.number("select count(*) from job"), 0);
        let request = world.request(4, ManualPayment, "30");
        let job_id = request.ids.job_id;
        assert_eq!(world.post(request).unwrap().status, "active");
        let job = "select cast(customer_id as text) || '|' || cast(job_id as text) || '|' || kind || '|' || payload || '|' || cast(run_at as text) from job";
        assert_eq!(world.rows(job), [format!("4|{job_id}|spread_reseller_status||{}", now().microseconds())]);
        assert_eq!(world.post(world.request(5, ManualCharge, "1")).unwrap().status, "active");
        // A reseller of which nothing is inherited leaves none.
        world.post(world.request(4, ManualCharge, "1")).unwrap();
        assert_eq!(world.number("select count(*) from job"), 1);
        // Its customers know when it will change: a payment that takes a planned step away moves that moment.
        world
            .write(|tx| {
                invoice::add(tx, 4, &crate::fixture::invoice(62, 2, "06", "30"))?;
                hold::add(tx, 4, &suspension(72, 62, utc("2026-07-12T00:00:00Z")), None, now())?;
                settle(tx, 4, now())
            })
            .unwrap();
        world.post(world.request(4, ManualPayment, "30")).unwrap();
        assert_eq!(world.number("select count(*) from job"), 2);
    }

    fn a_blocked_customer_can_be_posted_to_and_stays_blocked(world: &mut World) {
        world.add(&Customer { credit_limit: Some(money("1")), ..postpaid(7, "Ada") });
        world.write(|tx| hold::add(tx, 7, &block(70), None, now()).and_then(|()| settle(tx, 7, now()))).unwrap();
        assert_eq!(world.post(world.request(7, ManualCharge, "1")).unwrap().status, "blocked");
        assert_eq!(world.facts(7).exhausted_since, Some(now()));
    }
}
