//! The tests of this crate, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod authenticator;
mod dictionary;
mod digest;
mod directory;
mod dynamic;
mod fuzz;
mod listener;
mod packet;
mod party;
mod password;
mod radclient;
mod reply;
mod request;
mod switch;

use std::path::{Path, PathBuf};

/// What the recorded packets of `radclient` and Kamailio and the made ones were signed with.
const SECRET: &[u8] = b"testing123";
/// The secret of RFC 2865's examples.
const SECRET_OF_RFC: &[u8] = b"xyzzy5461";

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A recorded packet.
fn recorded(name: &str) -> Vec<u8> {
    std::fs::read(corpus().join(format!("{name}.bin"))).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// All recorded packets with their names, by name.
fn all_recorded() -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = std::fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    found.sort();
    found
}
