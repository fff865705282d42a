//! Owns the names and types of attributes: read from data files, so that an operator can add those of a switch.
//! Does not own: the numbers that the program itself needs (known.rs), nor reading files from a disk.

use std::collections::HashMap;

use thiserror::Error;

use super::attribute::{Attribute, AttributeId};
use super::known;
use super::value::{Kind, ValueError};

/// The names that come with the program.
const BUILT_IN: &str = include_str!("../../dictionary.txt");
/// Bytes of a dictionary's file at the most.
pub const DICTIONARY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Attributes of all files at the most.
const ATTRIBUTES_MAX: usize = 50_000;
const NAME_CHARACTERS_MAX: usize = 128;

/// What stands in place of a value that nobody may read in a log.
const HIDDEN: &str = "<hidden>";
const SECRET: [AttributeId; 7] = [
    known::USER_PASSWORD,
    known::CHAP_PASSWORD,
    known::CHAP_CHALLENGE,
    known::MESSAGE_AUTHENTICATOR,
    known::DIGEST_RESPONSE,
    known::OLD_DIGEST_RESPONSE,
    // Tunnel-Password.
    AttributeId::standard(69),
];

/// A line of a dictionary that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}, line {line}: {problem}")]
pub struct DictionaryError {
    pub file: String,
    pub line: usize,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    #[error("`{0}` is no word of a dictionary: ATTRIBUTE, VALUE, VENDOR, BEGIN-VENDOR, END-VENDOR")]
    Keyword(String),
    #[error("{0} has other words: {1}")]
    Words(&'static str, &'static str),
    #[error("`{0}` is no number from 0 to {1}")]
    Number(String, u32),
    #[error("`{0}` is no type: string, octets, integer, ipaddr, date, byte, short, integer64, ipv6addr, ipv6prefix, ifid")]
    Kind(String),
    #[error("a name has 1 to {NAME_CHARACTERS_MAX} letters, digits, and `-_./`")]
    Name,
    #[error("no vendor is called `{0}`: a line VENDOR comes first")]
    Vendor(String),
    #[error("no attribute is called `{0}`: a line ATTRIBUTE comes first")]
    Attribute(String),
    #[error("`{0}` has another number or type already")]
    Another(String),
    #[error("numbers of one byte and lengths of one byte alone: format=1,1")]
    Format,
    #[error("more than {ATTRIBUTES_MAX} attributes")]
    TooMany,
    #[error("more than {DICTIONARY_BYTES_MAX} bytes")]
    TooLarge,
}

/// Why a line `Name = value` is no attribute.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineError {
    #[error("a line is `Name = value`")]
    Form,
    #[error("no attribute is called `{0}`")]
    Name(String),
    #[error("{name}: {problem}")]
    Value { name: String, problem: ValueError },
}

/// What is known of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    pub name: String,
    pub id: AttributeId,
    pub kind: Kind,
    /// Numbers with a name.
    names: Vec<(u32, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    definitions: Vec<Definition>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<AttributeId, usize>,
    vendors: HashMap<String, u32>,
}

impl Dictionary {
    /// The names that come with the program.
    pub fn built_in() -> Result<Dictionary, DictionaryError> {
        let mut dictionary = Dictionary::default();
        dictionary.add("dictionary.txt", BUILT_IN)?;
        Ok(dictionary)
    }

    /// Adds the names of a file. Where two attributes have one number, the later name is shown.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), DictionaryError> {
        let failed = |line: usize, problem: Problem| DictionaryError { file: file.to_owned(), line, problem };
        if text.len() > DICTIONARY_BYTES_MAX {
            return Err(failed(1, Problem::TooLarge));
        }
        let mut vendor = 0;
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            self.read(&words, &mut vendor).map_err(|problem| failed(index + 1, problem))?;
        }
        Ok(())
    }

    fn read(&mut self, words: &[&str], vendor: &mut u32) -> Result<(), Problem> {
        match words {
            [] => Ok(()),
            ["ATTRIBUTE", name, number, kind, flags @ ..] if flags.len() <= 1 => {
                let kind = Kind::parse(kind).ok_or_else(|| Problem::Kind((*kind).to_owned()))?;
                let number = number_of(number, u32::from(u8::MAX))?;
                let number = u8::try_from(number).map_err(|_| Problem::Number(number.to_string(), u32::from(u8::MAX)))?;
                self.define(name, AttributeId { vendor: *vendor, number }, kind)
            }
            ["ATTRIBUTE", ..] => Err(Problem::Words("ATTRIBUTE", "ATTRIBUTE name number type [flags]")),
            ["VALUE", attribute, name, number] => {
                let index = *self.by_name.get(&key(attribute)).ok_or_else(|| Problem::Attribute((*attribute).to_owned()))?;
                let number = number_of(number, u32::MAX)?;
                if let Some(definition) = self.definitions.get_mut(index) {
                    definition.names.push((number, (*name).to_owned()));
                }
                Ok(())
            }
            ["VALUE", ..] => Err(Problem::Words("VALUE", "VALUE attribute name number")),
            ["VENDOR", name, number, format @ ..] if format.len() <= 1 => {
                if format.iter().any(|format| *format != "format=1,1") {
                    return Err(Problem::Format);
                }
                let number = number_of(number, u32::MAX)?;
                self.vendors.insert(key(name), number);
                Ok(())
            }
            ["VENDOR", ..] => Err(Problem::Words("VENDOR", "VENDOR name number")),
            ["BEGIN-VENDOR", name] => {
                *vendor = *self.vendors.get(&key(name)).ok_or_else(|| Problem::Vendor((*name).to_owned()))?;
                Ok(())
            }
            ["END-VENDOR", name] if self.vendors.contains_key(&key(name)) => {
                *vendor = 0;
                Ok(())
            }
            ["END-VENDOR", name] => Err(Problem::Vendor((*name).to_owned())),
            ["BEGIN-VENDOR" | "END-VENDOR", ..] => Err(Problem::Words("a vendor's bracket", "BEGIN-VENDOR name ... END-VENDOR name")),
            [other, ..] => Err(Problem::Keyword((*other).to_owned())),
        }
    }

    fn define(&mut self, name: &str, id: AttributeId, kind: Kind) -> Result<(), Problem> {
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        if !is_name || name.len() > NAME_CHARACTERS_MAX {
            return Err(Problem::Name);
        }
        let known = self.by_name.get(&key(name)).and_then(|index| self.definitions.get(*index).map(|known| (*index, known)));
        let index = match known {
            Some((index, known)) if (known.id, known.kind) == (id, kind) => index,
            Some(_) => return Err(Problem::Another(name.to_owned())),
            None if self.definitions.len() == ATTRIBUTES_MAX => return Err(Problem::TooMany),
            None => {
                self.definitions.push(Definition { name: name.to_owned(), id, kind, names: Vec::new() });
                self.definitions.len() - 1
            }
        };
        self.by_name.insert(key(name), index);
        self.by_id.insert(id, index);
        Ok(())
    }

    /// An attribute by its name, whatever the case of its letters.
    pub fn named(&self, name: &str) -> Option<&Definition> {
        self.by_name.get(&key(name)).and_then(|index| self.definitions.get(*index))
    }

    /// What is known of an attribute.
    pub fn of(&self, id: AttributeId) -> Option<&Definition> {
        self.by_id.get(&id).and_then(|index| self.definitions.get(*index))
    }

    /// The attribute of a line such as `Session-Timeout = 60` or `Service-Type = Framed-User`.
    pub fn line(&self, line: &str) -> Result<Attribute, LineError> {
        let (name, text) = line.split_once('=').ok_or(LineError::Form)?;
        let (name, text) = (name.trim(), text.trim());
        let definition = self.named(name).ok_or_else(|| LineError::Name(name.to_owned()))?;
        let failed = |problem| LineError::Value { name: definition.name.clone(), problem };
        let named = definition.names.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(number, _)| number.to_string());
        let bytes = definition.kind.bytes(named.as_deref().unwrap_or(text)).map_err(failed)?;
        Attribute::new(definition.id, bytes).ok_or_else(|| failed(ValueError::TooLong))
    }

    /// An attribute as a line. What is secret is hidden.
    pub fn words(&self, attribute: &Attribute) -> String {
        let AttributeId { vendor, number } = attribute.id;
        let Some(definition) = self.of(attribute.id) else {
            return format!("Attr-{vendor}.{number} = {}", Kind::Octets.words(&attribute.value));
        };
        let words = definition.kind.words(&attribute.value);
        let name = definition.names.iter().find(|(number, _)| number.to_string() == words).map(|(_, name)| name.clone());
        let value = if SECRET.contains(&attribute.id) { HIDDEN.to_owned() } else { name.unwrap_or(words) };
        format!("{} = {value}", definition.name)
    }
}

fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// A number in decimal or, behind `0x`, hexadecimal digits.
fn number_of(text: &str, most: u32) -> Result<u32, Problem> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    number.filter(|number| *number <= most).ok_or_else(|| Problem::Number(text.to_owned(), most))
}
