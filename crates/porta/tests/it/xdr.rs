//! Owns tests of the lists of xDRs: `get_customer_xdrs` and `get_xdr_list`.
//! Does not own: what is charged (domain), taking it back (cdr.rs).

use trunkline_porta::PortaOptions;
use trunkline_usecase::domain::account::AccountModel;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::staff::Role;

use crate::billing_session::{begin, end};
use crate::catalogue::give_calls;
use crate::info::named;
use crate::world::World;

on_both! {
fn a_call_and_a_charge_are_told_whole(engine: Engine) {
    let world = World::on(engine, PortaOptions::default());
    let customer = world.add_customer("Owner", r#""credit_limit":50,"#);
    let account = world.add_account(customer, "4930111", AccountModel::Credit, 0);
    give_calls(&world, account);
    begin(&world, "4930111", "a:1", Direction::Outgoing);
    end(&world, "a:1", 61);
    let of_account = world.call("Account/get_xdr_list", &format!(r#"{{"i_account":{account},"get_total":1}}"#)).ok();
    let call = of_account.json()["xdr_list"][0]["i_xdr"].as_i64().expect("an id");
    let ids = [(call, "call"), (customer, "customer"), (account, "account")];
    let told = concat!(
        r#"{"i_xdr":<call>,"i_customer":<customer>,"i_account":<account>,"account_id":"4930111","i_service":3,"service":"Voice Calls","#,
        r#""CLI":"4930111","CLD":"442071234567","connect_time":"2026-06-16 07:58:59","disconnect_time":"2026-06-16 08:00:00","#,
        r#""unix_connect_time":1781596739,"unix_disconnect_time":1781596800,"bill_time":"2026-06-16 08:00:00","charged_quantity":120,"#,
        r#""charged_amount":1.2,"used_quantity":61,"disconnect_cause":"16","description":null,"call_id":"a:1"}"#
    );
    assert_eq!(named(&of_account.body, &ids), format!(r#"{{"xdr_list":[{told}],"total":1}}"#));
    let charge = format!(r#"{{"i_customer":{customer},"action":"Manual charge","amount":7.5}}"#);
    let charge = world.call("Customer/make_transaction", &charge).ok().int("i_xdr");
    let of_customer = format!(r#"{{"i_customer":{customer},"cdr_entity":"C"}}"#);
    let got = world.call_with(("x-trunkline-exact", "1"), "Customer/get_customer_xdrs", &of_customer).ok();
    let expected = concat!(
        r#"{"xdr_list":[{"i_xdr":<charge>,"i_customer":<customer>,"i_account":null,"account_id":null,"i_service":1,"#,
        r#""service":"Credits / Adjustments","CLI":null,"CLD":"Manual charge","connect_time":"2026-06-16 08:00:00","#,
        r#""disconnect_time":"2026-06-16 08:00:00","unix_connect_time":1781596800,"unix_disconnect_time":1781596800,"#,
        r#""bill_time":"2026-06-16 08:00:00","charged_quantity":1,"charged_amount":7.5,"charged_amount_str":"7.50000","#,
        r#""used_quantity":null,"disconnect_cause":null,"description":null,"call_id":null,"reverted":0,"hidden":0,"#,
        r#""refers_to":null}]}"#
    );
    assert_eq!(named(&got.body, &[(charge, "charge"), (customer, "customer")]), expected);
}

fn conditions_pages_and_totals(engine: Engine) {
    let world = World::on(engine, PortaOptions { scanned_max: 5, ..PortaOptions::default() });
    let customer = world.add_customer("Owner", r#""credit_limit":50,"#);
    let account = world.add_account(customer, "4930111", AccountModel::Credit, 0);
    give_calls(&world, account);
    begin(&world, "4930111", "a", Direction::Outgoing);
    end(&world, "a", 60);
    let post = |amount: &str| {
        let params = format!(r#"{{"i_customer":{customer},"action":"Manual charge","amount":{amount}}}"#);
        world.call("Customer/make_transaction", &params).ok().int("i_xdr")
    };
    let hidden = post("1");
    post("2");
    world.call("CDR/revert_xdr_list", &format!(r#"{{"revert_list":[{{"id":{hidden},"hide":"Y"}}]}}"#)).ok();
    let amounts = |params: &str| -> Vec<String> {
        let list = world.call("Customer/get_customer_xdrs", &format!(r#"{{"i_customer":{customer},{params}}}"#)).ok().json();
        list["xdr_list"].as_array().expect("a list").iter().map(|row| row["charged_amount"].to_string()).collect()
    };
    assert_eq!(amounts(r#""limit":10"#), ["2", "0.6"]);
    assert_eq!(amounts(r#""show_hidden":1"#), ["-1", "2", "1", "0.6"]);
    assert_eq!(amounts(r#""limit":1,"offset":1"#), ["0.6"]);
    for call in [r#""cdr_entity":"A""#, r#""i_service":3"#, r#""call_id":"a""#, r#""h323_conf_id":"a""#, r#""cli":"4930%""#, r#""cld":"44%""#] {
        assert_eq!(amounts(call), ["0.6"], "{call}");
    }
    assert_eq!(amounts(r#""connect_time_before":"2026-06-16 08:00:00""#), ["0.6"]);
    assert_eq!(amounts(r#""connect_time_after":"2026-06-16 08:00:00""#), ["2"]);
    assert_eq!(amounts(r#""from_date":"2026-06-16 08:00:00","to_date":"2026-06-16 08:00:01""#), ["2", "0.6"]);
    assert_eq!(amounts(r#""to_date":"2026-06-16 08:00:00""#), Vec::<String>::new());
    let total = world.call("Customer/get_customer_xdrs", &format!(r#"{{"i_customer":{customer},"limit":1,"get_total":1}}"#)).ok();
    assert_eq!(total.int("total"), 2);
    post("3");
    let cases = [
        (r#""format":"csv""#, "unsupported_value"),
        (r#""for_current_period":1"#, "unsupported_filter"),
        (r#""i_invoice":0"#, "unsupported_filter"),
        (r#""cdr_entity":"V""#, "wrong_value"),
        (r#""from_date":"2026-06-16","to_date":"2026-06-16""#, "range_reversed"),
        (r#""offset":1"#, "offset_without_limit"),
        (r#""cli":"1%""#, "too_wide"),
    ];
    for (params, word) in cases {
        let got = world.call("Customer/get_customer_xdrs", &format!(r#"{{"i_customer":{customer},{params}}}"#));
        assert_eq!(got.fault(), format!("Server.Customer.get_customer_xdrs.{word}"), "{params}");
    }
    assert_eq!(world.call("Account/get_xdr_list", r#"{"i_account":4711}"#).fault(), "Server.Account.get_xdr_list.not_found");
    let reseller = world.add_customer("Reseller", r#""i_customer_type":2,"#);
    world.add_staff("foreign", Role::Reseller, Some(reseller));
    let token = world.sign_in("foreign").text("access_token");
    let foreign = world.call_as(&token, "Customer/get_customer_xdrs", &format!(r#"{{"i_customer":{customer}}}"#));
    assert_eq!(foreign.fault(), "Server.Customer.get_customer_xdrs.not_found");
    let foreign = world.call_as(&token, "Account/get_xdr_list", &format!(r#"{{"i_account":{account}}}"#));
    assert_eq!(foreign.fault(), "Server.Account.get_xdr_list.not_found");
}
}
