//! A place for a database on either engine, made when a test begins and gone when it ends. The tests of the floors above use
//! this file too: the root of each names `Engine`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Engine;

/// Where the PostgreSQL of the tests is: a superuser's URL of a cluster that the tests may fill.
const POSTGRES_URL: &str = "TRUNKLINE_TEST_POSTGRES_URL";

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub struct Place {
    pub url: String,
    pub kind: Kind,
}

pub enum Kind {
    File(PathBuf),
    Database { name: String, server: String },
}

impl Place {
    pub fn new(engine: Engine) -> Place {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("trunkline_test_{}_{number}", std::process::id());
        match engine {
            Engine::Sqlite => {
                let folder = std::env::temp_dir().join(&name);
                std::fs::create_dir_all(&folder).unwrap();
                let file = folder.join("trunkline.db");
                Place { url: format!("sqlite:{}", file.display()), kind: Kind::File(folder) }
            }
            Engine::Postgres => {
                let server = server_url();
                client(&server).batch_execute(&format!("create database {name}")).unwrap();
                Place { url: with_database(&server, &name), kind: Kind::Database { name, server } }
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match &self.kind {
            Kind::File(folder) => drop(std::fs::remove_dir_all(folder)),
            Kind::Database { name, server } => {
                drop(client(server).batch_execute(&format!("drop database if exists {name} with (force)")));
            }
        }
    }
}

fn server_url() -> String {
    std::env::var(POSTGRES_URL).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES_URL} is not set, and these tests run on PostgreSQL too: use `cargo xtask ci`, or \
             `cargo xtask postgres -- cargo test`, which start a private one"
        )
    })
}

/// The URL with another database in it.
fn with_database(server: &str, name: &str) -> String {
    let (base, options) = server.split_once('?').map_or((server, String::new()), |(base, options)| (base, format!("?{options}")));
    let after_host = base.find("://").map_or(0, |at| at + 3);
    let end = base[after_host..].find('/').map_or(base.len(), |at| after_host + at);
    format!("{}/{name}{options}", &base[..end])
}

pub fn client(url: &str) -> postgres::Client {
    postgres::Client::connect(url, postgres::NoTls).unwrap_or_else(|problem| panic!("cannot reach the PostgreSQL of the tests: {problem}"))
}
