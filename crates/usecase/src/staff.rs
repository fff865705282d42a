//! Owns staff: reading, making and changing them, and their preferences.
//! Does not own: signing in (login.rs).

use std::sync::Arc;

use serde_json::{Map, Value, json};
use trunkline_domain::id::Id;
use trunkline_domain::staff::{LOGIN_CHARACTERS_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN, Permission, Role};
use trunkline_domain::time::Timestamp;
use trunkline_storage::staff;
pub use trunkline_storage::staff::Staff;
use trunkline_storage::{Ticket, Tx, audit, login};

use crate::App;
use crate::actor::Context;
use crate::customer::{Check, Render, once};
use crate::error::{Error, Result};
use crate::login::hash_password;

/// Rows of a page at the most.
pub const ROWS_MAX: usize = 250;
/// Lists for which a member of staff keeps something, at the most.
pub const PREFERENCE_LISTS_MAX: usize = 32;
/// What is kept for one list is at most this long, as JSON.
pub const PREFERENCE_LIST_BYTES_MAX: usize = 8 * 1024;
const PREFERENCE_LIST_CHARACTERS_MAX: usize = 40;

/// A member of staff to be made.
#[derive(Clone, Debug)]
pub struct StaffNew {
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub role: Role,
    pub reseller_id: Option<Id>,
    pub password: String,
}

/// What is to be changed; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    pub name: Option<String>,
    pub email: Option<Option<String>>,
    pub role: Option<Role>,
    pub reseller_id: Option<Option<Id>>,
    pub password: Option<String>,
    pub disabled: Option<bool>,
}

/// Staff by login, from the one after `after` on.
pub fn list(app: &Arc<App>, context: &Context, after: Option<String>, limit: usize) -> Ticket<Result<Vec<Staff>>> {
    let prepared = context.actor.must(Permission::StaffRead).and_then(|()| {
        if limit == 0 || limit > ROWS_MAX {
            return Err(Error::invalid("limit", "out_of_range", format!("1 to {ROWS_MAX}")));
        }
        Ok(())
    });
    if let Err(refused) = prepared {
        return Ticket::ready(Err(refused));
    }
    app.database.read(move |tx| Ok(staff::page(tx, after.as_deref().unwrap_or(""), i64::try_from(limit).unwrap_or(1))?))
}

fn check(login: &str, name: &str, email: Option<&String>, role: Role, reseller_id: Option<Id>) -> Check {
    let mut check = Check::default();
    check.line("login", login, LOGIN_CHARACTERS_MAX);
    if login.is_empty() || login.contains(char::is_whitespace) {
        check.fail("login", "malformed", "some text without spaces");
    }
    check.name("name", name);
    if let Some(email) = email {
        check.line("email", email, 128);
    }
    if (role == Role::Reseller) != reseller_id.is_some() {
        check.fail("reseller_id", "mismatch", "staff of a reseller need one, others have none");
    }
    check
}

pub(crate) fn check_password(check: &mut Check, password: &str) {
    if password.chars().count() < PASSWORD_CHARACTERS_MIN {
        check.fail("password", "too_short", format!("at least {PASSWORD_CHARACTERS_MIN} characters"));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        check.fail("password", "too_long", format!("at most {PASSWORD_BYTES_MAX} bytes"));
    }
}

/// Makes a member of staff. Hashes a password: not to be called from an async task.
pub fn create(app: &Arc<App>, context: &Context, new: &StaffNew, render: Render<Staff>) -> Result<String> {
    context.actor.must(Permission::StaffWrite)?;
    let mut check = check(&new.login, &new.name, new.email.as_ref(), new.role, new.reseller_id);
    check_password(&mut check, &new.password);
    if !check.problems.is_empty() {
        return Err(Error::Invalid(check.problems));
    }
    let now = app.now();
    let [staff_id, audit_id, request_id] = app.ids::<3>(now)?;
    let record = Staff {
        staff_id,
        login: new.login.clone(),
        name: new.name.clone(),
        email: new.email.clone(),
        role: new.role,
        reseller_id: new.reseller_id,
        password_hash: hash_password(&new.password)?,
        created_at: now,
        disabled_at: None,
        version: 1,
    };
    let context = context.clone();
    app.database
        .write::<_, Error, _>(move |tx| {
            once(tx, &context, request_id, now, |tx| {
                check_reseller(tx, record.reseller_id)?;
                if !staff::add(tx, &record)? {
                    return Err(Error::invalid("login", "taken", "somebody else has this login"));
                }
                trail(tx, &context, &record, audit_id, now)?;
                Ok(render(&record))
            })
        })
        .wait()?
}

fn check_reseller(tx: &mut Tx<'_>, reseller_id: Option<Id>) -> Result<()> {
    use trunkline_domain::customer::CustomerType;
    let Some(reseller_id) = reseller_id else { return Ok(()) };
    let found = trunkline_storage::customer::load_one(tx, reseller_id)?;
    if found.is_some_and(|found| found.customer_type == CustomerType::Reseller) {
        Ok(())
    } else {
        Err(Error::invalid("reseller_id", "not_found", "there is no such reseller"))
    }
}

fn trail(tx: &mut Tx<'_>, context: &Context, record: &Staff, audit_id: Id, now: Timestamp) -> Result<()> {
    let actor = context.actor.label();
    let detail =
        json!({ "staff_id": record.staff_id, "login": record.login, "role": record.role.code(), "version": record.version }).to_string();
    let action = Permission::StaffWrite.code();
    Ok(audit::append(tx, &audit::Entry { customer_id: 0, audit_id, at: now, actor: &actor, action, detail: &detail })?)
}

/// Changes a member of staff. Another password, role or reseller, and disabling, end all of the member's logins.
/// May hash a password: not to be called from an async task.
pub fn update(app: &Arc<App>, context: &Context, staff_id: Id, wanted: StaffChange, render: Render<Staff>) -> Result<String> {
    context.actor.must(Permission::StaffWrite)?;
    if context.actor.staff_id == Some(staff_id) && (wanted.disabled == Some(true) || wanted.role.is_some()) {
        return Err(Error::invalid("role", "own", "you cannot disable yourself or change your own role; ask another administrator"));
    }
    let password_hash = match &wanted.password {
        None => None,
        Some(password) => {
            let mut check = Check::default();
            check_password(&mut check, password);
            if !check.problems.is_empty() {
                return Err(Error::Invalid(check.problems));
            }
            Some(hash_password(password)?)
        }
    };
    let now = app.now();
    let [audit_id, request_id] = app.ids::<2>(now)?;
    let context = context.clone();
    app.database
        .write::<_, Error, _>(move |tx| {
            once(tx, &context, request_id, now, |tx| {
                let mut record = staff::load(tx, staff_id)?.ok_or(Error::NotFound("member of staff"))?;
                let before = record.clone();
                if let Some(name) = &wanted.name {
                    record.name.clone_from(name);
                }
                if let Some(email) = &wanted.email {
                    record.email.clone_from(email);
                }
                record.role = wanted.role.unwrap_or(record.role);
                record.reseller_id = wanted.reseller_id.unwrap_or(record.reseller_id);
                if let Some(hash) = &password_hash {
                    record.password_hash.clone_from(hash);
                }
                if let Some(disabled) = wanted.disabled {
                    record.disabled_at = disabled.then_some(record.disabled_at.unwrap_or(now));
                }
                let check = check(&record.login, &record.name, record.email.as_ref(), record.role, record.reseller_id);
                if !check.problems.is_empty() {
                    return Err(Error::Invalid(check.problems));
                }
                check_reseller(tx, record.reseller_id)?;
                record.version += 1;
                if !staff::save(tx, &record)? {
                    return Err(Error::ChangedMeanwhile);
                }
                let is_other = (&before.password_hash, before.role, before.reseller_id, before.disabled_at)
                    != (&record.password_hash, record.role, record.reseller_id, record.disabled_at);
                if is_other {
                    login::end_all_of(tx, staff_id, now)?;
                }
                trail(tx, &context, &record, audit_id, now)?;
                Ok(render(&record))
            })
        })
        .wait()?
}

/// What pages keep for a member of staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub document: Map<String, Value>,
    /// Grows by one with each change; 0 before the first.
    pub version: i64,
    /// What was kept last before this change, where whoever made the change had not seen it.
    pub overtook: Option<Overtook>,
}

/// An older change that a later one went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overtook {
    pub version: i64,
    pub changed_at: Timestamp,
}

/// The preferences of whoever is signed in.
pub fn preferences(app: &Arc<App>, context: &Context) -> Ticket<Result<Preferences>> {
    let Some(staff_id) = context.actor.staff_id else { return Ticket::ready(Ok(Preferences::default())) };
    app.database.read(move |tx| Ok(staff::preferences(tx, staff_id)?.map_or_else(Preferences::default, |stored| read_stored(&stored))))
}

fn read_stored(stored: &staff::Preferences) -> Preferences {
    Preferences { document: serde_json::from_str(&stored.document).unwrap_or_default(), version: stored.version, overtook: None }
}

/// Merges `changes` into the preferences, object by object; null removes a key. Answers with all of them. The later change wins;
/// where `seen_version` was not the latest, it is told what it went over. What changes nothing goes over nothing.
pub fn change_preferences(
    app: &Arc<App>,
    context: &Context,
    changes: Map<String, Value>,
    seen_version: Option<i64>,
) -> Ticket<Result<Preferences>> {
    let Some(staff_id) = context.actor.staff_id else { return Ticket::ready(Err(Error::Unauthenticated)) };
    let now = app.now();
    app.database.write(move |tx| {
        let stored = staff::preferences(tx, staff_id)?;
        let before = stored.as_ref().map_or_else(Preferences::default, read_stored);
        let mut document = before.document.clone();
        merge(&mut document, &changes);
        if document == before.document {
            return Ok(before);
        }
        check_preferences(&document)?;
        let version = staff::save_preferences(tx, staff_id, &Value::Object(document.clone()).to_string(), before.version, now)?;
        let unseen = stored.filter(|stored| seen_version.is_some_and(|seen| seen != stored.version));
        let overtook = unseen.map(|stored| Overtook { version: stored.version, changed_at: stored.changed_at });
        Ok(Preferences { document, version, overtook })
    })
}

/// Refuses what is too large to be kept.
fn check_preferences(document: &Map<String, Value>) -> Result<()> {
    let mut check = Check::default();
    if let Some(Value::Object(lists)) = document.get("lists") {
        if lists.len() > PREFERENCE_LISTS_MAX {
            check.fail("lists", "too_many", format!("at most {PREFERENCE_LISTS_MAX} lists"));
        }
        for (name, list) in lists {
            if name.chars().count() > PREFERENCE_LIST_CHARACTERS_MAX {
                check.fail("lists", "name_too_long", format!("a list's name has at most {PREFERENCE_LIST_CHARACTERS_MAX} characters"));
            } else if list.to_string().len() > PREFERENCE_LIST_BYTES_MAX {
                check.fail(&format!("lists.{name}"), "too_large", format!("at most {PREFERENCE_LIST_BYTES_MAX} bytes a list"));
            }
        }
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

/// RFC 7396.
fn merge(all: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (key, change) in changes {
        match (change, all.get_mut(key)) {
            (Value::Null, _) => {
                all.remove(key);
            }
            (Value::Object(change), Some(Value::Object(inner))) => merge(inner, change),
            (Value::Object(change), _) => {
                let mut inner = Map::new();
                merge(&mut inner, change);
                all.insert(key.clone(), Value::Object(inner));
            }
            (change, _) => {
                all.insert(key.clone(), change.clone());
            }
        }
    }
}
