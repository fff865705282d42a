//! Owns tests of the service DID, and of aliases of accounts.
//! Does not own: calls to a number (usecase).

use trunkline_porta::PortaOptions;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::staff::Role;

use crate::info::named;
use crate::world::World;

on_both! {
fn a_number_is_added_given_and_taken_back(engine: Engine) {
    let world = World::on(engine, PortaOptions { scanned_max: 5, ..PortaOptions::default() });
    let customer = world.add_customer("Owner", "");
    let account = world.add_account(customer, "sip1", AccountModel::Credit, 0);
    let add = r#"{"number_info":{"number":"+4930111","description":"Berlin","activation_cost":5,"recurring_cost":"1.5","free_of_charge":"N","colour":"x"}}"#;
    let keyed = |method: &str, params: &str, key: &str| world.call_with(("idempotency-key", key), method, params).ok().body;
    let made = keyed("DID/add_number", add, "add");
    assert_eq!(keyed("DID/add_number", add, "add"), made);
    assert_eq!(world.call("DID/add_number", add).fault(), "Server.DID.add_number.taken");
    let did = serde_json::from_str::<serde_json::Value>(&made).expect("JSON")["i_did_number"].as_i64().expect("an id");
    let assign = format!(r#"{{"i_did_number":{did},"i_master_account":{account}}}"#);
    assert_eq!(keyed("DID/assign_did_to_customer", &format!(r#"{{"i_did_number":{did},"i_customer":{customer}}}"#), "c"), r#"{"success":1}"#);
    assert_eq!(keyed("DID/assign_did_to_account", &assign, "a"), r#"{"success":1}"#);
    assert_eq!(keyed("DID/assign_did_to_account", &assign, "a"), r#"{"success":1}"#);
    let got = world.call("DID/get_number_info", &format!(r#"{{"i_did_number":{did}}}"#)).ok();
    let ids = [(did, "did"), (customer, "customer"), (account, "account")];
    let told = concat!(
        r#"{"i_did_number":<did>,"number":"4930111","description":"Berlin","i_customer":<customer>,"customer_name":"Owner","#,
        r#""i_master_account":<account>,"master_account_id":"sip1","frozen":"N","free_of_charge":"N","activation_cost":5,"#,
        r#""recurring_cost":1.5,"released":null}"#
    );
    assert_eq!(named(&got.body, &ids), format!(r#"{{"number_info":{told}}}"#));
    let mine = world.call("DID/get_customer_numbers", &format!(r#"{{"i_customer":{customer},"get_total":1}}"#)).ok();
    assert_eq!(named(&mine.body, &ids), format!(r#"{{"number_list":[{told}],"total":1}}"#));
    let aliases = world.call("Account/get_alias_list", &format!(r#"{{"i_master_account":{account}}}"#)).ok();
    let alias = aliases.json()["alias_list"][0]["i_account"].as_i64().expect("an id");
    let expected = concat!(
        r#"{"alias_list":[{"i_account":<alias>,"id":"4930111","i_master_account":<account>,"i_customer":<customer>,"#,
        r#""i_did_number":<did>,"billing_model":2,"blocked":"N"}]}"#
    );
    assert_eq!(named(&aliases.body, &[(alias, "alias"), (did, "did"), (customer, "customer"), (account, "account")]), expected);
    // Whoever asks for the number meets the account.
    let by_number = world.call("Account/get_account_info", r#"{"id":"4930111"}"#).ok();
    assert_eq!(by_number.json()["account_info"]["id"], "sip1");
    assert_eq!(world.call("Account/delete_alias", &format!(r#"{{"i_account":{alias}}}"#)).fault(), "Server.Account.delete_alias.is_did");
    let of = format!(r#"{{"i_did_number":{did}}}"#);
    assert_eq!(world.call("DID/delete_number", &of).fault(), "Server.DID.delete_number.in_use");
    assert_eq!(world.call("DID/release_did_from_customer", &of).ok().body, r#"{"success":1}"#);
    assert_eq!(world.call("DID/release_did_from_customer", &of).fault(), "Server.DID.release_did_from_customer.not_assigned");
    assert_eq!(world.call("DID/delete_number", &of).ok().body, r#"{"success":1}"#);
    assert_eq!(world.call("DID/get_number_info", &of).ok().body, "{}");
}

fn numbers_are_listed_by_usage_and_pattern(engine: Engine) {
    let world = World::on(engine, PortaOptions::default());
    let customer = world.add_customer("Owner", "");
    let account = world.add_account(customer, "sip1", AccountModel::Credit, 0);
    let add = |number: &str, more: &str| world.call("DID/add_number", &format!(r#"{{"number_info":{{"number":"{number}"{more}}}}}"#)).ok().int("i_did_number");
    add("493001", "");
    let mine = add("493002", "");
    let used = add("493003", "");
    add("493104", r#","frozen":"Y""#);
    world.call("DID/assign_did_to_customer", &format!(r#"{{"i_did_number":{mine},"i_customer":{customer}}}"#)).ok();
    world.call("DID/assign_did_to_account", &format!(r#"{{"i_did_number":{used},"i_master_account":{account}}}"#)).ok();
    let numbers = |params: &str| -> Vec<String> {
        let list = world.call("DID/get_number_list", params).ok().json();
        list["number_list"].as_array().expect("a list").iter().map(|row| row["number"].as_str().expect("digits").to_owned()).collect()
    };
    assert_eq!(numbers("{}"), ["493001", "493002", "493003", "493104"]);
    for (usage, expected) in [("I", vec!["493001"]), ("U", vec!["493003"]), ("F", vec!["493001", "493002"]), ("Z", vec!["493104"])] {
        assert_eq!(numbers(&format!(r#"{{"usage":"{usage}"}}"#)), expected, "{usage}");
    }
    assert_eq!(numbers(&format!(r#"{{"i_customer":{customer},"usage":"A"}}"#)), ["493002", "493003"]);
    assert_eq!(numbers(r#"{"number":"4930%"}"#).len(), 3);
    assert_eq!(numbers(r#"{"number":"%4"}"#), ["493104"]);
    assert_eq!(numbers(r#"{"limit":1,"offset":2}"#), ["493003"]);
    for (params, word) in [(r#"{"usage":"X"}"#, "wrong_value"), (r#"{"i_vendor":1}"#, "unsupported_filter")] {
        assert_eq!(world.call("DID/get_number_list", params).fault(), format!("Server.DID.get_number_list.{word}"));
    }
    world.add_staff("fay", Role::Finance, None);
    let token = world.sign_in("fay").text("access_token");
    let refused = |method: &str, params: &str| world.call_as(&token, method, params).fault();
    assert_eq!(refused("DID/add_number", r#"{"number_info":{"number":"4931"}}"#), "Server.DID.add_number.not_permitted");
    assert_eq!(refused("DID/delete_number", r#"{"i_did_number":1}"#), "Server.DID.delete_number.not_permitted");
    assert_eq!(refused("DID/assign_did_to_customer", r#"{"i_did_number":1,"i_customer":1}"#), "Server.DID.assign_did_to_customer.not_permitted");
}
}

#[test]
fn an_alias_is_added_told_and_taken_away() {
    let world = World::new();
    let customer = world.add_customer("Owner", "");
    let account = world.add_account(customer, "sip1", AccountModel::Credit, 0);
    let add = format!(r#"{{"alias_info":{{"i_master_account":{account},"id":"192.0.2.7","blocked":"N"}}}}"#);
    let alias = world.call("Account/add_alias", &add).ok().int("i_account");
    assert_eq!(world.call("Account/add_alias", &add).fault(), "Server.Account.duplicate_id");
    let info = world.call("Account/get_account_info", r#"{"id":"192.0.2.7"}"#).ok().json();
    assert_eq!(info["account_info"]["i_account"].as_i64(), Some(account));
    for (fields, word) in [
        (format!(r#""i_master_account":{account}"#), "required"),
        (r#""i_master_account":4711,"id":"x""#.to_owned(), "not_found"),
        (format!(r#""i_master_account":{account},"id":"a b""#), "malformed"),
        (format!(r#""i_master_account":{account},"id":"x","blocked":"Y""#), "unsupported_value"),
    ] {
        let got = world.call("Account/add_alias", &format!(r#"{{"alias_info":{{{fields}}}}}"#));
        assert_eq!(got.fault(), format!("Server.Account.add_alias.{word}"), "{fields}");
    }
    let gone = format!(r#"{{"alias_info":{{"i_account":{alias}}}}}"#);
    assert_eq!(world.call("Account/delete_alias", &gone).ok().body, r#"{"success":1}"#);
    assert_eq!(world.call("Account/delete_alias", &format!(r#"{{"i_account":{alias}}}"#)).fault(), "Server.Account.delete_alias.not_found");
    assert_eq!(world.call("Account/get_account_info", r#"{"id":"192.0.2.7"}"#).ok().body, "{}");
}
