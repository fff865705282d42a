//! Making and changing: fields are checked and named, what is unique stays so, who was slower is told, all is in the trail.

use trunkline_storage::Engine;
use trunkline_storage::spending::SpendingPlan;
use trunkline_usecase::customer::{self, CustomerChange, CustomerNew};
use trunkline_usecase::customer_class::{self, CustomerClassChange};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::billing::BillingPeriod;
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::{BalanceControl, TemporaryLimit};
use trunkline_usecase::domain::money::Currency;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::spending;

use crate::world::{World, admin, done, id_of, invalid, money, new_customer, refused, utc};

fn problems<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<(String, &'static str)> {
    match outcome {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| (problem.field, problem.code)).collect(),
        other => panic!("problems expected, not {other:?}"),
    }
}

on_both! {
    fn all_problems_of_a_new_customer_are_told_at_once(world: &mut World) {
        let before = world.traces();
        let contact = Contact { country: Some("Germany".to_owned()), email: Some("nobody".to_owned()), salutation: Some("x".repeat(16)), ..Contact::default() };
        let new = CustomerNew {
            currency: "EURO".to_owned(),
            time_zone: "Kyiv".to_owned(),
            credit_limit: Some(money("-1")),
            opening_balance: money("0.000001"),
            login: Some(String::new()),
            contact,
            ..new_customer(world, " \u{202e} ")
        };
        let found = problems(done(customer::create(&world.app, &admin(), new, id_of)));
        let wanted = [
            ("name", "forbidden_character"),
            ("salutation", "too_long"),
            ("country", "too_long"),
            ("country", "unknown_country"),
            ("email", "not_an_email"),
            ("opening_balance", "too_precise"),
            ("credit_limit", "negative"),
            ("login", "required"),
            ("currency", "unknown_currency"),
            ("time_zone", "unknown_time_zone"),
        ];
        assert_eq!(found, wanted.map(|(field, code)| (field.to_owned(), code)));
        assert_eq!(world.traces(), before);
    }

    fn names_and_logins_are_unique_by_what_people_read(world: &mut World) {
        let ada = world.create(CustomerNew { login: Some("ada".to_owned()), ..new_customer(world, "Straße  AG") });
        let create = |name: &str, login: Option<&str>| {
            done(customer::create(&world.app, &admin(), CustomerNew { login: login.map(str::to_owned), ..new_customer(world, name) }, id_of))
        };
        assert_eq!(problems(create("STRASSE ag", Some("ADA"))), [("name".to_owned(), "taken"), ("login".to_owned(), "taken")]);
        assert_eq!(invalid(create("Other", Some("Ada"))), ("login".to_owned(), "taken"));
        assert_eq!(world.number("select count(*) from customer_name"), 1);
        let rename = |name: &str| done(customer::update(&world.app, &admin(), ada, CustomerChange { name: Some(name.to_owned()), ..CustomerChange::default() }, id_of));
        // Another way of writing the same name is no other name.
        rename("STRASSE AG").unwrap();
        let bob = world.add("Bob");
        assert_eq!(invalid(rename("bob")), ("name".to_owned(), "taken"));
        rename("Ada").unwrap();
        world.add("Strasse AG");
        let login = |login: Option<&str>| {
            let change = CustomerChange { login: Some(login.map(str::to_owned)), ..CustomerChange::default() };
            done(customer::update(&world.app, &admin(), bob, change, id_of))
        };
        assert_eq!(invalid(login(Some("ADA"))), ("login".to_owned(), "taken"));
        assert_eq!(invalid(login(Some(" "))), ("login".to_owned(), "required"));
        login(Some("bob")).unwrap();
        login(Some("BOB")).unwrap();
        login(None).unwrap();
        assert_eq!(world.number("select count(*) from customer_login"), 1);
    }

    fn a_change_is_whole_versioned_and_in_the_trail_with_before_and_after(world: &mut World) {
        let ada = world.add("Ada");
        let other = world.make_class("Other", None);
        let change = CustomerChange {
            version: Some(1),
            customer_class_id: Some(other),
            time_zone: Some("Asia/Tokyo".to_owned()),
            billing_period: Some(BillingPeriod::Weekly),
            credit_limit: Some(Some(money("50"))),
            temporary_limit: Some(Some(TemporaryLimit { amount: money("70"), until: utc("2026-07-01T00:00:00Z") })),
            suspend_on_insufficient_funds: Some(Some(true)),
            reference: Some(Some("CRM-7".to_owned())),
            contact: vec![("city".to_owned(), Some("Kyiv".to_owned())), ("notes".to_owned(), Some("two\nlines".to_owned()))],
            ..CustomerChange::default()
        };
        done(customer::update(&world.app, &admin(), ada, change.clone(), id_of)).unwrap();
        let view = world.get(ada).unwrap();
        assert_eq!((view.customer.version, view.class_name.as_str(), view.customer.zone.name()), (2, "Other", "Asia/Tokyo"));
        assert_eq!(view.customer.contact.city.as_deref(), Some("Kyiv"));
        assert_eq!(view.facts.effective_limit(world.now()), Some(money("70")));
        let detail: serde_json::Value = serde_json::from_str(&world.rows("select detail from audit where action = 'customer.update'")[0]).unwrap();
        assert_eq!(detail["credit_limit"], serde_json::json!({ "from": null, "to": "50" }));
        assert_eq!(detail["city"], serde_json::json!({ "from": null, "to": "Kyiv" }));
        assert_eq!(detail.as_object().unwrap().len(), 9);
        // Who looked before that change is told.
        refused(done(customer::update(&world.app, &admin(), ada, change, id_of)), "changed_meanwhile");
        let unknown = CustomerChange { contact: vec![("shoe_size".to_owned(), None)], ..CustomerChange::default() };
        assert_eq!(invalid(done(customer::update(&world.app, &admin(), ada, unknown, id_of))), ("shoe_size".to_owned(), "unknown_field"));
        assert_eq!(world.get(ada).unwrap().customer.version, 2);
    }

    fn changes_at_once_are_all_made_or_told(world: &mut World) {
        let ada = world.add("Ada");
        let tickets: Vec<_> = (0..12)
            .map(|number| {
                let change = CustomerChange { version: Some(1), reference: Some(Some(format!("R{number}"))), ..CustomerChange::default() };
                customer::update(&world.app, &admin(), ada, change, id_of)
            })
            .collect();
        let made = tickets.into_iter().map(|ticket| ticket.wait().unwrap()).filter(|outcome| match outcome {
            Ok(_) => true,
            Err(problem) => {
                assert_eq!(problem.code(), "changed_meanwhile");
                false
            }
        });
        assert_eq!(made.count(), 1);
        assert_eq!(world.get(ada).unwrap().customer.version, 2);
    }

    fn a_class_of_a_currency_takes_no_other(world: &mut World) {
        let yen = world.make_class("Yen", Some("JPY"));
        let euro = world.add("Ada");
        refused(done(customer::create(&world.app, &admin(), CustomerNew { customer_class_id: yen, ..new_customer(world, "Bob") }, id_of)), "currency_of_class");
        let change = CustomerChange { customer_class_id: Some(yen), ..CustomerChange::default() };
        refused(done(customer::update(&world.app, &admin(), euro, change, id_of)), "currency_of_class");
        let change = CustomerChange { customer_class_id: Some(4_711), ..CustomerChange::default() };
        assert_eq!(invalid(done(customer::update(&world.app, &admin(), euro, change, id_of))), ("customer_class_id".to_owned(), "not_found"));
        world.create(CustomerNew { customer_class_id: yen, currency: "JPY".to_owned(), ..new_customer(world, "Cho") });
    }

    fn a_spending_plan_is_there_in_the_customers_currency_and_above_zero(world: &mut World) {
        let plan = |spending_plan_id: i64, code: &str, limit: &str| SpendingPlan {
            spending_plan_id,
            name: "Daily".to_owned(),
            currency: Currency::parse(code).unwrap(),
            daily_limit: money(limit),
            warning_percent: Some(80),
        };
        let now = world.now();
        let add = |plan: SpendingPlan| world.app.database.write::<_, Error, _>(move |tx| spending::add_plan(tx, &plan, now)).wait().unwrap();
        for (limit, word) in [("0", "not_positive"), ("-5", "not_positive"), ("0.000001", "too_precise")] {
            assert_eq!(invalid(add(plan(5, "EUR", limit))), ("daily_limit".to_owned(), word), "{limit}");
        }
        let percent = SpendingPlan { warning_percent: Some(101), ..plan(5, "EUR", "1") };
        assert_eq!(invalid(add(percent)), ("warning_percent".to_owned(), "out_of_range"));
        assert_eq!(world.number("select count(*) from spending_plan"), 0);
        add(plan(5, "EUR", "0.00001")).unwrap();
        add(plan(6, "JPY", "100")).unwrap();
        let before = world.traces();
        for (id, word) in [(6, "currency_of_plan"), (7, "not_found")] {
            let new = CustomerNew { spending_plan_id: Some(id), ..new_customer(world, "Ada") };
            assert_eq!(invalid(done(customer::validate_create(&world.app, &admin(), new.clone()))), ("spending_plan_id".to_owned(), word));
            assert_eq!(invalid(done(customer::create(&world.app, &admin(), new, id_of))), ("spending_plan_id".to_owned(), word));
        }
        assert_eq!(world.traces(), before);
        let ada = world.create(CustomerNew { spending_plan_id: Some(5), ..new_customer(world, "Ada") });
        assert_eq!(world.get(ada).unwrap().facts.spending.unwrap().daily_limit, money("0.00001"));
    }

    /// What was made when its codes were in use is read and changed as ever; nothing new is made with them.
    fn codes_that_are_withdrawn_are_kept_and_not_given_out(world: &mut World) {
        let new = CustomerNew { currency: "HRK".to_owned(), contact: Contact { country: Some("AN".to_owned()), ..Contact::default() }, ..new_customer(world, "Old") };
        assert_eq!(problems(done(customer::create(&world.app, &admin(), new, id_of))), [("country".to_owned(), "unknown_country"), ("currency".to_owned(), "unknown_currency")]);
        let class = customer_class::CustomerClassNew { currency: Some("HRK".to_owned()), ..crate::same::new_class() };
        assert_eq!(invalid(done(customer_class::create(&world.app, &admin(), class, |class| class.name.clone()))), ("currency".to_owned(), "unknown_currency"));
        let old = world.add("Old");
        let class = world.class;
        world.write(move |tx| {
            tx.execute("update customer set currency = 'HRK', country = 'AN' where customer_id = $1", &[old.into()])?;
            tx.execute("update customer_entry set currency = 'HRK' where customer_id = $1", &[old.into()])?;
            tx.execute("update customer_amount set currency = 'HRK' where customer_id = $1", &[old.into()])?;
            Ok(tx.execute("update customer_class set currency = 'HRK' where customer_class_id = $1", &[class.into()])?)
        });
        let change = CustomerChange { reference: Some(Some("R".to_owned())), customer_class_id: Some(class), ..CustomerChange::default() };
        done(customer::update(&world.app, &admin(), old, change, id_of)).unwrap();
        let view = world.get(old).unwrap();
        assert_eq!((view.customer.currency.code(), view.customer.contact.country.as_deref()), ("HRK", Some("AN")));
        world.post(old, PostingAction::ManualCharge, "5").unwrap();
        let filter = customer::CustomerFilter { currency: Some(Currency::parse("HRK").unwrap()), ..customer::CustomerFilter::default() };
        let asked = customer::ListRequest { filter, limit: 5, ..customer::ListRequest::default() };
        assert_eq!(world.list(&admin(), asked).unwrap().rows[0].currency.code(), "HRK");
    }

    fn classes_are_checked_and_changed_once_a_version(world: &mut World) {
        let class = world.class;
        let update = |change: CustomerClassChange| done(customer_class::update(&world.app, &admin(), class, change, |class| class.version.to_string()));
        assert_eq!(update(CustomerClassChange { version: Some(1), name: Some("Retail".into()), ..CustomerClassChange::default() }).unwrap(), "2");
        refused(update(CustomerClassChange { version: Some(1), ..CustomerClassChange::default() }), "changed_meanwhile");
        let late = CustomerClassChange { limit_after_days: Some(Some(50)), ..CustomerClassChange::default() };
        assert_eq!(invalid(update(late)), ("suspend_after_days".to_owned(), "out_of_order"));
        let long = CustomerClassChange { close_after_days: Some(3_651), ..CustomerClassChange::default() };
        assert_eq!(invalid(update(long)), ("close_after_days".to_owned(), "out_of_range"));
        world.make_class("Business", None);
        assert_eq!(invalid(update(CustomerClassChange { name: Some("BUSINESS".into()), ..CustomerClassChange::default() })), ("name".to_owned(), "taken"));
        let all = customer_class::ClassListRequest { limit: 10, ..Default::default() };
        let classes = done(customer_class::list(&world.app, &admin(), all)).unwrap().rows;
        let names: Vec<String> = classes.into_iter().map(|class| class.name).collect();
        assert_eq!(names, ["Business", "Retail"]);
        refused(done(customer_class::get(&world.app, &admin(), 4_711)), "not_found");
    }

    /// T5: amounts at the edge of their range are refused by name, and no list breaks on one of them.
    fn amounts_at_the_edge_are_refused_and_break_no_list(world: &mut World) {
        let id = world.create(CustomerNew { balance_control: BalanceControl::Prepaid, ..new_customer(world, "Rich") });
        world.post(id, PostingAction::ManualCredit, "9223372036854").unwrap();
        refused(world.post(id, PostingAction::ManualCredit, "9223372036854"), "amount_too_large");
        let change = CustomerChange { credit_limit: Some(Some(money("1000000000"))), ..CustomerChange::default() };
        refused(done(customer::update(&world.app, &admin(), id, change, id_of)), "amount_too_large");
        let until = utc("2026-07-01T00:00:00Z");
        let change = CustomerChange { temporary_limit: Some(Some(TemporaryLimit { amount: money("1000000000"), until })), ..CustomerChange::default() };
        refused(done(customer::update(&world.app, &admin(), id, change, id_of)), "amount_too_large");
        let page = world.list(&admin(), customer::ListRequest { limit: 10, ..customer::ListRequest::default() }).unwrap();
        assert_eq!(page.rows[0].available_funds, Some(money("9223372036854")));
        let large = CustomerChange { credit_limit: Some(Some(money("1000000000.00001"))), ..CustomerChange::default() };
        assert_eq!(invalid(done(customer::update(&world.app, &admin(), id, large, id_of))), ("credit_limit".to_owned(), "too_large"));
    }
}

/// Two nodes rename classes at once: whoever is second is told that the name is taken.
#[test]
fn a_class_name_that_another_node_takes_at_the_same_moment_is_taken() {
    let world = World::on(Engine::Postgres);
    let other = world.make_class("Other", None);
    let (mut node, mut looking) = (world.client(), world.client());
    let mut transaction = node.transaction().unwrap();
    transaction
        .execute("update customer_class set name = 'New', name_key = 'new', version = 2 where customer_class_id = $1", &[&other])
        .unwrap();
    let rename = CustomerClassChange { name: Some("NEW".to_owned()), ..CustomerClassChange::default() };
    let ticket = customer_class::update(&world.app, &admin(), world.class, rename, |class| class.name.clone());
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while looking.query_one(waiting, &[]).unwrap().get::<_, i64>(0) == 0 {
        std::thread::yield_now();
    }
    transaction.commit().unwrap();
    assert_eq!(invalid(done(ticket)), ("name".to_owned(), "taken"));
    assert_eq!(world.rows("select name from customer_class order by name_key"), ["New", "Standard"]);
}
