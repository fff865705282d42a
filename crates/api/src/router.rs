//! Owns the contents page of the face: every route with its method and handler.
//! Does not own: what handlers do.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with, patch_with, post_with, put_with};
use aide::openapi::OpenApi;
use aide::transform::TransformOperation;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::answer::within_deadline;
use crate::customer::action;
use crate::error::{Problem, identified};
use crate::openapi::document_file;
use crate::{
    ApiState, account, bundle, correction, customer, customer_class, did, event, export, import, live, nas, openapi, product, rate,
    reference, saved_view, session, staff, tariff, test_clock, usage, xdr,
};

type Operation<'t> = TransformOperation<'t>;

fn says(id: &'static str, tag: &'static str, summary: &'static str) -> impl for<'t> Fn(Operation<'t>) -> Operation<'t> {
    move |operation| operation.id(id).tag(tag).summary(summary)
}

/// What the document says of every import.
const IMPORT: &str = "The body is a CSV file of at most 256 MiB, as `trunkline import` takes it. All of it is loaded or nothing; with `skip_bad` \
what is good. A file that cannot be loaded is refused with `rows_refused`, `rows_overtaken`, `file_not_understood` or `file_unreadable`, and \
the problem has the members of ImportBody too. One file at a time: `overloaded` means that another one is being loaded. Whoever closes the \
connection before the answer stops the import. xDRs are charged in many commits beside the calls of the moment: an import that ended before its \
time is `partly_loaded`, and importing the file again loads the rest; a session that was charged before is left out and counted in `repeated`.";

/// What the document says of changes of many customers.
const BULK: &str = "Each customer is changed in a commit of its own, by the rules that hold for it alone, and has its own outcome: one that is refused \
holds up no other. With `preview` nothing is changed and each outcome is what it would be now. A repeat under the same `Idempotency-Key` changes \
nothing twice: it gets the first answer, or, where the server was stopped on the way, does the rest and answers for all.";

/// What the document says of listening.
const LIVE: &str = "`customers` has the rows as the list shows them in `items`, and in `gone` the ids of those that are there no more, first for all that \
were asked for, then for those that changed, at most twice a second. `saved_view` has id and version of a view that changed. `refetch`: some \
changes were passed over; fetch the list again. `signed_out`: the login has ended, and with it this answer. `here` every 15 seconds says that \
the server is there. Of a reseller's staff only its customers are known.";

/// What the document says of every export.
const EXPORT: &str = "Everything that the list shows for the same query, in its order; what asks for a page is ignored. The file is sent while it is read, \
and the header `Trunkline-Rows` tells beforehand how many rows are to come. A row whose place in the order changes meanwhile can be missing or \
stand there twice. A workbook holds 1,048,575 rows (`too_many_rows`), CSV any number.";

/// For routes that answer with a file.
fn exports(id: &'static str, tag: &'static str, summary: &'static str) -> impl for<'t> Fn(Operation<'t>) -> Operation<'t> {
    move |operation| {
        let mut operation = says(id, tag, summary)(operation).description(EXPORT).response::<200, ()>();
        document_file(operation.inner_mut(), &["text/csv", export::WORKBOOK]);
        operation
    }
}

/// For routes that take a file.
fn imports(id: &'static str, summary: &'static str) -> impl for<'t> Fn(Operation<'t>) -> Operation<'t> {
    move |operation| says(id, "imports", summary)(operation).description(IMPORT).response::<200, axum::Json<import::ImportBody>>()
}

/// For routes that need no signing in.
fn open(id: &'static str, tag: &'static str, summary: &'static str) -> impl for<'t> Fn(Operation<'t>) -> Operation<'t> {
    move |operation| {
        let mut operation = operation.id(id).tag(tag).summary(summary);
        operation.inner_mut().security = vec![Default::default()];
        operation
    }
}

/// Every documented route.
#[rustfmt::skip]
pub fn routes(with_test_clock: bool) -> ApiRouter<ApiState> {
    let router = ApiRouter::new()
        .api_route("/api/v1/session", post_with(session::sign_in, |operation| open("signIn", "session", "Sign in")(operation).response::<200, axum::Json<session::Session>>())
            .get_with(session::current, says("getSession", "session", "Who is signed in"))
            .delete_with(session::sign_out, |operation| open("signOut", "session", "Sign out")(operation).response::<204, ()>()))
        .api_route("/api/v1/preferences", get_with(staff::preferences, says("getPreferences", "session", "Preferences of the signed-in person"))
            .patch_with(staff::change_preferences, says("changePreferences", "session", "Change preferences")))
        .api_route("/api/v1/saved-views", get_with(saved_view::list, says("listSavedViews", "saved views", "Saved views of a list"))
            .post_with(saved_view::create, says("createSavedView", "saved views", "Keep a view of a list under a name")))
        .api_route("/api/v1/saved-views/{id}", patch_with(saved_view::update, says("updateSavedView", "saved views", "Change a saved view"))
            .delete_with(saved_view::delete, |operation| says("deleteSavedView", "saved views", "Delete a saved view")(operation).response::<204, ()>()))
        .api_route("/api/v1/statuses", get_with(reference::list_statuses, open("listStatuses", "reference", "Every customer status, by rank")))
        .api_route("/api/v1/account-statuses", get_with(reference::list_account_statuses, open("listAccountStatuses", "reference", "Every account status, by rank")))
        .api_route("/api/v1/currencies", get_with(reference::list_currencies, open("listCurrencies", "reference", "Currencies")))
        .api_route("/api/v1/time-zones", get_with(reference::list_time_zones, open("listTimeZones", "reference", "Time zones")))
        .api_route("/api/v1/customers", get_with(customer::list, says("listCustomers", "customers", "List customers"))
            .post_with(customer::create, says("createCustomer", "customers", "Make a customer")))
        .api_route("/api/v1/customers/bulk", post_with(customer::bulk::bulk, |operation| says("changeCustomers", "customers", "Do one thing to many customers, or tell what it would do")(operation).description(BULK)))
        .api_route("/api/v1/customers/export", get_with(customer::export::export, exports("exportCustomers", "customers", "The list of customers as a file")))
        .api_route("/api/v1/customers/summary", get_with(customer::summary, says("summarizeCustomers", "customers", "How many customers match, by status and currency")))
        .api_route("/api/v1/customers/{id}", get_with(customer::get, says("getCustomer", "customers", "One customer"))
            .patch_with(customer::update, says("updateCustomer", "customers", "Change a customer")))
        .api_route("/api/v1/customers/{id}", delete_with(customer::delete, |operation| says("deleteCustomer", "customers", "Delete a customer without accounts, DID numbers, invoices, xDRs, subcustomers and balance")(operation).response::<204, ()>()))
        .api_route("/api/v1/customers/{id}/block", post_with(action::block, says("blockCustomer", "customers", "Block")))
        .api_route("/api/v1/customers/{id}/unblock", post_with(action::unblock, says("unblockCustomer", "customers", "Unblock")))
        .api_route("/api/v1/customers/{id}/lift-suspension", post_with(action::lift_suspension, says("liftSuspension", "customers", "Lift the suspension or limitation until a day")))
        .api_route("/api/v1/customers/{id}/terminate", post_with(action::terminate, says("terminateCustomer", "customers", "Terminate, provisionally or permanently")))
        .api_route("/api/v1/customers/{id}/restore", post_with(action::restore, says("restoreCustomer", "customers", "Restore a blocked, provisionally terminated or exported customer")))
        .api_route("/api/v1/customers/{id}/transactions", post_with(action::post, says("postTransaction", "customers", "Post a charge, credit, payment or refund by hand")))
        .api_route("/api/v1/xdrs", get_with(xdr::list, says("listXdrs", "xDRs", "List xDRs")))
        .api_route("/api/v1/xdrs/export", get_with(xdr::export, exports("exportXdrs", "xDRs", "The list of xDRs as a file")))
        .api_route("/api/v1/xdrs/summary", get_with(xdr::summary, says("summarizeXdrs", "xDRs", "How many of a customer's xDRs match, and what they come to")))
        .api_route("/api/v1/xdrs/{id}", get_with(xdr::get, says("getXdr", "xDRs", "One xDR, and how its charge came about")))
        .api_route("/api/v1/xdrs/{id}/reverse", post_with(correction::reverse, says("reverseXdr", "xDRs", "Reverse a charge, for everybody who paid for the same usage")))
        .api_route("/api/v1/xdrs/{id}/refund", post_with(correction::refund, says("refundXdr", "xDRs", "Give back a part of a charge")))
        .api_route("/api/v1/customers/{id}/re-rate", post_with(correction::rerate, says("rerateCustomer", "xDRs", "Charge a customer's usage of a time anew, by the products and rates that are there now")))
        .api_route("/api/v1/customer-classes", get_with(customer_class::list, says("listCustomerClasses", "customer classes", "List customer classes"))
            .post_with(customer_class::create, says("createCustomerClass", "customer classes", "Make a customer class")))
        .api_route("/api/v1/customer-classes/{id}", get_with(customer_class::get, says("getCustomerClass", "customer classes", "One customer class"))
            .patch_with(customer_class::update, says("updateCustomerClass", "customer classes", "Change a customer class")))
        .api_route("/api/v1/tariffs", get_with(tariff::list, says("listTariffs", "tariffs", "List tariffs"))
            .post_with(tariff::create, says("createTariff", "tariffs", "Make a tariff")))
        .api_route("/api/v1/tariffs/{id}", get_with(tariff::get, says("getTariff", "tariffs", "One tariff"))
            .patch_with(tariff::update, says("updateTariff", "tariffs", "Change a tariff")))
        .api_route("/api/v1/tariffs/{id}", delete_with(tariff::delete, |operation| says("deleteTariff", "tariffs", "Delete a tariff with its rates")(operation).response::<204, ()>()))
        .api_route("/api/v1/tariffs/{id}/rates", get_with(rate::list, says("listRates", "tariffs", "List a tariff's rates"))
            .post_with(rate::create, says("createRate", "tariffs", "Add a rate to a tariff")))
        .api_route("/api/v1/tariffs/{id}/rates/export", get_with(rate::export, exports("exportRates", "tariffs", "A tariff's rates as a file, which an import reads")))
        .api_route("/api/v1/tariffs/{id}/price", get_with(rate::price, says("getPrice", "tariffs", "What usage to a number costs, step by step")))
        .api_route("/api/v1/nas", get_with(nas::list, says("listNas", "NAS", "List NASes, the switches that ask over RADIUS"))
            .post_with(nas::create, says("createNas", "NAS", "Make a NAS")))
        .api_route("/api/v1/nas/{id}", get_with(nas::get, says("getNas", "NAS", "One NAS"))
            .patch_with(nas::update, says("updateNas", "NAS", "Change a NAS")))
        .api_route("/api/v1/nas/{id}", delete_with(nas::delete, |operation| says("deleteNas", "NAS", "Delete a NAS")(operation).response::<204, ()>()))
        .api_route("/api/v1/usage/authorize", post_with(usage::authorize, says("authorizeUsage", "usage", "May usage begin, and for how long")))
        .api_route("/api/v1/usage/report", post_with(usage::report, says("reportUsage", "usage", "Usage has begun or goes on")))
        .api_route("/api/v1/usage/stop", post_with(usage::stop, says("stopUsage", "usage", "Usage has ended: charge it")))
        .api_route("/api/v1/usage/event", post_with(usage::event, says("chargeEvent", "usage", "Authorize and charge at once")))
        .api_route("/api/v1/usage/sessions", get_with(usage::list, says("listSessions", "usage", "Sessions that are open")))
        .api_route("/api/v1/usage/sessions/{id}/disconnect", post_with(usage::disconnect, says("disconnectSession", "usage", "Have its switch end a session")))
        .api_route("/api/v1/staff", get_with(staff::list, says("listStaff", "staff", "List staff"))
            .post_with(staff::create, says("createStaff", "staff", "Make a member of staff")))
        .api_route("/api/v1/staff/{id}", patch_with(staff::update, says("updateStaff", "staff", "Change a member of staff")))
        .api_route("/api/v1/events", get_with(event::list, says("listEvents", "events", "Events since one that was seen")))
        .api_route("/api/v1/live", get_with(live::listen, |operation| {
            let mut operation = says("listenForChanges", "events", "What changes while a list is looked at, as server-sent events")(operation).description(LIVE).response::<200, ()>();
            document_file(operation.inner_mut(), &["text/event-stream"]);
            operation
        }));
    let router = with_products(with_dids(with_accounts(router))).layer(middleware::from_fn(within_deadline));
    // Behind the deadline: a file takes as long as its rows do, and moving the clock as long as the work on the way.
    let router = with_imports(router);
    if with_test_clock {
        router.api_route("/api/v1/test-clock", post_with(test_clock::advance, says("advanceTestClock", "test clock", "Move the test clock; only on a server that was started with one")))
    } else {
        router
    }
}

/// The routes of accounts.
#[rustfmt::skip]
fn with_accounts(router: ApiRouter<ApiState>) -> ApiRouter<ApiState> {
    router
        .api_route("/api/v1/accounts", get_with(account::list, says("listAccounts", "accounts", "List accounts"))
            .post_with(account::create, says("createAccount", "accounts", "Make an account")))
        .api_route("/api/v1/accounts/export", get_with(account::export, exports("exportAccounts", "accounts", "The list of accounts as a file")))
        .api_route("/api/v1/accounts/summary", get_with(account::summary, says("summarizeAccounts", "accounts", "How many accounts match, by status and currency")))
        .api_route("/api/v1/accounts/{id}", get_with(account::get, says("getAccount", "accounts", "One account"))
            .patch_with(account::change::update, says("updateAccount", "accounts", "Change an account, or block it")))
        .api_route("/api/v1/accounts/{id}/terminate", post_with(account::change::terminate, says("terminateAccount", "accounts", "End an account for good")))
        .api_route("/api/v1/accounts/{id}/password", put_with(account::password::set, says("setAccountPassword", "accounts", "Give an account another password, or take it away")))
}

/// The routes of products and bundles.
#[rustfmt::skip]
fn with_products(router: ApiRouter<ApiState>) -> ApiRouter<ApiState> {
    router
        .api_route("/api/v1/products", get_with(product::list, says("listProducts", "products", "List products"))
            .post_with(product::create, says("createProduct", "products", "Make a product")))
        .api_route("/api/v1/products/{id}", get_with(product::get, says("getProduct", "products", "One product"))
            .patch_with(product::update, says("updateProduct", "products", "Change a product")))
        .api_route("/api/v1/products/{id}", delete_with(product::delete, |operation| says("deleteProduct", "products", "Delete a product that nobody has")(operation).response::<204, ()>()))
        .api_route("/api/v1/bundles", get_with(bundle::list, says("listBundles", "products", "List bundles"))
            .post_with(bundle::create, says("createBundle", "products", "Make a bundle")))
        .api_route("/api/v1/bundles/{id}", get_with(bundle::get, says("getBundle", "products", "One bundle"))
            .patch_with(bundle::update, says("updateBundle", "products", "Change a bundle for everybody who has it")))
        .api_route("/api/v1/bundles/{id}", delete_with(bundle::delete, |operation| says("deleteBundle", "products", "Delete a bundle that no product has and nobody has used")(operation).response::<204, ()>()))
        .api_route("/api/v1/accounts/{id}/bundles", get_with(bundle::of_account, says("listAccountBundles", "products", "What is included for an account, and what is left of it")))
        .api_route("/api/v1/accounts/{id}/products", get_with(product::of_account, says("listAccountProducts", "products", "The products of an account"))
            .post_with(product::give_account, |operation| says("giveAccountProduct", "products", "Give a product to an account")(operation).response::<204, ()>()))
        .api_route("/api/v1/accounts/{id}/products/take-away", post_with(product::take_from_account, |operation| says("takeAccountProduct", "products", "Take a product away from an account")(operation).response::<204, ()>()))
        .api_route("/api/v1/customers/{id}/products", get_with(product::of_reseller, says("listResellerProducts", "products", "What a reseller pays by for its customers' usage"))
            .post_with(product::give_reseller, |operation| says("giveResellerProduct", "products", "Give a product to a reseller")(operation).response::<204, ()>()))
        .api_route("/api/v1/customers/{id}/products/take-away", post_with(product::take_from_reseller, |operation| says("takeResellerProduct", "products", "Take a product away from a reseller")(operation).response::<204, ()>()))
}

/// The routes of DID numbers and aliases.
#[rustfmt::skip]
fn with_dids(router: ApiRouter<ApiState>) -> ApiRouter<ApiState> {
    router
        .api_route("/api/v1/accounts/{id}/aliases", get_with(account::alias::list, says("listAliases", "accounts", "The aliases of an account, its DID numbers among them"))
            .post_with(account::alias::add, says("addAlias", "accounts", "Give an account one identity more")))
        .api_route("/api/v1/accounts/{id}/aliases/remove", post_with(account::alias::remove, |operation| says("removeAlias", "accounts", "Take an alias away")(operation).response::<204, ()>()))
        .api_route("/api/v1/dids", get_with(did::list, says("listDids", "DIDs", "List the inventory of DID numbers"))
            .post_with(did::create, says("createDid", "DIDs", "Add a number")))
        .api_route("/api/v1/dids/{id}", get_with(did::get, says("getDid", "DIDs", "One number"))
            .patch_with(did::update, says("updateDid", "DIDs", "Change what is said of a number, or keep it back")))
        .api_route("/api/v1/dids/{id}", delete_with(did::delete, |operation| says("deleteDid", "DIDs", "Delete a number that nobody has")(operation).response::<204, ()>()))
        .api_route("/api/v1/dids/{id}/assign", post_with(did::assign, says("assignDid", "DIDs", "Give a number to a customer or an account")))
        .api_route("/api/v1/dids/{id}/release", post_with(did::release, says("releaseDid", "DIDs", "Take a number back into the pool")))
}

/// The routes that files are sent to.
fn with_imports(router: ApiRouter<ApiState>) -> ApiRouter<ApiState> {
    router
        .api_route("/api/v1/imports/customers", post_with(import::customers, imports("importCustomers", "Load a file of customers")))
        .api_route("/api/v1/imports/accounts", post_with(import::accounts, imports("importAccounts", "Load a file of accounts")))
        .api_route("/api/v1/imports/classes", post_with(import::classes, imports("importClasses", "Load a file of customer classes")))
        .api_route("/api/v1/imports/rates", post_with(import::rates, imports("importRates", "Load a file of rates")))
        .api_route("/api/v1/imports/xdrs", post_with(import::xdrs, imports("importXdrs", "Charge a file of what switches recorded")))
}

/// The face as a service.
pub fn router(state: ApiState) -> Router {
    let mut api = OpenApi::default();
    let routes = routes(state.app.clock().is_test()).finish_api_with(&mut api, openapi::whole);
    let text = openapi::text(&api);
    let document = move || async move { ([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response() };
    let page: Arc<str> = aide::scalar::Scalar::new("/api/v1/openapi.json").with_title("Trunkline API").html().into();
    Router::new()
        .merge(routes)
        .route("/api/v1/openapi.json", get(document))
        .route("/api/v1/docs", get(move || async move { axum::response::Html(page.to_string()) }))
        .route("/api/{*rest}", axum::routing::any(unknown))
        .with_state(state)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(identified))
}

async fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is no such route; /api/v1/openapi.json lists all of them.")
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This route has other methods; /api/v1/openapi.json lists them.")
}
