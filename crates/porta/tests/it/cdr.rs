//! Owns tests of the service CDR: xDRs are reversed, all of a list or none.
//! Does not own: what a reversal does to everybody who paid (usecase).

use crate::world::World;

fn charge(world: &World, customer: i64, amount: &str) -> i64 {
    let params = format!(r#"{{"i_customer":{customer},"action":"Manual charge","amount":{amount}}}"#);
    world.call("Customer/make_transaction", &params).ok().int("i_xdr")
}

fn balance(world: &World, customer: i64) -> String {
    let info = world.call("Customer/get_customer_info", &format!(r#"{{"i_customer":{customer}}}"#)).ok().json();
    info["customer_info"]["balance"].to_string()
}

#[test]
fn xdrs_are_reversed_together_once_or_in_part() {
    let world = World::new();
    let customer = world.add_customer("Payer", "");
    let (a, b) = (charge(&world, customer, "7.5"), charge(&world, customer, "2.5"));
    let both = format!(
        r#"{{"revert_list":[{{"id":{a},"owner":"customer","comment":"our fault","hide":"Y"}},{{"id":"{b}","owner":"account","amount":0.5,"hide":"N"}}]}}"#
    );
    let keyed = || world.call_with(("idempotency-key", "k"), "CDR/revert_xdr_list", &both).ok().body;
    assert_eq!((keyed(), keyed()), (r#"{"success":1}"#.to_owned(), r#"{"success":1}"#.to_owned()));
    assert_eq!(balance(&world, customer), "2");
    for _ in 0..2 {
        world.call("CDR/revert_xdr_list", &format!(r#"{{"revert_list":[{{"id":{a}}},{{"id":{b}}}]}}"#)).ok();
        assert_eq!(balance(&world, customer), "0");
    }
}

#[test]
fn what_cannot_be_reversed_is_named_and_changes_nothing() {
    let world = World::new();
    let customer = world.add_customer("Payer", "");
    let xdr = charge(&world, customer, "7.5");
    let paid = format!(r#"{{"i_customer":{customer},"action":"Manual payment","amount":1}}"#);
    let payment = world.call("Customer/make_transaction", &paid).ok().int("i_xdr");
    let before = world.all();
    let many = vec![format!(r#"{{"id":{xdr}}}"#); 101].join(",");
    for (list, word) in [
        ("null".to_owned(), "required"),
        ("7".to_owned(), "wrong_type"),
        ("[7]".to_owned(), "wrong_type"),
        ("[]".to_owned(), "out_of_range"),
        (format!("[{many}]"), "out_of_range"),
        ("[{}]".to_owned(), "required"),
        (format!(r#"[{{"id":{xdr}}},{{"id":4711}}]"#), "not_found"),
        (format!(r#"[{{"id":{xdr}}},{{"id":{payment}}}]"#), "xdr_is_payment"),
        (format!(r#"[{{"id":{xdr},"amount":8}}]"#), "more_than_left"),
        (format!(r#"[{{"id":{xdr},"amount":0}}]"#), "amount_not_positive"),
        (format!(r#"[{{"id":{xdr},"owner":"vendor"}}]"#), "wrong_value"),
    ] {
        let got = world.call("CDR/revert_xdr_list", &format!(r#"{{"revert_list":{list}}}"#));
        assert_eq!(got.fault(), format!("Server.CDR.revert_xdr_list.{word}"), "{list}");
        assert_eq!(world.all(), before, "{list}");
    }
    world.add_staff("helen", trunkline_usecase::domain::staff::Role::Support, None);
    let token = world.sign_in("helen").text("access_token");
    let got = world.call_as(&token, "CDR/revert_xdr_list", &format!(r#"{{"revert_list":[{{"id":{xdr}}}]}}"#));
    assert_eq!(got.fault(), "Server.CDR.revert_xdr_list.not_permitted");
}
