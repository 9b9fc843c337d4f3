//! `jitpass status`: who is signed in where, and how long everything still lives.

mod bar;
pub(super) mod json;
mod report;
mod rows;

use std::process::ExitCode;

use clap::Args;

use super::{Outcome, say};
use crate::base::{PortalUrl, text};
use crate::host::env::names;
use crate::host::terminal;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::status::{self, PortalStatus, Standing};
use crate::ops::token;
use crate::store::keyring::Asking;

/// Show who is signed in, and how long credentials still live
///
/// Without --check it reads files only, asks nobody, and is done at once: a token that was logged out of elsewhere
/// still looks like one. Profiles without a credential are counted, unless they are few or you name the portal.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Portal, by its name in your settings or its address; all that anything is known of if left out
    portal: Option<String>,

    /// Ask the portals: are they there, do they accept the token, whose is it; exit 1 unless they all do
    #[arg(long)]
    check: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(machine: &Machine, args: &StatusArgs) -> Outcome {
    let only = match &args.portal {
        Some(typed) => Some(machine.portal(typed)?.0.host),
        None => None,
    };
    let mut portals = status::status(machine, only.as_ref(), &super::aws::reader())?;
    if args.check {
        let asking = if terminal::can_ask() { Asking::Person } else { Asking::Nobody };
        say::while_working("Asking the portals", || status::check(machine, &mut portals, asking));
    }
    let printed = if args.json {
        say::data(&json::json(&portals))
    } else {
        say_what_is_odd(machine, &portals);
        report::print(machine, &portals, only.is_some())
    };
    printed.map_err(|e| Failure::new("the status cannot be printed").because(&e))?;
    let is_right =
        |portal: &PortalStatus| portal.check.as_ref().is_some_and(|check| check.is_accepted == Some(true));
    let is_fine = !args.check || !portals.is_empty() && portals.iter().all(is_right);
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What explains an answer that somebody did not expect.
fn say_what_is_odd(machine: &Machine, portals: &[PortalStatus]) {
    if portals.is_empty() {
        say::note("nothing is set up yet");
        say::command("jitpass setup");
    }
    if !token::is_given(machine, names::DUPLO_TOKEN) {
        return;
    }
    match machine.env.text(names::DUPLO_HOST).filter(|host| !host.trim().is_empty()) {
        None => say::careful("DUPLO_TOKEN is not used: DUPLO_HOST does not say whose it is"),
        Some(host) if PortalUrl::from_typed(&host).is_err() => say::careful(format_args!(
            "DUPLO_TOKEN is not used: DUPLO_HOST is no portal's address: {}",
            text::one_line(&host, 60)
        )),
        Some(_) => {}
    }
}

/// Whether somebody could sign in here, and nobody is.
fn is_signed_out(standing: Standing) -> bool {
    matches!(standing, Standing::Over | Standing::SignedOut | Standing::Never)
}
