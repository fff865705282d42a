//! Owns the routes that import files: receiving a file that is too large to hold, and what is answered about it.
//! Does not own: the form of files, checking and writing (usecase/import/).

use std::fs::File;
use std::future::poll_fn;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, RequestBody, SchemaObject};
use aide::operation::set_body;
use axum::Json;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::name::is_forbidden;
use trunkline_usecase::import::{Failure, Kind, RateChanges, Report, Step, Turn, Unreadable, Watch, Wish};

use crate::ApiState;
use crate::answer::blocking;
use crate::body::{Read, document_key, key_of};
use crate::error::Problem;
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_PAUSE_MAX};
use crate::value::{Amount, Moment};
use crate::word;

/// Bytes that are kept together.
const KEPT_AT_ONCE: usize = 1024 * 1024;
const FILE_NAME_CHARACTERS_MAX: usize = 255;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Load the good rows although there are bad ones. Without it one bad row keeps all others out.
    #[serde(default)]
    skip_bad: bool,
    /// Say what would become of the rows, and load none.
    #[serde(default)]
    preview: bool,
    /// What the audit trail calls the file.
    #[schemars(length(max = 255))]
    file_name: Option<String>,
}

/// What is wrong with the file, a row or a cell.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct ImportProblemBody {
    /// Where the row begins, from 1; null where it is about the whole file.
    pub line: Option<u64>,
    /// As the file calls it; null where it is about the whole row.
    pub column: Option<String>,
    /// Stable word, such as `taken`.
    pub code: String,
    pub message: String,
}

/// What became of the rows.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct ImportBody {
    pub rows: u64,
    pub loaded: u64,
    /// Left out because they were charged before; of xDRs alone.
    pub repeated: u64,
    pub rows_bad: u64,
    pub problems_count: u64,
    /// The first hundred, by line.
    pub problems: Vec<ImportProblemBody>,
    /// What the good rows would change; of a preview of rates alone.
    pub changes: Option<RateChangesBody>,
}

/// What one row of a file of rates would change. Prices are of as many units as a price of the tariff is for (its `price_units`), at
/// peak, with all fees; null where usage is not allowed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct RateChangeBody {
    pub line: u64,
    #[schemars(with = "word::RateChangeKind")]
    pub kind: String,
    pub tariff_id: Id,
    pub tariff_name: String,
    pub prefix: String,
    pub effective_from: Moment,
    pub price_before: Option<Amount>,
    pub price_after: Option<Amount>,
}

/// How many rows would do what to the rates that stand before the file, and the first hundred that change something, by line.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = word::complete)]
pub struct RateChangesBody {
    pub added: u64,
    pub raised: u64,
    pub lowered: u64,
    /// They cost the same, and are counted in another way.
    pub altered: u64,
    pub closed: u64,
    pub opened: u64,
    pub unchanged: u64,
    pub told: Vec<RateChangeBody>,
}

impl From<RateChanges> for RateChangesBody {
    fn from(changes: RateChanges) -> RateChangesBody {
        let told = changes.told.into_iter().map(|change| RateChangeBody {
            line: change.line,
            kind: change.kind.code().to_owned(),
            tariff_id: change.tariff_id,
            tariff_name: change.tariff_name,
            prefix: change.prefix,
            effective_from: Moment(change.effective_from),
            price_before: change.price_before.map(Amount),
            price_after: change.price_after.map(Amount),
        });
        RateChangesBody {
            told: told.collect(),
            added: changes.added,
            raised: changes.raised,
            lowered: changes.lowered,
            altered: changes.altered,
            closed: changes.closed,
            opened: changes.opened,
            unchanged: changes.unchanged,
        }
    }
}

impl From<Report> for ImportBody {
    fn from(report: Report) -> ImportBody {
        let problems = report.problems.into_iter().map(|problem| ImportProblemBody {
            line: Some(problem.line),
            column: problem.column,
            code: problem.code,
            message: problem.message,
        });
        ImportBody {
            rows: report.rows,
            loaded: report.loaded,
            repeated: report.repeated,
            rows_bad: report.rows_bad,
            problems_count: report.problems_count,
            problems: problems.collect(),
            changes: report.changes.map(RateChangesBody::from),
        }
    }
}

impl From<Vec<Unreadable>> for ImportBody {
    fn from(faults: Vec<Unreadable>) -> ImportBody {
        let problems = faults.into_iter().map(|fault| ImportProblemBody {
            line: fault.line,
            column: None,
            code: "malformed".to_owned(),
            message: fault.reason,
        });
        let problems: Vec<ImportProblemBody> = problems.collect();
        ImportBody { problems_count: u64::try_from(problems.len()).unwrap_or(u64::MAX), problems, ..ImportBody::default() }
    }
}

/// A problem that also tells of rows, in the members of `ImportBody`.
#[derive(Debug, Serialize)]
struct RefusedBody {
    #[serde(flatten)]
    problem: Problem,
    #[serde(flatten)]
    report: ImportBody,
}

/// Nothing was loaded, and the rows say why.
fn refused(status: StatusCode, code: &str, detail: String, report: ImportBody) -> Response {
    let body = RefusedBody { problem: Problem::new(status, code, detail), report };
    (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response()
}

fn answer(outcome: Result<Report, Failure>, preview: bool) -> Result<Response, Problem> {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(match outcome {
        Ok(report) if report.rows_bad > 0 && report.loaded == 0 && !preview => {
            let detail = format!("{} of {} rows are bad; nothing was loaded.", report.rows_bad, report.rows);
            refused(unprocessable, "rows_refused", detail, report.into())
        }
        Ok(report) => Json(ImportBody::from(report)).into_response(),
        Err(Failure::Header(faults)) => {
            refused(unprocessable, "file_not_understood", "The file or its header is not understood.".to_owned(), faults.into())
        }
        Err(Failure::Unreadable(fault)) => {
            refused(unprocessable, "file_unreadable", "The file cannot be read to its end.".to_owned(), vec![fault].into())
        }
        Err(Failure::Overtaken(report)) => {
            let detail = "Rows clash with what others have just written; nothing was loaded.".to_owned();
            refused(StatusCode::CONFLICT, "rows_overtaken", detail, (*report).into())
        }
        Err(Failure::Partly(report)) => {
            let detail = "The import ended before its time; what was charged stays. Import the file again to load the rest.".to_owned();
            refused(StatusCode::SERVICE_UNAVAILABLE, "partly_loaded", detail, (*report).into())
        }
        // What was kept cannot change, and whoever stops an import is not there to be told.
        Err(failure @ (Failure::Changed | Failure::Stopped)) => {
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopped", format!("The import was given up: {failure}.")));
        }
        Err(Failure::Other(error)) => return Err(error.into()),
    })
}

/// A file that is being sent.
pub struct Upload {
    parts: Parts,
    body: Body,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Upload, Problem> {
        let (parts, body) = request.into_parts();
        Ok(Upload { parts, body })
    }
}

impl aide::OperationInput for Upload {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        document_key(context, operation);
        let schema = json_schema!({ "type": "string", "description": "A CSV file in UTF-8 whose first line names the columns." });
        let schema = Some(SchemaObject { json_schema: schema, example: None, external_docs: None });
        let content = [("text/csv".to_owned(), MediaType { schema, ..MediaType::default() })].into_iter().collect();
        set_body(context, operation, RequestBody { content, required: true, ..RequestBody::default() });
    }
}

fn refuse_large(bytes: u64) -> Result<(), Problem> {
    if bytes <= IMPORT_BYTES_MAX {
        return Ok(());
    }
    let detail = format!("The file is larger than {IMPORT_BYTES_MAX} bytes; split it.");
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", detail))
}

/// What was sent: a file without a name, which goes with its last handle, whatever becomes of the program.
struct Kept {
    file: File,
    digest: Sha256,
}

fn no_room(problem: &std::io::Error) -> Problem {
    tracing::error!(%problem, "a file that is sent cannot be kept");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The server cannot keep the file while it comes. Its log tells why.")
}

impl Kept {
    fn new() -> std::io::Result<Kept> {
        Ok(Kept { file: tempfile::tempfile()?, digest: Sha256::new() })
    }

    fn add(mut self, bytes: &[u8]) -> std::io::Result<Kept> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        Ok(self)
    }
}

impl Upload {
    fn refuse_other_kinds(&self) -> Result<(), Problem> {
        let kind = self.parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv")) {
            return Ok(());
        }
        Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Send the file as text/csv."))
    }

    /// Takes the body to its end.
    async fn receive(&mut self, mut kept: Kept) -> Result<Kept, Problem> {
        // A length that is told beforehand is refused before anything comes.
        refuse_large(self.body.size_hint().lower())?;
        let (mut received, mut waiting) = (0_u64, Vec::new());
        while let Some(bytes) = self.next().await? {
            received += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            refuse_large(received)?;
            waiting.extend_from_slice(&bytes);
            if waiting.len() >= KEPT_AT_ONCE {
                let full = std::mem::take(&mut waiting);
                kept = blocking(move || Ok(kept.add(&full))).await?.map_err(|problem| no_room(&problem))?;
            }
        }
        blocking(move || Ok(kept.add(&waiting))).await?.map_err(|problem| no_room(&problem))
    }

    /// The next part of the body, which must not be long in coming.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = poll_fn(|context| Pin::new(&mut self.body).poll_frame(context));
            let Ok(frame) = tokio::time::timeout(IMPORT_PAUSE_MAX, frame).await else {
                let detail = "The rest of the file did not come; nothing was loaded.";
                return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", detail));
            };
            match frame {
                None => return Ok(None),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => return Ok(Some(bytes)),
                    // Trailers say nothing here.
                    Err(_) => continue,
                },
                Some(Err(_)) => {
                    let detail = "The file broke off; nothing was loaded.";
                    return Err(Problem::new(StatusCode::BAD_REQUEST, "body_incomplete", detail));
                }
            }
        }
    }
}

/// Stops the import when nobody waits for its answer any more: the client has gone, or the server stops.
#[derive(Clone, Default)]
struct Waiting {
    is_over: Arc<AtomicBool>,
}

impl Watch for Waiting {
    fn see(&self, _: Step, _: u64, _: u64) {}

    fn wants_stop(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

/// Lives in the request's handler, and goes with it when the request is given up.
struct Asked {
    waiting: Waiting,
    has_answer: bool,
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.has_answer {
            tracing::info!("nobody waits for the answer of an import any more; it is stopped");
            self.waiting.is_over.store(true, Ordering::Relaxed);
        }
    }
}

pub async fn customers(State(state): State<ApiState>, read: Read<ImportQuery>, upload: Upload) -> Result<Response, Problem> {
    import(&state, Kind::Customers, read, upload).await
}

pub async fn accounts(State(state): State<ApiState>, read: Read<ImportQuery>, upload: Upload) -> Result<Response, Problem> {
    import(&state, Kind::Accounts, read, upload).await
}

pub async fn classes(State(state): State<ApiState>, read: Read<ImportQuery>, upload: Upload) -> Result<Response, Problem> {
    import(&state, Kind::Classes, read, upload).await
}

pub async fn rates(State(state): State<ApiState>, read: Read<ImportQuery>, upload: Upload) -> Result<Response, Problem> {
    import(&state, Kind::Rates, read, upload).await
}

pub async fn xdrs(State(state): State<ApiState>, read: Read<ImportQuery>, upload: Upload) -> Result<Response, Problem> {
    import(&state, Kind::Xdrs, read, upload).await
}

async fn import(state: &ApiState, kind: Kind, read: Read<ImportQuery>, mut upload: Upload) -> Result<Response, Problem> {
    // Whoever may not import, or has to wait, is told before the file is on its way.
    let turn = Turn::take(&state.app, &read.context, kind)?;
    upload.refuse_other_kinds()?;
    let key = key_of(&upload.parts.headers)?;
    let source_name = read.query.file_name.unwrap_or_default();
    if source_name.chars().count() > FILE_NAME_CHARACTERS_MAX {
        return Err(Problem::field("file_name", "too_long", format!("at most {FILE_NAME_CHARACTERS_MAX} characters")));
    }
    if source_name.chars().any(is_forbidden) {
        return Err(Problem::field("file_name", "forbidden_character", "no control characters"));
    }
    let kept = blocking(|| Ok(Kept::new())).await?.map_err(|problem| no_room(&problem))?;
    let kept = upload.receive(kept).await?;
    let query = upload.parts.uri.query().unwrap_or("");
    let digest = kept.digest.chain_update([0]).chain_update(upload.parts.uri.path()).chain_update([0]).chain_update(query);
    let fingerprint: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let turn = turn.keyed(key, &fingerprint);
    let preview = read.query.preview;
    let wish = Wish { source_name, skip_bad: read.query.skip_bad, preview };
    let mut asked = Asked { waiting: Waiting::default(), has_answer: false };
    let watch = Arc::new(asked.waiting.clone());
    let outcome = blocking(move || Ok(turn.run(kept.file, &wish, watch))).await;
    asked.has_answer = true;
    answer(outcome?, preview)
}
