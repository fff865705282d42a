//! Tariffs and rates: made, changed, loaded from files, and what a call costs by them at each moment.

use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::rate::{Price, Pricing, RateStanding};
use trunkline_usecase::domain::rating::step_text;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::import::{Kind, Report};
use trunkline_usecase::rate::{self, RateListRequest, RateNew, RateWanted};
use trunkline_usecase::tariff::{self, TariffChange, TariffNew, TariffSettings};

use crate::import::load;
use crate::world::{World, admin, done, invalid, money, refused, utc};

pub fn new_tariff(name: &str) -> TariffNew {
    TariffNew { name: name.to_owned(), service: Service::Voice, currency: "EUR".to_owned(), settings: TariffSettings::default() }
}

pub fn new_rate(prefix: &str, price: &str) -> RateNew {
    let price = money(price);
    let pricing = Pricing::Intervals(Price { interval_first: 60, interval_next: 60, price_first: price, price_next: price });
    let wanted = RateWanted { standing: RateStanding::Open, is_payback: false, pricing, off_peak: None };
    RateNew { prefix: prefix.to_owned(), effective_from: None, wanted }
}

fn make(world: &World, new: TariffNew) -> Id {
    done(tariff::create(&world.app, &admin(), new, |tariff| tariff.tariff_id.to_string())).unwrap().parse().unwrap()
}

fn price(world: &World, tariff_id: Id, number: &str, seconds: u64, at: Option<Timestamp>) -> Option<String> {
    let priced = done(rate::price(&world.app, &admin(), tariff_id, number.to_owned(), Some(seconds), at)).unwrap();
    priced.charge.map(|(charge, _)| charge.amount.to_string())
}

fn rates(world: &World, content: &str, skip_bad: bool) -> Report {
    load(world, Kind::Rates, content, skip_bad).unwrap()
}

fn listed(world: &World, tariff_id: Id) -> Vec<(String, String)> {
    let request = RateListRequest { limit: 100, ..RateListRequest::default() };
    let page = done(rate::list(&world.app, &admin(), tariff_id, request)).unwrap();
    page.rows.iter().map(|(prefix, rate)| (prefix.digits().to_owned(), rate.effective_from.to_rfc3339())).collect()
}

on_both! {
    fn a_rate_holds_from_its_moment_on_and_a_change_holds_at_once(world: &mut World) {
        let tariff_id = make(world, new_tariff("Retail"));
        let add = |prefix: &str, price: &str, from: Option<&str>| {
            let new = RateNew { effective_from: from.map(utc), ..new_rate(prefix, price) };
            done(rate::create(&world.app, &admin(), tariff_id, new, |(_, _, rate)| rate.rate_id.to_string()))
        };
        add("44", "0.6", None).unwrap();
        add("44", "1.2", Some("2030-01-01T00:00:00Z")).unwrap();
        add("447", "3", Some("2030-01-01T00:00:00Z")).unwrap();
        assert_eq!(price(world, tariff_id, "447700900123", 61, None).unwrap(), "1.2");
        assert_eq!(price(world, tariff_id, "447700900123", 61, Some(utc("2030-01-01T00:00:00Z"))).unwrap(), "6");
        assert_eq!(price(world, tariff_id, "44201", 61, Some(utc("2030-01-01T00:00:00Z"))).unwrap(), "2.4");
        // What is planned gives way; what has begun stays.
        add("44", "1.8", Some("2030-01-01T00:00:00Z")).unwrap();
        assert_eq!(price(world, tariff_id, "44201", 60, Some(utc("2030-01-01T00:00:00Z"))).unwrap(), "1.8");
        assert_eq!(invalid(add("44", "9", Some(&world.now().to_rfc3339()))), ("effective_from".to_owned(), "begun"));
        // A tariff's own settings count from their change on.
        let settings = TariffSettings { connect_fee: Some(money("0.05")), ..TariffSettings::default() };
        let change = TariffChange { version: Some(1), settings, ..TariffChange::default() };
        done(tariff::update(&world.app, &admin(), tariff_id, change.clone(), |_| String::new())).unwrap();
        refused(done(tariff::update(&world.app, &admin(), tariff_id, change, |_| String::new())), "changed_meanwhile");
        let priced = done(rate::price(&world.app, &admin(), tariff_id, "44201".to_owned(), Some(61), None)).unwrap();
        let (charge, steps) = priced.charge.unwrap();
        let told: Vec<String> = steps.iter().map(|step| step_text(step, Service::Voice, priced.tariff.currency)).collect();
        let expected = [
            "connect fee of 0.05 EUR",
            "1 interval of 60 seconds at 0.6 EUR a minute",
            "1 interval of 60 seconds at 0.6 EUR a minute",
            "1.25 EUR, rounded once to 5 decimals",
        ];
        assert_eq!((charge.amount, charge.charged_units, told), (money("1.25"), 120, expected.map(str::to_owned).to_vec()));
        refused(done(rate::price(&world.app, &admin(), tariff_id, "39".to_owned(), Some(61), None)), "not_found");
        done(tariff::delete(&world.app, &admin(), tariff_id)).unwrap();
        refused(done(rate::price(&world.app, &admin(), tariff_id, "44".to_owned(), Some(61), None)), "not_found");
    }

    fn a_file_of_rates_is_loaded_whole_and_a_repeat_of_it_changes_nothing(world: &mut World) {
        let tariff_id = make(world, new_tariff("Retail"));
        let file = "tariff,destination,effective_from,interval_1,interval_n,price_1,price_n,status,formula,op_price_n\n\
                    retail,,2026-01-01,,,,0.9,,,\n\
                    Retail,44,2026-01-01,30,6,0.1,0.2,,,0.02\n\
                    Retail,44,2030-01-01,,,,,forbidden,,\n\
                    Retail,4477,2026-01-01,,,,,,\"fee, 60@0.3\",\n";
        assert_eq!(rates(world, file, false), Report { rows: 4, loaded: 4, ..Report::default() });
        let midnight = |prefix: &str, year: u16| (prefix.to_owned(), format!("{year}-01-01T00:00:00Z"));
        assert_eq!(listed(world, tariff_id), [midnight("", 2026), midnight("44", 2026), midnight("44", 2030), midnight("4477", 2026)]);
        let ids = || world.rows("select cast(rate_id as text) from rate order by prefix, effective_from");
        let before = ids();
        assert_eq!(rates(world, file, false).loaded, 4);
        assert_eq!(ids(), before);
        assert_eq!(price(world, tariff_id, "442", 36, None).unwrap(), "0.07");
        assert_eq!(price(world, tariff_id, "4477", 61, None).unwrap(), "0.6");
        assert_eq!(price(world, tariff_id, "1", 1, None).unwrap(), "0.015");
        assert_eq!(price(world, tariff_id, "442", 36, Some(utc("2030-01-01T00:00:00Z"))), None);
        // Other prices of what has begun are refused, all others with them.
        let other = file.replace("0.9", "0.8").replace("4477", "4478");
        let report = rates(world, &other, false);
        let told: Vec<_> = report.problems.iter().map(|problem| (problem.line, problem.column.as_deref(), problem.code.as_str())).collect();
        assert_eq!((report.loaded, told), (0, vec![(2, Some("effective_from"), "begun")]));
        assert_eq!(rates(world, &other, true).loaded, 3);
        assert_eq!(price(world, tariff_id, "4478", 61, None).unwrap(), "0.6");
    }

    fn every_bad_cell_of_a_file_of_rates_is_told(world: &mut World) {
        make(world, new_tariff("Retail"));
        let file = "tariff,destination,interval_n,price_n,formula,status\n\
                    Retail,+44,1,0.1,,\n\
                    Wholesale,44,1,0.1,,\n\
                    Retail,44,0,0.1,,\n\
                    Retail,44,1,,,\n\
                    Retail,44,1,-1,,\n\
                    Retail,44,1,,fee,\n\
                    Retail,44,1,0.1,,gone\n\
                    Retail,44,1,0.1,,\n\
                    Retail,44,1,0.2,,\n";
        let report = rates(world, file, true);
        let told: Vec<_> = report.problems.iter().map(|problem| (problem.line, problem.column.as_deref().unwrap_or_default(), problem.code.as_str())).collect();
        let expected = [
            (2, "destination", "malformed"),
            (3, "tariff", "not_found"),
            (4, "interval_n", "out_of_range"),
            (5, "price_n", "required"),
            (6, "price_n", "out_of_range"),
            (7, "formula", "wrong_value"),
            (8, "status", "wrong_value"),
            (10, "destination", "twice"),
        ];
        assert_eq!((report.loaded, told), (1, expected.to_vec()));
    }
}
