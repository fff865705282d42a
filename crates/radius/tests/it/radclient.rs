//! The real `radclient` of FreeRADIUS asks: Debian's package `freeradius-utils`, which `cargo xtask ci --only packages` installs.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use trunkline_radius::request::{Kind, Report};

use crate::switch::Server;

/// The output of `radclient`, which says `Received ...` of an answer that is rightly signed.
fn ask(server: SocketAddr, kind: &str, secret: &str, attributes: &str) -> String {
    let mut child = Command::new("radclient")
        .args(["-x", "-r", "1", "-t", "2", &server.to_string(), kind, secret])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("radclient of the package freeradius-utils");
    child.stdin.take().unwrap().write_all(attributes.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn passwords_are_checked_as_radclient_sends_them() {
    let server = Server::start();
    let digest = "User-Name=\"12345678\", Digest-Response=\"#\", Digest-Realm=\"example.com\", Digest-Nonce=\"3bada1a0\", Digest-Method=\"INVITE\", \
                  Digest-URI=\"sip:97226491335@example.com\", Digest-Algorithm=\"MD5\", Digest-QOP=\"auth\", Digest-CNonce=\"56593a80\", \
                  Digest-Nonce-Count=\"00000001\", Digest-User-Name=\"12345678\", Message-Authenticator=0x00";
    for (attributes, answer) in [
        ("User-Name=alice, User-Password=\"open sesame\", Message-Authenticator=0x00".to_owned(), "Received Access-Accept"),
        ("User-Name=alice, User-Password=\"open sesamf\", Message-Authenticator=0x00".to_owned(), "Received Access-Reject"),
        ("User-Name=alice, CHAP-Password=\"open sesame\", Message-Authenticator=0x00".to_owned(), "Received Access-Accept"),
        ("User-Name=alice, CHAP-Password=\"open sesamf\", Message-Authenticator=0x00".to_owned(), "Received Access-Reject"),
        (digest.replace('#', "575e90aa2455a47ec33b9e8d5470784e"), "Received Access-Accept"),
        (digest.replace('#', "00000000000000000000000000000000"), "Received Access-Reject"),
        ("User-Name=alice, Message-Authenticator=0x00".to_owned(), "Received Access-Reject"),
    ] {
        let told = ask(server.authentication, "auth", "testing123", &attributes);
        assert!(told.contains(answer), "{attributes}: {told}");
    }
}

#[test]
fn an_answer_reads_in_radclient_as_it_was_meant() {
    let server = Server::start();
    let told = ask(
        server.authentication,
        "auth",
        "testing123",
        "User-Name=alice, User-Password=\"open sesame\", Proxy-State=0x0102, Proxy-State=0x03, Message-Authenticator=0x00",
    );
    let received: Vec<&str> = told.lines().skip_while(|line| !line.starts_with("Received")).skip(1).map(str::trim).collect();
    assert!(received[0].starts_with("Message-Authenticator = 0x"), "{told}");
    assert_eq!(
        received[1..5],
        ["Session-Timeout = 1", "h323-return-code = \"h323-return-code=0\"", "Proxy-State = 0x0102", "Proxy-State = 0x03"],
        "{told}"
    );
}

#[test]
fn radclient_with_another_secret_or_without_message_authenticator_gets_no_answer() {
    let server = Server::start();
    let password = "User-Name=alice, User-Password=\"open sesame\"";
    for (port, kind, secret, attributes) in [
        (server.authentication, "auth", "testing124", format!("{password}, Message-Authenticator=0x00")),
        (server.authentication, "auth", "testing123", password.to_owned()),
        (server.accounting, "acct", "testing124", "Acct-Status-Type=Start, Acct-Session-Id=s-1".to_owned()),
    ] {
        let told = ask(port, kind, secret, &attributes);
        assert!(told.contains("No reply") && !told.contains("Received"), "{told}");
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn accounting_and_status_of_radclient_are_answered() {
    let server = Server::start();
    for status in ["Start", "Interim-Update", "Stop"] {
        let told =
            ask(server.accounting, "acct", "testing123", &format!("Acct-Status-Type={status}, Acct-Session-Id=s-1, User-Name=alice"));
        assert!(told.contains("Received Accounting-Response"), "{told}");
    }
    let kinds: Vec<Kind> = server.seen.requests.lock().unwrap().iter().map(|(_, request)| request.kind).collect();
    assert_eq!(kinds, [Report::Start, Report::Interim, Report::Stop].map(Kind::Report));
    let told = ask(server.authentication, "status", "testing123", "Message-Authenticator=0x00");
    assert!(told.contains("Received Access-Accept"), "{told}");
    let told = ask(server.accounting, "status", "testing123", "Message-Authenticator=0x00");
    assert!(told.contains("Received Accounting-Response"), "{told}");
}
