//! `jitpass uninstall`: every trace, shown and removed.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;

use super::change::{self, ChangeArgs, Ended};
use super::say::{self, NAME, STRONG, styled};
use super::{Outcome, ask, aws, show_diff};
use crate::base::text;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::uninstall::{self, Kind, Prepared, apply, prepare};

/// Remove every trace of jitpass, shown first
///
/// What it wrote into your AWS config and start-up files is taken back, tokens, settings, caches and the journal go, and
/// with them the directories that it made. What is not from jitpass stays, and is named where it will miss it. At a
/// terminal you choose what goes. The program itself stays; the command that removes it is shown.
#[derive(Debug, Args)]
pub(super) struct UninstallArgs {
    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: &UninstallArgs) -> Outcome {
    let args = args.change;
    let read = &aws::reader();
    let first = prepare(machine, read, &Kind::usual())?;
    if first.is_empty() {
        say::note("there is no trace of jitpass here but the program itself");
        stays(machine, &first);
        program(machine);
        return Ok(ExitCode::SUCCESS);
    }
    args.check()?;
    let kinds = if args.asks() { chosen(machine, &first)? } else { Kind::usual() };
    let prepared = prepare(machine, read, &kinds)?;
    if prepared.is_empty() {
        say::note("nothing was chosen: nothing was removed");
        return Ok(ExitCode::SUCCESS);
    }
    if !args.dry_run {
        prepared.change.check_replaceable(machine)?;
        prepared.settings.check_replaceable(machine)?;
    }
    let manner = if args.dry_run { show_diff::Manner::Data } else { show_diff::Manner::Folded };
    let is_folded = change::show_all(machine, &[&prepared.change, &prepared.settings], manner);
    goes(machine, &prepared);
    stays(machine, &prepared);
    if args.dry_run {
        say::note("dry run: nothing was removed");
        return Ok(Ended::Shown.exit_code());
    }
    if args.asks() && !may_remove(machine, &prepared, is_folded)? {
        say::note("nothing was removed");
        return Ok(Ended::Declined.exit_code());
    }
    let is_all = prepared.leaving.refused.is_empty() || !prepared.kinds.contains(&Kind::Shells);
    let write = |prepared: &Prepared| apply(machine, prepared);
    if args.yes {
        change::insist(prepared, || prepare(machine, read, &kinds), write)?;
    } else {
        write(&prepared)?;
    }
    if is_all {
        say::done("removed");
    } else {
        say::careful("removed, but for the blocks in the start-up files named above");
    }
    program(machine);
    Ok(if is_all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Which kinds go, of those of which there is anything.
fn chosen(machine: &Machine, prepared: &Prepared) -> Result<BTreeSet<Kind>, Failure> {
    let there: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| prepared.found.contains(kind)).collect();
    let rows: Vec<String> = there.iter().map(|kind| row(machine, prepared, *kind)).collect();
    let usual = Kind::usual();
    let on: Vec<usize> = (0..there.len()).filter(|at| usual.contains(&there[*at])).collect();
    let picked = ask::choose("Remove:", &rows, &on)?;
    Ok(picked.into_iter().map(|at| there[at]).collect())
}

fn may_remove(machine: &Machine, prepared: &Prepared, is_folded: bool) -> Result<bool, Failure> {
    if is_folded && ask::confirm("Show every line first?", false)? {
        let changes = [&prepared.change, &prepared.settings];
        change::show_all(machine, &changes, show_diff::Manner::Whole);
    }
    ask::confirm("Remove all this?", false)
}

/// What there is of a kind, in a line.
fn row(machine: &Machine, prepared: &Prepared, kind: Kind) -> String {
    let shown =
        |dir: &Option<std::path::PathBuf>| dir.as_deref().map(|dir| machine.shown(dir)).unwrap_or_default();
    let list = |names: &[String]| text::list(names, 4).replace('`', "");
    match kind {
        Kind::Profiles if prepared.profiles.gone.is_empty() => {
            "profiles   the AWS config as it was before".to_owned()
        }
        Kind::Profiles => format!(
            "profiles   {} in the AWS config: {}",
            text::count(prepared.profiles.gone.len(), "profile"),
            list(&prepared.profiles.gone)
        ),
        Kind::Callers => {
            format!("callers    profiles of your own that call jitpass: {}", list(&prepared.profiles.callers))
        }
        Kind::Shells => {
            let files: Vec<String> =
                prepared.leaving.change.files().map(|plan| machine.shown(&plan.file.path)).collect();
            let blocks =
                if files.is_empty() { String::new() } else { format!("blocks in {}, ", list(&files)) };
            format!("shells     {blocks}jitpass's scripts in {}", shown(&machine.data_dir))
        }
        Kind::SignIns => {
            let portals: Vec<String> =
                prepared.portals.iter().map(|portal| portal.host.authority().to_owned()).collect();
            let of = if portals.is_empty() { String::new() } else { format!(" of {}", list(&portals)) };
            format!("sign-ins   tokens{of}, in the keyring and in files, and secrets kept for undo")
        }
        Kind::Settings => format!("settings   {}", shown(&machine.config_dir)),
        Kind::Caches => {
            format!("caches     credentials and what is known of portals, in {}", shown(&machine.cache_dir))
        }
        Kind::Records => format!("records    journal, locks and all else in {}", shown(&machine.state_dir)),
    }
}

/// What goes besides the lines that were shown.
fn goes(machine: &Machine, prepared: &Prepared) {
    say::line(styled(STRONG, "These go:"));
    for kind in
        Kind::ALL.into_iter().filter(|kind| prepared.found.contains(kind) && prepared.kinds.contains(kind))
    {
        say::line(format_args!("  {}", row(machine, prepared, kind)));
    }
    for path in &prepared.change.removes {
        say::note(format_args!("{} goes: jitpass made it, and it holds nothing else", machine.shown(path)));
    }
    if prepared.kinds.contains(&Kind::Profiles) {
        if !prepared.profiles.back.is_empty() {
            let back = text::list(&prepared.profiles.back, 6);
            say::note(format_args!("{back} come back as jitpass found them"));
        }
        if prepared.profiles.missing > 0 {
            let secrets = text::count(prepared.profiles.missing, "secret");
            say::careful(format_args!(
                "{secrets} of the old lines cannot be had any more, and the words that held them are left out"
            ));
        }
    }
}

/// What stays and has to do with jitpass.
fn stays(machine: &Machine, prepared: &Prepared) {
    let is_left = |kind| prepared.found.contains(&kind) && !prepared.kinds.contains(&kind);
    let ours = &prepared.profiles.gone;
    if is_left(Kind::Profiles) && !ours.is_empty() {
        say::careful(format_args!(
            "{} {}, without credentials when jitpass is gone",
            text::list(ours, 6),
            if ours.len() == 1 { "stays" } else { "stay" },
        ));
    }
    let files: Vec<String> =
        prepared.leaving.change.files().map(|plan| machine.shown(&plan.file.path)).collect();
    if is_left(Kind::Shells) && !files.is_empty() {
        say::careful(format_args!(
            "the blocks in {} stay; `jitnow` and `jituse` find no jitpass when it is gone",
            text::list(&files, 6).replace('`', "")
        ));
    }
    let callers = &prepared.profiles.callers;
    if !callers.is_empty() && !prepared.kinds.contains(&Kind::Callers) {
        say::careful(format_args!(
            "{} {} of your own that {} jitpass, and {} without credentials when it is gone",
            text::list(callers, 6),
            if callers.len() == 1 { "is a profile" } else { "are profiles" },
            if callers.len() == 1 { "calls" } else { "call" },
            if callers.len() == 1 { "stays" } else { "stay" },
        ));
    }
    prepared.left.iter().chain(&prepared.leaving.left).for_each(say::careful);
    prepared.leaving.refused.iter().for_each(say::failure);
}

/// The program, which whoever installed it removes.
fn program(machine: &Machine) {
    let Some(program) = uninstall::program(machine) else { return };
    for link in &program.links {
        say::careful(format_args!("{} is a link to jitpass", styled(NAME, machine.shown(link))));
    }
    say::line("");
    say::line("To remove the program itself:");
    say::command(&program.command);
}
