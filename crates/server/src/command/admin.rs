//! Owns the command `admin`: the first administrator of an installation is made here.
//! Does not own: staff (usecase/staff.rs).

use clap::{Args, Subcommand};
use trunkline_domain::staff::Role;
use trunkline_usecase::Context;
use trunkline_usecase::staff::{self, StaffNew};

use crate::{Failure, command};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an administrator.
    Create {
        #[command(flatten)]
        database: command::DatabaseArgument,
        /// What the administrator signs in with.
        #[arg(long)]
        login: String,
        /// The person's name; the login where it is left out.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input, so that it stands in no history and no process list.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Action::Create { database, login, name, password_stdin: _ } = &arguments.action;
    let new = StaffNew {
        login: login.clone(),
        name: name.clone().unwrap_or_else(|| login.clone()),
        email: None,
        role: Role::Administrator,
        reseller_id: None,
        password: command::read_password()?,
    };
    let app = command::open(&database.database_url)?;
    let made = staff::create(&app, &Context::system(), &new, |staff| staff.login.clone());
    app.database.stop();
    command::print(&format!("administrator: {}", made?));
    Ok(())
}
