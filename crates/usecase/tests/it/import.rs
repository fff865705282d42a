//! Importing as a use case: one at a time, once a key, stopped when nobody waits. What files say is tested with the program.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use trunkline_usecase::import::{Failure, Kind, Problem, Report, Step, Turn, Watch, Wish};

use crate::world::{World, admin, refused};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A file that has no name any more.
pub fn file(content: &str) -> File {
    let name = format!("trunkline_rows_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let mut file = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

/// Stops at a step, if there is one to stop at.
pub struct Stop(Option<Step>, std::sync::Mutex<Option<Step>>);

impl Stop {
    pub fn at(step: Option<Step>) -> Arc<Stop> {
        Arc::new(Stop(step, std::sync::Mutex::default()))
    }
}

impl Watch for Stop {
    fn see(&self, step: Step, _: u64, _: u64) {
        *self.1.lock().unwrap() = Some(step);
    }

    fn wants_stop(&self) -> bool {
        self.0.is_some() && *self.1.lock().unwrap() == self.0
    }
}

pub fn wish(skip_bad: bool) -> Wish {
    Wish { source_name: "people.csv".to_owned(), skip_bad, preview: false }
}

fn import(world: &World, key: Option<&str>, content: &str, skip_bad: bool) -> Result<Report, Failure> {
    take(world, Kind::Customers).keyed(key.map(str::to_owned), content).run(file(content), &wish(skip_bad), Stop::at(None))
}

/// Imports a file of any kind.
pub fn load(world: &World, kind: Kind, content: &str, skip_bad: bool) -> Result<Report, Failure> {
    take(world, kind).run(file(content), &wish(skip_bad), Stop::at(None))
}

pub fn take(world: &World, kind: Kind) -> Turn {
    Turn::take(&world.app, &admin(), kind).unwrap()
}

const TWO: &str = "name,iso_4217,customer_class\nAnna,EUR,Standard\nBruno,EUR,Nobody\n";

on_both! {
    fn a_repeat_under_the_same_key_loads_nothing_and_gets_the_first_report(world: &mut World) {
        let first = import(world, Some("k"), TWO, true).unwrap();
        let message = "there is no such customer class; import classes first".to_owned();
        let problem = Problem { line: 3, column: Some("customer_class".to_owned()), code: "not_found".to_owned(), message };
        assert_eq!(first, Report { rows: 2, loaded: 1, repeated: 0, rows_bad: 1, problems: vec![problem], problems_count: 1, changes: None });
        let after = world.traces();
        assert_eq!(import(world, Some("k"), TWO, true).unwrap(), first);
        assert_eq!(world.traces(), after);
        match import(world, Some("k"), &TWO.replace("Nobody", "Standard"), true) {
            Err(Failure::Other(error)) => assert_eq!(error.code(), "idempotency_key_reused"),
            other => panic!("{other:?}"),
        }
        world.restart();
        assert_eq!(import(world, Some("k"), TWO, true).unwrap(), first);
        assert_eq!(world.traces(), after);
        // Without the key it is an import like any other, in which Anna is there already.
        assert_eq!(import(world, None, TWO, true).unwrap().loaded, 0);
    }

    fn a_refused_import_is_decided_anew_under_the_same_key(world: &mut World) {
        let before = world.traces();
        assert_eq!(import(world, Some("k"), TWO, false).unwrap().loaded, 0);
        assert_eq!(world.traces(), before);
        world.make_class("Nobody", None);
        assert_eq!(import(world, Some("k"), TWO, false).unwrap().loaded, 2);
    }

    fn whoever_stops_before_the_commit_loads_nothing(world: &mut World) {
        let before = world.traces();
        for step in [Step::Checking, Step::Loading, Step::Committing] {
            let turn = take(world, Kind::Customers).keyed(Some("k".to_owned()), TWO);
            let outcome = turn.run(file(TWO), &wish(true), Stop::at(Some(step)));
            assert!(matches!(outcome, Err(Failure::Stopped)), "{step:?}: {outcome:?}");
            assert_eq!(world.traces(), before, "{step:?}");
        }
        // Its key is free as if nothing had been.
        assert_eq!(import(world, Some("k"), TWO, true).unwrap().loaded, 1);
    }

    fn one_at_a_time(world: &mut World) {
        let turn = take(world, Kind::Customers);
        refused(Turn::take(&world.app, &admin(), Kind::Rates).map(|_| ()), "overloaded");
        drop(turn);
        assert_eq!(import(world, None, TWO, true).unwrap().loaded, 1);
        let failed = take(world, Kind::Accounts).run(file("PK\u{3}\u{4}"), &wish(true), Stop::at(None));
        assert!(matches!(failed, Err(Failure::Header(_))), "{failed:?}");
        drop(take(world, Kind::Customers));
    }
}
