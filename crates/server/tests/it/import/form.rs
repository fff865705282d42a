//! The form of files: encodings, delimiters, line breaks, quotes, limits, and files that are none.

use super::{classes, customers, done, refused};
use crate::world::World;

/// Each file holds the same two customers.
#[test]
fn files_of_every_usual_form_are_read() {
    let plain = "name,iso_4217,customer_class,note\nAnna,EUR,Home,\"one, two\"\nБорис,USD,Home,\"a \"\"b\"\"\"\n";
    let forms: [(&str, Vec<u8>); 9] = [
        ("plain", plain.into()),
        ("with a byte order mark", format!("\u{feff}{plain}").into()),
        ("with CR LF", plain.replace('\n', "\r\n").into()),
        ("with CR alone", plain.replace('\n', "\r").into()),
        ("without a last line break", plain.trim_end().into()),
        ("with semicolons", "name;iso_4217;customer_class;note\nAnna;EUR;Home;one, two\nБорис;USD;Home;\"a \"\"b\"\"\"\n".into()),
        ("with tabs", "name\tiso_4217\tcustomer_class\tnote\nAnna\tEUR\tHome\tone, two\nБорис\tUSD\tHome\t\"a \"\"b\"\"\"\n".into()),
        (
            "with empty lines, and delimiters behind the last column",
            "\n\nname,iso_4217,customer_class,note\n\nAnna,EUR,Home,\"one, two\",,\n,,,\n  \nБорис,USD,Home,\"a \"\"b\"\"\"\n\n".into(),
        ),
        (
            "in another order, with capitals and spaces",
            "NOTE , Name,i_customer_class,ISO_4217\n\"one, two\",  Anna ,HOME_ID,eur\n\"a \"\"b\"\"\",Борис,HOME_ID,USD\n".into(),
        ),
    ];
    for (form, content) in forms {
        let world = World::on(trunkline_storage::Engine::Sqlite);
        classes(&world);
        let home = world.number("select customer_class_id from customer_class where name = 'Home'").to_string();
        let content = if content.windows(7).any(|part| part == b"HOME_ID") {
            String::from_utf8(content).unwrap().replace("HOME_ID", &home).into()
        } else {
            content
        };
        world.file("people.csv", content);
        assert_eq!(
            world.run(&["import", "customers", "people.csv"]).timeless(),
            done("imported 2 customers from people.csv in _ s\n"),
            "{form}"
        );
        let found = world.texts("select name || '|' || currency || '|' || notes from customer order by customer_id");
        assert_eq!(found, ["Anna|EUR|one, two", "Борис|USD|a \"b\""], "{form}");
    }
}

#[test]
fn a_header_alone_is_an_import_of_nothing() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    world.file("people.csv", "name,iso_4217,customer_class\n");
    assert_eq!(world.run(&["import", "customers", "people.csv"]).timeless(), done("imported 0 customers from people.csv in _ s\n"));
}

#[test]
fn what_is_no_csv_in_utf_8_is_refused_with_advice() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let cases: [(&[u8], &str); 7] = [
        (b"", "x.csv: the file is empty; its first line must name the columns"),
        (b"\n \n,,\n", "x.csv: the file is empty; its first line must name the columns"),
        (b"\xff\xfen\0a\0m\0e\0", "x.csv: the file is UTF-16; save it as “CSV UTF-8”"),
        (b"n\0a\0m\0e\0", "x.csv: the file is no text in UTF-8; save it as “CSV UTF-8”"),
        (b"PK\x03\x04rest", "x.csv: the file is a workbook or an archive; save the sheet as “CSV UTF-8”"),
        (b"\x1f\x8brest", "x.csv: the file is compressed; unpack it first"),
        (b"name,stra\xdfe\n", "x.csv: line 1: the header is no text in UTF-8; save the file as “CSV UTF-8”"),
    ];
    for (content, expected) in cases {
        world.file("x.csv", content);
        assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(&format!("{expected}\nx.csv: nothing was loaded\n")));
    }
    let missing = world.run(&["import", "customers", "missing.csv"]);
    assert_eq!(
        (missing.code, missing.told.as_str()),
        (Some(2), "trunkline: cannot read missing.csv: No such file or directory (os error 2)\n")
    );
    let folder = world.run(&["import", "customers", "."]);
    let told = "trunkline: . is not a file; an import reads its file twice, so that a pipe does not do\n";
    assert_eq!((folder.code, folder.told.as_str()), (Some(2), told));
}

#[test]
fn a_header_is_refused_with_all_that_is_wrong_with_it() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    let cases: [(&str, &str, &[&str]); 5] = [
        (
            "customers",
            "naem;Phone;blocked;iso_4217;iso_4217;;i_parent;reseller",
            &[
                "there is no column “naem”; did you mean “name”?",
                "there is no column “Phone”; did you mean “phone1”?",
                "the column “blocked” is not imported: a customer is made open; block it afterwards",
                "the column “iso_4217” stands twice",
                "column 6 has no name",
                "the columns “reseller” and “i_parent” say the same; keep one of them",
                "the column “name” is missing",
                "the column “customer_class” or “i_customer_class” is missing",
            ],
        ),
        (
            "customers",
            "name,iso4217,customer class,E-Mail,currency code",
            &[
                "there is no column “iso4217”; did you mean “iso_4217”?",
                "there is no column “customer class”; did you mean “customer_class”?",
                "there is no column “E-Mail”; did you mean “email”?",
                "there is no column “currency code”; did you mean “iso_4217”?",
                "the column “iso_4217” is missing",
                "the column “customer_class” or “i_customer_class” is missing",
            ],
        ),
        (
            "accounts",
            "customer_name",
            &[
                "there is no column “customer_name”; did you mean “customer”?",
                "the column “id” is missing",
                "the column “customer” or “i_customer” is missing",
                "the column “billing_model” is missing",
            ],
        ),
        (
            "classes",
            "name,colour",
            &[
                "there is no column “colour”",
                "the columns of classes are: name, iso_4217, payment_terms_days, limit_after_days, suspend_after_days, terminate_after_days, \
                 close_after_days, suspend_on_insuff_funds",
            ],
        ),
        ("classes", "name,i_customer_class", &["the column “i_customer_class” is not imported: ids are given by the system"]),
    ];
    for (what, header, expected) in cases {
        world.file("x.csv", format!("\n{header}\n"));
        let told: String = expected.iter().map(|line| format!("x.csv: line 2: {line}\n")).collect();
        assert_eq!(world.run(&["import", what, "x.csv"]), refused(&format!("{told}x.csv: nothing was loaded\n")), "{header}");
    }
    world.file("x.csv", vec![b','; 200]);
    assert_eq!(world.run(&["import", "customers", "x.csv"]).code, Some(1));
    world.file("x.csv", format!("name{}", ",name".repeat(200)));
    let told = "x.csv: line 1: 201 columns; at most 200 are read\nx.csv: nothing was loaded\n";
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(told));
}

#[test]
fn rows_that_are_no_rows_are_named_by_the_line_they_begin_on() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    classes(&world);
    let mut content = b"name,iso_4217,customer_class,note\r\n\r\nAnna,EUR,Home,\"two\r\nlines\"\r\nBruno,EUR\r\n".to_vec();
    content.extend(b"Chiara,EUR,Home,,more\r\nStra\xdfe,EUR,Home,\r\n");
    content.extend(format!("Dmitri,EUR,Home,{}\r\n", "n".repeat(70_000)).bytes());
    content.extend(b"\"Eszter\r\nFarid,EUR,Home,\"\r\nGrace,EUR,Home,5\" pipe\r\nHiroshi,EUR,Home,\"\"\"quoted\r\nquotes\"\"\"");
    world.file("x.csv", &content);
    let told = "x.csv: line 5: 2 fields, where the header has 4\n\
                x.csv: line 6: 5 fields, where the header has 4\n\
                x.csv: line 7, column name: not in UTF-8; save the file as “CSV UTF-8”\n\
                x.csv: line 8: longer than 65536 bytes\n\
                x.csv: line 9: 1 fields, where the header has 4; it goes on to line 10: is a closing quote missing?\n";
    let refusal = "x.csv: 5 bad rows of 8; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(&format!("{told}{refusal}")));
    assert_eq!(customers(&world), 0);
}

#[test]
fn a_quote_that_is_never_closed_is_found() {
    let world = World::on(trunkline_storage::Engine::Sqlite);
    classes(&world);
    world.file("x.csv", "name,iso_4217,customer_class\nAnna,EUR,Home\n\"Bruno,EUR,Home\nChiara,EUR,Home\n");
    let told = "x.csv: line 3: a quote of this row is never closed; nothing was loaded\n";
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(told));
    // It could swallow the rest of the file: leaving that out as one bad row would hide how many there were.
    assert_eq!(world.run(&["import", "customers", "x.csv", "--skip-bad"]), refused(told));
    world.file("x.csv", "name,iso_4217,note,customer_class\nAnna,EUR,,Home\nBruno,EUR,\"a \"\"b\"\",Home\nChiara,EUR,,Home");
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(told));
    let rest = "Chiara,EUR,Home\n".repeat(100_000);
    world.file("x.csv", format!("name,iso_4217,customer_class\n\n\"Bruno,EUR,Home\n{rest}"));
    let told = "x.csv: line 3: no end of the row within 1048576 bytes; is a closing quote missing?; nothing was loaded\n";
    assert_eq!(world.run(&["import", "customers", "x.csv"]), refused(told));
    assert_eq!(customers(&world), 0);
}
