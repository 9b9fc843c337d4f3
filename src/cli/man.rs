//! `jitpass man`: the manual, made of the same texts as `--help`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::{Cli, Outcome, say};
use crate::base::text;
use crate::host::files;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;

/// Print the manual page of a command, for packages
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command: nothing for jitpass itself, or `profile add`
    command: Vec<String>,

    /// Write every page into this directory instead
    #[arg(long, short, value_name = "DIRECTORY", conflicts_with = "command")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs) -> Outcome {
    let mut root = Cli::command();
    // Names of the commands below others, with what stands before them.
    root.build();
    let Some(directory) = &args.output else {
        say::data(&page(named(&root, &args.command)?)).map_err(|e| Failure::of(&e))?;
        return Ok(ExitCode::SUCCESS);
    };
    let pages = all(&root);
    for command in &pages {
        let path = directory.join(format!("{}.1", title(command)));
        files::write_for_all(&path, page(command).as_bytes()).map_err(|e| {
            let shown = path.display().to_string();
            Failure::new(format!("cannot write {}", text::Visible(&shown))).because(&e)
        })?;
    }
    let shown = directory.display().to_string();
    say::done(format_args!("{} in {}", text::count(pages.len(), "manual page"), text::Visible(&shown)));
    Ok(ExitCode::SUCCESS)
}

/// The command that these words name.
fn named<'a>(root: &'a Command, words: &[String]) -> Result<&'a Command, Failure> {
    words.iter().try_fold(root, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let known: Vec<&str> = shown(command).map(Command::get_name).collect();
            let failure = Failure::misuse(format!("there is no command `{}`", text::one_line(word, 60)));
            match closest(word, &known) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint("`jitpass --help` lists the commands"),
            }
        })
    })
}

/// A command and those below it, each after the one it belongs to.
fn all(command: &Command) -> Vec<&Command> {
    let mut pages = vec![command];
    pages.extend(shown(command).flat_map(all));
    pages
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help")
}

/// `jitpass-profile-add`: the name of the page.
fn title(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

/// The page of a command, in roff. The same for the same version: no date is in it.
fn page(command: &Command) -> String {
    let title = title(command);
    let man = Man::new(command.clone())
        .title(title.as_str())
        .source(concat!("jitpass ", env!("CARGO_PKG_VERSION")))
        .manual("jitpass manual");
    let mut roff = Vec::new();
    man.render(&mut roff).expect("a list of bytes takes them all");
    let text = String::from_utf8(roff).expect("it is made of texts");
    let mut text = tidied(&text, &synopsis(command));
    text.push_str(STATUS);
    let mut others: Vec<String> = shown(command).map(self::title).collect();
    if let Some((parent, _)) = title.rsplit_once('-') {
        others.insert(0, parent.to_owned());
    }
    if !others.is_empty() {
        text.push_str(".SH \"SEE ALSO\"\n");
        let (last, first) = others.split_last().expect("it is not empty");
        for name in first {
            let _ = writeln!(text, ".BR {} (1),", name.replace('-', "\\-"));
        }
        let _ = writeln!(text, ".BR {} (1)", last.replace('-', "\\-"));
    }
    text
}

/// The usage as clap says it: clap_mangen names every flag instead, without values, and a value that may be given
/// several times as one.
fn synopsis(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace('-', "\\-");
    // As far as it is typed as it stands.
    let bold = [" [", " <"].iter().filter_map(|start| usage.find(start)).min().unwrap_or(usage.len());
    format!("\\fB{}\\fR{}", &usage[..bold], &usage[bold..])
}

/// The page with this synopsis. A backtick is one, not an opening quote.
fn tidied(page: &str, synopsis: &str) -> String {
    let mut text = String::with_capacity(page.len() + 1024);
    let mut is_synopsis = false;
    for line in page.lines() {
        let line = match line {
            _ if is_synopsis => synopsis,
            ".SH EXTRA" => ".SH NOTES",
            line => line,
        };
        is_synopsis = line == ".SH SYNOPSIS";
        text.push_str(&line.replace('`', "\\(ga"));
        text.push('\n');
    }
    text
}

/// What all commands have in common.
const STATUS: &str = "\
.SH \"EXIT STATUS\"
.TP
.B 0
It is done.
.TP
.B 1
It could not be done, or was stopped.
.TP
.B 2
The command line makes no sense.
.TP
.B 3
A dry run found something to write.
";
