//! Asking a terminal to put a text on its clipboard: the one of the machine that the person sits at, however far away.
//!
//! The sequence is OSC 52, as xterm's "Control Sequences" have it. A terminal does not say whether it obeys.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::Secret;
use crate::host::env::{Env, names};

/// The longest text, in bytes, that terminals take: xterm and what is made like it read 100,000 characters of a
/// sequence, and three bytes are four of them.
const LONGEST: usize = 74_994;

/// The longest part of a sequence that GNU screen passes on at once: the least that any of its versions takes.
const SCREEN_PART: usize = 240;

/// Whether the terminal takes what it does not know for a sequence, and does not show it. The console of Linux and the
/// terminals in Emacs may show it.
pub(super) fn is_understood(env: &Env) -> bool {
    let kind = env.text(names::TERM);
    // Windows has none of these names, and its consoles know sequences.
    kind.map_or(cfg!(windows), |kind| {
        !matches!(kind.as_str(), "dumb" | "linux" | "unknown") && !kind.starts_with("eterm")
    })
}

/// Asks the terminal of this process.
///
/// # Errors
/// `NotFound` where there is none; `InvalidInput` for a text that is too long; what writing gives.
pub(super) fn send(env: &Env, text: &Secret) -> io::Result<()> {
    if text.expose().len() > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the text is too long for it"));
    }
    let is_screen = env.var(names::STY).is_some() && env.var(names::TMUX).is_none();
    let sequence = Secret::new(sequence(text, is_screen));
    let terminal = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
    // Where there is none, it cannot be opened.
    let mut terminal = OpenOptions::new().write(true).open(terminal).map_err(|_| io::ErrorKind::NotFound)?;
    terminal.write_all(sequence.expose().as_bytes())?;
    terminal.flush()
}

/// The sequence that asks a terminal to put a text on the clipboard; for GNU screen, in parts that it passes on.
fn sequence(text: &Secret, is_screen: bool) -> String {
    let whole = format!("\u{1b}]52;c;{}\u{7}", STANDARD.encode(text.expose()));
    if !is_screen {
        return whole;
    }
    let mut rest = whole.as_str();
    let mut wrapped = String::new();
    while !rest.is_empty() {
        let (part, more) = rest.split_at(rest.len().min(SCREEN_PART));
        let _ = write!(wrapped, "\u{1b}P{part}\u{1b}\\");
        rest = more;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_whole_or_in_parts() {
        let text = Secret::new("https://a.net/?x=1&y=2");
        let whole = "\u{1b}]52;c;aHR0cHM6Ly9hLm5ldC8/eD0xJnk9Mg==\u{7}";
        assert_eq!(sequence(&text, false), whole);
        assert_eq!(sequence(&text, true), format!("\u{1b}P{whole}\u{1b}\\"));
        let long = Secret::new("x".repeat(2000));
        let parts = sequence(&long, true);
        let parts: Vec<&str> = parts.split("\u{1b}\\").filter(|part| !part.is_empty()).collect();
        assert!(parts.len() > 10);
        let joined: String = parts.iter().map(|part| part.strip_prefix("\u{1b}P").unwrap()).collect();
        assert!(parts.iter().all(|part| part.len() <= SCREEN_PART + 2));
        assert_eq!(joined, sequence(&long, false));
    }
}
