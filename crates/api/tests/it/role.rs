//! Owns tests of who may ask what: each endpoint with each role, with another reseller's records, and with nobody.
//! Does not own: the table (endpoint.rs).

use std::collections::BTreeSet;

use serde_json::json;
use trunkline_usecase::domain::staff::Role;

use crate::endpoint::{ENDPOINTS, Endpoint, UNDOCUMENTED};
use crate::world::{ADMINISTRATOR, RESELLER, Who, World};

/// Method and path of every operation in the document.
pub fn documented() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(trunkline_api::document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let verbs = ["get", "post", "patch", "delete", "put"];
    paths
        .iter()
        .flat_map(|(path, operations)| {
            let found = operations.as_object().expect("operations").keys().filter(|verb| verbs.contains(&verb.as_str()));
            found.map(|verb| (verb.to_uppercase(), path.clone())).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_route_has_a_row_in_the_table_of_roles() {
    let rows: BTreeSet<(String, String)> = ENDPOINTS.iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(rows.len(), ENDPOINTS.len(), "a route has two rows");
    assert_eq!(rows, documented());
}

/// The columns of the table.
fn columns() -> [(Who, bool); 8] {
    let role = |role| (Who::Role(role), false);
    let [administrator, support, finance, network, auditor, reseller] = Role::ALL.map(role);
    [administrator, support, finance, network, auditor, reseller, (RESELLER, true), (Who::Nobody, false)]
}

fn asked(world: &World, row: &Endpoint, who: Who, is_foreign: bool) -> u16 {
    let owner = match (who, is_foreign) {
        (_, true) => Some(world.other_reseller),
        (RESELLER, false) => Some(world.reseller),
        _ => None,
    };
    let mut asked = row.prepare(world, owner);
    if is_foreign && row.path == "/api/v1/customers" && row.method == "POST" {
        asked.body.as_mut().expect("a body")["reseller_id"] = json!(world.other_reseller);
    }
    if row.path == "/api/v1/session" && row.method == "DELETE" {
        // The others need their tokens once more.
        let login = format!("leaving{}", world.next());
        let Who::Role(role) = who else { return world.ask(who, row.method, row.path, None).status.as_u16() };
        world.add_staff(&login, role);
        let token = world.sign_in(&login);
        let bearer = format!("Bearer {token}");
        return world.send(world.request(Who::Nobody, "DELETE", row.path, None, &[("authorization", &bearer)])).status.as_u16();
    }
    let got = world.ask(who, row.method, &asked.path, asked.body.as_ref());
    if got.status.is_client_error() {
        let (status, code, _) = got.problem();
        let expected = match status {
            401 => "unauthenticated",
            403 => "forbidden",
            404 => "not_found",
            _ => "another status",
        };
        assert_eq!(code, expected, "{} {} as {who:?}: {}", row.method, row.path, got.body);
    }
    got.status.as_u16()
}

#[test]
fn each_role_gets_what_the_table_says() {
    let world = World::new();
    let mut wrong = Vec::new();
    for row in ENDPOINTS {
        for ((who, is_foreign), expected) in columns().into_iter().zip(row.statuses) {
            let got = asked(&world, row, who, is_foreign);
            if got != expected {
                wrong.push(format!("{} {} as {who:?}, foreign: {is_foreign}: {got}, not {expected}", row.method, row.path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Whoever sees customers can choose among their classes: a page asks for their names to filter by them. A role for which this
/// is to be another finds it in the `permissions` of its session.
#[test]
fn whoever_sees_customers_sees_classes() {
    use trunkline_usecase::domain::staff::Permission;
    for role in Role::ALL {
        assert!(!role.may(Permission::CustomerRead) || role.may(Permission::CustomerClassRead), "{role:?}");
    }
}

#[test]
fn the_document_and_its_page_are_open() {
    let world = World::new();
    for path in UNDOCUMENTED {
        for who in [Who::Nobody, ADMINISTRATOR] {
            world.ask(who, "GET", path, None).expect(200);
        }
    }
}

/// What nobody may see is 401 before anything else is looked at, and a role is refused before a record is looked for.
#[test]
fn a_refusal_tells_nothing_of_what_there_is() {
    let world = World::new();
    for row in ENDPOINTS.iter().filter(|row| row.path.contains("{id}")) {
        let path = row.path.replace("{id}", "12345");
        let body = row.body.map(|_| json!({ "nonsense": true }));
        let nobody = world.ask(Who::Nobody, row.method, &path, body.as_ref());
        // A path without a route for its id is not found for anybody; this one has one.
        assert_eq!((nobody.problem().0, nobody.problem().1.as_str()), (401, "unauthenticated"), "{} {path}", row.method);
    }
    let network = Who::Role(Role::Network);
    for (method, path) in [("DELETE", "/api/v1/customers/12345"), ("POST", "/api/v1/customers/12345/block")] {
        assert_eq!(world.ask(network, method, path, None).problem().1, "forbidden", "{path}");
    }
}

/// Staff of a reseller meet nothing of another one, nor the reseller itself, nor the carrier's own customers.
#[test]
fn lists_show_a_reseller_nothing_of_others() {
    let world = World::new();
    let own = world.add_customer(&json!({ "reseller_id": world.reseller, "name": "Own" }));
    let foreign = world.add_customer(&json!({ "reseller_id": world.other_reseller, "name": "Foreign" }));
    let direct = world.add_customer(&json!({ "name": "Direct" }));
    let (own_account, foreign_account) = (world.add_account(own), world.add_account(foreign));
    let ids = |path: &str| -> Vec<i64> {
        let got = world.ask(RESELLER, "GET", path, None).expect(200).json();
        got["items"].as_array().expect("items").iter().filter_map(|item| item["id"].as_i64()).collect()
    };
    let none: Vec<i64> = Vec::new();
    assert_eq!(ids("/api/v1/customers"), [own]);
    assert_eq!(ids("/api/v1/customers?total=exact&search=Foreign"), none);
    assert_eq!(ids(&format!("/api/v1/customers?reseller_id={}", world.other_reseller)), none);
    assert_eq!(ids("/api/v1/customers?reseller_id=none"), none);
    assert_eq!(ids("/api/v1/accounts"), [own_account]);
    assert_eq!(ids(&format!("/api/v1/accounts?customer_id={foreign}")), none);
    for id in [foreign, direct, world.reseller, world.other_reseller, foreign_account] {
        for path in [format!("/api/v1/customers/{id}"), format!("/api/v1/accounts/{id}")] {
            assert_eq!(world.ask(RESELLER, "GET", &path, None).problem().1, "not_found", "{path}");
        }
    }
    // Moving its own customer to another reseller, or itself out of its reseller, is no field that there is.
    let got = world.ask(RESELLER, "PATCH", &format!("/api/v1/customers/{own}"), Some(&json!({ "reseller_id": world.other_reseller })));
    assert_eq!(got.field(), ("reseller_id".to_owned(), "unknown_field".to_owned()));
    let totals = world.ask(RESELLER, "GET", "/api/v1/customers?total=exact", None).json();
    assert_eq!(totals["total"], json!({ "count": 1, "exact": true }));
}
