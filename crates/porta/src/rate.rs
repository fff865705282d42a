//! Owns the service Rate: reading the rates of a tariff.
//! Does not own: what is done (usecase/rate.rs).

use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::rate::{Pricing, Rate, RateStanding};
use trunkline_usecase::domain::rate_table::Prefix;
use trunkline_usecase::domain::rate_text::formula_text;
use trunkline_usecase::rate::{self, ROWS_MAX, RateListRequest};

use crate::error::Fault;
use crate::page::listed;
use crate::pattern;
use crate::reply::{Object, Reply};
use crate::router::Call;

/// Conditions of the vendor that there is no data for, or that are not checked.
const UNKNOWN_HERE: [&str; 6] = ["i_dest", "i_dest_group", "country", "number", "effective_from", "effective_from_mode"];

fn vendors_name(ours: &str) -> &str {
    match ours {
        "prefix" => "destination",
        other => other,
    }
}

/// By prefix and moment.
pub async fn get_rate_list(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let tariff_id = fields.id("i_tariff")?;
    let (offset, limit) = fields.page()?;
    let pattern = pattern::of_field(fields, "destination")?;
    let wants_total = fields.is_set("get_total")?;
    let start: Option<String> = pattern.as_ref().map(|pattern| pattern.prefix()).filter(|start| !start.is_empty());
    let (mut rows, mut matched, mut scanned) = (Vec::new(), 0_usize, 0_usize);
    let mut after = None;
    loop {
        let request = RateListRequest { prefix: start.clone(), limit: ROWS_MAX, after };
        let page = rate::list(&call.state.app, &call.context, tariff_id, request).await?;
        let page = page.map_err(|error| Fault::with_fields(error, vendors_name))?;
        scanned += page.rows.len();
        for (prefix, rate) in page.rows.iter().filter(|(prefix, _)| pattern.as_ref().is_none_or(|one| one.matches(prefix.digits()))) {
            matched += 1;
            if matched > offset && rows.len() < limit {
                rows.push(write(tariff_id, prefix, rate, call.object()));
            }
        }
        after = page.next;
        if after.is_none() || (rows.len() >= limit && !wants_total) {
            break;
        }
        if scanned >= call.state.options.scanned_max {
            return Err(Fault::field(
                "destination",
                "too_wide",
                format!("more than {scanned} rates would have to be looked at; narrow it"),
            ));
        }
    }
    Ok(listed(call.object(), "rate_list", &rows, wants_total.then(|| i64::try_from(matched).unwrap_or(i64::MAX))))
}

/// A rate as `rate_info`.
fn write(tariff_id: Id, prefix: &Prefix, rate: &Rate, mut out: Object) -> String {
    out.int("i_rate", rate.rate_id);
    out.int("i_tariff", tariff_id);
    out.text("destination", prefix.digits());
    out.time_or_null("effective_from", Some(rate.effective_from));
    out.yes_no("forbidden", rate.standing == RateStanding::Forbidden);
    out.yes_no("discontinued", rate.standing == RateStanding::Discontinued);
    out.yes_no("payback", rate.is_payback);
    write_pricing(&mut out, "", Some(&rate.pricing));
    write_pricing(&mut out, "op_", rate.off_peak.as_ref());
    out.finish()
}

fn write_pricing(out: &mut Object, before: &str, pricing: Option<&Pricing>) {
    let name = |last: &str| format!("{before}{last}");
    let (price, formula) = match pricing {
        Some(Pricing::Intervals(price)) => (Some(price), None),
        Some(Pricing::Formula(elements)) => (None, Some(formula_text(elements))),
        None => (None, None),
    };
    let units = |units: u64| i64::try_from(units).unwrap_or(i64::MAX);
    out.int_or_null(&name("interval_1"), price.map(|price| units(price.interval_first)));
    out.int_or_null(&name("interval_n"), price.map(|price| units(price.interval_next)));
    out.money_or_null(&name("price_1"), price.map(|price| price.price_first));
    out.money_or_null(&name("price_n"), price.map(|price| price.price_next));
    out.text_or_null(&name("formula"), formula.as_deref());
}
