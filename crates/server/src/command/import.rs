//! Owns the command `import`: a CSV file of customers, accounts or classes goes into the database, all of it or nothing,
//! or with `--skip-bad` all that is good; what is told about it, and stopping it by Ctrl-C.
//! Does not own: the form of the file (import/), and checking and writing (usecase/import/).

mod account;
mod cell;
mod column;
mod customer;
mod customer_class;
mod file;
mod progress;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use trunkline_storage::StorageError;
use trunkline_usecase::Context;
use trunkline_usecase::error::Error;
use trunkline_usecase::import::{self, Accounts, CustomerClasses, Customers, Noun, Report, Wish};

use crate::{Failure, command};
use file::CsvFile;
use progress::{Progress, Shown};

/// Problems that are printed; the rest are counted.
const PROBLEMS_PRINTED_MAX: usize = 100;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What the file holds.
    what: What,
    /// A CSV file in UTF-8 whose first line names the columns; samples/ has one of each kind.
    file: PathBuf,
    #[command(flatten)]
    database: command::DatabaseArgument,
    /// Load the good rows although there are bad ones. Without it one bad row keeps all others out.
    #[arg(long)]
    skip_bad: bool,
    /// How the progress is shown, on standard error.
    #[arg(long, value_enum, default_value_t = Shown::Auto)]
    progress: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Customers,
    Accounts,
    Classes,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Customers => import::<Customers>(arguments, CsvFile::open(&arguments.file, &customer::TABLE, customer::read)?),
        What::Accounts => import::<Accounts>(arguments, CsvFile::open(&arguments.file, &account::TABLE, account::read)?),
        What::Classes => {
            import::<CustomerClasses>(arguments, CsvFile::open(&arguments.file, &customer_class::TABLE, customer_class::read)?)
        }
    }
}

/// The words of one import.
struct Words<'a> {
    path: &'a Path,
    table: &'static column::Table,
}

fn import<N: Noun>(arguments: &Arguments, file: CsvFile<N::Wanted>) -> Result<(), Failure> {
    let file = Arc::new(file);
    let words = Words { path: &arguments.file, table: file.table() };
    let app = command::open(&arguments.database.database_url)?;
    let progress = Arc::new(Progress::start(arguments.progress, file.bytes(), words.table.plural)?);
    let wish = Wish {
        // What stands above the file says nothing to whoever reads the trail on another machine.
        source_name: arguments.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        skip_bad: arguments.skip_bad,
        problems_max: PROBLEMS_PRINTED_MAX,
    };
    let begun = Instant::now();
    let outcome = import::run::<N>(&app, &Context::system(), Arc::clone(&file) as _, &wish, Arc::clone(&progress) as _);
    let seconds = format!("{:.1} s", begun.elapsed().as_secs_f64());
    progress.end();
    app.database.stop();
    let report = outcome.map_err(|failure| words.failure(failure, &file))?;
    words.print_problems(&report, &file);
    words.summary(&report, arguments.skip_bad, &seconds)
}

impl Words<'_> {
    fn print_problems<T>(&self, report: &Report, file: &CsvFile<T>) {
        let path = self.path.display();
        let mut problems: Vec<_> = report.problems.iter().collect();
        problems.sort_by_key(|problem| problem.line);
        for import::Problem { line, problem } in problems {
            match file.column_of(&problem.field) {
                Some(column) => eprintln!("{path}: line {line}, column {column}: {}", problem.message),
                None => eprintln!("{path}: line {line}: {}", problem.message),
            }
        }
        let printed = u64::try_from(report.problems.len()).unwrap_or(u64::MAX);
        if report.problems_count > printed {
            eprintln!("{path}: {} more problems are not shown", report.problems_count - printed);
        }
    }

    fn summary(&self, report: &Report, skip_bad: bool, seconds: &str) -> Result<(), Failure> {
        let (path, plural, rows, bad) = (self.path.display(), self.table.plural, report.rows, report.rows_bad);
        if bad == 0 {
            command::print(&format!("imported {} from {path} in {seconds}", self.counted(report.loaded)));
            return Ok(());
        }
        let bad_rows = if bad == 1 { "1 bad row".to_owned() } else { format!("{bad} bad rows") };
        if report.loaded == 0 {
            let way_out = if skip_bad { "" } else { " (correct them, or load the rest with --skip-bad)" };
            return Err(Failure::Found(format!("{path}: {bad_rows} of {rows}; nothing was loaded{way_out}")));
        }
        command::print(&format!("imported {} of {rows} {plural} from {path} in {seconds}; {bad_rows} left out", report.loaded));
        Ok(())
    }

    fn counted(&self, count: u64) -> String {
        if count == 1 { format!("1 {}", self.table.singular) } else { format!("{count} {}", self.table.plural) }
    }

    fn failure<T>(&self, failure: import::Failure, file: &CsvFile<T>) -> Failure {
        let path = self.path.display();
        match failure {
            import::Failure::Unreadable(unreadable) => {
                let line = unreadable.line.map_or_else(String::new, |line| format!(" line {line}:"));
                Failure::Found(format!("{path}:{line} {}; nothing was loaded", unreadable.reason))
            }
            import::Failure::Changed | import::Failure::Stopped => Failure::Found(format!("{path}: {failure}; nothing was loaded")),
            import::Failure::Overtaken(ref report) => {
                self.print_problems(report, file);
                Failure::Found(format!("{path}: {failure}; nothing was loaded"))
            }
            import::Failure::Other(error @ Error::Storage(StorageError::OutcomeUnknown)) => {
                let way_out = "import it again: if it is loaded already, every row will be said to be taken";
                Failure::Found(format!("{path}: {error}; {way_out}"))
            }
            import::Failure::Other(error) => Failure::Unusable(format!("{error}; nothing was loaded")),
        }
    }
}
