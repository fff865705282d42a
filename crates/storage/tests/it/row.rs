//! Values into statements and out of rows: the same on both engines, to the last bit.

use trunkline_domain::money::Money;
use trunkline_domain::time::Timestamp;
use trunkline_storage::row::Value;
use trunkline_storage::{Engine, StorageError, values};

use crate::fixture::day;
use crate::world::World;

const SAMPLE: &str = "create table sample (id bigint, number bigint, words text, flag boolean)";

fn with_sample(world: &World) {
    let engine = world.engine;
    world
        .write(move |tx| tx.batch(&trunkline_storage::migrate::translate(&format!("{SAMPLE};"), engine)[0].replace(", without rowid", "")))
        .unwrap();
}

on_both! {
    fn every_value_comes_back_as_it_went_in(world: &mut World) {
        with_sample(world);
        let texts: [&str; 9] = ["", "plain", "it's \"quoted\" $1 ?1 %_!", "line\nbreak\ttab", "Ω≈ç√∫", "👩‍👩‍👧‍👦 𝔘", "e\u{301}", "\u{10ffff}", "\\x00 \\"];
        for (index, text) in texts.into_iter().enumerate() {
            let id = i64::try_from(index).unwrap();
            let back = world
                .write(move |tx| {
                    tx.execute("insert into sample (id, words) values ($1, $2)", values![id, text])?;
                    tx.query_first("select words, number, flag from sample where id = $1 and words = $2", values![id, text], |row| {
                        Ok((row.get::<String>(0)?, row.get::<Option<i64>>(1)?, row.get::<Option<bool>>(2)?))
                    })
                })
                .unwrap();
            assert_eq!(back, Some((text.to_owned(), None, None)), "{text:?}");
        }
        for number in [i64::MIN, -1, 0, 1, 9_007_199_254_740_993, i64::MAX] {
            let back = world
                .write(move |tx| {
                    tx.query_first("insert into sample (id, number, flag) values ($1, $2, $3) returning number, flag", values![100, number, number > 0], |row| {
                        Ok((row.get::<i64>(0)?, row.get::<bool>(1)?))
                    })
                })
                .unwrap();
            assert_eq!(back, Some((number, number > 0)));
        }
        let moment = Timestamp::from_microseconds(-1);
        let back = world
            .write(move |tx| {
                tx.execute("insert into sample (id, number) values ($1, $2)", values![200, moment])?;
                tx.execute("insert into sample (id, number) values ($1, $2)", values![201, day("2026-02-28")])?;
                tx.execute("insert into sample (id, number) values ($1, $2)", values![202, Money::MAX])?;
                let moment = tx.query_first("select number from sample where id = 200", &[], |row| row.get::<Timestamp>(0))?;
                let date = tx.query_first("select number from sample where id = 201", &[], |row| row.get::<Option<trunkline_domain::time::Date>>(0))?;
                let money = tx.query_first("select number from sample where id = 202", &[], |row| row.get::<Money>(0))?;
                Ok((moment, date.flatten(), money))
            })
            .unwrap();
        assert_eq!(back, (Some(moment), Some(day("2026-02-28")), Some(Money::MAX)));
    }

    /// PostgreSQL knows no NUL in a text, SQLite does. The floor above lets none through: it is a control character.
    fn a_nul_in_a_text_is_refused_by_postgres_and_kept_by_sqlite(world: &mut World) {
        with_sample(world);
        let kept = world.write(|tx| {
            tx.execute("insert into sample (id, words) values ($1, $2)", values![1, "a\0b"])?;
            tx.query_first("select words from sample where id = 1", &[], |row| row.get::<String>(0))
        });
        match (world.engine, kept) {
            (Engine::Sqlite, Ok(text)) => assert_eq!(text.as_deref(), Some("a\0b")),
            (Engine::Postgres, Err(StorageError::Database(words))) => assert!(words.contains("22021"), "{words}"),
            (_, other) => panic!("{other:?}"),
        }
    }

    fn parameters_go_by_their_number_and_not_by_their_place(world: &mut World) {
        with_sample(world);
        let back = world
            .write(|tx| {
                tx.execute("insert into sample (words, id, number) values ($3, $1, $2)", values![1, 2, "three"])?;
                tx.query_first(
                    "select words, number from sample where number = $2 and id = $1 and words = $3 and words <> '$1' and id = $1",
                    values![1, 2, "three"],
                    |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
                )
            })
            .unwrap();
        assert_eq!(back, Some(("three".to_owned(), 2)));
        // Two texts the wrong way round would still be two texts.
        let swapped = world.read(|tx| tx.query_first("select $2 || $1", values!["b", "a"], |row| row.get::<String>(0))).unwrap();
        assert_eq!(swapped.as_deref(), Some("ab"));
    }

    fn a_value_of_another_type_is_refused_and_never_reinterpreted(world: &mut World) {
        with_sample(world);
        // Eight letters are as many bytes as a number has.
        for (sql, value) in [
            ("insert into sample (number) values ($1)", Value::Text("eight ch")),
            ("insert into sample (number) values ($1)", Value::Text("twelve")),
            ("insert into sample (flag) values ($1)", Value::Text("t")),
        ] {
            let done = world.write(move |tx| tx.execute(sql, &[value]));
            assert!(done.is_err(), "{sql} took {value:?}");
        }
        assert_eq!(world.number("select count(*) from sample"), 0);
        for (sql, value) in [
            ("insert into sample (words) values ($1)", Value::Integer(1)),
            ("insert into sample (number) values ($1)", Value::Boolean(true)),
        ] {
            if world.engine == Engine::Postgres {
                assert!(world.write(move |tx| tx.execute(sql, &[value])).is_err(), "{sql} took {value:?}");
            }
        }
    }

    fn a_column_read_as_something_else_is_a_broken_invariant(world: &mut World) {
        let read = world.read(|tx| tx.query_first("select name from customer_class", &[], |row| row.get::<i64>(0)));
        assert!(matches!(read, Err(StorageError::Broken(_))), "{read:?}");
        let read = world.read(|tx| tx.query_first("select name from customer_class where name is null or 1 = 1 limit 1", &[], |row| row.get::<bool>(0)));
        assert!(matches!(read, Err(StorageError::Broken(_))), "{read:?}");
    }

    fn a_long_list_of_ids_goes_in_slices_and_finds_each_once(world: &mut World) {
        with_sample(world);
        world
            .write(|tx| {
                for id in 0..1_000 {
                    tx.execute("insert into sample (id) values ($1)", values![id])?;
                }
                Ok(())
            })
            .unwrap();
        for length in [0, 1, 2, 4, 5, 16, 17, 64, 65, 255, 256, 257, 700] {
            let ids: Vec<i64> = (0..length).collect();
            let wanted = ids.clone();
            let mut found = world.read(move |tx| tx.query_by_ids("select id from sample where id in ({ids})", &ids, |row| row.get::<i64>(0))).unwrap();
            found.sort_unstable();
            assert_eq!(found, wanted);
        }
    }

    fn an_error_says_what_kind_of_failure_it_is(world: &mut World) {
        let twice = world.write(|tx| {
            tx.execute("insert into installation (name, value) values ('a', 'b')", &[])?;
            tx.execute("insert into installation (name, value) values ('a', 'c')", &[])
        });
        assert!(matches!(twice, Err(StorageError::Duplicate(_))), "{twice:?}");
        let nonsense = world.read(|tx| tx.query_first("select nothing from nowhere", &[], |row| row.get::<i64>(0)));
        assert!(matches!(nonsense, Err(StorageError::Database(_))), "{nonsense:?}");
        let writing_reader = world.read(|tx| tx.execute("insert into installation (name, value) values ('a', 'b')", &[]));
        assert!(writing_reader.is_err(), "a reader wrote");
        assert_eq!(world.number("select count(*) from installation"), 0);
    }
}

#[test]
fn sqlite_refuses_text_in_a_bigint_column_of_every_table() {
    let world = World::on(Engine::Sqlite);
    let tables = world.rows(
        "select name from sqlite_master where type = 'table' and sql not like 'create virtual%' and name not like 'customer_search%'",
    );
    for table in tables {
        let is_strict = world.read({
            let table = table.clone();
            move |tx| tx.query_first("select strict from pragma_table_list where name = $1", values![&table], |row| row.get::<bool>(0))
        });
        assert_eq!(is_strict.unwrap(), Some(true), "{table} is not strict");
    }
    let done = world.write(|tx| tx.execute("insert into spending_day (customer_id, day, spent) values (1, 2, 'three')", &[]));
    assert!(done.is_err());
}

#[test]
fn append_only_tables_lie_in_order_of_arrival_on_sqlite_and_by_customer_on_postgres() {
    let world = World::on(Engine::Sqlite);
    for table in ["posting", "xdr", "payment", "audit", "outbox", "invoice", "idempotency", "customer", "customer_balance"] {
        let sql = world
            .read(move |tx| tx.query_first("select sql from sqlite_master where name = $1", values![table], |row| row.get::<String>(0)));
        let sql = sql.unwrap().unwrap();
        assert!(!sql.contains("without rowid"), "{sql}");
    }
}
