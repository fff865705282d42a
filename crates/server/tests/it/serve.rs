//! Owns tests of the contract of `serve`: how it is set up, what it prints, what it refuses, how it stops, what it tells nobody.
//! Does not own: what is answered under /api and /rest (the faces' own tests).

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::program::{Answer, Client, PASSWORD, Server, add_administrator, look, meddle};
use crate::world::{Done, World, until};

/// A run that cannot do its work here: nothing on standard output, the reason on standard error, exit code 2.
#[track_caller]
fn reason(done: Done) -> String {
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    done.told
}

on_both! {
    fn the_address_is_the_last_line_and_everything_answers_there(world: &World) {
        let server = Server::start(world, &[]);
        assert_eq!(server.lines, Vec::<String>::new());
        let port: u16 = server.base.strip_prefix("http://127.0.0.1:").expect("the address").parse().expect("the real port");
        assert_ne!(port, 0);
        let client = server.client("");
        let plain = |path: &str| (client.get(path).status, client.get(path).body);
        assert_eq!(plain("/health/live"), (200, "live\n".to_owned()));
        assert_eq!(plain("/health/ready"), (200, "ready\n".to_owned()));
        let figures = client.get("/metrics").expect(200).body;
        for name in [
            "trunkline_reads_waiting",
            "trunkline_writes_waiting",
            r#"trunkline_request_seconds_count{method="GET",route="/health/ready",status="200"}"#,
        ] {
            assert!(figures.lines().any(|line| line.starts_with(name)), "{name} is not in {figures}");
        }
        assert_eq!(client.get("/api/v1/session").code(), "unauthenticated");
        assert_eq!(client.get("/api/v1/nothing").code(), "not_found");
        assert_eq!(client.get("/api/v2/nothing").code(), "not_found");
        assert!(client.post("/rest/Customer/get_customer_list", &json!({})).body.contains("faultcode"));
        server.stop();
        // A second start finds everything as it was, and has nothing to migrate.
        Server::start(world, &[]).stop();
        assert_eq!(world.run(&["check"]).code, Some(0));
    }

    fn secrets_do_not_reach_the_log(world: &World) {
        add_administrator(world.command(&[]));
        let mut command = world.command(&["serve", "--listen", "127.0.0.1:0", "--porta-url-credentials"]);
        command.env("TRUNKLINE_LOG", "trace");
        let server = Server::run(command, world.folder.join("log"));
        let mut secrets = vec![PASSWORD.to_owned(), "wrong horse battery".to_owned(), "another horse battery".to_owned()];
        let token = server.sign_in("admin", PASSWORD);
        let client = server.client(&token);
        let anybody = server.client("");
        let wrong = json!({ "login": "admin", "password": "wrong horse battery" });
        assert_eq!(anybody.post("/api/v1/session", &wrong).status, 401);
        let new = json!({ "login": "mira", "name": "Mira", "role": "support", "password": "another horse battery" });
        client.post("/api/v1/staff", &new).expect(201);
        let signed = anybody.post("/api/v1/session", &json!({ "login": "admin", "password": PASSWORD })).expect(200);
        let cookie = signed.header("set-cookie").and_then(|cookie| cookie.split([';', '=']).nth(1)).expect("a cookie").to_owned();
        let porta = json!({ "params": { "login": "admin", "password": PASSWORD } });
        let porta = anybody.post("/rest/Session/login", &porta).expect(200).json();
        let porta_token = |name: &str| porta[name].as_str().expect("a token").to_owned();
        for one in ["session_id", "access_token", "refresh_token"] {
            secrets.push(porta_token(one));
        }
        let auth = json!({ "auth_info": { "access_token": porta_token("access_token") }, "params": {} });
        anybody.post("/rest/Customer/get_customer_list", &auth).expect(200);
        // Old clients of the compatible face put them into the path or the query, with a good password and a bad one.
        let (good, bad) = (PASSWORD.replace(' ', "%20"), "wrong%20horse%20battery");
        let list = "/rest/Customer/get_customer_list";
        for (password, status) in [(good.as_str(), 200), (bad, 500)] {
            let auth = format!("%7B%22login%22:%22admin%22,%22password%22:%22{password}%22%7D");
            for path in [format!("{list}/{auth}/%7B%7D"), format!("{list}?auth_info={auth}&params=%7B%7D")] {
                anybody.get(&path).expect(status);
            }
            secrets.push(password.to_owned());
        }
        let auth = format!("%7B%22session_id%22:%22{}%22%7D", porta_token("session_id"));
        anybody.get(&format!("{list}/{auth}/%7B%7D")).expect(200);
        client.get("/api/v1/customers").expect(200);
        secrets.extend([token, cookie]);
        // What the database keeps of them is no less worth to whoever reads the log.
        secrets.extend(world.texts("select password_hash from staff"));
        secrets.extend(world.texts("select token_hash from login"));
        secrets.extend(world.texts("select refresh_hash from login where refresh_hash is not null"));
        let pem = world.texts("select private_pem from signing_key");
        secrets.extend(pem.iter().flat_map(|pem| pem.lines()).filter(|line| line.len() > 40).map(str::to_owned));
        assert!(secrets.len() > 12, "{secrets:?}");
        let log = server.log();
        assert!(log.contains("TRACE") || log.contains("DEBUG"), "nothing was logged: {log}");
        for secret in &secrets {
            let found = log.lines().find(|line| line.contains(secret.as_str()));
            assert_eq!(found, None, "{secret} is in the log");
        }
        server.stop();
    }

    /// Whoever is told an id finds the line of the log that it stands in.
    fn every_answer_has_an_id_that_the_log_knows(world: &World) {
        let server = Server::start(world, &[]);
        let client = server.client("");
        let ask = |id: Option<&str>, path: &str| {
            let headers: Vec<(&str, &str)> = id.map(|id| ("x-request-id", id)).into_iter().collect();
            let answer = client.send("GET", path, None, &headers).expect("an answer");
            let id = answer.header("x-request-id").expect("an id").to_owned();
            (id, answer)
        };
        let (own, answer) = ask(Some("ticket-17.b_2"), "/api/v1/session");
        assert_eq!((own.as_str(), answer.json()["request_id"].as_str()), ("ticket-17.b_2", Some("ticket-17.b_2")));
        let (made, answer) = ask(None, "/api/v1/nothing");
        assert_eq!(answer.json()["request_id"].as_str(), Some(made.as_str()));
        assert!(made.len() == 32 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
        assert_ne!(ask(None, "/health/live").0, ask(None, "/health/live").0);
        let fault = ask(Some("porta-1"), "/rest/Fax/send?auth_info=open-sesame");
        assert_eq!((fault.0.as_str(), fault.1.status), ("porta-1", 500));
        // What could break a line of the log, or fill it, is replaced.
        for foreign in ["", "a b", "a\tb", "id=\"x\"", &"x".repeat(65), "request{id=7}"] {
            let (id, _) = ask(Some(foreign), "/api/v1/session");
            assert_eq!(id.len(), 32, "{foreign}: {id}");
        }
        let log = server.log();
        for (id, words) in [
            ("ticket-17.b_2", r#"method="GET" route="/api/v1/session" status=401"#),
            (made.as_str(), r#"method="GET" route="/api/{*rest}" status=404"#),
            ("porta-1", r#"method="GET" route="/rest/{*path}" status=500"#),
        ] {
            let found = log.lines().any(|line| line.contains(id) && line.contains(words));
            assert!(found, "no line has {id} and {words}: {log}");
        }
        assert!(!log.contains("open-sesame") && !log.contains("id=7"), "{log}");
        server.stop();
    }

    fn a_newer_schema_is_refused_and_left_alone(world: &World) {
        assert!(world.must(&["migrate"]).starts_with("schema version: "));
        let version = world.number("select max(version) from schema_version");
        meddle(world, &format!("insert into schema_version (version) values ({})", version + 7));
        let rows = look(world, "select count(*) from installation");
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["demo", "--listen", "127.0.0.1:0"], &["check"], &["migrate"]] {
            let mut command = world.command(arguments);
            command.env("TRUNKLINE_DEMO_DATABASE_URL", &world.url);
            let output = command.output().expect("a run");
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
            let words = format!("its schema has version {} and this program knows versions up to {version}; start a newer trunkline", version + 7);
            assert!(told.contains(&words), "{arguments:?}: {told}");
        }
        assert_eq!(look(world, "select max(version) from schema_version"), version + 7);
        assert_eq!(look(world, "select count(*) from installation"), rows);
    }

    /// SIGTERM in the middle of a burst: it ends with 0, every answer that was given is true, and nobody waits for ever.
    fn it_stops_cleanly_with_requests_under_way(world: &World) {
        add_administrator(world.command(&[]));
        let mut server = Server::start(world, &[]);
        let token = server.sign_in("admin", PASSWORD);
        let class = server.client(&token).post("/api/v1/customer-classes", &json!({ "name": "Burst" })).expect(201).id();
        let acknowledged = AtomicUsize::new(0);
        let made: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|number| {
                    let (client, acknowledged) = (server.client(&token), &acknowledged);
                    scope.spawn(move || {
                        let mut made = Vec::new();
                        for count in 0.. {
                            let name = format!("connection {number} customer {count}");
                            let body = json!({ "name": name, "class_id": class, "currency": "EUR" });
                            let Ok(answer) = client.ask("POST", "/api/v1/customers", Some(&body), None) else { break };
                            // Whoever comes too late is told so, and nothing was done.
                            if answer.status == 503 {
                                assert_eq!(answer.code(), "unavailable");
                                break;
                            }
                            assert_eq!(answer.status, 201, "{}", answer.body);
                            acknowledged.fetch_add(1, Ordering::SeqCst);
                            made.push(name);
                        }
                        made
                    })
                })
                .collect();
            until("customers are made", || acknowledged.load(Ordering::SeqCst) >= 60);
            server.terminate();
            threads.into_iter().flat_map(|thread| thread.join().expect("a connection")).collect()
        });
        assert_eq!(server.ended().code(), Some(0), "{}", server.log());
        let mut stored = world.texts("select name from customer");
        for name in &made {
            let place = stored.iter().position(|stored| stored == name);
            stored.remove(place.unwrap_or_else(|| panic!("{name} was acknowledged and is lost")));
        }
        // A request that was let in is answered, so nothing is there that nobody was told of.
        assert_eq!(stored, Vec::<String>::new());
        assert_eq!(world.run(&["check"]).code, Some(0));
    }
}

#[test]
fn an_open_connection_that_asks_nothing_does_not_hold_it_up() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let mut server = Server::start(&world, &[]);
    let address = server.base.strip_prefix("http://").expect("an address").to_owned();
    let mut idle = TcpStream::connect(&address).expect("a connection");
    idle.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").expect("a request");
    let mut first = [0; 12];
    idle.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    let begun = std::time::Instant::now();
    server.terminate();
    assert_eq!(server.ended().code(), Some(0));
    // Requests under way are given fifteen seconds; there is none.
    assert!(begun.elapsed().as_secs() < 10, "it took {:?}", begun.elapsed());
}

/// A page that listens for changes would listen for ever.
#[test]
fn a_page_that_listens_does_not_hold_it_up() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    add_administrator(world.command(&[]));
    let mut server = Server::start(&world, &[]);
    let token = server.sign_in("admin", PASSWORD);
    let mut page = TcpStream::connect(server.base.strip_prefix("http://").expect("an address")).expect("a connection");
    page.write_all(format!("GET /api/v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n").as_bytes()).expect("a request");
    let mut first = [0; 12];
    page.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    let begun = std::time::Instant::now();
    server.terminate();
    let mut rest = String::new();
    page.read_to_string(&mut rest).expect("the end of it");
    assert!(rest.ends_with("\r\n0\r\n\r\n"), "it ends as a whole: {rest}");
    assert_eq!(server.ended().code(), Some(0));
    // Requests under way are given fifteen seconds.
    assert!(begun.elapsed().as_secs() < 10, "it took {:?}", begun.elapsed());
}

#[test]
fn settings_come_from_arguments_before_the_environment_before_the_file_before_defaults() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let free = || TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let (of_file, of_environment, of_argument) = (free(), free(), free());
    let other = format!("sqlite:{}", world.folder.join("of_file.db").display());
    world.file("settings.toml", format!("database_url = \"{other}\"\nlisten = \"127.0.0.1:{of_file}\"\nnode = 3\n"));
    let run = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = world.command(arguments);
        command.env_remove("TRUNKLINE_DATABASE_URL").envs(environment.iter().copied());
        Server::run(command, world.folder.join("log"))
    };
    let server = run(&["serve", "--config", "settings.toml"], &[]);
    assert_eq!(server.base, format!("http://127.0.0.1:{of_file}"));
    server.stop();
    assert!(world.folder.join("of_file.db").is_file());
    let listen = format!("127.0.0.1:{of_environment}");
    let environment =
        [("TRUNKLINE_CONFIG", "settings.toml"), ("TRUNKLINE_LISTEN", &listen), ("TRUNKLINE_DATABASE_URL", "sqlite:of_env.db")];
    let server = run(&["serve"], &environment);
    assert_eq!(server.base, format!("http://{listen}"));
    server.stop();
    assert!(world.folder.join("of_env.db").is_file());
    let argument = format!("127.0.0.1:{of_argument}");
    let server = run(&["serve", "--listen", &argument, "--database-url", "sqlite:of_argument.db"], &environment);
    assert_eq!(server.base, format!("http://{argument}"));
    server.stop();
    assert!(world.folder.join("of_argument.db").is_file());
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let told = |arguments: &[&str]| reason(world.run(&[&["serve"], arguments].concat()));
    for (file, words) in [
        ("listenn = \"127.0.0.1:0\"\n", "unknown field `listenn`"),
        ("listen = 8080\n", "listen"),
        ("listen = \"nowhere\"\n", "listen"),
        ("[database]\nurl = \"x\"\n", "unknown field `database`"),
        ("node = 300\n", "node"),
        ("= \n", "settings.toml"),
    ] {
        world.file("settings.toml", file);
        let told = told(&["--config", "settings.toml"]);
        assert!(told.contains("settings.toml") && told.contains(words), "{file}: {told}");
    }
    world.file("settings.toml", "node = 16\n");
    assert!(told(&["--config", "settings.toml"]).contains("node: 16 is more than 15"));
    assert!(told(&["--config", "missing.toml"]).contains("cannot read missing.toml"));
    for (arguments, words) in [
        (&["--listen", "nowhere"][..], "--listen"),
        (&["--node", "16"], "--node"),
        (&["--trusted-proxy", "proxy.example"], "--trusted-proxy"),
        (&["--test-clock", "yesterday"], "--test-clock"),
        (&["--test-clock", "9999-01-01T00:00:00Z"], "--test-clock"),
        (&["--database-url", "mysql://host/x"], "must start with sqlite: or postgres://"),
        (&["--database-url", "sqlite:"], "names no file"),
        (&["--database-url", "sqlite:no/such/folder/x.db"], "no/such/folder"),
        (&["--database-url", "postgres://127.0.0.1:1/x"], "cannot be used"),
        (&["--unknown"], "--unknown"),
    ] {
        let told = told(arguments);
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let mut command = world.command(&["serve"]);
    let output = command.env_remove("TRUNKLINE_DATABASE_URL").output().expect("a run");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("say which database"));
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let told = told(&["--listen", &address]);
    assert!(told.contains(&format!("cannot listen on {address}")), "{told}");
}

/// A password in the URL of a database is told to nobody who reads the terminal.
#[test]
fn a_refusal_does_not_tell_the_password_of_the_database() {
    let world = World::on(trunkline_storage::Engine::Postgres);
    world.must(&["migrate"]);
    add_administrator(world.command(&[]));
    let url = world.url.replacen("postgres@", "postgres:open-sesame@", 1);
    assert_ne!(url, world.url);
    for arguments in [
        vec!["demo", "--listen", "127.0.0.1:0", "--database-url", &url],
        vec!["serve", "--listen", "127.0.0.1:0", "--database-url", "postgres://someone:open-sesame@127.0.0.1:1/x"],
        vec!["serve", "--listen", "127.0.0.1:0", "--database-url", "postgres://someone:open-sesame@bad host/x"],
    ] {
        let mut command = world.command(&arguments);
        let output = command.env("TRUNKLINE_LOG", "trace").output().expect("a run");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(!told.contains("open-sesame@") && !told.contains("open-sesame\n"), "{told}");
        assert!(told.lines().any(|line| line.starts_with("trunkline: ")), "{told}");
    }
}

#[test]
fn one_process_writes_a_file() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let server = Server::start(&world, &[]);
    let file = world.folder.join("trunkline.db");
    let holder = format!("is in use by a running trunkline (process {}, {})", server.process(), server.base);
    let words = format!("{} {holder}; stop it, or send the work to that server with --server URL", file.display());
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["demo", "--listen", "127.0.0.1:0", "--database-url", &world.url],
        &["migrate"],
        &["admin", "create", "--login", "x", "--password-stdin"],
    ] {
        let told = reason(world.run(arguments));
        assert!(told.contains(&words), "{arguments:?}: {told}");
    }
    // Reading does not disturb it, and it goes on.
    assert_eq!(world.run(&["check"]).code, Some(0));
    server.client("").get("/health/ready").expect(200);
    server.stop();
    Server::start(&world, &[]).stop();
}

fn cookie(client: &Client, headers: &[(&str, &str)]) -> String {
    let body = json!({ "login": "admin", "password": PASSWORD });
    let answer: Answer = client.send("POST", "/api/v1/session", Some(&body), headers).expect("an answer").expect(200);
    answer.header("set-cookie").expect("a cookie").to_owned()
}

#[test]
fn forwarded_headers_are_believed_from_a_trusted_proxy_alone() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    add_administrator(world.command(&[]));
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.7")];
    let server = Server::start(&world, &[]);
    assert!(!cookie(&server.client(""), &forwarded).contains("Secure"));
    server.stop();
    let server = Server::start(&world, &["--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.1"]);
    let client = server.client("");
    assert!(cookie(&client, &forwarded).ends_with("; Secure"));
    assert!(!cookie(&client, &[]).contains("Secure"));
    // Attempts are counted by the address behind the proxy: the last that is no proxy of ours, whatever a client writes before.
    let attempt = |forwarded: &str, number: usize| {
        let body = json!({ "login": format!("guess{number}"), "password": "guess guess guess" });
        client.send("POST", "/api/v1/session", Some(&body), &[("x-forwarded-for", forwarded)]).expect("an answer").status
    };
    let mut last = 0;
    for number in 0..80 {
        last = attempt(&format!("203.0.113.{number}, 198.51.100.7, 10.0.0.1"), number);
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(attempt("198.51.100.8", 100), 401);
    server.stop();
}

#[test]
fn answers_carry_what_keeps_a_browser_safe() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let server = Server::start(&world, &[]);
    let client = server.client("");
    for (path, kind) in
        [("/", "text/html"), ("/customers/5", "text/html"), ("/api/v1/statuses", "application/json"), ("/health/live", "text/plain")]
    {
        let answer = client.get(path).expect(200);
        assert!(answer.header("content-type").is_some_and(|found| found.starts_with(kind)), "{path}: {:?}", answer.headers);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        let expected = if kind == "text/html" { "no-cache" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), Some(expected), "{path}");
    }
    let policy = client.get("/").header("content-security-policy").expect("a policy").to_owned();
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(client.get("/assets/none.js").status, 404);
    for path in ["/assets/../../../Cargo.toml", "/assets/%2e%2e/%2e%2e/Cargo.toml", "/../../etc/passwd", "/%2e%2e/etc/passwd"] {
        let answer = client.get(path);
        assert!(!answer.body.contains("trunkline-server") && !answer.body.contains("root:"), "{path}: {}", answer.body);
    }
    server.stop();
}
