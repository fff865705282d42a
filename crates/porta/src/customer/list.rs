//! Owns finding customers and their xDRs: `get_customer_list`, `get_customer_info`, `get_customer_xdrs`.
//! Does not own: searching (usecase/customer/search.rs), telling a customer (info.rs).

use trunkline_usecase::customer::{self, CustomerFilter, CustomerKey, CustomerView, Found, MatchMode, SearchRequest, TextSearch};
use trunkline_usecase::customer_class;
use trunkline_usecase::domain::contact::Contact;
use trunkline_usecase::domain::customer::CustomerType;
use trunkline_usecase::domain::search::SearchField;
use trunkline_usecase::domain::staff::Permission;
use trunkline_usecase::domain::status::CustomerStatus;
use trunkline_usecase::error::Error;
use trunkline_usecase::xdr::XdrOwner;

use super::info::{self, Wanted};
use super::{CONTACT, fault};
use crate::error::Fault;
use crate::fields::Fields;
use crate::page::listed;
use crate::pattern::{self, Pattern};
use crate::reply::{Object, Reply};
use crate::router::Call;
use crate::xdr;

type Check = Box<dyn Fn(&CustomerView) -> bool + Send>;

/// Conditions of the vendor that there is no data for yet.
const UNKNOWN_HERE: [&str; 4] = ["has_invoices", "i_distributor", "i_rep", "i_main_office"];

pub async fn get_customer_list(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let (offset, limit) = fields.page()?;
    let conditions = Conditions::of(fields)?;
    let wants_total = fields.is_set("get_total")?;
    if conditions.leaves_nobody() {
        call.context.actor.must(Permission::CustomerRead)?;
        return Ok(listed(call.object(), "customer_list", &[], wants_total.then_some(0)));
    }
    let filter = CustomerFilter {
        search: conditions.search,
        statuses: conditions.statuses.unwrap_or_default(),
        customer_type: conditions.customer_type,
        // 0 and null: customers of the installation itself.
        reseller_id: if fields.has("i_parent") { Some(fields.int("i_parent")?.filter(|parent| *parent != 0)) } else { None },
        ..CustomerFilter::default()
    };
    let request = SearchRequest {
        filter,
        also: all_of(conditions.checks),
        scanned_max: Some(call.state.options.scanned_max),
        offset,
        limit,
        total: wants_total,
        usage: fields.is_set("check_usage")?,
    };
    let wanted = Wanted {
        status: fields.is_set("get_statuses")?,
        login: fields.is_set("get_auth_info")? && call.context.actor.must(Permission::CustomerUpdate).is_ok(),
        time_zone_name: fields.is_set("get_time_zone_name")?,
        ..Wanted::default()
    };
    let page = customer::search(&call.state.app, &call.context, request).await?.map_err(fault)?;
    let rows: Result<Vec<String>, Fault> = page.rows.iter().map(|row| info::write(row, call.object(), wanted)).collect();
    Ok(listed(call.object(), "customer_list", &rows?, page.total))
}

fn all_of(checks: Vec<Check>) -> Option<Check> {
    if checks.is_empty() { None } else { Some(Box::new(move |view| checks.iter().all(|check| check(view)))) }
}

/// What is asked of customers: as far as an index knows it, and the rest.
#[derive(Default)]
struct Conditions {
    search: Option<TextSearch>,
    customer_type: Option<CustomerType>,
    /// The statuses, as shown, that a customer can have which meets the conditions. None: any.
    statuses: Option<Vec<CustomerStatus>>,
    /// Checked on each customer that the index leaves.
    checks: Vec<Check>,
}

impl Conditions {
    fn of(fields: &Fields) -> Result<Conditions, Fault> {
        let mut found =
            Conditions { search: fields.text_given("name")?.and_then(|name| pattern::name_search(&name)), ..Conditions::default() };
        found.standing(fields)?;
        match fields.int("i_customer_type")? {
            None => {}
            Some(wanted) => match CustomerType::ALL.into_iter().find(|kind| info::type_number(*kind) == wanted) {
                Some(kind) => found.customer_type = Some(kind),
                // Distributors, say.
                None => found.only(|_| false),
            },
        }
        if fields.int("i_office_type")?.is_some_and(|kind| kind != 1) || fields.int("i_main_customer")?.is_some() {
            // There are no offices here: every customer is of type 1, and none has a main one.
            found.only(|_| false);
        }
        found.texts(fields)?;
        Ok(found)
    }

    fn check(&mut self, check: impl Fn(&CustomerView) -> bool + Send + 'static) {
        self.checks.push(Box::new(check));
    }

    /// Leaves out customers that are shown with other statuses.
    fn only(&mut self, can_be: impl Fn(CustomerStatus) -> bool) {
        let before = self.statuses.take().unwrap_or_else(|| CustomerStatus::TABLE.map(|row| row.status).to_vec());
        self.statuses = Some(before.into_iter().filter(|status| can_be(*status)).collect());
    }

    fn leaves_nobody(&self) -> bool {
        self.statuses.as_ref().is_some_and(Vec::is_empty)
    }

    /// Conditions on the status. Of several that hold the first is shown, so that whoever has one is shown with it or with one
    /// before it.
    fn standing(&mut self, fields: &Fields) -> Result<(), Fault> {
        use CustomerStatus::{Closed, Exported, NoAvailableFunds, ProvisionallyTerminated, SpendingLimitReached, SuspensionDelayed};
        if let Some(wanted) = fields.text_given("bill_status")? {
            let open = |status| status > Exported;
            match wanted.as_str() {
                "C" => self.only(|status| status == Closed),
                "E" => self.only(|status| status == Exported),
                "D" => self.only(|status| open(status) && status <= ProvisionallyTerminated),
                "S" => self.only(|status| open(status) && status <= SuspensionDelayed),
                // Most customers are open: the order of names finds a page of them sooner than an index of statuses.
                "O" => {}
                _ => return Err(Fault::field("bill_status", "wrong_value", "one of O, S, D, C, E")),
            }
            if !["C", "E"].contains(&wanted.as_str()) {
                self.check(move |view| info::bill_status(view) == wanted);
            }
        }
        if let Some(wanted) = fields.flag("credit_limit_exceeded")? {
            if wanted {
                self.only(|status| status <= NoAvailableFunds);
            }
            self.check(move |view| view.facts.is_exhausted(view.at) == wanted);
        }
        if let Some(wanted) = fields.flag("spending_limit_reached")? {
            if wanted {
                self.only(|status| status <= SpendingLimitReached);
            }
            self.check(move |view| view.standing.holds(SpendingLimitReached) == wanted);
        }
        Ok(())
    }

    fn texts(&mut self, fields: &Fields) -> Result<(), Fault> {
        for name in ["companyname", "firstname", "lastname"] {
            if let Some(pattern) = pattern::of_field(fields, name)? {
                self.text(name, pattern)?;
            }
        }
        let Some(search) = fields.object("search")? else { return Ok(()) };
        let Some(pattern) = pattern::of_field(&search, "value")? else { return Ok(()) };
        match search.text_given("search_by")?.unwrap_or_default().as_str() {
            "name" if self.search.is_none() => {
                self.search = search.text_given("value")?.and_then(|value| pattern::name_search(&value));
                Ok(())
            }
            by => self.text(by, pattern),
        }
    }

    /// A condition on one text of a customer, by the vendor's name of it. The index of texts narrows it down where it can.
    fn text(&mut self, name: &str, pattern: Pattern) -> Result<(), Fault> {
        let unknown = || Fault::field("search_by", "unsupported_filter", "name, login, refnum or a field of the address");
        let (field, check): (Option<SearchField>, Check) = match name {
            "name" => (Some(SearchField::Name), text_check(pattern.clone(), |view| Some(&view.customer.name))),
            "login" => (Some(SearchField::Login), text_check(pattern.clone(), |view| view.customer.login.as_ref())),
            "refnum" => (Some(SearchField::Reference), text_check(pattern.clone(), |view| view.customer.reference.as_ref())),
            _ => {
                let ours = CONTACT.iter().find(|(vendors, _)| *vendors == name).map(|(_, ours)| *ours).ok_or_else(unknown)?;
                let index = Contact::LIMITS.iter().position(|(field, _)| *field == ours).ok_or_else(unknown)?;
                let value = move |view: &CustomerView| view.customer.contact.fields().into_iter().nth(index).cloned().flatten();
                let pattern = pattern.clone();
                (searched(ours), Box::new(move |view| value(view).is_some_and(|text| pattern.matches(&text))))
            }
        };
        if self.search.is_none() {
            self.search = field.and_then(|field| pattern.narrowing(field));
        }
        self.checks.push(check);
        Ok(())
    }
}

/// The search that looks into a field of the address as well.
fn searched(field: &str) -> Option<SearchField> {
    match field {
        "company_name" => Some(SearchField::Company),
        "first_name" | "last_name" | "contact" => Some(SearchField::Contact),
        "email" => Some(SearchField::Email),
        "phone_1" | "phone_2" => Some(SearchField::Phone),
        "address_line_1" | "address_line_2" | "city" | "state" | "postal_code" | "country" => Some(SearchField::Address),
        _ => None,
    }
}

fn text_check(pattern: Pattern, of: impl Fn(&CustomerView) -> Option<&String> + Send + 'static) -> Check {
    Box::new(move |view| of(view).is_some_and(|text| pattern.matches(text)))
}

pub async fn get_customer_info(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    let Some(found) = find(&call).await? else { return Ok(Object::new(false).into()) };
    let effective_suspend = if fields.is_set("effective_values")? {
        let class = customer_class::get(&call.state.app, &call.context, found.view.customer.customer_class_id).await?;
        Some(class.map_err(fault)?.suspend_on_insufficient_funds)
    } else {
        None
    };
    let wanted = Wanted {
        status: true,
        details: fields.is_set("detailed_info")?,
        login: fields.is_set("get_auth_info")? && call.context.actor.must(Permission::CustomerUpdate).is_ok(),
        time_zone_name: fields.is_set("get_time_zone_name")?,
        effective_suspend,
    };
    let written = info::write(&found, call.object(), wanted)?;
    let mut out = call.object();
    out.raw("customer_info", &written);
    Ok(out.into())
}

/// The customer that the request names, if there is one.
async fn find(call: &Call) -> Result<Option<Found>, Fault> {
    let fields = &call.fields;
    let key = if let Some(id) = fields.int("i_customer")? {
        CustomerKey::Id(id)
    } else if let Some(name) = fields.text_given("name")? {
        CustomerKey::Name(name)
    } else if let Some(login) = fields.text_given("login")? {
        CustomerKey::Login(login)
    } else if let Some(reference) = fields.text_given("refnum")? {
        return find_by_reference(call, reference).await;
    } else {
        return Err(Fault::field("i_customer", "required", "give one of i_customer, name, login, refnum"));
    };
    match customer::get(&call.state.app, &call.context, key).await? {
        Ok(view) => Ok(Some(Found { view, is_used: None })),
        Err(Error::NotFound(_)) => Ok(None),
        Err(other) => Err(fault(other)),
    }
}

async fn find_by_reference(call: &Call, reference: String) -> Result<Option<Found>, Fault> {
    let wanted = reference.clone();
    let also: Check = Box::new(move |view| view.customer.reference.as_ref() == Some(&reference));
    let scanned_max = Some(call.state.options.scanned_max);
    let search = TextSearch { text: wanted, mode: MatchMode::Exactly, fields: vec![SearchField::Reference] };
    let filter = CustomerFilter { search: Some(search), ..CustomerFilter::default() };
    let request = SearchRequest { filter, also: Some(also), scanned_max, limit: 1, ..SearchRequest::default() };
    Ok(customer::search(&call.state.app, &call.context, request).await?.map_err(fault)?.rows.pop())
}

/// The customer's own xDRs and those of its accounts.
pub async fn get_customer_xdrs(call: Call) -> Result<Reply, Fault> {
    let customer_id = call.fields.id("i_customer")?;
    xdr::list(call, XdrOwner::Customer(customer_id)).await
}
