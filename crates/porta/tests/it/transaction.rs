//! Owns tests of `make_transaction`, and of repeats under one idempotency key.
//! Does not own: what a posting does to invoices (domain).

use crate::info::named;
use crate::world::{Got, World};

fn post(world: &World, customer: i64, fields: &str) -> Got {
    world.call("Customer/make_transaction", &format!(r#"{{"i_customer":{customer},{fields}}}"#))
}

fn balance(world: &World, customer: i64) -> String {
    let info = world.call("Customer/get_customer_info", &format!(r#"{{"i_customer":{customer}}}"#)).ok().json();
    info["customer_info"]["balance"].to_string()
}

#[test]
fn the_manual_types_move_the_balance_as_their_sign_says() {
    let world = World::new();
    let customer = world.add_customer("Payer", "");
    let steps = [
        (r#""action":"Manual charge","amount":100.5"#, "100.5", false),
        (r#""action":"manual CREDIT","amount":"0.5""#, "100", false),
        (r#""action":"Manual Payment","amount":40.12345,"visible_comment":"cash","internal_comment":"till 3""#, "59.87655", true),
        (r#""action":" promotional credit ","amount":9.87655"#, "50", false),
        (r#""action":"refund","amount":1,"suppress_notification":1,"i_service":1"#, "51", false),
    ];
    for (fields, expected, is_payment) in steps {
        let got = post(&world, customer, fields).ok();
        assert_eq!(got.json()["balance"].to_string(), expected, "{fields}");
        assert_eq!(got.json()["i_payment_transaction"].is_i64(), is_payment, "{fields}");
        assert_eq!(balance(&world, customer), expected);
    }
    let got = post(&world, customer, r#""action":"Manual payment","amount":1"#).ok();
    let xdr = got.int("i_xdr");
    let (payment, posting) = (got.int("i_payment_transaction"), got.text("transaction_id").parse().expect("a number"));
    let expected = concat!(
        r#"{"i_payment_transaction":<payment>,"balance":50,"transaction_id":"<posting>","authorization":null,"#,
        r#""result_code":null,"i_xdr":<xdr>}"#
    );
    assert_eq!(named(&got.body, &[(payment, "payment"), (posting, "posting"), (xdr, "xdr")]), expected);
}

#[test]
fn a_covering_payment_lifts_a_suspension_at_once() {
    let world = World::new();
    let customer = world.add_customer("Late", r#""i_balance_control_type":2,"#);
    world.suspend(customer);
    assert!(world.all().contains(r#""status":"suspended""#));
    post(&world, customer, r#""action":"Manual payment","amount":29.99"#).ok();
    assert!(world.all().contains(r#""status":"suspended""#));
    post(&world, customer, r#""action":"Manual payment","amount":0.01"#).ok();
    assert!(!world.all().contains(r#""status":"#));
}

#[test]
fn what_cannot_be_posted_is_named_and_changes_nothing() {
    let world = World::new();
    let customer = world.add_customer("Same", r#""opening_balance":5,"#);
    let before = world.all();
    let cases = [
        (r#""action":"Manual payment""#, "required"),
        (r#""amount":1"#, "required"),
        (r#""action":"Gift","amount":1"#, "wrong_value"),
        (r#""action":7,"amount":1"#, "wrong_value"),
        (r#""action":"E-Commerce payment","amount":1"#, "gateway_not_available"),
        (r#""action":"e-commerce refund","amount":1"#, "gateway_not_available"),
        (r#""action":"Authorization only","amount":1"#, "gateway_not_available"),
        (r#""action":"Capture payment","amount":1"#, "gateway_not_available"),
        (r#""action":"Void","amount":1"#, "gateway_not_available"),
        (r#""action":"Manual payment","amount":0"#, "amount_not_positive"),
        (r#""action":"Manual payment","amount":-5"#, "amount_not_positive"),
        (r#""action":"Manual payment","amount":-0.0"#, "amount_not_positive"),
        (r#""action":"Manual payment","amount":"NaN""#, "wrong_type"),
        (r#""action":"Manual payment","amount":"Infinity""#, "wrong_type"),
        (r#""action":"Manual payment","amount":"1,5""#, "wrong_type"),
        (r#""action":"Manual payment","amount":"1e""#, "too_large"),
        (r#""action":"Manual payment","amount":1e400"#, "too_large"),
        (r#""action":"Manual payment","amount":1e99999999999"#, "too_large"),
        (r#""action":"Manual payment","amount":99999999999999999999"#, "too_large"),
        (r#""action":"Manual charge","amount":9223372036854"#, "amount_too_large"),
        (r#""action":"Manual payment","amount":1e-400"#, "too_large"),
        (r#""action":"Manual payment","amount":0.0000001"#, "too_precise"),
        (r#""action":"Manual payment","amount":0.000001"#, "amount_too_precise"),
        (r#""action":"Manual payment","amount":true"#, "wrong_type"),
        (r#""action":"Manual payment","amount":[1]"#, "wrong_type"),
        (r#""action":"Manual payment","amount":{"value":1}"#, "wrong_type"),
        (r#""action":"Manual payment","amount":1,"date":"2020-01-01 00:00:00""#, "unsupported_value"),
        (r#""action":"Manual payment","amount":1,"visible_comment":"a\u0007b""#, "forbidden_character"),
    ];
    for (fields, word) in cases {
        let got = post(&world, customer, fields);
        assert_eq!(got.fault(), format!("Server.Customer.make_transaction.{word}"), "{fields}");
        assert_eq!(world.all(), before, "{fields}");
    }
    for (id, word) in [("5", "not_found"), ("\"x\"", "wrong_type"), ("1.5", "wrong_type"), ("null", "required"), ("{}", "wrong_type")] {
        let params = format!(r#"{{"i_customer":{id},"action":"Manual payment","amount":1}}"#);
        let got = world.call("Customer/make_transaction", &params);
        assert_eq!(got.fault(), format!("Server.Customer.make_transaction.{word}"), "{id}");
    }
    let nan = world.call("Customer/make_transaction", r#"{"i_customer":1,"action":"Manual payment","amount":NaN}"#);
    assert_eq!(nan.fault(), "Server.Customer.make_transaction.malformed_json");
    assert_eq!(world.all(), before);
}

#[test]
fn a_repeat_under_one_key_gets_the_first_answer() {
    let world = World::new();
    let customer = world.add_customer("Double click", "");
    let pay = format!(r#"{{"i_customer":{customer},"action":"Manual payment","amount":10}}"#);
    let keyed = |method: &str, params: &str, key: &str| world.call_with(("idempotency-key", key), method, params);
    let first = keyed("Customer/make_transaction", &pay, "k1").ok().body;
    for _ in 0..3 {
        assert_eq!(keyed("Customer/make_transaction", &pay, "k1").ok().body, first);
    }
    assert_eq!(balance(&world, customer), "-10");
    let other = pay.replace("10", "11");
    assert_eq!(keyed("Customer/make_transaction", &other, "k1").fault(), "Server.Customer.make_transaction.idempotency_key_reused");
    let delete = format!(r#"{{"i_customer":{customer}}}"#);
    assert_eq!(keyed("Customer/terminate_customer", &delete, "k1").fault(), "Server.Customer.terminate_customer.idempotency_key_reused");
    assert_eq!(balance(&world, customer), "-10");
    keyed("Customer/make_transaction", &pay, "k2").ok();
    assert_eq!(balance(&world, customer), "-20");
    // Without a key each request is its own.
    for _ in 0..2 {
        world.call("Customer/make_transaction", &pay).ok();
    }
    assert_eq!(balance(&world, customer), "-40");
    let add = format!(r#"{{"customer_info":{{"name":"Once","iso_4217":"EUR","i_customer_class":{}}}}}"#, world.class);
    let made = keyed("Customer/add_customer", &add, "k3").ok().body;
    assert_eq!(keyed("Customer/add_customer", &add, "k3").ok().body, made);
    assert_eq!(world.call("Customer/add_customer", &add).fault(), "Server.Customer.duplicate_name");
    for method in ["update_customer", "delete_customer"] {
        let id: i64 = serde_json::from_str::<serde_json::Value>(&made).expect("JSON")["i_customer"].as_i64().expect("an id");
        let params = format!(r#"{{"i_customer":{id},"customer_info":{{"i_customer":{id},"blocked":"Y"}}}}"#);
        let first = keyed(&format!("Customer/{method}"), &params, method).ok().body;
        assert_eq!(keyed(&format!("Customer/{method}"), &params, method).ok().body, first);
    }
    for key in ["", &"k".repeat(129)] {
        assert_eq!(keyed("Customer/make_transaction", &pay, key).fault(), "Server.Customer.make_transaction.invalid_idempotency_key");
    }
}
