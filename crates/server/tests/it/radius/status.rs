//! Owns the test of T33 over RADIUS: what each status of a customer is told to permit is what a switch is let do, and nothing else.
//! Does not own: how a status comes and goes (domain, usecase).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::switch::{SECRET, Served, received};
use crate::demo::{demo, signed_in};
use crate::program::Client;
use crate::world::World;

/// Of each status: a paid call out, a free one, a paid call in, an emergency call, data, a device that registers. `yes`, or h323-return-code.
const TABLE: [(&str, [&str; 6]); 17] = [
    ("closed", ["7", "7", "7", "7", "7", "7"]),
    ("exported", ["7", "7", "7", "7", "7", "7"]),
    ("blocked", ["7", "7", "7", "yes", "7", "7"]),
    ("reseller_blocked", ["7", "7", "7", "yes", "7", "7"]),
    ("billing_paused", ["yes", "yes", "yes", "yes", "yes", "yes"]),
    ("suspended", ["7", "7", "7", "yes", "7", "yes"]),
    ("reseller_suspended", ["7", "7", "7", "yes", "7", "yes"]),
    ("provisionally_terminated", ["7", "7", "7", "7", "7", "7"]),
    ("reseller_provisionally_terminated", ["7", "7", "7", "7", "7", "7"]),
    ("limited", ["7", "7", "yes", "yes", "yes", "yes"]),
    ("limiting_delayed", ["yes", "yes", "yes", "yes", "yes", "yes"]),
    ("credit_exceeded", ["6", "yes", "6", "yes", "6", "yes"]),
    ("no_available_funds", ["4", "yes", "4", "yes", "4", "yes"]),
    ("spending_limit_reached", ["7", "7", "yes", "yes", "7", "yes"]),
    ("suspension_delayed", ["yes", "yes", "yes", "yes", "yes", "yes"]),
    ("frozen", ["yes", "yes", "yes", "yes", "yes", "yes"]),
    ("active", ["yes", "yes", "yes", "yes", "yes", "yes"]),
];

/// A product in each currency: 44 costs little, 800 nothing, data little.
pub struct Products<'c> {
    client: &'c Client,
    by_currency: HashMap<String, i64>,
}

impl<'c> Products<'c> {
    pub fn new(client: &'c Client) -> Products<'c> {
        Products { client, by_currency: HashMap::new() }
    }

    fn of(&mut self, currency: &str) -> i64 {
        if let Some(product) = self.by_currency.get(currency) {
            return *product;
        }
        let made = |path: &str, body: &Value| self.client.post(path, body).expect(201).id();
        let tariff = |service: &str, prices: &[(&str, &str)]| {
            let tariff = made(
                "/api/v1/tariffs",
                &json!({ "name": format!("RADIUS {service} {currency}"), "service": service, "currency": currency }),
            );
            for (prefix, price) in prices {
                let price = json!({ "interval_first": 1, "interval_next": 1, "price_first": price, "price_next": price });
                let rate = json!({ "prefix": prefix, "effective_from": "2024-01-01T00:00:00Z", "pricing": price });
                made(&format!("/api/v1/tariffs/{tariff}/rates"), &rate);
            }
            tariff
        };
        let (voice, data) = (tariff("voice", &[("44", "0.001"), ("800", "0")]), tariff("data", &[("", "0.001")]));
        let tariffs = [("voice", "outgoing", voice), ("voice", "incoming", voice), ("data", "outgoing", data)]
            .map(|(service, direction, tariff_id)| json!({ "service": service, "direction": direction, "tariff_id": tariff_id }));
        let product =
            json!({ "name": format!("RADIUS {currency}"), "kind": "add_on", "priority": 100, "currency": currency, "tariffs": tariffs });
        let product = made("/api/v1/products", &product);
        self.by_currency.insert(currency.to_owned(), product);
        product
    }
}

/// The identity of an account whose status comes from its customer alone, who has this status and no other.
pub fn somebody(client: &Client, products: &mut Products<'_>, status: &str) -> String {
    let page = client.get(&format!("/api/v1/customers?status={status}&limit=250")).expect(200).json();
    for customer in page["items"].as_array().expect("items") {
        let held = customer["status"]["all"].as_array().expect("statuses");
        let holds: Vec<&str> = held.iter().filter_map(Value::as_str).collect();
        if holds.iter().any(|held| *held != status) {
            continue;
        }
        let accounts = client.get(&format!("/api/v1/accounts?customer_id={}&state=any&limit=250", customer["id"])).expect(200).json();
        for account in accounts["items"].as_array().expect("items") {
            let all: Vec<&str> = account["statuses"].as_array().expect("statuses").iter().filter_map(Value::as_str).collect();
            let is_own =
                status != "closed" && account["state"] != "open" || all.iter().any(|held| ["blocked", "expired", "frozen"].contains(held));
            if account["model"] != "credit" || !account["credit_limit"].is_null() || is_own {
                continue;
            }
            let given = json!({ "product_id": products.of(customer["currency"].as_str().expect("a currency")), "active_from": "2024-01-01T00:00:00Z" });
            client.post(&format!("/api/v1/accounts/{}/products", account["id"]), &given).expect(204);
            return account["identity"].as_str().expect("an identity").to_owned();
        }
    }
    panic!("nobody is {status} and nothing else, with an account: {page}");
}

on_both! {
    fn t33_a_switch_is_let_do_what_the_status_is_shown_to_permit(world: &World) {
        let server = demo(world, &["--radius-auth", "127.0.0.1:0", "--customers", "400"]);
        let client = signed_in(&server);
        client.post("/api/v1/nas", &json!({ "name": "Switch", "network": "127.0.0.1", "secret": SECRET, "reauthorizes": true })).expect(201);
        let served = Served::of(&server);
        served.wait_until_known();
        let mut products = Products::new(&client);
        let mut enforced = Vec::new();
        for (status, _) in TABLE {
            let user = somebody(&client, &mut products, status);
            let ways = [
                "Called-Station-Id=442071234567", "Called-Station-Id=80020",
                "Called-Station-Id=442071234567, Cisco-AVPair=\"h323-ivr-out=Direction:incoming\"", "Called-Station-Id=112",
                "Service-Type=Framed-User", "Service-Type=Sip-Session",
            ];
            let asked = |(number, way): (usize, &&str)| {
                let told = served.ask(&format!("User-Name=\"{user}\", Acct-Session-Id=\"{status}-{number}\", {way}"));
                let answer = received(&told);
                let code = answer.iter().find_map(|line| line.strip_prefix("h323-return-code = \"h323-return-code=")).map(|code| code.trim_end_matches('"').to_owned());
                match answer.first().map(String::as_str) {
                    Some("Received Access-Accept") => "yes".to_owned(),
                    Some("Received Access-Reject") => code.unwrap_or_else(|| panic!("no code: {told}")),
                    _ => panic!("{status} {way}: {told}"),
                }
            };
            enforced.push((status.to_owned(), ways.iter().enumerate().map(asked).collect::<Vec<_>>()));
        }
        let table: Vec<(String, Vec<String>)> = TABLE.iter().map(|(status, row)| ((*status).to_owned(), row.map(str::to_owned).to_vec())).collect();
        assert_eq!(enforced, table);
        server.stop();
        assert_eq!(world.run(&["check"]).code, Some(0));
    }
}
