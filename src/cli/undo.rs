//! `jitpass undo`: take back what was written into your files.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::Outcome;
use super::change::{ChangeArgs, Ended, carry_out};
use super::say::{self, BAD, FAINT, STRONG, styled};
use crate::base::text;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::undo::{Undoing, apply, prepare};
use crate::plan::Clash;

/// Take back what jitpass wrote into your files: its lines, and nothing else
///
/// Without a number, the newest change that stands. What you or others changed since stays; lines that are no longer
/// as they were written are shown, and then nothing is taken back. To bring back what was taken back, undo the undo.
#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    /// Number of the change, from `jitpass history`
    number: Option<u64>,

    #[command(flatten)]
    change: ChangeArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Lines of a conflict that are shown.
const MOST_LINES: usize = 30;

pub(super) fn run(machine: &Machine, args: &UndoArgs) -> Outcome {
    let first = prepare(machine, args.number)?;
    // Which change it is must not change while it is asked about.
    let number = first.past.number;
    if let Some(refusal) = first.refusal(machine) {
        if args.json {
            print(&first, machine, None)?;
        } else {
            clashes(machine, &first);
        }
        return Err(refusal);
    }
    if args.json && args.change.dry_run {
        print(&first, machine, None)?;
        let ended = if first.change.is_empty() { Ended::Unchanged } else { Ended::Shown };
        return Ok(ended.exit_code());
    }
    say::note(format_args!("taking back change {number} (`{}`)", text::Visible(&first.past.command)));
    let plan = || {
        let undoing = prepare(machine, Some(number))?;
        undoing.refusal(machine).map_or(Ok(undoing), Err)
    };
    let written = std::cell::Cell::new(None);
    let write = |undoing: &Undoing| {
        written.set(apply(machine, undoing)?);
        Ok(())
    };
    let (undoing, ended) = carry_out(
        machine,
        args.change,
        plan,
        |undoing| &undoing.change,
        |undoing| notes(machine, undoing),
        write,
    )?;
    match ended {
        Ended::Written => say_done(machine, &undoing, written.get()),
        Ended::Unchanged if undoing.vanished.is_empty() => {
            say::done("nothing to take back: it is as it was before")
        }
        Ended::Unchanged => {
            return Err(Failure::new(format!("change {number} cannot be taken back: its file is gone")));
        }
        Ended::Shown | Ended::Declined => {}
    }
    if args.json {
        print(&undoing, machine, written.get())?;
    }
    Ok(ended.exit_code())
}

/// What else there is to know before the question.
fn notes(machine: &Machine, undoing: &Undoing) {
    for path in &undoing.removes {
        say::note(format_args!("{} goes: jitpass made it, and it holds nothing else", machine.shown(path)));
    }
    for path in &undoing.vanished {
        say::careful(format_args!(
            "{} is not there any more: nothing to take back in it",
            machine.shown(path)
        ));
    }
    for path in undoing.already.iter().filter(|_| !undoing.change.is_empty()) {
        say::note(format_args!("{} is as it was before already", machine.shown(path)));
    }
    if undoing.missing > 0 {
        let secrets = text::count(undoing.missing, "secret");
        say::careful(format_args!(
            "{secrets} of the old lines cannot be had any more, and the words that held {} left out",
            if undoing.missing == 1 { "it are" } else { "them are" }
        ));
    }
}

fn say_done(machine: &Machine, undoing: &Undoing, written: Option<u64>) {
    let files: Vec<String> = undoing.change.files().map(|plan| machine.shown(&plan.file.path)).collect();
    say::done(format_args!("change {} is taken back in {}", undoing.past.number, files.join(" and ")));
    if let Some(number) = written {
        say::note(format_args!("to bring it back: jitpass undo {number}"));
    }
}

/// Shows what stands in the way: what was written, and what is there now.
fn clashes(machine: &Machine, undoing: &Undoing) {
    for (path, clashes) in &undoing.clashes {
        say::line(styled(STRONG, machine.shown(path)));
        for clash in clashes.iter().take(5) {
            show_clash(clash);
        }
        if clashes.len() > 5 {
            say::line(styled(
                FAINT,
                format_args!("  … and {}", text::count(clashes.len() - 5, "more place")),
            ));
        }
        say::line("");
    }
}

fn show_clash(clash: &Clash) {
    let head = match (&clash.section, clash.is_removal) {
        (Some(section), true) => format!("taken out of {section}:"),
        (None, true) => "taken out:".to_owned(),
        (Some(section), false) => format!("written to {section}:"),
        (None, false) => "written:".to_owned(),
    };
    say::line(format_args!("  {}", styled(FAINT, head)));
    let mark = if clash.is_removal { "-" } else { "+" };
    some(&clash.wrote, |line| format!("  {mark} {line}"));
    if !clash.places.is_empty() {
        let lines: Vec<String> = clash.places.iter().take(6).map(usize::to_string).collect();
        say::line(styled(FAINT, format_args!("  there now at lines {}", lines.join(", "))));
        return;
    }
    match &clash.now {
        Some((line, now)) => {
            say::line(styled(FAINT, format_args!("  there now, from line {line}:")));
            let is_ours = |line: &String| clash.wrote.contains(line);
            some(now, |line| {
                if is_ours(line) { format!("    {line}") } else { styled(BAD, format_args!("  ! {line}")) }
            });
        }
        None => say::line(styled(FAINT, "  there now: nothing of it")),
    }
}

fn some(lines: &[String], shown: impl Fn(&String) -> String) {
    for line in lines.iter().take(MOST_LINES) {
        say::line(shown(line));
    }
    if lines.len() > MOST_LINES {
        say::line(styled(
            FAINT,
            format_args!("    … and {}", text::count(lines.len() - MOST_LINES, "more line")),
        ));
    }
}

/// Names and words stay as they are; more may come.
fn print(undoing: &Undoing, machine: &Machine, written: Option<u64>) -> Result<(), Failure> {
    let paths = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
    let file = |plan: &crate::ops::write::FilePlan| {
        let diff = plan.diff();
        json!({
            "path": plan.file.path.display().to_string(),
            "added": diff.added,
            "removed": diff.removed,
            "deleted": undoing.removes.contains(&plan.file.path),
        })
    };
    let clash = |path: &PathBuf, clash: &Clash| {
        json!({
            "path": path.display().to_string(),
            "section": clash.section,
            "wrote": clash.wrote,
            "was_removal": clash.is_removal,
            "line": clash.now.as_ref().map(|(line, _)| line),
            "now": clash.now.as_ref().map(|(_, now)| now),
            "lines": clash.places,
        })
    };
    let all: Vec<Value> = undoing
        .clashes
        .iter()
        .flat_map(|(path, clashes)| clashes.iter().map(move |one| clash(path, one)))
        .collect();
    let report = json!({
        "undoes": undoing.past.number,
        "number": written,
        "written": written.is_some(),
        "files": undoing.change.files().map(file).collect::<Vec<_>>(),
        "vanished": paths(&undoing.vanished),
        "already": paths(&undoing.already),
        "missing_secrets": undoing.missing,
        "conflicts": all,
        "error": undoing.refusal(machine).map(|failure| failure.message),
    });
    say::data(&format!("{report:#}\n")).map_err(|e| Failure::new("the report cannot be printed").because(&e))
}
