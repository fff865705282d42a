//! Roles: each use case asks for its permission, whoever asks; the table of roles decides.

use trunkline_usecase::account::{self, AccountChange, AccountKey, AccountListRequest};
use trunkline_usecase::correction::{self, CorrectionWanted, RerateWanted};
use trunkline_usecase::customer::{self, CustomerChange, CustomerFilter, CustomerKey, ListRequest, SearchRequest, Termination};
use trunkline_usecase::customer_class::{self, ClassListRequest, CustomerClassChange, CustomerClassNew};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer_class::CollectionPolicy;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::saved_view::SavedList;
use trunkline_usecase::domain::secret::Secret;
use trunkline_usecase::domain::staff::{Permission, Role};
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::import::{Kind, Turn};
use trunkline_usecase::nas::{self, NasChange};
use trunkline_usecase::rate::{self, RateListRequest};
use trunkline_usecase::saved_view::{self, SavedViewChange, SavedViewNew};
use trunkline_usecase::staff::{self, StaffChange, StaffNew};
use trunkline_usecase::tariff::{self, TariffChange};
use trunkline_usecase::xdr::{self, XdrListRequest};
use trunkline_usecase::{Context, did, event, job, product, session};

use crate::world::{World, day, done, id_of, new_customer, staff as member};

type UseCase = fn(&World, &Context, Id) -> Result<()>;

fn keep_view(world: &World, context: &Context, list: SavedList, shared: bool, number: Id) -> Result<()> {
    let new = SavedViewNew { list, name: format!("View {number}"), shared, query: String::new(), columns: None };
    done(saved_view::create(&world.app, context, new, |_| String::new())).map(drop)
}

fn decided(asked: Result<session::Decision>) -> Result<()> {
    asked?.wait().unwrap().map(drop).map_err(Error::from)
}

/// Every use case that a person can want, with what it asks for.
fn use_cases() -> Vec<(&'static str, Permission, UseCase)> {
    use Permission::{
        AccountCreate, AccountRead, AccountUpdate, ClockAdvance, CustomerBlock, CustomerClassRead, CustomerClassWrite, CustomerCreate,
        CustomerDelete, CustomerLiftSuspension, CustomerRead, CustomerRestore, CustomerTerminate, CustomerUpdate, DidAssign, DidRead,
        DidWrite, EventRead, ExportRun, ImportRun, NasRead, NasWrite, ProductAssign, ProductRead, ProductWrite, SavedViewDelete,
        SavedViewShare, SessionDisconnect, SessionRead, StaffRead, StaffWrite, TariffRead, TariffWrite, TransactionPost, UsageCharge,
        XdrCorrect, XdrRead,
    };
    vec![
        ("get a customer", CustomerRead, |world, context, id| done(customer::get(&world.app, context, CustomerKey::Id(id))).map(drop)),
        ("list customers", CustomerRead, |world, context, _| {
            world.list(context, ListRequest { limit: 5, ..ListRequest::default() }).map(drop)
        }),
        ("sum customers up", CustomerRead, |world, context, _| {
            done(customer::summary(&world.app, context, &CustomerFilter::default())).map(drop)
        }),
        ("search customers", CustomerRead, |world, context, _| {
            done(customer::search(&world.app, context, SearchRequest { limit: 5, ..SearchRequest::default() })).map(drop)
        }),
        ("create a customer", CustomerCreate, |world, context, _| {
            done(customer::create(&world.app, context, new_customer(world, "New"), id_of)).map(drop)
        }),
        ("validate a new customer", CustomerCreate, |world, context, _| {
            done(customer::validate_create(&world.app, context, new_customer(world, "Newer")))
        }),
        ("update a customer", CustomerUpdate, |world, context, id| {
            done(customer::update(&world.app, context, id, CustomerChange::default(), id_of)).map(drop)
        }),
        ("update together", CustomerUpdate, |world, context, id| {
            done(customer::update_together(&world.app, context, id, customer::TogetherChange::default(), id_of)).map(drop)
        }),
        ("validate a change", CustomerUpdate, |world, context, id| {
            done(customer::validate_update(&world.app, context, id, CustomerChange::default()))
        }),
        ("block", CustomerBlock, |world, context, id| done(customer::block(&world.app, context, id, None, id_of)).map(drop)),
        ("unblock", CustomerBlock, |world, context, id| done(customer::unblock(&world.app, context, id, id_of)).map(drop)),
        ("lift a suspension", CustomerLiftSuspension, |world, context, id| {
            done(customer::lift_suspension(&world.app, context, id, day("2026-06-20"), id_of)).map(drop)
        }),
        ("terminate", CustomerTerminate, |world, context, id| {
            done(customer::terminate(&world.app, context, id, Termination::Provisional { closes_on: None }, None, id_of)).map(drop)
        }),
        ("restore", CustomerRestore, |world, context, id| done(customer::restore(&world.app, context, id, id_of)).map(drop)),
        ("delete", CustomerDelete, |world, context, id| done(customer::delete(&world.app, context, id)).map(drop)),
        ("post", TransactionPost, |world, context, id| world.post_as(context, id, PostingAction::ManualCharge, "1").map(drop)),
        ("list accounts", AccountRead, |world, context, _| {
            done(account::list(&world.app, context, AccountListRequest { limit: 5, ..AccountListRequest::default() })).map(drop)
        }),
        ("search accounts", AccountRead, |world, context, _| {
            done(account::search(&world.app, context, account::AccountSearch { limit: 5, ..account::AccountSearch::default() })).map(drop)
        }),
        ("get an account", AccountRead, |world, context, _| {
            done(account::get(&world.app, context, AccountKey::Identity("1".to_owned()))).map(drop)
        }),
        ("create an account", AccountCreate, |world, context, id| {
            done(account::create(&world.app, context, crate::account::new_account(id, "2"), |_| String::new())).map(drop)
        }),
        ("give an account a password", AccountUpdate, |world, context, id| {
            let given = Some(Secret::new("correct horse"));
            done(account::set_password(&world.app, context, id, given, |_| String::new())).map(drop)
        }),
        ("change an account", AccountUpdate, |world, context, id| {
            done(account::update(&world.app, context, id, AccountChange::default(), |_| String::new())).map(drop)
        }),
        ("end an account", AccountUpdate, |world, context, id| {
            done(account::terminate(&world.app, context, id, false, |_| String::new())).map(drop)
        }),
        ("validate a new account", AccountCreate, |world, context, id| {
            done(account::validate_create(&world.app, context, crate::account::new_account(id, "3"), None))
        }),
        ("validate a change of an account", AccountUpdate, |world, context, id| {
            done(account::validate_update(&world.app, context, id, AccountChange::default()))
        }),
        ("list aliases", AccountRead, |world, context, id| done(account::aliases(&world.app, context, id)).map(drop)),
        ("get an alias", AccountRead, |world, context, id| done(account::get_alias(&world.app, context, id)).map(drop)),
        ("add an alias", AccountUpdate, |world, context, id| {
            done(account::add_alias(&world.app, context, id, "alias".to_owned(), |_| String::new())).map(drop)
        }),
        ("take an alias away", AccountUpdate, |world, context, id| done(account::remove_alias(&world.app, context, id, id)).map(drop)),
        ("list numbers", DidRead, |world, context, _| {
            done(did::list(&world.app, context, did::DidListRequest { limit: 5, ..did::DidListRequest::default() })).map(drop)
        }),
        ("get a number", DidRead, |world, context, _| done(did::get(&world.app, context, 4_711)).map(drop)),
        ("add a number", DidWrite, |world, context, _| {
            done(did::create(&world.app, context, did::DidNew::default(), |_| String::new())).map(drop)
        }),
        ("change a number", DidWrite, |world, context, _| {
            done(did::update(&world.app, context, 4_711, did::DidChange::default(), |_| String::new())).map(drop)
        }),
        ("delete a number", DidWrite, |world, context, _| done(did::delete(&world.app, context, 4_711)).map(drop)),
        ("give a number", DidAssign, |world, context, id| {
            done(did::assign(&world.app, context, 4_711, did::DidHolder::Customer(id), |_| String::new())).map(drop)
        }),
        ("take a number back", DidAssign, |world, context, _| done(did::release(&world.app, context, 4_711, |_| String::new())).map(drop)),
        ("list classes", CustomerClassRead, |world, context, _| {
            done(customer_class::list(&world.app, context, ClassListRequest { limit: 10, ..ClassListRequest::default() })).map(drop)
        }),
        ("get a class", CustomerClassRead, |world, context, _| done(customer_class::get(&world.app, context, world.class)).map(drop)),
        ("create a class", CustomerClassWrite, |world, context, _| {
            let collection = CollectionPolicy {
                payment_terms_days: 0,
                limit_after_days: None,
                suspend_after_days: None,
                terminate_after_days: None,
                close_after_days: 30,
            };
            let new = CustomerClassNew { name: "New".to_owned(), currency: None, collection, suspend_on_insufficient_funds: false };
            done(customer_class::create(&world.app, context, new, |_| String::new())).map(drop)
        }),
        ("update a class", CustomerClassWrite, |world, context, _| {
            done(customer_class::update(&world.app, context, world.class, CustomerClassChange::default(), |_| String::new())).map(drop)
        }),
        ("export customers", ExportRun, |world, context, _| {
            done(customer::export(&world.app, context, ListRequest { limit: 5, ..ListRequest::default() }, 100)).map(drop)
        }),
        ("export accounts", ExportRun, |world, context, _| {
            done(account::export(&world.app, context, AccountListRequest::default(), 100)).map(drop)
        }),
        ("export xDRs", ExportRun, |world, context, _| done(xdr::export(&world.app, context, XdrListRequest::default(), 100)).map(drop)),
        ("sum accounts up", AccountRead, |world, context, _| {
            done(account::summary(&world.app, context, AccountListRequest::default())).map(drop)
        }),
        ("sum xDRs up", XdrRead, |world, context, _| done(xdr::summary(&world.app, context, XdrListRequest::default())).map(drop)),
        ("correct an xDR", XdrCorrect, |world, context, _| {
            let wanted = CorrectionWanted { xdr_id: 4_711, amount: None, comment: None, hidden: false };
            done(correction::correct(&world.app, context, vec![wanted], |_| String::new())).map(drop)
        }),
        ("charge anew", XdrCorrect, |world, context, customer_id| {
            let (from, before) = (world.now(), world.now().plus_days(1));
            let wanted = RerateWanted { customer_id, from, before, service: None, preview: false };
            correction::rerate(&world.app, context, &wanted, |_| String::new()).map(drop)
        }),
        ("list tariffs", TariffRead, |world, context, _| done(tariff::list(&world.app, context)).map(drop)),
        ("get a tariff", TariffRead, |world, context, _| done(tariff::get(&world.app, context, 4_711)).map(drop)),
        ("list rates", TariffRead, |world, context, _| {
            done(rate::list(&world.app, context, 4_711, RateListRequest { limit: 5, ..RateListRequest::default() })).map(drop)
        }),
        ("price a call", TariffRead, |world, context, _| {
            done(rate::price(&world.app, context, 4_711, "44".to_owned(), Some(60), None)).map(drop)
        }),
        ("create a tariff", TariffWrite, |world, context, _| {
            done(tariff::create(&world.app, context, crate::tariff::new_tariff("Retail"), |_| String::new())).map(drop)
        }),
        ("update a tariff", TariffWrite, |world, context, _| {
            done(tariff::update(&world.app, context, 4_711, TariffChange::default(), |_| String::new())).map(drop)
        }),
        ("delete a tariff", TariffWrite, |world, context, _| done(tariff::delete(&world.app, context, 4_711)).map(drop)),
        ("create a rate", TariffWrite, |world, context, _| {
            done(rate::create(&world.app, context, 4_711, crate::tariff::new_rate("44", "0.1"), |_| String::new())).map(drop)
        }),
        ("list NASes", NasRead, |world, context, _| done(nas::list(&world.app, context)).map(drop)),
        ("get a NAS", NasRead, |world, context, _| done(nas::get(&world.app, context, 4_711)).map(drop)),
        ("create a NAS", NasWrite, |world, context, _| {
            done(nas::create(&world.app, context, crate::nas::new_nas("Switch", "192.0.2.1"), |_| String::new())).map(drop)
        }),
        ("update a NAS", NasWrite, |world, context, _| {
            done(nas::update(&world.app, context, 4_711, NasChange::default(), |_| String::new())).map(drop)
        }),
        ("delete a NAS", NasWrite, |world, context, _| done(nas::delete(&world.app, context, 4_711)).map(drop)),
        ("import rates", TariffWrite, |world, context, _| Turn::take(&world.app, context, Kind::Rates).map(drop)),
        ("import xDRs", UsageCharge, |world, context, _| Turn::take(&world.app, context, Kind::Xdrs).map(drop)),
        ("import a file", ImportRun, |world, context, _| Turn::take(&world.app, context, Kind::Customers).map(drop)),
        ("list staff", StaffRead, |world, context, _| done(staff::list(&world.app, context, None, 5)).map(drop)),
        ("create staff", StaffWrite, |world, context, _| {
            let new = StaffNew {
                login: "x".into(),
                name: "X".into(),
                email: None,
                role: Role::Support,
                reseller_id: None,
                password: "short".into(),
            };
            staff::create(&world.app, context, &new, |_| String::new()).map(drop)
        }),
        ("update staff", StaffWrite, |world, context, _| {
            staff::update(&world.app, context, 4_711, StaffChange::default(), |_| String::new()).map(drop)
        }),
        ("keep a view of customers", CustomerRead, |world, context, id| keep_view(world, context, SavedList::Customers, false, id)),
        ("list xDRs", XdrRead, |world, context, _| {
            done(xdr::list(&world.app, context, xdr::XdrListRequest { limit: 5, ..xdr::XdrListRequest::default() })).map(drop)
        }),
        ("search xDRs", XdrRead, |world, context, id| {
            let owner = xdr::XdrOwner::Customer(id);
            let all = xdr::XdrSearch { owner, from: None, before: None, also: None, scanned_max: 10, offset: 0, limit: 5, total: false };
            done(xdr::search(&world.app, context, all)).map(drop)
        }),
        ("keep a view of xDRs", XdrRead, |world, context, id| keep_view(world, context, SavedList::Xdrs, false, id)),
        ("list products", ProductRead, |world, context, _| done(product::list(&world.app, context)).map(drop)),
        ("get a product", ProductRead, |world, context, _| done(product::get(&world.app, context, 4_711)).map(drop)),
        ("make a product", ProductWrite, |world, context, id| {
            done(product::create(&world.app, context, crate::product::new_product(&format!("P{id}"), Vec::new()), |_| String::new()))
                .map(drop)
        }),
        ("change a product", ProductWrite, |world, context, _| {
            done(product::update(&world.app, context, 4_711, product::ProductChange::default(), |_| String::new())).map(drop)
        }),
        ("delete a product", ProductWrite, |world, context, _| done(product::delete(&world.app, context, 4_711)).map(drop)),
        ("list a reseller's products", AccountRead, |world, context, id| {
            done(product::held(&world.app, context, product::Holder::Reseller(id))).map(drop)
        }),
        ("give a product", ProductAssign, |world, context, id| {
            done(product::give(&world.app, context, product::Holder::Reseller(id), 4_711, (None, None))).map(drop)
        }),
        ("take a product away", ProductAssign, |world, context, id| {
            done(product::take_away(&world.app, context, product::Holder::Reseller(id), 4_711)).map(drop)
        }),
        ("authorize usage", UsageCharge, |world, context, _| {
            decided(session::authorize(&world.app, context, &crate::session::key("a"), &crate::session::call("1", "44"), None))
        }),
        ("report usage", UsageCharge, |world, context, _| {
            decided(session::report(&world.app, context, &crate::session::key("a"), None, &session::Progress::default(), None))
        }),
        ("stop usage", UsageCharge, |world, context, _| {
            decided(session::stop(&world.app, context, &crate::session::key("a"), None, &crate::session::end(0, 1)))
        }),
        ("charge an event", UsageCharge, |world, context, _| {
            decided(session::event(&world.app, context, &crate::session::key("a"), &crate::session::call("1", "44"), 1))
        }),
        ("list sessions", SessionRead, |world, context, _| done(session::list(&world.app, context, None, None, 5)).map(drop)),
        ("end a session", SessionDisconnect, |world, context, _| {
            done(session::disconnect(&world.app, context, 4_711, |_| String::new())).map(drop)
        }),
        ("list saved views", CustomerClassRead, |world, context, _| {
            done(saved_view::list(&world.app, context, Some(SavedList::Classes))).map(drop)
        }),
        ("share a view", SavedViewShare, |world, context, id| keep_view(world, context, SavedList::Accounts, true, id)),
        ("change a view of others", SavedViewShare, |world, context, _| {
            done(saved_view::update(&world.app, context, 4_711, SavedViewChange::default(), |_| String::new())).map(drop)
        }),
        ("delete a view of others", SavedViewDelete, |world, context, _| done(saved_view::delete(&world.app, context, 4_711)).map(drop)),
        ("read events", EventRead, |world, context, _| done(event::list(&world.app, context, 0, 5)).map(drop)),
        ("advance the clock", ClockAdvance, |world, context, _| job::advance_test_clock(&world.app, context, world.now()).map(drop)),
    ]
}

#[test]
fn every_permission_is_asked_for_by_some_use_case() {
    for permission in Permission::ALL {
        assert!(use_cases().iter().any(|(_, wanted, _)| *wanted == permission), "{}", permission.code());
    }
}

/// Who may what, as docs/domain.md tells it: administrator, support, finance, network, auditor, reseller.
const TABLE: [(&str, &str); 37] = [
    ("customer.read", "yes yes yes yes yes yes"),
    ("customer.create", "yes yes yes no no yes"),
    ("customer.update", "yes yes yes no no yes"),
    ("customer.block", "yes yes yes no no yes"),
    ("customer.lift_suspension", "yes yes yes no no no"),
    ("customer.terminate", "yes no yes no no no"),
    ("customer.restore", "yes no yes no no no"),
    ("customer.delete", "yes no no no no no"),
    ("transaction.post", "yes no yes no no no"),
    ("account.read", "yes yes yes yes yes yes"),
    ("account.create", "yes yes no yes no yes"),
    ("account.update", "yes yes no yes no yes"),
    ("xdr.read", "yes yes yes yes yes yes"),
    ("xdr.correct", "yes no yes no no no"),
    ("customer_class.read", "yes yes yes yes yes yes"),
    ("customer_class.write", "yes no yes no no no"),
    ("tariff.read", "yes yes yes yes yes no"),
    ("tariff.write", "yes no yes no no no"),
    ("nas.read", "yes no no yes yes no"),
    ("nas.write", "yes no no yes no no"),
    ("product.read", "yes yes yes yes yes no"),
    ("product.write", "yes no yes no no no"),
    ("product.assign", "yes yes no yes no no"),
    ("usage.charge", "yes no no yes no no"),
    ("session.read", "yes yes yes yes yes yes"),
    ("session.disconnect", "yes yes no yes no yes"),
    ("did.read", "yes yes yes yes yes no"),
    ("did.write", "yes no no yes no no"),
    ("did.assign", "yes yes no yes no no"),
    ("import.run", "yes no no no no no"),
    ("export.run", "yes no yes no yes yes"),
    ("staff.read", "yes no no no yes no"),
    ("staff.write", "yes no no no no no"),
    ("saved_view.share", "yes yes yes yes no yes"),
    ("saved_view.delete", "yes no no no no no"),
    ("event.read", "yes no no yes yes no"),
    ("clock.advance", "yes no no no no no"),
];

on_both! {
    fn each_use_case_is_for_the_roles_of_its_permission_and_a_forbidden_one_leaves_nothing(world: &mut World) {
        let reseller = world.reseller("Max");
        for (name, permission, use_case) in use_cases() {
            let row = TABLE.iter().find(|(code, _)| *code == permission.code()).unwrap().1;
            for (role, may) in Role::ALL.into_iter().zip(row.split(' ')) {
                let customer_id = world.subcustomer(&format!("{name} {}", role.code()), reseller);
                let context = member(role, (role == Role::Reseller).then_some(reseller));
                let before = world.traces();
                let outcome = use_case(world, &context, customer_id);
                let is_forbidden = matches!(outcome, Err(Error::Forbidden(wanted)) if wanted == permission);
                assert_eq!(is_forbidden, may == "no", "{name} as {}: {outcome:?}", role.code());
                if is_forbidden {
                    assert_eq!(world.traces(), before, "{name} as {}", role.code());
                }
            }
        }
    }
}
