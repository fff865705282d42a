//! Owns NASes, the switches and access servers that ask over RADIUS: reading, making, changing and deleting them.
//! Does not own: what they ask (radius) and their sessions.

use std::sync::Arc;

use serde_json::json;
use trunkline_domain::id::Id;
use trunkline_domain::nas::{
    Directory, IDENTIFIER_CHARACTERS_MAX, INTERIM_SECONDS_MAX, INTERIM_SECONDS_MIN, NASES_MAX, Nas, Network, REPLY_LINES_MAX,
    SECRET_CHARACTERS_MAX, SECRET_CHARACTERS_MIN, check_reply_line,
};
use trunkline_domain::secret::Secret;
use trunkline_domain::staff::Permission;
use trunkline_storage::customer_class::Saved;
use trunkline_storage::nas::{self, Taken};
use trunkline_storage::{Ticket, Tx};

use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render};
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

/// A NAS to be made.
#[derive(Clone, Debug)]
pub struct NasNew {
    pub name: String,
    pub network: String,
    pub secret: Secret,
    pub settings: NasSettings,
}

/// What of a NAS is given or changed. What is not given has its default, or stays; `Some(None)` takes a value away.
#[derive(Clone, Debug, Default)]
pub struct NasSettings {
    pub identifier: Option<Option<String>>,
    pub reauthorizes: Option<bool>,
    pub interim_interval_seconds: Option<Option<i64>>,
    pub message_authenticator_required: Option<bool>,
    pub reply_template: Option<Option<Vec<String>>>,
    pub dynamic_authorization_port: Option<Option<i64>>,
}

/// What is to be changed.
#[derive(Clone, Debug, Default)]
pub struct NasChange {
    pub version: Option<i64>,
    pub name: Option<String>,
    pub network: Option<String>,
    pub secret: Option<Secret>,
    pub settings: NasSettings,
}

/// All of them, by name.
pub fn list(app: &Arc<App>, context: &Context) -> Ticket<Result<Vec<Nas>>> {
    if let Err(refused) = context.actor.must(Permission::NasRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(|tx| Ok(nas::all(tx)?))
}

pub fn get(app: &Arc<App>, context: &Context, nas_id: Id) -> Ticket<Result<Nas>> {
    if let Err(refused) = context.actor.must(Permission::NasRead) {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| load(tx, nas_id))
}

/// All of them with their secrets, for the face that speaks with them: no person asks.
pub fn directory(app: &Arc<App>) -> Ticket<Result<Directory>> {
    app.database.read(|tx| Ok(Directory::new(nas::all(tx)?)))
}

fn load(tx: &mut Tx<'_>, nas_id: Id) -> Result<Nas> {
    nas::load(tx, nas_id)?.ok_or(Error::NotFound("NAS"))
}

fn network(check: &mut Check, text: &str) -> Option<Network> {
    Network::parse(text).inspect_err(|problem| check.fail("network", "malformed", problem.to_string())).ok()
}

/// Puts the settings into the NAS and checks all of it.
fn apply(nas: &mut Nas, settings: &NasSettings, mut check: Check) -> Result<()> {
    nas.reauthorizes = settings.reauthorizes.unwrap_or(nas.reauthorizes);
    nas.message_authenticator_required = settings.message_authenticator_required.unwrap_or(nas.message_authenticator_required);
    if let Some(identifier) = &settings.identifier {
        nas.identifier = identifier.as_deref().map(str::trim).filter(|identifier| !identifier.is_empty()).map(str::to_owned);
    }
    nas.interim_interval_seconds = settings.interim_interval_seconds.unwrap_or(nas.interim_interval_seconds);
    if let Some(template) = &settings.reply_template {
        nas.reply_template.clone_from(template);
    }
    match settings.dynamic_authorization_port.map(|port| port.map(u16::try_from)) {
        None => {}
        Some(None) => nas.dynamic_authorization_port = None,
        Some(Some(Ok(port))) if port > 0 => nas.dynamic_authorization_port = Some(port),
        Some(Some(_)) => check.fail("dynamic_authorization_port", "out_of_range", "1 to 65535"),
    }
    check.name("name", &nas.name);
    check.line("identifier", nas.identifier.as_deref().unwrap_or_default(), IDENTIFIER_CHARACTERS_MAX);
    check.line("secret", nas.secret.exposed(), SECRET_CHARACTERS_MAX);
    if nas.secret.exposed().chars().count() < SECRET_CHARACTERS_MIN {
        check.fail("secret", "too_short", format!("at least {SECRET_CHARACTERS_MIN} characters; 16 and more, drawn by lot, are good"));
    }
    if nas.interim_interval_seconds.is_some_and(|seconds| !(INTERIM_SECONDS_MIN..=INTERIM_SECONDS_MAX).contains(&seconds)) {
        check.fail("interim_interval_seconds", "out_of_range", format!("{INTERIM_SECONDS_MIN} to {INTERIM_SECONDS_MAX} seconds"));
    }
    check_template(&mut check, nas.reply_template.as_deref());
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

fn check_template(check: &mut Check, template: Option<&[String]>) {
    let Some(lines) = template else { return };
    if lines.is_empty() {
        check.fail("reply_template", "required", "give at least one line, or null for the reply that comes with the program");
    }
    if lines.len() > REPLY_LINES_MAX {
        check.fail("reply_template", "too_many", format!("at most {REPLY_LINES_MAX} lines"));
    }
    let faults = lines.iter().enumerate().filter_map(|(index, line)| Some((index, check_reply_line(line).err()?)));
    if let Some((index, problem)) = faults.take(1).next() {
        check.fail("reply_template", "malformed", format!("line {}: {problem}", index + 1));
    }
}

/// Makes a NAS.
pub fn create(app: &Arc<App>, context: &Context, new: NasNew, render: Render<Nas>) -> Ticket<Result<String>> {
    let prepared = || -> Result<_> {
        context.actor.must(Permission::NasWrite)?;
        let now = app.now();
        let nas_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        let mut check = Check::default();
        let Some(network) = network(&mut check, &new.network) else { return Err(Error::Invalid(check.problems)) };
        let mut made = Nas {
            nas_id,
            name: new.name.trim().to_owned(),
            network,
            identifier: None,
            secret: new.secret,
            reauthorizes: false,
            interim_interval_seconds: None,
            message_authenticator_required: true,
            reply_template: None,
            dynamic_authorization_port: None,
            created_at: now,
            changed_at: now,
            version: 1,
        };
        apply(&mut made, &new.settings, check)?;
        Ok((made, trace))
    };
    write(app, context, prepared(), move |tx, context, made, trace| {
        check_taken(tx, made)?;
        if usize::try_from(nas::count(tx)?).unwrap_or(usize::MAX) >= NASES_MAX {
            return Err(Error::invalid("name", "too_many", format!("at most {NASES_MAX} NASes")));
        }
        if !nas::add(tx, made)? {
            return Err(name_taken());
        }
        leave(tx, context, trace, made, "nas.created")?;
        Ok(render(made))
    })
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "another NAS has this name")
}

fn check_taken(tx: &mut Tx<'_>, nas: &Nas) -> Result<()> {
    match nas::taken(tx, nas)? {
        None => Ok(()),
        Some(Taken::Name) => Err(name_taken()),
        Some(Taken::Place) => Err(Error::invalid("network", "taken", "another NAS has this network and identifier")),
    }
}

/// The trail and the event have no secret.
fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, nas: &Nas, event_type: &str) -> Result<()> {
    let network = nas.network.to_string();
    let detail = json!({ "nas_id": nas.nas_id, "name": nas.name, "network": network, "version": nas.version }).to_string();
    trace.leave(tx, context, [Permission::NasWrite.code(), &detail], [event_type, &detail])
}

/// Changes a NAS. It holds within a second.
pub fn update(app: &Arc<App>, context: &Context, nas_id: Id, wanted: NasChange, render: Render<Nas>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::NasWrite).and_then(|()| Ok((wanted, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, wanted, trace| {
        let mut changed = load(tx, nas_id)?;
        if wanted.version.is_some_and(|version| version != changed.version) {
            return Err(Error::ChangedMeanwhile);
        }
        let mut check = Check::default();
        if let Some(name) = &wanted.name {
            name.trim().clone_into(&mut changed.name);
        }
        if let Some(secret) = &wanted.secret {
            changed.secret = secret.clone();
        }
        if let Some(network) = wanted.network.as_deref().and_then(|text| network(&mut check, text)) {
            changed.network = network;
        }
        apply(&mut changed, &wanted.settings, check)?;
        check_taken(tx, &changed)?;
        changed.version += 1;
        changed.changed_at = trace.now;
        match nas::save(tx, &changed)? {
            Saved::Done => {}
            Saved::Overtaken => return Err(Error::ChangedMeanwhile),
            Saved::NameTaken => return Err(name_taken()),
        }
        leave(tx, context, trace, &changed, "nas.updated")?;
        Ok(render(&changed))
    })
}

/// Deletes a NAS: its packets are those of a stranger from now on.
pub fn delete(app: &Arc<App>, context: &Context, nas_id: Id) -> Ticket<Result<String>> {
    let prepared = context.actor.must(Permission::NasWrite).and_then(|()| Ok(((), Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, (), trace| {
        let gone = load(tx, nas_id)?;
        nas::delete(tx, nas_id)?;
        leave(tx, context, trace, &gone, "nas.deleted")?;
        Ok(String::new())
    })
}
