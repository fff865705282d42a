//! Products: made of tariffs, changed, given to accounts and resellers, and kept while somebody has them.

use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::{CallLimits, Direction, ProductKind, ProductTariff};
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::product::{self, Holder, ProductChange, ProductNew};
use trunkline_usecase::rate;
use trunkline_usecase::tariff::{self, TariffNew};

use crate::account::new_account;
use crate::tariff::{new_rate, new_tariff};
use crate::world::{World, admin, done, invalid, refused};

pub fn new_product(name: &str, tariffs: Vec<ProductTariff>) -> ProductNew {
    let currency = "EUR".to_owned();
    ProductNew {
        name: name.to_owned(),
        kind: ProductKind::Main,
        priority: 0,
        currency,
        calls: CallLimits::default(),
        tariffs,
        bundle_id: None,
    }
}

pub fn make_tariff(world: &World, name: &str, price: &str) -> Id {
    let made = done(tariff::create(&world.app, &admin(), new_tariff(name), |tariff| tariff.tariff_id.to_string()));
    let tariff_id = made.unwrap().parse().unwrap();
    done(rate::create(&world.app, &admin(), tariff_id, new_rate("44", price), |_| String::new())).unwrap();
    tariff_id
}

pub fn outgoing(tariff_id: Id) -> Vec<ProductTariff> {
    vec![ProductTariff { service: Service::Voice, direction: Direction::Outgoing, tariff_id }]
}

pub fn make(world: &World, new: ProductNew) -> Id {
    done(product::create(&world.app, &admin(), new, |product| product.product_id.to_string())).unwrap().parse().unwrap()
}

pub fn account(world: &World, customer_id: Id, identity: &str) -> Id {
    let made = done(trunkline_usecase::account::create(&world.app, &admin(), new_account(customer_id, identity), |view| {
        view.account.facts.account_id.to_string()
    }));
    made.unwrap().parse().unwrap()
}

pub fn give(world: &World, holder: Holder, product_id: Id) {
    done(product::give(&world.app, &admin(), holder, product_id, (None, None))).unwrap();
}

fn names(world: &World, holder: Holder) -> Vec<String> {
    done(product::held(&world.app, &admin(), holder)).unwrap().into_iter().map(|held| held.product.name).collect()
}

on_both! {
    fn a_product_is_made_of_tariffs_that_fit_it(world: &mut World) {
        let tariff_id = make_tariff(world, "Retail", "0.6");
        let dollars = TariffNew { currency: "USD".to_owned(), ..new_tariff("Dollars") };
        let dollars = done(tariff::create(&world.app, &admin(), dollars, |tariff| tariff.tariff_id.to_string())).unwrap().parse().unwrap();
        let try_to = |tariffs| done(product::create(&world.app, &admin(), new_product("Home", tariffs), |_| String::new()));
        assert_eq!(invalid(try_to(outgoing(4_711))), ("tariffs".to_owned(), "not_found"));
        assert_eq!(invalid(try_to(outgoing(dollars))), ("tariffs".to_owned(), "currency_of_tariff"));
        let message = vec![ProductTariff { service: Service::Message, direction: Direction::Outgoing, tariff_id }];
        assert_eq!(invalid(try_to(message)), ("tariffs".to_owned(), "service_of_tariff"));
        let product_id = make(world, new_product("Home", outgoing(tariff_id)));
        assert_eq!(invalid(try_to(outgoing(tariff_id))), ("name".to_owned(), "taken"));
        let change = ProductChange { version: Some(1), calls_max: Some(Some(2)), tariffs: Some(Vec::new()), ..ProductChange::default() };
        done(product::update(&world.app, &admin(), product_id, change.clone(), |_| String::new())).unwrap();
        refused(done(product::update(&world.app, &admin(), product_id, change, |_| String::new())), "changed_meanwhile");
        let changed = done(product::get(&world.app, &admin(), product_id)).unwrap();
        assert_eq!((changed.version, changed.calls.all, changed.tariffs.len()), (2, Some(2), 0));
    }

    fn a_product_and_its_tariff_stay_while_somebody_has_them(world: &mut World) {
        let tariff_id = make_tariff(world, "Retail", "0.6");
        let product_id = make(world, new_product("Home", outgoing(tariff_id)));
        let customer_id = world.add("Ada");
        let holder = Holder::Account(account(world, customer_id, "15550100"));
        give(world, holder, product_id);
        assert_eq!(invalid(done(product::delete(&world.app, &admin(), product_id))), ("id".to_owned(), "in_use"));
        assert_eq!(invalid(done(tariff::delete(&world.app, &admin(), tariff_id))), ("id".to_owned(), "in_use"));
        done(product::take_away(&world.app, &admin(), holder, product_id)).unwrap();
        refused(done(product::take_away(&world.app, &admin(), holder, product_id)), "not_found");
        done(product::delete(&world.app, &admin(), product_id)).unwrap();
        done(tariff::delete(&world.app, &admin(), tariff_id)).unwrap();
        assert_eq!(done(product::list(&world.app, &admin())).unwrap(), []);
    }

    fn an_account_has_one_main_product_and_add_ons_before_it(world: &mut World) {
        let [home, office] = ["Home", "Office"].map(|name| make(world, new_product(name, Vec::new())));
        let add_on = |name: &str, priority| ProductNew { kind: ProductKind::AddOn, priority, ..new_product(name, Vec::new()) };
        let [low, high] = [("Low", 10), ("High", 30)].map(|(name, priority)| make(world, add_on(name, priority)));
        let customer_id = world.add("Ada");
        let holder = Holder::Account(account(world, customer_id, "15550100"));
        for product_id in [home, low, high, office] {
            give(world, holder, product_id);
        }
        assert_eq!(names(world, holder), ["High", "Low", "Office"]);
        let reseller = world.reseller("Max");
        give(world, Holder::Reseller(reseller), home);
        assert_eq!(names(world, Holder::Reseller(reseller)), ["Home"]);
        let of_retail = done(product::give(&world.app, &admin(), Holder::Reseller(customer_id), home, (None, None)));
        assert_eq!(invalid(of_retail), ("id".to_owned(), "not_reseller"));
        let now = world.now();
        let ended = done(product::give(&world.app, &admin(), holder, low, (Some(now), Some(now))));
        assert_eq!(invalid(ended), ("active_to".to_owned(), "range_reversed"));
    }
}
