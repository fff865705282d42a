//! Owns tests of RADIUS through the whole program: the real `radclient` asks over UDP, the ledger is looked at over HTTP.
//! Does not own: packets and their digests (the radius crate's own tests) and what is decided (domain, storage).

mod call;
mod course;
mod kamailio;
mod status;
pub mod switch;

use serde_json::json;

use crate::program::Server;
use crate::world::World;
use switch::{Carrier, PASSWORD_OF_ACCOUNT};

#[test]
fn the_ports_are_told_before_the_address_and_can_come_from_the_environment_or_a_file() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let names = |server: &Server| -> Vec<String> {
        let real = |line: &String| line.rsplit_once(':').is_some_and(|(_, port)| port != "0");
        assert!(server.lines.iter().all(real), "{:?}", server.lines);
        server.lines.iter().filter_map(|line| Some(line.split_once(": 127.0.0.1:")?.0.to_owned())).collect()
    };
    let serve = |more: &[&str]| world.command(&[&["serve", "--listen", "127.0.0.1:0"], more].concat());
    let mut by_environment = serve(&[]);
    by_environment.env("TRUNKLINE_RADIUS_AUTH", "127.0.0.1:0").env("TRUNKLINE_RADIUS_ACCOUNTING", "127.0.0.1:0");
    let server = Server::run(by_environment, world.folder.join("log"));
    assert_eq!(names(&server), ["radius-auth", "radius-accounting"]);
    server.stop();
    world.file("carrier.toml", "radius_accounting = \"127.0.0.1:0\"\nradius_dictionaries = [\"own.dictionary\"]\n");
    world.file("own.dictionary", "ATTRIBUTE Own-Attribute 242 string\n");
    let server = Server::run(serve(&["--config", "carrier.toml"]), world.folder.join("log"));
    assert_eq!(names(&server), ["radius-accounting"]);
    server.stop();
    world.file("own.dictionary", "ATTRIBUTE Own-Attribute\n");
    let done = world.run(&["serve", "--listen", "127.0.0.1:0", "--config", "carrier.toml"]);
    assert_eq!(done.code, Some(2));
    assert!(done.told.contains("own.dictionary, line 1: ATTRIBUTE has other words"), "{}", done.told);
}

#[test]
fn a_password_of_an_account_reaches_no_log_and_no_answer() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let mut carrier = Carrier::start(&world, &json!({}), &[("TRUNKLINE_LOG", "trace")]);
    let account = carrier.customer("Ada", "10", "15550100");
    let path = format!("/api/v1/accounts/{account}/password");
    let set = json!({ "password": "battery staple" });
    let mut told = vec![carrier.client.ask("PUT", &path, Some(&set), None).expect("an answer").expect(200).body];
    for password in [PASSWORD_OF_ACCOUNT, "battery staple"] {
        told.push(
            carrier.ask(&format!("User-Name=15550100, User-Password=\"{password}\", Called-Station-Id=442071234567, Acct-Session-Id=a")),
        );
    }
    assert!(told[1].contains("Access-Reject") && told[2].contains("Access-Accept"), "{told:?}");
    told =
        vec![told.remove(0), carrier.client.get("/api/v1/accounts").body, carrier.client.get("/api/v1/events").body, carrier.server.log()];
    for text in &told {
        assert!(!text.contains("battery staple") && !text.contains(PASSWORD_OF_ACCOUNT) && !text.contains(switch::SECRET), "{text}");
    }
}
