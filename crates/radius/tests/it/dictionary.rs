use proptest::prelude::*;
use trunkline_radius::wire::attribute::{Attribute, AttributeId};
use trunkline_radius::wire::dictionary::{Dictionary, LineError};
use trunkline_radius::wire::known;
use trunkline_radius::wire::value::ValueError;

#[test]
fn the_numbers_of_the_program_are_those_of_the_dictionary() {
    let dictionary = Dictionary::built_in().unwrap();
    for (name, id) in known::ALL {
        let found = dictionary.named(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!((found.id, found.name.as_str()), (*id, *name));
    }
}

#[test]
fn a_line_is_an_attribute_and_comes_back() {
    let dictionary = Dictionary::built_in().unwrap();
    for (line, id, value) in [
        ("Session-Timeout = 60", AttributeId::standard(27), vec![0, 0, 0, 60]),
        ("Service-Type = Framed-User", AttributeId::standard(6), vec![0, 0, 0, 2]),
        ("Framed-IP-Address = 192.0.2.7", AttributeId::standard(8), vec![192, 0, 2, 7]),
        ("Class = 0x0aff", AttributeId::standard(25), vec![10, 255]),
        ("3GPP-RAT-Type = 6", AttributeId::of_vendor(10_415, 21), vec![6]),
        ("Framed-IPv6-Prefix = 2001:db8::/32", AttributeId::standard(97), vec![0, 32, 0x20, 1, 0x0d, 0xb8]),
    ] {
        let attribute = dictionary.line(line).unwrap();
        assert_eq!(attribute, Attribute { id, value }, "{line}");
        assert_eq!(dictionary.words(&attribute), line);
    }
    let credit = dictionary.line("H323-CREDIT-TIME=h323-credit-time=60").unwrap();
    assert_eq!((credit.id, credit.value.as_slice()), (known::H323_CREDIT_TIME, b"h323-credit-time=60".as_slice()));
}

#[test]
fn a_line_that_is_no_attribute_says_why() {
    let dictionary = Dictionary::built_in().unwrap();
    let value = |name: &str, problem| LineError::Value { name: name.to_owned(), problem };
    for (line, expected) in [
        ("Session-Timeout", LineError::Form),
        ("Session-Timeot = 1", LineError::Name("Session-Timeot".to_owned())),
        ("Session-Timeout = soon", value("Session-Timeout", ValueError::Number(u64::from(u32::MAX)))),
        ("Session-Timeout = 4294967296", value("Session-Timeout", ValueError::Number(u64::from(u32::MAX)))),
        ("Framed-IP-Address = 192.0.2", value("Framed-IP-Address", ValueError::Address)),
        ("Class = 0x1", value("Class", ValueError::Hexadecimal)),
        ("Class = 0x+1", value("Class", ValueError::Hexadecimal)),
        ("Framed-IPv6-Prefix = 2001:db8::/129", value("Framed-IPv6-Prefix", ValueError::Prefix6)),
    ] {
        assert_eq!(dictionary.line(line), Err(expected), "{line}");
    }
    let long = format!("Reply-Message = {}", "x".repeat(254));
    assert_eq!(dictionary.line(&long), Err(value("Reply-Message", ValueError::TooLong)));
}

#[test]
fn an_operators_file_adds_names() {
    let mut dictionary = Dictionary::built_in().unwrap();
    let file = "# ours\nVENDOR Example 32473\nBEGIN-VENDOR Example\nATTRIBUTE Example-Speed 0x03 integer # in kbit/s\n\
                VALUE Example-Speed Slow 64\nEND-VENDOR Example\nATTRIBUTE Example-Plain 241 string\n";
    dictionary.add("example", file).unwrap();
    let slow = dictionary.line("example-speed = slow").unwrap();
    assert_eq!(slow, Attribute { id: AttributeId::of_vendor(32_473, 3), value: vec![0, 0, 0, 64] });
    assert_eq!(dictionary.words(&slow), "Example-Speed = Slow");
    assert_eq!(dictionary.named("EXAMPLE-PLAIN").unwrap().id, AttributeId::standard(241));
    // Once more is no harm.
    dictionary.add("example", file).unwrap();
}

#[test]
fn a_fault_names_its_file_and_line() {
    for (text, expected) in [
        ("ATTRIBUT X 1 string", "line 1: `ATTRIBUT` is no word of a dictionary: ATTRIBUTE, VALUE, VENDOR, BEGIN-VENDOR, END-VENDOR"),
        ("\nATTRIBUTE X 1", "line 2: ATTRIBUTE has other words: ATTRIBUTE name number type [flags]"),
        ("ATTRIBUTE X 256 string", "line 1: `256` is no number from 0 to 255"),
        ("ATTRIBUTE X 1.2 string", "line 1: `1.2` is no number from 0 to 255"),
        (
            "ATTRIBUTE X 1 strin",
            "line 1: `strin` is no type: string, octets, integer, ipaddr, date, byte, short, integer64, ipv6addr, ipv6prefix, ifid",
        ),
        ("ATTRIBUTE X=Y 1 string", "line 1: a name has 1 to 128 letters, digits, and `-_./`"),
        ("VALUE X Y 1", "line 1: no attribute is called `X`: a line ATTRIBUTE comes first"),
        ("ATTRIBUTE X 1 string\nATTRIBUTE X 2 string", "line 2: `X` has another number or type already"),
        ("BEGIN-VENDOR Nobody", "line 1: no vendor is called `Nobody`: a line VENDOR comes first"),
        ("END-VENDOR Nobody", "line 1: no vendor is called `Nobody`: a line VENDOR comes first"),
        ("VENDOR Wide 429 format=4,0", "line 1: numbers of one byte and lengths of one byte alone: format=1,1"),
        ("$INCLUDE other", "line 1: `$INCLUDE` is no word of a dictionary: ATTRIBUTE, VALUE, VENDOR, BEGIN-VENDOR, END-VENDOR"),
    ] {
        let problem = Dictionary::default().add("mine.txt", text).unwrap_err();
        assert_eq!(problem.to_string(), format!("mine.txt, {expected}"), "{text}");
    }
}

#[test]
fn what_is_secret_is_not_shown() {
    let dictionary = Dictionary::built_in().unwrap();
    for name in ["User-Password", "CHAP-Password", "CHAP-Challenge", "Message-Authenticator", "Digest-Response", "Sterman-Digest-Response"]
    {
        let id = dictionary.named(name).unwrap().id;
        assert_eq!(dictionary.words(&Attribute::new(id, "open sesame").unwrap()), format!("{name} = <hidden>"));
    }
    assert_eq!(dictionary.words(&Attribute::new(known::USER_NAME, [b'a', 7, 0xff, b'"']).unwrap()), "User-Name = \"a\\u{7}\u{fffd}\\\"\"");
}

proptest! {
    #[test]
    fn any_text_is_a_dictionary_or_a_named_fault(text in "(ATTRIBUTE|VALUE|VENDOR|BEGIN-VENDOR| |\n|[a-z0-9.,=#]{1,4}){0,40}") {
        let _ = Dictionary::default().add("any", &text);
    }

    #[test]
    fn any_attribute_can_be_shown(vendor in prop::sample::select(vec![0u32, 9, 10_415, 77]), number: u8, value in prop::collection::vec(any::<u8>(), 0..40)) {
        let dictionary = Dictionary::built_in().unwrap();
        let _ = dictionary.words(&Attribute { id: AttributeId { vendor, number }, value });
    }
}
