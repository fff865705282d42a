//! Owns the command `demo`: a server on a fresh database filled with a believable carrier.
//! Does not own: the carrier (demo/).

use std::path::PathBuf;

use clap::Args;
use rand::distr::{Alphanumeric, SampleString};
use trunkline_domain::staff::Role;
use trunkline_usecase::Context;
use trunkline_usecase::staff::{self, StaffNew};

use crate::config::ServerArguments;
use crate::{Failure, command, demo, telemetry};

const LOGIN: &str = "demo";
const PASSWORD_CHARACTERS: usize = 16;

#[derive(Debug, Args)]
pub struct Arguments {
    /// An empty database to fill; a temporary SQLite file where it is left out.
    #[arg(long, env = "TRUNKLINE_DEMO_DATABASE_URL")]
    database_url: Option<String>,
    /// How many customers the carrier has.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(50..=2_000_000))]
    customers: u32,
    /// The same seed and moment give the same carrier.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    server: ServerArguments,
}

/// A folder that goes with the server.
struct Folder(Option<PathBuf>);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(path) = &self.0
            && let Err(problem) = std::fs::remove_dir_all(path)
        {
            tracing::warn!(%problem, "{} stays behind", path.display());
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    telemetry::start_log();
    let settings = arguments.server.settings(arguments.database_url.as_ref())?;
    let (url, _folder) = match &settings.database_url {
        Some(url) => (url.clone(), Folder(None)),
        None => {
            let folder = std::env::temp_dir().join(format!("trunkline-demo-{}", std::process::id()));
            std::fs::create_dir_all(&folder)?;
            (format!("sqlite:{}", folder.join("demo.sqlite").display()), Folder(Some(folder)))
        }
    };
    let app = command::serve::open(&url, &settings)?;
    command::refuse_filled(&app, &url)?;
    let customers = usize::try_from(arguments.customers).unwrap_or(usize::MAX);
    demo::fill(&app, customers, arguments.seed)?;
    let password = Alphanumeric.sample_string(&mut rand::rng(), PASSWORD_CHARACTERS);
    let new = StaffNew {
        login: LOGIN.to_owned(),
        name: "Demo administrator".to_owned(),
        email: None,
        role: Role::Administrator,
        reseller_id: None,
        password: password.clone(),
    };
    staff::create(&app, &Context::system(), &new, |staff| staff.login.clone())?;
    let lines = [format!("login: {LOGIN}"), format!("password: {password}")];
    command::serve::serve(&app, &settings, &lines)
}
