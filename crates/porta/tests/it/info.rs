//! Owns tests of how a customer is told: whole answers of `get_customer_info`.
//! Does not own: finding many (list.rs).

use trunkline_usecase::domain::staff::Role;

use crate::world::World;

/// The answer with ids that a test cannot foresee replaced by names.
pub fn named(body: &str, ids: &[(i64, &str)]) -> String {
    ids.iter().fold(body.to_owned(), |text, (id, name)| text.replace(&id.to_string(), &format!("<{name}>")))
}

#[test]
fn a_postpaid_customer_in_full() {
    let world = World::new();
    let more = r#""i_balance_control_type":1,"credit_limit":50,"opening_balance":37.61,"i_time_zone":452,"i_billing_period":4,
        "companyname":"Trident Ltd","firstname":"Olena","lastname":"Шевченко","baddr1":"1 High Street","baddr2":"Flat 2","baddr3":"Rear",
        "city":"Kyiv","zip":"01001","country":"ua","phone1":"+380441234567","email":"o@example.com","note":"VIP\nreally","login":"olena",
        "refnum":"CRM-7","suspend_on_insuff_funds":0,"balance":99,"status":"closed","is_used":1,"colour":"blue","#;
    let customer = world.add_customer("Trident", more);
    let got = world.call("Customer/get_customer_info", &format!(r#"{{"i_customer":{customer}}}"#)).ok();
    let expected = concat!(
        r#"{"customer_info":{"i_customer":<customer>,"name":"Trident","bill_status":"O","blocked":"N","billing_lock":"N","#,
        r#""i_customer_type":1,"i_parent":null,"i_customer_class":<class>,"i_office_type":1,"i_balance_control_type":1,"iso_4217":"EUR","#,
        r#""balance":37.61,"credit_limit":50,"perm_credit_limit":50,"credit_limit_until":null,"credit_exceed":0,"opening_balance":37.61,"#,
        r#""unallocated_payments":0,"i_billing_period":4,"billed_to":"2026-06-15 21:00:00","next_billed_to":"2026-06-30 21:00:00","#,
        r#""creation_date":"2026-06-16 08:00:00","i_time_zone":452,"i_ui_time_zone":null,"suspension_delay_date":null,"#,
        r#""bill_suspension_delayed":0,"deactivate_on":null,"terminate_on":null,"suspend_on_insuff_funds":0,"companyname":"Trident Ltd","#,
        r#""salutation":"","firstname":"Olena","midinit":"","lastname":"Шевченко","baddr1":"1 High Street","address_line_2":"Flat 2, Rear","#,
        r#""city":"Kyiv","state":"","zip":"01001","country":"UA","cont1":"","phone1":"+380441234567","phone2":"","faxnum":"","#,
        r#""email":"o@example.com","bcc":"","tax_id":"","note":"VIP\nreally","refnum":"CRM-7"}}"#
    );
    assert_eq!(named(&got.body, &[(customer, "customer"), (world.class, "class")]), expected);
    for key in [r#"{"name":"TRIDENT "}"#, r#"{"login":"Olena"}"#, r#"{"refnum":"CRM-7"}"#, &format!(r#"{{"i_customer":"{customer}"}}"#)] {
        assert_eq!(world.call("Customer/get_customer_info", key).ok().body, got.body, "{key}");
    }
}

#[test]
fn a_prepaid_customer_with_everything_asked_for() {
    let world = World::new();
    let customer = world.add_customer("Prepaid", r#""i_balance_control_type":2,"opening_balance":-23.61693,"login":"pre","#);
    let params = r#"{"name":"Prepaid","detailed_info":1,"effective_values":1,"get_auth_info":1,"get_time_zone_name":1}"#;
    let got = world.call_with(("x-trunkline-exact", "1"), "Customer/get_customer_info", params).ok();
    let expected = concat!(
        r#"{"customer_info":{"i_customer":<customer>,"name":"Prepaid","statuses":[],"bill_status":"O","blocked":"N","billing_lock":"N","#,
        r#""i_customer_type":1,"i_parent":null,"i_customer_class":<class>,"i_office_type":1,"i_balance_control_type":2,"iso_4217":"EUR","#,
        r#""balance":-23.61693,"balance_str":"-23.61693","credit_limit":0,"credit_limit_str":"0.00000","perm_credit_limit":0,"#,
        r#""perm_credit_limit_str":"0.00000","credit_limit_until":null,"credit_exceed":0,"opening_balance":-23.61693,"#,
        r#""opening_balance_str":"-23.61693","unallocated_payments":0,"unallocated_payments_str":"0.00000","available_funds":23.61693,"#,
        r#""available_funds_str":"23.61693","i_billing_period":4,"billed_to":"2026-06-16 00:00:00","next_billed_to":"2026-07-01 00:00:00","#,
        r#""creation_date":"2026-06-16 08:00:00","i_time_zone":593,"i_ui_time_zone":null,"time_zone_name":"UTC","#,
        r#""suspension_delay_date":null,"bill_suspension_delayed":0,"deactivate_on":null,"terminate_on":null,"suspend_on_insuff_funds":1,"#,
        r#""companyname":"","salutation":"","firstname":"","midinit":"","lastname":"","baddr1":"","address_line_2":"","city":"","#,
        r#""state":"","zip":"","country":"","cont1":"","phone1":"","phone2":"","faxnum":"","email":"","bcc":"","tax_id":"","note":"","#,
        r#""refnum":"","login":"pre","customer_class_name":"Standard","parent_name":null}}"#
    );
    assert_eq!(named(&got.body, &[(customer, "customer"), (world.class, "class")]), expected);
}

#[test]
fn a_customer_that_is_not_there_is_an_empty_object() {
    let world = World::new();
    let keys = [
        r#"{"i_customer":1}"#,
        r#"{"i_customer":-1}"#,
        r#"{"i_customer":9223372036854775807}"#,
        r#"{"name":"Nobody"}"#,
        r#"{"login":"nobody"}"#,
        r#"{"refnum":"x"}"#,
    ];
    for key in keys {
        assert_eq!(world.call("Customer/get_customer_info", key).ok().body, "{}", "{key}");
    }
    let got = world.call("Customer/get_customer_info", "{}");
    assert_eq!(got.fault(), "Server.Customer.get_customer_info.required");
}

/// `status`, `bill_status`, `blocked`, `bill_suspension_delayed`.
fn standing(world: &World, customer: i64) -> (Option<String>, String, String, i64) {
    let info = world.call("Customer/get_customer_info", &format!(r#"{{"i_customer":{customer}}}"#)).ok().json()["customer_info"].clone();
    let text = |name: &str| info[name].as_str().map(str::to_owned);
    (
        text("status"),
        text("bill_status").expect("one"),
        text("blocked").expect("one"),
        info["bill_suspension_delayed"].as_i64().expect("one"),
    )
}

#[test]
fn statuses_follow_from_their_causes() {
    let world = World::new();
    let told =
        |status: &str, bill: &str, blocked: &str, delayed: i64| (Some(status.to_owned()), bill.to_owned(), blocked.to_owned(), delayed);
    let owing = world.add_customer("Owing", r#""credit_limit":10,"opening_balance":10,"#);
    assert_eq!(standing(&world, owing), told("credit_exceeded", "O", "N", 0));
    let empty = world.add_customer("Empty", r#""i_balance_control_type":2,"#);
    assert_eq!(standing(&world, empty), told("no_available_funds", "O", "N", 0));
    let suspended = world.add_customer("Suspended", "");
    world.suspend(suspended);
    assert_eq!(standing(&world, suspended), told("suspended", "S", "N", 0));
    let update =
        |fields: &str| world.call("Customer/update_customer", &format!(r#"{{"customer_info":{{"i_customer":{suspended},{fields}}}}}"#));
    update(r#""suspension_delay_date":"2026-06-20""#).ok();
    assert_eq!(standing(&world, suspended), told("suspension_delayed", "S", "N", 1));
    let info = world.call("Customer/get_customer_info", &format!(r#"{{"i_customer":{suspended}}}"#)).ok();
    assert!(info.body.contains(r#""suspension_delay_date":"2026-06-20""#));
    update(r#""blocked":"Y""#).ok();
    assert_eq!(standing(&world, suspended), told("blocked", "S", "Y", 1));
    world.call("Customer/terminate_customer", &format!(r#"{{"i_customer":{owing},"supress_notification":1}}"#)).ok();
    assert_eq!(standing(&world, owing), told("closed", "C", "N", 0));
}

#[test]
fn logins_are_shown_to_those_who_may_change_customers() {
    let world = World::new();
    world.add_customer("Shown", r#""login":"secret","#);
    world.add_staff("auditor", Role::Auditor, None);
    let token = world.sign_in("auditor").text("access_token");
    let got = world.call_as(&token, "Customer/get_customer_info", r#"{"name":"Shown","get_auth_info":1}"#).ok();
    assert!(!got.body.contains("secret"));
}

#[test]
fn a_reseller_sees_its_own_customers_only() {
    let world = World::new();
    let reseller = world.add_customer("Reseller", r#""i_customer_type":2,"#);
    let own = world.add_customer("Own", &format!(r#""i_parent":{reseller},"#));
    let foreign = world.add_customer("Foreign", "");
    world.add_staff("partner", Role::Reseller, Some(reseller));
    let token = world.sign_in("partner").text("access_token");
    let info = |id: i64| world.call_as(&token, "Customer/get_customer_info", &format!(r#"{{"i_customer":{id}}}"#)).ok().body;
    assert!(info(own).contains(&format!(r#""i_parent":{reseller}"#)));
    assert_eq!((info(foreign), info(reseller)), ("{}".to_owned(), "{}".to_owned()));
    for params in ["{}".to_owned(), r#"{"i_parent":0}"#.to_owned(), format!(r#"{{"i_parent":{reseller},"i_customer_type":1}}"#)] {
        let list = world.call_as(&token, "Customer/get_customer_list", &params).ok().json();
        let names: Vec<&str> = list["customer_list"].as_array().expect("a list").iter().filter_map(|row| row["name"].as_str()).collect();
        let expected: &[&str] = if params == r#"{"i_parent":0}"# { &[] } else { &["Own"] };
        assert_eq!(names, expected, "{params}");
    }
    let before = world.all();
    let change = |method: &str, params: String| world.call_as(&token, method, &params).fault();
    assert_eq!(
        change("Customer/update_customer", format!(r#"{{"customer_info":{{"i_customer":{foreign},"note":"mine"}}}}"#)),
        "Server.Customer.update_customer.not_found"
    );
    assert_eq!(
        change("Customer/terminate_customer", format!(r#"{{"i_customer":{foreign}}}"#)),
        "Server.Customer.terminate_customer.not_permitted"
    );
    assert_eq!(world.all(), before);
}
