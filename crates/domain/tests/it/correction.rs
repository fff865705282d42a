//! What may be taken back of an xDR: all that is left, or a part of it, once.

use trunkline_domain::correction::{Correctable, CorrectionKind, partial_refund, reversal};
use trunkline_domain::money::Money;
use trunkline_domain::refusal::Refusal;

use crate::fixture::money;

fn charge(owed: &str, corrected: &str) -> Correctable<'static> {
    Correctable { service: "voice", owed: money(owed), is_correction: false, corrected: money(corrected), is_reverted: false }
}

#[test]
fn a_reversal_posts_the_opposite_of_what_is_left() {
    let table = [
        ("1.2", "0", Some("-1.2")),
        ("1.2", "-0.5", Some("-0.7")),
        ("1.2", "-1.2", Some("0")),
        // A credit is reversed by a charge.
        ("-3", "0", Some("3")),
        // A call without a price is marked all the same.
        ("0", "0", Some("0")),
    ];
    for (owed, corrected, expected) in table {
        assert_eq!(reversal(&charge(owed, corrected)), Ok(expected.map(money)), "{owed} {corrected}");
    }
    let reverted = Correctable { is_reverted: true, ..charge("1.2", "-1.2") };
    assert_eq!(reversal(&reverted), Ok(None));
    assert_eq!(reversal(&Correctable { service: "payments", ..charge("-5", "0") }), Err(Refusal::XdrIsPayment));
    assert_eq!(reversal(&Correctable { is_correction: true, ..charge("-1.2", "0") }), Err(Refusal::XdrIsCorrection));
    let least = Correctable { owed: Money::from_millionths(i64::MIN), ..charge("0", "0") };
    assert_eq!(reversal(&least), Err(Refusal::AmountTooLarge));
}

#[test]
fn a_refund_is_above_zero_and_no_more_than_is_left() {
    let left = |left: &str| Err(Refusal::MoreThanLeft { left: money(left) });
    let table = [
        (charge("1.2", "0"), "1.2", Ok(money("-1.2"))),
        (charge("1.2", "0"), "0.00001", Ok(money("-0.00001"))),
        (charge("1.2", "0"), "1.20001", left("1.2")),
        (charge("1.2", "-0.7"), "0.5", Ok(money("-0.5"))),
        (charge("1.2", "-0.7"), "0.50001", left("0.5")),
        (charge("-3", "0"), "1", left("0")),
        (Correctable { is_reverted: true, ..charge("1.2", "-1.2") }, "1", left("0")),
        (charge("1.2", "0"), "0", Err(Refusal::AmountNotPositive)),
        (charge("1.2", "0"), "-1", Err(Refusal::AmountNotPositive)),
        (charge("1.2", "0"), "0.000001", Err(Refusal::AmountTooPrecise { digits: 5 })),
        (Correctable { service: "payments", ..charge("5", "0") }, "1", Err(Refusal::XdrIsPayment)),
        (Correctable { is_correction: true, ..charge("5", "0") }, "1", Err(Refusal::XdrIsCorrection)),
    ];
    for (xdr, amount, expected) in table {
        assert_eq!(partial_refund(&xdr, money(amount)), expected, "{xdr:?} {amount}");
    }
}

#[test]
fn kinds_have_words() {
    for kind in CorrectionKind::ALL {
        assert_eq!(CorrectionKind::parse(kind.code()), Some(kind));
        assert_eq!(kind.reverts(), kind != CorrectionKind::Refund);
    }
    assert_eq!(CorrectionKind::parse("payment"), None);
}
