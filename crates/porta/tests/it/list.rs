//! Owns tests of `get_customer_list`: each condition against a small carrier, pages and totals.
//! Does not own: how a customer is told (info.rs).

use trunkline_porta::PortaOptions;
use trunkline_usecase::domain::account::AccountModel;

use crate::world::World;

struct Carrier {
    world: World,
    reseller: i64,
}

fn carrier() -> Carrier {
    carrier_in(World::new())
}

fn carrier_in(world: World) -> Carrier {
    let reseller = world.add_customer("Reseller One", r#""i_customer_type":2,"companyname":"Resale GmbH","#);
    world.add_customer("Alpha", &format!(r#""i_parent":{reseller},"firstname":"Ann","lastname":"Lee","#));
    world.add_customer("alphabet", r#""firstname":"ANNA","lastname":"Leeds","email":"anna@example.com","#);
    world.add_customer("Beta_1", r#""credit_limit":5,"opening_balance":9,"companyname":"100% Beta","#);
    world.add_customer("Beta-1", r#""i_balance_control_type":2,"#);
    let suspended = world.add_customer("Gamma", "");
    world.suspend(suspended);
    let blocked = world.add_customer("Delta", "");
    world.suspend(blocked);
    world.call("Customer/update_customer", &format!(r#"{{"customer_info":{{"i_customer":{blocked},"blocked":"Y"}}}}"#)).ok();
    let closed = world.add_customer("Omega", "");
    world.call("Customer/terminate_customer", &format!(r#"{{"i_customer":{closed}}}"#)).ok();
    Carrier { world, reseller }
}

impl Carrier {
    fn names(&self, params: &str) -> Vec<String> {
        let list = self.world.call("Customer/get_customer_list", params).ok().json();
        let rows = list["customer_list"].as_array().expect("a list");
        rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    }
}

const ALL: [&str; 8] = ["Alpha", "alphabet", "Beta-1", "Beta_1", "Delta", "Gamma", "Omega", "Reseller One"];

on_both! {
fn conditions_find_exactly_what_they_say(engine: Engine) {
    let carrier = carrier_in(World::on(engine, PortaOptions::default()));
    let reseller = carrier.reseller;
    let own = format!(r#"{{"i_parent":{reseller}}}"#);
    let cases: Vec<(&str, Vec<&str>)> = vec![
        ("{}", ALL.to_vec()),
        (r#"{"name":""}"#, ALL.to_vec()),
        (r#"{"name":"%"}"#, ALL.to_vec()),
        (r#"{"name":"ALPHA"}"#, vec!["Alpha"]),
        (r#"{"name":"alpha%"}"#, vec!["Alpha", "alphabet"]),
        (r#"{"name":"%eta%"}"#, vec!["Beta-1", "Beta_1"]),
        (r#"{"name":"%mma"}"#, vec!["Gamma"]),
        (r#"{"name":"%a"}"#, vec!["Alpha", "Delta", "Gamma", "Omega"]),
        (r#"{"name":"beta_1"}"#, vec!["Beta-1", "Beta_1"]),
        (r#"{"name":"a_p%t"}"#, vec!["alphabet"]),
        (r#"{"name":"reseller %"}"#, vec!["Reseller One"]),
        (r#"{"name":"_"}"#, vec![]),
        (r#"{"i_parent":0}"#, vec!["alphabet", "Beta-1", "Beta_1", "Delta", "Gamma", "Omega", "Reseller One"]),
        (r#"{"i_parent":null}"#, vec!["alphabet", "Beta-1", "Beta_1", "Delta", "Gamma", "Omega", "Reseller One"]),
        (&own, vec!["Alpha"]),
        (r#"{"i_parent":7}"#, vec![]),
        (r#"{"i_customer_type":2}"#, vec!["Reseller One"]),
        (r#"{"i_customer_type":3}"#, vec![]),
        (r#"{"bill_status":"S"}"#, vec!["Delta", "Gamma"]),
        (r#"{"bill_status":"C"}"#, vec!["Omega"]),
        (r#"{"bill_status":"E"}"#, vec![]),
        (r#"{"bill_status":"D"}"#, vec![]),
        (r#"{"bill_status":"C","credit_limit_exceeded":1}"#, vec![]),
        (r#"{"bill_status":"S","credit_limit_exceeded":0}"#, vec!["Delta", "Gamma"]),
        (r#"{"bill_status":"O"}"#, vec!["Alpha", "alphabet", "Beta-1", "Beta_1", "Reseller One"]),
        (r#"{"credit_limit_exceeded":1}"#, vec!["Beta-1", "Beta_1"]),
        (r#"{"spending_limit_reached":1}"#, vec![]),
        (r#"{"firstname":"ann"}"#, vec!["Alpha"]),
        (r#"{"firstname":"ann%","lastname":"%s"}"#, vec!["alphabet"]),
        (r#"{"companyname":"100% _eta"}"#, vec!["Beta_1"]),
        (r#"{"search":{"search_by":"email","value":"%@example.com"}}"#, vec!["alphabet"]),
        (r#"{"search":{"search_by":"name","value":"%ta%"},"bill_status":"O"}"#, vec!["Beta-1", "Beta_1"]),
        (r#"{"search":{"search_by":"name","value":"alpha%"}}"#, vec!["Alpha", "alphabet"]),
        (r#"{"search":{"search_by":"name","value":"%bet"},"name":"a%"}"#, vec!["alphabet"]),
        (r#"{"search":{"search_by":"name","value":""},"name":"alpha"}"#, vec!["Alpha"]),
        (r#"{"limit":1000,"name":"alpha"}"#, vec!["Alpha"]),
        (r#"{"limit":"1000","offset":"0","name":"alpha"}"#, vec!["Alpha"]),
        (r#"{"i_office_type":1,"name":"alpha"}"#, vec!["Alpha"]),
        (r#"{"i_office_type":2}"#, vec![]),
        (r#"{"i_main_customer":5}"#, vec![]),
        (r#"{"no_such_condition":5,"name":"alpha"}"#, vec!["Alpha"]),
    ];
    for (params, expected) in cases {
        assert_eq!(carrier.names(params), expected, "{params}");
    }
}
}

#[test]
fn pages_and_totals() {
    let carrier = carrier();
    for filter in ["", r#","i_office_type":1"#] {
        let mut seen = Vec::new();
        for offset in [0, 3, 6, 9] {
            seen.extend(carrier.names(&format!(r#"{{"limit":3,"offset":{offset}{filter}}}"#)));
        }
        assert_eq!(seen, ALL, "{filter}");
        let got = carrier.world.call("Customer/get_customer_list", &format!(r#"{{"limit":2,"offset":1,"get_total":1{filter}}}"#)).ok();
        assert_eq!((got.int("total"), got.json()["customer_list"].as_array().map(Vec::len)), (8, Some(2)));
    }
    let none = carrier.world.call("Customer/get_customer_list", r#"{"name":"nobody","get_total":"1"}"#).ok();
    assert_eq!(none.body, r#"{"customer_list":[],"total":0}"#);
}

/// What no index knows is looked for among so many customers and no more; what the indexes know costs none of them.
#[test]
fn a_search_that_would_look_at_too_many_says_so() {
    let carrier = carrier_in(World::with(PortaOptions { scanned_max: 5, ..PortaOptions::default() }));
    let fault = |method: &str, params: &str| carrier.world.call(method, params).fault();
    for params in [
        r#"{"firstname":"%n_"}"#,
        r#"{"search":{"search_by":"tax_id","value":"12345"}}"#,
        r#"{"bill_status":"O"}"#,
        r#"{"bill_status":"O","limit":1,"get_total":1}"#,
        r#"{"credit_limit_exceeded":0}"#,
        r#"{"search":{"search_by":"email","value":"%@%"}}"#,
    ] {
        let got = carrier.world.call("Customer/get_customer_list", params);
        assert_eq!(got.fault(), "Server.Customer.get_customer_list.too_wide", "{params}");
        assert!(got.text("faultstring").contains("more than 5 customers would have to be looked at; narrow the request"), "{}", got.body);
    }
    let nobody = carrier.world.call("Customer/get_customer_info", r#"{"refnum":"none"}"#);
    assert_eq!(nobody.body, "{}");
    let cases: [(&str, &[&str]); 13] = [
        (r#"{"firstname":"ann","limit":1}"#, &["Alpha"]),
        (r#"{"bill_status":"O","limit":4}"#, &["Alpha", "alphabet", "Beta-1", "Beta_1"]),
        (r#"{"bill_status":"C"}"#, &["Omega"]),
        (r#"{"bill_status":"E"}"#, &[]),
        (r#"{"bill_status":"D"}"#, &[]),
        (r#"{"bill_status":"S"}"#, &["Delta", "Gamma"]),
        (r#"{"credit_limit_exceeded":1}"#, &["Beta-1", "Beta_1"]),
        (r#"{"spending_limit_reached":1}"#, &[]),
        (r#"{"name":"alpha%","firstname":"anna"}"#, &["alphabet"]),
        (r#"{"search":{"search_by":"name","value":"%mma"},"lastname":"x"}"#, &[]),
        (r#"{"i_customer_type":3}"#, &[]),
        (r#"{"i_office_type":2}"#, &[]),
        (r#"{"i_main_customer":7}"#, &[]),
    ];
    for (params, expected) in cases {
        assert_eq!(carrier.names(params), expected, "{params}");
    }
    let none = carrier.world.call("Customer/get_customer_list", r#"{"i_office_type":2,"get_total":1}"#).ok();
    assert_eq!(none.body, r#"{"customer_list":[],"total":0}"#);
    for number in 0..6 {
        carrier.world.add_account(carrier.reseller, &format!("ph{number}"), AccountModel::Credit, 0);
    }
    assert_eq!(fault("Account/get_account_list", r#"{"id":"%5"}"#), "Server.Account.get_account_list.too_wide");
    let of_type = carrier.world.call("Account/get_account_list", r#"{"bill_status":"C","get_total":1}"#).ok();
    assert_eq!(of_type.body, r#"{"account_list":[],"total":0}"#);
}

#[test]
fn rows_tell_status_and_usage_when_asked() {
    let carrier = carrier();
    let rows = |params: &str| carrier.world.call("Customer/get_customer_list", params).ok().json()["customer_list"].clone();
    let with = rows(r#"{"get_statuses":1,"check_usage":1}"#);
    let told: Vec<(&str, Option<&str>, Option<i64>)> = with
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (row["name"].as_str().expect("a name"), row["status"].as_str(), row["is_used"].as_i64()))
        .collect();
    let expected = [
        ("Alpha", None, Some(0)),
        ("alphabet", None, Some(0)),
        ("Beta-1", Some("no_available_funds"), Some(0)),
        ("Beta_1", Some("credit_exceeded"), Some(0)),
        ("Delta", Some("blocked"), Some(0)),
        ("Gamma", Some("suspended"), Some(0)),
        ("Omega", Some("closed"), Some(0)),
        ("Reseller One", None, Some(1)),
    ];
    assert_eq!(told, expected);
    let without = rows("{}");
    assert!(without.as_array().expect("a list").iter().all(|row| row.get("status").is_none() && row.get("is_used").is_none()));
}

#[test]
fn what_cannot_be_answered_is_refused_by_name() {
    let carrier = carrier();
    let cases = [
        (r#"{"limit":0}"#, "out_of_range"),
        (r#"{"limit":1001}"#, "out_of_range"),
        (r#"{"limit":1e9}"#, "out_of_range"),
        (r#"{"limit":-1}"#, "out_of_range"),
        (r#"{"limit":1.5}"#, "wrong_type"),
        (r#"{"limit":1e400}"#, "wrong_type"),
        (r#"{"limit":"ten"}"#, "wrong_type"),
        (r#"{"limit":true}"#, "wrong_type"),
        (r#"{"limit":[10]}"#, "wrong_type"),
        (r#"{"offset":5}"#, "offset_without_limit"),
        (r#"{"limit":5,"offset":-1}"#, "out_of_range"),
        (r#"{"limit":5,"offset":99999999999}"#, "out_of_range"),
        (r#"{"name":{"like":"x"}}"#, "wrong_type"),
        (r#"{"name":"a\u0000"}"#, "forbidden_character"),
        (r#"{"name":"\ud800"}"#, "wrong_type"),
        (r#"{"bill_status":"X"}"#, "wrong_value"),
        (r#"{"bill_status":1}"#, "wrong_value"),
        (r#"{"get_statuses":"maybe"}"#, "wrong_type"),
        (r#"{"has_invoices":1}"#, "unsupported_filter"),
        (r#"{"search":{"search_by":"shoe_size","value":"43"}}"#, "unsupported_filter"),
        (r#"{"search":"x"}"#, "malformed_json"),
    ];
    for (params, word) in cases {
        let got = carrier.world.call("Customer/get_customer_list", params);
        assert_eq!(got.fault(), format!("Server.Customer.get_customer_list.{word}"), "{params}");
    }
    for field in ["companyname", "firstname", "lastname"] {
        let got = carrier.world.call("Customer/get_customer_list", &format!(r#"{{"{field}":"{}"}}"#, "%a".repeat(101)));
        assert_eq!(got.text("faultstring"), format!("{field}: at most 200 characters"));
    }
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(101));
    let got = carrier.world.call("Customer/get_customer_list", &long);
    assert_eq!(
        (got.fault().as_str(), got.text("faultstring").as_str()),
        ("Server.Customer.get_customer_list.too_long", "name: at most 100 characters")
    );
}
