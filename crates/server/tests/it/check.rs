//! Owns tests of `check`: it is content after a demo, and finds each kind of value that somebody tampered with.
//! Does not own: how values follow from each other (usecase/check.rs).

use trunkline_storage::Engine;

use crate::demo::{CLOCK, demo};
use crate::program::meddle;
use crate::world::World;

/// A value, the statement that spoils it, and what is then told. `$id` is the customer's id, `$invoice` its invoice's.
struct Case {
    spoil: &'static str,
    mend: &'static str,
    told: &'static [&'static str],
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case {
        spoil: "update customer_balance set balance = balance + 70000 where customer_id = $id",
        mend: "update customer_balance set balance = balance - 70000 where customer_id = $id",
        told: &["customer $id: balance is stored as "],
    },
    Case {
        spoil: "update customer_balance set unallocated = unallocated + 1 where customer_id = $id",
        mend: "update customer_balance set unallocated = unallocated - 1 where customer_id = $id",
        told: &["customer $id: unallocated payments is stored as "],
    },
    Case {
        spoil: "update posting set owed = owed + 10 where posting_id = (select min(posting_id) from posting where customer_id = $id)",
        mend: "update posting set owed = owed - 10 where posting_id = (select min(posting_id) from posting where customer_id = $id)",
        told: &["customer $id: balance is stored as ", "customer $id: sum of xDRs is stored as "],
    },
    Case {
        spoil: "update xdr set owed = owed + 10 where xdr_id = (select min(xdr_id) from xdr where customer_id = $id)",
        mend: "update xdr set owed = owed - 10 where xdr_id = (select min(xdr_id) from xdr where customer_id = $id)",
        told: &["customer $id: sum of xDRs is stored as "],
    },
    Case {
        spoil: "update payment set amount = amount + 10 where payment_id = (select min(payment_id) from payment where customer_id = $id)",
        mend: "update payment set amount = amount - 10 where payment_id = (select min(payment_id) from payment where customer_id = $id)",
        told: &["customer $id: unallocated payments is stored as "],
    },
    Case {
        spoil: "update customer_entry set status_order = 300 where customer_id = $id",
        mend: "update customer_entry set status_order = 1700 where customer_id = $id",
        told: &["customer $id: status is stored as blocked, derived as active\n", "customer $id: row of amounts is stored as another one"],
    },
    Case {
        spoil: "update customer_entry set status_changes_at = 4000000000000000 where customer_id = $id",
        mend: "update customer_entry set status_changes_at = null where customer_id = $id",
        told: &["customer $id: status is stored as active until 2096-10-02T07:06:40Z, derived as active\n"],
    },
    Case {
        spoil: "update customer_entry set name_key = 'zzz ' || name_key where customer_id = $id",
        mend: "update customer_entry set name_key = substr(name_key, 5) where customer_id = $id",
        told: &["customer $id: list row is stored as \"zzz "],
    },
    Case {
        spoil: "update customer_entry set credit_limit = credit_limit + 1 where customer_id = $id",
        mend: "update customer_entry set credit_limit = credit_limit - 1 where customer_id = $id",
        told: &["customer $id: list row is stored as "],
    },
    Case {
        spoil: "update customer_amount set amount = amount + 1 where customer_id = $id",
        mend: "update customer_amount set amount = amount - 1 where customer_id = $id",
        told: &["customer $id: amount in the list's order is stored as "],
    },
    Case {
        spoil: "update customer_amount set currency = 'XXX' || currency where customer_id = $id",
        mend: "update customer_amount set currency = substr(currency, 4) where customer_id = $id",
        told: &["customer $id: row of amounts is stored as another one, derived as that of the list row\n"],
    },
    Case {
        spoil: "update customer_amount set overdue_from = coalesce(overdue_from, 0) + 1 where customer_id = $id",
        mend: "update customer_amount set overdue_from = case when overdue_from = 1 then null else overdue_from - 1 end where customer_id = $id",
        told: &["customer $id: when it comes to be overdue is stored as "],
    },
    Case {
        spoil: "update customer_entry set company_key = company_key || 'x' where customer_id = $id",
        mend: "update customer_entry set company_key = substr(company_key, 1, length(company_key) - 1) where customer_id = $id",
        told: &["customer $id: list row is stored as "],
    },
    Case {
        spoil: "update customer_text set email = email || 'x' where customer_id = $id",
        mend: "update customer_text set email = substr(email, 1, length(email) - 1) where customer_id = $id",
        told: &["customer $id: searched texts is stored as "],
    },
    Case {
        spoil: "update customer_balance set last_paid_at = last_paid_at + 1 where customer_id = $id",
        mend: "update customer_balance set last_paid_at = last_paid_at - 1 where customer_id = $id",
        told: &["customer $id: last payment is stored as "],
    },
    Case {
        spoil: "update open_invoice set outstanding = outstanding - 10000 where invoice_id = $invoice",
        mend: "update open_invoice set outstanding = outstanding + 10000 where invoice_id = $invoice",
        told: &["invoice $invoice: outstanding is stored as "],
    },
    Case {
        spoil: "update invoice set total = total + 10000 where invoice_id = $invoice",
        mend: "update invoice set total = total - 10000 where invoice_id = $invoice",
        told: &["invoice $invoice: outstanding is stored as "],
    },
    Case {
        spoil: "insert into customer_name (name_key, customer_id) values ('nobody at all', 1)",
        mend: "delete from customer_name where name_key = 'nobody at all'",
        told: &["table customer_name: number of rows is stored as 121, derived as 120\n"],
    },
    Case {
        spoil: "insert into bundle_use (customer_id, account_id, item_id, first_day, taken) values ($id, 71, 900, 20000, 5)",
        mend: "delete from bundle_use",
        told: &["account 71, item 900 of a bundle: what was taken of it is stored as 5, derived as 0\n"],
    },
    Case {
        spoil: "create table stranger (id bigint)",
        mend: "drop table stranger",
        told: &["schema: tables is stored as table stranger is not known to this program, derived as the list of this program\n"],
    },
    Case {
        spoil: "alter table staff_preference rename to staff_preference_away",
        mend: "alter table staff_preference_away rename to staff_preference",
        told: &["schema: tables is stored as table staff_preference is missing", "schema: tables is stored as table staff_preference_away is not known"],
    },
];

on_both! {
    fn each_kind_of_value_that_was_tampered_with_is_found(world: &World) {
        demo(world, &[]).stop();
        let clean = (Some(0), "checked 120 customers: everything stored is as derived\n".to_owned());
        let check = || {
            let done = world.run(&["check", "--at", CLOCK]);
            (done.code, done.out, done.told)
        };
        let found = check();
        assert_eq!((found.0, found.1), clean);
        // An active customer with a limit, whose balance has moved and who has paid.
        let id = world.number(
            "select min(e.customer_id) from customer_entry e where e.status_order = 1700 and e.status_changes_at is null \
             and e.limit_kind = 0 and e.reseller_id = 0 and e.credit_limit > 1000000 and exists (select 1 from payment p where p.customer_id = e.customer_id)",
        );
        let invoice = world.number("select min(invoice_id) from open_invoice");
        assert!(id > 0 && invoice > 0, "the demo has nobody to tamper with");
        let fill = |text: &str| text.replace("$id", &id.to_string()).replace("$invoice", &invoice.to_string());
        for case in CASES {
            meddle(world, &fill(case.spoil));
            let (code, out, told) = check();
            assert_eq!(code, Some(1), "{}: {out}{told}", case.spoil);
            for words in case.told {
                assert!(out.contains(&fill(words)), "{}: {out}", case.spoil);
            }
            let lines = out.lines().count();
            assert_eq!(told, format!("checked 120 customers: {lines} differences\n"), "{}", case.spoil);
            assert!(lines <= 4, "{}: {out}", case.spoil);
            meddle(world, &fill(case.mend));
        }
        let found = check();
        assert_eq!((found.0, found.1), clean, "a test did not mend what it had spoilt");
    }

    fn a_row_that_is_gone_is_found(world: &World) {
        demo(world, &[]).stop();
        let id = world.number("select min(customer_id) from customer_entry where status_order = 1700");
        meddle(world, &format!("delete from customer_entry where customer_id = {id}"));
        let done = world.run(&["check", "--at", CLOCK]);
        assert_eq!(done.code, Some(1));
        let expected =
            format!("table customer_entry: number of rows is stored as 119, derived as 120\ncustomer {id}: list row is stored as missing, derived as there\n");
        assert_eq!((done.out, done.told), (expected, "checked 120 customers: 2 differences\n".to_owned()));
    }
}

/// On SQLite a row that is not found by its customer would hide from whatever asks for the customer's rows.
#[test]
fn a_row_that_cannot_be_found_by_its_customer_is_told() {
    let world = World::on(Engine::Sqlite);
    demo(&world, &[]).stop();
    let found = "select (select count(*) from arrival where kind = 2) + (select count(*) from arrival_tail where kind = 2)";
    let (payments, findable) = (world.number("select count(*) from payment"), world.number(found));
    assert_eq!(findable, payments);
    meddle(&world, "delete from arrival where kind = 2; delete from arrival_tail where kind = 2");
    let done = world.run(&["check", "--at", CLOCK]);
    let expected = format!("table payment: number of rows that are found by customer is stored as 0, derived as {payments}\n");
    assert_eq!((done.code, done.out), (Some(1), expected));
}

#[test]
fn a_place_without_a_database_is_refused() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let done = world.run(&["check"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    assert!(done.told.contains("there is no file"), "{}", done.told);
    assert!(!world.folder.join("trunkline.db").exists(), "check made a file");
    world.file("trunkline.db", "this is no database, but a text that is long enough to look into".repeat(20));
    let done = world.run(&["check"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    let done = world.run(&["check", "--at", "noon"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
}
