//! Owns importing through a running server: sending the file, and reading what the server says of it.
//! Does not own: the server's part (api, usecase).

use std::fs::File;
use std::io::Read;

use serde::Deserialize;
use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::time::Timestamp;
use trunkline_storage::StorageError;
use trunkline_usecase::error::Error;
use trunkline_usecase::import::{self, Kind, RateChange, RateChangeKind, RateChanges, Report, Unreadable};

use super::progress::Progress;
use crate::Failure;
use crate::command::remote::{Answer, Body, Server};

/// What is wrong with a file that is not understood.
#[derive(Deserialize)]
struct Fault {
    line: Option<u64>,
    message: String,
}

/// What the rows of a file of rates would change, as the server tells it.
#[derive(Deserialize)]
struct Changes {
    added: u64,
    raised: u64,
    lowered: u64,
    altered: u64,
    closed: u64,
    opened: u64,
    unchanged: u64,
    told: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    line: u64,
    kind: String,
    tariff_id: Id,
    tariff_name: String,
    prefix: String,
    effective_from: String,
    price_before: Option<String>,
    price_after: Option<String>,
}

impl Changes {
    /// None: it is not what a server says.
    fn read(self) -> Option<RateChanges> {
        // An amount that is told and cannot be read is another thing than none.
        let money = |text: Option<String>| text.map(|text| Money::parse(&text)).transpose().ok();
        let told = self.told.into_iter().map(|change| {
            Some(RateChange {
                line: change.line,
                kind: RateChangeKind::parse(&change.kind)?,
                tariff_id: change.tariff_id,
                tariff_name: change.tariff_name,
                prefix: change.prefix,
                effective_from: Timestamp::parse(&change.effective_from).ok()?,
                price_before: money(change.price_before)?,
                price_after: money(change.price_after)?,
            })
        });
        Some(RateChanges {
            told: told.collect::<Option<_>>()?,
            added: self.added,
            raised: self.raised,
            lowered: self.lowered,
            altered: self.altered,
            closed: self.closed,
            opened: self.opened,
            unchanged: self.unchanged,
        })
    }
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
    let mut path = format!("/api/v1/imports/{}?skip_bad={}&preview={}&file_name=", kind.plural(), wish.skip_bad, wish.preview);
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
    let report = || -> Result<Report, Failure> {
        let changes = Option::<Changes>::deserialize(&answer.body["changes"])?;
        let changes = changes.map(|changes| changes.read().ok_or_else(|| server.refused(answer))).transpose()?;
        Ok(Report { changes, ..Report::deserialize(&answer.body)? })
    };
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
