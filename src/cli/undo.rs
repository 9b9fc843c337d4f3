//! `jitpass undo`: take back what was written into your files.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::Outcome;
use super::change::{ChangeArgs, Ended, carry_out};
use super::say::{self, BAD, FAINT, STRONG, styled};
use crate::base::text;
use crate::ops::failure::Failure;
use crate::ops::history::PastChange;
use crate::ops::machine::Machine;
use crate::ops::undo::{InTheWay, Undoing, Which, apply, prepare};
use crate::plan::Clash;

/// Take back what jitpass wrote into your files: its lines, and nothing else
///
/// Without a number, the newest change that stands. What you or others changed since stays; lines that are no longer
/// as they were written are shown, and then nothing is taken back. To bring back what was taken back, undo the undo. To
/// go further back, name with --to the oldest change that is to go.
#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    /// Number of the change, from `jitpass history`
    number: Option<u64>,

    /// Take back all from this change on, as one change; undos and what they took back cancel out
    #[arg(long, value_name = "NUMBER", conflicts_with = "number")]
    to: Option<u64>,

    #[command(flatten)]
    change: ChangeArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Places of a file that are shown.
const MOST_PLACES: usize = 5;

/// Changes that are named.
const MOST_CHANGES: usize = 8;

/// Lines of a conflict that are shown.
const MOST_LINES: usize = 30;

pub(super) fn run(machine: &Machine, args: &UndoArgs) -> Outcome {
    let which = match (args.number, args.to) {
        (_, Some(number)) => Which::Since(number),
        (Some(number), None) => Which::One(number),
        (None, None) => Which::Newest,
    };
    let first = prepare(machine, which)?;
    let number = first.past.number;
    // Which change it is must not change while it is asked about.
    let which = if which == Which::Newest { Which::One(number) } else { which };
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
    say::note(taking_back(&first));
    let plan = || {
        let undoing = prepare(machine, which)?;
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
            let what = if args.to.is_some() { "what was changed since change" } else { "change" };
            return Err(Failure::new(format!("{what} {number} cannot be taken back: its file is gone")));
        }
        Ended::Shown | Ended::Declined => {}
    }
    if args.json {
        print(&undoing, machine, written.get())?;
    }
    Ok(ended.exit_code())
}

/// `taking back change 7 (`sync`)`, `taking back 3 changes, newest first: 9 (`sync`), 8 (`profile edit`), 7 (`setup`)`.
fn taking_back(undoing: &Undoing) -> String {
    let one = |change: &PastChange| format!("{} (`{}`)", change.number, text::Visible(&change.command));
    match &undoing.takes[..] {
        [only] => format!("taking back change {}", one(only)),
        several => {
            let most = text::at_most(several.len(), MOST_CHANGES);
            let shown: Vec<String> = several[..most].iter().map(one).collect();
            let more = match several.len() - most {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let count = text::count(several.len(), "change");
            format!("taking back {count}, newest first: {}{more}", shown.join(", "))
        }
    }
}

/// What else there is to know before the question.
fn notes(machine: &Machine, undoing: &Undoing) {
    for path in &undoing.change.removes {
        say::note(format_args!("{} goes: jitpass made it, and it holds nothing else", machine.shown(path)));
    }
    for script in &undoing.scripts.writes {
        let (path, shell) = (machine.shown(&script.path), script.shell);
        say::note(format_args!("{path}: jitpass's own script for {shell} comes back with the block"));
    }
    for path in &undoing.scripts.removes {
        say::note(format_args!("{} goes: jitpass's own script", machine.shown(path)));
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
    let what = match &undoing.takes[..] {
        [only] => format!("change {} is", only.number),
        several => format!("{} are", text::count(several.len(), "change")),
    };
    say::done(format_args!("{what} taken back in {}", files.join(" and ")));
    if let Some(number) = written {
        let them = if undoing.takes.len() == 1 { "it" } else { "them" };
        say::note(format_args!("to bring {them} back: jitpass undo {number}"));
    }
    if let Some((number, command)) = &undoing.belongs {
        let command = text::Visible(command);
        say::note(format_args!("change {number} (`{command}`) belongs to it: jitpass undo {number}"));
    }
}

/// Shows what stands in the way: what was written, and what is there now.
fn clashes(machine: &Machine, undoing: &Undoing) {
    for InTheWay { path, clashes, .. } in &undoing.clashes {
        let file = machine.shown(path);
        let most = text::at_most(clashes.len(), MOST_PLACES);
        for clash in &clashes[..most] {
            show_clash(&file, clash);
        }
        if clashes.len() > most {
            let more = text::count(clashes.len() - most, "more place");
            say::line(styled(FAINT, format_args!("… and {more} in {file}")));
        }
        say::line("");
    }
}

fn show_clash(file: &str, clash: &Clash) {
    let verb = if clash.is_removal { "taken out" } else { "written" };
    let line = clash.now.as_ref().map(|(line, _)| line).or(clash.places.first());
    let place = line.map_or(file.to_owned(), |line| format!("{file}:{line}"));
    let what = match (&clash.section, line, clash.is_removal) {
        (Some(section), Some(_), true) => format!("{verb} of {section}:"),
        (Some(section), Some(_), false) => format!("{verb} to {section}:"),
        (Some(section), None, true) => format!("{verb} of {section}, which is not there now:"),
        (Some(section), None, false) => format!("{verb} to {section}, which is not there now:"),
        (None, ..) => format!("{verb}:"),
    };
    say::line(format_args!("{} {}", styled(STRONG, place), styled(FAINT, format_args!("· {what}"))));
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
    let most = text::at_most(lines.len(), MOST_LINES);
    for line in &lines[..most] {
        say::line(shown(line));
    }
    if lines.len() > most {
        let more = text::count(lines.len() - most, "more line");
        say::line(styled(FAINT, format_args!("    … and {more}")));
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
            "deleted": undoing.change.removes.contains(&plan.file.path),
        })
    };
    let clash = |one: &InTheWay, clash: &Clash| {
        json!({
            "change": one.number,
            "path": one.path.display().to_string(),
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
        .flat_map(|one| one.clashes.iter().map(move |piece| clash(one, piece)))
        .collect();
    let report = json!({
        "undoes": undoing.past.number,
        "through": undoing.through,
        "takes_back": undoing.takes.iter().map(|change| change.number).collect::<Vec<_>>(),
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
