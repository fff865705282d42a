//! The name and address fields: which there are and how long they can be.

use trunkline_domain::contact::Contact;

#[test]
fn each_field_has_its_limit() {
    let expected = [
        ("company_name", 100),
        ("salutation", 15),
        ("first_name", 120),
        ("middle_name", 5),
        ("last_name", 120),
        ("address_line_1", 41),
        ("address_line_2", 167),
        ("city", 31),
        ("state", 21),
        ("postal_code", 13),
        ("country", 2),
        ("contact", 120),
        ("phone_1", 20),
        ("phone_2", 20),
        ("fax", 20),
        ("email", 128),
        ("bcc", 99),
        ("tax_id", 16),
        ("notes", 4000),
    ];
    assert_eq!(Contact::LIMITS, expected);
}

#[test]
fn a_field_is_found_by_its_name() {
    let mut contact = Contact::default();
    for (name, _) in Contact::LIMITS {
        *contact.field_mut(name).unwrap() = Some((*name).to_owned());
    }
    let filled: Vec<Option<&str>> = contact.fields().into_iter().map(|field| field.as_deref()).collect();
    assert_eq!(filled, Contact::LIMITS.iter().map(|(name, _)| Some(*name)).collect::<Vec<_>>());
    assert_eq!((contact.phone_1.as_deref(), contact.city.as_deref()), (Some("phone_1"), Some("city")));
    assert_eq!(contact.field_mut("Phone_1"), None);
}
