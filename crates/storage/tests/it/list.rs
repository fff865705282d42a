//! The customer list (T41): random data, random filters, every sort and both directions, walked from every end, against
//! the plain way of filtering and sorting all rows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::customer::{BalanceControl, CustomerType};
use trunkline_domain::id::Id;
use trunkline_domain::search::SearchField;
use trunkline_domain::status::CustomerStatus;
use trunkline_domain::time::Timestamp;
use trunkline_storage::customer_list::{
    self, Entry, From, ListFilter, ListSort, MatchMode, Page, Range, SearchTexts, SortBy, TextSearch, count, currencies, due, marked,
    next_due, page, page_at_offset, page_within, plans,
};
use trunkline_storage::writer::StoredStatus;
use trunkline_storage::{Engine, Tx, bulk};

use crate::fixture::{Lot, now};
use crate::name::matches_by_hand;
use crate::world::{Done, World, later};

const WORDS: [&str; 16] = [
    "alpha",
    "beta",
    "ωmega",
    "ünder",
    "straße",
    "100%",
    "a_b",
    "o'neil",
    "\"quoted\"",
    "back\\slash",
    "ex!claim",
    "日本電信",
    "👍🏽 thumbs",
    "é",
    "zz",
    "телеком",
];
const CURRENCIES: [&str; 4] = ["EUR", "EUR", "USD", "JPY"];

/// Skewed and full of duplicates: half of all in one class, few names, few amounts.
fn entry(customer_id: Id, lot: &mut Lot) -> Entry {
    let mut name_key = String::new();
    for _ in 0..1 + lot.below(2) {
        name_key = format!("{name_key}{} ", lot.one_of(&WORDS));
    }
    let balance_control = *lot.one_of(&BalanceControl::ALL);
    let amounts = [i64::MIN, -5_000_000, -1, 0, 0, 0, 1, 5_000_000, 7_000_000, i64::MAX];
    let (limit_kind, credit_limit) = match (balance_control, lot.below(3)) {
        (BalanceControl::Postpaid, 0) => (1, 0),
        (BalanceControl::Postpaid, _) => (0, *lot.one_of(&[0, 50_000_000, 50_000_000, i64::MAX])),
        (BalanceControl::Prepaid, _) => (2, 0),
    };
    let status = if lot.below(3) > 0 { CustomerStatus::Active } else { lot.one_of(&CustomerStatus::TABLE).status };
    Entry {
        customer_id,
        company_key: if lot.below(3) == 0 { String::new() } else { format!("{} ag", lot.one_of(&WORDS)) },
        customer_type: *lot.one_of(&[CustomerType::Retail, CustomerType::Retail, CustomerType::Reseller]),
        billing_period: *lot.one_of(&BillingPeriod::ALL),
        created_at: later(now(), lot.amount(40)),
        overdue_from: (lot.below(4) == 0).then(|| later(now(), lot.amount(40) - 20)),
        name_key: name_key.trim_end().to_owned(),
        stored: StoredStatus { status_order: status.order(), changes_at: (lot.below(9) == 0).then(|| later(now(), lot.amount(50))) },
        balance_control,
        currency: (*lot.one_of(&CURRENCIES)).to_owned(),
        customer_class_id: if lot.below(2) == 0 { 1 } else { 1 + lot.amount(5) },
        reseller_id: if lot.below(3) == 0 { lot.amount(3) } else { 0 },
        limit_kind,
        credit_limit,
        limit_part: 0,
        amount: *lot.one_of(&amounts),
    }
}

/// What the customer is searched by; told by its row, so that both can be had from it.
fn texts(entry: &Entry, field: SearchField) -> Vec<String> {
    let word = |step: i64| WORDS[usize::try_from((entry.customer_id / 3 * step) % 16).unwrap()].to_owned();
    let none_of_some = |text: String| if entry.customer_id % 5 == 0 { Vec::new() } else { vec![text] };
    match field {
        SearchField::Name => vec![entry.name_key.clone()],
        SearchField::Company => vec![entry.company_key.clone()].into_iter().filter(|company| !company.is_empty()).collect(),
        SearchField::Email => none_of_some(format!("{}@{}.example", word(3), word(5))),
        SearchField::Phone => none_of_some(format!("+49 30 {}", entry.customer_id % 70)),
        SearchField::Address => vec![word(7), format!("{} {}", entry.customer_id % 9, word(11))],
        SearchField::Contact | SearchField::Login | SearchField::Reference => none_of_some(word(13)),
    }
}

fn add(tx: &mut Tx<'_>, entries: &[Entry]) -> Done<()> {
    customer_list::add_many(tx, entries)?;
    let of =
        |entry: &Entry| SearchTexts { customer_id: entry.customer_id, columns: SearchField::ALL.map(|field| marked(&texts(entry, field))) };
    customer_list::add_texts(tx, &entries.iter().map(of).collect::<Vec<_>>())
}

fn populate(world: &World, seed: u64, length: i64) -> Vec<Entry> {
    let mut lot = Lot::new(seed);
    let mut entries: Vec<Entry> = (1..=length).map(|number| entry(number * 3, &mut lot)).collect();
    // Rows arrive in no order.
    for index in (1..entries.len()).rev() {
        entries.swap(index, lot.below(index + 1));
    }
    let rows = entries.clone();
    world.write(move |tx| add(tx, &rows)).unwrap();
    entries
}

fn filter(lot: &mut Lot, entries: &[Entry]) -> ListFilter {
    let of = |lot: &mut Lot| entries[lot.below(entries.len())].clone();
    let mut filter = ListFilter::default();
    if lot.below(3) == 0 {
        filter.statuses = (0..1 + lot.below(6)).map(|_| of(lot).stored.status_order).collect();
    }
    if lot.below(4) == 0 {
        filter.balance_control = Some(of(lot).balance_control);
    }
    if lot.below(4) == 0 {
        filter.currency = Some(of(lot).currency);
    }
    if lot.below(4) == 0 {
        filter.customer_class_id = Some(of(lot).customer_class_id);
    }
    if lot.below(4) == 0 {
        filter.reseller_id = Some(of(lot).reseller_id);
    }
    if lot.below(6) == 0 {
        filter.customer_type = Some(of(lot).customer_type);
    }
    if lot.below(6) == 0 {
        filter.billing_period = Some(of(lot).billing_period);
    }
    if lot.below(6) == 0 {
        filter.created = Some(range(lot, entries, |entry| entry.created_at.microseconds()));
    }
    if lot.below(8) == 0 {
        filter.credit_limit = Some(range(lot, entries, |entry| entry.credit_limit));
        filter.balance_control = Some(BalanceControl::Postpaid);
    }
    if lot.below(5) == 0 {
        filter.amount = Some(range(lot, entries, |entry| entry.amount));
        filter.balance_control = filter.balance_control.or(Some(of(lot).balance_control));
    }
    if lot.below(5) == 0 {
        filter.overdue = Some(lot.below(2) == 0);
        filter.at = later(now(), lot.amount(30) - 15);
    }
    if lot.below(2) == 0 {
        let fields: Vec<SearchField> = SearchField::ALL.into_iter().filter(|_| lot.below(3) == 0).collect();
        let of = of(lot);
        let text = fields.iter().find_map(|field| texts(&of, *field).pop());
        filter.search = Some(match text {
            Some(text) => TextSearch { fields, ..crate::name::wanted_without_pattern(lot, &text) },
            None => crate::name::wanted(lot, &of.name_key),
        });
    }
    filter
}

fn range(lot: &mut Lot, entries: &[Entry], of: fn(&Entry) -> i64) -> Range {
    let (one, other) = (of(lot.one_of(entries)), of(lot.one_of(entries)));
    match lot.below(3) {
        0 => Range { from: Some(one), to: None },
        1 => Range { from: None, to: Some(one) },
        _ => Range { from: Some(one.min(other)), to: Some(one.max(other)) },
    }
}

fn matches(filter: &ListFilter, entry: &Entry) -> bool {
    (filter.statuses.is_empty() || filter.statuses.contains(&entry.stored.status_order))
        && filter.balance_control.is_none_or(|wanted| wanted == entry.balance_control)
        && filter.currency.as_ref().is_none_or(|wanted| *wanted == entry.currency)
        && filter.customer_class_id.is_none_or(|wanted| wanted == entry.customer_class_id)
        && filter.reseller_id.is_none_or(|wanted| wanted == entry.reseller_id)
        && filter.customer_type.is_none_or(|wanted| wanted == entry.customer_type)
        && filter.billing_period.is_none_or(|wanted| wanted == entry.billing_period)
        && filter.created.is_none_or(|range| range.contains(entry.created_at.microseconds()))
        && filter.credit_limit.is_none_or(|range| entry.limit_kind == 0 && range.contains(entry.credit_limit))
        && filter.amount.is_none_or(|range| range.contains(entry.amount))
        && filter.overdue.is_none_or(|wanted| wanted == entry.overdue_from.is_some_and(|from| from <= filter.at))
        && filter.search.as_ref().is_none_or(|wanted| {
            let mut all = wanted.fields.iter().flat_map(|field| texts(entry, *field));
            all.any(|text| matches_by_hand(wanted, &text))
        })
}

/// Whether there is a value to show, and the value, so that the one with the lesser pair comes first.
fn key(sort: ListSort, entry: &Entry) -> (i64, i64, String) {
    let number = |value: i64| (0, value, String::new());
    let text = |value: Option<String>| (i64::from(value.is_none()), 0, value.unwrap_or_default());
    let only = |control: BalanceControl, value: i64| {
        if entry.balance_control == control { (0, value, String::new()) } else { (1, 0, String::new()) }
    };
    match sort {
        ListSort::Name => text(Some(entry.name_key.clone())),
        ListSort::Status => number(entry.stored.status_order),
        ListSort::BalanceControl => text(Some(entry.balance_control.code().to_owned())),
        ListSort::Currency => text(Some(entry.currency.clone())),
        ListSort::Balance => only(BalanceControl::Postpaid, entry.amount),
        // Funds are the amount negated.
        ListSort::AvailableFunds => only(BalanceControl::Prepaid, 0_i64.saturating_sub(entry.amount)),
        ListSort::CreditLimit => (entry.limit_kind, entry.credit_limit, String::new()),
        ListSort::Company => text(Some(entry.company_key.clone()).filter(|company| !company.is_empty())),
        ListSort::Created => number(entry.created_at.microseconds()),
        ListSort::Email => text(texts(entry, SearchField::Email).pop()),
        ListSort::Phone => text(texts(entry, SearchField::Phone).pop()),
        ListSort::BillingPeriod => number(entry.billing_period.number()),
        other => panic!("{} has its own test", other.code()),
    }
}

/// The order as a person would say it. What shows no value comes last, by name, whatever the direction.
fn compare(order: &[SortBy], left: &Entry, right: &Entry) -> Ordering {
    let by_name = (&left.name_key, left.customer_id).cmp(&(&right.name_key, right.customer_id));
    let turned = |order: Ordering, descending: bool| if descending { order.reverse() } else { order };
    for by in order {
        let (left, right) = (key(by.sort, left), key(by.sort, right));
        let found = left.0.cmp(&right.0).then_with(|| turned(left.cmp(&right), by.descending));
        if found != Ordering::Equal {
            return found;
        }
    }
    let [by] = order else { return by_name };
    let has_value = key(by.sort, left).0 == 0;
    match by.sort {
        // What one index holds goes on in its direction: by name, amounts and moments by the id.
        ListSort::Balance | ListSort::Created if has_value => turned(left.customer_id.cmp(&right.customer_id), by.descending),
        // The index has the funds negated.
        ListSort::AvailableFunds if has_value => turned(left.customer_id.cmp(&right.customer_id), !by.descending),
        ListSort::Email | ListSort::Phone | ListSort::BillingPeriod => by_name,
        _ if has_value => turned(by_name, by.descending),
        _ => by_name,
    }
}

struct Wanted<'a> {
    filter: &'a ListFilter,
    order: &'a [SortBy],
    limit: usize,
    /// Searches by name that match up to this many are sorted as a whole.
    candidates_max: i64,
}

impl Wanted<'_> {
    fn page(&self, tx: &mut Tx<'_>, from: &From) -> Done<Page> {
        Ok(page_within(tx, self.filter, self.order, from, self.limit, self.candidates_max)?.unwrap())
    }
}

fn ids(page: &Page) -> Vec<Id> {
    page.places.iter().map(|place| place.customer_id).collect()
}

/// Walks forward from the first page, backward from the last, and back again from the middle; all say the same.
fn assert_walks(tx: &mut Tx<'_>, wanted: &Wanted<'_>, expected: &[Id], case: &str) -> Done<()> {
    let steps_max = expected.len() / wanted.limit + 2;
    let mut from = From::First;
    let mut forward: Vec<Id> = Vec::new();
    for step in 0.. {
        assert!(step <= steps_max, "{case}: no end forward");
        let found = wanted.page(tx, &from)?;
        assert!(found.places.len() <= wanted.limit, "{case}: too many on a page");
        assert_eq!(found.has_previous, step > 0, "{case}: has_previous of forward page {step}");
        forward.extend(ids(&found));
        assert_eq!(found.has_next, forward.len() < expected.len(), "{case}: has_next after {} of {}", forward.len(), expected.len());
        match found.places.last() {
            Some(last) if found.has_next => from = From::After(last.clone()),
            _ => break,
        }
    }
    assert_eq!(forward, expected, "{case}: forward");
    let mut from = From::Last;
    let mut backward: Vec<Id> = Vec::new();
    for step in 0.. {
        assert!(step <= steps_max, "{case}: no end backward");
        let found = wanted.page(tx, &from)?;
        assert_eq!(found.has_next, step > 0, "{case}: has_next of backward page {step}");
        let mut page = ids(&found);
        page.extend(&backward);
        backward = page;
        assert_eq!(found.has_previous, backward.len() < expected.len(), "{case}: has_previous");
        match found.places.first() {
            Some(first) if found.has_previous => from = From::Before(first.clone()),
            _ => break,
        }
    }
    assert_eq!(backward, expected, "{case}: backward");
    Ok(())
}

const INDEXED: [ListSort; 9] = [
    ListSort::Name,
    ListSort::Status,
    ListSort::BalanceControl,
    ListSort::Currency,
    ListSort::Balance,
    ListSort::CreditLimit,
    ListSort::AvailableFunds,
    ListSort::Company,
    ListSort::Created,
];

/// An order that no index holds: columns without one, or several. Names are left out, for here they are not unique.
fn order_to_gather(lot: &mut Lot) -> Vec<SortBy> {
    let mut columns = [&[ListSort::Email, ListSort::Phone, ListSort::BillingPeriod], &INDEXED[1..]].concat();
    let by = |lot: &mut Lot, sort: ListSort| SortBy { sort, descending: lot.below(2) == 0 };
    if lot.below(4) == 0 {
        let sort = columns[lot.below(3)];
        return vec![by(lot, sort)];
    }
    let mut order = Vec::new();
    for _ in 0..2 + lot.below(2) {
        let sort = columns.swap_remove(lot.below(columns.len()));
        order.push(by(lot, sort));
    }
    order
}

/// Tries `tries` random lists, all sorts and both directions among them.
fn try_lists(tx: &mut Tx<'_>, entries: &[Entry], seed: u64, tries: usize) -> Done<()> {
    let mut lot = Lot::new(seed);
    for number in 0..tries {
        let filter = if number < 18 { ListFilter::default() } else { filter(&mut lot, entries) };
        let one = [SortBy { sort: INDEXED[number % 9], descending: (number / 9) % 2 == 1 }];
        let order = if number < 18 || lot.below(3) > 0 { one.to_vec() } else { order_to_gather(&mut lot) };
        let mut expected: Vec<&Entry> = entries.iter().filter(|entry| matches(&filter, entry)).collect();
        expected.sort_by(|left, right| compare(&order, left, right));
        let expected: Vec<Id> = expected.into_iter().map(|entry| entry.customer_id).collect();
        // About ten pages, so that every list is walked and none for ever.
        let limit = *lot.one_of(&[expected.len() / 10 + 1, expected.len() / 3 + 1, expected.len().max(1), expected.len() + 1, 1_000]);
        let limit = if expected.len() < 12 { 1 + lot.below(3) } else { limit };
        let candidates_max = *lot.one_of(&[0, 10, 2_000]);
        let wanted = Wanted { filter: &filter, order: &order, limit, candidates_max };
        let case = format!("{filter:?} by {order:?}, {limit} a page, up to {candidates_max} candidates");
        assert_walks(tx, &wanted, &expected, &case)?;
        let total = i64::try_from(expected.len()).unwrap();
        assert_eq!(count(tx, &filter, i64::MAX)?, total, "{case}: count");
        assert_eq!(count(tx, &filter, 5)?, total.min(5), "{case}: bounded count");
        assert_figures(tx, &filter, entries, &case)?;
    }
    Ok(())
}

/// The figures of all that match are what adding up by hand gives.
fn assert_figures(tx: &mut Tx<'_>, filter: &ListFilter, entries: &[Entry], case: &str) -> Done<()> {
    let of_any_status = ListFilter { statuses: Vec::new(), ..filter.clone() };
    let mut statuses: BTreeMap<i64, i64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| matches(&of_any_status, entry)) {
        *statuses.entry(entry.stored.status_order).or_default() += 1;
    }
    let mut sums: BTreeMap<(String, BalanceControl), (i64, i128)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| matches(filter, entry)) {
        let sum = sums.entry((entry.currency.clone(), entry.balance_control)).or_default();
        sum.0 += 1;
        sum.1 += i128::from(entry.amount);
    }
    // Along an index, and by a pass over all rows.
    for looked_up_max in [1_000_000, -1] {
        let found = customer_list::figures_within(tx, filter, looked_up_max)?;
        assert_eq!(found.statuses, statuses, "{case}: statuses, looked up to {looked_up_max}");
        let found = found.sums.into_iter().map(|sum| ((sum.currency, sum.balance_control), (sum.customers, sum.amount)));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), sums, "{case}: sums, looked up to {looked_up_max}");
    }
    Ok(())
}

/// Filters of one condition, and the column that an index has to begin with.
fn filters_of_one(statuses: &[i64]) -> [(ListFilter, Option<&'static str>); 7] {
    let all = ListFilter::default();
    [
        (all.clone(), None),
        (ListFilter { statuses: statuses[..1].to_vec(), ..all.clone() }, Some("status_order")),
        (ListFilter { statuses: statuses[1..4].to_vec(), ..all.clone() }, Some("status_order")),
        (ListFilter { customer_class_id: Some(1), ..all.clone() }, Some("customer_class_id")),
        (ListFilter { currency: Some("USD".to_owned()), ..all.clone() }, Some("currency")),
        (ListFilter { balance_control: Some(BalanceControl::Prepaid), ..all.clone() }, Some("balance_control")),
        (ListFilter { reseller_id: Some(0), ..all }, None),
    ]
}

const PASSES_OVER: &str = "passes over rows that do not match";

/// What is wrong with a step of a plan: rows are sorted, or passed over one by one.
fn objection(engine: Engine, step: &str, filtered: Option<&str>) -> Option<&'static str> {
    let has = |text: &str| step.contains(text);
    match engine {
        Engine::Sqlite if has("TEMP B-TREE") => Some("sorts"),
        Engine::Sqlite if !has("INDEX") && !has("PRIMARY KEY") => Some("reads the table"),
        Engine::Sqlite if filtered.is_some_and(|column| !step.contains(&format!("{column}=?"))) => Some(PASSES_OVER),
        Engine::Postgres if has("Sort") => Some("sorts"),
        Engine::Postgres if has("Seq Scan") => Some("reads the table"),
        Engine::Postgres if has("Filter:") => Some(PASSES_OVER),
        Engine::Sqlite | Engine::Postgres => None,
    }
}

/// What is wrong with the plan, in words.
fn objections(tx: &mut Tx<'_>, wanted: &(ListFilter, Option<&str>), by: SortBy, from: &From) -> Done<Vec<String>> {
    let (engine, (filter, column)) = (tx.engine(), wanted);
    let plan = plans(tx, filter, by, from, 50)?;
    assert!(!plan.is_empty());
    // Filters without an index of their own: a kind of limit has customers of one kind alone; and a reseller's customers have an
    // index by name, are sorted as a whole where they are few, and are met soon where they are many.
    // Companies are sorted alone.
    let is_filtered = *filter != ListFilter::default();
    let has_no_index = (by.sort == ListSort::CreditLimit && filter.balance_control.is_some())
        || (by.sort == ListSort::Company && is_filtered)
        || filter.reseller_id.is_some();
    let mut found = Vec::new();
    for (number, step) in plan.iter().enumerate() {
        // Nothing lies beyond the last value, which PostgreSQL knows; any index says so at once.
        let is_empty = plan[..number].iter().rfind(|above| above.contains("Scan")).is_some_and(|scan| scan.contains(" rows=1 "));
        found.extend(objection(engine, step, *column).filter(|objection| *objection != PASSES_OVER || !(has_no_index || is_empty)));
    }
    // The index is entered at the place: SQLite tells so in the step, PostgreSQL in the condition of the index.
    if matches!(from, From::After(_) | From::Before(_)) && !plan.iter().any(|step| step.contains('>') || step.contains('<')) {
        found.push("begins before the place");
    }
    let case = format!("{filter:?} by {by:?} from {from:?}\n  {}", plan.join("\n  "));
    Ok(found.into_iter().map(|objection| format!("{objection}: {case}")).collect())
}

on_both! {
    /// T36
    fn every_page_comes_from_an_index_that_has_its_order(world: &mut World) {
        let mut lot = Lot::new(36);
        let statuses: Vec<i64> = CustomerStatus::TABLE.iter().take(6).map(|row| row.status.order()).collect();
        // Even enough that no condition leaves so little that sorting it is the best.
        let entries: Vec<Entry> = (1..=8_000)
            .map(|number| Entry {
                name_key: format!("{:06} {number}", lot.below(1_000_000)),
                stored: StoredStatus { status_order: *lot.one_of(&statuses), changes_at: None },
                customer_class_id: lot.amount(8),
                amount: lot.amount(10_000),
                created_at: later(now(), lot.amount(10_000)),
                ..entry(number, &mut lot)
            })
            .collect();
        let rows = entries.clone();
        world.write(move |tx| add(tx, &rows)).unwrap();
        world.write(bulk::analyze).unwrap();
        world
            .read(move |tx| {
                let mut found = Vec::new();
                if tx.engine() == Engine::Postgres {
                    // A few rows at the end of a value are sooner sorted than walked; here is asked whether they can be walked.
                    tx.batch("set enable_sort = off; set enable_bitmapscan = off")?;
                }
                for wanted in filters_of_one(&statuses) {
                    for by in INDEXED.into_iter().flat_map(|sort| [sort.up(), sort.down()]) {
                        let middle = page(tx, &wanted.0, &[by], &From::First, 300)?.unwrap().places.pop().unwrap();
                        for from in [From::First, From::Last, From::After(middle.clone()), From::Before(middle)] {
                            found.extend(objections(tx, &wanted, by, &from)?);
                        }
                    }
                }
                assert!(found.is_empty(), "{} plans:\n{}", found.len(), found.join("\n"));
                Ok(())
            })
            .unwrap();
    }

    /// T36
    fn names_that_are_searched_lead_within_each_value_of_the_column_that_sorts(world: &mut World) {
        let mut lot = Lot::new(37);
        let entries: Vec<Entry> =
            (1..=4_000).map(|number| Entry { name_key: format!("{:06} {number}", lot.below(1_000_000)), ..entry(number, &mut lot) }).collect();
        let rows = entries.clone();
        world.write(move |tx| add(tx, &rows)).unwrap();
        world.write(bulk::analyze).unwrap();
        world
            .read(move |tx| {
                if tx.engine() == Engine::Postgres {
                    tx.batch("set enable_sort = off; set enable_bitmapscan = off")?;
                }
                let search = Some(TextSearch::name(MatchMode::StartsWith, "3"));
                let filter = ListFilter { search, ..ListFilter::default() };
                for (sort, column) in [(ListSort::Status, "status_order"), (ListSort::BalanceControl, "balance_control"), (ListSort::Currency, "currency")] {
                    for by in [sort.up(), sort.down()] {
                        let plan = plans(tx, &filter, by, &From::First, 50)?;
                        let steps: Vec<&String> = plan.iter().filter(|step| step.contains("name_key")).collect();
                        assert!(!steps.is_empty(), "{plan:?}");
                        for step in steps {
                            // The whole prefix is in the condition of the index.
                            let bounds = (step.contains("name_key>") && step.contains("name_key<")) || (step.contains("Index Cond") && step.contains("name_key <"));
                            assert!(bounds && step.contains(column), "{step}");
                        }
                        assert!(plan.iter().all(|step| objection(tx.engine(), step, None).is_none() && !step.contains("Filter:")), "{plan:?}");
                    }
                }
                Ok(())
            })
            .unwrap();
    }

    fn every_list_is_what_filtering_and_sorting_by_hand_gives(world: &mut World) {
        let entries = populate(world, 41, 350);
        world.read(move |tx| try_lists(tx, &entries, 7, 18 * 16)).unwrap();
    }

    /// More than 2,000 match: the search by name walks the sort index instead of sorting them all.
    fn a_search_that_matches_very_many_walks_the_index_of_the_sort(world: &mut World) {
        let mut entries = populate(world, 42, 250);
        let more: Vec<Entry> = (0..2_100)
            .map(|number| Entry { name_key: format!("common carrier {}", number % 50), ..entry(100_000 + number, &mut Lot::new(u64::try_from(number).unwrap())) })
            .collect();
        let rows = more.clone();
        world.write(move |tx| add(tx, &rows)).unwrap();
        entries.extend(more);
        world
            .read(move |tx| {
                let modes = [MatchMode::Contains, MatchMode::StartsWith, MatchMode::Pattern];
                let sorts = [ListSort::Name, ListSort::Status, ListSort::BalanceControl, ListSort::Currency, ListSort::Balance, ListSort::CreditLimit];
                for (mode, by) in modes.into_iter().flat_map(|mode| sorts.into_iter().flat_map(move |sort| [(mode, sort.up()), (mode, sort.down())])) {
                    let key = if mode == MatchMode::Pattern { "%carrier%" } else { "common carrier" };
                    let filter = ListFilter { search: Some(TextSearch::name(mode, key)), ..ListFilter::default() };
                    let mut expected: Vec<&Entry> = entries.iter().filter(|entry| matches(&filter, entry)).collect();
                    assert!(expected.len() > 2_000);
                    expected.sort_by(|left, right| compare(&[by], left, right));
                    let expected: Vec<Id> = expected.into_iter().map(|entry| entry.customer_id).collect();
                    let mut from = From::First;
                    let mut found: Vec<Id> = Vec::new();
                    loop {
                        // The threshold that the program has.
                        let next = page(tx, &filter, &[by], &from, 400)?.unwrap();
                        found.extend(ids(&next));
                        match next.places.last() {
                            Some(last) if next.has_next => from = From::After(last.clone()),
                            _ => break,
                        }
                    }
                    assert_eq!(found, expected, "{mode:?} by {by:?}");
                }
                Ok(())
            })
            .unwrap();
    }

    fn rows_that_come_and_go_between_two_pages_neither_repeat_nor_hide_others(world: &mut World) {
        let entries = populate(world, 43, 60);
        let all = ListFilter::default();
        let first = world.read({ let all = all.clone(); move |tx| page(tx, &all, &[], &From::First, 20) }).unwrap().unwrap();
        let last = first.places.last().unwrap().clone();
        // The row that the next page starts after goes away, and one more sorts before it.
        let gone = last.customer_id;
        let early = Entry { customer_id: 9_999, name_key: "0".to_owned(), ..entries[0].clone() };
        world
            .write(move |tx| {
                customer_list::delete(tx, gone)?;
                add(tx, std::slice::from_ref(&early))
            })
            .unwrap();
        let rest = world.read(move |tx| page(tx, &all, &[], &From::After(last), 1_000)).unwrap().unwrap();
        let mut seen = ids(&first);
        seen.extend(ids(&rest));
        let mut expected: Vec<&Entry> = entries.iter().collect();
        expected.sort_by(|left, right| compare(&[ListSort::Name.up()], left, right));
        assert_eq!(seen, expected.into_iter().map(|entry| entry.customer_id).collect::<Vec<_>>());
    }

    fn an_offset_counts_by_name_and_a_place_of_another_sort_is_refused(world: &mut World) {
        let entries = populate(world, 44, 50);
        let mut expected: Vec<&Entry> = entries.iter().filter(|entry| entry.currency == "EUR").collect();
        expected.sort_by(|left, right| compare(&[ListSort::Name.up()], left, right));
        let expected: Vec<Id> = expected.into_iter().map(|entry| entry.customer_id).collect();
        let filter = ListFilter { currency: Some("EUR".to_owned()), ..ListFilter::default() };
        for offset in [0, 1, 7, expected.len(), expected.len() + 5] {
            let wanted: Vec<Id> = expected.iter().skip(offset).take(6).copied().collect();
            let filter = filter.clone();
            let offset = i64::try_from(offset).unwrap();
            assert_eq!(world.read(move |tx| page_at_offset(tx, &filter, offset, 6)).unwrap(), wanted);
        }
        let by_status = world.read(|tx| page(tx, &ListFilter::default(), &[ListSort::Status.up()], &From::First, 1)).unwrap().unwrap();
        let foreign = From::After(by_status.places[0].clone());
        assert!(world.read(move |tx| page(tx, &ListFilter::default(), &[], &foreign, 5)).is_err());
    }

    fn what_is_due_comes_by_its_moment_and_currencies_by_their_code(world: &mut World) {
        assert_eq!(world.read(currencies).unwrap(), Vec::<String>::new());
        assert_eq!(world.read(next_due).unwrap(), None);
        let entries = populate(world, 45, 200);
        assert_eq!(world.read(currencies).unwrap(), ["EUR", "JPY", "USD"]);
        let mut waiting: Vec<(Timestamp, Id)> =
            entries.iter().filter_map(|entry| entry.stored.changes_at.map(|at| (at, entry.customer_id))).collect();
        waiting.sort_unstable();
        assert_eq!(world.read(next_due).unwrap(), Some(waiting[0].0));
        let moment = waiting[waiting.len() / 2].0;
        let expected: Vec<(Id, Timestamp)> = waiting.iter().filter(|(at, _)| *at <= moment).map(|(at, id)| (*id, *at)).take(5).collect();
        assert_eq!(world.read(move |tx| due(tx, moment, 5)).unwrap(), expected);
    }

    fn a_row_that_is_saved_anew_is_found_where_it_is_now(world: &mut World) {
        let entries = populate(world, 46, 80);
        let mut lot = Lot::new(46);
        let mut changed = entries.clone();
        for entry_now in changed.iter_mut().step_by(2) {
            *entry_now = Entry { customer_id: entry_now.customer_id, ..entry(0, &mut lot) };
        }
        let rows = changed.clone();
        world
            .write(move |tx| {
                rows.iter().try_for_each(|entry| {
                    customer_list::save(tx, entry)?;
                    let columns = SearchField::ALL.map(|field| marked(&texts(entry, field)));
                    customer_list::save_texts(tx, &SearchTexts { customer_id: entry.customer_id, columns })
                })
            })
            .unwrap();
        let mut stored = changed.clone();
        stored.sort_by_key(|entry| entry.customer_id);
        let all: Vec<Id> = stored.iter().map(|entry| entry.customer_id).collect();
        assert_eq!(world.read(move |tx| customer_list::load(tx, &all)).unwrap(), stored);
        world.read(move |tx| try_lists(tx, &changed, 8, 18 * 4)).unwrap();
    }
}
