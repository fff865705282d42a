use proptest::collection::vec;
use proptest::prelude::*;
use trunkline_radius::wire::attribute::{Attribute, AttributeId};
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::packet::{Code, PACKET_BYTES_MAX, Packet, PacketError};

use crate::{all_recorded, recorded};

fn words(packet: &Packet) -> String {
    let dictionary = Dictionary::built_in().unwrap();
    let lines: Vec<String> = packet.attributes.iter().map(|attribute| dictionary.words(attribute)).collect();
    format!("{:?} {}\n{}", packet.code, packet.identifier, lines.join("\n"))
}

#[test]
fn the_examples_of_rfc_2865_are_read() {
    let request = Packet::decode(&recorded("rfc2865-7.1-request")).unwrap();
    let expected = "AccessRequest 0\nUser-Name = \"nemo\"\nUser-Password = <hidden>\nNAS-IP-Address = 192.168.1.16\nNAS-Port = 3";
    assert_eq!(words(&request), expected);
    let accept = Packet::decode(&recorded("rfc2865-7.1-accept")).unwrap();
    assert_eq!(words(&accept), "AccessAccept 0\nService-Type = Login-User\nLogin-Service = 0\nLogin-IP-Host = 192.168.1.3");
    let framed = Packet::decode(&recorded("rfc2865-7.2-accept")).unwrap();
    assert_eq!(
        words(&framed),
        "AccessAccept 1\nService-Type = Framed-User\nFramed-Protocol = PPP\nFramed-IP-Address = 255.255.255.254\nFramed-Routing = 2\n\
         Framed-Compression = 1\nFramed-MTU = 1500"
    );
}

#[test]
fn attributes_of_vendors_are_read() {
    let packet = Packet::decode(&recorded("radclient-cisco")).unwrap();
    assert_eq!(
        words(&packet).lines().skip(3).collect::<Vec<_>>(),
        [
            "NAS-IP-Address = 192.0.2.20",
            "h323-conf-id = \"h323-conf-id=8FAE19BF 4B5E11EB 8A5BA9AB 2A5FE9C2\"",
            "Calling-Station-Id = \"380441234567\"",
            "Called-Station-Id = \"12025550123\"",
            "Cisco-AVPair = \"h323-ivr-out=PortaBilling_AuthMethod:INVITE\"",
            "Cisco-AVPair = \"h323-ivr-out=PortaBilling_Original_CLD:0012025550123\"",
            "Attr-9.19 = 0x566f4950",
            "Message-Authenticator = <hidden>",
        ]
    );
}

#[test]
fn several_attributes_of_a_vendor_can_lie_in_one_envelope() {
    let packet = Packet::decode(&recorded("vendor-several-in-one")).unwrap();
    assert_eq!(
        words(&packet),
        "AccountingRequest 9\nAcct-Status-Type = Start\nh323-conf-id = \"8FAE19BF 4B5E11EB 8A5BA9AB 2A5FE9C2\"\n\
         h323-call-origin = \"answer\"\nAcct-Session-Id = \"7\""
    );
}

#[test]
fn what_a_vendor_has_laid_out_otherwise_is_kept_as_it_stands() {
    let packet = Packet::decode(&recorded("vendor-opaque")).unwrap();
    assert_eq!(
        words(&packet),
        "AccountingRequest 9\nAcct-Status-Type = Start\nVendor-Specific = 0x000001ad0000901f00000001\n\
         Vendor-Specific = 0x00000009\nVendor-Specific = 0x000009"
    );
    assert_eq!(packet.encode().unwrap(), recorded("vendor-opaque"));
}

#[test]
fn what_lies_behind_the_length_is_not_of_the_packet() {
    let packet = Packet::decode(&recorded("padded")).unwrap();
    assert_eq!((packet.code, packet.identifier, packet.attributes.len()), (Code::StatusServer, 2, 0));
}

#[test]
fn each_fault_is_named() {
    let cases = [
        ("bad-short", PacketError::TooShort { bytes: 4 }),
        ("bad-length", PacketError::Length { said: 19, bytes: 20 }),
        ("bad-length-beyond", PacketError::Length { said: 32, bytes: 20 }),
        ("bad-attribute-zero", PacketError::AttributeLength { offset: 20 }),
        ("bad-attribute-over", PacketError::AttributeLength { offset: 20 }),
        ("bad-attribute-half", PacketError::AttributeLength { offset: 20 }),
        ("bad-code", PacketError::Code(9)),
    ];
    for (name, expected) in cases {
        assert_eq!(Packet::decode(&recorded(name)), Err(expected), "{name}");
    }
    let mut long = vec![1, 2, 0x10, 0x01];
    long.resize(PACKET_BYTES_MAX + 1, 0);
    assert_eq!(Packet::decode(&long), Err(PacketError::Length { said: 4_097, bytes: 4_097 }));
    assert_eq!(Packet::decode(&[]), Err(PacketError::TooShort { bytes: 0 }));
}

#[test]
fn the_largest_packet_is_read_and_written_and_none_beyond() {
    let largest = recorded("largest");
    assert_eq!(largest.len(), PACKET_BYTES_MAX);
    let mut packet = Packet::decode(&largest).unwrap();
    assert_eq!(packet.encode().unwrap(), largest);
    packet.attributes.push(Attribute::new(AttributeId::standard(25), []).unwrap());
    assert_eq!(packet.encode(), Err(PacketError::TooLong { bytes: PACKET_BYTES_MAX + 2 }));
}

#[test]
fn no_attribute_is_longer_than_its_length_can_say() {
    let standard = AttributeId::standard(18);
    let cisco = AttributeId::of_vendor(9, 1);
    assert!(Attribute::new(standard, vec![0; 253]).is_some() && Attribute::new(standard, vec![0; 254]).is_none());
    assert!(Attribute::new(cisco, vec![0; 247]).is_some() && Attribute::new(cisco, vec![0; 248]).is_none());
    let packet = Packet { attributes: vec![Attribute { id: cisco, value: vec![0; 248] }], ..Packet::new(Code::AccessAccept, 1) };
    assert_eq!(packet.encode(), Err(PacketError::ValueTooLong { id: cisco, bytes: 248 }));
}

#[test]
fn what_was_recorded_comes_back_byte_by_byte() {
    // One envelope with several attributes is written as several; padding is not written.
    let otherwise = ["vendor-several-in-one", "padded"];
    for (name, bytes) in all_recorded() {
        if let Ok(packet) = Packet::decode(&bytes)
            && !otherwise.contains(&name.as_str())
        {
            assert_eq!(packet.encode().unwrap(), bytes, "{name}");
        }
    }
}

fn attribute() -> impl Strategy<Value = Attribute> {
    // Number 26 of the standard is the envelope of the others.
    let standard = (any::<u8>().prop_filter("not the envelope", |number| *number != 26), vec(any::<u8>(), 0..=253))
        .prop_map(|(number, value)| Attribute { id: AttributeId::standard(number), value });
    let vendor = (1..=u32::MAX, any::<u8>(), vec(any::<u8>(), 0..=247))
        .prop_map(|(vendor, number, value)| Attribute { id: AttributeId::of_vendor(vendor, number), value });
    prop_oneof![standard, vendor]
}

fn packet() -> impl Strategy<Value = Packet> {
    (prop::sample::select(&Code::ALL[..]), any::<u8>(), any::<[u8; 16]>(), vec(attribute(), 0..12))
        .prop_map(|(code, identifier, authenticator, attributes)| Packet { code, identifier, authenticator, attributes })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(packet in packet()) {
        let bytes = packet.encode().unwrap();
        prop_assert!(bytes.len() <= PACKET_BYTES_MAX);
        prop_assert_eq!(Packet::decode(&bytes).unwrap(), packet);
    }

    #[test]
    fn any_bytes_are_a_packet_or_a_named_fault(bytes in vec(any::<u8>(), 0..600)) {
        let _ = Packet::decode(&bytes);
    }

    #[test]
    fn what_is_read_is_written_so_that_it_reads_alike(code in 1u8..6, tail in vec(any::<u8>(), 0..400)) {
        let length = u16::try_from(tail.len() + 20).unwrap().to_be_bytes();
        let mut bytes = vec![code, 7, length[0], length[1]];
        bytes.extend([9; 16]);
        bytes.extend(tail);
        if let Ok(packet) = Packet::decode(&bytes) {
            // Several in one envelope take more room one by one.
            match packet.encode() {
                Ok(again) => prop_assert_eq!(Packet::decode(&again).unwrap(), packet),
                Err(problem) => {
                    let is_too_long = matches!(problem, PacketError::TooLong { .. });
                    prop_assert!(is_too_long, "{problem}");
                }
            }
        }
    }
}
