//! DID numbers: how one is written, and what may be done with one in each state.

use trunkline_domain::did::{Did, DidProblem, DidState, parse_number};
use trunkline_domain::money::Money;
use trunkline_domain::time::Timestamp;

fn now() -> Timestamp {
    Timestamp::from_microseconds(7)
}

/// Of customer 1 and its account 11.
fn in_state(state: DidState) -> Did {
    let (customer_id, account_id) = match state {
        DidState::Free | DidState::Frozen => (None, None),
        DidState::OnCustomer => (Some(1), None),
        DidState::OnAccount => (Some(1), Some(11)),
    };
    Did {
        did_id: 5,
        number: "4930111".to_owned(),
        description: None,
        is_frozen: state == DidState::Frozen,
        is_free_of_charge: false,
        activation_fee: Money::ZERO,
        periodic_fee: Money::ZERO,
        customer_id,
        account_id,
        assigned_at: None,
        released_at: None,
        created_at: Timestamp::from_microseconds(1),
        version: 1,
    }
}

#[test]
fn a_number_is_3_to_15_digits_with_or_without_a_plus() {
    for (text, expected) in [
        ("+4930111", Some("4930111")),
        (" 112 ", Some("112")),
        ("123456789012345", Some("123456789012345")),
        ("1234567890123456", None),
        ("12", None),
        ("", None),
        ("49 30", None),
        ("４９３０", None),
        ("4930a", None),
    ] {
        assert_eq!(parse_number(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn what_may_be_done_in_each_state() {
    use DidProblem::{Frozen, InUse, NotAssigned, OfAnotherCustomer};
    use DidState::{Free, OnAccount, OnCustomer};
    // In each state: to customer 2, to account 21 of customer 2, to account 11 of customer 1, released, frozen.
    let table = [
        (Free, [Ok(OnCustomer), Ok(OnAccount), Ok(OnAccount), Err(NotAssigned), Ok(DidState::Frozen)]),
        (OnCustomer, [Err(InUse), Err(OfAnotherCustomer), Ok(OnAccount), Ok(Free), Err(InUse)]),
        (OnAccount, [Err(InUse), Err(InUse), Err(InUse), Ok(Free), Err(InUse)]),
        (DidState::Frozen, [Err(Frozen), Err(Frozen), Err(Frozen), Err(NotAssigned), Ok(DidState::Frozen)]),
    ];
    for (state, expected) in table {
        let tried = |work: fn(&mut Did) -> Result<(), DidProblem>| {
            let mut did = in_state(state);
            let before = did.clone();
            let outcome = work(&mut did);
            if outcome.is_err() {
                assert_eq!(did, before, "{state:?}");
            }
            outcome.map(|()| did.state())
        };
        let outcomes = [
            tried(|did| did.assign(2, None, now())),
            tried(|did| did.assign(2, Some(21), now())),
            tried(|did| did.assign(1, Some(11), now())),
            tried(|did| did.release(now()).map(drop)),
            tried(|did| did.freeze(true)),
        ];
        assert_eq!(outcomes, expected, "{state:?}");
    }
}

#[test]
fn giving_and_taking_back_leave_their_moments() {
    let mut did = in_state(DidState::Free);
    did.assign(2, Some(21), now()).unwrap();
    assert_eq!((did.customer_id, did.account_id, did.assigned_at), (Some(2), Some(21), Some(now())));
    assert_eq!(did.release(now()).unwrap(), (2, Some(21)));
    assert_eq!((did.customer_id, did.account_id, did.assigned_at, did.released_at), (None, None, None, Some(now())));
    let mut frozen = in_state(DidState::Frozen);
    frozen.freeze(false).unwrap();
    assert_eq!(frozen.state(), DidState::Free);
    for state in DidState::ALL {
        assert_eq!(DidState::parse(state.code()), Some(state));
    }
    assert_eq!(DidState::parse("mine"), None);
}
