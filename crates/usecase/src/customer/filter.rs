//! Owns which customers are asked for: checking the conditions, and putting the actor's scope among them.
//! Does not own: pages (list.rs), figures of all that match (summary.rs), and the queries (storage/customer_list).

use std::sync::Arc;

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, CustomerType};
use trunkline_domain::id::Id;
use trunkline_domain::money::{Currency, Money};
use trunkline_domain::name::{NAME_CHARACTERS_MAX, name_key};
use trunkline_domain::search::SearchField;
use trunkline_domain::status::CustomerStatus;
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_list::{self, ListFilter, MatchMode, Range};
use trunkline_storage::{Ticket, Tx};

use super::field::Check;
use crate::App;
use crate::actor::Context;
use crate::error::{Error, Result};

/// A search within texts needs this many characters: the index is made of them.
const WITHIN_CHARACTERS_MIN: usize = 3;
/// One at the start of a text, which the index marks, needs this many; names have an index of their own.
const START_CHARACTERS_MIN: usize = 2;

/// A search as a person gives it. Any of the fields may match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSearch {
    pub text: String,
    pub mode: MatchMode,
    pub fields: Vec<SearchField>,
}

impl TextSearch {
    pub fn name(mode: MatchMode, text: &str) -> TextSearch {
        TextSearch { text: text.to_owned(), mode, fields: vec![SearchField::Name] }
    }
}

/// Amounts from `min` to `max`, both included; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AmountRange {
    pub min: Option<Money>,
    pub max: Option<Money>,
}

/// Which customers are asked for. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    pub search: Option<TextSearch>,
    /// Any of them; empty: all.
    pub statuses: Vec<CustomerStatus>,
    pub balance_control: Option<BalanceControl>,
    pub currency: Option<Currency>,
    pub customer_class_id: Option<Id>,
    /// `Some(None)`: only customers without a reseller.
    pub reseller_id: Option<Option<Id>>,
    pub customer_type: Option<CustomerType>,
    pub billing_period: Option<BillingPeriod>,
    pub created_from: Option<Timestamp>,
    /// The first moment that is too late.
    pub created_before: Option<Timestamp>,
    /// Postpaid customers alone show one.
    pub balance: AmountRange,
    /// Postpaid customers alone show one. Who is unlimited has none.
    pub credit_limit: AmountRange,
    /// Prepaid customers alone show them.
    pub available_funds: AmountRange,
    pub overdue: Option<bool>,
}

impl CustomerFilter {
    /// The filter for the database, with `scope` in it, unless `check` has found or finds something wrong. Its moment is the reader's.
    pub(super) fn checked(&self, mut check: Check, scope: Option<Id>) -> Result<ListFilter> {
        let search = self.search.as_ref().and_then(|search| text_search(&mut check, search));
        let created = self.created(&mut check);
        let (balance_control, amount) = self.amounts(&mut check);
        let credit_limit = range(&mut check, "credit_limit_max", self.credit_limit);
        if !check.problems.is_empty() {
            return Err(Error::Invalid(check.problems));
        }
        // A foreign reseller's customers are not there, whatever is asked.
        let asked = self.reseller_id.map(|reseller| reseller.unwrap_or(0));
        let reseller_id = match (scope, asked) {
            (Some(scope), Some(asked)) if scope != asked => Some(-1),
            (Some(scope), _) => Some(scope),
            (None, asked) => asked,
        };
        Ok(ListFilter {
            statuses: self.statuses.iter().map(|status| status.order()).collect(),
            balance_control,
            currency: self.currency.map(|currency| currency.code().to_owned()),
            customer_class_id: self.customer_class_id,
            reseller_id,
            customer_type: self.customer_type,
            billing_period: self.billing_period,
            created,
            credit_limit,
            amount,
            overdue: self.overdue,
            at: Timestamp::default(),
            search,
        })
    }

    fn created(&self, check: &mut Check) -> Option<Range> {
        if self.created_from.zip(self.created_before).is_some_and(|(from, before)| from >= before) {
            check.fail("created_before", "range_reversed", "later than created_from");
        }
        let range = Range {
            from: self.created_from.map(Timestamp::microseconds),
            to: self.created_before.map(|before| before.microseconds().saturating_sub(1)),
        };
        (range != Range::default()).then_some(range)
    }

    /// The kind of customer, which amounts that one kind alone shows decide as well, and the amounts as the list sorts by them.
    fn amounts(&self, check: &mut Check) -> (Option<BalanceControl>, Option<Range>) {
        let is_given = |range: AmountRange| range != AmountRange::default();
        let owes = is_given(self.balance) || is_given(self.credit_limit);
        if self.balance_control == Some(BalanceControl::Prepaid) {
            let message = "prepaid customers show available funds instead; leave this out, or ask for postpaid ones";
            for (name, range) in [("balance", self.balance), ("credit_limit", self.credit_limit)] {
                given_in(name, range).into_iter().for_each(|field| check.fail(&field, "not_shown_for_prepaid", message));
            }
        }
        if self.balance_control == Some(BalanceControl::Postpaid) || owes {
            let message = "postpaid customers show a balance instead; leave this out, or ask for prepaid ones";
            let fields = given_in("available_funds", self.available_funds);
            fields.into_iter().for_each(|field| check.fail(&field, "not_shown_for_postpaid", message));
        }
        let balance = range(check, "balance_max", self.balance);
        let funds = range(check, "available_funds_max", self.available_funds);
        // The funds of a prepaid customer are its amount negated.
        let negated = |value: Option<i64>| value.map(|value| 0_i64.saturating_sub(value));
        let funds = funds.map(|funds| Range { from: negated(funds.to), to: negated(funds.from) });
        let implied = match (owes, funds.is_some()) {
            (true, _) => Some(BalanceControl::Postpaid),
            (false, true) => Some(BalanceControl::Prepaid),
            (false, false) => None,
        };
        (self.balance_control.or(implied), balance.or(funds))
    }
}

/// The parts of a range that are given, as a request names them.
fn given_in(name: &str, range: AmountRange) -> Vec<String> {
    let ends = [("min", range.min), ("max", range.max)];
    ends.into_iter().filter(|(_, amount)| amount.is_some()).map(|(end, _)| format!("{name}_{end}")).collect()
}

fn range(check: &mut Check, field: &str, range: AmountRange) -> Option<Range> {
    if range.min.zip(range.max).is_some_and(|(min, max)| min > max) {
        check.fail(field, "range_reversed", format!("not below {}", field.replace("_max", "_min")));
    }
    let found = Range { from: range.min.map(Money::millionths), to: range.max.map(Money::millionths) };
    (found != Range::default()).then_some(found)
}

fn text_search(check: &mut Check, search: &TextSearch) -> Option<customer_list::TextSearch> {
    if search.text.chars().count() > NAME_CHARACTERS_MAX {
        check.fail("search", "too_long", "at most 100 characters");
        return None;
    }
    let key = name_key(&search.text);
    if key.is_empty() {
        return None;
    }
    let mut fields = search.fields.clone();
    fields.sort_unstable();
    fields.dedup();
    if fields.is_empty() {
        fields.push(SearchField::Name);
    }
    let found = customer_list::TextSearch { mode: search.mode, key, fields };
    let (characters_min, message) = match found.mode {
        MatchMode::Exactly => (0, ""),
        MatchMode::StartsWith | MatchMode::Pattern if !found.is_within() => (0, ""),
        MatchMode::Contains | MatchMode::EndsWith => {
            (WITHIN_CHARACTERS_MIN, "at least 3 characters to search within texts; use “starts with” for fewer")
        }
        MatchMode::StartsWith | MatchMode::Pattern => {
            (START_CHARACTERS_MIN, "at least 2 characters to search in these fields; the name alone is found by its first one too")
        }
    };
    if found.key.chars().count() < characters_min {
        check.fail("search", "search_too_short", message);
        return None;
    }
    Some(found)
}

/// Reads of the customers that a filter lets through, as they are now. The trail tells what `work` gives besides what it found.
pub(super) fn read_audited<T: Send + 'static>(
    app: &Arc<App>,
    context: &Context,
    filter: Result<ListFilter>,
    action: &'static str,
    work: impl FnOnce(&Arc<App>, &mut Tx<'_>, ListFilter) -> Result<(T, serde_json::Value)> + Send + 'static,
) -> Ticket<Result<T>> {
    let filter = match filter {
        Ok(filter) => filter,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (app_here, actor) = (Arc::clone(app), context.actor.clone());
    app.database.read(move |tx| {
        let app = app_here;
        let now = app.now();
        let (found, detail) = work(&app, tx, ListFilter { at: now, ..filter })?;
        app.audit_read(&actor, action, 0, now, &detail)?;
        Ok(found)
    })
}

pub(super) fn in_words(filter: &ListFilter) -> serde_json::Value {
    let statuses = filter.statuses.iter().filter_map(|order| CustomerStatus::from_order(*order)).map(CustomerStatus::code);
    let mut words = serde_json::json!({
        "statuses": statuses.collect::<Vec<_>>(),
        "balance_control": filter.balance_control.map(BalanceControl::code),
        "currency": filter.currency,
        "customer_class_id": filter.customer_class_id,
        "reseller_id": filter.reseller_id,
        "type": filter.customer_type.map(CustomerType::code),
        "billing_period": filter.billing_period.map(BillingPeriod::code),
        "overdue": filter.overdue,
        "search": filter.search.as_ref().map(|search| &search.key),
        "in": filter.search.as_ref().map(|search| search.fields.iter().map(|field| field.code()).collect::<Vec<_>>()),
    });
    for (name, range) in [("created", filter.created), ("credit_limit", filter.credit_limit), ("amount", filter.amount)] {
        if let (Some(range), Some(words)) = (range, words.as_object_mut()) {
            words.insert(name.to_owned(), serde_json::json!([range.from, range.to]));
        }
    }
    words
}
