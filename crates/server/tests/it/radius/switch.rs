//! Owns a carrier with a switch for the tests of RADIUS, and asking as the switch does: by the real `radclient` of FreeRADIUS.
//! Does not own: what is expected.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::program::{Client, PASSWORD, Server, add_administrator};
use crate::world::World;

pub const SECRET: &str = "testing-123-of-the-switch";
pub const PASSWORD_OF_ACCOUNT: &str = "correct-horse";
/// Gives up after so many seconds without an answer where none is expected, and where one is.
const SILENCE: [&str; 4] = ["-r", "1", "-t", "1"];
const PATIENCE: [&str; 4] = ["-r", "40", "-t", "1"];

/// A server with a NAS at 127.0.0.1 and a product: numbers that begin with 44 cost 0.60 a minute, by the minute.
pub struct Carrier {
    pub server: Server,
    pub client: Client,
    pub product: i64,
    class: i64,
    tariff: i64,
    served: Served,
}

/// Where a server takes RADIUS.
pub struct Served {
    authentication: String,
    accounting: String,
}

impl Served {
    /// As the server has printed it.
    pub fn of(server: &Server) -> Served {
        let port =
            |name: &str| server.lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default().to_owned();
        Served { authentication: port("radius-auth"), accounting: port("radius-accounting") }
    }

    /// The NAS is known within a second.
    pub fn wait_until_known(&self) {
        let told = radclient(&PATIENCE, &self.authentication, "status", SECRET, "Message-Authenticator=0x00");
        assert!(told.contains("Received Access-Accept"), "{told}");
    }

    /// Asks for access, with a Message-Authenticator.
    pub fn ask(&self, attributes: &str) -> String {
        let attributes = format!("{attributes}, Message-Authenticator=0x00");
        radclient(&PATIENCE, &self.authentication, "auth", SECRET, &attributes)
    }
}

pub fn serve(world: &World, environment: &[(&str, &str)]) -> Server {
    let radius = ["--radius-auth", "127.0.0.1:0", "--radius-accounting", "127.0.0.1:0"];
    let mut command = world.command(&[&["serve", "--listen", "127.0.0.1:0"], &radius[..]].concat());
    command.envs(environment.iter().copied());
    Server::run(command, world.folder.join("log"))
}

impl Carrier {
    pub fn start(world: &World, nas: &Value, environment: &[(&str, &str)]) -> Carrier {
        add_administrator(world.command(&[]));
        let server = serve(world, environment);
        let client = server.client(&server.sign_in("admin", PASSWORD));
        let made = |path: &str, body: &Value| client.post(path, body).expect(201).id();
        let class = made("/api/v1/customer-classes", &json!({ "name": "Retail" }));
        let tariff = made("/api/v1/tariffs", &json!({ "name": "Retail", "service": "voice", "currency": "EUR" }));
        let price = json!({ "interval_first": 60, "interval_next": 60, "price_first": "0.6", "price_next": "0.6" });
        let tariffs = ["outgoing", "incoming"].map(|direction| json!({ "service": "voice", "direction": direction, "tariff_id": tariff }));
        let product = json!({ "name": "Home", "kind": "main", "currency": "EUR", "tariffs": tariffs });
        let product = made("/api/v1/products", &product);
        let mut new = json!({ "name": "Switch", "network": "127.0.0.1", "secret": SECRET });
        new.as_object_mut().expect("an object").extend(nas.as_object().expect("an object").clone());
        made("/api/v1/nas", &new);
        let served = Served::of(&server);
        served.wait_until_known();
        let carrier = Carrier { server, client, product, class, tariff, served };
        carrier.add_rate("44", &price);
        carrier
    }

    /// Serves the same database again after an end of whatever kind.
    pub fn serve_again(&mut self, world: &World) {
        self.server = serve(world, &[]);
        self.client = self.server.client(&self.server.sign_in("admin", PASSWORD));
        self.served = Served::of(&self.server);
        self.served.wait_until_known();
    }

    /// Where access is asked for, and where is reported.
    pub fn ports(&self) -> [&str; 2] {
        [&self.served.authentication, &self.served.accounting]
    }

    pub fn add_rate(&self, prefix: &str, pricing: &Value) {
        let rate = json!({ "prefix": prefix, "effective_from": "2024-01-01T00:00:00Z", "pricing": pricing });
        self.client.post(&format!("/api/v1/tariffs/{}/rates", self.tariff), &rate).expect(201);
    }

    /// A prepaid customer with this money and an account with the product and a password. Gives the account.
    pub fn customer(&mut self, name: &str, money: &str, identity: &str) -> i64 {
        self.customer_under(None, name, money, identity)
    }

    pub fn reseller(&self, name: &str) -> i64 {
        let body = json!({ "name": name, "class_id": self.class, "currency": "EUR", "type": "reseller" });
        self.client.post("/api/v1/customers", &body).expect(201).id()
    }

    /// A customer of a reseller, or of the carrier.
    pub fn customer_under(&mut self, reseller: Option<i64>, name: &str, money: &str, identity: &str) -> i64 {
        let body =
            json!({ "name": name, "class_id": self.class, "currency": "EUR", "balance_control": "prepaid", "reseller_id": reseller });
        let customer = self.client.post("/api/v1/customers", &body).expect(201).id();
        if money != "0" {
            let paid = json!({ "action": "manual_payment", "amount": money });
            self.client.post(&format!("/api/v1/customers/{customer}/transactions"), &paid).expect(201);
        }
        let body = json!({ "customer_id": customer, "identity": identity, "password": PASSWORD_OF_ACCOUNT });
        let account = self.client.post("/api/v1/accounts", &body).expect(201).id();
        self.give_product(account);
        account
    }

    pub fn give_product(&self, account: i64) {
        // Calls of the tests can have begun before.
        let given = json!({ "product_id": self.product, "active_from": "2024-01-01T00:00:00Z" });
        self.client.post(&format!("/api/v1/accounts/{account}/products"), &given).expect(204);
    }

    pub fn customer_of(&self, account: i64) -> i64 {
        self.client.get(&format!("/api/v1/accounts/{account}")).expect(200).json()["customer"]["id"].as_i64().expect("an id")
    }

    pub fn available(&self, account: i64) -> String {
        let customer = self.customer_of(account);
        let found = self.client.get(&format!("/api/v1/customers/{customer}")).expect(200).json();
        found["available_funds"].as_str().unwrap_or_else(|| panic!("no funds: {found}")).to_owned()
    }

    /// Of its calls: number, charged seconds, charge; the first one first.
    pub fn xdrs(&self, account: i64) -> Vec<[String; 3]> {
        let path = format!("/api/v1/xdrs?customer_id={}&account_id={account}&limit=250", self.customer_of(account));
        let items = self.client.get(&path).expect(200).json()["items"].clone();
        let mut rows: Vec<(i64, [String; 3])> = items
            .as_array()
            .expect("items")
            .iter()
            .map(|item| {
                let text = |name: &str| item[name].as_str().map_or_else(|| item[name].to_string(), str::to_owned);
                (item["id"].as_i64().expect("an id"), [text("cld"), text("quantity"), text("amount")])
            })
            .collect();
        rows.sort();
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Keys of the open sessions, with what was used and granted.
    pub fn open(&self) -> Vec<(String, i64, i64)> {
        let items = self.client.get("/api/v1/usage/sessions?limit=250").expect(200).json()["items"].clone();
        let number = |item: &Value, name: &str| item[name].as_i64().expect("a number");
        let read = |item: &Value| {
            let key = item["session"].as_str().expect("a key").split_once(':').expect("a source").1.to_owned();
            (key, number(item, "used_units"), number(item, "granted_units"))
        };
        items.as_array().expect("items").iter().map(read).collect()
    }

    pub fn ask(&self, attributes: &str) -> String {
        self.served.ask(attributes)
    }

    /// Asks for all at once.
    pub fn ask_many(&self, all: &[String]) -> String {
        let packets: Vec<String> = all.iter().map(|attributes| format!("{attributes}, Message-Authenticator=0x00")).collect();
        radclient(&[&PATIENCE[..], &["-p", "64"]].concat(), &self.served.authentication, "auth", SECRET, &packets.join("\n\n"))
    }

    /// A call of an account with the password of these tests.
    pub fn call(&self, user: &str, called: &str, session: &str) -> String {
        self.ask(&self.wanted(user, called, session))
    }

    pub fn wanted(&self, user: &str, called: &str, session: &str) -> String {
        format!(
            "User-Name=\"{user}\", User-Password=\"{PASSWORD_OF_ACCOUNT}\", Called-Station-Id=\"{called}\", Acct-Session-Id=\"{session}\""
        )
    }

    /// Reports, and is answered.
    #[track_caller]
    pub fn report(&self, attributes: &str) {
        let told = radclient(&PATIENCE, &self.served.accounting, "acct", SECRET, attributes);
        assert!(told.contains("Received Accounting-Response"), "{attributes}: {told}");
    }

    /// What comes back when asked with another secret, or in another way that gets no answer.
    pub fn ask_in_vain(&self, secret: &str, attributes: &str) -> String {
        radclient(&SILENCE, &self.served.authentication, "auth", secret, attributes)
    }
}

/// The output of `radclient`, which says `Received ...` of an answer that is rightly signed.
pub fn radclient(options: &[&str], server: &str, kind: &str, secret: &str, attributes: &str) -> String {
    let mut child = Command::new("radclient")
        .arg("-x")
        .args(options)
        .args([server, kind, secret])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("radclient of the package freeradius-utils");
    child.stdin.take().expect("its input").write_all(attributes.as_bytes()).expect("a reader");
    let output = child.wait_with_output().expect("an end");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The attributes of the answer, without the one that signs it.
pub fn received(told: &str) -> Vec<String> {
    let lines = told.lines().skip_while(|line| !line.starts_with("Received")).map(str::trim);
    let first = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let mut found: Vec<String> = lines
        .filter(|line| !line.starts_with("Message-Authenticator"))
        .map(|line| if line.starts_with("Received") { first(line) } else { line.to_owned() })
        .collect();
    // radclient counts what was not accepted.
    found.retain(|line| !line.is_empty() && !line.starts_with('('));
    found
}
