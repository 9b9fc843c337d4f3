//! `jitpass history`: what was written into your files.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::columns::clipped;
use super::show_diff::{self, Manner};
use super::wrap::wrapped;
use super::{Outcome, say};
use crate::base::text;
use crate::host::{dirs, terminal};
use crate::ops::failure::Failure;
use crate::ops::history::{PastChange, PastFile, Standing, history, is_settings};
use crate::ops::machine::Machine;

/// Show what jitpass wrote into your files, newest first
///
/// With a number, the diff of that change. `jitpass undo` takes a change back.
#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// Number of the change to show
    number: Option<u64>,

    /// How many changes to list
    #[arg(short = 'n', value_name = "N", default_value_t = 20, conflicts_with = "number")]
    most: usize,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(machine: &Machine, args: &HistoryArgs) -> Outcome {
    let changes = history(machine)?;
    match args.number {
        Some(number) => {
            let change = changes.iter().find(|change| change.number == number).ok_or_else(|| {
                Failure::misuse(format!("there is no change {number}")).hint("`jitpass history` lists them")
            })?;
            if args.json {
                print(&format!("{:#}\n", one(change, true)))?;
            } else {
                show(machine, change);
            }
        }
        None => list(machine, &changes, args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(machine: &Machine, changes: &[PastChange], args: &HistoryArgs) -> Result<(), Failure> {
    let listed: Vec<&PastChange> = changes.iter().rev().take(args.most).collect();
    if args.json {
        let all = listed.iter().map(|change| one(change, false)).collect();
        return print(&format!("{:#}\n", Value::Array(all)));
    }
    if changes.is_empty() {
        say::note("jitpass has written nothing yet");
    }
    print(&table(machine, &listed))?;
    let older = changes.len() - listed.len();
    if older > 0 && args.most > 0 {
        say::note(format_args!(
            "{}: jitpass history -n {}",
            text::count(older, "older change"),
            changes.len()
        ));
    }
    Ok(())
}

/// A row each, the sections and files last: they are what may be long. The usual files are named where there is room.
fn table(machine: &Machine, changes: &[&PastChange]) -> String {
    let row = |change: &&PastChange| {
        let (added, removed) = totals(change);
        [
            change.number.to_string(),
            ago(machine, change),
            what(change),
            format!("+{added} −{removed}"),
            sections(machine, change),
        ]
    };
    let heading = ["NO", "WHEN", "COMMAND", "LINES", "WHAT"].map(str::to_owned);
    let heads = terminal::stdout_is_terminal() && !changes.is_empty();
    let mut rows: Vec<_> = changes.iter().map(row).collect();
    let widest = |rows: &[[String; 5]], column: usize| {
        let heading = if heads { heading[column].chars().count() } else { 0 };
        rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0).max(heading)
    };
    let [number, when, command, lines] = [0, 1, 2, 3].map(|column| widest(&rows, column));
    let before = number + when + command + lines + 4 * GAP;
    let width = say::width(&machine.env);
    let room = width.map(|all| all.saturating_sub(before).max(LEAST));
    // For a person a long row goes on below; for a program, a row is a line.
    let parts = terminal::stdout_is_terminal();
    for (row, change) in rows.iter_mut().zip(changes) {
        let aside = aside(change);
        let word = room.filter(|_| parts);
        let room = room.map(|room| room.saturating_sub(aside.chars().count()).max(LEAST));
        row[4] = what_and_where(machine, change, &row[4], room, word) + &aside;
    }
    heads.then_some(&heading).into_iter().chain(&rows).fold(String::new(), |mut out, row| {
        let [one, two, three, four, five] = row;
        let row = format!("{one:>number$}  {two:when$}  {three:command$}  {four:lines$}  {five}");
        let row = match width.filter(|_| parts) {
            Some(width) => wrapped(&row, width + 1, before),
            None => row,
        };
        let _ = writeln!(out, "{row}");
        out
    })
}

/// Blanks between two columns.
const GAP: usize = 2;

/// The least room for what was changed.
const LEAST: usize = 12;

/// The sections, and the files: those that are not the usual ones, or all where there is room. Where a row may go on
/// below, only a word that is longer than `word` is clipped.
fn what_and_where(
    machine: &Machine,
    change: &PastChange,
    sections: &str,
    room: Option<usize>,
    word: Option<usize>,
) -> String {
    let with = |files: &str| match (sections, files) {
        ("", files) => files.to_owned(),
        (sections, "") => sections.to_owned(),
        (sections, files) => format!("{sections} · {files}"),
    };
    let fits = |text: &str| room.is_none_or(|room| text.chars().count() <= room);
    let all = with(&files(machine, change, |_| true));
    if fits(&all) {
        return all;
    }
    let unusual = with(&files(machine, change, |file| {
        !is_settings(machine, &file.path) && dirs::aws_config_file(&machine.env).as_ref() != Some(&file.path)
    }));
    match (room, word) {
        (Some(_), Some(most)) if !fits(&unusual) => {
            unusual.split(' ').map(|word| clipped(word, most)).collect::<Vec<_>>().join(" ")
        }
        (Some(room), None) if !fits(&unusual) => clipped(&unusual, room),
        _ => unusual,
    }
}

/// The names of the sections in short, those of profiles first: `acme-dev01`, `acme-dev01 and 3 more`.
fn sections(machine: &Machine, change: &PastChange) -> String {
    let mut names: Vec<String> = Vec::new();
    for file in change.shown_files(machine).into_iter().rev() {
        names.extend(file.sections().iter().map(|name| name.replace("profile ", "")));
    }
    let shown = |name: &String| text::one_line(name, 60);
    match &names[..] {
        [] => String::new(),
        [only] => shown(only),
        [one, other] => format!("{} and {}", shown(one), shown(other)),
        [first, others @ ..] => format!("{} and {} more", shown(first), others.len()),
    }
}

fn show(machine: &Machine, change: &PastChange) {
    say::line(format_args!(
        "change {}: {}, {}{}",
        change.number,
        what(change),
        ago(machine, change),
        aside(change)
    ));
    for (at, file) in change.shown_files(machine).into_iter().enumerate() {
        if at > 0 {
            say::data_line("");
        }
        show_diff::show(&machine.shown(&file.path), file.is_new, &file.diff(), Manner::Data);
    }
}

fn totals(change: &PastChange) -> (usize, usize) {
    change.files.iter().fold((0, 0), |(added, removed), file| (added + file.added, removed + file.removed))
}

fn what(change: &PastChange) -> String {
    match (change.undoes, change.through) {
        (Some(number), Some(_)) => format!("{} --to {number}", text::Visible(&change.command)),
        (Some(number), None) => format!("{} {number}", text::Visible(&change.command)),
        (None, _) => text::Visible(&change.command).to_string(),
    }
}

fn files(machine: &Machine, change: &PastChange, is_shown: impl Fn(&PastFile) -> bool) -> String {
    let file = |file: &PastFile| {
        let path = machine.shown(&file.path);
        let note = match (file.is_new, file.was_removed) {
            (true, _) => " (new)",
            (_, true) => " (removed)",
            _ => "",
        };
        format!("{}{note}", text::Visible(&path))
    };
    let shown = change.shown_files(machine).into_iter().filter(|file| is_shown(file));
    shown.map(file).collect::<Vec<_>>().join(", ")
}

fn aside(change: &PastChange) -> String {
    match change.standing {
        Standing::Stands => String::new(),
        Standing::UndoneBy(number) => format!(" · taken back by {number}"),
        Standing::NotThere => " · not there any more".to_owned(),
    }
}

/// How long ago, or the day where that is long.
fn ago(machine: &Machine, change: &PastChange) -> String {
    match machine.now().since(change.at) {
        ..60 => "just now".to_owned(),
        seconds @ 60..2_592_000 => format!("{} ago", text::duration(seconds)),
        _ => change.at.to_string().get(..10).unwrap_or_default().to_owned(),
    }
}

/// Names and words stay as they are; more may come.
fn one(change: &PastChange, with_lines: bool) -> Value {
    let (standing, undone_by) = match change.standing {
        Standing::Stands => ("stands", None),
        Standing::UndoneBy(number) => ("undone", Some(number)),
        Standing::NotThere => ("not_there", None),
    };
    let file = |file: &PastFile| {
        let mut value = json!({
            "path": file.path.display().to_string(),
            "added": file.added,
            "removed": file.removed,
            "created": file.is_new,
            "deleted": file.was_removed,
            "sections": file.sections(),
        });
        if with_lines {
            value["diff"] =
                Value::Array(file.diff().lines.iter().map(|line| json!(diff_line(line))).collect());
        }
        value
    };
    json!({
        "number": change.number,
        "at": change.at.to_string(),
        "command": change.command,
        "undoes": change.undoes,
        "through": change.through,
        "standing": standing,
        "undone_by": undone_by,
        "files": change.files.iter().map(file).collect::<Vec<_>>(),
    })
}

/// A line as in a unified diff: its first character says what becomes of it.
fn diff_line(line: &crate::plan::DiffLine) -> String {
    use crate::plan::LineKind;
    let mark = match line.kind {
        LineKind::Context => ' ',
        LineKind::Removed => '-',
        LineKind::Added => '+',
        LineKind::Gap => '@',
    };
    format!("{mark}{}", line.text)
}

fn print(text: &str) -> Result<(), Failure> {
    say::data(text).map_err(|e| Failure::new("the history cannot be printed").because(&e))
}
