//! `jitpass logout`: sign out of a portal.

use std::process::ExitCode;

use clap::Args;

use super::say;
use super::{Outcome, login, sign_in};
use crate::base::PortalAddress;
use crate::ops::failure::Failure;
use crate::ops::login::sign_out;
use crate::ops::machine::Machine;
use crate::ops::token;
use crate::ops::write::drop_secrets;

/// Sign out: forget a portal's token and every credential that was issued with it
///
/// Nothing is said to the portal: to end the session there too, log out in the browser. Credentials that programs hold
/// already work until they expire.
#[derive(Debug, Args)]
pub(super) struct LogoutArgs {
    /// Portal, by its name in your settings or its address; needed unless you have exactly one
    #[arg(conflicts_with = "all")]
    portal: Option<String>,

    /// Sign out of every portal
    #[arg(long)]
    all: bool,
}

pub(super) fn run(machine: &Machine, args: &LogoutArgs) -> Outcome {
    let portals = match &args.portal {
        Some(typed) => vec![machine.portal(typed)?.0],
        None if args.all => every_portal(machine)?,
        None => vec![login::only_portal(machine, "logout")?],
    };
    let mut outcome = Ok(ExitCode::SUCCESS);
    for portal in &portals {
        let host = portal.host.authority();
        match sign_out(machine, portal) {
            Ok(true) => say::done(format_args!("signed out of {host}")),
            Ok(false) => say::note(format_args!("nobody was signed in to {host}")),
            // The others are worth signing out of all the same.
            Err(failure) if portals.len() > 1 => {
                say::failure(&failure);
                outcome = Ok(ExitCode::FAILURE);
            }
            Err(failure) => return Err(failure),
        }
    }
    for portal in &portals {
        let host = portal.host.authority();
        if sign_in::check_command(machine, portal).is_err() {
            say::careful(format_args!("programs go on getting a token for {host} from its `token_command`"));
        }
        if token::explicit(machine, portal, None).0.is_some() {
            say::careful(format_args!("DUPLO_TOKEN is set for {host}, and goes on being used"));
        }
    }
    if args.all && drop_secrets(machine)? {
        say::note("secrets kept for `jitpass undo` are dropped, too");
    }
    if portals.is_empty() {
        say::note("nobody is signed in anywhere");
    }
    outcome
}

/// Those of the settings, and those that somebody signed in to without.
fn every_portal(machine: &Machine) -> Result<Vec<PortalAddress>, Failure> {
    let mut portals: Vec<PortalAddress> = machine.tokens().map(|tokens| tokens.portals()).unwrap_or_default();
    portals.extend(machine.portals()?.into_iter().map(|portal| portal.address));
    portals.sort();
    portals.dedup();
    Ok(portals)
}
