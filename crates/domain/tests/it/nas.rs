//! Where a NAS is, and the lines of its replies.

use std::net::IpAddr;

use trunkline_domain::nas::{
    Directory, Nas, Network, NetworkError, ReplyLineError, check_reply_line, fill_reply_line, nas_of_session, speed_of_line,
};
use trunkline_domain::secret::Secret;
use trunkline_domain::session::Speed;
use trunkline_domain::time::Timestamp;

fn network(text: &str) -> Network {
    Network::parse(text).unwrap()
}

fn nas(nas_id: i64, place: &str, identifier: Option<&str>) -> Nas {
    Nas {
        nas_id,
        name: format!("nas {nas_id}"),
        network: network(place),
        identifier: identifier.map(str::to_owned),
        secret: Secret::new("testing123"),
        reauthorizes: false,
        interim_interval_seconds: None,
        message_authenticator_required: true,
        reply_template: None,
        dynamic_authorization_port: None,
        created_at: Timestamp::parse("2026-06-16T08:00:00Z").unwrap(),
        changed_at: Timestamp::parse("2026-06-16T08:00:00Z").unwrap(),
        version: 1,
    }
}

#[test]
fn a_network_has_one_form() {
    for (text, form) in [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("::/0", "::/0"),
        ("::1", "::1"),
    ] {
        assert_eq!(network(text).to_string(), form, "{text}");
    }
    for text in ["", "192.0.2", "192.0.2.7/33", "192.0.2.7/", "192.0.2.0/+24", "2001:db8::/129", "host", "192.0.2.0/24/8", "192.0.2.0/024x"]
    {
        assert_eq!(Network::parse(text), Err(NetworkError::Malformed), "{text}");
    }
    assert_eq!(Network::parse("192.0.2.7/24"), Err(NetworkError::BitsBehind(network("192.0.2.0/24"))));
}

#[test]
fn a_network_contains_what_begins_like_it() {
    for (place, address, is_inside) in [
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false),
        ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "::1", false),
        ("::/0", "192.0.2.1", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false),
    ] {
        assert_eq!(network(place).contains(address.parse().unwrap()), is_inside, "{place} {address}");
    }
}

#[test]
fn the_narrowest_network_and_the_identifier_tell_a_nas() {
    let all = [
        nas(1, "10.0.0.0/8", None),
        nas(2, "10.1.0.0/16", Some("a")),
        nas(3, "10.1.0.0/16", Some("b")),
        nas(4, "10.1.0.7", None),
        nas(5, "2001:db8::/32", None),
        nas(6, "10.2.0.0/16", Some("a")),
        nas(7, "10.2.0.0/16", None),
    ];
    let directory = Directory::new(all);
    for (source, identifier, expected) in [
        ("10.9.9.9", None, Some(1)),
        ("10.1.9.9", Some("a"), Some(2)),
        ("10.1.9.9", Some("b"), Some(3)),
        // None of the narrower network fits: the wider one.
        ("10.1.9.9", Some("c"), Some(1)),
        ("10.1.9.9", None, Some(1)),
        ("10.1.0.7", Some("a"), Some(4)),
        ("10.2.0.7", Some("a"), Some(6)),
        ("10.2.0.7", Some("c"), Some(7)),
        ("::ffff:10.2.0.7", None, Some(7)),
        ("2001:db8::1", None, Some(5)),
        ("192.0.2.1", None, None),
        ("2001:db9::1", Some("a"), None),
    ] {
        let source: IpAddr = source.parse().unwrap();
        assert_eq!(directory.find(source, identifier).map(|nas| nas.nas_id), expected, "{source} {identifier:?}");
    }
    assert_eq!(Directory::default().find("10.0.0.1".parse().unwrap(), None), None);
}

#[test]
fn a_secret_shows_in_no_log() {
    let shown = format!("{:?}", nas(1, "10.0.0.1", None));
    assert!(shown.contains("secret: <hidden>") && !shown.contains("testing123"), "{shown}");
}

#[test]
fn a_line_of_a_reply_is_checked() {
    let good = [
        "Session-Timeout = {seconds}",
        "h323-credit-time=h323-credit-time={announced_seconds}",
        "Service-Type = 15",
        "Cisco-AVPair = h323-ivr-in=DURATION:{seconds} of {amount} {currency}",
    ];
    assert!(good.iter().all(|line| check_reply_line(line).is_ok()));
    let placeholder = |word: &str| ReplyLineError::Placeholder(word.to_owned());
    for (line, expected) in [
        ("", ReplyLineError::Form),
        ("Session-Timeout", ReplyLineError::Form),
        ("Session-Timeout =", ReplyLineError::Form),
        ("= 5", ReplyLineError::Form),
        ("slow: A = 5", ReplyLineError::Form),
        ("limited: ", ReplyLineError::Form),
        ("Session Timeout = 5", ReplyLineError::Form),
        ("{seconds} = 5", ReplyLineError::Form),
        ("A = {second}", placeholder("second")),
        ("A = {}", placeholder("")),
        ("A = {seconds", ReplyLineError::Brace),
        ("A = seconds}", ReplyLineError::Brace),
        ("A = {seconds}}", ReplyLineError::Brace),
        ("A = b\nc", ReplyLineError::Length),
    ] {
        assert_eq!(check_reply_line(line), Err(expected), "{line}");
    }
    assert_eq!(check_reply_line(&format!("A = {}", "x".repeat(300))), Err(ReplyLineError::Length));
}

#[test]
fn a_line_of_a_reply_is_filled_or_names_what_it_lacks() {
    let value = |word: &str| (word == "seconds").then(|| "60".to_owned());
    assert_eq!(fill_reply_line("A = x{seconds}y{seconds}", value).unwrap(), "A = x60y60");
    assert_eq!(fill_reply_line("A = {seconds}{reason}", value), Err(ReplyLineError::Placeholder("reason".to_owned())));
}

#[test]
fn a_line_can_be_for_one_speed() {
    for (line, speed, rest) in [
        ("A = 5", None, "A = 5"),
        ("limited: A = 5", Some(Speed::Limited), "A = 5"),
        (" full:A = limited: 5", Some(Speed::Full), "A = limited: 5"),
        ("limited-A = 5", None, "limited-A = 5"),
    ] {
        assert_eq!((speed_of_line(line), check_reply_line(line)), ((speed, rest), Ok(())), "{line}");
    }
}

#[test]
fn a_session_s_key_tells_its_nas() {
    let key = format!("{}:192.0.2.7/a:b", nas(12, "192.0.2.0/24", None).source());
    assert_eq!(nas_of_session(&key), Some(12));
    assert_eq!(["api:nas-12:a", "nas-x:a", "nas-12"].map(nas_of_session), [None; 3]);
}
