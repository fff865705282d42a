//! Owns the service Customer: its methods, and the names its fields have.
//! Does not own: what is done (usecase/customer).

mod change;
mod info;
mod list;
mod transaction;

pub use change::{add_customer, delete_customer, terminate_customer, update_customer, validate_customer_info};
pub use list::{get_customer_info, get_customer_list, get_customer_xdrs};
pub use transaction::make_transaction;

use trunkline_usecase::error::Error;

use crate::error::Fault;

/// The vendor's name of each contact field, and ours.
const CONTACT: [(&str, &str); 19] = [
    ("companyname", "company_name"),
    ("salutation", "salutation"),
    ("firstname", "first_name"),
    ("midinit", "middle_name"),
    ("lastname", "last_name"),
    ("baddr1", "address_line_1"),
    ("address_line_2", "address_line_2"),
    ("city", "city"),
    ("state", "state"),
    ("zip", "postal_code"),
    ("country", "country"),
    ("cont1", "contact"),
    ("phone1", "phone_1"),
    ("phone2", "phone_2"),
    ("faxnum", "fax"),
    ("email", "email"),
    ("bcc", "bcc"),
    ("tax_id", "tax_id"),
    ("note", "notes"),
];

/// The vendor's names of other fields that a use case can complain about.
const OTHERS: [(&str, &str); 13] = [
    ("name", "search"),
    ("i_customer", "customer_id"),
    ("i_customer_class", "customer_class_id"),
    ("i_customer_type", "customer_type"),
    ("i_parent", "reseller_id"),
    ("i_balance_control_type", "balance_control"),
    ("iso_4217", "currency"),
    ("i_time_zone", "time_zone"),
    ("refnum", "reference"),
    ("suspension_delay_date", "lifted_through"),
    ("credit_limit", "temporary_credit_limit.amount"),
    ("credit_limit_until", "temporary_credit_limit.until"),
    ("request", "filter"),
];

fn vendors_name(ours: &str) -> &str {
    let known = CONTACT.iter().chain(&OTHERS).find(|(_, name)| *name == ours);
    known.map_or(ours, |(name, _)| *name)
}

fn fault(error: Error) -> Fault {
    Fault::with_fields(error, vendors_name)
}
