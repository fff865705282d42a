//! Owns the columns of what switches record of sessions: the names of the compatible face's xDRs.
//! Does not own: what usage may be (usecase/session.rs), and its price.

use trunkline_domain::product::Direction;
use trunkline_domain::service::Service;
use trunkline_domain::session::Proof;
use trunkline_domain::time::Timestamp;

use crate::error::FieldProblem;
use crate::import::xdr::XdrRow;
use crate::session::{SessionKey, UsageNew};

use super::cell::Cells;
use super::column::{Column, Table, column};

/// What names a session where no switch is named.
const SOURCE: &str = "file";

pub static TABLE: Table = Table {
    singular: "xdr",
    plural: "xdrs",
    columns: &COLUMNS,
    required: &["session", "usage.identity", "usage.cld", "started_at"],
    refused: &[
        ("i_xdr", "ids are given by the system"),
        ("charged_amount", "the price follows from the products and rates"),
        ("charged_quantity", "it follows from the rate; give used_quantity"),
        ("bill_time", "it is the moment at which the balance moves"),
    ],
};

static COLUMNS: [Column; 11] = [
    column("call_id", "session", &["h323_conf_id", "session_id", "acct_session_id", "session", "uuid"]),
    column("nas", "source", &["switch", "nas_identifier", "gateway"]),
    column("account_id", "usage.identity", &["account", "identity", "subscriber", "user_name"]),
    column("service", "usage.service", &["service_type"]),
    column("direction", "usage.direction", &["call_direction"]),
    column("cli", "usage.cli", &["caller", "source", "src", "calling_number"]),
    column("cld", "usage.cld", &["callee", "destination", "dst", "called_number"]),
    column("connect_time", "started_at", &["start", "answer_time", "started_at", "setup_time"]),
    column("disconnect_time", "ended_at", &["end", "stop_time", "ended_at"]),
    column("used_quantity", "used_units", &["duration", "billsec", "seconds", "session_time", "quantity"]),
    column("disconnect_cause", "cause", &["cause", "release_cause", "hangup_cause"]),
];

pub fn read(cells: &mut Cells<'_>) -> XdrRow {
    let session = cells.required(&["call_id"]).unwrap_or_default();
    let identity = cells.required(&["account_id"]).unwrap_or_default();
    let cld = cells.required(&["cld"]).unwrap_or_default();
    let service = cells.one_of("service", "voice, message or data", |text| Service::parse(&text.to_ascii_lowercase()));
    let direction = cells.one_of("direction", "outgoing or incoming", |text| Direction::parse(&text.to_ascii_lowercase()));
    let service = service.unwrap_or(Service::Voice);
    let started = cells.required(&["connect_time"]).and_then(|_| cells.moment("connect_time"));
    let ended = cells.moment("disconnect_time");
    let started_at = started.unwrap_or(Timestamp::from_microseconds(0));
    let used = cells.one_of("used_quantity", "a whole number from 0 on", |text| text.parse::<u64>().ok());
    let problem_at = |field, code, message: &str| FieldProblem::new(field, code, message);
    // A call lasts from its beginning to its end, a second that has begun counted; nothing else can be told from its moments.
    let lasted = ended.filter(|_| service == Service::Voice && started.is_some()).map(|ended| {
        let microseconds = ended.microseconds().saturating_sub(started_at.microseconds());
        u64::try_from(microseconds).map(|microseconds| microseconds.div_ceil(1_000_000))
    });
    if matches!(lasted, Some(Err(_))) {
        cells.problems.push(problem_at("ended_at", "range_reversed", "the end lies before the beginning"));
    }
    let is_told = cells.text("used_quantity").is_some() || cells.text("disconnect_time").is_some() && service == Service::Voice;
    if !is_told {
        cells.problems.push(problem_at("used_units", "required", "give used_quantity, or disconnect_time of a call"));
    }
    let used_units = used.or(lasted.and_then(Result::ok)).unwrap_or(0);
    let seconds = if service == Service::Voice { i64::try_from(used_units).unwrap_or(i64::MAX) } else { 0 };
    XdrRow {
        key: SessionKey { source: cells.owned("nas").unwrap_or_else(|| SOURCE.to_owned()), session },
        usage: UsageNew {
            identity,
            service,
            direction: direction.unwrap_or(Direction::Outgoing),
            cli: cells.owned("cli"),
            cld,
            reauthorizes: false,
            units_wanted: None,
            // The switch that recorded it vouches for it.
            proof: Proof::Vouched,
        },
        started_at,
        ended_at: ended.unwrap_or_else(|| started_at.plus_seconds(seconds)),
        used_units,
        cause: cells.owned("disconnect_cause"),
    }
}
