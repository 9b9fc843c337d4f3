//! Saying things to people: on stderr, in colour where that is wanted, with no meaning in colour alone.

use std::fmt::Display;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

use super::wrap;
use crate::base::text;
use crate::host::env::{Env, names};
use crate::host::terminal;
use crate::ops::failure::{Failure, FailureKind};

/// For headings and what to type.
pub(super) const STRONG: Style = Style::new().bold();
/// For what is beside the point.
pub(super) const FAINT: Style = Style::new().dimmed();
/// For what went well, and lines that come.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// For what did not, and lines that go.
pub(super) const BAD: Style = AnsiColor::Red.on_default();
/// For what deserves a look.
pub(super) const CAREFUL: Style = AnsiColor::Yellow.on_default();
/// For names of things.
pub(super) const NAME: Style = AnsiColor::Cyan.on_default();

/// A text in a style.
pub(super) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A line for people. Where it is too long for their terminal, it goes on indented as far as it is itself.
pub(super) fn line(text: impl Display) {
    let text = text.to_string();
    let plain = anstream::adapter::strip_str(&text).to_string();
    let bare = plain.trim_start_matches(' ');
    // A line of a file goes on behind its mark.
    let mark = if ["+ ", "- ", "! "].iter().any(|mark| bare.starts_with(mark)) { 6 } else { 0 };
    hanging(text, plain.len() - bare.len() + mark);
}

/// A line that goes on, where it is too long for the terminal, so many columns from the margin.
fn hanging(text: impl Display, indent: usize) {
    let text = text.to_string();
    let text = match terminal::stderr_is_terminal().then(crossterm::terminal::size) {
        Some(Ok((columns, _))) if columns > 0 => wrap::wrapped(&text, usize::from(columns), indent),
        _ => text,
    };
    as_it_is(text);
}

/// A line for people that is not parted.
pub(super) fn as_it_is(text: impl Display) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// A line behind a mark, below which it goes on.
fn marked(mark: impl Display, text: impl Display) {
    let (mark, text) = (mark.to_string(), text.to_string());
    let indent = wrap::columns(&mark) + 1 + text.len() - text.trim_start_matches(' ').len();
    hanging(format_args!("{mark} {text}"), indent);
}

/// Something is done.
pub(super) fn done(text: impl Display) {
    marked(styled(GOOD, "✓"), text);
}

/// Something worth knowing.
pub(super) fn note(text: impl Display) {
    marked(styled(FAINT, "·"), text);
}

/// Something that deserves a look.
pub(super) fn careful(text: impl Display) {
    marked(styled(CAREFUL, "!"), text);
}

/// A command to type.
pub(super) fn command(text: impl Display) {
    as_it_is(format_args!("    {}", styled(STRONG, text)));
}

/// What went wrong: the error, its causes, and what helps. What a person stopped is no error.
pub(super) fn failure(failure: &Failure) {
    if failure.kind == FailureKind::Stopped {
        note(text::Visible(&failure.message));
        return;
    }
    marked(styled(BAD, "error:"), text::Visible(&failure.message));
    for cause in &failure.causes {
        marked(format_args!("  {}", styled(FAINT, "caused by:")), text::one_line(cause, 600));
    }
    if let Some(hint) = &failure.hint {
        marked(styled(NAME, "hint:"), text::Visible(hint));
    }
}

/// A line of what was asked for, on stdout.
pub(super) fn data_line(text: impl Display) {
    // A reader that has seen enough closes the pipe.
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// Data for programs, on stdout. A closed pipe is success.
pub(super) fn data(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Data for people who read it on stdout: in colour where that is wanted. A closed pipe is success.
pub(super) fn styled_data(text: &str) -> std::io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Shows that something is going on while `work` is done; nothing of it stays.
pub(super) fn while_working<T>(what: impl Into<String>, work: impl FnOnce() -> T) -> T {
    if !crate::host::terminal::stderr_is_terminal() {
        return work();
    }
    let spinner = indicatif::ProgressBar::new_spinner().with_message(what.into());
    if let Ok(style) = indicatif::ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(std::time::Duration::from_millis(80));
    let result = work();
    spinner.finish_and_clear();
    result
}

/// How many characters a line on stdout holds: what `COLUMNS` says, else the terminal's width. `None` where nobody
/// says, as in a pipe: then a line may be as long as it gets.
pub(super) fn width(env: &Env) -> Option<usize> {
    let said = env.text(names::COLUMNS).and_then(|columns| columns.parse().ok());
    let terminal = || {
        let (columns, _) = crossterm::terminal::size().ok().filter(|_| terminal::stdout_is_terminal())?;
        Some(usize::from(columns))
    };
    said.or_else(terminal).filter(|columns| *columns > 0)
}
