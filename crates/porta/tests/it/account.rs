//! Owns tests of the service Account: telling, finding, making, changing and ending accounts.
//! Does not own: how statuses follow (domain).

use trunkline_porta::PortaOptions;
use trunkline_usecase::Context;
use trunkline_usecase::account::AccountKey;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::domain::time::Timestamp;

use crate::catalogue::give_calls;
use crate::info::named;
use crate::world::World;

#[test]
fn accounts_are_told_in_the_vendors_terms() {
    let world = World::new();
    let customer = world.add_customer("Owner", "");
    let debit = world.add_account(customer, "380441234567", AccountModel::Debit, 25);
    let credit = world.add_account(customer, "user@example.com", AccountModel::Credit, 0);
    let got = world.call("Account/get_account_info", &format!(r#"{{"i_account":{debit}}}"#)).ok();
    let expected = concat!(
        r#"{"account_info":{"i_account":<account>,"id":"380441234567","i_customer":<customer>,"customer_name":"Owner","status":"active","#,
        r#""bill_status":"O","blocked":"N","billing_model":-1,"iso_4217":"EUR","balance":25,"opening_balance":25,"credit_limit":null,"#,
        r#""issue_date":"2026-06-16","activation_date":null,"expiration_date":null,"life_time":null,"inactivity_expire_time":null,"#,
        r#""first_usage":null,"last_usage":null,"batch_name":null,"i_product":null,"product_name":null,"assigned_addons":[]}}"#
    );
    assert_eq!(named(&got.body, &[(debit, "account"), (customer, "customer")]), expected);
    let by_id = world.call("Account/get_account_info", r#"{"id":380441234567}"#).ok();
    assert_eq!(by_id.body, got.body);
    let exact = world.call_with(("x-trunkline-exact", "1"), "Account/get_account_info", &format!(r#"{{"i_account":{credit}}}"#)).ok();
    assert!(exact.body.contains(r#""statuses":[],"bill_status":"O","blocked":"N","billing_model":1,"#));
    assert!(exact.body.contains(r#""balance":0,"balance_str":"0.00000","opening_balance":0,"#), "{}", exact.body);
    for none in [r#"{"i_account":1}"#, r#"{"id":"nobody"}"#] {
        assert_eq!(world.call("Account/get_account_info", none).ok().body, "{}");
    }
    assert_eq!(world.call("Account/get_account_info", "{}").fault(), "Server.Account.get_account_info.required");
}

#[test]
fn lists_have_conditions_pages_and_totals() {
    let world = World::new();
    let owner = world.add_customer("Owner", "");
    let other = world.add_customer("Other", "");
    for number in 1..=5 {
        world.add_account(owner, &format!("ph10{number}"), AccountModel::Credit, 0);
    }
    world.add_account(owner, "sip200", AccountModel::Debit, 5);
    world.add_account(other, "ph900", AccountModel::Debit, 0);
    let ids = |params: &str| -> Vec<String> {
        let list = world.call("Account/get_account_list", params).ok().json();
        list["account_list"].as_array().expect("a list").iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(&format!(r#"{{"i_customer":{other}}}"#)), ["ph900"]);
    assert_eq!(ids(r#"{"id":"ph10_"}"#), ["ph101", "ph102", "ph103", "ph104", "ph105"]);
    assert_eq!(ids(r#"{"id":"%00"}"#), ["ph900", "sip200"]);
    assert_eq!(ids(r#"{"id":"PH101"}"#), ["ph101"]);
    assert_eq!(ids(r#"{"billing_model":-1,"bill_status":"O","get_only_real_accounts":1}"#), ["ph900", "sip200"]);
    assert_eq!(ids(&format!(r#"{{"i_customer":{owner},"id":"ph%","limit":2,"offset":3}}"#)), ["ph104", "ph105"]);
    let total = world.call("Account/get_account_list", r#"{"limit":1,"get_total":1,"id":"ph%"}"#).ok();
    assert_eq!(total.int("total"), 6);
    world.call("Customer/terminate_customer", &format!(r#"{{"i_customer":{other}}}"#)).ok();
    assert_eq!(ids(r#"{"bill_status":"C"}"#), ["ph900"]);
    assert_eq!(ids(r#"{"get_not_closed_accounts":1,"id":"ph9%"}"#), Vec::<String>::new());
    assert_eq!(ids(r#"{"get_not_closed_accounts":1,"bill_status":"C"}"#), Vec::<String>::new());
    assert_eq!(ids(r#"{"bill_status":"I"}"#), Vec::<String>::new());
    let rows = world.call("Account/get_account_list", r#"{"get_statuses":1,"bill_status":"C"}"#).ok();
    assert_eq!(rows.json()["account_list"][0]["status"], "closed");
    for (params, word) in [
        (r#"{"bill_status":"X"}"#, "wrong_value"),
        (r#"{"sip_status":1}"#, "unsupported_filter"),
        (r#"{"limit":1e9}"#, "out_of_range"),
        (r#"{"i_customer":"me"}"#, "wrong_type"),
    ] {
        assert_eq!(world.call("Account/get_account_list", params).fault(), format!("Server.Account.get_account_list.{word}"));
    }
}

/// An account as it is told, without what follows from it.
fn info(world: &World, account: i64) -> serde_json::Value {
    world.call("Account/get_account_info", &format!(r#"{{"i_account":{account}}}"#)).ok().json()["account_info"].clone()
}

on_both! {
fn an_account_is_made_changed_and_ended(engine: Engine) {
    let world = World::on(engine, PortaOptions::default());
    let customer = world.add_customer("Owner", "");
    let other = world.add_account(customer, "1", AccountModel::Credit, 0);
    let (product, _) = give_calls(&world, other);
    let add = format!(
        r#"{{"account_info":{{"i_customer":{customer},"id":"380441234567","billing_model":-1,"opening_balance":12.5,"bill_status":"I","batch_name":"B",
        "activation_date":"2026-06-01","expiration_date":"2027-06-01 12:00:00","life_time":"30","inactivity_expire_time":7,"blocked":"N",
        "h323_password":"correct horse","i_product":{product},"colour":"blue"}}}}"#
    );
    assert_eq!(world.call("Account/validate_account_info", &add).ok().json()["account_info"]["id"], "380441234567");
    let keyed = |method: &str, params: &str, key: &str| world.call_with(("idempotency-key", key), method, params);
    let made = keyed("Account/add_account", &add, "k").ok();
    let account = made.int("i_account");
    assert_eq!(keyed("Account/add_account", &add, "k").ok().body, format!(r#"{{"i_account":{account}}}"#));
    assert_eq!(world.call("Account/add_account", &add).fault(), "Server.Account.duplicate_id");
    assert_eq!(world.call("Account/validate_account_info", &add).fault(), "Server.Account.duplicate_id");
    let told = world.call("Account/get_account_info", &format!(r#"{{"i_account":{account}}}"#)).ok().body;
    let expected = concat!(
        r#"{"account_info":{"i_account":<account>,"id":"380441234567","i_customer":<customer>,"customer_name":"Owner","status":"inactive","#,
        r#""bill_status":"I","blocked":"N","billing_model":-1,"iso_4217":"EUR","balance":12.5,"opening_balance":12.5,"credit_limit":null,"#,
        r#""issue_date":"2026-06-16","activation_date":"2026-06-01","expiration_date":"2027-06-01","life_time":30,"#,
        r#""inactivity_expire_time":7,"first_usage":null,"last_usage":null,"batch_name":"B","i_product":<product>,"product_name":"Home","#,
        r#""assigned_addons":[]}}"#
    );
    assert_eq!(named(&told, &[(account, "account"), (customer, "customer"), (product, "product")]), expected);
    // What was read may be sent back as it is; the account stays as it was, to the moment.
    let same = told.replace("account_info\":{", "account_info\":{\"h323_password\":\"another one\",");
    assert_eq!(keyed("Account/update_account", &same, "same").ok().body, format!(r#"{{"i_account":{account}}}"#));
    assert_eq!(world.call("Account/get_account_info", &format!(r#"{{"i_account":{account}}}"#)).ok().body, told);
    let expires = trunkline_usecase::account::get(&world.app, &Context::system(), AccountKey::Id(account)).wait().expect("an answer");
    assert_eq!(expires.expect("an account").account.facts.expires_at, Timestamp::parse("2027-06-01T12:00:00Z").ok());
    let change = |fields: &str| world.call("Account/update_account", &format!(r#"{{"account_info":{{"i_account":{account},{fields}}}}}"#));
    change(r#""bill_status":"O","blocked":"Y","expiration_date":null,"life_time":null,"batch_name":"""#).ok();
    let now = info(&world, account);
    assert_eq!((now["bill_status"].as_str(), now["blocked"].as_str(), now["status"].as_str()), (Some("O"), Some("Y"), Some("blocked")));
    assert!(now["expiration_date"].is_null() && now["life_time"].is_null() && now["batch_name"].is_null());
    let before = info(&world, account);
    for (fields, word) in [
        (r#""id":"2""#, "fixed"),
        (r#""i_customer":1"#, "fixed"),
        (r#""billing_model":1"#, "fixed"),
        (r#""billing_model":2"#, "wrong_value"),
        (r#""opening_balance":1"#, "fixed"),
        (r#""bill_status":"C""#, "unsupported_value"),
        (r#""bill_status":"I""#, "unsupported_value"),
        (r#""credit_limit":5"#, "not_applicable"),
        (r#""life_time":0"#, "out_of_range"),
        (r#""h323_password":"short""#, "malformed"),
        (r#""i_product":4711"#, "not_found"),
    ] {
        assert_eq!(change(fields).fault(), format!("Server.Account.update_account.{word}"), "{fields}");
        assert_eq!(info(&world, account), before, "{fields}");
    }
    let end = format!(r#"{{"i_account":{account},"release_assigned_did":1}}"#);
    assert_eq!(keyed("Account/terminate_account", &end, "end").ok().body, r#"{"success":1}"#);
    assert_eq!(keyed("Account/terminate_account", &end, "end").ok().body, r#"{"success":1}"#);
    assert_eq!(world.call("Account/terminate_account", &end).fault(), "Server.Account.terminate_account.account_closed");
    assert_eq!(change(r#""blocked":"N""#).fault(), "Server.Account.update_account.account_closed");
    assert_eq!(info(&world, account)["bill_status"], "C");
}
}

#[test]
fn what_cannot_be_made_is_named() {
    let world = World::new();
    let customer = world.add_customer("Owner", "");
    for (fields, word) in [
        (r#""id":"2""#.to_owned(), "required"),
        (format!(r#""i_customer":{customer}"#), "required"),
        (format!(r#""i_customer":{customer},"id":"a b""#), "malformed"),
        (format!(r#""i_customer":{customer},"id":"2","bill_status":"C""#), "unsupported_value"),
        (format!(r#""i_customer":{customer},"id":"2","billing_model":0"#), "wrong_value"),
        (format!(r#""i_customer":{customer},"id":"2","opening_balance":1"#), "not_applicable"),
        (format!(r#""i_customer":{customer},"id":"2","i_product":4711"#), "not_found"),
        (r#""i_customer":4711,"id":"2""#.to_owned(), "not_found"),
    ] {
        let params = format!(r#"{{"account_info":{{{fields}}}}}"#);
        assert_eq!(world.call("Account/add_account", &params).fault(), format!("Server.Account.add_account.{word}"), "{fields}");
    }
    assert_eq!(world.call("Account/add_account", "{}").fault(), "Server.Account.add_account.required");
    world.add_staff("fay", Role::Finance, None);
    let token = world.sign_in("fay").text("access_token");
    let params = format!(r#"{{"account_info":{{"i_customer":{customer},"id":"2"}}}}"#);
    for method in ["add_account", "validate_account_info"] {
        assert_eq!(world.call_as(&token, &format!("Account/{method}"), &params).fault(), format!("Server.Account.{method}.not_permitted"));
    }
    let got = world.call("Account/get_account_list", r#"{"get_total":1}"#).ok();
    assert_eq!(got.body, r#"{"account_list":[],"total":0}"#);
}
