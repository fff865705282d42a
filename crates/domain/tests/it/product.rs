//! Tests of products: limits of calls, what a product can be. Not of charging by them (session.rs).

use trunkline_domain::money::Currency;
use trunkline_domain::product::{CallLimits, Direction, OpenCalls, Product, ProductKind, ProductProblem, ProductTariff, check_product};
use trunkline_domain::service::Service;
use trunkline_domain::time::Timestamp;

pub fn product(product_id: i64, kind: ProductKind, priority: i64, tariffs: Vec<ProductTariff>) -> Product {
    Product {
        product_id,
        name: format!("Product {product_id}"),
        kind,
        priority,
        currency: Currency::parse("EUR").unwrap(),
        calls: CallLimits::default(),
        tariffs,
        created_at: Timestamp::default(),
        bundle_id: None,
        version: 1,
    }
}

pub fn entry(service: Service, direction: Direction, tariff_id: i64) -> ProductTariff {
    ProductTariff { service, direction, tariff_id }
}

#[test]
fn limits_of_simultaneous_calls() {
    let limits = CallLimits { all: Some(3), outgoing: Some(2), incoming: None };
    let cases = [
        (0, 0, Direction::Outgoing, None),
        (2, 0, Direction::Outgoing, Some(2)),
        (2, 0, Direction::Incoming, None),
        (1, 2, Direction::Outgoing, Some(3)),
        (0, 3, Direction::Incoming, Some(3)),
    ];
    for (outgoing, incoming, direction, expected) in cases {
        assert_eq!(limits.reached(OpenCalls { outgoing, incoming }, direction), expected, "{outgoing} {incoming} {direction:?}");
    }
    assert_eq!(CallLimits::default().reached(OpenCalls { outgoing: 1_000_000, incoming: 5 }, Direction::Outgoing), None);
}

#[test]
fn what_a_product_can_be() {
    let voice = entry(Service::Voice, Direction::Outgoing, 7);
    assert_eq!(check_product(&product(1, ProductKind::Main, 0, vec![voice])), []);
    assert_eq!(check_product(&product(1, ProductKind::AddOn, 30, vec![])), []);
    assert_eq!(check_product(&product(1, ProductKind::Main, 5, vec![])), [ProductProblem::Priority]);
    assert_eq!(check_product(&product(1, ProductKind::AddOn, 0, vec![])), [ProductProblem::Priority]);
    let twice = entry(Service::Voice, Direction::Outgoing, 8);
    let mut wrong = product(1, ProductKind::Main, 0, vec![voice, twice]);
    wrong.calls.incoming = Some(0);
    assert_eq!(check_product(&wrong), [ProductProblem::CallsIncoming, ProductProblem::Tariffs]);
}
