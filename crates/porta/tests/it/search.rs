//! Owns the test that `get_customer_list` finds what its rows say (T41): random customers, random conditions together, pages and
//! totals, against looking at every row by itself.
//! Does not own: what each condition means (list.rs).

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value, json};
use trunkline_porta::PortaOptions;
use trunkline_usecase::Context;
use trunkline_usecase::customer::{self, Termination};

use crate::world::World;

const CUSTOMERS: usize = 70;
const REQUESTS: usize = 400;

/// Some text of few different letters, so that patterns meet it.
fn word(random: &mut StdRng, letters: &[char], longest: usize) -> String {
    (0..random.random_range(1..=longest)).map(|_| *letters.choose(random).expect("a letter")).collect()
}

/// Makes customers of every kind that this face tells apart.
fn fill(world: &World, random: &mut StdRng) -> Vec<i64> {
    let mut resellers: Vec<i64> = Vec::new();
    for number in 0..CUSTOMERS {
        let name = format!("{}{number}", word(random, &['a', 'b', 'A', '_'], 5));
        let mut more = String::new();
        if random.random_bool(0.7) {
            more.push_str(&format!(r#""firstname":"{}","#, word(random, &['a', 'b'], 3)));
        }
        if random.random_bool(0.7) {
            more.push_str(&format!(r#""lastname":"{}","email":"{number}@example.com","#, word(random, &['a', 'B'], 3)));
        }
        let is_reseller = number % 12 == 0;
        more.push_str(if is_reseller { r#""i_customer_type":2,"# } else { "" });
        if let Some(parent) = resellers.choose(random).filter(|_| !is_reseller && number % 3 == 0) {
            more.push_str(&format!(r#""i_parent":{parent},"#));
        }
        more.push_str(match random.random_range(0..4) {
            0 => r#""credit_limit":5,"opening_balance":5,"#,
            1 => r#""i_balance_control_type":2,"#,
            _ => "",
        });
        let id = world.add_customer(&name, &more);
        if is_reseller {
            resellers.push(id);
        }
        let change = |fields: &str| {
            let params = format!(r#"{{"customer_info":{{"i_customer":{id},{fields}}}}}"#);
            world.call("Customer/update_customer", &params).ok();
        };
        match random.random_range(0..9) {
            0 => change(r#""blocked":"Y""#),
            1 => world.suspend(id),
            2 => {
                world.suspend(id);
                change(r#""suspension_delay_date":"2026-06-20","blocked":"Y""#);
            }
            3 => {
                world.suspend(id);
                change(r#""suspension_delay_date":"2026-06-20""#);
            }
            4 if !is_reseller => {
                world.call("Customer/terminate_customer", &format!(r#"{{"i_customer":{id}}}"#)).ok();
            }
            5 => {
                let kind = Termination::Provisional { closes_on: None };
                let ended = customer::terminate(&world.app, &Context::system(), id, kind, None, |_| String::new());
                ended.wait().expect("an answer").expect("a termination");
            }
            _ => {}
        }
    }
    resellers
}

/// `%` stands for any text, `_` for any character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'%', rest)), _) => matches(rest, text) || text.split_first().is_some_and(|(_, text)| matches(pattern, text)),
        (Some((wanted, pattern)), Some((found, text))) => (wanted == found || *wanted == b'_') && matches(pattern, text),
        (None, Some(_)) | (Some(_), None) => false,
    }
}

fn is_like(pattern: &Value, text: &Value) -> bool {
    let lower = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
    lower(pattern).is_empty() || matches(lower(pattern).as_bytes(), lower(text).as_bytes())
}

/// Conditions, each of them seldom enough that some customers are left.
fn conditions(random: &mut StdRng, resellers: &[i64]) -> Map<String, Value> {
    let mut found = Map::new();
    let pattern = |random: &mut StdRng| json!(word(random, &['a', 'b', 'B', '%', '%', '_', '1'], 4));
    for field in ["name", "firstname", "lastname"] {
        if random.random_bool(0.25) {
            found.insert(field.to_owned(), pattern(random));
        }
    }
    if random.random_bool(0.15) {
        let by = *["name", "firstname", "email", "refnum"].choose(random).expect("a field");
        found.insert("search".to_owned(), json!({ "search_by": by, "value": pattern(random) }));
    }
    if random.random_bool(0.2) {
        let parent = resellers.choose(random).filter(|_| random.random_bool(0.7)).copied().unwrap_or(0);
        found.insert("i_parent".to_owned(), json!(parent));
    }
    for (field, values) in [
        ("i_customer_type", json!([1, 1, 2, 3])),
        ("bill_status", json!(["O", "O", "S", "S", "D", "C", "E"])),
        ("credit_limit_exceeded", json!([0, 1, 1])),
        ("spending_limit_reached", json!([0, 0, 1])),
        ("i_office_type", json!([1, 1, 1, 2])),
    ] {
        if random.random_bool(0.2) {
            found.insert(field.to_owned(), values.as_array().expect("values").choose(random).expect("a value").clone());
        }
    }
    found
}

/// Does a customer, as it is told, meet a condition?
fn meets(row: &Value, field: &str, wanted: &Value) -> bool {
    let holds = |status: &str| row["statuses"].as_array().expect("statuses").iter().any(|held| held == status);
    match field {
        "name" | "firstname" | "lastname" => is_like(wanted, &row[field]),
        "search" => is_like(&wanted["value"], &row[wanted["search_by"].as_str().expect("a field")]),
        "i_parent" if *wanted == 0 => row["i_parent"].is_null(),
        "credit_limit_exceeded" => row["credit_exceed"] == *wanted,
        "spending_limit_reached" => holds("spending_limit_reached") == (*wanted == 1),
        _ => row[field] == *wanted,
    }
}

on_both! {
    fn a_list_is_what_its_rows_say(engine: Engine) {
        let world = World::on(engine, PortaOptions::default());
        let mut random = StdRng::seed_from_u64(41);
        let resellers = fill(&world, &mut random);
        let ask = |params: &Value| {
            world.call_with(("x-trunkline-exact", "1"), "Customer/get_customer_list", &params.to_string()).ok().json()
        };
        let all = ask(&json!({}))["customer_list"].as_array().expect("a list").clone();
        assert_eq!(all.len(), CUSTOMERS);
        let mut found_some = 0;
        for _ in 0..REQUESTS {
            let conditions = conditions(&mut random, &resellers);
            let expected: Vec<&Value> = all.iter().filter(|row| conditions.iter().all(|(field, wanted)| meets(row, field, wanted))).collect();
            let (offset, limit) = (random.random_range(0..4), random.random_range(1..30));
            let mut params = Value::Object(conditions);
            for (field, value) in [("offset", offset), ("limit", limit), ("get_total", 1)] {
                params[field] = json!(value);
            }
            let got = ask(&params);
            assert_eq!(got["total"], expected.len(), "{params}");
            let page: Vec<&Value> = expected.iter().skip(offset).take(limit).copied().collect();
            assert_eq!(got["customer_list"].as_array().expect("a list").iter().collect::<Vec<&Value>>(), page, "{params}");
            found_some += usize::from(!page.is_empty());
        }
        // Conditions that leave nobody prove little.
        assert!(found_some > REQUESTS / 3, "{found_some}");
    }
}
