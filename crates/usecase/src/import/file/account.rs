//! Owns the columns of accounts: the names of `account_info`, and the customer by name.
//! Does not own: what an account may be (usecase, domain).

use crate::account::AccountNew;
use crate::import::account::AccountWanted;
use trunkline_domain::account::AccountModel;

use super::cell::Cells;
use super::column::{Column, Table, column};

pub static TABLE: Table = Table {
    singular: "account",
    plural: "accounts",
    columns: &COLUMNS,
    required: &["identity", "customer_id", "model"],
    refused: &[
        ("i_account", "ids are given by the system"),
        ("balance", "a debit account starts with opening_balance, and charges move it from there"),
        ("status", "it follows from what happens to the account and its customer"),
        ("iso_4217", "an account has its customer's currency"),
        ("password", "accounts have no passwords yet"),
        ("issue_date", "an account begins when it is imported"),
    ],
};

static COLUMNS: [Column; 13] = [
    column("id", "identity", &["identity", "account", "account_id", "number", "phone"]),
    column("customer", "customer_id", &["customer_name", "name", "owner"]),
    column("i_customer", "customer_id", &["customer_id"]),
    column("billing_model", "model", &["model", "type"]),
    column("opening_balance", "opening_balance", &["start_balance"]),
    column("credit_limit", "credit_limit", &["limit"]),
    column("blocked", "blocked", &["block"]),
    column("bill_status", "state", &["state"]),
    column("activation_date", "active_from", &["active_from", "start_date"]),
    column("expiration_date", "expires_at", &["expires_at", "expiry_date", "end_date"]),
    column("life_time", "life_time_days", &["life_time_days"]),
    column("inactivity_expire_time", "idle_days_max", &["idle_days"]),
    column("batch", "batch", &["batch_name"]),
];

fn model(text: &str) -> Option<AccountModel> {
    match text {
        "-1" => Some(AccountModel::Debit),
        "1" => Some(AccountModel::Credit),
        word => AccountModel::parse(&word.to_lowercase()),
    }
}

/// Spreadsheets write long numbers as 4.42079E+11, and the digits behind are lost.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    is_number(mantissa) && exponent.strip_prefix('+').is_some_and(is_number)
}

pub fn read(cells: &mut Cells<'_>) -> AccountWanted {
    let customer = cells.required(&["customer", "i_customer"]).and(cells.reference("customer", "i_customer"));
    let identity = cells.required(&["id"]).unwrap_or_default();
    cells.one_of("id", "a whole identity: a spreadsheet has shortened the number; format its column as text and fill it anew", |text| {
        (!is_shortened(text)).then_some(())
    });
    let models = "credit (1) or debit (-1)";
    let is_given = cells.required(&["billing_model"]).is_some();
    let wanted_model = cells.one_of("billing_model", models, model);
    let new = AccountNew {
        customer_id: 0,
        identity,
        model: wanted_model.unwrap_or(AccountModel::Credit),
        opening_balance: cells.amount("opening_balance").unwrap_or_default(),
        credit_limit: cells.amount("credit_limit"),
        inactive: cells
            .one_of("bill_status", "O (open) or I (inactive)", |text| match text.to_ascii_lowercase().as_str() {
                "o" | "open" => Some(false),
                "i" | "inactive" => Some(true),
                _ => None,
            })
            .unwrap_or(false),
        blocked: cells.yes_no("blocked").unwrap_or(false),
        active_from: cells.moment("activation_date"),
        expires_at: cells.moment("expiration_date"),
        life_time_days: cells.whole("life_time"),
        idle_days_max: cells.whole("inactivity_expire_time"),
        batch: cells.owned("batch"),
        password: None,
    };
    AccountWanted { new: if is_given && wanted_model.is_some() { new } else { without_money(new) }, customer }
}

/// What an account may start with depends on its model: without that, nothing can be said about the money.
fn without_money(new: AccountNew) -> AccountNew {
    AccountNew { opening_balance: trunkline_domain::money::Money::ZERO, credit_limit: None, ..new }
}
