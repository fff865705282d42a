//! Owns tests of the OpenAPI document: the file that the page's types are made from is the program's document, and every
//! operation says what clients are made from.
//! Does not own: what the operations do.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use trunkline_usecase::domain::staff::Role;

use crate::endpoint::ENDPOINTS;
use crate::world::{ADMINISTRATOR, Who, World};

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

/// Whoever copies an example is answered. Ids in it are those of records that the reader has.
#[test]
fn every_write_has_an_example_that_is_taken() {
    let document = document();
    let world = World::new();
    world.add_staff("mira", Role::Support);
    let mut wrong = Vec::new();
    for row in ENDPOINTS.iter().filter(|row| row.body.is_some_and(|body| body() != json!({})) && !row.path.contains("/imports/")) {
        let verb = row.method.to_lowercase();
        let body = &document["paths"][row.path][&verb]["requestBody"]["content"]["application/json"]["schema"];
        let name = body["$ref"].as_str().and_then(|target| target.rsplit('/').next()).expect("a schema");
        let mut example = document["components"]["schemas"][name]["examples"][0].clone();
        let asked = row.prepare(&world, None);
        let own = asked.body.expect("a body");
        let Some(fields) = example.as_object_mut() else {
            wrong.push(format!("{} {} has no example", row.method, row.path));
            continue;
        };
        for (field, value) in fields.iter_mut().filter(|(field, _)| field.ends_with("_id")) {
            value.clone_from(&own[field.as_str()]);
        }
        // A switch knows whose usage it tells of.
        if let Some(usage) = own.get("usage") {
            fields["usage"]["identity"].clone_from(&usage["identity"]);
            fields["session"].clone_from(&own["session"]);
        }
        if row.path == "/api/v1/staff" {
            fields["login"] = json!("mira2");
        }
        let got = world.ask(ADMINISTRATOR, row.method, &asked.path, Some(&example));
        if !got.status.is_success() {
            wrong.push(format!("{} {} {example}: {}", row.method, row.path, got.body));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Every text of a request is a choice, has a form or has a length: nothing is taken without a limit.
#[test]
fn every_text_of_a_request_has_a_limit() {
    let document = document();
    let mut without = BTreeSet::new();
    for (place, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            unlimited(&document, &parameter["schema"], &format!("{place}: {}", parameter["name"]), &mut without);
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        unlimited(&document, body, &place, &mut without);
    }
    assert_eq!(without, BTreeSet::new());
}

fn unlimited(document: &Value, schema: &Value, place: &str, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
        return unlimited(document, &document["components"]["schemas"][name], place, found);
    }
    for part in ["anyOf", "allOf", "oneOf"].iter().filter_map(|word| schema[*word].as_array()).flatten() {
        unlimited(document, part, place, found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        unlimited(document, field, &format!("{place}.{name}"), found);
    }
    let is_text = schema["type"] == "string" || schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "string"));
    if is_text && ["enum", "format", "pattern", "maxLength"].iter().all(|limit| schema.get(limit).is_none()) {
        found.insert(place.to_owned());
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
