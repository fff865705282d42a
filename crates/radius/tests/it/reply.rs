//! The attributes of answers, from the lines of a reply template.

use trunkline_radius::reply::{DEFAULT, Template, Values};
use trunkline_radius::wire::dictionary::{Dictionary, LineError};
use trunkline_radius::wire::value::ValueError;
use trunkline_usecase::domain::nas::{Nas, PLACEHOLDERS, check_reply_line};
use trunkline_usecase::domain::session::Speed;

use crate::switch::{STRICT, nas};

fn granted() -> Values {
    Values {
        seconds: Some(3_600),
        announced_seconds: Some(3_599),
        interim_seconds: Some(300),
        amount: Some("12.50".to_owned()),
        currency: Some("EUR".to_owned()),
        language: Some("en".to_owned()),
        billing_model: Some(1),
        ..Values::default()
    }
}

fn refused(reason: &str) -> Values {
    Values { return_code: 12, reason: Some(reason.to_owned()), ..Values::default() }
}

fn with(lines: &[&str]) -> Nas {
    Nas { reply_template: Some(lines.iter().map(|line| (*line).to_owned()).collect()), ..nas(1, STRICT, true) }
}

fn filled(nas: &Nas, values: &Values) -> Vec<String> {
    let dictionary = Dictionary::built_in().unwrap();
    let (template, faults) = Template::of(nas, &dictionary);
    assert_eq!(faults, []);
    template.fill(values, &dictionary).iter().map(|attribute| dictionary.words(attribute)).collect()
}

#[test]
fn the_reply_that_comes_with_the_program() {
    assert_eq!(
        filled(&nas(1, STRICT, true), &granted()),
        [
            "Session-Timeout = 3600",
            "Acct-Interim-Interval = 300",
            "h323-return-code = \"h323-return-code=0\"",
            "h323-credit-time = \"h323-credit-time=3599\"",
            "Cisco-AVPair = \"h323-ivr-in=DURATION:3600\"",
            "h323-credit-amount = \"h323-credit-amount=12.50\"",
            "h323-billing-model = \"h323-billing-model=1\"",
            "h323-currency = \"h323-currency=EUR\"",
            "h323-preferred-lang = \"h323-preferred-lang=en\"",
        ]
    );
    assert_eq!(
        filled(&nas(1, STRICT, true), &refused("no funds")),
        ["h323-return-code = \"h323-return-code=12\"", "Reply-Message = \"no funds\""]
    );
}

#[test]
fn every_line_of_it_would_be_taken_and_every_placeholder_has_its_value() {
    assert!(DEFAULT.iter().all(|line| check_reply_line(line).is_ok()));
    let lines: Vec<String> = PLACEHOLDERS.iter().map(|(word, _)| format!("Reply-Message = {{{word}}}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let all = Values { reason: Some("why".to_owned()), ..granted() };
    assert_eq!(filled(&with(&lines), &all).len(), PLACEHOLDERS.len());
}

#[test]
fn lines_of_its_own_take_the_place_of_all() {
    let own = with(&["Session-Timeout = {seconds}", "Service-Type = Call-Check", "Reply-Message = {reason} ({return_code})"]);
    assert_eq!(filled(&own, &granted()), ["Session-Timeout = 3600", "Service-Type = Call-Check"]);
    assert_eq!(filled(&own, &refused("no funds")), ["Reply-Message = \"no funds (12)\""]);
}

#[test]
fn lines_for_a_speed_go_out_at_it_and_alone_when_it_changes() {
    let nas = with(&[
        "Session-Timeout = {seconds}",
        "full: Mikrotik-Rate-Limit = 10M/10M",
        "limited: Mikrotik-Rate-Limit = 64k/64k",
        "limited: Filter-Id = slow",
    ]);
    let of = |speed| filled(&nas, &Values { speed, ..granted() });
    let timeout = of(None);
    assert_eq!(timeout.len(), 1);
    let (full, limited) = (["Mikrotik-Rate-Limit = \"10M/10M\""], ["Mikrotik-Rate-Limit = \"64k/64k\"", "Filter-Id = \"slow\""]);
    assert_eq!((&of(Some(Speed::Full))[..1], &of(Some(Speed::Full))[1..]), (&timeout[..], &full.map(str::to_owned)[..]));
    assert_eq!(of(Some(Speed::Limited))[1..], limited.map(str::to_owned));
    assert!(filled(&nas, &Values { speed: Some(Speed::Limited), ..refused("no") }).is_empty());
    let dictionary = Dictionary::built_in().unwrap();
    let changed = |speed| -> Vec<String> {
        Template::of(&nas, &dictionary).0.of_speed(speed, &dictionary).iter().map(|attribute| dictionary.words(attribute)).collect()
    };
    assert_eq!((changed(Speed::Full), changed(Speed::Limited)), (full.map(str::to_owned).to_vec(), limited.map(str::to_owned).to_vec()));
}

#[test]
fn a_text_that_is_too_long_loses_its_end_and_a_value_of_another_type_its_line() {
    let own = with(&["Reply-Message = {reason}", "Session-Timeout = {reason}", "Class = {reason}"]);
    let words = filled(&own, &refused(&"ü".repeat(200)));
    assert_eq!(words, [format!("Reply-Message = \"{}\"", "ü".repeat(126))]);
    let vendor = with(&["Cisco-AVPair = {reason}"]);
    assert_eq!(filled(&vendor, &refused(&"x".repeat(300))), [format!("Cisco-AVPair = \"{}\"", "x".repeat(247))]);
    // What is told in the line as an empty value is told so.
    assert_eq!(filled(&own, &refused("")), ["Reply-Message = \"\""]);
}

#[test]
fn a_line_that_names_no_attribute_is_told_and_left_out() {
    let dictionary = Dictionary::built_in().unwrap();
    let own = with(&["Session-Timeot = {seconds}", "Session-Timeout = soon", "Class = 0x01"]);
    let (template, faults) = Template::of(&own, &dictionary);
    let value = LineError::Value { name: "Session-Timeout".to_owned(), problem: ValueError::Number(u64::from(u32::MAX)) };
    assert_eq!(faults, [(1, LineError::Name("Session-Timeot".to_owned())), (2, value)]);
    assert_eq!(template.fill(&granted(), &dictionary).len(), 1);
}
