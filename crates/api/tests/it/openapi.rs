//! Owns tests of the OpenAPI document: the file that the page's types are made from is the program's document, and every
//! operation says what clients are made from.
//! Does not own: what the operations do.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::world::{Who, World};

const UPDATE: &str = "cargo run -p trunkline-server -- openapi > web/openapi.json && (cd web && npm run api-types)";

fn document() -> Value {
    serde_json::to_value(trunkline_api::document()).expect("JSON")
}

#[test]
fn the_file_is_the_document_of_the_program() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    let made = serde_json::to_string_pretty(&trunkline_api::document()).expect("JSON");
    let first = stored.lines().zip(made.lines()).position(|(stored, made)| stored != made);
    assert!(
        stored.trim_end() == made,
        "web/openapi.json is not what the program says, from line {:?} on. Run: {UPDATE}",
        first.map(|at| at + 1)
    );
}

#[test]
fn a_server_shows_the_document_that_it_has_routes_for() {
    let world = World::new();
    let shown = world.ask(Who::Nobody, "GET", "/api/v1/openapi.json", None).expect(200);
    assert_eq!(shown.headers["content-type"], "application/json");
    assert_eq!(shown.json(), document());
    let page = world.ask(Who::Nobody, "GET", "/api/v1/docs", None).expect(200);
    assert!(page.body.contains("/api/v1/openapi.json"), "{}", page.body);
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, verbs)| {
        verbs.as_object().expect("verbs").iter().map(move |(verb, operation)| (format!("{verb} {path}"), operation))
    });
    each.collect()
}

#[test]
fn every_operation_has_a_name_a_summary_and_its_answers() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (place, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place} has no operationId"));
        assert!(names.insert(name.to_owned()), "two operations are called {name}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{place} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{place} has no tag");
        let answers = operation["responses"].as_object().unwrap_or_else(|| panic!("{place} has no answers"));
        assert!(answers.keys().any(|status| status.starts_with('2')), "{place} never succeeds");
        let problem = &answers["default"]["content"]["application/problem+json"]["schema"];
        assert_eq!(problem["$ref"], "#/components/schemas/Problem", "{place}");
    }
}

/// Whoever reads the document knows that a write can be repeated, but for signing in and out, which have no key.
#[test]
fn every_write_takes_an_idempotency_key() {
    let document = document();
    for (place, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let has_key = parameters.iter().any(|parameter| parameter["in"] == "header" && parameter["name"] == "Idempotency-Key");
        let is_write = !place.starts_with("get ") && !place.ends_with("/api/v1/session");
        assert_eq!(has_key, is_write, "{place}");
    }
}

#[test]
fn references_lead_somewhere_and_every_schema_is_used() {
    let document = document();
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let mut used = BTreeSet::new();
    for part in text.split("\"$ref\":\"").skip(1) {
        let target = part.split('"').next().unwrap_or_default();
        let name = target.strip_prefix("#/components/schemas/").unwrap_or_else(|| panic!("{target} leads elsewhere"));
        assert!(schemas.contains_key(name), "there is no {target}");
        used.insert(name.to_owned());
    }
    assert_eq!(used, schemas.keys().cloned().collect());
}
