//! Owns the columns of rates: the names of the compatible face's `rate_info`, and the tariff by name.
//! Does not own: what a rate may say (usecase, domain).

use trunkline_domain::rate::{Price, Pricing, RateStanding};
use trunkline_domain::rate_text::parse_formula;

use crate::error::FieldProblem;
use crate::import::rate::RateRow;
use crate::rate::{RateNew, RateWanted};

use super::cell::Cells;
use super::column::{Column, Table, column};

pub static TABLE: Table = Table {
    singular: "rate",
    plural: "rates",
    columns: &COLUMNS,
    required: &["tariff_id", "prefix"],
    refused: &[
        ("i_rate", "ids are given by the system"),
        ("country", "it follows from the prefix"),
        ("description", "it follows from the prefix"),
    ],
};

static COLUMNS: [Column; 16] = [
    column("tariff", "tariff_id", &["tariff_name", "rate_table", "deck"]),
    column("i_tariff", "tariff_id", &["tariff_id"]),
    column("destination", "prefix", &["prefix", "code", "dial_code", "dial_prefix"]),
    column("effective_from", "effective_from", &["effective_date", "valid_from", "from"]),
    column("status", "standing", &["state"]),
    column("payback_rate", "is_payback", &["payback"]),
    column("interval_1", "interval_first", &["first_interval", "min_length", "minimum"]),
    column("interval_n", "interval_next", &["next_interval", "increment"]),
    column("price_1", "price_first", &["first_price"]),
    column("price_n", "price_next", &["next_price", "price", "rate"]),
    column("formula", "formula", &["rate_formula"]),
    column("op_interval_1", "off_peak_interval_first", &["off_peak_interval_first"]),
    column("op_interval_n", "off_peak_interval_next", &["off_peak_interval_next"]),
    column("op_price_1", "off_peak_price_first", &["off_peak_price_first"]),
    column("op_price_n", "off_peak_price_next", &["off_peak_price_next", "off_peak_price"]),
    column("op_formula", "off_peak_formula", &["off_peak_formula"]),
];

const PEAK: [&str; 5] = ["interval_1", "interval_n", "price_1", "price_n", "formula"];
const OFF_PEAK: [&str; 5] = ["op_interval_1", "op_interval_n", "op_price_1", "op_price_n", "op_formula"];

/// The pricing in these columns; none where they are empty. The first interval and its price are those of the next ones where they
/// are left out, and an interval is one unit.
fn pricing(cells: &mut Cells<'_>, columns: [&'static str; 5]) -> Option<Pricing> {
    let [interval_first, interval_next, price_first, price_next, formula] = columns;
    let elements = cells.one_of(formula, "a formula such as “fee, 2x30@0.2, +0.05, 60@0.1”", |text| parse_formula(text).ok());
    if let Some(elements) = elements {
        return Some(Pricing::Formula(elements));
    }
    let units = |cells: &mut Cells<'_>, column| cells.whole(column).map(|units| u64::try_from(units).unwrap_or(0));
    let next = units(cells, interval_next);
    let first = units(cells, interval_first);
    let next_price = cells.amount(price_next);
    let first_price = cells.amount(price_first).or(next_price)?;
    Some(Pricing::Intervals(Price {
        interval_first: first.or(next).unwrap_or(1),
        interval_next: next.unwrap_or(1),
        price_first: first_price,
        price_next: next_price.unwrap_or(first_price),
    }))
}

pub fn read(cells: &mut Cells<'_>) -> RateRow {
    let tariff = cells.required(&["tariff", "i_tariff"]).and(cells.reference("tariff", "i_tariff"));
    let standing = cells.one_of("status", "open (O), forbidden (F) or discontinued (D)", |text| match text.to_ascii_lowercase().as_str() {
        "o" | "open" => Some(RateStanding::Open),
        "f" | "forbidden" => Some(RateStanding::Forbidden),
        "d" | "discontinued" => Some(RateStanding::Discontinued),
        _ => None,
    });
    let standing = standing.unwrap_or_default();
    let peak = pricing(cells, PEAK);
    if standing == RateStanding::Open && PEAK.iter().skip(2).all(|column| cells.text(column).is_none()) {
        cells.problems.push(FieldProblem::new("price_next", "required", "give price_n or a formula"));
    }
    let free =
        Pricing::Intervals(Price { interval_first: 1, interval_next: 1, price_first: Default::default(), price_next: Default::default() });
    RateRow {
        tariff,
        new: RateNew {
            // The default rate's prefix is empty, and so is its cell.
            prefix: cells.owned("destination").unwrap_or_default(),
            effective_from: cells.moment("effective_from"),
            wanted: RateWanted {
                standing,
                is_payback: cells.yes_no("payback_rate").unwrap_or(false),
                pricing: peak.unwrap_or(free),
                off_peak: pricing(cells, OFF_PEAK),
            },
        },
    }
}
