//! Corrections: what was charged is taken back from everybody who got it, in part or whole, once; a period is charged anew (T28).

use trunkline_storage::installation;
use trunkline_storage::writer::UsageAnswer;
use trunkline_usecase::account::AccountNew;
use trunkline_usecase::bundle::{self, BundleNew};
use trunkline_usecase::correction::{self, CorrectionReport, CorrectionWanted, RerateReport, RerateWanted};
use trunkline_usecase::customer::{self, PageWanted};
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::bundle::{BundleItem, FirstPeriod, Measure, Renewal, UsedUp};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::rating::{Across, Uncharged};
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::product::{self, Holder, ProductChange};
use trunkline_usecase::rate::{self, RateNew};
use trunkline_usecase::session::Progress;
use trunkline_usecase::xdr::{self, XdrListRequest};
use trunkline_usecase::{Context, job, session};

use crate::account::{add, new_account};
use crate::product::{give, make, make_tariff, new_product, outgoing};
use crate::session::{call, end, key};
use crate::tariff::new_rate;
use crate::world::{World, admin, done, id_of, invalid, keyed, money, refused, start};

/// A reseller who pays 0.30 a minute and its customer who pays 0.60, with a credit account that has a limit of its own, and a debit one.
pub struct Carrier {
    pub reseller: Id,
    pub customer: Id,
    credit: Id,
    debit: Id,
    tariff: Id,
}

pub fn carrier(world: &World) -> Carrier {
    let (retail, wholesale) = (make_tariff(world, "Retail", "0.6"), make_tariff(world, "Wholesale", "0.3"));
    let (home, trunk) = (make(world, new_product("Home", outgoing(retail))), make(world, new_product("Trunk", outgoing(wholesale))));
    let reseller = world.reseller("Max");
    give(world, Holder::Reseller(reseller), trunk);
    let customer = world.subcustomer("Ada", reseller);
    let credit = add(world, AccountNew { credit_limit: Some(money("50")), ..new_account(customer, "15550100") });
    let with_money = AccountNew { model: AccountModel::Debit, opening_balance: money("10"), ..new_account(customer, "15550101") };
    let debit = add(world, with_money);
    for account in [credit, debit] {
        give(world, Holder::Account(account), home);
    }
    Carrier { reseller, customer, credit, debit, tariff: retail }
}

/// A call of so many seconds. Gives the id of its own xDR.
fn charged(world: &World, identity: &str, name: &str, seconds: u64) -> Id {
    let usage = call(identity, "442071234567");
    let stopped: Result<UsageAnswer> = session::stop(&world.app, &admin(), &key(name), Some(&usage), &end(0, seconds))
        .and_then(|ticket| ticket.wait().unwrap().map_err(Error::from));
    stopped.unwrap().session_id
}

fn whole(xdr_id: Id) -> CorrectionWanted {
    CorrectionWanted { xdr_id, amount: None, comment: None, hidden: false }
}

fn part(xdr_id: Id, amount: &str) -> CorrectionWanted {
    CorrectionWanted { amount: Some(money(amount)), ..whole(xdr_id) }
}

/// Amount, what was taken back, whether all of it was, what was made, and the balance.
fn told(report: &CorrectionReport) -> String {
    let made: Vec<String> = report.made.iter().map(|made| made.owed.to_string()).collect();
    format!("{} {} {} [{}] {}", report.owed, report.corrected, report.is_reverted, made.join(" "), report.balance)
}

fn correct_as(world: &World, context: &Context, wanted: CorrectionWanted) -> Result<String> {
    correct_all(world, context, vec![wanted])
}

fn correct_all(world: &World, context: &Context, wanted: Vec<CorrectionWanted>) -> Result<String> {
    done(correction::correct(&world.app, context, wanted, |reports| reports.iter().map(told).collect::<Vec<_>>().join("; ")))
}

fn correct(world: &World, wanted: CorrectionWanted) -> Result<String> {
    correct_as(world, &admin(), wanted)
}

fn told_rerated(report: &RerateReport) -> String {
    let RerateReport { xdrs, changed, refused, charged_before, charged_after, .. } = report;
    format!("{xdrs} {changed} {refused} {charged_before} {charged_after}")
}

fn rerate(world: &World, customer_id: Id, preview: bool) -> Result<String> {
    let wanted = RerateWanted { customer_id, from: start(), before: start().plus_days(1), service: None, preview };
    correction::rerate(&world.app, &admin(), &wanted, told_rerated)
}

/// Balances as they are stored: of the customer, the reseller, the credit account, the debit account.
pub fn balances(world: &World, of: &Carrier) -> [String; 4] {
    let balance = |id: Id| world.get(id).unwrap().facts.balance.to_string();
    let account = |id: Id| {
        let text = "select balance from account where account_id = $1";
        trunkline_usecase::domain::money::Money::from_millionths(world.number_of(text, id)).to_string()
    };
    [balance(of.customer), balance(of.reseller), account(of.credit), account(of.debit)]
}

/// How each xDR of the customer stands: amount, what was taken back, whether all was.
fn listed(world: &World, customer_id: Id) -> Vec<String> {
    let request = XdrListRequest { customer_id: Some(customer_id), limit: 100, page: PageWanted::First, ..XdrListRequest::default() };
    let page = done(xdr::list(&world.app, &admin(), request)).unwrap();
    let corrected =
        |view: &xdr::XdrView| view.corrected.map_or("-".to_owned(), |corrected| format!("{} {}", corrected.owed, corrected.is_reverted));
    page.rows.iter().map(|view| format!("{} {} {}", view.kind.code(), view.xdr.owed, corrected(view))).collect()
}

on_both! {
    fn a_reversed_call_is_given_back_to_everybody_who_paid_and_once(world: &mut World) {
        let of = carrier(world);
        let by_credit = charged(world, "15550100", "a", 61);
        let by_debit = charged(world, "15550101", "b", 61);
        assert_eq!(balances(world, &of), ["1.2", "1.2", "1.2", "-8.8"]);
        let context = keyed(&admin(), "k", "f");
        let first = correct_as(world, &context, whole(by_credit)).unwrap();
        assert_eq!(first, "1.2 -1.2 true [-1.2 -0.6] 0");
        assert_eq!(correct_as(world, &context, whole(by_credit)).unwrap(), first);
        refused(correct_as(world, &keyed(&admin(), "k", "g"), whole(by_debit)), "idempotency_key_reused");
        assert_eq!(balances(world, &of), ["0", "0.6", "0", "-8.8"]);
        assert_eq!(correct(world, whole(by_debit)).unwrap(), "1.2 -1.2 true [-1.2 -0.6] 0");
        assert_eq!(balances(world, &of), ["0", "0", "0", "-10"]);
        let before = world.traces();
        assert_eq!(correct(world, whole(by_debit)).unwrap(), "1.2 -1.2 true [] 0");
        assert_eq!(world.traces(), before);
        assert_eq!(listed(world, of.customer), ["charge 1.2 -1.2 true", "charge 1.2 -1.2 true", "credit -1.2 0 false", "credit -1.2 0 false"]);
        assert_eq!(world.differences(), Vec::<String>::new());
        // The switch repeats itself: what was reversed is not charged again.
        charged(world, "15550100", "a", 61);
        assert_eq!(balances(world, &of), ["0", "0", "0", "-10"]);
    }

    /// What was confirmed was given back. The end that comes late adds what was missing, and does not charge again what was given back.
    fn a_late_end_of_a_lost_call_that_was_reversed_adds_the_rest_alone(world: &mut World) {
        let of = carrier(world);
        let usage = call("15550100", "442071234567");
        let taken = |asked: Result<session::Decision>| asked.unwrap().wait().unwrap().map_err(Error::from).unwrap();
        let begun = Progress { started_at: Some(world.now()), used_units: 61, ..Progress::default() };
        taken(session::report(&world.app, &admin(), &key("a"), Some(&usage), &begun, Some(60)));
        job::advance_test_clock(&world.app, &admin(), world.now().plus_seconds(180)).unwrap();
        assert_eq!(balances(world, &of), ["1.2", "0.6", "1.2", "-10"]);
        let lost = world.number_of("select xdr_id from xdr where customer_id = $1 and cause = 'timeout'", of.customer);
        assert_eq!(correct(world, whole(lost)).unwrap(), "1.2 -1.2 true [-1.2 -0.6] 0");
        let late = || taken(session::stop(&world.app, &admin(), &key("a"), Some(&usage), &end(0, 121)));
        assert_eq!(late().charged, money("0.6"));
        assert_eq!(balances(world, &of), ["0.6", "0.3", "0.6", "-10"]);
        assert_eq!(late().charged, money("0.6"));
        assert_eq!(balances(world, &of), ["0.6", "0.3", "0.6", "-10"]);
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn a_part_is_given_back_and_the_rest_is_reversed(world: &mut World) {
        let of = carrier(world);
        let xdr = charged(world, "15550100", "a", 61);
        assert_eq!(correct(world, part(xdr, "0.5")).unwrap(), "1.2 -0.5 false [-0.5] 0.7");
        refused(correct(world, part(xdr, "0.70001")), "more_than_left");
        refused(correct(world, part(xdr, "0")), "amount_not_positive");
        assert_eq!(balances(world, &of), ["0.7", "0.6", "0.7", "-10"]);
        assert_eq!(correct(world, whole(xdr)).unwrap(), "1.2 -1.2 true [-0.7 -0.6] 0");
        refused(correct(world, part(xdr, "0.1")), "more_than_left");
        assert_eq!(listed(world, of.customer), ["charge 1.2 -1.2 true", "credit -0.5 0 false", "credit -0.7 0 false"]);
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn what_is_no_charge_is_not_reversed(world: &mut World) {
        let id = world.add("Ada");
        let paid = world.post(id, PostingAction::ManualPayment, "5").unwrap().xdr_id;
        refused(correct(world, whole(paid)), "xdr_is_payment");
        let posted = world.post(id, PostingAction::ManualCharge, "7").unwrap().xdr_id;
        assert_eq!(correct(world, whole(posted)).unwrap(), "7 -7 true [-7] -5");
        let made = world.number("select max(xdr_id) from xdr");
        refused(correct(world, whole(made)), "xdr_is_correction");
        refused(correct(world, whole(4_711)), "not_found");
        let long = CorrectionWanted { comment: Some("x".repeat(501)), ..whole(posted) };
        assert_eq!(invalid(correct(world, long)), ("comment".to_owned(), "too_long"));
        let late = world.post(id, PostingAction::ManualCharge, "1").unwrap().xdr_id;
        done(customer::terminate(&world.app, &admin(), id, customer::Termination::Permanent, None, id_of)).unwrap();
        refused(correct(world, whole(late)), "customer_closed");
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn several_are_reversed_together_or_not_at_all(world: &mut World) {
        let of = carrier(world);
        let (a, b) = (charged(world, "15550100", "a", 61), charged(world, "15550101", "b", 61));
        let before = (world.traces(), balances(world, &of));
        refused(correct_all(world, &admin(), vec![whole(a), whole(4_711), whole(b)]), "not_found");
        refused(correct_all(world, &admin(), vec![whole(a), part(b, "1.3")]), "more_than_left");
        assert_eq!((world.traces(), balances(world, &of)), before);
        assert_eq!(correct_all(world, &admin(), vec![whole(a), whole(b), whole(a)]).unwrap(), "1.2 -1.2 true [-1.2 -0.6] 0; 1.2 -1.2 true [-1.2 -0.6] 0; 1.2 -1.2 true [] 0");
        assert_eq!(balances(world, &of), ["0", "0", "0", "-10"]);
        assert_eq!(invalid(correct_all(world, &admin(), Vec::new())), ("xdrs".to_owned(), "out_of_range"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn a_status_follows_a_reversal_at_once(world: &mut World) {
        let id = world.create(customer::CustomerNew { credit_limit: Some(money("5")), ..crate::world::new_customer(world, "Ada") });
        let xdr = world.post(id, PostingAction::ManualCharge, "5").unwrap().xdr_id;
        assert_eq!(world.status(id), "credit_exceeded");
        correct(world, whole(xdr)).unwrap();
        assert_eq!((world.status(id), world.stored(id).0.code()), ("active", "active"));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    /// T28.
    fn a_period_charged_anew_twice_is_charged_as_if_once(world: &mut World) {
        let of = carrier(world);
        charged(world, "15550100", "a", 61);
        let refunded = charged(world, "15550101", "b", 61);
        correct(world, part(refunded, "0.2")).unwrap();
        let reversed = charged(world, "15550100", "c", 61);
        correct(world, whole(reversed)).unwrap();
        charged(world, "15550101", "d", 10);
        assert_eq!(balances(world, &of), ["1.2", "1.5", "1.2", "-8.4"]);
        world.advance(start().plus_seconds(60));
        assert_eq!(rerate(world, of.customer, false).unwrap(), "2 0 0 0 0");
        // The right price was forgotten: it holds since the day before.
        let right = RateNew { effective_from: Some(start().plus_days(-1)), ..new_rate("4420", "0.9") };
        done(rate::create(&world.app, &admin(), of.tariff, right, |_| String::new())).unwrap();
        let before = world.traces();
        assert_eq!(rerate(world, of.customer, true).unwrap(), "2 2 0 1.8 2.7");
        assert_eq!(world.traces(), before);
        assert_eq!(rerate(world, of.customer, false).unwrap(), "2 2 0 1.8 2.7");
        let once = balances(world, &of);
        assert_eq!(once, ["1.8", "1.5", "1.8", "-8.1"]);
        for _ in 0..2 {
            world.advance(world.now().plus_seconds(60));
            assert_eq!(rerate(world, of.customer, false).unwrap(), "2 0 0 0 0");
            assert_eq!(balances(world, &of), once);
        }
        // Charged anew a third time: what stands now is what is taken back.
        let dearer = RateNew { effective_from: Some(start().plus_days(-1)), ..new_rate("44207", "1.5") };
        done(rate::create(&world.app, &admin(), of.tariff, dearer, |_| String::new())).unwrap();
        world.advance(world.now().plus_seconds(60));
        assert_eq!(rerate(world, of.customer, false).unwrap(), "2 2 0 2.7 4.5");
        assert_eq!(balances(world, &of), ["3", "1.5", "3", "-7.5"]);
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    /// A volume that was taken is given back with what was charged, and what a bundle covered it covers again.
    fn a_volume_goes_back_with_the_charge_that_took_it(world: &mut World) {
        let of = carrier(world);
        let home = world.number("select min(product_id) from product");
        let item = BundleItem {
            item_id: 0,
            service: Service::Voice,
            direction: Direction::Outgoing,
            prefixes: Vec::new(),
            measure: Measure::Units,
            volume: Some(120),
            renewal: Renewal::Monthly,
            rollover_periods: 0,
            used_up: UsedUp::Tariff,
            first_period: FirstPeriod::Full,
        };
        let new = BundleNew { name: "Minutes".into(), across: Across::Split, items: vec![item] };
        let made = done(bundle::create(&world.app, &admin(), new, |made| made.bundle_id.to_string())).unwrap();
        let with_bundle = ProductChange { bundle_id: Some(Some(made.parse().unwrap())), ..ProductChange::default() };
        done(product::update(&world.app, &admin(), home, with_bundle, |_| String::new())).unwrap();
        let left = |account: Id| {
            let items = done(bundle::of_account(&world.app, &admin(), account)).unwrap();
            items.iter().flat_map(|item| item.periods.iter().map(|period| (period.volume, period.taken))).collect::<Vec<_>>()
        };
        assert_eq!(left(of.credit), [(Some(120), 0)]);
        // Two minutes are covered and three are not; the reseller pays for all five.
        let first = charged(world, "15550100", "a", 300);
        assert_eq!((left(of.credit), left(of.debit)), (vec![(Some(120), 120)], vec![(Some(120), 0)]));
        assert_eq!(balances(world, &of), ["1.8", "1.5", "1.8", "-10"]);
        // The covered part alone: the minutes are there again, and the money stays.
        assert_eq!(correct(world, whole(first)).unwrap(), "0 0 true [0] 1.8");
        assert_eq!(left(of.credit), [(Some(120), 0)]);
        assert_eq!(balances(world, &of), ["1.8", "1.5", "1.8", "-10"]);
        let rest = world.number("select max(xdr_id) from xdr where split_no = 2");
        assert_eq!(correct(world, whole(rest)).unwrap(), "1.8 -1.8 true [-1.8 -1.5] 0");
        assert_eq!(balances(world, &of), ["0", "0", "0", "-10"]);
        // The minutes that were given back are there for the next call.
        charged(world, "15550100", "c", 120);
        assert_eq!((left(of.credit), balances(world, &of)), (vec![(Some(120), 120)], ["0", "0.6", "0", "-10"].map(String::from)));
        // A call that a bundle covered whole costs nothing by another price either, and the next one has what is left.
        charged(world, "15550101", "b", 60);
        assert_eq!((left(of.debit), balances(world, &of)), (vec![(Some(120), 60)], ["0", "0.9", "0", "-10"].map(String::from)));
        world.advance(start().plus_seconds(60));
        let dearer = RateNew { effective_from: Some(start().plus_days(-1)), ..new_rate("4420", "0.9") };
        done(rate::create(&world.app, &admin(), of.tariff, dearer, |_| String::new())).unwrap();
        assert_eq!(rerate(world, of.customer, false).unwrap(), "2 0 0 0 0");
        assert_eq!(left(of.debit), [(Some(120), 60)]);
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    /// T39: what was not billed says why, and which causes are not billed is the installation's policy.
    fn t39_what_was_not_charged_says_why(world: &mut World) {
        world.write(|tx| Ok(installation::set(tx, "uncharged_causes", "34, 41")?));
        world.restart();
        let of = carrier(world);
        let why = |xdr_id: Id| {
            let detail = done(xdr::get(&world.app, &admin(), xdr_id)).unwrap();
            (detail.view.xdr.owed.to_string(), detail.uncharged.map(Uncharged::code))
        };
        let ended = |name: &str, cld: &str, seconds: u64, cause: &str| {
            let end = session::End { cause: Some(cause.to_owned()), ..end(0, seconds) };
            let usage = call("15550101", cld);
            let stopped: Result<UsageAnswer> = session::stop(&world.app, &admin(), &key(name), Some(&usage), &end)
                .and_then(|ticket| ticket.wait().unwrap().map_err(Error::from));
            stopped.unwrap().session_id
        };
        assert_eq!(why(ended("a", "442071234567", 61, "16")), ("1.2".to_owned(), None));
        let failed = ended("b", "442071234567", 61, "41");
        assert_eq!(why(failed), ("0".to_owned(), Some("failed")));
        assert_eq!(why(ended("c", "442071234567", 0, "17")), ("0".to_owned(), Some("no_usage")));
        assert_eq!(why(ended("d", "112", 61, "16")), ("0".to_owned(), Some("emergency")));
        assert_eq!(balances(world, &of), ["0", "0.6", "0", "-8.8"]);
        // It stays so where it is charged anew.
        world.advance(start().plus_seconds(60));
        assert_eq!(rerate(world, of.customer, false).unwrap(), "3 0 0 0 0");
        assert_eq!(why(failed), ("0".to_owned(), Some("failed")));
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn what_has_no_price_any_more_stays_as_it_is(world: &mut World) {
        let of = carrier(world);
        charged(world, "15550100", "a", 61);
        world.advance(start().plus_seconds(60));
        done(trunkline_usecase::product::take_away(&world.app, &admin(), Holder::Reseller(of.reseller), world.number("select max(product_id) from product"))).unwrap();
        assert_eq!(rerate(world, of.customer, false).unwrap(), "1 1 0 1.2 1.2");
        assert_eq!(balances(world, &of), ["1.2", "0", "1.2", "-10"]);
        done(trunkline_usecase::product::take_away(&world.app, &admin(), Holder::Account(of.credit), world.number("select min(product_id) from product"))).unwrap();
        world.advance(start().plus_seconds(120));
        assert_eq!(rerate(world, of.customer, false).unwrap(), "1 0 1 0 0");
        assert_eq!(balances(world, &of), ["1.2", "0", "1.2", "-10"]);
        let backwards = RerateWanted { customer_id: of.customer, from: start(), before: start(), service: None, preview: true };
        assert_eq!(invalid(correction::rerate(&world.app, &admin(), &backwards, told_rerated)), ("bill_time_before".to_owned(), "range_reversed"));
        refused(rerate(world, 4_711, true), "not_found");
        assert_eq!(world.differences(), Vec::<String>::new());
    }
}
