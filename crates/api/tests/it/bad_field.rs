//! Owns tests of wrong values in bodies and queries, made from the OpenAPI document: every field of every write and every
//! parameter of every read, wrong in each way that its schema speaks of, is refused by its name, and nothing changes.
//! Does not own: bodies that are wrong as a whole (bad_input.rs).

use serde_json::{Map, Value, json};

use crate::endpoint::{ENDPOINTS, Endpoint};
use crate::world::{ADMINISTRATOR, Got, JSON, World};

/// Stands for a value that is put into the text as it is.
const PLACE: &str = "@@place@@";

/// What the document says of a field.
#[derive(Default, Debug)]
struct Shape {
    types: Vec<String>,
    format: Option<String>,
    pattern: Option<String>,
    length_max: Option<usize>,
    least: Option<i64>,
    items_least: i64,
    most: Option<i64>,
    choices: bool,
    fields: Map<String, Value>,
    required: Vec<String>,
}

fn shape(document: &Value, schema: &Value) -> Shape {
    let mut found = Shape::default();
    gather(document, schema, &mut found);
    found
}

fn gather(document: &Value, schema: &Value, found: &mut Shape) {
    if let Some(name) = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
        gather(document, &document["components"]["schemas"][name], found);
    }
    for part in ["anyOf", "allOf", "oneOf"].iter().filter_map(|word| schema[*word].as_array()).flatten() {
        gather(document, part, found);
    }
    match &schema["type"] {
        Value::String(one) => found.types.push(one.clone()),
        Value::Array(several) => found.types.extend(several.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => {}
    }
    let text = |name: &str| schema[name].as_str().map(str::to_owned);
    found.format = found.format.take().or(text("format"));
    found.pattern = found.pattern.take().or(text("pattern"));
    found.length_max = found.length_max.or(schema["maxLength"].as_u64().and_then(|length| usize::try_from(length).ok()));
    found.items_least = found.items_least.max(schema["minItems"].as_i64().unwrap_or(0));
    found.least = found.least.or(schema["minimum"].as_i64());
    found.most = found.most.or(schema["maximum"].as_i64());
    found.choices |= schema["enum"].is_array();
    if let Some(fields) = schema["properties"].as_object() {
        found.fields.extend(fields.clone());
    }
    if let Some(required) = schema["required"].as_array() {
        found.required.extend(required.iter().filter_map(Value::as_str).map(str::to_owned));
    }
}

/// Values that do not fit the shape, as they stand in JSON.
fn wrong(shape: &Shape) -> Vec<String> {
    let is = |kind: &str| shape.types.iter().any(|one| one == kind);
    let mut values: Vec<String> = Vec::new();
    let mut add = |more: &[&str]| values.extend(more.iter().map(|value| (*value).to_owned()));
    add(&["NaN", "1e400", "-"]);
    // Of ids, where there is a list of anything.
    if shape.items_least > 0 {
        add(&["[]"]);
    }
    add(if is("array") { &["7", r#"["7"]"#, "[1.5]", "[null]"] } else { &["[7]"] });
    if !is("null") {
        add(&["null"]);
    }
    if !is("object") {
        add(&["{}", r#"{"a":1}"#]);
    }
    if is("string") {
        add(&["7", "7.5", "true", r#""a\u0000b""#, r#""\ud800""#]);
        match (shape.format.as_deref(), shape.pattern.as_deref()) {
            (Some("date-time"), _) => add(&[
                r#""""#,
                r#""yesterday""#,
                r#""2026-02-30T00:00:00Z""#,
                r#""2026-06-16""#,
                r#""2026-06-16T25:00:00Z""#,
                r#""2026-06-16T08:00:00""#,
                r#""99999-01-01T00:00:00Z""#,
            ]),
            (Some("date"), _) => {
                add(&[r#""""#, r#""today""#, r#""2026-02-30""#, r#""16.06.2026""#, r#""2026-6-1""#, r#""2026-06-16T00:00:00Z""#])
            }
            (_, Some(_)) => add(&[
                r#""""#,
                r#""NaN""#,
                r#""Infinity""#,
                r#""1e3""#,
                r#""1e400""#,
                r#""12,5""#,
                r#""1 000""#,
                r#"" 5""#,
                r#""5.""#,
                r#"".5""#,
                r#""--5""#,
                r#""0x10""#,
                r#""٣""#,
                r#""−5""#,
                r#""1.2345678""#,
                r#""99999999999999""#,
                r#""1_000""#,
            ]),
            _ => {}
        }
        if shape.choices {
            add(&[r#""nonsense""#, r#""""#]);
        }
        if let Some(length) = shape.length_max {
            values.push(json!("x".repeat(length + 1)).to_string());
        }
    } else if is("integer") {
        add(&[r#""7""#, r#""x""#, "1.5", "9223372036854775808", "-9223372036854775809", "true", "1e30"]);
        values.extend(shape.least.and_then(|least| least.checked_sub(1)).map(|value| value.to_string()));
        values.extend(shape.most.and_then(|most| most.checked_add(1)).map(|value| value.to_string()));
        if shape.choices {
            values.push("7".to_owned());
        }
    } else if is("boolean") {
        add(&[r#""true""#, "1", "0", r#""""#]);
    } else if is("object") {
        add(&[r#""x""#, "7", "true"]);
    }
    values
}

fn put(body: &Value, path: &[&str], value: Option<Value>) -> Value {
    let mut whole = body.clone();
    let mut inner = &mut whole;
    let (last, above) = path.split_last().expect("a field");
    for name in above {
        inner = &mut inner[*name];
    }
    let fields = inner.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(fields.insert((*last).to_owned(), value)),
        None => drop(fields.remove(*last)),
    }
    whole
}

fn send(world: &World, row: &Endpoint, path: &str, text: String) -> Got {
    world.send(world.raw(ADMINISTRATOR, row.method, path, JSON, text.into_bytes(), &[]))
}

/// Asks with each field wrong in each way; what was not refused by its name is told.
fn misuse(world: &World, document: &Value, row: &Endpoint) -> Vec<String> {
    let asked = row.prepare(world, None);
    let body = asked.body.expect("a body");
    let verb = row.method.to_lowercase();
    let schema = &document["paths"][row.path][&verb]["requestBody"]["content"]["application/json"]["schema"];
    let top = shape(document, schema);
    assert!(!top.fields.is_empty(), "{} {} has no fields in the document", row.method, row.path);
    let mut faults = Vec::new();
    let before = world.state();
    let mut levels: Vec<(Vec<&str>, &Map<String, Value>)> = vec![(Vec::new(), &top.fields)];
    let inner: Vec<(String, Shape)> = top.fields.iter().map(|(name, schema)| (name.clone(), shape(document, schema))).collect();
    for (name, inner) in inner.iter().filter(|(name, inner)| !inner.fields.is_empty() && body[name].is_object()) {
        levels.push((vec![name.as_str()], &inner.fields));
    }
    for (above, fields) in levels {
        for (name, schema) in fields {
            let path: Vec<&str> = above.iter().copied().chain([name.as_str()]).collect();
            let field = path.join(".");
            for value in wrong(&shape(document, schema)) {
                let text = put(&body, &path, Some(json!(PLACE))).to_string().replace(&format!("\"{PLACE}\""), &value);
                let got = send(world, row, &asked.path, text);
                let named = if got.status.as_u16() == 422 { got.problem().2.first().map(|(field, _)| field.clone()) } else { None };
                let at = named.as_deref().map(|named| named.split('[').next().unwrap_or(named));
                if at != Some(field.as_str()) {
                    faults.push(format!(
                        "{} {}: {field} = {}: {} {named:?}",
                        row.method,
                        row.path,
                        &value[..value.len().min(40)],
                        got.status
                    ));
                }
            }
        }
        let path: Vec<&str> = above.iter().copied().chain(["surprise"]).collect();
        let got = send(world, row, &asked.path, put(&body, &path, Some(json!(1))).to_string());
        if got.problem().2 != [(path.join("."), "unknown_field".to_owned())] {
            faults.push(format!("{} {}: {}: {}", row.method, row.path, path.join("."), got.body));
        }
    }
    for name in &top.required {
        let got = send(world, row, &asked.path, put(&body, &[name], None).to_string());
        if got.problem().2 != [(name.clone(), "required".to_owned())] {
            faults.push(format!("{} {}: without {name}: {}", row.method, row.path, got.body));
        }
    }
    if world.state() != before {
        faults.push(format!("{} {}: something changed", row.method, row.path));
    }
    faults
}

on_both! {
    fn every_field_is_refused_by_name_when_it_is_wrong(world: &mut World) {
        let document = serde_json::to_value(trunkline_api::document()).expect("JSON");
        let rows = ENDPOINTS.iter().filter(|row| row.body.is_some_and(|body| body().is_object() && body() != json!({})) && row.path != "/api/v1/session");
        let faults: Vec<String> = rows.flat_map(|row| misuse(world, &document, row)).collect();
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}

/// What does not fit a parameter, as it stands in a query.
fn wrong_in_query(shape: &Shape) -> Vec<String> {
    let mut values = vec!["%ff".to_owned(), "a%00b".to_owned()];
    if shape.types.iter().any(|kind| kind == "integer") {
        values.extend(["", "x", "1.5", "1e3", "%2B", "9223372036854775808", "true"].map(str::to_owned));
        values.extend(shape.least.and_then(|least| least.checked_sub(1)).map(|value| value.to_string()));
        values.extend(shape.most.and_then(|most| most.checked_add(1)).map(|value| value.to_string()));
    }
    if shape.choices || shape.pattern.is_some() {
        values.extend(["nonsense", "%20", "NAME"].map(str::to_owned));
    }
    values.extend(shape.length_max.map(|length| "x".repeat(length + 1)));
    values
}

on_both! {
    fn every_parameter_is_refused_by_name_when_it_is_wrong(world: &mut World) {
        let document = serde_json::to_value(trunkline_api::document()).expect("JSON");
        let (mut faults, mut tried) = (Vec::new(), 0);
        let reads: Vec<(&str, String)> =
            ENDPOINTS.iter().filter(|row| row.method == "GET").map(|row| (row.path, row.prepare(world, None).path)).collect();
        let before = world.state();
        for (route, path) in reads {
            let parameters = document["paths"][route]["get"]["parameters"].as_array().cloned().unwrap_or_default();
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().expect("a name");
                for value in wrong_in_query(&shape(&document, &parameter["schema"])) {
                    tried += 1;
                    let got = world.get(&format!("{path}?{name}={value}"));
                    let named = got.status.as_u16() == 422 && got.problem().2.first().is_some_and(|(field, _)| field == name);
                    let is_no_place = ["after", "before"].contains(&name) && got.status.as_u16() == 422 && got.problem().1 == "invalid_cursor";
                    if !named && !is_no_place {
                        faults.push(format!("{path}?{name}={}: {}", &value[..value.len().min(40)], got.status));
                    }
                }
            }
        }
        assert!(faults.is_empty(), "{} faults of {tried}:\n{}", faults.len(), faults.join("\n"));
        assert!(tried > 60, "{tried}");
        assert_eq!(world.state(), before);
    }
}

/// Values that are well formed, and that the rules refuse.
#[test]
fn values_that_do_not_go_together_are_refused_by_name() {
    let world = World::new();
    let customer = world.add_customer(&json!({}));
    let closed = world.add_customer(&json!({}));
    world.post(&format!("/api/v1/customers/{closed}/terminate"), &json!({ "kind": "permanent" })).expect(200);
    world.add_customer(&json!({ "name": "Taken", "login": "taken" }));
    let one_account = format!("/api/v1/accounts/{}", world.add_account(customer));
    let account = world.get(&one_account).json()["identity"].clone();
    let ended = format!("/api/v1/accounts/{}", world.add_account(customer));
    world.post(&format!("{ended}/terminate"), &json!({})).expect(200);
    let did = format!("/api/v1/dids/{}", world.post("/api/v1/dids", &json!({ "number": "4930999" })).expect(201).id());
    world.post(&format!("{did}/assign"), &json!({ "customer_id": customer })).expect(200);
    let dollars = world.post("/api/v1/customer-classes", &json!({ "name": "Dollars", "currency": "USD" })).expect(201).id();
    let (class, reseller) = (world.class, world.reseller);
    let a_bundle = format!("/api/v1/bundles/{}", world.post("/api/v1/bundles", &json!({ "name": "Used" })).expect(201).id());
    let its_id = a_bundle.rsplit('/').next().unwrap().parse::<i64>().unwrap();
    world.post("/api/v1/products", &json!({ "name": "With it", "kind": "main", "currency": "EUR", "bundle_id": its_id })).expect(201);
    let before = world.state();
    let item = |more: Value| {
        let mut item = json!({ "service": "voice" });
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "name": "Minutes", "items": [item] })
    };
    let made = |more: Value| {
        let mut body = json!({ "name": "New", "class_id": class, "currency": "EUR" });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    let customers = "/api/v1/customers".to_owned();
    let one = format!("/api/v1/customers/{customer}");
    let of = |action: &str| format!("{one}/{action}");
    let gone = |action: &str| format!("/api/v1/customers/{closed}/{action}");
    let cases: Vec<(&str, String, Value, (u16, &str, &str))> = vec![
        ("POST", customers.clone(), made(json!({ "name": "tAKEN " })), (422, "validation_failed", "name")),
        ("POST", customers.clone(), made(json!({ "name": "\u{2003}" })), (422, "validation_failed", "name")),
        ("POST", customers.clone(), made(json!({ "name": "a\u{202e}b" })), (422, "validation_failed", "name")),
        ("POST", customers.clone(), made(json!({ "login": "TAKEN" })), (422, "validation_failed", "login")),
        ("POST", customers.clone(), made(json!({ "class_id": 12345 })), (422, "validation_failed", "class_id")),
        ("POST", customers.clone(), made(json!({ "class_id": dollars })), (422, "currency_of_class", "currency")),
        ("POST", customers.clone(), made(json!({ "reseller_id": 12345 })), (422, "validation_failed", "reseller_id")),
        ("POST", customers.clone(), made(json!({ "reseller_id": customer })), (422, "validation_failed", "reseller_id")),
        ("POST", customers.clone(), made(json!({ "currency": "XAU" })), (422, "validation_failed", "currency")),
        ("POST", customers.clone(), made(json!({ "time_zone": "Mars/Olympus" })), (422, "validation_failed", "time_zone")),
        ("POST", customers.clone(), made(json!({ "credit_limit": "-1" })), (422, "validation_failed", "credit_limit")),
        ("POST", customers.clone(), made(json!({ "opening_balance": "1.123456" })), (422, "validation_failed", "opening_balance")),
        ("POST", customers.clone(), made(json!({ "opening_balance": "1000000001" })), (422, "validation_failed", "opening_balance")),
        ("POST", customers.clone(), made(json!({ "address": { "email": "not one" } })), (422, "validation_failed", "address.email")),
        ("POST", customers.clone(), made(json!({ "address": { "country": "Germany" } })), (422, "validation_failed", "address.country")),
        ("POST", customers.clone(), made(json!({ "address": { "country": "de" } })), (422, "validation_failed", "address.country")),
        ("PATCH", one.clone(), json!({ "version": 7 }), (409, "changed_meanwhile", "")),
        ("PATCH", one.clone(), json!({ "class_id": 12345 }), (422, "validation_failed", "class_id")),
        ("PATCH", one.clone(), json!({ "address": { "email": "not one" } }), (422, "validation_failed", "address.email")),
        ("PATCH", one.clone(), json!({ "address": { "city": 7 } }), (422, "validation_failed", "address.city")),
        (
            "PATCH",
            one.clone(),
            json!({ "credit_limit": "5", "temporary_credit_limit": { "amount": "6", "until": "2026-06-16T08:00:00Z" } }),
            (422, "validation_failed", "temporary_credit_limit.until"),
        ),
        (
            "PATCH",
            one.clone(),
            json!({ "credit_limit": "5", "temporary_credit_limit": { "amount": "5", "until": "2026-07-16T08:00:00Z" } }),
            (422, "validation_failed", "temporary_credit_limit.amount"),
        ),
        ("POST", of("unblock"), json!({}), (409, "not_so", "")),
        ("POST", of("restore"), json!({}), (409, "not_so", "")),
        ("POST", of("lift-suspension"), json!({ "until": "2026-06-20" }), (409, "nothing_to_lift", "")),
        ("POST", customers.clone(), made(json!({ "credit_limit": 100 })), (422, "validation_failed", "credit_limit")),
        ("POST", of("terminate"), json!({ "kind": "for ever" }), (422, "validation_failed", "kind")),
        ("POST", of("terminate"), json!({ "kind": "permanent", "closes_on": "2026-06-30" }), (422, "validation_failed", "closes_on")),
        ("POST", of("terminate"), json!({ "kind": "provisional", "closes_on": "2026-06-16" }), (422, "validation_failed", "closes_on")),
        ("POST", of("terminate"), json!({ "kind": "provisional", "closes_on": "2027-06-16" }), (422, "closing_date_later", "closes_on")),
        ("POST", of("transactions"), json!({ "action": "authorize", "amount": "1" }), (422, "validation_failed", "action")),
        ("POST", of("transactions"), json!({ "action": "manual_payment", "amount": "0" }), (422, "amount_not_positive", "amount")),
        ("POST", of("transactions"), json!({ "action": "manual_payment", "amount": "-5" }), (422, "amount_not_positive", "amount")),
        ("POST", of("transactions"), json!({ "action": "manual_payment", "amount": "0.123456" }), (422, "amount_too_precise", "amount")),
        ("POST", gone("block"), json!({}), (409, "customer_closed", "")),
        ("POST", gone("restore"), json!({}), (409, "customer_closed", "")),
        ("POST", gone("terminate"), json!({ "kind": "permanent" }), (409, "customer_closed", "")),
        ("POST", gone("transactions"), json!({ "action": "manual_payment", "amount": "5" }), (409, "customer_closed", "")),
        ("PATCH", format!("/api/v1/customers/{closed}"), json!({ "name": "Alive" }), (409, "customer_closed", "")),
        ("POST", "/api/v1/accounts".into(), json!({ "customer_id": closed, "identity": "1" }), (409, "customer_closed", "")),
        (
            "POST",
            "/api/v1/accounts".into(),
            json!({ "customer_id": customer, "identity": account }),
            (422, "validation_failed", "identity"),
        ),
        ("POST", "/api/v1/accounts".into(), json!({ "customer_id": 12345, "identity": "1" }), (422, "validation_failed", "customer_id")),
        ("POST", "/api/v1/accounts".into(), json!({ "customer_id": customer, "identity": "a b" }), (422, "validation_failed", "identity")),
        ("POST", "/api/v1/accounts".into(), json!({ "customer_id": customer, "identity": "" }), (422, "validation_failed", "identity")),
        (
            "POST",
            "/api/v1/accounts".into(),
            json!({ "customer_id": customer, "identity": "1", "model": "debit", "credit_limit": "5" }),
            (422, "validation_failed", "credit_limit"),
        ),
        (
            "POST",
            "/api/v1/accounts".into(),
            json!({ "customer_id": customer, "identity": "1", "opening_balance": "5" }),
            (422, "validation_failed", "opening_balance"),
        ),
        (
            "POST",
            "/api/v1/accounts".into(),
            json!({ "customer_id": customer, "identity": "1", "product_id": 4711 }),
            (422, "validation_failed", "product_id"),
        ),
        ("POST", "/api/v1/bundles".into(), json!({ "name": " " }), (422, "validation_failed", "name")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "volume_units": 0 })), (422, "validation_failed", "items[0].volume")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "volume_amount": "5" })), (422, "validation_failed", "items[0].volume_amount")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "prefixes": ["+44"] })), (422, "validation_failed", "items[0].prefixes")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "rollover_periods": 1 })), (422, "validation_failed", "items[0].rollover_periods")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "used_up": "limit_speed" })), (422, "validation_failed", "items[0].used_up")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "renewal": "yearly" })), (422, "validation_failed", "items[0].renewal")),
        ("POST", "/api/v1/bundles".into(), item(json!({ "id": 4711 })), (422, "validation_failed", "items")),
        ("PATCH", a_bundle.clone(), item(json!({ "id": 4711 })), (422, "validation_failed", "items")),
        ("PATCH", a_bundle.clone(), json!({ "version": 7 }), (409, "changed_meanwhile", "")),
        ("DELETE", a_bundle.clone(), json!({}), (422, "validation_failed", "id")),
        (
            "POST",
            "/api/v1/products".into(),
            json!({ "name": "Home", "kind": "main", "currency": "EUR", "bundle_id": 4711 }),
            (422, "validation_failed", "bundle_id"),
        ),
        ("POST", "/api/v1/dids".into(), json!({ "number": "12" }), (422, "validation_failed", "number")),
        ("POST", "/api/v1/dids".into(), json!({ "number": "49 30" }), (422, "validation_failed", "number")),
        ("POST", "/api/v1/dids".into(), json!({ "number": "+4930999" }), (422, "validation_failed", "number")),
        ("POST", "/api/v1/dids".into(), json!({ "number": "4930998", "periodic_fee": "-1" }), (422, "validation_failed", "periodic_fee")),
        ("PATCH", did.clone(), json!({ "version": 7 }), (409, "changed_meanwhile", "")),
        ("PATCH", did.clone(), json!({ "frozen": true }), (422, "validation_failed", "id")),
        ("DELETE", did.clone(), json!({}), (422, "validation_failed", "id")),
        ("POST", format!("{did}/assign"), json!({ "customer_id": customer }), (422, "validation_failed", "id")),
        ("POST", format!("{did}/assign"), json!({ "account_id": 12345 }), (422, "validation_failed", "account_id")),
        ("POST", format!("{did}/assign"), json!({}), (422, "validation_failed", "customer_id")),
        ("POST", format!("{one_account}/aliases"), json!({ "identity": account }), (422, "validation_failed", "identity")),
        ("POST", format!("{one_account}/aliases"), json!({ "identity": "a b" }), (422, "validation_failed", "identity")),
        ("POST", format!("{one_account}/aliases/remove"), json!({ "alias_id": 12345 }), (404, "not_found", "")),
        ("PATCH", one_account.clone(), json!({ "version": 7 }), (409, "changed_meanwhile", "")),
        ("PATCH", one_account.clone(), json!({ "inactive": true }), (422, "validation_failed", "inactive")),
        ("PATCH", one_account.clone(), json!({ "credit_limit": "-1" }), (422, "validation_failed", "credit_limit")),
        ("PATCH", one_account.clone(), json!({ "idle_days_max": 0 }), (422, "validation_failed", "idle_days_max")),
        ("PATCH", ended.clone(), json!({ "blocked": true }), (409, "account_closed", "")),
        ("POST", format!("{ended}/terminate"), json!({}), (409, "account_closed", "")),
        ("PUT", format!("{ended}/password"), json!({ "password": "correct horse" }), (409, "account_closed", "")),
        ("POST", "/api/v1/customer-classes".into(), json!({ "name": "STANDARD" }), (422, "validation_failed", "name")),
        (
            "POST",
            "/api/v1/customer-classes".into(),
            json!({ "name": "Backwards", "limit_after_days": 20, "suspend_after_days": 10 }),
            (422, "validation_failed", "suspend_after_days"),
        ),
        (
            "POST",
            "/api/v1/staff".into(),
            json!({ "login": "ADMINISTRATOR", "name": "x", "role": "support", "password": "long enough to be one" }),
            (422, "validation_failed", "login"),
        ),
        (
            "POST",
            "/api/v1/staff".into(),
            json!({ "login": "x", "name": "x", "role": "support", "password": "too short" }),
            (422, "validation_failed", "password"),
        ),
        (
            "POST",
            "/api/v1/staff".into(),
            json!({ "login": "x", "name": "x", "role": "reseller", "password": "long enough to be one" }),
            (422, "validation_failed", "reseller_id"),
        ),
        (
            "POST",
            "/api/v1/staff".into(),
            json!({ "login": "x", "name": "x", "role": "support", "reseller_id": reseller, "password": "long enough to be one" }),
            (422, "validation_failed", "reseller_id"),
        ),
        (
            "POST",
            "/api/v1/staff".into(),
            json!({ "login": "x", "name": "x", "role": "reseller", "reseller_id": customer, "password": "long enough to be one" }),
            (422, "validation_failed", "reseller_id"),
        ),
        ("POST", "/api/v1/test-clock".into(), json!({ "advance_to": "2026-06-16T07:59:59Z" }), (422, "validation_failed", "advance_to")),
        ("POST", "/api/v1/test-clock".into(), json!({ "advance_to": "9999-01-01T00:00:00Z" }), (422, "validation_failed", "advance_to")),
    ];
    let mut wrong = Vec::new();
    for (method, path, body, expected) in cases {
        let got = world.ask(ADMINISTRATOR, method, &path, Some(&body));
        if got.status.is_success() {
            wrong.push(format!("{method} {path} {body}: {}", got.status));
            continue;
        }
        let (status, code, fields) = got.problem();
        let field = fields.first().map_or("", |(field, _)| field.as_str());
        if (status, code.as_str(), field) != expected {
            wrong.push(format!("{method} {path} {body}: {status} {code} {field:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.state(), before);
}
