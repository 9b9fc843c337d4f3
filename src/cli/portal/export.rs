//! `jitpass portal export`: one's choices for a colleague.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::base::text;
use crate::cli::{Outcome, say};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::portal::{self, export};
use crate::store::settings::PortalSettings;

/// Print your choices as a file for a colleague's `setup --from`
///
/// Addresses, names, patterns of tenants, templates, and the extra keys that are known to do no harm. Never a token, a
/// person, or a command that would run on another machine; what is left out is said.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Portals by name or address; all that are set up, without one
    #[arg(value_name = "PORTAL")]
    portals: Vec<String>,

    /// Write it to this file; it must be new, unless you say --yes
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace the file
    #[arg(long, short, requires = "output")]
    yes: bool,
}

pub(super) fn run(machine: &Machine, args: &ExportArgs) -> Outcome {
    let mut portals: Vec<PortalSettings> = Vec::new();
    for typed in &args.portals {
        let portal = portal::chosen(machine, Some(typed))?;
        if !portals.contains(&portal) {
            portals.push(portal);
        }
    }
    if args.portals.is_empty() {
        portals = machine.portals()?;
    }
    if portals.is_empty() {
        return Err(Failure::misuse("no portal is set up yet").hint("set one up: jitpass setup"));
    }
    let made = export::export(machine, &portals)?;
    match &args.output {
        Some(path) => {
            export::write(machine, path, &made.text, args.yes)?;
            let file = machine.shown(path);
            say::done(format_args!(
                "{} written to {}",
                text::count(portals.len(), "portal"),
                text::Visible(&file)
            ));
            say::note(format_args!("a colleague types: jitpass setup --from {}", text::Visible(&file)));
        }
        None => say::data(&made.text).map_err(|e| Failure::new("the file cannot be printed").because(&e))?,
    }
    for (portal, names) in &made.left_out {
        say::note(format_args!("left out of {portal}: {}", text::list(names, 8)));
    }
    Ok(ExitCode::SUCCESS)
}
