//! Faults: killed and interrupted imports, files that change, others who write at the same time.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_storage::Engine;
use trunkline_usecase::{Database, Options};

use super::{classes, customers, done};
use crate::world::{Done, World, until};

/// Rows of an import that lasts a while: several slices.
const ROWS: i64 = 3_000;
const SLICE: i64 = 1_000;
/// How often an import is killed on each engine; the environment can ask for more.
const KILLS: &str = "TRUNKLINE_TEST_KILLS";
const KILLS_DEFAULT: u64 = 20;

fn many(prefix: &str) -> String {
    let rows = (0..ROWS).map(|index| format!("{prefix} {index},EUR,Home,{prefix}-{index}\n"));
    format!("name,iso_4217,customer_class,login\n{}", rows.collect::<String>())
}

/// The line of progress at which the program is killed.
fn moment(random: &mut ChaCha8Rng) -> String {
    let slices = ROWS / SLICE;
    match random.random_range(0..=2 * slices) {
        0 => format!("committing {ROWS} customers"),
        step if step <= slices => format!("checked {} customers", step * SLICE),
        step => format!("loaded {} customers", (step - slices) * SLICE),
    }
}

fn kill_at_random_moments(engine: Engine) {
    let world = World::on(engine);
    classes(&world);
    let kills = std::env::var(KILLS).map_or(KILLS_DEFAULT, |text| text.parse().unwrap());
    let mut expected = 0;
    for seed in 0..kills {
        let at = moment(&mut ChaCha8Rng::seed_from_u64(seed));
        world.file("x.csv", many(&format!("Run {seed}")));
        let mut running = world.start(&["import", "customers", "x.csv", "--progress", "lines"]);
        assert!(running.wait_for(&at), "seed {seed}: the program ended before it was killed");
        running.kill();
        world.until_nobody_is_connected();
        let (found, told) = (customers(&world), world.number("select count(*) from outbox where event_type = 'customers.imported'"));
        // The kill takes its time, and the program goes on until it comes: it may have got as far as its commit, or to the end.
        // Then all of it is there, with its trail.
        let is_committed = found == expected + ROWS;
        expected += if is_committed { ROWS } else { 0 };
        assert_eq!((found, told), (expected, expected / ROWS), "seed {seed}, killed at: {at}");
        assert_eq!(world.number("select count(*) from customer_name"), expected, "seed {seed}, killed at: {at}");
    }
    assert!(expected / ROWS < i64::try_from(kills).unwrap(), "no kill came before a commit");
    // The same file that was killed last goes in as if nothing had been, and all that is stored is as derived.
    if customers(&world) == 0 || world.texts("select name from customer where login = 'Run 0-0'").is_empty() {
        world.file("x.csv", many("Run 0"));
        assert_eq!(world.run(&["import", "customers", "x.csv"]).timeless(), done("imported 3000 customers from x.csv in _ s\n"));
        expected += ROWS;
    }
    assert_eq!(world.must(&["check"]), format!("checked {expected} customers: everything stored is as derived\n"));
}

#[test]
fn an_import_that_is_killed_leaves_nothing_on_sqlite() {
    kill_at_random_moments(Engine::Sqlite);
}

#[test]
fn an_import_that_is_killed_leaves_nothing_on_postgres() {
    kill_at_random_moments(Engine::Postgres);
}

on_both! {
    fn ctrl_c_stops_an_import_and_leaves_nothing(world: &World) {
        classes(world);
        world.file("x.csv", many("Run"));
        for line in ["checked 1000", "loaded 1000"] {
            let mut running = world.start(&["import", "customers", "x.csv", "--progress", "lines"]);
            assert!(running.wait_for(line));
            running.signal("INT");
            let done = running.end();
            assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{done:?}");
            assert!(done.told.ends_with("x.csv: stopped before the end; nothing was loaded\n"), "{done:?}");
            assert_eq!(customers(world), 0);
        }
        assert_eq!(world.must(&["check"]), "checked 0 customers: everything stored is as derived\n");
    }

    fn a_file_that_changes_between_its_two_readings_is_refused(world: &World) {
        classes(world);
        world.file("x.csv", many("Run"));
        let mut running = world.start(&["import", "customers", "x.csv", "--progress", "lines"]);
        assert!(running.wait_for("loaded 1000"));
        running.signal("STOP");
        world.file("x.csv", many("Run") + "Late,EUR,Home,late\n");
        running.signal("CONT");
        let done = running.end();
        assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{done:?}");
        let told = "x.csv: the file changed while it was read; import it again when nobody writes it; nothing was loaded\n";
        assert!(done.told.ends_with(told), "{done:?}");
        assert_eq!(customers(world), 0);
    }
}

#[test]
fn a_file_that_a_server_holds_is_left_alone() {
    let world = World::on(Engine::Sqlite);
    classes(&world);
    world.file("x.csv", many("Run"));
    let database = Database::open(&world.url, Options::default()).unwrap();
    let refused = world.run(&["import", "customers", "x.csv"]);
    assert_eq!(refused.code, Some(2));
    let path = world.folder.join("trunkline.db");
    let holder = format!("is in use by a running trunkline (process {}); stop it, or wait until it has ended", std::process::id());
    assert_eq!(refused.told, format!("trunkline: the database cannot be used: {} {holder}\n", path.display()));
    database.stop();
    drop(database);
    assert_eq!(customers(&world), 0);
}

/// Another node makes a customer between the check and the load: the import waits for it, and finds the name taken.
#[test]
fn rows_that_others_overtake_are_found_when_they_are_written() {
    let world = World::on(Engine::Postgres);
    classes(&world);
    world.file(
        "x.csv",
        "name,iso_4217,customer_class,customer_type,reseller\nAnna,EUR,Home,,\nHouse,EUR,Home,reseller,\nGuest,EUR,Home,,House\n",
    );
    let taken = "x.csv: line 3, column name: another customer has this name\n";
    let gone = "x.csv: line 4, column reseller: the reseller has just gone, or was left out\n";
    let cases = [
        (
            None,
            Done {
                code: Some(1),
                out: String::new(),
                told: format!("{taken}{gone}x.csv: rows clash with what others have just written; nothing was loaded\n"),
            },
        ),
        (
            Some("--skip-bad"),
            Done {
                code: Some(0),
                out: "imported 1 of 3 customers from x.csv in _ s; 2 bad rows left out\n".into(),
                told: format!("{taken}{gone}"),
            },
        ),
    ];
    for (flag, expected) in cases {
        let mut other = world.client();
        let mut transaction = other.transaction().unwrap();
        transaction.execute("insert into customer_name (name_key, customer_id) values ('house', 1)", &[]).unwrap();
        let mut arguments = vec!["import", "customers", "x.csv"];
        arguments.extend(flag);
        let running = world.start(&arguments);
        let mut looking = world.client();
        until("the import waits for the other transaction", || {
            let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
            looking.query_one(waiting, &[]).unwrap().get::<_, i64>(0) > 0
        });
        transaction.commit().unwrap();
        assert_eq!(running.end().timeless(), expected);
        other.execute("delete from customer_name where customer_id = 1", &[]).unwrap();
    }
    assert_eq!(world.texts("select name from customer"), ["Anna"]);
}
