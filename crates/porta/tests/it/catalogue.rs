//! Owns tests of the services Product, Tariff and Rate, and the catalogue that other tests charge by.
//! Does not own: what usage costs (domain).

use trunkline_usecase::Context;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Money;
use trunkline_usecase::domain::product::{CallLimits, Direction, ProductKind, ProductTariff};
use trunkline_usecase::domain::rate::{Price, Pricing, RateStanding};
use trunkline_usecase::domain::rate_text::parse_formula;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::product::{self, Holder, ProductNew};
use trunkline_usecase::rate::{self, RateNew, RateWanted};
use trunkline_usecase::tariff::{self, TariffNew, TariffSettings};

use crate::info::named;
use crate::world::World;

fn id(answer: &str) -> Id {
    answer.parse().expect("an id")
}

fn add_tariff(world: &World, name: &str, settings: TariffSettings) -> Id {
    let new = TariffNew { name: name.into(), service: Service::Voice, currency: "EUR".into(), settings };
    let made = tariff::create(&world.app, &Context::system(), new, |tariff| tariff.tariff_id.to_string());
    id(&made.wait().expect("an answer").expect("a tariff"))
}

fn add_rate(world: &World, tariff_id: Id, prefix: &str, wanted: RateWanted) -> Id {
    let new = RateNew { prefix: prefix.into(), effective_from: None, wanted };
    let made = rate::create(&world.app, &Context::system(), tariff_id, new, |(_, _, rate)| rate.rate_id.to_string());
    id(&made.wait().expect("an answer").expect("a rate"))
}

/// By the minute, at a price for each.
fn minutes(price: &str) -> RateWanted {
    let price = Money::parse(price).expect("an amount");
    let pricing = Pricing::Intervals(Price { interval_first: 60, interval_next: 60, price_first: price, price_next: price });
    RateWanted { standing: RateStanding::Open, is_payback: false, pricing, off_peak: None }
}

/// A product by which calls to and from 44 cost 0.60 a minute, given to the account. Returns the product and its tariff.
pub fn give_calls(world: &World, account_id: Id) -> (Id, Id) {
    let tariff_id = add_tariff(world, "Retail", TariffSettings::default());
    add_rate(world, tariff_id, "44", minutes("0.6"));
    let of = |direction| ProductTariff { service: Service::Voice, direction, tariff_id };
    let tariffs = vec![of(Direction::Outgoing), of(Direction::Incoming)];
    let (calls, currency) = (CallLimits { all: Some(2), ..CallLimits::default() }, "EUR".to_owned());
    let new = ProductNew { name: "Home".into(), kind: ProductKind::Main, priority: 0, currency, calls, tariffs, bundle_id: None };
    let made = product::create(&world.app, &Context::system(), new, |product| product.product_id.to_string());
    let product_id = id(&made.wait().expect("an answer").expect("a product"));
    let given = product::give(&world.app, &Context::system(), Holder::Account(account_id), product_id, (None, None));
    given.wait().expect("an answer").expect("a product of the account");
    (product_id, tariff_id)
}

on_both! {
fn products_and_tariffs_are_told_whole_and_listed_by_name(engine: Engine) {
    let world = World::on(engine, trunkline_porta::PortaOptions::default());
    let customer = world.add_customer("Owner", "");
    let account = world.add_account(customer, "1", trunkline_usecase::domain::account::AccountModel::Credit, 0);
    let (product, tariff) = give_calls(&world, account);
    let settings = TariffSettings {
        free_units: Some(30),
        grace_units: Some(2),
        connect_fee: Some(Money::parse("0.05").expect("an amount")),
        surcharge_millionths: Some(125_000),
        time_zone: Some("Europe/Kyiv".into()),
        off_peak: Some(Some("20:00-08:00 mon-fri".into())),
        ..TariffSettings::default()
    };
    let night = add_tariff(&world, "Night", settings);
    let ids = [(product, "product"), (tariff, "tariff"), (night, "night")];
    let got = world.call("Product/get_product_info", &format!(r#"{{"i_product":{product}}}"#)).ok();
    let told = concat!(
        r#"{"i_product":<product>,"name":"Home","iso_4217":"EUR","product_type":"main","addon_priority":null,"max_calls":2,"#,
        r#""max_calls_out":null,"max_calls_in":null,"service_and_rating_list":["#,
        r#"{"i_service":3,"service":"Voice Calls","direction":"outgoing","i_tariff":<tariff>},"#,
        r#"{"i_service":3,"service":"Voice Calls","direction":"incoming","i_tariff":<tariff>}]}"#
    );
    assert_eq!(named(&got.body, &ids), format!(r#"{{"product_info":{told}}}"#));
    for (params, expected) in [
        (r#"{"get_total":1}"#, format!(r#"{{"product_list":[{told}],"total":1}}"#)),
        (r#"{"name":"ho%","iso_4217":"EUR"}"#, format!(r#"{{"product_list":[{told}]}}"#)),
        (r#"{"name":"office"}"#, r#"{"product_list":[]}"#.to_owned()),
        (r#"{"iso_4217":"USD"}"#, r#"{"product_list":[]}"#.to_owned()),
        (r#"{"limit":1,"offset":1,"get_total":1}"#, r#"{"product_list":[],"total":1}"#.to_owned()),
    ] {
        assert_eq!(named(&world.call("Product/get_product_list", params).ok().body, &ids), expected, "{params}");
    }
    let got = world.call("Tariff/get_tariff_info", &format!(r#"{{"i_tariff":{night}}}"#)).ok();
    let told = concat!(
        r#"{"i_tariff":<night>,"name":"Night","iso_4217":"EUR","i_service":3,"service":"Voice Calls","connect_fee":0.05,"#,
        r#""free_seconds":30,"grace_period":2,"post_call_surcharge":12.5,"round_charged_amount":5,"i_time_zone":452,"#,
        r#""off_peak_period":"20:00-08:00 mon-fri"}"#
    );
    assert_eq!(named(&got.body, &ids), format!(r#"{{"tariff_info":{told}}}"#));
    let names = |params: &str| -> Vec<String> {
        let list = world.call("Tariff/get_tariff_list", params).ok().json();
        list["tariff_list"].as_array().expect("a list").iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names("{}"), ["Night", "Retail"]);
    assert_eq!(names(r#"{"i_service":3,"name":"r%"}"#), ["Retail"]);
    assert_eq!(names(r#"{"i_service":7}"#), Vec::<String>::new());
    for none in [r#"{"i_product":1}"#, r#"{"i_product":"7"}"#] {
        assert_eq!(world.call("Product/get_product_info", none).ok().body, "{}");
    }
    assert_eq!(world.call("Tariff/get_tariff_info", r#"{"i_tariff":1}"#).ok().body, "{}");
    assert_eq!(world.call("Tariff/get_tariff_info", "{}").fault(), "Server.Tariff.get_tariff_info.required");
    assert_eq!(world.call("Product/get_product_list", r#"{"i_customer":1}"#).fault(), "Server.Product.get_product_list.unsupported_filter");
    let reseller = world.add_customer("Reseller", r#""i_customer_type":2,"#);
    world.add_staff("max", Role::Reseller, Some(reseller));
    let token = world.sign_in("max").text("access_token");
    for (method, params) in [
        ("Product/get_product_list", "{}"),
        ("Product/get_product_info", r#"{"i_product":1}"#),
        ("Tariff/get_tariff_list", "{}"),
        ("Tariff/get_tariff_info", r#"{"i_tariff":1}"#),
        ("Rate/get_rate_list", r#"{"i_tariff":1}"#),
    ] {
        assert_eq!(world.call_as(&token, method, params).fault(), format!("Server.{}.not_permitted", method.replace('/', ".")));
    }
}

fn rates_are_listed_by_prefix_with_their_prices(engine: Engine) {
    let world = World::on(engine, trunkline_porta::PortaOptions { scanned_max: 3, ..trunkline_porta::PortaOptions::default() });
    let tariff = add_tariff(&world, "Retail", TariffSettings::default());
    let formula = Pricing::Formula(parse_formula("+0.2, 60@0.1").expect("a formula"));
    let one = add_rate(&world, tariff, "441", RateWanted { off_peak: Some(formula), is_payback: true, ..minutes("0.123456") });
    add_rate(&world, tariff, "44", minutes("0.6"));
    add_rate(&world, tariff, "49", RateWanted { standing: RateStanding::Forbidden, ..minutes("1") });
    let list = |params: &str| world.call("Rate/get_rate_list", &format!(r#"{{"i_tariff":{tariff},{params}}}"#)).ok();
    let prefixes = |params: &str| -> Vec<String> {
        let rows = list(params).json();
        rows["rate_list"].as_array().expect("a list").iter().map(|row| row["destination"].as_str().expect("digits").to_owned()).collect()
    };
    let got = list(r#""destination":"441","get_total":1"#);
    let expected = concat!(
        r#"{"rate_list":[{"i_rate":<rate>,"i_tariff":<tariff>,"destination":"441","effective_from":"2026-06-16 08:00:00","#,
        r#""forbidden":"N","discontinued":"N","payback":"Y","interval_1":60,"interval_n":60,"price_1":0.12346,"price_n":0.12346,"#,
        r#""formula":null,"op_interval_1":null,"op_interval_n":null,"op_price_1":null,"op_price_n":null,"#,
        r#""op_formula":"+0.2, 60@0.1"}],"total":1}"#
    );
    assert_eq!(named(&got.body, &[(one, "rate"), (tariff, "tariff")]), expected);
    assert_eq!(prefixes(r#""limit":10"#), ["44", "441", "49"]);
    assert_eq!(prefixes(r#""destination":"44%""#), ["44", "441"]);
    assert_eq!(prefixes(r#""destination":"%1""#), ["441"]);
    assert_eq!(prefixes(r#""limit":1,"offset":2"#), ["49"]);
    assert!(list(r#""limit":1"#).body.contains(r#""forbidden":"N","discontinued":"N","payback":"N""#));
    add_rate(&world, tariff, "50", minutes("1"));
    for (params, word) in [
        ("{}".to_owned(), "required"),
        (r#"{"i_tariff":4711}"#.to_owned(), "not_found"),
        (format!(r#"{{"i_tariff":{tariff},"destination":"abroad"}}"#), "malformed"),
        (format!(r#"{{"i_tariff":{tariff},"i_dest_group":1}}"#), "unsupported_filter"),
    ] {
        assert_eq!(world.call("Rate/get_rate_list", &params).fault(), format!("Server.Rate.get_rate_list.{word}"), "{params}");
    }
}
}
