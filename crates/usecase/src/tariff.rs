//! Owns tariffs: reading, making, changing and deleting them.
//! Does not own: their rates (rate.rs) and what usage costs (domain/rating).

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::money::{Money, Rounding};
use trunkline_domain::rate::Terms;
use trunkline_domain::rate_text::{TEXT_CHARACTERS_MAX, parse_off_peak};
use trunkline_domain::service::Service;
use trunkline_domain::staff::Permission;
use trunkline_domain::tariff::{Tariff, TermsProblem, check_terms};
use trunkline_domain::time::Zone;
use trunkline_storage::customer_class::Saved;
use trunkline_storage::{Ticket, Tx, product, tariff};

use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render};
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

/// A tariff to be made.
#[derive(Clone, Debug)]
pub struct TariffNew {
    pub name: String,
    pub service: Service,
    pub currency: String,
    pub settings: TariffSettings,
}

/// What of a tariff is given or changed. What is not given has its default, or stays.
#[derive(Clone, Debug, Default)]
pub struct TariffSettings {
    pub grace_units: Option<u64>,
    pub free_units: Option<u64>,
    pub connect_fee: Option<Money>,
    pub surcharge_millionths: Option<u64>,
    pub rounding_digits: Option<u32>,
    pub rounding: Option<Rounding>,
    pub is_split_by_peak: Option<bool>,
    pub time_zone: Option<String>,
    /// As `20:00-08:00 mon-fri; sat-sun`; `Some(None)` takes it away.
    pub off_peak: Option<Option<String>>,
}

/// What is to be changed of a tariff. Its service and currency never change.
#[derive(Clone, Debug, Default)]
pub struct TariffChange {
    pub version: Option<i64>,
    pub name: Option<String>,
    pub settings: TariffSettings,
}

/// All tariffs, by name.
pub fn list(app: &Arc<App>, context: &Context) -> Ticket<Result<Vec<Tariff>>> {
    if let Err(refused) = context.actor.must(Permission::TariffRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(|tx| Ok(tariff::all(tx)?))
}

pub fn get(app: &Arc<App>, context: &Context, tariff_id: Id) -> Ticket<Result<Tariff>> {
    if let Err(refused) = context.actor.must(Permission::TariffRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| load(tx, tariff_id))
}

pub(crate) fn load(tx: &mut Tx<'_>, tariff_id: Id) -> Result<Tariff> {
    tariff::load(tx, tariff_id)?.ok_or(Error::NotFound("tariff"))
}

/// Puts the settings into the tariff and checks all of it.
fn apply(tariff: &mut Tariff, settings: &TariffSettings, mut check: Check) -> Result<()> {
    check.name("name", &tariff.name);
    let terms = &mut tariff.terms;
    terms.grace_units = settings.grace_units.unwrap_or(terms.grace_units);
    terms.free_units = settings.free_units.unwrap_or(terms.free_units);
    terms.connect_fee = settings.connect_fee.unwrap_or(terms.connect_fee);
    terms.surcharge_millionths = settings.surcharge_millionths.unwrap_or(terms.surcharge_millionths);
    terms.rounding_digits = settings.rounding_digits.unwrap_or(terms.rounding_digits);
    terms.rounding = settings.rounding.unwrap_or(terms.rounding);
    terms.is_split_by_peak = settings.is_split_by_peak.unwrap_or(terms.is_split_by_peak);
    for problem in check_terms(terms) {
        let field = match problem {
            TermsProblem::GraceUnits => "grace_units",
            TermsProblem::FreeUnits => "free_units",
            TermsProblem::ConnectFee => "connect_fee",
            TermsProblem::Surcharge => "surcharge_percent",
            TermsProblem::RoundingDigits => "rounding_digits",
        };
        check.fail(field, "out_of_range", problem.to_string());
    }
    if let Some(zone) = settings.time_zone.as_deref().and_then(|name| check.zone("time_zone", name)) {
        tariff.zone = zone;
    }
    match settings.off_peak.as_ref().map(Option::as_deref) {
        None => {}
        Some(None) => tariff.off_peak = None,
        Some(Some(text)) if text.chars().count() > TEXT_CHARACTERS_MAX => {
            check.fail("off_peak", "too_long", format!("at most {TEXT_CHARACTERS_MAX} characters"));
        }
        Some(Some(text)) => match parse_off_peak(text) {
            Ok(off_peak) => tariff.off_peak = Some(off_peak),
            Err(problem) => check.fail("off_peak", "malformed", problem.to_string()),
        },
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// Makes a tariff.
pub fn create(app: &Arc<App>, context: &Context, new: TariffNew, render: Render<Tariff>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::TariffWrite)?;
        let now = app.now();
        let tariff_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        let mut check = Check::default();
        let Some(currency) = check.currency("currency", &new.currency) else { return Err(Error::Invalid(check.problems)) };
        let terms = Terms { price_units: new.service.price_units(), ..Terms::VOICE };
        let name = new.name.trim().to_owned();
        let mut made = Tariff {
            tariff_id,
            name,
            service: new.service,
            currency,
            terms,
            zone: Zone::utc(),
            off_peak: None,
            created_at: now,
            version: 1,
        };
        apply(&mut made, &new.settings, check)?;
        Ok((made, trace))
    };
    write(app, context, prepared(), move |tx, context, made, trace| {
        if !tariff::add(tx, made)? {
            return Err(name_taken());
        }
        leave(tx, context, trace, made, "tariff.created")?;
        Ok(render(made))
    })
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "another tariff has this name")
}

fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, tariff: &Tariff, event_type: &str) -> Result<()> {
    let detail = json!({ "tariff_id": tariff.tariff_id, "name": tariff.name, "version": tariff.version }).to_string();
    trace.leave(tx, context, [Permission::TariffWrite.code(), &detail], [event_type, &detail])
}

/// Changes a tariff. Usage that is charged already stays as it is.
pub fn update(app: &Arc<App>, context: &Context, tariff_id: Id, wanted: TariffChange, render: Render<Tariff>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::TariffWrite).and_then(|()| Ok((wanted, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, wanted, trace| {
        let mut changed = load(tx, tariff_id)?;
        if wanted.version.is_some_and(|version| version != changed.version) {
            return Err(Error::ChangedMeanwhile);
        }
        if let Some(name) = &wanted.name {
            name.trim().clone_into(&mut changed.name);
        }
        apply(&mut changed, &wanted.settings, Check::default())?;
        changed.version += 1;
        match tariff::save(tx, &changed)? {
            Saved::Done => {}
            Saved::Overtaken => return Err(Error::ChangedMeanwhile),
            Saved::NameTaken => return Err(name_taken()),
        }
        leave(tx, context, trace, &changed, "tariff.updated")?;
        Ok(render(&changed))
    })
}

/// Deletes a tariff with its rates. One that a product charges by stays.
pub fn delete(app: &Arc<App>, context: &Context, tariff_id: Id) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::TariffWrite).and_then(|()| Ok(((), Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, (), trace| {
        let gone = load(tx, tariff_id)?;
        let products = product::names_by_tariff(tx, tariff_id)?;
        if !products.is_empty() {
            let message = format!("products charge by this tariff: {}; give them another one first", products.join(", "));
            return Err(Error::invalid("id", "in_use", message));
        }
        tariff::delete(tx, tariff_id)?;
        leave(tx, context, trace, &gone, "tariff.deleted")?;
        Ok(String::new())
    })
}
