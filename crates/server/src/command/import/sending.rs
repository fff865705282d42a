//! Owns importing through a running server: sending the file, and reading what the server says of it.
//! Does not own: the server's part (api, usecase).

use std::fs::File;
use std::io::Read;

use serde::Deserialize;
use trunkline_storage::StorageError;
use trunkline_usecase::error::Error;
use trunkline_usecase::import::{self, Kind, Report, Unreadable};

use super::progress::Progress;
use crate::Failure;
use crate::command::remote::{Answer, Body, Server};

/// What is wrong with a file that is not understood.
#[derive(Deserialize)]
struct Fault {
    line: Option<u64>,
    message: String,
}

/// Counts what has been sent.
struct Sent<'a> {
    file: File,
    bytes: u64,
    progress: &'a Progress,
}

impl Read for Sent<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes += u64::try_from(count).unwrap_or(u64::MAX);
        self.progress.sent(self.bytes);
        Ok(count)
    }
}

/// Sends the file, and gives what the server made of it as an import here would.
pub fn import(
    server: &Server,
    kind: Kind,
    file: File,
    bytes: u64,
    wish: &import::Wish,
    progress: &Progress,
) -> Result<Result<Report, import::Failure>, Failure> {
    let mut path = format!("/api/v1/imports/{}?skip_bad={}&file_name=", kind.plural(), wish.skip_bad);
    path.extend(form_urlencoded::byte_serialize(wish.source_name.as_bytes()));
    let mut sent = Sent { file, bytes: 0, progress };
    match server.send("POST", &path, Some(Body { kind: "text/csv", length: bytes, bytes: &mut sent }), None) {
        Ok(answer) => outcome(server, &answer),
        Err(problem) => {
            tracing::debug!(%problem, "no answer");
            Ok(Err(import::Failure::Other(Error::Storage(StorageError::OutcomeUnknown))))
        }
    }
}

fn outcome(server: &Server, answer: &Answer) -> Result<Result<Report, import::Failure>, Failure> {
    let report = || -> Result<Report, Failure> { Ok(Report::deserialize(&answer.body)?) };
    let faults = || -> Result<Vec<Unreadable>, Failure> {
        let faults = Vec::<Fault>::deserialize(&answer.body["problems"])?;
        Ok(faults.into_iter().map(|fault| Unreadable { line: fault.line, reason: fault.message }).collect())
    };
    if answer.is_success {
        return Ok(Ok(report()?));
    }
    match answer.code() {
        "rows_refused" => Ok(Ok(report()?)),
        "partly_loaded" => Ok(Err(import::Failure::Partly(Box::new(report()?)))),
        "rows_overtaken" => Ok(Err(import::Failure::Overtaken(Box::new(report()?)))),
        "file_not_understood" => Ok(Err(import::Failure::Header(faults()?))),
        "file_unreadable" => match faults()?.pop() {
            Some(fault) => Ok(Err(import::Failure::Unreadable(fault))),
            None => Err(server.refused(answer)),
        },
        "outcome_unknown" => Ok(Err(import::Failure::Other(Error::Storage(StorageError::OutcomeUnknown)))),
        _ => Err(server.refused(answer)),
    }
}
