//! The SQL of tariffs and rates: what is written comes back whole, a page begins where the one before ended.

use trunkline_domain::id::Id;
use trunkline_domain::money::Rounding;
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding, Terms};
use trunkline_domain::rate_table::Prefix;
use trunkline_domain::rate_text::{parse_formula, parse_off_peak};
use trunkline_domain::service::Service;
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::{Timestamp, Zone};
use trunkline_storage::customer_class::Saved;
use trunkline_storage::rate::NewRate;
use trunkline_storage::{rate, tariff};

use crate::fixture::{currency, money, now};
use crate::world::{World, later};

fn full_tariff(tariff_id: Id, name: &str) -> Tariff {
    Tariff {
        tariff_id,
        name: name.to_owned(),
        service: Service::Voice,
        currency: currency("EUR"),
        terms: Terms {
            price_units: 60,
            grace_units: 3,
            free_units: 30,
            connect_fee: money("0.1"),
            surcharge_millionths: 125_000,
            rounding_digits: 4,
            rounding: Rounding::AwayFromZero,
            is_split_by_peak: true,
        },
        zone: Zone::parse("Europe/Kyiv").unwrap(),
        off_peak: Some(parse_off_peak("20:00-08:00 mon-fri; sat-sun").unwrap()),
        created_at: now(),
        version: 1,
    }
}

fn price(first: &str, next: &str) -> Pricing {
    Pricing::Intervals(Price { interval_first: 30, interval_next: 6, price_first: money(first), price_next: money(next) })
}

fn new(prefix: &str, rate_id: Id, from: Timestamp, pricing: Pricing, off_peak: Option<Pricing>) -> NewRate {
    let rate = Rate { rate_id, effective_from: from, standing: RateStanding::Open, is_payback: false, pricing, off_peak };
    NewRate { tariff_id: 5, prefix: Prefix::parse(prefix).unwrap(), rate }
}

on_both! {
    fn a_tariff_comes_back_whole_after_adding_and_after_saving(world: &mut World) {
        let full = full_tariff(5, "Retail Ö");
        let added = full.clone();
        assert!(world.write(move |tx| tariff::add(tx, &added)).unwrap());
        assert!(!world.write(|tx| tariff::add(tx, &full_tariff(6, "RETAIL ö"))).unwrap());
        assert_eq!(world.read(|tx| tariff::load(tx, 5)).unwrap(), Some(full.clone()));
        let bare = Tariff { name: "Bare".to_owned(), terms: Terms::VOICE, zone: Zone::utc(), off_peak: None, version: 2, ..full };
        let saved = bare.clone();
        assert_eq!(world.write(move |tx| tariff::save(tx, &saved)).unwrap(), Saved::Done);
        assert_eq!(world.read(tariff::all).unwrap(), std::slice::from_ref(&bare));
        let again = bare;
        assert_eq!(world.write(move |tx| tariff::save(tx, &again)).unwrap(), Saved::Overtaken);
        assert_eq!(world.read(|tx| tariff::rates_version(tx, 5)).unwrap(), Some(2));
    }

    fn rates_come_back_whole_and_go_with_their_tariff(world: &mut World) {
        assert!(world.write(|tx| tariff::add(tx, &full_tariff(5, "Retail"))).unwrap());
        let formula = Pricing::Formula(parse_formula("fee, 2x30@0.2, +0.05!, +10%, 60@0.1").unwrap());
        let rates = vec![
            new("", 1, now(), price("0", "0.123456"), None),
            new("44", 2, now(), price("0.1", "0.2"), Some(price("0.01", "0.02"))),
            new("44", 3, later(now(), 60), formula.clone(), Some(formula)),
            new("447", 4, now(), price("1", "1"), None),
        ];
        let expected: Vec<(Prefix, Rate)> = rates.iter().map(|new| (new.prefix.clone(), new.rate.clone())).collect();
        let first = rates.clone();
        world.write(move |tx| rate::put_many(tx, &first, now())).unwrap();
        assert_eq!(world.read(|tx| rate::of_tariff(tx, 5)).unwrap(), expected);

        let page = |start: &'static str, after: Option<(&'static str, Timestamp)>, count| {
            let found = world.read(move |tx| rate::page(tx, 5, start, after, count)).unwrap();
            found.into_iter().map(|(_, rate)| rate.rate_id).collect::<Vec<Id>>()
        };
        assert_eq!(page("", None, 2), [1, 2]);
        assert_eq!(page("", Some(("44", now())), 2), [3, 4]);
        assert_eq!(page("44", Some(("44", later(now(), 60))), 9), [4]);
        assert_eq!(page("45", None, 9), [] as [Id; 0]);
        let mut of_prefixes = world.read(|tx| rate::of_prefixes(tx, 5, &["44", "1", "447"])).unwrap();
        assert_eq!(of_prefixes.remove(&Prefix::parse("44").unwrap()).map(|rates| rates.len()), Some(2));
        assert_eq!(of_prefixes.len(), 1);

        // One with the same prefix and moment takes the other's place.
        let other = new("44", 9, later(now(), 60), price("3", "4"), None);
        let (written, expected) = (other.clone(), other.rate);
        world.write(move |tx| rate::put_many(tx, std::slice::from_ref(&written), now())).unwrap();
        assert_eq!(world.read(|tx| rate::of_tariff(tx, 5)).unwrap()[2].1, expected);
        assert!(world.write(|tx| rate::delete_planned(tx, 5, 9, now())).unwrap());
        assert!(!world.write(|tx| rate::delete_planned(tx, 5, 2, now())).unwrap());
        assert_eq!(world.read(|tx| rate::count(tx, 5, "")).unwrap(), 3);

        world.write(|tx| tariff::delete(tx, 5)).unwrap();
        assert_eq!((world.read(|tx| rate::count(tx, 5, "")).unwrap(), world.read(tariff::all).unwrap().len()), (0, 0));
    }
}
