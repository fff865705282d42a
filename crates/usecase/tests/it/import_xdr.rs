//! What switches recorded is charged from a file: each session once, whoever told of it first (T14, T20), and all that is good or nothing.

use trunkline_usecase::account::{self, AccountKey};
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::import::{Failure, Kind, Report, Step};
use trunkline_usecase::product::{Holder, ProductNew};
use trunkline_usecase::session;
use trunkline_usecase::tariff::{self, TariffNew};

use crate::correction::{balances, carrier};
use crate::import::{Stop, file, load, take, wish};
use crate::product::{give, make, new_product, outgoing};
use crate::session::{call, end, key};
use crate::tariff::new_tariff;
use crate::world::{World, admin, done, money, start};

const HEAD: &str = "call_id,nas,account_id,CLI,CLD,connect_time,disconnect_time,used_quantity,disconnect_cause\n";

fn import(world: &World, rows: &[&str], skip_bad: bool) -> Report {
    load(world, Kind::Xdrs, &format!("{HEAD}{}\n", rows.join("\n")), skip_bad).unwrap()
}

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    (report.rows, report.loaded, report.repeated, report.rows_bad)
}

/// Line, column and word of each problem.
fn problems(report: &Report) -> Vec<String> {
    let shown = |problem: &trunkline_usecase::import::Problem| {
        format!("{} {} {}", problem.line, problem.column.as_deref().unwrap_or("-"), problem.code)
    };
    report.problems.iter().map(shown).collect()
}

on_both! {
    fn recorded_calls_are_charged_to_everybody_who_pays_with_their_own_dates(world: &mut World) {
        let of = carrier(world);
        world.advance(start().plus_days(3));
        let rows = [
            "a,,15550100,1,+442071234567,2026-06-10 09:10:00,2026-06-10 09:11:01,,16",
            "b,,15550101,,442071234567,2026-06-10T09:20:00Z,,60,",
            // A call that nobody took.
            "c,,15550100,,442071234567,2026-06-10 09:30:00,,0,19",
        ];
        let report = import(world, &rows, false);
        assert_eq!(counts(&report), (3, 3, 0, 0), "{:?}", report.problems);
        assert_eq!(balances(world, &of), ["1.2", "0.9", "1.2", "-9.4"]);
        assert_eq!(world.number("select count(*) from xdr where account_id is not null"), 3);
        // Late as it is, it counts for the time that is open, and shows when it was (T20).
        let late = "select count(*) from xdr where bill_time = $1 and started_at < bill_time";
        assert!(world.number_of(late, world.now().microseconds()) == 6);
        let begun = Timestamp::parse("2026-06-10T09:10:00Z").unwrap().microseconds();
        assert_eq!(world.number_of("select count(*) from xdr where started_at = $1", begun), 2);
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn a_session_is_charged_once_whoever_told_of_it_first(world: &mut World) {
        let of = carrier(world);
        let live = |name: &str| {
            let ticket = session::stop(&world.app, &admin(), &key(name), Some(&call("15550100", "442071234567")), &end(0, 60));
            ticket.unwrap().wait().unwrap().unwrap()
        };
        live("x");
        let rows = [
            "x,sbc,15550100,,442071234567,2026-06-10 09:00:00,,60,",
            "y,sbc,15550100,,442071234567,2026-06-10 09:00:00,,60,",
            "y,sbc,15550100,,442071234567,2026-06-10 09:00:00,,60,",
            // Another switch may call its session the same.
            "y,other,15550100,,442071234567,2026-06-10 09:00:00,,60,",
        ];
        assert_eq!(counts(&import(world, &rows, false)), (4, 2, 2, 0));
        assert_eq!(balances(world, &of)[0], "1.8");
        // The switch tells late what the file had told.
        assert_eq!(live("y").charged, money("0.6"));
        assert_eq!(counts(&import(world, &rows, false)), (4, 0, 4, 0));
        world.restart();
        world.advance(start().plus_days(2));
        assert_eq!(counts(&import(world, &rows, false)), (4, 0, 4, 0));
        assert_eq!(balances(world, &of)[0], "1.8");
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn a_call_that_is_open_ends_by_its_record(world: &mut World) {
        let of = carrier(world);
        let usage = call("15550100", "442071234567");
        session::authorize(&world.app, &admin(), &key("open"), &usage, None).unwrap().wait().unwrap().unwrap();
        assert_eq!(counts(&import(world, &["open,sbc,15550100,,442071234567,2026-06-10 09:00:00,,60,"], false)), (1, 1, 0, 0));
        assert_eq!(world.number("select count(*) from charge_session"), 0);
        assert_eq!(balances(world, &of)[0], "0.6");
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn bad_rows_are_told_and_keep_the_others_out_unless_they_are_skipped(world: &mut World) {
        let of = carrier(world);
        world.advance(start().plus_seconds(3_600));
        let rows = [
            "a,,15550100,,442071234567,2026-06-10 09:30:00,,60,",
            "b,,15559999,,442071234567,2026-06-10 09:30:00,,60,",
            "c,,15550100,,15551234567,2026-06-10 09:30:00,,60,",
            "d,,15550100,,442071234567,2026-06-10 09:30:00,2026-06-10 09:29:59,,",
            "e,,15550100,,442071234567,2026-06-10 09:30:00,,,",
            ",,15550100,,442071234567,2026-06-10 09:30:00,,60,",
            "g,,15550100,,442071234567,2026-06-11 08:00:00,,60,",
            "h,,15550100,,442071234567,soon,,-1,",
            "",
            "i,,15550100,,442071234567,2026-06-10 09:30:00,,60",
        ];
        let told = [
            "3 account_id unknown_identity",
            "4 - no_rate",
            "5 disconnect_time range_reversed",
            "6 used_quantity required",
            "7 call_id required",
            "8 connect_time in_the_future",
            "8 disconnect_time in_the_future",
            "9 connect_time wrong_value",
            "9 used_quantity wrong_value",
        ];
        let before = world.traces();
        let report = import(world, &rows, false);
        assert_eq!(problems(&report)[..9], told);
        assert_eq!((report.rows, report.loaded, report.rows_bad), (9, 0, 8));
        assert_eq!(world.traces(), before);
        let report = import(world, &rows, true);
        assert_eq!((report.rows, report.loaded, report.rows_bad), (9, 1, 8));
        assert_eq!(balances(world, &of)[0], "0.6");
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn what_was_broken_off_is_done_by_another_run(world: &mut World) {
        let of = carrier(world);
        world.advance(start().plus_seconds(3_600));
        let rows: Vec<String> = (0..2_500).map(|number| format!("s{number},,15550100,,442071234567,2026-06-10 09:30:00,,60,")).collect();
        let content = format!("{HEAD}{}\n", rows.join("\n"));
        let outcome = take(world, Kind::Xdrs).run(file(&content), &wish(false), Stop::at(Some(Step::Checking)));
        assert!(matches!(outcome, Err(Failure::Stopped)), "{outcome:?}");
        assert_eq!(balances(world, &of)[0], "0");
        match take(world, Kind::Xdrs).run(file(&content), &wish(false), Stop::at(Some(Step::Loading))) {
            Err(Failure::Partly(report)) => assert_eq!(counts(&report), (2_500, 1_000, 0, 0)),
            other => panic!("{other:?}"),
        }
        assert_eq!(balances(world, &of)[0], "600");
        world.restart();
        let keyed = || take(world, Kind::Xdrs).keyed(Some("k".to_owned()), &content).run(file(&content), &wish(false), Stop::at(None)).unwrap();
        let report = keyed();
        assert_eq!(counts(&report), (2_500, 1_500, 1_000, 0));
        assert_eq!(keyed(), report);
        assert_eq!(balances(world, &of), ["1500", "750", "1500", "-10"]);
        assert_eq!(world.differences(), Vec::<String>::new());
    }

    fn the_sample_is_charged_to_the_accounts_of_the_samples(world: &mut World) {
        let sample = |name: &str| std::fs::read_to_string(format!("{}/../../samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for (kind, name) in [(Kind::Classes, "classes.csv"), (Kind::Customers, "customers.csv"), (Kind::Accounts, "accounts.csv")] {
            assert_eq!(load(world, kind, &sample(name), false).unwrap().rows_bad, 0);
        }
        let everyday = TariffNew { currency: "USD".to_owned(), ..new_tariff("Everyday voice") };
        let tariff_id = done(tariff::create(&world.app, &admin(), everyday, |tariff| tariff.tariff_id.to_string())).unwrap().parse().unwrap();
        load(world, Kind::Rates, &sample("rates.csv"), false).unwrap();
        let product_id = make(world, ProductNew { currency: "USD".to_owned(), ..new_product("Home", outgoing(tariff_id)) });
        for identity in ["12025550111", "12025550121", "12025550112", "12025550113"] {
            let found = done(account::get(&world.app, &admin(), AccountKey::Identity(identity.to_owned()))).unwrap();
            give(world, Holder::Account(found.account.facts.account_id), product_id);
        }
        world.advance(start().plus_seconds(3_600));
        assert_eq!(counts(&load(world, Kind::Xdrs, &sample("xdrs.csv"), false).unwrap()), (4, 4, 0, 0));
        let charged = "select identity || ' ' || cld || ' ' || cast(quantity as text) || ' ' || cast(owed as text) from xdr x \
                       join account a on a.customer_id = x.customer_id and a.account_id = x.account_id order by xdr_id";
        let expected = ["12025550111 442079460101 96 80000", "12025550121 447700900123 66 132000", "12025550112 12025550199 0 0", "12025550113 442079460102 30 25000"];
        assert_eq!(world.rows(charged), expected);
        assert_eq!(world.differences(), Vec::<String>::new());
    }
}
