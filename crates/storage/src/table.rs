//! Owns the list of tables and how each lies on a distributed PostgreSQL.
//! Does not own: their columns (migrations/). A test compares the list with the migrated schema.

use crate::engine::Engine;

/// How a table is spread over the nodes of a distributed PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// A customer's rows lie together, by `customer_id`.
    Customer,
    /// Found by a key that is unique over all customers; spread by that column.
    LookUp(&'static str),
    /// Small, and copied to each node.
    Catalogue,
    /// SQLite alone has it.
    SqliteAlone,
}

pub const TABLES: &[(&str, Distribution)] = &[
    ("installation", Distribution::Catalogue),
    ("signing_key", Distribution::Catalogue),
    ("customer_class", Distribution::Catalogue),
    ("spending_plan", Distribution::Catalogue),
    ("tariff", Distribution::Catalogue),
    ("rate", Distribution::Catalogue),
    ("nas", Distribution::Catalogue),
    ("product", Distribution::Catalogue),
    ("product_tariff", Distribution::Catalogue),
    ("bundle", Distribution::Catalogue),
    ("bundle_item", Distribution::Catalogue),
    ("staff", Distribution::Catalogue),
    ("saved_view", Distribution::Catalogue),
    ("schema_version", Distribution::Catalogue),
    ("staff_preference", Distribution::LookUp("staff_id")),
    ("login", Distribution::LookUp("token_hash")),
    ("idempotency", Distribution::LookUp("request_key")),
    ("customer_name", Distribution::LookUp("name_key")),
    ("customer_login", Distribution::LookUp("login_key")),
    ("account_identity", Distribution::LookUp("identity_key")),
    ("did_number", Distribution::LookUp("number")),
    ("customer", Distribution::Customer),
    ("number_sequence", Distribution::LookUp("scope")),
    ("customer_balance", Distribution::Customer),
    ("customer_entry", Distribution::Customer),
    ("customer_amount", Distribution::Customer),
    ("customer_text", Distribution::Customer),
    ("hold", Distribution::Customer),
    ("invoice", Distribution::Customer),
    ("open_invoice", Distribution::Customer),
    ("posting", Distribution::Customer),
    ("xdr", Distribution::Customer),
    ("xdr_correction", Distribution::Customer),
    ("payment", Distribution::Customer),
    ("invoice_allocation", Distribution::Customer),
    ("spending_day", Distribution::Customer),
    ("auto_payment", Distribution::Customer),
    ("auto_payment_attempt", Distribution::Customer),
    ("customer_export", Distribution::Customer),
    ("account", Distribution::Customer),
    ("account_product", Distribution::Customer),
    ("bundle_use", Distribution::Customer),
    ("account_alias", Distribution::Customer),
    ("charge_session", Distribution::Customer),
    ("audit", Distribution::Customer),
    ("outbox", Distribution::Customer),
    ("job", Distribution::Customer),
    ("customer_search", Distribution::SqliteAlone),
    ("arrival", Distribution::SqliteAlone),
    ("arrival_run", Distribution::SqliteAlone),
    ("arrival_tail", Distribution::SqliteAlone),
];

/// The tables that `engine` has.
pub fn names(engine: Engine) -> impl Iterator<Item = &'static str> {
    let has = move |distribution: Distribution| engine == Engine::Sqlite || distribution != Distribution::SqliteAlone;
    TABLES.iter().filter(move |(_, distribution)| has(*distribution)).map(|(name, _)| *name)
}

/// The statements that spread the tables, for a coordinator of a distributed PostgreSQL.
pub fn distribution_statements() -> Vec<String> {
    TABLES
        .iter()
        .filter_map(|(table, distribution)| match distribution {
            Distribution::Customer if *table == "customer" => {
                Some("select create_distributed_table('customer', 'customer_id');".to_owned())
            }
            Distribution::Customer => {
                Some(format!("select create_distributed_table('{table}', 'customer_id', colocate_with => 'customer');"))
            }
            Distribution::LookUp(column) => {
                Some(format!("select create_distributed_table('{table}', '{column}', colocate_with => 'none');"))
            }
            Distribution::Catalogue => Some(format!("select create_reference_table('{table}');")),
            Distribution::SqliteAlone => None,
        })
        .collect()
}
