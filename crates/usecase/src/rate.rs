//! Owns rates as people want them: the list of a tariff, one rate more, what usage to a number costs and why.
//! Does not own: files of rates (import/rate.rs) and the price itself (domain/rating).

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::rate::{Pricing, Rate, RateProblem, RateStanding};
use trunkline_domain::rate_table::Prefix;
use trunkline_domain::rating::{Charge, Step, UNITS_MAX, explain};
use trunkline_domain::staff::Permission;
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::Timestamp;
use trunkline_storage::rate::NewRate;
use trunkline_storage::{Ticket, rate, tariff};

use crate::App;
use crate::actor::Context;
use crate::customer::Render;
use crate::error::{Error, FieldProblem, Result};
use crate::export::{Export, ROWS_AT_ONCE, Slice};
use crate::tariff::load;
use crate::trace::{Trace, write};

/// Rows of a page at the most.
pub const ROWS_MAX: usize = 1_000;
/// Digits of a number that is looked up.
pub const NUMBER_DIGITS_MAX: usize = 32;

/// What is asked of a tariff's rates.
#[derive(Clone, Debug, Default)]
pub struct RateListRequest {
    /// Rates whose prefixes begin so.
    pub prefix: Option<String>,
    /// 1 to `ROWS_MAX`.
    pub limit: usize,
    pub after: Option<String>,
}

#[derive(Clone, Debug)]
pub struct RatePage {
    pub tariff: Tariff,
    pub rows: Vec<(Prefix, Rate)>,
    pub next: Option<String>,
}

/// One page of a tariff's rates, by prefix and moment.
pub fn list(app: &Arc<App>, context: &Context, tariff_id: Id, request: RateListRequest) -> Ticket<Result<RatePage>> {
    let prepared = context.actor.must(Permission::TariffRead).and_then(|()| {
        if request.limit == 0 || request.limit > ROWS_MAX {
            return Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
        }
        let start = Prefix::parse(request.prefix.as_deref().unwrap_or_default()).map_err(not_prefix)?;
        Ok((start, request.after.as_deref().map(decode).transpose()?))
    });
    let (start, after) = match prepared {
        Ok(prepared) => prepared,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    app.database.read(move |tx| {
        let tariff = load(tx, tariff_id)?;
        let wanted = i64::try_from(request.limit + 1).unwrap_or(i64::MAX);
        let after = after.as_ref().map(|(prefix, moment)| (prefix.digits(), *moment));
        let mut rows = rate::page(tx, tariff_id, start.digits(), after, wanted)?;
        let has_more = rows.len() > request.limit;
        rows.truncate(request.limit);
        let next = rows.last().filter(|_| has_more).map(|(prefix, rate)| encode(prefix, rate.effective_from));
        Ok(RatePage { tariff, rows, next })
    })
}

/// A rate as a file has it.
#[derive(Clone, Debug)]
pub struct ExportedRate {
    pub tariff: Arc<Tariff>,
    pub prefix: Prefix,
    pub rate: Rate,
}

/// A tariff's rates for a file: those whose prefixes begin with `start`, by prefix and moment. That they were taken is audited.
pub fn export(
    app: &Arc<App>,
    context: &Context,
    tariff_id: Id,
    start: Option<String>,
    rows_max: i64,
) -> Ticket<Result<Export<ExportedRate>>> {
    let prepared = context.actor.must(Permission::TariffRead).and_then(|()| {
        context.actor.must(Permission::ExportRun)?;
        Prefix::parse(start.as_deref().unwrap_or_default()).map_err(not_prefix)
    });
    let start = match prepared {
        Ok(start) => start,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let (app, actor) = (Arc::clone(app), context.actor.clone());
    app.clone().database.read(move |tx| {
        let tariff = Arc::new(load(tx, tariff_id)?);
        let rows = rate::count(tx, tariff_id, start.digits())?;
        if rows > rows_max {
            return Err(Error::invalid("format", "too_many_rows", format!("more than {rows_max} rows; use csv")));
        }
        let detail = json!({ "tariff_id": tariff_id, "prefix": start.digits(), "rows": rows });
        app.audit_read(&actor, "rate.export.list", 0, app.now(), &detail)?;
        let read = move |place: Option<String>| {
            let (tariff, start) = (Arc::clone(&tariff), start.clone());
            app.database.read(move |tx| {
                let after = place.as_deref().map(decode).transpose()?;
                let after = after.as_ref().map(|(prefix, moment)| (prefix.digits(), *moment));
                let wanted = i64::try_from(ROWS_AT_ONCE).unwrap_or(i64::MAX);
                let found = rate::page(tx, tariff_id, start.digits(), after, wanted)?;
                let next = found.last().filter(|_| found.len() == ROWS_AT_ONCE).map(|(prefix, rate)| encode(prefix, rate.effective_from));
                let rows = found.into_iter().map(|(prefix, rate)| ExportedRate { tariff: Arc::clone(&tariff), prefix, rate });
                Ok(Slice { rows: rows.collect(), next })
            })
        };
        Ok(Export { rows: Some(rows), read: Box::new(read) })
    })
}

fn not_prefix(problem: trunkline_domain::rate_table::NotPrefix) -> Error {
    Error::invalid("prefix", "malformed", problem.to_string())
}

fn encode(prefix: &Prefix, moment: Timestamp) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}@{}", prefix.digits(), moment.microseconds()))
}

fn decode(text: &str) -> Result<(Prefix, Timestamp)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::InvalidCursor)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::InvalidCursor)?;
    let (prefix, moment) = text.split_once('@').ok_or(Error::InvalidCursor)?;
    let moment = moment.parse().map_err(|_| Error::InvalidCursor)?;
    Ok((Prefix::parse(prefix).map_err(|_| Error::InvalidCursor)?, Timestamp::from_microseconds(moment)))
}

/// What usage to a number costs.
#[derive(Clone, Debug)]
pub struct Priced {
    pub tariff: Tariff,
    pub prefix_digits: usize,
    pub rate: Rate,
    /// None: calls there are forbidden.
    pub charge: Option<(Charge, Vec<Step>)>,
}

/// The price of `units` to `number` that begin at `at`, or now, step by step. No units: as many as a price is for.
pub fn price(
    app: &Arc<App>,
    context: &Context,
    tariff_id: Id,
    number: String,
    units: Option<u64>,
    at: Option<Timestamp>,
) -> Ticket<Result<Priced>> {
    let prepared = context.actor.must(Permission::TariffRead).and_then(|()| {
        if units.is_some_and(|units| units > UNITS_MAX) {
            return Err(Error::invalid("units", "out_of_range", format!("0 to {UNITS_MAX}")));
        }
        let is_number = number.len() <= NUMBER_DIGITS_MAX && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(Error::invalid(
                "number",
                "malformed",
                format!("at most {NUMBER_DIGITS_MAX} digits, as it is dialled abroad, without +"),
            ));
        }
        Ok(())
    });
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    let app_here = Arc::clone(app);
    app.database.read(move |tx| {
        let loaded = app_here.database.catalogue().tariff(tx, tariff_id)?.ok_or(Error::NotFound("tariff"))?;
        let at = at.unwrap_or_else(|| app_here.now());
        let found = loaded.table.find(&number, at).ok_or(Error::NotFound("rate for this number at this moment"))?;
        let units = units.unwrap_or_else(|| loaded.tariff.service.price_units());
        let stretches = loaded.tariff.stretches(at, units);
        let too_large = |_| Error::invalid("units", "out_of_range", "the price would leave the range of amounts");
        let charge = match found.rate.standing {
            RateStanding::Open => Some(explain(found.rate, &loaded.tariff.terms, units, &stretches).map_err(too_large)?),
            RateStanding::Forbidden | RateStanding::Discontinued => None,
        };
        Ok(Priced { tariff: loaded.tariff.clone(), prefix_digits: found.prefix_digits, rate: found.rate.clone(), charge })
    })
}

/// A rate to be added.
#[derive(Clone, Debug)]
pub struct RateNew {
    pub prefix: String,
    /// None: from now on.
    pub effective_from: Option<Timestamp>,
    pub wanted: RateWanted,
}

/// What a rate says.
#[derive(Clone, Debug)]
pub struct RateWanted {
    pub standing: RateStanding,
    pub is_payback: bool,
    pub pricing: Pricing,
    pub off_peak: Option<Pricing>,
}

impl RateWanted {
    /// The record, if it says what a rate can say.
    pub(crate) fn record(&self, rate_id: Id, effective_from: Timestamp) -> Result<Rate, FieldProblem> {
        let parts = [("pricing", Some(&self.pricing)), ("off_peak", self.off_peak.as_ref())];
        for (part, pricing) in parts.into_iter().filter_map(|(part, pricing)| Some((part, pricing?))) {
            if let Err(problem) = pricing.check() {
                let field = match problem {
                    RateProblem::IntervalFirst => "interval_first",
                    RateProblem::IntervalNext => "interval_next",
                    RateProblem::PriceFirst => "price_first",
                    RateProblem::PriceNext => "price_next",
                    RateProblem::Element | RateProblem::Surcharge | RateProblem::FormulaSize | RateProblem::FormulaEnd => "formula",
                };
                return Err(FieldProblem::new(format!("{part}.{field}"), "out_of_range", problem.to_string()));
            }
        }
        let (pricing, off_peak) = (self.pricing.clone(), self.off_peak.clone());
        Ok(Rate { rate_id, effective_from, standing: self.standing, is_payback: self.is_payback, pricing, off_peak })
    }
}

/// Do both say the same, whatever their ids?
pub(crate) fn is_same(one: &Rate, other: &Rate) -> bool {
    *one == Rate { rate_id: one.rate_id, ..other.clone() }
}

/// Adds a rate to a tariff. One that has begun is never changed; one that has not gives way to another of its moment.
pub fn create(
    app: &Arc<App>,
    context: &Context,
    tariff_id: Id,
    new: RateNew,
    render: Render<(Tariff, Prefix, Rate)>,
) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::TariffWrite)?;
        let now = app.now();
        let rate_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        let prefix = Prefix::parse(&new.prefix).map_err(not_prefix)?;
        let rate = new.wanted.record(rate_id, new.effective_from.unwrap_or(now)).map_err(|problem| Error::Invalid(vec![problem]))?;
        Ok((NewRate { tariff_id, prefix, rate }, trace))
    };
    write(app, context, prepared(), move |tx, context, new, trace| {
        tariff::touch_rates(tx, tariff_id)?;
        let tariff = load(tx, tariff_id)?;
        let known = rate::of_prefixes(tx, tariff_id, &[new.prefix.digits()])?.remove(&new.prefix).unwrap_or_default();
        if let Some(problem) = begun_already(&known, &new.rate, trace.now) {
            return Err(Error::Invalid(vec![problem]));
        }
        rate::put_many(tx, std::slice::from_ref(new), trace.now)?;
        let (prefix, from) = (new.prefix.digits(), new.rate.effective_from.to_rfc3339());
        let detail = json!({ "tariff_id": tariff_id, "rate_id": new.rate.rate_id, "prefix": prefix, "effective_from": from }).to_string();
        trace.leave(tx, context, [Permission::TariffWrite.code(), &detail], ["rate.created", &detail])?;
        Ok(render(&(tariff, new.prefix.clone(), new.rate.clone())))
    })
}

/// Is there another rate of the prefix that began at the moment of this one?
pub(crate) fn begun_already(known: &[Rate], rate: &Rate, now: Timestamp) -> Option<FieldProblem> {
    let stands =
        known.iter().any(|known| known.effective_from == rate.effective_from && known.effective_from <= now && !is_same(known, rate));
    let message = "another rate of this prefix began at this moment, and what has begun is never changed; give this one a later moment";
    stands.then(|| FieldProblem::new("effective_from", "begun", message))
}
