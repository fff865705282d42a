//! Owns the numbers of the attributes that the program itself reads and writes. A test compares them with the dictionary.
//! Does not own: what they mean for a call (request.rs).

use super::attribute::AttributeId;

/// The enterprise number of Cisco, whose attributes most switches for calls speak.
pub const CISCO: u32 = 9;

macro_rules! attributes {
    ($($constant:ident $name:literal = $id:expr;)*) => {
        $(pub const $constant: AttributeId = $id;)*
        /// Each with its name.
        pub const ALL: &[(&str, AttributeId)] = &[$(($name, $constant)),*];
    };
}

const fn standard(number: u8) -> AttributeId {
    AttributeId::standard(number)
}

const fn cisco(number: u8) -> AttributeId {
    AttributeId::of_vendor(CISCO, number)
}

attributes! {
    USER_NAME "User-Name" = standard(1);
    USER_PASSWORD "User-Password" = standard(2);
    CHAP_PASSWORD "CHAP-Password" = standard(3);
    NAS_IP_ADDRESS "NAS-IP-Address" = standard(4);
    SERVICE_TYPE "Service-Type" = standard(6);
    FRAMED_PROTOCOL "Framed-Protocol" = standard(7);
    REPLY_MESSAGE "Reply-Message" = standard(18);
    STATE "State" = standard(24);
    CLASS "Class" = standard(25);
    SESSION_TIMEOUT "Session-Timeout" = standard(27);
    CALLED_STATION_ID "Called-Station-Id" = standard(30);
    CALLING_STATION_ID "Calling-Station-Id" = standard(31);
    NAS_IDENTIFIER "NAS-Identifier" = standard(32);
    PROXY_STATE "Proxy-State" = standard(33);
    ACCT_STATUS_TYPE "Acct-Status-Type" = standard(40);
    ACCT_DELAY_TIME "Acct-Delay-Time" = standard(41);
    ACCT_INPUT_OCTETS "Acct-Input-Octets" = standard(42);
    ACCT_OUTPUT_OCTETS "Acct-Output-Octets" = standard(43);
    ACCT_SESSION_ID "Acct-Session-Id" = standard(44);
    ACCT_SESSION_TIME "Acct-Session-Time" = standard(46);
    ACCT_TERMINATE_CAUSE "Acct-Terminate-Cause" = standard(49);
    ACCT_MULTI_SESSION_ID "Acct-Multi-Session-Id" = standard(50);
    ACCT_INPUT_GIGAWORDS "Acct-Input-Gigawords" = standard(52);
    ACCT_OUTPUT_GIGAWORDS "Acct-Output-Gigawords" = standard(53);
    EVENT_TIMESTAMP "Event-Timestamp" = standard(55);
    CHAP_CHALLENGE "CHAP-Challenge" = standard(60);
    MESSAGE_AUTHENTICATOR "Message-Authenticator" = standard(80);
    ACCT_INTERIM_INTERVAL "Acct-Interim-Interval" = standard(85);
    NAS_IPV6_ADDRESS "NAS-IPv6-Address" = standard(95);
    ERROR_CAUSE "Error-Cause" = standard(101);
    DIGEST_RESPONSE "Digest-Response" = standard(103);
    DIGEST_REALM "Digest-Realm" = standard(104);
    DIGEST_NONCE "Digest-Nonce" = standard(105);
    DIGEST_METHOD "Digest-Method" = standard(108);
    DIGEST_URI "Digest-URI" = standard(109);
    DIGEST_QOP "Digest-Qop" = standard(110);
    DIGEST_ALGORITHM "Digest-Algorithm" = standard(111);
    DIGEST_ENTITY_BODY_HASH "Digest-Entity-Body-Hash" = standard(112);
    DIGEST_CNONCE "Digest-CNonce" = standard(113);
    DIGEST_NONCE_COUNT "Digest-Nonce-Count" = standard(114);
    DIGEST_USERNAME "Digest-Username" = standard(115);
    OLD_DIGEST_RESPONSE "Sterman-Digest-Response" = standard(206);
    OLD_DIGEST_ATTRIBUTES "Sterman-Digest-Attributes" = standard(207);
    CISCO_AVPAIR "Cisco-AVPair" = cisco(1);
    H323_CONF_ID "h323-conf-id" = cisco(24);
    H323_SETUP_TIME "h323-setup-time" = cisco(25);
    H323_CALL_ORIGIN "h323-call-origin" = cisco(26);
    H323_CALL_TYPE "h323-call-type" = cisco(27);
    H323_CONNECT_TIME "h323-connect-time" = cisco(28);
    H323_DISCONNECT_TIME "h323-disconnect-time" = cisco(29);
    H323_DISCONNECT_CAUSE "h323-disconnect-cause" = cisco(30);
    H323_INCOMING_CONF_ID "h323-incoming-conf-id" = cisco(35);
    H323_CREDIT_AMOUNT "h323-credit-amount" = cisco(101);
    H323_CREDIT_TIME "h323-credit-time" = cisco(102);
    H323_RETURN_CODE "h323-return-code" = cisco(103);
}
