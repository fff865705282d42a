//! Owns the table of all endpoints: what each is asked with here, and what each role then gets.
//! Does not own: the asking (role.rs, repeat.rs, bad_field.rs, deadline.rs).

use serde_json::{Value, json};
use trunkline_usecase::Context;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::product::Direction;
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::domain::session::Proof;
use trunkline_usecase::session::{self, SessionKey, UsageNew};

use crate::world::{ADMINISTRATOR, RESELLER, World};

/// What the record in the path is, or the customer that the body names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    None,
    Customer,
    Blocked,
    Suspended,
    Terminated,
    Account,
    /// An account with an alias.
    Aliased,
    /// A number in the pool.
    Did,
    /// A number that a customer has.
    HeldDid,
    Class,
    Tariff,
    Nas,
    Product,
    Bundle,
    Reseller,
    /// A charge.
    Xdr,
    /// An account with a product.
    Holder,
    /// An account whose product lets it call everywhere.
    Caller,
    /// A session of a switch that takes requests to end one.
    Session,
    /// A reseller with a product.
    ResellerHolder,
    Staff,
    /// A shared one: of an administrator, or of staff of the reseller.
    SavedView,
}

pub struct Endpoint {
    pub method: &'static str,
    pub path: &'static str,
    pub target: Target,
    /// A body that is taken; a text is a file. `$target` and `$class` stand for ids, `$n` in a text for a number that was not given before.
    pub body: Option<fn() -> Value>,
    /// What administrator, support, finance, network, auditor and staff of a reseller get; then staff of a reseller who ask
    /// about another reseller's record; then nobody, who has not signed in.
    pub statuses: [u16; 8],
}

const fn row(method: &'static str, path: &'static str, target: Target, body: Option<fn() -> Value>, statuses: [u16; 8]) -> Endpoint {
    Endpoint { method, path, target, body, statuses }
}

#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = {
    use Target::*;
    &[
        //                                                                                                 admin supp. fin.  netw. audit res.  for.  nobody
        row("POST",   "/api/v1/session",                         None,       Some(credentials),           [200,  200,  200,  200,  200,  200,  200,  200]),
        row("GET",    "/api/v1/session",                         None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("DELETE", "/api/v1/session",                         None,       Option::None,                [204,  204,  204,  204,  204,  204,  204,  204]),
        row("GET",    "/api/v1/preferences",                     None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("PATCH",  "/api/v1/preferences",                     None,       Some(preferences),           [200,  200,  200,  200,  200,  200,  200,  401]),
        row("GET",    "/api/v1/saved-views",                     None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("POST",   "/api/v1/saved-views",                     None,       Some(new_saved_view),        [201,  201,  201,  201,  403,  201,  201,  401]),
        row("PATCH",  "/api/v1/saved-views/{id}",                SavedView,  Some(saved_view),            [200,  200,  200,  200,  403,  200,  404,  401]),
        row("DELETE", "/api/v1/saved-views/{id}",                SavedView,  Option::None,                [204,  403,  403,  403,  403,  204,  403,  401]),
        row("GET",    "/api/v1/statuses",                        None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  200]),
        row("GET",    "/api/v1/account-statuses",                None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  200]),
        row("GET",    "/api/v1/currencies",                      None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  200]),
        row("GET",    "/api/v1/time-zones",                      None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  200]),
        row("GET",    "/api/v1/customers",                       None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("POST",   "/api/v1/customers",                       None,       Some(new_customer),          [201,  201,  201,  403,  403,  201,  404,  401]),
        row("POST",   "/api/v1/customers/bulk",                  Customer,   Some(bulk),                  [200,  200,  200,  403,  403,  200,  200,  401]),
        row("GET",    "/api/v1/customers/export",                None,       Option::None,                [200,  403,  200,  403,  200,  200,  200,  401]),
        row("GET",    "/api/v1/customers/summary",               None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("GET",    "/api/v1/customers/{id}",                  Customer,   Option::None,                [200,  200,  200,  200,  200,  200,  404,  401]),
        row("PATCH",  "/api/v1/customers/{id}",                  Customer,   Some(customer),              [200,  200,  200,  403,  403,  200,  404,  401]),
        row("DELETE", "/api/v1/customers/{id}",                  Customer,   Option::None,                [204,  403,  403,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/customers/{id}/block",            Customer,   Some(comment),               [200,  200,  200,  403,  403,  200,  404,  401]),
        row("POST",   "/api/v1/customers/{id}/unblock",          Blocked,    Some(empty),                 [200,  200,  200,  403,  403,  200,  404,  401]),
        row("POST",   "/api/v1/customers/{id}/lift-suspension",  Suspended,  Some(lift),                  [200,  200,  200,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/customers/{id}/terminate",        Customer,   Some(terminate),             [200,  403,  200,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/customers/{id}/restore",          Terminated, Some(empty),                 [200,  403,  200,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/customers/{id}/transactions",     Customer,   Some(transaction),           [201,  403,  201,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/accounts",                        None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("POST",   "/api/v1/accounts",                        Customer,   Some(new_account),           [201,  201,  403,  201,  403,  201,  404,  401]),
        row("GET",    "/api/v1/accounts/export",                 None,       Option::None,                [200,  403,  200,  403,  200,  200,  200,  401]),
        row("GET",    "/api/v1/accounts/summary",                None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("GET",    "/api/v1/accounts/{id}",                   Account,    Option::None,                [200,  200,  200,  200,  200,  200,  404,  401]),
        row("PATCH",  "/api/v1/accounts/{id}",                   Account,    Some(account_change),        [200,  200,  403,  200,  403,  200,  404,  401]),
        row("POST",   "/api/v1/accounts/{id}/terminate",         Account,    Some(account_end),                 [200,  200,  403,  200,  403,  200,  404,  401]),
        row("GET",    "/api/v1/accounts/{id}/aliases",           Account,    Option::None,                [200,  200,  200,  200,  200,  200,  404,  401]),
        row("POST",   "/api/v1/accounts/{id}/aliases",           Account,    Some(new_alias),             [201,  201,  403,  201,  403,  201,  404,  401]),
        row("POST",   "/api/v1/accounts/{id}/aliases/remove",    Aliased,    Some(gone_alias),            [204,  204,  403,  204,  403,  204,  404,  401]),
        row("GET",    "/api/v1/dids",                            None,       Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("POST",   "/api/v1/dids",                            None,       Some(new_did),               [201,  403,  403,  201,  403,  403,  403,  401]),
        row("GET",    "/api/v1/dids/{id}",                       Did,        Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("PATCH",  "/api/v1/dids/{id}",                       Did,        Some(did),                   [200,  403,  403,  200,  403,  403,  403,  401]),
        row("DELETE", "/api/v1/dids/{id}",                       Did,        Option::None,                [204,  403,  403,  204,  403,  403,  403,  401]),
        row("POST",   "/api/v1/dids/{id}/assign",                Did,        Some(did_holder),            [200,  200,  403,  200,  403,  403,  403,  401]),
        row("POST",   "/api/v1/dids/{id}/release",               HeldDid,    Some(empty),                 [200,  200,  403,  200,  403,  403,  403,  401]),
        row("PUT",    "/api/v1/accounts/{id}/password",          Account,    Some(password),              [200,  200,  403,  200,  403,  200,  404,  401]),
        row("GET",    "/api/v1/xdrs",                            None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("GET",    "/api/v1/xdrs/export",                     None,       Option::None,                [200,  403,  200,  403,  200,  200,  200,  401]),
        row("GET",    "/api/v1/xdrs/summary",                    None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("GET",    "/api/v1/xdrs/{id}",                       Xdr,        Option::None,                [200,  200,  200,  200,  200,  200,  404,  401]),
        row("POST",   "/api/v1/xdrs/{id}/reverse",               Xdr,        Some(reverse),               [200,  403,  200,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/xdrs/{id}/refund",                Xdr,        Some(refund),                [200,  403,  200,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/customers/{id}/re-rate",          Customer,   Some(rerate),                [200,  403,  200,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/customer-classes",                None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("POST",   "/api/v1/customer-classes",                None,       Some(new_class),             [201,  403,  201,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/customer-classes/{id}",           Class,      Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("PATCH",  "/api/v1/customer-classes/{id}",           Class,      Some(class),                 [200,  403,  200,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/tariffs",                         None,       Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("POST",   "/api/v1/tariffs",                         None,       Some(new_tariff),            [201,  403,  201,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/tariffs/{id}",                    Tariff,     Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("PATCH",  "/api/v1/tariffs/{id}",                    Tariff,     Some(tariff),                [200,  403,  200,  403,  403,  403,  403,  401]),
        row("DELETE", "/api/v1/tariffs/{id}",                    Tariff,     Option::None,                [204,  403,  204,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/tariffs/{id}/rates",              Tariff,     Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("POST",   "/api/v1/tariffs/{id}/rates",              Tariff,     Some(new_rate),              [201,  403,  201,  403,  403,  403,  403,  401]),
        // A tariff without rates.
        row("GET",    "/api/v1/tariffs/{id}/rates/export",       Tariff,     Option::None,                [200,  403,  200,  403,  200,  403,  403,  401]),
        row("GET",    "/api/v1/tariffs/{id}/price",              Tariff,     Option::None,                [404,  404,  404,  404,  404,  403,  403,  401]),
        row("GET",    "/api/v1/nas",                             None,       Option::None,                [200,  403,  403,  200,  200,  403,  403,  401]),
        row("POST",   "/api/v1/nas",                             None,       Some(new_nas),               [201,  403,  403,  201,  403,  403,  403,  401]),
        row("GET",    "/api/v1/nas/{id}",                        Nas,        Option::None,                [200,  403,  403,  200,  200,  403,  403,  401]),
        row("PATCH",  "/api/v1/nas/{id}",                        Nas,        Some(nas),                   [200,  403,  403,  200,  403,  403,  403,  401]),
        row("DELETE", "/api/v1/nas/{id}",                        Nas,        Option::None,                [204,  403,  403,  204,  403,  403,  403,  401]),
        row("GET",    "/api/v1/products",                        None,       Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("POST",   "/api/v1/products",                        None,       Some(new_product),           [201,  403,  201,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/products/{id}",                   Product,    Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("PATCH",  "/api/v1/products/{id}",                   Product,    Some(product),               [200,  403,  200,  403,  403,  403,  403,  401]),
        row("DELETE", "/api/v1/products/{id}",                   Product,    Option::None,                [204,  403,  204,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/bundles",                         None,       Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("POST",   "/api/v1/bundles",                         None,       Some(new_bundle),            [201,  403,  201,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/bundles/{id}",                    Bundle,     Option::None,                [200,  200,  200,  200,  200,  403,  403,  401]),
        row("PATCH",  "/api/v1/bundles/{id}",                    Bundle,     Some(bundle),                [200,  403,  200,  403,  403,  403,  403,  401]),
        row("DELETE", "/api/v1/bundles/{id}",                    Bundle,     Option::None,                [204,  403,  204,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/accounts/{id}/bundles",           Account,    Option::None,                [200,  200,  200,  200,  200,  200,  404,  401]),
        row("GET",    "/api/v1/accounts/{id}/products",          Account,    Option::None,                [200,  200,  200,  200,  200,  200,  404,  401]),
        row("POST",   "/api/v1/accounts/{id}/products",          Account,    Some(give_product),          [204,  204,  403,  204,  403,  403,  403,  401]),
        row("POST",   "/api/v1/accounts/{id}/products/take-away", Holder,    Some(take_product),          [204,  204,  403,  204,  403,  403,  403,  401]),
        // Only the carrier's staff see what a reseller pays by.
        row("GET",    "/api/v1/customers/{id}/products",         Reseller,   Option::None,                [200,  200,  200,  200,  200,  404,  404,  401]),
        row("POST",   "/api/v1/customers/{id}/products",         Reseller,   Some(give_product),          [204,  204,  403,  204,  403,  403,  403,  401]),
        row("POST",   "/api/v1/customers/{id}/products/take-away", ResellerHolder, Some(take_resellers),  [204,  204,  403,  204,  403,  403,  403,  401]),
        row("POST",   "/api/v1/usage/authorize",                 Caller,     Some(authorize),             [200,  403,  403,  200,  403,  403,  403,  401]),
        row("POST",   "/api/v1/usage/report",                    Caller,     Some(report),                [200,  403,  403,  200,  403,  403,  403,  401]),
        row("POST",   "/api/v1/usage/stop",                      Caller,     Some(stop),                  [200,  403,  403,  200,  403,  403,  403,  401]),
        row("POST",   "/api/v1/usage/event",                     Caller,     Some(usage_event),           [200,  403,  403,  200,  403,  403,  403,  401]),
        row("GET",    "/api/v1/usage/sessions",                  None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("POST",   "/api/v1/usage/sessions/{id}/disconnect",  Session,    Option::None,                [200,  200,  403,  200,  403,  200,  404,  401]),
        row("GET",    "/api/v1/staff",                           None,       Option::None,                [200,  403,  403,  403,  200,  403,  403,  401]),
        row("POST",   "/api/v1/staff",                           None,       Some(new_staff),             [201,  403,  403,  403,  403,  403,  403,  401]),
        row("PATCH",  "/api/v1/staff/{id}",                      Staff,      Some(staff),                 [200,  403,  403,  403,  403,  403,  403,  401]),
        row("GET",    "/api/v1/events",                          None,       Option::None,                [200,  403,  403,  200,  200,  403,  403,  401]),
        row("GET",    "/api/v1/live",                            None,       Option::None,                [200,  200,  200,  200,  200,  200,  200,  401]),
        row("POST",   "/api/v1/imports/customers",               None,       Some(customers_file),        [200,  403,  403,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/imports/accounts",                None,       Some(accounts_file),         [200,  403,  403,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/imports/classes",                 None,       Some(classes_file),          [200,  403,  403,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/imports/rates",                   Tariff,     Some(rates_file),            [200,  403,  200,  403,  403,  403,  403,  401]),
        row("POST",   "/api/v1/imports/xdrs",                    Caller,     Some(xdrs_file),             [200,  403,  403,  200,  403,  403,  403,  401]),
        row("POST",   "/api/v1/test-clock",                      None,       Some(advance),               [200,  403,  403,  403,  403,  403,  403,  401]),
    ]
};

/// Routes that the document does not describe: it and its page.
pub const UNDOCUMENTED: &[&str] = &["/api/v1/openapi.json", "/api/v1/docs"];

fn account_end() -> Value {
    json!({ "release_dids": true })
}

fn new_alias() -> Value {
    json!({ "identity": "alias$n" })
}

fn gone_alias() -> Value {
    json!({ "alias_id": "$alias" })
}

fn new_did() -> Value {
    json!({ "number": "+4940$n", "description": "Hamburg", "frozen": false, "free_of_charge": false, "activation_fee": "5", "periodic_fee": "1.5" })
}

fn did() -> Value {
    json!({ "version": 1, "description": null, "frozen": true, "free_of_charge": true, "activation_fee": "0", "periodic_fee": "2" })
}

fn did_holder() -> Value {
    json!({ "account_id": "$account" })
}

fn account_change() -> Value {
    json!({
        "blocked": true, "inactive": false, "credit_limit": "10", "active_from": "2026-06-16T00:00:00Z", "expires_at": "2027-06-16T00:00:00Z",
        "life_time_days": 365, "idle_days_max": null, "batch": "Batch 7"
    })
}

fn password() -> Value {
    json!({ "password": "7Hd2mQx4Lw" })
}

fn empty() -> Value {
    json!({})
}

fn credentials() -> Value {
    json!({ "login": "$login", "password": crate::world::PASSWORD, "bearer": true })
}

fn preferences() -> Value {
    json!({ "seen_version": 0, "rows_per_page": 50, "theme": "dark", "density": "dense", "striped": true, "language": "uk", "lists": {} })
}

fn new_saved_view() -> Value {
    json!({ "list": "customers", "name": "View $n", "shared": true, "query": "status=blocked", "columns": { "order": ["name"] } })
}

fn saved_view() -> Value {
    json!({ "seen_version": 1, "name": "View $n", "shared": true, "query": "status=closed", "columns": null })
}

fn new_customer() -> Value {
    json!({
        "name": "Made $n", "type": "retail", "reseller_id": null, "class_id": "$class", "balance_control": "postpaid", "currency": "EUR",
        "time_zone": "Europe/Kyiv", "billing_period": "monthly", "opening_balance": "1.5", "credit_limit": "100",
        "suspend_on_insufficient_funds": true, "login": "made$n", "reference": "R-1",
        "address": {
            "company_name": "Made", "salutation": "Mx", "first_name": "Ada", "middle_name": "B", "last_name": "Cee",
            "address_line_1": "Main Street 1", "address_line_2": "Yard", "city": "Town", "state": "State", "postal_code": "12345",
            "country": "DE", "contact": "Reception", "phone_1": "+49301", "phone_2": "+49302", "fax": "+49303",
            "email": "made@customer.example", "bcc": "copy@customer.example", "tax_id": "DE1", "notes": "one\ntwo"
        }
    })
}

fn customer() -> Value {
    json!({
        "version": 1, "name": "Changed $n", "class_id": "$class", "time_zone": "Asia/Tokyo", "billing_period": "weekly",
        "credit_limit": "250", "temporary_credit_limit": { "amount": "300", "until": "2026-07-01T00:00:00Z" },
        "suspend_on_insufficient_funds": false, "login": "changed$n", "reference": "R-2",
        "address": { "city": "Elsewhere", "notes": null }
    })
}

fn comment() -> Value {
    json!({ "comment": "asked for by the customer" })
}

fn reverse() -> Value {
    json!({ "comment": "$n", "hidden": true })
}

fn refund() -> Value {
    json!({ "amount": "0.5", "comment": "$n" })
}

fn rerate() -> Value {
    json!({ "bill_time_from": "2026-06-01T00:00:00Z", "bill_time_before": "2026-07-01T00:00:00Z", "service": "voice" })
}

fn bulk() -> Value {
    json!({ "action": "block", "ids": ["$target"], "preview": false, "comment": "asked for by the bank" })
}

fn lift() -> Value {
    json!({ "until": "2026-06-20" })
}

fn terminate() -> Value {
    json!({ "kind": "provisional", "closes_on": "2026-06-30", "comment": "moves away" })
}

fn transaction() -> Value {
    json!({ "action": "manual_payment", "amount": "12.5", "visible_comment": "Thank you", "internal_comment": "cash" })
}

fn new_account() -> Value {
    json!({
        "customer_id": "$target", "identity": "3800$n", "model": "credit", "opening_balance": "0", "credit_limit": "20",
        "inactive": false, "blocked": false, "active_from": "2026-06-01T00:00:00Z", "expires_at": "2027-06-01T00:00:00Z",
        "life_time_days": 365, "idle_days_max": 90, "batch": "B-1"
    })
}

fn new_class() -> Value {
    json!({
        "name": "Class $n", "currency": "EUR", "payment_terms_days": 15, "limit_after_days": 5, "suspend_after_days": 10,
        "terminate_after_days": 60, "close_after_days": 30, "suspend_on_insufficient_funds": true
    })
}

fn class() -> Value {
    json!({
        "version": 1, "name": "Class $n", "payment_terms_days": 20, "limit_after_days": null, "suspend_after_days": 12,
        "terminate_after_days": 90, "close_after_days": 20, "suspend_on_insufficient_funds": false
    })
}

fn new_product() -> Value {
    json!({ "name": "Product $n", "kind": "add_on", "priority": 10, "currency": "EUR", "calls_max": 2, "tariffs": [] })
}

fn product() -> Value {
    json!({ "name": "Changed $n", "calls_max": null, "calls_outgoing_max": 3 })
}

fn new_bundle() -> Value {
    json!({ "name": "Bundle $n", "items": [{ "service": "voice", "prefixes": ["44"], "volume_units": 6_000, "rollover_periods": 1 }] })
}

fn bundle() -> Value {
    json!({ "name": "Changed $n", "across": "blend", "items": [{ "service": "data", "measure": "money", "volume_amount": "5", "used_up": "limit_speed" }] })
}

fn give_product() -> Value {
    json!({ "product_id": "$product" })
}

fn take_product() -> Value {
    json!({ "product_id": "$held_by_account" })
}

fn take_resellers() -> Value {
    json!({ "product_id": "$held_by_reseller" })
}

fn authorize() -> Value {
    json!({ "session": "s$n", "usage": { "identity": "$identity", "cld": "442079460123" }, "reauthorizes": true, "interim_seconds": 60 })
}

fn report() -> Value {
    json!({ "session": "s$n", "usage": { "identity": "$identity", "cld": "442079460123" }, "used_units": 5, "more": true })
}

fn stop() -> Value {
    json!({ "session": "s$n", "usage": { "identity": "$identity", "cld": "442079460123" }, "used_units": 5, "cause": "16" })
}

fn usage_event() -> Value {
    json!({ "session": "s$n", "usage": { "identity": "$identity", "cld": "442079460123" }, "units": 1 })
}

fn new_tariff() -> Value {
    json!({
        "name": "Tariff $n", "service": "voice", "currency": "EUR", "grace_units": 2, "free_units": 10, "connect_fee": "0.05",
        "surcharge_percent": "12.5", "rounding_digits": 4, "rounding": "away_from_zero", "split_by_peak": true,
        "time_zone": "Europe/Kyiv", "off_peak": "20:00-08:00 mon-fri; sat-sun"
    })
}

fn tariff() -> Value {
    json!({
        "version": 1, "name": "Tariff $n", "grace_units": 0, "free_units": 0, "connect_fee": "0", "surcharge_percent": "0",
        "rounding_digits": 5, "rounding": "half_away_from_zero", "split_by_peak": false, "time_zone": "UTC", "off_peak": null
    })
}

fn new_rate() -> Value {
    json!({
        "prefix": "44", "effective_from": "2026-12-01T00:00:00Z", "status": "open", "payback": false,
        "pricing": { "interval_first": 30, "interval_next": 6, "price_first": "0.1", "price_next": "0.12" },
        "off_peak": { "interval_first": 1, "interval_next": 1, "price_first": "0.05", "price_next": "0.06" }
    })
}

fn new_nas() -> Value {
    json!({
        "name": "Switch $n", "network": "10.0.0.0/8", "secret": "testing $n", "identifier": "switch$n", "reauthorizes": true,
        "interim_interval_seconds": 300, "message_authenticator_required": false, "reply_template": ["Session-Timeout = {seconds}"],
        "dynamic_authorization_port": 3799
    })
}

fn nas() -> Value {
    json!({
        "version": 1, "name": "Switch $n", "network": "10.0.0.0/8", "secret": "testing $n", "identifier": "switch$n", "reauthorizes": false,
        "interim_interval_seconds": null, "message_authenticator_required": true, "reply_template": null, "dynamic_authorization_port": null
    })
}

fn new_staff() -> Value {
    json!({ "login": "new$n", "name": "New $n", "email": "new@carrier.example", "role": "support", "reseller_id": null, "password": crate::world::PASSWORD })
}

fn staff() -> Value {
    json!({ "name": "Renamed", "email": null, "role": "auditor", "reseller_id": null, "password": "another horse battery", "disabled": true })
}

fn customers_file() -> Value {
    json!("name,iso_4217,customer_class\nLoaded $n,EUR,Standard\n")
}

fn accounts_file() -> Value {
    json!("id,customer,billing_model\n3801$n,Möwe Wholesale,credit\n")
}

fn classes_file() -> Value {
    json!("name,iso_4217\nLoaded $n,EUR\n")
}

fn rates_file() -> Value {
    json!("i_tariff,destination,price_n\n$target,4$n,0.1\n")
}

fn xdrs_file() -> Value {
    json!("call_id,account_id,cld,connect_time,used_quantity\nf$n,$identity,442079460123,2026-06-16 08:00:00,61\n")
}

fn advance() -> Value {
    json!({ "advance_to": "2026-06-16T08:00:00Z" })
}

impl Endpoint {
    /// Makes the record that is asked about, as a customer of `reseller` where that matters.
    pub fn prepare(&self, world: &World, reseller: Option<Id>) -> Asked {
        let customer = || match reseller {
            Some(id) => world.add_customer(&json!({ "reseller_id": id })),
            None => world.add_customer(&json!({})),
        };
        let done = |id: Id, action: &str, body: &Value| {
            world.post(&format!("/api/v1/customers/{id}/{action}"), body).expect(200);
            id
        };
        let id = match self.target {
            Target::None => 0,
            Target::Customer => customer(),
            Target::Blocked => done(customer(), "block", &json!({})),
            Target::Terminated => done(customer(), "terminate", &json!({ "kind": "provisional" })),
            Target::Suspended => {
                let id = customer();
                world.suspend(id);
                id
            }
            Target::Account => world.add_account(customer()),
            Target::Aliased => {
                let account = world.add_account(customer());
                let new = json!({ "identity": format!("alias{}", world.next()) });
                world.post(&format!("/api/v1/accounts/{account}/aliases"), &new).expect(201);
                account
            }
            Target::Did => make_did(world),
            Target::HeldDid => {
                let did = make_did(world);
                world.post(&format!("/api/v1/dids/{did}/assign"), &json!({ "customer_id": customer() })).expect(200);
                did
            }
            Target::Xdr => {
                let body = json!({ "action": "manual_charge", "amount": "7" });
                let made = world.post(&format!("/api/v1/customers/{}/transactions", customer()), &body).expect(201);
                made.json()["xdr_id"].as_i64().expect("an id")
            }
            Target::Class => {
                let name = format!("Prepared {}", world.next());
                world.post("/api/v1/customer-classes", &json!({ "name": name })).expect(201).id()
            }
            Target::SavedView => {
                let owner = if reseller == Some(world.reseller) { RESELLER } else { ADMINISTRATOR };
                world.ask(owner, "POST", "/api/v1/saved-views", Some(&fill(&new_saved_view(), world, 0))).expect(201).id()
            }
            Target::Tariff => {
                let new = json!({ "name": format!("Prepared {}", world.next()), "service": "voice", "currency": "EUR" });
                world.post("/api/v1/tariffs", &new).expect(201).id()
            }
            Target::Nas => {
                let name = format!("Prepared {}", world.next());
                let new = json!({ "name": name, "network": "192.0.2.0/24", "secret": "testing123", "identifier": name });
                world.post("/api/v1/nas", &new).expect(201).id()
            }
            Target::Product => make_product(world),
            Target::Bundle => world.post("/api/v1/bundles", &json!({ "name": format!("Prepared {}", world.next()) })).expect(201).id(),
            Target::Reseller => world.add_customer(&json!({ "type": "reseller" })),
            Target::Caller => make_caller(world, customer()),
            Target::Session => open_session(world, customer()),
            Target::Holder => give(world, "accounts", world.add_account(customer())),
            Target::ResellerHolder => give(world, "customers", world.add_customer(&json!({ "type": "reseller" }))),
            Target::Staff => world.add_staff(&format!("prepared{}", world.next()), trunkline_usecase::domain::staff::Role::Support),
        };
        let body = self.body.map(|body| fill(&body(), world, id));
        Asked { path: self.path.replace("{id}", &id.to_string()), body }
    }
}

fn make_did(world: &World) -> Id {
    world.post("/api/v1/dids", &json!({ "number": format!("4930{}", world.next()) })).expect(201).id()
}

fn make_product(world: &World) -> Id {
    let new = json!({ "name": format!("Prepared {}", world.next()), "kind": "main", "currency": "EUR" });
    world.post("/api/v1/products", &new).expect(201).id()
}

fn give(world: &World, kind: &str, id: Id) -> Id {
    world.post(&format!("/api/v1/{kind}/{id}/products"), &json!({ "product_id": make_product(world) })).expect(204);
    id
}

fn open_session(world: &World, customer: Id) -> Id {
    let account = make_caller(world, customer);
    let name = format!("Prepared {}", world.next());
    let new =
        json!({ "name": name, "network": "192.0.2.0/24", "secret": "testing123", "identifier": name, "dynamic_authorization_port": 3799 });
    let source = format!("nas-{}", world.post("/api/v1/nas", &new).expect(201).id());
    let identity = world.ask(ADMINISTRATOR, "GET", &format!("/api/v1/accounts/{account}"), None).expect(200).json()["identity"].clone();
    let usage = UsageNew {
        identity: identity.as_str().expect("an identity").to_owned(),
        service: Service::Voice,
        direction: Direction::Outgoing,
        cli: None,
        cld: "442079460123".to_owned(),
        reauthorizes: true,
        units_wanted: None,
        proof: Proof::Vouched,
    };
    let key = SessionKey { source, session: name };
    let asked = session::authorize(&world.app, &Context::system(), &key, &usage, None).expect("it can be asked");
    asked.wait().expect("an answer").expect("it is let through").session_id
}

fn make_caller(world: &World, customer: Id) -> Id {
    let named = |kind: &str, new: Value| world.post(&format!("/api/v1/{kind}"), &new).expect(201).id();
    let entries: Vec<Value> = ["voice", "message"]
        .into_iter()
        .map(|service| {
            let tariff = named("tariffs", json!({ "name": format!("Prepared {}", world.next()), "service": service, "currency": "EUR" }));
            world
                .post(&format!("/api/v1/tariffs/{tariff}/rates"), &json!({ "prefix": "", "pricing": { "price_next": "0.1" } }))
                .expect(201);
            json!({ "service": service, "direction": "outgoing", "tariff_id": tariff })
        })
        .collect();
    let name = format!("Prepared {}", world.next());
    let product = named("products", json!({ "name": name, "kind": "main", "currency": "EUR", "tariffs": entries }));
    let account = world.add_account(customer);
    world.post(&format!("/api/v1/accounts/{account}/products"), &json!({ "product_id": product })).expect(204);
    account
}

/// The product that the holder has.
fn held(world: &World, kind: &str, id: Id) -> Value {
    world.get(&format!("/api/v1/{kind}/{id}/products")).json()["items"][0]["product"]["id"].clone()
}

/// A request that can be sent.
pub struct Asked {
    pub path: String,
    pub body: Option<Value>,
}

fn fill(value: &Value, world: &World, target: Id) -> Value {
    match value {
        Value::String(text) if text == "$class" => world.class.into(),
        Value::String(text) if text == "$target" => target.into(),
        Value::String(text) if text == "$identity" => world.get(&format!("/api/v1/accounts/{target}")).json()["identity"].clone(),
        Value::String(text) if text == "$alias" => {
            world.get(&format!("/api/v1/accounts/{target}/aliases")).json()["items"][0]["id"].clone()
        }
        Value::String(text) if text == "$account" => world.add_account(world.add_customer(&json!({}))).into(),
        Value::String(text) if text == "$product" => make_product(world).into(),
        Value::String(text) if text == "$held_by_account" => held(world, "accounts", target),
        Value::String(text) if text == "$held_by_reseller" => held(world, "customers", target),
        Value::String(text) if text == "$login" => {
            let login = format!("signing{}", world.next());
            world.add_staff(&login, trunkline_usecase::domain::staff::Role::Support);
            login.into()
        }
        Value::String(text) if text.contains("$n") => {
            let text = match text.contains("$identity") {
                true => text.replace("$identity", fill(&json!("$identity"), world, target).as_str().unwrap_or_default()),
                false => text.clone(),
            };
            text.replace("$n", &world.next().to_string()).replace("$target", &target.to_string()).into()
        }
        Value::Array(items) => items.iter().map(|item| fill(item, world, target)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), fill(value, world, target))).collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
