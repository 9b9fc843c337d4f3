//! Showing a change, asking once, writing it: the same way in every command that changes a person's files.

use std::process::ExitCode;

use clap::Args;

use super::say;
use super::{ask, show_diff};
use crate::host::terminal;
use crate::ops::change::Change;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;

/// The flags of every command that changes a person's files.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct ChangeArgs {
    /// Show what would be written, and write nothing; exits with 3 if that is something
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Write without asking
    #[arg(long, short)]
    pub(super) yes: bool,
}

impl ChangeArgs {
    /// Whether a person is asked.
    pub(super) fn asks(self) -> bool {
        terminal::can_ask() && !self.yes && !self.dry_run
    }

    /// Refuses to go on where something is to be written, nobody can be asked, and nothing says what to do then.
    pub(super) fn check(self) -> Result<(), Failure> {
        if self.yes || self.dry_run || terminal::can_ask() {
            return Ok(());
        }
        Err(Failure::misuse("there is no terminal to ask at, so nothing would be written")
            .hint("add --yes to write without asking, or --dry-run to only see what would be written"))
    }
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// There was nothing to change.
    Unchanged,
    /// It was only shown.
    Shown,
    /// The person said no.
    Declined,
    /// It is written.
    Written,
}

impl Ended {
    /// 3 for a dry run that found something to write; 1 where the person said no, so that nothing that was to follow on
    /// the same line does; 0 otherwise.
    pub(super) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Unchanged | Self::Written => 0,
            Self::Declined => 1,
            Self::Shown => 3,
        })
    }
}

/// How often a plan is made anew when other programs keep writing the file: sixteen writers get through.
const ATTEMPTS: u32 = 50;

/// Shows what `plan` makes, asks once, and writes it with `apply`.
///
/// When another program wrote the file since it was read, the plan no longer fits: with `--yes` it is made anew,
/// otherwise the person has seen something that is no longer true. `say_more` says what else there is to know before
/// the question.
pub(super) fn carry_out<T>(
    machine: &Machine,
    args: ChangeArgs,
    mut plan: impl FnMut() -> Result<T, Failure>,
    change_of: impl Fn(&T) -> &Change,
    say_more: impl FnOnce(&T),
    apply: impl Fn(&T) -> Result<(), Failure>,
) -> Result<(T, Ended), Failure> {
    let planned = plan()?;
    let change = change_of(&planned);
    if !args.dry_run {
        change.check_replaceable(machine)?;
    }
    let manner = if args.dry_run { show_diff::Manner::Data } else { show_diff::Manner::Folded };
    let is_folded = show(machine, change, manner);
    say_more(&planned);
    if change_of(&planned).is_empty() {
        return Ok((planned, Ended::Unchanged));
    }
    if args.dry_run {
        say::note("dry run: nothing was written");
        return Ok((planned, Ended::Shown));
    }
    args.check()?;
    if args.asks() && !may_write(machine, change_of(&planned), is_folded)? {
        say::note("nothing was written");
        return Ok((planned, Ended::Declined));
    }
    if args.yes {
        return insist(planned, plan, apply);
    }
    apply(&planned).map(|()| (planned, Ended::Written))
}

/// Writes, and makes the plan anew as long as other programs write the file in between.
pub(super) fn insist<T>(
    mut planned: T,
    mut plan: impl FnMut() -> Result<T, Failure>,
    apply: impl Fn(&T) -> Result<(), Failure>,
) -> Result<(T, Ended), Failure> {
    for _ in 0..ATTEMPTS {
        match apply(&planned) {
            Err(failure) if failure.kind == FailureKind::Outdated => planned = plan()?,
            other => return other.map(|()| (planned, Ended::Written)),
        }
    }
    Err(Failure::new("other programs keep writing the file")
        .hint("nothing was written; run the command again"))
}

/// Shows the files that will change, and says whether some of it was folded.
pub(super) fn show(machine: &Machine, change: &Change, manner: show_diff::Manner) -> bool {
    show_all(machine, &[change], manner)
}

/// The same of several changes.
pub(super) fn show_all(machine: &Machine, changes: &[&Change], manner: show_diff::Manner) -> bool {
    let mut is_folded = false;
    for plan in changes.iter().flat_map(|change| change.files()) {
        if manner != show_diff::Manner::Data {
            say::line("");
        }
        let (path, is_new) = (machine.shown(&plan.file.path), plan.file.bytes.is_none());
        is_folded |= show_diff::show(&path, is_new, &plan.diff(), manner);
        if plan.file.has_other_names {
            say::careful("this file has other names (hard links); they will keep the old content");
        }
    }
    if changes.iter().any(|change| !change.is_empty()) && manner != show_diff::Manner::Data {
        say::line("");
    }
    is_folded
}

/// Asks whether to write; where the diff was folded, all of it can be seen first.
fn may_write(machine: &Machine, change: &Change, is_folded: bool) -> Result<bool, Failure> {
    if is_folded && ask::confirm("Show every line first?", false)? {
        show(machine, change, show_diff::Manner::Whole);
    }
    ask::confirm("Write this?", true)
}
