//! Owns tests of making, changing and ending customers.
//! Does not own: postings (transaction.rs).

use serde_json::Value;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::staff::Role;

use crate::world::World;

fn update(world: &World, customer: i64, fields: &str) -> crate::world::Got {
    world.call("Customer/update_customer", &format!(r#"{{"customer_info":{{"i_customer":{customer},{fields}}}}}"#))
}

fn info(world: &World, customer: i64) -> Value {
    world.call("Customer/get_customer_info", &format!(r#"{{"i_customer":{customer},"get_auth_info":1}}"#)).ok().json()["customer_info"]
        .clone()
}

#[test]
fn what_was_read_can_be_sent_back() {
    let world = World::new();
    let customer = world.add_customer("Round", r#""credit_limit":50,"login":"round","email":"a@example.com","#);
    world.suspend(customer);
    update(
        &world,
        customer,
        r#""suspension_delay_date":"2026-06-20","credit_limit":80,"perm_credit_limit":50,"credit_limit_until":"2026-07-01 00:00:00""#,
    )
    .ok();
    let mut before = info(&world, customer);
    assert_eq!((before["credit_limit"].as_i64(), before["perm_credit_limit"].as_i64()), (Some(80), Some(50)));
    let sent = world.call("Customer/update_customer", &format!(r#"{{"customer_info":{before}}}"#)).ok();
    assert_eq!(sent.body, format!(r#"{{"i_customer":{customer}}}"#));
    assert_eq!(info(&world, customer), before);
    before["companyname"] = "New Ltd".into();
    before["email"] = "".into();
    before["blocked"] = "Y".into();
    world.call("Customer/update_customer", &format!(r#"{{"customer_info":{before}}}"#)).ok();
    before["status"] = "blocked".into();
    assert_eq!(info(&world, customer), before);
}

#[test]
fn credit_limits_are_permanent_or_temporary() {
    let world = World::new();
    let customer = world.add_customer("Limits", "");
    let limits = || {
        let info = info(&world, customer);
        [info["credit_limit"].to_string(), info["perm_credit_limit"].to_string(), info["credit_limit_until"].to_string()]
    };
    let cases = [
        (r#""credit_limit":50"#, ["50", "50", "null"]),
        (r#""perm_credit_limit":60"#, ["60", "60", "null"]),
        (r#""credit_limit":100,"perm_credit_limit":60"#, ["100", "100", "null"]),
        (r#""credit_limit":150,"credit_limit_until":"2026-07-01""#, ["150", "100", "\"2026-07-01 00:00:00\""]),
        (r#""note":"x""#, ["150", "100", "\"2026-07-01 00:00:00\""]),
        (r#""credit_limit":70,"credit_limit_until":null"#, ["70", "70", "null"]),
        (r#""credit_limit":null"#, ["null", "null", "null"]),
    ];
    for (fields, expected) in cases {
        update(&world, customer, fields).ok();
        assert_eq!(limits(), expected, "{fields}");
    }
}

#[test]
fn one_request_changes_all_of_it_or_nothing() {
    let world = World::new();
    let customer = world.add_customer("Whole", "");
    let before = world.all();
    let got = update(&world, customer, r#""companyname":"Half Ltd","blocked":"Y","suspension_delay_date":"2026-06-20""#);
    assert_eq!(got.fault(), "Server.Customer.update_customer.nothing_to_lift");
    assert_eq!(world.all(), before);
    update(&world, customer, r#""companyname":"Whole Ltd","blocked":"Y""#).ok();
    update(&world, customer, r#""blocked":"Y""#).ok();
    assert_eq!(
        (info(&world, customer)["blocked"].as_str(), info(&world, customer)["companyname"].as_str()),
        (Some("Y"), Some("Whole Ltd"))
    );
    update(&world, customer, r#""blocked":"N""#).ok();
    assert_eq!(info(&world, customer)["blocked"], "N");
}

#[test]
fn bad_values_are_named_and_change_nothing() {
    let world = World::new();
    let customer = world.add_customer("Kept", r#""login":"kept","opening_balance":1,"#);
    world.add_customer("Other", r#""login":"other","#);
    let usd = world.add_class("Dollars", Some("USD"));
    let before = world.all();
    let class = usd.to_string();
    let cases: Vec<(String, &str, &str)> = [
        (r#""name":"OTHER""#, "Server.Customer.duplicate_name", "name: another customer has this name"),
        (r#""login":"Other""#, "Server.Customer.duplicate_login", "login: another customer has this login"),
        (r#""name":"""#, "Server.Customer.update_customer.required", "name: give a name"),
        (r#""name":["x"]"#, "Server.Customer.update_customer.wrong_type", "name: must be a text"),
        (r#""iso_4217":"USD""#, "Server.Customer.update_customer.fixed", "iso_4217: cannot be changed after the customer was made"),
        (r#""i_balance_control_type":2"#, "Server.Customer.update_customer.fixed", "i_balance_control_type: cannot be"),
        (r#""i_balance_control_type":9"#, "Server.Customer.update_customer.wrong_value", "i_balance_control_type: 1 (postpaid)"),
        (r#""i_customer_type":2"#, "Server.Customer.update_customer.fixed", "i_customer_type: "),
        (r#""i_parent":5"#, "Server.Customer.update_customer.fixed", "i_parent: "),
        (r#""opening_balance":2"#, "Server.Customer.update_customer.fixed", "opening_balance: "),
        (r#""i_customer_class":5"#, "Server.Customer.update_customer.not_found", "i_customer_class: there is no such customer class"),
        (r#""i_customer_class":"CLASS""#, "Server.Customer.update_customer.currency_of_class", "the class takes only"),
        (r#""i_time_zone":100000"#, "Server.Customer.update_customer.wrong_value", "i_time_zone: "),
        (r#""i_time_zone":-1"#, "Server.Customer.update_customer.wrong_value", "i_time_zone: "),
        (r#""i_billing_period":7"#, "Server.Customer.update_customer.wrong_value", "i_billing_period: 1 to 6"),
        (r#""credit_limit":-1"#, "Server.Customer.update_customer.negative", "credit_limit: "),
        (r#""credit_limit":0.000001"#, "Server.Customer.update_customer.too_precise", "credit_limit: at most 5 decimals"),
        (r#""credit_limit":0.0000001"#, "Server.Customer.update_customer.too_precise", "credit_limit: more than 6 decimals"),
        (r#""credit_limit":1e400"#, "Server.Customer.update_customer.too_large", "credit_limit: "),
        (r#""credit_limit":"NaN""#, "Server.Customer.update_customer.wrong_type", "credit_limit: must be an amount"),
        (
            r#""credit_limit":5,"credit_limit_until":"2026-06-16 08:00:00""#,
            "Server.Customer.update_customer.in_the_past",
            "credit_limit_until: ",
        ),
        (r#""credit_limit_until":"2027-01-01""#, "Server.Customer.update_customer.required", "credit_limit: "),
        (r#""credit_limit":5,"credit_limit_until":"tomorrow""#, "Server.Customer.update_customer.wrong_type", "credit_limit_until: "),
        (r#""blocked":1"#, "Server.Customer.update_customer.wrong_type", "blocked: must be “Y” or “N”"),
        (r#""suspension_delay_date":"2026-13-01""#, "Server.Customer.update_customer.wrong_type", "suspension_delay_date: "),
        (r#""email":"nobody""#, "Server.Customer.update_customer.not_an_email", "email: "),
        (r#""country":"Germany""#, "Server.Customer.update_customer.too_long", "country: "),
        (r#""zip":"12345678901234""#, "Server.Customer.update_customer.too_long", "zip: at most 13 characters"),
        (r#""companyname":"a\u202eb""#, "Server.Customer.update_customer.forbidden_character", "companyname: "),
    ]
    .into_iter()
    .map(|(fields, code, text)| (fields.replace("CLASS", &class), code, text))
    .collect();
    for (fields, code, text) in cases {
        let got = update(&world, customer, &fields);
        assert_eq!(got.fault(), code, "{fields}");
        assert!(got.text("faultstring").starts_with(text), "{fields}: {}", got.body);
        assert_eq!(world.all(), before, "{fields}");
    }
    for params in ["{}", r#"{"customer_info":{"name":"x"}}"#] {
        assert_eq!(world.call("Customer/update_customer", params).fault(), "Server.Customer.update_customer.required");
    }
    assert_eq!(update(&world, 5, r#""name":"x""#).fault(), "Server.Customer.update_customer.not_found");
}

#[test]
fn customers_that_cannot_be_made_are_not() {
    let world = World::new();
    world.add_customer("Taken", r#""login":"taken","#);
    let before = world.all();
    let class = world.class;
    let good = format!(r#""name":"New","iso_4217":"EUR","i_customer_class":{class}"#);
    let cases: Vec<(String, &str)> = vec![
        (r#""iso_4217":"EUR","i_customer_class":1"#.into(), "add_customer.required"),
        (format!(r#""name":"New","i_customer_class":{class}"#), "add_customer.required"),
        (r#""name":"New","iso_4217":"EUR""#.into(), "add_customer.required"),
        (format!(r#"{good},"blocked":"Y""#), "add_customer.unsupported_value"),
        (format!(r#"{good},"bill_status":"C""#), "add_customer.unsupported_value"),
        (format!(r#"{good},"i_parent":99"#), "add_customer.not_found"),
        (format!(r#"{good},"opening_balance":1e30"#), "add_customer.too_large"),
        (format!(r#"{good},"login":"TAKEN""#), "duplicate_login"),
        (format!(r#""name":"taken","iso_4217":"EUR","i_customer_class":{class}"#), "duplicate_name"),
        (format!(r#""name":"New","iso_4217":"eur","i_customer_class":{class}"#), "add_customer.unknown_currency"),
        (format!(r#""name":"New","iso_4217":"XXX","i_customer_class":{class}"#), "add_customer.unknown_currency"),
    ];
    for (fields, word) in cases {
        for method in ["add_customer", "validate_customer_info"] {
            let got = world.call(&format!("Customer/{method}"), &format!(r#"{{"customer_info":{{{fields}}}}}"#));
            assert_eq!(got.fault(), format!("Server.Customer.{}", word.replace("add_customer", method)), "{fields}");
            assert_eq!(world.all(), before, "{fields}");
        }
    }
    let sent = format!(r#"{{"customer_info":{{{good},"login":"new","status":"closed"}}}}"#);
    assert_eq!(world.call("Customer/validate_customer_info", &sent).ok().body, sent);
    assert_eq!(world.all(), before);
}

#[test]
fn validating_a_change_looks_at_the_customer_itself() {
    let world = World::new();
    let customer = world.add_customer("Own", r#""login":"own","#);
    world.add_customer("Other", r#""login":"other","#);
    let validate = |fields: &str| {
        world.call("Customer/validate_customer_info", &format!(r#"{{"customer_info":{{"i_customer":{customer},{fields}}}}}"#))
    };
    validate(r#""name":"OWN","login":"own""#).ok();
    assert_eq!(validate(r#""name":"other""#).fault(), "Server.Customer.duplicate_name");
    assert_eq!(validate(r#""login":"other""#).fault(), "Server.Customer.duplicate_login");
    assert_eq!(validate(r#""email":"x""#).fault(), "Server.Customer.validate_customer_info.not_an_email");
}

#[test]
fn deleting_is_for_customers_that_nothing_refers_to() {
    let world = World::new();
    let customer = world.add_customer("With account", "");
    world.add_account(customer, "380441234567", AccountModel::Credit, 0);
    let owing = world.add_customer("Owing", r#""opening_balance":0.00001,"#);
    let free = world.add_customer("Free", "");
    let delete = |id: i64| world.call("Customer/delete_customer", &format!(r#"{{"i_customer":{id}}}"#));
    let refused = delete(customer);
    assert_eq!(refused.fault(), "Server.Customer.delete_customer.customer_not_deletable");
    assert_eq!(refused.text("faultstring"), "the customer cannot be deleted: it has accounts");
    assert_eq!(delete(owing).fault(), "Server.Customer.delete_customer.customer_not_deletable");
    assert_eq!(delete(free).ok().body, r#"{"success":1}"#);
    assert_eq!(delete(free).fault(), "Server.Customer.delete_customer.not_found");
    assert_eq!(world.call("Customer/delete_customer", "{}").fault(), "Server.Customer.delete_customer.required");
    assert!(world.all().contains("With account"));
}

#[test]
fn terminated_customers_refuse_everything() {
    let world = World::new();
    let customer = world.add_customer("Gone", "");
    let params = format!(r#"{{"i_customer":{customer},"suppress_notification":1}}"#);
    assert_eq!(world.call("Customer/terminate_customer", &params).ok().body, r#"{"success":1}"#);
    let before = world.all();
    assert_eq!(world.call("Customer/terminate_customer", &params).fault(), "Server.Customer.terminate_customer.customer_closed");
    assert_eq!(update(&world, customer, r#""note":"x""#).fault(), "Server.Customer.update_customer.customer_closed");
    let charge = format!(r#"{{"i_customer":{customer},"action":"Manual charge","amount":1}}"#);
    assert_eq!(world.call("Customer/make_transaction", &charge).fault(), "Server.Customer.make_transaction.customer_closed");
    assert_eq!(world.all(), before);
}

#[test]
fn roles_decide_what_may_be_done() {
    let world = World::new();
    let customer = world.add_customer("Seen", "");
    let before = world.all();
    world.add_staff("auditor", Role::Auditor, None);
    let token = world.sign_in("auditor").text("access_token");
    let own = format!(r#"{{"i_customer":{customer},"action":"Refund","amount":1}}"#);
    let add = format!(r#"{{"customer_info":{{"name":"New","iso_4217":"EUR","i_customer_class":{}}}}}"#, world.class);
    let change = format!(r#"{{"customer_info":{{"i_customer":{customer},"name":"x"}}}}"#);
    let calls = [
        ("add_customer", &add),
        ("validate_customer_info", &add),
        ("update_customer", &change),
        ("delete_customer", &own),
        ("terminate_customer", &own),
        ("make_transaction", &own),
    ];
    for (method, params) in calls {
        let got = world.call_as(&token, &format!("Customer/{method}"), params);
        assert_eq!(got.fault(), format!("Server.Customer.{method}.not_permitted"));
    }
    assert_eq!(world.all(), before);
    world.call_as(&token, "Customer/get_customer_list", "{}").ok();
}
