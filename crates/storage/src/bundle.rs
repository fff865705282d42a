//! Owns the SQL of bundles and of what accounts have taken of them.
//! Does not own: how much is left (domain/bundle.rs) and keeping bundles in memory (catalogue.rs).

use std::collections::HashMap;

use trunkline_domain::billing::BillingPeriod;
use trunkline_domain::bundle::{Bundle, BundleItem, FirstPeriod, Measure, Renewal, Taken, UsedUp};
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::product::Direction;
use trunkline_domain::rating::Across;
use trunkline_domain::service::Service;
use trunkline_domain::time::Timestamp;

use crate::customer_class::Saved;
use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::values;

const COLUMNS: &str = "bundle_id, name, across, created_at, version";
const ITEM_COLUMNS: &str =
    "bundle_id, item_id, service, direction, prefixes, measure, volume, renewal, rollover_periods, used_up, first_period";

fn read(row: &Row<'_>) -> Result<Bundle> {
    Ok(Bundle {
        bundle_id: row.get(0)?,
        name: row.get(1)?,
        across: row::code(row, 2, Across::parse)?,
        items: Vec::new(),
        created_at: row.get(3)?,
        version: row.get(4)?,
    })
}

fn read_item(row: &Row<'_>) -> Result<(Id, BundleItem)> {
    let prefixes: String = row.get(4)?;
    let item = BundleItem {
        item_id: row.get(1)?,
        service: row::code(row, 2, Service::parse)?,
        direction: row::code(row, 3, Direction::parse)?,
        prefixes: prefixes.split_ascii_whitespace().map(str::to_owned).collect(),
        measure: row::code(row, 5, Measure::parse)?,
        volume: row.get(6)?,
        renewal: row::code(row, 7, Renewal::parse)?,
        rollover_periods: row.get(8)?,
        used_up: row::code(row, 9, UsedUp::parse)?,
        first_period: row::code(row, 10, FirstPeriod::parse)?,
    };
    Ok((row.get(0)?, item))
}

fn with_items(tx: &mut Tx<'_>, mut bundles: Vec<Bundle>) -> Result<Vec<Bundle>> {
    let ids: Vec<Id> = bundles.iter().map(|bundle| bundle.bundle_id).collect();
    let text = format!("select {ITEM_COLUMNS} from bundle_item where bundle_id in ({{ids}})");
    let mut by_bundle: HashMap<Id, Vec<BundleItem>> = HashMap::new();
    for (bundle_id, item) in tx.query_by_ids(&text, &ids, read_item)? {
        by_bundle.entry(bundle_id).or_default().push(item);
    }
    for bundle in &mut bundles {
        bundle.items = by_bundle.remove(&bundle.bundle_id).unwrap_or_default();
        bundle.items.sort_unstable_by_key(|item| item.item_id);
    }
    Ok(bundles)
}

/// All bundles by name. They are few: a catalogue.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Bundle>> {
    let found = tx.query(&format!("select {COLUMNS} from bundle order by name_key"), &[], read)?;
    with_items(tx, found)
}

pub fn load(tx: &mut Tx<'_>, bundle_id: Id) -> Result<Option<Bundle>> {
    let found = tx.query(&format!("select {COLUMNS} from bundle where bundle_id = $1"), values![bundle_id], read)?;
    Ok(with_items(tx, found)?.pop())
}

/// What whoever keeps bundles in memory compares.
pub fn versions(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    let found = tx.query("select bundle_id, version from bundle", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// Adds a bundle. False: another has the name.
pub fn add(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<bool> {
    let key = name_key(&bundle.name);
    let made = tx.execute(
        "insert into bundle (bundle_id, name, name_key, across, created_at, version) values ($1, $2, $3, $4, $5, $6) \
         on conflict (name_key) do nothing",
        values![bundle.bundle_id, &bundle.name, &key, bundle.across.code(), bundle.created_at, bundle.version],
    )?;
    if made == 1 {
        put_items(tx, bundle)?;
    }
    Ok(made == 1)
}

/// Writes the bundle anew if its version is still the one before.
pub fn save(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<Saved> {
    let key = name_key(&bundle.name);
    let changed = tx.execute(
        "update bundle set name = $2, name_key = $3, across = $4, version = $5 where bundle_id = $1 and version = $6",
        values![bundle.bundle_id, &bundle.name, &key, bundle.across.code(), bundle.version, bundle.version - 1],
    );
    let saved = Saved::of(changed)?;
    if saved == Saved::Done {
        tx.execute("delete from bundle_item where bundle_id = $1", values![bundle.bundle_id])?;
        put_items(tx, bundle)?;
    }
    Ok(saved)
}

fn put_items(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<()> {
    for item in &bundle.items {
        tx.execute(
            &format!("insert into bundle_item ({ITEM_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
            values![
                bundle.bundle_id,
                item.item_id,
                item.service.code(),
                item.direction.code(),
                &item.prefixes.join(" "),
                item.measure.code(),
                item.volume,
                item.renewal.code(),
                item.rollover_periods,
                item.used_up.code(),
                item.first_period.code()
            ],
        )?;
    }
    Ok(())
}

/// Deletes a bundle that no product has and nobody has used.
pub fn delete(tx: &mut Tx<'_>, bundle_id: Id) -> Result<()> {
    tx.execute("delete from bundle_item where bundle_id = $1", values![bundle_id])?;
    tx.execute("delete from bundle where bundle_id = $1", values![bundle_id])?;
    Ok(())
}

/// Products that have the bundle, by name.
pub fn products_of(tx: &mut Tx<'_>, bundle_id: Id) -> Result<Vec<String>> {
    tx.query("select name from product where bundle_id = $1 order by name_key", values![bundle_id], |row| row.get(0))
}

/// Of these items, the first that an account has taken something of.
pub fn taken_item(tx: &mut Tx<'_>, items: &[Id]) -> Result<Option<Id>> {
    for item_id in items {
        let text = "select item_id from bundle_use where item_id = $1 limit 1";
        if let Some(found) = tx.query_first(text, values![*item_id], |row| row.get::<Id>(0))? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What decides what an account can take of bundles, as the writer holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub billing_period: BillingPeriod,
    /// When the customer was created.
    pub created_at: Timestamp,
    /// By the item and the first day of its period.
    pub taken: HashMap<(Id, i64), i64>,
}

/// What an account has taken in periods that began on `from_day` or later.
pub fn load_use(tx: &mut Tx<'_>, customer_id: Id, account_id: Id, from_day: i64) -> Result<Use> {
    let text = "select billing_period, created_at from customer where customer_id = $1";
    let read = |row: &Row<'_>| Ok((row::code(row, 0, BillingPeriod::parse)?, row.get::<Timestamp>(1)?));
    let found = tx.query_first(text, values![customer_id], read)?;
    let (billing_period, created_at) = found.ok_or_else(|| StorageError::broken(format!("customer {customer_id} is gone")))?;
    let text = "select item_id, first_day, taken from bundle_use where customer_id = $1 and account_id = $2 and first_day >= $3";
    let taken = tx.query(text, values![customer_id, account_id, from_day], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(Use { billing_period, created_at, taken: taken.into_iter().collect() })
}

/// Adds to what an account has taken; below zero gives back.
pub fn take(tx: &mut Tx<'_>, customer_id: Id, account_id: Id, taken: &[Taken]) -> Result<()> {
    for taken in taken {
        tx.execute(
            "insert into bundle_use (customer_id, account_id, item_id, first_day, taken) values ($1, $2, $3, $4, $5) \
             on conflict (customer_id, account_id, item_id, first_day) do update set taken = bundle_use.taken + excluded.taken",
            values![customer_id, account_id, taken.item_id, taken.first_day, taken.amount],
        )?;
    }
    Ok(())
}

/// What was taken, in a line: `item/first day/amount/measure`, ended by semicolons. None: nothing.
pub fn taken_text(taken: &[Taken]) -> Option<String> {
    let part = |taken: &Taken| format!("{}/{}/{}/{};", taken.item_id, taken.first_day, taken.amount, taken.measure.code());
    (!taken.is_empty()).then(|| taken.iter().map(part).collect())
}

/// What a line says.
pub fn parse_taken(text: Option<&str>) -> Result<Vec<Taken>> {
    let part = |part: &str| {
        let mut fields = part.split('/');
        let (item_id, first_day, amount, measure) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        Some(Taken {
            item_id: item_id.parse().ok()?,
            first_day: first_day.parse().ok()?,
            measure: Measure::parse(measure)?,
            amount: amount.parse().ok()?,
        })
    };
    let text = text.unwrap_or("");
    let found: Option<Vec<Taken>> = text.split_terminator(';').map(part).collect();
    found.ok_or_else(|| StorageError::broken(format!("what was taken of bundles is {text:?}")))
}
