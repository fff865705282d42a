//! Owns tests of wrong values: every field of every method, wrong in each way that its kind can be, is refused by its name, and
//! nothing changes.
//! Does not own: requests that are wrong as a whole (bad_input.rs), and values that do not go together (change.rs, transaction.rs).

use trunkline_porta::PortaOptions;

use crate::world::World;

/// What a field takes.
#[derive(Clone, Copy)]
enum Kind {
    Int,
    Amount,
    /// 0 or 1.
    Flag,
    /// Y or N.
    Letter,
    Moment,
    Day,
    /// So many characters.
    Text(usize),
}

impl Kind {
    /// Values that do not fit, as they stand in JSON.
    fn wrong(self) -> Vec<String> {
        let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<String>>();
        match self {
            Kind::Int => texts(&[
                r#""x""#,
                "1.5",
                r#""1.5""#,
                "true",
                "[1]",
                r#"{"a":1}"#,
                "1e400",
                "9223372036854775808",
                r#""1 2""#,
                r#""0x10""#,
                r#""+5""#,
                r#""٣""#,
            ]),
            Kind::Amount => texts(&[
                r#""x""#,
                "true",
                "[1]",
                r#"{"a":1}"#,
                "1e400",
                r#""NaN""#,
                r#""1,5""#,
                r#""1 000""#,
                "99999999999999",
                "0.0000001",
                r#""--5""#,
                r#""٣""#,
            ]),
            Kind::Flag => texts(&["2", "-1", "1.0", r#""Y""#, r#""yes""#, "[1]", "{}"]),
            Kind::Letter => texts(&["1", "true", r#""yes""#, "[]", r#"{"a":1}"#]),
            Kind::Moment => {
                texts(&["7", "true", "[]", r#""tomorrow""#, r#""2026-02-30 00:00:00""#, r#""2026-06-16T08:00:00Z""#, r#""2026-13-01""#])
            }
            Kind::Day => texts(&["7", "true", "[]", r#""tomorrow""#, r#""2026-02-30""#, r#""16.06.2026""#, r#""2026-06-16T08:00:00Z""#]),
            Kind::Text(length) => {
                let mut values = texts(&["true", "[1]", r#"{"a":1}"#, r#""\ud800""#, r#""a\u0000b""#]);
                values.push(format!("\"{}\"", "x".repeat(length + 1)));
                values
            }
        }
    }
}

type Field = (&'static str, Kind);

/// A text that is only looked for may have this many characters.
const ANY: Kind = Kind::Text(8_000);
const PAGE: [Field; 3] = [("limit", Kind::Int), ("offset", Kind::Int), ("get_total", Kind::Flag)];

const INFO: &[Field] = &[
    ("name", Kind::Text(100)),
    ("iso_4217", ANY),
    ("i_customer_class", Kind::Int),
    ("i_customer_type", Kind::Int),
    ("i_parent", Kind::Int),
    ("i_balance_control_type", Kind::Int),
    ("i_time_zone", Kind::Int),
    ("i_billing_period", Kind::Int),
    ("opening_balance", Kind::Amount),
    ("credit_limit", Kind::Amount),
    ("perm_credit_limit", Kind::Amount),
    ("suspend_on_insuff_funds", Kind::Flag),
    ("blocked", Kind::Letter),
    ("login", Kind::Text(64)),
    ("refnum", Kind::Text(64)),
    ("companyname", Kind::Text(100)),
    ("salutation", Kind::Text(15)),
    ("firstname", Kind::Text(120)),
    ("midinit", Kind::Text(5)),
    ("lastname", Kind::Text(120)),
    ("baddr1", Kind::Text(41)),
    ("address_line_2", Kind::Text(167)),
    ("city", Kind::Text(31)),
    ("state", Kind::Text(21)),
    ("zip", Kind::Text(13)),
    ("country", Kind::Text(2)),
    ("cont1", Kind::Text(120)),
    ("phone1", Kind::Text(20)),
    ("phone2", Kind::Text(20)),
    ("faxnum", Kind::Text(20)),
    ("email", Kind::Text(128)),
    ("bcc", Kind::Text(99)),
    ("tax_id", Kind::Text(16)),
    ("note", Kind::Text(4_000)),
];
/// Fields that only a customer that is there has.
const CHANGED: &[Field] = &[("i_customer", Kind::Int), ("credit_limit_until", Kind::Moment), ("suspension_delay_date", Kind::Day)];
const CUSTOMERS: &[Field] = &[
    ("name", Kind::Text(100)),
    ("companyname", Kind::Text(200)),
    ("firstname", Kind::Text(200)),
    ("lastname", Kind::Text(200)),
    ("bill_status", ANY),
    ("i_parent", Kind::Int),
    ("i_customer_type", Kind::Int),
    ("i_main_customer", Kind::Int),
    ("i_office_type", Kind::Int),
    ("credit_limit_exceeded", Kind::Flag),
    ("spending_limit_reached", Kind::Flag),
    ("get_statuses", Kind::Flag),
    ("check_usage", Kind::Flag),
    ("get_auth_info", Kind::Flag),
    ("get_time_zone_name", Kind::Flag),
];
const CUSTOMER: &[Field] = &[
    ("i_customer", Kind::Int),
    ("detailed_info", Kind::Flag),
    ("effective_values", Kind::Flag),
    ("get_auth_info", Kind::Flag),
    ("get_time_zone_name", Kind::Flag),
];
const TRANSACTION: &[Field] = &[
    ("i_customer", Kind::Int),
    ("action", ANY),
    ("amount", Kind::Amount),
    ("visible_comment", Kind::Text(500)),
    ("internal_comment", Kind::Text(500)),
];
const ACCOUNTS: &[Field] = &[
    ("i_customer", Kind::Int),
    ("id", Kind::Text(200)),
    ("batch_name", Kind::Text(200)),
    ("bill_status", ANY),
    ("billing_model", Kind::Int),
    ("get_statuses", Kind::Flag),
    ("get_not_closed_accounts", Kind::Flag),
];

const XDRS: &[Field] = &[
    ("from_date", Kind::Moment),
    ("to_date", Kind::Moment),
    ("i_service", Kind::Int),
    ("cdr_entity", ANY),
    ("cli", Kind::Text(200)),
    ("cld", Kind::Text(200)),
    ("call_id", ANY),
    ("h323_conf_id", ANY),
    ("connect_time_after", Kind::Moment),
    ("connect_time_before", Kind::Moment),
    ("show_hidden", Kind::Flag),
    ("for_current_period", Kind::Flag),
    ("format", ANY),
];
const ACCOUNT_INFO: &[Field] = &[
    ("i_customer", Kind::Int),
    ("id", Kind::Text(128)),
    ("billing_model", Kind::Int),
    ("opening_balance", Kind::Amount),
    ("credit_limit", Kind::Amount),
    ("bill_status", ANY),
    ("blocked", Kind::Letter),
    ("activation_date", Kind::Moment),
    ("expiration_date", Kind::Moment),
    ("life_time", Kind::Int),
    ("inactivity_expire_time", Kind::Int),
    ("batch_name", Kind::Text(64)),
    ("h323_password", Kind::Text(128)),
    ("i_product", Kind::Int),
];
const NUMBERS: &[Field] = &[("number", Kind::Text(200)), ("usage", ANY)];
const NUMBER_INFO: &[Field] = &[
    ("number", Kind::Text(15)),
    ("description", Kind::Text(200)),
    ("frozen", Kind::Letter),
    ("free_of_charge", Kind::Letter),
    ("activation_cost", Kind::Amount),
    ("recurring_cost", Kind::Amount),
];
const PRODUCTS: &[Field] = &[("name", Kind::Text(200)), ("iso_4217", ANY)];
const SESSIONS: &[Field] = &[("i_customer", Kind::Int), ("i_account", Kind::Int), ("i_service", Kind::Int)];

const REVERTED: &[Field] =
    &[("id", Kind::Int), ("owner", ANY), ("amount", Kind::Amount), ("comment", Kind::Text(500)), ("hide", Kind::Letter)];

/// Each method that has fields, with parameters that it takes and place for one more, and the fields.
fn methods(customer: i64, class: i64, account: i64) -> Vec<(&'static str, String, Vec<Field>)> {
    let new_account = format!(r#"{{"account_info":{{"i_customer":{customer},"id":"new",$}}}}"#);
    let account_change = format!(r#"{{"account_info":{{"i_account":{account},$}}}}"#);
    let change = format!(r#"{{"customer_info":{{"i_customer":{customer},$}}}}"#);
    let with_page = |fields: &[Field]| fields.iter().copied().chain(PAGE).collect::<Vec<Field>>();
    let new = format!(r#"{{"customer_info":{{"name":"New","iso_4217":"EUR","i_customer_class":{class},$}}}}"#);
    let transaction = format!(r#"{{"i_customer":{customer},"action":"Manual charge","amount":1,$}}"#);
    let info = || INFO.iter().chain(CHANGED).copied().collect::<Vec<Field>>();
    vec![
        ("Customer/get_customer_list", r#"{"limit":5,$}"#.to_owned(), with_page(CUSTOMERS)),
        ("Customer/get_customer_info", format!(r#"{{"i_customer":{customer},$}}"#), CUSTOMER.to_vec()),
        ("Customer/get_customer_info", "{$}".to_owned(), vec![("name", ANY), ("login", ANY), ("refnum", ANY)]),
        ("Customer/add_customer", new.clone(), INFO.to_vec()),
        ("Customer/validate_customer_info", new, INFO.to_vec()),
        ("Customer/update_customer", change.clone(), info()),
        ("Customer/validate_customer_info", change, info()),
        ("Customer/delete_customer", "{$}".to_owned(), vec![("i_customer", Kind::Int)]),
        ("Customer/terminate_customer", "{$}".to_owned(), vec![("i_customer", Kind::Int)]),
        ("Customer/make_transaction", transaction, TRANSACTION.to_vec()),
        ("Account/get_account_list", r#"{"limit":5,$}"#.to_owned(), with_page(ACCOUNTS)),
        ("Account/get_account_info", "{$}".to_owned(), vec![("i_account", Kind::Int), ("id", ANY)]),
        ("Account/add_account", new_account.clone(), ACCOUNT_INFO.to_vec()),
        ("Account/validate_account_info", new_account, ACCOUNT_INFO.to_vec()),
        ("Account/update_account", account_change.clone(), ACCOUNT_INFO.to_vec()),
        ("Account/update_account", r#"{"account_info":{$}}"#.to_owned(), vec![("i_account", Kind::Int)]),
        ("Account/validate_account_info", account_change, ACCOUNT_INFO.to_vec()),
        ("Account/terminate_account", "{$}".to_owned(), vec![("i_account", Kind::Int)]),
        ("Account/get_xdr_list", r#"{"limit":5,$}"#.to_owned(), vec![("i_account", Kind::Int)]),
        ("Customer/get_customer_xdrs", format!(r#"{{"i_customer":{customer},"limit":5,$}}"#), with_page(XDRS)),
        ("Customer/get_customer_xdrs", "{$}".to_owned(), vec![("i_customer", Kind::Int)]),
        ("Account/get_alias_list", r#"{"limit":5,$}"#.to_owned(), vec![("i_master_account", Kind::Int)]),
        (
            "Account/add_alias",
            format!(r#"{{"alias_info":{{"i_master_account":{account},"id":"alias",$}}}}"#),
            vec![("i_master_account", Kind::Int), ("id", Kind::Text(128)), ("blocked", Kind::Letter)],
        ),
        ("Account/delete_alias", "{$}".to_owned(), vec![("i_account", Kind::Int)]),
        ("DID/get_number_list", r#"{"limit":5,$}"#.to_owned(), with_page(&[NUMBERS, &[("i_customer", Kind::Int)]].concat())),
        ("DID/get_number_info", "{$}".to_owned(), vec![("i_did_number", Kind::Int)]),
        ("DID/get_customer_numbers", format!(r#"{{"i_customer":{customer},$}}"#), with_page(NUMBERS)),
        ("DID/add_number", r#"{"number_info":{"number":"4930",$}}"#.to_owned(), NUMBER_INFO.to_vec()),
        (
            "DID/assign_did_to_customer",
            r#"{"i_did_number":4711,"i_customer":4711,$}"#.to_owned(),
            vec![("i_did_number", Kind::Int), ("i_customer", Kind::Int)],
        ),
        (
            "DID/assign_did_to_account",
            r#"{"i_did_number":4711,"i_master_account":4711,$}"#.to_owned(),
            vec![("i_did_number", Kind::Int), ("i_master_account", Kind::Int)],
        ),
        ("DID/release_did_from_customer", "{$}".to_owned(), vec![("i_did_number", Kind::Int)]),
        ("DID/delete_number", "{$}".to_owned(), vec![("i_did_number", Kind::Int)]),
        ("Product/get_product_list", r#"{"limit":5,$}"#.to_owned(), with_page(PRODUCTS)),
        ("Product/get_product_info", "{$}".to_owned(), vec![("i_product", Kind::Int)]),
        ("Tariff/get_tariff_list", r#"{"limit":5,$}"#.to_owned(), with_page(&[PRODUCTS, &[("i_service", Kind::Int)]].concat())),
        ("Tariff/get_tariff_info", "{$}".to_owned(), vec![("i_tariff", Kind::Int)]),
        (
            "Rate/get_rate_list",
            r#"{"i_tariff":4711,"limit":5,$}"#.to_owned(),
            with_page(&[("i_tariff", Kind::Int), ("destination", Kind::Text(200))]),
        ),
        ("BillingSession/get_active_sessions_list", r#"{"limit":5,$}"#.to_owned(), with_page(SESSIONS)),
        ("BillingSession/disconnect_session", "{$}".to_owned(), vec![("i_active_session", Kind::Int)]),
        ("CDR/revert_xdr_list", r#"{"revert_list":[{"id":4711,$}]}"#.to_owned(), REVERTED.to_vec()),
        ("Generic/get_countries_list", r#"{"limit":5,$}"#.to_owned(), PAGE.to_vec()),
        ("Generic/get_time_zone_list", r#"{"limit":5,$}"#.to_owned(), PAGE.to_vec()),
        (
            "Session/change_password",
            r#"{"old_password":"a","new_password":"b",$}"#.to_owned(),
            vec![("old_password", ANY), ("new_password", ANY)],
        ),
    ]
}

on_both! {
fn every_field_is_refused_by_name_when_it_is_wrong(engine: Engine) {
    let world = World::on(engine, PortaOptions::default());
    let customer = world.add_customer("Kept", r#""login":"kept","#);
    let account = world.add_account(customer, "kept", trunkline_usecase::domain::account::AccountModel::Credit, 0);
    let before = world.all();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (method, template, fields) in methods(customer, world.class, account) {
        for (field, kind) in fields {
            for value in kind.wrong() {
                tried += 1;
                // Of a name that stands twice the last counts, so that the wrong value takes the place of the good one.
                let got = world.call(method, &template.replace('$', &format!("\"{field}\":{value}")));
                let is_named =
                    got.status == 500 && got.text("faultstring").starts_with(&format!("{field}: ")) && !got.fault().contains("internal");
                if !is_named {
                    wrong.push(format!("{method} {field} = {}: {}", &value[..value.len().min(30)], &got.body[..got.body.len().min(200)]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} are not refused:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 900, "{tried}");
    assert_eq!(world.all(), before);
}
}
