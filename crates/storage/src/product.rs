//! Owns the SQL of products and of who has them.
//! Does not own: charging by them (domain/session) and keeping them in memory (catalogue.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::product::{CallLimits, Direction, Product, ProductKind, ProductTariff};
use trunkline_domain::service::Service;
use trunkline_domain::time::Timestamp;

use crate::customer_class::Saved;
use crate::engine::Tx;
use crate::error::Result;
use crate::row::{self, Row, Value};
use crate::{customer, values};

const COLUMNS: &str = "product_id, name, kind, priority, currency, calls_max, calls_outgoing_max, calls_incoming_max, created_at, version, \
     bundle_id";

fn read(row: &Row<'_>) -> Result<Product> {
    Ok(Product {
        product_id: row.get(0)?,
        name: row.get(1)?,
        kind: row::code(row, 2, ProductKind::parse)?,
        priority: row.get(3)?,
        currency: customer::currency(row, 4)?,
        calls: CallLimits { all: row.get(5)?, outgoing: row.get(6)?, incoming: row.get(7)? },
        tariffs: Vec::new(),
        created_at: row.get(8)?,
        version: row.get(9)?,
        bundle_id: row.get(10)?,
    })
}

fn with_tariffs(tx: &mut Tx<'_>, mut products: Vec<Product>) -> Result<Vec<Product>> {
    let ids: Vec<Id> = products.iter().map(|product| product.product_id).collect();
    let text = "select product_id, service, direction, tariff_id from product_tariff where product_id in ({ids})";
    let entries = tx.query_by_ids(text, &ids, |row| {
        let entry = ProductTariff {
            service: row::code(row, 1, Service::parse)?,
            direction: row::code(row, 2, Direction::parse)?,
            tariff_id: row.get(3)?,
        };
        Ok((row.get::<Id>(0)?, entry))
    })?;
    let mut by_product: HashMap<Id, Vec<ProductTariff>> = HashMap::new();
    for (product_id, entry) in entries {
        by_product.entry(product_id).or_default().push(entry);
    }
    for product in &mut products {
        product.tariffs = by_product.remove(&product.product_id).unwrap_or_default();
        product.tariffs.sort_unstable();
    }
    Ok(products)
}

/// All products by name. They are few: a catalogue.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Product>> {
    let found = tx.query(&format!("select {COLUMNS} from product order by name_key"), &[], read)?;
    with_tariffs(tx, found)
}

pub fn load(tx: &mut Tx<'_>, product_id: Id) -> Result<Option<Product>> {
    let found = tx.query(&format!("select {COLUMNS} from product where product_id = $1"), values![product_id], read)?;
    Ok(with_tariffs(tx, found)?.pop())
}

/// What whoever keeps products in memory compares.
pub fn versions(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    let found = tx.query("select product_id, version from product", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// Adds a product. False: another has the name.
pub fn add(tx: &mut Tx<'_>, product: &Product) -> Result<bool> {
    let key = name_key(&product.name);
    let made = tx.execute(
        "insert into product (product_id, name, name_key, kind, priority, currency, calls_max, calls_outgoing_max, calls_incoming_max, \
         created_at, version, bundle_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (name_key) do nothing",
        values![
            product.product_id,
            &product.name,
            &key,
            product.kind.code(),
            product.priority,
            product.currency.code(),
            product.calls.all,
            product.calls.outgoing,
            product.calls.incoming,
            product.created_at,
            product.version,
            product.bundle_id
        ],
    )?;
    if made == 1 {
        put_tariffs(tx, product)?;
    }
    Ok(made == 1)
}

/// Writes the product anew if its version is still the one before. Its kind and currency never change.
pub fn save(tx: &mut Tx<'_>, product: &Product) -> Result<Saved> {
    let key = name_key(&product.name);
    let changed = tx.execute(
        "update product set name = $2, name_key = $3, priority = $4, calls_max = $5, calls_outgoing_max = $6, calls_incoming_max = $7, \
         version = $8, bundle_id = $9 where product_id = $1 and version = $10",
        values![
            product.product_id,
            &product.name,
            &key,
            product.priority,
            product.calls.all,
            product.calls.outgoing,
            product.calls.incoming,
            product.version,
            product.bundle_id,
            product.version - 1
        ],
    );
    let saved = Saved::of(changed)?;
    if saved == Saved::Done {
        tx.execute("delete from product_tariff where product_id = $1", values![product.product_id])?;
        put_tariffs(tx, product)?;
    }
    Ok(saved)
}

fn put_tariffs(tx: &mut Tx<'_>, product: &Product) -> Result<()> {
    let rows = product.tariffs.iter().flat_map(|entry| {
        [
            Value::from(product.product_id),
            Value::from(entry.service.code()),
            Value::from(entry.direction.code()),
            Value::from(entry.tariff_id),
        ]
    });
    let rows: Vec<Value<'_>> = rows.collect();
    tx.insert_many("product_tariff (product_id, service, direction, tariff_id)", 4, &rows, "", |_| Ok(()))?;
    Ok(())
}

/// Deletes a product that nobody has.
pub fn delete(tx: &mut Tx<'_>, product_id: Id) -> Result<()> {
    tx.execute("delete from product_tariff where product_id = $1", values![product_id])?;
    tx.execute("delete from product where product_id = $1", values![product_id])?;
    Ok(())
}

/// Does an account or a reseller have the product?
pub fn is_used(tx: &mut Tx<'_>, product_id: Id) -> Result<bool> {
    let text = "select customer_id from account_product where product_id = $1 limit 1";
    Ok(tx.query_first(text, values![product_id], |row| row.get::<i64>(0))?.is_some())
}

/// Products that charge by the tariff, by name.
pub fn names_by_tariff(tx: &mut Tx<'_>, tariff_id: Id) -> Result<Vec<String>> {
    let text = "select distinct p.name from product_tariff t join product p on p.product_id = t.product_id where t.tariff_id = $1";
    let mut names: Vec<String> = tx.query(text, values![tariff_id], |row| row.get(0))?;
    names.sort();
    Ok(names)
}

/// A product that an account has, or with account 0 a reseller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    pub customer_id: Id,
    /// 0 for the reseller itself.
    pub account_id: Id,
    pub product_id: Id,
    pub active_from: Timestamp,
    /// The first moment at which it is had no more.
    pub active_to: Option<Timestamp>,
}

impl Assigned {
    pub fn is_active(&self, at: Timestamp) -> bool {
        self.active_from <= at && self.active_to.is_none_or(|end| at < end)
    }
}

/// The products of one account; with account 0 of a reseller.
pub fn of_account(tx: &mut Tx<'_>, customer_id: Id, account_id: Id) -> Result<Vec<Assigned>> {
    let text = "select customer_id, account_id, product_id, active_from, active_to from account_product \
                where customer_id = $1 and account_id = $2 order by product_id";
    tx.query(text, values![customer_id, account_id], |row| {
        Ok(Assigned {
            customer_id: row.get(0)?,
            account_id: row.get(1)?,
            product_id: row.get(2)?,
            active_from: row.get(3)?,
            active_to: row.get(4)?,
        })
    })
}

/// Gives a product, or changes when it is had.
pub fn assign(tx: &mut Tx<'_>, assigned: &Assigned) -> Result<()> {
    tx.execute(
        "insert into account_product (customer_id, account_id, product_id, active_from, active_to) values ($1, $2, $3, $4, $5) \
         on conflict (customer_id, account_id, product_id) do update set active_from = excluded.active_from, active_to = excluded.active_to",
        values![assigned.customer_id, assigned.account_id, assigned.product_id, assigned.active_from, assigned.active_to],
    )?;
    tx.touch(assigned.customer_id);
    Ok(())
}

/// Takes a product away. False: it was not had.
pub fn take_away(tx: &mut Tx<'_>, customer_id: Id, account_id: Id, product_id: Id) -> Result<bool> {
    let text = "delete from account_product where customer_id = $1 and account_id = $2 and product_id = $3";
    let gone = tx.execute(text, values![customer_id, account_id, product_id])?;
    tx.touch(customer_id);
    Ok(gone == 1)
}
