//! Owns the columns of customers: the names of `customer_info`, and words beside its numbers.
//! Does not own: what a customer may be (usecase, domain).

use crate::customer::CustomerNew;
use crate::import::customer::CustomerWanted;
use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::contact::Contact;
use trunkline_domain::customer::{BalanceControl, CustomerType};

use super::cell::Cells;
use super::column::{Column, Table, column};

/// A customer starts with these where the file does not say.
const ZONE_DEFAULT: &str = "UTC";

pub static TABLE: Table = Table {
    singular: "customer",
    plural: "customers",
    columns: &COLUMNS,
    required: &["name", "currency", "customer_class_id"],
    refused: &[
        ("i_customer", "ids are given by the system; a number of your own goes into refnum"),
        ("balance", "a customer starts with opening_balance, and postings move it from there"),
        ("status", "it follows from what happens to the customer"),
        ("bill_status", "a customer is made open; block or terminate it afterwards"),
        ("blocked", "a customer is made open; block it afterwards"),
        ("password", "self-care passwords are set by the customer"),
        ("i_time_zone", "write the name into time_zone_name, such as Europe/Kyiv"),
        ("creation_date", "a customer begins when it is imported"),
        ("baddr2", "lines after the first one go into address_line_2"),
    ],
};

static COLUMNS: [Column; 37] = [
    column("name", "name", &["customer", "customer_name", "customer_id"]),
    column("iso_4217", "currency", &["currency", "currency_code"]),
    column("customer_class", "customer_class_id", &["class", "class_name", "customer_class_name"]),
    column("i_customer_class", "customer_class_id", &["customer_class_id", "class_id"]),
    column("reseller", "reseller_id", &["parent", "parent_name", "owner", "reseller_name"]),
    column("i_parent", "reseller_id", &["reseller_id", "parent_id"]),
    column("customer_type", "customer_type", &["type"]),
    column("i_customer_type", "customer_type", &["customer_type_id"]),
    column("balance_control", "balance_control", &["control", "prepaid", "postpaid"]),
    column("i_balance_control_type", "balance_control", &["balance_control_type"]),
    column("opening_balance", "opening_balance", &["start_balance"]),
    column("credit_limit", "credit_limit", &["limit", "perm_credit_limit"]),
    column("time_zone_name", "time_zone", &["time_zone", "zone", "tz"]),
    column("billing_period", "billing_period", &["period"]),
    column("i_billing_period", "billing_period", &["billing_period_id"]),
    column("suspend_on_insuff_funds", "suspend_on_insufficient_funds", &["suspend_on_insufficient_funds"]),
    column("login", "login", &["user", "username"]),
    column("refnum", "reference", &["reference", "external_id"]),
    column("companyname", "company_name", &["company"]),
    column("salutation", "salutation", &["title"]),
    column("firstname", "first_name", &["given_name"]),
    column("midinit", "middle_name", &["middle_name"]),
    column("lastname", "last_name", &["surname", "family_name"]),
    column("baddr1", "address_line_1", &["address", "address_line_1", "street"]),
    column("address_line_2", "address_line_2", &["baddr2"]),
    column("city", "city", &["town"]),
    column("state", "state", &["province", "region"]),
    column("zip", "postal_code", &["postal_code", "postcode"]),
    column("country", "country", &["country_code"]),
    column("cont1", "contact", &["contact", "contact_person"]),
    column("phone1", "phone_1", &["phone", "telephone", "mobile"]),
    column("phone2", "phone_2", &["second_phone"]),
    column("faxnum", "fax", &["fax"]),
    column("email", "email", &["mail"]),
    column("bcc", "bcc", &[]),
    column("tax_id", "tax_id", &["vat_id", "tax_number"]),
    column("note", "notes", &["notes", "comment", "description"]),
];

/// The columns whose field is one of the contact's.
fn contact(cells: &Cells<'_>) -> Contact {
    let mut contact = Contact::default();
    for column in &COLUMNS {
        if let Some(place) = contact.field_mut(column.field) {
            *place = cells.owned(column.name);
        }
    }
    // Codes of countries are often written small.
    contact.country = contact.country.map(|code| code.to_ascii_uppercase());
    contact.notes = contact.notes.map(|notes| notes.replace("\r\n", "\n").replace('\r', "\n"));
    contact
}

fn control(text: &str) -> Option<BalanceControl> {
    match text {
        "1" => Some(BalanceControl::Postpaid),
        "2" => Some(BalanceControl::Prepaid),
        word => BalanceControl::parse(&word.to_lowercase()),
    }
}

fn customer_type(text: &str) -> Option<CustomerType> {
    match text {
        "1" => Some(CustomerType::Retail),
        "2" => Some(CustomerType::Reseller),
        word => CustomerType::parse(&word.to_lowercase()),
    }
}

fn billing_period(text: &str) -> Option<BillingPeriod> {
    match text.parse() {
        Ok(number) => BillingPeriod::from_number(number),
        Err(_) => BillingPeriod::parse(&text.to_lowercase().replace([' ', '-'], "_")),
    }
}

/// A number in one column or a word in the other, each taken in both.
fn either<T>(cells: &mut Cells<'_>, columns: [&'static str; 2], wanted: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
    let [first, second] = columns.map(|column| cells.one_of(column, wanted, parse));
    first.or(second)
}

pub fn read(cells: &mut Cells<'_>) -> CustomerWanted {
    let periods = "daily, weekly, semimonthly, monthly, monthly_anniversary, thirty_days or its number, 1 to 6";
    let class = cells.required(&["customer_class", "i_customer_class"]).and(cells.reference("customer_class", "i_customer_class"));
    let new = CustomerNew {
        name: cells.required(&["name"]).unwrap_or_default(),
        customer_type: either(cells, ["customer_type", "i_customer_type"], "retail (1) or reseller (2)", customer_type)
            .unwrap_or(CustomerType::Retail),
        reseller_id: None,
        customer_class_id: 0,
        balance_control: either(cells, ["balance_control", "i_balance_control_type"], "postpaid (1) or prepaid (2)", control)
            .unwrap_or(BalanceControl::Postpaid),
        currency: cells.required(&["iso_4217"]).unwrap_or_default().to_ascii_uppercase(),
        time_zone: cells.owned("time_zone_name").unwrap_or_else(|| ZONE_DEFAULT.to_owned()),
        billing_period: either(cells, ["billing_period", "i_billing_period"], periods, billing_period).unwrap_or(BillingPeriod::Monthly),
        opening_balance: cells.amount("opening_balance").unwrap_or_default(),
        credit_limit: cells.amount("credit_limit"),
        spending_plan_id: None,
        suspend_on_insufficient_funds: cells.yes_no("suspend_on_insuff_funds"),
        login: cells.owned("login"),
        reference: cells.owned("refnum"),
        contact: contact(cells),
    };
    CustomerWanted { new, class, reseller: cells.reference("reseller", "i_parent") }
}
