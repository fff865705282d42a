//! Owns tests of a large list as a file (T38), and of clients that go away while the server works for them: what nobody takes is
//! not read, and what nobody waits for is stopped.
//! Does not own: what stands in a file (api).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::program::{PASSWORD, Server, add_administrator, meddle};
use crate::world::{World, until};

const CUSTOMERS: usize = 100_000;
/// What a server may need beside what it has anyway, however large the list.
const MEMORY_KILOBYTES_MAX: u64 = 32 * 1024;

/// A server that used no measurable time of a processor for this long waits for somebody.
const RESTS_FOR: Duration = Duration::from_millis(300);

/// Asks, and leaves the answer to be read.
fn ask(server: &Server, token: &str, path: &str) -> TcpStream {
    let address = server.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n").unwrap();
    stream
}

/// The headers of an answer, in small letters.
fn head(reader: &mut BufReader<TcpStream>) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => return lines,
            line => lines.push(line.to_lowercase()),
        }
    }
}

/// The whole body, which comes in chunks; panics where it breaks off.
fn body(reader: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let length = u64::from_str_radix(line.trim_end(), 16).unwrap_or_else(|_| panic!("it broke off: {line:?}"));
        let before = body.len();
        reader.take(length).read_to_end(&mut body).unwrap();
        assert_eq!(u64::try_from(body.len() - before).unwrap(), length);
        reader.read_line(&mut String::new()).unwrap();
        if length == 0 {
            return body;
        }
    }
}

/// Makes `count` customers of the one that there is, in the tables that have a row of it.
fn multiply(world: &World, count: usize) {
    let is_sqlite = world.url.starts_with("sqlite:");
    let tables = if is_sqlite {
        "select m.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'customer_id'"
    } else {
        "select cast(table_name as text) from information_schema.columns where column_name = 'customer_id' and table_schema = 'public'"
    };
    for table in world.texts(tables) {
        let columns = if is_sqlite {
            format!("select name from pragma_table_info('{table}')")
        } else {
            format!("select cast(column_name as text) from information_schema.columns where table_name = '{table}'")
        };
        let columns = world.texts(&columns);
        let number = "substr(cast(1000000 + n.i as text), 2)";
        let values = columns.iter().map(|column| match column.as_str() {
            "customer_id" => "t.customer_id + n.i".to_owned(),
            "name" => format!("'Customer ' || {number}"),
            "name_key" => format!("'customer ' || {number}"),
            column => format!("t.{column}"),
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let numbers = format!("with recursive n (i) as (select 1 union all select i + 1 from n where i < {})", count - 1);
        let rows = format!(
            "{numbers} select {values} from n, {table} t where t.customer_id in (select customer_id from customer where name = 'Customer 000000')"
        );
        meddle(world, &format!("insert into {table} ({}) {rows}", columns.join(", ")));
    }
}

/// The most memory that a process has had, and the processor time that it has used, in hundredths of a second.
fn spent(process: u32) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB");
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let times = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap());
    (memory.parse().unwrap(), times.sum())
}

on_both! {
    /// T38: a hundred thousand rows are answered whole, with the memory of some hundred, to a client that is slow too.
    fn a_large_list_streams_and_needs_no_more_memory_than_a_small_one(world: &World) {
        world.file("classes.csv", "name\nStandard\n");
        world.file("customers.csv", "name,iso_4217,customer_class\nCustomer 000000,EUR,Standard\n");
        world.must(&["import", "classes", "classes.csv"]);
        world.must(&["import", "customers", "customers.csv"]);
        multiply(world, CUSTOMERS);
        add_administrator(world.command(&[]));
        let server = Server::start(world, &[]);
        let token = server.sign_in("admin", PASSWORD);
        let path = "/api/v1/customers/export?sort=name";
        // A tenth of the list fills whatever is filled once: the readers' caches of pages, the buffers of a connection, the allocator's arenas.
        for format in ["csv", "xlsx", "csv", "xlsx"] {
            let mut reader = BufReader::new(ask(&server, &token, &format!("{path}&search=Customer%2000&format={format}")));
            let head = head(&mut reader);
            assert!(head.contains(&format!("trunkline-rows: {}", CUSTOMERS / 10)), "{head:?}");
            body(&mut reader);
        }
        let (before, _) = spent(server.process());
        for format in ["csv", "xlsx"] {
            let mut reader = BufReader::new(ask(&server, &token, &format!("{path}&format={format}")));
            let head = head(&mut reader);
            assert!(head[0].starts_with("http/1.1 200") && head.contains(&format!("trunkline-rows: {CUSTOMERS}")), "{head:?}");
            // It goes no further than the buffers on the way: the server rests while the client does.
            let (mut used, mut since) = (0, Instant::now());
            until("the server rests", || {
                let now = spent(server.process()).1;
                if now != used {
                    (used, since) = (now, Instant::now());
                }
                since.elapsed() > RESTS_FOR
            });
            let file = body(&mut reader);
            if format == "csv" {
                let text = String::from_utf8(file).unwrap();
                assert_eq!(text.lines().count(), CUSTOMERS + 1);
                assert!(text.lines().last().unwrap().contains(&format!("Customer {:06}", CUSTOMERS - 1)));
            } else {
                assert!(file.starts_with(b"PK") && file.len() > CUSTOMERS, "{} bytes", file.len());
            }
        }
        let (after, _) = spent(server.process());
        assert!(after < before + MEMORY_KILOBYTES_MAX, "{before} kB before, {after} kB after");
        server.stop();
    }

    /// Esc in a browser closes the connection; every reader works for such a client, and is free again when it has gone.
    fn a_search_whose_client_has_gone_is_stopped(world: &World) {
        add_administrator(world.command(&[]));
        let server = Server::start(world, &[]);
        let token = server.sign_in("admin", PASSWORD);
        let client = server.client(&token);
        let class = client.post("/api/v1/customer-classes", &json!({ "name": "Standard" })).expect(201).id();
        let one = json!({ "name": "Ada", "class_id": class, "currency": "EUR" });
        let ada = client.post("/api/v1/customers", &one).expect(201).id();
        // An order that has no end, in a table that nobody else reads.
        meddle(world, "alter table customer_amount rename to amount_kept");
        let endless = "with recursive n (i) as (select 1 union all select i + 1 from n) \
                       select a.* from amount_kept a where (select count(*) from n) > 0";
        meddle(world, &format!("create view customer_amount as {endless}"));
        let list = "/api/v1/customers?sort=balance&total=none";
        let gone: Vec<TcpStream> = (0..4).map(|_| ask(&server, &token, list)).collect();
        until("all readers are at work", || client.get("/health/ready").status == 503);
        drop(gone);
        until("the readers are free", || client.get("/health/ready").status == 200);
        assert_eq!(client.get("/api/v1/session").status, 200);
        meddle(world, "drop view customer_amount");
        meddle(world, "alter table amount_kept rename to customer_amount");
        assert_eq!(client.get(list).expect(200).json()["items"][0]["id"], ada);
        server.stop();
    }
}
