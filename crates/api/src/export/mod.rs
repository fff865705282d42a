//! Owns a list as a file: the query of it, its columns, writing it while it is read.
//! Does not own: the forms of files (csv.rs, xlsx.rs), the columns of a list (the noun's file), the walk (usecase/export.rs).

mod csv;
mod xlsx;

use aide::generate::GenContext;
use aide::openapi::{Operation, Parameter};
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema};
use axum::body::Bytes;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use trunkline_usecase::Context;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::{Currency, Money};
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::export::{Export, Slice};

use crate::ApiState;
use crate::answer::{blocking, wait};
use crate::auth::Asker;
use crate::body::read_query;
use crate::error::Problem;
use crate::limits::{EXPORT_PARTS_MAX, EXPORT_PAUSE_MAX};
use crate::stream::{BrokenOff, Sender, body};
use crate::word;

/// The kind of a workbook.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// How many rows are to come, where that is known.
const ROWS: HeaderName = HeaderName::from_static("trunkline-rows");
/// What a list takes for its page, which an export has none of: the address of a list can be sent as it is.
const OF_A_PAGE: [&str; 5] = ["limit", "after", "before", "at", "total"];

/// What stands in a cell.
pub enum Cell {
    Empty,
    Text(String),
    /// A number by which a record is known: never to be rounded or grouped.
    Id(Id),
    Amount(Money, Currency),
    Moment(Timestamp),
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Cell {
        text.map_or(Cell::Empty, Cell::Text)
    }
}

/// A column: what a request calls it, what stands above it, and its cell of a row.
pub struct Column<R> {
    pub code: &'static str,
    pub heading: &'static str,
    pub cell: fn(&R) -> Cell,
}

/// Which file it is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Csv,
    Xlsx,
}

impl Format {
    /// Rows that it holds beneath its headings.
    pub fn rows_max(self) -> i64 {
        match self {
            Format::Csv => i64::MAX,
            Format::Xlsx => xlsx::ROWS_MAX,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Xlsx => WORKBOOK,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileQuery {
    /// csv where left out.
    format: Option<word::ExportFormat>,
    /// Columns in their order, separated by commas; all of them where left out.
    #[schemars(length(max = 1000), regex(pattern = "^[a-z_]+(,[a-z_]+)*$"))]
    columns: Option<String>,
}

/// A request for a list as a file: the query of the list, `format` and `columns`.
pub struct Wanted<Q> {
    pub context: Context,
    pub format: Format,
    columns: Option<String>,
    pub query: Q,
}

impl<S, Q> FromRequestParts<S> for Wanted<Q>
where
    ApiState: FromRef<S>,
    S: Send + Sync,
    Q: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Wanted<Q>, Problem> {
        let asker = Asker::from_request_parts(parts, state).await?;
        let text = parts.uri.query().unwrap_or("");
        // What does not belong to the file belongs to the list, pair by pair as it was written.
        let name_of = |pair: &&str| form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default();
        let (of_file, of_list): (Vec<&str>, Vec<&str>) =
            text.split('&').filter(|pair| !pair.is_empty()).partition(|pair| ["format", "columns"].contains(&name_of(pair).as_str()));
        let of_list: Vec<&str> = of_list.into_iter().filter(|pair| !OF_A_PAGE.contains(&name_of(pair).as_str())).collect();
        let file: FileQuery = read_query(&of_file.join("&"))?;
        let query = read_query(&of_list.join("&"))?;
        Ok(Wanted {
            context: Context::of(asker.actor),
            format: file.format.map(|format| format.0).unwrap_or_default(),
            columns: file.columns,
            query,
        })
    }
}

impl<Q: JsonSchema> aide::OperationInput for Wanted<Q> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let file = FileQuery::json_schema(&mut context.schema);
        let list = Q::json_schema(&mut context.schema);
        let mut parameters = parameters_from_schema(context, file, ParamLocation::Query);
        let of_list = parameters_from_schema(context, list, ParamLocation::Query);
        let is_of_list = |parameter: &Parameter| !OF_A_PAGE.contains(&parameter.parameter_data_ref().name.as_str());
        parameters.extend(of_list.into_iter().filter(is_of_list));
        add_parameters(context, operation, parameters);
    }
}

impl<Q> Wanted<Q> {
    /// The columns that were asked for, out of those there are.
    pub fn columns<R>(&self, all: &'static [Column<R>]) -> Result<Vec<&'static Column<R>>, Problem> {
        let Some(names) = &self.columns else { return Ok(all.iter().collect()) };
        let codes = || all.iter().map(|column| column.code).collect::<Vec<_>>().join(", ");
        let mut found: Vec<&'static Column<R>> = Vec::new();
        for name in names.split(',') {
            let column = all.iter().find(|column| column.code == name);
            let column = column.ok_or_else(|| Problem::field("columns", "unknown_choice", format!("out of {}", codes())))?;
            if found.iter().any(|known| known.code == name) {
                return Err(Problem::field("columns", "duplicate_field", format!("{name} stands there twice")));
            }
            found.push(column);
        }
        Ok(found)
    }
}

/// A file that is being written.
enum Writer {
    Csv(csv::Writer),
    Xlsx(Box<xlsx::Writer>),
}

impl Writer {
    fn begin(format: Format, headings: &[&str]) -> std::io::Result<Writer> {
        Ok(match format {
            Format::Csv => Writer::Csv(csv::Writer::begin(headings)),
            Format::Xlsx => Writer::Xlsx(Box::new(xlsx::Writer::begin(headings)?)),
        })
    }

    fn add(&mut self, cells: &[Cell]) -> std::io::Result<()> {
        match self {
            Writer::Csv(writer) => {
                writer.add(cells);
                Ok(())
            }
            Writer::Xlsx(writer) => writer.add(cells),
        }
    }

    /// What has been written since this was last asked for.
    fn take(&mut self) -> Vec<u8> {
        match self {
            Writer::Csv(writer) => writer.take(),
            Writer::Xlsx(writer) => writer.take(),
        }
    }

    fn end(self) -> std::io::Result<Vec<u8>> {
        match self {
            Writer::Csv(mut writer) => Ok(writer.take()),
            Writer::Xlsx(writer) => writer.end(),
        }
    }
}

/// Sends the file while it is read. `name` is what it is called, without its ending.
pub fn send<R: Send + 'static>(export: Export<R>, columns: Vec<&'static Column<R>>, format: Format, name: &str) -> Response {
    let rows = export.rows.map(HeaderValue::from);
    let name = format!("attachment; filename=\"{name}.{}\"", format.ending());
    let (sender, body) = body(EXPORT_PARTS_MAX);
    tokio::spawn(async move {
        // Whoever has gone is not told, and whoever has not sees that the file is not whole.
        if let Err(Stopped::Failed(problem)) = write(&export, columns, format, &sender).await {
            tracing::warn!(problem, "an export broke off");
            drop(sender.try_send(Err(BrokenOff)));
        }
    });
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.kind()));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    if let Some(rows) = rows {
        headers.insert(ROWS, rows);
    }
    response
}

/// Why a file is not written to its end.
enum Stopped {
    /// Nobody takes it any more.
    Gone,
    Failed(String),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Stopped {
        Stopped::Failed(problem.detail)
    }
}

impl From<std::io::Error> for Stopped {
    fn from(problem: std::io::Error) -> Stopped {
        Stopped::Failed(problem.to_string())
    }
}

/// One slice is read, written and sent before the next one is asked for: a client that is slow, or gone, is not read for.
async fn write<R: Send + 'static>(
    export: &Export<R>,
    columns: Vec<&'static Column<R>>,
    format: Format,
    sender: &Sender,
) -> Result<(), Stopped> {
    let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
    let mut writer = Writer::begin(format, &headings)?;
    let mut place = None;
    loop {
        let read = (export.read)(place);
        let slice: Slice<R> = tokio::select! {
            () = sender.closed() => return Err(Stopped::Gone),
            slice = wait(read) => slice?,
        };
        place = slice.next;
        let columns = columns.clone();
        let (written, bytes) = blocking(move || {
            let done = slice.rows.iter().try_for_each(|row| {
                let cells: Vec<Cell> = columns.iter().map(|column| (column.cell)(row)).collect();
                writer.add(&cells)
            });
            let bytes = writer.take();
            Ok((done.map(|()| writer), bytes))
        })
        .await?;
        writer = written?;
        put(sender, bytes).await?;
        if place.is_none() {
            return put(sender, writer.end()?).await;
        }
    }
}

async fn put(sender: &Sender, bytes: Vec<u8>) -> Result<(), Stopped> {
    if bytes.is_empty() {
        return Ok(());
    }
    match tokio::time::timeout(EXPORT_PAUSE_MAX, sender.send(Ok(Bytes::from(bytes)))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Stopped::Gone),
        Err(_) => Err(Stopped::Failed("its client takes nothing".to_owned())),
    }
}
