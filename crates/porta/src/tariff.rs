//! Owns the service Tariff: reading tariffs.
//! Does not own: what is done (usecase/tariff.rs), their rates (rate.rs).

use trunkline_usecase::domain::rate_text::{off_peak_text, percent_text};
use trunkline_usecase::domain::tariff::Tariff;
use trunkline_usecase::error::Error;
use trunkline_usecase::tariff;

use crate::error::Fault;
use crate::page::page;
use crate::reply::{Object, Reply};
use crate::router::Call;
use crate::{generic, pattern, service};

/// Conditions of the vendor that there is no data for.
const UNKNOWN_HERE: [&str; 3] = ["applied_to", "i_customer", "i_vendor"];

/// By name.
pub async fn get_tariff_list(call: Call) -> Result<Reply, Fault> {
    let fields = &call.fields;
    fields.refuse(&UNKNOWN_HERE)?;
    let (name, currency) = (pattern::of_field(fields, "name")?, fields.text_given("iso_4217")?);
    let of_service = fields.int("i_service")?;
    let all = tariff::list(&call.state.app, &call.context).await??;
    let matching = all.iter().filter(|tariff| {
        let has_name = name.as_ref().is_none_or(|name| name.matches(&tariff.name));
        let has_service = of_service.is_none_or(|wanted| service::number(tariff.service.code()) == Some(wanted));
        has_name && has_service && currency.as_deref().is_none_or(|currency| currency == tariff.currency.code())
    });
    let rows = matching.map(|tariff| write(tariff, call.object())).collect();
    page(&call, "tariff_list", rows)
}

pub async fn get_tariff_info(call: Call) -> Result<Reply, Fault> {
    let tariff_id = call.fields.id("i_tariff")?;
    let mut out = call.object();
    match tariff::get(&call.state.app, &call.context, tariff_id).await? {
        Ok(found) => out.raw("tariff_info", &write(&found, call.object())),
        Err(Error::NotFound(_)) => {}
        Err(other) => return Err(other.into()),
    }
    Ok(out.into())
}

/// A tariff as `tariff_info`.
fn write(tariff: &Tariff, mut out: Object) -> String {
    let terms = &tariff.terms;
    out.int("i_tariff", tariff.tariff_id);
    out.text("name", &tariff.name);
    out.text("iso_4217", tariff.currency.code());
    service::write(&mut out, tariff.service.code());
    out.money("connect_fee", terms.connect_fee);
    out.raw("free_seconds", &terms.free_units.to_string());
    out.raw("grace_period", &terms.grace_units.to_string());
    out.raw("post_call_surcharge", &percent_text(terms.surcharge_millionths));
    out.int("round_charged_amount", i64::from(terms.rounding_digits));
    out.int_or_null("i_time_zone", generic::time_zone_number(tariff.zone.name()));
    out.text_or_null("off_peak_period", tariff.off_peak.as_ref().map(off_peak_text).as_deref());
    out.finish()
}
