//! Owns keeping at hand what packets are compared with: the NASes of the database, and the names of attributes.
//! Does not own: which NAS a packet comes from (domain/nas.rs).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use trunkline_usecase::domain::nas::Directory;
use trunkline_usecase::error::Error;
use trunkline_usecase::{App, nas};

use crate::limits::DIRECTORY_PAUSE;
use crate::wire::dictionary::{DICTIONARY_BYTES_MAX, Dictionary, DictionaryError};

/// The NASes as they were within the last second, until it is dropped.
pub struct Keeper {
    pub directory: watch::Receiver<Arc<Directory>>,
    _task: JoinSet<()>,
}

impl Keeper {
    /// Reads the NASes, and goes on to read them. A later failure leaves those that were read before.
    pub async fn start(app: &Arc<App>) -> Result<Keeper, Error> {
        let first = read(app).await?;
        let (sender, directory) = watch::channel(Arc::new(first));
        let app = Arc::clone(app);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut ticks = tokio::time::interval(DIRECTORY_PAUSE);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                match read(&app).await {
                    Ok(found) => drop(sender.send_replace(Arc::new(found))),
                    Err(problem) => tracing::warn!(%problem, "the NASes could not be read; those from before hold"),
                }
            }
        });
        Ok(Keeper { directory, _task: task })
    }
}

async fn read(app: &Arc<App>) -> Result<Directory, Error> {
    nas::directory(app).await?
}

/// Why names of attributes could not be read.
#[derive(Debug, Error)]
pub enum NamesError {
    #[error("cannot read {}: {problem}", path.display())]
    Unreadable { path: PathBuf, problem: io::Error },
    #[error("{}: more than {DICTIONARY_BYTES_MAX} bytes", path.display())]
    TooLarge { path: PathBuf },
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
}

/// The names that come with the program, and those of an operator's files.
pub fn names(files: &[PathBuf]) -> Result<Dictionary, NamesError> {
    let mut dictionary = Dictionary::built_in()?;
    for path in files {
        dictionary.add(&path.display().to_string(), &text(path)?)?;
    }
    Ok(dictionary)
}

fn text(path: &Path) -> Result<String, NamesError> {
    let unreadable = |problem| NamesError::Unreadable { path: path.to_owned(), problem };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if usize::try_from(bytes).unwrap_or(usize::MAX) > DICTIONARY_BYTES_MAX {
        return Err(NamesError::TooLarge { path: path.to_owned() });
    }
    std::fs::read_to_string(path).map_err(unreadable)
}
