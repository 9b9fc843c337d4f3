//! `jitpass shell install`: the integration in the start-up files of the person's shells.

use std::process::ExitCode;

use clap::Args;

use super::{outcome, report};
use crate::base::text;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, ask, say};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::shell::Survey;
use crate::ops::shell::install;
use crate::shell::Shell;

/// Put the integration into the start-up files of your shells
///
/// Each gets one marked block with one line, which loads a script of jitpass's own; nothing else in it changes. Without
/// SHELL you are asked which; with --yes they are your login shell and every shell that you have a start-up file of.
/// Run it again at any time: what is as it should be stays. `jitpass shell uninstall` restores the files.
#[derive(Debug, Args)]
pub(super) struct InstallArgs {
    /// Only for these: bash, zsh, fish, powershell, nushell, elvish, xonsh, tcsh, sh
    #[arg(value_name = "SHELL")]
    shells: Vec<Shell>,

    /// Print what the start-up files need, and write nothing: for those who keep them elsewhere
    #[arg(long, conflicts_with_all = ["yes", "dry_run"])]
    print: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: &InstallArgs) -> Outcome {
    let shells = match &args.shells[..] {
        [] if args.print => in_use(&Survey::of(machine)?)?,
        [] => {
            args.change.check()?;
            chosen(machine, &Survey::of(machine)?, args.change)?
        }
        named => named.to_vec(),
    };
    if args.print {
        return print(machine, &shells);
    }
    if shells.is_empty() {
        say::note("no shell was chosen: nothing was written");
        return Ok(ExitCode::SUCCESS);
    }
    let (installing, ended) = carry_out(
        machine,
        args.change,
        || install::prepare(machine, &shells),
        |installing| &installing.change,
        |installing| {
            report::before(machine, installing);
            if args.change.dry_run {
                installing.refused.iter().for_each(say::failure);
            }
        },
        |installing| install::apply(machine, installing),
    )?;
    match ended {
        Ended::Written => report::written(machine, &installing),
        Ended::Unchanged if !installing.pending().is_empty() => {
            if args.change.dry_run {
                say::note("dry run: nothing was written");
                return Ok(outcome(&installing.refused, Ended::Shown));
            }
            install::write_scripts(machine, &installing)?;
            report::renewed(machine, &installing);
        }
        Ended::Unchanged => {
            report::already(machine, &installing);
            if args.change.dry_run {
                say::note("dry run: there is nothing to write");
            }
        }
        Ended::Shown | Ended::Declined => {}
    }
    // What was asked for and could not be done is said last, where it is read.
    if !args.change.dry_run {
        installing.refused.iter().for_each(say::failure);
    }
    Ok(outcome(&installing.refused, ended))
}

/// The shells that the person works in.
fn in_use(survey: &Survey) -> Result<Vec<Shell>, Failure> {
    let shells = survey.in_use();
    if shells.is_empty() {
        return Err(Failure::misuse(
            "none of your shells was found: SHELL is not set, and there are no start-up files",
        )
        .hint(format!("name one: jitpass shell install {}", Shell::names().join("|"))));
    }
    Ok(shells)
}

/// Those in use; at a terminal, those that the person picks. Those that are set up are not picked already.
fn chosen(machine: &Machine, survey: &Survey, args: ChangeArgs) -> Result<Vec<Shell>, Failure> {
    let all = survey.shells();
    if !args.asks() || all.len() < 2 {
        return in_use(survey);
    }
    let width = all.iter().map(|one| one.shell.name().len()).max().unwrap_or(0);
    let shells: Vec<Shell> = all.iter().map(|one| one.shell).collect();
    let set_up = install::prepare(machine, &shells)?.set_up();
    let row = |one: &crate::ops::shell::Traits| {
        let note = match () {
            () if set_up.contains(&one.shell) => "is set up already",
            () if one.is_login_shell => "your login shell",
            () if one.has_start_up_file => "has a start-up file of yours",
            () => "is installed",
        };
        format!("{:width$}  {note}", one.shell.name())
    };
    let rows: Vec<String> = all.iter().map(row).collect();
    let is_picked = |at: &usize| all[*at].is_in_use() && !set_up.contains(&all[*at].shell);
    let picked: Vec<usize> = (0..all.len()).filter(is_picked).collect();
    let picked = ask::choose("Shells:", &rows, &picked)?;
    Ok(picked.into_iter().map(|at| all[at].shell).collect())
}

/// What to put where, for those who do it themselves.
fn print(machine: &Machine, shells: &[Shell]) -> Outcome {
    for one in install::by_oneself(machine, shells)? {
        let files: Vec<String> = one.files.iter().map(|path| machine.shown(path)).collect();
        let script = machine.shown(&one.script);
        let place = if files.is_empty() { "none".to_owned() } else { text::list(&files, 4).replace('`', "") };
        let text = format!("# {}: into {place}\n{}", one.shell, one.block);
        say::data(&format!("{text}\n")).map_err(|e| Failure::of(&e))?;
        say::note(format_args!(
            "the line loads {script}, which every upgrade renews once it is there; to make it:"
        ));
        say::command(format_args!(
            "mkdir -p {} && jitpass shell init {} > {script}",
            one.script.parent().map(|dir| machine.shown(dir)).unwrap_or_default(),
            one.shell
        ));
        one.note.iter().for_each(say::careful);
    }
    Ok(ExitCode::SUCCESS)
}
