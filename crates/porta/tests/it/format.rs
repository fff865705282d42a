//! Owns tests of amounts, as they are read and written through a transaction and back.
//! Does not own: which amounts a posting takes (domain).

use crate::world::World;

#[test]
fn amounts_are_exact_in_both_directions() {
    let world = World::new();
    let cases = [
        ("0.00001", "0.00001", "0.00001"),
        ("999999999.99999", "999999999.99999", "999999999.99999"),
        ("0.1", "0.1", "0.10000"),
        ("\"12.50\"", "12.5", "12.50000"),
        ("1e2", "100", "100.00000"),
        ("1.25E+1", "12.5", "12.50000"),
        ("12e-5", "0.00012", "0.00012"),
        ("7", "7", "7.00000"),
        ("0000.5e0", "", ""),
    ];
    for (number, (amount, shown, exact)) in cases.into_iter().enumerate() {
        let customer = world.add_customer(&format!("Customer {number}"), "");
        let params = format!(r#"{{"i_customer":{customer},"action":"Manual charge","amount":{amount}}}"#);
        let got = world.call_with(("x-trunkline-exact", "1"), "Customer/make_transaction", &params);
        if shown.is_empty() {
            assert_eq!(got.fault(), "Server.Customer.make_transaction.malformed_json");
            continue;
        }
        let got = got.ok();
        assert!(got.body.contains(&format!("\"balance\":{shown},\"balance_str\":\"{exact}\"")), "{amount}: {}", got.body);
    }
}
