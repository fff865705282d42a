//! Owns a place for a database on either engine, made when a test begins and gone when it ends.
//! Does not own: what is put there.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use trunkline_usecase::Engine;

/// Where the PostgreSQL of the tests is: a superuser's URL of a cluster that the tests may fill.
const POSTGRES_URL: &str = "TRUNKLINE_TEST_POSTGRES_URL";

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub struct Place {
    pub url: String,
    kind: Kind,
}

enum Kind {
    Folder(PathBuf),
    Database { name: String, server: String },
}

impl Place {
    pub fn new(engine: Engine) -> Place {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("trunkline_porta_{}_{number}", std::process::id());
        match engine {
            Engine::Sqlite => {
                let folder = std::env::temp_dir().join(&name);
                std::fs::create_dir_all(&folder).expect("a folder");
                Place { url: format!("sqlite:{}", folder.join("trunkline.db").display()), kind: Kind::Folder(folder) }
            }
            Engine::Postgres => {
                let server = std::env::var(POSTGRES_URL).unwrap_or_else(|_| {
                    panic!(
                        "{POSTGRES_URL} is not set, and these tests run on PostgreSQL too: use `cargo xtask ci`, or \
                         `cargo xtask postgres -- cargo test`, which start a private one"
                    )
                });
                client(&server).batch_execute(&format!("create database {name}")).expect("a database");
                let (base, _) = server.rsplit_once('/').expect("a URL with a database");
                Place { url: format!("{base}/{name}"), kind: Kind::Database { name, server } }
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What stays behind in a folder for temporary files or a private cluster harms nobody.
        match &self.kind {
            Kind::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Kind::Database { name, server } => {
                drop(client(server).batch_execute(&format!("drop database if exists {name} with (force)")));
            }
        }
    }
}

fn client(url: &str) -> postgres::Client {
    postgres::Client::connect(url, postgres::NoTls).unwrap_or_else(|problem| panic!("cannot reach the PostgreSQL of the tests: {problem}"))
}
