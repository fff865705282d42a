//! Owns the routes of saved views and their shapes.
//! Does not own: what a view's text means to a page.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::saved_view::{self, Changed, SavedView, SavedViewChange, SavedViewNew};

use crate::ApiState;
use crate::answer::{Created, Rendered, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::customer::shape::Named;
use crate::error::Problem;
use crate::reference::Items;
use crate::value::{Moment, given};
use crate::word;

/// Filters, sort and columns of a list under a name.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct SavedViewBody {
    pub id: Id,
    #[schemars(with = "word::SavedList")]
    pub list: String,
    /// Unique among the owner's views of the list.
    pub name: String,
    /// Seen by all staff of the carrier, or of the owner's reseller.
    pub shared: bool,
    pub owner: Named,
    /// As it stands in the address of the list.
    pub query: String,
    /// What the page keeps of columns; free in form.
    pub columns: Option<Map<String, Value>>,
    pub version: i64,
    pub changed_at: Moment,
    pub changed_by: Named,
}

impl SavedViewBody {
    fn of(view: &SavedView) -> SavedViewBody {
        SavedViewBody {
            id: view.saved_view_id,
            list: view.list.code().to_owned(),
            name: view.name.clone(),
            shared: view.shared,
            owner: Named { id: view.owner_id, name: view.owner_name.clone() },
            query: view.query.clone(),
            columns: view.columns.as_deref().and_then(|columns| serde_json::from_str(columns).ok()),
            version: view.version,
            changed_at: Moment(view.changed_at),
            changed_by: Named { id: view.changed_by_id, name: view.changed_by_name.clone() },
        }
    }
}

/// A view after a change.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct SavedViewChangedBody {
    #[serde(flatten)]
    pub view: SavedViewBody,
    /// What this change went over, where it was sent with the version that it had seen and another one came between.
    pub overtook: Option<SavedViewOvertookBody>,
}

/// A change that a later one went over.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavedViewOvertookBody {
    pub version: i64,
    pub changed_at: Moment,
    pub changed_by: Named,
}

fn rendered(view: &SavedView) -> String {
    render(&SavedViewBody::of(view))
}

fn rendered_change(changed: &Changed) -> String {
    let overtook = changed.overtook.as_ref().map(|older| SavedViewOvertookBody {
        version: older.version,
        changed_at: Moment(older.changed_at),
        changed_by: Named { id: older.changed_by_id, name: older.changed_by_name.clone() },
    });
    render(&SavedViewChangedBody { view: SavedViewBody::of(&changed.view), overtook })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Of this list alone.
    list: Option<word::SavedList>,
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<Items<SavedViewBody>>, Problem> {
    let views = wait(saved_view::list(&state.app, &read.context, read.query.list.map(|list| list.0))).await?;
    Ok(Json(Items { items: views.iter().map(SavedViewBody::of).collect() }))
}

/// A view to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "list": "customers", "name": "Overdue, by amount", "shared": true, "query": "overdue=true&sort=-overdue", "columns": { "order": ["name", "overdue"] }
}))]
pub struct SavedViewNewBody {
    list: word::SavedList,
    #[schemars(length(min = 1, max = 100))]
    name: String,
    #[serde(default)]
    shared: bool,
    #[schemars(length(max = 4000))]
    query: String,
    columns: Option<Map<String, Value>>,
}

pub async fn create(State(state): State<ApiState>, write: Write<SavedViewNewBody>) -> Result<Created<SavedViewBody>, Problem> {
    let body = write.body;
    let new = SavedViewNew { list: body.list.0, name: body.name, shared: body.shared, query: body.query, columns: body.columns };
    Ok(Created::new(wait(saved_view::create(&state.app, &write.context, new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays; null takes the columns away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "seen_version": 3, "query": "overdue=true&sort=name" }))]
pub struct SavedViewChangeBody {
    /// The version that was looked at. The change is made all the same; the answer tells what it went over.
    #[schemars(range(min = 0))]
    seen_version: Option<i64>,
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    shared: Option<bool>,
    #[schemars(length(max = 4000))]
    query: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Map<String, Value>>")]
    columns: Option<Option<Map<String, Value>>>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<SavedViewChangeBody>,
) -> Result<Rendered<SavedViewChangedBody>, Problem> {
    let body = write.body;
    check_seen_version(body.seen_version)?;
    let change =
        SavedViewChange { seen_version: body.seen_version, name: body.name, shared: body.shared, query: body.query, columns: body.columns };
    Ok(Rendered::new(wait(saved_view::update(&state.app, &write.context, id, change, rendered_change)).await?))
}

/// A version that a change may say it has seen.
pub fn check_seen_version(version: Option<i64>) -> Result<(), Problem> {
    if version.is_some_and(|version| version < 0) { Err(Problem::field("seen_version", "out_of_range", "0 or more")) } else { Ok(()) }
}

pub async fn delete(State(state): State<ApiState>, PathId(id): PathId, write: Write<Empty>) -> Result<StatusCode, Problem> {
    wait(saved_view::delete(&state.app, &write.context, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
