//! Owns by which texts a customer is found, field by field, and how a searched text is compared with them.
//! Does not own: the indexes (storage).

use crate::customer::Customer;
use crate::name::name_key;

/// A field that a search can look into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    Name,
    Company,
    /// First and last name, the last name alone, and the person to ask for.
    Contact,
    Email,
    /// Both numbers, as they are written and their digits alone.
    Phone,
    Login,
    Address,
    /// The customer's number in another system.
    Reference,
}

impl SearchField {
    pub const ALL: [SearchField; 8] = [
        SearchField::Name,
        SearchField::Company,
        SearchField::Contact,
        SearchField::Email,
        SearchField::Phone,
        SearchField::Login,
        SearchField::Address,
        SearchField::Reference,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            SearchField::Name => "name",
            SearchField::Company => "company",
            SearchField::Contact => "contact",
            SearchField::Email => "email",
            SearchField::Phone => "phone",
            SearchField::Login => "login",
            SearchField::Address => "address",
            SearchField::Reference => "reference",
        }
    }

    /// The texts of the customer in this field, as keys (name.rs). A search matches the field when it matches one of them.
    pub fn texts(self, customer: &Customer) -> Vec<String> {
        let contact = &customer.contact;
        let both = |first: &Option<String>, second: &Option<String>| match (first, second) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        let texts = match self {
            SearchField::Name => vec![Some(customer.name.clone())],
            SearchField::Company => vec![contact.company_name.clone()],
            SearchField::Contact => vec![
                both(&contact.first_name, &contact.last_name),
                contact.last_name.clone().filter(|_| contact.first_name.is_some()),
                contact.contact.clone(),
            ],
            SearchField::Email => vec![contact.email.clone()],
            SearchField::Phone => {
                let numbers = [contact.phone_1.clone(), contact.phone_2.clone()];
                let digits = |number: &String| {
                    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                    Some(digits).filter(|digits| digits != number)
                };
                let alone: Vec<Option<String>> = numbers.iter().flatten().map(digits).collect();
                numbers.into_iter().chain(alone).collect()
            }
            SearchField::Login => vec![customer.login.clone()],
            SearchField::Address => vec![
                contact.address_line_1.clone(),
                contact.address_line_2.clone(),
                both(&contact.postal_code, &contact.city),
                contact.city.clone().filter(|_| contact.postal_code.is_some()),
                contact.state.clone(),
                contact.country.clone(),
            ],
            SearchField::Reference => vec![customer.reference.clone()],
        };
        texts.into_iter().flatten().map(|text| name_key(&text)).filter(|key| !key.is_empty()).collect()
    }
}
