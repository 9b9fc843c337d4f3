//! The terminal, where there is one.

use std::io::IsTerminal as _;

use crate::host::env::{Env, names};

/// Whether a person sees what goes to stderr.
pub fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether questions can be asked: a person types, and sees what is asked.
pub fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether this process was started by a person at a terminal as (the head of) a command of its own, rather than
/// by another program: stderr is a terminal and the process leads its group, as a shell arranges it.
#[cfg(unix)]
pub fn is_typed_command() -> bool {
    stderr_is_terminal() && rustix::process::getpgrp() == rustix::process::getpid()
}

/// Whether this process was started by a person at a terminal; Windows has no process groups to tell it by.
#[cfg(not(unix))]
pub fn is_typed_command() -> bool {
    false
}

/// Whether a person reads what goes to stdout.
pub fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// How many characters a line on stdout holds: what `COLUMNS` says, else the terminal's width. `None` where nobody
/// says, as in a pipe: then a line may be as long as it gets.
pub fn width(env: &Env) -> Option<usize> {
    let said = env.text(names::COLUMNS).and_then(|columns| columns.parse().ok());
    said.or_else(terminal_width).filter(|columns| *columns > 0)
}

#[cfg(unix)]
fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn terminal_width() -> Option<usize> {
    let (columns, _) = crossterm::terminal::size().ok().filter(|_| stdout_is_terminal())?;
    Some(usize::from(columns))
}
