//! Whether somebody may be bothered.
//!
//! A tab that opens while a person works is a service; thirty of them in the morning, from an editor that kept asking
//! all night, are the opposite. So a program on its own gets one tab. When nobody answers that, it gets none until a
//! person has acted; it fails at once for a while that grows, and then listens where the tab still points.

use crate::base::Timestamp;
use crate::store::sign_in::Record;

/// Who needs somebody to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A person, who said so: `login`, `setup`.
    Person,
    /// A program, started by a person who is at the terminal.
    Attended,
    /// A program on its own.
    Unattended,
}

/// What is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The browser opens.
    Open,
    /// The browser does not; whoever follows the link, or a tab that is still open, is heard on this port.
    Listen(Option<u16>),
    /// Nothing: nobody answered the last time, and that many seconds must pass.
    TooSoon(i64),
    /// Nothing: no browser can be opened, for this reason.
    NoBrowser(&'static str),
}

/// Decides. `no_browser` says why none can be opened; `port` is the one that was asked for.
pub(super) fn next(
    record: &Record,
    caller: Caller,
    no_browser: Option<&'static str>,
    port: Option<u16>,
    now: Timestamp,
) -> Step {
    // A console on Windows does not tell when somebody typed last: one tab is all that it gets.
    let is_alone = caller == Caller::Unattended || cfg!(windows) && caller == Caller::Attended;
    if is_alone && let Some(seconds) = record.quiet_seconds(now) {
        return Step::TooSoon(seconds);
    }
    if let Some(why) = no_browser {
        // A fixed port is one that somebody forwards: then the link can be followed elsewhere.
        return match (caller, port) {
            (Caller::Person, _) | (_, Some(_)) => Step::Listen(port),
            (_, None) => Step::NoBrowser(why),
        };
    }
    if is_alone && record.unanswered > 0 { Step::Listen(port.or(record.port)) } else { Step::Open }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_on_its_own_gets_one_tab() {
        let now = Timestamp::from_seconds(1_000_000);
        let fresh = Record::default();
        let mut ignored = Record::default();
        ignored.nobody_answered(4711, now);
        let later = now.plus(31);
        let ssh = Some("this is an SSH session");
        for (name, record, caller, no_browser, port, now, expected) in [
            ("a person", &ignored, Caller::Person, None, None, now, Step::Open),
            ("a person without a browser", &fresh, Caller::Person, ssh, None, now, Step::Listen(None)),
            ("at a terminal", &ignored, Caller::Attended, None, None, now, Step::Open),
            ("the first time", &fresh, Caller::Unattended, None, None, now, Step::Open),
            ("nobody answered", &ignored, Caller::Unattended, None, None, now, Step::TooSoon(30)),
            (
                "nobody answered, later",
                &ignored,
                Caller::Unattended,
                None,
                None,
                later,
                Step::Listen(Some(4711)),
            ),
            (
                "no browser",
                &fresh,
                Caller::Unattended,
                ssh,
                None,
                now,
                Step::NoBrowser("this is an SSH session"),
            ),
            (
                "no browser, at a terminal",
                &fresh,
                Caller::Attended,
                ssh,
                None,
                now,
                Step::NoBrowser("this is an SSH session"),
            ),
            (
                "a forwarded port, at night",
                &ignored,
                Caller::Unattended,
                ssh,
                Some(9),
                now,
                Step::TooSoon(30),
            ),
            ("a forwarded port", &fresh, Caller::Attended, ssh, Some(9000), now, Step::Listen(Some(9000))),
        ] {
            assert_eq!(next(record, caller, no_browser, port, now), expected, "{name}");
        }
    }
}
