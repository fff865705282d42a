//! Owns checking the fields that a customer is made of, one by one, all problems told at once.
//! Does not own: rules between customers (change.rs).

use trunkline_domain::contact::Contact;
use trunkline_domain::country::is_country;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::name::{NAME_CHARACTERS_MAX, is_forbidden, name_key};
use trunkline_domain::time::Zone;

use crate::error::FieldProblem;

/// Amounts that people type: at most a billion units, so that sums stay far from the range of an amount.
pub const AMOUNT_MAX: Money = Money::from_millionths(1_000_000_000_000_000);
/// Longest self-care login and reference, in characters.
pub const LOGIN_CHARACTERS_MAX: usize = 64;

/// Collects problems.
#[derive(Default)]
pub struct Check {
    pub problems: Vec<FieldProblem>,
}

impl Check {
    pub fn fail(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.problems.push(FieldProblem::new(field, code, message));
    }

    /// One line of text without characters that hide or reorder others.
    pub fn line(&mut self, field: &str, text: &str, characters_max: usize) {
        if text.chars().count() > characters_max {
            self.fail(field, "too_long", format!("at most {characters_max} characters"));
        }
        if text.chars().any(is_forbidden) {
            self.fail(field, "forbidden_character", "control characters and marks that hide or reorder text are not allowed");
        }
    }

    pub fn name(&mut self, field: &str, name: &str) {
        self.line(field, name, NAME_CHARACTERS_MAX);
        if name_key(name).is_empty() {
            self.fail(field, "required", "give a name");
        }
    }

    /// A currency for what is made anew: one in use.
    pub fn currency(&mut self, field: &str, code: &str) -> Option<Currency> {
        Currency::parse_current(code).inspect_err(|problem| self.fail(field, "unknown_currency", problem.to_string())).ok()
    }

    pub fn zone(&mut self, field: &str, name: &str) -> Option<Zone> {
        Zone::parse(name).inspect_err(|problem| self.fail(field, "unknown_time_zone", problem.to_string())).ok()
    }

    pub fn amount(&mut self, field: &str, amount: Money) {
        if amount > AMOUNT_MAX || amount.millionths() < -AMOUNT_MAX.millionths() {
            self.fail(field, "too_large", format!("between -{AMOUNT_MAX} and {AMOUNT_MAX}"));
        }
        if amount.decimals() > 5 {
            self.fail(field, "too_precise", "at most 5 decimals");
        }
    }

    /// A limit on what is owed: not below zero.
    pub fn limit(&mut self, field: &str, amount: Money) {
        self.amount(field, amount);
        if amount.is_negative() {
            self.fail(field, "negative", "a credit limit is not below zero");
        }
    }

    pub fn contact(&mut self, contact: &Contact) {
        for ((field, characters_max), value) in Contact::LIMITS.iter().zip(contact.fields()) {
            let Some(value) = value else { continue };
            if *field == "notes" {
                if value.chars().count() > *characters_max {
                    self.fail(field, "too_long", format!("at most {characters_max} characters"));
                }
                if value.chars().any(|character| character != '\n' && is_forbidden(character)) {
                    self.fail(field, "forbidden_character", "control characters and marks that hide or reorder text are not allowed");
                }
            } else {
                self.line(field, value, *characters_max);
            }
        }
        if let Some(country) = &contact.country
            && !is_country(country)
        {
            self.fail("country", "unknown_country", "a code of ISO 3166-1 that is in use: two capital letters, such as DE");
        }
        if let Some(email) = &contact.email
            && !looks_like_email(email)
        {
            self.fail("email", "not_an_email", "an address such as name@example.com");
        }
    }
}

/// A check for slips of the pen; whether mail arrives is found out by sending some.
fn looks_like_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !text.contains(char::is_whitespace)
}
