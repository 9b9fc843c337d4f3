//! The terminal, where there is one.

use std::io::IsTerminal as _;

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
    stderr_is_terminal() && nix::unistd::getpgrp() == nix::unistd::getpid()
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
