//! Customers that cannot be loaded: what is said of each, and what happens to the others.

use super::{classes, customers, done, refused};
use crate::world::{Done, World};

const HEADER: &str = "name,iso_4217,customer_class,i_customer_type,reseller,i_balance_control_type,credit_limit,opening_balance,time_zone_name,\
                      i_billing_period,login,suspend_on_insuff_funds,email,country,phone1";

/// Columns with other values than a good row has.
type Differences<'a> = &'a [(&'a str, &'a str)];

/// A row by the columns in which it differs from a good one.
fn row(name: &str, differences: Differences<'_>) -> String {
    let cell = |column: &str| {
        let own = differences.iter().find(|(other, _)| *other == column).map(|(_, value)| *value);
        own.unwrap_or(match column {
            "name" => name,
            "iso_4217" => "EUR",
            "customer_class" => "Home",
            _ => "",
        })
    };
    let cells: Vec<&str> = HEADER.split(',').map(cell).collect();
    cells.join(",") + "\n"
}

#[test]
fn each_bad_value_is_told_with_its_line_column_and_reason() {
    let cases: [(Differences<'_>, &[&str]); 26] = [
        (&[("name", "")], &["name: is empty"]),
        (&[("name", "\u{202e}evil")], &["name: control characters and marks that hide or reorder text are not allowed"]),
        (&[("iso_4217", "")], &["iso_4217: is empty"]),
        (&[("iso_4217", "EURO")], &["iso_4217: not an ISO 4217 currency code in use"]),
        (&[("customer_class", "")], &["customer_class: is empty"]),
        (&[("customer_class", "Nobody's")], &["customer_class: there is no such customer class; import classes first"]),
        (&[("customer_class", "euros"), ("iso_4217", "USD")], &["customer_class: the class takes only customers in EUR, not in USD"]),
        (&[("i_customer_type", "3")], &["i_customer_type: “3” is not retail (1) or reseller (2)"]),
        (&[("reseller", "Nobody")], &["reseller: there is no such reseller, neither in the database nor in an earlier row"]),
        (&[("reseller", "Later")], &["reseller: there is no such reseller, neither in the database nor in an earlier row"]),
        (&[("reseller", "Plain")], &["reseller: the customer of this name, on line 2, is not a reseller"]),
        (&[("i_balance_control_type", "free")], &["i_balance_control_type: “free” is not postpaid (1) or prepaid (2)"]),
        (
            &[("credit_limit", "1e3")],
            &["credit_limit: “1e3” is not an amount such as -12.5: a point before the decimals, no grouping, no currency"],
        ),
        (
            &[("credit_limit", "\"12,50\"")],
            &["credit_limit: “12,50” is not an amount such as -12.5: a point before the decimals, no grouping, no currency"],
        ),
        (&[("credit_limit", "-1")], &["credit_limit: a credit limit is not below zero"]),
        (&[("credit_limit", "0.0000001")], &["credit_limit: “0.0000001” has more than 6 decimals"]),
        (&[("opening_balance", "0.000001")], &["opening_balance: at most 5 decimals"]),
        (&[("opening_balance", "99999999999999")], &["opening_balance: “99999999999999” is too large"]),
        (&[("opening_balance", "1000000001")], &["opening_balance: between -1000000000 and 1000000000"]),
        (&[("time_zone_name", "Mars/Base")], &["time_zone_name: not a time zone of the IANA database such as Europe/Kyiv"]),
        (
            &[("i_billing_period", "7")],
            &["i_billing_period: “7” is not daily, weekly, semimonthly, monthly, monthly_anniversary, thirty_days or its number, 1 to 6"],
        ),
        (&[("suspend_on_insuff_funds", "maybe")], &["suspend_on_insuff_funds: “maybe” is not Y or N"]),
        (&[("email", "nobody")], &["email: an address such as name@example.com"]),
        (&[("country", "Germany")], &["country: at most 2 characters"]),
        (&[("phone1", "123456789012345678901")], &["phone1: at most 20 characters"]),
        (
            &[("iso_4217", "XXX"), ("credit_limit", "-5"), ("customer_class", "?")],
            &[
                "credit_limit: a credit limit is not below zero",
                "iso_4217: not an ISO 4217 currency code in use",
                "customer_class: there is no such customer class; import classes first",
            ],
        ),
    ];
    let world = World::on(trunkline_storage::Engine::Sqlite);
    classes(&world);
    let (mut content, mut told) = (format!("{HEADER}\n{}", row("Plain", &[])), String::new());
    for (index, (differences, expected)) in cases.iter().enumerate() {
        content.push_str(&row(&format!("Customer {index}"), differences));
        for one in *expected {
            told.push_str(&format!("x.csv: line {}, column {one}\n", index + 3));
        }
    }
    content.push_str(&row("Later", &[("i_customer_type", "reseller")]));
    world.file("x.csv", content);
    told.push_str("x.csv: 26 bad rows of 28; nothing was loaded (correct them, or load the rest with --skip-bad)\n");
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(&told));
    assert_eq!(customers(&world), 0);
    assert_eq!(world.number("select count(*) from audit where action = 'customer.import'"), 0);
}

on_both! {
    fn one_bad_row_keeps_all_others_out(world: &World) {
        classes(world);
        let good: String = (0..1_500).map(|index| row(&format!("Customer {index}"), &[])).collect();
        world.file("x.csv", format!("{HEADER}\n{good}{}", row("Last", &[("iso_4217", "no")])));
        let told = "x.csv: line 1502, column iso_4217: not an ISO 4217 currency code in use\n\
                    x.csv: 1 bad row of 1501; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
        assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(told));
        for table in ["customer", "customer_name", "customer_login", "customer_balance", "customer_entry", "customer_amount"] {
            assert_eq!(world.number(&format!("select count(*) from {table}")), 0, "{table}");
        }
        assert_eq!(world.must(&["check"]), "checked 0 customers: everything stored is as derived\n");
        assert_eq!(
            world.run(&["import", "customers", "x.csv", "--skip-bad"]).timeless(),
            Done {
                code: Some(0),
                out: "imported 1500 of 1501 customers from x.csv in _ s; 1 bad row left out\n".into(),
                told: "x.csv: line 1502, column iso_4217: not an ISO 4217 currency code in use\n".into(),
            }
        );
        assert_eq!(customers(world), 1_500);
        assert_eq!(world.must(&["check"]), "checked 1500 customers: everything stored is as derived\n");
    }

    fn names_and_logins_are_unique_in_the_file_and_in_the_database(world: &World) {
        classes(world);
        world.file("first.csv", format!("{HEADER}\n{}{}", row("Anna", &[("login", "anna")]), row("Bruno", &[])));
        world.must(&["import", "customers", "first.csv"]);
        let rows = [
            row("Chiara", &[("login", "chiara")]),
            row("ＡＮＮＡ", &[]),
            row(" chiara  ", &[]),
            row("Dmitri", &[("login", "CHIARA")]),
            row("Eszter", &[("login", "Anna")]),
            row("Bruno", &[("login", "anna")]),
        ];
        world.file("x.csv", format!("{HEADER}\n{}", rows.concat()));
        let told = "x.csv: line 3, column name: a customer in the database has this name\n\
                    x.csv: line 4, column name: the same stands on line 2 already\n\
                    x.csv: line 5, column login: the same stands on line 2 already\n\
                    x.csv: line 6, column login: a customer in the database has this login\n\
                    x.csv: line 7, column login: the same stands on line 6 already\n\
                    x.csv: line 7, column name: a customer in the database has this name\n";
        let refusal = "x.csv: 5 bad rows of 6; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
        assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(&format!("{told}{refusal}")));
        assert_eq!(customers(world), 2);
    }

    fn a_row_that_is_left_out_takes_nothing_from_others(world: &World) {
        classes(world);
        let rows = [
            row("Anna", &[("credit_limit", "much")]),
            row("Anna", &[("credit_limit", "100")]),
            row("House", &[("i_customer_type", "2"), ("iso_4217", "?")]),
            row("Guest", &[("reseller", "House")]),
            row("Anna", &[]),
        ];
        world.file("x.csv", format!("{HEADER}\n{}", rows.concat()));
        let amount = "is not an amount such as -12.5: a point before the decimals, no grouping, no currency";
        assert_eq!(
            world.run(&["import", "customers", "x.csv", "--skip-bad"]).timeless(),
            Done {
                code: Some(0),
                out: "imported 1 of 5 customers from x.csv in _ s; 4 bad rows left out\n".into(),
                told: format!(
                    "x.csv: line 2, column credit_limit: “much” {amount}\n\
                     x.csv: line 4, column iso_4217: not an ISO 4217 currency code in use\n\
                     x.csv: line 5, column reseller: there is no such reseller, neither in the database nor in an earlier row\n\
                     x.csv: line 6, column name: the same stands on line 3 already\n"
                ),
            }
        );
        assert_eq!(world.texts("select name || ' ' || cast(credit_limit as text) from customer"), ["Anna 100000000"]);
    }

    fn resellers_stand_in_earlier_rows_or_in_the_database(world: &World) {
        classes(world);
        let rows = [
            row("House", &[("i_customer_type", "reseller")]),
            row("Room", &[("i_customer_type", "2"), ("reseller", "house")]),
            row("Guest", &[("reseller", "ROOM")]),
        ];
        world.file("first.csv", format!("{HEADER}\n{}", rows.concat()));
        world.must(&["import", "customers", "first.csv"]);
        let house = world.number("select customer_id from customer where name = 'House'");
        world.file("second.csv", format!("name,iso_4217,customer_class,i_parent\nVisitor,EUR,Home,{house}\nLodger,EUR,Home,{house}\n"));
        assert_eq!(world.run(&["import", "customers", "second.csv"]).timeless(), done("imported 2 customers from second.csv in _ s\n"));
        let found = world.texts(
            "select c.name || ' of ' || r.name from customer c join customer r on r.customer_id = c.reseller_id order by c.customer_id",
        );
        assert_eq!(found, ["Room of House", "Guest of Room", "Visitor of House", "Lodger of House"]);
        assert_eq!(world.must(&["check"]), "checked 5 customers: everything stored is as derived\n");
    }
}

#[test]
fn resellers_are_nested_only_so_deep() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    classes(&world);
    let level = |depth: usize| {
        let above = if depth == 1 { String::new() } else { format!("Level {}", depth - 1) };
        row(&format!("Level {depth}"), &[("i_customer_type", "2"), ("reseller", &above)])
    };
    let first: String = (1..=5).map(level).collect();
    world.file("first.csv", format!("{HEADER}\n{first}"));
    world.must(&["import", "customers", "first.csv"]);
    let rest: String = (6..=10).map(level).collect();
    world.file("x.csv", format!("{HEADER}\n{rest}"));
    let told = "x.csv: line 6, column reseller: resellers are nested up to 8 deep\n\
                x.csv: 1 bad row of 5; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(told));
}

#[test]
fn of_many_problems_the_first_are_told_and_the_rest_counted() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    classes(&world);
    let rows: String = (0..250).map(|index| row(&format!("Customer {index}"), &[("iso_4217", "no")])).collect();
    world.file("x.csv", format!("{HEADER}\n{rows}"));
    let mut told: String =
        (2..102).map(|line| format!("x.csv: line {line}, column iso_4217: not an ISO 4217 currency code in use\n")).collect();
    told.push_str("x.csv: 150 more problems are not shown\n");
    let end = "x.csv: 250 bad rows of 250; nothing was loaded";
    let advice = " (correct them, or load the rest with --skip-bad)";
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(&format!("{told}{end}{advice}\n")));
    assert_eq!(world.run(&["import", "customers", "x.csv", "--skip-bad"]), refused(&format!("{told}{end}\n")));
}
