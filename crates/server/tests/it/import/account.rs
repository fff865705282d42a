//! Accounts: their columns, their customers, what is said of bad ones.

use super::{classes, refused};
use crate::world::World;

fn people(world: &World) {
    classes(world);
    world.file("people.csv", "name,iso_4217,customer_class\nAnna,EUR,Home\nBruno,USD,Home\n");
    world.must(&["import", "customers", "people.csv"]);
}

const HEADER: &str = "id,customer,billing_model,opening_balance,credit_limit,blocked,bill_status,activation_date,life_time,batch";

on_both! {
    fn bad_accounts_are_told_and_the_rest_is_loaded_when_asked(world: &World) {
        people(world);
        let rows = [
            "12025550101,Anna,credit,,20,,,2026-06-16,,",
            "12025550102,Nobody,credit,,,,,,,",
            "12025550103,,credit,,,,,,,",
            ",Anna,credit,,,,,,,",
            "4.42079E+11,Anna,credit,,,,,,,",
            "one two,Anna,1,,,,,,,",
            "12025550104,Anna,both,-5,,,,,,",
            "12025550105,anna,,5,5,,,,,",
            "12025550106,ANNA,-1,-5,5,,,,,",
            "12025550107,Anna,credit,5,,,,,,",
            "12025550108,Anna,credit,,,perhaps,C,16 June,ten,",
            "12025550109,Anna,credit,,,,,,0,",
            "12025550101,Bruno,credit,,,,,,,",
            "card@mail.example,Bruno,debit,7.5,,Y,I,2026-06-16 08:00:00,30,Cards",
        ];
        world.file("x.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
        let told = "x.csv: line 3, column customer: there is no such customer\n\
            x.csv: line 4, column customer: is empty\n\
            x.csv: line 5, column id: is empty\n\
            x.csv: line 6, column id: “4.42079E+11” is not a whole identity: a spreadsheet has shortened the number; format its column as \
            text and fill it anew\n\
            x.csv: line 7, column id: a number, user@domain or address, without spaces\n\
            x.csv: line 8, column billing_model: “both” is not credit (1) or debit (-1)\n\
            x.csv: line 9, column billing_model: is empty\n\
            x.csv: line 10, column opening_balance: a debit account starts with money, not with debt\n\
            x.csv: line 10, column credit_limit: only credit accounts have a limit\n\
            x.csv: line 11, column opening_balance: only debit accounts have an opening balance\n\
            x.csv: line 12, column bill_status: “C” is not O (open) or I (inactive)\n\
            x.csv: line 12, column blocked: “perhaps” is not Y or N\n\
            x.csv: line 12, column activation_date: “16 June” is not a day such as 2026-06-16 or a moment such as 2026-06-16 08:00:00, in UTC\n\
            x.csv: line 12, column life_time: “ten” is not a whole number\n\
            x.csv: line 13, column life_time: 1 to 36500 days\n\
            x.csv: line 14, column id: the same stands on line 2 already\n";
        let refusal = "x.csv: 12 bad rows of 14; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
        assert_eq!(world.run(&["import", "accounts", "x.csv"]), refused(&format!("{told}{refusal}")));
        assert_eq!(world.number("select count(*) from account_identity"), 0);

        let loaded = world.run(&["import", "accounts", "x.csv", "--skip-bad"]).timeless();
        assert_eq!((loaded.code, loaded.told.as_str()), (Some(0), told));
        assert_eq!(loaded.out, "imported 2 of 14 accounts from x.csv in _ s; 12 bad rows left out\n");
        let found = world.texts(
            "select identity || '|' || model || '|' || state || '|' || cast(balance as text) || '|' || coalesce(cast(credit_limit as text), '') \
             || '|' || coalesce(cast(active_from as text), '') from account order by identity_key",
        );
        assert_eq!(found, ["12025550101|credit|open|0|20000000|1781568000000000", "card@mail.example|debit|inactive|-7500000||1781596800000000"]);
        assert_eq!(world.must(&["check"]), "checked 2 customers: everything stored is as derived\n");

        let again = world.run(&["import", "accounts", "x.csv", "--skip-bad"]);
        assert_eq!(again.code, Some(1));
        assert!(again.told.starts_with("x.csv: line 2, column id: an account in the database has this identity\n"), "{}", again.told);
        assert!(again.told.ends_with("x.csv: 14 bad rows of 14; nothing was loaded\n"), "{}", again.told);
    }

    fn customers_are_named_by_id_too(world: &World) {
        people(world);
        let bruno = world.number("select customer_id from customer where name = 'Bruno'");
        world.file("x.csv", format!("i_customer,id,billing_model\n{bruno},12025550101,1\n{bruno},12025550102,1\n"));
        world.must(&["import", "accounts", "x.csv"]);
        assert_eq!(world.number(&format!("select count(*) from account where customer_id = {bruno}")), 2);
        world.file("y.csv", "i_customer,id,billing_model\n1,12025550103,1\nBruno,12025550104,1\n");
        let told = "y.csv: line 2, column i_customer: there is no such customer\n\
                    y.csv: line 3, column i_customer: “Bruno” is not an id: a whole number above 0\n\
                    y.csv: 2 bad rows of 2; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
        assert_eq!(world.run(&["import", "accounts", "y.csv"]), refused(told));
    }
}

/// Ends a customer for good.
fn close(world: &World, name: &str) {
    use trunkline_usecase::customer::{Termination, terminate};
    use trunkline_usecase::{App, Context, Database, Options, clock::Clock};
    let id = world.number(&format!("select customer_id from customer where name = '{name}'"));
    let app = App::new(Database::open(&world.url, Options::default()).unwrap(), Clock::wall(), 0).unwrap();
    terminate(&app, &Context::system(), id, Termination::Permanent, None, |_| String::new()).wait().unwrap().unwrap();
    app.database.stop();
}

#[test]
fn closed_customers_get_no_accounts_and_closed_resellers_no_customers() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    people(&world);
    world.file("house.csv", "name,iso_4217,customer_class,customer_type\nHouse,EUR,Home,reseller\n");
    world.must(&["import", "customers", "house.csv"]);
    close(&world, "Anna");
    close(&world, "House");
    world.file("x.csv", "id,customer,billing_model\n12025550101,Anna,1\n12025550102,Bruno,1\n");
    let told = "x.csv: line 2, column customer: the customer is closed; no operation is possible any more\n\
                x.csv: 1 bad row of 2; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
    assert_eq!(world.run(&["import", "accounts", "x.csv"]), refused(told));
    world.file("y.csv", "name,iso_4217,customer_class,reseller\nGuest,EUR,Home,House\n");
    let told = "y.csv: line 2, column reseller: the reseller is closed or exported and gets no more customers\n\
                y.csv: 1 bad row of 1; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
    assert_eq!(world.run(&["import", "customers", "y.csv"]), refused(told));
}
