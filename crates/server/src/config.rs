//! Owns the settings of a server: arguments, then environment, then the TOML file, then defaults.
//! Does not own: settings of the installation, which lie in the database.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;
use trunkline_domain::id::{NODE_MAX, lowest_at};
use trunkline_domain::time::Timestamp;

use crate::Failure;

const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

/// Settings that `serve` and `demo` share.
#[derive(Clone, Debug, Default, Args)]
pub struct ServerArguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "TRUNKLINE_LISTEN")]
    listen: Option<SocketAddr>,
    /// Where to take Access-Requests of RADIUS, by custom port 1812; none are taken where it is left out.
    #[arg(long, env = "TRUNKLINE_RADIUS_AUTH", value_name = "ADDRESS:PORT")]
    radius_auth: Option<SocketAddr>,
    /// Where to take Accounting-Requests of RADIUS, by custom port 1813.
    #[arg(long, env = "TRUNKLINE_RADIUS_ACCOUNTING", value_name = "ADDRESS:PORT")]
    radius_accounting: Option<SocketAddr>,
    /// A file with the names of more RADIUS attributes, as FreeRADIUS has them; may be given several times.
    #[arg(long = "radius-dictionary", value_name = "FILE")]
    radius_dictionaries: Vec<PathBuf>,
    /// A TOML file with any of these settings, named with underscores.
    #[arg(long, env = "TRUNKLINE_CONFIG")]
    config: Option<PathBuf>,
    /// A proxy whose forwarded headers are believed; may be given several times.
    #[arg(long = "trusted-proxy")]
    trusted_proxies: Vec<IpAddr>,
    /// Take credentials in the URL on the compatible face, as old clients send them.
    #[arg(long)]
    porta_url_credentials: bool,
    /// The clock stands still at this moment (RFC 3339) and moves only by POST /api/v1/test-clock.
    #[arg(long, value_name = "RFC 3339")]
    test_clock: Option<String>,
    /// This process's number among those that share a database, 0 to 15.
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=15))]
    node: Option<u8>,
}

/// What a TOML file can hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    listen: Option<SocketAddr>,
    radius_auth: Option<SocketAddr>,
    radius_accounting: Option<SocketAddr>,
    #[serde(default)]
    radius_dictionaries: Vec<PathBuf>,
    #[serde(default)]
    trusted_proxies: Vec<IpAddr>,
    #[serde(default)]
    porta_url_credentials: bool,
    node: Option<u8>,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    pub database_url: Option<String>,
    pub listen: SocketAddr,
    pub radius: RadiusSettings,
    pub trusted_proxies: Vec<IpAddr>,
    pub porta_url_credentials: bool,
    pub test_clock: Option<Timestamp>,
    pub node: u8,
}

/// Where RADIUS is spoken, and with which names beside those of the program.
#[derive(Clone, Debug)]
pub struct RadiusSettings {
    pub authentication: Option<SocketAddr>,
    pub accounting: Option<SocketAddr>,
    pub dictionaries: Vec<PathBuf>,
}

impl ServerArguments {
    /// Puts the settings together. `database_url` is the command's own argument.
    pub fn settings(&self, database_url: Option<&String>) -> Result<Settings, Failure> {
        let file = match &self.config {
            None => File::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|problem| Failure::Unusable(format!("cannot read {}: {problem}", path.display())))?;
                toml::from_str(&text).map_err(|problem| Failure::Unusable(format!("{}: {problem}", path.display())))?
            }
        };
        let listen_default: SocketAddr = LISTEN_DEFAULT.parse()?;
        let test_clock = self.test_clock.as_deref().map(test_clock).transpose()?;
        let node = self.node.or(file.node).unwrap_or(0);
        if node > NODE_MAX {
            return Err(Failure::Unusable(format!("node: {node} is more than {NODE_MAX}")));
        }
        let mut trusted_proxies = self.trusted_proxies.clone();
        trusted_proxies.extend(file.trusted_proxies);
        let mut dictionaries = file.radius_dictionaries;
        dictionaries.extend(self.radius_dictionaries.iter().cloned());
        Ok(Settings {
            database_url: database_url.cloned().or(file.database_url),
            listen: self.listen.or(file.listen).unwrap_or(listen_default),
            radius: RadiusSettings {
                authentication: self.radius_auth.or(file.radius_auth),
                accounting: self.radius_accounting.or(file.radius_accounting),
                dictionaries,
            },
            trusted_proxies,
            porta_url_credentials: self.porta_url_credentials || file.porta_url_credentials,
            test_clock,
            node,
        })
    }
}

/// Where a test clock begins: ids can be made there.
fn test_clock(text: &str) -> Result<Timestamp, Failure> {
    let moment = Timestamp::parse(text).map_err(|problem| Failure::Unusable(format!("--test-clock: {problem}")))?;
    if lowest_at(moment) == 0 || lowest_at(moment.plus_days(1)) == lowest_at(moment.plus_days(2)) {
        return Err(Failure::Unusable("--test-clock: a moment from 2024 to 2093, when there are ids".to_owned()));
    }
    Ok(moment)
}
