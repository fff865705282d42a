//! Owns the command `import`: a CSV file of customers, accounts, classes, rates or xDRs goes into the database, all of it or nothing,
//! or with `--skip-bad` all that is good; what is told about it, and stopping it by Ctrl-C.
//! Does not own: the form of the file, checking and writing (usecase/import/), and doing so in a running server (sending.rs).

mod progress;
mod sending;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use trunkline_domain::money::Money;
use trunkline_storage::StorageError;
use trunkline_usecase::Context;
use trunkline_usecase::error::Error;
use trunkline_usecase::import::{self, Kind, RateChanges, Report, Turn, Wish};

use crate::command::remote;
use crate::{Failure, command};
use progress::{Progress, Shown};

#[derive(Debug, Args)]
pub struct Arguments {
    /// What the file holds.
    what: What,
    /// A CSV file in UTF-8 whose first line names the columns; samples/ has one of each kind.
    file: PathBuf,
    /// sqlite:PATH or postgres://... A SQLite file that a server has open is loaded with --server.
    #[arg(long, env = "TRUNKLINE_DATABASE_URL", required_unless_present = "server")]
    database_url: Option<String>,
    #[command(flatten)]
    remote: remote::ServerArgument,
    /// Load the good rows although there are bad ones. Without it one bad row keeps all others out.
    #[arg(long)]
    skip_bad: bool,
    /// Say what would become of the rows, for rates what they change, and load none.
    #[arg(long)]
    preview: bool,
    /// How the progress is shown, on standard error.
    #[arg(long, value_enum, default_value_t = Shown::Auto)]
    progress: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Customers,
    Accounts,
    Classes,
    Rates,
    /// What switches recorded of sessions: each is charged, and once
    Xdrs,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let kind = match arguments.what {
        What::Customers => Kind::Customers,
        What::Accounts => Kind::Accounts,
        What::Classes => Kind::Classes,
        What::Rates => Kind::Rates,
        What::Xdrs => Kind::Xdrs,
    };
    let words = Words { path: &arguments.file, kind };
    let (file, bytes) = words.open()?;
    let wish = Wish {
        // What stands above the file says nothing to whoever reads the trail on another machine.
        source_name: arguments.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        skip_bad: arguments.skip_bad,
        preview: arguments.preview,
    };
    let begun = Instant::now();
    let outcome = match (&arguments.remote.server, &arguments.database_url) {
        (Some(url), _) => {
            let server = remote::Server::open(url, &arguments.remote)?;
            let progress = Progress::of_sending(arguments.progress, bytes, kind.plural())?;
            let outcome = sending::import(&server, kind, file, bytes, &wish, &progress);
            progress.end();
            outcome?
        }
        (None, Some(url)) => {
            let app = command::open(url)?;
            let progress = Arc::new(Progress::start(arguments.progress, bytes, kind.plural())?);
            let turn = Turn::take(&app, &Context::system(), kind)?;
            let outcome = turn.run(file, &wish, Arc::clone(&progress) as _);
            progress.end();
            app.database.stop();
            outcome
        }
        (None, None) => return Err(Failure::Unusable("say which database, or which server".to_owned())),
    };
    let seconds = format!("{:.1} s", begun.elapsed().as_secs_f64());
    let report = outcome.map_err(|failure| words.failure(failure))?;
    words.print_problems(&report);
    if arguments.preview {
        return words.preview(&report);
    }
    words.summary(&report, arguments.skip_bad, &seconds)
}

/// The words of one import.
struct Words<'a> {
    path: &'a Path,
    kind: Kind,
}

impl Words<'_> {
    fn open(&self) -> Result<(File, u64), Failure> {
        let name = self.path.display();
        let unreadable = |problem| Failure::Unusable(format!("cannot read {name}: {problem}"));
        let file = File::open(self.path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Failure::Unusable(format!("{name} is not a file; an import reads its file twice, so that a pipe does not do")));
        }
        Ok((file, metadata.len()))
    }

    fn print_problems(&self, report: &Report) {
        let path = self.path.display();
        for import::Problem { line, column, message, .. } in &report.problems {
            match column {
                Some(column) => eprintln!("{path}: line {line}, column {column}: {message}"),
                None => eprintln!("{path}: line {line}: {message}"),
            }
        }
        let printed = u64::try_from(report.problems.len()).unwrap_or(u64::MAX);
        if report.problems_count > printed {
            eprintln!("{path}: {} more problems are not shown", report.problems_count - printed);
        }
    }

    fn preview(&self, report: &Report) -> Result<(), Failure> {
        let path = self.path.display();
        if let Some(changes) = &report.changes {
            for change in &changes.told {
                let price = |price: Option<Money>| price.map_or_else(|| "none".to_owned(), |price| price.to_decimal(0));
                command::print(&format!(
                    "line {}: {} in {} from {}: {}, {} before and {} then",
                    change.line,
                    if change.prefix.is_empty() { "every other number" } else { &change.prefix },
                    change.tariff_name,
                    change.effective_from.to_rfc3339(),
                    change.kind.code(),
                    price(change.price_before),
                    price(change.price_after),
                ));
            }
            let RateChanges { added, raised, lowered, altered, closed, opened, unchanged, told } = changes;
            let more = added + raised + lowered + altered + closed + opened - u64::try_from(told.len()).unwrap_or(0);
            if more > 0 {
                command::print(&format!("{more} more changes are not shown"));
            }
            command::print(&format!(
                "{added} added, {raised} raised, {lowered} lowered, {altered} altered, {closed} closed, {opened} opened, {unchanged} unchanged"
            ));
        }
        let good = report.rows - report.rows_bad;
        let told = match report.rows_bad {
            0 => format!("{path}: {} would be loaded; nothing was", self.counted(good)),
            bad => format!("{path}: {} would be loaded, {bad} of {} rows are bad; nothing was", self.counted(good), report.rows),
        };
        if report.rows_bad > 0 {
            Err(Failure::Found(told))
        } else {
            command::print(&told);
            Ok(())
        }
    }

    fn summary(&self, report: &Report, skip_bad: bool, seconds: &str) -> Result<(), Failure> {
        let (path, plural, rows, bad) = (self.path.display(), self.kind.plural(), report.rows, report.rows_bad);
        let before = match report.repeated {
            0 => String::new(),
            repeated => format!("; {} charged before", self.counted(repeated)),
        };
        if bad == 0 {
            command::print(&format!("imported {} from {path} in {seconds}{before}", self.counted(report.loaded)));
            return Ok(());
        }
        let bad_rows = if bad == 1 { "1 bad row".to_owned() } else { format!("{bad} bad rows") };
        if report.loaded == 0 {
            let way_out = if skip_bad { "" } else { " (correct them, or load the rest with --skip-bad)" };
            return Err(Failure::Found(format!("{path}: {bad_rows} of {rows}; nothing was loaded{way_out}")));
        }
        command::print(&format!("imported {} of {rows} {plural} from {path} in {seconds}; {bad_rows} left out{before}", report.loaded));
        Ok(())
    }

    fn counted(&self, count: u64) -> String {
        if count == 1 { format!("1 {}", self.kind.singular()) } else { format!("{count} {}", self.kind.plural()) }
    }

    fn failure(&self, failure: import::Failure) -> Failure {
        let path = self.path.display();
        let at = |line: Option<u64>| line.map_or_else(String::new, |line| format!(" line {line}:"));
        match failure {
            import::Failure::Header(faults) => {
                let lines: Vec<String> = faults.iter().map(|fault| format!("{path}:{} {}", at(fault.line), fault.reason)).collect();
                Failure::Found(format!("{}\n{path}: nothing was loaded", lines.join("\n")))
            }
            import::Failure::Unreadable(fault) => Failure::Found(format!("{path}:{} {}; nothing was loaded", at(fault.line), fault.reason)),
            import::Failure::Changed | import::Failure::Stopped => Failure::Found(format!("{path}: {failure}; nothing was loaded")),
            import::Failure::Overtaken(ref report) => {
                self.print_problems(report);
                Failure::Found(format!("{path}: {failure}; nothing was loaded"))
            }
            import::Failure::Partly(ref report) => {
                self.print_problems(report);
                let loaded = self.counted(report.loaded);
                Failure::Found(format!("{path}: {failure}; {loaded} loaded, and import it again to load the rest"))
            }
            import::Failure::Other(error @ Error::Storage(StorageError::OutcomeUnknown)) => {
                let way_out = "import it again: if it is loaded already, every row will be said to be taken";
                Failure::Found(format!("{path}: {error}; {way_out}"))
            }
            import::Failure::Other(error) => Failure::Unusable(format!("{error}; nothing was loaded")),
        }
    }
}
