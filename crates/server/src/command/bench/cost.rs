//! Owns what a measured run costs: what the disk can do at most, bytes written, processor time.
//! Does not own: the runs.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use trunkline_storage::{Engine, StorageError};
use trunkline_usecase::App;

use super::rounded;
use crate::Failure;

/// Who writes.
#[derive(Clone, Copy)]
pub enum Written<'a> {
    /// This process, or the PostgreSQL that it asks.
    Here(&'a App),
    /// A SQLite server with this process id.
    By(u32),
}

/// Appends and syncs on the database's disk for a second.
pub fn syncs_per_second(url: &str) -> Result<f64, Failure> {
    let folder = url.strip_prefix("sqlite:").map(PathBuf::from).and_then(|path| path.parent().map(PathBuf::from));
    let folder = folder.filter(|folder| folder.is_dir()).unwrap_or_else(std::env::temp_dir);
    let path = folder.join(format!("trunkline-sync-{}", std::process::id()));
    let mut file = std::fs::File::create(&path)?;
    let page = [7_u8; 8 * 1024];
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < Duration::from_secs(1) {
        file.write_all(&page)?;
        file.sync_data()?;
        count += 1;
    }
    let took = started.elapsed();
    drop(file);
    std::fs::remove_file(&path)?;
    Ok(rounded(f64::from(count) / took.as_secs_f64()))
}

/// Bytes that storing has cost so far: what the process wrote for SQLite, the log that PostgreSQL wrote.
pub fn written_bytes(by: Written<'_>) -> Result<u64, Failure> {
    match by {
        Written::By(process) => written_by(&process.to_string()),
        Written::Here(app) => match app.database.engine() {
            Engine::Sqlite => written_by("self"),
            Engine::Postgres => {
                let text = "select cast(wal_bytes as bigint) from pg_stat_wal";
                let read = app.database.read::<_, StorageError, _>(move |tx| tx.query_first(text, &[], |row| row.get::<i64>(0)));
                Ok(read.wait()??.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0))
            }
        },
    }
}

fn written_by(process: &str) -> Result<u64, Failure> {
    let text = std::fs::read_to_string(format!("/proc/{process}/io"))?;
    Ok(text.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok()).unwrap_or(0))
}

/// Processor time of this process so far, in microseconds; the kernel counts it in hundredths of a second.
pub fn cpu_us() -> Result<f64, Failure> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    // The name before the last parenthesis may hold spaces; user and system time are the 14th and 15th field of the line.
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u32 = fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    Ok(f64::from(ticks) * 10_000.0)
}
