//! Owns the SQL of rates.
//! Does not own: their tariff (tariff.rs) and which rate holds (domain/rate_table.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::rate::{Price, Pricing, Rate, RateStanding};
use trunkline_domain::rate_table::Prefix;
use trunkline_domain::rate_text::{formula_text, parse_formula};
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::{self, Row, Value};
use crate::tariff::{stored, units};
use crate::values;

const COLUMNS: &str = "prefix, effective_from, rate_id, standing, is_payback, interval_first, interval_next, price_first, price_next, formula, \
     off_peak_interval_first, off_peak_interval_next, off_peak_price_first, off_peak_price_next, off_peak_formula";

fn read(row: &Row<'_>) -> Result<(Prefix, Rate)> {
    let prefix: String = row.get(0)?;
    let rate = Rate {
        rate_id: row.get(2)?,
        effective_from: row.get(1)?,
        standing: row::code(row, 3, RateStanding::parse)?,
        is_payback: row.get(4)?,
        pricing: pricing(row, 5)?.ok_or_else(|| StorageError::broken("a rate has neither intervals nor a formula"))?,
        off_peak: pricing(row, 10)?,
    };
    Ok((Prefix::parse(&prefix).map_err(StorageError::unreadable)?, rate))
}

/// The pricing in five columns: two intervals, two prices, a formula.
fn pricing(row: &Row<'_>, first: usize) -> Result<Option<Pricing>> {
    if let Some(formula) = row.get::<Option<String>>(first + 4)? {
        return Ok(Some(Pricing::Formula(parse_formula(&formula).map_err(StorageError::unreadable)?)));
    }
    if row.get::<Option<i64>>(first)?.is_none() {
        return Ok(None);
    }
    Ok(Some(Pricing::Intervals(Price {
        interval_first: units(row, first)?,
        interval_next: units(row, first + 1)?,
        price_first: row.get(first + 2)?,
        price_next: row.get(first + 3)?,
    })))
}

/// What the five columns say.
struct Columns {
    intervals: [Option<i64>; 2],
    prices: [Option<Money>; 2],
    formula: Option<String>,
}

impl Columns {
    fn of(pricing: Option<&Pricing>) -> Columns {
        match pricing {
            None => Columns { intervals: [None; 2], prices: [None; 2], formula: None },
            Some(Pricing::Formula(elements)) => Columns { intervals: [None; 2], prices: [None; 2], formula: Some(formula_text(elements)) },
            Some(Pricing::Intervals(price)) => Columns {
                intervals: [Some(stored(price.interval_first)), Some(stored(price.interval_next))],
                prices: [Some(price.price_first), Some(price.price_next)],
                formula: None,
            },
        }
    }

    fn values(&self) -> [Value<'_>; 5] {
        let ([first, next], [price_first, price_next]) = (self.intervals, self.prices);
        [first.into(), next.into(), price_first.into(), price_next.into(), (&self.formula).into()]
    }
}

/// A rate and the tariff that it is written to.
#[derive(Clone, Debug)]
pub struct NewRate {
    pub tariff_id: Id,
    pub prefix: Prefix,
    pub rate: Rate,
}

/// Writes rates. One with the tariff, the prefix and the moment of another takes its place.
pub fn put_many(tx: &mut Tx<'_>, rates: &[NewRate], now: Timestamp) -> Result<()> {
    let columns: Vec<[Columns; 2]> =
        rates.iter().map(|new| [Columns::of(Some(&new.rate.pricing)), Columns::of(new.rate.off_peak.as_ref())]).collect();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rates.len() * 17);
    for (new, [pricing, off_peak]) in rates.iter().zip(&columns) {
        values.extend([
            Value::from(new.tariff_id),
            Value::from(new.prefix.digits()),
            Value::from(new.rate.effective_from),
            Value::from(new.rate.rate_id),
            Value::from(new.rate.standing.code()),
            Value::from(new.rate.is_payback),
        ]);
        values.extend(pricing.values());
        values.extend(off_peak.values());
        values.push(Value::from(now));
    }
    let tail = "on conflict (tariff_id, prefix, effective_from) do update set rate_id = excluded.rate_id, standing = excluded.standing, \
                is_payback = excluded.is_payback, interval_first = excluded.interval_first, interval_next = excluded.interval_next, \
                price_first = excluded.price_first, price_next = excluded.price_next, formula = excluded.formula, \
                off_peak_interval_first = excluded.off_peak_interval_first, off_peak_interval_next = excluded.off_peak_interval_next, \
                off_peak_price_first = excluded.off_peak_price_first, off_peak_price_next = excluded.off_peak_price_next, \
                off_peak_formula = excluded.off_peak_formula, created_at = excluded.created_at";
    tx.insert_many(&format!("rate (tariff_id, {COLUMNS}, created_at)"), 17, &values, tail, |_| Ok(()))?;
    Ok(())
}

/// All rates of a tariff, by prefix and moment.
pub fn of_tariff(tx: &mut Tx<'_>, tariff_id: Id) -> Result<Vec<(Prefix, Rate)>> {
    tx.query(&format!("select {COLUMNS} from rate where tariff_id = $1 order by prefix, effective_from"), values![tariff_id], read)
}

/// Where a page of rates begins: behind this prefix and moment.
pub type After<'a> = (&'a str, Timestamp);

/// A page of the rates whose prefixes begin with `start`, by prefix and moment.
pub fn page(tx: &mut Tx<'_>, tariff_id: Id, start: &str, after: Option<After<'_>>, count: i64) -> Result<Vec<(Prefix, Rate)>> {
    let (prefix, moment) = after.unwrap_or(("", Timestamp::from_microseconds(i64::MIN)));
    // Digits lie below the colon.
    let end = format!("{start}:");
    tx.query(
        &format!(
            "select {COLUMNS} from rate where tariff_id = $1 and prefix >= $2 and prefix < $3 and (prefix, effective_from) > ($4, $5) \
             order by prefix, effective_from limit $6"
        ),
        values![tariff_id, start, &end, prefix, moment, count],
        read,
    )
}

/// The rates of these prefixes, all moments of each, by prefix.
pub fn of_prefixes(tx: &mut Tx<'_>, tariff_id: Id, prefixes: &[&str]) -> Result<HashMap<Prefix, Vec<Rate>>> {
    let mut found: HashMap<Prefix, Vec<Rate>> = HashMap::new();
    let text = format!("select {COLUMNS} from rate where tariff_id = $1 and prefix in ({{keys}}) order by prefix, effective_from");
    for (prefix, rate) in tx.query_by_keys(&text, values![tariff_id], prefixes, read)? {
        found.entry(prefix).or_default().push(rate);
    }
    Ok(found)
}

/// How many rates the tariff has whose prefixes begin with `start`.
pub fn count(tx: &mut Tx<'_>, tariff_id: Id, start: &str) -> Result<i64> {
    let text = "select count(*) from rate where tariff_id = $1 and prefix >= $2 and prefix < $3";
    Ok(tx.query_first(text, values![tariff_id, start, &format!("{start}:")], |row| row.get(0))?.unwrap_or(0))
}

/// Takes out a rate that has not begun. False: there is none, or it has begun.
pub fn delete_planned(tx: &mut Tx<'_>, tariff_id: Id, rate_id: Id, now: Timestamp) -> Result<bool> {
    let gone =
        tx.execute("delete from rate where tariff_id = $1 and rate_id = $2 and effective_from > $3", values![tariff_id, rate_id, now])?;
    Ok(gone == 1)
}
