//! Owns installing what tests need and is missing, on Debian and its relatives, and saying so.
//! Does not own installing Rust, nor anything on other systems: there it says what is missing.

use super::postgres;
use crate::process::{self, Outcome};
use crate::web;

struct Need {
    what: &'static str,
    /// Debian's packages that bring it.
    packages: &'static [&'static str],
    check: fn() -> Outcome,
}

const NEEDS: [Need; 7] = [
    Need { what: "PostgreSQL 15 or newer, server and contrib", packages: &["postgresql", "postgresql-contrib"], check: postgres::check },
    Need { what: "Chromium", packages: &["chromium", "chromium-sandbox"], check: check_chromium },
    Need { what: "Node and npm", packages: &["nodejs", "npm"], check: web::check_node },
    Need { what: "radclient", packages: &["freeradius-utils"], check: check_radclient },
    Need { what: "Kamailio with RADIUS", packages: &["kamailio", "kamailio-radius-modules"], check: check_kamailio },
    Need { what: "sipp", packages: &["sip-tester"], check: check_sipp },
    Need { what: "git", packages: &["git"], check: check_git },
];

pub fn install_missing() -> Outcome {
    let missing: Vec<(&Need, String)> = NEEDS.iter().filter_map(|need| (need.check)().err().map(|reason| (need, reason))).collect();
    if missing.is_empty() {
        println!("all there: {}", NEEDS.map(|need| need.what).join("; "));
        return Ok(());
    }
    for (need, reason) in &missing {
        println!("missing: {} ({reason})", need.what);
    }
    let packages: Vec<&str> = missing.iter().flat_map(|(need, _)| need.packages.iter().copied()).collect();
    if process::found(&["apt-get"]).is_none() {
        let wanted: Vec<&str> = missing.iter().map(|(need, _)| need.what).collect();
        return Err(format!(
            "this system has no apt-get, so nothing was installed. Install with its own package manager: {} (on Debian: {})",
            wanted.join("; "),
            packages.join(" ")
        ));
    }
    apt_get(&["update"], &packages)?;
    if packages.contains(&"nodejs") {
        check_candidate_of_node()?;
    }
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(&packages);
    apt_get(&install, &packages)?;
    match missing.iter().find_map(|(need, _)| (need.check)().err().map(|reason| (need.what, reason))) {
        Some((what, reason)) => Err(format!("{what} is still missing after the installation: {reason}")),
        None => Ok(()),
    }
}

fn apt_get(arguments: &[&str], packages: &[&str]) -> Outcome {
    let mut command = if process::is_root() {
        process::command("env")
    } else if process::found(&["sudo"]).is_some() {
        process::command("sudo")
    } else {
        return Err(format!("not root, and no sudo: have someone run `apt-get install {}`", packages.join(" ")));
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    println!("$ {}", process::spoken(&command));
    process::run(&mut command)
}

/// Debian 12 would install a Node that is too old, and then stand in the way of a newer one.
fn check_candidate_of_node() -> Outcome {
    let policy = process::answer("apt-cache", &["policy", "nodejs"]).unwrap_or_default();
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: ")).unwrap_or("(none)");
    let major = candidate.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 20) {
        return Ok(());
    }
    Err(format!("the package `nodejs` of this system is {candidate}, which is too old.\n{}", web::HOW_TO_INSTALL_NODE))
}

fn check_chromium() -> Outcome {
    match process::found(&["chromium", "chromium-browser", "google-chrome"]) {
        Some(_) => Ok(()),
        None => Err("no chromium on PATH".to_owned()),
    }
}

/// The tests of `radius` have it ask.
fn check_radclient() -> Outcome {
    process::found(&["radclient"]).map(|_| ()).ok_or_else(|| "no radclient on PATH".to_owned())
}

/// True calls go through it.
fn check_kamailio() -> Outcome {
    let folder = process::found(&["kamailio"]).ok_or_else(|| "no kamailio on PATH".to_owned())?;
    // Debian keeps the modules below the folder of the machine's kind.
    let libraries = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path().join("kamailio/modules"));
    let is_there = libraries.map(|modules| modules.join("auth_radius.so")).any(|module| module.is_file());
    if is_there { Ok(()) } else { Err(format!("{} has no module auth_radius", folder.display())) }
}

fn check_sipp() -> Outcome {
    process::found(&["sipp"]).map(|_| ()).ok_or_else(|| "no sipp on PATH".to_owned())
}

fn check_git() -> Outcome {
    process::found(&["git"]).map(|_| ()).ok_or_else(|| "no git on PATH".to_owned())
}
