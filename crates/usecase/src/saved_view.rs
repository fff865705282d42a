//! Owns saved views: keeping, changing and deleting named views of a list, and sharing them with staff who see the same.
//! Does not own: what a view's text means to a page, and telling open pages of a change (the outbox's readers).

use std::sync::Arc;

use serde_json::{Map, Value, json};
use trunkline_domain::id::Id;
use trunkline_domain::saved_view::{COLUMNS_BYTES_MAX, QUERY_CHARACTERS_MAX, SavedList, VIEWS_PER_PERSON_MAX, VIEWS_SHARED_MAX};
use trunkline_domain::staff::Permission;
use trunkline_domain::time::Timestamp;
pub use trunkline_storage::saved_view::SavedView;
use trunkline_storage::saved_view::{self, Viewer};
use trunkline_storage::{Ticket, Tx};

use crate::App;
use crate::actor::{Actor, Context};
use crate::customer::{Check, Render};
use crate::error::{Error, Result};
use crate::trace::{Trace, write};

/// A view to be kept.
#[derive(Clone, Debug)]
pub struct SavedViewNew {
    pub list: SavedList,
    pub name: String,
    pub shared: bool,
    pub query: String,
    pub columns: Option<Map<String, Value>>,
}

/// What is to be changed; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct SavedViewChange {
    /// The version that was looked at.
    pub seen_version: Option<i64>,
    pub name: Option<String>,
    pub shared: Option<bool>,
    pub query: Option<String>,
    pub columns: Option<Option<Map<String, Value>>>,
}

/// A view after a change, and what the change went over.
#[derive(Clone, Debug)]
pub struct Changed {
    pub view: SavedView,
    /// As it was before, where whoever changed it had not seen that.
    pub overtook: Option<SavedView>,
}

fn viewer(actor: &Actor) -> Result<Viewer> {
    let staff_id = actor.staff_id.ok_or(Error::Unauthenticated)?;
    Ok(Viewer { staff_id, reseller_id: actor.scope().unwrap_or(0) })
}

/// The views that the actor sees, of one list or of all that it may read, list by list and by name: its own and the shared ones of
/// staff in the same scope.
pub fn list(app: &Arc<App>, context: &Context, list: Option<SavedList>) -> Ticket<Result<Vec<SavedView>>> {
    let prepared = list.map_or(Ok(()), |list| context.actor.must(list.permission())).and_then(|()| viewer(&context.actor));
    let viewer = match prepared {
        Ok(viewer) => viewer,
        Err(refused) => return Ticket::ready(Err(refused)),
    };
    let role = context.actor.role;
    let lists = SavedList::ALL.into_iter().filter(move |one| list.is_none_or(|list| list == *one) && role.may(one.permission()));
    app.database.read(move |tx| {
        let mut found = Vec::new();
        for list in lists {
            found.extend(saved_view::visible(tx, viewer, list)?);
        }
        Ok(found)
    })
}

fn check(view: &SavedView) -> Result<()> {
    let mut check = Check::default();
    check.name("name", &view.name);
    check.line("query", &view.query, QUERY_CHARACTERS_MAX);
    if view.columns.as_ref().is_some_and(|columns| columns.len() > COLUMNS_BYTES_MAX) {
        check.fail("columns", "too_large", format!("at most {COLUMNS_BYTES_MAX} bytes"));
    }
    if check.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(check.problems)) }
}

fn text_of(columns: Option<Map<String, Value>>) -> Option<String> {
    columns.map(|columns| Value::Object(columns).to_string())
}

fn taken() -> Error {
    Error::invalid("name", "taken", "another view of this list has this name")
}

/// Keeps a view.
pub fn create(app: &Arc<App>, context: &Context, new: SavedViewNew, render: Render<SavedView>) -> Ticket<Result<String>> {
    let prepared = context.actor.must(new.list.permission()).and_then(|()| {
        if new.shared {
            context.actor.must(Permission::SavedViewShare)?;
        }
        let (viewer, now) = (viewer(&context.actor)?, app.now());
        let saved_view_id = app.id(now)?;
        let trace = Trace::at(app, now)?;
        let view = SavedView {
            saved_view_id,
            list: new.list,
            owner_id: viewer.staff_id,
            owner_name: context.actor.name.clone(),
            name: new.name.trim().to_owned(),
            shared: new.shared,
            query: new.query,
            columns: text_of(new.columns),
            created_at: now,
            changed_at: now,
            changed_by_id: viewer.staff_id,
            changed_by_name: context.actor.name.clone(),
            version: 1,
        };
        check(&view)?;
        Ok(((viewer, view), trace))
    });
    write(app, context, prepared, move |tx, context, (viewer, view), trace| {
        if saved_view::count_of(tx, viewer.staff_id)? >= VIEWS_PER_PERSON_MAX {
            return Err(Error::invalid("list", "too_many", format!("at most {VIEWS_PER_PERSON_MAX} views; delete one")));
        }
        if view.shared {
            refuse_too_many_shared(tx, *viewer, view.list)?;
        }
        if !saved_view::add(tx, view)? {
            return Err(taken());
        }
        leave(tx, context, trace, *viewer, "saved_view.create", view, view.shared)?;
        Ok(render(view))
    })
}

fn refuse_too_many_shared(tx: &mut Tx<'_>, viewer: Viewer, list: SavedList) -> Result<()> {
    if saved_view::count_shared(tx, viewer, list)? < VIEWS_SHARED_MAX {
        return Ok(());
    }
    Err(Error::invalid("shared", "too_many", format!("at most {VIEWS_SHARED_MAX} shared views of a list; delete one")))
}

/// The view, if the actor may do this to it: whatever it likes to its own, and what the permission allows to what others share.
/// Who lacks the permission is refused before a view is looked for that is not its own.
fn find(tx: &mut Tx<'_>, actor: &Actor, viewer: Viewer, saved_view_id: Id, of_others: Permission) -> Result<SavedView> {
    let found = saved_view::load(tx, viewer, saved_view_id)?;
    if found.as_ref().is_none_or(|view| view.owner_id != viewer.staff_id) {
        actor.must(of_others)?;
    }
    found.ok_or(Error::NotFound("saved view"))
}

/// Changes a view. The later change wins; where `seen_version` was not the latest, it is told what it went over.
pub fn update(
    app: &Arc<App>,
    context: &Context,
    saved_view_id: Id,
    change: SavedViewChange,
    render: Render<Changed>,
) -> Ticket<Result<String>> {
    let prepared = viewer(&context.actor).and_then(|viewer| Ok((viewer, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, viewer, trace| {
        let before = find(tx, &context.actor, *viewer, saved_view_id, Permission::SavedViewShare)?;
        let view = changed(&context.actor, *viewer, &before, &change, trace.now)?;
        if view.shared && !before.shared {
            refuse_too_many_shared(tx, *viewer, view.list)?;
        }
        if !saved_view::save(tx, &view)? {
            return Err(taken());
        }
        leave(tx, context, trace, *viewer, "saved_view.change", &view, view.shared || before.shared)?;
        let overtook = change.seen_version.is_some_and(|seen| seen != before.version).then_some(before);
        Ok(render(&Changed { view, overtook }))
    })
}

/// The view as the change leaves it.
fn changed(actor: &Actor, viewer: Viewer, before: &SavedView, change: &SavedViewChange, now: Timestamp) -> Result<SavedView> {
    let mut view = before.clone();
    if let Some(name) = &change.name {
        name.trim().clone_into(&mut view.name);
    }
    if let Some(shared) = change.shared.filter(|shared| *shared != before.shared) {
        // One that is shared no more is out of reach for all but its owner.
        if before.owner_id != viewer.staff_id {
            actor.must(Permission::SavedViewDelete)?;
        }
        if shared {
            actor.must(Permission::SavedViewShare)?;
        }
        view.shared = shared;
    }
    if let Some(query) = &change.query {
        view.query.clone_from(query);
    }
    if let Some(columns) = &change.columns {
        view.columns = text_of(columns.clone());
    }
    view.changed_at = now;
    view.changed_by_id = viewer.staff_id;
    view.changed_by_name.clone_from(&actor.name);
    view.version += 1;
    check(&view)?;
    Ok(view)
}

/// Deletes a view.
pub fn delete(app: &Arc<App>, context: &Context, saved_view_id: Id) -> Ticket<Result<String>> {
    let prepared = viewer(&context.actor).and_then(|viewer| Ok((viewer, Trace::at(app, app.now())?)));
    write(app, context, prepared, move |tx, context, viewer, trace| {
        let view = find(tx, &context.actor, *viewer, saved_view_id, Permission::SavedViewDelete)?;
        saved_view::delete(tx, saved_view_id)?;
        leave(tx, context, trace, *viewer, "saved_view.delete", &view, view.shared)?;
        Ok(String::new())
    })
}

/// Leaves the row of the audit trail and the event. `shared`: others than the owner saw the view before or see it now.
fn leave(tx: &mut Tx<'_>, context: &Context, trace: Trace, viewer: Viewer, action: &str, view: &SavedView, shared: bool) -> Result<()> {
    let detail = json!({
        "saved_view_id": view.saved_view_id,
        "list": view.list.code(),
        "name": view.name,
        "shared": view.shared,
        "owner_id": view.owner_id,
        "version": view.version,
    });
    // With what a reader needs to tell those who see the view, and nobody else.
    let payload = json!({
        "saved_view_id": view.saved_view_id,
        "list": view.list.code(),
        "version": view.version,
        "deleted": action == "saved_view.delete",
        "owner_id": view.owner_id,
        "shared": shared,
        "reseller_id": viewer.reseller_id,
        "changed_by": viewer.staff_id,
    });
    trace.leave(tx, context, [action, &detail.to_string()], ["saved_view.changed", &payload.to_string()])
}
