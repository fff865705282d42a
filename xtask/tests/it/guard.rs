//! Owns the proof that nothing outlives us. Does not own how that is done (src/guard.rs).

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};

const US: &str = env!("CARGO_BIN_EXE_xtask");
const TERM: i32 = 15;

#[test]
fn when_the_pipe_closes_programs_end_and_folders_go() {
    let folder = std::env::temp_dir().join(format!("trunkline-guard-test-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("inner")).unwrap();
    let mut left = Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
    let mut done = Command::new("sleep").arg("600").process_group(0).spawn().unwrap();

    let mut guard = Command::new(US).arg("guard").stdin(Stdio::piped()).spawn().unwrap();
    let mut list = guard.stdin.take().unwrap();
    writeln!(list, "remove {}\nstop TERM -{}\nstop TERM -{}\ndone stop TERM -{}", folder.display(), left.id(), done.id(), done.id())
        .unwrap();
    drop(list);

    assert_eq!(left.wait().unwrap().signal(), Some(TERM));
    assert!(guard.wait().unwrap().success());
    assert!(!folder.exists());
    assert!(done.try_wait().unwrap().is_none(), "what was taken off the list is left alone");
    done.kill().unwrap();
    done.wait().unwrap();
}

#[test]
fn a_private_postgresql_is_gone_after_a_kill_that_nothing_can_catch() {
    let mut us = Command::new(US).args(["postgres", "--", "sleep", "60"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let folder = std::env::temp_dir().join(format!("trunkline-postgres-{}", us.id()));
    let mut stderr = BufReader::new(us.stderr.take().unwrap());
    // The address comes when the command runs and the guard knows of it.
    let mut said = String::new();
    stderr.read_line(&mut said).unwrap();
    let Some(address) = said.trim().split_once('@').and_then(|(_, rest)| rest.strip_suffix("/postgres")).map(str::to_owned) else {
        panic!("no PostgreSQL: {said}");
    };
    std::net::TcpStream::connect(&address).unwrap();
    assert!(folder.is_dir());

    us.kill().unwrap();
    us.wait().unwrap();
    // It ends when the last program that we started has let go of it.
    stderr.read_to_string(&mut said).unwrap();
    assert!(std::net::TcpStream::connect(&address).is_err());
    assert!(!folder.exists());
}
