//! Owns the SQL of tariffs.
//! Does not own: their rates (rate.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::money::Rounding;
use trunkline_domain::name::name_key;
use trunkline_domain::rate::Terms;
use trunkline_domain::rate_text::{off_peak_text, parse_off_peak};
use trunkline_domain::service::Service;
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::Zone;

use crate::customer_class::Saved;
use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row};
use crate::{customer, values};

const COLUMNS: &str = "tariff_id, name, service, currency, grace_units, free_units, connect_fee, surcharge_millionths, rounding_digits, \
     rounding, is_split_by_peak, time_zone, off_peak, created_at, version";

fn read(row: &Row<'_>) -> Result<Tariff> {
    let service = row::code(row, 2, Service::parse)?;
    let zone: String = row.get(11)?;
    let off_peak: Option<String> = row.get(12)?;
    Ok(Tariff {
        tariff_id: row.get(0)?,
        name: row.get(1)?,
        service,
        currency: customer::currency(row, 3)?,
        terms: Terms {
            price_units: service.price_units(),
            grace_units: units(row, 4)?,
            free_units: units(row, 5)?,
            connect_fee: row.get(6)?,
            surcharge_millionths: units(row, 7)?,
            rounding_digits: u32::try_from(row.get::<i64>(8)?).map_err(StorageError::unreadable)?,
            rounding: row::code(row, 9, Rounding::parse)?,
            is_split_by_peak: row.get(10)?,
        },
        zone: Zone::parse(&zone).map_err(|problem| StorageError::broken(format!("{zone}: {problem}")))?,
        off_peak: off_peak.map(|text| parse_off_peak(&text).map_err(StorageError::unreadable)).transpose()?,
        created_at: row.get(13)?,
        version: row.get(14)?,
    })
}

/// A number of units, which is never below zero.
pub(crate) fn units(row: &Row<'_>, index: usize) -> Result<u64> {
    u64::try_from(row.get::<i64>(index)?).map_err(StorageError::unreadable)
}

/// A number of units as it is stored. What is checked before fits.
pub(crate) fn stored(units: u64) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

/// All tariffs by name. They are few: a catalogue.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Tariff>> {
    tx.query(&format!("select {COLUMNS} from tariff order by name_key"), &[], read)
}

pub fn load(tx: &mut Tx<'_>, tariff_id: Id) -> Result<Option<Tariff>> {
    tx.query_first(&format!("select {COLUMNS} from tariff where tariff_id = $1"), values![tariff_id], read)
}

/// Adds a tariff. False: another has the name.
pub fn add(tx: &mut Tx<'_>, tariff: &Tariff) -> Result<bool> {
    let terms = &tariff.terms;
    let key = name_key(&tariff.name);
    let off_peak = tariff.off_peak.as_ref().map(off_peak_text);
    let made = tx.execute(
        "insert into tariff (tariff_id, name, name_key, service, currency, grace_units, free_units, connect_fee, surcharge_millionths, \
         rounding_digits, rounding, is_split_by_peak, time_zone, off_peak, rates_version, created_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16) on conflict (name_key) do nothing",
        values![
            tariff.tariff_id,
            &tariff.name,
            &key,
            tariff.service.code(),
            tariff.currency.code(),
            stored(terms.grace_units),
            stored(terms.free_units),
            terms.connect_fee,
            stored(terms.surcharge_millionths),
            i64::from(terms.rounding_digits),
            terms.rounding.code(),
            terms.is_split_by_peak,
            tariff.zone.name(),
            &off_peak,
            tariff.created_at,
            tariff.version
        ],
    )?;
    Ok(made == 1)
}

/// Writes the tariff anew if its version is still the one before. Its service and currency never change.
pub fn save(tx: &mut Tx<'_>, tariff: &Tariff) -> Result<Saved> {
    let terms = &tariff.terms;
    let key = name_key(&tariff.name);
    let off_peak = tariff.off_peak.as_ref().map(off_peak_text);
    let changed = tx.execute(
        "update tariff set name = $2, name_key = $3, grace_units = $4, free_units = $5, connect_fee = $6, surcharge_millionths = $7, \
         rounding_digits = $8, rounding = $9, is_split_by_peak = $10, time_zone = $11, off_peak = $12, rates_version = rates_version + 1, \
         version = $13 where tariff_id = $1 and version = $14",
        values![
            tariff.tariff_id,
            &tariff.name,
            &key,
            stored(terms.grace_units),
            stored(terms.free_units),
            terms.connect_fee,
            stored(terms.surcharge_millionths),
            i64::from(terms.rounding_digits),
            terms.rounding.code(),
            terms.is_split_by_peak,
            tariff.zone.name(),
            &off_peak,
            tariff.version,
            tariff.version - 1
        ],
    );
    Saved::of(changed)
}

/// Deletes a tariff and its rates.
pub fn delete(tx: &mut Tx<'_>, tariff_id: Id) -> Result<()> {
    tx.execute("delete from rate where tariff_id = $1", values![tariff_id])?;
    tx.execute("delete from tariff where tariff_id = $1", values![tariff_id])?;
    Ok(())
}

/// What whoever keeps the rates in memory compares: it grows with every change of the tariff and its rates.
pub fn rates_version(tx: &mut Tx<'_>, tariff_id: Id) -> Result<Option<i64>> {
    tx.query_first("select rates_version from tariff where tariff_id = $1", values![tariff_id], |row| row.get(0))
}

/// The same of all tariffs.
pub fn rates_versions(tx: &mut Tx<'_>) -> Result<HashMap<Id, i64>> {
    let found = tx.query("select tariff_id, rates_version from tariff", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// Says that rates of the tariff have changed. The row is locked until the transaction ends.
pub fn touch_rates(tx: &mut Tx<'_>, tariff_id: Id) -> Result<()> {
    tx.execute("update tariff set rates_version = rates_version + 1 where tariff_id = $1", values![tariff_id])?;
    Ok(())
}
