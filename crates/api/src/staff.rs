//! Owns the routes of staff and of the signed-in person's preferences.
//! Does not own: signing in (session.rs).

use axum::Json;
use axum::extract::State;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::staff::LOGIN_CHARACTERS_MAX;
use trunkline_usecase::staff::{self, Preferences, Staff, StaffChange, StaffNew};

use crate::ApiState;
use crate::answer::{Created, Rendered, blocking, render, wait};
use crate::body::{Empty, PathId, Read, Write};
use crate::error::Problem;
use crate::limits::ROWS_DEFAULT;
use crate::saved_view::check_seen_version;
use crate::value::{Moment, given};
use crate::word;

/// A member of staff.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct StaffBody {
    pub id: Id,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    #[schemars(with = "word::Role")]
    pub role: String,
    pub reseller_id: Option<Id>,
    pub created_at: Moment,
    pub disabled_at: Option<Moment>,
    pub version: i64,
}

impl StaffBody {
    fn of(staff: &Staff) -> StaffBody {
        StaffBody {
            id: staff.staff_id,
            login: staff.login.clone(),
            name: staff.name.clone(),
            email: staff.email.clone(),
            role: staff.role.code().to_owned(),
            reseller_id: staff.reseller_id,
            created_at: Moment(staff.created_at),
            disabled_at: staff.disabled_at.map(Moment),
            version: staff.version,
        }
    }
}

fn rendered(staff: &Staff) -> String {
    render(&StaffBody::of(staff))
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[schemars(range(min = 1, max = 250))]
    limit: Option<usize>,
    /// The login after which the page begins.
    #[schemars(length(max = 64))]
    after: Option<String>,
}

/// One page of staff, by login.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct StaffPageBody {
    pub items: Vec<StaffBody>,
    /// What to send as `after` for the next page, if there is one.
    pub next: Option<String>,
}

pub async fn list(State(state): State<ApiState>, read: Read<ListQuery>) -> Result<Json<StaffPageBody>, Problem> {
    let limit = read.query.limit.unwrap_or(ROWS_DEFAULT);
    if read.query.after.as_ref().is_some_and(|login| login.chars().count() > LOGIN_CHARACTERS_MAX) {
        return Err(Problem::field("after", "too_long", format!("at most {LOGIN_CHARACTERS_MAX} characters")));
    }
    let found = wait(staff::list(&state.app, &read.context, read.query.after, limit)).await?;
    let next = if found.len() == limit { found.last().map(|staff| staff.login.clone()) } else { None };
    Ok(Json(StaffPageBody { items: found.iter().map(StaffBody::of).collect(), next }))
}

/// A member of staff to be made.
// Cannot be printed, so that no log gets the password; nor can a change.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({
    "login": "mira", "name": "Mira Bell", "email": "mira@carrier.example", "role": "support", "password": "correct horse battery"
}))]
pub struct StaffNewBody {
    #[schemars(length(min = 1, max = 64))]
    login: String,
    #[schemars(length(min = 1, max = 100))]
    name: String,
    #[schemars(length(max = 128))]
    email: Option<String>,
    role: word::Role,
    reseller_id: Option<Id>,
    #[schemars(length(min = 10, max = 256))]
    password: String,
}

pub async fn create(State(state): State<ApiState>, write: Write<StaffNewBody>) -> Result<Created<StaffBody>, Problem> {
    let body = write.body;
    let new = StaffNew {
        role: body.role.0,
        login: body.login,
        name: body.name,
        email: body.email,
        reseller_id: body.reseller_id,
        password: body.password,
    };
    Ok(Created::new(blocking(move || staff::create(&state.app, &write.context, &new, rendered)).await?))
}

/// What is to be changed. A field that is left out stays; null takes its value away.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "role": "finance", "email": null }))]
pub struct StaffChangeBody {
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 128))]
    email: Option<Option<String>>,
    role: Option<word::Role>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Id>")]
    reseller_id: Option<Option<Id>>,
    #[schemars(length(min = 10, max = 256))]
    password: Option<String>,
    disabled: Option<bool>,
}

pub async fn update(
    State(state): State<ApiState>,
    PathId(id): PathId,
    write: Write<StaffChangeBody>,
) -> Result<Rendered<StaffBody>, Problem> {
    let body = write.body;
    let change = StaffChange {
        name: body.name,
        email: body.email,
        role: body.role.map(|role| role.0),
        reseller_id: body.reseller_id,
        password: body.password,
        disabled: body.disabled,
    };
    Ok(Rendered::new(blocking(move || staff::update(&state.app, &write.context, id, change, rendered)).await?))
}

/// What pages keep for the signed-in person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = without_seen_version)]
pub struct PreferencesBody {
    #[serde(flatten)]
    #[schemars(with = "PreferencesChangeBody")]
    document: Map<String, Value>,
    /// Grows by one with each change; 0 before the first.
    version: i64,
    /// What this change went over, where it was sent with the version that it had seen and another one came between.
    overtook: Option<PreferencesOvertookBody>,
}

/// A change that a later one went over.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PreferencesOvertookBody {
    version: i64,
    changed_at: Moment,
}

/// Of the keys that a change has, an answer lacks the one that speaks of the change.
fn without_seen_version(schema: &mut Schema) {
    if let Some(fields) = schema.ensure_object().get_mut("properties").and_then(Value::as_object_mut) {
        fields.remove("seen_version");
    }
}

impl PreferencesBody {
    fn of(kept: Preferences) -> PreferencesBody {
        let overtook = kept.overtook.map(|older| PreferencesOvertookBody { version: older.version, changed_at: Moment(older.changed_at) });
        PreferencesBody { document: kept.document, version: kept.version, overtook }
    }
}

pub async fn preferences(State(state): State<ApiState>, read: Read<Empty>) -> Result<Json<PreferencesBody>, Problem> {
    Ok(Json(PreferencesBody::of(wait(staff::preferences(&state.app, &read.context)).await?)))
}

/// A language tag as long as its standard (BCP 47) asks for.
const LANGUAGE_CHARACTERS_MAX: usize = 35;

/// Keys that a page keeps for a person; merged into what is kept (RFC 7396), null removes a key.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({ "seen_version": 3, "rows_per_page": 50, "theme": "dark" }))]
pub struct PreferencesChangeBody {
    /// The version that was looked at. The change is made all the same; the answer tells what it went over.
    #[schemars(range(min = 0))]
    seen_version: Option<i64>,
    /// Rows of a page, for every list.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<word::RowsPerPage>")]
    rows_per_page: Option<Option<word::RowsPerPage>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<word::Theme>")]
    theme: Option<Option<word::Theme>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<word::Density>")]
    density: Option<Option<word::Density>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<bool>")]
    striped: Option<Option<bool>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(max = 35))]
    language: Option<Option<String>>,
    /// By list: columns, widths, sort, search fields.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Map<String, Value>>")]
    lists: Option<Option<Map<String, Value>>>,
}

impl PreferencesChangeBody {
    fn changes(self) -> Result<Map<String, Value>, Problem> {
        check_seen_version(self.seen_version)?;
        if self.language.as_ref().is_some_and(|tag| tag.as_ref().is_some_and(|tag| tag.chars().count() > LANGUAGE_CHARACTERS_MAX)) {
            return Err(Problem::field("language", "too_long", format!("at most {LANGUAGE_CHARACTERS_MAX} characters")));
        }
        let mut changes = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                changes.insert(key.to_owned(), value);
            }
        };
        put("rows_per_page", self.rows_per_page.map(|rows| rows.map(|rows| rows.0).into()));
        put("theme", self.theme.map(|theme| theme.map(|theme| theme.0).into()));
        put("density", self.density.map(|density| density.map(|density| density.0).into()));
        put("striped", self.striped.map(Value::from));
        put("language", self.language.map(Value::from));
        put("lists", self.lists.map(|lists| lists.map_or(Value::Null, Value::Object)));
        Ok(changes)
    }
}

pub async fn change_preferences(
    State(state): State<ApiState>,
    write: Write<PreferencesChangeBody>,
) -> Result<Json<PreferencesBody>, Problem> {
    let seen_version = write.body.seen_version;
    let changes = write.body.changes()?;
    Ok(Json(PreferencesBody::of(wait(staff::change_preferences(&state.app, &write.context, changes, seen_version)).await?)))
}
