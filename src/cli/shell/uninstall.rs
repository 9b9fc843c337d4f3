//! `jitpass shell uninstall`: the start-up files as they were.

use clap::Args;

use super::outcome;
use crate::base::text;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, say};
use crate::ops::machine::Machine;
use crate::ops::shell::uninstall::{self, Leaving};
use crate::shell::Shell;

/// Take the integration out of the start-up files
///
/// Looks in every file in which it may be, takes out what is jitpass's and leaves every other byte as it was. Files and
/// directories that were made for it go.
#[derive(Debug, Args)]
pub(super) struct UninstallArgs {
    /// Only for these: bash, zsh, fish, powershell, nushell, elvish, xonsh, tcsh, sh
    #[arg(value_name = "SHELL")]
    shells: Vec<Shell>,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: &UninstallArgs) -> Outcome {
    let shells = if args.shells.is_empty() { Shell::ALL.to_vec() } else { args.shells.clone() };
    let (leaving, ended) = carry_out(
        machine,
        args.change,
        || uninstall::prepare(machine, &shells),
        |leaving| &leaving.change,
        |leaving| {
            notes(machine, leaving);
            if args.change.dry_run {
                leaving.refused.iter().for_each(say::failure);
            }
        },
        |leaving| uninstall::apply(machine, leaving),
    )?;
    match ended {
        Ended::Written => {
            let files: Vec<String> =
                leaving.change.files().map(|plan| machine.shown(&plan.file.path)).collect();
            say::done(format_args!("taken out of {}", text::list(&files, 6).replace('`', "")));
            say::note("terminals that are open keep `jitnow` and `jituse` until they are closed");
        }
        Ended::Unchanged if leaving.is_empty() => say::note("no start-up file loads the integration"),
        Ended::Unchanged if args.change.dry_run => {
            say::note("dry run: nothing was removed");
            return Ok(outcome(&leaving.refused, Ended::Shown));
        }
        Ended::Unchanged => {
            args.change.check()?;
            uninstall::apply(machine, &leaving)?;
            say::done("the scripts are removed");
        }
        Ended::Shown | Ended::Declined => {}
    }
    if !args.change.dry_run {
        leaving.refused.iter().for_each(say::failure);
    }
    Ok(outcome(&leaving.refused, ended))
}

/// What else goes, and what stays.
pub(in crate::cli) fn notes(machine: &Machine, leaving: &Leaving) {
    for path in &leaving.change.removes {
        say::note(format_args!("{} goes: jitpass made it, and it holds nothing else", machine.shown(path)));
    }
    for path in &leaving.scripts {
        say::note(format_args!("{} goes: jitpass's own script", machine.shown(path)));
    }
    leaving.left.iter().for_each(say::careful);
}
