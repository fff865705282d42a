//! The tables of docs/domain.md say what the code does: the second opinion that other tests compare with.

use trunkline_domain::account::AccountStatus;
use trunkline_domain::staff::{Permission, Role};
use trunkline_domain::status::CustomerStatus;

use crate::fixture::permits_row;

const DOCUMENT: &str = include_str!("../../../../docs/domain.md");

/// The rows of the first table of a section whose header starts with `header`, without quotes around words.
fn table(section: &str, header: &str) -> Vec<Vec<String>> {
    let (_, text) = DOCUMENT.split_once(&format!("\n## {section}\n")).expect("the section is there");
    text.lines()
        .take_while(|line| !line.starts_with("## "))
        .skip_while(|line| !line.starts_with(header))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect()
}

/// A status as the document has it: its word, its label, its permissions in the form of `permits_row`.
pub struct DocumentedStatus {
    pub code: String,
    pub label: String,
    pub permits: String,
}

pub fn documented_statuses() -> Vec<DocumentedStatus> {
    let rows = table("Status order", "| Status | Shown as | Calls out");
    let status = |row: Vec<String>| DocumentedStatus {
        code: row[0].clone(),
        label: row[1].clone(),
        permits: row[2..]
            .join(" | ")
            .replace("emergency only", "emergency_only")
            .replace("free only", "free_only")
            .replace("read only", "read_only")
            .replace("pay only", "pay_only")
            .replace("final only", "final_only")
            .replace("limited speed", "limited_speed"),
    };
    rows.into_iter().map(status).collect()
}

pub fn documented_permits(status: CustomerStatus) -> String {
    documented_statuses().into_iter().find(|row| row.code == status.code()).expect("every status is documented").permits
}

#[test]
fn customer_statuses_stand_in_the_document_as_in_the_code() {
    let documented: Vec<[String; 3]> = documented_statuses().into_iter().map(|row| [row.code, row.label, row.permits]).collect();
    let coded: Vec<[String; 3]> =
        CustomerStatus::TABLE.iter().map(|row| [row.code.to_owned(), row.label.to_owned(), permits_row(&row.permits)]).collect();
    assert_eq!(documented, coded);
}

#[test]
fn account_statuses_stand_in_the_document_as_in_the_code() {
    let documented: Vec<Vec<String>> =
        table("Account statuses", "| Status | Shown as | Permits").into_iter().map(|row| row[..3].to_vec()).collect();
    let like = |like: Option<CustomerStatus>| like.map_or("everything", CustomerStatus::code).to_owned();
    let coded: Vec<Vec<String>> =
        AccountStatus::TABLE.iter().map(|row| vec![row.code.to_owned(), row.label.to_owned(), like(row.like)]).collect();
    assert_eq!(documented, coded);
}

#[test]
fn roles_stand_in_the_document_as_in_the_code() {
    let row = |permission: &Permission| {
        let may = |role: &Role| if role.may(*permission) { "yes" } else { "-" }.to_owned();
        std::iter::once(permission.code().to_owned()).chain(Role::ALL.iter().map(may)).collect::<Vec<String>>()
    };
    let coded: Vec<Vec<String>> = Permission::ALL.iter().map(row).collect();
    assert_eq!(table("Staff and roles", "| Permission | administrator | support | finance | network | auditor | reseller |"), coded);
}

/// Comments in the code point to sections of the document by name.
#[test]
fn every_section_that_the_code_names_is_there() {
    for section in [
        "Rounding",
        "Customer class",
        "Collection",
        "Lifting",
        "Prepaid shortage",
        "Account statuses",
        "Billing periods",
        "Spending plan",
        "Status order",
        "Transactions",
        "Holds",
        "Available funds",
        "Resellers",
    ] {
        assert!(DOCUMENT.contains(&format!("\n## {section}\n")), "{section}");
    }
}
