//! Owns tests of the service Account.
//! Does not own: how statuses follow (domain).

use trunkline_usecase::domain::account::AccountModel;

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
        r#""first_usage":null,"last_usage":null,"batch_name":null}}"#
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
