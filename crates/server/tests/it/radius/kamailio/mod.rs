//! Owns the test of true calls: sipp calls through a real Kamailio, which asks and reports over RADIUS; what is left is an xDR and a balance.
//! Packages of Debian: kamailio, kamailio-radius-modules, sip-tester. `cargo xtask call-demo` runs it and shows what it prints.
//! Does not own: packets (the radius crate) and what is decided (domain).

use std::fs::OpenOptions;
use std::net::UdpSocket;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;
use trunkline_storage::Engine;

use super::switch::{Carrier, PASSWORD_OF_ACCOUNT, SECRET};
use crate::world::{World, until};

/// Each second costs one euro.
const NUMBER: &str = "452071234567";
/// The money of whoever talks too long.
const MONEY: i64 = 8;
/// What a call can last here at the most: sipp gives up a little later. A switch that waits for a processor ends and stamps calls late, so the
/// seconds differ; what is charged must be theirs.
const CALL_SECONDS_MAX: i64 = 24;

/// A Kamailio of the test's own. It ends with the test.
struct Kamailio {
    process: Child,
    folder: PathBuf,
    port: u16,
    callee_port: u16,
}

fn free_port() -> u16 {
    UdpSocket::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("its address").port()
}

impl Kamailio {
    fn start(carrier: &Carrier, folder: &Path) -> Kamailio {
        let (port, callee_port) = (free_port(), free_port());
        let place = folder.display().to_string();
        let file = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
        let [authentication, accounting] = carrier.ports();
        file(
            "radcli.conf",
            &format!(
                "authserver {authentication}\nacctserver {accounting}\nservers {place}/servers\ndictionary {place}/dictionary\n\
                 default_realm\nradius_timeout 10\nradius_retries 1\nbindaddr 127.0.0.1\n"
            ),
        );
        file("dictionary", include_str!("dictionary"));
        // radcli reads secrets from a file that nobody else can read.
        let mut servers = OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join("servers")).expect("a file");
        std::io::Write::write_all(&mut servers, format!("127.0.0.1 {SECRET}\n").as_bytes()).expect("a secret");
        let settings = include_str!("kamailio.cfg").replace("SIP_PORT", &port.to_string()).replace("CALLEE_PORT", &callee_port.to_string());
        file("kamailio.cfg", &settings.replace("FOLDER", &place));
        let log = std::fs::File::create(folder.join("kamailio.log")).expect("a log");
        let process = Command::new("kamailio")
            .args(["-f", &format!("{place}/kamailio.cfg"), "-DD", "-E", "-Y", &place, "-P", &format!("{place}/kamailio.pid")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("kamailio of the package kamailio");
        Kamailio { process, folder: folder.to_owned(), port, callee_port }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("kamailio.log")).expect("a log")
    }

    fn sipp(&self, scenario: &str, text: &str, more: &[&str]) -> Command {
        let path = self.folder.join(scenario);
        std::fs::write(&path, text).expect("a scenario");
        let mut command = Command::new("sipp");
        command.args(["-sf", &path.display().to_string(), "-m", "1", "-i", "127.0.0.1", "-nostdin", "-timeout", "25", "-timeout_error"]);
        command.args(more).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// `user` calls, and it goes on as the parts of the scenario say. Whoever is called takes it.
    #[track_caller]
    fn call(&self, user: &str, parts: &[&str]) {
        let is_answered = parts.len() > 1;
        let callee_port = self.callee_port.to_string();
        let callee = is_answered.then(|| {
            self.sipp("callee.xml", include_str!("callee.xml"), &["-p", &callee_port]).spawn().expect("sipp of the package sip-tester")
        });
        let text = include_str!("caller.xml").replace("OUTCOME", &parts.concat());
        let text = text.replace("USER", user).replace("NUMBER", NUMBER).replace("PASSWORD", PASSWORD_OF_ACCOUNT);
        let port = free_port().to_string();
        let switch = format!("127.0.0.1:{}", self.port);
        let caller =
            self.sipp("caller.xml", &text, &["-p", &port, "-trace_err", &switch]).status().expect("sipp of the package sip-tester");
        assert_eq!(caller.code(), Some(0), "{user}: {}", self.log());
        if let Some(mut callee) = callee {
            assert_eq!(callee.wait().expect("an end").code(), Some(0), "{user}: {}", self.log());
        }
    }
}

impl Drop for Kamailio {
    fn drop(&mut self) {
        // It takes its children with it when it is asked to, not when it is killed.
        let _ = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

/// The seconds, the charge and the funds of the only call of an account, when it has been charged.
fn charged(carrier: &Carrier, account: i64) -> (i64, i64, i64) {
    let whole = |text: &str| text.parse::<i64>().unwrap_or_else(|_| panic!("{text} is not whole"));
    until("the call is charged", || !carrier.xdrs(account).is_empty());
    let [[number, seconds, amount]] = <[[String; 3]; 1]>::try_from(carrier.xdrs(account)).expect("one call");
    assert_eq!(number, NUMBER);
    (whole(&seconds), whole(&amount), whole(&carrier.available(account)))
}

#[test]
fn true_calls_through_a_switch_are_charged_refused_and_cut() {
    let world = World::on(Engine::Sqlite);
    let template = json!({ "message_authenticator_required": false, "reply_template": ["SIP-AVP = timeout#{seconds}", "Session-Timeout = {seconds}"] });
    let mut carrier = Carrier::start(&world, &template, &[]);
    carrier.add_rate("45", &json!({ "interval_first": 1, "interval_next": 1, "price_first": "60", "price_next": "60" }));
    let [ada, bob, cleo] = [("ada", "100".to_owned()), ("bob", "0".to_owned()), ("cleo", MONEY.to_string())]
        .map(|(name, money)| carrier.customer(name, &money, &format!("{name}@example.com")));
    let kamailio = Kamailio::start(&carrier, &world.folder);

    kamailio.call("ada", &[include_str!("answered.xml"), include_str!("hangs_up.xml")]);
    let (seconds, amount, funds) = charged(&carrier, ada);
    println!("ada had 100.00 and talked for {seconds} s at 1.00 a second: charged {amount}.00, left {funds}.00");
    assert!((1..=CALL_SECONDS_MAX).contains(&seconds), "{seconds}");
    assert_eq!((amount, funds), (seconds, 100 - amount));

    kamailio.call("bob", &[include_str!("refused.xml")]);
    println!("bob had nothing: refused by the switch, {} xDRs", carrier.xdrs(bob).len());
    assert_eq!((carrier.xdrs(bob), carrier.available(bob)), (vec![], "0".to_owned()));

    kamailio.call("cleo", &[include_str!("answered.xml"), include_str!("is_cut.xml")]);
    let (seconds, amount, funds) = charged(&carrier, cleo);
    println!("cleo had {MONEY}.00 and did not hang up: cut after {seconds} s, charged {amount}.00, left {funds}.00");
    assert!((1..=CALL_SECONDS_MAX).contains(&seconds), "{seconds}");
    assert_eq!((amount, funds), (seconds, MONEY - amount));

    assert_eq!(carrier.open(), []);
    carrier.server.stop();
    assert_eq!(world.run(&["check"]).code, Some(0));
}
