//! Owns tests of lists as files: both forms whole, what stands in a cell, every row once, and nothing done for nobody.
//! Does not own: large ones (server).

use std::io::{Cursor, Read};
use std::pin::Pin;
use std::sync::Arc;

use axum::body::HttpBody;
use serde_json::{Value, json};
use tower::ServiceExt;
use trunkline_usecase::Client;

use crate::world::{ADMINISTRATOR, Got, World};

const PATH: &str = "/api/v1/customers/export";

/// Customers whose names and contacts a spreadsheet would take for something else.
fn people(world: &World) {
    world.add_customer(&json!({ "name": "=1+1", "address": { "email": "office@customer.example", "phone_1": "+49 30 1" } }));
    let owing = world.add_customer(&json!({ "name": "Öhler, \"Bau\"", "credit_limit": "100", "address": { "company_name": "A <&> B" } }));
    world.post(&format!("/api/v1/customers/{owing}/transactions"), &json!({ "action": "manual_payment", "amount": "1234.5" })).expect(201);
    let yen =
        world.add_customer(&json!({ "name": "川 商店", "currency": "JPY", "balance_control": "prepaid", "reseller_id": world.reseller }));
    world.post(&format!("/api/v1/customers/{yen}/transactions"), &json!({ "action": "manual_payment", "amount": "5000" })).expect(201);
    world.add_customer(&json!({ "name": "@home", "currency": "KWD", "opening_balance": "999999999.12345" }));
}

/// The parts of a workbook.
fn part(got: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(got)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

fn bytes(world: &World, path: &str) -> (axum::http::HeaderMap, Vec<u8>) {
    let mut request = world.request(ADMINISTRATOR, "GET", path, None, &[]);
    request.extensions_mut().insert(Client { address: "192.0.2.1".into(), is_secure: false });
    world.runtime.block_on(async {
        let response = world.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        (parts.headers, axum::body::to_bytes(body, 64 * 1024 * 1024).await.expect("a body").to_vec())
    })
}

fn header<'h>(headers: &'h axum::http::HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

on_both! {
    fn a_csv_file_holds_what_the_list_shows(world: &mut World) {
        people(world);
        let columns = "name,status,currency,balance,credit_limit,available_funds,company,email,phone,reseller,created";
        let got = world.get(&format!("{PATH}?columns={columns}&sort=-name&limit=1&at=last&total=none")).expect(200);
        assert_eq!(header(&got.headers, "content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(header(&got.headers, "content-disposition"), "attachment; filename=\"customers.csv\"");
        assert_eq!(header(&got.headers, "trunkline-rows"), "6");
        let lines: Vec<&str> = got.body.strip_prefix('\u{feff}').expect("the mark").split("\r\n").collect();
        assert_eq!(lines, [
            "name,status,iso_4217,balance,credit_limit,available_funds,companyname,email,phone1,reseller,creation_date",
            "川 商店,active,JPY,,,5000,,,,Möwe Wholesale,2026-06-16 08:00:00",
            "\"Öhler, \"\"Bau\"\"\",active,EUR,-1234.50,100.00,,A <&> B,,,,2026-06-16 08:00:00",
            "Möwe Wholesale,active,EUR,0.00,,,,,,,2026-06-16 08:00:00",
            "Kranich Wholesale,active,EUR,0.00,,,,,,,2026-06-16 08:00:00",
            "'@home,active,KWD,999999999.12345,,,,,,,2026-06-16 08:00:00",
            "'=1+1,active,EUR,0.00,,,,office@customer.example,'+49 30 1,,2026-06-16 08:00:00",
            "",
        ]);
        let filtered = world.get(&format!("{PATH}?columns=name&currency=EUR&search=wholesale&match=contains")).expect(200);
        assert_eq!((header(&filtered.headers, "trunkline-rows"), filtered.body.as_str()), ("2", "\u{feff}name\r\nKranich Wholesale\r\nMöwe Wholesale\r\n"));
        let none = world.get(&format!("{PATH}?columns=name&search=nobody")).expect(200);
        assert_eq!((header(&none.headers, "trunkline-rows"), none.body.as_str()), ("0", "\u{feff}name\r\n"));
        let all = world.get(PATH).expect(200);
        assert_eq!(all.body.lines().next().map(|line| line.split(',').count()), Some(24));
    }

    /// T37 (export)
    fn rates_are_a_file_that_an_import_reads_and_a_preview_tells_what_it_changes(world: &mut World) {
        let tariff = world.post("/api/v1/tariffs", &json!({ "name": "Night, and day", "service": "voice", "currency": "EUR" })).expect(201).id();
        let rates = format!("/api/v1/tariffs/{tariff}/rates");
        for new in [
            json!({ "prefix": "", "effective_from": "2026-07-01T00:00:00Z", "pricing": { "interval_first": 60, "price_next": "0.9" } }),
            json!({ "prefix": "44", "pricing": { "interval_first": 30, "interval_next": 6, "price_first": "0.05", "price_next": "0.012345" },
                "off_peak": { "formula": "+0.05, 60@0.1" } }),
            json!({ "prefix": "447", "effective_from": "2030-01-01T00:00:00.25Z", "status": "forbidden", "pricing": { "price_next": "0" } }),
            json!({ "prefix": "49", "payback": true, "pricing": { "formula": "fee, 2x30@0.2, 60@0.1, +10%" } }),
        ] {
            world.post(&rates, &new).expect(201);
        }
        let got = world.get(&format!("{rates}/export")).expect(200);
        assert_eq!((header(&got.headers, "trunkline-rows"), header(&got.headers, "content-disposition")), ("4", "attachment; filename=\"rates.csv\""));
        assert_eq!(got.body.split("\r\n").collect::<Vec<_>>(), [
            "\u{feff}tariff,destination,effective_from,status,payback_rate,interval_1,interval_n,price_1,price_n,formula,\
             op_interval_1,op_interval_n,op_price_1,op_price_n,op_formula",
            "\"Night, and day\",,2026-07-01 00:00:00,open,N,60,1,0.90,0.90,,,,,,",
            "\"Night, and day\",44,2026-06-16 08:00:00,open,N,30,6,0.05,0.012345,,,,,,\"'+0.05, 60@0.1\"",
            "\"Night, and day\",447,2030-01-01T00:00:00.25Z,forbidden,N,1,1,0.00,0.00,,,,,,",
            "\"Night, and day\",49,2026-06-16 08:00:00,open,Y,,,,,\"fee, 2x30@0.2, 60@0.1, +10%\",,,,,",
            "",
        ]);
        let send = |world: &World, query: &str, file: String| {
            let path = format!("/api/v1/imports/rates?{query}");
            world.send(world.raw(ADMINISTRATOR, "POST", &path, "text/csv", file.into_bytes(), &[])).expect(200).json()
        };
        let before = world.state();
        let counts = |[added, raised, lowered, altered, closed, opened, unchanged]: [u64; 7], told: Value| {
            json!({ "added": added, "raised": raised, "lowered": lowered, "altered": altered, "closed": closed, "opened": opened,
                "unchanged": unchanged, "told": told })
        };
        let told = send(world, "preview=true", got.body.clone());
        assert_eq!((&told["rows"], &told["loaded"], &told["changes"]), (&json!(4), &json!(0), &counts([0, 0, 0, 0, 0, 0, 4], json!([]))));
        // Raised, lowered, counted otherwise, forbidden, new; and one that is wrong is told beside them.
        let file = "tariff,destination,effective_from,interval_1,interval_n,price_1,price_n,status\n\
                    \"Night, and day\",44,2027-01-01,30,6,0.05,0.02,open\n\
                    \"Night, and day\",44,2028-01-01,30,6,0.05,0.01,open\n\
                    \"Night, and day\",,2027-01-01,1,1,0.9,0.9,open\n\
                    \"Night, and day\",49,2027-01-01,,,,,forbidden\n\
                    \"Night, and day\",33,2027-01-01,1,1,0.12,0.12,open\n\
                    Nowhere,33,2027-01-01,1,1,0.12,0.12,open\n";
        let told = send(world, "preview=true", file.to_owned());
        let change = |line: u64, kind: &str, prefix: &str, from: &str, before: Value, after: Value| {
            json!({ "line": line, "kind": kind, "tariff_id": tariff, "tariff_name": "Night, and day", "prefix": prefix,
                "effective_from": from, "price_before": before, "price_after": after })
        };
        let changes = json!([
            change(2, "raised", "44", "2027-01-01T00:00:00Z", json!("0.03117"), json!("0.035")),
            change(3, "lowered", "44", "2028-01-01T00:00:00Z", json!("0.03117"), json!("0.03")),
            change(4, "altered", "", "2027-01-01T00:00:00Z", json!("0.9"), json!("0.9")),
            change(5, "closed", "49", "2027-01-01T00:00:00Z", json!("-0.22"), Value::Null),
            change(6, "added", "33", "2027-01-01T00:00:00Z", Value::Null, json!("0.12")),
        ]);
        assert_eq!(told["changes"], counts([1, 1, 1, 1, 1, 0, 0], changes));
        assert_eq!((&told["rows"], &told["rows_bad"], &told["problems"][0]["line"]), (&json!(6), &json!(1), &json!(7)));
        // Neither has written anything.
        assert_eq!(world.state(), before);
        assert_eq!(send(world, "", got.body)["loaded"], 4);
        assert_eq!(world.get(&format!("{rates}/export?columns=prefix")).expect(200).body, "\u{feff}destination\r\n\r\n44\r\n447\r\n49\r\n");
    }

    fn accounts_and_xdrs_are_files_too(world: &mut World) {
        let ada = world.add_customer(&json!({ "name": "Ada", "currency": "JPY" }));
        let debit = json!({ "customer_id": ada, "identity": "81312345678", "model": "debit", "opening_balance": "500", "batch": "B-1" });
        world.post("/api/v1/accounts", &debit).expect(201);
        world.post("/api/v1/accounts", &json!({ "customer_id": ada, "identity": "line@sip.example", "blocked": true })).expect(201);
        world.post(&format!("/api/v1/customers/{ada}/transactions"), &json!({ "action": "manual_charge", "amount": "70" })).expect(201);
        let columns = "identity,status,customer,model,currency,balance,credit_limit,batch,created";
        let got = world.get(&format!("/api/v1/accounts/export?columns={columns}&sort=-identity&customer_id={ada}&limit=1")).expect(200);
        assert_eq!((header(&got.headers, "trunkline-rows"), header(&got.headers, "content-disposition")), ("2", "attachment; filename=\"accounts.csv\""));
        assert_eq!(got.body.split("\r\n").collect::<Vec<_>>(), [
            "\u{feff}id,status,customer,billing_model,iso_4217,balance,credit_limit,batch,issue_date",
            "line@sip.example,blocked,Ada,credit,JPY,0,,,2026-06-16 08:00:00",
            "81312345678,active,Ada,debit,JPY,500,,B-1,2026-06-16 08:00:00",
            "",
        ]);
        let columns = "bill_time,cld,kind,customer,account,amount,currency";
        let got = world.get(&format!("/api/v1/xdrs/export?columns={columns}&customer_id={ada}")).expect(200);
        assert_eq!((header(&got.headers, "trunkline-rows"), header(&got.headers, "content-disposition")), ("1", "attachment; filename=\"xdrs.csv\""));
        assert_eq!(got.body.split("\r\n").collect::<Vec<_>>(), [
            "\u{feff}bill_time,CLD,kind,customer,account_id,charged_amount,iso_4217",
            "2026-06-16 08:00:00,Manual charge,charge,Ada,,70,JPY",
            "",
        ]);
    }

    fn every_row_of_many_slices_is_there_once_in_the_order_of_the_list(world: &mut World) {
        multiply(world, 1_234);
        let names = |query: &str| -> Vec<String> {
            let got = world.get(&format!("{PATH}?columns=name&{query}")).expect(200);
            assert_eq!(header(&got.headers, "trunkline-rows"), "1236");
            got.body.lines().skip(1).map(str::to_owned).collect()
        };
        let by_name = names("sort=name");
        let mut sorted = by_name.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((by_name.len(), &by_name), (1_236, &sorted));
        let mut backwards = names("sort=-name");
        backwards.reverse();
        assert_eq!(backwards, by_name);
    }
}

/// More customers than one by one would be made in a while.
fn multiply(world: &World, count: usize) {
    let rows: String = (0..count).map(|number| format!("Customer {number:05},EUR,Standard\n")).collect();
    world.post("/api/v1/imports/customers", &json!(format!("name,iso_4217,customer_class\n{rows}"))).expect(200);
}

#[test]
fn a_workbook_holds_numbers_moments_and_texts_that_are_no_formulas() {
    let world = World::new();
    people(&world);
    let (headers, file) = bytes(
        &world,
        &format!("{PATH}?format=xlsx&columns=id,name,balance,created,company&sort=name&currency=EUR&search=h&match=starts_with"),
    );
    assert_eq!(header(&headers, "content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_eq!(header(&headers, "content-disposition"), "attachment; filename=\"customers.xlsx\"");
    assert_eq!(header(&headers, "trunkline-rows"), "0");
    assert!(part(&file, "xl/worksheets/sheet1.xml").ends_with("</row></sheetData></worksheet>"));
    let (_, file) = bytes(&world, &format!("{PATH}?format=xlsx&columns=name,balance,available_funds,created,company&sort=-name"));
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    let rows: Vec<&str> = sheet.split("<row>").skip(1).map(|row| row.split("</row>").next().unwrap_or("")).collect();
    let text = |text: &str| format!(r#"<c s="0" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#);
    // Eight o'clock is a third of the day; the day is the 46,189th since that of spreadsheets.
    let created = r#"<c s="2"><v>46189.3333333333</v></c>"#;
    let heading = |name: &str| text(name).replace(r#"s="0""#, r#"s="1""#);
    assert_eq!(rows[0], ["name", "balance", "available_funds", "creation_date", "companyname"].map(heading).concat());
    assert_eq!(rows[1], [text("川 商店").as_str(), "<c/>", r#"<c s="3"><v>5000</v></c>"#, created, "<c/>"].concat());
    assert_eq!(
        rows[2],
        [text("Öhler, \"Bau\"").as_str(), r#"<c s="5"><v>-1234.50</v></c>"#, "<c/>", created, &text("A &lt;&amp;&gt; B")].concat()
    );
    assert_eq!(rows[5], [text("@home").as_str(), r#"<c s="8"><v>999999999.12345</v></c>"#, "<c/>", created, "<c/>"].concat());
    assert_eq!(rows[6], [text("=1+1").as_str(), r#"<c s="5"><v>0.00</v></c>"#, "<c/>", created, "<c/>"].concat());
    assert_eq!(rows.len(), 7);
    for name in ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"] {
        assert!(part(&file, name).starts_with("<?xml"), "{name}");
    }
}

#[test]
fn columns_that_there_are_not_are_refused_by_name() {
    let world = World::new();
    let field = |got: Got| got.field();
    let word = |code: &str| ("columns".to_owned(), code.to_owned());
    assert_eq!(field(world.get(&format!("{PATH}?columns=name,colour"))), word("unknown_choice"));
    assert_eq!(field(world.get(&format!("{PATH}?columns=name,name"))), word("duplicate_field"));
    assert_eq!(field(world.get(&format!("{PATH}?columns="))), word("unknown_choice"));
    assert_eq!(field(world.get(&format!("{PATH}?sort=colour"))), ("sort".to_owned(), "unknown_choice".to_owned()));
    assert_eq!(field(world.get(&format!("{PATH}?format=pdf"))), ("format".to_owned(), "unknown_choice".to_owned()));
    assert_eq!(field(world.get(&format!("{PATH}?format=csv&format=csv"))), ("format".to_owned(), "duplicate_field".to_owned()));
}

/// T38: nothing is read for nobody.
#[test]
fn a_client_that_goes_ends_the_walk() {
    let world = World::new();
    multiply(&world, 5_000);
    let handles = Arc::strong_count(&world.app);
    let mut request = world.request(ADMINISTRATOR, "GET", &format!("{PATH}?columns=name"), None, &[]);
    request.extensions_mut().insert(Client { address: "192.0.2.1".into(), is_secure: false });
    world.runtime.block_on(async {
        let response = world.router.clone().oneshot(request).await.expect("infallible");
        let mut body = response.into_body();
        let first = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.expect("a part").expect("it goes on");
        let lines = String::from_utf8(first.into_data().expect("bytes").to_vec()).expect("UTF-8").lines().count();
        assert_eq!(lines, 1 + trunkline_usecase::export::ROWS_AT_ONCE);
        assert!(Arc::strong_count(&world.app) > handles, "the walk has ended");
        drop(body);
        while Arc::strong_count(&world.app) > handles {
            tokio::task::yield_now().await;
        }
    });
}
