//! The guard of one schema for SQLite, PostgreSQL and a distributed PostgreSQL: it reads the migrated catalogue and every
//! SQL text of the crate, and refuses what could not be spread over nodes, or would mean another thing on another engine.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use trunkline_storage::Engine;
use trunkline_storage::table::{self, Distribution, TABLES};

use crate::world::World;

/// The one file that may lock and write many customers in a statement.
const HOT_WRITER: [&str; 2] = ["writer/postgres.rs", "writer/usage/postgres.rs"];

fn distribution_of(table: &str) -> Option<Distribution> {
    TABLES.iter().find(|(name, _)| *name == table).map(|(_, distribution)| *distribution)
}

/// What is wrong with a unique index of `table` over `columns`.
fn wrong_key(table: &str, columns: &[&str]) -> Option<String> {
    let needed = match distribution_of(table) {
        None => return Some(format!("{table} is not in the list of tables")),
        Some(Distribution::Customer) => "customer_id",
        Some(Distribution::LookUp(column)) => column,
        Some(Distribution::Catalogue | Distribution::SqliteAlone) => return None,
    };
    (!columns.contains(&needed)).then(|| format!("a unique key of {table} over ({}) lacks {needed}", columns.join(", ")))
}

/// What is wrong with a foreign key.
fn wrong_reference(table: &str, columns: &[&str], target: &str) -> Option<String> {
    match (distribution_of(table), distribution_of(target)) {
        (_, Some(Distribution::Catalogue)) => None,
        (Some(Distribution::Customer), Some(Distribution::Customer)) if columns.contains(&"customer_id") => None,
        _ => Some(format!("a foreign key from {table} ({}) to {target}", columns.join(", "))),
    }
}

/// Words that no SQL text may hold, and why.
const FORBIDDEN: &[(&str, &str)] = &[
    ("skip locked", "jobs are taken by an update that repeats the condition"),
    ("nowait", "locks wait, and are retried"),
    ("for share", "locks are for update, of one customer"),
    ("serial", "ids are made by the program"),
    ("bigserial", "ids are made by the program"),
    ("nextval", "ids are made by the program"),
    ("sequence", "ids are made by the program"),
    ("autoincrement", "ids are made by the program"),
    ("listen", "a poller does not mix with a pool"),
    ("notify", "a poller does not mix with a pool"),
    ("pg_advisory_lock", "a lease is a row"),
    ("pg_advisory_xact_lock", "a lease is a row"),
    ("pg_try_advisory_lock", "a lease is a row"),
    ("trigger", "what happens is said in Rust"),
    ("deferrable", "one schema for both engines"),
    ("exclude using", "one schema for both engines"),
    ("merge into", "not on a distributed PostgreSQL"),
    ("real", "money and usage are integers"),
    ("double", "money and usage are integers"),
    ("float", "money and usage are integers"),
    ("numeric", "money and usage are integers"),
    ("decimal", "money and usage are integers"),
    ("timestamptz", "moments are microseconds"),
    ("jsonb", "one schema for both engines"),
    ("now()", "time is an argument"),
    ("current_timestamp", "time is an argument"),
    ("random()", "randomness is an argument"),
    ("set null", "a foreign key that would change a customer"),
    ("create function", "what happens is said in Rust"),
    ("returning *", "columns are named"),
];

/// The text without its sub-selects.
fn outside_parentheses(sql: &str) -> String {
    let mut depth = 0_i32;
    sql.chars()
        .filter(|character| {
            depth += i32::from(*character == '(') - i32::from(*character == ')');
            depth == 0
        })
        .collect()
}

/// What is wrong with one SQL text of `file`.
fn wrong_text(file: &str, text: &str) -> Vec<String> {
    let sql = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = sql.split(|character: char| !(character.is_alphanumeric() || character == '_')).collect();
    let is_hot = HOT_WRITER.contains(&file);
    let has =
        |phrase: &str| if phrase.chars().all(|c| c.is_alphanumeric() || c == '_') { words.contains(&phrase) } else { sql.contains(phrase) };
    let mut wrong: Vec<String> =
        FORBIDDEN.iter().filter(|(phrase, _)| has(phrase)).map(|(phrase, why)| format!("`{phrase}`: {why}")).collect();
    if has("for update")
        && !sql.contains("customer_id = $")
        && !(is_hot && sql.contains("customer_id = any($1) order by customer_id for update"))
    {
        wrong.push("`for update` without customer_id = $: locks are of one customer".to_owned());
    }
    if has("unnest") && !is_hot {
        wrong.push("`unnest` outside the hot writer's file".to_owned());
    }
    if sql.contains("any($") && !is_hot {
        wrong.push("`any($..)` outside the hot writer's file".to_owned());
    }
    if sql.contains("select *") && !(is_hot && sql.contains("select * from unnest(")) {
        wrong.push("`select *`: columns are named".to_owned());
    }
    if sql.starts_with("with ") && ["insert into", "update", "delete from"].iter().any(|change| has(change)) {
        wrong.push("a common table expression that changes rows".to_owned());
    }
    if outside_parentheses(&sql).contains(" from ") && sql.starts_with("update ") && !is_hot {
        wrong.push("`update .. from` outside the hot writer's file".to_owned());
    }
    if sql.starts_with("insert ") && sql.contains("(select ") && !is_hot && !SQLITE_ALONE.contains(&sql.as_str()) {
        wrong.push("`insert .. values` with a subselect".to_owned());
    }
    let is_change = sql.starts_with("update ") || sql.starts_with("delete from ");
    if is_change && !sql.contains(" where ") {
        wrong.push("a change of every row".to_owned());
    }
    let table = sql.strip_prefix("update ").or_else(|| sql.strip_prefix("delete from ")).and_then(|rest| rest.split(' ').next());
    if let Some(table) = table.filter(|table| distribution_of(table) == Some(Distribution::Customer))
        && is_change
        && !sql.contains("customer_id = $")
        && !is_hot
        && !ACROSS_CUSTOMERS.iter().any(|known| sql == *known)
    {
        wrong.push(format!("a change of {table} that does not name customer_id"));
    }
    wrong
}

/// Changes that go through the rows of all customers because they are about age, each with nothing of a customer in it.
const ACROSS_CUSTOMERS: &[&str] = &[
    "delete from outbox where event_id < $1",
    // SQLite's full-text index has the customer's id as its row number.
    "delete from customer_search where rowid = $1",
    // The order of lists by amount follows the balances of many customers at once.
    "update customer_amount set amount = (select b.balance from customer_balance b where b.customer_id = customer_amount.customer_id) \
     - limit_part where customer_id in ({ids}) \
     and amount <> (select b.balance from customer_balance b where b.customer_id = customer_amount.customer_id) - limit_part",
];

/// Texts that only SQLite gets, where there are no nodes to spread over.
const SQLITE_ALONE: &[&str] = &["insert into outbox (customer_id, event_id, event_type, payload, created_at) \
    values ($1, max($2, (select coalesce(max(event_id), 0) + 1 from outbox)), $3, $4, $5)"];

/// The string literals of a Rust source, without those in comments and attributes.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let characters: Vec<char> = source.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        match characters[at] {
            '/' if characters.get(at + 1) == Some(&'/') => {
                while at < characters.len() && characters[at] != '\n' {
                    at += 1;
                }
            }
            '\'' if characters.get(at + 2) == Some(&'\'') => at += 3,
            '\'' if characters.get(at + 1) == Some(&'\\') => {
                at += 2;
                while characters[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            '"' => {
                let mut text = String::new();
                at += 1;
                while characters[at] != '"' {
                    if characters[at] == '\\' {
                        at += 1;
                        match characters[at] {
                            '\n' => {
                                while characters[at + 1].is_whitespace() {
                                    at += 1;
                                }
                            }
                            'n' | 't' | 'r' => text.push(' '),
                            other => text.push(other),
                        }
                    } else {
                        text.push(characters[at]);
                    }
                    at += 1;
                }
                at += 1;
                found.push(text);
            }
            _ => at += 1,
        }
    }
    found
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    [
        "select ",
        "insert ",
        "update ",
        "delete ",
        "with ",
        "create ",
        "drop ",
        "alter ",
        "set ",
        "merge ",
        "listen ",
        "notify ",
        "savepoint",
        "lock ",
    ]
    .iter()
    .any(|verb| text.starts_with(verb))
        || [" from ", " where ", " for update"].iter().any(|part| text.contains(part)) && text.contains('$')
}

fn sources(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_sql_text_keeps_to_the_common_subset() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in sources(&root, "rs") {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        for text in literals(&std::fs::read_to_string(&path).unwrap()).into_iter().filter(|text| is_sql(text)) {
            count += 1;
            wrong.extend(wrong_text(&name, &text).into_iter().map(|problem| format!("{name}: {problem}\n    {text}")));
        }
    }
    for path in sources(&root, "sql") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.starts_with("--")).collect();
        for statement in code.join("\n").split(";\n").filter(|statement| !statement.trim().is_empty()) {
            count += 1;
            let statement = statement.replace("number_sequence", "numbers");
            wrong.extend(wrong_text(&name, &statement).into_iter().map(|problem| format!("{name}: {problem}\n    {statement}")));
        }
    }
    assert!(count > 150, "only {count} SQL texts were found: the guard does not see them any more");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_migrated_catalogue_keeps_to_the_rules_of_a_distributed_postgres() {
    let world = World::on(Engine::Postgres);
    let mut wrong = Vec::new();
    let keys = world.rows(
        "select c.relname || '|' || i.relname || '|' || string_agg(a.attname, ',' order by k.place) from pg_index x \
         join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid \
         cross join lateral unnest(x.indkey::int[]) with ordinality as k (attribute, place) \
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attribute \
         where x.indisunique and c.relnamespace = current_schema()::regnamespace group by c.relname, i.relname",
    );
    assert!(keys.len() >= table::names(Engine::Postgres).count(), "{} keys", keys.len());
    for key in &keys {
        let parts: Vec<&str> = key.split('|').collect();
        wrong.extend(wrong_key(parts[0], &parts[2].split(',').collect::<Vec<_>>()));
    }
    let tables_with_key: Vec<&str> = keys.iter().filter_map(|key| key.split('|').next()).collect();
    wrong.extend(
        table::names(Engine::Postgres).filter(|table| !tables_with_key.contains(table)).map(|table| format!("{table} has no primary key")),
    );
    let references = world.rows(
        "select c.relname || '|' || t.relname || '|' || string_agg(a.attname, ',') from pg_constraint f join pg_class c on c.oid = f.conrelid \
         join pg_class t on t.oid = f.confrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any(f.conkey) \
         where f.contype = 'f' group by f.oid, c.relname, t.relname",
    );
    for reference in &references {
        let parts: Vec<&str> = reference.split('|').collect();
        wrong.extend(wrong_reference(parts[0], &parts[2].split(',').collect::<Vec<_>>(), parts[1]));
    }
    let columns = world.rows(
        "select table_name || '|' || column_name || '|' || data_type || '|' || coalesce(column_default, '') from information_schema.columns \
         where table_schema = current_schema()",
    );
    for column in &columns {
        let parts: Vec<&str> = column.split('|').collect();
        if !["bigint", "text", "boolean"].contains(&parts[2]) || !parts[3].is_empty() {
            wrong.push(format!(
                "{}.{} is {} with default {:?}: only bigint, text and boolean, without defaults",
                parts[0], parts[1], parts[2], parts[3]
            ));
        }
    }
    let names_by_bytes = world.rows(
        "select table_name || '.' || column_name from information_schema.columns where table_schema = current_schema() \
         and column_name like '%\\_key' escape '\\' and column_name <> 'request_key' and collation_name is distinct from 'C'",
    );
    wrong.extend(names_by_bytes.into_iter().map(|column| format!("{column} does not sort by bytes")));
    for (what, sql) in [
        ("sequences", "select relname::text from pg_class where relkind = 'S' and relnamespace = current_schema()::regnamespace"),
        ("triggers", "select tgname::text from pg_trigger where not tgisinternal"),
        ("exclusion constraints", "select conname::text from pg_constraint where contype = 'x'"),
        ("deferrable constraints", "select conname::text from pg_constraint where condeferrable"),
        (
            "functions",
            "select proname::text from pg_proc p where pronamespace = current_schema()::regnamespace and not exists \
                       (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')",
        ),
    ] {
        wrong.extend(world.rows(sql).into_iter().map(|name| format!("{what}: {name}")));
    }
    for (table, distribution) in TABLES {
        let column = match distribution {
            Distribution::Customer => "customer_id",
            Distribution::LookUp(column) => column,
            Distribution::Catalogue | Distribution::SqliteAlone => continue,
        };
        let is_there = columns.iter().any(|row| row.starts_with(&format!("{table}|{column}|")));
        if !is_there {
            wrong.push(format!("{table} has no column {column} to be spread by"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_sqlite_schema_has_the_columns_of_the_postgres_one() {
    let read = |engine: Engine| -> HashMap<String, Vec<String>> {
        let world = World::on(engine);
        let rows = world.rows(match engine {
            Engine::Sqlite => {
                "select m.name || '|' || c.name || '|' || lower(c.type) from sqlite_master m join pragma_table_info(m.name) c \
                 where m.type = 'table' and m.name not like 'customer_search%' and m.name <> 'sqlite_sequence'"
            }
            Engine::Postgres => {
                "select table_name || '|' || column_name || '|' || case data_type when 'text' then 'text' else 'integer' end \
                 from information_schema.columns where table_schema = current_schema()"
            }
        });
        let mut tables: HashMap<String, Vec<String>> = HashMap::new();
        for row in rows {
            let (table, column) = row.split_once('|').unwrap();
            // What follows from the order of arrival is SQLite's alone; so is one order of all events, which needs no column.
            let of_one_engine = [
                ("idempotency", "id|integer"),
                ("customer_balance", "last_event_id|integer"),
                ("customer_balance", "held|integer"),
                ("account", "held|integer"),
            ];
            if distribution_of(table) != Some(Distribution::SqliteAlone) && !of_one_engine.contains(&(table, column)) {
                tables.entry(table.to_owned()).or_default().push(column.to_owned());
            }
        }
        tables.values_mut().for_each(|columns| columns.sort());
        tables
    };
    assert_eq!(read(Engine::Sqlite), read(Engine::Postgres));
}

/// The guard itself: what it must refuse, and what it must let through.
#[test]
fn the_guard_refuses_what_it_is_there_for() {
    for (file, text) in [
        ("job.rs", "select job_id from job where run_at <= $1 for update skip locked"),
        ("customer.rs", "select customer_id from customer_balance where balance > $1 for update"),
        ("customer.rs", "select customer_id from customer_balance where customer_id = any($1) order by customer_id for update"),
        (HOT_WRITER[0], "select customer_id from customer_balance where customer_id = any($1) for update"),
        ("invoice.rs", "create table sample (id bigserial)"),
        ("invoice.rs", "select nextval('numbers')"),
        ("outbox.rs", "notify events"),
        ("job.rs", "select pg_advisory_lock($1)"),
        ("0001.sql", "create table sample (amount numeric not null)"),
        ("0001.sql", "create table sample (amount double precision)"),
        ("0001.sql", "create trigger sample after insert on xdr"),
        ("posting.rs", "with moved as (delete from xdr where customer_id = $1 returning owed) select sum(owed) from moved"),
        ("posting.rs", "select * from posting where customer_id = $1"),
        (HOT_WRITER[0], "select * from posting where customer_id = $1"),
        ("request.rs", "insert into idempotency (actor) select actor from unnest($1::text[]) as n (actor)"),
        ("posting.rs", "insert into posting (customer_id) values ((select max(customer_id) from customer))"),
        ("posting.rs", "update customer_balance b set balance = n.balance from other n where b.customer_id = n.customer_id"),
        ("hold.rs", "delete from hold where hold_id = $1"),
        ("hold.rs", "update hold set ends_at = $1"),
        ("audit.rs", "insert into audit (at) values (now())"),
    ] {
        assert!(!wrong_text(file, text).is_empty(), "{file}: let through: {text}");
    }
    for (file, text) in [
        ("customer.rs", "select customer_id from customer_balance where customer_id = $1 for update"),
        (HOT_WRITER[0], "select customer_id from customer_balance where customer_id = any($1) order by customer_id for update"),
        (HOT_WRITER[0], "insert into posting (customer_id) select * from unnest($1::bigint[])"),
        ("hold.rs", "update hold set ends_at = $3 where customer_id = $1 and hold_id = $2"),
        ("login.rs", "delete from login where expires_at < $1"),
        ("row.rs", "select realname from customer where customer_id = $1"),
    ] {
        assert_eq!(wrong_text(file, text), Vec::<String>::new(), "{file}: {text}");
    }
    assert!(wrong_key("posting", &["posting_id"]).is_some());
    assert!(wrong_key("posting", &["customer_id", "posting_id"]).is_none());
    assert!(wrong_key("customer_name", &["customer_id"]).is_some());
    assert!(wrong_key("customer_class", &["name_key"]).is_none());
    assert!(wrong_key("unheard_of", &["customer_id"]).is_some());
    assert!(wrong_reference("account", &["customer_id"], "customer").is_none());
    assert!(wrong_reference("customer", &["customer_class_id"], "customer_class").is_none());
    assert!(wrong_reference("customer", &["reseller_id"], "customer").is_some());
    assert!(wrong_reference("customer_name", &["customer_id"], "customer").is_some());
    assert_eq!(literals("let a = \"one\"; // \"two\"\nlet b = 'x'; let c = '\"'; \"th\\\n    ree\""), ["one", "three"]);
}
