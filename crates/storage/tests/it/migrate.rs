//! Migrations: a fresh database, one that is up to date, one that is newer; and the list of tables against the schema.

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, CustomerType};
use trunkline_domain::name::name_key;
use trunkline_domain::search::SearchField;
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_list::{self, ListFilter, MatchMode, TextSearch};
use trunkline_storage::migrate::{list_indexes, translate, version_of_database, version_of_program};
use trunkline_storage::table::{self, distribution_statements};
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Database, Engine, Options, StorageError, arrival, audit, customer, payment};

use crate::world::World;

fn tables(world: &World) -> Vec<String> {
    world.rows(match world.engine {
        // The search table of SQLite keeps its index in tables of its own.
        Engine::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'customer\\_search\\_%' escape '\\' order by name"
        }
        Engine::Postgres => "select table_name::text from information_schema.tables where table_schema = current_schema() order by 1",
    })
}

on_both! {
    fn a_fresh_database_gets_every_migration_and_a_second_start_finds_nothing_to_do(world: &mut World) {
        let versions = "select cast(version as text) from schema_version order by schema_version.version";
        let wanted: Vec<String> = (1..=version_of_program()).map(|version| version.to_string()).collect();
        assert_eq!(world.rows(versions), wanted);
        let before = tables(world);
        world.reopen();
        assert_eq!(world.rows(versions), wanted);
        assert_eq!(tables(world), before);
        assert_eq!(world.read(version_of_database).unwrap(), version_of_program());
    }

    fn a_newer_schema_is_refused_in_words_and_nothing_is_changed(world: &mut World) {
        let newer = version_of_program() + 1;
        world.write(move |tx| tx.execute("insert into schema_version (version) values ($1)", &[newer.into()]).map(|_| ())).unwrap();
        world.run("drop table number_sequence");
        let before = tables(world);
        world.close();
        let refusal = Database::open(&world.place.url, Options::default()).err().unwrap();
        let program = version_of_program();
        let words = format!(
            "its schema has version {newer} and this program knows versions up to {program}; start a newer trunkline, nothing was changed"
        );
        match refusal {
            StorageError::Unavailable(text) => assert_eq!(text, words),
            other => panic!("another error: {other}"),
        }
        // Nothing was made anew: the table that is missing is missing still.
        world.meddle(&format!("delete from schema_version where version = {newer}"));
        world.reopen();
        assert_eq!(tables(world), before);
    }

    fn rows_of_an_older_schema_are_found_after_it(world: &mut World) {
        let engine = world.engine;
        *world = World::closed(engine);
        let older = [include_str!("../../src/migrations/0001_foundation.sql"), include_str!("../../src/migrations/0002_list_indexes.sql")];
        world.meddle("create table schema_version (version bigint not null, primary key (version))");
        for (index, text) in older.into_iter().enumerate() {
            translate(text, engine).iter().for_each(|statement| world.meddle(statement));
            world.meddle(&format!("insert into schema_version (version) values ({})", index + 1));
        }
        world.meddle(
            "insert into xdr (customer_id, xdr_id, service, started_at, ended_at, bill_time, quantity, owed) values (7, 70, 'x', 1, 1, 1, 1, 5); \
             insert into payment (customer_id, payment_id, posting_id, kind, amount, paid_at) values (7, 71, 72, 'manual_payment', 9, 2); \
             insert into audit (customer_id, audit_id, at, actor, action, detail) values (7, 73, 3, 'system', 'a', '{}'), (0, 74, 3, 'system', 'b', '{}'); \
             insert into customer_balance (customer_id, balance, unallocated) values (7, 0, 0)",
        );
        world.reopen();
        assert_eq!(world.read(|tx| customer::dependants(tx, 7)).unwrap(), ["xDRs"]);
        assert_eq!(world.read(|tx| payment::with_rest(tx, 7)).unwrap(), [(71, 9)]);
        let audited = world.read(|tx| audit::of_customer(tx, 7, 9)).unwrap();
        assert_eq!(audited.iter().map(|row| row.audit_id).collect::<Vec<_>>(), [73]);
        assert!(world.read(arrival::findable).unwrap().iter().all(|(_, rows, found)| rows == found));
    }

    fn customers_of_an_older_schema_are_listed_and_found_after_it(world: &mut World) {
        let engine = world.engine;
        *world = World::closed(engine);
        let older = [
            include_str!("../../src/migrations/0001_foundation.sql"),
            include_str!("../../src/migrations/0002_list_indexes.sql"),
            include_str!("../../src/migrations/0003_arrival.sql"),
            include_str!("../../src/migrations/0004_saved_view.sql"),
            include_str!("../../src/migrations/0005_tariff.sql"),
        ];
        world.meddle("create table schema_version (version bigint not null, primary key (version))");
        for (index, text) in older.into_iter().enumerate() {
            translate(text, engine).iter().for_each(|statement| world.meddle(statement));
            world.meddle(&format!("insert into schema_version (version) values ({})", index + 1));
        }
        let balance = if engine == Engine::Postgres { "(customer_id, balance, unallocated, last_event_id) values (7, 12000000, 0, 0)" } else { "(customer_id, balance, unallocated) values (7, 12000000, 0)" };
        // 10 June 2026 is day 20614; in Vienna it ends at 22:00 UTC.
        world.meddle(&format!(
            "insert into customer (customer_id, name, name_key, customer_type, customer_class_id, balance_control, currency, time_zone, billing_period, \
             created_at, opening_balance, credit_limit, company_name, email, version) values (7, 'Zo\u{eb} Quill', 'zo\u{eb} quill', 'retail', 3, 'postpaid', \
             'EUR', 'Europe/Vienna', 'monthly', 5000000, 0, 50000000, 'Quill & Sons', 'zoe@quill.example', 1); \
             insert into customer_balance {balance}; \
             insert into customer_entry (customer_id, name_key, status_order, balance_control, currency, customer_class_id, reseller_id, limit_kind, \
             credit_limit) values (7, 'zo\u{eb} quill', 10, 'postpaid', 'EUR', 3, 0, 0, 50000000); \
             insert into customer_amount (customer_id, balance_control, limit_part, amount, status_order, currency, customer_class_id) \
             values (7, 'postpaid', 0, 12000000, 10, 'EUR', 3); \
             insert into open_invoice (customer_id, invoice_id, number, issued_at, due_on, total, outstanding) \
             values (7, 70, 1042, 6000000, 20614, 12000000, 12000000); \
             insert into payment (customer_id, payment_id, posting_id, kind, amount, paid_at) values (7, 71, 72, 'manual_payment', 3000000, 8000000), \
             (7, 73, 74, 'refund', -1000000, 9000000)"
        ));
        world.reopen();
        let entry = customer_list::Entry {
            customer_id: 7,
            name_key: name_key("Zo\u{eb} Quill"),
            company_key: name_key("Quill & Sons"),
            stored: StoredStatus { status_order: 10, changes_at: None },
            balance_control: BalanceControl::Postpaid,
            currency: "EUR".into(),
            customer_class_id: 3,
            reseller_id: 0,
            customer_type: CustomerType::Retail,
            billing_period: BillingPeriod::Monthly,
            created_at: Timestamp::from_microseconds(5_000_000),
            limit_kind: 0,
            credit_limit: 50_000_000,
            limit_part: 0,
            amount: 12_000_000,
            overdue_from: Some(Timestamp::parse("2026-06-10T22:00:00Z").unwrap()),
        };
        assert_eq!(world.read(|tx| customer_list::load(tx, &[7])).unwrap(), [entry]);
        let texts = world.read(|tx| customer_list::load_texts(tx, &[7])).unwrap();
        let emails = [customer_list::marked(&["zoe@quill.example".to_owned()])];
        assert_eq!(texts.iter().map(|texts| texts.columns[3].clone()).collect::<Vec<_>>(), emails);
        let search = TextSearch { key: "quill".into(), fields: vec![SearchField::Company], mode: MatchMode::Contains };
        let filter = ListFilter { search: Some(search), ..ListFilter::default() };
        assert_eq!(world.read(move |tx| customer_list::count(tx, &filter, 9)).unwrap(), 1);
        let paid = "select cast(last_paid_at as text) || ' ' || cast(last_paid as text) from customer_balance";
        assert_eq!(world.rows(paid), ["8000000 3000000"]);
    }

    fn the_list_of_tables_is_the_migrated_schema(world: &mut World) {
        let mut listed: Vec<&str> = table::names(world.engine).collect();
        listed.sort_unstable();
        assert_eq!(tables(world), listed);
    }

    fn every_index_of_the_list_can_be_dropped_and_made_again(world: &mut World) {
        let indexes = list_indexes(world.engine);
        assert!(indexes.len() >= 25, "{} indexes", indexes.len());
        world
            .write(move |tx| {
                for (name, _) in &indexes {
                    tx.batch(&format!("drop index {name}"))?;
                }
                for (_, statement) in &indexes {
                    tx.batch(statement)?;
                }
                Ok(())
            })
            .unwrap();
    }

    fn two_processes_that_start_at_once_on_an_empty_database_both_come_up_or_one_is_told(world: &mut World) {
        let empty = World::closed(world.engine);
        let outcomes: Vec<Result<(), String>> = std::thread::scope(|scope| {
            let open = || Database::open(&empty.place.url, Options::default()).map(|database| database.stop()).map_err(|problem| problem.to_string());
            let both = [scope.spawn(open), scope.spawn(open)];
            both.map(|thread| thread.join().unwrap()).to_vec()
        });
        for outcome in &outcomes {
            match (world.engine, outcome) {
                (_, Ok(())) => {}
                // One process writes a file; the other is told so.
                (Engine::Sqlite, Err(words)) => assert!(words.contains("is in use by a running trunkline"), "{words}"),
                (Engine::Postgres, Err(words)) => panic!("{words}"),
            }
        }
        assert!(outcomes.iter().any(Result::is_ok));
    }
}

/// What a second process is told of a file that is in use.
fn refusal(world: &World) -> String {
    let refusal = Database::open(&world.place.url, Options::default()).err().unwrap().to_string();
    let start = format!("the database cannot be used: {} is in use by a running trunkline", file(world));
    refusal.strip_prefix(&start).unwrap_or_else(|| panic!("{refusal}")).to_owned()
}

fn file(world: &World) -> &str {
    world.place.url.strip_prefix("sqlite:").unwrap()
}

#[test]
fn a_second_process_on_the_same_file_is_refused_and_told_who_has_it() {
    let mut world = World::on(Engine::Sqlite);
    let own = std::process::id();
    assert_eq!(refusal(&world), format!(" (process {own}); stop it, or wait until it has ended"));
    world.database().announce("http://127.0.0.1:8080");
    let to_server = "stop it, or send the work to that server with --server URL";
    assert_eq!(refusal(&world), format!(" (process {own}, http://127.0.0.1:8080); {to_server}"));
    // A shorter word leaves nothing of the longer one before it.
    world.database().announce("http://[::1]:80");
    assert_eq!(refusal(&world), format!(" (process {own}, http://[::1]:80); {to_server}"));
    // Whatever stands there, the lock is what counts.
    let lock = format!("{}.lock", file(&world));
    for (content, told) in [
        ("", format!("; {to_server}")),
        ("nonsense\nhttp://127.0.0.1:8080\n", format!("; {to_server}")),
        ("77\n\u{1b}[2Jhttp://127.0.0.1:8080\n", " (process 77); stop it, or wait until it has ended".to_owned()),
        ("77\nhttp://127.0.0.1:8080 \u{1b}[2J\n", " (process 77); stop it, or wait until it has ended".to_owned()),
    ] {
        std::fs::write(&lock, content).unwrap();
        assert_eq!(refusal(&world), told, "{content:?}");
    }
    std::fs::write(&lock, b"\xff\xfe77").unwrap();
    assert_eq!(refusal(&world), format!("; {to_server}"));
    // Once it is free, it names nobody, and a word that a kill left behind is overwritten by the next.
    world.close();
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), "");
    std::fs::write(&lock, "77\nhttp://127.0.0.1:8080\n").unwrap();
    world.reopen();
    assert_eq!(refusal(&world), format!(" (process {own}); stop it, or wait until it has ended"));
}

#[test]
fn a_url_that_names_no_database_is_refused_with_the_way_out() {
    for (url, words) in [
        ("sqlite:", "the database cannot be used: the database URL names no file: write sqlite:PATH"),
        ("mysql://host/name", "the database cannot be used: the database URL must start with sqlite: or postgres://"),
    ] {
        assert_eq!(Database::open(url, Options::default()).err().unwrap().to_string(), words);
    }
    let nowhere = Database::open("postgres://127.0.0.1:1/nothing", Options::default()).err().unwrap();
    assert!(matches!(nowhere, StorageError::Unavailable(_)), "{nowhere}");
    let broken = Database::open("sqlite:/nonexistent/folder/file.db", Options::default()).err().unwrap();
    assert!(matches!(broken, StorageError::Unavailable(_)), "{broken}");
}

#[test]
fn a_statement_is_given_to_its_engine_alone_and_in_its_words() {
    let text = "-- a remark\ncreate table sample (\n  id bigint not null, --@sqlite\n  customer_id bigint not null,\n  open boolean not null,\n  \
                name text collate \"C\" not null,\n  primary key (id) --@sqlite\n  primary key (customer_id, id) --@postgres\n);\n\
                create index sample_by_name on sample using gin (name); --@postgres\n";
    assert_eq!(
        translate(text, Engine::Sqlite),
        [
            "create table sample (\n  id integer not null,\n  customer_id integer not null,\n  open integer not null,\n  name text not null,\n  \
          primary key (id)\n) strict"
        ]
    );
    assert_eq!(
        translate(text, Engine::Postgres),
        [
            "create table sample (\n  customer_id bigint not null,\n  open boolean not null,\n  name text collate \"C\" not null,\n  \
             primary key (customer_id, id)\n)",
            "create index sample_by_name on sample using gin (name)"
        ]
    );
}

#[test]
fn the_statements_for_a_distributed_postgres() {
    let wanted = "\
select create_reference_table('installation');
select create_reference_table('signing_key');
select create_reference_table('customer_class');
select create_reference_table('spending_plan');
select create_reference_table('tariff');
select create_reference_table('rate');
select create_reference_table('nas');
select create_reference_table('product');
select create_reference_table('product_tariff');
select create_reference_table('bundle');
select create_reference_table('bundle_item');
select create_reference_table('staff');
select create_reference_table('saved_view');
select create_reference_table('schema_version');
select create_distributed_table('staff_preference', 'staff_id', colocate_with => 'none');
select create_distributed_table('login', 'token_hash', colocate_with => 'none');
select create_distributed_table('idempotency', 'request_key', colocate_with => 'none');
select create_distributed_table('customer_name', 'name_key', colocate_with => 'none');
select create_distributed_table('customer_login', 'login_key', colocate_with => 'none');
select create_distributed_table('account_identity', 'identity_key', colocate_with => 'none');
select create_distributed_table('did_number', 'number', colocate_with => 'none');
select create_distributed_table('customer', 'customer_id');
select create_distributed_table('number_sequence', 'scope', colocate_with => 'none');
select create_distributed_table('customer_balance', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_entry', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_amount', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_text', 'customer_id', colocate_with => 'customer');
select create_distributed_table('hold', 'customer_id', colocate_with => 'customer');
select create_distributed_table('invoice', 'customer_id', colocate_with => 'customer');
select create_distributed_table('open_invoice', 'customer_id', colocate_with => 'customer');
select create_distributed_table('posting', 'customer_id', colocate_with => 'customer');
select create_distributed_table('xdr', 'customer_id', colocate_with => 'customer');
select create_distributed_table('xdr_correction', 'customer_id', colocate_with => 'customer');
select create_distributed_table('payment', 'customer_id', colocate_with => 'customer');
select create_distributed_table('invoice_allocation', 'customer_id', colocate_with => 'customer');
select create_distributed_table('spending_day', 'customer_id', colocate_with => 'customer');
select create_distributed_table('auto_payment', 'customer_id', colocate_with => 'customer');
select create_distributed_table('auto_payment_attempt', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_export', 'customer_id', colocate_with => 'customer');
select create_distributed_table('account', 'customer_id', colocate_with => 'customer');
select create_distributed_table('account_product', 'customer_id', colocate_with => 'customer');
select create_distributed_table('bundle_use', 'customer_id', colocate_with => 'customer');
select create_distributed_table('account_alias', 'customer_id', colocate_with => 'customer');
select create_distributed_table('charge_session', 'customer_id', colocate_with => 'customer');
select create_distributed_table('audit', 'customer_id', colocate_with => 'customer');
select create_distributed_table('outbox', 'customer_id', colocate_with => 'customer');
select create_distributed_table('job', 'customer_id', colocate_with => 'customer');";
    assert_eq!(distribution_statements().join("\n"), wanted);
}
