//! The SQL of each noun: what is written comes back whole, keys clash by a word and not by an error, deleting leaves nothing.

use trunkline_domain::account::{AccountFacts, AccountModel, AccountState, Screening};
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, Customer, CustomerType, TemporaryLimit};
use trunkline_domain::customer_class::CustomerClass;
use trunkline_domain::did::Did;
use trunkline_domain::export::{Export, ExportPhase};
use trunkline_domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::name::name_key;
use trunkline_domain::payment::AutoPayment;
use trunkline_domain::secret::Secret;
use trunkline_domain::spending::Spending;
use trunkline_domain::staff::Role;
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::account::{self, Account, AccountFilter, IdentityMatch};
use trunkline_storage::alias::{self, Alias};
use trunkline_storage::customer_class::Saved;
use trunkline_storage::customer_list::MatchMode;
use trunkline_storage::login::{self, Login};
use trunkline_storage::payment::{AttemptOutcome, add_attempt, enable_auto};
use trunkline_storage::spending::{SpendingPlan, add_plan, set_day};
use trunkline_storage::staff::{self, Staff};
use trunkline_storage::table::{Distribution, TABLES};
use trunkline_storage::{StorageError, Ticket, customer, customer_class, customer_list, did, export, hold, installation, invoice};

use crate::fixture::{CLASS, class, currency, day, money, now, postpaid, reseller, utc};
use crate::world::{Done, World, answer, later};

fn full_customer() -> Customer {
    let mut contact = Contact::default();
    for (index, field) in contact.fields_mut().into_iter().enumerate() {
        *field = Some(format!("field {index} «ü»"));
    }
    Customer {
        customer_id: 7,
        name: "Ada  LOVELACE".to_owned(),
        customer_type: CustomerType::Reseller,
        reseller_id: Some(4),
        customer_class_id: CLASS,
        balance_control: BalanceControl::Prepaid,
        currency: currency("KWD"),
        zone: Zone::parse("America/St_Johns").unwrap(),
        billing_period: BillingPeriod::ThirtyDays,
        created_at: now(),
        opening_balance: money("-1.000001"),
        credit_limit: Some(money("0")),
        temporary_limit: Some(TemporaryLimit { amount: money("12.5"), until: later(now(), 60) }),
        lifted_until: Some(later(now(), 61)),
        spending_plan_id: Some(5),
        suspend_on_insufficient_funds: Some(false),
        login: Some("Ada".to_owned()),
        reference: Some("CRM-1".to_owned()),
        contact,
        version: 3,
    }
}

fn account(customer_id: Id, account_id: Id, identity: &str) -> Account {
    Account {
        facts: AccountFacts {
            account_id,
            customer_id,
            model: AccountModel::Debit,
            state: AccountState::Open,
            blocked: false,
            balance: money("-5"),
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
        opening_balance: money("-5"),
        batch: None,
        password: None,
        created_at: now(),
        version: 1,
    }
}

on_both! {
    fn a_customer_comes_back_whole_after_adding_and_after_saving(world: &mut World) {
        let full = full_customer();
        world.add(&reseller(4, "Reseller"));
        world.add(&full);
        assert_eq!(world.read(|tx| customer::load_one(tx, 7)).unwrap().unwrap(), full);
        let bare = Customer { customer_type: CustomerType::Retail, created_at: full.created_at, version: 4, opening_balance: full.opening_balance, ..postpaid(7, "Bare") };
        let other = bare.clone();
        world.write(move |tx| customer::save(tx, &other)).unwrap();
        assert_eq!(world.read(|tx| customer::load_one(tx, 7)).unwrap().unwrap(), bare);
        assert_eq!(world.rows("select name_key from customer where customer_id = 7"), ["bare"]);
        let facts = world.facts(7);
        assert_eq!((facts.balance, facts.temporary_limit, facts.lifted_until, facts.reseller_id), (money("-1.000001"), None, None, None));
        assert_eq!(world.read(|tx| customer::load(tx, &[4, 7, 99, 7])).unwrap().len(), 2);
        assert_eq!(world.read(|tx| customer::load_facts(tx, &[4, 7, 99, 7])).unwrap().len(), 2);
        assert_eq!(world.read(|tx| customer::names(tx, &[4, 99])).unwrap(), [(4, "Reseller".to_owned())].into());
        let row = world.read(|tx| customer_list::rows(tx, &[7], now())).unwrap().remove(&7).unwrap();
        assert_eq!((row.name.as_str(), row.class_name.as_str(), row.balance), ("Bare", "Standard", money("-1.000001")));
    }

    fn a_name_or_login_belongs_to_one_customer_at_a_time(world: &mut World) {
        let claim = |key: &'static str, id: Id| world.write(move |tx| customer::claim_name(tx, key, id)).unwrap();
        assert!(claim("ada", 1));
        assert!(!claim("ada", 2));
        assert_eq!(world.read(|tx| customer::find_by_name(tx, "ada")).unwrap(), Some(1));
        world.write(|tx| customer::release_name(tx, "ada")).unwrap();
        assert_eq!(world.read(|tx| customer::find_by_name(tx, "ada")).unwrap(), None);
        assert!(claim("ada", 2));
        assert!(world.write(|tx| customer::claim_login(tx, "ada", 1)).unwrap());
        assert!(!world.write(|tx| customer::claim_login(tx, "ada", 2)).unwrap());
        assert_eq!(world.read(|tx| customer::find_by_login(tx, "ada")).unwrap(), Some(1));
        world.write(|tx| customer::release_login(tx, "ada")).unwrap();
        assert_eq!(world.read(|tx| customer::find_by_login(tx, "ada")).unwrap(), None);
        // Of many at once, one has it.
        let tickets: Vec<Ticket<Done<bool>>> = (0..20).map(|id| world.database().write(move |tx| customer::claim_name(tx, "race", id))).collect();
        assert_eq!(tickets.into_iter().map(answer).filter(|claimed| *claimed).count(), 1);
    }

    fn what_stands_against_deleting_is_named_and_what_is_deleted_leaves_nothing(world: &mut World) {
        world.add(&reseller(4, "Reseller"));
        world.add(&full_customer());
        world
            .write(|tx| {
                assert!(customer::claim_login(tx, &name_key("Ada"), 7)?);
                hold::add(tx, 7, &crate::fixture::block(70), None, now())?;
                set_day(tx, 7, day("2026-07-10"), money("1"), None)?;
                enable_auto(tx, 7, "Visa", now())?;
                add_attempt(tx, 7, 71, AttemptOutcome::HardFailure, Some("lost"), now())?;
                export::start(tx, 7, 72, "North", now())?;
                trunkline_storage::job::add(tx, &trunkline_storage::job::NewJob { customer_id: 7, job_id: 73, kind: "test", payload: "", run_at: now() })
            })
            .unwrap();
        assert_eq!(world.read(|tx| customer::dependants(tx, 7)).unwrap(), Vec::<String>::new());
        assert_eq!(world.read(|tx| customer::dependants(tx, 4)).unwrap(), ["subcustomers"]);
        world
            .write(|tx| {
                let full = full_customer();
                customer_list::delete(tx, 7)?;
                customer::delete(tx, &full)
            })
            .unwrap();
        for (table, distribution) in TABLES {
            if *distribution == Distribution::Customer {
                let sql: &'static str = Box::leak(format!("select count(*) from {table} where customer_id = 7").into_boxed_str());
                assert_eq!(world.number(sql), 0, "{table}");
            }
        }
        assert_eq!(world.number("select count(*) from customer_login"), 0);
        assert_eq!(world.rows("select name_key from customer_name"), ["reseller"]);
        world.add(&postpaid(8, "Ada Lovelace"));
        world
            .write(|tx| {
                account::add(tx, &account(8, 81, "1"))?;
                invoice::add(tx, 8, &crate::fixture::invoice(82, 1, "05", "0"))
            })
            .unwrap();
        world.post(world.request(8, trunkline_domain::balance::PostingAction::ManualCharge, "1")).unwrap();
        assert_eq!(world.read(|tx| customer::dependants(tx, 8)).unwrap(), ["accounts", "invoices", "xDRs"]);
        // An invoice of nothing is paid from the start.
        assert!(world.facts(8).open_invoices.is_empty());
    }

    fn resellers_know_their_customers(world: &mut World) {
        world.add(&reseller(4, "Reseller"));
        for id in [9, 5, 7] {
            world.add(&Customer { reseller_id: Some(4), ..postpaid(id, &format!("Customer {id}")) });
        }
        world.add(&postpaid(6, "Direct"));
        assert_eq!(world.read(|tx| customer::subcustomers(tx, 4, 0, 2)).unwrap(), [5, 7]);
        assert_eq!(world.read(|tx| customer::subcustomers(tx, 4, 7, 2)).unwrap(), [9]);
        assert_eq!(world.read(|tx| customer::next_ids(tx, 4, 3)).unwrap(), [5, 6, 7]);
        assert!(world.read(|tx| customer::has_open_subcustomers(tx, 4, 100)).unwrap());
        assert!(!world.read(|tx| customer::has_open_subcustomers(tx, 4, 1_700)).unwrap());
        assert!(!world.read(|tx| customer::has_open_subcustomers(tx, 6, 100)).unwrap());
    }

    fn holds_of_each_cause_come_back_and_end(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let past = later(now(), -60);
        let holds = [
            crate::fixture::hold(1, HoldKind::Block, HoldCause::Staff { comment: Some("why".to_owned()) }, past),
            crate::fixture::hold(2, HoldKind::Limitation, HoldCause::Invoice { invoice_id: 61 }, later(now(), 60)),
            crate::fixture::hold(3, HoldKind::Suspension, HoldCause::InsufficientFunds { needed: money("12.5") }, past),
            Hold { closes_at: Some(later(now(), 90)), ..crate::fixture::hold(4, HoldKind::Termination, HoldCause::Staff { comment: None }, past) },
        ];
        let all = holds.clone();
        world.write(move |tx| all.iter().try_for_each(|hold| hold::add(tx, 7, hold, Some(9), now()))).unwrap();
        assert_eq!(world.facts(7).holds, holds);
        world.write(|tx| hold::close_at(tx, 7, 4, later(now(), 30))).unwrap();
        assert_eq!(world.facts(7).holds[3].closes_at, Some(later(now(), 30)));
        world.write(|tx| hold::end(tx, 7, &[1, 2, 3, 99], now())).unwrap();
        assert_eq!(world.facts(7).holds.len(), 1);
        let rows = "select cast(hold_id as text) || '|' || coalesce(cast(ends_at as text), 'open') from hold order by hold_id";
        let at = now().microseconds();
        assert_eq!(world.rows(rows), [format!("1|{at}"), format!("3|{at}"), "4|open".to_owned()]);
        // Ending twice does not move the end.
        world.write(|tx| hold::end(tx, 7, &[1], later(now(), 5))).unwrap();
        assert_eq!(world.rows(rows)[0], format!("1|{at}"));
        // An end is not written ahead: what has one is read as over.
        let ending = Hold { until: Some(later(now(), 60)), ..crate::fixture::hold(5, HoldKind::Block, HoldCause::Staff { comment: None }, past) };
        let refused = world.write(move |tx| hold::add(tx, 7, &ending, Some(9), now()));
        assert!(matches!(refused, Err(StorageError::Broken(_))), "{refused:?}");
        assert_eq!(world.number("select count(*) from hold"), 3);
    }

    fn automatic_payment_counts_the_unbroken_row_of_hard_failures(world: &mut World) {
        use AttemptOutcome::{HardFailure, SoftFailure, Success};
        world.add(&postpaid(7, "Ada"));
        assert_eq!(world.facts(7).auto_payment, None);
        world.write(|tx| enable_auto(tx, 7, "Visa •••• 4242", now())).unwrap();
        let mut number = 0;
        let mut attempt = |outcome: AttemptOutcome, reason: Option<&'static str>| {
            number += 1;
            world.write(move |tx| add_attempt(tx, 7, number, outcome, reason, later(now(), number))).unwrap();
            let payment = world.facts(7).auto_payment.unwrap();
            (payment.failures, payment.last_failure_at, payment.last_failure_reason)
        };
        assert_eq!(attempt(HardFailure, Some("lost card")), (1, Some(later(now(), 1)), Some("lost card".to_owned())));
        assert_eq!(attempt(SoftFailure, Some("busy")), (1, Some(later(now(), 1)), Some("lost card".to_owned())));
        assert_eq!(attempt(HardFailure, None), (2, Some(later(now(), 3)), None));
        assert_eq!(attempt(Success, None), (0, None, None));
        assert_eq!(attempt(HardFailure, Some("x")).0, 1);
        // A new means begins with a clean row.
        world.write(|tx| enable_auto(tx, 7, "Mastercard", later(now(), 100))).unwrap();
        let clean = AutoPayment { method: "Mastercard".to_owned(), failures: 0, last_failure_at: None, last_failure_reason: None };
        assert_eq!(world.facts(7).auto_payment, Some(clean));
    }

    fn the_latest_export_and_the_spending_of_the_day_are_facts(world: &mut World) {
        world.add(&Customer { spending_plan_id: Some(5), ..postpaid(7, "Ada") });
        world
            .write(|tx| {
                add_plan(tx, &SpendingPlan { spending_plan_id: 5, name: "Family".into(), currency: currency("EUR"), daily_limit: money("10"), warning_percent: Some(80) }, now())?;
                export::start(tx, 7, 11, "North", now())?;
                export::end(tx, 7, 11, ExportPhase::RolledBack, later(now(), 1))?;
                export::start(tx, 7, 12, "South", later(now(), 2))
            })
            .unwrap();
        let empty = Spending { spending_plan_id: 5, plan_name: "Family".into(), daily_limit: money("10"), day: None, spent: Money::ZERO, reached_at: None };
        let facts = world.facts(7);
        assert_eq!(facts.spending, Some(empty.clone()));
        assert_eq!(facts.export, Some(Export { phase: ExportPhase::Started, target: "South".into(), started_at: later(now(), 2), finished_at: None }));
        world.write(|tx| set_day(tx, 7, day("2026-07-09"), money("3"), None)).unwrap();
        world.write(|tx| set_day(tx, 7, day("2026-07-10"), money("11"), Some(now()))).unwrap();
        assert_eq!(world.facts(7).spending, Some(Spending { day: Some(day("2026-07-10")), spent: money("11"), reached_at: Some(now()), ..empty }));
        world.write(|tx| export::roll_back_latest(tx, 7, later(now(), 3))).unwrap();
        let export = world.facts(7).export.unwrap();
        assert_eq!((export.phase, export.target.as_str(), export.finished_at), (ExportPhase::RolledBack, "South", Some(later(now(), 3))));
        world.write(|tx| export::roll_back_latest(tx, 99, now())).unwrap();
    }

    fn a_number_comes_back_whole_and_is_there_once(world: &mut World) {
        let full = Did {
            did_id: 5,
            number: "4930111".to_owned(),
            description: Some("Berlin".to_owned()),
            is_frozen: true,
            is_free_of_charge: true,
            activation_fee: Money::from_millionths(5),
            periodic_fee: Money::from_millionths(6),
            customer_id: Some(7),
            account_id: Some(71),
            assigned_at: Some(Timestamp::from_microseconds(1)),
            released_at: Some(Timestamp::from_microseconds(2)),
            created_at: Timestamp::from_microseconds(3),
            version: 1,
        };
        let add = |did: Did| world.write(move |tx| did::add(tx, &did)).unwrap();
        assert!(add(full.clone()));
        assert!(!add(Did { did_id: 6, ..full.clone() }));
        assert_eq!(world.read(|tx| did::load(tx, 5)).unwrap(), Some(full.clone()));
        let freed = Did { customer_id: None, account_id: None, is_frozen: false, assigned_at: None, ..full.clone() };
        let save = |did: Did| world.write(move |tx| did::save(tx, &did)).unwrap();
        assert!(save(freed.clone()));
        assert!(!save(freed.clone()));
        assert_eq!(world.read(|tx| did::load(tx, 5)).unwrap(), Some(Did { version: 2, ..freed.clone() }));
        let delete = |did: Did| world.write(move |tx| did::delete(tx, &did)).unwrap();
        assert!(!delete(freed.clone()));
        assert!(delete(Did { version: 2, ..freed }));
        assert_eq!(world.read(|tx| did::load(tx, 5)).unwrap(), None);
    }

    fn an_alias_leads_to_its_account_until_it_is_taken_away(world: &mut World) {
        assert!(world.write(|tx| account::add(tx, &account(7, 71, "ada@example.com"))).unwrap());
        let alias = |alias_id, identity: &str| Alias {
            alias_id,
            customer_id: 7,
            account_id: 71,
            identity: identity.to_owned(),
            did_id: Some(5),
            created_at: Timestamp::from_microseconds(1),
        };
        let add = |alias: Alias| world.write(move |tx| alias::add(tx, &alias)).unwrap();
        assert!(add(alias(1, "Office@Example.com")));
        assert!(!add(alias(2, "office@example.COM")));
        assert!(!add(alias(3, "Ada@example.com")));
        let office = alias(1, "Office@Example.com");
        assert_eq!(world.read(|tx| alias::of_account(tx, 7, 71)).unwrap(), std::slice::from_ref(&office));
        assert_eq!(world.read(|tx| alias::find(tx, 1)).unwrap(), Some(office.clone()));
        assert_eq!(world.read(|tx| account::find_by_identity(tx, "office@example.com")).unwrap(), Some((7, 71)));
        world.write(move |tx| alias::remove(tx, &office)).unwrap();
        assert_eq!(world.read(|tx| alias::of_account(tx, 7, 71)).unwrap(), []);
        assert_eq!(world.read(|tx| account::find_by_identity(tx, "office@example.com")).unwrap(), None);
        assert_eq!(world.read(|tx| account::find_by_identity(tx, "ada@example.com")).unwrap(), Some((7, 71)));
    }

    fn an_account_comes_back_whole_and_its_identity_is_one_in_the_installation(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        world.add(&Customer { reseller_id: Some(4), ..postpaid(8, "Bob") });
        let full = Account {
            facts: AccountFacts {
                model: AccountModel::Credit,
                state: AccountState::Inactive,
                blocked: true,
                credit_limit: Some(money("3")),
                suspended: true,
                screening: Some(Screening::Quarantine),
                payment_frozen: true,
                active_from: Some(later(now(), 1)),
                expires_at: Some(later(now(), 2)),
                life_time_days: Some(3),
                idle_days_max: Some(4),
                first_used_at: Some(later(now(), 5)),
                last_used_at: Some(later(now(), 6)),
                ..account(7, 71, "").facts
            },
            batch: Some("pilot".to_owned()),
            password: Some(Secret::new("correct horse")),
            ..account(7, 71, "Ada@Example.com")
        };
        let add = |account: Account| world.write(move |tx| account::add(tx, &account)).unwrap();
        assert!(add(full.clone()));
        assert!(!add(account(8, 81, "ADA@example.COM")));
        assert_eq!(world.read(|tx| account::load(tx, 7, 71)).unwrap(), Some(full));
        assert_eq!(world.read(|tx| account::load(tx, 8, 71)).unwrap(), None);
        assert_eq!(world.read(|tx| account::find_by_identity(tx, "ada@example.com")).unwrap(), Some((7, 71)));
        assert_eq!(world.read(|tx| account::find_customer(tx, 71)).unwrap(), Some(7));
        assert_eq!(world.read(|tx| account::find_customer(tx, 72)).unwrap(), None);
        for (customer_id, account_id, identity) in [(7, 72, "b1"), (8, 82, "a%"), (8, 83, "a"), (7, 73, "ä"), (8, 84, "𝔘nicode"), (7, 74, "b10"), (8, 85, "b2")] {
            assert!(add(account(customer_id, account_id, identity)), "{identity}");
        }
        let list = |filter: AccountFilter, after: Option<&'static str>, backwards: bool, count: i64| -> Vec<Id> {
            world.read(move |tx| account::page(tx, &filter, after, backwards, count)).unwrap().iter().map(|account| account.facts.account_id).collect()
        };
        let all = AccountFilter::default;
        assert_eq!(list(all(), None, false, 100), [83, 82, 71, 72, 74, 85, 84, 73]);
        assert_eq!(list(all(), Some("b1"), false, 2), [74, 85]);
        assert_eq!(list(all(), Some("b1"), true, 2), [71, 82]);
        assert_eq!(list(all(), None, true, 3), [73, 84, 85]);
        let by = |mode: MatchMode, key: &str| Some(IdentityMatch { mode, key: key.to_owned() });
        let starts = |key: &str| by(MatchMode::StartsWith, key);
        assert_eq!(list(AccountFilter { identity: by(MatchMode::Exactly, "b1"), ..all() }, None, false, 100).len(), 1);
        let percent = list(AccountFilter { identity: by(MatchMode::Contains, "%"), ..all() }, None, false, 100);
        assert_eq!(percent, [82]);
        assert_eq!(list(AccountFilter { identity: by(MatchMode::EndsWith, "1"), ..all() }, None, false, 100).len(), 1);
        assert_eq!(list(AccountFilter { identity: starts("b1"), ..all() }, None, false, 100), [72, 74]);
        assert_eq!(list(AccountFilter { identity: starts("a"), ..all() }, None, false, 100), [83, 82, 71]);
        assert_eq!(list(AccountFilter { identity: starts("a%"), ..all() }, None, false, 100), [82]);
        assert_eq!(list(AccountFilter { customer_id: Some(7), ..all() }, None, false, 100), [71, 72, 74, 73]);
        assert_eq!(list(AccountFilter { state: Some(AccountState::Inactive), ..all() }, None, false, 100), [71]);
        assert_eq!(list(AccountFilter { reseller_id: Some(4), ..all() }, None, false, 100), [83, 82, 85, 84]);
        assert_eq!(list(AccountFilter { reseller_id: Some(5), ..all() }, None, false, 100), Vec::<Id>::new());
        assert_eq!(world.write(|tx| account::close_all_of(tx, 7)).unwrap(), 4);
        assert_eq!(world.write(|tx| account::close_all_of(tx, 7)).unwrap(), 0);
        assert_eq!(list(AccountFilter { not_closed: true, ..all() }, None, false, 100), [83, 82, 85, 84]);
        let mut counts = world.read(|tx| account::count_of(tx, &[7, 8, 9])).unwrap();
        counts.sort_unstable();
        assert_eq!(counts, [(7, 4), (8, 4)]);
    }

    fn classes_are_listed_by_name_and_saved_once_a_version(world: &mut World) {
        let own = CustomerClass { currency: Some(currency("JPY")), suspend_on_insufficient_funds: true, ..class(3, "äther") };
        let other = own.clone();
        assert!(world.write(move |tx| customer_class::add(tx, &other)).unwrap());
        assert!(!world.write(|tx| customer_class::add(tx, &class(4, "ÄTHER"))).unwrap());
        assert_eq!(world.read(|tx| customer_class::load(tx, 3)).unwrap(), Some(own.clone()));
        let names: Vec<String> = world.read(customer_class::all).unwrap().into_iter().map(|class| class.name).collect();
        assert_eq!(names, ["Other", "Standard", "äther"]);
        let mut next = CustomerClass { name: "Bolt".to_owned(), version: 2, ..own };
        next.collection.limit_after_days = None;
        next.collection.terminate_after_days = Some(90);
        let (first, second) = (next.clone(), next.clone());
        assert_eq!(world.write(move |tx| customer_class::save(tx, &first)).unwrap(), Saved::Done);
        assert_eq!(world.write(move |tx| customer_class::save(tx, &second)).unwrap(), Saved::Overtaken);
        // Nothing of that transaction can be kept, so that the work ends with an error.
        let third = CustomerClass { name: "STANDARD".to_owned(), version: 3, ..next.clone() };
        let taken = world.write(move |tx| match customer_class::save(tx, &third)? {
            Saved::NameTaken => Err(StorageError::broken("taken")),
            other => Ok(other),
        });
        assert!(matches!(&taken, Err(StorageError::Broken(word)) if word == "taken"), "{taken:?}");
        assert_eq!(world.read(|tx| customer_class::load(tx, 3)).unwrap(), Some(next));
        assert!(world.read(|tx| customer_class::name_is_taken(tx, "BOLT", 1)).unwrap());
        assert!(!world.read(|tx| customer_class::name_is_taken(tx, "BOLT", 3)).unwrap());
    }

    fn staff_logins_and_preferences_come_back(world: &mut World) {
        let member = Staff {
            staff_id: 1,
            login: "Ada".to_owned(),
            name: "Ada L.".to_owned(),
            email: Some("ada@example.com".to_owned()),
            role: Role::Reseller,
            reseller_id: Some(4),
            password_hash: "$argon2id$".to_owned(),
            created_at: now(),
            disabled_at: Some(later(now(), 1)),
            version: 1,
        };
        let first = member.clone();
        assert!(world.write(move |tx| staff::add(tx, &first)).unwrap());
        let same_login = Staff { staff_id: 2, login: "ADA".to_owned(), ..member.clone() };
        assert!(!world.write(move |tx| staff::add(tx, &same_login)).unwrap());
        for (staff_id, login) in [(3, "zed"), (4, "bob")] {
            let one = Staff { staff_id, login: login.to_owned(), ..member.clone() };
            assert!(world.write(move |tx| staff::add(tx, &one)).unwrap());
        }
        assert_eq!(world.read(|tx| staff::load(tx, 1)).unwrap(), Some(member.clone()));
        assert_eq!(world.read(|tx| staff::find_by_login(tx, "aDA")).unwrap(), Some(member.clone()));
        let page = world.read(|tx| staff::page(tx, "ADA", 5)).unwrap();
        assert_eq!(page.iter().map(|staff| staff.staff_id).collect::<Vec<_>>(), [4, 3]);
        let next = Staff { role: Role::Auditor, reseller_id: None, disabled_at: None, email: None, version: 2, ..member };
        let (first, second) = (next.clone(), next.clone());
        assert!(world.write(move |tx| staff::save(tx, &first)).unwrap());
        assert!(!world.write(move |tx| staff::save(tx, &second)).unwrap());
        assert_eq!(world.read(|tx| staff::load(tx, 1)).unwrap(), Some(next));
        assert_eq!(world.read(|tx| staff::preferences(tx, 1)).unwrap(), None);
        assert_eq!(world.write(|tx| staff::save_preferences(tx, 1, "{\"a\":1}", 0, now())).unwrap(), 1);
        assert_eq!(world.write(|tx| staff::save_preferences(tx, 1, "{\"a\":2}", 1, later(now(), 5))).unwrap(), 2);
        let kept = staff::Preferences { document: "{\"a\":2}".to_owned(), version: 2, changed_at: later(now(), 5) };
        assert_eq!(world.read(|tx| staff::preferences(tx, 1)).unwrap(), Some(kept));

        let login = |hash: &str, staff_id: Id, seconds: i64| Login {
            token_hash: hash.to_owned(),
            login_id: format!("id of {hash}"),
            refresh_hash: Some("r".to_owned()),
            staff_id,
            face: "native".to_owned(),
            created_at: now(),
            expires_at: later(now(), seconds),
            ended_at: None,
        };
        for (hash, staff_id, seconds) in [("a", 1, 10), ("b", 1, 20), ("c", 3, 30)] {
            let one = login(hash, staff_id, seconds);
            world.write(move |tx| login::add(tx, &one)).unwrap();
        }
        assert_eq!(world.read(|tx| login::find(tx, "a")).unwrap(), Some(login("a", 1, 10)));
        assert!(world.write(|tx| login::end(tx, "a", now())).unwrap());
        assert!(!world.write(|tx| login::end(tx, "a", now())).unwrap());
        assert!(!world.write(|tx| login::renew(tx, "a", "new", later(now(), 99))).unwrap());
        assert!(world.write(|tx| login::renew(tx, "b", "new", later(now(), 99))).unwrap());
        let renewed = Login { refresh_hash: Some("new".to_owned()), expires_at: later(now(), 99), ..login("b", 1, 0) };
        assert_eq!(world.read(|tx| login::find(tx, "b")).unwrap(), Some(renewed));
        assert_eq!(world.write(|tx| login::end_all_of(tx, 1, now())).unwrap(), 1);
        assert_eq!(world.write(|tx| login::forget_before(tx, later(now(), 31))).unwrap(), 2);
        assert_eq!(world.read(|tx| login::find(tx, "c")).unwrap(), None);
    }

    fn settings_are_replaced_by_who_has_seen_them_and_numbers_have_no_gap(world: &mut World) {
        assert!(world.write(|tx| installation::replace(tx, "name", None, "a")).unwrap());
        assert!(!world.write(|tx| installation::replace(tx, "name", None, "b")).unwrap());
        assert!(!world.write(|tx| installation::replace(tx, "name", Some("b"), "c")).unwrap());
        assert!(world.write(|tx| installation::replace(tx, "name", Some("a"), "c")).unwrap());
        assert_eq!(world.read(|tx| installation::setting(tx, "name")).unwrap().as_deref(), Some("c"));
        world.write(|tx| installation::set(tx, "freeze_after_failures", "5").and_then(|()| installation::set(tx, "emergency_when_blocked", "false"))).unwrap();
        let policy = world.read(installation::status_policy).unwrap();
        assert_eq!((policy.freeze_after_failures, policy.emergency_when_blocked), (5, false));
        world.write(|tx| installation::set(tx, "freeze_after_failures", "many")).unwrap();
        assert!(matches!(world.read(installation::status_policy), Err(StorageError::Broken(_))));
        world.write(|tx| installation::add_signing_key(tx, "k1", "pem 1", now())).unwrap();
        world.write(|tx| installation::add_signing_key(tx, "k2", "pem 2", later(now(), 1))).unwrap();
        assert_eq!(world.read(installation::signing_key).unwrap(), Some(("k2".to_owned(), "pem 2".to_owned())));
        // A refused one gives its number back.
        let tickets: Vec<Ticket<Done<i64>>> = (0..40)
            .map(|number| {
                world.database().write(move |tx| {
                    let next = installation::next_number(tx, "invoice")?;
                    if number % 4 == 0 { Err(StorageError::broken("refused")) } else { Ok(next) }
                })
            })
            .collect();
        let mut numbers: Vec<i64> = tickets.into_iter().filter_map(|ticket| ticket.wait().unwrap().ok()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
        assert_eq!(world.write(|tx| installation::next_number(tx, "other")).unwrap(), 1);
    }

    fn an_open_invoice_is_read_with_its_dates(world: &mut World) {
        world.add(&postpaid(7, "Ada"));
        let (late, early) = (crate::fixture::invoice(1, 2, "06", "12.34"), crate::fixture::invoice(2, 1, "05", "5"));
        let both = [late.clone(), early.clone()];
        world.write(move |tx| both.iter().try_for_each(|new| invoice::add(tx, 7, new))).unwrap();
        assert_eq!(world.facts(7).open_invoices, [early.invoice, late.invoice]);
        assert_eq!(world.number("select due_on from invoice where invoice_id = 1"), day("2026-06-16").day_number());
        assert_eq!(world.number("select period_to from invoice where invoice_id = 1"), utc("2026-06-01T06:00:00Z").microseconds());
    }
}
